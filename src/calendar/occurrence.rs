//! Computes the days on which an event takes place: once, or every year with exceptions.
//!
//! Input: the front matter of an event. Output: [`Occurrence`]s. Does not know pages or time zones.

use jiff::ToSpan;
use jiff::civil::Date;

use puzhi_core::kinds::Event;

/// One occurrence of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Occurrence {
    /// First day.
    pub first: Date,
    /// Last day; never before `first`.
    pub last: Date,
}

impl Occurrence {
    /// Whether the occurrence has a day between `from` and `to`, both inclusive.
    pub fn overlaps(&self, from: Date, to: Date) -> bool {
        self.first <= to && self.last >= from
    }
}

/// The occurrence that begins in `year`. A yearly event is repeated on the same month and day from its first year on;
/// 29 February becomes 28 February in common years.
pub fn in_year(event: &Event, year: i16) -> Option<Occurrence> {
    if event.yearly && event.except.contains(&year) {
        return None;
    }
    in_year_ignoring_exceptions(event, year)
}

/// As [`in_year`], but ignoring the years in `except`.
pub fn in_year_ignoring_exceptions(event: &Event, year: i16) -> Option<Occurrence> {
    let (start, end) = event.span()?;
    if !event.yearly {
        return (start.year() == year).then_some(Occurrence { first: start, last: end });
    }
    if year < start.year() {
        return None;
    }
    let first = Date::new(year, start.month(), start.day()).or_else(|_| Date::new(year, start.month(), 28)).ok()?;
    let length = end.since(start).map_or(0, |s| i64::from(s.get_days()));
    let last = length.checked_rem(366).and_then(|days| first.checked_add(days.days()).ok()).unwrap_or(first);
    Some(Occurrence { first, last })
}

/// All occurrences that have a day between `from` and `to`, both inclusive, in ascending order.
pub fn between(event: &Event, from: Date, to: Date) -> Vec<Occurrence> {
    let Some((start, end)) = event.span() else { return Vec::new() };
    if !event.yearly {
        return Some(Occurrence { first: start, last: end }).filter(|d| d.overlaps(from, to)).into_iter().collect();
    }
    let years = (from.year() - 1).max(start.year())..=to.year();
    years.filter_map(|year| in_year(event, year)).filter(|d| d.overlaps(from, to)).collect()
}

/// The occurrence that takes place on `today`, else the next one after it.
pub fn next(event: &Event, today: Date) -> Option<Occurrence> {
    let (start, end) = event.span()?;
    if !event.yearly {
        return (end >= today).then_some(Occurrence { first: start, last: end });
    }
    let years = (today.year() - 1).max(start.year())..=9998;
    years.take(event.except.len() + 4).filter_map(|year| in_year(event, year)).find(|d| d.last >= today)
}

/// Whether no occurrence ends on or after `today`. Always false for yearly events.
pub fn is_over(event: &Event, today: Date) -> bool {
    event.span().is_some_and(|(_, end)| !event.yearly && end < today)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use puzhi_core::base::DateOrDateTime;

    fn event(start: Date, end: Date, yearly: bool, except: &[i16]) -> Event {
        let at = |date| Some(DateOrDateTime { date, time: None });
        Event { start: at(start), end: at(end), yearly, except: except.to_vec(), ..Event::default() }
    }

    #[test]
    fn yearly_event_recurs_except_in_excluded_years() {
        let day = event(date(2023, 3, 15), date(2023, 3, 15), true, &[2027]);
        let found: Vec<Date> =
            between(&day, date(2020, 1, 1), date(2029, 12, 31)).into_iter().map(|d| d.first).collect();
        assert_eq!(found, [2023, 2024, 2025, 2026, 2028, 2029].map(|y| date(y, 3, 15)));
        assert_eq!(next(&day, date(2026, 3, 15)).unwrap().first, date(2026, 3, 15));
        assert_eq!(next(&day, date(2026, 3, 16)).unwrap().first, date(2028, 3, 15));
        assert_eq!(next(&day, date(2000, 1, 1)).unwrap().first, date(2023, 3, 15));
    }

    #[test]
    fn multi_day_event_lasts_to_its_last_day_across_new_year() {
        let week = event(date(2023, 4, 20), date(2023, 4, 26), true, &[]);
        assert_eq!(
            next(&week, date(2026, 4, 26)).unwrap(),
            Occurrence { first: date(2026, 4, 20), last: date(2026, 4, 26) }
        );
        assert_eq!(next(&week, date(2026, 4, 27)).unwrap().first, date(2027, 4, 20));
        let turn = event(date(2023, 12, 30), date(2024, 1, 2), true, &[]);
        assert_eq!(next(&turn, date(2026, 1, 2)).unwrap().first, date(2025, 12, 30));
        assert_eq!(between(&turn, date(2026, 1, 1), date(2026, 1, 31)).len(), 1);
    }

    #[test]
    fn leap_day_falls_on_28_february_in_common_years() {
        let leap = event(date(2024, 2, 29), date(2024, 2, 29), true, &[]);
        assert_eq!(in_year(&leap, 2025).unwrap().first, date(2025, 2, 28));
        assert_eq!(in_year(&leap, 2028).unwrap().first, date(2028, 2, 29));
    }

    #[test]
    fn non_yearly_event_occurs_once() {
        let session = event(date(2026, 5, 8), date(2026, 5, 9), false, &[]);
        assert_eq!(next(&session, date(2026, 5, 9)).unwrap().first, date(2026, 5, 8));
        assert!(next(&session, date(2026, 5, 10)).is_none() && is_over(&session, date(2026, 5, 10)));
        assert!(in_year(&session, 2027).is_none());
    }
}
