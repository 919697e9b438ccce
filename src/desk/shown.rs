//! What the desk's page shows of the site: its pages with their states, and findings in the browser's offsets.
//!
//! Input: the site in memory. Output: values for JSON. Called on the thread that owns the site.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use serde_json::{Value as Json, json};

use crate::catalog::{Catalog, PageMeta, PageRole, SectionId, classify_content};
use crate::preview::{PreviewSession, ShownSite};
use puzhi_core::base::{SitePath, percent_encode_path};
use puzhi_core::diag::{Diagnostic, Lang, Severity};

use super::offsets::Utf16Offsets;
use super::page_state::{PageState, folder_of};

/// A page in the list.
#[derive(Debug, Clone, Serialize)]
pub(super) struct PageRow {
    /// The file.
    pub path: SitePath,
    /// Its title.
    pub title: String,
    /// Its folder below `content/`.
    pub section: String,
    /// Whether it describes its folder.
    pub is_section: bool,
    /// English name of its kind.
    pub kind: String,
    /// Code of its language.
    pub language: String,
    /// See [`PageState::name`].
    pub state: &'static str,
    /// See [`PageState::reason`].
    pub state_reason: String,
    /// Its address in the preview, percent-encoded.
    pub url: Option<String>,
    /// Number of errors.
    pub errors: usize,
    /// Number of warnings.
    pub warnings: usize,
    /// When the file was changed.
    pub modified: Option<String>,
}

/// Findings by file.
pub(super) type FileFindings = BTreeMap<Option<SitePath>, Vec<Diagnostic>>;

/// All findings of the site by the file that they are about.
pub(super) fn findings(session: &PreviewSession) -> FileFindings {
    let mut by_file = FileFindings::new();
    for diag in session.diags() {
        by_file.entry(diag.file.clone()).or_default().push(diag);
    }
    by_file
}

/// How many findings have this severity.
pub(super) fn count(found: Option<&Vec<Diagnostic>>, severity: Severity) -> usize {
    found.into_iter().flatten().filter(|diag| diag.severity == severity).count()
}

/// All pages, in the order of the site.
pub(super) fn pages(session: &PreviewSession) -> Vec<PageRow> {
    let Some(site) = session.shown() else { return Vec::new() };
    let found = findings(session);
    let ranks = Ranks::of(&site.data.catalog);
    let mut rows: Vec<(Rank, PageRow)> = classify_content(&site.data.files, site.settings)
        .into_iter()
        .map(|place| {
            let row = page_row(session, &site, &place.path, found.get(&Some(place.path.clone())));
            (ranks.of_page(&place.path, &place.folder, place.lang), row)
        })
        .collect();
    rows.sort_by(|a, b| (&a.0, &a.1.path).cmp(&(&b.0, &b.1.path)));
    rows.into_iter().map(|(_, row)| row).collect()
}

/// One page; `None` if there is no such page.
pub(super) fn page(session: &PreviewSession, path: &SitePath) -> Option<PageRow> {
    let site = session.shown()?;
    let found = findings(session);
    site.data.files.contains(path).then(|| page_row(session, &site, path, found.get(&Some(path.clone()))))
}

fn page_row(
    session: &PreviewSession,
    site: &ShownSite<'_>,
    path: &SitePath,
    found: Option<&Vec<Diagnostic>>,
) -> PageRow {
    let catalog = &site.data.catalog;
    let meta = catalog.by_path(path).map(|id| catalog.page(id));
    let errors = count(found, Severity::Error);
    let state = meta.map_or_else(PageState::unread, |meta| PageState::of(catalog, meta, errors > 0));
    let language = meta.and_then(|meta| site.settings.languages.get(meta.lang)).or(site.settings.languages.first());
    let kinds = &site.data.settings.kinds;
    PageRow {
        title: meta.map_or_else(|| path.stem().to_string(), |meta| meta.title.clone()),
        section: meta.map_or_else(|| folder_of(path), |meta| meta.folder.clone()),
        is_section: meta.is_some_and(|meta| meta.role == PageRole::Section),
        kind: match meta {
            Some(meta) if meta.role == PageRole::Section => "section".to_string(),
            Some(meta) => kinds.name(meta.kind).to_string(),
            None => "page".to_string(),
        },
        language: language.map(|language| language.code.clone()).unwrap_or_default(),
        state: state.name,
        state_reason: state.reason,
        url: meta.map(|meta| url(session, meta)),
        errors,
        warnings: count(found, Severity::Warning),
        modified: session.modified(path).map(|time| time.to_string()),
        path: path.clone(),
    }
}

/// The address of a page in the preview.
pub(super) fn url(session: &PreviewSession, meta: &PageMeta) -> String {
    percent_encode_path(&format!("{}{}", session.base_path().trim_end_matches('/'), meta.route.as_str()))
}

/// Place in the list: language, section, page.
type Rank = [usize; 3];

/// The order of sections and of pages in them.
struct Ranks {
    sections: HashMap<(String, usize), usize>,
    pages: HashMap<SitePath, usize>,
}

impl Ranks {
    fn of(catalog: &Catalog) -> Self {
        let mut ranks = Ranks { sections: HashMap::new(), pages: HashMap::new() };
        for (at, section) in catalog.sections.iter().enumerate() {
            if section.parent.is_none() {
                ranks.add(catalog, SectionId(at as u32));
            }
        }
        ranks
    }

    fn add(&mut self, catalog: &Catalog, id: SectionId) {
        let section = catalog.section(id);
        let next = self.sections.len();
        self.sections.insert((section.folder.clone(), section.lang), next);
        for page in section.index.into_iter().chain(section.pages.iter().copied()) {
            let next = self.pages.len();
            self.pages.insert(catalog.page(page).path.clone(), next);
        }
        section.children.iter().for_each(|child| self.add(catalog, *child));
    }

    fn of_page(&self, path: &SitePath, folder: &str, lang: usize) -> Rank {
        let section = self.sections.get(&(folder.to_string(), lang)).copied().unwrap_or(usize::MAX);
        [lang, section, self.pages.get(path).copied().unwrap_or(usize::MAX)]
    }
}

/// Findings about a text as JSON, with places in UTF-16 code units.
pub(super) fn shown_findings(found: &[Diagnostic], text: &str) -> Vec<Json> {
    let offsets = Utf16Offsets::new(text);
    let line_starts: Vec<usize> = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let shown = |diag: &Diagnostic| {
        let start = diag.position.map_or(0, |place| {
            let line = line_starts.get(place.line.saturating_sub(1)).copied().unwrap_or(text.len());
            let rest = text[line..].char_indices().nth(place.column.saturating_sub(1));
            line + rest.map_or(text.len() - line, |(at, _)| at)
        });
        let marked = diag.excerpt.as_ref().map_or(0, |excerpt| excerpt.marked.len());
        let edits = diag.fix.as_ref().map(|fix| fix.edits());
        json!({
            "path": diag.file,
            "from": offsets.unit(start),
            "to": offsets.unit(start + marked),
            "line": diag.position.map(|place| place.line),
            "column": diag.position.map(|place| place.column),
            "severity": diag.severity.name(),
            "code": diag.code.name,
            "message": diag.message(Lang::Zh),
            "hint": diag.hint(Lang::Zh).unwrap_or_default(),
            "fix": edits.map(|edits| json!({
                "label": fix_label(edits, text),
                "edits": edits.iter().map(|edit| json!({
                    "from": offsets.unit(edit.span.start),
                    "to": offsets.unit(edit.span.end),
                    "insert": edit.replacement,
                })).collect::<Vec<_>>(),
            })),
        })
    };
    found.iter().map(shown).collect()
}

/// What a button says that makes these edits.
fn fix_label(edits: &[puzhi_core::diag::Edit], text: &str) -> String {
    const LONGEST: usize = 16;
    let short = |text: &str| !text.trim().is_empty() && text.chars().count() <= LONGEST && !text.contains('\n');
    match edits {
        [edit] => {
            let old = text.get(edit.span.start..edit.span.end).unwrap_or_default();
            let new = edit.replacement.as_str();
            match (old.is_empty(), new.is_empty()) {
                (_, false) if short(new) && !old.is_empty() => format!("改成“{new}”"),
                (true, false) if short(new) => format!("加上“{new}”"),
                (false, true) if short(old) => format!("去掉“{old}”"),
                _ => "改好这里".to_string(),
            }
        }
        _ => format!("改好这 {} 处", edits.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use puzhi_core::base::Span;
    use puzhi_core::diag::{Edit, SourceText, codes};

    #[test]
    fn places_are_those_of_the_browser() {
        let text = "𠮷甲\n乙😀x：丙\n";
        let path = SitePath::new("content/a.md").unwrap();
        let at = text.find('：').unwrap();
        let diag = Diagnostic::new(&codes::markdown::WIDE_ADDRESS)
            .at(&SourceText::new(&path, text), Span::new(at, at + 3))
            .fixed_by([Edit::new(Span::new(at, at + 3), ":")]);
        let shown = &shown_findings(&[diag], text)[0];
        let units: Vec<u16> = text.encode_utf16().collect();
        let of = |place: &Json| place.as_u64().unwrap() as usize;
        let marked = String::from_utf16_lossy(&units[of(&shown["from"])..of(&shown["to"])]);
        assert_eq!(marked, "：");
        let edit = &shown["fix"]["edits"][0];
        assert_eq!((of(&edit["from"]), of(&edit["to"])), (of(&shown["from"]), of(&shown["to"])));
        assert_eq!(shown["fix"]["label"], "改成“:”");
    }
}
