//! Requests to hand the site over: it is built as it lies on the disk, and packed with a list of what changed.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::super::Desk;
use super::super::answer::{Answer, Refusal};
use super::super::clock::now;
use super::super::files::RecordFile;
use super::super::hand_over::{HandedOver, MadeZip, zip as packed};
use super::super::shown::shown_findings;
use crate::outputs::OutputPlan;
use crate::pipeline::{BuildInput, Options, build_over, prepare, released_now};
use crate::releases::record;
use crate::settings;
use crate::source::{EVENTS_LOCK_FILE, RELEASES_LOCK_FILE, SETTINGS_FILE, read_settings_text, scan};
use crate::view::Views;
use puzhi_core::base::{ContentHash, DateOrDateTime, SitePath};
use puzhi_core::diag::{Diagnostic, SourceText, codes};

/// `POST hand-over`.
pub(in super::super) fn hand_over(desk: &Desk) -> Result<Answer, Refusal> {
    let root = desk.files.root();
    let failed = |diags: &[Diagnostic]| {
        let errors: Vec<Diagnostic> = diags.iter().filter(|diag| diag.is_error()).cloned().collect();
        Answer::from(json!({ "zip": null, "errors": shown_in_files(desk, &errors) }))
    };
    let (text, _) = match read_settings_text(root) {
        Ok(read) => read,
        Err(diag) => return Ok(failed(&[diag])),
    };
    let path = SitePath::new(SETTINGS_FILE).map_err(|_| Refusal::bad_request())?;
    let (settings, mut found) = settings::read(&SourceText::new(&path, &text));
    if found.iter().any(Diagnostic::is_error) {
        return Ok(failed(&found));
    }
    let clock = desk.today(&settings)?;
    let (files, more) = scan(root, &settings.theme);
    found.extend(more);
    let (files, settings, options) = (Arc::new(files), Arc::new(settings), Options::default());
    let input = BuildInput {
        files: Arc::clone(&files),
        found: found.clone(),
        settings: Arc::clone(&settings),
        clock: clock.clone(),
        options: &options,
        progress: &|_, _| {},
    };
    let built = build_over(input, None, Default::default());
    if built.report.diags.iter().any(Diagnostic::is_error) {
        return Ok(failed(&built.report.diags));
    }
    let prepared = prepare(&files, found, &settings, clock, &options);
    let Some((views, plan)) = &prepared.site else { return Ok(failed(&prepared.diags)) };
    let moment = now().to_zoned(settings.zone.clone());
    let at = moment.strftime("%Y年%-m月%-d日 %H:%M").to_string();
    let handed = HandedOver::of(views.site.untracked(), &built.files, at.clone());
    let before = desk.files.handed_over();
    let changes = handed.changes_since(before.as_ref());
    let title = settings.languages.first().map(|language| language.title.as_str()).unwrap_or_default();
    let since = before.as_ref().map(|before| format!("（和 {} 那一次比）", before.at)).unwrap_or_default();
    let list = format!("{title}\n{at} 交付{since}\n\n{}\n", changes.join("\n"));
    let zip = packed(&built.files, &list).map_err(|error| Refusal::disk(&error))?;
    let id = ContentHash::of(&zip).short(16);
    let name = format!("{}-{}.zip", puzhi_core::base::slugify(title), moment.strftime("%Y%m%d-%H%M"));
    // Pages in which something is still to be filled in.
    let placeholder = |diag: &&Diagnostic| *diag.code == codes::source::PLACEHOLDER_LEFT;
    let unfinished: Vec<Diagnostic> = built.report.diags.iter().filter(placeholder).cloned().collect();
    // An address that readers know must not go without a word: it stays in the log until it leads somewhere.
    let is_lost = |diag: &&Diagnostic| *diag.code == codes::releases::ADDRESS_LOST;
    let lost: Vec<Diagnostic> = built.report.diags.iter().filter(is_lost).cloned().collect();
    let records = records(desk, views, plan, lost.is_empty());
    let out = json!({
        "zip": format!("/api/hand-over/{id}.zip"),
        "name": name,
        "files": built.files.len(),
        "bytes": zip.len(),
        "changes": changes,
        "since": before.map(|before| before.at),
        "warnings": built.report.diags.iter().filter(|diag| diag.severity == puzhi_core::diag::Severity::Warning).count(),
        "unfinished": shown_in_files(desk, &unfinished),
        "lost": shown_in_files(desk, &lost),
        "errors": Json::Array(Vec::new()),
    });
    desk.kept.lock().zip = Some(MadeZip { name: format!("{id}.zip"), bytes: zip, handed, records });
    Ok(out.into())
}

/// What `puzhi events record` and `puzhi release record` would write for this site. The log of published addresses is left as it is
/// while one of them is lost.
fn records(desk: &Desk, views: &Views, plan: &OutputPlan, with_releases: bool) -> Vec<RecordFile> {
    let data = views.site.untracked();
    let mut records = Vec::new();
    let mut add = |path: &'static str, after: String| {
        records.push(RecordFile { path, before: desk.files.read_record(path), after });
    };
    if !data.record.changes.is_empty() {
        add(EVENTS_LOCK_FILE, data.record.lock.to_yaml());
    }
    if with_releases {
        let minute = jiff::civil::Time::new(data.clock.time.hour(), data.clock.time.minute(), 0, 0).ok();
        let at = DateOrDateTime { date: data.clock.today, time: minute };
        let next = record(&data.releases, &released_now(views, plan), &BTreeSet::new(), at);
        if next != *data.releases {
            add(RELEASES_LOCK_FILE, next.to_yaml());
        }
    }
    records
}

/// Findings of several files, each with its place in the text of its file.
fn shown_in_files(desk: &Desk, diags: &[Diagnostic]) -> Vec<Json> {
    let shown = |diag: &Diagnostic| {
        let text = diag.file.as_ref().and_then(|path| desk.text_file(path).ok()).map(|file| file.text);
        shown_findings(std::slice::from_ref(diag), text.as_deref().unwrap_or_default())
    };
    diags.iter().flat_map(shown).collect()
}

/// `GET hand-over/ID.zip`. Once it is fetched it is what the next list begins from, and its events and addresses are recorded.
pub(in super::super) fn zip(desk: &Desk, name: &str) -> Result<Answer, Refusal> {
    let name = name.trim_start_matches("hand-over/");
    let kept = desk.kept.lock();
    let made = kept.zip.as_ref().filter(|made| made.name == name);
    let made = made.ok_or_else(|| Refusal::not_found("这个文件").hint("重新交付一次"))?;
    desk.files.set_handed_over(&made.handed)?;
    made.records.iter().try_for_each(|record| desk.files.write_record(record))?;
    Ok(Answer::File { name: name.to_string(), mime: "application/zip", bytes: made.bytes.clone() })
}
