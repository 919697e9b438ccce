//! Makes what a site publishes of a picture: a clean copy in full size and renditions in the sizes that screens need.
//!
//! In: the bytes of a file and what renditions are wanted. Out: [`PictureHeader`], the planned [`Rendition`]s, and bytes without metadata,
//! upright and in sRGB. Equal input gives equal bytes on every processor and with any number of threads. Knows no pages and no disk.
//! All input is hostile: sizes and memory are bounded before anything is decoded.

mod avif;
mod colour;
mod decode;
mod encode;
mod exif;
mod gif;
mod header;
mod jpeg;
mod pixels;
mod png_file;
mod process;
mod svg;
mod svg_active;
mod svg_data;
mod webp_file;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use header::{MAX_DECODE_BYTES, MAX_PIXELS, MAX_RENDITION_WIDTH, PictureHeader, memory_needed, read_header, sniff};
pub use process::{Processed, clean, process, strip_metadata};
pub use svg_active::has_scripts;

/// A format of pictures that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum PictureFormat {
    /// JPEG (ITU-T T.81).
    Jpeg,
    /// PNG, still or animated.
    Png,
    /// GIF, still or animated.
    Gif,
    /// WebP, still or animated.
    Webp,
    /// SVG.
    Svg,
    /// AVIF without metadata, which is published as it is.
    Avif,
}

/// How a rendition is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Encoding {
    /// JPEG, which every browser shows.
    Jpeg,
    /// PNG, for drawings and transparency.
    Png,
    /// WebP, smaller than both.
    Webp,
}

impl Encoding {
    /// The extension of its files, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Encoding::Jpeg => "jpg",
            Encoding::Png => "png",
            Encoding::Webp => "webp",
        }
    }
}

/// A rendition: a picture in a smaller size, known before it is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Rendition {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// How it is encoded.
    pub encoding: Encoding,
}

/// Which renditions are made.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RenditionSettings {
    /// Widths in pixels, ascending; none makes no renditions.
    pub widths: Vec<u32>,
    /// Quality of JPEG and WebP, from 1 to 100.
    pub quality: u8,
    /// Whether WebP is made besides JPEG or PNG.
    pub webp: bool,
}

/// Why nothing can be made of a file.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum PictureProblem {
    /// It is no picture, or damaged; the reason in English.
    Broken(String),
    /// It has more pixels than [`MAX_PIXELS`].
    TooManyPixels(u64),
    /// Decoding it takes more memory than [`MAX_DECODE_BYTES`].
    TooMuchMemory(u64),
    /// A format whose metadata cannot be removed; its name.
    Unsupported(String),
}

impl fmt::Display for PictureProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PictureProblem::Broken(why) => f.write_str(why),
            PictureProblem::TooManyPixels(pixels) => write!(f, "{pixels} pixels"),
            PictureProblem::TooMuchMemory(bytes) => write!(f, "{bytes} bytes of memory"),
            PictureProblem::Unsupported(format) => f.write_str(format),
        }
    }
}

/// A picture that is broken for this reason.
fn broken(why: impl fmt::Display) -> PictureProblem {
    PictureProblem::Broken(why.to_string())
}
