//! The press pack of an article: one archive with all that an editor needs. In: the page, its pictures. Out: a zip file. The crate `puzhi-press`
//! writes it.

use percent_encoding::percent_decode_str;
use puzhi_press::{ArchiveFile, Article, MediaFile, PackFiles, file_name, press_pack};

use crate::assets::PicturePart;
use crate::catalog::PageId;
use crate::engine::{Fingerprint, fingerprint};
use crate::view::{NINJS_FILE, PRESS_FILE, SiteData, Views, has_press_files, root_of};
use puzhi_core::base::{ContentHash, DateOrDateTime, Route};
use puzhi_core::diag::{Diagnostic, codes};

use super::format::{Artifact, Format, RenderInput, RenderTurn, WriteRank};
use super::ninjs::article_file;
use super::plan::{OutputPlan, Planner};

/// The press pack of this article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PressPack(pub PageId);

impl Format for PressPack {
    fn plan(planner: &mut Planner<'_>) {
        let (catalog, settings) = (planner.input.catalog, planner.input.settings);
        if !settings.republish.press {
            return;
        }
        for id in catalog.page_ids() {
            let meta = catalog.page(id);
            if has_press_files(settings, meta) {
                planner.add(meta.route.child_file(PRESS_FILE), PressPack(id), Some(meta.path.clone()));
            }
        }
    }

    fn fingerprint(&self, site: &SiteData) -> Fingerprint {
        fingerprint(&("press pack", site.path(self.0)))
    }

    fn name(&self, _: &SiteData) -> &'static str {
        "press pack"
    }

    fn write_rank(&self) -> WriteRank {
        WriteRank::Asset
    }

    fn render_turn(&self) -> RenderTurn {
        RenderTurn::Pages
    }

    fn render<'f>(&self, input: &RenderInput<'_, 'f>) -> Result<Artifact<'f>, Box<Diagnostic>> {
        let settings = input.views.site.settings();
        let ninjs = match settings.republish.ninjs && settings.base_url.is_some() {
            true => Some(article_file(self.0, None, input.views)?),
            false => None,
        };
        let article = input.views.press_article(self.0)?;
        packed(&article, self.0, ninjs.as_deref(), (input.plan, input.views)).map(Artifact::from)
    }

    /// It holds the pictures in full size.
    fn is_limited(&self) -> bool {
        false
    }
}

/// What a newsroom gets of an article by hand.
pub struct PressFiles {
    /// Name of the files, without an ending.
    pub name: String,
    /// The press pack.
    pub pack: Vec<u8>,
    /// The ninjs file, which is also in the pack; none on a site without an address.
    pub ninjs: Option<String>,
}

/// Makes the press pack and the ninjs file of an article, whatever the settings say of them. With `embargo`, both say that nobody may
/// publish it before. Fails if a template does or the pack gets too large.
pub fn press_files(
    id: PageId,
    embargo: Option<DateOrDateTime>,
    plan: &OutputPlan,
    views: &Views,
) -> Result<PressFiles, Box<Diagnostic>> {
    let ninjs = match views.site.settings().base_url.is_some() {
        true => Some(article_file(id, embargo, views)?),
        false => None,
    };
    let article = match embargo {
        Some(until) => views.embargoed_article(id, until)?,
        None => views.press_article(id)?,
    };
    let pack = packed(&article, id, ninjs.as_deref(), (plan, views))?;
    Ok(PressFiles { name: file_name(&pack_name(&views.site.meta(id).route)), pack, ninjs })
}

/// The pack of an article with the pictures that the site publishes of it.
fn packed(
    article: &Article,
    id: PageId,
    ninjs: Option<&str>,
    (plan, views): (&OutputPlan, &Views),
) -> Result<Vec<u8>, Box<Diagnostic>> {
    let route = &views.site.meta(id).route;
    let media = pictures_of(article, id, (plan, views))?;
    let more: Vec<ArchiveFile> = ninjs.map(|text| ArchiveFile::new(NINJS_FILE.to_string(), text)).into_iter().collect();
    let pack = press_pack(article, PackFiles { name: &pack_name(route), media: &media, more: &more });
    pack.map_err(|error| Box::new(too_large(&error)))
}

/// The pictures of an article that the site publishes and other media take, in full size.
pub(super) fn pictures_of(
    article: &Article,
    id: PageId,
    (plan, views): (&OutputPlan, &Views),
) -> Result<Vec<MediaFile>, Box<Diagnostic>> {
    let route = &views.site.meta(id).route;
    let mut media = Vec::new();
    for picture in article.pictures() {
        if let Some(bytes) = bytes_of(&picture.address, route, (plan, views))? {
            media.push(MediaFile { address: picture.address.clone(), bytes });
        }
    }
    Ok(media)
}

/// The name of a pack: the address of its page. One that [`file_name`] changes or cuts has a mark of its own, so that packs of two pages can
/// lie in one folder.
fn pack_name(route: &Route) -> String {
    let name = route.as_str().trim_matches('/').replace('/', "-");
    if file_name(&name) == name {
        return name;
    }
    let mark = ContentHash::of(route.as_str().as_bytes()).to_string();
    let short: String = file_name(&name).chars().take(60).collect();
    format!("{}-{}", short.trim_matches('-'), &mark[..8])
}

/// The published bytes of the picture at an address of the article, in full size if other media take its type. None for pictures of other sites.
fn bytes_of(
    address: &str,
    page: &Route,
    (plan, views): (&OutputPlan, &Views),
) -> Result<Option<Vec<u8>>, Box<Diagnostic>> {
    let site = &views.site;
    let base = site.settings().base_url.clone().unwrap_or_else(|| root_of(page));
    let Some(path) = address.strip_prefix(&base) else { return Ok(None) };
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let wanted = format!("/{}", percent_decode_str(path.trim_start_matches('/')).decode_utf8_lossy());
    let jobs = &plan.jobs;
    let Ok(at) = jobs.binary_search_by(|job| job.route.as_str().cmp(&wanted)) else { return Ok(None) };
    let Some(file) = jobs[at].published_files().first() else { return Ok(None) };
    let is_taken = |bytes: &Vec<u8>| {
        MediaFile { address: String::new(), bytes: bytes.get(..16).unwrap_or(bytes).to_vec() }.media_type().is_some()
    };
    let whole = site.file(file).picture(PicturePart::Clean).map_err(Box::new)?;
    if is_taken(&whole) {
        return Ok(Some(whole));
    }
    match super::render(&jobs[at], plan, views)? {
        Artifact::Bytes(bytes) => Ok(Some(bytes).filter(is_taken)),
        Artifact::Stream(_) => Ok(None),
    }
}

/// An archive that its format cannot hold.
fn too_large(error: &str) -> Diagnostic {
    let rows = [
        ("cause_zh", "稿件包放不进一个 zip 文件"),
        ("cause_en", "the press pack does not fit into a zip file"),
        ("advice_zh", error),
        ("advice_en", error),
        ("page_zh", ""),
        ("page_en", ""),
    ];
    let diag = Diagnostic::new(&codes::theme::TEMPLATE_FAILED);
    rows.into_iter().fold(diag, |diag, (name, value)| diag.arg(name, value))
}
