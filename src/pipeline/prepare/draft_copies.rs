//! Files that are no pages but hold the text of a draft: a page saved as `.md.txt`, the backup of an editor, a page in
//! `static/`. They would be copied as they are, and are withheld instead.
//!
//! Input: the files. Output: those that are withheld, and a finding for each. Reads only files whose names can be those of
//! texts of pages.

use std::collections::BTreeSet;

use super::withheld_files::FileReferences;
use crate::pipeline::check::ReferenceKey;
use crate::source::is_page_source;
use puzhi_core::base::SitePath;
use puzhi_core::diag::{Diagnostic, Severity, SourceText, codes};
use puzhi_core::kinds::is_marked_as_draft;

/// Extensions under which people and editors save the text of a page.
const TEXTS: [&str; 17] = [
    "asc", "bak", "copy", "draft", "htm", "html", "markdown", "md", "mdown", "mdx", "mkd", "old", "orig", "save",
    "text", "tmp", "txt",
];

/// The files that hold a draft. `references` calls its argument with each reference of a published page: a file that such a
/// page refers to is an error, since its link would lead nowhere.
pub(super) fn draft_copies(
    input: &FileReferences<'_>,
    references: impl FnOnce(&mut dyn FnMut(&ReferenceKey)),
) -> Vec<(SitePath, Diagnostic)> {
    let files = input.files();
    let copied = files.paths_in("content").filter(|path| !is_page_source(path)).chain(files.paths_in("static"));
    let is_draft = |path: &SitePath| {
        let text = files.read_text(path, input.reader.settings.limits.markdown, "markdown");
        text.is_ok_and(|(file, _)| is_marked_as_draft(&SourceText::new(path, &file.text)))
    };
    let found: BTreeSet<SitePath> = copied.filter(|path| may_be_page(path.name()) && is_draft(path)).cloned().collect();
    let mut linked = BTreeSet::new();
    if !found.is_empty() {
        references(&mut |key| linked.extend(input.file(key).filter(|file| found.contains(file))));
    }
    let finding = |path: SitePath| {
        let mut diag = Diagnostic::new(&codes::source::DRAFT_COPY).file(&path);
        if linked.contains(&path) {
            diag.severity = Severity::Error;
        }
        (path, diag)
    };
    found.into_iter().map(finding).collect()
}

/// Whether a file's name can be that of a page's text: `a.md.bak`, `a.md~`, `a.md_2026`, `a.txt`.
fn may_be_page(name: &str) -> bool {
    let name = name.to_lowercase();
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    name.ends_with('~') || name.contains(".md") || TEXTS.contains(&extension)
}

#[cfg(test)]
mod tests {
    use super::may_be_page;

    #[test]
    fn names_of_copies() {
        for name in ["a.md.txt", "a.md.bak", "a.md~", "甲.MD.orig", "a.md_2026", "a.mdx", "a.txt", "a.html", "b.old"] {
            assert!(may_be_page(name), "{name}");
        }
        for name in ["a.pdf", "photo.jpg", "表.csv", "a.docx", "md", "a.js"] {
            assert!(!may_be_page(name), "{name}");
        }
    }
}
