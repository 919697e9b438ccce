//! What one build keeps of its pages for the next, and whether only texts changed since the last one.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;

use super::link_pass::{CheckNotes, FollowedReferences, LinkedSite};
use crate::engine::{DependencyGraph, Fingerprint, fingerprint};
use crate::pipeline::check::{ReferenceChecker, ReferenceKey};
use crate::pipeline::docs::ContentPage;
use crate::pipeline::previous::{PageCache, PreviousPage};
use crate::source::{FileSnapshot, is_page_source};
use crate::view::VisibleReferences;
use puzhi_core::base::{ContentHash, SitePath};

/// For what a page cache holds.
pub(super) struct CacheFingerprints {
    /// Of how documents are read: settings and labels.
    pub reading: Fingerprint,
    /// Of everything but the Markdown texts; `None` where pages were left out.
    pub non_text_fingerprint: Option<Fingerprint>,
}

/// Fingerprint of everything but the Markdown texts: settings, date, and the other files. Two builds with equal fingerprints and equal
/// `PageMeta`s of all pages agree in all that pages see of each other.
pub(super) fn non_text_fingerprint(files: &FileSnapshot, reading: Fingerprint, today: Date) -> Fingerprint {
    let files: Vec<(&SitePath, Option<ContentHash>)> =
        files.paths().map(|path| (path, (!is_page_source(path)).then(|| files.hash(path)).flatten())).collect();
    fingerprint(&(reading, today, files))
}

/// The pages that were parsed in this build, if only their texts changed and no page was added or removed; else `None`.
pub(super) fn text_only_changes_since(
    pages: &[ContentPage],
    drafts: &[ContentPage],
    previous: &PageCache,
) -> Option<Vec<SitePath>> {
    if pages.len() + drafts.len() != previous.pages.len() {
        return None;
    }
    let anew = pages.iter().chain(drafts).filter(|page| page.previous.is_none());
    anew.map(|page| {
        previous
            .pages
            .get(&page.place.path)
            .filter(|old| old.differs_in_text_only(page))
            .map(|_| page.place.path.clone())
    })
    .collect()
}

/// Whether the part of a page's references that other pages show is unchanged.
pub(super) fn has_same_visible_references(path: &SitePath, previous: &PageCache, linked: &LinkedSite) -> bool {
    let (Some(old), Some(page)) = (previous.pages.get(path), linked.catalog.by_path(path)) else { return false };
    let now = &linked.followed[page.0 as usize];
    now.visible_references == old.visible_references
        && now.links_to == old.links_to
        && matches!(now.check, Some(CheckNotes { is_complete: true, .. }))
}

/// The page cache for the next build, and the references of this one, each list by [`crate::catalog::PageId`].
pub(super) struct CachedPages {
    /// The pages, and how their references were followed.
    pub cache: PageCache,
    pub visible_references: Vec<VisibleReferences>,
    pub content_fingerprints: Vec<Fingerprint>,
    pub links_to: Vec<Vec<SitePath>>,
}

/// Divides what following references gave into what the next build may know and what rendering reads.
pub(super) fn page_cache_of(
    pages: &[ContentPage],
    drafts: &[ContentPage],
    followed: Vec<FollowedReferences>,
    mut checks: DependencyGraph<SitePath, ReferenceKey>,
    checker: ReferenceChecker<'_>,
    fingerprints: CacheFingerprints,
) -> CachedPages {
    let CacheFingerprints { reading, non_text_fingerprint } = fingerprints;
    let previous_page_of = |(page, followed): (&ContentPage, &FollowedReferences)| {
        let previous = match &followed.check {
            None => page.previous.clone()?,
            Some(CheckNotes { is_complete: true, .. }) => Arc::new(PreviousPage::of(page, followed)),
            Some(CheckNotes { is_complete: false, .. }) => return None,
        };
        Some((page.place.path.clone(), previous))
    };
    let mut known: BTreeMap<SitePath, Arc<PreviousPage>> =
        pages.par_iter().zip(&followed).filter_map(previous_page_of).collect();
    for draft in drafts {
        let unfollowed = || Arc::new(PreviousPage::of(draft, &FollowedReferences::default()));
        known.insert(draft.place.path.clone(), draft.previous.clone().unwrap_or_else(unfollowed));
    }
    let mut visible_references = Vec::with_capacity(pages.len());
    let mut content_fingerprints = Vec::with_capacity(pages.len());
    let mut links_to = Vec::with_capacity(pages.len());
    for (page, followed) in pages.iter().zip(followed) {
        if let Some(CheckNotes { refs, is_complete: true, .. }) = followed.check {
            checks.set_reads(page.place.path.clone(), refs, |key| key.fingerprint(&checker));
        }
        visible_references.push(followed.visible_references);
        content_fingerprints.push(followed.content_fingerprint);
        links_to.push(followed.links_to);
    }
    // Both iterate in path order.
    let mut paths = known.keys().peekable();
    let gone = |path: &&SitePath| {
        while paths.next_if(|known| known < path).is_some() {}
        paths.peek() != Some(path)
    };
    let gone: Vec<SitePath> = checks.nodes().filter(gone).cloned().collect();
    gone.iter().for_each(|path| checks.remove(path));
    let cache = PageCache { reading, non_text_fingerprint, pages: known, checks, ..PageCache::default() };
    CachedPages { cache, visible_references, content_fingerprints, links_to }
}
