//! Reports links and images whose address or title keeps them from being one, links without text, and web addresses with
//! punctuation of the sentence.
//!
//! Input: the text of a paragraph, heading or cell with code masked, in which such links are left over; links that are
//! written. Output: diagnostics that name the correction. Does not change the text and does not know whether files exist.

use super::context::{MarkdownContext, TextPlace};
use super::definitions::{comment_mark, is_plain_comment, wide_comment_mark};
use super::fullwidth_lint::{HARD_BREAK, is_address};
use super::html_buffer::Placeholder;
use super::model::Slot;
use super::repairs;
use super::source_map::SourceMap;
use super::writer::HtmlWriter;
use puzhi_core::base::{Span, is_cjk_punctuation, is_han};
use puzhi_core::diag::codes::markdown as codes;

/// Most links of one text that are looked at.
const MAX_LINKS: usize = 100;
/// Longest address with its title, in bytes.
const MAX_INNER: usize = 1_000;
/// Signs that are typed around titles.
const QUOTES: [char; 8] = ['“', '”', '"', '\'', '‘', '’', '「', '」'];

/// A title behind an address that the parser did not take.
struct RefusedTitle<'t> {
    address: &'t str,
    /// What the title is meant to be, without half-width quotation marks.
    title: String,
    /// Whether half-width marks are typed, of which one is too many or missing.
    is_unmatched: bool,
}

/// The title of `https://a.cn “标题”`, `https://a.cn "标"题"` and `图.png "题" =100x`.
fn refused_title(inner: &str) -> Option<RefusedTitle<'_>> {
    let (address, rest) = inner.trim().split_once([' ', '\u{3000}'])?;
    let rest = rest.trim();
    let written = match rest.rsplit_once(" =") {
        Some((title, size)) if size.chars().all(|c| c.is_ascii_digit() || c == 'x') => title.trim(),
        _ => rest,
    };
    let opening = written.chars().next().filter(|c| QUOTES.contains(c))?;
    let is_straight = matches!(opening, '"' | '\'');
    let inside = written.strip_prefix(opening)?;
    let is_closed = inside.ends_with(QUOTES);
    let read = inside.strip_suffix(opening).filter(|title| is_straight && !title.contains(opening));
    let words = inside.trim_end_matches(QUOTES);
    let is_place = is_address(address) || address.contains(['.', '/', '#']);
    let is_refused = (is_closed || is_straight) && (read.is_none() || rest != written);
    if !is_refused || words.trim().is_empty() || !is_place || address.contains(['<', '\u{FFFC}']) {
        return None;
    }
    let mut is_open = false;
    let curly = |c| match c {
        '"' => {
            is_open = !is_open;
            if is_open && words.matches('"').count() > 1 { '“' } else { '”' }
        }
        c => c,
    };
    let is_unmatched = is_straight && read.is_none();
    Some(RefusedTitle { address, title: words.chars().map(curly).collect(), is_unmatched })
}

/// What stands in the parentheses before `text`. Quotation marks that do not match may hide the end.
fn in_parentheses(text: &str) -> Option<&str> {
    let end = text.floor_char_boundary(MAX_INNER).min(text.find(['\n', HARD_BREAK]).unwrap_or(text.len()));
    let line = &text[..end];
    let by_quotes = repairs::in_parentheses(line).filter(|inner| !inner.contains("]("));
    by_quotes.or_else(|| {
        let mut depth = 0usize;
        let close = line.char_indices().find(|(_, c)| {
            let is_end = *c == ')' && depth == 0;
            match c {
                '(' => depth += 1,
                ')' => depth = depth.saturating_sub(1),
                _ => {}
            }
            is_end
        });
        close.map(|(at, _)| &line[..at])
    })
}

/// Reports `[文字](https://a.cn/x y)`, `![图](图.png =300x)`, `[文字](a.md "标"题")`, `[标签]: a.md "标"题"` and
/// `[文字[^1]](a.md)`, which are neither links nor images nor definitions.
pub(super) fn check(context: &mut MarkdownContext<'_>, text: &str, source_map: &SourceMap) {
    for (close, mark) in text.match_indices("](").take(MAX_LINKS) {
        let Some(inner) = in_parentheses(&text[close + mark.len()..]) else { continue };
        let head = text[..close].rsplit(['\n', HARD_BREAK]).next().unwrap_or("");
        let Some(open) = head.rfind('[') else { continue };
        let words = &head[open + 1..];
        let is_escaped = |at: usize| context.text_before(source_map.file_offset(at)).ends_with('\\');
        if is_escaped(close) || is_escaped(close - head.len() + open) {
            continue;
        }
        let span = source_map.span(&(close + mark.len()..close + mark.len() + inner.len()));
        let image = if head[..open].ends_with('!') { "!" } else { "" };
        let address = repairs::without_title(inner).trim();
        let bare = address.split_once(" =").map_or(address, |(bare, _)| bare);
        if let Some(RefusedTitle { address, title, is_unmatched }) = refused_title(inner) {
            let code = if is_unmatched { &codes::LINK_TITLE } else { &codes::ADDRESS_SPACE };
            let start = close + mark.len();
            let place = TextPlace { text, source_map };
            let edit = context.edit(&place, start..start + inner.len(), format!("{address} \"{title}\""));
            let diag = context.diag_at(code, span).arg("fix", format!("{image}[{words}]({address} \"{title}\")"));
            context.push_diag(diag.fixed_by(edit.filter(|_| is_whole_title(inner))));
            continue;
        }
        let is_web = ["http://", "https://"].iter().any(|scheme| address.starts_with(scheme));
        if address.contains(' ') && (is_web || bare.len() < address.len()) && !address.contains(['<', '\u{FFFC}']) {
            let fix = format!("{image}[{words}]({})", with_title(bare));
            let diag = context.diag_at(&codes::ADDRESS_SPACE, span).arg("fix", fix);
            context.push_diag(diag);
        } else if let Some(fixed) = with_unquoted_title(address).or_else(|| with_spaced_name(inner)) {
            let written = source_map.span(&(close - words.len()..close));
            let words = context.source.text.get(written.start..written.end).unwrap_or(words);
            let diag = context.diag_at(&codes::ADDRESS_SPACE, span).arg("fix", format!("{image}[{words}]({fixed})"));
            context.push_diag(diag);
        } else if !words.is_empty() && (is_address(address) || repairs::is_spaced_address(address)) {
            context.report(&codes::NESTED_LINK, span);
        }
    }
    check_definitions(context, text, source_map);
}

/// The address `现场.png 启动仪式` with its title in quotation marks, or without what is meant as the size of an image.
fn with_unquoted_title(written: &str) -> Option<String> {
    let (address, words) = written.trim().split_once([' ', '\t', '\u{3000}'])?;
    let words = words.trim();
    if !is_address(address) || words.is_empty() || words.contains(['<', '>', '\u{FFFC}', '`', '\\', '\'']) {
        return None;
    }
    let is_size = |word: &str| {
        let value = word.rsplit('=').next().unwrap_or("");
        value.starts_with(|c: char| c.is_ascii_digit())
            && value.bytes().all(|b| b.is_ascii_digit() || b"x%px*".contains(&b))
    };
    if words.split_whitespace().all(is_size) || words.trim_matches(QUOTES).is_empty() {
        return Some(address.to_string());
    }
    Some(format!("{address} \"{}\"", words.trim_matches(QUOTES).replace('"', "”")))
}

/// The file name `现场 图.png 启动仪式` in angle brackets with its title in quotation marks.
fn with_spaced_name(written: &str) -> Option<String> {
    let written = written.trim();
    let is_end =
        |(at, c): &(usize, char)| c.is_whitespace() && is_address(&written[..*at].replace(char::is_whitespace, "_"));
    let (end, _) = written.char_indices().find(is_end)?;
    let (name, words) = (&written[..end], written[end..].trim());
    let is_spaced = name.contains(char::is_whitespace) && !name.contains("://");
    if !is_spaced || words.is_empty() || written.contains(['<', '>', '\u{FFFC}', '`', '\\']) {
        return None;
    }
    let words = words.trim_matches(QUOTES).replace('"', "”");
    Some(if words.is_empty() { format!("<{name}>") } else { format!("<{name}> \"{words}\"") })
}

/// The address without its spaces: words without a sign of addresses behind a space are a title.
fn with_title(address: &str) -> String {
    match address.split_once(' ') {
        Some((address, words)) if words.contains(is_han) && !words.contains(['.', '/', '?', '=', '&', '#', '"']) => {
            format!("{address} \"{}\"", words.trim())
        }
        _ => address.replace(' ', "%20"),
    }
}

/// Reports link definitions that are none: `[标签]: https://a.cn "标"题"`, `[标签]: a.md 标题`, those right below text,
/// and comments in their form.
fn check_definitions(context: &mut MarkdownContext<'_>, text: &str, source_map: &SourceMap) {
    if !text.contains([':', '：']) {
        return;
    }
    let mut start = 0;
    let mut above_defines = false;
    for (number, line) in text.split_inclusive(['\n', HARD_BREAK]).take(MAX_LINKS).enumerate() {
        let at = start + (line.len() - line.trim_start().len());
        start += line.len();
        let content = line.trim();
        if check_comment(context, content, at, source_map) {
            continue;
        }
        let Some((label, rest)) = content.strip_prefix('[').and_then(|rest| rest.split_once("]:")) else { continue };
        if label.starts_with('^') || context.text_before(source_map.file_offset(at)).ends_with('\\') {
            continue;
        }
        let range = at + content.len() - rest.trim_start().len()..at + content.len();
        let span = source_map.span(&range);
        let rest = rest.trim();
        let place = TextPlace { text, source_map };
        let mut edit = None;
        let (code, fix) = match refused_title(rest).filter(|found| found.is_unmatched && is_address(found.address)) {
            Some(found) => {
                let typed = format!("{} \"{}\"", found.address, found.title);
                edit = context.edit(&place, range, &*typed).filter(|_| is_whole_title(rest));
                (&codes::LINK_TITLE, format!("[{label}]: {typed}"))
            }
            None if is_sound_definition(rest) && number > 0 => {
                // The lines below the first are definitions, too, once it is one.
                let is_used = !above_defines && is_used(context, label);
                edit = if is_used { context.blank_line_before(source_map.file_offset(at)) } else { None };
                above_defines = true;
                (&codes::DEFINITION_IN_TEXT, String::new())
            }
            None => match with_unquoted_title(rest).or_else(|| with_spaced_name(rest)) {
                Some(fixed) => (&codes::ADDRESS_SPACE, format!("[{label}]: {fixed}")),
                None => continue,
            },
        };
        let diag = context.diag_at(code, span).arg("label", label).arg("fix", fix);
        context.push_diag(diag.fixed_by(edit));
    }
}

/// Whether nothing stands behind the title in `inner`, such as the size of an image, and nothing in it is escaped.
fn is_whole_title(inner: &str) -> bool {
    inner.trim_end().ends_with(QUOTES) && !inner.contains('\\')
}

/// Whether the file has the label of a definition once more, as a link does. The whole file is searched, so only for the first
/// findings of a page.
pub(super) fn is_used(context: &MarkdownContext<'_>, label: &str) -> bool {
    const MOST: usize = 50;
    context.diags.len() < MOST && context.source.text.matches(&format!("[{label}]")).take(2).count() > 1
}

/// Whether `rest` is an address, perhaps with a title in quotation marks.
fn is_sound_definition(rest: &str) -> bool {
    let address = repairs::without_title(rest).trim();
    is_address(address.trim_start_matches('<').trim_end_matches('>'))
}

/// Reports comments in the form of link definitions that are shown: `[//]: # (备注)` below text, with full-width brackets, or in
/// the middle of a line. `content` is a line of the text at `at`.
fn check_comment(context: &mut MarkdownContext<'_>, content: &str, at: usize, source_map: &SourceMap) -> bool {
    if let Some(mark) = wide_comment_mark(content).filter(|_| comment_mark(content).is_none()) {
        let span = source_map.span(&(at..at + mark.len()));
        if !context.text_before(span.start).ends_with('\\') {
            let diag = context.diag_at(&codes::WIDE_COMMENT, span).arg("mark", mark);
            context.push_diag(diag);
        }
        return true;
    }
    for (close, _) in content.match_indices("]:").take(MAX_LINKS) {
        let Some(open) = content[..close].rfind('[') else { continue };
        let Some(mark) = comment_mark(&content[open..]) else { continue };
        let span = source_map.span(&(at + open..at + open + mark.len()));
        let is_meant = open == 0 || is_plain_comment(mark, &content[open..]);
        if is_meant && !context.text_before(span.start).ends_with('\\') {
            let diag = context.diag_at(&codes::WIDE_COMMENT, span).arg("mark", mark);
            context.push_diag(diag);
            return true;
        }
    }
    false
}

/// Signs of addresses in their full-width forms, in which they have no meaning.
const WIDE_SIGNS: [(char, char); 6] = [('？', '?'), ('＆', '&'), ('＝', '='), ('＃', '#'), ('％', '%'), ('／', '/')];

/// The first full-width sign in the path of an address if it parts names and values: Latin letters and digits follow it. A
/// question mark may belong to the title of a page, so a name and `=` must stand behind it.
pub(super) fn wide_sign(path: &str) -> Option<char> {
    let is_wide = |c: char| WIDE_SIGNS.iter().any(|(wide, _)| *wide == c);
    path.char_indices().filter(|(_, c)| is_wide(*c)).find_map(|(at, c)| {
        let behind = &path[at + c.len_utf8()..];
        let name = behind.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
        let is_place = c == '＃' && behind.starts_with(char::is_alphanumeric);
        let is_sign = is_place || name.len() < behind.len() && (c != '？' || name.starts_with(['=', '＝']));
        is_sign.then_some(c)
    })
}

/// The path of an address with its full-width signs in half width.
pub(super) fn with_half_width_signs(path: &str) -> String {
    path.chars().map(|c| WIDE_SIGNS.iter().find(|(wide, _)| *wide == c).map_or(c, |(_, half)| *half)).collect()
}

/// Reports punctuation of Chinese texts in the host of a web address or at the end of one. In the middle of a path it may
/// belong to the name of a page.
pub(super) fn check_punctuation(context: &mut MarkdownContext<'_>, address: &str, span: Span) {
    const ENDS: [char; 7] = ['。', '，', '、', '；', '：', '！', '？'];
    if address.is_ascii() {
        return;
    }
    let Some((scheme, rest)) = address.split_once("://").filter(|(scheme, _)| scheme.starts_with(['h', 'H'])) else {
        return;
    };
    let host = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
    let in_host = host.char_indices().find(|(_, c)| is_cjk_punctuation(*c));
    let at_end = || rest.trim_end_matches(ENDS).chars().count() < rest.chars().count();
    let (mark, fix) = match in_host {
        Some((at, mark)) => {
            let behind = &rest[at + mark.len_utf8()..];
            let half = match mark {
                '。' | '．' if behind.starts_with(|c: char| c.is_ascii_alphanumeric()) => ".",
                '：' if behind.starts_with(|c: char| c.is_ascii_digit()) => ":",
                '／' => "/",
                _ => "",
            };
            let kept = if half.is_empty() { String::new() } else { behind.replace(mark, half) };
            let sound = format!("{}{half}{kept}", &rest[..at]);
            (mark, sound.trim_end_matches(is_cjk_punctuation).to_string())
        }
        None if wide_sign(&rest[host.len()..]).is_some() => {
            let path = &rest[host.len()..];
            (wide_sign(path).unwrap_or('？'), format!("{host}{}", with_half_width_signs(path)))
        }
        None if at_end() => {
            let kept = rest.trim_end_matches(ENDS);
            (rest[kept.len()..].chars().next().unwrap_or('。'), kept.to_string())
        }
        None => return,
    };
    let diag = context.diag_at(&codes::ADDRESS_PUNCTUATION, span).arg("mark", mark.to_string());
    context.push_diag(diag.arg("fix", format!("{scheme}://{fix}")));
}

impl HtmlWriter<'_, '_> {
    /// Reports, at its end, the link with index `link` if nothing is in it.
    pub fn check_link_text(&mut self, link: u32) {
        let opened = self.out.placeholders.last().filter(|(_, last)| *last == Placeholder::Slot(Slot::LinkOpen(link)));
        let Some((at, _)) = opened else { return };
        let is_empty = self.out.html.get(*at..).is_some_and(|text| text.trim().is_empty());
        if let Some(link) = self.context.body.links.get(link as usize).filter(|_| is_empty) {
            // A picture in it that is not shown is reported itself.
            let written = self.context.source.text.get(link.span.start..).unwrap_or("");
            let tag = link.span.end - link.span.start;
            let is_typed_empty = match written.strip_prefix('[') {
                Some(inside) => inside.trim_start().starts_with(']'),
                None => written.get(tag..).is_some_and(|behind| behind.trim_start().starts_with("</")),
            };
            if !is_typed_empty {
                return;
            }
            let address = link.written.to_string();
            let diag = self.context.diag_at(&codes::LINK_WITHOUT_TEXT, link.span).arg("address", address);
            self.context.push_diag(diag);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_that_are_none() {
        let title = |inner| refused_title(inner).map(|found| (found.title, found.is_unmatched));
        assert_eq!(title("https://a.cn \"标\"题\""), Some(("标”题".into(), true)));
        assert_eq!(title("https://a.cn \"关于\"甲\"的\""), Some(("关于“甲”的".into(), true)));
        assert_eq!(title("https://a.cn '标'题'"), Some(("标'题".into(), true)));
        assert_eq!(title("https://a.cn \"标题"), Some(("标题".into(), true)));
        assert_eq!(title("https://a.cn \"标题”"), Some(("标题".into(), true)));
        assert_eq!(title("https://a.cn “标题”"), Some(("标题".into(), false)));
        assert_eq!(title("图.png \"题\" =100x"), Some(("题".into(), false)));
        for inner in ["https://a.cn", "https://a.cn \"标题\"", "x, \"题\"y\"", "a.cn \"\"", "a.cn \"", "a.cn 标题", ""]
        {
            assert_eq!(title(inner), None, "{inner}");
        }
    }

    #[test]
    fn names_with_spaces_before_a_title() {
        let fixed = |inner| with_spaced_name(inner).unwrap_or_default();
        assert_eq!(fixed("现场 图.png 启动仪式"), "<现场 图.png> \"启动仪式\"");
        assert_eq!(fixed("申请　表 2.docx “点击 下载”"), "<申请　表 2.docx> \"点击 下载\"");
        for inner in ["现场 图.png", "图.png 标题", "见下 文 看", "https://a.cn/a b.png 图", ""] {
            assert_eq!(with_spaced_name(inner), None, "{inner}");
        }
    }

    #[test]
    fn parentheses_end_in_spite_of_quotation_marks() {
        assert_eq!(in_parentheses("a \"甲\"乙\")和[丙](b \"丁\")"), Some("a \"甲\"乙\""));
        assert_eq!(in_parentheses("a \"甲（(\")"), Some("a \"甲（(\""));
        assert_eq!(in_parentheses("a (1).md)后"), Some("a (1).md"));
        assert_eq!(in_parentheses("a \"甲\n\")"), None);
    }
}
