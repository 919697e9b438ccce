//! What the tags of government pages lack: the time of publication.
//!
//! In: the settings, the catalog and the release log. Out: one note a site. Writes no tag.

use super::ReferenceChecker;
use crate::catalog::{PageMeta, PageRole};
use crate::releases::ReleaseLog;
use puzhi_core::diag::{Diagnostic, codes};

impl ReferenceChecker<'_> {
    /// A note, at the first of them, on pages whose date has no time, if the site belongs to a portal: the tag `PubDate` of such a page
    /// has the day alone, since a time that nobody wrote would be false. Pages whose time is in the release log are left out.
    pub fn days_without_times(&self, releases: &ReleaseLog, diags: &mut Vec<Diagnostic>) {
        if self.settings.portal.is_none() {
            return;
        }
        let articles = self.catalog.pages.iter().filter(|page| page.role == PageRole::Page && !page.unpublished);
        let is_day = |page: &PageMeta| {
            page.front_matter_date.is_some_and(|date| releases.publication_moment(&page.route, date).time.is_none())
        };
        let mut days = articles.filter(|page| is_day(page)).peekable();
        let Some(first) = days.peek().map(|page| page.path.clone()) else { return };
        diags.push(Diagnostic::new(&codes::settings::DAY_WITHOUT_TIME).file(&first).arg("count", days.count()));
    }
}
