//! Makes the terms of all taxonomies: those that have a page, and those that pages name.
//!
//! Input: metadata of all pages, and the taxonomies. Output: terms in order with their pages and spellings, and diagnostics about names
//! that collide. Does not know page bodies.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use rayon::prelude::*;

use crate::settings::Settings;
use puzhi_core::base::{Span, case_folded_key, slugify};
use puzhi_core::diag::{Diagnostic, codes};
use puzhi_core::kinds::{SectionOrder, Spanned};

use super::build::{is_listed, term_route};
use super::collections::sort_pages;
use super::{PageId, PageMeta, PageRole, Term, TermId, UnplacedDiagnostic};

/// Terms in display order with their look-ups; the fields are as in [`Catalog`].
pub(super) struct TermIndex {
    pub terms: Vec<Term>,
    pub terms_by_spelling: BTreeMap<String, Vec<HashMap<String, TermId>>>,
    pub page_terms: Vec<Vec<TermId>>,
}

/// Makes all terms that have a page or are used by a page. The diagnostics report conflicting aliases.
pub(super) fn build_terms(metas: &[Arc<PageMeta>], settings: &Settings) -> (TermIndex, Vec<UnplacedDiagnostic>) {
    let mut builder = TermBuilder {
        metas,
        settings,
        spellings: BTreeMap::new(),
        terms: Vec::new(),
        numbers: HashMap::new(),
        merged: Vec::new(),
    };
    let mut diags = builder.add_described();
    builder.share_default_spellings();
    let page_terms = builder.add_used();
    diags.append(&mut builder.merged);
    (builder.finish(page_terms), diags)
}

/// Taxonomy and language of a term, as indexes into the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct TermScope {
    taxonomy: usize,
    lang: usize,
}

/// Identifies a term while terms are collected.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct TermKey {
    scope: TermScope,
    slug: String,
}

/// Collects terms in two steps: first the terms that have a page, whose title and aliases reserve spellings, then the
/// terms that pages use.
struct TermBuilder<'a> {
    metas: &'a [Arc<PageMeta>],
    settings: &'a Settings,
    /// Case-folded spelling to slug.
    spellings: BTreeMap<(TermScope, String), String>,
    /// In the order of discovery. Until [`TermBuilder::finish`] sorts them, a term is identified by its index in this
    /// list.
    terms: Vec<(TermKey, Term)>,
    numbers: HashMap<TermKey, usize>,
    /// Names that are other words and have the same slug.
    merged: Vec<UnplacedDiagnostic>,
}

/// A name in front matter, where it stands.
#[derive(Clone, Copy)]
struct WrittenName<'m> {
    meta: &'m PageMeta,
    name: &'m str,
    span: Span,
}

impl TermBuilder<'_> {
    fn taxonomy(&self, key: &str) -> Option<usize> {
        self.settings.taxonomies.iter().position(|t| t.key == key)
    }

    /// Adds the terms that have a page, and reports aliases that two terms claim.
    fn add_described(&mut self) -> Vec<UnplacedDiagnostic> {
        let mut diags = Vec::new();
        let mut found: BTreeMap<TermKey, Term> = BTreeMap::new();
        for (i, meta) in self.metas.iter().enumerate() {
            let PageRole::Term(taxonomy) = &meta.role else { continue };
            let Some(index) = self.taxonomy(taxonomy) else { continue };
            let scope = TermScope { taxonomy: index, lang: meta.lang };
            let slug = meta.route.as_str().trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_string();
            let names =
                [meta.title.as_str(), meta.path.stem().split('.').next().unwrap_or_default()].map(|name| (name, None));
            for (name, span) in names.into_iter().chain(meta.spellings.iter().map(|a| (a.value.as_str(), Some(a.span))))
            {
                let at = (scope, case_folded_key(name.trim()));
                if let Some(other) = self.spellings.get(&at)
                    && *other != slug
                {
                    let owner = found
                        .get(&TermKey { scope, slug: other.clone() })
                        .and_then(|term| term.index)
                        .map(|page| self.metas[page.0 as usize].path.to_string());
                    let diag = Diagnostic::new(&codes::links::TERM_ALIAS_CLASH)
                        .file(&meta.path)
                        .arg("name", name)
                        .arg("other", owner.unwrap_or_default());
                    diags.push(UnplacedDiagnostic { diag, span });
                    continue;
                }
                self.spellings.insert(at, slug.clone());
            }
            let term = Term {
                taxonomy: taxonomy.clone(),
                lang: meta.lang,
                name: meta.title.clone(),
                route: meta.route.clone(),
                order: meta.order,
                index: Some(PageId(i as u32)),
                pages: Vec::new(),
            };
            found.insert(TermKey { scope, slug }, term);
        }
        self.terms = found.into_iter().collect();
        self.numbers = self.terms.iter().enumerate().map(|(number, (key, _))| (key.clone(), number)).collect();
        diags
    }

    /// Copies the spellings of the default language to the other languages, so that a term described only in the
    /// default language has the same slug in all of them.
    fn share_default_spellings(&mut self) {
        let default: Vec<_> = self
            .spellings
            .iter()
            .filter(|((scope, _), _)| scope.lang == 0)
            .map(|(key, slug)| (key.clone(), slug.clone()))
            .collect();
        for lang in 1..self.settings.languages.len() {
            for ((scope, name), slug) in &default {
                let scope = TermScope { lang, ..*scope };
                self.spellings.entry((scope, name.clone())).or_insert_with(|| slug.clone());
            }
        }
    }

    /// Adds the terms used in front matter and assigns the listed pages to them. Returns the term numbers of each
    /// page.
    fn add_used(&mut self) -> Vec<Vec<usize>> {
        // Cache, so that each spelling is folded and looked up only once.
        let mut known: HashMap<(TermScope, &str), usize> = HashMap::new();
        let mut uses: Vec<Vec<usize>> = vec![Vec::new(); self.metas.len()];
        let metas = self.metas;
        for (i, meta) in metas.iter().enumerate().filter(|(_, meta)| meta.role != PageRole::Section) {
            for (taxonomy, written) in &meta.front_matter_terms {
                let Some(index) = self.taxonomy(taxonomy) else { continue };
                let scope = TermScope { taxonomy: index, lang: meta.lang };
                for Spanned { value, span } in written.iter().filter(|name| !name.value.trim().is_empty()) {
                    let name = value.trim();
                    let written = WrittenName { meta, name, span: *span };
                    let number =
                        *known.entry((scope, name)).or_insert_with(|| self.number_of(scope, taxonomy, written));
                    if !uses[i].contains(&number) {
                        uses[i].push(number);
                        if is_listed(meta) {
                            self.terms[number].1.pages.push(PageId(i as u32));
                        }
                    }
                }
            }
        }
        uses
    }

    /// The number of the term with this spelling; adds a term if there is none.
    fn number_of(&mut self, scope: TermScope, taxonomy: &str, written: WrittenName<'_>) -> usize {
        let WrittenName { meta, name, span } = written;
        let spelling = (scope, case_folded_key(name));
        let is_new = !self.spellings.contains_key(&spelling);
        let slug = self.spellings.entry(spelling).or_insert_with(|| match term_slug(name) {
            empty if empty.is_empty() => format!("x{}", puzhi_core::base::ContentHash::of(name.as_bytes()).short(8)),
            slug => slug,
        });
        let key = TermKey { scope, slug: slug.clone() };
        if let Some(number) = self.numbers.get(&key) {
            let term = &self.terms[*number].1;
            if is_new && term.index.is_none() && !has_same_letters(&term.name, name) {
                let diag = Diagnostic::new(&codes::links::TERMS_MERGED).file(&meta.path).arg("name", name);
                let diag = diag.arg("other", &term.name).arg("route", &term.route);
                self.merged.push(UnplacedDiagnostic { diag, span: Some(span) });
            }
            return *number;
        }
        let default = TermKey { scope: TermScope { lang: 0, ..scope }, slug: key.slug.clone() };
        let described = if scope.lang == 0 { None } else { self.numbers.get(&default) };
        let term = Term {
            taxonomy: taxonomy.to_string(),
            lang: scope.lang,
            name: described.map_or_else(|| name.to_string(), |number| self.terms[*number].1.name.clone()),
            route: term_route(self.settings, scope.lang, taxonomy, &key.slug),
            order: None,
            index: None,
            pages: Vec::new(),
        };
        self.numbers.insert(key.clone(), self.terms.len());
        self.terms.push((key, term));
        self.terms.len() - 1
    }

    /// Sorts the terms by taxonomy, language, `order`, descending number of pages, name and slug, and replaces the
    /// numbers by ids.
    fn finish(self, page_terms: Vec<Vec<usize>>) -> TermIndex {
        let mut order: Vec<(usize, (TermKey, Term))> = self.terms.into_iter().enumerate().collect();
        order.sort_by(|(_, (a, x)), (_, (b, y))| {
            let rank = |term: &Term| (term.order.unwrap_or(i64::MAX), std::cmp::Reverse(term.pages.len()));
            a.scope
                .cmp(&b.scope)
                .then_with(|| rank(x).cmp(&rank(y)))
                .then_with(|| x.name.cmp(&y.name))
                .then_with(|| a.slug.cmp(&b.slug))
        });
        let mut ids = vec![TermId(0); order.len()];
        for (i, (number, _)) in order.iter().enumerate() {
            ids[*number] = TermId(i as u32);
        }
        let mut terms: Vec<Term> = order.into_iter().map(|(_, (_, term))| term).collect();
        terms.par_iter_mut().for_each(|term| sort_pages(&mut term.pages, self.metas, Some(SectionOrder::Date)));
        let mut terms_by_spelling: BTreeMap<String, Vec<HashMap<String, TermId>>> = BTreeMap::new();
        for ((scope, name), slug) in self.spellings {
            if let Some(number) = self.numbers.get(&TermKey { scope, slug }) {
                let by_language = terms_by_spelling
                    .entry(self.settings.taxonomies[scope.taxonomy].key.clone())
                    .or_insert_with(|| vec![HashMap::new(); self.settings.languages.len()]);
                by_language[scope.lang].insert(name, ids[*number]);
            }
        }
        let page_terms = page_terms.into_iter().map(|numbers| numbers.into_iter().map(|n| ids[n]).collect()).collect();
        TermIndex { terms, terms_by_spelling, page_terms }
    }
}

/// Whether two names differ in signs, spaces and case alone.
fn has_same_letters(one: &str, other: &str) -> bool {
    let letters = |name: &str| case_folded_key(name).chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    letters(one) == letters(other)
}

/// Address segment of a term. Signs that make another name are spelt out, so that `C`, `C#` and `C++`, `NET` and `.NET`,
/// `人工智能政务` and `人工智能+政务` have different addresses.
fn term_slug(name: &str) -> String {
    /// Signs that are spelt out; more are no name.
    const MOST_SIGNS: usize = 8;
    let mut spelt = String::with_capacity(name.len());
    let mut signs = 0;
    let mut before = ' ';
    let mut in_minuses = false;
    let is_minus = |c: char| matches!(c, '-' | '－' | '−');
    let mut rest = name.chars().peekable();
    while let Some(c) = rest.next() {
        let word = match c {
            '+' | '＋' => Some("plus"),
            '#' | '＃' => Some("sharp"),
            '%' | '％' if before.is_alphanumeric() => Some("percent"),
            '@' | '＠' => Some("at"),
            '!' if before.is_ascii_alphanumeric() && rest.peek().is_none() => Some("bang"),
            // Those at the end, as in `C-` and `C--`.
            c if is_minus(c) && (before.is_alphanumeric() || in_minuses) && rest.clone().all(is_minus) => {
                in_minuses = true;
                Some("minus")
            }
            '*' | '＊' if before.is_alphanumeric() && rest.peek().is_none() => Some("star"),
            '.' if !before.is_alphanumeric() && rest.peek().is_some_and(|next| next.is_alphanumeric()) => Some("dot"),
            _ => None,
        };
        match word.filter(|_| signs < MOST_SIGNS) {
            Some(word) => {
                spelt.extend([" ", word, " "]);
                signs += 1;
            }
            None => spelt.push(c),
        }
        before = c;
    }
    slugify(&spelt)
}
