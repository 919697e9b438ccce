//! The target board: targets of `data/targets.yaml` with observations, survey results and their state. In: ids or
//! filters, and a language. Out: [`TargetView`]s. Reads no file and counts no event; the ledger does.

use puzhi_core::base::DateOrDateTime;
use puzhi_core::kinds::{Target, TargetValue};

use crate::view::model::{LinkView, ObservationView, TargetGroup, TargetView};
use crate::view::site::Site;
use crate::view::tracking::dependency_key::DependencyKey;
use crate::view::tracking::read_recorder::record_read;

impl Site {
    /// The target with this id, in one language.
    pub fn target(&self, id: &str, lang: usize) -> Option<TargetView> {
        record_read(|| DependencyKey::Targets(lang));
        let i = self.targets.iter().position(|t| t.id.value == id)?;
        Some(self.target_view(i, lang))
    }

    /// Targets in the groups and the order of the file. If both filters are given, both must match.
    pub fn target_groups(&self, group: Option<&str>, unit: Option<&str>, lang: usize) -> Vec<TargetGroup> {
        record_read(|| DependencyKey::Targets(lang));
        if let Some(unit) = unit {
            record_read(|| DependencyKey::Spelling("units".into(), 0, unit.into()));
        }
        self.all_targets(group, unit, lang)
    }

    pub(in crate::view) fn all_targets(
        &self,
        group: Option<&str>,
        unit: Option<&str>,
        lang: usize,
    ) -> Vec<TargetGroup> {
        let mut groups: Vec<TargetGroup> = Vec::new();
        for (i, target) in self.targets.iter().enumerate() {
            let in_group = group.is_none_or(|g| g == target.group);
            let of_unit = unit.is_none_or(|u| self.names_unit(target, u));
            if !in_group || !of_unit {
                continue;
            }
            let view = self.target_view(i, lang);
            match groups.iter_mut().find(|g| g.title == view.group) {
                Some(known) => known.targets.push(view),
                None => groups.push(TargetGroup { title: view.group.clone(), targets: vec![view] }),
            }
        }
        groups
    }

    /// Whether a target names this unit, in any spelling of it.
    fn names_unit(&self, target: &Target, unit: &str) -> bool {
        let wanted = self.catalog.term_by_spelling("units", 0, unit);
        target
            .units
            .iter()
            .any(|u| u == unit || wanted.is_some() && self.catalog.term_by_spelling("units", 0, u) == wanted)
    }

    /// A text of `data/targets.yaml`, translated if `i18n/` has the key `target/ID`, `group/NAME` or `unit/NAME`.
    fn target_word(&self, lang: usize, what: &str, key: &str, written: &str) -> String {
        self.words[lang].get(&format!("{what}/{key}")).map_or(written, String::as_str).to_string()
    }

    fn target_view(&self, i: usize, lang: usize) -> TargetView {
        let target = &self.targets[i];
        let title = self.target_word(lang, "target", &target.id.value, &target.title);
        let unit = self.target_word(lang, "unit", &target.unit, &target.unit);
        let (clause_url, explainer_url) = &self.target_links[i];
        let units = target.units.iter().map(|name| {
            let term = self
                .catalog
                .term_by_spelling("units", lang, name)
                .or_else(|| self.catalog.term_by_spelling("units", 0, name));
            term.filter(|t| self.catalog.term(*t).lang == lang)
                .map_or_else(|| LinkView { title: name.clone(), url: String::new() }, |t| self.term_link(t))
        });
        let mut observations: Vec<ObservationView> = target
            .observations
            .iter()
            .map(|o| ObservationView { date: self.date(o.date, lang), value: o.value, source: o.source.clone() })
            .chain(self.ledger_observations(target, lang))
            .collect();
        observations.sort_by(|a, b| a.date.iso.cmp(&b.date.iso));
        let latest = observations.last().cloned();
        let value = &target.value;
        let reached = latest.as_ref().and_then(|o| reached(value, o.value));
        // A sample that proves nothing must not replace observations that were published.
        let figure = self.target_figure(target, lang).filter(|f| f.sample == "probability" || observations.is_empty());
        let overdue = target.by.is_some_and(|by| by.date < self.clock.today);
        TargetView {
            id: target.id.value.clone(),
            title: title.clone(),
            translated: lang == 0 || self.words[lang].contains_key(&format!("target/{}", target.id.value)),
            group: self.target_word(lang, "group", &target.group, &target.group),
            words: target.words.clone(),
            min: value.min,
            max: value.max,
            op: op(value),
            approximate: value.approximate,
            relative_to: value.relative_to.clone(),
            goal: goal(value, &unit),
            unit,
            per: target.per,
            by: target.by.map(|b: DateOrDateTime| self.date(b, lang)),
            units: units.collect(),
            clause: target
                .clause
                .as_ref()
                .map(|(text, _)| LinkView { title: text.clone(), url: clause_url.clone().unwrap_or_default() }),
            explainer: explainer_url.clone().map(|url| LinkView { title: title.clone(), url }),
            // With a survey result, its sample and interval alone decide the state, whatever else was observed.
            state: match (figure.as_ref().map(|f| f.verdict), reached, overdue) {
                (Some("reached"), ..) => "reached",
                (Some("missed"), ..) => "short",
                (Some(verdict @ ("unproven" | "modelonly" | "cannotcount")), ..) => verdict,
                (_, Some(true), _) => "reached",
                (_, Some(false), _) => "short",
                (_, None, true) => "overdue",
                (_, None, false) => "none",
            },
            ratio: latest
                .as_ref()
                .zip(value.min)
                .filter(|(_, min)| *min > 0.0 && figure.is_none())
                .map(|(o, min)| (o.value / min).clamp(0.0, 1.0)),
            figure,
            latest,
            observations,
        }
    }
}

/// The goal as text: `≥ 85%`, `> 90%`, `2—3家`, `≈ 20人`, `≤ 3天`.
fn goal(value: &TargetValue, unit: &str) -> String {
    let number = |n: f64| if n.fract() == 0.0 && n.abs() < 1e15 { format!("{n:.0}") } else { n.to_string() };
    match (value.min, value.max) {
        (Some(min), Some(max)) if min != max => format!("{}—{}{unit}", number(min), number(max)),
        (Some(n), _) if value.approximate => format!("≈ {}{unit}", number(n)),
        (Some(n), _) => format!("{} {}{unit}", op(value), number(n)),
        (None, Some(max)) => format!("≤ {}{unit}", number(max)),
        (None, None) => String::new(),
    }
}

/// The sign of the lower bound: `>` if it is strict, else `≥`.
pub(in crate::view) fn op(value: &TargetValue) -> &'static str {
    if value.strict { ">" } else { "≥" }
}

/// Whether the observed value meets the goal's lower bound; `None` without one.
fn reached(value: &TargetValue, observed: f64) -> Option<bool> {
    value.min.map(|min| if value.strict { observed > min } else { observed >= min })
}
