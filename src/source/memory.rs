//! A site held in memory, for tests and benchmarks.
//!
//! Input: a text with `-- path --` header lines, or pairs of path and bytes. Output: a [`FileSnapshot`] that behaves
//! like one scanned from disk, except that it has no [`FileStat`](super::FileStat)s.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use super::{FileSnapshot, StoredFile};
use puzhi_core::base::SitePath;

/// Makes a snapshot from a text in which each file starts with a header line `-- path --`. A header that is not a
/// valid [`SitePath`] is skipped together with its content.
pub fn memory_site(archive: &str) -> FileSnapshot {
    let mut files = BTreeMap::new();
    let mut current: Option<(SitePath, String)> = None;
    for line in archive.split_inclusive('\n') {
        let name = line.trim().strip_prefix("-- ").and_then(|l| l.strip_suffix(" --"));
        match (name, &mut current) {
            (Some(name), slot) => {
                let next = SitePath::new(name).ok().map(|p| (p, String::new()));
                if let Some((path, text)) = std::mem::replace(slot, next) {
                    files.insert(path, StoredFile::memory(text.into_bytes()));
                }
            }
            (None, Some((_, text))) => text.push_str(line),
            (None, None) => {}
        }
    }
    if let Some((path, text)) = current {
        files.insert(path, StoredFile::memory(text.into_bytes()));
    }
    FileSnapshot { files }
}

impl StoredFile {
    fn memory(bytes: impl Into<Arc<[u8]>>) -> Self {
        StoredFile::Memory(bytes.into(), OnceLock::new())
    }
}

impl FileSnapshot {
    /// Makes a snapshot of these files. Paths that are not valid site paths are skipped.
    pub fn from_files(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Self {
        let stored =
            files.into_iter().filter_map(|(path, bytes)| Some((SitePath::new(&path).ok()?, StoredFile::memory(bytes))));
        FileSnapshot { files: stored.collect() }
    }

    /// Replaces or adds one file. An invalid path leaves the snapshot unchanged.
    pub fn with_file(mut self, path: &str, bytes: impl Into<Arc<[u8]>>) -> Self {
        if let Ok(path) = SitePath::new(path) {
            self.files.insert(path, StoredFile::memory(bytes));
        }
        self
    }
}
