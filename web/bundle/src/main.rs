//! Makes of the compiled browser's side what a browser loads: the modules, the glue that calls them,
//! and everything that pages name, compressed.
//!
//! web-bundle OUT NAME.wasm… FILE… (`cargo xtask web` calls it; xtask itself uses the standard
//! library only)

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use wasm_bindgen_cli_support::Bindgen;

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
            None => write(out, name, &fs::read(file)?)?,
        }
    }
    Ok(())
}

/// Writes a module and the glue that calls it, under the module's name.
fn bundle_module(out: &Path, wasm: &Path, name: &str) -> Result<(), Box<dyn Error>> {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(wasm).out_name(name).typescript(false);
    bindgen.remove_name_section(true).remove_producers_section(true);
    let mut module = bindgen.web(true)?.generate_output()?;
    let glue = module.js().to_owned();
    write(out, &format!("{name}.js"), glue.as_bytes())?;
    write(out, &format!("{name}.wasm"), &module.wasm_mut().emit_wasm())
}

/// Writes the bytes, and beside them the same compressed.
fn write(out: &Path, name: &str, bytes: &[u8]) -> Result<(), Box<dyn Error>> {
    let parameters = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut compressed, &parameters)?;
    println!("{name:<12} {:>8} bytes, {:>7} by brotli", bytes.len(), compressed.len());
    fs::write(out.join(name), bytes)?;
    fs::write(out.join(format!("{name}.br")), compressed)?;
    Ok(())
}
