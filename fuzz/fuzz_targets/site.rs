//! A whole site of any files: settings, content, data, templates. No panic, and nothing outside the output's root.

#![no_main]

use libfuzzer_sys::fuzz_target;
use puzhi_core::base::{BuildDate, SitePath};
use puzhi::pipeline::{Options, build_in_memory};
use puzhi_core::diag::SourceText;
use puzhi::settings;
use puzhi::source::memory_site;

fuzz_target!(|archive: &str| {
    let files = memory_site(archive);
    let Ok(path) = SitePath::new("site.yaml") else { return };
    let text = files.read_text(&path, 1 << 20, "data").map(|(s, _)| s.text).unwrap_or_else(|_| "title: 站".to_string());
    let (settings, _) = settings::read(&SourceText::new(&path, &text));
    let clock = BuildDate {
        today: jiff::civil::date(2026, 4, 26),
        time: BuildDate::WHOLE_DAY,
        zone: settings.zone.clone(),
        zone_name: settings.zone_name.clone(),
    };
    let (_, tree) = build_in_memory(&files, settings, clock, &Options { keep_going: true, ..Options::default() });
    for path in tree.keys() {
        assert!(!path.starts_with('/') && !path.split('/').any(|s| s == ".." || s.is_empty()), "{path}");
    }
});
