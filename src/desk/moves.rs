//! Pages that get another name or another folder, that go or come back: the changes of all files that belong to it.
//!
//! Input: the site in memory, and the texts of its files. Output: a [`Plan`] and what it means, in sentences. Writes nothing.

use std::collections::BTreeMap;

use crate::catalog::{LinkResolver, PageMeta, PageRole, folder_route};
use crate::markdown::MarkdownLabels;
use crate::preview::ShownSite;
use crate::source::{SETTINGS_FILE, is_page_source};
use crate::theme::markdown_labels;
use puzhi_core::base::{Route, SitePath, is_safe_segment};

use super::answer::Refusal;
use super::files::TextFile;
use super::front_matter::{FieldChange, FieldValue, change_fields};
use super::links::{Address, with_addresses};
use super::plan::{FileChange, Plan};

/// A plan and what it means.
pub(super) struct PlannedMove {
    /// The files.
    pub plan: Plan,
    /// Sentences for the person at the desk.
    pub summary: Vec<String>,
    /// Where the page is afterwards, if it is somewhere.
    pub to: Option<SitePath>,
}

/// Reads a file from the disk.
pub(super) type ReadFile<'r> = &'r dyn Fn(&SitePath) -> Result<Option<Vec<u8>>, Refusal>;

/// Most bytes of a folder that goes to another place.
const MAX_FOLDER: u64 = 64 << 20;

/// A page and its translations with their new places.
struct Moved<'s> {
    site: &'s ShownSite<'s>,
    labels: MarkdownLabels,
    /// Old to new paths.
    paths: BTreeMap<SitePath, SitePath>,
    /// The folder of a page that has one of its own.
    folder: Option<MovedFolder>,
}

/// A folder with its new place.
struct MovedFolder {
    old: SitePath,
    new: SitePath,
}

/// Plans another name or another folder for a page. The name of a page that is the `index.md` of a folder of its own is that of the folder,
/// which goes with all its files.
pub(super) fn move_page(
    site: &ShownSite<'_>,
    path: &SitePath,
    to: &SitePath,
    read: ReadFile<'_>,
) -> Result<PlannedMove, Refusal> {
    let meta = page_meta(site, path)?;
    // A translation is named with its language, which is no part of the page's name.
    let own = stem(path, meta);
    let ending = path.name().strip_prefix(&own).unwrap_or(".md");
    let name = to.name().strip_suffix(ending).unwrap_or(to.name());
    if to.relative_to("content").is_none() {
        return Err(bad_name(to.as_str()));
    }
    let Some(folder) = folder_of_its_own(meta) else { return move_to(site, path, &to.parent(), name, read) };
    let is_there = |folder: &SitePath| site.data.files.paths_in(folder.as_str()).next().is_some();
    let (parent, name) = match to.parent() {
        wanted if name != own && wanted == folder => (folder.parent(), name.to_string()),
        wanted if name != own => (wanted, name.to_string()),
        wanted if wanted == folder => (folder.parent(), folder.name().to_string()),
        // In another section it keeps its name.
        wanted if is_there(&wanted) => (wanted, folder.name().to_string()),
        wanted => (wanted.parent(), wanted.name().to_string()),
    };
    let new = SitePath::new(&format!("{parent}/{name}")).map_err(|_| bad_name(&name))?;
    move_folder(site, meta, MovedFolder { old: folder, new }, read)
}

/// The folder of a page that has one of its own: `guide/index.md` without other pages beside it.
fn folder_of_its_own(meta: &PageMeta) -> Option<SitePath> {
    let folder = meta.path.parent();
    let is_own = meta.role == PageRole::Page && folder.relative_to("content").unwrap_or_default() != meta.folder;
    is_own.then_some(folder)
}

fn move_folder(
    site: &ShownSite<'_>,
    meta: &PageMeta,
    folder: MovedFolder,
    read: ReadFile<'_>,
) -> Result<PlannedMove, Refusal> {
    let MovedFolder { old, new } = &folder;
    check_name(new.name())?;
    if new == old {
        return Err(same_name());
    }
    if new.relative_to("content").is_none() || new.relative_to(old.as_str()).is_some() {
        return Err(bad_name(below_content(new)));
    }
    let files = &site.data.files;
    let page = |ending: &str| SitePath::new(&format!("{new}{ending}")).is_ok_and(|path| files.contains(&path));
    if [".md", ".markdown"].into_iter().any(page) || files.paths_in(new.as_str()).next().is_some() {
        return Err(taken(below_content(new)));
    }
    let mut paths = BTreeMap::new();
    let mut size = 0;
    for path in files.paths_in(old.as_str()) {
        let rest = path.relative_to(old.as_str()).unwrap_or_default();
        let moved = SitePath::new(&format!("{new}/{rest}")).map_err(|_| bad_name(new.name()))?;
        if read(&moved)?.is_some() {
            return Err(taken(below_content(new)));
        }
        size += files.size(path).unwrap_or_default();
        paths.insert(path.clone(), moved);
    }
    if size > MAX_FOLDER {
        let said = format!("文件夹 {} 太大了，在这里改不了名", below_content(old));
        return Err(Refusal::new(413, "too-large", said).hint("整个文件夹不超过 64 MB：先把大的附件移到别处"));
    }
    Moved { site, labels: labels(site), paths, folder: Some(folder) }.plan(meta, read)
}

fn labels(site: &ShownSite<'_>) -> MarkdownLabels {
    site.data.words.first().map(markdown_labels).unwrap_or_else(|| markdown_labels(&BTreeMap::new()))
}

fn same_name() -> Refusal {
    Refusal::new(400, "same", "名字和原来一样")
}

fn taken(name: &str) -> Refusal {
    Refusal::new(409, "taken", format!("已经有一页叫 {name} 了")).hint("换一个名字")
}

fn check_name(name: &str) -> Result<(), Refusal> {
    let is_name =
        is_safe_segment(name) && is_safe_segment(&format!("{name}.md")) && !name.contains(['.', ' ', '　', '#', '%']);
    match is_name && !matches!(name, "index" | "_index" | "README") {
        true => Ok(()),
        false => Err(bad_name(name)),
    }
}

fn bad_name(name: &str) -> Refusal {
    Refusal::new(400, "bad-name", format!("“{name}”不能作文件名"))
        .hint("用字母、数字、汉字和 -，中间不要空格，例如 market-talk")
}

fn page_meta<'s>(site: &'s ShownSite<'_>, path: &SitePath) -> Result<&'s PageMeta, Refusal> {
    let catalog = &site.data.catalog;
    let meta = catalog.by_path(path).map(|id| catalog.page(id));
    let meta = meta.ok_or_else(|| Refusal::new(409, "unread", "这一页有错误，先改好再改名或移动"))?;
    match meta.role {
        PageRole::Section => Err(Refusal::new(409, "section", "栏目的首页不能这样改名、移动或删除")
            .hint("要改栏目的名称，改这一页的标题就行")),
        _ => Ok(meta),
    }
}

/// A file's name without language and extension.
fn stem(path: &SitePath, meta: &PageMeta) -> String {
    let name = meta.key.rsplit('/').next().unwrap_or_default();
    if path.name().starts_with(name) { name.to_string() } else { path.stem().to_string() }
}

fn move_to(
    site: &ShownSite<'_>,
    path: &SitePath,
    folder: &SitePath,
    name: &str,
    read: ReadFile<'_>,
) -> Result<PlannedMove, Refusal> {
    let meta = page_meta(site, path)?;
    check_name(name)?;
    let own = stem(path, meta);
    let catalog = &site.data.catalog;
    // A page beside a folder of the same name would be the page of that folder.
    let is_folder = site.data.files.paths_in(&format!("{folder}/{name}")).any(is_page_source);
    let family = catalog.pages.iter().filter(|other| other.key == meta.key && other.role == meta.role);
    let mut paths = BTreeMap::new();
    for other in family {
        let rest = other.path.name().strip_prefix(&own).ok_or_else(|| bad_name(name))?;
        let new = SitePath::new(&format!("{folder}/{name}{rest}")).map_err(|_| bad_name(name))?;
        if new == other.path {
            return Err(same_name());
        }
        if is_folder || site.data.files.contains(&new) || read(&new)?.is_some() {
            return Err(taken(new.as_str()));
        }
        paths.insert(other.path.clone(), new);
    }
    Moved { site, labels: labels(site), paths, folder: None }.plan(meta, read)
}

impl Moved<'_> {
    fn plan(&self, meta: &PageMeta, read: ReadFile<'_>) -> Result<PlannedMove, Refusal> {
        let catalog = &self.site.data.catalog;
        let mut files = Vec::new();
        let (mut changed_links, mut changed_pages) = (0, 0);
        let mut summary = Vec::new();
        let sources = self.site.data.files.paths_in("content").filter(|path| is_page_source(path)).cloned();
        for path in sources.chain(SitePath::new(SETTINGS_FILE)) {
            let new = self.paths.get(&path);
            let Some(bytes) = read(&path)? else { continue };
            let file = match TextFile::of(&path, &bytes) {
                Ok(file) => file,
                // It cannot stay behind.
                Err(refusal) if new.is_some() => return Err(refusal),
                Err(_) => continue,
            };
            if new.is_none() && !self.may_name(&file.text) {
                continue;
            }
            let (mut text, count) =
                with_addresses(&path, &file.text, &self.labels, |address| self.new_path(&path, new, address));
            let Some(new) = new else {
                if count > 0 {
                    changed_pages += 1;
                    changed_links += count;
                    files.push(FileChange::new(path, Some(bytes), Some(file.form.bytes(&text))));
                }
                continue;
            };
            let old = catalog.by_path(&path).map(|id| catalog.page(id)).unwrap_or(meta);
            if let Some(address) = self.old_address(old, new) {
                text = with_alias(&path, text, &address)?;
                summary.push(format!("原来的网址 {address} 会自动转到新网址"));
            }
            files.push(FileChange::new(new.clone(), None, Some(file.form.bytes(&text))));
            files.push(FileChange { moved_to: Some(new.clone()), ..FileChange::new(path, Some(bytes), None) });
        }
        let (pages, attached): (Vec<_>, Vec<_>) = self.paths.iter().partition(|(old, _)| is_page_source(old));
        for (old, new) in attached.iter().copied() {
            let Some(bytes) = read(old)? else { continue };
            files.push(FileChange::new(new.clone(), None, Some(bytes.clone())));
            files.push(FileChange { moved_to: Some(new.clone()), ..FileChange::new(old.clone(), Some(bytes), None) });
        }
        if !attached.is_empty() {
            summary.push(format!("文件夹里的 {} 个附件一起移过去", attached.len()));
        }
        for (old, new) in pages {
            let title = catalog.by_path(old).map_or(meta.title.as_str(), |id| catalog.page(id).title.as_str());
            let (old, new, slash) = match &self.folder {
                Some(folder) => (&folder.old, &folder.new, "/"),
                None => (old, new, ""),
            };
            let words = if old.parent() == new.parent() { "改名为" } else { "移到" };
            let name = |path| below_content(path).trim_end_matches(".md");
            let (old, new) = (name(old), name(new));
            summary.insert(0, format!("《{title}》{words} {new}{slash}（原来是 {old}{slash}）"));
        }
        match changed_links {
            0 => summary.push("没有别的页链接到它".to_string()),
            _ => summary.push(format!("{changed_pages} 个文件里的 {changed_links} 处链接跟着改")),
        }
        let note = summary.first().cloned().unwrap_or_default();
        Ok(PlannedMove { plan: Plan { note, files }, summary, to: self.paths.get(&meta.path).cloned() })
    }

    /// Whether a text may have an address of a page that moves.
    fn may_name(&self, text: &str) -> bool {
        let names = |name: &str| text.contains(name) || text.contains(&puzhi_core::base::percent_encode_path(name));
        match &self.folder {
            Some(folder) => names(folder.old.name()),
            None => self.paths.keys().any(|path| names(path.name().split('.').next().unwrap_or_default())),
        }
    }

    /// Where a file or a folder goes, if it does.
    fn moved(&self, path: &SitePath) -> Option<&SitePath> {
        let folder = || self.folder.as_ref().filter(|folder| folder.old == *path).map(|folder| &folder.new);
        self.paths.get(path).or_else(folder)
    }

    /// What an address in the file `from`, which may move itself to `moved`, is to become.
    fn new_path(&self, from: &SitePath, moved: Option<&SitePath>, address: &Address<'_>) -> Option<String> {
        let target = LinkResolver::target_path(from, &address.path).ok()?;
        let (found, kept_ending) = self.found(&target)?;
        let new = self.moved(&found);
        if new.is_none() && moved.is_none_or(|moved| moved.parent() == from.parent()) {
            return None;
        }
        let to = match new {
            Some(new) => with_ending(new, &kept_ending),
            None => target.as_str().to_string(),
        };
        let slash = if address.path.ends_with('/') { "/" } else { "" };
        if address.path.starts_with('/') {
            return new.map(|_| format!("/{}{slash}", to.strip_prefix("content/").unwrap_or(&to)));
        }
        let to = SitePath::new(&to).ok()?;
        let written = match crate::catalog::relative_path(moved.unwrap_or(from), &to) {
            // The folder that the page is in.
            written if written.is_empty() => format!("../{}", to.name()),
            written => written,
        };
        Some(format!("{written}{slash}")).filter(|written| *written != address.path)
    }

    /// The file that a path leads to, and how much of its name the path leaves out.
    fn found(&self, target: &SitePath) -> Option<(SitePath, String)> {
        let files = &self.site.data.files;
        if files.contains(target) {
            return Some((target.clone(), String::new()));
        }
        let bare = target.as_str().strip_suffix(".html").unwrap_or(target.as_str());
        let page = |ending: &str| SitePath::new(&format!("{bare}{ending}")).ok().filter(|path| files.contains(path));
        if let Some(found) = [".md", ".markdown"].iter().find_map(|ending| page(ending)) {
            let left = if bare == target.as_str() { "-" } else { ".html" };
            return Some((found, left.to_string()));
        }
        // A folder with a page of its own.
        let is_folder = files.paths_in(target.as_str()).next().is_some();
        is_folder.then(|| (target.clone(), String::new()))
    }

    /// The address that a page has now, if somebody may know it and it changes.
    fn old_address(&self, meta: &PageMeta, new: &SitePath) -> Option<String> {
        let was_public = !meta.unpublished || self.site.data.releases.articles.contains_key(&meta.route);
        let prefix = self.site.settings.language_prefix(meta.lang);
        let place = if self.folder.is_some() { new.parent() } else { new.clone() };
        let segment = match meta.slug {
            Some(_) => meta.route.as_str().trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_string(),
            None => place.name().split('.').next().unwrap_or_default().to_string(),
        };
        let folder = place.parent();
        let folder = folder.relative_to("content").unwrap_or_default();
        let route = Route::page([prefix].into_iter().chain(folder.split('/')).chain([segment.as_str()]));
        (was_public && route != meta.route && folder_route(prefix, folder) != meta.route)
            .then(|| meta.route.as_str().to_string())
    }
}

fn with_ending(path: &SitePath, left: &str) -> String {
    let bare = path.as_str().trim_end_matches(".markdown").trim_end_matches(".md");
    match left {
        "" => path.as_str().to_string(),
        "-" => bare.to_string(),
        ending => format!("{bare}{ending}"),
    }
}

fn below_content(path: &SitePath) -> &str {
    path.relative_to("content").unwrap_or(path.as_str())
}

/// Adds an old address to the front matter.
fn with_alias(path: &SitePath, text: String, address: &str) -> Result<String, Refusal> {
    use puzhi_core::kinds::COMMON_FIELDS;
    let mut aliases = super::form::texts_of(path, &text, "aliases");
    if !aliases.iter().any(|known| known == address) {
        aliases.push(address.to_string());
    }
    let change = FieldChange { key: "aliases".into(), value: Some(FieldValue::List(aliases)) };
    change_fields(&text, &[change], &[COMMON_FIELDS])
        .map_err(|_| Refusal::new(409, "aliases", format!("{path} 的“旧网址”一项改不了，先在原文里改好")))
}

/// Plans that a page goes: either it stays with a notice (`withdraw`), or its file goes.
pub(super) fn delete(
    site: &ShownSite<'_>,
    path: &SitePath,
    withdraw: Option<&str>,
    read: ReadFile<'_>,
) -> Result<PlannedMove, Refusal> {
    let catalog = &site.data.catalog;
    let id = catalog.by_path(path);
    let meta = id.map(|id| catalog.page(id));
    if meta.is_some_and(|meta| meta.role == PageRole::Section) {
        // Says why not.
        page_meta(site, path)?;
    }
    let bytes = read(path)?.ok_or_else(|| Refusal::not_found("这一页"))?;
    let title = meta.map_or(path.name(), |meta| meta.title.as_str());
    let was_public =
        meta.is_some_and(|meta| !meta.unpublished || site.data.releases.articles.contains_key(&meta.route));
    if let Some(reason) = withdraw {
        let file = TextFile::of(path, &bytes)?;
        let text = with_withdrawal(path, &file.text, reason, site)?;
        let summary = vec![
            format!("《{title}》撤回：网址留着，读者看到什么时候撤的、为什么撤，看不到正文"),
            format!("写给读者的原因：{reason}"),
        ];
        let files = vec![FileChange::new(path.clone(), Some(bytes), Some(file.form.bytes(&text)))];
        return Ok(PlannedMove {
            plan: Plan { note: format!("撤回《{title}》"), files },
            summary,
            to: Some(path.clone()),
        });
    }
    let mut summary = vec![format!("删除《{title}》（{}），旧版本里还找得到，可以恢复", below_content(path))];
    if was_public {
        summary.push("它公开过：删了以后，存过网址的人会打不开。要让读者看到说明，选“撤回”".to_string());
    }
    let linked = id.map(|id| catalog.backlinks(id)).unwrap_or_default();
    let titles: Vec<String> = linked.iter().take(10).map(|id| format!("《{}》", catalog.page(*id).title)).collect();
    if !linked.is_empty() {
        summary.push(format!("有 {} 页链接到它，删了以后要改：{}", linked.len(), titles.join("、")));
    }
    let files = vec![FileChange::new(path.clone(), Some(bytes), None)];
    Ok(PlannedMove { plan: Plan { note: format!("删除《{title}》"), files }, summary, to: None })
}

/// The text with the notice that it is withdrawn.
fn with_withdrawal(path: &SitePath, text: &str, reason: &str, site: &ShownSite<'_>) -> Result<String, Refusal> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Refusal::new(400, "no-reason", "写一句为什么撤回，读者会看到"));
    }
    let own = super::form::has_key(path, text, "withdrawn");
    let front = puzhi_core::kinds::split_front_matter(text).front.filter(|_| !own);
    let front =
        front.ok_or_else(|| Refusal::new(409, "withdrawn", "这一页已经撤回过，或者没有文章信息，先在原文里改好"))?;
    let gap = if text[..front.end].ends_with('\n') { "" } else { "\n" };
    let today = site.data.clock.today;
    let entry = format!("{gap}撤稿:\n  时间: {today}\n  原因: {}\n", puzhi_core::yaml::quote_scalar(reason));
    Ok([&text[..front.end], &entry, &text[front.end..]].concat())
}

/// Plans that a file comes back with these bytes.
pub(super) fn restore(path: &SitePath, bytes: Vec<u8>, read: ReadFile<'_>) -> Result<PlannedMove, Refusal> {
    if read(path)?.is_some() {
        return Err(Refusal::new(409, "taken", format!("{path} 已经在那里了")).hint("打开它，在旧版本里恢复"));
    }
    let note = format!("恢复 {}", below_content(path));
    let files = vec![FileChange::new(path.clone(), None, Some(bytes))];
    let summary = vec![format!("{note}，内容是删除以前的样子")];
    Ok(PlannedMove { plan: Plan { note, files }, summary, to: Some(path.clone()) })
}
