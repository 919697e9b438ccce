//! A `Doc`: one Markdown file, understood by itself.

use crate::markdown::Body;
use puzhi_core::base::{Hash, SitePath};

use puzhi_core::kinds::{Head, Kind, Lead};

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
        Self {
            path: path.clone(),
            hash: Hash::of(b""),
            head: Head::default(),
            kind: Kind::Page,
            lead: Lead::default(),
            body: Body::default(),
        }
    }

    /// Takes out the title as written, as the first heading has it, or as the file is named.
    pub fn take_title(&mut self, name: &str) -> String {
        let written = self.head.title.take().filter(|t| !t.trim().is_empty());
        let (lifted, first) = (self.body.title.take(), self.body.first_heading.take());
        written.or(lifted).or(first).unwrap_or_else(|| name.to_string())
    }

    /// The summary as written; else takes out the first paragraph.
    pub fn take_summary(&mut self) -> String {
        let lead = std::mem::take(&mut self.body.lead);
        self.head.summary.clone().unwrap_or(lead)
    }
}
