//! The chunks of a PNG file (W3C PNG, third edition). In: bytes. Out: a copy without texts, times, Exif and whatever follows the end.
//! Decodes nothing.

use png::Info;

use crate::colour::{profile_of_code_points, profile_of_primaries};
use crate::{PictureProblem, broken};

/// The colour profile of a picture, in the order of precedence of the standard (section 4.3): code points, an embedded profile, sRGB,
/// gamma with or without primaries. `None` if it is sRGB or does not say.
pub fn profile(info: &Info<'_>) -> Option<Vec<u8>> {
    if let Some(points) = &info.coding_independent_code_points {
        return profile_of_code_points(points.color_primaries, points.transfer_function);
    }
    if info.srgb.is_some() {
        return None;
    }
    if let Some(profile) = &info.icc_profile {
        return Some(profile.to_vec());
    }
    let places = info.chromaticities().map(|c| {
        [c.white, c.red, c.green, c.blue].map(|(x, y)| (f64::from(x.into_value()), f64::from(y.into_value())))
    });
    profile_of_primaries(info.gamma().map(|gamma| f64::from(gamma.into_value())), places)
}

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
