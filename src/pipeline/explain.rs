//! Why an output is made again or kept, and what it read: [`RebuildDecision`] decides for builds and for `puzhi explain`. In: what an
//! earlier build made, and the present site. Out: a [`RebuildReason`] or an [`Explanation`]. Makes no output.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::engine::{DependencyGraph, Fingerprint, Scope};
use crate::outputs::{OutputJob, OutputPlan, Recipe};
use crate::settings::Settings;
use crate::source::FileSnapshot;
use crate::view::{Site, SiteData, StableKey};
use puzhi_core::base::{SitePath, case_folded_key};

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
    /// A file that no build publishes.
    NoOutput(SitePath, WhyNoOutput),
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

    /// The same for an output of the plan. One that is made from the bytes of another is also made again whenever that one is.
    pub fn reason_of(&self, job: &OutputJob, path: &str) -> RebuildReason {
        let own = self.reason(job.fingerprint(self.site.untracked()), path);
        match job.derived_from() {
            Some(page) if own == RebuildReason::UpToDate => self.reason_of(page, &page.route.output_path()),
            _ => own,
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
    let names = names_of(wanted, &settings);
    let found = names.iter().find_map(|name| find_output(name, plan, data));
    let Some((job, path)) = found else {
        let withheld = names.iter().map(|name| absent(name, &prepared.unpublished, errors_of));
        let known = withheld.into_iter().find(|found| !matches!(found, Explained::Unknown));
        return Ok(known.unwrap_or_else(|| not_published(&names, &files)));
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
    // What an output is made from read what it shows.
    let reader = job.derived_from().map_or_else(|| path.clone(), |page| page.route.output_path());
    let mut before: Vec<(StableKey, _)> = reads
        .reads(&reader)
        .unwrap_or_default()
        .into_iter()
        .map(|(key, fingerprint)| (key.clone(), fingerprint))
        .collect();
    before.sort();
    let outdated = reads.compare(Scope::Everything, |key| site.fingerprint(key)).outdated;
    let target = FolderTarget::new(out, None);
    let decision = RebuildDecision { reads: &reads, records: &records, outdated: &outdated, site, target: &target };
    let mut reason = decision.reason_of(job, &path);
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

/// Why a file is not part of a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyNoOutput {
    /// Its name begins with a sign of hidden files, or of files that an office program keeps while it has another one open.
    Hidden,
    /// It is data, a template, a setting or the like: pages are made with it.
    Ingredient,
}

/// The names by which an output can be looked for, from what somebody typed or copied: as it is, then as a path or address of the site
/// (from a browser, from Windows, or by the file's name where the page has another address), then in lower case.
pub(super) fn names_of(wanted: &str, settings: &Settings) -> Vec<String> {
    let plain = |name: &str| {
        let name = name.trim_start_matches("./").trim_start_matches('/');
        name.strip_prefix("public/").unwrap_or(name).to_string()
    };
    let mut names = vec![plain(wanted)];
    let slashes = wanted.trim().replace('\\', "/");
    let base = settings.base_url.as_deref().map(|base| base.trim_end_matches('/'));
    let own = base.and_then(|base| slashes.strip_prefix(base)).filter(|rest| rest.is_empty() || rest.starts_with('/'));
    let local = || {
        let rest = slashes.split_once("://").map_or(slashes.as_str(), |(_, rest)| rest);
        let (host, path) = rest.split_at(rest.find('/')?);
        (host.starts_with("localhost") || host.starts_with("127.0.0.1")).then_some(path)
    };
    let path = own.or_else(local).unwrap_or(&slashes);
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let below = path.strip_prefix(settings.base_path().trim_end_matches('/')).filter(|rest| rest.starts_with('/'));
    let decoded = percent_encoding::percent_decode_str(below.unwrap_or(path)).decode_utf8_lossy();
    let name = plain(&decoded);
    let page = name.trim_end_matches('/').trim_end_matches(".html").trim_end_matches("/index").to_string();
    // The path of a file on this machine.
    let below_site = ["/content/", "/static/", "/public/"].into_iter().filter_map(|folder| decoded.rfind(folder));
    names.extend(below_site.max().map(|at| plain(&decoded[at..])));
    names.push(name);
    names.push(page.clone());
    names.extend(["", "/index", "/_index"].map(|end| format!("content/{page}{end}.md")));
    names.dedup();
    names
}

/// The output of this name: its path, its address, or the file it is made from; the case of letters counts only where it must.
pub(super) fn find_output<'p>(wanted: &str, plan: &'p OutputPlan, data: &SiteData) -> Option<(&'p OutputJob, String)> {
    let source = SitePath::new(wanted).ok();
    let of_page = source
        .as_ref()
        .and_then(|path| data.page_at(path))
        .map(|page| data.catalog.page(page).route.output_path())
        .or_else(|| {
            let copy = plan.jobs.iter().find(|job| job.is_copy() && source.is_some() && job.source == source);
            copy.map(|job| job.route.output_path())
        });
    let is_address = |path: &str, wanted: &str| {
        path == wanted
            || path
                .strip_suffix("index.html")
                .is_some_and(|address| address.trim_end_matches('/') == wanted.trim_end_matches('/'))
    };
    let jobs = || plan.jobs.iter().map(|job| (job, job.route.output_path()));
    if let Some(own) = of_page {
        return jobs().find(|(_, path)| *path == own);
    }
    let folded = case_folded_key(wanted);
    jobs().find(|(_, path)| is_address(path, wanted)).or_else(|| {
        let is_source = |job: &OutputJob| {
            !matches!(job.recipe, Recipe::Redirect(_))
                && job.source.as_ref().is_some_and(|file| case_folded_key(file.as_str()) == folded)
        };
        jobs().find(|(job, path)| is_address(&case_folded_key(path), &folded) || is_source(job))
    })
}

/// What is known of a name that no page has: a file that is no part of the site.
fn not_published(names: &[String], files: &FileSnapshot) -> Explained {
    let reason = |name: &String| {
        let path = SitePath::new(name).ok()?;
        let hidden = path.as_str().split('/').any(|part| part.starts_with(['.', '~']));
        let is_ingredient = || {
            let folder = path.as_str().split('/').next().unwrap_or_default();
            path.as_str() == "site.yaml"
                || matches!(folder, "data" | "templates" | "kinds" | "themes" | "i18n") && files.size(&path).is_some()
        };
        match hidden {
            true => Some(Explained::NoOutput(path, WhyNoOutput::Hidden)),
            false => is_ingredient().then_some(Explained::NoOutput(path, WhyNoOutput::Ingredient)),
        }
    };
    names.iter().find_map(reason).unwrap_or(Explained::Unknown)
}

/// What is known of a file or an address that no output has.
pub(super) fn absent(
    wanted: &str,
    unpublished: &Unpublished,
    errors_of: impl Copy + Fn(&SitePath) -> Vec<Diagnostic>,
) -> Explained {
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
