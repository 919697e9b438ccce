//! The icons of the site, and the manifest that names them (Web Application Manifest, W3C). In: the file. Out: PNG, SVG or JSON. The crate
//! `puzhi-cards` draws the icons.

use serde_json::json;

use crate::engine::{Fingerprint, fingerprint};
use crate::theme::DEFAULT_ILLUSTRATION;
use crate::view::{IconFile, MANIFEST, MANIFEST_ICONS, Site, SiteData, TOUCH_ICON};
use puzhi_core::base::Route;
use puzhi_core::diag::Diagnostic;

use super::format::{Artifact, Format, RenderInput, WriteRank};
use super::plan::Planner;

/// A file of the site's icon, or the manifest if there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteIcon(pub Option<IconFile>);

impl Format for SiteIcon {
    fn plan(planner: &mut Planner<'_>) {
        if !planner.input.theme.has_illustration(DEFAULT_ILLUSTRATION) {
            return;
        }
        // A site with an icon of its own needs no other on the browser's tab.
        let tab = planner.input.settings.favicon.is_none().then_some(IconFile::Svg);
        let sizes = [TOUCH_ICON].into_iter().chain(MANIFEST_ICONS).map(IconFile::Png);
        for file in sizes.chain(tab) {
            planner.add(Route::page([]).child_file(&file.name()), SiteIcon(Some(file)), None);
        }
        planner.add(Route::page([]).child_file(MANIFEST), SiteIcon(None), None);
    }

    fn fingerprint(&self, _: &SiteData) -> Fingerprint {
        fingerprint(&("icon", self.0))
    }

    fn name(&self, _: &SiteData) -> &'static str {
        "icon"
    }

    fn write_rank(&self) -> WriteRank {
        WriteRank::Asset
    }

    fn render<'f>(&self, input: &RenderInput<'_, 'f>) -> Result<Artifact<'f>, Box<Diagnostic>> {
        let site = &input.views.site;
        Ok(match self.0 {
            Some(file) => site.icon(file).into(),
            None => manifest(site).into(),
        })
    }

    fn is_replaceable(&self) -> bool {
        true
    }

    fn is_limited(&self) -> bool {
        false
    }
}

/// The manifest. Its addresses are relative to itself, so that it works under any path.
fn manifest(site: &Site) -> String {
    let variable = site.variable(0);
    let drawn = MANIFEST_ICONS.map(|size| {
        json!({
            "src": IconFile::Png(size).name(),
            "sizes": format!("{size}x{size}"),
            "type": "image/png",
            "purpose": "any maskable",
        })
    });
    let mut icons = drawn.to_vec();
    if let Some(own) = &variable.favicon {
        let sizes = match (own.width, own.height) {
            (Some(width), Some(height)) if own.media_type != "image/svg+xml" => format!("{width}x{height}"),
            _ => "any".to_string(),
        };
        icons.insert(0, json!({ "src": own.url, "sizes": sizes, "type": own.media_type }));
    }
    let colour = variable.colour.as_deref().unwrap_or("#a3191f");
    let manifest = json!({
        "name": variable.title,
        "short_name": variable.title,
        "lang": site.settings().languages[0].tag,
        "start_url": variable.home,
        "scope": "./",
        "display": "browser",
        "theme_color": colour,
        "background_color": "#ffffff",
        "icons": icons,
    });
    format!("{manifest}\n")
}
