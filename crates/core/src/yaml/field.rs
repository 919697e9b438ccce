//! Tables that say which keys a mapping may hold: the one place where a schema is written.
//!
//! From the same table the reader checks files and the reference page is generated.

/// One key of a schema.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Field {
    /// The English key, also the name in code.
    pub key: &'static str,
    /// The Chinese key.
    pub zh: &'static str,
    /// Further spellings that are accepted but not advertised first.
    pub aliases: &'static [&'static str],
    /// What the key takes.
    pub ty: Type,
    /// What the key is for, in Chinese, as the reference page says it.
    pub doc_zh: &'static str,
    /// The same in English.
    pub doc_en: &'static str,
}

/// What a key takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Type {
    /// Any text.
    Text,
    /// Sentences or lines: a list, or one text.
    Texts,
    /// Short names: a list, or one name. Several names in one text are pointed out.
    Names,
    /// A date with an optional time.
    Date,
    /// true/false, yes/no, 是/否.
    Flag,
    /// A whole number within these bounds.
    Integer(i64, i64),
    /// Any finite number.
    Number,
    /// A path or address.
    Link,
    /// One or several links.
    Links,
    /// One of these words: the name in code and a spelling; the first row of a name is how it is shown.
    Choice(&'static [(&'static str, &'static str)]),
    /// One or several of these words.
    Choices(&'static [(&'static str, &'static str)]),
    /// A mapping with these keys.
    Map(&'static [Field]),
    /// A list of mappings.
    Maps(&'static [Field]),
    /// Any of these; the reader looks at the node itself.
    OneOf(&'static [Type]),
    /// Anything: kept for templates as it is.
    Any,
}

impl Type {
    /// What it takes, in Chinese and in English, as messages and the reference page say it.
    pub fn describe(&self) -> (String, String) {
        super::type_labels::describe_expected(self)
    }
}

impl Field {
    /// A key with its Chinese name, its type and its description in both languages.
    pub const fn new(
        key: &'static str,
        zh: &'static str,
        ty: Type,
        doc_zh: &'static str,
        doc_en: &'static str,
    ) -> Self {
        Self { key, zh, aliases: &[], ty, doc_zh, doc_en }
    }

    /// The same field under further spellings.
    pub const fn with_aliases(mut self, names: &'static [&'static str]) -> Self {
        self.aliases = names;
        self
    }

    /// Whether `written` is one of this field's names.
    pub fn is_named(&self, written: &str) -> bool {
        self.key == written || self.zh == written || self.aliases.contains(&written)
    }
}
