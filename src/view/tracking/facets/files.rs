//! Facets of files: templates, static files of the theme, data files, copied files, and the days in the sitemap.

use std::collections::BTreeSet;
use std::fmt;
use std::io::Read;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use tera::Context;

use super::Subject;
use crate::assets::{Asset, PicturePart};
use crate::catalog::PageId;
use crate::engine::{Facet, Fingerprint, fingerprint};
use crate::theme::Theme;
use crate::view::tracking::site::Site;
use puzhi_core::base::{DateOrDateTime, SitePath};
use puzhi_core::diag::Diagnostic;

/// A template with all templates that it extends, includes or calls.
pub struct Template;

/// What [`Template`] gives out.
pub struct TemplateFile<'s> {
    theme: &'s Theme,
    name: Arc<str>,
}

impl TemplateFile<'_> {
    /// Renders the template. An error names the template file, the line and the variables of `available`.
    pub fn render(
        &self,
        context: &Context,
        available: impl FnOnce() -> BTreeSet<&'static str>,
    ) -> Result<Vec<u8>, Box<Diagnostic>> {
        self.theme.render(&self.name, context, available)
    }

    /// Its text as it is written.
    pub fn text(&self) -> Option<&str> {
        self.theme.template_text(&self.name)
    }

    /// Whether the site or the theme has the template.
    pub fn exists(&self) -> bool {
        self.theme.has_template(&self.name)
    }
}

impl Facet<Site> for Template {
    type Of = Arc<str>;
    type Value<'s> = TemplateFile<'s>;
    const NAME: &'static str = "template";
    const ZH: &'static str = "模板";

    fn read<'s>(site: &'s Site, of: &Arc<str>) -> TemplateFile<'s> {
        TemplateFile { theme: &site.data.theme, name: Arc::clone(of) }
    }

    fn fingerprint(site: &Site, of: &Arc<str>) -> Option<Fingerprint> {
        site.data.theme.template_fingerprints.get(&**of).copied()
    }
}

/// Address, integrity hash and bytes of a static file of the theme.
pub struct StaticAsset;

/// What [`StaticAsset`] gives out.
#[derive(Clone, Copy)]
pub struct AssetFile<'s> {
    site: &'s Site,
    name: &'s str,
    /// Address and integrity hash.
    pub asset: &'s Asset,
}

impl AssetFile<'_> {
    /// The bytes as they are published; the integrity hash is computed from them.
    pub fn bytes(&self) -> Result<Vec<u8>, Diagnostic> {
        self.site.data.theme.static_file(self.name, &self.site.data.files)
    }
}

impl Facet<Site> for StaticAsset {
    type Of = Arc<str>;
    type Value<'s> = Option<AssetFile<'s>>;
    const NAME: &'static str = "asset";
    const ZH: &'static str = "静态文件";

    fn read<'s>(site: &'s Site, of: &Arc<str>) -> Option<AssetFile<'s>> {
        let (name, asset) = site.data.assets.files.get_key_value(&**of)?;
        Some(AssetFile { site, name, asset })
    }

    fn fingerprint(site: &Site, of: &Arc<str>) -> Option<Fingerprint> {
        let Asset { route, integrity } = site.data.assets.files.get(&**of)?;
        Some(fingerprint(&(route, integrity)))
    }
}

/// A parsed file of `data/`.
pub struct DataFile;

impl Facet<Site> for DataFile {
    type Of = SitePath;
    type Value<'s> = Option<&'s Json>;
    const NAME: &'static str = "data";
    const ZH: &'static str = "数据文件";

    fn read<'s>(site: &'s Site, of: &SitePath) -> Option<&'s Json> {
        site.data.data.get(of)
    }

    fn fingerprint(site: &Site, of: &SitePath) -> Option<Fingerprint> {
        site.data.fingerprints.data.get(of).copied()
    }
}

/// The outputs that are HTML and have no large page, so that links of large pages lead to them where they are.
pub struct PlainHtml;

impl Facet<Site> for PlainHtml {
    type Of = ();
    type Value<'s> = &'s BTreeSet<String>;
    const NAME: &'static str = "html-files";
    const ZH: &'static str = "网页文件";

    fn read<'s>(site: &'s Site, (): &()) -> &'s BTreeSet<String> {
        &site.data.plain_html
    }

    fn fingerprint(site: &Site, (): &()) -> Option<Fingerprint> {
        Some(fingerprint(&site.data.plain_html))
    }
}

/// The bytes of a file of the site, and what is published of it if it is a picture.
pub struct FileBytes;

/// What [`FileBytes`] gives out.
pub struct FileReader<'s> {
    site: &'s Site,
    path: SitePath,
}

impl<'s> FileReader<'s> {
    /// Opens the file.
    pub fn open(&self) -> Result<Box<dyn Read + 's>, Diagnostic> {
        self.site.data.files.open(&self.path)
    }

    /// The bytes that are published of the file, which is a picture.
    pub fn picture(&self, part: PicturePart) -> Result<Vec<u8>, Diagnostic> {
        self.site.data.pictures.part(&self.site.data.files, &self.path, part)
    }
}

impl Facet<Site> for FileBytes {
    type Of = SitePath;
    type Value<'s> = FileReader<'s>;
    const NAME: &'static str = "file";
    const ZH: &'static str = "文件";

    fn read<'s>(site: &'s Site, of: &SitePath) -> FileReader<'s> {
        FileReader { site, path: of.clone() }
    }

    fn fingerprint(site: &Site, of: &SitePath) -> Option<Fingerprint> {
        let picture = site.data.pictures.get(of).map(|facts| &facts.key);
        site.data.files.hash(of).map(|hash| fingerprint(&(hash, picture)))
    }
}

/// The days in one part of the sitemap. The fingerprint also covers the addresses, which the plan has.
pub struct SitemapDays;

/// A part of the sitemap; `None` is a sitemap of one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SitemapPart(pub Option<u32>);

impl Subject for SitemapPart {
    fn language(&self) -> Option<u32> {
        None
    }
}

impl fmt::Display for SitemapPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |n| write!(f, "#{n}"))
    }
}

/// What [`SitemapDays`] gives out.
#[derive(Clone, Copy)]
pub struct PageDays<'s> {
    site: &'s Site,
}

impl PageDays<'_> {
    /// The day on which a page was last changed, else published.
    pub fn of(&self, page: PageId) -> Option<DateOrDateTime> {
        let data = &self.site.data;
        data.catalog.page(page).last_change().or_else(|| data.agenda.published(&data.catalog, page))
    }
}

impl Facet<Site> for SitemapDays {
    type Of = SitemapPart;
    type Value<'s> = PageDays<'s>;
    const NAME: &'static str = "sitemap";
    const ZH: &'static str = "站点地图";

    fn read<'s>(site: &'s Site, _: &SitemapPart) -> PageDays<'s> {
        PageDays { site }
    }

    fn fingerprint(site: &Site, of: &SitemapPart) -> Option<Fingerprint> {
        site.data.fingerprints.sitemaps.get(&of.0.map(|n| n as usize)).copied()
    }
}
