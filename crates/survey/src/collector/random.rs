//! Random bytes of the system, for codes, keys of submissions and labels, and the keyed hash of the rate limiter. Knows no use of them.

/// `N` random bytes; `None` when the system has none.
#[expect(clippy::disallowed_methods, reason = "codes and keys must not be guessed")]
pub(crate) fn random_bytes<const N: usize>() -> Option<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).ok().map(|()| bytes)
}
