//! Where a new page goes: its section, its file name and its id.
//!
//! Input: a kind, a title and the site. Output: the parts of a path, and an id that no other page has. Writes no file.

use std::collections::BTreeSet;

use crate::catalog::{KindFacts, PageRole};
use crate::view::SiteData;
use puzhi_core::base::{SitePath, is_safe_segment, slugify};
use puzhi_core::diag::{Diagnostic, codes};
use puzhi_core::kinds::{KindName, SiteKinds};

/// The last part of the address: the wanted one, or else derived from the title: letters and digits, with Han characters unchanged.
pub fn slug_for(title: &str, wanted: Option<&str>) -> Result<String, Diagnostic> {
    match wanted {
        Some(slug) if is_valid_slug(slug) => Ok(slug.to_string()),
        Some(slug) => {
            let example = Some(slugify(slug)).filter(|s| is_valid_slug(s)).unwrap_or_else(|| "market-talk".to_string());
            Err(Diagnostic::new(&codes::start::BAD_NEW_NAME)
                .arg("option", "--slug")
                .arg("value", slug)
                .arg("example", example))
        }
        None => {
            let slug = slugify(title);
            if is_valid_slug(&slug) {
                Ok(slug)
            } else {
                Err(Diagnostic::new(&codes::start::NO_SLUG).arg("title", title))
            }
        }
    }
}

/// Whether `slug` is a valid file name on every system and does not name a section index or another special file.
pub fn is_valid_slug(slug: &str) -> bool {
    is_safe_segment(slug)
        && is_safe_segment(&format!("{slug}.md"))
        && !slug.contains('.')
        && !matches!(slug, "index" | "_index" | "README")
}

/// Parses `--section`, a folder below `content/`. `guides`, `/guides/` and `content/guides` mean the same folder.
pub fn parse_section(written: &str) -> Result<String, Diagnostic> {
    let bad = || {
        Diagnostic::new(&codes::start::BAD_NEW_NAME)
            .arg("option", "--section")
            .arg("value", written)
            .arg("example", "guides")
    };
    let slashes = written.replace('\\', "/");
    let path = SitePath::new(slashes.trim_matches('/')).map_err(|_| bad())?;
    let below = path.relative_to("content").unwrap_or(path.as_str());
    let below = if path.as_str() == "content" { "" } else { below };
    if below.split('/').any(|s| s.starts_with('.')) { Err(bad()) } else { Ok(below.to_string()) }
}

/// The folder for new pages of this kind: the topmost section that declares the kind, or else the kind's usual folder.
pub fn default_section(kind: KindName, kinds: &SiteKinds, site: Option<&SiteData>) -> String {
    let metas = site.into_iter().flat_map(|site| &site.catalog.pages);
    let named = metas.filter(|c| {
        c.role == PageRole::Section && c.lang == 0 && c.section_options.kind == Some(kind) && !c.folder.is_empty()
    });
    let nearest = named.map(|c| c.folder.as_str()).min_by_key(|folder| (folder.matches('/').count(), *folder));
    nearest.unwrap_or(kinds.folder(kind)).to_string()
}

/// The kind of a page in `folder` whose front matter has no kind: that of the nearest enclosing section that declares one.
pub fn kind_of_section(folder: &str, site: Option<&SiteData>) -> KindName {
    let named = |at: &str| {
        let metas = site.into_iter().flat_map(|site| &site.catalog.pages);
        metas
            .filter(|c| c.role == PageRole::Section && c.lang == 0 && c.folder == at)
            .find_map(|c| c.section_options.kind)
    };
    let mut at = folder;
    loop {
        if let Some(kind) = named(at) {
            return kind;
        }
        match at.rsplit_once('/') {
            Some((parent, _)) => at = parent,
            None if at.is_empty() => return KindName::Page,
            None => at = "",
        }
    }
}

/// The ids in use by pages of this kind and, for events, by entries of the lock file.
pub fn existing_ids(kind: KindName, site: Option<&SiteData>) -> BTreeSet<String> {
    let Some(site) = site else { return BTreeSet::new() };
    let written = site.catalog.pages.iter().filter_map(|meta| match (&meta.facts, kind) {
        (KindFacts::Event(event), KindName::Event) => event.id.as_ref(),
        (KindFacts::Survey(survey), KindName::Survey) => survey.id.as_ref(),
        _ => None,
    });
    let recorded = site.record.lock.entries.keys().filter(|_| kind == KindName::Event);
    written.map(|id| id.value.clone()).chain(recorded.cloned()).collect()
}

/// An unused id made from the slug, with a number appended if needed. Ids have at most 64 characters; 8 are reserved for the number.
pub fn free_id(slug: &str, used: &BTreeSet<String>) -> String {
    let id: String = slug.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).take(56).collect();
    let numbered = (2..).map(|n| format!("{id}-{n}"));
    std::iter::once(id.clone()).chain(numbered).find(|id| !used.contains(id)).unwrap_or(id)
}
