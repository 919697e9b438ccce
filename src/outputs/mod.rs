//! Plans all outputs of a site (an address and a [`Recipe`] each) and renders them; one file per format.
//!
//! In: catalog, events and settings for planning; [`Views`] for rendering. Out: an [`OutputPlan`], and the bytes of
//! each output. Does not know where the outputs are written. [`format`] says what a format defines; the list of all
//! formats is the call of `formats!` in this file.

mod ascii_address;
mod atom;
mod calendar_page;
mod collisions;
mod copied_file;
mod corrections;
mod csv_table;
mod embed;
mod feed;
mod format;
mod gone_list;
mod home;
mod ics;
mod json_feed;
mod large;
mod large_html;
mod ledger;
mod ledger_page;
mod list;
mod month_page;
mod ninjs;
mod not_found;
mod oembed;
mod page;
mod picture;
mod plan;
mod poster;
mod press_findings;
mod press_pack;
mod redirect;
mod results;
mod robots;
mod rss;
mod search;
mod share_card;
mod site_icon;
mod sitemap;
mod thanks;
mod theme_file;
mod wechat;

use crate::catalog::PageId;
use crate::engine::Fingerprint;
use crate::view::{SiteData, Views};
use puzhi_core::base::{Route, SitePath, Span};
use puzhi_core::diag::{Diagnostic, codes};

use format::{Format, RenderInput, formats};
use plan::Planner;

pub use format::{Artifact, RenderTurn, WriteRank};
pub use large::derive;
pub use ledger::{LedgerFile, LedgerFormat, ledger as ledger_file};
pub use plan::{OutputPlan, PlanInput, plan_outputs};
pub use press_pack::{PressFiles, press_files};
pub(crate) use results::results_file;
pub use search::search_file_route;

formats! {
    /// What to render at an address: one variant per format. Numbers in them are indexes into the lists of
    /// [`crate::calendar::EventSchedule`] (`site.agenda`).
    ///
    /// Formats plan their outputs in this order. Where two generated outputs want one address, the earlier has it. The
    /// sitemap is last, since the others add addresses to it. Large pages are planned after all of them
    /// ([`large::plan_large_pages`]).
    Recipe = [
        page::Page,
        thanks::Thanks,
        poster::Poster,
        wechat::Wechat,
        press_pack::PressPack,
        results::ResultsFile,
        home::Home,
        list::List,
        atom::Atom,
        json_feed::JsonFeed,
        rss::Rss,
        ninjs::Ninjs,
        ninjs::NinjsList,
        embed::Embed,
        oembed::OEmbed,
        calendar_page::CalendarPage,
        ics::ICalendar,
        month_page::MonthPage,
        ledger::LedgerFile,
        ledger_page::LedgerPage,
        search::Search,
        corrections::Corrections,
        redirect::Redirect,
        copied_file::CopiedFile,
        picture::CleanPicture,
        picture::PictureRendition,
        theme_file::ThemeFile,
        share_card::ShareCard,
        site_icon::SiteIcon,
        not_found::NotFound,
        gone_list::GoneList,
        large::LargePage,
        robots::Robots,
        sitemap::Sitemap,
    ]
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
        self.recipe.format().fingerprint(site)
    }

    /// The template or format that makes the output, for messages.
    pub fn template(&self, site: &SiteData) -> &'static str {
        self.recipe.format().name(site)
    }

    /// When the output is put into place, among the others.
    pub fn write_rank(&self) -> WriteRank {
        self.recipe.format().write_rank()
    }

    /// When the output is made, among the others.
    pub fn render_turn(&self) -> RenderTurn {
        self.recipe.format().render_turn()
    }

    /// The page whose own output this is.
    pub fn page(&self) -> Option<PageId> {
        self.recipe.format().page()
    }

    /// Whether the output is a list that follows from pages.
    pub fn is_list(&self) -> bool {
        self.recipe.format().is_list()
    }

    /// Whether the output stands for a file of the site at its address: a copy, or the clean copy of a picture.
    pub fn is_copy(&self) -> bool {
        self.recipe.format().is_copy()
    }

    /// The output whose bytes this one is made from: both are made together or not at all.
    pub fn derived_from(&self) -> Option<&OutputJob> {
        self.recipe.format().derived_from()
    }

    /// The files of the site that the output publishes, if it is made from nothing else.
    pub fn published_files(&self) -> &[SitePath] {
        self.recipe.format().published_files()
    }

    /// Whether a file of the site's own may take its place.
    pub fn is_replaceable(&self) -> bool {
        self.recipe.format().is_replaceable()
    }

    /// Whether the settings limit the size of the output.
    pub fn is_limited(&self) -> bool {
        self.recipe.format().is_limited()
    }
}

/// Renders one output. Fails if a template fails or a file cannot be read.
pub fn render<'v>(job: &OutputJob, plan: &OutputPlan, views: &'v Views) -> Result<Artifact<'v>, Box<Diagnostic>> {
    job.recipe.format().render(&RenderInput { job, plan, views }).map_err(|diag| Box::new(naming_output(*diag, job)))
}

/// What is found about the page that an output shows. Fails as [`render`] does.
pub fn findings(job: &OutputJob, plan: &OutputPlan, views: &Views) -> Result<Vec<Diagnostic>, Box<Diagnostic>> {
    job.recipe.format().findings(&RenderInput { job, plan, views }).map_err(|diag| Box::new(naming_output(*diag, job)))
}

/// Says in the diagnostic of a template what was being made.
fn naming_output(diag: Diagnostic, job: &OutputJob) -> Diagnostic {
    if *diag.code != codes::theme::TEMPLATE_FAILED {
        return diag;
    }
    let path = job.route.output_path();
    let (zh, en) = match &job.source {
        Some(source) => (format!("（正在把 {source} 做成 {path}）"), format!(" (while {source} was made into {path})")),
        None => (format!("（正在做 {path}）"), format!(" (while {path} was made)")),
    };
    diag.replace_arg("page_zh", zh).replace_arg("page_en", en)
}
