//! The live preview: what a save does to the site behind it, and what the server lets nobody do.

mod attacks;
mod disk;
mod properties;
mod session;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::Duration;

use crate::support::puzhi;

/// A small site in a folder of its own: home, a section of guides, two guides that link to each other, a story.
pub fn site() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, text) in [
        ("site.yaml", "title: 预览\n"),
        ("content/_index.md", "---\ntitle: 首页\n---\n\n欢迎。\n"),
        ("content/guides/_index.md", "---\ntitle: 办事情\nkind: guide\n---\n"),
        ("content/guides/a.md", "---\ntitle: 甲\n---\n\n看[乙](b.md#how)。\n"),
        ("content/guides/b.md", "---\ntitle: 乙\n---\n\n## 怎么办 {#how}\n\n正文乙。\n"),
        ("content/stories/s.md", "---\ntitle: 故事\n---\n\n说。\n"),
        ("static/robots-note.txt", "原样\n"),
    ] {
        put(folder.path(), path, text);
    }
    folder
}

pub fn put(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    fs::write(path, text).expect("written");
}

/// The preview as a process of its own.
pub struct Server {
    child: Child,
    pub port: u16,
}

impl Server {
    pub fn start(root: &Path, more: &[&str]) -> Server {
        Server::start_with(root, more, &[])
    }

    pub fn start_with(root: &Path, more: &[&str], environment: &[(&str, &str)]) -> Server {
        let mut child = puzhi()
            .args(["serve", "--port", "0", "--root"])
            .arg(root)
            .args(more)
            .envs(environment.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("starts");
        let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        let port = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| line.trim_end_matches('/').rsplit(':').next()?.parse().ok())
            .expect("says where");
        // What else it says must not block it.
        std::thread::spawn(move || lines.for_each(drop));
        Server { child, port }
    }

    /// Sends these bytes and reads the answer until the server closes or is silent.
    pub fn raw(&self, request: &[u8]) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("listens");
        stream.set_read_timeout(Some(Duration::from_secs(10))).expect("set");
        // A server that refuses early may close before all is sent.
        let _ = stream.write_all(request);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// One request with the right host and these further header lines.
    pub fn ask(&self, method: &str, path: &str, more: &str) -> Reply {
        let request =
            format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n{more}\r\n", self.port);
        Reply::of(&self.raw(request.as_bytes()))
    }

    pub fn get(&self, path: &str) -> Reply {
        self.ask("GET", path, "")
    }

    /// Asks again until `good`, for at most ten seconds.
    pub fn until(&self, path: &str, good: impl Fn(&Reply) -> bool) -> Reply {
        let mut reply = self.get(path);
        for _ in 0..200 {
            if good(&reply) {
                return reply;
            }
            std::thread::sleep(Duration::from_millis(50));
            reply = self.get(path);
        }
        panic!("{path} stays {reply:?}");
    }

    pub fn status(&self) -> serde_json::Value {
        serde_json::from_str(&self.get("/__puzhi/status").body).expect("JSON")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Reply {
    fn of(answer: &str) -> Reply {
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((answer, ""));
        let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or(0);
        Reply { status, head: head.to_ascii_lowercase(), body: body.to_string() }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(str::trim)
    }
}

/// Every file below `folder` with its bytes.
pub fn tree(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        match path.is_dir() {
            true => files.extend(tree(&path)),
            false => files.push((path.clone(), fs::read(&path).expect("readable"))),
        }
    }
    files.sort();
    files
}
