//! Tables that define which keys a mapping may hold. A schema is written only here.
//!
//! The reader checks files against these tables, and the reference page is generated from the same tables.

/// One key of a schema.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Field {
    /// The English key, which code also uses.
    pub key: &'static str,
    /// The Chinese key.
    pub zh: &'static str,
    /// Other accepted spellings. Messages and the reference page show `key` and `zh` first.
    pub aliases: &'static [&'static str],
    /// The type of value the key takes.
    pub ty: Type,
    /// Description of the key in Chinese, as shown on the reference page.
    pub doc_zh: &'static str,
    /// Description of the key in English.
    pub doc_en: &'static str,
}

/// The type of value that a key takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Type {
    /// Any text.
    Text,
    /// Sentences or lines: a list of texts, or one text.
    Texts,
    /// Short names: a list, or one name. The reader warns when one text looks like several names.
    Names,
    /// A date with an optional time of day.
    Date,
    /// true/false, yes/no, 是/否.
    Flag,
    /// A whole number between these bounds, both inclusive.
    Integer(i64, i64),
    /// Any finite number.
    Number,
    /// A relative path or an absolute address.
    Link,
    /// One or several links.
    Links,
    /// One of these words. Each row is the name used in code and one accepted spelling. The first row of a name is
    /// the spelling that is shown.
    Choice(&'static [(&'static str, &'static str)]),
    /// One or several of these words; rows as in [`Type::Choice`].
    Choices(&'static [(&'static str, &'static str)]),
    /// A mapping with these keys.
    Map(&'static [Field]),
    /// A list of mappings, each with these keys.
    Maps(&'static [Field]),
    /// Any of these types. The caller inspects the node itself.
    OneOf(&'static [Type]),
    /// Any value; it is passed to templates unchanged.
    Any,
}

impl Type {
    /// Describes the type in Chinese and in English, as messages and the reference page show it.
    pub fn describe(&self) -> (String, String) {
        super::type_labels::describe_expected(self)
    }
}

impl Field {
    /// Creates a field with an English key, a Chinese key, a type and a description in both languages.
    pub const fn new(
        key: &'static str,
        zh: &'static str,
        ty: Type,
        doc_zh: &'static str,
        doc_en: &'static str,
    ) -> Self {
        Self { key, zh, aliases: &[], ty, doc_zh, doc_en }
    }

    /// Returns the same field with additional accepted spellings.
    pub const fn with_aliases(mut self, names: &'static [&'static str]) -> Self {
        self.aliases = names;
        self
    }

    /// Whether `written` is the English key, the Chinese key or an alias of this field.
    pub fn is_named(&self, written: &str) -> bool {
        self.key == written || self.zh == written || self.aliases.contains(&written)
    }
}
