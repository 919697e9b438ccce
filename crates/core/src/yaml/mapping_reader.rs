//! Reads a mapping by a table of [`Field`]s: keys in two languages, typed values, diagnostics with a corrected form.
//!
//! Input: a mapping and a table. Output: typed values. This file does not know what the values are for.

use crate::base::{Span, closest_match, only_close_match};
use crate::diag::codes::front_matter as code;
use crate::diag::{Diagnostic, Edit, Lang, Severity, SourceText};

use super::edits::list_edit;
use super::{
    Field, FieldOf, Mapping, MappingEntry, Node, Spanned, Type, TypeOf, Value,
    type_labels::{self, ExampleStyle},
};

/// Typed reader over one mapping. If a value has the wrong type, the getter reports it at its position and returns
/// nothing. If a key is absent or has no value, the getter returns nothing without a diagnostic.
pub struct MappingReader<'a, 't> {
    source: &'a SourceText<'t>,
    span: Span,
    found: Vec<(&'a FieldOf<'a>, &'a MappingEntry)>,
    unknown_keys: Vec<&'a MappingEntry>,
    diags: &'a mut Vec<Diagnostic>,
}

impl<'a, 't> MappingReader<'a, 't> {
    /// Looks up the keys of `mapping` in `table`. Reports unknown keys and keys given twice at once.
    pub fn new(
        source: &'a SourceText<'t>,
        mapping: &'a Mapping,
        table: &'a [FieldOf<'a>],
        diags: &'a mut Vec<Diagnostic>,
    ) -> Self {
        let mut fields = Self::new_allowing_unknown(source, mapping, &[table], diags);
        for entry in fields.unknown_keys().to_vec() {
            fields.report_unknown_key(entry, [table].into_iter().flatten(), &[]);
        }
        fields
    }

    /// Like [`MappingReader::new`] for several tables, but leaves unknown keys to the caller: see
    /// [`MappingReader::unknown_keys`] and [`MappingReader::report_unknown_key`].
    pub fn new_allowing_unknown(
        source: &'a SourceText<'t>,
        mapping: &'a Mapping,
        tables: &[&'a [FieldOf<'a>]],
        diags: &'a mut Vec<Diagnostic>,
    ) -> Self {
        let mut found: Vec<(&'a FieldOf<'a>, &'a MappingEntry)> = Vec::with_capacity(mapping.entries.len());
        let mut unknown_keys = Vec::new();
        for entry in &mapping.entries {
            let field = tables.iter().flat_map(|table| table.iter()).find(|field| field.is_named(&entry.key));
            match field {
                None => unknown_keys.push(entry),
                Some(field) => match found.iter().find(|(f, _)| f.key == field.key) {
                    Some((_, first)) => diags.push(
                        Diagnostic::new(&code::KEY_GIVEN_TWICE)
                            .at(source, entry.key_span)
                            .arg("key", &entry.key)
                            .arg("other", &first.key)
                            .arg("line", source.line_column(first.key_span.start).line),
                    ),
                    None => found.push((field, entry)),
                },
            }
        }
        Self { source, span: mapping.span, found, unknown_keys, diags }
    }

    /// The entries whose keys are in no table.
    pub fn unknown_keys(&self) -> &[&'a MappingEntry] {
        &self.unknown_keys
    }

    /// Reports an unknown key and suggests the most similar known key.
    pub fn report_unknown_key<'f>(
        &mut self,
        entry: &MappingEntry,
        known: impl Iterator<Item = &'f FieldOf<'f>>,
        more: &[&str],
    ) {
        if !self.below_limit(code::UNKNOWN_KEY.severity) {
            return;
        }
        let wanted = entry.key.trim().to_lowercase().replace(['-', ' '], "_");
        let fields: Vec<&FieldOf<'_>> = known.collect();
        let names = fields
            .iter()
            .flat_map(|f| [f.key, f.zh].into_iter().chain(f.aliases.iter().copied()))
            .chain(more.iter().copied());
        let shown = |field: &FieldOf<'_>| format!("{}（{}）", field.key, field.zh);
        let meant = fields.iter().find(|field| field.meant.contains(&&*wanted)).map(|field| shown(field));
        let only = only_close_match(&wanted, names.clone()).filter(|_| meant.is_none());
        let edit = only.filter(|name| !self.is_given(name)).map(|name| Edit::new(entry.key_span, name));
        let near = meant.or_else(|| {
            closest_match(&wanted, names).map(|name| match fields.iter().find(|f| f.is_named(name)) {
                Some(field) => shown(field),
                None => name.to_string(),
            })
        });
        self.report(
            Diagnostic::new(&code::UNKNOWN_KEY)
                .at(self.source, entry.key_span)
                .arg("key", &entry.key)
                .optional_arg("nearest", near)
                .fixed_by(edit),
        );
    }

    /// Whether the mapping has a key of this name, in any of its spellings.
    fn is_given(&self, name: &str) -> bool {
        self.found.iter().any(|(field, _)| field.is_named(name))
    }

    /// Adds a diagnostic. Above a limit diagnostics are dropped, errors last, so that a list with an error never
    /// loses all of them.
    pub fn report(&mut self, diag: Diagnostic) {
        if self.below_limit(diag.severity) {
            self.diags.push(diag);
        }
    }

    fn below_limit(&self, severity: Severity) -> bool {
        self.diags.len() < if severity == Severity::Error { 1000 } else { 500 }
    }

    /// The key, or key and value, that a hint shows: in Chinese if a key of the mapping is, else in English.
    pub fn in_author_words<'w>(&self, zh: &'w str, en: &'w str) -> &'w str {
        if self.found.iter().any(|(_, entry)| !entry.key.is_ascii()) { zh } else { en }
    }

    /// The text in which diagnostics are located.
    pub fn source(&self) -> &'a SourceText<'t> {
        self.source
    }

    /// Span of the whole mapping.
    pub fn span(&self) -> Span {
        self.span
    }

    /// Returns the entry of `key`, even if it has no value.
    pub fn entry(&self, key: &str) -> Option<&'a MappingEntry> {
        self.found.iter().find(|(f, _)| f.key == key).map(|(_, e)| *e)
    }

    /// The entries whose keys are in a table.
    pub fn known_entries(&self) -> impl Iterator<Item = &'a MappingEntry> {
        self.found.iter().map(|(_, entry)| *entry)
    }

    /// Returns the value of `key`, or `None` if the key is absent or has no value.
    pub fn node(&self, key: &str) -> Option<&'a Node> {
        self.find_field(key).map(|(_, entry)| &entry.node)
    }

    pub(super) fn find_field(&self, key: &str) -> Option<(&'a FieldOf<'a>, &'a MappingEntry)> {
        self.found.iter().find(|(f, e)| f.key == key && !e.node.is_null()).copied()
    }

    /// The type of a key that is given, by the table.
    pub fn field_type(&self, key: &str) -> Option<TypeOf<'a>> {
        self.found.iter().find(|(f, _)| f.key == key).map(|(f, _)| f.ty)
    }

    /// Reports `key` as missing if it is absent, has no value or is a text without a word.
    pub fn require(&mut self, key: &str, table: &[FieldOf<'_>]) {
        let is_blank = |node: &Node| matches!(&node.value, Value::Text(text) if text.trim().is_empty());
        if self.node(key).is_none_or(is_blank) {
            self.report_missing(key, table, None);
        }
    }

    /// Reports that a list is missing or has no entry.
    pub fn require_entries(&mut self, key: &str, table: &[FieldOf<'_>]) {
        if self.node(key).is_none_or(|node| node.as_list().is_some_and(<[_]>::is_empty)) {
            self.report_missing(key, table, None);
        }
    }

    fn report_missing(&mut self, key: &str, table: &[FieldOf<'_>], written: Option<(String, String)>) {
        if let Some(field) = table.iter().find(|f| f.key == key) {
            let span = Span::new(self.span.start, self.span.start);
            let chinese_keys = self.found.iter().any(|(_, entry)| !entry.key.is_ascii());
            let example = |lang| {
                let style = ExampleStyle { lang, chinese_keys };
                let value = match field.key {
                    "src" => "photo.jpg".to_string(),
                    _ => type_labels::example(&field.ty, self.source, None, style),
                };
                format!("{}: {value}", style.key(field))
            };
            let name = match chinese_keys {
                true => format!("“{}”", field.zh),
                false => format!("“{}”（{}）", field.key, field.zh),
            };
            let (zh, en) = written.unwrap_or_else(|| (example(Lang::Zh), example(Lang::En)));
            let diag =
                Diagnostic::new(&code::MISSING_KEY).at(self.source, span).arg("key", field.key).arg("name", name);
            self.report(diag.arg("example", zh).arg("example_en", en));
        }
    }

    /// Reports `key` as missing, with the line to type in both languages, which the mapping gives under another key.
    pub fn report_missing_as(&mut self, key: &str, table: &[FieldOf<'_>], line: (String, String)) {
        self.report_missing(key, table, Some(line));
    }

    /// Reports that `node`, under the key of `entry`, does not have the type of `field`.
    pub(super) fn report_type_mismatch(&mut self, field: &FieldOf<'_>, entry: &MappingEntry, node: &Node) {
        let (wanted, wanted_en) = type_labels::describe_expected(&field.ty);
        let (found, found_en) = type_labels::describe_found(node);
        let chinese_keys = !entry.key.is_ascii();
        let example = |lang| {
            let style = ExampleStyle { lang, chinese_keys };
            format!("{}: {}", entry.key, type_labels::example(&field.ty, self.source, Some(node), style))
        };
        let diag = Diagnostic::new(&code::WRONG_TYPE).at(self.source, node.span).arg("key", &entry.key);
        let diag = diag.arg("wanted", wanted).arg("wanted_en", wanted_en).arg("found", found).arg("found_en", found_en);
        self.report(diag.arg("example", example(Lang::Zh)).arg("example_en", example(Lang::En)));
    }

    /// Reads a text and trims white space. Numbers and dates are returned as written.
    pub fn text(&mut self, key: &str) -> Option<String> {
        self.spanned_text(key).map(|s| s.value)
    }

    /// Like [`MappingReader::text`], with the span.
    pub fn spanned_text(&mut self, key: &str) -> Option<Spanned<String>> {
        let (field, entry) = self.find_field(key)?;
        let node = match &entry.node.value {
            // Accept a list with a single text as that text.
            Value::List(items) if items.len() == 1 => &items[0],
            _ => &entry.node,
        };
        match node.text() {
            Some(text) => trimmed(&text, node.span),
            None => {
                self.report_type_mismatch(field, entry, node);
                None
            }
        }
    }

    /// Reads a list of texts. A single value counts as a list with one item.
    pub fn texts(&mut self, key: &str) -> Vec<String> {
        self.spanned_texts(key).into_iter().map(|s| s.value).collect()
    }

    /// Like [`MappingReader::texts`], with spans.
    pub fn spanned_texts(&mut self, key: &str) -> Vec<Spanned<String>> {
        self.find_field(key).map_or_else(Vec::new, |(field, entry)| self.texts_of(field, entry))
    }

    /// Reads the names in an entry that is in no table, such as a taxonomy that only this site has.
    pub fn names_in(&mut self, entry: &MappingEntry) -> Vec<Spanned<String>> {
        const NAMES: Field = Field::new("", "", Type::Names, "", "");
        self.texts_of(&NAMES, entry)
    }

    fn texts_of(&mut self, field: &FieldOf<'_>, entry: &MappingEntry) -> Vec<Spanned<String>> {
        let names = matches!(field.ty, TypeOf::Names);
        let lines = self.unmarked_items(entry, names);
        let nodes = match &lines {
            Some(items) => items,
            None => entry.node.as_list().unwrap_or(std::slice::from_ref(&entry.node)),
        };
        let mut out = Vec::with_capacity(nodes.len());
        for node in nodes.iter().filter(|n| !n.is_null()) {
            match node.text() {
                Some(text) => {
                    if let Some(parts) = bracketed_names(&text).filter(|parts| names || are_addresses(parts)) {
                        self.report_bracketed_names(&parts, entry, node);
                        out.extend(parts.iter().flat_map(|part| trimmed(part, node.span)));
                        continue;
                    }
                    if names {
                        if let Some(name) = self.name_behind_mark(&text, node) {
                            out.extend(trimmed(name, node.span));
                            continue;
                        }
                        self.warn_several_names(&text, entry, node);
                    }
                    out.extend(trimmed(&text, node.span));
                }
                None => self.report_type_mismatch(field, entry, node),
            }
        }
        out
    }

    /// The items of a list whose lines have no marks, which YAML joins to one text. Names are always items; other texts only
    /// if the lines begin below their key and none reads like a part of a sentence.
    fn unmarked_items(&mut self, entry: &MappingEntry, names: bool) -> Option<Vec<Node>> {
        const LONGEST_ITEM: usize = 30;
        let Node { span, value: Value::Text(_), .. } = &entry.node else { return None };
        let raw = self.source.text.get(span.start..span.end)?;
        if !raw.contains('\n') || raw.starts_with(['"', '\'', '|', '>']) {
            return None;
        }
        let mut items = Vec::new();
        let mut at = span.start;
        for line in raw.split_inclusive('\n') {
            let words = line.trim();
            let start = at + (line.len() - line.trim_start().len());
            at += line.len();
            if words.starts_with('#') || words.is_empty() {
                continue;
            }
            let words = words.find(" #").map_or(words, |comment| words[..comment].trim_end());
            items.push(Node::new(Span::new(start, start + words.len()), Value::Text(words.to_string())));
        }
        let is_below = || self.source.text[entry.key_span.end..span.start].contains('\n');
        let is_item = |node: &Node| {
            node.text().is_some_and(|text| {
                text.chars().take(LONGEST_ITEM + 1).count() <= LONGEST_ITEM && !text.ends_with(['，', ',', '、', '；'])
            })
        };
        let is_list = names || is_below() && items.iter().all(is_item);
        if items.len() < 2 || !is_list {
            return None;
        }
        let first = items[0].text().unwrap_or_default().into_owned();
        let diag = Diagnostic::new(&code::LIST_WITHOUT_MARKS).at(self.source, items[0].span);
        self.report(diag.arg("key", &entry.key).arg("value", first));
        Some(items)
    }

    /// Reports `【甲，乙】`, which was read as a list.
    fn report_bracketed_names(&mut self, parts: &[&str], entry: &MappingEntry, node: &Node) {
        let fix = format!("{}: [{}]", entry.key, parts.join(", "));
        let mark = node.text().and_then(|text| text.trim_start().chars().next()).unwrap_or('【');
        let diag = Diagnostic::new(&code::FULL_WIDTH_LIST).at(self.source, node.span).arg("mark", mark).arg("fix", fix);
        // A text in quotation marks is longer than what stands in it.
        let is_bare = node.text().is_some_and(|text| text.len() == node.span.end - node.span.start);
        self.report(diag.fixed_by(list_edit(node.span, parts).filter(|_| is_bare)));
    }

    /// The name of `-环保`, whose mark of a list stands on the line of the key.
    fn name_behind_mark<'n>(&mut self, text: &'n str, node: &Node) -> Option<&'n str> {
        let mark = text.chars().next().filter(|c| matches!(c, '-' | '－' | '•' | '●'))?;
        let name = text[mark.len_utf8()..].trim_start();
        let is_typed = self.source.text.get(node.span.start..).is_some_and(|typed| typed.starts_with(mark));
        let known = is_typed && name.starts_with(|c: char| c.is_alphabetic() && !c.is_ascii());
        known.then(|| {
            let diag = Diagnostic::new(&code::LIST_MARK).at(self.source, node.span).arg("mark", mark);
            self.report(diag.arg("value", name));
            name
        })
    }

    /// Warns when an unquoted name looks like several names.
    fn warn_several_names(&mut self, text: &str, entry: &MappingEntry, node: &Node) {
        let quoted = self.source.text.get(node.span.start..).is_some_and(|t| t.starts_with(['"', '\'']));
        let parts = type_labels::split_names(text);
        if !quoted && parts.len() > 1 {
            // What is left of brackets is no part of a name.
            let bare: Vec<&str> = parts.iter().map(|part| part.trim_matches(['[', ']', '［', '］'])).collect();
            let fix = format!("{}: [{}]", entry.key, bare.join(", "));
            self.report(
                Diagnostic::new(&code::NAMES_IN_ONE_TEXT).at(self.source, node.span).arg("value", text).arg("fix", fix),
            );
        }
    }

    /// Reads a yes-or-no value: true/false, yes/no, on/off, 是/否, 真/假.
    pub fn flag(&mut self, key: &str) -> Option<bool> {
        let (field, entry) = self.find_field(key)?;
        let node = &entry.node;
        let Some(text) = node.text() else {
            self.report_type_mismatch(field, entry, node);
            return None;
        };
        let flag = type_labels::parse_flag(&text);
        if flag.is_none() {
            let diag = Diagnostic::new(&code::BAD_FLAG).at(self.source, node.span).arg("key", &entry.key);
            self.report(diag.arg("value", text.trim()));
        }
        flag
    }

    /// Reads a whole number within the bounds of the field's type.
    pub fn integer(&mut self, key: &str) -> Option<i64> {
        let (field, entry) = self.find_field(key)?;
        let (min, max) = type_labels::integer_bounds(&field.ty);
        let number = self.any_number(field, entry, ("整数", "a whole number"))?;
        if number < min as f64 || number > max as f64 {
            self.out_of_range(entry, min, max);
            return None;
        }
        if number.fract() != 0.0 {
            self.bad_number(entry, ("整数", "a whole number"));
            return None;
        }
        match entry.node.value {
            Value::Int(i) => Some(i),
            _ => Some(number as i64),
        }
    }

    /// Reads a finite number.
    pub fn number(&mut self, key: &str) -> Option<f64> {
        let (field, entry) = self.find_field(key)?;
        let number = self.any_number(field, entry, ("数字", "a number"))?;
        if !number.is_finite() {
            self.bad_number(entry, ("数字", "a number"));
            return None;
        }
        Some(number)
    }

    fn any_number(&mut self, field: &FieldOf<'_>, entry: &MappingEntry, wanted: (&str, &str)) -> Option<f64> {
        let number = match &entry.node.value {
            Value::Int(i) => Some(*i as f64),
            Value::Float(f) => Some(*f),
            Value::Text(text) => type_labels::parse_number(text),
            Value::List(_) | Value::Map(_) => {
                self.report_type_mismatch(field, entry, &entry.node);
                return None;
            }
            Value::Bool(_) | Value::Null => None,
        };
        if number.is_none() {
            self.bad_number(entry, wanted);
        }
        number
    }

    fn bad_number(&mut self, entry: &MappingEntry, (wanted, wanted_en): (&str, &str)) {
        let value = entry.node.text().unwrap_or_default().into_owned();
        let diag = Diagnostic::new(&code::BAD_NUMBER)
            .at(self.source, entry.node.span)
            .arg("key", &entry.key)
            .arg("value", value.trim());
        self.report(diag.arg("wanted", wanted).arg("wanted_en", wanted_en));
    }

    fn out_of_range(&mut self, entry: &MappingEntry, min: i64, max: i64) {
        let value = entry.node.text().unwrap_or_default().into_owned();
        let diag = Diagnostic::new(&code::NUMBER_OUT_OF_RANGE)
            .at(self.source, entry.node.span)
            .arg("key", &entry.key)
            .arg("value", value.trim());
        self.report(diag.arg("min", min).arg("max", max));
    }

    /// Reads one choice and returns its name in code.
    pub fn choice(&mut self, key: &str) -> Option<&'a str> {
        let (field, entry) = self.find_field(key)?;
        self.read_choice(field, entry, &entry.node)
    }

    /// Reports the value of `key` unless it is one of these words. Rows are as in [`TypeOf::Choice`].
    pub fn check_choice(&mut self, key: &str, rows: &[(&str, &str)]) {
        if let Some((field, entry)) = self.find_field(key) {
            self.read_choice(&FieldOf { ty: TypeOf::Choice(rows), ..*field }, entry, &entry.node);
        }
    }

    /// Reads several choices and returns their names in code.
    pub fn choices(&mut self, key: &str) -> Vec<Spanned<&'a str>> {
        let Some((field, entry)) = self.find_field(key) else { return Vec::new() };
        let nodes = entry.node.as_list().unwrap_or(std::slice::from_ref(&entry.node));
        let chosen = nodes.iter().filter(|n| !n.is_null());
        chosen
            .filter_map(|node| self.read_choice(field, entry, node).map(|value| Spanned { value, span: node.span }))
            .collect()
    }

    fn read_choice<'f>(&mut self, field: &FieldOf<'f>, entry: &MappingEntry, node: &Node) -> Option<&'f str> {
        let Some(text) = node.text() else {
            self.report_type_mismatch(field, entry, node);
            return None;
        };
        let rows = type_labels::choices_of(&field.ty);
        let wanted = text.trim().to_lowercase();
        if let Some((name, _)) =
            rows.iter().find(|(name, spelling)| *name == wanted || spelling.to_lowercase() == wanted)
        {
            return Some(name);
        }
        let (zh, en) = type_labels::list_choices(rows);
        let words = rows.iter().flat_map(|(name, spelling)| [*name, *spelling]);
        let near = closest_match(&wanted, words.clone()).map(String::from);
        let edit = only_close_match(&wanted, words).map(|word| Edit::new(node.span, word));
        let diag = Diagnostic::new(&code::BAD_CHOICE)
            .at(self.source, node.span)
            .arg("key", &entry.key)
            .arg("value", text.trim());
        self.report(diag.arg("choices", zh).arg("choices_en", en).optional_arg("nearest", near).fixed_by(edit));
        None
    }

    /// Reads the mapping under `key` with the table of its field type.
    pub fn map<T>(&mut self, key: &str, read: impl FnOnce(&mut MappingReader<'_, 't>) -> T) -> Option<T> {
        let (field, entry) = self.find_field(key)?;
        match (&entry.node.value, type_labels::table_of(&field.ty)) {
            (Value::Map(mapping), Some(table)) => {
                Some(read(&mut MappingReader::new(self.source, mapping, table, self.diags)))
            }
            _ => {
                self.report_type_mismatch(field, entry, &entry.node);
                None
            }
        }
    }

    /// Reads each mapping of the list under `key`. `read` returns `None` for a mapping that cannot be used. A single
    /// mapping counts as a list with one item.
    pub fn maps<T>(&mut self, key: &str, mut read: impl FnMut(&mut MappingReader<'_, 't>) -> Option<T>) -> Vec<T> {
        let Some((field, entry)) = self.find_field(key) else { return Vec::new() };
        let Some(table) = type_labels::table_of(&field.ty) else { return Vec::new() };
        let nodes = entry.node.as_list().unwrap_or(std::slice::from_ref(&entry.node));
        let mut out = Vec::with_capacity(nodes.len());
        for node in nodes.iter().filter(|n| !n.is_null()) {
            match node.as_map() {
                Some(mapping) => out.extend(read(&mut MappingReader::new(self.source, mapping, table, self.diags))),
                None => self.report_type_mismatch(field, entry, node),
            }
        }
        out
    }

    /// Reads a list under `key` whose items are texts or mappings. A single item counts as a list.
    pub fn texts_or_maps<T>(
        &mut self,
        key: &str,
        mut text: impl FnMut(Spanned<String>) -> T,
        mut read: impl FnMut(&mut MappingReader<'_, 't>) -> T,
    ) -> Vec<T> {
        let Some((field, entry)) = self.find_field(key) else { return Vec::new() };
        let Some(table) = type_labels::table_of(&field.ty) else { return Vec::new() };
        let lines = self.unmarked_items(entry, false);
        let nodes = match &lines {
            Some(items) => items,
            None => entry.node.as_list().unwrap_or(std::slice::from_ref(&entry.node)),
        };
        let mut out = Vec::with_capacity(nodes.len());
        for node in nodes.iter().filter(|n| !n.is_null()) {
            match (node.as_map(), node.text()) {
                (Some(mapping), _) => out.push(read(&mut MappingReader::new(self.source, mapping, table, self.diags))),
                (None, Some(written)) => out.extend(trimmed(&written, node.span).map(&mut text)),
                (None, None) => self.report_type_mismatch(field, entry, node),
            }
        }
        out
    }

    /// Returns the value under `key` as JSON.
    pub fn json(&mut self, key: &str) -> Option<serde_json::Value> {
        self.node(key).map(Node::to_json)
    }
}

/// The names in `【甲，乙】`.
fn bracketed_names(text: &str) -> Option<Vec<&str>> {
    const PAIRS: [(char, char); 7] =
        [('【', '】'), ('「', '」'), ('『', '』'), ('〔', '〕'), ('［', '］'), ('（', '）'), ('(', ')')];
    let text = text.trim();
    let (open, close) = *PAIRS.iter().find(|(open, _)| text.starts_with(*open))?;
    let inner = text.strip_prefix(open)?.strip_suffix(close)?;
    let names = type_labels::split_names(inner);
    // Other marks than these are part of a single name.
    (!inner.contains([open, close]) && (open == '【' || names.len() > 1)).then_some(names)
}

/// Whether all parts are addresses from the root of the site: `【/old/，/older/】`.
fn are_addresses(parts: &[&str]) -> bool {
    parts.len() > 1 && parts.iter().all(|part| part.starts_with('/'))
}

fn trimmed(text: &str, span: Span) -> Option<Spanned<String>> {
    let value = text.trim();
    (!value.is_empty()).then(|| Spanned { value: value.to_string(), span })
}
