//! Makes emphasis work next to Chinese punctuation, and sub- and superscript inside words.
//!
//! pulldown-cmark 0.13 decides by the two characters next to a run of `*`, `~` or `^` whether the run can open or
//! close emphasis. It has no option to change these rules and shows the delimiters of `知识产权**“强县”**建设` and `H~2~O` as
//! text. The next release has both rules; this file can then be removed.
//!
//! Input: the text. Output: characters to insert next to delimiter runs, so that the parser follows the rules of
//! `markdown-cjk-friendly` (for `*`, `_`, `~~`) and those of its own next release (for `~`, `^`). An inserted
//! character counts as punctuation, as white space or as neither, and does not occur in the text,
//! so it can be removed from everything the parser returns. It changes only the neighbours of a run; code, links,
//! HTML and precedence are still decided by the parser. A `~` or `^` may open only if [`script_end`] finds its partner.
//! Does not know blocks, except for the markers that can precede the first character of a line.

use std::cell::OnceCell;
use std::collections::HashSet;
use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag};

use super::context::{LONGEST_LABEL, footnote_key, labels_before_colons};
use super::sign_runs::SignRuns;
use puzhi_core::base::{is_cjk_punctuation, is_han};

/// Unicode noncharacters: neither punctuation nor white space, and not used in text.
const NEUTRAL_MARKERS: [char; 8] =
    ['\u{FDD0}', '\u{FDD1}', '\u{FDD2}', '\u{FDD3}', '\u{FDD4}', '\u{FDD5}', '\u{FDD6}', '\u{FDD7}'];
/// White space that is unlikely to occur in a text.
pub(super) const SPACE_MARKERS: [char; 4] = ['\u{1680}', '\u{205F}', '\u{2008}', '\u{2001}'];
/// Punctuation that is unlikely to occur in a text: sentence ends of historical scripts.
const PUNCTUATION_MARKERS: [char; 6] = ['\u{11FFF}', '\u{10A57}', '\u{10A7F}', '\u{10B3F}', '\u{16AF5}', '\u{1DA8B}'];

/// Which characters to insert at which offsets, in ascending order; a character that is no punctuation is also inserted
/// at each offset of `others`. Empty if nothing is to be inserted, or if the text contains all candidate characters;
/// emphasis then follows CommonMark.
pub(super) fn insertions(text: &str, options: Options, others: &[usize]) -> Vec<(usize, char)> {
    let mut scan = DelimiterScanner {
        text,
        options,
        tables: OnceCell::new(),
        script_ends: [None; 2],
        mask: None,
        signs: [b'*', b'_', b'~'].map(SignRuns::of),
        labels: OnceCell::new(),
    };
    let mut wanted: Vec<(usize, InsertedClass)> = others.iter().map(|at| (*at, InsertedClass::Neutral)).collect();
    let bytes = text.as_bytes();
    let mut at = 0;
    // End of the previous run, and whether a character is inserted after it.
    let (mut last_end, mut last_marked) = (usize::MAX, false);
    let mut carets = memchr::memchr_iter(b'^', bytes).peekable();
    loop {
        while carets.next_if(|caret| *caret < at).is_some() {}
        let caret = carets.peek().copied();
        let other = memchr::memchr3(b'*', b'_', b'~', &bytes[at..caret.unwrap_or(bytes.len())]).map(|found| at + found);
        let Some(mut start) = other.or(caret) else { break };
        let delimiter = bytes[start];
        let end = start + bytes[start..].iter().take_while(|b| **b == delimiter).count();
        at = end;
        let backslashes = bytes[..start].iter().rev().take_while(|b| **b == b'\\').count();
        if backslashes % 2 == 1 && !others.is_empty() && others.binary_search(&start).is_ok() {
            // The backslash does not escape.
            wanted.extend([start, end].map(|at| (at, InsertedClass::Space)));
            continue;
        }
        if backslashes % 2 == 1 {
            start += 1;
        }
        if start == end {
            continue;
        }
        if end - start == 4 && scan.is_double(delimiter, start..end) {
            wanted.extend([start, start + 2, end].map(|at| (at, InsertedClass::Neutral)));
            (last_end, last_marked) = (end, true);
            continue;
        }
        let delimiter_role = scan.delimiter_role(delimiter, start, end);
        // A run counts as punctuation for an adjacent run. An inserted character must not change that.
        if start == last_end && last_marked != delimiter_role.is_some() {
            wanted.push((start, InsertedClass::Punctuation));
        }
        (last_end, last_marked) = (end, delimiter_role.is_some());
        if let Some(delimiter_role) = delimiter_role {
            use InsertedClass::{Neutral, Punctuation, Space};
            let side = |can: bool| if can { Punctuation } else { Neutral };
            let (before, after) = match delimiter_role {
                DelimiterRole::Both => (Neutral, Neutral),
                DelimiterRole::Each { open, close } => (side(open), side(close)),
                DelimiterRole::Text => (Space, Space),
            };
            wanted.push((start, before));
            wanted.push((end, after));
        }
    }
    if wanted.is_empty() {
        return Vec::new();
    }
    if !others.is_empty() {
        wanted.sort_by_key(|(at, _)| *at);
    }
    // Chinese texts have next to no characters that begin with these bytes, which one search shows for most candidates. A string
    // search is faster than a character search here: it compares many bytes at once.
    let has_rare = memchr::memchr2(0xE1, 0xF0, bytes).is_some();
    let is_free = |c: char| {
        let mut buffer = [0; 4];
        let written = c.encode_utf8(&mut buffer);
        !has_rare && written.starts_with(['\u{1680}', '\u{11FFF}']) || !text.contains(&*written)
    };
    let free = |candidates: &[char]| candidates.iter().copied().find(|c| is_free(*c));
    let (Some(neutral), Some(punctuation), Some(space)) =
        (free(&NEUTRAL_MARKERS), free(&PUNCTUATION_MARKERS), free(&SPACE_MARKERS))
    else {
        return Vec::new();
    };
    let character = |class| match class {
        InsertedClass::Neutral => neutral,
        InsertedClass::Punctuation => punctuation,
        InsertedClass::Space => space,
    };
    wanted.into_iter().map(|(at, class)| (at, character(class))).collect()
}

/// What the parser takes an inserted character for.
#[derive(Clone, Copy)]
enum InsertedClass {
    /// Neither punctuation nor white space.
    Neutral,
    Punctuation,
    Space,
}

/// What a delimiter run shall be able to do.
enum DelimiterRole {
    /// Open and close: neutral characters on both sides.
    Both,
    /// Punctuation before the run lets it open, after the run lets it close. A neutral character prevents it.
    Each { open: bool, close: bool },
    /// Neither open nor close: white space on both sides.
    Text,
}

struct DelimiterScanner<'t> {
    text: &'t str,
    options: Options,
    /// Byte ranges of tables; computed only if a run is next to a `|`.
    tables: OnceCell<Vec<Range<usize>>>,
    /// Where the runs stand that close an open subscript and an open superscript.
    script_ends: [Option<usize>; 2],
    /// Where the asterisk stands that masks a character of the next name.
    mask: Option<usize>,
    /// Runs of `*`, `_` and `~~` that are signs.
    signs: [SignRuns; 3],
    /// Labels of the footnotes that the text may define; computed only if a `^` is behind a bracket.
    labels: OnceCell<HashSet<String>>,
}

impl DelimiterScanner<'_> {
    /// The role of the run at `start..end`, or `None` if the parser decides correctly without insertions.
    fn delimiter_role(&mut self, delimiter: u8, start: usize, end: usize) -> Option<DelimiterRole> {
        let mut before = self.text[..start].chars().next_back().unwrap_or('\n');
        let mut after = self.text[end..].chars().next().unwrap_or('\n');
        match delimiter {
            b'*' | b'_' => {}
            b'~' if end - start == 2 && self.options.contains(Options::ENABLE_STRIKETHROUGH) => {}
            b'~' if end - start == 1 && self.options.contains(Options::ENABLE_SUBSCRIPT) => {}
            b'^' if self.options.contains(Options::ENABLE_SUPERSCRIPT) => {
                if before == '[' {
                    let is_text = self.is_undefined_footnote(end);
                    return is_text.then_some(DelimiterRole::Each { open: false, close: false });
                }
            }
            _ => return None,
        }
        let signs = match delimiter {
            // The mark of a list, and underscores inside a word, are no marks of emphasis.
            b'*' if before.is_whitespace() && after.is_whitespace() => None,
            b'_' if before.is_alphanumeric() && after.is_alphanumeric() => None,
            b'*' => Some(0),
            b'_' if end - start < MIN_BLANK => Some(1),
            b'~' if end - start == 2 => Some(2),
            _ => None,
        };
        if let Some(signs) = signs
            && self.signs[signs].is_sign(self.text, start)
        {
            return Some(DelimiterRole::Text);
        }
        if delimiter == b'*' && (self.is_mask(before, after, start..end) || self.is_end_mask(before, start..end)) {
            return Some(DelimiterRole::Text);
        }
        if delimiter == b'_' && end - start >= MIN_BLANK && self.is_in_han_text(start) {
            return Some(DelimiterRole::Each { open: false, close: false });
        }
        let is_script = delimiter == b'^' || delimiter == b'~' && end - start == 1;
        if is_script || is_cjk(before) || is_cjk(after) || is_selector(before) {
            // The start of a line's content and the edge of a table cell count as white space.
            if self.starts_content(before, start) || before == '|' && self.in_table(start) {
                before = '\n';
            }
            if after == '|' && self.in_table(end) {
                after = '\n';
            }
        }
        if is_script {
            return self.script_role(delimiter, before, after, start..end);
        }
        if before.is_whitespace() || after.is_whitespace() {
            return None;
        }
        if is_text_selector(before) {
            return self.after_variation_selector(delimiter, before, after, start);
        }
        let beside_cjk = is_cjk(before) || is_cjk(after) || is_selector(before);
        // Between two alphanumeric characters a run can already open and close. `_` inside a word must not become
        // emphasis.
        let wanted = delimiter != b'_' && beside_cjk && !(before.is_alphanumeric() && after.is_alphanumeric());
        wanted.then_some(DelimiterRole::Both)
    }

    /// Whether a run of four ends strong or struck text and begins the next: `**一、****总则**`. The parser would take it for
    /// one mark of four.
    fn is_double(&mut self, delimiter: u8, run: Range<usize>) -> bool {
        let ends = |c: Option<char>| c.is_none_or(|c| c.is_whitespace() || matches!(c, '*' | '_' | '~' | '^'));
        let (before, after) = (self.text[..run.start].chars().next_back(), self.text[run.end..].chars().next());
        let is_mark = delimiter == b'*' || delimiter == b'~' && self.options.contains(Options::ENABLE_STRIKETHROUGH);
        if !is_mark || ends(before) || ends(after) || ![before, after].into_iter().flatten().any(is_cjk) {
            return false;
        }
        /// Longest text whose end is looked for, in bytes.
        const NEAR: usize = 600;
        let near = &self.text[run.end..self.text.floor_char_boundary(run.end + NEAR)];
        let line = near.split('\n').next().unwrap_or("");
        let next = line.find(char::from(delimiter)).map_or("", |at| &line[at..]);
        let width = next.len() - next.trim_start_matches(char::from(delimiter)).len();
        matches!(width, 2 | 4)
            && self.runs_before(run.start, 2, char::from(delimiter)) % 2 == 1
            && !(delimiter == b'*' && self.is_mask(before.unwrap_or(' '), after.unwrap_or(' '), run))
    }

    /// Whether asterisks stand for characters that are not told, or are signs of multiplication: between digits, in a
    /// long run beside a digit (`138****5678`), and in names one after the other (`王*明、李*华`).
    fn is_mask(&mut self, before: char, after: char, run: Range<usize>) -> bool {
        if !before.is_alphanumeric() || !after.is_alphanumeric() {
            return false;
        }
        let digits = (before.is_ascii_digit(), after.is_ascii_digit());
        if digits == (true, true) && run.len() >= MIN_BLANK {
            return true;
        }
        if digits == (true, true) || run.len() >= MIN_BLANK && (digits.0 || digits.1) {
            return self.is_in_han_text(run.start);
        }
        if run.len() > 1 || !is_han(before) || !is_han(after) {
            return false;
        }
        let is_second = self.mask.take_if(|mask| *mask == run.start).is_some();
        let partner = next_mask(&self.text[run.end..]).map(|at| run.end + at);
        self.mask = partner;
        is_second || partner.is_some()
    }

    /// Whether one or two asterisks stand for the rest of a name, of several one after the other: `张**和李**`, `王*、李*`.
    fn is_end_mask(&mut self, before: char, run: Range<usize>) -> bool {
        if run.len() > 2 || !is_han(before) {
            return false;
        }
        let is_second = self.mask.take_if(|mask| *mask == run.start).is_some();
        let partner = next_end_mask(&self.text[run.end..], run.len()).map(|at| run.end + at);
        // After an odd number of such runs this one may close emphasis: `**甲**和乙**`.
        let partner = partner.filter(|_| is_second || self.runs_before(run.start, run.len(), '*').is_multiple_of(2));
        self.mask = partner.or(self.mask);
        is_second || partner.is_some()
    }

    /// Whether `[^` before `from` begins no reference to a footnote of this text.
    fn is_undefined_footnote(&self, from: usize) -> bool {
        let near = &self.text[from..self.text.floor_char_boundary(from + LONGEST_LABEL)];
        let Some((label, _)) = near.split_once(']') else { return true };
        let labels = self.labels.get_or_init(|| labels_before_colons(self.text).collect());
        !labels.contains(&footnote_key(label))
    }

    /// Number of runs of `width` signs before `at` in its line.
    fn runs_before(&self, at: usize, width: usize, sign: char) -> usize {
        let line = self.text_before(at, 600).rsplit('\n').next().unwrap_or("");
        line.split(|c| c != sign).filter(|run| run.len() == width).count()
    }

    /// Whether the line of `at` has Han characters or their punctuation near it.
    fn is_in_han_text(&self, at: usize) -> bool {
        const NEAR: usize = 300;
        let before = self.text_before(at, NEAR).rsplit('\n').next().unwrap_or("");
        let is_wide = |c: char| is_han(c) || is_cjk_punctuation(c);
        before.contains(is_wide) || self.text[at..].chars().take(NEAR).take_while(|c| *c != '\n').any(is_wide)
    }

    /// The rules of the next pulldown-cmark release for `~x~` and `^x^`, with two exceptions: a tilde between amounts
    /// (`3~5天`, `5%~10%`, `周一~周五`) is a range sign in Chinese text and stays text, and so does a sign without a near
    /// partner (`A~C类，D~F类`, `100m^2，200m^2`).
    fn script_role(&mut self, delimiter: u8, before: char, after: char, run: Range<usize>) -> Option<DelimiterRole> {
        let literal = Some(DelimiterRole::Each { open: false, close: false });
        if self.script_ends[usize::from(delimiter == b'^')].take_if(|end| *end == run.start).is_some() {
            return Some(DelimiterRole::Each { open: false, close: true });
        }
        if run.len() > 1 || self.in_bare_url(run.start) {
            return literal;
        }
        let opens = if delimiter == b'^' {
            !is_punctuation(after) || before.is_alphanumeric() || before == '~' || before == '^'
        } else {
            let space = before.is_whitespace();
            let fits = space || !is_punctuation(after) || is_punctuation(before);
            let amount =
                after.is_ascii_digit() && !space && !before.is_ascii_alphabetic() && !matches!(before, ')' | ']');
            fits && !amount && (!is_cjk(before) || is_punctuation(before))
        };
        let Some(partner) = opens.then(|| script_end(self.text, delimiter, run.end)).flatten() else { return literal };
        self.script_ends[usize::from(delimiter == b'^')] = Some(partner);
        Some(DelimiterRole::Each { open: true, close: false })
    }

    /// A variation selector has the class of the character before it.
    fn after_variation_selector(
        &self,
        delimiter: u8,
        selector: char,
        after: char,
        start: usize,
    ) -> Option<DelimiterRole> {
        let varied = self.text[..start - selector.len_utf8()].chars().next_back().unwrap_or('\n');
        let quote = matches!(varied, '‘' | '’' | '“' | '”') && selector == '\u{FE01}';
        let cjk = is_cjk(varied) || quote;
        let left = !is_punctuation(after) || is_cjk(after) || cjk || is_punctuation(varied);
        let right = is_cjk(after) || cjk || !is_punctuation(varied) || is_punctuation(after);
        Some(match (delimiter, left, right) {
            (b'_', _, _) => DelimiterRole::Each {
                open: left && (!right || is_punctuation(varied)),
                close: right && (!left || is_punctuation(after)),
            },
            (_, true, true) => DelimiterRole::Both,
            (_, open, close) => DelimiterRole::Each { open, close },
        })
    }

    /// Whether the line contains only block quote and list markers, or a footnote label, before `start`.
    fn starts_content(&self, before: char, start: usize) -> bool {
        match before {
            '>' => {
                let marks = |c: char| matches!(c, ' ' | '\t' | '>' | '-' | '+' | '*' | '.' | ')') || c.is_ascii_digit();
                let prefix = &self.text[self.text[..start].trim_end_matches(marks).len()..start];
                let begins = start - prefix.len();
                (begins == 0 || self.text.as_bytes()[begins - 1] == b'\n') && is_container_prefix(prefix)
            }
            ':' if self.text[..start].ends_with("]:") => {
                let head = self.text_before(start, 300).rsplit('\n').next().unwrap_or("");
                head.trim_start_matches([' ', '>', '\t']).starts_with("[^")
            }
            _ => false,
        }
    }

    fn in_table(&self, at: usize) -> bool {
        let tables = self.tables.get_or_init(|| {
            if !self.options.contains(Options::ENABLE_TABLES) {
                return Vec::new();
            }
            Parser::new_ext(self.text, self.options)
                .into_offset_iter()
                .filter_map(|(event, range)| matches!(event, Event::Start(Tag::Table(_))).then_some(range))
                .collect()
        });
        let next = tables.partition_point(|range| range.start <= at);
        next.checked_sub(1).is_some_and(|i| tables[i].contains(&at))
    }

    /// The text before `at`, at most `most` bytes.
    fn text_before(&self, at: usize, most: usize) -> &str {
        let mut from = at.saturating_sub(most);
        while !self.text.is_char_boundary(from) {
            from += 1;
        }
        &self.text[from..at]
    }

    /// Whether `at` is inside a bare URL such as `https://host/~name/`.
    fn in_bare_url(&self, at: usize) -> bool {
        let word =
            self.text_before(at, 200).rsplit(|c: char| c.is_whitespace() || c == '<' || c == '(' || is_cjk(c)).next();
        word.is_some_and(|w| w.contains("://"))
    }
}

/// Shortest run of underscores that is a blank to fill in, and of asterisks that may mask digits.
const MIN_BLANK: usize = 4;

/// Where the asterisk of the next name stands, if `text` begins with the rest of a name, a comma or space, and the start
/// of another: `明、李*华`. A name has at most two characters on each side of its asterisk.
fn next_mask(text: &str) -> Option<usize> {
    let mut between = 0;
    let mut sides = [0, 0];
    for (at, c) in text.char_indices().take(7) {
        match c {
            '*' if sides[1] > 0 => return text[at + 1..].starts_with(is_han).then_some(at),
            '、' | '，' | '；' | ',' | ' ' | '\u{3000}' if sides[0] > 0 && sides[1] == 0 => between += 1,
            c if is_han(c) => sides[usize::from(between > 0)] += 1,
            _ => return None,
        }
        if between > 2 || sides[0] > 2 || sides[1] > 2 {
            return None;
        }
    }
    None
}

/// Where the asterisks of the next name stand, if `text` begins with what joins two names and the start of the second:
/// `和李**`, `、欧阳*`. Emphasised words do not begin so.
fn next_end_mask(text: &str, width: usize) -> Option<usize> {
    let joined =
        text.strip_prefix(['和', '与', '及', '、', '，', '；', '/', ','])?.trim_start_matches([' ', '\u{3000}']);
    let name = joined.trim_start_matches(is_han);
    let length = joined[..joined.len() - name.len()].chars().take(3).count();
    let stars = name.len() - name.trim_start_matches('*').len();
    ((1..=2).contains(&length) && stars == width).then(|| text.len() - name.len())
}

/// Greatest length of a sub- or superscript in characters.
const MAX_SCRIPT: usize = 20;

/// Where the partner of the `~` or `^` before `from` stands. A sub- or superscript is short, has no white space, no
/// Chinese punctuation and no mark that binds more strongly, and is not what stands between two ranges or powers, as in
/// `A~C与D~F` and `x^2+y^2`.
fn script_end(text: &str, delimiter: u8, from: usize) -> Option<usize> {
    if let Some(end) =
        bracketed_number(&text[from..]).or_else(|| listed_numbers(&text[from..])).filter(|_| delimiter == b'^')
    {
        return Some(from + end);
    }
    let mut chars = text[from..].char_indices().take(MAX_SCRIPT + 1).peekable();
    let (mut first, mut has_han, mut has_sign) = (None, false, false);
    while let Some((at, c)) = chars.next() {
        if c == char::from(delimiter) {
            let end = from + at;
            let after = text[end + 1..].chars().next().unwrap_or('\n');
            let last = text[from..end].chars().next_back()?;
            let range = delimiter == b'~' && last.is_ascii_digit() && after.is_ascii_digit();
            let between = has_han && first.is_some_and(|c: char| c.is_ascii_alphanumeric())
                || has_sign && after.is_alphanumeric();
            // In `100m^2~200m^2` a range stands between two powers.
            let powers = delimiter == b'^' && after.is_alphanumeric() && text[from..end].matches('~').count() == 1;
            // In `x^y^z` the sign is an operator.
            let operator = delimiter == b'^'
                && after.is_ascii_alphanumeric()
                && text[from..end].bytes().all(|b| b.is_ascii_alphabetic());
            // `^_^` is a face.
            let face = &text[from..end] == "_";
            // In `10^4m^3` and `10^-6m^2` the second sign raises the unit.
            let unit = delimiter == b'^' && after.is_ascii_digit() && is_power_with_unit(&text[from..end]);
            return (after != c && !range && !between && !operator && !face && !unit && !powers).then_some(end);
        }
        if c.is_whitespace() || matches!(c, '`' | '|' | '<' | '>' | '[' | ']' | '$' | '/') || is_cjk_punctuation(c) {
            return None;
        }
        if c == '\\' {
            chars.next_if(|(_, c)| c.is_ascii_punctuation());
        }
        has_han |= is_han(c);
        has_sign |= first.is_some() && !c.is_alphanumeric() && !matches!(c, '~' | '^');
        first.get_or_insert(c);
    }
    None
}

/// Where the numbers of references at the start of `text` end, as in `[1]^` and `[1-3,5]^`.
fn bracketed_number(text: &str) -> Option<usize> {
    let text = &text[..text.floor_char_boundary(4 * MAX_SCRIPT)];
    let (numbers, behind) = text.strip_prefix(['[', '［'])?.split_once([']', '］'])?;
    let is_number = numbers.len() <= MAX_SCRIPT
        && numbers.starts_with(|c: char| c.is_ascii_digit())
        && numbers.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '–' | '~' | ',' | '，' | '、' | ' '));
    (is_number && behind.starts_with('^') && !behind.starts_with("^^")).then(|| text.len() - behind.len())
}

/// Where the numbers of references without brackets at the start of `text` end, as in `2,3^`.
fn listed_numbers(text: &str) -> Option<usize> {
    let text = &text[..text.floor_char_boundary(4 * MAX_SCRIPT)];
    let numbers = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == ',');
    let length = text.len() - numbers.len();
    let list = &text[..length];
    let is_list = length <= MAX_SCRIPT && list.contains(',') && list.split(',').all(|number| !number.is_empty());
    let behind = numbers.strip_prefix('^')?;
    (is_list && !behind.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '^')).then_some(length)
}

/// Whether `text` is a power and the unit behind it: `4m`, `-6cm`.
fn is_power_with_unit(text: &str) -> bool {
    let number = text.trim_start_matches(['-', '+', '−']);
    let unit = number.trim_start_matches(|c: char| c.is_ascii_digit());
    unit.len() < number.len() && !unit.is_empty() && unit.chars().all(|c| c.is_alphabetic() && !is_han(c))
}

fn is_container_prefix(prefix: &str) -> bool {
    let mut rest = prefix;
    loop {
        rest = rest.trim_start_matches([' ', '\t']);
        if rest.is_empty() {
            return true;
        }
        if let Some(after) = rest.strip_prefix('>') {
            rest = after;
            continue;
        }
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let marker = match rest.as_bytes().get(digits) {
            Some(b'.' | b')') if (1..=9).contains(&digits) => digits + 1,
            Some(b'-' | b'+' | b'*') if digits == 0 => 1,
            _ => return false,
        };
        rest = &rest[marker..];
        if !rest.starts_with([' ', '\t']) {
            return false;
        }
    }
}

/// Whether a character is punctuation or a symbol. This approximation differs from Unicode only for combining marks
/// and unassigned characters, which matter only before a variation selector or inside a superscript.
fn is_punctuation(c: char) -> bool {
    !c.is_alphanumeric() && !c.is_whitespace() && !c.is_control()
}

/// Variation selectors 1 to 15, which apply to characters of any script.
fn is_text_selector(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0E}')
}

fn is_selector(c: char) -> bool {
    is_text_selector(c) || matches!(c, '\u{E0100}'..='\u{E01EF}')
}

/// "CJK character" as defined by `markdown-cjk-friendly`: East Asian wide, full-width or half-width characters and
/// Hangul, without emoji.
fn is_cjk(c: char) -> bool {
    c >= '\u{1100}' && {
        let c = u32::from(c);
        let next = CJK.partition_point(|(first, _)| *first <= c);
        next.checked_sub(1).is_some_and(|i| c <= CJK[i].1)
    }
}

/// First and last code point of each range, in ascending order.
#[rustfmt::skip]
const CJK: &[(u32, u32)] = &[
    (0x1100, 0x11FF), (0x20A9, 0x20A9), (0x2329, 0x232A), (0x2630, 0x2637), (0x268A, 0x268F), (0x2E80, 0x2E99),
    (0x2E9B, 0x2EF3), (0x2F00, 0x2FD5), (0x2FF0, 0x303E), (0x3041, 0x3096), (0x3099, 0x30FF), (0x3105, 0x312F),
    (0x3131, 0x318E), (0x3190, 0x31E5), (0x31EF, 0x321E), (0x3220, 0x3247), (0x3250, 0xA48C), (0xA490, 0xA4C6),
    (0xA960, 0xA97C), (0xAC00, 0xD7A3), (0xD7B0, 0xD7C6), (0xD7CB, 0xD7FB), (0xF900, 0xFAFF), (0xFE10, 0xFE19),
    (0xFE30, 0xFE52), (0xFE54, 0xFE66), (0xFE68, 0xFE6B), (0xFF01, 0xFFBE), (0xFFC2, 0xFFC7), (0xFFCA, 0xFFCF),
    (0xFFD2, 0xFFD7), (0xFFDA, 0xFFDC), (0xFFE0, 0xFFE6), (0xFFE8, 0xFFEE), (0x16FE0, 0x16FE4), (0x16FF0, 0x16FF6),
    (0x17000, 0x18CDA), (0x18CFF, 0x18D20), (0x18D80, 0x18DF2), (0x18E00, 0x19191), (0x191A0, 0x191D2),
    (0x1AFF0, 0x1AFF3), (0x1AFF5, 0x1AFFB), (0x1AFFD, 0x1AFFE), (0x1B000, 0x1B128), (0x1B132, 0x1B132),
    (0x1B150, 0x1B152), (0x1B155, 0x1B155), (0x1B164, 0x1B168), (0x1B170, 0x1B2FB), (0x1D300, 0x1D356),
    (0x1D360, 0x1D376), (0x1F1AE, 0x1F1AE), (0x1F200, 0x1F200), (0x1F202, 0x1F202), (0x1F210, 0x1F219),
    (0x1F21B, 0x1F22E), (0x1F230, 0x1F231), (0x1F237, 0x1F237), (0x1F23B, 0x1F23B), (0x1F240, 0x1F248),
    (0x1F260, 0x1F265), (0x1F7DA, 0x1F7DA), (0x20000, 0x3FFFD),
];
