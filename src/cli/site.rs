//! What commands on a site begin with: settings, the build date, the list of files, and the phases before rendering.
//!
//! In: the site's folder and the options that select its state. Out: [`SiteSettings`], then [`ScannedSite`], then what the
//! pipeline takes or has prepared. The only place that reads the clock and `SOURCE_DATE_EPOCH` for a site. Prints nothing.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::pipeline::{BuildInput, Options, Prepared, Progress, prepare};
use crate::settings::{self, Settings};
use crate::source::{FileSnapshot, SETTINGS_FILE, read_settings_text, scan};
use puzhi_core::base::{BuildDate, SitePath, parse_date};
use puzhi_core::diag::{Diagnostic, Severity, SourceText, codes};

/// Which state of which site a command works on.
#[derive(Debug, Clone, Copy)]
pub(super) struct SiteRequest<'a> {
    /// The folder with `site.yaml`.
    pub root: &'a Path,
    /// `--base-url`, which overrides the settings.
    pub base_url: Option<&'a str>,
    /// `--date` as it was written.
    pub date: Option<&'a str>,
    /// Warnings of the settings are errors.
    pub strict: bool,
}

impl<'a> SiteRequest<'a> {
    /// The site as its settings have it, today.
    pub fn of(root: &'a Path) -> Self {
        SiteRequest { root, base_url: None, date: None, strict: false }
    }

    /// Reads settings and files.
    ///
    /// # Errors
    /// Those of [`SiteRequest::read_settings`].
    pub fn open(&self) -> Result<ScannedSite, Vec<Diagnostic>> {
        Ok(self.read_settings()?.scan())
    }

    /// Reads `site.yaml` and the build date.
    ///
    /// # Errors
    /// All findings, if one of them is an error, or a warning under `strict`; they mean [`super::ExitStatus::Usage`].
    pub fn read_settings(&self) -> Result<SiteSettings, Vec<Diagnostic>> {
        let path = SitePath::new(SETTINGS_FILE).map_err(|_| Vec::new())?;
        let (text, warning) = read_settings_text(self.root).map_err(|diag| vec![diag])?;
        let (mut settings, mut diags) = settings::read(&SourceText::new(&path, &text));
        diags.extend(warning);
        if let Some(url) = self.base_url {
            match settings::parse_base_url(url) {
                Some(good) => settings.base_url = Some(good),
                None => {
                    diags.push(Diagnostic::new(&codes::settings::BAD_BASE_URL).arg("key", "base_url").arg("value", url))
                }
            }
        }
        if diags.iter().any(|d| d.is_error() || self.strict && d.severity == Severity::Warning) {
            return Err(diags);
        }
        let day = parse_date_option(self.date).map_err(|diag| vec![diag])?;
        let clock = build_date(day, &settings);
        Ok(SiteSettings { root: self.root.to_path_buf(), settings, clock, diags })
    }
}

/// A site of which only `site.yaml` was read.
pub(super) struct SiteSettings {
    root: PathBuf,
    pub settings: Settings,
    pub clock: BuildDate,
    /// Warnings and notes on the settings.
    diags: Vec<Diagnostic>,
}

impl SiteSettings {
    /// Lists the site's files.
    pub fn scan(self) -> ScannedSite {
        let (files, mut diags) = scan(&self.root, &self.settings.theme);
        diags.extend(self.diags);
        ScannedSite { files: Arc::new(files), settings: Arc::new(self.settings), clock: self.clock, diags }
    }
}

/// A site's settings and files, before any page was read.
pub(super) struct ScannedSite {
    pub files: Arc<FileSnapshot>,
    pub settings: Arc<Settings>,
    pub clock: BuildDate,
    /// Findings of the scan, then of the settings.
    pub diags: Vec<Diagnostic>,
}

impl ScannedSite {
    /// What a build takes.
    pub fn into_input<'o>(self, options: &'o Options, progress: Progress<'o>) -> BuildInput<'o> {
        BuildInput {
            files: self.files,
            found: self.diags,
            settings: self.settings,
            clock: self.clock,
            options,
            progress,
        }
    }

    /// Runs the phases before rendering.
    pub fn prepare(self, options: &Options) -> Prepared {
        prepare(&self.files, self.diags, &self.settings, self.clock, options)
    }
}

/// The day that `--date` names, if it is given.
///
/// # Errors
/// When that is no date.
pub(super) fn parse_date_option(date: Option<&str>) -> Result<Option<Date>, Diagnostic> {
    let read = |written: &str| {
        parse_date(written).map(|m| m.date).ok_or_else(|| {
            Diagnostic::new(&codes::settings::BAD_DATE_OPTION).arg("option", "--date").arg("value", written)
        })
    };
    date.map(read).transpose()
}

/// The date of a build: `day`, else `SOURCE_DATE_EPOCH` (reproducible-builds.org), else today, in the site's zone.
pub(super) fn build_date(day: Option<Date>, settings: &Settings) -> BuildDate {
    let zone: TimeZone = settings.zone.clone();
    let today = day.unwrap_or_else(|| {
        let epoch = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|s| s.trim().parse::<i64>().ok());
        let moment = epoch.and_then(|s| jiff::Timestamp::from_second(s).ok()).unwrap_or_else(jiff::Timestamp::now);
        moment.to_zoned(zone.clone()).date()
    });
    BuildDate { today, zone, zone_name: settings.zone_name.clone() }
}
