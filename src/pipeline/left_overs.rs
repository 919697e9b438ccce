//! Finds what people forget in a page before it goes out: placeholders, copies of files.
//!
//! Input: the text of a page, and the paths of all pages. Output: diagnostics. Does not parse Markdown.

use std::collections::BTreeSet;

use crate::catalog::{Catalog, ContentPath, PageRole, Section};
use crate::settings::Settings;
use puzhi_core::base::{SitePath, is_han};
use puzhi_core::diag::{Diagnostic, SourceText, codes};
use puzhi_core::kinds::{SiteKinds, Spanned, find_placeholder};

/// What stands behind the name of a copy.
const COPY_WORDS: [&str; 16] = [
    "的副本",
    "副本",
    "复制",
    "备份",
    "修改稿",
    "修改版",
    "修改",
    "最终版",
    "最终稿",
    "定稿",
    "终稿",
    "旧版",
    "backup",
    "copy",
    "old",
    "bak",
];

/// What a program that keeps folders equal puts behind the name of a file that two people changed: `甲（冲突的副本 2026-01-01）`,
/// `a (conflicted copy 2026-01-01)`, `a.sync-conflict-20260101-080000-ABC`.
const CONFLICT_MARKS: [&str; 4] = ["冲突的副本", "冲突副本", "conflicted copy", ".sync-conflict-"];

/// Reports the first placeholder of a new page or a new site that is still in a page, whose body begins at `start`.
/// `draft_flag` is the mark that the page has, which says that it is none.
pub(super) fn placeholders(
    source: &SourceText<'_>,
    start: usize,
    kinds: &SiteKinds,
    draft_flag: Option<&Spanned<bool>>,
) -> Option<Diagnostic> {
    let span = find_placeholder(source.text, start, kinds)?;
    let text = &source.text[span.start..span.end];
    let (zh, en) = match draft_flag {
        Some(flag) => {
            let line = source.line_column(flag.span.start).line;
            (format!("把第 {line} 行改成 草稿: 是"), format!("change line {line} to draft: true"))
        }
        None => ("就加一行 草稿: 是".to_string(), "add draft: true".to_string()),
    };
    let diag = Diagnostic::new(&codes::source::PLACEHOLDER_LEFT).at(source, span).arg("text", text);
    Some(diag.arg("draft_zh", zh).arg("draft_en", en))
}

/// What is said of a section or term whose page has no title. The home page has the site's.
pub(super) fn named_by_path(place: &ContentPath) -> Option<Diagnostic> {
    let diag = Diagnostic::new(&codes::source::NAMED_BY_PATH).file(&place.path);
    match &place.role {
        PageRole::Section if !place.folder.is_empty() => Some(
            diag.arg("what", "栏目")
                .arg("what_en", "section")
                .arg("from", "文件夹")
                .arg("from_en", "folder")
                .arg("name", place.folder.rsplit('/').next().unwrap_or_default()),
        ),
        PageRole::Term(_) => Some(
            diag.arg("what", "条目")
                .arg("what_en", "term")
                .arg("from", "文件")
                .arg("from_en", "file")
                .arg("name", &place.name),
        ),
        _ => None,
    }
}

/// Reports sections in Chinese that no page describes and whose readers see the folder's name in Latin letters. `hidden` are the pages
/// that are not shown: one of them may describe the section. A section of drafts alone is still being made, and a year is a name.
pub(super) fn sections_without_title<'h>(
    catalog: &Catalog,
    settings: &Settings,
    hidden: impl Iterator<Item = &'h SitePath>,
) -> Vec<Diagnostic> {
    let is_description = |path: &&SitePath| ["_index", "index", "readme"].contains(&&*path.stem().to_lowercase());
    let described: BTreeSet<SitePath> = hidden.filter(is_description).map(SitePath::parent).collect();
    let is_unnamed = |section: &&Section| {
        let is_chinese = settings.languages[section.lang].tag.starts_with("zh");
        is_chinese
            && section.index.is_none()
            && !section.folder.is_empty()
            && section.title.contains(char::is_alphabetic)
            && !section.title.contains(is_han)
            && section.pages.iter().any(|id| !catalog.page(*id).unpublished)
    };
    let report = |section: &Section| {
        let folder = SitePath::new(&format!("content/{}", section.folder)).ok()?;
        let diag = Diagnostic::new(&codes::source::FOLDER_WITHOUT_TITLE).file(&folder);
        let diag = diag.arg("name", &section.title).arg("folder", &section.folder);
        (!described.contains(&folder)).then_some(diag)
    };
    catalog.sections.iter().filter(is_unnamed).filter_map(report).collect()
}

/// Reports pages that are copies by their names, beside the page they were copied from.
pub(super) fn copies(paths: &[&SitePath]) -> Vec<Diagnostic> {
    let all: BTreeSet<&str> = paths.iter().map(|path| path.as_str()).collect();
    let copy = |path: &&&SitePath| -> Option<Diagnostic> {
        let original = original_stem(path.stem())?;
        let beside = path.parent().join(&format!("{original}.{}", path.extension())).ok()?;
        all.contains(beside.as_str())
            .then(|| Diagnostic::new(&codes::source::COPY_OF_PAGE).file(path).arg("original", beside.as_str()))
    };
    paths.iter().filter_map(|path| copy(&path)).collect()
}

/// The name of the file of which a file manager or an office program made a copy called `stem`: `甲 - 副本`, `甲 - 副本 (2)`,
/// `甲 副本 2`, `甲 (1)`, `复件 甲`, `复件 (2) 甲`, `甲 - 备份`, `a - Copy`, `a copy`, `Copy of a`.
fn original_stem(stem: &str) -> Option<&str> {
    if let Some(at) = CONFLICT_MARKS.iter().filter_map(|mark| stem.find(mark)).min() {
        let before = stem[..at].trim_end_matches(|c: char| !matches!(c, '(' | '（' | ' ' | '.') && c.is_ascii());
        let original = before.trim_end_matches(['(', '（', ' ', '-', '_', '[']);
        return (!original.is_empty()).then_some(original);
    }
    if let Some(rest) = ["复件", "副本", "Copy of ", "copy of "].iter().find_map(|word| stem.strip_prefix(word)) {
        let numbered = rest.trim_start().strip_prefix(['(', '（']).and_then(|inner| inner.split_once([')', '）']));
        let rest =
            numbered.filter(|(number, _)| number.bytes().all(|b| b.is_ascii_digit())).map_or(rest, |(_, rest)| rest);
        let original = rest.trim_start_matches([' ', '-', '_']);
        // `复件要求` is a word.
        let parted = original.len() < rest.len() || numbered.is_some() || rest.len() + "copy of ".len() == stem.len();
        return (parted && !original.is_empty()).then_some(original);
    }
    // `甲 副本 2`
    let bare = stem.trim_end_matches(|c: char| c.is_ascii_digit());
    if bare.len() < stem.len()
        && let Some(name) = bare.strip_suffix(' ').filter(|name| COPY_WORDS.iter().any(|word| name.ends_with(word)))
    {
        return original_stem(name);
    }
    let numbered = || {
        let inner = stem.strip_suffix([')', '）'])?;
        let bare = inner.trim_end_matches(|c: char| c.is_ascii_digit());
        (bare.len() < inner.len()).then(|| bare.strip_suffix(['(', '（']))?
    };
    let copied = |name: &'_ str| -> Option<usize> {
        let name = name.trim_end();
        let lower = name.to_ascii_lowercase();
        let bare = COPY_WORDS.iter().find_map(|word| lower.strip_suffix(word))?.len();
        let trimmed = name[..bare].trim_end_matches([' ', '-', '_', '.', '(', '（']);
        (trimmed.len() < bare && !trimmed.is_empty()).then_some(trimmed.len())
    };
    match numbered() {
        Some(name) => {
            let length = copied(name).unwrap_or(name.trim_end().len());
            (length > 0).then(|| &stem[..length])
        }
        None => copied(stem).map(|length| &stem[..length]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_copies() {
        for (stem, original) in [
            ("甲 - 副本", Some("甲")),
            ("甲 - 副本 (2)", Some("甲")),
            ("甲-副本", Some("甲")),
            ("甲 (1)", Some("甲")),
            ("甲（2）", Some("甲")),
            ("a - Copy", Some("a")),
            ("a copy", Some("a")),
            ("甲 副本 2", Some("甲")),
            ("a copy 3", Some("a")),
            ("复件 甲", Some("甲")),
            ("复件 (2) 甲", Some("甲")),
            ("Copy of a", Some("a")),
            ("甲 - 备份", Some("甲")),
            ("甲_备份", Some("甲")),
            ("甲 的副本", Some("甲")),
            ("a.copy", Some("a")),
            ("甲-修改", Some("甲")),
            ("甲 最终版", Some("甲")),
            ("甲_old", Some("甲")),
            ("甲（冲突的副本 2026-01-01）", Some("甲")),
            ("a (conflicted copy 2026-01-01)", Some("a")),
            ("甲.sync-conflict-20260101-080000-ABC", Some("甲")),
            ("household", None),
            ("商标法修改", None),
            ("复件要求", None),
            ("数据备份", None),
            ("第 2", None),
            ("photocopy", None),
            ("副本", None),
            ("(1)", None),
            ("第(一)批", None),
        ] {
            assert_eq!(original_stem(stem), original, "{stem}");
        }
    }
}
