//! Why an output is made again or kept, and what it read: [`RebuildDecision`] decides for builds and for `puzhi explain`. In: what an
//! earlier build made, and the present site. Out: a [`RebuildReason`] or an [`Explanation`]. Makes no output.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::engine::{DependencyGraph, Fingerprint, Scope};
use crate::view::{Site, StableKey};
use puzhi_core::base::SitePath;

use super::BuildInput;
use super::make_outputs::MadeOutputs;
use super::output_target::{FolderTarget, OutputTarget};
use super::prepare::prepare_over;
use super::previous::OutputRecord;
use super::state::BuildState;
use super::unpublished::{Unpublished, UnpublishedPage, WhyUnpublished};
use puzhi_core::diag::{Diagnostic, Lang};

/// What would happen to an output now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RebuildReason {
    /// Nothing is known of earlier builds: everything is made.
    NothingKnown,
    /// There was no such output.
    New,
    /// Something else was made at this address.
    OtherRecipe,
    /// It is not where it was put.
    Gone,
    /// Its file is not as it was written.
    Altered,
    /// These things that it read have changed.
    Changed(Vec<String>),
    /// It is as a build of today would make it.
    UpToDate,
}

/// An output with its reason, and all that it read when it was made.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// Path in the output folder.
    pub path: String,
    /// Why it is made again, or that it is up to date.
    pub reason: RebuildReason,
    /// What it read when it was made, in words.
    pub reads: Vec<String>,
    /// Errors of other files, for which no build writes the site.
    pub errors: Vec<Diagnostic>,
}

/// What `puzhi explain` knows of a path.
#[derive(Debug, Clone, PartialEq)]
pub enum Explained {
    /// It is an output, or the source of one.
    Output(Explanation),
    /// It is a page that is not on the site, with the errors of its file.
    Unpublished(UnpublishedPage, Vec<Diagnostic>),
    /// It is a file that stays back, because only pages that are not on the site refer to it.
    WithheldFile(SitePath),
    /// The site has nothing of that name.
    Unknown,
}

/// Decides about outputs, after the keys of an earlier build were compared.
pub(super) struct RebuildDecision<'d, T> {
    /// What the outputs of the earlier build read.
    pub reads: &'d DependencyGraph<String, StableKey>,
    /// How they were made.
    pub records: &'d BTreeMap<String, OutputRecord>,
    /// The outputs that read a key that has changed.
    pub outdated: &'d BTreeSet<String>,
    pub site: &'d Site,
    /// Where they are.
    pub target: &'d T,
}

impl<T: OutputTarget> RebuildDecision<'_, T> {
    /// Why the output at `path` is made again, or that it is not. `recipe` is the fingerprint of what is to be made there.
    pub fn reason(&self, recipe: Fingerprint, path: &str) -> RebuildReason {
        let Some(made) = self.records.get(path).filter(|_| self.reads.contains(path)) else {
            return RebuildReason::New;
        };
        if made.recipe != recipe {
            return RebuildReason::OtherRecipe;
        }
        match (made.stat, self.target.stat(path)) {
            (_, None) => RebuildReason::Gone,
            (Some(then), Some(now)) if then == now => match self.outdated.contains(path) {
                true => RebuildReason::Changed(Vec::new()),
                false => RebuildReason::UpToDate,
            },
            _ => RebuildReason::Altered,
        }
    }
}

/// Explains in one language the output or page that `wanted` names: its path, its address, or the content file that it is made from. Nothing is written.
pub fn explain(
    input: BuildInput<'_>,
    state: &BuildState,
    out: &Path,
    wanted: &str,
    lang: Lang,
) -> Result<Explained, Vec<Diagnostic>> {
    let BuildInput { files, found, settings, clock, options, .. } = input;
    let previous = state.load(&mut state.peek(&files));
    let known = previous.is_some();
    let prepared =
        prepare_over(&files, found, &settings, clock, options, previous.as_ref().map(|previous| &previous.pages));
    let Some((views, plan)) = &prepared.site else { return Err(prepared.diags) };
    let site = &views.site;
    let data = site.untracked();
    let errors: Vec<&Diagnostic> = prepared.diags.iter().filter(|diag| diag.is_error()).collect();
    let errors_of = |file: &SitePath| -> Vec<Diagnostic> {
        errors.iter().filter(|diag| diag.file.as_ref() == Some(file)).map(|diag| Diagnostic::clone(diag)).collect()
    };
    let wanted = wanted.trim_start_matches("./").trim_start_matches('/').trim_start_matches("public/");
    let source = SitePath::new(wanted).ok();
    let of_page = source
        .as_ref()
        .and_then(|path| data.page_at(path))
        .map(|page| data.catalog.page(page).route.output_path())
        .or_else(|| {
            let copy = plan.jobs.iter().find(|job| job.is_copy() && source.is_some() && job.source == source);
            copy.map(|job| job.route.output_path())
        });
    let is_wanted = |path: &str| {
        of_page.as_deref().map_or_else(
            || {
                path == wanted
                    || path
                        .strip_suffix("index.html")
                        .is_some_and(|address| address.trim_end_matches('/') == wanted.trim_end_matches('/'))
            },
            |own| own == path,
        )
    };
    let Some((job, path)) =
        plan.jobs.iter().map(|job| (job, job.route.output_path())).find(|(_, path)| is_wanted(path))
    else {
        return Ok(absent(wanted, &prepared.unpublished, errors_of));
    };
    if let Some(file) = &job.source {
        let own = errors_of(file);
        if !own.is_empty() {
            let route = Some(job.route.clone());
            let page = UnpublishedPage { path: file.clone(), route, why: WhyUnpublished::HasErrors };
            return Ok(Explained::Unpublished(page, own));
        }
    }
    let MadeOutputs { mut reads, records } = previous.unwrap_or_default().made;
    let mut before: Vec<(StableKey, _)> = reads
        .reads(&path)
        .unwrap_or_default()
        .into_iter()
        .map(|(key, fingerprint)| (key.clone(), fingerprint))
        .collect();
    before.sort();
    let outdated = reads.compare(Scope::Everything, |key| site.fingerprint(key)).outdated;
    let target = FolderTarget::new(out, None);
    let decision = RebuildDecision { reads: &reads, records: &records, outdated: &outdated, site, target: &target };
    let mut reason = decision.reason(job.fingerprint(data), &path);
    if let RebuildReason::Changed(names) = &mut reason {
        *names = before
            .iter()
            .filter(|(key, fingerprint)| site.fingerprint(key) != *fingerprint)
            .map(|(key, _)| key.words(lang))
            .collect();
    }
    if !known {
        reason = RebuildReason::NothingKnown;
    }
    let reads = before.iter().map(|(key, _)| key.words(lang)).collect();
    let errors = errors.into_iter().cloned().collect();
    Ok(Explained::Output(Explanation { path, reason, reads, errors }))
}

/// What is known of a file or an address that no output has.
fn absent(wanted: &str, unpublished: &Unpublished, errors_of: impl Fn(&SitePath) -> Vec<Diagnostic>) -> Explained {
    let names = |page: &&UnpublishedPage| {
        page.path.as_str() == wanted
            || page.route.as_ref().is_some_and(|route| {
                route.output_path() == wanted || route.as_str().trim_matches('/') == wanted.trim_end_matches('/')
            })
    };
    if let Some(page) = unpublished.pages.iter().find(names) {
        return Explained::Unpublished(page.clone(), errors_of(&page.path));
    }
    let file = unpublished
        .files
        .iter()
        .find(|file| file.as_str() == wanted || file.relative_to("content").is_some_and(|below| below == wanted));
    file.map_or(Explained::Unknown, |file| Explained::WithheldFile(file.clone()))
}
