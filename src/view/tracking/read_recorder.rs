//! Records what an output reads, in thread-local storage of the thread that renders it.
//!
//! An output is rendered on one thread from start to end, including its directives and the functions its templates
//! call. Therefore the reads of a thread during one call of [`recording`] are the reads of that output, and the site of
//! that call is the one that template functions query. Outside of a recording nothing is recorded. In: calls of
//! [`record_read`]. Out: the sorted reads. Knows no fingerprint.

use std::cell::RefCell;
use std::sync::Arc;

use crate::catalog::{PageId, SectionId, TermId};

use super::dependency_key::{DependencyKey, PageFacet};
use crate::view::site::Site;

/// One read. Pages, sections and terms are named by their ids in this build, which are cheap to record, sort and look
/// up; [`Site::key`] converts a read to a key that is valid across builds.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RecordedRead {
    /// See [`DependencyKey::Settings`].
    Settings,
    /// The template variable `site`, by index of the language.
    Site(u32),
    /// The interface texts, by index of the language.
    Words(u32),
    /// One facet of a page.
    Page(PageFacet, PageId),
    /// Title, address and parent of a section.
    Section(SectionId),
    /// Name and address of a term.
    Term(TermId),
    /// Any other value, by its key.
    Named(Box<DependencyKey>),
}

impl From<DependencyKey> for RecordedRead {
    fn from(key: DependencyKey) -> Self {
        RecordedRead::Named(Box::new(key))
    }
}

impl Site {
    /// The key of a read, valid across builds.
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

/// Runs `work`, which renders one output of `site`. Returns its result and the reads, sorted and without duplicates.
/// Must not be nested.
pub fn recording<T>(site: &Arc<Site>, work: impl FnOnce() -> T) -> (T, Vec<RecordedRead>) {
    RECORDING.set(Some(Recording { site: Arc::clone(site), reads: Vec::with_capacity(64) }));
    let done = work();
    let mut reads = RECORDING.take().map(|recording| recording.reads).unwrap_or_default();
    reads.sort_unstable();
    reads.dedup();
    // Many lists of reads are held in memory until they are added to the graph.
    reads.shrink_to_fit();
    (done, reads)
}

/// Records a read of this thread; does nothing outside of [`recording`].
pub(in crate::view) fn record_read<R: Into<RecordedRead>>(read: impl FnOnce() -> R) {
    RECORDING.with_borrow_mut(|recording| {
        if let Some(recording) = recording {
            let read = read().into();
            // The same texts and settings are often read several times in succession.
            if recording.reads.last() != Some(&read) {
                recording.reads.push(read);
            }
        }
    });
}

/// The site whose output is being rendered on this thread; `None` outside of [`recording`].
pub(in crate::view) fn site() -> Option<Arc<Site>> {
    RECORDING.with_borrow(|recording| recording.as_ref().map(|recording| Arc::clone(&recording.site)))
}
