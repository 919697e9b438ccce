//! The pages that are shown: all of them, or with `--keep-going` those that remain when pages with errors are left out, one pass of
//! linking after the other, until no page has an error.
//!
//! In: the content as it was read. Out: [`GoodPages`], and findings. Renders nothing.

use std::collections::BTreeSet;

use super::errors_by_file;
use super::inputs::{SiteInputs, SiteMaterial};
use super::link_pass::{LinkPass, LinkedSite};
use super::page_cache::{has_same_visible_references, non_text_fingerprint, text_only_changes_since};
use crate::catalog::UnpublishedReason;
use crate::engine::{DependencyGraph, Fingerprint};
use crate::pipeline::check::ReferenceKey;
use crate::pipeline::docs::{ContentPage, ContentPages};
use crate::pipeline::previous::{PageCache, ValidTimes};
use crate::pipeline::promote_warnings;
use crate::pipeline::unpublished::Unpublished;
use puzhi_core::base::SitePath;
use puzhi_core::diag::Diagnostic;

/// The pages that are shown, indexed, with their references followed.
pub(super) struct GoodPages {
    pub pages: Vec<ContentPage>,
    pub drafts: Vec<ContentPage>,
    pub linked: LinkedSite,
    /// What the references of each page depend on, as far as an earlier build knew.
    pub checks: DependencyGraph<SitePath, ReferenceKey>,
    /// Number of files parsed.
    pub parsed: usize,
    /// Of everything but the Markdown texts; `None` where pages were left out.
    pub non_text_fingerprint: Option<Fingerprint>,
    /// If only the texts of pages changed since the earlier build: which pages.
    pub text_only_changes: Option<Vec<SitePath>>,
    /// What is not shown.
    pub unpublished: Unpublished,
    /// The times for which this holds, as long as no file changes.
    pub times: ValidTimes,
}

/// What is known of the changes since the earlier build while pages are left out.
#[derive(Default)]
struct Changes {
    non_text_fingerprint: Option<Fingerprint>,
    text_only: Option<Vec<SitePath>>,
}

impl GoodPages {
    /// Finds them. `diags` has the findings so far; those of linking are added.
    pub fn find(
        inputs: &SiteInputs<'_>,
        material: &SiteMaterial,
        content: ContentPages,
        previous: Option<&PageCache>,
        diags: &mut Vec<Diagnostic>,
    ) -> Self {
        let SiteInputs { options, .. } = *inputs;
        let ContentPages { mut pages, hidden, drafts, future, held_by, waiting, parsed, times, .. } = content;
        let mut link_pass =
            LinkPass { inputs, material, hidden, unpublished: drafts.iter().chain(&future).cloned().collect() };
        let ahead = !future.is_empty();
        if ahead {
            let mut found = link_pass.look_ahead(&pages, future);
            promote_warnings(&mut found, options.strict);
            diags.extend(found);
        }
        let mut bad: BTreeSet<SitePath> = options.leave_out.clone();
        if options.keep_going {
            bad.extend(errors_by_file(diags));
        }
        let mut changes = match bad.is_empty() {
            true => Changes::since(previous, inputs, &pages, &drafts, ahead),
            false => Changes::default(),
        };
        let mut of_bad: Vec<Diagnostic> = Vec::new();
        loop {
            if !bad.is_empty() {
                let (good, left): (Vec<_>, Vec<_>) =
                    pages.into_iter().partition(|page| !bad.contains(&page.place.path));
                pages = good;
                let left = left.into_iter().map(|page| (page.place.path.clone(), UnpublishedReason::HasErrors));
                link_pass.hidden.extend(left);
            }
            // Each pass compares with the earlier build, not with the pass before.
            let mut checks = previous.map(|previous| previous.checks.clone()).unwrap_or_default();
            let mut linked = link_pass.link(&pages, |_| true, &mut checks, changes.text_only.as_deref());
            promote_warnings(&mut linked.diags, options.strict);
            let mut worse = errors_by_file(&linked.diags);
            worse.retain(|path| pages.iter().any(|page| page.place.path == *path));
            if options.keep_going && !worse.is_empty() {
                let is_of_bad = |d: &Diagnostic| d.is_error() && d.file.as_ref().is_some_and(|f| worse.contains(f));
                of_bad.extend(linked.diags.into_iter().filter(is_of_bad));
                bad = worse;
                changes = Changes::default();
                continue;
            }
            diags.extend(of_bad);
            diags.append(&mut linked.diags);
            let Changes { non_text_fingerprint, text_only } = changes;
            let same = |paths: &Vec<SitePath>| {
                previous.is_some_and(|known| paths.iter().all(|path| has_same_visible_references(path, known, &linked)))
            };
            let text_only_changes = text_only.filter(same);
            let LinkPass { hidden, unpublished: read, .. } = &link_pass;
            let unpublished = Unpublished::new(hidden, read, &held_by, &waiting, std::mem::take(&mut linked.withheld));
            return Self {
                pages,
                drafts,
                linked,
                checks,
                parsed,
                non_text_fingerprint,
                text_only_changes,
                unpublished,
                times,
            };
        }
    }
}

impl Changes {
    /// Where no page is left out. Future pages are always compared in full.
    fn since(
        previous: Option<&PageCache>,
        inputs: &SiteInputs<'_>,
        pages: &[ContentPage],
        drafts: &[ContentPage],
        has_future: bool,
    ) -> Self {
        let now = Some(non_text_fingerprint(inputs.files, inputs.reading, inputs.clock.today));
        let comparable = previous.filter(|previous| previous.non_text_fingerprint == now && !has_future);
        let text_only = comparable.and_then(|previous| text_only_changes_since(pages, drafts, previous));
        // Pages that come within the day are not told from others by it.
        Self { non_text_fingerprint: now.filter(|_| !has_future), text_only }
    }
}
