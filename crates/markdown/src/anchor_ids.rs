//! Unique ids for headings and other elements of a page. The same text always gives the same ids.
//!
//! Input: heading texts and explicit ids in document order, and the ids of the page's template. Output: ids that are
//! unique on the page. Does not know Markdown, except the syntax of explicit heading ids.

use std::collections::{BTreeMap, BTreeSet};

use puzhi_core::base::slugify;

/// Whether the themes use this id on every page: of the main text, and of the title of the contents.
fn is_theme_id(id: &str) -> bool {
    matches!(id, "main" | "toc")
}

/// The ids that a template writes besides those of the text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TemplateIds {
    /// Ids that are written out, such as `survey-form`.
    pub ids: BTreeSet<String>,
    /// What ids begin with whose rest comes from data, such as `target-`.
    pub prefixes: BTreeSet<String>,
}

impl TemplateIds {
    /// The ids in the text of a template.
    pub fn of(template: &str) -> Self {
        let mut out = Self::default();
        for (at, mark) in template.match_indices(" id=") {
            let value = &template[at + mark.len()..];
            let Some(quote) = value.chars().next().filter(|c| matches!(c, '"' | '\'')) else { continue };
            let value = value[1..].split(quote).next().unwrap_or("");
            match value.split_once("{{") {
                None => out.ids.insert(value.to_string()),
                Some((prefix, _)) => out.prefixes.insert(prefix.to_string()),
            };
        }
        out.ids.remove("");
        out.prefixes.remove("");
        out
    }

    /// Adds those of another template.
    pub fn add(&mut self, other: &Self) {
        self.ids.extend(other.ids.iter().cloned());
        self.prefixes.extend(other.prefixes.iter().cloned());
    }
}

/// The ids that are in use on one page.
#[derive(Debug, Default)]
pub(super) struct AnchorIds<'t> {
    /// The ids of the page's template.
    template: Option<&'t TemplateIds>,
    used: BTreeSet<String>,
    /// Explicit ids that occur anywhere on the page. They are not used for other headings.
    reserved: BTreeSet<String>,
    /// Next suffix to try for an id that is in use. Without it, equal headings would take quadratic time.
    next: BTreeMap<String, usize>,
}

impl<'t> AnchorIds<'t> {
    /// No ids but those of the template.
    pub fn new(template: Option<&'t TemplateIds>) -> Self {
        Self { template, ..Self::default() }
    }

    /// Whether the page's template uses the id.
    pub fn is_of_theme(&self, id: &str) -> bool {
        is_theme_id(id) || self.template.is_some_and(|template| template.ids.contains(id))
    }

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
        let may_meet = |prefixes: &BTreeSet<String>| prefixes.iter().any(|prefix| base.starts_with(prefix.as_str()));
        let base = if self.template.is_some_and(|template| may_meet(&template.prefixes)) {
            format!("section-{base}")
        } else {
            base
        };
        if !self.is_of_theme(&base) && !self.reserved.contains(&base) && self.used.insert(base.clone()) {
            return base;
        }
        self.numbered(&base)
    }

    /// Takes `id` if it is not in use; returns whether it was free.
    pub fn claim_free(&mut self, id: &str) -> bool {
        !self.is_of_theme(id) && self.used.insert(id.to_string())
    }

    /// The explicit id itself and `true`, or a changed id and `false` if it is already in use.
    pub fn explicit(&mut self, id: &str) -> (String, bool) {
        if !self.is_of_theme(id) && self.used.insert(id.to_string()) {
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
            if !self.is_of_theme(&id) && !self.reserved.contains(&id) && self.used.insert(id.clone()) {
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

    #[test]
    fn ids_of_the_template_are_not_repeated() {
        let template = TemplateIds::of(
            "<h2 id=\"year\">x</h2><li id='year-2'><li class=\"t\" id=\"target-{{ target.id }}\"><h1 id=\"{{ id }}\"><p data-id=\"z\">",
        );
        assert_eq!((template.ids.len(), template.prefixes.len()), (2, 1));
        let mut ids = AnchorIds::new(Some(&template));
        assert_eq!(ids.for_heading("Year"), "year-3");
        assert_eq!(ids.explicit("year"), ("year-4".to_string(), false));
        assert_eq!(ids.for_heading("Target 1"), "section-target-1");
        assert_eq!(ids.for_heading("z"), "z");
        assert!(!ids.claim_free("year"));
    }
}
