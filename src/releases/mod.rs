//! The release log: which articles and attachments were published, at which address, when and with which text.
//!
//! Input: the text of `content/releases.lock.yaml`, and what the site publishes now. Output: a [`ReleaseLog`], its differences, and the
//! log as it is to be written. Only the command that records releases writes the file; builds only read it. Pure: knows no disk, no
//! catalog and no clock.

mod log;
mod record;

pub use log::{ArticleRow, FileRow, ReleaseLog, read_log};
pub use record::{
    ArticleNow, ChangeKind, FileNow, LogChange, ReleasedNow, changes, is_earlier, let_go, record, recorded_title,
    text_hash,
};
