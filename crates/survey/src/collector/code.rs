//! One-time codes: twelve characters that are hard to confuse.
//!
//! In: random bytes, or typed text. Out: a code, or its hash. Knows no waves and no store.

use super::random::random_bytes;
use crate::store::CodeHash;

/// Crockford's base 32: digits and capitals without I, L, O and U; five bits each.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters of a code: 60 bits.
const LENGTH: usize = 12;

/// A one-time code. It is displayed as `7K2M-0QXD-94RT`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneTimeCode([u8; LENGTH]);

impl OneTimeCode {
    /// A random code; `None` when the system has no random bytes.
    pub fn generate() -> Option<OneTimeCode> {
        let bytes = random_bytes::<LENGTH>()?;
        Some(OneTimeCode(bytes.map(|byte| ALPHABET[usize::from(byte & 31)])))
    }

    /// Parses a code as people type it: in lower case, full-width, with spaces or dashes, `O` for `0`, `I` or `L` for `1`.
    pub fn parse(typed: &str) -> Option<OneTimeCode> {
        let mut code = [0; LENGTH];
        let mut length = 0;
        for c in typed.chars() {
            let c = match c {
                '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
                other => other,
            };
            if c.is_whitespace() || matches!(c, '-' | '－' | '—' | '–' | '_' | '.') {
                continue;
            }
            let sign = match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            let sign = u8::try_from(sign).ok().filter(|sign| ALPHABET.contains(sign))?;
            *code.get_mut(length)? = sign;
            length += 1;
        }
        (length == LENGTH).then_some(OneTimeCode(code))
    }

    /// The hash under which the store keeps it (BLAKE3 with a context of its own, 16 bytes).
    pub fn hash(&self) -> CodeHash {
        let mut hasher = blake3::Hasher::new_derive_key("puzhi survey one-time code, version 1");
        hasher.update(&self.0);
        let mut hash = [0; 16];
        hash.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
        CodeHash(hash)
    }
}

impl std::fmt::Display for OneTimeCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (n, sign) in self.0.iter().enumerate() {
            if n > 0 && n % 4 == 0 {
                f.write_str("-")?;
            }
            write!(f, "{}", char::from(*sign))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_as_people_type_them() {
        let code = OneTimeCode::generate().unwrap();
        let printed = code.to_string();
        assert_eq!(printed.len(), 14);
        assert_eq!(OneTimeCode::parse(&printed), Some(code));
        let code = OneTimeCode::parse("7K2M-0Q1D-94RT").unwrap();
        for typed in ["7k2m0qld94rt", " 7K2M OQiD 94RT\n", "７Ｋ２Ｍ－０Ｑ１Ｄ－９４ＲＴ", "7K2M—0Q1D—94RT"]
        {
            assert_eq!(OneTimeCode::parse(typed), Some(code.clone()), "{typed}");
        }
        for bad in
            ["", "7K2M-0Q1D-94R", "7K2M-0Q1D-94RTT", "7K2M-0Q1D-94R!", "知识产权知识产权知识产权", "UUUU-UUUU-UUUU"]
        {
            assert_eq!(OneTimeCode::parse(bad), None, "{bad}");
        }
        assert_ne!(OneTimeCode::generate(), OneTimeCode::generate());
        assert_eq!(code.hash(), OneTimeCode::parse("7k2m 0qld 94rt").unwrap().hash());
    }
}
