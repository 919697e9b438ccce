//! What some pages add to each shard: for each term the part of its list that tells of these pages. In: [`PageText`]s. Out: a [`Chunk`], whose
//! parts [`shard_text`](super::shard::shard_text) joins. Knows no other page.

use super::collector::{
    BODY, CollectedTerm, CollectedTerms, HEAD_BLOCKS, MAX_SENTENCES, Place, SUMMARY, collect_terms,
};
use super::shard_of;
use super::symbols::{number, symbol};
use super::term_key::TermKey;
use super::text::PageText;

/// What some pages add to the shards.
#[derive(Debug, Default)]
pub(super) struct Chunk {
    /// By shard.
    rows: Vec<ChunkRow>,
    /// Where the rows of each shard end.
    ends: Vec<u32>,
    /// The parts of the lists of weights of all rows.
    weights: Vec<u8>,
    /// The parts of the lists of positions of all rows.
    positions: Vec<u8>,
    /// The texts of terms that are known by their hash.
    pub hashed: Vec<HashedTerm>,
    /// Length of the text of each page, in units.
    pub lengths: Vec<u32>,
    /// Number of terms, each counted as often as it stands there.
    pub tokens: usize,
}

/// The text of a term that is known by its hash.
#[derive(Debug)]
pub(super) struct HashedTerm {
    pub key: TermKey,
    pub text: Box<str>,
}

/// A term of some pages. Pages are given by their index in the chunk.
#[derive(Debug, Clone, Copy)]
struct ChunkRow {
    key: TermKey,
    weights_end: u32,
    positions_end: u32,
    first_page: u8,
    last_page: u8,
    /// Whether the term stands in other pieces of the first page than the first.
    elsewhere: bool,
    /// Not greater than `last_positioned` if some page has positions.
    first_positioned: u8,
    last_positioned: u8,
}

/// A part of a term's lists.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct ListPart<'c> {
    pub key: TermKey,
    /// Pages with weights, from the weight of the first page on; empty if it tells of positions alone.
    pub weights: &'c [u8],
    pub first_page: u32,
    pub last_page: u32,
    /// Whether the term stands in other pieces of the first page than the first.
    pub elsewhere: bool,
    /// Pages with positions, from the positions of the first on; empty if phrases need none of them.
    pub positions: &'c [u8],
    pub first_positioned: u32,
    pub last_positioned: u32,
}

impl ListPart<'_> {
    /// A part that tells nothing of one page.
    pub fn empty(key: TermKey, page: u32) -> Self {
        ListPart {
            key,
            weights: &[],
            first_page: page,
            last_page: page,
            elsewhere: false,
            positions: &[],
            first_positioned: page,
            last_positioned: page,
        }
    }
}

impl Chunk {
    /// What these pages add to `1 << bits` shards.
    pub fn of<'p>(pages: impl Iterator<Item = &'p PageText> + Clone, bits: u32) -> Self {
        let collected = collect_terms(pages.clone());
        let per_piece: Vec<u64> = pages.map(|page| page.blocks_per_piece() as u64).collect();
        let (order, ends) = by_shard(&collected, bits);
        let mut chunk = Self { ends, tokens: collected.places.len(), ..Self::default() };
        chunk.rows.reserve_exact(order.len());
        for n in order {
            let term = &collected.terms[n as usize];
            chunk.add(term.key, &collected.places[term.places.start as usize..term.places.end as usize], &per_piece);
        }
        let hashed = |term: CollectedTerm| term.text.map(|text| HashedTerm { key: term.key, text });
        chunk.hashed = collected.terms.into_iter().filter_map(hashed).collect();
        chunk.lengths = collected.lengths;
        chunk
    }

    /// Number of terms in a shard.
    pub fn len_of_shard(&self, shard: usize) -> usize {
        self.range(shard).len()
    }

    /// The parts of a shard's lists. `first_page` is the number of the chunk's first page.
    pub fn of_shard(&self, shard: usize, first_page: u32) -> impl Iterator<Item = ListPart<'_>> {
        self.range(shard).map(move |n| {
            let row = self.rows[n];
            let (weights_start, positions_start) = match n.checked_sub(1).map(|before| self.rows[before]) {
                Some(before) => (before.weights_end, before.positions_end),
                None => (0, 0),
            };
            ListPart {
                key: row.key,
                weights: &self.weights[weights_start as usize..row.weights_end as usize],
                first_page: first_page + u32::from(row.first_page),
                last_page: first_page + u32::from(row.last_page),
                elsewhere: row.elsewhere,
                positions: &self.positions[positions_start as usize..row.positions_end as usize],
                first_positioned: first_page + u32::from(row.first_positioned),
                last_positioned: first_page + u32::from(row.last_positioned),
            }
        })
    }

    fn range(&self, shard: usize) -> std::ops::Range<usize> {
        let start = shard.checked_sub(1).map_or(0, |before| self.ends[before]);
        start as usize..self.ends[shard] as usize
    }

    /// Adds a term that stands at these places.
    fn add(&mut self, key: TermKey, places: &[Place], per_piece: &[u64]) {
        let (first_page, last_page) = (places[0].page(), places[places.len() - 1].page());
        let mut row = ChunkRow {
            key,
            weights_end: 0,
            positions_end: 0,
            first_page,
            last_page,
            elsewhere: false,
            first_positioned: u8::MAX,
            last_positioned: 0,
        };
        let (mut next, mut next_positioned) = (first_page, None);
        for of_page in places.chunk_by(|a, b| a.page() == b.page()) {
            let page = of_page[0].page();
            let PageWeight { weight, pieces } = PageWeight::of(of_page, per_piece[usize::from(page)]);
            // The first piece is what most terms stand in; only others are written.
            let elsewhere = pieces > 1;
            if page == first_page {
                row.elsewhere = elsewhere;
            } else {
                number(&mut self.weights, page_step(u32::from(page - next), elsewhere));
            }
            symbol(&mut self.weights, u32::from(weight));
            if elsewhere {
                number(&mut self.weights, pieces);
            }
            next = page + 1;
            let Some(last) = of_page.iter().rposition(|place| place.is_positioned()) else { continue };
            match next_positioned {
                Some(next) => number(&mut self.positions, u32::from(page - next)),
                None => row.first_positioned = page,
            }
            push_positions(&mut self.positions, &of_page[..=last]);
            (row.last_positioned, next_positioned) = (page, Some(page + 1));
        }
        (row.weights_end, row.positions_end) = (self.weights.len() as u32, self.positions.len() as u32);
        self.rows.push(row);
    }
}

/// The first number of a page in a list of weights: pages since the one before, and whether pieces follow the weight.
pub(super) fn page_step(pages: u32, elsewhere: bool) -> u32 {
    pages * 2 + u32::from(elsewhere)
}

/// The indexes of terms by shard, and where those of each shard end.
fn by_shard(collected: &CollectedTerms, bits: u32) -> (Vec<u32>, Vec<u32>) {
    let shard = |term: &CollectedTerm| match (&term.text, term.key.pair()) {
        (None, Some([first, second])) => {
            let (mut a, mut b) = ([0; 2], [0; 2]);
            let (a, b) = (first.encode_utf16(&mut a), second.encode_utf16(&mut b));
            shard_of(a.iter().chain(b.iter()).copied(), bits)
        }
        (text, _) => shard_of(text.as_deref().unwrap_or_default().encode_utf16(), bits),
    };
    let shards: Vec<u32> = collected.terms.iter().map(shard).collect();
    let mut ends = vec![0_u32; 1 << bits];
    for shard in &shards {
        ends[*shard as usize] += 1;
    }
    let mut sum = 0;
    // First where each shard begins; placing a term moves it on, to where the shard ends.
    for end in &mut ends {
        sum += std::mem::replace(end, sum);
    }
    let mut order = vec![0_u32; shards.len()];
    for (n, shard) in (0_u32..).zip(&shards) {
        let place = &mut ends[*shard as usize];
        order[*place as usize] = n;
        *place += 1;
    }
    (order, ends)
}

/// What a list of weights says of a term in one page.
#[derive(Debug, PartialEq)]
struct PageWeight {
    /// Fields and frequency as one symbol: eight times the class of the frequency, plus the fields.
    weight: u8,
    /// One bit for each piece of the text in which the term stands.
    pieces: u32,
}

impl PageWeight {
    fn of(places: &[Place], per_piece: u64) -> Self {
        let (mut fields, mut frequency, mut pieces) = (0, 0, 0_u32);
        for place in places {
            match place.field() {
                BODY => frequency += 1,
                SUMMARY => frequency += 2,
                field => fields |= field,
            }
            if place.block() >= HEAD_BLOCKS {
                pieces |= 1 << ((place.block() - HEAD_BLOCKS) / per_piece).min(31);
            }
        }
        Self { weight: weight_of(fields, frequency), pieces }
    }
}

fn weight_of(fields: u64, frequency: u32) -> u8 {
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

/// Appends the positions of a term in one page; the last place has one.
fn push_positions(out: &mut Vec<u8>, places: &[Place]) {
    let mut block = 0;
    for (n, place) in places.iter().enumerate().filter(|(_, place)| place.is_positioned()) {
        let ends = u64::from(n + 1 == places.len());
        let step = (place.block() - block) * u64::from(MAX_SENTENCES) + place.sentence();
        number(out, (step * 2 + ends) as u32);
        number(out, place.unit() as u32);
        block = place.block();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TextBlock;

    fn block(text: &str) -> TextBlock {
        TextBlock { text: text.into(), heading: None }
    }

    /// The parts of all shards of one page.
    fn parts(page: &PageText, bits: u32) -> Vec<(TermKey, String)> {
        let chunk = Chunk::of(std::iter::once(page), bits);
        let part =
            |part: ListPart<'_>| (part.key, format!("{}|{:?}|{:?}", part.elsewhere, part.weights, part.positions));
        (0..1 << bits).flat_map(|shard| chunk.of_shard(shard, 0)).map(part).collect()
    }

    /// The weights of a term in one page.
    fn weights(page: &PageText, pair: [char; 2]) -> Vec<u8> {
        let chunk = Chunk::of(std::iter::once(page), 0);
        let key = TermKey::of_pair(pair[0], pair[1]);
        chunk.of_shard(0, 0).find(|part| part.key == key).unwrap().weights.to_vec()
    }

    #[test]
    fn a_changed_sentence_changes_the_terms_of_no_other() {
        let page = |middle: &str| PageText {
            title: "商标".into(),
            blocks: vec![block("前面一句。"), block(&format!("甲句在此。{middle}。丙句在后。")), block("末段文字。")],
            ..PageText::default()
        };
        let (old, new) = (parts(&page("乙句短"), 3), parts(&page("乙句变得很长很长"), 3));
        let changed: Vec<[char; 2]> =
            old.iter().filter(|part| !new.contains(part)).filter_map(|part| part.0.pair()).collect();
        assert_eq!(changed, [['句', '短']]);
    }

    #[test]
    fn fields_and_frequencies_are_one_symbol() {
        let page = PageText {
            title: "专利".into(),
            blocks: vec![block("专利，专利。专利"), block("别的")],
            ..PageText::default()
        };
        let weight = |value| {
            let mut out = Vec::new();
            symbol(&mut out, value);
            out
        };
        assert_eq!(weights(&page, ['专', '利']), weight(3 * 8 + 1));
        assert_eq!(weights(&page, ['别', '的']), weight(8));
        let most = (0..100).map(|n| weight_of(7, n)).max();
        assert!(most < Some(crate::symbols::SYMBOLS as u8));
    }

    #[test]
    fn the_piece_of_a_late_block_is_marked() {
        let mut blocks = vec![block("甲乙"); 2 * PageText::default().blocks_per_piece() + 4];
        let late = blocks.len() - 3;
        blocks[late] = block("丙丁");
        let page = PageText { blocks, ..PageText::default() };
        let pieces = |pair| weights(&page, pair)[1..].to_vec();
        let bits = |value| {
            let mut out = Vec::new();
            number(&mut out, value);
            out
        };
        assert_eq!(pieces(['丙', '丁']), bits(0b100));
        assert_eq!(pieces(['甲', '乙']), bits(0b111));
    }

    #[test]
    fn pages_of_a_chunk_follow_each_other_in_a_list() {
        let page = |title: &str| PageText { title: title.into(), ..PageText::default() };
        let pages = [page("别的"), page("专利"), page("别的"), page("专利")];
        let chunk = Chunk::of(pages.iter(), 0);
        let key = TermKey::of_pair('专', '利');
        let part = chunk.of_shard(0, 640).find(|part| part.key == key).unwrap();
        assert_eq!([part.first_page, part.last_page], [641, 643]);
        assert_eq!([part.first_positioned, part.last_positioned], [641, 643]);
        let mut expected = Vec::new();
        symbol(&mut expected, 1);
        number(&mut expected, page_step(1, false));
        symbol(&mut expected, 1);
        assert_eq!(part.weights, expected);
    }
}
