//! Follows links of settings and data files, which are written from the site's root.

use super::{ReferenceChecker, disallowed_scheme};
use crate::catalog::{AnchorAliases, LinkResolution, UnpublishedReason};
use crate::markdown::{LinkTarget, parse_link_target};
use crate::settings::NavEntry;
use puzhi_core::base::{SitePath, closest_match, percent_encode_path};
use puzhi_core::diag::{Diagnostic, DiagnosticCode, Severity, codes};

impl ReferenceChecker<'_> {
    /// The address of one link of settings or data. `at` gives a finding the place where the link is written. `None` when the link is
    /// broken, or leads to a page that is not published.
    pub fn site_link(
        &self,
        written: &str,
        lang: usize,
        at: impl Fn(Diagnostic) -> Diagnostic,
        diags: &mut Vec<Diagnostic>,
    ) -> Option<String> {
        let Some(target) = parse_link_target(written) else {
            diags.push(at(disallowed_scheme(written)));
            return None;
        };
        let broken = |code: &'static DiagnosticCode| at(Diagnostic::new(code).arg("target", written));
        match target {
            LinkTarget::External(url) => Some(url),
            // It names no page.
            LinkTarget::Anchor(_) => {
                diags.push(broken(&codes::links::BROKEN_LINK));
                None
            }
            LinkTarget::Internal { path, mut anchor } => {
                let top = SitePath::new("content/_index.md").ok()?;
                let url = match self.resolver.resolve(self.catalog, &top, lang, &path) {
                    LinkResolution::Page(page) => {
                        let meta = self.catalog.page(page);
                        let missing = anchor.as_ref().filter(|a| !meta.anchors.contains(a));
                        if let Some(id) = missing.and_then(|a| AnchorAliases::new(&meta.anchors).find(a)) {
                            anchor = Some(id.to_string());
                        } else if let Some(anchor) = missing {
                            let near = closest_match(anchor, meta.anchors.iter().map(String::as_str));
                            diags.push(
                                broken(&codes::links::BROKEN_ANCHOR)
                                    .arg("page", &meta.path)
                                    .arg("anchor", anchor)
                                    .optional_arg("nearest", near),
                            );
                        }
                        if meta.withdrawn.is_some() {
                            let diag = at(Diagnostic::new(&codes::releases::LINK_TO_WITHDRAWN));
                            diags.push(diag.arg("title", &meta.title).arg("target", &meta.path));
                        }
                        self.settings.href(&meta.route)
                    }
                    LinkResolution::Generated(route) | LinkResolution::File(_, route) => self.settings.href(&route),
                    LinkResolution::Unpublished(why, page) => {
                        diags.push(hidden(broken(&codes::links::ENTRY_HIDDEN), why, &page));
                        return None;
                    }
                    LinkResolution::Missing { nearest } => {
                        diags.push(broken(&codes::links::BROKEN_LINK).optional_arg("nearest", nearest));
                        return None;
                    }
                    LinkResolution::OutsideSite => {
                        diags.push(broken(&codes::links::LINK_ESCAPES));
                        return None;
                    }
                };
                Some(match anchor {
                    Some(anchor) => format!("{url}#{}", percent_encode_path(&anchor)),
                    None => url,
                })
            }
        }
    }

    /// The addresses of a list of navigation entries, for pages of one language.
    pub fn navigation(&self, entries: &[NavEntry], lang: usize, diags: &mut Vec<Diagnostic>) -> Vec<Option<String>> {
        let Ok(file) = SitePath::new("site.yaml") else { return Vec::new() };
        entries
            .iter()
            .map(|entry| {
                if let Some(picture) = entry.picture.as_ref().filter(|p| !self.theme.has_illustration(&p.path)) {
                    let diag = Diagnostic::new(&codes::settings::UNKNOWN_PICTURE).at_position(&file, picture.position);
                    let near = self.theme.nearest_illustration(&picture.path);
                    let names = self.theme.illustration_names().join(", ");
                    diags.push(diag.arg("name", &picture.path).arg("names", names).optional_arg("nearest", near));
                }
                self.site_link(&entry.link, lang, |d| d.at_position(&file, entry.position), diags)
            })
            .collect()
    }
}

/// Says why a page is not published, and what would show the entry that leads to it.
fn hidden(diag: Diagnostic, why: UnpublishedReason, page: &SitePath) -> Diagnostic {
    let (why_zh, why_en, advice_zh, advice_en) = match why {
        UnpublishedReason::Draft => (
            "是草稿",
            "is a draft",
            format!("要显示，就发布 {page}（删去它或者它所在栏目的“草稿: 是”）；暂时不用，就删去这一项"),
            format!("to show it, publish {page} (remove draft: true from it or its section), or remove the entry"),
        ),
        UnpublishedReason::Future => (
            "的日期还没到",
            "is dated in the future",
            format!("到了 {page} 的日期，再生成一次网站，这一项就会出现"),
            format!("build the site on the day of {page} or later, and the entry appears"),
        ),
        UnpublishedReason::HasErrors => (
            "有错误，没有发布",
            "has errors and was left out",
            format!("改好 {page} 的错误"),
            format!("correct the errors of {page}"),
        ),
    };
    let mut diag =
        diag.arg("why_zh", why_zh).arg("why_en", why_en).arg("advice_zh", advice_zh).arg("advice_en", advice_en);
    if why == UnpublishedReason::Future {
        diag.severity = Severity::Note;
    }
    diag
}
