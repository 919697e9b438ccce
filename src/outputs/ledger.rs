//! A year of the ledger as CSV and JSON. In: a year that `crate::calendar` counted. Out: the file; the command prints
//! the same bytes. Counts nothing itself.

use serde_json::{Value as Json, json};

use crate::calendar::LedgerYear;
use crate::engine::{Fingerprint, fingerprint};
use crate::view::{Site, SiteData, file_route};
use puzhi_core::diag::Diagnostic;

use super::csv_table::CsvTable;
use super::format::{Artifact, Format, RenderInput, WriteRank};
use super::plan::Planner;

/// The n-th year of the ledger as a data file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerFile {
    /// Index of the year.
    pub year: usize,
    /// Format of the file.
    pub format: LedgerFormat,
}

impl Format for LedgerFile {
    fn plan(planner: &mut Planner<'_>) {
        let Some(goals) = &planner.input.settings.ledger else { return };
        for (n, year) in planner.input.agenda.ledger.years.iter().enumerate() {
            for format in [LedgerFormat::Csv, LedgerFormat::Json] {
                let route = file_route(goals, year.year, format.extension());
                planner.add(route, LedgerFile { year: n, format }, None);
            }
        }
    }

    fn fingerprint(&self, site: &SiteData) -> Fingerprint {
        fingerprint(&("ledger file", site.agenda.ledger.years[self.year].year, self.format.extension()))
    }

    fn name(&self, _: &SiteData) -> &'static str {
        "ledger files"
    }

    fn write_rank(&self) -> WriteRank {
        WriteRank::List
    }

    fn render<'f>(&self, input: &RenderInput<'_, 'f>) -> Result<Artifact<'f>, Box<Diagnostic>> {
        let site = &input.views.site;
        Ok(ledger(&site.schedule().ledger.years[self.year], self.format, site).into())
    }
}

/// The formats of the ledger's data files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LedgerFormat {
    /// CSV with a byte order mark, in the site's first language.
    Csv,
    /// JSON with English keys.
    Json,
}

impl LedgerFormat {
    /// The file extension, without dot.
    pub fn extension(self) -> &'static str {
        match self {
            LedgerFormat::Csv => "csv",
            LedgerFormat::Json => "json",
        }
    }
}

/// One year in one format.
pub fn ledger(year: &LedgerYear, format: LedgerFormat, site: &Site) -> String {
    match format {
        LedgerFormat::Csv => csv(year, site),
        LedgerFormat::Json => json(year, site),
    }
}

/// One table for a spreadsheet program, in the site's first language: the total, the totals by group, then every event
/// with the reason why it counts or not.
fn csv(year: &LedgerYear, site: &Site) -> String {
    let word = |key: &str| site.word(0, key);
    let mut table = CsvTable::new();
    let mut row = |cells: [&str; 7]| table.row(cells);
    let head = [
        "ledger_year_column",
        "ledger_part",
        "ledger_name",
        "ledger_date",
        "ledger_sessions",
        "ledger_people",
        "ledger_note",
    ]
    .map(word);
    row(head.each_ref().map(String::as_str));
    let number = year.year.to_string();
    let verdict = site.settings().ledger.as_ref().and_then(|goals| year.goal_status(goals));
    let note = match verdict {
        Some(v) => word(if v.met { "ledger_met" } else { "ledger_not_met" }),
        None if !year.is_known() => word("state_none"),
        None => String::new(),
    };
    // No data is an empty cell, not zero.
    let figure = |n: Option<u64>| n.map(|n| n.to_string()).unwrap_or_default();
    let (sessions, people) = (figure(year.sessions()), figure(year.people()));
    row([&number, &word("ledger_total"), "", &year.as_of.to_string(), &sessions, &people, &note]);
    for (group, tallies) in &year.totals {
        let title = site.ledger_group(*group);
        for tally in tallies {
            let (sessions, people) = (tally.sessions.to_string(), figure(tally.people));
            let name = if tally.name.is_empty() { word("ledger_unnamed") } else { tally.name.clone() };
            row([&number, &title, &name, "", &sessions, &people, ""]);
        }
    }
    for event in &year.rows {
        let counted = event.standing == crate::calendar::LedgerStatus::Counted;
        let people = figure(event.people);
        let note = word(&format!("ledger_{}", event.standing.as_str()));
        let page = site.events().event(event.page);
        let title = page.as_ref().map_or("", |page| page.meta.title.as_str());
        row([
            &number,
            &word("ledger_event"),
            title,
            &event.first.to_string(),
            if counted { "1" } else { "0" },
            &people,
            &note,
        ]);
    }
    table.finish()
}

fn json(year: &LedgerYear, site: &Site) -> String {
    let goals = site.settings().ledger.as_ref();
    let verdict = goals.and_then(|goals| year.goal_status(goals));
    let by: serde_json::Map<String, Json> = year
        .totals
        .iter()
        .map(|(group, tallies)| {
            let list: Vec<Json> =
                tallies.iter().map(|t| json!({ "name": t.name, "sessions": t.sessions, "people": t.people })).collect();
            (group.as_str().to_string(), Json::Array(list))
        })
        .collect();
    let events: Vec<Json> = year
        .rows
        .iter()
        .map(|row| {
            let page = site.events().event(row.page);
            let id = page.as_ref().and_then(|page| page.event.id.as_ref()).map(|id| id.value.as_str());
            let title = page.as_ref().map(|page| page.meta.title.as_str());
            let url = page.as_ref().map_or("", |page| &**page.url());
            json!({
                "id": id, "title": title, "url": site.permalink(url).unwrap_or(url.to_string()), "first_day": row.first.to_string(),
                "last_day": row.last.to_string(), "standing": row.standing.as_str(), "people": row.people,
            })
        })
        .collect();
    let value = json!({
        "year": year.year,
        "as_of": year.as_of.to_string(),
        "running": year.is_current,
        "sessions": year.sessions(),
        "people": year.people(),
        "sessions_without_people": year.sessions_without_attendance,
        "goal": { "sessions": goals.and_then(|g| g.sessions), "people": goals.and_then(|g| g.people) },
        "met": verdict.map(|v| v.met),
        "missing": verdict.map(|v| json!({ "sessions": v.sessions_missing, "people": v.people_missing })),
        "by": by,
        "events": events,
    });
    format!("{value:#}\n")
}
