//! Classifies Markdown files by path alone: page, page bundle, section page or term page, and language.
//!
//! Input: paths in `content/`, language codes, taxonomy keys. Output: one [`ContentPath`] per file. Does not read
//! files.

use std::collections::HashSet;

use puzhi_core::base::{Route, SitePath};

use super::PageRole;
use crate::settings::Settings;
use crate::source::{FileSnapshot, is_page_source};

/// Role, language and key of a Markdown file, derived from its path and its neighbours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentPath {
    /// Path of the file relative to the site's folder.
    pub path: SitePath,
    /// Index of the language in the settings.
    pub lang: usize,
    /// Folder relative to `content/`, "" at the top. For a page bundle (`guide/index.md` without other pages) it is
    /// the folder that contains the bundle's folder.
    pub folder: String,
    /// Last segment of the address unless front matter has a `slug`; empty for a section page.
    pub name: String,
    /// Whether the file is a page, a section page or a term page.
    pub role: PageRole,
    /// Path relative to `content/` without extension and language suffix; equal for all translations of a page.
    pub key: String,
}

/// Classifies the pages among the files of a site.
pub fn classify_content(files: &FileSnapshot, settings: &Settings) -> Vec<ContentPath> {
    let markdown: Vec<&SitePath> = files.paths_in("content").filter(|path| is_page_source(path)).collect();
    let languages: Vec<&str> = settings.languages.iter().map(|l| l.code.as_str()).collect();
    let taxonomies: Vec<&str> = settings.taxonomies.iter().map(|t| t.key.as_str()).collect();
    classify_paths(&markdown, &languages, &taxonomies)
}

/// The parts of a path.
struct SplitPath<'p> {
    path: SitePath,
    folder: &'p str,
    /// File name without language and extension.
    stem: String,
    /// Index of the language.
    lang: usize,
}

/// A file that may describe its folder.
#[derive(PartialEq, Eq, Hash)]
struct IndexFile<'p> {
    folder: &'p str,
    /// `_index`, `index` or `README`.
    name: &'static str,
    lang: usize,
}

/// Classifies all Markdown files in `content/`; other files are ignored. `languages` are the language codes of the
/// site, the default first; `taxonomies` are the keys of the taxonomies.
fn classify_paths(files: &[&SitePath], languages: &[&str], taxonomies: &[&str]) -> Vec<ContentPath> {
    let split: Vec<SplitPath<'_>> = files
        .iter()
        .filter_map(|path| {
            let below = path.relative_to("content")?;
            let (folder, file) = below.rsplit_once('/').unwrap_or(("", below));
            let (stem, lang) = split_language(
                file.strip_suffix(".md").or_else(|| file.strip_suffix(".markdown")).unwrap_or(file),
                languages,
            );
            // `Index.md` of a program that begins names with a capital is the folder's page, too.
            let stem = ["_index", "index"]
                .into_iter()
                .find(|name| name.eq_ignore_ascii_case(&stem))
                .map_or(stem, str::to_string);
            Some(SplitPath { path: (*path).clone(), folder, stem, lang })
        })
        .collect();

    // `folders` has all folders that contain Markdown files directly or in subfolders; `others` the same, without
    // counting an `index` file for its own folder. A folder that is not in `others` is a bundle.
    let mut folders: HashSet<&str> = HashSet::new();
    let mut others: HashSet<&str> = HashSet::new();
    let mut indexes: HashSet<IndexFile<'_>> = HashSet::new();
    for SplitPath { folder, stem, lang, .. } in &split {
        // If a folder is already in the set, so are its parent folders.
        for above in ancestors(folder) {
            if !folders.insert(above) {
                break;
            }
        }
        for above in ancestors(folder).skip(usize::from(stem == "index")) {
            if !others.insert(above) {
                break;
            }
        }
        if matches!(stem.as_str(), "_index" | "index" | "README") {
            let name = match stem.as_str() {
                "_index" => "_index",
                "index" => "index",
                _ => "README",
            };
            indexes.insert(IndexFile { folder, name, lang: *lang });
        }
    }

    split
        .into_iter()
        .map(|SplitPath { path, folder, stem, lang }| {
            let has = |name| indexes.contains(&IndexFile { folder, name, lang });
            let bundle = stem == "index" && !folder.is_empty() && !others.contains(folder);
            let taxonomy = taxonomies.iter().find(|t| **t == folder);
            let key = if folder.is_empty() { stem.clone() } else { format!("{folder}/{stem}") };
            let section = stem == "_index"
                || stem == "index" && !bundle && !has("_index")
                || stem == "README" && !has("_index") && !has("index");
            let (folder, name, role) = if section {
                (folder.to_string(), String::new(), PageRole::Section)
            } else if bundle {
                let (parent, last) = folder.rsplit_once('/').unwrap_or(("", folder));
                (parent.to_string(), last.to_string(), PageRole::Page)
            } else if let Some(taxonomy) = taxonomy {
                (folder.to_string(), stem, PageRole::Term(taxonomy.to_string()))
            } else {
                // `guide.md` next to a folder `guide/` that has no index file describes that folder.
                let unclaimed = || {
                    ["_index", "index", "README"]
                        .iter()
                        .all(|name| !indexes.contains(&IndexFile { folder: &key, name, lang }))
                };
                if folders.contains(key.as_str()) && unclaimed() {
                    (key.clone(), String::new(), PageRole::Section)
                } else {
                    (folder.to_string(), stem, PageRole::Page)
                }
            };
            // `index.md` and `_index.md` of a folder in two languages are translations of each other, so they share a
            // key.
            let key = if role == PageRole::Section { format!("{folder}/_index") } else { key };
            ContentPath { path, lang, folder, name, role, key }
        })
        .collect()
}

/// The folder and all its parent folders, ending with "".
fn ancestors(folder: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder), |at| {
        (!at.is_empty()).then(|| at.rsplit_once('/').map_or("", |(parent, _)| parent))
    })
}

/// Splits a language suffix off: `page.en` is `page` in English if `en` is a language of the site. Without a known
/// suffix the language is the default.
fn split_language(stem: &str, languages: &[&str]) -> (String, usize) {
    if let Some((base, code)) = stem.rsplit_once('.')
        && let Some(lang) = languages.iter().position(|l| *l == code)
        && !base.is_empty()
    {
        return (base.to_string(), lang);
    }
    (stem.to_string(), 0)
}

/// Address of a folder's section in the language with this route prefix ("" for the default language).
pub fn folder_route(prefix: &str, folder: &str) -> Route {
    Route::page([prefix].into_iter().chain(folder.split('/')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn classified(files: &[&str]) -> Vec<(String, String, PageRole, usize)> {
        let paths: Vec<SitePath> = files.iter().map(|f| SitePath::new(f).unwrap()).collect();
        let refs: Vec<&SitePath> = paths.iter().collect();
        classify_paths(&refs, &["zh", "en"], &["tags", "units"])
            .into_iter()
            .map(|p| (p.folder, p.name, p.role, p.lang))
            .collect()
    }

    fn expected(folder: &str, name: &str, role: PageRole, lang: usize) -> (String, String, PageRole, usize) {
        (folder.into(), name.into(), role, lang)
    }

    #[test]
    fn pages_sections_bundles_and_terms() {
        assert_eq!(
            classified(&[
                "content/_index.md",
                "content/a/_index.md",
                "content/a/x.md",
                "content/a/x.en.md",
                "content/a/b/index.md",
                "content/units/局.md"
            ]),
            [
                expected("", "", PageRole::Section, 0),
                expected("a", "", PageRole::Section, 0),
                expected("a", "x", PageRole::Page, 0),
                expected("a", "x", PageRole::Page, 1),
                expected("a", "b", PageRole::Page, 0),
                expected("units", "局", PageRole::Term("units".into()), 0),
            ]
        );
    }

    #[test]
    fn documentation_folders_read_index_or_readme_as_section() {
        assert_eq!(
            classified(&[
                "content/d/index.md",
                "content/d/x.md",
                "content/e/README.md",
                "content/e/y.md",
                "content/f/index.md",
                "content/f/g/z.md"
            ]),
            [
                expected("d", "", PageRole::Section, 0),
                expected("d", "x", PageRole::Page, 0),
                expected("e", "", PageRole::Section, 0),
                expected("e", "y", PageRole::Page, 0),
                expected("f", "", PageRole::Section, 0),
                expected("f/g", "z", PageRole::Page, 0),
            ]
        );
    }

    #[test]
    fn an_index_may_begin_with_a_capital() {
        assert_eq!(
            classified(&["content/a/_Index.md", "content/a/x.md", "content/b/INDEX.en.md", "content/c/readme.md"]),
            [
                expected("a", "", PageRole::Section, 0),
                expected("a", "x", PageRole::Page, 0),
                expected("", "b", PageRole::Page, 1),
                expected("c", "readme", PageRole::Page, 0),
            ]
        );
    }

    #[test]
    fn page_beside_a_folder_of_its_name_describes_it() {
        assert_eq!(
            classified(&["content/a.md", "content/a/b.md"]),
            [expected("a", "", PageRole::Section, 0), expected("a", "b", PageRole::Page, 0)]
        );
    }
}
