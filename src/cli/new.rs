//! `puzhi new`: writes a new page with front matter to fill in.
//!
//! Input: [`NewArgs`] and the site, which gives sections and ids in use. Output: one Markdown file in the section of the kind, under a
//! free name. The front matter itself is written by [`NewPageTemplate`].
#![expect(clippy::disallowed_methods, reason = "the command line talks to people, files and the environment")]

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use crate::desk::new_page::{default_section, existing_ids, free_id, kind_of_section, parse_section, slug_for};
use crate::pipeline::{Options, PictureOptions};
use crate::settings::with_own_kinds;
use puzhi_core::base::{SitePath, WrittenDate, parse_written_date};
use puzhi_core::diag::{Diagnostic, codes};
use puzhi_core::kinds::{KindName, NewPageTemplate, SiteKinds};

use super::ExitStatus;
use super::args::NewArgs;
use super::console::print_stdout;
use super::kinds::unknown_kind;
use super::site::{SiteRequest, bad_date_option};

/// Writes the page and prints its path.
pub(super) fn run(args: &NewArgs) -> Result<ExitStatus, ExitStatus> {
    let console = args.messages.console();
    let root = args.root.path();
    let refuse = |diag: Diagnostic| console.fail(&[diag], ExitStatus::Usage);
    let request = SiteRequest { date: args.date.as_deref(), ..SiteRequest::of(root) };
    let scanned = request.open().map_err(|diags| console.fail(&diags, ExitStatus::Usage))?;
    let today = scanned.clock.today;
    let (settings, _) = with_own_kinds(&scanned.settings, &scanned.files);
    let kinds = &settings.kinds;
    let kind = kinds.all().find(|kind| kinds.from_label(&args.kind) == Some(*kind));
    let kind = kind.ok_or_else(|| refuse(unknown_kind(&args.kind, &settings)))?;
    let start = parse_start(args, kind, kinds).map_err(refuse)?;
    // Diagnostics of other pages are not printed, because they do not concern the new page.
    let prepared = scanned.prepare(&Options { drafts: true, pictures: PictureOptions::never(), ..Options::default() });
    let site = prepared.site.as_ref().map(|(views, _)| views.site.untracked());
    let slug = slug_for(&args.title, args.slug.as_deref()).map_err(refuse)?;
    let folder = match args.section.as_deref().map(parse_section).transpose().map_err(refuse)? {
        Some(folder) => folder,
        None => default_section(kind, kinds, site),
    };
    let id = free_id(&slug, &existing_ids(kind, site));
    let names_kind = kind_of_section(&folder, site) != kind;
    let page = NewPageTemplate {
        kind,
        kinds,
        title: &args.title,
        today,
        id: &id,
        start,
        place: args.place.as_deref(),
        names_kind,
    };
    let below = if folder.is_empty() { slug } else { format!("{folder}/{slug}") };
    let path = create_page_file(root, &below, &page.text()).map_err(|diag| {
        let exit = if *diag.code == codes::start::PAGE_EXISTS { ExitStatus::Usage } else { ExitStatus::Io };
        console.fail(&[diag], exit)
    })?;
    print_stdout(&console.commands(console.pick(
        &format!("写好了 {path}\n打开它接着写。它还是草稿，用 puzhi serve 看得到，发布时不会带上。\n"),
        &format!(
            "{path} is written\nGo on writing there. It is a draft: puzhi serve shows it, a build leaves it out.\n"
        ),
    )));
    Ok(ExitStatus::Success)
}

/// Parses `--start`.
///
/// # Errors
/// When it is not a date, perhaps with an end, when its weekday is another one, or when `--start` or `--place` is given for a kind other than event.
fn parse_start(args: &NewArgs, kind: KindName, kinds: &SiteKinds) -> Result<Option<WrittenDate>, Diagnostic> {
    let given = [("--start", &args.start), ("--place", &args.place)].into_iter().find(|(_, value)| value.is_some());
    if let Some((option, _)) = given.filter(|_| kind != KindName::Event) {
        return Err(Diagnostic::new(&codes::start::NEW_OPTION)
            .arg("option", option)
            .arg("kind", kinds.zh(kind))
            .arg("name", kinds.name(kind)));
    }
    let read = |written: &String| {
        let date = parse_written_date(written).filter(|date| date.offset.is_none() && date.wrong_weekday().is_none());
        date.ok_or_else(|| bad_date_option("--start", written))
    };
    args.start.as_ref().map(read).transpose()
}

/// Creates `content/<below>.md` and returns its path.
///
/// # Errors
/// When a file or folder with the same address exists, or the file cannot be written.
fn create_page_file(root: &Path, below: &str, text: &str) -> Result<SitePath, Diagnostic> {
    let unwritable = |error: std::io::Error| {
        Diagnostic::new(&codes::start::NEW_UNWRITABLE).arg("path", format!("content/{below}.md")).io_cause(&error)
    };
    let path = SitePath::new(&format!("content/{below}.md"))
        .map_err(|_| unwritable(std::io::ErrorKind::InvalidInput.into()))?;
    for taken in [format!("content/{below}.md"), format!("content/{below}.markdown"), format!("content/{below}")] {
        if root.join(&taken).exists() {
            return Err(Diagnostic::new(&codes::start::PAGE_EXISTS).arg("path", taken));
        }
    }
    let raw = root.join(path.as_str());
    if let Some(folder) = raw.parent() {
        std::fs::create_dir_all(folder).map_err(unwritable)?;
    }
    let mut file = OpenOptions::new().write(true).create_new(true).open(&raw).map_err(unwritable)?;
    file.write_all(text.as_bytes()).map_err(unwritable)?;
    Ok(path)
}
