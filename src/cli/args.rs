//! The command line. The reference page of commands is generated from here.

use std::path::PathBuf;

use clap::{CommandFactory, Parser, Subcommand, ValueEnum};

/// puzhi 普知：把一个 Markdown 文件夹变成宣传活动网站
#[derive(Debug, Parser)]
#[command(name = "puzhi", version, arg_required_else_help = true, disable_help_subcommand = true)]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// 生成网站 (build the site)
    Build(BuildArgs),
}

#[derive(Debug, clap::Args)]
pub struct BuildArgs {
    /// 站点文件夹，里面有 site.yaml (the site's folder)
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub root: PathBuf,
    /// 输出文件夹，缺省为站点里的 public (output folder, public/ of the site by default)
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// 网站的完整网址，覆盖 site.yaml (the site's absolute address, overrides site.yaml)
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// 按这一天生成，缺省为今天 (build for this day, today by default)
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
    /// 消息的语言 (language of messages)
    #[arg(long, value_enum, default_value_t = MessageLang::Zh)]
    pub lang: MessageLang,
    /// 消息的格式；json 每行一条 (format of messages; json is one object a line)
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// 线程数，缺省为处理器核数 (threads, as many as processors by default)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: Option<u16>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MessageLang {
    Zh,
    En,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Text,
    Json,
}

/// The whole command line, for the reference page.
pub fn command() -> clap::Command {
    Args::command()
}
