//! Plans all outputs of a site (an address and a [`Recipe`] each) and renders them; one file per format.
//!
//! In: catalog, events and settings for planning; [`Views`] for rendering. Out: an [`OutputPlan`], and the bytes of
//! each output. Does not know where the outputs are written.

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
use crate::view::{FeedId, ListId, ListPage, SiteData, Views, page_template};
use puzhi_core::base::{Route, SitePath, Span};
use puzhi_core::diag::Diagnostic;

pub use ledger::{LedgerFormat, ledger as ledger_file};
pub use plan::{OutputPlan, PlanInput, plan_outputs};

/// What to render at an address. Numbers are indexes into the lists of [`crate::calendar::EventSchedule`]
/// (`site.agenda`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recipe {
    /// A page by its own template.
    Page(PageId),
    /// The home page of a language, by its top section.
    Home(SectionId),
    /// One page of a list.
    List(ListId, ListPage),
    /// `404.html`.
    NotFound,
    /// A redirect from a former address to this page.
    Redirect(PageId),
    /// The page of the n-th calendar.
    Calendar(usize),
    /// The n-th calendar as an iCalendar file to subscribe to.
    CalendarFile(usize),
    /// One event as an iCalendar file.
    EventFile(PageId),
    /// One month of the n-th range of months, by its first day.
    Month(usize, Date),
    /// The n-th year of the ledger: at the ledger's own address if `true`, else at the year's.
    Ledger(usize, bool),
    /// The n-th year of the ledger as a data file.
    LedgerFile(usize, LedgerFormat),
    /// The page that thanks a respondent of this survey.
    Thanks(PageId),
    /// The results of a survey as a file with this extension.
    Results(PageId, &'static str),
    /// An Atom feed.
    Atom(FeedId),
    /// A JSON feed.
    JsonFeed(FeedId),
    /// The n-th part of the sitemap; `None` for a sitemap of one file.
    Sitemap(Option<usize>),
    /// The index of a sitemap with this number of parts.
    SitemapIndex(usize),
    /// `robots.txt`.
    Robots,
    /// A file of the site, copied unchanged.
    Copy(SitePath),
    /// A static file of the theme, by its path in the theme.
    Theme(String),
}

/// One output to be made.
#[derive(Debug, Clone)]
pub struct OutputJob {
    /// Its address.
    pub route: Route,
    /// What to render there.
    pub recipe: Recipe,
    /// The file in which a collision of addresses is reported; `None` for outputs that no single file causes.
    pub source: Option<SitePath>,
    /// Where that file gives the address, if it does.
    pub span: Option<Span>,
}

impl OutputJob {
    /// The fingerprint of the recipe, valid across builds. If it changes, the output at this address must be made
    /// again.
    pub fn fingerprint(&self, site: &SiteData) -> Fingerprint {
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
    /// The template or format that makes the output, for messages.
    pub fn template(&self, site: &SiteData) -> &'static str {
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

/// The content of one output.
pub enum Artifact<'f> {
    /// A rendered output.
    Bytes(Vec<u8>),
    /// A reader for a file that is copied without loading it into memory.
    Stream(Box<dyn Read + 'f>),
}

/// Renders one output. Fails if a template fails or a file cannot be read.
pub fn render<'v>(job: &OutputJob, plan: &OutputPlan, views: &'v Views) -> Result<Artifact<'v>, Box<Diagnostic>> {
    let bytes = match &job.recipe {
        Recipe::Page(id) => views.page(*id)?,
        Recipe::Home(section) => views.home(*section)?,
        Recipe::List(of, list_page) => views.list(of, *list_page)?,
        Recipe::NotFound => views.not_found()?,
        Recipe::Redirect(to) => views.redirect(&job.route, *to)?,
        Recipe::Calendar(n) => views.calendar(&views.site.schedule().calendars[*n])?,
        Recipe::CalendarFile(n) => ics::calendar(views.site.events().calendar(*n), &views.site).into_bytes(),
        Recipe::EventFile(id) => ics::event(*id, &views.site).into_bytes(),
        Recipe::Month(n, month) => views.month(&views.site.schedule().month_ranges[*n], *month)?,
        Recipe::Ledger(n, front) => match &views.site.settings().ledger {
            Some(goals) => views.ledger(goals, &views.site.schedule().ledger.years[*n], *front)?,
            None => Vec::new(),
        },
        Recipe::LedgerFile(n, format) => {
            ledger::ledger(&views.site.schedule().ledger.years[*n], *format, &views.site).into_bytes()
        }
        Recipe::Thanks(id) => views.thanks(*id)?,
        Recipe::Results(id, extension) => results::file(*id, extension, &views.site).into_bytes(),
        Recipe::Atom(of) => feed::atom(of, views)?.into_bytes(),
        Recipe::JsonFeed(of) => feed::json(of, views)?.into_bytes(),
        Recipe::Sitemap(part) => sitemap::sitemap(*part, plan, &views.site).into_bytes(),
        Recipe::SitemapIndex(parts) => sitemap::index(*parts, &views.site).into_bytes(),
        Recipe::Robots => robots::robots(&views.site).into_bytes(),
        Recipe::Copy(path) => {
            return Ok(Artifact::Stream(views.site.file(path).open().map_err(Box::new)?));
        }
        Recipe::Theme(path) => {
            let file = views.site.static_asset(path).map(|file| file.bytes());
            return Ok(Artifact::Bytes(file.transpose().map_err(Box::new)?.unwrap_or_default()));
        }
    };
    Ok(Artifact::Bytes(bytes))
}
