//! The segments of a JPEG file (ITU-T T.81, annex B). In: bytes. Out: size, sampling, orientation and profile from the header; a copy
//! without metadata whose pixels are untouched. Decodes nothing.

use memchr::memchr;

use crate::exif::{Orientation, orientation};
use crate::{PictureProblem, broken};

/// Largest colour profile that is read, in bytes.
const MAX_PROFILE_BYTES: usize = 8 << 20;

/// What stands before the first scan.
#[derive(Debug, Clone, Default)]
pub struct JpegHeader {
    /// Width and height as stored.
    pub size: (u32, u32),
    /// Number of components: 1 for grey, 3 for colour, 4 for inks.
    pub components: u8,
    /// Whether there are several scans, so that all coefficients are held while decoding.
    pub progressive: bool,
    /// Number of samples of all components for each pixel, times 16.
    pub samples: u32,
    /// How it must be turned.
    pub orientation: Orientation,
    /// The embedded colour profile.
    pub profile: Option<Vec<u8>>,
}

/// One marker with its parameters.
struct Segment<'b> {
    marker: u8,
    /// The marker, the length and the parameters.
    whole: &'b [u8],
    /// The parameters.
    data: &'b [u8],
}

const START_OF_SCAN: u8 = 0xDA;
const END_OF_IMAGE: u8 = 0xD9;

/// The segment at `at`, behind any fill bytes, and where it ends.
fn segment(bytes: &[u8], mut at: usize) -> Result<(Segment<'_>, usize), PictureProblem> {
    let cut = || broken("the file ends too early");
    if bytes.get(at) != Some(&0xFF) {
        return Err(if at >= bytes.len() { cut() } else { broken("no marker where one belongs") });
    }
    while bytes.get(at + 1) == Some(&0xFF) {
        at += 1;
    }
    let marker = *bytes.get(at + 1).ok_or_else(cut)?;
    if matches!(marker, 0x01 | 0xD0..=0xD9) {
        return Ok((Segment { marker, whole: &bytes[at..at + 2], data: &[] }, at + 2));
    }
    let length = bytes.get(at + 2..at + 4).ok_or_else(cut)?;
    let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
    let whole = bytes.get(at..at + 2 + length).ok_or_else(cut)?;
    let data = whole.get(4..).ok_or_else(|| broken("a segment without its length"))?;
    Ok((Segment { marker, whole, data }, at + 2 + length))
}

fn is_frame(marker: u8) -> bool {
    matches!(marker, 0xC0..=0xCF) && !matches!(marker, 0xC4 | 0xC8 | 0xCC)
}

/// Reads what stands before the first scan.
pub fn read(bytes: &[u8]) -> Result<JpegHeader, PictureProblem> {
    let mut header = JpegHeader::default();
    let mut parts: Vec<(u8, &[u8])> = Vec::new();
    let (mut at, mut has_exif) = (2, false);
    loop {
        let (segment, next) = segment(bytes, at)?;
        at = next;
        match segment.marker {
            marker if is_frame(marker) => read_frame(&mut header, &segment)?,
            0xE1 if !has_exif => {
                if let Some(tiff) = segment.data.strip_prefix(b"Exif\0\0") {
                    header.orientation = orientation(tiff);
                    has_exif = true;
                }
            }
            0xE2 => {
                if let Some([number, _, part @ ..]) = segment.data.strip_prefix(b"ICC_PROFILE\0") {
                    parts.push((*number, part));
                }
            }
            START_OF_SCAN | END_OF_IMAGE => break,
            _ => {}
        }
    }
    if header.components == 0 {
        return Err(broken("no frame"));
    }
    parts.sort_by_key(|(number, _)| *number);
    let length: usize = parts.iter().map(|(_, part)| part.len()).sum();
    header.profile = (length > 0 && length <= MAX_PROFILE_BYTES)
        .then(|| parts.iter().flat_map(|(_, part)| part.iter().copied()).collect());
    Ok(header)
}

fn read_frame(header: &mut JpegHeader, segment: &Segment<'_>) -> Result<(), PictureProblem> {
    let [precision, h1, h0, w1, w0, components, rest @ ..] = segment.data else {
        return Err(broken("a frame that is too short"));
    };
    if *precision != 8 {
        return Err(broken("more than 8 bits a sample"));
    }
    header.size = (u32::from(u16::from_be_bytes([*w1, *w0])), u32::from(u16::from_be_bytes([*h1, *h0])));
    header.components = *components;
    header.progressive = segment.marker != 0xC0 && segment.marker != 0xC1;
    let factors: Vec<(u32, u32)> = rest.chunks_exact(3).map(|c| (u32::from(c[1] >> 4), u32::from(c[1] & 15))).collect();
    if factors.len() < usize::from(*components) || factors.iter().any(|(h, v)| *h == 0 || *v == 0) {
        return Err(broken("components without sampling"));
    }
    let most = factors.iter().fold((1, 1), |most, f| (most.0.max(f.0), most.1.max(f.1)));
    header.samples = factors.iter().map(|(h, v)| 16 * h * v / (most.0 * most.1)).sum();
    Ok(())
}

/// Copies what decoding needs and leaves out the rest: Exif, XMP, IPTC, comments, previews, profiles, and whatever follows the end.
pub fn strip(bytes: &[u8]) -> Result<Vec<u8>, PictureProblem> {
    let mut out = Vec::with_capacity(bytes.len());
    out.extend_from_slice(&[0xFF, 0xD8]);
    let mut at = 2;
    loop {
        let (segment, next) = segment(bytes, at)?;
        at = next;
        match segment.marker {
            END_OF_IMAGE => {
                out.extend_from_slice(segment.whole);
                return Ok(out);
            }
            START_OF_SCAN => {
                let end = end_of_scan(bytes, at)?;
                out.extend_from_slice(segment.whole);
                out.extend_from_slice(&bytes[at..end]);
                at = end;
            }
            // The resolution without the preview that may follow it.
            0xE0 if segment.data.starts_with(b"JFIF\0") && segment.data.len() >= 12 => {
                out.extend_from_slice(&[0xFF, 0xE0, 0, 16]);
                out.extend_from_slice(&segment.data[..12]);
                out.extend_from_slice(&[0, 0]);
            }
            // How the colours of inks are to be read.
            0xEE if segment.data.starts_with(b"Adobe") && segment.data.len() >= 12 => {
                out.extend_from_slice(&[0xFF, 0xEE, 0, 14]);
                out.extend_from_slice(&segment.data[..12]);
            }
            0xC4 | 0xCC | 0xDB | 0xDD | 0xDC => out.extend_from_slice(segment.whole),
            marker if is_frame(marker) => out.extend_from_slice(segment.whole),
            _ => {}
        }
    }
}

/// Where the entropy-coded data that starts at `at` ends: at the next marker that is no restart marker.
fn end_of_scan(bytes: &[u8], mut at: usize) -> Result<usize, PictureProblem> {
    loop {
        let found = bytes.get(at..).and_then(|rest| memchr(0xFF, rest));
        let found = at + found.ok_or_else(|| broken("the file ends too early"))?;
        match bytes.get(found + 1) {
            Some(0 | 0xD0..=0xD7) => at = found + 2,
            Some(0xFF) => at = found + 1,
            Some(_) => return Ok(found),
            None => return Err(broken("the file ends too early")),
        }
    }
}
