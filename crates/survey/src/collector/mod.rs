//! The collector: takes answers over HTTP and puts them into the store.
//!
//! `service` is the server, `handlers` decides, the rest are parts: what is asked (`definitions`), what was sent (`submission`), from where
//! (`origin`, `address`, `rate_limit`, `listener`), one-time codes (`code`), and what is said (`pages`, `messages`).

mod address;
mod code;
mod definitions;
mod handlers;
mod listener;
mod messages;
mod origin;
mod pages;
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
