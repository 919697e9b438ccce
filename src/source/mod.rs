//! The only door to the site's files: scan once, then read by path. Has an in-memory twin for tests.
//!
//! In: the site's folder. Out: a [`Snapshot`] of which files there are, and their bytes or text on demand.
//! Knows nothing of front matter, Markdown or templates. `.git`, the output folder and caches are never looked at:
//! only the named folders of a site are.

mod disk;
mod memory;
mod poll;
mod watch;

use std::collections::BTreeMap;
use std::io::Read;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use puzhi_core::base::{Hash, SitePath};
use puzhi_core::diag::{Diag, codes};
use puzhi_core::encoding::decode;

pub use disk::{scan, settings_text};
pub use memory::memory_site;
pub use watch::{Changes, How, QUIET, Watch};

/// The folders of a site that are scanned; `themes` only below the chosen theme.
pub const FOLDERS: [&str; 5] = ["content", "data", "templates", "static", "i18n"];

/// The file of a site's settings.
pub const SETTINGS: &str = "site.yaml";

/// Beside the content, but no content: never a page, never a copy.
pub const EVENTS_LOCK: &str = "content/events.lock.yaml";

/// One file's text with its hash.
#[derive(Debug, Clone)]
pub struct Source {
    pub path: SitePath,
    /// Decoded, without BOM, line ends as LF.
    pub text: String,
    /// Of the bytes on disk.
    pub hash: Hash,
}

/// Which files a site has at one moment, and the way to their bytes.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    files: BTreeMap<SitePath, Stored>,
}

#[derive(Debug, Clone)]
enum Stored {
    Disk { raw: PathBuf, stat: Stat, hash: OnceLock<Option<Hash>> },
    Memory(Arc<[u8]>, OnceLock<Hash>),
}

/// What the system says of a file without reading it. Equal stats save hashing, nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
pub struct Stat {
    /// Nanoseconds since 1970 of its last change.
    pub modified: i128,
    pub size: u64,
    /// Number of the file in its file system, 0 where there is none.
    pub inode: u64,
}

impl Stat {
    pub fn of(meta: &std::fs::Metadata) -> Self {
        let modified = meta.modified().ok().map_or(0, |time| match time.duration_since(std::time::UNIX_EPOCH) {
            Ok(after) => after.as_nanos() as i128,
            Err(before) => -(before.duration().as_nanos() as i128),
        });
        #[cfg(unix)]
        let inode = std::os::unix::fs::MetadataExt::ino(meta);
        #[cfg(not(unix))]
        let inode = 0;
        Self { modified, size: meta.len(), inode }
    }

    /// A file that was changed in the moment it was looked at may change again without showing it (the clock of file systems is
    /// coarse): such a stat is not to be trusted later. `now` is when the looking ended.
    pub fn is_settled(&self, now: std::time::SystemTime) -> bool {
        const COARSE: i128 = 2_000_000_000;
        let now = now.duration_since(std::time::UNIX_EPOCH).map_or(0, |d| d.as_nanos() as i128);
        self.modified + COARSE < now
    }
}

impl Snapshot {
    /// All files below `folder` ("" for all), in order.
    pub fn below<'s>(&'s self, folder: &'s str) -> impl Iterator<Item = &'s SitePath> + 's {
        self.files.keys().filter(move |p| p.below(folder).is_some())
    }

    pub fn contains(&self, path: &SitePath) -> bool {
        self.files.contains_key(path)
    }

    /// Size in bytes at the time of the scan.
    pub fn size(&self, path: &SitePath) -> Option<u64> {
        self.files.get(path).map(|stored| match stored {
            Stored::Disk { stat, .. } => stat.size,
            Stored::Memory(bytes, _) => bytes.len() as u64,
        })
    }

    /// All files, in order.
    pub fn paths(&self) -> impl Iterator<Item = &SitePath> {
        self.files.keys()
    }

    /// What the system said of a file when the site was scanned; `None` in memory.
    pub fn stat(&self, path: &SitePath) -> Option<Stat> {
        match self.files.get(path)? {
            Stored::Disk { stat, .. } => Some(*stat),
            Stored::Memory(..) => None,
        }
    }

    /// Hash of a file's bytes, read at most once; `None` when it is not there or cannot be read.
    pub fn hash(&self, path: &SitePath) -> Option<Hash> {
        match self.files.get(path)? {
            Stored::Disk { hash, .. } => *hash.get_or_init(|| hash_of(&mut *self.open(path).ok()?)),
            Stored::Memory(bytes, hash) => Some(*hash.get_or_init(|| Hash::of(bytes))),
        }
    }

    /// Tells what a file's bytes hash to, as an earlier build found when its stat was `stat`.
    pub fn remember(&self, path: &SitePath, then: Stat, known: Hash) {
        if let Some(Stored::Disk { stat, hash, .. }) = self.files.get(path)
            && *stat == then
        {
            let _ = hash.set(Some(known));
        }
    }

    /// Opens a file for streaming.
    pub fn open(&self, path: &SitePath) -> Result<Box<dyn Read + '_>, Diag> {
        match self.files.get(path) {
            Some(Stored::Disk { raw, .. }) => match std::fs::File::open(raw) {
                Ok(file) => Ok(Box::new(file)),
                Err(e) => Err(unreadable(path, &e)),
            },
            Some(Stored::Memory(bytes, _)) => Ok(Box::new(&bytes[..])),
            None => Err(unreadable(path, &std::io::ErrorKind::NotFound.into())),
        }
    }

    /// Reads a whole file of at most `limit` bytes; `key` names the setting that raises the limit.
    pub fn bytes(&self, path: &SitePath, limit: u64, key: &'static str) -> Result<Vec<u8>, Diag> {
        let bytes = self.read(path, limit, key)?;
        if let Some(Stored::Disk { hash, .. }) = self.files.get(path) {
            let _ = hash.get_or_init(|| Some(Hash::of(&bytes)));
        }
        Ok(bytes)
    }

    fn read(&self, path: &SitePath, limit: u64, key: &'static str) -> Result<Vec<u8>, Diag> {
        let too_large = |size: u64| {
            Diag::new(&codes::source::TOO_LARGE)
                .file(path)
                .arg("size", human_size(size))
                .arg("limit", human_size(limit))
                .arg("key", key)
        };
        let size = self.size(path).unwrap_or(0);
        if size > limit {
            return Err(too_large(size));
        }
        let mut bytes = Vec::with_capacity(size as usize);
        // The file may have grown since the scan.
        self.open(path)?.take(limit + 1).read_to_end(&mut bytes).map_err(|e| unreadable(path, &e))?;
        if bytes.len() as u64 > limit {
            return Err(too_large(bytes.len() as u64));
        }
        Ok(bytes)
    }

    /// Reads a text file; the second value is a warning about its encoding.
    pub fn text(&self, path: &SitePath, limit: u64, key: &'static str) -> Result<(Source, Option<Diag>), Diag> {
        let bytes = self.read(path, limit, key)?;
        // Of what was read, which may be another thing than what an earlier build remembers.
        let hash = Hash::of(&bytes);
        if let Some(Stored::Disk { hash: known, .. }) = self.files.get(path) {
            let _ = known.set(Some(hash));
        }
        let (text, warning) = decode(path, &bytes)?;
        Ok((Source { path: path.clone(), text, hash }, warning))
    }
}

/// A size as people read it, e.g. `8 MiB`.
pub fn human_size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["B", "KiB", "MiB", "GiB"];
    let mut value = bytes as f64;
    let mut unit = 0;
    while value >= 1024.0 && unit + 1 < UNITS.len() {
        value /= 1024.0;
        unit += 1;
    }
    if unit == 0 || value.fract() == 0.0 {
        format!("{value:.0} {}", UNITS[unit])
    } else {
        format!("{value:.1} {}", UNITS[unit])
    }
}

/// In bounded memory.
fn hash_of(from: &mut dyn Read) -> Option<Hash> {
    let mut hasher = blake3::Hasher::new();
    std::io::copy(from, &mut hasher).ok()?;
    hasher.finalize().to_hex().get(..32).and_then(Hash::parse)
}

fn unreadable(path: &SitePath, error: &std::io::Error) -> Diag {
    Diag::new(&codes::source::UNREADABLE).file(path).arg("cause", error.kind())
}
