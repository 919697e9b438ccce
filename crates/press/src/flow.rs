//! Blocks and lines while they are read. In: text with what holds for it. Out: paragraphs whose white space is that of a page; blocks put on one
//! line. Part of [`crate::read`].

use std::sync::Arc;

use crate::blocks::{Block, Inline, Marks, TextRun};

/// What holds for the text at a place.
#[derive(Clone, Default)]
pub(crate) struct Context {
    pub marks: Marks,
    pub link: Option<Arc<str>>,
    /// White space stays as it is.
    pub preformatted: bool,
    pub depth: usize,
    /// In a formula whose columns are parts of one line.
    pub is_aligned: bool,
}

/// Blocks being collected, and the line that is being written.
#[derive(Default)]
pub(crate) struct Flow {
    pub blocks: Vec<Block>,
    pub line: Line,
}

/// A line being written.
#[derive(Default)]
pub(crate) struct Line {
    pub inlines: Vec<Inline>,
    /// A space was read that shows only if something follows it.
    pub space: Option<Context>,
}

impl Line {
    /// Adds text with its white space as the page shows it.
    pub fn text(&mut self, text: &str, context: &Context) {
        if context.preformatted {
            for (i, part) in text.split('\n').enumerate() {
                if i > 0 {
                    self.inlines.push(Inline::Break);
                }
                self.push(part, context);
            }
            return;
        }
        for (i, word) in text.split([' ', '\t', '\n', '\r', '\x0c']).enumerate() {
            if i > 0 && self.space.is_none() {
                self.space = Some(context.clone());
            }
            if !word.is_empty() {
                self.take_space();
                self.push(word, context);
            }
        }
    }

    /// Writes the space that was read, unless the line begins here.
    fn take_space(&mut self) {
        if let Some(context) = self.space.take()
            && !matches!(self.inlines.last(), None | Some(Inline::Break))
        {
            self.push(" ", &context);
        }
    }

    fn push(&mut self, text: &str, context: &Context) {
        if text.is_empty() {
            return;
        }
        if let Some(Inline::Text(run)) = self.inlines.last_mut()
            && run.marks == context.marks
            && run.link == context.link
        {
            run.text.push_str(text);
            return;
        }
        self.inlines.push(Inline::Text(TextRun {
            text: text.to_string(),
            marks: context.marks,
            link: context.link.clone(),
        }));
    }

    /// Adds what is no text.
    pub fn add(&mut self, inline: Inline) {
        self.take_space();
        self.inlines.push(inline);
    }

    /// Text that the page draws.
    pub fn generated(&mut self, text: &str, context: &Context) {
        self.take_space();
        let marks = Marks { generated: true, ..context.marks };
        self.push(text, &Context { marks, ..context.clone() });
    }

    /// The line, if it shows anything, without breaks at its ends.
    fn take(&mut self) -> Vec<Inline> {
        self.space = None;
        let mut inlines = std::mem::take(&mut self.inlines);
        while matches!(inlines.last(), Some(Inline::Break)) {
            inlines.pop();
        }
        let start = inlines.iter().take_while(|inline| matches!(inline, Inline::Break)).count();
        inlines.drain(..start);
        let shows = inlines.iter().any(|inline| match inline {
            Inline::Text(run) => !run.text.trim().is_empty(),
            Inline::Break => false,
            Inline::NoteReference(_) | Inline::Picture(_) => true,
        });
        if shows { inlines } else { Vec::new() }
    }
}

impl Flow {
    /// Ends the line: what it holds becomes a paragraph.
    pub fn end_line(&mut self) {
        let inlines = self.line.take();
        if !inlines.is_empty() {
            self.blocks.push(Block::Paragraph(inlines));
        }
    }

    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty() && self.line.inlines.is_empty()
    }

    pub fn add(&mut self, block: Block) {
        self.end_line();
        self.blocks.push(block);
    }
}

/// Puts blocks on one line, parted by breaks, with the labels of lists as text.
pub(crate) fn flatten(blocks: Vec<Block>, out: &mut Vec<Inline>) {
    for block in blocks {
        if !matches!(out.last(), None | Some(Inline::Break)) {
            out.push(Inline::Break);
        }
        match block {
            Block::Heading { text, .. } | Block::Paragraph(text) | Block::Code(text) => out.extend(text),
            Block::Quote(inner) => flatten(inner, out),
            Block::List(list) => {
                for item in list.items {
                    labelled(&format!("{} ", item.label), item.blocks, out);
                }
            }
            Block::Notes(notes) => {
                for note in notes {
                    labelled(&format!("{} ", note.label), note.blocks, out);
                }
            }
            Block::Table(table) => {
                out.extend(table.caption);
                for cell in table.rows.into_iter().flat_map(|row| row.cells) {
                    labelled(" ", cell.blocks, out);
                }
            }
            Block::Figure(figure) => {
                let (mut caption, credit) = (figure.caption, figure.credit);
                caption.extend(credit);
                if figure.caption_first {
                    out.append(&mut caption);
                }
                flatten(figure.blocks, out);
                out.extend(caption);
            }
            Block::Facts(facts) => {
                for fact in facts {
                    for term in fact.terms {
                        out.extend(term);
                        out.push(generated(" "));
                    }
                    fact.details.into_iter().for_each(|detail| labelled(" ", detail, out));
                }
            }
            Block::Details(details) => {
                out.extend(details.question);
                flatten(details.blocks, out);
            }
            Block::Rule => {}
        }
    }
    while matches!(out.last(), Some(Inline::Break)) {
        out.pop();
    }
}

/// Blocks behind a label on the same line.
fn labelled(label: &str, blocks: Vec<Block>, out: &mut Vec<Inline>) {
    let mut inner = Vec::new();
    flatten(blocks, &mut inner);
    if !matches!(out.last(), None | Some(Inline::Break)) && label.trim() != "" {
        out.push(Inline::Break);
    }
    out.push(generated(label));
    out.extend(inner);
}

fn generated(text: &str) -> Inline {
    let marks = Marks { generated: true, ..Marks::default() };
    Inline::Text(TextRun { text: text.to_string(), marks, link: None })
}
