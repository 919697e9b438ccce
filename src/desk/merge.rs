//! Two texts that were made from one, put together by lines.
//!
//! Input: the text that both were made from, and both. Output: one text with the changes of both, and the places where both changed the
//! same lines, at which the first text's lines stand.

use std::ops::Range;

use super::text_diff::runs;

/// Two texts in one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Merged {
    /// The text.
    pub text: String,
    /// Where both changed the same.
    pub conflicts: Vec<Conflict>,
}

/// A place where both texts changed the same lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Conflict {
    /// Bytes of the merged text, which has `mine` there.
    pub place: Range<usize>,
    /// The lines of the first text.
    pub mine: String,
    /// The lines of the second.
    pub theirs: String,
}

/// Merges `mine` and `theirs`, which were made from `base`. Lines that both have kept part the texts; between two of them the text that
/// differs from the base counts, and if both do, they are in conflict.
pub(super) fn merge(base: &str, mine: &str, theirs: &str) -> Merged {
    let [base, mine, theirs] = [base, mine, theirs].map(lines);
    let (own, other) = (kept_lines(&base, &mine), kept_lines(&base, &theirs));
    let mut out = Merged { text: String::new(), conflicts: Vec::new() };
    let mut at = [0; 3];
    for line in 0..=base.len() {
        let next = match (own.get(line), other.get(line)) {
            (Some(Some(own)), Some(Some(other))) => [line, *own, *other],
            (None, _) | (_, None) => [base.len(), mine.len(), theirs.len()],
            _ => continue,
        };
        let [before, first, second] =
            [&base[at[0]..next[0]], &mine[at[1]..next[1]], &theirs[at[2]..next[2]]].map(|lines| lines.concat());
        out.add(&before, first, second);
        if let Some(kept) = base.get(line) {
            out.text.push_str(kept);
        }
        at = next.map(|place| place + 1);
    }
    out
}

impl Merged {
    /// Adds what stands between two lines that both have kept.
    fn add(&mut self, before: &str, mine: String, theirs: String) {
        if mine == theirs || theirs == before {
            self.text.push_str(&mine);
        } else if mine == before {
            self.text.push_str(&theirs);
        } else {
            let start = self.text.len();
            self.text.push_str(&mine);
            self.conflicts.push(Conflict { place: start..self.text.len(), mine, theirs });
        }
    }
}

/// For each line of the base its place in a text that has kept it.
fn kept_lines(base: &[&str], text: &[&str]) -> Vec<Option<usize>> {
    let mut places = vec![None; base.len()];
    for run in runs(base, text).into_iter().filter(|run| run.same) {
        run.old.zip(run.new).for_each(|(line, place)| places[line] = Some(place));
    }
    places
}

fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_of_both() {
        let base = "一\n二\n三\n四\n五\n";
        let merged = merge(base, "一\n二改\n三\n四\n五\n", "一\n二\n三\n四改\n五\n六\n");
        assert_eq!(merged, Merged { text: "一\n二改\n三\n四改\n五\n六\n".into(), conflicts: Vec::new() });
        // The same change, and a removal beside an addition.
        assert_eq!(merge(base, "一\n三\n四\n五\n", "一\n三\n四\n五\n").text, "一\n三\n四\n五\n");
        assert_eq!(merge(base, "零\n一\n二\n三\n四\n五\n", "一\n二\n三\n四\n").text, "零\n一\n二\n三\n四\n");
    }

    #[test]
    fn conflicts_keep_both() {
        let merged = merge("一\n二\n三\n", "一\n甲\n三\n", "一\n乙\n三\n");
        assert_eq!(merged.text, "一\n甲\n三\n");
        let conflict = &merged.conflicts[0];
        assert_eq!((&merged.text[conflict.place.clone()], conflict.theirs.as_str()), ("甲\n", "乙\n"));
        // Without a base all that differs is in conflict.
        assert_eq!(merge("", "甲\n", "乙\n").conflicts.len(), 1);
        assert_eq!(merge("", "甲\n", "甲\n").conflicts.len(), 0);
    }

    proptest::proptest! {
        #[test]
        fn one_sided_changes_are_taken_whole(base in "([abc]\n){0,8}", text in "([abc]\n){0,8}") {
            for merged in [merge(&base, &text, &base), merge(&base, &base, &text), merge(&base, &text, &text)] {
                proptest::prop_assert_eq!(&merged.text, &text);
                proptest::prop_assert!(merged.conflicts.is_empty());
            }
        }

        #[test]
        fn no_line_of_mine_is_lost(base in "([abc]\n){0,6}", mine in "([abcd]\n){0,6}", theirs in "([abce]\n){0,6}") {
            let merged = merge(&base, &mine, &theirs);
            let count = |text: &str, c| text.matches(c).count();
            proptest::prop_assert!(count(&merged.text, 'd') >= count(&mine, 'd'));
            let kept: usize = merged.conflicts.iter().map(|conflict| count(&conflict.theirs, 'e')).sum();
            proptest::prop_assert!(count(&merged.text, 'e') + kept >= count(&theirs, 'e'));
        }
    }
}
