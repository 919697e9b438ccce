//! A file of the site, copied as it is. In: its path. Out: a reader of its bytes. Does not look into the file.

use crate::engine::{Fingerprint, fingerprint};
use crate::source::{EVENTS_LOCK_FILE, is_page_source};
use crate::view::SiteData;
use puzhi_core::base::{Route, SitePath};
use puzhi_core::diag::Diagnostic;
use puzhi_core::kinds::results::is_results;

use super::format::{Artifact, Format, RenderInput, WriteRank};
use super::plan::Planner;

/// A file of `content/` or `static/`, copied unchanged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopiedFile(pub SitePath);

impl Format for CopiedFile {
    fn plan(planner: &mut Planner<'_>) {
        let files = planner.input.files;
        for path in files.paths_in("content") {
            if let Some(below) = path
                .relative_to("content")
                .filter(|_| !is_page_source(path) && path.as_str() != EVENTS_LOCK_FILE && !is_results(path))
                && let Ok(below) = SitePath::new(below)
            {
                planner.add(Route::file(&below), CopiedFile(path.clone()), Some(path.clone()));
            }
        }
        for path in files.paths_in("static") {
            if let Some(below) = path.relative_to("static").and_then(|b| SitePath::new(b).ok()) {
                planner.add(Route::file(&below), CopiedFile(path.clone()), Some(path.clone()));
            }
        }
    }

    fn fingerprint(&self, _: &SiteData) -> Fingerprint {
        fingerprint(&("copy", &self.0))
    }

    fn name(&self, _: &SiteData) -> &'static str {
        "files"
    }

    fn write_rank(&self) -> WriteRank {
        WriteRank::Asset
    }

    fn render<'f>(&self, input: &RenderInput<'_, 'f>) -> Result<Artifact<'f>, Box<Diagnostic>> {
        Ok(Artifact::Stream(input.views.site.file(&self.0).open().map_err(Box::new)?))
    }
}
