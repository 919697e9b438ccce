//! Writes the site into its output folder; the only room that reads or changes that folder.
//!
//! In: the plan (every output's path and commit stage), then each output's bytes, once, from any thread. Out: the output folder as a
//! clean build would leave it, or exactly as it was. Knows nothing of pages, formats or why an output exists.
//!
//! # What it keeps
//!
//! Everything it keeps lies in one hidden folder, `<out>/.puzhi/`:
//!
//! - `files`: what builds wrote here, one `hash  path` a line, sorted, between a header with the format's version and a
//!   checksum; also the folders builds created. See `manifest`.
//! - `lock`: held by the running build; the system lets go of it when the process ends, however it ends.
//! - `staging/`: outputs that differ from what is on disk, until all are there. Emptied by the next build after a kill.
//!
//! # How a build goes
//!
//! With an earlier build, or with anything standing where the plan wants to write: each output is compared with the
//! file in place (length, then bytes, never times). Equal ones are left alone, others go to `staging/`. An output that is kept
//! is not read: its hash is taken from the manifest, and the caller must have checked its stat. `commit` writes the *in-flight*
//! manifest, removes stale files that stand in the way (a file where a folder is needed, or the reverse), renames assets, then pages,
//! then lists and feeds, removes the other stale files and emptied folders, and writes the final manifest. Without `commit`, nothing
//! outside `.puzhi/` was changed.
//!
//! Into a folder that holds nothing of the plan, outputs are created in place, after the in-flight manifest is written; without
//! `commit` they are removed again.
//!
//! What was planned but never handed over (a page left out for its errors) counts as not planned. After an I/O error of the
//! folder itself, or a foreign file in the way, `commit` fails too.
//!
//! # Why a kill at any moment is harmless
//!
//! The in-flight manifest is on disk before the first change and names every path that is or may become ours, with every hash its
//! bytes may have: the one an earlier build wrote and the one this build is putting there. A path created in place has no hash
//! yet (its bytes may be cut off anywhere), so it is ours whatever its bytes are: nothing stood there when the manifest was written.
//! So the next build, with whatever plan, may overwrite or remove each path in the manifest. Staged outputs are complete, because
//! they arrive by rename; incomplete ones can only stand where the manifest has no hash. One case cannot be told apart: a file that
//! a person creates, after the first build of a folder was killed, at a path which that build was to fill, is taken for ours.
//!
//! # Ownership
//!
//! A file is ours if it is in the manifest; every other file is foreign. Foreign files are never changed: one at a planned path with
//! other bytes is an error before anything is changed, one with equal bytes is adopted. A stale file is removed only if its bytes are
//! those that a build wrote; if somebody changed it, it stays as a foreign file, with a note. When the manifest is damaged, files at
//! planned paths that differ are overwritten and nothing else is touched: that a manifest exists shows that a build wrote here, and
//! earlier builds refused foreign files at their paths, so these are almost surely ours; refusing would stop every later build.
//!
//! Symbolic links inside the output folder are foreign files; none is followed for writing or deleting. The output folder itself may
//! be a link. There is no defence against another program that replaces folders by links while the build runs.

mod bytes;
mod commit;
#[cfg(test)]
mod crash_tests;
mod disk;
mod folders;
mod fs_ops;
mod inspect;
mod io_error;
mod manifest;
mod memory;
mod metadata_dir;
mod plan;

use std::io::Read;

use puzhi_core::diag::Diagnostic;

pub use disk::DiskSink;
pub use inspect::{differing_outputs, manifest_stat, output_stat, read_output};
pub use memory::MemorySink;
pub use plan::{CommitStage, PlannedOutput};

/// What was done with an output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PutOutcome {
    /// It is new, or its bytes differ from those that were there.
    Written,
    /// The same bytes were there already.
    Unchanged,
}

/// Receives outputs. Called from many threads; each planned path is handed over once.
pub trait Sink: Sync {
    /// Takes an output's bytes.
    fn put(&self, path: &str, bytes: &[u8]) -> Result<PutOutcome, Diagnostic>;

    /// Takes an output that is a copy, in bounded memory. A failure to read `from` is `unreadable`, without a file.
    fn copy(&self, path: &str, from: &mut dyn Read) -> Result<PutOutcome, Diagnostic>;

    /// Leaves an output as an earlier build wrote it. Nothing is read or compared: the caller must know by the file's stat that it is
    /// unchanged. Fails for an output that no finished build recorded; it can still be put.
    fn keep(&self, path: &str) -> Result<PutOutcome, Diagnostic>;
}

/// What a build changed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Summary {
    /// Outputs that are new or have other bytes than before.
    pub written: usize,
    /// Outputs whose bytes were there already.
    pub unchanged: usize,
    /// Files of earlier builds that were removed.
    pub removed: usize,
    /// Findings of severity note: stale files that somebody edited and that were kept, a damaged manifest.
    pub notes: Vec<Diagnostic>,
}
