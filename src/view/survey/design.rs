//! What a figure's precision rests on, in words: design of the sample, weights, coverage of the population, breaks of the series.
//! In: a wave of the results file. Out: sentences in the page's language. Computes no statistics.

use puzhi_core::kinds::results::{
    AwarenessEstimate, DesignBasis, DesignSummary, MIN_FIRST_STAGE_UNITS, NoClaim, SeriesBreak, ShareInterval,
    TableBasis, TableEstimate, TargetVerdict, WaveResults, percent, percent_down, percent_up,
};

use super::results::ResultsPresenter;

impl ResultsPresenter<'_> {
    /// An interface text with its marks replaced.
    fn filled(&self, key: &str, marks: &[(&str, String)]) -> String {
        marks.iter().fold(self.word(key), |words, (mark, value)| words.replace(mark, value))
    }

    /// What the result shows and what it cannot show.
    pub(super) fn note(&self, verdict: TargetVerdict, wave: &WaveResults, figure: &AwarenessEstimate) -> String {
        if verdict == TargetVerdict::NoData && figure.no_claim.is_none() {
            return String::new();
        }
        if verdict == TargetVerdict::NoClaim && figure.no_claim.is_none() && wave.provenance.is_none() {
            return self.word("noclaim_unverified");
        }
        let Some(reason) = figure.no_claim else { return self.word(&format!("note_{}", verdict.as_str())) };
        let key = match reason {
            NoClaim::Design => "noclaim_design",
            NoClaim::Incomplete => "noclaim_incomplete",
            NoClaim::Units => "noclaim_units",
            NoClaim::Method => "noclaim_method",
            NoClaim::Unrecorded => return self.word("results_unrecorded"),
        };
        let why = self.filled(key, &[("{units}", MIN_FIRST_STAGE_UNITS.to_string())]);
        format!("{}{}{why}", self.word("note_noclaim"), self.word("sentence_space"))
    }

    /// That the share is weighted, with what it costs unless the design of the sample says that.
    pub(super) fn weighted(&self, figure: &AwarenessEstimate) -> Option<String> {
        let weighting = figure.weighting.as_ref()?;
        let (deff, n_eff) = match &figure.design {
            Some(design) => (design.deff, design.n_eff),
            None => (weighting.deff, weighting.n_eff),
        };
        let marks = [("{deff}", format!("{deff:.2}")), ("{n_eff}", format!("{n_eff:.0}"))];
        // The design of the sample tells its effect in a sentence of its own.
        let told = figure.design.as_ref().is_some_and(|design| design.basis != DesignBasis::Simple);
        let mut words = if told { self.word("figure_weighted_only") } else { self.filled("figure_weighted", &marks) };
        if let Some(aware) = figure.aware.filter(|_| figure.n > 0 && weighting.converged) {
            let share = percent(aware as f64 / figure.n as f64);
            words += &self.word("sentence_space");
            words += &self.filled("figure_unweighted", &[("{share}", share)]);
        }
        Some(words)
    }

    /// The design of the sample and what it costs; `None` when people were drawn at once.
    pub(super) fn design(&self, figure: &AwarenessEstimate) -> Option<String> {
        let design = figure.design.as_ref()?;
        let mut marks = vec![("{deff}", format!("{:.2}", design.deff)), ("{n_eff}", format!("{:.0}", design.n_eff))];
        match design.basis {
            DesignBasis::Simple => None,
            DesignBasis::Measured => {
                marks.push(("{parts}", self.design_parts(design)));
                Some(self.filled("figure_measured", &marks))
            }
            DesignBasis::Declared => {
                marks.push(("{declared}", design.declared.map(|d| format!("{d}")).unwrap_or_default()));
                marks.push(("{units}", design.units.map(|n| n.to_string()).unwrap_or_default()));
                Some(self.filled("figure_declared", &marks))
            }
        }
    }

    fn design_parts(&self, design: &DesignSummary) -> String {
        let counted = |key: &str, n: Option<u64>| Some(self.filled(key, &[("{n}", n?.to_string())]));
        let single = Some(design.single_unit_strata).filter(|n| *n > 0);
        let parts = [
            counted("design_strata", design.strata),
            counted("design_units", design.units),
            design.finite.then(|| self.word("design_finite")),
            counted("design_single", single),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(&self.word("comma"))
    }

    /// Groups from which nobody answered, and options that were weighted as one group.
    pub(super) fn coverage(&self, figure: &AwarenessEstimate) -> Option<String> {
        let mut sentences = Vec::new();
        if !figure.uncovered.is_empty() {
            let names: Vec<&str> = figure.uncovered.iter().map(|group| group.option.as_str()).collect();
            let share = figure.uncovered.iter().map(|group| group.share).sum::<f64>().min(1.0);
            let marks = [("{groups}", names.join(&self.word("list_comma"))), ("{share}", percent(share))];
            sentences.push(self.filled("figure_uncovered", &marks));
        }
        let merged: Vec<String> = figure
            .weighting
            .iter()
            .flat_map(|weighting| &weighting.merged_groups)
            .map(|group| group.options.join(&self.word("merged_and")))
            .collect();
        if !merged.is_empty() {
            sentences.push(self.filled("figure_merged", &[("{groups}", merged.join(&self.word("list_comma")))]));
        }
        (!sentences.is_empty()).then(|| sentences.join(&self.word("sentence_space")))
    }

    /// The share of a group with its interval.
    pub(super) fn group_share(&self, found: ShareInterval) -> String {
        let marks =
            [("{share}", percent(found.share)), ("{low}", percent_down(found.low)), ("{high}", percent_up(found.high))];
        self.filled("cross_interval", &marks)
    }

    /// What the percentages of a table rest on.
    pub(super) fn estimate_note(&self, estimate: TableEstimate) -> String {
        let step = estimate.step.map(|step| format!("{:.1}", step * 100.0)).unwrap_or_default();
        let key = match (estimate.basis, estimate.step) {
            (TableBasis::Unweighted, _) => "table_unweighted",
            (TableBasis::Weighted, None) => "table_weighted",
            (TableBasis::Weighted, Some(_)) => "table_stepped",
            (TableBasis::Margin, _) => "table_margin",
            (TableBasis::Protected, _) => "table_protected",
        };
        self.filled(key, &[("{step}", step)])
    }

    /// The range of the weights and how well they meet the margins.
    pub(super) fn weight_range(&self, figure: &AwarenessEstimate) -> Option<String> {
        let found = figure.weighting.as_ref()?.diagnostics.as_ref()?;
        let marks = [
            ("{smallest}", format!("{:.1}", found.smallest)),
            ("{largest}", format!("{:.1}", found.largest)),
            ("{trimmed}", percent(found.trimmed_share)),
            ("{residual}", percent(found.residual)),
        ];
        Some(self.filled("figure_diagnostics", &marks))
    }

    /// What changed between two waves, so that they do not compare.
    pub(super) fn break_words(&self, breaks: &[SeriesBreak]) -> Option<String> {
        let words: Vec<String> = breaks.iter().map(|reason| self.word(&format!("break_{}", reason.as_str()))).collect();
        (!words.is_empty()).then(|| words.join(&self.word("list_comma")))
    }
}
