//! Who may read a site without recording it. `view::tracking::site` lets nobody else at the data of a `Site`, but for `untracked`; this
//! file lists who may call that, and which files of the rooms that render may name a type whose values are not tracked.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};

use crate::sources::{SourceFile, all};

/// The methods that give out the data of a site without recording.
const UNTRACKED: [&str; 2] = ["untracked", "untracked_mut"];

/// The files that may call them, each with what for. Rendering calls none of these files' functions.
const MAY_READ_UNTRACKED: &[(&str, &str)] = &[
    ("src/cli/events.rs", "records events and prints the ledger"),
    ("src/cli/new.rs", "finds sections and ids for a new page"),
    ("src/cli/survey/paper.rs", "lists the ids of surveys"),
    ("src/cli/survey/site_survey.rs", "needs the time zone"),
    ("src/desk/requests/hand_over.rs", "names the pages that are handed over"),
    ("src/pipeline/explain.rs", "finds the output that is asked for"),
    ("src/pipeline/make_outputs.rs", "fingerprints of recipes, names for timings, documents to release"),
    ("src/pipeline/mod.rs", "counts the documents that were loaded"),
    ("src/cli/release.rs", "records what is published"),
    ("src/pipeline/press.rs", "finds the page that is asked for"),
    ("src/pipeline/releases.rs", "collects what is published"),
    ("src/pipeline/single_page_update.rs", "puts the new text of a page into the site"),
    ("src/preview/session.rs", "addresses of pages, fingerprints of recipes"),
    ("src/survey_definition.rs", "definitions for the collector"),
    ("src/view/tracking/site.rs", "defines them"),
    ("src/view/views.rs", "counts pages and languages"),
];

/// Types whose values say more than one facet.
const RAW_TYPES: [&str; 5] = ["AssetManifest", "BuildDate", "Catalog", "FileSnapshot", "SiteData"];

/// The rooms that render.
const RENDERING: [&str; 2] = ["outputs", "view"];

/// The files of those rooms that may name a raw type, each with what for. A path that ends in `/` is a folder.
const MAY_NAME_RAW_TYPES: &[(&str, &str)] = &[
    ("src/outputs/", "planning and fingerprints of recipes, before anything is rendered; what renders gets a `Site`"),
    ("src/view/mod.rs", "re-exports the type for the pipeline"),
    ("src/view/tracking/", "the readers of the facets, and the site itself"),
];

/// Each of `names` that occurs as an identifier in code, tests apart.
fn named<'n>(text: &str, names: &[&'n str]) -> BTreeSet<&'n str> {
    fn visit<'n>(tokens: TokenStream, names: &[&'n str], found: &mut BTreeSet<&'n str>) {
        let mut skip_module = false;
        let mut previous_ident = String::new();
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => {
                    let ident = ident.to_string();
                    found.extend(names.iter().filter(|name| **name == ident));
                    previous_ident = ident;
                }
                TokenTree::Group(group) => {
                    let text = group.stream().to_string();
                    // The module after `#[cfg(test)]` is not part of the program.
                    if text.starts_with("cfg") && text.contains("test") {
                        skip_module = true;
                    } else if skip_module && previous_ident == "tests" {
                        skip_module = false;
                    } else {
                        visit(group.stream(), names, found);
                    }
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }
    let mut found = BTreeSet::new();
    visit(text.parse().expect("Rust"), names, &mut found);
    found
}

fn is_listed(path: &str, list: &[(&str, &str)]) -> bool {
    list.iter().any(|(listed, _)| path == *listed || listed.ends_with('/') && path.starts_with(listed))
}

/// Reads that nobody records, by file.
fn violations(file: &SourceFile) -> Vec<String> {
    let mut wrong = Vec::new();
    if !is_listed(&file.path, MAY_READ_UNTRACKED) {
        wrong.extend(named(&file.text, &UNTRACKED).into_iter().map(|name| format!("{}: calls {name}", file.path)));
    }
    if RENDERING.contains(&file.room.as_str()) && !is_listed(&file.path, MAY_NAME_RAW_TYPES) {
        wrong.extend(named(&file.text, &RAW_TYPES).into_iter().map(|name| format!("{}: names {name}", file.path)));
    }
    wrong
}

#[test]
fn only_the_listed_files_read_a_site_without_recording() {
    let files: Vec<SourceFile> = all().into_iter().filter(|file| file.package == "puzhi").collect();
    let wrong: Vec<String> = files.iter().flat_map(violations).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_listed_file_needs_its_place_in_the_list() {
    let files = all();
    let uses = |list: &[(&str, &str)], names: &[&str]| -> Vec<String> {
        let unused = |listed: &str| {
            let mut own = files.iter().filter(|file| is_listed(&file.path, &[(listed, "")]));
            !own.any(|file| !named(&file.text, names).is_empty())
        };
        list.iter().filter(|(listed, _)| unused(listed)).map(|(listed, _)| listed.to_string()).collect()
    };
    assert_eq!(uses(MAY_READ_UNTRACKED, &UNTRACKED), [""; 0]);
    assert_eq!(uses(MAY_NAME_RAW_TYPES, &RAW_TYPES), [""; 0]);
}

fn planted(path: &str, room: &str, text: &str) -> usize {
    let file = SourceFile { room: room.into(), path: path.into(), depth: 2, package: "puzhi", text: text.into() };
    violations(&file).len()
}

#[test]
fn planted_reads_that_nobody_records_are_caught() {
    let page = |text: &str| planted("src/view/pages/page.rs", "view", text);
    assert_eq!(page("impl Site { fn f(&self) -> usize { self.untracked().catalog.pages.len() } }"), 1);
    assert_eq!(page("fn f(site: &mut Site) { views.site.untracked_mut().settings = x; }"), 1);
    assert_eq!(page("fn f(site: &Site) { println!(\"{}\", site.untracked().clock) }"), 1);
    assert_eq!(page("use crate::catalog::Catalog; fn f(catalog: &Catalog) {}"), 1);
    assert_eq!(page("use crate::view::tracking::SiteData; fn f(assets: &crate::assets::AssetManifest) {}"), 2);
    assert_eq!(page("mod inner { fn f(files: &FileSnapshot) { let read = Site::untracked; } }"), 2);
    assert_eq!(planted("src/outputs/feed.rs", "outputs", "fn f(site: &Site) { site.untracked() }"), 1);
    assert_eq!(planted("src/cli/check.rs", "cli", "fn f(site: &Site) { site.untracked() }"), 1);
}

#[test]
fn reads_that_are_recorded_are_let_alone() {
    for text in [
        "// untracked\n/// [`SiteData`]\nfn f() { let text = \"Catalog\"; site.read::<Card>(page) }",
        "fn f() {}\n#[cfg(test)]\nmod tests { use crate::catalog::Catalog; fn g(site: &Site) { site.untracked(); } }",
        "use crate::catalog::{PageId, SectionId}; fn f(site: &Site) { site.settings().page_size }",
    ] {
        assert_eq!(planted("src/view/pages/page.rs", "view", text), 0, "{text}");
    }
    assert_eq!(planted("src/pipeline/docs.rs", "pipeline", "fn f(catalog: &Catalog) {}"), 0);
    assert_eq!(planted("src/view/tracking/facets/new.rs", "view", "fn f(data: &SiteData) {}"), 0);
}
