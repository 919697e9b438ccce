//! `robots.txt` (RFC 9309): everything is open; the sitemap is named when the address is known.

use crate::view::Site;

pub(super) fn robots(site: &Site) -> String {
    site.record_settings_read();
    let mut out = String::from("User-agent: *\nAllow: /\n");
    if let Some(url) = site.permalink("sitemap.xml") {
        out.push_str(&format!("\nSitemap: {url}\n"));
    }
    out
}
