//! The pages around the form on an interviewer's device: the first page, a case of the call sheet, the hand-over.
//!
//! In: counts, cases, what is just done. Out: HTML in the collector's frame, every text escaped. No answer comes here.

use std::fmt::Write;

use puzhi_core::base::{escape_attr, escape_text};
use puzhi_core::diag::Lang;
use puzhi_core::kinds::CollectionMode;

use super::call_sheet::SheetCase;
use super::record::Disposition;

/// Style of these pages beyond the theme's.
pub const FIELD_CSS: &str = "
.field-buttons{display:flex;flex-wrap:wrap;gap:.75rem;margin-block:1rem 2rem}
.field-buttons form{margin:0}
.field-main .button,.field-main button,.field-main select{font:inherit;line-height:1.4;min-height:3rem;padding:.55rem 1.25rem;border:2px solid var(--edge);border-radius:2px;background:var(--paper);color:var(--ink);cursor:pointer}
.field-main .button.go{background:var(--band);border-color:var(--band);color:var(--on-band);font-weight:700;font-size:1.1rem}
.field-main :is(button,select,a):focus-visible{outline:3px solid var(--ring);outline-offset:2px}
main>.wrap>.field-main:first-child{padding-top:clamp(1.5rem,4vw,2.5rem)}
.field-main h1{margin-block:0 1.25rem}
.field-main h2{font-size:1.25rem;font-weight:700;margin-block:2.5rem .75rem;padding-top:.75rem;border-top:2px solid var(--ink)}
.field-main p{line-height:1.7;margin-block:.5rem;max-width:36em}
.field-main .said{border:2px solid var(--ink);padding:.75rem 1rem;margin-block:0 1.5rem;display:flex;flex-wrap:wrap;gap:.75rem;align-items:center}
.field-main .said.wrong{border-color:var(--wrong);border-width:4px}
.field-main code{overflow-wrap:anywhere;user-select:all}
.field-counts{display:grid;grid-template-columns:minmax(0,1fr) auto;gap:.35rem 1.5rem;max-width:24em;line-height:1.6}
.field-counts div{display:contents}
.field-counts dd{margin:0;text-align:end;font-variant-numeric:tabular-nums;font-weight:700}
.field-cases{list-style:none;padding:0;max-width:36em}
.field-cases li{border-top:1px solid var(--line)}
.field-cases a{display:flex;justify-content:space-between;gap:1rem;padding:.75rem 0;min-height:2.75rem;overflow-wrap:anywhere}
.field-cases span{color:var(--soft)}
.field-facts{line-height:1.7;max-width:36em}
.field-facts div{display:grid;grid-template-columns:8em minmax(0,1fr);gap:.75em}
.field-facts dt{color:var(--soft)}
.field-facts dd{margin:0;overflow-wrap:anywhere}
";

/// What was just done, shown at the head of the first page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// An interview was sealed.
    Sealed,
    /// A disposition was recorded; the key takes it back. It is empty when a form was ended with it.
    Recorded(Disposition, String),
    /// A disposition was taken back.
    TakenBack,
    /// The form is not open any more: it was finished, or left.
    NotOpen,
    /// The case has an interview already.
    HasInterview,
}

/// What keeps interviews from being started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Closed {
    /// The device is not enrolled.
    NotEnrolled,
    /// The device is revoked.
    Revoked,
    /// The wave is not open: why, in words.
    Wave(String),
}

/// The texts and values of the first page.
pub struct FirstPage<'p> {
    pub lang: Lang,
    pub mode: CollectionMode,
    pub title: &'p str,
    pub wave: &'p str,
    /// The public key of the device, as the definition writes it.
    pub device: &'p str,
    pub closed: Option<Closed>,
    pub said: Option<Said>,
    pub counts: Vec<(Disposition, u64)>,
    /// The cases of the call sheet with what became of them; `None` without a sheet.
    pub cases: Option<Vec<(&'p SheetCase, Option<Disposition>)>>,
    /// Languages of the form: code and name; empty if there is one.
    pub languages: Vec<(&'p str, &'p str)>,
}

/// The first page.
pub fn first(page: &FirstPage<'_>) -> String {
    let (lang, mut out) = (page.lang, String::from("<div class=\"field-main\">\n"));
    tag(&mut out, "h1", page.title);
    said(&mut out, page);
    let wave = lang.pick(format!("批次：{}", page.wave), format!("Wave: {}", page.wave));
    tag(&mut out, "p", &wave);
    match (&page.closed, &page.cases) {
        (Some(closed), _) => why_closed(&mut out, page, closed),
        (None, Some(cases)) => case_list(&mut out, page, cases),
        (None, None) => {
            tag(&mut out, "h2", lang.pick("下一位", "The next person"));
            start_button(&mut out, page.lang, None, &page.languages);
            tag(&mut out, "h2", lang.pick("没有答成的", "Not interviewed"));
            disposition_buttons(&mut out, page.mode, lang, ("/outcome", None));
        }
    }
    tag(&mut out, "h2", lang.pick("这台设备上的", "On this device"));
    counts(&mut out, page);
    tag(&mut out, "h2", lang.pick("交回办公室", "Hand over"));
    tag(
        &mut out,
        "p",
        lang.pick(
            "按一下，存成一个文件，交给办公室。文件里是到现在为止的全部答卷，只有办公室打得开；多交几次不要紧，每份只算一次。",
            "This writes one file for the office with all interviews so far. Only the office can open it; handing over more than once does no harm.",
        ),
    );
    out.push_str("<form class=\"field-buttons\" method=\"post\" action=\"/hand-over\">");
    button(&mut out, "button", None, lang.pick("存成交回的文件", "Write the file"));
    out.push_str("</form>\n</div>\n");
    out
}

fn said(out: &mut String, page: &FirstPage<'_>) {
    let Some(said) = &page.said else { return };
    let lang = page.lang;
    let text = match said {
        Said::Sealed => lang.pick("这一份封好了，存下了。", "The interview is sealed and kept.").to_string(),
        Said::Recorded(outcome, _) => {
            let label = outcome.label(page.mode, lang);
            lang.pick(format!("记下了：{label}。"), format!("Recorded: {label}."))
        }
        Said::TakenBack => lang.pick("撤销了。", "Taken back.").to_string(),
        Said::NotOpen => lang.pick("那一份已经结束了。", "That interview has ended.").to_string(),
        Said::HasInterview => lang.pick("这一位已经答完了。", "This person has been interviewed.").to_string(),
    };
    out.push_str("<div class=\"said\" role=\"status\"><span>");
    escape_text(out, &text);
    out.push_str("</span>");
    if let Said::Recorded(_, contact) = said
        && !contact.is_empty()
    {
        out.push_str("<form method=\"post\" action=\"/take-back\">");
        hidden(out, "contact", contact);
        button(out, "button", None, lang.pick("按错了，撤销", "Take it back"));
        out.push_str("</form>");
    }
    out.push_str("</div>\n");
}

fn why_closed(out: &mut String, page: &FirstPage<'_>, closed: &Closed) {
    let lang = page.lang;
    out.push_str("<div class=\"said wrong\" role=\"alert\"><div>");
    match closed {
        Closed::NotEnrolled => {
            tag(
                out,
                "p",
                lang.pick(
                    "这台设备还没有登记，先不要访问。请把下面这一行发给办公室，登记好以后，换上新的问卷页再打开。",
                    "This device is not enrolled yet, so do not interview. Send this line to the office, and start again with the new page.",
                ),
            );
            tag(out, "code", page.device);
        }
        Closed::Revoked => tag(
            out,
            "p",
            lang.pick(
                "这台设备已经作废，不能再访问。请和办公室联系。",
                "This device is revoked and cannot be used. Please ask the office.",
            ),
        ),
        Closed::Wave(text) => tag(out, "p", text),
    }
    out.push_str("</div></div>\n");
}

fn counts(out: &mut String, page: &FirstPage<'_>) {
    out.push_str("<dl class=\"field-counts\">");
    for (disposition, count) in &page.counts {
        out.push_str("<div><dt>");
        escape_text(out, disposition.label(page.mode, page.lang));
        let _ = write!(out, "</dt><dd>{count}</dd></div>");
    }
    out.push_str("</dl>\n");
}

fn case_list(out: &mut String, page: &FirstPage<'_>, cases: &[(&SheetCase, Option<Disposition>)]) {
    let lang = page.lang;
    tag(out, "h2", lang.pick("名单", "Call sheet"));
    out.push_str("<ul class=\"field-cases\">\n");
    for (n, (case, outcome)) in cases.iter().enumerate() {
        let _ = write!(out, "<li><a href=\"/case/{n}\">");
        escape_text(out, &case.name);
        out.push_str("<span>");
        escape_text(out, outcome.map_or(lang.pick("还没有", "open"), |outcome| outcome.label(page.mode, lang)));
        out.push_str("</span></a></li>\n");
    }
    out.push_str("</ul>\n");
}

/// The page of one case of the call sheet.
pub fn case(page: &FirstPage<'_>, case: &SheetCase, outcome: Option<Disposition>) -> String {
    let (lang, mut out) = (page.lang, String::from("<div class=\"field-main\">\n"));
    tag(&mut out, "h1", &case.name);
    facts(&mut out, case);
    match outcome {
        Some(Disposition::Complete) => tag(&mut out, "p", lang.pick("已经答完了。", "Interviewed.")),
        _ => {
            start_button(&mut out, lang, Some(&case.name), &page.languages);
            tag(&mut out, "h2", lang.pick("没有答成", "Not interviewed"));
            disposition_buttons(&mut out, page.mode, lang, ("/outcome", Some(("case", &case.name))));
        }
    }
    out.push_str("</div>\n");
    out
}

/// What the call sheet says of a case.
pub fn facts(out: &mut String, case: &SheetCase) {
    if case.shown.is_empty() {
        return;
    }
    out.push_str("<dl class=\"field-facts\">");
    for (header, cell) in &case.shown {
        out.push_str("<div><dt>");
        escape_text(out, header);
        out.push_str("</dt><dd>");
        escape_text(out, cell);
        out.push_str("</dd></div>");
    }
    out.push_str("</dl>\n");
}

/// What stands under the form: how to end without an interview.
pub fn under_form(mode: CollectionMode, lang: Lang, form: &str) -> String {
    let mut out = String::from("<div class=\"field-main\">\n");
    tag(&mut out, "h2", lang.pick("没有答完就停了", "Ended without an interview"));
    tag(
        &mut out,
        "p",
        lang.pick("按了下面的按钮，上面填的就都不要了。", "These buttons throw away what is filled in above."),
    );
    disposition_buttons(&mut out, mode, lang, ("/outcome", Some(("form", form))));
    out.push_str("</div>\n");
    out
}

/// The page after a hand-over.
pub fn handed_over(lang: Lang, name: &str, interviews: usize) -> String {
    let mut out = String::from("<div class=\"field-main\">\n");
    tag(&mut out, "h1", lang.pick("文件存好了", "The file is written"));
    let text = lang.pick(
        format!("里面有 {interviews} 份答卷，文件叫："),
        format!("It has {interviews} interviews and is called:"),
    );
    tag(&mut out, "p", &text);
    out.push_str("<p>");
    tag(&mut out, "code", name);
    out.push_str("</p>\n");
    tag(
        &mut out,
        "p",
        lang.pick(
            "把它拷到 U 盘交给办公室。办公室说“收到”以前，设备上的先不要删。",
            "Copy it to a stick and give it to the office. Keep what is on the device until the office has confirmed.",
        ),
    );
    out.push_str("</div>\n");
    out
}

/// A page with a heading and a sentence.
pub fn note(title: &str, text: &str) -> String {
    let mut out = String::from("<div class=\"field-main\">\n");
    tag(&mut out, "h1", title);
    tag(&mut out, "p", text);
    out.push_str("</div>\n");
    out
}

fn start_button(out: &mut String, lang: Lang, case: Option<&str>, languages: &[(&str, &str)]) {
    out.push_str("<form class=\"field-buttons\" method=\"post\" action=\"/start\">");
    if let Some(case) = case {
        hidden(out, "case", case);
    }
    if languages.len() > 1 {
        let label = lang.pick("问卷的语言", "Language of the form");
        let _ = write!(out, "<select name=\"lang\" aria-label=\"{label}\">");
        for (code, name) in languages {
            out.push_str("<option value=\"");
            escape_attr(out, code);
            out.push_str("\">");
            escape_text(out, name);
            out.push_str("</option>");
        }
        out.push_str("</select>");
    }
    button(out, "button go", None, lang.pick("开始访问", "Start an interview"));
    out.push_str("</form>\n");
}

/// One button for each reason why there is no interview. `send` is where they lead, and a field that goes along.
fn disposition_buttons(out: &mut String, mode: CollectionMode, lang: Lang, send: (&str, Option<(&str, &str)>)) {
    let (action, along) = send;
    let _ = write!(out, "<form class=\"field-buttons\" method=\"post\" action=\"{action}\">");
    if let Some((name, value)) = along {
        hidden(out, name, value);
    }
    for disposition in Disposition::ALL.into_iter().filter(|d| *d != Disposition::Complete) {
        button(out, "button", Some(("outcome", disposition.as_str())), disposition.label(mode, lang));
    }
    out.push_str("</form>\n");
}

fn button(out: &mut String, class: &str, value: Option<(&str, &str)>, text: &str) {
    let _ = write!(out, "<button type=\"submit\" class=\"{class}\"");
    if let Some((name, value)) = value {
        let _ = write!(out, " name=\"{name}\" value=\"{value}\"");
    }
    out.push('>');
    escape_text(out, text);
    out.push_str("</button>");
}

fn hidden(out: &mut String, name: &str, value: &str) {
    let _ = write!(out, "<input type=\"hidden\" name=\"{name}\" value=\"");
    escape_attr(out, value);
    out.push_str("\">");
}

fn tag(out: &mut String, name: &str, text: &str) {
    let _ = write!(out, "<{name}>");
    escape_text(out, text);
    let _ = writeln!(out, "</{name}>");
}
