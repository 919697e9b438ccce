//! `kind: story`: what changed for whom.

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Story {
    pub organisation: Option<String>,
    pub industry: Option<String>,
    pub ip_type: Vec<String>,
    pub figures: Vec<Figure>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct Figure {
    pub label: String,
    /// As written, so that `3.50` stays `3.50`.
    pub value: String,
    pub unit: Option<String>,
    pub source: Option<String>,
}
