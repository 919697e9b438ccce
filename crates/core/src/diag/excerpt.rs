//! The text around the place of a diagnostic.
//!
//! Input: the text of a file and a span. Output: an [`Excerpt`] of bounded length, and the part of it that fits a width of
//! the terminal. Does not print.

use serde::{Deserialize, Serialize};
use unicode_width::UnicodeWidthChar;

use crate::base::Span;

/// Part of one line with the place that a diagnostic is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excerpt {
    /// The text before the place, at most [`CONTEXT`] characters.
    pub before: String,
    /// The text that is marked, as far as it is on this line and within [`CONTEXT`] characters.
    pub marked: String,
    /// The text after it.
    pub after: String,
    /// Whether the line has more text before `before`.
    pub cut_before: bool,
    /// Whether the line has more text after `after`.
    pub cut_after: bool,
}

/// Largest number of characters before the place, and of characters from the place on.
const CONTEXT: usize = 100;

impl Excerpt {
    /// The excerpt around `span`. A span that is not in the text gives an empty excerpt.
    pub fn of(text: &str, span: Span) -> Excerpt {
        let is_break = |c: char| c == '\n' || c == '\r';
        let (head, tail) = text.split_at_checked(span.start).unwrap_or_default();
        let line = |c: &char| !is_break(*c);
        let mut before: Vec<char> = head.chars().rev().take_while(line).take(CONTEXT + 1).collect();
        let cut_before = before.len() > CONTEXT;
        before.truncate(CONTEXT);
        before.reverse();
        let mut rest: Vec<char> = tail.chars().take_while(line).take(CONTEXT + 1).collect();
        let cut_after = rest.len() > CONTEXT;
        rest.truncate(CONTEXT);
        let width = tail.get(..span.end.saturating_sub(span.start)).unwrap_or(tail).chars();
        let width = width.take(rest.len()).take_while(line).count();
        let after = rest.split_off(width);
        let text = |chars: Vec<char>| chars.into_iter().collect::<String>();
        Excerpt { before: text(before), marked: text(rest), after: text(after), cut_before, cut_after }
    }

    /// The whole excerpt.
    pub fn line(&self) -> String {
        [self.before.as_str(), &self.marked, &self.after].concat()
    }

    /// Whether there is nothing to see.
    pub fn is_blank(&self) -> bool {
        [&self.before, &self.marked, &self.after].iter().all(|part| part.trim().is_empty())
    }

    /// Cuts the excerpt to `width` columns. The beginning of the marked text is always in it; `…` stands for what is
    /// left out.
    pub fn fit(&self, width: usize) -> FittedExcerpt {
        let line: Vec<(char, usize)> = self.line().chars().map(shown).collect();
        let mark = self.before.chars().count();
        let end = mark + self.marked.chars().count().max(1);
        let columns = |part: &[(char, usize)]| part.iter().map(|(_, width)| width).sum::<usize>();
        let room = width.saturating_sub(2).max(8);
        let (mut first, mut last) = (0, line.len());
        if columns(&line) > room || self.cut_before || self.cut_after {
            // A third of the room is for what stands before, more if less stands after.
            let after = columns(&line[mark.min(line.len())..]);
            let before = (room / 3).max(room.saturating_sub(after));
            first = mark.min(line.len());
            let mut used = 0;
            while first > 0 && used + line[first - 1].1 <= before {
                first -= 1;
                used += line[first].1;
            }
            last = first;
            let mut used = 0;
            while last < line.len() && used + line[last].1 <= room {
                used += line[last].1;
                last += 1;
            }
        }
        let (lead, tail) = (first > 0 || self.cut_before, last < line.len() || self.cut_after);
        let text: String = line[first..last].iter().map(|(c, _)| *c).collect();
        let indent = usize::from(lead) + columns(&line[first..mark.clamp(first, last)]);
        let marked = columns(&line[mark.clamp(first, last)..end.clamp(first, last)]).max(1);
        let dots = |there| if there { "…" } else { "" };
        FittedExcerpt { text: format!("{}{text}{}", dots(lead), dots(tail)), indent, marked }
    }
}

/// An excerpt as it is printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FittedExcerpt {
    /// The line.
    pub text: String,
    /// Columns before the marked text.
    pub indent: usize,
    /// Columns of the marked text, at least 1.
    pub marked: usize,
}

/// A character as it is printed, with its columns. Control characters are printed as spaces.
fn shown(c: char) -> (char, usize) {
    match c.width() {
        Some(width) if !c.is_control() => (c, width),
        _ => (' ', 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(text: &str, start: usize, end: usize, width: usize) -> FittedExcerpt {
        Excerpt::of(text, Span::new(start, end)).fit(width)
    }

    #[test]
    fn a_short_line_is_whole() {
        let text = "甲\n见[乙](b.md)。\r\n丙";
        let at = text.find("b.md").unwrap();
        let fitted = fit(text, at, at + 4, 40);
        assert_eq!(fitted, FittedExcerpt { text: "见[乙](b.md)。".into(), indent: 7, marked: 4 });
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let text = format!("{}此{}", "一".repeat(500), "二".repeat(500));
        let at = text.find('此').unwrap();
        let fitted = fit(&text, at, at + "此".len(), 40);
        assert_eq!(fitted.text, format!("…{}此{}…", "一".repeat(6), "二".repeat(12)));
        assert_eq!((fitted.indent, fitted.marked), (13, 2));
        // Where little stands after the place, more is shown before it.
        let text = format!("{}此二", "一".repeat(500));
        let fitted = fit(&text, at, at + 3, 40);
        assert_eq!(fitted.text, format!("…{}此二", "一".repeat(17)));
    }

    #[test]
    fn marks_end_with_their_line_and_the_width() {
        let fitted = fit("甲乙\n丙", 3, 10, 40);
        assert_eq!(fitted, FittedExcerpt { text: "甲乙".into(), indent: 2, marked: 2 });
        let long = "字".repeat(300);
        let fitted = fit(&long, 0, long.len(), 20);
        assert_eq!(fitted.text, format!("{}…", "字".repeat(9)));
        assert_eq!((fitted.indent, fitted.marked), (0, 18));
    }

    #[test]
    fn odd_spans_do_no_harm() {
        for (text, start, end) in [("", 0, 0), ("甲", 1, 2), ("甲", 3, 3), ("甲", 9, 12), ("a\u{0}b\tc", 1, 2)] {
            for width in [0, 1, 10, 80] {
                let fitted = fit(text, start, end, width);
                assert!(fitted.marked >= 1 && !fitted.text.contains(['\u{0}', '\t']), "{text:?}: {fitted:?}");
            }
        }
    }
}
