//! `sitemap.xml` (sitemaps.org protocol 0.9), split at 50,000 addresses as the protocol requires. In: the plan. Out:
//! one file of the sitemap, or its index. The plan decides which addresses are in it.

use crate::view::{Site, url_of};
use puzhi_core::base::escape_attr;

use super::OutputPlan;

const NAMESPACE: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";

/// One file of the sitemap; `None` if it has only one.
pub(super) fn sitemap(part: Option<usize>, plan: &OutputPlan, site: &Site) -> String {
    let days = site.sitemap_days(part);
    let mut out = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"{NAMESPACE}\">\n");
    for (route, page) in plan.sitemap_part(part) {
        let Some(url) = site.permalink(&url_of(route)) else { continue };
        out.push_str("<url><loc>");
        escape_attr(&mut out, &url);
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
pub(super) fn index(parts: usize, site: &Site) -> String {
    let mut out = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sitemapindex xmlns=\"{NAMESPACE}\">\n");
    for part in 1..=parts {
        if let Some(url) = site.permalink(&format!("sitemap-{part}.xml")) {
            out.push_str("<sitemap><loc>");
            escape_attr(&mut out, &url);
            out.push_str("</loc></sitemap>\n");
        }
    }
    out.push_str("</sitemapindex>\n");
    out
}
