//! The template data of the search page. In: a language. Out: [`SearchView`]. Knows no template and no index.

use crate::view::model::{SearchPageView, SearchTopicView, SearchView};
use crate::view::tracking::facets::{SearchTopics, SearchTopicsFacts, TopicPage};
use crate::view::tracking::search_route;
use crate::view::tracking::site::Site;

/// Most pages that the search page lists; of a larger site it lists the sections.
const MAX_LISTED: usize = 500;

impl Site {
    /// What the search page of a language shows.
    pub(in crate::view) fn search_view(&self, lang: usize) -> SearchView {
        let SearchTopicsFacts { topics, version, others } = self.read::<SearchTopics>(lang as u32);
        let count = topics.iter().map(|topic| topic.pages.len()).sum();
        let complete = count <= MAX_LISTED;
        let page = |page: &TopicPage<'_>| SearchPageView {
            title: page.title.to_string(),
            url: page.url.to_string(),
            keywords: page.keywords.to_vec(),
        };
        let route = search_route(self.settings().language_prefix(lang));
        let url = self.settings().href(&route);
        SearchView {
            title: self.word(lang, "search"),
            permalink: self.permalink(&url),
            url,
            summary: None,
            breadcrumbs: self.home_crumb(lang),
            translations: self.translation_views(others),
            feeds: None,
            version,
            count,
            complete,
            topics: topics
                .iter()
                .map(|topic| SearchTopicView {
                    title: topic.title.clone(),
                    url: topic.url.clone(),
                    count: topic.pages.len(),
                    pages: if complete { topic.pages.iter().map(page).collect() } else { Vec::new() },
                })
                .collect(),
        }
    }
}
