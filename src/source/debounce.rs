//! Decides when a burst of file events is over, so that its changes are reported together.
//!
//! Input: the times of events. Output: how long to wait for the next one. A pure state machine: reads no clock and no file.

use std::time::Duration;

/// A burst is over when no event has come for this time.
pub const DEBOUNCE: Duration = Duration::from_millis(20);
/// A burst is ended after this time even if more events keep coming.
const MAX_DEBOUNCE: Duration = Duration::from_millis(250);
/// Extra time when a changed file is empty, because some editors truncate a file first and write to it afterwards.
const EMPTY_FILE_GRACE: Duration = Duration::from_millis(60);

/// Decides when a burst of file events is over. A pure state machine: it is given events and times, and reads no clock and no file.
/// All times are counted from the first event of the burst.
pub(super) struct Debouncer {
    /// When the burst is over unless another event comes first.
    deadline: Duration,
    /// Whether the deadline already includes [`EMPTY_FILE_GRACE`].
    grace_given: bool,
}

impl Debouncer {
    /// A burst whose first event has just come.
    pub fn new() -> Debouncer {
        Debouncer { deadline: DEBOUNCE, grace_given: false }
    }

    /// Records another event of the burst.
    pub fn event_at(&mut self, now: Duration) {
        *self = Debouncer { deadline: now + DEBOUNCE, grace_given: false };
    }

    /// How long to wait for the next event; `None` when the burst is over. `any_file_is_empty` is asked only at the deadline.
    pub fn wait(&mut self, now: Duration, any_file_is_empty: impl FnOnce() -> bool) -> Option<Duration> {
        if now >= MAX_DEBOUNCE {
            return None;
        }
        if now >= self.deadline {
            if self.grace_given || !any_file_is_empty() {
                return None;
            }
            *self = Debouncer { deadline: now + EMPTY_FILE_GRACE, grace_given: true };
        }
        Some(self.deadline - now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// When a burst ends, in milliseconds after its first event. `events` are the times of the others; until `empty_until` a changed file
    /// is empty.
    fn burst_end(events: impl IntoIterator<Item = u64>, empty_until: u64) -> u64 {
        let mut events = events.into_iter().map(Duration::from_millis).peekable();
        let (mut now, mut debouncer) = (Duration::ZERO, Debouncer::new());
        while let Some(wait) = debouncer.wait(now, || now < Duration::from_millis(empty_until)) {
            match events.next_if(|at| *at < now + wait) {
                Some(at) => {
                    now = at;
                    debouncer.event_at(now);
                }
                None => now += wait,
            }
        }
        now.as_millis() as u64
    }

    #[test]
    fn a_burst_ends_when_no_event_follows() {
        assert_eq!(burst_end([], 0), 20);
        assert_eq!(burst_end([10, 25], 0), 45);
        assert_eq!(burst_end([10, 40], 0), 30, "the event after the pause belongs to the next burst");
    }

    #[test]
    fn a_burst_ends_though_events_keep_coming() {
        assert_eq!(burst_end((1..1000).map(|n| n * 5), 0), 250);
        assert_eq!(burst_end((1..1000).map(|n| n * 19), 0), 266, "the last event before the limit is waited for");
    }

    #[test]
    fn an_empty_file_gets_time_to_be_filled() {
        assert_eq!(burst_end([], 1000), 80, "once only");
        assert_eq!(burst_end([50], 50), 70, "it was filled");
        assert_eq!(burst_end([50], 1000), 130, "each event starts the wait anew");
        assert_eq!(burst_end((1..=13).map(|n| n * 19), 1000), 267, "never beyond the limit");
    }
}
