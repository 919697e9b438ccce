//! The poster of an event or a survey: one sheet of paper to put up. In: its page. Out: an HTML page, and its address. A
//! theme without `poster.html` has none. Knows no format of outputs.

use crate::catalog::{KindFacts, PageId, PageMeta, PageRole};
use puzhi_core::base::Route;
use puzhi_core::diag::Diagnostic;
use puzhi_core::kinds::EventStatus;

use crate::view::model::PageView;
use crate::view::site::root_of;
use crate::view::tracking::site::Site;
use crate::view::views::{Views, insert};

/// The template, which also decides whether there are posters.
pub const POSTER_TEMPLATE: &str = "poster.html";

/// The address of the poster of a page; none if the page is neither a survey nor an event that may still take place.
pub fn poster_route(page: &PageMeta) -> Option<Route> {
    let has_poster = match &page.facts {
        KindFacts::Event(event) => !matches!(event.status, EventStatus::Cancelled | EventStatus::Held),
        KindFacts::Survey(_) => true,
        _ => false,
    };
    (has_poster && page.role == PageRole::Page).then(|| page.route.child("poster"))
}

impl Site {
    /// The address of the page's poster, if it has one.
    pub(in crate::view) fn poster_url(&self, page: &PageMeta) -> Option<String> {
        let route = poster_route(page)?;
        self.template(POSTER_TEMPLATE).exists().then(|| self.settings().href(&route))
    }
}

impl Views {
    /// The poster of a page that [`poster_route`] gives an address for.
    pub fn poster(&self, id: PageId) -> Result<Vec<u8>, Box<Diagnostic>> {
        let site = &self.site;
        let meta = site.meta(id);
        let route = poster_route(meta).unwrap_or_else(|| meta.route.child("poster"));
        let root = root_of(&route);
        let page = PageView { noindex: true, ..site.page_view(id, String::new()) };
        let mut context = self.context(meta.lang, &route, &root);
        insert(&mut context, "page", &page);
        self.render_page(meta.lang, POSTER_TEMPLATE, context)
    }
}
