//! Kinds of pages that a site defines in `kinds/NAME.yaml`, and the set of all kinds that a site has.
//!
//! Input: definitions that [`read_kind`] made from files, and what the settings hide. Output: [`SiteKinds`], which
//! answers for built-in kinds and the site's own alike. Reads no page and no file.

mod file;
mod folder;
mod key_list;

use std::borrow::Cow;

use super::definition::{KindDefinition, no_new_fields};
use super::values::{KeyRoles, KeyValue, KindFields};
use super::{KindData, KindName, Spanned};
use crate::base::SitePath;
use crate::yaml::{FieldOf, MappingReader, TypeOf};

pub use file::{KEY_FIELDS, KIND_EXAMPLE, KIND_FIELDS, KindFileContext, MAX_KINDS, read_kind};

/// Stands for every kind of a site in the list of built-in kinds: what its file leaves open.
pub(super) const KIND: KindDefinition = KindDefinition {
    name: "own",
    zh: &["自定义"],
    fields: &[],
    read: |_, _| KindData::Page,
    folder: "",
    template: "page.html",
    needs_template: true,
    new_fields: no_new_fields,
    new_body: "〔从这里写起。〕\n",
    example: "",
};

/// A kind of page that the site defines.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnKind {
    /// The file that defines it.
    pub path: SitePath,
    /// Name in English, as in `kind:` and in templates.
    pub name: String,
    /// Name in Chinese, as in `类型:`.
    pub zh: String,
    /// Folder of `content/` for new pages.
    pub folder: String,
    /// Template of its pages; without one, `page.html` shows its values as a list.
    pub template: Option<Spanned<String>>,
    /// Whether pages and lists show the date of a page.
    pub shows_date: bool,
    /// The key whose date is the page's date in lists.
    pub dated_by: Option<String>,
    /// The key whose date is the last day on which a page is valid.
    pub expires_by: Option<String>,
    /// Whether its pages are in feeds.
    pub in_feeds: bool,
    /// Whether search engines may list its pages.
    pub searchable: bool,
    /// Its keys, in order.
    pub keys: Vec<KeyDefinition>,
}

/// A key of a site's kind.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyDefinition {
    /// Name in English, as in front matter and in templates.
    pub name: String,
    /// Name in Chinese, as in front matter and on pages.
    pub zh: String,
    /// What the key takes.
    pub ty: KeyType,
    /// Whether a page must have it.
    pub required: bool,
    /// Whether lists show it.
    pub listed: bool,
    /// What it is for, in Chinese; may be empty.
    pub doc_zh: String,
    /// What it is for, in English; may be empty.
    pub doc_en: String,
    /// Its value where a page does not give one.
    pub default: Option<KeyValue>,
}

/// What a key of a site's kind takes.
#[derive(Debug, Clone, PartialEq)]
pub enum KeyType {
    /// A type that needs no more to be said.
    Plain(TypeOf<'static>),
    /// One of these words.
    Choice(Vec<ChoiceWord>),
    /// Some of these words.
    Choices(Vec<ChoiceWord>),
    /// A group of keys, which are not groups themselves.
    Group(Vec<KeyDefinition>),
    /// Several groups with the same keys.
    Groups(Vec<KeyDefinition>),
}

/// A word of a choice in both languages.
#[derive(Debug, Clone, PartialEq)]
pub struct ChoiceWord {
    /// In English, and in templates.
    pub name: String,
    /// In Chinese.
    pub zh: String,
}

impl OwnKind {
    /// Calls `f` with the table of the kind's keys, by which front matter is read and described.
    pub fn with_table<R>(&self, f: impl FnOnce(&[FieldOf<'_>]) -> R) -> R {
        let rows: Vec<Vec<(&str, &str)>> = self.keys.iter().map(KeyDefinition::rows).collect();
        let inner_rows: Vec<Vec<Vec<(&str, &str)>>> =
            self.keys.iter().map(|key| key.inner().iter().map(KeyDefinition::rows).collect()).collect();
        let inner: Vec<Vec<FieldOf<'_>>> = self
            .keys
            .iter()
            .zip(&inner_rows)
            .map(|(key, rows)| key.inner().iter().zip(rows).map(|(key, rows)| key.field(rows, &[])).collect())
            .collect();
        let table: Vec<FieldOf<'_>> =
            self.keys.iter().zip(&rows).zip(&inner).map(|((key, rows), inner)| key.field(rows, inner)).collect();
        f(&table)
    }

    /// Reads the values of a page by the kind's keys and adds the defaults.
    pub(super) fn read(&self, kind: KindName, fields: &mut MappingReader<'_, '_>, table: &[FieldOf<'_>]) -> KindFields {
        let names = |wanted: fn(&KeyDefinition) -> bool| -> Vec<&str> {
            self.keys.iter().filter(|key| wanted(key)).map(|key| key.name.as_str()).collect()
        };
        let (required, listed) = (names(|key| key.required && key.default.is_none()), names(|key| key.listed));
        let roles = KeyRoles {
            required: &required,
            listed: &listed,
            dated_by: self.dated_by.as_deref(),
            expires_by: self.expires_by.as_deref(),
        };
        let mut values = KindFields::read(kind, fields, table, &roles).values;
        for (at, key) in self.keys.iter().enumerate() {
            // A value that does not fit was reported and is not replaced.
            if let Some(default) = key.default.as_ref().filter(|_| fields.node(&key.name).is_none()) {
                let before = |value: &KeyValue| self.keys[..at].iter().any(|key| key.name == value.key);
                let place = values.iter().take_while(|value| before(value)).count();
                values.insert(place, default.clone());
            }
        }
        KindFields::of(kind, values, &roles)
    }

    /// The key with this English name, also in groups.
    pub fn key(&self, name: &str) -> Option<&KeyDefinition> {
        let inner = self.keys.iter().flat_map(|key| key.inner());
        self.keys.iter().chain(inner).find(|key| key.name == name)
    }
}

impl KeyDefinition {
    fn rows(&self) -> Vec<(&str, &str)> {
        match &self.ty {
            KeyType::Choice(words) | KeyType::Choices(words) => {
                words.iter().map(|word| (word.name.as_str(), word.zh.as_str())).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The keys of a group.
    pub fn inner(&self) -> &[KeyDefinition] {
        match &self.ty {
            KeyType::Group(keys) | KeyType::Groups(keys) => keys,
            _ => &[],
        }
    }

    fn field<'f>(&'f self, rows: &'f [(&'f str, &'f str)], inner: &'f [FieldOf<'f>]) -> FieldOf<'f> {
        let ty = match &self.ty {
            KeyType::Plain(ty) => *ty,
            KeyType::Choice(_) => TypeOf::Choice(rows),
            KeyType::Choices(_) => TypeOf::Choices(rows),
            KeyType::Group(_) => TypeOf::Map(inner),
            KeyType::Groups(_) => TypeOf::Maps(inner),
        };
        FieldOf::new(&self.name, &self.zh, ty, &self.doc_zh, &self.doc_en)
    }
}

/// All kinds of pages that a site has: the built-in ones that it does not hide, and its own.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SiteKinds {
    /// The site's own kinds; [`KindName::Own`] holds the index.
    pub own: Vec<OwnKind>,
    /// Built-in kinds that the site does not use.
    pub hidden: Vec<KindName>,
    /// Built-in taxonomies that the site does not use.
    pub hidden_taxonomies: Vec<&'static str>,
}

impl SiteKinds {
    /// The built-in kinds alone.
    pub const BUILT_IN: &'static SiteKinds =
        &SiteKinds { own: Vec::new(), hidden: Vec::new(), hidden_taxonomies: Vec::new() };

    /// All kinds that pages may have.
    pub fn all(&self) -> impl Iterator<Item = KindName> {
        let built_in = KindName::ALL.iter().copied().filter(|kind| !self.hidden.contains(kind));
        built_in.chain((0..self.own.len()).map(|n| KindName::Own(n as u8)))
    }

    /// The definition of a kind of this site's own.
    pub fn own(&self, kind: KindName) -> Option<&OwnKind> {
        match kind {
            KindName::Own(n) => self.own.get(usize::from(n)),
            _ => None,
        }
    }

    /// English name, as in `kind:` and in templates.
    pub fn name(&self, kind: KindName) -> &str {
        self.own(kind).map_or(kind.definition().name, |own| &own.name)
    }

    /// Chinese name, as in `类型:`.
    pub fn zh(&self, kind: KindName) -> &str {
        self.own(kind).map_or(kind.zh(), |own| &own.zh)
    }

    /// The kind for a word that `kind:` accepts, in English or Chinese; also a hidden one.
    pub fn from_label(&self, word: &str) -> Option<KindName> {
        let wanted = word.trim();
        let is_named = |own: &OwnKind| own.zh == wanted || own.name.eq_ignore_ascii_case(wanted);
        let own = self.own.iter().position(is_named).map(|n| KindName::Own(n as u8));
        own.or_else(|| KindName::from_label(wanted))
    }

    /// Rows of a choice between all kinds that pages may have.
    pub fn choices(&self) -> Vec<(&str, &str)> {
        let rows = |kind: KindName| -> Cow<'_, [(&str, &str)]> {
            match self.own(kind) {
                Some(own) => Cow::Owned(vec![(own.name.as_str(), own.zh.as_str())]),
                None => kind.definition().zh.iter().map(|zh| (kind.definition().name, *zh)).collect(),
            }
        };
        self.all().flat_map(|kind| rows(kind).into_owned()).collect()
    }

    /// Folder of `content/` for new pages.
    pub fn folder(&self, kind: KindName) -> &str {
        self.own(kind).map_or(kind.definition().folder, |own| &own.folder)
    }

    /// Template of the kind's pages.
    pub fn template(&self, kind: KindName) -> &str {
        let own = self.own(kind).and_then(|own| own.template.as_ref());
        own.map_or(kind.definition().template, |template| &template.value)
    }

    /// Whether pages and lists show the dates of the kind's pages.
    pub fn shows_date(&self, kind: KindName) -> bool {
        self.own(kind).is_none_or(|own| own.shows_date)
    }

    /// Whether feeds contain the kind's pages.
    pub fn in_feeds(&self, kind: KindName) -> bool {
        self.own(kind).is_none_or(|own| own.in_feeds)
    }

    /// Whether search engines may list the kind's pages.
    pub fn is_searchable(&self, kind: KindName) -> bool {
        self.own(kind).is_none_or(|own| own.searchable)
    }

    /// Whether the kind has a key with this name, in either language.
    pub fn has_key(&self, kind: KindName, name: &str) -> bool {
        match self.own(kind) {
            Some(own) => own.keys.iter().any(|key| key.name == name || key.zh == name),
            None => kind.definition().fields.iter().any(|field| field.is_named(name)),
        }
    }

    /// Calls `f` with the table of the keys that only this kind has.
    pub fn with_table<R>(&self, kind: KindName, f: impl FnOnce(&[FieldOf<'_>]) -> R) -> R {
        match self.own(kind) {
            Some(own) => own.with_table(f),
            None => f(kind.definition().fields),
        }
    }
}
