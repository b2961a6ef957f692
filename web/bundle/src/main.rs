//! Makes of the compiled browser's side what a browser loads: the modules, the glue that calls them,
//! and everything that pages name, compressed.
//!
//! web-bundle OUT NAME.wasm… FILE… (`cargo xtask web` calls it; xtask itself uses the standard
//! library only)

#[path = "../../lean.rs"]
mod lean;

use std::collections::HashMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs, mem};

use wasm_bindgen_cli_support::Bindgen;

use lean::{begins_with, lean};

fn main() -> ExitCode {
    let words: Vec<PathBuf> = env::args_os().skip(1).map(PathBuf::from).collect();
    let [out, files @ ..] = words.as_slice() else {
        eprintln!("web-bundle OUT NAME.wasm… FILE…");
        return ExitCode::FAILURE;
    };
    match bundle(out, files) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("web-bundle: {error}");
            ExitCode::FAILURE
        }
    }
}

fn bundle(out: &Path, files: &[PathBuf]) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(out)?;
    for file in files {
        let name = file.file_name().and_then(|name| name.to_str()).ok_or("a file's name is no text")?;
        match name.strip_suffix(".wasm") {
            Some(module) => bundle_module(out, file, module)?,
            None if is_shared(name, files) => {}
            None => {
                let mut whole = Vec::new();
                for shared in begins_with(name) {
                    let shared = files.iter().find(|file| file.ends_with(shared));
                    whole.extend(fs::read(shared.ok_or("a shared sheet is missing")?)?);
                }
                whole.extend(fs::read(file)?);
                write(out, name, &lean(name, &whole))?;
            }
        }
    }
    Ok(())
}

/// Whether a sheet only begins others.
fn is_shared(name: &str, files: &[PathBuf]) -> bool {
    let names = files.iter().filter_map(|file| file.file_name()?.to_str());
    names.into_iter().any(|other| begins_with(other).contains(&name))
}

/// Writes a module and the glue that calls it, under the module's name.
fn bundle_module(out: &Path, wasm: &Path, name: &str) -> Result<(), Box<dyn Error>> {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(wasm).out_name(name).typescript(false);
    bindgen.remove_name_section(true).remove_producers_section(true);
    let mut module = bindgen.web(true)?.generate_output()?;
    let glue = module.js().to_owned();
    let wasm = module.wasm_mut();
    let unused: Vec<_> = wasm.exports.iter().filter(|export| export.name.contains(UNUSED.0)).collect();
    let unused: Vec<_> = unused.into_iter().map(walrus::Export::id).collect();
    unused.into_iter().for_each(|export| wasm.exports.delete(export));
    walrus::passes::gc::run(wasm);
    // Notes of the linker's to tools that come after it; a browser reads none of them.
    for note in ["target_features", "__wasm_split_unstable"] {
        wasm.customs.remove_raw(note);
    }
    let data: Vec<_> = wasm.data.iter().map(walrus::Data::id).collect();
    let libraries = libraries();
    data.into_iter().for_each(|data| without_paths(&mut wasm.data.get_mut(data).value, &libraries));
    let mut names = HashMap::new();
    let imports = wasm.imports.iter_mut().map(|import| &mut import.name);
    for name in imports.chain(wasm.exports.iter_mut().map(|export| &mut export.name)) {
        if has_hash(name) {
            let next = format!("_{}", names.len());
            let short = names.entry(mem::take(name)).or_insert(next);
            name.clone_from(short);
        }
    }
    let glue = renamed(&without(UNUSED.1, &glue), &names);
    let glue = lean("glue.js", renamed(&glue, &shorter(&glue)).as_bytes());
    write(out, &format!("{name}.js"), &glue)?;
    write(out, &format!("{name}.wasm"), &wasm.emit_wasm())
}

/// Streams of a framework's server functions, which no page calls: how their functions' names begin in a
/// module, and their classes' in its glue. Nothing but being exported keeps them there.
const UNUSED: (&str, &str) = ("intounderlying", "IntoUnderlying");

/// A glue without the classes whose names begin so, and without what is said of them beside.
fn without(class: &str, glue: &str) -> String {
    // How many braces are open, and whether the sentence goes on in the next line.
    let (mut depth, mut goes_on) = (0, false);
    let mut kept = String::with_capacity(glue.len());
    for line in glue.split_inclusive('\n') {
        let is_of_it = depth > 0 || goes_on || line.contains(class);
        if is_of_it {
            depth += line.matches('{').count();
            depth -= line.matches('}').count().min(depth);
            goes_on = !line.trim_end().ends_with(';') && line.trim() != "}";
        } else {
            kept.push_str(line);
        }
    }
    kept
}

/// Where the sources of libraries lie: of the standard library, and of crates from a registry.
fn libraries() -> [String; 3] {
    let home = || Some(Path::new(&env::var_os("HOME")?).join(".cargo"));
    let cargo = env::var_os("CARGO_HOME").map(PathBuf::from).or_else(home).unwrap_or_default();
    ["/rustc/".to_owned(), "/rust/deps/".to_owned(), format!("{}/registry/src/", cargo.display())]
}

/// The longest path that is looked for.
const PATH_MAX: usize = 300;

/// Blanks the paths of libraries' sources, which only a panic in one of them would tell, and which tell of
/// the machine that built it; those of our own stay.
fn without_paths(data: &mut [u8], libraries: &[String]) {
    let is_of_path = |byte: &u8| byte.is_ascii_alphanumeric() || b"/._-+".contains(byte);
    for library in libraries.iter().map(String::as_bytes) {
        let mut at = 0;
        while let Some(found) = data[at..].windows(library.len()).position(|bytes| bytes == library) {
            let start = at + found;
            at = start + library.len();
            let rest = &data[start..data.len().min(start + PATH_MAX)];
            let Some(end) = rest.windows(3).position(|bytes| bytes == b".rs") else { continue };
            if rest[..end].iter().all(is_of_path) {
                at = start + end + 3;
                data[start..at].fill(b'-');
            }
        }
    }
}

/// Whether a name ends in the hash by which the glue and the module tell what they call each other: 16
/// digits that no compressor shortens, each of them in both files.
fn has_hash(name: &str) -> bool {
    let digits = name.rsplit(['_', 'h']).next().unwrap_or_default();
    digits.len() == 16 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Short names for what a glue declares for itself alone. One that stands anywhere as a property, a key or in
/// a text keeps its own.
fn shorter(glue: &str) -> HashMap<String, String> {
    let mut names = HashMap::new();
    let exported: Vec<&str> = glue.lines().filter(|line| line.starts_with("export")).collect();
    for line in glue.lines() {
        let declared = ["function ", "let ", "const "].iter().find_map(|word| line.strip_prefix(word));
        let Some(rest) = declared else { continue };
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        let name = &rest[..end];
        let is_else = [format!(".{name}"), format!("'{name}"), format!("\"{name}"), format!("{name}:")];
        let is_known_outside = exported.iter().any(|line| line.contains(name));
        if name.len() > 4 && !is_known_outside && !is_else.iter().any(|other| glue.contains(other)) {
            let next = format!("${}", names.len());
            names.entry(name.to_owned()).or_insert(next);
        }
    }
    names
}

/// A script with other names; what is only part of a name stays.
fn renamed(script: &str, names: &HashMap<String, String>) -> String {
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '$');
    let mut written = String::with_capacity(script.len());
    let mut rest = script;
    while let Some(at) = rest.find(is_of_name) {
        let (before, from) = rest.split_at(at);
        let (name, after) = from.split_at(from.find(|c| !is_of_name(c)).unwrap_or(from.len()));
        written.push_str(before);
        written.push_str(names.get(name).map_or(name, String::as_str));
        rest = after;
    }
    written.push_str(rest);
    written
}

/// In blocks of how many bytes a file is compressed, as powers of two: which is best is only seen by trying.
const BLOCKS: std::ops::RangeInclusive<i32> = 16..=19;

/// Writes the bytes, and beside them the same compressed.
fn write(out: &Path, name: &str, bytes: &[u8]) -> Result<(), Box<dyn Error>> {
    let mut compressed = Vec::new();
    for lgblock in BLOCKS {
        let parameters =
            brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, lgblock, ..Default::default() };
        let mut tried = Vec::new();
        brotli::BrotliCompress(&mut &bytes[..], &mut tried, &parameters)?;
        if compressed.is_empty() || tried.len() < compressed.len() {
            compressed = tried;
        }
    }
    println!("{name:<12} {:>8} bytes, {:>7} by brotli", bytes.len(), compressed.len());
    fs::write(out.join(name), bytes)?;
    fs::write(out.join(format!("{name}.br")), compressed)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_names_with_a_hash_get_others() {
        assert!(has_hash("__wbg_get_0123456789abcdef") && has_hash("invoke__h0123456789abcdef"));
        assert!(!has_hash("memory") && !has_hash("__wbg_get_0123") && !has_hash("__wbindgen_malloc"));
        let names = HashMap::from([("__wbg_a_0123456789abcdef".to_owned(), "_0".to_owned())]);
        let script = "{ __wbg_a_0123456789abcdef: () => wasm.__wbg_a_0123456789abcdef2(é) }";
        assert_eq!(renamed(script, &names), "{ _0: () => wasm.__wbg_a_0123456789abcdef2(é) }");
    }

    #[test]
    fn only_what_a_glue_declares_for_itself_gets_a_shorter_name() {
        let glue = "function handleError(f) {\n    return WASM_LENGTH + f.ownProperty;\n}\nlet WASM_LENGTH = 0;\n\
            let ownProperty, tiny = handleError;\nfunction shownInText() { return \"shownInText\"; }\n\
            function handleErrorToo() {}\nfunction initSync() {}\nexport { initSync };\n";
        let names = super::shorter(glue);
        let mut known: Vec<&str> = names.keys().map(String::as_str).collect();
        known.sort_unstable();
        assert_eq!(known, ["WASM_LENGTH", "handleError", "handleErrorToo"]);
        let short = super::renamed(glue, &names);
        assert_eq!(short.matches(&names["handleError"]).count(), 2, "{short}");
        assert!(short.contains("export { initSync }") && !short.contains("handleError"), "{short}");
    }

    #[test]
    fn only_the_paths_of_libraries_are_blanked() {
        let mut data =
            b"no /rustc/here own/src/a.rs/any/cargo/registry/src/index-1/b-0.1/src/b.rsand more".to_vec();
        without_paths(&mut data, &["/rustc/".to_owned(), "/any/cargo/registry/src/".to_owned()]);
        let blanked = "-".repeat("/any/cargo/registry/src/index-1/b-0.1/src/b.rs".len());
        let kept = format!("no /rustc/here own/src/a.rs{blanked}and more");
        assert_eq!(String::from_utf8(data), Ok(kept));
    }

    #[test]
    fn a_class_that_nothing_uses_is_left_out_and_the_rest_stays() {
        let glue = "export class Unused {\n  go() {\n    f(Unused);\n  }\n  other() {\n  }\n}\nif (Symbol.dispose) Unused.x = 1;\nconst UnusedEnd = (f)\n  ? {}\n  : new F(a => g(a));\nexport class Other {\n  go() {}\n}\nfunction a() {\n  return 1;\n}\n";
        let rest = "export class Other {\n  go() {}\n}\nfunction a() {\n  return 1;\n}\n";
        assert_eq!(without("Unused", glue), rest);
    }

    #[test]
    fn only_comments_on_lines_of_their_own_and_indentation_are_left_out() {
        let script = "// why\n\n  let a = \"//\"; // stays\n  /**\n   * about\n   */\n  go(a);\n";
        assert_eq!(lean("a.js", script.as_bytes()), b"let a = \"//\"; // stays\ngo(a);\n");
        let style = "/* one\n   two */\nmain {\n  color: red;\n}\n";
        assert_eq!(lean("a.css", style.as_bytes()), b"main {\ncolor: red;\n}\n");
        assert_eq!(lean("a.svg", b"  <svg/>\n"), b"  <svg/>\n");
    }

    #[test]
    fn no_file_holds_what_leaving_out_would_change() -> Result<(), Box<dyn Error>> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        for folder in ["web/assets", "judge-client/assets"] {
            for file in fs::read_dir(root.join(folder))? {
                let file = file?.path();
                if !file.extension().is_some_and(|ending| ending == "js" || ending == "css") {
                    continue;
                }
                for line in fs::read_to_string(&file)?.lines() {
                    let ends = line.trim().split_once("*/").is_none_or(|(_, after)| after.is_empty());
                    assert!(ends, "{}: something follows a comment: {line}", file.display());
                    assert!(
                        line.matches('`').count() % 2 == 0,
                        "{}: a text of several lines: {line}",
                        file.display()
                    );
                }
            }
        }
        Ok(())
    }
}
