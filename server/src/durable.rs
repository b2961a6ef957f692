//! Files that are whole or not there, also after a power cut.

use std::fs::{self, File, OpenOptions};
use std::io::{Result, Write as _};
use std::path::Path;

/// Replaces a file: written beside it under another name, flushed, and renamed.
///
/// # Errors
/// What the system says; the file is then as it was.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut draft = path.as_os_str().to_owned();
    draft.push(".new");
    let mut file = own(OpenOptions::new().write(true).create(true).truncate(true)).open(&draft)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&draft, path)?;
    sync_folder(path.parent().unwrap_or(path))
}

/// Makes a file that is not there yet, for its owner alone: it is linked into place once it is written.
///
/// # Errors
/// What the system says, also that the file is there already.
pub(crate) fn create(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut draft = path.as_os_str().to_owned();
    draft.push(format!(".{}", std::process::id()));
    let mut file = own(OpenOptions::new().write(true).create(true).truncate(true)).open(&draft)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    let linked = fs::hard_link(&draft, path);
    fs::remove_file(&draft)?;
    linked?;
    sync_folder(path.parent().unwrap_or(path))
}

/// Makes folders, for their owner alone.
///
/// # Errors
/// What the system says.
pub(crate) fn make_folder(path: &Path) -> Result<()> {
    let mut folder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
    folder.recursive(true).create(path)?;
    path.parent().map_or(Ok(()), sync_folder)
}

/// Flushes a folder, so that the names of its files last.
///
/// # Errors
/// What the system says.
pub(crate) fn sync_folder(path: &Path) -> Result<()> {
    // The parent of a bare name is the empty path.
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    if cfg!(unix) { File::open(path)?.sync_all() } else { Ok(()) }
}

/// A new file is its owner's alone.
pub(crate) fn own(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}
