//! Escapes text and attribute values for HTML. All HTML escaping uses these functions.
//!
//! Input: text. Output: HTML appended to a string. Does not build elements.

use super::text::find_byte;

/// Appends `text`, escaped for element content.
pub fn escape_text(out: &mut String, text: &str) {
    escape_into(out, text, |b| (b == b'&') | (b == b'<') | (b == b'>'));
}

/// Appends `text`, escaped for a double-quoted or single-quoted attribute value.
pub fn escape_attr(out: &mut String, text: &str) {
    escape_into(out, text, |b| (b == b'&') | (b == b'<') | (b == b'>') | (b == b'"') | (b == b'\''));
}

#[inline(always)]
fn escape_into(out: &mut String, text: &str, special: impl Fn(u8) -> bool + Copy) {
    let mut rest = 0;
    while let Some(at) = find_byte(text.as_bytes(), rest, special) {
        out.push_str(&text[rest..at]);
        out.push_str(match text.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => "&#39;",
        });
        rest = at + 1;
    }
    out.push_str(&text[rest..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_characters_are_escaped_at_every_position() {
        for length in 0..100 {
            for at in 0..length {
                for (byte, entity) in [('&', "&amp;"), ('<', "&lt;"), ('>', "&gt;"), ('"', "&quot;"), ('\'', "&#39;")] {
                    let (before, after) = ("x".repeat(at), "知".repeat(length - at - 1));
                    let mut out = String::from("[");
                    escape_attr(&mut out, &format!("{before}{byte}{after}"));
                    assert_eq!(out, format!("[{before}{entity}{after}"));
                    out.clear();
                    escape_text(&mut out, &format!("{before}{byte}{after}"));
                    let shown = if byte == '"' || byte == '\'' { byte.to_string() } else { entity.to_string() };
                    assert_eq!(out, format!("{before}{shown}{after}"));
                }
            }
        }
    }
}
