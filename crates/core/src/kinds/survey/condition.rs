//! Conditions that decide whether a question is asked or a respondent counts: `heard = know`, `holder != none`, `age
//! in a18-29, a30-44`.
//!
//! Input: the text of `show_if` or `counts_if`. Output: a [`Condition`] on one question. Does not know answers; the
//! caller passes a function to [`Condition::is_met`].

use super::super::common::is_id_character;

/// A condition on the answer to one question.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Condition {
    /// Id of the question.
    pub question: String,
    /// Whether one of the options must be chosen, or none of them.
    pub op: ConditionOp,
    /// Ids of options, or whole numbers for a question without options. Never empty.
    pub options: Vec<String>,
}

/// How a [`Condition`] compares its options with an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ConditionOp {
    /// One of the options was chosen.
    Any,
    /// None of the options was chosen. A question that was asked but not answered also meets this.
    None,
}

/// Longer operators come first, so that `==` is not read as `=`. Word operators must be followed by a space, because
/// ids may contain Han characters.
const SIGNS: &[(&str, ConditionOp)] = &[
    ("!=", ConditionOp::None),
    ("<>", ConditionOp::None),
    ("≠", ConditionOp::None),
    ("==", ConditionOp::Any),
    ("=", ConditionOp::Any),
];
const WORDS: &[(&str, ConditionOp)] = &[
    ("not in", ConditionOp::None),
    ("不属于", ConditionOp::None),
    ("不是", ConditionOp::None),
    ("in", ConditionOp::Any),
    ("属于", ConditionOp::Any),
    ("是", ConditionOp::Any),
];

impl Condition {
    /// Parses a condition; `None` if the form is unknown. Full-width signs are accepted like their ASCII forms.
    pub(super) fn parse(written: &str) -> Option<Condition> {
        let text: String = written.trim().chars().map(to_half_width).collect();
        let end = text.find(|c: char| !is_id_character(c)).unwrap_or(text.len());
        let (question, rest) = text.split_at(end);
        let rest = rest.trim_start();
        let sign = SIGNS.iter().find_map(|(sign, op)| rest.strip_prefix(sign).map(|rest| (*op, rest)));
        let word = || {
            WORDS.iter().find_map(|(word, op)| {
                rest.strip_prefix(word).filter(|r| r.starts_with(char::is_whitespace)).map(|rest| (*op, rest))
            })
        };
        let (op, rest) = sign.or_else(word)?;
        let options: Vec<String> = rest.split(',').map(|option| option.trim().to_string()).collect();
        let sound = !question.is_empty()
            && options.iter().all(|option| !option.is_empty() && option.chars().all(is_id_character));
        sound.then(|| Condition { question: question.to_string(), op, options })
    }

    /// Whether the condition is met. `has` tells whether the answer to [`Condition::question`] contains an option.
    /// The caller must first check that the question was asked at all: if not, the condition is not met.
    pub fn is_met(&self, has: impl Fn(&str) -> bool) -> bool {
        let any = self.options.iter().any(|option| has(option));
        match self.op {
            ConditionOp::Any => any,
            ConditionOp::None => !any,
        }
    }
}

fn to_half_width(c: char) -> char {
    match c {
        '＝' => '=',
        '！' => '!',
        '，' | '、' => ',',
        '\u{3000}' => ' ',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn condition_parse_accepts_usual_spellings() {
        for same in [
            "heard = know",
            "heard=know",
            "heard == know",
            "heard ＝ know",
            "heard in know",
            "heard 是 know",
            " heard 属于 know ",
        ] {
            let read = Condition::parse(same).unwrap_or_else(|| panic!("{same}"));
            assert_eq!(
                (read.question.as_str(), read.op, read.options.as_slice()),
                ("heard", ConditionOp::Any, &["know".to_string()][..]),
                "{same}"
            );
        }
        for same in ["h != a, b", "h！=a，b", "h ≠ a、b", "h not in a, b", "h 不是 a、b", "h <> a,b"] {
            let read = Condition::parse(same).unwrap_or_else(|| panic!("{same}"));
            assert_eq!((read.question.as_str(), read.op, read.options.len()), ("h", ConditionOp::None, 2), "{same}");
        }
        assert_eq!(
            Condition::parse("是否听说 = 是").map(|c| (c.question, c.options)),
            Some(("是否听说".into(), vec!["是".into()]))
        );
        for bad in [
            "",
            "heard",
            "heard know",
            "= know",
            "heard =",
            "heard = a,,b",
            "heard > 3",
            "如果第1题选是",
            "heard inside",
        ] {
            assert_eq!(Condition::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn blank_answer_satisfies_none_of() {
        let not = Condition::parse("h != a").unwrap();
        assert!(not.is_met(|_| false) && !not.is_met(|o| o == "a"));
        let any = Condition::parse("h in a, b").unwrap();
        assert!(!any.is_met(|_| false) && any.is_met(|o| o == "b"));
    }
}
