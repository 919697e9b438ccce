//! SVG without metadata. In: the bytes of a file in any encoding that agrees with ASCII. Out: a copy without comments and `metadata`
//! elements, and with embedded photographs cleaned as others are; the size that it names. Does not check the drawing.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use memchr::memmem::find;

use crate::process::strip_metadata;
use crate::{PictureProblem, broken};

/// Number of bytes in which the root element is looked for.
const HEAD: usize = 64 << 10;

/// Whether the text has an SVG root element near its start.
pub fn is_svg(bytes: &[u8]) -> bool {
    root(bytes).is_some()
}

/// The text from the root element on.
fn root(bytes: &[u8]) -> Option<&[u8]> {
    let head = &bytes[..bytes.len().min(HEAD)];
    let start = head.iter().position(|byte| !byte.is_ascii_whitespace() && !matches!(byte, 0xEF | 0xBB | 0xBF))?;
    (head[start] == b'<')
        .then(|| find(head, b"<svg").or_else(|| find(head, b"<svg:svg")))
        .flatten()
        .map(|at| &bytes[at..])
}

/// Width and height in pixels that the root element names, else those of its `viewBox`.
pub fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    let tag = root(bytes)?;
    let tag = String::from_utf8_lossy(&tag[..find(tag, b">")?]).replace('\'', "\"");
    let value = |name: &str| {
        let at = [" ", "\n", "\t"].iter().find_map(|gap| tag.find(&format!("{gap}{name}=\"")))?;
        tag[at + name.len() + 3..].split('"').next()
    };
    let number = |text: &str| {
        let number = text.trim().trim_end_matches("px").parse::<f64>().ok();
        number.filter(|number| *number >= 1.0 && *number < 1e6).map(|number| number as u32)
    };
    if let (Some(width), Some(height)) = (value("width").and_then(number), value("height").and_then(number)) {
        return Some((width, height));
    }
    let parts: Vec<&str> = value("viewBox")?.split([' ', ',']).filter(|part| !part.is_empty()).collect();
    Some((number(parts.get(2)?)?, number(parts.get(3)?)?))
}

/// Copies the file without comments and `metadata` elements.
pub fn strip(bytes: &[u8]) -> Result<Vec<u8>, PictureProblem> {
    if !is_svg(bytes) {
        return Err(broken("no picture"));
    }
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(open) = memchr::memchr(b'<', rest) {
        out.extend_from_slice(&rest[..open]);
        rest = &rest[open..];
        let (kept, length) = if rest.starts_with(b"<!--") {
            (false, end_of(rest, b"-->"))
        } else if rest.starts_with(b"<![CDATA[") {
            (true, end_of(rest, b"]]>"))
        } else if let Some(name) = metadata_name(rest) {
            let tag = end_of_tag(rest);
            let closed = rest[..tag].ends_with(b"/>");
            (false, if closed { tag } else { end_of(rest, &[b"</", name, b">"].concat()) })
        } else {
            (true, end_of_tag(rest))
        };
        if kept {
            out.extend_from_slice(&rest[..length]);
        }
        rest = &rest[length..];
    }
    out.extend_from_slice(rest);
    clean_embedded(&out)
}

/// The length up to and with `mark`, or all of it.
fn end_of(bytes: &[u8], mark: &[u8]) -> usize {
    find(bytes, mark).map_or(bytes.len(), |at| at + mark.len())
}

/// The length of a tag; `>` in quoted values does not end it.
fn end_of_tag(bytes: &[u8]) -> usize {
    let mut quote = None;
    for (at, byte) in bytes.iter().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at + 1,
            (None, b'"' | b'\'') => quote = Some(*byte),
            (Some(open), byte) if open == *byte => quote = None,
            _ => {}
        }
    }
    bytes.len()
}

/// The name of a `metadata` element that opens here, with its prefix.
fn metadata_name(bytes: &[u8]) -> Option<&[u8]> {
    let name = &bytes[1..];
    let end = name.iter().position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/'))?;
    let name = &name[..end];
    let local = name.rsplit(|byte| *byte == b':').next()?;
    (local == b"metadata").then_some(name)
}

/// Cleans pictures that are written into the file as `data:` addresses.
fn clean_embedded(bytes: &[u8]) -> Result<Vec<u8>, PictureProblem> {
    const MARK: &[u8] = b";base64,";
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = find(rest, MARK) {
        let (before, after) = rest.split_at(at + MARK.len());
        out.extend_from_slice(before);
        let end = after.iter().position(|b| matches!(b, b'"' | b'\'' | b')' | b'<' | b'>')).unwrap_or(after.len());
        // Line breaks may be written as themselves or as character references.
        let text =
            String::from_utf8_lossy(&after[..end]).replace("&#10;", "").replace("&#xA;", "").replace("&#13;", "");
        let text: String = text.split_ascii_whitespace().collect();
        match STANDARD.decode(&text).ok().and_then(|data| strip_metadata(&data)) {
            Some(clean) => out.extend_from_slice(STANDARD.encode(clean?).as_bytes()),
            None => out.extend_from_slice(&after[..end]),
        }
        rest = &after[end..];
    }
    out.extend_from_slice(rest);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_and_comments_go_and_the_drawing_stays() {
        let text = "<?xml version=\"1.0\"?><!-- GPS --><svg xmlns='s' width=\"40px\" height=\"30\" a=\"<!-->\">\
                    <metadata id=\"m\"><a>GPS</a></metadata><svg:metadata/><style><![CDATA[/* <!-- x --> */]]></style><g/></svg>";
        let clean = String::from_utf8(strip(text.as_bytes()).unwrap()).unwrap();
        assert_eq!(
            clean,
            "<?xml version=\"1.0\"?><svg xmlns='s' width=\"40px\" height=\"30\" a=\"<!-->\"><style><![CDATA[/* <!-- x --> */]]></style><g/></svg>"
        );
        assert_eq!(size(text.as_bytes()), Some((40, 30)));
        assert_eq!(size(b"<svg viewBox='0 0 12 7.5'>"), Some((12, 7)));
        assert!(strip(b"<html>").is_err() && strip(b"").is_err());
    }

    #[test]
    fn embedded_photographs_lose_their_metadata() {
        let gif = |comment: &[u8]| {
            [b"GIF89a\x01\0\x01\0\0\0\0", comment, b",\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;"].concat()
        };
        let with =
            |data: &[u8]| format!("<svg><image href=\"data:image/gif;base64,{}\"/></svg>", STANDARD.encode(data));
        let clean = strip(with(&gif(b"!\xfe\x03GPS\0")).as_bytes()).unwrap();
        assert_eq!(String::from_utf8(clean).unwrap(), with(&gif(b"")));
    }
}
