//! How often one address may post, and how often it may be wrong about a code.
//!
//! In: an address and the time. Out: go on, or how long to wait. What is held, in memory alone, is a keyed hash of the address and
//! two counters; the key is random and replaced every hour, with everything under it.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

/// Posts one address may make at once. A school, an office and a mobile network share one address among many people.
const POSTS: f64 = 120.0;
/// Posts a second after that.
const POSTS_A_SECOND: f64 = 0.5;
/// Wrong codes one address may try at once.
const CODES: f64 = 10.0;
/// Wrong codes a second after that: ten an hour. A code has 60 random bits.
const CODES_A_SECOND: f64 = 10.0 / 3600.0;
/// Seconds a key lives.
const KEY_LIFE: u64 = 3600;
/// Addresses that are told apart; 24 bytes each. Beyond that the count begins anew.
const MOST: usize = 200_000;

/// The counters of all addresses.
#[derive(Debug)]
pub struct Limits {
    held: Mutex<Held>,
}

#[derive(Debug)]
struct Held {
    key: [u8; 32],
    /// Seconds of the caller's clock when the key was made.
    since: u64,
    counters: HashMap<u64, Counter>,
}

#[derive(Debug, Clone, Copy)]
struct Counter {
    posts: f64,
    codes: f64,
    /// Seconds since the key was made.
    at: u32,
}

impl Limits {
    /// `None` when the system has no random bytes to give.
    pub fn new(now: u64) -> Option<Limits> {
        Some(Limits { held: Mutex::new(Held { key: random()?, since: now, counters: HashMap::new() }) })
    }

    /// Counts a post. `Err` is how many seconds to wait.
    pub fn post(&self, address: IpAddr, now: u64) -> Result<(), u64> {
        self.with(address, now, |counter| take(&mut counter.posts, POSTS_A_SECOND))
    }

    /// Whether the address may try a code; nothing is counted.
    pub fn may_try_code(&self, address: IpAddr, now: u64) -> Result<(), u64> {
        self.with(
            address,
            now,
            |counter| if counter.codes >= 1.0 { Ok(()) } else { Err(wait(counter.codes, CODES_A_SECOND)) },
        )
    }

    /// Counts a wrong code.
    pub fn wrong_code(&self, address: IpAddr, now: u64) {
        let _ = self.with(address, now, |counter| take(&mut counter.codes, CODES_A_SECOND));
    }

    fn with<T>(&self, address: IpAddr, now: u64, act: impl FnOnce(&mut Counter) -> T) -> T {
        // A panic elsewhere leaves counters that are still counters.
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if now.saturating_sub(held.since) >= KEY_LIFE || held.counters.len() >= MOST || now < held.since {
            // Without new random bytes the old key has to do a little longer.
            held.key = random().unwrap_or(held.key);
            held.since = now;
            held.counters = HashMap::new();
        }
        let at = u32::try_from(now - held.since).unwrap_or(u32::MAX);
        let mark = mark(&held.key, address);
        let counter = held.counters.entry(mark).or_insert(Counter { posts: POSTS, codes: CODES, at });
        let passed = f64::from(at.saturating_sub(counter.at));
        counter.posts = (counter.posts + passed * POSTS_A_SECOND).min(POSTS);
        counter.codes = (counter.codes + passed * CODES_A_SECOND).min(CODES);
        counter.at = at;
        act(counter)
    }
}

fn take(left: &mut f64, a_second: f64) -> Result<(), u64> {
    if *left < 1.0 {
        return Err(wait(*left, a_second));
    }
    *left -= 1.0;
    Ok(())
}

/// Whole seconds until one is left.
fn wait(left: f64, a_second: f64) -> u64 {
    ((1.0 - left) / a_second).ceil().max(1.0) as u64
}

/// What an address is known by under a key. One subscriber has all of an IPv6 network of 64 bits.
fn mark(key: &[u8; 32], address: IpAddr) -> u64 {
    let hash = match address {
        IpAddr::V4(v4) => blake3::keyed_hash(key, &v4.octets()),
        IpAddr::V6(v6) => blake3::keyed_hash(key, &v6.octets()[..8]),
    };
    let mut mark = [0; 8];
    mark.copy_from_slice(&hash.as_bytes()[..8]);
    u64::from_le_bytes(mark)
}

fn random() -> Option<[u8; 32]> {
    let mut key = [0; 32];
    getrandom::fill(&mut key).ok().map(|()| key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(written: &str) -> IpAddr {
        written.parse().unwrap()
    }

    #[test]
    fn a_flood_is_stopped_and_others_are_not() {
        let limits = Limits::new(1000).unwrap();
        let flood = ip("198.51.100.1");
        let through = (0..500).filter(|_| limits.post(flood, 1000).is_ok()).count();
        assert_eq!(through, 120);
        assert_eq!(limits.post(flood, 1000), Err(2));
        assert_eq!(limits.post(ip("198.51.100.2"), 1000), Ok(()));
        assert_eq!(limits.post(flood, 1002), Ok(()));
        assert!(limits.post(flood, 1002).is_err());
        assert_eq!((0..500).filter(|_| limits.post(flood, 1062).is_ok()).count(), 30);
    }

    #[test]
    fn guessing_codes_ends_soon() {
        let limits = Limits::new(0).unwrap();
        let (guesser, neighbour) = (ip("2001:db8:0:1::1"), ip("2001:db8:0:1:ffff::2"));
        for _ in 0..10 {
            assert_eq!(limits.may_try_code(guesser, 5), Ok(()));
            limits.wrong_code(guesser, 5);
        }
        assert_eq!(limits.may_try_code(guesser, 5), Err(360));
        assert_eq!(limits.may_try_code(neighbour, 5), Err(360), "one network is one visitor");
        assert_eq!(limits.may_try_code(guesser, 365), Ok(()));
        assert_eq!(limits.may_try_code(ip("2001:db8:0:2::1"), 5), Ok(()));
    }

    #[test]
    fn the_key_and_all_under_it_are_replaced() {
        let limits = Limits::new(0).unwrap();
        let before = limits.held.lock().unwrap().key;
        for n in 0..150_000_u32 {
            let _ = limits.post(IpAddr::from(n.to_be_bytes()), 10);
        }
        assert_eq!(limits.held.lock().unwrap().counters.len(), 150_000);
        let _ = limits.post(ip("192.0.2.1"), 3600);
        let held = limits.held.lock().unwrap();
        assert_ne!(held.key, before);
        assert_eq!(held.counters.len(), 1);
    }
}
