//! The cache on disk: `.puzhi/` in the site's folder, with one redb database for each kind of build.
//!
//! In: named tables of byte rows. Out: the same rows, or `None` when they cannot be relied on. Does not know what the rows mean.
//! The folder tells version control (`.gitignore`) and backup programs (`CACHEDIR.TAG`, <https://bford.info/cachedir/>) that it is a
//! cache. It can be deleted at any time, and any damage to it only makes the next build start from nothing.
#![expect(clippy::disallowed_methods, clippy::disallowed_types, reason = "the cache between builds and its lock")]

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rayon::prelude::*;
use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition, TableError};

use super::file_lock::{retry_until, try_lock};

/// Name of the cache folder in the site's folder.
pub const CACHE_DIR: &str = ".puzhi";

/// Contents of `CACHEDIR.TAG`; the first line is fixed by the Cache Directory Tagging Specification.
const CACHEDIR_TAG: &str =
    "Signature: 8a477f597d28d172789f06886806bc55\n# Kept by puzhi between builds; can be removed at any time.\n";

/// Changes to one table: keys with their new value; `None` removes the row.
pub type RowChanges = Vec<(Vec<u8>, Option<Vec<u8>>)>;

/// The rows of a table in the order of their keys, one after the other in a single buffer.
#[derive(Default)]
pub struct StoredRows {
    bytes: Vec<u8>,
    /// For each row, where in `bytes` its key ends and where its value ends.
    ends: Vec<(usize, usize)>,
}

impl StoredRows {
    fn push(&mut self, key: &[u8], value: &[u8]) {
        self.bytes.extend_from_slice(key);
        let middle = self.bytes.len();
        self.bytes.extend_from_slice(value);
        self.ends.push((middle, self.bytes.len()));
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Key and value of row `n`, counted from 0.
    pub fn row(&self, n: usize) -> (&[u8], &[u8]) {
        let start = n.checked_sub(1).map_or(0, |before| self.ends[before].1);
        let (middle, end) = self.ends[n];
        (&self.bytes[start..middle], &self.bytes[middle..end])
    }

    /// Keys and values of all rows, in order.
    pub fn rows(&self) -> impl IndexedParallelIterator<Item = (&[u8], &[u8])> {
        (0..self.len()).into_par_iter().map(|n| self.row(n))
    }
}

/// The cache of one kind of build of one site. Only one process at a time can hold a site's cache folder.
pub struct CacheStore {
    path: PathBuf,
    /// Locked until this value is dropped.
    _lock: File,
}

/// Why the cache could not be opened.
#[derive(Debug)]
pub enum OpenError {
    /// Another build of this site holds the lock.
    Busy,
    /// The folder cannot be created, written or locked.
    Unusable(io::Error),
}

impl CacheStore {
    /// Opens the cache of the site at `root`, waiting up to `lock_timeout` for another build to end. `kind` names the database file;
    /// builds with other options or another output folder use another one.
    pub fn open(root: &Path, kind: &str, lock_timeout: Duration) -> Result<Self, OpenError> {
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
        let attempt = || Ok(try_lock(&lock).map_err(OpenError::Unusable)?.then_some(()));
        retry_until(lock_timeout, attempt)?.ok_or(OpenError::Busy)?;
        Ok(Self { path: folder.join(format!("{kind}.state")), _lock: lock })
    }

    /// All rows of these tables, one entry per name. `None` when there is no database or it cannot be read.
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

    /// Changes rows in one transaction, which is on the disk when this returns.
    pub fn apply(&self, tables: &[(&str, RowChanges)]) -> Result<(), redb::Error> {
        let database = Database::create(&self.path)?;
        write_rows(&database, tables)
    }

    /// Replaces the database by one with these rows only.
    pub fn replace_all(&self, tables: &[(&str, RowChanges)]) -> Result<(), redb::Error> {
        let new = self.path.with_extension("new");
        let _ = fs::remove_file(&new);
        write_rows(&Database::create(&new)?, tables)?;
        fs::rename(&new, &self.path)?;
        Ok(())
    }

    /// Removes the database.
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
    fn a_second_build_finds_the_lock_taken() {
        let site = tempfile::tempdir().unwrap();
        let _first = CacheStore::open(site.path(), "a", Duration::ZERO).unwrap();
        assert!(matches!(CacheStore::open(site.path(), "b", Duration::from_millis(20)), Err(OpenError::Busy)));
    }

    #[test]
    fn a_damaged_database_reads_as_empty() {
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
