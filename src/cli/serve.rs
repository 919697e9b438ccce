//! `puzhi serve`.

use std::io::Write;

use crate::preview::serve;
use crate::settings::Settings;
use crate::source::{WatchMode, read_settings_text};
use puzhi_core::diag::{Diagnostic, Lang, Severity, codes};

use super::ExitStatus;
use super::args::ServeArgs;
use super::build::{Console, clock_for_day, parse_date_option};

/// Serves the site until Ctrl+C.
pub(super) fn run(args: &ServeArgs) -> ExitStatus {
    let lang: Lang = args.lang.into();
    let console = Console { lang, json: false };
    // Without a site.yaml there is no site to wait for; one with mistakes can be mended while the preview runs.
    let missing = read_settings_text(&args.root).err().filter(|diag| *diag.code == codes::settings::NO_SETTINGS);
    let day = match (missing, parse_date_option(args.date.as_deref())) {
        (None, Ok(day)) => day,
        (Some(diag), _) | (None, Err(diag)) => {
            console.print_diagnostics(&[diag]);
            return ExitStatus::Usage;
        }
    };
    // Today is looked up at every update, since a preview may run over midnight.
    let today = Box::new(move |settings: &Settings| clock_for_day(day, settings));
    let mode = if args.poll { WatchMode::Polling } else { WatchMode::Native };
    let open = args.open;
    let ready = move |address: std::net::SocketAddr, found: WatchMode| {
        if found != mode {
            print_stdout(match lang {
                Lang::Zh => "系统不能通知文件的变化，改为每隔一会儿看一遍：存盘后等一两秒\n",
                Lang::En => {
                    "the system does not tell of changed files, so they are looked at again and again: wait a second or two after saving\n"
                }
            });
        }
        let url = format!("http://{address}/");
        print_stdout(&match lang {
            Lang::Zh => format!("预览：{url}\n存盘后网页自动更新；按 Ctrl+C 结束\n"),
            Lang::En => format!("preview: {url}\npages follow every save; Ctrl+C ends it\n"),
        });
        if open && let Err(error) = open::that_detached(&url) {
            print_stdout(&match lang {
                Lang::Zh => format!("打不开浏览器（{error}），请自己打开上面的网址\n"),
                Lang::En => format!("no browser could be opened ({error}), open the address above yourself\n"),
            });
        }
    };
    let mut last: Vec<Diagnostic> = Vec::new();
    let updated = move |update: &crate::preview::Update| {
        let now: Vec<Diagnostic> = update.diags.iter().filter(|d| d.severity != Severity::Note).cloned().collect();
        if now == last {
            return;
        }
        let fresh: Vec<Diagnostic> = now.iter().filter(|d| !last.contains(d)).cloned().collect();
        Console { lang, json: false }.print_diagnostics(&fresh);
        if now.is_empty() {
            print_stdout(if lang == Lang::Zh {
                "都改好了，没有错误和提醒\n"
            } else {
                "all mended, no errors and no warnings\n"
            });
        }
        last = now;
    };
    let end = async {
        // Where the signal cannot be heard, only the end of the process ends the preview.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    match serve(&args.root, args.port, mode, today, ready, updated, end) {
        Ok(()) => ExitStatus::Success,
        Err(diag) => {
            console.print_diagnostics(&[diag]);
            ExitStatus::Io
        }
    }
}

/// Nobody is left to tell when the pipe is closed.
fn print_stdout(text: &str) {
    let mut out = std::io::stdout();
    let _ = out.write_all(text.as_bytes());
    let _ = out.flush();
}
