//! The phase type [`Document`]: one parsed Markdown file.
//!
//! The build makes it from one source file. It holds typed front matter and the rendered body, whose slots (links,
//! pictures, code, directives) are not filled yet. It does not know other pages.

use crate::markdown::RenderedBody;
use puzhi_core::base::{ContentHash, DateOrDateTime, SitePath};

use puzhi_core::kinds::{CommonFrontMatter, KindData, SectionOptions};

/// Typed front matter and body of one Markdown file.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Path of the file relative to the site's folder.
    pub path: SitePath,
    /// Hash of the file's bytes.
    pub hash: ContentHash,
    /// Front matter that all kinds of pages have.
    pub front_matter: CommonFrontMatter,
    /// Front matter of the page's kind.
    pub kind: KindData,
    /// Section options from `_index.md`; default values on other pages.
    pub section_options: SectionOptions,
    /// The rendered body with open slots.
    pub body: RenderedBody,
}

impl Document {
    /// An empty document, used as a substitute if a file was removed after the scan.
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

    /// Last day on which the page is valid: `expires`, else what its kind says.
    pub fn expires(&self) -> Option<DateOrDateTime> {
        self.front_matter.expires.or(match &self.kind {
            KindData::Fields(fields) => fields.expires,
            _ => None,
        })
    }

    /// The title: from the front matter, else the level-1 heading, else the first heading, else `name`, the name of
    /// the file or folder.
    pub fn title<'d>(&'d self, name: &'d str) -> &'d str {
        let written = self.front_matter.title.as_deref().filter(|title| !title.trim().is_empty());
        written.or(self.body.title.as_deref()).or(self.body.first_heading.as_deref()).unwrap_or(name)
    }

    /// The summary from the front matter, else the text of the first paragraph.
    pub fn summary(&self) -> &str {
        self.front_matter.summary.as_deref().unwrap_or(&self.body.first_paragraph)
    }
}
