//! The words that a mistyped query may have meant: those of titles, names and headings. In: texts of pages. Out: words, the most used first. Cuts
//! by a list of characters that stand between words, since there is no dictionary.

use std::collections::BTreeMap;

use super::text::PageText;
use super::units::{UnitKind, normalised, units};

/// Most words that are kept.
const MAX_WORDS: usize = 1000;

/// Words shorter than this could have been anything; longer ones are whole sentences.
const LENGTHS: std::ops::RangeInclusive<usize> = 2..=8;

/// Characters that rarely stand inside a word.
const BETWEEN: &str = "的和与及或在是了吗呢怎么如何什么哪里哪些为被把给对从到就都要不有人我他她它这那几谁吧也能";

/// The words of all pages.
pub(super) fn vocabulary<'p>(pages: impl Iterator<Item = &'p PageText>) -> Vec<String> {
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    for page in pages {
        let headings = page.blocks.iter().filter(|block| block.heading.is_some()).map(|block| &block.text);
        for text in [&page.title].into_iter().chain(&page.names).chain(headings) {
            count_words(&normalised(text), &mut counts);
        }
    }
    let mut words: Vec<(String, u32)> = counts.into_iter().collect();
    words.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    words.truncate(MAX_WORDS);
    words.into_iter().map(|(word, _)| word).collect()
}

fn count_words(text: &str, counts: &mut BTreeMap<String, u32>) {
    let mut word = String::new();
    let mut length = 0;
    let mut end = |word: &mut String, length: &mut usize| {
        if LENGTHS.contains(length) {
            *counts.entry(word.clone()).or_default() += 1;
        }
        word.clear();
        *length = 0;
    };
    for unit in units(text) {
        let inside = unit.kind == UnitKind::Han && !BETWEEN.contains(unit.text);
        if !unit.joined || !inside {
            end(&mut word, &mut length);
        }
        if inside {
            word.push_str(unit.text);
            length += 1;
        }
    }
    end(&mut word, &mut length);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_cut_into_words_and_common_ones_come_first() {
        let page = |title: &str| PageText { title: title.into(), ..PageText::default() };
        let pages = [page("专利怎么申请"), page("商标和专利"), page("PCT 申请的税")];
        assert_eq!(vocabulary(pages.iter()), ["专利", "申请", "商标"]);
    }
}
