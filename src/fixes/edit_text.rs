//! Edits of a text: the text as it lies on disk with edits of its decoded form, and the lines that they change.
//!
//! Input: a text and edits in ascending order that do not overlap. Output: the changed text, with the byte order mark and the line
//! ends of the file; the changed lines before and after.

use puzhi_core::base::LineIndex;
use puzhi_core::diag::Edit;

/// Lines of a file that one fix changes, without the line end of the last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineChange {
    /// Number of the first line, from 1.
    pub line: usize,
    /// The lines as they were.
    pub before: String,
    /// The lines as they are now.
    pub after: String,
}

/// Applies edits, whose places are those of the decoded text, to the text on disk. `None` if one is not in the text.
pub(super) fn apply_edits(raw: &str, edits: &[Edit]) -> Option<String> {
    let line_end = match raw.find(['\r', '\n']).map(|at| &raw[at..]) {
        Some(end) if end.starts_with("\r\n") => "\r\n",
        Some(end) if end.starts_with('\r') => "\r",
        _ => "\n",
    };
    let text = raw.strip_prefix('\u{FEFF}').unwrap_or(raw);
    let mut out = raw[..raw.len() - text.len()].to_string();
    let mut place = RawPlace { text, raw: 0, decoded: 0 };
    for Edit { span, replacement } in edits {
        out.push_str(place.advance(span.start)?);
        place.advance(span.end)?;
        out.push_str(&replacement.replace('\n', line_end));
    }
    out.push_str(&text[place.raw..]);
    Some(out)
}

/// A place in a text on disk, and the same in its decoded form, in which each line end is one byte.
struct RawPlace<'t> {
    text: &'t str,
    raw: usize,
    decoded: usize,
}

impl<'t> RawPlace<'t> {
    /// Moves to a place of the decoded text and returns what lies between.
    fn advance(&mut self, decoded: usize) -> Option<&'t str> {
        let start = self.raw;
        while self.decoded < decoded {
            let rest = &self.text[self.raw..];
            let length = rest.chars().next()?.len_utf8();
            self.raw += if rest.starts_with("\r\n") { 2 } else { length };
            self.decoded += length;
        }
        (self.decoded == decoded).then(|| &self.text[start..self.raw])
    }
}

/// The lines of the decoded text that the edits of one fix change. `None` if an edit is not in the text.
pub(super) fn line_changes(text: &str, lines: &LineIndex, edits: &[Edit]) -> Option<Vec<LineChange>> {
    let mut changes: Vec<LineChange> = Vec::new();
    // End of the lines of the last change, and of its last edit.
    let (mut lines_end, mut done) = (0, 0);
    for Edit { span, replacement } in edits {
        let before = text.get(..span.start)?;
        let start = before.rfind('\n').map_or(0, |end| end + 1);
        let end = span.end + text.get(span.end..)?.find('\n').unwrap_or(text.len() - span.end);
        match changes.last_mut().filter(|_| start <= lines_end) {
            Some(last) => {
                // The edit is in the lines of the one before.
                last.after.truncate(last.after.len() - (lines_end - done));
                last.after.push_str(text.get(done..span.start)?);
                last.before.push_str(text.get(lines_end..end)?);
            }
            None => changes.push(LineChange {
                line: lines.line_column(text, start).line,
                before: text.get(start..end)?.to_string(),
                after: text.get(start..span.start)?.to_string(),
            }),
        }
        let last = changes.last_mut()?;
        last.after.push_str(replacement);
        last.after.push_str(&text[span.end..end]);
        (lines_end, done) = (end, span.end);
    }
    Some(changes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use puzhi_core::base::Span;

    #[test]
    fn lines_before_and_after() {
        let text = "甲x乙x\n丙\nx丁\n";
        let edits: Vec<Edit> =
            text.match_indices('x').map(|(at, _)| Edit::new(Span::new(at, at + 1), "一\n")).collect();
        let changes = line_changes(text, &LineIndex::new(text), &edits).unwrap();
        let shown: Vec<_> = changes.iter().map(|c| (c.line, c.before.as_str(), c.after.as_str())).collect();
        assert_eq!(shown, [(1, "甲x乙x", "甲一\n乙一\n"), (3, "x丁", "一\n丁")]);
        // An edit over a line end, and one that begins in its last line.
        let text = "ab\ncd\nef";
        let edits = [Edit::new(Span::new(1, 4), "-"), Edit::insert(5, "!"), Edit::insert(8, "?")];
        let changes = line_changes(text, &LineIndex::new(text), &edits).unwrap();
        let shown: Vec<_> = changes.iter().map(|c| (c.line, c.before.as_str(), c.after.as_str())).collect();
        assert_eq!(shown, [(1, "ab\ncd", "a-d!"), (3, "ef", "ef?")]);
        assert_eq!(apply_edits(text, &edits).as_deref(), Some("a-d!\nef?"));
        assert_eq!(apply_edits("甲", &[Edit::insert(1, "x")]), None);
        assert_eq!(apply_edits("a\rb", &[Edit::insert(2, "x\n")]).as_deref(), Some("a\rx\rb"));
    }
}
