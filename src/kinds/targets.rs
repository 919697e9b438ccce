//! `data/targets.yaml`: what the plan set out to reach.

use super::Spanned;
use crate::base::Moment;

#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    pub id: Spanned<String>,
    pub title: String,
    pub group: String,
    /// As the plan puts it, verbatim.
    pub words: String,
    pub value: TargetValue,
    pub unit: String,
    pub per: Period,
    /// The day by which it was to be reached.
    pub by: Option<Moment>,
    pub units: Vec<String>,
    /// The clause's name and an optional link to it (relative to the site's root).
    pub clause: Option<(String, Option<Spanned<String>>)>,
    /// Link to the page that explains it.
    pub explainer: Option<Spanned<String>>,
    /// What was observed, oldest first.
    pub observations: Vec<Observation>,
    pub from: Option<TargetSource>,
}

/// What counts as reached: at least `min`, or more than it when `strict`; up to `max` where the plan gives a range.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TargetValue {
    pub min: Option<f64>,
    pub max: Option<f64>,
    /// `>` instead of `≥`.
    pub strict: bool,
    /// The plan says 左右, 余 or the like.
    pub approximate: bool,
    /// The plan sets it relative to something it does not quantify.
    pub relative_to: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Period {
    Year,
    Total,
    #[default]
    End,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    pub date: Moment,
    pub value: f64,
    pub source: String,
}

/// Where observations will come from by themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TargetSource {
    Survey(String),
    Ledger(String),
}
