//! Comparing files with bytes and hashing them, in bounded memory. Only reads.
#![expect(clippy::disallowed_methods, reason = "writes the output folder")]

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use puzhi_core::base::ContentHash;

/// How much of a file is in memory at a time.
pub(super) const CHUNK: usize = 64 * 1024;

thread_local! {
    static BUFFER: RefCell<Vec<u8>> = RefCell::new(vec![0; CHUNK]);
}

/// Whether the file at `path`, known to have as many bytes, holds exactly `bytes`.
pub(super) fn same(path: &Path, bytes: &[u8]) -> io::Result<bool> {
    let mut file = File::open(path)?;
    BUFFER.with_borrow_mut(|buffer| {
        let mut rest = bytes;
        while !rest.is_empty() {
            let want = rest.len().min(CHUNK);
            let got = read_some(&mut file, &mut buffer[..want])?;
            if got == 0 || buffer[..got] != rest[..got] {
                return Ok(false);
            }
            rest = &rest[got..];
        }
        Ok(true)
    })
}

/// Hash of the file at `path`.
pub(super) fn hash(path: &Path) -> io::Result<Option<ContentHash>> {
    let mut file = File::open(path)?;
    let mut digest = Digest::default();
    BUFFER.with_borrow_mut(|buffer| {
        loop {
            match read_some(&mut file, buffer)? {
                0 => return Ok(digest.finish()),
                got => digest.add(&buffer[..got]),
            }
        }
    })
}

/// Reads at least one byte unless the end is reached.
pub(super) fn read_some(from: &mut dyn Read, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match from.read(buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            done => return done,
        }
    }
}

/// Reads until `buffer` is full or the end is reached.
pub(super) fn read_full(from: &mut dyn Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match read_some(from, &mut buffer[filled..])? {
            0 => break,
            got => filled += got,
        }
    }
    Ok(filled)
}

/// A [`ContentHash`] of bytes that come in pieces.
#[derive(Default)]
pub(super) struct Digest(blake3::Hasher);

impl Digest {
    pub fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub fn finish(&self) -> Option<ContentHash> {
        self.0.finalize().to_hex().get(..32).and_then(ContentHash::parse)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_hash_like_the_whole() {
        let mut digest = Digest::default();
        digest.add(b"ab");
        digest.add(b"c");
        assert_eq!(digest.finish(), Some(ContentHash::of(b"abc")));
    }
}
