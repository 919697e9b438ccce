//! The texts of a site as they are now, and the last of each that had no error.
//!
//! In: a scan of the site and what may have changed. Out: which files differ, and snapshots in which texts come from memory, so
//! that one round of phases sees one state of the disk. Files that are only copied stay on disk. Knows no meaning.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use crate::source::{FileChanges, FileSnapshot, FileStat, read_current};
use puzhi_core::base::SitePath;

/// Kinds of files in which something can be written wrongly.
const TEXT_EXTENSIONS: [&str; 11] =
    ["md", "markdown", "yaml", "yml", "json", "csv", "html", "css", "xml", "txt", "svg"];

/// A larger file is read where it is used.
const MAX_TEXT_BYTES: u64 = 8 << 20;

type Bytes = Arc<[u8]>;

/// What the preview holds of a site's files.
#[derive(Default)]
pub(super) struct TextCache {
    now: BTreeMap<SitePath, Bytes>,
    good: BTreeMap<SitePath, Bytes>,
    stats: BTreeMap<SitePath, FileStat>,
}

impl TextCache {
    /// Reads again what `changes` names and what looks different; the answer is every path that was added, removed or differs.
    pub(super) fn refresh(&mut self, files: &FileSnapshot, changes: &FileChanges) -> BTreeSet<SitePath> {
        let mut differs = BTreeSet::new();
        let mut now = BTreeMap::new();
        let mut stats = BTreeMap::new();
        for path in files.paths_in("") {
            let Some(stat) = files.stat(path) else { continue };
            let known = self.stats.get(path) == Some(&stat);
            stats.insert(path.clone(), stat);
            let held = self.now.remove(path);
            if !TEXT_EXTENSIONS.contains(&path.extension().as_str()) || stat.size > MAX_TEXT_BYTES {
                if !known || changes.paths.contains(path) {
                    differs.insert(path.clone());
                }
                continue;
            }
            let stale = !known || changes.all || changes.paths.contains(path);
            match held {
                Some(bytes) if !stale => drop(now.insert(path.clone(), bytes)),
                held => match files.read_bytes(path, MAX_TEXT_BYTES, "data") {
                    Ok(bytes) if held.as_deref() == Some(bytes.as_slice()) => {
                        drop(held.and_then(|bytes| now.insert(path.clone(), bytes)))
                    }
                    Ok(bytes) => {
                        differs.insert(path.clone());
                        now.insert(path.clone(), bytes.into());
                    }
                    // Whoever reads it says what is wrong.
                    Err(_) => drop(differs.insert(path.clone())),
                },
            }
        }
        differs.extend(self.stats.keys().filter(|path| !stats.contains_key(*path)).cloned());
        self.now = now;
        self.stats = stats;
        differs
    }

    /// The bytes of a text that is known, as it stands on the disk now, with its stat from before they were read.
    pub(super) fn read_saved(&self, root: &Path, path: &SitePath) -> Option<(Vec<u8>, FileStat)> {
        self.now.get(path)?;
        read_current(root, path, MAX_TEXT_BYTES)
    }

    pub(super) fn differs(&self, path: &SitePath, bytes: &[u8]) -> bool {
        self.now.get(path).is_none_or(|known| **known != *bytes)
    }

    /// Takes over a text that is good.
    pub(super) fn store_good(&mut self, path: &SitePath, bytes: Vec<u8>, stat: FileStat) {
        let bytes: Bytes = bytes.into();
        self.now.insert(path.clone(), Arc::clone(&bytes));
        self.good.insert(path.clone(), bytes);
        self.stats.insert(path.clone(), stat);
    }

    /// The files as they are, with `substitutes` in place of some.
    pub(super) fn snapshot(&self, files: FileSnapshot, substitutes: &BTreeMap<SitePath, Bytes>) -> FileSnapshot {
        let files =
            self.now.iter().fold(files, |files, (path, bytes)| files.with_file(path.as_str(), Arc::clone(bytes)));
        substitutes.iter().fold(files, |files, (path, bytes)| files.with_file(path.as_str(), Arc::clone(bytes)))
    }

    /// The last good text of `path`, if it is not what stands there now.
    pub(super) fn last_good(&self, path: &SitePath) -> Option<Bytes> {
        let good = self.good.get(path)?;
        (self.now.get(path) != Some(good)).then(|| Arc::clone(good))
    }

    /// Whether what stands at `path` now was good before others changed.
    pub(super) fn was_good(&self, path: &SitePath) -> bool {
        self.good.get(path).is_some_and(|good| self.now.get(path) == Some(good))
    }

    /// Everything but `bad` is good as it is now.
    pub(super) fn mark_all_good_but(&mut self, bad: &BTreeSet<SitePath>) {
        self.good.retain(|path, _| bad.contains(path) && self.stats.contains_key(path));
        let good = self.now.iter().filter(|(path, _)| !bad.contains(*path));
        self.good.extend(good.map(|(path, bytes)| (path.clone(), Arc::clone(bytes))));
    }
}
