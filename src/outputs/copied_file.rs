//! A file of the site, copied as it is. In: its path. Out: a reader of its bytes. Does not look into the file, except that a picture under
//! another name loses its metadata. Pictures by their names are planned as [`CleanPicture`]s.

use std::io::Read;

use crate::assets::picture_under_other_name;
use crate::engine::{Fingerprint, fingerprint};
use crate::source::{is_lock_file, is_page_source};
use crate::view::SiteData;
use puzhi_core::base::{Route, SitePath};
use puzhi_core::diag::Diagnostic;
use puzhi_core::kinds::results::is_results;

use super::format::{Artifact, Format, RenderInput, WriteRank};
use super::picture::CleanPicture;
use super::plan::Planner;

/// A file of `content/` or `static/`, copied unchanged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopiedFile(pub SitePath);

/// Number of bytes by which pictures are told from other files.
const HEAD: u64 = 16;

impl Format for CopiedFile {
    fn plan(planner: &mut Planner<'_>) {
        let files = planner.input.files;
        for path in files.paths_in("content") {
            if let Some(below) = path
                .relative_to("content")
                .filter(|_| !is_page_source(path) && !is_lock_file(path) && !is_results(path))
                && let Ok(below) = SitePath::new(below)
            {
                plan_file(planner, path, &below);
            }
        }
        for path in files.paths_in("static") {
            if let Some(below) = path.relative_to("static").and_then(|b| SitePath::new(b).ok()) {
                plan_file(planner, path, &below);
            }
        }
    }

    fn fingerprint(&self, _: &SiteData) -> Fingerprint {
        fingerprint(&("copy", &self.0))
    }

    fn name(&self, _: &SiteData) -> &'static str {
        "files"
    }

    fn write_rank(&self) -> WriteRank {
        WriteRank::Asset
    }

    fn render<'f>(&self, input: &RenderInput<'_, 'f>) -> Result<Artifact<'f>, Box<Diagnostic>> {
        let mut stream = input.views.site.file(&self.0).open().map_err(Box::new)?;
        let mut head = Vec::new();
        // A file that cannot be read fails when the rest of it is.
        let _ = stream.by_ref().take(HEAD).read_to_end(&mut head);
        let rest = std::io::Cursor::new(head.clone()).chain(stream);
        picture_under_other_name(&self.0, &head, rest).map_err(Box::new).map(|found| match found {
            Ok(clean) => Artifact::Bytes(clean),
            Err(stream) => Artifact::Stream(Box::new(stream)),
        })
    }

    fn is_copy(&self) -> bool {
        true
    }

    fn published_files(&self) -> &[SitePath] {
        std::slice::from_ref(&self.0)
    }

    fn is_limited(&self) -> bool {
        false
    }
}

/// Plans the output of a file at the address `below`: nothing of a picture that cannot be cleaned.
fn plan_file(planner: &mut Planner<'_>, path: &SitePath, below: &SitePath) {
    let (pictures, route, source) = (planner.input.pictures, Route::file(below), Some(path.clone()));
    if pictures.get(path).is_some() {
        planner.add(route, CleanPicture(path.clone()), source);
    } else if pictures.problem(path).is_none() {
        planner.add(route, CopiedFile(path.clone()), source);
    }
}
