//! PNG files (ISO/IEC 15948) with sixteen colours. In: one colour index per pixel. Out: the bytes of the file. Knows nothing of what is drawn.
//!
//! The compressor is one without machine-dependent parts, so that the same picture has the same bytes everywhere.

use crate::palette::Rgb;

/// Level of compression, 0 to 10. Pictures of large flat areas hardly gain by more.
const LEVEL: u8 = 2;

/// The file of a picture. `pixels` holds `width × height` indexes below 16, row by row.
pub(crate) fn encode(width: usize, pixels: &[u8], colours: &[Rgb; 16]) -> Vec<u8> {
    let rows = pixels.chunks_exact(width.max(1));
    let height = rows.len();
    let row_bytes = width.div_ceil(2);
    let mut raw = Vec::with_capacity((row_bytes + 1) * height);
    for row in rows {
        // No filter: a row of indexes is not predicted by its neighbours' values.
        raw.push(0);
        raw.extend(row.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or(0)));
    }
    let mut header = Vec::with_capacity(13);
    header.extend((width as u32).to_be_bytes());
    header.extend((height as u32).to_be_bytes());
    // Four bits a pixel, colours by index, the standard's only methods of compression and filtering, no interlacing.
    header.extend([4, 3, 0, 0, 0]);
    let palette: Vec<u8> = colours.iter().flat_map(|colour| colour.0).collect();
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut out, b"IHDR", &header);
    chunk(&mut out, b"PLTE", &palette);
    chunk(&mut out, b"IDAT", &miniz_oxide::deflate::compress_to_vec_zlib(&raw, LEVEL));
    chunk(&mut out, b"IEND", &[]);
    out
}

fn chunk(out: &mut Vec<u8>, name: &[u8; 4], data: &[u8]) {
    out.extend((data.len() as u32).to_be_bytes());
    let start = out.len();
    out.extend(name);
    out.extend(data);
    let sum = crc32fast::hash(&out[start..]);
    out.extend(sum.to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_a_png_that_holds_the_pixels() {
        let colours = std::array::from_fn(|i| Rgb([i as u8 * 3, 7, 200 - i as u8]));
        // An odd width, so that half a byte of each row is left over.
        let (width, height) = (37, 5);
        let pixels: Vec<u8> = (0..width * height).map(|i| (i * i % 16) as u8).collect();
        let file = encode(width, &pixels, &colours);
        let mut rest = file.strip_prefix(b"\x89PNG\r\n\x1a\n").unwrap();
        let mut chunks = Vec::new();
        while !rest.is_empty() {
            let length = u32::from_be_bytes(rest[..4].try_into().unwrap()) as usize;
            let (name, data) = (&rest[4..8], &rest[8..8 + length]);
            assert_eq!(rest[8 + length..12 + length], crc32fast::hash(&rest[4..8 + length]).to_be_bytes());
            chunks.push((name, data));
            rest = &rest[12 + length..];
        }
        let names: Vec<&[u8]> = chunks.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, [b"IHDR", b"PLTE", b"IDAT", b"IEND"]);
        assert_eq!(chunks[0].1, [0, 0, 0, 37, 0, 0, 0, 5, 4, 3, 0, 0, 0]);
        assert_eq!(chunks[1].1, colours.iter().flat_map(|c| c.0).collect::<Vec<_>>());
        // The inflater checks the sum of the data.
        let raw = miniz_oxide::inflate::decompress_to_vec_zlib(chunks[2].1).unwrap();
        let unpacked = raw.chunks(1 + width.div_ceil(2)).flat_map(|row| {
            assert_eq!(row[0], 0, "no filter");
            row[1..].iter().flat_map(|byte| [byte >> 4, byte & 15]).take(width).collect::<Vec<_>>()
        });
        assert_eq!(unpacked.collect::<Vec<_>>(), pixels);
    }
}
