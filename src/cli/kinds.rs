//! `puzhi kinds`: the kinds of pages of a site, the keys of one of them, and JSON Schemas for editors.
//!
//! Input: [`KindsArgs`] and the site, whose own kinds are included. Output: text or JSON on standard output. Writes no
//! file and reads no page.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use crate::settings::{FIELDS, Settings, with_own_kinds};
use puzhi_core::diag::{Diagnostic, codes};
use puzhi_core::kinds::{COMMON_FIELDS, KIND_FIELDS, KeyDefinition, KindName, SECTION_FIELDS};
use puzhi_core::yaml::{Field, FieldOf, TypeOf, mapping_schema};

use super::ExitStatus;
use super::args::KindsArgs;
use super::console::{Console, write_stdout};
use super::site::SiteRequest;

/// Tables that are no kind of page, by the names that the command takes: `site.yaml`, `_index.md`, `kinds/NAME.yaml`.
const TABLES: [KeyTable; 3] = [
    KeyTable { name: "site", title: "site.yaml", fields: FIELDS },
    KeyTable { name: "section", title: "_index.md", fields: SECTION_FIELDS },
    KeyTable { name: "kind", title: "kinds/NAME.yaml", fields: KIND_FIELDS },
];

/// A table of keys that is no kind of page.
struct KeyTable {
    /// The word of the command line.
    name: &'static str,
    /// The file that has the keys.
    title: &'static str,
    fields: &'static [Field],
}

/// Prints what was asked for. Findings about the files of `kinds/` go to standard error.
pub(super) fn run(args: &KindsArgs) -> Result<ExitStatus, ExitStatus> {
    let console = args.messages.console();
    let scanned = SiteRequest::of(args.root.path()).open().map_err(|diags| console.fail(&diags, ExitStatus::Usage))?;
    let (settings, found) = with_own_kinds(&scanned.settings, &scanned.files);
    console.print_diagnostics(&found);
    let printer = KindPrinter { settings: &settings, console: &console };
    let text = match (&args.name, args.schema) {
        (None, false) => printer.overview(),
        (None, true) => pretty(&printer.schema_of_pages()),
        (Some(name), schema) => {
            let table = TABLES.iter().find(|table| table.name == name);
            let kind = settings.kinds.from_label(name);
            match (table, kind, schema) {
                (Some(KeyTable { name, title, fields }), _, true) => {
                    pretty(&printer.schema_of_table(name, title, fields))
                }
                (Some(KeyTable { title, fields, .. }), _, false) => {
                    format!("# {title}\n\n{}", printer.table(fields, &[]))
                }
                (None, Some(kind), true) => pretty(&printer.schema_of_kind(kind)),
                (None, Some(kind), false) => printer.reference(kind),
                (None, None, _) => return Err(console.fail(&[unknown_kind(name, &settings)], ExitStatus::Usage)),
            }
        }
    };
    write_stdout(&text)?;
    let failed = found.iter().any(Diagnostic::is_error);
    Ok(if failed { ExitStatus::ContentErrors } else { ExitStatus::Success })
}

/// The finding about a word that names no kind of the site, or one that the site hides.
pub(super) fn unknown_kind(word: &str, settings: &Arc<Settings>) -> Diagnostic {
    let kinds = &settings.kinds;
    if let Some(kind) = KindName::from_label(word).filter(|kind| kinds.hidden.contains(kind)) {
        return Diagnostic::new(&codes::kinds::HIDDEN_KIND).arg("kind", kind.zh()).arg("name", kind.as_str());
    }
    let names: Vec<String> = kinds.all().map(|kind| format!("{} {}", kinds.zh(kind), kinds.name(kind))).collect();
    Diagnostic::new(&codes::start::UNKNOWN_KIND).arg("value", word).arg("kinds", names.join("、"))
}

/// The keys that every page of a kind must have.
fn required_keys(keys: &[KeyDefinition]) -> impl Iterator<Item = &str> {
    keys.iter().filter(|key| key.required && key.default.is_none()).map(|key| key.name.as_str())
}

fn pretty(schema: &Json) -> String {
    format!("{schema:#}\n")
}

struct KindPrinter<'s> {
    settings: &'s Arc<Settings>,
    console: &'s Console,
}

impl KindPrinter<'_> {
    /// One line for each kind: names, folder, file.
    fn overview(&self) -> String {
        let kinds = &self.settings.kinds;
        let mut text = String::new();
        for kind in kinds.all() {
            let from = match kinds.own(kind) {
                Some(own) => own.path.to_string(),
                None => self.console.pick("内置", "built in").to_string(),
            };
            let (zh, name, folder) = (kinds.zh(kind), kinds.name(kind), kinds.folder(kind));
            text.push_str(&format!("{zh}  {name}  content/{folder}  {from}\n"));
        }
        text
    }

    /// The keys of a kind: its own, then those of all pages.
    fn reference(&self, kind: KindName) -> String {
        let kinds = &self.settings.kinds;
        let keys = kinds.own(kind).map_or(&[][..], |own| &own.keys);
        let required: Vec<&str> = required_keys(keys).collect();
        let own = kinds.with_table(kind, |table| self.table(table, &required));
        let common = self.with_common_table(|table| self.table(table, &[]));
        let heading = self.console.pick("每一页都有的键", "Keys of every page");
        let own = if kinds.with_table(kind, |table| table.is_empty()) { String::new() } else { format!("{own}\n") };
        format!("# {} {}\n\n{own}## {heading}\n\n{common}", kinds.zh(kind), kinds.name(kind))
    }

    /// A table of keys as Markdown, which marks those that a page must have.
    fn table(&self, fields: &[FieldOf<'_>], required: &[&str]) -> String {
        let mut text = format!(
            "{}\n| --- | --- | --- | --- |\n",
            self.console.pick("| 键 | 英文键 | 填什么 | 说明 |", "| Key | Chinese key | Takes | Meaning |")
        );
        for field in fields {
            let (mut takes_zh, mut takes_en) = field.ty.describe();
            if required.contains(&field.key) {
                takes_zh.push_str("，必填");
                takes_en.push_str(", required");
            }
            let row = [field.zh, field.key, &takes_zh, field.doc_zh];
            let row_en = [field.key, field.zh, &takes_en, field.doc_en];
            let cells = if self.console.pick("zh", "en") == "zh" { row } else { row_en };
            let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|").replace('\n', " ")).collect();
            text.push_str(&format!("| {} |\n", cells.join(" | ")));
        }
        text
    }

    /// Calls `f` with the keys of all pages, in which `kind` knows the site's kinds, and the site's own taxonomies.
    fn with_common_table<R>(&self, f: impl FnOnce(&[FieldOf<'_>]) -> R) -> R {
        let kinds = self.settings.kinds.choices();
        let hidden = &self.settings.kinds.hidden_taxonomies;
        let key_of = |taxonomy: &str| {
            puzhi_core::kinds::TAXONOMY_KEYS.iter().find(|(name, _)| *name == taxonomy).map(|(_, key)| *key)
        };
        let hidden: Vec<&str> = hidden.iter().filter_map(|taxonomy| key_of(taxonomy)).collect();
        let common = COMMON_FIELDS.iter().filter(|field| !hidden.contains(&field.key));
        let mut table: Vec<FieldOf<'_>> = common
            .map(|field| if field.key == "kind" { FieldOf { ty: TypeOf::Choice(&kinds), ..*field } } else { *field })
            .collect();
        for taxonomy in self.settings.taxonomies.iter().filter(|taxonomy| key_of(&taxonomy.key).is_none()) {
            let title = taxonomy.titles.values().next().map_or("", String::as_str);
            table.push(FieldOf::new(&taxonomy.key, &taxonomy.key, TypeOf::Names, title, ""));
        }
        f(&table)
    }

    /// The schema of the front matter of one kind.
    fn schema_of_kind(&self, kind: KindName) -> Json {
        let kinds = &self.settings.kinds;
        let keys = kinds.own(kind).map_or(&[][..], |own| &own.keys);
        let required: Vec<&str> = required_keys(keys).collect();
        let title = format!("{} {}", kinds.zh(kind), kinds.name(kind));
        self.with_common_table(|common| kinds.with_table(kind, |own| mapping_schema(&title, &[common, own], &required)))
    }

    /// A schema that accepts the front matter of any page.
    fn schema_of_pages(&self) -> Json {
        let kinds: Vec<Json> = self.settings.kinds.all().map(|kind| self.schema_of_kind(kind)).collect();
        json!({ "$schema": "https://json-schema.org/draft/2020-12/schema", "anyOf": kinds })
    }

    /// The schema of a file that is no page of a kind. `_index.md` also has the keys of every page.
    fn schema_of_table(&self, name: &str, title: &str, fields: &[Field]) -> Json {
        match name {
            "section" => self.with_common_table(|common| mapping_schema(title, &[common, fields], &[])),
            _ => mapping_schema(title, &[fields], &[]),
        }
    }
}
