//! The metadata folder `<out>/.puzhi/`: lock, manifest and staging folder. One build at a time can enter it; if a build writes no
//! manifest, it removes what it created there.
#![expect(clippy::disallowed_methods, reason = "writes the output folder")]

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use super::folders::is_folder;
use super::fs_ops;
use super::io_error::{self, IoError};
use super::manifest::Manifest;
use super::plan::{MANIFEST, METADATA_DIR};
use crate::engine::{retry_until, try_lock};
use puzhi_core::base::ContentHash;
use puzhi_core::diag::Diagnostic;
use puzhi_core::diag::codes::output::OUT_LOCKED;

/// How long a build waits for the lock of an output folder.
const LOCK_TIMEOUT: Duration = Duration::from_millis(500);

/// A manifest longer than this was not written by a build.
const MAX_MANIFEST_BYTES: u64 = 1 << 30;

/// What the manifest says of earlier builds.
pub(super) enum ManifestState {
    /// No build wrote here.
    Nothing,
    /// A build wrote here, but its manifest is damaged.
    Lost,
    Known(Manifest),
}

/// The metadata folder, entered and locked.
pub(super) struct MetadataDir {
    pub out: PathBuf,
    dir: PathBuf,
    /// Locked until this value is dropped.
    _lock: File,
    /// Folders that this build had to create above the metadata folder: the output folder and its parents, outermost first.
    created_out: Vec<PathBuf>,
    created_dir: bool,
    /// Hash of the manifest on disk; `None` while there is none.
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

    /// Reads the manifest.
    pub fn read(&mut self) -> Result<ManifestState, Diagnostic> {
        let path = self.dir.join(MANIFEST);
        let meta = match fs::symlink_metadata(&path) {
            Ok(meta) => meta,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(ManifestState::Nothing),
            Err(error) => return Err(self.refused(MANIFEST, &error)),
        };
        // Until it is parsed: a file is there, and it differs from every manifest to be written.
        self.manifest_hash = Some(ContentHash::of(b""));
        if !meta.is_file() || meta.len() > MAX_MANIFEST_BYTES {
            return Ok(ManifestState::Lost);
        }
        let mut text = Vec::new();
        File::open(&path)
            .and_then(|f| f.take(MAX_MANIFEST_BYTES).read_to_end(&mut text))
            .map_err(|e| self.refused(MANIFEST, &e))?;
        Ok(match Manifest::parse(&text) {
            Some(manifest) => {
                self.manifest_hash = Some(ContentHash::of(&text));
                ManifestState::Known(manifest)
            }
            None => ManifestState::Lost,
        })
    }

    /// Replaces the manifest, unless it is the same. It is synced to the disk when this returns, because an in-flight manifest must
    /// not reach the disk later than the changes it announces.
    pub fn write(&mut self, text: &str) -> Result<(), Diagnostic> {
        let hash = ContentHash::of(text.as_bytes());
        if self.manifest_hash == Some(hash) {
            return Ok(());
        }
        self.replace(text.as_bytes()).map_err(|e| self.refused(MANIFEST, &e))?;
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
        fs_ops::rename(&new, &self.dir.join(MANIFEST))?;
        fs_ops::sync_folder(&self.dir)
    }

    /// Removes the manifest, when nothing of this build is left in the output folder.
    pub fn forget(&mut self) -> io::Result<()> {
        fs_ops::remove_file(&self.dir.join(MANIFEST))?;
        self.manifest_hash = None;
        Ok(())
    }

    /// The staging path of output number `n` of the plan.
    pub fn staged(&self, n: usize) -> Result<PathBuf, IoError> {
        let staging = self.dir.join("staging");
        self.staging
            .get_or_init(|| fs_ops::create_folder(&staging).map_err(|e| IoError::new(&e, ".puzhi/staging")))
            .clone()?;
        Ok(staging.join(format!("{n:x}")))
    }

    /// Removes the staging folder with all in it, including what a killed build left.
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

/// Removes what entering created if entering fails.
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

/// Removes an empty metadata folder and the folders that were created for it. Where the system cannot tell whether an open lock file
/// is still the one in the folder (see [`is_at`]), the lock stays and so does the folder.
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
    // A build that leaves no trace removes its lock file; whoever opened that file before must open the new one. A lock that is held
    // is waited for shortly: a child process that is just being started holds a copy of the handle until it runs its program.
    let attempt = || {
        match fs::symlink_metadata(path) {
            Ok(meta) if meta.is_symlink() => return Err(io_error::link_inside(out, ".puzhi/lock")),
            Ok(meta) if !meta.is_file() => return Err(refused(&io::ErrorKind::IsADirectory.into())),
            _ => {}
        }
        let lock = fs_ops::open_lock(path).map_err(|e| refused(&e))?;
        let locked = try_lock(&lock).map_err(|e| refused(&e))? && is_at(&lock, path);
        Ok(locked.then_some(lock))
    };
    retry_until(LOCK_TIMEOUT, attempt)?.ok_or_else(|| Diagnostic::new(&OUT_LOCKED).arg("folder", out.display()))
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
        // Locks are never removed there, see [`remove_traces`].
        let _ = (file, path);
        true
    }
}
