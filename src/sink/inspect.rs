//! Reading an output folder while no build writes into it: the stat of an output, and comparison with expected bytes.
#![expect(clippy::disallowed_methods, reason = "writes the output folder")]

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::Path;

use rayon::prelude::*;

use super::bytes;
use super::manifest::Manifest;
use super::plan::{MANIFEST, METADATA_DIR};
use crate::source::FileStat;

/// The stat of the output at `path` in the folder `out`, without reading it. `None` when no regular file stands there.
pub fn output_stat(out: &Path, path: &str) -> Option<FileStat> {
    let meta = fs::symlink_metadata(out.join(path)).ok().filter(fs::Metadata::is_file)?;
    Some(FileStat::from_metadata(&meta))
}

/// The stat of the manifest of the folder `out`. As long as it is the same, the folder holds the outputs of the same build.
pub fn manifest_stat(out: &Path) -> Option<FileStat> {
    output_stat(&out.join(METADATA_DIR), MANIFEST)
}

/// The bytes of the output at `path` in the folder `out`, if it has this stat and is a text file of ordinary size.
pub fn read_output(out: &Path, path: &str, stat: FileStat) -> Option<Vec<u8>> {
    const MAX_BYTES: u64 = 64 << 20;
    if output_stat(out, path) != Some(stat) || stat.size > MAX_BYTES {
        return None;
    }
    let mut bytes = Vec::with_capacity(stat.size as usize);
    fs::File::open(out.join(path)).ok()?.take(MAX_BYTES).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

/// Paths of the outputs that are missing in the folder `out`, cannot be read or hold other bytes than `expected`, and of those that
/// builds left there though they are not expected; ascending.
pub fn differing_outputs(out: &Path, expected: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let differs = |path: &str, expected: &[u8]| {
        let path = out.join(path);
        let same_length = fs::metadata(&path).is_ok_and(|meta| meta.len() == expected.len() as u64);
        !same_length || !bytes::same(&path, expected).unwrap_or(false)
    };
    let mut differing: Vec<String> =
        expected.par_iter().filter(|(path, bytes)| differs(path, bytes)).map(|(path, _)| path.clone()).collect();
    let manifest = fs::read(out.join(METADATA_DIR).join(MANIFEST)).ok().and_then(|text| Manifest::parse(&text));
    let left = manifest.iter().flat_map(Manifest::entries).map(|entry| &entry.path);
    differing.extend(left.filter(|path| !expected.contains_key(*path) && output_stat(out, path).is_some()).cloned());
    differing.sort();
    differing.dedup();
    differing
}
