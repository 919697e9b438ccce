//! Ids of headings and other places: unique on a page, the same on every build.
//!
//! In: wished ids in the order of the page. Out: ids that no other place has. Knows nothing of Markdown.

use std::collections::{HashMap, HashSet};

use puzhi_core::base::{find_byte, slugify};

/// The ids taken so far.
#[derive(Debug, Default)]
pub(super) struct AnchorIds {
    used: HashSet<String>,
    /// Ids that somebody wrote somewhere on the page; they go to that place and no other.
    reserved: HashSet<String>,
    /// The next number to try for a name that is taken, so that a thousand equal headings cost a thousand steps.
    next: HashMap<String, usize>,
}

impl AnchorIds {
    /// Keeps written ids (`{#id}` at the end of a heading's line) for those who wrote them.
    pub fn reserve(&mut self, text: &str) {
        if find_byte(text.as_bytes(), 0, |b| b == b'{').is_none() {
            return;
        }
        for line in text.lines() {
            let line = line.trim_start_matches([' ', '\t', '>']).trim_end();
            if !line.starts_with('#') || !line.ends_with('}') {
                continue;
            }
            let Some(open) = line.rfind('{') else { continue };
            let words = line[open + 1..line.len() - 1].split_whitespace();
            self.reserved.extend(words.filter_map(|w| w.strip_prefix('#')).map(String::from));
        }
    }

    /// The id of a heading with this text.
    pub fn for_heading(&mut self, text: &str) -> String {
        let slug = slugify(text);
        let base = if slug.is_empty() { "section".to_string() } else { slug };
        if !self.reserved.contains(&base) && self.used.insert(base.clone()) {
            return base;
        }
        self.numbered(&base)
    }

    /// A written id; false when it was taken already and had to be changed.
    pub fn explicit(&mut self, id: &str) -> (String, bool) {
        if self.used.insert(id.to_string()) { (id.to_string(), true) } else { (self.numbered(id), false) }
    }

    fn numbered(&mut self, base: &str) -> String {
        let mut number = self.next.get(base).copied().unwrap_or(2);
        loop {
            let id = format!("{base}-{number}");
            number += 1;
            if !self.reserved.contains(&id) && self.used.insert(id.clone()) {
                self.next.insert(base.to_string(), number);
                return id;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_written_ones_win() {
        let mut ids = AnchorIds::default();
        ids.reserve("## 甲\n## 乙 {#甲}\n");
        assert_eq!(ids.for_heading("甲"), "甲-2");
        assert_eq!(ids.explicit("甲"), ("甲".to_string(), true));
        assert_eq!(ids.for_heading("甲"), "甲-3");
        assert_eq!(ids.for_heading("！"), "section");
        assert_eq!(ids.for_heading("？"), "section-2");
        assert_eq!(ids.explicit("section"), ("section-3".to_string(), false));
    }
}
