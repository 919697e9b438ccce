//! Large results that are kept between builds: one file for each key, in a folder of `.puzhi/`.
//!
//! In: a key, a head and parts. Out: the same bytes, or `None`. Every piece has a checksum, so that damage and files cut short read as if
//! nothing were there. Files are put into place whole. Does not know what the bytes mean.
#![expect(clippy::disallowed_methods, reason = "the cache between builds and its lock")]

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::CACHE_DIR;
use puzhi_core::base::ContentHash;

/// First bytes of each file.
const MAGIC: &[u8; 16] = b"puzhi blobs 0001";
/// Largest index of parts that is read, in bytes.
const MAX_INDEX: u32 = 1 << 20;
/// Extension of files that are complete, and of those that are being written.
const EXTENSIONS: [&str; 2] = ["blobs", "new"];

/// Head and parts of one key.
#[derive(Serialize, Deserialize)]
struct Index {
    head: Vec<u8>,
    /// Length and checksum of each part.
    parts: Vec<(u64, ContentHash)>,
}

/// A folder with one file for each key.
#[derive(Debug)]
pub struct BlobCache {
    folder: PathBuf,
}

impl BlobCache {
    /// The cache of this name for the site at `root`. Its folder is made when something is written.
    pub fn new(root: &Path, name: &str) -> Self {
        Self { folder: root.join(CACHE_DIR).join(name) }
    }

    fn path(&self, key: &str) -> PathBuf {
        self.folder.join(format!("{key}.{}", EXTENSIONS[0]))
    }

    /// Stores a head and parts under a key of letters and digits.
    pub fn write(&self, key: &str, head: Vec<u8>, parts: &[&[u8]]) -> io::Result<()> {
        let index =
            Index { head, parts: parts.iter().map(|part| (part.len() as u64, ContentHash::of(part))).collect() };
        let index = postcard::to_allocvec(&index).map_err(io::Error::other)?;
        fs::create_dir_all(&self.folder)?;
        // Another process may be writing the same key.
        let new = self.folder.join(format!("{key}.{}.{}", std::process::id(), EXTENSIONS[1]));
        let write = || -> io::Result<()> {
            let mut file = File::create(&new)?;
            file.write_all(MAGIC)?;
            file.write_all(&(index.len() as u32).to_le_bytes())?;
            file.write_all(&ContentHash::of(&index).bytes())?;
            file.write_all(&index)?;
            parts.iter().try_for_each(|part| file.write_all(part))?;
            drop(file);
            fs::rename(&new, self.path(key))
        };
        write().inspect_err(|_| drop(fs::remove_file(&new)))
    }

    /// The head under a key.
    pub fn head(&self, key: &str) -> Option<Vec<u8>> {
        Some(self.open(key)?.1.head)
    }

    /// Part `n` under a key, counted from 0.
    pub fn part(&self, key: &str, n: usize) -> Option<Vec<u8>> {
        let (mut file, index) = self.open(key)?;
        let (length, hash) = *index.parts.get(n)?;
        let before: u64 = index.parts[..n].iter().map(|(length, _)| length).sum();
        file.seek(SeekFrom::Current(i64::try_from(before).ok()?)).ok()?;
        let mut bytes = Vec::new();
        file.take(length).read_to_end(&mut bytes).ok()?;
        (bytes.len() as u64 == length && ContentHash::of(&bytes) == hash).then_some(bytes)
    }

    /// The file of a key, read up to its first part, and its index.
    fn open(&self, key: &str) -> Option<(File, Index)> {
        let mut file = File::open(self.path(key)).ok()?;
        let mut start = [0; 36];
        file.read_exact(&mut start).ok()?;
        let (magic, rest) = start.split_at(16);
        let (length, hash) = rest.split_at(4);
        let length = u32::from_le_bytes(length.try_into().ok()?);
        if magic != MAGIC || length > MAX_INDEX {
            return None;
        }
        let mut index = vec![0; length as usize];
        file.read_exact(&mut index).ok()?;
        if ContentHash::of(&index).bytes() != hash {
            return None;
        }
        Some((file, postcard::from_bytes(&index).ok()?))
    }

    /// Removes files, the oldest first, until those whose key is not in `used` take at most `limit` bytes.
    pub fn trim(&self, used: &BTreeSet<String>, limit: u64) {
        let mut unused = Vec::new();
        for entry in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let is_ours = path.extension().is_some_and(|found| EXTENSIONS.iter().any(|own| found == *own));
            let is_used = path.file_stem().and_then(|stem| stem.to_str()).is_some_and(|key| used.contains(key));
            if let Ok(meta) = entry.metadata()
                && is_ours
                && !is_used
            {
                unused.push((meta.modified().ok(), meta.len(), path));
            }
        }
        unused.sort();
        let mut left: u64 = unused.iter().map(|(_, length, _)| length).sum();
        for (_, length, path) in unused {
            if left <= limit {
                return;
            }
            left -= length;
            let _ = fs::remove_file(path);
        }
    }

    /// All keys, in no order.
    pub fn keys(&self) -> Vec<String> {
        let paths = fs::read_dir(&self.folder).into_iter().flatten().flatten().map(|entry| entry.path());
        let complete = paths.filter(|path| path.extension().is_some_and(|found| found == EXTENSIONS[0]));
        complete.filter_map(|path| Some(path.file_stem()?.to_str()?.to_string())).collect()
    }

    /// Removes what is stored under a key.
    pub fn remove(&self, key: &str) {
        let _ = fs::remove_file(self.path(key));
    }

    /// Removes everything.
    pub fn clear(&self) {
        self.trim(&BTreeSet::new(), 0);
        // Stays if somebody put something else there.
        let _ = fs::remove_dir(&self.folder);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cache() -> (tempfile::TempDir, BlobCache) {
        let root = tempfile::tempdir().unwrap();
        let cache = BlobCache::new(root.path(), "blobs");
        (root, cache)
    }

    #[test]
    fn parts_come_back_and_damage_reads_as_nothing() {
        let (_root, cache) = cache();
        cache.write("a", b"head".to_vec(), &[b"one", b"", b"three"]).unwrap();
        let read = || (cache.head("a"), (0..4).map(|n| cache.part("a", n)).collect::<Vec<_>>());
        let (head, parts) = read();
        assert_eq!(head.as_deref(), Some(&b"head"[..]));
        assert_eq!(parts, [Some(b"one".to_vec()), Some(Vec::new()), Some(b"three".to_vec()), None]);
        let whole = fs::read(cache.path("a")).unwrap();
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 1;
            fs::write(cache.path("a"), &damaged).unwrap();
            let (head, parts) = read();
            assert!(head.is_none() || parts[..3].contains(&None), "{at}");
            fs::write(cache.path("a"), &whole[..at]).unwrap();
            assert!(cache.head("a").is_none() || cache.part("a", 2).is_none(), "{at}");
        }
    }

    #[test]
    fn the_oldest_unused_files_go_first() {
        let (_root, cache) = cache();
        let long = [7; 1000];
        for (n, key) in ["old", "used", "new"].into_iter().enumerate() {
            cache.write(key, Vec::new(), &[&long]).unwrap();
            let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1000 + n as u64);
            File::options().write(true).open(cache.path(key)).unwrap().set_modified(time).unwrap();
        }
        cache.trim(&["used".to_string()].into(), 1500);
        assert_eq!(["old", "used", "new"].map(|key| cache.head(key).is_some()), [false, true, true]);
        cache.clear();
        assert!(cache.head("used").is_none() && !cache.folder.exists());
    }
}
