//! The rules of the source that no compiler checks: which room uses which, what a file may hold, who may break a ban.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::iter_over_hash_type,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests read files, run programs and stop at what is unexpected"
)]

mod bans;
mod files;
mod invariants;
mod rooms;
mod seams;
mod shapes;
mod sources;
mod tracking;
