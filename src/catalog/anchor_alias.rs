//! Finds the heading that an anchor of another program means.
//!
//! Input: the ids of a page and an anchor as written. Output: the id. GitHub makes `#一解决的问题` of `一、解决的问题` and
//! `#a--b` of `A & B`, other programs and people write the heading itself. All agree in letters and digits. Does not
//! know links.

use std::collections::HashMap;

/// The ids of one page, found by other spellings.
#[derive(Debug, Default)]
pub struct AnchorAliases<'a> {
    /// Letters and digits of an id, and the id; `None` if several ids have the same.
    by_key: HashMap<String, Option<&'a str>>,
}

impl<'a> AnchorAliases<'a> {
    /// The aliases of these ids, which are in ascending order.
    pub fn new(ids: &'a [String]) -> Self {
        let mut by_key = HashMap::with_capacity(ids.len());
        // The colon is in ids of footnotes, which have no other spelling.
        for id in ids.iter().filter(|id| !id.contains(':')) {
            by_key.entry(key(id)).and_modify(|known| *known = None).or_insert(Some(id.as_str()));
        }
        Self { by_key }
    }

    /// The id that `written` means if no id is spelled like it.
    pub fn find(&self, written: &str) -> Option<&'a str> {
        let of = |text: &str| self.by_key.get(&key(text)).copied().flatten();
        let any = written.contains(char::is_alphanumeric);
        if let Some(id) = of(written).filter(|_| any) {
            return Some(id);
        }
        // GitHub calls the second heading of one text `#x-1`, where ours is `x-2`.
        let (text, number) = written.rsplit_once('-')?;
        let number: usize = number.parse().ok().filter(|n| (1..1_000).contains(n))?;
        let first = of(text)?;
        of(&format!("{first}-{}", number + 1))
    }
}

/// Letters and digits in lower case.
fn key(id: &str) -> String {
    id.chars().filter(|c| c.is_alphanumeric() || *c == '_').flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_other_programs() {
        let mut ids =
            ["一-解决的问题", "a-b", "x", "x-2", "x-3", "c-d", "cd", "fn:1", "node.js-入门"].map(String::from);
        ids.sort_unstable();
        let aliases = AnchorAliases::new(&ids);
        for (written, id) in [
            ("一解决的问题", Some("一-解决的问题")),
            ("一、解决的问题", Some("一-解决的问题")),
            ("a--b", Some("a-b")),
            ("A-B", Some("a-b")),
            ("x-1", Some("x-2")),
            ("X-2", Some("x-2")),
            ("nodejs-入门", Some("node.js-入门")),
            ("x-7", None),
            ("CD", None),
            ("fn1", None),
            ("--", None),
            ("", None),
        ] {
            assert_eq!(aliases.find(written), id, "{written}");
        }
    }
}
