//! Where a site is built: a folder on disk, or memory for tests and the preview.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use crate::engine::stamp;
use crate::source::Stat;
use puzhi_core::diag::Diag;

use super::state::State;
use crate::sink::{DiskSink, MemorySink, Planned, Sink, Summary};

/// Every output by its path.
pub type Tree = BTreeMap<String, Vec<u8>>;

/// What outputs are put on.
pub(super) trait Ground: Sync {
    type Sink: Sink;

    fn open(&mut self, planned: Vec<Planned>) -> Result<Self::Sink, Diag>;

    /// Called before the first output is changed.
    fn announce(&self) {}

    /// Puts everything into place.
    fn commit(&mut self, sink: Self::Sink) -> Result<Summary, Diag>;

    /// What stands at an output's path, without reading it.
    fn stat(&self, path: &str) -> Option<Stat>;
}

/// A folder, and where it is marked that it is being changed.
pub(super) struct Folder<'o> {
    out: &'o Path,
    state: Option<&'o State>,
    /// What the system said of the files that were written.
    written: HashMap<String, Stat>,
}

impl<'o> Folder<'o> {
    pub fn new(out: &'o Path, state: Option<&'o State>) -> Self {
        Self { out, state, written: HashMap::new() }
    }
}

impl Ground for Folder<'_> {
    type Sink = DiskSink;

    fn open(&mut self, planned: Vec<Planned>) -> Result<DiskSink, Diag> {
        DiskSink::open(self.out, planned)
    }

    fn announce(&self) {
        if let Some(state) = self.state {
            state.mark();
        }
    }

    fn commit(&mut self, sink: DiskSink) -> Result<Summary, Diag> {
        let written = sink.stats();
        let summary = sink.commit()?;
        self.written = written;
        Ok(summary)
    }

    fn stat(&self, path: &str) -> Option<Stat> {
        if let Some(stat) = self.written.get(path) {
            return Some(*stat);
        }
        std::fs::symlink_metadata(self.out.join(path))
            .ok()
            .filter(std::fs::Metadata::is_file)
            .map(|meta| Stat::of(&meta))
    }
}

/// Memory, with what an earlier build left there.
#[derive(Default)]
pub(super) struct Memory(pub Tree);

impl Ground for Memory {
    type Sink = MemorySink;

    fn open(&mut self, _: Vec<Planned>) -> Result<MemorySink, Diag> {
        Ok(MemorySink::over(self.0.clone()))
    }

    fn commit(&mut self, sink: MemorySink) -> Result<Summary, Diag> {
        let before = std::mem::replace(&mut self.0, sink.into_files());
        let unchanged = self.0.iter().filter(|(path, bytes)| before.get(*path) == Some(bytes)).count();
        let removed = before.keys().filter(|path| !self.0.contains_key(*path)).count();
        Ok(Summary { written: self.0.len() - unchanged, unchanged, removed, notes: Vec::new() })
    }

    /// The bytes themselves take the place of what a system says of a file.
    fn stat(&self, path: &str) -> Option<Stat> {
        self.0.get(path).map(|bytes| Stat { modified: 0, size: bytes.len() as u64, inode: stamp(bytes).0 })
    }
}
