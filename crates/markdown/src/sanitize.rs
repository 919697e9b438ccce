//! Sanitizes raw HTML of authors with `ammonia`.
//!
//! Input: an [`HtmlBuffer`] that contains raw HTML. Output: the sanitized buffer with its placeholders. Placeholders
//! pass the sanitizer as markers that contain a hash of the buffer, which an author cannot put into the same text.
//! Does not know pages.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use super::elements;
use super::html_buffer::{HtmlBuffer, Placeholder};
use super::model::Slot;
use puzhi_core::base::ContentHash;

fn sanitizer() -> &'static ammonia::Builder<'static> {
    static BUILDER: OnceLock<ammonia::Builder<'static>> = OnceLock::new();
    BUILDER.get_or_init(|| {
        let mut tags: HashSet<&str> = elements::all().map(|e| e.name).filter(|name| *name != "img").collect();
        tags.insert("input");
        let mut attributes: HashMap<&str, HashSet<&str>> = elements::all()
            .filter(|e| !e.attributes.is_empty())
            .map(|e| (e.name, e.attributes.iter().copied().collect()))
            .collect();
        attributes.insert("a", HashSet::from(["href"]));
        attributes.insert("input", HashSet::from(["checked", "disabled"]));
        let mut builder = ammonia::Builder::empty();
        builder
            .tags(tags)
            .clean_content_tags(HashSet::from(["script", "style"]))
            .tag_attributes(attributes)
            .generic_attributes(HashSet::from([
                "id",
                "class",
                "title",
                "lang",
                "dir",
                "role",
                "aria-label",
                "tabindex",
            ]))
            // `<input>` is needed only for task lists.
            .tag_attribute_values(HashMap::from([("input", HashMap::from([("type", HashSet::from(["checkbox"]))]))]))
            .url_schemes(HashSet::from(["http", "https", "mailto", "tel"]))
            .link_rel(None)
            .strip_comments(true);
        builder
    })
}

/// Sanitizes a buffer.
pub(super) fn sanitize(buffer: HtmlBuffer) -> HtmlBuffer {
    let mark = unforgeable_marker(&buffer.html);
    let marked = insert_markers(&buffer, &mark);
    let cleaned = sanitizer().clean(&marked).to_string();
    extract_markers(&cleaned, &mark, &buffer.placeholders)
}

/// A word that does not occur in `html`: the hash of the text, hashed again if it does occur.
fn unforgeable_marker(html: &str) -> String {
    let mut word = format!("z{}", ContentHash::of(html.as_bytes()));
    while html.contains(&word) {
        word = format!("z{}", ContentHash::of(word.as_bytes()));
    }
    word
}

fn insert_markers(buffer: &HtmlBuffer, mark: &str) -> String {
    let mut out = String::with_capacity(buffer.html.len() + buffer.placeholders.len() * 64);
    let mut done = 0;
    for (number, (at, placeholder)) in buffer.placeholders.iter().enumerate() {
        out.push_str(&buffer.html[done..*at]);
        done = *at;
        match placeholder {
            Placeholder::Slot(Slot::LinkOpen(_)) => out.push_str(&format!("<a href=\"{mark}{number}.\">")),
            Placeholder::Slot(Slot::LinkClose(_)) => out.push_str("</a>"),
            Placeholder::Slot(Slot::Directive(_)) => out.push_str(&format!("<div id=\"{mark}{number}.\"></div>")),
            _ => out.push_str(&format!("{mark}{number}.")),
        }
    }
    out.push_str(&buffer.html[done..]);
    out
}

fn extract_markers(html: &str, mark: &str, placeholders: &[(usize, Placeholder)]) -> HtmlBuffer {
    let mut out = HtmlBuffer::default();
    // Open links: index of the slot, or `None` for other links, such as those of headings to themselves.
    let mut links: Vec<Option<u32>> = Vec::new();
    let mut rest = html;
    while !rest.is_empty() {
        if let Some(end) = tag_end(rest) {
            let tag = &rest[..end];
            rest = &rest[end..];
            if tag == "</a>" {
                match links.pop() {
                    Some(Some(link)) => out.slot(Slot::LinkClose(link)),
                    _ => out.push(tag),
                }
            } else if tag.starts_with("<a>") || tag.starts_with("<a ") {
                match placeholder_at_marker(tag, mark, placeholders) {
                    Some((Placeholder::Slot(Slot::LinkOpen(link)), _)) => {
                        links.push(Some(link));
                        out.slot(Slot::LinkOpen(link));
                    }
                    _ => {
                        links.push(None);
                        out.push(tag);
                    }
                }
            } else if tag.strip_prefix("<div id=\"").is_some_and(|id| id.starts_with(mark)) {
                if let Some((found, _)) = placeholder_at_marker(tag, mark, placeholders) {
                    out.placeholder(found);
                }
                rest = rest.strip_prefix("</div>").unwrap_or(rest);
            } else {
                out.push(tag);
            }
            continue;
        }
        let end = rest.bytes().skip(1).position(|b| b == b'<').map_or(rest.len(), |i| i + 1);
        let mut text = &rest[..end];
        rest = &rest[end..];
        while let Some(at) = text.find(mark) {
            out.push(&text[..at]);
            text = &text[at..];
            match placeholder_at_marker(text, mark, placeholders) {
                Some((found, length)) => {
                    out.placeholder(found);
                    text = &text[length..];
                }
                None => text = &text[mark.len()..],
            }
        }
        out.push(text);
    }
    out
}

/// Length of the tag at the start of `html`; `None` if there is no tag.
fn tag_end(html: &str) -> Option<usize> {
    if !html.starts_with('<') {
        return None;
    }
    let mut quoted = false;
    for (i, b) in html.bytes().enumerate() {
        match b {
            b'"' => quoted = !quoted,
            b'>' if !quoted => return Some(i + 1),
            _ => {}
        }
    }
    None
}

/// The placeholder of the first marker in `text`, and the length of the marker with its number.
fn placeholder_at_marker(
    text: &str,
    mark: &str,
    placeholders: &[(usize, Placeholder)],
) -> Option<(Placeholder, usize)> {
    let at = text.find(mark)?;
    let digits = &text[at + mark.len()..];
    let (number, _) = digits.split_once('.')?;
    let found = placeholders.get(number.parse::<usize>().ok()?)?.1;
    Some((found, mark.len() + number.len() + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_come_through() {
        let mut buffer = HtmlBuffer { has_raw_html: true, ..HtmlBuffer::default() };
        buffer.push("<p onclick=\"x\">甲");
        buffer.slot(Slot::LinkOpen(3));
        buffer.push("<b>乙</b>");
        buffer.slot(Slot::LinkClose(3));
        buffer.placeholder(Placeholder::Trusted(0));
        buffer.push("</p><script>alert(1)</script>");
        buffer.slot(Slot::Directive(1));
        buffer.push("<p title=\"&lt;/a>\">丙</p><pre><code>");
        buffer.slot(Slot::Code(0));
        buffer.push("</code></pre>");
        let placeholders: Vec<Placeholder> = buffer.placeholders.iter().map(|(_, placeholder)| *placeholder).collect();
        let cleaned = sanitize(buffer);
        assert_eq!(cleaned.placeholders.iter().map(|(_, placeholder)| *placeholder).collect::<Vec<_>>(), placeholders);
        assert!(!cleaned.html.contains("script") && !cleaned.html.contains("onclick"), "{}", cleaned.html);
        assert_eq!(cleaned.html.len() - cleaned.html.find("</code>").unwrap(), "</code></pre>".len());
        assert_eq!(cleaned.placeholders[2].0, cleaned.html.find("<b>乙</b>").unwrap() + "<b>乙</b>".len());
    }

    #[test]
    fn what_the_sanitizer_must_not_let_through() {
        for bad in [
            "<svg><script>alert(1)</script></svg>",
            "<math><mi xlink:href=\"javascript:x\">",
            "<img src=x onerror=x>",
            "<iframe src=x></iframe>",
            "<object data=x></object>",
            "<form action=x><input type=text></form>",
            "<p style=\"position:fixed\">x</p>",
            "<base href=x>",
            "<meta http-equiv=refresh>",
            "<link rel=stylesheet>",
            "<input type=\"image\" src=x>",
        ] {
            let cleaned = sanitize(HtmlBuffer { html: bad.into(), placeholders: Vec::new(), has_raw_html: true });
            for word in
                ["svg", "math", "img", "iframe", "object", "form", "style", "base", "meta", "link", "image", "script"]
            {
                assert!(
                    !cleaned.html.contains(&format!("<{word}")) && !cleaned.html.contains(&format!("{word}=")),
                    "{bad}: {}",
                    cleaned.html
                );
            }
        }
    }
}
