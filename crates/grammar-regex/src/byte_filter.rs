//! Refuses a search by bytes. Knows the bytes with which a match starts and those that it needs; not the pattern.

use engine::{ByteSet, RegexOptionsBuilder, Result};

/// Bytes that each match needs, looked for one by one; more of them would cost more than they save.
const MAX_REQUIRED: usize = 2;

/// What is known of the matches of one pattern.
#[derive(Debug)]
pub(crate) struct ByteFilter {
    /// Bytes with which a match starts; `None` if it may be empty or nothing is known.
    first: Option<ByteSet>,
    /// Bytes that a text with a match contains, at most [`MAX_REQUIRED`]. A look-behind may find them before the match.
    required: Box<[u8]>,
    /// Whether the pattern says that a match begins where the search does (`\\G`).
    anchored: bool,
}

impl ByteFilter {
    /// # Errors
    /// If `pattern` cannot be parsed.
    pub fn new(options: &RegexOptionsBuilder, pattern: &str) -> Result<Self> {
        let required = options.required_bytes(pattern)?.iter().take(MAX_REQUIRED).collect();
        Ok(Self { first: options.start_bytes(pattern)?, required, anchored: pattern.contains(r"\G") })
    }

    /// Where a search of `text` from byte `start` can begin at the earliest; `None` if there is no match.
    pub fn first_candidate(&self, text: &str, start: usize) -> Option<usize> {
        let bytes = text.as_bytes();
        let from = match &self.first {
            Some(first) => start + bytes.get(start..)?.iter().position(|&byte| first.contains(byte))?,
            None => start,
        };
        self.required.iter().all(|&byte| memchr::memchr(byte, bytes).is_some()).then_some(if self.anchored {
            start
        } else {
            from
        })
    }
}
