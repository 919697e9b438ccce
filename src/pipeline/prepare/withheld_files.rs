//! Files that stay back with the pages they belong to.
//!
//! A file is withheld if it lies in the folder of a page that is not published, or such a page refers to it, and nothing
//! that is published refers to it. Input: the pages that are not published, and what published pages refer to. Output:
//! paths of files. Reads texts only where a file is in question; does not plan or write outputs.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::catalog::{LinkResolution, LinkResolver, PageRole};
use crate::pipeline::check::{PlaceOf, ReferenceChecker, ReferenceKey};
use crate::pipeline::docs::{ContentPage, HeldDocument, PageReader};
use crate::pipeline::draft_sections::draft_folder;
use crate::source::{FileSnapshot, is_lock_file, is_page_source};
use puzhi_core::base::{SitePath, case_folded_key, percent_encode_path};

/// What decides which files are withheld, and which are reached.
#[derive(Clone, Copy)]
pub(super) struct FileReferences<'i> {
    /// Pages that are not published: drafts, what draft sections hold back, future pages.
    pub unpublished: &'i [ContentPage],
    /// Paths of pages that are left out because of errors, which may be drafts whose mark is wrong.
    pub left_out: &'i [SitePath],
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
    pub fn candidates(&self) -> BTreeSet<SitePath> {
        let mut found = BTreeSet::new();
        if self.unpublished.is_empty() && self.left_out.is_empty() {
            return found;
        }
        let files = self.files().paths().filter(|file| !is_page_source(file));
        let folded = files.map(|file| (case_folded_key(file.as_str()), file)).collect();
        for page in self.unpublished {
            let path = &page.place.path;
            let bundle = page.place.role == PageRole::Page && is_named(path, &["index"]);
            let folder = match page.place.role {
                PageRole::Section if page.meta.draft => {
                    SitePath::new(format!("content/{}", page.place.folder).trim_end_matches('/')).ok()
                }
                _ => bundle.then(|| path.parent()),
            };
            let drafts = draft_folder(path).filter(|_| page.meta.draft).and_then(|folder| SitePath::new(folder).ok());
            let folder = drafts.or(folder);
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
            found.extend(self.named_files(path, page.place.lang, SearchedPart::Whole));
            found.extend(self.named_in_other_case(path, &folded));
        }
        for path in self.left_out {
            let folder = is_named(path, &["index", "_index"]).then(|| path.parent());
            let folder = folder.iter().flat_map(|folder| self.files().paths_in(folder.as_str()));
            found.extend(folder.filter(|file| !is_page_source(file)).cloned());
        }
        found.extend(self.names_in_left_out(&folded));
        found
    }

    /// Files of the site whose name stands anywhere in the text of a page that is left out: its links are not read, and may be written in
    /// any way. `folded` are all files by their folded path.
    fn names_in_left_out(&self, folded: &BTreeMap<String, &SitePath>) -> Vec<SitePath> {
        let limit = self.reader.settings.limits.markdown;
        let text = |path: &SitePath| Some(self.files().read_text(path, limit, "markdown").ok()?.0.text.clone());
        let texts: Vec<String> = self.left_out.iter().filter_map(text).flat_map(|text| readings(&text)).collect();
        if texts.is_empty() {
            return Vec::new();
        }
        let own = folded.iter().filter(|(key, _)| ["content/", "static/"].iter().any(|root| key.starts_with(root)));
        let own: Vec<(&String, &SitePath)> = own.map(|(key, file)| (key, *file)).collect();
        let is_named = |key: &str| {
            let name = memchr::memmem::Finder::new(key.rsplit('/').next().unwrap_or_default());
            texts.iter().any(|text| name.find(text.as_bytes()).is_some())
        };
        own.into_par_iter().filter(|(key, _)| is_named(key)).map(|(_, file)| file.clone()).collect()
    }

    /// The file that a reference leads to.
    pub fn file(&self, key: &ReferenceKey) -> Option<SitePath> {
        let ReferenceKey::LinkedPlace(PlaceOf { path, rooted, lang }) = key else { return None };
        match self.checker.resolver.lookup(self.checker.catalog, path, *rooted, *lang)? {
            LinkResolution::File(file, _) => Some(file),
            _ => None,
        }
    }

    /// Files whose path stands in the text of a page in other letter case, as it works on some systems. `folded` are all files by
    /// their folded path.
    fn named_in_other_case(&self, path: &SitePath, folded: &BTreeMap<String, &SitePath>) -> Vec<SitePath> {
        let limit = self.reader.settings.limits.markdown;
        let Ok((source, _)) = self.files().read_text(path, limit, "markdown") else { return Vec::new() };
        let mut written = html_targets(&source.text);
        written.extend(paths_in_text(&source.text));
        let mut found = Vec::new();
        for written in written {
            let beside = LinkResolver::target_path(path, &written).ok();
            let rooted = SitePath::new(&format!("static/{}", written.trim_start_matches('/'))).ok();
            let keys = beside.into_iter().chain(rooted).map(|target| case_folded_key(target.as_str()));
            found.extend(keys.filter_map(|key| folded.get(&key)).map(|file| (*file).clone()));
        }
        found
    }

    /// Files that raw HTML of a page refers to, and those whose path stands in the searched part of its text.
    fn named_files(&self, path: &SitePath, lang: usize, part: SearchedPart) -> Vec<SitePath> {
        let limit = self.reader.settings.limits.markdown;
        let Ok((source, _)) = self.files().read_text(path, limit, "markdown") else { return Vec::new() };
        let file = |written: String| {
            let target = LinkResolver::target_path(path, &written).ok()?;
            let rooted = written.starts_with('/');
            self.file(&ReferenceKey::LinkedPlace(PlaceOf { path: target, rooted, lang }))
        };
        let searched = match part {
            SearchedPart::Whole => &source.text,
            SearchedPart::FrontMatter => front_matter_of(&source.text),
        };
        let base_url = self.reader.settings.base_url.as_deref();
        let mut written = html_targets(&source.text);
        written.extend(paths_in_text(searched));
        written.extend(base_url.iter().flat_map(|base_url| own_addresses(&source.text, base_url)));
        written.into_iter().filter_map(file).collect()
    }

    /// Removes files whose name stands in settings, data, templates, styles or scripts.
    pub fn remove_named_in_sources(&self, held: &mut BTreeSet<SitePath>) {
        const KINDS: [&str; 12] =
            ["yaml", "yml", "json", "csv", "html", "htm", "css", "js", "svg", "xml", "txt", "webmanifest"];
        let files = self.files();
        let is_source = |path: &SitePath| {
            !held.contains(path)
                // The log of releases names each attachment that there ever was.
                && !is_lock_file(path)
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

    /// Removes files to which raw HTML or front matter of a published page refers, or an address of the site in its text.
    pub fn remove_linked_in_html(&self, held: &mut BTreeSet<SitePath>) {
        if !held.is_empty() {
            let linked: BTreeSet<SitePath> = self
                .published
                .par_iter()
                .flat_map_iter(|page| self.named_files(&page.place.path, page.place.lang, SearchedPart::FrontMatter))
                .collect();
            held.retain(|file| !linked.contains(file));
        }
    }
}

/// Whether a page's file has one of these names, in any case and language.
fn is_named(path: &SitePath, names: &[&str]) -> bool {
    let stem = path.stem().split('.').next().unwrap_or_default();
    names.iter().any(|name| name.eq_ignore_ascii_case(stem))
}

/// What of a page's text is searched for paths that no link holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SearchedPart {
    /// All of it: links that are written wrong, directives that nobody knows.
    Whole,
    /// Values of front matter that only templates read.
    FrontMatter,
}

/// The lines between the first two marks, or nothing.
fn front_matter_of(text: &str) -> &str {
    let Some(rest) = text.trim_start_matches('\u{FEFF}').strip_prefix("---") else { return "" };
    rest.find("\n---").map_or("", |end| &rest[..end])
}

/// Longest path that is looked for in a text, in bytes.
const MAX_PATH_BYTES: usize = 300;

/// Words of a text that may be paths of files, and whole values of lines with a key, since names may hold spaces.
fn paths_in_text(text: &str) -> Vec<String> {
    let parts = |c: char| c.is_whitespace() || "()[]{}<>\"'`,;|（）［］【】《》“”‘’，；、：".contains(c);
    let values = text.lines().filter_map(|line| line.split_once([':', '：']).map(|(_, value)| value));
    let values = values.map(|value| value.trim().trim_matches(['"', '\'', '[', ']']));
    let may_be_path = |word: &&str| word.len() <= MAX_PATH_BYTES && word.contains('.') && !word.contains("//");
    let path = |word: &str| word.split(['?', '#']).next().unwrap_or_default().replace('\\', "/");
    text.split(parts).chain(values).filter(may_be_path).map(path).filter(|word| !word.is_empty()).collect()
}

/// The addresses of the site in a text, as paths from its root.
fn own_addresses(text: &str, base_url: &str) -> Vec<String> {
    let base_url = base_url.trim_end_matches('/');
    let rest = text.match_indices(base_url).map(|(at, found)| &text[at + found.len()..]);
    let address = |rest: &str| {
        let end = rest.find(|c: char| c.is_whitespace() || ")]>\"'）］”，；、?#".contains(c)).unwrap_or(rest.len());
        let path = percent_encoding::percent_decode_str(&rest[..end.min(MAX_PATH_BYTES)]).decode_utf8_lossy();
        path.starts_with('/').then(|| path.into_owned())
    };
    rest.filter_map(address).collect()
}

/// A text in small letters as it is written, and as links in Markdown are read: without escapes, entities and percent signs.
fn readings(text: &str) -> [String; 2] {
    const ENTITIES: [(&str, &str); 8] = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&apos;", "'"),
        ("&nbsp;", "\u{A0}"),
        ("&#38;", "&"),
        ("&amp;", "&"),
    ];
    let mut read = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if !(c == '\\' && chars.peek().is_some_and(char::is_ascii_punctuation)) {
            read.push(c);
        }
    }
    if read.contains('&') {
        read = ENTITIES.iter().fold(read, |text, (entity, c)| text.replace(entity, c));
    }
    let read = percent_encoding::percent_decode_str(&read).decode_utf8_lossy();
    [case_folded_key(text), case_folded_key(&read)]
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
    use super::{front_matter_of, html_targets, own_addresses, paths_in_text};

    #[test]
    fn paths_that_no_link_holds() {
        let text = "附件: [{文件: a.pdf}, b/c.docx]\n表: 表 一.xlsx\n[丁] (d.pdf) ［戊］（e.pdf）![己](f\\g.png)\n";
        let found = paths_in_text(text);
        for path in ["a.pdf", "b/c.docx", "表 一.xlsx", "d.pdf", "e.pdf", "f/g.png"] {
            assert!(found.iter().any(|word| word == path), "{path}: {found:?}");
        }
        assert_eq!(front_matter_of("---\na: 1\n---\nb.pdf"), "\na: 1");
        assert_eq!(front_matter_of("b.pdf\n---\n"), "");
        let text = "见 https://example.org/x/a%20b.pdf?v=1，https://example.org/xc.pdf（https://example.org/x/d.pdf）";
        assert_eq!(own_addresses(text, "https://example.org/x/"), ["/a b.pdf", "/d.pdf"]);
    }

    #[test]
    fn attributes_that_name_files() {
        let text = "a = b <img src=\"a.png\" alt=\"x\"> <A HREF='../b%20c.pdf?x=1#p'>d</A> <video poster=/e.jpg src=f.mp4>\n\
                    <img srcset=\"g.png 1x, h.png 2x\"> <a href=\"https://example.org/i.pdf\">";
        assert_eq!(html_targets(text), ["a.png", "../b c.pdf", "/e.jpg", "f.mp4", "g.png", "h.png"]);
        assert_eq!(html_targets("src=a.png"), [""; 0]);
    }
}
