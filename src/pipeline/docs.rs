//! Sources to documents and cards: every Markdown file that is not as it was is read and parsed, in parallel; one bad file
//! never hides another.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;

use crate::catalog::{Card, Hidden, Place, Seat, place};
use crate::document::Doc;
use crate::engine::{Stamp, stamp};
use crate::markdown::{self, Labels};
use crate::settings::Settings;
use crate::source::{Snapshot, Source, human_size};
use puzhi_core::base::{Hash, Route, SitePath, Span, is_safe_segment, slugify};
use puzhi_core::diag::{Diag, Severity, SourceText, codes};
use puzhi_core::encoding::decode;
use puzhi_core::kinds::{Context, Head, Kind, KindName, Lead, read, read_section, split};

use super::Options;
use super::past::{Days, PastPage};

/// One page of content: what it is by its path, its card, and its document if it was parsed in this build.
#[derive(Debug, Clone)]
pub(super) struct Page {
    pub place: Arc<Place>,
    /// The kind its section gives it.
    pub kind: KindName,
    pub card: Arc<Card>,
    pub doc: Option<Arc<Doc>>,
    /// The document has its text; else only what is needed to follow its links.
    pub whole: bool,
    /// Of the file's bytes.
    pub hash: Hash,
    /// The days for which the card is as it is.
    pub days: Days,
    /// What an earlier build found out, if the file is as it was then.
    pub past: Option<Arc<PastPage>>,
    /// Nothing was found wrong with it by itself.
    pub sound: bool,
}

/// All content that can be understood, in path order.
pub(super) struct Docs {
    pub pages: Vec<Page>,
    /// Drafts and future pages that are not shown.
    pub hidden: BTreeMap<SitePath, Hidden>,
    /// Drafts that are not shown, so that they need not be read again.
    pub drafts: Vec<Page>,
    /// The future pages themselves: what is wrong with them is said before their day comes.
    pub future: Vec<Page>,
    pub diags: Vec<Diag>,
    /// Files parsed.
    pub parsed: usize,
}

/// Reads all content. `past` is what an earlier build with the same reader knows.
pub(super) fn read_all(
    reader: &Reader,
    today: Date,
    options: &Options,
    past: &BTreeMap<SitePath, Arc<PastPage>>,
) -> Docs {
    let Reader { files, settings, .. } = reader;
    let markdown: Vec<&SitePath> = files.below("content").filter(|path| is_page(path)).collect();
    let languages: Vec<&str> = settings.languages.iter().map(|l| l.code.as_str()).collect();
    let taxonomies: Vec<&str> = settings.taxonomies.iter().map(|t| t.key.as_str()).collect();
    let places = place(&markdown, &languages, &taxonomies);

    let drafts = options.drafts;

    let page = |place: Place, kind: KindName, whole: bool| -> (Result<Page, Place>, Vec<Diag>, bool) {
        if let Some(known) = past.get(&place.path).filter(|p| p.holds(&place, kind, today, files)) {
            return (Ok(known.page(place, kind)), Vec::new(), false);
        }
        let read = reader.read(&place, kind);
        let sound = read.diags.is_empty();
        let Some(mut doc) = read.doc else { return (Err(place), read.diags, true) };
        let card = Arc::new(reader.card(&mut doc, &place, today));
        let days = Days::of(&doc, today);
        if !whole {
            doc.body.forget_text();
        }
        (
            Ok(Page {
                kind,
                card,
                hash: doc.hash,
                doc: Some(Arc::new(doc)),
                whole,
                days,
                past: None,
                sound,
                place: Arc::new(place),
            }),
            read.diags,
            true,
        )
    };
    // Sections first: they say of which kind their pages are.
    let (sections, others): (Vec<Place>, Vec<Place>) = places.into_iter().partition(|p| p.role == Seat::Section);
    let sections: Vec<_> = sections.into_par_iter().map(|p| page(p, KindName::Page, true)).collect();
    let mut kinds: BTreeMap<(&str, usize), KindName> = BTreeMap::new();
    for (section, ..) in &sections {
        if let Ok(section) = section
            && let Some(kind) = section.card.lead.kind
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
    let whole = |place: Place| {
        bytes += files.size(&place.path).unwrap_or(0);
        (place, bytes <= options.hold)
    };
    let others: Vec<(Place, bool)> = others.into_iter().map(whole).collect();
    let others: Vec<_> = others
        .into_par_iter()
        .map(|(p, whole)| {
            let kind = if matches!(p.role, Seat::Term(_)) { KindName::Page } else { kind_of(&p.folder, p.lang) };
            page(p, kind, whole)
        })
        .collect();

    let pages = Vec::with_capacity(sections.len() + others.len());
    let mut out =
        Docs { pages, hidden: BTreeMap::new(), drafts: Vec::new(), future: Vec::new(), diags: Vec::new(), parsed: 0 };
    let disguised = files.below("content").filter(|p| p.name().ends_with(".md.txt"));
    out.diags.extend(disguised.map(|p| Diag::new(&codes::source::MARKDOWN_AS_TEXT).file(p).arg("name", p.name())));
    let declared: BTreeSet<&str> = languages.into_iter().collect();
    for (page, mut found, parsed) in sections.into_iter().chain(others) {
        out.parsed += usize::from(parsed);
        // A draft's mistakes are told, but nothing of it is published, so they hold up nobody.
        if !drafts && page.as_ref().is_ok_and(|p| p.card.draft) {
            found.iter_mut().for_each(|d| d.severity = Severity::Note);
        }
        out.diags.extend(found);
        out.diags.extend(undeclared_language(page.as_ref().map_or_else(|place| place, |p| &*p.place), &declared));
        match page {
            Ok(page) if !drafts && page.card.draft => {
                out.hidden.insert(page.place.path.clone(), Hidden::Draft);
                out.drafts.push(page);
            }
            Ok(page) if !drafts && page.card.unpublished => {
                out.hidden.insert(page.place.path.clone(), Hidden::Future);
                out.future.push(page);
            }
            Ok(page) => out.pages.push(page),
            Err(place) => drop(out.hidden.insert(place.path, Hidden::LeftOut)),
        }
    }
    out.pages.sort_by(|a, b| a.place.path.cmp(&b.place.path));
    out
}

/// Whether the file of `content/` is read as a page.
pub(super) fn is_page(path: &SitePath) -> bool {
    path.below("content").is_some() && path.is_one_of(&["md", "markdown"])
}

/// `page.fr.md` where `fr` is no language of the site is probably a slip.
fn undeclared_language(place: &Place, declared: &BTreeSet<&str>) -> Option<Diag> {
    const LIKELY: [&str; 12] = ["en", "zh", "fr", "de", "ja", "ko", "ru", "es", "th", "vi", "my", "lo"];
    let (_, code) = place.path.stem().rsplit_once('.')?;
    (LIKELY.contains(&code) && !declared.contains(code))
        .then(|| Diag::new(&codes::links::ORPHAN_TRANSLATION).file(&place.path).arg("lang", code))
}

pub(super) struct Read {
    pub doc: Option<Doc>,
    pub diags: Vec<Diag>,
}

/// How documents are read: everything but the file itself that a document depends on.
pub(super) struct Reader {
    pub files: Arc<Snapshot>,
    pub settings: Arc<Settings>,
    /// By language.
    pub labels: Vec<Labels>,
    pub taxonomies: Vec<String>,
}

impl Reader {
    /// What reading depends on besides files and places. Documents that were read under another stamp are read again.
    pub fn stamp(&self) -> Stamp {
        stamp(&(format!("{:?}", self.settings), format!("{:?}", self.labels)))
    }

    /// Route prefix of a language: "" for the default.
    pub fn prefix(&self, lang: usize) -> &str {
        if lang == 0 { "" } else { self.settings.languages[lang].code.as_str() }
    }

    /// The card a document shows, for which the document gives away what only cards are asked for.
    pub fn card(&self, doc: &mut Doc, place: &Place, today: Date) -> Card {
        Card::of(doc, place, self.prefix(place.lang), today)
    }

    pub fn read(&self, place: &Place, default_kind: KindName) -> Read {
        match self.files.text(&place.path, self.settings.limits.markdown, "markdown") {
            Ok((file, warning)) => self.understand(file, warning, place, default_kind),
            Err(diag) => Read { doc: None, diags: vec![diag] },
        }
    }

    /// Reads a page from bytes that stand in for its file.
    pub fn read_bytes(&self, place: &Place, default_kind: KindName, bytes: &[u8]) -> Read {
        let hash = Hash::of(bytes);
        match decode(&place.path, bytes) {
            Ok((text, warning)) => {
                self.understand(Source { path: place.path.clone(), text, hash }, warning, place, default_kind)
            }
            Err(diag) => Read { doc: None, diags: vec![diag] },
        }
    }

    fn understand(&self, file: Source, warning: Option<Diag>, place: &Place, default_kind: KindName) -> Read {
        let limits = &self.settings.limits;
        // `a..md` would make a folder `a.`, which some systems refuse.
        if place.role != Seat::Section && !is_safe_segment(&place.name) {
            let diag = Diag::new(&codes::source::BAD_NAME).file(&place.path).arg("name", place.path.name());
            return Read { doc: None, diags: vec![diag] };
        }
        let mut diags: Vec<Diag> = warning.into_iter().collect();
        let source = SourceText::new(&file.path, &file.text);
        let parts = split(&file.text);
        diags.extend(parts.diags(&source));
        let mut front = parts.front;
        if let Some(span) = front
            && (span.end - span.start) as u64 > limits.front_matter
        {
            let size = human_size((span.end - span.start) as u64);
            let diag = Diag::new(&codes::source::TOO_LARGE).at(&source, Span::new(span.start, span.start + 1));
            diags.push(diag.arg("size", size).arg("limit", human_size(limits.front_matter)).arg("key", "front_matter"));
            front = None;
        }
        let context = Context { kind: default_kind, taxonomies: &self.taxonomies };
        let (head, kind, lead, found) = if place.role == Seat::Section {
            let (head, lead, found) = read_section(&source, front, &context);
            (head, Kind::Page, lead, found)
        } else {
            let (head, kind, found) = read(&source, front, &context);
            (head, kind, Lead::default(), found)
        };
        diags.extend(found);
        let mut head = head;
        diags.extend(addresses(&mut head, place, &source));
        let options = markdown::Options {
            labels: &self.labels[place.lang],
            trust_html: self.settings.trust_html,
            max_depth: limits.depth,
            title: head.title.as_deref(),
        };
        let (body, found) = markdown::render(&source, parts.body.start, &options);
        diags.extend(found);
        Read { doc: Some(Doc { path: file.path.clone(), hash: file.hash, head, kind, lead, body }), diags }
    }
}

/// Addresses written in front matter: what cannot be one is reported and dropped before anything is made of it.
fn addresses(head: &mut Head, place: &Place, source: &SourceText<'_>) -> Vec<Diag> {
    let mut diags = Vec::new();
    if let Some(slug) = head.slug.take_if(|s| !is_safe_segment(&s.value) || s.value.starts_with('.')) {
        let title = head.title.as_deref().map(slugify).filter(|s| !s.is_empty());
        let example = title.unwrap_or_else(|| slugify(&place.name));
        diags.push(
            Diag::new(&codes::links::BAD_SLUG).at(source, slug.span).arg("value", &slug.value).arg("example", example),
        );
    }
    // On a term page aliases are spellings, not addresses.
    if !matches!(place.role, Seat::Term(_)) {
        head.aliases.retain(|alias| {
            let good = Route::alias(&alias.value).is_some();
            if !good {
                diags.push(Diag::new(&codes::links::BAD_ALIAS).at(source, alias.span).arg("value", &alias.value));
            }
            good
        });
    }
    diags
}
