//! Pixels in memory: turned upright and made smaller. In: rows of three or four bytes a pixel. Out: the same. Knows no file formats.

use std::borrow::Cow;

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::{U8x3, U8x4};
use fast_image_resize::{FilterType, PixelTrait, ResizeAlg, ResizeOptions, Resizer};

use crate::exif::Orientation;
use crate::{PictureProblem, broken};

/// A picture of 8 bits a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pixels {
    pub width: usize,
    pub height: usize,
    /// 3 for red, green and blue; 4 with transparency.
    pub channels: usize,
    /// Row by row, without gaps.
    pub data: Vec<u8>,
}

impl From<Pixels> for Cow<'_, Pixels> {
    fn from(pixels: Pixels) -> Self {
        Cow::Owned(pixels)
    }
}

impl Pixels {
    /// The bytes of one pixel.
    pub fn at(&self, x: usize, y: usize) -> &[u8] {
        let at = (y * self.width + x) * self.channels;
        &self.data[at..at + self.channels]
    }

    /// The picture turned upright.
    pub fn upright(self, orientation: Orientation) -> Self {
        if orientation.is_upright() {
            return self;
        }
        let stored = (self.width, self.height);
        let (width, height) = if orientation.swaps_sides() { (stored.1, stored.0) } else { stored };
        let mut data = Vec::with_capacity(self.data.len());
        for y in 0..height {
            for x in 0..width {
                let (from_x, from_y) = orientation.stored_place((x, y), stored);
                data.extend_from_slice(self.at(from_x, from_y));
            }
        }
        Self { width, height, channels: self.channels, data }
    }

    /// Whether the picture has this width and height.
    pub fn has_size(&self, width: u32, height: u32) -> bool {
        (self.width, self.height) == (width as usize, height as usize)
    }

    /// The picture in another size.
    pub fn resized(&self, width: u32, height: u32) -> Result<Self, PictureProblem> {
        if self.channels == 4 { self.resized_as::<U8x4>(width, height) } else { self.resized_as::<U8x3>(width, height) }
    }

    /// For one type of pixels: where the type is known only at run time, the crate compiles its code for all that it has, a minute long.
    fn resized_as<P: PixelTrait>(&self, width: u32, height: u32) -> Result<Self, PictureProblem> {
        let from =
            TypedImageRef::<P>::from_buffer(self.width as u32, self.height as u32, &self.data).map_err(broken)?;
        let mut data = vec![0; width as usize * height as usize * self.channels];
        let mut to = TypedImage::<P>::from_buffer(width, height, &mut data).map_err(broken)?;
        let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
        Resizer::new().resize_typed(&from, &mut to, &options).map_err(broken)?;
        Ok(Self { width: width as usize, height: height as usize, channels: self.channels, data })
    }
}

/// Takes rows and keeps the mean of each square of `factor` pixels a side.
pub struct Shrinker {
    factor: usize,
    width: usize,
    channels: usize,
    /// Sums of the square's channels; colours are weighted by their opacity.
    sums: Vec<u64>,
    rows: usize,
    out: Vec<u8>,
    out_rows: usize,
}

impl Shrinker {
    /// For rows of `width` pixels.
    pub fn new(width: usize, channels: usize, factor: usize) -> Self {
        let sums = vec![0; width.div_ceil(factor) * (channels + 1)];
        Self { factor, width, channels, sums, rows: 0, out: Vec::new(), out_rows: 0 }
    }

    /// Adds the next row.
    pub fn push(&mut self, row: &[u8]) {
        if self.factor == 1 {
            self.out.extend_from_slice(row);
            self.out_rows += 1;
            return;
        }
        let stride = self.channels + 1;
        for (x, pixel) in row.chunks_exact(self.channels).enumerate() {
            let sums = &mut self.sums[x / self.factor * stride..][..stride];
            let opacity = if self.channels == 4 { u64::from(pixel[3]) } else { 1 };
            for (sum, value) in sums.iter_mut().zip(&pixel[..3]) {
                *sum += u64::from(*value) * opacity;
            }
            sums[3] += opacity;
            if self.channels == 4 {
                sums[4] += 1;
            }
        }
        self.rows += 1;
        if self.rows == self.factor {
            self.flush();
        }
    }

    fn flush(&mut self) {
        if self.rows == 0 {
            return;
        }
        for sums in self.sums.chunks_exact_mut(self.channels + 1) {
            let weight = sums[3].max(1);
            self.out.extend(sums[..3].iter().map(|sum| ((sum + weight / 2) / weight) as u8));
            if self.channels == 4 {
                let count = sums[4].max(1);
                self.out.push(((sums[3] + count / 2) / count) as u8);
            }
            sums.fill(0);
        }
        self.rows = 0;
        self.out_rows += 1;
    }

    /// The picture of all rows.
    pub fn finish(mut self) -> Pixels {
        self.flush();
        let width = self.width.div_ceil(self.factor);
        Pixels { width, height: self.out_rows, channels: self.channels, data: self.out }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn squares_become_their_mean_and_clear_pixels_give_no_colour() {
        let mut rgb = Shrinker::new(3, 3, 2);
        rgb.push(&[0, 0, 0, 100, 0, 0, 9, 9, 9]);
        rgb.push(&[100, 0, 0, 200, 0, 0, 9, 9, 9]);
        rgb.push(&[7, 7, 7, 7, 7, 7, 1, 2, 3]);
        let small = rgb.finish();
        assert_eq!((small.width, small.height, small.data), (2, 2, vec![100, 0, 0, 9, 9, 9, 7, 7, 7, 1, 2, 3]));
        let mut rgba = Shrinker::new(2, 4, 2);
        rgba.push(&[200, 0, 0, 255, 0, 90, 0, 0]);
        rgba.push(&[200, 0, 0, 255, 0, 90, 0, 0]);
        assert_eq!(rgba.finish().data, [200, 0, 0, 128]);
    }
}
