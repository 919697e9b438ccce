//! Functions stay short, take few parameters, and name what they give: structs instead of tuples of three and more.

use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use crate::sources::{all, is_for_tests};

/// Most lines of a function, its signature included, its comments above it not.
const MOST_LINES: usize = 90;

/// Most parameters of a function, `self` included.
const MOST_PARAMETERS: usize = 6;

/// Most types in a tuple.
const MOST_TUPLE_ITEMS: usize = 2;

/// Functions that are one `match` over many cases, each a line or a few: taken apart they would be harder to read.
const LONG_MATCHES: &[&str] = &["mathml_tag", "rewrite_of", "start"];

/// What one file breaks, as `line: what`.
#[derive(Default)]
struct Shapes {
    wrong: Vec<String>,
    /// Inside an `impl` of a trait, which decides the parameters.
    of_trait: bool,
}

impl Shapes {
    fn function(&mut self, signature: &syn::Signature, span: proc_macro2::Span) {
        let name = &signature.ident;
        let line = signature.span().start().line;
        let lines = span.end().line - line + 1;
        if lines > MOST_LINES && !LONG_MATCHES.contains(&name.to_string().as_str()) {
            self.wrong.push(format!("{line}: {name} has {lines} lines"));
        }
        let parameters = signature.inputs.len();
        if parameters > MOST_PARAMETERS && !self.of_trait {
            self.wrong.push(format!("{line}: {name} takes {parameters} parameters"));
        }
    }
}

impl<'ast> Visit<'ast> for Shapes {
    fn visit_item_mod(&mut self, node: &'ast syn::ItemMod) {
        if !is_for_tests(&node.attrs) {
            visit::visit_item_mod(self, node);
        }
    }

    fn visit_item_fn(&mut self, node: &'ast syn::ItemFn) {
        if !is_for_tests(&node.attrs) {
            self.function(&node.sig, node.block.span());
            visit::visit_item_fn(self, node);
        }
    }

    fn visit_item_impl(&mut self, node: &'ast syn::ItemImpl) {
        let outside = std::mem::replace(&mut self.of_trait, node.trait_.is_some());
        visit::visit_item_impl(self, node);
        self.of_trait = outside;
    }

    fn visit_impl_item_fn(&mut self, node: &'ast syn::ImplItemFn) {
        if !is_for_tests(&node.attrs) {
            self.function(&node.sig, node.block.span());
            visit::visit_impl_item_fn(self, node);
        }
    }

    fn visit_type_tuple(&mut self, node: &'ast syn::TypeTuple) {
        if node.elems.len() > MOST_TUPLE_ITEMS {
            self.wrong.push(format!("{}: a tuple of {} types", node.span().start().line, node.elems.len()));
        }
        visit::visit_type_tuple(self, node);
    }
}

/// What the text of one file breaks.
fn violations(text: &str) -> Vec<String> {
    let mut shapes = Shapes::default();
    shapes.visit_file(&syn::parse_file(text).expect("a source file"));
    shapes.wrong
}

#[test]
fn functions_are_short_with_few_parameters_and_no_long_tuples() {
    let wrong: Vec<String> = all()
        .iter()
        .filter(|file| !file.path.ends_with("tests.rs"))
        .flat_map(|file| violations(&file.text).into_iter().map(|said| format!("{}:{said}", file.path)))
        .collect();
    assert!(wrong.is_empty(), "{} places:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn planted_shapes_are_caught() {
    let long = format!("fn long() {{\n{}}}\n", "    work();\n".repeat(MOST_LINES));
    assert_eq!(violations(&long), [format!("1: long has {} lines", MOST_LINES + 2)]);
    assert_eq!(violations("fn many(a: A, b: B, c: C, d: D, e: E, f: F, g: G) {}"), ["1: many takes 7 parameters"]);
    let of = |head: &str| violations(&format!("{head} {{ fn f(&self, a: A, b: B, c: C, d: D, e: E, f: F) {{}} }}"));
    assert_eq!(
        (of("impl S").len(), of("impl T for S").len()),
        (1, 0),
        "a trait decides the parameters of its functions"
    );
    assert_eq!(violations("struct S {\n    field: Vec<(u8, u8, u8)>,\n}"), ["2: a tuple of 3 types"]);
    assert_eq!(violations("#[cfg(test)]\nmod tests {\n    fn t() -> (u8, u8, u8) {\n        f()\n    }\n}"), [""; 0]);
}
