//! What the collector records with the first answer of a wave, what it refuses later, and its numbers for monitoring.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::Duration;

use axum::http::StatusCode;
use puzhi_core::kinds::{CollectionMode, SamplingMethod};
use puzhi_survey::collector::Collector;
use puzhi_survey::store::{BatchSource, StoreError};

use super::site::*;
use super::{GOOD, with};
use crate::support::puzhi;

/// A key with this number.
fn key(n: usize) -> String {
    format!("{n:032x}")
}

#[tokio::test]
async fn each_answer_belongs_to_the_batch_of_its_wave_and_questionnaire() {
    let running = Running::start().await;
    for n in 0..3 {
        assert_eq!(running.form(&with(GOOD, &[("key", &key(n))])).await.status, StatusCode::SEE_OTHER);
    }
    let code = running.code("awareness", "drawn").await.to_string();
    assert_eq!(running.form(&with(GOOD, &[("key", &key(9)), ("code", &code)])).await.status, StatusCode::SEE_OTHER);
    let (batches, unrecorded) = running.store.batches("awareness").await.unwrap();
    let told: Vec<_> = batches.iter().map(|b| (b.facts.wave.as_str(), b.facts.sample, b.records)).collect();
    assert_eq!(told, [("drawn", Some(SamplingMethod::Probability), 1), ("spring", Some(SamplingMethod::Voluntary), 3)]);
    assert!(unrecorded.is_empty());
    assert!(batches.iter().all(|b| b.facts.source == BatchSource::Collector && b.facts.mode == CollectionMode::Web));
    // Another wording opens another batch; the answers before keep theirs.
    running.collector.replace_definitions(definitions(&SITE.replace("您听说过知识产权吗？", "您知道知识产权吗？")));
    assert_eq!(running.form(&with(GOOD, &[("key", &key(5))])).await.status, StatusCode::SEE_OTHER);
    let (again, _) = running.store.batches("awareness").await.unwrap();
    assert_eq!(again.len(), 3);
    assert_eq!(again.iter().filter(|b| batches.iter().any(|old| old.digest == b.digest)).count(), 2);
}

#[tokio::test]
async fn a_relabelled_wave_takes_no_answers() {
    let running = Running::start().await;
    assert_eq!(running.form(&with(GOOD, &[("key", &key(1))])).await.status, StatusCode::SEE_OTHER);
    let relabelled = SITE.replace("{id: spring, sample: voluntary,", "{id: spring, sample: probability, mode: web,");
    let field = match Collector::check_definitions(&running.store, &definitions(&relabelled)).await {
        Err(StoreError::Relabelled(found)) => found.field,
        other => panic!("{other:?}"),
    };
    assert_eq!(field, "sample");
    assert!(Collector::check_definitions(&running.store, &definitions(SITE)).await.is_ok());
    // Should such a definition get in all the same, nothing is stored under it.
    running.collector.replace_definitions(definitions(&relabelled));
    let code = running.code("awareness", "spring").await.to_string();
    let answer = running.form(&with(GOOD, &[("key", &key(2)), ("code", &code)])).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{}", answer.text);
    assert_eq!(running.stored().await.len(), 1);
}

#[tokio::test]
async fn metrics_count_submissions_and_name_nothing() {
    let running = Running::start().await;
    running.form(&with(GOOD, &[("key", &key(1))])).await;
    running.form(&[("q.heard", "perhaps"), ("consent", "yes"), ("key", &key(2))]).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let serving = tokio::spawn(running.collector.clone().serve_metrics(listener));
    let text = tokio::task::spawn_blocking(move || get(address, "/metrics")).await.unwrap();
    for line in [
        "puzhi_submissions_total 2",
        "puzhi_submissions_stored_total 1",
        "puzhi_submissions_failed_total 0",
        "puzhi_store_failing 0",
    ] {
        assert!(text.lines().any(|l| l == line), "{line}: {text}");
    }
    for name in ["awareness", "spring", "heard", "perhaps"] {
        assert!(!text.contains(name), "{name}: {text}");
    }
    // The numbers are on no other listener.
    assert_eq!(running.get("/metrics").await.status, StatusCode::NOT_FOUND);
    serving.abort();
}

fn get(address: std::net::SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    text
}

#[cfg(unix)]
#[test]
fn a_reload_with_a_mistake_keeps_the_surveys() {
    const PAGE: &str = "---\nkind: survey\ntitle: 问卷\nid: s\nopens: 2020-04-01\ncloses: 2099-04-30\nquestions:\n  - {id: heard, type: single, text: 听说过吗？, options: [{id: know, text: 知道}, {id: never, text: 没有}]}\n---\n";
    let site = tempfile::tempdir().unwrap();
    std::fs::create_dir(site.path().join("content")).unwrap();
    std::fs::write(site.path().join("site.yaml"), "title: 站\nbase_url: https://example.org/\n").unwrap();
    let page = |text: &str| std::fs::write(site.path().join("content/s.md"), text).unwrap();
    page(PAGE);
    let db = format!("sqlite:{}", site.path().join("a.db").display());
    let mut child = puzhi()
        .args(["survey", "serve", "--listen", "127.0.0.1:0", "--db", &db, "--root"])
        .arg(site.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
    let first = said.next().unwrap().unwrap();
    let address = first.split("http://").nth(1).and_then(|rest| rest.split('/').next()).unwrap().parse().unwrap();
    let mut errors = BufReader::new(child.stderr.take().unwrap()).lines();
    let mut reload = |until: &str| {
        assert!(Command::new("kill").args(["-HUP", &child.id().to_string()]).status().unwrap().success());
        let lines: Vec<String> = errors.by_ref().map(Result::unwrap).take_while(|line| !line.contains(until)).collect();
        lines.join("\n")
    };
    assert!(get(address, "/surveys/s").contains("听说过吗？"));
    page(&PAGE.replace("type: single", "type: singel"));
    reload("仍用原来的");
    assert!(get(address, "/surveys/s").contains("听说过吗？"), "the survey goes on");
    // Mended, it is read.
    page(&PAGE.replace("听说过吗？", "知道吗？"));
    reload("已重新读取问卷");
    assert!(get(address, "/surveys/s").contains("知道吗？"));
    // Taken away on purpose, it is gone.
    std::fs::remove_file(site.path().join("content/s.md")).unwrap();
    reload("已重新读取问卷");
    assert!(!get(address, "/surveys/s").contains("知道吗？"));
    child.kill().unwrap();
    child.wait().unwrap();
}
