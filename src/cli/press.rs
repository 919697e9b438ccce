//! `puzhi press`: the press pack and the ninjs file of one article, for a newsroom that gets them by hand, also before its hour.
//!
//! Input: [`PressArgs`] and the site. Output: `NAME.zip` and `NAME.ninjs.json` in a folder outside the site's output. An article that waits
//! for its hour is made as the site will have it then, and both files say until when it is withheld. Drafts, samples, and what nobody may
//! republish are refused; no file is overwritten.
#![expect(clippy::disallowed_methods, reason = "the command line talks to people, files and the environment")]

use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::outputs::{PressFiles, press_files};
use crate::pipeline::{FoundArticle, Options, Prepared, WhyRefused, WhyUnpublished, find_article};
use crate::source::SITE_FOLDERS;
use puzhi_core::base::DateOrDateTime;
use puzhi_core::diag::{Diagnostic, codes};

use super::ExitStatus;
use super::args::PressArgs;
use super::build::real_path;
use super::console::{Console, print_stdout};
use super::site::{SiteRequest, SiteSettings, build_date};

/// Writes the files and says which they are.
pub(super) fn run(args: &PressArgs) -> Result<ExitStatus, ExitStatus> {
    let console = args.messages.console();
    let usage = |diag: Diagnostic| console.fail(&[diag], ExitStatus::Usage);
    check_folder(args.root.path(), &args.out, &args.path).map_err(usage)?;
    let site = settings(args, &console)?;
    let settings = site.settings.clone();
    let mut prepared = prepare(site, &console)?;
    let mut found = find_article(&prepared, &settings, &args.path);
    let mut embargo = None;
    if let FoundArticle::Unpublished(page) = &found
        && let WhyUnpublished::Future(Some(day)) = page.why
    {
        // As the site will be at that hour: drafts stay out, and so does what comes later.
        let mut then = self::settings(args, &console)?;
        then.clock = build_date(Some(day), &then.settings);
        embargo = Some(day);
        prepared = prepare(then, &console)?;
        found = find_article(&prepared, &settings, &args.path);
    }
    let FoundArticle::Article(page) = found else { return Err(usage(refused(&args.path, &found))) };
    let (views, plan) = prepared.site.as_ref().ok_or(ExitStatus::ContentErrors)?;
    let files =
        press_files(page, embargo, plan, views).map_err(|diag| console.fail(&[*diag], ExitStatus::ContentErrors))?;
    let written = write(&args.out, &args.path, &files).map_err(|(diag, exit)| console.fail(&[diag], exit))?;
    print_stdout(&summary(&written, embargo, &files, &console));
    Ok(ExitStatus::Success)
}

fn settings(args: &PressArgs, console: &Console) -> Result<SiteSettings, ExitStatus> {
    let request = SiteRequest {
        base_url: args.base_url.as_deref(),
        date: args.date.as_deref(),
        ..SiteRequest::of(args.root.path())
    };
    request.read_settings().map_err(|diags| console.fail(&diags, ExitStatus::Usage))
}

/// Runs the phases before rendering. An error ends the command, since the article or what it shows may be missing then.
fn prepare(site: SiteSettings, console: &Console) -> Result<Prepared, ExitStatus> {
    let mut prepared = site.scan().prepare(&Options::default());
    prepared.diags.retain(Diagnostic::is_error);
    match prepared.diags.is_empty() {
        true => Ok(prepared),
        false => {
            let unreadable = prepared.diags.iter().any(|d| *d.code == codes::source::UNREADABLE);
            let exit = if unreadable { ExitStatus::Io } else { ExitStatus::ContentErrors };
            Err(console.fail(&prepared.diags, exit))
        }
    }
}

/// Refuses a folder from which the files would be published or read as the site's own: the output of a build, and the site's folders.
fn check_folder(root: &Path, out: &Path, wanted: &str) -> Result<(), Diagnostic> {
    let (root, real) = (real_path(root), real_path(out));
    let own = SITE_FOLDERS.iter().copied().chain(["public", "themes", ".puzhi"]).map(|folder| root.join(folder));
    let is_output = |folder: &&Path| folder.join(".puzhi").join("files").exists();
    let inside = own.into_iter().find(|folder| real.starts_with(folder));
    let inside = inside.or_else(|| real.ancestors().find(is_output).map(Path::to_path_buf));
    match inside {
        None => Ok(()),
        Some(folder) => {
            let folder = folder.display();
            Err(refusal(
                wanted,
                [
                    &format!("--out 在 {folder} 里，会跟着网站发布出去"),
                    &format!("--out is inside {folder} and would be published with the site"),
                    "换一个网站以外的文件夹，例如 ../稿件",
                    "choose a folder outside the site, such as ../press",
                ],
            ))
        }
    }
}

/// That no pack is made: why in Chinese and English, then what to do in Chinese and English.
fn refusal(page: &str, [why_zh, why_en, todo_zh, todo_en]: [&str; 4]) -> Diagnostic {
    let diag = Diagnostic::new(&codes::output::PRESS_REFUSED).arg("page", page);
    diag.arg("why_zh", why_zh).arg("why_en", why_en).arg("todo_zh", todo_zh).arg("todo_en", todo_en)
}

fn refused(wanted: &str, found: &FoundArticle) -> Diagnostic {
    let words = match found {
        FoundArticle::Refused(why) => match why {
            WhyRefused::Sample => [
                "它是示例",
                "it is a sample",
                "换成真实的内容，删去“示例: 是”",
                "write what is true and remove `sample: true`",
            ],
            WhyRefused::Withdrawn => {
                ["它已经撤稿", "it is withdrawn", "撤下的稿件不再外发", "what is withdrawn goes out no more"]
            }
            WhyRefused::Expired => ["它已经过期", "it is past its last day", "改“过期”那一行", "change `expires`"],
            WhyRefused::Terms => [
                "这一页或者设置里写了“转载: 不可”",
                "the page or the settings say `republish: no`",
                "在这一页写“转载: 注明来源”",
                "write `republish: with-credit` in the page",
            ],
            WhyRefused::NoArticle => [
                "它不是一篇文章",
                "it is no article",
                "写文章的文件，例如 content/guides/a.md",
                "name the file of an article, such as content/guides/a.md",
            ],
        },
        FoundArticle::Unpublished(page) => match page.why {
            WhyUnpublished::Draft | WhyUnpublished::DraftSection(_) => [
                "它是草稿，或者在草稿栏目里",
                "it is a draft, or in a section that is one",
                "定稿以后删去“草稿: 是”；要等到某个时间再发布，写“日期”",
                "remove `draft: true` when it is final; to publish it later, give it a date",
            ],
            WhyUnpublished::Future(_) => [
                "看不出它什么时候发布",
                "it is not known when it will be published",
                "在这一页写“日期”",
                "write `date` in the page",
            ],
            WhyUnpublished::HasErrors => ["这一页有错误", "the page has errors", "先改好错误", "correct them first"],
        },
        FoundArticle::Article(_) | FoundArticle::Unknown => [
            "网站上没有它",
            "the site has no such page",
            "写 content 里的文件，或者网址",
            "name a file of content/ or an address",
        ],
    };
    refusal(wanted, words)
}

/// Writes the files; those that are there stay. What was written is removed again if another one cannot be.
fn write(folder: &Path, wanted: &str, files: &PressFiles) -> Result<Vec<PathBuf>, (Diagnostic, ExitStatus)> {
    let unusable = |error: std::io::Error| {
        let diag = Diagnostic::new(&codes::output::OUT_UNUSABLE).arg("folder", folder.display()).io_cause(&error);
        (diag, ExitStatus::Io)
    };
    std::fs::create_dir_all(folder).map_err(unusable)?;
    let pack = (folder.join(format!("{}.zip", files.name)), files.pack.as_slice());
    let ninjs = files.ninjs.as_ref().map(|text| (folder.join(format!("{}.ninjs.json", files.name)), text.as_bytes()));
    let mut written: Vec<PathBuf> = Vec::new();
    for (path, bytes) in std::iter::once(pack).chain(ninjs) {
        let opened = std::fs::OpenOptions::new().write(true).create_new(true).open(&path);
        let done = opened.and_then(|mut file| {
            written.push(path.clone());
            file.write_all(bytes).and_then(|()| file.sync_all())
        });
        if let Err(error) = done {
            written.iter().for_each(|path| drop(std::fs::remove_file(path)));
            return Err(match error.kind() {
                ErrorKind::AlreadyExists => (is_there(wanted, &path), ExitStatus::Usage),
                _ => unusable(error),
            });
        }
    }
    Ok(written)
}

fn is_there(wanted: &str, path: &Path) -> Diagnostic {
    let path = path.display();
    refusal(
        wanted,
        [
            &format!("{path} 已经有了，不覆盖"),
            &format!("{path} is there already and is not overwritten"),
            "移走旧文件，或者换一个 --out",
            "move the old file away, or choose another --out",
        ],
    )
}

fn summary(written: &[PathBuf], embargo: Option<DateOrDateTime>, files: &PressFiles, console: &Console) -> String {
    let mut out: String = written.iter().map(|path| format!("{}\n", path.display())).collect();
    if let Some(until) = embargo {
        let until = until.written();
        out.push_str(console.pick(
            &format!("{until} 之前不得发布，稿件包里写明了\n"),
            &format!("withheld until {until}, which the pack says\n"),
        ));
    }
    if files.ninjs.is_none() {
        out.push_str(console.pick(
            "没有写 base_url，所以没有 ninjs，稿件里也没有原文地址\n",
            "base_url is not set, so there is no ninjs, and the pack does not name the original's address\n",
        ));
    }
    out
}
