//! The chunks of a WebP file (RFC 9649). In: bytes. Out: a copy without Exif and XMP. Decodes nothing.

use crate::{PictureProblem, broken};

const EXIF_AND_XMP: u8 = 0x08 | 0x04;
const PROFILE: u8 = 0x20;

/// Copies pictures, animation and transparency and leaves out the rest; the colour profile only if `keep_profile` asks for it.
pub fn strip(bytes: &[u8], keep_profile: bool) -> Result<Vec<u8>, PictureProblem> {
    let cut = || broken("the file ends too early");
    let size = bytes.get(4..8).ok_or_else(cut)?;
    let size = u32::from_le_bytes([size[0], size[1], size[2], size[3]]) as usize;
    let end = size.checked_add(8).filter(|end| *end <= bytes.len()).ok_or_else(cut)?;
    let mut out = bytes.get(..12).ok_or_else(cut)?.to_vec();
    let mut at = 12;
    while at < end {
        let head = bytes.get(at..at + 8).ok_or_else(cut)?;
        let length = u32::from_le_bytes([head[4], head[5], head[6], head[7]]) as usize;
        let next = length.checked_next_multiple_of(2).and_then(|padded| padded.checked_add(at + 8)).ok_or_else(cut)?;
        // The last chunk of some files lacks its padding.
        let chunk = bytes.get(at..next.min(end)).filter(|chunk| chunk.len() >= 8 + length).ok_or_else(cut)?;
        match &head[..4] {
            b"VP8X" => {
                let mut chunk = chunk.to_vec();
                if let Some(flags) = chunk.get_mut(8) {
                    *flags &= !(EXIF_AND_XMP | if keep_profile { 0 } else { PROFILE });
                }
                out.extend(chunk);
            }
            b"VP8 " | b"VP8L" | b"ALPH" | b"ANIM" | b"ANMF" => out.extend_from_slice(chunk),
            b"ICCP" if keep_profile => out.extend_from_slice(chunk),
            _ => {}
        }
        at = next;
    }
    let size = u32::try_from(out.len() - 8).map_err(broken)?;
    out[4..8].copy_from_slice(&size.to_le_bytes());
    Ok(out)
}
