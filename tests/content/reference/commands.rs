//! `commands.md`: the command line, from its own definition.

use clap::{Arg, Command};

use super::same_as_page;
use super::table::{code, plain, table};

#[test]
fn commands_page_says_what_the_code_says() {
    let command = puzhi::cli::command();
    let mut page =
        format!("# 命令 Commands\n\n{}\n", command.get_about().map(|a| plain(&a.to_string())).unwrap_or_default());
    for sub in command.get_subcommands() {
        describe(&mut page, sub, "puzhi", 2);
    }
    page.push_str("\n## 退出码 Exit codes\n\n");
    page.push_str(&table(
        &["退出码 Code", "意思", "Meaning"],
        EXITS.iter().map(|(n, zh, en)| vec![n.to_string(), zh.to_string(), en.to_string()]),
    ));
    page.push_str(
        "\n消息写到标准错误，结果写到标准输出；`--format json` 把每条消息作为一行 JSON 写到标准输出：\
         `code`、`severity`、`file`、`line`、`column`、`message`、`hint`、`fix`，没有的是 `null`。\
         `fix` 是一组改动，每一项有 `file`、`start`、`end`、`replacement`；位置是字节，按 UTF-8、去掉 BOM、换行只算一个字节来数。\n\n\
         Messages go to standard error, the result to standard output. With `--format json` each message is one line of JSON on\n\
         standard output: `code`, `severity`, `file`, `line`, `column`, `message`, `hint`, `fix`, absent ones being `null`. A `fix` is a\n\
         list of edits with `file`, `start`, `end` and `replacement`; places are bytes of the text in UTF-8 without byte order mark and\n\
         with line ends of one byte.\n\n\
         没有写 `--date` 时，先看环境变量 `SOURCE_DATE_EPOCH`（秒），再取站点时区的今天。\n\n\
         Without `--date` the day is that of `SOURCE_DATE_EPOCH` (seconds) if it is set, else today in the site's time zone.\n",
    );
    same_as_page("commands.md", &page);
}

const EXITS: [(u8, &str, &str); 4] = [
    (0, "完成", "done"),
    (
        1,
        "内容有错误；没有 --keep-going 时网站保持原样",
        "content has errors; without --keep-going the site is left as it was",
    ),
    (2, "命令写错，或 site.yaml 读不了", "wrong usage, or site.yaml cannot be read"),
    (3, "读写失败", "reading or writing failed"),
];

/// A command with its options; one that only holds others is described by these.
fn describe(page: &mut String, command: &Command, before: &str, level: usize) {
    let name = format!("{before} {}", command.get_name());
    page.push_str(&format!("\n{} `{name}`\n\n{}\n", "#".repeat(level), about(command)));
    if command.has_subcommands() {
        for sub in command.get_subcommands() {
            describe(page, sub, &name, level + 1);
        }
        return;
    }
    page.push_str(&format!("\n```sh\n{}\n```\n\n", usage(command, &name)));
    page.push_str(&table(
        &["选项 Option", "缺省 Default", "可以写 Values", "说明 Meaning"],
        command.get_arguments().filter(|a| !a.is_hide_set()).map(row),
    ));
}

fn about(command: &Command) -> String {
    command.get_about().map(|a| plain(&a.to_string())).unwrap_or_default()
}

fn usage(command: &Command, name: &str) -> String {
    let mut out = name.to_string();
    for arg in command.get_arguments().filter(|a| !a.is_hide_set()) {
        out.push_str(&match (arg.get_long(), values(arg)) {
            (Some(long), Some(value)) if arg.is_required_set() => format!(" --{long} {value}"),
            (Some(long), Some(value)) => format!(" [--{long} {value}]"),
            (Some(long), None) => format!(" [--{long}]"),
            (None, value) => format!(" {}", value.unwrap_or_default()),
        });
    }
    out
}

/// The name of an option's value, or the words it takes.
fn values(arg: &Arg) -> Option<String> {
    if !arg.get_action().takes_values() {
        return None;
    }
    let words = possible(arg);
    if !words.is_empty() {
        return Some(words.join("|"));
    }
    arg.get_value_names().and_then(|names| names.first()).map(|n| n.to_string())
}

fn possible(arg: &Arg) -> Vec<String> {
    if !arg.get_action().takes_values() {
        return Vec::new();
    }
    arg.get_possible_values().iter().map(|v| v.get_name().to_string()).collect()
}

fn row(arg: &Arg) -> Vec<String> {
    let value = arg
        .get_value_names()
        .filter(|_| arg.get_action().takes_values() && possible(arg).is_empty())
        .and_then(|n| n.first());
    let name = match (arg.get_long(), value) {
        (Some(long), Some(value)) => format!("--{long} {value}"),
        (Some(long), None) => format!("--{long}"),
        (None, _) => arg.get_id().to_string(),
    };
    let short = arg.get_short().map(|s| format!("`-{s}`, ")).unwrap_or_default();
    let default: Vec<String> = match arg.get_action().takes_values() {
        true => arg.get_default_values().iter().map(|v| code(&v.to_string_lossy())).collect(),
        false => Vec::new(),
    };
    let words: Vec<String> = possible(arg).iter().map(|w| code(w)).collect();
    let help = arg.get_help().map(|h| plain(&h.to_string())).unwrap_or_default();
    vec![format!("{short}{}", code(&name)), default.join(", "), words.join(", "), help]
}
