//! Access to the site's source files: scan the folders once, then read by path.
//!
//! Input: the site's folder. Output: a [`FileSnapshot`] that lists the files and reads their bytes or text on demand;
//! a [`FileWatcher`] that reports changes. No other module reads source files from disk. This module does not know
//! front matter, Markdown or templates. Only the folders in [`SITE_FOLDERS`] and the chosen theme are scanned, so
//! `.git`, the output folder and caches are never read.

mod conflict;
mod debounce;
mod memory;
mod replace_file;
mod scan;
mod stat_poll;
mod walk;
mod watch;

use std::collections::BTreeMap;
use std::io::Read;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use puzhi_core::base::{ContentHash, SitePath};
use puzhi_core::diag::{Diagnostic, SourceText, codes};
use puzhi_core::encoding::decode;

pub use conflict::{Fences, conflict_markers};
pub use debounce::DEBOUNCE;
pub use memory::memory_site;
pub use replace_file::{replace_contents, replace_file, sync_folder, write_durably};
pub use scan::{read_current, read_settings_text, scan};
pub use watch::{FileChanges, FileWatcher, WatchMode};

/// Top-level folders that are scanned. Of `themes/`, only the folder of the chosen theme is scanned in addition.
pub const SITE_FOLDERS: [&str; 6] = ["content", "data", "kinds", "templates", "static", "i18n"];

/// Name of the settings file in the site's folder.
pub const SETTINGS_FILE: &str = "site.yaml";

/// Lock file of event revisions. It lies in `content/` but is not content: it is neither rendered nor copied to the
/// output.
pub const EVENTS_LOCK_FILE: &str = "content/events.lock.yaml";

/// The log of what was published.
pub const RELEASES_LOCK_FILE: &str = "content/releases.lock.yaml";

/// Whether a file is one that the program itself writes into the content and that is not published.
pub fn is_lock_file(path: &SitePath) -> bool {
    [EVENTS_LOCK_FILE, RELEASES_LOCK_FILE].contains(&path.as_str())
}

/// Whether a file is Markdown by its extension. Markdown in `content/` is a page source; elsewhere it is a data file.
pub fn is_markdown(path: &SitePath) -> bool {
    path.has_extension(&["md", "markdown"])
}

/// Whether a file is the source of a page: Markdown below `content/`.
pub fn is_page_source(path: &SitePath) -> bool {
    path.relative_to("content").is_some() && is_markdown(path)
}

/// One decoded text file with its hash.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Path relative to the site's folder.
    pub path: SitePath,
    /// Decoded text without byte order mark; line ends are LF.
    pub text: String,
    /// Hash of the undecoded bytes on disk.
    pub hash: ContentHash,
}

/// The list of a site's files at one moment, and access to their content. Content is read lazily, so a file may have
/// changed or gone since the scan.
#[derive(Debug, Clone, Default)]
pub struct FileSnapshot {
    files: BTreeMap<SitePath, StoredFile>,
}

#[derive(Debug, Clone)]
enum StoredFile {
    Disk { raw: PathBuf, stat: FileStat, hash: OnceLock<Option<ContentHash>> },
    Memory(Arc<[u8]>, OnceLock<ContentHash>),
}

/// File metadata that is available without reading the file. Two equal values let a build reuse a known hash; nothing
/// else is concluded from them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
pub struct FileStat {
    /// Modification time in nanoseconds since 1970-01-01 UTC; negative before that, 0 if the system does not report
    /// it.
    pub modified: i128,
    /// Size in bytes.
    pub size: u64,
    /// Inode number; 0 on systems without inodes.
    pub inode: u64,
}

impl FileStat {
    /// Takes size, modification time and inode from the metadata of a file.
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

    /// Whether this value can be used in a later build to detect a change. A file that is modified within the
    /// resolution of the file system's clock (2 s on FAT) can change again with the same modification time; git calls
    /// such entries "racy". `now` is the time after the metadata was read.
    pub fn is_reliable_at(&self, now: std::time::SystemTime) -> bool {
        const TIMESTAMP_RESOLUTION_NANOS: i128 = 2_000_000_000;
        let now = now.duration_since(std::time::UNIX_EPOCH).map_or(0, |d| d.as_nanos() as i128);
        self.modified + TIMESTAMP_RESOLUTION_NANOS < now
    }
}

impl FileSnapshot {
    /// All files in `folder` and its subfolders ("" for the whole site), in path order.
    pub fn paths_in<'s>(&'s self, folder: &'s str) -> impl Iterator<Item = &'s SitePath> + 's {
        self.files.keys().filter(move |p| p.relative_to(folder).is_some())
    }

    /// Whether the snapshot lists this file.
    pub fn contains(&self, path: &SitePath) -> bool {
        self.files.contains_key(path)
    }

    /// Size in bytes at the time of the scan; `None` for a file that is not listed.
    pub fn size(&self, path: &SitePath) -> Option<u64> {
        self.files.get(path).map(|stored| match stored {
            StoredFile::Disk { stat, .. } => stat.size,
            StoredFile::Memory(bytes, _) => bytes.len() as u64,
        })
    }

    /// All files in path order.
    pub fn paths(&self) -> impl Iterator<Item = &SitePath> {
        self.files.keys()
    }

    /// Metadata from the scan; `None` for a file that is not listed or is held in memory.
    pub fn stat(&self, path: &SitePath) -> Option<FileStat> {
        match self.files.get(path)? {
            StoredFile::Disk { stat, .. } => Some(*stat),
            StoredFile::Memory(..) => None,
        }
    }

    /// Hash of a file's bytes, computed at most once; `None` if the file is not listed or cannot be read.
    pub fn hash(&self, path: &SitePath) -> Option<ContentHash> {
        match self.files.get(path)? {
            StoredFile::Disk { hash, .. } => *hash.get_or_init(|| hash_reader(&mut *self.open(path).ok()?)),
            StoredFile::Memory(bytes, hash) => Some(*hash.get_or_init(|| ContentHash::of(bytes))),
        }
    }

    /// Sets the hash that an earlier build computed for a file, provided the metadata is still `stat_then`. Otherwise
    /// does nothing.
    pub fn seed_hash(&self, path: &SitePath, stat_then: FileStat, known: ContentHash) {
        if let Some(StoredFile::Disk { stat, hash, .. }) = self.files.get(path)
            && *stat == stat_then
        {
            let _ = hash.set(Some(known));
        }
    }

    /// Opens a file for streaming. Fails if it is not listed or cannot be opened.
    #[expect(clippy::disallowed_methods, reason = "reads the files of a site")]
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

    /// Reads a whole file of at most `limit` bytes. A larger file is an error, which names the setting `key` that
    /// raises the limit.
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

    /// Reads and decodes a text file of at most `limit` bytes (`key` as in [`FileSnapshot::read_bytes`]). The second
    /// value is a warning about the encoding.
    pub fn read_text(
        &self,
        path: &SitePath,
        limit: u64,
        key: &'static str,
    ) -> Result<(SourceFile, Option<Diagnostic>), Diagnostic> {
        let bytes = self.read_limited(path, limit, key)?;
        // Hash the bytes that were read: the file may have changed since `seed_hash` was called.
        let hash = ContentHash::of(&bytes);
        if let Some(StoredFile::Disk { hash: known, .. }) = self.files.get(path) {
            let _ = known.set(Some(hash));
        }
        let (text, warning) = decode(path, &bytes)?;
        // Data that two people changed holds both versions; each of its formats would name another mistake.
        if key != "markdown"
            && let Some(diag) = conflict_markers(&SourceText::new(path, &text), Fences::None)
        {
            return Err(diag);
        }
        Ok((SourceFile { path: path.clone(), text, hash }, warning))
    }
}

/// A size in binary units for messages, for example `8 MiB` or `1.5 KiB`.
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

/// Hashes in a fixed-size buffer, without reading the whole file into memory.
fn hash_reader(from: &mut dyn Read) -> Option<ContentHash> {
    let mut hasher = blake3::Hasher::new();
    std::io::copy(from, &mut hasher).ok()?;
    hasher.finalize().to_hex().get(..32).and_then(ContentHash::parse)
}

fn unreadable_file(path: &SitePath, error: &std::io::Error) -> Diagnostic {
    Diagnostic::new(&codes::source::UNREADABLE).file(path).io_cause(error)
}
