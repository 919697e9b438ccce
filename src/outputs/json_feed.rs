//! JSON Feed 1.1. In: a feed's id and the views. Out: the file.

use serde_json::json;

use crate::engine::{Fingerprint, fingerprint};
use crate::settings::feeds::FEED_JSON;
use crate::view::{FeedId, Site, SiteData};
use puzhi_core::diag::Diagnostic;

use super::feed::{self, Feed, collect};
use super::format::{Artifact, Format, RenderInput, RenderTurn, WriteRank};
use super::plan::Planner;

/// A JSON feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonFeed(pub FeedId);

impl Format for JsonFeed {
    fn plan(planner: &mut Planner<'_>) {
        feed::plan(planner, &FEED_JSON, JsonFeed);
    }

    fn fingerprint(&self, site: &SiteData) -> Fingerprint {
        fingerprint(&("json feed", site.feed_key(&self.0)))
    }

    fn name(&self, _: &SiteData) -> &'static str {
        "JSON Feed"
    }

    fn write_rank(&self) -> WriteRank {
        WriteRank::List
    }

    fn render<'f>(&self, input: &RenderInput<'_, 'f>) -> Result<Artifact<'f>, Box<Diagnostic>> {
        Ok(json(&collect(&self.0, input.views)?, &input.views.site).into())
    }

    fn render_turn(&self) -> RenderTurn {
        RenderTurn::Feeds
    }
}

/// The feed as JSON Feed.
pub(super) fn json(feed: &Feed, site: &Site) -> String {
    let zone = &site.settings().zone;
    let language = &site.settings().languages[feed.lang];
    let items: Vec<serde_json::Value> = feed
        .entries
        .iter()
        .map(|e| {
            let mut item = json!({
                "id": e.id,
                "url": e.url,
                "title": e.title,
                "content_html": e.html,
                "date_published": e.published.rfc3339(zone),
                "date_modified": e.updated.rfc3339(zone),
                // Members that begin with `_` are for what the format has no member for.
                "_credit": { "source": e.source, "rights": e.rights },
            });
            if !e.summary.is_empty() {
                item["summary"] = json!(e.summary);
            }
            if !e.tags.is_empty() {
                item["tags"] = json!(e.tags);
            }
            if let Some(name) = &e.author {
                item["authors"] = json!([{ "name": name }]);
            }
            item
        })
        .collect();
    let value = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.home,
        "feed_url": feed.own_url(&FEED_JSON),
        "language": language.tag,
        "items": items,
    });
    format!("{value:#}\n")
}
