//! `puzhi new event`: a page for an event, with an id that no other event has or had.
//!
//! In: the file to make and what is known of the event. Out: a draft with Chinese keys, to be completed by hand.

use std::sync::Arc;
use std::collections::BTreeSet;
use std::io::Write;

use crate::base::{Moment, SitePath, parse_moment, slugify};
use crate::build::{Options, prepare};
use crate::diag::{Diag, Lang, codes};
use crate::source::scan;

use super::Exit;
use super::args::NewEventArgs;
use super::build::{Speaker, clock, read_settings};

/// Longest id that [`crate::kinds`] takes, less room for a number.
const LONGEST: usize = 56;

pub(super) fn event(args: &NewEventArgs) -> Exit {
    let speaker = Speaker { lang: args.lang.into(), json: false };
    let fail = |diags: Vec<Diag>, exit: Exit| {
        speaker.all(&diags);
        exit
    };
    let path = match page(&args.file) {
        Ok(path) => path,
        Err(diag) => return fail(vec![*diag], Exit::Usage),
    };
    let Some(start) = parse_moment(&args.start) else {
        return fail(vec![refused(&path, &format!("“{}”不是日期", args.start), &format!("\"{}\" is no date", args.start))], Exit::Usage);
    };
    let (settings, found) = match read_settings(&args.root, None, false) {
        Ok(read) => read,
        Err(diags) => return fail(diags, Exit::Usage),
    };
    let clock = match clock(args.date.as_deref(), &settings) {
        Ok(clock) => clock,
        Err(diag) => return fail(vec![diag], Exit::Usage),
    };
    // Drafts have ids as well, and a bad page elsewhere is no reason not to begin a new one.
    let (files, diags) = scan(&args.root, &settings.theme);
    let options = Options { drafts: true, keep_going: true, ..Options::default() };
    let today = clock.today;
    let prepared = prepare(&Arc::new(files), diags.into_iter().chain(found).collect(), &Arc::new(settings), clock, &options);
    let used: BTreeSet<String> = prepared.site.iter().flat_map(|(views, _)| ids(&views.site)).collect();
    let id = free(path.stem(), &used);
    let target = args.root.join(path.as_str());
    if let Err(error) = write(&target, &front(args, start, &id, today.into())) {
        let diag = match error.kind() {
            std::io::ErrorKind::AlreadyExists => refused(&path, "文件已经有了", "the file is there already"),
            kind => refused(&path, &kind.to_string(), &kind.to_string()),
        };
        return fail(vec![diag], Exit::Io);
    }
    let _ = match speaker.lang {
        Lang::Zh => writeln!(std::io::stdout(), "已新建 {path}，编号 {id}；写好以后删掉“草稿”那一行"),
        Lang::En => writeln!(std::io::stdout(), "{path} made with the id {id}; remove the line 草稿 (draft) once it is written"),
    };
    Exit::Done
}

/// The page at `written`: a Markdown file in content/.
fn page(written: &str) -> Result<SitePath, Box<Diag>> {
    let written = written.replace('\\', "/");
    let path = SitePath::new(written.trim_start_matches("./")).ok();
    let fits = |path: &SitePath| path.below("content").is_some() && path.extension() == "md" && !path.stem().is_empty() && !path.name().starts_with(['_', '.']);
    path.filter(fits).ok_or_else(|| {
        let (zh, en) = (format!("“{written}”不在 content 里，或者不是 .md"), format!("\"{written}\" is not in content/, or not .md"));
        Box::new(Diag::new(&codes::events::NEW_REFUSED).arg("cause_zh", zh).arg("cause_en", en))
    })
}

fn refused(path: &SitePath, zh: &str, en: &str) -> Diag {
    Diag::new(&codes::events::NEW_REFUSED).file(path).arg("cause_zh", zh).arg("cause_en", en)
}

/// Every id that an event has, or had when it was recorded.
fn ids(site: &crate::view::Site) -> impl Iterator<Item = String> {
    let written = site.catalog.cards.iter().filter_map(|card| card.event()?.id.as_ref().map(|id| id.value.clone()));
    site.record.lock.entries.keys().cloned().chain(written)
}

/// The file's name, with a number if it is taken.
fn free(stem: &str, used: &BTreeSet<String>) -> String {
    let name: String = slugify(stem).chars().take(LONGEST).collect();
    let name = if name.is_empty() { "event".to_string() } else { name };
    let numbered = (2..).map(|n| format!("{name}-{n}"));
    std::iter::once(name.clone()).chain(numbered).find(|id| !used.contains(id)).unwrap_or(name)
}

fn front(args: &NewEventArgs, start: Moment, id: &str, today: Moment) -> String {
    // A JSON string is a YAML string, whatever stands in it.
    let text = |words: &str| serde_json::Value::from(words).to_string();
    let title = args.title.as_deref().map_or_else(String::new, |title| format!("标题: {}\n", text(title)));
    let place = args.place.as_deref().map_or_else(String::new, |place| format!("地点: {}\n", text(place)));
    format!(
        "---\n{title}类型: 活动\n日期: {}\n编号: {id}\n开始: {}\n{place}状态: 计划\n草稿: 是\n---\n\n",
        today.iso(),
        minutes(start)
    )
}

/// `2026-12-20` or `2026-12-20 9:30`.
fn minutes(moment: Moment) -> String {
    moment.time.map_or_else(|| moment.date.to_string(), |time| format!("{} {}:{:02}", moment.date, time.hour(), time.minute()))
}

/// Makes the file; one that is there stays.
fn write(target: &std::path::Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = target.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::OpenOptions::new().write(true).create_new(true).open(target)?.write_all(text.as_bytes())
}
