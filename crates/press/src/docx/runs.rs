//! Lines of text, links and pictures of a Word file. In: inlines. Out: XML in the document. Part of [`super::document`].

use crate::blocks::{Inline, InlineGroup, Marks, Picture, inline_groups};
use crate::media::media_of;
use crate::plain::address_to_show;

use super::document::{DocumentWriter, Relationship};
use super::xml::{escape, link_uri};

/// English Metric Units of a pixel at 96 to the inch.
const EMU_OF_PIXEL: u64 = 9525;

/// Largest picture, in EMU: the text's width on A4 with margins of 2.54 cm, and most of its height.
const LARGEST: (u64, u64) = (5_730_000, 7_200_000);

impl DocumentWriter<'_> {
    /// Writes the runs of a line.
    pub(super) fn inlines(&mut self, inlines: &[Inline]) {
        for group in inline_groups(inlines) {
            match group {
                InlineGroup::Link(address, runs) => self.link(address, runs),
                InlineGroup::Single(Inline::Text(run)) => self.run(&run.text, run.marks, false),
                InlineGroup::Single(Inline::Break) => self.body.push_str("<w:r><w:br/></w:r>"),
                InlineGroup::Single(Inline::NoteReference(label)) => {
                    self.run(&format!("[{label}]"), Marks { sup: true, ..Marks::default() }, false);
                }
                InlineGroup::Single(Inline::Picture(picture)) => self.picture(picture),
            }
        }
    }

    fn link(&mut self, address: &str, runs: &[Inline]) {
        let mut shown = String::new();
        let uri = link_uri(address);
        if let Some(uri) = &uri {
            let id = self.relationship(Relationship::Link(uri.clone()));
            self.body.push_str(&format!("<w:hyperlink r:id=\"rId{id}\">"));
        }
        for inline in runs {
            if let Inline::Text(run) = inline {
                shown.push_str(&run.text);
                self.run(&run.text, run.marks, uri.is_some());
            }
        }
        if uri.is_some() {
            self.body.push_str("</w:hyperlink>");
        } else if let Some(address) = address_to_show(address, &shown) {
            let (open, close) = self.words.brackets;
            self.run(&format!("{open}{address}{close}"), Marks::default(), false);
        }
    }

    /// Writes text of one look.
    pub(super) fn run(&mut self, text: &str, marks: Marks, is_link: bool) {
        let mut properties = String::new();
        if is_link {
            properties.push_str("<w:rStyle w:val=\"Hyperlink\"/>");
        }
        // In the order that the schema wants.
        if marks.code {
            properties.push_str("<w:rFonts w:ascii=\"Courier New\" w:hAnsi=\"Courier New\" w:eastAsia=\"仿宋\"/>");
        }
        if marks.strong {
            properties.push_str("<w:b/>");
        }
        if marks.emphasis {
            properties.push_str("<w:i/>");
        }
        if marks.strike {
            properties.push_str("<w:strike/>");
        }
        if marks.highlight {
            properties.push_str("<w:highlight w:val=\"yellow\"/>");
        }
        if marks.underline {
            properties.push_str("<w:u w:val=\"single\"/>");
        }
        if marks.sup || marks.sub {
            let place = if marks.sup { "superscript" } else { "subscript" };
            properties.push_str(&format!("<w:vertAlign w:val=\"{place}\"/>"));
        }
        self.body.push_str("<w:r>");
        if !properties.is_empty() {
            self.body.push_str(&format!("<w:rPr>{properties}</w:rPr>"));
        }
        self.body.push_str(&format!("<w:t xml:space=\"preserve\">{}</w:t></w:r>", escape(text)));
    }

    /// A picture, or its words where its bytes are not there.
    fn picture(&mut self, picture: &Picture) {
        let found = media_of(self.media, &picture.address).and_then(|file| Some((file, file.size()?)));
        let Some((file, size)) = found else {
            let (open, close) = self.words.brackets;
            let alt = picture.alt.trim();
            let alt = if alt.is_empty() { String::new() } else { format!("{}{alt}", self.words.colon) };
            let text = format!("{}{}{alt}{close}", open.trim(), self.words.picture);
            return self.run(&text, Marks::default(), false);
        };
        let id = self.relationship(Relationship::Picture(file.address.clone()));
        self.pictures += 1;
        let (width, height) = (size.width as u64 * EMU_OF_PIXEL, size.height as u64 * EMU_OF_PIXEL);
        // The smaller of both ratios, in millionths, so that no side is too large.
        let most = self.most_width.min(LARGEST.0);
        let scale = (most * 1_000_000 / width).min(LARGEST.1 * 1_000_000 / height).min(1_000_000);
        let (width, height) = ((width * scale / 1_000_000).max(1), (height * scale / 1_000_000).max(1));
        let (number, alt) = (self.pictures, escape(&picture.alt));
        self.body.push_str(&format!(
            "<w:r><w:drawing><wp:inline distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\"><wp:extent cx=\"{width}\" cy=\"{height}\"/><wp:docPr id=\"{number}\" name=\"Picture {number}\" descr=\"{alt}\"/><a:graphic xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\"><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><pic:pic xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><pic:nvPicPr><pic:cNvPr id=\"{number}\" name=\"Picture {number}\"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed=\"rId{id}\"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"{width}\" cy=\"{height}\"/></a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
        ));
    }
}
