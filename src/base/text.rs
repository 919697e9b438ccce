//! Positions in a text, and small facts about Chinese characters.

use unicode_normalization::UnicodeNormalization;

/// A range of bytes in a file's decoded text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// A span from `start` to `end`, in bytes.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The same span moved right by `by` bytes.
    pub fn shift(self, by: usize) -> Self {
        Self::new(self.start + by, self.end + by)
    }
}

/// Where a person finds something in a file: 1-based line and 1-based column in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    pub line: usize,
    pub column: usize,
}

/// Line starts of one text; turns byte offsets into [`Place`]s in O(log lines).
#[derive(Debug, Clone)]
pub struct LineIndex {
    starts: Vec<usize>,
    /// Characters before each block of [`BLOCK`] bytes, so that a place deep in a long line costs no walk from its start.
    characters: Vec<usize>,
}

const BLOCK: usize = 4096;

/// Characters that begin in `bytes`: all but UTF-8 continuation bytes.
fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|b| **b & 0xC0 != 0x80).count()
}

impl LineIndex {
    pub fn new(text: &str) -> Self {
        let starts = std::iter::once(0)
            .chain(text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i + 1))
            .collect();
        let mut sum = 0;
        let characters = text
            .as_bytes()
            .chunks(BLOCK)
            .map(|block| {
                let before = sum;
                sum += characters(block);
                before
            })
            .collect();
        Self { starts, characters }
    }

    /// Characters before byte `offset`.
    fn count(&self, text: &str, offset: usize) -> usize {
        let block = (offset / BLOCK).min(self.characters.len().saturating_sub(1));
        self.characters.get(block).copied().unwrap_or(0) + characters(&text.as_bytes()[(block * BLOCK).min(offset)..offset])
    }

    /// The place of byte `offset` of `text`, which must be the text the index was made from.
    /// An offset inside a character or past the end is moved left to the nearest character.
    pub fn place(&self, text: &str, offset: usize) -> Place {
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.starts.partition_point(|s| *s <= offset).max(1);
        let start = self.starts[line - 1];
        Place { line, column: self.count(text, offset) - self.count(text, start) + 1 }
    }

    /// The text of 1-based `line`, without its line ending.
    pub fn line<'t>(&self, text: &'t str, line: usize) -> &'t str {
        let Some(start) = line.checked_sub(1).and_then(|l| self.starts.get(l)) else { return "" };
        let end = self.starts.get(line).map_or(text.len(), |next| next - 1);
        text[*start..end].trim_end_matches(['\r', '\n'])
    }
}

/// Whether `c` is a Han character (including compatibility and extension blocks, and 〇).
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}' | '\u{3007}' | '\u{3005}'
        | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{2FA1F}' | '\u{30000}'..='\u{323AF}')
}

/// Whether `c` is punctuation as Chinese text uses it: CJK symbols, full-width forms, quotes and dashes.
pub fn is_cjk_punctuation(c: char) -> bool {
    matches!(c, '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3020}' | '\u{3030}' | '\u{FF01}'..='\u{FF0F}'
        | '\u{FF1A}'..='\u{FF20}' | '\u{FF3B}'..='\u{FF40}' | '\u{FF5B}'..='\u{FF65}'
        | '“' | '”' | '‘' | '’' | '—' | '…' | '·')
}

/// The candidate closest to `wanted` (Damerau-Levenshtein on characters), if close enough to be a slip of the finger.
pub fn nearest<'c>(wanted: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let length = wanted.chars().count();
    candidates
        .into_iter()
        .map(|c| (strsim::damerau_levenshtein(wanted, c), c))
        .filter(|(distance, c)| *distance <= (length.max(c.chars().count()) / 3).max(1))
        .min_by(|a, b| a.0.cmp(&b.0).then(a.1.cmp(b.1)))
        .map(|(_, c)| c)
}

/// `text` in NFC with runs of white space folded to one space, cut after `limit` characters.
pub fn plain_chars(text: &str, limit: usize) -> String {
    let mut out = String::new();
    let mut count = 0;
    for word in text.split_whitespace() {
        if !out.is_empty() && count < limit {
            out.push(' ');
            count += 1;
        }
        for c in word.nfc() {
            if count == limit {
                return out;
            }
            out.push(c);
            count += 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_characters_not_bytes() {
        let text = "一\n二三四\r\n五";
        let index = LineIndex::new(text);
        assert_eq!(index.place(text, 0), Place { line: 1, column: 1 });
        assert_eq!(index.place(text, text.find('四').unwrap()), Place { line: 2, column: 3 });
        assert_eq!(index.place(text, text.len() + 9), Place { line: 3, column: 2 });
        assert_eq!(index.line(text, 2), "二三四");
    }

    #[test]
    fn places_deep_in_a_long_line() {
        let text = format!("头\n{}尾", "甲a".repeat(5000));
        let index = LineIndex::new(&text);
        assert_eq!(index.place(&text, text.len() - 3), Place { line: 2, column: 10_001 });
        assert_eq!(index.place(&text, text.len()), Place { line: 2, column: 10_002 });
        assert_eq!(LineIndex::new("").place("", 0), Place { line: 1, column: 1 });
    }

    #[test]
    fn nearest_finds_slips_only() {
        assert_eq!(nearest("tilte", ["title", "date"]), Some("title"));
        assert_eq!(nearest("标頭", ["标题", "日期"]), Some("标题"));
        assert_eq!(nearest("banana", ["title", "date"]), None);
    }
}
