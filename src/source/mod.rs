//! The only door to the site's files: scan once, then read by path. Has an in-memory twin for tests.
//!
//! In: the site's folder. Out: a [`FileSnapshot`] of which files there are, and their bytes or text on demand.
//! Knows nothing of front matter, Markdown or templates. `.git`, the output folder and caches are never looked at:
//! only the named folders of a site are.

mod memory;
mod scan;
mod stat_poll;
mod watch;

use std::collections::BTreeMap;
use std::io::Read;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use puzhi_core::base::{ContentHash, SitePath};
use puzhi_core::diag::{Diagnostic, codes};
use puzhi_core::encoding::decode;

pub use memory::memory_site;
pub use scan::{read_current, read_settings_text, scan};
pub use watch::{DEBOUNCE, FileChanges, FileWatcher, WatchMode};

/// The folders of a site that are scanned; `themes` only below the chosen theme.
pub const SITE_FOLDERS: [&str; 5] = ["content", "data", "templates", "static", "i18n"];

/// The file of a site's settings.
pub const SETTINGS_FILE: &str = "site.yaml";

/// Beside the content, but no content: never a page, never a copy.
pub const EVENTS_LOCK_FILE: &str = "content/events.lock.yaml";

/// Whether a file is Markdown by its extension. Below `content/` that makes it a page; elsewhere it is data.
pub fn is_markdown(path: &SitePath) -> bool {
    path.has_extension(&["md", "markdown"])
}

/// Whether a file is the source of a page: Markdown below `content/`.
pub fn is_page_source(path: &SitePath) -> bool {
    path.relative_to("content").is_some() && is_markdown(path)
}

/// One file's text with its hash.
#[derive(Debug, Clone)]
pub struct SourceFile {
    pub path: SitePath,
    /// Decoded, without BOM, line ends as LF.
    pub text: String,
    /// Of the bytes on disk.
    pub hash: ContentHash,
}

/// Which files a site has at one moment, and the way to their bytes.
#[derive(Debug, Clone, Default)]
pub struct FileSnapshot {
    files: BTreeMap<SitePath, StoredFile>,
}

#[derive(Debug, Clone)]
enum StoredFile {
    Disk { raw: PathBuf, stat: FileStat, hash: OnceLock<Option<ContentHash>> },
    Memory(Arc<[u8]>, OnceLock<ContentHash>),
}

/// What the system says of a file without reading it. Equal stats save hashing, nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
pub struct FileStat {
    /// Nanoseconds since 1970 of its last change.
    pub modified: i128,
    pub size: u64,
    /// Number of the file in its file system, 0 where there is none.
    pub inode: u64,
}

impl FileStat {
    pub fn from_metadata(meta: &std::fs::Metadata) -> Self {
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
    pub fn is_reliable_at(&self, now: std::time::SystemTime) -> bool {
        const TIMESTAMP_RESOLUTION_NANOS: i128 = 2_000_000_000;
        let now = now.duration_since(std::time::UNIX_EPOCH).map_or(0, |d| d.as_nanos() as i128);
        self.modified + TIMESTAMP_RESOLUTION_NANOS < now
    }
}

impl FileSnapshot {
    /// All files below `folder` ("" for all), in order.
    pub fn paths_in<'s>(&'s self, folder: &'s str) -> impl Iterator<Item = &'s SitePath> + 's {
        self.files.keys().filter(move |p| p.relative_to(folder).is_some())
    }

    pub fn contains(&self, path: &SitePath) -> bool {
        self.files.contains_key(path)
    }

    /// Size in bytes at the time of the scan.
    pub fn size(&self, path: &SitePath) -> Option<u64> {
        self.files.get(path).map(|stored| match stored {
            StoredFile::Disk { stat, .. } => stat.size,
            StoredFile::Memory(bytes, _) => bytes.len() as u64,
        })
    }

    /// All files, in order.
    pub fn paths(&self) -> impl Iterator<Item = &SitePath> {
        self.files.keys()
    }

    /// What the system said of a file when the site was scanned; `None` in memory.
    pub fn stat(&self, path: &SitePath) -> Option<FileStat> {
        match self.files.get(path)? {
            StoredFile::Disk { stat, .. } => Some(*stat),
            StoredFile::Memory(..) => None,
        }
    }

    /// Hash of a file's bytes, read at most once; `None` when it is not there or cannot be read.
    pub fn hash(&self, path: &SitePath) -> Option<ContentHash> {
        match self.files.get(path)? {
            StoredFile::Disk { hash, .. } => *hash.get_or_init(|| hash_reader(&mut *self.open(path).ok()?)),
            StoredFile::Memory(bytes, hash) => Some(*hash.get_or_init(|| ContentHash::of(bytes))),
        }
    }

    /// Tells what a file's bytes hash to, as an earlier build found when its stat was `stat`.
    pub fn seed_hash(&self, path: &SitePath, stat_then: FileStat, known: ContentHash) {
        if let Some(StoredFile::Disk { stat, hash, .. }) = self.files.get(path)
            && *stat == stat_then
        {
            let _ = hash.set(Some(known));
        }
    }

    /// Opens a file for streaming.
    pub fn open(&self, path: &SitePath) -> Result<Box<dyn Read + '_>, Diagnostic> {
        match self.files.get(path) {
            Some(StoredFile::Disk { raw, .. }) => match std::fs::File::open(raw) {
                Ok(file) => Ok(Box::new(file)),
                Err(e) => Err(unreadable_file(path, &e)),
            },
            Some(StoredFile::Memory(bytes, _)) => Ok(Box::new(&bytes[..])),
            None => Err(unreadable_file(path, &std::io::ErrorKind::NotFound.into())),
        }
    }

    /// Reads a whole file of at most `limit` bytes; `key` names the setting that raises the limit.
    pub fn read_bytes(&self, path: &SitePath, limit: u64, key: &'static str) -> Result<Vec<u8>, Diagnostic> {
        let bytes = self.read_limited(path, limit, key)?;
        if let Some(StoredFile::Disk { hash, .. }) = self.files.get(path) {
            let _ = hash.get_or_init(|| Some(ContentHash::of(&bytes)));
        }
        Ok(bytes)
    }

    fn read_limited(&self, path: &SitePath, limit: u64, key: &'static str) -> Result<Vec<u8>, Diagnostic> {
        let too_large = |size: u64| {
            Diagnostic::new(&codes::source::TOO_LARGE)
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
        self.open(path)?.take(limit + 1).read_to_end(&mut bytes).map_err(|e| unreadable_file(path, &e))?;
        if bytes.len() as u64 > limit {
            return Err(too_large(bytes.len() as u64));
        }
        Ok(bytes)
    }

    /// Reads a text file; the second value is a warning about its encoding.
    pub fn read_text(
        &self,
        path: &SitePath,
        limit: u64,
        key: &'static str,
    ) -> Result<(SourceFile, Option<Diagnostic>), Diagnostic> {
        let bytes = self.read_limited(path, limit, key)?;
        // Of what was read, which may be another thing than what an earlier build remembers.
        let hash = ContentHash::of(&bytes);
        if let Some(StoredFile::Disk { hash: known, .. }) = self.files.get(path) {
            let _ = known.set(Some(hash));
        }
        let (text, warning) = decode(path, &bytes)?;
        Ok((SourceFile { path: path.clone(), text, hash }, warning))
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
fn hash_reader(from: &mut dyn Read) -> Option<ContentHash> {
    let mut hasher = blake3::Hasher::new();
    std::io::copy(from, &mut hasher).ok()?;
    hasher.finalize().to_hex().get(..32).and_then(ContentHash::parse)
}

fn unreadable_file(path: &SitePath, error: &std::io::Error) -> Diagnostic {
    Diagnostic::new(&codes::source::UNREADABLE).file(path).arg("cause", error.kind())
}
