//! Templates with their dependencies: the templates they extend, include and the components they call.
//!
//! Input: the texts of all templates. Output: one fingerprint and the ids of elements per name. Names are found in the text, because Tera
//! accepts only literals for them. Text that only looks like a name is treated as a dependency: an extra dependency
//! causes unnecessary work, a missing one would leave outdated pages.

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::{Fingerprint, fingerprint};
use crate::markdown::TemplateIds;

/// A template together with all its dependencies.
#[derive(Debug, Clone)]
pub(super) struct WholeTemplate {
    pub fingerprint: Fingerprint,
    /// Ids of elements in its text.
    pub ids: TemplateIds,
}

/// Each template together with all its dependencies, by each name under which it can be rendered. `templates` are texts
/// by name; if a name is missing, `theme/NAME` is used. A missing dependency contributes its name.
pub(super) fn whole_templates(templates: &BTreeMap<String, String>) -> BTreeMap<String, WholeTemplate> {
    let references: BTreeMap<&str, TemplateReferences> =
        templates.iter().map(|(name, text)| (name.as_str(), TemplateReferences::of(text))).collect();
    let mut defining_templates: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (name, found) in &references {
        for component in &found.defines {
            defining_templates.entry(component).or_default().insert(name);
        }
    }
    let names = templates.keys().flat_map(|name| [Some(name.as_str()), name.strip_prefix(THEME_PREFIX)]).flatten();
    let names: BTreeSet<&str> = names.collect();
    names
        .into_iter()
        .map(|name| (name.to_string(), whole_template(name, templates, &references, &defining_templates)))
        .collect()
}

const THEME_PREFIX: &str = "theme/";

fn whole_template(
    name: &str,
    templates: &BTreeMap<String, String>,
    references: &BTreeMap<&str, TemplateReferences>,
    defining_templates: &BTreeMap<&str, BTreeSet<&str>>,
) -> WholeTemplate {
    let mut visited: BTreeMap<String, Option<Fingerprint>> = BTreeMap::new();
    let mut ids = TemplateIds::default();
    let mut pending = vec![name.to_string()];
    while let Some(name) = pending.pop() {
        if visited.contains_key(&name) {
            continue;
        }
        let text = templates.get(&name);
        visited.insert(name.clone(), text.map(fingerprint));
        let Some(found) = references.get(name.as_str()) else {
            if !name.starts_with(THEME_PREFIX) {
                pending.push(format!("{THEME_PREFIX}{name}"));
            }
            continue;
        };
        ids.add(&found.ids);
        pending.extend(found.templates.iter().map(|n| n.to_string()));
        // A component may be defined in several templates, of which one overrides the others. All of them are
        // dependencies.
        pending
            .extend(found.tags.iter().filter_map(|tag| defining_templates.get(tag)).flatten().map(|n| n.to_string()));
    }
    WholeTemplate { fingerprint: fingerprint(&visited), ids }
}

/// Names that occur in the text of a template.
struct TemplateReferences<'t> {
    /// String literals after `extends` and `include`.
    templates: BTreeSet<&'t str>,
    /// Components that the template defines.
    defines: BTreeSet<&'t str>,
    /// Words after `<`: HTML elements and component calls.
    tags: BTreeSet<&'t str>,
    /// Ids of elements.
    ids: TemplateIds,
}

impl<'t> TemplateReferences<'t> {
    fn of(text: &'t str) -> Self {
        let after =
            |word: &'static str| text.match_indices(word).map(move |(at, _)| text[at + word.len()..].trim_start());
        let literal = |rest: &'t str| -> Option<&'t str> {
            let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
            rest[1..].split(quote).next()
        };
        let word = |rest: &'t str| -> &'t str {
            let end = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.' | '-'))).unwrap_or(rest.len());
            &rest[..end]
        };
        Self {
            templates: after("extends").chain(after("include")).filter_map(literal).collect(),
            defines: after("component").map(word).filter(|w| !w.is_empty()).collect(),
            tags: after("<").map(word).filter(|w| !w.is_empty()).collect(),
            ids: TemplateIds::of(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(files: &[(&str, &str)]) -> BTreeMap<String, WholeTemplate> {
        whole_templates(&files.iter().map(|(n, t)| (n.to_string(), t.to_string())).collect())
    }

    fn site(files: &[(&str, &str)]) -> BTreeMap<String, Fingerprint> {
        whole(files).into_iter().map(|(name, template)| (name, template.fingerprint)).collect()
    }

    const PAGE: (&str, &str) =
        ("theme/page.html", "{% extends \"base.html\" %}{% include 'part.html' %}{{ <item c={1} /> }}");
    const BASE: (&str, &str) = ("theme/base.html", "<html>");
    const PART: (&str, &str) = ("theme/part.html", "x");
    const ITEM: (&str, &str) = ("theme/parts.html", "{% component item(c) %}{% endcomponent item %}");

    #[test]
    fn fingerprint_changes_with_a_referenced_template() {
        let before = site(&[PAGE, BASE, PART, ITEM]);
        for (changed, other) in
            [(("theme/base.html", "<html lang>"), "part.html"), (("theme/part.html", "y"), "base.html")]
        {
            let after: Vec<_> =
                [PAGE, BASE, PART, ITEM].into_iter().map(|f| if f.0 == changed.0 { changed } else { f }).collect();
            let after = site(&after);
            assert_ne!(before["page.html"], after["page.html"], "{changed:?}");
            assert_eq!(before[other], after[other]);
        }
        let item = ("theme/parts.html", "{% component item(c) %}!{% endcomponent item %}");
        assert_ne!(before["page.html"], site(&[PAGE, BASE, PART, item])["page.html"]);
    }

    #[test]
    fn fingerprint_changes_when_a_missing_template_appears() {
        let before = site(&[PAGE, BASE, PART, ITEM]);
        let shadowed = site(&[PAGE, BASE, PART, ITEM, ("base.html", "own")]);
        assert_ne!(before["page.html"], shadowed["page.html"]);
        assert_eq!(before["theme/part.html"], shadowed["theme/part.html"]);
    }

    #[test]
    fn ids_are_those_of_all_dependencies() {
        let base = ("theme/base.html", "<main id=\"main\">");
        let item = (ITEM.0, "{% component item(c) %}<li id=\"item-{{ c }}\">{% endcomponent item %}");
        let all = whole(&[PAGE, base, PART, item, ("theme/other.html", "<h2 id=\"year\">")]);
        let ids = &all["page.html"].ids;
        assert!(ids.ids.iter().eq(["main"]) && ids.prefixes.iter().eq(["item-"]), "{ids:?}");
    }
}
