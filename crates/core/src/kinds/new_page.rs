//! Generates a new page of each kind: front matter to fill in, generated from the kind's table, and a body to start
//! from.
//!
//! Input: kind, title, date and id. Output: the text of a Markdown file. Does not write files.

use jiff::civil::Date;

use crate::base::WrittenDate;
use crate::yaml::{FieldOf, FilledField, TypeOf, example_value, fill_in_template, quote_scalar};

use super::common::{COMMON_FIELDS, TAXONOMY_KEYS};
use super::placeholders::key_placeholder;
use super::{KindDefinition, KindName, SiteKinds};

/// The known values of a page that is to be created.
#[derive(Debug, Clone)]
pub struct NewPageTemplate<'n> {
    /// The kind of page.
    pub kind: KindName,
    /// The kinds of the site.
    pub kinds: &'n SiteKinds,
    /// Its title.
    pub title: &'n str,
    /// The current date, which becomes the page's date.
    pub today: Date,
    /// The id, for kinds that have one.
    pub id: &'n str,
    /// Start of an event, if known, perhaps with its end.
    pub start: Option<WrittenDate>,
    /// Place of an event, if known.
    pub place: Option<&'n str>,
    /// Whether to write `kind:`, because the section has another default kind.
    pub names_kind: bool,
}

/// Keys that new pages seldom need.
const RARELY_USED_KEYS: [&str; 5] = ["slug", "aliases", "template", "extra", "sample"];

impl NewPageTemplate<'_> {
    /// Returns the text of the file. The page is a draft and builds without diagnostics.
    pub fn text(&self) -> String {
        let today = self.today.to_string();
        let filled_field = |key, value: &str, remark| FilledField { key, value: value.to_string(), comment: remark };
        let mut head = vec![
            filled_field("title", &quote_scalar(self.title), ""),
            filled_field("date", &today, "发布的日期"),
            filled_field("draft", "是", "草稿不发布；写完、审完，删掉这一行"),
        ];
        let mut skip = RARELY_USED_KEYS.to_vec();
        let hidden = TAXONOMY_KEYS.iter().filter(|(taxonomy, _)| self.kinds.hidden_taxonomies.contains(taxonomy));
        skip.extend(hidden.map(|(_, key)| *key));
        match self.names_kind {
            true => head.push(filled_field("kind", &quote_scalar(self.kinds.zh(self.kind)), "")),
            false => skip.push("kind"),
        }
        let KindDefinition { new_fields, new_body, .. } = self.kind.definition();
        let mut out = String::from(
            "---\n# 以“# ”开头的行现在不起作用。要用哪一行，删掉行首的“# ”，在冒号后面填；用不着的可以整行删掉。\n",
        );
        // Put the keys that already have values first.
        let head = fill_in_template(COMMON_FIELDS, &head, &skip);
        let (written, spare): (Vec<&str>, Vec<&str>) = head.lines().partition(|line| !line.starts_with('#'));
        out.extend(written.iter().map(|line| format!("{line}\n")));
        let filled = new_fields(self);
        let own = self.kinds.with_table(self.kind, |fields| {
            let required = self.required_fields(fields);
            fill_in_template(fields, &[filled, required].concat(), &[])
        });
        out.push_str(&own);
        out.extend(spare.iter().map(|line| format!("{line}\n")));
        out.push_str("---\n\n");
        out.push_str(new_body);
        out
    }

    /// The keys that the site's own kind requires, each with a value to be changed.
    fn required_fields<'f>(&self, fields: &[FieldOf<'f>]) -> Vec<FilledField<'f>> {
        let Some(own) = self.kinds.own(self.kind) else { return Vec::new() };
        let is_required = |field: &&FieldOf<'_>| {
            own.keys.iter().any(|key| key.name == field.key && key.required && key.default.is_none())
        };
        let filled = |field: &FieldOf<'f>| FilledField {
            key: field.key,
            value: match field.ty {
                TypeOf::Text | TypeOf::Texts | TypeOf::Names => key_placeholder(field.zh),
                TypeOf::Date => self.today.to_string(),
                ty => example_value(&ty),
            },
            comment: field.doc_zh,
        };
        fields.iter().filter(is_required).map(filled).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::SitePath;
    use crate::diag::SourceText;
    use crate::kinds::{FrontMatterContext, read_front_matter, split_front_matter};

    fn findings(text: &str, kind: KindName) -> Vec<String> {
        let path = SitePath::new("content/new.md").unwrap();
        let source = SourceText::new(&path, text);
        let parts = split_front_matter(text);
        let mut found = parts.diags(&source);
        let read = read_front_matter(&source, parts.front, &FrontMatterContext::of(KindName::Page));
        found.extend(read.diags);
        assert_eq!(read.own.name(), kind);
        found.iter().map(|d| crate::diag::to_text(d, crate::diag::Lang::En)).collect()
    }

    #[test]
    fn a_new_page_of_each_kind_has_no_finding_even_with_every_key_in_use() {
        for kind in KindName::ALL.iter().copied() {
            let text = NewPageTemplate {
                kind,
                kinds: SiteKinds::BUILT_IN,
                title: "讲商标：第#1场",
                today: jiff::civil::date(2026, 11, 22),
                id: "讲商标",
                start: None,
                place: None,
                names_kind: true,
            }
            .text();
            assert_eq!(findings(&text, kind), Vec::<String>::new(), "{text}");
            // Every comment line except the first becomes an entry when its leading `# ` is removed.
            let end = text.rfind("---\n").unwrap();
            let used: String = text[..end]
                .lines()
                .enumerate()
                .map(|(i, line)| format!("{}\n", if i == 1 { line } else { line.strip_prefix("# ").unwrap_or(line) }))
                .collect();
            let used = format!("{used}{}", &text[end..]);
            for field in kind.definition().fields {
                assert!(used.contains(&format!("\n{}:", field.zh)), "{kind:?} lacks {}", field.zh);
            }
            let unfilled = |said: &String| !["missing-key", "names-in-one-text"].iter().any(|code| said.contains(code));
            let about_keys: Vec<String> = findings(&used, kind)
                .into_iter()
                .filter(unfilled)
                .filter(|said| said.contains("key") || said.contains("yaml") || said.contains("wrong-type"))
                .collect();
            assert_eq!(about_keys, Vec::<String>::new(), "{used}");
        }
    }
}
