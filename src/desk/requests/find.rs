//! Requests that look for something: words on pages, and where a link may lead.

use serde_json::{Value as Json, json};

use super::super::Desk;
use super::super::answer::{Answer, Refusal};
use super::super::offsets::Utf16Offsets;
use crate::catalog::relative_path;
use crate::preview::ShownSite;
use crate::source::{is_lock_file, is_markdown, is_page_source};
use puzhi_core::base::SitePath;
use puzhi_core::kinds::split_front_matter;

/// Most answers.
const MAX_FOUND: usize = 50;
/// Characters that are shown before and after a word that was found.
const CONTEXT: usize = 24;

/// `GET search`.
pub(in super::super) fn search(desk: &Desk, wanted: &str) -> Result<Answer, Refusal> {
    let wanted = wanted.trim().to_lowercase();
    let found = desk.ask(move |session| session.shown().map(|site| search_in(&site, &wanted)).unwrap_or_default())?;
    Ok(Json::from(found).into())
}

fn search_in(site: &ShownSite<'_>, wanted: &str) -> Vec<Json> {
    if wanted.is_empty() {
        return Vec::new();
    }
    let (mut titles, mut texts) = (Vec::new(), Vec::new());
    for path in site.data.files.paths_in("content").filter(|path| is_page_source(path)) {
        let title = title_of(site, path);
        let in_title = title.to_lowercase().contains(wanted);
        let Ok((file, _)) = site.data.files.read_text(path, site.settings.limits.markdown, "markdown") else {
            continue;
        };
        let place = find(&file.text, wanted);
        let Some(at) = place.or(in_title.then_some(0)) else { continue };
        let row = json!({
            "path": path,
            "title": title,
            "extract": place.map(|at| extract(&file.text, at, wanted)).unwrap_or_default(),
            "line": file.text[..at].matches('\n').count() + 1,
            "from": Utf16Offsets::new(&file.text).unit(at),
        });
        if in_title { titles.push(row) } else { texts.push(row) }
    }
    titles.append(&mut texts);
    titles.truncate(MAX_FOUND);
    titles
}

fn title_of(site: &ShownSite<'_>, path: &SitePath) -> String {
    let catalog = &site.data.catalog;
    catalog.by_path(path).map_or_else(|| path.stem().to_string(), |id| catalog.page(id).title.clone())
}

/// The first place of a text in lower case; the byte in the text as it is written.
fn find(text: &str, wanted: &str) -> Option<usize> {
    let lower = text.to_lowercase();
    let at = lower.find(wanted)?;
    // Only a few letters of other scripts have another length in lower case.
    let is_same = lower.len() == text.len() && text.is_char_boundary(at);
    if is_same { Some(at) } else { text.find(wanted) }
}

fn extract(text: &str, at: usize, wanted: &str) -> Vec<Json> {
    let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
    // Of front matter the value is shown without its key.
    let in_front = split_front_matter(text).front.is_some_and(|front| (front.start..front.end).contains(&at));
    let key = text[line..at].find(": ").filter(|_| in_front).map_or(0, |colon| colon + 2);
    let line = line + key;
    let before: Vec<char> = text[line..at].chars().collect();
    let before: String = before[before.len().saturating_sub(CONTEXT)..].iter().collect();
    let length = text.len().min(at + wanted.len());
    let end = text.ceil_char_boundary(length);
    let after: String = text[end..].chars().take_while(|c| *c != '\n').take(CONTEXT).collect();
    let piece = |text: &str, hit: bool| json!({ "text": text, "hit": hit });
    vec![piece(&before, false), piece(&text[at..end], true), piece(&after, false)]
}

/// `GET link-targets`.
pub(in super::super) fn link_targets(desk: &Desk, wanted: &str, from: &SitePath) -> Result<Answer, Refusal> {
    let (wanted, from) = (wanted.trim().to_lowercase(), from.clone());
    let found =
        desk.ask(move |session| session.shown().map(|site| targets(&site, &wanted, &from)).unwrap_or_default())?;
    Ok(Json::from(found).into())
}

fn targets(site: &ShownSite<'_>, wanted: &str, from: &SitePath) -> Vec<Json> {
    let catalog = &site.data.catalog;
    let (mut near, mut pages, mut anchors, mut files) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for meta in &catalog.pages {
        let title = meta.title.to_lowercase();
        let link = relative_path(from, &meta.path);
        let is_wanted =
            wanted.is_empty() || title.contains(wanted) || meta.path.as_str().to_lowercase().contains(wanted);
        if is_wanted && meta.path != *from {
            let is_near = meta.path.parent() == from.parent() || title.starts_with(wanted) && !wanted.is_empty();
            let row = json!({ "kind": "page", "title": meta.title, "target": link, "detail": meta.path });
            if is_near { near.push(row) } else { pages.push(row) }
        }
        for id in meta.anchors.iter().filter(|id| !wanted.is_empty() && id.to_lowercase().contains(wanted)) {
            let target = if meta.path == *from { format!("#{id}") } else { format!("{link}#{id}") };
            anchors.push(json!({ "kind": "anchor", "title": format!("{} › {id}", meta.title), "target": target, "detail": meta.path }));
        }
    }
    for path in site.data.files.paths_in("content").filter(|path| !is_markdown(path) && !is_lock_file(path)) {
        if wanted.is_empty() || path.as_str().to_lowercase().contains(wanted) {
            files.push(
                json!({ "kind": "file", "title": path.name(), "target": relative_path(from, path), "detail": path }),
            );
        }
    }
    let mut out: Vec<Json> = [near, pages, anchors, files].concat();
    out.truncate(MAX_FOUND);
    out
}
