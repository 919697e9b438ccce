//! The collector as browsers, programs and attackers meet it, on a real database file.

mod batches;
mod hostile;
mod site;

use axum::body::Body;
use axum::extract::connect_info::ConnectInfo;
use axum::http::{Request, StatusCode};
use puzhi_core::base::ContentHash;
use puzhi_survey::collector::{PeerAddress, SubmissionKey};
use puzhi_survey::store::CodeCount;
use site::*;

const GOOD: &[(&str, &str)] = &[
    ("q.heard", "know"),
    ("q.topics", "patent"),
    ("q.topics", "mark"),
    ("q.years", "34"),
    ("consent", "yes"),
    ("website", ""),
];

fn with<'p>(pairs: &[(&'p str, &'p str)], more: &[(&'p str, &'p str)]) -> Vec<(&'p str, &'p str)> {
    pairs.iter().chain(more).copied().collect()
}

#[tokio::test]
async fn a_form_with_a_key_is_stored_once_and_thanked() {
    let running = Running::start().await;
    let pairs = with(GOOD, &[("key", KEY)]);
    for _ in 0..3 {
        let answer = running.form(&pairs).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        assert_eq!(answer.headers["location"], "https://www.example.gov.cn/ip/surveys/awareness/thanks/");
    }
    // The same key answers as the first did, whatever comes with it.
    assert_eq!(
        running.form(&[("q.heard", "never"), ("consent", "yes"), ("key", KEY)]).await.status,
        StatusCode::SEE_OTHER
    );
    let [sheet] = running.stored().await.try_into().unwrap();
    assert_eq!(sheet.id, SubmissionKey::parse(KEY).unwrap().row_key("awareness"));
    assert_eq!((sheet.survey.as_str(), sheet.wave.as_str(), sheet.mode.as_str()), ("awareness", "spring", "web"));
    assert_eq!(sheet.hour * 3600, "2027-04-10T04:00:00Z".parse::<jiff::Timestamp>().unwrap().as_second());
    assert_eq!(sheet.answers, r#"{"heard":"know","topics":["mark","patent"],"years":34}"#);
    let wording = definitions(SITE).find("awareness", None).unwrap().survey.wording();
    assert_eq!(ContentHash::from_bytes(sheet.wording), wording);
    let mut read = Vec::new();
    assert_eq!(running.store.for_each_response("awareness", |response| read.push(response)).await.unwrap(), 1);
    assert_eq!(
        (read[0].mode, read[0].answers.canonical()),
        (puzhi_core::kinds::CollectionMode::Web, sheet.answers.clone())
    );
}

#[tokio::test]
async fn who_comes_from_a_large_page_stays_on_large_pages() {
    let running = Running::start().await;
    let path = "/surveys/awareness?view=large";
    let form = running.get(path).await;
    assert!(form.text.contains("action=\"../surveys/awareness?view=large\""), "{}", form.text);
    assert!(form.text.contains("<link rel=\"stylesheet\" href=\"../large.css\">"), "{}", form.text);
    assert!(form.text.contains("href=\"https://www.example.gov.cn/ip/large/surveys/awareness/\""), "{}", form.text);
    let review = running.send(post(path, &encode(GOOD))).await;
    assert_eq!(review.text.matches("action=\"../surveys/awareness?view=large\"").count(), 2, "{}", review.text);
    let refused = running.send(post(path, "consent=yes")).await;
    assert!(refused.text.contains("../large.css") && refused.status == StatusCode::UNPROCESSABLE_ENTITY);
    let stored = running.send(post(path, &encode(&with(GOOD, &[("key", KEY)])))).await;
    assert_eq!(stored.headers["location"], "https://www.example.gov.cn/ip/large/surveys/awareness/thanks/");
    let english = running.get("/surveys/awareness?lang=en&view=large").await;
    assert!(english.text.contains("../large.css"), "{}", english.text);
    assert!(running.get("/large.css").await.text.contains("font-size: 150%"));
    let normal = running.get("/surveys/awareness?view=larger").await;
    assert!(!normal.text.contains("large"), "{}", normal.text);
}

#[tokio::test]
async fn a_form_without_a_key_is_looked_over_first() {
    let running = Running::start().await;
    let check = running.form(GOOD).await;
    assert_eq!(check.status, StatusCode::OK);
    assert!(
        check.text.contains("请核对您的答案") && check.text.contains("专利") && check.text.contains("34"),
        "{}",
        check.text
    );
    assert!(running.stored().await.is_empty());
    let key = key_of(&check.text);
    assert_ne!(key, key_of(&running.form(GOOD).await.text), "each page has its own key");
    let change = running.form(&with(GOOD, &[("change", "yes")])).await;
    assert!(
        change.text.contains("<form") && change.text.contains("value=\"34\"") && !change.text.contains("ask-problems"),
        "{}",
        change.text
    );
    assert!(running.stored().await.is_empty());
    assert_eq!(running.form(&with(GOOD, &[("key", &key)])).await.status, StatusCode::SEE_OTHER);
    assert_eq!(running.form(&with(GOOD, &[("key", &key)])).await.status, StatusCode::SEE_OTHER);
    assert_eq!(running.stored().await.len(), 1);
}

#[tokio::test]
async fn what_is_to_be_mended_comes_back_filled_and_escaped() {
    let running = Running::start().await;
    let evil = "\"><script>alert(1)</script>'; DROP TABLE puzhi_responses; --";
    let answer = running.form(&[("q.heard", "never"), ("q.topics", "mark"), ("q.years", evil), ("key", KEY)]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("role=\"alert\"") && answer.text.contains("有3处要改"), "{}", answer.text);
    assert!(answer.text.contains("愿意参加") && answer.text.contains("不用回答") && answer.text.contains("要填整数"));
    assert!(!answer.text.contains("<script>alert") && answer.text.contains("&lt;script&gt;"));
    assert!(answer.text.contains(&format!("name=\"key\" value=\"{KEY}\"")), "the same submission, mended");
    assert!(running.stored().await.is_empty());
    let json = running.json(&format!(r#"{{"key":"{KEY}","consent":true,"answers":{{"heard":"maybe"}}}}"#)).await;
    assert_eq!(json.status, StatusCode::UNPROCESSABLE_ENTITY);
    let said: serde_json::Value = serde_json::from_str(&json.text).unwrap();
    assert_eq!((said["status"].as_str(), said["problems"][0]["field"].as_str()), (Some("refused"), Some("heard")));
    // In English for who asks in English.
    let answer = running.send(post("/surveys/awareness?lang=en", &encode(&[("consent", "yes")]))).await;
    assert!(
        answer.text.contains("lang=\"en\"")
            && answer.text.contains("needs an answer")
            && answer.text.contains("Awareness survey"),
        "{}",
        answer.text
    );
    assert!(answer.text.contains("action=\"../surveys/awareness?lang=en\""));
}

#[tokio::test]
async fn json_is_stored_and_told() {
    let running = Running::start().await;
    let unsent = running.json(r#"{"consent":true,"answers":{"heard":"know","topics":["patent"],"useful":5}}"#).await;
    let said: serde_json::Value = serde_json::from_str(&unsent.text).unwrap();
    assert_eq!(said["status"], "check");
    let key = said["key"].as_str().unwrap();
    assert!(running.stored().await.is_empty());
    let body = format!(
        r#"{{"key":"{key}","consent":true,"code":null,"answers":{{"heard":"know","topics":["patent"],"useful":5}}}}"#
    );
    for _ in 0..2 {
        let sent = running.json(&body).await;
        assert_eq!((sent.status, sent.text.trim()), (StatusCode::OK, r#"{"status":"stored"}"#));
        assert_eq!(sent.headers["access-control-allow-origin"], "https://www.example.gov.cn");
    }
    assert_eq!(running.stored().await[0].answers, r#"{"heard":"know","topics":["patent"],"useful":5}"#);
    assert_eq!(running.stored().await.len(), 1);
    let mut ask = Request::options("/surveys/awareness").body(Body::empty()).unwrap();
    ask.headers_mut().insert("origin", "https://evil.example".parse().unwrap());
    assert!(!running.send(ask).await.headers.contains_key("access-control-allow-origin"));
    let mut ask = Request::options("/surveys/awareness").body(Body::empty()).unwrap();
    ask.headers_mut().insert("origin", "https://www.example.gov.cn".parse().unwrap());
    let may = running.send(ask).await;
    assert_eq!(
        (may.status, may.headers["access-control-allow-headers"].to_str().unwrap()),
        (StatusCode::NO_CONTENT, "content-type")
    );
}

#[tokio::test]
async fn the_form_is_there_while_the_survey_is_open() {
    let running = Running::start().await;
    for path in ["/surveys/awareness", "/ask/surveys/awareness"] {
        let form = running.get(path).await;
        assert_eq!(form.status, StatusCode::OK);
        for part in [
            "<form",
            "您听说过知识产权吗",
            "name=\"consent\"",
            "name=\"website\"",
            "name=\"code\"",
            "测试单位",
            "href=\"../style.css\"",
            "lang=\"zh",
        ] {
            assert!(form.text.contains(part), "{part}");
        }
    }
    let english = running.get("/surveys/awareness?lang=en").await;
    assert!(
        english.text.contains("Have you heard")
            && english.text.contains("https://www.example.gov.cn/ip/en/surveys/awareness/"),
        "{}",
        english.text
    );
    let later = running.get("/surveys/later").await;
    assert!(later.text.contains("2027年5月1日") && !later.text.contains("<form"), "{}", later.text);
    let over = running.get("/surveys/over").await;
    assert!(over.text.contains("2026年5月2日") && !over.text.contains("<form"));
    for absent in [
        "/surveys/draft",
        "/surveys/nothing",
        "/surveys/",
        "/",
        "/surveys/a/b/c",
        "/admin",
        "/surveys/%ff",
        "/surveys/..%2f..%2fetc%2fpasswd",
    ] {
        let answer = running.get(absent).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{absent}");
        assert!(answer.text.contains("没有这个页面"), "{absent}");
    }
    assert!(running.get("/style.css").await.text.contains(".ask"));
    assert!(running.get("/ask/form.js").await.headers["content-type"].to_str().unwrap().starts_with("text/javascript"));
    assert_eq!(running.get("/healthz").await.text, "ok\n");
}

#[tokio::test]
async fn the_collectors_clock_decides_what_is_open() {
    let running = Running::start().await;
    for (survey, says) in [("later", "还没有开始"), ("over", "已经结束")] {
        let body = encode(&[("q.q", "3"), ("consent", "yes"), ("key", KEY)]);
        let answer = running.send(post(&format!("/surveys/{survey}"), &body)).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert!(answer.text.contains(says), "{}", answer.text);
        let answer = running
            .send(json(
                &format!("/surveys/{survey}"),
                &format!(r#"{{"key":"{KEY}","consent":true,"answers":{{"q":3}}}}"#),
            ))
            .await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
    }
    assert!(running.stored().await.is_empty());
}

#[tokio::test]
async fn a_child_is_thanked_and_nothing_is_stored() {
    let running = Running::start().await;
    // Not even what is missing is asked of a child.
    for pairs in [&[("q.age", "child"), ("key", KEY)][..], &with(GOOD, &[("q.age", "child"), ("key", KEY)])] {
        let answer = running.form(pairs).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(answer.text.contains("14周岁") && answer.text.contains("没有保存"), "{}", answer.text);
    }
    let json =
        running.json(&format!(r#"{{"key":"{KEY}","consent":true,"answers":{{"heard":"know","age":"child"}}}}"#)).await;
    assert_eq!(serde_json::from_str::<serde_json::Value>(&json.text).unwrap()["status"], "under-age");
    assert!(running.stored().await.is_empty());
    assert_eq!(
        running.form(&with(GOOD, &[("q.age", "adult"), ("key", KEY)])).await.status,
        StatusCode::SEE_OTHER,
        "the key was not spent"
    );
}

#[tokio::test]
async fn a_code_opens_its_wave_once() {
    let running = Running::start().await;
    let code = running.code("awareness", "drawn").await.to_string();
    let small = format!(" {} ", code.to_lowercase().replace('-', " "));
    // Looked over first: the code is not spent on that.
    let check = running.form(&with(GOOD, &[("code", &small)])).await;
    let key = key_of(&check.text);
    assert!(check.text.contains("name=\"code\""));
    let wrong = running.form(&[("q.heard", "maybe"), ("consent", "yes"), ("key", &key), ("code", &code)]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(running.store.fixed_waves("awareness").await.unwrap(), [], "no answer yet, so the method is open");
    assert_eq!(running.form(&with(GOOD, &[("key", &key), ("code", &small)])).await.status, StatusCode::SEE_OTHER);
    assert_eq!(
        running.form(&with(GOOD, &[("key", &key), ("code", &code)])).await.status,
        StatusCode::SEE_OTHER,
        "sent again"
    );
    for pairs in [with(GOOD, &[("code", &code)]), with(GOOD, &[("code", &code), ("key", KEY)])] {
        let used = running.form(&pairs).await;
        assert_eq!(used.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(used.text.contains("已经用过"), "{}", used.text);
    }
    let waves: Vec<String> = running.stored().await.into_iter().map(|s| s.wave).collect();
    assert_eq!(waves, ["drawn"]);
    let fixed = running.store.fixed_waves("awareness").await.unwrap();
    assert_eq!(fixed.iter().map(|wave| wave.wave.as_str()).collect::<Vec<_>>(), ["drawn"]);
    assert!(fixed[0].method.contains("\"rule\"") && fixed[0].label_key.len() == 32);
    assert_eq!(running.store.count_codes("awareness", "drawn").await.unwrap(), CodeCount { all: 1, used: 1 });
    // Codes of another survey, of a wave that is over, and of one that is not declared open nothing.
    for (survey, wave) in [("invited", "drawn"), ("awareness", "past"), ("awareness", "gone")] {
        let code = running.code(survey, wave).await.to_string();
        let answer = running.form(&with(GOOD, &[("code", &code), ("key", KEY)])).await;
        assert!(
            matches!(answer.status, StatusCode::UNPROCESSABLE_ENTITY | StatusCode::FORBIDDEN),
            "{wave}: {}",
            answer.text
        );
        assert_eq!(
            running.store.count_codes(survey, wave).await.unwrap().used,
            u64::from((survey, wave) == ("awareness", "drawn"))
        );
    }
    assert_eq!(running.stored().await.len(), 1);
}

#[tokio::test]
async fn where_only_drawn_people_answer_the_form_wants_a_code() {
    let running = Running::start().await;
    let form = running.get("/surveys/invited").await;
    assert!(form.text.contains("只收有答题码的答卷") && form.text.contains("name=\"code\""), "{}", form.text);
    let body = encode(&[("q.q", "3"), ("consent", "yes"), ("key", KEY)]);
    let answer = running.send(post("/surveys/invited", &body)).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("答题码"));
    let code = running.code("invited", "drawn").await.to_string();
    let body = encode(&[("q.q", "3"), ("consent", "yes"), ("key", KEY), ("code", &code)]);
    assert_eq!(running.send(post("/surveys/invited", &body)).await.status, StatusCode::SEE_OTHER);
    assert_eq!(running.stored().await[0].wave, "drawn");
}

#[tokio::test]
async fn answers_in_time_are_confirmed_after_the_end() {
    let running = Running::start().await;
    assert_eq!(running.form(&with(GOOD, &[("key", KEY)])).await.status, StatusCode::SEE_OTHER);
    // The same survey, its open wave now over.
    running.collector.replace_definitions(definitions(&SITE.replace(
        "id: spring, sample: voluntary, opens: 2027-04-01, closes: 2027-04-30",
        "id: spring, sample: voluntary, opens: 2027-04-01, closes: 2027-04-09",
    )));
    assert_eq!(running.form(&with(GOOD, &[("key", KEY)])).await.status, StatusCode::SEE_OTHER);
    assert_eq!(
        running.form(&with(GOOD, &[("key", &KEY.replace('0', "1"))])).await.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "a code would be needed now"
    );
    assert_eq!(running.stored().await.len(), 1);
}

#[tokio::test]
async fn every_answer_has_strict_headers() {
    let running = Running::start().await;
    let mut answers = Vec::new();
    for path in [
        "/surveys/awareness",
        "/surveys/later",
        "/surveys/nothing",
        "/healthz",
        "/nothing",
        "/style.css",
        "/ask/nothing",
    ] {
        answers.push(running.get(path).await);
    }
    answers.push(running.form(GOOD).await);
    answers.push(running.form(&with(GOOD, &[("key", KEY)])).await);
    answers.push(running.json("{").await);
    answers.push(running.send(Request::delete("/surveys/awareness").body(Body::empty()).unwrap()).await);
    answers.push(running.send(Request::post("/healthz").body(Body::empty()).unwrap()).await);
    assert_eq!(answers[answers.len() - 1].status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(answers[answers.len() - 2].status, StatusCode::METHOD_NOT_ALLOWED);
    for answer in answers {
        let header =
            |name: &str| answer.headers.get(name).unwrap_or_else(|| panic!("{name}: {answer:?}")).to_str().unwrap();
        let policy = header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'")
                && policy.contains("frame-ancestors 'none'")
                && policy.contains("base-uri 'none'")
        );
        assert!(
            policy.contains("form-action 'self' https://www.example.gov.cn https://survey.example.gov.cn;"),
            "{policy}"
        );
        assert_eq!(
            (header("x-content-type-options"), header("referrer-policy"), header("x-frame-options")),
            ("nosniff", "same-origin", "DENY")
        );
        assert!(!answer.headers.contains_key("set-cookie") && !answer.headers.contains_key("server"));
    }
}

#[tokio::test]
async fn a_store_that_fails_is_told_and_loses_nothing() {
    let running = Running::start().await;
    running.store.close().await;
    let answer = running.form(&with(GOOD, &[("key", KEY)])).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(
        answer.text.contains("重复提交只算一份") && answer.text.contains(KEY) && answer.text.contains("value=\"34\""),
        "{}",
        answer.text
    );
    assert_eq!(answer.headers["retry-after"], "30");
    assert_eq!(running.get("/healthz").await.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn floods_are_stopped_by_address_and_proxies_are_believed_only_when_trusted() {
    let running = Running::start().await;
    let from = |peer: &str, forwarded: &str| {
        let mut request = post("/surveys/awareness", "");
        request.extensions_mut().insert(ConnectInfo(PeerAddress(peer.parse().unwrap())));
        request.headers_mut().insert("x-forwarded-for", forwarded.parse().unwrap());
        request
    };
    for n in 0..120 {
        // A client that invents addresses is still one client.
        assert_eq!(
            running.send(from("203.0.113.5", &format!("192.0.2.{n}"))).await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
    }
    let stopped = running.send(from("203.0.113.5", "192.0.2.200")).await;
    assert_eq!(
        (stopped.status, stopped.headers["retry-after"].to_str().unwrap()),
        (StatusCode::TOO_MANY_REQUESTS, "2")
    );
    assert!(stopped.text.contains("2秒"));
    assert_eq!(running.send(from("203.0.113.6", "192.0.2.200")).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    for n in 0..120 {
        assert_eq!(
            running.send(from("10.1.2.3", &format!("8.8.8.8, 192.0.2.{n}"))).await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
    }
    assert_eq!(running.send(from("10.1.2.3", "192.0.2.201")).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_proxy_that_nobody_trusts_is_told_once() {
    static TOLD: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
    let running = Running::start_with(|text| {
        assert!(text.contains("--trusted-proxy") && !text.contains("192.0.2"));
        TOLD.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    })
    .await;
    for (peer, forwarded) in [
        ("10.1.2.3", "192.0.2.1"),
        ("203.0.113.5", "192.0.2.1"),
        ("192.168.0.1", "192.0.2.1"),
        ("127.0.0.1", "192.0.2.1"),
    ] {
        let mut request = post("/surveys/awareness", "");
        request.extensions_mut().insert(ConnectInfo(PeerAddress(peer.parse().unwrap())));
        request.headers_mut().insert("x-forwarded-for", forwarded.parse().unwrap());
        running.send(request).await;
        assert_eq!(
            TOLD.load(std::sync::atomic::Ordering::Relaxed),
            usize::from(peer.starts_with("192") || peer.starts_with("127")),
            "{peer}"
        );
    }
}

#[tokio::test]
async fn nothing_that_identifies_is_in_the_database() {
    let running = Running::start().await;
    let code = running.code("awareness", "drawn").await.to_string();
    let marks = [
        ("user-agent", "SentinelAgent/1.0 (phone of Zhang San)"),
        ("cookie", "session=SentinelCookie"),
        ("x-forwarded-for", "203.0.113.199"),
        ("accept-language", "zh-CN;q=0.77-sentinel"),
        ("x-real-ip", "203.0.113.198"),
        ("referer", "https://www.example.gov.cn/ip/surveys/awareness/?who=SentinelQuery"),
    ];
    for (key, code) in [(KEY, ""), ("ffeeddccbbaa99887766554433221100", code.as_str())] {
        let mut request = post(
            "/surveys/awareness?sentinel=SentinelQuery",
            &encode(&with(GOOD, &[("key", key), ("code", code), ("name", "SentinelName"), ("phone", "13800000000")])),
        );
        for (name, value) in marks {
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        assert_eq!(running.send(request).await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(running.stored().await.len(), 2);
    let look = |bytes: Vec<u8>, when: &str| {
        let lower = bytes.to_ascii_lowercase();
        assert!(contains(&lower, b"patent"), "{when}: the answers are there, so the search would find what is");
        let key = SubmissionKey::parse(KEY).unwrap();
        for wanted in [
            "sentinel",
            "198.51.100.77",
            "203.0.113.19",
            "zhang",
            "13800000000",
            KEY,
            &code.to_lowercase(),
            &code.to_lowercase().replace('-', ""),
        ] {
            assert!(!contains(&lower, wanted.as_bytes()), "{when}: {wanted}");
        }
        let raw: Vec<u8> = (0..16).map(|i| u8::from_str_radix(&KEY[2 * i..2 * i + 2], 16).unwrap()).collect();
        assert!(!contains(&bytes, &raw), "{when}: the key itself");
        assert!(contains(&bytes, &key.row_key("awareness")));
    };
    look(running.bytes(), "running");
    running.store.erase_insertion_order(1 << 20).await.unwrap();
    running.store.close().await;
    look(running.bytes(), "closed");
}
