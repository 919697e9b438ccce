//! The texts in `〔…〕` that new pages and new sites begin with, to be replaced by their authors.
//!
//! Input: the text of a page or of the settings. Output: the first placeholder in it. Only the exact texts count, since
//! `〔2022〕` stands in the numbers of documents. Does not read files.

use super::{KindName, SiteKinds};
use crate::base::Span;

/// What `puzhi init` writes into `site.yaml` and into pages that are no samples.
pub const STARTER_PLACEHOLDERS: [&str; 7] = [
    "〔站点名称〕",
    "〔站名下面的一句话，说您能在这里做什么〕",
    "〔主办单位全称〕",
    "〔这个网站是做什么的，一句话。〕",
    "〔写给第一次来的人：这里能办什么、能看到什么。〕",
    "〔转载的办法，由主办单位定。没有定下来以前写“暂未公布”。〕",
    "〔谁〕",
];

/// The placeholder of a key that a kind of the site requires.
pub(super) fn key_placeholder(zh: &str) -> String {
    format!("〔{zh}〕")
}

/// Finds the first placeholder in `text`, whose lines that begin with `#` are comments up to byte `comments_end`.
pub fn find_placeholder(text: &str, comments_end: usize, kinds: &SiteKinds) -> Option<Span> {
    let is_comment = |at: usize| {
        let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
        at < comments_end && text[line..at].trim_start().starts_with('#')
    };
    let at_placeholder = |at: usize| {
        let rest = &text[at..];
        let length = new_page_placeholders()
            .chain(STARTER_PLACEHOLDERS)
            .find(|placeholder| rest.starts_with(placeholder))
            .map(str::len)
            .or_else(|| key_length(rest, kinds).filter(|_| at < comments_end))?;
        (!is_comment(at)).then(|| Span::new(at, at + length))
    };
    // A search for the bytes compares many at once, one for the character does not.
    memchr::memmem::find_iter(text.as_bytes(), "〔").find_map(at_placeholder)
}

/// The length of the placeholder of a required key at the start of `text`.
fn key_length(text: &str, kinds: &SiteKinds) -> Option<usize> {
    kinds.own.iter().flat_map(|kind| kind.keys.iter()).filter(|key| key.required).find_map(|key| {
        let placeholder = key_placeholder(&key.zh);
        text.starts_with(&placeholder).then_some(placeholder.len())
    })
}

/// The texts in `〔…〕` of new pages of all kinds.
fn new_page_placeholders() -> impl Iterator<Item = &'static str> {
    KindName::ALL.iter().flat_map(|kind| {
        let body = kind.definition().new_body;
        body.match_indices('〔')
            .filter_map(|(at, _)| body[at..].find('〕').map(|end| &body[at..at + end + '〕'.len_utf8()]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, comments_end: usize) -> Option<&str> {
        find_placeholder(text, comments_end, SiteKinds::BUILT_IN).map(|span| &text[span.start..span.end])
    }

    #[test]
    fn exact_texts_outside_comments() {
        assert_eq!(found("安政通〔2022〕1号\n本站由〔主办单位全称〕主办", 0), Some("〔主办单位全称〕"));
        assert_eq!(found("〔从这里写起。〕", 0), Some("〔从这里写起。〕"));
        assert_eq!(found("# 〔站点名称〕\ntitle: 〔站点名称〕\n", 99), Some("〔站点名称〕"));
        assert_eq!(found("# 〔站点名称〕\n", 99), None);
        assert_eq!(found("# 〔站点名称〕\n", 0), Some("〔站点名称〕"));
        assert_eq!(found("〔主办单位〕〔从这里写起〕〔", 0), None);
    }
}
