//! Which values of the site an output reads, and what each of them is today: the keys, their recording, their fingerprints and the
//! documents behind them. Knows no template and no output.

pub(super) mod dependency_key;
pub(super) mod doc_cache;
mod fingerprints;
pub(super) mod read_recorder;

pub use dependency_key::{DependencyKey, FeedKey, ListKey, PageFacet, Query};
pub use doc_cache::{DocCache, DocLoader, ResolvedDoc, VisibleReferences};
pub use read_recorder::{RecordedRead, recording};
