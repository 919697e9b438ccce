//! Files that are not pages: static files with fingerprints, pictures, data tables.
//!
//! Input: bytes of files. Output: published addresses with integrity hashes, clean pictures and their renditions, table rows. Does not
//! know pages.

mod csv_quotes;
mod data_fault;
mod data_table;
mod pictures;

use std::collections::BTreeMap;

use base64::Engine;
use sha2::{Digest, Sha384};

use puzhi_core::base::{ContentHash, Route, SitePath};

pub use csv_quotes::LineRange;
pub use data_fault::{DataFault, FaultCause, FaultText, json_fault};
pub use data_table::{DataTable, DataTableError, read_data_table};
pub use pictures::{
    CachedFacts, PictureFacts, PicturePart, Pictures, clean_photograph, is_picture, is_rendition,
    picture_under_other_name,
};

/// The static files that templates may refer to.
#[derive(Debug, Default)]
pub struct AssetManifest {
    /// By the path that templates use, for example `css/civic.css`.
    pub files: BTreeMap<String, Asset>,
}

/// A static file as it is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// Published address.
    pub route: Route,
    /// Integrity hash as in W3C Subresource Integrity: `sha384-` and Base64.
    pub integrity: String,
}

impl Asset {
    /// The published form of the file at `path`. With `fingerprint`, the file name contains eight hexadecimal digits
    /// of the content hash. `None` if `path` is not a valid site path.
    pub fn new(path: &str, bytes: &[u8], fingerprint: bool) -> Option<Self> {
        let name = match path.rsplit_once('.') {
            Some((stem, extension)) if fingerprint => format!("{stem}.{}.{extension}", ContentHash::of(bytes).short(8)),
            _ => path.to_string(),
        };
        let route = Route::file(&SitePath::new(&name).ok()?);
        let digest = base64::engine::general_purpose::STANDARD.encode(Sha384::digest(bytes));
        Some(Self { route, integrity: format!("sha384-{digest}") })
    }
}

/// Whether a static file of a theme has a fingerprint in its address.
pub fn is_fingerprinted(path: &str) -> bool {
    path.ends_with(".css") || path.ends_with(".js")
}

/// Width and height in pixels, from the first bytes of a raster image or from the attributes of an SVG. `None` if
/// they are not found.
pub fn image_size(head: &[u8]) -> Option<(u32, u32)> {
    if let Ok(size) = imagesize::blob_size(head) {
        return Some((u32::try_from(size.width).ok()?, u32::try_from(size.height).ok()?));
    }
    let text = std::str::from_utf8(&head[..head.len().min(2048)]).ok()?;
    let tag = &text[text.find("<svg")?..];
    let tag = &tag[..tag.find('>')?];
    let number = |name: &str| {
        let rest = &tag[tag.find(&format!(" {name}=\""))? + name.len() + 3..];
        let value: &str = rest.split('"').next()?;
        value.trim_end_matches("px").parse::<f64>().ok().filter(|v| *v >= 1.0 && *v < 1e6).map(|v| v as u32)
    };
    Some((number("width")?, number("height")?))
}

/// Removes comments and insignificant white space from a style sheet. Strings are not changed; white space that may
/// separate tokens (in selectors, values and `calc` expressions) becomes one space.
pub fn minify_css(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("/*") {
            rest = after.find("*/").map_or("", |end| &after[end + 2..]);
        } else if c == '"' || c == '\'' {
            let end = string_end(rest, c);
            out.push_str(&rest[..end]);
            rest = &rest[end..];
        } else if c.is_ascii_whitespace() {
            rest = rest.trim_start();
            let next = rest.chars().next();
            let glued = out.is_empty()
                || out.ends_with(['{', '}', ';', ',', ' '])
                || matches!(next, None | Some('{' | '}' | ';' | ','));
            if !glued {
                out.push(' ');
            }
        } else {
            if c == '}' && out.ends_with(';') {
                out.pop();
            }
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    out
}

/// End of the CSS string that starts `text`, including its quotation marks. An escaped quotation mark does not end
/// it.
fn string_end(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '\\' if !escaped => escaped = true,
            c if c == quote && !escaped => return at + 1,
            _ => escaped = false,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn css_is_minified() {
        let css = "/* a */\n.a > .b ,\n.c {\n  color : red; /* b */\n  width: calc(1px + 2px);\n}\n@media (min-width: 1px) {\n .d::before { content: \"/* } \\\" ; \"; }\n}\n";
        assert_eq!(
            minify_css(css),
            ".a > .b,.c{color : red;width: calc(1px + 2px)}@media (min-width: 1px){.d::before{content: \"/* } \\\" ; \"}}"
        );
        assert_eq!(minify_css("/* open"), "");
    }
}
