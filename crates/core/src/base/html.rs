//! Escapes text, attribute values and data blocks for HTML. All HTML escaping uses these functions.
//!
//! Input: text. Output: HTML. Does not build elements.

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

/// Escapes JSON for the content of a `script` element: `<`, `>`, `&`, U+2028 and U+2029 become escapes of JSON, so that no HTML parser
/// ends the element early. Outside strings valid JSON has none of these characters.
pub fn escape_json_in_script(json: &str) -> String {
    // The first byte of U+2028 and U+2029 is 0xE2.
    let special = |b| (b == b'<') | (b == b'>') | (b == b'&') | (b == 0xE2);
    let mut out = String::with_capacity(json.len());
    let (mut copied, mut at) = (0, 0);
    while let Some(found) = find_byte(json.as_bytes(), at, special) {
        let escape = match &json.as_bytes()[found..] {
            [b'<', ..] => Some(("\\u003c", 1)),
            [b'>', ..] => Some(("\\u003e", 1)),
            [b'&', ..] => Some(("\\u0026", 1)),
            [0xE2, 0x80, 0xA8, ..] => Some(("\\u2028", 3)),
            [0xE2, 0x80, 0xA9, ..] => Some(("\\u2029", 3)),
            _ => None,
        };
        at = found + escape.map_or(1, |(_, length)| length);
        if let Some((escaped, _)) = escape {
            out.push_str(&json[copied..found]);
            out.push_str(escaped);
            copied = at;
        }
    }
    out.push_str(&json[copied..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_data_block_ends_it() {
        for (json, escaped) in [
            (r#"{"a":"</script><!-- & -->"}"#, r#"{"a":"\u003c/script\u003e\u003c!-- \u0026 --\u003e"}"#),
            ("\"\u{2028}“知”\u{2029}…\"", "\"\\u2028“知”\\u2029…\""),
            ("", ""),
            ("\"…", "\"…"),
        ] {
            assert_eq!(escape_json_in_script(json), escaped);
        }
    }

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
