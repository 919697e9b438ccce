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

    /// The title from the front matter, else from the body's headings, else `name`, which is that of the file or folder.
    pub fn title<'d>(&'d self, name: &'d str) -> &'d str {
        let written = self.front_matter.title.as_deref().filter(|title| !title.trim().is_empty());
        written.or(self.body.title.as_deref()).or(self.body.first_heading.as_deref()).unwrap_or(name)
    }

    /// The summary from the front matter, else the first paragraph.
    pub fn summary(&self) -> &str {
        self.front_matter.summary.as_deref().unwrap_or(&self.body.first_paragraph)
    }
}
