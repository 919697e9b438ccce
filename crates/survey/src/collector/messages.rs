//! Texts of the collector in Chinese and English, with their HTTP status.
//!
//! In: what happened. Out: a title, sentences, a status, and a word for programs. Nothing is escaped here.

use axum::http::StatusCode;

use puzhi_core::base::DateOrDateTime;
use puzhi_core::diag::Lang;

/// Every reply to a request that is not a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// There is no such survey.
    NoSurvey,
    /// The HTTP method is not supported.
    Method,
    /// The survey opens at this moment; `None` when none is set.
    NotYet(Option<DateOrDateTime>),
    /// The survey closed at this moment; `None` when none is set.
    Closed(Option<DateOrDateTime>),
    /// The survey runs on another site.
    Elsewhere,
    /// The respondent is too young. Nothing is stored.
    UnderAge,
    /// The body is too large.
    TooLarge,
    /// See [`super::SubmissionError::Encoding`].
    Encoding,
    /// See [`super::SubmissionError::Json`].
    Json,
    /// See [`super::SubmissionError::Key`].
    Key,
    /// See [`super::SubmissionError::Fields`].
    Fields,
    /// The media type is neither that of a form nor JSON.
    MediaType,
    /// The request comes from a page of another site.
    Origin,
    /// Too many requests from one address; seconds to wait.
    TooMany(u64),
    /// The body did not arrive in time.
    Slow,
    /// The store failed, or did not answer in time.
    Unavailable,
}

impl Notice {
    /// The HTTP status.
    pub fn status(self) -> StatusCode {
        match self {
            Notice::NoSurvey => StatusCode::NOT_FOUND,
            Notice::Method => StatusCode::METHOD_NOT_ALLOWED,
            Notice::NotYet(_) | Notice::Closed(_) | Notice::Elsewhere | Notice::Origin => StatusCode::FORBIDDEN,
            Notice::UnderAge => StatusCode::OK,
            Notice::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Notice::Encoding | Notice::Json | Notice::Key | Notice::Fields => StatusCode::BAD_REQUEST,
            Notice::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Notice::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Notice::Slow => StatusCode::REQUEST_TIMEOUT,
            Notice::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The word in the `error` field of JSON replies.
    pub fn name(self) -> &'static str {
        match self {
            Notice::NoSurvey => "no-survey",
            Notice::Method => "method",
            Notice::NotYet(_) => "not-yet",
            Notice::Closed(_) => "closed",
            Notice::Elsewhere => "elsewhere",
            Notice::UnderAge => "under-age",
            Notice::TooLarge => "too-large",
            Notice::Encoding => "encoding",
            Notice::Json => "json",
            Notice::Key => "key",
            Notice::Fields => "fields",
            Notice::MediaType => "media-type",
            Notice::Origin => "origin",
            Notice::TooMany(_) => "too-many",
            Notice::Slow => "slow",
            Notice::Unavailable => "trouble",
        }
    }

    /// Title of the page.
    pub fn title(self, lang: Lang) -> &'static str {
        let (zh, en) = match self {
            Notice::NoSurvey => ("没有这个页面", "No such page"),
            Notice::Method => ("不能这样请求", "Not possible this way"),
            Notice::NotYet(_) => ("调查还没有开始", "The survey has not begun"),
            Notice::Closed(_) => ("调查已经结束", "The survey is over"),
            Notice::Elsewhere => ("问卷不在这里填", "The survey is answered elsewhere"),
            Notice::UnderAge => ("谢谢您", "Thank you"),
            Notice::TooLarge | Notice::Encoding | Notice::Json | Notice::Key | Notice::Fields | Notice::MediaType => {
                ("答卷读不出来", "The answers cannot be read")
            }
            Notice::Origin => ("不能从这个网页提交", "Not accepted from that page"),
            Notice::TooMany(_) => ("请稍等", "Please wait"),
            Notice::Slow => ("等得太久", "It took too long"),
            Notice::Unavailable => ("暂时不能保存", "Nothing can be stored right now"),
        };
        if lang == Lang::Zh { zh } else { en }
    }

    /// What happened and what to do.
    pub fn text(self, lang: Lang) -> String {
        let zh = lang == Lang::Zh;
        let fixed = |zh_text: &str, en_text: &str| if zh { zh_text.to_string() } else { en_text.to_string() };
        match self {
            Notice::NoSurvey => fixed(
                "这里没有您要找的问卷。请从网站的问卷页面进入。",
                "There is no such survey here. Please start from the survey's page on the site.",
            ),
            Notice::Method => {
                fixed("请从问卷页面填写和提交。", "Please fill in and send the form on the survey's page.")
            }
            Notice::NotYet(None) => fixed(
                "开始的日期还没有定。现在不收答卷，没有保存任何内容。",
                "The opening day is not fixed yet. No answers are taken now; nothing is stored.",
            ),
            Notice::NotYet(Some(at)) if zh => format!("从{}起收答卷。现在没有保存任何内容。", at.zh()),
            Notice::NotYet(Some(at)) => format!("Answers are taken from {}. Nothing is stored now.", at.en()),
            Notice::Closed(None) => {
                fixed("不再收答卷，没有保存任何内容。", "No more answers are taken; nothing is stored.")
            }
            Notice::Closed(Some(at)) if zh => format!("收到{}为止，现在不再收答卷，没有保存任何内容。", at.zh()),
            Notice::Closed(Some(at)) => {
                format!("Answers were taken until {}. No more are taken; nothing is stored.", at.en())
            }
            Notice::Elsewhere => fixed(
                "这份问卷在别的网站填写，请从问卷页面进入。",
                "This survey is answered on another site; please follow the link on its page.",
            ),
            Notice::UnderAge => fixed(
                "这份问卷请14周岁以上的人填写，您不用往下填了。没有保存任何内容。想了解知识产权，欢迎看看网站上的文章。",
                "This survey is for people aged 14 and over, so you need not go on. Nothing was stored. You are welcome to read on the site.",
            ),
            Notice::TooLarge => {
                fixed("提交的内容太大，没有保存任何内容。", "What was sent is too large; nothing is stored.")
            }
            Notice::Encoding => {
                fixed("提交的文字不是 UTF-8 编码，没有保存任何内容。", "The text is not UTF-8; nothing is stored.")
            }
            Notice::Json => {
                fixed("不是约定格式的 JSON，没有保存任何内容。", "Not JSON of the agreed form; nothing is stored.")
            }
            Notice::Key => fixed(
                "提交用的编号（key）应是32位十六进制数，没有保存任何内容。",
                "The key must be 32 hexadecimal digits; nothing is stored.",
            ),
            Notice::Fields => fixed(
                "同一栏填了几个不同的值，或者栏目太多，没有保存任何内容。",
                "One field has several values, or there are too many fields; nothing is stored.",
            ),
            Notice::MediaType => {
                fixed("只收网页表单和 JSON，没有保存任何内容。", "Only forms and JSON are taken; nothing is stored.")
            }
            Notice::Origin => fixed(
                "答卷要从本站的问卷页面提交。没有保存任何内容，请打开问卷页面重新填写。",
                "Answers must be sent from the survey's page on this site. Nothing is stored; please open that page.",
            ),
            Notice::TooMany(seconds) if zh => {
                format!("您所在的网络提交得太密，请过{}再试。没有保存任何内容。", waiting_time(seconds, true))
            }
            Notice::TooMany(seconds) => {
                format!(
                    "Too many attempts from your network; please try again in {}. Nothing is stored.",
                    waiting_time(seconds, false)
                )
            }
            Notice::Slow => fixed(
                "没有收全您提交的内容，没有保存。请重新提交。",
                "Not everything arrived, nothing is stored. Please send it again.",
            ),
            Notice::Unavailable => fixed(
                "服务器现在存不了答卷，您的答案可能没有存下。请过一会儿在原来的页面再提交一次，重复提交只算一份。",
                "The server cannot store answers right now; yours may not be stored. Please send the same page again later: it counts once.",
            ),
        }
    }
}

/// A waiting time in words.
fn waiting_time(seconds: u64, zh: bool) -> String {
    let minutes = seconds.div_ceil(60);
    match (seconds, zh) {
        (..60, true) => format!("{seconds}秒"),
        (_, true) => format!("{minutes}分钟"),
        (1, false) => "1 second".into(),
        (..60, false) => format!("{seconds} seconds"),
        (60, false) => "1 minute".into(),
        (_, false) => format!("{minutes} minutes"),
    }
}

/// What may be wrong with a submission besides its answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubmissionProblem {
    /// The respondent did not consent.
    ConsentMissing,
    /// The code is unknown, of another survey, or used. The reply does not say which.
    CodeInvalid,
    /// Only responses with a code are taken now.
    CodeRequired,
    /// The hidden field is filled, as robots do.
    HoneypotFilled,
}

impl SubmissionProblem {
    /// Name of the field in the form; `None` for the hidden one.
    pub fn field(self) -> Option<&'static str> {
        match self {
            SubmissionProblem::ConsentMissing => Some("consent"),
            SubmissionProblem::CodeInvalid | SubmissionProblem::CodeRequired => Some("code"),
            SubmissionProblem::HoneypotFilled => None,
        }
    }

    /// The message beside the field.
    pub fn message(self, lang: Lang) -> &'static str {
        let (zh, en) = match self {
            SubmissionProblem::ConsentMissing => (
                "请看过说明后勾选“愿意参加”；不愿意参加，关闭网页即可",
                "please read the notice and tick the box to take part; if you do not want to, just close the page",
            ),
            SubmissionProblem::CodeInvalid => (
                "这个答题码不能用：可能抄错了，或者已经用过",
                "this code cannot be used: it may be mistyped, or used already",
            ),
            SubmissionProblem::CodeRequired => (
                "现在只收有答题码的答卷，请填写您收到的答题码",
                "answers are taken with a code only now; please enter the one you received",
            ),
            SubmissionProblem::HoneypotFilled => (
                "有一个看不见的栏目里有内容，已经清空，请再提交一次",
                "a field that is not shown had something in it; it is empty now, please send again",
            ),
        };
        if lang == Lang::Zh { zh } else { en }
    }
}
