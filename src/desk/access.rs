//! Who may ask the desk: requests of its own page, which has the token of this start.
//!
//! Input: the headers of a request. Output: whether it is answered. Knows no request in particular.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use axum::http::{HeaderMap, Method, Uri};
use jiff::{SignedDuration, Timestamp};

use crate::preview::guard;

/// The header in which the page sends its token.
const TOKEN_HEADER: &str = "x-desk-token";

/// A secret of one start of the desk: who has it may ask. It is given to the page behind `#`, which browsers send to no server.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// A token that nobody can guess; `None` when the system has no random bytes.
    #[expect(clippy::disallowed_methods, reason = "the token must not be guessed")]
    pub fn random() -> Option<Token> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).ok()?;
        Some(Token(bytes.iter().map(|byte| format!("{byte:02x}")).collect()))
    }

    /// Compares in a time that does not depend on where the first difference is.
    fn is(&self, given: &[u8]) -> bool {
        let own = self.0.as_bytes();
        own.len() == given.len() && own.iter().zip(given).fold(0, |differs, (own, given)| differs | (own ^ given)) == 0
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How long a code is worth a token.
const CODE_LASTS: SignedDuration = SignedDuration::from_secs(60);

/// What the program opens the browser with in place of the token: other users of the machine see the arguments of programs. The page
/// exchanges it for the token, once and soon.
pub(super) struct OneTimeCode(Mutex<CodeState>, Timestamp);

/// See [`OneTimeCode`].
struct CodeState {
    code: Option<Token>,
    /// Whether it was exchanged.
    is_taken: bool,
}

/// What a code is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CodeWorth {
    /// The token.
    Token,
    /// Nothing.
    Nothing,
    /// Somebody else has exchanged it before: the token is in two hands.
    Stolen,
}

impl OneTimeCode {
    /// A code that lasts from `now` on; `None` if no browser is opened.
    pub fn new(code: Option<Token>, now: Timestamp) -> OneTimeCode {
        OneTimeCode(Mutex::new(CodeState { code, is_taken: false }), now)
    }

    /// What `given` is worth. The code is worth the token once and soon.
    pub fn take(&self, given: &str, now: Timestamp) -> CodeWorth {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if now.duration_since(self.1) > CODE_LASTS {
            state.code = None;
        }
        if !state.code.as_ref().is_some_and(|code| code.is(given.as_bytes())) {
            return CodeWorth::Nothing;
        }
        if std::mem::replace(&mut state.is_taken, true) { CodeWorth::Stolen } else { CodeWorth::Token }
    }
}

/// Whether a request comes from a page of this server.
pub(super) fn has_own_origin(headers: &HeaderMap, port: u16) -> bool {
    guard::origin(headers, port).is_ok()
}

/// Whether a request for any address of the desk names this server.
pub(super) fn names_this_server(headers: &HeaderMap, uri: &Uri, port: u16) -> bool {
    guard::host(headers, uri, port).is_ok()
}

/// Whether a request comes from the desk's own page: it has the token, and its origin if it does more than read. Browsers leave out
/// `Origin` where they read from the page's own.
pub(super) fn is_own_page(method: &Method, headers: &HeaderMap, port: u16, token: &Token) -> bool {
    let mut tokens = headers.get_all(TOKEN_HEADER).iter();
    let has_token = tokens.next().is_some_and(|given| token.is(given.as_bytes())) && tokens.next().is_none();
    let needs_origin = method != Method::GET || headers.contains_key(axum::http::header::ORIGIN);
    has_token && (!needs_origin || guard::origin(headers, port).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_worth_a_token_once_and_for_a_minute() {
        let (code, wrong) = (Token::random().unwrap(), Token::random().unwrap());
        let after = |seconds: i64| Timestamp::from_second(1_700_000_000 + seconds).unwrap();
        let new = || OneTimeCode::new(Some(code.clone()), after(0));
        let once = new();
        assert_eq!(once.take(&wrong.to_string(), after(1)), CodeWorth::Nothing);
        assert_eq!(once.take("", after(1)), CodeWorth::Nothing);
        assert_eq!(once.take(&code.to_string(), after(59)), CodeWorth::Token);
        assert_eq!(once.take(&code.to_string(), after(60)), CodeWorth::Stolen);
        assert_eq!(once.take(&code.to_string(), after(61)), CodeWorth::Nothing);
        let late = new();
        assert_eq!(late.take(&code.to_string(), after(61)), CodeWorth::Nothing);
        assert_eq!(late.take(&code.to_string(), after(1)), CodeWorth::Nothing);
        assert_eq!(OneTimeCode::new(None, after(0)).take("", after(0)), CodeWorth::Nothing);
    }
}
