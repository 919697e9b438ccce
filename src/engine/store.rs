//! What is kept between builds: `.puzhi/` in the site's folder, one small database for each kind of build.
//!
//! In: tables of bytes by bytes. Out: the same, or the news that there is nothing to rely on. Knows nothing of what they mean.
//! The folder is a cache: it tells version control (`.gitignore`) and backup programs (`CACHEDIR.CACHEDIR_TAG`, bford.info/cachedir) so, it
//! can be removed at any time, and whatever is wrong with it means only that the next build starts from nothing.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition, TableError};

/// The folder, in the site's own.
pub const CACHE_DIR: &str = ".puzhi";

/// What must be in a cache folder's tag (Cache Directory Tagging Specification).
const CACHEDIR_TAG: &str =
    "Signature: 8a477f597d28d172789f06886806bc55\n# Kept by puzhi between builds; can be removed at any time.\n";

/// One table's rows: key and value; no value removes the row.
pub type RowChanges = Vec<(Vec<u8>, Option<Vec<u8>>)>;

/// The rows of a table as they are stored, in the order of their keys: one after the other in one piece of memory.
#[derive(Default)]
pub struct StoredRows {
    bytes: Vec<u8>,
    /// Where each row's value begins, and where it ends.
    ends: Vec<(usize, usize)>,
}

impl StoredRows {
    fn push(&mut self, key: &[u8], value: &[u8]) {
        self.bytes.extend_from_slice(key);
        let middle = self.bytes.len();
        self.bytes.extend_from_slice(value);
        self.ends.push((middle, self.bytes.len()));
    }

    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Key and value of the n-th row.
    pub fn row(&self, n: usize) -> (&[u8], &[u8]) {
        let start = n.checked_sub(1).map_or(0, |before| self.ends[before].1);
        let (middle, end) = self.ends[n];
        (&self.bytes[start..middle], &self.bytes[middle..end])
    }

    pub fn rows(&self) -> impl IndexedParallelIterator<Item = (&[u8], &[u8])> {
        (0..self.len()).into_par_iter().map(|n| self.row(n))
    }
}

/// The state of one kind of build of one site, held by one process at a time.
pub struct CacheStore {
    path: PathBuf,
    /// Held as long as the build runs.
    _lock: File,
}

/// Why there is no store.
#[derive(Debug)]
pub enum OpenError {
    /// Another build of this site is running.
    Busy,
    /// The folder cannot be used.
    Unusable(io::Error),
}

impl CacheStore {
    /// Enters the folder of the site at `root`, waiting up to `lock_timeout` for another build to end. `kind` tells builds apart whose
    /// outputs differ for other reasons than the site's files.
    pub fn open(root: &Path, kind: &str, lock_timeout: std::time::Duration) -> Result<Self, OpenError> {
        let folder = root.join(CACHE_DIR);
        let enter = || -> io::Result<File> {
            match fs::symlink_metadata(&folder) {
                Ok(meta) if !meta.is_dir() => return Err(io::ErrorKind::NotADirectory.into()),
                Ok(_) => {}
                Err(_) => fs::create_dir(&folder)?,
            }
            for (name, text) in [(".gitignore", "*\n"), ("CACHEDIR.TAG", CACHEDIR_TAG)] {
                let path = folder.join(name);
                if !path.exists() {
                    fs::write(path, text)?;
                }
            }
            File::options().create(true).truncate(false).write(true).open(folder.join("lock"))
        };
        let lock = enter().map_err(OpenError::Unusable)?;
        let start = std::time::Instant::now();
        loop {
            match lock.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if start.elapsed() < lock_timeout => {
                    std::thread::sleep(std::time::Duration::from_millis(10))
                }
                Err(TryLockError::WouldBlock) => return Err(OpenError::Busy),
                Err(TryLockError::Error(error)) => return Err(OpenError::Unusable(error)),
            }
        }
        Ok(Self { path: folder.join(format!("{kind}.state")), _lock: lock })
    }

    /// All rows of these tables; `None` when there is nothing, or nothing that can be relied on.
    pub fn read(&self, tables: &[&str]) -> Option<Vec<StoredRows>> {
        if !self.path.is_file() {
            return None;
        }
        let database = Database::open(&self.path).ok()?;
        let transaction = database.begin_read().ok()?;
        let read = |name: &&str| -> Option<StoredRows> {
            let table = match transaction.open_table(TableDefinition::<&[u8], &[u8]>::new(name)) {
                Ok(table) => table,
                Err(TableError::TableDoesNotExist(_)) => return Some(StoredRows::default()),
                Err(_) => return None,
            };
            let mut rows = StoredRows::default();
            for row in table.iter().ok()? {
                let (key, value) = row.ok()?;
                rows.push(key.value(), value.value());
            }
            Some(rows)
        };
        tables.par_iter().map(read).collect()
    }

    /// Changes rows, all of them or none, and is done when they are on the disk.
    pub fn apply(&self, tables: &[(&str, RowChanges)]) -> Result<(), redb::Error> {
        let database = Database::create(&self.path)?;
        write_rows(&database, tables)
    }

    /// Replaces everything.
    pub fn replace_all(&self, tables: &[(&str, RowChanges)]) -> Result<(), redb::Error> {
        let new = self.path.with_extension("new");
        let _ = fs::remove_file(&new);
        write_rows(&Database::create(&new)?, tables)?;
        fs::rename(&new, &self.path)?;
        Ok(())
    }

    /// Forgets everything.
    pub fn clear(&self) {
        let _ = fs::remove_file(&self.path);
    }
}

fn write_rows(database: &Database, tables: &[(&str, RowChanges)]) -> Result<(), redb::Error> {
    let transaction = database.begin_write()?;
    for (name, rows) in tables {
        let mut table = transaction.open_table(TableDefinition::<&[u8], &[u8]>::new(name))?;
        for (key, value) in rows {
            match value {
                Some(value) => drop(table.insert(key.as_slice(), value.as_slice())?),
                None => drop(table.remove(key.as_slice())?),
            }
        }
    }
    transaction.commit()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn row(key: &str, value: Option<&str>) -> (Vec<u8>, Option<Vec<u8>>) {
        (key.as_bytes().to_vec(), value.map(|v| v.as_bytes().to_vec()))
    }

    #[test]
    fn rows_are_changed_one_by_one_and_survive() {
        let site = tempfile::tempdir().unwrap();
        let store = CacheStore::open(site.path(), "a", Duration::ZERO).unwrap();
        assert!(store.read(&["t"]).is_none());
        store.replace_all(&[("t", vec![row("x", Some("1")), row("y", Some("2"))])]).unwrap();
        store.apply(&[("t", vec![row("x", None), row("z", Some("3"))])]).unwrap();
        drop(store);
        let store = CacheStore::open(site.path(), "a", Duration::ZERO).unwrap();
        let read = store.read(&["t", "none"]).unwrap();
        let rows: Vec<Vec<_>> = read.iter().map(|table| (0..table.len()).map(|n| table.row(n)).collect()).collect();
        assert_eq!(rows, [vec![(&b"y"[..], &b"2"[..]), (b"z", b"3")], Vec::new()]);
        assert!(fs::read_to_string(site.path().join(".puzhi/CACHEDIR.TAG")).unwrap().starts_with("Signature: "));
    }

    #[test]
    fn a_second_build_finds_the_first() {
        let site = tempfile::tempdir().unwrap();
        let _first = CacheStore::open(site.path(), "a", Duration::ZERO).unwrap();
        assert!(matches!(CacheStore::open(site.path(), "b", Duration::from_millis(20)), Err(OpenError::Busy)));
    }

    #[test]
    fn garbage_is_nothing() {
        let site = tempfile::tempdir().unwrap();
        let store = CacheStore::open(site.path(), "a", Duration::ZERO).unwrap();
        store.replace_all(&[("t", vec![row("x", Some("1"))])]).unwrap();
        let path = site.path().join(".puzhi/a.state");
        let whole = fs::read(&path).unwrap();
        for bad in [&whole[..whole.len() / 2], b"", b"garbage"] {
            fs::write(&path, bad).unwrap();
            assert!(store.read(&["t"]).is_none_or(|t| t[0].is_empty()));
            store.replace_all(&[("t", vec![row("x", Some("1"))])]).unwrap();
            assert_eq!(store.read(&["t"]).unwrap()[0].len(), 1);
        }
    }
}
