//! Ranks pages by the files of a search index, as `docs/search/format.md` says and as `search.js` of the theme does in a browser. In: the
//! outputs of a build. Out: pages in order. Shares with the program only how text is cut into units, so it also tests the files.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use puzhi::pipeline::OutputFiles;
use puzhi_search::{Unit, UnitKind, normalised, read_number, read_symbol, shard_of, terms_of, units};
use serde_json::Value as Json;

const TITLE: f64 = 7.0;
const NAME: f64 = 5.0;
const HEADING: f64 = 2.5;
const COUNTS: [f64; 9] = [0.0, 1.0, 2.0, 3.0, 4.5, 7.0, 12.0, 20.0, 32.0];
const SYNONYM: f64 = 0.8;
const LEAST: f64 = 0.12;
const LONGEST: usize = 100;
const MOST_UNITS: usize = 16;

/// A search of one language of a built site.
pub struct Searcher<'o> {
    outputs: &'o OutputFiles,
    folder: &'o str,
    /// The data of `i.js`.
    manifest: Json,
    facts: Vec<Facts>,
    bits: u32,
    synonyms: Vec<(String, Vec<String>)>,
    stop: Vec<String>,
    /// The files that were read so far.
    pub loaded: RefCell<BTreeSet<String>>,
}

struct Facts {
    norm: f64,
    title: f64,
    prior: f64,
}

/// A term's list of pages.
#[derive(Default)]
struct List {
    rows: Vec<Row>,
    idf: f64,
}

struct Row {
    page: usize,
    weight: u32,
}

/// A group of ways to say a thing; the best one counts.
struct Group {
    weight: f64,
    ways: Vec<Vec<String>>,
}

/// A unit with its text of its own, since corrections make new ones.
#[derive(Clone)]
struct OwnUnit {
    text: String,
    han: bool,
    joined: bool,
}

#[derive(Default)]
struct Query {
    phrases: Vec<Vec<OwnUnit>>,
    groups: Vec<Group>,
    units: Vec<OwnUnit>,
    terms: Vec<String>,
}

/// What a query found.
#[derive(Debug, PartialEq)]
pub struct Found {
    /// Pages by their number in the index, with their scores, the best first.
    pub pages: Vec<(usize, i64)>,
    /// What was probably meant.
    pub better: Option<String>,
}

fn text_of(value: &Json) -> String {
    value.as_str().unwrap().to_string()
}

fn length_of(class: u32) -> f64 {
    f64::from(4 + class % 4) * 2_f64.powi((class / 4) as i32)
}

fn own(unit: &Unit<'_>) -> OwnUnit {
    OwnUnit { text: unit.text.to_string(), han: unit.kind == UnitKind::Han, joined: unit.joined }
}

fn own_units(text: &str) -> Vec<OwnUnit> {
    units(text).iter().map(own).collect()
}

/// The different terms of units, in order.
fn terms(units: &[OwnUnit]) -> Vec<String> {
    let text: String =
        units.iter().flat_map(|unit| [if unit.joined { "" } else { "，" }, unit.text.as_str()]).collect();
    let mut seen = BTreeSet::new();
    terms_of(&text, false).into_iter().filter(|term| seen.insert(term.clone())).collect()
}

impl<'o> Searcher<'o> {
    /// Reads the index in a folder of the outputs.
    pub fn new(outputs: &'o OutputFiles, folder: &'o str) -> Self {
        let arguments = call(outputs, &format!("{folder}/i.js"));
        let manifest = arguments[1].clone();
        let list = |value: &Json| value.as_array().unwrap().iter().map(text_of).collect::<Vec<_>>();
        let text = manifest["facts"].as_str().unwrap().as_bytes();
        let average = length_of(manifest["average"].as_u64().unwrap() as u32);
        let mut at = 0;
        let fact = |_| {
            let length = length_of(read_symbol(text, &mut at).unwrap());
            let title = TITLE * 10.0 / (6.0 + f64::from(read_symbol(text, &mut at).unwrap()));
            let prior = 0.5 + f64::from(read_symbol(text, &mut at).unwrap()) / 20.0;
            let _check = read_symbol(text, &mut at).unwrap();
            let (_kind, _year) = (read_number(text, &mut at).unwrap(), read_number(text, &mut at).unwrap());
            Facts { norm: 1.5 * (0.7 + 0.3 * length / average), title, prior }
        };
        let facts = (0..manifest["pages"].as_u64().unwrap()).map(fact).collect();
        let synonyms = manifest["synonyms"].as_array().unwrap().iter().map(|row| {
            let mut row = list(row);
            (row.remove(0), row)
        });
        Self {
            facts,
            bits: manifest["bits"].as_u64().unwrap() as u32,
            synonyms: synonyms.collect(),
            stop: list(&manifest["stop"]),
            outputs,
            folder,
            manifest,
            loaded: RefCell::default(),
        }
    }

    /// Title and address of a page.
    pub fn page(&self, page: usize) -> [String; 2] {
        let group_size = self.manifest["group"].as_u64().unwrap() as usize;
        let texts = &call(self.outputs, &format!("{}/d/{}-0.js", self.folder, page / group_size))[1];
        let page = &texts[page % group_size];
        [text_of(&page[0]), text_of(&page[1])]
    }

    /// The part of a shard that belongs to a term.
    fn shard(&self, term: &str, kind: &str) -> String {
        // The positions of eight shards share a file.
        let bits = if kind == "p" { self.bits.saturating_sub(3) } else { self.bits };
        let name = format!("{kind}/{}.js", shard_of(term.encode_utf16(), bits));
        self.loaded.borrow_mut().insert(name.clone());
        let arguments = call(self.outputs, &format!("{}/{name}", self.folder));
        assert_eq!(arguments[0], name.as_str());
        let lists = arguments[2].as_str().unwrap();
        let mut at = 0;
        for known in arguments[1].as_str().unwrap().split(' ') {
            if known.is_empty() {
                break;
            }
            let length = read_number(lists.as_bytes(), &mut at).unwrap() as usize;
            if known == term {
                return lists[at..at + length].to_string();
            }
            at += length;
        }
        String::new()
    }

    fn list(&self, term: &str) -> List {
        let text = self.shard(term, "t");
        let (text, mut at, mut page) = (text.as_bytes(), 0, 0);
        let mut rows = Vec::new();
        while at < text.len() {
            let step = read_number(text, &mut at).unwrap();
            page += step as usize / 2;
            let weight = read_symbol(text, &mut at).unwrap();
            if step % 2 == 1 {
                assert!(read_number(text, &mut at).unwrap() > 1);
            }
            rows.push(Row { page, weight });
            page += 1;
        }
        let (all, here) = (self.facts.len() as f64, rows.len() as f64);
        List { rows, idf: (1.0 + (all - here + 0.5) / (here + 0.5)).ln() }
    }

    /// Where a term stands: for each page the block with the sentence, and the unit.
    fn positions(&self, term: &str) -> BTreeMap<usize, BTreeSet<(u32, i64)>> {
        let text = self.shard(term, "p");
        let (text, mut at, mut page) = (text.as_bytes(), 0, 0);
        let mut pages: BTreeMap<usize, BTreeSet<(u32, i64)>> = BTreeMap::new();
        while at < text.len() {
            page += read_number(text, &mut at).unwrap() as usize;
            let mut block = 0;
            loop {
                let step = read_number(text, &mut at).unwrap();
                let (last, step) = (step % 2 == 1, step / 2);
                block += step / 8;
                let unit = i64::from(read_number(text, &mut at).unwrap());
                pages.entry(page).or_default().insert((block * 8 + step % 8, unit));
                if last {
                    break;
                }
            }
            page += 1;
        }
        pages
    }

    fn parse(&self, text: &str) -> Query {
        let mut query = Query::default();
        let cut: String = text.chars().take(LONGEST).collect();
        let (mut rest, mut single) = (String::new(), String::new());
        let text = normalised(&cut).into_owned();
        let mut left = text.as_str();
        while let Some((before, phrase, after)) = quoted(left) {
            rest.push_str(before);
            rest.push(' ');
            left = after;
            for part in phrase.split(['。', '！', '？', '；', '!', '?', ';', '\n']) {
                let units = own_units(part);
                match units.as_slice() {
                    [] => {}
                    [one] if one.han => single.push_str(&format!(" {part}")),
                    _ => query.phrases.push(units),
                }
            }
        }
        rest.push_str(left);
        rest.push_str(&single);
        for (word, means) in &self.synonyms {
            if query.groups.len() < 6 && stands(&rest, word) {
                let ways = means.iter().map(|word| terms(&own_units(word))).collect();
                query.groups.push(Group { weight: SYNONYM, ways });
            }
        }
        let cut = self.stop.iter().fold(rest.clone(), |text, word| text.replace(word.as_str(), " "));
        query.units = own_units(&cut);
        if query.units.is_empty() {
            query.units = own_units(&rest);
        }
        query.terms = terms(&query.units);
        query.terms.extend(query.phrases.iter().flat_map(|units| terms(units)));
        let ways = pinyin(&query.units);
        if !ways.is_empty() {
            query.groups.push(Group { weight: 1.0, ways });
        }
        query
    }

    fn add(&self, terms: &[String], scores: &mut BTreeMap<usize, f64>, known: bool) {
        let mut total = 0.0;
        let mut sums: BTreeMap<usize, [f64; 2]> = BTreeMap::new();
        for term in terms {
            let list = self.list(term);
            if list.rows.is_empty() && known {
                continue;
            }
            total += list.idf;
            for Row { page, weight } in &list.rows {
                let facts = &self.facts[*page];
                let mut w = COUNTS[*weight as usize / 8];
                w += if weight & 1 != 0 { facts.title } else { 0.0 };
                w += if weight & 2 != 0 { NAME } else { 0.0 };
                w += if weight & 4 != 0 { HEADING } else { 0.0 };
                let [score, covered] = sums.entry(*page).or_default();
                *score += list.idf * w / (w + facts.norm);
                *covered += list.idf;
            }
        }
        for (page, [score, covered]) in sums {
            let part = covered / total;
            let score = score * if known { part } else { part * part };
            let best = scores.entry(page).or_default();
            *best = best.max(score);
        }
    }

    /// What a query finds.
    pub fn search(&self, text: &str) -> Found {
        let mut query = self.parse(text);
        let better = self.corrected(&query.units);
        if let Some(units) = &better {
            query.groups.push(Group { weight: 1.0, ways: vec![terms(units)] });
        }
        let text = |units: &Vec<OwnUnit>| {
            let parts = units.iter().enumerate();
            parts.map(|(i, unit)| format!("{}{}", if unit.joined || i == 0 { "" } else { " " }, unit.text)).collect()
        };
        Found { pages: self.evaluate(&query), better: better.as_ref().map(text) }
    }

    fn evaluate(&self, query: &Query) -> Vec<(usize, i64)> {
        let mut scores = BTreeMap::new();
        let allowed: Vec<BTreeSet<usize>> = query.phrases.iter().map(|units| self.pages_with(units)).collect();
        self.add(&query.terms, &mut scores, true);
        for group in &query.groups {
            let mut best = BTreeMap::new();
            group.ways.iter().for_each(|terms| self.add(terms, &mut best, false));
            for (page, score) in best {
                *scores.entry(page).or_default() += group.weight * score;
            }
        }
        let score = |(page, score): (usize, f64)| (page, (score * self.facts[page].prior * 1e6).round() as i64);
        let mut found: Vec<(usize, i64)> = scores.into_iter().map(score).collect();
        found.retain(|(page, score)| *score > 0 && allowed.iter().all(|pages| pages.contains(page)));
        let top = found.iter().map(|(_, score)| *score).max().unwrap_or(0);
        found.retain(|(_, score)| !allowed.is_empty() || *score as f64 >= top as f64 * LEAST);
        found.sort_by_key(|(page, score)| (-score, *page));
        found
    }

    /// The pages in which a phrase stands.
    fn pages_with(&self, units: &[OwnUnit]) -> BTreeSet<usize> {
        let cover: Vec<_> = cover(units).into_iter().map(|(term, at)| (at, self.positions(&term))).collect();
        let Some((first_at, first)) = cover.first() else { return BTreeSet::new() };
        let stands = |page: usize, (sentence, unit): (u32, i64)| {
            cover.iter().all(|(at, pages)| {
                pages.get(&page).is_some_and(|places| places.contains(&(sentence, unit - first_at + at)))
            })
        };
        let pages = first.iter().filter(|(page, places)| places.iter().any(|place| stands(**page, *place)));
        pages.map(|(page, _)| *page).collect()
    }

    /// The units with one character replaced, if one is probably wrong.
    fn corrected(&self, units: &[OwnUnit]) -> Option<Vec<OwnUnit>> {
        let places = self.wrong_places(units);
        if places.is_empty() || units.len() > MOST_UNITS {
            return None;
        }
        let all = call(self.outputs, &format!("{}/w.js", self.folder));
        let words: Vec<Vec<char>> = all[1].as_str()?.split(' ').map(|word| word.chars().collect()).collect();
        let known: BTreeSet<&[char]> = words.iter().map(Vec::as_slice).collect();
        let is = |unit: usize, c: char| units[unit].text.chars().eq([c]);
        let mut best: Option<(usize, usize, char)> = None;
        for place in places {
            for word in &words {
                for j in (0..word.len()).filter(|j| !is(place, word[*j])) {
                    let (mut left, mut right) = (0, 0);
                    while left < j
                        && place > left
                        && units[place - left].joined
                        && is(place - left - 1, word[j - left - 1])
                    {
                        left += 1;
                    }
                    while j + right + 1 < word.len()
                        && units.get(place + right + 1).is_some_and(|unit| unit.joined)
                        && is(place + right + 1, word[j + right + 1])
                    {
                        right += 1;
                    }
                    let same = left + right;
                    if same < 2 && !(same == 1 && units.len() == 2) {
                        continue;
                    }
                    let is_end = place == 0
                        || !(units[place].joined && units[place - 1].han)
                        || units.get(place + 1).is_none_or(|next| !(next.joined && next.han));
                    if (left == 0 || right == 0) && !is_end {
                        continue;
                    }
                    let beside = if left > 0 { &word[j - left..j] } else { &word[j + 1..j + 1 + right] };
                    if (left == 0) != (right == 0) && known.contains(beside) {
                        continue;
                    }
                    if best.is_none_or(|(most, ..)| same > most) {
                        best = Some((same, place, word[j]));
                    }
                }
            }
        }
        let (_, place, character) = best?;
        let mut units = units.to_vec();
        units[place].text = character.into();
        Some(units)
    }

    /// The Han characters whose pairs with both neighbours no page has.
    fn wrong_places(&self, units: &[OwnUnit]) -> Vec<usize> {
        let pair = |i: usize| units.get(i + 1).filter(|next| units[i].han && next.han && next.joined);
        let missing: Vec<bool> = (0..units.len())
            .map(|i| pair(i).is_some_and(|next| self.list(&format!("{}{}", units[i].text, next.text)).rows.is_empty()))
            .collect();
        let wrong = |i: &usize| {
            let before = *i > 0 && pair(i - 1).is_some();
            let after = pair(*i).is_some();
            units[*i].han && (before || after) && (!before || missing[i - 1]) && (!after || missing[*i])
        };
        (0..units.len()).filter(wrong).collect()
    }
}

/// The arguments of the call that a file of the index is.
fn call(outputs: &OutputFiles, path: &str) -> Json {
    let text = std::str::from_utf8(outputs.get(path).unwrap_or_else(|| panic!("{path}"))).unwrap();
    let arguments = text.strip_prefix("puzhiSearch(").and_then(|text| text.strip_suffix(")\n")).unwrap();
    serde_json::from_str(&format!("[{arguments}]")).unwrap()
}

/// The first phrase in quotation marks, with what stands before and after it.
fn quoted(text: &str) -> Option<(&str, &str, &str)> {
    const OPENING: [char; 4] = ['"', '“', '「', '『'];
    // Some close with the mark that opens.
    const CLOSING: [char; 5] = ['"', '“', '”', '」', '』'];
    for (start, mark) in text.match_indices(OPENING) {
        let inside = &text[start + mark.len()..];
        let Some(end) = inside.find(|c| OPENING.contains(&c) || CLOSING.contains(&c)) else { continue };
        let closing = inside[end..].chars().next()?;
        if end > 0 && CLOSING.contains(&closing) {
            return Some((&text[..start], &inside[..end], &inside[end + closing.len_utf8()..]));
        }
    }
    None
}

fn is_letter(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '\u{C0}'..='\u{1FFF}') && !matches!(c, '\u{D7}' | '\u{F7}')
}

/// Whether a word stands in a text, not as a part of a longer word of letters.
fn stands(text: &str, word: &str) -> bool {
    let (first, last) = (word.chars().next().unwrap(), word.chars().next_back().unwrap());
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back().is_some_and(is_letter);
        let after = text[at + word.len()..].chars().next().is_some_and(is_letter);
        !(is_letter(first) && before || is_letter(last) && after)
    })
}

/// The fewest terms that cover a phrase, each with its place in it.
fn cover(units: &[OwnUnit]) -> Vec<(String, i64)> {
    let mut all: Vec<(String, i64)> = Vec::new();
    let mut last_pair = None;
    for (i, unit) in units.iter().enumerate() {
        if !unit.han {
            all.push((unit.text.clone(), i as i64));
        }
        let Some(next) = units.get(i + 1).filter(|next| next.joined && (unit.han || next.han)) else { continue };
        let is_covered = i > 0 && last_pair == Some(i - 1) && unit.han;
        if !is_covered || units.get(i + 2).is_none_or(|after| !after.joined) {
            all.push((format!("{}{}", unit.text, next.text), i as i64));
            last_pair = Some(i);
        }
    }
    if all.is_empty() { terms(units).into_iter().map(|term| (term, 0)).collect() } else { all }
}

/// The ways to read a query of Latin letters as pinyin.
fn pinyin(units: &[OwnUnit]) -> Vec<Vec<String>> {
    let is_plain = |unit: &OwnUnit| {
        !unit.han && (1..=24).contains(&unit.text.len()) && unit.text.bytes().all(|b| b.is_ascii_lowercase())
    };
    if units.is_empty() || !units.iter().all(is_plain) {
        return Vec::new();
    }
    let letters: String = units.iter().map(|unit| unit.text.as_str()).collect();
    let mut cut = Cuts { ways: Vec::new(), left: 1000 };
    cut.add(&letters, &mut Vec::new());
    let pairs = |parts: &[&str], mark: &str, between: &str| -> Vec<String> {
        parts.windows(2).map(|two| format!("{mark}{}{between}{}", two[0], two[1])).collect()
    };
    let mut ways: Vec<Vec<String>> = cut.ways.iter().map(|way| pairs(way, "'", "'")).collect();
    if (2..9).contains(&letters.len()) {
        let initials: Vec<&str> = (0..letters.len()).map(|i| &letters[i..=i]).collect();
        ways.push(pairs(&initials, ":", ""));
    }
    ways.retain(|way| !way.is_empty());
    ways
}

/// Up to eight ways to cut letters into syllables.
struct Cuts<'l> {
    ways: Vec<Vec<&'l str>>,
    left: i32,
}

impl<'l> Cuts<'l> {
    fn add(&mut self, letters: &'l str, before: &mut Vec<&'l str>) {
        if self.ways.len() >= 8 || before.len() > 12 {
            return;
        }
        self.left -= 1;
        if self.left < 0 {
            return;
        }
        if letters.is_empty() {
            self.ways.push(before.clone());
            return;
        }
        for length in (1..=letters.len().min(6)).rev().filter(|length| is_syllable(&letters[..*length])) {
            before.push(&letters[..length]);
            self.add(&letters[length..], before);
            before.pop();
        }
    }
}

fn is_syllable(text: &str) -> bool {
    const FINALS: &str = "iang iong uang ang eng ing ong ian iao uai uan an en in un vn ai ei ao ou ia ie iu ua ue uo ui ve er a e i o u v";
    let initials = ["zh", "ch", "sh"].into_iter().filter_map(|initial| text.strip_prefix(initial));
    let one = text.strip_prefix(|c: char| "bpmfdtnlgkhjqxrzcsyw".contains(c));
    initials.chain(one).chain([text]).any(|rest| FINALS.split(' ').any(|known| known == rest))
}
