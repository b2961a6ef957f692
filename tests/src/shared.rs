//! Published data that lie outside the repository, where they are at hand.

use std::path::PathBuf;

/// A file or folder of the shared data; nothing, said aloud, where there are none.
#[must_use]
pub fn shared(path: &str) -> Option<PathBuf> {
    let Some(root) = std::env::var_os("LEITAI_SHARED_DATA") else {
        println!("skipped: LEITAI_SHARED_DATA is not set, so {path} is not at hand");
        return None;
    };
    Some(PathBuf::from(root).join(path))
}

/// The real packages in order of their names; none, said aloud, where they are not at hand.
#[must_use]
pub fn real_packages() -> Vec<PathBuf> {
    let Some(folder) = shared("packages") else { return Vec::new() };
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut packages: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    packages.sort();
    packages
}
