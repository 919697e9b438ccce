//! Records which values of the site each output reads, and computes their fingerprints: keys, recording, fingerprints,
//! and the cache of documents. In: reads during rendering. Out: keys and fingerprints for the dependency graph. Knows
//! no template and no output.

pub(super) mod dependency_key;
pub(super) mod doc_cache;
mod fingerprints;
pub(super) mod read_recorder;

pub use dependency_key::{DependencyKey, FeedKey, ListKey, PageFacet, Query};
pub use doc_cache::{DocCache, DocLoader, ResolvedDoc, VisibleReferences};
pub use read_recorder::{RecordedRead, recording};
