//! Texts that were typed and not saved, so that a crash of browser, program or machine loses none.
//!
//! Input: paths and texts. Output: one file for each, with a checksum, which is on the disk when [`UnsavedFiles::put`] returns.
#![expect(clippy::disallowed_methods, reason = "keeps texts that were typed and not saved")]

use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::source::write_durably;
use puzhi_core::base::{ContentHash, SitePath};

/// A text that was typed and not saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnsavedFile {
    /// The file that it is for.
    pub path: SitePath,
    /// The text.
    pub text: String,
    /// The hash of the file from which it was typed on; `None` for a file that was not there.
    #[serde(with = "super::hash_as_text")]
    pub base: Option<ContentHash>,
    /// When it was typed.
    pub at: Timestamp,
}

/// The folder of these texts.
pub struct UnsavedFiles {
    folder: PathBuf,
}

impl UnsavedFiles {
    /// Opens the folder in that of the history, which is made if it is not there.
    ///
    /// # Errors
    /// When it cannot be made or is a link.
    pub fn open(root: &Path) -> io::Result<UnsavedFiles> {
        Ok(UnsavedFiles { folder: super::own_folder(root, "unsaved")? })
    }

    fn place(&self, path: &SitePath) -> PathBuf {
        self.folder.join(format!("{}.txt", ContentHash::of(path.as_str().as_bytes())))
    }

    /// Keeps a text in place of the last one for its file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn put(&self, file: &UnsavedFile) -> io::Result<()> {
        let record = serde_json::to_string(file)?;
        let line = format!("{}\n{record}\n", ContentHash::of(record.as_bytes()));
        write_durably(&self.place(&file.path), line.as_bytes())
    }

    /// The text for a file, if there is one that is whole.
    pub fn get(&self, path: &SitePath) -> Option<UnsavedFile> {
        let read = Self::read(&self.place(path))?;
        (read.path == *path).then_some(read)
    }

    /// All texts that are whole.
    ///
    /// # Errors
    /// When the folder cannot be listed.
    pub fn all(&self) -> io::Result<Vec<UnsavedFile>> {
        let mut files = Vec::new();
        for entry in std::fs::read_dir(&self.folder)? {
            files.extend(Self::read(&entry?.path()));
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(files)
    }

    fn read(place: &Path) -> Option<UnsavedFile> {
        let text = std::fs::read_to_string(place).ok()?;
        let (check, record) = text.trim_end().split_once('\n')?;
        let file: UnsavedFile = serde_json::from_str(record).ok()?;
        let is_whole = ContentHash::of(record.as_bytes()).to_string() == check;
        let is_path = SitePath::new(file.path.as_str()).is_ok_and(|path| path == file.path);
        (is_whole && is_path).then_some(file)
    }

    /// Lets go of the text for a file.
    ///
    /// # Errors
    /// When it is there and cannot be removed.
    pub fn remove(&self, path: &SitePath) -> io::Result<()> {
        match std::fs::remove_file(self.place(path)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}
