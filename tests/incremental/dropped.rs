//! A record that is missing shows: where the reads of one facet are not recorded, a script fails that passes otherwise.
//!
//! `CAUGHT_BY` names a script for each facet. After a change of the random sites, of the edits or of the facets, find new ones with
//! `PUZHI_FIND=400 cargo test --test incremental -- --ignored find --nocapture`.

use puzhi::pipeline::facet_names;
use rayon::prelude::*;

use crate::run_script;

/// Every facet is in the table, also where the scripts are not run.
#[test]
fn every_facet_is_in_the_table() {
    let listed: Vec<&str> = CAUGHT_BY.iter().map(|caught| caught.facet).collect();
    assert_eq!(listed, facet_names(), "CAUGHT_BY lists every facet once, in their order");
}

/// A facet whose reads are not recorded, and the seed of a script that fails then.
struct Caught {
    facet: &'static str,
    seed: u64,
}

const fn caught(facet: &'static str, seed: u64) -> Caught {
    Caught { facet, seed }
}

const CAUGHT_BY: &[Caught] = &[];

#[test]
#[ignore = "runs a script for each facet; the full test does"]
fn a_record_that_is_missing_shows() {
    let check = |caught: &Caught| {
        let Caught { facet, seed } = caught;
        let whole = run_script(*seed, None).err().map(|why| format!("seed {seed}: {why}"));
        let missed = run_script(*seed, Some(facet)).is_ok().then(|| format!("seed {seed} does not catch {facet}"));
        whole.or(missed)
    };
    let wrong: Vec<String> = CAUGHT_BY.par_iter().filter_map(check).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Prints the table: for each facet a seed that catches it.
#[test]
#[ignore = "searches for new seeds"]
fn find_seeds() {
    let most: u64 = std::env::var("PUZHI_FIND").ok().and_then(|n| n.parse().ok()).unwrap_or(100);
    let find = |facet: &str| (0..most).into_par_iter().find_any(|seed| run_script(*seed, Some(facet)).is_err());
    for facet in facet_names() {
        match find(facet) {
            Some(seed) => println!("    caught({facet:?}, {seed}),"),
            None => println!("    // {facet:?}: none of {most}"),
        }
    }
}
