//! What several test binaries need: a site's settings, the day of a build, and a whole build in memory.
#![allow(dead_code, reason = "each test binary uses only some of these")]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use jiff::civil::Date;
use puzhi::pipeline::{BuildInput, Options, Report, build_in_memory};
use puzhi::settings::{self, Settings};
use puzhi::source::{FileSnapshot, memory_site};
use puzhi_core::base::{BuildDate, SitePath};
use puzhi_core::diag::{Diagnostic, SourceText};
use puzhi_core::kinds::results::{WaveProvenance, read_results, snapshot_digest};

/// Output files by their path below the output folder.
pub type OutputFiles = BTreeMap<String, Vec<u8>>;

/// The repository's root folder.
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The program under test.
pub fn puzhi() -> Command {
    Command::new(env!("CARGO_BIN_EXE_puzhi"))
}

/// The date of a build on `today` in the time zone of the site.
pub fn build_date(today: Date, settings: &Settings) -> BuildDate {
    BuildDate { today, time: BuildDate::WHOLE_DAY, zone: settings.zone.clone(), zone_name: settings.zone_name.clone() }
}

/// Settings read from the text of a `site.yaml`, and what was found wrong with them.
pub fn parse_settings(text: &str) -> (Settings, Vec<Diagnostic>) {
    let path = SitePath::new("site.yaml").expect("a site path");
    settings::read(&SourceText::new(&path, text))
}

/// The same of the `site.yaml` in `files`, decoded as the program decodes it.
pub fn read_settings(files: &FileSnapshot) -> (Settings, Vec<Diagnostic>) {
    let path = SitePath::new("site.yaml").expect("a site path");
    let (source, _) = files.read_text(&path, 1 << 20, "data").expect("the site has a site.yaml");
    parse_settings(&source.text)
}

/// Builds the site of an archive (`-- path --` before each file) on `today`. Its settings must have no errors.
pub fn build_archive(archive: &str, today: Date, options: &Options) -> (Report, OutputFiles) {
    let files = memory_site(archive);
    let (settings, found) = read_settings(&files);
    assert!(!found.iter().any(Diagnostic::is_error), "{found:?}");
    let date = build_date(today, &settings);
    build_in_memory(&files, settings, date, options)
}

/// What a build of `files` on `today` is given, without findings of settings and without a progress display.
pub fn build_input<'o>(files: FileSnapshot, settings: Settings, today: Date, options: &'o Options) -> BuildInput<'o> {
    let clock = build_date(today, &settings);
    BuildInput {
        files: files.into(),
        found: Vec::new(),
        settings: settings.into(),
        clock,
        options,
        progress: &|_, _| {},
    }
}

/// A results file as it would be had the answers been counted from a store that recorded what the file says.
pub fn with_record(text: &str) -> String {
    let path = SitePath::new("content/s.results.json").expect("a site path");
    let (results, diags) = read_results(&SourceText::new(&path, text));
    let mut results = results.unwrap_or_else(|| panic!("{diags:?}"));
    for wave in &mut results.waves {
        let definition = "0".repeat(32);
        wave.provenance = Some(WaveProvenance {
            sample: Some(wave.sample),
            modes: wave.modes.clone(),
            frame: wave.disclosure.frame.clone(),
            adopted: None,
            snapshot: snapshot_digest(&definition, &[]),
            definition,
            batches: Vec::new(),
            fields: BTreeMap::new(),
        });
    }
    results.seal();
    results.to_json()
}
