//! Tables that define which keys a mapping may hold. A schema is written only here.
//!
//! The reader checks files against these tables, and the reference page is generated from the same tables. Tables of the
//! program live as long as it runs ([`Field`]); those that a site's files define are built when they are needed
//! ([`FieldOf`]).

/// One key of a schema of the program.
pub type Field = FieldOf<'static>;

/// The type of value that a key of the program's schemas takes.
pub type Type = TypeOf<'static>;

/// One key of a schema.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FieldOf<'f> {
    /// The English key, which code also uses.
    pub key: &'f str,
    /// The Chinese key.
    pub zh: &'f str,
    /// Other accepted spellings. Messages and the reference page show `key` and `zh` first.
    pub aliases: &'f [&'f str],
    /// Words that people write instead, which are not accepted; the finding about them names this key.
    pub meant: &'f [&'f str],
    /// The type of value the key takes.
    pub ty: TypeOf<'f>,
    /// Description of the key in Chinese, as shown on the reference page.
    pub doc_zh: &'f str,
    /// Description of the key in English.
    pub doc_en: &'f str,
}

/// The type of value that a key takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum TypeOf<'f> {
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
    Choice(&'f [(&'f str, &'f str)]),
    /// One or several of these words; rows as in [`TypeOf::Choice`].
    Choices(&'f [(&'f str, &'f str)]),
    /// A mapping with these keys.
    Map(&'f [FieldOf<'f>]),
    /// A list of mappings, each with these keys.
    Maps(&'f [FieldOf<'f>]),
    /// Any of these types. The caller inspects the node itself.
    OneOf(&'f [TypeOf<'f>]),
    /// Any value; it is passed to templates unchanged.
    Any,
}

impl TypeOf<'_> {
    /// Describes the type in Chinese and in English, as messages and the reference page show it.
    pub fn describe(&self) -> (String, String) {
        super::type_labels::describe_expected(self)
    }
}

impl<'f> FieldOf<'f> {
    /// Creates a field with an English key, a Chinese key, a type and a description in both languages.
    pub const fn new(key: &'f str, zh: &'f str, ty: TypeOf<'f>, doc_zh: &'f str, doc_en: &'f str) -> Self {
        Self { key, zh, aliases: &[], meant: &[], ty, doc_zh, doc_en }
    }

    /// Returns the same field with additional accepted spellings.
    pub const fn with_aliases(mut self, names: &'f [&'f str]) -> Self {
        self.aliases = names;
        self
    }

    /// Returns the same field with words that people write instead of its keys.
    pub const fn meant_by(mut self, words: &'f [&'f str]) -> Self {
        self.meant = words;
        self
    }

    /// Whether `written` is the English key, the Chinese key or an alias of this field.
    pub fn is_named(&self, written: &str) -> bool {
        self.key == written || self.zh == written || self.aliases.contains(&written)
    }
}
