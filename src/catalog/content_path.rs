//! What a Markdown file is by its path alone: page, bundle, section index or term, and in which language.

use std::collections::HashSet;

use puzhi_core::base::{Route, SitePath};

use super::PageRole;

/// The part a Markdown file of `content/` plays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentPath {
    pub path: SitePath,
    /// Index into the settings' languages.
    pub lang: usize,
    /// The folder below `content/`, "" at the top; for a bundle the folder that holds the bundle's folder.
    pub folder: String,
    /// The last address segment, before any `slug`.
    pub name: String,
    pub role: PageRole,
    /// The path without its language suffix: what translations share.
    pub key: String,
}

/// Sorts out all Markdown files below `content/`. `languages` are the codes of the site, default first.
pub fn classify_paths(files: &[&SitePath], languages: &[&str], taxonomies: &[&str]) -> Vec<ContentPath> {
    let split: Vec<(SitePath, &str, String, usize)> = files
        .iter()
        .filter_map(|path| {
            let below = path.relative_to("content")?;
            let (folder, file) = below.rsplit_once('/').unwrap_or(("", below));
            let (stem, lang) = split_language(
                file.strip_suffix(".md").or_else(|| file.strip_suffix(".markdown")).unwrap_or(file),
                languages,
            );
            Some(((*path).clone(), folder, stem, lang))
        })
        .collect();

    // In which folders, or below them, Markdown files stand, and in which such that are not the folder's own `index`.
    let mut folders: HashSet<&str> = HashSet::new();
    let mut others: HashSet<&str> = HashSet::new();
    let mut indexes: HashSet<(&str, &str, usize)> = HashSet::new();
    for (_, folder, stem, lang) in &split {
        // Those above a folder that is known are known, too.
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
            indexes.insert((
                folder,
                match stem.as_str() {
                    "_index" => "_index",
                    "index" => "index",
                    _ => "README",
                },
                *lang,
            ));
        }
    }

    split
        .into_iter()
        .map(|(path, folder, stem, lang)| {
            let has = |name| indexes.contains(&(folder, name, lang));
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
                // `guide.md` beside a folder `guide/` without an index of its own describes that folder.
                let unclaimed =
                    || ["_index", "index", "README"].iter().all(|n| !indexes.contains(&(key.as_str(), *n, lang)));
                if folders.contains(key.as_str()) && unclaimed() {
                    (key.clone(), String::new(), PageRole::Section)
                } else {
                    (folder.to_string(), stem, PageRole::Page)
                }
            };
            // `index.md` and `_index.md` of one folder in two languages are translations of each other.
            let key = if role == PageRole::Section { format!("{folder}/_index") } else { key };
            ContentPath { path, lang, folder, name, role, key }
        })
        .collect()
}

/// A folder and all above it, "" at last.
fn ancestors(folder: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder), |at| {
        (!at.is_empty()).then(|| at.rsplit_once('/').map_or("", |(parent, _)| parent))
    })
}

/// `page.en` is `page` in English when `en` is a language of the site other than the default.
fn split_language(stem: &str, languages: &[&str]) -> (String, usize) {
    if let Some((base, code)) = stem.rsplit_once('.')
        && let Some(lang) = languages.iter().position(|l| *l == code)
        && !base.is_empty()
    {
        return (base.to_string(), lang);
    }
    (stem.to_string(), 0)
}

/// The address of the folder `folder` in the language with route prefix `prefix` ("" for the default).
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
    fn page_beside_a_folder_of_its_name_describes_it() {
        assert_eq!(
            classified(&["content/a.md", "content/a/b.md"]),
            [expected("a", "", PageRole::Section, 0), expected("a", "b", PageRole::Page, 0)]
        );
    }
}
