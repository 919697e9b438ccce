//! Requests about earlier versions: what there is, how they differ, and putting one back.

use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::super::Desk;
use super::super::answer::{Answer, DeskRequest, Refusal, site_path};
use super::super::difference::{changed_characters, difference, shortened};
use super::super::files::TextFile;
use super::super::form::texts_of;
use super::super::kept::KeptFiles;
use super::super::plan::FileChange;
use crate::history::{Author, Version};
use crate::source::is_page_source;
use puzhi_core::base::{ContentHash, SitePath};

/// Most versions that are listed, and for how many of them the changes are counted.
const MAX_LISTED: usize = 300;
const MAX_COUNTED: usize = 40;

/// A version to put back.
#[derive(Debug, Deserialize)]
pub(in super::super) struct RestoredVersion {
    path: String,
    id: String,
}

/// `GET history`.
pub(in super::super) fn history(desk: &Desk, path: &SitePath) -> Result<Answer, Refusal> {
    let mut kept = desk.kept.lock();
    kept.history.refresh().map_err(|error| Refusal::disk(&error))?;
    let versions: Vec<Version> = kept.history.lineage(path).into_iter().take(MAX_LISTED + 1).cloned().collect();
    let mut out = Vec::new();
    let mut text = versions.first().and_then(|version| text_of(&kept, version));
    for (at, version) in versions.iter().take(MAX_LISTED).enumerate() {
        let before = versions.get(at + 1).filter(|_| at < MAX_COUNTED).map(|version| text_of(&kept, version));
        let counted = match (&text, &before) {
            (Some(text), Some(before)) => Some(changed_characters(before.as_deref().unwrap_or_default(), text)),
            (Some(text), None) if at + 1 == versions.len() => Some(changed_characters("", text)),
            _ => None,
        };
        out.push(json!({
            "id": version.id(),
            "at": version.at,
            "by": version.by,
            "bytes": version.bytes,
            "removed_file": version.content.is_none(),
            "damaged": version.content.is_some() && text.is_none() && at < MAX_COUNTED,
            "added": counted.map(|counted| counted.added),
            "removed": counted.map(|counted| counted.removed),
            "note": note(version),
        }));
        text = before.flatten();
    }
    Ok(Json::from(out).into())
}

fn note(version: &Version) -> &str {
    match (version.note.as_str(), version.by) {
        ("", Author::Disk) => "别的程序或别人改的",
        (note, _) => note,
    }
}

fn text_of(kept: &KeptFiles, version: &Version) -> Option<String> {
    let bytes = kept.history.bytes(version.content?)?;
    TextFile::of(&version.path, &bytes).ok().map(|file| file.text)
}

/// A version that is asked for, with its text.
fn wanted(kept: &KeptFiles, id: &str) -> Result<(Version, String), Refusal> {
    let version = kept.history.version(id).cloned().ok_or_else(|| Refusal::not_found("这个旧版本"))?;
    let text = text_of(kept, &version)
        .ok_or_else(|| Refusal::new(410, "damaged", "这个旧版本坏了，打不开").hint("别的旧版本不受影响"))?;
    Ok((version, text))
}

/// `GET version`.
pub(in super::super) fn version(desk: &Desk, id: &str) -> Result<Answer, Refusal> {
    let (version, text) = wanted(&desk.kept.lock(), id)?;
    Ok(json!({ "text": text, "at": version.at, "path": version.path }).into())
}

/// `GET difference`.
pub(in super::super) fn differences(desk: &Desk, request: &DeskRequest) -> Result<Answer, Refusal> {
    let path = request.path("path")?;
    let kept = desk.kept.lock();
    let text = |id: &str| match id {
        "now" => match kept.unsaved.get(&path) {
            Some(unsaved) => Ok(unsaved.text),
            None => desk.text_file(&path).map(|file| file.text),
        },
        id => wanted(&kept, id).map(|(_, text)| text),
    };
    let pieces = difference(&text(request.text("from")?)?, &text(request.text("to")?)?);
    Ok(json!({ "pieces": shortened(pieces) }).into())
}

/// `POST restore`.
pub(in super::super) fn restore(desk: &Desk, wanted_version: &RestoredVersion) -> Result<Answer, Refusal> {
    let path = site_path(&wanted_version.path)?;
    let bytes = {
        let mut kept = desk.kept.lock();
        kept.refuse_held(&path)?;
        let (version, _) = wanted(&kept, &wanted_version.id)?;
        let is_own = kept.history.lineage(&path).contains(&&version);
        let content = version.content.filter(|_| is_own).ok_or_else(Refusal::bad_request)?;
        let bytes = kept.history.bytes(content).ok_or_else(|| Refusal::not_found("这个旧版本"))?;
        let old = desk.files.read(&path)?;
        kept.write(&desk.files, &FileChange::new(path.clone(), old, Some(bytes.clone())), "恢复了旧版本")?;
        bytes
    };
    desk.show(path, None)?;
    Ok(json!({ "hash": ContentHash::of(&bytes).to_string() }).into())
}

/// `GET deleted`.
pub(in super::super) fn deleted(desk: &Desk) -> Result<Answer, Refusal> {
    let mut kept = desk.kept.lock();
    kept.history.refresh().map_err(|error| Refusal::disk(&error))?;
    // A text whose file went while it was typed is a page that can come back.
    for unsaved in kept.unsaved.all().map_err(|error| Refusal::disk(&error))? {
        if matches!(desk.files.read(&unsaved.path), Ok(None)) {
            kept.keep_unsaved(&unsaved.path, None, "没有保存的字")?;
            kept.drop_unsaved(&unsaved.path)?;
        }
    }
    let last: Vec<Version> = kept.history.last_versions().into_values().cloned().collect();
    let mut out = Vec::new();
    for version in last.into_iter().filter(|version| version.moved_to.is_none() && is_page_source(&version.path)) {
        // A page that moved is where it went to.
        if !matches!(desk.files.read(&version.path), Ok(None)) {
            continue;
        }
        let content = kept.history.versions_of(&version.path).find(|version| version.content.is_some());
        let Some((content, text)) = content.and_then(|content| Some((content, text_of(&kept, content)?))) else {
            continue;
        };
        let title = texts_of(&version.path, &text, "title").into_iter().next();
        out.push(json!({
            "path": version.path,
            "title": title.unwrap_or_else(|| version.path.name().to_string()),
            "at": version.at,
            "id": content.id(),
            "note": version.note,
        }));
    }
    out.sort_by(|a, b| b["at"].as_str().cmp(&a["at"].as_str()));
    Ok(Json::from(out).into())
}
