//! Why an output was made, is kept or would be made again, and what it read: told by the code that decides it.

use std::path::Path;

use crate::engine::DependencyGraph;
use crate::outputs::OutputJob;
use crate::view::{Site, StableKey};
use puzhi_core::base::SitePath;

use super::BuildInput;
use super::output_target::{FolderTarget, OutputTarget};
use super::prepare::prepare_over;
use super::previous::{OutputRecord, PreviousBuild};
use super::state::BuildState;
use puzhi_core::diag::Diagnostic;

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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// Path in the output folder.
    pub path: String,
    /// Why it is made again, or that it is up to date.
    pub reason: RebuildReason,
    /// What it read when it was made, in words.
    pub reads: Vec<String>,
}

/// Decides about one output. What is known of outputs must have been refreshed.
pub(super) fn rebuild_reason(
    job: &OutputJob,
    path: &str,
    old: Option<&OutputRecord>,
    outputs: &DependencyGraph<String, StableKey>,
    outdated: bool,
    site: &Site,
    target: &impl OutputTarget,
) -> RebuildReason {
    let Some(made) = old.filter(|_| outputs.contains(path)) else { return RebuildReason::New };
    if made.recipe != job.fingerprint(site.untracked()) {
        return RebuildReason::OtherRecipe;
    }
    match (made.stat, target.stat(path)) {
        (_, None) => RebuildReason::Gone,
        (Some(then), Some(now)) if then == now => match outdated {
            true => RebuildReason::Changed(Vec::new()),
            false => RebuildReason::UpToDate,
        },
        _ => RebuildReason::Altered,
    }
}

/// Explains the output that `wanted` names: its path, its address, or the content file whose page it is. Nothing is written.
pub fn explain(
    input: BuildInput<'_>,
    state: &BuildState,
    out: &Path,
    wanted: &str,
) -> Result<Option<Explanation>, Vec<Diagnostic>> {
    let BuildInput { files, found, settings, clock, options, .. } = input;
    let previous = state.load(&mut state.peek(&files));
    let known = previous.is_some();
    let prepared =
        prepare_over(&files, found, &settings, clock, options, previous.as_ref().map(|previous| &previous.pages));
    let Some((views, plan)) = &prepared.site else { return Err(prepared.diags) };
    let site = &views.site;
    let data = site.untracked();
    let wanted = wanted.trim_start_matches("./").trim_start_matches('/').trim_start_matches("public/");
    let of_page = SitePath::new(wanted)
        .ok()
        .and_then(|path| data.page_at(&path))
        .map(|page| data.catalog.page(page).route.output_path());
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
        return Ok(None);
    };
    let PreviousBuild { mut outputs, output_records, .. } = previous.unwrap_or_default();
    let mut before: Vec<(StableKey, _)> = outputs
        .reads(&path)
        .unwrap_or_default()
        .into_iter()
        .map(|(key, fingerprint)| (key.clone(), fingerprint))
        .collect();
    before.sort();
    outputs.start_revision();
    let changed = outputs.refresh(|key| site.fingerprint(key));
    let outdated = outputs.readers(&changed).contains(&path);
    let mut reason =
        rebuild_reason(job, &path, output_records.get(&path), &outputs, outdated, site, &FolderTarget::new(out, None));
    if let RebuildReason::Changed(names) = &mut reason {
        *names = before
            .iter()
            .filter(|(key, fingerprint)| site.fingerprint(key) != *fingerprint)
            .map(|(key, _)| key.to_string())
            .collect();
    }
    if !known {
        reason = RebuildReason::NothingKnown;
    }
    Ok(Some(Explanation { path, reason, reads: before.iter().map(|(key, _)| key.to_string()).collect() }))
}
