//! `404.html`. In: nothing but the site. Out: an HTML page. `view` puts it together.

use crate::engine::{Fingerprint, fingerprint};
use crate::view::SiteData;
use puzhi_core::base::Route;
use puzhi_core::diag::Diagnostic;

use super::format::{Artifact, Format, RenderInput, WriteRank};
use super::plan::Planner;

/// `404.html`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotFound;

impl Format for NotFound {
    fn plan(planner: &mut Planner<'_>) {
        planner.add(Route::page([]).child_file("404.html"), NotFound, None);
    }

    fn fingerprint(&self, _: &SiteData) -> Fingerprint {
        fingerprint("not found")
    }

    fn name(&self, _: &SiteData) -> &'static str {
        "404.html"
    }

    fn write_rank(&self) -> WriteRank {
        WriteRank::Page
    }

    fn is_html(&self) -> bool {
        true
    }

    fn render<'f>(&self, input: &RenderInput<'_, 'f>) -> Result<Artifact<'f>, Box<Diagnostic>> {
        Ok(input.views.not_found()?.into())
    }

    fn is_replaceable(&self) -> bool {
        true
    }
}
