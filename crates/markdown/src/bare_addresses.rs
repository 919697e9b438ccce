//! Finds web and e-mail addresses that stand in the text without any marks.
//!
//! Input: a text. Output: the next address: `https://…`, `www.…` or `name@host`, as the extended autolinks of GFM, except
//! that an address ends where Chinese text goes on. Does not know Markdown.

use std::ops::Range;

use puzhi_core::base::{is_cjk_punctuation, is_han};

/// An address in a text.
#[derive(Debug, PartialEq)]
pub(super) struct BareAddress {
    /// Where it stands.
    pub range: Range<usize>,
    /// What its link has before it: a scheme, if none is written.
    pub prefix: &'static str,
}

/// The next address in `text` from `from` on, without trailing punctuation of the sentence.
pub(super) fn next(text: &str, from: usize) -> Option<BareAddress> {
    let bytes = text.as_bytes();
    let mut at = from;
    loop {
        let mark = at + memchr::memchr3(b':', b'@', b'.', bytes.get(at..)?)?;
        at = mark + 1;
        let found = match bytes[mark] {
            b':' => with_scheme(text, mark),
            b'@' => email(text, mark, from),
            _ => with_www(text, mark, from),
        };
        if found.is_some() {
            return found;
        }
    }
}

/// An address with the scheme `http` or `https` and a colon at `colon`.
fn with_scheme(text: &str, colon: usize) -> Option<BareAddress> {
    let from = colon + "://".len();
    if text.get(colon..from) != Some("://") {
        return None;
    }
    let scheme = ["https", "http"].into_iter().find(|s| {
        colon.checked_sub(s.len()).and_then(|at| text.get(at..colon)).is_some_and(|w| w.eq_ignore_ascii_case(s))
    })?;
    let start = colon - scheme.len();
    if text[..start].ends_with(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    let end = address_end(text, from);
    (end > from).then_some(BareAddress { range: start..end, prefix: "" })
}

/// An address that starts with `www.`, whose dot is at `dot`.
fn with_www(text: &str, dot: usize, from: usize) -> Option<BareAddress> {
    let start = dot.checked_sub("www".len()).filter(|start| *start >= from)?;
    let before = text.get(..start)?;
    let stands_alone =
        !before.ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '/' | '@'));
    if !text[start..dot].eq_ignore_ascii_case("www") || !stands_alone {
        return None;
    }
    let host = dot + 1;
    let end = address_end(text, start);
    let name = text.get(host..end)?.split(['/', '?', '#', ':']).next()?;
    let fits = name.split('.').count() >= 2 && name.split('.').all(|label| !label.is_empty());
    fits.then_some(BareAddress { range: start..end, prefix: "http://" })
}

/// An e-mail address with its sign at `sign`.
fn email(text: &str, sign: usize, from: usize) -> Option<BareAddress> {
    const MAX_LOCAL: usize = 64;
    let bytes = text.as_bytes();
    let local = bytes[from..sign].iter().rev().take(MAX_LOCAL + 1);
    let length = local.take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'+' | b'-' | b'_')).count();
    let start = sign - length;
    let allowed_before = !text[..start].ends_with(['/', ':', '@', '=', '&', '?']);
    if !(1..=MAX_LOCAL).contains(&length) || !bytes[start].is_ascii_alphanumeric() || !allowed_before {
        return None;
    }
    let host = &text[sign + 1..];
    let host = &host[..host.bytes().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-')).count()];
    let host = host.trim_end_matches(['.', '-']);
    let end = sign + 1 + host.len();
    let labels = || host.split('.');
    let top = labels().next_back()?;
    let fits = labels().count() >= 2
        && labels().all(|label| !label.is_empty())
        && top.len() >= 2
        && top.bytes().all(|b| b.is_ascii_alphabetic())
        // `git@host:path` is the address of a repository.
        && !text[end..].starts_with(['@', ':', '/', '_']);
    fits.then_some(BareAddress { range: start..end, prefix: "mailto:" })
}

/// Whether the signs at `run` stand inside an address with a scheme, as in `http://a.cn/a*b*c`: the words before them go back to the
/// scheme without a space, and the address goes on behind them. An address in brackets, quotation marks or marks is left to the parser.
pub(super) fn is_inside(text: &str, run: Range<usize>) -> bool {
    /// Longest part of an address before the signs, in bytes.
    const LONGEST: usize = 300;
    let near = &text[text.ceil_char_boundary(run.start.saturating_sub(LONGEST))..run.start];
    let Some((scheme, rest)) = near.rsplit_once("://") else { return false };
    let head = scheme.trim_end_matches(|c: char| c.is_ascii_alphanumeric());
    let is_scheme = ["http", "https", "ftp"].iter().any(|name| scheme[head.len()..].eq_ignore_ascii_case(name));
    let is_free = !head.ends_with(['<', '(', '[', '"', '\'', '=', '*', '_', '~']);
    let goes_on =
        text[run.end..].starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '-' | '?'));
    is_scheme
        && is_free
        && goes_on
        && !rest.is_empty()
        && rest.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'<' | b'>' | b'"' | b'`'))
}

/// File extensions that pages of offices have in addresses.
const EXTENSIONS: [&str; 18] = [
    "html", "htm", "shtml", "jsp", "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "wps", "zip", "rar", "txt",
    "jpg", "png", "mp4",
];

/// What stands behind an address, up to the first sign that no path has without being encoded.
fn path_like(text: &str) -> &str {
    const LONGEST: usize = 300;
    let near = &text[..text.floor_char_boundary(LONGEST)];
    let end =
        near.find(|c: char| !c.is_alphanumeric() && !matches!(c, '/' | '.' | '-' | '_' | '%')).unwrap_or(near.len());
    let path = near[..end].trim_end_matches(['.', '-', '_', '/']);
    // Text may follow the name of a file.
    let last = path.rsplit('/').next().unwrap_or("");
    let Some((name, rest)) = last.split_once('.') else { return path };
    let extension = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let file = path.len() - last.len() + name.len() + 1 + extension;
    if is_file(&path[..file]) { &path[..file] } else { path }
}

/// Whether `path` ends in a file name such as `通知.pdf`.
fn is_file(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(name, extension)| {
        let fits = |wanted: &&str| extension.eq_ignore_ascii_case(wanted);
        !name.is_empty() && !name.ends_with('/') && EXTENSIONS.iter().any(fits)
    })
}

/// The Chinese text behind an address that may be the rest of its path: it has a slash, or is the name of a file.
pub(super) fn rest_of_path(behind: &str) -> Option<&str> {
    if !behind.starts_with(is_han) {
        return None;
    }
    let path = path_like(behind);
    let is_other = path.contains("//") || path.contains("www.");
    let may_be_path = !is_other && (is_file(path) || path.contains('/'));
    may_be_path.then_some(path)
}

/// The end of the address whose host starts at `from`.
fn address_end(text: &str, from: usize) -> usize {
    let mut end = from;
    let mut known = from;
    let (mut in_host, mut dot, mut ascii) = (true, false, true);
    let mut parens = 0i32;
    // The character before, and whether the path has more than the slash after the host.
    let (mut before, mut in_path) = ('/', false);
    for (i, c) in text[from..].char_indices() {
        // A host may be in Chinese, but one in Latin letters ends before Chinese text. In a path, Chinese text is part
        // of the address where a new part of it starts, but not after a letter and not after the host.
        let goes_on = is_han(c)
            && match in_host {
                true => dot && ascii,
                false => before.is_ascii_alphanumeric() || ascii && !in_path && before == '/',
            };
        let goes_on = goes_on && from + i >= known;
        if goes_on && !in_host {
            // Folders and a file name are plainly a path; a file name alone may be told to be fetched from there.
            let rest = &text[from + i..];
            known = rest_of_path(rest).filter(|p| p.contains('/') && is_file(p)).map_or(0, |p| from + i + p.len());
        }
        let goes_on = goes_on && from + i >= known;
        let stops = c.is_whitespace()
            || c.is_control()
            || matches!(c, '<' | '>' | '"' | '`' | '\u{FFFC}')
            || is_cjk_punctuation(c)
            || goes_on;
        if stops {
            break;
        }
        in_path |= !in_host;
        match c {
            '/' | '?' | '#' => in_host = false,
            '(' => parens += 1,
            ')' => parens -= 1,
            '.' => dot = true,
            _ => ascii &= c.is_ascii() || !in_host,
        }
        before = c;
        end = from + i + c.len_utf8();
    }
    // A closing parenthesis belongs to the URL only if the URL contains the opening one.
    loop {
        match text[from..end].chars().next_back() {
            Some('?' | '!' | '.' | ',' | ':' | ';' | '*' | '_' | '~' | '\'' | '"' | ']' | '}' | '|') => end -= 1,
            Some(')') if parens < 0 => {
                end -= 1;
                parens += 1;
            }
            _ => return end,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_inside_addresses() {
        let inside = |text: &str| {
            let at = text.find('§').unwrap();
            is_inside(&text.replacen('§', "*", 1), at..at + 1)
        };
        for text in ["http://a.cn/a§b", "见https://a.cn/?q=a§b", "（HTTP://a.cn/§.jpg）"] {
            assert!(inside(text), "{text}");
        }
        for text in [
            "*http://a.cn/a§b",
            "<http://a.cn/a§b>",
            "[甲](http://a.cn/a§b)",
            "http://a.cn/a§ b",
            "http://a.cn 甲§b",
            "http://a.cn/a§的",
        ] {
            assert!(!inside(text), "{text}");
        }
    }

    fn found(text: &str) -> Vec<&str> {
        let mut out = Vec::new();
        let mut from = 0;
        while let Some(BareAddress { range, .. }) = next(text, from) {
            from = range.end;
            out.push(&text[range]);
        }
        out
    }

    #[test]
    fn addresses_end_where_the_sentence_goes_on() {
        assert_eq!(found("见https://a.cn/b。请看"), ["https://a.cn/b"]);
        for position in "。，、；：！？）》」』】”’…".chars() {
            assert_eq!(found(&format!("（http://a.cn/x{position}后")), ["http://a.cn/x"], "{position}");
        }
        assert_eq!(
            found("https://a.cn/x_y_z?q=1&r=(2), (see https://b.cn/c)."),
            ["https://a.cn/x_y_z?q=1&r=(2)", "https://b.cn/c"]
        );
        assert_eq!(found("登录https://www.cnipa.gov.cn查询"), ["https://www.cnipa.gov.cn"]);
        assert_eq!(found("https://例子.cn/知识产权/ 好"), ["https://例子.cn/知识产权/"]);
        assert_eq!(found("xhttp://a.cn ftp://a.cn https:// http://."), Vec::<&str>::new());
    }

    #[test]
    fn chinese_text_after_an_address_is_not_part_of_it() {
        for (text, address) in [
            ("见https://a.cn/col/123.html查询", "https://a.cn/col/123.html"),
            ("登录https://a.cn/查询", "https://a.cn/"),
            ("在https://a.cn/b?id=12下载", "https://a.cn/b?id=12"),
            ("https://a.cn/wiki/知识产权", "https://a.cn/wiki/知识产权"),
            ("https://a.cn/?q=知识产权", "https://a.cn/?q=知识产权"),
            ("https://a.cn/b-知识/x的", "https://a.cn/b-知识/x"),
            ("见https://a.cn/政策/甲.html。", "https://a.cn/政策/甲.html"),
            ("见https://a.cn/docs/2026年/通知2号.pdf下载", "https://a.cn/docs/2026年/通知2号.pdf"),
            ("到https://a.cn/下载申请表.docx", "https://a.cn/"),
            ("到https://a.cn/查询/办理", "https://a.cn/"),
        ] {
            assert_eq!(found(text), [address]);
        }
    }

    #[test]
    fn what_may_be_the_rest_of_a_path() {
        assert_eq!(found("https://a.cn/或https://b.cn/x.html"), ["https://a.cn/", "https://b.cn/x.html"]);
        assert_eq!(rest_of_path("政策/甲，乙"), Some("政策/甲"));
        assert_eq!(rest_of_path("文件.pdf。"), Some("文件.pdf"));
        for text in ["查询", "或https://b.cn/x", "和www.a.cn/b", "a/b", "，甲/乙", "3.5倍", "查询。", ""] {
            assert_eq!(rest_of_path(text), None, "{text}");
        }
    }

    #[test]
    fn addresses_without_a_scheme() {
        assert_eq!(next("见www.a.cn/b。", 0), Some(BareAddress { range: 3..13, prefix: "http://" }));
        assert_eq!(next("信箱ip@a.gov.cn，", 0), Some(BareAddress { range: 6..17, prefix: "mailto:" }));
        assert_eq!(found("（WWW.A.CN）和www.b.org.cn的"), ["WWW.A.CN", "www.b.org.cn"]);
        assert_eq!(found("a.b+c@d-e.com.cn. 或x_y@f.cn"), ["a.b+c@d-e.com.cn", "x_y@f.cn"]);
        assert_eq!(found("https://www.a.cn/x@b.cn www.a.cn"), ["https://www.a.cn/x@b.cn", "www.a.cn"]);
        for text in [
            "www.",
            "www.cn",
            "awww.a.cn",
            "a/www.b.cn",
            "www..cn",
            "@a.cn",
            "a@b",
            "a@b.1",
            "git@a.com:b/c.git",
            "a@b.c@d",
            "1@2.3",
            "x@.cn",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text}");
        }
    }
}
