//! Atomic replacement of a file.
//!
//! Input: a path and bytes. Output: the file with these bytes, or the unchanged old file and an error.
#![expect(clippy::disallowed_methods, reason = "the command line talks to people, files and the environment")]

use std::ffi::OsString;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Writes `bytes` to a temporary file beside `path` and renames it to `path`, so that readers see either the old or the new content.
/// The temporary file's name starts with a dot, because builds ignore such files: one left by an interrupted run does no harm.
///
/// # Errors
/// When `path` has no file name, or writing or renaming fails. The temporary file is removed then.
pub(super) fn replace_file(path: &Path, bytes: impl AsRef<[u8]>) -> std::io::Result<()> {
    let new = name_beside(path)?;
    std::fs::write(&new, bytes)
        .and_then(|()| std::fs::rename(&new, path))
        .inspect_err(|_| drop(std::fs::remove_file(&new)))
}

/// Replaces an existing file in the same way, with the permissions that it has. The bytes are on the disk when this returns. No link
/// that lies at the place of the temporary file is followed.
///
/// # Errors
/// When `path` is not there, or writing or renaming fails. The temporary file is removed then.
pub(super) fn replace_contents(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let permissions = std::fs::metadata(path)?.permissions();
    let new = name_beside(path)?;
    let _ = std::fs::remove_file(&new);
    let write = || -> std::io::Result<()> {
        let mut file = File::create_new(&new)?;
        file.write_all(bytes)?;
        file.set_permissions(permissions)?;
        file.sync_all()?;
        drop(file);
        std::fs::rename(&new, path)
    };
    write().inspect_err(|_| drop(std::fs::remove_file(&new)))
}

/// The name of the temporary file beside `path`.
fn name_beside(path: &Path) -> std::io::Result<PathBuf> {
    let name = path.file_name().ok_or(std::io::ErrorKind::InvalidFilename)?;
    let mut new_name = OsString::from(".");
    new_name.push(name);
    new_name.push(".new");
    Ok(path.with_file_name(new_name))
}
