//! Front matter of any text: no panic, every finding inside the file, every kind and the targets.

#![no_main]

use libfuzzer_sys::fuzz_target;
use puzhi_core::base::SitePath;
use puzhi_core::diag::SourceText;
use puzhi_core::kinds::{FrontMatterContext, KindFileContext, KindName, SiteKinds, read_front_matter, read_kind, read_section_front_matter, read_targets, split_front_matter};

fuzz_target!(|text: &str| {
    let Ok(file) = SitePath::new("content/a.md") else { return };
    let source = SourceText::new(&file, text);
    let parts = split_front_matter(text);
    let lines = text.lines().count().max(1) + 1;
    let mut diags = parts.diags(&source);
    for kind in KindName::ALL.iter().copied() {
        let context = FrontMatterContext::of(kind);
        diags.extend(read_front_matter(&source, parts.front, &context).diags);
        diags.extend(read_section_front_matter(&source, parts.front, &context).diags);
    }
    diags.extend(read_targets(&source).1);
    let context = KindFileContext { taken: &[], taxonomies: &[] };
    let (kind, found) = read_kind(&source, context);
    diags.extend(found);
    let kinds = SiteKinds { own: vec![kind], ..SiteKinds::default() };
    let context = FrontMatterContext { kinds: &kinds, ..FrontMatterContext::of(KindName::Own(0)) };
    diags.extend(read_front_matter(&source, parts.front, &context).diags);
    for diag in diags {
        assert!(diag.position.is_none_or(|p| p.line <= lines), "{diag:?}");
    }
});
