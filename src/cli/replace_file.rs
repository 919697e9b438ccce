//! Atomic replacement of a file.
//!
//! Input: a path and bytes. Output: the file with these bytes, or the unchanged old file and an error.
#![expect(clippy::disallowed_methods, reason = "the command line talks to people, files and the environment")]

use std::path::Path;

/// Writes `bytes` to a temporary file beside `path` and renames it to `path`, so that readers see either the old or the new content.
/// The temporary file's name starts with a dot, because builds ignore such files: one left by an interrupted run does no harm.
///
/// # Errors
/// When `path` has no file name, or writing or renaming fails. The temporary file is removed then.
pub(super) fn replace_file(path: &Path, bytes: impl AsRef<[u8]>) -> std::io::Result<()> {
    let name = path.file_name().ok_or(std::io::ErrorKind::InvalidFilename)?;
    let mut new_name = std::ffi::OsString::from(".");
    new_name.push(name);
    new_name.push(".new");
    let new = path.with_file_name(new_name);
    std::fs::write(&new, bytes)
        .and_then(|()| std::fs::rename(&new, path))
        .inspect_err(|_| drop(std::fs::remove_file(&new)))
}
