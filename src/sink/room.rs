//! The hidden folder `<out>/.puzhi/`: the lock, the list, the staging folder. Entered by one build at a time, and left
//! without a trace if no list came to be.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::fault::{self, Fault};
use super::folders::is_folder;
use super::hands;
use super::plan::ROOM;
use super::record::Record;
use puzhi_core::base::Hash;
use puzhi_core::diag::Diag;
use puzhi_core::diag::codes::output::OUT_LOCKED;

/// A longer list than this was not written by a build.
const LIST_LIMIT: u64 = 1 << 30;

/// What is known of earlier builds.
pub(super) enum Knowledge {
    /// No build wrote here.
    Nothing,
    /// A build wrote here, but its list cannot be understood.
    Lost,
    Known(Record),
}

pub(super) struct Room {
    pub out: PathBuf,
    dir: PathBuf,
    /// Held while this build runs.
    _lock: File,
    /// Folders this build created so that the room could be: the output folder and those above it, outermost first.
    made_out: Vec<PathBuf>,
    made_dir: bool,
    /// Hash of the list that is on disk.
    listed: Option<Hash>,
    staging: OnceLock<Result<(), Fault>>,
}

impl Room {
    /// Creates what is missing and takes the lock.
    pub fn enter(out: &Path) -> Result<Self, Diag> {
        let mut trace = Trace { out, made_out: Vec::new(), made_dir: false, kept: false };
        create_out(out, &mut trace.made_out).map_err(|e| fault::refused(out, "", &e))?;
        let dir = out.join(ROOM);
        match hands::create_folder(&dir) {
            Ok(()) => trace.made_dir = true,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => match fs::symlink_metadata(&dir) {
                Ok(meta) if meta.is_dir() => {}
                Ok(meta) if meta.is_symlink() => return Err(fault::link_inside(out, ROOM)),
                Ok(_) => return Err(fault::refused(out, ROOM, &io::ErrorKind::NotADirectory.into())),
                Err(error) => return Err(fault::refused(out, ROOM, &error)),
            },
            Err(error) => return Err(fault::refused(out, ROOM, &error)),
        }
        let lock = take_lock(out, &dir.join("lock"))?;
        trace.kept = true;
        let (made_out, made_dir) = (std::mem::take(&mut trace.made_out), trace.made_dir);
        let room = Self {
            out: out.to_path_buf(),
            dir,
            _lock: lock,
            made_out,
            made_dir,
            listed: None,
            staging: OnceLock::new(),
        };
        room.clear_staging().map_err(|e| room.refused("staging", &e))?;
        Ok(room)
    }

    /// Reads the list.
    pub fn read(&mut self) -> Result<Knowledge, Diag> {
        let path = self.dir.join("files");
        let meta = match fs::symlink_metadata(&path) {
            Ok(meta) => meta,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Knowledge::Nothing),
            Err(error) => return Err(self.refused("files", &error)),
        };
        // Until it is understood: something is there, and it differs from what will be written.
        self.listed = Some(Hash::of(b""));
        if !meta.is_file() || meta.len() > LIST_LIMIT {
            return Ok(Knowledge::Lost);
        }
        let mut text = Vec::new();
        File::open(&path)
            .and_then(|f| f.take(LIST_LIMIT).read_to_end(&mut text))
            .map_err(|e| self.refused("files", &e))?;
        Ok(match Record::parse(&text) {
            Some(record) => {
                self.listed = Some(Hash::of(&text));
                Knowledge::Known(record)
            }
            None => Knowledge::Lost,
        })
    }

    /// Replaces the list as a whole, unless the same is there. A list in flight is on the disk when this returns: what
    /// it announces must not overtake it.
    pub fn write(&mut self, text: &str) -> Result<(), Diag> {
        let hash = Hash::of(text.as_bytes());
        if self.listed == Some(hash) {
            return Ok(());
        }
        self.replace(text.as_bytes()).map_err(|e| self.refused("files", &e))?;
        self.listed = Some(hash);
        Ok(())
    }

    fn replace(&self, text: &[u8]) -> io::Result<()> {
        let new = self.dir.join("files.new");
        if fs::symlink_metadata(&new).is_ok() {
            hands::remove_file(&new)?;
        }
        let mut file = hands::create_file(&new)?;
        hands::write(&mut file, text)?;
        hands::settle(&file)?;
        drop(file);
        hands::rename(&new, &self.dir.join("files"))?;
        hands::settle_folder(&self.dir)
    }

    /// Forgets the list: nothing of this build is in the output folder any more.
    pub fn forget(&mut self) -> io::Result<()> {
        hands::remove_file(&self.dir.join("files"))?;
        self.listed = None;
        Ok(())
    }

    /// Where output number `n` waits for its turn.
    pub fn staged(&self, n: usize) -> Result<PathBuf, Fault> {
        let staging = self.dir.join("staging");
        self.staging
            .get_or_init(|| hands::create_folder(&staging).map_err(|e| Fault::new(&e, ".puzhi/staging")))
            .clone()?;
        Ok(staging.join(format!("{n:x}")))
    }

    /// Removes what waits, also what a killed build left.
    pub fn clear_staging(&self) -> io::Result<()> {
        let staging = self.dir.join("staging");
        match fs::symlink_metadata(&staging) {
            Ok(meta) if meta.is_dir() => hands::remove_tree(&staging),
            Ok(_) => hands::remove_file(&staging),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn refused(&self, at: &str, error: &io::Error) -> Diag {
        fault::refused(&self.out, &format!("{ROOM}/{at}"), error)
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        if self.staging.get().is_some() {
            let _ = self.clear_staging();
        }
        if self.listed.is_none() && self.made_dir {
            leave(&self.out, &self.made_out, true, true);
        }
    }
}

/// Takes back what entering created, if entering fails.
struct Trace<'o> {
    out: &'o Path,
    made_out: Vec<PathBuf>,
    made_dir: bool,
    kept: bool,
}

impl Drop for Trace<'_> {
    fn drop(&mut self) {
        // A build that failed to take the lock must not remove it.
        if !self.kept {
            leave(self.out, &self.made_out, self.made_dir, false);
        }
    }
}

/// Removes an empty room and the folders that were created for it. On systems where it cannot be told whether a lock
/// is still the one in the folder, the lock and so the room stay.
fn leave(out: &Path, made_out: &[PathBuf], made_dir: bool, locked: bool) {
    let dir = out.join(ROOM);
    if locked && cfg!(unix) {
        let _ = hands::remove_file(&dir.join("lock"));
    }
    if made_dir {
        let _ = hands::remove_folder(&dir);
    }
    for folder in made_out.iter().rev() {
        let _ = hands::remove_folder(folder);
    }
}

/// Creates the output folder; it may be a link to a folder.
fn create_out(out: &Path, made: &mut Vec<PathBuf>) -> io::Result<()> {
    let missing: Vec<&Path> =
        out.ancestors().take_while(|p| !p.as_os_str().is_empty() && fs::symlink_metadata(p).is_err()).collect();
    for folder in missing.into_iter().rev() {
        match hands::create_folder(folder) {
            Ok(()) => made.push(folder.to_path_buf()),
            // Another program was faster, or the path says `a/..`.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && is_folder(folder) => {}
            Err(error) => return Err(error),
        }
    }
    if fs::metadata(out)?.is_dir() { Ok(()) } else { Err(io::ErrorKind::NotADirectory.into()) }
}

fn take_lock(out: &Path, path: &Path) -> Result<File, Diag> {
    let refused = |error: &io::Error| fault::refused(out, ".puzhi/lock", error);
    // A build that leaves without a trace removes its lock; whoever opened that file before must try again.
    // One that is held is waited for a moment: a program that this process is just starting holds a copy until it runs.
    for _ in 0..50 {
        match fs::symlink_metadata(path) {
            Ok(meta) if meta.is_symlink() => return Err(fault::link_inside(out, ".puzhi/lock")),
            Ok(meta) if !meta.is_file() => return Err(refused(&io::ErrorKind::IsADirectory.into())),
            _ => {}
        }
        let lock = hands::open_lock(path).map_err(|e| refused(&e))?;
        match lock.try_lock() {
            Ok(()) if is_at(&lock, path) => return Ok(lock),
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => std::thread::sleep(std::time::Duration::from_millis(10)),
            Err(TryLockError::Error(error)) => return Err(refused(&error)),
        }
    }
    Err(Diag::new(&OUT_LOCKED).arg("folder", out.display()))
}

/// Whether `file` is still the one that `path` names.
fn is_at(file: &File, path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let id = |meta: fs::Metadata| (meta.dev(), meta.ino());
        matches!((file.metadata().map(id), fs::symlink_metadata(path).map(id)), (Ok(a), Ok(b)) if a == b)
    }
    #[cfg(not(unix))]
    {
        // Locks are never removed there, see `leave`.
        let _ = (file, path);
        true
    }
}
