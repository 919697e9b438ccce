//! The search: a page for each language that has pages to be found, and the files of its index. In: the language and the part. Out: an HTML
//! page, or a script that holds data. `view` puts the page together, the room `search` the files.

use crate::engine::{Fingerprint, fingerprint};
use crate::view::{SiteData, search_route, search_shape};
use puzhi_core::base::Route;
use puzhi_core::diag::Diagnostic;
use puzhi_search::SearchPart;

use super::format::{Artifact, Format, RenderInput, WriteRank};
use super::plan::Planner;

/// The search of a language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    /// Index of the language.
    pub lang: usize,
    /// A file of the index, or `None` for the search page.
    pub part: Option<SearchPart>,
}

impl Format for Search {
    fn plan(planner: &mut Planner<'_>) {
        let (catalog, settings) = (planner.input.catalog, planner.input.settings);
        if !planner.input.theme.has_template("search.html") {
            return;
        }
        for lang in 0..settings.languages.len() {
            let Some(shape) = search_shape(catalog, settings, lang) else { continue };
            let route = search_route(settings.language_prefix(lang));
            for part in shape.parts() {
                planner.add(search_file_route(&route, part), Search { lang, part: Some(part) }, None);
            }
            planner.add(route, Search { lang, part: None }, None);
        }
    }

    fn fingerprint(&self, _: &SiteData) -> Fingerprint {
        fingerprint(&("search", self.lang, self.part))
    }

    fn name(&self, _: &SiteData) -> &'static str {
        if self.part.is_some() { "search index" } else { "search.html" }
    }

    fn write_rank(&self) -> WriteRank {
        WriteRank::List
    }

    /// No file of the site is why it is as large as it is.
    fn is_limited(&self) -> bool {
        false
    }

    fn is_html(&self) -> bool {
        self.part.is_none()
    }

    fn render<'f>(&self, input: &RenderInput<'_, 'f>) -> Result<Artifact<'f>, Box<Diagnostic>> {
        Ok(match self.part {
            Some(part) => input.views.site.search_index(self.lang, part).unwrap_or_default().into(),
            None => input.views.search(self.lang)?.into(),
        })
    }
}

/// The address of a file of the index. `search` is that of the search page.
pub fn search_file_route(search: &Route, part: SearchPart) -> Route {
    let name = part.to_string();
    match name.split_once('/') {
        Some((folder, file)) => {
            let segments = search.as_str().split('/').filter(|segment| !segment.is_empty());
            Route::page(segments.chain([folder])).child_file(file)
        }
        None => search.child_file(&name),
    }
}
