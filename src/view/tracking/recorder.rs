//! Records what an output reads, in thread-local storage of the thread that renders it.
//!
//! An output is rendered on one thread from start to end, including its directives and the functions its templates
//! call. Therefore the reads of a thread during one call of [`recording`] are the reads of that output, and the site of
//! that call is the one that template functions query. Outside of a recording nothing is recorded. In: the keys that
//! `Site::read` hands over. Out: the sorted keys. Knows no fingerprint.

use std::cell::RefCell;
use std::sync::Arc;

use super::key::{BuildKey, Key};
use super::site::Site;

struct Recording {
    site: Arc<Site>,
    reads: Vec<BuildKey>,
    /// The values of the whole site and of languages that were read: one bit for each, by [`bit`]. They are read many times by
    /// each output.
    common: u64,
    /// How many readers run whose own key covers what they read.
    covered: u32,
}

thread_local! {
    static RECORDING: RefCell<Option<Recording>> = const { RefCell::new(None) };
}

/// Runs `work`, which renders one output of `site`. Returns its result and the keys it read, sorted and without duplicates.
/// Must not be nested.
pub fn recording<T>(site: &Arc<Site>, work: impl FnOnce() -> T) -> (T, Vec<BuildKey>) {
    RECORDING.set(Some(Recording { site: Arc::clone(site), reads: Vec::with_capacity(64), common: 0, covered: 0 }));
    let done = work();
    let mut reads = RECORDING.take().map(|recording| recording.reads).unwrap_or_default();
    reads.sort_unstable();
    reads.dedup();
    if let Some(unrecorded) = site.unrecorded() {
        reads.retain(|key| key.facet_names().en != unrecorded);
    }
    // Many lists of reads are held in memory until they are added to the graph.
    reads.shrink_to_fit();
    (done, reads)
}

/// Records a read of this thread; does nothing outside of [`recording`].
pub(super) fn record(key: impl FnOnce() -> BuildKey) {
    RECORDING.with_borrow_mut(|recording| {
        let Some(recording) = recording.as_mut().filter(|recording| recording.covered == 0) else { return };
        let key = key();
        if let Some(bit) = bit(&key) {
            if recording.common & bit != 0 {
                return;
            }
            recording.common |= bit;
        }
        // The same value is often read several times in succession.
        if recording.reads.last() != Some(&key) {
            recording.reads.push(key);
        }
    });
}

/// The bit that says whether a common value was read; `None` for values that have none.
fn bit(key: &BuildKey) -> Option<u64> {
    const FACETS: u32 = 8;
    let number = match key {
        Key::Site(facet) => *facet as u32,
        Key::Language(facet, lang) if (*facet as u32) < FACETS => FACETS.checked_mul(lang + 1)? + *facet as u32,
        _ => return None,
    };
    1_u64.checked_shl(number)
}

/// Runs a reader whose own key covers everything that it reads: nothing of that is recorded.
pub(super) fn covered<T>(read: impl FnOnce() -> T) -> T {
    let count = |step: i32| {
        RECORDING.with_borrow_mut(|recording| {
            if let Some(recording) = recording {
                recording.covered = recording.covered.saturating_add_signed(step);
            }
        });
    };
    count(1);
    let value = read();
    count(-1);
    value
}

/// Runs a part of the work of [`recording`]. Returns its result and the keys that the part read, which are recorded as well; `None`
/// outside of a recording, and where the key of a reader covers the part.
pub(in crate::view) fn reads_of<T>(part: impl FnOnce() -> T) -> (T, Option<Vec<BuildKey>>) {
    let before = RECORDING.with_borrow_mut(|recording| {
        let recording = recording.as_mut().filter(|recording| recording.covered == 0)?;
        Some((std::mem::take(&mut recording.reads), std::mem::take(&mut recording.common)))
    });
    let done = part();
    let Some((mut all, common)) = before else { return (done, None) };
    let reads = RECORDING.with_borrow_mut(|recording| {
        let Some(recording) = recording else { return Vec::new() };
        let mut reads = std::mem::take(&mut recording.reads);
        reads.sort_unstable();
        reads.dedup();
        all.extend(reads.iter().cloned());
        recording.reads = all;
        recording.common |= common;
        reads
    });
    (done, Some(reads))
}

/// Records keys that [`reads_of`] returned, for an output that takes what was made then.
pub(in crate::view) fn record_again(reads: &[BuildKey]) {
    reads.iter().for_each(|key| record(|| key.clone()));
}

/// The site whose output is being rendered on this thread; `None` outside of [`recording`].
pub(in crate::view) fn site() -> Option<Arc<Site>> {
    RECORDING.with_borrow(|recording| recording.as_ref().map(|recording| Arc::clone(&recording.site)))
}
