//! Days of publication and of expiry under names that only other programs, or people, give them. A page that names such a day must
//! not be published before it because of the name.
//!
//! Input: a key of no table with its value. Output: the day before which the page stays back, and diagnostics with the line to type.
//! Knows neither the day of the build nor other pages.

use std::borrow::Cow;

use super::OwnKind;
use super::draft_mark::half_width;
use super::unread_front_matter::QUOTES;
use jiff::tz::TimeZone;

use crate::base::{DateOrDateTime, parse_written_date};
use crate::diag::Diagnostic;
use crate::diag::codes::front_matter as code;
use crate::yaml::{MappingEntry, MappingReader, parse_flag};

/// What a key says about the page's publication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    /// The day on which the page is published.
    Published,
    /// The same if the value is a day; these words have other uses.
    PublishedIfDay,
    /// The last day on which the page is published.
    Expired,
}

/// Names without spaces, hyphens and underscores, in lower case.
const PUBLISHED: &[&str] = &[
    "publishdate",
    "publisheddate",
    "publishingdate",
    "publicationdate",
    "publishtime",
    "publishedtime",
    "publishat",
    "publishedat",
    "publishon",
    "publishedon",
    "pubdate",
    "pubtime",
    "datepublished",
    "postdate",
    "displaydate",
    "releasedate",
    "releasetime",
    "releaseat",
    "golive",
    "golivedate",
    "goliveat",
    "embargo",
    "embargodate",
    "embargountil",
    "embargoeduntil",
    "scheduledat",
    "scheduledfor",
    "scheduledate",
    "scheduleddate",
    "notbefore",
    "visiblefrom",
    "visibleon",
    "availablefrom",
    "startpublishing",
    "发布日期",
    "发布时间",
    "发布日",
    "发布于",
    "定时发布",
    "开始发布",
    "发布开始",
    "开始公开",
    "起始发布",
    "公开于",
    "定时发布时间",
    "定时",
    "上网时间",
    "上网日期",
    "见网时间",
    "刊发",
    "解禁",
    "计划发布",
    "计划发布时间",
    "预定发布",
    "预约发布",
    "上线时间",
    "上线日期",
    "上线日",
    "公开时间",
    "公开日期",
    "公布时间",
    "公布日期",
    "发表时间",
    "发表日期",
    "刊发时间",
    "刊发日期",
    "推送时间",
    "解禁时间",
    "解禁日期",
];

const PUBLISHED_IF_DAY: &[&str] =
    &["published", "publish", "public", "scheduled", "schedule", "发布", "公开", "公布", "上线", "发表", "pub"];

const EXPIRED: &[&str] = &[
    "expirydate",
    "expirationdate",
    "expiredate",
    "expiresat",
    "expireson",
    "expireat",
    "expiry",
    "expire",
    "unpublishdate",
    "unpublishat",
    "unpublishon",
    "archivedate",
    "validuntil",
    "notafter",
    "失效时间",
    "过期日期",
    "过期时间",
    "到期日期",
    "到期时间",
    "有效期至",
    "截止有效期",
    "下线时间",
    "下线日期",
    "下架时间",
    "下架日期",
    "撤下日期",
    "撤下时间",
];

fn meaning(key: &str) -> Option<Meaning> {
    let name = plain_name(key);
    let name = &*name;
    match () {
        // Keys that are spelt exactly as here are read before.
        () if matches!(name, "date" | "日期") => Some(Meaning::Published),
        () if matches!(name, "expires" | "失效日期") => Some(Meaning::Expired),
        () if PUBLISHED.contains(&name) => Some(Meaning::Published),
        () if PUBLISHED_IF_DAY.contains(&name) => Some(Meaning::PublishedIfDay),
        () if EXPIRED.contains(&name) => Some(Meaning::Expired),
        () => None,
    }
}

/// A name in lower case and half width, without what people part words by.
pub(super) fn plain_name(name: &str) -> Cow<'_, str> {
    // Most keys are names already.
    if name.bytes().all(|b| b.is_ascii_lowercase()) {
        return name.into();
    }
    let plain = half_width(name).to_lowercase();
    plain.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '_' | '.')).collect()
}

/// Whether a name is that of the day of publication, in any spelling.
pub(super) fn is_publication_day(name: &str) -> bool {
    meaning(name) == Some(Meaning::Published)
}

/// The same for names that nothing else has. `date` can be the day of anything.
pub(super) fn is_publication_name(name: &str) -> bool {
    is_publication_day(name) && PUBLISHED.iter().any(|known| plain_name(name) == *known)
}

/// Whether a line is such a name with a value.
pub(super) fn is_publication_line(line: &str) -> bool {
    line.split_once([':', '：']).is_some_and(|(name, _)| is_publication_name(name))
}

/// The day of publication that a line of metadata names.
pub(super) fn publication_in_line(line: &str, zone: Option<&TimeZone>) -> Option<DateOrDateTime> {
    let (name, value) = line.split_once([':', '：'])?;
    let written = value.trim().trim_end_matches(',').trim_matches(QUOTES);
    let date = parse_written_date(written).filter(|_| is_publication_day(name.trim().trim_matches(QUOTES)))?;
    zone.map_or(Some(date), |zone| date.in_zone(zone)).map(|date| date.start)
}

/// What a key of no table says about the publication of its page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ForeignDate {
    /// The page stays back before this day.
    NotBefore(DateOrDateTime),
    /// It was reported, and holds nothing back.
    Reported,
}

/// Reads and reports such a key. `None` if `entry` is none.
pub(super) fn foreign_date(fields: &mut MappingReader<'_, '_>, entry: &MappingEntry) -> Option<ForeignDate> {
    let meaning = meaning(&entry.key)?;
    let text = entry.node.text()?;
    let written = text.trim();
    let day = fields.parse_date(written);
    match (meaning, day) {
        (Meaning::Expired, day) => {
            day?;
            report_expiry(fields, entry, written);
            Some(ForeignDate::Reported)
        }
        (_, Some(day)) => {
            let advice = Advice::new(fields, entry, "date", ("日期", "date"), written);
            let diag = Diagnostic::new(&code::PUBLISH_DATE_KEY).at(fields.source(), entry.key_span);
            fields.report(advice.add_to(diag.arg("key", &entry.key).arg("day", day.date)));
            Some(ForeignDate::NotBefore(day))
        }
        (Meaning::Published, None) if parse_flag(written) != Some(false) && !written.is_empty() => {
            let diag = Diagnostic::new(&code::PUBLISH_DATE_UNREAD).at(fields.source(), entry.node.span);
            let chinese = !entry.key.is_ascii();
            let name = if chinese { "日期" } else { "date" };
            let draft = if chinese { "草稿: 是" } else { "draft: true" };
            fields.report(diag.arg("key", &entry.key).arg("value", written).arg("name", name).arg("draft", draft));
            Some(ForeignDate::Reported)
        }
        _ => None,
    }
}

/// The day of publication under a name that the page's kind gives to another date, such as the day a notice was issued.
pub(super) fn publication_of_kind(fields: &MappingReader<'_, '_>) -> Option<DateOrDateTime> {
    let day = |entry: &MappingEntry| {
        let is_named = meaning(&entry.key) == Some(Meaning::Published) && entry.key != "date" && entry.key != "日期";
        fields.parse_date(entry.node.text().filter(|_| is_named)?.trim())
    };
    fields.known_entries().filter_map(day).max()
}

/// The same for a kind that the site defines. Its keys mean what the site says, so only the key that dates its pages counts.
pub(super) fn publication_of_own_kind(fields: &MappingReader<'_, '_>, kind: &OwnKind) -> Option<DateOrDateTime> {
    let entry = fields.entry(kind.dated_by.as_deref()?).filter(|entry| is_publication_day(&entry.key))?;
    fields.parse_date(entry.node.text()?.trim())
}

fn report_expiry(fields: &mut MappingReader<'_, '_>, entry: &MappingEntry, written: &str) {
    let advice = Advice::new(fields, entry, "expires", ("失效日期", "expires"), written);
    let diag = Diagnostic::new(&code::EXPIRY_DATE_KEY).at(fields.source(), entry.key_span);
    fields.report(advice.add_to(diag.arg("key", &entry.key).arg("day", written)));
}

/// What to type instead of the key: another name for it, or a line that is there already.
struct Advice {
    zh: String,
    en: String,
}

impl Advice {
    /// `names` are the names of the key in Chinese and English.
    fn new(
        fields: &MappingReader<'_, '_>,
        entry: &MappingEntry,
        key: &str,
        names: (&str, &str),
        written: &str,
    ) -> Advice {
        match fields.entry(key) {
            Some(present) => {
                let line = fields.source().line_column(present.key_span.start).line;
                let fix = format!("{}: {written}", present.key);
                Advice {
                    zh: format!("把第 {line} 行写成 {fix}，删去这一行"),
                    en: format!("write {fix} on line {line} and remove this line"),
                }
            }
            None => {
                let name = if entry.key.is_ascii() { names.1 } else { names.0 };
                Advice { zh: format!("写成 {name}: {written}"), en: format!("write {name}: {written}") }
            }
        }
    }

    fn add_to(self, diag: Diagnostic) -> Diagnostic {
        diag.arg("advice_zh", self.zh).arg("advice_en", self.en)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::COMMON_FIELDS;

    #[test]
    fn no_name_is_a_key_of_every_page_and_none_is_listed_twice() {
        let all: Vec<&str> = [PUBLISHED, PUBLISHED_IF_DAY, EXPIRED].concat();
        for (i, name) in all.iter().enumerate() {
            assert!(meaning(name).is_some() && !all[..i].contains(name), "{name}");
            assert!(COMMON_FIELDS.iter().all(|field| !field.is_named(name)), "{name}");
        }
    }

    #[test]
    fn names_are_found_however_they_are_spelt() {
        for key in ["publishDate", "publish_date", "Publish-Date", "ｐｕｂｌｉｓｈＤａｔｅ", "发布 日期", "Date"]
        {
            assert_eq!(meaning(key), Some(Meaning::Published), "{key}");
        }
        assert_eq!(meaning("更新日期"), None);
    }
}
