//! The eleven items that the American Association for Public Opinion Research (AAPOR) asks to be published with every
//! survey result (Survey Disclosure Checklist, 2021). In: a wave of the results file. Out: title and text of each item;
//! without a declaration the text is `None`, and the page says so. Judges nothing.

use puzhi_core::kinds::SamplingMethod;
use puzhi_core::kinds::results::{DesignBasis, IntervalKind, WaveResults, percent};

use super::model::DisclosureView;
use super::results::ResultsPresenter;

impl ResultsPresenter<'_> {
    /// The eleven items of one wave, in the order of the checklist.
    pub(in crate::view) fn disclosure(&self, wave: &WaveResults) -> Vec<DisclosureView> {
        let told = &wave.disclosure;
        let items = [
            ("strategy", told.strategy.clone()),
            ("who", self.who(wave)),
            ("questions", Some(self.word("disclosed_questions"))),
            ("population", told.population.clone()),
            ("sample", Some(self.sample(wave))),
            ("modes", self.modes(wave)),
            ("dates", self.dates(wave)),
            ("precision", Some(self.precision(wave))),
            ("weighting", Some(self.weighting(wave))),
            ("quality", told.quality.clone()),
            ("limits", Some(self.limits(wave))),
        ];
        let view = |(key, text): (&str, Option<String>)| DisclosureView {
            title: self.word(&format!("disclosure_{key}")),
            text,
        };
        items.into_iter().map(view).collect()
    }

    fn who(&self, wave: &WaveResults) -> Option<String> {
        let told = &wave.disclosure;
        let both = [("disclosed_sponsor", &told.sponsor), ("disclosed_conductor", &told.conductor)];
        let parts: Vec<String> =
            both.iter().filter_map(|(key, name)| Some(self.word(key).replace("{name}", name.as_ref()?))).collect();
        (!parts.is_empty()).then(|| parts.join(&self.word("semicolon")))
    }

    fn sample(&self, wave: &WaveResults) -> String {
        let mut parts = vec![self.word(&format!("sample_{}", wave.sample.as_str()))];
        parts
            .extend(wave.disclosure.frame.as_ref().map(|frame| self.word("disclosed_frame").replace("{frame}", frame)));
        parts.extend(wave.disclosure.invited.map(|n| self.word("disclosed_invited").replace("{n}", &n.to_string())));
        parts.extend(self.response_rates(wave));
        parts.join(&self.word("semicolon"))
    }

    /// AAPOR's four response rates, where the recorded outcomes bear them.
    fn response_rates(&self, wave: &WaveResults) -> Option<String> {
        let rates = wave.disclosure.outcomes?.rates()?;
        let marks = [
            ("{rr1}", rates.rr1),
            ("{rr2}", rates.rr2),
            ("{rr3}", rates.rr3),
            ("{rr4}", rates.rr4),
            ("{e}", rates.eligible),
        ];
        let words = self.word("disclosed_rates");
        Some(marks.into_iter().fold(words, |words, (mark, rate)| words.replace(mark, &percent(rate))))
    }

    fn modes(&self, wave: &WaveResults) -> Option<String> {
        let names: Vec<String> = wave.modes.iter().map(|m| self.word(&format!("mode_{}", m.as_str()))).collect();
        (!names.is_empty()).then(|| names.join(&self.word("list_comma")))
    }

    fn precision(&self, wave: &WaveResults) -> String {
        let n = self.word("disclosed_n").replace("{n}", &wave.n.to_string());
        let key = match wave.awareness.as_ref().and_then(|f| f.interval).map(|i| i.kind) {
            Some(IntervalKind::Confidence) => "disclosed_confidence",
            Some(IntervalKind::Model) => "disclosed_model",
            None if wave.sample == SamplingMethod::Voluntary => "disclosed_voluntary",
            None => "disclosed_no_interval",
        };
        let mut parts = vec![n, self.word(key)];
        let figure = wave.awareness.as_ref();
        let simple = |basis| basis == DesignBasis::Simple;
        if figure.and_then(|f| f.design.as_ref()).is_some_and(|design| simple(design.basis)) {
            parts.push(self.word("disclosed_simple"));
        }
        parts.join(&self.word("semicolon"))
    }

    fn weighting(&self, wave: &WaveResults) -> String {
        let own = wave.disclosure.weighting.clone();
        let Some(weighting) = wave.awareness.as_ref().and_then(|f| f.weighting.as_ref()) else {
            return own.unwrap_or_else(|| self.word("disclosed_unweighted"));
        };
        if weighting.margins.is_empty() {
            let base = self.word("disclosed_base_weights");
            return own.into_iter().fold(base, |text, own| format!("{text}{}{own}", self.word("semicolon")));
        }
        let asked =
            |id: &String| wave.questions.iter().find(|q| q.id == *id).map_or_else(|| id.clone(), |q| q.text.clone());
        let by: Vec<String> = weighting.margins.iter().map(asked).collect();
        let mut text = self
            .word("disclosed_weighted")
            .replace("{by}", &by.join(&self.word("list_comma")))
            .replace("{sources}", &weighting.sources.join(&self.word("list_comma")));
        for (key, done) in [("disclosed_trimmed", weighting.trimmed), ("disclosed_merged", weighting.merged)] {
            if done {
                text.push_str(&self.word(key));
            }
        }
        let range = wave.awareness.as_ref().and_then(|figure| self.weight_range(figure));
        if let Some(range) = range {
            text.push_str(&self.word("semicolon"));
            text.push_str(range.trim_end_matches(['。', '.']));
        }
        own.into_iter().fold(text, |text, own| format!("{text}{}{own}", self.word("semicolon")))
    }

    /// The limits of the sampling method, which every survey has, after those that were declared.
    fn limits(&self, wave: &WaveResults) -> String {
        let general = self.word(&format!("limits_{}", wave.sample.as_str()));
        wave.disclosure.limits.iter().fold(general, |text, own| format!("{own}{}{text}", self.word("semicolon")))
    }
}
