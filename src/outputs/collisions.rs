//! Finds outputs whose addresses collide. In: a plan in address order. Out: the plan without all but one of them, and
//! diagnostics in files that the author can change. Does not know what the outputs are.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use rayon::prelude::*;

use crate::catalog::UnplacedDiagnostic;
use crate::source::is_page_source;
use puzhi_core::base::{SitePath, case_folded_key};
use puzhi_core::diag::{Diagnostic, codes};

use super::OutputJob;
use super::plan::OutputPlan;

/// Files at fixed addresses that a site, or its theme, may bring instead of those that are made or that the theme has.
const REPLACEABLE: [&str; 8] = [
    "404.html",
    "apple-touch-icon.png",
    "favicon.ico",
    "icon-192.png",
    "icon-512.png",
    "icon.svg",
    "manifest.webmanifest",
    "robots.txt",
];

/// Whether the file at this address may be brought. In each folder, it may be the picture for those who share the page.
fn is_replaceable(address: &str) -> bool {
    REPLACEABLE.contains(&address) || address.rsplit('/').next() == Some("share.png")
}

/// Reports addresses that are equal, that differ only in case or Unicode normalisation, or where a file would be in the
/// place of a folder. Removes all but one of the outputs that collide.
pub(super) fn remove_collisions(plan: &mut OutputPlan, diags: &mut Vec<UnplacedDiagnostic>) {
    // A redirect gives way to all others. An output with a source file has priority over a generated one; among source
    // files path order decides.
    let is_redirect = |i: usize| plan.jobs[i].recipe.format().gives_way();
    let rank = |i: usize| (is_redirect(i), plan.jobs[i].source.is_none(), plan.jobs[i].source.as_ref(), i);
    let folded: Vec<String> = plan.jobs.par_iter().map(|job| case_folded_key(&job.route.output_path())).collect();
    let mut owner: HashMap<&str, usize> = HashMap::with_capacity(folded.len());
    let mut shared: BTreeSet<&str> = BTreeSet::new();
    for (i, key) in folded.iter().enumerate() {
        match owner.entry(key) {
            Entry::Vacant(free) => drop(free.insert(i)),
            Entry::Occupied(mut taken) => {
                shared.insert(key);
                let first = *taken.get();
                taken.insert(if rank(i) < rank(first) { i } else { first });
            }
        }
    }
    let mut clash: BTreeMap<usize, usize> = BTreeMap::new();
    if !shared.is_empty() {
        let contested = folded.iter().enumerate().filter(|(_, key)| shared.contains(key.as_str()));
        clash.extend(contested.map(|(i, key)| (i, owner[key.as_str()])).filter(|(i, first)| i != first));
    }
    // If several outputs need the folder, the diagnostic names the last in order. A redirect below a file gives way to it.
    let mut folders: BTreeMap<&str, &str> = BTreeMap::new();
    let mut redirects: Vec<(usize, usize)> = Vec::new();
    #[expect(clippy::iter_over_hash_type, reason = "a maximum does not depend on the order, and redirects are sorted")]
    for (key, job) in &owner {
        for (folder, _) in
            key.match_indices('/').map(|(at, _)| key.split_at(at)).filter(|(folder, _)| owner.contains_key(folder))
        {
            if is_redirect(*job) && !is_redirect(owner[folder]) {
                redirects.push((*job, owner[folder]));
                continue;
            }
            let last = folders.entry(folder).or_insert(key);
            *last = key.max(last);
        }
    }
    redirects.sort_unstable();
    clash.extend(redirects);
    for (folder, last) in &folders {
        clash.insert(owner[folder], owner[last]);
    }
    for (i, other) in &clash {
        let (job, other) = (&plan.jobs[*i], &plan.jobs[*other]);
        let own = job.is_replaceable() && (other.is_copy() || other.is_replaceable());
        if own && is_replaceable(&folded[*i]) {
            continue;
        }
        let name = |j: &OutputJob| j.source.as_ref().map_or_else(|| j.route.to_string(), |s| s.to_string());
        // Report the collision in a file that the author can change.
        let (at, span, named) = match (&job.source, &other.source) {
            (Some(path), _) => (path.clone(), job.span, name(other)),
            (None, Some(path)) => (path.clone(), other.span, name(job)),
            (None, None) => (SitePath::root(), None, name(other)),
        };
        // A page is published without an alias that another output has for its address.
        let is_alias = is_redirect(*i) && job.source.is_some();
        let code = if is_alias { &codes::links::ALIAS_COLLISION } else { &codes::links::ROUTE_COLLISION };
        let diag = Diagnostic::new(code).file(&at).arg("route", &job.route).arg("other", named);
        let (zh, en) = match is_page_source(&at) || at.as_str().is_empty() {
            true => ("给其中一页写不同的 slug（网址名）", "give one of the two another slug"),
            false => ("给这个文件改名，或者删掉它", "give this file another name, or delete it"),
        };
        let diag = diag.arg("advice_zh", zh).arg("advice_en", en);
        diags.push(UnplacedDiagnostic { diag, span });
    }
    let mut i = 0;
    plan.jobs.retain(|_| {
        i += 1;
        !clash.contains_key(&(i - 1))
    });
}
