//! Cache of the site's text files: the current text and the last text without errors of each file.
//!
//! Input: a scan of the site and the files that may have changed. Output: the paths that differ, and snapshots that serve texts from
//! memory, so that one run of the pipeline sees one state of the disk. Files that are only copied stay on disk. Does not interpret
//! the texts; the caller decides which of them are good.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use crate::source::{FileChanges, FileSnapshot, FileStat, read_current};
use puzhi_core::base::SitePath;

/// Extensions of the files whose text is cached: those whose content can have errors.
const TEXT_EXTENSIONS: [&str; 11] =
    ["md", "markdown", "yaml", "yml", "json", "csv", "html", "css", "xml", "txt", "svg"];

/// Largest cached file, in bytes. Larger files are read from disk when they are used.
const MAX_TEXT_BYTES: u64 = 8 << 20;

type Bytes = Arc<[u8]>;

/// Current and last good texts by path.
#[derive(Default)]
pub(super) struct TextCache {
    now: BTreeMap<SitePath, Bytes>,
    good: BTreeMap<SitePath, Bytes>,
    stats: BTreeMap<SitePath, FileStat>,
    /// Texts that stand in place of those on disk: what somebody is typing and has not saved.
    unsaved: BTreeMap<SitePath, Bytes>,
}

impl TextCache {
    /// Puts a text in place of the one on disk, or lets the one on disk count again. It counts from the next refresh on.
    pub(super) fn set_unsaved(&mut self, path: &SitePath, text: Option<Bytes>) {
        match text {
            Some(text) => drop(self.unsaved.insert(path.clone(), text)),
            None => drop(self.unsaved.remove(path)),
        }
    }

    /// The stat of a file as it was last read.
    pub(super) fn stat(&self, path: &SitePath) -> Option<FileStat> {
        self.stats.get(path).copied()
    }

    /// The current text of a file, saved or not; `None` if it is not cached.
    pub(super) fn current(&self, path: &SitePath) -> Option<&Bytes> {
        self.now.get(path)
    }

    /// Reads again the files named in `changes` and those whose size or times differ. Returns the paths that were added, removed or
    /// changed.
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
            if let Some(unsaved) = self.unsaved.get(path) {
                if held.as_ref() != Some(unsaved) {
                    differs.insert(path.clone());
                }
                now.insert(path.clone(), Arc::clone(unsaved));
                continue;
            }
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
                    // Not reported here: the pipeline reports the error when it reads the file.
                    Err(_) => drop(differs.insert(path.clone())),
                },
            }
        }
        differs.extend(self.stats.keys().filter(|path| !stats.contains_key(*path)).cloned());
        self.now = now;
        self.stats = stats;
        differs
    }

    /// Reads a cached text, unsaved or from disk: its current bytes, and its stat taken before reading. `None` if the path is not cached
    /// or cannot be read.
    pub(super) fn read_saved(&self, root: &Path, path: &SitePath) -> Option<(Vec<u8>, FileStat)> {
        self.now.get(path)?;
        if let Some(unsaved) = self.unsaved.get(path) {
            return Some((unsaved.to_vec(), *self.stats.get(path)?));
        }
        read_current(root, path, MAX_TEXT_BYTES)
    }

    /// Whether `bytes` are other than the cached current text.
    pub(super) fn differs(&self, path: &SitePath, bytes: &[u8]) -> bool {
        self.now.get(path).is_none_or(|known| **known != *bytes)
    }

    /// Stores `bytes` as the current and the last good text of `path`.
    pub(super) fn store_good(&mut self, path: &SitePath, bytes: Vec<u8>, stat: FileStat) {
        let bytes: Bytes = bytes.into();
        self.now.insert(path.clone(), Arc::clone(&bytes));
        self.good.insert(path.clone(), bytes);
        self.stats.insert(path.clone(), stat);
    }

    /// `files` with the cached current texts, and with `substitutes` in place of the texts at their paths.
    pub(super) fn snapshot(&self, files: FileSnapshot, substitutes: &BTreeMap<SitePath, Bytes>) -> FileSnapshot {
        let files =
            self.now.iter().fold(files, |files, (path, bytes)| files.with_file(path.as_str(), Arc::clone(bytes)));
        substitutes.iter().fold(files, |files, (path, bytes)| files.with_file(path.as_str(), Arc::clone(bytes)))
    }

    /// The last good text of `path`, if it differs from the current text.
    pub(super) fn last_good(&self, path: &SitePath) -> Option<Bytes> {
        let good = self.good.get(path)?;
        (self.now.get(path) != Some(good)).then(|| Arc::clone(good))
    }

    /// Whether the current text of `path` is its last good text. An error there then comes from a change in another file.
    pub(super) fn was_good(&self, path: &SitePath) -> bool {
        self.good.get(path).is_some_and(|good| self.now.get(path) == Some(good))
    }

    /// Marks the current texts of all files except `bad` as good.
    pub(super) fn mark_all_good_but(&mut self, bad: &BTreeSet<SitePath>) {
        self.good.retain(|path, _| bad.contains(path) && self.stats.contains_key(path));
        let good = self.now.iter().filter(|(path, _)| !bad.contains(*path));
        self.good.extend(good.map(|(path, bytes)| (path.clone(), Arc::clone(bytes))));
    }
}
