//! An article for other media: what the crate `puzhi-press` needs of it, and the page that copies it into WeChat's editor. In: a page. Out: an
//! [`Article`], HTML. A theme without `wechat.html` has no such pages. Knows no format of outputs.

use percent_encoding::percent_decode_str;
use puzhi_press::{Article, ArticleInfo, Limit, LimitName, MediaFile, WechatFragment, wechat_fragment, wechat_limits};

use crate::catalog::{PageId, PageMeta};
use crate::view::model::{
    DateView, OutletView, PageView, RenditionFileView, RepublishView, WechatLimitView, WechatPictureView, WechatView,
};
use crate::view::pages::head::has_wechat_page;
use crate::view::site::root_of;
use crate::view::tracking::site::Site;
use crate::view::views::{Views, insert};
use puzhi_core::base::{DateOrDateTime, LineColumn, Route};
use puzhi_core::diag::{Diagnostic, codes};

/// The template, which also decides whether there are such pages.
pub const WECHAT_TEMPLATE: &str = "wechat.html";

/// The name of an article's press pack, in the folder of its page.
pub const PRESS_FILE: &str = "press.zip";

/// Address of the page that copies an article into WeChat's editor.
pub fn wechat_route(page: &Route) -> Route {
    page.child("wechat")
}

impl Site {
    /// The files for other media that an article has, for its page. The page's own check of terms comes first.
    pub(super) fn press_files(&self, meta: &PageMeta) -> Vec<RenditionFileView> {
        let settings = self.settings();
        let mut files = Vec::new();
        if has_wechat_page(settings, meta) && self.template(WECHAT_TEMPLATE).exists() {
            let url = settings.href(&wechat_route(&meta.route));
            files.push(RenditionFileView { format: "wechat", media_type: "text/html", url });
        }
        if settings.republish.press {
            let url = crate::view::site::url_of(&meta.route.child_file(PRESS_FILE));
            files.push(RenditionFileView { format: "press", media_type: "application/zip", url });
        }
        files
    }

    /// A day as such, a time with the offset of the site's zone (RFC 3339).
    fn machine_time(&self, moment: DateOrDateTime) -> String {
        if moment.time.is_some() { moment.rfc3339(&self.settings().zone) } else { moment.iso() }
    }

    /// What is known of an article besides its text.
    fn article_info(&self, id: PageId) -> ArticleInfo {
        let meta = self.meta(id);
        let language = &self.settings().languages[meta.lang];
        let view = self.article_view(id, String::new());
        let RepublishView { words, credit, .. } = self.republish_view(meta, &view).unwrap_or_else(|| RepublishView {
            terms: "",
            words: String::new(),
            credit: None,
            oembed: None,
            files: Vec::new(),
        });
        let day = |date: &Option<DateView>, of: fn(&DateView) -> &String| date.as_ref().map(of).cloned();
        let published = self.published(id).map(|moment| self.date(moment, meta.lang));
        let contact = self.settings().contact.as_ref();
        let contact = contact.map(|c| [&c.name, &c.phone, &c.email, &c.address].map(|part| part.as_deref()));
        ArticleInfo {
            title: view.title,
            summary: view.summary,
            author: view.author.unwrap_or_default(),
            source: self.content_source(view.source.as_deref(), meta.lang),
            editor: view.editor.unwrap_or_default(),
            reviewer: view.reviewer.unwrap_or_default(),
            embargo: String::new(),
            embargo_iso: String::new(),
            published: day(&published, |date| &date.text).unwrap_or_default(),
            published_iso: self.published(id).map(|moment| self.machine_time(moment)).unwrap_or_default(),
            updated: day(&view.updated, |date| &date.text).unwrap_or_default(),
            updated_iso: meta.updated.map(|moment| self.machine_time(moment)).unwrap_or_default(),
            url: view.permalink.unwrap_or_default(),
            site: language.title.clone(),
            credit_line: credit.unwrap_or_default(),
            permission: words,
            contact: contact.into_iter().flatten().flatten().collect::<Vec<_>>().join(" "),
            language: language.tag.clone(),
        }
    }
}

impl Views {
    /// An article as blocks. Fails if a template does, or makes HTML too large or too deep for an article.
    pub fn press_article(&self, id: PageId) -> Result<Article, Box<Diagnostic>> {
        let html = self.portable(id)?;
        Article::from_html(&html, self.site.article_info(id)).map_err(|_| {
            let path = &self.site.meta(id).path;
            let rows = [
                ("cause_zh", "文章的 HTML 太大，或者套的层数太多，做不了公众号稿和稿件包"),
                ("cause_en", "the HTML of the article is too large or too deep for WeChat and press packs"),
                ("advice_zh", "把文章拆成几页，或者在文章里写“转载: 不可”"),
                ("advice_en", "split the article into pages, or write `republish: no` in it"),
                ("page_zh", ""),
                ("page_en", ""),
            ];
            let diag =
                Diagnostic::new(&codes::theme::TEMPLATE_FAILED).at_position(path, LineColumn { line: 1, column: 1 });
            Box::new(rows.into_iter().fold(diag, |diag, (name, value)| diag.arg(name, value)))
        })
    }

    /// An article as blocks that nobody may publish before this moment. Fails as [`Views::press_article`] does.
    pub fn embargoed_article(&self, id: PageId, until: DateOrDateTime) -> Result<Article, Box<Diagnostic>> {
        let mut article = self.press_article(id)?;
        let date = self.site.date(until, self.site.meta(id).lang);
        (article.info.embargo, article.info.embargo_iso) = (date.text, self.site.machine_time(until));
        Ok(article)
    }

    /// The page that copies an article into WeChat's editor.
    /// `media` are the article's pictures, `outlets` what other media ask of it.
    pub fn wechat(
        &self,
        id: PageId,
        article: &Article,
        media: &[MediaFile],
        outlets: Vec<OutletView>,
    ) -> Result<Vec<u8>, Box<Diagnostic>> {
        let site = &self.site;
        let meta = site.meta(id);
        let route = wechat_route(&meta.route);
        let root = root_of(&route);
        let whole = site.article_view(id, String::new());
        let mut breadcrumbs = whole.breadcrumbs;
        breadcrumbs.push(site.link(id));
        let page = PageView {
            url: site.settings().href(&route),
            // Nobody should find this page by search or share it.
            permalink: None,
            noindex: true,
            toc: Vec::new(),
            breadcrumbs,
            ..whole
        };
        let mut context = self.context(meta.lang, &route, &root);
        insert(&mut context, "page", &page);
        insert(&mut context, "wechat", &wechat_view(article, media, outlets));
        self.render(WECHAT_TEMPLATE, context)
    }
}

/// What the page shows of an article and its limits. The styles of the fragment are in `data-style`, since a strict policy of the server lets
/// no page have styles in its HTML; a script sets them.
fn wechat_view(article: &Article, media: &[MediaFile], outlets: Vec<OutletView>) -> WechatView {
    let WechatFragment { html, uploads, unresolved } = wechat_fragment(article);
    let limits = wechat_limits(&article.info, &html, media);
    WechatView {
        title: article.info.title.clone(),
        author: article.info.author.clone(),
        digest: article.info.summary.clone(),
        original: article.info.url.clone(),
        // Text and values have no quotation marks that are not escaped, so this stands in tags alone.
        fragment_html: html.replace(" style=\"", " data-style=\""),
        limits: limits.iter().map(limit_view).collect(),
        uploads: uploads
            .into_iter()
            .enumerate()
            .map(|(i, picture)| WechatPictureView { number: i + 1, address: picture.address, alt: picture.alt })
            .collect(),
        unresolved,
        outlets,
    }
}

fn limit_view(limit: &Limit) -> WechatLimitView {
    let name = match limit.name {
        LimitName::Title => "title",
        LimitName::Author => "author",
        LimitName::Digest => "digest",
        LimitName::BodyCharacters => "body_characters",
        LimitName::BodyBytes => "body_bytes",
        LimitName::Original => "original",
        LimitName::Picture(_) => "picture",
    };
    let picture = match &limit.name {
        LimitName::Picture(address) => {
            let file = address.rsplit('/').next().unwrap_or_default();
            Some(percent_decode_str(file).decode_utf8_lossy().into_owned())
        }
        _ => None,
    };
    WechatLimitView { picture, name, value: limit.value, most: limit.most, is_kept: limit.is_kept() }
}
