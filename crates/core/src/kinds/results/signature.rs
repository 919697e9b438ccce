//! The signature of a results file (Ed25519, RFC 8032), which a unit may ask for in `site.yaml`.
//!
//! Input: [`Results`] and a key. Output: the results with their signature, or what is wrong with it. Digests inside a results file can be
//! computed again by whoever edits it; the signature cannot without the key, which is kept outside the site. Knows no files.

use std::fmt;

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};

use super::Results;
use crate::base::SitePath;
use crate::diag::Diagnostic;
use crate::diag::codes::surveys as code;

/// First line of a key file.
const KEY_FILE_HEAD: &str = "puzhi-results-key-1";

/// What is signed begins with this, so that no signature of something else counts.
const SIGNED_HEAD: &str = "puzhi survey results 1\n";

/// The key that `site.yaml` names; 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResultsKey([u8; 32]);

impl ResultsKey {
    /// Reads a key. `None` for anything but 64 hexadecimal digits that are a usable public key.
    pub fn parse(text: &str) -> Option<ResultsKey> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text.trim(), &mut bytes).ok()?;
        VerifyingKey::from_bytes(&bytes).ok().filter(|key| !key.is_weak())?;
        Some(ResultsKey(bytes))
    }
}

impl fmt::Display for ResultsKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&hex::encode(self.0))
    }
}

/// The key that signs results. It has no `Debug`, so that it is printed nowhere.
pub struct SigningSecret(SigningKey);

impl SigningSecret {
    /// A key from 32 random bytes.
    pub fn from_random(bytes: [u8; 32]) -> SigningSecret {
        SigningSecret(SigningKey::from_bytes(&bytes))
    }

    /// Reads the text of a key file. `None` when it is none.
    pub fn parse(text: &str) -> Option<SigningSecret> {
        let mut lines = text.trim_start_matches('\u{feff}').lines().map(str::trim).filter(|line| !line.is_empty());
        let mut bytes = [0; 32];
        let (head, secret, rest) = (lines.next()?, lines.next()?, lines.next());
        hex::decode_to_slice(secret, &mut bytes).ok().filter(|()| head == KEY_FILE_HEAD && rest.is_none())?;
        Some(SigningSecret::from_random(bytes))
    }

    /// The text of its key file.
    pub fn to_file(&self) -> String {
        format!("{KEY_FILE_HEAD}\n{}\n", hex::encode(self.0.to_bytes()))
    }

    /// The public key that belongs to it.
    pub fn public(&self) -> ResultsKey {
        ResultsKey(self.0.verifying_key().to_bytes())
    }
}

/// What is known of the signature of results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureState {
    /// It is of these results and this key.
    Valid,
    /// There is none.
    Missing,
    /// It is of other results, of another key, or no signature at all.
    Wrong,
}

impl Results {
    /// Signs the results; an earlier signature is replaced.
    pub fn sign(&mut self, secret: &SigningSecret) {
        let signature = secret.0.sign(self.signed_text().as_bytes());
        self.signature = Some(hex::encode(signature.to_bytes()));
    }

    /// Compares the signature with the results.
    pub fn signature_state(&self, key: &ResultsKey) -> SignatureState {
        let Some(written) = &self.signature else { return SignatureState::Missing };
        let mut bytes = [0; 64];
        let read = hex::decode_to_slice(written, &mut bytes).ok();
        let good = read.and_then(|()| VerifyingKey::from_bytes(&key.0).ok()).is_some_and(|key| {
            key.verify_strict(self.signed_text().as_bytes(), &Signature::from_bytes(&bytes)).is_ok()
        });
        if good { SignatureState::Valid } else { SignatureState::Wrong }
    }

    /// What is wrong with the signature of the results in this file, where `key` has to sign them.
    pub fn signature_finding(&self, key: &ResultsKey, file: &SitePath) -> Option<Diagnostic> {
        let code = match self.signature_state(key) {
            SignatureState::Valid => return None,
            SignatureState::Missing => &code::RESULTS_UNSIGNED,
            SignatureState::Wrong => &code::RESULTS_SIGNATURE,
        };
        Some(Diagnostic::new(code).file(file).arg("id", &self.survey))
    }

    /// Everything in the file but the signature.
    fn signed_text(&self) -> String {
        SIGNED_HEAD.to_string() + &Results { signature: None, ..self.clone() }.to_json()
    }
}

#[cfg(test)]
mod tests {
    use super::super::FORMAT;
    use super::*;

    fn results() -> Results {
        Results { format: FORMAT, survey: "s".into(), waves: Vec::new(), changes: Vec::new(), signature: None }
    }

    #[test]
    fn a_signature_holds_for_its_results_and_its_key_alone() {
        let secret = SigningSecret::parse(&SigningSecret::from_random([7; 32]).to_file()).unwrap();
        let key = ResultsKey::parse(&secret.public().to_string()).unwrap();
        let mut signed = results();
        assert_eq!(signed.signature_state(&key), SignatureState::Missing);
        signed.sign(&secret);
        assert_eq!(signed.signature_state(&key), SignatureState::Valid);
        let other = SigningSecret::from_random([8; 32]).public();
        assert_eq!(signed.signature_state(&other), SignatureState::Wrong);
        let edited = Results { survey: "t".into(), ..signed.clone() };
        assert_eq!(edited.signature_state(&key), SignatureState::Wrong);
        for written in ["", "zz", &"0".repeat(128), &signed.signature.clone().unwrap()[..126]] {
            let broken = Results { signature: Some(written.to_string()), ..signed.clone() };
            assert_eq!(broken.signature_state(&key), SignatureState::Wrong, "{written}");
        }
    }

    #[test]
    fn the_signature_is_that_of_the_standard() {
        // RFC 8032, section 7.1, test 1: the public key of a secret key.
        let mut secret = [0; 32];
        hex::decode_to_slice("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", &mut secret).unwrap();
        let public = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
        assert_eq!(SigningSecret::from_random(secret).public().to_string(), public);
    }

    #[test]
    fn what_is_no_key_is_refused() {
        // The last is the neutral element, which verifies more than its owner signed.
        for bad in ["", "12", &"g".repeat(64), &format!("01{}", "0".repeat(62))] {
            assert_eq!(ResultsKey::parse(bad), None, "{bad}");
        }
        let good = SigningSecret::from_random([1; 32]).to_file();
        for bad in ["", KEY_FILE_HEAD, &good.replace("key-1", "key-2"), &(good.clone() + "x"), &good[..60]] {
            assert!(SigningSecret::parse(bad).is_none(), "{bad}");
        }
    }
}
