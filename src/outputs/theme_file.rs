//! A static file of the theme, at an address that contains its hash. In: its path in the theme. Out: its bytes.

use crate::engine::{Fingerprint, fingerprint};
use crate::view::{LARGE_STYLE, SiteData};
use puzhi_core::base::SitePath;
use puzhi_core::diag::Diagnostic;

use super::format::{Artifact, Format, RenderInput, WriteRank};
use super::large::has_large_pages;
use super::plan::Planner;

/// A static file of the theme, by its path in the theme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThemeFile(pub String);

impl Format for ThemeFile {
    fn plan(planner: &mut Planner<'_>) {
        let (assets, files) = (planner.input.assets, planner.input.files);
        for name in planner.input.theme.static_files.keys() {
            let shadowed = SitePath::new(&format!("static/{name}")).is_ok_and(|p| files.contains(&p));
            let Some(asset) = assets.files.get(name) else { continue };
            if name == LARGE_STYLE && !has_large_pages(planner.input.settings, assets) {
                continue;
            }
            // The site's own copy is already published under the plain name.
            if !shadowed || asset.route.as_str().trim_start_matches('/') != name {
                planner.add(asset.route.clone(), ThemeFile(name.clone()), None);
            }
        }
    }

    fn fingerprint(&self, _: &SiteData) -> Fingerprint {
        fingerprint(&("theme", &self.0))
    }

    fn name(&self, _: &SiteData) -> &'static str {
        "files"
    }

    fn write_rank(&self) -> WriteRank {
        WriteRank::Asset
    }

    fn render<'f>(&self, input: &RenderInput<'_, 'f>) -> Result<Artifact<'f>, Box<Diagnostic>> {
        let file = input.views.site.static_asset(&self.0).map(|file| file.bytes());
        Ok(file.transpose().map_err(Box::new)?.unwrap_or_default().into())
    }

    fn is_replaceable(&self) -> bool {
        true
    }

    fn is_limited(&self) -> bool {
        false
    }
}
