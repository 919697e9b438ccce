//! The body of a request: read within bounds of size, and parsed by its media type.
//!
//! In: headers and a body that may never end. Out: the bytes, and the [`Submission`] in them. Decides nothing about its content.

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, header};

use super::submission::{Submission, SubmissionError};

/// Most bytes of a body that are read; a survey of a hundred questions needs a tenth of it.
const MAX_BODY_BYTES: usize = 64 << 10;
/// Bytes beyond [`MAX_BODY_BYTES`] that are read and discarded, so that a browser shows the reply instead of a connection error.
const MAX_DISCARDED_BYTES: usize = 16 << 20;

/// The media type of a request, without parameters, in lower case (RFC 9110, section 8.3.1).
pub fn media_type(headers: &HeaderMap) -> Option<String> {
    let written = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    Some(written.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
}

/// Parses a body; `None` when its media type is neither that of a form nor JSON.
pub fn parse_submission(headers: &HeaderMap, body: &[u8]) -> Option<Result<Submission, SubmissionError>> {
    match media_type(headers)?.as_str() {
        "application/x-www-form-urlencoded" => Some(Submission::from_form(body)),
        "application/json" => Some(Submission::from_json(body)),
        _ => None,
    }
}

/// What became of reading a body.
pub enum BodyRead {
    /// All of it.
    Complete(Bytes),
    /// More than [`MAX_BODY_BYTES`].
    TooLarge,
    /// The connection failed.
    Failed,
}

/// Reads at most [`MAX_BODY_BYTES`] bytes, and discards what follows, at most [`MAX_DISCARDED_BYTES`].
pub async fn read_body(body: Body) -> BodyRead {
    use axum::body::HttpBody;
    let mut body = std::pin::pin!(body);
    let mut whole = Vec::new();
    let mut drained = 0;
    loop {
        let frame = std::future::poll_fn(|context| body.as_mut().poll_frame(context)).await;
        let data = match frame {
            None if drained > 0 => return BodyRead::TooLarge,
            None => return BodyRead::Complete(whole.into()),
            Some(Err(_)) => return BodyRead::Failed,
            Some(Ok(frame)) => frame.into_data().unwrap_or_default(),
        };
        if drained == 0 && whole.len() + data.len() <= MAX_BODY_BYTES {
            whole.extend_from_slice(&data);
            continue;
        }
        whole = Vec::new();
        drained += data.len();
        if drained > MAX_DISCARDED_BYTES {
            return BodyRead::TooLarge;
        }
    }
}
