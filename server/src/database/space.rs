//! How much space a disk has left.

use std::path::Path;

/// Below this much free space, or below a tenth, people are told.
const FREE_MIN: u64 = 1 << 30;

/// The space of a file system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Space {
    /// Bytes that we may still write.
    pub free: u64,
    /// All of its bytes.
    pub total: u64,
}

impl Space {
    /// Of the file system that holds a file or folder; none where the system does not say.
    #[cfg(unix)]
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        let about = rustix::fs::statvfs(path).ok()?;
        Some(Self { free: about.f_bavail * about.f_frsize, total: about.f_blocks * about.f_frsize })
    }

    /// Of the file system that holds a file or folder; none where the system does not say.
    #[cfg(not(unix))]
    #[must_use]
    pub fn of(_path: &Path) -> Option<Self> {
        None
    }

    /// Whether it is time to make room: less than a tenth or than 1 GiB is free.
    #[must_use]
    pub fn is_low(self) -> bool {
        self.free < FREE_MIN || self.free < self.total / 10
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn less_than_a_tenth_or_than_a_gibibyte_is_low() {
        let low = |free, total| Space { free, total }.is_low();
        assert!(low((1 << 30) - 1, 1 << 31) && low(99 << 30, 1_000 << 30));
        assert!(!low(1 << 30, 1 << 31) && !low(100 << 30, 1_000 << 30));
    }
}
