//! Changes of several files at once, which are shown before they are made and can be taken back.
//!
//! Input: files as they are and as they are to be. Output: a [`Plan`], the same as a list for the person at the desk, and the files
//! changed. A plan is made only if each file still is as it was planned.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use puzhi_core::base::{ContentHash, SitePath};

use super::answer::{Refusal, site_path};
use super::difference::{difference, shortened};
use super::files::{SiteFiles, TextFile};
use super::kept::KeptFiles;

/// One file before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FileChange {
    /// The file.
    pub path: SitePath,
    /// Its bytes now; `None` if it is not there.
    pub before: Option<Vec<u8>>,
    /// Its bytes then; `None` if it is to go.
    pub after: Option<Vec<u8>>,
    /// Where it goes, if it is to go to another place.
    pub moved_to: Option<SitePath>,
}

impl FileChange {
    /// A file whose bytes change.
    pub fn new(path: SitePath, before: Option<Vec<u8>>, after: Option<Vec<u8>>) -> Self {
        FileChange { path, before, after, moved_to: None }
    }
}

/// A plan while it is made: see [`Plan::finish`].
#[derive(Serialize, Deserialize)]
struct Journal {
    note: String,
    files: Vec<JournalFile>,
}

/// A file of a plan, with hashes in place of bytes.
#[derive(Serialize, Deserialize)]
struct JournalFile {
    path: String,
    before: Option<String>,
    after: Option<String>,
    moved_to: Option<String>,
}

/// Changes that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Plan {
    /// What is done, in words, for the history.
    pub note: String,
    /// The files, each once.
    pub files: Vec<FileChange>,
}

impl Plan {
    /// The files as a list for the person at the desk: what happens to each, and the difference of texts.
    pub fn shown(&self) -> Vec<Json> {
        let text = |path: &SitePath, bytes: &Option<Vec<u8>>| {
            let file = bytes.as_ref().and_then(|bytes| TextFile::of(path, bytes).ok());
            file.map(|file| file.text).unwrap_or_default()
        };
        let moved_to =
            |change: &FileChange| self.files.iter().find(|other| change.moved_to.as_ref() == Some(&other.path));
        let targets: BTreeSet<&SitePath> =
            self.files.iter().filter_map(|change| Some(&moved_to(change)?.path)).collect();
        let shown = |change: &FileChange| {
            let (before, action, to) = match (moved_to(change), &change.before, &change.after) {
                (Some(to), ..) => (text(&change.path, &change.before), "move", Some(to)),
                (None, None, _) => (String::new(), "create", None),
                (None, _, None) => (text(&change.path, &change.before), "remove", None),
                _ => (text(&change.path, &change.before), "change", None),
            };
            let after = to.map_or_else(|| text(&change.path, &change.after), |to| text(&to.path, &to.after));
            json!({
                "path": change.path,
                "to": to.map(|to| &to.path),
                "action": action,
                "diff": shortened(difference(&before, &after)),
            })
        };
        self.files.iter().filter(|change| !targets.contains(&change.path)).map(shown).collect()
    }

    /// Makes the changes, each in the history first, and returns the plan that takes them back.
    ///
    /// # Errors
    /// When a file is not as it was planned, or something was typed for it: nothing is changed then. When the disk refuses a file: what
    /// was changed before is as it was.
    pub fn make(&self, files: &SiteFiles, kept: &mut KeptFiles) -> Result<Plan, Refusal> {
        kept.refuse_unsaved(files, self.paths())?;
        for change in &self.files {
            kept.refuse_held(&change.path)?;
            if files.read(&change.path)? != change.before {
                let said = format!("{} 刚被改过，和刚才看到的不一样了", change.path);
                return Err(Refusal::new(409, "changed-on-disk", said).hint("关掉这个窗口，重新来一次"));
            }
        }
        for bytes in self.files.iter().flat_map(|change| [&change.before, &change.after]).flatten() {
            kept.history.prepare(bytes).map_err(|error| Refusal::disk(&error))?;
        }
        files.set_journal(Some(&self.journal()?))?;
        let made = self.make_all(files, kept);
        let is_whole = made.is_ok()
            || self.files.iter().all(|change| files.read(&change.path).is_ok_and(|now| now == change.before));
        if !is_whole {
            // Neither done nor taken back: it is finished as soon as the disk takes it.
            let said = "只做了一半，磁盘就不让写了。磁盘好了以后会自己接着做完";
            return Err(Refusal::new(500, "half-done", said).hint("先腾出空间，或者接好网络盘"));
        }
        files.set_journal(None)?;
        made
    }

    /// Makes the changes that are not made yet, or takes back what was made of them.
    fn make_all(&self, files: &SiteFiles, kept: &mut KeptFiles) -> Result<Plan, Refusal> {
        // What comes is in place before what goes, so that a crash loses nothing.
        let back: Vec<FileChange> = self.files.iter().map(|change| self.back(change)).collect();
        let pairs = || self.files.iter().zip(&back);
        let coming = pairs().filter(|(change, _)| change.after.is_some());
        let going = pairs().filter(|(change, _)| change.after.is_none());
        let mut done: Vec<&FileChange> = Vec::new();
        for (change, back) in coming.chain(going) {
            if let Err(refusal) = kept.write(files, change, &self.note) {
                for back in done {
                    kept.write(files, back, "没有做成，恢复原样")?;
                }
                return Err(refusal);
            }
            done.push(back);
        }
        Ok(Plan { note: format!("撤销：{}", self.note), files: back })
    }

    /// The plan in a form that is kept while it is made: hashes instead of bytes, which are in the history.
    fn journal(&self) -> Result<Vec<u8>, Refusal> {
        let hash = |bytes: &Option<Vec<u8>>| bytes.as_deref().map(|bytes| ContentHash::of(bytes).to_string());
        let file = |change: &FileChange| JournalFile {
            path: change.path.to_string(),
            before: hash(&change.before),
            after: hash(&change.after),
            moved_to: change.moved_to.as_ref().map(SitePath::to_string),
        };
        let journal = Journal { note: self.note.clone(), files: self.files.iter().map(file).collect() };
        serde_json::to_vec(&journal).map_err(|error| Refusal::disk(&error.into()))
    }

    /// Finishes a plan that a crash cut off, and returns the plan that takes it back. A file that somebody has changed since is left
    /// alone.
    pub fn finish(files: &SiteFiles, kept: &mut KeptFiles) -> Option<Plan> {
        let journal: Journal = serde_json::from_slice(&files.journal()?).ok()?;
        let bytes = |hash: &Option<String>| match hash {
            Some(hash) => kept.history.bytes(ContentHash::parse(hash)?).map(Some),
            None => Some(None),
        };
        let change = |file: &JournalFile| {
            let (path, moved_to) = (site_path(&file.path).ok()?, file.moved_to.as_deref().map(site_path));
            let (before, after) = (bytes(&file.before)?, bytes(&file.after)?);
            Some(FileChange { path, before, after, moved_to: moved_to.transpose().ok()? })
        };
        let changes: Option<Vec<FileChange>> = journal.files.iter().map(change).collect();
        let is_ours =
            |change: &FileChange| files.read(&change.path).is_ok_and(|now| now == change.before || now == change.after);
        let mut changes = changes?;
        changes.retain(is_ours);
        // What was to go to another place stays if that place has it not and will not have it.
        let arrives = |target: &SitePath| changes.iter().any(|change| change.path == *target && change.after.is_some());
        let stays: Vec<SitePath> = changes
            .iter()
            .filter(|change| change.moved_to.as_ref().is_some_and(|target| !arrives(target)))
            .map(|change| change.path.clone())
            .collect();
        changes.retain(|change| !stays.contains(&change.path));
        let made = Plan { note: journal.note, files: changes }.make_all(files, kept).ok()?;
        files.set_journal(None).ok()?;
        Some(made)
    }

    /// The change that takes one back.
    fn back(&self, change: &FileChange) -> FileChange {
        let origin = self.files.iter().find(|other| other.moved_to.as_ref() == Some(&change.path));
        let (before, after) = (change.after.clone(), change.before.clone());
        FileChange { path: change.path.clone(), before, after, moved_to: origin.map(|origin| origin.path.clone()) }
    }

    /// The files.
    pub fn paths(&self) -> impl Iterator<Item = &SitePath> {
        self.files.iter().map(|change| &change.path)
    }
}
