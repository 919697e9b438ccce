//! The survey without a site: definitions, answers from files, statistics, what publishing gives away.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::iter_over_hash_type,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests read files, run programs and stop at what is unexpected"
)]

mod coverage;
mod definition;
mod designs;
mod import;
mod joint_attack;
mod precision;
mod privacy;
mod stats;
