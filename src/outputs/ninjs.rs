//! ninjs 3.2, the format of the IPTC in which news desks exchange articles: a file for each article, and a list of the newest of a
//! language as one composite item. A withdrawn article stays as an item without a text. In: the page or the language, and the views. Out: the files.
//!
//! Only members are written that the schemas of 3.1 and 3.2 both have. Times without an hour begin at midnight, since the format knows no
//! days.

use serde_json::{Map, Value as Json, json};

use crate::catalog::{PageId, PageMeta, PublicationStatus, folder_route};
use crate::engine::{Fingerprint, fingerprint};
use crate::settings::Settings;
use crate::view::{
    FeedId, NINJS_FILE, Site, SiteData, Views, canonical_address, is_republished, republish_terms, url_of,
    written_terms,
};
use puzhi_core::base::DateOrDateTime;
use puzhi_core::diag::Diagnostic;

use super::format::{Artifact, Format, RenderInput, RenderTurn, WriteRank};
use super::plan::Planner;

/// The ninjs file of an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ninjs(pub PageId);

/// The newest articles of a language, by its index in the settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NinjsList(pub usize);

/// Whether a page is an item: an article that may be republished, or one that was and is withdrawn, so that desks that have it learn of that.
fn is_item(settings: &Settings, meta: &PageMeta) -> bool {
    let was_item = || meta.shows_withdrawal() && written_terms(settings, meta).is_allowed();
    is_republished(settings, meta) || meta.publication_status() == PublicationStatus::Canceled && was_item()
}

fn is_wanted(planner: &Planner<'_>) -> bool {
    planner.input.settings.republish.ninjs && planner.input.settings.base_url.is_some()
}

impl Format for Ninjs {
    fn plan(planner: &mut Planner<'_>) {
        if !is_wanted(planner) {
            return;
        }
        let (catalog, settings) = (planner.input.catalog, planner.input.settings);
        for id in catalog.page_ids() {
            let meta = catalog.page(id);
            if is_item(settings, meta) {
                planner.add(meta.route.child_file(NINJS_FILE), Ninjs(id), Some(meta.path.clone()));
            }
        }
    }

    fn fingerprint(&self, site: &SiteData) -> Fingerprint {
        fingerprint(&("ninjs", site.path(self.0)))
    }

    fn name(&self, _: &SiteData) -> &'static str {
        "ninjs"
    }

    fn write_rank(&self) -> WriteRank {
        WriteRank::Page
    }

    fn render<'f>(&self, input: &RenderInput<'_, 'f>) -> Result<Artifact<'f>, Box<Diagnostic>> {
        Ok(article_file(self.0, None, input.views)?.into())
    }

    fn render_turn(&self) -> RenderTurn {
        RenderTurn::Pages
    }
}

impl Format for NinjsList {
    fn plan(planner: &mut Planner<'_>) {
        if !is_wanted(planner) {
            return;
        }
        let sections = planner.input.catalog.sections.iter().filter(|section| section.folder.is_empty());
        let homes: Vec<_> = sections.map(|section| (section.route.child_file(NINJS_FILE), section.lang)).collect();
        for (route, lang) in homes {
            planner.add(route, NinjsList(lang), None);
        }
    }

    fn fingerprint(&self, site: &SiteData) -> Fingerprint {
        fingerprint(&("ninjs list", site.feed_key(&FeedId::Language(self.0))))
    }

    fn name(&self, _: &SiteData) -> &'static str {
        "ninjs"
    }

    fn write_rank(&self) -> WriteRank {
        WriteRank::List
    }

    fn render<'f>(&self, input: &RenderInput<'_, 'f>) -> Result<Artifact<'f>, Box<Diagnostic>> {
        Ok(document(composite(self.0, input.views)?).into())
    }

    fn render_turn(&self) -> RenderTurn {
        RenderTurn::Feeds
    }
}

/// The ninjs file of an article. One that nobody may publish before a moment is withheld until then.
pub(super) fn article_file(
    id: PageId,
    embargo: Option<DateOrDateTime>,
    views: &Views,
) -> Result<String, Box<Diagnostic>> {
    let mut item = article(id, views)?;
    if let Some(until) = embargo {
        item.insert("pubStatus".into(), json!("withheld"));
        item.insert("embargoedUntil".into(), json!(until.rfc3339(&views.site.settings().zone)));
    }
    Ok(document(item))
}

/// The file of an item, with the standard that it keeps to.
fn document(mut item: Map<String, Json>) -> String {
    let schema = "http://www.iptc.org/std/ninjs/ninjs-schema_3.2.json#";
    item.insert("standard".into(), json!({ "name": "ninjs", "version": "3.2", "schema": schema }));
    format!("{:#}\n", Json::Object(item))
}

/// The newest articles of a language as one item.
fn composite(lang: usize, views: &Views) -> Result<Map<String, Json>, Box<Diagnostic>> {
    let site = &views.site;
    let settings = site.settings();
    let language = &settings.languages[lang];
    let base = settings.base_url.as_deref().unwrap_or_default();
    let home = url_of(&folder_route(settings.language_prefix(lang), ""));
    let mut newest: Option<DateOrDateTime> = None;
    let mut associations = Vec::new();
    for item in site.feed(&FeedId::Language(lang)) {
        let meta = site.meta(item.page);
        if !is_item(settings, meta) {
            continue;
        }
        newest = newest.max(meta.last_change()).max(Some(item.published));
        let mut article = article(item.page, views)?;
        article.insert("name".into(), json!(meta.title));
        associations.push(Json::Object(article));
    }
    let mut list = Map::new();
    list.insert("uri".into(), json!(format!("{base}{home}{NINJS_FILE}")));
    list.insert("type".into(), json!("composite"));
    list.insert("pubStatus".into(), json!("usable"));
    list.insert("language".into(), json!(language.tag));
    list.insert("title".into(), json!(language.title));
    if let Some(newest) = newest {
        list.insert("versionCreated".into(), json!(newest.rfc3339(&settings.zone)));
    }
    list.insert("associations".into(), json!(associations));
    Ok(list)
}

/// An article as an item.
fn article(id: PageId, views: &Views) -> Result<Map<String, Json>, Box<Diagnostic>> {
    let site = &views.site;
    let settings = site.settings();
    let meta = site.meta(id);
    let resolved_doc = site.resolved_doc(id);
    let front_matter = &resolved_doc.doc.front_matter;
    let language = &settings.languages[meta.lang];
    let base = settings.base_url.as_deref().unwrap_or_default();
    let uri = format!("{base}{}", canonical_address(&site.url(id)));
    let mut item = Map::new();
    let mut put = |key: &str, value: Json| {
        if !value.is_null() {
            item.insert(key.to_string(), value);
        }
    };
    put("uri", json!(uri));
    put("type", json!("text"));
    let published = site.published(id);
    let is_canceled = meta.publication_status() == PublicationStatus::Canceled;
    put("firstCreated", json!(published.map(|moment| moment.rfc3339(&settings.zone))));
    put("versionCreated", json!(meta.last_change().max(published).map(|moment| moment.rfc3339(&settings.zone))));
    put("pubStatus", json!(if is_canceled { "canceled" } else { "usable" }));
    put("edNote", json!(desk_note(site, meta)));
    put("copyrightHolder", json!(language.organiser));
    put("copyrightNotice", json!(language.copyright));
    put("usageTerms", json!(site.terms_in_words(republish_terms(settings, meta), meta.lang)));
    put("language", json!(language.tag));
    put("headlines", json!([{ "role": "main", "contentType": "text/plain", "value": meta.title }]));
    if !meta.summary.is_empty() {
        put("descriptions", json!([{ "role": "summary", "contentType": "text/plain", "value": meta.summary }]));
    }
    if !is_canceled {
        let html = views.portable(id)?;
        put("representationType", json!("full"));
        put("bodies", json!([{ "role": "main", "contentType": "text/html", "value": html }]));
    }
    put("title", json!(meta.title));
    put("by", json!(front_matter.author));
    put("expires", json!(meta.expires.map(|moment| moment.rfc3339(&settings.zone))));
    let source = site.content_source(front_matter.source.as_deref(), meta.lang);
    put("infoSources", json!([{ "name": source, "role": "source" }]));
    let tags: Vec<Json> = site.terms_of(id, "tags").into_iter().map(|term| json!({ "name": term.name })).collect();
    if !tags.is_empty() {
        put("subjects", json!(tags));
    }
    let mut renditions = vec![json!({ "name": "web", "href": uri, "contentType": "text/html", "title": meta.title })];
    renditions.extend(picture(id, views));
    put("renditions", json!(renditions));
    Ok(item)
}

/// What a desk has to know of an article that it may have: that it is withdrawn and why, and its corrections, the newest first, a line each.
fn desk_note(site: &Site, meta: &PageMeta) -> Option<String> {
    let word = |key: &str| site.word(meta.lang, key);
    let line = |key: &str, when: Option<DateOrDateTime>, texts: [Option<&str>; 2]| {
        let [what, why] = texts;
        let day = when.map(|when| format!(" {}", site.date(when, meta.lang).text));
        let why = why.map(|why| format!("{}{}{why}", word("correction_why"), word("colon")));
        let said: Vec<String> = what.map(str::to_string).into_iter().chain(why).collect();
        format!("{}{}{}{}", word(key), day.unwrap_or_default(), word("colon"), said.join(" "))
    };
    let withdrawn = meta.withdrawn.iter().map(|w| line("withdrawn", w.when, [None, w.why.as_deref()]));
    let corrected = meta.corrections.iter();
    let corrected = corrected.map(|c| line("correction", Some(c.when), [Some(&c.what), c.why.as_deref()]));
    let lines: Vec<String> = withdrawn.chain(corrected).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// The picture of the page, if it is one that every program shows.
fn picture(id: PageId, views: &Views) -> Option<Json> {
    let image = views.site.cover(id)?;
    let media_type = match image.url.rsplit('.').next()?.to_ascii_lowercase().as_str() {
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        _ => return None,
    };
    let mut rendition = json!({ "name": "main", "href": views.site.permalink(&image.url)?, "contentType": media_type });
    if let Some((width, height)) = image.size {
        rendition["width"] = json!(width);
        rendition["height"] = json!(height);
    }
    Some(rendition)
}
