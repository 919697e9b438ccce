//! What templates see of surveys beside their questions: how to take part, and what came out.

use serde::Serialize;

use super::model::DateView;

/// How to take part in a survey, as its page and `{survey}` show it.
#[derive(Debug, Clone, Serialize)]
pub struct TakeView {
    /// `form` (here and now), `soon` (its first day is to come or not yet known), `closed`, `hosted` (on another site) or `paper`
    /// (no collector in settings).
    pub state: &'static str,
    /// The day it opens (`soon`), closed (`closed`) or closes (`form`), when one is set.
    pub date: Option<DateView>,
    /// The whole form, when it is `form`.
    pub form_html: Option<String>,
    /// Where it runs, when that is another site.
    pub hosted: Option<HostedView>,
    /// Where paper forms are handed out and in.
    pub place: Option<String>,
    pub phone: Option<String>,
    /// Minutes it takes, an estimate from the number of questions.
    pub minutes: usize,
    /// A code that leads phones to the survey, as SVG; none without an absolute address.
    pub qr_html: Option<String>,
}

/// A survey on another site.
#[derive(Debug, Clone, Serialize)]
pub struct HostedView {
    pub url: String,
    /// What that site is called, else its host.
    pub name: String,
    /// Settings allow it to stand in a frame.
    pub frame: bool,
}
