//! Where a site is built: into a folder on disk, or in memory for `--verify` and tests. Both go through a sink.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use crate::engine::fingerprint;
use crate::source::FileStat;
use puzhi_core::diag::Diagnostic;

use super::state::BuildState;
use crate::sink::{DiskSink, MemorySink, PlannedOutput, Sink, Summary, output_stat, read_output};

/// The bytes of every output, by its path.
pub type OutputFiles = BTreeMap<String, Vec<u8>>;

/// A place that outputs are written to.
pub(super) trait OutputTarget: Sync {
    type Sink: Sink;

    /// Opens a sink for these outputs.
    fn open(&mut self, planned: Vec<PlannedOutput>) -> Result<Self::Sink, Diagnostic>;

    /// Called before the first output is changed.
    fn before_first_change(&self) {}

    /// Puts all outputs in place.
    fn commit(&mut self, sink: Self::Sink) -> Result<Summary, Diagnostic>;

    /// The stat of an output, without reading it; `None` when there is no such file.
    fn stat(&self, path: &str) -> Option<FileStat>;

    /// Whether a file stands at this path of the output folder, whoever wrote it. Memory keeps nothing that people see.
    fn has_left(&self, _path: &str) -> bool {
        false
    }

    /// The bytes of an output of an earlier build, if it still has the stat that it had then.
    fn previous(&self, path: &str, stat: FileStat) -> Option<Vec<u8>>;
}

/// A folder on disk, and the cache in which a build in progress is marked.
pub(super) struct FolderTarget<'o> {
    out: &'o Path,
    state: Option<&'o BuildState>,
    /// Stats of the files that this build wrote.
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
        self.written.get(path).copied().or_else(|| output_stat(self.out, path))
    }

    fn has_left(&self, path: &str) -> bool {
        output_stat(self.out, path).is_some()
    }

    fn previous(&self, path: &str, stat: FileStat) -> Option<Vec<u8>> {
        read_output(self.out, path, stat)
    }
}

/// Memory, with the outputs of an earlier build.
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

    /// A stat made from the bytes: the inode is their fingerprint.
    fn stat(&self, path: &str) -> Option<FileStat> {
        self.0.get(path).map(|bytes| FileStat { modified: 0, size: bytes.len() as u64, inode: fingerprint(bytes).0 })
    }

    fn previous(&self, path: &str, stat: FileStat) -> Option<Vec<u8>> {
        self.0.get(path).filter(|_| self.stat(path) == Some(stat)).cloned()
    }
}
