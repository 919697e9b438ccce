//! Writing a file whole or not at all.

use std::path::Path;

/// Writes `bytes` to a new file beside `path` and renames it to `path`, so that readers see the old or the new content.
/// The new file's name starts with a dot: a build does not take what an interrupted run left for a file of the site.
///
/// # Errors
/// When `path` names no file, or writing or renaming fails; the new file is removed then.
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
