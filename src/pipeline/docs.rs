//! Sources to documents and cards: every Markdown file that is not as it was is read and parsed, in parallel; one bad file
//! never hides another.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;

use crate::catalog::{ContentPath, PageMeta, PageRole, UnpublishedReason, classify_paths};
use crate::document::Document;
use crate::engine::{Fingerprint, fingerprint};
use crate::markdown::{self, MarkdownLabels};
use crate::settings::Settings;
use crate::source::{FileSnapshot, SourceFile, human_size, is_page_source};
use puzhi_core::base::{ContentHash, Route, SitePath, Span, case_folded_key, is_safe_segment, slugify};
use puzhi_core::diag::{Diagnostic, Severity, SourceText, codes};
use puzhi_core::encoding::decode;
use puzhi_core::kinds::{
    CommonFrontMatter, FrontMatterContext, KindData, KindName, SectionOptions, read_front_matter,
    read_section_front_matter, split_front_matter,
};

use super::Options;
use super::draft_sections::{DraftSections, held_back};
use super::left_overs;
use super::previous::{PreviousPage, ValidDays};

/// One page of content: what it is by its path, its card, and its document if it was parsed in this build.
#[derive(Debug, Clone)]
pub(super) struct ContentPage {
    pub place: Arc<ContentPath>,
    /// The kind its section gives it.
    pub kind: KindName,
    pub meta: Arc<PageMeta>,
    pub doc: Option<Arc<Document>>,
    /// The document has its text; else only what is needed to follow its links.
    pub has_text: bool,
    /// Of the file's bytes.
    pub hash: ContentHash,
    /// The days for which the card is as it is.
    pub days: ValidDays,
    /// What an earlier build found out, if the file is as it was then.
    pub previous: Option<Arc<PreviousPage>>,
    /// Nothing was found wrong with it by itself.
    pub is_clean: bool,
}

/// All content that can be understood, in path order.
pub(super) struct ContentPages {
    pub pages: Vec<ContentPage>,
    /// Drafts, what draft sections hold back, and future pages: all that is not shown.
    pub hidden: BTreeMap<SitePath, UnpublishedReason>,
    /// Drafts and what draft sections hold back, so that they need not be read again.
    pub drafts: Vec<ContentPage>,
    /// The future pages themselves: what is wrong with them is said before their day comes.
    pub future: Vec<ContentPage>,
    pub diags: Vec<Diagnostic>,
    /// Files parsed.
    pub parsed: usize,
}

/// Reads all content. `previous` is what an earlier build with the same reader knows.
pub(super) fn read_all(
    reader: &PageReader,
    today: Date,
    options: &Options,
    previous: &BTreeMap<SitePath, Arc<PreviousPage>>,
) -> ContentPages {
    let PageReader { files, settings, .. } = reader;
    let markdown: Vec<&SitePath> = files.paths_in("content").filter(|path| is_page_source(path)).collect();
    let languages: Vec<&str> = settings.languages.iter().map(|l| l.code.as_str()).collect();
    let taxonomies: Vec<&str> = settings.taxonomies.iter().map(|t| t.key.as_str()).collect();
    let places = classify_paths(&markdown, &languages, &taxonomies);

    let drafts = options.drafts;

    let page = |place: ContentPath,
                kind: KindName,
                whole: bool|
     -> (Result<ContentPage, ContentPath>, Vec<Diagnostic>, bool) {
        if let Some(known) = previous.get(&place.path).filter(|p| p.holds(&place, kind, today, files)) {
            return (Ok(known.page(place, kind)), Vec::new(), false);
        }
        let read = reader.read(&place, kind);
        let sound = read.diags.is_empty();
        let Some(mut doc) = read.doc else { return (Err(place), read.diags, true) };
        let meta = Arc::new(reader.meta(&doc, &place, today));
        let days = ValidDays::of(&doc, today);
        if !whole {
            doc.body.drop_text();
        }
        (
            Ok(ContentPage {
                kind,
                meta,
                hash: doc.hash,
                doc: Some(Arc::new(doc)),
                has_text: whole,
                days,
                previous: None,
                is_clean: sound,
                place: Arc::new(place),
            }),
            read.diags,
            true,
        )
    };
    // Sections first: they say of which kind their pages are.
    let (sections, others): (Vec<ContentPath>, Vec<ContentPath>) =
        places.into_iter().partition(|p| p.role == PageRole::Section);
    let sections: Vec<_> = sections.into_par_iter().map(|p| page(p, KindName::Page, true)).collect();
    let mut kinds: BTreeMap<(&str, usize), KindName> = BTreeMap::new();
    for (section, ..) in &sections {
        if let Ok(section) = section
            && let Some(kind) = section.meta.section_options.kind
        {
            kinds.insert((&section.place.folder, section.place.lang), kind);
        }
    }
    let kind_of = |folder: &str, lang: usize| -> KindName {
        let mut at = folder;
        loop {
            // A section described only in the default language describes its translations, too.
            if let Some(kind) = kinds.get(&(at, lang)).or_else(|| kinds.get(&(at, 0))) {
                return *kind;
            }
            match at.rsplit_once('/') {
                Some((parent, _)) => at = parent,
                None if at.is_empty() => return KindName::Page,
                None => at = "",
            }
        }
    };
    let mut bytes = 0;
    let whole = |place: ContentPath| {
        bytes += files.size(&place.path).unwrap_or(0);
        (place, bytes <= options.document_memory)
    };
    let others: Vec<(ContentPath, bool)> = others.into_iter().map(whole).collect();
    let others: Vec<_> = others
        .into_par_iter()
        .map(|(p, whole)| {
            let kind = if matches!(p.role, PageRole::Term(_)) { KindName::Page } else { kind_of(&p.folder, p.lang) };
            page(p, kind, whole)
        })
        .collect();

    let pages = Vec::with_capacity(sections.len() + others.len());
    let mut out = ContentPages {
        pages,
        hidden: BTreeMap::new(),
        drafts: Vec::new(),
        future: Vec::new(),
        diags: Vec::new(),
        parsed: 0,
    };
    out.diags.extend(left_overs::copies(&markdown));
    let disguised = files.paths_in("content").filter(|p| p.name().ends_with(".md.txt"));
    out.diags
        .extend(disguised.map(|p| Diagnostic::new(&codes::source::MARKDOWN_AS_TEXT).file(p).arg("name", p.name())));
    let draft_sections = DraftSections::of(
        sections
            .iter()
            .filter(|_| !drafts)
            .filter_map(|(page, found, _)| Some((page.as_ref().ok()?, found.as_slice()))),
    );
    let declared: BTreeSet<&str> = languages.into_iter().collect();
    for (page, mut found, parsed) in sections.into_iter().chain(others) {
        out.parsed += usize::from(parsed);
        // A draft's mistakes are told, but nothing of it is published, so they hold up nobody.
        let section = page.as_ref().ok().and_then(|page| draft_sections.above(&page.place));
        if section.is_some() || !drafts && page.as_ref().is_ok_and(|p| p.meta.draft) {
            found.iter_mut().for_each(|d| d.severity = Severity::Note);
        }
        out.diags.extend(found);
        out.diags.extend(undeclared_language(page.as_ref().map_or_else(|place| place, |p| &*p.place), &declared));
        match page {
            Ok(page) if section.is_some() || !drafts && page.meta.draft => {
                if let Some(section) = section.filter(|_| !page.meta.draft) {
                    out.diags.push(held_back(&page, section, |diag, span| reader.placed(diag, &page.place.path, span)));
                }
                out.hidden.insert(page.place.path.clone(), UnpublishedReason::Draft);
                out.drafts.push(page);
            }
            Ok(page) if !drafts && page.meta.unpublished => {
                out.hidden.insert(page.place.path.clone(), UnpublishedReason::Future);
                out.future.push(page);
            }
            Ok(page) => out.pages.push(page),
            Err(place) => drop(out.hidden.insert(place.path, UnpublishedReason::HasErrors)),
        }
    }
    out.pages.sort_by(|a, b| a.place.path.cmp(&b.place.path));
    out
}

/// `page.fr.md` where `fr` is no language of the site is probably a slip.
fn undeclared_language(place: &ContentPath, declared: &BTreeSet<&str>) -> Option<Diagnostic> {
    const LIKELY: [&str; 12] = ["en", "zh", "fr", "de", "ja", "ko", "ru", "es", "th", "vi", "my", "lo"];
    let (_, code) = place.path.stem().rsplit_once('.')?;
    (LIKELY.contains(&code) && !declared.contains(code))
        .then(|| Diagnostic::new(&codes::links::ORPHAN_TRANSLATION).file(&place.path).arg("lang", code))
}

pub(super) struct ReadPage {
    pub doc: Option<Document>,
    pub diags: Vec<Diagnostic>,
}

/// How documents are read: everything but the file itself that a document depends on.
pub(super) struct PageReader {
    pub files: Arc<FileSnapshot>,
    pub settings: Arc<Settings>,
    /// By language.
    pub labels: Vec<MarkdownLabels>,
    pub taxonomies: Vec<String>,
}

impl PageReader {
    /// What reading depends on besides files and places. Documents that were read under another stamp are read again.
    pub fn fingerprint(&self) -> Fingerprint {
        fingerprint(&(format!("{:?}", self.settings), format!("{:?}", self.labels)))
    }

    /// The metadata of a document.
    pub fn meta(&self, doc: &Document, place: &ContentPath, today: Date) -> PageMeta {
        PageMeta::of(doc, place, self.settings.language_prefix(place.lang), today)
    }

    /// Adds line and column to a finding, for which its file is read again.
    fn placed(&self, diag: Diagnostic, path: &SitePath, span: Span) -> Diagnostic {
        match self.files.read_text(path, self.settings.limits.markdown, "markdown") {
            Ok((source, _)) => diag.at(&SourceText::new(path, &source.text), span),
            Err(_) => diag,
        }
    }

    pub fn read(&self, place: &ContentPath, default_kind: KindName) -> ReadPage {
        match self.files.read_text(&place.path, self.settings.limits.markdown, "markdown") {
            Ok((file, warning)) => self.parse(file, warning, place, default_kind),
            Err(diag) => ReadPage { doc: None, diags: vec![diag] },
        }
    }

    /// Reads a page from bytes that stand in for its file.
    pub fn read_bytes(&self, place: &ContentPath, default_kind: KindName, bytes: &[u8]) -> ReadPage {
        let hash = ContentHash::of(bytes);
        match decode(&place.path, bytes) {
            Ok((text, warning)) => {
                self.parse(SourceFile { path: place.path.clone(), text, hash }, warning, place, default_kind)
            }
            Err(diag) => ReadPage { doc: None, diags: vec![diag] },
        }
    }

    fn parse(
        &self,
        file: SourceFile,
        warning: Option<Diagnostic>,
        place: &ContentPath,
        default_kind: KindName,
    ) -> ReadPage {
        let limits = &self.settings.limits;
        // `a..md` would make a folder `a.`, which some systems refuse.
        if place.role != PageRole::Section && !is_safe_segment(&place.name) {
            let diag = Diagnostic::new(&codes::source::BAD_NAME).file(&place.path).arg("name", place.path.name());
            return ReadPage { doc: None, diags: vec![diag] };
        }
        let mut diags: Vec<Diagnostic> = warning.into_iter().collect();
        let source = SourceText::new(&file.path, &file.text).in_zone(&self.settings.zone);
        let parts = split_front_matter(&file.text);
        diags.extend(parts.diags(&source));
        let mut front = parts.front;
        if let Some(span) = front
            && (span.end - span.start) as u64 > limits.front_matter
        {
            let size = human_size((span.end - span.start) as u64);
            let diag = Diagnostic::new(&codes::source::TOO_LARGE).at(&source, Span::new(span.start, span.start + 1));
            diags.push(diag.arg("size", size).arg("limit", human_size(limits.front_matter)).arg("key", "front_matter"));
            front = None;
        }
        let context = FrontMatterContext { kind: default_kind, taxonomies: &self.taxonomies };
        let (head, kind, lead, found) = if place.role == PageRole::Section {
            let (head, lead, found) = read_section_front_matter(&source, front, &context);
            (head, KindData::Page, lead, found)
        } else {
            let (head, kind, found) = read_front_matter(&source, front, &context);
            (head, kind, SectionOptions::default(), found)
        };
        diags.extend(found);
        let mut head = head;
        diags.extend(check_addresses(&mut head, place, &source, &self.settings));
        let options = markdown::MarkdownOptions {
            labels: &self.labels[place.lang],
            trust_html: self.settings.trust_html,
            max_depth: limits.depth,
            title: head.title.as_deref(),
        };
        let (body, found) = markdown::render(&source, parts.body.start, &options);
        diags.extend(found);
        diags.extend(left_overs::conflict_markers(&source));
        if !head.draft && !head.sample {
            diags.extend(left_overs::placeholders(&source, parts.body.start));
        }
        ReadPage {
            doc: Some(Document {
                path: file.path.clone(),
                hash: file.hash,
                front_matter: head,
                kind,
                section_options: lead,
                body,
            }),
            diags,
        }
    }
}

/// Addresses written in front matter: what cannot be one is reported and dropped before anything is made of it.
fn check_addresses(
    head: &mut CommonFrontMatter,
    place: &ContentPath,
    source: &SourceText<'_>,
    settings: &Settings,
) -> Vec<Diagnostic> {
    let mut diags = Vec::new();
    if let Some(slug) = head.slug.take_if(|s| !is_safe_segment(&s.value) || s.value.starts_with('.')) {
        let title = head.title.as_deref().map(slugify).filter(|s| !s.is_empty());
        let example = title.unwrap_or_else(|| slugify(&place.name));
        diags.push(
            Diagnostic::new(&codes::links::BAD_SLUG)
                .at(source, slug.span)
                .arg("value", &slug.value)
                .arg("example", example),
        );
    }
    // On a term page aliases are spellings, not addresses.
    if !matches!(place.role, PageRole::Term(_)) {
        // An address and the same in other case lead to one output.
        let mut seen: BTreeSet<String> = BTreeSet::new();
        head.aliases.retain_mut(|alias| {
            if let Some(below) = address_below_base(&alias.value, settings) {
                alias.value = below;
            }
            let good = Route::from_alias(&alias.value).is_some();
            if !good {
                diags.push(Diagnostic::new(&codes::links::BAD_ALIAS).at(source, alias.span).arg("value", &alias.value));
            }
            good && Route::from_alias(&alias.value).is_some_and(|route| seen.insert(case_folded_key(route.as_str())))
        });
    }
    diags
}

/// An old address copied from a browser, as an address below the site's own: without host, base path and query, and
/// percent-decoded. `None` if it needs no change.
fn address_below_base(written: &str, settings: &Settings) -> Option<String> {
    let path = written.split(['?', '#']).next().unwrap_or_default();
    let bare = settings.base_url.as_deref().and_then(|base| path.strip_prefix(base.trim_end_matches('/')));
    let below = bare.or_else(|| path.strip_prefix(settings.base_path().trim_end_matches('/'))).unwrap_or(path);
    let below = if below.is_empty() || below.starts_with('/') { below } else { path };
    let decoded = percent_encoding::percent_decode_str(below).decode_utf8().ok()?;
    (decoded != written).then(|| decoded.into_owned())
}
