//! What the desk keeps: versions, unsaved texts, who else is there, and changes that are planned or can be taken back.
//!
//! Input: bytes that are about to be written. Output: the same bytes, in the history before they are in place. One request at a time.

use std::collections::{BTreeSet, VecDeque};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::history::{Author, Bounds, DeskPresence, History, NewVersion, OtherDesk, UnsavedFile, UnsavedFiles};
use crate::source::is_lock_file;
use puzhi_core::base::{ContentHash, SitePath};

use super::access::Token;
use super::answer::Refusal;
use super::clock::now;
use super::files::{SiteFiles, TextFile};
use super::form::texts_of;
use super::hand_over::MadeZip;
use super::plan::{FileChange, Plan};

/// Most plans, and most changes that can be taken back.
const MAX_PLANS: usize = 50;

/// Largest text that is kept without being opened, in bytes.
const MAX_TEXT: u64 = 1 << 20;

/// What is kept, behind a lock: requests come on many threads.
pub(super) struct Kept(Mutex<KeptFiles>);

/// See [`Kept`].
pub(super) struct KeptFiles {
    /// Versions of files.
    pub history: History,
    /// Texts that were typed and not saved.
    pub unsaved: UnsavedFiles,
    presence: DeskPresence,
    /// Files whose unsaved text was typed at this desk since they were opened.
    typed: BTreeSet<SitePath>,
    plans: VecDeque<(String, Plan)>,
    /// A change of several files that a crash cut off and that was finished at the start: what it was, and the name of the plan that
    /// takes it back.
    pub finished: Option<FinishedPlan>,
    /// The last zip that was made.
    pub zip: Option<MadeZip>,
}

/// Whether a file is one of those that people write as text.
fn is_text(path: &SitePath) -> bool {
    path.has_extension(&["md", "markdown", "yaml", "yml", "csv"]) && !is_lock_file(path)
}

/// See [`KeptFiles::finished`].
#[derive(Debug, Clone, serde::Serialize)]
pub(super) struct FinishedPlan {
    /// What is said of it.
    pub text: String,
    /// The plan that takes it back.
    pub undo: String,
}

impl Kept {
    /// Opens what is kept in the site's folder. `by` says who sits here, `token` gives the desk a name of its own.
    pub fn open(root: &Path, by: &str, token: &Token) -> std::io::Result<Kept> {
        let name = ContentHash::of(token.to_string().as_bytes()).short(12);
        Ok(Kept(Mutex::new(KeptFiles {
            history: History::open(root, &name)?,
            unsaved: UnsavedFiles::open(root)?,
            presence: DeskPresence::open(root, &name, by, now())?,
            typed: BTreeSet::new(),
            plans: VecDeque::new(),
            finished: None,
            zip: None,
        })))
    }

    /// Takes it for a request. A request that panicked has left nothing half done in memory.
    pub fn lock(&self) -> MutexGuard<'_, KeptFiles> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Finishes what a crash cut off, unless another desk may be at it.
    pub fn finish_plan(&self, files: &SiteFiles) {
        let mut kept = self.lock();
        if kept.presence.others().is_empty()
            && let Some(back) = Plan::finish(files, &mut kept)
        {
            let text = format!("上次没做完就中断了，现在已经接着做完：{}", back.note.trim_start_matches("撤销："));
            let undo = kept.add_plan(back);
            kept.finished = Some(FinishedPlan { text, undo });
        }
    }

    /// Tells other desks that this one is there. Called every few seconds.
    pub fn beat(&self) {
        // A drive that is away for a while comes back.
        let _ = self.lock().presence.beat(now());
    }

    /// Keeps what lies on the disk, as far as it is not the last version. Other requests may come in between.
    pub fn keep_disk(&self, files: &SiteFiles, paths: impl IntoIterator<Item = SitePath>) {
        for path in paths.into_iter().filter(is_text) {
            // Read while nobody else writes: what was read before a save must not come after it. What cannot be read now is kept when it
            // is opened.
            let mut kept = self.lock();
            let Ok(found) = files.read(&path) else { continue };
            let is_known = kept.history.versions_of(&path).next().is_some();
            match found {
                Some(bytes) if bytes.len() as u64 <= MAX_TEXT => drop(kept.keep(&path, Some(&bytes), Author::Disk, "")),
                None if is_known => drop(kept.keep(&path, None, Author::Disk, "")),
                _ => {}
            }
        }
    }

    /// Lets go of versions beyond the bounds.
    pub fn trim(&self, bounds: Bounds) {
        let mut kept = self.lock();
        // Another desk may be about to write down what this one would remove.
        if kept.presence.others().is_empty() {
            let _ = kept.history.refresh();
            let _ = kept.history.trim(bounds, now());
        }
    }
}

impl KeptFiles {
    /// Keeps a version before it is written.
    pub fn keep(&mut self, path: &SitePath, bytes: Option<&[u8]>, by: Author, note: &str) -> Result<String, Refusal> {
        self.keep_version(&NewVersion { path, bytes, by, note, moved_to: None })
    }

    fn keep_version(&mut self, version: &NewVersion<'_>) -> Result<String, Refusal> {
        self.history.keep(version, now()).map(|version| version.id()).map_err(|error| Refusal::disk(&error))
    }

    /// Makes a change of a file: what lies there, what was typed and not saved, and what is to be there are in the history before. Returns
    /// the new version's id.
    pub fn write(&mut self, files: &SiteFiles, change: &FileChange, note: &str) -> Result<String, Refusal> {
        let FileChange { path, before: _, after, moved_to } = change;
        let old = files.read(path)?;
        if old.is_some() {
            self.keep(path, old.as_deref(), Author::Disk, "")?;
        }
        self.keep_unsaved(path, after.as_deref(), "没有保存的字")?;
        let (bytes, moved_to) = (after.as_deref(), moved_to.as_ref());
        let id = self.keep_version(&NewVersion { path, bytes, by: Author::Desk, note, moved_to })?;
        // Keeping takes a while, in which somebody else may have written.
        if files.read(path)? != old {
            return Err(Refusal::new(409, "changed-on-disk", format!("{path} 刚刚被别人改了")).hint("再保存一次"));
        }
        match after {
            Some(new) if old.as_ref() != Some(new) => files.write(path, new)?,
            None if old.is_some() => files.remove(path)?,
            _ => {}
        }
        self.drop_unsaved(path)?;
        Ok(id)
    }

    /// Keeps the text that was typed for a file and not saved as a version, if there is one and it is other than `new`.
    pub fn keep_unsaved(&mut self, path: &SitePath, new: Option<&[u8]>, note: &str) -> Result<(), Refusal> {
        let Some(unsaved) = self.unsaved.get(path) else { return Ok(()) };
        let new = new.and_then(|new| TextFile::of(path, new).ok());
        if new.is_none_or(|new| new.text != unsaved.text) {
            self.keep(path, Some(unsaved.text.as_bytes()), Author::Desk, note)?;
        }
        Ok(())
    }

    /// Lets go of the text that was typed for a file and not saved.
    pub fn drop_unsaved(&mut self, path: &SitePath) -> Result<(), Refusal> {
        self.typed.remove(path);
        self.unsaved.remove(path).map_err(|error| Refusal::disk(&error))
    }

    /// Keeps a text that is being typed. The text of an earlier sitting, which the person may not have seen, becomes a version first.
    pub fn type_text(&mut self, text: &UnsavedFile) -> Result<(), Refusal> {
        if self.typed.insert(text.path.clone()) {
            let differs = self.unsaved.get(&text.path).is_some_and(|before| before.text != text.text);
            if differs {
                self.keep_unsaved(&text.path, None, "上一次没有保存的字")?;
            }
        }
        self.unsaved.put(text).map_err(|error| Refusal::disk(&error))
    }

    /// Says that a file is opened: what is typed from now on is another sitting. Returns the text that was not saved in the one before.
    pub fn open_file(&mut self, path: &SitePath) -> Option<UnsavedFile> {
        self.typed.remove(path);
        // Another desk may have opened it a moment ago.
        let _ = self.presence.beat(now());
        self.unsaved.get(path)
    }

    /// The text that was typed for a file and not saved, if it is another than that on the disk.
    fn unsaved_text(&self, files: &SiteFiles, path: &SitePath) -> Option<UnsavedFile> {
        let unsaved = self.unsaved.get(path)?;
        let disk = files.read(path).ok().flatten().and_then(|bytes| TextFile::of(path, &bytes).ok());
        disk.is_none_or(|disk| disk.text != unsaved.text).then_some(unsaved)
    }

    /// The files for which something was typed and not saved.
    pub fn unsaved_paths(&self, files: &SiteFiles) -> Result<BTreeSet<SitePath>, Refusal> {
        let all = self.unsaved.all().map_err(|error| Refusal::disk(&error))?;
        let differs = |unsaved: UnsavedFile| self.unsaved_text(files, &unsaved.path).map(|unsaved| unsaved.path);
        Ok(all.into_iter().filter_map(differs).collect())
    }

    /// Refuses to change files for which something was typed and not saved.
    pub fn refuse_unsaved<'p>(
        &self,
        files: &SiteFiles,
        mut paths: impl Iterator<Item = &'p SitePath>,
    ) -> Result<(), Refusal> {
        let Some(unsaved) = paths.find_map(|path| self.unsaved_text(files, path)) else { return Ok(()) };
        let title = texts_of(&unsaved.path, &unsaved.text, "title").into_iter().next();
        let title = title.map_or_else(|| unsaved.path.to_string(), |title| format!("《{title}》"));
        Err(Refusal::new(409, "unsaved", format!("{title}还有没保存的文字"))
            .hint("先打开它，保存或者放弃，再做这一步")
            .with("path", unsaved.path.as_str().into()))
    }

    /// Says which file this desk has open for writing.
    pub fn set_open(&mut self, path: Option<SitePath>) -> Result<(), Refusal> {
        self.presence.set_open(path, now()).map_err(|error| Refusal::disk(&error))
    }

    /// The desks beside this one.
    pub fn others(&self) -> Vec<OtherDesk> {
        self.presence.others()
    }

    /// The desk that has a file open for writing before this one.
    pub fn holder(&self, path: &SitePath) -> Option<OtherDesk> {
        self.presence.holder(path)
    }

    /// Refuses to write what another desk has open.
    pub fn refuse_held(&self, path: &SitePath) -> Result<(), Refusal> {
        match self.holder(path) {
            Some(other) => Err(Refusal::new(409, "held", format!("{}正在改这一页", other.by))
                .hint("等对方关掉这一页再改；您写的字还在这里")),
            None => Ok(()),
        }
    }

    /// Keeps a plan, or a change that can be taken back, and returns its name.
    pub fn add_plan(&mut self, plan: Plan) -> String {
        let name = ContentHash::of(format!("{}{}", now(), self.plans.len()).as_bytes()).to_string();
        self.plans.push_back((name.clone(), plan));
        if self.plans.len() > MAX_PLANS {
            self.plans.pop_front();
        }
        name
    }

    /// Keeps a plan that was taken and not made under its name.
    pub fn put_back(&mut self, name: &str, plan: Plan) {
        self.plans.push_back((name.to_string(), plan));
    }

    /// Takes a plan.
    pub fn plan(&mut self, name: &str) -> Option<Plan> {
        let at = self.plans.iter().position(|(known, _)| known == name)?;
        self.plans.remove(at).map(|(_, plan)| plan)
    }
}
