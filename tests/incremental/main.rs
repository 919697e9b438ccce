//! A build over an earlier one gives what a clean build gives: every byte and every finding, whatever happened in between.
//!
//! Each script is a site and a run of edits and accidents, drawn from a seed; `PUZHI_SCRIPTS=2000 cargo test --test incremental`
//! runs that many. Seeds that once failed stay in `ONCE_FAILED`.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::iter_over_hash_type,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests read files, run programs and stop at what is unexpected"
)]

mod cost;
mod drafts_shown;
mod dropped;
mod findings;
mod languages;
mod random_site;
#[path = "../support/mod.rs"]
mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::{Date, date};
use puzhi::pipeline::{
    BuildInput, BuildState, Options, Outcome, OutputFiles, Report, build_in_memory, build_with_state,
};
use puzhi::settings::Settings;
use puzhi::source::{FileSnapshot, scan};
use puzhi_core::diag::{Lang, to_text};
use random_site::{RandomSite, SeededRng};
use rayon::prelude::*;

use crate::support::{build_date, parse_settings};

/// Seeds of scripts that once failed.
const ONCE_FAILED: &[u64] = &[1566];

const STEPS: usize = 8;

#[test]
fn incremental_builds_give_what_clean_ones_give() {
    let count: u64 = std::env::var("PUZHI_SCRIPTS").ok().and_then(|n| n.parse().ok()).unwrap_or(24);
    let start: u64 = std::env::var("PUZHI_SEED").ok().and_then(|n| n.parse().ok()).unwrap_or(0);
    let seeds: Vec<u64> = ONCE_FAILED.iter().copied().chain(start..start + count).collect();
    let steps = seeds.len() * STEPS;
    let results: Vec<Result<usize, String>> =
        seeds.into_par_iter().map(|seed| run_script(seed, None).map_err(|why| format!("seed {seed}: {why}"))).collect();
    let failed: Vec<&String> = results.iter().filter_map(|result| result.as_ref().err()).collect();
    assert!(failed.is_empty(), "{} scripts failed, the first:\n{}", failed.len(), failed[0]);
    // A site with errors is not written, so it shows only that findings are equal.
    let written: usize = results.iter().flatten().sum();
    assert!(written * 2 > steps, "only {written} of {steps} steps wrote a site");
}

/// The same with corrections, withdrawals, terms and release logs, drawn apart, so that the seeds above stay what they are.
#[test]
fn incremental_builds_of_pages_with_a_past_give_what_clean_ones_give() {
    let count: u64 = std::env::var("PUZHI_SCRIPTS").ok().and_then(|n| n.parse().ok()).unwrap_or(24);
    let start: u64 = std::env::var("PUZHI_SEED").ok().and_then(|n| n.parse().ok()).unwrap_or(0);
    let run = |seed| run_script_with(seed, None, true).map_err(|why| format!("seed {seed}: {why}"));
    let results: Vec<Result<usize, String>> = (start..start + count).into_par_iter().map(run).collect();
    let failed: Vec<&String> = results.iter().filter_map(|result| result.as_ref().err()).collect();
    assert!(failed.is_empty(), "{} scripts failed, the first:\n{}", failed.len(), failed[0]);
    let written: usize = results.iter().flatten().sum();
    assert!(written * 3 > results.len() * STEPS, "only {written} of {} steps wrote a site", results.len() * STEPS);
}

/// Where sites of tests are: in memory where the system offers that.
fn temp_dir() -> tempfile::TempDir {
    let shared = Path::new("/dev/shm");
    tempfile::tempdir_in(shared).or_else(|_| tempfile::tempdir()).unwrap()
}

struct Site {
    _folder: tempfile::TempDir,
    root: PathBuf,
    written: BTreeMap<String, String>,
}

impl Site {
    fn write(&mut self, files: &BTreeMap<String, String>) {
        for path in self.written.keys().filter(|path| !files.contains_key(*path)) {
            fs::remove_file(self.root.join(path)).unwrap();
        }
        for (path, text) in files.iter().filter(|(path, text)| self.written.get(*path) != Some(text)) {
            let place = self.root.join(path);
            fs::create_dir_all(place.parent().unwrap()).unwrap();
            fs::write(place, text).unwrap();
        }
        self.written = files.clone();
    }

    fn out(&self) -> PathBuf {
        self.root.join("public")
    }
}

/// What a step does besides editing files.
#[derive(Clone)]
struct BuildMode {
    today: Date,
    base_url: Option<String>,
    options: Options,
}

/// Runs the script of a seed; returns in how many steps the site had no errors, so that it was written. Reads of the facet named `unrecorded` are not recorded.
fn run_script(seed: u64, unrecorded: Option<&str>) -> Result<usize, String> {
    run_script_with(seed, unrecorded, false)
}

/// The same; `has_past` adds edits of corrections, withdrawals, terms and the release log between the others.
fn run_script_with(seed: u64, unrecorded: Option<&str>, has_past: bool) -> Result<usize, String> {
    let mut rng = SeededRng(seed);
    let mut past = SeededRng(!seed);
    let folder = temp_dir();
    let root = folder.path().join("site");
    fs::create_dir(&root).unwrap();
    let mut site = Site { _folder: folder, root, written: BTreeMap::new() };
    let mut random_site = RandomSite::new(&mut rng);
    if has_past {
        random_site.turn_formats_on();
    }
    let mut mode = BuildMode { today: date(2026, 11, 1), base_url: None, options: Options::default() };
    mode.options.unrecorded = unrecorded.map(String::from);
    let mut log = Vec::new();
    let mut written = 0;
    for step in 0..STEPS {
        let what = if step == 0 {
            "first build".to_string()
        } else {
            apply_random_event(&mut rng, &mut random_site, &mut mode, &mut site)
        };
        log.push(what);
        if has_past {
            random_site.edit_past(&mut past);
        }
        site.write(&random_site.files());
        let outcome = compare(&site, &mode).map_err(|why| format!("step {step} of {log:?}: {why}"))?;
        written += usize::from(outcome == Outcome::Built);
    }
    Ok(written)
}

/// Something happens.
fn apply_random_event(
    rng: &mut SeededRng,
    random_site: &mut RandomSite,
    mode: &mut BuildMode,
    site: &mut Site,
) -> String {
    match rng.below(20) {
        0..=9 => {
            random_site.edit(rng);
            "an edit".into()
        }
        10 => {
            random_site.edit(rng);
            random_site.edit(rng);
            "two edits at once".into()
        }
        11 => {
            mode.today = *rng.pick(&[date(2026, 11, 1), date(2026, 11, 2), date(2026, 10, 31), date(2027, 1, 2)]);
            format!("another day: {}", mode.today)
        }
        12 => {
            let _ = fs::remove_dir_all(site.out());
            "the output folder is gone".into()
        }
        13 => {
            let files = outputs(&site.out());
            let Some((path, _)) = files.iter().nth(rng.below(files.len())) else { return "nothing to alter".into() };
            let place = site.out().join(path);
            match rng.chance(50) {
                true => fs::write(place, "verändert").unwrap(),
                false => fs::remove_file(place).unwrap(),
            }
            format!("{path} was altered")
        }
        14 => {
            let _ = fs::remove_dir_all(site.root.join(".puzhi"));
            "the cache is lost".into()
        }
        15 => {
            for entry in fs::read_dir(site.root.join(".puzhi")).into_iter().flatten().flatten() {
                let bytes = fs::read(entry.path()).unwrap();
                if entry.path().extension().is_some_and(|e| e == "state") {
                    fs::write(entry.path(), &bytes[..bytes.len() / 2]).unwrap();
                }
            }
            "the cache is cut off".into()
        }
        16 => {
            mode.base_url = if mode.base_url.is_some() { None } else { Some("https://other.example/".into()) };
            format!("another address: {:?}", mode.base_url)
        }
        17 => {
            mode.options.drafts = !mode.options.drafts;
            "drafts".into()
        }
        18 => {
            mode.options.keep_going = !mode.options.keep_going;
            "keep going".into()
        }
        _ => simulate_killed_build(rng, random_site, mode, site),
    }
}

/// A build that ends in the middle of putting outputs into place: the mark is there, some outputs are, some are not.
fn simulate_killed_build(
    rng: &mut SeededRng,
    random_site: &mut RandomSite,
    mode: &BuildMode,
    site: &mut Site,
) -> String {
    random_site.edit(rng);
    site.write(&random_site.files());
    let Some((files, settings)) = read(site, mode) else { return "nothing to kill".into() };
    let (report, tree) = build_in_memory(&files, settings.clone(), build_date(mode.today, &settings), &mode.options);
    if report.outcome != Outcome::Built || !site.out().is_dir() {
        return "nothing to kill".into();
    }
    BuildState::open(&site.root, &site.out(), mode.base_url.as_deref(), &mode.options).unwrap().mark_in_flight();
    let known = outputs(&site.out());
    for (path, bytes) in tree.iter().filter(|(path, bytes)| known.get(*path).is_some_and(|old| old != *bytes)) {
        if rng.chance(50) {
            fs::write(site.out().join(path), bytes).unwrap();
        }
    }
    "a build was killed".into()
}

fn read(site: &Site, mode: &BuildMode) -> Option<(FileSnapshot, Settings)> {
    let (mut settings, diags) = parse_settings(&site.written["site.yaml"]);
    assert!(diags.is_empty(), "{diags:?}");
    if let Some(url) = &mode.base_url {
        settings.base_url = Some(url.clone());
    }
    Some((scan(&site.root, &settings.theme).0, settings))
}

fn findings_text(report: &Report) -> String {
    report.diags.iter().map(|d| to_text(d, Lang::En)).collect()
}

/// Builds over what is there and from nothing, and compares the two.
fn compare(site: &Site, mode: &BuildMode) -> Result<Outcome, String> {
    let (files, settings) = read(site, mode).unwrap();
    // Without a text held: that must not be seen either.
    let bare = Options { document_memory: 0, ..mode.options.clone() };
    let (clean, tree) = build_in_memory(&files, settings.clone(), build_date(mode.today, &settings), &bare);
    let before = outputs(&site.out());
    let (files, settings) = read(site, mode).unwrap();
    let input = BuildInput {
        files: files.into(),
        found: Vec::new(),
        clock: build_date(mode.today, &settings),
        settings: settings.into(),
        options: &mode.options,
        progress: &|_, _| {},
    };
    let state = BuildState::open(&site.root, &site.out(), mode.base_url.as_deref(), &mode.options)
        .map_err(|d| to_text(&d, Lang::En))?;
    let (report, _) = build_with_state(input, &state, false, &site.out());
    // What only a disk can say: an altered leftover stays, a list was cut off.
    let of_disk = ["stale-kept", "out-list-lost", "unpublished-left"];
    let said: String =
        report.diags.iter().filter(|d| !of_disk.contains(&d.code.name)).map(|d| to_text(d, Lang::En)).collect();
    if said != findings_text(&clean) || report.outcome != clean.outcome {
        return Err(format!("says\n{said}where a clean build says\n{}", findings_text(&clean)));
    }
    let after = outputs(&site.out());
    if tree.is_empty() {
        return if after == before { Ok(report.outcome) } else { Err("a build with errors changed the site".into()) };
    }
    let stayed = ["stale-kept", "unpublished-left"];
    let kept = report.diags.iter().filter(|d| stayed.contains(&d.code.name)).count();
    for (path, bytes) in &tree {
        match after.get(path) {
            Some(other) if other == bytes => {}
            Some(other) => return Err(format!("{path} differs:\n{}", first_difference(other, bytes))),
            None => return Err(format!("{path} is missing")),
        }
    }
    match after.keys().filter(|path| !tree.contains_key(*path)).count() {
        extra if extra <= kept => Ok(report.outcome),
        _ => Err(format!("left over: {:?}", after.keys().filter(|path| !tree.contains_key(*path)).collect::<Vec<_>>())),
    }
}

fn first_difference(is: &[u8], should: &[u8]) -> String {
    let at = is.iter().zip(should).take_while(|(a, b)| a == b).count();
    let show =
        |bytes: &[u8]| String::from_utf8_lossy(&bytes[at.saturating_sub(60)..bytes.len().min(at + 80)]).into_owned();
    format!("is     …{}…\nshould …{}…", show(is), show(should))
}

/// Every output on the disk.
fn outputs(out: &Path) -> OutputFiles {
    let mut tree = OutputFiles::new();
    let mut todo = vec![out.to_path_buf()];
    while let Some(folder) = todo.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                if path != out.join(".puzhi") {
                    todo.push(path);
                }
            } else {
                let name = path.strip_prefix(out).unwrap().to_str().unwrap().to_string();
                tree.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    tree
}
