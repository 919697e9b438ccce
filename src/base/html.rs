//! The one place where text becomes HTML: escaping of text and attribute values.

/// Appends `text` escaped for element content.
pub fn escape_text(out: &mut String, text: &str) {
    escape_into(out, text, |b| match b {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        _ => None,
    });
}

/// Appends `text` escaped for a double- or single-quoted attribute value.
pub fn escape_attr(out: &mut String, text: &str) {
    escape_into(out, text, |b| match b {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'"' => Some("&quot;"),
        b'\'' => Some("&#39;"),
        _ => None,
    });
}

fn escape_into(out: &mut String, text: &str, replacement: impl Fn(u8) -> Option<&'static str>) {
    let mut rest = 0;
    for (i, byte) in text.bytes().enumerate() {
        if let Some(entity) = replacement(byte) {
            out.push_str(&text[rest..i]);
            out.push_str(entity);
            rest = i + 1;
        }
    }
    out.push_str(&text[rest..]);
}
