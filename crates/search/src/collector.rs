//! Finds the terms of some pages with all places where they stand. In: [`PageText`]s. Out: [`CollectedTerms`], in which the places of one
//! term follow each other. Knows no shard and no file.

use std::collections::HashMap;
use std::ops::Range;

use super::pinyin::pinyin_terms;
use super::term_key::TermKey;
use super::text::PageText;
use super::units::{Unit, UnitKind, for_each_term, normalised, units};

/// Pages whose terms are collected together.
pub(super) const CHUNK: usize = 64;

/// Where a term can stand; the bits of a weight, and `BODY` for all other text.
pub(super) const TITLE: u64 = 1;
pub(super) const NAME: u64 = 2;
pub(super) const HEADING: u64 = 4;
pub(super) const SUMMARY: u64 = 8;
pub(super) const BODY: u64 = 0;

/// Blocks before those of the text: title, names, summary.
pub(super) const HEAD_BLOCKS: u64 = 3;

/// Sentences of a block that are told apart; later ones count as one.
pub(super) const MAX_SENTENCES: u32 = 8;

const MAX_BLOCK: u64 = (1 << 22) - 1;
const MAX_UNIT: u64 = (1 << 28) - 1;

/// One place of one term. From the highest bit: page in the chunk (6 bits), block (22), sentence (3), unit (28), field (4), whether it has a
/// position (1). So places are in the order of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Place(u64);

impl Place {
    fn new(page: u64, block: u64, field: u64) -> Self {
        Self(page << 58 | block.min(MAX_BLOCK) << 36 | field << 1)
    }

    fn at(self, position: SentencePosition) -> Self {
        Self(self.0 | u64::from(position.sentence) << 33 | u64::from(position.unit).min(MAX_UNIT) << 5)
    }

    fn positioned(self, positioned: bool) -> Self {
        Self(self.0 | u64::from(positioned))
    }

    /// Index of the page in the chunk.
    pub fn page(self) -> u8 {
        (self.0 >> 58) as u8
    }

    pub fn block(self) -> u64 {
        self.0 >> 36 & MAX_BLOCK
    }

    pub fn sentence(self) -> u64 {
        self.0 >> 33 & 7
    }

    pub fn unit(self) -> u64 {
        self.0 >> 5 & MAX_UNIT
    }

    pub fn field(self) -> u64 {
        self.0 >> 1 & 0xF
    }

    /// Whether phrases need it.
    pub fn is_positioned(self) -> bool {
        self.0 & 1 != 0
    }
}

/// Where a unit stands in its block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct SentencePosition {
    sentence: u32,
    unit: u32,
}

/// A term of some pages.
#[derive(Debug)]
pub(super) struct CollectedTerm {
    pub key: TermKey,
    /// Its text, if that is not in the key.
    pub text: Option<Box<str>>,
    /// Its part of [`CollectedTerms::places`].
    pub places: Range<u32>,
}

/// The terms of some pages.
#[derive(Debug, Default)]
pub(super) struct CollectedTerms {
    /// In the order in which they were met.
    pub terms: Vec<CollectedTerm>,
    /// For each term its places in order.
    pub places: Vec<Place>,
    /// Length of the text of each page, in units.
    pub lengths: Vec<u32>,
}

/// The terms of at most [`CHUNK`] pages.
pub(super) fn collect_terms<'p>(pages: impl Iterator<Item = &'p PageText> + Clone) -> CollectedTerms {
    let mut collector = Collector::default();
    // About one hit for each Han character, of three bytes.
    let bytes: usize = pages.clone().take(CHUNK).flat_map(|page| &page.blocks).map(|block| block.text.len()).sum();
    collector.hits.reserve(bytes / 3);
    collector.places.reserve(bytes / 3);
    let lengths = (0..).zip(pages.take(CHUNK)).map(|(n, page)| collector.page(n, page)).collect();
    collector.finish(lengths)
}

/// Collects terms in the order of the text.
#[derive(Default)]
struct Collector {
    numbers: HashMap<TermKey, u32, ahash::RandomState>,
    terms: Vec<CollectedTerm>,
    /// Number of places of each term.
    counts: Vec<u32>,
    /// Index of the term of each hit.
    hits: Vec<u32>,
    /// The place of each hit.
    places: Vec<Place>,
}

impl Collector {
    /// Adds the terms of a page; returns its length in units.
    fn page(&mut self, page: u64, text: &PageText) -> u32 {
        let mut length = self.block(&text.title, Place::new(page, 0, TITLE));
        length += self.block(&text.names.join("\n"), Place::new(page, 1, NAME));
        length += self.block(&text.summary, Place::new(page, 2, SUMMARY));
        for (n, block) in (HEAD_BLOCKS..).zip(&text.blocks) {
            let field = if block.heading.is_some() { HEADING } else { BODY };
            length += self.block(&block.text, Place::new(page, n, field));
        }
        for term in pinyin_terms(&normalised(&text.title)) {
            self.hit(TermKey::hashed(&term, ""), &term, "", Place::new(page, 0, TITLE));
        }
        length
    }

    /// Adds the terms of a block; returns its length in units.
    fn block(&mut self, text: &str, place: Place) -> u32 {
        let text = normalised(text);
        let units = units(&text);
        let before_late = units_before_late_sentences(&units);
        let head = place.field() != BODY;
        for_each_term(&units, head, |first, second, i| {
            // Single characters of titles and headings are found, but no phrase needs their place.
            let single = second.is_none() && first.kind == UnitKind::Han;
            let alone = !first.joined && units.get(i + 1).is_none_or(|next| !next.joined);
            let key = match (han(first), second.and_then(han)) {
                (Some(first), Some(second)) => TermKey::of_pair(first, second),
                _ => TermKey::hashed(first.text, second.map_or("", |second| second.text)),
            };
            let second = second.map_or("", |second| second.text);
            self.hit(
                key,
                first.text,
                second,
                place.at(sentence_position(first, i, before_late)).positioned(!single || alone),
            );
        });
        units.len() as u32
    }

    /// Adds one place of a term of two parts.
    fn hit(&mut self, key: TermKey, first: &str, second: &str, place: Place) {
        let number = *self.numbers.entry(key).or_insert_with(|| {
            let text = key.pair().is_none().then(|| [first, second].concat().into());
            self.terms.push(CollectedTerm { key, text, places: 0..0 });
            self.counts.push(0);
            self.terms.len() as u32 - 1
        });
        self.counts[number as usize] += 1;
        self.hits.push(number);
        self.places.push(place);
    }

    /// Puts the places of each term together; they stay in order.
    fn finish(mut self, lengths: Vec<u32>) -> CollectedTerms {
        let mut sum = 0;
        for (term, count) in self.terms.iter_mut().zip(&self.counts) {
            // The end moves on with each place that is put there.
            term.places = sum..sum;
            sum += count;
        }
        let mut places = vec![Place::default(); self.places.len()];
        for (number, place) in self.hits.iter().zip(&self.places) {
            let end = &mut self.terms[*number as usize].places.end;
            places[*end as usize] = *place;
            *end += 1;
        }
        CollectedTerms { terms: self.terms, places, lengths }
    }
}

/// Number of units of a block before its first sentence that is not told apart from later ones.
fn units_before_late_sentences(units: &[Unit<'_>]) -> usize {
    match units.last() {
        Some(last) if last.sentence >= MAX_SENTENCES => units.partition_point(|unit| unit.sentence + 1 < MAX_SENTENCES),
        _ => units.len(),
    }
}

/// Where the unit of this index stands. The sentences that are not told apart go on, with a gap between them, so that no phrase runs over
/// their ends.
fn sentence_position(unit: &Unit<'_>, index: usize, before_late: usize) -> SentencePosition {
    const LAST: u32 = MAX_SENTENCES - 1;
    match index.checked_sub(before_late) {
        None => SentencePosition { sentence: unit.sentence, unit: unit.number },
        Some(index) => SentencePosition { sentence: LAST, unit: index as u32 + (unit.sentence - LAST) },
    }
}

/// The character of a unit that is one.
fn han(unit: &Unit<'_>) -> Option<char> {
    (unit.kind == UnitKind::Han).then_some(unit.first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_phrase_runs_over_the_end_of_a_late_sentence() {
        let text = "一。二。三。四。五。六。七。八。九。十";
        let units = units(text);
        let before = units_before_late_sentences(&units);
        let positions = units.iter().enumerate().map(|(i, unit)| sentence_position(unit, i, before));
        let late: Vec<[u32; 2]> = positions.skip(6).map(|p| [p.sentence, p.unit]).collect();
        assert_eq!(late, [[6, 0], [7, 0], [7, 2], [7, 4]]);
    }

    #[test]
    fn the_places_of_a_term_follow_each_other_in_the_order_of_the_text() {
        let page = |title: &str| PageText { title: title.into(), ..PageText::default() };
        let pages = [page("专利，专利"), page("商标和专利")];
        let collected = collect_terms(pages.iter());
        let pair = TermKey::of_pair('专', '利');
        let term = collected.terms.iter().find(|term| term.key == pair).unwrap();
        let places = &collected.places[term.places.start as usize..term.places.end as usize];
        let found: Vec<[u64; 2]> = places.iter().map(|place| [place.page().into(), place.unit()]).collect();
        assert_eq!(found, [[0, 0], [0, 2], [1, 3]]);
        assert_eq!(collected.lengths, [4, 5]);
    }

    #[test]
    fn parts_of_a_place_are_read_back() {
        let place =
            Place::new(63, u64::MAX, SUMMARY).at(SentencePosition { sentence: 7, unit: u32::MAX }).positioned(true);
        assert_eq!([place.page().into(), place.block(), place.sentence()], [63, MAX_BLOCK, 7]);
        assert_eq!([place.unit(), place.field(), place.is_positioned().into()], [MAX_UNIT, SUMMARY, 1]);
    }
}
