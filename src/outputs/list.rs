//! The pages of a list: of a section, of a term, of the terms of a taxonomy. In: the list and the number of a page in
//! it. Out: an HTML page. `view` decides what a list shows.

use std::collections::BTreeSet;

use crate::catalog::{PageId, Pagination, SectionId, TermId, folder_route};
use crate::engine::{Fingerprint, fingerprint};
use crate::view::{ListId, ListPage, SiteData};
use puzhi_core::base::{Route, SitePath};
use puzhi_core::diag::Diagnostic;

use super::format::{Artifact, Format, RenderInput, WriteRank};
use super::plan::Planner;

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// The list.
    pub of: ListId,
    /// Which page of it.
    pub page: ListPage,
}

/// A list with the pages it is split into.
struct PlannedList<'a> {
    id: &'a ListId,
    /// Address of its front.
    route: &'a Route,
    /// Pages in the whole list.
    total: usize,
    page_size: usize,
    /// The page made of the file that describes it, if there is one.
    index: Option<PageId>,
}

impl Format for List {
    fn plan(planner: &mut Planner<'_>) {
        plan_sections(planner);
        plan_terms(planner);
    }

    fn fingerprint(&self, site: &SiteData) -> Fingerprint {
        fingerprint(&(
            "list",
            site.list_key(&self.of),
            matches!(self.of, ListId::Taxonomy { .. }),
            format!("{:?}", self.page),
        ))
    }

    fn name(&self, _: &SiteData) -> &'static str {
        match self.of {
            ListId::Section(_) => "section.html",
            ListId::Term(_) => "term.html",
            ListId::Taxonomy { .. } => "taxonomy.html",
        }
    }

    fn write_rank(&self) -> WriteRank {
        match self.page {
            ListPage::Front => WriteRank::List,
            ListPage::Archive(_) => WriteRank::Page,
        }
    }

    fn is_html(&self) -> bool {
        true
    }

    fn is_list(&self) -> bool {
        true
    }

    fn render<'f>(&self, input: &RenderInput<'_, 'f>) -> Result<Artifact<'f>, Box<Diagnostic>> {
        Ok(input.views.list(&self.of, self.page)?.into())
    }
}

fn plan_sections(planner: &mut Planner<'_>) {
    let catalog = planner.input.catalog;
    for (i, section) in catalog.sections.iter().enumerate().filter(|(_, section)| !section.folder.is_empty()) {
        plan_list(
            planner,
            &PlannedList {
                id: &ListId::Section(SectionId(i as u32)),
                route: &section.route,
                total: section.pages.len(),
                page_size: section.page_size,
                index: section.index,
            },
        );
    }
}

fn plan_terms(planner: &mut Planner<'_>) {
    let (catalog, settings) = (planner.input.catalog, planner.input.settings);
    let mut used: BTreeSet<(&str, usize)> = BTreeSet::new();
    for (i, term) in catalog.terms.iter().enumerate() {
        used.insert((&term.taxonomy, term.lang));
        plan_list(
            planner,
            &PlannedList {
                id: &ListId::Term(TermId(i as u32)),
                route: &term.route,
                total: term.pages.len(),
                page_size: settings.page_size,
                index: term.index,
            },
        );
    }
    for (key, lang) in used {
        let route = folder_route(settings.language_prefix(lang), key);
        let index = catalog.translation(&format!("{key}/_index"), lang);
        let source = index.map(|page| planner.source_of(page));
        let of = ListId::Taxonomy { key: key.to_string(), lang };
        planner.add(route.clone(), List { of, page: ListPage::Front }, source);
        planner.add_to_sitemap(&route, index);
    }
}

fn plan_list(planner: &mut Planner<'_>, list: &PlannedList<'_>) {
    let source: Option<SitePath> = list.index.map(|page| planner.source_of(page));
    let page_of = |page| List { of: list.id.clone(), page };
    planner.add(list.route.clone(), page_of(ListPage::Front), source.clone());
    planner.add_to_sitemap(list.route, list.index);
    for number in 1..=Pagination::new(list.total, list.page_size).archive_pages {
        let page = ListPage::Archive(number);
        planner.add(page.route(list.route), page_of(page), source.clone());
        planner.add_to_sitemap(&page.route(list.route), None);
    }
}
