//! Parsing of submissions: the raw answers, and the fields beside them.
//!
//! In: the bytes of a form or of JSON. Out: a [`Submission`], or the first reason why it cannot be parsed. Answers are not validated here.
//! Work and memory are bounded by the size of the body, which the caller bounds.

use percent_encoding::percent_decode;
use serde_json::Value as Json;

use super::random::random_bytes;

/// Most pairs of a form.
const MAX_PAIRS: usize = 2000;
/// Characters of the code field that are read; people type spaces and dashes.
const MAX_CODE_BYTES: usize = 100;

/// A parsed submission.
#[derive(Debug, Clone, PartialEq)]
pub struct Submission {
    /// The answers as they came.
    pub answers: RawAnswers,
    /// Whether the respondent consents.
    pub consent: bool,
    /// The key that makes repetitions one submission; `None` before the review.
    pub key: Option<SubmissionKey>,
    /// The one-time code as typed; not empty.
    pub code: Option<String>,
    /// Whether the hidden field, which people leave empty, is filled.
    pub honeypot_filled: bool,
    /// Whether the respondent comes back from the review to change answers.
    pub wants_edit: bool,
}

/// Answers before validation.
#[derive(Debug, Clone, PartialEq)]
pub enum RawAnswers {
    /// All pairs of the form.
    Form(Vec<(String, String)>),
    /// The value of `answers`.
    Json(Json),
}

/// A submission key: 128 random bits, made once for one submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SubmissionKey([u8; 16]);

/// Why a submission cannot be parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubmissionError {
    /// Not UTF-8, or with NUL characters.
    Encoding,
    /// Not JSON of the documented form.
    Json,
    /// The key is not 32 hexadecimal digits.
    Key,
    /// The same field twice with different values, or too many fields.
    Fields,
}

impl SubmissionKey {
    /// A random key; `None` when the system has no random bytes.
    pub fn generate() -> Option<SubmissionKey> {
        random_bytes().map(SubmissionKey)
    }

    /// Parses 32 hexadecimal digits of either case; `None` for anything else.
    pub fn parse(hex: &str) -> Option<SubmissionKey> {
        let mut key = [0; 16];
        hex::decode_to_slice(hex, &mut key).ok().map(|()| SubmissionKey(key))
    }

    /// 32 hexadecimal digits.
    pub fn to_hex(&self) -> String {
        hex::encode(self.0)
    }

    /// The row key of the response to this survey (BLAKE3, 16 bytes). The submission key itself is not stored.
    pub fn row_key(&self, survey: &str) -> [u8; 16] {
        let mut hasher = blake3::Hasher::new_derive_key("puzhi survey submission, row key, version 1");
        hasher.update(&self.0).update(survey.as_bytes());
        let mut row = [0; 16];
        row.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
        row
    }
}

impl Submission {
    /// Parses `application/x-www-form-urlencoded` (WHATWG URL standard, section 5.1).
    ///
    /// Unlike `form_urlencoded`, which replaces invalid UTF-8, it refuses it: a damaged answer must not be stored.
    ///
    /// # Errors
    /// See [`SubmissionError`].
    pub fn from_form(body: &[u8]) -> Result<Submission, SubmissionError> {
        let mut pairs = Vec::new();
        for part in body.split(|b| *b == b'&').filter(|part| !part.is_empty()) {
            if pairs.len() == MAX_PAIRS {
                return Err(SubmissionError::Fields);
            }
            let at = part.iter().position(|b| *b == b'=').unwrap_or(part.len());
            pairs.push((decode(&part[..at])?, decode(part.get(at + 1..).unwrap_or_default())?));
        }
        let key = match single_value(&pairs, "key")? {
            None => None,
            Some(hex) => Some(SubmissionKey::parse(hex).ok_or(SubmissionError::Key)?),
        };
        Ok(Submission {
            consent: single_value(&pairs, "consent")? == Some("yes"),
            key,
            code: single_value(&pairs, "code")?.map(|code| code.chars().take(MAX_CODE_BYTES).collect()),
            honeypot_filled: pairs.iter().any(|(name, value)| name == "website" && !value.is_empty()),
            wants_edit: single_value(&pairs, "change")?.is_some(),
            answers: RawAnswers::Form(pairs),
        })
    }

    /// Parses `{"key": "…", "consent": true, "code": null, "answers": {…}}`.
    ///
    /// # Errors
    /// See [`SubmissionError`].
    pub fn from_json(body: &[u8]) -> Result<Submission, SubmissionError> {
        #[derive(serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct JsonBody {
            key: Option<String>,
            consent: Option<bool>,
            code: Option<String>,
            website: Option<String>,
            answers: Json,
        }
        let body = std::str::from_utf8(body).map_err(|_| SubmissionError::Encoding)?;
        let json_body: JsonBody = serde_json::from_str(body).map_err(|_| SubmissionError::Json)?;
        let key = match json_body.key.as_deref().map(str::trim).filter(|key| !key.is_empty()) {
            None => None,
            Some(hex) => Some(SubmissionKey::parse(hex).ok_or(SubmissionError::Key)?),
        };
        let code = json_body.code.map(|code| code.trim().chars().take(MAX_CODE_BYTES).collect::<String>());
        Ok(Submission {
            consent: json_body.consent == Some(true),
            key,
            code: code.filter(|code| !code.is_empty()),
            honeypot_filled: json_body.website.is_some_and(|value| !value.is_empty()),
            wants_edit: false,
            answers: RawAnswers::Json(json_body.answers),
        })
    }
}

/// Decodes a name or value of a form.
fn decode(encoded: &[u8]) -> Result<String, SubmissionError> {
    let spaced: Vec<u8> = encoded.iter().map(|b| if *b == b'+' { b' ' } else { *b }).collect();
    let decoded = percent_decode(&spaced).decode_utf8().map_err(|_| SubmissionError::Encoding)?;
    if decoded.contains('\0') {
        return Err(SubmissionError::Encoding);
    }
    Ok(decoded.into_owned())
}

/// The trimmed value of a field that may have one value; `None` when it is empty.
fn single_value<'p>(pairs: &'p [(String, String)], name: &str) -> Result<Option<&'p str>, SubmissionError> {
    let mut values = pairs.iter().filter(|(n, _)| n == name).map(|(_, value)| value.trim());
    let first = values.next();
    if values.any(|other| Some(other) != first) {
        return Err(SubmissionError::Fields);
    }
    Ok(first.filter(|value| !value.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "00112233445566778899aabbccddeeff";

    #[test]
    fn a_form_body_is_parsed() {
        let body = format!(
            "q.heard=know&q.topics=a&q.topics=b%2Cc&consent=yes&key={KEY}&code=+abc+&website=&q.say=%E4%BD%A0+%E5%A5%BD"
        );
        let post = Submission::from_form(body.as_bytes()).unwrap();
        assert!(post.consent && !post.honeypot_filled && !post.wants_edit);
        assert_eq!(post.key, SubmissionKey::parse(KEY));
        assert_eq!(post.code.as_deref(), Some("abc"));
        let RawAnswers::Form(pairs) = post.answers else { panic!() };
        assert!(
            pairs.contains(&("q.topics".into(), "b,c".into())) && pairs.contains(&("q.say".into(), "你 好".into()))
        );
        let empty = Submission::from_form(b"").unwrap();
        assert_eq!((empty.consent, empty.key, empty.code), (false, None, None));
        assert_eq!(Submission::from_form(b"key=&code=&consent=no").unwrap().key, None);
        assert!(Submission::from_form(b"website=x").unwrap().honeypot_filled);
    }

    #[test]
    fn unreadable_bodies_name_the_cause() {
        assert_eq!(Submission::from_form(b"q.a=%ff"), Err(SubmissionError::Encoding));
        assert_eq!(Submission::from_form(b"q.a=\xca\xb6\xb2\xfa"), Err(SubmissionError::Encoding));
        assert_eq!(Submission::from_form(b"q.a=%00"), Err(SubmissionError::Encoding));
        assert_eq!(Submission::from_form(b"key=1"), Err(SubmissionError::Key));
        assert_eq!(
            Submission::from_form(format!("key={KEY}&key={}", KEY.replace('0', "1")).as_bytes()),
            Err(SubmissionError::Fields)
        );
        assert_eq!(Submission::from_form("a=b&".repeat(3000).as_bytes()), Err(SubmissionError::Fields));
        assert!(Submission::from_form(b"100%&=&&&==&a%zz=%").is_ok(), "odd, but text");
        let deep = format!(r#"{{"answers":{}{}}}"#, "[".repeat(10_000), "]".repeat(10_000));
        for bad in [
            "",
            "[]",
            "1",
            "{}",
            r#"{"answers":{},"wave":"p1"}"#,
            r#"{"answers":{},"consent":"yes"}"#,
            &deep,
            "{\"answers\":{}} x",
        ] {
            assert_eq!(Submission::from_json(bad.as_bytes()), Err(SubmissionError::Json), "{bad:.40}");
        }
        assert_eq!(Submission::from_json(b"\xff"), Err(SubmissionError::Encoding));
        assert_eq!(Submission::from_json(br#"{"key":"zz","answers":{}}"#), Err(SubmissionError::Key));
    }

    #[test]
    fn a_json_body_is_parsed() {
        let post = Submission::from_json(
            format!(r#"{{"key":"{KEY}","consent":true,"code":null,"answers":{{"heard":"know"}}}}"#).as_bytes(),
        )
        .unwrap();
        assert_eq!(post.key.map(|k| k.to_hex()).as_deref(), Some(KEY));
        assert!(post.consent && post.code.is_none());
        assert_eq!(post.answers, RawAnswers::Json(serde_json::json!({"heard": "know"})));
    }

    #[test]
    fn a_row_key_depends_on_key_and_survey_and_does_not_show_the_key() {
        let key = SubmissionKey::parse(KEY).unwrap();
        assert_eq!(key.row_key("a"), SubmissionKey::parse(&KEY.to_uppercase()).unwrap().row_key("a"));
        assert_ne!(key.row_key("a"), key.row_key("b"));
        assert_ne!(key.row_key("a"), key.0);
        assert_ne!(SubmissionKey::generate(), SubmissionKey::generate());
        for bad in ["", "0", &format!("{KEY}0"), "0011223344556677889９aabbccddeef", "+0112233445566778899aabbccddeeff"]
        {
            assert_eq!(SubmissionKey::parse(bad), None, "{bad}");
        }
    }
}
