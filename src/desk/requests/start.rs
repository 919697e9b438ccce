//! Requests that make something new: a page, a site, a picture beside a page.

use serde::Deserialize;
use serde_json::json;

use super::super::Desk;
use super::super::answer::{Answer, DeskRequest, Refusal, site_path};
use super::super::clock::now;
use super::super::new_page::{default_section, existing_ids, free_id, kind_of_section, parse_section, slug_for};
use super::super::new_site::{NewSiteAnswers, new_site_files, with_sample_as_draft};
use super::super::plan::FileChange;
use crate::preview::PreviewSession;
use crate::source::FileChanges;
use puzhi_core::base::{ContentHash, SitePath, slugify};
use puzhi_core::diag::{Diagnostic, Lang};
use puzhi_core::kinds::NewPageTemplate;
use puzhi_pictures::{clean, read_header};

/// What a new page is to be.
#[derive(Debug, Deserialize)]
pub(in super::super) struct NewPage {
    kind: String,
    title: String,
    /// Its folder below `content/`; that of its kind if there is none.
    section: Option<String>,
    /// The last part of its address; made of the title if there is none.
    name: Option<String>,
}

/// A new page as a file.
struct NewFile {
    path: SitePath,
    text: String,
}

/// `POST new`.
pub(in super::super) fn new_page(desk: &Desk, wanted: NewPage) -> Result<Answer, Refusal> {
    let file = desk.ask(move |session| new_file(session, &wanted))??;
    {
        let mut kept = desk.kept.lock();
        if desk.files.is_taken(&file.path) || desk.files.read(&file.path)?.is_some() {
            return Err(Refusal::new(409, "taken", format!("已经有一页叫 {} 了", file.path)).hint("换一个文件名"));
        }
        let change = FileChange::new(file.path.clone(), None, Some(file.text.into_bytes()));
        kept.write(&desk.files, &change, "新建")?;
    }
    desk.reread(FileChanges { paths: [file.path.clone()].into(), all: false })?;
    Ok(json!({ "path": file.path }).into())
}

fn new_file(session: &PreviewSession, wanted: &NewPage) -> Result<NewFile, Refusal> {
    let site = session.shown().ok_or_else(|| Refusal::new(409, "no-site", "站点设置有错误，先改好 site.yaml"))?;
    let kinds = &site.data.settings.kinds;
    let said = |diag: Diagnostic| {
        Refusal::new(400, "bad-name", diag.message(Lang::Zh)).hint("文件名用字母、数字、汉字和 -，例如 market-talk")
    };
    let kind = kinds.all().find(|kind| kinds.from_label(&wanted.kind) == Some(*kind));
    let kind = kind.ok_or_else(|| Refusal::new(400, "bad-kind", format!("没有“{}”这一种页面", wanted.kind)))?;
    let title = wanted.title.trim();
    if title.is_empty() {
        return Err(Refusal::new(400, "no-title", "先写上标题"));
    }
    let name = wanted.name.as_deref().map(str::trim).filter(|name| !name.is_empty());
    let slug = slug_for(title, name).map_err(said)?;
    let folder = match &wanted.section {
        Some(section) => parse_section(section).map_err(said)?,
        None => default_section(kind, kinds, Some(site.data)),
    };
    let id = free_id(&slug, &existing_ids(kind, Some(site.data)));
    let page = NewPageTemplate {
        kind,
        kinds,
        title,
        today: site.data.clock.today,
        id: &id,
        start: None,
        place: None,
        names_kind: kind_of_section(&folder, Some(site.data)) != kind,
    };
    let below = if folder.is_empty() { slug } else { format!("{folder}/{slug}") };
    let taken = |ending: &str| {
        SitePath::new(&format!("content/{below}{ending}")).is_ok_and(|path| site.data.files.contains(&path))
    };
    if [".markdown", "/index.md", "/_index.md"].into_iter().any(taken) {
        return Err(Refusal::new(409, "taken", format!("已经有一页叫 {below} 了")).hint("换一个文件名"));
    }
    Ok(NewFile { path: site_path(&format!("content/{below}.md"))?, text: page.text() })
}

/// `POST init`.
pub(in super::super) fn new_site(desk: &Desk, answers: &NewSiteAnswers) -> Result<Answer, Refusal> {
    if answers.name.trim().is_empty() {
        return Err(Refusal::new(400, "no-name", "先写上网站的名称"));
    }
    let colour = answers.colour.trim();
    let is_colour = colour
        .strip_prefix('#')
        .is_some_and(|hex| matches!(hex.len(), 3 | 6) && hex.bytes().all(|b| b.is_ascii_hexdigit()));
    if !colour.is_empty() && !is_colour {
        return Err(Refusal::new(400, "bad-colour", "颜色写成 #9b1c1c 这样"));
    }
    // No settings exist yet: the zone is that of their default.
    let zone = jiff::tz::TimeZone::get("Asia/Shanghai").unwrap_or(jiff::tz::TimeZone::UTC);
    let today = now().to_zoned(zone).date();
    {
        let mut kept = desk.kept.lock();
        if !desk.files.is_empty() {
            return Err(Refusal::new(409, "not-empty", "这个文件夹里已经有东西了").hint("选一个空文件夹，再打开程序"));
        }
        // The settings come last: a folder without them is no site yet.
        for (path, text) in new_site_files(today, answers) {
            if let Ok(path) = site_path(path)
                && !path.as_str().starts_with('.')
            {
                let text = with_sample_as_draft(&text);
                kept.write(&desk.files, &FileChange::new(path, None, Some(text.into_bytes())), "新建网站")?;
            }
        }
    }
    desk.reread(FileChanges::all())?;
    Ok(json!({}).into())
}

/// `POST picture`.
pub(in super::super) fn picture(desk: &Desk, request: &DeskRequest) -> Result<Answer, Refusal> {
    let page = request.path("page")?;
    let said = |problem: puzhi_pictures::PictureProblem| {
        Refusal::new(415, "bad-picture", format!("这张图用不了：{problem}")).hint("换成 JPG 或 PNG 再试")
    };
    let header = read_header(&request.body).map_err(said)?;
    let bytes = clean(&request.body).map_err(said)?;
    let extension = match header.format {
        puzhi_pictures::PictureFormat::Jpeg => "jpg",
        puzhi_pictures::PictureFormat::Png => "png",
        puzhi_pictures::PictureFormat::Gif => "gif",
        puzhi_pictures::PictureFormat::Webp => "webp",
        puzhi_pictures::PictureFormat::Svg => "svg",
        puzhi_pictures::PictureFormat::Avif => "avif",
    };
    if extension == "svg" && puzhi_pictures::has_scripts(&request.body) {
        return Err(Refusal::new(415, "bad-picture", "这张图里带着程序，不能用").hint("换成 JPG 或 PNG 再试"));
    }
    let written = request.text("name")?;
    let stem = written.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = slugify(stem.rsplit_once('.').map_or(stem, |(stem, _)| stem));
    let stem = if stem.is_empty() { "picture".to_string() } else { stem.chars().take(60).collect() };
    let folder = page.parent();
    // A picture is a new file: there is no earlier one to keep.
    let kept = desk.kept.lock();
    let numbered = (2..1000).map(|n| format!("{stem}-{n}"));
    for name in std::iter::once(stem.clone()).chain(numbered) {
        let path = site_path(&format!("{folder}/{name}.{extension}"))?;
        match desk.files.read(&path)? {
            // The same picture again needs no second file.
            Some(there) if ContentHash::of(&there) != ContentHash::of(&bytes) => continue,
            Some(_) => {}
            None => desk.files.write(&path, &bytes)?,
        }
        drop(kept);
        desk.reread(FileChanges { paths: [path.clone()].into(), all: false })?;
        let (width, height) = header.size.unwrap_or_default();
        let note = match bytes.len() < request.body.len() {
            true => "拍摄地点等信息已经去掉；网页上按屏幕大小显示，不用自己缩小",
            false => "网页上按屏幕大小显示，不用自己缩小",
        };
        return Ok(json!({ "link": path.name(), "path": path, "width": width, "height": height, "note": note }).into());
    }
    Err(Refusal::new(409, "taken", "同名的图片太多了").hint("换一个文件名"))
}
