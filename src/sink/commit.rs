//! The end of a build: everything into place, leftovers away; or, without a commit, everything as it was.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::io;
use std::path::Path;

use super::disk::{DiskSink, Way, is_alias};
use super::fault;
use super::folders::{Standing, is_folder};
use super::hands;
use super::plan::{Rank, ancestors};
use super::record;
use super::{Put, Summary};
use puzhi_core::base::{Hash, fold_key};
use puzhi_core::diag::Diag;
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
    pub fn commit(mut self) -> Result<Summary, Diag> {
        if let Some(refusal) = self.unusable.take().or_else(|| self.occupied.take()) {
            return Err(refusal);
        }
        let mut summary = Summary::default();
        if self.lost {
            summary.notes.push(Diag::new(&OUT_LIST_LOST).arg("folder", self.room.out.display()));
        }
        for (_, outcome) in self.plan.put() {
            match outcome.put {
                Put::Written => summary.written += 1,
                Put::Unchanged => summary.unchanged += 1,
            }
        }
        if self.way == Way::Staged {
            let stale = self.sort_stale(&mut summary)?;
            self.way = Way::Committing;
            if summary.written + stale.before.len() + stale.after.len() + stale.renamed.len() > 0 {
                let announced = self.announce();
                self.room.write(&announced)?;
            }
            summary.removed += self.remove(&stale.before)?;
            self.clear_swaps()?;
            self.move_in()?;
            summary.removed += self.remove(&stale.after)?;
            // Only while they still are one file: two hard links have become two files by now.
            for (from, to) in stale.renamed.iter().filter(|(from, to)| is_alias(&self.room.out, from, to)) {
                hands::rename(&self.place(from), &self.place(to)).map_err(|e| self.refused(to, &e))?;
            }
        }
        let mut kept = std::mem::take(&mut self.old.folders);
        kept.extend(self.folders.made().map(String::from));
        self.remove_emptied(&mut kept)?;
        let text = record::text(
            false,
            self.plan.put().map(|(e, o)| (e.path.as_str(), o.hash)),
            kept.iter().map(String::as_str),
        );
        self.room.write(&text)?;
        self.way = Way::Committing;
        Ok(summary)
    }

    /// The list in flight: every file and folder that is or may become ours, with all bytes it may have.
    fn announce(&self) -> String {
        let mut lines: Vec<(&str, Option<Hash>)> = self.old.lines().iter().map(|l| (l.path.as_str(), l.hash)).collect();
        let mut folders: Vec<&str> = self.old.folders.iter().map(String::as_str).collect();
        let mut known = self.old.known_in_order();
        for (entry, outcome) in self.plan.put() {
            if known(&entry.path).iter().any(|l| l.hash == outcome.hash) && outcome.put == Put::Unchanged {
                continue;
            }
            lines.push((&entry.path, outcome.hash));
            // The folder of what is unchanged is there.
            if outcome.put == Put::Written {
                let new = self
                    .folders
                    .up(entry.folder)
                    .take_while(|&f| !matches!(self.folders.standing(f), Standing::Folder));
                folders.extend(new.map(|f| self.folders.path(f)));
            }
        }
        lines.sort();
        lines.dedup();
        folders.sort_unstable();
        folders.dedup();
        record::text(true, lines.into_iter(), folders.into_iter())
    }

    /// Finds what earlier builds wrote and this one did not, and notes what people have changed since.
    fn sort_stale(&mut self, summary: &mut Summary) -> Result<Stale, Diag> {
        let mut stale = Stale::default();
        let mut put = self.plan.put().map(|(entry, _)| entry.path.as_str()).peekable();
        let mut is_put = |path: &str| {
            while put.next_if(|other| *other < path).is_some() {}
            put.peek() == Some(&path)
        };
        let paths: Vec<String> =
            self.old.by_path().map(|lines| &lines[0].path).filter(|path| !is_put(path)).cloned().collect();
        if paths.is_empty() {
            return Ok(stale);
        }
        let needed = self.needed_folders();
        let folded: HashMap<String, String> =
            self.plan.put().map(|(e, _)| (fold_key(&e.path), e.path.clone())).collect();
        for path in paths {
            let folder = self.folders.holding(&path);
            // Ours is gone if its folder is gone, or a person put a link or file there.
            if !matches!(self.folders.standing(folder), Standing::Folder) {
                continue;
            }
            match fs::symlink_metadata(self.place(&path)) {
                Ok(meta) if meta.is_dir() => continue,
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(self.refused(&path, &error)),
            }
            if let Some(output) = folded.get(&fold_key(&path))
                && is_alias(&self.room.out, &path, output)
            {
                stale.renamed.push((path, output.clone()));
            } else if !self.is_untouched(&path)? {
                summary.notes.push(Diag::new(&STALE_KEPT).arg("path", &path));
            } else if self.is_needed(&needed, &path) || ancestors(&path).any(|a| self.plan.has_put(a)) {
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
        for (entry, _) in self.plan.put() {
            for folder in self.folders.up(entry.folder) {
                if std::mem::replace(&mut seen[folder], true) {
                    break;
                }
            }
        }
        seen
    }

    fn is_needed(&self, needed: &[bool], path: &str) -> bool {
        self.folders.number(path).is_some_and(|n| needed.get(n).is_some_and(|needed| *needed))
    }

    fn remove(&self, paths: &[String]) -> Result<usize, Diag> {
        let mut removed = 0;
        for path in paths {
            match hands::remove_file(&self.place(path)) {
                Ok(()) => removed += 1,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(self.refused(path, &error)),
            }
        }
        Ok(removed)
    }

    /// Removes the folders, empty by now, that stand where a file belongs.
    fn clear_swaps(&self) -> Result<(), Diag> {
        let Ok(swaps) = self.swaps.lock() else { return Ok(()) };
        for &n in swaps.iter() {
            let path = &self.plan.entries()[n].path;
            if !self.plan.has_put(path) {
                continue;
            }
            remove_hollow(&self.place(path)).map_err(|e| match e.kind() {
                io::ErrorKind::DirectoryNotEmpty => fault::occupied(path),
                _ => self.refused(path, &e),
            })?;
        }
        Ok(())
    }

    /// Renames the staged outputs into place, rank by rank.
    fn move_in(&self) -> Result<(), Diag> {
        for rank in [Rank::Asset, Rank::Page, Rank::List] {
            for (n, entry) in self.plan.entries().iter().enumerate() {
                let written = entry.outcome.get().is_some_and(|o| o.put == Put::Written);
                if entry.rank == rank && written {
                    self.folders.ensure(entry.folder).map_err(|f| f.diag(&self.room.out))?;
                    let staged = self.room.staged(n).map_err(|f| f.diag(&self.room.out))?;
                    hands::rename(&staged, &self.place(&entry.path)).map_err(|e| self.refused(&entry.path, &e))?;
                }
            }
        }
        Ok(())
    }

    /// Removes folders that builds created and nothing needs. Those that hold strangers stay, and stay known.
    fn remove_emptied(&mut self, folders: &mut BTreeSet<String>) -> Result<(), Diag> {
        let needed = self.needed_folders();
        let idle: Vec<String> = folders.iter().rev().filter(|f| !self.is_needed(&needed, f)).cloned().collect();
        for path in idle {
            let above = self.folders.holding(&path);
            let place = self.place(&path);
            if !matches!(self.folders.standing(above), Standing::Folder) || !is_folder(&place) {
                folders.remove(&path);
                continue;
            }
            match hands::remove_folder(&place) {
                Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => {}
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(self.refused(&path, &error)),
                _ => drop(folders.remove(&path)),
            }
        }
        Ok(())
    }

    /// Takes back what was created in place. If that fails, the list in flight stays and the next build goes on.
    fn abort(&mut self) -> io::Result<()> {
        for (entry, outcome) in self.plan.put() {
            if outcome.put == Put::Written {
                gone(hands::remove_file(&self.place(&entry.path)))?;
            }
        }
        let made: BTreeSet<&str> = self.folders.made().collect();
        for folder in made.into_iter().rev() {
            match hands::remove_folder(&self.place(folder)) {
                Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => {}
                other => gone(other)?,
            }
        }
        self.room.forget()
    }
}

impl Drop for DiskSink {
    fn drop(&mut self) {
        if self.way == Way::InPlace {
            // Nobody is left to tell.
            let _ = self.abort();
        }
    }
}

/// Takes "it was not there" for done.
fn gone(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Removes a folder that holds nothing but such folders.
fn remove_hollow(place: &Path) -> io::Result<()> {
    for item in fs::read_dir(place)? {
        let item = item?;
        if item.file_type()?.is_dir() {
            remove_hollow(&item.path())?;
        }
    }
    hands::remove_folder(place)
}
