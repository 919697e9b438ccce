//! Outputs onto the disk: compared with what is there, then created in place (first build) or staged.

use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Mutex, OnceLock};

use super::bytes::{self, CHUNK, Digest};
use super::fault::{self, Fault};
use super::folders::{Folders, Standing};
use super::hands;
use super::plan::{Entry, Outcome, Plan, Planned};
use super::record::{Line, Record};
use super::room::{Knowledge, Room};
use super::{Put, Sink};
use crate::source::Stat;
use puzhi_core::base::{Hash, fold_key};
use puzhi_core::diag::Diag;
use puzhi_core::diag::codes::output::{OUT_OCCUPIED, OUT_UNUSABLE};

/// Writes into a folder on disk. Dropped without [`DiskSink::commit`], it leaves that folder as it was.
pub struct DiskSink {
    pub(super) plan: Plan,
    pub(super) folders: Folders,
    pub(super) way: Way,
    /// What earlier builds wrote.
    pub(super) old: Record,
    /// A build wrote here, but nobody knows what.
    pub(super) lost: bool,
    /// Outputs whose path is a folder now, one that holds nothing but stale files.
    pub(super) swaps: Mutex<Vec<usize>>,
    /// The first failure of the folder itself.
    pub(super) unusable: OnceLock<Diag>,
    /// The first stranger in the way.
    pub(super) occupied: OnceLock<Diag>,
    /// Old paths by their folded form, if ever needed.
    folded: OnceLock<HashMap<String, String>>,
    pub(super) room: Room,
}

/// How outputs come into place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Created there at once: nothing of the plan stands there.
    InPlace,
    /// Staged, renamed by `commit`.
    Staged,
    /// `commit` has begun: what it changed stays, and the list in flight knows it.
    Committing,
}

/// What stands at an output's path.
enum Here {
    Nothing,
    /// A regular file of this length.
    File(u64),
}

impl DiskSink {
    /// Takes the output folder for this build. Nothing in it changes outside `.puzhi/` until `commit`, unless it holds
    /// nothing of the plan.
    pub fn open(out: &Path, planned: Vec<Planned>) -> Result<Self, Diag> {
        let mut plan = Plan::new(out, planned)?;
        let mut room = Room::enter(out)?;
        let knowledge = room.read()?;
        let mut folders = Folders::new(out);
        for entry in plan.entries_mut() {
            entry.folder = folders.holding(&entry.path);
        }
        let in_place =
            matches!(knowledge, Knowledge::Nothing) && is_free(out, &plan).map_err(|e| fault::refused(out, "", &e))?;
        let (old, lost) = match knowledge {
            Knowledge::Known(record) => (record, false),
            Knowledge::Lost => (Record::default(), true),
            Knowledge::Nothing => (Record::default(), false),
        };
        let way = if in_place { Way::InPlace } else { Way::Staged };
        let mut sink = Self {
            plan,
            folders,
            way,
            old,
            lost,
            swaps: Mutex::default(),
            unusable: OnceLock::new(),
            occupied: OnceLock::new(),
            folded: OnceLock::new(),
            room,
        };
        if in_place {
            let lines = sink.plan.entries().iter().map(|e| Line { path: e.path.clone(), hash: None }).collect();
            let folders = sink.folders.all().map(String::from).collect();
            sink.room.write(&Record::new(true, lines, folders).to_text())?;
        }
        Ok(sink)
    }

    /// Finds the output and notes that it has been handed over.
    fn begin(&self, path: &str) -> Result<(usize, &Entry), Diag> {
        let Some(n) = self.plan.position(path) else {
            return Err(fault::misuse(&self.room.out, path, "这个输出没有计划过", "this output was not planned"));
        };
        let entry = &self.plan.entries()[n];
        if entry.begun.swap(true, Ordering::Relaxed) {
            return Err(fault::misuse(
                &self.room.out,
                path,
                "同一个输出交了两次",
                "the same output was handed over twice",
            ));
        }
        Ok((n, entry))
    }

    /// Remembers why the build cannot be committed. Once the folder has failed (disk full, say), every further output
    /// gets that same answer at once; strangers in the way are each named.
    fn unless_refused(&self, work: impl FnOnce() -> Result<Put, Diag>) -> Result<Put, Diag> {
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

    fn unchanged(&self, entry: &Entry, hash: Option<Hash>) -> Put {
        let _ = entry.outcome.set(Outcome { hash, put: Put::Unchanged, stat: None });
        Put::Unchanged
    }

    fn written(&self, entry: &Entry, hash: Option<Hash>, stat: Option<Stat>) -> Put {
        let _ = entry.outcome.set(Outcome { hash, put: Put::Written, stat });
        Put::Written
    }

    /// What the system said of the files that were written; a rename into place changes nothing of it.
    pub fn stats(&self) -> HashMap<String, Stat> {
        self.plan.put().filter_map(|(entry, outcome)| Some((entry.path.clone(), outcome.stat?))).collect()
    }

    pub(super) fn place(&self, path: &str) -> PathBuf {
        self.room.out.join(path)
    }

    pub(super) fn refused(&self, at: &str, error: &io::Error) -> Diag {
        fault::refused(&self.room.out, at, error)
    }

    fn fault(&self, fault: Fault) -> Diag {
        fault.diag(&self.room.out)
    }

    /// Looks at an output's place. An error if what stands there, or in its way, must not be touched.
    fn look(&self, n: usize, entry: &Entry) -> Result<Here, Diag> {
        match self.folders.standing(entry.folder) {
            Standing::Folder => {}
            Standing::Missing => return Ok(Here::Nothing),
            Standing::Link(at) => return Err(fault::link_inside(&self.room.out, self.folders.path(*at))),
            Standing::Failed(fault) => return Err(self.fault(fault.clone())),
            Standing::File(at) => {
                let path = self.folders.path(*at);
                return if self.is_untouched(path)? { Ok(Here::Nothing) } else { Err(fault::occupied(path)) };
            }
        }
        let place = self.place(&entry.path);
        match fs::symlink_metadata(&place) {
            Ok(meta) if meta.is_file() => Ok(Here::File(meta.len())),
            Ok(meta) if meta.is_dir() => match self.stranger_below(&entry.path, &place)? {
                Some(stranger) => Err(fault::occupied(&stranger)),
                None => {
                    if let Ok(mut swaps) = self.swaps.lock() {
                        swaps.push(n);
                    }
                    Ok(Here::Nothing)
                }
            },
            Ok(_) => Err(fault::occupied(&entry.path)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Here::Nothing),
            Err(error) => Err(self.refused(&entry.path, &error)),
        }
    }

    /// Whether the file at `path` has the bytes that a build wrote.
    pub(super) fn is_untouched(&self, path: &str) -> Result<bool, Diag> {
        let known = self.old.known(path);
        if known.is_empty() {
            return Ok(false);
        }
        let place = self.place(path);
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
    fn stranger_below(&self, path: &str, place: &Path) -> Result<Option<String>, Diag> {
        for item in fs::read_dir(place).map_err(|e| self.refused(path, &e))? {
            let item = item.map_err(|e| self.refused(path, &e))?;
            let name = item.file_name();
            let below = format!("{path}/{}", name.to_string_lossy());
            let kind = item.file_type().map_err(|e| self.refused(&below, &e))?;
            let stranger = if kind.is_dir() {
                self.stranger_below(&below, &item.path())?
            } else if kind.is_file() && name.to_str().is_some() && self.is_untouched(&below)? {
                None
            } else {
                Some(below)
            };
            if stranger.is_some() {
                return Ok(stranger);
            }
        }
        Ok(None)
    }

    /// An error if something else than this output stands at its place and is not ours.
    fn may_replace(&self, path: &str, here: &Here) -> Result<(), Diag> {
        let ours = match (self.way, here) {
            // It came after the build began.
            (Way::InPlace, _) => false,
            (_, Here::Nothing) => true,
            (_, Here::File(_)) => self.lost || !self.old.known(path).is_empty() || self.was_renamed(path),
        };
        if ours { Ok(()) } else { Err(fault::occupied(path)) }
    }

    /// Whether `path` names a file of ours whose name differs in case, on a file system that ignores case.
    fn was_renamed(&self, path: &str) -> bool {
        let folded = self.folded.get_or_init(|| {
            self.old.by_path().map(|lines| (fold_key(&lines[0].path), lines[0].path.clone())).collect()
        });
        folded.get(&fold_key(path)).is_some_and(|old| is_alias(&self.room.out, old, path))
    }

    /// Creates the file that takes an output's bytes.
    fn create(&self, n: usize, entry: &Entry) -> Result<(File, PathBuf), Diag> {
        let place = self.room.staged(n).map_err(|f| self.fault(f))?;
        let file = hands::create_file(&place).map_err(|e| self.refused(&entry.path, &e))?;
        Ok((file, place))
    }

    /// Creates an output's own file; `None` if something stands there after all.
    fn create_in_place(&self, entry: &Entry) -> Result<Option<(File, PathBuf)>, Diag> {
        self.folders.ensure(entry.folder).map_err(|f| self.fault(f))?;
        let place = self.place(&entry.path);
        match hands::create_file(&place) {
            Ok(file) => Ok(Some((file, place))),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(None),
            Err(error) => Err(self.refused(&entry.path, &error)),
        }
    }

    /// Fills a file that was created for an output, or removes it again.
    fn fill(
        &self,
        file: (File, PathBuf),
        fill: impl FnOnce(&mut File) -> Result<(), Diag>,
    ) -> Result<Option<Stat>, Diag> {
        let (mut file, place) = file;
        // Elsewhere the time of the last change may be noted only when the file is closed.
        let done = fill(&mut file).map(|()| file.metadata().ok().filter(|_| cfg!(unix)).map(|meta| Stat::of(&meta)));
        drop(file);
        if done.is_err() {
            let _ = hands::remove_file(&place);
        }
        done
    }

    fn write(&self, file: &mut File, path: &str, bytes: &[u8]) -> Result<(), Diag> {
        hands::write(file, bytes).map_err(|e| self.refused(path, &e))
    }
}

impl Sink for DiskSink {
    fn put(&self, path: &str, bytes: &[u8]) -> Result<Put, Diag> {
        self.unless_refused(|| self.put_now(path, bytes))
    }

    fn copy(&self, path: &str, from: &mut dyn Read) -> Result<Put, Diag> {
        self.unless_refused(|| self.copy_now(path, from))
    }

    fn keep(&self, path: &str) -> Result<Put, Diag> {
        // A list in flight says what may stand there, not what does.
        let hash = match self.old.known(path) {
            [line] if !self.old.in_flight => line.hash,
            _ => None,
        };
        if hash.is_none() {
            return Err(fault::unrecorded(&self.room.out, path));
        }
        self.unless_refused(|| {
            let (_, entry) = self.begin(path)?;
            Ok(self.unchanged(entry, hash))
        })
    }
}

impl DiskSink {
    fn put_now(&self, path: &str, bytes: &[u8]) -> Result<Put, Diag> {
        let (n, entry) = self.begin(path)?;
        let hash = Some(Hash::of(bytes));
        if self.way == Way::InPlace
            && let Some(file) = self.create_in_place(entry)?
        {
            let stat = self.fill(file, |file| self.write(file, path, bytes))?;
            return Ok(self.written(entry, hash, stat));
        }
        let here = self.look(n, entry)?;
        if let Here::File(length) = here
            && length == bytes.len() as u64
            && bytes::same(&self.place(path), bytes).map_err(|e| self.refused(path, &e))?
        {
            return Ok(self.unchanged(entry, hash));
        }
        self.may_replace(path, &here)?;
        let file = self.create(n, entry)?;
        let stat = self.fill(file, |file| self.write(file, path, bytes))?;
        Ok(self.written(entry, hash, stat))
    }

    fn copy_now(&self, path: &str, from: &mut dyn Read) -> Result<Put, Diag> {
        let (n, entry) = self.begin(path)?;
        let mut buffer = vec![0; CHUNK];
        let mut digest = Digest::default();
        // How many bytes are equal to those in place, and how many more the buffer holds.
        let (mut equal, mut fresh) = (0, 0);
        let mut file = if self.way == Way::InPlace { self.create_in_place(entry)? } else { None };
        if file.is_none() {
            let here = self.look(n, entry)?;
            if let Here::File(length) = here {
                let mut place = File::open(self.place(path)).map_err(|e| self.refused(path, &e))?;
                let mut there = vec![0; CHUNK];
                loop {
                    fresh = bytes::read_full(from, &mut buffer).map_err(|e| fault::unreadable(&e))?;
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
            self.may_replace(path, &here)?;
            file = Some(self.create(n, entry)?);
        }
        let Some(file) = file else { return Err(fault::occupied(path)) };
        let stat = self.fill(file, |file| {
            if equal > 0 {
                let same = File::open(self.place(path)).map_err(|e| self.refused(path, &e))?;
                self.pour(file, path, &mut same.take(equal), None)?;
            }
            self.write(file, path, &buffer[..fresh])?;
            self.pour(file, path, from, Some(&mut digest))
        })?;
        Ok(self.written(entry, digest.finish(), stat))
    }
}

impl DiskSink {
    /// Writes all that `from` holds.
    fn pour(
        &self,
        file: &mut File,
        path: &str,
        from: &mut dyn Read,
        mut digest: Option<&mut Digest>,
    ) -> Result<(), Diag> {
        let mut buffer = vec![0; CHUNK];
        loop {
            let got = bytes::read_full(from, &mut buffer).map_err(|e| fault::unreadable(&e))?;
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
fn is_free(out: &Path, plan: &Plan) -> io::Result<bool> {
    let mut names: Vec<&str> = plan.entries().iter().map(|e| e.path.split('/').next().unwrap_or("")).collect();
    names.dedup();
    let taken: HashSet<String> = names.into_iter().map(fold_key).collect();
    for item in fs::read_dir(out)? {
        if taken.contains(&fold_key(&item?.file_name().to_string_lossy())) {
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
