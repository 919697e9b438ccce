//! Keys of interviews in the field: the office's identity, with which batches are opened, and the signing key of a device.
//!
//! In and out: text of a key file, signatures. Public keys are written as [`puzhi_core::kinds::office_key_text`] and
//! [`puzhi_core::kinds::device_key_text`] do. Reads and writes no files.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use puzhi_core::base::{bech32_decode, bech32_encode};
use puzhi_core::kinds::{device_key_text, office_key_text};

use super::age;
use crate::collector::random::random_bytes;

/// Prefix of a secret key of the age format; its tools write it in capitals.
const IDENTITY_PREFIX: &str = "age-secret-key-";
/// Prefix of the secret key of a device.
const DEVICE_SECRET_PREFIX: &str = "puzhi-device-secret";
/// Separates these signatures from any others made with the same key.
const SIGNATURE_CONTEXT: &[u8] = b"puzhi survey field, version 1\n";

/// The office's secret key.
pub struct OfficeIdentity([u8; 32]);

impl OfficeIdentity {
    /// A new key; `None` when the system has no random bytes.
    pub fn generate() -> Option<OfficeIdentity> {
        random_bytes().map(OfficeIdentity)
    }

    /// Reads a key file as `puzhi survey office-key` and the tools of the age format write it: one key, and lines that begin with `#`.
    pub fn from_file_text(text: &str) -> Option<OfficeIdentity> {
        secret_line(text, IDENTITY_PREFIX).map(OfficeIdentity)
    }

    /// The text of a key file.
    pub fn file_text(&self) -> String {
        let secret = bech32_encode(IDENTITY_PREFIX, &self.0).to_ascii_uppercase();
        format!("# public key: {}\n{secret}\n", office_key_text(&self.public()))
    }

    /// The public key.
    pub fn public(&self) -> [u8; 32] {
        age::recipient_of(&self.0)
    }

    /// Opens what was sealed to the public key.
    ///
    /// # Errors
    /// See [`age::OpenError`].
    pub fn open(&self, sealed: &[u8]) -> Result<Vec<u8>, age::OpenError> {
        age::open(sealed, &self.0)
    }
}

/// The secret key of a device.
pub struct DeviceKey(SigningKey);

impl DeviceKey {
    /// A new key; `None` when the system has no random bytes.
    pub fn generate() -> Option<DeviceKey> {
        random_bytes().map(|secret| DeviceKey(SigningKey::from_bytes(&secret)))
    }

    /// Reads what [`DeviceKey::file_text`] wrote.
    pub fn from_file_text(text: &str) -> Option<DeviceKey> {
        secret_line(text, DEVICE_SECRET_PREFIX).map(|secret| DeviceKey(SigningKey::from_bytes(&secret)))
    }

    /// The text of a key file.
    pub fn file_text(&self) -> String {
        let secret = bech32_encode(DEVICE_SECRET_PREFIX, &self.0.to_bytes());
        format!("# public key: {}\n{secret}\n", device_key_text(&self.public()))
    }

    /// The public key.
    pub fn public(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }

    /// Signs bytes (Ed25519, RFC 8032).
    pub fn sign(&self, bytes: &[u8]) -> [u8; 64] {
        self.0.sign(&[SIGNATURE_CONTEXT, bytes].concat()).to_bytes()
    }
}

/// Whether the device with this public key signed these bytes.
pub fn is_signed_by(device: &[u8; 32], bytes: &[u8], signature: &[u8; 64]) -> bool {
    let Ok(key) = VerifyingKey::from_bytes(device) else { return false };
    key.verify_strict(&[SIGNATURE_CONTEXT, bytes].concat(), &Signature::from_bytes(signature)).is_ok()
}

/// The one secret of a key file.
fn secret_line(text: &str, prefix: &str) -> Option<[u8; 32]> {
    let text = text.trim_start_matches('\u{FEFF}');
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let secret = bech32_decode(prefix, lines.next()?);
    if lines.next().is_some() { None } else { secret }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_files_are_read_as_they_are_written() {
        let office = OfficeIdentity::generate().unwrap();
        let again =
            OfficeIdentity::from_file_text(&format!("\u{FEFF}# created: today\r\n{}", office.file_text())).unwrap();
        assert_eq!(again.public(), office.public());
        let device = DeviceKey::generate().unwrap();
        assert_eq!(DeviceKey::from_file_text(&device.file_text()).unwrap().public(), device.public());
        assert!(DeviceKey::from_file_text(&office.file_text()).is_none(), "the office's key is no device's");
        let two = format!("{}{}", office.file_text(), office.file_text());
        for bad in ["", "# public key: x\n", &two, &office.file_text()[..150]] {
            assert!(OfficeIdentity::from_file_text(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_signature_is_of_one_device_and_one_text() {
        let (device, other) = (DeviceKey::generate().unwrap(), DeviceKey::generate().unwrap());
        let signature = device.sign(b"text");
        assert!(is_signed_by(&device.public(), b"text", &signature));
        assert!(!is_signed_by(&other.public(), b"text", &signature));
        assert!(!is_signed_by(&device.public(), b"texts", &signature));
        assert!(!is_signed_by(&[0; 32], b"text", &[0; 64]));
    }
}
