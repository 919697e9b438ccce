//! The files that may break a ban of `clippy.toml`, or print. Clippy refuses every other file; this list is the one place that names them.

use std::collections::BTreeSet;

use syn::visit::Visit;

use crate::sources::{all, code_without_tests};

/// Files with `#[expect(clippy::…, reason = "…")]` of a ban.
const ALLOWED: &[(&str, &str)] = &[
    ("crates/core/src/yaml/properties.rs", "disallowed_types"),
    ("crates/core/src/yaml/serde_adapter.rs", "disallowed_types"),
    ("crates/survey/src/collector/listener.rs", "disallowed_methods"),
    ("crates/survey/src/collector/random.rs", "disallowed_methods"),
    ("crates/survey/src/store/backup.rs", "disallowed_methods"),
    ("crates/survey/src/store/mod.rs", "disallowed_methods"),
    ("src/cli/build.rs", "disallowed_methods"),
    ("src/cli/console.rs", "disallowed_methods"),
    ("src/cli/command_docs.rs", "disallowed_methods"),
    ("src/cli/desk.rs", "disallowed_methods"),
    ("src/cli/fix_store.rs", "disallowed_methods"),
    ("src/cli/init.rs", "disallowed_methods"),
    ("src/cli/launch.rs", "disallowed_methods"),
    ("src/cli/local_server.rs", "disallowed_methods"),
    ("src/cli/new.rs", "disallowed_methods"),
    ("src/cli/press.rs", "disallowed_methods"),
    ("src/cli/site.rs", "disallowed_methods"),
    ("src/cli/survey/adopt.rs", "disallowed_methods"),
    ("src/cli/survey/batches.rs", "disallowed_methods"),
    ("src/cli/survey/export.rs", "disallowed_methods"),
    ("src/cli/survey/field.rs", "disallowed_methods"),
    ("src/cli/survey/import.rs", "disallowed_methods"),
    ("src/cli/survey/office_key.rs", "disallowed_methods"),
    ("src/cli/survey/paper.rs", "disallowed_methods"),
    ("src/cli/survey/purge.rs", "disallowed_methods"),
    ("src/cli/survey/report.rs", "disallowed_methods"),
    ("src/cli/survey/serve.rs", "disallowed_methods"),
    ("src/cli/survey/sign.rs", "disallowed_methods"),
    ("src/cli/survey/site_survey.rs", "disallowed_methods"),
    ("src/cli/survey/snapshot.rs", "disallowed_methods"),
    ("src/cli/survey/verify.rs", "disallowed_methods"),
    ("src/cli/theme.rs", "disallowed_methods"),
    ("src/desk/access.rs", "disallowed_methods"),
    ("src/desk/clock.rs", "disallowed_methods"),
    ("src/desk/files.rs", "disallowed_methods"),
    ("src/engine/blob_cache.rs", "disallowed_methods"),
    ("src/engine/file_lock.rs", "disallowed_methods"),
    ("src/engine/process.rs", "disallowed_methods"),
    ("src/engine/store.rs", "disallowed_methods"),
    ("src/history/mod.rs", "disallowed_methods"),
    ("src/engine/store.rs", "disallowed_types"),
    ("src/history/desks.rs", "disallowed_methods"),
    ("src/history/log.rs", "disallowed_methods"),
    ("src/history/objects.rs", "disallowed_methods"),
    ("src/history/unsaved.rs", "disallowed_methods"),
    ("src/main.rs", "disallowed_methods"),
    ("src/outputs/collisions.rs", "iter_over_hash_type"),
    ("src/pipeline/make_outputs.rs", "disallowed_methods"),
    ("src/pipeline/timings.rs", "disallowed_methods"),
    ("src/preview/mod.rs", "disallowed_methods"),
    ("src/preview/session.rs", "disallowed_methods"),
    ("src/sink/bytes.rs", "disallowed_methods"),
    ("src/sink/commit.rs", "disallowed_methods"),
    ("src/sink/disk.rs", "disallowed_methods"),
    ("src/sink/folders.rs", "disallowed_methods"),
    ("src/sink/fs_ops.rs", "disallowed_methods"),
    ("src/sink/inspect.rs", "disallowed_methods"),
    ("src/sink/metadata_dir.rs", "disallowed_methods"),
    ("src/source/mod.rs", "disallowed_methods"),
    ("src/source/replace_file.rs", "disallowed_methods"),
    ("src/source/scan.rs", "disallowed_methods"),
    ("src/source/stat_poll.rs", "disallowed_methods"),
    ("src/source/walk.rs", "disallowed_methods"),
    ("src/source/watch.rs", "disallowed_methods"),
];

/// The lints that forbid something, without their group.
const BANS: &[&str] = &[
    "disallowed_methods",
    "disallowed_types",
    "print_stdout",
    "print_stderr",
    "exit",
    "unwrap_used",
    "expect_used",
    "iter_over_hash_type",
    "dbg_macro",
    "todo",
    "unimplemented",
    "unsafe_code",
    "missing_docs",
];

/// Groups of lints that hold one of [`BANS`]. No file may lift a group.
const GROUPS: &[&str] = &[
    "warnings",
    "all",
    "style",
    "restriction",
    "correctness",
    "suspicious",
    "complexity",
    "perf",
    "pedantic",
    "nursery",
];

/// The bans and groups that the attributes of a file lift.
#[derive(Default)]
struct LiftedBans {
    names: BTreeSet<&'static str>,
    /// `mod.rs` or `lib.rs`: an attribute of the whole file would hold for the files below it.
    whole_file: bool,
}

impl LiftedBans {
    /// Reads the tokens of `allow(…)`, `expect(…)` or `cfg_attr(condition, …)`.
    fn read(&mut self, tokens: proc_macro2::TokenStream) {
        for token in tokens {
            match token {
                proc_macro2::TokenTree::Ident(name) => {
                    let known = BANS.iter().chain(GROUPS).find(|known| name == **known);
                    self.names.extend(known);
                }
                proc_macro2::TokenTree::Group(group) => self.read(group.stream()),
                _ => {}
            }
        }
    }
}

impl<'ast> Visit<'ast> for LiftedBans {
    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        let syn::Meta::List(list) = &attribute.meta else { return };
        let lifts = list.path.is_ident("allow") || list.path.is_ident("expect");
        let for_tests = list.tokens.to_string().starts_with("test ,");
        if lifts || (list.path.is_ident("cfg_attr") && !for_tests) {
            let before = self.names.len();
            self.read(list.tokens.clone());
            self.whole_file |= self.names.len() > before && matches!(attribute.style, syn::AttrStyle::Inner(_));
        }
    }
}

/// What a file lifts.
fn lifted(text: &str) -> LiftedBans {
    let mut lifted = LiftedBans::default();
    lifted.visit_file(&syn::parse_file(&code_without_tests(text)).expect("a source file"));
    lifted
}

#[test]
fn only_the_listed_files_lift_a_ban() {
    let files = all();
    let found: BTreeSet<(&str, &str)> = files
        .iter()
        .flat_map(|file| lifted(&file.text).names.into_iter().map(|ban| (file.path.as_str(), ban)))
        .collect();
    let listed: BTreeSet<(&str, &str)> = ALLOWED.iter().copied().collect();
    assert_eq!(found.difference(&listed).collect::<Vec<_>>(), Vec::<&(&str, &str)>::new(), "files that are not listed");
    assert_eq!(
        listed.difference(&found).collect::<Vec<_>>(),
        Vec::<&(&str, &str)>::new(),
        "listed files that lift no ban"
    );
}

#[test]
fn a_ban_is_not_lifted_for_a_whole_folder() {
    let wrong: Vec<String> = all()
        .into_iter()
        .filter(|file| file.path.ends_with("/mod.rs") || file.path.ends_with("/lib.rs"))
        .filter(|file| lifted(&file.text).whole_file)
        .map(|file| file.path)
        .collect();
    assert_eq!(wrong, [""; 0], "write the attribute at the function");
}

#[test]
fn planted_exceptions_are_caught() {
    let names = |text: &str| lifted(text).names.into_iter().collect::<Vec<_>>();
    assert_eq!(names("#![expect(clippy::disallowed_methods, reason = \"x\")]\n"), ["disallowed_methods"]);
    assert_eq!(names("#[allow(clippy::exit, clippy::print_stdout)]\nfn f() {}\n"), ["exit", "print_stdout"]);
    assert_eq!(names("#![allow(\n    clippy::unwrap_used,\n    reason = \"x\"\n)]\n"), ["unwrap_used"]);
    assert_eq!(names("#![cfg_attr(all(), allow(clippy::disallowed_methods))]\n"), ["all", "disallowed_methods"]);
    assert_eq!(names("fn f() {\n    #[allow(clippy::style)]\n    g();\n}\n"), ["style"]);
    assert_eq!(names("#[cfg(test)]\nmod x;\n#[allow(unsafe_code)]\nfn f() {}\n"), ["unsafe_code"]);
    assert_eq!(names("// clippy::exit\n#[cfg(test)]\nmod tests {\n    #![allow(clippy::exit)]\n}\n"), [""; 0]);
    assert_eq!(names("#![cfg_attr(test, allow(clippy::unwrap_used))]\n"), [""; 0]);
    assert!(
        lifted("#![expect(clippy::exit)]\n").whole_file && !lifted("#[expect(clippy::exit)]\nfn f() {}\n").whole_file
    );
}
