//! A picture of a text as HTML. In: its addresses and its description. Out: an `img` element, in a `picture` element if there are renditions.

use crate::view::site::{ResolvedImage, ResolvedRendition};
use puzhi_core::base::escape_attr;
use puzhi_pictures::Encoding;

/// Width at which a text shows its pictures: that of the column, or of the screen where it is narrower.
const SIZES: &str = "(min-width: 40em) 36em, 100vw";

/// When a browser loads a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PictureLoading {
    /// At once.
    Now,
    /// When it comes near the screen.
    Late,
    /// As the program likes that shows the text: a plain picture, for feeds.
    Plain,
}

/// Writes the picture; `root` stands before its addresses.
pub(super) fn write_picture(
    out: &mut String,
    image: &ResolvedImage,
    alt: &str,
    (root, loading): (&str, PictureLoading),
) {
    let of = |webp: bool| image.renditions.iter().filter(move |r| (r.encoding == Encoding::Webp) == webp);
    let (webp, plain): (Vec<_>, Vec<_>) = (of(true).collect(), of(false).collect());
    let responsive = loading != PictureLoading::Plain && !plain.is_empty();
    // Browsers that know `auto` use the width at which the picture is laid out, as in a gallery.
    let sizes = if loading == PictureLoading::Late { format!("auto, {SIZES}") } else { SIZES.to_string() };
    let has_webp = responsive && !webp.is_empty();
    if has_webp {
        out.push_str("<picture><source type=\"image/webp\" srcset=\"");
        write_srcset(out, &webp, root);
        out.push_str(&format!("\" sizes=\"{sizes}\">"));
    }
    out.push_str("<img src=\"");
    escape_attr(out, root);
    escape_attr(out, &image.url);
    if responsive {
        out.push_str("\" srcset=\"");
        write_srcset(out, &plain, root);
        out.push_str(&format!("\" sizes=\"{sizes}"));
    }
    out.push_str("\" alt=\"");
    escape_attr(out, alt);
    if let Some((width, height)) = image.size {
        out.push_str(&format!("\" width=\"{width}\" height=\"{height}"));
    }
    if loading != PictureLoading::Now {
        out.push_str("\" loading=\"lazy");
    }
    out.push_str("\" decoding=\"async\">");
    if has_webp {
        out.push_str("</picture>");
    }
}

/// Addresses of renditions have neither spaces nor commas: their names are digits and letters.
fn write_srcset(out: &mut String, renditions: &[&ResolvedRendition], root: &str) {
    for (n, rendition) in renditions.iter().enumerate() {
        if n > 0 {
            out.push_str(", ");
        }
        escape_attr(out, root);
        escape_attr(out, &rendition.url);
        out.push_str(&format!(" {}w", rendition.width));
    }
}
