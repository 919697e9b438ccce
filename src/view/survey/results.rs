//! Published results of a survey for its page and for the target board. In: the results file (a snapshot of counts) and
//! the survey. Out: types of [`super::model`] and schema.org JSON-LD. Computes no counts; `kinds::results::verdict`
//! alone decides what a result proves.

use serde_json::{Value as Json, json};

use crate::catalog::{KindFacts, PageId};
use puzhi_core::base::{Route, escape_json_in_script, parse_date};
use puzhi_core::kinds::results::{
    AwarenessEstimate, CrossTable, IntervalKind, NoClaim, QuestionTable, Results, TableBasis, TargetVerdict,
    WaveResults, percent, percent_down, percent_up, verdict,
};
use puzhi_core::kinds::{KindData, KindName, SamplingMethod, Survey, Target, TargetSource, TargetValue};

use super::model::{
    CrossGroupView, CrossView, FigureView, QuestionResultView, ResultRowView, ResultsView, TrendView, WaveView,
};
use super::trend;
use crate::view::model::DateView;
use crate::view::tracking::site::Site;

/// File extensions of the formats in which results are published.
pub const RESULT_FILES: [&str; 2] = ["csv", "json"];

/// The address of a survey's results file; `page` is the address of the survey.
pub fn results_route(page: &Route, extension: &str) -> Route {
    page.child_file(&format!("results.{extension}"))
}

/// Builds the views of one survey's results in one language.
#[derive(Clone, Copy)]
pub(in crate::view) struct ResultsPresenter<'s> {
    pub site: &'s Site,
    /// The survey's page.
    pub page: PageId,
    /// Index of the language.
    pub lang: usize,
    /// The questionnaire; `None` on the target board, which does not need it.
    pub survey: Option<&'s Survey>,
}

impl Site {
    /// The results of the survey on this page; `None` without any wave.
    pub fn results_on(&self, page: PageId) -> Option<&Results> {
        let KindFacts::Survey(survey) = &self.meta(page).facts else { return None };
        self.results_of(&survey.id.as_ref()?.value).filter(|results| !results.waves.is_empty())
    }

    /// The results on a survey's page; `None` without any.
    pub(in crate::view) fn results_view(&self, page: PageId) -> Option<ResultsView> {
        let results = self.results_on(page)?;
        let whole = self.page(page);
        let meta = whole.meta;
        if meta.kind != KindName::Survey {
            return None;
        }
        let resolved_doc = whole.doc();
        let KindData::Survey(survey) = &resolved_doc.doc.kind else { return None };
        let presenter = ResultsPresenter { site: self, page, lang: meta.lang, survey: Some(survey) };
        let target = survey.target.as_ref();
        let route = &meta.route;
        let trend = presenter.trend(results, target);
        Some(ResultsView {
            headline: results.headline().and_then(|wave| presenter.figure(wave, target)),
            trend_html: trend::chart(&presenter, &trend, target),
            waves: results.waves.iter().rev().map(|wave| presenter.wave(wave, target)).collect(),
            trend,
            csv: self.settings().href(&results_route(route, "csv")),
            json: self.settings().href(&results_route(route, "json")),
            ld_html: escape_json_in_script(&self.dataset(page, survey, results).to_string()),
        })
    }

    /// The survey result for a target that names a survey; `None` if it has no result.
    pub(in crate::view) fn target_figure(&self, target: &Target, lang: usize) -> Option<FigureView> {
        let Some(TargetSource::Survey(id)) = &target.from else { return None };
        let page = self.survey_page(id, lang)?;
        let wave = self.results_on(page)?.headline()?;
        ResultsPresenter { site: self, page, lang, survey: None }
            .figure(wave, Some(&target.value))
            .filter(|figure| figure.verdict != TargetVerdict::NoData.as_str())
    }

    /// The results as schema.org Dataset.
    fn dataset(&self, page: PageId, survey: &Survey, results: &Results) -> Json {
        let meta = self.meta(page);
        let url = |route: &Route| {
            let url = self.settings().href(route);
            self.permalink(&url).unwrap_or(url)
        };
        let files: Vec<Json> = RESULT_FILES
            .iter()
            .zip(["text/csv", "application/json"])
            .map(|(extension, media)| json!({ "@type": "DataDownload", "encodingFormat": media, "contentUrl": url(&results_route(&meta.route, extension)) }))
            .collect();
        let days = |pick: fn(&WaveResults) -> Option<&String>| {
            results.waves.iter().filter_map(pick).map(|d| d.chars().take(10).collect::<String>())
        };
        let first = days(|w| w.opens.as_ref()).min();
        let last = days(|w| w.closes.as_ref()).max();
        let mut data = json!({
            "@context": "https://schema.org",
            "@type": "Dataset",
            "name": meta.title,
            "description": if meta.summary.is_empty() { meta.title.clone() } else { meta.summary.clone() },
            "url": url(&meta.route),
            "inLanguage": self.settings().languages[meta.lang].tag,
            "isAccessibleForFree": true,
            "distribution": files,
            "measurementTechnique": results.waves.iter().map(|w| self.word(meta.lang, &format!("sample_{}", w.sample.as_str()))).collect::<std::collections::BTreeSet<_>>(),
        });
        if let Some(rule) = &survey.awareness {
            data["variableMeasured"] = json!(rule.words);
        }
        if let Some(conductor) = &survey.conductor {
            data["creator"] = json!({ "@type": "Organization", "name": conductor });
        }
        match (first, last) {
            (Some(first), Some(last)) => data["temporalCoverage"] = json!(format!("{first}/{last}")),
            (Some(day), None) | (None, Some(day)) => data["temporalCoverage"] = json!(day),
            (None, None) => {}
        }
        data
    }
}

impl ResultsPresenter<'_> {
    /// An interface text in this language.
    pub(in crate::view) fn word(&self, key: &str) -> String {
        self.site.word(self.lang, key)
    }

    /// A date of the results file, with or without time.
    fn date(&self, written: Option<&String>) -> Option<DateView> {
        parse_date(written?).map(|moment| self.site.date(moment, self.lang))
    }

    /// The wave's days in words.
    pub(in crate::view) fn dates(&self, wave: &WaveResults) -> Option<String> {
        let (opens, closes) = (self.date(wave.opens.as_ref()), self.date(wave.closes.as_ref()));
        let joined = opens.iter().chain(&closes).map(|d| d.text.clone()).collect::<Vec<_>>();
        (!joined.is_empty()).then(|| joined.join(&self.word("dash")))
    }

    /// The title of the wave, else its dates, else its id.
    fn name(&self, wave: &WaveResults) -> String {
        wave.title.clone().or_else(|| self.dates(wave)).unwrap_or_else(|| wave.id.clone())
    }

    fn wave(&self, wave: &WaveResults, target: Option<&TargetValue>) -> WaveView {
        WaveView {
            id: wave.id.clone(),
            title: self.name(wave),
            dates: self.dates(wave),
            sample: wave.sample.as_str(),
            n: wave.n,
            figure: self.figure(wave, target),
            questions: wave.questions.iter().map(|q| self.question(q)).collect(),
            crosses: wave.crosses.iter().map(|c| self.cross(c, wave)).collect(),
            mixed_wording: !wave.one_wording,
            origin: self.origin(wave),
            disclosure: self.disclosure(wave),
        }
    }

    /// What is not known of where the numbers come from.
    fn origin(&self, wave: &WaveResults) -> Option<String> {
        match &wave.provenance {
            None => Some(self.word("results_unverified")),
            Some(known) if known.sample.is_none() => {
                // The note beside the figure says it already.
                let told = wave.awareness.as_ref().is_some_and(|f| f.no_claim == Some(NoClaim::Unrecorded));
                (!told).then(|| self.word("results_unrecorded"))
            }
            Some(known) => known.adopted.as_ref().map(|why| self.word("results_adopted").replace("{why}", why)),
        }
    }

    fn figure(&self, wave: &WaveResults, target: Option<&TargetValue>) -> Option<FigureView> {
        let figure = wave.awareness.as_ref()?;
        let verdict = verdict(wave, target);
        // The results reader already rejects an interval for a voluntary sample; this keeps one from being shown in any
        // case.
        let interval = figure.interval.filter(|_| wave.sample != SamplingMethod::Voluntary);
        let (low, high) = (interval.map(|i| percent_down(i.low)), interval.map(|i| percent_up(i.high)));
        let bounds = figure.bounds.map(|b| (b.low, b.high));
        // If few respondents are on one side, only a range is published (disclosure protection).
        let between = bounds.map(|(low, high)| {
            self.word("figure_between").replace("{low}", &percent_down(low)).replace("{high}", &percent_up(high))
        });
        let share = figure.share.map(percent).or(between);
        let level = interval.map(|i| format!("{}%", i.level * 100.0));
        let key = match (&share, interval.map(|i| i.kind)) {
            (None, _) => "hidden",
            (Some(_), None) => {
                if wave.sample == SamplingMethod::Voluntary {
                    "voluntary"
                } else {
                    "plain"
                }
            }
            (Some(_), Some(IntervalKind::Confidence)) => "confidence",
            (Some(_), Some(IntervalKind::Model)) => "model",
        };
        let marks = [
            ("{n}", Some(figure.n.to_string())),
            ("{share}", share.clone()),
            ("{low}", low.clone()),
            ("{high}", high.clone()),
            ("{level}", level.clone()),
        ];
        let basis = marks.into_iter().fold(self.word(&format!("figure_{key}")), |words, (mark, value)| {
            words.replace(mark, &value.unwrap_or_default())
        });
        let words = match &share {
            Some(share) if wave.sample != SamplingMethod::Voluntary => {
                self.word("figure_share").replace("{share}", share) + &basis
            }
            _ => basis.clone(),
        };
        Some(FigureView {
            survey: self.site.link(self.page),
            wave: self.name(wave),
            wave_id: wave.id.clone(),
            date: self.date(wave.closes.as_ref().or(wave.opens.as_ref())),
            sample: wave.sample.as_str(),
            n: figure.n,
            share,
            low,
            high,
            level,
            model: interval.is_some_and(|i| i.kind == IntervalKind::Model),
            value: figure.share.or(bounds.map(|(low, high)| (low + high) / 2.0)).map(|s| s * 100.0),
            low_value: interval.map(|i| i.low * 100.0),
            high_value: interval.map(|i| i.high * 100.0),
            verdict: verdict.as_str(),
            words,
            basis,
            strict: self.strict(wave),
            note: self.note(verdict, wave, figure),
            weighted: self.weighted(figure),
            design: self.design(figure),
            coverage: self.coverage(figure),
            coarse: self.coarse(figure),
            disclosure: self.disclosure(wave),
        })
    }

    /// The stricter figure in words, from the published counts of its question, which are not weighted.
    fn strict(&self, wave: &WaveResults) -> Option<String> {
        let KindFacts::Survey(survey) = &self.site.meta(self.page).facts else { return None };
        let (question, options) = survey.strict.as_ref()?;
        let strict = wave.strict_count(question, options)?;
        let Some(n) = strict.n else { return Some(self.word("figure_strict_hidden")) };
        let weighted = wave.awareness.as_ref().is_some_and(|figure| figure.weighting.is_some());
        let words =
            self.word("figure_strict") + &if weighted { self.word("figure_strict_unweighted") } else { String::new() };
        let marks = [
            ("{share}", percent(n as f64 / strict.base as f64)),
            ("{n}", n.to_string()),
            ("{base}", strict.base.to_string()),
            ("{options}", strict.options.join(&self.word("list_comma"))),
        ];
        Some(marks.into_iter().fold(words, |words, (mark, value)| words.replace(mark, &value)))
    }

    /// In words, why the exact share is not published.
    fn coarse(&self, figure: &AwarenessEstimate) -> Option<String> {
        match (figure.step, figure.bounds) {
            (Some(step), _) => Some(self.word("figure_step").replace("{step}", &trimmed(step * 100.0))),
            (None, Some(_)) => Some(self.word("figure_few")),
            (None, None) => None,
        }
    }

    fn question(&self, table: &QuestionTable) -> QuestionResultView {
        QuestionResultView {
            number: self.survey.and_then(|survey| survey.number(&table.id)),
            text: table.text.clone(),
            n: table.n,
            rows: table
                .rows
                .iter()
                .map(|row| ResultRowView {
                    text: row.text.clone(),
                    n: row.n,
                    share: row.share.map(percent),
                    value: row.share.map(|s| s * 100.0),
                    estimate: row.estimate.map(|found| self.group_share(found)),
                })
                .collect(),
            estimates: table.rows.iter().any(|row| row.estimate.is_some()),
            weighted: table.estimate.is_some_and(|estimate| estimate.basis == TableBasis::Weighted),
            note: table.estimate.map(|estimate| self.estimate_note(estimate)),
            mean: table.mean.map(|mean| format!("{mean:.1}")),
        }
    }

    fn cross(&self, table: &CrossTable, wave: &WaveResults) -> CrossView {
        let found = |id: &str| wave.questions.iter().find(|q| q.id == id);
        let now = |id: &str| {
            self.survey.and_then(|survey| survey.question(id)).map_or_else(|| id.to_string(), |q| q.text.clone())
        };
        let text = |id: &str| found(id).map_or_else(|| now(id), |q| q.text.clone());
        let column = |id: &String| match &table.question {
            None => self.word(if id == "aware" { "cross_aware" } else { "cross_other" }),
            Some(question) => found(question)
                .and_then(|q| q.rows.iter().find(|r| r.id == *id))
                .map_or_else(|| id.clone(), |r| r.text.clone()),
        };
        let what = table.question.as_ref().map_or_else(|| self.word("cross_figure"), |q| text(q));
        CrossView {
            title: self.word("cross_title").replace("{what}", &what).replace("{by}", &text(&table.by)),
            columns: table.columns.iter().map(column).collect(),
            groups: table
                .groups
                .iter()
                .map(|g| CrossGroupView {
                    text: g.text.clone(),
                    n: g.n,
                    cells: g.cells.clone(),
                    share: match g.share {
                        Some(found) => Some(self.group_share(found)),
                        None => g.percentage().filter(|_| table.question.is_none()).map(percent),
                    },
                })
                .collect(),
            shares: table.question.is_none(),
        }
    }

    /// The difference between two waves in words; `None` if the results file has none.
    fn change(&self, results: &Results, from: &WaveResults, to: &WaveResults) -> Option<String> {
        let change = results.changes.iter().find(|c| c.from == from.id && c.to == to.id)?;
        let (key, sign) = if change.difference < 0.0 { ("change_down", -1.0) } else { ("change_up", 1.0) };
        let (low, high) = if sign < 0.0 { (-change.high, -change.low) } else { (change.low, change.high) };
        // Bounds are rounded outwards. Adding 0.0 turns -0.0 into 0.0.
        let tenths = |tenths: f64| format!("{:.1}", tenths / 10.0 + 0.0).replace('-', "−");
        let (least, most) = ((low * 1000.0 + 1e-9).floor(), (high * 1000.0 - 1e-9).ceil());
        let points = tenths((change.difference * sign * 1000.0).round());
        let marks = [
            ("{wave}", self.name(from)),
            ("{points}", points),
            ("{low}", tenths(least)),
            ("{high}", tenths(most)),
            ("{level}", format!("{}%", change.level * 100.0)),
        ];
        let words = marks.into_iter().fold(self.word(key), |words, (mark, value)| words.replace(mark, &value));
        Some(match change.kind {
            IntervalKind::Model => words + &self.word("change_model"),
            IntervalKind::Confidence if low <= 0.0 => words + &self.word("change_unclear"),
            IntervalKind::Confidence => words,
        })
    }

    /// Published results, oldest first. A result is compared with the last one before it that has the same kind of
    /// sample, if both used the same wording.
    fn trend(&self, results: &Results, target: Option<&TargetValue>) -> Vec<TrendView> {
        const MAX_ROWS: usize = 24;
        let told: Vec<&WaveResults> = results
            .waves
            .iter()
            .filter(|w| w.awareness.as_ref().is_some_and(|f| f.share.is_some() || f.bounds.is_some()))
            .collect();
        let mut rows = Vec::new();
        for (i, wave) in told.iter().enumerate() {
            let Some(figure) = self.figure(wave, target) else { continue };
            let before = told[..i].iter().rposition(|other| other.sample == wave.sample);
            // Without an earlier wave of this kind of sample, the one before shows what is new.
            let breaks = before.or(i.checked_sub(1)).map(|b| told[b].breaks(wave)).unwrap_or_default();
            let broken = before.is_some() && !breaks.is_empty();
            let change = before.filter(|_| !broken).and_then(|b| self.change(results, told[b], wave));
            let why = self.break_words(&breaks);
            rows.push(TrendView { figure, before: before.filter(|_| !broken), broken, why, change });
        }
        // If there are too many to draw, the oldest are dropped, and comparisons with them too.
        let gone = rows.len().saturating_sub(MAX_ROWS);
        rows.drain(..gone);
        for row in &mut rows {
            row.before = row.before.and_then(|b| b.checked_sub(gone));
        }
        rows
    }
}

/// At most three decimals, without the digits that floating point adds.
fn trimmed(number: f64) -> String {
    ((number * 1000.0).round() / 1000.0).to_string()
}
