//! Resolves a written link to a page, a file, a generated output or an unpublished page.
//!
//! Input: the path a link is written with, the file it is in, and its language. Output: a [`LinkResolution`]. Does
//! not check anchors and does not read file content.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use crate::source::{FileSnapshot, is_lock_file, is_markdown};
use puzhi_core::base::{PathError, Route, SitePath, case_folded_key, closest_match};
use puzhi_core::kinds::results::is_results;

use super::{Catalog, PageId, PageRole};

/// Why a page that exists is not on the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnpublishedReason {
    /// It is a draft.
    Draft,
    /// Its date is after the day of the build.
    Future,
    /// It has errors and was left out (`--keep-going`).
    HasErrors,
}

/// Result of resolving a link.
#[derive(Debug, Clone, PartialEq)]
pub enum LinkResolution {
    /// A page.
    Page(PageId),
    /// An output without a source file: a term page, an archive page or a feed.
    Generated(Route),
    /// A file that is copied to the site, and its address there.
    File(SitePath, Route),
    /// A page that exists but is not published, and its path.
    Unpublished(UnpublishedReason, SitePath),
    /// Nothing at this path.
    Missing {
        /// The most similar existing target as a relative link, if it was requested and one was found.
        nearest: Option<String>,
    },
    /// The path leaves the site's folder.
    OutsideSite,
}

/// Resolves links. Holds the link targets that are not in the catalog.
#[derive(Debug)]
pub struct LinkResolver {
    /// The site's files.
    pub files: Arc<FileSnapshot>,
    /// Pages that are not published, and why.
    pub unpublished: BTreeMap<SitePath, UnpublishedReason>,
    /// Addresses of outputs that have no page metadata.
    pub generated_routes: BTreeSet<Route>,
    /// File name to the first file in `content/` with that name, for suggestions. Built at first use.
    file_by_name: OnceLock<HashMap<String, SitePath>>,
}

impl LinkResolver {
    /// Makes a resolver; the parameters are the fields of the same names.
    pub fn new(
        files: Arc<FileSnapshot>,
        unpublished: BTreeMap<SitePath, UnpublishedReason>,
        generated_routes: BTreeSet<Route>,
    ) -> Self {
        Self { files, unpublished, generated_routes, file_by_name: OnceLock::new() }
    }

    /// Resolves a link, with the most similar existing target if there is none. `written` is the decoded link without anchor, `from`
    /// the file that contains it, `lang` the language of that page.
    pub fn resolve(&self, catalog: &Catalog, from: &SitePath, lang: usize, written: &str) -> LinkResolution {
        let path = match Self::target_path(from, written) {
            Ok(path) => path,
            Err(PathError::Escapes) => return LinkResolution::OutsideSite,
            Err(PathError::Segment) => return LinkResolution::Missing { nearest: None },
        };
        self.lookup(catalog, &path, written.starts_with('/'), lang)
            .unwrap_or_else(|| LinkResolution::Missing { nearest: self.nearest(catalog, from, &path) })
    }

    /// The path that a link written in the file `from` refers to. A link that starts with `/` is relative to
    /// `content/`. Fails if the path leaves the site or is not a valid path.
    pub fn target_path(from: &SitePath, written: &str) -> Result<SitePath, PathError> {
        if written.starts_with('/') { SitePath::new(&format!("content{written}")) } else { from.join_sibling(written) }
    }

    /// Finds what is at `path` for a link from a page in language `lang`. `rooted` means that the link starts with
    /// `/` and may refer to a file in `static/`. `None` if there is nothing.
    pub fn lookup(&self, catalog: &Catalog, path: &SitePath, rooted: bool, lang: usize) -> Option<LinkResolution> {
        let below = path.relative_to("content").or((path.as_str() == "content").then_some(""));
        let Some(below) = below else {
            // Nothing outside `content/` has an address of its own.
            return None;
        };
        if let Some(found) = self.resolve_content(catalog, path, below, lang) {
            return Some(found);
        }
        if self.files.contains(path) && !is_markdown(path) && !is_lock_file(path) && !is_results(path) {
            return Some(LinkResolution::File(path.clone(), Route::file(&path_or_root(below))));
        }
        if rooted
            && let Ok(file) = SitePath::new(&format!("static/{below}"))
            && self.files.contains(&file)
        {
            return Some(LinkResolution::File(file, Route::file(&path_or_root(below))));
        }
        let address = Route::page(below.split('/'));
        for route in [&address, &Route::file(&path_or_root(below))] {
            if self.generated_routes.contains(route) {
                return Some(LinkResolution::Generated(route.clone()));
            }
        }
        // Other programs link to the file that a server sends for a folder.
        match path.name() {
            "index.html" | "index.htm" => self.lookup(catalog, &path.parent(), rooted, lang),
            _ => None,
        }
    }

    fn resolve_content(&self, catalog: &Catalog, path: &SitePath, below: &str, lang: usize) -> Option<LinkResolution> {
        let at = |candidate: &SitePath| match catalog.by_path(candidate) {
            Some(id) => Some(section_in_language(catalog, catalog.in_language(id, lang), lang)),
            None => self.unpublished.get(candidate).map(|why| LinkResolution::Unpublished(*why, candidate.clone())),
        };
        if let Some(found) = at(path) {
            return Some(found);
        }
        if !is_markdown(path) {
            let bare = path.as_str();
            let bare = bare.strip_suffix(".html").or_else(|| bare.strip_suffix(".htm")).unwrap_or(bare);
            let ends = [".md", "/_index.md", "/index.md", "/README.md", ".markdown"];
            if let Some(found) = ends
                .iter()
                .filter_map(|end| SitePath::new(&format!("{bare}{end}")).ok())
                .find_map(|candidate| at(&candidate))
            {
                return Some(found);
            }
        }
        let folder = below.trim_end_matches('/');
        match catalog.section_by_folder(folder, lang).or_else(|| catalog.section_by_folder(folder, 0)) {
            Some(section) => {
                let section = catalog.section(section);
                Some(
                    section
                        .index
                        .map_or_else(|| LinkResolution::Generated(section.route.clone()), LinkResolution::Page),
                )
            }
            None => self.unpublished_in_folder(path),
        }
    }

    /// For a folder that has only unpublished pages: the page that will be published first decides, so a future page
    /// is preferred to a draft.
    fn unpublished_in_folder(&self, folder: &SitePath) -> Option<LinkResolution> {
        let below = self.unpublished.range(folder.clone()..).skip_while(|(p, _)| p.as_str() == folder.as_str());
        // Paths that continue the folder's name with `-` or `.` sort before the paths inside the folder.
        let near = below.take_while(|(p, _)| p.as_str().starts_with(folder.as_str()));
        let mut inside = near.filter(|(p, _)| p.relative_to(folder.as_str()).is_some());
        let first = inside.next()?;
        let (path, why) =
            std::iter::once(first).chain(inside).find(|(_, why)| **why == UnpublishedReason::Future).unwrap_or(first);
        Some(LinkResolution::Unpublished(*why, path.clone()))
    }

    /// The most similar existing target, as a link relative to `from`.
    pub fn nearest(&self, catalog: &Catalog, from: &SitePath, path: &SitePath) -> Option<String> {
        const MAX_CANDIDATES: usize = 500;
        let file_by_name = self.file_by_name.get_or_init(|| {
            let mut first = HashMap::new();
            for path in self.files.paths_in("content") {
                first.entry(path.name().to_string()).or_insert_with(|| path.clone());
            }
            first
        });
        if let Some(same) = file_by_name.get(path.name()).or_else(|| file_by_name.get(&format!("{}.md", path.name()))) {
            return Some(relative_path(from, same));
        }
        let folder = path.parent();
        // File systems of Windows and macOS do not tell upper from lower case, servers do.
        let wanted = case_folded_key(path.name());
        let in_folder = self.files.paths_in(folder.as_str()).take(MAX_CANDIDATES).filter(|p| p.parent() == folder);
        if let Some(same) = in_folder.into_iter().find(|p| case_folded_key(p.name()) == wanted) {
            return Some(relative_path(from, same));
        }
        let siblings: Vec<&SitePath> =
            catalog.paths_in(&folder).take(MAX_CANDIDATES).filter(|p| p.parent() == folder).collect();
        let files: Vec<&SitePath> =
            self.files.paths_in(folder.as_str()).take(MAX_CANDIDATES).filter(|p| p.parent() == folder).collect();
        let names = siblings.iter().chain(&files).map(|p| p.name());
        let name = closest_match(path.name(), names)?.to_string();
        folder.join(&name).ok().map(|p| relative_path(from, &p))
    }
}

/// The page, or the section that it describes in another language if the section exists in `lang` without a page of its own.
fn section_in_language(catalog: &Catalog, id: PageId, lang: usize) -> LinkResolution {
    let meta = catalog.page(id);
    let own = match meta.role {
        PageRole::Section if meta.lang != lang => catalog.section_by_folder(&meta.folder, lang),
        _ => None,
    };
    match own.map(|section| catalog.section(section)).filter(|section| section.index.is_none()) {
        Some(section) => LinkResolution::Generated(section.route.clone()),
        None => LinkResolution::Page(id),
    }
}

fn path_or_root(below: &str) -> SitePath {
    SitePath::new(below).unwrap_or_else(|_| SitePath::root())
}

/// The path `to` as a relative link in the file `from`.
pub fn relative_path(from: &SitePath, to: &SitePath) -> String {
    let folder = from.parent();
    let here: Vec<&str> = folder.as_str().split('/').filter(|s| !s.is_empty()).collect();
    let there: Vec<&str> = to.as_str().split('/').collect();
    let shared = here.iter().zip(&there).take_while(|(a, b)| a == b).count();
    let mut out = "../".repeat(here.len() - shared);
    out.push_str(&there[shared..].join("/"));
    out
}
