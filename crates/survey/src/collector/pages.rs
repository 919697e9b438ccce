//! The collector's own pages: a form, answers to look over, a notice, each in a small frame of the site's look.
//!
//! In: finished parts and plain texts. Out: HTML, every text escaped. All addresses of the collector itself are relative, so a
//! proxy may put it under any path. Knows no requests and no store.

use puzhi_core::base::{escape_attr, escape_text};
use puzhi_core::diag::Lang;
use puzhi_core::form::{FormState, check_page, render};

use super::definitions::{Asked, Definitions};
use super::words::Notice;

/// Words of the frame.
struct Frame {
    skip: &'static str,
    to_survey: &'static str,
    to_site: &'static str,
    joint: &'static str,
    only_code: &'static str,
}

const ZH: Frame = Frame {
    skip: "跳到正文",
    to_survey: "问卷的说明和结果",
    to_site: "回到网站",
    joint: " - ",
    only_code: "现在只收有答题码的答卷。没有收到答题码的，不用填写。",
};
const EN: Frame = Frame {
    skip: "Skip to content",
    to_survey: "About this survey and its results",
    to_site: "Back to the site",
    joint: " - ",
    only_code: "Answers are taken with a code only now. If you did not receive one, you need not fill this in.",
};

fn frame(lang: Lang) -> &'static Frame {
    if lang == Lang::Zh { &ZH } else { &EN }
}

/// The form as `state` has it. `only_code`: nobody without a code may answer now.
pub fn form(definitions: &Definitions, asked: &Asked, state: &FormState, only_code: bool) -> String {
    let lang = words_of(definitions, asked.lang);
    let mut main = title(&asked.title);
    if only_code {
        main.push_str("<p class=\"lead\">");
        escape_text(&mut main, frame(lang).only_code);
        main.push_str("</p>\n");
    }
    main.push_str(&render(&asked.survey, state));
    whole(definitions, asked.lang, Some(asked), &asked.title, &main, 1)
}

/// The answers to look over, with a key that makes them one submission.
pub fn check(definitions: &Definitions, asked: &Asked, state: &FormState) -> String {
    let main = title(&asked.title) + &check_page(&asked.survey, state);
    whole(definitions, asked.lang, Some(asked), &asked.title, &main, 1)
}

/// Something to say at an address `depth` folders down.
pub fn notice(definitions: &Definitions, lang: usize, asked: Option<&Asked>, notice: Notice, depth: usize) -> String {
    let words = words_of(definitions, lang);
    let mut main = title(notice.title(words));
    main.push_str("<div class=\"prose\"><p>");
    escape_text(&mut main, &notice.text(words));
    main.push_str("</p></div>\n");
    whole(definitions, lang, asked, notice.title(words), &main, depth)
}

/// The language of the words around the questions.
pub fn words_of(definitions: &Definitions, lang: usize) -> Lang {
    match definitions.languages.get(lang) {
        Some((_, tag, _)) if tag.starts_with("en") => Lang::En,
        _ => Lang::Zh,
    }
}

fn title(text: &str) -> String {
    let mut out = String::from("<h1>");
    escape_text(&mut out, text);
    out.push_str("</h1>\n");
    out
}

fn whole(
    definitions: &Definitions,
    lang: usize,
    asked: Option<&Asked>,
    title: &str,
    main: &str,
    depth: usize,
) -> String {
    let words = frame(words_of(definitions, lang));
    let (_, tag, site) = definitions.languages.get(lang).cloned().unwrap_or_default();
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
    if definitions.js.is_some() && asked.is_some() {
        out.push_str(&format!("<script src=\"{up}form.js\" defer></script>\n"));
    }
    out.push_str("</head>\n<body>\n<a class=\"skip\" href=\"#main\">");
    out.push_str(words.skip);
    out.push_str(
        "</a>\n<header>\n<div class=\"mast\"><div class=\"wrap\"><div class=\"brand\"><p class=\"name\"><a href=\"",
    );
    escape_attr(&mut out, &definitions.site);
    out.push_str("\">");
    escape_text(&mut out, &site);
    out.push_str("</a></p></div></div></div>\n</header>\n<main id=\"main\" tabindex=\"-1\">\n<div class=\"wrap\">\n");
    out.push_str(main);
    out.push_str("</div>\n</main>\n<footer class=\"foot\"><div class=\"wrap\"><ul class=\"links\">");
    let links =
        [asked.map(|asked| (asked.page.as_str(), words.to_survey)), Some((definitions.site.as_str(), words.to_site))];
    for (address, text) in links.into_iter().flatten() {
        out.push_str("<li><a href=\"");
        escape_attr(&mut out, address);
        out.push_str("\">");
        escape_text(&mut out, text);
        out.push_str("</a></li>");
    }
    out.push_str("</ul></div></footer>\n</body>\n</html>\n");
    out
}
