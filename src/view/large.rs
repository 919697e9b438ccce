//! The large mode (长者版): every page a second time in large text, at the same address below [`LARGE_FOLDER`], so that links lead from
//! large page to large page without a script or a cookie. In: an address, settings, static files. Out: the address of the large page,
//! and whether there are any. Makes no page.

use puzhi_core::base::Route;

use super::model::LargeView;
use super::tracking::site::Site;

/// The folder of the large pages.
pub const LARGE_FOLDER: &str = "large";

/// The style sheet of the theme that makes a page large. A theme without it has no large pages.
pub const LARGE_STYLE: &str = "css/large.css";

/// The address of the large page beside the page at `page`.
pub fn large_route(page: &Route) -> Route {
    let path = page.as_str().trim_start_matches('/');
    match path.rsplit_once('/') {
        _ if path.is_empty() => Route::page([LARGE_FOLDER]),
        None => Route::page([LARGE_FOLDER]).child_file(path),
        Some((folders, file)) => Route::page([LARGE_FOLDER].into_iter().chain(folders.split('/'))).child_file(file),
    }
}

impl Site {
    /// The large page beside the page at `route`, for the link to it; `None` if the site has none.
    pub(in crate::view) fn large_view(&self, route: &Route) -> Option<LargeView> {
        let settings = self.settings();
        // Reading the style records it: the head of the large page, which is made with the page, names it.
        let is_there = settings.large_mode.is_some() && self.static_asset(LARGE_STYLE).is_some();
        is_there.then(|| LargeView { url: settings.href(&large_route(route)) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_pages_lie_at_the_same_addresses_below_their_folder() {
        let of = |route: &str| large_route(&Route::new(route).unwrap()).output_path();
        assert_eq!(of("/"), "large/index.html");
        assert_eq!(of("/404.html"), "large/404.html");
        assert_eq!(of("/指南/贷款/"), "large/指南/贷款/index.html");
        assert_eq!(of("/old/a.html"), "large/old/a.html");
    }
}
