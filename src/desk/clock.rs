//! The clock of the desk: when something was kept. No output of a build sees it.

use jiff::Timestamp;

/// Now.
#[expect(clippy::disallowed_methods, reason = "versions of files have times")]
pub(super) fn now() -> Timestamp {
    Timestamp::now()
}
