//! Photographs for tests, with what telephones write into them.
#![allow(dead_code, reason = "each test binary uses only some of these")]

use jpeg_encoder::{ColorType, Encoder};

/// Text in the metadata that no output may hold.
pub const PLACE: &str = "GPS-MARK 24.92N 102.48E";

/// What a photograph is like.
#[derive(Debug, Clone)]
pub struct Photo {
    /// Width and height as it is seen.
    pub size: (usize, usize),
    /// Exif number of how it is stored.
    pub orientation: u8,
    /// Changes the noise.
    pub seed: u32,
    /// Colour profile.
    pub profile: Option<Vec<u8>>,
    /// Whether it is stored as inks, as programs of Adobe do.
    pub inks: bool,
}

impl Photo {
    /// A photograph of this size, stored upright.
    pub fn new(width: usize, height: usize) -> Self {
        Self { size: (width, height), orientation: 1, seed: 1, profile: None, inks: false }
    }

    /// The bytes of a JPEG file with place, comment and preview in its metadata, and something behind its end.
    pub fn jpeg(&self) -> Vec<u8> {
        let ((width, height), pixels) = stored(self.size, &scene(self.size, self.seed), self.orientation);
        let mut out = Vec::new();
        let mut encoder = Encoder::new(&mut out, 90);
        encoder.add_exif_metadata(&exif(self.orientation)).unwrap();
        encoder.add_app_segment(1, [b"http://ns.adobe.com/xap/1.0/\0", PLACE.as_bytes()].concat()).unwrap();
        encoder.add_app_segment(13, [b"Photoshop 3.0\0", PLACE.as_bytes()].concat()).unwrap();
        if let Some(profile) = &self.profile {
            encoder.add_icc_profile(profile).unwrap();
        }
        let (width, height) = (width as u16, height as u16);
        if self.inks {
            let inks: Vec<u8> = pixels.chunks_exact(3).flat_map(|p| [255 - p[0], 255 - p[1], 255 - p[2], 0]).collect();
            encoder.encode(&inks, width, height, ColorType::Cmyk).unwrap();
        } else {
            encoder.encode(&pixels, width, height, ColorType::Rgb).unwrap();
        }
        out.extend_from_slice(PLACE.as_bytes());
        out
    }
}

/// Colours of the corners: top left, top right, bottom left, bottom right.
pub const CORNERS: [[u8; 3]; 4] = [[200, 40, 40], [40, 180, 40], [40, 40, 200], [220, 220, 220]];

/// Four areas of one colour each with noise, which keeps files from being small.
pub fn scene((width, height): (usize, usize), seed: u32) -> Vec<u8> {
    let mut state = seed.wrapping_mul(2_654_435_761) | 1;
    let mut out = Vec::with_capacity(width * height * 3);
    for y in 0..height {
        for x in 0..width {
            let corner = CORNERS[2 * usize::from(y >= height / 2) + usize::from(x >= width / 2)];
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            let noise = (state % 25) as i16 - 12;
            out.extend(corner.map(|level| (i16::from(level) + noise).clamp(0, 255) as u8));
        }
    }
    out
}

/// The pixels as a camera stores them that is held as the Exif number says: the definition of the numbers, row and column by row and column.
pub fn stored(seen: (usize, usize), pixels: &[u8], orientation: u8) -> ((usize, usize), Vec<u8>) {
    let (width, height) = seen;
    let swapped = orientation >= 5;
    let size = if swapped { (height, width) } else { (width, height) };
    let mut out = Vec::with_capacity(pixels.len());
    for row in 0..size.1 {
        for column in 0..size.0 {
            // Which edge of the seen picture row 0 is, and which column 0.
            let (x, y) = match orientation {
                1 => (column, row),
                2 => (width - 1 - column, row),
                3 => (width - 1 - column, height - 1 - row),
                4 => (column, height - 1 - row),
                5 => (row, column),
                6 => (width - 1 - row, column),
                7 => (width - 1 - row, height - 1 - column),
                _ => (row, height - 1 - column),
            };
            let at = (y * width + x) * 3;
            out.extend_from_slice(&pixels[at..at + 3]);
        }
    }
    (size, out)
}

/// Exif with an orientation and a place.
pub fn exif(orientation: u8) -> Vec<u8> {
    let mut out = b"MM\0*\0\0\0\x08\0\x03".to_vec();
    out.extend([0x01, 0x0E, 0, 2, 0, 0, 0, PLACE.len() as u8, 0, 0, 0, 50]);
    out.extend([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]);
    out.extend([0x88, 0x25, 0, 4, 0, 0, 0, 1, 0, 0, 0, 90]);
    out.extend([0, 0, 0, 0]);
    out.resize(50, 0);
    out.extend(PLACE.as_bytes());
    out.resize(90, 0);
    out.extend(*b"\0\x01\0\x01\0\x02\0\0\0\x02N\0\0\0\0\0\0\0");
    out
}

/// Width, height and pixels of a JPEG file.
pub fn decode_jpeg(bytes: &[u8]) -> (usize, usize, Vec<u8>) {
    let options =
        zune_core::options::DecoderOptions::default().jpeg_set_out_colorspace(zune_core::colorspace::ColorSpace::RGB);
    let mut decoder = zune_jpeg::JpegDecoder::new_with_options(zune_core::bytestream::ZCursor::new(bytes), options);
    let pixels = decoder.decode().unwrap();
    let info = decoder.info().unwrap();
    (usize::from(info.width), usize::from(info.height), pixels)
}

/// The mean colour around each corner.
pub fn corners((width, height, pixels): &(usize, usize, Vec<u8>), channels: usize) -> [[u8; 3]; 4] {
    let (w, h) = (width / 4, height / 4);
    [(0, 0), (width - w, 0), (0, height - h), (width - w, height - h)].map(|(left, top)| {
        let mut sums = [0usize; 3];
        for y in top..top + h {
            for x in left..left + w {
                let at = (y * width + x) * channels;
                sums.iter_mut().zip(&pixels[at..at + 3]).for_each(|(sum, level)| *sum += usize::from(*level));
            }
        }
        sums.map(|sum| (sum / (w * h)) as u8)
    })
}

/// Whether the colours are those of [`CORNERS`], in their places.
pub fn are_corners(found: [[u8; 3]; 4], tolerance: u8) -> bool {
    found.iter().flatten().zip(CORNERS.iter().flatten()).all(|(a, b)| a.abs_diff(*b) <= tolerance)
}

/// Metadata that is left in a file: the names of its kinds.
pub fn left_metadata(bytes: &[u8]) -> Vec<&'static str> {
    ["Exif", "GPS", "MARK", "ns.adobe.com", "Photoshop", "ICC_PROFILE", "iCCP", "tEXt", "eXIf"]
        .into_iter()
        .filter(|mark| bytes.windows(mark.len()).any(|window| window == mark.as_bytes()))
        .collect()
}
