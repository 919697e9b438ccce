//! Requests about the site as a whole: what it is, its pages, its findings.

use serde_json::{Value as Json, json};

use super::super::Desk;
use super::super::answer::{Answer, Refusal};
use super::super::components::component;
use super::super::form::Kind;
use super::super::shown::{self, FileFindings, PageRow, count, findings, shown_findings};
use crate::catalog::PageRole;
use crate::markdown::directive_definitions;
use crate::preview::PreviewSession;
use puzhi_core::diag::Severity;

/// `GET site`.
pub(in super::super) fn site(desk: &Desk) -> Result<Answer, Refusal> {
    let root_name = desk.files.folder_name();
    let empty = desk.files.is_empty();
    let preview = format!("http://127.0.0.1:{}/", desk.ports.preview);
    let more = desk.ask(described)?;
    let finished = desk.kept.lock().finished.clone();
    let mut out = json!({ "root_name": root_name, "empty": empty, "preview": preview, "notice": finished });
    if let (Some(out), Json::Object(more)) = (out.as_object_mut(), more) {
        out.extend(more);
    }
    Ok(out.into())
}

/// What the site says of itself.
fn described(session: &mut PreviewSession) -> Json {
    let components: Vec<Json> = directive_definitions().iter().map(component).collect();
    let Some(site) = session.shown() else {
        return json!({ "title": "", "languages": [], "kinds": [], "sections": [], "components": components, "terms": {} });
    };
    let (data, catalog) = (site.data, &site.data.catalog);
    let settings = &data.settings;
    let languages = settings.languages.iter().map(|language| json!({ "code": language.code, "label": language.name }));
    let kinds =
        settings.kinds.all().map(|kind| Kind::of(&settings.kinds, kind)).chain([Kind::section(&settings.kinds)]);
    let sections = catalog.sections.iter().map(|section| {
        let index = section.index.map(|id| catalog.page(id));
        let kind = index.and_then(|meta| meta.section_options.kind).map(|kind| settings.kinds.name(kind));
        let language = settings.languages.get(section.lang).map(|language| language.code.as_str());
        json!({
            "path": section.folder,
            "title": section.title,
            "kind": kind.unwrap_or("page"),
            "language": language,
            "url": index.filter(|meta| meta.role == PageRole::Section).map(|meta| shown::url(session, meta)),
        })
    });
    let terms: serde_json::Map<String, Json> = settings
        .taxonomies
        .iter()
        .map(|taxonomy| {
            let names = catalog.taxonomy_terms(&taxonomy.key, 0).map(|id| catalog.term(id).name.as_str().to_string());
            (taxonomy.key.clone(), names.collect())
        })
        .collect();
    let bounds = settings.history;
    json!({
        "settings": { "history_days": bounds.days, "history_mib": bounds.megabytes },
        "title": settings.languages.first().map(|language| language.title.as_str()),
        "today": data.clock.today.to_string(),
        "languages": languages.collect::<Vec<_>>(),
        "kinds": kinds.collect::<Vec<_>>(),
        "sections": sections.collect::<Vec<_>>(),
        "components": components,
        "terms": terms,
    })
}

/// `GET pages`.
pub(in super::super) fn pages(desk: &Desk) -> Result<Answer, Refusal> {
    let unsaved = desk.kept.lock().unsaved_paths(&desk.files)?;
    let (version, pages) = desk.ask(|session| (session.counters().updates, shown::pages(session)))?;
    let row = |page: PageRow| {
        let is_unsaved = unsaved.contains(&page.path);
        let mut row = json!(page);
        row["unsaved"] = json!(is_unsaved);
        row
    };
    let pages: Vec<Json> = pages.into_iter().map(row).collect();
    Ok(json!({ "version": version, "pages": pages }).into())
}

/// `GET findings`.
pub(in super::super) fn all_findings(desk: &Desk) -> Result<Answer, Refusal> {
    let found: FileFindings = desk.ask(|session| findings(session))?;
    let of = |severity| found.values().map(|found| count(Some(found), severity)).sum::<usize>();
    let by_page = found.iter().filter_map(|(file, found)| {
        let (errors, warnings) = (count(Some(found), Severity::Error), count(Some(found), Severity::Warning));
        Some(json!({ "path": file.as_ref()?, "errors": errors, "warnings": warnings }))
    });
    let other = found.get(&None).map(|found| shown_findings(found, "")).unwrap_or_default();
    Ok(json!({
        "errors": of(Severity::Error),
        "warnings": of(Severity::Warning),
        "by_page": by_page.collect::<Vec<_>>(),
        "other": other,
    })
    .into())
}
