//! Marks that the parser would read although nobody means them: `<?`, `<!` and `<![` outside comments, `<a:b>`, names of keys, a colon at the
//! start of a line without a space after it, backslashes in the paths of Windows, and tabs after the end of a fence.
//!
//! Input: the text. Output: offsets at which a neutral character keeps the parser from reading a mark, and a text of the
//! same length in which tabs that the parser does not skip are spaces. Does not know blocks: in code the same characters
//! are inserted and taken out again.

use std::borrow::Cow;

use super::key_names::begins_key_name;
use puzhi_core::base::is_cjk_punctuation;

/// Offsets before which a neutral character is to be inserted, in ascending order. With `trusted_html`, declarations
/// stay as they are.
pub(super) fn offsets(text: &str, trusted_html: bool) -> Vec<usize> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut from = 0;
    let mut is_sorted = true;
    while let Some(found_at) = memchr::memchr3(b'<', b':', b'\\', &bytes[from..]) {
        let at = from + found_at;
        from = at + 1;
        let rest = &bytes[at + 1..];
        if bytes[at] == b'\\' {
            if rest.first() == Some(&b'{')
                && let Some(end) = end_of_braced_heading(text, at)
            {
                found.push(end);
                is_sorted = false;
            } else if is_escape_in_path(text, at) {
                found.push(at + 1);
                // The second backslash of a host is none of an escape then.
                from += usize::from(rest.first() == Some(&b'\\'));
            }
        } else if bytes[at] == b'<' {
            // CommonMark reads processing instructions, declarations and CDATA sections as HTML, which browsers do not
            // show. In prose these are generics, templates and placeholders.
            let declaration = match rest.first() {
                Some(b'?') => true,
                Some(b'!') => !rest.starts_with(b"!--"),
                Some(_) => is_prefixed_name(rest) || begins_key_name(text, at),
                None => false,
            };
            if declaration && !trusted_html {
                found.push(at + 1);
            }
        } else if starts_line(bytes, at) && !matches!(rest.first(), Some(b' ' | b'\t')) && !is_delimiter_row(rest) {
            found.push(at);
        }
    }
    if !is_sorted {
        found.sort_unstable();
        found.dedup();
    }
    found
}

/// The end of the heading that the backslash at `at` stands in, if braces end it: the parser takes them for attributes also
/// where the first one is escaped.
fn end_of_braced_heading(text: &str, at: usize) -> Option<usize> {
    /// Longest heading in bytes.
    const LONGEST: usize = 500;
    let mut start = at.saturating_sub(LONGEST);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    let start = text[start..at].rfind('\n').map_or(start, |end| start + end + 1);
    let rest = text[at..].split('\n').next().unwrap_or("").trim_end();
    let is_heading = text[start..at].trim_start_matches([' ', '>']).starts_with('#');
    (is_heading && rest.len() < LONGEST && rest.ends_with('}')).then_some(at + rest.len())
}

/// Whether the backslash at `at` would be read as an escape or a line break although it belongs to a path of Windows: it
/// is the first of `\\server\share`, or stands behind `D:\` or such a host in the same word.
fn is_escape_in_path(text: &str, at: usize) -> bool {
    /// Most bytes before the backslash that are looked at.
    const REACH: usize = 200;
    let rest = &text[at + 1..];
    // Backticks, bars and brackets of HTML are marks wherever they stand.
    let escapes = |c: char| c.is_ascii_punctuation() && !"`|<>$&\"'".contains(c) || matches!(c, '\n' | '\r');
    if !rest.starts_with(escapes) {
        return false;
    }
    let mut start = at.saturating_sub(REACH);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    let before = &text[start..at];
    if let Some(host) = rest.strip_prefix('\\') {
        let name = host.bytes().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_')).count();
        let share = host[name..].strip_prefix('\\');
        let begins = !before.ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '\\' | '/' | ':'));
        return name > 1 && begins && share.is_some_and(|share| share.starts_with(char::is_alphanumeric));
    }
    let is_edge = |c: char| c.is_whitespace() || is_cjk_punctuation(c) || "`|<>\"".contains(c);
    let word = text[start..=at].rsplit(is_edge).next().unwrap_or("");
    let is_drive = |colon: usize| {
        let mut letters = word[..colon].chars().rev();
        letters.next().is_some_and(|c| c.is_ascii_alphabetic())
            && letters.next().is_none_or(|c| !c.is_ascii_alphanumeric())
    };
    word.match_indices(":\\").any(|(colon, _)| is_drive(colon))
        || word.find("\\\\").is_some_and(|host| is_escape_in_path(word, host))
}

/// Whether `<` begins the tag of an element with a prefix, such as `<st1:place>` of Word. CommonMark reads it as an address
/// if the prefix is longer than one letter. Schemes with a meaning stay addresses.
fn is_prefixed_name(rest: &[u8]) -> bool {
    const LONGEST: usize = 64;
    const SCHEMES: [&str; 16] = [
        "http",
        "https",
        "mailto",
        "tel",
        "sms",
        "ftp",
        "file",
        "data",
        "blob",
        "javascript",
        "vbscript",
        "urn",
        "doi",
        "geo",
        "magnet",
        "weixin",
    ];
    let Some(end) = rest.iter().take(LONGEST).position(|b| matches!(b, b'>' | b'<' | b'\n')) else { return false };
    let Some(colon) = rest[..end].iter().position(|b| *b == b':') else { return false };
    let (prefix, name) = (&rest[..colon], &rest[colon + 1..end]);
    let is_name = |part: &[u8]| {
        part.first().is_some_and(u8::is_ascii_alphabetic)
            && part.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
    };
    rest[end] == b'>'
        && is_name(prefix)
        && is_name(name)
        && !SCHEMES.iter().any(|scheme| prefix.eq_ignore_ascii_case(scheme.as_bytes()))
}

/// Whether only white space and quote marks stand between the start of the line and `at`.
fn starts_line(bytes: &[u8], at: usize) -> bool {
    bytes[..at].iter().rev().find(|b| !matches!(b, b' ' | b'\t' | b'>')).is_none_or(|b| matches!(b, b'\n' | b'\r'))
}

/// Whether a line is the second line of a table, such as `:--|--:`.
fn is_delimiter_row(line: &[u8]) -> bool {
    let line = line.split(|b| matches!(b, b'\n' | b'\r')).next().unwrap_or_default();
    line.contains(&b'-') && line.iter().all(|b| matches!(b, b'|' | b'-' | b':' | b' ' | b'\t'))
}

/// The text with spaces for the tabs in lines that end a fence or separate the head of a table: the parser takes only
/// spaces there.
pub(super) fn without_tabs(text: &str) -> Cow<'_, str> {
    let mut out = Cow::Borrowed(text);
    let mut from = 0;
    while let Some(tab) = memchr::memchr(b'\t', &text.as_bytes()[from..]) {
        let at = from + tab;
        let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
        let end = text[at..].find('\n').map_or(text.len(), |end| at + end);
        from = end;
        let line = text[start..end].trim_matches([' ', '\t', '\r', '>']);
        let fence = line.len() >= 3 && (line.bytes().all(|b| b == b'`') || line.bytes().all(|b| b == b'~'));
        let row = line.contains('-') && line.contains('|') && line.bytes().all(|b| b"|-: \t".contains(&b));
        if fence || row {
            // Tabs before the mark are indentation.
            let mark = start + text[start..end].find(['`', '~', '|', '-', ':']).unwrap_or(0);
            out.to_mut().replace_range(mark..end, &text[mark..end].replace('\t', " "));
        }
    }
    out
}

/// The text with `\n` for each carriage return that is not followed by one: old programs end lines with it, and the parser
/// does so only in some places.
pub(super) fn with_line_ends(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let mut out = Cow::Borrowed(text);
    let mut from = 0;
    while let Some(found_at) = memchr::memchr(b'\r', &bytes[from..]) {
        let at = from + found_at;
        from = at + 1;
        if bytes.get(from) != Some(&b'\n') {
            out.to_mut().replace_range(at..from, "\n");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lone_returns_end_lines() {
        assert_eq!(with_line_ends("甲\r乙\r\r# 丙\r\n丁\r"), "甲\n乙\n\n# 丙\r\n丁\n");
        assert!(matches!(with_line_ends("甲\r\n乙"), Cow::Borrowed(_)));
    }

    #[test]
    fn declarations_and_colons() {
        assert_eq!(offsets("a <? b> <?> <!DOCTYPE> <![CDATA[x]]> <!-- c --> <b>", false), [3, 9, 13, 24]);
        assert_eq!(offsets("<?php ?>", true), Vec::<usize>::new());
        assert_eq!(offsets("甲\n:9:30\n: 释\n:\t释\n> ::: tip\n:--|--:\n:\n甲:乙", false), [4, 24, 40]);
    }

    #[test]
    fn backslashes_of_paths() {
        let found = |text: &str| offsets(text, false);
        assert_eq!(found("见\\\\srv\\共享\\(1)"), [4, 16]);
        assert_eq!(found("D:\\(甲)\\_a 和\\*"), [3, 9]);
        assert_eq!(found("在D:\\资料\\\n下"), [13]);
        for text in
            ["\\*甲\\*", "a\\\\b\\c", "D:\\\\甲", "\\\\\\\\srv\\\\a", "http:\\//a", "\\\\\n", "AD:\\(", "D:\\资料"]
        {
            assert!(found(text).is_empty(), "{text}: {:?}", found(text));
        }
    }

    #[test]
    fn escaped_braces_of_headings() {
        assert_eq!(offsets("## 集合 \\{#}\n文 \\{甲}\n> # 甲 \\{a: b} \n", false), [14, 41]);
    }

    #[test]
    fn tabs_at_the_end_of_a_fence() {
        assert_eq!(without_tabs("\t```\t\n甲\t乙\n> ~~~ \t\n|-\t|-|\n"), "\t``` \n甲\t乙\n> ~~~  \n|- |-|\n");
        assert!(matches!(without_tabs("甲\t乙"), Cow::Borrowed(_)));
    }
}
