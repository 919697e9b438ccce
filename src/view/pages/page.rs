//! The template data of a single page: [`PageView`] with the facts of its kind, breadcrumbs, translations and the
//! questionnaire. In: a page and its rendered body. Out: views. Knows no list and no template.

use serde_json::Value as Json;

use crate::catalog::{KindFacts, PageId, PageRole, SectionId, TermId, term_route};
use crate::document::Document;
use crate::markdown::Heading;
use puzhi_core::base::Route;
use puzhi_core::diag::Lang;
use puzhi_core::kinds::{KindData, KindName, Question, Survey, TAXONOMY_KEYS};

use crate::view::model::{
    GuideView, LinkView, PageView, PolicyView, QuestionView, StoryView, SurveyView, TaxonomyTerms, TermLink, TocView,
    TranslationView,
};
use crate::view::site::Site;
use crate::view::tracking::dependency_key::{DependencyKey, PageFacet};
use crate::view::tracking::doc_cache::ResolvedDoc;
use crate::view::tracking::read_recorder::{RecordedRead, record_read};

/// How many backlinks a page shows.
const MAX_BACKLINKS: usize = 12;

impl Site {
    /// The view of the page `id` with its rendered body `html`. `related` stays empty: `Views` fills it with shared
    /// list entries.
    pub fn page_view(&self, id: PageId, html: String) -> PageView {
        let meta = self.catalog.page(id);
        let resolved_doc = self.resolved_doc(id);
        let doc = &resolved_doc.doc;
        let lang = meta.lang;
        let url = self.url(id);
        record_read(|| RecordedRead::Page(PageFacet::Neighbours, id));
        let (previous, next) = self.catalog.neighbours(id);
        let link = |id: PageId| self.link(id);
        PageView {
            title: meta.title.clone(),
            permalink: self.permalink(&url),
            kind: self.settings.kinds.name(meta.kind).to_string(),
            kind_title: self.kind_title(meta.kind, lang),
            own_kind: matches!(meta.kind, KindName::Own(_)),
            // The metadata's date of an event is its first day, not the day its page was published.
            date: doc
                .front_matter
                .date
                .or(meta.date.filter(|_| meta.event().is_none()))
                .filter(|_| self.settings.kinds.shows_date(meta.kind))
                .map(|d| self.date(d, lang)),
            updated: meta.updated.map(|d| self.date(d, lang)),
            expires: meta.expires.map(|d| self.date(d, lang)),
            expired: meta.expired,
            unpublished: meta.unpublished,
            sample: meta.sample,
            noindex: meta.sample || meta.unpublished || !self.settings.kinds.is_searchable(meta.kind),
            summary: meta.summary.clone(),
            has_summary: doc.front_matter.summary.is_some(),
            author: doc.front_matter.author.clone(),
            source: doc.front_matter.source.clone(),
            image: self.cover(id),
            characters: doc.body.characters,
            html,
            toc: toc(&doc.body.headings, 3),
            breadcrumbs: self.breadcrumbs(id),
            previous: previous.map(link),
            next: next.map(link),
            related: Vec::new(),
            backlinks: self.backlinks(id).into_iter().map(link).collect(),
            tags: self.terms_of(id, "tags"),
            units: self.terms_of(id, "units"),
            campaigns: self.terms_of(id, "campaigns"),
            channels: self.terms_of(id, "channels"),
            audiences: self.terms_of(id, "audiences"),
            other_terms: self.other_terms(id),
            translations: match meta.role {
                PageRole::Section => self.section_translations(&meta.folder, lang),
                _ => self.translations(&meta.key, lang),
            },
            policy: self.policy_view(id, &resolved_doc),
            guide: self.guide_view(doc, lang),
            event: self.event_view(id),
            calendar: self.event_page(id),
            story: story_view(doc),
            survey: self.survey_view(id),
            take: self.take_view(id, 3),
            results: self.results_view(id),
            fields: self.page_fields(&resolved_doc, lang),
            values: self.page_values(&resolved_doc, lang),
            extra: doc.front_matter.extra.clone().unwrap_or(Json::Null),
            url,
        }
    }

    /// The pages in the same language that link to a page, as many as are shown.
    pub(in crate::view) fn backlinks(&self, id: PageId) -> Vec<PageId> {
        let meta = self.catalog.page(id);
        record_read(|| RecordedRead::Page(PageFacet::Backlinks, id));
        self.catalog
            .backlinks(id)
            .iter()
            .copied()
            .filter(|b| self.catalog.page(*b).lang == meta.lang)
            .take(MAX_BACKLINKS)
            .collect()
    }

    /// The terms of a page in one taxonomy.
    pub fn terms_of(&self, id: PageId, taxonomy: &str) -> Vec<TermLink> {
        record_read(|| RecordedRead::Page(PageFacet::Terms, id));
        let terms = self.catalog.page_terms(id).iter().filter(|t| self.catalog.term(**t).taxonomy == taxonomy);
        let link = |t: &TermId| {
            let link = self.term_link(*t);
            TermLink { name: link.title, url: link.url }
        };
        terms.map(link).collect()
    }

    fn other_terms(&self, id: PageId) -> Vec<TaxonomyTerms> {
        let lang = self.catalog.page(id).lang;
        let is_built_in = |key: &str| TAXONOMY_KEYS.iter().any(|(name, _)| *name == key);
        let more = self.settings.taxonomies.iter().filter(|taxonomy| !is_built_in(&taxonomy.key));
        more.map(|t| TaxonomyTerms {
            key: t.key.clone(),
            title: self.taxonomy_title(&t.key, lang),
            terms: self.terms_of(id, &t.key),
        })
        .filter(|t| !t.terms.is_empty())
        .collect()
    }

    /// The path from the home page down to the page's section or taxonomy, without the page itself.
    pub fn breadcrumbs(&self, id: PageId) -> Vec<LinkView> {
        let meta = self.catalog.page(id);
        match &meta.role {
            PageRole::Term(taxonomy) => self.taxonomy_crumbs(taxonomy, meta.lang),
            PageRole::Page => self
                .catalog
                .section_by_folder(&meta.folder, meta.lang)
                .map(|s| self.section_crumbs(s, true))
                .unwrap_or_default(),
            PageRole::Section => self
                .catalog
                .section_by_folder(&meta.folder, meta.lang)
                .map(|s| self.section_crumbs(s, false))
                .unwrap_or_default(),
        }
    }

    /// The sections above `section`, from the home page down, and `section` itself if `with`.
    pub fn section_crumbs(&self, section: SectionId, with: bool) -> Vec<LinkView> {
        let mut crumbs = Vec::new();
        let mut at = if with { Some(section) } else { self.catalog.section(section).parent };
        while let Some(id) = at {
            let mut link = self.section_link(id);
            let section = self.catalog.section(id);
            if section.parent.is_none() {
                link.title = self.word(section.lang, "home");
            }
            crumbs.push(link);
            at = section.parent;
        }
        crumbs.reverse();
        crumbs
    }

    /// The home page, then the taxonomy's list of terms.
    pub fn taxonomy_crumbs(&self, taxonomy: &str, lang: usize) -> Vec<LinkView> {
        let mut crumbs = self.home_crumb(lang);
        crumbs.push(LinkView {
            title: self.taxonomy_title(taxonomy, lang),
            url: self.settings.href(&self.taxonomy_route(taxonomy, lang)),
        });
        crumbs
    }

    /// The home page alone.
    pub fn home_crumb(&self, lang: usize) -> Vec<LinkView> {
        let route = crate::catalog::folder_route(self.settings.language_prefix(lang), "");
        vec![LinkView { title: self.word(lang, "home"), url: self.settings.href(&route) }]
    }

    /// The other languages of the page with this translation key; without a translation, that language's home page.
    pub fn translations(&self, key: &str, lang: usize) -> Vec<TranslationView> {
        record_read(|| DependencyKey::Translations(key.into(), lang));
        self.other_languages(lang, |i| self.catalog.translation(key, i).map(|id| self.catalog.page(id).route.clone()))
    }

    /// The same for a section, which exists in each language that has pages in it.
    pub fn section_translations(&self, folder: &str, lang: usize) -> Vec<TranslationView> {
        record_read(|| DependencyKey::Translations(format!("/{folder}").into(), lang));
        self.other_languages(lang, |i| {
            self.catalog.section_by_folder(folder, i).map(|id| self.catalog.section(id).route.clone())
        })
    }

    /// The same for a term's page.
    pub fn term_translations(&self, id: TermId) -> Vec<TranslationView> {
        let term = self.catalog.term(id);
        record_read(|| DependencyKey::Translations(format!("#{}", term.route).into(), term.lang));
        let slug = term.route.as_str().trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        self.other_languages(term.lang, |i| {
            let route = term_route(&self.settings, i, &term.taxonomy, slug);
            self.catalog.taxonomy_terms(&term.taxonomy, i).any(|t| self.catalog.term(t).route == route).then_some(route)
        })
    }

    /// The same for the list of a taxonomy's terms.
    pub fn taxonomy_translations(&self, key: &str, lang: usize) -> Vec<TranslationView> {
        record_read(|| DependencyKey::Translations(format!("@{key}").into(), lang));
        self.other_languages(lang, |i| self.catalog.taxonomy_terms(key, i).next().map(|_| self.taxonomy_route(key, i)))
    }

    pub(in crate::view) fn other_languages(
        &self,
        lang: usize,
        find: impl Fn(usize) -> Option<Route>,
    ) -> Vec<TranslationView> {
        let others = self.settings.languages.iter().enumerate().filter(|(i, _)| *i != lang);
        others
            .filter_map(|(i, language)| {
                let translated = find(i);
                let url = match &translated {
                    Some(route) => self.settings.href(route),
                    None => self.settings.href(&self.catalog.section(self.catalog.section_by_folder("", i)?).route),
                };
                let permalink = translated.as_ref().and_then(|_| self.permalink(&url));
                Some(TranslationView {
                    tag: language.tag.clone(),
                    name: language.name.clone(),
                    url,
                    permalink,
                    fallback: translated.is_none(),
                })
            })
            .collect()
    }

    fn policy_view(&self, id: PageId, resolved_doc: &ResolvedDoc) -> Option<PolicyView> {
        let KindData::Policy(policy) = &resolved_doc.doc.kind else { return None };
        let lang = self.catalog.page(id).lang;
        let explains = self.visible_references[id.0 as usize].explains.iter().filter_map(|path| self.page_at(path));
        let explained_by = self.explained_by(id);
        Some(PolicyView {
            document_number: policy.document_number.clone(),
            issuer: policy.issuer.clone(),
            issued: policy.issued.map(|d| self.date(d, lang)),
            effective: policy.effective.map(|d| self.date(d, lang)),
            status: policy.status,
            is_original: policy.is_original,
            explains: explains.map(|e| self.link(e)).collect(),
            explained_by: explained_by.into_iter().map(|b| self.link(b)).collect(),
            original: resolved_doc.resolved.original.clone(),
        })
    }

    /// The policy pages that explain this one.
    pub(in crate::view) fn explained_by(&self, id: PageId) -> Vec<PageId> {
        let path = &self.catalog.page(id).path;
        record_read(|| RecordedRead::Page(PageFacet::ExplainedBy, id));
        let explains = |b: &PageId| {
            matches!(self.catalog.page(*b).facts, KindFacts::Policy(_))
                && self.visible_references[b.0 as usize].explains.contains(path)
        };
        self.catalog.backlinks(id).iter().copied().filter(explains).collect()
    }

    fn guide_view(&self, doc: &Document, lang: usize) -> Option<GuideView> {
        let KindData::Guide(guide) = &doc.kind else { return None };
        Some(GuideView {
            item: guide.item.clone(),
            basis: guide.basis.clone(),
            conditions: guide.conditions.clone(),
            materials: guide.materials.clone(),
            steps: guide.steps.clone(),
            time_limit: guide.time_limit.clone(),
            fee: guide.fee.clone(),
            window: guide.window.clone(),
            reviewed: guide.reviewed.map(|d| self.date(d, lang)),
        })
    }

    /// The questionnaire of a survey page; `None` for other kinds.
    pub fn survey_view(&self, id: PageId) -> Option<SurveyView> {
        if self.catalog.page(id).kind != KindName::Survey {
            return None;
        }
        let resolved_doc = self.resolved_doc(id);
        let KindData::Survey(survey) = &resolved_doc.doc.kind else { return None };
        let Survey { questions, background, .. } = &**survey;
        let meta = self.catalog.page(id);
        let lang = if self.is_zh(meta.lang) { Lang::Zh } else { Lang::En };
        let number = |from: usize, list: &[Question]| -> Vec<QuestionView> {
            let numbered = list.iter().enumerate().map(|(i, q)| QuestionView {
                number: from + i + 1,
                id: q.id.clone(),
                kind: q.kind,
                text: q.text.clone(),
                hint: q.hint.clone(),
                options: q.options.clone(),
                required: q.required,
                show_if: q.show_if.as_ref().map(|condition| survey.condition_words(condition, lang)),
            });
            numbered.collect()
        };
        Some(SurveyView {
            id: survey.id.as_ref().map(|i| i.value.clone()),
            url: self.url(id),
            title: meta.title.clone(),
            opens: survey.opens.map(|d| self.date(d, meta.lang)),
            closes: survey.closes.map(|d| self.date(d, meta.lang)),
            purpose: survey.purpose.clone(),
            conductor: survey.conductor.clone(),
            population: survey.population.clone(),
            retention: survey.retention.clone(),
            questions: number(0, questions),
            background: number(questions.len(), background),
            awareness: survey.awareness.as_ref().map(|rule| rule.words.clone()),
            target: survey.target.as_ref().and_then(|t| t.min.map(|m| format!("{} {m}", super::targets::op(t)))),
            count: questions.len() + background.len(),
        })
    }

    /// The page of the survey with this id: its translation in `lang` if there is one, else any.
    pub fn survey_page(&self, survey: &str, lang: usize) -> Option<PageId> {
        record_read(|| DependencyKey::Survey(survey.into(), lang));
        let has = |id: &PageId| matches!(&self.catalog.page(*id).facts, KindFacts::Survey(s) if s.id.as_ref().is_some_and(|i| i.value == survey));
        let mut found = self.catalog.page_ids().filter(has);
        let first = found.next()?;
        Some(self.catalog.translation(&self.catalog.page(first).key, lang).unwrap_or(first))
    }
}

fn story_view(doc: &Document) -> Option<StoryView> {
    let KindData::Story(story) = &doc.kind else { return None };
    Some(StoryView {
        organisation: story.organisation.clone(),
        industry: story.industry.clone(),
        ip_type: story.ip_type.clone(),
        figures: story.figures.clone(),
    })
}

/// Headings from level 2 to `depth`, as a tree of at most two levels.
pub(in crate::view) fn toc(headings: &[Heading], depth: u8) -> Vec<TocView> {
    let mut out: Vec<TocView> = Vec::new();
    for heading in headings.iter().filter(|h| h.level <= depth) {
        let entry = TocView { id: heading.id.to_string(), title: heading.text.to_string(), children: Vec::new() };
        match out.last_mut() {
            Some(parent) if heading.level > 2 => parent.children.push(entry),
            _ => out.push(entry),
        }
    }
    out
}
