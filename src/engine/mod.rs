//! What an edit reaches: which nodes read which keys, what the keys were worth, and so which nodes are out of date.
//!
//! In: nodes with the keys they read; a function that says what a key is worth now. Out: changed keys, and the nodes that
//! read one of them. Generic: knows no pages, no HTML and no disk but its own store.

mod fingerprint;
mod graph;
mod store;

pub use fingerprint::{Fingerprint, fingerprint};
pub use graph::{DependencyGraph, StoredGraph};
pub use store::{CACHE_DIR, CacheStore, OpenError, RowChanges, StoredRows};
