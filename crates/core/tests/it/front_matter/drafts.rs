//! A draft with slips in its first lines is read as a draft, or an error stops it.

use proptest::prelude::*;
use puzhi_core::base::SitePath;
use puzhi_core::diag::SourceText;
use puzhi_core::kinds::{FrontMatterContext, KindName, read_front_matter, split_front_matter};

use crate::draft_slips::{same_cases, slipped_draft};

proptest! {
    // Reading alone is fast, so that many pages can be read.
    #![proptest_config(same_cases(ProptestConfig::default().cases.max(256) * 16))]

    #[test]
    fn a_draft_with_slips_is_a_draft_or_has_an_error(head in slipped_draft()) {
        let text = format!("{head}\n机密的正文。\n\n## 机密小标题\n");
        let path = SitePath::new("content/a/b.md").unwrap();
        let source = SourceText::new(&path, &text);
        let parts = split_front_matter(&text);
        let read = read_front_matter(&source, parts.front, &FrontMatterContext::of(KindName::Page));
        let stopped = parts.diags(&source).iter().chain(&read.diags).any(|diag| diag.is_error());
        prop_assert!(read.common.draft || stopped, "{}", head);
    }
}
