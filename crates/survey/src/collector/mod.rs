//! The collector: takes responses over HTTP and puts them into the store.
//!
//! `service` is the server and `handlers` decides what is stored. The other files are parts: definitions of the surveys
//! (`definitions`), the submission (`request_body`, `submission`), where it came from (`origin`, `address`, `rate_limit`,
//! `listener`), one-time codes (`code`), and the replies (`pages`, `messages`). Knows no pages of the site and no files.

mod address;
mod code;
pub(crate) mod definitions;
pub(crate) mod handlers;
pub(crate) mod listener;
pub(crate) mod messages;
mod metrics;
pub(crate) mod origin;
pub(crate) mod pages;
pub(crate) mod random;
mod rate_limit;
pub(crate) mod request_body;
pub(crate) mod service;
pub(crate) mod submission;

pub use address::{IpNetwork, PeerAddress};
pub use code::OneTimeCode;
pub use definitions::{Admission, LocalizedSurvey, SiteLanguage, SurveyDefinitions};
pub use origin::parse_origin;
pub use service::{Collector, CollectorConfig};
pub use submission::{RawAnswers, Submission, SubmissionError, SubmissionKey};
