//! The desk: a page in the browser of this machine in which people write the site, see it, undo what they did and hand it over.
//!
//! Input: the site's folder. Output: a server on 127.0.0.1 with the page and its requests, beside it a preview that shows unsaved texts.
//! `access` decides who may ask, `http` speaks HTTP, `requests` has one file for each group of requests. `files` is the only door to what
//! is written in the site's folder, and `kept` has the history, into which everything goes first; all other files work on texts. Prints
//! nothing.

mod access;
mod answer;
mod change_log;
mod clock;
mod components;
mod difference;
mod files;
mod form;
mod front_matter;
mod hand_over;
mod http;
mod kept;
mod links;
mod merge;
mod moves;
pub mod new_page;
pub mod new_site;
mod offsets;
mod page_state;
mod plan;
mod requests;
mod shown;
mod text_diff;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;

use crate::history::{self, Bounds};
use crate::preview::{
    ClockFn, PreviewSession, Shown, UnsavedText, WatchedSite, Worker, http as preview_http, listen, unusable,
};
use crate::settings::{HistorySettings, Settings};
use crate::source::{FileChanges, FileWatcher, WatchMode};
use puzhi_core::base::{BuildDate, SitePath};
use puzhi_core::diag::{Diagnostic, codes};

use access::OneTimeCode;
pub use access::Token;
use answer::Refusal;
use change_log::{Changes, change_log};
pub use files::is_empty_folder;
use files::{SiteFiles, TextFile};
use kept::Kept;

/// Ports to try in this order when the caller gives none.
const PORTS: std::ops::Range<u16> = 8766..8786;
/// How often a desk tells others that it is there.
const BEAT: Duration = Duration::from_secs(5);
/// After how many beats old versions are let go of again: a day.
const TRIM_EVERY: u32 = 24 * 60 * 60 / 5;

/// After how many beats without a request its page counts as closed: five minutes.
const CLOSED_AFTER: u32 = 5 * 60 / 5;

/// Input of [`serve`].
pub struct DeskOptions<'r> {
    /// The site's folder; may be empty.
    pub root: &'r Path,
    /// How to detect changed files.
    pub mode: WatchMode,
    /// Returns the date that pages are rendered for.
    pub today: ClockFn,
    /// What requests must carry.
    pub token: Token,
    /// What the browser is opened with, which the page exchanges for the token once and within a minute.
    pub code: Option<Token>,
    /// Who sits here, in words, for desks on the same folder.
    pub by: String,
    /// Whether the desk ends some minutes after its page was closed.
    pub until_closed: bool,
}

/// The site at a desk, and what its requests share.
pub(crate) struct Desk {
    files: SiteFiles,
    site: Worker,
    kept: Kept,
    changes: Changes,
    token: Token,
    code: OneTimeCode,
    ports: Ports,
    /// Whether the page has asked for something since the last beat. It asks all the time while it is open.
    has_asked: AtomicBool,
    /// Whether nobody is answered any more: the token may be in the hands of somebody else.
    is_closed: AtomicBool,
    until_closed: bool,
}

/// The ports of a desk.
#[derive(Debug, Clone, Copy)]
pub struct Ports {
    /// Of its page and requests.
    pub desk: u16,
    /// Of the preview.
    pub preview: u16,
}

/// A desk that answers as long as it is kept.
pub struct OpenDesk {
    /// Its page and requests.
    pub desk: Router,
    /// The preview.
    pub preview: Router,
    shared: Arc<Desk>,
    _watch: FileWatcher,
}

impl OpenDesk {
    /// Opens a desk whose servers are at these ports.
    ///
    /// # Errors
    /// When a thread or the file watcher cannot be started, or the folder of the history cannot be written.
    pub async fn open(options: DeskOptions<'_>, ports: Ports) -> std::io::Result<OpenDesk> {
        let DeskOptions { root, mode, today, token, code, by, until_closed } = options;
        let kept = Kept::open(root, &by, &token)?;
        kept.finish_plan(&SiteFiles::new(root));
        let (updated, changes) = change_log();
        let WatchedSite { worker, watch } = WatchedSite::open(root, mode, today, updated).await?;
        let preview = preview_http::router(worker.clone(), ports.preview, Some(ports.desk));
        let (files, has_asked) = (SiteFiles::new(root), AtomicBool::new(true));
        let code = OneTimeCode::new(code, clock::now());
        let is_closed = AtomicBool::new(false);
        let shared = Arc::new(Desk {
            files,
            site: worker,
            kept,
            changes,
            token,
            code,
            ports,
            has_asked,
            is_closed,
            until_closed,
        });
        Ok(OpenDesk { desk: http::router(Arc::clone(&shared)), preview, shared, _watch: watch })
    }

    /// Tells other desks that this one is there, and lets go of old versions from time to time. Ends when the page was closed, if it is to.
    async fn keep_going(shared: Arc<Desk>) {
        let mut ticks = tokio::time::interval(BEAT);
        // After the machine slept, its page has as long to ask as ever.
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let (mut beats, mut silent) = (0, 0);
        loop {
            ticks.tick().await;
            silent = if shared.has_asked.swap(false, Ordering::Relaxed) { 0 } else { silent + 1 };
            if shared.until_closed && silent > CLOSED_AFTER {
                return;
            }
            let desk = Arc::clone(&shared);
            let is_due = beats % TRIM_EVERY == 0;
            beats += 1;
            let work = move || {
                desk.kept.beat();
                // Of a desk that was thought to be at it until now.
                desk.kept.finish_plan(&desk.files);
                if is_due && let Ok(bounds) = desk.bounds() {
                    desk.kept.trim(bounds);
                }
            };
            if tokio::task::spawn_blocking(work).await.is_err() {
                return std::future::pending().await;
            }
        }
    }

    /// Keeps what other programs write, from what lies there at the start on. Never ends before the site does.
    async fn keep_what_others_write(shared: Arc<Desk>) {
        let mut changes = shared.changes.clone();
        let mut seen = 0;
        loop {
            let next = async { changes.wait_for(|log| log.since(seen).is_some()).await.map(|log| log.since(seen)) };
            let Ok(Some(found)) = next.await else { return std::future::pending().await };
            seen = found.version;
            let desk = Arc::clone(&shared);
            let work = move || {
                let paths = found.files.map(|files| files.into_iter().collect());
                let paths: Vec<SitePath> = paths.unwrap_or_else(|| desk.text_files());
                desk.kept.keep_disk(&desk.files, paths);
            };
            if tokio::task::spawn_blocking(work).await.is_err() {
                return std::future::pending().await;
            }
        }
    }
}

/// Runs the desk until the future `end` completes. `port` is 0 for any free one; `None` takes the first free one from 8766 to 8785. Calls
/// `ready` once with the listening address.
///
/// # Errors
/// `preview-unusable` when the port is taken, or when the desk cannot be opened.
pub fn serve(
    options: DeskOptions<'_>,
    port: Option<u16>,
    ready: impl FnOnce(SocketAddr),
    end: impl Future<Output = ()> + Send,
) -> Result<(), Diagnostic> {
    let unusable = |error: std::io::Error| unusable(port.unwrap_or(PORTS.start), &error);
    if history::is_link(options.root) {
        return Err(Diagnostic::new(&codes::start::PREVIEW_UNUSABLE)
            .arg("port", port.unwrap_or(PORTS.start))
            .arg("cause_zh", "文件夹 history 是指向别处的链接，旧版本只放在网站自己的文件夹里，请换成真的文件夹")
            .arg(
                "cause_en",
                "the folder history is a link; earlier versions are kept in the site's folder alone, make it a folder",
            ));
    }
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().map_err(unusable)?;
    let result = runtime.block_on(async {
        let listener = listen(port, PORTS).await?;
        let shown = listen(Some(0), PORTS).await?;
        let (address, preview) = (listener.local_addr().map_err(unusable)?, shown.local_addr().map_err(unusable)?);
        let ports = Ports { desk: address.port(), preview: preview.port() };
        let open = OpenDesk::open(options, ports).await.map_err(unusable)?;
        ready(address);
        tokio::select! {
            ended = axum::serve(listener, open.desk) => ended.map_err(unusable),
            ended = axum::serve(shown, open.preview) => ended.map_err(unusable),
            () = OpenDesk::keep_what_others_write(Arc::clone(&open.shared)) => Ok(()),
            () = OpenDesk::keep_going(open.shared) => Ok(()),
            () = end => Ok(()),
        }
    });
    runtime.shutdown_background();
    result
}

impl Desk {
    /// Asks the thread that owns the site. Never to be called while `kept` is taken.
    fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut PreviewSession) -> T + Send + 'static,
    ) -> Result<T, Refusal> {
        self.site.ask(question).ok_or_else(Refusal::ended)
    }

    /// Lets the preview show a text in place of a file, or the file itself.
    fn show(&self, path: SitePath, bytes: Option<Vec<u8>>) -> Result<(), Refusal> {
        self.begin_to_show(path, bytes)?.wait().then_some(()).ok_or_else(Refusal::ended)
    }

    /// The same, without waiting for it.
    fn begin_to_show(&self, path: SitePath, bytes: Option<Vec<u8>>) -> Result<Shown, Refusal> {
        self.site.show_unsaved(vec![UnsavedText { path, bytes }]).ok_or_else(Refusal::ended)
    }

    /// Lets the preview read files again.
    fn reread(&self, changes: FileChanges) -> Result<(), Refusal> {
        self.site.reread(changes).then_some(()).ok_or_else(Refusal::ended)
    }

    /// A text file as it lies on the disk.
    fn text_file(&self, path: &SitePath) -> Result<TextFile, Refusal> {
        let bytes = self.files.read(path)?.ok_or_else(|| Refusal::not_found("这一页").hint("它可能刚被改名或删除"))?;
        TextFile::of(path, &bytes)
    }

    /// The day for which a site with these settings is built.
    fn today(&self, settings: &Settings) -> Result<BuildDate, Refusal> {
        let settings = settings.clone();
        self.ask(move |session| session.build_date(&settings))
    }

    /// The files of the site that are read as texts.
    fn text_files(&self) -> Vec<SitePath> {
        let files = self.ask(|session| session.shown().map(|site| site.data.files.paths().cloned().collect()));
        files.ok().flatten().unwrap_or_default()
    }

    /// How much the site wants to keep.
    fn bounds(&self) -> Result<Bounds, Refusal> {
        let HistorySettings { days, megabytes } =
            self.ask(|session| session.shown().map(|site| site.settings.history).unwrap_or_default())?;
        Ok(Bounds { days, bytes: megabytes << 20 })
    }
}
