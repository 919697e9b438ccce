//! Reads Markdown files: each file that has changed since the last build is parsed, in parallel. In: files, settings, what the last build
//! knew. Out: [`ContentPages`] and findings. An error in one file does not keep the others from being read.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::DateTime;
use rayon::prelude::*;

use crate::catalog::{ContentPath, PageMeta, PageRole, UnpublishedReason, classify_content};
use crate::document::{Document, DocumentReferences};
use crate::engine::{Fingerprint, fingerprint};
use crate::markdown::{self, MarkdownLabels, TemplateIds};
use crate::settings::Settings;
use crate::source::{Fences, FileSnapshot, SourceFile, conflict_markers, human_size, is_page_source};
use puzhi_core::base::{ContentHash, DateOrDateTime, SitePath, Span, is_safe_segment};
use puzhi_core::diag::{Diagnostic, Severity, SourceText, codes};
use puzhi_core::encoding::decode;
use puzhi_core::kinds::{
    CommonFrontMatter, FrontMatterContext, FrontMatterOf, KindData, KindName, SectionOptions, read_front_matter,
    read_section_front_matter, split_front_matter,
};
use puzhi_search::PageText;

use super::Options;
use super::aliases::check_addresses;
use super::draft_sections::{DraftSections, draft_folder, held_back};
use super::left_overs;
use super::named_drafts::named_draft;
use super::previous::{PreviousPage, ValidTimes};
use super::search_text::page_text;
use super::unpublished::{day_of, future_page, waits_for_section};

/// One page of content: what it is by its path, its metadata, and what is held of its document.
#[derive(Debug, Clone)]
pub(super) struct ContentPage {
    pub place: Arc<ContentPath>,
    /// The kind its section gives it.
    pub kind: KindName,
    pub meta: Arc<PageMeta>,
    pub doc: HeldDocument,
    /// What of it can be searched; `None` if the site has no search.
    pub search: Option<Arc<PageText>>,
    /// Of the file's bytes.
    pub hash: ContentHash,
    /// The times for which the metadata holds.
    pub times: ValidTimes,
    /// What an earlier build knew of the page, if its file has not changed.
    pub previous: Option<Arc<PreviousPage>>,
    /// What reading it found.
    pub findings: Vec<Diagnostic>,
}

/// What is held of a page's document.
#[derive(Debug, Clone)]
pub(super) enum HeldDocument {
    /// Nothing: the page was not parsed in this build.
    Nothing,
    /// What is needed to follow its references. Its text is read again when the page is made.
    References(Arc<DocumentReferences>),
    /// All of it.
    Whole(Arc<Document>),
}

/// All content that can be understood, in path order.
#[derive(Default)]
pub(super) struct ContentPages {
    pub pages: Vec<ContentPage>,
    /// Drafts, what draft sections hold back, future pages and pages with errors: all that is not shown.
    pub hidden: BTreeMap<SitePath, UnpublishedReason>,
    /// Drafts and what draft sections hold back, so that they need not be read again.
    pub drafts: Vec<ContentPage>,
    /// The sections that hold pages back, by page.
    pub held_by: BTreeMap<SitePath, SitePath>,
    /// Pages that wait until the day of their section, with that day.
    pub waiting: BTreeMap<SitePath, Option<DateOrDateTime>>,
    /// The future pages themselves: their findings are reported before their day comes.
    pub future: Vec<ContentPage>,
    pub diags: Vec<Diagnostic>,
    /// Number of files parsed.
    pub parsed: usize,
    /// The times for which all of this holds, as long as no file changes.
    pub times: ValidTimes,
}

/// Reads all content as of the moment `now`, in the site's zone. `previous` is what an earlier build with the same reader knew.
pub(super) fn read_all(
    reader: &PageReader,
    now: DateTime,
    options: &Options,
    previous: &BTreeMap<SitePath, Arc<PreviousPage>>,
) -> ContentPages {
    let PageReader { files, settings, .. } = reader;
    let pass = ReadingPass { reader, now, previous };
    // Sections first: they decide the kind of their pages.
    let (sections, others): (Vec<ContentPath>, Vec<ContentPath>) =
        classify_content(files, settings).into_iter().partition(|p| p.role == PageRole::Section);
    let sections: Vec<PageOutcome> =
        sections.into_par_iter().map(|place| pass.page(place, KindName::Page, true)).collect();
    let kinds = SectionKinds::of(&sections);
    let mut bytes = 0;
    let whole = |place: ContentPath| {
        bytes += files.size(&place.path).unwrap_or(0);
        (place, bytes <= options.document_memory)
    };
    let others: Vec<(ContentPath, bool)> = others.into_iter().map(whole).collect();
    let others: Vec<PageOutcome> = others
        .into_par_iter()
        .map(|(place, whole)| {
            let kind = kinds.of_page(&place);
            pass.page(place, kind, whole)
        })
        .collect();

    let mut out = ContentPages { pages: Vec::with_capacity(sections.len() + others.len()), ..ContentPages::default() };
    let markdown: Vec<&SitePath> = files.paths_in("content").filter(|path| is_page_source(path)).collect();
    out.diags.extend(left_overs::copies(&markdown));
    let disguised = files.paths_in("content").filter(|p| p.name().ends_with(".md.txt"));
    out.diags
        .extend(disguised.map(|p| Diagnostic::new(&codes::source::MARKDOWN_AS_TEXT).file(p).arg("name", p.name())));
    let declared: BTreeSet<&str> = settings.languages.iter().map(|l| l.code.as_str()).collect();
    let read = sections.iter().filter(|_| !options.drafts);
    let draft_sections =
        DraftSections::of(read.filter_map(|outcome| Some((outcome.page.as_ref().ok()?, outcome.diags.as_slice()))));
    let read = sections.iter().filter(|_| !options.drafts);
    let future_sections = DraftSections::future(read.filter_map(|outcome| outcome.page.as_ref().ok()));
    let days = sections.iter().filter_map(|outcome| outcome.page.as_ref().ok());
    let days: BTreeMap<SitePath, Option<DateOrDateTime>> = match future_sections.is_empty() {
        true => BTreeMap::new(),
        false => days.map(|page| (page.place.path.clone(), day_of(page))).collect(),
    };
    for mut outcome in sections.into_iter().chain(others) {
        out.times.narrow(outcome.page.as_ref().map(|page| page.times).unwrap_or_default());
        out.diags.extend(undeclared_language(outcome.place(), &declared));
        let section = outcome.page.as_ref().ok().and_then(|page| draft_sections.above(&page.place));
        if let (Some(section), Ok(page)) = (section, &outcome.page) {
            out.held_by.insert(page.place.path.clone(), section.clone());
            outcome.diags.iter_mut().for_each(|d| d.severity = Severity::Note);
            if !page.meta.draft {
                out.diags.push(held_back(page, section, draft_sections.is_uncertain(section), |diag, span| {
                    reader.placed(diag, &page.place.path, span)
                }));
            }
        }
        let held = section.is_some();
        if let (false, Ok(page)) = (held, &outcome.page)
            && let Some(section) = future_sections.above(&page.place).filter(|_| !page.meta.draft)
        {
            let day = days.get(section).copied().flatten().max(day_of(page));
            out.diags.push(waits_for_section(page, section, day));
            out.waiting.insert(page.place.path.clone(), day);
        }
        out.add(outcome, options.drafts, held);
    }
    out.pages.sort_by(|a, b| a.place.path.cmp(&b.place.path));
    out
}

/// What is the same for all pages that are read.
struct ReadingPass<'r> {
    reader: &'r PageReader,
    now: DateTime,
    previous: &'r BTreeMap<SitePath, Arc<PreviousPage>>,
}

/// What became of one file.
struct PageOutcome {
    /// The page, or the place of one that has errors.
    page: Result<ContentPage, ContentPath>,
    diags: Vec<Diagnostic>,
    /// Whether it was parsed.
    parsed: bool,
}

impl PageOutcome {
    fn place(&self) -> &ContentPath {
        self.page.as_ref().map_or_else(|place| place, |page| &page.place)
    }
}

impl ReadingPass<'_> {
    /// Reads one page, unless an earlier build knows it. Only if `whole`, its text is held.
    fn page(&self, place: ContentPath, kind: KindName, whole: bool) -> PageOutcome {
        let ReadingPass { reader, now, previous } = *self;
        if let Some(known) = previous.get(&place.path).filter(|p| p.holds(&place, kind, now, &reader.files)) {
            let diags = known.findings.clone();
            return PageOutcome { page: Ok(known.page(place, kind)), diags, parsed: false };
        }
        let ReadPage { doc, mut diags } = reader.read(&place, kind);
        let Some(doc) = doc else { return PageOutcome { page: Err(place), diags, parsed: true } };
        // A line in the text that names a day holds nothing back once the day has come; news have such lines.
        if doc.published_from().is_some_and(|from| from <= now) {
            let is_about_day =
                |d: &Diagnostic| d.code == &codes::front_matter::FRONT_MATTER_IN_BODY && d.severity == Severity::Note;
            diags.retain(|diag| !is_about_day(diag));
        }
        let search = reader.search_text(&doc, &place);
        let page = ContentPage {
            kind,
            meta: Arc::new(reader.meta(&doc, &place, search.as_deref(), now)),
            search,
            hash: doc.hash,
            times: ValidTimes::of(&doc, now),
            doc: match whole {
                true => HeldDocument::Whole(Arc::new(doc)),
                false => HeldDocument::References(Arc::new(doc.into())),
            },
            previous: None,
            findings: diags.clone(),
            place: Arc::new(place),
        };
        PageOutcome { page: Ok(page), diags, parsed: true }
    }
}

/// The kinds that sections give to their pages.
struct SectionKinds<'s>(BTreeMap<(&'s str, usize), KindName>);

impl<'s> SectionKinds<'s> {
    fn of(sections: &'s [PageOutcome]) -> Self {
        let pages = sections.iter().filter_map(|outcome| outcome.page.as_ref().ok());
        let kind = |page: &'s ContentPage| {
            Some(((page.place.folder.as_str(), page.place.lang), page.meta.section_options.kind?))
        };
        Self(pages.filter_map(kind).collect())
    }

    /// The kind of a page whose front matter has none: that of the nearest enclosing section that declares one.
    fn of_page(&self, place: &ContentPath) -> KindName {
        if matches!(place.role, PageRole::Term(_)) {
            return KindName::Page;
        }
        let mut at = place.folder.as_str();
        loop {
            // A section described only in the default language describes its translations, too.
            if let Some(kind) = self.0.get(&(at, place.lang)).or_else(|| self.0.get(&(at, 0))) {
                return *kind;
            }
            match at.rsplit_once('/') {
                Some((parent, _)) => at = parent,
                None if at.is_empty() => return KindName::Page,
                None => at = "",
            }
        }
    }
}

impl ContentPages {
    /// Adds a page where it belongs. With `drafts`, drafts and future pages are pages like any other. A page that is `held` back by
    /// its section is not shown.
    fn add(&mut self, outcome: PageOutcome, drafts: bool, held: bool) {
        let PageOutcome { page, mut diags, parsed } = outcome;
        self.parsed += usize::from(parsed);
        // A draft's findings are reported, but nothing of it is published, so they stop no build.
        if !drafts && page.as_ref().is_ok_and(|p| p.meta.draft) {
            diags.iter_mut().for_each(|d| d.severity = Severity::Note);
        }
        self.diags.extend(diags);
        match page {
            Ok(page) if held || !drafts && page.meta.draft => {
                self.hidden.insert(page.place.path.clone(), UnpublishedReason::Draft);
                self.drafts.push(page);
            }
            Ok(page) if self.waiting.contains_key(&page.place.path) => {
                self.hidden.insert(page.place.path.clone(), UnpublishedReason::Future);
                self.future.push(page);
            }
            Ok(page) if !drafts && page.meta.unpublished => {
                self.hidden.insert(page.place.path.clone(), UnpublishedReason::Future);
                self.diags.push(future_page(&page));
                self.future.push(page);
            }
            Ok(page) => self.pages.push(page),
            Err(place) => drop(self.hidden.insert(place.path, UnpublishedReason::HasErrors)),
        }
    }
}

/// Corrections and withdrawals outside an article, where nothing shows them, are reported and dropped.
fn keys_of_articles(head: &mut CommonFrontMatter, place: &ContentPath, source: &SourceText<'_>) -> Vec<Diagnostic> {
    if place.role == PageRole::Page {
        return Vec::new();
    }
    let corrections = std::mem::take(&mut head.corrections).into_iter().map(|correction| ("更正", correction.span));
    let withdrawn = head.withdrawn.take().map(|withdrawal| ("撤稿", withdrawal.span));
    let report =
        |(key, span): (&str, Span)| Diagnostic::new(&codes::releases::NOT_AN_ARTICLE).at(source, span).arg("key", key);
    corrections.take(1).chain(withdrawn).map(report).collect()
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
    /// Ids of elements in each template with those of the directives, by the template's name.
    pub template_ids: BTreeMap<String, TemplateIds>,
    /// Whether the site has a search, for which texts are kept.
    pub searchable: bool,
}

impl PageReader {
    /// Fingerprint of what reading depends on besides files and places. When it changes, all documents are read again.
    pub fn fingerprint(&self) -> Fingerprint {
        // A template that has the ids of the template of pages is as good as none: `ids_around` gives the same.
        let of_page = self.page_template_ids();
        let others: BTreeMap<_, _> = self.template_ids.iter().filter(|(_, ids)| Some(*ids) != of_page).collect();
        fingerprint(&(
            format!("{:?}", self.settings),
            format!("{:?}", self.labels),
            format!("{of_page:?} {others:?}"),
            self.searchable,
        ))
    }

    /// The ids of the template that shows pages without a kind.
    fn page_template_ids(&self) -> Option<&TemplateIds> {
        self.template_ids.get(KindName::Page.definition().template)
    }

    /// The ids of the template that shows a page.
    fn ids_around(&self, place: &ContentPath, head: &CommonFrontMatter, kind: KindName) -> Option<&TemplateIds> {
        let name = match (&head.template, &place.role) {
            (Some(chosen), _) => &chosen.value,
            (None, PageRole::Term(_)) => "term.html",
            (None, PageRole::Section) if place.folder.is_empty() => "home.html",
            (None, PageRole::Section) if self.taxonomies.contains(&place.folder) => "taxonomy.html",
            (None, PageRole::Section) => "section.html",
            (None, PageRole::Page) => self.settings.kinds.template(kind),
        };
        self.template_ids.get(name).or_else(|| self.page_template_ids())
    }

    /// The metadata of a document; `search` is what of it can be searched.
    pub fn meta(&self, doc: &Document, place: &ContentPath, search: Option<&PageText>, now: DateTime) -> PageMeta {
        let mut meta = PageMeta::of(doc, place, self.settings.language_prefix(place.lang), now);
        if let Some(text) = search {
            meta.search_pieces = text.pieces() as u32;
            meta.keywords = text.names.clone();
        }
        meta.with_fingerprints()
    }

    /// What of a document can be searched; `None` if the site has no search.
    pub fn search_text(&self, doc: &Document, place: &ContentPath) -> Option<Arc<PageText>> {
        self.searchable.then(|| Arc::new(page_text(doc, place)))
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
        let context =
            FrontMatterContext { kind: default_kind, taxonomies: &self.taxonomies, kinds: &self.settings.kinds };
        let (mut head, kind, lead) = if place.role == PageRole::Section {
            let FrontMatterOf { common, own, diags: found } = read_section_front_matter(&source, front, &context);
            diags.extend(found);
            (common, KindData::Page, own)
        } else {
            let FrontMatterOf { common, own, diags: found } = read_front_matter(&source, front, &context);
            diags.extend(found);
            (common, own, SectionOptions::default())
        };
        head.not_before = head.not_before.max(parts.not_before(&source));
        if let Some(folder) = draft_folder(&place.path).filter(|_| head.draft_flag.is_none()) {
            head.draft = true;
            diags.push(Diagnostic::new(&codes::links::DRAFT_FOLDER).file(&place.path).arg("folder", folder));
        }
        diags.extend(check_addresses(&mut head, place, &source, &self.settings));
        diags.extend(keys_of_articles(&mut head, place, &source));
        if let Some(withdrawn) = head.withdrawn.as_ref().filter(|_| head.draft) {
            diags.push(Diagnostic::new(&codes::releases::WITHDRAWN_DRAFT).at(&source, withdrawn.span));
        }
        let options = markdown::MarkdownOptions {
            labels: &self.labels[place.lang],
            trust_html: self.settings.trust_html,
            numbered_headings: self.settings.numbered_headings,
            max_depth: limits.depth,
            title: head.title.as_deref(),
            template_ids: self.ids_around(place, &head, kind.name()),
        };
        let (body, found) = markdown::render(&source, parts.body.start, &options);
        diags.extend(found);
        diags.extend(conflict_markers(&source, Fences::Markdown));
        let titles = [head.title.as_deref(), body.title.as_deref(), body.first_heading.as_deref()];
        let named = titles.into_iter().flatten().any(|title| !title.trim().is_empty());
        diags.extend(left_overs::named_by_path(place).filter(|_| !named && !head.draft));
        // A page with an error is not published.
        if !diags.iter().any(Diagnostic::is_error) {
            let title = titles.into_iter().flatten().next();
            diags.extend(named_draft(place, &head, title, &source, parts.body.start));
        }
        if !head.draft && !head.sample {
            let flag = head.draft_flag.as_ref();
            diags.extend(left_overs::placeholders(&source, parts.body.start, &self.settings.kinds, flag));
        }
        let is_withdrawn = head.withdrawn.is_some();
        let (path, hash) = (file.path.clone(), file.hash);
        let doc = Document { path, hash, front_matter: head, kind, section_options: lead, body };
        ReadPage { doc: Some(if is_withdrawn { doc.withdrawn() } else { doc }), diags }
    }
}
