//! Definition of the command line with clap.
//!
//! Input: none. Output: the parsed arguments as types, and the clap command, from which the reference page of commands is generated.
//! The doc comments of arguments and commands are the text of `--help`. Runs nothing and prints nothing.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use clap::{CommandFactory, Parser, Subcommand, ValueEnum};

use super::console::Console;
use super::site::nearest_site;
use super::survey::SurveyCommand;
use puzhi_core::diag::Lang;
use puzhi_core::kinds::KindName;

/// puzhi 普知：把一个 Markdown 文件夹变成宣传活动网站
#[derive(Debug, Parser)]
#[command(name = "puzhi", version, arg_required_else_help = true, disable_help_subcommand = true)]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub messages: MessageArgs,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// 生成网站 (build the site)
    Build(BuildArgs),
    /// 边改边看：存盘后网页自动更新 (live preview)
    Serve(ServeArgs),
    /// 写字台：在浏览器里写、看、撤销、交付 (the desk: write, see, undo and hand over in a browser)
    Desk(DeskArgs),
    /// 自动改好只有一种改法的小毛病，可以撤销 (make the corrections that leave no choice, and take them back)
    Fix(FixArgs),
    /// 新建一篇草稿，带上这种页面可填的键 (create a draft with all keys of its kind)
    New(NewArgs),
    /// 建一个新站点 (a new site)
    Init(InitArgs),
    /// 页面有哪些类型、各有哪些键；给编辑器用的 JSON Schema (kinds of pages, their keys, JSON Schemas for editors)
    Kinds(KindsArgs),
    /// 说明某个网页为什么重新生成、为什么没有，用到了什么 (explain why an output was or was not made again, and what it read)
    Explain(ExplainArgs),
    /// 活动记录 (the record of events)
    #[command(subcommand)]
    Events(EventsCommand),
    /// 发布记录：上次发布以来有什么变化，哪些网址不能丢 (the log of what was published)
    #[command(subcommand)]
    Release(ReleaseCommand),
    /// 把一篇文章打成稿件包交给媒体，日期未到的也可以 (press pack and ninjs of one article, also under embargo)
    Press(PressArgs),
    /// 一年的活动台账 (the ledger of a year)
    Ledger(LedgerArgs),
    /// 问卷调查 (surveys)
    #[command(subcommand)]
    Survey(SurveyCommand),
    /// 网站的样子 (the theme)
    #[command(subcommand)]
    Theme(ThemeCommand),
    /// 说明一个命令怎么用 (how a command is used)
    Help(HelpArgs),
    /// 让命令行能按 Tab 键补全 (a script by which the shell completes commands)
    Completions(CompletionsArgs),
    /// 手册页 (manual pages)
    Man(ManArgs),
}

#[derive(Debug, clap::Args)]
pub struct HelpArgs {
    /// 哪个命令，例如 build，或 survey import (which command, such as build or survey import)
    #[arg(value_name = "COMMAND")]
    pub path: Vec<String>,
    #[command(flatten)]
    pub messages: MessageArgs,
}

#[derive(Debug, clap::Args)]
pub struct CompletionsArgs {
    /// 哪种命令行 (which shell)
    #[arg(value_name = "SHELL", value_enum)]
    pub shell: clap_complete::Shell,
}

#[derive(Debug, clap::Args)]
pub struct ManArgs {
    /// 把每个命令的手册页写进这个文件夹；缺省只把总的一页写到标准输出 (folder for the pages of all commands; by default the page of puzhi is printed)
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub messages: MessageArgs,
}

/// `--root`.
#[derive(Debug, clap::Args)]
pub struct RootArg {
    /// 站点文件夹，里面有 site.yaml；缺省为当前文件夹，那里没有就往上找 (the site's folder; by default the current one or the nearest above it)
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
    #[arg(skip)]
    found: OnceLock<PathBuf>,
}

impl RootArg {
    /// The site's folder: as given, or else the nearest one from the current folder upwards.
    pub fn path(&self) -> &Path {
        self.root.as_deref().unwrap_or_else(|| self.found.get_or_init(nearest_site))
    }
}

/// A site and where its outputs go.
#[derive(Debug, clap::Args)]
pub struct OutputArgs {
    #[command(flatten)]
    root: RootArg,
    /// 输出文件夹，缺省为站点里的 public (output folder, public/ of the site by default)
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// 网站的完整网址，覆盖 site.yaml (the site's absolute address, overrides site.yaml)
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
}

impl OutputArgs {
    /// The site's folder.
    pub fn root(&self) -> &Path {
        self.root.path()
    }

    /// The output folder.
    pub fn out(&self) -> PathBuf {
        self.out.clone().unwrap_or_else(|| self.root().join("public"))
    }
}

/// `--lang`.
#[derive(Debug, clap::Args)]
pub struct MessageArgs {
    /// 消息的语言 (language of messages)
    #[arg(long, value_enum, default_value_t = MessageLang::Zh, global = true)]
    lang: MessageLang,
}

impl MessageArgs {
    /// The language of messages.
    pub fn lang(&self) -> Lang {
        self.lang.into()
    }

    /// A console that prints plain text in that language.
    pub fn console(&self) -> Console {
        Console::text(self.lang())
    }
}

/// How a site is watched and shown in a browser of this machine.
#[derive(Debug, clap::Args)]
pub struct LiveViewArgs {
    /// 打开浏览器 (open the browser)
    #[arg(long)]
    pub open: bool,
    /// 每隔一会儿看一遍文件，用于不通知变化的网络盘 (poll files, for file systems that report no changes)
    #[arg(long)]
    pub poll: bool,
    /// 按这一天显示，缺省为今天 (show the site as of this day, today by default)
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub date: Option<String>,
}

#[derive(Debug, clap::Args)]
pub struct ServeArgs {
    #[command(flatten)]
    pub root: RootArg,
    /// 端口，缺省从 4000 起找一个空的；0 由系统选 (port, the first free one from 4000 by default; 0 takes any)
    #[arg(long, value_name = "N")]
    pub port: Option<u16>,
    #[command(flatten)]
    pub view: LiveViewArgs,
    #[command(flatten)]
    pub messages: MessageArgs,
}

#[derive(Debug, clap::Args)]
pub struct DeskArgs {
    #[command(flatten)]
    pub root: RootArg,
    /// 端口，缺省从 8766 起找一个空的；0 由系统选 (port, the first free one from 8766 by default; 0 takes any)
    #[arg(long, value_name = "N")]
    pub port: Option<u16>,
    #[command(flatten)]
    pub view: LiveViewArgs,
    /// 浏览器里的写字台关了几分钟以后，程序自己结束 (end some minutes after the desk was closed in the browser)
    #[arg(long)]
    pub until_closed: bool,
    #[command(flatten)]
    pub messages: MessageArgs,
}

#[derive(Debug, clap::Args)]
pub struct FixArgs {
    /// 只改这些代号的问题，例如 wide-link；缺省为能自动改的全部 (only findings with these codes, such as wide-link; by default all that can be fixed)
    #[arg(value_name = "CODE")]
    pub codes: Vec<String>,
    /// 只列出要改的地方，不动文件 (list the changes and leave the files alone)
    #[arg(long)]
    pub dry_run: bool,
    /// 撤销上一次的改动；后来有人改过的文件不动 (take the last fixes back; files that were changed since are left alone)
    #[arg(long, conflicts_with_all = ["codes", "dry_run"])]
    pub undo: bool,
    #[command(flatten)]
    pub root: RootArg,
    #[command(flatten)]
    pub messages: MessageArgs,
}

#[derive(Debug, clap::Args)]
pub struct NewArgs {
    #[arg(value_name = "KIND", help = kind_help())]
    pub kind: String,
    /// 标题 (the title)
    #[arg(value_name = "TITLE")]
    pub title: String,
    #[command(flatten)]
    pub root: RootArg,
    /// 文件名，也是网址的最后一段，缺省从标题来 (file name and last part of the address, made of the title by default)
    #[arg(long, value_name = "NAME")]
    pub slug: Option<String>,
    /// 放进 content 里的哪个文件夹，缺省是这一种的栏目 (folder of content, the kind's own section by default)
    #[arg(long, value_name = "FOLDER")]
    pub section: Option<String>,
    /// 活动开始的日期，可以带时间 (when an event begins)
    #[arg(long, value_name = "DATE")]
    pub start: Option<String>,
    /// 活动的地点 (where an event takes place)
    #[arg(long, value_name = "PLACE")]
    pub place: Option<String>,
    /// 写作这一天，缺省为今天 (the day it is written, today by default)
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub date: Option<String>,
    #[command(flatten)]
    pub messages: MessageArgs,
}

#[derive(Debug, clap::Args)]
pub struct KindsArgs {
    /// 一种类型的名字，或 site（site.yaml）、section（_index.md）、kind（kinds/NAME.yaml）；缺省列出所有类型 (a kind, or site, section or kind; all kinds are listed by default)
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
    /// 输出 JSON Schema 2020-12，编辑器用它补全 (print JSON Schema 2020-12, by which editors complete)
    #[arg(long)]
    pub schema: bool,
    #[command(flatten)]
    pub root: RootArg,
    #[command(flatten)]
    pub messages: MessageArgs,
}

#[derive(Debug, clap::Args)]
pub struct InitArgs {
    /// 新站点的文件夹，还没有，或者是空的 (the new site's folder, empty or not there yet)
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    #[command(flatten)]
    pub messages: MessageArgs,
}

/// Help for a kind of page: all kinds in both languages.
fn kind_help() -> String {
    let zh: Vec<&str> = KindName::ALL.iter().map(|kind| kind.zh()).collect();
    let en: Vec<&str> = KindName::ALL.iter().map(|kind| kind.as_str()).collect();
    format!("哪一种：{}，或者站点自己的类型 ({}, or a kind of the site's own)", zh.join("、"), en.join(", "))
}

#[derive(Debug, Subcommand)]
pub enum EventsCommand {
    /// 核对活动的时间、地点、状态，写进 content/events.lock.yaml (record time, place and status of all events)
    Record(RecordArgs),
}

#[derive(Debug, Subcommand)]
pub enum ReleaseCommand {
    /// 发布以后记一笔，写进 content/releases.lock.yaml；丢了网址就不记 (record what is published; refused while an address is lost)
    Record(ReleaseRecordArgs),
    /// 和上次发布比，有什么变化 (what changed since the last record)
    Diff(ReleaseDiffArgs),
}

#[derive(Debug, clap::Args)]
pub struct ReleaseRecordArgs {
    #[command(flatten)]
    pub root: RootArg,
    /// 发布的时间，例如 "2026-11-28 14:05"，缺省为现在 (when it was published, now by default)
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
    /// 不再要的附件的网址；可以写几次 (address of an attachment that is let go on purpose; can be repeated)
    #[arg(long, value_name = "ADDRESS")]
    pub gone: Vec<String>,
    #[command(flatten)]
    pub messages: MessageArgs,
}

#[derive(Debug, clap::Args)]
pub struct ReleaseDiffArgs {
    #[command(flatten)]
    pub root: RootArg,
    /// 按这一天，可以带时间，缺省为现在 (as of this day, or this time of it; now by default)
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub date: Option<String>,
    #[command(flatten)]
    pub messages: MessageArgs,
}

#[derive(Debug, clap::Args)]
pub struct PressArgs {
    /// 哪一篇：content 里的文件，或网址 (which article: a file of content/ or an address)
    #[arg(value_name = "PATH")]
    pub path: String,
    /// 放进哪个文件夹，不能在网站的输出里，同名的文件不覆盖 (folder for the files, outside the site's output; no file is overwritten)
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    #[command(flatten)]
    pub root: RootArg,
    /// 网站的完整网址，覆盖 site.yaml (the site's absolute address, overrides site.yaml)
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// 按这一天，可以带时间，缺省为现在 (as of this day, or this time of it; now by default)
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub date: Option<String>,
    #[command(flatten)]
    pub messages: MessageArgs,
}

#[derive(Debug, Subcommand)]
pub enum ThemeCommand {
    /// 把自带主题的文件写出来，好在上面改；已有的文件不动 (write the files of the embedded theme for changing; files that are there stay)
    Export(ThemeExportArgs),
}

#[derive(Debug, clap::Args)]
pub struct ThemeExportArgs {
    /// 写进哪个文件夹，缺省为站点的 themes/civic，在那里它代替自带的主题 (folder, themes/civic of the site by default, where it takes the place of the embedded theme)
    #[arg(value_name = "DIR")]
    pub dir: Option<PathBuf>,
    #[command(flatten)]
    pub root: RootArg,
    #[command(flatten)]
    pub messages: MessageArgs,
}

#[derive(Debug, clap::Args)]
pub struct RecordArgs {
    #[command(flatten)]
    pub root: RootArg,
    /// 网站的完整网址，覆盖 site.yaml (the site's absolute address, overrides site.yaml)
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// 记作这一天，缺省为今天 (the day of the record, today by default)
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub date: Option<String>,
    #[command(flatten)]
    pub messages: MessageArgs,
}

#[derive(Debug, clap::Args)]
pub struct LedgerArgs {
    #[command(flatten)]
    pub root: RootArg,
    /// 哪一年，缺省为今年 (the year, this one by default)
    #[arg(long, value_name = "YEAR", value_parser = clap::value_parser!(i16).range(1..=9999))]
    pub year: Option<i16>,
    /// 网站的完整网址，覆盖 site.yaml (the site's absolute address, overrides site.yaml)
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// 统计到这一天，缺省为今天 (count up to this day, today by default)
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub date: Option<String>,
    /// 写成文字、表格还是数据；表格和数据与网站上的文件相同 (text, or the same CSV and JSON as the site's files)
    #[arg(long, value_enum, default_value_t = LedgerFileFormat::Text)]
    pub format: LedgerFileFormat,
    #[command(flatten)]
    pub messages: MessageArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LedgerFileFormat {
    Text,
    Csv,
    Json,
}

#[derive(Debug, clap::Args)]
pub struct BuildArgs {
    #[command(flatten)]
    pub site: OutputArgs,
    /// 按这一天生成，可以带时间，缺省为现在 (build for this day, or for this time of it; now by default)
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub date: Option<String>,
    /// 连同草稿和日期未到的页面 (include drafts and future pages)
    #[arg(long)]
    pub drafts: bool,
    /// 提醒也算错误 (warnings are errors)
    #[arg(long)]
    pub strict: bool,
    /// 有错的页面略去，其余照常生成，退出码仍为 1 (leave bad pages out, still exit 1)
    #[arg(long)]
    pub keep_going: bool,
    #[command(flatten)]
    pub messages: MessageArgs,
    /// 消息的格式；json 每行一条 (format of messages; json is one object a line)
    #[arg(long, value_enum, default_value_t = MessageFormat::Text)]
    pub format: MessageFormat,
    /// 逐条列出全部问题，不归并 (list every finding instead of grouping them)
    #[arg(long)]
    pub all: bool,
    /// 线程数，缺省为处理器核数 (threads, as many as processors by default)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: Option<u16>,
    /// 不用上次留下的记录，全部重新生成 (ignore what the last build knows)
    #[arg(long)]
    pub clean: bool,
    /// 生成以后，再在内存里全新生成一遍，逐个字节核对 (also build from nothing in memory and compare every byte)
    #[arg(long)]
    pub verify: bool,
    /// 说明时间花在哪里 (print where the time went)
    #[arg(long)]
    pub timings: bool,
}

#[derive(Debug, clap::Args)]
pub struct ExplainArgs {
    /// 网站上的地址、输出文件，或 content 里的文件 (an address, an output, or a file of content/)
    #[arg(value_name = "PATH")]
    pub path: String,
    #[command(flatten)]
    pub site: OutputArgs,
    /// 按这一天，缺省为今天 (as of this day, today by default)
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub date: Option<String>,
    /// 连同草稿和日期未到的页面 (include drafts and future pages)
    #[arg(long)]
    pub drafts: bool,
    /// 提醒也算错误 (warnings are errors)
    #[arg(long)]
    pub strict: bool,
    #[command(flatten)]
    pub messages: MessageArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MessageLang {
    Zh,
    En,
}

impl From<MessageLang> for Lang {
    fn from(lang: MessageLang) -> Lang {
        match lang {
            MessageLang::Zh => Lang::Zh,
            MessageLang::En => Lang::En,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MessageFormat {
    Text,
    Json,
}

/// The complete clap command, for generating the reference page.
pub fn command() -> clap::Command {
    Args::command()
}
