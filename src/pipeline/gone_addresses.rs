//! Addresses that an earlier build had and this one has not, until they lead somewhere again.
//!
//! In: the pages of the last build, its outputs that are gone, what was gone before, and the site of this one. Out: [`GoneAddresses`]:
//! a note for each address, with what keeps it, and what the next build must know to say it again. Addresses of pages, sections and
//! attachments count: other lists, and feeds, follow from pages.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::alias_line::AliasLine;
use super::previous::PreviousPage;
use super::unpublished::{Unpublished, WhyUnpublished};
use crate::assets::is_rendition;
use crate::catalog::folder_route;
use crate::outputs::OutputPlan;
use crate::view::{LARGE_FOLDER, SiteData, is_made_picture};
use puzhi_core::base::{ContentHash, Route, SitePath};
use puzhi_core::diag::{Diagnostic, codes};

/// Most addresses that are remembered.
const MOST: usize = 500;

/// Endings of files that people link to and download. Other files may be parts of the theme.
const ATTACHMENTS: [&str; 24] = [
    "doc", "docx", "xls", "xlsx", "ppt", "pptx", "pdf", "ofd", "wps", "et", "dps", "zip", "rar", "7z", "jpg", "jpeg",
    "png", "gif", "webp", "mp3", "mp4", "txt", "odt", "ods",
];

/// An address that is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct GoneAddress {
    old: Route,
    what: GoneThing,
}

/// What was there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum GoneThing {
    /// A page, made from a file with this content.
    Page(SitePath, ContentHash),
    /// The section of a folder below `content/`.
    Section(String),
    /// A file that was copied.
    File,
    /// A former address of the page made from this file.
    Alias(SitePath),
    /// The page of a term.
    Term,
}

/// All that is gone.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct GoneAddresses {
    /// For the next build.
    pub addresses: Vec<GoneAddress>,
    /// What is said of them.
    pub notes: Vec<Diagnostic>,
}

impl GoneAddresses {
    /// Finds them. `before` are the pages of the last build, `removed` its outputs that this one has not, `known` what was gone then.
    pub fn find(
        before: &BTreeMap<SitePath, Arc<PreviousPage>>,
        removed: &[String],
        known: Vec<GoneAddress>,
        (site, plan): (&SiteData, &OutputPlan),
        unpublished: &Unpublished,
    ) -> Self {
        // Nearly always every address is where it was, and nothing is looked up.
        if removed.is_empty() && known.is_empty() {
            return Self::default();
        }
        let mut addresses = known;
        addresses.extend(newly_gone(before, removed, site));
        let planned: BTreeSet<&Route> = plan.jobs.iter().map(|job| &job.route).collect();
        let mut seen: BTreeSet<Route> = BTreeSet::new();
        addresses.retain(|gone| !planned.contains(&gone.old) && seen.insert(gone.old.clone()));
        addresses.truncate(MOST);
        let new_pages = NewPages::find(before, site);
        let is_there = |path: &SitePath| {
            site.catalog.by_path(path).is_some() || unpublished.pages.iter().any(|page| page.path == *path)
        };
        for GoneAddress { what, .. } in &mut addresses {
            if let GoneThing::Page(path, hash) = what
                && !is_there(path)
                && let Some(new) = new_pages.same_text(path, *hash)
            {
                *path = new;
            }
        }
        let mut moved: BTreeMap<&SitePath, Vec<Route>> = BTreeMap::new();
        for gone in &addresses {
            if let GoneThing::Page(path, _) | GoneThing::Alias(path) = &gone.what {
                moved.entry(path).or_default().push(gone.old.clone());
            }
        }
        let notes = addresses.iter().map(|gone| gone.note(site, &moved, unpublished)).collect();
        Self { addresses, notes }
    }
}

/// Published pages whose files the last build did not have, by the hash of their text.
struct NewPages(BTreeMap<ContentHash, Vec<SitePath>>);

impl NewPages {
    fn find(before: &BTreeMap<SitePath, Arc<PreviousPage>>, site: &SiteData) -> Self {
        let mut pages: BTreeMap<ContentHash, Vec<SitePath>> = BTreeMap::new();
        for meta in site.catalog.pages.iter().filter(|meta| !before.contains_key(&meta.path)) {
            if let Some(hash) = site.files.hash(&meta.path) {
                pages.entry(hash).or_default().push(meta.path.clone());
            }
        }
        Self(pages)
    }

    /// The only new page with this text; of several that in the same folder, or with the same name.
    fn same_text(&self, old: &SitePath, hash: ContentHash) -> Option<SitePath> {
        let all = self.0.get(&hash)?;
        let only = |fits: &dyn Fn(&SitePath) -> bool| {
            let mut fitting = all.iter().filter(|path| fits(path));
            fitting.next().filter(|_| fitting.next().is_none()).cloned()
        };
        only(&|_| true)
            .or_else(|| only(&|path| path.parent() == old.parent()))
            .or_else(|| only(&|path| path.name() == old.name()))
    }
}

/// What of the outputs that are gone is an address that people may have kept.
fn newly_gone(before: &BTreeMap<SitePath, Arc<PreviousPage>>, removed: &[String], site: &SiteData) -> Vec<GoneAddress> {
    if removed.is_empty() {
        return Vec::new();
    }
    let removed: BTreeSet<&str> = removed.iter().map(String::as_str).collect();
    let mut found = Vec::new();
    // With the language in the address, as it was then: the settings may have other languages now.
    let mut folders: BTreeSet<(&str, &str)> = BTreeSet::new();
    for (path, page) in before {
        let old = &page.meta.route;
        if removed.contains(old.output_path().as_str()) {
            found.push(GoneAddress { old: old.clone(), what: GoneThing::Page(path.clone(), page.hash) });
        }
        let aliases = page.meta.aliases.iter().filter_map(|alias| Route::from_alias(&alias.value));
        for old in aliases.filter(|old| removed.contains(old.output_path().as_str())) {
            found.push(GoneAddress { old, what: GoneThing::Alias(path.clone()) });
        }
        let prefix = if page.meta.lang == 0 { "" } else { old.as_str().split('/').nth(1).unwrap_or("") };
        let mut folder = page.meta.folder.as_str();
        while !folder.is_empty() && folders.insert((prefix, folder)) {
            folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
        }
    }
    for (prefix, folder) in folders {
        let old = folder_route(prefix, folder);
        if removed.contains(old.output_path().as_str()) {
            found.push(GoneAddress { old, what: GoneThing::Section(folder.to_string()) });
        }
    }
    let is_taxonomy = |key: &str| site.settings.taxonomies.iter().any(|taxonomy| taxonomy.key == key);
    for path in removed {
        // `tags/甲/index.html`, perhaps below a language. Of a page with a large page the page alone is said to be gone.
        let mut segments = path.rsplit('/');
        let is_large = path.strip_prefix(LARGE_FOLDER).is_some_and(|rest| rest.starts_with('/'));
        if !is_large
            && segments.next() == Some("index.html")
            && let (Some(_), Some(taxonomy)) = (segments.next(), segments.next())
            && is_taxonomy(taxonomy)
            && segments.count() < 2
            && let Ok(old) = Route::new(&format!("/{}", path.trim_end_matches("index.html")))
        {
            found.push(GoneAddress { old, what: GoneThing::Term });
        }
        let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
        if ATTACHMENTS.contains(&extension.as_str())
            && path != "robots.txt"
            && !is_made_picture(path, &site.settings.kinds)
            && !is_rendition(path)
            && let Ok(old) = Route::new(&format!("/{path}"))
        {
            found.push(GoneAddress { old, what: GoneThing::File });
        }
    }
    found
}

impl GoneAddress {
    /// `moved` are the old addresses of each page.
    fn note(&self, site: &SiteData, moved: &BTreeMap<&SitePath, Vec<Route>>, unpublished: &Unpublished) -> Diagnostic {
        let old = &self.old;
        let page_at = |path: &SitePath| site.catalog.by_path(path).map(|page| site.catalog.page(page));
        let keep_line = |path: &SitePath| {
            let all = moved.get(path).map_or(std::slice::from_ref(old), Vec::as_slice);
            AliasLine::of_page((&*site.files, &*site.settings), path, all)
        };
        let (reason, keep) = match &self.what {
            GoneThing::Page(path, _) => match page_at(path) {
                Some(meta) => {
                    let AliasLine { zh, en } = keep_line(path);
                    let diag = Diagnostic::new(&codes::links::ADDRESS_MOVED).file(&meta.path);
                    return diag.arg("old", old).arg("new", &meta.route).arg("keep_zh", zh).arg("keep_en", en);
                }
                None => (reason(path, unpublished), Said::alias(old)),
            },
            GoneThing::Alias(path) => match page_at(path) {
                Some(_) => {
                    let AliasLine { zh, en } = keep_line(path);
                    let keep = Said { zh: format!("还要它，{zh}"), en: format!("to keep it, {en}") };
                    (Said::alias_removed(path), keep)
                }
                None => (Said::alias_target(&reason(path, unpublished)), Said::alias(old)),
            },
            GoneThing::Section(folder) => (Said::section(folder, unpublished), Said::alias(old)),
            GoneThing::Term => (Said::term(), Said::alias(old)),
            GoneThing::File => (Said::file(old, unpublished), Said::file_back()),
        };
        let diag = Diagnostic::new(&codes::links::ADDRESS_GONE).arg("old", old);
        let diag = diag.arg("why_zh", reason.zh).arg("why_en", reason.en);
        diag.arg("keep_zh", keep.zh).arg("keep_en", keep.en)
    }
}

/// A part of a message in both languages.
struct Said {
    zh: String,
    en: String,
}

impl Said {
    fn alias(old: &Route) -> Said {
        let AliasLine { zh, en } = AliasLine::of_any_page(old);
        Said {
            zh: format!("内容要是搬到了别的页，{zh}"), en: format!("if its content moved to another page, {en}")
        }
    }

    fn alias_removed(path: &SitePath) -> Said {
        Said {
            zh: format!("它是 {path} 的旧网址，那一页不再写着它"),
            en: format!("it was an alias of {path}, which names it no more"),
        }
    }

    fn alias_target(reason: &Said) -> Said {
        Said {
            zh: format!("它转到的页没有了，{}", reason.zh),
            en: format!("the page it led to is gone, {}", reason.en),
        }
    }

    fn term() -> Said {
        Said {
            zh: "没有页面归到这个条目了".to_string(), en: "no page belongs to this term any more".to_string()
        }
    }

    fn file_back() -> Said {
        Said {
            zh: "别处可能还链接着它：把文件放回原处，或者请管服务器的人加一条规则".to_string(),
            en: "others may still link to it: put the file back, or ask whoever runs the server for a rule".to_string(),
        }
    }

    fn section(folder: &str, unpublished: &Unpublished) -> Said {
        let below = format!("content/{folder}/");
        match unpublished.pages.iter().filter(|page| page.path.as_str().starts_with(&below)).count() {
            0 => Said {
                zh: format!("文件夹 content/{folder} 里没有页面了"),
                en: format!("the folder content/{folder} has no pages any more"),
            },
            count => Said {
                zh: format!("文件夹 content/{folder} 里没有发布了的页面（有 {count} 页没有发布）"),
                en: format!("the folder content/{folder} has no published pages (not published: {count})"),
            },
        }
    }

    fn file(old: &Route, unpublished: &Unpublished) -> Said {
        let below = old.as_str().trim_start_matches('/');
        let withheld = unpublished.files.iter().any(|file| file.relative_to("content") == Some(below));
        match withheld {
            true => Said {
                zh: "只有没有发布的页用到它".to_string(),
                en: "only pages that are not published refer to it".to_string(),
            },
            false => {
                Said { zh: "这个文件已经不在了".to_string(), en: "the file is no longer there".to_string() }
            }
        }
    }
}

fn reason(path: &SitePath, unpublished: &Unpublished) -> Said {
    let page = unpublished.pages.iter().find(|page| page.path == *path);
    let (zh, en) = match page.map(|page| &page.why) {
        Some(WhyUnpublished::Draft) => (format!("{path} 现在是草稿"), format!("{path} is a draft now")),
        Some(WhyUnpublished::DraftSection(section)) => (
            format!("{path} 所在的栏目 {section} 现在是草稿"),
            format!("the section {section} of {path} is a draft now"),
        ),
        Some(WhyUnpublished::Future(_)) => {
            (format!("{path} 的日期还没到"), format!("{path} is dated in the future now"))
        }
        Some(WhyUnpublished::HasErrors) => (format!("{path} 有错误"), format!("{path} has errors")),
        None => (format!("{path} 已经不在了"), format!("{path} is no longer there")),
    };
    Said { zh, en }
}
