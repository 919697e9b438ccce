//! Share cards, square thumbs and icons: words and flat pictures drawn into indexed PNG files, without a browser.
//!
//! In: a font, words, a main colour, a picture of simple SVG shapes. Out: the bytes of a PNG or SVG file, the same on every machine. Knows no
//! site, no page and no file.

mod canvas;
mod card;
mod drawing;
mod font;
mod icon;
mod line_breaking;
mod palette;
mod png;

pub use card::{CARD_HEIGHT, CARD_WIDTH, Card, THUMB_SIZE, Thumb};
pub use drawing::Drawing;
pub use font::{CardFont, FontError};
pub use icon::{icon, icon_svg};
pub use palette::Rgb;
