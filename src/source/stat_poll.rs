//! Change detection by comparing file metadata at two moments.
//!
//! Input: the site's folder. Output: [`FileChanges`]. Does not read file content, so a change that keeps size,
//! modification time and inode is not found.
#![expect(clippy::disallowed_methods, reason = "reads the files of a site")]

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use super::walk::WalkRoot;
use super::watch::FileChanges;
use super::{FileStat, SETTINGS_FILE, SITE_FOLDERS};
use puzhi_core::base::SitePath;

/// Metadata of all files of a site at one moment.
pub(super) struct StatPoll {
    files: BTreeMap<String, FileStat>,
    /// How long collecting the metadata took.
    pub duration: Duration,
}

impl StatPoll {
    /// Collects the metadata of all files of the site at `root`.
    pub(super) fn take(root: &Path) -> StatPoll {
        let start = Instant::now();
        let mut files = BTreeMap::new();
        if let Ok(meta) = root.join(SETTINGS_FILE).metadata() {
            files.insert(SETTINGS_FILE.to_string(), FileStat::from_metadata(&meta));
        }
        let real_root = root.canonicalize().unwrap_or_else(|_| root.to_path_buf());
        let walk_root = WalkRoot { root, real_root: &real_root };
        for folder in SITE_FOLDERS.into_iter().chain(["themes"]) {
            if !root.join(folder).is_dir() {
                continue;
            }
            // Follow symbolic links, as the scan does.
            for entry in walk_root.walk(folder, folder != "themes").entries.into_iter().filter_map(Result::ok) {
                if let (Ok(below), Ok(meta)) = (entry.path().strip_prefix(root), entry.path().metadata()) {
                    let segments: Vec<_> = below.components().map(|c| c.as_os_str().to_string_lossy()).collect();
                    files.insert(segments.join("/"), FileStat::from_metadata(&meta));
                }
            }
        }
        StatPoll { files, duration: start.elapsed() }
    }

    /// The files that were added, removed or changed between `self` and `now`.
    pub(super) fn changes_until(&self, now: &StatPoll) -> FileChanges {
        let mut changes = FileChanges::default();
        let touched =
            now.files.iter().filter(|(path, stat)| self.files.get(*path) != Some(*stat)).map(|(path, _)| path);
        let gone = self.files.keys().filter(|path| !now.files.contains_key(*path));
        for path in touched.chain(gone) {
            match SitePath::new(path) {
                Ok(path) => drop(changes.paths.insert(path)),
                // The scan reports the invalid name.
                Err(_) => changes.all = true,
            }
        }
        changes
    }
}
