//! A canvas of colour indexes on which shapes and characters are filled with soft edges. In: outlines. Out: pixels. Knows no layout.

use ab_glyph_rasterizer::{Rasterizer, point};

use crate::drawing::{DRAWING_SIZE, Drawing, Point, Segment, Tone};
use crate::font::FontReader;
use crate::palette::{Colour, Palette, STEPS};
use crate::png;

/// A picture being drawn.
pub(crate) struct Canvas {
    pub width: usize,
    pub height: usize,
    palette: Palette,
    pixels: Vec<u8>,
    rasterizer: Rasterizer,
}

impl Canvas {
    /// A canvas all of one colour.
    pub fn new(width: usize, height: usize, palette: Palette, ground: Colour) -> Self {
        let pixels = vec![ground as u8; width * height];
        Self { width, height, palette, pixels, rasterizer: Rasterizer::new(0, 0) }
    }

    /// The picture as a file.
    pub fn png(&self) -> Vec<u8> {
        png::encode(self.width, &self.pixels, &self.palette.colours)
    }

    /// Fills whole pixels from column `x` and row `y`.
    pub fn rectangle(&mut self, [x, y]: [usize; 2], [width, height]: [usize; 2], colour: Colour) {
        for row in self.pixels.chunks_exact_mut(self.width.max(1)).skip(y).take(height) {
            let end = (x + width).min(row.len());
            row[x.min(end)..end].fill(colour as u8);
        }
    }

    /// Fills an outline by the non-zero rule. What lies outside the canvas is not drawn.
    pub fn fill(&mut self, outline: &[Segment], colour: Colour) {
        let points = outline.iter().flat_map(|segment| match *segment {
            Segment::Line(a, b) => vec![a, b],
            Segment::Quad(a, b, c) => vec![a, b, c],
            Segment::Cubic(points) => points.to_vec(),
        });
        let (mut low, mut high) = (Point { x: f32::MAX, y: f32::MAX }, Point { x: f32::MIN, y: f32::MIN });
        for p in points {
            low = Point { x: low.x.min(p.x), y: low.y.min(p.y) };
            high = Point { x: high.x.max(p.x), y: high.y.max(p.y) };
        }
        // Comparisons with NaN are false, so that such outlines are not drawn either.
        let inside = low.x >= 0.0 && low.y >= 0.0 && high.x <= self.width as f32 && high.y <= self.height as f32;
        if outline.is_empty() || !inside {
            return;
        }
        let (left, top) = (low.x as usize, low.y as usize);
        let (width, height) = (high.x.ceil() as usize - left, high.y.ceil() as usize - top);
        if width == 0 || height == 0 {
            return;
        }
        self.rasterizer.reset(width, height);
        let place = |p: Point| point(p.x - left as f32, p.y - top as f32);
        for segment in outline {
            match *segment {
                Segment::Line(a, b) => self.rasterizer.draw_line(place(a), place(b)),
                Segment::Quad(a, b, c) => self.rasterizer.draw_quad(place(a), place(b), place(c)),
                Segment::Cubic([a, b, c, d]) => self.rasterizer.draw_cubic(place(a), place(b), place(c), place(d)),
            }
        }
        let (pixels, palette, whole) = (&mut self.pixels, &self.palette, self.width);
        let start = top * whole + left;
        self.rasterizer.for_each_pixel(|at, coverage| {
            // Rounded so coarsely that the last bits of a sum do not matter.
            let step = (coverage.abs().min(1.0) * STEPS as f32 + 0.5) as usize;
            if step > 0
                && let Some(pixel) = pixels.get_mut(start + at / width * whole + at % width)
            {
                *pixel = palette.blend(*pixel, colour, step);
            }
        });
    }

    /// Sets a line of characters with its left end at `at` on the base line, `size` pixels to the em.
    pub fn text(&mut self, font: &FontReader<'_>, text: &str, at: Point, size: f32, colour: Colour) {
        let mut pen = at;
        for char in text.chars() {
            self.fill(&font.outline(char, pen, size), colour);
            pen.x += font.width(char) * size;
        }
    }

    /// Draws a picture into the square of `size` pixels whose upper left corner is `at`.
    pub fn drawing(&mut self, drawing: &Drawing, at: Point, size: f32) {
        let scale = size / DRAWING_SIZE;
        for shape in &drawing.shapes {
            let place = |p: Point| Point { x: at.x + p.x * scale, y: at.y + p.y * scale };
            let outline: Vec<Segment> = shape.outline.iter().map(|segment| segment.map(place)).collect();
            let colour = match shape.tone {
                Tone::Main => Colour::Main,
                Tone::Tint => Colour::Tint,
                Tone::Ink => Colour::Ink,
                Tone::Paper => Colour::Paper,
            };
            self.fill(&outline, colour);
        }
    }
}
