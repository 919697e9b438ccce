//! The write plan: which outputs there will be, checked before anything on disk is changed.

use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;

use rayon::prelude::*;

use super::PutOutcome;
use super::io_error;
use crate::source::FileStat;
use puzhi_core::base::{ContentHash, case_folded_key, is_safe_segment};
use puzhi_core::diag::Diagnostic;
use puzhi_core::diag::codes::output::OUT_CLASH;

/// Name of the metadata folder in the output folder.
pub(super) const METADATA_DIR: &str = ".puzhi";
/// Name of the manifest in it, which lists what builds wrote.
pub(super) const MANIFEST: &str = "files";

/// The order in which outputs are put in place: files that others refer to come first, so that a reader never meets a broken link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CommitStage {
    /// Styles, scripts, pictures and other copies.
    Asset,
    /// Pages.
    Page,
    /// Lists and feeds.
    List,
}

/// One output to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedOutput {
    /// Relative to the output folder, `/` between segments, already checked.
    pub path: String,
    /// When it is put in place.
    pub stage: CommitStage,
}

/// A planned output and what became of it.
pub(super) struct PlanEntry {
    pub path: String,
    pub stage: CommitStage,
    /// Which of [`super::folders::Folders`] holds it.
    pub folder: usize,
    /// Somebody has handed it over.
    pub claimed: AtomicBool,
    pub outcome: OnceLock<EntryOutcome>,
}

/// What became of an output that was handed over.
#[derive(Clone, Copy)]
pub(super) struct EntryOutcome {
    pub hash: Option<ContentHash>,
    pub put: PutOutcome,
    /// Of a file that was written, where the system can tell before it is in place.
    pub stat: Option<FileStat>,
}

/// All outputs to come, sorted by path.
pub(super) struct WritePlan(Vec<PlanEntry>);

impl WritePlan {
    /// Sorts and checks: safe paths, none twice, none both file and folder, none in the sink's own folder.
    pub fn new(out: &Path, mut planned: Vec<PlannedOutput>) -> Result<Self, Diagnostic> {
        planned.sort_by(|a, b| a.path.cmp(&b.path));
        let unfit = |(i, one): (usize, &PlannedOutput)| match check(out, &one.path) {
            Ok(()) if i > 0 && planned[i - 1].path == one.path => {
                Some(io_error::unusable(out, &one.path, "同一个输出计划了两次", "the same output is planned twice"))
            }
            checked => checked.err(),
        };
        if let Some(diag) = planned.par_iter().enumerate().find_map_first(unfit) {
            return Err(diag);
        }
        let clash = |(i, one): (usize, &PlannedOutput)| {
            // Folders that the output before lies in too were looked for then.
            let before = i.checked_sub(1).map_or("", |i| planned[i].path.as_str());
            let new =
                ancestors(&one.path).filter(|a| before.strip_prefix(*a).is_none_or(|rest| !rest.starts_with('/')));
            let file = new.into_iter().find(|a| planned.binary_search_by(|p| p.path.as_str().cmp(a)).is_ok())?;
            Some(Diagnostic::new(&OUT_CLASH).arg("path", file).arg("other", &one.path))
        };
        if let Some(diag) = planned.par_iter().enumerate().find_map_first(clash) {
            return Err(diag);
        }
        let entry = |p: PlannedOutput| PlanEntry {
            path: p.path,
            stage: p.stage,
            folder: 0,
            claimed: AtomicBool::new(false),
            outcome: OnceLock::new(),
        };
        Ok(Self(planned.into_iter().map(entry).collect()))
    }

    pub fn entries(&self) -> &[PlanEntry] {
        &self.0
    }

    pub fn entries_mut(&mut self) -> &mut [PlanEntry] {
        &mut self.0
    }

    pub fn position(&self, path: &str) -> Option<usize> {
        self.0.binary_search_by(|e| e.path.as_str().cmp(path)).ok()
    }

    /// The outputs that were handed over. What was planned but never came (left out for its errors) counts as not planned.
    pub fn handed_over(&self) -> impl Iterator<Item = (&PlanEntry, EntryOutcome)> {
        self.0.iter().filter_map(|e| e.outcome.get().map(|o| (e, *o)))
    }

    /// Whether `path` is an output that was handed over.
    pub fn is_handed_over(&self, path: &str) -> bool {
        self.position(path).is_some_and(|i| self.0[i].outcome.get().is_some())
    }
}

/// The folders above `path`, outermost first, without the output folder itself.
pub(super) fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}

/// Refuses a path that could leave the output folder or touch the sink's own.
pub(super) fn check(out: &Path, path: &str) -> Result<(), Diagnostic> {
    if !is_safe(path) {
        return Err(io_error::unusable(out, path, "这个路径不能用", "this path cannot be used"));
    }
    if is_reserved(path) {
        return Err(io_error::unusable(
            out,
            path,
            ".puzhi 文件夹是 puzhi 自己用的，不能放站点的文件",
            "the folder .puzhi is for puzhi itself and cannot hold the site's files",
        ));
    }
    Ok(())
}

/// Whether `path` is relative, stays below its folder and can be a path everywhere.
pub(super) fn is_safe(path: &str) -> bool {
    path.split('/').all(is_safe_segment)
}

/// Whether some file system could take the first segment of `path` for the sink's own folder: by case, by characters
/// it ignores, or by the short name that Windows makes.
pub(super) fn is_reserved(path: &str) -> bool {
    let first = path.split('/').next().unwrap_or("");
    if first.is_ascii() {
        return first.eq_ignore_ascii_case(METADATA_DIR)
            || first.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("puzhi~"));
    }
    let seen: String = first
        .chars()
        .filter(
            |c| !matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}'),
        )
        .collect();
    let key = case_folded_key(&seen);
    key == METADATA_DIR || key.starts_with("puzhi~")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(paths: &[&str]) -> Result<WritePlan, Diagnostic> {
        WritePlan::new(
            Path::new("out"),
            paths.iter().map(|p| PlannedOutput { path: p.to_string(), stage: CommitStage::Page }).collect(),
        )
    }

    #[test]
    fn unsafe_paths_are_refused() {
        for bad in [
            "",
            "/a",
            "a/",
            "a//b",
            "../a",
            "a/../b",
            "./a",
            "C:/a",
            "a\\b",
            "a\0",
            "nul",
            ".puzhi/files",
            ".PUZHI/x",
            ".puzhi",
            "puzhi~1/files",
            ".pu\u{200C}zhi/x",
        ] {
            assert!(plan(&[bad]).is_err(), "{bad:?}");
        }
        assert!(plan(&["指南/.puzhi/a", ".gitignore", ".puzhi.html"]).is_ok());
    }

    #[test]
    fn contradictions_are_refused() {
        assert_eq!(plan(&["a", "b", "a"]).err().map(|d| d.code.name), Some("out-unusable"));
        let clash = plan(&["a", "a-b", "a/b/c"]).err();
        assert_eq!(clash.as_ref().map(|d| d.code.name), Some("out-clash"));
        assert!(clash.is_some_and(|d| d.message(puzhi_core::diag::Lang::En).contains("folder of a/b/c")));
    }
}
