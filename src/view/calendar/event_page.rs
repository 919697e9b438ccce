//! What an event's own page shows besides its facts (registration, evidence, sessions, JSON-LD), and the texts of an
//! event for iCalendar files. In: an event page. Out: [`EventPageView`] and texts. Knows no file format but schema.org
//! JSON-LD.

use serde_json::{Map, Value as Json, json};

use crate::calendar::{Calendar, CalendarScope, Occurrence, occurrence};
use crate::catalog::PageId;
use puzhi_core::base::{DateOrDateTime, PhoneText, dial_form, escape_json_in_script, is_bare_number};
use puzhi_core::kinds::{Event, EventStatus};

use super::model::{EventPageView, EvidenceView, OccurrenceView, PhoneView, RegistrationView};
use crate::view::model::ImageView;
use crate::view::pages::cards::image_view;
use crate::view::site::{ResolvedLink, with_anchor};
use crate::view::tracking::facets::EventPage;
use crate::view::tracking::site::Site;

impl Site {
    /// The data of an event's page; `None` for other kinds.
    pub(in crate::view) fn event_page(&self, id: PageId) -> Option<EventPageView> {
        let agenda = self.agenda();
        let own = agenda.event(id)?;
        let EventPage { meta, event, references: visible, .. } = own;
        let all = agenda.schedule().find(CalendarScope::All, meta.lang);
        let listed = all.is_some_and(|c| c.events.contains(&id));
        let open = event.status != EventStatus::Cancelled && !agenda.day_of(own).past;
        let evidence = event.evidence.iter().enumerate().map(|(i, e)| EvidenceView {
            photo: visible.photos.get(i).cloned().flatten().map(|to| ImageView {
                alt: e
                    .note
                    .clone()
                    .unwrap_or_else(|| self.word(meta.lang, "evidence_photo").replace("{title}", &meta.title)),
                caption: e.note.clone(),
                ..ImageView::of(&to)
            }),
            sign_in: e.sign_in,
            confirmed_by: e.confirmed_by.clone(),
            note: e.note.clone(),
        });
        Some(EventPageView {
            subscribe: (listed && open).then(|| self.subscribe(&meta.route, "event.ics", meta.lang)),
            all: all.filter(|_| agenda.has_pages()).map(|c| self.settings().href(&c.route)),
            ld_html: listed.then(|| self.event_ld(own)),
            registration: registration(own).filter(|_| open),
            evidence: evidence.collect(),
            of: visible.of.as_ref().and_then(|path| own.page_at(path)).map(|page| self.link(page)),
            sessions: self.sessions_of(own, all),
        })
    }

    /// Listed events that name this one in `of`, newest first.
    fn sessions_of(&self, event: EventPage<'_>, all: Option<&Calendar>) -> Vec<OccurrenceView> {
        const MAX_ROWS: usize = 100;
        let agenda = self.agenda();
        let path = &event.meta.path;
        let others = all.into_iter().flat_map(|all| all.events.iter().rev()).filter_map(|other| agenda.event(*other));
        let own = others.filter(|other| other.meta.path != *path && other.references.of.as_ref() == Some(path));
        own.take(MAX_ROWS)
            .filter_map(|other| {
                let (first, last) = other.event.span()?;
                Some(self.occurrence(other, Occurrence { first, last }, event.meta.lang))
            })
            .collect()
    }

    /// The event as schema.org Event in JSON-LD. A yearly observance gives its next occurrence and a schedule.
    fn event_ld(&self, page: EventPage<'_>) -> String {
        let EventPage { meta, event, references, .. } = page;
        let zone = &self.settings().zone;
        let mut ld = Map::new();
        let mut put = |key: &str, value: Json| drop(ld.insert(key.to_string(), value));
        put("@context", json!("https://schema.org"));
        put("@type", json!("Event"));
        put("name", json!(meta.title));
        if !meta.summary.is_empty() {
            put("description", json!(meta.summary));
        }
        let next = occurrence::next(event, self.agenda().today());
        let days = next.or_else(|| event.span().map(|(first, last)| Occurrence { first, last }));
        if let (Some(days), Some(start)) = (days, event.start) {
            let at =
                |date, written: Option<DateOrDateTime>| match written.and_then(|m| m.time).filter(|_| !event.all_day) {
                    Some(time) => DateOrDateTime { date, time: Some(time) }.rfc3339(zone),
                    None => date.to_string(),
                };
            put("startDate", json!(at(days.first, Some(start))));
            if let Some(end) = event.end {
                put("endDate", json!(at(days.last, Some(end))));
            }
        }
        if event.yearly {
            put(
                "eventSchedule",
                json!({ "@type": "Schedule", "repeatFrequency": "P1Y", "startDate": event.start.map(|s| s.date.to_string()) }),
            );
        }
        let status = if event.status == EventStatus::Cancelled { "EventCancelled" } else { "EventScheduled" };
        put("eventStatus", json!(format!("https://schema.org/{status}")));
        if let Some(name) = event.place.as_ref().or(event.address.as_ref()) {
            let mut place = json!({ "@type": "Place", "name": name });
            let address: Vec<&str> =
                [&event.street, &event.address].into_iter().flatten().map(String::as_str).collect();
            if !address.is_empty() {
                place["address"] = json!(address.join(" "));
            }
            put("location", place);
        }
        if !event.organisers.is_empty() {
            let organisers: Vec<Json> =
                event.organisers.iter().map(|name| json!({ "@type": "Organization", "name": name })).collect();
            put("organizer", json!(organisers));
        }
        if let Some(capacity) = event.capacity {
            put("maximumAttendeeCapacity", json!(capacity));
        }
        if let Some(url) = self.permalink(page.url()) {
            put("url", json!(url));
        }
        if let Some(image) =
            image_view(meta.image.as_deref(), references.cover.as_ref()).and_then(|image| self.permalink(&image.url))
        {
            put("image", json!(image));
        }
        put("inLanguage", json!(self.settings().languages[meta.lang].tag));
        escape_json_in_script(&Json::Object(ld).to_string())
    }

    /// The description of an event for iCalendar files, one line for each fact.
    pub fn event_words(&self, id: PageId) -> String {
        let Some(page) = self.events().event(id) else { return String::new() };
        let EventPage { meta, event, .. } = page;
        let word = |key| self.word(meta.lang, key);
        let colon = word("colon");
        let mut lines = Vec::new();
        if event.status == EventStatus::Cancelled {
            let reason = event.reason.as_ref().map(|r| format!("{colon}{r}")).unwrap_or_default();
            lines.push(format!("{}{reason}", word("event_cancelled")));
        }
        if !meta.summary.is_empty() {
            lines.push(meta.summary.clone());
        }
        if !event.organisers.is_empty() {
            lines.push(format!("{}{colon}{}", word("organiser"), event.organisers.join(&word("list_comma"))));
        }
        if let Some(registration) = registration(page) {
            let url =
                registration.url.and_then(|url| if registration.external { Some(url) } else { self.permalink(&url) });
            let ways: Vec<String> = registration.phones.into_iter().map(|p| p.text).chain(url).collect();
            if !ways.is_empty() {
                lines.push(format!("{}{colon}{}", word("registration"), ways.join(" ")));
            }
        }
        lines.extend(self.permalink(page.url()));
        lines.join("\n")
    }

    /// The location of an event on one line; `None` if none is given.
    pub fn event_location(&self, event: &Event, lang: usize) -> Option<String> {
        let parts: Vec<&str> =
            [&event.place, &event.address, &event.street].into_iter().flatten().map(String::as_str).collect();
        (!parts.is_empty()).then(|| parts.join(&self.word(lang, "comma")))
    }

    /// Names of the campaigns and channels of an event.
    pub fn event_categories(&self, id: PageId) -> Vec<&str> {
        let terms = self.events().event(id).into_iter().flat_map(|event| event.terms());
        terms.filter(|t| matches!(t.taxonomy.as_str(), "campaigns" | "channels")).map(|t| t.name.as_str()).collect()
    }
}

/// How to register; `None` for cancelled and held events. Does not look at the day of the build, because calendar
/// files use it too and must not change from day to day.
fn registration(page: EventPage<'_>) -> Option<RegistrationView> {
    let EventPage { event, references, .. } = page;
    let closed = matches!(event.status, EventStatus::Cancelled | EventStatus::Held);
    let registration = event.registration.as_ref().filter(|_| !closed)?;
    let (url, external) = match &references.registration {
        Some(ResolvedLink::Internal { url, anchor, .. }) => {
            (Some(with_anchor(url.to_string(), anchor.as_deref())), false)
        }
        Some(ResolvedLink::External { url }) => (Some(url.clone()), true),
        _ => (None, false),
    };
    let phones = registration.phone.as_deref().map(phones).unwrap_or_default();
    (url.is_some() || !phones.is_empty()).then_some(RegistrationView { url, external, phones })
}

/// Splits a text into telephone numbers. The extension (转) is not dialled, because programs do not agree on how to dial
/// it.
fn phones(text: &str) -> Vec<PhoneView> {
    let numbers = text.split(['、', '，', ',', '；', ';', '/', '或']).map(str::trim).filter(|part| !part.is_empty());
    numbers
        .map(|part| {
            let main = part.split(['转', '#']).next().unwrap_or(part);
            let dial = match PhoneText::of_field(part).next(0) {
                Some(number) => Some(number.dial),
                None => is_bare_number(main).then(|| dial_form(main)),
            };
            PhoneView { text: part.to_string(), dial }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::phones;

    #[test]
    fn every_number_is_dialled_by_itself_and_without_its_extension() {
        let dialled = |text| phones(text).into_iter().map(|p| (p.text, p.dial)).collect::<Vec<_>>();
        let number = |text: &str, dial: &str| (text.to_string(), Some(dial.to_string()));
        assert_eq!(
            dialled("0871-1234567、0871-7654321"),
            [number("0871-1234567", "0871-1234567"), number("0871-7654321", "0871-7654321")]
        );
        assert_eq!(dialled("（0871）1234567 转 8"), [number("（0871）1234567 转 8", "08711234567")]);
        assert_eq!(dialled("+86 871 1234567"), [number("+86 871 1234567", "+868711234567")]);
        assert_eq!(dialled("12345（请它转接）"), [number("12345（请它转接）", "12345")]);
        assert_eq!(dialled("1234"), [number("1234", "1234")]);
        assert_eq!(dialled("工作时间打窗口电话"), [("工作时间打窗口电话".to_string(), None)]);
    }
}
