//! Where the figures of a wave come from: digests from the definition over the batches of answers and the snapshot to every field of
//! the results file.
//!
//! Input: [`WaveResults`] with what the store recorded. Output: the digests, and the first field that was altered or that disagrees with
//! the page. A digest finds an edit by hand. Who recomputes the digests of the file as well is found by `puzhi survey verify`, which
//! derives every number from the store again; who edits the store itself is not found.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Results, WaveResults};
use crate::base::{ContentHash, SitePath};
use crate::diag::{Diagnostic, DiagnosticCode};
use crate::kinds::survey::{CollectionMode, SamplingMethod, Survey, Wave};

/// What the store recorded of a wave when its first answers came, and the digests of everything that led to its figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WaveProvenance {
    /// The sample type at the first answer or import. `None`: it was not recorded, so the wave can show no target reached.
    pub sample: Option<SamplingMethod>,
    /// The modes in which answers came, sorted.
    pub modes: Vec<CollectionMode>,
    /// The sampling frame at the first answer or import.
    pub frame: Option<String>,
    /// Why a sample type or frame was recorded later, in words of the person who did it.
    #[serde(default)]
    pub adopted: Option<String>,
    /// Digest of the definition, [`definition_digest`].
    pub definition: String,
    /// Digest of each batch of answers. They are keyed with a secret of the store, so that no answer can be guessed from them.
    pub batches: Vec<String>,
    /// Digest of the definition and the batches.
    pub snapshot: String,
    /// Digest of each field of the wave together with the snapshot.
    pub fields: BTreeMap<String, String>,
}

/// What a page declares of a wave that may not change after its first answer.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DeclaredWave {
    /// Id of the wave.
    pub id: String,
    /// Its sample type.
    pub sample: SamplingMethod,
    /// Its sampling frame.
    pub frame: Option<String>,
}

impl From<&Wave> for DeclaredWave {
    fn from(wave: &Wave) -> DeclaredWave {
        DeclaredWave { id: wave.id.clone(), sample: wave.sample, frame: wave.frame.clone() }
    }
}

/// A value of the results that is not what it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldDisagreement {
    /// Id of the wave.
    pub wave: String,
    /// Name of the field in the results file.
    pub field: String,
    /// What stands in the results, if that can be said in a word.
    pub found: String,
    /// What it should be, if that is known.
    pub expected: String,
}

impl FieldDisagreement {
    /// A finding of this code that names wave and field.
    pub fn diagnostic(&self, code: &'static DiagnosticCode, file: &SitePath) -> Diagnostic {
        Diagnostic::new(code)
            .file(file)
            .arg("wave", &self.wave)
            .arg("field", &self.field)
            .arg("found", shown(&self.found))
            .arg("expected", shown(&self.expected))
    }
}

fn shown(value: &str) -> &str {
    if value.is_empty() { "-" } else { value }
}

/// Digest of what decides how the answers of a wave are counted and what they may claim: sample type, modes, frame, wording, rule of
/// awareness, population and margins.
pub fn definition_digest(survey: &Survey, wave: &Wave) -> ContentHash {
    let rule = survey.awareness.as_ref().and_then(|awareness| awareness.rule.as_ref());
    let margins: Vec<_> = survey.margins.iter().map(|m| (&m.question, &m.shares)).collect();
    let under_age = survey.under_age.as_ref().map(|rule| (&rule.question, &rule.options));
    let parts = serde_json::json!([
        survey.id.as_ref().map(|id| &id.value),
        wave.id,
        wave.sample,
        wave.modes,
        wave.frame,
        survey.wording().to_string(),
        rule,
        survey.counts_if,
        under_age,
        survey.population,
        margins,
    ]);
    ContentHash::of(parts.to_string().as_bytes())
}

/// Digest of a definition and the batches that were counted with it.
pub fn snapshot_digest(definition: &str, batches: &[String]) -> String {
    ContentHash::of(format!("{definition}\n{}\n", batches.join("\n")).as_bytes()).to_string()
}

/// Digest of each field of a wave. `changes` are the comparisons that end in the wave.
fn field_digests(results: &Results, wave: &WaveResults, provenance: &WaveProvenance) -> BTreeMap<String, String> {
    let mut bare = wave.clone();
    bare.provenance = None;
    let mut value = serde_json::to_value(&bare).unwrap_or_default();
    let changes: Vec<_> = results.changes.iter().filter(|change| change.to == wave.id).collect();
    let origin = WaveProvenance { fields: BTreeMap::new(), ..provenance.clone() };
    if let Some(fields) = value.as_object_mut() {
        fields.insert("changes".into(), serde_json::to_value(changes).unwrap_or_default());
        fields.insert("provenance".into(), serde_json::to_value(origin).unwrap_or_default());
    }
    let digest = |name: &String, value: &serde_json::Value| {
        ContentHash::of(format!("{}\n{}\n{name}\n{value}", results.survey, provenance.snapshot).as_bytes()).to_string()
    };
    let fields = value.as_object().into_iter().flatten();
    fields.map(|(name, value)| (name.clone(), digest(name, value))).collect()
}

impl Results {
    /// Computes the digests of every wave that has a provenance.
    pub fn seal(&mut self) {
        let digests: Vec<_> =
            self.waves.iter().map(|wave| Some(field_digests(self, wave, wave.provenance.as_ref()?))).collect();
        for (wave, digests) in self.waves.iter_mut().zip(digests) {
            if let Some((provenance, digests)) = wave.provenance.as_mut().zip(digests) {
                provenance.fields = digests;
            }
        }
    }

    /// The first field that does not agree with its digest or with what the store recorded.
    pub fn first_altered_field(&self) -> Option<FieldDisagreement> {
        self.waves.iter().find_map(|wave| {
            let provenance = wave.provenance.as_ref()?;
            recorded_disagreement(wave, provenance).or_else(|| {
                let computed = field_digests(self, wave, provenance);
                let chain = snapshot_digest(&provenance.definition, &provenance.batches);
                let broken = (chain != provenance.snapshot).then(|| "provenance".to_string());
                let differs = |name: &String| provenance.fields.get(name) != computed.get(name);
                let mut names = computed.keys().filter(|name| *name != "provenance");
                let mut altered = || names.find(|name| differs(name)).or(computed.keys().find(|name| differs(name)));
                let unknown = || provenance.fields.keys().find(|name| !computed.contains_key(*name));
                let field = broken.or_else(|| altered().cloned()).or_else(|| unknown().cloned())?;
                Some(FieldDisagreement { wave: wave.id.clone(), field, found: String::new(), expected: String::new() })
            })
        })
    }

    /// The first field in which the results of a wave differ from the page's declaration of it.
    pub fn first_difference_from_page(&self, declared: &[DeclaredWave]) -> Option<FieldDisagreement> {
        self.waves.iter().find_map(|wave| {
            // A wave that the page no longer declares stays published as it is.
            let page = declared.iter().find(|page| page.id == wave.id)?;
            let differs = |field: &str, found: String, expected: String| {
                (found != expected).then(|| FieldDisagreement {
                    wave: wave.id.clone(),
                    field: field.to_string(),
                    found,
                    expected,
                })
            };
            differs("sample", wave.sample.as_str().into(), page.sample.as_str().into()).or_else(|| {
                // Results of the old form did not fix the frame.
                wave.provenance.as_ref()?;
                let text = |frame: &Option<String>| frame.clone().unwrap_or_default();
                differs("disclosure.frame", text(&wave.disclosure.frame), text(&page.frame))
            })
        })
    }
}

/// A field of a wave that contradicts what the store recorded of it.
fn recorded_disagreement(wave: &WaveResults, provenance: &WaveProvenance) -> Option<FieldDisagreement> {
    let differs = |field: &str, found: String, expected: String| {
        (found != expected).then(|| FieldDisagreement { wave: wave.id.clone(), field: field.into(), found, expected })
    };
    let sample = provenance
        .sample
        .and_then(|recorded| differs("sample", wave.sample.as_str().to_string(), recorded.as_str().to_string()));
    let claims = wave.awareness.as_ref().is_some_and(|figure| figure.interval.is_some());
    let unrecorded = (provenance.sample.is_none() && claims).then(|| FieldDisagreement {
        wave: wave.id.clone(),
        field: "awareness.interval".into(),
        found: String::new(),
        expected: String::new(),
    });
    let text = |frame: &Option<String>| frame.clone().unwrap_or_default();
    sample.or(unrecorded).or_else(|| {
        provenance.sample?;
        differs("disclosure.frame", text(&wave.disclosure.frame), text(&provenance.frame))
    })
}
