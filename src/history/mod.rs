//! What the files of a folder were: every version that somebody saved, kept for a bounded time, and texts that are not saved yet.
//!
//! Input: paths and bytes. Output: versions and their bytes, files in the folder `history/`. A version is on the disk when
//! [`History::keep`] returns. Each content and each line of the log has its own checksum, so that damage of one loses no other. Knows no
//! pages, no settings and no clock. The format is described in `docs/desk/history.md`.

mod desks;
mod log;
mod objects;
mod unsaved;

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};

use puzhi_core::base::{ContentHash, SitePath};

pub use desks::{DeskPresence, OtherDesk};
pub use log::{Author, Version};
pub use unsaved::{UnsavedFile, UnsavedFiles};

use log::VersionLog;
use objects::Objects;

/// Name of the folder in the site's folder.
pub const FOLDER: &str = "history";

/// How much is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Versions older than so many days go, but for the last one of each file.
    pub days: u32,
    /// Contents take at most so many bytes on the disk; the oldest versions go first.
    pub bytes: u64,
}

/// A version that is to be kept.
#[derive(Debug, Clone)]
pub struct NewVersion<'v> {
    /// The file.
    pub path: &'v SitePath,
    /// Its bytes; `None` if it was removed.
    pub bytes: Option<&'v [u8]>,
    /// Where it comes from.
    pub by: Author,
    /// What was done, in words; may be empty.
    pub note: &'v str,
}

/// The versions of a folder's files.
pub struct History {
    objects: Objects,
    log: VersionLog,
    /// All versions, the earliest first.
    versions: Vec<Version>,
}

impl History {
    /// Opens the history of the folder `root`. `writer` names who writes; two writers at a time must have two names.
    ///
    /// # Errors
    /// When a folder cannot be made or listed. What is damaged is left out.
    pub fn open(root: &Path, writer: &str) -> io::Result<History> {
        let folder = root.join(FOLDER);
        let objects = Objects::open(folder.join("objects"))?;
        let log = VersionLog::open(folder.join("log"), writer)?;
        let versions = log.read()?;
        Ok(History { objects, log, versions })
    }

    /// Reads what other writers have kept since.
    ///
    /// # Errors
    /// When the log cannot be listed.
    pub fn refresh(&mut self) -> io::Result<()> {
        self.versions = self.log.read()?;
        Ok(())
    }

    /// Keeps a version, which is on the disk when this returns. A version that has the same content as the last one of its file is not
    /// kept again; the last one is returned.
    ///
    /// # Errors
    /// When it cannot be written. Nothing is lost of what was kept before.
    pub fn keep(&mut self, version: &NewVersion<'_>, now: Timestamp) -> io::Result<Version> {
        let content = version.bytes.map(ContentHash::of);
        if let Some(last) = self.versions_of(version.path).next().filter(|last| last.content == content) {
            // Its content may be damaged.
            if let Some(bytes) = version.bytes {
                self.objects.put(bytes)?;
            }
            return Ok(last.clone());
        }
        if let Some(bytes) = version.bytes {
            self.objects.put(bytes)?;
        }
        // Versions of one file have an order, whatever the clock does.
        let last = self.versions_of(version.path).next().map(|last| last.at);
        let next = last.and_then(|last| last.checked_add(SignedDuration::from_millis(1)).ok());
        let kept = Version {
            at: next.map_or(now, |next| next.max(now)),
            path: version.path.clone(),
            content,
            bytes: version.bytes.map_or(0, |bytes| bytes.len() as u64),
            by: version.by,
            note: version.note.to_string(),
        };
        self.log.append(&kept)?;
        self.versions.push(kept.clone());
        Ok(kept)
    }

    /// The versions of a file, the latest first.
    pub fn versions_of<'h>(&'h self, path: &'h SitePath) -> impl Iterator<Item = &'h Version> + 'h {
        self.versions.iter().rev().filter(move |version| version.path == *path)
    }

    /// The version with this [`Version::id`].
    pub fn version(&self, id: &str) -> Option<&Version> {
        self.versions.iter().find(|version| version.id() == id)
    }

    /// The last version of each file.
    pub fn last_versions(&self) -> BTreeMap<&SitePath, &Version> {
        self.versions.iter().map(|version| (&version.path, version)).collect()
    }

    /// The bytes with this hash, if they are kept and whole.
    pub fn bytes(&self, content: ContentHash) -> Option<Vec<u8>> {
        self.objects.get(content)
    }

    /// Lets go of what is beyond the bounds as of `now`. The last version of each file is kept, whatever its age; if the bytes of these
    /// alone are beyond the bound, they are kept all the same.
    ///
    /// # Errors
    /// When the log cannot be written anew; contents are removed only afterwards.
    pub fn trim(&mut self, bounds: Bounds, now: Timestamp) -> io::Result<()> {
        let last: BTreeSet<String> = self.last_versions().values().map(|version| version.id()).collect();
        let age = SignedDuration::from_hours(i64::from(bounds.days) * 24);
        let is_young = |version: &Version| now.duration_since(version.at) <= age;
        let mut kept: Vec<bool> =
            self.versions.iter().map(|version| is_young(version) || last.contains(&version.id())).collect();
        let sizes = self.objects.sizes()?;
        let mut users: BTreeMap<ContentHash, usize> = BTreeMap::new();
        for version in self.versions.iter().zip(&kept).filter(|(_, kept)| **kept).map(|(version, _)| version) {
            *users.entry(version.content.unwrap_or(ContentHash::of(b""))).or_default() += 1;
        }
        let mut total: u64 = users.keys().filter_map(|content| sizes.get(content)).sum();
        for (version, kept) in self.versions.iter().zip(&mut kept) {
            if total <= bounds.bytes {
                break;
            }
            let Some(content) = version.content.filter(|_| *kept && !last.contains(&version.id())) else { continue };
            *kept = false;
            let left = users.entry(content).or_default();
            *left = left.saturating_sub(1);
            if *left == 0 {
                total -= sizes.get(&content).copied().unwrap_or(0);
            }
        }
        if kept.iter().any(|kept| !kept) {
            let mut kept = kept.into_iter();
            self.versions.retain(|_| kept.next().unwrap_or(true));
            self.log.replace_all(&self.versions)?;
        }
        let used: BTreeSet<ContentHash> = self.versions.iter().filter_map(|version| version.content).collect();
        self.objects.remove_unused(&used, now)
    }
}

/// Hashes in JSON as hexadecimal digits.
mod hash_as_text {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use puzhi_core::base::ContentHash;

    pub fn serialize<S: Serializer>(hash: &Option<ContentHash>, to: S) -> Result<S::Ok, S::Error> {
        hash.map(|hash| hash.to_string()).serialize(to)
    }

    pub fn deserialize<'d, D: Deserializer<'d>>(from: D) -> Result<Option<ContentHash>, D::Error> {
        let digits = Option::<String>::deserialize(from)?;
        let parse = |digits: String| ContentHash::parse(&digits).ok_or_else(|| serde::de::Error::custom("no hash"));
        digits.map(parse).transpose()
    }
}

/// The folder of the history in a site's folder.
fn folder(root: &Path) -> PathBuf {
    root.join(FOLDER)
}

#[cfg(test)]
mod tests;
