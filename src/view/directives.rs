//! Directives that need other pages, data or files, rendered by the theme's `directives/NAME.html`.

use crate::catalog::PageId;
use crate::markdown::DirectiveData;
use crate::source::human_size;
use puzhi_core::diag::Diag;
use puzhi_core::kinds::{KindName, Sort};

use super::fill::Mount;
use super::key::{Key, Query};
use super::model::{CardView, DirectiveView, TargetGroup, TimelineView};
use super::pages::toc;
use super::reads::saw;
use super::sheets::Sheet;
use super::site::{LinkTo, Site};
use super::views::Views;

/// Most cards a directive shows when it does not say.
const MOST: usize = 500;

impl Views {
    pub(super) fn directive_html(&self, n: u32, sheet: &Sheet, mount: Mount<'_>) -> Result<String, Box<Diag>> {
        let data = &sheet.doc.body.directives[n as usize].data;
        let Some(view) = self.directive_view(n, data, sheet, mount)? else { return Ok(String::new()) };
        self.render_directive(template_of(data), &view, mount)
    }

    /// `None` when what it names is missing, which was reported before.
    fn directive_view(
        &self,
        n: u32,
        data: &DirectiveData,
        sheet: &Sheet,
        mount: Mount<'_>,
    ) -> Result<Option<DirectiveView>, Box<Diag>> {
        let site = &self.site;
        let lang = self.lang(mount);
        let Sheet { doc, resolved } = sheet;
        Ok(Some(match data {
            DirectiveData::Contacts { entries } => DirectiveView::Contacts { entries: entries.clone() },
            DirectiveData::Timeline { entries } => {
                let mut out = Vec::new();
                for entry in entries {
                    let href = entry.link.and_then(|l| match resolved.links.get(l as usize)? {
                        LinkTo::Own { url, anchor, .. } => {
                            let anchor = anchor
                                .as_ref()
                                .map(|a| format!("#{}", puzhi_core::base::encode_route(a)))
                                .unwrap_or_default();
                            Some(format!("{}{url}{anchor}", mount.root))
                        }
                        LinkTo::Out { url } => Some(url.clone()),
                        LinkTo::Here { anchor } => Some(format!("#{}", puzhi_core::base::encode_route(anchor))),
                        LinkTo::Pending | LinkTo::Broken => None,
                    });
                    out.push(TimelineView {
                        date: entry.date.clone(),
                        end: entry.end.clone(),
                        title: entry.title.clone(),
                        html: self.fill(&entry.text, sheet, mount)?,
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
                    saw(|| Key::Agenda);
                    let mut all: Vec<PageId> =
                        site.catalog.ids().filter(|id| site.catalog.card(*id).kind == KindName::Event).collect();
                    site.catalog.sort(&mut all, Some(Sort::Date));
                    all
                };
                let wanted: Vec<(String, String)> =
                    filters.into_iter().filter_map(|(t, name)| Some((t.to_string(), name.clone()?))).collect();
                site.keep(&mut pages, lang, &wanted);
                pages.truncate(if *limit == 0 { MOST } else { *limit });
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
                        Some("order") => Some(Sort::Order),
                        Some("title") => Some(Sort::Title),
                        Some("date") => Some(Sort::Date),
                        _ => None,
                    },
                    limit: if *limit == 0 { MOST } else { *limit },
                };
                DirectiveView::Pages { cards: site.query(query) }
            }
            DirectiveData::Toc { depth } => DirectiveView::Toc { entries: toc(&doc.body.headings, *depth) },
            DirectiveData::Survey { id, compact } => {
                let Some(found) = site.survey_page(id, lang) else { return Ok(None) };
                let (Some(survey), Some(take)) = (site.survey_view(found), site.take_view(found, 0)) else {
                    return Ok(None);
                };
                // Readers of feeds can neither send a form nor run what goes with it.
                DirectiveView::Survey {
                    survey: Box::new(survey),
                    take: Box::new(take),
                    compact: *compact || mount.away,
                }
            }
            DirectiveData::Download { title, written, .. } => {
                let Some((path, route, size)) = resolved.files.get(&n) else { return Ok(None) };
                let name = written.rsplit('/').next().unwrap_or(written).to_string();
                DirectiveView::Download {
                    title: title.clone().unwrap_or(name),
                    url: self.site.settings.href(route),
                    extension: path.extension().to_uppercase(),
                    size: human_size(*size),
                }
            }
        }))
    }
}

impl Site {
    /// The cards of the pages that a query finds.
    pub(super) fn query(&self, query: Query) -> Vec<CardView> {
        let pages = self.found(&query);
        saw(|| Key::Query(Box::new(query)));
        self.cards(&pages)
    }

    /// The pages that a query finds, in its order.
    pub(super) fn found(&self, query: &Query) -> Vec<PageId> {
        let catalog = &self.catalog;
        let mut pages: Vec<PageId> = match &query.section {
            Some(folder) => {
                catalog.section_at(folder, query.lang).map(|s| catalog.section(s).pages.clone()).unwrap_or_default()
            }
            None => catalog.ids().collect(),
        };
        if let Some(kind) = &query.kind {
            pages.retain(|id| catalog.card(*id).kind.as_str() == kind);
        }
        self.keep(&mut pages, query.lang, &query.terms);
        if query.section.is_none() || query.sort.is_some() {
            catalog.sort(&mut pages, query.sort);
        }
        pages.truncate(query.limit);
        pages
    }

    /// Keeps listed pages of a language that carry all the wanted terms.
    fn keep(&self, pages: &mut Vec<PageId>, lang: usize, wanted: &[(String, String)]) {
        let catalog = &self.catalog;
        for (taxonomy, wanted) in wanted {
            saw(|| Key::Spelling(taxonomy.as_str().into(), lang, wanted.as_str().into()));
            let term = catalog.find_term(taxonomy, lang, wanted);
            pages.retain(|id| term.is_some_and(|t| catalog.terms_on(*id).contains(&t)));
        }
        pages.retain(|id| catalog.card(*id).lang == lang && catalog.listed(*id));
    }

    fn cards(&self, pages: &[PageId]) -> Vec<CardView> {
        pages.iter().map(|id| self.card_view(*id)).collect()
    }
}

/// The template of a directive, without folder and extension.
fn template_of(data: &DirectiveData) -> &'static str {
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
