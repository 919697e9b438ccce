//! The regular expressions of the grammars that syntect reads, on a newer release of fancy-regex than syntect 5.3 asks for.
//!
//! Release 0.16 determinizes each small pattern when it is compiled; on the bench corpus that took a sixth of a cold build. Newer
//! releases do not, and tell which bytes a match starts with and which it contains. A grammar tries all patterns of a context at
//! each place of a line, and most cannot match there: such a pattern is refused by its bytes, and compiled only when it passes.
//!
//! Input: a pattern and a line. Output: the places of the groups of the first match. Has exactly what syntect calls; knows no
//! grammars. Goes when syntect takes a newer release itself.

mod byte_filter;

use std::sync::OnceLock;

pub use engine::Error;

use self::byte_filter::ByteFilter;

/// Result with the error of the engine: the pattern is invalid, or a search took too many steps.
pub type Result<T> = std::result::Result<T, Error>;

/// Groups of a match. The lifetime is that of the text.
pub type Captures<'t> = engine::Captures<'t, str>;

/// Settings of a pattern.
#[derive(Debug)]
pub struct RegexBuilder {
    pattern: String,
    oniguruma_mode: bool,
}

impl RegexBuilder {
    /// Settings of `pattern`, in the syntax of fancy-regex.
    pub fn new(pattern: &str) -> Self {
        Self { pattern: pattern.to_owned(), oniguruma_mode: false }
    }

    /// Whether the pattern is read as Oniguruma reads it.
    pub fn oniguruma_mode(&mut self, yes: bool) -> &mut Self {
        self.oniguruma_mode = yes;
        self
    }

    /// Parses the pattern, without compiling it.
    ///
    /// # Errors
    /// If the pattern cannot be parsed.
    pub fn build(&self) -> Result<Regex> {
        let filter =
            ByteFilter::new(engine::RegexOptionsBuilder::new().oniguruma_mode(self.oniguruma_mode), &self.pattern)?;
        Ok(Regex {
            pattern: self.pattern.clone(),
            oniguruma_mode: self.oniguruma_mode,
            filter,
            compiled: OnceLock::new(),
        })
    }
}

/// A pattern that is compiled at the first text that could match.
#[derive(Debug)]
pub struct Regex {
    pattern: String,
    oniguruma_mode: bool,
    filter: ByteFilter,
    /// `None` where compiling failed.
    compiled: OnceLock<Option<engine::Regex>>,
}

impl Regex {
    /// Whether `text` has a match.
    ///
    /// # Errors
    /// If the search takes too many steps.
    pub fn is_match(&self, text: &str) -> Result<bool> {
        Ok(self.captures_from_pos(text, 0)?.is_some())
    }

    /// Groups of the first match that starts at byte `start` of `text` or later; what stands before `start` is seen by
    /// look-behinds. `None` as well where the pattern was parsed and could not be compiled.
    ///
    /// # Errors
    /// If the search takes too many steps.
    pub fn captures_from_pos<'t>(&self, text: &'t str, start: usize) -> Result<Option<Captures<'t>>> {
        let Some(start) = self.filter.first_candidate(text, start) else { return Ok(None) };
        match self.compiled.get_or_init(|| self.compile()) {
            Some(regex) => regex.captures_from_pos(text, start),
            None => Ok(None),
        }
    }

    fn compile(&self) -> Option<engine::Regex> {
        engine::RegexBuilder::new(&self.pattern).oniguruma_mode(self.oniguruma_mode).build().ok()
    }
}
