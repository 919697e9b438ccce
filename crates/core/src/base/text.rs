//! Positions in a text, classes of Chinese characters and small text functions.
//!
//! Works on strings in memory; does not know files or diagnostics.

use unicode_normalization::UnicodeNormalization;

/// A range of bytes in the decoded text of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset after the last byte.
    pub end: usize,
}

impl Span {
    /// Creates a span from `start` to `end`, in bytes.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// Returns the span moved right by `by` bytes.
    pub fn shift(self, by: usize) -> Self {
        Self::new(self.start + by, self.end + by)
    }
}

/// A position in a file as shown to people: line and column, both from 1. Columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineColumn {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// The line starts of one text. Converts a byte offset to a [`LineColumn`] in O(log lines).
#[derive(Debug, Clone)]
pub struct LineIndex {
    starts: Vec<usize>,
    /// Number of characters before each block of [`BLOCK`] bytes, so that a position far into a long line does not
    /// need a scan from the start of the line.
    characters: Vec<usize>,
}

const BLOCK: usize = 4096;

/// Counts the characters that begin in `bytes`: all bytes except UTF-8 continuation bytes.
fn count_characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|b| **b & 0xC0 != 0x80).count()
}

impl LineIndex {
    /// Builds the index of `text` in one pass.
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
                sum += count_characters(block);
                before
            })
            .collect();
        Self { starts, characters }
    }

    /// Returns the number of characters before byte `offset`.
    fn characters_before(&self, text: &str, offset: usize) -> usize {
        let block = (offset / BLOCK).min(self.characters.len().saturating_sub(1));
        self.characters.get(block).copied().unwrap_or(0)
            + count_characters(&text.as_bytes()[(block * BLOCK).min(offset)..offset])
    }

    /// Returns the position of byte `offset`. `text` must be the text of which the index was built. An offset inside
    /// a character or past the end is moved left to the nearest character boundary.
    pub fn line_column(&self, text: &str, offset: usize) -> LineColumn {
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.starts.partition_point(|s| *s <= offset).max(1);
        let start = self.starts[line - 1];
        LineColumn { line, column: self.characters_before(text, offset) - self.characters_before(text, start) + 1 }
    }

    /// Returns line `line` (from 1) without its line ending; "" if there is no such line.
    pub fn line<'t>(&self, text: &'t str, line: usize) -> &'t str {
        let Some(start) = line.checked_sub(1).and_then(|l| self.starts.get(l)) else { return "" };
        let end = self.starts.get(line).map_or(text.len(), |next| next - 1);
        text[*start..end].trim_end_matches(['\r', '\n'])
    }
}

/// Whether `c` is a Han character, including the compatibility and extension blocks, `〇` and `々`.
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}' | '\u{3007}' | '\u{3005}'
        | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{2FA1F}' | '\u{30000}'..='\u{323AF}')
}

/// Whether `c` has no width: soft hyphens, joiners, signs of the direction of a text, byte order marks. Other programs put
/// them into a text that is pasted.
pub fn is_zero_width(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

/// Whether `c` is punctuation of Chinese text: CJK symbols, full-width forms, quotation marks and dashes.
pub fn is_cjk_punctuation(c: char) -> bool {
    matches!(c, '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3020}' | '\u{3030}' | '\u{FF01}'..='\u{FF0F}'
        | '\u{FF1A}'..='\u{FF20}' | '\u{FF3B}'..='\u{FF40}' | '\u{FF5B}'..='\u{FF65}'
        | '“' | '”' | '‘' | '’' | '—' | '…' | '·')
}

/// Converts a full-width digit (U+FF10 to U+FF19), as Chinese input methods type it, to ASCII. Returns any other
/// character unchanged.
pub fn to_ascii_digit(c: char) -> char {
    match c {
        '０'..='９' => char::from_u32(c as u32 - '０' as u32 + '0' as u32).unwrap_or(c),
        other => other,
    }
}

/// Prepares a cell for a CSV file. A cell that a spreadsheet program would read as a formula gets a leading `'`,
/// which makes it text.
pub fn escape_csv_formula(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_string() }
}

/// Returns the offset of the first byte of `bytes`, from `from` on, for which `wanted` is true. `wanted` should
/// compare without branches (`|`, not `||`, no `match`), so that the compiler can check 32 bytes at once.
#[inline(always)]
pub fn find_byte(bytes: &[u8], from: usize, wanted: impl Fn(u8) -> bool) -> Option<usize> {
    const BLOCK: usize = 32;
    let mut at = from;
    while let Some(block) = bytes.get(at..).and_then(|rest| rest.first_chunk::<BLOCK>()) {
        if block.iter().fold(false, |found, b| found | wanted(*b)) {
            break;
        }
        at += BLOCK;
    }
    bytes.get(at..)?.iter().position(|b| wanted(*b)).map(|found| at + found)
}

/// Whether `text` is known to be in NFC by a fast check: it contains only ASCII, common Han characters and Chinese
/// punctuation, which neither decompose nor combine. False means that it may still be in NFC.
pub(super) fn is_certainly_nfc(text: &str) -> bool {
    text.is_ascii()
        || text.chars().all(|c| c.is_ascii() || matches!(c, '\u{4E00}'..='\u{9FFF}') || is_cjk_punctuation(c))
}

/// Returns the candidate closest to `wanted` (Damerau-Levenshtein distance in characters), if it is close enough to
/// be a typing mistake.
pub fn closest_match<'c>(wanted: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let length = wanted.chars().count();
    candidates
        .into_iter()
        .map(|c| (strsim::damerau_levenshtein(wanted, c), c))
        .filter(|(distance, c)| *distance <= (length.max(c.chars().count()) / 3).max(1))
        .min_by(|a, b| a.0.cmp(&b.0).then(a.1.cmp(b.1)))
        .map(|(_, c)| c)
}

/// Returns the candidate that [`closest_match`] finds, if it is the only one that is close enough.
pub fn single_match<'c>(wanted: &str, candidates: impl IntoIterator<Item = &'c str> + Clone) -> Option<&'c str> {
    let found = closest_match(wanted, candidates.clone())?;
    closest_match(wanted, candidates.into_iter().filter(|other| *other != found)).is_none().then_some(found)
}

/// Returns the one candidate that `wanted` is certainly a slip of: the only one of another spelling that is close, in Latin
/// letters, with one character too many, too few, wrong or exchanged. A wrong character makes another word of a short one,
/// and of most Chinese ones.
pub fn only_close_match<'c>(wanted: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    const SHORTEST: usize = 4;
    if wanted.len() < SHORTEST || !wanted.is_ascii() {
        return None;
    }
    let mut close = candidates.into_iter().filter(|c| strsim::damerau_levenshtein(wanted, c) <= 1);
    let first = close.next()?;
    close.all(|other| other == first).then_some(first)
}

/// Converts `text` to NFC, reduces each run of white space to one space and cuts the result after `limit` characters.
pub fn normalized_excerpt(text: &str, limit: usize) -> String {
    let mut out = String::new();
    let mut count = 0;
    for word in text.split_whitespace() {
        if !out.is_empty() && count < limit {
            out.push(' ');
            count += 1;
        }
        let room = limit - count.min(limit);
        // Take one character more than needed, because it can combine with the last one.
        let near = word.char_indices().nth(room + 1).map_or(word, |(end, _)| &word[..end]);
        if is_certainly_nfc(near) {
            let mut cut = near.char_indices().map(|(at, _)| at);
            out.push_str(cut.nth(room).map_or(near, |end| &near[..end]));
            count += room.min(near.chars().count());
        } else {
            let before = out.len();
            out.extend(word.nfc().take(room));
            count += out[before..].chars().count();
        }
        if count == limit {
            return out;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_column_counts_characters_not_bytes() {
        let text = "一\n二三四\r\n五";
        let index = LineIndex::new(text);
        assert_eq!(index.line_column(text, 0), LineColumn { line: 1, column: 1 });
        assert_eq!(index.line_column(text, text.find('四').unwrap()), LineColumn { line: 2, column: 3 });
        assert_eq!(index.line_column(text, text.len() + 9), LineColumn { line: 3, column: 2 });
        assert_eq!(index.line(text, 2), "二三四");
    }

    #[test]
    fn line_column_deep_in_a_long_line() {
        let text = format!("头\n{}尾", "甲a".repeat(5000));
        let index = LineIndex::new(&text);
        assert_eq!(index.line_column(&text, text.len() - 3), LineColumn { line: 2, column: 10_001 });
        assert_eq!(index.line_column(&text, text.len()), LineColumn { line: 2, column: 10_002 });
        assert_eq!(LineIndex::new("").line_column("", 0), LineColumn { line: 1, column: 1 });
    }

    #[test]
    fn certainly_nfc_text_is_nfc() {
        use unicode_normalization::char::{canonical_combining_class, decompose_canonical};
        for c in ('\0'..=char::MAX).filter(|c| is_certainly_nfc(c.encode_utf8(&mut [0; 4]))) {
            let mut parts = Vec::new();
            decompose_canonical(c, |part| parts.push(part));
            assert_eq!(parts, [c]);
            assert_eq!(canonical_combining_class(c), 0, "{c}");
            // `is_nfc_quick` returns "Maybe" for a character that can combine with the one before it.
            let quick = unicode_normalization::is_nfc_quick(std::iter::once(c));
            assert_eq!(quick, unicode_normalization::IsNormalized::Yes, "{c}");
        }
        assert_eq!(normalized_excerpt("e\u{301}a  专利\n制度", 5), "\u{e9}a 专利");
        assert_eq!(normalized_excerpt("专利", 1), "专");
        assert_eq!(normalized_excerpt("专e\u{301}", 2), "专\u{e9}");
        for limit in 0..9 {
            let slowly: String = "专利 制度a，好".nfc().take(limit).collect();
            assert_eq!(normalized_excerpt("专利\t制度a，好", limit), slowly);
        }
    }

    #[test]
    fn escape_csv_formula_leaves_no_formula() {
        for bad in ["=1+1", "+1", "-1", "@a", "\t=1", "\r=1"] {
            assert_eq!(escape_csv_formula(bad), format!("'{bad}"));
        }
        for good in ["", "a=1", "专利", " =1"] {
            assert_eq!(escape_csv_formula(good), good);
        }
    }

    #[test]
    fn find_byte_finds_every_position() {
        for length in 0..100 {
            let mut bytes = vec![b'a'; length];
            assert_eq!(find_byte(&bytes, 0, |b| b == b'x'), None);
            for at in 0..length {
                bytes[at] = b'x';
                assert_eq!(find_byte(&bytes, at / 2, |b| (b == b'x') | (b == b'y')), Some(at));
                bytes[at] = b'a';
            }
        }
        assert_eq!(find_byte(b"x", 2, |b| b == b'x'), None);
    }

    #[test]
    fn one_slip_of_one_word_is_certain() {
        assert_eq!(only_close_match("titel", ["title", "date", "title"]), Some("title"));
        for (wanted, candidates) in
            [("titel", vec!["title", "titel2"]), ("主题", vec!["标题"]), ("tga", vec!["tag"]), ("ttiel", vec!["title"])]
        {
            assert_eq!(only_close_match(wanted, candidates), None, "{wanted}");
        }
    }

    #[test]
    fn closest_match_finds_typing_errors_only() {
        assert_eq!(closest_match("tilte", ["title", "date"]), Some("title"));
        assert_eq!(closest_match("标頭", ["标题", "日期"]), Some("标题"));
        assert_eq!(closest_match("banana", ["title", "date"]), None);
        assert_eq!(single_match("tilte", ["title", "date"]), Some("title"));
        assert_eq!(single_match("条建", ["条件", "材料"]), Some("条件"));
        assert_eq!(single_match("条建", ["条件", "条款"]), None);
    }
}
