//! Who else has the folder open: each desk has a file that says which page it has open and that changes while it runs.
//!
//! Input: what this desk has open. Output: its file, and what the other desks have open. A desk whose file has not changed for a while has
//! ended. That is seen by this machine's clock alone: those of others on a shared drive may differ. A desk of the same person that ended
//! without saying so is known at once by its lock, so that nobody waits for himself.
#![expect(clippy::disallowed_methods, reason = "tells desks on one folder of each other")]

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::source::replace_file;
use puzhi_core::base::SitePath;

/// A desk whose file has not changed for so long has ended.
const SILENT_FOR: SignedDuration = SignedDuration::from_secs(20);

/// What a desk says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct DeskFile {
    /// Who sits there, in words.
    by: String,
    /// The file that it has open for writing.
    path: Option<SitePath>,
    /// Since when.
    since: Timestamp,
    /// Whether it writes this file: it opened it when nobody else had it.
    #[serde(default)]
    writes: bool,
    /// Changes while the desk runs.
    beat: u64,
}

/// Another desk with the same folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OtherDesk {
    /// Who sits there, in words.
    pub by: String,
    /// The file that it has open for writing.
    pub path: Option<SitePath>,
    /// Since when.
    pub since: Timestamp,
}

/// This desk among others.
pub struct DeskPresence {
    folder: PathBuf,
    name: String,
    own: DeskFile,
    /// Held while the desk runs.
    _lock: File,
    /// What was last seen of others, and when it changed, by this machine's clock.
    seen: BTreeMap<String, (DeskFile, Timestamp)>,
}

impl DeskPresence {
    /// Says that this desk is there. `name` is its own among all desks, `by` who sits there.
    ///
    /// # Errors
    /// When its file cannot be written.
    pub fn open(root: &Path, name: &str, by: &str, now: Timestamp) -> io::Result<DeskPresence> {
        let folder = super::own_folder(root, "desks")?;
        let own = DeskFile { by: by.to_string(), path: None, since: now, writes: false, beat: 0 };
        let lock = File::create(folder.join(format!("{name}.lock")))?;
        // A drive without locks has the beats alone.
        let _ = lock.try_lock();
        let mut presence = DeskPresence { folder, name: name.to_string(), own, _lock: lock, seen: BTreeMap::new() };
        presence.beat(now)?;
        Ok(presence)
    }

    fn place(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.json"))
    }

    /// Says that this desk is still there, and looks at the others. To be called every few seconds.
    ///
    /// # Errors
    /// When its file cannot be written or the folder not be listed.
    pub fn beat(&mut self, now: Timestamp) -> io::Result<()> {
        self.look(now)?;
        self.settle();
        self.own.beat += 1;
        replace_file(&self.place(&self.name), serde_json::to_string(&self.own)?)
    }

    /// Looks at the other desks.
    fn look(&mut self, now: Timestamp) -> io::Result<()> {
        let mut seen = BTreeMap::new();
        for entry in std::fs::read_dir(&self.folder)? {
            let path = entry?.path();
            let Some(name) = path.file_stem().and_then(|name| name.to_str()).filter(|name| *name != self.name) else {
                continue;
            };
            let is_desk = path.extension().is_some_and(|extension| extension == "json");
            let read = std::fs::read(&path).ok().filter(|bytes| is_desk && bytes.len() < 4096);
            let file: Option<DeskFile> = read.and_then(|bytes| serde_json::from_slice(&bytes).ok());
            let Some(file) = file else { continue };
            let before = self.seen.get(name).filter(|(before, _)| *before == file);
            let changed = before.map_or(now, |(_, changed)| *changed);
            if now.duration_since(changed) > SILENT_FOR || file.by == self.own.by && self.is_unlocked(name) {
                // It has ended without saying so.
                let _ = std::fs::remove_file(&path);
                let _ = std::fs::remove_file(path.with_extension("lock"));
            } else {
                seen.insert(name.to_string(), (file, changed));
            }
        }
        self.seen = seen;
        Ok(())
    }

    /// Decides whether this desk writes the file that it has open: if nobody else does. Clocks of other machines have no say. Of two that
    /// began at the same moment the one with the lesser name goes on.
    fn settle(&mut self) {
        let rivals = self.seen.iter().filter(|(_, (file, _))| file.writes && file.path == self.own.path);
        let first = rivals.map(|(name, _)| name).min();
        self.own.writes = self.own.path.is_some()
            && match first {
                None => true,
                Some(first) => self.own.writes && self.name < *first,
            };
    }

    /// Whether nobody holds the lock of a desk.
    fn is_unlocked(&self, name: &str) -> bool {
        File::open(self.folder.join(format!("{name}.lock"))).is_ok_and(|lock| lock.try_lock().is_ok())
    }

    /// Says which file this desk has open for writing.
    ///
    /// # Errors
    /// When its file cannot be written.
    pub fn set_open(&mut self, path: Option<SitePath>, now: Timestamp) -> io::Result<()> {
        if self.own.path != path {
            (self.own.path, self.own.since, self.own.writes) = (path, now, false);
        }
        self.beat(now)
    }

    /// The other desks, as of the last beat.
    pub fn others(&self) -> Vec<OtherDesk> {
        let other = |(file, _): &(DeskFile, Timestamp)| OtherDesk {
            by: file.by.clone(),
            path: file.path.clone(),
            since: file.since,
        };
        self.seen.values().map(other).collect()
    }

    /// The other desk that writes a file, as of the last beat; `None` if this one does or nobody does.
    pub fn holder(&self, path: &SitePath) -> Option<OtherDesk> {
        if self.own.writes && self.own.path.as_ref() == Some(path) {
            return None;
        }
        let (file, _) = self.seen.values().find(|(file, _)| file.writes && file.path.as_ref() == Some(path))?;
        Some(OtherDesk { by: file.by.clone(), path: Some(path.clone()), since: file.since })
    }
}

impl Drop for DeskPresence {
    fn drop(&mut self) {
        let own = self.place(&self.name);
        let _ = std::fs::remove_file(own.with_extension("lock"));
        let _ = std::fs::remove_file(own);
    }
}
