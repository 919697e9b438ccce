//! Renders a survey for printing and defines the columns of the sheet into which paper answers are typed.
//!
//! Input: the definition and the texts around it. Output: an HTML page for A4 paper, and the columns of the data
//! entry sheet. The import reads cells with [`parse_entry_cell`], so that paper, sheet and import agree.

use std::fmt::Write;

use crate::base::{escape_attr, escape_text};
use crate::kinds::{Choice, Question, QuestionKind, Survey};

use super::{FormLabels, condition, estimated_minutes};

/// What a printed form shows besides its questions.
#[derive(Debug, Clone, Default)]
pub struct PaperForm {
    /// The survey's title.
    pub title: String,
    /// Language of the texts besides the questions: `en…` is English, anything else Chinese.
    pub lang: String,
    /// Address of the survey's page.
    pub url: Option<String>,
    /// QR code of that address, as SVG.
    pub qr_html: Option<String>,
    /// Whether the page at that address contains an online form.
    pub online: bool,
    /// Where to hand in the form.
    pub place: Option<String>,
    /// Phone number for questions about the survey.
    pub phone: Option<String>,
}

/// Header of the column for the serial number in the data entry sheet.
pub const SERIAL_COLUMN: &str = "serial";

/// One column of the data entry sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntrySheetColumn {
    /// `serial`, the id of a question, or `QUESTION:OPTION` for one option of a question with several answers.
    pub header: String,
    /// Number of the question on paper, from 1; 0 for the serial number.
    pub number: usize,
    /// Id of the question; empty for the serial number.
    pub question: String,
    /// Id of the option, in a question with several answers.
    pub option: Option<String>,
}

/// Returns the columns of the data entry sheet in order.
pub fn entry_sheet_columns(survey: &Survey) -> Vec<EntrySheetColumn> {
    let mut columns =
        vec![EntrySheetColumn { header: SERIAL_COLUMN.into(), number: 0, question: String::new(), option: None }];
    for (n, asked) in survey.all_questions().enumerate() {
        let column = |option: Option<&Choice>| EntrySheetColumn {
            header: option.map_or(asked.id.clone(), |o| format!("{}:{}", asked.id, o.id)),
            number: n + 1,
            question: asked.id.clone(),
            option: option.map(|o| o.id.clone()),
        };
        match asked.kind {
            QuestionKind::Multiple => columns.extend(asked.options.iter().map(|o| column(Some(o)))),
            _ => columns.push(column(None)),
        }
    }
    columns
}

/// Converts a cell of a question with one answer to an option id or a number. The cell contains an option's id or the
/// number printed in its box; if an option has that number as its id, the id takes precedence. For a number question,
/// or a scale without options, the cell is the answer itself. Returns `None` for an answer that the paper form does
/// not offer.
pub fn parse_entry_cell(asked: &Question, cell: &str) -> Option<String> {
    let cell = cell.trim();
    if asked.options.is_empty() || asked.options.iter().any(|o| o.id == cell) {
        return asked.offers(cell).then(|| cell.to_string());
    }
    let number: usize = cell.parse().ok()?;
    Some(asked.options.get(number.checked_sub(1)?)?.id.clone())
}

/// Renders the form as one HTML file that loads nothing from elsewhere.
pub fn render_paper_form(survey: &Survey, paper: &PaperForm) -> String {
    let labels = FormLabels::of(&paper.lang);
    let mut out = String::from("<!doctype html>\n<html lang=\"");
    escape_attr(&mut out, &paper.lang);
    out.push_str(
        "\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>",
    );
    escape_text(&mut out, &paper.title);
    let _ = write!(out, "</title>\n<style>{PRINT_STYLE}</style>\n</head>\n<body>\n<header>\n<div><h1>");
    escape_text(&mut out, &paper.title);
    out.push_str("</h1>\n<p>");
    let count = survey.all_questions().count().to_string();
    escape_text(
        &mut out,
        &labels.length.replace("{count}", &count).replace("{minutes}", &estimated_minutes(survey).to_string()),
    );
    escape_text(&mut out, labels.paper_how);
    let _ = write!(
        out,
        "</p></div>\n<div class=\"corner\"><p class=\"serial\"><span>{}</span>{}</p>",
        labels.serial,
        "<i></i>".repeat(5)
    );
    if let Some(code) = &paper.qr_html {
        let _ = write!(
            out,
            "{code}<p class=\"scan\">{}</p>",
            if paper.online { labels.paper_scan } else { labels.paper_see }
        );
    }
    out.push_str("</div>\n</header>\n");
    about(&mut out, survey, paper, labels);
    let mut number = 0;
    for (title, list) in [(labels.questions, &survey.questions), (labels.background, &survey.background)] {
        if list.is_empty() {
            continue;
        }
        let _ = writeln!(out, "<h2>{title}</h2>");
        for asked in list {
            number += 1;
            question(&mut out, survey, asked, number, labels);
        }
    }
    hand_in(&mut out, paper, labels);
    out.push_str("</body>\n</html>\n");
    out
}

fn about(out: &mut String, survey: &Survey, paper: &PaperForm, labels: &FormLabels) {
    out.push_str("<section class=\"about\"><dl>");
    super::facts(out, survey, labels, labels.paper_kept);
    let _ = write!(out, "</dl><p>{}</p>", labels.free);
    let _ = write!(out, "<p class=\"consent\"><b class=\"box\"></b>{}</p>", labels.paper_consent);
    if let Some(phone) = &paper.phone {
        out.push_str("<p>");
        escape_text(out, &labels.phone.replace("{phone}", phone));
        out.push_str("</p>");
    }
    out.push_str("</section>\n");
}

fn question(out: &mut String, survey: &Survey, asked: &Question, number: usize, labels: &FormLabels) {
    let _ = write!(out, "<section class=\"q\"><h3>{number}. ");
    escape_text(out, &asked.text);
    let how = match asked.kind {
        QuestionKind::Multiple => labels.paper_many,
        QuestionKind::Number => "",
        _ => labels.paper_one,
    };
    let _ = writeln!(out, "<small>{how}{}</small></h3>", if asked.required { labels.paper_required } else { "" });
    for note in [condition(survey, asked, labels), asked.hint.clone()].into_iter().flatten() {
        out.push_str("<p class=\"note\">");
        escape_text(out, &note);
        out.push_str("</p>");
    }
    if asked.kind == QuestionKind::Number {
        out.push_str("<p class=\"figure\"><span></span>");
        if let Some((min, max)) = asked.range() {
            escape_text(out, &labels.between.replace("{min}", &min.to_string()).replace("{max}", &max.to_string()));
        }
        out.push_str("</p></section>\n");
        return;
    }
    let choices = asked.choices();
    let longest = choices.iter().map(|c| c.text.chars().count()).max().unwrap_or(0);
    let bare = asked.options.is_empty();
    let class = match longest {
        _ if bare => "steps",
        0..=7 => "three",
        8..=14 => "two",
        _ => "one",
    };
    let _ = write!(out, "<ul class=\"{class}\">");
    for (n, choice) in choices.iter().enumerate() {
        // Data entry types the number in the box. The points of a scale are already numbers.
        let shown = if bare { choice.id.clone() } else { (n + 1).to_string() };
        let _ = write!(out, "<li><b class=\"box\">{shown}</b>");
        if !bare {
            escape_text(out, &choice.text);
        }
        out.push_str("</li>");
    }
    out.push_str("</ul></section>\n");
}

fn hand_in(out: &mut String, paper: &PaperForm, labels: &FormLabels) {
    out.push_str("<footer><p>");
    match &paper.place {
        Some(place) => escape_text(out, &labels.paper_return.replace("{place}", place)),
        None => escape_text(out, labels.paper_thanks),
    }
    out.push_str("</p>");
    if let Some(url) = &paper.url {
        out.push_str("<p>");
        escape_text(out, url);
        out.push_str("</p>");
    }
    let _ = writeln!(out, "<p class=\"staff\">{}</p></footer>", labels.paper_staff);
}

const PRINT_STYLE: &str = "\
@page { size: A4; margin: 12mm 15mm 14mm; @bottom-right { content: counter(page) ' / ' counter(pages); font: 9pt sans-serif; } }
* { box-sizing: border-box; margin: 0; padding: 0; }
html { font: 13.5pt/1.5 'PingFang SC', 'Source Han Sans SC', 'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif; color: #000; background: #fff; line-break: strict; text-autospace: normal; }
body { max-width: 180mm; margin: 0 auto; }
@media screen { body { padding: 12mm 8mm; } }
header { display: flex; justify-content: space-between; gap: 6mm; border-bottom: 1.5pt solid #000; padding-bottom: 3mm; }
h1 { font-size: 20pt; line-height: 1.3; margin-bottom: 1.5mm; }
header p { text-wrap: pretty; }
.corner { flex: none; text-align: right; }
.serial { display: flex; align-items: center; justify-content: flex-end; margin-bottom: 2mm; font-size: 11pt; }
.serial span { margin-right: 2mm; }
.serial i { width: 7mm; height: 9mm; border: 1pt solid #000; margin-left: -1pt; }
.qr { width: 23mm; height: 23mm; }
.scan { font-size: 9pt; line-height: 1.3; }
.about { border: 1pt solid #000; padding: 2mm 4mm 2.5mm; margin: 3mm 0 0; font-size: 11pt; line-height: 1.5; break-inside: avoid; }
.about div { display: grid; grid-template-columns: 5em 1fr; gap: 3mm; }
.about dt { font-weight: 700; }
.about p { margin-top: 1.5mm; }
.consent { font-weight: 700; display: flex; align-items: center; }
h2 { font-size: 15pt; border-bottom: 1pt solid #000; margin: 4mm 0 0; padding-bottom: .6mm; break-after: avoid; }
.q { break-inside: avoid; padding: 2.4mm 0 1.6mm; }
.q + .q { border-top: .5pt solid #999; }
h3 { font-size: 14pt; line-height: 1.45; }
h3 small { font-size: 10.5pt; font-weight: 400; margin-left: 2mm; }
.note { font-size: 11.5pt; }
ul { list-style: none; display: grid; gap: .4mm 5mm; margin-top: 1mm; }
.two { grid-template-columns: 1fr 1fr; } .three { grid-template-columns: repeat(3, 1fr); }
.steps { display: flex; flex-wrap: wrap; gap: 4mm; }
li { display: flex; align-items: center; min-height: 8.2mm; break-inside: avoid; }
.box { flex: none; display: inline-grid; place-content: center; width: 7mm; height: 7mm; border: 1.2pt solid #000; margin-right: 2.5mm; font: 400 9pt/1 sans-serif; color: #444; }
.steps .box { width: 10mm; height: 10mm; font-size: 12pt; color: #000; margin: 0; }
.figure { margin-top: 2mm; font-size: 11.5pt; display: flex; align-items: end; gap: 3mm; }
.figure span { width: 45mm; height: 10mm; border: 1.2pt solid #000; }
footer { margin-top: 4mm; border-top: 1.5pt solid #000; padding-top: 2.5mm; font-size: 11.5pt; overflow-wrap: anywhere; break-inside: avoid; }
.staff { margin-top: 3mm; font-size: 10pt; }
";
