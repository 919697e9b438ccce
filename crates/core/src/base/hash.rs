//! A 128-bit content hash (BLAKE3 truncated), printed as 32 hex digits.
//!
//! Input: bytes. Output: [`ContentHash`]. Does not know what the bytes are.

use std::fmt;

/// The hash of a byte string. Code treats equal hashes as equal content.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct ContentHash([u8; 16]);

impl ContentHash {
    /// Computes the hash of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        let mut out = [0; 16];
        out.copy_from_slice(&blake3::hash(bytes).as_bytes()[..16]);
        Self(out)
    }

    /// Parses the 32 hex digits that `Display` writes; `None` for anything else.
    pub fn parse(hex: &str) -> Option<Self> {
        if hex.len() != 32 || !hex.is_ascii() {
            return None;
        }
        let digit = |b: u8| char::from(b).to_digit(16).map(|d| d as u8);
        let mut out = [0; 16];
        for (byte, pair) in out.iter_mut().zip(hex.as_bytes().chunks_exact(2)) {
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Some(Self(out))
    }

    /// Returns the 16 bytes, for a binary database column.
    pub fn bytes(self) -> [u8; 16] {
        self.0
    }

    /// Creates a hash from the result of [`ContentHash::bytes`].
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Returns the first `digits` hex digits, as used in fingerprinted file names.
    pub fn short(&self, digits: usize) -> String {
        let mut hex = self.to_string();
        hex.truncate(digits);
        hex
    }
}

const HEX: &[u8; 16] = b"0123456789abcdef";

impl fmt::Display for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Lists of outputs print one hash for each output, so avoid one formatter call per byte.
        let mut hex = [0; 32];
        for (pair, byte) in hex.chunks_exact_mut(2).zip(self.0) {
            pair.copy_from_slice(&[HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
        }
        f.write_str(std::str::from_utf8(&hex).unwrap_or_default())
    }
}

impl fmt::Debug for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printing_and_parsing_are_inverse() {
        let hash = ContentHash::of("知识产权".as_bytes());
        assert_eq!(ContentHash::parse(&hash.to_string()), Some(hash));
        assert_eq!(ContentHash::parse("zz"), None);
        assert_eq!(ContentHash::parse("+1234567+1234567+1234567+1234567"), None);
        assert_eq!(
            ContentHash::parse("000102030405060708090a0b0c0d0eff").map(|h| h.to_string()).as_deref(),
            Some("000102030405060708090a0b0c0d0eff")
        );
        assert_eq!(hash.short(8).len(), 8);
    }
}
