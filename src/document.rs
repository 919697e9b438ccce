//! A `Document`: one Markdown file, understood by itself.

use crate::markdown::RenderedBody;
use puzhi_core::base::{ContentHash, SitePath};

use puzhi_core::kinds::{CommonFrontMatter, KindData, SectionOptions};

/// Typed front matter and body of one file. Knows no other page.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    pub path: SitePath,
    /// Of the file's bytes.
    pub hash: ContentHash,
    pub front_matter: CommonFrontMatter,
    pub kind: KindData,
    /// What `_index.md` says of its section; default on other pages.
    pub section_options: SectionOptions,
    pub body: RenderedBody,
}

impl Document {
    /// What stands for a file that is gone while it is wanted.
    pub fn empty(path: &SitePath) -> Self {
        Self {
            path: path.clone(),
            hash: ContentHash::of(b""),
            front_matter: CommonFrontMatter::default(),
            kind: KindData::Page,
            section_options: SectionOptions::default(),
            body: RenderedBody::default(),
        }
    }

    /// Takes out the title as written, as the first heading has it, or as the file is named.
    pub fn take_title(&mut self, name: &str) -> String {
        let written = self.front_matter.title.take().filter(|t| !t.trim().is_empty());
        let (lifted, first) = (self.body.title.take(), self.body.first_heading.take());
        written.or(lifted).or(first).unwrap_or_else(|| name.to_string())
    }

    /// The summary as written; else takes out the first paragraph.
    pub fn take_summary(&mut self) -> String {
        let lead = std::mem::take(&mut self.body.first_paragraph);
        self.front_matter.summary.clone().unwrap_or(lead)
    }
}
