//! Follows the pictures that settings name: logo, icon, the mark of the organiser.
//!
//! In: the paths as they are written in `site.yaml`. Out: addresses with sizes and types, and findings at their place. Does not know
//! where templates show them.

use super::{ReferenceChecker, disallowed_scheme, reference_key::FileContent};
use crate::catalog::LinkResolution;
use crate::engine::Facet;
use crate::markdown::{LinkTarget, parse_link_target};
use crate::settings::WrittenPath;
use crate::view::{SiteImage, SiteImages};
use puzhi_core::base::SitePath;
use puzhi_core::diag::{Diagnostic, codes};

/// Media types of the pictures that browsers show, by extension.
const IMAGE_TYPES: [(&str, &str); 8] = [
    ("png", "image/png"),
    ("svg", "image/svg+xml"),
    ("ico", "image/x-icon"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("webp", "image/webp"),
    ("gif", "image/gif"),
    ("avif", "image/avif"),
];

impl ReferenceChecker<'_> {
    /// The pictures of the settings.
    pub fn site_images(&self, diags: &mut Vec<Diagnostic>) -> SiteImages {
        let mut image = |written: &Option<WrittenPath>| self.site_image(written.as_ref()?, diags);
        SiteImages {
            logo: image(&self.settings.logo),
            favicon: image(&self.settings.favicon),
            organiser_mark: image(&self.settings.organiser_mark),
            police: image(&self.settings.mark_pictures.police),
            mark: image(&self.settings.mark_pictures.mark),
            find_mistakes: image(&self.settings.mark_pictures.find_mistakes),
        }
    }

    /// One of them; `None` and a finding if it is no picture of the site.
    fn site_image(&self, written: &WrittenPath, diags: &mut Vec<Diagnostic>) -> Option<SiteImage> {
        let file = SitePath::new("site.yaml").ok()?;
        let at = |diag: Diagnostic| diag.arg("target", &written.path).at_position(&file, written.position);
        let missing = |nearest: Option<String>| {
            let fix = nearest.map_or_else(|| "/images/logo.png".to_string(), |near| format!("/{near}"));
            at(Diagnostic::new(&codes::settings::NO_SETTING_IMAGE).arg("fix", fix))
        };
        let path = match parse_link_target(&written.path) {
            Some(LinkTarget::Internal { path, .. }) => path,
            Some(LinkTarget::External(_)) => {
                diags.push(at(Diagnostic::new(&codes::links::REMOTE_IMAGE)));
                return None;
            }
            Some(LinkTarget::Anchor(_)) => {
                diags.push(missing(None));
                return None;
            }
            None => {
                diags.push(at(disallowed_scheme(&written.path)));
                return None;
            }
        };
        let top = SitePath::new("content/_index.md").ok()?;
        let (file, route) = match self.resolver.resolve(self.catalog, &top, 0, &self.rooted(&path)) {
            LinkResolution::File(file, route) => (file, route),
            LinkResolution::OutsideSite => {
                diags.push(at(Diagnostic::new(&codes::links::LINK_ESCAPES)));
                return None;
            }
            LinkResolution::Missing { nearest } => {
                diags.push(missing(nearest));
                return None;
            }
            LinkResolution::Page(_) | LinkResolution::Generated(_) | LinkResolution::Unpublished(..) => {
                diags.push(missing(None));
                return None;
            }
        };
        let extension = file.extension();
        let Some((_, media_type)) = IMAGE_TYPES.iter().find(|(known, _)| *known == extension) else {
            diags.push(at(Diagnostic::new(&codes::settings::NOT_AN_IMAGE)));
            return None;
        };
        let size = FileContent::read(self, &file).picture_size();
        Some(SiteImage { url: self.settings.href(&route), media_type, size })
    }

    /// The path as links from the site's root write it, which look into `content/` and `static/`. People also write these folders.
    fn rooted(&self, path: &str) -> String {
        let plain = path.trim_start_matches('/');
        let below = plain.strip_prefix("static/").or_else(|| plain.strip_prefix("content/"));
        let exists = SitePath::new(plain).is_ok_and(|path| self.files.contains(&path));
        format!("/{}", below.filter(|_| exists).unwrap_or(plain))
    }
}
