//! What the template engine says, in plain words of both languages, with the nearest known name where a name is wrong.
//!
//! Input: a message of Tera or of a function that templates call, whose words in backquotes are its arguments. Output: a [`Cause`], or
//! `None` for a message that is not known here. Does not know templates.

use puzhi_core::base::closest_match;

/// What is wrong and what to write instead, in both languages.
pub(super) struct Cause {
    pub zh: String,
    pub en: String,
    pub advice: Option<Advice>,
}

/// What to write instead.
pub(super) struct Advice {
    pub zh: String,
    pub en: String,
}

/// The names that templates can use.
pub(super) struct KnownNames<'n> {
    /// Functions of the program.
    pub functions: &'n [&'static str],
}

/// Filters of Tera.
const FILTERS: [&str; 37] = [
    "safe",
    "default",
    "upper",
    "lower",
    "wordcount",
    "escape",
    "escape_html",
    "escape_xml",
    "newlines_to_br",
    "pluralize",
    "trim",
    "trim_start",
    "trim_end",
    "replace",
    "capitalize",
    "title",
    "truncate",
    "indent",
    "str",
    "int",
    "float",
    "length",
    "reverse",
    "split",
    "abs",
    "round",
    "first",
    "last",
    "nth",
    "join",
    "sort",
    "unique",
    "get",
    "values",
    "keys",
    "pairs",
    "group_by",
];

/// Tests of Tera.
const TESTS: [&str; 17] = [
    "string",
    "number",
    "map",
    "bool",
    "array",
    "integer",
    "float",
    "none",
    "iterable",
    "defined",
    "undefined",
    "odd",
    "even",
    "divisible_by",
    "starting_with",
    "ending_with",
    "containing",
];

/// Functions of Tera.
const FUNCTIONS: [&str; 3] = ["range", "throw", "super"];

/// A message with its arguments left out, and what is said instead: `{0}` is the first argument.
struct KnownMessage {
    message: &'static str,
    zh: &'static str,
    en: &'static str,
    /// What is written in both languages; empty for none.
    advice: [&'static str; 2],
}

const fn known(message: &'static str, zh: &'static str, en: &'static str) -> KnownMessage {
    KnownMessage { message, zh, en, advice: ["", ""] }
}

/// A message about a variable without a value.
const fn undefined(message: &'static str, zh: &'static str, en: &'static str) -> KnownMessage {
    KnownMessage {
        message,
        zh,
        en,
        advice: [
            "先看名字写对了没有；不是每一页都有的键，后面加 | default(value=\"\")，例如 {{ page.extra[\"热线\"] | default(value=\"\") }}",
            "check the name; for a key that not every page has, add | default(value=\"\"), as in {{ page.extra[\"hotline\"] | default(value=\"\") }}",
        ],
    }
}

const MESSAGES: &[KnownMessage] = &[
    known(
        "Invalid type for the value, expected `` but got ``",
        "这里要的是 {0}，给的是 {1}",
        "{0} is wanted here, but this is {1}",
    ),
    known("Missing keyword argument ``", "少了参数，要写 {0}=…", "an argument is missing: write {0}=…"),
    known("Value `` is out of range for ``", "{0} 超出范围", "{0} is out of range"),
    known("Cannot compare `` with ``", "{0} 和 {1} 不能比较", "{0} and {1} cannot be compared"),
    known(
        "Math operations can only be done on numbers, found ``",
        "只有数能加减乘除，这里是 {0}",
        "only numbers can be calculated with, but this is {0}",
    ),
    known(
        "`` requires both operands to be numbers, found `` and ``",
        "“{0}”两边都要是数，这里是 {1} 和 {2}；连接文字用 ~",
        "\"{0}\" takes two numbers, but these are {1} and {2}; texts are joined by ~",
    ),
    undefined("Value of type undefined has no length", "要数长度的变量没有值", "what is to be counted has no value"),
    undefined("Tried to render a variable that is undefined", "要显示的变量没有值", "what is to be shown has no value"),
    known(
        "Key/value iteration is not possible on type ``, only on maps.",
        "for 键, 值 只能用在键值表上，这里是 {0}",
        "for key, value needs a map, but this is {0}",
    ),
    undefined("Cannot slice an undefined value", "要截取的变量没有值", "what is to be sliced has no value"),
    known("Index expression is undefined", "方括号里的变量没有值", "what stands in the brackets has no value"),
    known(
        "Cannot sort: `` and `` are not comparable",
        "排不了序：{0} 和 {1} 不能比较",
        "this cannot be sorted: {0} and {1} cannot be compared",
    ),
    known("super() called outside of a block", "super() 要写在 block 里面", "super() must stand inside a block"),
    known(
        "Tried to use super() in the top level block",
        "这个 block 没有上一层，不能用 super()",
        "no template above has this block, so super() has nothing to show",
    ),
    known("Unknown component ``", "没有组件“{0}”", "there is no component \"{0}\""),
    known("there is no static file ``", "static 里没有文件“{0}”", "there is no static file \"{0}\""),
    known("there is no data file ``", "没有数据文件“{0}”", "there is no data file \"{0}\""),
    known("there is no section ``", "没有栏目“{0}”", "there is no section \"{0}\""),
    known("`` is no path inside data/", "“{0}”不是 data 文件夹里的路径", "\"{0}\" is no path inside data/"),
];

/// The message with what stands between backquotes left out, and what was left out.
fn without_arguments(message: &str) -> (String, Vec<&str>) {
    let mut skeleton = String::with_capacity(message.len());
    let mut arguments = Vec::new();
    for (i, part) in message.split('`').enumerate() {
        match i % 2 {
            0 => skeleton.push_str(part),
            _ => {
                skeleton.push_str("``");
                arguments.push(part);
            }
        }
    }
    (skeleton, arguments)
}

fn filled(template: &str, arguments: &[&str]) -> String {
    let fill = |text: String, (i, argument): (usize, &&str)| text.replace(&format!("{{{i}}}"), argument);
    arguments.iter().enumerate().fold(template.to_string(), fill)
}

/// What a message means, if it is one of those above.
pub(super) fn known_message(message: &str) -> Option<Cause> {
    let (skeleton, arguments) = without_arguments(message);
    let known = MESSAGES.iter().find(|known| known.message == skeleton)?;
    let [zh, en] = known.advice;
    let advice = (!zh.is_empty()).then(|| Advice { zh: zh.to_string(), en: en.to_string() });
    Some(Cause { zh: filled(known.zh, &arguments), en: filled(known.en, &arguments), advice })
}

/// What a message about a name that Tera does not know means: that of a filter, a test or a function.
pub(super) fn unknown_name(message: &str, names: &KnownNames<'_>) -> Option<Cause> {
    let (skeleton, arguments) = without_arguments(message);
    let name = *arguments.first()?;
    let functions = || names.functions.iter().copied().chain(FUNCTIONS);
    let ((zh, en), known): ((&str, &str), Vec<&str>) = match skeleton.as_str() {
        "Unknown filter ``" => (("过滤器", "filter"), FILTERS.to_vec()),
        "Unknown test ``" => (("判断", "test"), TESTS.to_vec()),
        "Unknown function ``" => (("函数", "function"), functions().collect()),
        _ => return None,
    };
    Some(Cause {
        zh: format!("没有{zh}“{name}”"),
        en: format!("there is no {en} \"{name}\""),
        advice: nearest_or_all(name, &known),
    })
}

/// The nearest of the names, or else all of them.
pub(super) fn nearest_or_all(wanted: &str, names: &[&str]) -> Option<Advice> {
    if let Some(near) = closest_match(wanted, names.iter().copied()).filter(|_| !wanted.is_empty()) {
        return Some(Advice { zh: format!("最接近的是“{near}”"), en: format!("the nearest is \"{near}\"") });
    }
    let list = names.join(", ");
    (!list.is_empty())
        .then(|| Advice { zh: format!("这里可用的有：{list}"), en: format!("available here: {list}") })
}

#[cfg(test)]
mod tests {
    use super::*;
    use tera::{Context, Tera};

    /// Whether Tera, as it comes, takes a template.
    fn complaint(text: &str) -> String {
        let mut tera = Tera::default();
        match tera.add_raw_template("a", text) {
            Ok(()) => tera.render("a", &Context::new()).err().map(|error| error.to_string()).unwrap_or_default(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn tera_has_the_names_that_are_suggested() {
        for filter in FILTERS {
            assert!(!complaint(&format!("{{{{ 1 | {filter} }}}}")).contains("Unknown"), "{filter}");
        }
        for test in TESTS {
            assert!(!complaint(&format!("{{% if 1 is {test} %}}{{% endif %}}")).contains("Unknown"), "{test}");
        }
        for function in FUNCTIONS {
            assert!(!complaint(&format!("{{{{ {function}() }}}}")).contains("Unknown"), "{function}");
        }
    }

    #[test]
    fn messages_of_tera_are_known() {
        for (text, zh) in [
            ("{{ \"a\" + 1 }}", "“+”两边都要是数，这里是 string 和 i64；连接文字用 ~"),
            ("{{ 1 | replace(from=\"a\") }}", "这里要的是"),
            ("{{ \"a\" | replace(from=\"a\") }}", "少了参数，要写 to=…"),
        ] {
            let said = complaint(text);
            let message = said.lines().next().unwrap_or_default().trim_start_matches("error: ");
            let cause = known_message(message);
            assert!(cause.as_ref().is_some_and(|cause| cause.zh.contains(zh)), "{text}: {said}");
        }
        assert!(known_message("something else").is_none());
    }
}
