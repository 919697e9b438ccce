//! SVG without scripts, so that a drawing that is opened by itself runs nothing in the site's origin. In: the bytes of a file. Out: a copy
//! without elements, attributes, declarations and instructions that can run a script. It works on tags as XML 1.0 delimits them; where a
//! file is no XML, browsers stop reading at that place. Keeps the drawing.

use memchr::memmem::find;

use crate::svg::{end_of, end_of_tag};
use crate::{PictureProblem, broken};

/// Elements without their prefix that run scripts or hold documents which do, of SVG and of XHTML inside it.
const ACTIVE_ELEMENTS: [&str; 11] =
    ["script", "handler", "listener", "iframe", "frame", "object", "embed", "applet", "meta", "base", "link"];
/// Attributes without their prefix that hold addresses, or values which animate an address.
const ADDRESSES: [&str; 10] = ["href", "src", "action", "formaction", "data", "srcdoc", "to", "from", "by", "values"];
/// Entities that every XML file has.
const OWN_ENTITIES: [&str; 5] = ["amp", "lt", "gt", "quot", "apos"];
/// Encodings in which each byte of markup means what it means in ASCII.
const ENCODINGS: [&str; 10] =
    ["utf-8", "utf8", "us-ascii", "ascii", "gbk", "gb2312", "gb18030", "big5", "latin1", "euc-kr"];
/// Times that the file is looked through: what is cut out may join what stood around it.
const MAX_PASSES: usize = 8;

/// The file without anything that can run a script.
///
/// # Errors
/// If it has an encoding in which tags cannot be told, or scripts come to light in every pass.
pub fn without_scripts(bytes: &[u8]) -> Result<Vec<u8>, PictureProblem> {
    if !has_known_encoding(bytes) {
        return Err(broken("an encoding in which scripts cannot be found"));
    }
    let mut now = pass(bytes);
    for _ in 0..MAX_PASSES {
        let next = pass(&now);
        if next == now {
            return Ok(now);
        }
        now = next;
    }
    Err(broken("nested scripts"))
}

/// Whether the file has anything that can run a script.
pub fn has_scripts(bytes: &[u8]) -> bool {
    pass(bytes) != bytes
}

/// Whether the XML declaration names no encoding, or one of [`ENCODINGS`].
fn has_known_encoding(bytes: &[u8]) -> bool {
    let start = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    if !start.starts_with(b"<?xml") {
        return true;
    }
    let declaration = String::from_utf8_lossy(&start[..end_of(start, b"?>")]).to_ascii_lowercase();
    let Some((_, rest)) = declaration.split_once("encoding") else { return true };
    let name: String = rest.chars().skip_while(|c| matches!(c, ' ' | '\t' | '\n' | '\r' | '=' | '"' | '\'')).collect();
    let name = name.split(['"', '\'', ' ', '?']).next().unwrap_or_default();
    ENCODINGS.contains(&name) || name.starts_with("iso-8859-") || name.starts_with("windows-125")
}

/// Copies the file once without what is active.
fn pass(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(open) = memchr::memchr(b'<', rest) {
        out.extend_from_slice(&rest[..open]);
        rest = &rest[open..];
        let length = if rest.starts_with(b"<!--") {
            let length = end_of(rest, b"-->");
            out.extend_from_slice(&rest[..length]);
            length
        } else if rest.starts_with(b"<![CDATA[") {
            let length = end_of(rest, b"]]>");
            out.extend_from_slice(&rest[..length]);
            length
        } else if rest.starts_with(b"<?") {
            let length = end_of(rest, b"?>");
            let declaration = rest.starts_with(b"<?xml") && rest.get(5).is_some_and(u8::is_ascii_whitespace);
            // A style sheet may be a program (XSLT); other instructions are notes of programs.
            let kept = declaration || !rest.starts_with(b"<?xml");
            out.extend_from_slice(if kept { &rest[..length] } else { b"" });
            length
        } else if rest.starts_with(b"<!") {
            let length = end_of_tag(rest);
            let kept = is_harmless_declaration(&rest[..length]);
            out.extend_from_slice(if kept { &rest[..length] } else { b"" });
            length
        } else {
            let length = end_of_tag(rest);
            let name = element_name(rest);
            if is_active(name) {
                length_of_element(rest, name, length)
            } else {
                copy_tag(&rest[..length], &mut out);
                length
            }
        };
        rest = &rest[length..];
    }
    out.extend_from_slice(rest);
    out
}

/// The name of the element whose tag opens or closes here, with its prefix.
fn element_name(tag: &[u8]) -> &[u8] {
    let name = tag[1..].strip_prefix(b"/").unwrap_or(&tag[1..]);
    let end = name.iter().position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/'));
    &name[..end.unwrap_or(name.len())]
}

/// The part of a name after its prefix, in small letters.
fn local(name: &[u8]) -> String {
    let local = name.rsplit(|byte| *byte == b':').next().unwrap_or_default();
    String::from_utf8_lossy(local).to_ascii_lowercase()
}

fn is_active(name: &[u8]) -> bool {
    ACTIVE_ELEMENTS.contains(&local(name).as_str())
}

/// The length of an element up to its end tag; the tag alone if it is empty or an end tag, everything if it is not closed.
fn length_of_element(bytes: &[u8], name: &[u8], tag: usize) -> usize {
    if bytes[..tag].ends_with(b"/>") || bytes.starts_with(b"</") {
        return tag;
    }
    let mut at = tag;
    while let Some(open) = find(&bytes[at..], &[b"</", name].concat()) {
        let start = at + open;
        let after = bytes.get(start + 2 + name.len());
        at = start + 2 + name.len();
        if after.is_none_or(|byte| byte.is_ascii_whitespace() || *byte == b'>') {
            return start + end_of_tag(&bytes[start..]);
        }
    }
    bytes.len()
}

/// Whether a declaration can bring nothing active: no attributes by default, no entities that hold markup or lie elsewhere.
fn is_harmless_declaration(declaration: &[u8]) -> bool {
    let text = String::from_utf8_lossy(declaration);
    if text.starts_with("<!DOCTYPE") {
        return true;
    }
    let Some(entity) = text.strip_prefix("<!ENTITY") else { return false };
    let value = entity.find(['"', '\'']).map_or("", |at| &entity[at..]);
    let head = entity.find(['"', '\'']).map_or(entity, |at| &entity[..at]);
    let outside = head.contains("SYSTEM") || head.contains("PUBLIC") || head.contains('%');
    !outside
        && !value.trim_end_matches('>').contains(['<', '&', '%'])
        && !runs_script(value.trim_matches(['"', '\'', '>', ' ']))
}

/// Copies a tag without the attributes that can run a script.
fn copy_tag(tag: &[u8], out: &mut Vec<u8>) {
    if tag.starts_with(b"</") {
        return out.extend_from_slice(tag);
    }
    let mut at = 1 + element_name(tag).len();
    out.extend_from_slice(&tag[..at.min(tag.len())]);
    while at < tag.len() {
        let start = at;
        while tag.get(at).is_some_and(|byte| byte.is_ascii_whitespace() || *byte == b'/') {
            at += 1;
        }
        let name_start = at;
        while tag.get(at).is_some_and(|byte| !byte.is_ascii_whitespace() && !matches!(byte, b'=' | b'>' | b'/')) {
            at += 1;
        }
        let name = &tag[name_start..at];
        while tag.get(at).is_some_and(|byte| byte.is_ascii_whitespace() || *byte == b'=') {
            at += 1;
        }
        let value_start = at;
        match tag.get(at) {
            Some(quote @ (b'"' | b'\'')) => {
                let close = memchr::memchr(*quote, &tag[at + 1..]);
                at = close.map_or(tag.len(), |n| at + 1 + n + 1);
            }
            _ if name.is_empty() => at = (at + 1).min(tag.len()),
            _ => {}
        }
        if !is_active_attribute(&local(name), &tag[value_start..at]) {
            out.extend_from_slice(&tag[start..at]);
        }
    }
}

/// Whether an attribute runs a script or leads to one.
fn is_active_attribute(name: &str, value: &[u8]) -> bool {
    let handler = name
        .strip_prefix("on")
        .is_some_and(|event| !event.is_empty() && event.bytes().all(|b| b.is_ascii_alphabetic()));
    let value = String::from_utf8_lossy(value);
    let value = value.trim_matches(['"', '\'']);
    let animated = name == "attributename" && value.trim().to_ascii_lowercase().starts_with("on");
    handler || animated || name == "srcdoc" || ADDRESSES.contains(&name) && runs_script(value)
}

/// Whether one of the addresses in a value runs a script when it is followed. Entities of the file's own count as if they did.
fn runs_script(value: &str) -> bool {
    let Some(text) = without_references(value) else { return true };
    text.split(';').any(|part| {
        let part: String = part.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
        let part = part.to_ascii_lowercase();
        let document =
            ["data:text/", "data:application/x", "data:application/html"].iter().any(|p| part.starts_with(p));
        document && !part.starts_with("data:application/x-font")
            || ["javascript:", "vbscript:", "livescript:"].iter().any(|scheme| part.starts_with(scheme))
    })
}

/// A value with its character references decoded; `None` if it refers to an entity of the file's own.
fn without_references(value: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = value;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        // Nothing but a name is read on for a `;`, so that each part of a long value is read once.
        let end = rest
            .find(|c: char| c.is_whitespace() || c.is_ascii_punctuation() && !matches!(c, '#' | '_' | '-' | '.' | ':'));
        let Some((name, after)) = end.and_then(|end| Some((&rest[..end], rest[end..].strip_prefix(';')?))) else {
            out.push('&');
            continue;
        };
        let code = name.strip_prefix("#x").map(|hex| u32::from_str_radix(hex, 16));
        let code = code.or_else(|| name.strip_prefix('#').map(str::parse));
        match code {
            Some(code) => out.extend(code.ok().and_then(char::from_u32)),
            None if OWN_ENTITIES.contains(&name) => out.push('_'),
            // A query of an address may have such a part without being a reference, which is an error of XML.
            None => return None,
        }
        rest = after;
    }
    out.push_str(rest);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clean(svg: &str) -> String {
        String::from_utf8(without_scripts(svg.as_bytes()).unwrap()).unwrap()
    }

    #[test]
    fn nothing_that_runs_is_left() {
        for (active, left) in [
            ("<svg><script>alert(1)</script><g/></svg>", "<svg><g/></svg>"),
            ("<svg><script href='x.js'/><g/></svg>", "<svg><g/></svg>"),
            ("<svg><x:script xmlns:x='http://www.w3.org/2000/svg'><![CDATA[a<b]]></x:script></svg>", "<svg></svg>"),
            ("<svg><SCRIPT>1</SCRIPT ></svg>", "<svg></svg>"),
            ("<svg><script>", "<svg>"),
            (
                "<svg onload='alert(1)' width='3'><g onclick = \"x('>')\" id='a'/></svg>",
                "<svg width='3'><g id='a'/></svg>",
            ),
            ("<svg OnLoad='x'/>", "<svg/>"),
            ("<svg><a xlink:href='javascript:alert(1)'><g/></a></svg>", "<svg><a><g/></a></svg>"),
            ("<svg><a href=' java&#x0A;script&#58;alert(1)'/></svg>", "<svg><a/></svg>"),
            ("<svg><a href='data:text/html,&lt;script>'/></svg>", "<svg><a/></svg>"),
            ("<svg><a href='&go;'/></svg>", "<svg><a/></svg>"),
            ("<svg><a href='?a&b c&d;e'/></svg>", "<svg><a/></svg>"),
            ("<svg><set attributeName='onmouseover' to='x'/></svg>", "<svg><set to='x'/></svg>"),
            (
                "<svg><animate attributeName='href' values='#a;javascript:x'/></svg>",
                "<svg><animate attributeName='href'/></svg>",
            ),
            (
                "<svg><foreignObject><h:iframe srcdoc='&lt;script>'></h:iframe><p>字</p></foreignObject></svg>",
                "<svg><foreignObject><p>字</p></foreignObject></svg>",
            ),
            ("<?xml-stylesheet type='text/xsl' href='x'?><svg/>", "<svg/>"),
            (
                "<!DOCTYPE svg [<!ENTITY x \"<script>1</script>\"><!ENTITY ns 'http://a'><!ATTLIST svg onload CDATA 'x'>]><svg/>",
                "<!DOCTYPE svg [<!ENTITY ns 'http://a'>]><svg/>",
            ),
            (
                "<!DOCTYPE svg [<!ENTITY x SYSTEM 'a'><!ENTITY y '&#60;script>'><!ENTITY % z 'q'>]><svg/>",
                "<!DOCTYPE svg []><svg/>",
            ),
        ] {
            assert_eq!(clean(active), left, "{active}");
            assert!(has_scripts(active.as_bytes()), "{active}");
        }
        for encoding in ["utf-7", "iso-2022-jp", "utf-16", "hz-gb-2312"] {
            assert!(without_scripts(format!("<?xml version='1.0' encoding='{encoding}'?><svg/>").as_bytes()).is_err());
        }
    }

    #[test]
    fn drawings_stay_as_they_are() {
        for drawing in [
            "<?xml version=\"1.0\" encoding=\"GBK\"?><!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"http://a/b.dtd\"><svg/>",
            "<!DOCTYPE svg [<!ENTITY ns_svg \"http://www.w3.org/2000/svg\">]><svg xmlns=\"&ns_svg;\"/>",
            "<svg><style><![CDATA[a > b{fill:red} <script>]]></style><!-- <script> --><text on='1'>a &lt;script> b</text></svg>",
            "<svg><a href='?a&b=1;c'/><a href='?&&&'/></svg>",
            "<svg><a href=\"https://example.org/?a=1&amp;b=2\" target=\"_top\"><use xlink:href='#p'/></a></svg>",
            "<svg><image href=\"data:image/png;base64,AAAA\"/><font src='data:application/x-font-woff;base64,AA'/></svg>",
            "<svg><animate attributeName='x' from='0' to='10' values='0;10'/><foreignObject><div>字</div></foreignObject></svg>",
        ] {
            assert_eq!(clean(drawing), drawing);
            assert!(!has_scripts(drawing.as_bytes()));
        }
    }
}
