//! The shortest way from one sequence to another, after E. W. Myers, “An O(ND) Difference Algorithm and Its Variations”, Algorithmica 1
//! (1986).
//!
//! Input: two slices. Output: runs that are equal and runs that differ, in order. Knows no texts.

use std::ops::Range;

/// Most steps from one to the other that are looked for; what is further apart counts as replaced. Bounds time and memory.
const MAX_STEPS: usize = 1000;

/// A run of both sequences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Run {
    /// Whether both are equal here.
    pub same: bool,
    /// The place in the first.
    pub old: Range<usize>,
    /// The place in the second.
    pub new: Range<usize>,
}

/// Compares two sequences.
pub(super) fn runs<T: PartialEq>(old: &[T], new: &[T]) -> Vec<Run> {
    let start = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (old_rest, new_rest) = (&old[start..], &new[start..]);
    let end = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(a, b)| a == b).count();
    let (old_middle, new_middle) = (&old_rest[..old_rest.len() - end], &new_rest[..new_rest.len() - end]);
    let mut out = Runs::default();
    out.same(start);
    match equal_pairs(old_middle, new_middle) {
        Some(pairs) => {
            for (a, b) in pairs {
                out.differ_until(start + a, start + b);
                out.same(1);
            }
            out.differ_until(start + old_middle.len(), start + new_middle.len());
        }
        None => out.differ_until(start + old_middle.len(), start + new_middle.len()),
    }
    out.same(end);
    out.runs
}

/// Runs that are being put together.
#[derive(Default)]
struct Runs {
    runs: Vec<Run>,
    old: usize,
    new: usize,
}

impl Runs {
    fn same(&mut self, count: usize) {
        self.push(true, self.old + count, self.new + count);
    }

    fn differ_until(&mut self, old: usize, new: usize) {
        self.push(false, old, new);
    }

    fn push(&mut self, same: bool, old: usize, new: usize) {
        if (old, new) == (self.old, self.new) {
            return;
        }
        match self.runs.last_mut().filter(|last| last.same == same) {
            Some(last) => (last.old.end, last.new.end) = (old, new),
            None => self.runs.push(Run { same, old: self.old..old, new: self.new..new }),
        }
        (self.old, self.new) = (old, new);
    }
}

/// The pairs of equal elements on the shortest way; `None` if it is longer than [`MAX_STEPS`].
fn equal_pairs<T: PartialEq>(old: &[T], new: &[T]) -> Option<Vec<(usize, usize)>> {
    let most = (old.len() + new.len()).min(MAX_STEPS);
    let offset = most as isize + 1;
    // The furthest place in `old` on each diagonal, after each number of steps.
    let mut furthest = vec![0usize; 2 * most + 3];
    let mut trace: Vec<Vec<usize>> = Vec::new();
    for steps in 0..=most as isize {
        trace.push(furthest[(offset - steps) as usize - 1..=(offset + steps) as usize + 1].to_vec());
        for diagonal in (-steps..=steps).step_by(2) {
            let at = (diagonal + offset) as usize;
            let down = diagonal == -steps || diagonal != steps && furthest[at - 1] < furthest[at + 1];
            let mut a = if down { furthest[at + 1] } else { furthest[at - 1] + 1 };
            let mut b = (a as isize - diagonal) as usize;
            while a < old.len() && b < new.len() && old[a] == new[b] {
                (a, b) = (a + 1, b + 1);
            }
            furthest[at] = a;
            if a >= old.len() && b >= new.len() {
                return Some(walk_back(&trace, old.len(), new.len()));
            }
        }
    }
    None
}

fn walk_back(trace: &[Vec<usize>], old: usize, new: usize) -> Vec<(usize, usize)> {
    let (mut a, mut b) = (old, new);
    let mut pairs = Vec::new();
    for (steps, furthest) in trace.iter().enumerate().rev() {
        let steps = steps as isize;
        let diagonal = a as isize - b as isize;
        // The row begins at the diagonal before the first one of this number of steps.
        let at = |diagonal: isize| furthest[(diagonal + steps + 1) as usize];
        let down = diagonal == -steps || diagonal != steps && at(diagonal - 1) < at(diagonal + 1);
        let before = if down { diagonal + 1 } else { diagonal - 1 };
        let (from_a, from_b) = match steps {
            0 => (0, 0),
            _ => (at(before), (at(before) as isize - before) as usize),
        };
        while a > from_a && b > from_b {
            (a, b) = (a - 1, b - 1);
            pairs.push((a, b));
        }
        (a, b) = (from_a, from_b);
    }
    pairs.reverse();
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(old: &str, new: &str) -> Vec<Run> {
        let (a, b): (Vec<char>, Vec<char>) = (old.chars().collect(), new.chars().collect());
        let found = runs(&a, &b);
        let (mut at_old, mut at_new) = (0, 0);
        for run in &found {
            assert_eq!((run.old.start, run.new.start), (at_old, at_new));
            assert!(!run.same || a[run.old.clone()] == b[run.new.clone()]);
            (at_old, at_new) = (run.old.end, run.new.end);
        }
        assert_eq!((at_old, at_new), (a.len(), b.len()));
        found
    }

    #[test]
    fn known_differences() {
        let cost =
            |old, new| check(old, new).iter().filter(|r| !r.same).map(|r| r.old.len() + r.new.len()).sum::<usize>();
        assert_eq!(cost("abcabba", "cbabac"), 5);
        assert_eq!((cost("", ""), cost("abc", ""), cost("", "abc"), cost("abc", "abc")), (0, 3, 3, 0));
        assert_eq!(check("甲乙丙", "甲丁丙").len(), 3);
        let (long, other) = ("a".repeat(3000), "b".repeat(3000));
        assert_eq!(check(&long, &other).len(), 1);
    }

    proptest::proptest! {
        #[test]
        fn runs_cover_both(old in "[abc]{0,40}", new in "[abc]{0,40}") {
            check(&old, &new);
        }
    }
}
