//! The blocks of a GIF file (GIF89a specification). In: bytes. Out: size and number of frames; a copy without comments and metadata.
//! Decodes no pixels.

use crate::{PictureProblem, broken};

/// Size of a GIF, and whether it moves.
pub struct GifHeader {
    /// Width and height of the logical screen.
    pub size: (u32, u32),
}

/// Reads the logical screen.
pub fn read(bytes: &[u8]) -> Result<GifHeader, PictureProblem> {
    let screen = bytes.get(6..13).ok_or_else(|| broken("the file ends too early"))?;
    let number = |at: usize| u32::from(u16::from_le_bytes([screen[at], screen[at + 1]]));
    Ok(GifHeader { size: (number(0), number(2)) })
}

/// Copies frames, their timing and how often they repeat, and leaves out comments, texts, XMP and whatever follows the end.
pub fn strip(bytes: &[u8]) -> Result<Vec<u8>, PictureProblem> {
    let cut = || broken("the file ends too early");
    let table = |flags: u8| if flags & 0x80 != 0 { 3usize << ((flags & 7) + 1) } else { 0 };
    let mut at = 13 + table(*bytes.get(10).ok_or_else(cut)?);
    let mut out = Vec::with_capacity(bytes.len());
    out.extend_from_slice(bytes.get(..at).ok_or_else(cut)?);
    let mut has_frame = false;
    loop {
        let start = at;
        match *bytes.get(at).ok_or_else(cut)? {
            0x3B if has_frame => {
                out.push(0x3B);
                return Ok(out);
            }
            0x2C => {
                at += 10 + table(*bytes.get(at + 9).ok_or_else(cut)?) + 1;
                at = end_of_blocks(bytes, at)?;
                out.extend_from_slice(&bytes[start..at]);
                has_frame = true;
            }
            0x21 => {
                let label = *bytes.get(at + 1).ok_or_else(cut)?;
                at = end_of_blocks(bytes, at + 2)?;
                let block = &bytes[start..at];
                let repeats = label == 0xFF && matches!(block.get(3..14), Some(b"NETSCAPE2.0" | b"ANIMEXTS1.0"));
                if label == 0xF9 || (repeats && block.len() == 19) {
                    out.extend_from_slice(block);
                }
            }
            _ => return Err(broken("a block of an unknown kind")),
        }
    }
}

/// Where the chain of data blocks that starts at `at` ends.
fn end_of_blocks(bytes: &[u8], mut at: usize) -> Result<usize, PictureProblem> {
    loop {
        let length = *bytes.get(at).ok_or_else(|| broken("the file ends too early"))?;
        at += 1 + usize::from(length);
        if length == 0 {
            return Ok(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: &[u8] = b",\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0";

    fn with(extension: &[u8]) -> Vec<u8> {
        [b"GIF89a\x01\0\x01\0\0\0\0".as_slice(), extension, FRAME, b";tail with GPS"].concat()
    }

    #[test]
    fn comments_go_and_repetition_stays() {
        let plain = strip(&with(b"")).unwrap();
        assert!(plain.ends_with(b"\x01\0;"));
        assert_eq!(strip(&with(b"!\xfe\x03GPS\0")).unwrap(), plain);
        assert_eq!(strip(&with(b"!\xff\x0bXMP DataXMP\x03GPS\0")).unwrap(), plain);
        let looped = b"!\xff\x0bNETSCAPE2.0\x03\x01\0\0\0";
        assert_eq!(strip(&with(looped)).unwrap().len(), plain.len() + looped.len());
        for cut in 0..plain.len() {
            assert!(strip(&plain[..cut]).is_err());
        }
    }
}
