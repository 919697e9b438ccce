//! The age format, version 1, with X25519 recipients: sealing bytes to a public key and opening them with its identity.
//!
//! Source: the specification <https://c2sp.org/age>. In: bytes and a key. Out: a file that every tool of the format opens, or the bytes.
//! The primitives are those of RustCrypto and dalek; the whole `age` crate brings some sixty packages for passphrases, plug-ins and
//! translations that nothing here needs. Knows no survey.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use x25519_dalek::{PublicKey, StaticSecret};

use crate::collector::random::random_bytes;

const VERSION_LINE: &[u8] = b"age-encryption.org/v1\n";
const X25519_INFO: &[u8] = b"age-encryption.org/v1/X25519";
/// Bytes of the key of one file.
const FILE_KEY: usize = 16;
/// Bytes of an authentication tag.
const TAG: usize = 16;
/// Bytes of text in a chunk of the payload.
const CHUNK: usize = 64 << 10;
/// Characters of a full line of a stanza's body.
const BODY_LINE: usize = 64;
/// Most bytes of a header that are read, and most stanzas.
const MAX_HEADER: usize = 16 << 10;

/// Why bytes could not be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenError {
    /// They are not of the format, cut off or altered.
    Damaged,
    /// They are sealed to somebody else.
    OtherKey,
}

/// The secrets of one sealing. They are made anew for each file.
struct Secrets {
    ephemeral: [u8; 32],
    file_key: [u8; FILE_KEY],
    nonce: [u8; 16],
}

/// Seals bytes to a public key; `None` when the system has no random bytes or the key is of low order.
pub fn seal(plain: &[u8], recipient: &[u8; 32]) -> Option<Vec<u8>> {
    let secrets = Secrets { ephemeral: random_bytes()?, file_key: random_bytes()?, nonce: random_bytes()? };
    seal_with(plain, recipient, secrets)
}

fn seal_with(plain: &[u8], recipient: &[u8; 32], secrets: Secrets) -> Option<Vec<u8>> {
    let ephemeral = StaticSecret::from(secrets.ephemeral);
    let share = PublicKey::from(&ephemeral).to_bytes();
    let shared = ephemeral.diffie_hellman(&PublicKey::from(*recipient));
    let wrapping = shared.was_contributory().then(|| wrapping_key(shared.as_bytes(), &share, recipient))?;
    let wrapped = ChaCha20Poly1305::new(&wrapping).encrypt(&Nonce::default(), &secrets.file_key[..]).ok()?;
    let mut out = VERSION_LINE.to_vec();
    let stanza = format!("-> X25519 {}\n{}\n---", STANDARD_NO_PAD.encode(share), STANDARD_NO_PAD.encode(wrapped));
    out.extend_from_slice(stanza.as_bytes());
    let mac = header_mac(&secrets.file_key)?.chain_update(&out).finalize().into_bytes();
    out.extend_from_slice(format!(" {}\n", STANDARD_NO_PAD.encode(mac)).as_bytes());
    out.extend_from_slice(&secrets.nonce);
    let cipher = payload_cipher(&secrets.file_key, &secrets.nonce);
    let chunks: Vec<&[u8]> = if plain.is_empty() { vec![plain] } else { plain.chunks(CHUNK).collect() };
    for (n, chunk) in chunks.iter().enumerate() {
        out.extend(cipher.encrypt(&chunk_nonce(n as u64, n + 1 == chunks.len()), *chunk).ok()?);
    }
    Some(out)
}

/// Opens bytes that were sealed to the public key of `identity`.
///
/// # Errors
/// See [`OpenError`].
pub fn open(sealed: &[u8], identity: &[u8; 32]) -> Result<Vec<u8>, OpenError> {
    let header = Header::read(sealed).ok_or(OpenError::Damaged)?;
    let file_key = header.stanzas.iter().find_map(|stanza| stanza.unwrap(identity)).ok_or(OpenError::OtherKey)?;
    let mac = header_mac(&file_key).ok_or(OpenError::Damaged)?.chain_update(header.authenticated);
    mac.verify_slice(&header.mac).map_err(|_| OpenError::Damaged)?;
    let (nonce, payload) = header.rest.split_first_chunk::<16>().ok_or(OpenError::Damaged)?;
    let cipher = payload_cipher(&file_key, nonce);
    let mut plain = Vec::with_capacity(payload.len());
    let chunks: Vec<&[u8]> = payload.chunks(CHUNK + TAG).collect();
    for (n, chunk) in chunks.iter().enumerate() {
        let last = n + 1 == chunks.len();
        let text = cipher.decrypt(&chunk_nonce(n as u64, last), *chunk).map_err(|_| OpenError::Damaged)?;
        // The last chunk may be empty only if it is the only one.
        if text.is_empty() && n > 0 {
            return Err(OpenError::Damaged);
        }
        plain.extend(text);
    }
    if chunks.is_empty() { Err(OpenError::Damaged) } else { Ok(plain) }
}

/// A header as it was read.
struct Header<'h> {
    stanzas: Vec<Stanza>,
    /// The bytes that the MAC covers.
    authenticated: &'h [u8],
    mac: Vec<u8>,
    /// What follows the header.
    rest: &'h [u8],
}

/// A stanza of type X25519. Stanzas of other types are passed over.
struct Stanza {
    share: [u8; 32],
    wrapped: Vec<u8>,
}

impl Header<'_> {
    fn read(sealed: &[u8]) -> Option<Header<'_>> {
        let mut lines = LineReader { bytes: sealed.get(..sealed.len().min(MAX_HEADER))?, at: 0 };
        if lines.next()? != &VERSION_LINE[..VERSION_LINE.len() - 1] {
            return None;
        }
        let mut stanzas = Vec::new();
        loop {
            let start = lines.at;
            let line = std::str::from_utf8(lines.next()?).ok()?;
            if let Some(mac) = line.strip_prefix("--- ") {
                let mac = STANDARD_NO_PAD.decode(mac).ok().filter(|mac| mac.len() == 32)?;
                let (authenticated, rest) = (&sealed[..start + "---".len()], &sealed[lines.at..]);
                return Some(Header { stanzas, authenticated, mac, rest });
            }
            let arguments: Vec<&str> = line.strip_prefix("-> ")?.split(' ').collect();
            let mut body = String::new();
            loop {
                let line = std::str::from_utf8(lines.next()?).ok()?;
                body.push_str(line);
                match line.len() {
                    BODY_LINE => {}
                    ..BODY_LINE => break,
                    _ => return None,
                }
            }
            let wrapped = STANDARD_NO_PAD.decode(body).ok()?;
            if let ["X25519", share] = arguments[..] {
                let share = STANDARD_NO_PAD.decode(share).ok()?.try_into().ok()?;
                stanzas.push(Stanza { share, wrapped });
            }
        }
    }
}

impl Stanza {
    /// The key of the file, when the stanza is for the public key of `identity`.
    fn unwrap(&self, identity: &[u8; 32]) -> Option<[u8; FILE_KEY]> {
        let secret = StaticSecret::from(*identity);
        let shared = secret.diffie_hellman(&PublicKey::from(self.share));
        let recipient = PublicKey::from(&secret).to_bytes();
        let wrapping = shared.was_contributory().then(|| wrapping_key(shared.as_bytes(), &self.share, &recipient))?;
        // A longer body would allow a file that opens with several keys.
        let wrapped = Some(&self.wrapped[..]).filter(|body| body.len() == FILE_KEY + TAG)?;
        ChaCha20Poly1305::new(&wrapping).decrypt(&Nonce::default(), wrapped).ok()?.try_into().ok()
    }
}

/// The lines of a header, each ended by a line feed.
struct LineReader<'l> {
    bytes: &'l [u8],
    at: usize,
}

impl<'l> LineReader<'l> {
    fn next(&mut self) -> Option<&'l [u8]> {
        let rest = self.bytes.get(self.at..)?;
        let end = rest.iter().position(|byte| *byte == b'\n')?;
        self.at += end + 1;
        Some(&rest[..end])
    }
}

/// The public key of an identity.
pub fn recipient_of(identity: &[u8; 32]) -> [u8; 32] {
    PublicKey::from(&StaticSecret::from(*identity)).to_bytes()
}

fn derived(salt: &[u8], secret: &[u8], info: &[u8]) -> [u8; 32] {
    let mut key = [0; 32];
    // HKDF gives up to 255 blocks; one is always there.
    let _ = Hkdf::<Sha256>::new(Some(salt), secret).expand(info, &mut key);
    key
}

fn wrapping_key(shared: &[u8], share: &[u8; 32], recipient: &[u8; 32]) -> Key {
    derived(&[&share[..], &recipient[..]].concat(), shared, X25519_INFO).into()
}

fn header_mac(file_key: &[u8; FILE_KEY]) -> Option<Hmac<Sha256>> {
    Hmac::new_from_slice(&derived(&[], file_key, b"header")).ok()
}

fn payload_cipher(file_key: &[u8; FILE_KEY], nonce: &[u8; 16]) -> ChaCha20Poly1305 {
    ChaCha20Poly1305::new(&derived(nonce, file_key, b"payload").into())
}

/// STREAM: an 11-byte counter and whether the chunk is the last.
fn chunk_nonce(number: u64, last: bool) -> Nonce {
    let mut nonce = [0; 12];
    nonce[3..11].copy_from_slice(&number.to_be_bytes());
    nonce[11] = u8::from(last);
    nonce.into()
}

#[cfg(test)]
#[path = "age_tests.rs"]
mod tests;
