//! Fingerprints: 64-bit hashes by which two values are compared without keeping them.

use std::hash::{DefaultHasher, Hash, Hasher};

use serde::{Deserialize, Serialize};

/// A 64-bit hash of a value. Comparable only between processes of the same program version, because `Hash` implementations may
/// change with the compiler.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Fingerprint(pub u64);

/// Computes the fingerprint of a value. `DefaultHasher::new` has fixed keys (SipHash), so equal values have equal fingerprints in
/// every process.
pub fn fingerprint(value: &(impl Hash + ?Sized)) -> Fingerprint {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    Fingerprint(hasher.finish())
}
