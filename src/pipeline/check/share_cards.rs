//! What share cards are drawn with: the font that the settings name, and titles that it cannot show.
//!
//! In: the settings, the site's files, the catalog. Out: a font, and findings. Draws nothing.

use std::path::Path;

use puzhi_cards::CardFont;
use rayon::prelude::*;

use super::ReferenceChecker;
use crate::catalog::PageMeta;
use crate::settings::WrittenPath;
use crate::view::{draws_cards, share_route};
use puzhi_core::base::SitePath;
use puzhi_core::diag::{Diagnostic, codes};

/// Size limit of a font in bytes. The largest Chinese fonts have about 30 MB.
const MAX_FONT_BYTES: u64 = 64 << 20;

impl ReferenceChecker<'_> {
    /// The font of cards and the file it comes from; `None` is the one that comes with the program.
    pub fn card_font(&self, diags: &mut Vec<Diagnostic>) -> Option<(CardFont, SitePath)> {
        let written = self.settings.card_font.as_ref()?;
        match self.read_font(written) {
            Ok(found) => Some(found),
            Err(diag) => {
                diags.push(*diag);
                None
            }
        }
    }

    fn read_font(&self, written: &WrittenPath) -> Result<(CardFont, SitePath), Box<Diagnostic>> {
        let refused = |zh: &str, en: &str| {
            let diag = Diagnostic::new(&codes::settings::BAD_CARD_FONT).arg("target", &written.path);
            let diag = diag.arg("cause_zh", zh).arg("cause_en", en);
            match SitePath::new("site.yaml") {
                Ok(file) => Box::new(diag.at_position(&file, written.position)),
                Err(_) => Box::new(diag),
            }
        };
        let plain = written.path.trim_start_matches('/');
        let beside = ["", "static/", "content/"]
            .into_iter()
            .filter_map(|folder| SitePath::new(&format!("{folder}{plain}")).ok());
        let Some(path) = beside.into_iter().find(|path| self.files.contains(path)) else {
            return Err(refused("没有这个文件", "there is no such file"));
        };
        let extension = Path::new(plain).extension().map(|e| e.to_ascii_lowercase());
        if !extension.is_some_and(|e| e == "otf" || e == "ttf" || e == "ttc") {
            return Err(refused("它不是 .otf、.ttf 或 .ttc 字体", "it is no .otf, .ttf or .ttc font"));
        }
        let bytes = self.files.read_bytes(&path, MAX_FONT_BYTES, "data").map_err(Box::new)?;
        let font = CardFont::from_bytes(bytes);
        font.map(|font| (font, path)).map_err(|_| refused("它不是能读的字体", "it is no font that can be read"))
    }

    /// A note for each page whose card `font` cannot draw.
    pub fn undrawable_titles(&self, font: &CardFont, diags: &mut Vec<Diagnostic>) {
        if !draws_cards(self.settings.as_ref(), &self.theme) {
            return;
        }
        let note = |page: &std::sync::Arc<PageMeta>| {
            share_route(page)?;
            let character = font.missing(&page.title)?;
            let diag = Diagnostic::new(&codes::settings::CARD_GLYPH_MISSING).file(&page.path);
            let codepoint = format!("U+{:04X}", u32::from(character));
            Some(diag.arg("character", character).arg("codepoint", codepoint).arg("title", &page.title))
        };
        diags.par_extend(self.catalog.pages.par_iter().filter_map(note));
    }
}
