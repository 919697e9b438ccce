//! A year of the ledger as CSV and JSON: the site's files and the command's output are the same bytes.

use serde_json::{Value as Json, json};

use crate::calendar::LedgerYear;
use crate::view::Site;

/// The forms a year is given in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LedgerFormat {
    Csv,
    Json,
}

impl LedgerFormat {
    pub fn extension(self) -> &'static str {
        match self {
            LedgerFormat::Csv => "csv",
            LedgerFormat::Json => "json",
        }
    }
}

/// One year in one form.
pub fn ledger(year: &LedgerYear, format: LedgerFormat, site: &Site) -> String {
    match format {
        LedgerFormat::Csv => csv(year, site),
        LedgerFormat::Json => json(year, site),
    }
}

/// One table: the total, what it is split by, then every event with why it counts or does not.
fn csv(year: &LedgerYear, site: &Site) -> String {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let mut row = |cells: [String; 7]| {
        // Writing to memory cannot fail.
        let _ = writer.write_record(cells.map(|c| harmless(&c)));
    };
    row(["year", "group", "name", "date", "sessions", "people", "note"].map(String::from));
    let number = year.year.to_string();
    let verdict = site.settings.ledger.as_ref().and_then(|goals| year.verdict(goals));
    let note = verdict.map_or("", |v| if v.met { "met" } else { "not-met" });
    let total = [year.sessions.to_string(), year.people.to_string()];
    row([number.clone(), "total".into(), String::new(), year.as_of.to_string(), total[0].clone(), total[1].clone(), note.into()]);
    for (group, tallies) in &year.by {
        for tally in tallies {
            let figures = [tally.sessions.to_string(), tally.people.to_string()];
            row([number.clone(), group.as_str().into(), tally.name.clone(), String::new(), figures[0].clone(), figures[1].clone(), String::new()]);
        }
    }
    for event in &year.rows {
        let counted = event.standing == crate::calendar::Standing::Counted;
        let people = event.people.map(|p| p.to_string()).unwrap_or_default();
        let title = site.catalog.card(event.page).title.clone();
        row([number.clone(), "event".into(), title, event.first.to_string(), u8::from(counted).to_string(), people, event.standing.as_str().into()]);
    }
    let bytes = writer.into_inner().unwrap_or_default();
    // The mark at the start tells office programs that the file is UTF-8.
    format!("\u{feff}{}", String::from_utf8_lossy(&bytes))
}

/// A cell that no spreadsheet takes for a formula.
fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_string() }
}

fn json(year: &LedgerYear, site: &Site) -> String {
    let goals = site.settings.ledger.as_ref();
    let verdict = goals.and_then(|goals| year.verdict(goals));
    let by: serde_json::Map<String, Json> = year
        .by
        .iter()
        .map(|(group, tallies)| {
            let list: Vec<Json> = tallies.iter().map(|t| json!({ "name": t.name, "sessions": t.sessions, "people": t.people })).collect();
            (group.as_str().to_string(), Json::Array(list))
        })
        .collect();
    let events: Vec<Json> = year
        .rows
        .iter()
        .map(|row| {
            let card = site.catalog.card(row.page);
            let id = card.event().and_then(|e| e.id.as_ref()).map(|id| id.value.as_str());
            let url = site.url(row.page);
            json!({
                "id": id, "title": card.title, "url": site.permalink(&url).unwrap_or(url), "first_day": row.first.to_string(),
                "last_day": row.last.to_string(), "standing": row.standing.as_str(), "people": row.people,
            })
        })
        .collect();
    let value = json!({
        "year": year.year,
        "as_of": year.as_of.to_string(),
        "running": year.running,
        "sessions": year.sessions,
        "people": year.people,
        "goal": { "sessions": goals.and_then(|g| g.sessions), "people": goals.and_then(|g| g.people) },
        "met": verdict.map(|v| v.met),
        "missing": verdict.map(|v| json!({ "sessions": v.sessions_missing, "people": v.people_missing })),
        "by": by,
        "events": events,
    });
    format!("{value:#}\n")
}
