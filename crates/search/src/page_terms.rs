//! The terms of one page with where they stand. In: a [`PageText`]. Out: one [`PageTerm`] for each different term, sorted by shard, and the
//! positions of all of them as symbols. Knows no other page.

use std::collections::BTreeMap;
use std::ops::Range;

use super::pinyin::pinyin_terms;
use super::shard_of;
use super::symbols::number;
use super::text::PageText;
use super::units::{Unit, UnitKind, for_each_term, normalised, units};

/// A term as a number: two Han characters as they are, anything else by its hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct TermKey(u64);

/// Set for terms that are known by their hash.
const HASHED: u64 = 1 << 63;

impl TermKey {
    /// The key of two Han characters.
    fn of_pair(first: char, second: char) -> Self {
        Self(u64::from(u32::from(first)) << 32 | u64::from(u32::from(second)))
    }

    /// The key of any other term, of two parts of which the second may be empty.
    fn hashed(first: &str, second: &str) -> Self {
        // FNV-1a, 64 bits: the same on every machine.
        let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
        for byte in first.bytes().chain(second.bytes()) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        Self(hash | HASHED)
    }

    /// The two characters of a term that is not known by its hash.
    pub fn pair(self) -> Option<[char; 2]> {
        if self.0 & HASHED != 0 {
            return None;
        }
        Some([char::from_u32((self.0 >> 32) as u32)?, char::from_u32(self.0 as u32)?])
    }
}

/// What a term has in one page.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PageTerm {
    pub key: TermKey,
    /// The shard to which it falls.
    pub shard: u32,
    /// The fields in which it stands and how often, as one symbol ([`weight_symbol`]).
    pub weight: u8,
    /// One bit for each piece of the text in which it stands.
    pub pieces: u32,
    /// Its part of [`PageTerms::positions`]; empty for terms without positions.
    pub positions: Range<u32>,
}

/// All terms of one page.
#[derive(Debug, Default)]
pub(super) struct PageTerms {
    pub terms: Vec<PageTerm>,
    pub positions: String,
    /// The texts of terms that are known by their hash, by key.
    pub hashed: Vec<(TermKey, Box<str>)>,
    /// Length of the text in units.
    pub length: u32,
    /// Number of tokens, for measurements.
    pub tokens: usize,
}

/// Where a term can stand; the bits of [`weight_symbol`], and `BODY` for all other text.
const TITLE: u64 = 1;
const NAME: u64 = 2;
const HEADING: u64 = 4;
const SUMMARY: u64 = 8;
const BODY: u64 = 0;

/// Blocks before those of the text: title, names, summary.
const HEAD_BLOCKS: u64 = 3;

/// Sentences of a block that are told apart; later ones count as one.
const MAX_SENTENCES: u32 = 8;

/// Fields and frequency as one symbol: eight times the class of the frequency, plus the fields.
fn weight_symbol(fields: u64, frequency: u32) -> u8 {
    let class = match frequency {
        0..=3 => frequency,
        4..=5 => 4,
        6..=8 => 5,
        9..=15 => 6,
        16..=31 => 7,
        _ => 8,
    };
    (class * 8) as u8 + (fields & 7) as u8
}

/// One place of one term. `place` has, from the highest bit: block (24 bits), sentence (4), unit (28), field (4), whether it has a
/// position (1).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Hit {
    shard: u32,
    key: TermKey,
    place: u64,
}

const POSITIONED: u64 = 1;

impl Hit {
    fn block(self) -> u64 {
        self.place >> 37
    }

    fn sentence(self) -> u64 {
        self.place >> 33 & 0xF
    }

    fn unit(self) -> u64 {
        self.place >> 5 & 0xFFF_FFFF
    }

    fn field(self) -> u64 {
        self.place >> 1 & 0xF
    }
}

/// Sentence and number of each unit. Units are numbered from 0 in each sentence; the sentences that are not told apart go on, with a gap
/// between them, so that no phrase runs over their ends.
fn unit_numbers(units: &[Unit<'_>]) -> Vec<(u64, u64)> {
    let (mut sentence, mut number, mut previous) = (0, 0, 0);
    let next = |unit: &Unit<'_>| {
        if unit.sentence != previous {
            let told_apart = unit.sentence.min(MAX_SENTENCES - 1);
            number = if told_apart == sentence { number + 1 } else { 0 };
            (sentence, previous) = (told_apart, unit.sentence);
        }
        number += 1;
        (u64::from(sentence), number - 1)
    };
    units.iter().map(next).collect()
}

/// The character of a unit that is one.
fn han(unit: &Unit<'_>) -> Option<char> {
    unit.text.chars().next().filter(|_| unit.kind == UnitKind::Han)
}

/// Collects the hits of a page.
#[derive(Default)]
struct Collector {
    /// There are `1 << bits` shards.
    bits: u32,
    hits: Vec<Hit>,
    /// The shards and texts of terms that are known by their hash.
    hashed: BTreeMap<TermKey, HashedTerm>,
}

struct HashedTerm {
    shard: u32,
    text: Box<str>,
}

impl Collector {
    /// Adds a term of two Han characters.
    fn pair(&mut self, first: char, second: char, place: u64) {
        let (mut a, mut b) = ([0; 2], [0; 2]);
        let (a, b) = (first.encode_utf16(&mut a), second.encode_utf16(&mut b));
        let shard = shard_of(a.iter().chain(b.iter()).copied(), self.bits);
        self.hits.push(Hit { shard, key: TermKey::of_pair(first, second), place });
    }

    /// Adds a term that is known by its hash.
    fn hashed(&mut self, first: &str, second: &str, place: u64) {
        let (key, bits) = (TermKey::hashed(first, second), self.bits);
        let known = self.hashed.entry(key).or_insert_with(|| {
            let text: Box<str> = [first, second].concat().into();
            HashedTerm { shard: shard_of(text.encode_utf16(), bits), text }
        });
        self.hits.push(Hit { shard: known.shard, key, place });
    }

    /// The hits by shard, in a shard by term, of a term by place. Counting by shard first is much faster than sorting them all.
    fn sorted_hits(&mut self) -> Vec<Hit> {
        let mut ends = vec![0_usize; 1 << self.bits];
        for hit in &self.hits {
            ends[hit.shard as usize] += 1;
        }
        let mut sum = 0;
        for end in &mut ends {
            sum += std::mem::replace(end, sum);
        }
        let mut sorted = self.hits.clone();
        for hit in &self.hits {
            let place = &mut ends[hit.shard as usize];
            sorted[*place] = *hit;
            *place += 1;
        }
        for of_shard in sorted.chunk_by_mut(|a, b| a.shard == b.shard) {
            of_shard.sort_unstable_by_key(|hit| (hit.key, hit.place));
        }
        sorted
    }

    /// Adds the terms of a block; returns its length in units.
    fn block(&mut self, text: &str, block: u64, field: u64) -> u32 {
        let text = normalised(text);
        let units = units(&text);
        let numbers = unit_numbers(&units);
        let head = field != BODY;
        let block = block.min((1 << 24) - 1);
        for_each_term(&units, head, |first, second, i| {
            let (sentence, unit) = numbers[i];
            // Single characters of titles and headings are found, but no phrase needs their place.
            let single = second.is_none() && first.kind == UnitKind::Han;
            let alone = !first.joined && units.get(i + 1).is_none_or(|next| !next.joined);
            let positioned = if single && !alone { 0 } else { POSITIONED };
            let place = block << 37 | sentence << 33 | (unit & 0xFFF_FFFF) << 5 | field << 1 | positioned;
            match (han(first), second.and_then(han)) {
                (Some(first), Some(second)) => self.pair(first, second, place),
                _ => self.hashed(first.text, second.map_or("", |second| second.text), place),
            }
        });
        units.len() as u32
    }
}

impl PageTerms {
    /// The terms of a page, which fall to `1 << bits` shards.
    pub fn of(page: &PageText, bits: u32) -> Self {
        let mut collector = Collector { bits, ..Collector::default() };
        let mut length = collector.block(&page.title, 0, TITLE);
        let names = page.names.join("\n");
        length += collector.block(&names, 1, NAME);
        length += collector.block(&page.summary, 2, SUMMARY);
        for (n, block) in page.blocks.iter().enumerate() {
            let field = if block.heading.is_some() { HEADING } else { BODY };
            length += collector.block(&block.text, n as u64 + HEAD_BLOCKS, field);
        }
        for term in pinyin_terms(&normalised(&page.title)) {
            collector.hashed(&term, "", TITLE << 1);
        }
        let hits = collector.sorted_hits();
        let hashed = collector.hashed.into_iter().map(|(key, term)| (key, term.text)).collect();
        let mut all = Self { hashed, length, tokens: hits.len(), ..Self::default() };
        let per_piece = page.blocks_per_piece() as u64;
        for same in hits.chunk_by(|a, b| a.key == b.key) {
            all.add(same, per_piece);
        }
        all
    }

    /// Adds a term that stands at all these places.
    fn add(&mut self, hits: &[Hit], per_piece: u64) {
        let (mut fields, mut frequency, mut pieces) = (0, 0, 0_u32);
        let start = self.positions.len() as u32;
        let last = hits.iter().rposition(|hit| hit.place & POSITIONED != 0);
        let mut block = 0;
        for (i, hit) in hits.iter().enumerate() {
            match hit.field() {
                BODY => frequency += 1,
                SUMMARY => frequency += 2,
                field => fields |= field,
            }
            if hit.block() >= HEAD_BLOCKS {
                pieces |= 1 << ((hit.block() - HEAD_BLOCKS) / per_piece).min(31);
            }
            if hit.place & POSITIONED != 0 {
                let ends = u64::from(last == Some(i));
                let step = (hit.block() - block) * u64::from(MAX_SENTENCES) + hit.sentence();
                number(&mut self.positions, (step * 2 + ends) as u32);
                number(&mut self.positions, hit.unit() as u32);
                block = hit.block();
            }
        }
        self.terms.push(PageTerm {
            key: hits[0].key,
            shard: hits[0].shard,
            weight: weight_symbol(fields, frequency),
            pieces,
            positions: start..self.positions.len() as u32,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TextBlock;

    fn block(text: &str) -> TextBlock {
        TextBlock { text: text.into(), heading: None }
    }

    fn term(terms: &PageTerms, pair: [char; 2]) -> &PageTerm {
        terms.terms.iter().find(|term| term.key.pair() == Some(pair)).unwrap()
    }

    #[test]
    fn a_changed_sentence_changes_the_terms_of_no_other() {
        let page = |middle: &str| PageText {
            title: "商标".into(),
            blocks: vec![block("前面一句。"), block(&format!("甲句在此。{middle}。丙句在后。")), block("末段文字。")],
            ..PageText::default()
        };
        let (old, new) = (PageTerms::of(&page("乙句短"), 3), PageTerms::of(&page("乙句变得很长很长"), 3));
        let rows = |terms: &PageTerms| -> Vec<(TermKey, u8, u32, String)> {
            let text = |r: &Range<u32>| terms.positions[r.start as usize..r.end as usize].to_string();
            terms.terms.iter().map(|t| (t.key, t.weight, t.pieces, text(&t.positions))).collect()
        };
        let (old, new) = (rows(&old), rows(&new));
        let changed: Vec<[char; 2]> =
            old.iter().filter(|row| !new.contains(row)).filter_map(|row| row.0.pair()).collect();
        assert_eq!(changed, [['句', '短']]);
    }

    #[test]
    fn fields_and_frequencies_are_one_symbol() {
        let page = PageText {
            title: "专利".into(),
            blocks: vec![block("专利，专利。专利"), block("别的")],
            ..PageText::default()
        };
        let terms = PageTerms::of(&page, 0);
        assert_eq!(term(&terms, ['专', '利']).weight, 3 * 8 + 1);
        assert_eq!(term(&terms, ['别', '的']).weight, 8);
        let most = (0..100).map(|n| weight_symbol(7, n)).max();
        assert!(most < Some(crate::symbols::SYMBOLS as u8));
    }

    #[test]
    fn the_piece_of_a_late_block_is_marked() {
        let mut blocks = vec![block("甲乙"); 20];
        blocks[17] = block("丙丁");
        let terms = PageTerms::of(&PageText { blocks, ..PageText::default() }, 5);
        assert_eq!(term(&terms, ['丙', '丁']).pieces, 0b100);
        assert_eq!(term(&terms, ['甲', '乙']).pieces, 0b111);
    }

    #[test]
    fn no_phrase_runs_over_the_end_of_a_late_sentence() {
        let text = "一。二。三。四。五。六。七。八。九。十";
        let numbers = unit_numbers(&units(text));
        assert_eq!(&numbers[6..], [(6, 0), (7, 0), (7, 2), (7, 4)]);
    }
}
