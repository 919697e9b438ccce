//! Converts Tera errors to diagnostics: template, line, what is wrong in plain words, and the nearest name that there is.
//!
//! Input: the error, the texts and paths of the templates. Output: a [`Diagnostic`] without a word that only the library
//! knows, where the cause is one that people meet; any other cause is quoted. Does not know pages.

use std::collections::{BTreeMap, BTreeSet};

use tera::{Error, ErrorKind, ReportError};

use super::engine_messages::{Advice, Cause, KnownNames, known_message, nearest_or_all, unknown_name};
use super::extra_keys::nearest_extra;
use puzhi_core::base::{LineColumn, SitePath, Span, closest_match};
use puzhi_core::diag::codes::theme as code;
use puzhi_core::diag::{Diagnostic, Excerpt};
use puzhi_core::kinds::COMMON_FIELDS;

/// The templates of a theme, for messages.
pub(super) struct TemplateSources<'t> {
    /// Files by the name of the template.
    pub paths: &'t BTreeMap<String, SitePath>,
    /// Texts by the name of the template.
    pub texts: &'t BTreeMap<String, String>,
    /// The functions that templates can call.
    pub functions: &'static [&'static str],
}

impl TemplateSources<'_> {
    /// The name under which a template is stored; those of the theme have a prefix.
    fn stored<'n, T>(map: &'n BTreeMap<String, T>, name: &str) -> Option<&'n T> {
        map.get(name).or_else(|| map.get(&format!("theme/{name}")))
    }

    /// That a template does not exist, with the nearest one.
    fn missing(&self, name: &str) -> Diagnostic {
        let of_theme = name.strip_prefix("theme/");
        let bare = self.paths.keys().map(|known| known.strip_prefix("theme/").unwrap_or(known));
        let near = closest_match(of_theme.unwrap_or(name), bare);
        let near = near.map(|near| if of_theme.is_some() { format!("theme/{near}") } else { near.to_string() });
        Diagnostic::new(&code::TEMPLATE_MISSING).arg("name", name).optional_arg("nearest", near)
    }

    /// Adds the file of a template, if it is known.
    fn in_file(&self, diag: Diagnostic, template: &str) -> Diagnostic {
        match Self::stored(self.paths, template) {
            Some(path) => diag.file(path),
            None => diag,
        }
    }

    fn texts_of(&self, template: &str) -> Option<&String> {
        Self::stored(self.texts, template)
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

/// Names that a template could have used.
#[derive(Debug, Clone, Copy)]
pub(super) struct AvailableNames<'n> {
    /// The top-level variables of the context.
    pub names: &'n BTreeSet<&'static str>,
    /// The keys of the page's `extra`.
    pub extra: &'n BTreeSet<String>,
}

/// Converts an error of rendering or loading the template `name`.
pub(super) fn diagnose(
    error: &Error,
    name: &str,
    available: AvailableNames<'_>,
    sources: &TemplateSources<'_>,
) -> Diagnostic {
    match error.kind() {
        ErrorKind::SyntaxError(report) => {
            let text = TemplateSources::stored(sources.texts, report.filename()).map_or("", String::as_str);
            let cause = syntax_cause(report, text);
            cause.add_to(sources.at(Diagnostic::new(&code::TEMPLATE_SYNTAX), report))
        }
        ErrorKind::RenderingError(report) => {
            let mut cause = rendering_cause(report.message(), available.names);
            let text = TemplateSources::stored(sources.texts, report.filename()).map_or("", String::as_str);
            // The library lists the fields there are, except where a missing value is used.
            if !report.message().starts_with("Field `") {
                let nearest = nearest_extra(failed_part(text, report), available.extra);
                cause.advice = nearest.or(cause.advice);
            }
            cause.add_to(sources.at(Diagnostic::new(&code::TEMPLATE_FAILED), report))
        }
        ErrorKind::MissingParent { current, parent } => {
            let place = sources.texts_of(current).and_then(|text| text.find("{%").map(|at| (text, at)));
            let diag = sources.missing(parent);
            match place {
                Some((text, at)) => sources.at_place(diag, &Place::of(current, text, at)),
                None => sources.in_file(diag, current),
            }
        }
        ErrorKind::TemplateNotFound(missing) => sources.in_file(sources.missing(missing), name),
        ErrorKind::CircularExtend { tpl, .. } | ErrorKind::CircularInclude { tpl, .. } => {
            sources.in_file(Diagnostic::new(&code::TEMPLATE_CIRCLE), tpl).arg("name", tpl)
        }
        other => diagnose_text(&other.to_string(), name, available.names, sources),
    }
}

/// The lines of a template that a report is about.
fn failed_part<'t>(text: &'t str, report: &ReportError) -> &'t str {
    let span = report.span();
    let start = offset(text, span.start_line.max(1), 0);
    let end = offset(text, span.end_line.max(1), span.end_col).max(start);
    let end = text[end..].find('\n').map_or(text.len(), |line| end + line);
    &text[start..end]
}

/// Every finding of an error of loading: Tera reports all names that it does not know at once.
pub(super) fn diagnose_loading(error: &Error, sources: &TemplateSources<'_>) -> Vec<Diagnostic> {
    let none = BTreeSet::new();
    let nothing = AvailableNames { names: &none, extra: &BTreeSet::new() };
    match error.kind() {
        ErrorKind::Msg(text) if reported_place(text).is_some() => {
            let starts: Vec<usize> =
                [0].into_iter().chain(text.match_indices("\n\nerror: ").map(|(at, _)| at + 2)).collect();
            let ends = starts.iter().skip(1).copied().chain([text.len()]);
            // A template without blocks is said once, not for each block of each template that extends it.
            let mut without_block = 0;
            let mut is_new = |report: &&str| {
                without_block += usize::from(report.starts_with("error: Block `"));
                !report.starts_with("error: Block `") || without_block == 1
            };
            let reports = starts.iter().zip(ends).map(|(start, end)| &text[*start..end]);
            reports.filter(|report| is_new(report)).map(|report| diagnose_text(report, "", &none, sources)).collect()
        }
        _ => vec![diagnose(error, "", nothing, sources)],
    }
}

/// Converts an error that Tera has put into a text, with its place if there is one.
fn diagnose_text(text: &str, name: &str, available: &BTreeSet<&str>, sources: &TemplateSources<'_>) -> Diagnostic {
    let place = reported_place(text);
    let message = match &place {
        Some(_) => text.lines().next().unwrap_or_default().trim_start_matches("error: "),
        None => text,
    };
    let at = |diag: Diagnostic| match &place {
        Some(place) => sources.at_place(diag, place),
        None => sources.in_file(diag, name),
    };
    if message.starts_with("Unknown template `") {
        return at(sources.missing(quoted_name(message)));
    }
    if let (true, Some(place)) = (message.starts_with("Block `"), &place)
        && let Some(diag) = own_template_without_blocks(place.template, sources)
    {
        return diag;
    }
    match unknown_name(message, &KnownNames { functions: sources.functions }) {
        // Such a template is not run at all.
        Some(cause) => cause.add_to(at(Diagnostic::new(&code::TEMPLATE_SYNTAX))),
        None => rendering_cause(message, available).add_to(at(Diagnostic::new(&code::TEMPLATE_FAILED))),
    }
}

/// A template of the theme that goes on with one that the site has replaced: that one has to extend the theme's.
fn own_template_without_blocks(template: &str, sources: &TemplateSources<'_>) -> Option<Diagnostic> {
    let text = sources.texts_of(template)?;
    let parent = text.split("extends").nth(1)?.split('"').nth(1)?;
    let own = sources.paths.get(parent).filter(|path| path.as_str().starts_with("templates/"))?;
    if sources.texts.get(parent).is_none_or(|text| text.contains("extends")) {
        return None;
    }
    let child = template.strip_prefix("theme/").unwrap_or(template);
    let cause = Cause {
        zh: format!("主题的 {child} 接着 {parent} 写，而这个文件代替了主题的 {parent}，里面没有它要的块"),
        en: format!(
            "{child} of the theme goes on with {parent}; this file replaces the theme's {parent} and has not its blocks"
        ),
        advice: Some(Advice {
            zh: format!(
                "第一行写 {{% extends \"theme/{parent}\" %}}，要改的部分放进 {{% block main %}}…{{% endblock main %}}；要全部自己写，就给它另起名字，在页面里用 模板: 名字.html"
            ),
            en: format!(
                "begin it with {{% extends \"theme/{parent}\" %}} and put what you change into {{% block main %}}…{{% endblock main %}}; for a template of your own give it another name and write template: NAME.html in the page"
            ),
        }),
    };
    Some(cause.add_to(Diagnostic::new(&code::TEMPLATE_FAILED).at_position(own, LineColumn { line: 1, column: 1 })))
}

/// A place in a template.
struct Place<'e> {
    template: &'e str,
    /// From 1.
    line: usize,
    /// From 0, in characters.
    column: usize,
}

impl<'e> Place<'e> {
    /// The place of a byte of a template's text.
    fn of(template: &'e str, text: &str, at: usize) -> Place<'e> {
        let before = &text[..at];
        let start = before.rfind('\n').map_or(0, |found| found + 1);
        Place { template, line: before.matches('\n').count() + 1, column: before[start..].chars().count() }
    }
}

/// The place in a report that Tera has put into a text, as ` --> theme/page.html:2:10`. Of several reports it is that of the first.
fn reported_place(text: &str) -> Option<Place<'_>> {
    let (_, rest) = text.split_once("--> ")?;
    let mut parts = rest.lines().next()?.rsplitn(3, ':');
    let (column, line) = (parts.next()?.trim().parse::<usize>().ok()?, parts.next()?.parse().ok()?);
    Some(Place { template: parts.next()?, line, column: column.saturating_sub(1) })
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
        if kind == "undefined" {
            let advice = Advice {
                zh: "先看名字写对了没有；不是每一页都有的键，后面加 | default(value=[])".to_string(),
                en: "check the name; for a key that not every page has, add | default(value=[])".to_string(),
            };
            let (zh, en) = ("for 要用的变量没有值".to_string(), "what for goes through has no value".to_string());
            return Cause { zh, en, advice: Some(advice) };
        }
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
    match known_message(message) {
        Some(cause) => cause,
        None => Cause::quoted(message, names_advice("", &all)),
    }
}

/// The nearest of the names, or else all of them.
fn names_advice(wanted: &str, names: &[String]) -> Option<Advice> {
    nearest_or_all(wanted, &names.iter().map(String::as_str).collect::<Vec<_>>())
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
        let field = path.strip_suffix('.').filter(|path| *path == "page").and_then(|_| page_field(&name));
        if let Some(field) = field {
            let advice = Advice { zh: format!("写成 page.{field}"), en: format!("write page.{field}") };
            return Cause { zh, en, advice: Some(advice) };
        }
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
    known_syntax(report.message(), before, rest).unwrap_or_else(|| Cause::quoted(report.message(), Some(document)))
}

/// The field of a page that templates know by another name than front matter.
fn page_field(name: &str) -> Option<&'static str> {
    const FIELDS: [&str; 7] = ["title", "date", "updated", "summary", "author", "source", "image"];
    let field = COMMON_FIELDS.iter().find(|field| field.is_named(name))?;
    FIELDS.into_iter().find(|key| *key == field.key)
}

/// What some messages about the syntax mean. `before` and `rest` are the text up to the place and from there.
fn known_syntax(message: &str, before: &str, rest: &str) -> Option<Cause> {
    let cause = |zh: String, en: String, advice: [String; 2]| {
        let [advice_zh, advice_en] = advice;
        Some(Cause { zh, en, advice: Some(Advice { zh: advice_zh, en: advice_en }) })
    };
    let tag: String = rest.chars().take_while(char::is_ascii_alphabetic).collect();
    if message == "Unknown tag" && tag.starts_with("end") {
        let open = open_tag(before)?;
        return cause(
            format!("这里是 {tag}，可前面的 {open} 还没有结束"),
            format!("this is {tag}, but the {open} above is not closed"),
            [format!("在它前面补上 {{% end{open} %}}"), format!("put {{% end{open} %}} before it")],
        );
    }
    if message == "unexpected end of raw block" {
        return cause(
            "raw 没有结束".to_string(),
            "raw is never closed".to_string(),
            ["补上 {% endraw %}".to_string(), "add {% endraw %}".to_string()],
        );
    }
    let (found, wanted) = message.strip_prefix("Found ")?.split_once(" but expected ")?;
    let (found, wanted) = (found.trim_matches('`'), wanted.trim_end_matches('.').trim_matches('`'));
    let advice = match (found, wanted) {
        ("=", _) => ["比较两个值用两个等号 ==".to_string(), "two values are compared by ==".to_string()],
        ("float" | "integer", _) => [
            "取列表里的一项写在方括号里，例如 page.extra.list[0]".to_string(),
            "an item of a list is written in brackets, as in page.extra.list[0]".to_string(),
        ],
        _ if wanted.bytes().all(|b| b.is_ascii_alphabetic()) => return None,
        _ => [format!("补上“{wanted}”"), format!("put \"{wanted}\" there")],
    };
    cause(
        format!("这里是“{found}”，要的是“{wanted}”"),
        format!("\"{wanted}\" is wanted here, but this is \"{found}\""),
        advice,
    )
}

/// The tag that is open at the end of a text, if one is.
fn open_tag(text: &str) -> Option<&str> {
    const PAIRED: [&str; 4] = ["if", "for", "block", "filter"];
    let mut open: Vec<&str> = Vec::new();
    for tag in text.split("{%").skip(1) {
        let word = tag.trim_start_matches(['-', ' ', '\n', '\t']);
        let word = &word[..word.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(word.len())];
        match word.strip_prefix("end") {
            Some(closed) if open.last() == Some(&closed) => drop(open.pop()),
            None if PAIRED.contains(&word) => open.push(word),
            _ => {}
        }
    }
    open.pop()
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
        let sources = TemplateSources { paths: &paths, texts: &texts, functions: &["asset", "pages"] };
        let mut context = Context::new();
        context.insert(
            "page",
            &serde_json::json!({"title": "甲", "number": 5, "extra": {"热线": "12345", "hotline": "1"}}),
        );
        let (names, extra) = (BTreeSet::from(["page"]), BTreeSet::from(["热线".to_string(), "hotline".to_string()]));
        let available = AvailableNames { names: &names, extra: &extra };
        let mut tera = Tera::default();
        let error = match tera.add_raw_templates([("b.html", "乙"), ("a.html", text)]) {
            Ok(()) => tera.render("a.html", &context).map(drop),
            Err(error) => Err(error),
        };
        match error {
            Ok(()) => [String::new(), String::new()],
            Err(error) => {
                let loading = diagnose_loading(&error, &sources);
                let diag = match loading.len() {
                    1 => diagnose(&error, "a.html", available, &sources),
                    _ => return [Lang::Zh, Lang::En].map(|lang| loading.iter().map(|d| to_text(d, lang)).collect()),
                };
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
            ("{{ page.title | truncat(length=3) }}", "没有过滤器“truncat”", "最接近的是“truncate”"),
            ("{{ asset2(path=1) }}", "没有函数“asset2”", "最接近的是“asset”"),
            ("{{ zzzz() }}", "没有函数“zzzz”", "asset, pages, range"),
            ("{% if page is defned %}{% endif %}", "没有判断“defned”", "最接近的是“defined”"),
            ("甲\n{% include \"c.html\" %}", "没有模板 c.html", "最接近的是"),
            ("{% extends \"b2.html\" %}", "没有模板 b2.html", ""),
            ("{{ page.title + 1 }}", "“+”两边都要是数", ""),
            ("{{ page.title | join }}", "这里要的是", ""),
            ("{{ page.title | replace(from=\"甲\") }}", "少了参数，要写 to=…", ""),
            ("{% block a %}{% if page %}甲{% endblock a %}", "前面的 if 还没有结束", "补上 {% endif %}"),
            ("{{ page.title }", "要的是“}}”", "补上“}}”"),
            ("{% if page.title = 1 %}{% endif %}", "这里是“=”", "=="),
            ("{{ page.extra.list.0.x }}", "这里是“float”", "page.extra.list[0]"),
            ("{{ page.标题 }}", "名字“标题”不能直接写", "写成 page.title"),
            ("{{ page.extra[\"电话\"] }}", "没有值", "default(value=\"\")"),
            ("{{ page.extra.hotlin }}", "没有字段“hotlin”", "最接近的是“hotline”"),
            ("{{ page.extra[\"hotlin\"] }}", "没有值", "最接近的是“hotline”"),
            ("{{ page.extra.x | length }}", "要数长度的变量没有值", "default(value="),
            ("{% for x in page.extra.lists %}{% endfor %}", "变量没有值", "default(value=[])"),
            ("{{ page.title | truncat }}\n{{ zz() }}", "没有过滤器“truncat”", "没有函数“zz”"),
        ];
        for (text, cause, advice) in cases {
            let [zh, en] = said(text);
            assert!(zh.contains(cause) && zh.contains(advice), "{text}: {zh}");
            for said in [&zh, &en] {
                assert!(said.starts_with("templates/a.html:"), "{text}: {said}");
                assert!(!said.contains(['\u{FFFD}', '`']) && !said.contains("-->"), "{text}: {said}");
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
        let sources = TemplateSources { paths: &none.0, texts: &none.1, functions: &[] };
        let error = Error::message("甲\n\u{1b}[31m乙");
        let nothing = AvailableNames { names: &BTreeSet::new(), extra: &BTreeSet::new() };
        let text = to_text(&diagnose(&error, "a.html", nothing, &sources), Lang::Zh);
        assert_eq!(text, "错误[template-failed]: 模板执行失败：模板引擎说“甲 [31m乙”\n");
    }
}
