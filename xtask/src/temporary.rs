//! A folder that only its maker can read and that is removed when it is dropped.

use std::fs::{self, DirBuilder};
use std::io::ErrorKind;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::{env, process};

/// The folder; whoever holds it may use it.
pub(crate) struct TemporaryFolder(PathBuf);

impl TemporaryFolder {
    /// Makes a new folder in the system's temporary one.
    ///
    /// The name is kept short because a Unix socket's path, which may lie in it, holds 107 bytes.
    pub(crate) fn new(purpose: &str) -> Result<Self, String> {
        for attempt in 0..100 {
            let path = env::temp_dir().join(format!("leitai-{purpose}-{}-{attempt}", process::id()));
            match DirBuilder::new().mode(0o700).create(&path) {
                Ok(()) => return Ok(Self(path)),
                // A run that was killed by force, with a process id that is in use again.
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(format!("cannot make the folder {}: {error}.", path.display())),
            }
        }
        Err(format!("{} is full of old leitai-{purpose} folders; remove them.", env::temp_dir().display()))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            eprintln!("xtask: the folder {} could not be removed: {error}.", self.0.display());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_goes_with_its_owner_and_two_are_never_the_same() {
        let first = TemporaryFolder::new("try").unwrap();
        let second = TemporaryFolder::new("try").unwrap();
        assert_ne!(first.path(), second.path());
        fs::write(first.path().join("x"), "x").unwrap();
        let path = first.path().to_path_buf();
        drop(first);
        assert!(!path.exists());
        assert!(second.path().is_dir());
    }
}
