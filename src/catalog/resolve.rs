//! Where a written link leads: to a page, a file, a hidden page, or nowhere.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use crate::source::{EVENTS_LOCK, Snapshot};
use puzhi_core::base::{PathError, Route, SitePath, nearest};
use puzhi_core::kinds::results::is_results;

use super::{Catalog, PageId};

/// Pages that exist but are not on the site, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hidden {
    Draft,
    Future,
    /// It has errors of its own and was left out.
    LeftOut,
}

/// Result of following a link.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    Page(PageId),
    /// A page that is made, not written: a term, an archive page, a feed.
    Made(Route),
    /// A file that is copied to the site.
    File(SitePath, Route),
    Hidden(Hidden, SitePath),
    Missing {
        nearest: Option<String>,
    },
    Escapes,
}

/// Follows links. Holds what else than cards a link may lead to.
#[derive(Debug)]
pub struct Resolver {
    pub files: Arc<Snapshot>,
    pub hidden: BTreeMap<SitePath, Hidden>,
    /// Addresses of outputs that no card stands for.
    pub made: BTreeSet<Route>,
    /// File name to the first file below `content/` of that name, for naming the nearest. Made when it is first wanted.
    by_name: OnceLock<HashMap<String, SitePath>>,
}

impl Resolver {
    pub fn new(files: Arc<Snapshot>, hidden: BTreeMap<SitePath, Hidden>, made: BTreeSet<Route>) -> Self {
        Self { files, hidden, made, by_name: OnceLock::new() }
    }

    /// Follows what is written (decoded, without anchor) in the file `from` of a page in language `lang`, which means the path
    /// `joined`; `suggest` says whether the nearest target is wanted where there is none.
    pub fn follow(
        &self,
        catalog: &Catalog,
        from: &SitePath,
        lang: usize,
        written: &str,
        joined: &Result<SitePath, PathError>,
        suggest: bool,
    ) -> Found {
        let path = match joined {
            Ok(path) => path,
            Err(PathError::Escapes) => return Found::Escapes,
            Err(PathError::Segment) => return Found::Missing { nearest: None },
        };
        self.at(catalog, path, written.starts_with('/'), lang)
            .unwrap_or_else(|| Found::Missing { nearest: suggest.then(|| self.nearest(catalog, from, path)).flatten() })
    }

    /// The path that is meant by what is written in the file `from`.
    pub fn joined(from: &SitePath, written: &str) -> Result<SitePath, PathError> {
        if written.starts_with('/') { SitePath::new(&format!("content{written}")) } else { from.beside(written) }
    }

    /// What is at `path`, for a link of language `lang`; `rooted` when it was written from the root. `None` for nothing.
    pub fn at(&self, catalog: &Catalog, path: &SitePath, rooted: bool, lang: usize) -> Option<Found> {
        let below = path.below("content").or((path.as_str() == "content").then_some(""));
        let Some(below) = below else {
            // Above `content/` there is nothing that is published.
            return None;
        };
        if let Some(found) = self.written_page(catalog, path, below, lang) {
            return Some(found);
        }
        if self.files.contains(path) && !is_markdown(path) && path.as_str() != EVENTS_LOCK && !is_results(path) {
            return Some(Found::File(path.clone(), Route::file(&strip(below))));
        }
        if rooted
            && let Ok(file) = SitePath::new(&format!("static/{below}"))
            && self.files.contains(&file)
        {
            return Some(Found::File(file, Route::file(&strip(below))));
        }
        let address = Route::page(below.split('/'));
        for route in [&address, &Route::file(&strip(below))] {
            if self.made.contains(route) {
                return Some(Found::Made(route.clone()));
            }
        }
        None
    }

    fn written_page(&self, catalog: &Catalog, path: &SitePath, below: &str, lang: usize) -> Option<Found> {
        let at = |candidate: &SitePath| match catalog.by_path(candidate) {
            Some(id) => Some(Found::Page(catalog.in_language(id, lang))),
            None => self.hidden.get(candidate).map(|why| Found::Hidden(*why, candidate.clone())),
        };
        if let Some(found) = at(path) {
            return Some(found);
        }
        if !is_markdown(path) {
            let bare = path.as_str().strip_suffix(".html").unwrap_or(path.as_str());
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
        match catalog.section_at(folder, lang).or_else(|| catalog.section_at(folder, 0)) {
            Some(section) => {
                let section = catalog.section(section);
                Some(section.index.map_or_else(|| Found::Made(section.route.clone()), Found::Page))
            }
            None => self.hidden_below(path),
        }
    }

    /// A folder all of whose pages are hidden will be a section when one of them is shown.
    fn hidden_below(&self, folder: &SitePath) -> Option<Found> {
        let below = self.hidden.range(folder.clone()..).skip_while(|(p, _)| p.as_str() == folder.as_str());
        // A path that begins like the folder's but goes on with `-` or `.` sorts before what is in the folder.
        let near = below.take_while(|(p, _)| p.as_str().starts_with(folder.as_str()));
        let mut inside = near.filter(|(p, _)| p.below(folder.as_str()).is_some());
        let first = inside.next()?;
        let (path, why) =
            std::iter::once(first).chain(inside).find(|(_, why)| **why == Hidden::Future).unwrap_or(first);
        Some(Found::Hidden(*why, path.clone()))
    }

    /// The existing target that was probably meant, as it would be written from `from`.
    fn nearest(&self, catalog: &Catalog, from: &SitePath, path: &SitePath) -> Option<String> {
        const MOST: usize = 500;
        let by_name = self.by_name.get_or_init(|| {
            let mut first = HashMap::new();
            for path in self.files.below("content") {
                first.entry(path.name().to_string()).or_insert_with(|| path.clone());
            }
            first
        });
        if let Some(same) = by_name.get(path.name()).or_else(|| by_name.get(&format!("{}.md", path.name()))) {
            return Some(relative(from, same));
        }
        let folder = path.parent();
        let siblings: Vec<&SitePath> =
            catalog.paths_below(&folder).take(MOST).filter(|p| p.parent() == folder).collect();
        let files: Vec<&SitePath> =
            self.files.below(folder.as_str()).take(MOST).filter(|p| p.parent() == folder).collect();
        let names = siblings.iter().chain(&files).map(|p| p.name());
        let name = nearest(path.name(), names)?.to_string();
        folder.join(&name).ok().map(|p| relative(from, &p))
    }
}

fn strip(below: &str) -> SitePath {
    SitePath::new(below).unwrap_or_else(|_| SitePath::root())
}

fn is_markdown(path: &SitePath) -> bool {
    path.is_one_of(&["md", "markdown"])
}

/// `to` as a link written in the file `from`.
pub fn relative(from: &SitePath, to: &SitePath) -> String {
    let folder = from.parent();
    let here: Vec<&str> = folder.as_str().split('/').filter(|s| !s.is_empty()).collect();
    let there: Vec<&str> = to.as_str().split('/').collect();
    let shared = here.iter().zip(&there).take_while(|(a, b)| a == b).count();
    let mut out = "../".repeat(here.len() - shared);
    out.push_str(&there[shared..].join("/"));
    out
}
