//! Why an output was made, is kept or would be made again, and what it read: told by the code that decides it.

use std::path::Path;

use crate::engine::Graph;
use crate::outputs::Job;
use crate::view::{Key, Site};
use puzhi_core::base::SitePath;

use super::Order;
use super::ground::{Folder, Ground};
use super::past::{Made, Past};
use super::prepare::prepare_over;
use super::state::State;
use puzhi_core::diag::Diag;

/// What would happen to an output now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
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
    /// These things that it read are worth something else now.
    Changed(Vec<String>),
    UpToDate,
}

/// An output with its reason, and all that it read when it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    pub path: String,
    pub why: Why,
    pub reads: Vec<String>,
}

/// Decides about one output. What is known of outputs must have been refreshed.
pub(super) fn why(
    job: &Job,
    path: &str,
    old: Option<&Made>,
    outputs: &Graph<String, Key>,
    outdated: bool,
    site: &Site,
    ground: &impl Ground,
) -> Why {
    let Some(made) = old.filter(|_| outputs.contains(path)) else { return Why::New };
    if made.recipe != job.stamp(site) {
        return Why::OtherRecipe;
    }
    match (made.stat, ground.stat(path)) {
        (_, None) => Why::Gone,
        (Some(then), Some(now)) if then == now => match outdated {
            true => Why::Changed(Vec::new()),
            false => Why::UpToDate,
        },
        _ => Why::Altered,
    }
}

/// Explains the output that `wanted` names: its path, its address, or the content file whose page it is. Nothing is written.
pub fn explain(order: Order<'_>, state: &State, out: &Path, wanted: &str) -> Result<Option<Explanation>, Vec<Diag>> {
    let Order { files, found, settings, clock, options, .. } = order;
    let past = state.load(&mut state.look(&files));
    let known = past.is_some();
    let prepared = prepare_over(&files, found, &settings, clock, options, past.as_ref().map(|past| &past.pages));
    let Some((views, plan)) = &prepared.site else { return Err(prepared.diags) };
    let site = &views.site;
    let wanted = wanted.trim_start_matches("./").trim_start_matches('/').trim_start_matches("public/");
    let of_page = SitePath::new(wanted)
        .ok()
        .and_then(|path| site.page_at(&path))
        .map(|page| site.catalog.card(page).route.output());
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
    let Some((job, path)) = plan.jobs.iter().map(|job| (job, job.route.output())).find(|(_, path)| is_wanted(path))
    else {
        return Ok(None);
    };
    let Past { mut outputs, made, .. } = past.unwrap_or_default();
    let mut before: Vec<(Key, _)> =
        outputs.reads(&path).unwrap_or_default().into_iter().map(|(key, worth)| (key.clone(), worth)).collect();
    before.sort();
    outputs.begin();
    let changed = outputs.refresh(|key| site.stamp(key));
    let outdated = outputs.readers(&changed).contains(&path);
    let mut why = why(job, &path, made.get(&path), &outputs, outdated, site, &Folder::new(out, None));
    if let Why::Changed(names) = &mut why {
        *names =
            before.iter().filter(|(key, worth)| site.stamp(key) != *worth).map(|(key, _)| key.to_string()).collect();
    }
    if !known {
        why = Why::NothingKnown;
    }
    Ok(Some(Explanation { path, why, reads: before.iter().map(|(key, _)| key.to_string()).collect() }))
}
