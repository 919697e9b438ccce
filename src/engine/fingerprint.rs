//! The worth of a key: 64 bits in which equal values are equal.

use std::hash::{DefaultHasher, Hash, Hasher};

use serde::{Deserialize, Serialize};

/// A fingerprint of a value. Only compared with stamps that the same version of the program made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Fingerprint(pub u64);

/// The stamp of a value. `DefaultHasher::new` has fixed keys (SipHash), so equal values give equal stamps in every process.
pub fn fingerprint(value: &(impl Hash + ?Sized)) -> Fingerprint {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    Fingerprint(hasher.finish())
}
