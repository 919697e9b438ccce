//! Front matter without any mark around it: lines of labels at the start of a page, `标题：甲` and `发布时间：2027-05-01`, also with blank lines
//! between, as word processors put them, or several labels on one line.
//!
//! Input: the first lines of a page. Output: the block and what is wrong with it. Labelled lines are ordinary text in Chinese, so only those
//! count that keep the page from being published, now or up to a day, and English ones that begin with a title.

use super::draft_mark;
use super::foreign_dates::{is_publication_line, is_publication_name, publication_in_line};
use super::label_columns::label_columns;
use super::metadata_yaml::MetadataFormat;
use super::unpublished_words::text_line_holds_back;
use super::unread_front_matter::{Above, Block, Inside, Line, is_known, is_named, key_of};
use super::unread_reason::Reason;
use crate::base::{Span, parse_written_date};

/// What names of the day of publication begin with that mean no other day. `上线时间` may be that of what the page is about.
const SURE_NAMES: [&str; 9] =
    ["发布", "发表", "刊发", "定时发布", "计划发布", "预定发布", "预约发布", "publish", "Publish"];

/// Most lines at the start of a page that are looked at, blank ones included.
const MOST_LINES: usize = 40;

/// Finds a block that begins with the first of `lines`.
pub(super) fn labelled_block(lines: &[Line<'_>], above: Above) -> Option<(Block, Reason)> {
    if above > Above::Heading {
        return None;
    }
    let first = lines.first()?;
    if let Some(span) = label_columns(lines).filter(|_| above < Above::Heading) {
        return Some((Block { span, format: MetadataFormat::Yaml }, Reason::BothMarksMissing));
    }
    let format = MetadataFormat::guess(first.trimmed);
    let inside = Inside::of(lines, None);
    let is_label = is_known(first.trimmed) || holds_back(first.trimmed);
    if is_label && let Some(found) = closed_or_apart(lines, above, &inside) {
        return Some(found);
    }
    let leading = leading_labels(lines);
    let labels = || leading.iter().map(|line| line.trimmed).filter(|line| key_of(line).is_some());
    // The text may follow without a blank line.
    let is_title = |line: &str| is_named(line, &["title"]);
    let waits = || labels().any(is_known) && labels().any(says_draft);
    let is_dated = || labels().any(is_title) && labels().any(|line| publication_in_line(line, None).is_some());
    if above < Above::Heading && is_label && labels().count() > 1 && (waits() || is_dated()) {
        let span = Span::new(first.span.start, leading.last()?.span.end);
        return Some((Block { span, format }, Reason::BothMarksMissing));
    }
    if inside.keys == 1 && key_of(first.trimmed).is_some() && names_publication_day(first.trimmed) {
        return Some((Block { span: first.span, format }, Reason::OneLine));
    }
    // A day of publication among lines of text may be that of something else; among labels it is that of the page.
    let span = leading.iter().find_map(publication_part)?;
    Some((Block { span, format: MetadataFormat::Yaml }, Reason::OneLine))
}

/// A block that a mark ends, a single line, or lines with a blank one below.
fn closed_or_apart(lines: &[Line<'_>], above: Above, inside: &Inside) -> Option<(Block, Reason)> {
    let first = lines.first()?;
    let format = MetadataFormat::guess(first.trimmed);
    // One line above a rule is a heading in Markdown.
    let title = is_named(first.trimmed, &["title"]);
    let dated = above < Above::Heading && is_named(first.trimmed, &["date", "expires"]);
    let metadata = title || dated || inside.keys > 1 && inside.keys == inside.known;
    if inside.closed && inside.prose == 0 && metadata {
        return Some((inside.block(format), Reason::OpeningMissing));
    }
    let starts_page = above < Above::Heading && inside.keys > 1 && inside.prose == 0;
    let known = title && inside.keys == inside.known && !first.trimmed.contains('：');
    // Labelled lines in Chinese are text, unless they say that the page waits.
    let waits = || {
        let mut written = lines.iter().take_while(|line| line.span.end <= inside.span.end);
        let is_dated = |line: &str| title && publication_in_line(line, None).is_some();
        inside.telling > 0 && written.any(|line| holds_back(line.trimmed) || is_dated(line.trimmed))
    };
    (starts_page && (known || waits())).then(|| (inside.block(format), Reason::BothMarksMissing))
}

/// The labelled lines at the beginning, up to the last of them.
fn leading_labels<'l, 't>(lines: &'l [Line<'t>]) -> &'l [Line<'t>] {
    let mut end = 0;
    for (number, line) in lines.iter().take(MOST_LINES).enumerate() {
        if line.trimmed.is_empty() {
            continue;
        }
        if !(key_of(line.trimmed).is_some_and(is_short_word) || publication_part(line).is_some()) {
            break;
        }
        end = number + 1;
    }
    &lines[..end]
}

/// Whether a key is no longer than keys of pages are.
fn is_short_word(key: &str) -> bool {
    key.chars().count() <= 16
}

/// Whether a line of metadata keeps its page from being published, now or up to a day.
fn holds_back(line: &str) -> bool {
    says_draft(line) || key_of(line).is_some() && names_publication_day(line)
}

/// Whether a line marks its page as a draft.
fn says_draft(line: &str) -> bool {
    let draft = || draft_mark::find_in(line, draft_mark::Place::Metadata).is_some();
    key_of(line).is_some() && (text_line_holds_back(line) || draft())
}

/// Whether a line names the day of publication, and cannot name any other day.
fn names_publication_day(line: &str) -> bool {
    is_publication_line(line) && publication_in_line(line, None).is_some()
}

/// The part of a line that names the day of publication, among other labels: `来源：司法局　发布时间：2027-05-01　浏览：12`.
fn publication_part(line: &Line<'_>) -> Option<Span> {
    const LONGEST_LINE: usize = 300;
    let text = line.trimmed;
    if text.len() > LONGEST_LINE {
        return None;
    }
    let is_separator = |c: char| c.is_whitespace() || "|｜；;，,、（(）)【】[]".contains(c);
    text.match_indices([':', '：']).find_map(|(colon, mark)| {
        let before = text[..colon].trim_end();
        let is_sure = |name: &str| is_publication_name(name) && SURE_NAMES.iter().any(|sure| name.starts_with(sure));
        let name = before.rsplit(is_separator).next().filter(|name| is_sure(name))?;
        let value = colon + mark.len();
        // The time of day may stand behind a space.
        let ends = text[value..].match_indices(is_separator).map(|(at, _)| value + at).chain([text.len()]);
        let ends: Vec<usize> = ends.take(4).collect();
        let end = ends.into_iter().rev().find(|end| parse_written_date(&text[value..*end]).is_some())?;
        Some(Span::new(line.span.start + before.len() - name.len(), line.span.start + end))
    })
}
