//! Recognises a draft mark in one line, also one with slips: a letter too many or too few, a missing colon, a mark that is
//! glued to what stood above or below it.
//!
//! Input: a line. Output: the place of the mark. Does not know what the line belongs to.

use super::common::COMMON_FIELDS;
use super::draft_mark::{NAMES, Place, half_width};
use super::unpublished_words::says_unpublished;
use super::unread_front_matter::is_known;
use crate::base::{Span, is_zero_width};
use crate::yaml::parse_flag;

/// Characters of a value that can be a misspelt `true`, `yes` or `是`.
const LONGEST_VALUE: usize = 5;
/// Bytes of a line that can be a mark with a few characters too many.
const LONGEST_BROKEN_MARK: usize = 40;
/// What may stand before a mark that has a line to itself.
const OPENERS: [char; 13] = ['-', '－', '—', '*', '>', '#', '"', '\'', '{', '+', '`', ' ', '\u{FEFF}'];
/// What may stand behind it.
const CLOSERS: [char; 19] =
    ['"', '\'', ',', '}', ']', '”', '’', '`', ' ', '\t', '\r', '\n', '\u{3000}', '-', '－', '—', ';', '+', '*'];
/// What stands between name and value.
const SEPARATORS: [char; 4] = [':', '：', '=', '＝'];
/// Marks of front matter and of code, as they stand beside a mark that is glued to them.
const FRONT_MARKS: [&str; 9] = ["---", "***", "+++", ";;;", "===", "```", "~~~", "———", "－－－"];
/// Values that are long enough to be told from the end of a word.
const SURE_FLAGS: [&str; 3] = ["true", "yes", "是"];

/// What a whole text has, so that not each of its lines is searched for what hardly any text has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TextFacts {
    /// The name of the mark, somewhere.
    has_name: bool,
    /// Letters of full width.
    has_wide_letters: bool,
}

impl TextFacts {
    /// The facts of a text.
    pub fn of(text: &str) -> Self {
        Self { has_name: has_name(text), has_wide_letters: has_wide_letter(text) }
    }

    /// Whether a line of the body that does not end like a mark can hold one.
    pub fn may_be_anywhere(self) -> bool {
        self.has_name || self.has_wide_letters
    }
}

/// Finds a draft mark in `line`, which is part of a text with these facts.
pub(super) fn find_in_line(line: &str, place: Place, text: TextFacts) -> Option<Span> {
    if text.has_wide_letters && line.contains(is_wide_letter) {
        let narrow = half_width(line).to_lowercase();
        let trimmed = line.trim();
        let start = line.len() - line.trim_start().len();
        let found = find_in_line(&narrow, place, TextFacts { has_name: true, has_wide_letters: false });
        return found.map(|_| Span::new(start, start + trimmed.len()));
    }
    let named = text.has_name && has_name(line);
    // Most lines of a text are neither.
    if place == Place::Body && !named && !may_end_mark(line) || place == Place::Metadata && !may_hold_name(line) {
        return None;
    }
    find_by_name(line, place, named).or_else(|| Glued::of(line, place)?.by_form())
}

/// Whether a text has letters of full width. Their first byte is that of all signs of full width, too.
fn has_wide_letter(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(0xEF, bytes)
        .any(|at| matches!(bytes.get(at + 1..at + 3), Some([0xBC, 0xA1..=0xBA] | [0xBD, 0x81..=0x9A])))
}

fn is_wide_letter(c: char) -> bool {
    matches!(c, '\u{FF21}'..='\u{FF3A}' | '\u{FF41}'..='\u{FF5A}')
}

/// Whether a mark begins at the end of `above`, one or two lines, and ends in `line`.
pub(super) fn is_broken_over(above: &str, line: &str, place: Place) -> bool {
    if place == Place::Metadata && is_page_key(line) {
        return false;
    }
    let joined = format!("{}{line}", above.replace(['\n', '\r'], ""));
    let split = joined.len() - line.len();
    find_by_name(&joined, place, has_name(&joined)).is_some_and(|found| found.start < split && split < found.end)
}

/// Whether a line can be the end of a mark that began above it.
pub(super) fn may_end_mark(line: &str) -> bool {
    ends_like_flag(line.trim_end_matches(CLOSERS)) || line.starts_with(SEPARATORS)
}

fn find_by_name(line: &str, place: Place, named: bool) -> Option<Span> {
    let exact = if named { exact_mark(line, place) } else { None };
    let slipped = || mark_alone(line, place).or_else(|| Glued::of(line, place)?.by_name());
    exact.or_else(slipped).or_else(|| glued_letters(line, place))
}

/// Whether the last character can be that of a value that means yes. Most lines end otherwise.
fn ends_like_flag(trimmed: &str) -> bool {
    matches!(
        trimmed.chars().next_back(),
        Some('e' | 'E' | 's' | 'S' | 'n' | 'N' | 'y' | 'Y' | 'u' | '是' | '真' | '开')
    )
}

/// Whether a key is `draft` or `草稿` with slips: up to two letters are missing or too many, or it is a part of the name.
pub(super) fn is_near_name(key: &str) -> bool {
    let length = key.chars().count();
    let part = length > 1 && (NAMES[0].starts_with(key) || NAMES[0].ends_with(key));
    (3..=7).contains(&length) && slips_between(key, NAMES[0]) <= 2
        || part
        || length <= 3 && strsim::damerau_levenshtein(key, NAMES[1]) <= 1
}

/// How many letters must go or come to turn one word into the other. Another letter in place of one counts as two, so that
/// `grant` and `draw` are far from `draft`.
fn slips_between(word: &str, name: &str) -> usize {
    let name: Vec<char> = name.chars().collect();
    // Lengths of the longest common sequences of letters.
    let mut common = vec![0; name.len() + 1];
    let mut length = 0;
    for c in word.chars() {
        length += 1;
        let mut diagonal = 0;
        for (n, other) in name.iter().enumerate() {
            let above = common[n + 1];
            common[n + 1] = if c == *other { diagonal + 1 } else { above.max(common[n]) };
            diagonal = above;
        }
    }
    length + name.len() - 2 * common[name.len()]
}

/// Whether a line begins with a key of pages that is written as it should be and is not the mark: `撤稿: 是`.
fn is_page_key(line: &str) -> bool {
    let key = line.split([':', '：']).next().unwrap_or_default().trim();
    COMMON_FIELDS.iter().any(|field| field.key != "draft" && field.is_named(key))
}

/// Whether a line of keys has letters that a name with slips can be made of, apart from a key of pages that is written as it
/// should be, or a key of other programs for the same.
fn may_hold_name(line: &str) -> bool {
    let value = line.split_once([':', '：']).map_or(line, |(_, value)| value);
    let is_well_known = is_page_key(line);
    // Names such as `发布` and `状态` count as keys only.
    let first_key = line.split(SEPARATORS).next().unwrap_or_default();
    if !is_well_known && first_key.contains(['发', '公', '私', '状']) {
        return true;
    }
    let mut letters = 0_u8;
    for c in if is_well_known { value } else { line }.chars() {
        match c {
            '草' | '稿' => return true,
            'd' | 'D' => letters |= 1,
            'r' | 'R' => letters |= 2,
            'a' | 'A' => letters |= 4,
            'f' | 'F' => letters |= 8,
            't' | 'T' => letters |= 16,
            'p' | 'P' => letters |= 32,
            'u' | 'U' => letters |= 64,
            _ => {}
        }
    }
    letters.count_ones() > 1
}

fn has_name(text: &str) -> bool {
    let [english, chinese] = NAMES.map(str::as_bytes);
    let bytes = text.as_bytes();
    let is_english =
        |at: usize| bytes.get(at..at + english.len()).is_some_and(|start| start.eq_ignore_ascii_case(english));
    memchr::memchr2_iter(b'd', b'D', bytes).any(is_english) || memchr::memmem::find(bytes, chinese).is_some()
}

/// The value that means yes at the end of a line, behind which only marks stand.
fn last_flag(line: &str) -> Option<Span> {
    let trimmed = line.trim_end_matches(CLOSERS);
    let last = trimmed.chars().next_back().filter(|_| ends_like_flag(trimmed))?;
    let start = match last.is_ascii() {
        true => trimmed
            .rfind(|c: char| !c.is_ascii_alphabetic())
            .map_or(0, |at| at + trimmed[at..].chars().next().map_or(0, char::len_utf8)),
        false => trimmed.len() - last.len_utf8(),
    };
    let word = Span::new(start, trimmed.len());
    (trimmed.len() - start <= LONGEST_VALUE && parse_flag(&trimmed[start..]) == Some(true)).then_some(word)
}

/// Whether what stands beside a mark shows that it was a line of front matter: its marks, or another key of pages.
fn is_front_matter(line: &str) -> bool {
    FRONT_MARKS.iter().any(|mark| line.contains(mark)) || is_known(line.trim_start_matches(OPENERS))
}

/// A mark whose name and separator are as they should be.
fn exact_mark(line: &str, place: Place) -> Option<Span> {
    let lower = line.to_ascii_lowercase();
    let mut from = 0;
    loop {
        let (at, name) = NAMES.iter().filter_map(|name| lower[from..].find(name).map(|at| (from + at, name))).min()?;
        from = at + name.len();
        let rest = lower[from..].trim_start_matches(['"', '\'', '”', '“', ' ', '\t']);
        let Some(colon) = rest.chars().next().filter(|c| SEPARATORS.contains(c)) else { continue };
        let value = rest[colon.len_utf8()..].trim_start_matches(['"', '\'', '“', '”', ' ', '\t', '\u{3000}']);
        let word: String = value.chars().take_while(|c| c.is_alphanumeric()).collect();
        let end = lower.len() - value.len() + word.len();
        let mark = FoundMark { before: line[..at].trim_start_matches(is_zero_width).trim(), after: &line[end..] };
        let means_draft = match parse_flag(&word) {
            Some(flag) => flag,
            // Nobody knows what the author of `draft: rue` means, so it counts as a mark. In the body it is a short line of its own.
            None => {
                let short = word.chars().count() <= LONGEST_VALUE && !word.is_empty();
                let next = is_glued_to_next(&word, mark.after);
                // `draft: a version that …` is a sentence.
                let is_sentence = place == Place::Body
                    && mark.after.starts_with(' ')
                    && mark.after.split_whitespace().count() > 2
                    && !mark.after.contains(SEPARATORS);
                !is_sentence && mark.begins_line() && (place == Place::Metadata || short || next)
                    || mark.is_glued_value(&word)
            }
        };
        if means_draft && mark.counts(line, place) {
            return Some(Span::new(at, end));
        }
    }
}

/// What stands before and behind a mark in its line.
struct FoundMark<'l> {
    before: &'l str,
    after: &'l str,
}

impl FoundMark<'_> {
    fn begins_line(&self) -> bool {
        self.before.chars().all(|c| matches!(c, '"' | '\'' | '{' | ',' | ' '))
    }

    /// Whether a mark counts at this place. Quoted text is meant as text.
    fn counts(&self, line: &str, place: Place) -> bool {
        let alone =
            || self.before.chars().all(|c| OPENERS.contains(&c)) && self.after.chars().all(|c| CLOSERS.contains(&c));
        match place {
            Place::Metadata => !self.is_quoted(),
            Place::Body => alone() || is_front_matter(line),
        }
    }

    /// Whether the value behind a name that is glued to another key's value is a misspelt yes, is missing, or goes on
    /// with the next key.
    fn is_glued_value(&self, word: &str) -> bool {
        let letters: String = word.chars().chain(self.after.chars().filter(|c| c.is_alphanumeric())).collect();
        let misspelt = letters.is_empty() || is_near_flag(&letters);
        !self.begins_line() && (misspelt || self.after.contains(SEPARATORS))
    }

    /// Whether the mark is part of a quoted value, and so text that somebody meant.
    fn is_quoted(&self) -> bool {
        ['"', '\''].into_iter().any(|quote| {
            let value = self.before.split_once(SEPARATORS).map_or("", |(_, value)| value.trim_start());
            value.starts_with(quote) && value.matches(quote).count() == 1 && self.after.contains(quote)
        })
    }
}

/// Whether letters are `true`, `yes` or `是` with one slip.
fn is_near_flag(letters: &str) -> bool {
    let length = letters.chars().count();
    length <= 2 && letters.contains('是')
        || (2..=5).contains(&length)
            && SURE_FLAGS[..2].iter().any(|flag| strsim::damerau_levenshtein(letters, flag) <= 1)
}

/// Whether a value begins with yes and the next line of front matter follows it without a line break.
fn is_glued_to_next(word: &str, after: &str) -> bool {
    SURE_FLAGS.iter().any(|flag| word.len() > flag.len() && word.starts_with(flag)) && after.contains(SEPARATORS)
}

fn letters_of(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A line that holds nothing but a mark with slips: `草稿 是`, `dr:aft: true`, `drat: true`, `draft ys`.
fn mark_alone(line: &str, place: Place) -> Option<Span> {
    let opened = line.trim_start().trim_start_matches(OPENERS);
    if place == Place::Body && opened.len() > 2 * LONGEST_BROKEN_MARK {
        return None;
    }
    let trimmed = opened.trim_end_matches(CLOSERS);
    let start = line.len() - opened.len();
    let span = Span::new(start, start + trimmed.len());
    if trimmed.is_empty() {
        return None;
    }
    if trimmed.len() <= LONGEST_BROKEN_MARK {
        let splits = [
            trimmed.rsplit_once(SEPARATORS),
            trimmed.split_once(SEPARATORS),
            trimmed.rsplit_once([' ', '\t', '\u{3000}']),
        ];
        if splits.into_iter().flatten().any(|(name, value)| is_slipped(name, value)) && !is_known(opened) {
            return Some(span);
        }
        let letters = letters_of(trimmed);
        let whole = |name: &&str| letters.strip_prefix(name).is_some_and(|value| parse_flag(value) == Some(true));
        let near = |flag: &&str| strsim::damerau_levenshtein(&letters, &format!("{}{flag}", NAMES[0])) <= 1;
        let near_han = || letters.ends_with('是') && strsim::damerau_levenshtein(&letters, "草稿是") <= 1;
        if NAMES.iter().any(whole) || place == Place::Metadata && (SURE_FLAGS[..2].iter().any(near) || near_han()) {
            return Some(span);
        }
    }
    if place == Place::Body {
        return None;
    }
    let (key, value) = opened.split_once(SEPARATORS)?;
    let letters = letters_of(opened);
    let joined = |name: &str| SURE_FLAGS[..2].iter().any(|flag| letters.starts_with(&format!("{name}{flag}")));
    let spaced = key
        .strip_prefix(NAMES[1])
        .is_some_and(|rest| rest.starts_with(char::is_whitespace) && rest.trim_start().starts_with(SURE_FLAGS[2]));
    if spaced || NAMES.iter().any(|name| joined(name)) {
        return Some(span);
    }
    let key = key.trim_matches(['"', '\'', ' ']).to_lowercase();
    let lower = value.trim_matches(CLOSERS).to_lowercase();
    let word: String = lower.chars().take_while(|c| c.is_alphanumeric()).collect();
    let other = match &*key {
        _ if says_unpublished(&key, &lower) => true,
        _ if is_known(opened) => false,
        // A name in Latin letters without a value can begin a mapping.
        _ if lower.is_empty() => {
            let letters = letters_of(&key);
            let whole = letters.contains('草') && letters.contains('稿') && letters.chars().count() <= 3;
            whole || [NAMES[0], "草", "稿"].contains(&&*letters)
        }
        _ => {
            let joined = is_glued_to_next(&word, &lower[word.len()..]) || SURE_FLAGS.contains(&&*word);
            joined && is_near_name(&key)
        }
    };
    other.then_some(span)
}

/// Whether a name and its value are both those of a mark, perhaps with slips. More words are text.
fn is_slipped(name: &str, value: &str) -> bool {
    if value.len() > LONGEST_BROKEN_MARK / 2 {
        return false;
    }
    let (value, letters) = (letters_of(value), letters_of(name));
    let one_word =
        || !name.trim().contains(' ') || NAMES.iter().any(|name| strsim::damerau_levenshtein(&letters, name) <= 1);
    (parse_flag(&value) == Some(true) || is_near_flag(&value)) && is_near_name(&letters) && one_word()
}

/// A line that ends with another key's value and something that is perhaps a mark: `标签: [甲]draft true`.
struct Glued<'l> {
    line: &'l str,
    /// The value of the perhaps-mark.
    flag: Span,
    /// The last word before it.
    word: Span,
    /// The word is followed by the sign that stands between keys and values in this line.
    separated: bool,
    /// A key stands before the word, not only the dash of a list.
    keyed: bool,
}

impl<'l> Glued<'l> {
    fn of(line: &'l str, place: Place) -> Option<Self> {
        let flag = last_flag(line)?;
        if place == Place::Body && !is_front_matter(line) {
            return None;
        }
        let before = &line[..flag.start];
        let item = line.len() - line.trim_start().len();
        let first = match line[item..].starts_with("- ") {
            true => item,
            false => before.find(SEPARATORS)?,
        };
        let sign = |c: char| SEPARATORS.contains(&c) || c.is_whitespace() || matches!(c, '"' | '\'');
        let name = before.trim_end_matches(sign);
        let gap = &before[name.len()..];
        let other = |c: char| !c.is_alphanumeric();
        let start = name.rfind(other).map_or(0, |at| at + name[at..].chars().next().map_or(0, char::len_utf8));
        // A condition of a survey has a second sign: `show_if: a = yes`.
        let separated = gap.contains([':', '：']) || before[first..].starts_with('=') && gap.contains('=');
        let keyed = before[..start].contains(SEPARATORS);
        let mark = FoundMark { before: name.trim(), after: &line[flag.end..] };
        let address = before[first..start.max(first)].contains("://");
        (start > first && !address && mark.counts(line, place)).then_some(Glued {
            line,
            flag,
            word: Span::new(start, name.len()),
            separated,
            keyed,
        })
    }

    fn span(&self) -> Span {
        Span::new(self.word.start, self.flag.end)
    }

    /// The word ends like the name of the mark. A word that is all of a list's item was looked at before.
    fn by_name(&self) -> Option<Span> {
        let word = self.line[self.word.start..self.word.end].to_lowercase();
        let spaced = self.word.end < self.flag.start;
        let sure = SURE_FLAGS.contains(&&*self.line[self.flag.start..self.flag.end].to_lowercase());
        let alone = !self.keyed && self.line[..self.word.start].trim() == "-";
        let named = !alone && NAMES.iter().any(|name| word.ends_with(name)) || spaced && ends_with_near_name(&word);
        (named && (sure || self.separated)).then(|| self.span())
    }

    /// A text that ends like a key and a value is a line that lost its beginning, unless it is a mapping in braces.
    fn by_form(&self) -> Option<Span> {
        (self.separated && self.keyed && !self.line[..self.word.start].contains('{')).then(|| self.span())
    }
}

/// A line of front matter whose last letters are those of a mark, whatever stands between them.
fn glued_letters(line: &str, place: Place) -> Option<Span> {
    let trimmed = line.trim_end_matches(CLOSERS);
    if place == Place::Body || !ends_like_flag(trimmed) {
        return None;
    }
    let mark = FoundMark { before: trimmed, after: &line[trimmed.len()..] };
    if let Some((name, value)) = trimmed.rsplit_once([':', '：'])
        && name.contains(SEPARATORS)
        && is_near_flag(&letters_of(value))
        && ends_with_near_name(&name.to_lowercase())
        && !mark.is_quoted()
    {
        return Some(Span::new(0, trimmed.len()));
    }
    let letters = letters_of(trimmed);
    let ends =
        |flag: &&str| letters.strip_suffix(*flag).is_some_and(|before| NAMES.iter().any(|name| before.ends_with(name)));
    (SURE_FLAGS.iter().any(ends) && !mark.is_quoted()).then(|| Span::new(0, trimmed.len()))
}

/// Whether a word ends with a name that has one slip.
fn ends_with_near_name(word: &str) -> bool {
    let chars: Vec<char> = word.chars().collect();
    let ascii = (4..=6).filter(|length| *length <= chars.len()).any(|length| {
        let end: String = chars[chars.len() - length..].iter().collect();
        strsim::damerau_levenshtein(&end, NAMES[0]) <= 1
    });
    ascii || word.ends_with(['草', '稿'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(line: &str, place: Place) -> Option<&str> {
        find_in_line(line, place, TextFacts::of(line)).map(|span| &line[span.start..span.end])
    }

    #[test]
    fn a_key_of_pages_ends_no_mark_of_the_line_above() {
        for line in ["撤稿: 是", "公众号: 是", "wechat: true"] {
            assert!(!is_broken_over("审核人: 王五", line, Place::Metadata), "{line}");
        }
        assert!(is_broken_over("草", "稿: 是", Place::Metadata));
        assert!(is_broken_over("draft", ": true", Place::Metadata));
    }

    #[test]
    fn marks_with_slips_in_front_matter() {
        for (line, mark) in [
            ("tags: [甲]draft true", "draft true"),
            ("标签: [甲]草稿 是", "草稿 是"),
            ("标题: 甲草稿: 是", "草稿: 是"),
            ("title: 甲draf: true", "甲draf: true"),
            ("标题: 甲稿: 是", "甲稿: 是"),
            ("标题: 甲草稿: 是日期: 2026-01-01", "草稿: 是日期"),
            ("标题: 甲draft: tre", "draft: tre"),
            ("标题: 甲草稿: ", "草稿: "),
            ("dat: true", "dat: true"),
            ("  raft : yes", "raft : yes"),
            ("drat: truetitle: 甲", "drat: truetitle: 甲"),
            ("date: 2026-01-01drat yes", "01drat yes"),
            ("title = 甲draf = true", "甲draf = true"),
            ("published: false", "published: false"),
            ("状态：草稿", "状态：草稿"),
            ("\"draft\": true,", "draft\": true"),
            ("daft: ys", "daft: ys"),
            ("draft ys", "draft ys"),
            ("d raft:x yes", "d raft:x yes"),
            ("draf: y:es", "draf: y:es"),
            ("title: 甲dr aft: tr-ue", "title: 甲dr aft: tr-ue"),
            ("稿: true  机密", "稿: true  机密"),
            ("草稿-:", "草稿-:"),
            ("草:", "草:"),
            ("drft y es", "drft y es"),
            ("草稿 是标题: 甲", "草稿 是标题: 甲"),
            ("- 甲稿: true", "甲稿: true"),
            ("title: 甲drat: tre", "title: 甲drat: tre"),
            ("草稿 true摘要: |", "草稿 true摘要: |"),
            ("draf=t: tru", "draf=t: tru"),
            ("Ｄｒａｆｔ：ｔｒｕｅ", "Ｄｒａｆｔ：ｔｒｕｅ"),
            ("标签: [甲]ＤＲＡＦＴ true", "标签: [甲]ＤＲＡＦＴ true"),
            ("是否发布: 否", "是否发布: 否"),
            ("公开: 否", "公开: 否"),
            ("private: true", "private: true"),
            ("暂不公开：是", "暂不公开：是"),
        ] {
            assert_eq!(found(line, Place::Metadata), Some(mark), "{line}");
        }
    }

    #[test]
    fn other_lines_of_front_matter() {
        for line in [
            "title: \"怎样写 draft: true\"",
            "标题: '甲草稿: 是'",
            "show_if: heard = yes",
            "显示条件: 听说过 是",
            "- {id: a, required: true}",
            "窗口: {地点: 甲, 无障碍: 是}",
            "original: https://example.org/?a=true",
            "math: true",
            "grant: true",
            "draw: yes",
            "dark: true",
            "草案:",
            "置顶: 是",
            "comments: yes",
            "date: 2026-01-01",
            "标题: 起草工作手记",
            "作者: 是",
            "- 必填: 是",
            "- 投稿: 否",
            "draft: false",
            "published: true",
            "status: 现行有效",
            "title: Overdrafty",
            "公开: 是",
            "公开方式: 主动公开",
            "private: false",
            "标题: Ａ股公司的专利",
        ] {
            assert_eq!(found(line, Place::Metadata), None, "{line}");
        }
    }

    #[test]
    fn lines_of_the_body() {
        for (line, mark) in [
            ("草稿: 是", Some("草稿: 是")),
            ("> draft: true", Some("draft: true")),
            ("稿: 是", Some("稿: 是")),
            ("ft: true", Some("ft: true")),
            ("标题: 甲草稿: 是", Some("草稿: 是")),
            ("# 题---草稿: 是", Some("草稿: 是")),
            ("```yaml---draft: yes", Some("draft: yes")),
            ("这是草稿: 是", None),
            ("加一行 草稿: 是", None),
            ("Is this draft: yes", None),
            ("是否公开：是", None),
            ("published: false", None),
            ("他问是不是，答：是", None),
        ] {
            assert_eq!(found(line, Place::Body), mark, "{line}");
        }
    }
}
