//! Converts Tera errors to diagnostics: template, line, what is wrong in plain words, and the nearest name that there is.
//!
//! Input: the error, the texts and paths of the templates. Output: a [`Diagnostic`] without a word that only the library
//! knows, where the cause is one that people meet; any other cause is quoted. Does not know pages.

use std::collections::{BTreeMap, BTreeSet};

use tera::{Error, ErrorKind, ReportError};

use puzhi_core::base::{LineColumn, SitePath, Span, closest_match};
use puzhi_core::diag::codes::theme as code;
use puzhi_core::diag::{Diagnostic, Excerpt};

/// The templates of a theme, for messages.
pub(super) struct TemplateSources<'t> {
    /// Files by the name of the template.
    pub paths: &'t BTreeMap<String, SitePath>,
    /// Texts by the name of the template.
    pub texts: &'t BTreeMap<String, String>,
}

impl TemplateSources<'_> {
    /// The name under which a template is stored; those of the theme have a prefix.
    fn stored<'n, T>(map: &'n BTreeMap<String, T>, name: &str) -> Option<&'n T> {
        map.get(name).or_else(|| map.get(&format!("theme/{name}")))
    }

    /// Adds the file of a template, if it is known.
    fn in_file(&self, diag: Diagnostic, template: &str) -> Diagnostic {
        match Self::stored(self.paths, template) {
            Some(path) => diag.file(path),
            None => diag,
        }
    }

    /// Adds file, line, column and the text around them.
    fn at(&self, diag: Diagnostic, report: &ReportError) -> Diagnostic {
        let span = report.span();
        // Tera counts lines from 1 and columns from 0, in characters.
        let place = Place { template: report.filename(), line: span.start_line.max(1), column: span.start_col };
        let mut diag = self.at_place(diag, &place);
        if let Some(text) = Self::stored(self.texts, report.filename()) {
            let start = offset(text, span.start_line, span.start_col);
            let end = offset(text, span.end_line, span.end_col);
            diag.excerpt = Some(Box::new(Excerpt::of(text, Span::new(start, end.max(start)))));
        }
        diag
    }

    /// The same, where only the beginning is known.
    fn at_place(&self, diag: Diagnostic, place: &Place<'_>) -> Diagnostic {
        let Some(path) = Self::stored(self.paths, place.template) else { return diag };
        let position = LineColumn { line: place.line, column: place.column + 1 };
        let mut diag = diag.at_position(path, position);
        if let Some(text) = Self::stored(self.texts, place.template) {
            let start = offset(text, place.line, place.column);
            diag.excerpt = Some(Box::new(Excerpt::of(text, Span::new(start, start))));
        }
        diag
    }
}

/// The byte at a line, from 1, and a column, from 0, in characters.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let start = match line.checked_sub(2) {
        Some(breaks) => text.match_indices('\n').nth(breaks).map_or(text.len(), |(at, _)| at + 1),
        None => 0,
    };
    text[start..].char_indices().nth(column).map_or(text.len(), |(at, _)| start + at)
}

/// Converts an error of rendering or loading the template `name`. `available` are the top-level variables of the
/// context.
pub(super) fn diagnose(
    error: &Error,
    name: &str,
    available: &BTreeSet<&str>,
    sources: &TemplateSources<'_>,
) -> Diagnostic {
    match error.kind() {
        ErrorKind::SyntaxError(report) => {
            let text = TemplateSources::stored(sources.texts, report.filename()).map_or("", String::as_str);
            let cause = syntax_cause(report, text);
            cause.add_to(sources.at(Diagnostic::new(&code::TEMPLATE_SYNTAX), report))
        }
        ErrorKind::RenderingError(report) => {
            let cause = rendering_cause(report.message(), available);
            cause.add_to(sources.at(Diagnostic::new(&code::TEMPLATE_FAILED), report))
        }
        ErrorKind::MissingParent { current, parent } => {
            sources.in_file(Diagnostic::new(&code::TEMPLATE_MISSING), current).arg("name", parent)
        }
        ErrorKind::TemplateNotFound(missing) => {
            sources.in_file(Diagnostic::new(&code::TEMPLATE_MISSING), name).arg("name", missing)
        }
        ErrorKind::CircularExtend { tpl, .. } | ErrorKind::CircularInclude { tpl, .. } => {
            sources.in_file(Diagnostic::new(&code::TEMPLATE_CIRCLE), tpl).arg("name", tpl)
        }
        other => {
            let text = other.to_string();
            let place = reported_place(&text);
            let message = match &place {
                Some(_) => text.lines().next().unwrap_or_default().trim_start_matches("error: "),
                None => &text,
            };
            let diag = Diagnostic::new(&code::TEMPLATE_FAILED);
            let diag = match place {
                Some(place) => sources.at_place(diag, &place),
                None => sources.in_file(diag, name),
            };
            rendering_cause(message, available).add_to(diag)
        }
    }
}

/// A place in a template.
struct Place<'e> {
    template: &'e str,
    /// From 1.
    line: usize,
    /// From 0, in characters.
    column: usize,
}

/// The place in a report that Tera has put into a text, as ` --> theme/page.html:2:10`. Of several reports it is that of the first.
fn reported_place(text: &str) -> Option<Place<'_>> {
    let (_, rest) = text.split_once("--> ")?;
    let mut parts = rest.lines().next()?.rsplitn(3, ':');
    let (column, line) = (parts.next()?.trim().parse::<usize>().ok()?, parts.next()?.parse().ok()?);
    Some(Place { template: parts.next()?, line, column: column.saturating_sub(1) })
}

/// What is wrong and what to write instead, in both languages.
struct Cause {
    zh: String,
    en: String,
    advice: Option<Advice>,
}

struct Advice {
    zh: String,
    en: String,
}

impl Cause {
    fn add_to(self, diag: Diagnostic) -> Diagnostic {
        let diag = diag.arg("cause_zh", self.zh).arg("cause_en", self.en).arg("page_zh", "").arg("page_en", "");
        match self.advice {
            Some(Advice { zh, en }) => diag.arg("advice_zh", zh).arg("advice_en", en),
            None => diag,
        }
    }

    /// A cause that is known in the library's words only.
    fn quoted(message: &str, advice: Option<Advice>) -> Cause {
        let clean: Vec<&str> =
            message.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty()).collect();
        let clean = clean.join(" ");
        Cause { zh: format!("模板引擎说“{clean}”"), en: clean, advice }
    }
}

/// The words between the first two backquotes of a message of Tera.
fn quoted_name(message: &str) -> &str {
    message.split('`').nth(1).unwrap_or_default()
}

fn rendering_cause(message: &str, available: &BTreeSet<&str>) -> Cause {
    let name = quoted_name(message);
    let listed = |after: &str| -> Vec<String> {
        let list = message.split_once(after).map_or("", |(_, list)| list);
        list.split(", ").map(str::to_string).filter(|name| !name.is_empty()).collect()
    };
    if message.starts_with("Field `") && message.contains("is not defined") {
        let advice = names_advice(name, &listed("Available fields: "));
        return Cause { zh: format!("没有字段“{name}”"), en: format!("there is no field \"{name}\""), advice };
    }
    let all: Vec<String> = available.iter().map(|name| name.to_string()).collect();
    if message.starts_with("Variable `") {
        let advice = names_advice(name, &all);
        let unset = message.contains("its value is undefined");
        let (zh, en) = match unset {
            true => (format!("变量“{name}”没有值"), format!("the variable \"{name}\" has no value")),
            false => (format!("没有变量“{name}”"), format!("there is no variable \"{name}\"")),
        };
        return Cause { zh, en, advice };
    }
    if let Some(kind) = message.strip_prefix("Iteration not possible on type `") {
        let kind = kind.trim_end_matches('`');
        let zh = format!("for 只能用在列表上，这里是 {kind}");
        return Cause { zh, en: format!("for needs a list, but this is {kind}"), advice: None };
    }
    if message.starts_with("Block `") && message.contains("is not defined in any parent") {
        let advice = Advice {
            zh: format!("在被继承的模板里加上 {{% block {name} %}}，或者删去这里的这一块"),
            en: format!("add {{% block {name} %}} to the template that this one extends, or remove the block here"),
        };
        let (zh, en) = (
            format!("被继承的模板里没有块“{name}”"),
            format!("no template that this one extends has the block \"{name}\""),
        );
        return Cause { zh, en, advice: Some(advice) };
    }
    if message.starts_with("Cannot index into an undefined value") {
        let (zh, en) =
            ("方括号前面的字段不存在".to_string(), "what stands before the brackets does not exist".to_string());
        return Cause { zh, en, advice: names_advice("", &all) };
    }
    Cause::quoted(message, names_advice("", &all))
}

/// The nearest of the names, or else all of them.
fn names_advice(wanted: &str, names: &[String]) -> Option<Advice> {
    if let Some(near) = closest_match(wanted, names.iter().map(String::as_str)).filter(|_| !wanted.is_empty()) {
        return Some(Advice { zh: format!("最接近的是“{near}”"), en: format!("the nearest is \"{near}\"") });
    }
    let list = names.join(", ");
    (!list.is_empty())
        .then(|| Advice { zh: format!("这里可用的有：{list}"), en: format!("available here: {list}") })
}

/// The reason why a template cannot be read. Tera knows names of ASCII letters only; others go into brackets.
fn syntax_cause(report: &ReportError, text: &str) -> Cause {
    let start = offset(text, report.span().start_line, report.span().start_col);
    let (before, rest) = text.split_at_checked(start).unwrap_or_default();
    let in_name = |c: char| c.is_alphanumeric() || c == '_';
    let name: String = rest.chars().take_while(|c| in_name(*c)).collect();
    if !name.is_ascii() {
        // `page.extra.` of `page.extra.热线`, or with a beginning in ASCII letters that was read.
        let holder = before.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
        let read = &before[holder.len()..];
        let name = format!("{read}{name}");
        let path_start =
            holder.rfind(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '[' | ']' | '"')));
        let path =
            holder[path_start.map_or(0, |at| at + holder[at..].chars().next().map_or(1, char::len_utf8))..].trim();
        let zh = format!("名字“{name}”不能直接写");
        let en = format!("the name \"{name}\" cannot be written like that");
        let advice = path
            .strip_suffix('.')
            .map(|path| Advice { zh: format!("写成 {path}[\"{name}\"]"), en: format!("write {path}[\"{name}\"]") });
        let only_ascii = Advice {
            zh: "变量名用英文字母；中文的键写在方括号里，例如 page.extra[\"热线\"]".to_string(),
            en: "names of variables are ASCII; put other keys into brackets, as in page.extra[\"热线\"]".to_string(),
        };
        return Cause { zh, en, advice: Some(advice.unwrap_or(only_ascii)) };
    }
    let document = Advice {
        zh: "对照模板文档检查这一行".to_string(),
        en: "compare this line with the template documentation".to_string(),
    };
    if report.message() == "Unexpected end of input" {
        let (zh, en) = ("模板到结尾还有没写完的块".to_string(), "a block is not closed at the end".to_string());
        return Cause { zh, en, advice: Some(document) };
    }
    if report.message() == "Unexpected character" {
        let found: String = rest.chars().take(1).collect();
        let (zh, en) = (format!("这里不能有“{found}”"), format!("\"{found}\" cannot stand here"));
        return Cause { zh, en, advice: Some(document) };
    }
    Cause::quoted(report.message(), Some(document))
}

#[cfg(test)]
mod tests {
    use super::*;
    use puzhi_core::diag::{Lang, to_text};
    use tera::{Context, Tera};

    /// What is said about a template in both languages.
    fn said(text: &str) -> [String; 2] {
        let path = SitePath::new("templates/a.html").unwrap();
        let paths = BTreeMap::from([("a.html".to_string(), path)]);
        let texts = BTreeMap::from([("a.html".to_string(), text.to_string())]);
        let sources = TemplateSources { paths: &paths, texts: &texts };
        let mut context = Context::new();
        context.insert("page", &serde_json::json!({"title": "甲", "number": 5, "extra": {"热线": "12345"}}));
        let available = BTreeSet::from(["page"]);
        let mut tera = Tera::default();
        let error = match tera.add_raw_templates([("b.html", "乙"), ("a.html", text)]) {
            Ok(()) => tera.render("a.html", &context).map(drop),
            Err(error) => Err(error),
        };
        match error {
            Ok(()) => [String::new(), String::new()],
            Err(error) => {
                let diag = diagnose(&error, "a.html", &available, &sources);
                [Lang::Zh, Lang::En].map(|lang| to_text(&diag, lang))
            }
        }
    }

    #[test]
    fn causes_that_people_meet_are_said_in_plain_words() {
        let cases = [
            ("{{ page.titel }}", "没有字段“titel”", "最接近的是“title”"),
            ("{{ pag.title }}", "没有", "page"),
            ("{% for x in page.number %}{% endfor %}", "for", ""),
            ("{% extends \"b.html\" %}{% block none %}{% endblock none %}", "没有块“none”", "{% block none %}"),
            ("甲\n{{ page.extra.热线 }}", "名字“热线”不能直接写", "写成 page.extra[\"热线\"]"),
            ("{{ page.extra.a热线 }}", "名字“a热线”不能直接写", "写成 page.extra[\"a热线\"]"),
            ("{{ 热线 }}", "名字“热线”不能直接写", "变量名用英文字母"),
            ("{% if page %}", "模板到结尾", "对照模板文档"),
            ("{{ page，title }}", "这里不能有“，”", "对照模板文档"),
        ];
        for (text, cause, advice) in cases {
            let [zh, en] = said(text);
            assert!(zh.contains(cause) && zh.contains(advice), "{text}: {zh}");
            for said in [&zh, &en] {
                assert!(said.starts_with("templates/a.html:"), "{text}: {said}");
                assert!(!said.contains(['\u{FFFD}', '`', '…']), "{text}: {said}");
            }
        }
        assert!(
            said("甲\n{{ page.extra.热线 }}")[0].starts_with("templates/a.html:2:15: "),
            "{:?}",
            said("甲\n{{ page.extra.热线 }}")
        );
    }

    #[test]
    fn what_the_advice_says_works() {
        assert_eq!(said("{{ page.extra[\"热线\"] }}"), [String::new(), String::new()]);
    }

    #[test]
    fn errors_outside_known_templates_have_no_empty_file() {
        let none = (BTreeMap::new(), BTreeMap::new());
        let sources = TemplateSources { paths: &none.0, texts: &none.1 };
        let error = Error::message("甲\n\u{1b}[31m乙");
        let text = to_text(&diagnose(&error, "a.html", &BTreeSet::new(), &sources), Lang::Zh);
        assert_eq!(text, "错误[template-failed]: 模板执行失败：模板引擎说“甲 [31m乙”\n");
    }
}
