//! Builds the index of one language and writes its files. In: an [`IndexInput`]. Out: a [`SearchIndex`]; [`SearchShape`] says which files it
//! has before it is built. The bytes depend on the input alone, not on threads.

use std::fmt;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use puzhi_core::base::ContentHash;

use super::chunk::{Chunk, HashedTerm, ListPart};
use super::collector::CHUNK;
use super::manifest::manifest;
use super::script::{script, shard_script};
use super::shard::{ShardText, shard_text};
use super::synonyms::Synonym;
use super::text::PageText;
use super::vocabulary::vocabulary;

/// Most shards, as a power of two.
const MAX_BITS: u32 = 10;

/// Shards whose positions share a file, as a power of two: only phrases need them.
const POSITION_BITS: u32 = 3;

/// Number of pages up to which each page has text files of its own.
const PAGES_WITH_OWN_FILES: usize = 2048;

/// A file of the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum SearchPart {
    /// What each search needs: lengths, kinds and years of the pages, synonyms.
    Manifest,
    /// Words that a mistyped query may have meant.
    Words,
    /// The n-th shard.
    Terms(u32),
    /// Positions of the n-th group of shards.
    Positions(u32),
    /// One piece of the texts of a group of pages.
    Pieces {
        /// Number of the group.
        group: u32,
        /// Number of the piece in each of its pages.
        piece: u32,
    },
}

impl fmt::Display for SearchPart {
    /// The file's path in the folder of the index.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SearchPart::Manifest => f.write_str("i.js"),
            SearchPart::Words => f.write_str("w.js"),
            SearchPart::Terms(n) => write!(f, "t/{n}.js"),
            SearchPart::Positions(n) => write!(f, "p/{n}.js"),
            SearchPart::Pieces { group, piece } => write!(f, "d/{group}-{piece}.js"),
        }
    }
}

/// Which files an index has. It depends on the number of pages and of their pieces alone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SearchShape {
    /// There are `1 << bits` shards.
    pub bits: u32,
    /// Number of pages.
    pub pages: usize,
    /// Number of pages in a group, whose texts share files.
    pub group_size: usize,
    /// Number of pieces of the longest page of each group.
    pub pieces: Vec<u32>,
}

impl SearchShape {
    /// The shape for pages with these numbers of pieces.
    pub fn of(pieces: &[u32]) -> Self {
        // A query needs a handful of shards, so a small site has more of them than pages.
        let bits = pieces.len().checked_ilog2().map_or(0, |log| (log + 2).min(MAX_BITS));
        let group_size = 1 << (pieces.len() / PAGES_WITH_OWN_FILES).checked_ilog2().unwrap_or(0);
        let pages = pieces.len();
        let pieces = pieces.chunks(group_size).map(|group| group.iter().copied().max().unwrap_or(1)).collect();
        Self { bits, pages, group_size, pieces }
    }

    /// The files of the texts of a page.
    pub fn pieces_of(&self, page: u32) -> impl Iterator<Item = SearchPart> {
        let group = page / self.group_size as u32;
        let pieces = self.pieces.get(group as usize).copied().unwrap_or(0);
        (0..pieces).map(move |piece| SearchPart::Pieces { group, piece })
    }

    /// A file of texts; `None` if the index has no such file. `page` gives the pages by their place.
    pub fn texts<'p>(&self, part: SearchPart, page: impl Fn(usize) -> IndexedPage<'p>) -> Option<String> {
        let SearchPart::Pieces { group, piece } = part else { return None };
        if piece >= *self.pieces.get(group as usize)? {
            return None;
        }
        let start = group as usize * self.group_size;
        let end = (start + self.group_size).min(self.pages);
        let texts = (start..end).map(|n| piece_json(&page(n), piece as usize)).collect();
        Some(script(&part.to_string(), &[Json::Array(texts)]))
    }

    /// Number of shards whose positions share a file.
    pub(super) fn shards_per_positions(&self) -> usize {
        1 << self.bits.min(POSITION_BITS)
    }

    /// All files.
    pub fn parts(&self) -> impl Iterator<Item = SearchPart> {
        let shards = 1_u32 << self.bits;
        let positions = (0..shards / self.shards_per_positions() as u32).map(SearchPart::Positions);
        let shards = (0..shards).map(SearchPart::Terms).chain(positions);
        let groups = (0..).zip(&self.pieces);
        let pieces = groups.flat_map(|(group, n)| (0..*n).map(move |piece| SearchPart::Pieces { group, piece }));
        [SearchPart::Manifest, SearchPart::Words].into_iter().chain(shards).chain(pieces)
    }
}

/// A page that may be found.
#[derive(Debug, Clone, Copy)]
pub struct IndexedPage<'p> {
    /// Its text.
    pub text: &'p PageText,
    /// Its address, relative to the site's root.
    pub url: &'p str,
    /// Index of its kind in [`IndexInput::kinds`].
    pub kind: u32,
    /// The year of its date.
    pub year: Option<i16>,
    /// How likely people look for it, other things equal.
    pub prior: Prior,
}

/// How likely a page of a kind is what people look for: a factor of its score, in steps of a twentieth from one half.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prior {
    /// It says what to do.
    Guide = 14,
    /// Any other page.
    Page = 10,
    /// It explains what others decided, or tells of others.
    Background = 9,
    /// It collects pages.
    Collection = 7,
}

/// What an index is made from.
#[derive(Debug, Clone, Default)]
pub struct IndexInput<'p> {
    /// The pages in the order of their numbers, in which equal results are shown.
    pub pages: Vec<IndexedPage<'p>>,
    /// What kinds of pages are called.
    pub kinds: Vec<String>,
    /// Synonyms.
    pub synonyms: &'p [Synonym],
}

/// The index of one language.
#[derive(Debug, Default)]
pub struct SearchIndex {
    shape: SearchShape,
    manifest: String,
    words: String,
    /// By shard.
    terms: Vec<String>,
    /// By group of shards.
    positions: Vec<String>,
    /// Number of terms of all pages, each counted as often as it stands there.
    pub tokens: usize,
}

impl SearchIndex {
    /// Builds the index.
    pub fn build(input: &IndexInput<'_>) -> Self {
        let pieces: Vec<u32> = input.pages.iter().map(|page| page.text.pieces() as u32).collect();
        let shape = SearchShape::of(&pieces);
        let chunk = |pages: &[IndexedPage<'_>]| Chunk::of(pages.iter().map(|page| page.text), shape.bits);
        let chunks: Vec<Chunk> = input.pages.par_chunks(CHUNK).map(chunk).collect();
        let mut hashed: Vec<&HashedTerm> = chunks.iter().flat_map(|chunk| &chunk.hashed).collect();
        hashed.par_sort_unstable_by_key(|term| term.key);
        hashed.dedup_by_key(|term| term.key);
        let shard = |n: usize| shard_text(parts(&chunks, n), &hashed);
        let shards: Vec<ShardText> = (0..1_usize << shape.bits).into_par_iter().map(shard).collect();
        Self {
            terms: (0..).zip(&shards).map(|(n, shard)| terms_script(n, shard)).collect(),
            positions: (0..)
                .zip(shards.chunks(shape.shards_per_positions()))
                .map(|(n, shards)| positions_script(n, shards))
                .collect(),
            manifest: manifest(
                input,
                &shape,
                &chunks.iter().flat_map(|chunk| chunk.lengths.iter().copied()).collect::<Vec<_>>(),
            ),
            words: words(input),
            tokens: chunks.iter().map(|chunk| chunk.tokens).sum(),
            shape,
        }
    }

    /// Which files it has.
    pub fn shape(&self) -> &SearchShape {
        &self.shape
    }

    /// The bytes of a file; `None` if the index has no such file. `page` gives the pages that the index was built from, by their place.
    pub fn file<'p>(&self, part: SearchPart, page: impl Fn(usize) -> IndexedPage<'p>) -> Option<String> {
        let file = |files: &[String], n: u32| files.get(n as usize).cloned();
        match part {
            SearchPart::Manifest => Some(self.manifest.clone()),
            SearchPart::Words => Some(self.words.clone()),
            SearchPart::Terms(n) => file(&self.terms, n),
            SearchPart::Positions(n) => file(&self.positions, n),
            SearchPart::Pieces { .. } => self.shape.texts(part, page),
        }
    }
}

/// A short name of a list of pages, by their addresses in order. Pages are numbered by their place in it.
pub fn version_of<'u>(urls: impl Iterator<Item = &'u str>) -> String {
    let mut text = String::new();
    for url in urls {
        text.push_str(url);
        text.push('\n');
    }
    ContentHash::of(text.as_bytes()).short(8)
}

/// The file of the terms of a shard.
pub(super) fn terms_script(n: u32, shard: &ShardText) -> String {
    shard_script(&SearchPart::Terms(n).to_string(), &shard.terms, &shard.weights)
}

/// The file of the positions of some shards.
pub(super) fn positions_script(n: u32, shards: &[ShardText]) -> String {
    let terms = shards.iter().map(|shard| shard.positioned_terms.as_str()).filter(|terms| !terms.is_empty());
    let positions = shards.iter().flat_map(|shard| shard.positions.iter().copied());
    let name = SearchPart::Positions(n).to_string();
    shard_script(&name, &terms.collect::<Vec<_>>().join(" "), &positions.collect::<Vec<u8>>())
}

/// The parts of the lists of one shard.
fn parts(chunks: &[Chunk], shard: usize) -> Vec<ListPart<'_>> {
    let mut parts = Vec::with_capacity(chunks.iter().map(|chunk| chunk.len_of_shard(shard)).sum());
    for (n, chunk) in chunks.iter().enumerate() {
        parts.extend(chunk.of_shard(shard, (n * CHUNK) as u32));
    }
    parts
}

fn words(input: &IndexInput<'_>) -> String {
    let mut words = vocabulary(input.pages.iter().map(|page| page.text));
    words.retain(|word| !input.synonyms.iter().any(|synonym| synonym.word == *word));
    let known = input.synonyms.iter().map(|synonym| synonym.word.clone());
    let all: Vec<String> = known.chain(words).collect();
    script(&SearchPart::Words.to_string(), &[Json::from(all.join(" "))])
}

/// Title, address and one piece of the text of a page; `0` where the page has no such piece. A heading is a list of its text and its id.
fn piece_json(page: &IndexedPage<'_>, piece: usize) -> Json {
    if piece >= page.text.pieces() {
        return Json::from(0);
    }
    let blocks = page.text.piece(piece).iter().map(|block| match &block.heading {
        Some(id) => json!([block.text, id]),
        None => Json::from(block.text.as_str()),
    });
    json!([page.text.title, page.url, page.text.heading_before(piece), blocks.collect::<Vec<_>>()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_files_is_bounded() {
        let shape = SearchShape::of(&[1; 100_000]);
        assert_eq!(shape.bits, MAX_BITS);
        assert!(shape.parts().count() < 1024 + 128 + 4100, "{}", shape.parts().count());
        assert_eq!(SearchShape::of(&[]).parts().count(), 4);
        assert_eq!(SearchShape::of(&[1, 3]).parts().count(), 2 + 8 + 1 + 4);
    }

    #[test]
    fn every_part_has_a_file_and_no_other() {
        let text = PageText { title: "专利".into(), ..PageText::default() };
        let page = IndexedPage { text: &text, url: "a/", kind: 0, year: Some(2025), prior: Prior::Page };
        let input = IndexInput { pages: vec![page; 5], kinds: vec!["指南".into()], synonyms: &[] };
        let index = SearchIndex::build(&input);
        assert!(index.shape.parts().all(|part| index.file(part, |_| page).is_some()));
        for gone in [SearchPart::Terms(16), SearchPart::Pieces { group: 5, piece: 0 }] {
            assert_eq!(index.file(gone, |_| page), None);
        }
    }
}
