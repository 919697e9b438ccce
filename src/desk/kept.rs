//! What the desk keeps: versions, unsaved texts, who else is there, and changes that are planned or can be taken back.
//!
//! Input: bytes that are about to be written. Output: the same bytes, in the history before they are in place. One request at a time.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::history::{Author, Bounds, DeskPresence, History, NewVersion, OtherDesk, UnsavedFiles};
use crate::source::is_lock_file;
use puzhi_core::base::{ContentHash, SitePath};

use super::access::Token;
use super::answer::Refusal;
use super::clock::now;
use super::files::SiteFiles;
use super::hand_over::MadeZip;
use super::plan::Plan;

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
    plans: VecDeque<(String, Plan)>,
    /// The last zip that was made.
    pub zip: Option<MadeZip>,
}

/// Whether a file is one of those that people write as text.
fn is_text(path: &SitePath) -> bool {
    path.has_extension(&["md", "markdown", "yaml", "yml", "csv"]) && !is_lock_file(path)
}

impl Kept {
    /// Opens what is kept in the site's folder. `by` says who sits here, `token` gives the desk a name of its own.
    pub fn open(root: &Path, by: &str, token: &Token) -> std::io::Result<Kept> {
        let name = ContentHash::of(token.to_string().as_bytes()).short(12);
        Ok(Kept(Mutex::new(KeptFiles {
            history: History::open(root, &name)?,
            unsaved: UnsavedFiles::open(root)?,
            presence: DeskPresence::open(root, &name, by, now())?,
            plans: VecDeque::new(),
            zip: None,
        })))
    }

    /// Takes it for a request. A request that panicked has left nothing half done in memory.
    pub fn lock(&self) -> MutexGuard<'_, KeptFiles> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells other desks that this one is there. Called every few seconds.
    pub fn beat(&self) {
        // A drive that is away for a while comes back.
        let _ = self.lock().presence.beat(now());
    }

    /// Keeps what lies on the disk, as far as it is not the last version. Other requests may come in between.
    pub fn keep_disk(&self, files: &SiteFiles, paths: impl IntoIterator<Item = SitePath>) {
        for path in paths.into_iter().filter(is_text) {
            // What cannot be read now is kept when it is opened.
            let Ok(found) = files.read(&path) else { continue };
            let mut kept = self.lock();
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
        let version = NewVersion { path, bytes, by, note };
        self.history.keep(&version, now()).map(|version| version.id()).map_err(|error| Refusal::disk(&error))
    }

    /// Writes a file: what lies there and what is to be there are in the history before. Returns the new version's id.
    pub fn write(
        &mut self,
        files: &SiteFiles,
        path: &SitePath,
        new: Option<&[u8]>,
        note: &str,
    ) -> Result<String, Refusal> {
        let old = files.read(path)?;
        if old.is_some() {
            self.keep(path, old.as_deref(), Author::Disk, "")?;
        }
        let id = self.keep(path, new, Author::Desk, note)?;
        // Keeping takes a while, in which somebody else may have written.
        if files.read(path)? != old {
            return Err(Refusal::new(409, "changed-on-disk", format!("{path} 刚刚被别人改了")).hint("再保存一次"));
        }
        match new {
            Some(new) if old.as_deref() != Some(new) => files.write(path, new)?,
            None if old.is_some() => files.remove(path)?,
            _ => {}
        }
        self.unsaved.remove(path).map_err(|error| Refusal::disk(&error))?;
        Ok(id)
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

    /// Takes a plan.
    pub fn plan(&mut self, name: &str) -> Option<Plan> {
        let at = self.plans.iter().position(|(known, _)| known == name)?;
        self.plans.remove(at).map(|(_, plan)| plan)
    }
}
