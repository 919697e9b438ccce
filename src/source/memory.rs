//! A site in memory: one string with `-- path --` sections, for tests.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use super::{Snapshot, Stored};
use puzhi_core::base::SitePath;

/// Makes a site from sections that each start with a line `-- path --`. Paths that are not site paths are left out.
pub fn memory_site(archive: &str) -> Snapshot {
    let mut files = BTreeMap::new();
    let mut current: Option<(SitePath, String)> = None;
    for line in archive.split_inclusive('\n') {
        let name = line.trim().strip_prefix("-- ").and_then(|l| l.strip_suffix(" --"));
        match (name, &mut current) {
            (Some(name), slot) => {
                let next = SitePath::new(name).ok().map(|p| (p, String::new()));
                if let Some((path, text)) = std::mem::replace(slot, next) {
                    files.insert(path, Stored::memory(text.into_bytes()));
                }
            }
            (None, Some((_, text))) => text.push_str(line),
            (None, None) => {}
        }
    }
    if let Some((path, text)) = current {
        files.insert(path, Stored::memory(text.into_bytes()));
    }
    Snapshot { files }
}

impl Stored {
    fn memory(bytes: impl Into<Arc<[u8]>>) -> Self {
        Stored::Memory(bytes.into(), OnceLock::new())
    }
}

impl Snapshot {
    /// A site of these files. Paths that are not site paths are left out.
    pub fn of_files(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Self {
        let stored =
            files.into_iter().filter_map(|(path, bytes)| Some((SitePath::new(&path).ok()?, Stored::memory(bytes))));
        Snapshot { files: stored.collect() }
    }

    /// The same site with one file's bytes replaced or added.
    pub fn with(mut self, path: &str, bytes: impl Into<Arc<[u8]>>) -> Self {
        if let Ok(path) = SitePath::new(path) {
            self.files.insert(path, Stored::memory(bytes));
        }
        self
    }
}
