//! The method of a wave: all that decides its figure besides the answers. It is recorded at the first answer, so that nobody chooses
//! margins, thresholds or a design effect after seeing the data.
//!
//! Input: a survey and a wave. Output: canonical JSON, and the parts in which two methods differ.

use serde_json::{Value as Json, json};

use super::{Survey, Wave};
use crate::kinds::results::THRESHOLDS;

/// A part of the method, with the words for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MethodPart {
    /// Its key in the record.
    pub key: &'static str,
    /// Chinese name.
    pub zh: &'static str,
    /// English name.
    pub en: &'static str,
}

/// All parts.
const PARTS: [MethodPart; 7] = [
    MethodPart { key: "sample", zh: "样本", en: "the sample type" },
    MethodPart { key: "rule", zh: "知晓判定", en: "the rule of awareness" },
    MethodPart { key: "counts_if", zh: "计入条件", en: "who counts" },
    MethodPart { key: "margins", zh: "人口构成", en: "the population margins" },
    MethodPart { key: "design", zh: "抽样设计", en: "the sample design" },
    MethodPart { key: "target", zh: "目标", en: "the target" },
    MethodPart { key: "thresholds", zh: "统计门槛", en: "the thresholds" },
];

impl Survey {
    /// The method of a wave as canonical JSON: equal methods give equal texts.
    pub fn method_of(&self, wave: &Wave) -> String {
        let margins: Vec<Json> = self.margins.iter().map(|m| json!([m.question, m.shares, m.source])).collect();
        let thresholds: Vec<Json> = THRESHOLDS.iter().map(|t| json!(t.value)).collect();
        json!({
            "sample": wave.sample,
            "rule": self.awareness.as_ref().and_then(|a| a.rule.as_ref()),
            "counts_if": self.counts_if,
            "margins": margins,
            "design": wave.design,
            "target": self.target.as_ref().map(|t| json!([t.min, t.strict])),
            "thresholds": thresholds,
        })
        .to_string()
    }
}

/// The parts in which a recorded method differs from the present one. A record that cannot be read differs in all parts.
pub fn changed_method_parts(recorded: &str, present: &str) -> Vec<MethodPart> {
    let read = |text: &str| serde_json::from_str::<Json>(text).unwrap_or_default();
    let (recorded, present) = (read(recorded), read(present));
    PARTS.into_iter().filter(|part| recorded[part.key] != present[part.key] || recorded.is_null()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{PopulationMargin, SampleDesign};
    use super::*;

    #[test]
    fn what_was_changed_is_named() {
        let mut survey = Survey::default();
        let mut wave = survey.default_voluntary_wave().unwrap();
        let recorded = survey.method_of(&wave);
        assert_eq!(changed_method_parts(&recorded, &survey.method_of(&wave)), []);
        survey.margins =
            vec![PopulationMargin { question: "q".into(), shares: vec![("a".into(), 100.0)], source: "s".into() }];
        wave.design = SampleDesign { design_effect: Some(1.5), ..SampleDesign::default() };
        wave.title = Some("名称不属于方法".into());
        let changed = changed_method_parts(&recorded, &survey.method_of(&wave));
        assert_eq!(changed.iter().map(|part| part.key).collect::<Vec<_>>(), ["margins", "design"]);
        assert_eq!(changed_method_parts("", &recorded).len(), PARTS.len());
    }
}
