//! Pixels of still pictures. In: bytes and their header. Out: [`Pixels`] as stored (not yet upright, not yet sRGB; inks already are).
//! Memory is bounded by what the header says, which was checked before.

use std::io::Cursor;

use png::{Limits, Transformations};
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

use crate::colour::inks_to_srgb;
use crate::header::{MAX_DECODE_BYTES, PictureHeader, shrink_factor};
use crate::pixels::{Pixels, Shrinker};
use crate::{PictureFormat, PictureProblem, broken};

/// Decodes a still picture of JPEG, PNG or WebP. The result may be smaller than the picture, but has at least `wanted` times twice as many
/// pixels a side, if given.
pub fn decode(bytes: &[u8], header: &PictureHeader, wanted: Option<u32>) -> Result<Pixels, PictureProblem> {
    match header.format {
        PictureFormat::Jpeg => decode_jpeg(bytes, header),
        PictureFormat::Png => decode_png(bytes, wanted),
        PictureFormat::Webp => decode_webp(bytes),
        _ => Err(broken("a format without pixels")),
    }
}

fn decode_jpeg(bytes: &[u8], header: &PictureHeader) -> Result<Pixels, PictureProblem> {
    let (width, height) = (header.stored.0 as usize, header.stored.1 as usize);
    let inks = header.profile.as_ref().filter(|_| header.inks);
    let space = if inks.is_some() { ColorSpace::CMYK } else { ColorSpace::RGB };
    let options = DecoderOptions::default()
        .set_max_width(usize::from(u16::MAX))
        .set_max_height(usize::from(u16::MAX))
        .jpeg_set_out_colorspace(space);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    let data = decoder.decode().map_err(|e| broken(format!("{e:?}")))?;
    let data = match inks {
        Some(profile) if data.len() == width * height * 4 => {
            // Programs of Adobe store how much light is left, not how much ink there is.
            let inverted: Vec<u8> = data.iter().map(|ink| 255 - ink).collect();
            match inks_to_srgb(profile, &inverted) {
                Some(data) => data,
                None => inverted.chunks_exact(4).flat_map(|i| [0, 1, 2].map(|n| light(i[n], i[3]))).collect(),
            }
        }
        _ => data,
    };
    if data.len() != width * height * 3 {
        return Err(broken("other pixels than the header says"));
    }
    Ok(Pixels { width, height, channels: 3, data })
}

/// The light that one ink and black leave.
fn light(ink: u8, black: u8) -> u8 {
    ((255 - u32::from(ink)) * (255 - u32::from(black)) / 255) as u8
}

fn decode_png(bytes: &[u8], wanted: Option<u32>) -> Result<Pixels, PictureProblem> {
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), Limits { bytes: MAX_DECODE_BYTES as usize });
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
    let mut reader = decoder.read_info().map_err(broken)?;
    let (width, height) = (reader.info().width as usize, reader.info().height as usize);
    let (colours, _) = reader.output_color_type();
    let stored = colours.samples();
    let channels = if matches!(stored, 2 | 4) { 4 } else { 3 };
    let factor = wanted.map_or(1, |wanted| shrink_factor(reader.info().width, wanted) as usize);
    let mut shrinker = Shrinker::new(width, channels, factor);
    let mut row = Vec::with_capacity(width * channels);
    let mut push = |data: &[u8]| {
        row.clear();
        for pixel in data.chunks_exact(stored) {
            match pixel {
                [grey] => row.extend([*grey; 3]),
                [grey, opacity] => row.extend([*grey, *grey, *grey, *opacity]),
                whole => row.extend_from_slice(whole),
            }
        }
        shrinker.push(&row);
    };
    if reader.info().interlaced {
        let size = reader.output_buffer_size().ok_or_else(|| broken("too large"))?;
        let mut data = vec![0; size];
        reader.next_frame(&mut data).map_err(broken)?;
        data.chunks_exact(width * stored).for_each(&mut push);
    } else {
        while let Some(next) = reader.next_row().map_err(broken)? {
            push(next.data());
        }
    }
    let pixels = shrinker.finish();
    if pixels.height != height.div_ceil(factor) {
        return Err(broken("rows are missing"));
    }
    Ok(pixels)
}

fn decode_webp(bytes: &[u8]) -> Result<Pixels, PictureProblem> {
    let mut decoder = image_webp::WebPDecoder::new(Cursor::new(bytes)).map_err(broken)?;
    decoder.set_memory_limit(MAX_DECODE_BYTES as usize);
    let (width, height) = decoder.dimensions();
    let channels = if decoder.has_alpha() { 4 } else { 3 };
    let size = decoder.output_buffer_size().ok_or_else(|| broken("too large"))?;
    let mut data = vec![0; size];
    decoder.read_image(&mut data).map_err(broken)?;
    Ok(Pixels { width: width as usize, height: height as usize, channels, data })
}
