//! The layouts: a share card of 1200 × 630 pixels, and a square thumb of 400 × 400. In: words, main colour, picture, font. Out: PNG files.

use crate::canvas::Canvas;
use crate::drawing::{Drawing, Point};
use crate::font::{CardFont, FontReader, is_invisible};
use crate::line_breaking::{Broken, cut_lines, lines, overhang};
use crate::palette::{Colour, Palette, Rgb};

/// Width of a share card in pixels, as Open Graph readers want it.
pub const CARD_WIDTH: usize = 1200;
/// Height of a share card in pixels.
pub const CARD_HEIGHT: usize = 630;
/// Width and height of a thumb in pixels. WeChat wants 300 at least.
pub const THUMB_SIZE: usize = 400;

/// Distance of words from the left edge of a card.
const MARGIN: f32 = 80.0;
/// Rows of the band of the main colour at the foot.
const BAND: usize = 104;
/// Width and height of the picture.
const PICTURE: f32 = 300.0;
/// Width of the title's lines beside a picture.
const TITLE_WIDTH: f32 = 736.0;
/// Sizes of the title that are tried, in pixels to the em.
const SIZES: [f32; 6] = [96.0, 86.0, 76.0, 66.0, 58.0, 50.0];
/// Size of a title that is still large.
const GOOD_SIZE: f32 = 66.0;
/// Lines of a title.
const MAX_LINES: usize = 3;
/// Characters of a title that are looked at; more never fit.
const MAX_TITLE: usize = 160;
/// Distance of two base lines in parts of an em.
const LEADING: f32 = 1.28;
/// Height of a Chinese character above the base line, in parts of an em.
const ASCENT: f32 = 0.84;

/// What a share card shows.
#[derive(Debug, Clone, Copy)]
pub struct Card<'a> {
    /// Title of the page.
    pub title: &'a str,
    /// A few words above the title, such as what kind of page it is; may be empty.
    pub label: &'a str,
    /// Name of the site, at the foot.
    pub site: &'a str,
    /// Main colour. It is darkened where white letters on it could not be read.
    pub main: Rgb,
    /// Picture beside the title.
    pub drawing: Option<&'a Drawing>,
}

impl Card<'_> {
    /// The first character that the font does not have.
    pub fn missing(&self, font: &CardFont) -> Option<char> {
        let reader = font.reader()?;
        [self.title, self.label, self.site].into_iter().find_map(|text| reader.missing(text))
    }

    /// The card as a PNG file. Characters that the font does not have are left out.
    pub fn png(&self, font: &CardFont) -> Vec<u8> {
        let mut canvas = Canvas::new(CARD_WIDTH, CARD_HEIGHT, Palette::of(self.main.readable()), Colour::Paper);
        let foot = CARD_HEIGHT - BAND;
        canvas.rectangle([0, foot], [CARD_WIDTH, BAND], Colour::Main);
        if let Some(reader) = font.reader() {
            self.words(&mut canvas, &reader, foot as f32);
        }
        if let Some(drawing) = self.drawing {
            let at = Point { x: CARD_WIDTH as f32 - MARGIN + 20.0 - PICTURE, y: foot as f32 - PICTURE };
            canvas.drawing(drawing, at, PICTURE);
        }
        canvas.png()
    }

    fn words(&self, canvas: &mut Canvas, font: &FontReader<'_>, foot: f32) {
        let width = CARD_WIDTH as f32 - 2.0 * MARGIN;
        let site = fitted(font, self.site, width / 44.0);
        canvas.text(font, &site, Point { x: MARGIN, y: foot + BAND as f32 / 2.0 + 16.0 }, 44.0, Colour::Paper);
        let mut top = 56.0;
        if !self.label.is_empty() {
            canvas.rectangle([MARGIN as usize, 74], [10, 40], Colour::Main);
            let label = fitted(font, self.label, width / 40.0);
            canvas.text(font, &label, Point { x: MARGIN + 28.0, y: 108.0 }, 40.0, Colour::Main);
            top = 130.0;
        }
        let room = if self.drawing.is_some() { TITLE_WIDTH } else { width };
        let (lines, size) = title_lines(font, self.title, room);
        let height = (lines.len() as f32 - 1.0) * LEADING * size + size;
        // The middle of the free height, a little above it, where the eye looks for it.
        let first = top + ((foot - top - height) * 0.46).max(0.0) + ASCENT * size;
        for (i, line) in lines.iter().enumerate() {
            let at = Point { x: MARGIN - overhang(font, line) * size, y: first + i as f32 * LEADING * size };
            canvas.text(font, line, at, size, Colour::Ink);
        }
    }
}

/// The lines of a title in the largest size in which they fit.
fn title_lines(font: &FontReader<'_>, title: &str, room: f32) -> (Vec<String>, f32) {
    let words: Vec<&str> = title.split_whitespace().collect();
    let title: String =
        words.join(" ").chars().filter(|c| !c.is_control() && !is_invisible(*c)).take(MAX_TITLE).collect();
    let fitting = SIZES.iter().filter_map(|size| Some((lines(font, &title, room / size, MAX_LINES)?, *size)));
    let fitting: Vec<(Broken, f32)> = fitting.collect();
    // Better somewhat smaller than with a line that ends in the middle of a phrase, or of a word.
    let good = fitting.iter().position(|(broken, size)| broken.at_pauses && *size >= GOOD_SIZE);
    let whole = || fitting.iter().position(|(broken, _)| !broken.torn);
    let best = good.or_else(whole).unwrap_or(0);
    let smallest = SIZES[SIZES.len() - 1];
    let cut = || (cut_lines(font, &title, room / smallest, MAX_LINES), smallest);
    fitting.into_iter().nth(best).map_or_else(cut, |(broken, size)| (broken.lines, size))
}

/// A text on one line, cut short if it is wider than `width` ems.
fn fitted(font: &FontReader<'_>, text: &str, width: f32) -> String {
    if font.width_of(text) <= width {
        return text.to_string();
    }
    let mut used = font.width('…');
    let fits = |char: &char| {
        used += font.width(*char);
        used <= width
    };
    text.chars().take_while(fits).chain(['…']).collect()
}

/// What a square thumb shows.
#[derive(Debug, Clone, Copy)]
pub struct Thumb<'a> {
    /// A few words at the foot.
    pub label: &'a str,
    /// Main colour, as of [`Card::main`].
    pub main: Rgb,
    /// Picture above the words.
    pub drawing: Option<&'a Drawing>,
}

impl Thumb<'_> {
    /// The thumb as a PNG file.
    pub fn png(&self, font: &CardFont) -> Vec<u8> {
        const FOOT: usize = 88;
        let mut canvas = Canvas::new(THUMB_SIZE, THUMB_SIZE, Palette::of(self.main.readable()), Colour::Paper);
        canvas.rectangle([0, THUMB_SIZE - FOOT], [THUMB_SIZE, FOOT], Colour::Main);
        if let Some(drawing) = self.drawing {
            const SIZE: f32 = 264.0;
            let at = Point { x: (THUMB_SIZE as f32 - SIZE) / 2.0, y: THUMB_SIZE as f32 - FOOT as f32 - SIZE - 8.0 };
            canvas.drawing(drawing, at, SIZE);
        }
        if let Some(reader) = font.reader() {
            const SIZE: f32 = 46.0;
            let label = fitted(&reader, self.label, (THUMB_SIZE as f32 - 40.0) / SIZE);
            let x = (THUMB_SIZE as f32 - reader.width_of(&label) * SIZE) / 2.0;
            canvas.text(&reader, &label, Point { x, y: THUMB_SIZE as f32 - 28.0 }, SIZE, Colour::Paper);
        }
        canvas.png()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card<'a>(title: &'a str, drawing: Option<&'a Drawing>) -> Card<'a> {
        Card { title, label: "办事指南", site: "安宁市知识产权宣传", main: Rgb([155, 28, 28]), drawing }
    }

    #[test]
    fn a_card_is_small_and_the_same_every_time() {
        let font = CardFont::embedded();
        let drawing = Drawing::from_svg("<circle class=\"a\" cx=\"32\" cy=\"32\" r=\"20\"/>");
        let title = "用专利、商标贷款：质押融资的条件、材料和步骤";
        let first = card(title, Some(&drawing)).png(&font);
        assert!(first.len() < 30_000, "{}", first.len());
        assert_eq!(first, card(title, Some(&drawing)).png(&font));
        assert_ne!(first, card(title, None).png(&font));
        assert_ne!(first, card("用专利贷款", Some(&drawing)).png(&font));
    }

    #[test]
    fn titles_of_any_length_lie_on_the_card() {
        let font = CardFont::embedded();
        let reader = font.reader().unwrap();
        let mut sizes = Vec::new();
        for count in [1, 7, 12, 20, 40, 400] {
            let title: String = "知识产权强县建设试点工作方案解读".chars().cycle().take(count).collect();
            let (lines, size) = title_lines(&reader, &title, TITLE_WIDTH);
            assert!((1..=MAX_LINES).contains(&lines.len()), "{lines:?}");
            for line in &lines {
                assert!((reader.width_of(line) - 1.0) * size <= TITLE_WIDTH, "{line} at {size}");
            }
            sizes.push(size);
        }
        assert!(sizes.is_sorted_by(|a, b| a >= b) && sizes[0] > sizes[5], "{sizes:?}");
        for title in ["", " ", "\u{0}\n", "𫝀", "Incomprehensibilities-and-antidisestablishmentarianism"] {
            assert!(card(title, None).png(&font).starts_with(b"\x89PNG"), "{title}");
        }
    }

    #[test]
    fn missing_characters_of_all_words_are_named() {
        let font = CardFont::embedded();
        assert_eq!(card("质押融资", None).missing(&font), None);
        assert_eq!(card("甲\u{2b740}", None).missing(&font), Some('\u{2b740}'));
        let other = Card { site: "\u{2b740}", ..card("甲", None) };
        assert_eq!(other.missing(&font), Some('\u{2b740}'));
    }
}
