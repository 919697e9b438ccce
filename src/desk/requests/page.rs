//! Requests about the text of one file: reading it, typing, saving, dropping what was typed, and its front matter as a form.

use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::super::Desk;
use super::super::answer::{Answer, Refusal, site_path};
use super::super::clock::now;
use super::super::files::{TextFile, TextForm};
use super::super::form::{fields_of, with_tables};
use super::super::front_matter::{FieldChange, change_fields};
use super::super::http::MAX_TEXT_BODY;
use super::super::merge::merge;
use super::super::offsets::Utf16Offsets;
use super::super::plan::FileChange;
use super::super::shown::{self, findings, shown_findings};
use crate::history::{Author, UnsavedFile};
use crate::source::is_page_source;
use puzhi_core::base::{ContentHash, SitePath};

/// A text that somebody typed.
#[derive(Debug, Deserialize)]
pub(in super::super) struct TypedText {
    path: String,
    text: String,
    /// Hash of the file as it was when the text was opened or last saved; none for a file that was not there.
    base_hash: Option<String>,
    /// Number of the draft, which the answer repeats.
    #[serde(default)]
    sequence: u64,
}

impl TypedText {
    fn base(&self) -> Option<ContentHash> {
        self.base_hash.as_deref().and_then(ContentHash::parse)
    }
}

/// A request that names a file.
#[derive(Debug, Deserialize)]
pub(in super::super) struct NamedFile {
    path: String,
}

/// A request that names a file, or none.
#[derive(Debug, Deserialize)]
pub(in super::super) struct OpenFile {
    path: Option<String>,
}

/// New values of front matter.
#[derive(Debug, Deserialize)]
pub(in super::super) struct FormChanges {
    path: String,
    text: String,
    changes: Vec<FieldChange>,
}

/// `GET page`.
pub(in super::super) fn page(desk: &Desk, path: &SitePath) -> Result<Answer, Refusal> {
    let bytes = desk.files.read(path)?;
    let gone = || Refusal::new(404, "no-page", "找不到这一页").hint("它可能刚被改名或删除");
    let bytes = bytes.ok_or_else(gone)?;
    if bytes.len() > MAX_TEXT_BODY {
        return Err(Refusal::new(413, "too-large", "这个文件太大了，在这里打不开").hint("用别的程序改它"));
    }
    let file = TextFile::of(path, &bytes)?;
    let (recovered, read_only) = {
        let mut kept = desk.kept.lock();
        // What others changed on the disk is a version, and what a later merge starts from.
        kept.keep(path, Some(&bytes), Author::Disk, "")?;
        let (unsaved, holder) = (kept.open_file(path), kept.holder(path));
        // While another desk has the page, the unsaved text is what its person is typing.
        (unsaved.filter(|unsaved| unsaved.text != file.text && holder.is_none()), holder)
    };
    // Findings and fields are those of the text on the disk until a draft is sent.
    desk.show(path.clone(), None)?;
    let mut out = described(desk, path, &file.text)?;
    out["text"] = json!(file.text);
    out["hash"] = json!(file.hash.to_string());
    out["recovered"] = json!(recovered.map(|unsaved| json!({
        "text": unsaved.text,
        "at": unsaved.at,
        "base_hash": unsaved.base.map(|base| base.to_string()),
    })));
    out["read_only"] = json!(read_only.map(|other| json!({ "by": other.by, "since": other.since })));
    Ok(out.into())
}

/// What is known of a text: findings, fields, state.
fn described(desk: &Desk, path: &SitePath, text: &str) -> Result<Json, Refusal> {
    let (of, text) = (path.clone(), text.to_string());
    desk.ask(move |session| {
        let row = shown::page(session, &of).filter(|_| is_page_source(&of));
        let found = findings(session).remove(&Some(of.clone())).unwrap_or_default();
        let form = session.shown().map(|site| fields_of(&site, &of, &text));
        // A file that is no page, such as the settings, has a name alone.
        let mut out = json!({ "path": of, "title": of.name(), "kind": null, "state": null, "url": null });
        out["diagnostics"] = json!(shown_findings(&found, &text));
        if let (Some(out), Ok(Json::Object(row))) = (out.as_object_mut(), serde_json::to_value(row)) {
            out.extend(row);
        }
        if let (Some(out), Some(Json::Object(form))) = (out.as_object_mut(), form) {
            out.extend(form);
        }
        out
    })
}

/// `POST draft`.
pub(in super::super) fn draft(desk: &Desk, typed: &TypedText) -> Result<Answer, Refusal> {
    let path = site_path(&typed.path)?;
    // A text whose file is gone is kept all the same.
    let form = match desk.files.read(&path)? {
        Some(bytes) => TextFile::of(&path, &bytes)?.form,
        None => TextForm::default(),
    };
    desk.kept.lock().refuse_held(&path)?;
    // The preview is made while the disk is at work.
    let shown = desk.begin_to_show(path.clone(), Some(form.bytes(&typed.text)))?;
    let unsaved = UnsavedFile { path: path.clone(), text: typed.text.clone(), base: typed.base(), at: now() };
    desk.kept.lock().type_text(&unsaved)?;
    if !shown.wait() {
        return Err(Refusal::ended());
    }
    let mut out = described(desk, &path, &typed.text)?;
    out["sequence"] = json!(typed.sequence);
    Ok(out.into())
}

/// `POST save`.
pub(in super::super) fn save(desk: &Desk, typed: &TypedText) -> Result<Answer, Refusal> {
    let path = site_path(&typed.path)?;
    let (bytes, version, notice) = {
        let mut kept = desk.kept.lock();
        kept.refuse_held(&path)?;
        let old = desk.files.read(&path)?;
        let form = match &old {
            Some(old) => TextFile::of(&path, old)?.form,
            None => TextForm::default(),
        };
        let bytes = form.bytes(&typed.text);
        let is_done = old.as_ref() == Some(&bytes);
        if old.as_deref().map(ContentHash::of) != typed.base() && !is_done {
            let base = typed.base().and_then(|base| kept.history.bytes(base));
            return Err(changed_on_disk(&path, typed, base, old));
        }
        let version = kept.write(&desk.files, &FileChange::new(path.clone(), old, Some(bytes.clone())), "")?;
        (bytes, version, form.notice(&typed.text))
    };
    desk.show(path.clone(), None)?;
    let mut out = described(desk, &path, &typed.text)?;
    out["hash"] = json!(ContentHash::of(&bytes).to_string());
    out["version_id"] = json!(version);
    out["notice"] = json!(notice);
    Ok(out.into())
}

/// That somebody else has changed the file, with both texts in one.
fn changed_on_disk(path: &SitePath, typed: &TypedText, base: Option<Vec<u8>>, theirs: Option<Vec<u8>>) -> Refusal {
    let text = |bytes: Option<Vec<u8>>| bytes.and_then(|bytes| TextFile::of(path, &bytes).ok());
    let (base, theirs) = (text(base), text(theirs));
    let refusal = Refusal::new(
        409,
        "changed-on-disk",
        match &theirs {
            Some(_) => "您打开以后，别人改过这一页，两边的字都在",
            None => "您打开以后，这一页被删掉或改了名，您写的字还在",
        },
    );
    let Some(theirs) = theirs else { return refusal.with("theirs", Json::Null).with("merged", Json::Null) };
    let merged = merge(base.as_ref().map_or("", |base| &base.text), &typed.text, &theirs.text);
    let offsets = Utf16Offsets::new(&merged.text);
    let conflicts: Vec<Json> = merged
        .conflicts
        .iter()
        .map(|conflict| {
            let (from, to) = (offsets.unit(conflict.place.start), offsets.unit(conflict.place.end));
            json!({ "from": from, "to": to, "mine": conflict.mine, "theirs": conflict.theirs })
        })
        .collect();
    refusal
        .with("theirs", json!({ "text": theirs.text, "hash": theirs.hash.to_string() }))
        .with("merged", json!({ "text": merged.text, "conflicts": conflicts }))
}

/// `POST discard`.
pub(in super::super) fn discard(desk: &Desk, named: &NamedFile) -> Result<Answer, Refusal> {
    let path = site_path(&named.path)?;
    {
        let mut kept = desk.kept.lock();
        kept.refuse_held(&path)?;
        // What was dropped by mistake is among the versions.
        let disk = desk.files.read(&path)?;
        kept.keep_unsaved(&path, disk.as_deref(), "没有保存就放弃的字")?;
        if disk.is_some() {
            kept.keep(&path, disk.as_deref(), Author::Disk, "放弃以后的样子")?;
        }
        kept.drop_unsaved(&path)?;
    }
    desk.show(path, None)?;
    Ok(json!({}).into())
}

/// `POST open`.
pub(in super::super) fn open(desk: &Desk, open: &OpenFile) -> Result<Answer, Refusal> {
    let path = open.path.as_deref().map(site_path).transpose()?;
    let mut kept = desk.kept.lock();
    kept.set_open(path.clone())?;
    let holder = path.and_then(|path| kept.holder(&path));
    Ok(json!({ "read_only": holder.map(|other| json!({ "by": other.by, "since": other.since })) }).into())
}

/// `POST front-matter`.
pub(in super::super) fn front_matter(desk: &Desk, form: FormChanges) -> Result<Answer, Refusal> {
    let path = site_path(&form.path)?;
    let FormChanges { text, changes, .. } = form;
    let changed = desk.ask(move |session| {
        let site = session.shown()?;
        let changed = with_tables(&site, &path, &text, |tables| {
            change_fields(&text, &changes, tables).map_err(|unchangeable| {
                let field = tables.iter().copied().flatten().find(|field| field.key == unchangeable.key);
                field.map_or(unchangeable.key, |field| field.zh.to_string())
            })
        });
        Some(changed.map(|text| {
            let mut out = fields_of(&site, &path, &text);
            out["text"] = json!(text);
            out
        }))
    })?;
    let changed = changed.ok_or_else(|| Refusal::new(409, "no-site", "站点设置有错误，先改好 site.yaml"))?;
    let out = changed.map_err(|label| {
        Refusal::new(409, "unchangeable", format!("“{label}”写了两次，或者写法特别，在这里改不了"))
            .hint("点“看源文”，在那里改")
    })?;
    Ok(out.into())
}
