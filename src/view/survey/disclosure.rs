//! The eleven items that the American Association for Public Opinion Research (AAPOR) asks to be published with every
//! survey result (Survey Disclosure Checklist, 2021). In: a wave of the results file. Out: title and text of each item;
//! without a declaration the text is `None`, and the page says so. Judges nothing.

use puzhi_core::kinds::SamplingMethod;
use puzhi_core::kinds::results::{IntervalKind, WaveResults};

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
        parts.join(&self.word("semicolon"))
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
        format!("{n}{}{}", self.word("semicolon"), self.word(key))
    }

    fn weighting(&self, wave: &WaveResults) -> String {
        let own = wave.disclosure.weighting.clone();
        let Some(weighting) = wave.awareness.as_ref().and_then(|f| f.weighting.as_ref()) else {
            return own.unwrap_or_else(|| self.word("disclosed_unweighted"));
        };
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
        own.into_iter().fold(text, |text, own| format!("{text}{}{own}", self.word("semicolon")))
    }

    /// The limits of the sampling method, which every survey has, after those that were declared.
    fn limits(&self, wave: &WaveResults) -> String {
        let general = self.word(&format!("limits_{}", wave.sample.as_str()));
        wave.disclosure.limits.iter().fold(general, |text, own| format!("{own}{}{text}", self.word("semicolon")))
    }
}
