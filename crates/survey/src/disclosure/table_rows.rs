//! Primary and complementary suppression in the table of one question.
//!
//! In: the counts of the rows, and sets of rows whose sums are known. Out: which rows are published. With `zeros`, a zero is
//! sensitive as well. Knows no questions.

use super::is_small;
use puzhi_core::kinds::results::MIN_PUBLISHED_COUNT;

/// Which rows of a question with one answer are published. `known_sum_sets` are sets of rows whose sums are known. `None` when some
/// set cannot be protected: its sum itself must not be known.
///
/// Rows that lie in the same sets are protected together, as if their sum were known, which is at least as much as is known.
pub(super) fn single_choice(counts: &[u64], known_sum_sets: &[Vec<bool>], zeros: bool) -> Option<Vec<bool>> {
    let mut shown = vec![true; counts.len()];
    let mut done = vec![false; counts.len()];
    for first in 0..counts.len() {
        if done[first] {
            continue;
        }
        let same_sets: Vec<usize> =
            (first..counts.len()).filter(|row| known_sum_sets.iter().all(|part| part[*row] == part[first])).collect();
        same_sets.iter().for_each(|row| done[*row] = true);
        let hidden = suppress_within(&same_sets.iter().map(|row| counts[*row]).collect::<Vec<_>>(), zeros)?;
        hidden.into_iter().for_each(|row| shown[same_sets[row]] = false);
    }
    Some(shown)
}

/// Indexes of the counts to suppress among counts with a known sum: the sensitive ones and the smallest others that make every
/// feasible interval wide enough. `None` when not even all of them do.
fn suppress_within(counts: &[u64], zeros: bool) -> Option<Vec<usize>> {
    let sensitive = |count: u64| is_small(count) || zeros && count == 0;
    let mut order: Vec<usize> = (0..counts.len()).collect();
    order.sort_by_key(|row| (!sensitive(counts[*row]), counts[*row], *row));
    let primary = counts.iter().filter(|count| sensitive(**count)).count();
    // When nobody answered at all, zeros disclose nothing.
    if primary == 0 || counts.iter().all(|count| *count == 0) {
        return Some(Vec::new());
    }
    // A zero protects nothing where zeros are published: a suppressed count is then known to be at least 1.
    let cover: Vec<usize> = order.into_iter().filter(|row| zeros || counts[*row] > 0).collect();
    let least = if zeros { 0 } else { 1 };
    for take in primary..=cover.len() {
        let sum: u64 = cover[..take].iter().map(|row| counts[*row]).sum();
        let most = sum.saturating_sub(least * (take as u64 - 1));
        if take > 1 && most >= MIN_PUBLISHED_COUNT {
            return Some(cover[..take].to_vec());
        }
    }
    // Suppress all counts, zeros as well: then each may be anything up to the sum.
    let sum: u64 = counts.iter().sum();
    (counts.len() > 1 && sum >= MIN_PUBLISHED_COUNT).then(|| (0..counts.len()).collect())
}

/// Which rows of a question with any number of answers are published, answered by `n` respondents. A row is sensitive when few
/// chose the option, or when few did not.
pub(super) fn multiple_choice(n: u64, counts: &[u64], zeros: bool) -> Vec<bool> {
    let sensitive = |count: u64| is_small(count) || zeros && count == 0 || is_small(n.saturating_sub(count));
    let mut shown: Vec<bool> = counts.iter().map(|count| !sensitive(*count)).collect();
    let hidden = |shown: &[bool]| shown.iter().filter(|row| !**row).count();
    // Everybody chose something, so a single suppressed row has at least those that the published rows leave over.
    let others: u64 = counts.iter().zip(&shown).filter(|(_, shown)| **shown).map(|(count, _)| count).sum();
    if hidden(&shown) == 1 && others < n {
        let cover = (0..counts.len()).filter(|row| shown[*row] && counts[*row] > 0).min_by_key(|row| counts[*row]);
        cover.into_iter().for_each(|row| shown[row] = false);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(counts: &[u64], known_sum_sets: &[Vec<bool>]) -> Option<Vec<u64>> {
        let shown = single_choice(counts, known_sum_sets, false)?;
        Some(counts.iter().zip(shown).filter(|(_, shown)| !shown).map(|(count, _)| *count).collect())
    }

    #[test]
    fn a_small_count_suppresses_the_next_smallest_too() {
        assert_eq!(hidden(&[380, 17, 3], &[]), Some(vec![17, 3]));
        assert_eq!(hidden(&[380, 17, 0], &[]), Some(vec![]), "nobody is told of by a zero");
        assert_eq!(hidden(&[397, 3], &[]), Some(vec![397, 3]));
        assert_eq!(hidden(&[396, 2, 2], &[]), Some(vec![396, 2, 2]), "two and two make four");
        assert_eq!(hidden(&[300, 50, 4, 3], &[]), Some(vec![4, 3]), "4 and 3 can each be 1 to 6");
    }

    #[test]
    fn row_sets_with_known_sums_are_protected_separately() {
        let know = vec![true, true, false, false];
        assert_eq!(hidden(&[300, 52, 45, 3], std::slice::from_ref(&know)), Some(vec![45, 3]));
        assert_eq!(
            hidden(&[300, 52, 2, 3], std::slice::from_ref(&know)),
            Some(vec![2, 3]),
            "the five can be 0 to 5 and 5 to 0"
        );
        assert_eq!(hidden(&[300, 52, 0, 3], &[know]), None, "three others: their sum must not be known");
        assert_eq!(hidden(&[300, 52, 45, 3], &[vec![true, true, true, false]]), None);
    }

    #[test]
    fn multiple_choice_rows_are_suppressed_when_chosen_or_left_by_few() {
        assert_eq!(multiple_choice(100, &[98, 60, 3, 0], false), [false, true, false, true]);
        assert_eq!(multiple_choice(100, &[97, 60], false), [false, false], "60 leave 40 for the other");
        assert_eq!(multiple_choice(100, &[3, 99, 100], false), [false, false, true]);
    }
}
