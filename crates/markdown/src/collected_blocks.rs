//! Blocks whose text the parser returns in several pieces: code, directives and HTML.
//!
//! Input: the kind of block and its pieces. Output: a row in the table of code blocks, or the complete text for the
//! directive or HTML reader. Does not interpret the text.

use std::ops::Range;

use pulldown_cmark::CodeBlockKind;

use super::context::TextPlace;
use super::model::{CodeBlock, Slot};
use super::source_map::SourceMap;
use super::writer::{HtmlWriter, WriterMode};
use super::{directives, fullwidth_lint};
use puzhi_core::base::{escape_attr, is_han};
use puzhi_core::diag::Edit;
use puzhi_core::diag::codes::markdown as codes;

/// A block whose text is being collected.
pub(super) struct CollectedBlock {
    kind: CollectedKind,
    text: String,
    source_map: SourceMap,
}

/// Kind of the collected block.
pub(super) enum CollectedKind {
    /// A code block in this language; empty if there is none.
    Code(String),
    /// A directive whose fence starts at this byte of the text.
    Directive { start: usize },
    /// A block of raw HTML.
    Html,
}

impl HtmlWriter<'_, '_> {
    /// Starts a code block, or a directive if the info string is one. `range` is the byte range of the block.
    pub fn begin_code(&mut self, kind: CodeBlockKind<'_>, range: &Range<usize>) {
        let kind = match kind {
            CodeBlockKind::Indented => {
                self.check_indented_text(range);
                CollectedKind::Code(String::new())
            }
            CodeBlockKind::Fenced(info) => {
                self.check_fence(range);
                if fullwidth_lint::has_fullwidth_brace(&info) {
                    let at = range.start + self.text[range.clone()].find('｛').unwrap_or(0);
                    let span = self.span(&(at..at + '｛'.len_utf8()));
                    let edit = self.half_width_info(at);
                    let diag = self.context.diag_at(&codes::WIDE_FENCE, span).fixed_by(edit);
                    self.context.push_diag(diag);
                }
                if self.mode != WriterMode::Plain && directives::is_directive(&info) {
                    CollectedKind::Directive { start: range.start }
                } else {
                    self.check_info(&info, range);
                    CollectedKind::Code(directives::language(&info))
                }
            }
        };
        self.collect(kind);
    }

    /// The edit that gives the info string at `at` of the text half-width braces.
    fn half_width_info(&self, at: usize) -> Option<Edit> {
        let info = self.text.get(at..)?.split(['\n', '\r']).next()?;
        let place = TextPlace { text: self.text, source_map: &self.source_map };
        self.context.edit(&place, at..at + info.len(), fullwidth_lint::half_width_braces(info)?)
    }

    /// Starts to collect the text of a block.
    pub fn collect(&mut self, kind: CollectedKind) {
        self.collected = Some(CollectedBlock { kind, text: String::new(), source_map: SourceMap::default() });
    }

    /// Adds text to the block that is being collected; returns `false` if there is none.
    pub fn push_collected_text(&mut self, text: &str, range: &Range<usize>) -> bool {
        let Some(collected) = &mut self.collected else { return false };
        if !text.is_empty() {
            collected.source_map.add_range(collected.text.len(), &self.source_map, range);
            collected.text.push_str(text);
        }
        true
    }

    /// Ends the block and writes it. `range` is the byte range of the block.
    pub fn end_collected(&mut self, range: Range<usize>) {
        let Some(CollectedBlock { kind, text, source_map }) = self.collected.take() else { return };
        match kind {
            CollectedKind::Code(language) => self.write_code(language, text),
            CollectedKind::Html => self.raw_block(&text, &source_map, range.end),
            CollectedKind::Directive { start } => directives::write_directive(self, start..range.end, text, source_map),
        }
    }

    /// Writes a code block, whose content is a slot and is highlighted later.
    pub fn write_code(&mut self, language: String, text: String) {
        self.out.push("<pre><code");
        if !language.is_empty() {
            self.out.push(" class=\"language-");
            escape_attr(&mut self.out.html, &language);
            self.out.push("\"");
        }
        self.out.push(">");
        self.inline.last = None;
        self.context.body.code.push(CodeBlock { language, text });
        let number = (self.context.body.code.len() - 1) as u32;
        self.out.slot(Slot::Code(number));
        self.out.push("</code></pre>\n");
    }

    /// Reports what is not shown of the first line of the code block at `range`: words behind the language, and a directive
    /// whose brace is not closed.
    fn check_info(&mut self, info: &str, range: &Range<usize>) {
        let Some(words) = hidden_words(info) else { return };
        let line = self.text.get(range.clone()).and_then(|block| block.split('\n').next()).unwrap_or("");
        let Some(at) = line.find(words) else { return };
        let span = self.span(&(range.start + at..range.start + at + words.len()));
        let diag = match words.strip_prefix('{') {
            Some(inner) => {
                let end = inner.find(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_')).unwrap_or(inner.len());
                let (name, rest) = inner.split_at(end);
                let rest = rest.trim_start_matches(['}', '｝', ')', '）', '】']).trim();
                let fix = format!("```{{{name}}} {rest}");
                let place = TextPlace { text: self.text, source_map: &self.source_map };
                let typed = fix["```".len()..].trim_end();
                let edit = self.context.edit(&place, range.start + at..range.start + at + words.len(), typed);
                self.context.diag_at(&codes::OPEN_BRACE, span).arg("fix", fix.trim_end()).fixed_by(edit)
            }
            None => self.context.diag_at(&codes::FENCE_WORDS, span).arg("words", words),
        };
        self.context.push_diag(diag);
    }

    /// Reports a fenced block that has no closing fence.
    fn check_fence(&mut self, range: &Range<usize>) {
        let block = self.text[range.clone()].trim_start_matches([' ', '\t']);
        let fence = block.bytes().next().unwrap_or(b'`');
        let width = block.bytes().take_while(|b| *b == fence).count();
        let mut lines = block.trim_end().lines().map(str::trim_end);
        let first = lines.next();
        let last = lines.next_back().unwrap_or("").trim_start_matches(['>', ' ', '\t']);
        let closed = last.len() >= width && last.bytes().all(|b| b == fence);
        if first.is_some() && !closed {
            let start = range.start + (range.len() - block.len());
            let span = self.span(&(start..start + width));
            let diag = self.context.diag_at(&codes::UNCLOSED_FENCE, span).arg("fence", &block[..width]);
            self.context.push_diag(diag);
        }
    }
}

/// What is not shown of an info string and may be meant for readers: words in Chinese, a title, or a directive without its
/// closing brace. Other options of code blocks are for programs.
pub(super) fn hidden_words(info: &str) -> Option<&str> {
    // The name of a language alone, as nearly always.
    if info.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return None;
    }
    let info = info.trim();
    if let Some(inner) = info.strip_prefix('{') {
        let begins = inner.starts_with(|c: char| c.is_alphabetic());
        return (begins && !inner.contains('}')).then_some(info);
    }
    let (language, rest) = info.split_once([' ', '\t']).unwrap_or((info, ""));
    if language.contains(is_han) {
        return Some(info);
    }
    const TITLES: [&str; 5] = ["title=", "caption=", "filename=", "file=", "name="];
    let is_shown = rest.contains(is_han) || TITLES.iter().any(|title| rest.contains(title));
    is_shown.then(|| rest.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_behind_the_language() {
        for (info, words) in [
            ("sql 查询 2025 年数据", "查询 2025 年数据"),
            ("python title=\"统计.py\"", "title=\"统计.py\""),
            ("js title=\"a.js\"", "title=\"a.js\""),
            ("图1 流程", "图1 流程"),
            ("{note 重要", "{note 重要"),
            ("{warning）", "{warning）"),
        ] {
            assert_eq!(hidden_words(info), Some(words), "{info}");
        }
        for info in
            ["", "rust", "rust,ignore", "js {1,3}", "{.python .numbered}", "{r echo=FALSE}", "{#id}", "sh linenums"]
        {
            assert_eq!(hidden_words(info), None, "{info}");
        }
    }
}
