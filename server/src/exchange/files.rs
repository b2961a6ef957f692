//! A package's files: from a folder or from a `.zip` of it: bytes by name, with limits.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write as _};
use std::path::Path;

use domain::finding::{Finding, Place, Spoken};
use domain::findings;

use crate::spoken;

/// The most bytes of a `.zip` (an upload), and of one file unpacked.
pub const ZIP_BYTES_MAX: u64 = 20 * 1024 * 1024;
const FILE_BYTES_MAX: u64 = 512 * 1024 * 1024;
const UNPACKED_BYTES_MAX: u64 = 2 * 1024 * 1024 * 1024;
const FILES_MAX: usize = 5_000;
/// How many times larger than packed a file may be; more is a bomb.
const RATIO_MAX: u64 = 200;

findings! {
    /// What can be wrong with the files themselves.
    pub enum FileFinding {
        NotThere { path: String } = Error "package_not_there",
            "找不到“{path}”；请给出赛事包的文件夹或 .zip 文件。",
            "There is no \"{path}\"; name a package's folder or .zip file.";
        Unreadable { problem: Spoken } = Error "package_unreadable",
            "读不了：{problem:#}。",
            "It cannot be read: {problem}.";
        NotAZip = Error "not_a_zip",
            "这个文件不是 .zip；请给出赛事包的文件夹或 .zip 文件。",
            "This file is no .zip; name a package's folder or .zip file.";
        TooLarge { what: String } = Error "package_too_large",
            "{what}；请拆分赛事包。",
            "{what}; split the package.";
        UnsafeName { name: String } = Error "unsafe_name",
            "压缩包里的文件名“{name}”不安全，整个包已拒收。",
            "The archive holds the unsafe name \"{name}\"; it was refused as a whole.";
        NotEmpty { path: String } = Error "folder_not_empty",
            "“{path}”里已有文件；请给出一个空的或还不存在的文件夹。",
            "\"{path}\" holds files already; name a folder that is empty or not there yet.";
        Unwritable { path: String, problem: Spoken } = Error "unwritable",
            "写不了“{path}”：{problem:#}。",
            "\"{path}\" cannot be written: {problem}.";
        DatabaseMissing { path: String } = Error "database_missing",
            "没有数据库文件“{path}”；请用 --database 指明。",
            "There is no database file \"{path}\"; name it with --database.";
        FileThere { path: String } = Error "file_there",
            "“{path}”已经存在；请换一个文件名，或先移走它。",
            "\"{path}\" is there already; choose another name, or move it away first.";
        FileMissing { file: String } = Error "file_missing",
            "缺少文件 {file}；请补上。",
            "The file {file} is missing; add it.";
        NotUtf8 { looks_like: &'static str } = Error "not_utf8",
            "文件不是 UTF-8 编码（看起来是 {looks_like}）；请另存为“CSV UTF-8”后再试。",
            "The file is not UTF-8 (it looks like {looks_like}); save it as \"CSV UTF-8\" and try again.";
    }
}

/// A package's files by name, `/` between folders.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files {
    files: BTreeMap<String, Vec<u8>>,
}

impl Files {
    /// Reads a folder or a `.zip`. Links are not followed.
    ///
    /// # Errors
    /// One finding that says why nothing could be read.
    pub fn open(path: &Path) -> Result<Self, Finding> {
        let shown = path.display().to_string();
        let not_there = || FileFinding::NotThere { path: shown.clone() }.at(Place::default());
        let about = std::fs::metadata(path).map_err(|_| not_there())?;
        let mut files = Self::default();
        if about.is_dir() {
            files.read_folder(path, "")?;
        } else {
            if about.len() > ZIP_BYTES_MAX {
                let what = format!("{shown} > 20 MiB");
                return Err(FileFinding::TooLarge { what }.at(Place::default()));
            }
            let bytes = std::fs::read(path).map_err(|error| unreadable(spoken::of_system(&error), &shown))?;
            files = Self::from_zip(&bytes)?;
        }
        Ok(files)
    }

    /// Reads a `.zip`; where all its files lie in one folder, that folder is the package.
    ///
    /// # Errors
    /// One finding that says why nothing was read: no zip, an unsafe name, too large.
    pub fn from_zip(bytes: &[u8]) -> Result<Self, Finding> {
        let whole = Place::default;
        let mut archive =
            zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| FileFinding::NotAZip.at(whole()))?;
        let too_large = |what: &str| FileFinding::TooLarge { what: what.to_owned() }.at(whole());
        if archive.len() > FILES_MAX {
            return Err(too_large("more than 5,000 files"));
        }
        let (mut files, mut total) = (BTreeMap::new(), 0);
        for at in 0..archive.len() {
            let mut file =
                archive.by_index(at).map_err(|error| unreadable(spoken::of_library(&error), ""))?;
            if file.is_dir() {
                continue;
            }
            let name = file.name().map_err(|error| unreadable(spoken::of_library(&error), ""))?.into_owned();
            let is_relative = !name.starts_with('/') && !name.contains('\\');
            let is_safe = is_relative && file.enclosed_name().is_some() && !file.is_symlink();
            if !is_safe {
                return Err(FileFinding::UnsafeName { name }.at(whole()));
            }
            // The directory may lie about the size, so the reader is bounded as well.
            let most = FILE_BYTES_MAX.min(file.compressed_size().max(1024) * RATIO_MAX);
            let mut content = Vec::new();
            file.by_ref()
                .take(most + 1)
                .read_to_end(&mut content)
                .map_err(|error| unreadable(spoken::of_system(&error), &name))?;
            total += content.len() as u64;
            if content.len() as u64 > most || total > UNPACKED_BYTES_MAX {
                return Err(too_large(&name));
            }
            files.insert(name, content);
        }
        Ok(Self { files: without_common_folder(files) })
    }

    /// The bytes of a file.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&[u8]> {
        self.files.get(name).map(Vec::as_slice)
    }

    /// Adds or replaces a file.
    pub fn put(&mut self, name: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.files.insert(name.into(), bytes.into());
    }

    /// Every name, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// The text of a file: UTF-8, with or without a byte-order mark. None where there is no such
    /// file.
    ///
    /// # Errors
    /// A finding where the file is in another encoding.
    pub fn text(&self, name: &str) -> Result<Option<&str>, Finding> {
        let Some(bytes) = self.get(name) else { return Ok(None) };
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Some(text)),
            Err(error) => {
                let row =
                    1 + bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() as u64;
                let finding = FileFinding::NotUtf8 { looks_like: guess_encoding(bytes) };
                Err(finding.at(Place::row(name, row)))
            }
        }
    }

    /// The same as a `.zip`.
    ///
    /// # Errors
    /// Where a name or a size is beyond what the format holds.
    pub fn to_zip(&self) -> std::io::Result<Vec<u8>> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in &self.files {
            writer.start_file(name, zip::write::SimpleFileOptions::default())?;
            writer.write_all(bytes)?;
        }
        Ok(writer.finish()?.into_inner())
    }

    /// Writes everything into a folder, made where it is not there yet. A file is written beside its
    /// place and then moved, so that a half-written one is never taken for the whole.
    ///
    /// # Errors
    /// What the system says.
    pub fn write(&self, folder: &Path) -> std::io::Result<()> {
        for (name, bytes) in &self.files {
            let path = folder.join(name);
            if let Some(parent) = path.parent() {
                std::fs::create_dir_all(parent)?;
            }
            let beside = path.with_extension("part");
            std::fs::write(&beside, bytes)?;
            std::fs::rename(&beside, &path)?;
        }
        Ok(())
    }

    fn read_folder(&mut self, folder: &Path, prefix: &str) -> Result<(), Finding> {
        let at = if prefix.is_empty() { "." } else { prefix };
        for entry in std::fs::read_dir(folder).map_err(|error| unreadable(spoken::of_system(&error), at))? {
            let entry = entry.map_err(|error| unreadable(spoken::of_system(&error), at))?;
            let kind = entry.file_type().map_err(|error| unreadable(spoken::of_system(&error), at))?;
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            // `prefix` grows by a folder a level: a package has two.
            if kind.is_dir() && prefix.matches('/').count() < 3 {
                self.read_folder(&entry.path(), &format!("{name}/"))?;
            } else if kind.is_file() && is_wanted(&name) {
                let size =
                    entry.metadata().map_err(|error| unreadable(spoken::of_system(&error), &name))?.len();
                if size > FILE_BYTES_MAX || self.files.len() >= FILES_MAX {
                    return Err(FileFinding::TooLarge { what: name.clone() }.at(Place::file(name)));
                }
                let bytes = std::fs::read(entry.path())
                    .map_err(|error| unreadable(spoken::of_system(&error), &name))?;
                self.files.insert(name, bytes);
            }
        }
        Ok(())
    }
}

fn is_wanted(name: &str) -> bool {
    [".toml", ".csv", ".ndjson", ".note", ".pub"].iter().any(|ending| name.ends_with(ending))
}

/// A zip of a folder holds the folder's name before each file.
fn without_common_folder(files: BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Vec<u8>> {
    if files.contains_key("competition.toml") {
        return files;
    }
    let Some(prefix) = files.keys().find_map(|name| name.strip_suffix("competition.toml")).map(str::to_owned)
    else {
        return files;
    };
    files
        .into_iter()
        .filter_map(|(name, bytes)| Some((name.strip_prefix(&prefix)?.to_owned(), bytes)))
        .collect()
}

/// What a text that is no UTF-8 most likely is.
fn guess_encoding(bytes: &[u8]) -> &'static str {
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return "UTF-16";
    }
    let (_, _, has_errors) = encoding_rs::GB18030.decode(bytes);
    if has_errors { "Latin-1 / binary" } else { "GBK" }
}

fn unreadable(problem: Spoken, file: &str) -> Finding {
    FileFinding::Unreadable { problem }.at(Place::file(file))
}
