//! Gives each file that pages name an address with its hash, and embeds it.
//!
//! What runs in the browser is built apart, by `cargo xtask web`, into `web-bundle` in the target
//! folder; it is taken from there when it is there.

mod lean;

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use lean::{begins_with, lean};

const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";

fn main() -> Result<(), Box<dyn Error>> {
    let crate_folder = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let (own, judge) = (crate_folder.join("assets"), crate_folder.join("../judge-client/assets"));
    let out = PathBuf::from(env::var("OUT_DIR")?);
    println!("cargo::rerun-if-changed={}", crate_folder.join("lean.rs").display());
    println!("cargo::rerun-if-changed={}", own.display());
    println!("cargo::rerun-if-changed={}", judge.display());
    let mut code = String::new();
    let mut files = Vec::new();
    // The browser's side names no files, and must not wait for what is made of it.
    if env::var("CARGO_CFG_TARGET_ARCH")? != "wasm32" {
        let bundle = bundle(&out)?;
        println!("cargo::rerun-if-changed={}", bundle.display());
        let mut of_judge = Vec::new();
        for (name, folder, file, content_type) in [
            ("STYLE", &own, "leitai.css", STYLE),
            ("ICON", &own, "leitai.svg", "image/svg+xml"),
            ("BOOT", &own, "boot.js", SCRIPT),
            ("DEVICE_STYLE", &own, "device.css", STYLE),
            ("READY", &own, "ready.js", SCRIPT),
            ("JOIN", &own, "join.js", SCRIPT),
            ("DRAW", &own, "draw.js", SCRIPT),
            ("RULES", &own, "rules.js", SCRIPT),
            ("RULES_STYLE", &own, "rules.css", STYLE),
            ("LIST", &own, "list.js", SCRIPT),
            ("LIST_STYLE", &own, "list.css", STYLE),
            ("SCHEME", &own, "scheme.js", SCRIPT),
            ("SCHEME_STYLE", &own, "scheme.css", STYLE),
            ("JUDGE_STYLE", &judge, "judge.css", STYLE),
            ("JUDGE_BOOT", &judge, "judge-boot.js", SCRIPT),
            ("JUDGE_KEYS", &judge, "judge-keys.js", SCRIPT),
            ("JUDGE_NOTES", &judge, "judge-notes.js", SCRIPT),
            ("JUDGE_WORDS", &judge, "judge-words.js", SCRIPT),
            ("JUDGE_PAD", &judge, "signature-pad.js", SCRIPT),
            ("JUDGE_ICON_192", &judge, "judge-192.png", "image/png"),
            ("JUDGE_ICON_512", &judge, "judge-512.png", "image/png"),
        ] {
            let mut whole = Vec::new();
            for shared in begins_with(file) {
                whole.extend(fs::read(own.join(shared))?);
            }
            whole.extend(fs::read(folder.join(file))?);
            let lean_file = out.join(file);
            fs::write(&lean_file, lean(file, &whole))?;
            let path = embed(&lean_file, &bundle, content_type, &mut files)?;
            writeln!(code, "pub(crate) const {name}: &str = {path:?};")?;
            if name.starts_with("JUDGE") || name == "ICON" {
                of_judge.push(path);
            }
        }
        for (name, file, content_type) in [
            ("SCRIPT", "live.js", SCRIPT),
            ("WASM", "live.wasm", "application/wasm"),
            ("JUDGE_SCRIPT", "judge.js", SCRIPT),
            ("JUDGE_WASM", "judge.wasm", "application/wasm"),
        ] {
            let built = bundle.join(file);
            let path =
                if built.is_file() { Some(embed(&built, &bundle, content_type, &mut files)?) } else { None };
            writeln!(code, "pub(crate) const {name}: Option<&str> = {path:?};")?;
            of_judge.extend(path.filter(|_| name.starts_with("JUDGE")));
        }
        // It keeps the page, too, which is written there.
        let page = crate_folder.join("src/judge.rs");
        println!("cargo::rerun-if-changed={}", page.display());
        let page = hash(&fs::read(page)?);
        let text = fs::read_to_string(judge.join("judge-worker.js"))?;
        let version = version(&text, &of_judge, page);
        let worker = format!("const VERSION = \"{version}\";\nconst FILES = {of_judge:?};\n{text}");
        writeln!(code, "pub(crate) const JUDGE_WORKER: &str = {worker:?};")?;
        writeln!(code, "pub(crate) const JUDGE_VERSION: &str = {version:?};")?;
        writeln!(code, "const ASSETS: &[Asset] = &[{}];", files.concat())?;
    }
    fs::write(out.join("assets.rs"), code)?;
    Ok(())
}

/// The version of the judge's app, which its service worker names: it changes with every file that the
/// worker keeps, with the worker's own text, and with the page.
fn version(text: &str, files: &[String], page: u64) -> String {
    format!("{:016x}", hash(files.concat().as_bytes()) ^ hash(text.as_bytes()) ^ page)
}

/// The folder of what was built for the browser. It is made when it is missing: cargo runs this
/// script again at each build while a folder that it names is not there.
fn bundle(out: &Path) -> Result<PathBuf, Box<dyn Error>> {
    // OUT_DIR is TARGET/PROFILE/build/PACKAGE/out, or one folder deeper for a named target.
    let holds_profiles = |folder: &&Path| folder.join("CACHEDIR.TAG").is_file();
    let target = out.ancestors().find(holds_profiles).or_else(|| out.ancestors().nth(4));
    let bundle = target.ok_or("OUT_DIR lies in no target folder")?.join("web-bundle");
    fs::create_dir_all(&bundle)?;
    Ok(bundle)
}

/// Notes the file for embedding, and returns its address.
fn embed(
    file: &Path,
    bundle: &Path,
    content_type: &str,
    files: &mut Vec<String>,
) -> Result<String, Box<dyn Error>> {
    let body = fs::read(file)?;
    let stem = file.file_stem().and_then(|stem| stem.to_str()).ok_or("a file's name is no text")?;
    let ending = file.extension().and_then(|ending| ending.to_str()).ok_or("a file's name has no ending")?;
    let path = format!("/assets/{stem}-{:016x}.{ending}", hash(&body));
    // A compressed file counts only beside the very bytes that it was made of.
    let name = format!("{stem}.{ending}");
    let original = fs::read(bundle.join(&name)).ok();
    let compressed = bundle.join(format!("{name}.br"));
    let brotli = if compressed.is_file() && original.as_ref() == Some(&body) {
        format!("Some(include_bytes!({compressed:?}))")
    } else {
        "None".to_owned()
    };
    files.push(format!(
        "Asset {{ path: {path:?}, content_type: {content_type:?}, body: include_bytes!({file:?}), brotli: {brotli} }},"
    ));
    Ok(path)
}

/// FNV-1a: names need to differ, nobody needs to be kept from making two alike.
fn hash(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3))
}
