//! Handling of requests: the one place that decides what is stored.
//!
//! In: a request, the definitions, the clock. Out: a page, JSON, or a redirect to the page of thanks. The order of the checks is
//! the order of `RequestContext::process`, and only its last step writes: a check that fails leaves nothing stored.

use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use serde_json::{Value as Json, json};

use crate::answers::{AnswerError, Answers, ValidatedAnswers, validate_form, validate_json};
use crate::store::{
    BatchFacts, BatchSource, CodeHash, FixedWave, ResponseRecord, StoreError, StoredCode, SubmitOutcome,
};
use crate::{Response as SurveyResponse, SampleUnit, hours_since_epoch};
use puzhi_core::base::percent_encode_path;
use puzhi_core::form::{self, FormState};
use puzhi_core::kinds::{CollectionMode, CollectionStatus};

use super::address::{PeerAddress, client_address, proxy_problem};
use super::code::OneTimeCode;
use super::definitions::{Admission, LocalizedSurvey, SiteLanguage, SurveyDefinitions};
use super::messages::{Notice, SubmissionProblem};
use super::metrics::SubmissionCounters;
use super::origin::is_allowed_origin;
use super::pages::{self, SiteFrame, message_language};
use super::request_body::{BodyRead, media_type, parse_submission, read_body};
use super::service::{Collector, seconds};
use super::submission::{RawAnswers, Submission, SubmissionError, SubmissionKey};

/// How long the body of a request may take to arrive.
pub(crate) const BODY_TIMEOUT: Duration = Duration::from_secs(20);
/// What the address of a form says on large pages of the site.
const LARGE_QUERY: &str = "view=large";
/// How long the store may take to answer.
const STORE_TIMEOUT: Duration = Duration::from_secs(30);

/// The format of a reply, which is that of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ReplyFormat {
    Html,
    Json,
}

/// A request while it is handled.
struct RequestContext<'v> {
    collector: &'v Collector,
    definitions: &'v SurveyDefinitions,
    format: ReplyFormat,
    /// Index of the language of the reply.
    lang: usize,
    /// Whether the respondent reads large pages, which the address of the request says.
    large: bool,
    /// Folders between the address of the request and the collector's root.
    depth: usize,
    /// Origin of the request when it is the site's, whose scripts may read the reply.
    cors_origin: Option<HeaderValue>,
}

/// Who sent a submission, for rate limits, and when it is processed.
#[derive(Debug, Clone, Copy)]
struct Client {
    address: std::net::IpAddr,
    now: jiff::Timestamp,
}

/// `GET /surveys/ID`: the empty form, or why there is none.
pub fn show_form(collector: &Collector, id: &str, request: &Request) -> Response {
    let definitions = collector.definitions();
    let context = RequestContext::of(collector, &definitions, request);
    let Some(localized) = definitions.find(id, lang_of(request)) else { return context.notice(None, Notice::NoSurvey) };
    let now = definitions.civil_time(collector.now());
    let status = localized.survey.collection_status(now);
    let only_code = !matches!(status, CollectionStatus::Open(_)) && localized.accepts_codes_at(now);
    match closed_notice(status) {
        Some(notice) if !only_code => context.html(
            StatusCode::OK,
            pages::notice(context.site(), localized.lang, Some(localized), notice, context.depth),
        ),
        _ => {
            let state =
                FormState { code: localized.has_code_waves().then(String::new), ..context.empty_form_state(localized) };
            context.html(StatusCode::OK, pages::form(context.site(), localized, &state, only_code))
        }
    }
}

/// `OPTIONS /surveys/ID`: the CORS preflight request of a script on the site that is about to post JSON.
pub fn preflight(collector: &Collector, headers: &HeaderMap) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let out = response.headers_mut();
    if let Some(origin) = cors_origin(&collector.definitions(), headers) {
        out.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        out.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("POST"));
        out.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("content-type"));
        out.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    }
    out.insert(header::VARY, HeaderValue::from_static("origin"));
    response
}

/// A notice in reply to any request.
pub fn notice(collector: &Collector, request: &Request, notice: Notice) -> Response {
    let definitions = collector.definitions();
    RequestContext::of(collector, &definitions, request).notice(None, notice)
}

/// `POST /surveys/ID`: a submission.
pub async fn submit(collector: &Collector, id: &str, peer: Option<PeerAddress>, request: Request) -> Response {
    SubmissionCounters::count(&collector.counters.received);
    let definitions = collector.definitions();
    let context = RequestContext::of(collector, &definitions, &request);
    let lang = lang_of(&request).map(str::to_string);
    let (parts, body) = request.into_parts();
    // Read the body before any reply: browsers do not read a reply while they are sending.
    let body = tokio::time::timeout(BODY_TIMEOUT, read_body(body)).await;
    let Some(localized) = definitions.find(id, lang.as_deref()) else { return context.notice(None, Notice::NoSurvey) };
    let forwarded = parts.headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok());
    let has_header = parts.headers.contains_key("x-forwarded-for");
    let address = client_address(peer, forwarded, &collector.trusted);
    if let Some(problem) = proxy_problem(peer, address, has_header, &collector.trusted) {
        collector.report_proxy(problem);
    }
    let now = collector.now();
    if let Err(wait) = collector.rate_limiter.check_post(address, seconds(now)) {
        return context.notice(Some(localized), Notice::TooMany(wait));
    }
    if !is_allowed_origin(&parts.headers, &definitions.origins) {
        return context.notice(Some(localized), Notice::Origin);
    }
    let body = match body {
        Ok(BodyRead::Complete(body)) => body,
        Ok(BodyRead::TooLarge) => return context.notice(Some(localized), Notice::TooLarge),
        Ok(BodyRead::Failed) | Err(_) => return context.notice(Some(localized), Notice::Slow),
    };
    let Some(submission) = parse_submission(&parts.headers, &body) else {
        return context.notice(Some(localized), Notice::MediaType);
    };
    let submission = match submission {
        Ok(submission) => submission,
        Err(unreadable) => return context.notice(Some(localized), unreadable.into()),
    };
    context.post(localized, submission, Client { address, now }).await
}

impl<'v> RequestContext<'v> {
    fn of(collector: &'v Collector, definitions: &'v SurveyDefinitions, request: &Request) -> RequestContext<'v> {
        let path = request.uri().path();
        let path = path.strip_prefix(&definitions.path_prefix).filter(|rest| rest.starts_with('/')).unwrap_or(path);
        let lang = lang_of(request).and_then(|code| definitions.language_index(code)).unwrap_or(0);
        let format = if media_type(request.headers()).as_deref() == Some("application/json") {
            ReplyFormat::Json
        } else {
            ReplyFormat::Html
        };
        RequestContext {
            collector,
            definitions,
            format,
            lang,
            large: definitions.large_css.is_some()
                && request.uri().query().is_some_and(|query| query.split('&').any(|pair| pair == LARGE_QUERY)),
            depth: path.matches('/').count().saturating_sub(1).min(16),
            cors_origin: cors_origin(definitions, request.headers()),
        }
    }

    /// The site as the reply shows it.
    fn site(&self) -> SiteFrame<'v> {
        SiteFrame { definitions: self.definitions, large: self.large, offline: false }
    }

    /// The state of an empty form.
    fn empty_form_state(&self, localized: &LocalizedSurvey) -> FormState {
        let language = self.definitions.languages.get(localized.lang);
        let SiteLanguage { code, tag, .. } = language.cloned().unwrap_or_default();
        let lang = (localized.lang > 0).then(|| format!("lang={}", percent_encode_path(&code)));
        let query: Vec<String> = lang.into_iter().chain(self.large.then(|| LARGE_QUERY.to_string())).collect();
        let mark = if query.is_empty() { "" } else { "?" };
        FormState {
            action: format!("../surveys/{}{mark}{}", percent_encode_path(&localized.id), query.join("&")),
            lang: tag,
            level: 2,
            ..FormState::default()
        }
    }

    /// Checks a submission that could be read, and stores it when every check passes.
    async fn post(&self, localized: &LocalizedSurvey, submission: Submission, client: Client) -> Response {
        self.process(localized, &submission, client).await.unwrap_or_else(|reply| reply)
    }

    /// The checks in their order. `Err` is the reply of the first check that ends the processing.
    async fn process(
        &self,
        localized: &LocalizedSurvey,
        submission: &Submission,
        client: Client,
    ) -> Result<Response, Response> {
        if submission.honeypot_filled {
            return Err(self.form_with_problems(localized, submission, &[], Some(SubmissionProblem::HoneypotFilled)));
        }
        let row = submission.key.map(|key| key.row_key(&localized.id));
        let code = self.resolve_code(localized, submission, client).await?;
        let admission = code.as_ref().map_or(Admission::Open, |(_, known)| Admission::WithCode(&known.wave));
        let wave = self.open_wave(localized, submission, row, admission, client.now).await?;
        if submission.wants_edit {
            let state = self.filled_form_state(localized, submission);
            return Err(self.html(StatusCode::OK, pages::form(self.site(), localized, &state, false)));
        }
        let answers = self.validate(localized, submission).map_err(|reply| *reply)?;
        // A used code may belong to this very submission, sent again; without a key it does not.
        let Some((key, row)) = submission.key.zip(row) else {
            if code.as_ref().is_some_and(|(_, known)| known.used) {
                return Err(self.reject_code(localized, submission, client));
            }
            return Err(self.review_page(localized, submission));
        };
        if code.is_some() {
            self.fix_method(localized, &wave).await.map_err(|()| self.storage_failed(localized, submission, key))?;
        }
        let response = SurveyResponse {
            id: row,
            survey: localized.id.clone(),
            wave,
            mode: CollectionMode::Web,
            hour: hours_since_epoch(client.now),
            wording: localized.wording,
            answers,
            sample: SampleUnit::default(),
        };
        let storing = self.store(localized, &response, code.map(|(hash, _)| hash));
        let problem = match tokio::time::timeout(STORE_TIMEOUT, storing).await {
            Ok(Ok(SubmitOutcome::Stored)) => {
                SubmissionCounters::count(&self.collector.counters.stored);
                return Ok(self.stored_reply(localized));
            }
            Ok(Ok(SubmitOutcome::CodeRejected)) => return Err(self.reject_code(localized, submission, client)),
            Ok(Err(error)) => format!("storing: {error}"),
            Err(_) => "storing: no answer in time".to_string(),
        };
        SubmissionCounters::count(&self.collector.counters.failed);
        self.collector.report_problem(&problem);
        Err(self.storage_failed(localized, submission, key))
    }

    /// Records the method of a wave of drawn people before its first answer is stored. Later calls change nothing.
    async fn fix_method(&self, localized: &LocalizedSurvey, wave: &str) -> Result<(), ()> {
        // Translations of the page have one method, that of the first language.
        let survey = self.definitions.find(&localized.id, None).map_or(&localized.survey, |first| &first.survey);
        let Some(declared) = survey.wave(wave) else { return Ok(()) };
        let fixing = async { self.collector.store.fix_wave(&FixedWave::of(&localized.id, survey, declared)?).await };
        let problem = match tokio::time::timeout(STORE_TIMEOUT, fixing).await {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(error)) => format!("storing: {error}"),
            Err(_) => "storing: no answer in time".to_string(),
        };
        self.collector.report_problem(&problem);
        Err(())
    }

    /// Stores a response in the batch of its wave.
    async fn store(
        &self,
        localized: &LocalizedSurvey,
        response: &SurveyResponse,
        code: Option<CodeHash>,
    ) -> Result<SubmitOutcome, StoreError> {
        let waves = localized.survey.all_waves();
        // The wave was found in the definition just before.
        let wave = waves.iter().find(|wave| wave.id == response.wave).ok_or(StoreError::Corrupt)?;
        // Translations count as the survey of the first language.
        let first = self.definitions.find(&localized.id, None).unwrap_or(localized);
        let wave = first.survey.all_waves().into_iter().find(|of| of.id == wave.id).unwrap_or_else(|| wave.clone());
        let facts = BatchFacts::of(&first.survey, &wave, response.mode, response.wording, BatchSource::Collector);
        let batch = self.collector.batch(facts).await?;
        self.collector.queue.submit(ResponseRecord { batch, ..ResponseRecord::from(response) }, code).await
    }

    /// The code of the submission as the store knows it; `None` when none was typed. An unknown one is counted against the address.
    async fn resolve_code(
        &self,
        localized: &LocalizedSurvey,
        submission: &Submission,
        client: Client,
    ) -> Result<Option<(CodeHash, StoredCode)>, Response> {
        let Some(typed) = &submission.code else { return Ok(None) };
        if let Err(wait) = self.collector.rate_limiter.check_code_attempt(client.address, seconds(client.now)) {
            return Err(self.notice(Some(localized), Notice::TooMany(wait)));
        }
        match self.find_code(typed).await?.filter(|(_, known)| known.survey == localized.id) {
            Some(code) => Ok(Some(code)),
            None => Err(self.reject_code(localized, submission, client)),
        }
    }

    /// Counts a wrong code against the address and shows the form again.
    fn reject_code(&self, localized: &LocalizedSurvey, submission: &Submission, client: Client) -> Response {
        self.collector.rate_limiter.record_wrong_code(client.address, seconds(client.now));
        self.form_with_problems(localized, submission, &[], Some(SubmissionProblem::CodeInvalid))
    }

    /// The id of the wave that takes the answers now. It is the wave of the code or of the open form, never one that the submission
    /// names. `row` is the row key of the submission: one that was stored in time is answered as it was then.
    async fn open_wave(
        &self,
        localized: &LocalizedSurvey,
        submission: &Submission,
        row: Option<[u8; 16]>,
        admission: Admission<'_>,
        now: jiff::Timestamp,
    ) -> Result<String, Response> {
        let civil = self.definitions.civil_time(now);
        let status = match localized.status_for(admission, civil) {
            Some(CollectionStatus::Open(wave)) => return Ok(wave.to_string()),
            other => other,
        };
        if let Some(row) = row
            && self.collector.store.contains(&row).await.unwrap_or(false)
        {
            return Err(self.stored_reply(localized));
        }
        if admission == Admission::Open && localized.accepts_codes_at(civil) {
            return Err(self.form_with_problems(localized, submission, &[], Some(SubmissionProblem::CodeRequired)));
        }
        Err(match status.and_then(closed_notice) {
            Some(notice) => self.notice(Some(localized), notice),
            None => self.form_with_problems(localized, submission, &[], Some(SubmissionProblem::CodeInvalid)),
        })
    }

    /// The answers, when the definition accepts them and the respondent consented.
    fn validate(&self, localized: &LocalizedSurvey, submission: &Submission) -> Result<Answers, Box<Response>> {
        let checked = match &submission.answers {
            RawAnswers::Form(pairs) => validate_form(&localized.survey, pairs),
            RawAnswers::Json(answers) => validate_json(&localized.survey, answers),
        };
        let consent = (!submission.consent).then_some(SubmissionProblem::ConsentMissing);
        Err(Box::new(match checked {
            Ok(ValidatedAnswers::Answers(answers)) if consent.is_none() => return Ok(answers),
            Ok(ValidatedAnswers::UnderAge) => self.notice(Some(localized), Notice::UnderAge),
            Ok(ValidatedAnswers::Answers(_)) => self.form_with_problems(localized, submission, &[], consent),
            Err(problems) => self.form_with_problems(localized, submission, &problems, consent),
        }))
    }

    /// Looks up a code as it was typed; `None` when it is not written as a code or not in the store.
    async fn find_code(&self, typed: &str) -> Result<Option<(CodeHash, StoredCode)>, Response> {
        let Some(hash) = OneTimeCode::parse(typed).map(|code| code.hash()) else { return Ok(None) };
        match self.collector.store.find_code(&hash).await {
            Ok(known) => Ok(known.map(|known| (hash, known))),
            Err(error) => {
                self.collector.report_problem(&format!("codes: {error}"));
                Err(self.notice(None, Notice::Unavailable))
            }
        }
    }

    /// The form with the answers, code and key of the submission.
    fn filled_form_state(&self, localized: &LocalizedSurvey, submission: &Submission) -> FormState {
        let filled = match &submission.answers {
            RawAnswers::Form(pairs) => pairs.clone(),
            RawAnswers::Json(_) => Vec::new(),
        };
        let code = submission.code.clone().or(localized.has_code_waves().then(String::new));
        FormState { filled, code, key: submission.key.map(|key| key.to_hex()), ..self.empty_form_state(localized) }
    }

    /// The form again, filled, with what is wrong.
    fn form_with_problems(
        &self,
        localized: &LocalizedSurvey,
        submission: &Submission,
        problems: &[AnswerError],
        other_problem: Option<SubmissionProblem>,
    ) -> Response {
        let problems = form_problems(self.definitions, localized, problems, other_problem);
        if self.format == ReplyFormat::Json {
            let problems: Vec<Json> =
                problems.iter().map(|p| json!({"field": p.question, "message": p.message})).collect();
            return self.json(
                StatusCode::UNPROCESSABLE_ENTITY,
                json!({"status": "refused", "error": "problems", "problems": problems}),
            );
        }
        // The key is kept: nothing is stored under it, so the corrected submission may use it.
        let state = FormState { problems, ..self.filled_form_state(localized, submission) };
        self.html(StatusCode::UNPROCESSABLE_ENTITY, pages::form(self.site(), localized, &state, false))
    }

    /// Valid answers without a key: they are shown for review, to be sent under a new key.
    fn review_page(&self, localized: &LocalizedSurvey, submission: &Submission) -> Response {
        let Some(key) = SubmissionKey::generate() else { return self.notice(Some(localized), Notice::Unavailable) };
        if self.format == ReplyFormat::Json {
            return self.json(StatusCode::OK, json!({"status": "check", "key": key.to_hex()}));
        }
        let state = FormState {
            key: Some(key.to_hex()),
            code: submission.code.clone(),
            ..self.filled_form_state(localized, submission)
        };
        self.html(StatusCode::OK, pages::review(self.site(), localized, &state))
    }

    /// The reply to a stored submission: the way to the page of thanks.
    fn stored_reply(&self, localized: &LocalizedSurvey) -> Response {
        if self.format == ReplyFormat::Json {
            return self.json(StatusCode::OK, json!({"status": "stored"}));
        }
        let mut response = self.html(StatusCode::SEE_OTHER, String::new());
        if let Ok(thanks) = HeaderValue::from_str(&self.site().address(&localized.thanks_url)) {
            response.headers_mut().insert(header::LOCATION, thanks);
        }
        response
    }

    /// The answers again under the same key. Sending them once more counts once, whatever became of them now.
    fn storage_failed(&self, localized: &LocalizedSurvey, submission: &Submission, key: SubmissionKey) -> Response {
        if self.format == ReplyFormat::Json {
            return self.notice(Some(localized), Notice::Unavailable);
        }
        let lang = message_language(self.definitions, localized.lang);
        let problem = form::FieldError { question: None, message: Notice::Unavailable.text(lang) };
        let state = FormState {
            key: Some(key.to_hex()),
            problems: vec![problem],
            ..self.filled_form_state(localized, submission)
        };
        let mut response = self.html(Notice::Unavailable.status(), pages::form(self.site(), localized, &state, false));
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("30"));
        response
    }

    /// A notice in the format and language of the request.
    fn notice(&self, localized: Option<&LocalizedSurvey>, notice: Notice) -> Response {
        let lang = localized.map_or(self.lang, |localized| localized.lang);
        let mut response = if self.format == ReplyFormat::Json {
            let message = notice.text(message_language(self.definitions, lang));
            match notice {
                Notice::UnderAge => self.json(notice.status(), json!({"status": "under-age", "message": message})),
                _ => {
                    self.json(notice.status(), json!({"status": "refused", "error": notice.name(), "message": message}))
                }
            }
        } else {
            self.html(notice.status(), pages::notice(self.site(), lang, localized, notice, self.depth))
        };
        let wait = match notice {
            Notice::TooMany(seconds) => Some(seconds),
            Notice::Unavailable => Some(30),
            _ => None,
        };
        if let Some(seconds) = wait {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        if notice == Notice::Method {
            response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD, POST, OPTIONS"));
        }
        response
    }

    fn html(&self, status: StatusCode, html: String) -> Response {
        let mut response = Response::new(Body::from(html));
        *response.status_mut() = status;
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        response
    }

    fn json(&self, status: StatusCode, json: Json) -> Response {
        let mut response = Response::new(Body::from(format!("{json}\n")));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(header::VARY, HeaderValue::from_static("origin"));
        if let Some(origin) = &self.cors_origin {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        }
        response
    }
}

/// What is wrong with a submission, as the form shows it beside its fields.
pub(crate) fn form_problems(
    definitions: &SurveyDefinitions,
    localized: &LocalizedSurvey,
    problems: &[AnswerError],
    other_problem: Option<SubmissionProblem>,
) -> Vec<form::FieldError> {
    let lang = message_language(definitions, localized.lang);
    let words = |problem: &AnswerError| {
        AnswerError { question: None, kind: problem.kind.clone() }.message(&localized.survey, lang)
    };
    let of_answers = problems.iter().map(|p| form::FieldError { question: p.question.clone(), message: words(p) });
    let of_rest = other_problem.map(|other_problem| form::FieldError {
        question: other_problem.field().map(str::to_string),
        message: other_problem.message(lang).to_string(),
    });
    of_answers.chain(of_rest).collect()
}

/// Why the form is not shown; `None` when it is.
pub(crate) fn closed_notice(status: CollectionStatus<'_>) -> Option<Notice> {
    match status {
        CollectionStatus::Open(_) => None,
        CollectionStatus::NotYet(moment) => Some(Notice::NotYet(moment)),
        CollectionStatus::Closed(moment) => Some(Notice::Closed(moment)),
        CollectionStatus::Elsewhere => Some(Notice::Elsewhere),
    }
}

/// The language code in `?lang=en`.
fn lang_of(request: &Request) -> Option<&str> {
    request.uri().query()?.split('&').find_map(|pair| pair.strip_prefix("lang="))
}

/// The origin of the request when it is one of the site's.
fn cors_origin(definitions: &SurveyDefinitions, headers: &HeaderMap) -> Option<HeaderValue> {
    let origin = headers.get(header::ORIGIN)?;
    definitions.origins.iter().any(|allowed| origin == allowed.as_str()).then(|| origin.clone())
}

impl From<SubmissionError> for Notice {
    fn from(unreadable: SubmissionError) -> Notice {
        match unreadable {
            SubmissionError::Encoding => Notice::Encoding,
            SubmissionError::Json => Notice::Json,
            SubmissionError::Key => Notice::Key,
            SubmissionError::Fields => Notice::Fields,
        }
    }
}
