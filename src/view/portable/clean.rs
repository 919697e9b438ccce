//! Takes from a rendered page what is the article's, and from that what only its page can show.
//!
//! In: HTML of the theme. Out: HTML without navigation, scripts, drawings (their tables stay), forms, words for screen readers, and
//! attributes for styles and scripts; folded parts are open; pictures are plain `img` elements, drawings are links, boxes to tick are signs. One pass; what is not understood stays as
//! text. Knows no page.

use std::ops::Range;

/// Elements that are left out with their content: what leads around the site, and what needs a script or a plug-in.
const DROPPED: [&str; 17] = [
    "nav", "footer", "script", "style", "template", "noscript", "svg", "iframe", "object", "embed", "button", "select",
    "textarea", "canvas", "audio", "video", "dialog",
];

/// Elements of which the content alone stays.
const UNWRAPPED: [&str; 8] = ["form", "fieldset", "label", "picture", "output", "legend", "main", "article"];

/// Elements without content that are left out. Of boxes a sign stays.
const VOID_DROPPED: [&str; 6] = ["input", "source", "link", "meta", "base", "param"];

/// Elements that have no end tag.
const VOID: [&str; 8] = ["img", "br", "hr", "wbr", "col", "area", "track", "input"];

/// Elements whose content is text up to their end tag.
const TEXT_ELEMENTS: [&str; 5] = ["script", "style", "textarea", "iframe", "noscript"];

/// Classes that only a style gives a meaning: such elements are not seen, not printed, lead to a place on the page, or are of use on the page alone,
/// such as a QR code with the words below it.
const DROPPED_CLASSES: [&str; 5] = ["visually-hidden", "noprint", "anchor", "ask-trap", "page-tool"];

/// Elements whose names begin as those of formulas do (MathML Core) and that are none.
const NO_FORMULA: [&str; 6] = ["main", "map", "mark", "menu", "meta", "meter"];

/// Attributes that stay on HTML elements. Those of formulas all stay but for scripts and styles: `linethickness` alone tells a binomial
/// coefficient from a fraction.
const KEPT_ATTRIBUTES: [&str; 24] = [
    "href", "src", "alt", "width", "height", "id", "class", "lang", "hreflang", "title", "datetime", "start", "value",
    "reversed", "type", "colspan", "rowspan", "scope", "headers", "open", "cite", "align", "dir", "rel",
];

/// The content of the first `article` element; `None` if there is none.
pub(super) fn article_element(html: &str) -> Option<&str> {
    let mut reader = TagReader { html, at: 0 };
    let mut start = None;
    let mut depth = 0_usize;
    while let Some(tag) = reader.next_tag() {
        if tag.name != "article" {
            continue;
        }
        match (tag.is_end, start) {
            (false, None) => start = Some(tag.range.end),
            (false, Some(_)) => depth += 1,
            (true, Some(from)) if depth == 0 => return Some(&html[from..tag.range.start]),
            (true, Some(_)) => depth -= 1,
            (true, None) => {}
        }
    }
    start.map(|from| &html[from..])
}

/// The HTML for another place.
pub(super) fn portable_html(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut reader = TagReader { html, at: 0 };
    let mut copied = 0;
    // The page's title stands beside the text in every format.
    let mut has_title = false;
    while let Some(tag) = reader.next_tag() {
        out.push_str(&html[copied..tag.range.start]);
        copied = tag.range.end;
        if tag.name == "input" {
            out.push_str(box_sign(html, &tag));
        }
        if tag.is_comment || VOID_DROPPED.contains(&&*tag.name) || UNWRAPPED.contains(&&*tag.name) {
            continue;
        }
        if tag.is_end {
            if !DROPPED.contains(&&*tag.name) {
                out.push_str(&html[tag.range]);
            }
            continue;
        }
        let is_title = !has_title && tag.name == "h1";
        has_title |= is_title;
        if is_title || tag.is_left_out(html) {
            if let Some(end) = reader.end_of(&tag) {
                reader.at = end;
                copied = end;
            }
            continue;
        }
        write_tag(&mut out, html, &tag);
    }
    out.push_str(&html[copied..]);
    out.trim().to_string()
}

/// What a task or a choice shows before its words; nothing for other fields.
fn box_sign(html: &str, tag: &Tag) -> &'static str {
    match (tag.attribute(html, "type"), tag.attribute(html, "checked").is_some()) {
        (Some("checkbox"), true) => " ☑ ",
        (Some("checkbox"), false) => " ☐ ",
        (Some("radio"), true) => " ● ",
        (Some("radio"), false) => " ○ ",
        _ => "",
    }
}

fn write_tag(out: &mut String, html: &str, tag: &Tag) {
    let attribute = |name: &str| tag.attribute(html, name);
    let src = attribute("src").unwrap_or_default();
    if tag.name == "img" && src.split(['?', '#']).next().is_some_and(|path| path.to_ascii_lowercase().ends_with(".svg"))
    {
        // Other programs do not take drawings as pictures; whoever needs it can open it. The class tells it from other links.
        let alt = attribute("alt").unwrap_or_default();
        out.push_str(&format!("<a href=\"{src}\" class=\"drawing\">{alt}</a>"));
        return;
    }
    out.push('<');
    out.push_str(&tag.name);
    for a in &tag.attributes {
        let value = &html[a.value.clone()];
        let is_script = matches!(&*a.name, "href" | "src" | "cite") && has_script_scheme(value);
        let is_of_formula = tag.is_formula() && a.name != "style" && !a.name.starts_with("on");
        if !KEPT_ATTRIBUTES.contains(&&*a.name) && !is_of_formula || is_script {
            continue;
        }
        out.push(' ');
        out.push_str(&a.name);
        if a.has_value {
            out.push_str("=\"");
            out.push_str(&value.replace('"', "&quot;"));
            out.push('"');
        }
    }
    if tag.name == "details" && attribute("open").is_none() {
        out.push_str(" open");
    }
    out.push('>');
}

/// Whether an address runs a program instead of leading somewhere.
fn has_script_scheme(address: &str) -> bool {
    let plain: String = address.chars().filter(|c| !c.is_whitespace() && !c.is_control()).take(16).collect();
    let plain = plain.to_ascii_lowercase();
    ["javascript:", "vbscript:", "data:"].iter().any(|scheme| plain.starts_with(scheme)) || plain.contains("&#")
}

/// A tag or a comment.
struct Tag {
    /// In lower case; empty for comments.
    name: String,
    is_end: bool,
    is_comment: bool,
    attributes: Vec<Attribute>,
    /// Its place in the HTML.
    range: Range<usize>,
}

/// An attribute: its name in lower case, and where its value stands without quotation marks.
struct Attribute {
    name: String,
    value: Range<usize>,
    has_value: bool,
}

impl Tag {
    /// Whether the element is part of a formula.
    fn is_formula(&self) -> bool {
        self.name.starts_with('m') && !NO_FORMULA.contains(&&*self.name)
            || matches!(&*self.name, "semantics" | "annotation")
    }

    /// The value of an attribute.
    fn attribute<'h>(&self, html: &'h str, name: &str) -> Option<&'h str> {
        self.attributes.iter().find(|a| a.name == name).map(|a| &html[a.value.clone()])
    }

    /// Whether the element is left out with its content.
    fn is_left_out(&self, html: &str) -> bool {
        let class = self.attributes.iter().find(|a| a.name == "class").map_or("", |a| &html[a.value.clone()]);
        let has = |name: &str| class.split_ascii_whitespace().any(|word| word == name);
        DROPPED.contains(&&*self.name)
            || self.attributes.iter().any(|a| a.name == "hidden")
            || DROPPED_CLASSES.into_iter().any(has)
            || self.name == "p" && has("kind")
    }
}

/// Reads the tags of HTML one after the other.
struct TagReader<'h> {
    html: &'h str,
    at: usize,
}

impl TagReader<'_> {
    fn next_tag(&mut self) -> Option<Tag> {
        let bytes = self.html.as_bytes();
        loop {
            let open = self.at + self.html[self.at..].find('<')?;
            let after = &bytes[open + 1..];
            if after.starts_with(b"!--") {
                let end = self.html[open..].find("-->").map_or(bytes.len(), |close| open + close + 3);
                self.at = end;
                return Some(Tag {
                    name: String::new(),
                    is_end: false,
                    is_comment: true,
                    attributes: Vec::new(),
                    range: open..end,
                });
            }
            let is_end = after.first() == Some(&b'/');
            let name_at = open + 1 + usize::from(is_end);
            if bytes.get(name_at).is_none_or(|b| !b.is_ascii_alphabetic()) {
                self.at = open + 1;
                continue;
            }
            return Some(self.tag(open, name_at, is_end));
        }
    }

    fn tag(&mut self, open: usize, name_at: usize, is_end: bool) -> Tag {
        let bytes = self.html.as_bytes();
        let is_name_end = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'>' | b'/');
        let name_end = name_at + bytes[name_at..].iter().position(is_name_end).unwrap_or(bytes.len() - name_at);
        let (attributes, end) = self.attributes(name_end);
        let name = self.html[name_at..name_end].to_ascii_lowercase();
        self.at = end;
        if !is_end && TEXT_ELEMENTS.contains(&&*name) {
            // Their content has no tags.
            let close = format!("</{name}");
            let rest = self.html[end..].to_ascii_lowercase();
            self.at = rest.find(&close).map_or(bytes.len(), |at| end + at);
        }
        Tag { name, is_end, is_comment: false, attributes, range: open..end }
    }

    /// The attributes from byte `at` on, and where the tag ends.
    fn attributes(&self, mut at: usize) -> (Vec<Attribute>, usize) {
        let bytes = self.html.as_bytes();
        let mut attributes = Vec::new();
        loop {
            while bytes.get(at).is_some_and(|b| b.is_ascii_whitespace() || *b == b'/') {
                at += 1;
            }
            match bytes.get(at) {
                None => return (attributes, bytes.len()),
                Some(b'>') => return (attributes, at + 1),
                Some(_) => {}
            }
            let from = at;
            at += 1;
            while bytes.get(at).is_some_and(|b| !b.is_ascii_whitespace() && !matches!(b, b'>' | b'/' | b'=')) {
                at += 1;
            }
            let name = self.html.get(from..at).unwrap_or_default().to_ascii_lowercase();
            let mut after = at;
            while bytes.get(after).is_some_and(u8::is_ascii_whitespace) {
                after += 1;
            }
            if bytes.get(after) != Some(&b'=') {
                attributes.push(Attribute { name, value: at..at, has_value: false });
                continue;
            }
            after += 1;
            while bytes.get(after).is_some_and(u8::is_ascii_whitespace) {
                after += 1;
            }
            let value = match bytes.get(after) {
                Some(quote @ (b'"' | b'\'')) => {
                    let start = after + 1;
                    let length = bytes[start..].iter().position(|b| b == quote).unwrap_or(bytes.len() - start);
                    at = (start + length + 1).min(bytes.len());
                    start..start + length
                }
                _ => {
                    let rest = bytes.get(after..).unwrap_or_default();
                    let is_end = |b: &u8| b.is_ascii_whitespace() || *b == b'>';
                    at = after + rest.iter().position(is_end).unwrap_or(rest.len());
                    after..at
                }
            };
            attributes.push(Attribute { name, value, has_value: true });
        }
    }

    /// Where the element that begins with `tag` ends; `None` if it is never closed, so that nothing after it is lost.
    fn end_of(&self, tag: &Tag) -> Option<usize> {
        if VOID.contains(&&*tag.name) {
            return Some(tag.range.end);
        }
        let mut reader = TagReader { html: self.html, at: self.at };
        let mut depth = 0_usize;
        while let Some(next) = reader.next_tag() {
            if next.name != tag.name {
                continue;
            }
            match (next.is_end, depth) {
                (true, 0) => return Some(next.range.end),
                (true, _) => depth -= 1,
                (false, _) => depth += 1,
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_article_alone_is_taken_with_articles_in_it() {
        let page =
            "<main><p>站</p><ARTICLE class=\"wrap\">甲<article>乙</article>丙</article><article>丁</article></main>";
        assert_eq!(article_element(page), Some("甲<article>乙</article>丙"));
        assert_eq!(article_element("<p>无"), None);
        assert_eq!(article_element("<article>没有结尾"), Some("没有结尾"));
    }

    #[test]
    fn what_belongs_to_the_site_is_left_out() {
        let cases = [
            ("<nav><ol><li>路</li></ol></nav><p>文</p>", "<p>文</p>"),
            ("<h1 id=\"a\">题</h1><p class=\"kind\">类</p><p>文</p><h1>二</h1>", "<p>文</p><h1>二</h1>"),
            (
                "<a href=\"x\">甲<span class=\"visually-hidden\">（<span>离开</span>）</span></a>",
                "<a href=\"x\">甲</a>",
            ),
            ("<figure class=\"code page-tool\"><svg></svg><figcaption>扫码</figcaption></figure>", ""),
            ("<p class=\"ask-trap\" aria-hidden=\"true\"><label>请留空<input></label></p>", ""),
            ("<p hidden>藏</p><p data-days=\"1\" style=\"color:red\" onclick=\"x()\">天</p>", "<p>天</p>"),
            ("<script>\"</p><nav>\"</script>文<!-- <p> --><svg><text>图</text></svg>", "文"),
            ("<h2>一<a class=\"anchor\" href=\"#a\" aria-label=\"x\"></a></h2>", "<h2>一</h2>"),
            ("<form action=\"/x\"><label>问<input name=a></label></form>", "问"),
            ("<p><a href=\"java\nscript:x\">甲</a></p>", "<p><a>甲</a></p>"),
        ];
        for (html, wanted) in cases {
            assert_eq!(portable_html(html), wanted, "{html}");
        }
    }

    #[test]
    fn formulas_keep_what_gives_them_their_meaning() {
        let formula = "<math display=\"block\"><mfrac linethickness=\"0em\"><mi>n</mi><mi>k</mi></mfrac><mspace width=\"1em\"></mspace></math>";
        assert_eq!(portable_html(formula), formula);
        assert_eq!(portable_html("<mi onclick=\"x()\" style=\"a\" href=\"javascript:x\">n</mi>"), "<mi>n</mi>");
        assert_eq!(portable_html("<mark data-a=\"1\">甲</mark>"), "<mark>甲</mark>");
    }

    #[test]
    fn parts_are_open_numbers_stay_and_pictures_are_plain() {
        assert_eq!(
            portable_html("<details><summary>问</summary>答</details><details open>二</details>"),
            "<details open><summary>问</summary>答</details><details open>二</details>"
        );
        let list = "<ol start=\"3\"><li value=\"7\">甲</li></ol>";
        assert_eq!(portable_html(list), list);
        assert_eq!(
            portable_html(
                "<picture><source type=\"image/webp\" srcset=\"a.webp\"><img src=\"a.jpg\" srcset=\"a.jpg 1w\" alt=\"图\"></picture>"
            ),
            "<img src=\"a.jpg\" alt=\"图\">"
        );
        assert_eq!(portable_html("<img src=\"a.SVG\" alt=\"图\">"), "<a href=\"a.SVG\" class=\"drawing\">图</a>");
    }

    #[test]
    fn boxes_of_tasks_and_choices_are_signs() {
        assert_eq!(
            portable_html(
                "<li><input type=\"checkbox\" disabled=\"\" checked=\"\"> 办了</li><li><input type=\"checkbox\"> 没办</li>"
            ),
            "<li> ☑  办了</li><li> ☐  没办</li>"
        );
        assert_eq!(
            portable_html(
                "<p><label><input type=\"radio\"><span>能</span></label><label><input type=\"radio\" checked><span>不能</span></label><input type=\"text\"></p>"
            ),
            "<p> ○ <span>能</span> ● <span>不能</span></p>"
        );
    }

    #[test]
    fn an_element_that_never_ends_takes_nothing_with_it() {
        assert_eq!(portable_html("<nav>甲<p>乙</p>"), "甲<p>乙</p>");
        assert_eq!(portable_html("<p>1 < 2 && 3 <"), "<p>1 < 2 && 3 <");
        assert_eq!(portable_html("<p class=\"没有结尾"), "<p class=\"没有结尾\">");
    }
}
