//! Where a site is built: a folder on disk, or memory for tests and the preview.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use crate::engine::fingerprint;
use crate::source::FileStat;
use puzhi_core::diag::Diagnostic;

use super::state::BuildState;
use crate::sink::{DiskSink, MemorySink, PlannedOutput, Sink, Summary};

/// Every output by its path.
pub type OutputFiles = BTreeMap<String, Vec<u8>>;

/// What outputs are put on.
pub(super) trait OutputTarget: Sync {
    type Sink: Sink;

    fn open(&mut self, planned: Vec<PlannedOutput>) -> Result<Self::Sink, Diagnostic>;

    /// Called before the first output is changed.
    fn before_first_change(&self) {}

    /// Puts everything into place.
    fn commit(&mut self, sink: Self::Sink) -> Result<Summary, Diagnostic>;

    /// What stands at an output's path, without reading it.
    fn stat(&self, path: &str) -> Option<FileStat>;
}

/// A folder, and where it is marked that it is being changed.
pub(super) struct FolderTarget<'o> {
    out: &'o Path,
    state: Option<&'o BuildState>,
    /// What the system said of the files that were written.
    written: HashMap<String, FileStat>,
}

impl<'o> FolderTarget<'o> {
    pub fn new(out: &'o Path, state: Option<&'o BuildState>) -> Self {
        Self { out, state, written: HashMap::new() }
    }
}

impl OutputTarget for FolderTarget<'_> {
    type Sink = DiskSink;

    fn open(&mut self, planned: Vec<PlannedOutput>) -> Result<DiskSink, Diagnostic> {
        DiskSink::open(self.out, planned)
    }

    fn before_first_change(&self) {
        if let Some(state) = self.state {
            state.mark_in_flight();
        }
    }

    fn commit(&mut self, sink: DiskSink) -> Result<Summary, Diagnostic> {
        let written = sink.stats();
        let summary = sink.commit()?;
        self.written = written;
        Ok(summary)
    }

    fn stat(&self, path: &str) -> Option<FileStat> {
        if let Some(stat) = self.written.get(path) {
            return Some(*stat);
        }
        std::fs::symlink_metadata(self.out.join(path))
            .ok()
            .filter(std::fs::Metadata::is_file)
            .map(|meta| FileStat::from_metadata(&meta))
    }
}

/// Memory, with what an earlier build left there.
#[derive(Default)]
pub(super) struct MemoryTarget(pub OutputFiles);

impl OutputTarget for MemoryTarget {
    type Sink = MemorySink;

    fn open(&mut self, _: Vec<PlannedOutput>) -> Result<MemorySink, Diagnostic> {
        Ok(MemorySink::with_previous(self.0.clone()))
    }

    fn commit(&mut self, sink: MemorySink) -> Result<Summary, Diagnostic> {
        let before = std::mem::replace(&mut self.0, sink.into_files());
        let unchanged = self.0.iter().filter(|(path, bytes)| before.get(*path) == Some(bytes)).count();
        let removed = before.keys().filter(|path| !self.0.contains_key(*path)).count();
        Ok(Summary { written: self.0.len() - unchanged, unchanged, removed, notes: Vec::new() })
    }

    /// The bytes themselves take the place of what a system says of a file.
    fn stat(&self, path: &str) -> Option<FileStat> {
        self.0.get(path).map(|bytes| FileStat { modified: 0, size: bytes.len() as u64, inode: fingerprint(bytes).0 })
    }
}
