//! A disk that is soon full: a small file system in memory.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::TemporaryFolder;

/// A file system of its own, while this value lives.
#[derive(Debug)]
pub struct SmallDisk(TemporaryFolder);

impl SmallDisk {
    /// Mounts one; none, said aloud, where that is not allowed.
    #[must_use]
    pub fn mount(mebibytes: u32) -> Option<Self> {
        let folder = TemporaryFolder::new("small-disk");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={mebibytes}m"), "tmpfs"]).arg(folder.path());
        let is_mounted = mount.output().is_ok_and(|output| output.status.success());
        if !is_mounted {
            println!("skipped: a full disk takes the right to mount a small file system");
        }
        is_mounted.then_some(Self(folder))
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// A name on it.
    #[must_use]
    pub fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Writes a file until there is no space left for it; removing it makes room.
    #[must_use]
    pub fn fill(&self) -> PathBuf {
        let filler = self.join("filler");
        let mut bytes = vec![1; 64 << 20];
        // What does not fit is left out, and half of it after that, down to nothing.
        while !bytes.is_empty() {
            let mut options = std::fs::OpenOptions::new();
            let mut file = options.create(true).append(true).open(&filler).expect("a file");
            let length = file.metadata().expect("its length").len();
            if std::io::Write::write_all(&mut file, &bytes).is_err() {
                file.set_len(length).expect("the whole of what fitted");
                bytes.truncate(bytes.len() / 2);
            }
        }
        filler
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.path()).output();
    }
}
