//! Values of kinds without a struct of their own, as templates show them: labelled, with dates and links in the page's
//! language. In: what front matter says by the keys of its kind, and the links it names. Out: [`FieldView`]s for
//! showing, JSON for templates that pick single values. Knows no kind in particular.

use serde_json::Value as Json;

use crate::view::model::{FieldEntryView, FieldView, LinkView};
use crate::view::tracking::doc_cache::ResolvedDoc;
use crate::view::tracking::facets::ListedPage;
use crate::view::tracking::site::Site;
use puzhi_core::kinds::{ChosenWord, KeyValue, KindData, KindName, KindValue, Spanned};

/// Makes the views of the values of one page.
struct FieldReader<'s> {
    site: &'s Site,
    kind: KindName,
    lang: usize,
    /// Resolved links that have not been shown yet, in the order of the values.
    links: std::slice::Iter<'s, Option<LinkView>>,
}

impl Site {
    /// The labelled values of a page; empty for kinds with a struct of their own.
    pub(super) fn page_fields(&self, resolved_doc: &ResolvedDoc, lang: usize) -> Vec<FieldView> {
        let KindData::Fields(fields) = &resolved_doc.doc.kind else { return Vec::new() };
        let links = resolved_doc.resolved.fields.iter();
        FieldReader { site: self, kind: fields.kind, lang, links }.fields(&fields.values)
    }

    /// The values of a page by key; none for kinds with a struct of their own.
    pub(super) fn page_values(&self, resolved_doc: &ResolvedDoc, lang: usize) -> Json {
        let KindData::Fields(fields) = &resolved_doc.doc.kind else { return Json::Null };
        let links = resolved_doc.resolved.fields.iter();
        FieldReader { site: self, kind: fields.kind, lang, links }.json(&fields.values)
    }

    /// The labelled values that lists show of a page.
    pub(super) fn card_fields(&self, page: &ListedPage<'_>) -> Vec<FieldView> {
        FieldReader { site: self, kind: page.kind, lang: page.lang, links: [].iter() }.fields(page.values)
    }

    /// What a kind is called: a site's own by its file, a built-in one by the theme's word for it.
    pub(in crate::view) fn kind_title(&self, kind: KindName, lang: usize) -> String {
        let kinds = &self.settings().kinds;
        let named = || if self.is_zh(lang) { kinds.zh(kind) } else { kinds.name(kind) }.to_string();
        match kinds.own(kind) {
            Some(_) => named(),
            None => self.words(lang).get(&format!("kind_{}", kind.as_str())).cloned().unwrap_or_else(named),
        }
    }

    /// What a key of a built-in kind is called: the theme's word for the key of this kind (`notice_issuer`) or for the key
    /// (`issuer`), else its own name.
    fn field_label(&self, kind: KindName, key: &str, lang: usize) -> String {
        if let Some(own) = self.settings().kinds.own(kind) {
            let name = own.key(key).map_or(key, |key| if self.is_zh(lang) { &key.zh } else { &key.name });
            return if self.is_zh(lang) { name.to_string() } else { name.replace('_', " ") };
        }
        let words = self.words(lang);
        if let Some(word) = words.get(&format!("{}_{key}", kind.as_str())).or_else(|| words.get(key)) {
            return word.clone();
        }
        let field = kind.definition().fields.iter().find(|field| field.key == key);
        match field {
            Some(field) if self.is_zh(lang) => field.zh.to_string(),
            _ => key.replace('_', " "),
        }
    }
}

impl FieldReader<'_> {
    fn fields(&mut self, values: &[KeyValue]) -> Vec<FieldView> {
        let mut fields = Vec::with_capacity(values.len());
        for KeyValue { key, value } in values {
            let label = self.site.field_label(self.kind, key, self.lang);
            fields.push(FieldView { key: key.clone(), label, entries: self.entries(value) });
        }
        fields
    }

    fn entries(&mut self, value: &KindValue) -> Vec<FieldEntryView> {
        let text = |text: &str| FieldEntryView { text: text.to_string(), ..FieldEntryView::default() };
        match value {
            KindValue::Text(one) | KindValue::Number(one) => vec![text(one)],
            KindValue::Texts(texts) => texts.iter().map(|one| text(one)).collect(),
            KindValue::Date(date) => {
                let date = self.site.date(*date, self.lang);
                vec![FieldEntryView { datetime: Some(date.iso), ..text(&date.text) }]
            }
            KindValue::Flag(flag) => vec![text(&self.site.word(self.lang, if *flag { "yes" } else { "no" }))],
            KindValue::Choice(word) => vec![text(self.chosen(word))],
            KindValue::Choices(words) => words.iter().map(|word| text(self.chosen(word))).collect(),
            KindValue::Link(link) => vec![self.link_entry(link)],
            KindValue::Links(links) => links.iter().map(|link| self.link_entry(link)).collect(),
            KindValue::Group(group) => vec![FieldEntryView { fields: self.fields(group), ..FieldEntryView::default() }],
            KindValue::Groups(groups) => {
                groups.iter().map(|group| FieldEntryView { fields: self.fields(group), ..text("") }).collect()
            }
        }
    }

    fn json(&mut self, values: &[KeyValue]) -> Json {
        let mut map = serde_json::Map::new();
        for KeyValue { key, value } in values {
            let value = self.json_value(value);
            map.insert(key.clone(), value);
        }
        Json::Object(map)
    }

    fn json_value(&mut self, value: &KindValue) -> Json {
        match value {
            KindValue::Text(text) => Json::from(text.as_str()),
            KindValue::Texts(texts) => Json::from(texts.as_slice()),
            // Whole numbers stay whole.
            KindValue::Number(number) => serde_json::from_str(number).unwrap_or_else(|_| Json::from(number.as_str())),
            KindValue::Date(date) => serde_json::to_value(self.site.date(*date, self.lang)).unwrap_or_default(),
            KindValue::Flag(flag) => Json::from(*flag),
            KindValue::Choice(word) => Json::from(word.name.as_str()),
            KindValue::Choices(words) => words.iter().map(|word| word.name.as_str()).collect(),
            KindValue::Link(link) => self.link_json(link),
            KindValue::Links(links) => links.iter().map(|link| self.link_json(link)).collect(),
            KindValue::Group(group) => self.json(group),
            KindValue::Groups(groups) => {
                let mut list = Vec::with_capacity(groups.len());
                for group in groups {
                    list.push(self.json(group));
                }
                Json::Array(list)
            }
        }
    }

    fn link_entry(&mut self, link: &Spanned<String>) -> FieldEntryView {
        match self.next_link() {
            Some(LinkView { title: text, url }) => {
                FieldEntryView { text, external: url.contains("://"), url: Some(url), ..FieldEntryView::default() }
            }
            None => FieldEntryView { text: link.value.clone(), ..FieldEntryView::default() },
        }
    }

    fn link_json(&mut self, link: &Spanned<String>) -> Json {
        let view = self.next_link().unwrap_or_else(|| LinkView { title: link.value.clone(), url: String::new() });
        serde_json::to_value(view).unwrap_or_default()
    }

    fn next_link(&mut self) -> Option<LinkView> {
        self.links.next().cloned().flatten()
    }

    /// A chosen word in the page's language.
    fn chosen<'w>(&self, word: &'w ChosenWord) -> &'w str {
        if self.site.is_zh(self.lang) { &word.zh } else { &word.name }
    }
}
