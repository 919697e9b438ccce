//! The log of versions: one line for each, with a checksum of its own. Each writer has a file of its own, so that two on one drive never
//! write the same.
//!
//! Input: versions. Output: lines of files, and the versions of all lines that are whole. A line is on the disk when
//! [`VersionLog::append`] returns.
#![expect(clippy::disallowed_methods, reason = "keeps earlier versions of the files of a site")]

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::source::{sync_folder, write_durably};
use puzhi_core::base::{ContentHash, SitePath};

/// Largest log, in bytes, of which more is not read.
const MAX_LOG: u64 = 64 << 20;
/// Digits of a line's checksum.
const CHECK: usize = 12;

/// Where a version comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Author {
    /// It was saved at the desk.
    Desk,
    /// It was found on the disk.
    Disk,
}

/// One version of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// When it was kept.
    pub at: Timestamp,
    /// The file.
    pub path: SitePath,
    /// The hash of its bytes; `None` if the file was removed.
    #[serde(with = "super::hash_as_text")]
    pub content: Option<ContentHash>,
    /// How many bytes it has.
    pub bytes: u64,
    /// Where it comes from.
    pub by: Author,
    /// What was done, in words.
    #[serde(default)]
    pub note: String,
    /// Where the file went, if it was not removed but moved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved_to: Option<SitePath>,
}

impl Version {
    /// Names this version among all.
    pub fn id(&self) -> String {
        let content = self.content.map(|content| content.to_string()).unwrap_or_default();
        ContentHash::of(format!("{}\n{}\n{content}", self.at, self.path).as_bytes()).short(16)
    }

    fn line(&self) -> io::Result<String> {
        let record = serde_json::to_string(self)?;
        Ok(format!("{} {record}\n", ContentHash::of(record.as_bytes()).short(CHECK)))
    }

    fn of_line(line: &str) -> Option<Version> {
        let (check, record) = line.split_once(' ')?;
        let version: Version = serde_json::from_str(record).ok()?;
        let is_whole = ContentHash::of(record.as_bytes()).short(CHECK) == check;
        // The folder may come from somebody else.
        let is_path = SitePath::new(version.path.as_str()).is_ok_and(|path| path == version.path);
        (is_whole && is_path).then_some(version)
    }
}

/// The files of a log.
pub(super) struct VersionLog {
    folder: PathBuf,
    own: PathBuf,
}

impl VersionLog {
    /// Opens the folder.
    pub fn open(folder: PathBuf, writer: &str) -> io::Result<VersionLog> {
        Ok(VersionLog { own: folder.join(format!("{writer}.log")), folder })
    }

    /// All versions whose lines are whole, the earliest first.
    pub fn read(&self) -> io::Result<Vec<Version>> {
        let mut versions = Vec::new();
        for path in self.files()? {
            if std::fs::metadata(&path).is_ok_and(|meta| meta.len() > MAX_LOG) {
                continue;
            }
            let bytes = std::fs::read(&path)?;
            versions.extend(String::from_utf8_lossy(&bytes).lines().filter_map(Version::of_line));
        }
        versions.sort_by(|a, b| (a.at, &a.path).cmp(&(b.at, &b.path)));
        versions.dedup();
        Ok(versions)
    }

    /// Adds a version to the writer's own file.
    pub fn append(&self, version: &Version) -> io::Result<()> {
        let is_new = std::fs::symlink_metadata(&self.own).is_err();
        let mut file = OpenOptions::new().create(true).append(true).read(true).open(&self.own)?;
        // What a crash cut off must not take the next line with it.
        let cut = !is_new && !std::fs::read(&self.own)?.ends_with(b"\n") && file.metadata()?.len() > 0;
        let line = version.line()?;
        file.write_all(format!("{}{line}", if cut { "\n" } else { "" }).as_bytes())?;
        file.sync_all()?;
        if is_new { sync_folder(&self.own) } else { Ok(()) }
    }

    /// Puts these versions in place of all lines of all files.
    pub fn replace_all(&self, versions: &[Version]) -> io::Result<()> {
        let lines: String = versions.iter().map(Version::line).collect::<io::Result<String>>()?;
        write_durably(&self.own, lines.as_bytes())?;
        for path in self.files()?.into_iter().filter(|path| *path != self.own) {
            std::fs::remove_file(path)?;
        }
        Ok(())
    }

    fn files(&self) -> io::Result<Vec<PathBuf>> {
        let mut files = Vec::new();
        for entry in std::fs::read_dir(&self.folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "log") {
                files.push(path);
            }
        }
        files.sort();
        Ok(files)
    }
}
