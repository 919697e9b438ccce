//! Blocks whose text comes in pieces: code, directives, HTML.
//!
//! In: the block's kind and its text as the parser gives it. Out: a code block in the page's table, or the whole text
//! for whoever reads it. Knows nothing of what is inside.

use std::ops::Range;

use pulldown_cmark::CodeBlockKind;

use super::model::{CodeBlock, Slot};
use super::origin::Origin;
use super::writer::{Mode, Writer};
use super::{directives, lookalike};
use puzhi_core::base::escape_attr;
use puzhi_core::diag::codes::markdown as codes;

/// A block whose text comes in pieces.
pub(super) struct Collected {
    kind: Kind,
    text: String,
    origin: Origin,
}

pub(super) enum Kind {
    Code(String),
    Directive { start: usize },
    Html,
}

impl Writer<'_, '_> {
    pub fn begin_code(&mut self, kind: CodeBlockKind<'_>, range: &Range<usize>) {
        let kind = match kind {
            CodeBlockKind::Indented => Kind::Code(String::new()),
            CodeBlockKind::Fenced(info) => {
                self.check_fence(range);
                if lookalike::is_wide_call(&info) {
                    let at = range.start + self.text[range.clone()].find('｛').unwrap_or(0);
                    let span = self.span(&(at..at + '｛'.len_utf8()));
                    self.page.report(&codes::WIDE_FENCE, span);
                }
                if self.mode != Mode::Plain && directives::is_directive(&info) {
                    Kind::Directive { start: range.start }
                } else {
                    Kind::Code(directives::language(&info))
                }
            }
        };
        self.collect(kind);
    }

    pub fn collect(&mut self, kind: Kind) {
        self.collected = Some(Collected { kind, text: String::new(), origin: Origin::default() });
    }

    /// Takes text that belongs to a code block, directive or HTML block; false when none is open.
    pub fn take_text(&mut self, text: &str, range: &Range<usize>) -> bool {
        let Some(collected) = &mut self.collected else { return false };
        if !text.is_empty() {
            collected.origin.piece(collected.text.len(), self.origin.at(range.start));
            collected.text.push_str(text);
        }
        true
    }

    pub fn end_collected(&mut self, range: Range<usize>) {
        let Some(Collected { kind, text, origin }) = self.collected.take() else { return };
        match kind {
            Kind::Code(language) => self.write_code(language, text),
            Kind::Html => self.raw_block(&text, &origin),
            Kind::Directive { start } => directives::run(self, start..range.end, text, origin),
        }
    }

    /// A code block, highlighted later.
    pub fn write_code(&mut self, language: String, text: String) {
        self.out.push("<pre><code");
        if !language.is_empty() {
            self.out.push(" class=\"language-");
            escape_attr(&mut self.out.html, &language);
            self.out.push("\"");
        }
        self.out.push(">");
        self.inline.last = None;
        self.page.body.code.push(CodeBlock { language, text });
        let number = (self.page.body.code.len() - 1) as u32;
        self.out.slot(Slot::Code(number));
        self.out.push("</code></pre>\n");
    }

    /// Warns when a fenced block is closed by nothing but the end of what holds it.
    fn check_fence(&mut self, range: &Range<usize>) {
        let block = self.text[range.clone()].trim_start_matches([' ', '\t']);
        let fence = block.bytes().next().unwrap_or(b'`');
        let width = block.bytes().take_while(|b| *b == fence).count();
        let mut lines = block.trim_end().lines();
        let first = lines.next();
        let last = lines.next_back().unwrap_or("").trim_start_matches(['>', ' ', '\t']);
        let closed = last.len() >= width && last.bytes().all(|b| b == fence);
        if first.is_some() && !closed {
            let start = range.start + (range.len() - block.len());
            let span = self.span(&(start..start + width));
            self.page.report(&codes::UNCLOSED_FENCE, span);
        }
    }
}
