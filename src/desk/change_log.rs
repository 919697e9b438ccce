//! What changed since the desk's page last asked.
//!
//! Input: updates of the site. Output: the files of the last ones, for requests that wait for the next.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use tokio::sync::watch;

use crate::preview::{ChangedOutputs, Update};
use puzhi_core::base::SitePath;

/// How many updates are remembered.
const REMEMBERED: usize = 200;

/// One update.
#[derive(Debug, Clone)]
struct Change {
    number: u64,
    /// Files on the disk that may have changed; `None` for any.
    files: Option<BTreeSet<SitePath>>,
    /// Whether a page of the preview may look different.
    is_shown: bool,
}

/// The last updates of a site.
#[derive(Debug, Clone, Default)]
pub(super) struct ChangeLog {
    changes: VecDeque<Change>,
}

/// What changed after a certain update.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Since {
    /// The last update.
    pub version: u64,
    /// Files that may have changed; `None` for any.
    pub files: Option<BTreeSet<SitePath>>,
    /// Whether a page of the preview may look different.
    pub is_shown: bool,
}

/// Those who wait for updates.
pub(super) type Changes = watch::Receiver<Arc<ChangeLog>>;

/// Makes a log that is sent to all who wait whenever the returned function gets an update.
pub(super) fn change_log() -> (impl FnMut(&Update) + Send + 'static, Changes) {
    let (sender, receiver) = watch::channel(Arc::new(ChangeLog::default()));
    let mut log = ChangeLog::default();
    let add = move |update: &Update| {
        log.add(update);
        sender.send_replace(Arc::new(log.clone()));
    };
    (add, receiver)
}

impl ChangeLog {
    fn add(&mut self, update: &Update) {
        let files = (!update.files.all).then(|| update.files.paths.clone());
        let is_shown = update.changed != ChangedOutputs::Nothing;
        self.changes.push_back(Change { number: update.number, files, is_shown });
        if self.changes.len() > REMEMBERED {
            self.changes.pop_front();
        }
    }

    /// What changed after update `number`; `None` if nothing did.
    pub fn since(&self, number: u64) -> Option<Since> {
        let version = self.changes.back()?.number;
        let new: Vec<&Change> = self.changes.iter().filter(|change| change.number > number).collect();
        let is_complete = self.changes.front().is_some_and(|first| first.number <= number + 1);
        if number > version || !is_complete {
            return Some(Since { version, files: None, is_shown: true });
        }
        let is_shown = new.iter().any(|change| change.is_shown);
        let files: Option<Vec<&BTreeSet<SitePath>>> = new.iter().map(|change| change.files.as_ref()).collect();
        let files: Option<BTreeSet<SitePath>> = files.map(|files| files.into_iter().flatten().cloned().collect());
        let is_something = is_shown || files.as_ref().is_none_or(|files| !files.is_empty());
        is_something.then_some(Since { version, files, is_shown })
    }
}
