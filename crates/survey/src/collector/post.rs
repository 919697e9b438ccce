//! What somebody posted, taken apart: the answers as they came, and what stands beside them.
//!
//! In: the bytes of a form or of JSON. Out: a [`Post`], or the one reason why it cannot be read. Whether the answers are good is
//! not decided here. Work and memory are bounded by the size of the body, which whoever calls bounds.

use percent_encoding::percent_decode;
use serde_json::Value as Json;

/// Pairs a form may have.
const MOST_PAIRS: usize = 2000;
/// Bytes of a code field that are looked at; people type spaces and dashes.
const LONGEST_CODE: usize = 100;

/// A post that could be read.
#[derive(Debug, Clone, PartialEq)]
pub struct Post {
    pub answers: Given,
    pub consent: bool,
    pub key: Option<Key>,
    /// As typed; not empty.
    pub code: Option<String>,
    /// What a person leaves empty because it is not shown.
    pub trapped: bool,
    /// Back from looking the answers over, to change them.
    pub change: bool,
}

/// Answers as they came.
#[derive(Debug, Clone, PartialEq)]
pub enum Given {
    /// All pairs of the form.
    Form(Vec<(String, String)>),
    Json(Json),
}

/// A submission key: 128 random bits, made once for one submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key([u8; 16]);

/// Why a post cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// Not UTF-8, or not form-encoded.
    Encoding,
    /// Not JSON of the documented form.
    Json,
    /// The key is not 32 hexadecimal digits.
    Key,
    /// The same field twice with different values, or far too many.
    Fields,
}

impl Key {
    /// `None` when the system has no random bytes to give.
    pub fn fresh() -> Option<Key> {
        let mut key = [0; 16];
        getrandom::fill(&mut key).ok().map(|()| Key(key))
    }

    /// Reads what [`Key::hex`] writes, in either case.
    pub fn parse(hex: &str) -> Option<Key> {
        let digits: Vec<u8> = hex.chars().map(|c| c.to_digit(16).map(|d| d as u8)).collect::<Option<_>>()?;
        let mut key = [0; 16];
        if digits.len() != 32 {
            return None;
        }
        for (byte, pair) in key.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = pair[0] << 4 | pair[1];
        }
        Some(Key(key))
    }

    /// 32 hexadecimal digits.
    pub fn hex(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The row key of the submission to this survey. The key itself is not kept.
    pub fn row(&self, survey: &str) -> [u8; 16] {
        let mut hasher = blake3::Hasher::new_derive_key("puzhi survey submission, row key, version 1");
        hasher.update(&self.0).update(survey.as_bytes());
        let mut row = [0; 16];
        row.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
        row
    }
}

impl Post {
    /// Reads `application/x-www-form-urlencoded`.
    pub fn form(body: &[u8]) -> Result<Post, Unreadable> {
        let mut pairs = Vec::new();
        for part in body.split(|b| *b == b'&').filter(|part| !part.is_empty()) {
            if pairs.len() == MOST_PAIRS {
                return Err(Unreadable::Fields);
            }
            let at = part.iter().position(|b| *b == b'=').unwrap_or(part.len());
            pairs.push((text(&part[..at])?, text(part.get(at + 1..).unwrap_or_default())?));
        }
        let key = match one(&pairs, "key")? {
            None => None,
            Some(hex) => Some(Key::parse(hex).ok_or(Unreadable::Key)?),
        };
        Ok(Post {
            consent: one(&pairs, "consent")? == Some("yes"),
            key,
            code: one(&pairs, "code")?.map(|code| code.chars().take(LONGEST_CODE).collect()),
            trapped: pairs.iter().any(|(name, value)| name == "website" && !value.is_empty()),
            change: one(&pairs, "change")?.is_some(),
            answers: Given::Form(pairs),
        })
    }

    /// Reads `{"key": "…", "consent": true, "code": null, "answers": {…}}`.
    pub fn json(body: &[u8]) -> Result<Post, Unreadable> {
        #[derive(serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Written {
            key: Option<String>,
            consent: Option<bool>,
            code: Option<String>,
            website: Option<String>,
            answers: Json,
        }
        let body = std::str::from_utf8(body).map_err(|_| Unreadable::Encoding)?;
        let written: Written = serde_json::from_str(body).map_err(|_| Unreadable::Json)?;
        let key = match written.key.as_deref().map(str::trim).filter(|key| !key.is_empty()) {
            None => None,
            Some(hex) => Some(Key::parse(hex).ok_or(Unreadable::Key)?),
        };
        let code = written.code.map(|code| code.trim().chars().take(LONGEST_CODE).collect::<String>());
        Ok(Post {
            consent: written.consent == Some(true),
            key,
            code: code.filter(|code| !code.is_empty()),
            trapped: written.website.is_some_and(|value| !value.is_empty()),
            change: false,
            answers: Given::Json(written.answers),
        })
    }
}

/// A name or value of a form, decoded.
fn text(encoded: &[u8]) -> Result<String, Unreadable> {
    let spaced: Vec<u8> = encoded.iter().map(|b| if *b == b'+' { b' ' } else { *b }).collect();
    let decoded = percent_decode(&spaced).decode_utf8().map_err(|_| Unreadable::Encoding)?;
    if decoded.contains('\0') {
        return Err(Unreadable::Encoding);
    }
    Ok(decoded.into_owned())
}

/// The trimmed value of a field that may stand there once; an empty one counts as none.
fn one<'p>(pairs: &'p [(String, String)], name: &str) -> Result<Option<&'p str>, Unreadable> {
    let mut values = pairs.iter().filter(|(n, _)| n == name).map(|(_, value)| value.trim());
    let first = values.next();
    if values.any(|other| Some(other) != first) {
        return Err(Unreadable::Fields);
    }
    Ok(first.filter(|value| !value.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "00112233445566778899aabbccddeeff";

    #[test]
    fn a_form_is_taken_apart() {
        let body = format!(
            "q.heard=know&q.topics=a&q.topics=b%2Cc&consent=yes&key={KEY}&code=+abc+&website=&q.say=%E4%BD%A0+%E5%A5%BD"
        );
        let post = Post::form(body.as_bytes()).unwrap();
        assert!(post.consent && !post.trapped && !post.change);
        assert_eq!(post.key, Key::parse(KEY));
        assert_eq!(post.code.as_deref(), Some("abc"));
        let Given::Form(pairs) = post.answers else { panic!() };
        assert!(
            pairs.contains(&("q.topics".into(), "b,c".into())) && pairs.contains(&("q.say".into(), "你 好".into()))
        );
        let empty = Post::form(b"").unwrap();
        assert_eq!((empty.consent, empty.key, empty.code), (false, None, None));
        assert_eq!(Post::form(b"key=&code=&consent=no").unwrap().key, None);
        assert!(Post::form(b"website=x").unwrap().trapped);
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        assert_eq!(Post::form(b"q.a=%ff"), Err(Unreadable::Encoding));
        assert_eq!(Post::form(b"q.a=\xca\xb6\xb2\xfa"), Err(Unreadable::Encoding));
        assert_eq!(Post::form(b"q.a=%00"), Err(Unreadable::Encoding));
        assert_eq!(Post::form(b"key=1"), Err(Unreadable::Key));
        assert_eq!(Post::form(format!("key={KEY}&key={}", KEY.replace('0', "1")).as_bytes()), Err(Unreadable::Fields));
        assert_eq!(Post::form("a=b&".repeat(3000).as_bytes()), Err(Unreadable::Fields));
        assert!(Post::form(b"100%&=&&&==&a%zz=%").is_ok(), "odd, but text");
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
            assert_eq!(Post::json(bad.as_bytes()), Err(Unreadable::Json), "{bad:.40}");
        }
        assert_eq!(Post::json(b"\xff"), Err(Unreadable::Encoding));
        assert_eq!(Post::json(br#"{"key":"zz","answers":{}}"#), Err(Unreadable::Key));
    }

    #[test]
    fn json_is_taken_apart() {
        let post = Post::json(
            format!(r#"{{"key":"{KEY}","consent":true,"code":null,"answers":{{"heard":"know"}}}}"#).as_bytes(),
        )
        .unwrap();
        assert_eq!(post.key.map(|k| k.hex()).as_deref(), Some(KEY));
        assert!(post.consent && post.code.is_none());
        assert_eq!(post.answers, Given::Json(serde_json::json!({"heard": "know"})));
    }

    #[test]
    fn a_row_key_depends_on_key_and_survey_and_does_not_show_the_key() {
        let key = Key::parse(KEY).unwrap();
        assert_eq!(key.row("a"), Key::parse(&KEY.to_uppercase()).unwrap().row("a"));
        assert_ne!(key.row("a"), key.row("b"));
        assert_ne!(key.row("a"), key.0);
        assert_ne!(Key::fresh(), Key::fresh());
        for bad in ["", "0", &format!("{KEY}0"), "0011223344556677889９aabbccddeef", "+0112233445566778899aabbccddeeff"]
        {
            assert_eq!(Key::parse(bad), None, "{bad}");
        }
    }
}
