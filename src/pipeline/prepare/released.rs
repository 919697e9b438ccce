//! Reads the release log and holds the site against it: addresses that are lost, and pages that were dated back.
//!
//! In: files, the log of an earlier build, the outputs that are planned. Out: [`KnownReleases`] and findings. Writes no file.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::inputs::SiteInputs;
use crate::catalog::{Catalog, PageMeta, UnpublishedReason};
use crate::outputs::OutputPlan;
use crate::pipeline::alias_line::AliasLine;
use crate::releases::{ArticleRow, ReleaseLog, is_earlier, read_log, recorded_title};
use crate::settings::Settings;
use crate::source::{FileSnapshot, RELEASES_LOCK_FILE};
use puzhi_core::base::{ContentHash, Route, SitePath};
use puzhi_core::diag::codes::releases as code;
use puzhi_core::diag::{Diagnostic, SourceText};
use puzhi_core::kinds::{COMMON_FIELDS, split_front_matter};
use puzhi_core::yaml::parse_mapping;

/// The release log as it was read from a file with this content.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(in crate::pipeline) struct KnownReleases {
    /// Hash of the file; `None` if there is none or it is damaged.
    pub hash: Option<ContentHash>,
    pub log: Arc<ReleaseLog>,
    /// Whether it was parsed in this build.
    #[serde(skip)]
    pub is_parsed: bool,
}

impl KnownReleases {
    /// Reads the log, unless `known` is that of a file with the same content. A damaged log counts as empty; its error keeps the build
    /// and the command that records from using that.
    pub fn read(
        files: &FileSnapshot,
        settings: &Settings,
        known: Option<&KnownReleases>,
        diags: &mut Vec<Diagnostic>,
    ) -> Self {
        let path = SitePath::new(RELEASES_LOCK_FILE).ok().filter(|path| files.contains(path));
        let Some(path) = path else { return Self::default() };
        let hash = files.hash(&path);
        if let Some(known) = known.filter(|known| known.hash.is_some() && known.hash == hash) {
            return Self { is_parsed: false, ..known.clone() };
        }
        match files.read_text(&path, settings.limits.data, "data") {
            Ok((source, warning)) => {
                let (log, found) = read_log(&SourceText::new(&path, &source.text));
                diags.extend(warning);
                let hash = hash.filter(|_| found.is_none());
                diags.extend(found);
                Self { hash, log: Arc::new(log), is_parsed: true }
            }
            Err(diag) => {
                diags.push(diag);
                Self { is_parsed: true, ..Self::default() }
            }
        }
    }
}

/// What the log is held against.
pub(super) struct ReleaseCheck<'c> {
    pub inputs: &'c SiteInputs<'c>,
    pub log: &'c ReleaseLog,
    pub catalog: &'c Catalog,
    /// Without the files that stay back.
    pub plan: &'c OutputPlan,
    pub hidden: &'c BTreeMap<SitePath, UnpublishedReason>,
    /// Files that stay back with withdrawn articles.
    pub withdrawn_files: &'c BTreeSet<SitePath>,
}

/// A part of a message in both languages.
struct MessagePart {
    zh: String,
    en: String,
}

/// Published pages that are not in the log, by title; `None` where several have the same one.
type NewPages<'c> = HashMap<String, Option<&'c PageMeta>>;

/// An article of the log at whose address nothing is.
struct LostArticle<'c> {
    address: &'c Route,
    row: &'c ArticleRow,
    /// The page that its text is on now.
    page: Option<&'c PageMeta>,
}

impl ReleaseCheck<'_> {
    /// All findings, in the order of addresses.
    pub fn findings(&self) -> Vec<Diagnostic> {
        if self.log.articles.is_empty() && self.log.files.is_empty() {
            return Vec::new();
        }
        let is_published = |page| !self.catalog.page(page).unpublished;
        let jobs = self.plan.jobs.iter().filter(|job| job.page().is_none_or(is_published));
        let served: HashSet<&Route> = jobs.map(|job| &job.route).collect();
        let lost: Vec<(&Route, &ArticleRow)> =
            self.log.articles.iter().filter(|(address, _)| !served.contains(address)).collect();
        let titles = if lost.is_empty() { NewPages::new() } else { self.new_pages() };
        let lost: Vec<LostArticle<'_>> = lost
            .into_iter()
            .map(|(address, row)| LostArticle { address, row, page: self.page_of(row, &titles) })
            .collect();
        // Old addresses of one page are kept by one line.
        let mut moved: BTreeMap<SitePath, Vec<Route>> = BTreeMap::new();
        for article in &lost {
            if let Some(page) = article.page {
                moved.entry(page.path.clone()).or_default().push(article.address.clone());
            }
        }
        let mut found: Vec<Diagnostic> = lost.iter().filter_map(|article| self.lost_article(article, &moved)).collect();
        let files = self.log.files.iter().filter(|(address, row)| row.gone.is_none() && !served.contains(address));
        let is_withdrawn = |file: &str| self.withdrawn_files.iter().any(|path| path.as_str() == file);
        found.extend(files.filter(|(_, row)| !is_withdrawn(&row.file)).map(|(at, row)| self.lost_file(at, &row.file)));
        found.extend(self.catalog.pages.iter().filter_map(|meta| self.dated_back(meta)));
        found
    }

    /// Published pages that the log does not know, by title.
    fn new_pages(&self) -> NewPages<'_> {
        let mut pages = NewPages::new();
        let is_new = |meta: &&PageMeta| !self.log.articles.contains_key(&meta.route) && !meta.unpublished;
        for meta in self.catalog.pages.iter().map(|meta| &**meta).filter(is_new) {
            pages.entry(recorded_title(&meta.title)).and_modify(|page| *page = None).or_insert(Some(meta));
        }
        pages
    }

    /// The published page that was at a lost address: made from the same file, or the only new page with the same title.
    fn page_of<'p>(&'p self, row: &ArticleRow, new_pages: &NewPages<'p>) -> Option<&'p PageMeta> {
        match SitePath::new(&row.file).ok().and_then(|path| self.catalog.by_path(&path)) {
            Some(page) => Some(self.catalog.page(page)).filter(|meta| !meta.unpublished),
            None => new_pages.get(row.title.as_str()).copied().flatten(),
        }
    }

    /// The finding about an article whose address leads nowhere; `None` if its file has errors, which say more.
    fn lost_article(&self, lost: &LostArticle<'_>, moved: &BTreeMap<SitePath, Vec<Route>>) -> Option<Diagnostic> {
        let LostArticle { address, row, page } = *lost;
        let file = &row.file;
        let diag = Diagnostic::new(&code::ADDRESS_LOST).arg("old", address).arg("title", &row.title);
        if let Some(page) = page {
            let (path, new) = (&page.path, &page.route);
            let all = moved.get(path).map_or(std::slice::from_ref(address), Vec::as_slice);
            let keep = AliasLine::of_page((&**self.inputs.files, &**self.inputs.settings), path, all);
            let why = match path.as_str() == file {
                true => MessagePart {
                    zh: format!("这一页现在的网址是 {new}"),
                    en: format!("its page is at {new} now"),
                },
                false => MessagePart {
                    zh: format!("{file} 不在了，{path} 的标题和它一样"),
                    en: format!("{file} is gone, and {path} has the same title"),
                },
            };
            let diag = diag.file(path).arg("why_zh", why.zh).arg("why_en", why.en);
            let keep_zh = format!("要让旧网址也能打开，{}", keep.zh);
            return Some(diag.arg("keep_zh", keep_zh).arg("keep_en", format!("to keep it, {}", keep.en)));
        }
        let today = self.inputs.clock.today;
        let withdraw_zh = format!("在 {file} 开头写一行 撤稿: {{时间: {today}, 原因: 为什么撤}}");
        let withdraw_en = format!("write withdrawn: {{when: {today}, why: …}} at the start of {file}");
        let path = SitePath::new(file).ok();
        let (why, keep) = match path.as_ref().and_then(|path| self.reason(path)) {
            Some(UnpublishedReason::HasErrors) => return None,
            Some(UnpublishedReason::Draft) => (
                MessagePart { zh: format!("{file} 现在是草稿"), en: format!("{file} is a draft now") },
                MessagePart {
                    zh: format!("还要发布，就去掉草稿标记；要撤下，也去掉草稿标记，再{withdraw_zh}"),
                    en: format!(
                        "to publish it, remove the draft mark; to withdraw it, remove the mark and {withdraw_en}"
                    ),
                },
            ),
            Some(UnpublishedReason::Future) => (
                MessagePart {
                    zh: format!("{file} 的日期还没到"), en: format!("{file} is dated in the future now")
                },
                MessagePart {
                    zh: format!("把日期改回发布的那一天；要撤下，{withdraw_zh}"),
                    en: format!("restore the date of its publication; to withdraw it, {withdraw_en}"),
                },
            ),
            None => {
                let alias = AliasLine::of_any_page(address);
                (
                    MessagePart { zh: format!("{file} 不在了"), en: format!("{file} is no longer there") },
                    MessagePart {
                        zh: format!("内容搬到了别的页，{}；不要了，就恢复这个文件，{withdraw_zh}", alias.zh),
                        en: format!(
                            "if its content moved to another page, {}; else restore the file and {withdraw_en}",
                            alias.en
                        ),
                    },
                )
            }
        };
        let diag = self.in_log(diag).arg("why_zh", why.zh).arg("why_en", why.en);
        Some(diag.arg("keep_zh", keep.zh).arg("keep_en", keep.en))
    }

    /// Why the page of a file is not published; `None` if there is no such file.
    fn reason(&self, path: &SitePath) -> Option<UnpublishedReason> {
        let shown = self.catalog.by_path(path).map(|page| self.catalog.page(page));
        match shown.filter(|meta| meta.unpublished) {
            Some(meta) if meta.draft => Some(UnpublishedReason::Draft),
            Some(_) => Some(UnpublishedReason::Future),
            None => self.hidden.get(path).copied(),
        }
    }

    fn lost_file(&self, address: &Route, file: &str) -> Diagnostic {
        let is_there = SitePath::new(file).is_ok_and(|path| self.inputs.files.contains(&path));
        let why = match is_there {
            true => MessagePart {
                zh: format!("只有没有发布的页用到 {file}"),
                en: format!("only pages that are not published refer to {file}"),
            },
            false => MessagePart { zh: format!("{file} 不在了"), en: format!("{file} is no longer there") },
        };
        let keep_zh = format!("把文件放回原处；不要了，运行 puzhi release record --gone {address}");
        let keep_en = format!("put the file back; if it is not wanted, run puzhi release record --gone {address}");
        let name = file.rsplit('/').next().unwrap_or(file);
        let diag = self.in_log(Diagnostic::new(&code::ADDRESS_LOST)).arg("old", address).arg("title", name);
        let diag = diag.arg("why_zh", why.zh).arg("why_en", why.en);
        diag.arg("keep_zh", keep_zh).arg("keep_en", keep_en)
    }

    fn in_log(&self, diag: Diagnostic) -> Diagnostic {
        match SitePath::new(RELEASES_LOCK_FILE) {
            Ok(path) => diag.file(&path),
            Err(_) => diag,
        }
    }

    /// The finding about a page whose date is earlier than the one with which it was recorded.
    fn dated_back(&self, meta: &PageMeta) -> Option<Diagnostic> {
        let row = self.log.articles.get(&meta.route).filter(|row| row.moved.is_none())?;
        let (before, now) = (row.date?, meta.front_matter_date?);
        if !is_earlier(now, before) {
            return None;
        }
        let diag = Diagnostic::new(&code::DATED_BACK).arg("before", before.written()).arg("now", now.written());
        Some(at_key(self.inputs, diag, &meta.path, "date"))
    }
}

/// Adds the place of a key's value in a page's front matter.
pub(super) fn at_key(inputs: &SiteInputs<'_>, diag: Diagnostic, path: &SitePath, key: &str) -> Diagnostic {
    let SiteInputs { files, settings, .. } = *inputs;
    let Ok((file, _)) = files.read_text(path, settings.limits.markdown, "markdown") else { return diag.file(path) };
    let source = SourceText::new(path, &file.text);
    let Some(front) = split_front_matter(&file.text).front else { return diag.file(path) };
    let (mapping, _) = parse_mapping(&source, front);
    let field = COMMON_FIELDS.iter().find(|field| field.key == key);
    match mapping.entries.iter().find(|entry| field.is_some_and(|field| field.is_named(&entry.key))) {
        Some(entry) => diag.at(&source, entry.node.span),
        None => diag.file(path),
    }
}
