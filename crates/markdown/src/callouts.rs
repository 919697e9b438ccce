//! Alerts that GFM does not know: with a word of another language (`[!注意]`), with a title (`[!WARNING] 标题`), and the
//! callouts of Obsidian, which can also be folded (`[!tip]- 标题`).
//!
//! Input: the source of a block quote, and the events of its first line. Output: the start of the box with its title.
//! Does not know the alerts that the parser reads itself.

use std::ops::Range;

use pulldown_cmark::BlockQuoteKind;

use super::inline::LeafKind;
use super::writer::{ALERT_END, FOLDED_END, HtmlWriter};

/// A block quote whose first line makes it an alert; its mark is not written yet.
pub(super) struct Callout {
    /// Offset in the text after `[!…]` and the white space behind it.
    mark_end: usize,
    /// What closes the title, or `None` if the title is written already or its paragraph has not started.
    title_end: Option<&'static str>,
    /// Start and end tag of the title, if the first line has one.
    title_tags: Option<(&'static str, &'static str)>,
}

/// The first line of a block quote that is an alert.
struct CalloutLine<'t> {
    kind: BlockQuoteKind,
    /// The word in the brackets, if it is to be shown; words of GFM are shown as the theme says them.
    word: Option<&'t str>,
    /// `-` for a closed box, `+` for an open one that can be closed.
    fold: Option<char>,
    /// Whether a title follows.
    has_title: bool,
    mark_end: usize,
}

/// Reads the first line of the block quote at `range` of `text`.
fn callout_line<'t>(text: &'t str, range: &Range<usize>) -> Option<CalloutLine<'t>> {
    let quote = text.get(range.clone())?;
    let content = quote.trim_start_matches([' ', '\t', '>']);
    let inner = content.strip_prefix("[!")?;
    let line = inner.split('\n').next().unwrap_or("");
    let (word, after) = line.split_once(']')?;
    let known = !word.is_empty()
        && word.chars().count() <= 20
        && word.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_');
    let fold = after.chars().next().filter(|c| matches!(c, '-' | '+'));
    let after = &after[fold.map_or(0, char::len_utf8)..];
    if !known || !(after.trim().is_empty() || after.starts_with([' ', '\t'])) {
        return None;
    }
    let title = after.trim_start_matches([' ', '\t']);
    let kind = kind_of(word);
    // Beside a title, a word that names no kind would not be shown.
    if kind.is_none() && !title.trim().is_empty() {
        return None;
    }
    let is_gfm = ["note", "tip", "important", "warning", "caution"].iter().any(|gfm| word.eq_ignore_ascii_case(gfm));
    Some(CalloutLine {
        kind: kind.unwrap_or(BlockQuoteKind::Note),
        word: (!is_gfm).then_some(word),
        fold,
        has_title: !title.trim().is_empty(),
        mark_end: range.start + (quote.len() - inner.len()) + (line.len() - title.len()),
    })
}

/// The mark `[!…]` with the white space behind it at the start of the block quote at `range`, and the word in it that the page shows.
pub(super) fn callout_mark<'t>(text: &'t str, range: &Range<usize>) -> Option<(Range<usize>, Option<&'t str>)> {
    let line = callout_line(text, range)?;
    Some((range.start..line.mark_end, line.word.filter(|_| !line.has_title)))
}

/// The kind of alert for words of GFM and Obsidian and for Chinese words.
pub(super) fn kind_of(word: &str) -> Option<BlockQuoteKind> {
    use BlockQuoteKind::{Caution, Important, Note, Tip, Warning};
    Some(match word.to_ascii_lowercase().as_str() {
        "note" | "info" | "abstract" | "summary" | "tldr" | "todo" | "question" | "help" | "faq" | "example"
        | "quote" | "cite" | "说明" | "备注" | "注" | "注释" | "信息" | "摘要" | "引用" | "示例" | "问题" => {
            Note
        }
        "tip" | "hint" | "success" | "check" | "done" | "提示" | "技巧" | "小贴士" | "建议" | "窍门" => Tip,
        "important" | "重要" | "重点" | "要点" => Important,
        "warning" | "attention" | "注意" | "警告" | "提醒" => Warning,
        "caution" | "danger" | "error" | "failure" | "fail" | "missing" | "bug" | "当心" | "小心" | "危险" | "错误" => {
            Caution
        }
        _ => return None,
    })
}

impl HtmlWriter<'_, '_> {
    /// Writes the start tag of an alert.
    pub fn open_admonition(&mut self, kind: BlockQuoteKind) {
        let class = match kind {
            BlockQuoteKind::Note => "note",
            BlockQuoteKind::Tip => "tip",
            BlockQuoteKind::Important => "important",
            BlockQuoteKind::Warning => "warning",
            BlockQuoteKind::Caution => "caution",
        };
        self.out.push("<aside role=\"note\" class=\"admonition ");
        self.out.push(class);
        self.out.push("\">");
    }

    /// Writes the title that the theme has for an alert.
    pub fn admonition_label(&mut self, kind: BlockQuoteKind) {
        let labels = self.context.options.labels;
        self.out.text(match kind {
            BlockQuoteKind::Note => &labels.note,
            BlockQuoteKind::Tip => &labels.tip,
            BlockQuoteKind::Important => &labels.important,
            BlockQuoteKind::Warning => &labels.warning,
            BlockQuoteKind::Caution => &labels.caution,
        });
    }

    /// Opens the box if the block quote at `range` is an alert that the parser does not know; returns what closes it.
    pub fn open_callout(&mut self, range: &Range<usize>) -> Option<&'static str> {
        let line = callout_line(self.text, range)?;
        let (title_tags, close) = match line.fold {
            Some(fold) => {
                self.out.push(if fold == '+' {
                    "<details class=\"details\" open>"
                } else {
                    "<details class=\"details\">"
                });
                (("<summary>", "</summary>\n"), FOLDED_END)
            }
            None => {
                self.open_admonition(line.kind);
                (("<p class=\"admonition-title\">", "</p>\n"), ALERT_END)
            }
        };
        if !line.has_title {
            self.out.push(title_tags.0);
            match line.word {
                Some(word) => self.out.text(word),
                None => self.admonition_label(line.kind),
            }
            self.out.push(title_tags.1);
        }
        let title_tags = line.has_title.then_some(title_tags);
        self.callout = Some(Callout { mark_end: line.mark_end, title_end: None, title_tags });
        Some(close)
    }

    /// Writes the start tag of a paragraph, or of the title of an alert.
    pub fn open_paragraph(&mut self) {
        match self.callout.as_mut().and_then(|callout| callout.title_tags.take().map(|tags| (callout, tags))) {
            Some((callout, (open, close))) => {
                callout.title_end = Some(close);
                self.out.push(open);
            }
            None => self.out.push("<p>"),
        }
    }

    /// The part of a text event that is not the mark of an alert.
    pub fn after_mark<'e>(&self, text: &'e str, range: &Range<usize>) -> &'e str {
        match &self.callout {
            Some(callout) if range.end <= callout.mark_end => "",
            Some(callout) if range.start < callout.mark_end => {
                let after = text.split_once(']').map_or(text, |(_, after)| after);
                after.trim_start_matches(['-', '+']).trim_start_matches([' ', '\t'])
            }
            _ => text,
        }
    }

    /// Handles the first line break of an alert, at `range`: it ends the title. Returns whether it was one.
    pub fn ends_title(&mut self, range: &Range<usize>) -> bool {
        let Some(callout) = &self.callout else { return false };
        let is_open = self.inline.open_formats > 0 || self.inline.links > 0 || self.inline.alt.is_some();
        match callout.title_end {
            // The line holds only the mark.
            None if range.start <= callout.mark_end => {
                self.callout = None;
                true
            }
            Some(close) if !is_open => {
                self.callout = None;
                self.finish_leaf();
                self.out.push(close);
                let position = self.out.position();
                self.out.push("<p>");
                self.new_leaf(LeafKind::Paragraph);
                self.move_paragraph(position);
                true
            }
            _ => false,
        }
    }

    /// What closes the current paragraph.
    pub fn close_paragraph(&mut self) -> &'static str {
        self.callout.take().and_then(|callout| callout.title_end).unwrap_or("</p>\n")
    }
}
