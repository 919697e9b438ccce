//! The first steps of every command on a site: read the settings, determine the build date, list the files, prepare the pages.
//!
//! Input: the site's folder and the options `--base-url`, `--date` and `--strict`. Output: [`SiteSettings`], then [`ScannedSite`], then
//! the input of a build or the prepared site. This is the only place that reads the clock and `SOURCE_DATE_EPOCH` for a site. Prints
//! nothing.
#![expect(clippy::disallowed_methods, reason = "the command line talks to people, files and the environment")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::fixes::ChangedFiles;
use crate::pipeline::{BuildInput, Options, Prepared, Progress, prepare};
use crate::settings::{self, Settings};
use crate::source::{FileSnapshot, SETTINGS_FILE, read_settings_text, scan};
use puzhi_core::base::{
    BuildDate, DateOrDateTime, DateSuggestion, SitePath, parse_date, parse_several_times, parse_written_date,
    suggest_date, written_range,
};
use puzhi_core::diag::{self, Diagnostic, Severity, SourceText, codes};
use puzhi_core::encoding::decode;

/// The site a command works on, with the options that affect its settings.
#[derive(Debug, Clone, Copy)]
pub(super) struct SiteRequest<'a> {
    /// The folder that contains `site.yaml`.
    pub root: &'a Path,
    /// Value of `--base-url`, which overrides the settings.
    pub base_url: Option<&'a str>,
    /// Value of `--date`, not yet parsed.
    pub date: Option<&'a str>,
    /// Treat warnings about the settings as errors.
    pub strict: bool,
}

impl<'a> SiteRequest<'a> {
    /// The site at `root` with no option given.
    pub fn of(root: &'a Path) -> Self {
        SiteRequest { root, base_url: None, date: None, strict: false }
    }

    /// Reads the settings and lists the files.
    ///
    /// # Errors
    /// Those of [`SiteRequest::read_settings`].
    pub fn open(&self) -> Result<ScannedSite, Vec<Diagnostic>> {
        Ok(self.read_settings()?.scan())
    }

    /// Reads `site.yaml` and determines the build date.
    ///
    /// # Errors
    /// All diagnostics, if one of them is an error, or a warning under `strict`. The command should then end with
    /// [`super::ExitStatus::Usage`].
    pub fn read_settings(&self) -> Result<SiteSettings, Vec<Diagnostic>> {
        let (text, warning) = read_settings_text(self.root).map_err(|diag| vec![naming_folder(diag, self.root)])?;
        self.settings_of(&text, warning)
    }

    /// All findings of the site, without those of making outputs, as if it had these files in place of its own.
    ///
    /// # Errors
    /// The diagnostics of settings that cannot be used.
    pub fn findings_with(&self, changed: &ChangedFiles) -> Result<Vec<Diagnostic>, Vec<Diagnostic>> {
        let settings = SitePath::new(SETTINGS_FILE).ok().and_then(|path| Some((changed.get(&path)?, path)));
        let settings = match settings {
            Some((bytes, path)) => {
                let (text, warning) = decode(&path, bytes).map_err(|diag| vec![diag])?;
                self.settings_of(&text, warning)
            }
            None => self.read_settings(),
        };
        let ScannedSite { files, settings, clock, diags } = settings?.scan();
        let own = changed.iter().filter(|(path, _)| files.contains(path));
        let files = own.fold((*files).clone(), |files, (path, bytes)| files.with_file(path.as_str(), bytes.as_slice()));
        let mut found = prepare(&Arc::new(files), diags, &settings, clock, &Options::default()).diags;
        diag::sort(&mut found);
        Ok(found)
    }

    /// Reads the text of `site.yaml`, and `warning` about its encoding.
    fn settings_of(&self, text: &str, warning: Option<Diagnostic>) -> Result<SiteSettings, Vec<Diagnostic>> {
        let path = SitePath::new(SETTINGS_FILE).map_err(|_| Vec::new())?;
        let (mut settings, mut diags) = settings::read(&SourceText::new(&path, text));
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

/// A site of which only `site.yaml` has been read.
pub(super) struct SiteSettings {
    root: PathBuf,
    /// The settings, with `--base-url` applied.
    pub settings: Settings,
    /// The build date and its time zone.
    pub clock: BuildDate,
    /// Warnings and notes about the settings.
    diags: Vec<Diagnostic>,
}

impl SiteSettings {
    /// Lists the site's files and adds the diagnostics of the scan.
    pub fn scan(self) -> ScannedSite {
        let (files, mut diags) = scan(&self.root, &self.settings.theme);
        diags.extend(self.diags);
        ScannedSite { files: Arc::new(files), settings: Arc::new(self.settings), clock: self.clock, diags }
    }
}

/// A site's settings and file list; no page has been read yet.
pub(super) struct ScannedSite {
    /// The site's files.
    pub files: Arc<FileSnapshot>,
    /// The settings, with `--base-url` applied.
    pub settings: Arc<Settings>,
    /// The build date and its time zone.
    pub clock: BuildDate,
    /// Diagnostics of the scan, then of the settings.
    pub diags: Vec<Diagnostic>,
}

impl ScannedSite {
    /// Converts it to the input of a build.
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

    /// Runs the pipeline's phases before rendering.
    pub fn prepare(self, options: &Options) -> Prepared {
        prepare(&self.files, self.diags, &self.settings, self.clock, options)
    }
}

/// The current folder, or the nearest folder above it that holds a site. Without one, the current folder.
pub(super) fn nearest_site() -> PathBuf {
    let here = PathBuf::from(".");
    let above = || {
        let current = std::env::current_dir().ok()?;
        let levels = current.ancestors().position(|folder| folder.join(SETTINGS_FILE).is_file())?;
        Some(std::iter::repeat_n("..", levels).collect())
    };
    if here.join(SETTINGS_FILE).is_file() { here } else { above().unwrap_or(here) }
}

/// Names the whole path of the folder in a diagnostic that says that it holds no site.
pub(super) fn naming_folder(diag: Diagnostic, root: &Path) -> Diagnostic {
    if *diag.code != codes::settings::NO_SETTINGS {
        return diag;
    }
    let folder = root.canonicalize().or_else(|_| std::path::absolute(root)).unwrap_or_else(|_| root.to_path_buf());
    diag.replace_arg("folder", folder.display())
}

/// Parses `--date`; `None` if it is not given.
///
/// # Errors
/// When the value is not a date.
pub(super) fn parse_date_option(date: Option<&str>) -> Result<Option<DateOrDateTime>, Diagnostic> {
    let read = |written: &str| parse_date(written).ok_or_else(|| bad_date_option("--date", written));
    date.map(read).transpose()
}

/// That the value of an option is no date, or one with another weekday or several times, with what to type instead.
pub(super) fn bad_date_option(option: &str, written: &str) -> Diagnostic {
    let times = parse_several_times(written);
    let whole = times.first().zip(times.last()).map(|(first, last)| {
        let end = last.end.unwrap_or(last.start).max(first.start);
        DateSuggestion::both(written_range(first.start, end))
    });
    let known = parse_written_date(written).map(|date| DateSuggestion::both(date.start.written()));
    let fix = whole.or(known).or_else(|| suggest_date(written, option != "--date"));
    let fix = fix.unwrap_or_else(|| DateSuggestion::both("2026-04-26".to_string()));
    let typed =
        |text: &str| if text.contains(' ') { format!("{option} \"{text}\"") } else { format!("{option} {text}") };
    let diag = Diagnostic::new(&codes::settings::BAD_DATE_OPTION).arg("option", option).arg("value", written);
    diag.arg("fix", typed(&fix.text)).arg("note", fix.note_zh).arg("note_en", fix.note_en)
}

/// The build date in the site's time zone: `day`, or else `SOURCE_DATE_EPOCH` (seconds since 1970, see reproducible-builds.org), or else
/// now. A day without a time counts as a whole.
pub(super) fn build_date(day: Option<DateOrDateTime>, settings: &Settings) -> BuildDate {
    let zone: TimeZone = settings.zone.clone();
    let (today, time) = match day {
        Some(day) => (day.date, day.time.unwrap_or(BuildDate::WHOLE_DAY)),
        None => {
            let epoch = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|s| s.trim().parse::<i64>().ok());
            let moment = epoch.and_then(|s| jiff::Timestamp::from_second(s).ok());
            let now = moment.unwrap_or_else(jiff::Timestamp::now).to_zoned(zone.clone());
            (now.date(), now.time())
        }
    };
    BuildDate { today, time, zone, zone_name: settings.zone_name.clone() }
}
