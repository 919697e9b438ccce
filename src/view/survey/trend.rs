//! The chart of a survey's results over its waves: a point with its interval for each wave, the target as a line.
//!
//! In: the rows of the table below the chart. Out: an SVG with the same content; the style sheet sets its colours.
//! Lines join only results that can be compared. Computes no statistics.

use std::fmt::Write;

use puzhi_core::base::{escape_attr, escape_text};
use puzhi_core::kinds::TargetValue;

use super::model::TrendView;
use super::results::ResultsPresenter;

/// Size of the chart in SVG units, chosen for the width of a phone; text is 12 units high.
const WIDTH: f64 = 360.0;
const HEIGHT: f64 = 250.0;
const LEFT: f64 = 40.0;
/// Room for the label of the target.
const RIGHT: f64 = 46.0;
const TOP: f64 = 16.0;
const BOTTOM: f64 = 34.0;

/// Number of dates that fit below the chart.
const MAX_LABELS: usize = 5;

/// The chart as SVG; `None` for fewer than two rows.
pub(in crate::view) fn chart(
    presenter: &ResultsPresenter<'_>,
    rows: &[TrendView],
    target: Option<&TargetValue>,
) -> Option<String> {
    if rows.len() < 2 {
        return None;
    }
    let goal = target.and_then(|t| t.min).filter(|goal| (0.0..=100.0).contains(goal));
    let lows = rows.iter().filter_map(|r| r.figure.low_value.or(r.figure.value)).chain(goal);
    let least = lows.fold(100.0_f64, f64::min);
    // The axis starts at a multiple of ten, at least five points below the lowest value.
    let from = (((least - 5.0) / 10.0).floor() * 10.0).clamp(0.0, 90.0);
    let y = |value: f64| TOP + (100.0 - value.clamp(from, 100.0)) / (100.0 - from) * (HEIGHT - TOP - BOTTOM);
    let step = (WIDTH - LEFT - RIGHT) / rows.len() as f64;
    let x = |i: usize| LEFT + step * (i as f64 + 0.5);

    let id = presenter.survey.and_then(|s| s.id.as_ref()).map_or("survey", |id| id.value.as_str());
    let mut out = String::from("<svg class=\"trend\" role=\"img\" aria-labelledby=\"");
    escape_attr(&mut out, &format!("trend-{id}-title trend-{id}-desc"));
    let _ = write!(out, "\" viewBox=\"0 0 {WIDTH} {HEIGHT}\"><title id=\"");
    escape_attr(&mut out, &format!("trend-{id}-title"));
    out.push_str("\">");
    escape_text(&mut out, &presenter.word("trend_title").replace("{name}", &presenter.site.link(presenter.page).title));
    out.push_str("</title><desc id=\"");
    escape_attr(&mut out, &format!("trend-{id}-desc"));
    out.push_str("\">");
    escape_text(&mut out, &describe(presenter, rows, goal));
    out.push_str("</desc>");

    for line in (from as u32..=100).step_by(if from < 50.0 { 20 } else { 10 }) {
        let at = y(f64::from(line));
        let _ =
            write!(out, "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{}\" y1=\"{at:.1}\" y2=\"{at:.1}\"/>", WIDTH - RIGHT);
        let _ = write!(
            out,
            "<text class=\"axis\" x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{line}%</text>",
            LEFT - 5.0,
            at + 4.0
        );
    }
    if let Some(goal) = goal {
        let at = y(goal);
        let _ =
            write!(out, "<line class=\"aim\" x1=\"{LEFT}\" x2=\"{}\" y1=\"{at:.1}\" y2=\"{at:.1}\"/>", WIDTH - RIGHT);
        for (words, down) in [(presenter.word("trend_goal_short"), -3.0), (format!("{goal}%"), 11.0)] {
            let _ = write!(out, "<text class=\"aim-text\" x=\"{}\" y=\"{:.1}\">", WIDTH - RIGHT + 5.0, at + down);
            escape_text(&mut out, &words);
            out.push_str("</text>");
        }
    }
    for (i, row) in rows.iter().enumerate() {
        // Voluntary samples represent no population, so their results are not joined by a line.
        if let Some(before) = row.before.filter(|_| row.figure.sample != "voluntary")
            && let (Some(a), Some(b)) = (rows[before].figure.value, row.figure.value)
        {
            let _ = write!(
                out,
                "<line class=\"run\" x1=\"{:.1}\" y1=\"{:.1}\" x2=\"{:.1}\" y2=\"{:.1}\"/>",
                x(before),
                y(a),
                x(i),
                y(b)
            );
        }
    }
    for (i, row) in rows.iter().enumerate() {
        point(&mut out, row, x(i), step, &y);
    }
    for (i, row) in
        rows.iter().enumerate().filter(|(i, _)| (rows.len() - 1 - i).is_multiple_of(rows.len().div_ceil(MAX_LABELS)))
    {
        let label = row
            .figure
            .date
            .as_ref()
            .map_or_else(|| row.figure.wave_id.clone(), |d| format!("{}-{:02}", d.year, d.month));
        let _ = write!(out, "<text class=\"axis\" x=\"{:.1}\" y=\"{}\" text-anchor=\"middle\">", x(i), HEIGHT - 12.0);
        escape_text(&mut out, &label);
        out.push_str("</text>");
    }
    out.push_str("</svg>");
    Some(out)
}

/// Draws a point with its interval. The point of a voluntary sample is hollow and has no interval. A vertical dashed
/// line before the point marks a change of wording.
fn point(out: &mut String, row: &TrendView, x: f64, step: f64, y: &impl Fn(f64) -> f64) {
    if row.broken {
        let at = x - step / 2.0;
        let _ = write!(
            out,
            "<line class=\"break\" x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"{TOP}\" y2=\"{}\"/>",
            HEIGHT - BOTTOM
        );
    }
    if let (Some(low), Some(high)) = (row.figure.low_value, row.figure.high_value) {
        let class = if row.figure.model { "span model" } else { "span" };
        let (top, bottom) = (y(high), y(low));
        let _ = write!(
            out,
            "<path class=\"{class}\" d=\"M{x:.1} {top:.1}V{bottom:.1}M{:.1} {top:.1}h10M{:.1} {bottom:.1}h10\"/>",
            x - 5.0,
            x - 5.0
        );
    }
    let Some(value) = row.figure.value else { return };
    let class = if row.figure.sample == "voluntary" { "dot open" } else { "dot" };
    let _ = write!(out, "<circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{:.1}\" r=\"5\"/>", y(value));
}

/// The content of the chart in words, for its `<desc>`.
fn describe(presenter: &ResultsPresenter<'_>, rows: &[TrendView], goal: Option<f64>) -> String {
    let mut text = goal
        .map(|goal| presenter.word("trend_goal").replace("{goal}", &goal.to_string()) + &presenter.word("full_stop"))
        .unwrap_or_default();
    for row in rows {
        if row.broken {
            let why = row.why.as_deref().unwrap_or_default();
            text.push_str(&presenter.word("trend_broken").replace("{why}", why));
            text.push_str(&presenter.word("full_stop"));
        }
        text.push_str(&row.figure.wave);
        text.push_str(&presenter.word("colon"));
        text.push_str(&row.figure.words);
    }
    text
}
