//! What the phases before rendering are made from, and what they read besides pages: data, the events lock file, results, assets.
//!
//! In: files, settings, the theme, the pages that were read. Out: [`SiteInputs`] and [`SiteMaterial`]. Indexes nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::events::{read_lock, record_events};
use super::released::KnownReleases;
use crate::assets::{Asset, AssetManifest, Pictures, is_fingerprinted};
use crate::calendar::{EventLock, RecordOutcome};
use crate::engine::Fingerprint;
use crate::pipeline::data::{self, Data};
use crate::pipeline::docs::{ContentPages, PageReader};
use crate::pipeline::{Options, pictures, results};
use crate::settings::Settings;
use crate::source::FileSnapshot;
use crate::theme::{Theme, markdown_labels};
use puzhi_core::base::BuildDate;
use puzhi_core::diag::Diagnostic;
use puzhi_core::kinds::Target;
use puzhi_core::kinds::results::Results;

/// What does not change while the phases run.
pub(super) struct SiteInputs<'i> {
    pub files: &'i Arc<FileSnapshot>,
    pub settings: &'i Arc<Settings>,
    pub theme: Arc<Theme>,
    pub clock: BuildDate,
    pub options: &'i Options,
    pub reader: Arc<PageReader>,
    /// Fingerprint of how documents are read.
    pub reading: Fingerprint,
}

impl<'i> SiteInputs<'i> {
    /// Adds how documents are read.
    pub fn new(
        files: &'i Arc<FileSnapshot>,
        settings: &'i Arc<Settings>,
        theme: Arc<Theme>,
        clock: BuildDate,
        options: &'i Options,
    ) -> Self {
        let reader = Arc::new(PageReader {
            files: Arc::clone(files),
            settings: Arc::clone(settings),
            labels: theme.translations.iter().map(markdown_labels).collect(),
            taxonomies: settings.taxonomies.iter().map(|t| t.key.clone()).collect(),
            template_ids: theme.ids_of_pages(),
            searchable: settings.search && theme.has_template("search.html"),
        });
        let reading = reader.fingerprint();
        Self { files, settings, theme, clock, options, reader, reading }
    }
}

/// What is read besides pages.
pub(super) struct SiteMaterial {
    pub data: Data,
    pub targets: Arc<Vec<Target>>,
    pub lock: Option<EventLock>,
    pub record: RecordOutcome,
    /// What was published before.
    pub releases: KnownReleases,
    /// By survey id.
    pub results: BTreeMap<String, Results>,
    pub assets: AssetManifest,
    pub pictures: Arc<Pictures>,
}

impl SiteMaterial {
    /// Reads it; findings are added to `diags`. `known` is the release log as an earlier build read it.
    pub fn read(
        inputs: &SiteInputs<'_>,
        content: &ContentPages,
        known: Option<&KnownReleases>,
        diags: &mut Vec<Diagnostic>,
    ) -> Self {
        let SiteInputs { files, settings, .. } = *inputs;
        let mut data = data::read_all(files, settings);
        diags.append(&mut data.diags);
        let lock = read_lock(files, settings, diags);
        let pages = || content.pages.iter().chain(&content.future);
        let record = record_events(pages(), &lock, settings, inputs.clock.today, diags);
        let releases = KnownReleases::read(files, settings, known, diags);
        let results = results::read_all(files, settings, pages(), diags);
        let assets = fingerprint_assets(&inputs.theme, files, diags);
        let targets = Arc::new(data.targets.clone());
        let pictures = Arc::new(pictures::read_all(files, settings, inputs.options));
        Self { data, targets, lock, record, releases, results, assets, pictures }
    }
}

/// Addresses and integrity of the theme's and the site's static files.
fn fingerprint_assets(theme: &Theme, files: &FileSnapshot, diags: &mut Vec<Diagnostic>) -> AssetManifest {
    let mut assets = AssetManifest::default();
    for name in theme.static_files.keys() {
        match theme.static_file(name, files) {
            Ok(bytes) => {
                if let Some(asset) = Asset::new(name, &bytes, is_fingerprinted(name)) {
                    assets.files.insert(name.clone(), asset);
                }
            }
            Err(diag) => diags.push(diag),
        }
    }
    assets
}
