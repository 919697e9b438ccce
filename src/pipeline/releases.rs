//! What the site publishes now, as the release log records it.
//!
//! In: a site that is ready to be rendered, and its plan. Out: [`ReleasedNow`]: articles with the hash of their words, attachments with
//! that of their bytes, lists, old addresses. Renders nothing and writes no file.

use crate::catalog::{PageMeta, PageRole};
use crate::outputs::{OutputJob, OutputPlan};
use crate::releases::{ArticleNow, FileNow, ReleasedNow, recorded_title, text_hash};
use crate::view::{SiteData, Views};
use puzhi_core::base::Route;

use super::search_text::release_texts;

/// Endings of files that people link to and download by themselves. Pictures belong to their articles.
const ATTACHMENTS: [&str; 22] = [
    "doc", "docx", "xls", "xlsx", "csv", "ppt", "pptx", "pdf", "ofd", "wps", "et", "dps", "zip", "rar", "7z", "mp3",
    "mp4", "m4a", "odt", "ods", "odp", "epub",
];

/// Name of the rule by which bytes are hashed.
const BYTES_VERSION: &str = "bytes-1";

/// Whether the log has a row for the page: an article that is published and no sample.
fn is_recorded(meta: &PageMeta) -> bool {
    meta.role == PageRole::Page && !meta.sample && !meta.unpublished
}

/// Collects what the site publishes now.
pub fn released_now(views: &Views, plan: &OutputPlan) -> ReleasedNow {
    let site = views.site.untracked();
    let mut now = ReleasedNow::default();
    for job in &plan.jobs {
        if let Some(page) = job.page().filter(|page| is_recorded(site.catalog.page(*page))) {
            let meta = site.catalog.page(page);
            let title = Some(recorded_title(&meta.title)).filter(|title| !title.is_empty());
            let article = ArticleNow {
                title: title.unwrap_or_else(|| meta.path.to_string()),
                file: meta.path.to_string(),
                date: meta.front_matter_date,
                text: text_hash(
                    release_texts(&views.site.resolved_doc(page).doc, &meta.title).iter().map(String::as_str),
                ),
                corrections: u32::try_from(meta.corrections.len()).unwrap_or(u32::MAX),
                withdrawn: meta.withdrawn.is_some(),
            };
            now.articles.insert(job.route.clone(), article);
        } else if job.is_list() && job.derived_from().is_none() {
            now.lists.insert(job.route.clone());
        } else if let Some(file) = attachment(job, site) {
            now.files.insert(job.route.clone(), file);
        }
    }
    for meta in site.catalog.pages.iter().filter(|meta| is_recorded(meta)) {
        let old = meta.aliases.iter().filter_map(|alias| Route::from_alias(&alias.value));
        now.aliases.extend(old.map(|old| (old, meta.route.clone())));
    }
    now.withheld = site.withdrawn_files.iter().map(ToString::to_string).collect();
    now
}

/// The attachment that an output is a copy of.
fn attachment(job: &OutputJob, site: &SiteData) -> Option<FileNow> {
    let [file] = job.published_files() else { return None };
    let is_attachment = job.is_copy() && ATTACHMENTS.contains(&file.extension().as_str());
    let hash = site.files.hash(file).filter(|_| is_attachment)?;
    Some(FileNow { file: file.to_string(), bytes: format!("{BYTES_VERSION}:{hash}") })
}
