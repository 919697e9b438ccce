//! What of a page can be searched: title, further names, summary, and the text in blocks. In: texts. Out: [`PageText`], which is stored
//! between builds.

use serde::{Deserialize, Serialize};

/// Most pieces that the text of one page is cut into: one bit of a small number for each.
pub const MAX_PIECES: usize = 30;

/// Number of blocks in a piece of a page of ordinary length. Pieces are counted in blocks, so that another sentence in one block does not
/// move the others.
const BLOCKS_PER_PIECE: usize = 16;

/// The searchable text of one page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PageText {
    /// Title.
    pub title: String,
    /// Words by which people look for it: `keywords` of the front matter, other spellings of a term.
    pub names: Vec<String>,
    /// Summary, if the author wrote one.
    pub summary: String,
    /// Paragraphs, list entries, table rows and headings, in order.
    pub blocks: Vec<TextBlock>,
}

/// One block of a page's text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TextBlock {
    /// Text without markup.
    pub text: String,
    /// Id of the heading, if the block is one; it may be empty.
    pub heading: Option<String>,
}

impl PageText {
    /// Number of blocks in each piece but the last.
    pub fn blocks_per_piece(&self) -> usize {
        self.blocks.len().div_ceil(MAX_PIECES).max(BLOCKS_PER_PIECE)
    }

    /// Number of pieces, at least one: a page without text has a title.
    pub fn pieces(&self) -> usize {
        self.blocks.len().div_ceil(self.blocks_per_piece()).max(1)
    }

    /// The blocks of a piece; empty beyond the last.
    pub fn piece(&self, number: usize) -> &[TextBlock] {
        self.blocks.chunks(self.blocks_per_piece()).nth(number).unwrap_or_default()
    }

    /// Id of the last heading before a piece, where that has one.
    pub fn heading_before(&self, piece: usize) -> &str {
        let end = (piece * self.blocks_per_piece()).min(self.blocks.len());
        self.blocks[..end].iter().rev().find_map(|block| block.heading.as_deref()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(blocks: usize) -> PageText {
        let block = |n: usize| TextBlock { text: n.to_string(), heading: n.is_multiple_of(5).then(|| format!("h{n}")) };
        PageText { blocks: (0..blocks).map(block).collect(), ..PageText::default() }
    }

    #[test]
    fn pieces_hold_every_block_once_and_are_few() {
        for blocks in [0, 1, 16, 17, 479, 480, 481, 5000] {
            let text = text(blocks);
            assert!((1..=MAX_PIECES).contains(&text.pieces()), "{blocks}");
            let all: Vec<&TextBlock> = (0..text.pieces()).flat_map(|n| text.piece(n)).collect();
            assert_eq!(all, text.blocks.iter().collect::<Vec<_>>());
            assert!(text.piece(text.pieces()).is_empty());
        }
    }

    #[test]
    fn a_piece_knows_the_heading_above_it() {
        assert_eq!(text(40).heading_before(0), "");
        assert_eq!(text(40).heading_before(1), "h15");
        assert_eq!(text(40).heading_before(2), "h30");
    }
}
