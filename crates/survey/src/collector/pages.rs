//! The collector's pages: the form, the review of answers, and notices, each in a frame that looks like the site.
//!
//! In: rendered parts and plain texts. Out: HTML, every text escaped. Addresses of the collector itself are relative, so that a proxy
//! may serve it under any path. Knows no requests and no store.

use std::borrow::Cow;

use puzhi_core::base::{escape_attr, escape_text};
use puzhi_core::diag::Lang;
use puzhi_core::form::{FormState, render, render_review_page};

use super::definitions::{LocalizedSurvey, SiteLanguage, SurveyDefinitions};
use super::messages::Notice;

/// Texts of the frame.
struct FrameTexts {
    skip: &'static str,
    to_survey: &'static str,
    to_site: &'static str,
    joint: &'static str,
    to_device: &'static str,
    only_with_code: &'static str,
}

const ZH: FrameTexts = FrameTexts {
    skip: "跳到正文",
    to_survey: "问卷的说明和结果",
    to_site: "回到网站",
    joint: " - ",
    to_device: "回到开始页",
    only_with_code: "现在只收有答题码的答卷。没有收到答题码的，不用填写。",
};
const EN: FrameTexts = FrameTexts {
    skip: "Skip to content",
    to_survey: "About this survey and its results",
    to_site: "Back to the site",
    joint: " - ",
    to_device: "Back to the first page",
    only_with_code: "Answers are taken with a code only now. If you did not receive one, you need not fill this in.",
};

fn frame_texts(lang: Lang) -> &'static FrameTexts {
    if lang == Lang::Zh { &ZH } else { &EN }
}

/// The site as the pages show it.
#[derive(Clone, Copy)]
pub struct SiteFrame<'d> {
    pub definitions: &'d SurveyDefinitions,
    /// Whether the respondent reads large pages (长者版).
    pub large: bool,
    /// Whether the page is shown on an interviewer's device without network: it links to nothing but the device's first page.
    pub offline: bool,
}

impl SiteFrame<'_> {
    /// The address of a page of the site, or of the large page beside it.
    pub fn address<'u>(&self, url: &'u str) -> Cow<'u, str> {
        if self.large { Cow::Owned(self.definitions.large_address(url)) } else { Cow::Borrowed(url) }
    }
}

/// The page with the form in this state. `only_with_code` says that only responses with a code are taken now.
pub fn form(site: SiteFrame<'_>, localized: &LocalizedSurvey, state: &FormState, only_with_code: bool) -> String {
    let lang = message_language(site.definitions, localized.lang);
    let mut main = heading(&localized.title);
    if only_with_code {
        main.push_str("<p class=\"lead\">");
        escape_text(&mut main, frame_texts(lang).only_with_code);
        main.push_str("</p>\n");
    }
    main.push_str(&render(&localized.survey, state));
    document(site, &PageFrame::of_survey(localized), &main)
}

/// The page on which the respondent reviews the answers; it holds the key of the submission.
pub fn review(site: SiteFrame<'_>, localized: &LocalizedSurvey, state: &FormState) -> String {
    let main = heading(&localized.title) + &render_review_page(&localized.survey, state);
    document(site, &PageFrame::of_survey(localized), &main)
}

/// The page of a notice, at an address `depth` folders below the collector's root.
pub fn notice(
    site: SiteFrame<'_>,
    lang: usize,
    localized: Option<&LocalizedSurvey>,
    notice: Notice,
    depth: usize,
) -> String {
    let words = message_language(site.definitions, lang);
    let mut main = heading(notice.title(words));
    main.push_str("<div class=\"prose\"><p>");
    escape_text(&mut main, &notice.text(words));
    main.push_str("</p></div>\n");
    document(site, &PageFrame { lang, localized, title: notice.title(words), depth }, &main)
}

/// A page at an address `depth` folders below the root, around `main`, which is HTML already. `title` is what the browser shows.
pub(crate) fn frame(site: SiteFrame<'_>, localized: &LocalizedSurvey, title: &str, depth: usize, main: &str) -> String {
    document(site, &PageFrame { lang: localized.lang, localized: Some(localized), title, depth }, main)
}

/// The language of the texts around the questions.
pub fn message_language(definitions: &SurveyDefinitions, lang: usize) -> Lang {
    match definitions.languages.get(lang) {
        Some(language) if language.tag.starts_with("en") => Lang::En,
        _ => Lang::Zh,
    }
}

fn heading(text: &str) -> String {
    let mut out = String::from("<h1>");
    escape_text(&mut out, text);
    out.push_str("</h1>\n");
    out
}

/// What surrounds the content of a page.
struct PageFrame<'p> {
    /// Index into the site's languages.
    lang: usize,
    /// The survey that the footer links to.
    localized: Option<&'p LocalizedSurvey>,
    title: &'p str,
    /// How many folders the page's address lies below the collector's root.
    depth: usize,
}

impl PageFrame<'_> {
    /// The frame of `surveys/ID`.
    fn of_survey(localized: &LocalizedSurvey) -> PageFrame<'_> {
        PageFrame { lang: localized.lang, localized: Some(localized), title: &localized.title, depth: 1 }
    }
}

/// The whole HTML document around `main`, which is HTML already.
fn document(pages: SiteFrame<'_>, frame: &PageFrame<'_>, main: &str) -> String {
    let definitions = pages.definitions;
    let PageFrame { lang, localized, title, depth } = *frame;
    let words = frame_texts(message_language(definitions, lang));
    let SiteLanguage { tag, title: site, .. } = definitions.languages.get(lang).cloned().unwrap_or_default();
    let mut out = String::with_capacity(main.len() + 2048);
    out.push_str("<!doctype html>\n<html lang=\"");
    escape_attr(&mut out, &tag);
    out.push_str(
        "\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>",
    );
    escape_text(&mut out, title);
    out.push_str(words.joint);
    escape_text(&mut out, &site);
    let up = "../".repeat(depth);
    out.push_str(&format!(
        "</title>\n<meta name=\"robots\" content=\"noindex\">\n<link rel=\"stylesheet\" href=\"{up}style.css\">\n"
    ));
    if pages.large {
        out.push_str(&format!("<link rel=\"stylesheet\" href=\"{up}large.css\">\n"));
    }
    if definitions.js.is_some() && localized.is_some() {
        out.push_str(&format!("<script src=\"{up}form.js\" defer></script>\n"));
    }
    out.push_str("</head>\n<body>\n<a class=\"skip\" href=\"#main\">");
    out.push_str(words.skip);
    out.push_str(
        "</a>\n<header>\n<div class=\"mast\"><div class=\"wrap\"><div class=\"brand\"><p class=\"name\"><a href=\"",
    );
    let home = if pages.offline { Cow::Borrowed("/") } else { pages.address(&definitions.site_url) };
    escape_attr(&mut out, &home);
    out.push_str("\">");
    escape_text(&mut out, &site);
    out.push_str("</a></p></div></div></div>\n</header>\n<main id=\"main\" tabindex=\"-1\">\n<div class=\"wrap\">\n");
    out.push_str(main);
    out.push_str("</div>\n</main>\n<footer class=\"foot\"><div class=\"wrap\"><ul class=\"links\">");
    let links = if pages.offline {
        [Some((Cow::Borrowed("/"), words.to_device)), None]
    } else {
        [
            localized.map(|localized| (pages.address(&localized.page_url), words.to_survey)),
            Some((pages.address(&definitions.site_url), words.to_site)),
        ]
    };
    for (address, text) in links.into_iter().flatten() {
        out.push_str("<li><a href=\"");
        escape_attr(&mut out, &address);
        out.push_str("\">");
        escape_text(&mut out, text);
        out.push_str("</a></li>");
    }
    out.push_str("</ul></div></footer>\n</body>\n</html>\n");
    out
}
