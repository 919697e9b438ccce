//! What keeps the figures of two waves from being compared: the line of the trend breaks there and nothing is tested.
//!
//! Input: two waves of a results file. Output: the reasons, with the words for them.

use super::WaveResults;

/// A reason why two waves do not compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SeriesBreak {
    /// Another kind of sample.
    Sample,
    /// Other questions, another rule, or a wording that was changed during a wave.
    Wording,
    /// Other ways of answering.
    Mode,
    /// Another sampling frame.
    Frame,
}

impl SeriesBreak {
    /// Returns the name in code, as templates see it.
    pub fn as_str(self) -> &'static str {
        match self {
            SeriesBreak::Sample => "sample",
            SeriesBreak::Wording => "wording",
            SeriesBreak::Mode => "mode",
            SeriesBreak::Frame => "frame",
        }
    }

    /// Returns the text for Chinese reports.
    pub fn zh(self) -> &'static str {
        match self {
            SeriesBreak::Sample => "样本类型不同",
            SeriesBreak::Wording => "题目或者算法不同",
            SeriesBreak::Mode => "作答方式不同",
            SeriesBreak::Frame => "抽样框不同",
        }
    }
}

impl WaveResults {
    /// Why the figure of `later` does not compare with that of this wave; empty when it does. Modes and frames that are not declared
    /// are not known to differ.
    pub fn breaks(&self, later: &WaveResults) -> Vec<SeriesBreak> {
        let rule = |wave: &WaveResults| wave.awareness.as_ref().map(|figure| figure.rule.clone());
        let (frame, later_frame) = (&self.disclosure.frame, &later.disclosure.frame);
        let found = [
            (SeriesBreak::Sample, self.sample != later.sample),
            (SeriesBreak::Wording, !self.one_wording || !later.one_wording || rule(self) != rule(later)),
            (SeriesBreak::Mode, !self.modes.is_empty() && !later.modes.is_empty() && self.modes != later.modes),
            (SeriesBreak::Frame, frame.is_some() && later_frame.is_some() && frame != later_frame),
        ];
        found.into_iter().filter_map(|(reason, holds)| holds.then_some(reason)).collect()
    }
}
