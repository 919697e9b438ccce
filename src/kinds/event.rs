//! `kind: event`: something held at a time and a place.

use super::Spanned;
use crate::base::Moment;

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Event {
    pub id: Option<Spanned<String>>,
    pub start: Option<Moment>,
    pub end: Option<Moment>,
    pub all_day: bool,
    pub place: Option<String>,
    pub street: Option<String>,
    pub organisers: Vec<String>,
    pub status: EventStatus,
    /// People who came; only once held.
    pub attendance: Option<u64>,
    pub evidence: Vec<String>,
    /// An observance that returns each year; never counts as a session.
    pub yearly: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum EventStatus {
    #[default]
    Planned,
    Confirmed,
    Cancelled,
    Held,
}

/// 七进: where the campaign goes. The taxonomy `channels` holds the page's choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Channel {
    Offices,
    Firms,
    Parks,
    Communities,
    Markets,
    Schools,
    Web,
}
