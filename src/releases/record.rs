//! Compares the release log with what the site publishes, and makes the next log.
//!
//! Input: a [`ReleaseLog`] and a [`ReleasedNow`]. Output: [`LogChange`]s in the order of addresses, and the next log. An address never
//! leaves the log.

use std::collections::{BTreeMap, BTreeSet};

use puzhi_core::base::{ContentHash, DateOrDateTime, Route};

use super::{ArticleRow, FileRow, ReleaseLog};

/// Version of [`text_hash`]. It is raised when the same text gives another hash, so that the two are not taken for a change.
const TEXT_VERSION: &str = "text-1";

/// What the site publishes now.
#[derive(Debug, Clone, Default)]
pub struct ReleasedNow {
    /// Articles by address.
    pub articles: BTreeMap<Route, ArticleNow>,
    /// Attachments by address.
    pub files: BTreeMap<Route, FileNow>,
    /// Lists.
    pub lists: BTreeSet<Route>,
    /// Old addresses of articles, each with the article's present address.
    pub aliases: BTreeMap<Route, Route>,
    /// Files that stay back because their articles are withdrawn, by path.
    pub withheld: BTreeSet<String>,
}

/// An article that is published now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArticleNow {
    /// Its title.
    pub title: String,
    /// Path of its file.
    pub file: String,
    /// The date of its front matter.
    pub date: Option<DateOrDateTime>,
    /// Hash of its text; of a withdrawn article, of the notice.
    pub text: String,
    /// Number of its corrections.
    pub corrections: u32,
    /// Whether it is withdrawn.
    pub withdrawn: bool,
}

/// An attachment that is published now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileNow {
    /// Path of its file.
    pub file: String,
    /// Hash of its bytes, with the name of the algorithm.
    pub bytes: String,
}

/// A difference between the site and the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogChange {
    /// What changed.
    pub what: ChangeKind,
    /// The present address, or the one that is gone.
    pub address: Route,
    /// Title of the article; empty for an attachment.
    pub title: String,
}

/// What changed of an article or an attachment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangeKind {
    /// An article that was not published before.
    Published,
    /// A text that differs, without a correction that says so.
    Changed,
    /// A new correction.
    Corrected,
    /// A withdrawal.
    Withdrawn,
    /// A withdrawal that was taken back.
    Restored,
    /// An article whose address was this one. It leads to the new address.
    Moved(Route),
    /// An article whose date is earlier than the recorded one, which is this.
    DatedBack(DateOrDateTime),
    /// An attachment that was not published before.
    FileAdded,
    /// An attachment with other bytes.
    FileChanged,
    /// An attachment that went with its withdrawn article, or was let go.
    FileGone,
}

impl LogChange {
    fn of_file(what: ChangeKind, address: &Route) -> Self {
        LogChange { what, address: address.clone(), title: String::new() }
    }
}

/// The hash of a text: of its words without markup, with line ends, spaces and their number made equal, in Unicode's normal form C.
/// `parts` are title, summary and paragraphs in the order of the page. The result names the version of this rule.
pub fn text_hash<'t>(parts: impl IntoIterator<Item = &'t str>) -> String {
    use unicode_normalization::UnicodeNormalization;
    let mut text = String::new();
    for part in parts {
        let line: String = part.split_whitespace().collect::<Vec<_>>().join(" ");
        if !line.is_empty() {
            text.extend(line.nfc());
            text.push('\n');
        }
    }
    format!("{TEXT_VERSION}:{}", ContentHash::of(text.as_bytes()))
}

/// A title as the log has it and commands print it: one line, without characters that no file or terminal shows.
pub fn recorded_title(title: &str) -> String {
    let shown = |c: &char| c.is_whitespace() || !c.is_control() && !matches!(c, '\u{FFFE}' | '\u{FFFF}');
    let shown: String = title.chars().filter(shown).collect();
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether two hashes of texts show that the texts differ. Hashes of different rules show nothing.
fn differs(a: &str, b: &str) -> bool {
    let rule = |hash: &str| hash.split_once(':').map(|(rule, _)| rule.to_string());
    rule(a) == rule(b) && a != b
}

/// The date that was recorded of an article, if its present date is earlier.
fn dated_back(row: &ArticleRow, now: &ArticleNow) -> Option<DateOrDateTime> {
    row.date.zip(now.date).filter(|(before, now)| is_earlier(*now, *before)).map(|(before, _)| before)
}

/// Whether a date is earlier than another one: on an earlier day, or at an earlier time where both have one.
pub fn is_earlier(a: DateOrDateTime, b: DateOrDateTime) -> bool {
    a.date < b.date || a.date == b.date && a.time.zip(b.time).is_some_and(|(a, b)| a < b)
}

/// What changed since the log was written. `gone` are attachments to let go.
pub fn changes(log: &ReleaseLog, now: &ReleasedNow, gone: &BTreeSet<Route>) -> Vec<LogChange> {
    let mut changes = Vec::new();
    for (address, article) in &now.articles {
        changes_of_article(log, now, (address, article), &mut changes);
    }
    for (address, file) in &now.files {
        match log.files.get(address) {
            Some(row) if row.gone.is_none() && !differs(&row.bytes, &file.bytes) => {}
            Some(row) if row.gone.is_none() => changes.push(LogChange::of_file(ChangeKind::FileChanged, address)),
            _ => changes.push(LogChange::of_file(ChangeKind::FileAdded, address)),
        }
    }
    let goes = |(address, row): &(&Route, &FileRow)| {
        row.gone.is_none()
            && !now.files.contains_key(*address)
            && (now.withheld.contains(&row.file) || gone.contains(*address))
    };
    let gone = log.files.iter().filter(goes).map(|(address, _)| LogChange::of_file(ChangeKind::FileGone, address));
    changes.extend(gone);
    changes
}

fn changes_of_article(
    log: &ReleaseLog,
    now: &ReleasedNow,
    (address, article): (&Route, &ArticleNow),
    changes: &mut Vec<LogChange>,
) {
    let Some((old, row)) = known_row(log, now, address) else {
        return changes.push(article_change(ChangeKind::Published, address, article));
    };
    if old != address {
        changes.push(article_change(ChangeKind::Moved(old.clone()), address, article));
    }
    if let Some(before) = dated_back(row, article) {
        changes.push(article_change(ChangeKind::DatedBack(before), address, article));
    }
    let what = if article.withdrawn != row.withdrawn.is_some() {
        if article.withdrawn { ChangeKind::Withdrawn } else { ChangeKind::Restored }
    } else if article.corrections > row.corrections {
        ChangeKind::Corrected
    } else if !article.withdrawn && (differs(&row.text, &article.text) || row.title != article.title) {
        ChangeKind::Changed
    } else {
        return;
    };
    changes.push(article_change(what, address, article));
}

fn article_change(what: ChangeKind, address: &Route, article: &ArticleNow) -> LogChange {
    LogChange { what, address: address.clone(), title: article.title.clone() }
}

/// The row of the article that is at `address` now: of this address, or else of the old address that was recorded last.
fn known_row<'l>(log: &'l ReleaseLog, now: &ReleasedNow, address: &Route) -> Option<(&'l Route, &'l ArticleRow)> {
    let stands = |(_, row): &(&'l Route, &'l ArticleRow)| row.moved.is_none();
    let old = || {
        let old = log.articles.iter().filter(stands);
        old.filter(|(old, _)| !now.articles.contains_key(*old) && now.aliases.get(*old) == Some(address))
            .max_by_key(|(_, row)| row.last)
    };
    log.articles.get_key_value(address).filter(stands).or_else(old)
}

/// The log after the present state is recorded at the moment `at`, in the site's zone. Times that stand in the log stay as they are.
pub fn record(log: &ReleaseLog, now: &ReleasedNow, gone: &BTreeSet<Route>, at: DateOrDateTime) -> ReleaseLog {
    let mut next = log.clone();
    for (address, article) in &now.articles {
        let known = known_row(log, now, address).map(|(_, row)| row);
        next.articles.insert(address.clone(), row_of(known, article, at));
    }
    for (old, row) in &mut next.articles {
        if let Some(to) = now.aliases.get(old).filter(|_| !now.articles.contains_key(old)) {
            row.moved = Some(to.clone());
        }
    }
    for (address, file) in &now.files {
        let known = log.files.get(address);
        let same = known.is_some_and(|row| !differs(&row.bytes, &file.bytes) && row.gone.is_none());
        let row = FileRow {
            file: file.file.clone(),
            first: known.map_or(at, |row| row.first),
            last: known.filter(|_| same).map_or(at, |row| row.last),
            bytes: file.bytes.clone(),
            gone: None,
        };
        next.files.insert(address.clone(), row);
    }
    for (address, row) in &mut next.files {
        let goes = now.withheld.contains(&row.file) || gone.contains(address);
        if row.gone.is_none() && !now.files.contains_key(address) && goes {
            row.gone = Some(at);
        }
    }
    let taken = |list: &&Route| !next.articles.contains_key(*list) && !next.files.contains_key(*list);
    let lists = log.lists.union(&now.lists).filter(taken).cloned().collect();
    ReleaseLog { lists, ..next }
}

/// The row of an article; `known` is what was recorded of it.
fn row_of(known: Option<&ArticleRow>, article: &ArticleNow, at: DateOrDateTime) -> ArticleRow {
    let ArticleNow { title, file, date, text, corrections, withdrawn } = article.clone();
    let Some(known) = known else {
        let withdrawn = withdrawn.then_some(at);
        return ArticleRow {
            title,
            file,
            date,
            first: at,
            last: at,
            text,
            before: None,
            corrections,
            withdrawn,
            moved: None,
        };
    };
    // The hash of a withdrawn article stays that of the text that was withdrawn.
    let text = if withdrawn { known.text.clone() } else { text };
    let changed = differs(&known.text, &text);
    let is_new =
        changed || known.title != title || known.corrections != corrections || known.withdrawn.is_some() != withdrawn;
    ArticleRow {
        title,
        file,
        date,
        first: known.first,
        last: if is_new { at } else { known.last },
        before: if changed { Some(known.text.clone()) } else { known.before.clone() },
        text,
        corrections,
        withdrawn: withdrawn.then(|| known.withdrawn.unwrap_or(at)),
        moved: None,
    }
}

/// Whether an address can be let go: it is an attachment that was released and is not published now.
pub fn let_go(log: &ReleaseLog, now: &ReleasedNow, address: &Route) -> bool {
    log.files.contains_key(address) && !now.files.contains_key(address)
}

#[cfg(test)]
mod tests {
    use super::*;
    use puzhi_core::base::{SitePath, parse_date};
    use puzhi_core::diag::SourceText;

    fn time(text: &str) -> DateOrDateTime {
        parse_date(text).unwrap()
    }

    fn route(text: &str) -> Route {
        Route::new(text).unwrap()
    }

    fn article(title: &str, text: &str) -> ArticleNow {
        ArticleNow {
            title: title.into(),
            file: format!("content/{title}.md"),
            date: Some(time("2026-11-01")),
            text: text_hash([text]),
            corrections: 0,
            withdrawn: false,
        }
    }

    fn now(articles: &[(&str, ArticleNow)]) -> ReleasedNow {
        let articles = articles.iter().map(|(at, article)| (route(at), article.clone())).collect();
        ReleasedNow { articles, ..ReleasedNow::default() }
    }

    fn kinds(changes: &[LogChange]) -> Vec<ChangeKind> {
        changes.iter().map(|change| change.what.clone()).collect()
    }

    fn none() -> BTreeSet<Route> {
        BTreeSet::new()
    }

    fn read_back(log: &ReleaseLog) -> ReleaseLog {
        let path = SitePath::new("content/releases.lock.yaml").unwrap();
        let text = log.to_yaml();
        let (read, diag) = super::super::read_log(&SourceText::new(&path, &text));
        assert_eq!(diag, None, "{text}");
        read
    }

    #[test]
    fn the_first_time_stays_and_the_hash_before_a_change_is_kept() {
        let (one, two) = (time("2026-11-01 9:00"), time("2026-11-02 9:00"));
        let first = record(&ReleaseLog::default(), &now(&[("/a/", article("甲", "一"))]), &none(), one);
        let changed = now(&[("/a/", article("甲", "二"))]);
        assert_eq!(kinds(&changes(&first, &changed, &none())), [ChangeKind::Changed]);
        let second = record(&first, &changed, &none(), two);
        let row = &second.articles[&route("/a/")];
        assert_eq!((row.first, row.last, row.before.as_deref()), (one, two, Some(text_hash(["一"]).as_str())));
        assert_eq!(record(&second, &changed, &none(), time("2026-11-03")), second, "nothing changed");
        assert_eq!(changes(&second, &changed, &none()), []);
        assert_eq!(read_back(&second), second);
    }

    #[test]
    fn a_withdrawal_keeps_the_hash_and_a_move_the_first_time() {
        let one = time("2026-11-01 9:00");
        let log = record(&ReleaseLog::default(), &now(&[("/a/", article("甲", "一"))]), &none(), one);
        let gone = now(&[("/a/", ArticleNow { withdrawn: true, ..article("甲", "") })]);
        assert_eq!(kinds(&changes(&log, &gone, &none())), [ChangeKind::Withdrawn]);
        let after = record(&log, &gone, &none(), time("2026-11-02 9:00"));
        assert_eq!(after.articles[&route("/a/")].text, text_hash(["一"]));
        let mut moved = now(&[("/b/", article("甲", "一"))]);
        moved.aliases.insert(route("/a/"), route("/b/"));
        assert_eq!(kinds(&changes(&log, &moved, &none())), [ChangeKind::Moved(route("/a/"))]);
        let after = record(&log, &moved, &none(), time("2026-11-02 9:00"));
        assert_eq!(after.articles[&route("/b/")].first, one);
        assert_eq!(after.articles[&route("/a/")].moved, Some(route("/b/")));
        assert_eq!(changes(&after, &moved, &none()), []);
        assert_eq!(read_back(&after), after);
    }

    #[test]
    fn a_date_that_goes_back_is_a_change_and_one_that_goes_on_is_none() {
        let log = record(&ReleaseLog::default(), &now(&[("/a/", article("甲", "一"))]), &none(), time("2026-11-02"));
        let dated = |text: &str| now(&[("/a/", ArticleNow { date: Some(time(text)), ..article("甲", "一") })]);
        let back = changes(&log, &dated("2026-10-31"), &none());
        assert_eq!(kinds(&back), [ChangeKind::DatedBack(time("2026-11-01"))]);
        assert_eq!(changes(&log, &dated("2026-11-01 8:00"), &none()), []);
        assert_eq!(changes(&log, &dated("2026-11-05"), &none()), []);
    }

    #[test]
    fn attachments_go_with_a_withdrawal_or_when_they_are_let_go() {
        let file = |bytes: &str| FileNow { file: "content/f.pdf".into(), bytes: format!("bytes-1:{bytes}") };
        let mut site = ReleasedNow::default();
        site.files.insert(route("/f.pdf"), file("1"));
        let log = record(&ReleaseLog::default(), &site, &none(), time("2026-11-01"));
        let mut held = ReleasedNow::default();
        held.withheld.insert("content/f.pdf".into());
        assert_eq!(kinds(&changes(&log, &held, &none())), [ChangeKind::FileGone]);
        let gone = BTreeSet::from([route("/f.pdf")]);
        let bare = ReleasedNow::default();
        assert!(let_go(&log, &bare, &route("/f.pdf")) && !let_go(&log, &site, &route("/f.pdf")));
        let after = record(&log, &bare, &gone, time("2026-11-02"));
        assert_eq!(after.files[&route("/f.pdf")].gone, Some(time("2026-11-02")));
        assert_eq!(read_back(&after), after);
        assert_eq!(kinds(&changes(&after, &site, &none())), [ChangeKind::FileAdded]);
    }

    #[test]
    fn spaces_and_forms_of_characters_are_no_change_and_words_are() {
        assert_eq!(text_hash(["e\u{301}  a\r\nb"]), text_hash(["\u{e9} a b"]));
        assert_ne!(text_hash(["一二"]), text_hash(["一", "二"]));
        assert!(text_hash(["一"]).starts_with("text-1:"));
        assert!(!differs("text-1:a", "text-2:b") && differs("text-1:a", "text-1:b"));
    }

    #[test]
    fn titles_are_one_line_that_the_log_can_hold() {
        assert_eq!(recorded_title("一\n二\u{7}\u{1b}[31m\u{fffe}  三\u{85}"), "一 二[31m 三");
        let odd = ArticleNow { title: "a\u{2028}\"\\b\u{feff}".into(), ..article("甲", "一") };
        let mut now = now(&[("/a/", odd)]);
        now.articles.get_mut(&route("/a/")).unwrap().corrections = 20_000;
        let log = record(&ReleaseLog::default(), &now, &none(), time("2026-11-02"));
        assert_eq!(read_back(&log), log);
    }

    #[test]
    fn a_damaged_log_is_one_error_and_an_empty_log() {
        let path = SitePath::new("content/releases.lock.yaml").unwrap();
        let log = record(&ReleaseLog::default(), &now(&[("/a/", article("甲", "一"))]), &none(), time("2026-11-02"));
        let good = log.to_yaml();
        let row = good.split("articles:\n").nth(1).unwrap().split("files:").next().unwrap();
        let twice = good.replace(row, &format!("{row}{row}"));
        for bad in [
            good.replace("version: 1", "version: 2"),
            good.replace("version: 1\n", ""),
            format!("<<<<<<< HEAD\n{good}=======\n{good}>>>>>>> b\n"),
            good.replace("    title", "<<<<<<< HEAD\n    title"),
            good.replace("\"/a/\"", "\"../a\""),
            good.replace("    first", "    fisrt"),
            good.replace("    file", "    withdrwan: 2026-11-01\n    file"),
            good.replace("title: \"甲\"\n", ""),
            twice,
            String::new(),
        ] {
            let (read, diag) = super::super::read_log(&SourceText::new(&path, &bad));
            assert_eq!(diag.expect(&bad).code.name, "release-log-invalid", "{bad}");
            assert_eq!(read, ReleaseLog::default());
        }
    }
}
