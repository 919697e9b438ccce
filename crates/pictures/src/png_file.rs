//! The chunks of a PNG file (W3C PNG, third edition). In: bytes. Out: a copy without texts, times, Exif and whatever follows the end.
//! Decodes nothing.

use crate::{PictureProblem, broken};

/// Whether a chunk is needed to show the picture.
fn is_kept(kind: &[u8], keep_profile: bool) -> bool {
    match kind {
        b"IHDR" | b"PLTE" | b"IDAT" | b"IEND" | b"tRNS" | b"acTL" | b"fcTL" | b"fdAT" => true,
        b"iCCP" => keep_profile,
        b"gAMA" | b"cHRM" | b"sRGB" | b"cICP" | b"sBIT" | b"pHYs" => true,
        _ => false,
    }
}

/// Copies pixels, transparency, animation and how colours are meant; the colour profile only if `keep_profile` asks for it.
pub fn strip(bytes: &[u8], keep_profile: bool) -> Result<Vec<u8>, PictureProblem> {
    let cut = || broken("the file ends too early");
    let mut out = bytes.get(..8).ok_or_else(cut)?.to_vec();
    let mut at = 8;
    loop {
        let head = bytes.get(at..at + 8).ok_or_else(cut)?;
        let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
        let chunk = bytes.get(at..).and_then(|rest| rest.get(..length.checked_add(12)?)).ok_or_else(cut)?;
        let kind = &head[4..];
        if is_kept(kind, keep_profile) {
            out.extend_from_slice(chunk);
        }
        if kind == b"IEND" {
            return Ok(out);
        }
        at += chunk.len();
    }
}

/// Whether the file has frames after the first.
pub fn is_animated(bytes: &[u8]) -> bool {
    let mut at = 8;
    while let Some(head) = bytes.get(at..at + 8) {
        match &head[4..] {
            b"acTL" => return true,
            b"IDAT" => return false,
            _ => at += 12 + u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize,
        }
    }
    false
}
