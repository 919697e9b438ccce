//! What can go wrong with the store.

use std::fmt;
use std::sync::Arc;

/// Why the store did not do what it was asked. Nothing of a respondent's answers is ever in here.
#[derive(Debug, Clone)]
pub enum StoreError {
    /// There is no database and none is to be made.
    Missing,
    /// The tables are of this later version.
    Newer(i64),
    /// What is stored is not what this program stores.
    Damaged,
    /// Too much waits to be written already.
    Busy,
    /// The target of a backup exists.
    Exists,
    /// The file cannot be read or written.
    Io(std::io::ErrorKind),
    /// The database says no.
    Sql(Arc<sqlx::Error>),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        StoreError::Sql(Arc::new(error))
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        StoreError::Io(error.kind())
    }
}

/// One line for whoever runs the collector. A database's own message may quote values, so only its code is told.
impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StoreError::Missing => write!(f, "no such database"),
            StoreError::Newer(version) => write!(f, "tables of version {version}, this program knows up to {}", super::VERSION),
            StoreError::Damaged => write!(f, "unexpected values in the tables"),
            StoreError::Busy => write!(f, "too many writes wait"),
            StoreError::Exists => write!(f, "the file exists"),
            StoreError::Io(kind) => write!(f, "{kind}"),
            StoreError::Sql(error) => match &**error {
                sqlx::Error::Database(error) => write!(f, "database error {}", error.code().unwrap_or_default()),
                sqlx::Error::Io(error) => write!(f, "{}", error.kind()),
                sqlx::Error::PoolTimedOut => write!(f, "the database does not answer"),
                other => write!(f, "{}", other.to_string().lines().next().unwrap_or_default()),
            },
        }
    }
}

impl std::error::Error for StoreError {}
