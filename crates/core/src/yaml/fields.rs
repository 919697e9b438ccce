//! A mapping read by a table of [`Field`]s: names in two languages, typed values, findings with what to type instead.
//!
//! In: a mapping and a table. Out: typed values. Does not know what the values are for.

use crate::base::{Moment, Span, nearest, parse_moment};
use crate::diag::codes::front_matter as code;
use crate::diag::{Diag, Lang, Severity, SourceText};

use super::words::{self, Flag};
use super::{Entry, Field, Mapping, Node, Spanned, Type, Value};

/// A typed reader over one mapping. Each getter reports a value of the wrong type at its own place and gives nothing for it.
/// A key that is absent or has no value gives nothing, without a finding.
pub struct Fields<'a, 't> {
    source: &'a SourceText<'t>,
    span: Span,
    found: Vec<(&'static Field, &'a Entry)>,
    strangers: Vec<&'a Entry>,
    diags: &'a mut Vec<Diag>,
}

impl<'a, 't> Fields<'a, 't> {
    /// Resolves the keys of `mapping` by `table`; unknown keys and keys given twice are reported at once.
    pub fn new(
        source: &'a SourceText<'t>,
        mapping: &'a Mapping,
        table: &'static [Field],
        diags: &'a mut Vec<Diag>,
    ) -> Self {
        let mut fields = Self::lenient(source, mapping, &[table], diags);
        for stranger in fields.strangers() {
            fields.unknown(stranger, [table].into_iter().flatten(), &[]);
        }
        fields
    }

    /// The same over several tables, with unknown keys left to the caller: see [`Fields::strangers`] and [`Fields::unknown`].
    pub fn lenient(
        source: &'a SourceText<'t>,
        mapping: &'a Mapping,
        tables: &[&'static [Field]],
        diags: &'a mut Vec<Diag>,
    ) -> Self {
        let mut found: Vec<(&'static Field, &'a Entry)> = Vec::with_capacity(mapping.entries.len());
        let mut strangers = Vec::new();
        for entry in &mapping.entries {
            let field = tables.iter().flat_map(|table| table.iter()).find(|field| field.is_named(&entry.key));
            match field {
                None => strangers.push(entry),
                Some(field) => match found.iter().find(|(f, _)| f.key == field.key) {
                    Some((_, first)) => diags.push(
                        Diag::new(&code::KEY_GIVEN_TWICE)
                            .at(source, entry.key_span)
                            .arg("key", &entry.key)
                            .arg("other", &first.key)
                            .arg("line", source.place(first.key_span.start).line),
                    ),
                    None => found.push((field, entry)),
                },
            }
        }
        Self { source, span: mapping.span, found, strangers, diags }
    }

    /// The entries no table names.
    pub fn strangers(&mut self) -> Vec<&'a Entry> {
        std::mem::take(&mut self.strangers)
    }

    /// Reports an unknown key with the nearest of the known ones.
    pub fn unknown<'f>(&mut self, entry: &Entry, known: impl Iterator<Item = &'f Field>, more: &[&str]) {
        if !self.has_room(code::UNKNOWN_KEY.severity) {
            return;
        }
        let wanted = entry.key.trim().to_lowercase().replace(['-', ' '], "_");
        let fields: Vec<&Field> = known.collect();
        let names = fields
            .iter()
            .flat_map(|f| [f.key, f.zh].into_iter().chain(f.also.iter().copied()))
            .chain(more.iter().copied());
        let near = nearest(&wanted, names).map(|name| match fields.iter().find(|f| f.is_named(name)) {
            Some(field) => format!("{}（{}）", field.key, field.zh),
            None => name.to_string(),
        });
        self.report(
            Diag::new(&code::UNKNOWN_KEY).at(self.source, entry.key_span).arg("key", &entry.key).maybe("nearest", near),
        );
    }

    /// Adds a finding. Past a bound it is dropped, errors last, so that a list which held an error still does.
    pub fn report(&mut self, diag: Diag) {
        if self.has_room(diag.severity) {
            self.diags.push(diag);
        }
    }

    fn has_room(&self, severity: Severity) -> bool {
        self.diags.len() < if severity == Severity::Error { 1000 } else { 500 }
    }

    /// The text findings are placed in.
    pub fn source(&self) -> &'a SourceText<'t> {
        self.source
    }

    /// Where the whole mapping stands.
    pub fn span(&self) -> Span {
        self.span
    }

    /// The entry of `key` as written, if it is there at all.
    pub fn entry(&self, key: &str) -> Option<&'a Entry> {
        self.found.iter().find(|(f, _)| f.key == key).map(|(_, e)| *e)
    }

    /// The value of `key` as it stands, unless absent or empty.
    pub fn node(&self, key: &str) -> Option<&'a Node> {
        self.found(key).map(|(_, entry)| &entry.node)
    }

    fn found(&self, key: &str) -> Option<(&'static Field, &'a Entry)> {
        self.found.iter().find(|(f, e)| f.key == key && !e.node.is_null()).copied()
    }

    /// Reports `key` as missing unless it is there with a value.
    pub fn require(&mut self, key: &str, table: &'static [Field]) {
        if self.found(key).is_some() {
            return;
        }
        if let Some(field) = table.iter().find(|f| f.key == key) {
            let span = Span::new(self.span.start, self.span.start);
            let example = |lang| format!("{}: {}", field.key, words::example(&field.ty, self.source, None, lang));
            let diag = Diag::new(&code::MISSING_KEY).at(self.source, span).arg("key", field.key).arg("zh", field.zh);
            self.report(diag.arg("example", example(Lang::Zh)).arg("example_en", example(Lang::En)));
        }
    }

    /// Reports that `node`, under `entry`'s key, is not of the type `field` takes.
    fn wrong(&mut self, field: &Field, entry: &Entry, node: &Node) {
        let (wanted, wanted_en) = words::wanted(&field.ty);
        let (found, found_en) = words::found(node);
        let example = |lang| format!("{}: {}", entry.key, words::example(&field.ty, self.source, Some(node), lang));
        let diag = Diag::new(&code::WRONG_TYPE).at(self.source, node.span).arg("key", &entry.key);
        let diag = diag.arg("wanted", wanted).arg("wanted_en", wanted_en).arg("found", found).arg("found_en", found_en);
        self.report(diag.arg("example", example(Lang::Zh)).arg("example_en", example(Lang::En)));
    }

    pub fn text(&mut self, key: &str) -> Option<String> {
        self.text_at(key).map(|s| s.value)
    }

    /// A text with its place. Numbers and dates count as the text they were written as.
    pub fn text_at(&mut self, key: &str) -> Option<Spanned<String>> {
        let (field, entry) = self.found(key)?;
        let node = match &entry.node.value {
            // One text in a list is that text.
            Value::List(items) if items.len() == 1 => &items[0],
            _ => &entry.node,
        };
        match node.text() {
            Some(text) => trimmed(&text, node.span),
            None => {
                self.wrong(field, entry, node);
                None
            }
        }
    }

    pub fn texts(&mut self, key: &str) -> Vec<String> {
        self.texts_at(key).into_iter().map(|s| s.value).collect()
    }

    /// Texts with their places; one value where a list is wanted is a list of one.
    pub fn texts_at(&mut self, key: &str) -> Vec<Spanned<String>> {
        self.found(key).map_or_else(Vec::new, |(field, entry)| self.texts_of(field, entry))
    }

    /// The names an entry holds that no table describes.
    pub fn names_of(&mut self, entry: &Entry) -> Vec<Spanned<String>> {
        const NAMES: Field = Field::new("", "", Type::Names, "", "");
        self.texts_of(&NAMES, entry)
    }

    fn texts_of(&mut self, field: &Field, entry: &Entry) -> Vec<Spanned<String>> {
        let names = matches!(field.ty, Type::Names);
        let nodes = entry.node.as_list().unwrap_or(std::slice::from_ref(&entry.node));
        let mut out = Vec::with_capacity(nodes.len());
        for node in nodes.iter().filter(|n| !n.is_null()) {
            match node.text() {
                Some(text) => {
                    if names {
                        self.several_names(&text, entry, node);
                    }
                    out.extend(trimmed(&text, node.span));
                }
                None => self.wrong(field, entry, node),
            }
        }
        out
    }

    /// Points out an unquoted name that looks like several.
    fn several_names(&mut self, text: &str, entry: &Entry, node: &Node) {
        let quoted = self.source.text.get(node.span.start..).is_some_and(|t| t.starts_with(['"', '\'']));
        let parts = words::split_names(text);
        if !quoted && parts.len() > 1 {
            let fix = format!("{}: [{}]", entry.key, parts.join(", "));
            self.report(
                Diag::new(&code::NAMES_IN_ONE_TEXT).at(self.source, node.span).arg("value", text).arg("fix", fix),
            );
        }
    }

    /// A date as people write it.
    pub fn moment(&mut self, key: &str) -> Option<Moment> {
        self.moment_at(key).map(|s| s.value)
    }

    pub fn moment_at(&mut self, key: &str) -> Option<Spanned<Moment>> {
        let (field, entry) = self.found(key)?;
        let node = &entry.node;
        let Some(text) = node.text() else {
            self.wrong(field, entry, node);
            return None;
        };
        let moment = parse_moment(&text);
        if moment.is_none() {
            self.report(Diag::new(&code::BAD_DATE).at(self.source, node.span).arg("value", text.trim()));
        }
        moment.map(|value| Spanned { value, span: node.span })
    }

    /// true/false, yes/no, on/off, 是/否, 真/假.
    pub fn flag(&mut self, key: &str) -> Option<bool> {
        let (field, entry) = self.found(key)?;
        let node = &entry.node;
        let Some(text) = node.text() else {
            self.wrong(field, entry, node);
            return None;
        };
        match words::flag(&text) {
            Flag::Is(value) => Some(value),
            Flag::Unclear => {
                self.report(
                    Diag::new(&code::BAD_FLAG)
                        .at(self.source, node.span)
                        .arg("key", &entry.key)
                        .arg("value", text.trim()),
                );
                None
            }
        }
    }

    /// A whole number within the bounds its type states.
    pub fn integer(&mut self, key: &str) -> Option<i64> {
        let (field, entry) = self.found(key)?;
        let (min, max) = words::bounds(&field.ty);
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

    pub fn number(&mut self, key: &str) -> Option<f64> {
        let (field, entry) = self.found(key)?;
        let number = self.any_number(field, entry, ("数字", "a number"))?;
        if !number.is_finite() {
            self.bad_number(entry, ("数字", "a number"));
            return None;
        }
        Some(number)
    }

    fn any_number(&mut self, field: &Field, entry: &Entry, wanted: (&str, &str)) -> Option<f64> {
        let number = match &entry.node.value {
            Value::Int(i) => Some(*i as f64),
            Value::Float(f) => Some(*f),
            Value::Text(text) => words::number(text),
            Value::List(_) | Value::Map(_) => {
                self.wrong(field, entry, &entry.node);
                return None;
            }
            Value::Bool(_) | Value::Null => None,
        };
        if number.is_none() {
            self.bad_number(entry, wanted);
        }
        number
    }

    fn bad_number(&mut self, entry: &Entry, (wanted, wanted_en): (&str, &str)) {
        let value = entry.node.text().unwrap_or_default().into_owned();
        let diag = Diag::new(&code::BAD_NUMBER)
            .at(self.source, entry.node.span)
            .arg("key", &entry.key)
            .arg("value", value.trim());
        self.report(diag.arg("wanted", wanted).arg("wanted_en", wanted_en));
    }

    fn out_of_range(&mut self, entry: &Entry, min: i64, max: i64) {
        let value = entry.node.text().unwrap_or_default().into_owned();
        let diag = Diag::new(&code::NUMBER_OUT_OF_RANGE)
            .at(self.source, entry.node.span)
            .arg("key", &entry.key)
            .arg("value", value.trim());
        self.report(diag.arg("min", min).arg("max", max));
    }

    /// The name in code of the chosen word.
    pub fn choice(&mut self, key: &str) -> Option<&'static str> {
        let (field, entry) = self.found(key)?;
        self.chosen(field, entry, &entry.node)
    }

    /// The names in code of the chosen words.
    pub fn choices(&mut self, key: &str) -> Vec<Spanned<&'static str>> {
        let Some((field, entry)) = self.found(key) else { return Vec::new() };
        let nodes = entry.node.as_list().unwrap_or(std::slice::from_ref(&entry.node));
        let chosen = nodes.iter().filter(|n| !n.is_null());
        chosen
            .filter_map(|node| self.chosen(field, entry, node).map(|value| Spanned { value, span: node.span }))
            .collect()
    }

    fn chosen(&mut self, field: &Field, entry: &Entry, node: &Node) -> Option<&'static str> {
        let Some(text) = node.text() else {
            self.wrong(field, entry, node);
            return None;
        };
        let rows = words::choices(&field.ty);
        let wanted = text.trim().to_lowercase();
        if let Some((name, _)) =
            rows.iter().find(|(name, spelling)| *name == wanted || spelling.to_lowercase() == wanted)
        {
            return Some(name);
        }
        let (zh, en) = words::list_choices(rows);
        let near = nearest(&wanted, rows.iter().flat_map(|(name, spelling)| [*name, *spelling])).map(String::from);
        let diag =
            Diag::new(&code::BAD_CHOICE).at(self.source, node.span).arg("key", &entry.key).arg("value", text.trim());
        self.report(diag.arg("choices", zh).arg("choices_en", en).maybe("nearest", near));
        None
    }

    /// Reads the mapping under `key` by the table its type names.
    pub fn map<T>(&mut self, key: &str, read: impl FnOnce(&mut Fields<'_, 't>) -> T) -> Option<T> {
        let (field, entry) = self.found(key)?;
        match (&entry.node.value, words::table(&field.ty)) {
            (Value::Map(mapping), Some(table)) => Some(read(&mut Fields::new(self.source, mapping, table, self.diags))),
            _ => {
                self.wrong(field, entry, &entry.node);
                None
            }
        }
    }

    /// Reads each mapping of the list under `key`; `read` gives `None` for one that cannot be used. One mapping is a list of one.
    pub fn maps<T>(&mut self, key: &str, mut read: impl FnMut(&mut Fields<'_, 't>) -> Option<T>) -> Vec<T> {
        let Some((field, entry)) = self.found(key) else { return Vec::new() };
        let Some(table) = words::table(&field.ty) else { return Vec::new() };
        let nodes = entry.node.as_list().unwrap_or(std::slice::from_ref(&entry.node));
        let mut out = Vec::with_capacity(nodes.len());
        for node in nodes.iter().filter(|n| !n.is_null()) {
            match node.as_map() {
                Some(mapping) => out.extend(read(&mut Fields::new(self.source, mapping, table, self.diags))),
                None => self.wrong(field, entry, node),
            }
        }
        out
    }

    /// Reads a list under `key` whose items are texts or mappings. One item is a list of one.
    pub fn texts_or_maps<T>(
        &mut self,
        key: &str,
        mut text: impl FnMut(Spanned<String>) -> T,
        mut read: impl FnMut(&mut Fields<'_, 't>) -> T,
    ) -> Vec<T> {
        let Some((field, entry)) = self.found(key) else { return Vec::new() };
        let Some(table) = words::table(&field.ty) else { return Vec::new() };
        let nodes = entry.node.as_list().unwrap_or(std::slice::from_ref(&entry.node));
        let mut out = Vec::with_capacity(nodes.len());
        for node in nodes.iter().filter(|n| !n.is_null()) {
            match (node.as_map(), node.text()) {
                (Some(mapping), _) => out.push(read(&mut Fields::new(self.source, mapping, table, self.diags))),
                (None, Some(written)) => out.extend(trimmed(&written, node.span).map(&mut text)),
                (None, None) => self.wrong(field, entry, node),
            }
        }
        out
    }

    /// The value under `key` as JSON.
    pub fn json(&mut self, key: &str) -> Option<serde_json::Value> {
        self.node(key).map(Node::to_json)
    }

    /// Reports the value of `key` as not of its type, for types that the caller reads itself.
    pub fn wrong_type(&mut self, key: &str) {
        if let Some((field, entry)) = self.found(key) {
            self.wrong(field, entry, &entry.node);
        }
    }
}

fn trimmed(text: &str, span: Span) -> Option<Spanned<String>> {
    let value = text.trim();
    (!value.is_empty()).then(|| Spanned { value: value.to_string(), span })
}
