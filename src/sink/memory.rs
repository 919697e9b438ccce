//! A sink in memory, for `--verify` and tests.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::io_error;
use super::plan;
use super::{PutOutcome, Sink};
use puzhi_core::diag::Diagnostic;

/// Keeps outputs in memory by path. Given the files of an earlier build, it reports which of them changed.
#[derive(Debug, Default)]
pub struct MemorySink {
    before: BTreeMap<String, Vec<u8>>,
    files: Mutex<BTreeMap<String, Vec<u8>>>,
}

impl MemorySink {
    /// An empty sink without an earlier build.
    pub fn new() -> Self {
        Self::default()
    }

    /// A sink that compares outputs with `before`, the files of an earlier build.
    pub fn with_previous(before: BTreeMap<String, Vec<u8>>) -> Self {
        Self { before, files: Mutex::default() }
    }

    /// All outputs that were handed over.
    pub fn into_files(self) -> BTreeMap<String, Vec<u8>> {
        self.files.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, path: &str, bytes: Vec<u8>) -> Result<PutOutcome, Diagnostic> {
        let here = Path::new("memory");
        plan::check(here, path)?;
        let put = if self.before.get(path) == Some(&bytes) { PutOutcome::Unchanged } else { PutOutcome::Written };
        match self.files.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_string(), bytes) {
            None => Ok(put),
            Some(_) => {
                Err(io_error::unusable(here, path, "同一个输出交了两次", "the same output was handed over twice"))
            }
        }
    }
}

impl Sink for MemorySink {
    fn put(&self, path: &str, bytes: &[u8]) -> Result<PutOutcome, Diagnostic> {
        self.take(path, bytes.to_vec())
    }

    fn copy(&self, path: &str, from: &mut dyn Read) -> Result<PutOutcome, Diagnostic> {
        let mut bytes = Vec::new();
        from.read_to_end(&mut bytes).map_err(|e| io_error::unreadable(&e))?;
        self.take(path, bytes)
    }

    fn keep(&self, path: &str) -> Result<PutOutcome, Diagnostic> {
        match self.before.get(path) {
            Some(bytes) => self.take(path, bytes.clone()),
            None => Err(io_error::unrecorded(Path::new("memory"), path)),
        }
    }
}
