//! Posts nobody honest sends: each is answered with a clear page or JSON, and nothing is stored.

use axum::body::Body;
use axum::http::{HeaderValue, Request, StatusCode};
use puzhi_survey::collector::OneTimeCode;
use puzhi_survey::store::CodeCount;

use super::site::*;
use super::{GOOD, with};

/// An answer people or programs can read, without anything of an attack alive in it.
fn clear(answer: &Answer, what: &str) {
    assert!(answer.status.is_client_error(), "{what}: {} {}", answer.status, answer.text);
    match answer.headers["content-type"].to_str().unwrap() {
        "application/json" => {
            let said: serde_json::Value = serde_json::from_str(&answer.text).unwrap();
            assert_eq!(said["status"], "refused", "{what}");
            assert!(said["message"].is_string() || !said["problems"].as_array().unwrap().is_empty(), "{what}");
        }
        kind => {
            assert_eq!(kind, "text/html; charset=utf-8", "{what}");
            assert!(answer.text.contains("<h1>") && answer.text.ends_with("</html>\n"), "{what}: {}", answer.text);
        }
    }
    assert!(!answer.text.contains("<script>alert") && !answer.text.contains("<img src=x"), "{what}");
}

const SQL: &str = "know'); DROP TABLE puzhi_responses; --";
const HTML: &str = "<script>alert(1)</script><img src=x onerror=alert(2)>";

#[tokio::test]
async fn hostile_forms_store_nothing() {
    let running = Running::start().await;
    let key = [("key", KEY)];
    let consent = [("consent", "yes"), ("key", KEY)];
    let long = "长".repeat(10_000);
    let deep = "[".repeat(500);
    let mut forms: Vec<(&str, Vec<(&str, &str)>)> = vec![
        ("nothing", vec![]),
        ("no answers", with(&consent, &[])),
        ("no consent", with(&key, &[("q.heard", "know")])),
        ("consent of another kind", with(&key, &[("q.heard", "know"), ("consent", "true")])),
        ("unknown question", with(&consent, &[("q.heard", "know"), ("q.salary", "9")])),
        ("unknown option", with(&consent, &[("q.heard", "perhaps")])),
        ("two options of one", with(&consent, &[("q.heard", "know"), ("q.heard", "never")])),
        ("option of another question", with(&consent, &[("q.heard", "patent")])),
        ("not asked", with(&consent, &[("q.heard", "never"), ("q.topics", "patent")])),
        ("beyond the scale", with(&consent, &[("q.heard", "know"), ("q.useful", "6")])),
        ("no number", with(&consent, &[("q.heard", "know"), ("q.years", "1e3")])),
        ("a huge number", with(&consent, &[("q.heard", "know"), ("q.years", "99999999999999999999999999")])),
        ("a long text", with(&consent, &[("q.heard", long.as_str())])),
        ("brackets", with(&consent, &[("q.heard", deep.as_str())])),
        ("trap", with(&consent, &[("q.heard", "know"), ("website", "http://spam.example")])),
        (
            "two keys",
            vec![("q.heard", "know"), ("consent", "yes"), ("key", KEY), ("key", "00000000000000000000000000000001")],
        ),
        ("short key", vec![("q.heard", "know"), ("consent", "yes"), ("key", "0011")]),
        ("SQL as key", vec![("q.heard", "know"), ("consent", "yes"), ("key", SQL)]),
        ("SQL as code", with(&consent, &[("q.heard", "know"), ("code", SQL)])),
        ("HTML as code", with(&consent, &[("q.heard", "know"), ("code", HTML)])),
        ("wave as code", with(&consent, &[("q.heard", "know"), ("code", "drawn")])),
    ];
    for field in ["q.heard", "q.topics", "q.useful", "q.years", "q.age", "consent", "website"] {
        for attack in [
            SQL,
            HTML,
            "../../etc/passwd",
            "\u{202e}know",
            "know ",
            "=cmd|' /C calc'!A0",
            "${jndi:ldap://x}",
            "{{7*7}}",
        ] {
            // An honest form with the attack in one field. `know ` is `know` with a blank, which phones add.
            if attack != "know " {
                let mut pairs: Vec<(&str, &str)> =
                    consent.iter().chain(&[("q.heard", "know")]).copied().filter(|(name, _)| *name != field).collect();
                pairs.push((field, attack));
                forms.push(("attack", pairs));
            }
        }
    }
    for attack in [SQL, HTML] {
        forms.push((
            "attack as name",
            with(&consent, &[("q.heard", "know"), (Box::leak(format!("q.{attack}").into_boxed_str()), "x")]),
        ));
    }
    for (n, (what, pairs)) in forms.iter().enumerate() {
        let mut request = post("/surveys/awareness", &encode(pairs));
        // Each from somewhere else, or the flood would be all that is tested.
        let peer = std::net::IpAddr::from([192, 0, 2, n as u8]);
        request
            .extensions_mut()
            .insert(axum::extract::connect_info::ConnectInfo(puzhi_survey::collector::PeerAddress(peer)));
        let answer = running.send(request).await;
        clear(&answer, &format!("{what} {pairs:?}"));
    }
    assert!(running.stored().await.is_empty());
}

#[tokio::test]
async fn hostile_bodies_store_nothing() {
    let running = Running::start().await;
    let good = encode(&with(GOOD, &[("key", KEY)]));
    let megabytes = format!("{good}&x={}", "a".repeat(10 << 20));
    let deep = format!(r#"{{"key":"{KEY}","consent":true,"answers":{}{}}}"#, "{\"a\":".repeat(9000), "}".repeat(9000));
    let wide =
        format!(r#"{{"key":"{KEY}","consent":true,"answers":{{"topics":[{}]}}}}"#, vec!["\"patent\""; 5000].join(","));
    let typed = |kind: &'static str, body: Vec<u8>| {
        let mut request = post("/surveys/awareness", "");
        request.headers_mut().insert("content-type", HeaderValue::from_static(kind));
        *request.body_mut() = Body::from(body);
        request
    };
    const FORM: &str = "application/x-www-form-urlencoded";
    const JSON: &str = "application/json";
    let json = |text: &str| typed(JSON, text.as_bytes().to_vec());
    let cases: Vec<(&str, Request<Body>, u16)> = vec![
        ("ten megabytes", typed(FORM, megabytes.clone().into_bytes()), 413),
        ("ten megabytes of JSON", typed(JSON, megabytes.into_bytes()), 413),
        ("GBK", typed(FORM, b"q.heard=\xd6\xaa\xb5\xc0&consent=yes".to_vec()), 400),
        ("encoded GBK", typed(FORM, b"q.heard=%D6%AA%B5%C0&consent=yes".to_vec()), 400),
        ("NUL", typed(FORM, b"q.heard=know%00&consent=yes".to_vec()), 400),
        ("overlong", typed(FORM, b"q.heard=%c0%af&consent=yes".to_vec()), 400),
        ("UTF-16", typed(JSON, "{\"answers\":{}}".encode_utf16().flat_map(u16::to_le_bytes).collect()), 400),
        ("too many fields", typed(FORM, "a=b&".repeat(3000).into_bytes()), 400),
        ("deep JSON", json(&deep), 400),
        ("deep arrays", json(&"[".repeat(60_000)), 400),
        ("wide JSON", json(&wide), 422),
        ("no JSON", json("<xml/>"), 400),
        ("NaN", json(&format!(r#"{{"key":"{KEY}","consent":true,"answers":{{"years":NaN}}}}"#)), 400),
        (
            "a fraction",
            json(&format!(r#"{{"key":"{KEY}","consent":true,"answers":{{"heard":"know","years":1.5}}}}"#)),
            422,
        ),
        (
            "a huge number",
            json(&format!(r#"{{"key":"{KEY}","consent":true,"answers":{{"heard":"know","years":1e400}}}}"#)),
            400,
        ),
        ("objects", json(&format!(r#"{{"key":"{KEY}","consent":true,"answers":{{"heard":{{"$ne":null}}}}}}"#)), 422),
        ("answers as a list", json(&format!(r#"{{"key":"{KEY}","consent":true,"answers":["know"]}}"#)), 422),
        ("consent as text", json(&format!(r#"{{"key":"{KEY}","consent":"yes","answers":{{"heard":"know"}}}}"#)), 400),
        ("no consent", json(&format!(r#"{{"key":"{KEY}","answers":{{"heard":"know"}}}}"#)), 422),
        ("trap", json(&format!(r#"{{"key":"{KEY}","consent":true,"website":"x","answers":{{"heard":"know"}}}}"#)), 422),
        (
            "twice the same name",
            json(&format!(r#"{{"key":"{KEY}","key":"{KEY}","consent":true,"answers":{{"heard":"know"}}}}"#)),
            400,
        ),
        ("multipart", typed("multipart/form-data; boundary=x", good.clone().into_bytes()), 415),
        ("plain text", typed("text/plain", good.clone().into_bytes()), 415),
        ("XML", typed("application/xml", b"<a/>".to_vec()), 415),
    ];
    for (what, request, status) in cases {
        let answer = running.send(request).await;
        assert_eq!(answer.status.as_u16(), status, "{what}: {}", answer.text);
        clear(&answer, what);
    }
    let mut untyped = post("/surveys/awareness", &good);
    untyped.headers_mut().remove("content-type");
    assert_eq!(running.send(untyped).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    for method in ["PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "PROPFIND"] {
        let request =
            Request::builder().method(method).uri("/surveys/awareness").body(Body::from(good.clone())).unwrap();
        assert_eq!(running.send(request).await.status, StatusCode::METHOD_NOT_ALLOWED, "{method}");
    }
    assert!(running.stored().await.is_empty());
}

#[tokio::test]
async fn forged_origins_store_nothing() {
    let running = Running::start().await;
    let good = encode(&with(GOOD, &[("key", KEY)]));
    for origin in [
        "https://evil.example",
        "null",
        "http://www.example.gov.cn",
        "https://www.example.gov.cn.evil.example",
        "https://www.example.gov.cn:444",
        "file://",
        "x",
    ] {
        let mut request = post("/surveys/awareness", &good);
        request.headers_mut().insert("origin", origin.parse().unwrap());
        let answer = running.send(request).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{origin}");
        clear(&answer, origin);
        assert!(answer.text.contains("不能从这个网页提交"));
    }
    let mut twice = post("/surveys/awareness", &good);
    twice.headers_mut().append("origin", "https://evil.example".parse().unwrap());
    assert_eq!(running.send(twice).await.status, StatusCode::FORBIDDEN);
    assert!(running.stored().await.is_empty());
    // The collector's own page, and a program that has no origin.
    let mut own = post("/surveys/awareness", &good);
    own.headers_mut().insert("origin", "https://survey.example.gov.cn".parse().unwrap());
    assert_eq!(running.send(own).await.status, StatusCode::SEE_OTHER);
    let mut none = post("/surveys/awareness", &good);
    none.headers_mut().remove("origin");
    assert_eq!(running.send(none).await.status, StatusCode::SEE_OTHER);
    assert_eq!(running.stored().await.len(), 1);
}

#[tokio::test]
async fn no_request_enters_a_probability_wave_without_a_code_drawn_for_it() {
    let running = Running::start().await;
    running.code("awareness", "drawn").await;
    running.code("awareness", "quota").await;
    let mut keys = 0u8;
    let mut key = || {
        keys += 1;
        format!("{keys:032x}")
    };
    for wave in ["drawn", "quota", "past", "open", "spring", "invited"] {
        for (name, value) in [
            ("wave", wave),
            ("q.wave", wave),
            ("sample", "probability"),
            ("mode", "paper"),
            ("code", wave),
            ("w", wave),
            ("code", "true"),
            ("code", "0000-0000-0000"),
        ] {
            let key = key();
            running.form(&with(GOOD, &[("key", &key), (name, value)])).await;
        }
        for path in [
            format!("/surveys/awareness?wave={wave}"),
            format!("/surveys/awareness/{wave}"),
            format!("/surveys/awareness%2F{wave}"),
            format!("/surveys/awareness;wave={wave}"),
        ] {
            let key = key();
            running.send(post(&path, &encode(&with(GOOD, &[("key", &key)])))).await;
        }
        let key = key();
        running
            .json(&format!(r#"{{"key":"{key}","consent":true,"wave":"{wave}","answers":{{"heard":"know"}}}}"#))
            .await;
        running
            .json(&format!(r#"{{"key":"{key}","consent":true,"code":"{wave}","answers":{{"heard":"know"}}}}"#))
            .await;
        running
            .json(&format!(r#"{{"key":"{key}","consent":true,"answers":{{"heard":"know","wave":"{wave}"}}}}"#))
            .await;
        let mut header = post("/surveys/awareness", &encode(&with(GOOD, &[("key", &key)])));
        header.headers_mut().insert("x-wave", wave.parse().unwrap());
        running.send(header).await;
    }
    let stored = running.stored().await;
    assert!(stored.len() > 10, "honest parts were stored");
    assert!(stored.iter().all(|sheet| sheet.wave == "spring" && sheet.mode == "web"), "{stored:?}");
    assert_eq!(running.store.count_codes("awareness", "drawn").await.unwrap(), CodeCount { all: 1, used: 0 });
}

#[tokio::test]
async fn guessing_codes_ends_and_tells_nothing() {
    let running = Running::start().await;
    let real = running.code("awareness", "drawn").await;
    let mut said = Vec::new();
    for _ in 0..10 {
        let guess = OneTimeCode::generate().unwrap().to_string();
        let answer = running.form(&with(GOOD, &[("key", KEY), ("code", &guess)])).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        said.push(answer.text.replace(&guess, ""));
    }
    assert!(said.windows(2).all(|two| two[0] == two[1]));
    // Even the right one is not looked at any more, and open answers still are.
    let answer = running.form(&with(GOOD, &[("key", KEY), ("code", &real.to_string())])).await;
    assert_eq!(
        (answer.status, answer.headers["retry-after"].to_str().unwrap()),
        (StatusCode::TOO_MANY_REQUESTS, "360")
    );
    assert!(running.stored().await.is_empty());
    assert_eq!(running.form(&with(GOOD, &[("key", KEY)])).await.status, StatusCode::SEE_OTHER);
    assert_eq!(running.store.count_codes("awareness", "drawn").await.unwrap(), CodeCount { all: 1, used: 0 });
}
