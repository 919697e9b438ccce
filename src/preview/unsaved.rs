//! Texts that somebody is typing: they stand in the preview in place of the files on disk.
//!
//! Input: paths with texts. Output: the site as it would be with them, and what else an editor asks of the session. Writes nothing.

use std::sync::Arc;

use jiff::Timestamp;

use crate::settings::Settings;
use crate::source::FileChanges;
use crate::view::SiteData;
use puzhi_core::base::{BuildDate, SitePath};

use super::session::{PreviewSession, Update};

/// A text in place of a file's, or that the file counts again.
#[derive(Debug, Clone)]
pub struct UnsavedText {
    /// The file.
    pub path: SitePath,
    /// The bytes that stand in its place; `None` for those on disk.
    pub bytes: Option<Vec<u8>>,
}

/// What is shown of the site.
pub struct ShownSite<'s> {
    /// Its pages and files; a page with errors as it last was without.
    pub data: &'s SiteData,
    /// The last settings without errors.
    pub settings: &'s Arc<Settings>,
}

impl PreviewSession {
    /// Puts texts in place of those on disk, or lets those on disk count again.
    pub fn show_unsaved(&mut self, texts: Vec<UnsavedText>) -> Update {
        let changes = FileChanges { paths: texts.iter().map(|text| text.path.clone()).collect(), all: false };
        for UnsavedText { path, bytes } in texts {
            self.texts.set_unsaved(&path, bytes.map(Arc::from));
        }
        let mut update = self.update(&changes);
        // No file has changed.
        update.files = FileChanges::default();
        update
    }

    /// The site as it is shown; `None` before it could be shown for the first time.
    pub fn shown(&self) -> Option<ShownSite<'_>> {
        Some(ShownSite { data: self.site_data()?, settings: self.settings.as_ref()? })
    }

    /// The bytes of a text file, saved or not.
    pub fn current_text(&self, path: &SitePath) -> Option<Arc<[u8]>> {
        self.texts.current(path).cloned()
    }

    /// The day for which a site with these settings is shown.
    pub fn build_date(&self, settings: &Settings) -> BuildDate {
        (self.today)(settings)
    }

    /// When a file was changed, as the disk says.
    pub fn modified(&self, path: &SitePath) -> Option<Timestamp> {
        Timestamp::from_nanosecond(self.texts.stat(path)?.modified).ok()
    }
}
