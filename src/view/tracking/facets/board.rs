//! The facet of the target board: targets of `data/targets.yaml` with observations, survey results and their state. Its key covers
//! everything that it reads. Counts no event; the ledger does.

use crate::engine::{Facet, Fingerprint, fingerprint};
use crate::view::model::{LinkView, ObservationView, TargetGroup, TargetView};
use crate::view::tracking::recorder::covered;
use crate::view::tracking::site::Site;
use crate::view::tracking::site_data::TargetLinks;
use puzhi_core::base::{DateOrDateTime, Route};
use puzhi_core::kinds::{Target, TargetSource, TargetValue};

/// The target board of a language.
pub struct Board;

/// What [`Board`] gives out.
#[derive(Clone, Copy)]
pub struct BoardFacts<'s> {
    site: &'s Site,
    lang: usize,
}

/// What the plan says of the figures of the ledger.
#[derive(Debug, Default)]
pub struct LedgerPlan {
    /// The words of the targets that take their value from the ledger.
    pub words: Vec<String>,
    /// The clause of the first of them.
    pub clause: Option<LinkView>,
}

impl BoardFacts<'_> {
    /// The target with this id.
    pub fn target(&self, id: &str) -> Option<TargetView> {
        let i = self.site.data.targets.iter().position(|t| t.id.value == id)?;
        Some(covered(|| self.view(i)))
    }

    /// The first targets of the file.
    pub fn first(&self, count: usize) -> Vec<TargetView> {
        (0..self.site.data.targets.len().min(count)).map(|i| covered(|| self.view(i))).collect()
    }

    /// Targets in the groups and the order of the file. If both filters are given, both must match; `unit` may be any spelling of
    /// it, and whoever gives one records that spelling.
    pub fn groups(&self, group: Option<&str>, unit: Option<&str>) -> Vec<TargetGroup> {
        let mut groups: Vec<TargetGroup> = Vec::new();
        for (i, target) in self.site.data.targets.iter().enumerate() {
            let in_group = group.is_none_or(|g| g == target.group);
            let of_unit = unit.is_none_or(|u| self.names_unit(target, u));
            if !in_group || !of_unit {
                continue;
            }
            let view = covered(|| self.view(i));
            match groups.iter_mut().find(|g| g.title == view.group) {
                Some(known) => known.targets.push(view),
                None => groups.push(TargetGroup { title: view.group.clone(), targets: vec![view] }),
            }
        }
        groups
    }

    /// What the plan says of the figures of the ledger.
    pub fn ledger_plan(&self) -> LedgerPlan {
        let data = &self.site.data;
        let from = |t: &Target| matches!(t.from, Some(TargetSource::Ledger(_)));
        let clause = || {
            let i = data.targets.iter().position(from)?;
            let (title, _) = data.targets[i].clause.as_ref()?;
            Some(LinkView { title: title.clone(), url: data.target_links.get(i)?.clause.clone()? })
        };
        LedgerPlan {
            words: data.targets.iter().filter(|t| from(t)).map(|t| t.words.clone()).collect(),
            clause: clause(),
        }
    }

    /// Whether a target names this unit, in any spelling of it.
    fn names_unit(&self, target: &Target, unit: &str) -> bool {
        let wanted = self.unit_route(unit);
        target.units.iter().any(|u| u == unit || wanted.is_some() && self.unit_route(u) == wanted)
    }

    /// The address of a unit, by any spelling: in the board's language, else in the first one.
    fn unit_route(&self, name: &str) -> Option<&Route> {
        let catalog = &self.site.data.catalog;
        let term = [self.lang, 0].into_iter().find_map(|lang| catalog.term_by_spelling("units", lang, name));
        term.map(|t| &catalog.term(t).route)
    }

    /// A text of `data/targets.yaml`, translated if `i18n/` has the key `target/ID`, `group/NAME` or `unit/NAME`.
    fn word(&self, what: &str, key: &str, written: &str) -> String {
        self.site.data.words[self.lang].get(&format!("{what}/{key}")).map_or(written, String::as_str).to_string()
    }

    fn view(&self, i: usize) -> TargetView {
        let (site, data) = (self.site, &self.site.data);
        let lang = self.lang;
        let target = &data.targets[i];
        let title = self.word("target", &target.id.value, &target.title);
        let unit = self.word("unit", &target.unit, &target.unit);
        let TargetLinks { clause, explainer } = data.target_links.get(i).cloned().unwrap_or_default();
        let units = target.units.iter().map(|name| {
            let term = data
                .catalog
                .term_by_spelling("units", lang, name)
                .or_else(|| data.catalog.term_by_spelling("units", 0, name));
            term.filter(|t| data.catalog.term(*t).lang == lang)
                .map_or_else(|| LinkView { title: name.clone(), url: String::new() }, |t| site.term_link(t))
        });
        let mut observations: Vec<ObservationView> = target
            .observations
            .iter()
            .map(|o| ObservationView { date: site.date(o.date, lang), value: o.value, source: o.source.clone() })
            .chain(site.ledger_observations(target, lang))
            .collect();
        observations.sort_by(|a, b| a.date.iso.cmp(&b.date.iso));
        let latest = observations.last().cloned();
        let value = &target.value;
        let reached = latest.as_ref().and_then(|o| reached(value, o.value));
        // A sample that proves nothing must not replace observations that were published.
        let figure = site.target_figure(target, lang).filter(|f| f.sample == "probability" || observations.is_empty());
        let overdue = target.by.is_some_and(|by| by.date < data.clock.today);
        TargetView {
            id: target.id.value.clone(),
            title: title.clone(),
            translated: lang == 0 || data.words[lang].contains_key(&format!("target/{}", target.id.value)),
            group: self.word("group", &target.group, &target.group),
            words: target.words.clone(),
            min: value.min,
            max: value.max,
            op: target_sign(value),
            approximate: value.approximate,
            relative_to: value.relative_to.clone(),
            goal: goal(value, &unit),
            unit,
            per: target.per,
            by: target.by.map(|b: DateOrDateTime| site.date(b, lang)),
            units: units.collect(),
            clause: target
                .clause
                .as_ref()
                .map(|(text, _)| LinkView { title: text.clone(), url: clause.unwrap_or_default() }),
            explainer: explainer.map(|url| LinkView { title: title.clone(), url }),
            // With a survey result, its sample and interval alone decide the state, whatever else was observed.
            state: match (figure.as_ref().map(|f| f.verdict), reached, overdue) {
                (Some("reached"), ..) => "reached",
                (Some("missed"), ..) => "short",
                (Some(verdict @ ("unproven" | "modelonly" | "cannotcount" | "noclaim")), ..) => verdict,
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

impl Facet<Site> for Board {
    type Of = u32;
    type Value<'s> = BoardFacts<'s>;
    const NAME: &'static str = "targets";
    const ZH: &'static str = "目标板";

    fn read<'s>(site: &'s Site, lang: &u32) -> BoardFacts<'s> {
        BoardFacts { site, lang: *lang as usize }
    }

    /// The targets as they are written, which filters compare, and as they are shown.
    fn fingerprint(site: &Site, lang: &u32) -> Option<Fingerprint> {
        let known = site.data.fingerprints.targets.get(*lang as usize)?;
        Some(*known.get_or_init(|| {
            let board = Self::read(site, lang);
            let targets = &site.data.targets;
            let units: Vec<_> = targets.iter().flat_map(|t| &t.units).map(|unit| board.unit_route(unit)).collect();
            let shown = serde_json::to_string(&board.groups(None, None)).unwrap_or_default();
            let written: Vec<_> =
                targets.iter().map(|t| (&t.id.value, &t.group, &t.units, format!("{:?}", t.from))).collect();
            let links: Vec<_> = site.data.target_links.iter().collect();
            fingerprint(&(written, units, links, shown))
        }))
    }
}

/// The goal as text: `≥ 85%`, `> 90%`, `2—3家`, `≈ 20人`, `≤ 3天`.
fn goal(value: &TargetValue, unit: &str) -> String {
    let number = |n: f64| if n.fract() == 0.0 && n.abs() < 1e15 { format!("{n:.0}") } else { n.to_string() };
    match (value.min, value.max) {
        (Some(min), Some(max)) if min != max => format!("{}—{}{unit}", number(min), number(max)),
        (Some(n), _) if value.approximate => format!("≈ {}{unit}", number(n)),
        (Some(n), _) => format!("{} {}{unit}", target_sign(value), number(n)),
        (None, Some(max)) => format!("≤ {}{unit}", number(max)),
        (None, None) => String::new(),
    }
}

/// The sign of the lower bound: `>` if it is strict, else `≥`.
pub fn target_sign(value: &TargetValue) -> &'static str {
    if value.strict { ">" } else { "≥" }
}

/// Whether the observed value meets the goal's lower bound; `None` without one.
fn reached(value: &TargetValue, observed: f64) -> Option<bool> {
    value.min.map(|min| if value.strict { observed > min } else { observed >= min })
}
