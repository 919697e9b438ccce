//! The chunks of a WebP file (RFC 9649). In: bytes. Out: a copy without Exif and XMP. Decodes nothing.

use std::ops::Range;

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
    copy_chunks(bytes, 12..end, keep_profile, &mut out)?;
    let size = u32::try_from(out.len() - 8).map_err(broken)?;
    out[4..8].copy_from_slice(&size.to_le_bytes());
    Ok(out)
}

/// Bytes of a frame before its chunks: place, size, duration, flags.
const FRAME_HEAD: usize = 16;

/// Copies the chunks in a range of the file that are kept.
fn copy_chunks(bytes: &[u8], range: Range<usize>, keep_profile: bool, out: &mut Vec<u8>) -> Result<(), PictureProblem> {
    let cut = || broken("the file ends too early");
    let (mut at, end) = (range.start, range.end);
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
            // A frame has chunks of its own.
            b"ANMF" if range.start == 12 => {
                let start = out.len();
                out.extend_from_slice(chunk.get(..8 + FRAME_HEAD).ok_or_else(cut)?);
                copy_chunks(bytes, at + 8 + FRAME_HEAD..at + 8 + length, keep_profile, out)?;
                let length = u32::try_from(out.len() - start - 8).map_err(broken)?;
                out[start + 4..start + 8].copy_from_slice(&length.to_le_bytes());
            }
            b"VP8 " | b"VP8L" | b"ALPH" | b"ANIM" => {
                out.extend_from_slice(chunk);
                // The padding that the last chunk of some files lacks.
                out.resize(out.len() + chunk.len() % 2, 0);
            }
            b"ICCP" if keep_profile => out.extend_from_slice(chunk),
            _ => {}
        }
        at = next;
    }
    Ok(())
}
