//! What a finding suggests instead of a name or a link that leads nowhere: the facet [`Suggestions`].
//!
//! In: the catalog and what else references can lead to. Out: the most similar name. Its fingerprint covers all names of the
//! site, so the references of a page with a suggestion are followed again when any name comes or goes.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::ReferenceChecker;
use super::reference_kind::ReferenceKind;
use crate::engine::{Facet, Fingerprint, fingerprint};
use puzhi_core::base::{SitePath, closest_match};

/// The names that suggestions are chosen from.
pub(super) struct Suggestions;

/// All names of the site.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct AllNames;

impl fmt::Display for AllNames {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

/// What [`Suggestions`] gives out.
#[derive(Clone, Copy)]
pub(super) struct Suggester<'s, 'c>(&'s ReferenceChecker<'c>);

impl<'c> Suggester<'_, 'c> {
    /// The most similar existing target, as a link in the file `from`.
    pub fn link(self, from: &SitePath, path: &SitePath) -> Option<String> {
        self.0.resolver.nearest(self.0.catalog, from, path)
    }

    /// The most similar template.
    pub fn template(self, name: &str) -> Option<&'c str> {
        closest_match(name, self.0.link_context.theme.template_names())
    }

    /// The most similar id of an event.
    pub fn event(self, id: &str) -> Option<&'c str> {
        closest_match(id, self.0.link_context.events.keys().map(|(id, _)| id.as_str()))
    }

    /// The name of this kind that is written most like `name`.
    pub fn name(self, kind: ReferenceKind, lang: usize, name: &str) -> Option<&'c str> {
        let ReferenceChecker { catalog, link_context, .. } = *self.0;
        let targets = &link_context.targets;
        match kind {
            ReferenceKind::Target => closest_match(name, targets.iter().map(|target| target.id.value.as_str())),
            ReferenceKind::Group => closest_match(name, targets.iter().map(|target| target.group.as_str())),
            ReferenceKind::Section => closest_match(name, catalog.sections.iter().map(|s| s.folder.as_str())),
            ReferenceKind::Survey => closest_match(name, link_context.surveys.iter().map(String::as_str)),
            ReferenceKind::Unit | ReferenceKind::Campaign | ReferenceKind::Channel | ReferenceKind::Tag => {
                let terms = catalog.taxonomy_terms(kind.taxonomy(), lang);
                closest_match(name, terms.map(|term| catalog.term(term).name.as_str()))
            }
            // The names of columns are in the table's file.
            ReferenceKind::Column => None,
        }
    }
}

impl<'c> Facet<ReferenceChecker<'c>> for Suggestions {
    type Of = AllNames;
    type Value<'s>
        = Suggester<'s, 'c>
    where
        'c: 's;
    const NAME: &'static str = "suggestions";
    const ZH: &'static str = "相近的名字";

    fn read<'s>(checker: &'s ReferenceChecker<'c>, _: &AllNames) -> Suggester<'s, 'c> {
        Suggester(checker)
    }

    fn fingerprint(checker: &ReferenceChecker<'c>, _: &AllNames) -> Option<Fingerprint> {
        let ReferenceChecker { catalog, link_context, .. } = *checker;
        let files: Vec<&SitePath> = link_context.files.paths().collect();
        let pages: Vec<&SitePath> = catalog.pages.iter().map(|page| &page.path).collect();
        let templates: Vec<&str> = link_context.theme.template_names().collect();
        let targets: Vec<(&str, &str)> =
            link_context.targets.iter().map(|target| (target.id.value.as_str(), target.group.as_str())).collect();
        let events: Vec<&str> = link_context.events.keys().map(|(id, _)| id.as_str()).collect();
        let sections: Vec<&str> = catalog.sections.iter().map(|section| section.folder.as_str()).collect();
        let terms: Vec<Fingerprint> =
            catalog.terms.iter().map(|term| fingerprint(&(&term.taxonomy, term.lang, &term.name))).collect();
        Some(fingerprint(&(files, pages, templates, targets, events, sections, &link_context.surveys, terms)))
    }
}
