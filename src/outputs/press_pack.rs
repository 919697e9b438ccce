//! The press pack of an article: one archive with all that an editor needs. In: the page, its pictures. Out: a zip file. The crate `puzhi-press`
//! writes it.

use percent_encoding::percent_decode_str;
use puzhi_press::{MediaFile, PackFiles, press_pack};

use crate::assets::PicturePart;
use crate::catalog::PageId;
use crate::engine::{Fingerprint, fingerprint};
use crate::view::{PRESS_FILE, SiteData, is_republished, root_of};
use puzhi_core::base::Route;
use puzhi_core::diag::{Diagnostic, codes};

use super::format::{Artifact, Format, RenderInput, RenderTurn, WriteRank};
use super::plan::Planner;

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
            if is_republished(settings, meta) {
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
        let route = input.views.site.meta(self.0).route.clone();
        let article = input.views.press_article(self.0)?;
        let mut media = Vec::new();
        for picture in article.pictures() {
            if let Some(bytes) = bytes_of(&picture.address, &route, input)? {
                media.push(MediaFile { address: picture.address.clone(), bytes });
            }
        }
        let name = route.as_str().trim_matches('/').replace('/', "-");
        let pack = press_pack(&article, PackFiles { name: &name, media: &media, more: &[] });
        pack.map(Artifact::from).map_err(|error| Box::new(too_large(&error)))
    }

    /// It holds the pictures in full size.
    fn is_limited(&self) -> bool {
        false
    }
}

/// The published bytes of the picture at an address of the article, in full size if other media take its type. None for pictures of other sites.
fn bytes_of(address: &str, page: &Route, input: &RenderInput<'_, '_>) -> Result<Option<Vec<u8>>, Box<Diagnostic>> {
    let site = &input.views.site;
    let base = site.settings().base_url.clone().unwrap_or_else(|| root_of(page));
    let Some(path) = address.strip_prefix(&base) else { return Ok(None) };
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let wanted = format!("/{}", percent_decode_str(path.trim_start_matches('/')).decode_utf8_lossy());
    let jobs = &input.plan.jobs;
    let Ok(at) = jobs.binary_search_by(|job| job.route.as_str().cmp(&wanted)) else { return Ok(None) };
    let Some(file) = jobs[at].published_files().first() else { return Ok(None) };
    let is_taken = |bytes: &Vec<u8>| {
        MediaFile { address: String::new(), bytes: bytes.get(..16).unwrap_or(bytes).to_vec() }.media_type().is_some()
    };
    let whole = site.file(file).picture(PicturePart::Clean).map_err(Box::new)?;
    if is_taken(&whole) {
        return Ok(Some(whole));
    }
    match super::render(&jobs[at], input.plan, input.views)? {
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
