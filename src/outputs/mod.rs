//! One recipe per output: an address and what to render there. One file per format.
//!
//! In: the catalog for planning, the views for rendering. Out: bytes. Knows no disk.

mod csv_table;
mod feed;
mod ics;
mod ledger;
mod plan;
mod results;
mod robots;
mod sitemap;

use std::io::Read;

use jiff::civil::Date;

use crate::catalog::{PageId, SectionId};
use crate::engine::{Fingerprint, fingerprint};
use crate::source::FileSnapshot;
use crate::view::{FeedId, ListId, ListPage, Site, Views, page_template};
use puzhi_core::base::{Route, SitePath, Span};
use puzhi_core::diag::Diagnostic;

pub use ledger::{LedgerFormat, ledger as ledger_file};
pub use plan::{OutputPlan, PlanInput, plan_outputs};

/// What to render at an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recipe {
    Page(PageId),
    Home(SectionId),
    List(ListId, ListPage),
    NotFound,
    Redirect(PageId),
    /// The n-th calendar of the agenda as a page, and as a file to subscribe to.
    Calendar(usize),
    CalendarFile(usize),
    /// One event as a file.
    EventFile(PageId),
    /// A month of the n-th run of months, by the first of the month.
    Month(usize, Date),
    /// The n-th year of the ledger; `true` at the ledger's own address.
    Ledger(usize, bool),
    LedgerFile(usize, LedgerFormat),
    /// The page that thanks for answers to a survey.
    Thanks(PageId),
    /// The results of a survey as a file of this extension.
    Results(PageId, &'static str),
    Atom(FeedId),
    JsonFeed(FeedId),
    /// All addresses, or the n-th part of them.
    Sitemap(Option<usize>),
    /// The list of that many parts.
    SitemapIndex(usize),
    Robots,
    /// A file of the site, copied.
    Copy(SitePath),
    /// A static file of the theme, by its path in the theme.
    Theme(String),
}

/// One output to be made.
#[derive(Debug, Clone)]
pub struct OutputJob {
    pub route: Route,
    pub recipe: Recipe,
    /// The file a collision is reported at, and where in it the address is written, if it is.
    pub source: Option<SitePath>,
    pub span: Option<Span>,
}

impl OutputJob {
    /// What is to be made at the address, by names that outlive a build: another recipe there means another output.
    pub fn fingerprint(&self, site: &Site) -> Fingerprint {
        let page = |id: &PageId| site.path(*id);
        match &self.recipe {
            Recipe::Page(id) => fingerprint(&("page", page(id))),
            Recipe::Home(_) => fingerprint("home"),
            Recipe::List(of, list_page) => fingerprint(&(
                "list",
                site.list_key(of),
                matches!(of, ListId::Taxonomy { .. }),
                format!("{list_page:?}"),
            )),
            Recipe::NotFound => fingerprint("not found"),
            Recipe::Redirect(to) => fingerprint(&("redirect", page(to))),
            Recipe::Calendar(n) => fingerprint(&("calendar", std::mem::discriminant(&site.agenda.calendars[*n].scope))),
            Recipe::CalendarFile(n) => {
                fingerprint(&("calendar file", std::mem::discriminant(&site.agenda.calendars[*n].scope)))
            }
            Recipe::EventFile(id) => fingerprint(&("event file", page(id))),
            Recipe::Month(n, month) => fingerprint(&("month", site.agenda.month_ranges[*n].lang, month)),
            Recipe::Ledger(n, front) => fingerprint(&("ledger", site.agenda.ledger.years[*n].year, front)),
            Recipe::LedgerFile(n, format) => {
                fingerprint(&("ledger file", site.agenda.ledger.years[*n].year, format.extension()))
            }
            Recipe::Thanks(id) => fingerprint(&("thanks", page(id))),
            Recipe::Results(id, extension) => fingerprint(&("results", page(id), extension)),
            Recipe::Atom(of) => fingerprint(&("atom", site.feed_key(of))),
            Recipe::JsonFeed(of) => fingerprint(&("json feed", site.feed_key(of))),
            Recipe::Sitemap(part) => fingerprint(&("sitemap", part)),
            Recipe::SitemapIndex(parts) => fingerprint(&("sitemap index", parts)),
            Recipe::Robots => fingerprint("robots"),
            Recipe::Copy(path) => fingerprint(&("copy", path)),
            Recipe::Theme(name) => fingerprint(&("theme", name)),
        }
    }
}

impl OutputJob {
    /// What makes it, for people: a template, or a format.
    pub fn template(&self, site: &Site) -> &'static str {
        match &self.recipe {
            Recipe::Page(id) => page_template(site.catalog.page(*id).kind),
            Recipe::Home(_) => "home.html",
            Recipe::List(ListId::Section(_), _) => "section.html",
            Recipe::List(ListId::Term(_), _) => "term.html",
            Recipe::List(ListId::Taxonomy { .. }, _) => "taxonomy.html",
            Recipe::NotFound => "404.html",
            Recipe::Redirect(_) => "redirect.html",
            Recipe::Calendar(_) => "calendar.html",
            Recipe::Month(..) => "month.html",
            Recipe::Ledger(..) => "ledger.html",
            Recipe::CalendarFile(_) | Recipe::EventFile(_) => "iCalendar",
            Recipe::LedgerFile(..) => "ledger files",
            Recipe::Atom(_) => "Atom",
            Recipe::JsonFeed(_) => "JSON Feed",
            Recipe::Sitemap(_) | Recipe::SitemapIndex(_) => "sitemap",
            Recipe::Robots => "robots.txt",
            Recipe::Thanks(_) => "thanks.html",
            Recipe::Results(..) => "survey results",
            Recipe::Copy(_) | Recipe::Theme(_) => "files",
        }
    }
}

/// Bytes, or a stream of a file that is copied.
pub enum Artifact<'f> {
    Bytes(Vec<u8>),
    Stream(Box<dyn Read + 'f>),
}

/// Makes one output.
pub fn render<'f>(
    job: &OutputJob,
    plan: &OutputPlan,
    views: &Views,
    files: &'f FileSnapshot,
) -> Result<Artifact<'f>, Box<Diagnostic>> {
    let bytes = match &job.recipe {
        Recipe::Page(id) => views.page(*id)?,
        Recipe::Home(section) => views.home(*section)?,
        Recipe::List(of, list_page) => views.list(of, *list_page)?,
        Recipe::NotFound => views.not_found()?,
        Recipe::Redirect(to) => views.redirect(&job.route, *to)?,
        Recipe::Calendar(n) => views.calendar(&views.site.agenda.calendars[*n])?,
        Recipe::CalendarFile(n) => ics::calendar(&views.site.agenda.calendars[*n], &views.site).into_bytes(),
        Recipe::EventFile(id) => ics::event(*id, &views.site).into_bytes(),
        Recipe::Month(n, month) => views.month(&views.site.agenda.month_ranges[*n], *month)?,
        Recipe::Ledger(n, front) => match &views.site.settings.ledger {
            Some(goals) => views.ledger(goals, &views.site.agenda.ledger.years[*n], *front)?,
            None => Vec::new(),
        },
        Recipe::LedgerFile(n, format) => {
            ledger::ledger(&views.site.agenda.ledger.years[*n], *format, &views.site).into_bytes()
        }
        Recipe::Thanks(id) => views.thanks(*id)?,
        Recipe::Results(id, extension) => results::file(*id, extension, &views.site).into_bytes(),
        Recipe::Atom(of) => feed::atom(of, views)?.into_bytes(),
        Recipe::JsonFeed(of) => feed::json(of, views)?.into_bytes(),
        Recipe::Sitemap(part) => sitemap::sitemap(*part, plan, &views.site).into_bytes(),
        Recipe::SitemapIndex(parts) => sitemap::index(*parts, &views.site).into_bytes(),
        Recipe::Robots => robots::robots(&views.site).into_bytes(),
        Recipe::Copy(path) => {
            views.site.record_file_read(path);
            return Ok(Artifact::Stream(files.open(path).map_err(Box::new)?));
        }
        Recipe::Theme(path) => {
            views.site.record_asset_read(path);
            return Ok(Artifact::Bytes(views.theme.static_file(path, files).map_err(Box::new)?));
        }
    };
    Ok(Artifact::Bytes(bytes))
}
