//! `sitemap.xml` (sitemaps.org protocol 0.9), split at 50,000 addresses as the protocol requires. In: the plan. Out:
//! one file of the sitemap, or its index. The plan decides which addresses are in it.

use std::collections::BTreeMap;

use crate::calendar::EventSchedule;
use crate::catalog::{Catalog, PageId};
use crate::engine::{Fingerprint, fingerprint};
use crate::view::{Site, SiteData, url_of};
use puzhi_core::base::{Route, escape_attr};
use puzhi_core::diag::Diagnostic;

use super::Recipe;
use super::ascii_address::ascii_address;
use super::format::{Artifact, Format, RenderInput, WriteRank};
use super::plan::{OutputPlan, Planner};

const NAMESPACE: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";

/// URLs in one sitemap file (sitemaps.org protocol).
const SITEMAP_MAX_URLS: usize = 50_000;

/// A file of the sitemap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sitemap {
    /// The n-th part; `None` for a sitemap of one file.
    Part(Option<usize>),
    /// The index of a sitemap with this number of parts.
    Index(usize),
}

impl Format for Sitemap {
    fn plan(planner: &mut Planner<'_>) {
        if planner.input.settings.base_url.is_none() {
            return;
        }
        let file = |name: &str| Route::page([]).child_file(name);
        planner.plan.sitemap_routes.sort();
        let parts = planner.plan.sitemap_routes.len().div_ceil(SITEMAP_MAX_URLS);
        if parts <= 1 {
            planner.add(file("sitemap.xml"), Sitemap::Part(None), None);
        } else {
            planner.add(file("sitemap.xml"), Sitemap::Index(parts), None);
            for part in 0..parts {
                planner.add(file(&format!("sitemap-{}.xml", part + 1)), Sitemap::Part(Some(part)), None);
            }
        }
    }

    fn fingerprint(&self, _: &SiteData) -> Fingerprint {
        match self {
            Sitemap::Part(part) => fingerprint(&("sitemap", part)),
            Sitemap::Index(parts) => fingerprint(&("sitemap index", parts)),
        }
    }

    fn name(&self, _: &SiteData) -> &'static str {
        "sitemap"
    }

    fn write_rank(&self) -> WriteRank {
        WriteRank::List
    }

    fn render<'f>(&self, input: &RenderInput<'_, 'f>) -> Result<Artifact<'f>, Box<Diagnostic>> {
        let site = &input.views.site;
        Ok(match self {
            Sitemap::Part(part) => sitemap(*part, input.plan, site).into(),
            Sitemap::Index(parts) => index(*parts, site).into(),
        })
    }
}

/// One file of the sitemap; `None` if it has only one.
fn sitemap(part: Option<usize>, plan: &OutputPlan, site: &Site) -> String {
    let days = site.sitemap_days(part);
    let mut out = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"{NAMESPACE}\">\n");
    for (route, page) in plan.sitemap_part(part) {
        let Some(url) = site.permalink(&url_of(route)) else { continue };
        out.push_str("<url><loc>");
        escape_attr(&mut out, &ascii_address(&url));
        out.push_str("</loc>");
        if let Some(day) = page.and_then(|id| days.of(id)) {
            out.push_str(&format!("<lastmod>{}</lastmod>", day.date));
        }
        out.push_str("</url>\n");
    }
    out.push_str("</urlset>\n");
    out
}

/// The sitemap index over `parts` files.
fn index(parts: usize, site: &Site) -> String {
    let mut out = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sitemapindex xmlns=\"{NAMESPACE}\">\n");
    for part in 1..=parts {
        if let Some(url) = site.permalink(&format!("sitemap-{part}.xml")) {
            out.push_str("<sitemap><loc>");
            escape_attr(&mut out, &ascii_address(&url));
            out.push_str("</loc></sitemap>\n");
        }
    }
    out.push_str("</sitemapindex>\n");
    out
}

impl OutputPlan {
    /// The fingerprint of each sitemap file: its addresses and their dates.
    pub fn sitemap_fingerprints(
        &self,
        catalog: &Catalog,
        agenda: &EventSchedule,
    ) -> BTreeMap<Option<usize>, Fingerprint> {
        let part_fingerprint = |part| {
            let line = |(route, page): &(Route, Option<PageId>)| {
                fingerprint(&(
                    route,
                    page.and_then(|id| catalog.page(id).last_change().or_else(|| agenda.published(catalog, id))),
                ))
            };
            fingerprint(&self.sitemap_part(part).iter().map(line).collect::<Vec<_>>())
        };
        let parts = self.jobs.iter().filter_map(|job| match job.recipe {
            Recipe::Sitemap(Sitemap::Part(part)) => Some(part),
            _ => None,
        });
        parts.map(|part| (part, part_fingerprint(part))).collect()
    }

    /// The addresses of one sitemap file.
    pub fn sitemap_part(&self, part: Option<usize>) -> &[(Route, Option<PageId>)] {
        match part {
            None => &self.sitemap_routes,
            Some(n) => {
                let start = (n * SITEMAP_MAX_URLS).min(self.sitemap_routes.len());
                &self.sitemap_routes[start..(start + SITEMAP_MAX_URLS).min(self.sitemap_routes.len())]
            }
        }
    }
}
