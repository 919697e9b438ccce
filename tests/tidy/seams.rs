//! What is defined in one file is not enumerated anywhere else, so that adding one does not mean finding such places.

use crate::sources::{all, code_without_tests};

/// Names of the formats, as the list in `src/outputs/mod.rs` has them: `file::Type`.
fn formats(list: &str) -> Vec<&str> {
    let inside = list.split("Recipe = [").nth(1).and_then(|rest| rest.split(']').next()).unwrap_or_default();
    inside.split(',').filter_map(|entry| entry.trim().rsplit_once("::").map(|(_, name)| name)).collect()
}

/// The formats that code, its comments and tests apart, names as variants.
fn named<'f>(text: &str, formats: &[&'f str]) -> Vec<&'f str> {
    let code = code_without_tests(text);
    let names = |format: &&&str| code.contains(&format!("Recipe::{format}"));
    formats.iter().filter(names).copied().collect()
}

#[test]
fn no_file_distinguishes_more_than_one_format() {
    let files = all();
    let list = files.iter().find(|file| file.path == "src/outputs/mod.rs").expect("the list of formats");
    let formats = formats(&list.text);
    assert!(formats.len() > 10, "{formats:?}");
    for file in &files {
        let found = named(&file.text, &formats);
        assert!(found.len() <= 1, "{} knows several formats: {found:?}", file.path);
    }
}

#[test]
fn a_planted_match_over_formats_is_caught() {
    let formats = formats("Recipe = [ page::Page, atom::Atom, ]");
    assert_eq!(formats, ["Page", "Atom"]);
    assert_eq!(named("fn f() { match r { Recipe::Page(_) => 1, Recipe::Atom(_) => 2 } }", &formats), ["Page", "Atom"]);
    assert_eq!(named("// Recipe::Page\nfn f() { let a = Recipe::Atom(f); }", &formats), ["Atom"]);
}
