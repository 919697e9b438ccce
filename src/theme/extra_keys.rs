//! Names in a page's `extra` that a template asks for and the page does not have.
//!
//! Input: the part of a template that failed, and the keys of the page. Output: the nearest key. Does not know why it failed.

use std::collections::BTreeSet;

use tera::Context;

use super::engine_messages::Advice;
use puzhi_core::base::closest_match;

/// The keys of `page.extra`.
pub(super) fn extra_keys(context: &Context) -> BTreeSet<String> {
    let extra = context.get("page").and_then(|page| page.get_from_path("extra")?.as_map());
    let keys = extra.into_iter().flat_map(|map| map.keys());
    keys.filter_map(|key| key.as_str().map(str::to_string)).collect()
}

/// What is said of the first name behind `extra` that is none of the keys; `None` if no key is near.
pub(super) fn nearest_extra(expression: &str, keys: &BTreeSet<String>) -> Option<Advice> {
    let name = names(expression).into_iter().find(|name| !keys.contains(*name))?;
    let near = closest_match(name, keys.iter().map(String::as_str))?;
    Some(Advice {
        zh: format!("这一页的 extra 里没有“{name}”，最接近的是“{near}”"),
        en: format!("the page's extra has no \"{name}\"; the nearest is \"{near}\""),
    })
}

/// The names of `page.extra.热线`, `page.extra["热线"]` and `page.extra['热线']`.
fn names(expression: &str) -> Vec<&str> {
    let behind = expression.match_indices("extra").map(|(at, word)| &expression[at + word.len()..]);
    let name = |rest: &'_ str| -> Option<usize> {
        let start = if rest.starts_with('.') { 1 } else { 2 };
        let is_bracket = rest.starts_with("[\"") || rest.starts_with("['");
        (rest.starts_with('.') || is_bracket).then_some(start)
    };
    behind
        .filter_map(|rest| {
            let start = name(rest)?;
            let rest = &rest[start..];
            let end = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-')));
            Some(&rest[..end.unwrap_or(rest.len())]).filter(|name| !name.is_empty())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_key_is_named() {
        let keys: BTreeSet<String> = ["热线", "hotline", "服务时间"].map(str::to_string).into();
        let said = |text: &str| nearest_extra(text, &keys).map(|advice| advice.zh);
        for (text, near) in [
            ("page.extra.hotlin", "hotline"),
            ("page.extra[\"hotlines\"] | upper", "hotline"),
            ("page.extra.hotline ~ page.extra['服务时问']", "服务时间"),
        ] {
            assert!(said(text).is_some_and(|said| said.ends_with(&format!("最接近的是“{near}”"))), "{text}");
        }
        for text in ["page.extra.hotline", "page.extra", "extra[0]", "page.extra.zzzzzz", "", "extra.", "extra[\"\"]"] {
            assert_eq!(said(text), None, "{text}");
        }
    }
}
