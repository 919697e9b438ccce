//! Watches the site's files and reports when they may have changed.
//!
//! Input: the site's folder. Output: [`FileChanges`], passed to a callback on a separate thread after a quiet period.
//! A reported file may be unchanged, but no changed file is missing: where an event is ambiguous (a folder was
//! created or renamed, the event queue overflowed, the system reported an error), the report is "everything may have
//! changed". Read accesses are ignored, otherwise each build would trigger the next. Does not read or interpret
//! content.
#![expect(clippy::disallowed_methods, reason = "reads the files of a site")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode, CreateKind, ModifyKind, RemoveKind, RenameMode};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use walkdir::WalkDir;

use super::scan::is_ignored_name;
use super::stat_poll::StatPoll;
use super::{SETTINGS_FILE, SITE_FOLDERS};
use puzhi_core::base::SitePath;

/// Quiet time without events after which changes are reported.
pub const DEBOUNCE: Duration = Duration::from_millis(20);
/// Changes are reported after this time even if events keep arriving.
const MAX_DEBOUNCE: Duration = Duration::from_millis(250);
/// How long to wait for an empty file to be written: some editors truncate a file first and write it afterwards.
const EMPTY_FILE_GRACE: Duration = Duration::from_millis(60);
/// Delay of a second full report after folders changed: files that were created before the new folder was watched
/// have no event.
const RESCAN_DELAY: Duration = Duration::from_millis(300);
/// Interval between two polls. It is longer if one poll takes long (ten times the duration of the poll).
const POLL_INTERVAL: Duration = Duration::from_millis(300);
/// If more files than this changed, the report is "everything" instead of a list.
const MAX_NAMED_FILES: usize = 500;
/// Capacity of the event queue. If it overflows, the report is "everything".
const EVENT_QUEUE_LENGTH: usize = 4096;

/// Files that may have changed since the previous report.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileChanges {
    /// Files that were written, created, removed or renamed; empty if `all` is set.
    pub paths: BTreeSet<SitePath>,
    /// Any file may have changed.
    pub all: bool,
}

impl FileChanges {
    /// Changes that mean "any file may have changed".
    pub fn all() -> FileChanges {
        FileChanges { paths: BTreeSet::new(), all: true }
    }

    /// Changes of exactly these files. Paths that are not valid site paths are skipped.
    pub fn from_paths<'p>(paths: impl IntoIterator<Item = &'p str>) -> FileChanges {
        FileChanges { paths: paths.into_iter().filter_map(|p| SitePath::new(p).ok()).collect(), all: false }
    }

    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        !self.all && self.paths.is_empty()
    }

    /// Adds further changes; above 500 files the result becomes [`FileChanges::all`].
    pub fn merge(&mut self, more: FileChanges) {
        self.all |= more.all;
        self.paths.extend(more.paths);
        self.collapse_if_many();
    }

    fn collapse_if_many(&mut self) {
        if self.all || self.paths.len() > MAX_NAMED_FILES {
            *self = FileChanges::all();
        }
    }
}

/// How changes are detected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WatchMode {
    /// By events of the operating system.
    Native,
    /// By comparing file metadata periodically, for file systems that do not send events, such as network drives.
    Polling,
}

/// A running file watcher. Dropping it stops the watch.
pub struct FileWatcher {
    /// The mode in use: polling if the system refused to send events.
    pub mode: WatchMode,
    stop: Arc<AtomicBool>,
}

impl Drop for FileWatcher {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

impl FileWatcher {
    /// Starts to watch the site at `root`. `on_change` is called with each group of changes; if it returns `false`,
    /// the watch ends. Fails if the folder does not exist or the thread cannot be started.
    pub fn start(
        root: &Path,
        mode: WatchMode,
        on_change: impl FnMut(FileChanges) -> bool + Send + 'static,
    ) -> std::io::Result<FileWatcher> {
        let root = root.canonicalize()?;
        let stop = Arc::new(AtomicBool::new(false));
        let native = match mode {
            WatchMode::Native => NativeWatcher::start(&root),
            WatchMode::Polling => None,
        };
        let mode = if native.is_some() { WatchMode::Native } else { WatchMode::Polling };
        let stopped = Arc::clone(&stop);
        let run = move || match native {
            Some(native) => native.run(on_change, &stopped),
            None => poll(&root, on_change, &stopped),
        };
        std::thread::Builder::new().name("watch".into()).spawn(run)?;
        Ok(FileWatcher { mode, stop })
    }
}

fn poll(root: &Path, mut on_change: impl FnMut(FileChanges) -> bool, stop: &AtomicBool) {
    let mut before = StatPoll::take(root);
    loop {
        std::thread::sleep(POLL_INTERVAL.max(before.duration * 10));
        if stop.load(Ordering::Relaxed) {
            return;
        }
        let now = StatPoll::take(root);
        let mut changes = before.changes_until(&now);
        changes.collapse_if_many();
        before = now;
        if !changes.is_empty() && !on_change(changes) {
            return;
        }
    }
}

/// Watches by events of the operating system.
struct NativeWatcher {
    root: PathBuf,
    watcher: RecommendedWatcher,
    events: Receiver<notify::Result<Event>>,
    /// Set if events were lost because the queue was full.
    overflow: Arc<AtomicBool>,
    /// The site's folders when they were last listed, relative to the root. A removed path is known to be a folder if
    /// it is in this set.
    folders: BTreeSet<PathBuf>,
    /// Set after the system reported an error: from then on files are polled in addition to the events.
    fallback_poll: Option<StatPoll>,
}

impl NativeWatcher {
    /// `None` if the system cannot watch files.
    fn start(root: &Path) -> Option<NativeWatcher> {
        let (sender, events) = sync_channel(EVENT_QUEUE_LENGTH);
        let overflow = Arc::new(AtomicBool::new(false));
        let watcher = notify::recommended_watcher(event_handler(sender, Arc::clone(&overflow))).ok()?;
        let mut native = NativeWatcher {
            root: root.to_path_buf(),
            watcher,
            events,
            overflow,
            folders: BTreeSet::new(),
            fallback_poll: None,
        };
        native.watcher.watch(root, RecursiveMode::NonRecursive).ok()?;
        native.watch_folders().ok()?;
        Some(native)
    }

    /// Lists the site's folders and adds watches for them. Called again after folders were created.
    fn watch_folders(&mut self) -> notify::Result<()> {
        self.folders.clear();
        for folder in SITE_FOLDERS.into_iter().chain(["themes"]) {
            let top = self.root.join(folder);
            if !top.is_dir() {
                continue;
            }
            self.watcher.watch(&top, RecursiveMode::Recursive)?;
            let below = WalkDir::new(&top).into_iter().filter_map(Result::ok).filter(|e| e.file_type().is_dir());
            self.folders.extend(below.filter_map(|e| e.path().strip_prefix(&self.root).ok().map(Path::to_path_buf)));
        }
        Ok(())
    }

    fn run(mut self, mut on_change: impl FnMut(FileChanges) -> bool, stop: &AtomicBool) {
        let mut rescan_at: Option<Instant> = None;
        loop {
            let mut changes = FileChanges::default();
            match self.events.recv_timeout(POLL_INTERVAL) {
                Ok(event) => {
                    self.handle_event(event, &mut changes);
                    self.collect_until_quiet(&mut changes);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            if stop.load(Ordering::Relaxed) {
                return;
            }
            if let Some(before) = self.fallback_poll.take() {
                let now = StatPoll::take(&self.root);
                changes.merge(before.changes_until(&now));
                self.fallback_poll = Some(now);
            }
            if changes.all {
                if self.watch_folders().is_err() && self.fallback_poll.is_none() {
                    self.fallback_poll = Some(StatPoll::take(&self.root));
                }
                rescan_at = Some(Instant::now() + RESCAN_DELAY);
            } else if rescan_at.is_some_and(|at| Instant::now() >= at) {
                rescan_at = None;
                let _ = self.watch_folders();
                changes = FileChanges::all();
            }
            if !changes.is_empty() && !on_change(changes) {
                return;
            }
        }
    }

    /// Adds events to `changes` until none arrived for [`DEBOUNCE`] or [`MAX_DEBOUNCE`] has passed.
    fn collect_until_quiet(&mut self, changes: &mut FileChanges) {
        let start = Instant::now();
        let mut quiet = DEBOUNCE;
        loop {
            match self.events.recv_timeout(quiet) {
                Ok(event) => {
                    self.handle_event(event, changes);
                    quiet = DEBOUNCE;
                }
                Err(_) if quiet == DEBOUNCE && start.elapsed() < MAX_DEBOUNCE && self.any_file_is_empty(changes) => {
                    quiet = EMPTY_FILE_GRACE
                }
                Err(_) => break,
            }
            if start.elapsed() >= MAX_DEBOUNCE {
                break;
            }
        }
        if self.overflow.swap(false, Ordering::Relaxed) {
            *changes = FileChanges::all();
        }
    }

    fn any_file_is_empty(&self, changes: &FileChanges) -> bool {
        changes
            .paths
            .iter()
            .any(|p| std::fs::metadata(self.root.join(p.as_str())).is_ok_and(|m| m.is_file() && m.len() == 0))
    }

    fn handle_event(&mut self, event: notify::Result<Event>, changes: &mut FileChanges) {
        let Ok(event) = event else {
            // The usual cause is that the limit of watches is reached (`fs.inotify.max_user_watches` on Linux).
            self.fallback_poll.get_or_insert_with(|| StatPoll::take(&self.root));
            changes.merge(FileChanges::all());
            return;
        };
        if event.need_rescan() {
            changes.merge(FileChanges::all());
        }
        for path in &event.paths {
            match self.classify_event(&event.kind, path) {
                EventScope::None => {}
                EventScope::File(path) => changes.merge(FileChanges { paths: BTreeSet::from([path]), all: false }),
                EventScope::All => changes.merge(FileChanges::all()),
            }
        }
    }

    fn classify_event(&self, kind: &EventKind, path: &Path) -> EventScope {
        let Ok(below) = path.strip_prefix(&self.root) else { return EventScope::None };
        let classify_event = classify_path(below);
        let folder = matches!(kind, EventKind::Create(CreateKind::Folder) | EventKind::Remove(RemoveKind::Folder))
            || self.folders.contains(below)
            || !matches!(
                kind,
                EventKind::Modify(ModifyKind::Data(_) | ModifyKind::Name(RenameMode::From)) | EventKind::Access(_)
            ) && path.is_dir();
        match classify_event {
            // A change of a folder's own metadata does not change its files.
            EventScope::File(_) | EventScope::All
                if folder && matches!(kind, EventKind::Modify(ModifyKind::Metadata(_)) | EventKind::Access(_)) =>
            {
                EventScope::None
            }
            EventScope::File(_) if folder => EventScope::All,
            other => other,
        }
    }
}

enum EventScope {
    None,
    File(SitePath),
    All,
}

/// Classifies a path relative to the site's folder: not part of the site, a file, or possibly anything.
fn classify_path(below: &Path) -> EventScope {
    let mut segments = Vec::new();
    for component in below.components() {
        match component.as_os_str().to_str() {
            Some(segment) => segments.push(segment),
            // The scan reports the invalid name.
            None => return EventScope::All,
        }
    }
    match segments.as_slice() {
        [] => EventScope::None,
        [only] if *only == SETTINGS_FILE => SitePath::new(SETTINGS_FILE).map_or(EventScope::All, EventScope::File),
        [first, ..] if !SITE_FOLDERS.contains(first) && *first != "themes" => EventScope::None,
        [_] => EventScope::All,
        [first, rest @ ..] => {
            let in_static = *first == "static" || *first == "themes" && rest.contains(&"static");
            match rest.iter().any(|s| is_ignored_name(s, in_static)) {
                true => EventScope::None,
                false => SitePath::new(&segments.join("/")).map_or(EventScope::All, EventScope::File),
            }
        }
    }
}

/// Makes a handler that queues all events except read accesses.
fn event_handler(sender: SyncSender<notify::Result<Event>>, overflow: Arc<AtomicBool>) -> impl notify::EventHandler {
    move |event: notify::Result<Event>| {
        let reading = |kind: &EventKind| matches!(kind, EventKind::Access(access) if *access != AccessKind::Close(AccessMode::Write));
        if event.as_ref().is_ok_and(|e| reading(&e.kind)) {
            return;
        }
        if sender.try_send(event).is_err() {
            overflow.store(true, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::mpsc::{Receiver, channel};

    use super::*;

    struct Site {
        folder: tempfile::TempDir,
        reported: Receiver<FileChanges>,
        _watch: FileWatcher,
    }

    fn site(mode: WatchMode) -> Site {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("content/guides")).unwrap();
        fs::create_dir_all(folder.path().join("public")).unwrap();
        fs::write(folder.path().join("site.yaml"), "title: t\n").unwrap();
        fs::write(folder.path().join("content/guides/a.md"), "old\n").unwrap();
        let (sender, reported) = channel();
        let watch = FileWatcher::start(folder.path(), mode, move |changes| sender.send(changes).is_ok()).unwrap();
        assert_eq!(watch.mode, mode);
        std::thread::sleep(Duration::from_millis(50));
        Site { folder, reported, _watch: watch }
    }

    impl Site {
        fn path(&self, path: &str) -> PathBuf {
            self.folder.path().join(path)
        }

        /// All changes that are reported until none arrives for 700 ms.
        fn reported(&self) -> FileChanges {
            let mut all = FileChanges::default();
            while let Ok(changes) = self.reported.recv_timeout(Duration::from_millis(700)) {
                all.merge(changes);
            }
            all
        }
    }

    #[test]
    fn a_written_file_is_reported_and_reading_is_not() {
        let site = site(WatchMode::Native);
        fs::read(site.path("content/guides/a.md")).unwrap();
        assert_eq!(site.reported(), FileChanges::default());
        fs::write(site.path("content/guides/a.md"), "new\n").unwrap();
        assert_eq!(site.reported(), FileChanges::from_paths(["content/guides/a.md"]));
        fs::write(site.path("site.yaml"), "title: u\n").unwrap();
        assert_eq!(site.reported(), FileChanges::from_paths(["site.yaml"]));
    }

    #[test]
    fn ignored_files_and_other_folders_are_not_reported() {
        let site = site(WatchMode::Native);
        for name in [
            "content/guides/.a.md.swp",
            "content/guides/a.md~",
            "content/guides/~$a.md",
            "public/index.html",
            "notes.txt",
            "content/.git",
        ] {
            fs::write(site.path(name), "x").unwrap();
        }
        assert_eq!(site.reported(), FileChanges::default());
    }

    #[test]
    fn saving_over_by_rename_names_the_file() {
        let site = site(WatchMode::Native);
        fs::write(site.path("content/guides/.a.tmp"), "new\n").unwrap();
        fs::rename(site.path("content/guides/.a.tmp"), site.path("content/guides/a.md")).unwrap();
        assert_eq!(site.reported(), FileChanges::from_paths(["content/guides/a.md"]));
        // The sequence that vim uses: rename the old file to the backup, write a new file, remove the backup.
        fs::rename(site.path("content/guides/a.md"), site.path("content/guides/a.md~")).unwrap();
        fs::write(site.path("content/guides/a.md"), "newer\n").unwrap();
        fs::remove_file(site.path("content/guides/a.md~")).unwrap();
        assert_eq!(site.reported(), FileChanges::from_paths(["content/guides/a.md"]));
    }

    #[test]
    fn folders_mean_that_everything_is_looked_at_and_what_is_in_them_is_watched() {
        let site = site(WatchMode::Native);
        fs::create_dir_all(site.path("content/new/deep")).unwrap();
        fs::write(site.path("content/new/deep/b.md"), "b\n").unwrap();
        assert!(site.reported().all);
        fs::write(site.path("content/new/deep/b.md"), "bb\n").unwrap();
        assert_eq!(site.reported(), FileChanges::from_paths(["content/new/deep/b.md"]));
        fs::rename(site.path("content/new"), site.path("content/moved")).unwrap();
        assert!(site.reported().all);
        fs::write(site.path("content/moved/deep/b.md"), "bbb\n").unwrap();
        assert_eq!(site.reported(), FileChanges::from_paths(["content/moved/deep/b.md"]));
        fs::remove_dir_all(site.path("content/moved")).unwrap();
        assert!(site.reported().all);
    }

    #[test]
    fn a_folder_of_the_site_may_come_later_and_be_replaced() {
        let site = site(WatchMode::Native);
        fs::create_dir(site.path("data")).unwrap();
        assert!(site.reported().all);
        fs::write(site.path("data/t.yaml"), "a: 1\n").unwrap();
        assert_eq!(site.reported(), FileChanges::from_paths(["data/t.yaml"]));
        fs::rename(site.path("content"), site.path("old")).unwrap();
        fs::create_dir(site.path("content")).unwrap();
        assert!(site.reported().all);
        fs::write(site.path("content/c.md"), "c\n").unwrap();
        assert_eq!(site.reported(), FileChanges::from_paths(["content/c.md"]));
        fs::write(site.path("old/guides/a.md"), "gone from the site\n").unwrap();
        assert!(!site.reported().paths.iter().any(|p| p.as_str().starts_with("old")));
    }

    #[test]
    fn polling_reports_the_same_changes() {
        let site = site(WatchMode::Polling);
        fs::write(site.path("content/guides/a.md"), "longer than before\n").unwrap();
        fs::write(site.path("content/guides/.a.swp"), "x").unwrap();
        assert_eq!(site.reported(), FileChanges::from_paths(["content/guides/a.md"]));
        fs::remove_file(site.path("content/guides/a.md")).unwrap();
        assert_eq!(site.reported(), FileChanges::from_paths(["content/guides/a.md"]));
        fs::create_dir(site.path("data")).unwrap();
        fs::write(site.path("data/t.yaml"), "a: 1\n").unwrap();
        assert!(site.reported().paths.contains(&SitePath::new("data/t.yaml").unwrap()));
    }

    #[test]
    fn lost_events_and_errors_mean_that_everything_is_looked_at() {
        let (sender, events) = sync_channel(1);
        let overflow = Arc::new(AtomicBool::new(false));
        let mut listen = event_handler(sender, Arc::clone(&overflow));
        let written = || Ok(Event::new(EventKind::Modify(ModifyKind::Any)).add_path("/a".into()));
        notify::EventHandler::handle_event(&mut listen, written());
        assert!(!overflow.load(Ordering::Relaxed));
        notify::EventHandler::handle_event(&mut listen, written());
        assert!(overflow.load(Ordering::Relaxed));
        drop(events);

        let folder = tempfile::tempdir().unwrap();
        let mut native = NativeWatcher::start(&folder.path().canonicalize().unwrap()).unwrap();
        native.overflow.store(true, Ordering::Relaxed);
        let mut changes = FileChanges::from_paths(["content/a.md"]);
        native.collect_until_quiet(&mut changes);
        assert_eq!(changes, FileChanges::all());
        let mut changes = FileChanges::default();
        native.handle_event(Ok(Event::new(EventKind::Other).set_flag(notify::event::Flag::Rescan)), &mut changes);
        assert!(changes.all && native.fallback_poll.is_none());
        native.handle_event(Err(notify::Error::new(notify::ErrorKind::MaxFilesWatch)), &mut changes);
        assert!(changes.all && native.fallback_poll.is_some(), "what the system cannot tell is found by looking");
    }

    #[test]
    fn too_many_names_become_everything() {
        let mut changes = FileChanges::default();
        (0..=MAX_NAMED_FILES)
            .for_each(|n| changes.merge(FileChanges::from_paths([format!("content/{n}.md").as_str()])));
        assert_eq!(changes, FileChanges::all());
    }

    #[test]
    fn a_stream_of_changes_is_handed_over_all_the_same() {
        let site = site(WatchMode::Native);
        let start = Instant::now();
        while start.elapsed() < Duration::from_millis(900) {
            fs::write(site.path("content/guides/a.md"), format!("{:?}\n", start.elapsed())).unwrap();
            std::thread::sleep(Duration::from_millis(5));
        }
        assert!(site.reported.try_iter().count() >= 2);
    }
}
