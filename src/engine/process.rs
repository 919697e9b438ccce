//! What the cache depends on in the running process: the program's own file, the clock and the working folder.
//!
//! None of it reaches an output. It decides only whether a cache may be used again.
#![expect(clippy::disallowed_methods, reason = "the cache between builds and its lock")]

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::{Fingerprint, fingerprint};
use crate::source::FileStat;

/// Identifies this build of the program: its version, and size, time and inode of its file. A cache that another program wrote is
/// not used, since it may parse or render differently.
pub fn program_fingerprint() -> Fingerprint {
    let own_file = std::env::current_exe().and_then(std::fs::metadata).map(|meta| FileStat::from_metadata(&meta)).ok();
    fingerprint(&(env!("CARGO_PKG_VERSION"), own_file))
}

/// The time now, to judge by [`FileStat::is_reliable_at`] whether a file's stat may be stored.
pub fn time_of_save() -> SystemTime {
    SystemTime::now()
}

/// The path from the root of the file system; the path itself when there is no working folder.
pub fn absolute_path(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf())
}
