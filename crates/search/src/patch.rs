//! The files of an index that change with the texts of a few pages, made from those files as they were. In: the pages' old and new texts, and
//! old files. Out: new files, with the bytes that building the whole index would give. Knows no page that did not change.
//!
//! An edit of one page would else read the texts of all pages.

use std::collections::{BTreeMap, BTreeSet};

use super::chunk::{Chunk, HashedTerm, ListPart};
use super::index::{SearchPart, SearchShape, positions_script, terms_script};
use super::manifest::{PageLength, with_lengths};
use super::script::{StoredLists, stored_lists};
use super::shard::{ShardText, shard_text};
use super::shard_of;
use super::symbols::{number, read_number, read_symbol};
use super::term_key::TermKey;
use super::text::PageText;
use super::units::han_pair;

/// Up to this many changed pages the files are patched; above it the whole index is built.
const MAX_PAGES: usize = 64;

/// A page whose text changed. Its title and its number in the index did not.
#[derive(Debug, Clone, Copy)]
pub struct ChangedText<'p> {
    /// Its number in the index.
    pub page: u32,
    /// The text that the old files were made from.
    pub old: &'p PageText,
    /// Its text now.
    pub new: &'p PageText,
}

impl ChangedText<'_> {
    /// Whether the words that a mistyped query may have meant are taken from the same texts.
    fn has_same_words(&self) -> bool {
        let headings = |text: &PageText| -> Vec<String> {
            text.blocks.iter().filter(|block| block.heading.is_some()).map(|block| block.text.clone()).collect()
        };
        self.old.title == self.new.title && self.old.names == self.new.names && headings(self.old) == headings(self.new)
    }
}

/// A page's part of the shards, before and now.
struct PageChange {
    page: u32,
    old: Chunk,
    new: Chunk,
}

impl PageChange {
    /// The terms of a shard that the page has before or now.
    fn keys(&self, shard: usize) -> impl Iterator<Item = TermKey> {
        let old = self.old.of_shard(shard, self.page);
        old.chain(self.new.of_shard(shard, self.page)).map(|part| part.key)
    }

    fn changes(&self, shard: usize) -> bool {
        let sorted = |chunk| -> Vec<ListPart<'_>> {
            let mut parts: Vec<ListPart<'_>> = Chunk::of_shard(chunk, shard, self.page).collect();
            parts.sort_unstable_by_key(|part| part.key);
            parts
        };
        sorted(&self.old) != sorted(&self.new)
    }
}

/// The shards, positions and manifest that changed, or some that did not. `None` if the index must be built: an old file is missing or is none
/// of an index, too many pages changed, or `w.js` may have changed. Pieces of texts are not among the files.
pub fn patched_files(
    shape: &SearchShape,
    changed: &[ChangedText<'_>],
    old_file: impl Fn(SearchPart) -> Option<String>,
) -> Option<BTreeMap<SearchPart, String>> {
    if changed.len() > MAX_PAGES || !changed.iter().all(ChangedText::has_same_words) {
        return None;
    }
    let change = |text: &ChangedText<'_>| PageChange {
        page: text.page,
        old: Chunk::of(std::iter::once(text.old), shape.bits),
        new: Chunk::of(std::iter::once(text.new), shape.bits),
    };
    let changes: Vec<PageChange> = changed.iter().map(change).collect();
    let mut files = BTreeMap::new();
    if changes.iter().any(|change| change.old.lengths != change.new.lengths) {
        let lengths = changes.iter().map(|change| PageLength { page: change.page, length: change.new.lengths[0] });
        files.insert(SearchPart::Manifest, with_lengths(&old_file(SearchPart::Manifest)?, lengths)?);
    }
    let affected: BTreeSet<usize> =
        (0..1_usize << shape.bits).filter(|n| changes.iter().any(|change| change.changes(*n))).collect();
    let group = shape.shards_per_positions();
    let groups: BTreeSet<usize> = affected.iter().map(|shard| shard / group).collect();
    for n in groups {
        let part = SearchPart::Positions(n as u32);
        let text = old_file(part)?;
        let stored = stored_lists(&text, &part.to_string())?;
        let positions = stored_terms(stored)?;
        let mut shards = Vec::with_capacity(group);
        for shard in n * group..(n + 1) * group {
            let positions =
                positions.iter().filter(|term| shard_of(term.text.encode_utf16(), shape.bits) == shard as u32);
            if !affected.contains(&shard) {
                shards.push(unchanged_positions(positions));
                continue;
            }
            let part = SearchPart::Terms(shard as u32);
            let text = old_file(part)?;
            let terms = stored_terms(stored_lists(&text, &part.to_string())?)?;
            let patched = patched_shard(&terms, &positions.copied().collect::<Vec<_>>(), &changes, shard)?;
            files.insert(part, terms_script(shard as u32, &patched));
            shards.push(patched);
        }
        files.insert(part, positions_script(n as u32, &shards));
    }
    Some(files)
}

/// A term of a stored file with its list.
#[derive(Clone, Copy)]
struct StoredTerm<'t> {
    key: TermKey,
    text: &'t str,
    list: &'t [u8],
}

/// The terms of a file. `None` if its lists are damaged.
fn stored_terms<'t>(lists: StoredLists<'t>) -> Option<Vec<StoredTerm<'t>>> {
    let mut at = 0;
    let bytes = lists.lists.as_bytes();
    let term = |text: &'t str| {
        let length = read_number(bytes, &mut at)? as usize;
        let list = bytes.get(at..at.checked_add(length)?)?;
        at += length;
        let key = match han_pair(text) {
            Some([first, second]) => TermKey::of_pair(first, second),
            None => TermKey::hashed(text, ""),
        };
        Some(StoredTerm { key, text, list })
    };
    lists.terms.split(' ').filter(|text| !text.is_empty()).map(term).collect()
}

/// The positions of a shard as they were.
fn unchanged_positions<'t>(terms: impl Iterator<Item = &'t StoredTerm<'t>>) -> ShardText {
    let mut shard = ShardText::default();
    for term in terms {
        if !shard.positioned_terms.is_empty() {
            shard.positioned_terms.push(' ');
        }
        shard.positioned_terms.push_str(term.text);
        number(&mut shard.positions, term.list.len() as u32);
        shard.positions.extend_from_slice(term.list);
    }
    shard
}

/// A shard without what changed pages had in it, and with what they have now.
fn patched_shard(
    terms: &[StoredTerm<'_>],
    positions: &[StoredTerm<'_>],
    changes: &[PageChange],
    shard: usize,
) -> Option<ShardText> {
    let touched: BTreeSet<TermKey> = changes.iter().flat_map(|change| change.keys(shard)).collect();
    let changed: BTreeSet<u32> = changes.iter().map(|change| change.page).collect();
    let mut parts: Vec<ListPart<'_>> = Vec::new();
    for (terms, ListReader { entry, whole }) in [(terms, WEIGHTS), (positions, POSITIONS)] {
        for term in terms {
            if !touched.contains(&term.key) {
                parts.push(whole(term)?);
                continue;
            }
            let (mut at, mut next) = (0, 0);
            while at < term.list.len() {
                let part = entry(term, &mut at, next)?;
                next = part.last_page + 1;
                if !changed.contains(&part.first_page) {
                    parts.push(part);
                }
            }
        }
    }
    parts.extend(changes.iter().flat_map(|change| change.new.of_shard(shard, change.page)));
    let stored = terms.iter().filter(|term| term.key.pair().is_none());
    let stored: Vec<HashedTerm> = stored.map(|term| HashedTerm { key: term.key, text: term.text.into() }).collect();
    let mut hashed: Vec<&HashedTerm> =
        stored.iter().chain(changes.iter().flat_map(|change| &change.new.hashed)).collect();
    hashed.sort_unstable_by_key(|term| term.key);
    hashed.dedup_by_key(|term| term.key);
    Some(shard_text(parts, &hashed))
}

/// How lists of one kind are read.
struct ListReader {
    /// Reads one page of a list at a place and moves past it. The number is that after the page before. `None` if the list is damaged.
    entry: for<'t> fn(&StoredTerm<'t>, &mut usize, u32) -> Option<ListPart<'t>>,
    /// The whole list.
    whole: for<'t> fn(&StoredTerm<'t>) -> Option<ListPart<'t>>,
}

const WEIGHTS: ListReader = ListReader {
    entry: weights_entry,
    whole: |term| {
        let mut at = 0;
        let step = read_number(term.list, &mut at)?;
        Some(ListPart { elsewhere: step % 2 == 1, weights: &term.list[at..], ..ListPart::empty(term.key, step / 2) })
    },
};

const POSITIONS: ListReader = ListReader {
    entry: positions_entry,
    whole: |term| {
        let mut at = 0;
        let page = read_number(term.list, &mut at)?;
        Some(ListPart { positions: &term.list[at..], ..ListPart::empty(term.key, page) })
    },
};

fn weights_entry<'t>(term: &StoredTerm<'t>, at: &mut usize, next: u32) -> Option<ListPart<'t>> {
    let step = read_number(term.list, at)?;
    let start = *at;
    read_symbol(term.list, at)?;
    let elsewhere = step % 2 == 1;
    if elsewhere {
        read_number(term.list, at)?;
    }
    let page = next.checked_add(step / 2)?;
    Some(ListPart { elsewhere, weights: &term.list[start..*at], ..ListPart::empty(term.key, page) })
}

fn positions_entry<'t>(term: &StoredTerm<'t>, at: &mut usize, next: u32) -> Option<ListPart<'t>> {
    let page = next.checked_add(read_number(term.list, at)?)?;
    let start = *at;
    loop {
        let step = read_number(term.list, at)?;
        read_number(term.list, at)?;
        if step % 2 == 1 {
            break;
        }
    }
    Some(ListPart { positions: &term.list[start..*at], ..ListPart::empty(term.key, page) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{IndexInput, IndexedPage, Prior, SearchIndex, TextBlock};
    use proptest::prelude::*;

    fn index(pages: &[PageText]) -> SearchIndex {
        let page = |text| IndexedPage { text, url: "a/", kind: 0, year: Some(2025), prior: Prior::Page };
        let pages = pages.iter().map(page).collect();
        SearchIndex::build(&IndexInput { pages, kinds: vec!["指南".into()], synonyms: &[] })
    }

    /// The files of an index that are no texts.
    fn files(pages: &[PageText]) -> BTreeMap<SearchPart, String> {
        let index = index(pages);
        let parts: Vec<SearchPart> = index.shape().parts().collect();
        let no_page = |_| IndexedPage { text: &pages[0], url: "a/", kind: 0, year: None, prior: Prior::Page };
        let lists = parts.into_iter().filter(|part| !matches!(part, SearchPart::Pieces { .. }));
        lists.map(|part| (part, index.file(part, no_page).unwrap())).collect()
    }

    fn page(blocks: &[String]) -> PageText {
        let block = |text: &String| TextBlock { text: text.clone(), heading: None };
        PageText { title: "专利".into(), blocks: blocks.iter().map(block).collect(), ..PageText::default() }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn patched_files_are_those_of_a_new_index(
            before in prop::collection::vec(prop::collection::vec("[甲乙丙丁税ab1。，]{0,12}", 1..20), 1..9),
            edits in prop::collection::btree_map(0..9_usize, prop::collection::vec("[甲乙丙戊税a2。]{0,12}", 1..20), 0..4),
        ) {
            let old: Vec<PageText> = before.iter().map(|blocks| page(blocks)).collect();
            let mut new = old.clone();
            for (at, blocks) in &edits {
                new[at % before.len()] = page(blocks);
            }
            let changed: Vec<ChangedText<'_>> = (0..).zip(old.iter().zip(&new)).filter(|(_, (old, new))| old != new)
                .map(|(page, (old, new))| ChangedText { page, old, new }).collect();
            let (old_files, new_files) = (files(&old), files(&new));
            let shape = index(&old).shape().clone();
            let patched = patched_files(&shape, &changed, |part| old_files.get(&part).cloned()).unwrap();
            for (part, text) in &new_files {
                let now = patched.get(part).unwrap_or(&old_files[part]);
                prop_assert_eq!(now, text, "{}", part);
            }
        }
    }

    #[test]
    fn a_new_heading_a_missing_or_a_damaged_file_needs_a_new_index() {
        let (old, new) = (page(&["甲乙".into()]), page(&["甲丙".into()]));
        let shape = index(std::slice::from_ref(&old)).shape().clone();
        let stored = files(std::slice::from_ref(&old));
        let patched = |new: &PageText, file: &dyn Fn(SearchPart) -> Option<String>| {
            patched_files(&shape, &[ChangedText { page: 0, old: &old, new }], file)
        };
        assert!(patched(&new, &|part| stored.get(&part).cloned()).is_some());
        assert!(patched(&new, &|_| None).is_none());
        assert!(patched(&new, &|part| stored.get(&part).map(|text| text.replace("\",\"", "\",\"~"))).is_none());
        let mut heading = new.clone();
        heading.blocks[0].heading = Some("h".into());
        assert!(patched(&heading, &|part| stored.get(&part).cloned()).is_none());
    }
}
