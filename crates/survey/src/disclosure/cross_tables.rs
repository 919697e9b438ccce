//! Suppression in cross tables. A row is a group with its total, its aware and its others; it is published as a whole or not at
//! all.
//!
//! In: the counts of the cross table and the pattern of the grouping question's own table. Out: which rows are published.

use super::{AwarenessCounts, TableSuppression, is_small};
use crate::count::CrossCounts;
use puzhi_core::kinds::results::MIN_PUBLISHED_COUNT;

/// Which rows are published; `None` when the table is not. `counts` are the rows of the grouping question's own table and `own`
/// says which of them are published: an attacker knows the size of those groups, whatever is suppressed here.
pub(super) fn shown_rows(cross: &CrossCounts, counts: &[u64], own: &TableSuppression) -> Option<Vec<bool>> {
    if !own.total_shown {
        return None;
    }
    let known = |row: usize| own.rows_shown[row];
    let small = |split: &AwarenessCounts| split.aware < MIN_PUBLISHED_COUNT || split.other < MIN_PUBLISHED_COUNT;
    // An empty group discloses nothing, provided that its emptiness is published already.
    let empty = |row: usize| known(row) && counts[row] == 0;
    let mut shown: Vec<bool> =
        cross.groups.iter().enumerate().map(|(row, split)| known(row) && (empty(row) || !small(split))).collect();
    // The respondents who left the question out are what the published rows leave over. So few cannot be protected by hiding rows, since
    // their number is that of the answers to the question.
    let blank = cross.blank;
    if is_small(blank.n()) {
        return None;
    }
    let has_sensitive_blank = blank.n() > 0 && small(&blank);
    while (has_sensitive_blank || shown.iter().any(|row| !row)) && !is_protected(cross, &shown, &known) {
        let cover =
            (0..shown.len()).filter(|row| shown[*row] && !empty(*row)).min_by_key(|row| cross.groups[*row].n())?;
        shown[cover] = false;
    }
    shown.iter().enumerate().any(|(row, shown)| *shown && !empty(row)).then_some(shown)
}

/// Whether the feasible interval of each sensitive count in a suppressed row reaches [`MIN_PUBLISHED_COUNT`] and is as wide. The
/// aware and the others of the suppressed rows have known sums; the respondents who left the question out are a suppressed row as
/// well.
fn is_protected(cross: &CrossCounts, shown: &[bool], known: &impl Fn(usize) -> bool) -> bool {
    let hidden = || (0..shown.len()).filter(|row| !shown[*row]);
    let mut sum = cross.blank;
    for row in hidden() {
        sum.aware += cross.groups[row].aware;
        sum.other += cross.groups[row].other;
    }
    let unsized_n: u64 = hidden().filter(|row| !known(*row)).map(|row| cross.groups[row].n()).sum();
    let blank = (cross.blank.n() > 0).then_some((cross.blank, true));
    hidden().map(|row| (cross.groups[row], known(row))).chain(blank).all(|(group, is_known)| {
        [(group.aware, sum.aware), (group.other, sum.other)].iter().all(|(count, total)| {
            // The upper bound is the size of the group, if it is known; the lower bound is what the other suppressed rows cannot hold.
            let (room, elsewhere) = if is_known { (group.n(), sum.n() - group.n()) } else { (unsized_n, sum.n()) };
            let (low, high) = (total.saturating_sub(elsewhere), room.min(*total));
            *count >= MIN_PUBLISHED_COUNT
                || high >= MIN_PUBLISHED_COUNT && high - low.min(high) >= MIN_PUBLISHED_COUNT - 1
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(groups: &[(u64, u64)], blank: (u64, u64)) -> Option<Vec<bool>> {
        let split = |(aware, other): (u64, u64)| AwarenessCounts { aware, other };
        let cross =
            CrossCounts { by_question: 0, groups: groups.iter().copied().map(split).collect(), blank: split(blank) };
        let counts: Vec<u64> = groups.iter().map(|(a, o)| a + o).collect();
        shown_rows(&cross, &counts, &TableSuppression { total_shown: true, rows_shown: vec![true; groups.len()] })
    }

    #[test]
    fn a_row_with_a_small_count_suppresses_another_too() {
        assert_eq!(
            table(&[(50, 10), (40, 20), (30, 3), (60, 40)], (0, 0)),
            Some(vec![false, true, false, true]),
            "groups of 33 and 60"
        );
        assert_eq!(table(&[(50, 10), (40, 20)], (0, 0)), Some(vec![true, true]));
        assert_eq!(table(&[(50, 10), (40, 20), (0, 0)], (0, 0)), Some(vec![true, true, true]));
        assert_eq!(table(&[(50, 10), (30, 0)], (0, 0)), None, "a group without others tells of each of them");
    }

    #[test]
    fn those_who_left_the_question_out_are_protected() {
        assert_eq!(table(&[(50, 10), (40, 20)], (3, 0)), None, "three of them, all aware");
        assert_eq!(table(&[(60, 10), (40, 20)], (30, 2)), Some(vec![true, false]));
        assert_eq!(table(&[(50, 10), (40, 20)], (30, 9)), Some(vec![true, true]));
    }

    #[test]
    fn two_small_rows_can_protect_each_other() {
        assert_eq!(table(&[(50, 10), (30, 3), (30, 4)], (0, 0)), Some(vec![true, false, false]));
        assert_eq!(table(&[(50, 10), (30, 1), (30, 2)], (0, 0)), None, "three others in all");
    }
}
