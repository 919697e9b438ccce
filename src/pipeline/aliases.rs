//! Addresses that front matter names: the slug, and old addresses as people copy them from a browser.
//!
//! In: front matter as read. Out: the same with addresses below the site's own, and findings about what cannot be one. Does not know
//! other pages.

use std::collections::BTreeMap;

use crate::catalog::{ContentPath, PageRole};
use crate::settings::Settings;
use puzhi_core::base::{Route, case_folded_key, is_safe_segment, slugify};
use puzhi_core::diag::{Diagnostic, Edit, Severity, SourceText, codes};
use puzhi_core::kinds::{CommonFrontMatter, Spanned};

/// Addresses written in front matter: what cannot be one is reported and dropped before anything is made of it.
pub(super) fn check_addresses(
    head: &mut CommonFrontMatter,
    place: &ContentPath,
    source: &SourceText<'_>,
    settings: &Settings,
) -> Vec<Diagnostic> {
    let mut diags = Vec::new();
    if let Some(slug) = head.slug.take_if(|s| !is_safe_segment(&s.value) || s.value.starts_with('.')) {
        let title = head.title.as_deref().map(slugify).filter(|s| !s.is_empty());
        let example = title.unwrap_or_else(|| slugify(&place.name));
        diags.push(
            Diagnostic::new(&codes::links::BAD_SLUG)
                .at(source, slug.span)
                .arg("value", &slug.value)
                .arg("example", example),
        );
    }
    if matches!(place.role, PageRole::Term(_)) {
        let is_address = |alias: &Spanned<String>| alias.value.starts_with('/');
        (head.aliases, head.spellings) = std::mem::take(&mut head.aliases).into_iter().partition(is_address);
    }
    check_aliases(head, source, settings, &mut diags);
    diags
}

/// An alias that was read before.
struct SeenAlias {
    written: String,
    line: usize,
    route: Route,
}

/// Makes aliases addresses of the site. Reports those that are none, what of them has no effect, and those that are there already.
fn check_aliases(
    head: &mut CommonFrontMatter,
    source: &SourceText<'_>,
    settings: &Settings,
    diags: &mut Vec<Diagnostic>,
) {
    // An address and the same in other case lead to one output.
    let mut seen: BTreeMap<String, SeenAlias> = BTreeMap::new();
    split_aliases(head, source, diags);
    head.aliases.retain_mut(|alias| {
        let written = alias.value.clone();
        if let Some(below) = address_below_base(&alias.value, settings) {
            alias.value = below;
        }
        let Some(route) = Route::from_alias(&alias.value) else {
            let diag = match written.contains(['/', '\\']) || names_web_file(&written) {
                true => Diagnostic::new(&codes::links::BAD_ALIAS).arg("example", alias_to_type(&written)),
                false => Diagnostic::new(&codes::links::ALIAS_IS_NAME).arg("count", 1),
            };
            diags.push(diag.at(source, alias.span).arg("value", &written));
            return false;
        };
        if let Some(start) = written.find('?') {
            let diag = Diagnostic::new(&codes::links::ALIAS_QUERY).at(source, alias.span).arg("value", &written);
            diags.push(diag.arg("part", &written[start..]).arg("route", &route));
        }
        let key = case_folded_key(route.as_str());
        if let Some(first) = seen.get(&key) {
            let diag = Diagnostic::new(&codes::links::ALIAS_REPEATED).at(source, alias.span);
            let mut diag = diag.arg("value", &written).arg("other", &first.written).arg("line", first.line);
            if first.route == route {
                diag.severity = Severity::Note;
            }
            diags.push(diag);
            return false;
        }
        seen.insert(key, SeenAlias { written, line: source.line_column(alias.span.start).line, route });
        true
    });
}

/// Reads `/old/，/old2/` as two aliases.
fn split_aliases(head: &mut CommonFrontMatter, source: &SourceText<'_>, diags: &mut Vec<Diagnostic>) {
    const SIGNS: [char; 6] = ['，', '、', '；', ';', ',', ' '];
    let parts = |text: &str| -> Vec<String> {
        let mut parts: Vec<String> = Vec::new();
        for part in text.split(SIGNS).filter(|part| !part.is_empty()) {
            match parts.last_mut() {
                // What does not begin an address belongs to the one before, with the sign in between.
                Some(last) if !part.starts_with('/') => {
                    let end = text.find(part).unwrap_or(0);
                    last.push_str(text[..end].chars().next_back().map_or("", |sign| &text[end - sign.len_utf8()..end]));
                    last.push_str(part);
                }
                _ => parts.push(part.to_string()),
            }
        }
        parts
    };
    let several = |text: &str| text.starts_with('/') && SIGNS.iter().any(|sign| text.contains(&format!("{sign}/")));
    if !head.aliases.iter().any(|alias| several(&alias.value)) {
        return;
    }
    for alias in std::mem::take(&mut head.aliases) {
        if !several(&alias.value) {
            head.aliases.push(alias);
            continue;
        }
        let parts = parts(&alias.value);
        let diag = Diagnostic::new(&codes::links::ALIASES_IN_ONE).at(source, alias.span).arg("value", &alias.value);
        let edit = list_of_aliases(source.text, &alias, &parts);
        diags.push(diag.arg("count", parts.len()).arg("fix", format!("[{}]", parts.join(", "))).fixed_by(edit));
        head.aliases.extend(parts.into_iter().map(|value| Spanned { value, span: alias.span }));
    }
}

/// The edit that writes several aliases as a list: as the value of a key, or as parts of a list in brackets.
fn list_of_aliases(text: &str, alias: &Spanned<String>, parts: &[String]) -> Option<Edit> {
    let is_bare = text.get(alias.span.start..alias.span.end)? == alias.value;
    let is_plain = parts.iter().all(|part| !part.contains([',', '[', ']', '{', '}', '#', ':', '"', '\'']));
    let list = parts.join(", ");
    let typed = match text[..alias.span.start].trim_end_matches([' ', '\t']).chars().next_back()? {
        ':' => format!("[{list}]"),
        '[' | ',' => list,
        _ => return None,
    };
    (is_bare && is_plain).then(|| Edit::new(alias.span, typed))
}

/// What to type for an alias that is no address: what of it is a path of this site.
fn alias_to_type(written: &str) -> String {
    let slashes = written.replace('\\', "/");
    let host = slashes.split('/').next().unwrap_or_default();
    let below_label =
        [":/", "：/", ": /", "： /"].into_iter().find_map(|mark| Some(slashes.find(mark)? + mark.len() - 1));
    let path = match below_label {
        Some(_) if slashes.contains("://") => {
            slashes.split("://").nth(1).and_then(|rest| Some(&rest[rest.find('/')?..]))
        }
        Some(at) => Some(&slashes[at..]),
        None if host.starts_with("www.") => Some(&slashes[host.len()..]),
        None => None,
    };
    let rooted = path.map_or_else(|| format!("/{}", slashes.trim_start_matches('/')), str::to_string);
    if Route::from_alias(&rooted).is_some() { rooted } else { "/old/page/".to_string() }
}

/// Whether a name without a slash is that of a web page's file, with or without a query.
fn names_web_file(written: &str) -> bool {
    const EXTENSIONS: [&str; 9] = ["html", "htm", "shtml", "asp", "aspx", "php", "jsp", "do", "action"];
    let file = written.split(['?', '#']).next().unwrap_or_default();
    file.rsplit_once('.').is_some_and(|(_, extension)| EXTENSIONS.contains(&extension.to_ascii_lowercase().as_str()))
}

/// An old address copied from a browser, as an address below the site's own: without host, base path and query, and
/// percent-decoded. `None` if it needs no change.
fn address_below_base(written: &str, settings: &Settings) -> Option<String> {
    let path = written.split(['?', '#']).next().unwrap_or_default();
    let bare = settings.base_url.as_deref().and_then(|base| path.strip_prefix(base.trim_end_matches('/')));
    let below = bare.or_else(|| path.strip_prefix(settings.base_path().trim_end_matches('/'))).unwrap_or(path);
    let below = if below.is_empty() || below.starts_with('/') { below } else { path };
    let decoded = percent_encoding::percent_decode_str(below).decode_utf8().ok()?;
    (decoded != written).then(|| decoded.into_owned())
}
