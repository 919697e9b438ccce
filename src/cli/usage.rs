//! Says what is wrong with the arguments of a command, in Chinese or English, and puts Chinese into clap's help.
//!
//! Input: the error of clap, the arguments as they were typed. Output: text. Knows no command by name and prints nothing.

use std::ffi::OsString;

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command, Error};

use puzhi_core::base::{closest_match, is_han};
use puzhi_core::diag::Lang;

/// What to answer instead of running a command.
pub(super) enum UsageAnswer {
    /// Help or version, which were asked for.
    Asked(String),
    /// What is wrong with the arguments.
    Wrong(String),
}

/// The language that the arguments ask for, as far as they can be read.
pub(super) fn requested_lang(args: &[OsString]) -> Lang {
    let texts: Vec<&str> = args.iter().filter_map(|arg| arg.to_str()).collect();
    let english = texts.windows(2).any(|pair| pair == ["--lang", "en"]) || texts.contains(&"--lang=en");
    if english { Lang::En } else { Lang::Zh }
}

/// The command with headings of help in both languages. Each option names its default and what it takes itself.
pub(super) fn bilingual(command: Command) -> Command {
    const TEMPLATE: &str = "{about-with-newline}\n用法 Usage: {usage}\n\n{all-args}{after-help}";
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_string()).collect();
    let help = Arg::new("help").short('h').long("help").action(ArgAction::Help).help("显示这份说明 (show this help)");
    let mut command = command
        .help_template(TEMPLATE)
        .subcommand_help_heading("命令 Commands")
        .subcommand_value_name("命令 COMMAND")
        .disable_help_flag(true)
        .mut_args(described)
        .arg(help.help_heading("选项 Options"));
    if command.get_version().is_some() {
        let version = Arg::new("version").short('V').long("version").action(ArgAction::Version);
        let version = version.help("显示版本 (show the version)").help_heading("选项 Options");
        command = command.disable_version_flag(true).arg(version);
    }
    names.into_iter().fold(command, |command, name| command.mut_subcommand(name, bilingual))
}

/// An argument whose help says its default and its values in both languages.
fn described(arg: Arg) -> Arg {
    let mut help = arg.get_help().map(StyledStr::to_string).unwrap_or_default();
    let takes_values = arg.get_action().takes_values();
    if takes_values {
        let values: Vec<String> = arg.get_possible_values().iter().map(|value| value.get_name().to_string()).collect();
        if !values.is_empty() {
            help.push_str(&format!(" [可以写 values: {}]", values.join(", ")));
        }
        let defaults: Vec<_> = arg.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
        if !defaults.is_empty() {
            help.push_str(&format!(" [缺省 default: {}]", defaults.join(", ")));
        }
    }
    let heading = if arg.is_positional() { "参数 Arguments" } else { "选项 Options" };
    let arg = arg.help(help).help_heading(heading);
    if takes_values { arg.hide_default_value(true).hide_possible_values(true) } else { arg }
}

/// The answer to arguments that clap did not accept.
pub(super) fn answer(error: &Error, lang: Lang) -> UsageAnswer {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => UsageAnswer::Asked(error.render().to_string()),
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => UsageAnswer::Wrong(error.render().to_string()),
        _ => UsageAnswer::Wrong(wrong(error, lang)),
    }
}

/// The text for a name that is no command.
pub(super) fn unknown_command(name: &str, command: &Command, lang: Lang) -> String {
    let names: Vec<&str> = command.get_subcommands().map(Command::get_name).collect();
    let mut text = head(lang, lang.pick(format!("没有“{name}”这个命令"), format!("there is no command \"{name}\"")));
    match closest_match(name, names.iter().copied()) {
        Some(near) => text.push_str(&fix(lang, &format!("最接近的是 {near}"), &format!("the nearest is {near}"))),
        None => {
            let names = names.join(lang.pick("、", ", "));
            text.push_str(&fix(lang, &format!("写其中一个：{names}"), &format!("use one of: {names}")));
        }
    }
    text
}

/// What clap knows about an error.
struct Context<'e>(&'e Error);

impl Context<'_> {
    /// All texts of a kind.
    fn texts(&self, kind: ContextKind) -> Vec<String> {
        match self.0.get(kind) {
            Some(ContextValue::String(text)) => vec![text.clone()],
            Some(ContextValue::Strings(texts)) => texts.clone(),
            Some(ContextValue::StyledStr(text)) => vec![text.to_string()],
            Some(ContextValue::Number(number)) => vec![number.to_string()],
            _ => Vec::new(),
        }
    }

    fn text(&self, kind: ContextKind) -> String {
        self.texts(kind).join(" ")
    }
}

fn wrong(error: &Error, lang: Lang) -> String {
    let context = Context(error);
    let (arg, value) = (context.text(ContextKind::InvalidArg), clean(&context.text(ContextKind::InvalidValue)));
    let name = option_name(&arg);
    let (zh, en) = match error.kind() {
        ErrorKind::InvalidValue if value.is_empty() => {
            (format!("{name} 后面要写一个值"), format!("{name} needs a value"))
        }
        ErrorKind::InvalidValue => (format!("{name} 不能写“{value}”"), format!("{name} cannot be \"{value}\"")),
        ErrorKind::ValueValidation => {
            let Cause { zh, en } = cause(error);
            (format!("{name} 不能写“{value}”{zh}"), format!("{name} cannot be \"{value}\"{en}"))
        }
        ErrorKind::UnknownArgument => {
            let arg = clean(&arg);
            (
                format!("没有“{arg}”这个选项，或者多写了它"),
                format!("\"{arg}\" is no option here, or one value too many"),
            )
        }
        ErrorKind::InvalidSubcommand => {
            let name = clean(&context.text(ContextKind::InvalidSubcommand));
            (format!("没有“{name}”这个命令"), format!("there is no command \"{name}\""))
        }
        ErrorKind::MissingSubcommand => ("后面还要写一个命令".into(), "a command is missing".into()),
        ErrorKind::MissingRequiredArgument => {
            let missing = context.texts(ContextKind::InvalidArg);
            (format!("还要写 {}", missing.join(" ")), format!("missing: {}", missing.join(" ")))
        }
        ErrorKind::ArgumentConflict => {
            let other = context.text(ContextKind::PriorArg);
            if other == arg || other.is_empty() {
                (format!("{name} 只能写一次"), format!("{name} can be given only once"))
            } else {
                (format!("{name} 不能和 {other} 一起用"), format!("{name} cannot be used with {other}"))
            }
        }
        ErrorKind::NoEquals | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            (format!("{name} 的值不够"), format!("{name} needs more values"))
        }
        ErrorKind::TooManyValues => (format!("{name} 的值太多"), format!("{name} has too many values")),
        ErrorKind::InvalidUtf8 => ("命令里有认不出的字符".into(), "an argument is no valid text".into()),
        _ => ("命令写错了".into(), "the command is not understood".into()),
    };
    let mut out = head(lang, lang.pick(zh, en));
    let before_command = error.kind() == ErrorKind::UnknownArgument
        && context.text(ContextKind::Usage).contains("COMMAND")
        && arg.starts_with("--");
    match before_command {
        true => {
            let arg = clean(&arg);
            out.push_str(&fix(
                lang,
                &format!("选项写在命令后面，例如 puzhi build {arg} …"),
                &format!("options stand behind the command, as in puzhi build {arg} …"),
            ));
        }
        false => out.push_str(&advice(&context, lang)),
    }
    let usage = context.text(ContextKind::Usage);
    let usage = usage.trim().trim_start_matches("Usage:").trim();
    if !usage.is_empty() {
        out.push_str(&format!("{}{usage}\n", lang.pick("  用法: ", "  usage: ")));
        let command: Vec<&str> =
            usage.split_whitespace().take_while(|word| word.starts_with(|c: char| c.is_ascii_lowercase())).collect();
        out.push_str(&format!("{}{} --help\n", lang.pick("  说明: ", "  help: "), command.join(" ")));
    }
    out
}

/// What to type instead.
fn advice(context: &Context<'_>, lang: Lang) -> String {
    let valid = context.texts(ContextKind::ValidValue);
    let near: Vec<String> = [ContextKind::SuggestedValue, ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand]
        .into_iter()
        .flat_map(|kind| context.texts(kind))
        .collect();
    if let Some(near) = near.first() {
        return fix(lang, &format!("最接近的是 {near}"), &format!("the nearest is {near}"));
    }
    let valid: Vec<&str> = valid.iter().map(String::as_str).filter(|value| !value.is_empty()).collect();
    if valid.is_empty() {
        return String::new();
    }
    fix(lang, &format!("可以写：{}", valid.join("、")), &format!("it takes: {}", valid.join(", ")))
}

fn head(lang: Lang, text: String) -> String {
    format!("{}{text}\n", lang.pick("错误: ", "error: "))
}

fn fix(lang: Lang, zh: &str, en: &str) -> String {
    lang.pick(format!("  改法: {zh}\n"), format!("  hint: {en}\n"))
}

/// Why a value was refused, to follow the message; empty where nothing more is known.
struct Cause {
    zh: String,
    en: String,
}

fn cause(error: &Error) -> Cause {
    let source = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    let range = source.split_once(" is not in ").and_then(|(_, range)| range.split_once("..="));
    match range {
        Some((from, to)) => Cause {
            zh: format!("，要写 {from} 到 {to} 之间的整数"),
            en: format!(": it takes a number from {from} to {to}"),
        },
        None if source.contains("digit") || source.contains("integer") => {
            Cause { zh: "，要写整数".into(), en: ": it takes a whole number".into() }
        }
        // The parsers of this program say in both languages what can be written; those of libraries do not.
        None if source.contains(is_han) => Cause { zh: format!("，{source}"), en: format!(": {source}") },
        None => Cause { zh: String::new(), en: String::new() },
    }
}

/// `--jobs <N>` as `--jobs`.
fn option_name(arg: &str) -> &str {
    arg.split(' ').next().unwrap_or(arg)
}

/// Text from the command line without control characters, cut to a length that a terminal shows.
fn clean(text: &str) -> String {
    text.chars().take(200).map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::args::command;

    fn said(args: &[&str], lang: Lang) -> String {
        let error = bilingual(command()).try_get_matches_from(std::iter::once(&"puzhi").chain(args)).unwrap_err();
        match answer(&error, lang) {
            UsageAnswer::Asked(text) | UsageAnswer::Wrong(text) => text,
        }
    }

    #[test]
    fn the_command_is_sound() {
        bilingual(command()).debug_assert();
    }

    #[test]
    fn the_language_is_found_in_front_and_behind() {
        let lang = |args: &[&str]| requested_lang(&args.iter().map(OsString::from).collect::<Vec<_>>());
        assert_eq!(lang(&["puzhi", "--lang", "en", "build", "--nope"]), Lang::En);
        assert_eq!(lang(&["puzhi", "build", "--lang=en"]), Lang::En);
        assert_eq!(lang(&["puzhi", "build", "--lang", "zh"]), Lang::Zh);
        assert_eq!(lang(&["puzhi"]), Lang::Zh);
    }

    #[test]
    fn every_mistake_is_said_without_words_of_the_library() {
        let cases: &[&[&str]] = &[
            &["buld"],
            &["build", "--drfts"],
            &["build", "--lang", "de"],
            &["build", "--jobs", "0"],
            &["build", "--jobs", "many"],
            &["build", "--jobs"],
            &["build", "x"],
            &["new", "指南"],
            &["build", "--out", "a", "--out", "b"],
            &["ledger", "--year", "0"],
            &["completions", "tcsh"],
            &["survey", "imprt"],
            &["build", "--\u{1b}[31m"],
        ];
        for args in cases {
            let (zh, en) = (said(args, Lang::Zh), said(args, Lang::En));
            assert!(zh.starts_with("错误: ") && !zh.contains("命令写错了"), "{args:?}: {zh}");
            for word in ["error", "tip", "Usage", "For more", "\u{1b}"] {
                assert!(!zh.contains(word), "{args:?}: {zh}");
            }
            assert!(en.starts_with("error: ") && en != zh, "{args:?}: {en}");
        }
        assert!(said(&["buld"], Lang::Zh).contains("最接近的是 build"));
        assert!(said(&["build", "--jobs", "0"], Lang::Zh).contains("1 到 1024"));
        assert!(said(&["build", "--lang", "de"], Lang::En).contains("it takes: zh, en"));
    }

    #[test]
    fn help_has_chinese_headings() {
        let help = said(&["build", "--help"], Lang::Zh);
        assert!(help.contains("用法 Usage: puzhi build"), "{help}");
        for word in ["Options:", "Arguments:", "Print help", "possible values"] {
            assert!(!help.lines().any(|line| line.starts_with(word) || line.contains("Print help")), "{help}");
        }
        let help = said(&["--help"], Lang::Zh);
        assert!(help.contains("命令 Commands:") && help.contains("completions"), "{help}");
    }
}
