//! Token buckets for each address: how often it may post, and how often it may send a wrong code.
//!
//! In: an address and the time in seconds. Out: permission, or how long to wait. Only memory holds a keyed hash of the address and two
//! counters. The key is random; every hour it is replaced and all counters are dropped.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use super::random::random_bytes;

/// Capacity of the bucket for posts. A school, an office or a mobile network shares one address among many people.
const POST_BURST: f64 = 120.0;
/// Refill of the bucket for posts, in tokens a second.
const POSTS_PER_SECOND: f64 = 0.5;
/// Capacity of the bucket for wrong codes.
const CODE_BURST: f64 = 10.0;
/// Refill of the bucket for wrong codes: ten tokens an hour. A code has 60 random bits.
const CODES_PER_SECOND: f64 = 10.0 / 3600.0;
/// Seconds after which the key is replaced.
const KEY_LIFETIME_SECONDS: u64 = 3600;
/// Addresses that are counted separately, at 24 bytes each. Beyond that all counters are dropped.
const MAX_ADDRESSES: usize = 200_000;

/// The token buckets of all addresses.
#[derive(Debug)]
pub struct RateLimiter {
    state: Mutex<LimiterState>,
}

#[derive(Debug)]
struct LimiterState {
    key: [u8; 32],
    /// Seconds of the caller's clock when the key was made.
    since: u64,
    counters: HashMap<u64, TokenBuckets>,
}

#[derive(Debug, Clone, Copy)]
struct TokenBuckets {
    posts: f64,
    codes: f64,
    /// Seconds since the key was made.
    at: u32,
}

impl RateLimiter {
    /// `None` when the system has no random bytes to give.
    pub fn new(now: u64) -> Option<RateLimiter> {
        Some(RateLimiter {
            state: Mutex::new(LimiterState { key: random_bytes()?, since: now, counters: HashMap::new() }),
        })
    }

    /// Counts a post.
    ///
    /// # Errors
    /// The seconds to wait, when the bucket is empty.
    pub fn check_post(&self, address: IpAddr, now: u64) -> Result<(), u64> {
        self.with_buckets(address, now, |counter| take_token(&mut counter.posts, POSTS_PER_SECOND))
    }

    /// Whether the address may send a code; nothing is counted.
    ///
    /// # Errors
    /// The seconds to wait, when the bucket is empty.
    pub fn check_code_attempt(&self, address: IpAddr, now: u64) -> Result<(), u64> {
        self.with_buckets(address, now, |counter| {
            if counter.codes >= 1.0 { Ok(()) } else { Err(seconds_until_token(counter.codes, CODES_PER_SECOND)) }
        })
    }

    /// Counts a wrong code.
    pub fn record_wrong_code(&self, address: IpAddr, now: u64) {
        let _ = self.with_buckets(address, now, |counter| take_token(&mut counter.codes, CODES_PER_SECOND));
    }

    fn with_buckets<T>(&self, address: IpAddr, now: u64, act: impl FnOnce(&mut TokenBuckets) -> T) -> T {
        // A panic while the lock is held cannot leave the counters invalid.
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if now.saturating_sub(state.since) >= KEY_LIFETIME_SECONDS
            || state.counters.len() >= MAX_ADDRESSES
            || now < state.since
        {
            // Without random bytes the old key stays for another hour.
            state.key = random_bytes().unwrap_or(state.key);
            state.since = now;
            state.counters = HashMap::new();
        }
        let at = u32::try_from(now - state.since).unwrap_or(u32::MAX);
        let mark = address_id(&state.key, address);
        let counter = state.counters.entry(mark).or_insert(TokenBuckets { posts: POST_BURST, codes: CODE_BURST, at });
        let passed = f64::from(at.saturating_sub(counter.at));
        counter.posts = (counter.posts + passed * POSTS_PER_SECOND).min(POST_BURST);
        counter.codes = (counter.codes + passed * CODES_PER_SECOND).min(CODE_BURST);
        counter.at = at;
        act(counter)
    }
}

fn take_token(left: &mut f64, per_second: f64) -> Result<(), u64> {
    if *left < 1.0 {
        return Err(seconds_until_token(*left, per_second));
    }
    *left -= 1.0;
    Ok(())
}

/// Whole seconds until the bucket holds a token, at least 1.
fn seconds_until_token(left: f64, per_second: f64) -> u64 {
    ((1.0 - left) / per_second).ceil().max(1.0) as u64
}

/// Keyed hash of an address. Of IPv6 only the first 64 bits count, since one subscriber has all addresses of such a network.
fn address_id(key: &[u8; 32], address: IpAddr) -> u64 {
    let hash = match address {
        IpAddr::V4(v4) => blake3::keyed_hash(key, &v4.octets()),
        IpAddr::V6(v6) => blake3::keyed_hash(key, &v6.octets()[..8]),
    };
    let mut mark = [0; 8];
    mark.copy_from_slice(&hash.as_bytes()[..8]);
    u64::from_le_bytes(mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(written: &str) -> IpAddr {
        written.parse().unwrap()
    }

    #[test]
    fn a_flood_is_stopped_and_others_are_not() {
        let rate_limiter = RateLimiter::new(1000).unwrap();
        let flood = ip("198.51.100.1");
        let through = (0..500).filter(|_| rate_limiter.check_post(flood, 1000).is_ok()).count();
        assert_eq!(through, 120);
        assert_eq!(rate_limiter.check_post(flood, 1000), Err(2));
        assert_eq!(rate_limiter.check_post(ip("198.51.100.2"), 1000), Ok(()));
        assert_eq!(rate_limiter.check_post(flood, 1002), Ok(()));
        assert!(rate_limiter.check_post(flood, 1002).is_err());
        assert_eq!((0..500).filter(|_| rate_limiter.check_post(flood, 1062).is_ok()).count(), 30);
    }

    #[test]
    fn guessing_codes_ends_soon() {
        let rate_limiter = RateLimiter::new(0).unwrap();
        let (guesser, neighbour) = (ip("2001:db8:0:1::1"), ip("2001:db8:0:1:ffff::2"));
        for _ in 0..10 {
            assert_eq!(rate_limiter.check_code_attempt(guesser, 5), Ok(()));
            rate_limiter.record_wrong_code(guesser, 5);
        }
        assert_eq!(rate_limiter.check_code_attempt(guesser, 5), Err(360));
        assert_eq!(rate_limiter.check_code_attempt(neighbour, 5), Err(360), "one network is one visitor");
        assert_eq!(rate_limiter.check_code_attempt(guesser, 365), Ok(()));
        assert_eq!(rate_limiter.check_code_attempt(ip("2001:db8:0:2::1"), 5), Ok(()));
    }

    #[test]
    fn the_key_and_all_under_it_are_replaced() {
        let rate_limiter = RateLimiter::new(0).unwrap();
        let before = rate_limiter.state.lock().unwrap().key;
        for n in 0..150_000_u32 {
            let _ = rate_limiter.check_post(IpAddr::from(n.to_be_bytes()), 10);
        }
        assert_eq!(rate_limiter.state.lock().unwrap().counters.len(), 150_000);
        let _ = rate_limiter.check_post(ip("192.0.2.1"), 3600);
        let state = rate_limiter.state.lock().unwrap();
        assert_ne!(state.key, before);
        assert_eq!(state.counters.len(), 1);
    }
}
