//! The portable HTML of an article: what its page shows of it, for another place. Feeds, ninjs and everything else that leaves the site
//! take it from here.
//!
//! In: a page. Out: the content of the page's `<article>` element, rendered by the page's own template with absolute addresses, without
//! what belongs to the site ([`clean`] says what). `docs/republishing.md` writes down what counts as its text. Knows no format.

mod clean;

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::catalog::PageId;
use crate::view::pages::fill::{RenderContext, with_canonical_addresses};
use crate::view::site::{canonical_address, root_of};
use crate::view::tracking::{BuildKey, recorder};
use crate::view::views::{Views, insert};
use puzhi_core::diag::Diagnostic;

use clean::{article_element, portable_html};

/// How many bytes of articles are kept for the next feed that shows them. Beyond it articles are rendered again.
const MEMORY_LIMIT: usize = 64 << 20;

/// Articles that were rendered in this build, with the keys that each read, so that whoever takes one depends on them, too.
pub(super) struct PortableCache {
    articles: Vec<OnceLock<(String, Vec<BuildKey>)>>,
    bytes: AtomicUsize,
}

impl PortableCache {
    /// An empty cache for a site with this number of pages.
    pub(super) fn new(pages: usize) -> Self {
        Self { articles: std::iter::repeat_with(OnceLock::new).take(pages).collect(), bytes: AtomicUsize::new(0) }
    }
}

impl Views {
    /// The portable HTML of an article. Its addresses are absolute if the settings have a `base_url`, else relative to the page. Fails
    /// only if a template does.
    pub fn portable(&self, id: PageId) -> Result<String, Box<Diagnostic>> {
        let slot = &self.portable.articles[id.0 as usize];
        if let Some((html, reads)) = slot.get() {
            recorder::record_again(reads);
            return Ok(html.clone());
        }
        let (html, reads) = recorder::reads_of(|| self.render_portable(id));
        let html = html?;
        if let Some(reads) = reads
            && self.portable.bytes.fetch_add(html.len(), Ordering::Relaxed) < MEMORY_LIMIT
        {
            // Another thread may have set the same value.
            let _ = slot.set((html.clone(), reads));
        }
        Ok(html)
    }

    fn render_portable(&self, id: PageId) -> Result<String, Box<Diagnostic>> {
        let whole = self.site.page(id);
        let meta = whole.meta;
        let base = self.site.settings().base_url.clone();
        let root = base.clone().unwrap_or_else(|| root_of(&meta.route));
        // A footer is the site's, but for one that an author wrote, such as the name below a quotation.
        let html = self.body_html(RenderContext { root: &root, page: id, outside_own_page: true })?;
        let html = html.replace("<footer", "<div").replace("</footer>", "</div>");
        let mut context = self.context(meta.lang, &meta.route, &root);
        insert(&mut context, "page", &self.site.article_view(id, html.clone()));
        insert(&mut context, "portable", &true);
        let page = self.render(&self.template_of(id), context)?;
        let page = String::from_utf8_lossy(&page);
        // A theme without the element shows the body alone elsewhere.
        let article = portable_html(article_element(&page).unwrap_or(&html));
        Ok(match base {
            Some(base) => {
                let own = format!("{base}{}", canonical_address(whole.url()));
                with_canonical_addresses(&article, &base, &own)
            }
            None => article,
        })
    }
}
