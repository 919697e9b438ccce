//! Directives that need other pages, data or files. In: the parsed directive and the page's resolved references. Out:
//! HTML from the theme's `directives/NAME.html`. Parses no directive.

use crate::catalog::PageId;
use crate::markdown::DirectiveData;
use crate::source::human_size;
use puzhi_core::diag::Diagnostic;
use puzhi_core::kinds::{KindName, SectionOrder};

use super::fill::RenderContext;
use super::page::toc;
use crate::view::model::{CardView, DirectiveView, TargetGroup, TimelineView};
use crate::view::site::{ResolvedLink, Site, with_anchor};
use crate::view::tracking::dependency_key::{DependencyKey, Query};
use crate::view::tracking::doc_cache::ResolvedDoc;
use crate::view::tracking::read_recorder::record_read;
use crate::view::views::Views;

/// Limit of entries for a directive that sets none.
const MAX_CARDS: usize = 500;

impl Views {
    pub(in crate::view) fn directive_html(
        &self,
        n: u32,
        resolved_doc: &ResolvedDoc,
        render_context: RenderContext<'_>,
    ) -> Result<String, Box<Diagnostic>> {
        let data = &resolved_doc.doc.body.directives[n as usize].data;
        let Some(view) = self.directive_view(n, data, resolved_doc, render_context)? else { return Ok(String::new()) };
        self.render_directive(directive_template(data), &view, render_context)
    }

    /// `None` if what the directive names is missing; the checks have reported that already.
    fn directive_view(
        &self,
        n: u32,
        data: &DirectiveData,
        resolved_doc: &ResolvedDoc,
        render_context: RenderContext<'_>,
    ) -> Result<Option<DirectiveView>, Box<Diagnostic>> {
        let site = &self.site;
        let lang = self.lang(render_context);
        let ResolvedDoc { doc, resolved } = resolved_doc;
        Ok(Some(match data {
            DirectiveData::Contacts { entries } => DirectiveView::Contacts { entries: entries.clone() },
            DirectiveData::Timeline { entries } => {
                let mut out = Vec::new();
                for entry in entries {
                    let href = entry.link.and_then(|l| match resolved.links.get(l as usize)? {
                        ResolvedLink::Internal { url, anchor, .. } => {
                            Some(with_anchor(format!("{}{url}", render_context.root), anchor.as_deref()))
                        }
                        ResolvedLink::External { url } => Some(url.clone()),
                        ResolvedLink::SamePage { anchor } => Some(with_anchor(String::new(), Some(anchor))),
                        ResolvedLink::Unpublished | ResolvedLink::Broken => None,
                    });
                    out.push(TimelineView {
                        date: entry.date.clone(),
                        end: entry.end.clone(),
                        title: entry.title.clone(),
                        html: self.fill(&entry.text, resolved_doc, render_context)?,
                        href,
                    });
                }
                DirectiveView::Timeline { entries: out }
            }
            DirectiveData::Target { id } => {
                let Some(target) = site.target(id, lang) else { return Ok(None) };
                DirectiveView::Targets {
                    groups: vec![TargetGroup { title: target.group.clone(), targets: vec![target] }],
                    single: true,
                }
            }
            DirectiveData::Targets { group, unit } => DirectiveView::Targets {
                groups: site.target_groups(group.as_deref(), unit.as_deref(), lang),
                single: false,
            },
            DirectiveData::Table { caption, columns, .. } => {
                let Some(table) = resolved.tables.get(&n) else { return Ok(None) };
                let chosen: Vec<usize> = if columns.is_empty() {
                    (0..table.columns.len()).collect()
                } else {
                    columns.iter().filter_map(|c| table.columns.iter().position(|t| t == c)).collect()
                };
                DirectiveView::Table {
                    caption: caption.clone(),
                    columns: chosen.iter().map(|i| table.columns[*i].clone()).collect(),
                    rows: table.rows.iter().map(|row| chosen.iter().map(|i| row[*i].clone()).collect()).collect(),
                }
            }
            DirectiveData::Events { campaign, channel, unit, upcoming, limit } => {
                let filters = [("campaigns", campaign), ("channels", channel), ("units", unit)];
                let mut pages: Vec<PageId> = if *upcoming {
                    site.coming_events(lang).into_iter().map(|(_, id)| id).collect()
                } else {
                    record_read(|| DependencyKey::Agenda);
                    let mut all: Vec<PageId> =
                        site.catalog.page_ids().filter(|id| site.catalog.page(*id).kind == KindName::Event).collect();
                    site.catalog.sort_pages(&mut all, Some(SectionOrder::Date));
                    all
                };
                let wanted: Vec<(String, String)> =
                    filters.into_iter().filter_map(|(t, name)| Some((t.to_string(), name.clone()?))).collect();
                site.retain_with_terms(&mut pages, lang, &wanted);
                pages.truncate(if *limit == 0 { MAX_CARDS } else { *limit });
                DirectiveView::Events { cards: site.cards(&pages) }
            }
            DirectiveData::Pages { section, kind, tag, unit, campaign, sort, limit } => {
                let terms = [("tags", tag), ("units", unit), ("campaigns", campaign)];
                let query = Query {
                    lang,
                    section: section.as_ref().map(|s| s.trim_matches('/').to_string()),
                    kind: kind.clone(),
                    terms: terms.into_iter().filter_map(|(t, name)| Some((t.to_string(), name.clone()?))).collect(),
                    sort: match sort.as_deref() {
                        Some("order") => Some(SectionOrder::Order),
                        Some("title") => Some(SectionOrder::Title),
                        Some("date") => Some(SectionOrder::Date),
                        _ => None,
                    },
                    limit: if *limit == 0 { MAX_CARDS } else { *limit },
                };
                DirectiveView::Pages { cards: site.query(query) }
            }
            DirectiveData::Toc { depth } => DirectiveView::Toc { entries: toc(&doc.body.headings, *depth) },
            DirectiveData::Survey { id, compact } => {
                let Some(found) = site.survey_page(id, lang) else { return Ok(None) };
                let (Some(survey), Some(take)) = (site.survey_view(found), site.take_view(found, 0)) else {
                    return Ok(None);
                };
                // A feed reader can neither send a form nor run its script.
                DirectiveView::Survey {
                    survey: Box::new(survey),
                    take: Box::new(take),
                    compact: *compact || render_context.outside_own_page,
                }
            }
            DirectiveData::Download { title, written, .. } => {
                let Some(file) = resolved.files.get(&n) else { return Ok(None) };
                let name = written.rsplit('/').next().unwrap_or(written).to_string();
                DirectiveView::Download {
                    title: title.clone().unwrap_or(name),
                    url: self.site.settings.href(&file.route),
                    extension: file.path.extension().to_uppercase(),
                    size: human_size(file.size),
                }
            }
        }))
    }
}

impl Site {
    /// The list entries of the pages that a query finds. Records the query.
    pub(in crate::view) fn query(&self, query: Query) -> Vec<CardView> {
        let pages = self.matching_pages(&query);
        record_read(|| DependencyKey::Query(Box::new(query)));
        self.cards(&pages)
    }

    /// The pages that a query finds, in its order, without recording the query itself.
    pub(in crate::view) fn matching_pages(&self, query: &Query) -> Vec<PageId> {
        let catalog = &self.catalog;
        let mut pages: Vec<PageId> = match &query.section {
            Some(folder) => catalog
                .section_by_folder(folder, query.lang)
                .map(|s| catalog.section(s).pages.clone())
                .unwrap_or_default(),
            None => catalog.page_ids().collect(),
        };
        if let Some(kind) = &query.kind {
            let kinds = &self.settings.kinds;
            pages.retain(|id| {
                let of = catalog.page(*id).kind;
                kinds.name(of) == kind || kinds.own(of).is_some_and(|own| own.zh == *kind)
            });
        }
        self.retain_with_terms(&mut pages, query.lang, &query.terms);
        if query.section.is_none() || query.sort.is_some() {
            catalog.sort_pages(&mut pages, query.sort);
        }
        pages.truncate(query.limit);
        pages
    }

    /// Keeps the listed pages of a language that have all wanted terms (taxonomy, spelling).
    fn retain_with_terms(&self, pages: &mut Vec<PageId>, lang: usize, wanted: &[(String, String)]) {
        let catalog = &self.catalog;
        for (taxonomy, wanted) in wanted {
            record_read(|| DependencyKey::Spelling(taxonomy.as_str().into(), lang, wanted.as_str().into()));
            let term = catalog.term_by_spelling(taxonomy, lang, wanted);
            pages.retain(|id| term.is_some_and(|t| catalog.page_terms(*id).contains(&t)));
        }
        pages.retain(|id| catalog.page(*id).lang == lang && catalog.is_listed(*id));
    }

    fn cards(&self, pages: &[PageId]) -> Vec<CardView> {
        pages.iter().map(|id| self.card_view(*id)).collect()
    }
}

/// The template of a directive, without folder and extension.
fn directive_template(data: &DirectiveData) -> &'static str {
    match data {
        DirectiveData::Download { .. } => "download",
        DirectiveData::Contacts { .. } => "contacts",
        DirectiveData::Timeline { .. } => "timeline",
        DirectiveData::Target { .. } => "target",
        DirectiveData::Targets { .. } => "targets",
        DirectiveData::Table { .. } => "table",
        DirectiveData::Events { .. } => "events",
        DirectiveData::Pages { .. } => "pages",
        DirectiveData::Toc { .. } => "toc",
        DirectiveData::Survey { .. } => "survey",
    }
}
