//! Directives that need other pages, data or files. In: the parsed directive and the page's resolved references. Out:
//! HTML from the theme's `directives/NAME.html`. Parses no directive.

use crate::catalog::PageId;
use crate::markdown::{DirectiveData, TimelineEntry};
use crate::source::human_size;
use puzhi_core::diag::Diagnostic;
use puzhi_core::kinds::SectionOrder;

use super::diagrams;
use super::fill::RenderContext;
use super::page::toc;
use crate::view::model::{CardView, DirectiveView, TargetGroup, TimelineView};
use crate::view::site::{ResolvedLink, with_anchor};
use crate::view::tracking::doc_cache::ResolvedDoc;
use crate::view::tracking::facets::{Found, FoundPages, Query};
use crate::view::tracking::site::Site;
use crate::view::views::Views;

/// Limit of entries for a directive that sets none.
const MAX_CARDS: usize = 500;

/// One directive of a page, where it is to be shown.
#[derive(Clone, Copy)]
pub(super) struct PlacedDirective<'d> {
    /// Its index in the body.
    n: u32,
    /// The page's document.
    pub resolved_doc: &'d ResolvedDoc,
    /// Where the body will be placed.
    pub render_context: RenderContext<'d>,
    /// Index of the page's language.
    lang: usize,
}

impl PlacedDirective<'_> {
    /// Address of a link of the body for `href`; none if it leads nowhere.
    pub fn href(&self, link: u32) -> Option<String> {
        match self.resolved_doc.resolved.links.get(link as usize)? {
            ResolvedLink::Internal { url, anchor, .. } => {
                Some(with_anchor(format!("{}{url}", self.render_context.root), anchor.as_deref()))
            }
            ResolvedLink::External { url } => Some(url.clone()),
            ResolvedLink::SamePage { anchor } => Some(with_anchor(String::new(), Some(anchor))),
            ResolvedLink::Unpublished | ResolvedLink::Broken => None,
        }
    }
}

impl Views {
    pub(in crate::view) fn directive_html(
        &self,
        n: u32,
        resolved_doc: &ResolvedDoc,
        render_context: RenderContext<'_>,
    ) -> Result<String, Box<Diagnostic>> {
        let data = &resolved_doc.doc.body.directives[n as usize].data;
        let placed = PlacedDirective { n, resolved_doc, render_context, lang: self.lang(render_context) };
        let Some(view) = self.directive_view(data, placed)? else { return Ok(String::new()) };
        self.render_directive(directive_template(data), &view, render_context)
    }

    /// `None` if what the directive names is missing; the checks have reported that already.
    fn directive_view(
        &self,
        data: &DirectiveData,
        placed: PlacedDirective<'_>,
    ) -> Result<Option<DirectiveView>, Box<Diagnostic>> {
        let site = &self.site;
        let lang = placed.lang;
        Ok(match data {
            DirectiveData::Contacts { entries } => Some(DirectiveView::Contacts { entries: entries.clone() }),
            DirectiveData::Timeline { entries, unit } => Some(self.timeline(entries, unit.as_ref(), placed)?),
            DirectiveData::Flow(flow) => Some(self.flow(flow, placed)?),
            DirectiveData::Decision(decision) => Some(self.decision(decision, placed)?),
            DirectiveData::Bars(chart) => Some(diagrams::bars(chart, placed.render_context.outside_own_page)),
            DirectiveData::Line(chart) => Some(diagrams::line(chart, placed.render_context.outside_own_page)),
            DirectiveData::Gauge(gauge) => {
                let words = (site.word(lang, "gauge_goal"), site.word(lang, "gauge_value"));
                Some(diagrams::gauge(gauge, (&words.0, &words.1), placed.render_context.outside_own_page))
            }
            DirectiveData::Target { id } => single_target(site, id, lang),
            DirectiveData::Targets { group, unit, counts } => Some(DirectiveView::Targets {
                groups: site.target_groups(group.as_deref(), unit.as_deref(), lang),
                single: false,
                counts: *counts,
            }),
            DirectiveData::Table { caption, columns, .. } => table(caption.clone(), columns, placed),
            DirectiveData::Events { campaign, channel, unit, upcoming, limit } => {
                let names = [("campaigns", campaign), ("channels", channel), ("units", unit)];
                let names = names.into_iter().filter_map(|(taxonomy, name)| Some((taxonomy, name.as_deref()?)));
                let terms: Vec<_> = names.map(|(taxonomy, name)| site.spelling(taxonomy, lang, name)).collect();
                let agenda = site.agenda();
                let mut pages: Vec<PageId> = match upcoming {
                    true => agenda.coming(lang).into_iter().map(|coming| coming.page).collect(),
                    false => agenda.by_date(),
                };
                agenda.retain_with_terms(&mut pages, lang, &terms);
                pages.truncate(limit_or_most(*limit));
                Some(DirectiveView::Events { cards: site.card_views(&pages) })
            }
            DirectiveData::Pages { section, kind, tag, unit, campaign, sort, limit } => {
                let terms = [("tags", tag), ("units", unit), ("campaigns", campaign)];
                let found = site.find(Query {
                    lang,
                    section: section.as_ref().map(|s| s.trim_matches('/').to_string()),
                    kind: kind.clone(),
                    terms: terms.into_iter().filter_map(|(t, name)| Some((t.to_string(), name.clone()?))).collect(),
                    sort: sort.as_deref().and_then(sort_order),
                    limit: limit_or_most(*limit),
                });
                Some(DirectiveView::Pages { cards: site.card_views(&found.pages) })
            }
            DirectiveData::Toc { depth } => {
                Some(DirectiveView::Toc { entries: toc(&placed.resolved_doc.doc.body.headings, *depth) })
            }
            DirectiveData::Survey { id, compact } => survey(site, id, *compact, placed),
            DirectiveData::Download { title, written, .. } => download(site, title.as_ref(), written, placed),
        })
    }

    /// The entries of a timeline, each with its text filled.
    fn timeline(
        &self,
        entries: &[TimelineEntry],
        unit: Option<&String>,
        placed: PlacedDirective<'_>,
    ) -> Result<DirectiveView, Box<Diagnostic>> {
        let PlacedDirective { resolved_doc, render_context, .. } = placed;
        let view = |entry: &TimelineEntry| {
            Ok(TimelineView {
                date: entry.date.clone(),
                end: entry.end.clone(),
                title: entry.title.clone(),
                html: self.fill(&entry.text, resolved_doc, render_context)?,
                href: entry.link.and_then(|link| placed.href(link)),
                at: entry.at.as_ref().zip(unit).map(|(at, unit)| format!("{}{unit}", at.written)),
            })
        };
        let ruler = diagrams::ruler(entries, unit).filter(|_| !render_context.outside_own_page);
        Ok(DirectiveView::Timeline {
            entries: entries.iter().map(view).collect::<Result<_, Box<Diagnostic>>>()?,
            ruler,
        })
    }
}

/// One target by its id.
fn single_target(site: &Site, id: &str, lang: usize) -> Option<DirectiveView> {
    let target = site.board(lang).target(id)?;
    let groups = vec![TargetGroup { title: target.group.clone(), targets: vec![target] }];
    Some(DirectiveView::Targets { groups, single: true, counts: false })
}

/// The chosen columns of a table, all of them if none are chosen.
fn table(caption: Option<String>, columns: &[String], placed: PlacedDirective<'_>) -> Option<DirectiveView> {
    let table = placed.resolved_doc.resolved.tables.get(&placed.n)?;
    let chosen: Vec<usize> = if columns.is_empty() {
        (0..table.columns.len()).collect()
    } else {
        columns.iter().filter_map(|c| table.columns.iter().position(|t| t == c)).collect()
    };
    Some(DirectiveView::Table {
        caption,
        columns: chosen.iter().map(|i| table.columns[*i].clone()).collect(),
        rows: table.rows.iter().map(|row| chosen.iter().map(|i| row[*i].clone()).collect()).collect(),
    })
}

/// A survey with its form. A feed reader can neither send a form nor run its script, so it is compact there.
fn survey(site: &Site, id: &str, compact: bool, placed: PlacedDirective<'_>) -> Option<DirectiveView> {
    let found = site.survey_page(id, placed.lang)?;
    Some(DirectiveView::Survey {
        survey: Box::new(site.survey_view(found)?),
        take: Box::new(site.take_view(found, 0)?),
        compact: compact || placed.render_context.outside_own_page,
    })
}

/// A file to download, with its size.
fn download(site: &Site, title: Option<&String>, written: &str, placed: PlacedDirective<'_>) -> Option<DirectiveView> {
    let file = placed.resolved_doc.resolved.files.get(&placed.n)?;
    let name = written.rsplit('/').next().unwrap_or(written);
    Some(DirectiveView::Download {
        title: title.map_or(name, String::as_str).to_string(),
        url: site.settings().href(&file.route),
        extension: file.path.extension().to_uppercase(),
        size: human_size(file.size),
    })
}

/// The order that a directive names.
fn sort_order(name: &str) -> Option<SectionOrder> {
    match name {
        "order" => Some(SectionOrder::Order),
        "title" => Some(SectionOrder::Title),
        "date" => Some(SectionOrder::Date),
        _ => None,
    }
}

/// The limit of a directive; 0 is none.
fn limit_or_most(limit: usize) -> usize {
    if limit == 0 { MAX_CARDS } else { limit }
}

impl Site {
    /// Targets in groups. If both filters are given, both must match; a unit may be given in any spelling.
    pub fn target_groups(&self, group: Option<&str>, unit: Option<&str>, lang: usize) -> Vec<TargetGroup> {
        if let Some(unit) = unit {
            for lang in [lang, 0] {
                self.spelling("units", lang, unit);
            }
        }
        self.board(lang).groups(group, unit)
    }

    /// The pages that a query finds.
    pub(in crate::view) fn find(&self, query: Query) -> FoundPages {
        self.read::<Found>(query)
    }

    /// The list entries of some pages.
    pub(in crate::view) fn card_views(&self, pages: &[PageId]) -> Vec<CardView> {
        pages.iter().map(|id| self.card_view(*id)).collect()
    }
}

/// The template of a directive, without folder and extension.
fn directive_template(data: &DirectiveData) -> &'static str {
    match data {
        DirectiveData::Download { .. } => "download",
        DirectiveData::Contacts { .. } => "contacts",
        DirectiveData::Timeline { .. } => "timeline",
        DirectiveData::Flow(_) => "flow",
        DirectiveData::Decision(_) => "decision",
        DirectiveData::Bars(_) => "bars",
        DirectiveData::Line(_) => "line",
        DirectiveData::Gauge(_) => "gauge",
        DirectiveData::Target { .. } => "target",
        DirectiveData::Targets { .. } => "targets",
        DirectiveData::Table { .. } => "table",
        DirectiveData::Events { .. } => "events",
        DirectiveData::Pages { .. } => "pages",
        DirectiveData::Toc { .. } => "toc",
        DirectiveData::Survey { .. } => "survey",
    }
}
