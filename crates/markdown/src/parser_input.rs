//! The edited text that the parser reads, and the conversion of the parser's results back to the original text.
//!
//! Input: a text and edits in ascending order. Output: the edited text; original offsets, ranges and events. Inserted
//! and replacement characters do not occur in the original, so removing them is exact. Does not know why a text is
//! edited.

use std::borrow::Cow;
use std::cell::Cell;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, Tag};

/// A text for the parser with inserted and replaced characters.
pub(super) struct ParserInput<'t> {
    /// The edited text.
    pub text: Cow<'t, str>,
    /// For each edit, the offset after it in the edited text, and the total number of bytes added so far.
    edits: Vec<(usize, usize)>,
    /// Number of edits before the last offset that was converted. The next offset is usually near it.
    last_edit_count: Cell<usize>,
    /// Inserted characters, which are removed from results.
    inserted: Vec<char>,
    /// Replacement character and the original character.
    replaced: Option<(char, char)>,
    /// Whether a line starts with `:::`.
    pub has_containers: bool,
    /// Ranges of the original text between dollar signs that may be meant as formulas and are read as text.
    pub doubtful_dollars: Vec<Range<usize>>,
}

impl<'t> ParserInput<'t> {
    /// An input without insertions.
    pub fn unedited(text: Cow<'t, str>) -> Self {
        Self {
            text,
            edits: Vec::new(),
            last_edit_count: Cell::new(0),
            inserted: Vec::new(),
            replaced: None,
            has_containers: false,
            doubtful_dollars: Vec::new(),
        }
    }

    /// Inserts each character before its offset. The offsets are ascending; the characters do not occur in the text.
    pub fn with_inserted(text: &str, inserted: &[(usize, char)]) -> Self {
        let mut edited = String::with_capacity(text.len() + inserted.len() * 4);
        let mut edits = Vec::with_capacity(inserted.len());
        let mut kinds: Vec<char> = Vec::new();
        let mut done = 0;
        let mut added = 0;
        for (at, mark) in inserted {
            edited.push_str(&text[done..*at]);
            edited.push(*mark);
            done = *at;
            added += mark.len_utf8();
            edits.push((edited.len(), added));
            if !kinds.contains(mark) {
                kinds.push(*mark);
            }
        }
        edited.push_str(&text[done..]);
        Self {
            text: Cow::Owned(edited),
            edits,
            last_edit_count: Cell::new(0),
            inserted: kinds,
            replaced: None,
            has_containers: false,
            doubtful_dollars: Vec::new(),
        }
    }

    /// Replaces the ASCII character `from` at these offsets of the edited text by `to`, which does not occur in the
    /// text.
    pub fn with_replaced(self, offsets: &[usize], from: char, to: char) -> Self {
        let mut edited = String::with_capacity(self.text.len() + offsets.len() * to.len_utf8());
        let mut edits = Vec::with_capacity(self.edits.len() + offsets.len());
        let mut old = self.edits.iter().peekable();
        let (mut done, mut added, mut before) = (0, 0, 0);
        for at in offsets {
            while let Some((after, sum)) = old.next_if(|(after, _)| after <= at) {
                before = *sum;
                edits.push((after + added, before + added));
            }
            edited.push_str(&self.text[done..*at]);
            edited.push(to);
            done = at + from.len_utf8();
            added += to.len_utf8() - from.len_utf8();
            edits.push((edited.len(), before + added));
        }
        edits.extend(old.map(|(after, sum)| (after + added, sum + added)));
        edited.push_str(&self.text[done..]);
        Self {
            text: Cow::Owned(edited),
            edits,
            last_edit_count: Cell::new(0),
            inserted: self.inserted,
            replaced: Some((to, from)),
            has_containers: self.has_containers,
            doubtful_dollars: self.doubtful_dollars,
        }
    }

    /// Converts an offset of the edited text to the original text.
    pub fn original_offset(&self, offset: usize) -> usize {
        let count = self.edits_until(offset);
        count.checked_sub(1).map_or(offset, |i| offset.saturating_sub(self.edits[i].1))
    }

    /// Number of edits that end at or before `offset`.
    fn edits_until(&self, offset: usize) -> usize {
        let last_edit_count = self.last_edit_count.get();
        let fits = last_edit_count.checked_sub(1).is_none_or(|i| self.edits[i].0 <= offset)
            && self.edits.get(last_edit_count).is_none_or(|(after, _)| *after > offset);
        if fits {
            return last_edit_count;
        }
        let count = self.edits.partition_point(|(after, _)| *after <= offset);
        self.last_edit_count.set(count);
        count
    }

    /// Converts a range of the edited text to the original text.
    pub fn original_range(&self, range: &Range<usize>) -> Range<usize> {
        if self.edits.is_empty() {
            return range.clone();
        }
        self.original_offset(range.start)..self.original_offset(range.end)
    }

    /// Converts an event with this range of the edited text to the event for the original text.
    pub fn original_event<'e>(&self, event: Event<'e>, range: &Range<usize>) -> Event<'e> {
        if self.edits.is_empty() {
            return event;
        }
        match event {
            // A text event has the characters of its range, so an unedited range needs no conversion.
            Event::Text(_) | Event::Code(_) if !self.is_edited(range) => event,
            Event::Text(s) => Event::Text(self.original_text(s)),
            Event::Code(s) => Event::Code(self.original_text(s)),
            Event::InlineMath(s) => Event::InlineMath(self.original_text(s)),
            Event::DisplayMath(s) => Event::DisplayMath(self.original_text(s)),
            Event::Html(s) => Event::Html(self.original_text(s)),
            Event::InlineHtml(s) => Event::InlineHtml(self.original_text(s)),
            Event::FootnoteReference(s) => Event::FootnoteReference(self.original_text(s)),
            Event::Start(tag) => Event::Start(self.original_tag(tag)),
            other => other,
        }
    }

    fn is_edited(&self, range: &Range<usize>) -> bool {
        let next = self.edits_until(range.start);
        self.edits.get(next).is_some_and(|(after, _)| {
            // An edit is one character of at most four bytes that ends at `after`.
            *after < range.end + 4
        })
    }

    fn original_tag<'e>(&self, tag: Tag<'e>) -> Tag<'e> {
        match tag {
            Tag::CodeBlock(CodeBlockKind::Fenced(info)) => {
                Tag::CodeBlock(CodeBlockKind::Fenced(self.original_text(info)))
            }
            Tag::FootnoteDefinition(label) => Tag::FootnoteDefinition(self.original_text(label)),
            Tag::Heading { level, id, classes, attrs } => Tag::Heading {
                level,
                id: id.map(|s| self.original_text(s)),
                classes: classes.into_iter().map(|s| self.original_text(s)).collect(),
                attrs: attrs
                    .into_iter()
                    .map(|(k, v)| (self.original_text(k), v.map(|s| self.original_text(s))))
                    .collect(),
            },
            Tag::Link { link_type, dest_url, title, id } => Tag::Link {
                link_type,
                dest_url: self.original_text(dest_url),
                title: self.original_text(title),
                id: self.original_text(id),
            },
            Tag::Image { link_type, dest_url, title, id } => Tag::Image {
                link_type,
                dest_url: self.original_text(dest_url),
                title: self.original_text(title),
                id: self.original_text(id),
            },
            other => other,
        }
    }

    /// Removes inserted characters and restores replaced ones.
    pub fn original_text<'e>(&self, text: CowStr<'e>) -> CowStr<'e> {
        if text.is_ascii() {
            return text;
        }
        // Inserted characters are mostly at an end of the text; they can be trimmed without copying.
        let mut out = match text {
            CowStr::Borrowed(text) => CowStr::Borrowed(text.trim_matches(|c| self.inserted.contains(&c))),
            other => other,
        };
        for mark in self.inserted.iter().filter(|mark| out.contains(**mark)).copied().collect::<Vec<char>>() {
            out = out.replace(mark, "").into();
        }
        match self.replaced {
            Some((to, from)) if out.contains(to) => out.replace(to, from.encode_utf8(&mut [0; 4])).into(),
            _ => out,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edited_offsets_map_to_original_offsets() {
        let text = "甲**“乙”**丙$1$";
        let parser_input = ParserInput::with_inserted(text, &[(3, '\u{FDD0}'), (5, '\u{FDD0}'), (14, '\u{FDD0}')]);
        let dollars: Vec<usize> = parser_input.text.match_indices('$').map(|(i, _)| i).collect();
        let parser_input = parser_input.with_replaced(&dollars, '$', '\u{11FFF}');
        let mut wanted = 0;
        for (i, c) in parser_input.text.char_indices() {
            if c == '\u{FDD0}' {
                continue;
            }
            assert_eq!(parser_input.original_offset(i), wanted, "{c}");
            wanted += if c == '\u{11FFF}' { 1 } else { c.len_utf8() };
        }
        assert_eq!(parser_input.original_offset(parser_input.text.len()), text.len());
        assert_eq!(&*parser_input.original_text(CowStr::from(parser_input.text.to_string())), text);
    }
}
