//! The source files of all crates, each with its room.

use std::fs;
use std::path::{Path, PathBuf};

use syn::spanned::Spanned;
use syn::visit::{self, Visit};

/// A source file of the program.
pub struct SourceFile {
    /// The room: the file's folder or name below `src`; the crates `markdown`, `pictures`, `search` and `survey` are one room each.
    pub room: String,
    /// Path below the repository, with `/`.
    pub path: String,
    /// How many modules deep the file is in its crate; `lib.rs` is 0.
    pub depth: usize,
    /// The crate that holds it: `puzhi`, `core`, `markdown`, `pictures`, `search` or `survey`.
    pub package: &'static str,
    pub text: String,
}

impl SourceFile {
    /// The text without comments and what is compiled for tests only.
    pub fn code(&self) -> String {
        code_without_tests(&self.text)
    }
}

/// The repository's root folder.
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All source files, by path.
pub fn all() -> Vec<SourceFile> {
    let mut files = Vec::new();
    let packages = [
        ("puzhi", "src"),
        ("core", "crates/core/src"),
        ("cards", "crates/cards/src"),
        ("press", "crates/press/src"),
        ("markdown", "crates/markdown/src"),
        ("pictures", "crates/pictures/src"),
        ("search", "crates/search/src"),
        ("survey", "crates/survey/src"),
    ];
    for (package, folder) in packages {
        let root = repository().join(folder);
        let mut paths = Vec::new();
        collect(&root, &mut paths);
        paths.sort();
        for path in paths {
            let below = path.strip_prefix(&root).expect("below its root");
            let parts: Vec<&str> = below.iter().map(|part| part.to_str().expect("UTF-8")).collect();
            files.push(SourceFile {
                room: if is_one_room(package) { package.into() } else { parts[0].trim_end_matches(".rs").into() },
                path: format!("{folder}/{}", parts.join("/")),
                depth: parts.len() - usize::from(matches!(parts[parts.len() - 1], "mod.rs" | "lib.rs" | "main.rs")),
                package,
                text: fs::read_to_string(&path).expect("readable"),
            });
        }
    }
    files
}

/// Whether a package is a single room, named like the package.
pub fn is_one_room(package: &str) -> bool {
    matches!(package, "cards" | "markdown" | "pictures" | "press" | "search" | "survey")
}

fn collect(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, out);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            out.push(path);
        }
    }
}

/// The text with every item that is compiled for tests only, and every comment line, left blank. Lines keep their numbers.
pub fn code_without_tests(text: &str) -> String {
    let mut items = TestItems::default();
    items.visit_file(&syn::parse_file(text).expect("a source file"));
    let lines = text.lines().enumerate().map(|(at, line)| {
        let hidden = items.lines.iter().any(|lines| lines.contains(&(at + 1))) || line.trim_start().starts_with("//");
        if hidden { "" } else { line }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Lines of the items with `#[cfg(test)]` or `#[test]`.
#[derive(Default)]
struct TestItems {
    lines: Vec<std::ops::RangeInclusive<usize>>,
}

impl<'ast> Visit<'ast> for TestItems {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        let attributes = match item {
            syn::Item::Const(item) => &item.attrs,
            syn::Item::Enum(item) => &item.attrs,
            syn::Item::Fn(item) => &item.attrs,
            syn::Item::Impl(item) => &item.attrs,
            syn::Item::Macro(item) => &item.attrs,
            syn::Item::Mod(item) => &item.attrs,
            syn::Item::Static(item) => &item.attrs,
            syn::Item::Struct(item) => &item.attrs,
            syn::Item::Trait(item) => &item.attrs,
            syn::Item::Type(item) => &item.attrs,
            syn::Item::Use(item) => &item.attrs,
            _ => &Vec::new(),
        };
        self.visit_part(attributes, item);
        visit::visit_item(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.visit_part(&item.attrs, item);
        visit::visit_impl_item_fn(self, item);
    }
}

impl TestItems {
    fn visit_part(&mut self, attributes: &[syn::Attribute], part: &impl Spanned) {
        if is_for_tests(attributes) {
            let span = part.span();
            self.lines.push(span.start().line..=span.end().line);
        }
    }
}

/// Whether an item is compiled for tests only.
pub fn is_for_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("test")
            || (attribute.path().is_ident("cfg")
                && attribute.parse_args::<syn::Ident>().is_ok_and(|condition| condition == "test"))
    })
}

#[test]
fn only_what_is_for_tests_is_left_out() {
    let text = "#[cfg(test)]\nmod tests;\nfn kept() {}\n// A note.\nimpl A {\n    #[cfg(test)]\n    fn gone() {}\n    fn also() {}\n}\n";
    assert_eq!(code_without_tests(text), "\n\nfn kept() {}\n\nimpl A {\n\n\n    fn also() {}\n}");
}
