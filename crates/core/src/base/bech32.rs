//! Bech32 (BIP 173): 32-byte keys as text with a checksum, as the age format and its tools write them.
//!
//! In: a prefix and bytes, or text. Out: text, or the bytes. Knows no keys and what they are for.

const ALPHABET: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const GENERATOR: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
/// Five-bit groups of the checksum.
const CHECKSUM: usize = 6;

/// Writes 32 bytes in lower case under a prefix of lower-case letters.
pub fn bech32_encode(prefix: &str, bytes: &[u8; 32]) -> String {
    let mut groups = regroup(bytes, 8, 5);
    let check = polymod(expanded(prefix).chain(groups.iter().copied()).chain([0; CHECKSUM])) ^ 1;
    groups.extend((0..CHECKSUM).map(|n| (check >> (5 * (5 - n)) & 31) as u8));
    let text = groups.iter().map(|group| char::from(ALPHABET[usize::from(*group)]));
    format!("{prefix}1{}", text.collect::<String>())
}

/// Reads 32 bytes that were written under `prefix`, in lower or in upper case. `None` for another prefix, a wrong checksum, or anything
/// else.
pub fn bech32_decode(prefix: &str, text: &str) -> Option<[u8; 32]> {
    let mixed = text.contains(|c: char| c.is_ascii_lowercase()) && text.contains(|c: char| c.is_ascii_uppercase());
    let lower = text.to_ascii_lowercase();
    let data = lower.strip_prefix(prefix)?.strip_prefix('1').filter(|_| !mixed && text.len() <= 120)?;
    let groups: Option<Vec<u8>> =
        data.bytes().map(|b| ALPHABET.iter().position(|a| *a == b).map(|at| at as u8)).collect();
    let groups = groups?;
    if polymod(expanded(prefix).chain(groups.iter().copied())) != 1 {
        return None;
    }
    let data = groups.get(..groups.len().checked_sub(CHECKSUM)?)?;
    let bytes = regroup(data, 5, 8);
    // 256 bits are 52 groups, the last with four bits of filling, which are zero.
    (data.len() == 52 && data[51] & 15 == 0).then(|| bytes[..32].try_into().ok()).flatten()
}

/// The prefix as the checksum sees it.
fn expanded(prefix: &str) -> impl Iterator<Item = u8> {
    prefix.bytes().map(|b| b >> 5).chain([0]).chain(prefix.bytes().map(|b| b & 31))
}

fn polymod(groups: impl Iterator<Item = u8>) -> u32 {
    groups.fold(1, |check: u32, group| {
        let top = check >> 25;
        let shifted = (check & 0x01ff_ffff) << 5 ^ u32::from(group);
        GENERATOR.iter().enumerate().filter(|(n, _)| top >> n & 1 == 1).fold(shifted, |sum, (_, value)| sum ^ value)
    })
}

/// Groups of `from` bits to groups of `to` bits; the last is filled with zeros.
fn regroup(groups: &[u8], from: u32, to: u32) -> Vec<u8> {
    let (mut bits, mut held, mut out) = (0_u32, 0, Vec::with_capacity(groups.len() * 2));
    for group in groups {
        bits = bits << from & 0xffff | u32::from(*group);
        held += from;
        while held >= to {
            held -= to;
            out.push((bits >> held & ((1 << to) - 1)) as u8);
        }
    }
    if held > 0 {
        out.push((bits << (to - held) & ((1 << to) - 1)) as u8);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A key pair made with age 0.11.5.
    const RECIPIENT: &str = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj";

    #[test]
    fn a_key_of_age_is_read_and_written_alike() {
        let bytes = bech32_decode("age", RECIPIENT).unwrap();
        assert_eq!(bech32_encode("age", &bytes), RECIPIENT);
        assert_eq!(bech32_decode("age", &RECIPIENT.to_uppercase()), Some(bytes));
        for n in 0..=255_u8 {
            let key = [n; 32];
            let text = bech32_encode("puzhi-device", &key);
            assert_eq!(bech32_decode("puzhi-device", &text), Some(key));
            assert_eq!(bech32_decode("age", &text), None);
        }
    }

    #[test]
    fn a_slip_of_the_pen_is_found() {
        for at in 4..RECIPIENT.len() {
            let mut typed = RECIPIENT.as_bytes().to_vec();
            typed[at] = if typed[at] == b'q' { b'p' } else { b'q' };
            assert_eq!(bech32_decode("age", std::str::from_utf8(&typed).unwrap()), None, "{at}");
            assert_eq!(bech32_decode("age", &RECIPIENT[..at]), None, "{at}");
        }
        for bad in ["", "age", "age1", "age1q", "age1知识产权", &RECIPIENT.replacen('a', "A", 1), &"age1q".repeat(40)]
        {
            assert_eq!(bech32_decode("age", bad), None, "{bad}");
        }
    }
}
