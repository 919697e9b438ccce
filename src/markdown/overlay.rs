//! A text with marks put in and characters swapped for the parser's sake, and the way back.
//!
//! In: a text and edits in ascending order. Out: the edited text, and for everything the parser says of it the
//! same about the original. The marks are characters that the original does not hold, so taking them out is exact.

use std::borrow::Cow;
use std::cell::Cell;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, Tag};

/// What the parser reads instead of the original.
pub(super) struct Overlay<'t> {
    pub text: Cow<'t, str>,
    /// Offset in the edited text just after an edit, and how many bytes edits so far have added.
    edits: Vec<(usize, usize)>,
    /// How many edits the last offset asked for lies behind: the next one mostly does, too.
    near: Cell<usize>,
    /// Characters to take out.
    marks: Vec<char>,
    /// A character and what it stands for.
    swap: Option<(char, char)>,
}

impl<'t> Overlay<'t> {
    pub fn plain(text: &'t str) -> Self {
        Self { text: Cow::Borrowed(text), edits: Vec::new(), near: Cell::new(0), marks: Vec::new(), swap: None }
    }

    /// Puts each mark in before its offset. Offsets ascend; the marks do not occur in the text.
    pub fn with_marks(text: &'t str, marks: &[(usize, char)]) -> Self {
        let mut edited = String::with_capacity(text.len() + marks.len() * 4);
        let mut edits = Vec::with_capacity(marks.len());
        let mut kinds: Vec<char> = Vec::new();
        let mut done = 0;
        let mut added = 0;
        for (at, mark) in marks {
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
        Self { text: Cow::Owned(edited), edits, near: Cell::new(0), marks: kinds, swap: None }
    }

    /// Swaps the ASCII character `from` at these offsets of the edited text for `to`, which does not occur in it.
    pub fn swap(self, offsets: &[usize], from: char, to: char) -> Self {
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
        Self { text: Cow::Owned(edited), edits, near: Cell::new(0), marks: self.marks, swap: Some((to, from)) }
    }

    /// The original offset of `offset` of the edited text.
    pub fn offset(&self, offset: usize) -> usize {
        let count = self.behind(offset);
        count.checked_sub(1).map_or(offset, |i| offset.saturating_sub(self.edits[i].1))
    }

    /// How many edits end at `offset` or before it.
    fn behind(&self, offset: usize) -> usize {
        let near = self.near.get();
        let fits = near.checked_sub(1).is_none_or(|i| self.edits[i].0 <= offset)
            && self.edits.get(near).is_none_or(|(after, _)| *after > offset);
        if fits {
            return near;
        }
        let count = self.edits.partition_point(|(after, _)| *after <= offset);
        self.near.set(count);
        count
    }

    pub fn range(&self, range: &Range<usize>) -> Range<usize> {
        if self.edits.is_empty() {
            return range.clone();
        }
        self.offset(range.start)..self.offset(range.end)
    }

    /// The event of `range` of the edited text as the parser would have given it for the original.
    pub fn event<'e>(&self, event: Event<'e>, range: &Range<usize>) -> Event<'e> {
        if self.edits.is_empty() {
            return event;
        }
        match event {
            // The words of a text stand in its range, so where that was not edited there is nothing to take out.
            Event::Text(_) | Event::Code(_) if !self.is_edited(range) => event,
            Event::Text(s) => Event::Text(self.clean(s)),
            Event::Code(s) => Event::Code(self.clean(s)),
            Event::InlineMath(s) => Event::InlineMath(self.clean(s)),
            Event::DisplayMath(s) => Event::DisplayMath(self.clean(s)),
            Event::Html(s) => Event::Html(self.clean(s)),
            Event::InlineHtml(s) => Event::InlineHtml(self.clean(s)),
            Event::FootnoteReference(s) => Event::FootnoteReference(self.clean(s)),
            Event::Start(tag) => Event::Start(self.tag(tag)),
            other => other,
        }
    }

    fn is_edited(&self, range: &Range<usize>) -> bool {
        let next = self.behind(range.start);
        self.edits.get(next).is_some_and(|(after, _)| {
            // An edit ends at `after` and begins a character, of at most four bytes, before.
            *after < range.end + 4
        })
    }

    fn tag<'e>(&self, tag: Tag<'e>) -> Tag<'e> {
        match tag {
            Tag::CodeBlock(CodeBlockKind::Fenced(info)) => Tag::CodeBlock(CodeBlockKind::Fenced(self.clean(info))),
            Tag::FootnoteDefinition(label) => Tag::FootnoteDefinition(self.clean(label)),
            Tag::Heading { level, id, classes, attrs } => Tag::Heading {
                level,
                id: id.map(|s| self.clean(s)),
                classes: classes.into_iter().map(|s| self.clean(s)).collect(),
                attrs: attrs.into_iter().map(|(k, v)| (self.clean(k), v.map(|s| self.clean(s)))).collect(),
            },
            Tag::Link { link_type, dest_url, title, id } => {
                Tag::Link { link_type, dest_url: self.clean(dest_url), title: self.clean(title), id: self.clean(id) }
            }
            Tag::Image { link_type, dest_url, title, id } => {
                Tag::Image { link_type, dest_url: self.clean(dest_url), title: self.clean(title), id: self.clean(id) }
            }
            other => other,
        }
    }

    /// The text without marks.
    pub fn clean<'e>(&self, text: CowStr<'e>) -> CowStr<'e> {
        if text.is_ascii() {
            return text;
        }
        // Marks mostly stand at an end, where nothing needs to be copied.
        let mut out = match text {
            CowStr::Borrowed(text) => CowStr::Borrowed(text.trim_matches(|c| self.marks.contains(&c))),
            other => other,
        };
        for mark in self.marks.iter().filter(|mark| out.contains(**mark)).copied().collect::<Vec<char>>() {
            out = out.replace(mark, "").into();
        }
        match self.swap {
            Some((to, from)) if out.contains(to) => out.replace(to, from.encode_utf8(&mut [0; 4])).into(),
            _ => out,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_offset_finds_its_way_back() {
        let text = "甲**“乙”**丙$1$";
        let overlay = Overlay::with_marks(text, &[(3, '\u{FDD0}'), (5, '\u{FDD0}'), (14, '\u{FDD0}')]);
        let dollars: Vec<usize> = overlay.text.match_indices('$').map(|(i, _)| i).collect();
        let overlay = overlay.swap(&dollars, '$', '\u{11FFF}');
        let mut wanted = 0;
        for (i, c) in overlay.text.char_indices() {
            if c == '\u{FDD0}' {
                continue;
            }
            assert_eq!(overlay.offset(i), wanted, "{c}");
            wanted += if c == '\u{11FFF}' { 1 } else { c.len_utf8() };
        }
        assert_eq!(overlay.offset(overlay.text.len()), text.len());
        assert_eq!(&*overlay.clean(CowStr::from(overlay.text.to_string())), text);
    }
}
