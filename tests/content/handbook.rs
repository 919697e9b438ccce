//! Holds the staff handbook to the program: its examples build, the buttons that it names are on the desk, its links lead somewhere.
//!
//! The handbook marks what is checked by the line before a fence (see [`Mark`]); a reader sees ordinary words.
//! Examples are built inside the site of this repository, as an editor would try them. A page of the handbook that
//! shows its own `site.yaml` is a site of its own. The page of mistakes is held by `mistakes.rs`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use puzhi::pipeline::{Options, Outcome, Report, build_in_memory};
use puzhi::settings::{self, Settings};
use puzhi::source::{FileSnapshot, memory_site};
use puzhi_core::base::SitePath;
use puzhi_core::diag::{Diagnostic, Lang, Severity, SourceText, to_text};

use crate::support::{build_date, puzhi};

/// What a line of the handbook says about what follows it.
#[derive(Debug, Clone, PartialEq)]
enum Mark {
    /// ``文件：`path` `` before a fence: a whole file of the site.
    File { path: String, text: String },
    /// ``加到末尾：`path` `` before a fence: text added to a file of the site.
    Append { path: String, text: String },
    /// ``图片：`path` ``: a picture the reader puts there.
    Picture(String),
    /// ``附件：`path` ``: any other file.
    Attachment(String),
    /// `这样写：` before a fence: a piece of a page's body.
    Piece(String),
}

/// The smallest picture there is.
pub(crate) const PICTURE: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00, 0x00,
    0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x06, 0x00, 0x00, 0x00, 0x1f, 0x15, 0xc4, 0x89, 0x00, 0x00, 0x00, 0x0b, 0x49,
    0x44, 0x41, 0x54, 0x78, 0xda, 0x63, 0x60, 0x00, 0x02, 0x00, 0x00, 0x05, 0x00, 0x01, 0xe9, 0xfa, 0xdc, 0xd8, 0x00,
    0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
];

pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Pages of the handbook by file name.
pub(crate) fn handbook() -> BTreeMap<String, String> {
    let mut pages = BTreeMap::new();
    for entry in fs::read_dir(root().join("docs/handbook")).expect("docs/handbook") {
        let path = entry.expect("entry").path();
        if path.extension().is_some_and(|e| e == "md") {
            let text = fs::read_to_string(&path).expect("UTF-8").replace("\r\n", "\n");
            pages.insert(path.file_name().expect("name").to_string_lossy().into_owned(), text);
        }
    }
    pages
}

/// ``prefix`path` `` as `path`.
fn path_after(line: &str, prefix: &str) -> Option<String> {
    Some(line.strip_prefix(prefix)?.strip_prefix('`')?.strip_suffix('`')?.to_string())
}

/// The marks of a page, in order.
fn marks(page: &str, text: &str) -> Vec<Mark> {
    let mut out = Vec::new();
    let mut pending: Option<&str> = None;
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let fence: String = line.chars().take_while(|c| *c == '`').collect();
        if fence.len() >= 3 {
            let mut body = String::new();
            for inner in lines.by_ref().take_while(|l| *l != fence) {
                body.push_str(inner);
                body.push('\n');
            }
            let mark = pending.take().and_then(|said| fenced(said, body));
            let language = line.trim_start_matches('`');
            assert!(mark.is_some() || language == "text", "{page}: a fence without a mark must be `text`: {line}");
            out.extend(mark);
        } else if line.starts_with('#') {
            pending = None;
        } else if !line.trim().is_empty() {
            pending = Some(line);
            out.extend(alone(line));
        }
    }
    out
}

/// A mark that a fence completes.
fn fenced(said: &str, text: String) -> Option<Mark> {
    if let Some(path) = path_after(said, "文件：") {
        return Some(Mark::File { path, text });
    }
    if let Some(path) = path_after(said, "加到末尾：") {
        return Some(Mark::Append { path, text });
    }
    (said == "这样写：").then_some(Mark::Piece(text))
}

/// A mark that is a line by itself.
fn alone(line: &str) -> Option<Mark> {
    let picture = path_after(line, "图片：").map(Mark::Picture);
    picture.or_else(|| path_after(line, "附件：").map(Mark::Attachment))
}

/// Every file of this repository's own site.
pub(crate) fn own_site() -> BTreeMap<String, Vec<u8>> {
    fn below(folder: &Path, top: &Path, out: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.expect("entry").path();
            if path.is_dir() {
                below(&path, top, out);
            } else {
                let name = path.strip_prefix(top).expect("below").to_string_lossy().replace('\\', "/");
                out.insert(name, fs::read(&path).expect("readable"));
            }
        }
    }
    let mut files = BTreeMap::new();
    for folder in puzhi::source::SITE_FOLDERS {
        below(&root().join(folder), &root(), &mut files);
    }
    files.insert("site.yaml".into(), fs::read(root().join("site.yaml")).expect("site.yaml"));
    files
}

/// The text a file of a memory site has; sites may be made of bytes only.
fn snapshot(files: &BTreeMap<String, Vec<u8>>) -> FileSnapshot {
    files.iter().fold(memory_site(""), |site, (path, bytes)| site.with_file(path, bytes.clone()))
}

fn read_settings(files: &BTreeMap<String, Vec<u8>>) -> (Settings, Vec<Diagnostic>) {
    let path = SitePath::new("site.yaml").expect("a site path");
    let text = String::from_utf8_lossy(&files["site.yaml"]).replace("\r\n", "\n");
    settings::read(&SourceText::new(&path, &text))
}

/// Builds as on the day the handbook was written, and gives every finding.
pub(crate) fn build(files: &BTreeMap<String, Vec<u8>>) -> (Report, BTreeMap<String, Vec<u8>>) {
    let (settings, found) = read_settings(files);
    let clock = build_date(jiff::civil::date(2026, 11, 22), &settings);
    let (mut report, tree) = build_in_memory(&snapshot(files), settings, clock, &Options::default());
    report.diags.extend(found);
    (report, tree)
}

fn words(diags: &[Diagnostic]) -> String {
    diags.iter().map(|d| to_text(d, Lang::Zh)).collect()
}

/// Puts what a mark shows into the site. Pieces of a body become pages of their own.
fn put(files: &mut BTreeMap<String, Vec<u8>>, mark: &Mark, counter: &mut usize) {
    match mark {
        Mark::File { path, text } => drop(files.insert(path.clone(), text.clone().into_bytes())),
        Mark::Append { path, text } => {
            files.get_mut(path).unwrap_or_else(|| panic!("{path} is there")).extend(text.bytes())
        }
        Mark::Picture(path) => drop(files.insert(path.clone(), PICTURE.to_vec())),
        Mark::Attachment(path) => drop(files.insert(path.clone(), b"attachment".to_vec())),
        Mark::Piece(text) => {
            *counter += 1;
            let page = format!("---\ntitle: 片段{counter}\nkind: page\n---\n\n{text}");
            files.insert(format!("content/guides/piece-{counter}.md"), page.into_bytes());
        }
    }
}

/// The page of the command line.
const COMMANDS: &str = "16-命令行.md";

/// Whether a page with this mark shows a site of its own.
fn is_settings(mark: &Mark) -> bool {
    matches!(mark, Mark::File { path, .. } if path == "site.yaml")
}

#[test]
fn examples_build_together_without_a_warning() {
    let mut files = own_site();
    let mut shown: BTreeSet<String> = BTreeSet::new();
    let mut counter = 0;
    for (page, text) in handbook() {
        let marks = marks(&page, &text);
        if marks.iter().any(is_settings) {
            continue;
        }
        for mark in &marks {
            if let Mark::File { path, .. } = mark {
                assert!(!files.contains_key(path), "{page} shows {path}, which is there already");
                shown.insert(path.clone());
            }
            put(&mut files, mark, &mut counter);
        }
    }
    for section in ["about", "policy", "guides", "events", "stories", "surveys", "notices"] {
        let below = format!("content/{section}/");
        assert!(shown.iter().any(|path| path.starts_with(&below)), "no example of a page in {below}");
    }
    let (report, tree) = build(&files);
    let bad: Vec<Diagnostic> = report.diags.into_iter().filter(|d| d.severity != Severity::Note).collect();
    assert!(bad.is_empty(), "{}", words(&bad));
    assert_eq!(report.outcome, Outcome::Built);
    for path in shown.iter().filter(|p| p.ends_with(".md")) {
        let address = path.trim_start_matches("content/").trim_end_matches(".md");
        let address = address.trim_end_matches("/_index").trim_end_matches("/index");
        assert!(tree.contains_key(&format!("{address}/index.html")), "{path} became no page");
    }
}

#[test]
fn a_site_shown_whole_builds_by_itself() {
    let mut sites = 0;
    for (page, text) in handbook() {
        let marks = marks(&page, &text);
        if !marks.iter().any(is_settings) {
            continue;
        }
        sites += 1;
        let mut files = BTreeMap::new();
        // The embedded theme must do.
        marks.iter().for_each(|mark| put(&mut files, mark, &mut 0));
        let (report, tree) = build(&files);
        let bad: Vec<Diagnostic> = report.diags.into_iter().filter(|d| d.severity != Severity::Note).collect();
        assert!(bad.is_empty(), "{page}:\n{}", words(&bad));
        assert!(!tree.is_empty());
        for (path, bytes) in tree.iter().filter(|(path, _)| path.ends_with(".html")) {
            assert!(!String::from_utf8_lossy(bytes).contains("安宁"), "{page}: {path} speaks of another county");
        }
    }
    assert_eq!(sites, 1);
}

#[test]
fn every_directive_is_shown() {
    let shown: String = handbook()
        .iter()
        .flat_map(|(page, text)| marks(page, text))
        .filter_map(|mark| if let Mark::Piece(text) = mark { Some(text) } else { None })
        .collect();
    let missing: Vec<&str> = puzhi::markdown::directive_definitions()
        .iter()
        .map(|d| d.name)
        .filter(|n| !shown.contains(&format!("```{{{n}}}")))
        .collect();
    assert!(missing.is_empty(), "no example in docs/handbook of the directives {missing:?}");
}

/// Lines of a page outside fences, without what stands in code.
fn prose(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut fence = String::new();
    for line in text.lines() {
        let ticks: String = line.chars().take_while(|c| *c == '`').collect();
        match (ticks.len() >= 3, fence.is_empty()) {
            (true, true) => fence = ticks,
            (true, false) if line == fence => fence.clear(),
            (false, true) => out.push(line.split('`').step_by(2).collect()),
            _ => {}
        }
    }
    out
}

/// Whether the desk writes these very words somewhere: `恢复到……` is the beginning of words that go on with a time.
fn desk_has(sources: &str, name: &str) -> bool {
    match name.strip_suffix("……") {
        Some(start) => sources.contains(&format!("`{start} ${{")),
        None => ["'", "\"", "`"].iter().any(|quote| sources.contains(&format!("{quote}{name}{quote}"))),
    }
}

/// Buttons and windows that the handbook names in 【】 are called so on the desk.
#[test]
fn buttons_are_named_as_the_desk_names_them() {
    let mut sources = String::new();
    for entry in fs::read_dir(root().join("desk/src")).expect("desk/src") {
        sources.push_str(&fs::read_to_string(entry.expect("entry").path()).expect("UTF-8"));
    }
    let mut named = BTreeSet::new();
    let mut wrong = Vec::new();
    for (page, text) in handbook() {
        for line in prose(&text) {
            for (name, _) in line.split('【').skip(1).filter_map(|rest| rest.split_once('】')) {
                if !desk_has(&sources, name) {
                    wrong.push(format!("{page}: 【{name}】 in {line}"));
                }
                named.insert(name.to_string());
            }
        }
    }
    assert!(named.len() >= 25, "the handbook names only {named:?}");
    assert!(wrong.is_empty(), "not on the desk:\n{}", wrong.join("\n"));
}

/// Every picture of the handbook says what is on it, and every picture that was taken for it is shown.
#[test]
fn pictures_have_words_and_are_all_shown() {
    let text: String = handbook().into_values().collect();
    let without = text.lines().filter(|line| line.starts_with("![]("));
    assert_eq!(without.collect::<Vec<_>>(), [""; 0]);
    let mut size = 0;
    for entry in fs::read_dir(root().join("docs/images/handbook")).expect("docs/images/handbook") {
        let path = entry.expect("entry").path();
        size += fs::metadata(&path).expect("metadata").len();
        let name = path.file_name().expect("name").to_string_lossy().into_owned();
        assert!(text.contains(&format!("](../images/handbook/{name})")), "{name} is shown nowhere");
    }
    assert!(size < 1_500_000, "the pictures of the handbook have {size} bytes");
}

/// The message for the wrong folder comes from the command itself.
#[test]
fn an_empty_folder_is_named_as_the_handbook_says() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = puzhi().arg("build").current_dir(folder.path()).output().expect("runs");
    assert_eq!(run.status.code(), Some(2));
    let here = folder.path().canonicalize().expect("the folder is there").display().to_string();
    let said = String::from_utf8_lossy(&run.stderr).replace("\r\n", "\n").replace(&here, "/home/lihua/新文件夹");
    let shown = handbook().remove(COMMANDS).expect("the page of commands");
    assert!(shown.contains(&format!("在空文件夹里，程序说：\n\n```text\n{said}```")), "{said}");
}

/// Whether a page has a heading of these words.
fn has_heading(text: &str, words: &str) -> bool {
    prose(text).iter().any(|line| line.starts_with('#') && line.trim_start_matches('#').trim() == words)
}

/// Links and pictures of the handbook and of README.md lead to files of the repository, and in the handbook to headings.
#[test]
fn links_of_the_documents_lead_somewhere() {
    let mut dead = Vec::new();
    let readme = fs::read_to_string(root().join("README.md")).expect("README.md").replace("\r\n", "\n");
    let all = handbook();
    let pages = all.clone().into_iter().map(|(page, text)| (root().join("docs/handbook"), page, text));
    for (folder, page, text) in pages.chain([(root(), "README.md at the top".to_string(), readme)]) {
        for line in prose(&text) {
            for target in line.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
                let (file, heading) = target.split_once('#').unwrap_or((target, ""));
                let of_handbook = all.get(file).filter(|_| !heading.is_empty());
                let there = target.contains("://") || file.is_empty() || folder.join(file).exists();
                if !there || of_handbook.is_some_and(|text| !has_heading(text, heading)) {
                    dead.push(format!("{page}: {target}"));
                }
            }
        }
    }
    assert!(dead.is_empty(), "{dead:#?}");
}
