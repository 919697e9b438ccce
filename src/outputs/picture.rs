//! What is published of pictures: a clean copy at the address of the file, and renditions in other sizes. In: the file's path. Out: bytes.
//! `assets` has or makes them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::assets::PicturePart;
use crate::engine::{Fingerprint, fingerprint};
use crate::view::SiteData;
use puzhi_core::base::SitePath;
use puzhi_core::diag::Diagnostic;

use super::format::{Artifact, Format, RenderInput, WriteRank};
use super::plan::Planner;

/// The clean copy of a picture in full size. [`super::CopiedFile`] plans it, as the address is that of a copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CleanPicture(pub SitePath);

impl Format for CleanPicture {
    fn plan(_: &mut Planner<'_>) {}

    fn fingerprint(&self, _: &SiteData) -> Fingerprint {
        fingerprint(&("clean picture", &self.0))
    }

    fn name(&self, _: &SiteData) -> &'static str {
        "pictures"
    }

    fn write_rank(&self) -> WriteRank {
        WriteRank::Asset
    }

    fn render<'f>(&self, input: &RenderInput<'_, 'f>) -> Result<Artifact<'f>, Box<Diagnostic>> {
        let file = input.views.site.file(&self.0);
        Ok(file.picture(PicturePart::Clean).map_err(Box::new)?.into())
    }

    fn is_copy(&self) -> bool {
        true
    }

    fn published_files(&self) -> &[SitePath] {
        std::slice::from_ref(&self.0)
    }

    fn is_limited(&self) -> bool {
        false
    }
}

/// A rendition of a picture. Files with equal bytes share it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PictureRendition {
    /// The files.
    pub paths: Arc<[SitePath]>,
    /// The key of what is published of them.
    pub key: String,
    /// Its number among the renditions.
    pub number: usize,
}

impl Format for PictureRendition {
    fn plan(planner: &mut Planner<'_>) {
        let pictures = planner.input.pictures;
        let mut paths: BTreeMap<&String, Vec<SitePath>> = BTreeMap::new();
        for (path, facts) in pictures.all() {
            paths.entry(&facts.key).or_default().push(path.clone());
        }
        for (key, paths) in paths {
            let (Some(first), paths) = (paths.first().cloned(), Arc::<[SitePath]>::from(paths)) else { continue };
            let Some(facts) = pictures.get(&first) else { continue };
            for (number, rendition) in facts.renditions.iter().enumerate() {
                if let Some(route) = facts.route(rendition) {
                    let recipe = PictureRendition { paths: Arc::clone(&paths), key: key.clone(), number };
                    planner.add(route, recipe, Some(first.clone()));
                }
            }
        }
    }

    fn fingerprint(&self, _: &SiteData) -> Fingerprint {
        fingerprint(&("rendition", &self.key, self.number))
    }

    fn name(&self, _: &SiteData) -> &'static str {
        "pictures"
    }

    fn write_rank(&self) -> WriteRank {
        WriteRank::Asset
    }

    fn render<'f>(&self, input: &RenderInput<'_, 'f>) -> Result<Artifact<'f>, Box<Diagnostic>> {
        let Some(path) = self.paths.first() else { return Ok(Vec::new().into()) };
        let file = input.views.site.file(path);
        Ok(file.picture(PicturePart::Rendition(self.number)).map_err(Box::new)?.into())
    }

    fn published_files(&self) -> &[SitePath] {
        &self.paths
    }

    fn is_limited(&self) -> bool {
        false
    }
}
