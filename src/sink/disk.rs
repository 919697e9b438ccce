//! Outputs onto the disk: compared with what is there, then created in place (first build) or staged.
#![expect(clippy::disallowed_methods, reason = "writes the output folder")]

use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Mutex, OnceLock};

use super::bytes::{self, CHUNK, Digest};
use super::folders::{FolderState, Folders};
use super::fs_ops;
use super::io_error::{self, IoError};
use super::manifest::{Manifest, ManifestEntry};
use super::metadata_dir::{ManifestState, MetadataDir};
use super::plan::{EntryOutcome, PlanEntry, PlannedOutput, WritePlan};
use super::{PutOutcome, Sink};
use crate::source::FileStat;
use puzhi_core::base::{ContentHash, case_folded_key};
use puzhi_core::diag::Diagnostic;
use puzhi_core::diag::codes::output::{OUT_OCCUPIED, OUT_UNUSABLE};

/// Writes into a folder on disk. Dropped without [`DiskSink::commit`], it leaves that folder as it was.
pub struct DiskSink {
    pub(super) plan: WritePlan,
    pub(super) folders: Folders,
    pub(super) mode: WriteMode,
    /// What earlier builds wrote.
    pub(super) previous: Manifest,
    /// A build wrote here, but the manifest is damaged.
    pub(super) manifest_lost: bool,
    /// Outputs whose path is a folder now, one that holds nothing but stale files.
    pub(super) folders_to_replace: Mutex<Vec<usize>>,
    /// The first failure of the folder itself.
    pub(super) unusable: OnceLock<Diagnostic>,
    /// The first foreign file in the way.
    pub(super) occupied: OnceLock<Diagnostic>,
    /// Old paths by their folded form, if ever needed.
    folded: OnceLock<HashMap<String, String>>,
    pub(super) metadata: MetadataDir,
}

/// How outputs come into place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WriteMode {
    /// Created there at once: nothing of the plan stands there.
    InPlace,
    /// Staged, renamed by `commit`.
    Staged,
    /// `commit` has begun: its changes stay, and the in-flight manifest lists them.
    Committing,
}

/// What stands at an output's path.
enum Existing {
    Nothing,
    /// A regular file of this length.
    File(u64),
}

impl DiskSink {
    /// Takes the output folder for this build. Nothing in it changes outside `.puzhi/` until `commit`, unless it holds
    /// nothing of the plan.
    pub fn open(out: &Path, planned: Vec<PlannedOutput>) -> Result<Self, Diagnostic> {
        let mut plan = WritePlan::new(out, planned)?;
        let mut metadata = MetadataDir::enter(out)?;
        let manifest_state = metadata.read()?;
        let mut folders = Folders::new(out);
        for entry in plan.entries_mut() {
            entry.folder = folders.index_of_parent(&entry.path);
        }
        let in_place = matches!(manifest_state, ManifestState::Nothing)
            && is_free(out, &plan).map_err(|e| io_error::refused(out, "", &e))?;
        let (previous, manifest_lost) = match manifest_state {
            ManifestState::Known(manifest) => (manifest, false),
            ManifestState::Lost => (Manifest::default(), true),
            ManifestState::Nothing => (Manifest::default(), false),
        };
        let mode = if in_place { WriteMode::InPlace } else { WriteMode::Staged };
        let mut sink = Self {
            plan,
            folders,
            mode,
            previous,
            manifest_lost,
            folders_to_replace: Mutex::default(),
            unusable: OnceLock::new(),
            occupied: OnceLock::new(),
            folded: OnceLock::new(),
            metadata,
        };
        if in_place {
            let lines =
                sink.plan.entries().iter().map(|e| ManifestEntry { path: e.path.clone(), hash: None }).collect();
            let folders = sink.folders.all().map(String::from).collect();
            sink.metadata.write(&Manifest::new(true, lines, folders).to_text())?;
        }
        Ok(sink)
    }

    /// Finds the output in the plan and marks it as handed over.
    fn claim(&self, path: &str) -> Result<(usize, &PlanEntry), Diagnostic> {
        let Some(n) = self.plan.position(path) else {
            return Err(io_error::unusable(
                &self.metadata.out,
                path,
                "这个输出没有计划过",
                "this output was not planned",
            ));
        };
        let entry = &self.plan.entries()[n];
        if entry.claimed.swap(true, Ordering::Relaxed) {
            return Err(io_error::unusable(
                &self.metadata.out,
                path,
                "同一个输出交了两次",
                "the same output was handed over twice",
            ));
        }
        Ok((n, entry))
    }

    /// Remembers why the build cannot be committed. Once the folder has failed (disk full, say), every further output
    /// gets that same answer at once; foreign files in the way are each reported.
    fn unless_failed(&self, work: impl FnOnce() -> Result<PutOutcome, Diagnostic>) -> Result<PutOutcome, Diagnostic> {
        if let Some(diag) = self.unusable.get() {
            return Err(diag.clone());
        }
        work().map_err(|diag| {
            if *diag.code == OUT_UNUSABLE {
                return self.unusable.get_or_init(|| diag).clone();
            }
            if *diag.code == OUT_OCCUPIED {
                let _ = self.occupied.set(diag.clone());
            }
            diag
        })
    }

    fn unchanged(&self, entry: &PlanEntry, hash: Option<ContentHash>) -> PutOutcome {
        let _ = entry.outcome.set(EntryOutcome { hash, put: PutOutcome::Unchanged, stat: None });
        PutOutcome::Unchanged
    }

    fn written(&self, entry: &PlanEntry, hash: Option<ContentHash>, stat: Option<FileStat>) -> PutOutcome {
        let _ = entry.outcome.set(EntryOutcome { hash, put: PutOutcome::Written, stat });
        PutOutcome::Written
    }

    /// Stats of the files that were written; the rename into place does not change them.
    pub fn stats(&self) -> HashMap<String, FileStat> {
        self.plan.handed_over().filter_map(|(entry, outcome)| Some((entry.path.clone(), outcome.stat?))).collect()
    }

    pub(super) fn full_path(&self, path: &str) -> PathBuf {
        self.metadata.out.join(path)
    }

    pub(super) fn refused(&self, at: &str, error: &io::Error) -> Diagnostic {
        io_error::refused(&self.metadata.out, at, error)
    }

    fn diag_of(&self, error: IoError) -> Diagnostic {
        error.diag(&self.metadata.out)
    }

    /// Looks at an output's place. An error if what stands there, or in its way, must not be touched.
    fn inspect(&self, n: usize, entry: &PlanEntry) -> Result<Existing, Diagnostic> {
        match self.folders.folder_state(entry.folder) {
            FolderState::Folder => {}
            FolderState::Missing => return Ok(Existing::Nothing),
            FolderState::Link(at) => return Err(io_error::link_inside(&self.metadata.out, self.folders.path(*at))),
            FolderState::Failed(error) => return Err(self.diag_of(error.clone())),
            FolderState::File(at) => {
                let path = self.folders.path(*at);
                return if self.is_untouched(path)? { Ok(Existing::Nothing) } else { Err(io_error::occupied(path)) };
            }
        }
        let place = self.full_path(&entry.path);
        match fs::symlink_metadata(&place) {
            Ok(meta) if meta.is_file() => Ok(Existing::File(meta.len())),
            Ok(meta) if meta.is_dir() => match self.foreign_file_below(&entry.path, &place)? {
                Some(foreign) => Err(io_error::occupied(&foreign)),
                None => {
                    if let Ok(mut folders_to_replace) = self.folders_to_replace.lock() {
                        folders_to_replace.push(n);
                    }
                    Ok(Existing::Nothing)
                }
            },
            Ok(_) => Err(io_error::occupied(&entry.path)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Existing::Nothing),
            Err(error) => Err(self.refused(&entry.path, &error)),
        }
    }

    /// Whether the file at `path` has the bytes that a build wrote.
    pub(super) fn is_untouched(&self, path: &str) -> Result<bool, Diagnostic> {
        let known = self.previous.known(path);
        if known.is_empty() {
            return Ok(false);
        }
        let place = self.full_path(path);
        let meta = fs::symlink_metadata(&place).map_err(|e| self.refused(path, &e))?;
        if !meta.is_file() {
            return Ok(false);
        }
        if known.iter().any(|l| l.hash.is_none()) {
            return Ok(true);
        }
        let hash = bytes::hash(&place).map_err(|e| self.refused(path, &e))?;
        Ok(known.iter().any(|l| l.hash == hash))
    }

    /// The first thing in the folder at `path` that is not a stale file of ours.
    fn foreign_file_below(&self, path: &str, place: &Path) -> Result<Option<String>, Diagnostic> {
        for item in fs::read_dir(place).map_err(|e| self.refused(path, &e))? {
            let item = item.map_err(|e| self.refused(path, &e))?;
            let name = item.file_name();
            let below = format!("{path}/{}", name.to_string_lossy());
            let kind = item.file_type().map_err(|e| self.refused(&below, &e))?;
            let foreign = if kind.is_dir() {
                self.foreign_file_below(&below, &item.path())?
            } else if kind.is_file() && name.to_str().is_some() && self.is_untouched(&below)? {
                None
            } else {
                Some(below)
            };
            if foreign.is_some() {
                return Ok(foreign);
            }
        }
        Ok(None)
    }

    /// An error if something else than this output stands at its place and is not ours.
    fn check_replaceable(&self, path: &str, here: &Existing) -> Result<(), Diagnostic> {
        let ours = match (self.mode, here) {
            // It came after the build began.
            (WriteMode::InPlace, _) => false,
            (_, Existing::Nothing) => true,
            (_, Existing::File(_)) => {
                self.manifest_lost || !self.previous.known(path).is_empty() || self.was_renamed(path)
            }
        };
        if ours { Ok(()) } else { Err(io_error::occupied(path)) }
    }

    /// Whether `path` names a file of ours whose name differs in case, on a file system that ignores case.
    fn was_renamed(&self, path: &str) -> bool {
        let folded = self.folded.get_or_init(|| {
            self.previous.by_path().map(|lines| (case_folded_key(&lines[0].path), lines[0].path.clone())).collect()
        });
        folded.get(&case_folded_key(path)).is_some_and(|old| is_alias(&self.metadata.out, old, path))
    }

    /// Creates the file that takes an output's bytes.
    fn create(&self, n: usize, entry: &PlanEntry) -> Result<(File, PathBuf), Diagnostic> {
        let place = self.metadata.staged(n).map_err(|f| self.diag_of(f))?;
        let file = fs_ops::create_file(&place).map_err(|e| self.refused(&entry.path, &e))?;
        Ok((file, place))
    }

    /// Creates an output's own file; `None` if something stands there after all.
    fn create_in_place(&self, entry: &PlanEntry) -> Result<Option<(File, PathBuf)>, Diagnostic> {
        self.folders.create(entry.folder).map_err(|f| self.diag_of(f))?;
        let place = self.full_path(&entry.path);
        match fs_ops::create_file(&place) {
            Ok(file) => Ok(Some((file, place))),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(None),
            Err(error) => Err(self.refused(&entry.path, &error)),
        }
    }

    /// Fills a file that was created for an output, or removes it again.
    fn fill_file(
        &self,
        file: (File, PathBuf),
        fill: impl FnOnce(&mut File) -> Result<(), Diagnostic>,
    ) -> Result<Option<FileStat>, Diagnostic> {
        let (mut file, place) = file;
        // Elsewhere the time of the last change may be noted only when the file is closed.
        let done = fill(&mut file)
            .map(|()| file.metadata().ok().filter(|_| cfg!(unix)).map(|meta| FileStat::from_metadata(&meta)));
        drop(file);
        if done.is_err() {
            let _ = fs_ops::remove_file(&place);
        }
        done
    }

    fn write(&self, file: &mut File, path: &str, bytes: &[u8]) -> Result<(), Diagnostic> {
        fs_ops::write(file, bytes).map_err(|e| self.refused(path, &e))
    }
}

impl Sink for DiskSink {
    fn put(&self, path: &str, bytes: &[u8]) -> Result<PutOutcome, Diagnostic> {
        self.unless_failed(|| self.put_now(path, bytes))
    }

    fn copy(&self, path: &str, from: &mut dyn Read) -> Result<PutOutcome, Diagnostic> {
        self.unless_failed(|| self.copy_now(path, from))
    }

    fn keep(&self, path: &str) -> Result<PutOutcome, Diagnostic> {
        // An in-flight manifest lists what may stand there, not what does.
        let hash = match self.previous.known(path) {
            [line] if !self.previous.in_flight => line.hash,
            _ => None,
        };
        if hash.is_none() {
            return Err(io_error::unrecorded(&self.metadata.out, path));
        }
        self.unless_failed(|| {
            let (_, entry) = self.claim(path)?;
            Ok(self.unchanged(entry, hash))
        })
    }
}

impl DiskSink {
    fn put_now(&self, path: &str, bytes: &[u8]) -> Result<PutOutcome, Diagnostic> {
        let (n, entry) = self.claim(path)?;
        let hash = Some(ContentHash::of(bytes));
        if self.mode == WriteMode::InPlace
            && let Some(file) = self.create_in_place(entry)?
        {
            let stat = self.fill_file(file, |file| self.write(file, path, bytes))?;
            return Ok(self.written(entry, hash, stat));
        }
        let here = self.inspect(n, entry)?;
        if let Existing::File(length) = here
            && length == bytes.len() as u64
            && bytes::same(&self.full_path(path), bytes).map_err(|e| self.refused(path, &e))?
        {
            return Ok(self.unchanged(entry, hash));
        }
        self.check_replaceable(path, &here)?;
        let file = self.create(n, entry)?;
        let stat = self.fill_file(file, |file| self.write(file, path, bytes))?;
        Ok(self.written(entry, hash, stat))
    }

    fn copy_now(&self, path: &str, from: &mut dyn Read) -> Result<PutOutcome, Diagnostic> {
        let (n, entry) = self.claim(path)?;
        let mut buffer = vec![0; CHUNK];
        let mut digest = Digest::default();
        // How many bytes are equal to those in place, and how many more the buffer holds.
        let (mut equal, mut fresh) = (0, 0);
        let mut file = if self.mode == WriteMode::InPlace { self.create_in_place(entry)? } else { None };
        if file.is_none() {
            let here = self.inspect(n, entry)?;
            if let Existing::File(length) = here {
                let mut place = File::open(self.full_path(path)).map_err(|e| self.refused(path, &e))?;
                let mut there = vec![0; CHUNK];
                loop {
                    fresh = bytes::read_full(from, &mut buffer).map_err(|e| io_error::unreadable(&e))?;
                    digest.add(&buffer[..fresh]);
                    let got = bytes::read_full(&mut place, &mut there[..fresh]).map_err(|e| self.refused(path, &e))?;
                    if buffer[..fresh] != there[..got] {
                        break;
                    }
                    equal += fresh as u64;
                    if fresh < CHUNK {
                        fresh = 0;
                        break;
                    }
                }
                if fresh == 0 && equal == length {
                    return Ok(self.unchanged(entry, digest.finish()));
                }
            }
            self.check_replaceable(path, &here)?;
            file = Some(self.create(n, entry)?);
        }
        let Some(file) = file else { return Err(io_error::occupied(path)) };
        let stat = self.fill_file(file, |file| {
            if equal > 0 {
                let same = File::open(self.full_path(path)).map_err(|e| self.refused(path, &e))?;
                self.copy_stream(file, path, &mut same.take(equal), None)?;
            }
            self.write(file, path, &buffer[..fresh])?;
            self.copy_stream(file, path, from, Some(&mut digest))
        })?;
        Ok(self.written(entry, digest.finish(), stat))
    }
}

impl DiskSink {
    /// Writes all that `from` holds.
    fn copy_stream(
        &self,
        file: &mut File,
        path: &str,
        from: &mut dyn Read,
        mut digest: Option<&mut Digest>,
    ) -> Result<(), Diagnostic> {
        let mut buffer = vec![0; CHUNK];
        loop {
            let got = bytes::read_full(from, &mut buffer).map_err(|e| io_error::unreadable(&e))?;
            if let Some(digest) = &mut digest {
                digest.add(&buffer[..got]);
            }
            if got > 0 {
                self.write(file, path, &buffer[..got])?;
            }
            if got < CHUNK {
                return Ok(());
            }
        }
    }
}

/// Whether nothing in the output folder bears the name of a planned file or outermost folder.
fn is_free(out: &Path, plan: &WritePlan) -> io::Result<bool> {
    let mut names: Vec<&str> = plan.entries().iter().map(|e| e.path.split('/').next().unwrap_or("")).collect();
    names.dedup();
    let taken: HashSet<String> = names.into_iter().map(case_folded_key).collect();
    for item in fs::read_dir(out)? {
        if taken.contains(&case_folded_key(&item?.file_name().to_string_lossy())) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether two paths that differ only in case or normalisation name the same file, as on a file system that ignores case.
pub(super) fn is_alias(out: &Path, one: &str, other: &str) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let id = |path: &str| fs::symlink_metadata(out.join(path)).map(|m| (m.dev(), m.ino()));
        matches!((id(one), id(other)), (Ok(a), Ok(b)) if a == b)
    }
    #[cfg(not(unix))]
    {
        // The system gives the name as it is on the disk.
        matches!((fs::canonicalize(out.join(one)), fs::canonicalize(out.join(other))), (Ok(a), Ok(b)) if a == b)
    }
}
