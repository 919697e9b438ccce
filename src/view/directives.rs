//! Directives that need other pages, data or files, rendered by the theme's `directives/NAME.html`.

use crate::catalog::PageId;
use crate::diag::Diag;
use crate::kinds::{KindName, Sort};
use crate::markdown::DirectiveData;
use crate::source::human_size;

use super::fill::Mount;
use super::model::{DirectiveView, TargetGroup, TimelineView};
use super::pages::toc;
use super::site::LinkTo;
use super::views::Views;

/// Most cards a directive shows when it does not say.
const MOST: usize = 500;

impl Views {
    pub(super) fn directive_html(&self, n: u32, mount: Mount<'_>) -> Result<String, Box<Diag>> {
        let body = &self.site.docs[mount.page.0 as usize].body;
        let data = &body.directives[n as usize].data;
        let Some(view) = self.directive_view(n, data, mount)? else { return Ok(String::new()) };
        self.render_directive(template_of(data), &view, mount)
    }

    /// `None` when what it names is missing, which was reported before.
    fn directive_view(&self, n: u32, data: &DirectiveData, mount: Mount<'_>) -> Result<Option<DirectiveView>, Box<Diag>> {
        let site = &self.site;
        let lang = self.lang(mount);
        let page = mount.page.0 as usize;
        let resolved = &site.resolved[page];
        Ok(Some(match data {
            DirectiveData::Contacts { entries } => DirectiveView::Contacts { entries: entries.clone() },
            DirectiveData::Timeline { entries } => {
                let mut out = Vec::new();
                for entry in entries {
                    let href = entry.link.and_then(|l| match resolved.links.get(l as usize)? {
                        LinkTo::Own { url, anchor, .. } => {
                            let anchor = anchor.as_ref().map(|a| format!("#{}", crate::base::encode_route(a))).unwrap_or_default();
                            Some(format!("{}{url}{anchor}", mount.root))
                        }
                        LinkTo::Out { url } => Some(url.clone()),
                        LinkTo::Here { anchor } => Some(format!("#{}", crate::base::encode_route(anchor))),
                        LinkTo::Pending | LinkTo::Broken => None,
                    });
                    out.push(TimelineView {
                        date: entry.date.clone(),
                        end: entry.end.clone(),
                        title: entry.title.clone(),
                        html: self.fill(&entry.text, mount)?,
                        href,
                    });
                }
                DirectiveView::Timeline { entries: out }
            }
            DirectiveData::Target { id } => {
                let Some(target) = site.target(id, lang) else { return Ok(None) };
                DirectiveView::Targets { groups: vec![TargetGroup { title: target.group.clone(), targets: vec![target] }], single: true }
            }
            DirectiveData::Targets { group, unit } => {
                DirectiveView::Targets { groups: site.target_groups(group.as_deref(), unit.as_deref(), lang), single: false }
            }
            DirectiveData::Table { caption, columns, .. } => {
                let Some(table) = resolved.files.get(&n).and_then(|(path, _)| site.tables.get(path)) else { return Ok(None) };
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
                    let mut all: Vec<PageId> = site.catalog.ids().filter(|id| site.catalog.card(*id).kind == KindName::Event).collect();
                    site.catalog.sort(&mut all, Some(Sort::Date));
                    all
                };
                self.keep(&mut pages, lang, &filters);
                DirectiveView::Events { cards: self.some_cards(&pages, *limit) }
            }
            DirectiveData::Pages { section, kind, tag, unit, campaign, sort, limit } => {
                let sort = match sort.as_deref() {
                    Some("order") => Some(Sort::Order),
                    Some("title") => Some(Sort::Title),
                    Some("date") => Some(Sort::Date),
                    _ => None,
                };
                let mut pages: Vec<PageId> = match section {
                    Some(folder) => site.catalog.section_at(folder.trim_matches('/'), lang).map(|s| site.catalog.section(s).pages.clone()).unwrap_or_default(),
                    None => site.catalog.ids().collect(),
                };
                if let Some(kind) = kind {
                    pages.retain(|id| site.catalog.card(*id).kind.as_str() == kind);
                }
                if section.is_none() || sort.is_some() {
                    site.catalog.sort(&mut pages, sort);
                }
                self.keep(&mut pages, lang, &[("tags", tag), ("units", unit), ("campaigns", campaign)]);
                DirectiveView::Pages { cards: self.some_cards(&pages, *limit) }
            }
            DirectiveData::Toc { depth } => DirectiveView::Toc { entries: toc(&site.docs[page].body.headings, *depth) },
            DirectiveData::Survey { id, compact } => {
                let Some(found) = site.survey_page(id, lang) else { return Ok(None) };
                let (Some(survey), Some(take)) = (site.survey_view(found), site.take_view(found, 0)) else { return Ok(None) };
                // Readers of feeds can neither send a form nor run what goes with it.
                DirectiveView::Survey { survey: Box::new(survey), take: Box::new(take), compact: *compact || mount.away }
            }
            DirectiveData::Download { title, written, .. } => {
                let Some((path, route)) = resolved.files.get(&n) else { return Ok(None) };
                let name = written.rsplit('/').next().unwrap_or(written).to_string();
                DirectiveView::Download {
                    title: title.clone().unwrap_or(name),
                    url: self.site.settings.href(route),
                    extension: path.extension().to_uppercase(),
                    size: human_size(site.assets.sizes.get(path).copied().unwrap_or(0)),
                }
            }
        }))
    }

    /// Keeps listed pages of a language that carry all the wanted terms.
    fn keep(&self, pages: &mut Vec<PageId>, lang: usize, filters: &[(&str, &Option<String>)]) {
        let catalog = &self.site.catalog;
        for (taxonomy, wanted) in filters {
            let Some(wanted) = wanted else { continue };
            let term = catalog.find_term(taxonomy, lang, wanted);
            pages.retain(|id| term.is_some_and(|t| catalog.terms_on(*id).contains(&t)));
        }
        pages.retain(|id| catalog.card(*id).lang == lang && catalog.listed(*id));
    }

    fn some_cards(&self, pages: &[PageId], limit: usize) -> Vec<super::model::CardView> {
        let limit = if limit == 0 { MOST } else { limit };
        pages.iter().take(limit).map(|id| self.site.card_view(*id)).collect()
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
