//! Findings that are said once a site, however many pages have them.
//!
//! Input: all findings, in the order of pages. Output: of those with the same code and key the first, with the number of files.

use std::collections::{BTreeMap, BTreeSet};

use puzhi_core::base::SitePath;
use puzhi_core::diag::codes::front_matter::FOREIGN_KEY;
use puzhi_core::diag::codes::links::ALIAS_IS_NAME;
use puzhi_core::diag::{Diagnostic, DiagnosticCode};

/// What another program gives a meaning is no mistake of each page.
const ONCE: [&DiagnosticCode; 2] = [&FOREIGN_KEY, &ALIAS_IS_NAME];

/// What makes findings the same: the code, and the key they are about.
fn subject(diag: &Diagnostic) -> Option<(&'static str, String)> {
    let key = || diag.argument("key").unwrap_or_default().to_lowercase();
    ONCE.contains(&diag.code).then(|| (diag.code.name, key()))
}

/// Leaves one finding of each subject: that of the first file.
pub(super) fn merge(diags: &mut Vec<Diagnostic>) {
    let mut files: BTreeMap<(&'static str, String), BTreeSet<SitePath>> = BTreeMap::new();
    for diag in diags.iter() {
        if let (Some(subject), Some(file)) = (subject(diag), &diag.file) {
            files.entry(subject).or_default().insert(file.clone());
        }
    }
    if files.is_empty() {
        return;
    }
    let mut merged = Vec::with_capacity(diags.len());
    for diag in diags.drain(..) {
        let Some(subject) = subject(&diag) else {
            merged.push(diag);
            continue;
        };
        let is_first = |files: &BTreeSet<SitePath>| files.first() == diag.file.as_ref();
        if files.get(&subject).is_some_and(is_first)
            && let Some(files) = files.remove(&subject)
        {
            merged.push(diag.replace_arg("count", files.len()));
        }
    }
    *diags = merged;
}
