//! Fixes of a site's findings, round by round: from findings that have a fix to the new bytes of their files.
//!
//! Input: what checks the site with some files changed, what reads a file, and which kinds of findings are to be fixed. Output: a
//! [`FixedSite`]. It writes nothing and knows neither the disk nor what is found.

mod edit_text;

use std::collections::{BTreeMap, BTreeSet};

use puzhi_core::base::{LineIndex, SitePath};
use puzhi_core::diag::{Diagnostic, DiagnosticCode};
use puzhi_core::encoding::decode;

pub use edit_text::LineChange;
use edit_text::{apply_edits, line_changes};

/// How often the site is checked for more to fix. Fixes that overlap are made one after the other, and one can bring out the next.
const MAX_ROUNDS: usize = 10;
/// Most files that are changed at once; what is left is fixed the next time.
const MAX_FILES: usize = 2000;

/// Files in place of those of the site.
pub type ChangedFiles = BTreeMap<SitePath, Vec<u8>>;

/// The files that fixes change, and what is found afterwards.
#[derive(Debug, Default)]
pub struct FixedSite {
    /// The files.
    pub files: BTreeMap<SitePath, FixedFile>,
    /// All findings of the site with these files.
    pub left: Vec<Diagnostic>,
}

/// A file that fixes change.
#[derive(Debug)]
pub struct FixedFile {
    /// Its bytes as they were read.
    pub original: Vec<u8>,
    /// Its bytes with all fixes.
    pub fixed: Vec<u8>,
    /// What was fixed, in the order in which it was.
    pub fixes: Vec<AppliedFix>,
}

/// One finding that was fixed.
#[derive(Debug)]
pub struct AppliedFix {
    /// The kind of finding.
    pub code: &'static DiagnosticCode,
    /// The lines that it changed.
    pub changes: Vec<LineChange>,
}

/// Fixes the `wanted` findings. `check` returns the findings of the site with changed files, `read` the bytes of a file, if it can be
/// changed. A file in another encoding than UTF-8 is left as it is.
pub fn fix_site(
    mut check: impl FnMut(&ChangedFiles) -> Vec<Diagnostic>,
    read: impl Fn(&SitePath) -> Option<Vec<u8>>,
    wanted: impl Fn(&DiagnosticCode) -> bool,
) -> FixedSite {
    let mut site = FixedSite::default();
    let mut refused: BTreeSet<SitePath> = BTreeSet::new();
    let mut rounds = 0;
    loop {
        let changed = site.files.iter().map(|(path, file)| (path.clone(), file.fixed.clone())).collect();
        let found = check(&changed);
        let chosen = fixes_apart(&found, |diag, file| wanted(diag.code) && !refused.contains(file));
        if chosen.is_empty() || rounds == MAX_ROUNDS {
            drop(chosen);
            site.files.retain(|_, file| !file.fixes.is_empty());
            site.left = found;
            return site;
        }
        let unread: Vec<&SitePath> = chosen.keys().copied().filter(|path| !site.files.contains_key(*path)).collect();
        if !unread.is_empty() {
            // The places of edits hold for the bytes that were checked, so a file that is new here is checked again as read.
            for path in unread {
                let room = site.files.len() < MAX_FILES;
                if let Some(bytes) = read(path).filter(|bytes| room && std::str::from_utf8(bytes).is_ok()) {
                    site.files.insert(path.clone(), FixedFile::unchanged(bytes));
                } else {
                    refused.insert(path.clone());
                }
            }
            continue;
        }
        for (path, diags) in chosen {
            let fixed = site.files.get_mut(path).and_then(|file| file.apply(path, &diags));
            if fixed.is_none() {
                refused.insert(path.clone());
            }
        }
        rounds += 1;
    }
}

/// The findings by file whose fixes do not touch each other: of two that do, the first.
fn fixes_apart(
    found: &[Diagnostic],
    takes: impl Fn(&Diagnostic, &SitePath) -> bool,
) -> BTreeMap<&SitePath, Vec<&Diagnostic>> {
    let mut chosen: BTreeMap<&SitePath, Vec<&Diagnostic>> = BTreeMap::new();
    // Start and end of the edits of each file.
    let mut taken: BTreeMap<&SitePath, BTreeMap<usize, usize>> = BTreeMap::new();
    for diag in found {
        let (Some(file), Some(fix)) = (&diag.file, &diag.fix) else { continue };
        let spans = taken.entry(file).or_default();
        let is_apart = fix.edits().iter().all(|edit| {
            let before = spans.range(..=edit.span.end).next_back();
            before.is_none_or(|(_, end)| *end < edit.span.start)
        });
        if is_apart && takes(diag, file) {
            spans.extend(fix.edits().iter().map(|edit| (edit.span.start, edit.span.end)));
            chosen.entry(file).or_default().push(diag);
        }
    }
    chosen
}

impl FixedFile {
    fn unchanged(bytes: Vec<u8>) -> Self {
        FixedFile { original: bytes.clone(), fixed: bytes, fixes: Vec::new() }
    }

    /// Applies the fixes of `diags`, which do not overlap. `None`, and nothing is changed, if an edit is not in the text or changes
    /// nothing.
    fn apply(&mut self, path: &SitePath, diags: &[&Diagnostic]) -> Option<()> {
        let (text, _) = decode(path, &self.fixed).ok()?;
        let lines = LineIndex::new(&text);
        let mut edits = Vec::new();
        let mut fixes = Vec::new();
        for diag in diags {
            let own = diag.fix.as_ref()?.edits();
            fixes.push(AppliedFix { code: diag.code, changes: line_changes(&text, &lines, own)? });
            edits.extend_from_slice(own);
        }
        edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
        let raw = std::str::from_utf8(&self.fixed).ok()?;
        let fixed = apply_edits(raw, &edits).filter(|fixed| fixed != raw)?;
        self.fixed = fixed.into_bytes();
        self.fixes.extend(fixes);
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use puzhi_core::base::Span;
    use puzhi_core::diag::{Edit, SourceText, codes};

    fn path() -> SitePath {
        SitePath::new("content/a.md").unwrap()
    }

    /// Each `x` is to become what `typed` says of its place among all of them.
    fn findings(bytes: &[u8], typed: impl Fn(usize) -> Vec<Edit>) -> Vec<Diagnostic> {
        let path = path();
        let (text, _) = decode(&path, bytes).unwrap();
        let source = SourceText::new(&path, &text);
        let places = text.match_indices('x').map(|(at, _)| at);
        let diag = |at: usize| {
            Diagnostic::new(&codes::markdown::WIDE_ADDRESS).at(&source, Span::new(at, at + 1)).fixed_by(typed(at))
        };
        places.map(diag).collect()
    }

    #[test]
    fn byte_order_mark_and_line_ends_stay() {
        let original = "\u{FEFF}甲x\r\n乙\r\n丙x\r\n".as_bytes().to_vec();
        let check = |changed: &ChangedFiles| {
            let bytes = changed.get(&path()).unwrap_or(&original);
            findings(bytes, |at| vec![Edit::new(Span::new(at, at + 1), "一\n二")])
        };
        let site = fix_site(check, |_| Some(original.clone()), |_| true);
        let file = &site.files[&path()];
        assert_eq!(String::from_utf8_lossy(&file.fixed), "\u{FEFF}甲一\r\n二\r\n乙\r\n丙一\r\n二\r\n");
        assert_eq!(file.original, original);
        let changes: Vec<_> =
            file.fixes.iter().map(|fix| (fix.changes[0].line, fix.changes[0].after.as_str())).collect();
        assert_eq!(changes, [(1, "甲一\n二"), (3, "丙一\n二")]);
        assert!(site.left.is_empty());
    }

    #[test]
    fn fixes_that_touch_wait_for_the_next_round() {
        // Each takes the character behind its own as well.
        let check = |changed: &ChangedFiles| {
            let bytes = changed.get(&path()).map_or(&b"xxa"[..], Vec::as_slice);
            findings(bytes, |at| vec![Edit::new(Span::new(at, at + 1), "y"), Edit::insert(at + 1, "!")])
        };
        let site = fix_site(check, |_| Some(b"xxa".to_vec()), |_| true);
        assert_eq!(site.files[&path()].fixed, b"y!y!a");
    }

    #[test]
    fn what_never_ends_is_bounded_and_what_cannot_be_fixed_is_left() {
        let check = |changed: &ChangedFiles| {
            let bytes = changed.get(&path()).map_or(&b"x"[..], Vec::as_slice);
            findings(bytes, |at| vec![Edit::insert(at, "y")])
        };
        let site = fix_site(check, |_| Some(b"x".to_vec()), |_| true);
        assert_eq!(site.files[&path()].fixed.len(), MAX_ROUNDS + 1);
        assert_eq!(site.left.len(), 1);
        for site in [
            fix_site(check, |_| Some(b"x".to_vec()), |_| false),
            fix_site(check, |_| None, |_| true),
            fix_site(check, |_| Some(vec![b'x', 0xFF]), |_| true),
        ] {
            assert!(site.files.is_empty());
            assert_eq!(site.left.len(), 1);
        }
        let outside = |_: &ChangedFiles| findings(b"x", |at| vec![Edit::new(Span::new(at + 5, at + 6), "y")]);
        assert!(fix_site(outside, |_| Some(b"x".to_vec()), |_| true).files.is_empty());
    }
}
