//! The only code that writes the site.
//!
//! In: the plan (every output's path and rank), then each output's bytes, once, from any thread. Out: the output folder
//! as a clean build would leave it, or exactly as it was. Knows nothing of pages, formats or why an output exists.
//!
//! # What it keeps
//!
//! Everything it keeps lies in one hidden folder, `<out>/.puzhi/`:
//!
//! - `files`: what builds wrote here, one `hash  path` a line, sorted, between a header with the format's version and a
//!   checksum; also the folders builds created. See `record`.
//! - `lock`: held by the running build; the system lets go of it when the process ends, however it ends.
//! - `staging/`: outputs that differ from what is on disk, until all are there. Emptied by the next build after a kill.
//!
//! # How a build goes
//!
//! With an earlier build, or with anything standing where the plan wants to write: each output is compared with the
//! file in place (length, then bytes, never times). Equal ones are left alone, others go to `staging/`. One that is kept
//! is not looked at: its hash is taken from the list, and whoever keeps it answers for the file. `commit` writes
//! the list *in flight*, clears stale files that stand in the way (a file where a folder is needed, or the reverse),
//! renames assets, then pages, then lists and feeds, removes the other stale files and emptied folders, and writes the
//! final list. Without `commit` nothing outside `.puzhi/` was touched.
//!
//! Into a folder that holds nothing of the plan, outputs are created in place, after the list in flight; without
//! `commit` they are removed again.
//!
//! What was planned but never handed over (a page left out for its errors) counts as not planned. After a refusal of the
//! folder itself, or a stranger in the way, `commit` refuses too.
//!
//! # Why a kill at any moment is harmless
//!
//! A list in flight is on disk before the first change and names every path that is or may become ours, with every hash
//! its bytes may have: the one an earlier build wrote and the one this build is putting there. A path created in place
//! has no hash yet (the bytes may be cut off anywhere), so it is ours whatever its bytes: nothing stood there when the
//! list was written. So the next build, with whatever plan, may overwrite or remove each path it finds in the list:
//! staged outputs are whole, because they arrive by rename; half-written ones can only stand where the list says
//! "whatever its bytes". The one thing that cannot be told apart is a file that a person creates, after a kill of a
//! folder's very first build, at an address which that build was to fill: it is taken for ours.
//!
//! # What is whose
//!
//! A file is ours if it is in the list; everything else is a stranger. Strangers are never changed: one that stands at
//! a planned path with other bytes is an error before anything is changed, one with equal bytes is adopted. A stale
//! file is removed only if its bytes are those that a build wrote; if somebody changed it, it stays as a stranger, with
//! a note. A list that cannot be understood means: no knowledge. Then files at planned paths that differ are
//! overwritten (that the list exists shows that a build wrote here, and earlier builds refused strangers at their
//! paths, so almost surely they are ours; refusing would stop every later build), and nothing else is touched.
//!
//! Symbolic links inside the output folder are strangers; none is followed for writing or deleting. The output folder
//! itself may be one. A program that exchanges folders for links while the build runs is not defended against.

mod bytes;
mod commit;
#[cfg(test)]
mod crash_tests;
mod disk;
mod folders;
mod fs_ops;
mod io_error;
mod manifest;
mod memory;
mod metadata_dir;
mod plan;

use std::io::Read;

use puzhi_core::diag::Diagnostic;

pub use disk::DiskSink;
pub use memory::MemorySink;
pub use plan::{CommitStage, PlannedOutput};

/// What became of an output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PutOutcome {
    /// It is new or differs from what was there.
    Written,
    /// The same bytes were there already.
    Unchanged,
}

/// Takes outputs. Called from many threads; each planned path is handed over once.
pub trait Sink: Sync {
    /// Takes an output's bytes.
    fn put(&self, path: &str, bytes: &[u8]) -> Result<PutOutcome, Diagnostic>;

    /// Takes an output that is a copy, in bounded memory. A failure to read `from` is `unreadable`, without a file.
    fn copy(&self, path: &str, from: &mut dyn Read) -> Result<PutOutcome, Diagnostic>;

    /// Leaves an output as an earlier build wrote it: the caller knows, by its own look at the file, that it is still so.
    /// Nothing is read or compared. An output that no finished build recorded is
    /// refused; it may still be put.
    fn keep(&self, path: &str) -> Result<PutOutcome, Diagnostic>;
}

/// What a build changed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Summary {
    pub written: usize,
    pub unchanged: usize,
    pub removed: usize,
    /// What a person should know: edited leftovers that were kept, a list that was lost.
    pub notes: Vec<Diagnostic>,
}
