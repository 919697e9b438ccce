//! Exclusive file locks with a time limit, for the cache folder and for output folders.
//!
//! In: an attempt to take a lock. Out: the lock, or the news that somebody else still held it when the time was up. Does not know
//! which file is locked or why.
#![expect(clippy::disallowed_methods, reason = "the cache between builds and its lock")]

use std::fs::{File, TryLockError};
use std::io;
use std::time::{Duration, Instant};

/// Pause between two attempts.
const RETRY_INTERVAL: Duration = Duration::from_millis(10);

/// Takes an exclusive lock on an open file without waiting. `false`: another process, or another handle of this one, holds it. The
/// operating system releases the lock when the file is closed, also when the process is killed.
pub fn try_lock(file: &File) -> io::Result<bool> {
    match file.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Calls `attempt` until it gives a value or fails, at least once and for at most about `timeout`. `None` when the time is up.
pub fn retry_until<T, E>(timeout: Duration, mut attempt: impl FnMut() -> Result<Option<T>, E>) -> Result<Option<T>, E> {
    let start = Instant::now();
    loop {
        let result = attempt()?;
        if result.is_some() || start.elapsed() >= timeout {
            return Ok(result);
        }
        std::thread::sleep(RETRY_INTERVAL);
    }
}
