//! The blocks of an article. In: what [`crate::read`] found in its HTML. Out: values that every rendition writes. No HTML here.

use std::sync::Arc;

/// What is known of an article besides its text. Texts are as they are to be shown; an empty text stands for nothing known.
#[derive(Debug, Clone, Default)]
pub struct ArticleInfo {
    /// Title, without the name of the site.
    pub title: String,
    /// What the article is about, in a sentence or two.
    pub summary: String,
    /// Who wrote it.
    pub author: String,
    /// Where the text comes from (来源).
    pub source: String,
    /// Editor in charge (责任编辑).
    pub editor: String,
    /// Who approved it (审核).
    pub reviewer: String,
    /// Day or time of publication, as shown.
    pub published: String,
    /// Day or time of the last change, as shown.
    pub updated: String,
    /// Day or time before which nobody may publish it, as shown; empty for none.
    pub embargo: String,
    /// The same as `YYYY-MM-DD` or RFC 3339, for machines.
    pub embargo_iso: String,
    /// Publication as `YYYY-MM-DD` or RFC 3339, for machines.
    pub published_iso: String,
    /// Last change as `YYYY-MM-DD` or RFC 3339, for machines.
    pub updated_iso: String,
    /// Absolute canonical address; empty without a known address of the site.
    pub url: String,
    /// Name of the site.
    pub site: String,
    /// The line that who republishes the article puts below it.
    pub credit_line: String,
    /// On which terms the article may be republished.
    pub permission: String,
    /// Whom to ask.
    pub contact: String,
    /// Language tag (BCP 47) of the article: `zh-CN`.
    pub language: String,
}

/// An article as blocks.
#[derive(Debug, Clone, Default)]
pub struct Article {
    /// What is known of it.
    pub info: ArticleInfo,
    /// Its content, as in the HTML.
    pub blocks: Vec<Block>,
}

impl Article {
    /// The blocks without a first heading that only repeats the title, for renditions that write the title themselves.
    pub fn body(&self) -> &[Block] {
        match self.blocks.split_first() {
            Some((Block::Heading { level: 1, text }, rest)) if plain(text).trim() == self.info.title.trim() => rest,
            _ => &self.blocks,
        }
    }

    /// All pictures, in order, each address once.
    pub fn pictures(&self) -> Vec<&Picture> {
        let mut found: Vec<&Picture> = Vec::new();
        let mut seen = std::collections::BTreeSet::new();
        walk(&self.blocks, &mut |inlines| {
            for inline in inlines {
                if let Inline::Picture(picture) = inline
                    && seen.insert(picture.address.as_str())
                {
                    found.push(picture);
                }
            }
        });
        found
    }

    /// The pictures of figures with caption and credit as text; a picture outside figures has neither. Each address once.
    pub fn captioned_pictures(&self) -> Vec<CaptionedPicture<'_>> {
        let mut captions = std::collections::BTreeMap::new();
        collect_captions(&self.blocks, &mut captions);
        let of = |picture: &Picture, credit: bool| {
            captions.get(picture.address.as_str()).map_or_else(String::new, |figure: &&Figure| {
                plain(if credit { &figure.credit } else { &figure.caption }).trim().to_string()
            })
        };
        let pictures = self.pictures().into_iter();
        pictures
            .map(|picture| CaptionedPicture { picture, caption: of(picture, false), credit: of(picture, true) })
            .collect()
    }
}

/// A picture and what stands below it.
#[derive(Debug, Clone)]
pub struct CaptionedPicture<'a> {
    /// The picture.
    pub picture: &'a Picture,
    /// Its caption.
    pub caption: String,
    /// Who made it.
    pub credit: String,
}

fn collect_captions<'a>(blocks: &'a [Block], out: &mut std::collections::BTreeMap<&'a str, &'a Figure>) {
    for block in blocks {
        if let Block::Figure(figure) = block {
            // A caption between pictures is that of all of them.
            let inner = figure.blocks.iter().find_map(|block| match block {
                Block::Figure(inner) if figure.is_without_caption() => Some(inner),
                _ => None,
            });
            let captioned = inner.unwrap_or(figure);
            walk(&figure.blocks, &mut |inlines| {
                for inline in inlines {
                    if let Inline::Picture(picture) = inline {
                        out.entry(&picture.address).or_insert(captioned);
                    }
                }
            });
        }
        for inner in block.inner() {
            collect_captions(inner, out);
        }
    }
}

/// A part of an article that stands on lines of its own.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A heading of level 1 to 6.
    Heading {
        /// 1 is the title of the page.
        level: u8,
        /// Its words.
        text: Vec<Inline>,
    },
    /// A paragraph, or a picture that stands alone.
    Paragraph(Vec<Inline>),
    /// A list, with or without numbers.
    List(List),
    /// A table.
    Table(Table),
    /// Pictures or other blocks with a caption.
    Figure(Figure),
    /// A quotation.
    Quote(Vec<Block>),
    /// Preformatted text; its lines are parted by [`Inline::Break`].
    Code(Vec<Inline>),
    /// Terms with what is said of them.
    Facts(Vec<Fact>),
    /// A question with its answer, always open.
    Details(Details),
    /// The notes of the article.
    Notes(Vec<Note>),
    /// A line between two parts.
    Rule,
}

impl Block {
    /// The lists of blocks inside, in order.
    pub fn inner(&self) -> Vec<&[Block]> {
        match self {
            Block::List(list) => list.items.iter().map(|item| &item.blocks[..]).collect(),
            Block::Table(table) => {
                table.rows.iter().flat_map(|row| row.cells.iter().map(|cell| &cell.blocks[..])).collect()
            }
            Block::Figure(figure) => vec![&figure.blocks],
            Block::Quote(blocks) => vec![blocks],
            Block::Facts(facts) => facts.iter().flat_map(|fact| fact.details.iter().map(|d| &d[..])).collect(),
            Block::Details(details) => vec![&details.blocks],
            Block::Notes(notes) => notes.iter().map(|note| &note.blocks[..]).collect(),
            Block::Heading { .. } | Block::Paragraph(_) | Block::Code(_) | Block::Rule => Vec::new(),
        }
    }
}

/// A list.
#[derive(Debug, Clone, PartialEq)]
pub struct List {
    /// Whether its items have numbers.
    pub ordered: bool,
    /// How numbers are written: `1`, `a`, `A`, `i` or `I`, as HTML's `type` says.
    pub style: char,
    /// Its items.
    pub items: Vec<ListItem>,
}

/// An item of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct ListItem {
    /// Its number; 0 in a list without numbers.
    pub number: i64,
    /// What stands before it as text: `3.`, `c.`, `•`.
    pub label: String,
    /// Its content.
    pub blocks: Vec<Block>,
}

/// A table. Cells that span rows or columns say so; nothing stands at the places they cover.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// The caption; empty if there is none.
    pub caption: Vec<Inline>,
    /// How many rows at the top are its head.
    pub header_rows: usize,
    /// All rows.
    pub rows: Vec<Row>,
}

/// A row of a table.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Row {
    /// Its cells from left to right.
    pub cells: Vec<Cell>,
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// Whether it is a header.
    pub header: bool,
    /// Columns that it spans, 1 or more.
    pub columns: usize,
    /// Rows that it spans, 1 or more, never beyond the last row of the table.
    pub rows: usize,
    /// Where its lines stand.
    pub alignment: Alignment,
    /// Its content.
    pub blocks: Vec<Block>,
}

/// Where the lines of a cell stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Alignment {
    /// Where the language begins.
    #[default]
    Start,
    /// In the middle.
    Centre,
    /// At the right, as numbers do.
    Right,
}

/// Blocks with a caption.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Figure {
    /// Pictures, tables, lists.
    pub blocks: Vec<Block>,
    /// The caption; empty if there is none.
    pub caption: Vec<Inline>,
    /// Who made it, with the word before the name; empty if it is not said.
    pub credit: Vec<Inline>,
    /// Whether the caption stands above.
    pub caption_first: bool,
}

/// Terms with what is said of them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Fact {
    /// One term or several of the same meaning.
    pub terms: Vec<Vec<Inline>>,
    /// What is said of them.
    pub details: Vec<Vec<Block>>,
}

/// A question with its answer.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Details {
    /// What a reader taps on.
    pub question: Vec<Inline>,
    /// What unfolds.
    pub blocks: Vec<Block>,
}

/// A note at the end.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    /// Its number as the references show it.
    pub label: String,
    /// Its text.
    pub blocks: Vec<Block>,
}

/// A part of a line.
#[derive(Debug, Clone, PartialEq)]
pub enum Inline {
    /// Text of one look.
    Text(TextRun),
    /// A new line.
    Break,
    /// A reference to the note with this label.
    NoteReference(String),
    /// A picture.
    Picture(Picture),
}

/// What of a line belongs together.
pub(crate) enum InlineGroup<'i> {
    /// The texts of one link, with its address.
    Link(&'i str, &'i [Inline]),
    /// Anything else.
    Single(&'i Inline),
}

/// The parts of a line, with neighbours that lead to the same address as one group.
pub(crate) fn inline_groups(inlines: &[Inline]) -> impl Iterator<Item = InlineGroup<'_>> {
    fn link_of(inline: &Inline) -> Option<&str> {
        match inline {
            Inline::Text(run) => run.link.as_deref(),
            _ => None,
        }
    }
    let groups = inlines.chunk_by(|a, b| link_of(a).is_some() && link_of(a) == link_of(b));
    groups.filter_map(|group| match group {
        [Inline::Text(TextRun { link: Some(address), .. }), ..] => Some(InlineGroup::Link(address, group)),
        // Groups without a link have one part.
        [inline, ..] => Some(InlineGroup::Single(inline)),
        [] => None,
    })
}

/// Text of one look.
#[derive(Debug, Clone, PartialEq)]
pub struct TextRun {
    /// The text; white space is single spaces, except in code.
    pub text: String,
    /// How it looks.
    pub marks: Marks,
    /// Where it leads: an address as in the HTML, never one inside the page.
    pub link: Option<Arc<str>>,
}

/// How a text looks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Marks {
    /// Bold.
    pub strong: bool,
    /// Italic, or as the script stresses.
    pub emphasis: bool,
    /// Code.
    pub code: bool,
    /// Below the line.
    pub sub: bool,
    /// Above the line.
    pub sup: bool,
    /// Deleted.
    pub strike: bool,
    /// Added.
    pub underline: bool,
    /// Marked.
    pub highlight: bool,
    /// Drawn by whoever shows the text, not part of it: a list number, a box, quotation marks of `<q>`.
    pub generated: bool,
}

/// A picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// Its address as in the HTML.
    pub address: String,
    /// What it shows, in words.
    pub alt: String,
}

/// The text of a line, with its generated parts; breaks are spaces, pictures nothing.
pub(crate) fn plain(inlines: &[Inline]) -> String {
    let mut out = String::new();
    for inline in inlines {
        match inline {
            Inline::Text(run) => out.push_str(&run.text),
            Inline::Break => out.push(' '),
            Inline::NoteReference(label) => out.push_str(label),
            Inline::Picture(_) => {}
        }
    }
    out
}

/// Calls `visit` with every line of the blocks, in order.
pub(crate) fn walk<'a>(blocks: &'a [Block], visit: &mut impl FnMut(&'a [Inline])) {
    for block in blocks {
        match block {
            Block::Heading { text, .. } => visit(text),
            Block::Paragraph(text) | Block::Code(text) => visit(text),
            Block::List(list) => list.items.iter().for_each(|item| walk(&item.blocks, visit)),
            Block::Table(table) => {
                visit(&table.caption);
                table.rows.iter().flat_map(|row| &row.cells).for_each(|cell| walk(&cell.blocks, visit));
            }
            Block::Figure(figure) if figure.caption_first => {
                visit(&figure.caption);
                visit(&figure.credit);
                walk(&figure.blocks, visit);
            }
            Block::Figure(figure) => {
                walk(&figure.blocks, visit);
                visit(&figure.caption);
                visit(&figure.credit);
            }
            Block::Quote(inner) => walk(inner, visit),
            Block::Facts(facts) => {
                for fact in facts {
                    fact.terms.iter().for_each(|term| visit(term));
                    fact.details.iter().for_each(|detail| walk(detail, visit));
                }
            }
            Block::Details(details) => {
                visit(&details.question);
                walk(&details.blocks, visit);
            }
            Block::Notes(notes) => notes.iter().for_each(|note| walk(&note.blocks, visit)),
            Block::Rule => {}
        }
    }
}
