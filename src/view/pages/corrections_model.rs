//! The data of corrections and withdrawals. Part of `view::model`, with its rules for addresses and absent values. Knows no site and
//! computes nothing.

use serde::Serialize;

use crate::view::model::{DateView, FeedsView, LinkView, TranslationView};

/// A correction of a page's published text.
#[derive(Debug, Clone, Serialize)]
pub struct CorrectionView {
    /// When it was corrected.
    pub date: DateView,
    /// What was wrong and how it reads now.
    pub what: String,
    /// How the mistake came about.
    pub why: Option<String>,
}

/// That a page is withdrawn.
#[derive(Debug, Clone, Serialize)]
pub struct WithdrawalView {
    /// When it was withdrawn.
    pub date: Option<DateView>,
    /// Why it was withdrawn.
    pub why: Option<String>,
}

/// The page of all corrections and withdrawals of a language.
#[derive(Debug, Clone, Serialize)]
pub struct CorrectionsView {
    /// Title of the page.
    pub title: String,
    /// Address of this page.
    pub url: String,
    /// Absolute address of this page; none without `base_url`.
    pub permalink: Option<String>,
    /// Always none; the key exists because base templates read it from every `list`.
    pub summary: Option<String>,
    /// Path from the home page down, without the page itself.
    pub breadcrumbs: Vec<LinkView>,
    /// Always empty; the key exists because base templates read it from every `list`.
    pub translations: Vec<TranslationView>,
    /// Always none; the key exists because base templates read it from every `list`.
    pub feeds: Option<FeedsView>,
    /// Address of the feed of corrections; none without `base_url`.
    pub feed: Option<String>,
    /// The entries, newest first.
    pub entries: Vec<ListedCorrectionView>,
}

/// A correction or a withdrawal in the list of all.
#[derive(Debug, Clone, Serialize)]
pub struct ListedCorrectionView {
    /// Title of the article.
    pub title: String,
    /// Address of the article.
    pub url: String,
    /// The article is withdrawn; else it is corrected.
    pub withdrawn: bool,
    /// When it was corrected or withdrawn.
    pub date: DateView,
    /// What was corrected; none for a withdrawal.
    pub what: Option<String>,
    /// How the mistake came about, or why the article was withdrawn.
    pub why: Option<String>,
    /// Hash of the article's text in the release log, at its newest entry.
    pub hash: Option<String>,
    /// Hash of its text before the last recorded change, at its newest entry.
    pub hash_before: Option<String>,
}
