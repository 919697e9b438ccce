//! The dependency engine: which outputs must be made again after a change, and the cache that carries this from build to build.
//!
//! In: nodes with the keys each of them read, and a function that computes a key's current fingerprint. Out: the keys whose
//! fingerprint changed, and the nodes that read one of them. Generic over nodes and keys: knows no pages and no HTML. On the disk it
//! touches only its own cache folder ([`CacheStore`]) and the lock files it is handed.

mod blob_cache;
mod facet;
mod file_lock;
mod fingerprint;
mod graph;
mod process;
mod store;

pub use blob_cache::BlobCache;
pub use facet::{Facet, FacetNames};
pub(crate) use facet::{facet_group, named_facet_group};
pub use file_lock::{retry_until, try_lock};
pub use fingerprint::{Fingerprint, fingerprint};
pub use graph::{Comparison, DependencyGraph, Scope, StoredGraph};
pub use process::{absolute_path, program_fingerprint, time_of_save};
pub use store::{CACHE_DIR, CacheStore, OpenError, RowChanges, StoredRows};
