//! Whether readers see a page, in words that say why and since or until when.
//!
//! Input: what the catalog knows of a page, its findings and the sections above it. Output: a [`PageState`].

use crate::catalog::{Catalog, PageMeta, PageRole};
use puzhi_core::base::{DateOrDateTime, SitePath};

/// What readers see of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PageState {
    /// A stable name for the page of the desk.
    pub name: &'static str,
    /// Why, as a sentence.
    pub reason: String,
}

impl PageState {
    fn new(name: &'static str, reason: impl Into<String>) -> Self {
        PageState { name, reason: reason.into() }
    }

    /// The state of a page without a text that could be read.
    pub fn unread() -> Self {
        PageState::new("error", "有错误，改好以前上不了网站")
    }

    /// The state of a page; `has_error` says whether something in it keeps it from being published.
    pub fn of(catalog: &Catalog, meta: &PageMeta, has_error: bool) -> Self {
        let day = [meta.front_matter_date, meta.not_before].into_iter().flatten().max_by_key(DateOrDateTime::moment);
        let held = Section::above(catalog, meta);
        match (has_error, held) {
            (true, _) => PageState::unread(),
            _ if meta.draft => PageState::new("draft", "标了“草稿”，读者看不到；去掉草稿就公开"),
            (_, Some(section)) => section.state(),
            _ if meta.unpublished => {
                let day = day.map_or("日期到了".to_string(), |day| format!("到 {}", day.zh()));
                PageState::new("future", format!("{day}才公开，到那天再交付一次"))
            }
            _ if meta.withdrawn.is_some() => PageState::new("withdrawn", "已经撤回，读者看到的是撤回的说明"),
            _ if meta.expired => PageState::new(
                "expired",
                format!(
                    "{}，还打得开，但不再列出来",
                    meta.expires.map_or("已经过期".to_string(), |day| format!("{}过期", day.zh()))
                ),
            ),
            _ if meta.sample => PageState::new("public", "公开，标着“样例”，不列在别处"),
            _ => PageState::new("public", "公开"),
        }
    }
}

/// A section that keeps its pages back.
struct Section<'c> {
    meta: &'c PageMeta,
}

impl<'c> Section<'c> {
    /// The nearest section above a page that is a draft or whose day has not come. The day of the home page holds nothing.
    fn above(catalog: &'c Catalog, page: &PageMeta) -> Option<Section<'c>> {
        let mut folder = Some(page.folder.as_str());
        while let Some(at) = folder {
            let section = [page.lang, 0].into_iter().find_map(|lang| catalog.section_by_folder(at, lang));
            let index = section.and_then(|id| catalog.section(id).index).map(|id| catalog.page(id));
            let holds = |meta: &&PageMeta| meta.draft || meta.unpublished && !at.is_empty();
            if let Some(meta) =
                index.filter(|meta| meta.role == PageRole::Section && meta.path != page.path).filter(holds)
            {
                return Some(Section { meta });
            }
            folder = (!at.is_empty()).then(|| at.rsplit_once('/').map_or("", |(parent, _)| parent));
        }
        None
    }

    fn state(&self) -> PageState {
        let title = &self.meta.title;
        let day = [self.meta.front_matter_date, self.meta.not_before]
            .into_iter()
            .flatten()
            .max_by_key(DateOrDateTime::moment);
        let why = match day.filter(|_| !self.meta.draft) {
            Some(day) => format!("所在的栏目“{title}”到 {} 才公开，这一页跟着等", day.zh()),
            None => format!("所在的栏目“{title}”还是草稿，这一页跟着不公开"),
        };
        PageState::new("held", why)
    }
}

/// The section that lists a page, as the desk names it: its folder below `content/`.
pub(super) fn folder_of(path: &SitePath) -> String {
    path.parent().relative_to("content").unwrap_or_default().to_string()
}
