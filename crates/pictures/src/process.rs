//! The clean copy and the renditions of one picture, decoded once. In: bytes, header, settings. Out: [`Processed`].

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::colour::ToSrgb;
use crate::encode::{self, WebpMode};
use crate::header::{PictureHeader, read_header, sniff};
use crate::pixels::Pixels;
use crate::{
    Encoding, PictureFormat, PictureProblem, Rendition, RenditionSettings, avif, broken, decode, gif, jpeg, png_file,
    svg, webp_file,
};

/// What is published of a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Processed {
    /// In full size and in its own format, without metadata, upright, in sRGB. Its pixels are untouched where that is so already.
    pub clean: Vec<u8>,
    /// One for each rendition, in their order.
    pub renditions: Vec<Vec<u8>>,
    /// Whether pixels were decoded.
    pub decoded: bool,
}

/// Makes the clean copy and the renditions that the header plans.
pub fn process(
    bytes: &[u8],
    header: &PictureHeader,
    settings: &RenditionSettings,
) -> Result<Processed, PictureProblem> {
    // Decoders return errors for damaged files; should one panic all the same, the picture is as damaged.
    let made = catch_unwind(AssertUnwindSafe(|| process_checked(bytes, header, settings)));
    made.unwrap_or_else(|_| Err(broken("its decoder failed")))
}

fn process_checked(
    bytes: &[u8],
    header: &PictureHeader,
    settings: &RenditionSettings,
) -> Result<Processed, PictureProblem> {
    let has_pixels = matches!(header.format, PictureFormat::Jpeg | PictureFormat::Png | PictureFormat::Webp);
    if !has_pixels || header.animated {
        return Ok(Processed { clean: strip(bytes, header.format, true)?, renditions: Vec::new(), decoded: false });
    }
    let planned = header.renditions(settings);
    let to_srgb = header.profile.as_deref().filter(|_| !header.inks).and_then(ToSrgb::new);
    let untouched = header.orientation.is_upright() && to_srgb.is_none() && !header.inks;
    // Stripping looks at the whole file, so a damaged one is found before its pixels take memory.
    let stripped = Some(strip(bytes, header.format, false)?).filter(|_| untouched);
    let widest = planned.iter().map(|r| r.width.max(if header.orientation.swaps_sides() { r.height } else { 0 })).max();
    let pixels = decode::decode(bytes, header, untouched.then(|| widest.unwrap_or(1)))?;
    let (clean, small) = match (stripped, header.format) {
        (Some(stripped), _) => (stripped, largest_rendition(pixels, header, &planned)?),
        (None, PictureFormat::Jpeg) => {
            let clean = encode::full_jpeg(&pixels, header.orientation, to_srgb.as_ref())?;
            (clean, largest_rendition(pixels, header, &planned)?)
        }
        (None, format) => {
            // The small picture first, so that the large one can be turned without a second copy of it.
            let small = largest_rendition(Cow::Borrowed(&pixels), header, &planned)?;
            let mut whole = pixels.upright(header.orientation);
            if let Some(to_srgb) = &to_srgb {
                to_srgb.convert(&mut whole.data, whole.channels);
            }
            let clean = if format == PictureFormat::Png { encode::png(&whole)? } else { encode::full_webp(&whole)? };
            (clean, small)
        }
    };
    let renditions = match small {
        Some(small) => render(small, header, to_srgb.as_ref(), (&planned, settings))?,
        None => Vec::new(),
    };
    Ok(Processed { clean, renditions, decoded: true })
}

/// The pixels in the size of the largest rendition, as stored; `None` if none is planned.
fn largest_rendition<'p>(
    pixels: impl Into<Cow<'p, Pixels>>,
    header: &PictureHeader,
    planned: &[Rendition],
) -> Result<Option<Pixels>, PictureProblem> {
    let Some(largest) = planned.iter().max_by_key(|r| r.width) else { return Ok(None) };
    let (width, height) = header.orientation.upright_size((largest.width, largest.height));
    let pixels = pixels.into();
    if pixels.has_size(width, height) {
        return Ok(Some(pixels.into_owned()));
    }
    pixels.resized(width, height).map(Some)
}

/// Encodes the planned renditions of a picture in the size of the largest.
fn render(
    small: Pixels,
    header: &PictureHeader,
    to_srgb: Option<&ToSrgb>,
    (planned, settings): (&[Rendition], &RenditionSettings),
) -> Result<Vec<Vec<u8>>, PictureProblem> {
    let mut large = small.upright(header.orientation);
    if let Some(to_srgb) = to_srgb {
        to_srgb.convert(&mut large.data, large.channels);
    }
    let encoded = |rendition: &Rendition| {
        let sized = match large.has_size(rendition.width, rendition.height) {
            true => Cow::Borrowed(&large),
            false => Cow::Owned(large.resized(rendition.width, rendition.height)?),
        };
        match rendition.encoding {
            Encoding::Jpeg => encode::jpeg(&sized, settings.quality),
            Encoding::Png => encode::png(&sized),
            Encoding::Webp if header.drawing => encode::webp(&sized, WebpMode::Lossless),
            Encoding::Webp => encode::webp(&sized, WebpMode::Lossy(settings.quality)),
        }
    };
    planned.iter().map(encoded).collect()
}

/// A copy without metadata. `keep_profile` says whether a colour profile stays, for pictures whose pixels are not converted.
fn strip(bytes: &[u8], format: PictureFormat, keep_profile: bool) -> Result<Vec<u8>, PictureProblem> {
    match format {
        PictureFormat::Jpeg => jpeg::strip(bytes),
        PictureFormat::Png => png_file::strip(bytes, keep_profile),
        PictureFormat::Webp => webp_file::strip(bytes, keep_profile),
        PictureFormat::Gif => gif::strip(bytes),
        PictureFormat::Svg => svg::strip(bytes),
        PictureFormat::Avif => avif::check(bytes).map(|()| bytes.to_vec()),
    }
}

/// The clean copy of a picture, which is decoded only if it must be turned or converted.
pub fn clean(bytes: &[u8]) -> Result<Vec<u8>, PictureProblem> {
    let header = read_header(bytes)?;
    let converted = header.profile.as_deref().is_some_and(|profile| header.inks || ToSrgb::new(profile).is_some());
    if header.animated || (header.orientation.is_upright() && !converted && !header.inks) {
        return strip(bytes, header.format, header.animated);
    }
    let settings = RenditionSettings { widths: Vec::new(), quality: 1, webp: false };
    Ok(process(bytes, &header, &settings)?.clean)
}

/// Copies a picture without its metadata, whatever its file is called; nothing is decoded, so that it may lie on its side. `None` if it
/// is no picture.
///
/// # Errors
/// If it is a picture and cannot be cleaned.
pub fn strip_metadata(bytes: &[u8]) -> Option<Result<Vec<u8>, PictureProblem>> {
    Some(match sniff(bytes)? {
        Ok(format) => strip(bytes, format, true),
        Err(name) => Err(PictureProblem::Unsupported(name.into())),
    })
}
