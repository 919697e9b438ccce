//! Finds the pictures of a site and makes what is published of them, as far as the cache has it not.
//!
//! In: the site's files, the settings, the cache. Out: [`Pictures`]. Pictures are made in parallel, in batches that together stay below a
//! bound of memory. Knows no pages.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::sync::Arc;

use rayon::prelude::*;

use super::Options;
use crate::assets::{CachedFacts, Pictures, is_picture};
use crate::engine::BlobCache;
use crate::settings::Settings;
use crate::source::FileSnapshot;
use puzhi_core::base::SitePath;
use puzhi_core::diag::Diagnostic;
use puzhi_pictures::memory_needed;

/// Bytes of memory that the pictures of one batch take together, unless one alone takes more.
const BATCH_MEMORY: u64 = 192 << 20;
/// Bytes of a file in which its header is looked for when the memory it takes is estimated.
const HEAD: u64 = 256 << 10;
/// Bytes that the cache may keep of pictures that this build did not have: those of drafts, of another branch, of yesterday.
const UNUSED_LIMIT: u64 = 256 << 20;

/// How pictures are treated.
#[derive(Debug, Clone, Default)]
pub struct PictureOptions {
    /// What earlier builds made; `None` keeps nothing.
    pub cache: Option<Arc<BlobCache>>,
    /// When pictures are made.
    pub timing: PictureTiming,
}

impl PictureOptions {
    /// For commands that make no outputs.
    pub fn never() -> Self {
        Self { cache: None, timing: PictureTiming::Never }
    }
}

/// When pictures are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PictureTiming {
    /// Before pages are looked at, so that all damage is found: for builds.
    Ahead,
    /// When an output is asked for: for the preview.
    #[default]
    OnDemand,
    /// Never: for commands that show no pictures. They count as plain files.
    Never,
}

/// Finds the pictures in `content/` and `static/`.
pub(super) fn read_all(files: &FileSnapshot, settings: &Settings, options: &Options) -> Pictures {
    let PictureOptions { cache, timing } = &options.pictures;
    let ahead = *timing == PictureTiming::Ahead;
    let mut pictures = Pictures::new(settings.pictures.clone(), cache.clone());
    if *timing == PictureTiming::Never {
        return pictures;
    }
    let paths = || ["content", "static"].into_iter().flat_map(|folder| files.paths_in(folder));
    let paths: Vec<&SitePath> = paths().filter(|path| is_picture(path)).collect();
    // Copies of one picture are made once.
    let keyed: Vec<Option<String>> = paths.par_iter().map(|path| Some(pictures.key(files.hash(path)?))).collect();
    let mut by_key: BTreeMap<&str, &SitePath> = BTreeMap::new();
    for (path, key) in paths.iter().zip(&keyed) {
        if let Some(key) = key {
            by_key.entry(key).or_insert(path);
        }
    }
    let mut known: BTreeMap<String, Result<CachedFacts, Diagnostic>> = by_key
        .par_iter()
        .filter_map(|(key, _)| Some(((*key).to_string(), Ok(pictures.cached(key)?))))
        .collect::<Vec<_>>()
        .into_iter()
        .collect();
    let missing: Vec<(&str, &SitePath)> =
        by_key.iter().filter(|(key, _)| !known.contains_key(**key)).map(|(key, path)| (*key, *path)).collect();
    for batch in batches(files, &missing) {
        let make = |(key, path): &(&str, &SitePath)| {
            let key = (*key).to_string();
            let found = match ahead {
                true => pictures.make(files, path, key.clone()),
                false => pictures.plan(files, path, key.clone()),
            };
            (key, found)
        };
        known.extend(batch.par_iter().map(make).collect::<Vec<_>>());
    }
    if let Some(cache) = cache.as_ref().filter(|_| ahead && !missing.is_empty()) {
        let used: BTreeSet<String> = known.keys().cloned().collect();
        cache.trim(&used, UNUSED_LIMIT);
    }
    for (path, key) in paths.into_iter().zip(&keyed) {
        match key.as_ref().and_then(|key| known.get(key)) {
            Some(Ok(found)) => pictures.add(path, found.clone()),
            Some(Err(diag)) => pictures.add_unreadable(path, diag.clone()),
            // It cannot be read; opening it says why.
            None => match files.open(path) {
                Err(diag) => pictures.add_unreadable(path, diag),
                Ok(_) => pictures.add(path, Err(puzhi_pictures::PictureProblem::Broken("unreadable".into()))),
            },
        }
    }
    pictures
}

/// Parts of the list that together stay below [`BATCH_MEMORY`].
fn batches<'p>(files: &FileSnapshot, missing: &[(&'p str, &'p SitePath)]) -> Vec<Vec<(&'p str, &'p SitePath)>> {
    let memory = |(_, path): &(&str, &SitePath)| {
        let mut head = Vec::new();
        if let Ok(stream) = files.open(path) {
            let _ = stream.take(HEAD).read_to_end(&mut head);
        }
        memory_needed(&head, files.size(path).unwrap_or(0))
    };
    let needs: Vec<u64> = missing.par_iter().map(memory).collect();
    // The largest first, while no memory of others waits to be used again.
    let mut by_need: Vec<(u64, (&str, &SitePath))> = needs.into_iter().zip(missing.iter().copied()).collect();
    by_need.sort_by(|(a, _), (b, _)| b.cmp(a));
    let mut out: Vec<Vec<(&str, &SitePath)>> = Vec::new();
    let mut left = 0;
    for (need, picture) in by_need {
        if need > left || out.is_empty() {
            out.push(Vec::new());
            left = BATCH_MEMORY;
        }
        left = left.saturating_sub(need);
        if let Some(batch) = out.last_mut() {
            batch.push(picture);
        }
    }
    out
}
