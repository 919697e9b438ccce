//! Change detection by comparing file metadata at two moments.
//!
//! Input: the site's folder. Output: [`FileChanges`]. Does not read file content, so a change that keeps size,
//! modification time and inode is not found.
#![expect(clippy::disallowed_methods, reason = "reads the files of a site")]

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use walkdir::WalkDir;

use super::scan::is_ignored_name;
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
        for folder in SITE_FOLDERS.into_iter().chain(["themes"]) {
            let in_static = folder == "static" || folder == "themes";
            let wanted =
                |e: &walkdir::DirEntry| e.depth() == 0 || !is_ignored_name(&e.file_name().to_string_lossy(), in_static);
            for entry in WalkDir::new(root.join(folder)).into_iter().filter_entry(wanted).filter_map(Result::ok) {
                if entry.file_type().is_dir() {
                    continue;
                }
                // Follow symbolic links, as the scan does.
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
