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
    // Whole units of a hundred are fine enough for a tab, and short.
    const SIZE: f32 = 100.0;
    let mut path = String::new();
    let mut pen: Option<Place> = None;
    let outline = font.reader().map(|reader| centred(&reader, character, SIZE)).unwrap_or_default();
    for segment in &outline {
        let (Segment::Line(from, _) | Segment::Quad(from, ..) | Segment::Cubic([from, ..])) = segment;
        let from = Place::of(*from);
        if pen != Some(from) {
            command(&mut path, 'M', &[from]);
        }
        let to = Place::of(segment.end());
        match *segment {
            Segment::Line(..) if to == from => {}
            // Writing to a String cannot fail.
            Segment::Line(..) if to.y == from.y => drop(write!(path, "H{}", to.x)),
            Segment::Line(..) if to.x == from.x => drop(write!(path, "V{}", to.y)),
            Segment::Line(..) => command(&mut path, 'L', &[to]),
            Segment::Quad(_, control, _) => command(&mut path, 'Q', &[Place::of(control), to]),
            Segment::Cubic([_, first, second, _]) => {
                command(&mut path, 'C', &[Place::of(first), Place::of(second), to]);
            }
        }
        pen = Some(to);
    }
    let main = main.readable().hex();
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 100 100\"><rect width=\"100\" height=\"100\" rx=\"16\" fill=\"{main}\"/><path fill=\"#fff\" d=\"{path}\"/></svg>\n"
    )
}

/// A point in whole units.
#[derive(Clone, Copy, PartialEq)]
struct Place {
    x: i32,
    y: i32,
}

impl Place {
    fn of(point: Point) -> Self {
        let whole = |n: f32| (n + 0.5) as i32;
        Self { x: whole(point.x), y: whole(point.y) }
    }
}

fn command(path: &mut String, name: char, points: &[Place]) {
    path.push(name);
    for (i, Place { x, y }) in points.iter().enumerate() {
        let _ = write!(path, "{}{x} {y}", if i > 0 { " " } else { "" });
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
            assert!((x - 50.0).hypot(y - 50.0) < 0.4 * 100.0, "{x} {y}");
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
