//! Measures how long the phases of a build take. Printed with `--timings` only; no output depends on it.
#![expect(clippy::disallowed_methods, reason = "measures phases and asks for the state of files")]

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// How many of the slowest outputs and templates are kept.
const MOST_SHOWN: usize = 10;

/// Phases in order, and what took longest to make.
#[derive(Debug, Clone, Default)]
pub struct Timings {
    /// Phases in the order they ran.
    pub phases: Vec<PhaseTime>,
    /// Templates, feeds and the like, longest first.
    pub templates: Vec<TemplateTime>,
    /// The outputs that took longest, longest first.
    pub outputs: Vec<OutputTime>,
}

/// How long a phase took.
#[derive(Debug, Clone, Copy)]
pub struct PhaseTime {
    /// Its name.
    pub name: &'static str,
    /// How long it took.
    pub time: Duration,
}

/// How long the outputs of one template took.
#[derive(Debug, Clone, Copy)]
pub struct TemplateTime {
    /// Name of the template or format.
    pub template: &'static str,
    /// Number of outputs.
    pub outputs: usize,
    /// How long all of them took.
    pub time: Duration,
}

/// How long one output took.
#[derive(Debug, Clone)]
pub struct OutputTime {
    /// Its path.
    pub path: String,
    /// Name of its template or format.
    pub template: &'static str,
    /// How long it took.
    pub time: Duration,
}

/// A stop watch for phases.
pub(super) struct PhaseTimer {
    last: Instant,
    pub phases: Vec<PhaseTime>,
}

impl PhaseTimer {
    pub fn start() -> Self {
        Self { last: Instant::now(), phases: Vec::new() }
    }

    /// The phase that ends now.
    pub fn end_phase(&mut self, phase: &'static str) {
        let now = Instant::now();
        self.phases.push(PhaseTime { name: phase, time: now - self.last });
        self.last = now;
    }
}

impl Timings {
    /// Adds how long outputs took.
    pub(super) fn outputs(&mut self, mut made: Vec<OutputTime>) {
        let mut templates: BTreeMap<&'static str, TemplateTime> = BTreeMap::new();
        for OutputTime { template, time, .. } in &made {
            let nothing = TemplateTime { template, outputs: 0, time: Duration::ZERO };
            let all = templates.entry(template).or_insert(nothing);
            all.outputs += 1;
            all.time += *time;
        }
        self.templates = templates.into_values().collect();
        self.templates.sort_by_key(|all| std::cmp::Reverse(all.time));
        self.templates.truncate(MOST_SHOWN);
        made.sort_by_key(|output| std::cmp::Reverse(output.time));
        made.truncate(MOST_SHOWN);
        self.outputs = made;
    }
}
