//! The home page of a language. In: its top section. Out: an HTML page. `view` puts it together.

use crate::catalog::SectionId;
use crate::engine::{Fingerprint, fingerprint};
use crate::view::SiteData;
use puzhi_core::diag::Diagnostic;

use super::format::{Artifact, Format, RenderInput, WriteRank};
use super::plan::Planner;

/// The home page of a language, by its top section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home(pub SectionId);

impl Format for Home {
    fn plan(planner: &mut Planner<'_>) {
        let catalog = planner.input.catalog;
        for (i, section) in catalog.sections.iter().enumerate().filter(|(_, section)| section.folder.is_empty()) {
            let source = section.index.map(|page| planner.source_of(page));
            planner.add(section.route.clone(), Home(SectionId(i as u32)), source);
            planner.add_to_sitemap(&section.route, section.index);
        }
    }

    fn fingerprint(&self, _: &SiteData) -> Fingerprint {
        fingerprint("home")
    }

    fn name(&self, _: &SiteData) -> &'static str {
        "home.html"
    }

    fn write_rank(&self) -> WriteRank {
        WriteRank::List
    }

    fn is_html(&self) -> bool {
        true
    }

    fn is_list(&self) -> bool {
        true
    }

    fn render<'f>(&self, input: &RenderInput<'_, 'f>) -> Result<Artifact<'f>, Box<Diagnostic>> {
        Ok(input.views.home(self.0)?.into())
    }
}
