//! Files from pixels. In: [`Pixels`]. Out: the bytes of a JPEG, PNG or WebP file without any metadata.

use jpeg_encoder::{ColorType, ImageBuffer, JpegColorType, SamplingFactor, rgb_to_ycbcr};

use crate::colour::ToSrgb;
use crate::exif::Orientation;
use crate::pixels::Pixels;
use crate::{PictureProblem, broken};

/// Quality of clean copies that have to be encoded again.
const FULL_QUALITY: u8 = 90;

fn side(length: usize) -> Result<u16, PictureProblem> {
    u16::try_from(length).map_err(|_| broken("too large for JPEG"))
}

fn jpeg_encoder(out: &mut Vec<u8>, quality: u8) -> jpeg_encoder::Encoder<&mut Vec<u8>> {
    let mut encoder = jpeg_encoder::Encoder::new(out, quality);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    encoder.set_optimized_huffman_tables(true);
    encoder.set_progressive(true);
    encoder
}

/// JPEG of opaque pixels.
pub fn jpeg(pixels: &Pixels, quality: u8) -> Result<Vec<u8>, PictureProblem> {
    let mut out = Vec::new();
    let (width, height) = (side(pixels.width)?, side(pixels.height)?);
    jpeg_encoder(&mut out, quality).encode(&pixels.data, width, height, ColorType::Rgb).map_err(broken)?;
    Ok(out)
}

/// A large picture, turned and converted row by row, since a second copy of it may not fit into memory.
struct TurnedRows<'p> {
    pixels: &'p Pixels,
    orientation: Orientation,
    to_srgb: Option<&'p ToSrgb>,
    size: (u16, u16),
}

impl ImageBuffer for TurnedRows<'_> {
    fn get_jpeg_color_type(&self) -> JpegColorType {
        JpegColorType::Ycbcr
    }

    fn width(&self) -> u16 {
        self.size.0
    }

    fn height(&self) -> u16 {
        self.size.1
    }

    fn fill_buffers(&self, y: u16, buffers: &mut [Vec<u8>; 4]) {
        let stored = (self.pixels.width, self.pixels.height);
        let mut row = Vec::with_capacity(usize::from(self.size.0) * 3);
        for x in 0..usize::from(self.size.0) {
            let (x, y) = self.orientation.stored_place((x, usize::from(y)), stored);
            row.extend_from_slice(self.pixels.at(x, y));
        }
        if let Some(to_srgb) = self.to_srgb {
            to_srgb.convert(&mut row, 3);
        }
        for pixel in row.chunks_exact(3) {
            let (y, cb, cr) = rgb_to_ycbcr(pixel[0], pixel[1], pixel[2]);
            buffers[0].push(y);
            buffers[1].push(cb);
            buffers[2].push(cr);
        }
    }
}

/// JPEG in full size of opaque pixels as stored, upright and in sRGB.
pub fn full_jpeg(
    pixels: &Pixels,
    orientation: Orientation,
    to_srgb: Option<&ToSrgb>,
) -> Result<Vec<u8>, PictureProblem> {
    let (width, height) = (side(pixels.width)?, side(pixels.height)?);
    let size = if orientation.swaps_sides() { (height, width) } else { (width, height) };
    let mut out = Vec::new();
    let mut encoder = jpeg_encoder(&mut out, FULL_QUALITY);
    // Progressive scans would hold all coefficients.
    encoder.set_progressive(false);
    encoder.set_optimized_huffman_tables(false);
    encoder.encode_image(TurnedRows { pixels, orientation, to_srgb, size }).map_err(broken)?;
    Ok(out)
}

/// PNG.
pub fn png(pixels: &Pixels) -> Result<Vec<u8>, PictureProblem> {
    let mut out = Vec::new();
    let (width, height) = (u32::try_from(pixels.width), u32::try_from(pixels.height));
    let mut encoder = png::Encoder::new(&mut out, width.map_err(broken)?, height.map_err(broken)?);
    encoder.set_color(if pixels.channels == 4 { png::ColorType::Rgba } else { png::ColorType::Rgb });
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Balanced);
    let mut writer = encoder.write_header().map_err(broken)?;
    writer.write_image_data(&pixels.data).map_err(broken)?;
    writer.finish().map_err(broken)?;
    Ok(out)
}

/// How WebP keeps the pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WebpMode {
    /// With this quality.
    Lossy(u8),
    /// Exactly.
    Lossless,
}

/// WebP of at most 16383 pixels a side.
pub fn webp(pixels: &Pixels, mode: WebpMode) -> Result<Vec<u8>, PictureProblem> {
    let (width, height) = (pixels.width as u32, pixels.height as u32);
    let encoder = match pixels.channels {
        4 => webp::Encoder::from_rgba(&pixels.data, width, height),
        _ => webp::Encoder::from_rgb(&pixels.data, width, height),
    };
    let made = match mode {
        WebpMode::Lossy(quality) => encoder.encode_simple(false, f32::from(quality)),
        WebpMode::Lossless => encoder.encode_simple(true, 75.0),
    };
    made.map(|bytes| bytes.to_vec()).map_err(|e| broken(format!("{e:?}")))
}

/// WebP in full size, for pictures that were WebP and have to be encoded again.
pub fn full_webp(pixels: &Pixels) -> Result<Vec<u8>, PictureProblem> {
    webp(pixels, WebpMode::Lossy(FULL_QUALITY))
}
