//! The collector: takes responses over HTTP and puts them into the store.
//!
//! `service` is the server and `handlers` decides what is stored. The other files are parts: definitions of the surveys
//! (`definitions`), the submission (`request_body`, `submission`), where it came from (`origin`, `address`, `rate_limit`,
//! `listener`), one-time codes (`code`), and the replies (`pages`, `messages`). Knows no pages of the site and no files.

mod address;
mod code;
mod definitions;
mod handlers;
mod listener;
mod messages;
mod metrics;
mod origin;
mod pages;
pub(crate) mod random;
mod rate_limit;
mod request_body;
mod service;
mod submission;

pub use address::{IpNetwork, PeerAddress};
pub use code::OneTimeCode;
pub use definitions::{Admission, LocalizedSurvey, SiteLanguage, SurveyDefinitions};
pub use origin::parse_origin;
pub use service::{Collector, CollectorConfig};
pub use submission::{RawAnswers, Submission, SubmissionError, SubmissionKey};
