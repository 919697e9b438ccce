//! What an output read: everything handed over while it is made, noted on the thread that makes it.
//!
//! An output is made on one thread from beginning to end, its directives and the functions its templates call included. So the
//! notes of a thread between [`recording`]'s begin and end are that output's trace, and the site they are about is the one that
//! template functions answer from. Nothing is noted outside of it.

use std::cell::RefCell;
use std::sync::Arc;

use crate::catalog::{PageId, SectionId, TermId};

use super::dependency_key::{DependencyKey, PageFacet};
use crate::view::site::Site;

/// One note. Pages, sections and terms go by their numbers in this site, which are quick to note, to sort and to find again;
/// [`Site::key`] says by which name later builds know them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RecordedRead {
    Settings,
    /// By language.
    Site(u32),
    Words(u32),
    Page(PageFacet, PageId),
    Section(SectionId),
    Term(TermId),
    Named(Box<DependencyKey>),
}

impl From<DependencyKey> for RecordedRead {
    fn from(key: DependencyKey) -> Self {
        RecordedRead::Named(Box::new(key))
    }
}

impl Site {
    /// What a note is about, by a name that outlives the build.
    pub fn key(&self, read: &RecordedRead) -> DependencyKey {
        match read {
            RecordedRead::Settings => DependencyKey::Settings,
            RecordedRead::Site(lang) => DependencyKey::Site(*lang as usize),
            RecordedRead::Words(lang) => DependencyKey::Words(*lang as usize),
            RecordedRead::Page(facet, page) => DependencyKey::Page(*facet, self.path(*page)),
            RecordedRead::Section(section) => {
                let section = self.catalog.section(*section);
                DependencyKey::Section(section.folder.as_str().into(), section.lang)
            }
            RecordedRead::Term(term) => DependencyKey::Term(self.catalog.term(*term).route.clone()),
            RecordedRead::Named(key) => DependencyKey::clone(key),
        }
    }
}

struct Recording {
    site: Arc<Site>,
    reads: Vec<RecordedRead>,
}

thread_local! {
    static RECORDING: RefCell<Option<Recording>> = const { RefCell::new(None) };
}

/// Runs `work`, which makes one output of `site`, and says what was read: each thing once, in order. Not to be nested.
pub fn recording<T>(site: &Arc<Site>, work: impl FnOnce() -> T) -> (T, Vec<RecordedRead>) {
    RECORDING.set(Some(Recording { site: Arc::clone(site), reads: Vec::with_capacity(64) }));
    let done = work();
    let mut reads = RECORDING.take().map(|recording| recording.reads).unwrap_or_default();
    reads.sort_unstable();
    reads.dedup();
    // Many traces wait to be put into the graph.
    reads.shrink_to_fit();
    (done, reads)
}

/// Notes that a value is handed over.
pub(in crate::view) fn record_read<R: Into<RecordedRead>>(read: impl FnOnce() -> R) {
    RECORDING.with_borrow_mut(|recording| {
        if let Some(recording) = recording {
            let read = read().into();
            // Words and settings are read in runs.
            if recording.reads.last() != Some(&read) {
                recording.reads.push(read);
            }
        }
    });
}

/// The site whose output is being made on this thread.
pub(in crate::view) fn site() -> Option<Arc<Site>> {
    RECORDING.with_borrow(|recording| recording.as_ref().map(|recording| Arc::clone(&recording.site)))
}
