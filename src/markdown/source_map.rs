//! Where a text came from: maps offsets in a nested or edited text back to the file.
//!
//! In: pieces copied from somewhere. Out: offsets in the file. Knows nothing of Markdown.

use puzhi_core::base::Span;

/// Maps each byte of a text to the byte of the file it was copied from.
#[derive(Debug, Clone, Default)]
pub(super) struct SourceMap {
    /// Start in the text and start in the file, ascending in the text.
    segments: Vec<(usize, usize)>,
}

impl SourceMap {
    /// A text that is the file's own from `start` on.
    pub fn starting_at(start: usize) -> Self {
        Self { segments: vec![(0, start)] }
    }

    /// Notes that the text from `at` on was copied from `file` on. Pieces are noted in ascending order.
    pub fn add_segment(&mut self, at: usize, file: usize) {
        match self.segments.last_mut() {
            // Most pieces continue the one before; keeping only the breaks bounds memory by lines, not characters.
            Some((text, file_start)) if at >= *text && file == *file_start + (at - *text) => {}
            Some((text, file_start)) if *text == at => *file_start = file,
            _ => self.segments.push((at, file)),
        }
    }

    /// The file's offset of the byte at `offset`.
    pub fn file_offset(&self, offset: usize) -> usize {
        let next = self.segments.partition_point(|(text, _)| *text <= offset);
        match next.checked_sub(1).and_then(|i| self.segments.get(i)) {
            Some((text, file)) => file + (offset - text),
            None => self.segments.first().map_or(offset, |(_, file)| *file),
        }
    }

    /// The file's span of `range`. Its end is that of the last byte meant, so that a span never reaches over what
    /// was left out between two pieces.
    pub fn span(&self, range: &std::ops::Range<usize>) -> Span {
        let start = self.file_offset(range.start);
        if range.end <= range.start {
            return Span::new(start, start);
        }
        Span::new(start, (self.file_offset(range.end - 1) + 1).max(start))
    }

    /// The same for the text that begins at `start` of this one.
    pub fn from_offset(&self, start: usize) -> Self {
        let mut out = Self { segments: vec![(0, self.file_offset(start))] };
        let next = self.segments.partition_point(|(text, _)| *text <= start);
        for (text, file) in &self.segments[next..] {
            out.add_segment(text - start, *file);
        }
        out
    }

    /// The pieces as they were noted.
    pub fn segments(&self) -> impl Iterator<Item = (usize, usize)> {
        self.segments.iter().copied()
    }

    pub fn clear(&mut self) {
        self.segments.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_lead_back_through_what_was_left_out() {
        // "> 甲\n> 乙\n" with the quote marks taken off.
        let mut source_map = SourceMap::default();
        source_map.add_segment(0, 2);
        source_map.add_segment(4, 8);
        assert_eq!(source_map.file_offset(0), 2);
        assert_eq!(source_map.file_offset(3), 5);
        assert_eq!(source_map.file_offset(4), 8);
        assert_eq!(source_map.span(&(0..4)), Span::new(2, 6));
        assert_eq!(source_map.span(&(3..7)), Span::new(5, 11));
        assert_eq!((source_map.from_offset(1).file_offset(0), source_map.from_offset(1).file_offset(3)), (3, 8));
        assert_eq!(SourceMap::starting_at(10).span(&(1..3)), Span::new(11, 13));
    }
}
