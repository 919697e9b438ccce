//! The text of a Word file. In: an article. Out: `word/document.xml` with its numbering, relationships and pictures.

use std::collections::BTreeMap;

use crate::archive::ArchiveFile;
use crate::blocks::{Alignment, Article, Block, Fact, Figure, Inline, List, Marks, Note, TextRun};
use crate::media::{MediaFile, media_of};
use crate::plain::unshown;
use crate::words::{Words, words};

use super::numbering::{DEEPEST, Numbering, can_number};
use super::xml::escape;

/// What a relationship of the document leads to.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Relationship {
    /// An address on the web.
    Link(String),
    /// A picture, by its address in the article.
    Picture(String),
}

/// Where blocks stand.
#[derive(Default, Clone, Copy)]
pub(super) struct Place {
    /// In how many items of lists.
    pub level: usize,
    /// In how many quotations.
    pub quotes: usize,
    /// In a cell of a table's head.
    pub is_strong: bool,
    /// That of the cell.
    pub alignment: Alignment,
}

/// The parts that depend on the text.
pub(super) struct WrittenParts {
    pub document: String,
    pub numbering: String,
    pub relationships: String,
    pub media: Vec<ArchiveFile>,
}

/// Writes the document.
pub(super) struct DocumentWriter<'w> {
    pub words: &'w Words,
    pub media: &'w [MediaFile],
    pub body: String,
    /// Pictures so far; their number is their id.
    pub pictures: usize,
    /// Width that a picture may have, in EMU.
    pub most_width: u64,
    pub place: Place,
    numbering: Numbering,
    /// Ids of relationships. The first two are styles and numbering, the third the settings.
    relationships: BTreeMap<Relationship, usize>,
}

/// How many relationships lead to parts that are always there.
const FIXED_RELATIONSHIPS: usize = 3;

impl<'w> DocumentWriter<'w> {
    /// A writer with nothing written.
    pub fn new(article: &Article, media: &'w [MediaFile]) -> DocumentWriter<'w> {
        DocumentWriter {
            words: words(&article.info.language),
            media,
            body: String::new(),
            pictures: 0,
            most_width: u64::MAX,
            place: Place::default(),
            numbering: Numbering::default(),
            relationships: BTreeMap::new(),
        }
    }

    /// Writes the article: title, what is known, content, credit line and original address.
    pub fn article(&mut self, article: &Article) {
        let title = [text_run(article.info.title.trim())];
        self.paragraph("<w:pStyle w:val=\"Title\"/>", |writer| writer.inlines(&title));
        for (name, value) in unshown(article, self.words) {
            self.info(name, value, None);
        }
        self.blocks(article.body());
        let info = &article.info;
        if !info.credit_line.trim().is_empty() {
            self.info(self.words.credit_line, info.credit_line.trim(), None);
        }
        if !info.url.is_empty() {
            self.info(self.words.original, &info.url, Some(&info.url));
        }
    }

    /// A line of what is known.
    fn info(&mut self, name: &str, value: &str, link: Option<&str>) {
        let name = text_run(&format!("{name}{}", self.words.colon));
        let run = TextRun { text: value.to_string(), marks: Marks::default(), link: link.map(Into::into) };
        self.paragraph("<w:pStyle w:val=\"Info\"/>", |writer| writer.inlines(&[name, Inline::Text(run)]));
    }

    /// The id of a relationship.
    pub fn relationship(&mut self, of: Relationship) -> usize {
        let next = self.relationships.len() + 1 + FIXED_RELATIONSHIPS;
        *self.relationships.entry(of).or_insert(next)
    }

    /// A paragraph with these properties.
    pub fn paragraph(&mut self, properties: &str, write: impl FnOnce(&mut Self)) {
        self.body.push_str("<w:p>");
        if !properties.is_empty() {
            self.body.push_str(&format!("<w:pPr>{properties}</w:pPr>"));
        }
        write(self);
        self.body.push_str("</w:p>");
    }

    /// Writes blocks where the writer is.
    pub fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            self.block(block);
        }
    }

    /// Style and indentation of an ordinary paragraph where the writer is.
    fn properties(&self, centred: bool) -> String {
        let mut out = String::new();
        if self.place.quotes > 0 {
            out.push_str("<w:pStyle w:val=\"Quote\"/>");
        }
        // The style moves the first quotation in.
        if self.place.level > 0 || self.place.quotes > 1 {
            out.push_str(&format!("<w:ind w:left=\"{}\"/>", self.left()));
        }
        match self.place.alignment {
            Alignment::Right => out.push_str("<w:jc w:val=\"right\"/>"),
            Alignment::Centre => out.push_str("<w:jc w:val=\"center\"/>"),
            Alignment::Start if centred => out.push_str("<w:jc w:val=\"center\"/>"),
            Alignment::Start => {}
        }
        out
    }

    /// How far in the writer is, in twentieths of a point.
    fn left(&self) -> usize {
        480 * (self.place.level + self.place.quotes).min(DEEPEST + 1)
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading { level, text } => {
                // The title takes the place of the first level.
                let level = level.saturating_sub(1).clamp(1, 6);
                self.paragraph(&format!("<w:pStyle w:val=\"Heading{level}\"/>"), |writer| writer.inlines(text));
            }
            Block::Paragraph(text) => {
                let properties = self.properties(matches!(text[..], [Inline::Picture(_)]));
                let strong = self.place.is_strong.then(|| strengthened(text));
                self.paragraph(&properties, |writer| writer.inlines(strong.as_deref().unwrap_or(text)));
            }
            Block::Code(text) => {
                let left = self.left();
                let indent = if left > 0 { format!("<w:ind w:left=\"{left}\"/>") } else { String::new() };
                self.paragraph(&format!("<w:pStyle w:val=\"Code\"/>{indent}"), |writer| writer.inlines(text));
            }
            Block::List(list) => self.list(list),
            Block::Table(table) => self.table(table),
            Block::Figure(figure) => self.figure(figure),
            Block::Quote(blocks) => {
                let place = self.place;
                self.place.quotes += 1;
                self.blocks(blocks);
                self.place = place;
            }
            Block::Facts(facts) => facts.iter().for_each(|fact| self.fact(fact)),
            Block::Details(details) => {
                let fallback = [text_run(self.words.details)];
                let question = if details.question.is_empty() { &fallback[..] } else { &details.question };
                self.paragraph("<w:pStyle w:val=\"Question\"/>", |writer| writer.inlines(question));
                self.blocks(&details.blocks);
            }
            Block::Notes(notes) => self.notes(notes),
            Block::Rule => self.paragraph(
                "<w:pBdr><w:bottom w:val=\"single\" w:sz=\"6\" w:space=\"1\" w:color=\"808080\"/></w:pBdr>",
                |_| {},
            ),
        }
    }

    fn list(&mut self, list: &List) {
        let level = self.place.level.min(DEEPEST);
        let mut id = 0;
        let mut expected = None;
        for item in &list.items {
            let is_numbered = !list.ordered || can_number(item.number, list.style);
            if !list.ordered {
                id = self.numbering.bullets();
            } else if is_numbered && expected != Some(item.number) {
                id = self.numbering.numbers(list.style, level, item.number);
            }
            expected = is_numbered.then(|| item.number.saturating_add(1));
            let (first, rest) = match item.blocks.split_first() {
                Some((Block::Paragraph(text), rest)) => (&text[..], rest),
                _ => (&[][..], &item.blocks[..]),
            };
            let style = if self.place.quotes > 0 { "Quote" } else { "ListParagraph" };
            let mut properties = format!("<w:pStyle w:val=\"{style}\"/>");
            if is_numbered {
                properties
                    .push_str(&format!("<w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"{id}\"/></w:numPr>"));
            }
            // The numbering itself moves the items in.
            if !is_numbered || self.place.quotes > 0 {
                let left = 480 * (level + self.place.quotes.min(DEEPEST) + 1);
                properties.push_str(&format!("<w:ind w:left=\"{left}\" w:hanging=\"480\"/>"));
            }
            let label = (!is_numbered).then(|| text_run(&format!("{} ", item.label)));
            self.paragraph(&properties, |writer| {
                writer.inlines(label.as_slice());
                writer.inlines(first);
            });
            let place = self.place;
            self.place.level += 1;
            self.blocks(rest);
            self.place = place;
        }
    }

    fn figure(&mut self, figure: &Figure) {
        let has_caption = !figure.caption.is_empty() || !figure.credit.is_empty();
        let caption = |writer: &mut Self, properties: &str| {
            writer.paragraph(properties, |writer| {
                writer.inlines(&figure.caption);
                if !figure.caption.is_empty() && !figure.credit.is_empty() {
                    writer.inlines(&[text_run("　")]);
                }
                writer.inlines(&figure.credit);
            });
        };
        if figure.caption_first && has_caption {
            caption(self, "<w:pStyle w:val=\"Caption\"/><w:keepNext/>");
        }
        self.blocks(&figure.blocks);
        if !figure.caption_first && has_caption {
            caption(self, "<w:pStyle w:val=\"Caption\"/>");
        }
    }

    /// Terms in bold, what is said of them behind.
    fn fact(&mut self, fact: &Fact) {
        let mut line: Vec<Inline> = Vec::new();
        for (i, term) in fact.terms.iter().enumerate() {
            if i > 0 {
                line.push(text_run("、"));
            }
            line.extend(strengthened(term));
        }
        if !line.is_empty() {
            line.push(text_run(self.words.colon));
        }
        let details: Vec<&Block> = fact.details.iter().flatten().collect();
        let rest = match details.split_first() {
            Some((Block::Paragraph(text), rest)) => {
                line.extend(text.iter().cloned());
                rest
            }
            _ => &details,
        };
        let properties = self.properties(false);
        self.paragraph(&properties, |writer| writer.inlines(&line));
        rest.iter().for_each(|block| self.block(block));
    }

    fn notes(&mut self, notes: &[Note]) {
        let heading = [text_run(self.words.notes)];
        self.paragraph("<w:pStyle w:val=\"Heading2\"/>", |writer| writer.inlines(&heading));
        for note in notes {
            let label = text_run(&format!("[{}] ", note.label));
            let (first, rest) = match note.blocks.split_first() {
                Some((Block::Paragraph(text), rest)) => (&text[..], rest),
                _ => (&[][..], &note.blocks[..]),
            };
            self.paragraph("<w:pStyle w:val=\"Info\"/>", |writer| {
                writer.inlines(&[label]);
                writer.inlines(first);
            });
            self.blocks(rest);
        }
    }

    /// The parts of the file.
    pub fn finish(self) -> WrittenParts {
        let document = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\"><w:body>{}<w:sectPr><w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"1440\" w:right=\"1440\" w:bottom=\"1440\" w:left=\"1440\" w:header=\"720\" w:footer=\"720\" w:gutter=\"0\"/></w:sectPr></w:body></w:document>\n",
            self.body
        );
        let base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let mut relationships = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"{base}/styles\" Target=\"styles.xml\"/><Relationship Id=\"rId2\" Type=\"{base}/numbering\" Target=\"numbering.xml\"/><Relationship Id=\"rId3\" Type=\"{base}/settings\" Target=\"settings.xml\"/>"
        );
        let mut media = Vec::new();
        for (of, id) in &self.relationships {
            match of {
                Relationship::Link(uri) => relationships.push_str(&format!(
                    "<Relationship Id=\"rId{id}\" Type=\"{base}/hyperlink\" Target=\"{}\" TargetMode=\"External\"/>",
                    escape(uri)
                )),
                Relationship::Picture(address) => {
                    let Some(file) = media_of(self.media, address) else { continue };
                    let Some(media_type) = file.media_type() else { continue };
                    let name = format!("media/picture{id}.{}", media_type.extension());
                    relationships
                        .push_str(&format!("<Relationship Id=\"rId{id}\" Type=\"{base}/image\" Target=\"{name}\"/>"));
                    media.push(ArchiveFile::new(format!("word/{name}"), file.bytes.clone()));
                }
            }
        }
        relationships.push_str("</Relationships>\n");
        WrittenParts { document, numbering: self.numbering.xml(), relationships, media }
    }
}

/// Text without any look.
fn text_run(text: &str) -> Inline {
    Inline::Text(TextRun { text: text.to_string(), marks: Marks::default(), link: None })
}

/// A line in bold.
fn strengthened(inlines: &[Inline]) -> Vec<Inline> {
    let strong = |inline: &Inline| match inline {
        Inline::Text(run) => Inline::Text(TextRun { marks: Marks { strong: true, ..run.marks }, ..run.clone() }),
        other => other.clone(),
    };
    inlines.iter().map(strong).collect()
}
