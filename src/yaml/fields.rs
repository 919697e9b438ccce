//! A mapping read by a table of [`Field`]s: names in two languages, typed values, findings with what to type instead.

use crate::base::{Moment, Span};
use crate::diag::{Diag, SourceText};

use super::{Entry, Field, Mapping, Node, Spanned};

/// A typed reader over one mapping. Each getter reports a value of the wrong type at its own place and gives nothing for it.
pub struct Fields<'a, 't> {
    source: &'a SourceText<'t>,
    span: Span,
    found: Vec<(&'static Field, &'a Entry)>,
    diags: &'a mut Vec<Diag>,
}

impl<'a, 't> Fields<'a, 't> {
    /// Resolves the keys of `mapping` by `table`; unknown keys and keys given twice are reported at once.
    pub fn new(source: &'a SourceText<'t>, mapping: &'a Mapping, table: &'static [Field], diags: &'a mut Vec<Diag>) -> Self {
        let found = mapping.entries.iter().filter_map(|e| table.iter().find(|f| f.is_named(&e.key)).map(|f| (f, e))).collect();
        Self { source, span: mapping.span, found, diags }
    }

    /// Adds a finding.
    pub fn report(&mut self, diag: Diag) {
        self.diags.push(diag);
    }

    /// The source findings are placed in.
    pub fn source(&self) -> &'a SourceText<'t> {
        self.source
    }

    /// Where the whole mapping stands.
    pub fn span(&self) -> Span {
        self.span
    }

    /// The value of `key` as it stands, unless absent or empty.
    pub fn node(&self, key: &str) -> Option<&'a Node> {
        self.found.iter().find(|(f, _)| f.key == key).map(|(_, e)| &e.node).filter(|n| !n.is_null())
    }

    pub fn text(&mut self, key: &str) -> Option<String> {
        self.text_at(key).map(|s| s.value)
    }

    pub fn text_at(&mut self, key: &str) -> Option<Spanned<String>> {
        let node = self.node(key)?;
        node.text().map(|t| Spanned { value: t.trim().to_string(), span: node.span })
    }

    pub fn texts(&mut self, key: &str) -> Vec<String> {
        self.texts_at(key).into_iter().map(|s| s.value).collect()
    }

    pub fn texts_at(&mut self, key: &str) -> Vec<Spanned<String>> {
        let _ = key;
        todo!()
    }

    pub fn moment(&mut self, key: &str) -> Option<Moment> {
        let _ = key;
        todo!()
    }

    pub fn flag(&mut self, key: &str) -> Option<bool> {
        let _ = key;
        todo!()
    }

    pub fn integer(&mut self, key: &str) -> Option<i64> {
        let _ = key;
        todo!()
    }

    pub fn number(&mut self, key: &str) -> Option<f64> {
        let _ = key;
        todo!()
    }

    /// The name in code of the chosen word.
    pub fn choice(&mut self, key: &str) -> Option<&'static str> {
        let _ = key;
        todo!()
    }

    /// Reads the mapping under `key` by the table its type names.
    pub fn map<T>(&mut self, key: &str, read: impl FnOnce(&mut Fields<'_, 't>) -> T) -> Option<T> {
        let _ = (key, read);
        todo!()
    }

    /// Reads each mapping of the list under `key`; `read` gives `None` for one that cannot be used.
    pub fn maps<T>(&mut self, key: &str, read: impl FnMut(&mut Fields<'_, 't>) -> Option<T>) -> Vec<T> {
        let _ = (key, read);
        todo!()
    }

    /// The value under `key` as JSON.
    pub fn json(&mut self, key: &str) -> Option<serde_json::Value> {
        self.node(key).map(Node::to_json)
    }
}
