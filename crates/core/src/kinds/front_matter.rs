//! Reads the text of front matter into typed values and reports all errors at once.
//!
//! Input: the text of a file, the span of its front matter and settings of the site. Output: [`CommonFrontMatter`],
//! [`KindData`] and diagnostics. Does not know other pages.

use super::common::{COMMON_FIELDS, SECTION_EXAMPLE, SECTION_FIELDS, TAXONOMY_KEYS};
use super::draft_mark::{Declared, declared_keys};
use super::event_times::names_event_time;
use super::foreign_dates::{ForeignDate, foreign_date, publication_of_kind, publication_of_own_kind};
use super::foreign_keys::foreign_key;
use super::front_matter_split::split_front_matter;
use super::lost_dates::lost_day;
use super::unread_front_matter;
use super::unread_limits::unread_limit;
use super::{
    CommonFrontMatter, KindData, KindDefinition, KindName, SectionOptions, SiteKinds, Spanned, draft_mark, targets,
};
use crate::base::Span;
use crate::diag::codes::{front_matter as code, kinds as kind_code};
use crate::diag::{Diagnostic, DiagnosticCode, SourceText};
use crate::yaml::{self, Field, FieldOf, Mapping, MappingEntry, MappingReader, TypeOf};

/// Information about the site that is needed to read a page's front matter.
#[derive(Debug, Clone, Copy)]
pub struct FrontMatterContext<'c> {
    /// Default kind of the pages in this section.
    pub kind: KindName,
    /// Names of all taxonomies. Those that every site has may be left out.
    pub taxonomies: &'c [String],
    /// The kinds of the site.
    pub kinds: &'c SiteKinds,
}

impl FrontMatterContext<'static> {
    /// A site with the built-in kinds and taxonomies, in a section of this kind.
    pub fn of(kind: KindName) -> Self {
        FrontMatterContext { kind, taxonomies: &[], kinds: SiteKinds::BUILT_IN }
    }
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

/// Front matter that was read, and what is wrong with it.
#[derive(Debug)]
pub struct FrontMatterOf<T> {
    /// The values of the keys that all pages have.
    pub common: CommonFrontMatter,
    /// The values of the keys of the page's kind, or of a section.
    pub own: T,
    /// Findings about it.
    pub diags: Vec<Diagnostic>,
}

/// Reads the front matter of a page. If there is none, the kind is the section's default and all common values are
/// empty.
pub fn read_front_matter(
    source: &SourceText<'_>,
    front: Option<Span>,
    context: &FrontMatterContext<'_>,
) -> FrontMatterOf<KindData> {
    let (mapping, mut diags) = mapping(source, front);
    let name = written_kind(&mapping, context.kinds).unwrap_or(context.kind);
    let mark = lost_mark(source, front, &mapping, (name, context));
    diags.extend(mark.clone());
    let parsed = diags.len();
    let (head, kind) = match context.kinds.own(name) {
        Some(own) => own.with_table(|table| {
            let mut fields = MappingReader::new_allowing_unknown(source, &mapping, &[COMMON_FIELDS, table], &mut diags);
            let head = read_head(&mut fields, name, context, table);
            (head, KindData::Fields(Box::new(own.read(name, &mut fields, table))))
        }),
        None => {
            let table = own_fields(name);
            let mut fields = MappingReader::new_allowing_unknown(source, &mapping, &[COMMON_FIELDS, table], &mut diags);
            let head = read_head(&mut fields, name, context, table);
            let kind = (name.definition().read)(&mut fields, &head);
            (head, kind)
        }
    };
    if front.is_none() {
        // Without front matter, do not report missing keys.
        diags.truncate(parsed);
    }
    drop_beside(mark.as_ref(), &mut diags);
    FrontMatterOf { common: head, own: kind, diags }
}

/// Reads the keys of all pages and checks the kind.
fn read_head(
    fields: &mut MappingReader<'_, '_>,
    name: KindName,
    context: &FrontMatterContext<'_>,
    table: &[FieldOf<'_>],
) -> CommonFrontMatter {
    // An invalid `kind:` is reported here, and the section's kind is used instead.
    check_kind(fields, name, context.kinds);
    let mut head = CommonFrontMatter::from_fields(fields);
    head.not_before = match context.kinds.own(name) {
        Some(own) => publication_of_own_kind(fields, own),
        None => publication_of_kind(fields),
    };
    drop_hidden_taxonomies(fields, &mut head, context.kinds);
    read_unknown_keys(fields, &mut head, context, table, |fields, entry| {
        // Reading an event reports its times wherever they stand.
        name == KindName::Event && names_event_time(&entry.key)
            || report_key_of_other_kind(fields, entry, name, context.kinds)
    });
    head
}

/// Reports a word after `kind:` that names no kind of the site, and a kind that the site hides.
fn check_kind(fields: &mut MappingReader<'_, '_>, name: KindName, kinds: &SiteKinds) {
    if kinds.hidden.contains(&name) {
        let start = Span::new(fields.span().start, fields.span().start);
        let span = fields.node("kind").map_or(start, |node| node.span);
        let diag = Diagnostic::new(&kind_code::HIDDEN_KIND).at(fields.source(), span);
        fields.report(diag.arg("kind", name.zh()).arg("name", name.as_str()));
    } else if kinds.own.is_empty() && kinds.hidden.is_empty() {
        fields.choice("kind");
    } else if fields.node("kind").and_then(|node| node.text()).is_none_or(|text| kinds.from_label(&text).is_none()) {
        fields.check_choice("kind", &kinds.choices());
    }
}

/// Reports terms of taxonomies that the site hides and removes them.
fn drop_hidden_taxonomies(fields: &mut MappingReader<'_, '_>, head: &mut CommonFrontMatter, kinds: &SiteKinds) {
    for (taxonomy, key) in TAXONOMY_KEYS.iter().filter(|(taxonomy, _)| kinds.hidden_taxonomies.contains(taxonomy)) {
        if let Some(entry) = fields.entry(key) {
            head.terms.retain(|(name, _)| name != taxonomy);
            let diag = Diagnostic::new(&kind_code::HIDDEN_TAXONOMY).at(fields.source(), entry.key_span);
            fields.report(diag.arg("key", &entry.key));
        }
    }
}

/// Reads the front matter of `_index.md`.
pub fn read_section_front_matter(
    source: &SourceText<'_>,
    front: Option<Span>,
    context: &FrontMatterContext<'_>,
) -> FrontMatterOf<SectionOptions> {
    let (mapping, mut diags) = mapping(source, front);
    let mark = lost_mark(source, front, &mapping, (KindName::Page, context));
    diags.extend(mark.clone());
    let mut fields =
        MappingReader::new_allowing_unknown(source, &mapping, &[COMMON_FIELDS, SECTION_FIELDS], &mut diags);
    let kind = fields.node("kind").and_then(|node| context.kinds.from_label(&node.text()?));
    check_kind(&mut fields, kind.unwrap_or_default(), context.kinds);
    let mut head = CommonFrontMatter::from_fields(&mut fields);
    drop_hidden_taxonomies(&mut fields, &mut head, context.kinds);
    read_unknown_keys(&mut fields, &mut head, context, SECTION_FIELDS, |_, _| false);
    let lead = SectionOptions::from_fields(&mut fields, kind);
    drop_beside(mark.as_ref(), &mut diags);
    FrontMatterOf { common: head, own: lead, diags }
}

/// Whether a text is a page marked as a draft, in front matter that is read or with a slip in it. For files that are no pages,
/// but may be copies of one.
pub fn is_marked_as_draft(source: &SourceText<'_>) -> bool {
    let front = split_front_matter(source.text).front;
    let (mapping, _) = mapping(source, front);
    let is_mark = |entry: &MappingEntry| {
        COMMON_FIELDS.iter().any(|field| field.key == "draft" && field.is_named(&entry.key))
            && entry.node.text().is_none_or(|value| yaml::parse_flag(&value) != Some(false))
    };
    mapping.entries.iter().any(is_mark)
        || draft_mark::lost_mark(source, front, &mapping, &Declared::default()).is_some()
        || unread_front_matter::find(source.text).is_some_and(|block| block.is_draft())
}

fn mapping(source: &SourceText<'_>, front: Option<Span>) -> (Mapping, Vec<Diagnostic>) {
    front.map_or_else(|| (Mapping::default(), Vec::new()), |span| yaml::parse_mapping(source, span))
}

/// Reports a draft mark without effect. Keys that the site itself defines, for a kind or as a taxonomy, are no marks of other programs.
fn lost_mark(
    source: &SourceText<'_>,
    front: Option<Span>,
    mapping: &Mapping,
    (kind, context): (KindName, &FrontMatterContext<'_>),
) -> Option<Diagnostic> {
    let own = context.kinds.own(kind);
    let mut keys = own.map_or_else(Vec::new, |own| own.with_table(|table| declared_keys(mapping, table)));
    let of_kind = if own.is_some() { keys.clone() } else { declared_keys(mapping, own_fields(kind)) };
    let values = mapping.entries.iter().filter(|entry| of_kind.contains(&entry.key_span)).map(|entry| entry.node.span);
    let values = values.collect();
    let is_taxonomy = |entry: &&MappingEntry| context.taxonomies.contains(&entry.key);
    keys.extend(mapping.entries.iter().filter(is_taxonomy).map(|entry| entry.key_span));
    draft_mark::lost_mark(source, front, mapping, &Declared { keys, values })
}

/// Drops findings about the key that a mark begins at: whoever removes the key as they advise publishes the page.
fn drop_beside(mark: Option<&Diagnostic>, diags: &mut Vec<Diagnostic>) {
    const ABOUT_KEYS: [&DiagnosticCode; 3] = [&code::UNKNOWN_KEY, &code::KEY_OF_OTHER_KIND, &code::FOREIGN_KEY];
    if let Some(place) = mark.and_then(|mark| mark.position) {
        diags.retain(|diag| diag.position != Some(place) || !ABOUT_KEYS.contains(&diag.code));
    }
}

/// Returns the kind that the page names, without a diagnostic.
fn written_kind(mapping: &Mapping, kinds: &SiteKinds) -> Option<KindName> {
    let field = COMMON_FIELDS.iter().find(|f| f.key == "kind")?;
    let entry = mapping.entries.iter().find(|e| field.is_named(&e.key))?;
    let text = entry.node.text()?;
    kinds.from_label(&text)
}

/// Handles the keys that neither the common table nor the kind's table contains: terms of the site's own taxonomies,
/// days of publication by other names, keys of other programs, keys of other kinds and unknown keys.
fn read_unknown_keys<'a, 't>(
    fields: &mut MappingReader<'a, 't>,
    head: &mut CommonFrontMatter,
    context: &FrontMatterContext<'_>,
    own: &[FieldOf<'_>],
    of_other_kind: impl Fn(&mut MappingReader<'a, 't>, &MappingEntry) -> bool,
) {
    let known: Vec<&MappingEntry> = fields.known_entries().collect();
    let inner = |entry: &MappingEntry| match own.iter().find(|field| field.is_named(&entry.key)).map(|field| field.ty) {
        Some(TypeOf::Map(inner)) => inner,
        _ => &[],
    };
    let lost = known.into_iter().filter_map(|entry| lost_day(fields, entry, inner(entry))).max();
    head.not_before = head.not_before.max(lost);
    for entry in fields.unknown_keys().to_vec() {
        head.not_before = head.not_before.max(lost_day(fields, entry, &[]));
        let taxonomy =
            context.taxonomies.iter().find(|t| **t == entry.key && TAXONOMY_KEYS.iter().all(|(name, _)| name != t));
        if let Some(taxonomy) = taxonomy {
            let terms: Vec<Spanned<String>> = fields.names_in(entry);
            if !terms.is_empty() {
                head.terms.push((taxonomy.clone(), terms));
            }
        } else if let Some(date) = foreign_date(fields, entry) {
            if let ForeignDate::NotBefore(day) = date {
                head.not_before = head.not_before.max(Some(day));
            }
        } else if let Some(note) = foreign_key(fields.source(), entry.key_span, &entry.key) {
            fields.report(note);
        } else if let Some(unread) = unread_limit(fields, entry) {
            fields.report(unread);
        } else if !of_other_kind(fields, entry) {
            let more: Vec<&str> = context.taxonomies.iter().map(String::as_str).collect();
            fields.report_unknown_key(entry, COMMON_FIELDS.iter().chain(own), &more);
        }
    }
    head.terms.sort_by(|a, b| a.0.cmp(&b.0));
    head.terms.shrink_to_fit();
}

/// Reports a key that belongs to another kind. Returns whether there is such a kind.
fn report_key_of_other_kind(
    fields: &mut MappingReader<'_, '_>,
    entry: &MappingEntry,
    this: KindName,
    kinds: &SiteKinds,
) -> bool {
    let Some(kind) = kinds.all().find(|kind| kinds.has_key(*kind, &entry.key)) else {
        return false;
    };
    let diag = Diagnostic::new(&code::KEY_OF_OTHER_KIND).at(fields.source(), entry.key_span).arg("key", &entry.key);
    let (zh, en) = (format!("类型: {}", kinds.zh(kind)), format!("kind: {}", kinds.name(kind)));
    let fix = if entry.key.is_ascii() { en } else { zh };
    let diag = diag.arg("kind", kinds.name(kind)).arg("this", kinds.name(this)).arg("fix", fix);
    fields.report(diag.arg("kind_zh", kinds.zh(kind)).arg("this_zh", kinds.zh(this)));
    true
}
