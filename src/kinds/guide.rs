//! `kind: guide`: how to get something done, with the elements inspections ask for.

use crate::base::Moment;

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Guide {
    pub item: Option<String>,
    pub basis: Vec<String>,
    pub conditions: Vec<String>,
    pub materials: Vec<String>,
    pub steps: Vec<String>,
    pub time_limit: Option<String>,
    pub fee: Option<String>,
    pub window: Option<Window>,
    /// When the facts were last checked.
    pub reviewed: Option<Moment>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct Window {
    pub place: Option<String>,
    pub phone: Option<String>,
    pub hours: Option<String>,
}
