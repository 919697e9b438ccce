//! Contents by their hash, each in a compressed file of its own.
//!
//! Input: bytes. Output: the same bytes, if they are whole: their hash is checked whenever they are read. A content is on the disk when
//! [`Objects::put`] returns.
#![expect(clippy::disallowed_methods, reason = "keeps earlier versions of the files of a site")]

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read, Write};
use std::path::PathBuf;

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use jiff::{SignedDuration, Timestamp};

use crate::source::write_durably;
use puzhi_core::base::ContentHash;

/// Begins every file; the number counts formats.
const MAGIC: &[u8] = b"puzhi-content-1\n";
/// Largest content, in bytes; a file that unpacks to more is damaged.
const MAX_CONTENT: u64 = 64 << 20;
/// A content that nobody names may belong to a version that another writer is about to write down.
const UNUSED_FOR: SignedDuration = SignedDuration::from_hours(1);

/// A folder of contents.
pub(super) struct Objects {
    folder: PathBuf,
}

impl Objects {
    /// Opens the folder, in which there may be no links.
    pub fn open(folder: PathBuf) -> io::Result<Objects> {
        for entry in std::fs::read_dir(&folder)? {
            if entry?.file_type()?.is_symlink() {
                return Err(io::Error::new(io::ErrorKind::NotADirectory, "a folder of contents is a link"));
            }
        }
        Ok(Objects { folder })
    }

    fn place(&self, content: ContentHash) -> PathBuf {
        let name = content.to_string();
        self.folder.join(&name[..2]).join(&name[2..])
    }

    /// Keeps bytes. Does nothing if they are kept and whole.
    pub fn put(&self, bytes: &[u8]) -> io::Result<ContentHash> {
        let content = ContentHash::of(bytes);
        if self.get(content).is_some() {
            return Ok(content);
        }
        let place = self.place(content);
        if let Some(folder) = place.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let mut packed = ZlibEncoder::new(MAGIC.to_vec(), Compression::default());
        packed.write_all(bytes)?;
        write_durably(&place, &packed.finish()?)?;
        Ok(content)
    }

    /// The bytes with this hash; `None` if they are not there or damaged.
    pub fn get(&self, content: ContentHash) -> Option<Vec<u8>> {
        let packed = std::fs::read(self.place(content)).ok()?;
        let mut bytes = Vec::new();
        ZlibDecoder::new(packed.strip_prefix(MAGIC)?).take(MAX_CONTENT).read_to_end(&mut bytes).ok()?;
        (ContentHash::of(&bytes) == content).then_some(bytes)
    }

    /// The size on the disk of each content.
    pub fn sizes(&self) -> io::Result<BTreeMap<ContentHash, u64>> {
        let mut sizes = BTreeMap::new();
        for entry in self.entries()? {
            if let (Some(content), Ok(meta)) = (Self::content_of(&entry), entry.metadata()) {
                sizes.insert(content, meta.len());
            }
        }
        Ok(sizes)
    }

    /// Removes contents that are not `used`, but for those of the last hour.
    pub fn remove_unused(&self, used: &BTreeSet<ContentHash>, now: Timestamp) -> io::Result<()> {
        for entry in self.entries()? {
            let written = entry.metadata().and_then(|meta| meta.modified()).ok();
            let written = written.and_then(|time| Timestamp::try_from(time).ok());
            let is_old = written.is_some_and(|written| now.duration_since(written) > UNUSED_FOR);
            let is_unused = Self::content_of(&entry).is_none_or(|content| !used.contains(&content));
            if is_old && is_unused {
                std::fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    fn content_of(entry: &std::fs::DirEntry) -> Option<ContentHash> {
        let path = entry.path();
        let folder = path.parent()?.file_name()?.to_str()?.to_string();
        ContentHash::parse(&format!("{folder}{}", path.file_name()?.to_str()?))
    }

    /// All files, whatever their names.
    fn entries(&self) -> io::Result<Vec<std::fs::DirEntry>> {
        let mut files = Vec::new();
        for folder in std::fs::read_dir(&self.folder)? {
            let folder = folder?;
            if folder.file_type()?.is_dir() {
                for entry in std::fs::read_dir(folder.path())? {
                    files.push(entry?);
                }
            }
        }
        Ok(files)
    }
}
