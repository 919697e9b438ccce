//! Escapes text and attribute values for HTML. All HTML escaping uses these functions.
//!
//! Input: text. Output: HTML appended to a string. Does not build elements.

use super::text::find_byte;

/// Appends `text`, escaped for element content.
pub fn escape_text(out: &mut String, text: &str) {
    escape_into(out, text, |bytes| memchr::memchr3(b'&', b'<', b'>', bytes));
}

/// Appends `text`, escaped for a double-quoted or single-quoted attribute value.
pub fn escape_attr(out: &mut String, text: &str) {
    let special = |b| (b == b'&') | (b == b'<') | (b == b'>') | (b == b'"') | (b == b'\'');
    escape_into(out, text, |bytes| find_byte(bytes, 0, special));
}

#[inline(always)]
fn escape_into(out: &mut String, text: &str, find_special: impl Fn(&[u8]) -> Option<usize>) {
    let mut rest = 0;
    while let Some(found) = find_special(&text.as_bytes()[rest..]) {
        let at = rest + found;
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
