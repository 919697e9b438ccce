//! Events and their lock file.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::calendar::{self, EventLock, RecordOutcome};
use crate::catalog::{self, PageId, PageRole};
use crate::pipeline::docs::ContentPage;
use crate::settings::Settings;
use crate::source::{EVENTS_LOCK_FILE, FileSnapshot};
use puzhi_core::base::SitePath;
use puzhi_core::diag::{Diagnostic, SourceText};

/// The lock file, if there is one. One that cannot be understood counts as empty, which its error makes harmless.
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

/// Holds the events against the lock file. Where content has errors, events may be other than they were meant; nothing is said
/// then. Without a lock file only sessions need one.
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
