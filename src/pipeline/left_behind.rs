//! Pages that are not to be published and still lie in the output folder: after a build that wrote nothing, or where a person changed
//! the file since a build wrote it.
//!
//! In: what is not on the site, the plan, what the last build knew, the output folder. Out: a warning for each page and file. Removes
//! nothing: the output folder is as a clean build leaves it or as it was, and what people changed is theirs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::draft_sections::UNCERTAIN;
use super::output_target::OutputTarget;
use super::previous::PreviousPage;
use super::unpublished::{Unpublished, UnpublishedPage, WhyUnpublished};
use crate::assets::Pictures;
use crate::catalog::Catalog;
use crate::outputs::{OutputPlan, Recipe};
use crate::view::large_route;
use puzhi_core::base::{Route, SitePath};
use puzhi_core::diag::{Diagnostic, codes};

/// What is known when the output folder is looked at.
pub(super) struct LeftBehind<'l> {
    pub unpublished: &'l Unpublished,
    pub catalog: &'l Catalog,
    pub plan: &'l OutputPlan,
    pub pictures: &'l Pictures,
    /// The pages of the last build.
    pub before: &'l BTreeMap<SitePath, Arc<PreviousPage>>,
    /// Whether the site was written. Otherwise the folder is as the last build left it.
    pub is_written: bool,
}

/// Something that stayed in the output folder.
struct Left<'l> {
    source: &'l SitePath,
    path: String,
    zh: &'static str,
    en: &'static str,
}

impl LeftBehind<'_> {
    /// Finds them. `found` are the findings of the build so far.
    pub fn find<T: OutputTarget>(&self, found: &[Diagnostic], target: &T) -> Vec<Diagnostic> {
        let mut left: Vec<Left<'_>> = self.pages(target);
        left.extend(self.files(target));
        if !self.is_written {
            left.extend(self.vanished(target));
            left.extend(self.withdrawn(target));
            left.extend(self.uncertain(found, target));
        }
        left.into_iter().map(|left| self.warning(&left)).collect()
    }

    fn pages<T: OutputTarget>(&self, target: &T) -> Vec<Left<'_>> {
        let stayed = |page: &'_ UnpublishedPage| {
            let own = page.route.clone().into_iter();
            let routes = own.flat_map(|route| [large_route(&route), route]);
            routes.filter(|route| target.has_left(&route.output_path())).collect::<Vec<Route>>()
        };
        let pages = self.unpublished.pages.iter();
        let mut left: Vec<(&UnpublishedPage, Route)> =
            pages.flat_map(|page| stayed(page).into_iter().map(move |route| (page, route))).collect();
        if left.is_empty() {
            return Vec::new();
        }
        let planned: BTreeSet<&Route> = self.plan.jobs.iter().map(|job| &job.route).collect();
        // Another page, or a list, may have the address now.
        left.retain(|(page, route)| {
            let is_planned = planned.contains(route);
            !is_planned || !self.is_written && self.was_published(&page.path)
        });
        left.into_iter()
            .filter_map(|(page, route)| {
                let (zh, en) = match page.why {
                    WhyUnpublished::Draft => ("现在是草稿", "is a draft now"),
                    WhyUnpublished::DraftSection(_) => ("所在的栏目现在是草稿", "is in a section that is a draft now"),
                    WhyUnpublished::Future(_) => ("日期还没到", "is dated in the future"),
                    // A page with errors stays as it was, as the whole site does.
                    WhyUnpublished::HasErrors if !self.is_written => return None,
                    WhyUnpublished::HasErrors => ("有错误，没有发布", "has errors and was left out"),
                };
                Some(Left { source: &page.path, path: route.output_path(), zh, en })
            })
            .collect()
    }

    /// Whether the last build published this page.
    fn was_published(&self, path: &SitePath) -> bool {
        self.before.get(path).is_some_and(|page| !page.meta.draft && !page.meta.unpublished)
    }

    fn files<T: OutputTarget>(&self, target: &T) -> Vec<Left<'_>> {
        let paths = |source| {
            let copy = output_of_file(source).into_iter();
            copy.chain(self.renditions(source)).map(move |path| (source, path))
        };
        let left: Vec<(&SitePath, String)> =
            self.unpublished.files.iter().flat_map(paths).filter(|(_, path)| target.has_left(path)).collect();
        if left.is_empty() {
            return Vec::new();
        }
        // A published file with the same bytes shares its renditions.
        let planned: BTreeSet<String> = self.plan.jobs.iter().map(|job| job.route.output_path()).collect();
        let (zh, en) = ("只有没有发布的页用到", "belongs to pages that are not published");
        let left = left.into_iter().filter(|(_, path)| !planned.contains(path));
        left.map(|(source, path)| Left { source, path, zh, en }).collect()
    }

    /// The smaller copies of a picture in the output folder.
    fn renditions(&self, source: &SitePath) -> Vec<String> {
        let Some(facts) = self.pictures.get(source) else { return Vec::new() };
        facts.renditions.iter().filter_map(|rendition| Some(facts.route(rendition)?.output_path())).collect()
    }

    /// Pages of the last build whose files are gone: moved or renamed, perhaps to become drafts, or deleted.
    fn vanished<T: OutputTarget>(&self, target: &T) -> Vec<Left<'_>> {
        let unpublished: BTreeSet<&SitePath> = self.unpublished.pages.iter().map(|page| &page.path).collect();
        let gone = |path: &SitePath| !unpublished.contains(path) && self.was_published(path);
        let sources: BTreeSet<&SitePath> = self.plan.jobs.iter().filter_map(|job| job.source.as_ref()).collect();
        let gone: Vec<_> = self.before.iter().filter(|(path, _)| !sources.contains(path) && gone(path)).collect();
        if gone.is_empty() {
            return Vec::new();
        }
        let planned: BTreeSet<&Route> = self.plan.jobs.iter().map(|job| &job.route).collect();
        let stayed = |page: &PreviousPage| {
            !planned.contains(&page.meta.route) && target.has_left(&page.meta.route.output_path())
        };
        let stayed = gone.into_iter().filter(|(_, page)| stayed(page));
        stayed
            .map(|(source, page)| {
                let (zh, en) = ("改了名、搬走或者删掉了", "was renamed, moved or deleted");
                Left { source, path: page.meta.route.output_path(), zh, en }
            })
            .collect()
    }

    /// Pages that are withdrawn now, of which the last build published the text.
    fn withdrawn<T: OutputTarget>(&self, target: &T) -> Vec<Left<'_>> {
        let withdrawn = self.catalog.pages.iter().filter(|meta| meta.withdrawn.is_some());
        let stayed = withdrawn.flat_map(|meta| {
            let before = self.before.get_key_value(&meta.path);
            let before = before.filter(|(path, page)| page.meta.withdrawn.is_none() && self.was_published(path));
            before.into_iter().flat_map(|(path, page)| {
                [page.meta.route.clone(), large_route(&page.meta.route)].map(|route| (path, route.output_path()))
            })
        });
        let (zh, en) = ("已经撤稿", "is withdrawn now");
        let stayed = stayed.filter(|(_, path)| target.has_left(path));
        stayed.map(|(source, path)| Left { source, path, zh, en }).collect()
    }

    /// Pages of which nobody can tell whether they are drafts. They stop the build, and their former text stays.
    fn uncertain<T: OutputTarget>(&self, found: &[Diagnostic], target: &T) -> Vec<Left<'_>> {
        let of_mark = |diag: &&Diagnostic| diag.is_error() && UNCERTAIN.contains(&diag.code);
        let files: BTreeSet<&SitePath> = found.iter().filter(of_mark).filter_map(|diag| diag.file.as_ref()).collect();
        if files.is_empty() {
            return Vec::new();
        }
        let jobs = self.plan.jobs.iter().filter_map(|job| {
            let page = job.derived_from().unwrap_or(job);
            let source = page.source.as_ref().filter(|source| files.contains(source))?;
            let path = job.route.output_path();
            (matches!(page.recipe, Recipe::Page(_)) && target.has_left(&path)).then_some((source, path))
        });
        jobs.map(|(source, path)| {
            let (zh, en) = ("看不出是不是草稿", "may be a draft");
            Left { source, path, zh, en }
        })
        .collect()
    }

    fn warning(&self, left: &Left<'_>) -> Diagnostic {
        let Left { source, path, zh, en } = left;
        let (todo_zh, todo_en) = match self.is_written {
            true => (
                "它生成以后有人改过，或者本来就是人放进去的，所以没有自动删除：请手工删掉；改动要留着，就写进 content 里的那个文件",
                "somebody changed it after it was built, or put it there, so it was not removed: delete it by hand, and put the change into the file in content/ if it is needed",
            ),
            false => (
                "先别上传输出文件夹：改好错误再生成一次，它和列表、订阅源里它的标题就都去掉了",
                "do not upload the output folder yet: correct the errors and build again, which removes it, and its title from lists and feeds",
            ),
        };
        let diag = Diagnostic::new(&codes::output::UNPUBLISHED_LEFT).file(source).arg("page", source).arg("path", path);
        let diag = diag.arg("why_zh", zh).arg("why_en", en);
        diag.arg("todo_zh", todo_zh).arg("todo_en", todo_en)
    }
}

/// Where a file of `content/` or `static/` is copied to.
fn output_of_file(source: &SitePath) -> Option<String> {
    let below = source.relative_to("content").or_else(|| source.relative_to("static"))?;
    Some(Route::file(&SitePath::new(below).ok()?).output_path())
}
