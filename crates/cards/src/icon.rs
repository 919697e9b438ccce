//! The icon of a site: one character on the main colour, as PNG in any size and as SVG. In: the character, the colour, the font. Out: files.

use std::fmt::Write;

use crate::canvas::Canvas;
use crate::drawing::{Point, Segment};
use crate::font::{CardFont, FontReader};
use crate::palette::{Colour, Palette, Rgb};

/// Size of the character in parts of the icon. Phones cut icons to a circle of 80 %, in which it still lies whole.
const CHARACTER: f32 = 0.6;

/// The icon as a square PNG file of `size` pixels; without the character if the font does not have it.
pub fn icon(font: &CardFont, character: char, main: Rgb, size: usize) -> Vec<u8> {
    let mut canvas = Canvas::new(size, size, Palette::of(main.readable()), Colour::Main);
    if let Some(reader) = font.reader() {
        canvas.fill(&centred(&reader, character, size as f32), Colour::Paper);
    }
    canvas.png()
}

/// The outline of the character in the middle of a square.
fn centred(font: &FontReader<'_>, character: char, size: f32) -> Vec<Segment> {
    let em = size * CHARACTER;
    // The square of a Chinese character reaches from 0.12 em below the base line to 0.88 em above it.
    let at = Point { x: (size - font.width(character) * em) / 2.0, y: size / 2.0 + 0.38 * em };
    font.outline(character, at, em)
}

/// The icon as an SVG file.
pub fn icon_svg(font: &CardFont, character: char, main: Rgb) -> String {
    const SIZE: f32 = 128.0;
    let mut path = String::new();
    let mut pen = None;
    let outline = font.reader().map(|reader| centred(&reader, character, SIZE)).unwrap_or_default();
    for segment in &outline {
        let (Segment::Line(from, _) | Segment::Quad(from, ..) | Segment::Cubic([from, ..])) = segment;
        if pen != Some(*from) {
            command(&mut path, 'M', &[*from]);
        }
        match segment {
            Segment::Line(_, to) => command(&mut path, 'L', &[*to]),
            Segment::Quad(_, control, to) => command(&mut path, 'Q', &[*control, *to]),
            Segment::Cubic([_, rest @ ..]) => command(&mut path, 'C', rest),
        }
        pen = Some(segment.end());
    }
    let main = main.readable().hex();
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 128 128\"><rect width=\"128\" height=\"128\" rx=\"20\" fill=\"{main}\"/><path fill=\"#fff\" d=\"{path}\"/></svg>\n"
    )
}

fn command(path: &mut String, name: char, points: &[Point]) {
    path.push(name);
    for (i, point) in points.iter().enumerate() {
        if i > 0 {
            path.push(' ');
        }
        // Whole units of 128 are fine enough for a tab. Writing to a String cannot fail.
        let whole = |n: f32| (n + 0.5) as i32;
        let _ = write!(path, "{} {}", whole(point.x), whole(point.y));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drawing::Drawing;

    #[test]
    fn icons_show_the_character_in_white_on_the_main_colour() {
        let font = CardFont::embedded();
        let main = Rgb([155, 28, 28]);
        assert_ne!(icon(&font, '安', main, 180), icon(&font, '宁', main, 180));
        assert_ne!(icon(&font, '安', main, 180), icon(&font, '安', Rgb([0, 80, 40]), 180));
        let svg = icon_svg(&font, '安', main);
        assert!(svg.contains("#9b1c1c") && svg.len() < 2000, "{svg}");
        // Read as a picture, the outline lies in the circle that phones leave.
        let drawn = Drawing::from_svg(&svg.replace("fill=\"#fff\"", "class=\"d\""));
        for segment in &drawn.shapes[0].outline {
            let Point { x, y } = segment.end();
            assert!((x - 64.0).hypot(y - 64.0) < 0.4 * 128.0, "{x} {y}");
        }
    }

    #[test]
    fn a_character_that_the_font_lacks_leaves_the_colour_alone() {
        let font = CardFont::embedded();
        let main = Rgb([155, 28, 28]);
        assert_eq!(icon(&font, '😀', main, 64), icon(&font, ' ', main, 64));
        assert!(icon_svg(&font, '😀', main).contains("d=\"\""));
    }
}
