//! One interview as it is sealed, and what became of people without one.
//!
//! In: a response. Out: bytes that only the office can read, signed by the device. The text is filled up to a multiple of a kilobyte, so
//! that its length says nothing of the answers. Holds no name of the person and no number of a call sheet.

use puzhi_core::base::ContentHash;
use puzhi_core::kinds::{CollectionMode, Outcomes};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::age;
use super::keys::DeviceKey;
use crate::collector::random::random_bytes;
use crate::{Response, SampleUnit};

/// Bytes to a multiple of which a text is filled up.
const PADDING: usize = 1024;

/// What became of somebody who was to be interviewed, as an interviewer sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Disposition {
    /// A whole interview.
    Complete,
    /// A refusal, or an interview that was broken off.
    Refusal,
    /// Nobody was at home or answered the phone.
    Noncontact,
    /// Another reason: illness, language.
    Other,
    /// Nobody knows whether the person belongs to the population.
    Unknown,
    /// The person does not belong to the population.
    Ineligible,
}

impl Disposition {
    /// All of them.
    pub const ALL: [Disposition; 6] = [
        Disposition::Complete,
        Disposition::Refusal,
        Disposition::Noncontact,
        Disposition::Other,
        Disposition::Unknown,
        Disposition::Ineligible,
    ];

    /// The name in forms and in the device's database; that of the count in [`Outcomes`].
    pub fn as_str(self) -> &'static str {
        match self {
            Disposition::Complete => "complete",
            Disposition::Refusal => "refusal",
            Disposition::Noncontact => "noncontact",
            Disposition::Other => "other",
            Disposition::Unknown => "unknown",
            Disposition::Ineligible => "ineligible",
        }
    }

    /// The disposition of this name.
    pub fn from_name(name: &str) -> Option<Disposition> {
        Disposition::ALL.into_iter().find(|disposition| disposition.as_str() == name)
    }

    /// The place of its count.
    pub fn count_in(self, outcomes: &mut Outcomes) -> &mut Option<u64> {
        match self {
            Disposition::Complete => &mut outcomes.complete,
            Disposition::Refusal => &mut outcomes.refusal,
            Disposition::Noncontact => &mut outcomes.noncontact,
            Disposition::Other => &mut outcomes.other,
            Disposition::Unknown => &mut outcomes.unknown,
            Disposition::Ineligible => &mut outcomes.ineligible,
        }
    }
}

/// Counts of dispositions. What no button counts stays `None`.
pub fn outcomes_of(counted: impl IntoIterator<Item = (Disposition, u64)>) -> Outcomes {
    let zero = Some(0);
    let mut outcomes = Outcomes {
        complete: zero,
        partial: None,
        refusal: zero,
        noncontact: zero,
        other: zero,
        unknown: zero,
        ineligible: zero,
    };
    for (disposition, count) in counted {
        let sum = disposition.count_in(&mut outcomes);
        *sum = Some(sum.unwrap_or(0).saturating_add(count));
    }
    outcomes
}

/// The text of an interview before it is sealed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct InterviewText {
    /// Random; the row key in the office's store.
    pub id: String,
    pub survey: String,
    pub wave: String,
    pub mode: CollectionMode,
    /// Whole hours since 1970-01-01T00:00Z, by the clock of the device.
    pub hour: i64,
    /// [`puzhi_core::kinds::Survey::wording`] on the device.
    pub wording: String,
    /// Whether the person was drawn: is a case of a call sheet.
    pub drawn: bool,
    /// Where in the sample, by the names of the call sheet.
    #[serde(default)]
    pub sample: SampleUnit,
    pub answers: Json,
}

/// An interview that only the office can read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SealedInterview {
    /// A file of the age format.
    pub sealed: Vec<u8>,
    /// The device's signature of survey, wave and file.
    pub signature: [u8; 64],
}

impl SealedInterview {
    /// Seals a response to the office's public key. `drawn` says that the person is a case of a call sheet. The id of the response is
    /// replaced by a new random one. `None` when the system has no random bytes, or the key cannot be used.
    pub fn new(response: &Response, drawn: bool, office: &[u8; 32], device: &DeviceKey) -> Option<SealedInterview> {
        let text = InterviewText {
            id: hex::encode(random_bytes::<16>()?),
            survey: response.survey.clone(),
            wave: response.wave.clone(),
            mode: response.mode,
            hour: response.hour,
            wording: response.wording.to_string(),
            drawn,
            sample: response.sample.clone(),
            answers: serde_json::from_str(&response.answers.canonical()).ok()?,
        };
        let mut plain = serde_json::to_vec(&text).ok()?;
        plain.resize(plain.len().next_multiple_of(PADDING), b' ');
        let sealed = age::seal(&plain, office)?;
        let signature = device.sign(&signed_bytes(&response.survey, &response.wave, &sealed));
        Some(SealedInterview { sealed, signature })
    }
}

impl InterviewText {
    /// The row key and the wording; `None` when they are not written as this program does.
    pub fn keys(&self) -> Option<([u8; 16], ContentHash)> {
        let mut id = [0; 16];
        hex::decode_to_slice(&self.id, &mut id).ok()?;
        Some((id, ContentHash::parse(&self.wording)?))
    }
}

/// What the signature of an interview covers.
pub(super) fn signed_bytes(survey: &str, wave: &str, sealed: &[u8]) -> Vec<u8> {
    [format!("interview\n{survey}\n{wave}\n").as_bytes(), sealed].concat()
}
