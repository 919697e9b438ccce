//! The sixteen colours of a card, and which of them a pixel takes that a shape covers in part. In: a main colour. Out: indexes of colours.
//! Integers only, so that every machine gives the same.

/// A colour of the screen: red, green and blue from 0 to 255.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rgb(pub [u8; 3]);

/// White, the ground of cards and the letters on the main colour.
const PAPER: Rgb = Rgb([255, 255, 255]);
/// Letters of the title.
const INK: Rgb = Rgb([29, 26, 23]);
/// The main colour of a site whose settings have none.
const DEFAULT_MAIN: Rgb = Rgb([163, 25, 31]);

/// Steps of coverage that are told apart: 0 is nothing, 16 the whole pixel.
pub(crate) const STEPS: usize = 16;

impl Rgb {
    /// The colour of `#rrggbb`; `None` if the text is none.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|hex| hex.len() == 6 && hex.is_ascii())?;
        let part = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
        Some(Self([part(0)?, part(2)?, part(4)?]))
    }

    /// The theme's main colour, which cards of a site without `colour` take.
    pub fn default_main() -> Self {
        DEFAULT_MAIN
    }

    /// `#rrggbb`.
    pub fn hex(self) -> String {
        let Self([r, g, b]) = self;
        format!("#{r:02x}{g:02x}{b:02x}")
    }

    /// The colour, darkened until white letters on it can be read (contrast of about 4.5 : 1 in the terms of WCAG, with squares in
    /// place of the powers 2.4).
    pub fn readable(self) -> Self {
        let Self(mut parts) = self;
        let luminance = |[r, g, b]: [u8; 3]| {
            let square = |part: u8| u32::from(part) * u32::from(part);
            (2126 * square(r) + 7152 * square(g) + 722 * square(b)) / 10_000
        };
        const DARK_ENOUGH: u32 = 65_025 * 183 / 1000;
        while luminance(parts) > DARK_ENOUGH {
            parts = parts.map(|part| (u16::from(part) * 15 / 16) as u8);
        }
        Self(parts)
    }

    /// `part` sixteenths of `other` over this colour.
    fn mixed(self, other: Self, part: usize) -> Self {
        let mix = |a: u8, b: u8| {
            let (a, b) = (usize::from(a), usize::from(b));
            ((a * (STEPS - part) + b * part + STEPS / 2) / STEPS) as u8
        };
        Self(std::array::from_fn(|i| mix(self.0[i], other.0[i])))
    }

    fn distance(self, other: Self) -> u32 {
        self.0.iter().zip(other.0).map(|(a, b)| u32::from(a.abs_diff(b)).pow(2)).sum()
    }
}

/// Indexes of the pure colours in [`Palette::colours`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Colour {
    Paper,
    Ink,
    Main,
    Tint,
}

const PURE: usize = 4;

/// The colours, with those between two of them that soften edges.
pub(crate) struct Palette {
    /// Sixteen colours, as a PNG with four bits a pixel can have.
    pub colours: [Rgb; 16],
    /// By colour of the ground, colour of the shape and step of coverage: the colour nearest to the mixture.
    blended: Vec<u8>,
}

impl Palette {
    /// The palette of a main colour that is dark enough for white letters.
    pub fn of(main: Rgb) -> Self {
        let tint = PAPER.mixed(main, 3);
        let between = |a: Rgb, b: Rgb, parts: &'static [usize]| parts.iter().map(move |part| a.mixed(b, *part));
        let edges = between(PAPER, INK, &[3, 6, 10, 13])
            .chain(between(PAPER, main, &[6, 8, 10, 13]))
            .chain(between(tint, INK, &[5, 10]))
            .chain(between(main, INK, &[6, 10]));
        let mut colours = [PAPER; 16];
        let all = [PAPER, INK, main, tint].into_iter().chain(edges);
        colours.iter_mut().zip(all).for_each(|(place, colour)| *place = colour);
        let nearest = |colour: Rgb| (0..16u8).min_by_key(|i| colours[usize::from(*i)].distance(colour)).unwrap_or(0);
        let mut blended = Vec::with_capacity(16 * PURE * (STEPS + 1));
        for ground in colours {
            for shape in &colours[..PURE] {
                blended.extend((0..=STEPS).map(|step| nearest(ground.mixed(*shape, step))));
            }
        }
        Self { colours, blended }
    }

    /// The colours of a row of coverages over one ground.
    pub fn blend(&self, ground: u8, shape: Colour, step: usize) -> u8 {
        self.blended[(usize::from(ground) * PURE + shape as usize) * (STEPS + 1) + step.min(STEPS)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_read_and_written() {
        assert_eq!(Rgb::parse("#9b1c1c"), Some(Rgb([0x9b, 0x1c, 0x1c])));
        assert_eq!(Rgb::parse("#9b1c1c").unwrap().hex(), "#9b1c1c");
        for bad in ["9b1c1c", "#9b1c1", "#9b1c1g", "#ééé", ""] {
            assert_eq!(Rgb::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn white_letters_can_be_read_on_every_main_colour() {
        assert_eq!(Rgb([0x9b, 0x1c, 0x1c]).readable(), Rgb([0x9b, 0x1c, 0x1c]), "dark colours stay");
        let light = |Rgb([r, g, b]): Rgb| {
            0.2126 * f64::from(r).powf(2.2) + 0.7152 * f64::from(g).powf(2.2) + 0.0722 * f64::from(b).powf(2.2)
        };
        for colour in [Rgb([255, 215, 0]), Rgb([255, 255, 255]), Rgb([0, 160, 90]), Rgb([90, 160, 250])] {
            let contrast = 1.05 / (light(colour.readable()) / 255f64.powf(2.2) + 0.05);
            assert!(contrast > 4.4, "{colour:?}: {contrast}");
        }
    }

    #[test]
    fn whole_pixels_take_the_pure_colour_and_bare_ones_keep_theirs() {
        let palette = Palette::of(Rgb([0x9b, 0x1c, 0x1c]));
        for ground in 0..16 {
            assert_eq!(
                palette.colours[usize::from(palette.blend(ground, Colour::Ink, 0))],
                palette.colours[usize::from(ground)]
            );
            for shape in [Colour::Paper, Colour::Ink, Colour::Main, Colour::Tint] {
                assert_eq!(
                    palette.colours[usize::from(palette.blend(ground, shape, STEPS))],
                    palette.colours[shape as usize]
                );
            }
        }
    }
}
