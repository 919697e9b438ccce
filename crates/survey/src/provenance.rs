//! Where the figures of a wave come from: what the store recorded, compared with the page, and written into the results.
//!
//! In: the store's batches, the definition, counted results. Out: results with digests from the definition over batches and snapshot to
//! every field ([`puzhi_core::kinds::results::WaveProvenance`]), or the field that was relabelled. Knows no database and no files.

use std::collections::{BTreeMap, BTreeSet};

use puzhi_core::kinds::results::{
    NoClaim, Results, WaveChange, WaveProvenance, WaveResults, definition_digest, snapshot_digest,
};
use puzhi_core::kinds::{CollectionMode, SamplingMethod, Survey};

use crate::snapshot::SnapshotNote;
use crate::store::{BatchRecord, BatchState, Ended, Relabelled, sample_name};

/// What was recorded of one wave.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RecordedWave {
    /// The sample type; `None` if it is unrecorded for some of its answers.
    pub sample: Option<SamplingMethod>,
    /// The sampling frame.
    pub frame: Option<String>,
    /// The modes of its answers.
    pub modes: BTreeSet<CollectionMode>,
    /// Why sample type and frame were recorded later.
    pub adopted: Option<String>,
    /// Digests of the batches whose answers are there, by number.
    pub batches: Vec<String>,
    /// When its answers were deleted at the end of their retention; `None` while some are there.
    pub purged: Option<Ended>,
}

/// What was recorded of each wave. `unrecorded` are numbers of answers by wave that belong to no batch.
pub fn recorded_waves(batches: &[BatchRecord], unrecorded: &BTreeMap<String, u64>) -> BTreeMap<String, RecordedWave> {
    let mut waves: BTreeMap<String, RecordedWave> = BTreeMap::new();
    let mut unknown: BTreeSet<String> = unrecorded.keys().cloned().collect();
    for batch in batches {
        let wave = waves.entry(batch.facts.wave.clone()).or_default();
        match (batch.state, batch.ended) {
            (BatchState::Kept, _) => {
                wave.batches.push(batch.digest.to_string());
                wave.modes.insert(batch.facts.mode);
            }
            (BatchState::Purged, Some(ended)) => wave.purged = Some(ended),
            _ => {}
        }
        if batch.facts.sample.is_none() {
            unknown.insert(batch.facts.wave.clone());
        }
        wave.sample = batch.facts.sample.or(wave.sample);
        wave.frame.clone_from(&batch.facts.frame);
        if batch.number == 0 && batch.facts.sample.is_some() {
            wave.adopted = Some(batch.note.clone());
        }
    }
    for id in unknown {
        let wave = waves.entry(id).or_default();
        wave.sample = None;
    }
    for (id, wave) in &mut waves {
        if !wave.batches.is_empty() || unrecorded.contains_key(id) {
            wave.purged = None;
        }
    }
    waves
}

/// The first field in which the page declares a wave other than it was recorded.
pub fn first_relabelled(survey: &Survey, recorded: &BTreeMap<String, RecordedWave>) -> Option<Relabelled> {
    survey.all_waves().iter().find_map(|wave| {
        let known = recorded.get(&wave.id).filter(|known| known.sample.is_some())?;
        let differs = |field: &'static str, recorded: String, declared: String| {
            (recorded != declared).then(|| Relabelled { wave: wave.id.clone(), field, recorded, declared })
        };
        let modes = |modes: &mut dyn Iterator<Item = &CollectionMode>| {
            modes.map(|mode| mode.as_str()).collect::<Vec<_>>().join(", ")
        };
        let missing = known.modes.iter().any(|mode| !wave.modes.is_empty() && !wave.modes.contains(mode));
        differs("sample", sample_name(known.sample).into(), wave.sample.as_str().into())
            .or_else(|| {
                differs("frame", known.frame.clone().unwrap_or_default(), wave.frame.clone().unwrap_or_default())
            })
            .or_else(|| {
                let (recorded, declared) = (modes(&mut known.modes.iter()), modes(&mut wave.modes.iter()));
                missing.then(|| Relabelled { wave: wave.id.clone(), field: "mode", recorded, declared })
            })
    })
}

/// Writes what was recorded into counted results, and keeps what was published of waves whose answers are deleted. `notes` say which
/// waves the snapshot kept as they were published; those keep their provenance.
pub fn record(
    results: &mut Results,
    published: Option<&Results>,
    survey: &Survey,
    recorded: &BTreeMap<String, RecordedWave>,
    notes: &[SnapshotNote],
) {
    let kept: BTreeSet<&str> = notes
        .iter()
        .filter_map(|note| match note {
            SnapshotNote::KeptEarlierWording { wave }
            | SnapshotNote::KeptTooSmallDifference { wave }
            | SnapshotNote::KeptSmallGroups { wave } => Some(wave.as_str()),
            _ => None,
        })
        .collect();
    for wave in results.waves.iter_mut().filter(|wave| !kept.contains(wave.id.as_str())) {
        let known = recorded.get(&wave.id).cloned().unwrap_or_default();
        let definition = survey
            .all_waves()
            .iter()
            .find(|declared| declared.id == wave.id)
            .map(|declared| definition_digest(survey, declared).to_string());
        let definition = definition.unwrap_or_default();
        if known.sample.is_none() {
            withhold_claims(wave);
        }
        wave.provenance = Some(WaveProvenance {
            sample: known.sample,
            modes: known.modes.iter().copied().collect(),
            frame: known.frame.clone(),
            adopted: known.adopted.clone(),
            snapshot: snapshot_digest(&definition, &known.batches),
            definition,
            batches: known.batches.clone(),
            fields: BTreeMap::new(),
        });
    }
    for gone in published.iter().flat_map(|published| &published.waves) {
        let purged = recorded.get(&gone.id).is_some_and(|known| known.purged.is_some());
        if purged && !results.waves.iter().any(|wave| wave.id == gone.id) {
            results.waves.push(gone.clone());
        }
    }
    results.waves.sort_by_key(|wave| (wave.closes.is_none(), wave.closes.clone(), wave.id.clone()));
    let claims = |id: &String| {
        results.waves.iter().any(|w| w.id == *id && w.awareness.as_ref().is_some_and(|f| f.interval.is_some()))
    };
    let comparable: Vec<_> =
        results.changes.iter().filter(|change| claims(&change.from) && claims(&change.to)).cloned().collect();
    results.changes = comparable;
    // A comparison with a wave whose answers are deleted stays as it was published.
    let as_published = |id: &String| {
        let of = |all: &Results| all.waves.iter().find(|wave| wave.id == *id).cloned();
        published.is_some_and(|published| of(published).is_some() && of(published) == of(results))
    };
    let mut old: Vec<WaveChange> = published.map(|published| published.changes.clone()).unwrap_or_default();
    old.retain(|change| {
        let known = results.changes.iter().any(|now| now.from == change.from && now.to == change.to);
        !known && as_published(&change.from) && as_published(&change.to)
    });
    results.changes.append(&mut old);
    results.seal();
}

/// Takes the interval, and with it every claim about the target, from a wave whose sample type was not recorded.
pub fn withhold_claims(wave: &mut WaveResults) {
    let Some(figure) = &mut wave.awareness else { return };
    figure.interval = None;
    // A voluntary sample claims nothing in any case.
    if wave.sample != SamplingMethod::Voluntary {
        figure.no_claim = Some(NoClaim::Unrecorded);
    }
    wave.crosses.iter_mut().flat_map(|table| &mut table.groups).for_each(|group| group.share = None);
    for table in &mut wave.questions {
        table.estimate = None;
        table.rows.iter_mut().for_each(|row| row.estimate = None);
    }
}
