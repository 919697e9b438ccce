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
    /// Versions that are neither the last of their file nor of the last week take at most so many bytes on the disk; the oldest go first.
    /// With those of the last week it is four times as much.
    pub bytes: u64,
}

/// Versions of the last days do not go for their size alone.
const RECENT: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How much more than [`Bounds::bytes`] there may be with recent versions.
const RECENT_FACTOR: u64 = 4;

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
    /// Where the file went, if it was not removed but moved.
    pub moved_to: Option<&'v SitePath>,
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
    /// When a folder cannot be made or listed, or is a link. What is damaged is left out.
    pub fn open(root: &Path, writer: &str) -> io::Result<History> {
        let objects = Objects::open(own_folder(root, "objects")?)?;
        let log = VersionLog::open(own_folder(root, "log")?, writer)?;
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
            moved_to: version.moved_to.cloned(),
        };
        self.log.append(&kept)?;
        self.versions.push(kept.clone());
        Ok(kept)
    }

    /// The versions of a file, the latest first.
    pub fn versions_of<'h>(&'h self, path: &'h SitePath) -> impl Iterator<Item = &'h Version> + 'h {
        self.versions.iter().rev().filter(move |version| version.path == *path)
    }

    /// The versions of a file, the latest first, and before it was moved to its place those of the file that it was then. That it went
    /// from one place to another is no version of it, and those of a file that was at this place before and went elsewhere are not its own.
    pub fn lineage(&self, path: &SitePath) -> Vec<&Version> {
        let mut found = Vec::new();
        let mut path = path;
        for (n, version) in self.versions.iter().enumerate().rev() {
            if version.moved_to.as_ref() == Some(path) {
                // The file came to its place, with other links, before it went from the old one.
                let came = |before: &&Version| before.path == *path && before.note == version.note;
                found.extend(self.versions[..n].iter().rev().find(came));
                path = &version.path;
            } else if version.path == *path {
                if version.moved_to.is_some() {
                    // What was here before went elsewhere and is another file.
                    break;
                }
                found.push(version);
            }
        }
        found
    }

    /// Keeps bytes that a version will name within the hour.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn prepare(&self, bytes: &[u8]) -> io::Result<()> {
        self.objects.put(bytes).map(drop)
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

    /// Lets go of what is beyond the bounds as of `now`. The last version of each file is kept whatever its age and size, and that of a
    /// file that was removed as long as versions of that day are.
    ///
    /// # Errors
    /// When the log cannot be written anew; contents are removed only afterwards.
    pub fn trim(&mut self, bounds: Bounds, now: Timestamp) -> io::Result<()> {
        let age = SignedDuration::from_hours(i64::from(bounds.days) * 24);
        let is_within = |version: &Version, span: SignedDuration| now.duration_since(version.at) <= span;
        let last: BTreeSet<usize> = self.last_of_files(|removal| is_within(removal, age));
        let mut kept: Vec<bool> =
            self.versions.iter().enumerate().map(|(n, version)| is_within(version, age) || last.contains(&n)).collect();
        let sizes = self.objects.sizes()?;
        for (limit, spared) in
            [(bounds.bytes, RECENT), (bounds.bytes.saturating_mul(RECENT_FACTOR), SignedDuration::ZERO)]
        {
            let may_go = |n: usize, version: &Version| !last.contains(&n) && !is_within(version, spared);
            self.drop_for_size(&mut kept, &sizes, limit, may_go);
        }
        if kept.iter().any(|kept| !kept) {
            let mut kept = kept.into_iter();
            self.versions.retain(|_| kept.next().unwrap_or(true));
            self.log.replace_all(&self.versions)?;
        }
        let used: BTreeSet<ContentHash> = self.versions.iter().filter_map(|version| version.content).collect();
        self.objects.remove_unused(&used, now)
    }

    /// The places of the last version of each file, and of the last content of those that were removed, if the removal `counts`.
    fn last_of_files(&self, counts: impl Fn(&Version) -> bool) -> BTreeSet<usize> {
        let mut last: BTreeMap<&SitePath, usize> = BTreeMap::new();
        let mut last_content: BTreeMap<&SitePath, usize> = BTreeMap::new();
        for (n, version) in self.versions.iter().enumerate() {
            last.insert(&version.path, n);
            if version.content.is_some() {
                last_content.insert(&version.path, n);
            }
        }
        let of_removed = last.iter().filter(|(_, n)| counts(&self.versions[**n]));
        of_removed.filter_map(|(path, _)| last_content.get(path)).chain(last.values()).copied().collect()
    }

    /// Lets the earliest versions that `may_go` go until the contents that they alone have take no more than `limit` bytes.
    fn drop_for_size(
        &self,
        kept: &mut [bool],
        sizes: &BTreeMap<ContentHash, u64>,
        limit: u64,
        may_go: impl Fn(usize, &Version) -> bool,
    ) {
        let mut users: BTreeMap<ContentHash, usize> = BTreeMap::new();
        let mut needed: BTreeSet<ContentHash> = BTreeSet::new();
        for (n, version) in self.versions.iter().enumerate().filter(|(n, _)| kept[*n]) {
            let Some(content) = version.content else { continue };
            if may_go(n, version) {
                *users.entry(content).or_default() += 1;
            } else {
                needed.insert(content);
            }
        }
        users.retain(|content, _| !needed.contains(content));
        let size = |content: &ContentHash| sizes.get(content).copied().unwrap_or(0);
        let mut total: u64 = users.keys().map(size).sum();
        for (n, version) in self.versions.iter().enumerate() {
            if total <= limit {
                break;
            }
            let Some(content) = version.content.filter(|_| kept[n] && may_go(n, version)) else { continue };
            let Some(left) = users.get_mut(&content) else { continue };
            kept[n] = false;
            *left -= 1;
            if *left == 0 {
                total -= size(&content);
            }
        }
    }
}

/// Whether the folder of the history, or one in it, is a link. Nothing is written through it then.
pub fn is_link(root: &Path) -> bool {
    let folder = root.join(FOLDER);
    ["", "objects", "log", "unsaved", "desks"].iter().any(|name| is_link_at(&folder.join(name)))
}

#[expect(clippy::disallowed_methods, reason = "nothing is kept behind a link")]
fn is_link_at(place: &Path) -> bool {
    let place: PathBuf = place.components().collect();
    std::fs::symlink_metadata(place).is_ok_and(|meta| meta.is_symlink())
}

/// A folder in that of the history, which is made if it is not there.
#[expect(clippy::disallowed_methods, reason = "keeps earlier versions of the files of a site")]
fn own_folder(root: &Path, name: &str) -> io::Result<PathBuf> {
    if is_link(root) {
        return Err(io::Error::new(io::ErrorKind::NotADirectory, "the folder of the history is a link"));
    }
    let folder = root.join(FOLDER).join(name);
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
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

#[cfg(test)]
mod tests;
