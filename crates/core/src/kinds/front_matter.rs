//! Reads the text of front matter into typed values and reports all errors at once.
//!
//! Input: the text of a file, the span of its front matter and settings of the site. Output: [`CommonFrontMatter`],
//! [`KindData`] and diagnostics. Does not know other pages.

use super::common::{COMMON_FIELDS, SECTION_EXAMPLE, SECTION_FIELDS, TAXONOMY_KEYS};
use super::{CommonFrontMatter, KindData, KindDefinition, KindName, SectionOptions, Spanned, draft_mark, targets};
use crate::base::Span;
use crate::diag::codes::front_matter as code;
use crate::diag::{Diagnostic, SourceText};
use crate::yaml::{self, Field, Mapping, MappingEntry, MappingReader};

/// Information about the site that is needed to read a page's front matter.
#[derive(Debug, Clone, Copy)]
pub struct FrontMatterContext<'c> {
    /// Default kind of the pages in this section.
    pub kind: KindName,
    /// Names of all taxonomies. Those that every site has may be left out.
    pub taxonomies: &'c [String],
}

/// One table of the generated reference page.
#[derive(Debug, Clone, Copy)]
pub struct FieldTable {
    /// `page` (keys of every page), the name of another kind, `section` or `targets`.
    pub name: &'static str,
    /// Title in Chinese.
    pub zh: &'static str,
    /// The keys in this table.
    pub fields: &'static [Field],
    /// An example that is read without findings.
    pub example: &'static str,
}

/// Returns all tables of keys, in the order of the reference page.
pub fn field_tables() -> Vec<FieldTable> {
    let of_kind = |kind: &KindName| {
        let KindDefinition { name, zh, fields, example, .. } = *kind.definition();
        match kind {
            KindName::Page => FieldTable { name, zh: "每一页", fields: COMMON_FIELDS, example },
            _ => FieldTable { name, zh: zh[0], fields, example },
        }
    };
    let section =
        FieldTable { name: "section", zh: "栏目（_index.md）", fields: SECTION_FIELDS, example: SECTION_EXAMPLE };
    let targets = FieldTable {
        name: "targets",
        zh: "目标（data/targets.yaml）",
        fields: targets::FIELDS,
        example: targets::EXAMPLE,
    };
    KindName::ALL.iter().map(of_kind).chain([section, targets]).collect()
}

/// Returns the keys that only `kind` has.
pub(super) fn own_fields(kind: KindName) -> &'static [Field] {
    kind.definition().fields
}

/// Reads the front matter of a page. If there is none, the kind is the section's default and all common values are
/// empty.
pub fn read_front_matter(
    source: &SourceText<'_>,
    front: Option<Span>,
    context: &FrontMatterContext<'_>,
) -> (CommonFrontMatter, KindData, Vec<Diagnostic>) {
    let (mapping, mut diags) = mapping(source, front);
    let parsed = diags.len();
    let name = written_kind(&mapping).unwrap_or(context.kind);
    let own = own_fields(name);
    let mut fields = MappingReader::new_allowing_unknown(source, &mapping, &[COMMON_FIELDS, own], &mut diags);
    // An invalid `kind:` is reported here, and the section's kind is used instead.
    fields.choice("kind");
    let mut head = CommonFrontMatter::from_fields(&mut fields);
    read_unknown_keys(&mut fields, &mut head, context, own, |fields, entry| {
        report_key_of_other_kind(fields, entry, name)
    });
    let kind = (name.definition().read)(&mut fields, &head);
    if front.is_none() {
        // Without front matter, do not report missing keys.
        diags.truncate(parsed);
    }
    (head, kind, diags)
}

/// Reads the front matter of `_index.md`.
pub fn read_section_front_matter(
    source: &SourceText<'_>,
    front: Option<Span>,
    context: &FrontMatterContext<'_>,
) -> (CommonFrontMatter, SectionOptions, Vec<Diagnostic>) {
    let (mapping, mut diags) = mapping(source, front);
    let mut fields =
        MappingReader::new_allowing_unknown(source, &mapping, &[COMMON_FIELDS, SECTION_FIELDS], &mut diags);
    let mut head = CommonFrontMatter::from_fields(&mut fields);
    read_unknown_keys(&mut fields, &mut head, context, SECTION_FIELDS, |_, _| false);
    let lead = SectionOptions::from_fields(&mut fields);
    (head, lead, diags)
}

fn mapping(source: &SourceText<'_>, front: Option<Span>) -> (Mapping, Vec<Diagnostic>) {
    let (mapping, mut diags) =
        front.map_or_else(|| (Mapping::default(), Vec::new()), |span| yaml::parse_mapping(source, span));
    diags.extend(draft_mark::lost_mark(source, front, &mapping));
    (mapping, diags)
}

/// Returns the kind that the page names, without a diagnostic.
fn written_kind(mapping: &Mapping) -> Option<KindName> {
    let field = COMMON_FIELDS.iter().find(|f| f.key == "kind")?;
    let entry = mapping.entries.iter().find(|e| field.is_named(&e.key))?;
    let text = entry.node.text()?;
    KindName::from_label(&text)
}

/// Handles the keys that neither the common table nor the kind's table contains: terms of the site's own taxonomies,
/// keys of other kinds and unknown keys.
fn read_unknown_keys<'a, 't>(
    fields: &mut MappingReader<'a, 't>,
    head: &mut CommonFrontMatter,
    context: &FrontMatterContext<'_>,
    own: &'static [Field],
    foreign: impl Fn(&mut MappingReader<'a, 't>, &MappingEntry) -> bool,
) {
    for entry in fields.take_unknown_keys() {
        let taxonomy =
            context.taxonomies.iter().find(|t| **t == entry.key && TAXONOMY_KEYS.iter().all(|(name, _)| name != t));
        if let Some(taxonomy) = taxonomy {
            let terms: Vec<Spanned<String>> = fields.names_in(entry);
            if !terms.is_empty() {
                head.terms.push((taxonomy.clone(), terms));
            }
        } else if !foreign(fields, entry) {
            let more: Vec<&str> = context.taxonomies.iter().map(String::as_str).collect();
            fields.report_unknown_key(entry, COMMON_FIELDS.iter().chain(own), &more);
        }
    }
    head.terms.sort_by(|a, b| a.0.cmp(&b.0));
    head.terms.shrink_to_fit();
}

/// Reports a key that belongs to another kind. Returns whether there is such a kind.
fn report_key_of_other_kind(fields: &mut MappingReader<'_, '_>, entry: &MappingEntry, this: KindName) -> bool {
    let Some(kind) = KindName::ALL.iter().find(|k| own_fields(**k).iter().any(|f| f.is_named(&entry.key))) else {
        return false;
    };
    let diag = Diagnostic::new(&code::KEY_OF_OTHER_KIND).at(fields.source(), entry.key_span).arg("key", &entry.key);
    fields.report(diag.arg("kind", kind.as_str()).arg("this", this.as_str()));
    true
}
