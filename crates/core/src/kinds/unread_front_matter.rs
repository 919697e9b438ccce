//! Finds front matter that the split does not read, at the start of a page without recognised front matter.
//!
//! Input: the text of a file. Output: the place of the block, what is wrong with its marks and the YAML to type
//! instead. Looks at the first lines only. Does not know what the values mean, nor other pages.

use super::common::{COMMON_FIELDS, SECTION_FIELDS};
use super::first_lines::NamedDay;
use super::foreign_dates::{is_publication_line, publication_in_line};
use super::front_matter::own_fields;
use super::label_columns::joined_columns;
use super::labelled_lines::labelled_block;
use super::metadata_yaml::{MetadataFormat, to_yaml};
use super::readable_yaml::readable;
use super::unpublished_words::{is_state, line_holds_back};
use super::unread_reason::Reason;
use super::{KindName, draft_mark};
use std::borrow::Cow;

use jiff::tz::TimeZone;

use crate::base::{DateOrDateTime, Span, is_zero_width};
use crate::diag::codes::front_matter as code;
use crate::diag::{Diagnostic, Severity, SourceText};

/// A block that looks like front matter and was left in the body.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct UnreadFrontMatter {
    /// The line at which it begins.
    span: Span,
    /// Why it was not read.
    reason: Reason,
    /// The block as front matter.
    yaml: String,
    /// It marks the page as a draft.
    draft: bool,
    /// It does so in words of its own alone, such as `状态: 待审`, which nobody looks for in a text.
    is_in_words: bool,
}

impl UnreadFrontMatter {
    /// A day of publication among the first lines of a text.
    pub fn of_day(day: NamedDay) -> Self {
        Self { span: day.span, reason: Reason::OneLine, yaml: day.yaml, draft: false, is_in_words: false }
    }

    /// The same for a block that was found `by` bytes further on.
    pub fn shift(mut self, by: usize) -> Self {
        self.span = self.span.shift(by);
        self
    }

    /// The same for a block that was found `by` bytes further on, below front matter without a key.
    pub fn below_empty_marks(mut self, by: usize) -> Self {
        self.span = self.span.shift(by);
        if !matches!(self.reason, Reason::BelowText | Reason::InFence | Reason::InComment) {
            self.reason = Reason::BelowEmptyMarks;
        }
        self
    }

    /// The same for a block that was found `by` bytes further on, right below front matter that was read. `None` if it may be text.
    pub fn below_front_matter(mut self, by: usize) -> Option<Self> {
        // A draft mark there has a finding of its own.
        let names_page = || self.yaml.lines().any(|line| is_named(line, &TELLING) || is_publication_line(line));
        let telling = if self.draft { self.is_in_words } else { names_page() };
        self.span = self.span.shift(by);
        if self.reason != Reason::InComment {
            self.reason = Reason::BelowFrontMatter;
        }
        telling.then_some(self)
    }

    /// Where the block begins.
    pub fn start(&self) -> usize {
        self.span.start
    }

    /// The last day of publication that the block names.
    pub fn not_before(&self, zone: Option<&TimeZone>) -> Option<DateOrDateTime> {
        self.yaml.lines().filter_map(|line| publication_in_line(line, zone)).max()
    }

    /// Whether the block marks the page as a draft.
    pub fn is_draft(&self) -> bool {
        self.draft
    }

    /// An error if nothing precedes the block or it marks a draft, a note for a single line, else a warning.
    pub fn diag(&self, source: &SourceText<'_>) -> Diagnostic {
        let (zh, en) = self.reason.texts();
        let code = if self.reason.is_in_body() { &code::FRONT_MATTER_IN_BODY } else { &code::FRONT_MATTER_UNREAD };
        let mut diag = Diagnostic::new(code).at(source, self.span).arg("reason", zh).arg("reason_en", en);
        if self.draft {
            diag.severity = Severity::Error;
        } else if self.reason == Reason::OneLine {
            // Such a line is text, too, when its day has passed.
            diag.severity = Severity::Note;
        }
        diag.block_arg("yaml", &self.yaml)
    }
}

/// Bytes of a page's beginning that are searched.
pub(super) const HEAD_BYTES: usize = 8 << 10;
/// Most lines of one block.
const MAX_BLOCK_LINES: usize = 200;

/// What stands above a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Above {
    Nothing,
    Comment,
    Heading,
    Text,
}

/// Finds the first block in the beginning of `text` that looks like front matter. The page has none that was read.
pub(super) fn find(text: &str) -> Option<UnreadFrontMatter> {
    let mut end = text.len().min(HEAD_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let lines: Vec<Line<'_>> = lines(text, end);
    let mut above = Above::Nothing;
    let mut in_comment = None;
    let mut at = 0;
    while at < lines.len() {
        let trimmed = lines[at].trimmed;
        if trimmed.is_empty() {
            at += 1;
        } else if trimmed.starts_with("<!--") {
            // A comment that is not closed is one line.
            let last = lines[at..].iter().position(|line| line.trimmed.contains("-->")).unwrap_or(0);
            if above < Above::Heading && in_comment.is_none() {
                in_comment = publication_in_comment(text, &lines[at..=at + last]);
            }
            at += last + 1;
            above = above.max(Above::Comment);
        } else if let Some(block) = quoted_block(&lines[at..], above) {
            return Some(block.found(text, lines[at].span, Reason::BadMark));
        } else if let Some(fence) = fence_of(trimmed) {
            if lines.get(at + 1).is_some_and(|line| fence_of(line.trimmed).is_some_and(|_| line.trimmed.len() > 3)) {
                // A fence around a fence.
                at += 1;
                continue;
            }
            let length = lines[at + 1..].iter().position(|line| line.trimmed.starts_with(fence));
            let inside = &lines[at + 1..length.map_or(lines.len(), |length| at + 1 + length)];
            if above < Above::Text
                && let Some(block) = block_in_fence(inside).or_else(|| draft_in_fence(text, inside, above))
            {
                let mut found = block.found(text, lines[at].span, Reason::InFence);
                // A mark anywhere in the fence counts: the lines may be in another order.
                let end = inside.last().map_or(block.span.end, |line| line.span.end);
                let written = &text[lines[at].span.end..end.max(lines[at].span.end)];
                found.draft |= draft_mark::find_in(written, draft_mark::Place::Metadata).is_some();
                return Some(found);
            }
            at += inside.len() + 2;
            above = Above::Text;
        } else if let Some((block, reason)) = block_at(&lines[at..], above) {
            let reason = match above {
                Above::Nothing => reason,
                _ if reason == Reason::OneLine => reason,
                Above::Comment => Reason::BelowComment,
                Above::Heading | Above::Text => Reason::BelowText,
            };
            let place = if reason == Reason::OneLine { block.span } else { lines[at].span };
            return Some(block.found(text, place, reason));
        } else {
            above = match trimmed.starts_with('#') {
                // A rule is no text.
                _ if mark_of(trimmed).is_some() => above,
                true => above.max(Above::Heading),
                false => Above::Text,
            };
            at += 1;
        }
    }
    in_comment
}

/// A block between marks, each line of which has the mark of a quotation in front.
fn quoted_block<'t>(lines: &[Line<'t>], above: Above) -> Option<Block> {
    if above > Above::Comment || !lines[0].trimmed.starts_with('>') {
        return None;
    }
    let unquoted = |line: &Line<'t>| {
        let trimmed = line.trimmed.strip_prefix('>')?.trim_start();
        Some(Line { span: Span::new(line.span.end - trimmed.len(), line.span.end), trimmed, indented: false })
    };
    let quoted: Vec<Line<'t>> = lines.iter().map_while(unquoted).collect();
    mark_of(quoted[0].trimmed)?;
    block_at(&quoted, above).map(|(block, _)| block)
}

/// The lines of a comment at the start of a page that name its day of publication.
fn publication_in_comment(text: &str, lines: &[Line<'_>]) -> Option<UnreadFrontMatter> {
    let words = |line: &Line<'_>| {
        let start = line.span.start + line.trimmed.len() - line.trimmed.trim_start_matches(['<', '!', '-', ' ']).len();
        let end = line.trimmed.trim_end_matches(['-', '>', ' ']).len() + line.span.start;
        Span::new(start, end.max(start))
    };
    let spans: Vec<Span> = lines.iter().map(words).filter(|span| span.start < span.end).collect();
    let inside = Span::new(spans.first()?.start, spans.last()?.end);
    let is_dated = |span: &Span| {
        let line = &text[span.start..span.end];
        is_publication_line(line) && publication_in_line(line, None).is_some()
    };
    let block = Block { span: inside, format: MetadataFormat::Yaml };
    spans.iter().any(is_dated).then(|| block.found(text, lines[0].span, Reason::InComment))
}

/// The lines at the very start of `head` that a mark ends or begins, whatever they hold; those up to a blank line if no
/// mark ends them.
pub(super) fn leading_block(head: &str) -> Option<Span> {
    let start = head.trim_start_matches(|c: char| c.is_whitespace() || is_zero_width(c));
    let mut paragraph = start.lines().map(str::trim).take_while(|line| !line.is_empty());
    // Most pages have no mark before their first blank line.
    if !start.starts_with("<!--") && !paragraph.any(|line| mark_of(line).is_some()) {
        return None;
    }
    let lines = lines(head, head.len());
    let mut first = 0;
    loop {
        let line = lines.get(first)?.trimmed;
        first += match line.starts_with("<!--") {
            true => lines[first..].iter().position(|line| line.trimmed.contains("-->")).unwrap_or(0) + 1,
            false if line.is_empty() => 1,
            false => break,
        };
    }
    let mark = mark_of(lines[first].trimmed);
    let length = lines[first + 1..].iter().take_while(|line| !line.trimmed.is_empty());
    let length = length.take(MAX_BLOCK_LINES).take_while(|line| mark_of(line.trimmed).is_none()).count();
    let inside = match mark {
        Some(mark) => Inside::of(&lines[first + 1..], Some(mark)).span,
        None => {
            mark_of(lines.get(first + 1 + length)?.trimmed)?;
            Span::new(lines[first].span.start, lines[first + length].span.end)
        }
    };
    (inside.start < inside.end).then_some(inside)
}

/// A line without the white space around it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'t> {
    pub span: Span,
    pub trimmed: &'t str,
    indented: bool,
}

/// The lines that begin before `end`.
fn lines(text: &str, end: usize) -> Vec<Line<'_>> {
    let mut out = Vec::new();
    let mut at = 0;
    for line in text[..end].split_inclusive('\n') {
        let is_unseen = |c: char| c.is_whitespace() || is_zero_width(c);
        let whole = line.trim_end_matches(is_unseen);
        let words = whole.trim_start_matches(is_zero_width);
        let trimmed = words.trim_start_matches(is_unseen);
        let start = at + whole.len() - trimmed.len();
        out.push(Line {
            span: Span::new(start, start + trimmed.len()),
            trimmed,
            indented: trimmed.len() < words.len(),
        });
        at += line.len();
    }
    out
}

fn fence_of(trimmed: &str) -> Option<&'static str> {
    ["```", "~~~"].into_iter().find(|fence| trimmed.starts_with(fence))
}

/// The lines of a block and their format.
pub(super) struct Block {
    pub span: Span,
    pub format: MetadataFormat,
}

impl Block {
    fn found(&self, text: &str, mark: Span, reason: Reason) -> UnreadFrontMatter {
        let listed = without_list_marks(text, self.span);
        let block = &*joined_columns(&listed).map_or(listed, Cow::Owned);
        let is_mark = draft_mark::find_in(block, draft_mark::Place::Metadata).is_some();
        let draft = is_mark || block.lines().any(|line| is_state(line) || line_holds_back(line));
        let is_in_words = draft && draft_mark::find_in(block, draft_mark::Place::Body).is_none();
        let indented = text[..self.span.start].ends_with([' ', '\t', '\u{3000}']);
        let written = match text[..self.span.start].ends_with("> ") {
            true => to_yaml(&block.replace("\n> ", "\n").replace("\n>", "\n"), self.format),
            false => to_yaml(block, self.format),
        };
        let yaml = readable(&written, draft);
        let is_plain = &text[mark.start..mark.end] == "---" && (mark.start == 0 || text[..mark.start].ends_with('\n'));
        let reason = match reason {
            Reason::BadMark if is_plain && !yaml.lines().eq(written.lines()) => Reason::OtherLines,
            Reason::BadMark if is_plain && indented => Reason::Indented,
            other => other,
        };
        UnreadFrontMatter { span: mark, reason, yaml, draft, is_in_words }
    }
}

/// The mark that a line is, whole or with a key behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Dashes,
    Toml,
    Hexo,
    /// A rule in Markdown.
    Stars,
    /// The line below a heading in Markdown.
    Equals,
}

impl Mark {
    /// Whether the mark ends a block that another mark, or none, begins.
    fn ends_any(self) -> bool {
        !matches!(self, Mark::Stars | Mark::Equals)
    }
}

fn mark_of(trimmed: &str) -> Option<Mark> {
    if trimmed.len() > 40 {
        return None;
    }
    let trimmed = trimmed.trim_matches(['“', '”', '"', '\'', '‘', '’', '「', '」']);
    let count = trimmed.chars().filter(|c| !c.is_whitespace()).count();
    let all = |wanted: &[char]| trimmed.chars().all(|c| wanted.contains(&c) || c.is_whitespace());
    if !(1..=8).contains(&count) {
        return None;
    }
    match () {
        () if all(&DASHES) => Some(Mark::Dashes),
        () if all(&['+', '＋']) => Some(Mark::Toml),
        () if all(&[';', '；']) => Some(Mark::Hexo),
        () if count > 2 && all(&['*', '＊']) => Some(Mark::Stars),
        () if count > 2 && (all(&['=', '＝']) || all(&['#', '＃'])) => Some(Mark::Equals),
        () => None,
    }
}

/// The mark of a list's item.
const LIST_MARK: &str = "- ";

const DASHES: [char; 9] = ['-', '－', '—', '–', '―', '─', '﹣', '−', '_'];

/// The text of a block, without the marks of a list that each of its lines has: `- 标题: 甲`.
fn without_list_marks(text: &str, span: Span) -> Cow<'_, str> {
    let block = &text[span.start..span.end];
    let is_listed = text[..span.start].ends_with(LIST_MARK)
        || block.lines().find(|line| !line.trim().is_empty()).is_some_and(|line| line.starts_with(LIST_MARK));
    match is_listed {
        true => {
            block.lines().map(|line| line.strip_prefix(LIST_MARK).unwrap_or(line)).collect::<Vec<_>>().join("\n").into()
        }
        false => block.into(),
    }
}

/// The lines without the marks of a list, if the first of them, or the one below a mark, is an item that holds a key.
fn unlisted<'t>(lines: &[Line<'t>]) -> Option<Vec<Line<'t>>> {
    let first = lines.first()?;
    let begin = usize::from(mark_of(first.trimmed).is_some() && first.trimmed.len() > 1);
    let unmarked = |line: &Line<'t>| {
        let trimmed = line.trimmed.strip_prefix(LIST_MARK)?.trim_start();
        let span = Span::new(line.span.end - trimmed.len(), line.span.end);
        key_of(trimmed).map(|_| Line { span, trimmed, indented: false })
    };
    unmarked(lines.get(begin)?)?;
    Some(lines.iter().take(MAX_BLOCK_LINES).map(|line| unmarked(line).unwrap_or(*line)).collect())
}

/// Finds a block that begins with the first of `lines`.
fn block_at(lines: &[Line<'_>], above: Above) -> Option<(Block, Reason)> {
    let first = lines.first()?;
    if above < Above::Heading
        && let Some(lines) = unlisted(lines)
    {
        return block_at(&lines, above);
    }
    if let Some(mark) = mark_of(first.trimmed) {
        let (format, reason) = match mark {
            Mark::Dashes | Mark::Stars | Mark::Equals => (MetadataFormat::Yaml, Reason::BadMark),
            Mark::Toml => (MetadataFormat::Toml, Reason::Toml),
            Mark::Hexo => (MetadataFormat::Json, Reason::Hexo),
        };
        let inside = Inside::below(&lines[1..], Some(mark), first.trimmed.chars().count());
        // A single dash is a list item, and a rule in the text needs its second half.
        let sure = (first.trimmed.chars().count() > 1 || inside.closed && inside.telling > 1)
            && (inside.known > 0 || inside.waits && inside.closed && above < Above::Heading)
            && (inside.closed || mark.ends_any() && above < Above::Heading);
        let sure = sure
            && match above < Above::Heading {
                true => inside.prose == 0 || inside.first_known || inside.waits || inside.is_metadata(),
                false => inside.prose == 0 && inside.telling > 0,
            };
        return sure.then(|| (inside.block(format), reason));
    }
    if first.trimmed.starts_with('{') && above < Above::Text {
        let inside = Inside::of(lines, None);
        let rest = first.trimmed.trim_start_matches('{').trim_start();
        // `{title: 甲, draft: true}` is a mapping of YAML in one line.
        let is_mapping = is_known(first.trimmed) && first.trimmed.ends_with('}');
        let is_json = rest.is_empty() || rest.starts_with('"') || is_mapping;
        return (is_json && inside.known > 0).then(|| (inside.block(MetadataFormat::Json), Reason::Json));
    }
    let after_dashes = first.trimmed.trim_start_matches(DASHES);
    // One hyphen makes a list item.
    let dashes = first.trimmed.len() - after_dashes.len();
    let after_dashes = after_dashes.trim_start();
    if dashes > 1 && above < Above::Heading && names_format(after_dashes) {
        let inside = Inside::of(&lines[1..], Some(Mark::Dashes));
        let format = if after_dashes.starts_with("json") { MetadataFormat::Json } else { MetadataFormat::Yaml };
        return (inside.known > 0 && inside.closed).then(|| (inside.block(format), Reason::BadMark));
    }
    if dashes > 1 && is_known(after_dashes) {
        let mut inside = Inside::of(lines, None);
        inside.span.start = first.span.end - after_dashes.len();
        let sure = inside.closed || above < Above::Heading;
        return sure.then(|| (inside.block(MetadataFormat::Yaml), Reason::KeyOnMarkLine));
    }
    labelled_block(lines, above)
}

/// Whether what follows the hyphens of a mark is the name of a format or a comment: `---yaml`, `--- # 头`.
fn names_format(rest: &str) -> bool {
    let rest = rest.to_ascii_lowercase();
    rest.starts_with('#') || matches!(rest.as_str(), "yaml" | "yml" | "json" | "toml")
}

/// A fence that holds nothing but front matter: with its marks, or with a title or draft mark.
fn block_in_fence(lines: &[Line<'_>]) -> Option<Block> {
    let at = lines.iter().position(|line| !line.trimmed.is_empty())?;
    let lines = &lines[at..];
    if mark_of(lines[0].trimmed).is_some() || lines[0].trimmed.starts_with('{') {
        return block_at(lines, Above::Nothing).map(|(block, _)| block);
    }
    let inside = Inside::of(lines, None);
    let title = is_named(lines[0].trimmed, &["title"]);
    // A mark between two keys closes a block after the first.
    (title && inside.prose == 0 && (inside.keys > 1 || inside.closed))
        .then(|| inside.block(MetadataFormat::guess(lines[0].trimmed)))
}

/// A fence that holds a draft mark and another key of pages or a mark of front matter, or begins the page with a mark: the
/// whole of it.
fn draft_in_fence(text: &str, lines: &[Line<'_>], above: Above) -> Option<Block> {
    let first = lines.iter().find(|line| !line.trimmed.is_empty())?;
    let span = Span::new(first.span.start, lines.last()?.span.end);
    let other = |line: &Line<'_>| {
        is_known(line.trimmed.trim_start_matches(DASHES))
            || line.trimmed.contains("---")
            || mark_of(line.trimmed).is_some()
    };
    let others = lines.iter().filter(|line| other(line)).count();
    let find = |span: Span| draft_mark::find_in(&text[span.start..span.end], draft_mark::Place::Metadata);
    let key = lines.iter().find(|line| line.trimmed.contains(char::is_alphanumeric));
    let mark_first = || above == Above::Nothing && key.is_some_and(|line| find(line.span).is_some());
    let draft = others > 1 && find(span).is_some() || mark_first();
    draft.then(|| Block { span, format: MetadataFormat::guess(first.trimmed) })
}

/// What the lines below a mark contain, up to the next mark; or up to a blank line if there is none.
#[derive(Default)]
pub(super) struct Inside {
    pub span: Span,
    /// A mark ends them.
    pub closed: bool,
    /// Lines that begin with a key.
    pub keys: usize,
    /// Those with a key that pages here have.
    pub known: usize,
    /// Lines with `title`, `date` or `draft`, which stand in front matter only.
    pub telling: usize,
    /// The first line has such a key.
    first_known: bool,
    /// A line says nothing but that the page waits: `草稿`.
    waits: bool,
    /// Lines that are neither key nor continuation.
    pub prose: usize,
}

impl Inside {
    /// `opening` is the mark above the lines.
    pub(super) fn of(lines: &[Line<'_>], opening: Option<Mark>) -> Inside {
        Self::below(lines, opening, 3)
    }

    /// The same below a mark of so many characters. A single dash is ended by another one, else it is a list item.
    fn below(lines: &[Line<'_>], opening: Option<Mark>, opening_length: usize) -> Inside {
        let start = lines.first().map_or(0, |line| line.span.start);
        let mut out = Inside { span: Span::new(start, start), ..Inside::default() };
        let ends = |mark: Mark| mark.ends_any() || opening == Some(mark);
        let closing = lines.iter().take(MAX_BLOCK_LINES).position(|line| {
            let long_enough = line.trimmed.chars().count() > 1 || opening_length == 1;
            mark_of(line.trimmed).is_some_and(|mark| ends(mark) && long_enough)
        });
        out.closed = closing.is_some();
        for (number, line) in lines.iter().take(closing.unwrap_or(MAX_BLOCK_LINES)).enumerate() {
            if line.trimmed.is_empty() && closing.is_none() && out.keys > 0 {
                break;
            }
            let known = is_known(line.trimmed);
            out.waits |= is_state(line.trimmed);
            out.first_known |= number == 0 && known;
            out.known += usize::from(known);
            // The key of a line without its colon is its first word; that of lines without a mark could be any word.
            let word =
                line.trimmed.split_whitespace().next().filter(|_| opening.is_some() && is_words_only(line.trimmed));
            let without_colon = word.is_some_and(|word| is_named(&format!("{word}:"), &TELLING));
            out.telling += usize::from(is_named(line.trimmed, &TELLING) || without_colon);
            out.known += usize::from(!known && without_colon);
            match key_of(line.trimmed) {
                Some(_) => out.keys += 1,
                None if line.indented || line.trimmed.is_empty() || line.trimmed.starts_with(PARTS) => {}
                None => out.prose += 1,
            }
            out.span.end = line.span.end.max(out.span.end);
        }
        out
    }

    /// Whether the lines are metadata for sure, though some of them are none: a mark ends them, and they have a title and a date, or one
    /// of these and another key.
    fn is_metadata(&self) -> bool {
        self.closed && self.telling > 0 && self.known.max(self.telling) > 1
    }

    pub(super) fn block(&self, format: MetadataFormat) -> Block {
        Block { span: self.span, format }
    }
}

/// Keys that stand in front matter only.
pub(super) const TELLING: [&str; 3] = ["title", "date", "draft"];

/// What a line that goes on with a value, a list or a table begins with.
pub(super) const PARTS: [char; 9] = ['-', '#', '{', '}', '[', ']', '"', ',', '\''];

/// Quotation marks and spaces around a key or value.
pub(super) const QUOTES: [char; 12] = ['"', '\'', ' ', '“', '”', '‘', '’', '「', '」', '『', '』', '＂'];

/// The key at the start of a line of YAML, TOML or JSON.
pub(super) fn key_of(line: &str) -> Option<&str> {
    let colon = line.find([':', '：', '='])?;
    let key = line[..colon].trim().trim_start_matches(['{', ' ', ',']).trim_matches(QUOTES);
    let one_word =
        !key.is_empty() && key.chars().count() <= 30 && !key.contains([' ', '，', '。', '<', '/', '(', '（']);
    (one_word && !line[colon..].starts_with("://")).then_some(key)
}

/// Whether a line is two words without a colon.
fn is_words_only(line: &str) -> bool {
    !line.contains([':', '：', '=']) && line.split_whitespace().count() > 1
}

/// Whether a line begins with one of these common keys, in any of their spellings.
pub(super) fn is_named(line: &str, keys: &[&str]) -> bool {
    let Some(key) = key_of(line) else { return false };
    let key = key.to_lowercase();
    COMMON_FIELDS.iter().any(|field| keys.contains(&field.key) && field.is_named(&key))
}

/// Whether a line begins with a key that pages have, here or in programs that people come from.
pub(super) fn is_known(line: &str) -> bool {
    const FOREIGN: [&str; 8] =
        ["layout", "permalink", "categories", "category", "published", "lastmod", "taxonomies", "published_at"];
    let Some(key) = key_of(line) else { return false };
    let key = key.to_lowercase();
    let tables = [COMMON_FIELDS, SECTION_FIELDS].into_iter().chain(KindName::ALL.iter().copied().map(own_fields));
    FOREIGN.contains(&&*key) || tables.flatten().any(|field| field.is_named(&key))
}
