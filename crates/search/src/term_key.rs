//! A term as a number, which is compared and sorted faster than its text. In: the parts of a term. Out: a [`TermKey`].

/// A term as a number: two Han characters as they are, anything else by its hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(super) struct TermKey(u64);

/// Set for terms that are known by their hash.
const HASHED: u64 = 1 << 63;

impl TermKey {
    /// The key of two Han characters.
    pub fn of_pair(first: char, second: char) -> Self {
        Self(u64::from(u32::from(first)) << 32 | u64::from(u32::from(second)))
    }

    /// The key of any other term, of two parts of which the second may be empty.
    pub fn hashed(first: &str, second: &str) -> Self {
        // FNV-1a, 64 bits: the same on every machine.
        let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
        for byte in first.bytes().chain(second.bytes()) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        Self(hash | HASHED)
    }

    /// The two characters of a term that is not known by its hash.
    pub fn pair(self) -> Option<[char; 2]> {
        if self.0 & HASHED != 0 {
            return None;
        }
        Some([char::from_u32((self.0 >> 32) as u32)?, char::from_u32(self.0 as u32)?])
    }
}
