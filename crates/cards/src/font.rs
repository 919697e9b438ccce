//! The font of cards: which characters it has, how wide they are, and their outlines. In: the bytes of an OpenType or TrueType
//! font. Out: widths and outlines in parts of an em. Sets no lines.

use std::sync::Arc;

use ttf_parser::{Face, GlyphId, OutlineBuilder};

use crate::drawing::{Point, Segment};

/// Noto Sans CJK SC Bold (SIL Open Font License 1.1, `font/OFL.txt`), the subset that `scripts/card-font` makes.
const EMBEDDED: &[u8] = include_bytes!("../font/cards.otf");

/// A font that has been checked.
#[derive(Clone)]
pub struct CardFont {
    bytes: FontBytes,
}

#[derive(Clone)]
enum FontBytes {
    Embedded,
    Own(Arc<[u8]>),
}

/// The bytes are no font that can be read, or it has no outlines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FontError;

impl std::fmt::Debug for CardFont {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CardFont").field("bytes", &self.data().len()).finish()
    }
}

impl CardFont {
    /// The font that comes with the program.
    pub fn embedded() -> Self {
        Self { bytes: FontBytes::Embedded }
    }

    /// A font of the site. Of a collection, the first font is taken.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, FontError> {
        let face = Face::parse(&bytes, 0).map_err(|_| FontError)?;
        let has_outlines = face.tables().glyf.is_some() || face.tables().cff.is_some();
        if !has_outlines {
            return Err(FontError);
        }
        Ok(Self { bytes: FontBytes::Own(bytes.into()) })
    }

    fn data(&self) -> &[u8] {
        match &self.bytes {
            FontBytes::Embedded => EMBEDDED,
            FontBytes::Own(bytes) => bytes,
        }
    }

    /// The first character of `text` that the font does not have. Control and invisible characters and spaces need no glyph.
    pub fn missing(&self, text: &str) -> Option<char> {
        self.reader()?.missing(text)
    }

    /// The font's tables, found once for many characters. `None` only if the bytes are no font, which the constructors exclude.
    pub(crate) fn reader(&self) -> Option<FontReader<'_>> {
        let face = Face::parse(self.data(), 0).ok()?;
        let em = f32::from(face.units_per_em());
        Some(FontReader { face, em })
    }
}

/// Whether a character shows nothing by itself: hyphens for line ends, marks of direction, joiners, selectors of variants
/// (Default_Ignorable_Code_Point of Unicode, as far as texts have them). They come with text from other programs.
pub(crate) fn is_invisible(char: char) -> bool {
    matches!(char, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0100}'..='\u{e01ef}')
}

/// A font with its tables found.
pub(crate) struct FontReader<'f> {
    face: Face<'f>,
    em: f32,
}

impl FontReader<'_> {
    fn glyph(&self, char: char) -> Option<GlyphId> {
        self.face.glyph_index(char).filter(|glyph| glyph.0 != 0)
    }

    /// See [`CardFont::missing`].
    pub fn missing(&self, text: &str) -> Option<char> {
        let needs_glyph = |char: &char| !char.is_whitespace() && !char.is_control() && !is_invisible(*char);
        text.chars().find(|char| needs_glyph(char) && self.glyph(*char).is_none())
    }

    /// Width of a character in parts of an em; half an em if the font does not have it.
    pub fn width(&self, char: char) -> f32 {
        if is_invisible(char) {
            return 0.0;
        }
        let advance = self.glyph(char).and_then(|glyph| self.face.glyph_hor_advance(glyph));
        advance.map_or(0.5, |advance| f32::from(advance) / self.em)
    }

    /// Width of a text in parts of an em.
    pub fn width_of(&self, text: &str) -> f32 {
        text.chars().map(|char| self.width(char)).sum()
    }

    /// The outline of a character with its origin at `at` and `size` pixels to the em, y downwards; empty if there is nothing to draw.
    pub fn outline(&self, char: char, at: Point, size: f32) -> Vec<Segment> {
        let mut outline = Outline { at, scale: size / self.em, start: at, pen: at, segments: Vec::new() };
        if let Some(glyph) = self.glyph(char).filter(|_| !is_invisible(char)) {
            self.face.outline_glyph(glyph, &mut outline);
        }
        outline.segments
    }
}

/// Collects segments in pixels.
struct Outline {
    at: Point,
    scale: f32,
    start: Point,
    pen: Point,
    segments: Vec<Segment>,
}

impl Outline {
    fn point(&self, x: f32, y: f32) -> Point {
        Point { x: self.at.x + x * self.scale, y: self.at.y - y * self.scale }
    }
}

impl OutlineBuilder for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        self.start = self.point(x, y);
        self.pen = self.start;
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let to = self.point(x, y);
        self.segments.push(Segment::Line(self.pen, to));
        self.pen = to;
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let (control, to) = (self.point(x1, y1), self.point(x, y));
        self.segments.push(Segment::Quad(self.pen, control, to));
        self.pen = to;
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let (first, second, to) = (self.point(x1, y1), self.point(x2, y2), self.point(x, y));
        self.segments.push(Segment::Cubic([self.pen, first, second, to]));
        self.pen = to;
    }

    fn close(&mut self) {
        if self.pen != self.start {
            self.segments.push(Segment::Line(self.pen, self.start));
        }
        self.pen = self.start;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_font_has_the_characters_of_the_region_and_names_those_it_lacks() {
        let font = CardFont::embedded();
        assert_eq!(font.missing("安宁市禄脿街道：质押融资怎么办？“4·26” Intellectual Property (IP) 2025—2026"), None);
        assert_eq!(font.missing("一\u{2b740}二"), Some('\u{2b740}'));
        assert_eq!(font.missing("字😀"), Some('😀'));
        // Pasted from a web page or an office program.
        let pasted = "一\u{200b}二\u{ad}三\u{fe0f}四\u{202e}";
        assert_eq!(font.missing(pasted), None);
        assert_eq!(font.reader().unwrap().width_of(pasted), 4.0);
    }

    #[test]
    fn what_is_no_font_is_refused() {
        assert_eq!(CardFont::from_bytes(b"OTTO no font".to_vec()).err(), Some(FontError));
        assert_eq!(CardFont::from_bytes(Vec::new()).err(), Some(FontError));
        for cut in [10, 100, 5000, 100_000] {
            // A font that breaks off has no usable tables or draws nothing; it does not stop the build.
            if let Ok(font) = CardFont::from_bytes(EMBEDDED[..cut].to_vec()) {
                font.reader().unwrap().outline('安', Point { x: 0.0, y: 0.0 }, 10.0);
            }
        }
        assert!(CardFont::from_bytes(EMBEDDED.to_vec()).is_ok());
    }

    #[test]
    fn an_outline_lies_in_the_square_of_its_character() {
        let font = CardFont::embedded();
        let reader = font.reader().unwrap();
        assert_eq!(reader.width('安'), 1.0);
        let outline = reader.outline('安', Point { x: 10.0, y: 100.0 }, 100.0);
        let ends = outline.iter().map(Segment::end);
        assert!(
            !outline.is_empty()
                && ends.into_iter().all(|p| (10.0..110.0).contains(&p.x) && (0.0..120.0).contains(&p.y))
        );
    }
}
