//! A site with surveys, a collector on a real file, and requests to it.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::body::Body;
use axum::extract::connect_info::ConnectInfo;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use puzhi::source::memory_site;
use puzhi_survey::collector::{Collector, CollectorConfig, OneTimeCode, PeerAddress, SurveyDefinitions};
use puzhi_survey::store::{DatabaseAddress, IfMissing, ResponseRecord, Store};
use tower::ServiceExt;

use crate::support::{build_date, read_settings};

/// Noon of 10 April 2027 in China.
pub fn noon() -> jiff::Timestamp {
    "2027-04-10T12:34:56+08:00".parse().unwrap()
}

pub const SITE: &str = "\
-- site.yaml --
title: 知识产权宣传
base_url: https://www.example.gov.cn/ip/
large_mode: yes
timezone: Asia/Shanghai
survey:
  endpoint: https://survey.example.gov.cn/ask
languages:
  - {code: zh, name: 中文}
  - {code: en, name: English, title: IP Campaign}
-- content/surveys/_index.md --
---
title: 问卷
kind: survey
---
-- content/surveys/awareness.md --
---
title: 知晓情况调查
id: awareness
opens: 2027-04-01
closes: 2027-04-30
purpose: 了解市民知道多少
conductor: 测试单位
questions:
  - id: heard
    type: single
    required: true
    text: 您听说过知识产权吗？
    options: [{id: know, text: 知道}, {id: never, text: 没有}]
  - id: topics
    type: multiple
    text: 听说过哪些？
    show_if: heard = know
    options: [{id: patent, text: 专利}, {id: mark, text: 商标}, {id: right, text: 著作权}]
  - {id: useful, type: scale, text: 有用吗？}
background:
  - {id: years, type: number, text: 住了几年？, min: 0, max: 120}
  - id: age
    type: single
    text: 您多大？
    options: [{id: child, text: 不满14岁}, {id: adult, text: 14岁以上}]
under_age: {question: age, options: [child]}
waves:
  - {id: spring, sample: voluntary, opens: 2027-04-01, closes: 2027-04-30}
  - {id: drawn, sample: probability, opens: 2027-04-01, closes: 2027-04-30, mode: web}
  - {id: quota, sample: quota, opens: 2027-04-01, closes: 2027-04-30, mode: web}
  - {id: past, sample: probability, opens: 2026-04-01, closes: 2026-04-30, mode: web}
---
-- content/surveys/awareness.en.md --
---
title: Awareness survey
id: awareness
opens: 2027-04-01
closes: 2027-04-30
questions:
  - id: heard
    type: single
    required: true
    text: Have you heard of intellectual property?
    options: [{id: know, text: Yes}, {id: never, text: No}]
---
-- content/surveys/later.md --
---
title: 以后的调查
id: later
opens: 2027-05-01
questions:
  - {id: q, type: scale, text: 问}
---
-- content/surveys/over.md --
---
title: 过去的调查
id: over
opens: 2026-05-01
closes: 2026-05-02
questions:
  - {id: q, type: scale, text: 问}
---
-- content/surveys/invited.md --
---
title: 只请抽中的人
id: invited
questions:
  - {id: q, type: scale, text: 问}
waves:
  - {id: drawn, sample: probability, opens: 2027-04-01, closes: 2027-04-30, mode: web}
  - {id: open-later, sample: voluntary, opens: 2027-06-01}
---
-- content/surveys/draft.md --
---
title: 草稿
id: draft
draft: true
opens: 2027-04-01
questions:
  - {id: q, type: scale, text: 问}
---
";

/// The key that most tests use.
pub const KEY: &str = "00112233445566778899aabbccddeeff";
pub const PEER: &str = "198.51.100.77";

pub fn definitions(archive: &str) -> SurveyDefinitions {
    let files = Arc::new(memory_site(archive));
    let (settings, diags) = read_settings(&files);
    assert!(!diags.iter().any(|d| d.is_error()), "{diags:?}");
    let clock = build_date(jiff::civil::date(2027, 4, 10), &settings);
    let (definitions, diags) =
        puzhi::survey_definition::read_definitions(&files, Vec::new(), settings, clock, "https://www.example.gov.cn")
            .unwrap();
    let errors: Vec<_> = diags.iter().filter(|d| d.is_error()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    definitions
}

pub struct Running {
    pub folder: tempfile::TempDir,
    pub store: Store,
    pub collector: Arc<Collector>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Running {
    pub async fn start() -> Running {
        Running::start_with(|_| {}).await
    }

    pub async fn start_with(notify: fn(&str)) -> Running {
        let folder = tempfile::tempdir().unwrap();
        let db = DatabaseAddress::Sqlite(folder.path().join("answers.db"));
        let store = Store::open(&db, IfMissing::Create).await.unwrap();
        let trusted = vec!["10.0.0.0/8".parse().unwrap()];
        let setup = CollectorConfig { definitions: definitions(SITE), trusted, clock: noon, notify };
        let collector = Collector::start(store.clone(), setup).unwrap();
        Running { folder, store, collector }
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let mut request = request;
        if request.extensions().get::<ConnectInfo<PeerAddress>>().is_none() {
            let ip: IpAddr = PEER.parse().unwrap();
            request.extensions_mut().insert(ConnectInfo(PeerAddress::from(SocketAddr::new(ip, 4711))));
        }
        let response = self.collector.router().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Answer { status: parts.status, headers: parts.headers, text: String::from_utf8(bytes.to_vec()).unwrap() }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// A form from the site's page.
    pub async fn form(&self, pairs: &[(&str, &str)]) -> Answer {
        self.send(post("/surveys/awareness", &encode(pairs))).await
    }

    pub async fn json(&self, body: &str) -> Answer {
        self.send(json("/surveys/awareness", body)).await
    }

    /// All stored sheets of all surveys.
    pub async fn stored(&self) -> Vec<ResponseRecord> {
        let mut all = Vec::new();
        for survey in ["awareness", "later", "over", "invited", "draft"] {
            all.extend(self.store.records_after(survey, None).await.unwrap());
        }
        all
    }

    pub async fn code(&self, survey: &str, wave: &str) -> OneTimeCode {
        let code = OneTimeCode::generate().unwrap();
        assert_eq!(self.store.add_codes(survey, wave, &[code.hash()]).await.unwrap(), 1);
        code
    }

    /// Every byte the store has on the disk.
    pub fn bytes(&self) -> Vec<u8> {
        let files = std::fs::read_dir(self.folder.path()).unwrap();
        files.flat_map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect()
    }
}

pub fn post(path: &str, body: &str) -> Request<Body> {
    Request::post(path)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("origin", "https://www.example.gov.cn")
        .header("host", "survey.example.gov.cn")
        .body(Body::from(body.to_string()))
        .unwrap()
}

pub fn json(path: &str, body: &str) -> Request<Body> {
    let mut request = post(path, body);
    request.headers_mut().insert("content-type", "application/json".parse().unwrap());
    request
}

pub fn encode(pairs: &[(&str, &str)]) -> String {
    let one = |text: &str| percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string();
    pairs.iter().map(|(name, value)| format!("{}={}", one(name), one(value))).collect::<Vec<_>>().join("&")
}

/// The key of 'check your answers'.
pub fn key_of(page: &str) -> String {
    let at = page.find("name=\"key\" value=\"").expect("a key") + 18;
    page[at..at + 32].to_string()
}

pub fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}
