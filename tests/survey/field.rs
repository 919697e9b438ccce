//! Interviews in the field through the program: the service of a device, the batch, and its import with the office's key.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt;
use puzhi::source::memory_site;
use puzhi_core::kinds::{CollectionMode, device_key_text, office_key_text};
use puzhi_survey::field::{CallSheet, DeviceKey, DeviceStore, FieldConfig, FieldService, OfficeIdentity};
use tower::ServiceExt;

use crate::support::{build_date, puzhi, read_settings};

const SETTINGS: &str = "title: 站\nbase_url: http://127.0.0.1/\n";

fn page(field: &str) -> String {
    format!(
        "---\nkind: survey\ntitle: 问卷\nid: s\nopens: 2027-04-01\ncloses: 2027-04-30\nquestions:\n  - {{id: heard, type: single, required: true, text: 听说过吗？, options: [{{id: zhidaoanswer, text: 知道}}, {{id: never, text: 没有}}]}}\nwaves:\n  - {{id: street, sample: quota, mode: face, field: {field}}}\n  - {{id: drawn, sample: probability, mode: phone, field: {field}}}\n---\n"
    )
}

struct Field {
    folder: tempfile::TempDir,
    office: OfficeIdentity,
    device: DeviceKey,
}

impl Field {
    fn new() -> Field {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("content")).unwrap();
        let (office, device) = (OfficeIdentity::generate().unwrap(), DeviceKey::generate().unwrap());
        fs::write(folder.path().join("site.yaml"), SETTINGS).unwrap();
        fs::write(folder.path().join("office.key"), office.file_text()).unwrap();
        let field = Field { folder, office, device };
        field.declare("");
        field
    }

    /// Writes the page; `more` is added to the entry of the device.
    fn declare(&self, more: &str) -> String {
        let device = device_key_text(&self.device.public());
        let office = office_key_text(&self.office.public());
        let text = page(&format!("{{office_key: {office}, devices: [{{name: 平板1, key: {device}{more}}}]}}"));
        fs::write(self.path().join("content/s.md"), &text).unwrap();
        text
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    async fn service(&self, wave: &str, sheet: Option<&str>) -> Option<Arc<FieldService>> {
        let archive = format!("-- site.yaml --\n{SETTINGS}-- content/s.md --\n{}", self.declare(""));
        let files = Arc::new(memory_site(&archive));
        let (settings, _) = read_settings(&files);
        let clock = build_date(jiff::civil::date(2027, 4, 10), &settings);
        let read = puzhi::survey_definition::read_definitions;
        let (definitions, _) = read(&files, Vec::new(), settings, clock, "http://localhost").unwrap();
        let wave = definitions.find("s", None).unwrap().survey.wave(wave).unwrap().clone();
        let sheet = sheet.map(|text| CallSheet::read(text.as_bytes(), &wave.design).unwrap());
        let store = DeviceStore::open(&self.path().join(format!("{}.db", wave.id)), "s", &wave.id).await.unwrap();
        let folder = self.path().to_path_buf();
        FieldService::new(FieldConfig {
            definitions,
            survey: "s".into(),
            mode: if wave.id == "drawn" { CollectionMode::Phone } else { CollectionMode::Face },
            wave,
            device: DeviceKey::from_file_text(&self.device.file_text()).unwrap(),
            store,
            sheet,
            clock: || "2027-04-10T12:34:56+08:00".parse().unwrap(),
            notify: |_| {},
            save: Box::new(move |name, bytes| fs::write(folder.join(name), bytes)),
        })
    }

    fn import(&self, wave: &str, file: &Path) -> (i32, String) {
        let run = puzhi()
            .current_dir(self.path())
            .args(["survey", "import", "s", "--wave", wave, "--db", "sqlite:answers.db", "--office-key", "office.key"])
            .arg(file)
            .output()
            .unwrap();
        let said = [run.stdout, run.stderr].concat();
        (run.status.code().unwrap(), String::from_utf8(said).unwrap())
    }

    /// The batch that a hand-over writes.
    async fn hand_over(&self, service: &Arc<FieldService>) -> std::path::PathBuf {
        let (status, _, text) = send(service, "POST", "/hand-over", "").await;
        assert_eq!(status, StatusCode::OK, "{text}");
        let name = text.split("<code>").nth(1).unwrap().split("</code>").next().unwrap();
        self.path().join(name)
    }
}

/// Status, `Location` and text of the reply to a request of the same machine.
async fn send(service: &Arc<FieldService>, method: &str, path: &str, body: &str) -> (StatusCode, String, String) {
    let request = Request::builder().method(method).uri(path).header("host", "127.0.0.1:1");
    let request = request.header("origin", "http://127.0.0.1:1").body(Body::from(body.to_string())).unwrap();
    let (parts, body) = service.router().oneshot(request).await.unwrap().into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    let location = parts.headers.get("location").map(|to| to.to_str().unwrap().to_string()).unwrap_or_default();
    (parts.status, location, String::from_utf8(bytes.to_vec()).unwrap())
}

const ANSWERS: &str = "q.heard=zhidaoanswer&consent=yes";

#[tokio::test]
async fn interviews_are_imported_once_and_a_revoked_device_is_refused() {
    let field = Field::new();
    let service = field.service("street", None).await.unwrap();
    let mut last = String::new();
    for _ in 0..3 {
        let (status, form, _) = send(&service, "POST", "/start", "").await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        // Too little is mended on the same form; nothing is kept until then.
        let (status, _, text) = send(&service, "POST", &form, "q.heard=zhidaoanswer").await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(text.contains("checked"), "what was chosen is still chosen");
        assert_eq!(send(&service, "POST", &form, ANSWERS).await.1, "/?said=sealed");
        last = form;
    }
    // The form is closed: it shows nothing, and takes nothing more.
    assert_eq!(send(&service, "GET", &last, "").await.1, "/?said=not-open");
    assert_eq!(send(&service, "POST", &last, ANSWERS).await.1, "/?said=not-open");
    assert!(send(&service, "POST", "/outcome", "outcome=refusal").await.1.starts_with("/?said=recorded"));
    assert_eq!(send(&service, "POST", "/outcome", "outcome=complete").await.1, "/", "only an interview is complete");
    let batch = field.hand_over(&service).await;
    let (code, said) = field.import("street", &batch);
    assert!(code == 0 && said.contains("导入 3 份") && said.contains("complete: 3, refusal: 1"), "{said}");
    let (code, said) = field.import("street", &batch);
    assert!(code == 0 && said.contains("导入 0 份，到“street”；3 份以前已经导入"), "{said}");
    // A later hand-over holds everything and adds what is new; the earlier file does not take counts back.
    let (_, form, _) = send(&service, "POST", "/start", "").await;
    send(&service, "POST", &form, ANSWERS).await;
    let later = field.hand_over(&service).await;
    let (_, said) = field.import("street", &later);
    assert!(said.contains("导入 1 份") && said.contains("complete: 4, refusal: 1"), "{said}");
    assert!(field.import("street", &batch).1.contains("complete: 4, refusal: 1"));
    let (code, said) = field.import("drawn", &later);
    assert!(code != 0 && said.contains("批次“street”"), "{said}");
    field.declare(", revoked: 是");
    let (code, said) = field.import("street", &later);
    assert!(code != 0 && said.contains("“平板1”已经作废"), "{said}");
    for entry in fs::read_dir(field.path()).unwrap().map(|entry| entry.unwrap().path()) {
        let on_device = entry.file_name().unwrap().to_str().unwrap().starts_with("street.db");
        if on_device || entry.extension().is_some_and(|ending| ending == "puzhi-field") {
            let bytes = fs::read(&entry).unwrap();
            assert!(!bytes.windows(12).any(|window| window == b"zhidaoanswer"), "{}", entry.display());
        }
    }
}

#[tokio::test]
async fn a_probability_wave_is_asked_by_its_call_sheet_only() {
    let field = Field::new();
    assert!(field.service("drawn", None).await.is_none(), "passers-by are no probability sample");
    let service = field.service("drawn", Some("编号,电话\nA-01,13800001111\nA-02,13800002222\n")).await.unwrap();
    assert_eq!(send(&service, "POST", "/start", "").await.1, "/", "nobody is asked by chance");
    assert_eq!(send(&service, "POST", "/start", "case=B-09").await.1, "/");
    let (_, form, _) = send(&service, "POST", "/start", "case=A-01").await;
    assert!(form.starts_with("/interview/"), "{form}");
    send(&service, "POST", &form, ANSWERS).await;
    assert_eq!(send(&service, "POST", "/start", "case=A-01").await.1, "/?said=has-interview");
    send(&service, "POST", "/outcome", "case=A-02&outcome=noncontact").await;
    let batch = field.hand_over(&service).await;
    let text = fs::read_to_string(&batch).unwrap();
    assert!(!text.contains("A-01") && !text.contains("1380000"), "the call sheet stays on the device");
    let (code, said) = field.import("drawn", &batch);
    assert!(code == 0 && said.contains("导入 1 份") && said.contains("noncontact: 1"), "{said}");
}

#[tokio::test]
async fn only_this_machine_is_served() {
    let field = Field::new();
    let service = field.service("street", None).await.unwrap();
    let status = async |host: &str, origin: &str| {
        let request =
            Request::post("/start").header("host", host).header("origin", origin).body(Body::empty()).unwrap();
        service.router().oneshot(request).await.unwrap().status()
    };
    assert_eq!(status("127.0.0.1:1", "http://127.0.0.1:1").await, StatusCode::SEE_OTHER);
    assert_eq!(status("rebound.example:1", "http://rebound.example:1").await, StatusCode::FORBIDDEN);
    assert_eq!(status("127.0.0.1:1", "https://other.example").await, StatusCode::FORBIDDEN);
    let too_large = format!("q.heard={}", "x".repeat(100 << 10));
    let (_, form, _) = send(&service, "POST", "/start", "").await;
    assert_eq!(send(&service, "POST", &form, &too_large).await.0, StatusCode::PAYLOAD_TOO_LARGE);
}
