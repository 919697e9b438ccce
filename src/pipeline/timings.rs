//! Measures how long the phases of a build take. Printed with `--timings` only; no output depends on it.
#![expect(clippy::disallowed_methods, reason = "measures phases and asks for the state of files")]

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// How many of the slowest outputs and templates are kept.
const TOLD: usize = 10;

/// Phases in order, and what took longest to make.
#[derive(Debug, Clone, Default)]
pub struct Timings {
    /// Phases in the order they ran.
    pub phases: Vec<(&'static str, Duration)>,
    /// Templates, feeds and the like: number of outputs and total time, longest first.
    pub templates: Vec<(String, usize, Duration)>,
    /// The outputs that took longest, longest first.
    pub outputs: Vec<(String, Duration)>,
}

/// A stop watch for phases.
pub(super) struct PhaseTimer {
    last: Instant,
    pub phases: Vec<(&'static str, Duration)>,
}

impl PhaseTimer {
    pub fn start() -> Self {
        Self { last: Instant::now(), phases: Vec::new() }
    }

    /// The phase that ends now.
    pub fn end_phase(&mut self, phase: &'static str) {
        let now = Instant::now();
        self.phases.push((phase, now - self.last));
        self.last = now;
    }
}

impl Timings {
    /// Adds what outputs took: path, template, time.
    pub(super) fn outputs(&mut self, made: Vec<(String, &'static str, Duration)>) {
        let mut templates: BTreeMap<&str, (usize, Duration)> = BTreeMap::new();
        for (_, template, time) in &made {
            let entry = templates.entry(template).or_default();
            *entry = (entry.0 + 1, entry.1 + *time);
        }
        self.templates = templates.into_iter().map(|(name, (count, time))| (name.to_string(), count, time)).collect();
        self.templates.sort_by_key(|(_, _, time)| std::cmp::Reverse(*time));
        self.templates.truncate(TOLD);
        self.outputs = made.into_iter().map(|(path, _, time)| (path, time)).collect();
        self.outputs.sort_by_key(|(_, time)| std::cmp::Reverse(*time));
        self.outputs.truncate(TOLD);
    }
}
