//! Responses as JSON Lines: the format in which they leave a store for archives and enter the counting again.
//!
//! One response a line; lines and keys may have any order:
//! `{"id":"00…(32 hex digits)","survey":"awareness","wave":"2027-p","mode":"face","hour":"2027-04-03T08:00:00Z","wording":"…(32 hex
//! digits)","answers":{"heard":"know","topics":["a","b"],"years":34}}`, and optionally where in the sample the respondent was drawn:
//! `"sample":{"stratum":"1","unit":"3f…","weight":2500}`, the weight in thousandths. Empty lines are skipped. Equal lines count once.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::answers::Answers;
use super::{Response, SampleUnit, hours_since_epoch};
use puzhi_core::base::ContentHash;
use puzhi_core::kinds::CollectionMode;

/// The keys of a line. Their names are part of the format.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    id: String,
    survey: String,
    wave: String,
    mode: CollectionMode,
    hour: jiff::Timestamp,
    wording: String,
    /// The sample type that the store recorded, or `unrecorded`; exports have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sample_type: Option<String>,
    answers: Answers,
    #[serde(default, skip_serializing_if = "SampleUnit::is_empty")]
    sample: SampleUnit,
}

/// Why a line is not a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineError {
    /// Number of the line, from 1.
    pub line: usize,
    /// What is wrong with it, in English.
    pub cause: String,
}

/// A response as one line, with its line feed.
pub fn to_json_line(response: &Response) -> String {
    line_with_sample(response, None)
}

/// A response as one line, with the sample type that the store recorded of its wave.
pub fn line_with_sample(response: &Response, sample: Option<&str>) -> String {
    let hour = jiff::Timestamp::from_second(response.hour.saturating_mul(3600)).unwrap_or_default();
    let line = Line {
        id: hex::encode(response.id),
        survey: response.survey.clone(),
        wave: response.wave.clone(),
        mode: response.mode,
        hour,
        wording: response.wording.to_string(),
        sample_type: sample.map(String::from),
        answers: response.answers.clone(),
        sample: response.sample.clone(),
    };
    // Strings and integers always serialise.
    let mut text = serde_json::to_string(&line).unwrap_or_default();
    text.push('\n');
    text
}

/// Reads all lines, in the order of their ids. A byte order mark at the beginning is ignored.
///
/// # Errors
/// The first line that is not a response, or that gives a different response the id of an earlier one.
pub fn parse_json_lines(text: &str) -> Result<Vec<Response>, LineError> {
    let mut found: BTreeMap<[u8; 16], Response> = BTreeMap::new();
    for (at, line) in
        text.trim_start_matches('\u{feff}').lines().enumerate().filter(|(_, line)| !line.trim().is_empty())
    {
        let bad = |cause: &str| LineError { line: at + 1, cause: cause.to_string() };
        let line: Line = serde_json::from_str(line).map_err(|error| bad(&error.to_string()))?;
        let mut id = [0; 16];
        hex::decode_to_slice(&line.id, &mut id).map_err(|_| bad("id: 32 hex digits"))?;
        let wording = ContentHash::parse(&line.wording).ok_or_else(|| bad("wording: 32 hex digits"))?;
        let (survey, wave, mode, answers, sample) = (line.survey, line.wave, line.mode, line.answers, line.sample);
        let response =
            Response { id, survey, wave, mode, hour: hours_since_epoch(line.hour), wording, answers, sample };
        if found.get(&id).is_some_and(|other| *other != response) {
            return Err(bad("id: another response has it"));
        }
        found.insert(id, response);
    }
    Ok(found.into_values().collect())
}

/// The sample types that the lines of each wave give: several where they disagree. Lines without one are left out.
///
/// # Errors
/// The first line that cannot be read.
pub fn recorded_samples(text: &str) -> Result<BTreeMap<(String, String), BTreeSet<String>>, LineError> {
    let mut found: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    let lines = text.trim_start_matches('\u{feff}').lines().enumerate();
    for (at, line) in lines.filter(|(_, line)| !line.trim().is_empty()) {
        let line: Line =
            serde_json::from_str(line).map_err(|error| LineError { line: at + 1, cause: error.to_string() })?;
        if let Some(sample) = line.sample_type {
            found.entry((line.survey, line.wave)).or_default().insert(sample);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::BaseWeight;

    fn response() -> Response {
        Response {
            id: [7; 16],
            survey: "s".into(),
            wave: "w".into(),
            mode: CollectionMode::Phone,
            hour: 501_001,
            wording: ContentHash::of(b"x"),
            answers: Answers::from_canonical(r#"{"heard":"know","topics":["a","b"],"years":34}"#).unwrap(),
            sample: SampleUnit { stratum: Some("1".into()), unit: Some("a3".into()), weight: Some(BaseWeight(2500)) },
        }
    }

    #[test]
    fn lines_read_back() {
        let line = to_json_line(&response());
        assert!(line.contains("\"hour\":\"2027-02-26T01:00:00Z\""), "{line}");
        assert_eq!(parse_json_lines(&format!("\u{feff}{line}\n{line}")), Ok(vec![response()]));
    }

    #[test]
    fn what_is_no_response_is_named_by_its_line() {
        let line = to_json_line(&response());
        let other = line.replace("phone", "face");
        for (text, at) in [
            (format!("{line}{other}"), 2),
            ("{}".to_string(), 1),
            (line.replace("0707", "zz07"), 1),
            (line.replace("0707", "é707"), 1),
            (line.replacen("{", "{\"ip\":\"1.2.3.4\",", 1), 1),
            (line.replace("34", "3.4"), 1),
        ] {
            assert_eq!(parse_json_lines(&text).map_err(|bad| bad.line), Err(at), "{text}");
        }
    }
}
