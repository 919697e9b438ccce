//! Says when files of a site may have changed: what the system reports, collected until it has been quiet for a moment.
//!
//! In: the site's folder. Out: [`Changes`], on a thread of its own. What is named may be as it was, and nothing that
//! changed goes unnamed: where an event leaves a doubt (a folder, a rename of one, an overflow, an error), everything is
//! to be looked at again. Reading never counts, since a reader of its own sources would wake itself for ever. Knows no content.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode, CreateKind, ModifyKind, RemoveKind, RenameMode};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use walkdir::WalkDir;

use super::disk::is_litter_name;
use super::poll::Poll;
use super::{FOLDERS, SETTINGS};
use puzhi_core::base::SitePath;

/// How long nothing may happen before changes are handed over.
pub const QUIET: Duration = Duration::from_millis(20);
/// Changes are handed over after this time even if more keep coming.
const MOST: Duration = Duration::from_millis(250);
/// How long a file that is empty gets to be filled: some editors empty it first and write then.
const FILLING: Duration = Duration::from_millis(60);
/// A second look after a change of folders: files made before the system watched the new folder were never reported.
const AGAIN: Duration = Duration::from_millis(300);
/// Polling waits this long between two looks, or longer when a look takes long.
const POLL: Duration = Duration::from_millis(300);
/// More changed files than this are not named one by one.
const NAMED: usize = 500;
/// Events waiting to be looked at; more mean that everything is to be looked at.
const WAITING: usize = 4096;

/// What may have changed since the last time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Files written, made, removed or renamed.
    pub paths: BTreeSet<SitePath>,
    /// Anything may have changed.
    pub all: bool,
}

impl Changes {
    pub fn all() -> Changes {
        Changes { paths: BTreeSet::new(), all: true }
    }

    /// Only these files; what is no path inside the site is left out.
    pub fn of<'p>(paths: impl IntoIterator<Item = &'p str>) -> Changes {
        Changes { paths: paths.into_iter().filter_map(|p| SitePath::new(p).ok()).collect(), all: false }
    }

    pub fn is_empty(&self) -> bool {
        !self.all && self.paths.is_empty()
    }

    pub fn add(&mut self, more: Changes) {
        self.all |= more.all;
        self.paths.extend(more.paths);
        self.bound();
    }

    fn bound(&mut self) {
        if self.all || self.paths.len() > NAMED {
            *self = Changes::all();
        }
    }
}

/// How changes are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// The system tells.
    Native,
    /// Sizes and times are compared again and again: for network drives and the like, where the system tells nothing.
    Polling,
}

/// A running watch; it ends when this is dropped.
pub struct Watch {
    /// How it watches: polling also where the system refused.
    pub how: How,
    stop: Arc<AtomicBool>,
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

impl Watch {
    /// Watches the site at `root`. `tell` is called for each collection of changes; when it returns `false` the watch ends.
    pub fn start(root: &Path, how: How, tell: impl FnMut(Changes) -> bool + Send + 'static) -> std::io::Result<Watch> {
        let root = root.canonicalize()?;
        let stop = Arc::new(AtomicBool::new(false));
        let native = match how {
            How::Native => Native::start(&root),
            How::Polling => None,
        };
        let how = if native.is_some() { How::Native } else { How::Polling };
        let stopped = Arc::clone(&stop);
        let run = move || match native {
            Some(native) => native.run(tell, &stopped),
            None => poll(&root, tell, &stopped),
        };
        std::thread::Builder::new().name("watch".into()).spawn(run)?;
        Ok(Watch { how, stop })
    }
}

fn poll(root: &Path, mut tell: impl FnMut(Changes) -> bool, stop: &AtomicBool) {
    let mut before = Poll::look(root);
    loop {
        std::thread::sleep(POLL.max(before.took * 10));
        if stop.load(Ordering::Relaxed) {
            return;
        }
        let now = Poll::look(root);
        let mut changes = before.changes(&now);
        changes.bound();
        before = now;
        if !changes.is_empty() && !tell(changes) {
            return;
        }
    }
}

/// The system's own reports.
struct Native {
    root: PathBuf,
    watcher: RecommendedWatcher,
    events: Receiver<notify::Result<Event>>,
    /// Events were lost.
    overflow: Arc<AtomicBool>,
    /// Folders of the site as last seen, below the root: a name that vanished was a folder if it is here.
    folders: BTreeSet<PathBuf>,
    /// The system gave an error: it is not to be trusted alone any more.
    doubtful: Option<Poll>,
}

impl Native {
    /// `None` where the system cannot watch.
    fn start(root: &Path) -> Option<Native> {
        let (sender, events) = sync_channel(WAITING);
        let overflow = Arc::new(AtomicBool::new(false));
        let watcher = notify::recommended_watcher(listener(sender, Arc::clone(&overflow))).ok()?;
        let mut native =
            Native { root: root.to_path_buf(), watcher, events, overflow, folders: BTreeSet::new(), doubtful: None };
        native.watcher.watch(root, RecursiveMode::NonRecursive).ok()?;
        native.look_at_folders().ok()?;
        Some(native)
    }

    /// Watches the site's folders, which may be new, and learns which there are.
    fn look_at_folders(&mut self) -> notify::Result<()> {
        self.folders.clear();
        for folder in FOLDERS.into_iter().chain(["themes"]) {
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

    fn run(mut self, mut tell: impl FnMut(Changes) -> bool, stop: &AtomicBool) {
        let mut again: Option<Instant> = None;
        loop {
            let mut changes = Changes::default();
            match self.events.recv_timeout(POLL) {
                Ok(event) => {
                    self.take(event, &mut changes);
                    self.collect(&mut changes);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            if stop.load(Ordering::Relaxed) {
                return;
            }
            if let Some(before) = self.doubtful.take() {
                let now = Poll::look(&self.root);
                changes.add(before.changes(&now));
                self.doubtful = Some(now);
            }
            if changes.all {
                if self.look_at_folders().is_err() && self.doubtful.is_none() {
                    self.doubtful = Some(Poll::look(&self.root));
                }
                again = Some(Instant::now() + AGAIN);
            } else if again.is_some_and(|at| Instant::now() >= at) {
                again = None;
                let _ = self.look_at_folders();
                changes = Changes::all();
            }
            if !changes.is_empty() && !tell(changes) {
                return;
            }
        }
    }

    /// Adds what follows until it has been quiet.
    fn collect(&mut self, changes: &mut Changes) {
        let start = Instant::now();
        let mut quiet = QUIET;
        loop {
            match self.events.recv_timeout(quiet) {
                Ok(event) => {
                    self.take(event, changes);
                    quiet = QUIET;
                }
                Err(_) if quiet == QUIET && start.elapsed() < MOST && self.one_is_empty(changes) => quiet = FILLING,
                Err(_) => break,
            }
            if start.elapsed() >= MOST {
                break;
            }
        }
        if self.overflow.swap(false, Ordering::Relaxed) {
            *changes = Changes::all();
        }
    }

    fn one_is_empty(&self, changes: &Changes) -> bool {
        changes
            .paths
            .iter()
            .any(|p| std::fs::metadata(self.root.join(p.as_str())).is_ok_and(|m| m.is_file() && m.len() == 0))
    }

    fn take(&mut self, event: notify::Result<Event>, changes: &mut Changes) {
        let Ok(event) = event else {
            // Most often the system has no more watches to give.
            self.doubtful.get_or_insert_with(|| Poll::look(&self.root));
            changes.add(Changes::all());
            return;
        };
        if event.need_rescan() {
            changes.add(Changes::all());
        }
        for path in &event.paths {
            match self.concern(&event.kind, path) {
                Concern::None => {}
                Concern::File(path) => changes.add(Changes { paths: BTreeSet::from([path]), all: false }),
                Concern::All => changes.add(Changes::all()),
            }
        }
    }

    fn concern(&self, kind: &EventKind, path: &Path) -> Concern {
        let Ok(below) = path.strip_prefix(&self.root) else { return Concern::None };
        let concern = of_site(below);
        let folder = matches!(kind, EventKind::Create(CreateKind::Folder) | EventKind::Remove(RemoveKind::Folder))
            || self.folders.contains(below)
            || !matches!(
                kind,
                EventKind::Modify(ModifyKind::Data(_) | ModifyKind::Name(RenameMode::From)) | EventKind::Access(_)
            ) && path.is_dir();
        match concern {
            // Touching a folder's own times changes nothing in it.
            Concern::File(_) | Concern::All
                if folder && matches!(kind, EventKind::Modify(ModifyKind::Metadata(_)) | EventKind::Access(_)) =>
            {
                Concern::None
            }
            Concern::File(_) if folder => Concern::All,
            other => other,
        }
    }
}

enum Concern {
    None,
    File(SitePath),
    All,
}

/// What a path below the site's folder is to the site.
fn of_site(below: &Path) -> Concern {
    let mut segments = Vec::new();
    for component in below.components() {
        match component.as_os_str().to_str() {
            Some(segment) => segments.push(segment),
            // The scan says what is wrong with such a name.
            None => return Concern::All,
        }
    }
    match segments.as_slice() {
        [] => Concern::None,
        [only] if *only == SETTINGS => SitePath::new(SETTINGS).map_or(Concern::All, Concern::File),
        [first, ..] if !FOLDERS.contains(first) && *first != "themes" => Concern::None,
        [_] => Concern::All,
        [first, rest @ ..] => {
            let in_static = *first == "static" || *first == "themes" && rest.contains(&"static");
            match rest.iter().any(|s| is_litter_name(s, in_static)) {
                true => Concern::None,
                false => SitePath::new(&segments.join("/")).map_or(Concern::All, Concern::File),
            }
        }
    }
}

/// Takes the system's reports but those of reading.
fn listener(sender: SyncSender<notify::Result<Event>>, overflow: Arc<AtomicBool>) -> impl notify::EventHandler {
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
        told: Receiver<Changes>,
        _watch: Watch,
    }

    fn site(how: How) -> Site {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("content/guides")).unwrap();
        fs::create_dir_all(folder.path().join("public")).unwrap();
        fs::write(folder.path().join("site.yaml"), "title: t\n").unwrap();
        fs::write(folder.path().join("content/guides/a.md"), "old\n").unwrap();
        let (sender, told) = channel();
        let watch = Watch::start(folder.path(), how, move |changes| sender.send(changes).is_ok()).unwrap();
        assert_eq!(watch.how, how);
        std::thread::sleep(Duration::from_millis(50));
        Site { folder, told, _watch: watch }
    }

    impl Site {
        fn path(&self, path: &str) -> PathBuf {
            self.folder.path().join(path)
        }

        /// Everything told until nothing has come for a while.
        fn told(&self) -> Changes {
            let mut all = Changes::default();
            while let Ok(changes) = self.told.recv_timeout(Duration::from_millis(700)) {
                all.add(changes);
            }
            all
        }
    }

    #[test]
    fn a_written_file_is_named_and_reading_is_nothing() {
        let site = site(How::Native);
        fs::read(site.path("content/guides/a.md")).unwrap();
        assert_eq!(site.told(), Changes::default());
        fs::write(site.path("content/guides/a.md"), "new\n").unwrap();
        assert_eq!(site.told(), Changes::of(["content/guides/a.md"]));
        fs::write(site.path("site.yaml"), "title: u\n").unwrap();
        assert_eq!(site.told(), Changes::of(["site.yaml"]));
    }

    #[test]
    fn litter_and_other_folders_are_nothing() {
        let site = site(How::Native);
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
        assert_eq!(site.told(), Changes::default());
    }

    #[test]
    fn saving_over_by_rename_names_the_file() {
        let site = site(How::Native);
        fs::write(site.path("content/guides/.a.tmp"), "new\n").unwrap();
        fs::rename(site.path("content/guides/.a.tmp"), site.path("content/guides/a.md")).unwrap();
        assert_eq!(site.told(), Changes::of(["content/guides/a.md"]));
        // As vim does: the old file becomes the backup, a new one is written, the backup goes.
        fs::rename(site.path("content/guides/a.md"), site.path("content/guides/a.md~")).unwrap();
        fs::write(site.path("content/guides/a.md"), "newer\n").unwrap();
        fs::remove_file(site.path("content/guides/a.md~")).unwrap();
        assert_eq!(site.told(), Changes::of(["content/guides/a.md"]));
    }

    #[test]
    fn folders_mean_that_everything_is_looked_at_and_what_is_in_them_is_watched() {
        let site = site(How::Native);
        fs::create_dir_all(site.path("content/new/deep")).unwrap();
        fs::write(site.path("content/new/deep/b.md"), "b\n").unwrap();
        assert!(site.told().all);
        fs::write(site.path("content/new/deep/b.md"), "bb\n").unwrap();
        assert_eq!(site.told(), Changes::of(["content/new/deep/b.md"]));
        fs::rename(site.path("content/new"), site.path("content/moved")).unwrap();
        assert!(site.told().all);
        fs::write(site.path("content/moved/deep/b.md"), "bbb\n").unwrap();
        assert_eq!(site.told(), Changes::of(["content/moved/deep/b.md"]));
        fs::remove_dir_all(site.path("content/moved")).unwrap();
        assert!(site.told().all);
    }

    #[test]
    fn a_folder_of_the_site_may_come_later_and_be_replaced() {
        let site = site(How::Native);
        fs::create_dir(site.path("data")).unwrap();
        assert!(site.told().all);
        fs::write(site.path("data/t.yaml"), "a: 1\n").unwrap();
        assert_eq!(site.told(), Changes::of(["data/t.yaml"]));
        fs::rename(site.path("content"), site.path("old")).unwrap();
        fs::create_dir(site.path("content")).unwrap();
        assert!(site.told().all);
        fs::write(site.path("content/c.md"), "c\n").unwrap();
        assert_eq!(site.told(), Changes::of(["content/c.md"]));
        fs::write(site.path("old/guides/a.md"), "gone from the site\n").unwrap();
        assert!(!site.told().paths.iter().any(|p| p.as_str().starts_with("old")));
    }

    #[test]
    fn polling_sees_the_same() {
        let site = site(How::Polling);
        fs::write(site.path("content/guides/a.md"), "longer than before\n").unwrap();
        fs::write(site.path("content/guides/.a.swp"), "x").unwrap();
        assert_eq!(site.told(), Changes::of(["content/guides/a.md"]));
        fs::remove_file(site.path("content/guides/a.md")).unwrap();
        assert_eq!(site.told(), Changes::of(["content/guides/a.md"]));
        fs::create_dir(site.path("data")).unwrap();
        fs::write(site.path("data/t.yaml"), "a: 1\n").unwrap();
        assert!(site.told().paths.contains(&SitePath::new("data/t.yaml").unwrap()));
    }

    #[test]
    fn lost_events_and_errors_mean_that_everything_is_looked_at() {
        let (sender, events) = sync_channel(1);
        let overflow = Arc::new(AtomicBool::new(false));
        let mut listen = listener(sender, Arc::clone(&overflow));
        let written = || Ok(Event::new(EventKind::Modify(ModifyKind::Any)).add_path("/a".into()));
        notify::EventHandler::handle_event(&mut listen, written());
        assert!(!overflow.load(Ordering::Relaxed));
        notify::EventHandler::handle_event(&mut listen, written());
        assert!(overflow.load(Ordering::Relaxed));
        drop(events);

        let folder = tempfile::tempdir().unwrap();
        let mut native = Native::start(&folder.path().canonicalize().unwrap()).unwrap();
        native.overflow.store(true, Ordering::Relaxed);
        let mut changes = Changes::of(["content/a.md"]);
        native.collect(&mut changes);
        assert_eq!(changes, Changes::all());
        let mut changes = Changes::default();
        native.take(Ok(Event::new(EventKind::Other).set_flag(notify::event::Flag::Rescan)), &mut changes);
        assert!(changes.all && native.doubtful.is_none());
        native.take(Err(notify::Error::new(notify::ErrorKind::MaxFilesWatch)), &mut changes);
        assert!(changes.all && native.doubtful.is_some(), "what the system cannot tell is found by looking");
    }

    #[test]
    fn too_many_names_become_everything() {
        let mut changes = Changes::default();
        (0..=NAMED).for_each(|n| changes.add(Changes::of([format!("content/{n}.md").as_str()])));
        assert_eq!(changes, Changes::all());
    }

    #[test]
    fn a_stream_of_changes_is_handed_over_all_the_same() {
        let site = site(How::Native);
        let start = Instant::now();
        while start.elapsed() < Duration::from_millis(900) {
            fs::write(site.path("content/guides/a.md"), format!("{:?}\n", start.elapsed())).unwrap();
            std::thread::sleep(Duration::from_millis(5));
        }
        assert!(site.told.try_iter().count() >= 2);
    }
}
