//! `kind: policy`: an official text, or an explainer of one.

use super::Spanned;
use crate::base::Moment;

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Policy {
    pub document_number: Option<String>,
    pub issuer: Option<String>,
    pub issued: Option<Moment>,
    pub effective: Option<Moment>,
    pub status: Option<PolicyStatus>,
    /// Relative links to the texts this page explains.
    pub explains: Vec<Spanned<String>>,
    /// This page is the official text itself (`original: true`).
    pub is_original: bool,
    /// A link to the official text elsewhere.
    pub original: Option<Spanned<String>>,
}

/// 有效 / 修改 / 失效 / 废止.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PolicyStatus {
    Effective,
    Amended,
    Expired,
    Repealed,
}
