//! `robots.txt` (RFC 9309). In: the settings. Out: a file that allows everything and names the sitemap if there is a
//! `base_url`. Knows no page; `noindex` is in the pages.

use crate::view::Site;

/// The file.
pub(super) fn robots(site: &Site) -> String {
    let mut out = String::from("User-agent: *\nAllow: /\n");
    if let Some(url) = site.permalink("sitemap.xml") {
        out.push_str(&format!("\nSitemap: {url}\n"));
    }
    out
}
