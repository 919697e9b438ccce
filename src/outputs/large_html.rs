//! Makes the HTML of a large page from that of the page.
//!
//! In: the HTML, where the page lies, the style sheet. Out: the same HTML with another head and other addresses. Large pages lie at the
//! same addresses as their pages below one folder, so a relative link from page to page leads to the large page as it is; links to files
//! go one folder up. What is not understood stays as it is. One pass; knows no template and no output.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::settings::INDEX_FILE;
use crate::view::LARGE_FOLDER;

/// The attribute of the link to the large page; its value is the text of the link back.
const SWITCH: &str = "data-large-switch";

/// What the collector is told in the address of a form, so that its pages are large, too.
const LARGE_QUERY: &str = "view=large";

/// Elements whose content is text up to their end tag.
const TEXT_ELEMENTS: [&str; 8] = ["script", "style", "title", "textarea", "iframe", "xmp", "noembed", "noframes"];

/// Attributes that are one address.
const ADDRESSES: [&str; 8] = ["href", "src", "action", "formaction", "poster", "data", "xlink:href", "background"];

/// Where a page lies, and what its large page needs.
pub(super) struct LargeHtml<'l> {
    /// The page's address, percent-encoded and relative to the root, with its file: `guides/a/index.html`.
    pub url: &'l str,
    /// The base path, if the page's links begin with it instead of leading up to the root.
    pub base: Option<&'l str>,
    /// Address of the style sheet of large pages, relative to the root.
    pub style: &'l str,
    /// Paths of outputs that are HTML and have no large page.
    pub plain: &'l BTreeSet<String>,
}

/// Whether the path is that of an HTML file.
pub(super) fn is_html_path(path: &str) -> bool {
    path.ends_with(".html") || path.ends_with(".htm")
}

/// The HTML of the large page beside the page with this HTML.
pub(super) fn large_html(html: &str, page: &LargeHtml<'_>) -> String {
    let mut writer = LargeWriter {
        html,
        page,
        out: String::with_capacity(html.len() + 512),
        copied: 0,
        attributes: Vec::new(),
        has_noindex: false,
        has_canonical: false,
        has_head: false,
    };
    writer.run();
    writer.out
}

struct LargeWriter<'w> {
    html: &'w str,
    page: &'w LargeHtml<'w>,
    out: String,
    /// Up to here the page's HTML is in `out`.
    copied: usize,
    /// Of the tag that is being read.
    attributes: Vec<Attribute>,
    has_noindex: bool,
    has_canonical: bool,
    has_head: bool,
}

/// An attribute of a tag, as ranges of the HTML.
struct Attribute {
    name: Range<usize>,
    /// Without quotation marks; empty if there is none.
    value: Range<usize>,
    /// The whole attribute with the white space before it.
    whole: Range<usize>,
}

impl LargeWriter<'_> {
    fn run(&mut self) {
        let bytes = self.html.as_bytes();
        let mut at = 0;
        while let Some(open) = find_byte(bytes, b'<', at) {
            let rest = &bytes[open..];
            at = if rest.starts_with(b"<!--") {
                self.html[open..].find("-->").map_or(bytes.len(), |end| open + end + 3)
            } else if rest.get(1).is_some_and(u8::is_ascii_alphabetic) {
                self.start_tag(open)
            } else {
                if !self.has_head && starts_with_ignoring_case(rest, b"</head") {
                    self.head(open);
                }
                open + 1
            };
        }
        self.copy_to(bytes.len());
        if !self.has_head {
            // A page without a head has one for the parser, which begins with the first element of a head.
            let after_doctype = match starts_with_ignoring_case(self.out.as_bytes(), b"<!doctype") {
                true => self.out.find('>').map_or(0, |end| end + 1),
                false => 0,
            };
            let rest = self.out.split_off(after_doctype);
            self.head_elements();
            self.out.push_str(&rest);
        }
    }

    /// Appends the page's HTML up to `end`.
    fn copy_to(&mut self, end: usize) {
        self.out.push_str(&self.html[self.copied.min(end)..end]);
        self.copied = self.copied.max(end);
    }

    /// Puts `text` in the place of a range of the page's HTML.
    fn replace(&mut self, range: &Range<usize>, text: &str) {
        self.copy_to(range.start);
        self.out.push_str(text);
        self.copied = range.end;
    }

    /// The way from the large page to the root.
    fn root(&self) -> String {
        match self.page.base {
            Some(base) => base.to_string(),
            None => "../".repeat(self.page.url.matches('/').count() + 1),
        }
    }

    fn head(&mut self, end: usize) {
        self.copy_to(end);
        self.head_elements();
        self.has_head = true;
    }

    fn head_elements(&mut self) {
        let root = self.root();
        if !self.has_noindex {
            self.out.push_str("<meta name=\"robots\" content=\"noindex\">\n");
        }
        // A page for addresses of any depth is no address of its own.
        if !self.has_canonical && self.page.base.is_none() {
            self.out.push_str(&format!("<link rel=\"canonical\" href=\"{root}{}\">\n", self.page.url));
        }
        self.out.push_str(&format!("<link rel=\"stylesheet\" href=\"{root}{}\">\n", self.page.style));
    }

    /// Reads the start tag at `open` and writes what differs. Returns where to read on.
    fn start_tag(&mut self, open: usize) -> usize {
        let bytes = self.html.as_bytes();
        let name_end = find(bytes, open + 1, |b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>'));
        let end = self.read_attributes(name_end);
        let attributes = std::mem::take(&mut self.attributes);
        let name = &self.html[open + 1..name_end];
        if let Some(switch) = attributes.iter().find(|a| self.is(&a.name, SWITCH)) {
            let end = self.switch(&attributes, switch, end);
            self.attributes = attributes;
            return end;
        }
        let value =
            |name: &str| attributes.iter().find(|a| self.is(&a.name, name)).map(|a| &self.html[a.value.clone()]);
        let is_ask = name.eq_ignore_ascii_case("form")
            && value("class").is_some_and(|class| class.split_ascii_whitespace().any(|class| class == "ask"));
        if name.eq_ignore_ascii_case("meta") && value("name").is_some_and(|name| name.eq_ignore_ascii_case("robots")) {
            self.has_noindex |= value("content").is_some_and(|content| content.contains("noindex"));
        } else if name.eq_ignore_ascii_case("link") {
            self.has_canonical |= value("rel").is_some_and(|rel| rel.eq_ignore_ascii_case("canonical"));
        }
        for attribute in &attributes {
            let written = &self.html[attribute.value.clone()];
            let name = &self.html[attribute.name.clone()];
            let changed = if is_ask && name.eq_ignore_ascii_case("action") {
                Some(with_large_query(written))
            } else if ADDRESSES.iter().any(|known| name.eq_ignore_ascii_case(known)) {
                self.address(written)
            } else if name.eq_ignore_ascii_case("srcset") || name.eq_ignore_ascii_case("imagesrcset") {
                Some(self.source_set(written))
            } else {
                None
            };
            if let Some(changed) = changed {
                self.replace(&attribute.value, &changed);
            }
        }
        let is_text = TEXT_ELEMENTS.iter().find(|known| name.eq_ignore_ascii_case(known));
        self.attributes = attributes;
        is_text.map_or(end, |name| find_end_tag(bytes, name, end))
    }

    /// Whether a range of the HTML is this word, whatever the case of its letters.
    fn is(&self, range: &Range<usize>, word: &str) -> bool {
        self.html[range.clone()].eq_ignore_ascii_case(word)
    }

    /// Reads the attributes of a tag from `at`. Returns the end of the tag.
    fn read_attributes(&mut self, mut at: usize) -> usize {
        let bytes = self.html.as_bytes();
        self.attributes.clear();
        loop {
            let before = at;
            at = find(bytes, at, |b| !b.is_ascii_whitespace() && b != b'/');
            match bytes.get(at) {
                None => return bytes.len(),
                Some(b'>') => return at + 1,
                Some(_) => {}
            }
            let name_end = find(bytes, at + 1, |b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>' | b'='));
            let name = at..name_end;
            let sign = find(bytes, name_end, |b| !b.is_ascii_whitespace());
            if bytes.get(sign) != Some(&b'=') {
                self.attributes.push(Attribute { name, value: name_end..name_end, whole: before..name_end });
                at = name_end;
                continue;
            }
            let start = find(bytes, sign + 1, |b| !b.is_ascii_whitespace());
            let (value, end) = match bytes.get(start) {
                Some(quote @ (b'"' | b'\'')) => {
                    let end = find(bytes, start + 1, |b| b == *quote);
                    (start + 1..end, (end + 1).min(bytes.len()))
                }
                _ => {
                    let end = find(bytes, start, |b| b.is_ascii_whitespace() || b == b'>');
                    (start..end, end)
                }
            };
            self.attributes.push(Attribute { name, value, whole: before..end });
            at = end;
        }
    }

    /// The link to the large page becomes the link back, with the words for it. Returns where to read on.
    fn switch(&mut self, attributes: &[Attribute], switch: &Attribute, end: usize) -> usize {
        let back = format!("{}{}", self.root(), self.page.url);
        for attribute in attributes {
            if self.is(&attribute.name, "href") {
                self.replace(&attribute.value, &back);
            } else if attribute.whole == switch.whole {
                self.replace(&attribute.whole, "");
            }
        }
        self.copy_to(end);
        let text_end = find_end_tag(self.html.as_bytes(), "a", end);
        // As an attribute is escaped, it stays; signs that only an attribute may hold are escaped.
        let words = self.html[switch.value.clone()].replace('<', "&lt;").replace('>', "&gt;");
        self.replace(&(end..text_end), &words);
        text_end
    }

    /// An address as the large page must write it; `None` if as it is.
    fn address(&self, written: &str) -> Option<String> {
        let path_end = written.find(['?', '#']).unwrap_or(written.len());
        let (path, rest) = written.split_at(path_end);
        if path.is_empty() || path.starts_with("//") || path.contains(['\\', ':']) {
            return None;
        }
        if let Some(base) = self.page.base {
            let path = path.strip_prefix(base)?;
            return self.has_large_page(path).then(|| format!("{base}{LARGE_FOLDER}/{path}{rest}"));
        }
        // Most links name a page.
        if path.starts_with('/') || self.page.plain.is_empty() && is_page_path(path) {
            return None;
        }
        let folder = self.page.url.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut segments: Vec<&str> = folder.split('/').filter(|segment| !segment.is_empty()).collect();
        for segment in path.split('/') {
            match segment {
                "." | "" => {}
                ".." => drop(segments.pop()?),
                name => segments.push(name),
            }
        }
        let mut target = segments.join("/");
        if !target.is_empty() && (path.ends_with('/') || path == ".." || path.ends_with("/..")) {
            target.push('/');
        }
        (!self.has_large_page(&target)).then(|| format!("{}{target}{rest}", self.root()))
    }

    /// Whether a path from the root is that of a page with a large page beside it.
    fn has_large_page(&self, path: &str) -> bool {
        if !is_page_path(path) {
            return false;
        }
        let decoded = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
        let file = if decoded.is_empty() || decoded.ends_with('/') { INDEX_FILE } else { "" };
        !self.page.plain.contains(&format!("{decoded}{file}"))
    }

    /// A list of addresses with sizes, as `srcset` has it.
    fn source_set(&self, written: &str) -> String {
        let mut out = String::with_capacity(written.len() + 16);
        let mut rest = written;
        loop {
            let start = rest.find(|c: char| !c.is_ascii_whitespace() && c != ',').unwrap_or(rest.len());
            out.push_str(&rest[..start]);
            rest = &rest[start..];
            if rest.is_empty() {
                return out;
            }
            let end = rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len());
            let word = rest[..end].trim_end_matches(',');
            out.push_str(&self.address(word).unwrap_or_else(|| word.to_string()));
            rest = &rest[word.len()..];
            // After an address without a comma its size follows, up to the next comma.
            let size_end = if rest.starts_with(',') { 0 } else { rest.find(',').unwrap_or(rest.len()) };
            out.push_str(&rest[..size_end]);
            rest = &rest[size_end..];
        }
    }
}

/// Whether a path looks like that of a page: an HTML file or a folder.
fn is_page_path(path: &str) -> bool {
    is_html_path(path) || path.is_empty() || path.ends_with('/')
}

/// The address of a form of the collector, which then answers with large pages. `written` is an attribute's value.
fn with_large_query(written: &str) -> String {
    let mark = if written.contains('?') { "&amp;" } else { "?" };
    format!("{written}{mark}{LARGE_QUERY}")
}

fn find_byte(bytes: &[u8], wanted: u8, from: usize) -> Option<usize> {
    bytes.get(from..)?.iter().position(|b| *b == wanted).map(|at| from + at)
}

/// The first place from `from` where `is` holds, else the end.
fn find(bytes: &[u8], from: usize, is: impl Fn(u8) -> bool) -> usize {
    let from = from.min(bytes.len());
    bytes[from..].iter().position(|b| is(*b)).map_or(bytes.len(), |at| from + at)
}

/// Where the end tag `name` begins, from `from` on; the end if there is none.
fn find_end_tag(bytes: &[u8], name: &str, from: usize) -> usize {
    let mut at = from;
    while let Some(open) = find_byte(bytes, b'<', at) {
        let rest = &bytes[open + 1..];
        let after = rest.get(name.len() + 1);
        if rest.first() == Some(&b'/')
            && starts_with_ignoring_case(&rest[1..], name.as_bytes())
            && after.is_none_or(|b| b.is_ascii_whitespace() || matches!(b, b'>' | b'/'))
        {
            return open;
        }
        at = open + 1;
    }
    bytes.len()
}

fn starts_with_ignoring_case(bytes: &[u8], start: &[u8]) -> bool {
    bytes.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(html: &str, url: &str, base: Option<&str>, plain: &[&str]) -> String {
        let plain = plain.iter().map(|path| path.to_string()).collect();
        large_html(html, &LargeHtml { url, base, style: "css/large.1.css", plain: &plain })
    }

    fn body(html: &str, url: &str) -> String {
        of(&format!("<head></head>{html}"), url, None, &["app/index.html", "甲.html"])
            .split_once("</head>")
            .unwrap()
            .1
            .into()
    }

    #[test]
    fn links_to_pages_stay_and_links_to_files_go_one_folder_up() {
        let url = "guides/a/index.html";
        for same in [
            r##"<a href="../../index.html#x">"##,
            r#"<a href="../b/index.html">"#,
            "<a href=../../guides/>",
            r##"<a href="#a">"##,
            r#"<a href="?q=1">"#,
            r#"<a href="https://example.org/a.png">"#,
            r#"<a href="//example.org/a.png">"#,
            r#"<a href="mailto:a@b.c">"#,
            r#"<a href="tel:12330">"#,
            r#"<a href="/elsewhere/a.png">"#,
            r#"<a href="../../../outside.png">"#,
            r#"<img alt="href=a.png" title='<a href="a.png">'>"#,
            r#"<!-- <a href="a.png"> -->"#,
            r#"<script>"<a href='a.png'>"</script>"#,
            r#"<title><a href="a.png"></title>"#,
            "<p>1 < 2 <3",
        ] {
            assert_eq!(body(same, url), same);
        }
        for (written, wanted) in [
            (r#"<a href="../../a.pdf">"#, r#"<a href="../../../a.pdf">"#),
            (r#"<a href="a.pdf?x#y">"#, r#"<a href="../../../guides/a/a.pdf?x#y">"#),
            (r#"<IMG SRC=./../p.png alt>"#, r#"<IMG SRC=../../../guides/p.png alt>"#),
            (r#"<a href="../../app/index.html">"#, r#"<a href="../../../app/index.html">"#),
            (r#"<a href="../../app/">"#, r#"<a href="../../../app/">"#),
            (r#"<a href="../../%E7%94%B2.html">"#, r#"<a href="../../../%E7%94%B2.html">"#),
            (
                r#"<img srcset="../../a,b.png 1x, c.png 2x,https://e.org/d.png">"#,
                r#"<img srcset="../../../a,b.png 1x, ../../../guides/a/c.png 2x,https://e.org/d.png">"#,
            ),
            (
                r#"<form class="ask" action="https://s.example.org/surveys/a?lang=en">"#,
                r#"<form class="ask" action="https://s.example.org/surveys/a?lang=en&amp;view=large">"#,
            ),
            (r#"<form class=ask action=s/a method=post>"#, r#"<form class=ask action=s/a?view=large method=post>"#),
        ] {
            assert_eq!(body(written, url), wanted);
        }
        assert_eq!(
            body(r#"<img src="./a.png"><a href="./b/index.html">"#, "index.html"),
            r#"<img src="../a.png"><a href="./b/index.html">"#
        );
    }

    #[test]
    fn links_from_the_base_path_keep_it() {
        let html = r#"<head></head><a href="/z/a/index.html"><a href="/z/a.css"><a href="/other/a.html"><a href="/z/app/index.html">"#;
        let large = of(html, "404.html", Some("/z/"), &["app/index.html"]);
        assert!(large.ends_with(
            r#"<a href="/z/large/a/index.html"><a href="/z/a.css"><a href="/other/a.html"><a href="/z/app/index.html">"#
        ), "{large}");
        assert!(large.contains(r#"<link rel="stylesheet" href="/z/css/large.1.css">"#) && !large.contains("canonical"));
    }

    #[test]
    fn the_head_says_that_the_page_is_a_second_one_and_loads_its_style_last() {
        let large = of("<!doctype html><head><link rel=stylesheet href=../a.css></HEAD>", "a/index.html", None, &[]);
        assert_eq!(
            large,
            "<!doctype html><head><link rel=stylesheet href=../../a.css><meta name=\"robots\" content=\"noindex\">\n<link rel=\"canonical\" href=\"../../a/index.html\">\n<link rel=\"stylesheet\" href=\"../../css/large.1.css\">\n</HEAD>"
        );
        let known = "<head><meta name=robots content=\"noindex\"><link rel=\"canonical\" href=\"https://example.org/a/\"></head>";
        let large = of(known, "a/index.html", None, &[]);
        assert_eq!((large.matches("noindex").count(), large.matches("canonical").count()), (1, 1));
        assert!(of("<!DOCTYPE html>x", "index.html", None, &[]).starts_with("<!DOCTYPE html><meta name=\"robots\""));
        assert!(of("x", "index.html", None, &[]).contains("large.1.css"));
    }

    #[test]
    fn the_switch_leads_back_with_its_own_words() {
        let html =
            r#"<a class="size" data-large-switch="回<到&amp;标准" href="../large/a/index.html" lang="zh">大字版</a>!"#;
        assert_eq!(
            body(html, "a/index.html"),
            r#"<a class="size" href="../../a/index.html" lang="zh">回&lt;到&amp;标准</a>!"#
        );
        let html = r#"<a href="/z/large/404.html" data-large-switch="回">大</a>"#;
        assert!(of(html, "404.html", Some("/z/"), &[]).ends_with(r#"<a href="/z/404.html">回</a>"#));
    }

    #[test]
    fn any_text_is_kept() {
        let mut state = 7_u64;
        let signs = [
            "<",
            ">",
            "\"",
            "'",
            "=",
            "a",
            " href",
            "/",
            "!--",
            "-->",
            "甲",
            "</a>",
            "<a data-large-switch",
            "srcset",
            ",",
            "<head>",
            "</head>",
            "../",
            "\n",
        ];
        for _ in 0..4000 {
            let mut html = String::new();
            for _ in 0..30 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                html.push_str(signs[(state >> 33) as usize % signs.len()]);
            }
            let large = of(&html, "a/b/index.html", None, &["a.html"]);
            assert!(large.contains("large.1.css"), "{html}");
        }
    }
}
