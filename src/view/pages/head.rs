//! What a page says of itself to machines: the tags of government pages, data blocks (JSON-LD), and the terms for republishing.
//! In: the view of a page or list. Out: the view with its head data. Knows no template.
//!
//! Names of tags and their levels follow the annex on web page design of 国办发〔2017〕47号; types and properties follow schema.org.

use serde_json::{Map, Value as Json, json};

use crate::catalog::{PageId, PageMeta, PageRole, PublicationStatus, SectionId};
use crate::settings::Settings;
use crate::view::model::{HeadTagView, LinkView, ListView, PageView, RenditionFileView, RepublishView};
use crate::view::site::url_of;
use crate::view::tracking::facets::{Card, PublicationTime};
use crate::view::tracking::site::Site;
use puzhi_core::base::{DateOrDateTime, escape_json_in_script};
use puzhi_core::kinds::{KindName, Republish};

/// The name of an article's ninjs file, in the folder of its page.
pub const NINJS_FILE: &str = "ninjs.json";

/// The name of an article's oEmbed file, in the folder of its page.
pub const OEMBED_FILE: &str = "oembed.json";

/// What others may do with a page. With what is withdrawn nothing any more.
pub fn republish_terms(settings: &Settings, meta: &PageMeta) -> Republish {
    match meta.withdrawn {
        Some(_) => Republish::No,
        None => written_terms(settings, meta),
    }
}

/// What others may do with a page, or could before it was withdrawn.
pub fn written_terms(settings: &Settings, meta: &PageMeta) -> Republish {
    meta.republish.unwrap_or(settings.republish.default)
}

/// Whether files for other media are made of a page. Never of samples, of what is not
/// published, withdrawn or expired.
pub fn is_republished(settings: &Settings, meta: &PageMeta) -> bool {
    let is_out = meta.sample || meta.expired || !settings.kinds.is_searchable(meta.kind);
    let is_usable = meta.publication_status() == PublicationStatus::Usable;
    is_usable && meta.role == PageRole::Page && !is_out && republish_terms(settings, meta).is_allowed()
}

/// Whether a press pack and a page for WeChat are made of a page. Of what is withdrawn no more goes out.
pub fn has_press_files(settings: &Settings, meta: &PageMeta) -> bool {
    is_republished(settings, meta) && meta.withdrawn.is_none()
}

/// Whether a page to copy it into WeChat's editor is made of a page, if the theme has a template for it.
pub fn has_wechat_page(settings: &Settings, meta: &PageMeta) -> bool {
    meta.wechat.unwrap_or(settings.republish.wechat) && has_press_files(settings, meta)
}

/// Where a text is from, if the words say it on other sites, too.
fn named_source(source: Option<&str>) -> Option<&str> {
    source.filter(|text| !text.contains("本站"))
}

/// The time of publication as the tag `PubDate` has it: 24 hours in the site's zone. A day without a time stays a day.
fn pub_date(moment: DateOrDateTime) -> String {
    match moment.time {
        Some(time) => format!("{} {:02}:{:02}", moment.date, time.hour(), time.minute()),
        None => moment.date.to_string(),
    }
}

fn tag(name: &'static str, content: impl Into<String>) -> HeadTagView {
    HeadTagView { name, content: content.into() }
}

/// Tags of a column. The type is the column's own name, as on the portals of ministries.
fn column_tags(title: &str, summary: &str) -> Vec<HeadTagView> {
    let description = if summary.is_empty() { title } else { summary };
    vec![
        tag("ColumnName", title),
        tag("ColumnDescription", description),
        tag("ColumnKeywords", title),
        tag("ColumnType", title),
    ]
}

impl Site {
    /// The day or time of publication of a page, where one is known.
    pub fn published(&self, id: PageId) -> Option<DateOrDateTime> {
        self.read::<PublicationTime>(id)
    }

    /// Who a text comes from: what the page says, else who is responsible for the site. A source that calls the site 本站 is named by the
    /// site, since it is another one elsewhere.
    pub fn content_source(&self, source: Option<&str>, lang: usize) -> String {
        let language = &self.settings().languages[lang];
        named_source(source).or(language.organiser.as_deref()).unwrap_or(&language.title).to_string()
    }

    /// The page with its tags, its data block and its terms.
    pub(in crate::view) fn with_head_data(&self, id: PageId, view: PageView) -> PageView {
        let whole = self.page(id);
        let meta = whole.meta;
        let mut tags = Vec::new();
        if meta.role == PageRole::Page {
            let section = whole.section().filter(|section| self.section(*section).parent.is_some());
            tags.extend(section.into_iter().flat_map(|section| self.section_tags(section)));
            tags.extend(self.article_tags(id, meta, &view));
        }
        let data = self.page_data(id, meta, &view);
        PageView { republish: self.republish_view(meta, &view), head_tags: tags, data_html: data, ..view }
    }

    fn section_tags(&self, id: SectionId) -> Vec<HeadTagView> {
        let section = self.section(id);
        let summary = section.index.map(|index| self.read::<Card>(index).parts().page.summary.to_string());
        column_tags(section.title, &summary.unwrap_or_default())
    }

    fn article_tags(&self, id: PageId, meta: &PageMeta, view: &PageView) -> Vec<HeadTagView> {
        // Not the words for the search, which are on no page.
        let keywords: Vec<&str> = view.tags.iter().map(|term| term.name.as_str()).collect();
        let image = view.image.as_ref().and_then(|image| self.permalink(&image.url));
        let optional = |name, value: Option<&str>| Some(tag(name, value.filter(|text| !text.is_empty())?));
        [
            Some(tag("ArticleTitle", &view.title)),
            self.published(id).map(|moment| tag("PubDate", pub_date(moment))),
            Some(tag("ContentSource", self.content_source(view.source.as_deref(), meta.lang))),
            optional("Keywords", Some(&keywords.join(","))),
            optional("Author", view.author.as_deref()),
            optional("Description", Some(&view.summary)),
            optional("Image", image.as_deref()),
            optional("Url", view.permalink.as_deref()),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// A list with its tags and its data block.
    pub(in crate::view) fn with_list_data(&self, list: ListView) -> ListView {
        let head_tags = column_tags(&list.title, list.summary.as_deref().unwrap_or_default());
        let crumbs = self.breadcrumb_data(&list.breadcrumbs, &list.title, list.permalink.as_deref());
        ListView { head_tags, data_html: crumbs.map(|crumbs| data_block(&[crumbs])), ..list }
    }

    /// The data block of the home page: the site and who is responsible for it.
    pub(in crate::view) fn home_data(&self, lang: usize) -> Option<String> {
        let language = &self.settings().languages[lang];
        let url = self.permalink(&url_of(&crate::catalog::folder_route(self.settings().language_prefix(lang), "")))?;
        let mut site = json!({
            "@type": "WebSite", "name": language.title, "url": url, "inLanguage": language.tag,
            "publisher": self.organisation(lang),
        });
        if let Some(text) = &language.description {
            site["description"] = json!(text);
        }
        Some(data_block(&[site.to_string()]))
    }

    fn organisation(&self, lang: usize) -> Json {
        let language = &self.settings().languages[lang];
        let name = language.organiser.as_ref().unwrap_or(&language.title);
        let mut organisation = json!({ "@type": "Organization", "name": name });
        if let Some(url) = language.organiser_url.as_ref().or(self.settings().base_url.as_ref()) {
            organisation["url"] = json!(url);
        }
        organisation
    }

    /// What the page is, in the words that it shows. `None` without `base_url`, since data without an address is of no use.
    fn page_data(&self, id: PageId, meta: &PageMeta, view: &PageView) -> Option<String> {
        let url = view.permalink.as_deref()?;
        if view.noindex {
            return None;
        }
        let mut graph = Vec::new();
        // Events have a block of their own, which calendars share.
        if meta.role == PageRole::Page && meta.event().is_none() {
            let service = self.service_data(meta, view, url);
            graph.push(service.unwrap_or_else(|| self.article_data(meta, view, url, self.published(id))).to_string());
        }
        graph.extend(self.breadcrumb_data(&view.breadcrumbs, &view.title, Some(url)));
        (!graph.is_empty()).then(|| data_block(&graph))
    }

    fn article_data(&self, meta: &PageMeta, view: &PageView, url: &str, published: Option<DateOrDateTime>) -> Json {
        let is_news = matches!(meta.kind, KindName::Policy | KindName::Story) || view.kind == "notice";
        let mut article = Map::new();
        article.insert("@type".into(), json!(if is_news { "NewsArticle" } else { "Article" }));
        article.insert("headline".into(), json!(view.title));
        article.insert("url".into(), json!(url));
        article.insert("inLanguage".into(), json!(self.settings().languages[meta.lang].tag));
        let zone = &self.settings().zone;
        let day = |moment: DateOrDateTime| match moment.time {
            Some(_) => json!(moment.rfc3339(zone)),
            None => json!(moment.date.to_string()),
        };
        if let Some(moment) = published {
            article.insert("datePublished".into(), day(moment));
        }
        if let Some(moment) = meta.last_change() {
            article.insert("dateModified".into(), day(moment));
        }
        if let Some(author) = &view.author {
            article.insert("author".into(), json!({ "@type": "Person", "name": author }));
        }
        if view.has_summary {
            article.insert("description".into(), json!(view.summary));
        }
        if let Some(image) = view.image.as_ref().and_then(|image| self.permalink(&image.url)) {
            article.insert("image".into(), json!(image));
        }
        article.insert("publisher".into(), self.organisation(meta.lang));
        Json::Object(article)
    }

    /// A guide to a service of the government, if the page names the service, the window and the unit in charge.
    fn service_data(&self, meta: &PageMeta, view: &PageView, url: &str) -> Option<Json> {
        let guide = view.guide.as_ref()?;
        let (item, window, unit) = (guide.item.as_ref()?, guide.window.as_ref()?, view.units.first()?);
        let mut channel = Map::new();
        channel.insert("@type".into(), json!("ServiceChannel"));
        if let Some(place) = &window.place {
            channel.insert("serviceLocation".into(), json!({ "@type": "Place", "name": place }));
        }
        if let Some(phone) = &window.phone {
            channel.insert("servicePhone".into(), json!({ "@type": "ContactPoint", "telephone": phone }));
        }
        Some(json!({
            "@type": "GovernmentService", "name": item, "url": url,
            "inLanguage": self.settings().languages[meta.lang].tag,
            "provider": { "@type": "GovernmentOrganization", "name": unit.name },
            "availableChannel": channel,
        }))
    }

    /// The way to the page as JSON; written straight, since every page and list has it.
    fn breadcrumb_data(&self, crumbs: &[LinkView], title: &str, url: Option<&str>) -> Option<String> {
        let url = url.filter(|_| !crumbs.is_empty())?;
        let mut out = String::from(r#"{"@type":"BreadcrumbList","itemListElement":["#);
        let mut entry = |position: usize, name: &str, address: &str| {
            if position > 1 {
                out.push(',');
            }
            let (name, address) = (json_text(name), json_text(address));
            out.push_str(&format!(r#"{{"@type":"ListItem","position":{position},"name":{name},"item":{address}}}"#));
        };
        for (crumb, position) in crumbs.iter().zip(1..) {
            entry(position, &crumb.title, &self.permalink(&crumb.url)?);
        }
        entry(crumbs.len() + 1, title, url);
        out.push_str("]}");
        Some(out)
    }

    /// What others may do with the page; `None` for samples and what is not published or withdrawn.
    pub(super) fn republish_view(&self, meta: &PageMeta, view: &PageView) -> Option<RepublishView> {
        if meta.role != PageRole::Page || meta.sample || meta.publication_status() != PublicationStatus::Usable {
            return None;
        }
        let settings = self.settings();
        let terms = republish_terms(settings, meta);
        let mut files = Vec::new();
        if is_republished(settings, meta) && settings.base_url.is_some() && settings.republish.ninjs {
            let url = url_of(&meta.route.child_file(NINJS_FILE));
            files.push(RenditionFileView { format: "ninjs", media_type: "application/json", url });
        }
        if has_press_files(settings, meta) {
            files.extend(self.press_files(meta));
        }
        Some(RepublishView {
            terms: terms.key(),
            words: self.terms_in_words(terms, meta.lang),
            credit: terms.is_allowed().then(|| self.credit_line(meta, view)),
            oembed: self.has_oembed(meta).then(|| url_of(&meta.route.child_file(OEMBED_FILE))),
            files,
        })
    }

    fn has_oembed(&self, meta: &PageMeta) -> bool {
        let settings = self.settings();
        settings.base_url.is_some() && settings.republish.embeds && is_republished(settings, meta)
    }

    /// What others may do with a page, as a sentence.
    pub fn terms_in_words(&self, terms: Republish, lang: usize) -> String {
        let key = match terms {
            Republish::Free => "republish_free",
            Republish::WithCredit => "reprint",
            Republish::Ask => "republish_ask",
            Republish::No => "republish_no",
        };
        self.word(lang, key).replace("{site}", &self.settings().languages[lang].title)
    }

    /// The line that names where a text is from, for whoever republishes it.
    fn credit_line(&self, meta: &PageMeta, view: &PageView) -> String {
        let word = |key: &str| self.word(meta.lang, key);
        let colon = word("colon");
        // The terms ask for the site's name; where the site has the text from comes after it.
        let mut source = self.settings().languages[meta.lang].title.clone();
        if let Some(from) = named_source(view.source.as_deref()) {
            let (open, close) = if self.is_zh(meta.lang) { ("（", "）") } else { (" (", ")") };
            source.push_str(&format!("{open}{from}{close}"));
        }
        let day = view.date.as_ref().map(|date| date.text.clone());
        let rows = [
            ("source", Some(source)),
            ("author", view.author.clone()),
            ("published", day),
            ("updated", view.updated.as_ref().map(|date| date.text.clone())),
            ("republish_original", view.permalink.clone()),
        ];
        let parts = rows.into_iter().filter_map(|(key, value)| Some(format!("{}{colon}{}", word(key), value?)));
        parts.collect::<Vec<_>>().join(&word("semicolon"))
    }
}

/// A data block of these things, each in JSON, for a `script` element of the type `application/ld+json`.
fn data_block(graph: &[String]) -> String {
    escape_json_in_script(&format!(r#"{{"@context":"https://schema.org","@graph":[{}]}}"#, graph.join(",")))
}

/// A text as JSON.
fn json_text(text: &str) -> String {
    Json::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, time};

    #[test]
    fn a_day_without_a_time_is_never_padded() {
        let day = date(2026, 11, 1);
        assert_eq!(pub_date(DateOrDateTime { date: day, time: Some(time(14, 5, 9, 0)) }), "2026-11-01 14:05");
        assert_eq!(pub_date(DateOrDateTime { date: day, time: Some(time(0, 0, 0, 0)) }), "2026-11-01 00:00");
        assert_eq!(pub_date(DateOrDateTime { date: day, time: None }), "2026-11-01");
    }
}
