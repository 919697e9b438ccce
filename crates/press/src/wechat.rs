//! An article as HTML for WeChat's editor. In: an article. Out: a fragment with inline styles alone, its pictures to upload, its links as notes.
//!
//! The editor drops classes, ids, style sheets, scripts, variables, `data:` addresses and links into the page, breaks lists inside lists and lets
//! only some accounts link outside WeChat. So list items are paragraphs with their number or mark as text, indented by level, and links to other
//! hosts are numbered notes at the end. The original's address also belongs into WeChat's own field (阅读原文).

use std::collections::BTreeMap;

use crate::blocks::{
    Alignment, Article, Block, Figure, Inline, InlineGroup, Marks, Note, Picture, Table, TextRun, inline_groups,
};
use crate::forbidden::{has_other_type, is_on_the_web};
use crate::plain::{address_to_show, known};
use crate::words::{Words, words};

/// Colour of headings and of the line beside quotations; readable on white and, as the editor changes colours, in dark mode.
const ACCENT: &str = "#8c2b20";

/// Most levels of indentation; deeper lists stay at the last.
const MOST_LEVELS: usize = 5;

/// An article for WeChat's editor.
#[derive(Debug, Clone, Default)]
pub struct WechatFragment {
    /// The HTML to paste.
    pub html: String,
    /// Pictures without an address on the web, or of a type that WeChat does not take, in order: the editor must get them as files.
    pub uploads: Vec<Picture>,
    /// Addresses inside the site whose absolute form is not known; their words stay, without a note.
    pub unresolved: Vec<String>,
}

/// The article as a fragment.
pub fn wechat_fragment(article: &Article) -> WechatFragment {
    let words = words(&article.info.language);
    let mut writer =
        WechatWriter { words, out: WechatFragment::default(), notes: Vec::new(), numbers: BTreeMap::new() };
    writer.out.html.push_str("<section style=\"font-size:16px;line-height:1.75\">");
    writer.blocks(article.body(), 0);
    writer.link_notes();
    writer.end(article);
    writer.out.html.push_str("</section>");
    writer.out
}

struct WechatWriter<'w> {
    words: &'w Words,
    out: WechatFragment,
    /// Addresses of links, in the order of their numbers.
    notes: Vec<String>,
    numbers: BTreeMap<String, usize>,
}

impl WechatWriter<'_> {
    fn push(&mut self, html: &str) {
        self.out.html.push_str(html);
    }

    /// A paragraph with a style.
    fn paragraph(&mut self, style: &str, write: impl FnOnce(&mut Self)) {
        self.push(&format!("<p style=\"{style}\">"));
        write(self);
        self.push("</p>");
    }

    fn blocks(&mut self, blocks: &[Block], level: usize) {
        for block in blocks {
            self.block(block, level);
        }
    }

    fn block(&mut self, block: &Block, level: usize) {
        match block {
            Block::Heading { level: rank, text } => self.heading(*rank, text),
            Block::Paragraph(text) => self.text_block(text, level, ""),
            Block::Code(text) => {
                self.push("<section style=\"margin:0 0 1em;padding:8px;background:#f6f6f6;font-family:monospace;font-size:14px\">");
                self.inlines(&with_fixed_spaces(text));
                self.push("</section>");
            }
            Block::List(list) => {
                for item in &list.items {
                    let label = if list.ordered { &item.label } else { ["•", "◦", "▪"][level.min(2)] };
                    self.labelled(label, &item.blocks, level);
                }
            }
            Block::Table(table) => self.table(table),
            Block::Figure(figure) => self.figure(figure, level),
            Block::Quote(blocks) => {
                self.push(&format!(
                    "<blockquote style=\"margin:0 0 1em;padding:0 0 0 12px;border-left:3px solid {ACCENT}\">"
                ));
                self.blocks(blocks, 0);
                self.push("</blockquote>");
            }
            Block::Facts(facts) => {
                for fact in facts {
                    self.fact(&fact.terms, &fact.details.concat(), level);
                }
            }
            Block::Details(details) => {
                let question = &details.question;
                let fallback = [Inline::Text(generated(self.words.details))];
                let text = if question.is_empty() { &fallback[..] } else { question };
                self.paragraph(&format!("margin:1em 0 .5em{}", indent(level)), |writer| {
                    writer.push("<strong>");
                    writer.inlines(text);
                    writer.push("</strong>");
                });
                self.blocks(&details.blocks, level);
            }
            Block::Notes(notes) => self.notes(notes),
            Block::Rule => self.push("<hr style=\"margin:1.5em 0\">"),
        }
    }

    fn heading(&mut self, rank: u8, text: &[Inline]) {
        let size = match rank {
            1 | 2 => 19,
            3 => 17,
            _ => 16,
        };
        let rank = rank.clamp(1, 6);
        self.push(&format!(
            "<h{rank} style=\"margin:1.5em 0 .5em;font-size:{size}px;font-weight:bold;color:{ACCENT}\">"
        ));
        self.inlines(text);
        self.push(&format!("</h{rank}>"));
    }

    /// A line of text behind a label.
    fn text_block(&mut self, text: &[Inline], level: usize, label: &str) {
        let hang = hanging(label);
        let centred = if is_picture(text) { ";text-align:center" } else { "" };
        let below = if level == 0 { "1em" } else { ".5em" };
        self.paragraph(&format!("margin:0 0 {below}{}{hang}{centred}", indent(level)), |writer| {
            if !label.is_empty() {
                writer.push(&format!("{}&nbsp;", escape(label)));
            }
            writer.inlines(text);
        });
    }

    /// Blocks of which the first stands behind a label.
    fn labelled(&mut self, label: &str, blocks: &[Block], level: usize) {
        match blocks.split_first() {
            Some((Block::Paragraph(text), rest)) => {
                self.text_block(text, level + 1, label);
                self.blocks(rest, level + 1);
            }
            _ => {
                self.text_block(&[], level + 1, label);
                self.blocks(blocks, level + 1);
            }
        }
    }

    fn fact(&mut self, terms: &[Vec<Inline>], details: &[Block], level: usize) {
        let (first, rest) = match details.split_first() {
            Some((Block::Paragraph(text), rest)) => (&text[..], rest),
            _ => (&[][..], details),
        };
        self.paragraph(&format!("margin:0 0 .5em{}", indent(level)), |writer| {
            for (i, term) in terms.iter().enumerate() {
                writer.push(if i == 0 { "<strong>" } else { "<strong>、" });
                writer.inlines(term);
                writer.push("</strong>");
            }
            if !terms.is_empty() {
                writer.push(writer.words.colon);
            }
            writer.inlines(first);
        });
        self.blocks(rest, level);
    }

    fn figure(&mut self, figure: &Figure, level: usize) {
        let caption = |writer: &mut Self| {
            if figure.caption.is_empty() && figure.credit.is_empty() {
                return;
            }
            writer.paragraph("margin:0 0 1em;font-size:14px;text-align:center;color:#666", |writer| {
                writer.inlines(&figure.caption);
                if !figure.caption.is_empty() && !figure.credit.is_empty() {
                    writer.push(" ");
                }
                writer.inlines(&figure.credit);
            });
        };
        if figure.caption_first {
            caption(self);
        }
        self.blocks(&figure.blocks, level);
        if !figure.caption_first {
            caption(self);
        }
    }

    fn table(&mut self, table: &Table) {
        if !table.caption.is_empty() {
            self.paragraph("margin:0 0 .5em;font-weight:bold", |writer| writer.inlines(&table.caption));
        }
        self.push("<section style=\"margin:0 0 1em;overflow-x:auto\">");
        self.push("<table style=\"width:100%;border-collapse:collapse;font-size:14px\"><tbody>");
        for row in &table.rows {
            self.push("<tr>");
            for cell in &row.cells {
                let name = if cell.header { "th" } else { "td" };
                self.push(&format!("<{name}"));
                for (attribute, span) in [("colspan", cell.columns), ("rowspan", cell.rows)] {
                    if span > 1 {
                        self.push(&format!(" {attribute}=\"{span}\""));
                    }
                }
                let align = match (cell.alignment, cell.header) {
                    (Alignment::Right, _) => ";text-align:right",
                    (Alignment::Centre, _) => ";text-align:center",
                    (Alignment::Start, true) => ";text-align:left",
                    (Alignment::Start, false) => "",
                };
                let look = if cell.header { ";background:#f6f6f6" } else { "" };
                self.push(&format!(" style=\"border:1px solid #ccc;padding:5px{align}{look}\">"));
                match &cell.blocks[..] {
                    [Block::Paragraph(text)] => self.inlines(text),
                    blocks => self.blocks(blocks, 0),
                }
                self.push(&format!("</{name}>"));
            }
            self.push("</tr>");
        }
        self.push("</tbody></table></section>");
    }

    fn notes(&mut self, notes: &[Note]) {
        self.heading(3, &[Inline::Text(generated(self.words.notes))]);
        for note in notes {
            self.labelled(&note_label(&note.label, self.words), &note.blocks, 0);
        }
    }

    /// The addresses of links as notes.
    fn link_notes(&mut self) {
        if self.notes.is_empty() {
            return;
        }
        self.heading(3, &[Inline::Text(generated(self.words.links))]);
        for (i, address) in std::mem::take(&mut self.notes).iter().enumerate() {
            self.paragraph("margin:0 0 .3em;font-size:13px;word-break:break-all", |writer| {
                writer.push(&format!("[{}]&nbsp;{}", i + 1, escape(address)));
            });
        }
    }

    /// Source, author, credit line and the original's address.
    fn end(&mut self, article: &Article) {
        let info = &article.info;
        let mut rows = known(article, self.words);
        rows.push((self.words.credit_line, info.credit_line.trim()));
        rows.push((self.words.original, info.url.trim()));
        rows.retain(|(_, value)| !value.is_empty());
        if rows.is_empty() {
            return;
        }
        self.push("<hr style=\"margin:1.5em 0\">");
        for (name, value) in rows {
            self.paragraph("margin:0 0 .3em;font-size:14px;word-break:break-all", |writer| {
                writer.push(&format!("{name}{}{}", writer.words.colon, escape(value)));
            });
        }
    }

    fn inlines(&mut self, inlines: &[Inline]) {
        for group in inline_groups(inlines) {
            match group {
                InlineGroup::Link(address, runs) => self.link(address, runs),
                InlineGroup::Single(Inline::Text(run)) => self.run(run),
                InlineGroup::Single(Inline::Break) => self.push("<br>"),
                InlineGroup::Single(Inline::NoteReference(label)) => {
                    let label = note_label(label, self.words);
                    self.push(&format!("<sup>{}</sup>", escape(&label)));
                }
                InlineGroup::Single(Inline::Picture(picture)) => self.picture(picture),
            }
        }
    }

    /// A link: as such inside WeChat, otherwise its words with a note.
    fn link(&mut self, address: &str, runs: &[Inline]) {
        let mut shown = String::new();
        let is_inside = is_of_wechat(address);
        if is_inside {
            self.push(&format!("<a href=\"{}\">", escape(address)));
        }
        for inline in runs {
            if let Inline::Text(run) = inline {
                shown.push_str(&run.text);
                self.run(run);
            }
        }
        if is_inside {
            self.push("</a>");
        } else if is_on_the_web(address) {
            let next = self.notes.len() + 1;
            let number = *self.numbers.entry(address.to_string()).or_insert(next);
            if number == next {
                self.notes.push(address.to_string());
            }
            self.push(&format!("<sup>[{number}]</sup>"));
        } else if let Some(address) = address_to_show(address, &shown) {
            let (open, close) = self.words.brackets;
            self.push(&format!("{open}{}{close}", escape(address)));
        } else if !has_scheme(address) && !self.out.unresolved.iter().any(|known| known == address) {
            self.out.unresolved.push(address.to_string());
        }
    }

    fn run(&mut self, run: &TextRun) {
        let Marks { strong, emphasis, code, sub, sup, strike, underline, highlight, generated: _ } = run.marks;
        let marks = [
            (strong, "<strong>", "</strong>"),
            (emphasis, "<em>", "</em>"),
            (code, "<code style=\"font-family:monospace;background:#f6f6f6\">", "</code>"),
            (strike, "<span style=\"text-decoration:line-through\">", "</span>"),
            (underline, "<span style=\"text-decoration:underline\">", "</span>"),
            (highlight, "<span style=\"background:#fff3b0\">", "</span>"),
            (sub, "<sub>", "</sub>"),
            (sup, "<sup>", "</sup>"),
        ];
        marks.iter().filter(|(on, ..)| *on).for_each(|(_, open, _)| self.push(open));
        self.push(&escape(&run.text));
        marks.iter().rev().filter(|(on, ..)| *on).for_each(|(.., close)| self.push(close));
    }

    fn picture(&mut self, picture: &Picture) {
        if is_on_the_web(&picture.address) && !has_other_type(&picture.address) {
            let (address, alt) = (escape(&picture.address), escape(&picture.alt));
            self.push(&format!("<img src=\"{address}\" alt=\"{alt}\" style=\"max-width:100%\">"));
            return;
        }
        let known = self.out.uploads.iter().position(|upload| upload.address == picture.address);
        let number = known.map_or(self.out.uploads.len(), |at| at) + 1;
        if known.is_none() {
            self.out.uploads.push(picture.clone());
        }
        let Words { upload, picture: word, colon, .. } = self.words;
        let alt = if picture.alt.trim().is_empty() { String::new() } else { format!("{colon}{}", picture.alt.trim()) };
        self.push(&format!("<span style=\"color:#b00\">【{upload}{word} {number}{}】</span>", escape(&alt)));
    }
}

/// The label of a note, which no link note has.
fn note_label(label: &str, words: &Words) -> String {
    format!("[{} {label}]", if words.colon == "：" { "注" } else { "n." })
}

fn generated(text: &str) -> TextRun {
    TextRun { text: text.to_string(), marks: Marks { generated: true, ..Marks::default() }, link: None }
}

/// The style of an indentation.
fn indent(level: usize) -> String {
    match level.min(MOST_LEVELS) {
        0 => String::new(),
        level => format!(";padding-left:{}em", (level * 14) as f32 / 10.0),
    }
}

/// The style that lets a label hang before the lines of its item, about as far as the label is wide.
fn hanging(label: &str) -> String {
    let tenths = match label.chars().count() {
        0 => return String::new(),
        1 => 8,
        2 => 11,
        _ => 14,
    };
    format!(";text-indent:-{}.{}em", tenths / 10, tenths % 10)
}

/// Whether a line is a picture alone.
fn is_picture(inlines: &[Inline]) -> bool {
    matches!(inlines, [Inline::Picture(_)])
}

/// Whether WeChat lets every account link to the address.
fn is_of_wechat(address: &str) -> bool {
    let lower = address.to_ascii_lowercase();
    let host = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://"));
    host.is_some_and(|rest| rest.starts_with("mp.weixin.qq.com/"))
}

fn has_scheme(address: &str) -> bool {
    let scheme = address.split(':').next().unwrap_or_default();
    scheme.len() < address.len() && !scheme.contains(['/', '?', '#'])
}

/// Text of code: spaces and tabs that the editor would drop are fixed ones.
fn with_fixed_spaces(inlines: &[Inline]) -> Vec<Inline> {
    let fixed = |inline: &Inline| match inline {
        Inline::Text(run) => {
            let text = run.text.replace('\t', "    ").replace(' ', "\u{a0}");
            Inline::Text(TextRun { text, marks: Marks { code: false, ..run.marks }, link: run.link.clone() })
        }
        other => other.clone(),
    };
    inlines.iter().map(fixed).collect()
}

/// Text as HTML, in elements and attributes.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{a0}' => out.push_str("&nbsp;"),
            c if c.is_control() && !matches!(c, '\n' | '\t') => {}
            c => out.push(c),
        }
    }
    out
}
