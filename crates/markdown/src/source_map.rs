//! Maps offsets in a nested or edited text back to the file, for positions in diagnostics.
//!
//! Input: segments that were copied from the file. Output: byte offsets in the file. Does not know Markdown.

use puzhi_core::base::Span;

/// Maps each byte of a text to the byte of the file that it was copied from.
#[derive(Debug, Clone, Default)]
pub(super) struct SourceMap {
    /// Start in the text and start in the file of each segment, ascending in the text.
    segments: Vec<(usize, usize)>,
}

impl SourceMap {
    /// The map of a text that is a continuous part of the file from `start` on.
    pub fn starting_at(start: usize) -> Self {
        Self { segments: vec![(0, start)] }
    }

    /// Adds a segment: the text from `at` on was copied from the file from `file` on. Segments must be added in
    /// ascending order.
    pub fn add_segment(&mut self, at: usize, file: usize) {
        match self.segments.last_mut() {
            // Most segments continue the previous one. Storing only discontinuities limits memory to about one entry
            // per line.
            Some((text, file_start)) if at >= *text && file == *file_start + (at - *text) => {}
            Some((text, file_start)) if *text == at => *file_start = file,
            _ => self.segments.push((at, file)),
        }
    }

    /// Adds the places of a text that starts at `at` and was copied from `range` of another one, whose places are
    /// `outer`.
    pub fn add_range(&mut self, at: usize, outer: &Self, range: &std::ops::Range<usize>) {
        self.add_segment(at, outer.file_offset(range.start));
        let next = outer.segments.partition_point(|(text, _)| *text <= range.start);
        for (text, file) in outer.segments[next..].iter().take_while(|(text, _)| *text < range.end) {
            self.add_segment(at + (text - range.start), *file);
        }
    }

    /// Offset in the file of the byte at `offset`.
    pub fn file_offset(&self, offset: usize) -> usize {
        let next = self.segments.partition_point(|(text, _)| *text <= offset);
        match next.checked_sub(1).and_then(|i| self.segments.get(i)) {
            Some((text, file)) => file + (offset - text),
            None => self.segments.first().map_or(offset, |(_, file)| *file),
        }
    }

    /// Byte range in the file. Its end is that of the last byte, so that it does not include a gap between two
    /// segments after it.
    pub fn span(&self, range: &std::ops::Range<usize>) -> Span {
        let start = self.file_offset(range.start);
        if range.end <= range.start {
            return Span::new(start, start);
        }
        Span::new(start, (self.file_offset(range.end - 1) + 1).max(start))
    }

    /// The map of the part of the text that starts at `start`.
    pub fn tail_from(&self, start: usize) -> Self {
        let mut out = Self { segments: vec![(0, self.file_offset(start))] };
        let next = self.segments.partition_point(|(text, _)| *text <= start);
        for (text, file) in &self.segments[next..] {
            out.add_segment(text - start, *file);
        }
        out
    }

    /// The segments in ascending order.
    pub fn segments(&self) -> impl Iterator<Item = (usize, usize)> {
        self.segments.iter().copied()
    }

    /// Removes all segments, keeping the allocation.
    pub fn clear(&mut self) {
        self.segments.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_lead_back_through_what_was_left_out() {
        // The text of the quoted lines "> 甲" and "> 乙" without the quote markers.
        let mut source_map = SourceMap::default();
        source_map.add_segment(0, 2);
        source_map.add_segment(4, 8);
        assert_eq!(source_map.file_offset(0), 2);
        assert_eq!(source_map.file_offset(3), 5);
        assert_eq!(source_map.file_offset(4), 8);
        assert_eq!(source_map.span(&(0..4)), Span::new(2, 6));
        assert_eq!(source_map.span(&(3..7)), Span::new(5, 11));
        assert_eq!((source_map.tail_from(1).file_offset(0), source_map.tail_from(1).file_offset(3)), (3, 8));
        let mut copy = SourceMap::default();
        copy.add_range(0, &source_map, &(1..6));
        assert_eq!((copy.file_offset(0), copy.file_offset(2), copy.file_offset(3)), (3, 5, 8));
        assert_eq!(SourceMap::starting_at(10).span(&(1..3)), Span::new(11, 13));
    }
}
