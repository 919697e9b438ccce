//! Finds the lines that version control writes around two versions of a text.
//!
//! Input: a text. Output: a diagnostic at the first conflict. Does not parse the text; of Markdown, only fenced code is told from
//! the rest.

use memchr::memmem;

use puzhi_core::base::Span;
use puzhi_core::diag::{Diagnostic, SourceText, codes};

/// The marks at the beginnings of lines, in this order.
const CONFLICT_MARKS: [&str; 3] = ["<<<<<<<", "=======", ">>>>>>>"];

/// Whether a text has fenced code, in which conflicts are shown and not left over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fences {
    /// Of Markdown.
    Markdown,
    /// Of no other text.
    None,
}

/// Reports the first conflict of `source` whose three marks begin lines outside fenced code.
pub fn conflict_markers(source: &SourceText<'_>, fences: Fences) -> Option<Diagnostic> {
    let text = source.text;
    // Most texts have no such line, and no line is looked at then.
    let starts_line = |at: &usize| *at == 0 || text.as_bytes()[at - 1] == b'\n';
    let first = memmem::find_iter(text.as_bytes(), CONFLICT_MARKS[0]).find(starts_line)?;
    let mark_of = |line: &str| if fences == Fences::Markdown { fence_mark(line) } else { None };
    let mut seen = 0;
    let mut start = first;
    let mut fence = if fences == Fences::Markdown { open_fence(&text[..first]) } else { None };
    let mut offset = first;
    for line in text[first..].split_inclusive('\n') {
        let mark = mark_of(line);
        match (fence, mark) {
            (None, Some(_)) => fence = mark,
            (Some(open), Some(mark)) if open == mark => fence = None,
            _ => {}
        }
        let is_mark = |mark: &str| {
            line.strip_prefix(mark).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\n', '\r']))
        };
        if fence.is_none() && is_mark(CONFLICT_MARKS[seen]) {
            if seen == 0 {
                start = offset;
            }
            seen += 1;
            if seen == CONFLICT_MARKS.len() {
                let last = source.line_column(offset).line;
                let span = Span::new(start, start + CONFLICT_MARKS[0].len());
                return Some(Diagnostic::new(&codes::source::CONFLICT_MARKERS).at(source, span).arg("last", last));
            }
        }
        offset += line.len();
    }
    None
}

/// The fence that is open at the end of `text`.
fn open_fence(text: &str) -> Option<&'static str> {
    text.lines().fold(None, |fence, line| match (fence, fence_mark(line)) {
        (None, mark) => mark,
        (Some(open), Some(mark)) if open == mark => None,
        (open, _) => open,
    })
}

fn fence_mark(line: &str) -> Option<&'static str> {
    let trimmed = line.trim_start();
    ["```", "~~~"].into_iter().find(|fence| trimmed.starts_with(fence))
}

#[cfg(test)]
mod tests {
    use super::*;
    use puzhi_core::base::SitePath;

    fn conflict(text: &str, fences: Fences) -> Option<(usize, usize)> {
        let path = SitePath::new("content/a.md").unwrap();
        let place = conflict_markers(&SourceText::new(&path, text), fences)?.position?;
        Some((place.line, place.column))
    }

    #[test]
    fn conflicts_have_three_marks_outside_code() {
        for (text, place) in [
            ("甲\n<<<<<<< HEAD\n乙\n=======\n丙\n>>>>>>> main\n", Some((2, 1))),
            ("<<<<<<<\r\n=======\r\n>>>>>>>\r\n", Some((1, 1))),
            ("```\n<<<<<<< HEAD\n=======\n>>>>>>> main\n```\n", None),
            ("```\n<<<<<<< HEAD\n```\n=======\n>>>>>>> main\n", None),
            ("<<<<<<< HEAD\n乙\n=======\n", None),
            ("标题\n=======\n<<<<<<<<< 甲\n", None),
            ("```\n甲\n```\n<<<<<<< a\n=======\n>>>>>>> b\n", Some((4, 1))),
            ("<<<<<<< a\n甲\n||||||| base\n乙\n=======\n丙\n>>>>>>> b\n", Some((1, 1))),
        ] {
            assert_eq!(conflict(text, Fences::Markdown), place, "{text}");
        }
    }

    #[test]
    fn other_texts_have_no_fences() {
        assert_eq!(conflict("```\n<<<<<<< a\n=======\n>>>>>>> b\n", Fences::None), Some((2, 1)));
    }
}
