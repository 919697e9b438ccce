//! What changed from one text to another, in words as people read them.
//!
//! Input: two texts. Output: pieces that stayed, came or went. Long pieces that stayed are shortened to what is near a change.

use std::ops::Range;

use serde::Serialize;

use puzhi_core::base::is_han;

use super::text_diff::runs;

/// Characters of a piece that stayed which are shown on each side of a change.
const CONTEXT: usize = 60;

/// A piece of a difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Piece {
    /// `same`, `added` or `removed`.
    pub kind: &'static str,
    /// The text.
    pub text: String,
    /// Characters that were left out in the middle of a piece that stayed; the text then is what stands before, `after` what stands behind.
    #[serde(skip_serializing_if = "is_zero")]
    pub skipped: usize,
    /// What stands behind the characters that were left out.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub after: String,
}

fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// How many characters came and went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ChangedCharacters {
    /// Characters that came.
    pub added: usize,
    /// Characters that went.
    pub removed: usize,
}

/// Compares two texts: first their lines, then the words of those that differ.
pub(super) fn difference(old: &str, new: &str) -> Vec<Piece> {
    let mut pieces = Pieces::default();
    let (old_lines, new_lines) = (lines(old), lines(new));
    for run in runs(&old_lines, &new_lines) {
        let (before, after) = (old_lines[run.old].concat(), new_lines[run.new].concat());
        if run.same {
            pieces.push("same", &before);
            continue;
        }
        let (old_words, new_words) = (words(&before), words(&after));
        for run in runs(&old_words, &new_words) {
            if run.same {
                pieces.push("same", &old_words[run.old].concat());
            } else {
                pieces.push("removed", &old_words[run.old].concat());
                pieces.push("added", &new_words[run.new].concat());
            }
        }
    }
    pieces.joined()
}

/// Counts what a difference has.
pub(super) fn changed_characters(old: &str, new: &str) -> ChangedCharacters {
    let pieces = difference(old, new);
    let of = |kind| pieces.iter().filter(|piece| piece.kind == kind).map(|piece| piece.text.chars().count()).sum();
    ChangedCharacters { added: of("added"), removed: of("removed") }
}

/// Shortens the pieces that stayed.
pub(super) fn shortened(pieces: Vec<Piece>) -> Vec<Piece> {
    let count = pieces.len();
    let short = |(at, piece): (usize, Piece)| {
        let length = piece.text.chars().count();
        let (head, tail) = (if at == 0 { 0 } else { CONTEXT }, if at + 1 == count { 0 } else { CONTEXT });
        if piece.kind != "same" || length <= head + tail + CONTEXT {
            return piece;
        }
        let text: Vec<char> = piece.text.chars().collect();
        let part = |range: Range<usize>| text[range].iter().collect::<String>();
        Piece { kind: "same", text: part(0..head), skipped: length - head - tail, after: part(length - tail..length) }
    };
    pieces.into_iter().enumerate().map(short).collect()
}

fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

/// Cuts a text into words of letters and digits, single Han characters, and single other characters.
fn words(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut in_word = false;
    for (at, c) in text.char_indices() {
        let is_word = c.is_alphanumeric() && !is_han(c);
        if at > start && !(is_word && in_word) {
            out.push(&text[start..at]);
            start = at;
        }
        in_word = is_word;
    }
    if start < text.len() {
        out.push(&text[start..]);
    }
    out
}

/// Pieces that are being put together: what went stands before what came.
#[derive(Default)]
struct Pieces {
    done: Vec<Piece>,
    removed: String,
    added: String,
}

impl Pieces {
    fn push(&mut self, kind: &'static str, text: &str) {
        match kind {
            _ if text.is_empty() => {}
            "removed" => self.removed.push_str(text),
            "added" => self.added.push_str(text),
            // A mark or a space between two changes is no text that stayed.
            _ if self.has_change()
                && text.chars().count() == 1
                && !text.contains(char::is_alphanumeric)
                && text != "\n" =>
            {
                self.removed.push_str(text);
                self.added.push_str(text);
            }
            _ => {
                self.flush();
                self.add("same", text.to_string());
            }
        }
    }

    fn has_change(&self) -> bool {
        !self.removed.is_empty() || !self.added.is_empty()
    }

    fn flush(&mut self) {
        // What was taken as part of a change and ends both is text that stayed.
        let mut tail = String::new();
        while let (Some(a), Some(b)) = (self.removed.chars().last(), self.added.chars().last()) {
            if a != b {
                break;
            }
            self.removed.pop();
            self.added.pop();
            tail.insert(0, a);
        }
        let (removed, added) = (std::mem::take(&mut self.removed), std::mem::take(&mut self.added));
        self.add("removed", removed);
        self.add("added", added);
        self.add("same", tail);
    }

    fn add(&mut self, kind: &'static str, text: String) {
        if text.is_empty() {
            return;
        }
        match self.done.last_mut().filter(|last| last.kind == kind) {
            Some(last) => last.text.push_str(&text),
            None => self.done.push(Piece { kind, text, skipped: 0, after: String::new() }),
        }
    }

    fn joined(mut self) -> Vec<Piece> {
        self.flush();
        self.done
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(old: &str, new: &str) -> String {
        let sign = |kind| match kind {
            "added" => "+",
            "removed" => "-",
            _ => "",
        };
        difference(old, new).iter().map(|piece| format!("{}[{}]", sign(piece.kind), piece.text)).collect()
    }

    #[test]
    fn words_and_characters() {
        assert_eq!(shown("到窗口办理。\n", "到一楼窗口办理。\n"), "[到]+[一楼][窗口办理。\n]");
        assert_eq!(shown("电话 68680001 转", "电话 68689999 转"), "[电话 ]-[68680001]+[68689999][ 转]");
        assert_eq!(shown("甲\n乙\n丙\n", "甲\n丙\n"), "[甲\n]-[乙\n][丙\n]");
        assert_eq!(shown("", "新"), "+[新]");
        assert_eq!(shown("同", "同"), "[同]");
        let counted = changed_characters("甲乙", "甲丙丁");
        assert_eq!((counted.added, counted.removed), (2, 1));
    }

    #[test]
    fn long_pieces_are_shortened() {
        let old = format!("{}甲{}", "一".repeat(500), "二".repeat(500));
        let pieces = shortened(difference(&old, &old.replace('甲', "乙")));
        assert_eq!((pieces[0].text.as_str(), pieces[0].skipped, pieces[0].after.chars().count()), ("", 440, 60));
        assert_eq!((pieces[3].text.chars().count(), pieces[3].skipped, pieces[3].after.as_str()), (60, 440, ""));
    }

    proptest::proptest! {
        #[test]
        fn pieces_are_both_texts(old in "[甲乙 a\n，]{0,40}", new in "[甲乙 a\n，]{0,40}") {
            let pieces = difference(&old, &new);
            let without = |kind| pieces.iter().filter(|piece| piece.kind != kind).map(|piece| piece.text.as_str()).collect::<String>();
            proptest::prop_assert_eq!(without("added"), old);
            proptest::prop_assert_eq!(without("removed"), new);
        }
    }
}
