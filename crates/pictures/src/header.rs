//! What a picture is, before anything is decoded. In: its bytes. Out: [`PictureHeader`], or why nothing can be made of it; the planned
//! renditions. Bounds are held here.

use std::io::Cursor;

use crate::exif::{Orientation, orientation};
use crate::{
    Encoding, PictureFormat, PictureProblem, Rendition, RenditionSettings, avif, broken, gif, jpeg, png_file, svg,
    webp_file,
};

/// Most pixels of a picture.
pub const MAX_PIXELS: u64 = 120_000_000;
/// Most bytes of memory that decoding one picture takes.
pub const MAX_DECODE_BYTES: u64 = 448 << 20;
/// Files of at most these bytes are shown as they are: renditions would save nothing.
const SMALL_FILE: usize = 24 << 10;
/// The same for drawings, whose renditions lose their few colours.
const SMALL_DRAWING: usize = 100 << 10;
/// Most pixels of a rendition, and of one that is encoded as WebP without loss, which takes several times as much memory. Only long strips
/// have more: they go out as they are, or in smaller sizes.
const MAX_RENDITION_PIXELS: u64 = 24_000_000;
const MAX_LOSSLESS_PIXELS: u64 = 6_000_000;
/// Width in pixels of the widest rendition that settings can ask for.
pub const MAX_RENDITION_WIDTH: u32 = 4096;
/// Most pixels on a side of a WebP file (RFC 9649) and of a JPEG file (ITU-T T.81).
const MAX_SIDES: [(Encoding, u32); 2] = [(Encoding::Webp, 16383), (Encoding::Jpeg, 65535)];

/// What a picture is.
#[derive(Debug, Clone)]
pub struct PictureHeader {
    /// Format by its content, whatever its name says.
    pub format: PictureFormat,
    /// Width and height in pixels as it is seen; `None` for an SVG that does not say.
    pub size: Option<(u32, u32)>,
    /// Whether it moves.
    pub animated: bool,
    /// Length of the file in bytes.
    pub(crate) length: usize,
    /// Width and height as stored.
    pub(crate) stored: (u32, u32),
    pub(crate) orientation: Orientation,
    /// It may have transparent pixels.
    pub(crate) transparent: bool,
    /// It is stored without loss and has few colours: a drawing, a screenshot.
    pub(crate) drawing: bool,
    /// It is stored as inks.
    pub(crate) inks: bool,
    /// Bytes of memory for each 16 pixels while it is decoded.
    pub(crate) cost: u64,
    pub(crate) profile: Option<Vec<u8>>,
}

/// The format by the first bytes; an error names one that cannot be cleaned, `None` is no picture.
pub fn sniff(head: &[u8]) -> Option<Result<PictureFormat, &'static str>> {
    Some(match head {
        [0xFF, 0xD8, 0xFF, ..] => Ok(PictureFormat::Jpeg),
        [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Ok(PictureFormat::Png),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Ok(PictureFormat::Gif),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Ok(PictureFormat::Webp),
        [b'I', b'I', b'*', 0, ..] | [b'M', b'M', 0, b'*', ..] => Err("TIFF"),
        [0xFF, 0x0A, ..] | [0, 0, 0, 12, b'J', b'X', b'L', b' ', ..] => Err("JPEG XL"),
        [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] => match brand.get(..4)? {
            b"avif" | b"avis" => Ok(PictureFormat::Avif),
            b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"mif1" | b"msf1" => Err("HEIC"),
            _ => return None,
        },
        _ => return svg::is_svg(head).then_some(Ok(PictureFormat::Svg)),
    })
}

/// Reads the header of a picture and checks its bounds.
pub fn read_header(bytes: &[u8]) -> Result<PictureHeader, PictureProblem> {
    let format = match sniff(bytes) {
        Some(Ok(format)) => format,
        Some(Err(name)) => return Err(PictureProblem::Unsupported(name.into())),
        // Compressed SVG, whose embedded photographs are not looked at.
        None if bytes.starts_with(&[0x1F, 0x8B]) => return Err(PictureProblem::Unsupported("SVGZ".into())),
        None => return Err(broken("no picture")),
    };
    let header = match format {
        PictureFormat::Jpeg => jpeg_header(bytes)?,
        PictureFormat::Png => png_header(bytes)?,
        PictureFormat::Webp => webp_header(bytes)?,
        PictureFormat::Gif => of_size(bytes, format, Some(gif::read(bytes)?.size)),
        PictureFormat::Svg => of_size(bytes, format, svg::size(bytes)),
        PictureFormat::Avif => {
            avif::check(bytes)?;
            of_size(bytes, format, None)
        }
    };
    let pixels = header.size.map_or(0, |(width, height)| u64::from(width) * u64::from(height));
    if pixels > MAX_PIXELS && format != PictureFormat::Svg {
        return Err(PictureProblem::TooManyPixels(pixels));
    }
    if header.size.is_some_and(|(width, height)| width == 0 || height == 0) {
        return Err(broken("no pixels"));
    }
    let memory = header.memory();
    if memory > MAX_DECODE_BYTES {
        return Err(PictureProblem::TooMuchMemory(memory));
    }
    Ok(header)
}

/// How many bytes of memory a picture will take, judged by the first part of a file of `length` bytes. Not more than an estimate:
/// [`read_header`] decides.
pub fn memory_needed(head: &[u8], length: u64) -> u64 {
    match read_header(head) {
        Ok(header) => header.memory() + 2 * length,
        Err(PictureProblem::Broken(_)) if head.len() as u64 >= length => 2 * length,
        Err(PictureProblem::Broken(_)) => MAX_DECODE_BYTES,
        Err(_) => 2 * length,
    }
}

impl PictureHeader {
    /// Bytes of memory while the picture is decoded, turned and made smaller.
    fn memory(&self) -> u64 {
        let (width, height) = (u64::from(self.stored.0), u64::from(self.stored.1));
        let pixels = width * height;
        let side = u64::from(MAX_RENDITION_WIDTH);
        let rendition = (side * side * height / width.max(1)).min(pixels).min(MAX_RENDITION_PIXELS);
        2 * self.length as u64 + pixels * self.cost / 16 + 4 * rendition
    }

    /// The renditions that will be made, ascending by width, those that all browsers show first.
    pub fn renditions(&self, settings: &RenditionSettings) -> Vec<Rendition> {
        let is_still = matches!(self.format, PictureFormat::Jpeg | PictureFormat::Png | PictureFormat::Webp);
        let small = if self.drawing { SMALL_DRAWING } else { SMALL_FILE };
        let (Some((width, height)), Some(widest)) = (self.size, settings.widths.last()) else { return Vec::new() };
        let is_small = self.length <= small;
        if !is_still || self.animated || is_small && self.format != PictureFormat::Webp {
            return Vec::new();
        }
        let top = width.min(*widest);
        // A size hardly smaller than the largest saves nothing. Of a small WebP file there is one, since feeds and other media do not take it.
        let is_wanted = |w: &u32| !is_small && w + w / 6 < top;
        let mut widths: Vec<u32> = settings.widths.iter().copied().filter(is_wanted).collect();
        widths.push(top);
        let fallback = if self.drawing || self.transparent { Encoding::Png } else { Encoding::Jpeg };
        let encodings = [fallback, Encoding::Webp].into_iter().take(if settings.webp && !is_small { 2 } else { 1 });
        let of = |encoding: Encoding| {
            let sized = widths.iter().map(move |w| {
                let h = (u64::from(*w) * u64::from(height) + u64::from(width) / 2) / u64::from(width);
                Rendition { width: *w, height: h.max(1) as u32, encoding }
            });
            let most = MAX_SIDES.iter().find(|(of, _)| *of == encoding).map_or(u32::MAX, |(_, most)| *most);
            let is_lossless = self.drawing && encoding == Encoding::Webp;
            let pixels = if is_lossless { MAX_LOSSLESS_PIXELS } else { MAX_RENDITION_PIXELS };
            sized.filter(move |r| r.height <= most && u64::from(r.width) * u64::from(r.height) <= pixels)
        };
        encodings.flat_map(of).collect()
    }
}

/// A picture whose pixels are not looked at.
fn of_size(bytes: &[u8], format: PictureFormat, size: Option<(u32, u32)>) -> PictureHeader {
    PictureHeader {
        format,
        size,
        animated: false,
        length: bytes.len(),
        stored: (0, 0),
        orientation: Orientation::default(),
        transparent: true,
        drawing: false,
        inks: false,
        cost: 0,
        profile: None,
    }
}

fn jpeg_header(bytes: &[u8]) -> Result<PictureHeader, PictureProblem> {
    let header = jpeg::read(bytes)?;
    let inks = header.components == 4;
    let pixels = if inks { 11 * 16 } else { 3 * 16 };
    let coefficients = if header.progressive { 2 * u64::from(header.samples) } else { 0 };
    Ok(PictureHeader {
        stored: header.size,
        orientation: header.orientation,
        transparent: false,
        inks,
        cost: pixels + coefficients,
        profile: header.profile,
        ..of_size(bytes, PictureFormat::Jpeg, Some(header.orientation.upright_size(header.size)))
    })
}

fn png_header(bytes: &[u8]) -> Result<PictureHeader, PictureProblem> {
    let limits = png::Limits { bytes: MAX_DECODE_BYTES as usize };
    let reader = png::Decoder::new_with_limits(Cursor::new(bytes), limits).read_info().map_err(broken)?;
    let info = reader.info();
    let turned = info.exif_metadata.as_ref().map_or_else(Orientation::default, |tiff| orientation(tiff));
    let transparent =
        info.trns.is_some() || matches!(info.color_type, png::ColorType::GrayscaleAlpha | png::ColorType::Rgba);
    let profile = png_file::profile(info);
    let pixels = u64::from(info.width) * u64::from(info.height);
    let drawing = info.color_type == png::ColorType::Indexed || (bytes.len() as u64) < pixels / 2;
    let channels = if transparent { 4 } else { 3 };
    let whole = info.interlaced || profile.is_some() || !turned.is_upright();
    // Rows that need not stay whole are made smaller as they are decoded.
    let factor = u64::from(shrink_factor(info.width, MAX_RENDITION_WIDTH));
    Ok(PictureHeader {
        animated: png_file::is_animated(bytes),
        stored: (info.width, info.height),
        orientation: turned,
        transparent,
        drawing,
        cost: if whole { 2 * channels * 16 } else { (channels * 16).div_ceil(factor * factor) },
        profile,
        ..of_size(bytes, PictureFormat::Png, Some(turned.upright_size((info.width, info.height))))
    })
}

/// By how much a picture of this width may be made smaller while it is decoded, so that twice `wanted` pixels are left across, or as many
/// as the widest rendition has.
pub fn shrink_factor(width: u32, wanted: u32) -> u32 {
    (width / (2 * wanted).clamp(1, MAX_RENDITION_WIDTH)).max(1)
}

fn webp_header(bytes: &[u8]) -> Result<PictureHeader, PictureProblem> {
    // Fails on a file that is cut off, which decoding may not notice.
    webp_file::strip(bytes, false)?;
    let mut decoder = image_webp::WebPDecoder::new(Cursor::new(bytes)).map_err(broken)?;
    let size = decoder.dimensions();
    let tiff = decoder.exif_metadata().map_err(broken)?.unwrap_or_default();
    let turned = orientation(tiff.strip_prefix(b"Exif\0\0").unwrap_or(&tiff));
    Ok(PictureHeader {
        animated: decoder.is_animated(),
        stored: size,
        orientation: turned,
        transparent: decoder.has_alpha(),
        // Measured: the decoder holds its planes besides the pixels, the encoder two copies, and a search table for the transparency.
        cost: if decoder.has_alpha() { 23 * 16 } else { 14 * 16 },
        profile: decoder.icc_profile().map_err(broken)?,
        ..of_size(bytes, PictureFormat::Webp, Some(turned.upright_size(size)))
    })
}
