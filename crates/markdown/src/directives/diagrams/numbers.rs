//! Numbers and times in diagrams, read as people type them.
//!
//! Input: the text of a value. Output: a finite number, or a finding at its place. Units belong to a key of their own.

use super::super::super::writer::HtmlWriter;
use puzhi_core::base::{Span, to_ascii_digit};
use puzhi_core::diag::codes::diagrams as codes;

/// Largest absolute value. Larger ones lose digits and are better given in a larger unit.
const MAX: f64 = 1e12;

/// Reads a number: `20`, `3.50`, `1,200`, `１２`. Reports what is no number, and a negative one unless `may_be_negative`.
pub(in super::super) fn read(
    writer: &mut HtmlWriter<'_, '_>,
    text: &str,
    span: Span,
    may_be_negative: bool,
) -> Option<f64> {
    const PLAIN: (&str, &str) = ("只写数字，单位写在“单位”里", "write the number alone; its unit has a key of its own");
    let ((zh, en), (hint_zh, hint_en)) = match parse(text) {
        None => (("这不是一个数", "it is no number"), PLAIN),
        Some(value) if value.abs() > MAX => {
            (("数太大", "it is too large"), ("换大一点的单位，如 万件", "use a larger unit"))
        }
        Some(value) if value < 0.0 && !may_be_negative => (
            ("这里不能是负数", "it must not be negative"),
            ("有正有负的数用折线图 line", "use a line for values below zero"),
        ),
        Some(value) => return Some(value),
    };
    let diag = writer.context.diag_at(&codes::BAD_NUMBER, span).arg("value", text.trim()).arg("zh", zh).arg("en", en);
    writer.context.push_diag(diag.arg("hint_zh", hint_zh).arg("hint_en", hint_en));
    None
}

/// Reports that `later` stands after `earlier`, which is not before it.
pub(in super::super) fn report_order(writer: &mut HtmlWriter<'_, '_>, earlier: &str, later: &str, span: Span) {
    let diag = writer.context.diag_at(&codes::OUT_OF_ORDER, span);
    writer.context.push_diag(diag.arg("earlier", earlier).arg("later", later.trim()));
}

fn parse(text: &str) -> Option<f64> {
    let text: String = text.trim().chars().map(half_width).collect();
    let (sign, digits) = text.strip_prefix('-').map_or((1.0, text.as_str()), |rest| (-1.0, rest));
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(whole, rest)| (whole, Some(rest)));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let mut groups = whole.split(',');
    let first = groups.next().filter(|group| is_number(group) && (whole == *group || group.len() <= 3))?;
    if !groups.all(|group| is_number(group) && group.len() == 3) || !fraction.is_none_or(is_number) {
        return None;
    }
    debug_assert!(!first.is_empty());
    format!("{}.{}", whole.replace(',', ""), fraction.unwrap_or("0")).parse::<f64>().ok().map(|value| sign * value)
}

fn half_width(c: char) -> char {
    match c {
        '．' => '.',
        '，' => ',',
        '－' | '−' => '-',
        _ => to_ascii_digit(c),
    }
}

/// The time that a name says, in years: `2024`, `2024年`, `2024年8月`, `2024-08-01`, `2024/8`. `None` for all else, such as
/// quarters.
pub(super) fn time(name: &str) -> Option<f64> {
    let text: String = name.trim().chars().map(half_width).collect();
    let text = text.trim_end_matches(['年', '月', '日', '号']);
    let parts: Vec<&str> = text.split(['年', '月', '-', '/', '.']).map(str::trim).collect();
    let number = |text: &&str, most: u32| {
        let is_short = text.len() <= 2 && text.bytes().all(|b| b.is_ascii_digit());
        text.parse::<u32>().ok().filter(|n| is_short && (1..=most).contains(n)).map(f64::from)
    };
    let year = parts.first().filter(|year| year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()))?;
    let year: f64 = year.parse().ok()?;
    let month = parts.get(1).map_or(Some(1.0), |text| number(text, 12))?;
    let day = parts.get(2).map_or(Some(1.0), |text| number(text, 31))?;
    (parts.len() <= 3).then(|| year + (month - 1.0) / 12.0 + (day - 1.0) / 372.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_people_type_them() {
        for (text, value) in
            [("20", 20.0), (" ３.５０ ", 3.5), ("1,200", 1200.0), ("12，345.5", 12345.5), ("－4", -4.0), ("007", 7.0)]
        {
            assert_eq!(parse(text), Some(value), "{text}");
        }
        for text in
            ["", "20年", "85%", "二十", "1,20", "1,2000", ",5", "1.", ".5", "1e5", "NaN", "inf", "--1", "1.2.3", "约20"]
        {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn times_place_points() {
        assert_eq!(time("2024年"), Some(2024.0));
        assert_eq!(time("２０２４-07"), Some(2024.5));
        assert_eq!(time("2024年7月1日"), time("2024/7"));
        assert!(time("2024.8.2") > time("2024年8月"));
        for name in ["2024年第3季度", "二〇二四年", "24年", "2024年13月", "2024-1-1-1", "试点前", "2024年上半年", ""]
        {
            assert_eq!(time(name), None, "{name}");
        }
    }
}
