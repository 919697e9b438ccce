//! What becomes of photographs: upright, in sRGB, without metadata, in several sizes; and of files that are none.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests stop at what is unexpected")]

#[path = "../../../tests/support/photos.rs"]
mod photos;

use std::io::Cursor;

use photos::{CORNERS, PLACE, Photo, are_corners, corners, decode_jpeg, left_metadata, scene};
use puzhi_pictures::{
    Encoding, PictureFormat, PictureProblem, Processed, RenditionSettings, process, read_header, strip_metadata,
};

fn settings() -> RenditionSettings {
    RenditionSettings { widths: vec![100, 200], quality: 80, webp: true }
}

fn made(bytes: &[u8]) -> Processed {
    process(bytes, &read_header(bytes).unwrap(), &settings()).unwrap()
}

fn decode_webp(bytes: &[u8]) -> (usize, usize, Vec<u8>, usize) {
    let mut decoder = image_webp::WebPDecoder::new(Cursor::new(bytes)).unwrap();
    let (width, height) = decoder.dimensions();
    let mut data = vec![0; decoder.output_buffer_size().unwrap()];
    decoder.read_image(&mut data).unwrap();
    (width as usize, height as usize, data, if decoder.has_alpha() { 4 } else { 3 })
}

fn decode_png(bytes: &[u8]) -> (usize, usize, Vec<u8>, png::ColorType, png::BitDepth) {
    let mut reader = png::Decoder::new(Cursor::new(bytes)).read_info().unwrap();
    let mut data = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut data).unwrap();
    (info.width as usize, info.height as usize, data, info.color_type, info.bit_depth)
}

/// A PNG file with place and orientation in its metadata.
fn png(size: (u32, u32), colours: (png::ColorType, png::BitDepth), data: &[u8], orientation: u8) -> Vec<u8> {
    let mut out = Vec::new();
    let mut info = png::Info::with_size(size.0, size.1);
    (info.color_type, info.bit_depth) = colours;
    info.exif_metadata = Some(photos::exif(orientation).into());
    let mut encoder = png::Encoder::with_info(&mut out, info).unwrap();
    encoder.add_text_chunk("Comment".into(), PLACE.into()).unwrap();
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(data).unwrap();
    writer.finish().unwrap();
    out.extend_from_slice(PLACE.as_bytes());
    out
}

fn has_no_metadata(made: &Processed) {
    for bytes in std::iter::once(&made.clean).chain(&made.renditions) {
        assert_eq!(left_metadata(bytes), [""; 0]);
    }
}

#[test]
fn photographs_stand_upright_in_every_orientation() {
    for orientation in 1..=8 {
        let photo = Photo { orientation, ..Photo::new(330, 240) };
        let bytes = photo.jpeg();
        let header = read_header(&bytes).unwrap();
        assert_eq!(header.size, Some((330, 240)), "{orientation}");
        let planned: Vec<_> = header.renditions(&settings()).iter().map(|r| (r.width, r.height, r.encoding)).collect();
        assert_eq!(
            planned,
            [
                (100, 73, Encoding::Jpeg),
                (200, 145, Encoding::Jpeg),
                (100, 73, Encoding::Webp),
                (200, 145, Encoding::Webp)
            ]
        );
        let made = made(&bytes);
        has_no_metadata(&made);
        for (bytes, size) in
            [(&made.clean, (330, 240)), (&made.renditions[0], (100, 73)), (&made.renditions[1], (200, 145))]
        {
            let decoded = decode_jpeg(bytes);
            assert_eq!((decoded.0, decoded.1), size, "{orientation}");
            assert!(are_corners(corners(&decoded, 3), 8), "{orientation}: {:?}", corners(&decoded, 3));
        }
        let (width, height, data, channels) = decode_webp(&made.renditions[3]);
        assert!(are_corners(corners(&(width, height, data), channels), 10), "{orientation}");
    }
}

#[test]
fn an_upright_photograph_keeps_its_very_pixels() {
    let bytes = Photo::new(330, 240).jpeg();
    let clean = made(&bytes).clean;
    assert_eq!(decode_jpeg(&clean), decode_jpeg(&bytes));
    assert!(clean.len() < bytes.len() && clean.ends_with(&[0xFF, 0xD9]));
}

/// What sRGB makes of a colour of Display P3, by the definitions of both (SMPTE EG 432-1, IEC 61966-2-1).
fn from_p3(colour: [u8; 3]) -> [u8; 3] {
    const MATRIX: [[f64; 3]; 3] = [[1.2249, -0.2247, 0.0], [-0.0420, 1.0419, 0.0], [-0.0197, -0.0786, 1.0979]];
    let linear = colour.map(|level| {
        let level = f64::from(level) / 255.0;
        if level <= 0.04045 { level / 12.92 } else { ((level + 0.055) / 1.055).powf(2.4) }
    });
    MATRIX.map(|row| {
        let level: f64 = row.iter().zip(linear).map(|(a, b)| a * b).sum();
        let level = if level <= 0.003_130_8 { level * 12.92 } else { 1.055 * level.powf(1.0 / 2.4) - 0.055 };
        (level * 255.0).round().clamp(0.0, 255.0) as u8
    })
}

#[test]
fn colours_of_a_profile_become_srgb() {
    let profile = moxcms::ColorProfile::new_display_p3().encode().unwrap();
    let made = made(&Photo { profile: Some(profile), ..Photo::new(330, 240) }.jpeg());
    has_no_metadata(&made);
    let wanted = CORNERS.map(from_p3);
    assert!(wanted[0].iter().zip(CORNERS[0]).any(|(a, b)| a.abs_diff(b) > 10));
    for bytes in [&made.clean, &made.renditions[1]] {
        let found = corners(&decode_jpeg(bytes), 3);
        let close = found.iter().flatten().zip(wanted.iter().flatten()).all(|(a, b)| a.abs_diff(*b) <= 8);
        assert!(close, "{found:?} {wanted:?}");
    }
    // A profile that says sRGB, and one that is none, change nothing.
    for profile in [moxcms::ColorProfile::new_srgb().encode().unwrap(), b"no profile".to_vec()] {
        let bytes = Photo { profile: Some(profile), ..Photo::new(330, 240) }.jpeg();
        assert_eq!(decode_jpeg(&self::made(&bytes).clean), decode_jpeg(&bytes));
    }
}

#[test]
fn colours_that_a_png_file_describes_become_srgb() {
    let chunk = |kind: &[u8], data: &[u8]| {
        let mut crc = checksum(kind, data).to_be_bytes().to_vec();
        let mut out = (data.len() as u32).to_be_bytes().to_vec();
        out.extend(kind.iter().chain(data));
        out.append(&mut crc);
        out
    };
    let numbers = |numbers: &[u32]| numbers.iter().flat_map(|n| n.to_be_bytes()).collect::<Vec<u8>>();
    let plain = png((330, 240), (png::ColorType::Rgb, png::BitDepth::Eight), &scene((330, 240), 1), 1);
    let with = |chunks: &[Vec<u8>]| [&plain[..33], &chunks.concat(), &plain[33..]].concat();
    let p3 = numbers(&[31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000]);
    let (gamma, wide) = (chunk(b"gAMA", &numbers(&[45455])), chunk(b"cHRM", &p3));
    let wanted = CORNERS.map(from_p3);
    for described in [with(&[gamma.clone(), wide]), with(&[chunk(b"cICP", &[12, 13, 0, 1])])] {
        let made = made(&described);
        let (width, height, data, _, _) = decode_png(&made.clean);
        let found = [corners(&(width, height, data), 3), corners(&decode_jpeg(&made.renditions[1]), 3)];
        for found in found {
            let close = found.iter().flatten().zip(wanted.iter().flatten()).all(|(a, b)| a.abs_diff(*b) <= 8);
            assert!(close, "{found:?} {wanted:?}");
        }
        assert!(["gAMA", "cHRM", "cICP"].iter().all(|kind| !made.clean.windows(4).any(|w| w == kind.as_bytes())));
    }
    // Light as it is: 40 of 255 is 110 in sRGB.
    let linear = corners(&decode_jpeg(&made(&with(&[chunk(b"gAMA", &numbers(&[100_000]))])).renditions[1]), 3);
    assert!(linear[1][0].abs_diff(110) < 8, "{linear:?}");
    // What is sRGB in other words, and what makes no sense, changes nothing.
    let senseless = chunk(b"cHRM", &numbers(&[0; 8]));
    for same in [with(&[gamma]), with(&[senseless]), with(&[chunk(b"gAMA", &numbers(&[0]))])] {
        assert_eq!(decode_png(&made(&same).clean).2, scene((330, 240), 1));
    }
}

/// The checksum of a PNG chunk (annex D of the standard).
fn checksum(kind: &[u8], data: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ if crc & 1 == 1 { 0xEDB8_8320 } else { 0 })
    };
    !kind.iter().chain(data).fold(u32::MAX, step)
}

#[test]
fn inks_become_colours() {
    let made = made(&Photo { inks: true, ..Photo::new(330, 240) }.jpeg());
    has_no_metadata(&made);
    for bytes in [&made.clean, &made.renditions[1]] {
        let found = corners(&decode_jpeg(bytes), 3);
        assert!(are_corners(found, 12), "{found:?}");
    }
}

#[test]
fn drawings_stay_png_and_keep_their_bits() {
    let deep: Vec<u8> = scene((330, 240), 1).iter().flat_map(|level| [*level, 77]).collect();
    let bytes = png((330, 240), (png::ColorType::Rgb, png::BitDepth::Sixteen), &deep, 1);
    let made = made(&bytes);
    has_no_metadata(&made);
    let (_, _, data, _, bits) = decode_png(&made.clean);
    assert!(data == deep && bits == png::BitDepth::Sixteen);
    assert!(are_corners(corners(&decode_jpeg(&made.renditions[1]), 3), 8));
    // A palette with few colours is a drawing; a small one has no renditions.
    let flat = vec![9; 330 * 240];
    let bytes = png((330, 240), (png::ColorType::Grayscale, png::BitDepth::Eight), &flat, 1);
    assert!(self::made(&bytes).renditions.is_empty());
    has_no_metadata(&self::made(&bytes));
    // Turned, it is encoded again.
    let turned = self::made(&png((330, 240), (png::ColorType::Grayscale, png::BitDepth::Eight), &flat, 6));
    assert_eq!((decode_png(&turned.clean).0, decode_png(&turned.clean).1), (240, 330));
}

#[test]
fn transparency_is_kept() {
    let rgb = scene((330, 240), 1);
    let rgba: Vec<u8> = rgb
        .chunks_exact(3)
        .enumerate()
        .flat_map(|(n, p)| [p[0], p[1], p[2], if n % 330 < 165 { 0 } else { 255 }])
        .collect();
    let made = made(&png((330, 240), (png::ColorType::Rgba, png::BitDepth::Eight), &rgba, 1));
    has_no_metadata(&made);
    let (width, height, data, colours, _) = decode_png(&made.renditions[1]);
    assert_eq!((width, height, colours), (200, 145, png::ColorType::Rgba));
    let opacity = |data: &[u8], x: usize| data[(70 * 200 + x) * 4 + 3];
    assert_eq!((opacity(&data, 20), opacity(&data, 180)), (0, 255));
    let (_, _, data, channels) = decode_webp(&made.renditions[3]);
    assert_eq!((channels, opacity(&data, 20), opacity(&data, 180)), (4, 0, 255));
}

#[test]
fn webp_loses_its_metadata() {
    let plain = &made(&Photo::new(330, 240).jpeg()).renditions[3];
    let mut with = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\x08\0\0\0\xc7\0\0\x90\0\0".to_vec();
    with.extend_from_slice(&plain[12..]);
    let exif = photos::exif(1);
    with.extend_from_slice(b"EXIF");
    with.extend_from_slice(&(exif.len() as u32).to_le_bytes());
    with.extend_from_slice(&exif);
    let length = with.len() as u32 - 8;
    with[4..8].copy_from_slice(&length.to_le_bytes());
    assert_eq!(left_metadata(&with), ["GPS", "MARK"]);
    let made = made(&with);
    has_no_metadata(&made);
    assert_eq!(decode_webp(&made.clean), decode_webp(plain));
}

#[test]
fn frames_of_a_moving_webp_lose_what_is_no_picture() {
    let still = &made(&Photo::new(330, 240).jpeg()).renditions[3];
    let picture = &still[12..];
    let chunk = |kind: &[u8], data: &[u8]| [kind, &(data.len() as u32).to_le_bytes(), data].concat();
    let moving = |frame: &[u8]| {
        let chunks = [
            chunk(b"VP8X", &[2, 0, 0, 0, 0xC7, 0, 0, 0x90, 0, 0]),
            chunk(b"ANIM", &[0; 6]),
            chunk(b"ANMF", &[&[0, 0, 0, 0, 0, 0, 0xC7, 0, 0, 0x90, 0, 0, 9, 0, 0, 0], frame].concat()),
        ]
        .concat();
        [&b"RIFF"[..], &(chunks.len() as u32 + 4).to_le_bytes(), b"WEBP", &chunks].concat()
    };
    let noted = moving(&[picture, &chunk(b"EXIF", &photos::exif(1))].concat());
    assert_eq!(left_metadata(&noted), ["GPS", "MARK"]);
    assert!(read_header(&noted).unwrap().animated);
    assert_eq!(made(&noted).clean, moving(picture));
    assert_eq!(strip_metadata(&moving(picture)).unwrap().unwrap(), moving(picture));
}

#[test]
fn equal_input_gives_equal_bytes() {
    let photos: Vec<Vec<u8>> =
        (1..=4).map(|n| Photo { orientation: n, seed: n.into(), ..Photo::new(330, 240) }.jpeg()).collect();
    let one_by_one: Vec<Processed> = photos.iter().map(|bytes| made(bytes)).collect();
    let at_once: Vec<Processed> = std::thread::scope(|scope| {
        let threads: Vec<_> = photos.iter().map(|bytes| scope.spawn(move || made(bytes))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(one_by_one, at_once);
}

#[test]
#[expect(unsafe_code, reason = "the resizer's switch for instruction sets is unsafe")]
fn the_resizer_gives_equal_bytes_without_simd() {
    use fast_image_resize::images::Image;
    use fast_image_resize::{CpuExtensions, FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
    for (kind, channels) in [(PixelType::U8x3, 3), (PixelType::U8x4, 4)] {
        let data: Vec<u8> = scene((331, 241), 5).into_iter().cycle().take(331 * 241 * channels).collect();
        let from = Image::from_vec_u8(331, 241, data, kind).unwrap();
        let resized = |extensions: Option<CpuExtensions>| {
            let mut resizer = Resizer::new();
            if let Some(extensions) = extensions {
                // SAFETY: every processor can do without extensions.
                unsafe { resizer.set_cpu_extensions(extensions) };
            }
            let mut to = Image::new(97, 71, kind);
            let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
            resizer.resize(&from, &mut to, &options).unwrap();
            to.into_vec()
        };
        assert!(resized(None) == resized(Some(CpuExtensions::None)), "{channels}");
    }
}

#[test]
fn too_large_pictures_are_refused_by_their_header() {
    let mut jpeg = Photo::new(330, 240).jpeg();
    let frame = jpeg.windows(2).position(|marker| marker == [0xFF, 0xC0]).unwrap();
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0xFF, 0xFF, 0xFF, 0xFF]);
    assert_eq!(read_header(&jpeg).unwrap_err(), PictureProblem::TooManyPixels(65535 * 65535));
    // 118 million pixels of a progressive photograph do not fit into memory.
    jpeg[frame + 1] = 0xC2;
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0x2A, 0x30, 0x2A, 0x30]);
    assert!(matches!(read_header(&jpeg).unwrap_err(), PictureProblem::TooMuchMemory(_)));
    let gif = b"GIF89a\xff\xff\xff\xff\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";
    assert!(matches!(read_header(gif).unwrap_err(), PictureProblem::TooManyPixels(_)));
}

#[test]
fn long_strips_have_renditions_that_fit_into_memory() {
    let mut jpeg = Photo::new(330, 240).jpeg();
    let frame = jpeg.windows(2).position(|marker| marker == [0xFF, 0xC0]).unwrap();
    let mut planned = |width: u16, height: u16| {
        jpeg[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
        jpeg[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
        let settings = RenditionSettings { widths: vec![480, 960, 1600], quality: 80, webp: true };
        let planned = read_header(&jpeg).map(|header| header.renditions(&settings));
        planned.map(|planned| planned.iter().map(|r| (r.width, r.encoding)).collect::<Vec<_>>())
    };
    use Encoding::{Jpeg, Webp};
    assert_eq!(planned(1080, 16000), Ok(vec![(480, Jpeg), (1080, Jpeg), (480, Webp), (1080, Webp)]));
    // WebP has no longer sides, and 30 million pixels are too many.
    assert_eq!(planned(1080, 22000), Ok(vec![(480, Jpeg), (1080, Jpeg), (480, Webp)]));
    assert_eq!(planned(1600, 60000), Ok(vec![(480, Jpeg)]));
}

#[test]
fn pictures_that_take_too_much_memory_are_refused_whatever_their_format() {
    // 41 million pixels as WebP: planes and copies.
    let mut webp = made(&Photo::new(330, 240).jpeg()).renditions[3].clone();
    let frame = webp.windows(3).position(|mark| mark == [0x9D, 0x01, 0x2A]).unwrap();
    webp[frame + 3..frame + 7].copy_from_slice(&[0, 0x19, 0, 0x19]);
    assert!(matches!(read_header(&webp).unwrap_err(), PictureProblem::TooMuchMemory(_)));
    // 114 million pixels as PNG, in a strip that is not made smaller while it is decoded.
    let strip = png((10, 10), (png::ColorType::Rgba, png::BitDepth::Eight), &[7; 400], 1);
    let sized = |width: u32, height: u32| {
        let mut bytes = strip.clone();
        bytes[16..20].copy_from_slice(&width.to_be_bytes());
        bytes[20..24].copy_from_slice(&height.to_be_bytes());
        let sum = checksum(b"IHDR", &bytes[16..29]);
        bytes[29..33].copy_from_slice(&sum.to_be_bytes());
        read_header(&bytes)
    };
    assert!(matches!(sized(6000, 19_000).unwrap_err(), PictureProblem::TooMuchMemory(_)));
    assert!(sized(16_000, 7000).is_ok() && sized(6000, 9000).is_ok());
}

#[test]
fn damaged_files_are_refused_and_nothing_panics() {
    let jpeg = Photo { orientation: 6, ..Photo::new(200, 160) }.jpeg();
    let end = jpeg.len() - PLACE.len();
    let png = png((64, 64), (png::ColorType::Rgb, png::BitDepth::Eight), &scene((64, 64), 1), 6);
    let webp = made(&Photo::new(330, 240).jpeg()).renditions[2].clone();
    let attempt = |bytes: &[u8]| {
        let _ = strip_metadata(bytes);
        read_header(bytes).and_then(|header| process(bytes, &header, &settings()))
    };
    for (whole, end) in [(&jpeg, end), (&png, png.len() - PLACE.len()), (&webp, webp.len())] {
        for cut in (0..end).step_by(1 + end / 60) {
            assert!(attempt(&whole[..cut]).is_err(), "{cut} of {end}");
        }
        for n in 0..200u32 {
            let mut damaged = whole[..end].to_vec();
            let at = (n.wrapping_mul(2_654_435_761) as usize) % end;
            damaged[at] ^= 1 << (n % 8);
            let _ = attempt(&damaged);
        }
    }
    for (head, name) in [(&b"II*\0\x08\0\0\0"[..], "TIFF"), (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC")] {
        assert_eq!(read_header(head).unwrap_err(), PictureProblem::Unsupported(name.into()));
        assert!(strip_metadata(head).unwrap().is_err());
    }
    assert_eq!(strip_metadata(b"%PDF-1.7"), None);
    assert_eq!(read_header(b"\x1f\x8b\x08svgz").unwrap_err(), PictureProblem::Unsupported("SVGZ".into()));
    assert!(strip_metadata(b"\0\0\0\x18ftypavif\0\0\0\0Exif").unwrap().is_err());
    assert!(read_header(b"").is_err() && read_header(b"<html>").is_err());
    assert_eq!(read_header(b"\0\0\0\x18ftypavif\0\0\0\0").unwrap().format, PictureFormat::Avif);
}

#[test]
fn a_small_webp_file_has_one_rendition_for_those_who_do_not_take_it() {
    let photo = made(&Photo::new(330, 240).jpeg()).renditions[3].clone();
    let header = read_header(&photo).unwrap();
    let settings = RenditionSettings { widths: vec![480, 960], quality: 80, webp: true };
    let planned = header.renditions(&settings);
    assert!(photo.len() < 24 << 10 && planned.len() == 1, "{planned:?}");
    assert_eq!((planned[0].width, planned[0].encoding), (header.size.unwrap().0, Encoding::Jpeg));
    let made = process(&photo, &header, &settings).unwrap();
    assert!(made.renditions[0].starts_with(&[0xFF, 0xD8, 0xFF]), "a JPEG file");
    let jpeg = &made.renditions[0];
    assert_eq!(read_header(jpeg).unwrap().renditions(&settings), [], "a small JPEG file is shown as it is");
}
