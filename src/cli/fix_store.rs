//! Writes files that were fixed, and keeps the originals so that the fixes can be taken back.
//!
//! Input: the site's folder and the files of [`FixedFile`]. Output: files on disk, each replaced as a whole; the originals in
//! `.puzhi/fixes`, one entry a run, the oldest of which are dropped; a diagnostic for each file that is left alone, since it was changed
//! meanwhile, is not to be written, or lies outside the site behind a link.
#![expect(clippy::disallowed_methods, reason = "the command line talks to people, files and the environment")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::engine::{BlobCache, CacheStore, OpenError};
use crate::fixes::FixedFile;
use puzhi_core::base::{ContentHash, SitePath};
use puzhi_core::diag::{Diagnostic, codes, io_words};

use super::replace_file::replace_contents;

/// Name of the folder of originals in `.puzhi/`.
const FOLDER: &str = "fixes";
/// Originals of earlier runs take at most so many bytes.
const MAX_KEPT: u64 = 64 << 20;
/// Largest file that is read.
const MAX_FILE: u64 = 64 << 20;
/// How long to wait for a build.
const LOCK_TIMEOUT: Duration = Duration::from_secs(5);

/// What is known of a file that was fixed.
#[derive(Serialize, Deserialize)]
struct FixRecord {
    path: String,
    /// Hash of the file with its fixes.
    fixed: ContentHash,
}

/// The result of taking fixes back.
#[derive(Default)]
pub(super) struct Undone {
    /// Files that are as they were.
    pub restored: Vec<SitePath>,
    /// Why others are not.
    pub refused: Vec<Diagnostic>,
}

/// The files of a site and their originals.
pub(super) struct FixStore {
    root: PathBuf,
    originals: BlobCache,
}

/// Why a file is not written.
enum Refusal {
    /// Somebody has changed it.
    Changed,
    /// It is outside the site, or no file.
    Outside,
    /// It may not be written.
    ReadOnly,
    /// The disk refuses it.
    Disk(std::io::Error),
}

impl FixStore {
    /// The files of the site at `root`.
    pub fn new(root: &Path) -> FixStore {
        FixStore { root: root.to_path_buf(), originals: BlobCache::new(root, FOLDER) }
    }

    /// The bytes of a file that can be written.
    pub fn read(&self, path: &SitePath) -> Option<Vec<u8>> {
        let place = self.place(path).ok()?;
        let is_small = std::fs::metadata(&place).is_ok_and(|meta| meta.len() <= MAX_FILE);
        is_small.then(|| std::fs::read(place).ok()).flatten()
    }

    /// Where a file lies in truth.
    fn place(&self, path: &SitePath) -> Result<PathBuf, Refusal> {
        let root = self.root.canonicalize().map_err(Refusal::Disk)?;
        let place = self.root.join(path.as_str()).canonicalize().map_err(Refusal::Disk)?;
        let meta = std::fs::metadata(&place).map_err(Refusal::Disk)?;
        match place.starts_with(&root) && meta.is_file() {
            false => Err(Refusal::Outside),
            true if meta.permissions().readonly() => Err(Refusal::ReadOnly),
            true => Ok(place),
        }
    }

    /// Replaces a file that still has the bytes `old`.
    fn replace(&self, path: &SitePath, is_old: impl Fn(&[u8]) -> bool, new: &[u8]) -> Result<(), Refusal> {
        let place = self.place(path)?;
        if !is_old(&std::fs::read(&place).map_err(Refusal::Disk)?) {
            return Err(Refusal::Changed);
        }
        replace_contents(&place, new).map_err(Refusal::Disk)
    }

    /// Takes the folder `.puzhi` for this run, so that no build runs.
    fn lock(&self) -> Result<CacheStore, Diagnostic> {
        CacheStore::open(&self.root, FOLDER, LOCK_TIMEOUT).map_err(|error| match error {
            OpenError::Busy => Diagnostic::new(&codes::output::SITE_LOCKED).arg("folder", self.root.display()),
            OpenError::Unusable(error) => not_kept(&error),
        })
    }

    /// Keeps the originals and writes the fixed files. Returns why some of them were left alone.
    ///
    /// # Errors
    /// When the originals cannot be kept. Nothing is written then.
    pub fn write(&self, files: &BTreeMap<SitePath, FixedFile>) -> Result<Vec<Diagnostic>, Diagnostic> {
        if files.is_empty() {
            return Ok(Vec::new());
        }
        let _lock = self.lock()?;
        let records: Vec<FixRecord> = files
            .iter()
            .map(|(path, file)| FixRecord { path: path.to_string(), fixed: ContentHash::of(&file.fixed) })
            .collect();
        let originals: Vec<&[u8]> = files.values().map(|file| &*file.original).collect();
        let key = self.next_key();
        let kept = postcard::to_allocvec(&records)
            .map_err(std::io::Error::other)
            .and_then(|head| self.originals.write(&key, head, &originals))
            .and_then(|()| self.originals.head(&key).map(drop).ok_or(std::io::ErrorKind::FileTooLarge.into()));
        kept.map_err(|error| not_kept(&error))?;
        self.originals.trim(&BTreeSet::from([key]), MAX_KEPT);
        let mut written = BTreeSet::new();
        let mut refused = Vec::new();
        for (path, file) in files {
            // Two paths may lead to one file.
            if self.place(path).is_ok_and(|place| !written.insert(place)) {
                continue;
            }
            if let Err(refusal) = self.replace(path, |bytes| bytes == file.original, &file.fixed) {
                refused.push(refusal.diag(path));
            }
        }
        Ok(refused)
    }

    /// Restores the originals of the last run of which a file can be restored. A file that was changed since is left alone.
    ///
    /// # Errors
    /// When another build holds the site.
    pub fn undo(&self) -> Result<Undone, Diagnostic> {
        let mut undone = Undone::default();
        let keys = self.keys();
        if keys.is_empty() {
            return Ok(undone);
        }
        let _lock = self.lock()?;
        for key in keys.into_iter().rev() {
            let head = self.originals.head(&key).unwrap_or_default();
            let records: Vec<FixRecord> = postcard::from_bytes(&head).unwrap_or_default();
            for (number, FixRecord { path, fixed }) in records.into_iter().enumerate() {
                let (Ok(path), Some(original)) = (SitePath::new(&path), self.originals.part(&key, number)) else {
                    continue;
                };
                match self.restore(&path, fixed, &original) {
                    Ok(true) => undone.restored.push(path),
                    Ok(false) => {}
                    Err(refusal) => undone.refused.push(refusal.diag(&path)),
                }
            }
            if undone.refused.is_empty() {
                self.originals.remove(&key);
            }
            if !undone.restored.is_empty() || !undone.refused.is_empty() {
                break;
            }
        }
        Ok(undone)
    }

    /// Puts back the original of a file that has the hash `fixed`. Returns whether it was not there already.
    fn restore(&self, path: &SitePath, fixed: ContentHash, original: &[u8]) -> Result<bool, Refusal> {
        if self.place(path).is_ok_and(|place| std::fs::read(place).is_ok_and(|bytes| bytes == original)) {
            return Ok(false);
        }
        self.replace(path, |bytes| ContentHash::of(bytes) == fixed, original).map(|()| true)
    }

    /// The runs whose originals are kept, the earliest first.
    fn keys(&self) -> Vec<String> {
        let mut keys = self.originals.keys();
        keys.sort();
        keys
    }

    fn next_key(&self) -> String {
        let last = self.keys().pop().and_then(|key| key.parse::<u32>().ok());
        format!("{:08}", last.map_or(1, |last| last.saturating_add(1)))
    }
}

impl Refusal {
    fn diag(self, path: &SitePath) -> Diagnostic {
        let (why_zh, why_en) = match self {
            Refusal::Changed => ("有人刚改过它".to_string(), "somebody has changed it".to_string()),
            Refusal::Outside => ("它在站点文件夹外面".to_string(), "it lies outside the site's folder".to_string()),
            Refusal::ReadOnly => ("它是只读的".to_string(), "it is read-only".to_string()),
            Refusal::Disk(error) => {
                let words = io_words(error.kind(), error.raw_os_error());
                (words.zh, words.en)
            }
        };
        let diag = Diagnostic::new(&codes::start::FILE_NOT_FIXED).file(path);
        diag.arg("why_zh", why_zh).arg("why_en", why_en)
    }
}

/// That nothing was changed, because the originals cannot be kept.
fn not_kept(error: &std::io::Error) -> Diagnostic {
    Diagnostic::new(&codes::start::NEW_UNWRITABLE).arg("path", format!(".puzhi/{FOLDER}")).io_cause(error)
}
