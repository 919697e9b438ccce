//! Reads and updates `content/events.lock.yaml`, which records the UID and revision of each event in iCalendar files.
//!
//! Input: the text of the lock file, and the current events. Output: an [`EventLock`] and its differences. Only the
//! command that records events writes the file; builds only read it. Does not access the disk.

use std::collections::BTreeMap;

use jiff::civil::Date;

use puzhi_core::base::{ContentHash, Span};
use puzhi_core::diag::codes::events as code;
use puzhi_core::diag::{Diagnostic, Lang, SourceText};
use puzhi_core::kinds::Event;
use puzhi_core::yaml::{Field, MappingReader, Type, parse_mapping};

/// The recorded events, by [`event_key`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EventLock {
    /// All events that were ever recorded.
    pub entries: BTreeMap<String, LockEntry>,
}

/// One recorded event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockEntry {
    /// UID (RFC 5545). It never changes while the event exists.
    pub uid: String,
    /// SEQUENCE (RFC 5545): how often time, place or status changed since the first recording.
    pub sequence: u32,
    /// Day on which the last change was recorded.
    pub changed: Date,
    /// Fingerprint of time, place and status ([`event_fingerprint`]).
    pub hash: String,
    /// Day on which the event was found to be removed from the content. The entry is kept, so that SEQUENCE continues
    /// if the same id is used again.
    pub gone: Option<Date>,
}

/// The current state of an event, to be compared with the lock file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventSnapshot {
    /// Key of the event ([`event_key`]).
    pub key: String,
    /// Key of the event without its id ([`event_path_key`]), under which it may have been recorded before it got an
    /// id.
    pub path_key: String,
    /// UID that the event gets if it is not recorded yet.
    pub uid: String,
    /// Fingerprint of the current state ([`event_fingerprint`]).
    pub hash: String,
}

/// A difference between the events and the lock file. The value is the key of the event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LockChange {
    /// The event is not in the lock file.
    New(String),
    /// Time, place or status changed.
    Changed(String),
    /// The event got an id. It keeps its UID.
    Named(String),
    /// The event was removed from the content.
    Gone(String),
}

const LOCK_FIELDS: &[Field] = &[
    Field::new("version", "version", Type::Integer(1, 1), "格式", "the form"),
    Field::new("events", "events", Type::Maps(ENTRY_FIELDS), "活动", "the events"),
];

const ENTRY_FIELDS: &[Field] = &[
    Field::new("id", "id", Type::Text, "编号", "the event's id"),
    Field::new("uid", "uid", Type::Text, "日历里的编号", "its UID"),
    Field::new("sequence", "sequence", Type::Integer(0, i32::MAX as i64), "改过几次", "its revision"),
    Field::new("changed", "changed", Type::Date, "哪天改的", "when it last changed"),
    Field::new("hash", "hash", Type::Text, "时间、地点、状态的指纹", "of time, place and status"),
    Field::new("gone", "gone", Type::Date, "哪天不见的", "since when it is gone"),
];

/// Key of an event: its id, else the key made from its path (without language suffix and extension).
pub fn event_key(id: Option<&str>, path: &str) -> String {
    id.map_or_else(|| event_path_key(path), str::to_string)
}

/// Key of an event without id. It contains a colon, which ids cannot contain, so that the two kinds of keys never
/// collide.
pub fn event_path_key(path: &str) -> String {
    format!("path:{path}")
}

/// Fingerprint of time, place and status. The time zone is included only for events with a time of day, because
/// all-day events do not depend on it.
pub fn event_fingerprint(event: &Event, zone: &str) -> String {
    let moment = |m: Option<puzhi_core::base::DateOrDateTime>| m.map(|m| m.iso()).unwrap_or_default();
    let words = |w: &Option<String>| w.clone().unwrap_or_default();
    let zone = if event.all_day { "" } else { zone };
    let facts = format!(
        "{zone}{}\n{}\n{}\n{}\n{:?}\n{}\n{}\n{}\n{:?}",
        moment(event.start),
        moment(event.end),
        event.all_day,
        event.yearly,
        event.except,
        words(&event.place),
        words(&event.address),
        words(&event.street),
        event.status,
    );
    ContentHash::of(facts.as_bytes()).short(16)
}

impl EventLock {
    /// The entry of an event and its key, also if it was recorded before the event got an id.
    pub fn find(&self, key: &str, path_key: &str) -> Option<(&str, &LockEntry)> {
        [key, path_key].into_iter().find_map(|k| self.entries.get_key_value(k)).map(|(k, locked)| (k.as_str(), locked))
    }

    /// The lock file after `events` are recorded on `today`, and the changes this makes.
    pub fn record(&self, events: &[EventSnapshot], today: Date) -> (EventLock, Vec<LockChange>) {
        let mut next = EventLock::default();
        let mut changes = Vec::new();
        let mut used = Vec::new();
        for event in events {
            let locked = match self.find(&event.key, &event.path_key) {
                None => {
                    changes.push(LockChange::New(event.key.clone()));
                    LockEntry {
                        uid: event.uid.clone(),
                        sequence: 0,
                        changed: today,
                        hash: event.hash.clone(),
                        gone: None,
                    }
                }
                Some((key, known)) => {
                    used.push(key);
                    if known.hash != event.hash || known.gone.is_some() {
                        changes.push(LockChange::Changed(event.key.clone()));
                        let sequence = known.sequence.saturating_add(1);
                        LockEntry {
                            uid: known.uid.clone(),
                            sequence,
                            changed: today,
                            hash: event.hash.clone(),
                            gone: None,
                        }
                    } else {
                        if key != event.key {
                            changes.push(LockChange::Named(event.key.clone()));
                        }
                        known.clone()
                    }
                }
            };
            next.entries.insert(event.key.clone(), locked);
        }
        for (key, known) in self.entries.iter().filter(|(key, _)| !used.contains(&key.as_str())) {
            if next.entries.contains_key(key) {
                continue;
            }
            if known.gone.is_none() {
                changes.push(LockChange::Gone(key.clone()));
            }
            next.entries.insert(key.clone(), LockEntry { gone: known.gone.or(Some(today)), ..known.clone() });
        }
        (next, changes)
    }

    /// The text of the lock file.
    pub fn to_yaml(&self) -> String {
        let mut out = String::from(
            "# 由 puzhi events record 写成，和内容一起保存，不要手工改。\n\
             # Written by `puzhi events record`. Keep it with the content; do not edit it.\nversion: 1\n",
        );
        if self.entries.is_empty() {
            out.push_str("events: []\n");
            return out;
        }
        out.push_str("events:\n");
        let quoted = |text: &str| serde_json::Value::from(text).to_string();
        for (key, e) in &self.entries {
            out.push_str(&format!("  - id: {}\n    uid: {}\n", quoted(key), quoted(&e.uid)));
            out.push_str(&format!(
                "    sequence: {}\n    changed: {}\n    hash: {}\n",
                e.sequence,
                e.changed,
                quoted(&e.hash)
            ));
            if let Some(gone) = e.gone {
                out.push_str(&format!("    gone: {gone}\n"));
            }
        }
        out
    }
}

/// Reads the lock file. If the text is not in the form that [`EventLock::to_yaml`] writes, there is exactly one
/// error, at the first deviation.
pub fn read_lock(source: &SourceText<'_>) -> (EventLock, Vec<Diagnostic>) {
    let (mapping, mut diags) = parse_mapping(source, Span::new(0, source.text.len()));
    let mut lock = EventLock::default();
    let mut fields = MappingReader::new(source, &mapping, LOCK_FIELDS, &mut diags);
    fields.require("version", LOCK_FIELDS);
    let _ = fields.integer("version");
    let mut twice = None;
    let entries = fields.maps("events", |f| {
        for key in ["id", "uid", "sequence", "changed", "hash"] {
            f.require(key, ENTRY_FIELDS);
        }
        let sequence = f.integer("sequence").and_then(|n| u32::try_from(n).ok());
        let (uid, changed, hash) = (f.text("uid"), f.date("changed"), f.text("hash"));
        let gone = f.date("gone").map(|m| m.date);
        let id = f.spanned_text("id")?;
        Some((id, LockEntry { uid: uid?, sequence: sequence?, changed: changed?.date, hash: hash?, gone }))
    });
    for (id, locked) in entries {
        if lock.entries.insert(id.value.clone(), locked).is_some() {
            twice.get_or_insert(id);
        }
    }
    let invalid = |zh: &str, en: &str| Diagnostic::new(&code::LOCK_INVALID).arg("cause_zh", zh).arg("cause_en", en);
    let found = match (diags.into_iter().next(), twice) {
        (Some(first), _) => {
            let mut diag = invalid(&first.message(Lang::Zh), &first.message(Lang::En)).file(source.file);
            (diag.position, diag.excerpt) = (first.position, first.excerpt);
            Some(diag)
        }
        (None, Some(id)) => {
            let (zh, en) =
                (format!("编号“{}”写了两次", id.value), format!("the id \"{}\" stands there twice", id.value));
            Some(invalid(&zh, &en).at(source, id.span))
        }
        (None, None) => None,
    };
    (lock, found.into_iter().collect())
}

/// One diagnostic that lists up to five differences; `None` if there are none.
pub fn changes_diagnostic(changes: &[LockChange]) -> Option<Diagnostic> {
    const MAX_LISTED: usize = 5;
    if changes.is_empty() {
        return None;
    }
    let said = |words: [&str; 4]| {
        let one = |c: &LockChange| match c {
            LockChange::New(key) => format!("{} {}", words[0], display_key(key)),
            LockChange::Changed(key) => format!("{} {}", words[1], display_key(key)),
            LockChange::Named(key) => format!("{} {}", words[2], display_key(key)),
            LockChange::Gone(key) => format!("{} {}", words[3], display_key(key)),
        };
        let more = changes.len().saturating_sub(MAX_LISTED);
        let mut list: Vec<String> = changes.iter().take(MAX_LISTED).map(one).collect();
        if more > 0 {
            list.push(format!("+{more}"));
        }
        list
    };
    let zh = said(["新增", "改动", "有了编号", "不见了"]).join("、");
    let en = said(["new", "changed", "got an id:", "gone"]).join(", ");
    Some(Diagnostic::new(&code::EVENTS_CHANGED).arg("what_zh", zh).arg("what_en", en))
}

/// A key as shown in messages: the id, or the path without the prefix.
pub fn display_key(key: &str) -> &str {
    key.strip_prefix("path:").unwrap_or(key)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use puzhi_core::base::SitePath;

    fn event(key: &str, hash: &str) -> EventSnapshot {
        EventSnapshot {
            key: key.into(),
            path_key: format!("path:events/{key}"),
            uid: format!("{key}@a.cn"),
            hash: hash.into(),
        }
    }

    fn read(text: &str) -> (EventLock, Vec<Diagnostic>) {
        let path = SitePath::new("content/events.lock.yaml").unwrap();
        read_lock(&SourceText::new(&path, text))
    }

    #[test]
    fn a_change_increments_the_sequence_once_and_keeps_the_uid() {
        let days = [date(2026, 1, 1), date(2026, 2, 2), date(2026, 3, 3)];
        let (first, changes) = EventLock::default().record(&[event("a", "1"), event("b", "1")], days[0]);
        assert_eq!(changes, [LockChange::New("a".into()), LockChange::New("b".into())]);
        let (same, changes) = first.record(&[event("a", "1"), event("b", "1")], days[1]);
        assert_eq!((&same, changes.len()), (&first, 0));
        let (second, _) =
            same.record(&[EventSnapshot { uid: "a@b.cn".into(), ..event("a", "2") }, event("b", "1")], days[1]);
        let a = &second.entries["a"];
        assert_eq!((a.sequence, a.changed, a.uid.as_str()), (1, days[1], "a@a.cn"));
        assert_eq!(second.record(&[event("a", "2"), event("b", "1")], days[2]).0, second);
        assert_eq!(read(&second.to_yaml()), (second, Vec::new()));
    }

    #[test]
    fn removed_events_stay_and_new_ids_keep_the_uid() {
        let unnamed = EventSnapshot {
            key: "path:events/a".into(),
            path_key: "path:events/a".into(),
            uid: "events/a@a.cn".into(),
            hash: "1".into(),
        };
        let (lock, _) = EventLock::default().record(&[unnamed], date(2026, 1, 1));
        let (named, changes) = lock.record(&[event("a", "1")], date(2026, 1, 2));
        assert_eq!((changes, named.entries.len()), (vec![LockChange::Named("a".into())], 1));
        assert_eq!(named.entries["a"].uid, "events/a@a.cn");
        let (gone, changes) = named.record(&[], date(2026, 1, 3));
        assert_eq!((changes, gone.entries["a"].gone), (vec![LockChange::Gone("a".into())], Some(date(2026, 1, 3))));
        assert_eq!(gone.record(&[], date(2026, 1, 4)), (gone.clone(), Vec::new()));
        assert_eq!(read(&gone.to_yaml()).0, gone);
        assert_eq!(gone.record(&[event("a", "1")], date(2026, 1, 5)).0.entries["a"].sequence, 1);
    }

    #[test]
    fn hand_edited_lock_file_is_one_error() {
        for bad in [
            "events: []\n",
            "version: 2\nevents: []\n",
            "version: 1\nevents:\n  - id: a\n",
            "<<<<<<< HEAD\nversion: 1\n",
            "version: 1\nmore: 1\n",
        ] {
            let (_, diags) = read(bad);
            assert_eq!(diags.len(), 1, "{bad}");
            assert_eq!(diags[0].code.name, "lock-invalid", "{bad}");
        }
        let entry = "  - id: a\n    uid: a\n    sequence: 0\n    changed: 2026-01-01\n    hash: x\n";
        assert_eq!(read(&format!("version: 1\nevents:\n{entry}")).1, []);
        assert_eq!(read(&format!("version: 1\nevents:\n{entry}{entry}")).1[0].position.unwrap().line, 8);
    }
}
