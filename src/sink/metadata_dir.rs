//! The hidden folder `<out>/.puzhi/`: the lock, the list, the staging folder. Entered by one build at a time, and left
//! without a trace if no list came to be.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::folders::is_folder;
use super::fs_ops;
use super::io_error::{self, IoError};
use super::manifest::Manifest;
use super::plan::METADATA_DIR;
use puzhi_core::base::ContentHash;
use puzhi_core::diag::Diagnostic;
use puzhi_core::diag::codes::output::OUT_LOCKED;

/// A longer list than this was not written by a build.
const MAX_MANIFEST_BYTES: u64 = 1 << 30;

/// What is known of earlier builds.
pub(super) enum ManifestState {
    /// No build wrote here.
    Nothing,
    /// A build wrote here, but its list cannot be understood.
    Lost,
    Known(Manifest),
}

pub(super) struct MetadataDir {
    pub out: PathBuf,
    dir: PathBuf,
    /// Held while this build runs.
    _lock: File,
    /// Folders this build created so that the room could be: the output folder and those above it, outermost first.
    created_out: Vec<PathBuf>,
    created_dir: bool,
    /// Hash of the list that is on disk.
    manifest_hash: Option<ContentHash>,
    staging: OnceLock<Result<(), IoError>>,
}

impl MetadataDir {
    /// Creates what is missing and takes the lock.
    pub fn enter(out: &Path) -> Result<Self, Diagnostic> {
        let mut guard = EnterGuard { out, created_out: Vec::new(), created_dir: false, kept: false };
        create_out(out, &mut guard.created_out).map_err(|e| io_error::refused(out, "", &e))?;
        let dir = out.join(METADATA_DIR);
        match fs_ops::create_folder(&dir) {
            Ok(()) => guard.created_dir = true,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => match fs::symlink_metadata(&dir) {
                Ok(meta) if meta.is_dir() => {}
                Ok(meta) if meta.is_symlink() => return Err(io_error::link_inside(out, METADATA_DIR)),
                Ok(_) => return Err(io_error::refused(out, METADATA_DIR, &io::ErrorKind::NotADirectory.into())),
                Err(error) => return Err(io_error::refused(out, METADATA_DIR, &error)),
            },
            Err(error) => return Err(io_error::refused(out, METADATA_DIR, &error)),
        }
        let lock = take_lock(out, &dir.join("lock"))?;
        guard.kept = true;
        let (created_out, created_dir) = (std::mem::take(&mut guard.created_out), guard.created_dir);
        let metadata = Self {
            out: out.to_path_buf(),
            dir,
            _lock: lock,
            created_out,
            created_dir,
            manifest_hash: None,
            staging: OnceLock::new(),
        };
        metadata.clear_staging().map_err(|e| metadata.refused("staging", &e))?;
        Ok(metadata)
    }

    /// Reads the list.
    pub fn read(&mut self) -> Result<ManifestState, Diagnostic> {
        let path = self.dir.join("files");
        let meta = match fs::symlink_metadata(&path) {
            Ok(meta) => meta,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(ManifestState::Nothing),
            Err(error) => return Err(self.refused("files", &error)),
        };
        // Until it is understood: something is there, and it differs from what will be written.
        self.manifest_hash = Some(ContentHash::of(b""));
        if !meta.is_file() || meta.len() > MAX_MANIFEST_BYTES {
            return Ok(ManifestState::Lost);
        }
        let mut text = Vec::new();
        File::open(&path)
            .and_then(|f| f.take(MAX_MANIFEST_BYTES).read_to_end(&mut text))
            .map_err(|e| self.refused("files", &e))?;
        Ok(match Manifest::parse(&text) {
            Some(manifest) => {
                self.manifest_hash = Some(ContentHash::of(&text));
                ManifestState::Known(manifest)
            }
            None => ManifestState::Lost,
        })
    }

    /// Replaces the list as a whole, unless the same is there. A list in flight is on the disk when this returns: what
    /// it announces must not overtake it.
    pub fn write(&mut self, text: &str) -> Result<(), Diagnostic> {
        let hash = ContentHash::of(text.as_bytes());
        if self.manifest_hash == Some(hash) {
            return Ok(());
        }
        self.replace(text.as_bytes()).map_err(|e| self.refused("files", &e))?;
        self.manifest_hash = Some(hash);
        Ok(())
    }

    fn replace(&self, text: &[u8]) -> io::Result<()> {
        let new = self.dir.join("files.new");
        if fs::symlink_metadata(&new).is_ok() {
            fs_ops::remove_file(&new)?;
        }
        let mut file = fs_ops::create_file(&new)?;
        fs_ops::write(&mut file, text)?;
        fs_ops::sync_file(&file)?;
        drop(file);
        fs_ops::rename(&new, &self.dir.join("files"))?;
        fs_ops::sync_folder(&self.dir)
    }

    /// Forgets the list: nothing of this build is in the output folder any more.
    pub fn forget(&mut self) -> io::Result<()> {
        fs_ops::remove_file(&self.dir.join("files"))?;
        self.manifest_hash = None;
        Ok(())
    }

    /// Where output number `n` waits for its turn.
    pub fn staged(&self, n: usize) -> Result<PathBuf, IoError> {
        let staging = self.dir.join("staging");
        self.staging
            .get_or_init(|| fs_ops::create_folder(&staging).map_err(|e| IoError::new(&e, ".puzhi/staging")))
            .clone()?;
        Ok(staging.join(format!("{n:x}")))
    }

    /// Removes what waits, also what a killed build left.
    pub fn clear_staging(&self) -> io::Result<()> {
        let staging = self.dir.join("staging");
        match fs::symlink_metadata(&staging) {
            Ok(meta) if meta.is_dir() => fs_ops::remove_tree(&staging),
            Ok(_) => fs_ops::remove_file(&staging),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn refused(&self, at: &str, error: &io::Error) -> Diagnostic {
        io_error::refused(&self.out, &format!("{METADATA_DIR}/{at}"), error)
    }
}

impl Drop for MetadataDir {
    fn drop(&mut self) {
        if self.staging.get().is_some() {
            let _ = self.clear_staging();
        }
        if self.manifest_hash.is_none() && self.created_dir {
            remove_traces(&self.out, &self.created_out, true, true);
        }
    }
}

/// Takes back what entering created, if entering fails.
struct EnterGuard<'o> {
    out: &'o Path,
    created_out: Vec<PathBuf>,
    created_dir: bool,
    kept: bool,
}

impl Drop for EnterGuard<'_> {
    fn drop(&mut self) {
        // A build that failed to take the lock must not remove it.
        if !self.kept {
            remove_traces(self.out, &self.created_out, self.created_dir, false);
        }
    }
}

/// Removes an empty room and the folders that were created for it. On systems where it cannot be told whether a lock
/// is still the one in the folder, the lock and so the room stay.
fn remove_traces(out: &Path, created_out: &[PathBuf], created_dir: bool, locked: bool) {
    let dir = out.join(METADATA_DIR);
    if locked && cfg!(unix) {
        let _ = fs_ops::remove_file(&dir.join("lock"));
    }
    if created_dir {
        let _ = fs_ops::remove_folder(&dir);
    }
    for folder in created_out.iter().rev() {
        let _ = fs_ops::remove_folder(folder);
    }
}

/// Creates the output folder; it may be a link to a folder.
fn create_out(out: &Path, made: &mut Vec<PathBuf>) -> io::Result<()> {
    let missing: Vec<&Path> =
        out.ancestors().take_while(|p| !p.as_os_str().is_empty() && fs::symlink_metadata(p).is_err()).collect();
    for folder in missing.into_iter().rev() {
        match fs_ops::create_folder(folder) {
            Ok(()) => made.push(folder.to_path_buf()),
            // Another program was faster, or the path says `a/..`.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && is_folder(folder) => {}
            Err(error) => return Err(error),
        }
    }
    if fs::metadata(out)?.is_dir() { Ok(()) } else { Err(io::ErrorKind::NotADirectory.into()) }
}

fn take_lock(out: &Path, path: &Path) -> Result<File, Diagnostic> {
    let refused = |error: &io::Error| io_error::refused(out, ".puzhi/lock", error);
    // A build that leaves without a trace removes its lock; whoever opened that file before must try again.
    // One that is held is waited for a moment: a program that this process is just starting holds a copy until it runs.
    for _ in 0..50 {
        match fs::symlink_metadata(path) {
            Ok(meta) if meta.is_symlink() => return Err(io_error::link_inside(out, ".puzhi/lock")),
            Ok(meta) if !meta.is_file() => return Err(refused(&io::ErrorKind::IsADirectory.into())),
            _ => {}
        }
        let lock = fs_ops::open_lock(path).map_err(|e| refused(&e))?;
        match lock.try_lock() {
            Ok(()) if is_at(&lock, path) => return Ok(lock),
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => std::thread::sleep(std::time::Duration::from_millis(10)),
            Err(TryLockError::Error(error)) => return Err(refused(&error)),
        }
    }
    Err(Diagnostic::new(&OUT_LOCKED).arg("folder", out.display()))
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
