//! `kind: event`: something held at a certain time and place, or a day that returns each year.
//!
//! Input: front matter. Output: [`Event`] and diagnostics. Does not know other events or calendars.

use std::sync::Arc;

use jiff::civil::Date;

use super::common::{CommonFrontMatter, check_date_order, read_id};
use super::definition::KindDefinition;
use super::event_times::{EventTimes, times};
use super::{KindData, NewPageTemplate, Spanned};
use crate::base::{DateOrDateTime, Span, WrittenDate, parse_date, slugify, written_range};
use crate::diag::Diagnostic;
use crate::diag::codes::{events, front_matter as code};
use crate::yaml::{Field, FilledField, MappingReader, Type, quote_scalar};

/// What the front matter of an event says.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
pub struct Event {
    /// Its lasting name, which calendars and other pages refer to.
    pub id: Option<Spanned<String>>,
    /// When it begins; civil time of the site.
    pub start: Option<DateOrDateTime>,
    /// When it ends. `None`: on the day it begins.
    pub end: Option<DateOrDateTime>,
    /// As written, or because the start has no time of day.
    pub all_day: bool,
    /// Name of the place.
    pub place: Option<String>,
    /// Address of the place.
    pub address: Option<String>,
    /// Sub-district of the place.
    pub street: Option<String>,
    /// Who holds it.
    pub organisers: Vec<String>,
    /// How many can come.
    pub capacity: Option<u64>,
    /// How to register.
    pub registration: Option<EventRegistration>,
    /// Whether it is planned, confirmed, cancelled or held.
    pub status: EventStatus,
    /// Why it is cancelled, or what else its status needs to say.
    pub reason: Option<String>,
    /// People who came; only once held.
    pub attendance: Option<u64>,
    /// What shows that it was held.
    pub evidence: Vec<Evidence>,
    /// An observance that returns each year; never counts as a session.
    pub yearly: bool,
    /// Years in which it does not take place.
    pub except: Vec<i16>,
    /// The observance or series it belongs to: an event's id, or a link to a page.
    pub of: Option<Spanned<String>>,
}

/// How to say that one will come.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
pub struct EventRegistration {
    /// A page to register on.
    pub link: Option<Spanned<String>>,
    /// A number to call.
    pub phone: Option<String>,
}

/// What shows that an event was held: any of these.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
pub struct Evidence {
    /// A picture beside the page.
    pub photo: Option<Spanned<String>>,
    /// Names on the sign-in sheet.
    pub sign_in: Option<u64>,
    /// Who confirmed that it was held.
    pub confirmed_by: Option<String>,
    /// Anything else, in words.
    pub note: Option<String>,
}

/// How far an event has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EventStatus {
    /// Not certain yet; also when nothing is written.
    #[default]
    Planned,
    /// Will take place.
    Confirmed,
    /// Will not take place.
    Cancelled,
    /// Has taken place.
    Held,
}

/// 七进: where the campaign goes. The taxonomy `channels` holds the page's choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Channel {
    /// 进机关: government offices.
    Offices,
    /// 进企业: firms.
    Firms,
    /// 进园区: industrial parks.
    Parks,
    /// 进社区: communities.
    Communities,
    /// 进市场: markets.
    Markets,
    /// 进校园: schools.
    Schools,
    /// 进网站: web sites.
    Web,
}

pub(super) const KIND: KindDefinition = KindDefinition {
    name: "event",
    zh: &["活动"],
    fields: FIELDS,
    read: |fields, head| KindData::Event(Arc::new(Event::from_fields(fields, head))),
    folder: "events",
    template: "event.html",
    needs_template: true,
    new_fields,
    new_body: "## 讲什么 {#topics}\n\n- 〔来了能知道什么〕\n",
    example: "标题: 知识产权进校园\n编号: school-2027-04\n开始: 2027-04-23 9:30\n结束: 11:30\n地点: 第一小学\n七进: 进校园\n状态: 计划\n",
};

pub const FIELDS: &[Field] = &[
    Field::new("id", "编号", Type::Text, "活动编号，定了就不改", "the event's id, never changed once given"),
    Field::new("start", "开始", Type::Date, "开始的日期和时间", "when it begins").with_aliases(&["开始时间"]),
    Field::new(
        "end",
        "结束",
        Type::Date,
        "结束的日期和时间；同一天可以只写时间",
        "when it ends; a time alone means the same day",
    )
    .with_aliases(&["结束时间"]),
    Field::new("all_day", "全天", Type::Flag, "全天活动", "it lasts all day"),
    Field::new("place", "地点", Type::Text, "在哪里", "where"),
    Field::new("address", "地址", Type::Text, "地点的门牌，怎么找到", "its address: how to find the place")
        .with_aliases(&["详细地址"]),
    Field::new("street", "街道", Type::Text, "所在街道", "the sub-district"),
    Field::new("organisers", "主办", Type::Names, "主办单位", "who holds it").with_aliases(&["organiser", "主办单位"]),
    Field::new("capacity", "名额", Type::Integer(1, 10_000_000), "最多能来多少人", "how many can come"),
    Field::new(
        "registration",
        "报名",
        Type::OneOf(&[Type::Text, Type::Map(REGISTRATION_FIELDS)]),
        "报名的电话或链接",
        "a phone number or link to register",
    ),
    Field::new(
        "status",
        "状态",
        Type::Choice(STATUS_CHOICES),
        "计划、确认、取消、已举办",
        "planned, confirmed, cancelled or held",
    ),
    Field::new("reason", "原因", Type::Text, "为什么取消", "why it is cancelled"),
    Field::new("attendance", "人次", Type::Integer(0, 10_000_000), "到场人次，办完再写", "how many came, once held"),
    Field::new(
        "evidence",
        "凭证",
        Type::OneOf(&[Type::Texts, Type::Maps(EVIDENCE_FIELDS)]),
        "照片、签到人数、由谁确认，或一句话",
        "a photograph, the sign-in count, who confirmed it, or words",
    ),
    Field::new(
        "repeats",
        "重复",
        Type::Choice(REPEATS_CHOICES),
        "每年都有的纪念日；不计入场次",
        "an observance that returns; it counts as no session",
    ),
    Field::new("except", "除外", Type::Texts, "不举行的年份", "years in which it does not take place"),
    Field::new(
        "of",
        "属于",
        Type::Text,
        "属于哪个纪念日或系列：活动编号，或页面链接",
        "the observance or series it belongs to: an event's id or a link to a page",
    ),
];

pub const REGISTRATION_FIELDS: &[Field] = &[
    Field::new("link", "链接", Type::Link, "报名的网页", "where to register"),
    Field::new("phone", "电话", Type::Text, "报名电话", "whom to call"),
];

pub const EVIDENCE_FIELDS: &[Field] = &[
    Field::new("photo", "照片", Type::Link, "照片文件，相对于这一页", "a picture file, relative to the page"),
    Field::new("sign_in", "签到", Type::Integer(0, 10_000_000), "签到表上的人数", "names on the sign-in sheet")
        .with_aliases(&["签到人数"]),
    Field::new("confirmed_by", "确认人", Type::Text, "由谁确认", "who confirmed it").with_aliases(&["确认"]),
    Field::new("note", "说明", Type::Text, "其他凭证，用文字写", "anything else, in words").with_aliases(&["名称"]),
];

const STATUS_CHOICES: &[(&str, &str)] = &[
    ("planned", "计划"),
    ("planned", "计划中"),
    ("confirmed", "确认"),
    ("confirmed", "已确认"),
    ("cancelled", "取消"),
    ("cancelled", "已取消"),
    ("cancelled", "canceled"),
    ("held", "已举办"),
    ("held", "举办"),
];

const REPEATS_CHOICES: &[(&str, &str)] = &[("yearly", "每年"), ("never", "不重复")];

impl Channel {
    /// All channels, in the order of the campaign plan.
    pub const ALL: [Channel; 7] = [
        Channel::Offices,
        Channel::Firms,
        Channel::Parks,
        Channel::Communities,
        Channel::Markets,
        Channel::Schools,
        Channel::Web,
    ];

    /// Returns the Chinese name, as in the campaign plan.
    pub fn zh(self) -> &'static str {
        match self {
            Channel::Offices => "进机关",
            Channel::Firms => "进企业",
            Channel::Parks => "进园区",
            Channel::Communities => "进社区",
            Channel::Markets => "进市场",
            Channel::Schools => "进校园",
            Channel::Web => "进网站",
        }
    }

    /// Returns the channel called `name`. The first character (进) may be missing.
    pub fn from_name(name: &str) -> Option<Channel> {
        let name = name.trim();
        let bare = name.strip_prefix('进').unwrap_or(name);
        Channel::ALL.into_iter().find(|c| c.zh().strip_prefix('进') == Some(bare))
    }
}

/// A new event has an id, a day and a status; the day is today's until it is known.
fn new_fields(page: &NewPageTemplate<'_>) -> Vec<FilledField<'static>> {
    let filled = |key, value: String, comment| FilledField { key, value, comment };
    let start = match page.start {
        Some(WrittenDate { start, end, .. }) => {
            filled("start", end.map_or_else(|| start.written(), |end| written_range(start, end)), "")
        }
        None => filled("start", page.today.to_string(), "改成真的日期和时间，如 2027-03-15 9:30"),
    };
    let mut own = vec![
        filled("id", quote_scalar(page.id), "定了就不改"),
        start,
        filled("status", "计划".to_string(), "计划、确认、取消、已举办"),
    ];
    own.extend(page.place.map(|place| filled("place", quote_scalar(place), "")));
    own
}

impl Event {
    pub(super) fn from_fields(fields: &mut MappingReader<'_, '_>, head: &CommonFrontMatter) -> Event {
        let EventTimes { start, end } = times(fields);
        let status = match fields.choice("status") {
            Some("confirmed") => EventStatus::Confirmed,
            Some("cancelled") => EventStatus::Cancelled,
            Some("held") => EventStatus::Held,
            _ => EventStatus::Planned,
        };
        let event = Event {
            id: read_id(fields, "id"),
            start,
            end,
            all_day: fields.flag("all_day").unwrap_or(start.is_some_and(|s| s.time.is_none())),
            place: fields.text("place"),
            address: fields.text("address"),
            street: fields.text("street"),
            organisers: fields.texts("organisers"),
            capacity: count(fields, "capacity"),
            registration: registration(fields),
            status,
            reason: fields.text("reason"),
            attendance: count(fields, "attendance"),
            evidence: evidence(fields),
            yearly: fields.choice("repeats") == Some("yearly"),
            except: except(fields),
            of: fields.spanned_text("of"),
        };
        check_date_order(fields, ("start", event.start), ("end", event.end));
        event.check(fields, head);
        event
    }

    /// Checks that the fields agree with each other.
    fn check(&self, fields: &mut MappingReader<'_, '_>, head: &CommonFrontMatter) {
        if fields.node("id").is_none() && !head.sample {
            let example = slugify(fields.source().file.stem());
            let diag = Diagnostic::new(&events::EVENT_WITHOUT_ID)
                .at(fields.source(), Span::new(fields.span().start, fields.span().start));
            let key = fields.in_author_words("编号", "id");
            fields.report(diag.arg("key", key).arg("example", example));
        }
        if self.attendance.is_some_and(|n| n > 0) && self.status != EventStatus::Held {
            let fix = fields.in_author_words("状态: 已举办", "status: held");
            report(fields, "attendance", |diag| diag.arg("fix", fix), &code::ATTENDANCE_NOT_HELD);
        }
        let signed = self.signed_in();
        if let Some((came, signed)) = self.attendance.zip(signed).filter(|(came, signed)| came != signed) {
            report(
                fields,
                "attendance",
                |diag| diag.arg("attendance", came).arg("signed", signed),
                &events::ATTENDANCE_DIFFERS,
            );
        }
        if self.status == EventStatus::Cancelled && self.reason.is_none() {
            let key = fields.in_author_words("原因", "reason");
            report(fields, "status", |diag| diag.arg("key", key), &events::CANCELLED_WITHOUT_REASON);
        }
        if !self.except.is_empty() && !self.yearly {
            let fix = fields.in_author_words("重复: 每年", "repeats: yearly");
            report(fields, "except", |diag| diag.arg("fix", fix), &events::EXCEPT_WITHOUT_REPEATS);
        }
    }

    /// Returns the number of names on the sign-in sheets, if there are any.
    pub fn signed_in(&self) -> Option<u64> {
        self.evidence.iter().filter_map(|e| e.sign_in).reduce(u64::saturating_add)
    }

    /// Returns the number of people who came: the written attendance, else the count of the sign-in sheets.
    pub fn people(&self) -> Option<u64> {
        self.attendance.or_else(|| self.signed_in())
    }

    /// Whether there is any evidence that the event was held.
    pub fn is_evidenced(&self) -> bool {
        self.evidence.iter().any(Evidence::shows)
    }

    /// Returns the first and the last day, as written.
    pub fn span(&self) -> Option<(Date, Date)> {
        let start = self.start?.date;
        Some((start, self.end.map_or(start, |e| e.date).max(start)))
    }
}

impl Evidence {
    fn shows(&self) -> bool {
        self.photo.is_some()
            || self.sign_in.is_some_and(|n| n > 0)
            || self.confirmed_by.is_some()
            || self.note.is_some()
    }
}

pub(super) fn report(
    fields: &mut MappingReader<'_, '_>,
    key: &str,
    fill: impl FnOnce(Diagnostic) -> Diagnostic,
    code: &'static crate::diag::DiagnosticCode,
) {
    let span = fields.node(key).map_or(fields.span(), |n| n.span);
    let diag = fill(Diagnostic::new(code).at(fields.source(), span));
    fields.report(diag);
}

fn count(fields: &mut MappingReader<'_, '_>, key: &str) -> Option<u64> {
    fields.integer(key).and_then(|n| u64::try_from(n).ok())
}

/// Reads the registration: a phone number or a link alone, or a mapping with both.
fn registration(fields: &mut MappingReader<'_, '_>) -> Option<EventRegistration> {
    if fields.node("registration")?.as_map().is_some() {
        return fields
            .map("registration", |f| EventRegistration { link: f.spanned_text("link"), phone: f.text("phone") })
            .filter(|r| *r != EventRegistration::default());
    }
    let written = fields.spanned_text("registration")?;
    let phone = written
        .value
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, '-' | '+' | ' ' | '(' | ')' | '（' | '）' | '转' | '、'));
    Some(match phone {
        true => EventRegistration { link: None, phone: Some(written.value) },
        false => EventRegistration { link: Some(written), phone: None },
    })
}

fn evidence(fields: &mut MappingReader<'_, '_>) -> Vec<Evidence> {
    let words = |text: Spanned<String>| Evidence { note: Some(text.value), ..Evidence::default() };
    fields.texts_or_maps("evidence", words, |f| Evidence {
        photo: f.spanned_text("photo"),
        sign_in: count(f, "sign_in"),
        confirmed_by: f.text("confirmed_by"),
        note: f.text("note"),
    })
}

/// Reads years, or dates of which the year counts.
fn except(fields: &mut MappingReader<'_, '_>) -> Vec<i16> {
    let mut years = Vec::new();
    for written in fields.spanned_texts("except") {
        let text = written.value.trim_end_matches('年');
        let year =
            text.parse().ok().filter(|y| (1..=9999).contains(y)).or_else(|| parse_date(text).map(|m| m.date.year()));
        match year {
            Some(year) => years.push(year),
            None => {
                let diag =
                    Diagnostic::new(&events::BAD_YEAR).at(fields.source(), written.span).arg("value", &written.value);
                fields.report(diag);
            }
        }
    }
    years.sort_unstable();
    years.dedup();
    years
}
