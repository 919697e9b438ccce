//! `kind: event`: something held at a time and a place.

use super::common::{id, not_before};
use super::Spanned;
use crate::base::{Moment, parse_moment};
use crate::diag::Diag;
use crate::diag::codes::front_matter as code;
use crate::yaml::{Field, Fields, Type};

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Event {
    pub id: Option<Spanned<String>>,
    pub start: Option<Moment>,
    pub end: Option<Moment>,
    /// As written, or because the start has no time of day.
    pub all_day: bool,
    pub place: Option<String>,
    pub street: Option<String>,
    pub organisers: Vec<String>,
    pub status: EventStatus,
    /// People who came; only once held.
    pub attendance: Option<u64>,
    pub evidence: Vec<String>,
    /// An observance that returns each year; never counts as a session.
    pub yearly: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum EventStatus {
    #[default]
    Planned,
    Confirmed,
    Cancelled,
    Held,
}

/// 七进: where the campaign goes. The taxonomy `channels` holds the page's choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Channel {
    Offices,
    Firms,
    Parks,
    Communities,
    Markets,
    Schools,
    Web,
}

pub const FIELDS: &[Field] = &[
    Field::new("id", "编号", Type::Text, "活动编号，定了就不改", "the event's id, never changed once given"),
    Field::new("start", "开始", Type::Moment, "开始的日期和时间", "when it begins").also(&["开始时间"]),
    Field::new("end", "结束", Type::Moment, "结束的日期和时间；同一天可以只写时间", "when it ends; a time alone means the same day").also(&["结束时间"]),
    Field::new("all_day", "全天", Type::Flag, "全天活动", "it lasts all day"),
    Field::new("place", "地点", Type::Text, "在哪里", "where").also(&["地址"]),
    Field::new("street", "街道", Type::Text, "所在街道", "the sub-district"),
    Field::new("organisers", "主办", Type::Names, "主办单位", "who holds it").also(&["organiser", "主办单位"]),
    Field::new("status", "状态", Type::Choice(STATUS), "计划、确认、取消、已举办", "planned, confirmed, cancelled or held"),
    Field::new("attendance", "人次", Type::Integer(0, 10_000_000), "到场人次，办完再写", "how many came, once held"),
    Field::new("evidence", "凭证", Type::Texts, "签到表、照片等凭证", "sign-in sheets, photographs and the like"),
    Field::new("repeats", "重复", Type::Choice(REPEATS), "每年都有的纪念日；不计入场次", "an observance that returns; it counts as no session"),
];

const STATUS: &[(&str, &str)] = &[
    ("planned", "计划"), ("planned", "计划中"), ("confirmed", "确认"), ("confirmed", "已确认"), ("cancelled", "取消"),
    ("cancelled", "已取消"), ("cancelled", "canceled"), ("held", "已举办"), ("held", "举办"),
];

const REPEATS: &[(&str, &str)] = &[("yearly", "每年"), ("never", "不重复")];

impl Channel {
    pub const ALL: [Channel; 7] =
        [Channel::Offices, Channel::Firms, Channel::Parks, Channel::Communities, Channel::Markets, Channel::Schools, Channel::Web];

    /// As the plan writes it.
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

    /// The channel called `name`, with or without its first character.
    pub fn named(name: &str) -> Option<Channel> {
        let name = name.trim();
        let bare = name.strip_prefix('进').unwrap_or(name);
        Channel::ALL.into_iter().find(|c| c.zh().strip_prefix('进') == Some(bare))
    }
}

impl Event {
    pub(super) fn from_fields(fields: &mut Fields<'_, '_>) -> Event {
        let start = fields.moment("start");
        let end = end(fields, start);
        let event = Event {
            id: id(fields, "id"),
            start,
            end,
            all_day: fields.flag("all_day").unwrap_or(start.is_some_and(|s| s.time.is_none())),
            place: fields.text("place"),
            street: fields.text("street"),
            organisers: fields.texts("organisers"),
            status: match fields.choice("status") {
                Some("confirmed") => EventStatus::Confirmed,
                Some("cancelled") => EventStatus::Cancelled,
                Some("held") => EventStatus::Held,
                _ => EventStatus::Planned,
            },
            attendance: fields.integer("attendance").and_then(|n| u64::try_from(n).ok()),
            evidence: fields.texts("evidence"),
            yearly: fields.choice("repeats") == Some("yearly"),
        };
        // A start that is there but wrong has its own finding.
        fields.require("start", FIELDS);
        not_before(fields, ("start", event.start), ("end", event.end));
        if event.attendance.is_some_and(|n| n > 0) && event.status != EventStatus::Held {
            let span = fields.node("attendance").map_or(fields.span(), |n| n.span);
            let diag = Diag::new(&code::ATTENDANCE_NOT_HELD).at(fields.source(), span);
            fields.report(diag);
        }
        event
    }
}

/// The end; a time alone is on the day of the start.
fn end(fields: &mut Fields<'_, '_>, start: Option<Moment>) -> Option<Moment> {
    let written = fields.node("end")?.text();
    let same_day = start.zip(written).and_then(|(start, text)| parse_moment(&format!("{} {}", start.date, text.trim())));
    same_day.or_else(|| fields.moment("end"))
}
