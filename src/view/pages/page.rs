//! The template data of a single page: [`PageView`] with the facts of its kind, breadcrumbs, translations and the
//! questionnaire. In: a page and its rendered body. Out: views. Knows no list and no template.

use serde_json::Value as Json;

use crate::catalog::{PageId, PageRole, SectionId, TermId};
use crate::document::Document;
use crate::markdown::Heading;
use puzhi_core::diag::Lang;
use puzhi_core::kinds::{KindData, KindName, Question, Survey, TAXONOMY_KEYS};

use super::cards::image_view;
use crate::view::model::{
    GuideView, LinkView, PageView, PolicyView, QuestionView, StoryView, SurveyView, TaxonomyTerms, TermLink, TocView,
};
use crate::view::tracking::doc_cache::ResolvedDoc;
use crate::view::tracking::facets::{
    Backlinks, ExplainedBy, NeighbourPages, Neighbours, Terms, Translations, WholePage, target_sign,
};
use crate::view::tracking::site::Site;

impl Site {
    /// The view of the page `id` with its rendered body `html`. `related` stays empty: `Views` fills it with shared
    /// list entries.
    pub fn page_view(&self, id: PageId, html: String) -> PageView {
        let NeighbourPages { previous, next } = self.read::<Neighbours>(id);
        let link = |id: PageId| self.link(id);
        let view = PageView {
            previous: previous.map(link),
            next: next.map(link),
            backlinks: self.read::<Backlinks>(id).into_iter().map(link).collect(),
            translations: self.translation_views(self.read::<Translations>(id)),
            ..self.article_view(id, html)
        };
        self.with_head_data(id, view)
    }

    /// The same without what leads to other pages and without data for machines: what the article itself shows.
    pub(in crate::view) fn article_view(&self, id: PageId, html: String) -> PageView {
        let whole = self.page(id);
        let WholePage { meta, references, .. } = whole;
        let resolved_doc = whole.doc();
        let doc = &resolved_doc.doc;
        let lang = meta.lang;
        let url = whole.url().to_string();
        let image = image_view(meta.image.as_deref(), references.cover.as_ref());
        PageView {
            title: meta.title.clone(),
            title_id: doc.body.title_id.clone(),
            permalink: self.permalink(&url),
            kind: self.settings().kinds.name(meta.kind).to_string(),
            kind_title: self.kind_title(meta.kind, lang),
            own_kind: matches!(meta.kind, KindName::Own(_)),
            // The metadata's date of an event is its first day, not the day its page was published.
            date: doc
                .front_matter
                .date
                .or(meta.date.filter(|_| meta.event().is_none()))
                .filter(|_| self.settings().kinds.shows_date(meta.kind))
                .map(|d| self.date(d, lang)),
            updated: meta.updated.map(|d| self.date(d, lang)),
            expires: meta.expires.map(|d| self.date(d, lang)),
            expired: meta.expired,
            unpublished: meta.unpublished,
            sample: meta.sample,
            corrections: self.page_corrections(meta),
            withdrawn: self.page_withdrawal(meta),
            corrections_url: self.corrections_url(meta),
            noindex: meta.sample
                || meta.unpublished
                || meta.withdrawn.is_some()
                || !self.settings().kinds.is_searchable(meta.kind),
            summary: meta.summary.clone(),
            has_summary: doc.front_matter.summary.is_some(),
            author: doc.front_matter.author.clone(),
            source: doc.front_matter.source.clone(),
            editor: doc.front_matter.editor.clone(),
            reviewer: doc.front_matter.reviewer.clone(),
            republish: None,
            head_tags: Vec::new(),
            data_html: None,
            share: self.page_share(meta, image.as_ref()),
            image,
            characters: doc.body.characters,
            html,
            toc: toc(&doc.body.headings, 3),
            breadcrumbs: self.breadcrumbs(whole),
            previous: None,
            next: None,
            related: Vec::new(),
            backlinks: Vec::new(),
            tags: self.terms_of(id, "tags"),
            units: self.terms_of(id, "units"),
            campaigns: self.terms_of(id, "campaigns"),
            channels: self.terms_of(id, "channels"),
            audiences: self.terms_of(id, "audiences"),
            other_terms: self.other_terms(id, lang),
            translations: Vec::new(),
            policy: self.policy_view(id, whole, &resolved_doc),
            guide: self.guide_view(doc, lang),
            event: meta
                .event()
                .map(|_| self.agenda())
                .and_then(|agenda| Some(self.event_view(agenda.day_of(agenda.event(id)?), lang))),
            // Other pages do not read the agenda, which changes with every event and every day.
            calendar: meta.event().and_then(|_| self.event_page(id)),
            story: story_view(doc),
            survey: self.survey_view(id),
            take: self.take_view(id, 3),
            results: self.results_view(id),
            fields: self.page_fields(&resolved_doc, lang),
            values: self.page_values(&resolved_doc, lang),
            extra: doc.front_matter.extra.clone().unwrap_or(Json::Null),
            poster: self.poster_url(meta),
            url,
        }
    }

    /// The terms of a page in one taxonomy.
    pub fn terms_of(&self, id: PageId, taxonomy: &str) -> Vec<TermLink> {
        let link = |t: TermId| {
            let link = self.term_link(t);
            TermLink { name: link.title, url: link.url }
        };
        self.read::<Terms>(id).of(taxonomy).map(link).collect()
    }

    fn other_terms(&self, id: PageId, lang: usize) -> Vec<TaxonomyTerms> {
        let is_built_in = |key: &str| TAXONOMY_KEYS.iter().any(|(name, _)| *name == key);
        let more = self.settings().taxonomies.iter().filter(|taxonomy| !is_built_in(&taxonomy.key));
        more.map(|t| TaxonomyTerms {
            key: t.key.clone(),
            title: self.taxonomy_title(&t.key, lang),
            terms: self.terms_of(id, &t.key),
        })
        .filter(|t| !t.terms.is_empty())
        .collect()
    }

    /// The path from the home page down to the page's section or taxonomy, without the page itself.
    fn breadcrumbs(&self, whole: WholePage<'_>) -> Vec<LinkView> {
        let with_section = match &whole.meta.role {
            PageRole::Term(taxonomy) => return self.taxonomy_crumbs(taxonomy, whole.meta.lang),
            PageRole::Page => true,
            PageRole::Section => false,
        };
        whole.section().map(|section| self.section_crumbs(section, with_section)).unwrap_or_default()
    }

    /// The sections above `section`, from the home page down, and `section` itself if `with`.
    pub fn section_crumbs(&self, section: SectionId, with: bool) -> Vec<LinkView> {
        let mut crumbs = Vec::new();
        let mut at = if with { Some(section) } else { self.section(section).parent };
        while let Some(id) = at {
            let section = self.section(id);
            let title = match section.parent {
                Some(_) => section.title.to_string(),
                None => self.word(section.lang, "home"),
            };
            crumbs.push(LinkView { title, url: self.settings().href(section.route) });
            at = section.parent;
        }
        crumbs.reverse();
        crumbs
    }

    /// The home page, then the taxonomy's list of terms.
    pub fn taxonomy_crumbs(&self, taxonomy: &str, lang: usize) -> Vec<LinkView> {
        let mut crumbs = self.home_crumb(lang);
        let taxonomy = self.taxonomy(taxonomy, lang);
        crumbs.push(LinkView { title: taxonomy.title, url: self.settings().href(&taxonomy.route) });
        crumbs
    }

    /// The home page alone.
    pub fn home_crumb(&self, lang: usize) -> Vec<LinkView> {
        let route = crate::catalog::folder_route(self.settings().language_prefix(lang), "");
        vec![LinkView { title: self.word(lang, "home"), url: self.settings().href(&route) }]
    }

    fn policy_view(&self, id: PageId, whole: WholePage<'_>, resolved_doc: &ResolvedDoc) -> Option<PolicyView> {
        let KindData::Policy(policy) = &resolved_doc.doc.kind else { return None };
        let lang = whole.meta.lang;
        let explains = whole.references.explains.iter().filter_map(|path| whole.page_at(path));
        Some(PolicyView {
            document_number: policy.document_number.clone(),
            issuer: policy.issuer.clone(),
            issued: policy.issued.map(|d| self.date(d, lang)),
            effective: policy.effective.map(|d| self.date(d, lang)),
            status: policy.status,
            is_original: policy.is_original,
            explains: explains.map(|e| self.link(e)).collect(),
            explained_by: self.read::<ExplainedBy>(id).into_iter().map(|b| self.link(b)).collect(),
            original: resolved_doc.resolved.original.clone(),
        })
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
        let whole = self.page(id);
        let meta = whole.meta;
        if meta.kind != KindName::Survey {
            return None;
        }
        let resolved_doc = whole.doc();
        let KindData::Survey(survey) = &resolved_doc.doc.kind else { return None };
        let Survey { questions, background, .. } = &**survey;
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
            url: whole.url().to_string(),
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
            target: survey.target.as_ref().and_then(|t| t.min.map(|m| format!("{} {m}", target_sign(t)))),
            count: questions.len() + background.len(),
        })
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
