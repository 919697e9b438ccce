//! Where a line of Chinese text may end without cutting a word. In: a text, words that must stay whole. Out: places in the text. Knows no
//! HTML and no page.
//!
//! A text is cut into the words whose costs add up to the least (Viterbi over single words, each costing the logarithm of how rare it is).
//! `words.txt` holds the words in byte order, one a line with its cost: `知识产权46`, where the cost is `4 ln(all / frequency)`.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::base::is_han;

/// The dictionary.
static WORDS: &str = include_str!("words.txt");

/// Most characters of a word that stays whole: as many as a line of a heading holds on a narrow phone.
pub const LONGEST_WHOLE: usize = 8;

/// Cost of a character that is no word of the dictionary, a little more than that of the rarest word.
const UNKNOWN: u32 = 76;

/// Characters that a line does not begin with: they belong to the word before them.
const CLINGING: &str =
    "的了吗呢吧啊着过们等里上中下内外后前时起者性化间处年月日号岁元件个家人次项条天路局省市县区镇乡村";

/// Characters that a line does not end with: they belong to the word after them.
const LEANING: &str = "不没未无第再很最更太各每某这那哪几两被把将向从在是有要能可会请怎与和及或到给让为对按以由只还也都我你您他她先才就近约满达一二三四五六七八九十";

/// Most characters of a word and what clings to it or leans on it.
const LONGEST_PHRASE: usize = 5;

/// The words of a site that stay whole beside those of the dictionary.
#[derive(Debug, Default)]
pub struct Phrases {
    /// In byte order, so that those that begin alike stand together.
    whole: Vec<String>,
    known: [Mutex<KnownBreaks>; KNOWN_PARTS],
}

/// Places by text: pages of one kind have the same headings. In parts by the first character, so that threads seldom wait for each other.
type KnownBreaks = HashMap<Box<[char]>, Box<[usize]>>;
const KNOWN_PARTS: usize = 16;
/// Most texts of a part, and most characters of a text that is kept.
const MOST_KNOWN: usize = 512;
const LONGEST_KNOWN: usize = 64;

impl Phrases {
    /// With the words that stay whole. Those that are longer than [`LONGEST_WHOLE`] or are not of Han characters alone are left out.
    pub fn new<'w>(whole: impl IntoIterator<Item = &'w str>) -> Self {
        let fits = |word: &&str| (2..=LONGEST_WHOLE).contains(&word.chars().count()) && word.chars().all(is_han);
        let mut whole: Vec<String> = whole.into_iter().map(str::trim).filter(fits).map(str::to_string).collect();
        whole.sort();
        whole.dedup();
        Self { whole, known: Default::default() }
    }

    /// The places at which a line may end, as indexes of characters of `text`, in order: between two words of which one at least is of Han
    /// characters. Beside punctuation, spaces and what is no letter or digit the line breaking of the browser decides, and between
    /// Latin letters there is no place.
    pub fn breaks(&self, text: &[char]) -> Vec<usize> {
        let part = |first: &char| &self.known[*first as usize % KNOWN_PARTS];
        let Some(part) = text.first().map(part).filter(|_| text.len() <= LONGEST_KNOWN) else {
            return self.find_breaks(text);
        };
        // A thread that panicked left no half-written entry.
        let known = || part.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = known().get(text) {
            return found.to_vec();
        }
        let found = self.find_breaks(text);
        let mut known = known();
        if known.len() < MOST_KNOWN {
            known.insert(text.into(), found.as_slice().into());
        }
        found
    }

    fn find_breaks(&self, text: &[char]) -> Vec<usize> {
        let mut found = Vec::new();
        let mut start = 0;
        while start < text.len() {
            if !is_han(text[start]) {
                start += 1;
                continue;
            }
            let end = start + text[start..].iter().take_while(|c| is_han(**c)).count();
            let run = &text[start..end];
            let words = self.words(run);
            // What is counted follows its number; a name of three characters or more does not: `30人`, `4·26世界知识产权日`.
            let is_counted =
                start > 0 && text[start - 1].is_ascii_digit() && words.first().is_some_and(|word| word.len() < 3);
            if !is_counted && start > 0 && text[start - 1].is_alphanumeric() {
                found.push(start);
            }
            found.extend(phrases(run, &words).into_iter().map(|at| start + at));
            if text.get(end).is_some_and(|c| c.is_alphanumeric()) && !"年月第前近约满达".contains(text[end - 1])
            {
                found.push(end);
            }
            start = end;
        }
        found
    }

    /// The words of a run of Han characters, as ranges of it.
    fn words(&self, text: &[char]) -> Vec<Range<usize>> {
        // The least cost up to each place, and where the last word before it begins.
        let mut best = vec![(u32::MAX, 0); text.len() + 1];
        best[0] = (0, 0);
        let mut rest = String::with_capacity(LONGEST_WHOLE * 3);
        for start in 0..text.len() {
            rest.clear();
            rest.extend(text[start..].iter().take(LONGEST_WHOLE));
            let so_far = best[start].0;
            let mut offer = |length: usize, cost: u32| {
                let end = &mut best[start + length];
                if so_far + cost < end.0 {
                    *end = (so_far + cost, start);
                }
            };
            offer(1, UNKNOWN);
            for (word, cost) in words_at(&rest) {
                offer(word.chars().count(), cost);
            }
            let first = self.whole.partition_point(|word| word.as_str() < &rest[..text[start].len_utf8()]);
            for word in self.whole[first..].iter().take_while(|word| word.starts_with(text[start])) {
                if rest.starts_with(word.as_str()) {
                    offer(word.chars().count(), 1);
                }
            }
        }
        let mut words = Vec::new();
        let mut end = text.len();
        while end > 0 {
            words.push(best[end].1..end);
            end = best[end].1;
        }
        words.reverse();
        words
    }
}

/// Places between the phrases of Han characters: words with what clings to them.
fn phrases(text: &[char], words: &[Range<usize>]) -> Vec<usize> {
    let mut breaks = Vec::new();
    let mut start = 0;
    for pair in words.windows(2) {
        let (before, after) = (&pair[0], &pair[1]);
        // A character by itself goes with the word after it, the last one with the word before it.
        let clings = after.len() == 1 && (CLINGING.contains(text[after.start]) || after.end == text.len());
        let leans = before.len() == 1 && (LEANING.contains(text[before.start]) || before.start == start);
        if !(clings || leans) || after.end - start > LONGEST_PHRASE {
            breaks.push(after.start);
            start = after.start;
        }
    }
    breaks
}

/// The words of the dictionary that `text` begins with, shortest first, and their costs. Each search is among the lines that the one before left,
/// and most end at the second character.
fn words_at(text: &str) -> impl Iterator<Item = (&str, u32)> {
    let mut lines = text.chars().next().map_or("", lines_of);
    let prefixes = text.char_indices().map(|(at, c)| &text[..at + c.len_utf8()]);
    let beginning = prefixes.map_while(move |prefix| {
        lines = &lines[line_from(lines, prefix)..];
        lines.strip_prefix(prefix).map(|after| (prefix, after))
    });
    // Digits stand before all other characters, so the word itself comes before those that it begins.
    beginning.filter_map(|(prefix, after)| {
        let digits = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
        after[..digits].parse().ok().map(|cost| (prefix, cost))
    })
}

/// The lines that begin with `c`.
fn lines_of(c: char) -> &'static str {
    &WORDS[first_line(c)..first_line(char::from_u32(u32::from(c) + 1).unwrap_or(char::MAX))]
}

/// The first Han character of the dictionary's block (CJK Unified Ideographs), and how many of its characters have a place in [`first_line`].
const FIRST_HAN: u32 = 0x4E00;
const HAN_CHARACTERS: usize = 0x5200;

/// Where the lines begin that are not before `c` in byte order. A character is searched once; building all places at the start would cost
/// an edit of one page more than its searches do.
fn first_line(c: char) -> usize {
    // The place plus 1; 0 while nobody asked for it.
    static PLACES: [AtomicU32; HAN_CHARACTERS] = [const { AtomicU32::new(0) }; HAN_CHARACTERS];
    let search = || line_from(WORDS, c.encode_utf8(&mut [0; 4]));
    let number = u32::from(c).checked_sub(FIRST_HAN).and_then(|number| usize::try_from(number).ok());
    let Some(place) = number.and_then(|number| PLACES.get(number)) else { return search() };
    match place.load(Ordering::Relaxed) {
        0 => {
            let found = search();
            place.store(u32::try_from(found + 1).unwrap_or(0), Ordering::Relaxed);
            found
        }
        known => known as usize - 1,
    }
}

/// Where the first of `lines` begins that is not before `prefix` in byte order.
fn line_from(lines: &str, prefix: &str) -> usize {
    let bytes = lines.as_bytes();
    // Both are beginnings of lines: all before `low` are before the prefix, none from `high` on is.
    let (mut low, mut high) = (0, bytes.len());
    while low < high {
        let middle = low + (high - low) / 2;
        let start = memchr::memrchr(b'\n', &bytes[low..middle]).map_or(low, |end| low + end + 1);
        let line = &bytes[start..];
        if line[..line.len().min(prefix.len())] < *prefix.as_bytes() {
            low = memchr::memchr(b'\n', line).map_or(bytes.len(), |end| start + end + 1);
        } else {
            high = start;
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_a_text_begins_with_are_all_found() {
        let words: Vec<&str> = WORDS.lines().map(|line| line.trim_end_matches(|c: char| c.is_ascii_digit())).collect();
        for text in words.iter().step_by(97).map(|word| format!("{word}知识产权")) {
            let text: String = text.chars().take(LONGEST_WHOLE).collect();
            let expected: Vec<&str> = words.iter().copied().filter(|word| text.starts_with(word)).collect();
            let found: Vec<&str> = words_at(&text).map(|(word, _)| word).collect();
            assert_eq!(found, expected, "{text}");
        }
        assert_eq!(words_at("龘龘").count() + words_at("").count() + words_at("𠀀").count(), 0);
    }

    /// The text with `|` at each place.
    fn cut(text: &str, whole: &[&str]) -> String {
        let chars: Vec<char> = text.chars().collect();
        let breaks = Phrases::new(whole.iter().copied()).breaks(&chars);
        let mark = |(at, c): (usize, &char)| if breaks.contains(&at) { format!("|{c}") } else { c.to_string() };
        chars.iter().enumerate().map(mark).collect()
    }

    #[test]
    fn lines_end_between_words() {
        for (text, wanted) in [
            ("用专利、商标贷款", "用专利、商标|贷款"),
            ("提升知识产权保护能力", "提升|知识产权|保护|能力"),
            ("商标被人抢注", "商标|被人|抢注"),
            ("一次能登记几件专利", "一次|能登记|几件|专利"),
        ] {
            assert_eq!(cut(text, &[]), wanted);
        }
    }

    #[test]
    fn numbers_stay_with_what_they_count() {
        assert_eq!(cut("2027年1月1日起有什么不同", &[]), "2027年1月1日起|有什么|不同");
        assert_eq!(cut("第3条和ISO标准", &[]), "第3条和|ISO|标准");
        assert_eq!(cut("4·26世界知识产权日", &["世界知识产权日"]), "4·26|世界知识产权日");
    }

    #[test]
    fn words_of_the_site_stay_whole() {
        assert_eq!(cut("办世界知识产权日活动", &["世界知识产权日"]), "办|世界知识产权日|活动");
        assert_eq!(cut("到禄脿街道去", &["禄脿街道"]), "到禄脿街道|去");
        // Longer than a line: cut as any other text.
        assert!(cut("安宁市科学技术和工业信息化局", &["安宁市科学技术和工业信息化局"]).contains('|'));
    }

    #[test]
    fn any_text_is_cut_within_it() {
        for text in ["", "a", "𠀀𠀁", "龘", "，。", "12", "的的的的的的的的", "《法》：第一条"] {
            let chars: Vec<char> = text.chars().collect();
            let breaks = Phrases::default().breaks(&chars);
            assert!(
                breaks.windows(2).all(|w| w[0] < w[1]) && breaks.iter().all(|b| *b > 0 && *b < chars.len()),
                "{text}"
            );
        }
    }

    #[test]
    fn the_dictionary_is_in_order_and_its_costs_are_numbers() {
        let lines: Vec<&str> = WORDS.lines().collect();
        assert!(lines.windows(2).all(|w| w[0] < w[1]));
        for line in lines {
            let word = line.trim_end_matches(|c: char| c.is_ascii_digit());
            let cost: u32 = line[word.len()..].parse().unwrap();
            assert!(cost < UNKNOWN + 4 && word.chars().all(is_han) && word.chars().count() <= LONGEST_WHOLE, "{line}");
        }
    }
}
