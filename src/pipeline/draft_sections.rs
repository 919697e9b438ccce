//! Draft sections hold back what is in them, and sections dated in the future do so until their day.
//!
//! Input: the section pages of a site as read. Output: for each page the draft section above it, and the findings that say
//! so. Decides by folders alone; does not read files.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::ContentPath;
use puzhi_core::base::SitePath;
use puzhi_core::diag::{Diagnostic, DiagnosticCode, codes};

use super::docs::ContentPage;

/// Findings after which nobody knows whether a section is a draft. What is in it is then held back with `--keep-going`.
pub(super) const UNCERTAIN: [&DiagnosticCode; 4] = [
    &codes::front_matter::FRONT_MATTER_UNREAD,
    &codes::front_matter::FRONT_MATTER_IN_BODY,
    &codes::front_matter::DRAFT_MARK_UNREAD,
    &codes::front_matter::BAD_FLAG,
];

/// Findings after which nobody knows on which day a section is published. The day of the home page holds nothing.
const UNCERTAIN_DAY: [&DiagnosticCode; 2] = [&codes::front_matter::PUBLISH_DATE_UNREAD, &codes::front_matter::BAD_DATE];

/// Names of folders in which other programs, and people, keep drafts.
const DRAFT_FOLDERS: [&str; 5] = ["_draft", "_drafts", "drafts", "草稿", "草稿箱"];

/// The folder above a file that holds drafts by its name, from the site's root.
pub(super) fn draft_folder(path: &SitePath) -> Option<&str> {
    let path = path.as_str();
    path.match_indices('/').map(|(at, _)| &path[..at]).find(|folder| {
        let name = folder.rsplit('/').next().unwrap_or_default();
        DRAFT_FOLDERS.iter().any(|known| known.eq_ignore_ascii_case(name))
    })
}

/// What each section page says about being a draft, by folder and language.
pub(super) struct DraftSections {
    sections: BTreeMap<(String, usize), (bool, SitePath)>,
    /// Those of which nobody knows whether they may be published.
    uncertain: BTreeSet<SitePath>,
}

impl DraftSections {
    /// From the section pages that could be read, each with its findings.
    pub fn of<'p>(sections: impl Iterator<Item = (&'p ContentPage, &'p [Diagnostic])>) -> DraftSections {
        let mut uncertain_sections = BTreeSet::new();
        let mut out = Self::holding(sections.map(|(page, found)| {
            let of_day = |diag: &Diagnostic| !page.place.folder.is_empty() && UNCERTAIN_DAY.contains(&diag.code);
            let uncertain =
                found.iter().any(|diag| diag.is_error() && (UNCERTAIN.contains(&diag.code) || of_day(diag)));
            if uncertain && !page.meta.draft {
                uncertain_sections.insert(page.place.path.clone());
            }
            (page, page.meta.draft || uncertain)
        }));
        out.uncertain = uncertain_sections;
        out
    }

    /// Whether nobody knows if this section may be published.
    pub fn is_uncertain(&self, section: &SitePath) -> bool {
        self.uncertain.contains(section)
    }

    /// Those whose day has not come. The home page holds nothing: its day is not that of the site.
    pub fn future<'p>(sections: impl Iterator<Item = &'p ContentPage>) -> DraftSections {
        let sections = sections.filter(|page| !page.place.folder.is_empty());
        Self::holding(sections.map(|page| (page, page.meta.unpublished && !page.meta.draft)))
    }

    fn holding<'p>(sections: impl Iterator<Item = (&'p ContentPage, bool)>) -> DraftSections {
        let entry = |(page, holds): (&ContentPage, bool)| {
            ((page.place.folder.clone(), page.place.lang), (holds, page.place.path.clone()))
        };
        let mut sections: BTreeMap<_, _> = sections.map(entry).collect();
        // Without a draft there is nothing to look up.
        if sections.values().all(|(draft, _)| !draft) {
            sections.clear();
        }
        DraftSections { sections, uncertain: BTreeSet::new() }
    }

    /// Whether no section holds anything back.
    pub fn is_empty(&self) -> bool {
        self.sections.is_empty()
    }

    /// The nearest draft section that holds `place` back. A section described only in the default language stands for
    /// its translations, too.
    pub fn above(&self, place: &ContentPath) -> Option<&SitePath> {
        if self.sections.is_empty() {
            return None;
        }
        let mut folder = Some(place.folder.as_str());
        while let Some(at) = folder {
            let section = [place.lang, 0].iter().find_map(|lang| self.sections.get(&(at.to_string(), *lang)));
            if let Some((true, path)) = section
                && *path != place.path
            {
                return Some(path);
            }
            folder = (!at.is_empty()).then(|| at.rsplit_once('/').map_or("", |(parent, _)| parent));
        }
        None
    }
}

/// Says that `page` is held back by `section`, which may be `uncertain`: an error where the page itself says that it is no draft. `place` finds
/// line and column of a finding.
pub(super) fn held_back(
    page: &ContentPage,
    section: &SitePath,
    uncertain: bool,
    place: impl Fn(Diagnostic, puzhi_core::base::Span) -> Diagnostic,
) -> Diagnostic {
    match page.meta.draft_flag.as_ref().filter(|flag| !flag.value) {
        Some(flag) => {
            let diag = Diagnostic::new(&codes::links::PUBLISHED_IN_DRAFT_SECTION).file(&page.place.path);
            place(diag.arg("page", &page.place.path).arg("section", section), flag.span)
        }
        None => {
            let (why, todo) = match uncertain {
                true => ("看不出能不能公开", "先改好那个文件里的错误"),
                false => ("是草稿", "栏目可以公开了，就删去那个文件里的“草稿: 是”"),
            };
            let (why_en, todo_en) = match uncertain {
                true => ("may not be public", "correct the errors in that file first"),
                false => ("is a draft", "remove \"draft: true\" from that file once the section may be public"),
            };
            let diag = Diagnostic::new(&codes::links::HELD_BACK).file(&page.place.path).arg("section", section);
            diag.arg("why", why).arg("why_en", why_en).arg("todo", todo).arg("todo_en", todo_en)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::PageRole;

    fn sections(list: &[(&str, usize, bool)]) -> DraftSections {
        let entry = |(folder, lang, draft): &(&str, usize, bool)| {
            let path = SitePath::new(&format!("content/{folder}/_index{lang}.md").replace("//", "/")).unwrap();
            ((folder.to_string(), *lang), (*draft, path))
        };
        DraftSections { sections: list.iter().map(entry).collect(), uncertain: BTreeSet::new() }
    }

    fn place(path: &str) -> ContentPath {
        let path = SitePath::new(path).unwrap();
        let lang = usize::from(path.as_str().ends_with(".en.md"));
        let section = path.stem() == "_index";
        let role = if section { PageRole::Section } else { PageRole::Page };
        let folder = path.parent().relative_to("content").unwrap_or_default().to_string();
        ContentPath { lang, folder, name: path.stem().to_string(), role, key: path.to_string(), path }
    }

    #[test]
    fn a_draft_section_holds_pages_folders_and_translations() {
        let drafts = sections(&[("", 0, false), ("a", 0, true), ("a/b", 0, false), ("c", 0, false), ("c", 1, true)]);
        let held = |path: &str| drafts.above(&place(path)).map(|p| p.as_str().to_string());
        assert_eq!(held("content/a/x.md").as_deref(), Some("content/a/_index0.md"));
        assert_eq!(held("content/a/b/c/x.md").as_deref(), Some("content/a/_index0.md"));
        assert_eq!(held("content/a/x.en.md").as_deref(), Some("content/a/_index0.md"));
        assert_eq!(held("content/c/x.md"), None);
        assert_eq!(held("content/c/x.en.md").as_deref(), Some("content/c/_index1.md"));
        assert_eq!(held("content/x.md"), None);
        assert_eq!(held("content/ab/x.md"), None);
    }

    #[test]
    fn folders_of_drafts_are_known_by_their_names() {
        let folder = |path: &str| draft_folder(&SitePath::new(path).unwrap()).map(str::to_string);
        assert_eq!(folder("content/_drafts/x.md").as_deref(), Some("content/_drafts"));
        assert_eq!(folder("content/a/草稿/b/x.md").as_deref(), Some("content/a/草稿"));
        assert_eq!(folder("content/草稿.md"), None);
        assert_eq!(folder("content/Drafts/x.md").as_deref(), Some("content/Drafts"));
        assert_eq!(folder("content/draft-law/x.md"), None);
    }

    #[test]
    fn a_section_does_not_hold_itself_and_the_root_holds_all() {
        let drafts = sections(&[("", 0, true)]);
        assert_eq!(drafts.above(&place("content/a/b/x.md")).map(SitePath::as_str), Some("content/_index0.md"));
        let mut itself = place("content/_index.md");
        assert_eq!(itself.role, PageRole::Section);
        itself.path = SitePath::new("content/_index0.md").unwrap();
        assert_eq!(drafts.above(&itself), None);
    }
}
