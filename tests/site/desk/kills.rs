//! The program is killed while it saves: what it acknowledged is on the disk and among the versions.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Duration;

use serde_json::{Value as Json, json};

use super::{TestDesk, encoded, small_site};
use crate::support::puzhi;

const A: &str = "content/guides/a.md";

/// The desk as a process of its own.
struct Running {
    child: Child,
    port: u16,
    token: String,
}

impl Running {
    fn start(root: &Path) -> Running {
        let mut child = puzhi()
            .args(["desk", "--port", "0", "--poll", "--root"])
            .arg(root)
            // The person of `TestDesk`.
            .env("USER", "甲")
            .env_remove("USERNAME")
            .env_remove("COMPUTERNAME")
            .env_remove("HOSTNAME")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("starts");
        let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        let line = lines.by_ref().map_while(Result::ok).find(|line| line.contains("http://")).expect("says where");
        std::thread::spawn(move || lines.for_each(drop));
        let (address, token) = line.split_once("/#").expect("an address with a token");
        let port = address.rsplit(':').next().and_then(|port| port.parse().ok()).expect("a port");
        Running { child, port, token: token.to_string() }
    }

    /// One request; nothing if the program ended before it answered.
    fn ask(&self, method: &str, path: &str, body: &str) -> Option<Json> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(20))).ok()?;
        let head = format!(
            "{method} /api/{path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\nX-Desk-Token: {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            self.token,
            body.len(),
            port = self.port,
        );
        stream.write_all(head.as_bytes()).ok()?;
        stream.write_all(body.as_bytes()).ok()?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).ok()?;
        let answer = String::from_utf8_lossy(&answer);
        let (_, body) = answer.split_once("\r\n\r\n")?;
        serde_json::from_str(body).ok()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn no_acknowledged_save_is_lost_when_the_program_is_killed() {
    let folder = small_site();
    let root = folder.path().to_path_buf();
    // What may be on the disk: what was acknowledged last, and what was being saved after that.
    let mut possible = vec![std::fs::read_to_string(root.join(A)).expect("readable")];
    let mut acknowledged = Vec::new();
    for round in 0..20u64 {
        let mut desk = Running::start(&root);
        let page = desk.ask("GET", &format!("page?path={}", encoded(A)), "").expect("a page");
        let on_disk = page["text"].as_str().expect("a text").to_string();
        assert!(possible.contains(&on_disk), "round {round}: {on_disk}");
        let pid = desk.child.id();
        // Killed at another moment of the saves after the first one or two, however fast the machine is.
        let (start, started) = std::sync::mpsc::channel();
        let killer = std::thread::spawn(move || {
            let _ = started.recv();
            std::thread::sleep(Duration::from_micros(900 * round * round));
            let _ = std::process::Command::new("kill").args(["-9", &pid.to_string()]).status();
        });
        let mut hash = page["hash"].clone();
        for n in 0u64.. {
            let text = format!("---\ntitle: 甲\ndate: 2026-11-01\n---\n\n第{round}轮第{n}次。{}\n", "字".repeat(2000));
            let body = json!({ "path": A, "text": text, "base_hash": hash }).to_string();
            possible.push(text.clone());
            let Some(saved) = desk.ask("POST", "save", &body) else { break };
            assert!(saved["hash"].is_string(), "{saved}");
            hash = saved["hash"].clone();
            possible = vec![text.clone()];
            acknowledged.push(text);
            if n == round % 2 {
                let _ = start.send(());
            }
        }
        killer.join().expect("kills");
        let _ = desk.child.wait();
        let now = std::fs::read_to_string(root.join(A)).expect("readable");
        assert!(possible.contains(&now), "round {round}: {now}");
    }
    assert!(acknowledged.len() >= 20 + 10, "one or two in each round");
    let desk = TestDesk::on(folder);
    let mut kept = std::collections::BTreeSet::new();
    let versions = desk.get(&format!("history?path={}", encoded(A))).json();
    for version in versions.as_array().expect("a list") {
        let text = desk.get(&format!("version?id={}", version["id"].as_str().expect("an id"))).json();
        kept.insert(text["text"].as_str().expect("whole").to_string());
    }
    let listed = acknowledged.len().saturating_sub(250);
    for text in &acknowledged[listed..] {
        assert!(kept.contains(text), "an acknowledged save is no version: {}", &text[..80]);
    }
}

#[test]
fn what_other_programs_write_is_kept_without_being_opened() {
    let folder = small_site();
    let root = folder.path().to_path_buf();
    let before = std::fs::read_to_string(root.join(A)).expect("readable");
    let desk = Running::start(&root);
    let versions = |wanted: usize| {
        for _ in 0..200 {
            let found = desk.ask("GET", &format!("history?path={}", encoded(A)), "").expect("a list");
            let found = found.as_array().expect("a list").clone();
            if found.len() >= wanted {
                return found;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("fewer than {wanted} versions");
    };
    versions(1);
    std::fs::write(root.join(A), "---\ntitle: 别人写的\n---\n").expect("written");
    versions(2);
    std::fs::remove_file(root.join(A)).expect("removed");
    let found = versions(3);
    assert!(found.iter().all(|version| version["by"] == "disk") && found[0]["removed_file"] == true, "{found:?}");
    let first =
        desk.ask("GET", &format!("version?id={}", found[2]["id"].as_str().expect("an id")), "").expect("a version");
    assert_eq!(first["text"], json!(before));
}

#[test]
fn a_rename_that_was_cut_off_is_finished_at_the_next_start() {
    for round in 0..4u64 {
        let folder = small_site();
        let root = folder.path().to_path_buf();
        for n in 0..40 {
            let text = format!("---\ntitle: 第{n}页\ndate: 2026-11-01\n---\n\n[甲](a.md)\n");
            std::fs::write(root.join(format!("content/guides/s{n}.md")), text).expect("written");
        }
        let mut desk = Running::start(&root);
        let plan = json!({ "action": "rename", "path": A, "to": "content/guides/new.md" }).to_string();
        let plan = desk.ask("POST", "plan", &plan).expect("a plan");
        let pid = desk.child.id();
        let journal = root.join("history/plan.json");
        let killer = std::thread::spawn(move || {
            // From the moment at which it is remembered what is to be done.
            for _ in 0..20_000 {
                if journal.exists() {
                    break;
                }
                std::thread::sleep(Duration::from_micros(200));
            }
            std::thread::sleep(Duration::from_millis(12 * round));
            let _ = std::process::Command::new("kill").args(["-9", &pid.to_string()]).status();
        });
        let answered = desk.ask("POST", "do", &json!({ "plan": plan["plan"] }).to_string());
        killer.join().expect("kills");
        let _ = desk.child.wait();
        let again = TestDesk::on(folder);
        assert!(!root.join("history/plan.json").exists());
        assert!(!root.join(A).exists() && again.read("content/guides/new.md").contains("title: 甲"), "round {round}");
        for n in 0..40 {
            assert!(again.read(&format!("content/guides/s{n}.md")).contains("(new.md)"), "round {round}, page {n}");
        }
        let notice = again.get("site").json()["notice"].clone();
        assert!(notice.is_null() || answered.is_none(), "round {round}: {notice}");
        if let Some(undo) = notice["undo"].as_str() {
            again.done("undo", &json!({ "undo": undo }));
            assert!(root.join(A).exists() && again.read("content/guides/s7.md").contains("(a.md)"));
        }
    }
}
