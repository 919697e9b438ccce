//! All calls of the sink that change the disk. Callers check paths and links; tests can make any of these calls fail.
#![expect(clippy::disallowed_methods, reason = "writes the output folder")]

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

/// Creates one folder, which must not exist.
pub(super) fn create_folder(path: &Path) -> io::Result<()> {
    crash::checkpoint()?;
    fs::create_dir(path)
}

/// Creates a file that must not exist; a link there counts as existing.
pub(super) fn create_file(path: &Path) -> io::Result<File> {
    crash::checkpoint()?;
    File::create_new(path)
}

/// Opens the lock file, which is never read or written.
pub(super) fn open_lock(path: &Path) -> io::Result<File> {
    crash::checkpoint()?;
    File::options().write(true).create(true).truncate(false).open(path)
}

pub(super) fn write(file: &mut File, bytes: &[u8]) -> io::Result<()> {
    if let Err(killed) = crash::checkpoint() {
        // A kill can leave any part of a write behind.
        file.write_all(&bytes[..bytes.len() / 2])?;
        return Err(killed);
    }
    file.write_all(bytes)
}

/// Moves a file, replacing a file or link at `to`.
pub(super) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    crash::checkpoint()?;
    // On Windows a virus scanner or a viewer may hold a file for a moment.
    let mut attempts_left = if cfg!(windows) { 20 } else { 0 };
    loop {
        match fs::rename(from, to) {
            Err(error) if attempts_left > 0 && error.kind() == io::ErrorKind::PermissionDenied => {
                attempts_left -= 1;
                std::thread::sleep(Duration::from_millis(50));
            }
            done => return done,
        }
    }
}

pub(super) fn remove_file(path: &Path) -> io::Result<()> {
    crash::checkpoint()?;
    fs::remove_file(path)
}

/// Removes an empty folder.
pub(super) fn remove_folder(path: &Path) -> io::Result<()> {
    crash::checkpoint()?;
    fs::remove_dir(path)
}

/// Removes a folder with all in it; links in it are removed, not followed.
pub(super) fn remove_tree(path: &Path) -> io::Result<()> {
    crash::checkpoint()?;
    fs::remove_dir_all(path)
}

/// Waits until the file's bytes are on the disk.
pub(super) fn sync_file(file: &File) -> io::Result<()> {
    crash::checkpoint()?;
    // A test stops the process, not the machine.
    if cfg!(test) { Ok(()) } else { file.sync_all() }
}

/// Waits until the names in the folder are on the disk, where the system can do that.
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        crash::checkpoint()?;
        if cfg!(test) { Ok(()) } else { File::open(path)?.sync_all() }
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        Ok(())
    }
}

#[cfg(not(test))]
mod crash {
    pub fn checkpoint() -> std::io::Result<()> {
        Ok(())
    }
}

/// In tests, simulates a process that is killed at any of these calls.
#[cfg(test)]
pub(super) mod crash {
    use std::cell::Cell;

    thread_local! {
        static LEFT: Cell<usize> = const { Cell::new(usize::MAX) };
    }

    /// Lets this thread make `steps` more changes and fails all after those.
    pub fn after(steps: usize) {
        LEFT.set(steps);
    }

    /// Ends the simulation for this thread; returns whether a call has failed.
    pub fn reset() -> bool {
        LEFT.replace(usize::MAX) == 0
    }

    pub fn checkpoint() -> std::io::Result<()> {
        match LEFT.get() {
            0 => Err(std::io::ErrorKind::Interrupted.into()),
            usize::MAX => Ok(()),
            left => {
                LEFT.set(left - 1);
                Ok(())
            }
        }
    }
}
