//! Reads the events lock file and compares the events with it. In: files and pages. Out: the lock, its differences, and findings. Writes
//! no file.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::calendar::{self, EventLock, RecordOutcome};
use crate::catalog::{self, PageId, PageRole};
use crate::pipeline::docs::ContentPage;
use crate::settings::Settings;
use crate::source::{EVENTS_LOCK_FILE, FileSnapshot};
use puzhi_core::base::SitePath;
use puzhi_core::diag::{Diagnostic, SourceText};

/// The lock file, if there is one. A file that cannot be read counts as empty; its error keeps the build from using that.
pub(super) fn read_lock(files: &FileSnapshot, settings: &Settings, diags: &mut Vec<Diagnostic>) -> Option<EventLock> {
    let path = SitePath::new(EVENTS_LOCK_FILE).ok().filter(|path| files.contains(path))?;
    match files.read_text(&path, settings.limits.data, "data") {
        Ok((source, warning)) => {
            let (lock, found) = calendar::read_lock(&SourceText::new(&path, &source.text));
            diags.extend(warning);
            diags.extend(found);
            Some(lock)
        }
        Err(diag) => {
            diags.push(diag);
            Some(EventLock::default())
        }
    }
}

/// Compares the events with the lock file. If content has errors, events may be wrong too, so differences are not reported. Without a lock
/// file, differences are reported only if there are sessions.
pub(super) fn record_events<'d>(
    pages: impl Iterator<Item = &'d ContentPage>,
    lock: &Option<EventLock>,
    settings: &Settings,
    today: Date,
    diags: &mut Vec<Diagnostic>,
) -> RecordOutcome {
    let events: Vec<calendar::RecordedEvent<'_>> = pages
        .filter_map(|page| match page.meta.event() {
            Some(event) if page.meta.role == PageRole::Page && !page.meta.draft && !page.meta.sample => {
                Some(calendar::RecordedEvent { event, path: &page.place.key, lang: page.place.lang })
            }
            _ => None,
        })
        .collect();
    let sessions = events.iter().any(|e| !e.event.yearly && e.event.start.is_some());
    let record = calendar::record(events, lock.as_ref().unwrap_or(&EventLock::default()), settings, today);
    let sound = !diags.iter().any(Diagnostic::is_error);
    if let Some(diag) = calendar::changes_diagnostic(&record.changes).filter(|_| sound && (lock.is_some() || sessions))
    {
        diags.push(match SitePath::new(EVENTS_LOCK_FILE) {
            Ok(path) if lock.is_some() => diag.file(&path),
            _ => diag,
        });
    }
    record
}

/// Pages of events by id and language.
pub(super) fn event_ids(catalog: &catalog::Catalog) -> BTreeMap<(String, usize), PageId> {
    let ids = catalog.page_ids().filter_map(|page| {
        let meta = catalog.page(page);
        Some(((meta.event()?.id.as_ref()?.value.clone(), meta.lang), page))
    });
    ids.collect()
}
