//! Links and images of Obsidian: `[[页面]]`, `[[页面#标题|文字]]`, `![[图.png|说明]]`. They become links and images of
//! Markdown in the text, which is rendered once more.
//!
//! Input: the text of paragraphs, headings and cells, in which such links are left over. Output: [`Repair`]s, and the
//! places where a page would be embedded, which becomes a link. Does not know whether pages exist.

use super::fullwidth_lint::is_image_address;
use super::repairs::Repair;
use super::source_map::SourceMap;
use puzhi_core::base::Span;

/// Longest link in bytes.
const MAX_LINK: usize = 500;

/// One link as written.
struct WikiLink<'t> {
    address: &'t str,
    /// The text after `|`; for a picture without its width.
    text: Option<&'t str>,
}

/// Finds the links in `text`, which stands at these places of `file`, and adds their repairs to `out`. Returns the places
/// where a page or file other than a picture would be embedded.
pub(super) fn find(text: &str, source_map: &SourceMap, file: &str, out: &mut Vec<Repair>) -> Vec<Span> {
    let mut embeds = Vec::new();
    let mut from = 0;
    while let Some(open) = text[from..].find("[[").map(|i| from + i) {
        let inside = open + "[[".len();
        from = inside;
        let Some(length) = text[inside..].find("]]") else { return embeds };
        let Some(link) = parse(&text[inside..inside + length]) else { continue };
        let end = inside + length + "]]".len();
        from = end;
        let embedded = text[..open].ends_with('!');
        let start = open - usize::from(embedded);
        let is_image = embedded && is_image_address(link.address);
        let span = source_map.span(&(start..end));
        // Escaped brackets are meant as text. A comment is not in `text` and would go with the brackets.
        let written = file.get(span.start..span.end).unwrap_or("");
        if !written.starts_with(&text[start..inside]) || written.contains("<!--") {
            continue;
        }
        if embedded && !is_image {
            embeds.push(span);
        }
        let shown = match (is_image, link.text) {
            (true, text) => text.unwrap_or(""),
            (false, Some(text)) => text,
            (false, None) => name_of(link.address),
        };
        let mark = if is_image { "!" } else { "" };
        let with = format!("{mark}[{shown}](<{}>)", link.address);
        out.push(Repair::new(span.start, span.end - span.start, with).of_link(span.start));
    }
    embeds
}

/// Words in double brackets that C++ has as attributes.
const ATTRIBUTES: [&str; 8] =
    ["nodiscard", "deprecated", "fallthrough", "noreturn", "likely", "unlikely", "maybe_unused", "no_unique_address"];

/// Whether this is a name in the texts about programs: `[[Prototype]]` is a property in the definition of JavaScript.
fn is_program_name(address: &str) -> bool {
    let camel = address.bytes().all(|b| b.is_ascii_alphanumeric())
        && address.starts_with(|c: char| c.is_ascii_uppercase())
        && address.contains(|c: char| c.is_ascii_lowercase());
    camel || ATTRIBUTES.contains(&address)
}

/// Parses what stands between the brackets. Numbers, arrays, names in programs and shell tests are no links.
fn parse(inner: &str) -> Option<WikiLink<'_>> {
    if inner.len() > MAX_LINK || inner.trim() != inner || !inner.contains(char::is_alphabetic) {
        return None;
    }
    let (address, text) = match inner.split_once('|') {
        Some((address, text)) => (address.trim_end_matches(['\\', ' ']), Some(text.trim())),
        None => (inner, None),
    };
    let forbidden =
        |c: char| c.is_control() || matches!(c, '[' | ']' | '<' | '>' | '"' | '=' | ';' | '$' | ',' | '\u{FFFC}' | '`');
    if address.is_empty()
        || address.contains(forbidden)
        || text.is_some_and(|t| t.contains(['[', ']', '\n', '\u{FFFC}']))
        || text.is_none() && is_program_name(address)
    {
        return None;
    }
    // A picture may have its width after the text, or instead of it.
    let is_size = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || b == b'x');
    let text = text.map(|text| match text.rsplit_once('|') {
        Some((words, size)) if is_size(size) => words.trim(),
        _ => text,
    });
    let text = text.filter(|text| !text.is_empty() && (!is_image_address(address) || !is_size(text)));
    Some(WikiLink { address, text })
}

/// What is shown for a link without text: the page with its heading, without the extension.
fn name_of(address: &str) -> &str {
    let address = address.strip_prefix('#').unwrap_or(address);
    address.strip_suffix(".md").unwrap_or(address)
}

#[cfg(test)]
mod tests {
    use super::super::repairs::apply;
    use super::*;

    fn mended(text: &str) -> (String, usize) {
        let mut repairs = Vec::new();
        let embeds = find(text, &SourceMap::starting_at(0), text, &mut repairs);
        (apply(text, 0, &mut repairs).0, embeds.len())
    }

    #[test]
    fn links_become_markdown() {
        for (text, wanted, embeds) in [
            ("见[[办事指南]]。", "见[办事指南](<办事指南>)。", 0),
            ("[[指南/甲 乙.md#怎么办|这里]]", "[这里](<指南/甲 乙.md#怎么办>)", 0),
            ("[[#怎么办]]", "[怎么办](<#怎么办>)", 0),
            ("![[图 1.png]]和![[图.png|300]]", "![](<图 1.png>)和![](<图.png>)", 0),
            ("![[图.png|门口|300x200]]", "![门口](<图.png>)", 0),
            ("![[甲]]", "[甲](<甲>)", 1),
        ] {
            assert_eq!(mended(text), (wanted.to_string(), embeds));
        }
        for text in [
            "[[1]]",
            "[[ -f a ]]",
            "[[1,2],[3,4]]",
            "[[\"a\"]]",
            "[[甲",
            "[[a=b]]",
            "[[a, b]]",
            "[[]]",
            "[[Prototype]]",
            "[[noreturn]]",
        ] {
            assert_eq!(mended(text).0, text);
        }
    }

    #[test]
    fn places_stay_inside_the_link() {
        let text = "见[[甲]]。乙";
        let mut repairs = Vec::new();
        find(text, &SourceMap::starting_at(0), text, &mut repairs);
        let (mended, source_map) = apply(text, 0, &mut repairs);
        let link = mended.find("[甲]").unwrap()..mended.find('。').unwrap();
        assert_eq!(source_map.span(&link), Span::new(3, 3 + "[[甲]]".len()));
        assert_eq!(source_map.file_offset(mended.find('乙').unwrap()), text.find('乙').unwrap());
    }
}
