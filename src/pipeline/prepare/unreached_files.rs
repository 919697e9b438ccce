//! Files in `content/` that nothing refers to. They are published all the same, and named in one note.
//!
//! Input: what published pages refer to, and the files. Output: the note. Texts are read only where no page refers to a
//! file. Files in `static/` are there to be published as they are, and are not looked at.

use std::collections::{BTreeSet, HashSet};

use super::withheld_files::FileReferences;
use crate::pipeline::check::ReferenceKey;
use crate::source::{is_lock_file, is_page_source};
use puzhi_core::base::SitePath;
use puzhi_core::diag::{Diagnostic, codes};
use puzhi_core::kinds::results::is_results;

/// Files that programs ask for at the root of a site.
const ASKED_FOR: [&str; 4] = ["content/404.html", "content/CNAME", "content/favicon.ico", "content/robots.txt"];
/// Most files that the note names.
const MOST_NAMED: usize = 5;

/// Names the files that are published and that nothing refers to. `references` calls its argument with each reference of a
/// published page; `held` are files that are not published.
pub(super) fn unreached_files(
    input: &FileReferences<'_>,
    held: &BTreeSet<SitePath>,
    references: impl FnOnce(&mut dyn FnMut(&ReferenceKey)),
) -> Option<Diagnostic> {
    let files = input.files();
    let is_candidate = |path: &&SitePath| {
        !is_page_source(path)
            && !is_lock_file(path)
            // It has a finding of its own.
            && !path.name().ends_with(".md.txt")
            && !is_results(path)
            && !ASKED_FOR.contains(&path.as_str())
            && !held.contains(*path)
    };
    let mut left: BTreeSet<SitePath> = files.paths_in("content").filter(is_candidate).cloned().collect();
    if left.is_empty() {
        return None;
    }
    // A link ends with the name of the file that it leads to, whatever case it is in.
    let names: HashSet<String> = left.iter().map(|file| file.name().to_lowercase()).collect();
    references(&mut |key| {
        let file = match key {
            ReferenceKey::FileContent(file) => Some(file.clone()),
            ReferenceKey::LinkedPlace(place) if names.contains(&place.path.name().to_lowercase()) => input.file(key),
            _ => None,
        };
        if let Some(file) = file {
            left.remove(&file);
        }
    });
    if !left.is_empty() {
        input.remove_named_in_sources(&mut left);
    }
    // Links and images in HTML are references; only in trusted HTML other attributes name files, too.
    if input.reader.settings.trust_html {
        input.remove_linked_in_html(&mut left);
    }
    (!left.is_empty()).then(|| note(&left))
}

fn note(left: &BTreeSet<SitePath>) -> Diagnostic {
    let named: Vec<&str> = left.iter().take(MOST_NAMED).map(SitePath::as_str).collect();
    let more = left.len() > MOST_NAMED;
    Diagnostic::new(&codes::links::UNREACHED_FILES)
        .arg("count", left.len())
        .arg("files", format!("{}{}", named.join("、"), if more { " 等" } else { "" }))
        .arg("files_en", format!("{}{}", named.join(", "), if more { " and others" } else { "" }))
}
