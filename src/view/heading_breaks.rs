//! Marks in a finished HTML page where the lines of its headings may end. In: HTML, words that stay whole. Out: the same HTML with `<wbr>`
//! between the words of headings, titles, questions that unfold and heads of tables. The style sheet lets their lines end nowhere else
//! (`word-break: keep-all`). What is not understood stays as it is. One pass; knows no template.
//!
//! It works on finished pages so that headings of texts, titles in lists and those that templates of other themes write are all treated
//! alike, and names of pages elsewhere (`<title>`, feeds, search) have no marks.

use memchr::memmem;
use puzhi_core::base::is_han;
use puzhi_core::phrases::Phrases;

/// Elements whose content is no text of the page.
const OPAQUE: [&str; 6] = ["script", "style", "textarea", "template", "title", "svg"];

/// Elements within a heading that no mark goes into.
const WHOLE: [&str; 11] =
    ["svg", "math", "code", "kbd", "samp", "ruby", "script", "style", "template", "textarea", "select"];

/// Most bytes of a heading that gets marks, so that no content costs much. Longer ones break where they are full.
const LONGEST: usize = 4096;

/// Most bytes of a character reference.
const LONGEST_REFERENCE: usize = 40;

/// Stands for an element or a character reference that is no text to cut.
const OTHER: char = '\u{fffc}';

/// The page with the marks. What is no UTF-8 stays as it is.
pub(super) fn with_heading_breaks(html: Vec<u8>, phrases: &Phrases) -> Vec<u8> {
    let mut out = Vec::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(open) = memchr::memchr(b'<', &html[at..]).map(|found| at + found) {
        at = match Tag::at(&html, open) {
            Tag::Opaque(name) => end_of(&html, open, name),
            Tag::Heading { name, inside } => {
                let within = &html[inside..html.len().min(inside + LONGEST)];
                match memmem::find(within, format!("</{name}").as_bytes()) {
                    Some(length) => {
                        for mark in
                            std::str::from_utf8(&within[..length]).map_or(Vec::new(), |text| marks(text, phrases))
                        {
                            if out.capacity() == 0 {
                                out.reserve(html.len() + html.len() / 64);
                            }
                            out.extend_from_slice(&html[copied..inside + mark]);
                            out.extend_from_slice(b"<wbr>");
                            copied = inside + mark;
                        }
                        inside + length
                    }
                    None => inside,
                }
            }
            Tag::Comment => memmem::find(&html[open..], b"-->").map_or(html.len(), |end| open + end + 3),
            Tag::Other => open + 1,
        };
    }
    if copied == 0 {
        return html;
    }
    out.extend_from_slice(&html[copied..]);
    out
}

/// What begins at a `<`.
enum Tag {
    Comment,
    Opaque(&'static str),
    /// A heading or a title: the name of its element and where its content begins.
    Heading {
        name: &'static str,
        inside: usize,
    },
    Other,
}

impl Tag {
    fn at(html: &[u8], open: usize) -> Self {
        let rest = &html[open + 1..];
        if rest.starts_with(b"!--") {
            return Tag::Comment;
        }
        let Some(first) = rest.first() else { return Tag::Other };
        if !matches!(first, b'h' | b'p' | b's' | b't') {
            return Tag::Other;
        }
        if let Some(name) = OPAQUE.into_iter().find(|name| is_tag(rest, name)) {
            return Tag::Opaque(name);
        }
        let Some(name) = ["h1", "h2", "h3", "h4", "th", "summary", "p"].into_iter().find(|name| is_tag(rest, name))
        else {
            return Tag::Other;
        };
        let Some(end) = memchr::memchr(b'>', rest) else { return Tag::Other };
        if name == "p" && !rest[..end].starts_with(b"p class=\"title\"") {
            return Tag::Other;
        }
        Tag::Heading { name, inside: open + 1 + end + 1 }
    }
}

/// Whether the bytes after a `<` begin the element `name`.
fn is_tag(rest: &[u8], name: &str) -> bool {
    rest.starts_with(name.as_bytes())
        && rest.get(name.len()).is_some_and(|b| matches!(b, b'>' | b'/') || b.is_ascii_whitespace())
}

/// The end of the element `name` that begins at `open`.
fn end_of(html: &[u8], open: usize, name: &str) -> usize {
    let end = memmem::find(&html[open..], format!("</{name}").as_bytes());
    end.map_or(html.len(), |end| open + end + 2 + name.len())
}

/// The places of the marks in the content of a heading.
fn marks(html: &str, phrases: &Phrases) -> Vec<usize> {
    let (mut text, mut places) = (Vec::new(), Vec::new());
    let mut at = 0;
    while let Some(c) = html[at..].chars().next() {
        let rest = &html[at..];
        let length = match c {
            '<' => {
                let after = &rest.as_bytes()[1..];
                let whole = WHOLE.into_iter().find(|name| is_tag(after, name));
                if whole.is_some() || is_tag(after, "br") || is_tag(after, "wbr") {
                    text.push(OTHER);
                    places.push(at);
                }
                let end = whole.map_or(0, |name| end_of(rest.as_bytes(), 0, name).min(rest.len()));
                rest[end..].find('>').map_or(rest.len(), |close| end + close + 1)
            }
            '&' => {
                text.push(OTHER);
                places.push(at);
                memchr::memchr(b';', &rest.as_bytes()[..rest.len().min(LONGEST_REFERENCE)]).map_or(1, |end| end + 1)
            }
            _ => {
                text.push(c);
                places.push(at);
                c.len_utf8()
            }
        };
        at += length;
    }
    if !text.iter().any(|c| is_han(*c)) {
        return Vec::new();
    }
    phrases.breaks(&text).into_iter().map(|index| places[index]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(html: &str) -> String {
        let phrases = Phrases::new(["世界知识产权日"]);
        String::from_utf8(with_heading_breaks(html.as_bytes().to_vec(), &phrases)).unwrap()
    }

    #[test]
    fn headings_and_titles_are_marked_between_words() {
        assert_eq!(marked("<h1>商标被人抢注</h1>"), "<h1>商标<wbr>被人<wbr>抢注</h1>");
        assert_eq!(
            marked(
                "<h2 id=\"a\"><a href=\"x\">世界知识产权日活动</a> <a class=\"anchor\" href=\"#a\"></a></h2><p>保护知识产权</p>"
            ),
            "<h2 id=\"a\"><a href=\"x\">世界知识产权日<wbr>活动</a> <a class=\"anchor\" href=\"#a\"></a></h2><p>保护知识产权</p>"
        );
        assert_eq!(marked("<p class=\"title\">专利许可</p>"), "<p class=\"title\">专利<wbr>许可</p>");
        assert_eq!(marked("<th scope=\"row\">专利许可</th>"), "<th scope=\"row\">专利<wbr>许可</th>");
        assert_eq!(marked("<summary><h2>专利许可</h2></summary>"), "<summary><h2>专利<wbr>许可</h2></summary>");
    }

    #[test]
    fn a_word_goes_on_through_an_element() {
        assert_eq!(marked("<h3><b>知识</b>产权保护</h3>"), "<h3><b>知识</b>产权<wbr>保护</h3>");
    }

    #[test]
    fn what_has_no_end_is_left_alone() {
        for html in
            ["<h2>商标".repeat(100_000), format!("<h2>{}</h2>", "&".repeat(1_000_000)), "<h2><code>".repeat(100_000)]
        {
            assert_eq!(marked(&html), html);
        }
    }

    #[test]
    fn what_is_no_text_is_left_alone() {
        for html in [
            "<title>商标被人抢注</title>",
            "<script>\"<h1>商标被人抢注</h1>\"</script>",
            "<!-- <h1>商标被人抢注</h1> -->",
            "<h2><code>商标被人抢注</code></h2>",
            "<h2><ruby>商标<rt>shang biao</rt></ruby></h2>",
            "<h2>Trademarks &amp; patents</h2>",
            "<header>商标被人抢注</header>",
            "<h2>商标许可",
            "<summary>商标许可<p>商标许可</p>",
            "<h2",
            "<",
        ] {
            assert_eq!(marked(html), html);
        }
        assert_eq!(marked("<h2>专利&amp;商标许可</h2>"), "<h2>专利&amp;商标<wbr>许可</h2>");
    }
}
