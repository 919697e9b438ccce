//! The file that is handed over: sealed interviews and counts of dispositions of one device, signed as a whole.
//!
//! Lines of ASCII: the name of the format, a header in JSON, one line of base64 for each interview (signature, sealed bytes), and the
//! device's signature of all lines before. In: what a device holds, or untrusted bytes of bounded size. Out: a text, or a batch whose
//! signatures are right and whose device is enrolled. Opens no interview.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use puzhi_core::kinds::{FieldWork, Outcomes, device_key_text};
use serde::{Deserialize, Serialize};

use super::keys::{DeviceKey, is_signed_by};
use super::record::{SealedInterview, signed_bytes};

/// The first line of every batch.
const BATCH_FIRST_LINE: &str = "puzhi-field-batch 1";
/// Largest batch, in bytes.
pub const MAX_BATCH_BYTES: u64 = 64 << 20;
/// Most interviews of a batch.
const MAX_INTERVIEWS: usize = 50_000;
/// Most bytes of a line.
const MAX_LINE: usize = 256 << 10;
/// What the last line begins with.
const END: &str = "--- ";

/// A batch of one device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldBatch {
    /// Id of the survey.
    pub survey: String,
    /// Id of the wave.
    pub wave: String,
    /// Public key of the device.
    pub device: [u8; 32],
    /// How many batches the device has made, with this one.
    pub number: u64,
    /// What became of everybody the device has met so far.
    pub outcomes: Outcomes,
    /// All interviews of the device so far.
    pub interviews: Vec<SealedInterview>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct BatchHeader {
    survey: String,
    wave: String,
    device: String,
    number: u64,
    interviews: usize,
    outcomes: Outcomes,
}

/// Why a batch is refused. Nothing of it is stored then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BatchError {
    /// The file does not begin as a batch.
    NotABatch,
    /// It is larger than this many bytes, or has too many or too long lines.
    TooLarge,
    /// Its end is missing.
    Truncated,
    /// A signature is wrong: it was altered after the hand-over.
    Altered,
    /// It is of another survey or wave.
    OtherWave {
        /// Id of its survey.
        survey: String,
        /// Id of its wave.
        wave: String,
    },
    /// The wave has no key of an office, so no device can be enrolled.
    NoFieldWork,
    /// The device is not enrolled for the wave.
    NotEnrolled {
        /// Its public key, as the definition would write it.
        device: String,
    },
    /// The device is revoked.
    Revoked {
        /// Its name.
        name: String,
    },
    /// It is sealed to another key than that of the given key file.
    OtherKey,
}

impl FieldBatch {
    /// The text of the file, signed by `device`, which is the batch's.
    pub fn write(&self, device: &DeviceKey) -> String {
        let header = BatchHeader {
            survey: self.survey.clone(),
            wave: self.wave.clone(),
            device: hex::encode(self.device),
            number: self.number,
            interviews: self.interviews.len(),
            outcomes: self.outcomes,
        };
        // Texts and numbers always serialise.
        let header = serde_json::to_string(&header).unwrap_or_default();
        let mut text = format!("{BATCH_FIRST_LINE}\n{header}\n");
        for interview in &self.interviews {
            text.push_str(&STANDARD_NO_PAD.encode([&interview.signature[..], &interview.sealed].concat()));
            text.push('\n');
        }
        let signature = device.sign(text.as_bytes());
        text.push_str(&format!("{END}{}\n", STANDARD_NO_PAD.encode(signature)));
        text
    }

    /// Reads a file and checks that its signatures are those of the device that it names.
    ///
    /// # Errors
    /// See [`BatchError`].
    pub fn read(bytes: &[u8]) -> Result<FieldBatch, BatchError> {
        if bytes.len() as u64 > MAX_BATCH_BYTES {
            return Err(BatchError::TooLarge);
        }
        if !is_batch(bytes) {
            return Err(BatchError::NotABatch);
        }
        let text = std::str::from_utf8(bytes).map_err(|_| BatchError::Altered)?;
        let whole = text.strip_suffix('\n').ok_or(BatchError::Truncated)?;
        let last = whole.rfind('\n').map_or(0, |at| at + 1);
        let end = whole[last..].strip_prefix(END).ok_or(BatchError::Truncated)?;
        let signed = &text[..last];
        let mut lines = signed.lines().skip(1);
        let header: BatchHeader = serde_json::from_str(bounded(lines.next().ok_or(BatchError::Truncated)?)?)
            .map_err(|_| BatchError::Altered)?;
        let mut device = [0; 32];
        hex::decode_to_slice(&header.device, &mut device).map_err(|_| BatchError::Altered)?;
        let signature: Option<[u8; 64]> = STANDARD_NO_PAD.decode(end).ok().and_then(|s| s.try_into().ok());
        if !signature.is_some_and(|signature| is_signed_by(&device, signed.as_bytes(), &signature)) {
            return Err(BatchError::Altered);
        }
        let mut interviews = Vec::new();
        for line in lines {
            if interviews.len() == MAX_INTERVIEWS {
                return Err(BatchError::TooLarge);
            }
            let bytes = STANDARD_NO_PAD.decode(bounded(line)?).map_err(|_| BatchError::Altered)?;
            let (signature, sealed) = bytes.split_first_chunk::<64>().ok_or(BatchError::Altered)?;
            if !is_signed_by(&device, &signed_bytes(&header.survey, &header.wave, sealed), signature) {
                return Err(BatchError::Altered);
            }
            interviews.push(SealedInterview { sealed: sealed.to_vec(), signature: *signature });
        }
        if interviews.len() != header.interviews {
            return Err(BatchError::Altered);
        }
        let BatchHeader { survey, wave, number, outcomes, .. } = header;
        Ok(FieldBatch { survey, wave, device, number, outcomes, interviews })
    }

    /// The name of the device, when the wave takes batches of it.
    ///
    /// # Errors
    /// When the device is not enrolled, or revoked.
    pub fn enrolled_as<'f>(&self, field: Option<&'f FieldWork>) -> Result<&'f str, BatchError> {
        let field = field.ok_or(BatchError::NoFieldWork)?;
        match field.device(&self.device) {
            None => Err(BatchError::NotEnrolled { device: device_key_text(&self.device) }),
            Some(device) if device.revoked => Err(BatchError::Revoked { name: device.name.clone() }),
            Some(device) => Ok(&device.name),
        }
    }
}

/// Whether a file begins as a batch of this or of a later version.
pub fn is_batch(bytes: &[u8]) -> bool {
    bytes.strip_prefix(BATCH_FIRST_LINE.as_bytes()).is_some_and(|rest| rest.first() == Some(&b'\n'))
}

fn bounded(line: &str) -> Result<&str, BatchError> {
    if line.len() > MAX_LINE { Err(BatchError::TooLarge) } else { Ok(line) }
}
