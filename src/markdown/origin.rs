//! Where a text came from: maps offsets in a nested or edited text back to the file.
//!
//! In: pieces copied from somewhere. Out: offsets in the file. Knows nothing of Markdown.

use puzhi_core::base::Span;

/// Maps each byte of a text to the byte of the file it was copied from.
#[derive(Debug, Clone, Default)]
pub(super) struct Origin {
    /// Start in the text and start in the file, ascending in the text.
    pieces: Vec<(usize, usize)>,
}

impl Origin {
    /// A text that is the file's own from `start` on.
    pub fn starting_at(start: usize) -> Self {
        Self { pieces: vec![(0, start)] }
    }

    /// Notes that the text from `at` on was copied from `file` on. Pieces are noted in ascending order.
    pub fn piece(&mut self, at: usize, file: usize) {
        match self.pieces.last_mut() {
            // Most pieces continue the one before; keeping only the breaks bounds memory by lines, not characters.
            Some((text, origin)) if at >= *text && file == *origin + (at - *text) => {}
            Some((text, origin)) if *text == at => *origin = file,
            _ => self.pieces.push((at, file)),
        }
    }

    /// The file's offset of the byte at `offset`.
    pub fn at(&self, offset: usize) -> usize {
        let next = self.pieces.partition_point(|(text, _)| *text <= offset);
        match next.checked_sub(1).and_then(|i| self.pieces.get(i)) {
            Some((text, file)) => file + (offset - text),
            None => self.pieces.first().map_or(offset, |(_, file)| *file),
        }
    }

    /// The file's span of `range`. Its end is that of the last byte meant, so that a span never reaches over what
    /// was left out between two pieces.
    pub fn span(&self, range: &std::ops::Range<usize>) -> Span {
        let start = self.at(range.start);
        if range.end <= range.start {
            return Span::new(start, start);
        }
        Span::new(start, (self.at(range.end - 1) + 1).max(start))
    }

    /// The same for the text that begins at `start` of this one.
    pub fn from(&self, start: usize) -> Self {
        let mut out = Self { pieces: vec![(0, self.at(start))] };
        let next = self.pieces.partition_point(|(text, _)| *text <= start);
        for (text, file) in &self.pieces[next..] {
            out.piece(text - start, *file);
        }
        out
    }

    /// The pieces as they were noted.
    pub fn pieces(&self) -> impl Iterator<Item = (usize, usize)> {
        self.pieces.iter().copied()
    }

    pub fn clear(&mut self) {
        self.pieces.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_lead_back_through_what_was_left_out() {
        // "> 甲\n> 乙\n" with the quote marks taken off.
        let mut origin = Origin::default();
        origin.piece(0, 2);
        origin.piece(4, 8);
        assert_eq!(origin.at(0), 2);
        assert_eq!(origin.at(3), 5);
        assert_eq!(origin.at(4), 8);
        assert_eq!(origin.span(&(0..4)), Span::new(2, 6));
        assert_eq!(origin.span(&(3..7)), Span::new(5, 11));
        assert_eq!((origin.from(1).at(0), origin.from(1).at(3)), (3, 8));
        assert_eq!(Origin::starting_at(10).span(&(1..3)), Span::new(11, 13));
    }
}
