//! What interviewers need of a wave: the office's public key, to which interviews are sealed, and the devices that may hand them over.
//!
//! Input: the mapping `field` of a wave. Output: [`FieldWork`] and diagnostics about keys that are mistyped. Seals and opens nothing:
//! `puzhi_survey::field` does.

use crate::base::{bech32_decode, bech32_encode};
use crate::diag::Diagnostic;
use crate::diag::codes::surveys;
use crate::yaml::{Field, MappingReader, Type};

/// Prefix of the office's public key: the recipient of the age format.
const OFFICE_PREFIX: &str = "age";
/// Prefix of the public key of a device.
const DEVICE_PREFIX: &str = "puzhi-device";

/// The keys of interviews in the field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldWork {
    /// X25519 public key of the office.
    pub office_key: [u8; 32],
    /// Every device that was ever enrolled for the wave.
    pub devices: Vec<EnrolledDevice>,
}

/// A device of an interviewer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnrolledDevice {
    /// What the office calls it; not the name of a person.
    pub name: String,
    /// Ed25519 public key with which its signatures are checked.
    pub key: [u8; 32],
    /// Whether nothing more is taken from it: it was lost, or given to somebody else.
    pub revoked: bool,
}

pub const FIELD_WORK_FIELDS: &[Field] = &[
    Field::new(
        "office_key",
        "办公室公钥",
        Type::Text,
        "答卷封给谁：puzhi survey office-key 给出的公钥",
        "the public key that puzhi survey office-key gives; interviews are sealed to it",
    ),
    Field::new("devices", "设备", Type::Maps(DEVICE_FIELDS), "登记过的设备", "the devices that are enrolled"),
];

pub const DEVICE_FIELDS: &[Field] = &[
    Field::new("name", "名称", Type::Text, "设备叫什么，例如平板1，不写人名", "what it is called, not after a person"),
    Field::new(
        "key",
        "公钥",
        Type::Text,
        "puzhi survey field 在这台设备上给出的公钥",
        "the public key that puzhi survey field shows on the device",
    ),
    Field::new("revoked", "作废", Type::Flag, "丢了、换人了就写是，不再收它的答卷", "yes once it is lost"),
];

impl FieldWork {
    /// The device with this public key. Where it is enrolled twice, the revoked entry counts.
    pub fn device(&self, key: &[u8; 32]) -> Option<&EnrolledDevice> {
        let of_key = || self.devices.iter().filter(|device| device.key == *key);
        of_key().find(|device| device.revoked).or_else(|| of_key().next())
    }
}

/// The public key of an office as the definition writes it.
pub fn office_key_text(key: &[u8; 32]) -> String {
    bech32_encode(OFFICE_PREFIX, key)
}

/// The public key of a device as the definition writes it.
pub fn device_key_text(key: &[u8; 32]) -> String {
    bech32_encode(DEVICE_PREFIX, key)
}

/// Reads the mapping `field` of a wave.
pub(super) fn field_work(f: &mut MappingReader<'_, '_>) -> Option<FieldWork> {
    f.map("field", |f| {
        f.require("office_key", FIELD_WORK_FIELDS);
        let office_key = key(f, "office_key", OFFICE_PREFIX);
        let devices = f.maps("devices", |f| {
            f.require("name", DEVICE_FIELDS);
            f.require("key", DEVICE_FIELDS);
            let (name, key, revoked) = (f.text("name"), key(f, "key", DEVICE_PREFIX), f.flag("revoked"));
            Some(EnrolledDevice { name: name?, key: key?, revoked: revoked == Some(true) })
        });
        Some(FieldWork { office_key: office_key?, devices })
    })
    .flatten()
}

/// A public key with this prefix, or a diagnostic.
fn key(f: &mut MappingReader<'_, '_>, name: &str, prefix: &str) -> Option<[u8; 32]> {
    let written = f.spanned_text(name)?;
    let key = bech32_decode(prefix, written.value.trim());
    if key.is_none() {
        let diag = Diagnostic::new(&surveys::FIELD_KEY_INVALID).at(f.source(), written.span);
        f.report(diag.arg("key", name).arg("prefix", format!("{prefix}1")));
    }
    key
}
