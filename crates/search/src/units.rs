//! Cuts text into units and terms. A unit is a Han character or a word of another script; a term is what the index has a list for. In: text.
//! Out: units and terms. `search.js` cuts queries in the same way, so both must change together.
//!
//! Terms: each pair of units without anything between them, unless both are words; each word; a Han character that has no such neighbour.
//! Chinese needs no dictionary so: 知识产权 gives 知识, 识产, 产权.

use std::borrow::Cow;

/// A unit of a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unit<'t> {
    /// Its text, normalised.
    pub text: &'t str,
    /// Its first character.
    pub first: char,
    /// What it is.
    pub kind: UnitKind,
    /// Whether nothing stands between it and the unit before.
    pub joined: bool,
    /// Number of the sentence in its block.
    pub sentence: u32,
    /// Number of the unit in its sentence.
    pub number: u32,
}

/// What a unit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnitKind {
    /// One Han, kana or hangul character.
    Han,
    /// Letters and digits of another script.
    Word,
}

/// Longest word in characters; what is longer is cut, since nobody types it.
const MAX_WORD: usize = 32;

/// Text as it is compared: full-width ASCII as ASCII, letters in lower case. Each character stays one character.
pub fn normalised(text: &str) -> Cow<'_, str> {
    let Some(first) = text.bytes().position(may_fold) else { return Cow::Borrowed(text) };
    // Between characters that may change, whole parts are copied.
    let mut out = String::with_capacity(text.len());
    let (mut copied, mut at) = (0, first);
    while let Some(c) = text[at..].chars().next() {
        let folded = fold(c);
        if folded != c {
            out.push_str(&text[copied..at]);
            out.push(folded);
            copied = at + c.len_utf8();
        }
        at += c.len_utf8();
        at = text.as_bytes()[at..].iter().position(|byte| may_fold(*byte)).map_or(text.len(), |more| at + more);
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[copied..]);
    Cow::Owned(out)
}

/// Whether a character that begins with this byte may be compared as another: A to Z, `·` and letters up to U+052F (first bytes C2 to D4),
/// and full-width ASCII (EF). No byte inside of a character is one of these.
fn may_fold(byte: u8) -> bool {
    matches!(byte, b'A'..=b'Z' | 0xC2..=0xD4 | 0xEF)
}

/// One character as it is compared.
fn fold(c: char) -> char {
    match c {
        '\u{530}'..='\u{FF00}' => c,
        'A'..='Z' => c.to_ascii_lowercase(),
        '\u{FF01}'..='\u{FF5E}' => fold_width(c),
        // 3·15 is 3.15.
        '·' => '.',
        '\u{C0}'..='\u{52F}' => {
            let mut lower = c.to_lowercase();
            match (lower.next(), lower.next()) {
                (Some(one), None) => one,
                _ => c,
            }
        }
        _ => c,
    }
}

fn fold_width(c: char) -> char {
    char::from_u32(u32::from(c) - 0xFEE0).map_or(c, |ascii| ascii.to_ascii_lowercase())
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{3005}' | '\u{3007}' | '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}'
        | '\u{AC00}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{323AF}')
}

/// The characters of a term of two Han characters.
pub(super) fn han_pair(term: &str) -> Option<[char; 2]> {
    let mut chars = term.chars();
    let pair = [chars.next()?, chars.next()?];
    (chars.next().is_none() && pair.into_iter().all(is_han)).then_some(pair)
}

fn is_letter(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '\u{C0}'..='\u{1FFF}') && !matches!(c, '\u{D7}' | '\u{F7}')
}

/// Whether a point between two digits stands here: 0.12 is one word.
fn is_point(text: &str, at: usize, before: char) -> bool {
    let bytes = text.as_bytes();
    before.is_ascii_digit() && bytes[at] == b'.' && bytes.get(at + 1).is_some_and(u8::is_ascii_digit)
}

fn ends_sentence(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '；' | '!' | '?' | ';' | '\n')
}

/// The units of a normalised text.
pub fn units(text: &str) -> Vec<Unit<'_>> {
    let mut all = Vec::with_capacity(text.len() / 3 + 1);
    // `number` is also that of units in the sentence so far.
    let (mut joined, mut sentence, mut number) = (false, 0, 0);
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let start = at;
        at += first.len_utf8();
        let kind = if is_han(first) {
            UnitKind::Han
        } else if is_letter(first) {
            UnitKind::Word
        } else {
            joined = false;
            if number > 0 && ends_sentence(first) {
                (sentence, number) = (sentence + 1, 0);
            }
            continue;
        };
        let mut end = at;
        if kind == UnitKind::Word {
            let word = word_end(text, start);
            (end, at) = (word.kept, word.end);
        }
        all.push(Unit { text: &text[start..end], first, kind, joined, sentence, number });
        (joined, number) = (true, number + 1);
    }
    all
}

/// Where a word ends.
struct WordEnd {
    /// The end of what of it counts.
    kept: usize,
    /// The end of all of it.
    end: usize,
}

/// The end of the word that begins at `start`.
fn word_end(text: &str, start: usize) -> WordEnd {
    let (mut word, mut length, mut last) = (WordEnd { kept: start, end: start }, 0, '\0');
    for (at, c) in text[start..].char_indices() {
        let at = start + at;
        if !(is_letter(c) || is_point(text, at, last)) {
            break;
        }
        (length, last) = (length + 1, c);
        word.end = at + c.len_utf8();
        if length <= MAX_WORD {
            word.kept = word.end;
        }
    }
    word
}

/// Calls `each` with every term of these units: its first unit, the second if it has two, and the index of the first. With `single`, each
/// Han character is a term as well.
pub(super) fn for_each_term<'u, 't>(
    units: &'u [Unit<'t>],
    single: bool,
    mut each: impl FnMut(&'u Unit<'t>, Option<&'u Unit<'t>>, usize),
) {
    for (i, unit) in units.iter().enumerate() {
        let next = units.get(i + 1).filter(|next| next.joined);
        if unit.kind == UnitKind::Word || single || !unit.joined && next.is_none() {
            each(unit, None, i);
        }
        if next.is_some_and(|next| (unit.kind, next.kind) != (UnitKind::Word, UnitKind::Word)) {
            each(unit, next, i);
        }
    }
}

/// The terms of a normalised text, in order.
pub fn terms_of(text: &str, single: bool) -> Vec<String> {
    let mut all = Vec::new();
    let units = units(text);
    for_each_term(&units, single, |first, second, _| {
        all.push(format!("{}{}", first.text, second.map_or("", |second| second.text)));
    });
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn han_gives_pairs_and_words_stay_whole() {
        assert_eq!(terms_of("知识产权", false), ["知识", "识产", "产权"]);
        assert_eq!(terms_of(&normalised("ＰＣＴ 申请 v2"), false), ["pct", "申请", "v2"]);
        assert_eq!(terms_of("税、费", false), ["税", "费"]);
        assert_eq!(terms_of("税费", true), ["税", "税费", "费"]);
    }

    #[test]
    fn numbers_belong_to_the_characters_beside_them() {
        assert_eq!(terms_of("4月26日", false), ["4", "4月", "月26", "26", "26日"]);
        assert_eq!(terms_of(&normalised("3·15权益日"), false), ["3.15", "3.15权", "权益", "益日"]);
        assert_eq!(terms_of("占0.12%。2.甲", false), ["占0.12", "0.12", "2", "甲"]);
    }

    #[test]
    fn sentences_are_counted_and_punctuation_parts_units() {
        let text = "甲，乙。！丙";
        let found: Vec<_> = units(text).iter().map(|u| format!("{}{}{}", u.text, u.joined, u.sentence)).collect();
        assert_eq!(found, ["甲false0", "乙false0", "丙false1"]);
    }

    #[test]
    fn a_word_without_end_is_cut() {
        let word = "a".repeat(100_000);
        assert_eq!(terms_of(&word, false), ["a".repeat(MAX_WORD)]);
    }

    #[test]
    fn every_character_stays_one_character() {
        for c in (0..=0x10FFFF).filter_map(char::from_u32) {
            assert_eq!(normalised(&c.to_string()).chars().count(), 1, "{c:?}");
        }
    }
}
