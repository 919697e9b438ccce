//! The end of a build: moves all outputs into place and removes stale files; or, without a commit, restores the folder.
#![expect(clippy::disallowed_methods, reason = "writes the output folder")]

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::io;
use std::path::Path;

use super::disk::{DiskSink, WriteMode, is_alias};
use super::folders::{FolderState, is_folder};
use super::fs_ops;
use super::io_error;
use super::manifest;
use super::plan::{CommitStage, ancestors};
use super::{PutOutcome, Summary};
use puzhi_core::base::{ContentHash, case_folded_key};
use puzhi_core::diag::Diagnostic;
use puzhi_core::diag::codes::output::{OUT_LIST_LOST, STALE_KEPT};

/// Stale files by what is to become of them.
#[derive(Default)]
struct Stale {
    /// In the way of an output: to be removed before it comes.
    before: Vec<String>,
    after: Vec<String>,
    /// The same file as an output whose name differs only in case: to be given the output's name.
    renamed: Vec<(String, String)>,
}

impl DiskSink {
    /// Puts all outputs into place, removes what earlier builds left, and says what changed. What was planned but not
    /// handed over, or could not be read by `copy`, counts as not planned. After any other refusal there is no commit:
    /// a full disk must not look like outputs that are no longer wanted.
    pub fn commit(mut self) -> Result<Summary, Diagnostic> {
        if let Some(refusal) = self.unusable.take().or_else(|| self.occupied.take()) {
            return Err(refusal);
        }
        let mut summary = Summary::default();
        if self.manifest_lost {
            summary.notes.push(Diagnostic::new(&OUT_LIST_LOST).arg("folder", self.metadata.out.display()));
        }
        for (_, outcome) in self.plan.handed_over() {
            match outcome.put {
                PutOutcome::Written => summary.written += 1,
                PutOutcome::Unchanged => summary.unchanged += 1,
            }
        }
        if self.mode == WriteMode::Staged {
            let stale = self.classify_stale(&mut summary)?;
            self.mode = WriteMode::Committing;
            if summary.written + stale.before.len() + stale.after.len() + stale.renamed.len() > 0 {
                let announced = self.in_flight_manifest();
                self.metadata.write(&announced)?;
            }
            summary.removed += self.remove(&stale.before)?;
            self.remove_replaced_folders()?;
            self.rename_staged()?;
            summary.removed += self.remove(&stale.after)?;
            // Only while they still are one file: two hard links have become two files by now.
            for (from, to) in stale.renamed.iter().filter(|(from, to)| is_alias(&self.metadata.out, from, to)) {
                fs_ops::rename(&self.full_path(from), &self.full_path(to)).map_err(|e| self.refused(to, &e))?;
            }
        }
        let mut kept = std::mem::take(&mut self.previous.folders);
        kept.extend(self.folders.created().map(String::from));
        self.remove_emptied(&mut kept)?;
        let text = manifest::text(
            false,
            self.plan.handed_over().map(|(e, o)| (e.path.as_str(), o.hash)),
            kept.iter().map(String::as_str),
        );
        self.metadata.write(&text)?;
        self.mode = WriteMode::Committing;
        Ok(summary)
    }

    /// The in-flight manifest: every file and folder that is or may become ours, with every hash its bytes may have.
    fn in_flight_manifest(&self) -> String {
        let mut lines: Vec<(&str, Option<ContentHash>)> =
            self.previous.entries().iter().map(|l| (l.path.as_str(), l.hash)).collect();
        let mut folders: Vec<&str> = self.previous.folders.iter().map(String::as_str).collect();
        let mut known = self.previous.known_in_order();
        for (entry, outcome) in self.plan.handed_over() {
            if known(&entry.path).iter().any(|l| l.hash == outcome.hash) && outcome.put == PutOutcome::Unchanged {
                continue;
            }
            lines.push((&entry.path, outcome.hash));
            // The folder of what is unchanged is there.
            if outcome.put == PutOutcome::Written {
                let new = self
                    .folders
                    .self_and_ancestors(entry.folder)
                    .take_while(|&f| !matches!(self.folders.folder_state(f), FolderState::Folder));
                folders.extend(new.map(|f| self.folders.path(f)));
            }
        }
        lines.sort();
        lines.dedup();
        folders.sort_unstable();
        folders.dedup();
        manifest::text(true, lines.into_iter(), folders.into_iter())
    }

    /// Finds what earlier builds wrote and this one did not, and notes what people have changed since.
    fn classify_stale(&mut self, summary: &mut Summary) -> Result<Stale, Diagnostic> {
        let mut stale = Stale::default();
        let mut put = self.plan.handed_over().map(|(entry, _)| entry.path.as_str()).peekable();
        let mut is_put = |path: &str| {
            while put.next_if(|other| *other < path).is_some() {}
            put.peek() == Some(&path)
        };
        let paths: Vec<String> =
            self.previous.by_path().map(|lines| &lines[0].path).filter(|path| !is_put(path)).cloned().collect();
        if paths.is_empty() {
            return Ok(stale);
        }
        let needed = self.needed_folders();
        let folded: HashMap<String, String> =
            self.plan.handed_over().map(|(e, _)| (case_folded_key(&e.path), e.path.clone())).collect();
        for path in paths {
            let folder = self.folders.index_of_parent(&path);
            // Ours is gone if its folder is gone, or a person put a link or file there.
            if !matches!(self.folders.folder_state(folder), FolderState::Folder) {
                continue;
            }
            match fs::symlink_metadata(self.full_path(&path)) {
                Ok(meta) if meta.is_dir() => continue,
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(self.refused(&path, &error)),
            }
            if let Some(output) = folded.get(&case_folded_key(&path))
                && is_alias(&self.metadata.out, &path, output)
            {
                stale.renamed.push((path, output.clone()));
            } else if !self.is_untouched(&path)? {
                summary.notes.push(Diagnostic::new(&STALE_KEPT).arg("path", &path));
            } else if self.is_needed(&needed, &path) || ancestors(&path).any(|a| self.plan.is_handed_over(a)) {
                stale.before.push(path);
            } else {
                stale.after.push(path);
            }
        }
        Ok(stale)
    }

    /// Whether each folder, by its number, is one that outputs lie in.
    fn needed_folders(&self) -> Vec<bool> {
        let mut seen = vec![false; self.folders.count()];
        for (entry, _) in self.plan.handed_over() {
            for folder in self.folders.self_and_ancestors(entry.folder) {
                if std::mem::replace(&mut seen[folder], true) {
                    break;
                }
            }
        }
        seen
    }

    fn is_needed(&self, needed: &[bool], path: &str) -> bool {
        self.folders.index_of(path).is_some_and(|n| needed.get(n).is_some_and(|needed| *needed))
    }

    fn remove(&self, paths: &[String]) -> Result<usize, Diagnostic> {
        let mut removed = 0;
        for path in paths {
            match fs_ops::remove_file(&self.full_path(path)) {
                Ok(()) => removed += 1,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(self.refused(path, &error)),
            }
        }
        Ok(removed)
    }

    /// Removes the folders, empty by now, that stand where a file belongs.
    fn remove_replaced_folders(&self) -> Result<(), Diagnostic> {
        let Ok(folders_to_replace) = self.folders_to_replace.lock() else { return Ok(()) };
        for &n in folders_to_replace.iter() {
            let path = &self.plan.entries()[n].path;
            if !self.plan.is_handed_over(path) {
                continue;
            }
            remove_empty_tree(&self.full_path(path)).map_err(|e| match e.kind() {
                io::ErrorKind::DirectoryNotEmpty => io_error::occupied(path),
                _ => self.refused(path, &e),
            })?;
        }
        Ok(())
    }

    /// Renames the staged outputs into place, one commit stage after the other.
    fn rename_staged(&self) -> Result<(), Diagnostic> {
        for stage in [CommitStage::Asset, CommitStage::Page, CommitStage::List] {
            for (n, entry) in self.plan.entries().iter().enumerate() {
                let written = entry.outcome.get().is_some_and(|o| o.put == PutOutcome::Written);
                if entry.stage == stage && written {
                    self.folders.create(entry.folder).map_err(|f| f.diag(&self.metadata.out))?;
                    let staged = self.metadata.staged(n).map_err(|f| f.diag(&self.metadata.out))?;
                    fs_ops::rename(&staged, &self.full_path(&entry.path)).map_err(|e| self.refused(&entry.path, &e))?;
                }
            }
        }
        Ok(())
    }

    /// Removes folders that builds created and nothing needs. Those that hold foreign files stay, also in the manifest.
    fn remove_emptied(&mut self, folders: &mut BTreeSet<String>) -> Result<(), Diagnostic> {
        let needed = self.needed_folders();
        let idle: Vec<String> = folders.iter().rev().filter(|f| !self.is_needed(&needed, f)).cloned().collect();
        for path in idle {
            let above = self.folders.index_of_parent(&path);
            let place = self.full_path(&path);
            if !matches!(self.folders.folder_state(above), FolderState::Folder) || !is_folder(&place) {
                folders.remove(&path);
                continue;
            }
            match fs_ops::remove_folder(&place) {
                Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => {}
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(self.refused(&path, &error)),
                _ => drop(folders.remove(&path)),
            }
        }
        Ok(())
    }

    /// Removes what was created in place. If that fails, the in-flight manifest stays and the next build cleans up.
    fn abort(&mut self) -> io::Result<()> {
        for (entry, outcome) in self.plan.handed_over() {
            if outcome.put == PutOutcome::Written {
                ignore_not_found(fs_ops::remove_file(&self.full_path(&entry.path)))?;
            }
        }
        let made: BTreeSet<&str> = self.folders.created().collect();
        for folder in made.into_iter().rev() {
            match fs_ops::remove_folder(&self.full_path(folder)) {
                Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => {}
                other => ignore_not_found(other)?,
            }
        }
        self.metadata.forget()
    }
}

impl Drop for DiskSink {
    fn drop(&mut self) {
        if self.mode == WriteMode::InPlace {
            // A destructor cannot report an error; the next build cleans up.
            let _ = self.abort();
        }
    }
}

/// Treats `NotFound` as success.
fn ignore_not_found(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Removes a folder that holds nothing but such folders.
fn remove_empty_tree(place: &Path) -> io::Result<()> {
    for item in fs::read_dir(place)? {
        let item = item?;
        if item.file_type()?.is_dir() {
            remove_empty_tree(&item.path())?;
        }
    }
    fs_ops::remove_folder(place)
}
