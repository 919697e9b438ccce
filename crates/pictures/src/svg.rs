//! SVG without metadata. In: the bytes of a file in any encoding that agrees with ASCII. Out: a copy without comments, metadata elements
//! and file names of the author's computer, without scripts ([`svg_active`](crate::svg_active)), and with embedded photographs cleaned as
//! others are ([`svg_data`](crate::svg_data)); the size that it names. Does not check the drawing.

use memchr::memmem::find;

use crate::svg_active::without_scripts;
use crate::svg_data::clean_embedded;
use crate::{PictureProblem, broken};

/// Elements without their prefix that draw nothing: those of the standard and of drawing programs.
const METADATA: [&[u8]; 5] = [b"metadata", b"RDF", b"xmpmeta", b"pgf", b"aipgf"];
/// Attributes in which drawing programs keep the names of files and folders.
const PRIVATE_ATTRIBUTES: [&[u8]; 4] =
    [b"inkscape:export-filename", b"sodipodi:docname", b"sodipodi:docbase", b"sodipodi:absref"];

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

/// Copies the file without comments and metadata.
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
        } else if rest.starts_with(b"<?") {
            // Others than the declaration and style sheets are notes of programs.
            (rest.starts_with(b"<?xml"), end_of(rest, b"?>"))
        } else if let Some(name) = metadata_name(rest) {
            let tag = end_of_tag(rest);
            let closed = rest[..tag].ends_with(b"/>");
            (false, if closed { tag } else { end_of(rest, &[b"</", name, b">"].concat()) })
        } else {
            (true, end_of_tag(rest))
        };
        if kept {
            copy_tag(&rest[..length], &mut out);
        }
        rest = &rest[length..];
    }
    out.extend_from_slice(rest);
    without_scripts(&clean_embedded(&out)?)
}

/// The length up to and with `mark`, or all of it.
pub(crate) fn end_of(bytes: &[u8], mark: &[u8]) -> usize {
    find(bytes, mark).map_or(bytes.len(), |at| at + mark.len())
}

/// The length of a tag; `>` in quoted values does not end it. Declarations in a document type are tags of their own.
pub(crate) fn end_of_tag(bytes: &[u8]) -> usize {
    let is_type = bytes.starts_with(b"<!DOCTYPE");
    let mut quote = None;
    for (at, byte) in bytes.iter().enumerate() {
        match (quote, byte) {
            (None, b'[') if is_type => return at + 1,
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
    METADATA.contains(&local).then_some(name)
}

/// Copies a tag without [`PRIVATE_ATTRIBUTES`].
fn copy_tag(tag: &[u8], out: &mut Vec<u8>) {
    let mut rest = tag;
    while let Some(at) = private_attribute(rest) {
        out.extend_from_slice(&rest[..at]);
        rest = &rest[at..];
        let value = rest.iter().position(|byte| matches!(byte, b'"' | b'\''));
        let end = value.and_then(|open| rest[open + 1..].iter().position(|b| *b == rest[open]).map(|n| open + n + 2));
        rest = &rest[end.unwrap_or(rest.len())..];
    }
    out.extend_from_slice(rest);
}

/// Where the first private attribute of a tag begins, outside of quoted values.
fn private_attribute(tag: &[u8]) -> Option<usize> {
    // Nearly every tag has none.
    PRIVATE_ATTRIBUTES.iter().find(|name| find(tag, name).is_some())?;
    let mut quote = None;
    for (at, byte) in tag.iter().enumerate() {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(*byte),
            (Some(open), byte) if open == *byte => quote = None,
            (None, byte) if byte.is_ascii_whitespace() => {
                let is_here = |name: &&&[u8]| {
                    let after = tag[at + 1..].strip_prefix(**name).and_then(|rest| rest.first());
                    after.is_some_and(|byte| *byte == b'=' || byte.is_ascii_whitespace())
                };
                if PRIVATE_ATTRIBUTES.iter().any(|name| is_here(&name)) {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
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
    fn notes_of_drawing_programs_go() {
        let text = "<!DOCTYPE svg [<!-- it's --><!ENTITY a \"x>y\">]><?xpacket it's?><svg \n sodipodi:docname = '/home/zhang/甲.svg' \
                    id=\"a sodipodi:docname='\" inkscape:export-filename=\"C:\\zhang\"><i:pgf>zhang</i:pgf><rdf:RDF>zhang</rdf:RDF>\
                    <image sodipodi:absref=\"/home/zhang\" width='1'/></svg>";
        let clean = String::from_utf8(strip(text.as_bytes()).unwrap()).unwrap();
        assert_eq!(
            clean,
            "<!DOCTYPE svg [<!ENTITY a \"x>y\">]><svg \n id=\"a sodipodi:docname='\"><image width='1'/></svg>"
        );
    }
}
