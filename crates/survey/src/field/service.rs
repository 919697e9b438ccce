//! The service on an interviewer's device: one respondent after another, in a browser of the same machine.
//!
//! In: definitions, the keys, an open [`DeviceStore`], requests of this machine. Out: pages, sealed interviews, a batch for the office. An
//! answer is in memory from the request that brings it until it is sealed, in the same call; no page shows it afterwards. Form and checks
//! are the collector's.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::Response as Reply;
use axum::routing::{get, post};
use jiff::Timestamp;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use puzhi_core::base::escape_text;
use puzhi_core::diag::Lang;
use puzhi_core::form::{FormState, render};
use puzhi_core::kinds::{CollectionMode, FieldWork, SamplingMethod, Wave, device_key_text};
use tokio::net::TcpListener;

use super::batch::FieldBatch;
use super::call_sheet::{CallSheet, SheetCase};
use super::device_store::{DeviceStore, DeviceStoreError};
use super::keys::DeviceKey;
use super::pages::{self, Closed, FIELD_CSS, FirstPage, Said};
use super::record::{Disposition, SealedInterview, outcomes_of};
use crate::answers::{ValidatedAnswers, validate_form};
use crate::collector::definitions::{LocalizedSurvey, SiteLanguage, SurveyDefinitions};
use crate::collector::handlers::{BODY_TIMEOUT, closed_notice, form_problems};
use crate::collector::listener::LimitedListener;
use crate::collector::messages::{Notice, SubmissionProblem};
use crate::collector::origin::is_allowed_origin;
use crate::collector::pages::{SiteFrame, frame, message_language};
use crate::collector::request_body::{BodyRead, read_body};
use crate::collector::service::{set_security_headers, static_file};
use crate::collector::submission::{RawAnswers, Submission};
use crate::{Response, hours_since_epoch};

/// Writes the bytes of a batch under a name into the device's folder, durably.
pub type SaveBatch = Box<dyn Fn(&str, &[u8]) -> std::io::Result<()> + Send + Sync>;

/// What the service is started with.
pub struct FieldConfig {
    /// The surveys of the site.
    pub definitions: SurveyDefinitions,
    /// Id of the survey.
    pub survey: String,
    /// The wave; interviews of a probability wave need a call sheet.
    pub wave: Wave,
    /// Face to face or by phone.
    pub mode: CollectionMode,
    /// The key of the device.
    pub device: DeviceKey,
    /// The device's database, open for this wave.
    pub store: DeviceStore,
    /// The interviewer's call sheet.
    pub sheet: Option<CallSheet>,
    /// The clock that decides whether the wave is open.
    pub clock: fn() -> Timestamp,
    /// Receives one line for each internal error.
    pub notify: fn(&str),
    /// Keeps what is handed over.
    pub save: SaveBatch,
}

/// The running service.
pub struct FieldService(FieldConfig);

impl FieldService {
    /// Makes the service. `None` for a probability wave without a call sheet, because passers-by are no probability sample, for a wave
    /// without a key of the office, and for an unknown survey.
    pub fn new(mut config: FieldConfig) -> Option<Arc<FieldService>> {
        let by_chance = config.sheet.is_none() && config.wave.sample == SamplingMethod::Probability;
        if by_chance || config.wave.field.is_none() || config.definitions.find(&config.survey, None).is_none() {
            return None;
        }
        config.definitions.css.push_str(FIELD_CSS);
        Some(Arc::new(FieldService(config)))
    }

    /// The routes.
    pub fn router(self: &Arc<Self>) -> Router {
        Router::new()
            .route("/", get(first_page))
            .route("/case/{number}", get(case_page))
            .route("/start", post(start))
            .route("/interview/{form}", get(show_form).post(submit))
            .route("/outcome", post(outcome))
            .route("/take-back", post(take_back))
            .route("/hand-over", post(hand_over))
            .route(
                "/style.css",
                get(async |State(service): Service| {
                    static_file("text/css; charset=utf-8", service.0.definitions.css.clone())
                }),
            )
            .route(
                "/form.js",
                get(async |State(service): Service| {
                    static_file("text/javascript; charset=utf-8", service.0.definitions.js.clone().unwrap_or_default())
                }),
            )
            .route("/favicon.ico", get(async || StatusCode::NO_CONTENT))
            .fallback(async || see_other("/"))
            .layer(from_fn(guard))
            .with_state(self.clone())
    }

    /// Serves until `stop` ends, then closes the database.
    ///
    /// # Errors
    /// When the socket fails.
    pub async fn serve(
        self: Arc<Self>,
        listener: TcpListener,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> std::io::Result<()> {
        let served = axum::serve(LimitedListener::new(listener, &[]), self.router()).with_graceful_shutdown(stop).await;
        self.0.store.close().await;
        served
    }

    fn field(&self) -> Option<&FieldWork> {
        self.0.wave.field.as_ref()
    }

    /// The survey in a language.
    fn localized(&self, lang: Option<&str>) -> Option<&LocalizedSurvey> {
        self.0.definitions.find(&self.0.survey, lang)
    }

    /// The language of the interviewer's pages: the site's first.
    fn lang(&self) -> Lang {
        message_language(&self.0.definitions, 0)
    }

    fn html(&self, status: StatusCode, title: &str, depth: usize, main: &str) -> Reply {
        let Some(localized) = self.localized(None) else { return see_other("/") };
        let site = SiteFrame { definitions: &self.0.definitions, large: false, offline: true };
        html(status, frame(site, localized, title, depth, main))
    }

    fn notice(&self, notice: Notice, depth: usize) -> Reply {
        let (title, text) = (notice.title(self.lang()), notice.text(self.lang()));
        self.html(notice.status(), title, depth, &pages::note(title, &text))
    }

    /// The page that says that nothing could be stored. What was sent is still in the browser.
    fn storage_failed(&self, error: &DeviceStoreError) -> Reply {
        (self.0.notify)(&error.message(Lang::En));
        let (title, text) = (Notice::Unavailable.title(self.lang()), error.message(self.lang()));
        self.html(StatusCode::SERVICE_UNAVAILABLE, title, 0, &pages::note(title, &text))
    }

    /// Why no interview can be started now.
    fn closed(&self) -> Option<Closed> {
        let public = self.0.device.public();
        match self.field().and_then(|field| field.device(&public)) {
            None => return Some(Closed::NotEnrolled),
            Some(device) if device.revoked => return Some(Closed::Revoked),
            Some(_) => {}
        }
        let status = self.0.wave.collection_status(self.0.definitions.civil_time((self.0.clock)()));
        closed_notice(status).map(|notice| Closed::Wave(notice.text(self.lang())))
    }

    fn sheet_case(&self, name: &str) -> Option<&SheetCase> {
        self.0.sheet.as_ref().and_then(|sheet| sheet.case(name)).map(|(_, case)| case)
    }

    /// The form, filled with what was sent.
    fn form(&self, localized: &LocalizedSurvey, form: &str, case: Option<&str>, state: FormState) -> String {
        let language = self.0.definitions.languages.get(localized.lang).cloned().unwrap_or_default();
        let SiteLanguage { code, tag, .. } = language;
        let code = utf8_percent_encode(&code, NON_ALPHANUMERIC);
        let action = format!("/interview/{form}?lang={code}");
        let state = FormState { action, lang: tag, level: 2, key: None, code: None, ..state };
        let mut main = String::from("<h1>");
        escape_text(&mut main, &localized.title);
        main.push_str("</h1>\n");
        if let Some(name) = case {
            main.push_str("<p>");
            escape_text(&mut main, name);
            main.push_str("</p>\n");
        }
        main.push_str(&render(&localized.survey, &state));
        main.push_str(&pages::under_form(self.0.mode, message_language(&self.0.definitions, localized.lang), form));
        let site = SiteFrame { definitions: &self.0.definitions, large: false, offline: true };
        frame(site, localized, &localized.title, 1, &main)
    }

    /// The values of the first page and of cases.
    async fn first(&self, said: Option<Said>) -> Result<FirstPage<'_>, Reply> {
        let localized = self.localized(None).ok_or_else(|| see_other("/"))?;
        let failed = |error: DeviceStoreError| self.storage_failed(&error);
        let counted = self.0.store.counts().await.map_err(failed)?;
        let known = self.0.store.cases().await.map_err(failed)?;
        let all = self.0.definitions.surveys.get(&self.0.survey);
        let languages = all.into_iter().flatten().filter_map(|l| self.0.definitions.languages.get(l.lang));
        let sheet = self.0.sheet.as_ref();
        Ok(FirstPage {
            lang: self.lang(),
            mode: self.0.mode,
            title: &localized.title,
            wave: self.0.wave.title.as_deref().unwrap_or(&self.0.wave.id),
            device: "",
            closed: self.closed(),
            said,
            counts: Disposition::ALL.map(|d| (d, counted.get(&d).copied().unwrap_or(0))).to_vec(),
            cases: sheet.map(|sheet| sheet.cases.iter().map(|c| (c, known.get(&c.name).copied())).collect()),
            languages: languages.map(|l| (l.code.as_str(), l.tag.as_str())).collect(),
        })
    }

    /// Seals the answers of a form that is open.
    async fn seal(
        &self,
        form: &[u8; 16],
        case: Option<&str>,
        localized: &LocalizedSurvey,
        answers: crate::answers::Answers,
    ) -> Result<bool, DeviceStoreError> {
        let office = self.field().map(|field| field.office_key).ok_or(DeviceStoreError::Corrupt)?;
        let sample = case.and_then(|name| self.sheet_case(name)).map(|case| case.sample.clone());
        let response = Response {
            id: [0; 16],
            survey: self.0.survey.clone(),
            wave: self.0.wave.id.clone(),
            mode: self.0.mode,
            hour: hours_since_epoch((self.0.clock)()),
            wording: localized.wording,
            answers,
            sample: sample.unwrap_or_default(),
        };
        let sealed = SealedInterview::new(&response, case.is_some(), &office, &self.0.device);
        let sealed = sealed.ok_or_else(|| DeviceStoreError::Database("no random bytes".to_string()))?;
        self.0.store.finish(form, Disposition::Complete, Some(&sealed)).await
    }
}

type Service = State<Arc<FieldService>>;

/// Refuses what comes from another site or under another name of the host, and sets the headers of every reply.
async fn guard(request: Request, next: Next) -> Reply {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let own = matches!(name, "127.0.0.1" | "localhost" | "[::1]");
    let reads = matches!(*request.method(), axum::http::Method::GET | axum::http::Method::HEAD);
    let mut response = if own && (reads || is_allowed_origin(request.headers(), &[])) {
        next.run(request).await
    } else {
        html(StatusCode::FORBIDDEN, String::new())
    };
    set_security_headers(&mut response, &[]);
    response
}

async fn first_page(State(service): Service, request: Request) -> Reply {
    let said = request.uri().query().and_then(said_in);
    let handled = async {
        let device = device_key_text(&service.0.device.public());
        let page = FirstPage { device: &device, ..service.first(said).await? };
        Ok(service.html(StatusCode::OK, page.title, 0, &pages::first(&page)))
    };
    handled.await.unwrap_or_else(|reply: Reply| reply)
}

async fn case_page(State(service): Service, Path(number): Path<String>) -> Reply {
    let handled = async {
        let page = service.first(None).await?;
        let number: Option<usize> = number.parse().ok();
        let found = number.and_then(|n| page.cases.as_ref()?.get(n).copied());
        let (case, outcome) = found.filter(|_| page.closed.is_none()).ok_or_else(|| see_other("/"))?;
        Ok(service.html(StatusCode::OK, &case.name, 1, &pages::case(&page, case, outcome)))
    };
    handled.await.unwrap_or_else(|reply: Reply| reply)
}

async fn start(State(service): Service, request: Request) -> Reply {
    let handled = async {
        let pairs = service.pairs(request, 0).await?;
        let case = value(&pairs, "case");
        let known = case.is_some_and(|name| service.sheet_case(name).is_some());
        // With a call sheet nobody else is asked.
        if service.closed().is_some() || known != service.0.sheet.is_some() {
            return Err(see_other("/"));
        }
        let form = service.0.store.start(case).await.map_err(|error| service.storage_failed(&error))?;
        let form = form.ok_or_else(|| see_other("/?said=has-interview"))?;
        let lang = utf8_percent_encode(value(&pairs, "lang").unwrap_or_default(), NON_ALPHANUMERIC).to_string();
        Ok(see_other(&format!("/interview/{}?lang={lang}", hex::encode(form))))
    };
    handled.await.unwrap_or_else(|reply: Reply| reply)
}

async fn show_form(State(service): Service, Path(form): Path<String>, request: Request) -> Reply {
    let lang = lang_of(&request);
    let handled = async {
        let (_, case) = service.open_form(&form).await?;
        let localized = service.localized(lang.as_deref()).ok_or_else(|| see_other("/"))?;
        Ok(html(StatusCode::OK, service.form(localized, &form, case.as_deref(), FormState::default())))
    };
    handled.await.unwrap_or_else(|reply: Reply| reply)
}

async fn submit(State(service): Service, Path(form): Path<String>, request: Request) -> Reply {
    let lang = lang_of(&request);
    let handled = async {
        let submission = service.submission(request, 1).await?;
        // Whatever was sent to a form that is finished is thrown away, and nothing of it shown.
        let (key, case) = service.open_form(&form).await?;
        let localized = service.localized(lang.as_deref()).ok_or_else(|| see_other("/"))?;
        let RawAnswers::Form(pairs) = submission.answers else { return Err(see_other("/")) };
        let checked = validate_form(&localized.survey, &pairs);
        let consent = (!submission.consent).then_some(SubmissionProblem::ConsentMissing);
        let problems = match checked {
            Ok(ValidatedAnswers::UnderAge) => {
                let finished = service.0.store.finish(&key, Disposition::Ineligible, None).await;
                finished.map_err(|error| service.storage_failed(&error))?;
                return Ok(service.notice(Notice::UnderAge, 1));
            }
            Ok(ValidatedAnswers::Answers(answers)) if consent.is_none() => {
                match service.seal(&key, case.as_deref(), localized, answers).await {
                    Ok(sealed) => return Ok(ended(if sealed { "sealed" } else { "not-open" })),
                    // The form stays as it is, so that it can be sent again.
                    Err(error) => {
                        (service.0.notify)(&error.message(Lang::En));
                        let message = error.message(message_language(&service.0.definitions, localized.lang));
                        vec![puzhi_core::form::FieldError { question: None, message }]
                    }
                }
            }
            Ok(ValidatedAnswers::Answers(_)) => form_problems(&service.0.definitions, localized, &[], consent),
            Err(errors) => form_problems(&service.0.definitions, localized, &errors, consent),
        };
        let state = FormState { filled: pairs, problems, ..FormState::default() };
        Ok(html(StatusCode::UNPROCESSABLE_ENTITY, service.form(localized, &form, case.as_deref(), state)))
    };
    handled.await.unwrap_or_else(|reply: Reply| reply)
}

async fn outcome(State(service): Service, request: Request) -> Reply {
    let handled = async {
        let pairs = service.pairs(request, 0).await?;
        let outcome = value(&pairs, "outcome").and_then(Disposition::from_name);
        let outcome = outcome.filter(|o| *o != Disposition::Complete).ok_or_else(|| see_other("/"))?;
        let failed = |error: DeviceStoreError| service.storage_failed(&error);
        if let Some(form) = value(&pairs, "form") {
            let (key, _) = service.open_form(form).await?;
            let ended_now = service.0.store.finish(&key, outcome, None).await.map_err(failed)?;
            let said = if ended_now { format!("recorded&outcome={}", outcome.as_str()) } else { "not-open".into() };
            return Ok(ended(&said));
        }
        let case = value(&pairs, "case");
        let known = case.is_some_and(|name| service.sheet_case(name).is_some());
        if service.closed().is_some() || known != service.0.sheet.is_some() {
            return Err(see_other("/"));
        }
        let contact = service.0.store.record(case, outcome).await.map_err(failed)?;
        let contact = contact.ok_or_else(|| see_other("/?said=has-interview"))?;
        let contact = utf8_percent_encode(&contact, NON_ALPHANUMERIC);
        Ok(see_other(&format!("/?said=recorded&outcome={}&contact={contact}", outcome.as_str())))
    };
    handled.await.unwrap_or_else(|reply: Reply| reply)
}

async fn take_back(State(service): Service, request: Request) -> Reply {
    let handled = async {
        let pairs = service.pairs(request, 0).await?;
        let contact = value(&pairs, "contact").ok_or_else(|| see_other("/"))?;
        let taken = service.0.store.take_back(contact).await.map_err(|error| service.storage_failed(&error))?;
        Ok(see_other(if taken { "/?said=taken-back" } else { "/" }))
    };
    handled.await.unwrap_or_else(|reply: Reply| reply)
}

async fn hand_over(State(service): Service, request: Request) -> Reply {
    let handled = async {
        service.pairs(request, 0).await?;
        let FieldConfig { store, device, survey, wave, .. } = &service.0;
        let failed = |error: DeviceStoreError| service.storage_failed(&error);
        let number = store.next_batch().await.map_err(failed)?;
        let batch = FieldBatch {
            survey: survey.clone(),
            wave: wave.id.clone(),
            device: device.public(),
            number,
            outcomes: outcomes_of(store.counts().await.map_err(failed)?),
            interviews: store.interviews().await.map_err(failed)?,
        };
        let name = format!("handover-{}-{number}.puzhi-field", &hex::encode(device.public())[..8]);
        (service.0.save)(&name, batch.write(device).as_bytes())
            .map_err(|error| failed(DeviceStoreError::Database(error.kind().to_string())))?;
        let lang = service.lang();
        let title = lang.pick("文件存好了", "The file is written");
        Ok(service.html(StatusCode::OK, title, 0, &pages::handed_over(lang, &name, batch.interviews.len())))
    };
    handled.await.unwrap_or_else(|reply: Reply| reply)
}

impl FieldService {
    /// The key of a form that is being filled, and its case.
    async fn open_form(&self, form: &str) -> Result<([u8; 16], Option<String>), Reply> {
        let mut key = [0; 16];
        hex::decode_to_slice(form, &mut key).map_err(|_| see_other("/"))?;
        let started = self.0.store.started(&key).await.map_err(|error| self.storage_failed(&error))?;
        started.map(|case| (key, case)).ok_or_else(|| ended("not-open"))
    }

    /// The form that a request brings.
    async fn submission(&self, request: Request, depth: usize) -> Result<Submission, Reply> {
        let refused = |notice: Notice| self.notice(notice, depth);
        let body = tokio::time::timeout(BODY_TIMEOUT, read_body(request.into_body())).await;
        match body {
            Ok(BodyRead::Complete(body)) => Submission::from_form(&body).map_err(|error| refused(error.into())),
            Ok(BodyRead::TooLarge) => Err(refused(Notice::TooLarge)),
            Ok(BodyRead::Failed) | Err(_) => Err(refused(Notice::Slow)),
        }
    }

    /// The pairs of a small form.
    async fn pairs(&self, request: Request, depth: usize) -> Result<Vec<(String, String)>, Reply> {
        match self.submission(request, depth).await?.answers {
            RawAnswers::Form(pairs) => Ok(pairs),
            RawAnswers::Json(_) => Err(see_other("/")),
        }
    }
}

fn value<'p>(pairs: &'p [(String, String)], name: &str) -> Option<&'p str> {
    pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// What the address of the first page says.
fn said_in(query: &str) -> Option<Said> {
    let of = |name: &str| {
        let value = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))?;
        percent_decode_str(value).decode_utf8().ok().map(|value| value.into_owned())
    };
    match of("said")?.as_str() {
        "sealed" => Some(Said::Sealed),
        "taken-back" => Some(Said::TakenBack),
        "not-open" => Some(Said::NotOpen),
        "has-interview" => Some(Said::HasInterview),
        "recorded" => {
            let outcome = Disposition::from_name(&of("outcome")?)?;
            Some(Said::Recorded(outcome, of("contact").unwrap_or_default()))
        }
        _ => None,
    }
}

fn lang_of(request: &Request) -> Option<String> {
    request.uri().query()?.split('&').find_map(|pair| pair.strip_prefix("lang=")).map(str::to_string)
}

fn html(status: StatusCode, html: String) -> Reply {
    let mut response = Reply::new(Body::from(html));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    response
}

fn see_other(address: &str) -> Reply {
    let mut response = html(StatusCode::SEE_OTHER, String::new());
    let headers: &mut HeaderMap = response.headers_mut();
    headers.insert(header::LOCATION, HeaderValue::from_str(address).unwrap_or(HeaderValue::from_static("/")));
    response
}

/// The way back to the first page after a form. The browser forgets the pages it kept for its button "back".
fn ended(said: &str) -> Reply {
    let mut response = see_other(&format!("/?said={said}"));
    response.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"cache\""));
    response
}
