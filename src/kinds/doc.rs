//! A `Doc`: one Markdown file, understood by itself.

use crate::base::{Hash, SitePath};
use crate::markdown::Body;

use super::{Head, Kind, Lead};

/// Typed front matter and body of one file. Knows no other page.
#[derive(Debug, Clone, PartialEq)]
pub struct Doc {
    pub path: SitePath,
    /// Of the file's bytes.
    pub hash: Hash,
    pub head: Head,
    pub kind: Kind,
    /// What `_index.md` says of its section; default on other pages.
    pub lead: Lead,
    pub body: Body,
}

impl Doc {
    /// What stands for a file that is gone while it is wanted.
    pub fn empty(path: &SitePath) -> Self {
        Self { path: path.clone(), hash: Hash::of(b""), head: Head::default(), kind: Kind::Page, lead: Lead::default(), body: Body::default() }
    }

    /// The title as written, as the first heading has it, or as the file is named.
    pub fn title(&self, name: &str) -> String {
        let written = self.head.title.clone().filter(|t| !t.trim().is_empty());
        written.or_else(|| self.body.title.clone()).or_else(|| self.body.first_heading.clone()).unwrap_or_else(|| name.to_string())
    }

    /// The summary as written, or the first paragraph.
    pub fn summary(&self) -> String {
        self.head.summary.clone().unwrap_or_else(|| self.body.lead.clone())
    }
}
