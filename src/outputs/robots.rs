//! `robots.txt` (RFC 9309). In: the settings. Out: a file that allows everything and names the sitemap if there is a
//! `base_url`. Knows no page; `noindex` is in the pages.

use crate::engine::{Fingerprint, fingerprint};
use crate::view::{Site, SiteData};
use puzhi_core::base::Route;
use puzhi_core::diag::Diagnostic;

use super::ascii_address::ascii_address;
use super::format::{Artifact, Format, RenderInput, WriteRank};
use super::plan::Planner;

/// `robots.txt`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Robots;

impl Format for Robots {
    fn plan(planner: &mut Planner<'_>) {
        planner.add(Route::page([]).child_file("robots.txt"), Robots, None);
    }

    fn fingerprint(&self, _: &SiteData) -> Fingerprint {
        fingerprint("robots")
    }

    fn name(&self, _: &SiteData) -> &'static str {
        "robots.txt"
    }

    fn write_rank(&self) -> WriteRank {
        WriteRank::List
    }

    fn render<'f>(&self, input: &RenderInput<'_, 'f>) -> Result<Artifact<'f>, Box<Diagnostic>> {
        Ok(robots(&input.views.site).into())
    }

    fn is_replaceable(&self) -> bool {
        true
    }
}

fn robots(site: &Site) -> String {
    let mut out = String::from("User-agent: *\nAllow: /\n");
    if let Some(url) = site.permalink("sitemap.xml") {
        out.push_str(&format!("\nSitemap: {}\n", ascii_address(&url)));
    }
    out
}
