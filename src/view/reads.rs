//! What an output read: every key handed over while it is made, noted on the thread that makes it.
//!
//! An output is made on one thread from beginning to end, its directives and the functions its templates call included. So the
//! notes of a thread between [`during`]'s begin and end are that output's trace, and the site they are about is the one that
//! template functions answer from. Nothing is noted outside of it.

use std::cell::RefCell;
use std::sync::Arc;

use super::key::Key;
use super::site::Site;

struct Open {
    site: Arc<Site>,
    keys: Vec<Key>,
}

thread_local! {
    static OPEN: RefCell<Option<Open>> = const { RefCell::new(None) };
}

/// Runs `work`, which makes one output of `site`, and says what was read: each key once, in order. Not to be nested.
pub fn during<T>(site: &Arc<Site>, work: impl FnOnce() -> T) -> (T, Vec<Key>) {
    OPEN.set(Some(Open { site: Arc::clone(site), keys: Vec::with_capacity(64) }));
    let done = work();
    let mut keys = OPEN.take().map(|open| open.keys).unwrap_or_default();
    keys.sort_unstable();
    keys.dedup();
    (done, keys)
}

/// Notes that `key`'s value is handed over.
pub(super) fn saw(key: impl FnOnce() -> Key) {
    OPEN.with_borrow_mut(|open| {
        if let Some(open) = open {
            let key = key();
            // Words and settings are read in runs.
            if open.keys.last() != Some(&key) {
                open.keys.push(key);
            }
        }
    });
}

/// The site whose output is being made on this thread.
pub(super) fn site() -> Option<Arc<Site>> {
    OPEN.with_borrow(|open| open.as_ref().map(|open| Arc::clone(&open.site)))
}
