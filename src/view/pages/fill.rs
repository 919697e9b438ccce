//! Fills the slots of a page's body: links, pictures, highlighted code, directives. In: an HTML fragment with slots,
//! the resolved references, and where the HTML will be placed. Out: final HTML. Resolves no link itself.

use crate::catalog::PageId;
use crate::markdown::{HtmlFragment, Slot, highlight};
use puzhi_core::base::{escape_attr, escape_text};
use puzhi_core::diag::Diagnostic;

use super::picture_html::{PictureLoading, write_picture};
use crate::view::site::{ResolvedLink, canonical_address, with_anchor};
use crate::view::tracking::doc_cache::ResolvedDoc;
use crate::view::views::Views;

/// Where a body will be placed: in its own page, in a list or in a feed. Decides how addresses are written.
#[derive(Debug, Clone, Copy)]
pub struct RenderContext<'m> {
    /// Prefix of addresses: `../` and so on in a page, the absolute root in a feed.
    pub root: &'m str,
    /// The page that the body belongs to.
    pub page: PageId,
    /// The body is shown elsewhere (list, feed), so that links to its own anchors need the page's address.
    pub outside_own_page: bool,
}

impl Views {
    /// The whole body of a page. Fails only if the template of a directive does.
    pub fn body_html(&self, render_context: RenderContext<'_>) -> Result<String, Box<Diagnostic>> {
        let resolved_doc = self.site.resolved_doc(render_context.page);
        let html = self.fill(&resolved_doc.doc.body.main, &resolved_doc, render_context)?;
        if !render_context.outside_own_page {
            return Ok(html);
        }
        let url = self.site.url(render_context.page);
        Ok(with_canonical_addresses(
            &html,
            render_context.root,
            &format!("{}{}", render_context.root, canonical_address(&url)),
        ))
    }

    /// Fills one fragment of a body. `resolved_doc` must be the document of `render_context.page`.
    pub fn fill(
        &self,
        fragment: &HtmlFragment,
        resolved_doc: &ResolvedDoc,
        render_context: RenderContext<'_>,
    ) -> Result<String, Box<Diagnostic>> {
        if fragment.slots.is_empty() {
            return Ok(fragment.html.clone());
        }
        let mut out = String::with_capacity(fragment.html.len() + fragment.slots.len() * 64);
        let mut done = 0;
        for (at, slot) in &fragment.slots {
            out.push_str(&fragment.html[done..*at]);
            done = *at;
            self.fill_slot(&mut out, *slot, resolved_doc, render_context)?;
        }
        out.push_str(&fragment.html[done..]);
        Ok(out)
    }

    fn fill_slot(
        &self,
        out: &mut String,
        slot: Slot,
        resolved_doc: &ResolvedDoc,
        render_context: RenderContext<'_>,
    ) -> Result<(), Box<Diagnostic>> {
        let ResolvedDoc { doc, resolved } = resolved_doc;
        let body = &doc.body;
        match slot {
            Slot::LinkOpen(n) => self.open_link(out, n as usize, resolved_doc, render_context),
            Slot::LinkClose(n) => self.close_link(out, n as usize, resolved_doc, render_context),
            Slot::Image(n) => {
                let image = &body.images[n as usize];
                let Some(to) = resolved.images.get(n as usize).and_then(Option::as_ref) else {
                    // If the file is missing, the reader still gets the description.
                    escape_text(out, &image.alt);
                    return Ok(());
                };
                let loading = match (n, doc.front_matter.image.is_some()) {
                    _ if render_context.outside_own_page => PictureLoading::Plain,
                    // The first picture of a page is probably on the first screen.
                    (0, false) => PictureLoading::Now,
                    _ => PictureLoading::Late,
                };
                write_picture(out, to, &image.alt, (render_context.root, loading));
            }
            Slot::Code(n) => {
                let code = &body.code[n as usize];
                match code.language.is_empty() {
                    true => escape_text(out, &code.text),
                    false => out.push_str(&highlight(code)),
                }
            }
            Slot::Directive(n) => out.push_str(&self.directive_html(n, resolved_doc, render_context)?),
        }
        Ok(())
    }

    fn open_link(&self, out: &mut String, n: usize, resolved_doc: &ResolvedDoc, render_context: RenderContext<'_>) {
        let ResolvedDoc { doc, resolved } = resolved_doc;
        let title = doc.body.links[n].title.as_deref();
        let mut attributes = String::new();
        let mut href = String::new();
        match resolved.links.get(n) {
            Some(ResolvedLink::Internal { url, anchor, language }) => {
                href.push_str(render_context.root);
                href.push_str(url);
                href = with_anchor(href, anchor.as_deref());
                if let Some(lang) = language {
                    attributes = format!(" hreflang=\"{}\"", self.site.settings().languages[*lang].tag);
                }
            }
            Some(ResolvedLink::SamePage { anchor }) => {
                if render_context.outside_own_page {
                    href.push_str(render_context.root);
                    href.push_str(&self.site.url(render_context.page));
                }
                href = with_anchor(href, Some(anchor));
            }
            Some(ResolvedLink::External { url }) => {
                href.push_str(url);
                if url.starts_with("http") {
                    attributes = " class=\"external\" rel=\"noopener external\"".to_string();
                }
            }
            Some(ResolvedLink::Unpublished) => {
                out.push_str("<span class=\"link-pending\" title=\"");
                escape_attr(out, &self.site.word(self.lang(render_context), "link_pending"));
                out.push_str("\">");
                return;
            }
            Some(ResolvedLink::Broken) | None => {
                out.push_str("<span>");
                return;
            }
        }
        out.push_str("<a href=\"");
        escape_attr(out, &href);
        out.push('"');
        out.push_str(&attributes);
        if let Some(title) = title {
            out.push_str(" title=\"");
            escape_attr(out, title);
            out.push('"');
        }
        out.push('>');
    }

    fn close_link(&self, out: &mut String, n: usize, resolved_doc: &ResolvedDoc, render_context: RenderContext<'_>) {
        match resolved_doc.resolved.links.get(n) {
            Some(ResolvedLink::Internal { language: Some(lang), .. }) => {
                let language = &self.site.settings().languages[*lang];
                out.push_str("<span class=\"link-language\" lang=\"");
                escape_attr(out, &language.tag);
                out.push_str("\">");
                let name = &language.name;
                escape_text(
                    out,
                    &self.site.word(self.lang(render_context), "link_other_language").replace("{name}", name),
                );
                out.push_str("</span></a>");
            }
            Some(ResolvedLink::External { url }) if url.starts_with("http") => {
                out.push_str("<span class=\"visually-hidden\">");
                escape_text(out, &self.site.word(self.lang(render_context), "md_external"));
                out.push_str("</span></a>");
            }
            Some(ResolvedLink::Internal { .. } | ResolvedLink::SamePage { .. } | ResolvedLink::External { .. }) => {
                out.push_str("</a>")
            }
            Some(ResolvedLink::Unpublished | ResolvedLink::Broken) | None => out.push_str("</span>"),
        }
    }

    pub(in crate::view) fn lang(&self, render_context: RenderContext<'_>) -> usize {
        self.site.meta(render_context.page).lang
    }
}

/// Makes the links of a body those of a feed: `own`, the page's address, stands in front of anchors of the page itself
/// (headings, footnotes, contents), and pages below `root` have their canonical address. Looks inside tags only, which
/// is safe because the renderer escapes `>` in attribute values.
pub(in crate::view) fn with_canonical_addresses(html: &str, root: &str, own: &str) -> String {
    const HREF: &str = "href=\"";
    let mut escaped_root = String::new();
    escape_attr(&mut escaped_root, root);
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        let end = rest[open..].find('>').map_or(rest.len(), |close| open + close + 1);
        out.push_str(&rest[..open]);
        let tag = &rest[open..end];
        match tag.split_once(HREF).and_then(|(before, after)| Some((before, after.split_once('"')?))) {
            Some((before, (address, after))) if address.starts_with('#') || address.starts_with(&escaped_root) => {
                out.push_str(before);
                out.push_str(HREF);
                if address.starts_with('#') {
                    escape_attr(&mut out, own);
                }
                // Relative addresses name the file, as on pages: they are read from disk, too.
                out.push_str(&if root.contains("://") { canonical_address(address) } else { address.into() });
                out.push('"');
                out.push_str(after);
            }
            _ => out.push_str(tag),
        }
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_on_the_page_get_its_address_where_the_page_is_not() {
        let html = "<p><a class=\"anchor\" href=\"#甲\">一</a> <code>href=\"#x\"</code> <a href=\"/b#c\">二</a></p>";
        assert_eq!(
            with_canonical_addresses(html, "https://x.cn/", "https://x.cn/a/"),
            "<p><a class=\"anchor\" href=\"https://x.cn/a/#甲\">一</a> <code>href=\"#x\"</code> <a href=\"/b#c\">二</a></p>"
        );
    }

    #[test]
    fn pages_of_the_site_have_their_canonical_address_in_a_feed() {
        let html = "<a href=\"https://x.cn/a&amp;b/c/index.html#d\">一</a> <a href=\"https://x.cn/a&amp;b/index.html\">二</a> \
                    <a href=\"https://y.cn/index.html\">三</a> <a href=\"https://x.cn/a&amp;b/my-index.html\">四</a> \
                    <code>href=\"https://x.cn/a&amp;b/index.html\"</code>";
        let wanted = html.replacen("c/index.html#d", "c/#d", 1).replacen("b/index.html\">二", "b/\">二", 1);
        assert_eq!(with_canonical_addresses(html, "https://x.cn/a&b/", "https://x.cn/a&b/"), wanted);
    }
}
