//! Unique ids for headings and other elements of a page. The same text always gives the same ids.
//!
//! Input: heading texts and explicit ids in document order. Output: ids that are unique on the page. Does not know
//! Markdown, except the syntax of explicit heading ids.

use std::collections::{HashMap, HashSet};

use puzhi_core::base::slugify;

/// Whether the themes use this id on every page: of the main text, and of the title of the contents.
fn is_theme_id(id: &str) -> bool {
    matches!(id, "main" | "toc")
}

/// The ids that are in use on one page.
#[derive(Debug, Default)]
pub(super) struct AnchorIds {
    used: HashSet<String>,
    /// Explicit ids that occur anywhere on the page. They are not used for other headings.
    reserved: HashSet<String>,
    /// Next suffix to try for an id that is in use. Without it, equal headings would take quadratic time.
    next: HashMap<String, usize>,
}

impl AnchorIds {
    /// Reserves the explicit ids (`{#id}` at the end of a heading line) in `text`.
    pub fn reserve(&mut self, text: &str) {
        if memchr::memchr(b'{', text.as_bytes()).is_none() {
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

    /// A unique id made from the text of a heading.
    pub fn for_heading(&mut self, text: &str) -> String {
        let slug = slugify(text);
        let base = if slug.is_empty() { "section".to_string() } else { slug };
        if !is_theme_id(&base) && !self.reserved.contains(&base) && self.used.insert(base.clone()) {
            return base;
        }
        self.numbered(&base)
    }

    /// Takes `id` if it is not in use; returns whether it was free.
    pub fn claim_free(&mut self, id: &str) -> bool {
        !is_theme_id(id) && self.used.insert(id.to_string())
    }

    /// The explicit id itself and `true`, or a changed id and `false` if it is already in use.
    pub fn explicit(&mut self, id: &str) -> (String, bool) {
        if !is_theme_id(id) && self.used.insert(id.to_string()) {
            (id.to_string(), true)
        } else {
            (self.numbered(id), false)
        }
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
        assert_eq!(ids.for_heading("Main"), "main-2");
        assert_eq!(ids.explicit("toc"), ("toc-2".to_string(), false));
        assert!(!ids.claim_free("main-2") && ids.claim_free("乙"));
    }
}
