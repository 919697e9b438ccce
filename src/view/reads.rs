//! What an output read: everything handed over while it is made, noted on the thread that makes it.
//!
//! An output is made on one thread from beginning to end, its directives and the functions its templates call included. So the
//! notes of a thread between [`during`]'s begin and end are that output's trace, and the site they are about is the one that
//! template functions answer from. Nothing is noted outside of it.

use std::cell::RefCell;
use std::sync::Arc;

use crate::catalog::{PageId, SectionId, TermId};

use super::key::{Facet, Key};
use super::site::Site;

/// One note. Pages, sections and terms go by their numbers in this site, which are quick to note, to sort and to find again;
/// [`Site::key`] says by which name later builds know them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Read {
    Settings,
    /// By language.
    Site(u32),
    Words(u32),
    Page(Facet, PageId),
    Section(SectionId),
    Term(TermId),
    Named(Box<Key>),
}

impl From<Key> for Read {
    fn from(key: Key) -> Self {
        Read::Named(Box::new(key))
    }
}

impl Site {
    /// What a note is about, by a name that outlives the build.
    pub fn key(&self, read: &Read) -> Key {
        match read {
            Read::Settings => Key::Settings,
            Read::Site(lang) => Key::Site(*lang as usize),
            Read::Words(lang) => Key::Words(*lang as usize),
            Read::Page(facet, page) => Key::Page(*facet, self.path(*page)),
            Read::Section(section) => {
                let section = self.catalog.section(*section);
                Key::Section(section.folder.as_str().into(), section.lang)
            }
            Read::Term(term) => Key::Term(self.catalog.term(*term).route.clone()),
            Read::Named(key) => Key::clone(key),
        }
    }
}

struct Open {
    site: Arc<Site>,
    reads: Vec<Read>,
}

thread_local! {
    static OPEN: RefCell<Option<Open>> = const { RefCell::new(None) };
}

/// Runs `work`, which makes one output of `site`, and says what was read: each thing once, in order. Not to be nested.
pub fn during<T>(site: &Arc<Site>, work: impl FnOnce() -> T) -> (T, Vec<Read>) {
    OPEN.set(Some(Open { site: Arc::clone(site), reads: Vec::with_capacity(64) }));
    let done = work();
    let mut reads = OPEN.take().map(|open| open.reads).unwrap_or_default();
    reads.sort_unstable();
    reads.dedup();
    // Many traces wait to be put into the graph.
    reads.shrink_to_fit();
    (done, reads)
}

/// Notes that a value is handed over.
pub(super) fn saw<R: Into<Read>>(read: impl FnOnce() -> R) {
    OPEN.with_borrow_mut(|open| {
        if let Some(open) = open {
            let read = read().into();
            // Words and settings are read in runs.
            if open.reads.last() != Some(&read) {
                open.reads.push(read);
            }
        }
    });
}

/// The site whose output is being made on this thread.
pub(super) fn site() -> Option<Arc<Site>> {
    OPEN.with_borrow(|open| open.as_ref().map(|open| Arc::clone(&open.site)))
}
