//! Finds weekdays in a written date.
//!
//! Input: a short text, mostly in half-width characters. Output: the weekdays, and the text without them. Does not know the date.

use std::borrow::Cow;

use jiff::civil::Weekday;

/// The text without its weekdays, and these in their order.
pub(super) fn split_weekdays(text: &str) -> (Cow<'_, str>, Vec<Weekday>) {
    let mut rest = Cow::Borrowed(text);
    let mut found = Vec::new();
    if text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_alphabetic()) {
        return (rest, found);
    }
    while let Some(named) = find_weekday(&rest) {
        let before = rest[..named.start].trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '(' | '[' | ','));
        let after = rest[named.end..].trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ')' | ']' | ','));
        rest = Cow::Owned(format!("{before} {after}"));
        found.push(named.weekday);
    }
    (rest, found)
}

/// A weekday in a text.
struct NamedWeekday {
    start: usize,
    end: usize,
    weekday: Weekday,
}

/// The first weekday of a text: `星期日`, `周天`, `礼拜7`, `Sun`, `Sunday`.
fn find_weekday(text: &str) -> Option<NamedWeekday> {
    const DAYS: [(&str, Weekday); 7] = [
        ("一1", Weekday::Monday),
        ("二2", Weekday::Tuesday),
        ("三3", Weekday::Wednesday),
        ("四4", Weekday::Thursday),
        ("五5", Weekday::Friday),
        ("六6", Weekday::Saturday),
        ("日天7", Weekday::Sunday),
    ];
    const ENGLISH: [(&str, Weekday); 7] = [
        ("monday", Weekday::Monday),
        ("tuesday", Weekday::Tuesday),
        ("wednesday", Weekday::Wednesday),
        ("thursday", Weekday::Thursday),
        ("friday", Weekday::Friday),
        ("saturday", Weekday::Saturday),
        ("sunday", Weekday::Sunday),
    ];
    let chinese = ["星期", "礼拜", "周"].into_iter().filter_map(|word| {
        let start = text.find(word)?;
        let day = text[start + word.len()..].chars().next()?;
        let (_, weekday) = DAYS.iter().find(|(names, _)| names.contains(day))?;
        Some(NamedWeekday { start, end: start + word.len() + day.len_utf8(), weekday: *weekday })
    });
    let mut at = 0;
    let words = text.split(|c: char| !c.is_ascii_alphabetic()).filter_map(|word| {
        let start = at + text[at..].find(word)?;
        at = start + word.len();
        let name = word.to_ascii_lowercase();
        let (_, weekday) = ENGLISH.iter().find(|(full, _)| name.len() >= 3 && full.starts_with(&name))?;
        Some(NamedWeekday { start, end: at, weekday: *weekday })
    });
    chinese.chain(words).min_by_key(|named| named.start)
}
