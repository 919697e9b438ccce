//! Files that stay back with the pages they belong to.
//!
//! A file is withheld if it lies in the folder of a page that is not published, or such a page refers to it, and nothing
//! that is published refers to it. Input: the pages that are not published, and what published pages refer to. Output:
//! paths of files. Reads texts only where a file is in question; does not plan or write outputs.

use std::collections::BTreeSet;

use rayon::prelude::*;

use crate::catalog::{LinkResolution, LinkResolver, PageRole};
use crate::pipeline::check::{PlaceOf, ReferenceChecker, ReferenceKey};
use crate::pipeline::docs::{ContentPage, HeldDocument, PageReader};
use crate::source::{FileSnapshot, is_page_source};
use puzhi_core::base::{SitePath, percent_encode_path};

/// What decides which files are withheld, and which are reached.
pub(super) struct FileReferences<'i> {
    /// Pages that are not published: drafts, what draft sections hold back, future pages.
    pub unpublished: &'i [ContentPage],
    /// Pages that are published.
    pub published: &'i [ContentPage],
    pub reader: &'i PageReader,
    pub checker: ReferenceChecker<'i>,
}

/// Largest text outside pages that is searched for names of files, in bytes.
const MAX_SOURCE_BYTES: u64 = 4 << 20;

/// Returns the files that are withheld. `references` calls its argument with each reference of a published page.
pub(super) fn withheld_files(
    input: &FileReferences<'_>,
    references: impl FnOnce(&mut dyn FnMut(&ReferenceKey)),
) -> BTreeSet<SitePath> {
    let mut held = input.candidates();
    if held.is_empty() {
        return held;
    }
    references(&mut |key| {
        if let Some(file) = input.file(key) {
            held.remove(&file);
        }
    });
    input.remove_named_in_sources(&mut held);
    input.remove_linked_in_html(&mut held);
    held
}

impl FileReferences<'_> {
    pub fn files(&self) -> &FileSnapshot {
        &self.reader.files
    }

    /// Files in the folders of unpublished pages, and files that these refer to.
    fn candidates(&self) -> BTreeSet<SitePath> {
        let mut found = BTreeSet::new();
        for page in self.unpublished {
            let path = &page.place.path;
            let bundle = page.place.role == PageRole::Page && path.stem().split('.').next() == Some("index");
            let folder = match page.place.role {
                PageRole::Section if page.meta.draft => {
                    SitePath::new(format!("content/{}", page.place.folder).trim_end_matches('/')).ok()
                }
                _ => bundle.then(|| path.parent()),
            };
            let folder = folder.iter().flat_map(|folder| self.files().paths_in(folder.as_str()));
            found.extend(folder.filter(|file| !is_page_source(file)).cloned());
            let keys = match &page.doc {
                HeldDocument::Whole(doc) => self.checker.references_of(doc.references(), page.place.lang),
                HeldDocument::References(doc) => self.checker.references_of(doc.references(), page.place.lang),
                HeldDocument::Nothing => {
                    let doc = self.reader.read(&page.place, page.kind).doc;
                    doc.map_or_else(Vec::new, |doc| self.checker.references_of(doc.references(), page.place.lang))
                }
            };
            found.extend(keys.iter().filter_map(|key| self.file(key)));
            found.extend(self.html_files(page));
        }
        found
    }

    /// The file that a reference leads to.
    pub fn file(&self, key: &ReferenceKey) -> Option<SitePath> {
        let ReferenceKey::LinkedPlace(PlaceOf { path, rooted, lang }) = key else { return None };
        match self.checker.resolver.lookup(self.checker.catalog, path, *rooted, *lang)? {
            LinkResolution::File(file, _) => Some(file),
            _ => None,
        }
    }

    /// Files that raw HTML of a page refers to.
    fn html_files(&self, page: &ContentPage) -> Vec<SitePath> {
        let limit = self.reader.settings.limits.markdown;
        let Ok((source, _)) = self.files().read_text(&page.place.path, limit, "markdown") else { return Vec::new() };
        let file = |written: String| {
            let target = LinkResolver::target_path(&page.place.path, &written).ok()?;
            let (rooted, lang) = (written.starts_with('/'), page.place.lang);
            self.file(&ReferenceKey::LinkedPlace(PlaceOf { path: target, rooted, lang }))
        };
        html_targets(&source.text).into_iter().filter_map(file).collect()
    }

    /// Removes files whose name stands in settings, data, templates, styles or scripts.
    pub fn remove_named_in_sources(&self, held: &mut BTreeSet<SitePath>) {
        const KINDS: [&str; 12] =
            ["yaml", "yml", "json", "csv", "html", "htm", "css", "js", "svg", "xml", "txt", "webmanifest"];
        let files = self.files();
        let is_source = |path: &SitePath| {
            !held.contains(path)
                && KINDS.contains(&path.extension().as_str())
                && files.size(path).is_some_and(|size| size <= MAX_SOURCE_BYTES)
        };
        let sources: Vec<&SitePath> = files.paths().filter(|path| is_source(path)).collect();
        // On disk, `site.yaml` is not among the files.
        let settings = format!("{:?}", self.reader.settings);
        held.retain(|file| !is_named_in(file, &settings));
        for source in sources {
            if held.is_empty() {
                return;
            }
            let Ok((text, _)) = files.read_text(source, MAX_SOURCE_BYTES, "data") else { continue };
            held.retain(|file| !is_named_in(file, &text.text));
        }
    }

    /// Removes files to which raw HTML of a published page refers.
    pub fn remove_linked_in_html(&self, held: &mut BTreeSet<SitePath>) {
        if !held.is_empty() {
            let linked: BTreeSet<SitePath> =
                self.published.par_iter().flat_map_iter(|page| self.html_files(page)).collect();
            held.retain(|file| !linked.contains(file));
        }
    }
}

/// Whether a text holds the name of a file, as it is or percent-encoded.
fn is_named_in(file: &SitePath, text: &str) -> bool {
    let name = file.name();
    text.contains(name) || text.contains(&percent_encode_path(name))
}

/// The values of attributes that name files in raw HTML, decoded and without query and fragment.
fn html_targets(text: &str) -> Vec<String> {
    const NAMES: [&str; 6] = ["src=", "href=", "poster=", "data=", "srcset=", "background="];
    if !text.contains('<') {
        return Vec::new();
    }
    let mut out = Vec::new();
    for (at, _) in text.match_indices('=') {
        let before = &text.as_bytes()[..at + 1];
        let named = NAMES.iter().any(|name| {
            before.len() >= name.len() && before[before.len() - name.len()..].eq_ignore_ascii_case(name.as_bytes())
        });
        if !named {
            continue;
        }
        let rest = text[at + 1..].trim_start();
        let value = match rest.chars().next() {
            Some(quote @ ('"' | '\'')) => rest[1..].split(quote).next().unwrap_or_default(),
            _ => rest.split([' ', '>', '\n', '\t']).next().unwrap_or_default(),
        };
        // `srcset` lists several, each with a width.
        for part in value.split(',') {
            let address = part.split_whitespace().next().unwrap_or_default();
            let address = address.split(['?', '#']).next().unwrap_or_default();
            if !address.is_empty() && !address.contains(':') {
                out.push(percent_encoding::percent_decode_str(address).decode_utf8_lossy().into_owned());
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::html_targets;

    #[test]
    fn attributes_that_name_files() {
        let text = "a = b <img src=\"a.png\" alt=\"x\"> <A HREF='../b%20c.pdf?x=1#p'>d</A> <video poster=/e.jpg src=f.mp4>\n\
                    <img srcset=\"g.png 1x, h.png 2x\"> <a href=\"https://example.org/i.pdf\">";
        assert_eq!(html_targets(text), ["a.png", "../b c.pdf", "/e.jpg", "f.mp4", "g.png", "h.png"]);
        assert_eq!(html_targets("src=a.png"), [""; 0]);
    }
}
