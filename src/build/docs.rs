//! Sources to documents: every Markdown file read and parsed in parallel, one bad file never hiding another.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::base::{Route, SitePath, Span, is_safe_segment, slugify};
use crate::catalog::{Hidden, Place, Seat, place};
use crate::diag::{Diag, Severity, SourceText, codes};
use crate::kinds::{Context, Doc, Head, Kind, KindName, Lead, read, read_section, split};
use crate::markdown::{self, Labels};
use crate::settings::Settings;
use crate::source::{Snapshot, human_size};

/// Documents of the site in path order, with their places.
pub(super) struct Docs {
    pub docs: Vec<(Doc, Place)>,
    /// Drafts and future pages that are not shown.
    pub hidden: BTreeMap<SitePath, Hidden>,
    /// The future pages themselves: what is wrong with them is said before their day comes.
    pub future: Vec<(Doc, Place)>,
    pub diags: Vec<Diag>,
    /// Files parsed.
    pub parsed: usize,
}

/// Reads all content. `labels` are by language; `today` decides what is in the future.
pub(super) fn read_all(files: &Snapshot, settings: &Settings, labels: &[Labels], today: jiff::civil::Date, drafts: bool) -> Docs {
    let markdown: Vec<&SitePath> =
        files.below("content").filter(|p| matches!(p.extension().as_str(), "md" | "markdown")).collect();
    let languages: Vec<&str> = settings.languages.iter().map(|l| l.code.as_str()).collect();
    let taxonomies: Vec<&str> = settings.taxonomies.iter().map(|t| t.key.as_str()).collect();
    let places = place(&markdown, &languages, &taxonomies);

    let reader = Reader { files, settings, labels, taxonomies: taxonomies.iter().map(|t| t.to_string()).collect() };
    // Sections first: they say of which kind their pages are.
    let (sections, pages): (Vec<Place>, Vec<Place>) = places.into_iter().partition(|p| p.role == Seat::Section);
    let sections: Vec<(Place, Read)> = sections.into_par_iter().map(|p| (reader.read(&p, KindName::Page), p)).map(|(r, p)| (p, r)).collect();
    let mut kinds: BTreeMap<(String, usize), KindName> = BTreeMap::new();
    for (place, read) in &sections {
        if let Some(kind) = read.doc.as_ref().and_then(|d| d.lead.kind) {
            kinds.insert((place.folder.clone(), place.lang), kind);
        }
    }
    let kind_of = |folder: &str, lang: usize| -> KindName {
        let mut at = folder;
        loop {
            // A section described only in the default language describes its translations, too.
            if let Some(kind) = kinds.get(&(at.to_string(), lang)).or_else(|| kinds.get(&(at.to_string(), 0))) {
                return *kind;
            }
            match at.rsplit_once('/') {
                Some((parent, _)) => at = parent,
                None if at.is_empty() => return KindName::Page,
                None => at = "",
            }
        }
    };
    let pages: Vec<(Place, Read)> = pages
        .into_par_iter()
        .map(|p| {
            let kind = if matches!(p.role, Seat::Term(_)) { KindName::Page } else { kind_of(&p.folder, p.lang) };
            (reader.read(&p, kind), p)
        })
        .map(|(r, p)| (p, r))
        .collect();

    let mut out = Docs { docs: Vec::new(), hidden: BTreeMap::new(), future: Vec::new(), diags: Vec::new(), parsed: 0 };
    let disguised = files.below("content").filter(|p| p.name().ends_with(".md.txt"));
    out.diags.extend(disguised.map(|p| Diag::new(&codes::source::MARKDOWN_AS_TEXT).file(p).arg("name", p.name())));
    let declared: BTreeSet<&str> = languages.into_iter().collect();
    for (place, read) in sections.into_iter().chain(pages) {
        out.parsed += 1;
        let mut found = read.diags;
        // A draft's mistakes are told, but nothing of it is published, so they hold up nobody.
        if !drafts && read.doc.as_ref().is_some_and(|d| d.head.draft) {
            found.iter_mut().for_each(|d| d.severity = Severity::Note);
        }
        out.diags.extend(found);
        out.diags.extend(undeclared_language(&place, &declared));
        match read.doc {
            Some(doc) if !drafts && doc.head.draft => drop(out.hidden.insert(doc.path, Hidden::Draft)),
            Some(doc) if !drafts && doc.head.date.is_some_and(|d| d.date > today) => {
                out.hidden.insert(doc.path.clone(), Hidden::Future);
                out.future.push((doc, place));
            }
            Some(doc) => out.docs.push((doc, place)),
            None => drop(out.hidden.insert(place.path, Hidden::LeftOut)),
        }
    }
    out.docs.sort_by(|a, b| a.0.path.cmp(&b.0.path));
    out
}

/// `page.fr.md` where `fr` is no language of the site is probably a slip.
fn undeclared_language(place: &Place, declared: &BTreeSet<&str>) -> Option<Diag> {
    const LIKELY: [&str; 12] = ["en", "zh", "fr", "de", "ja", "ko", "ru", "es", "th", "vi", "my", "lo"];
    let (_, code) = place.path.stem().rsplit_once('.')?;
    (LIKELY.contains(&code) && !declared.contains(code)).then(|| Diag::new(&codes::links::ORPHAN_TRANSLATION).file(&place.path).arg("lang", code))
}

struct Read {
    doc: Option<Doc>,
    diags: Vec<Diag>,
}

struct Reader<'r> {
    files: &'r Snapshot,
    settings: &'r Settings,
    labels: &'r [Labels],
    taxonomies: Vec<String>,
}

impl Reader<'_> {
    fn read(&self, place: &Place, default_kind: KindName) -> Read {
        let limits = &self.settings.limits;
        // `a..md` would make a folder `a.`, which some systems refuse.
        if place.role != Seat::Section && !is_safe_segment(&place.name) {
            let diag = Diag::new(&codes::source::BAD_NAME).file(&place.path).arg("name", place.path.name());
            return Read { doc: None, diags: vec![diag] };
        }
        let (file, warning) = match self.files.text(&place.path, limits.markdown, "markdown") {
            Ok(read) => read,
            Err(diag) => return Read { doc: None, diags: vec![diag] },
        };
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
        diags.push(Diag::new(&codes::links::BAD_SLUG).at(source, slug.span).arg("value", &slug.value).arg("example", example));
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
