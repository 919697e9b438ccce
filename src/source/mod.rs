//! The only door to the site's files: scan once, then read by path. Has an in-memory twin for tests.
//!
//! In: the site's folder. Out: a [`Snapshot`] of which files there are, and their bytes or text on demand.
//! Knows nothing of front matter, Markdown or templates. `.git`, the output folder and caches are never looked at:
//! only the named folders of a site are.

mod decode;
mod disk;
mod memory;
mod poll;
mod watch;

use std::collections::BTreeMap;
use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use crate::base::{Hash, SitePath};
use crate::diag::{Diag, codes};

pub use decode::decode;
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
#[derive(Debug)]
pub struct Snapshot {
    files: BTreeMap<SitePath, Stored>,
}

#[derive(Debug)]
enum Stored {
    Disk { raw: PathBuf, stamp: Stamp },
    Memory(Arc<[u8]>),
}

/// What the file system says of a file's content without reading it. Equal stamps do not prove equal bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    pub size: u64,
    modified: Option<SystemTime>,
}

impl Stamp {
    fn of(meta: &std::fs::Metadata) -> Stamp {
        Stamp { size: meta.len(), modified: meta.modified().ok() }
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
        self.stamp(path).map(|stamp| stamp.size)
    }

    /// The file's stamp at the time of the scan.
    pub fn stamp(&self, path: &SitePath) -> Option<Stamp> {
        self.files.get(path).map(|stored| match stored {
            Stored::Disk { stamp, .. } => *stamp,
            Stored::Memory(bytes) => Stamp { size: bytes.len() as u64, modified: None },
        })
    }

    /// Opens a file for streaming.
    pub fn open(&self, path: &SitePath) -> Result<Box<dyn Read + '_>, Diag> {
        match self.files.get(path) {
            Some(Stored::Disk { raw, .. }) => match std::fs::File::open(raw) {
                Ok(file) => Ok(Box::new(file)),
                Err(e) => Err(unreadable(path, &e)),
            },
            Some(Stored::Memory(bytes)) => Ok(Box::new(&bytes[..])),
            None => Err(unreadable(path, &std::io::ErrorKind::NotFound.into())),
        }
    }

    /// Reads a whole file of at most `limit` bytes; `key` names the setting that raises the limit.
    pub fn bytes(&self, path: &SitePath, limit: u64, key: &'static str) -> Result<Vec<u8>, Diag> {
        let too_large = |size: u64| {
            Diag::new(&codes::source::TOO_LARGE).file(path).arg("size", human_size(size)).arg("limit", human_size(limit)).arg("key", key)
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
        let bytes = self.bytes(path, limit, key)?;
        let hash = Hash::of(&bytes);
        let (text, warning) = decode(path, bytes)?;
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
    if unit == 0 || value.fract() == 0.0 { format!("{value:.0} {}", UNITS[unit]) } else { format!("{value:.1} {}", UNITS[unit]) }
}

fn unreadable(path: &SitePath, error: &std::io::Error) -> Diag {
    Diag::new(&codes::source::UNREADABLE).file(path).arg("cause", error.kind())
}
