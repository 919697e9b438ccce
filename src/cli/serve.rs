//! `puzhi serve`: runs the live preview and prints new errors and warnings after every saved file.
//!
//! Input: [`ServeArgs`]. Output: a running server until Ctrl+C, and messages. The server itself is in `preview`.

use std::net::SocketAddr;

use crate::preview::{PreviewOptions, Update, serve};
use crate::settings::Settings;
use crate::source::WatchMode;
use puzhi_core::diag::{Diagnostic, Severity};

use super::ExitStatus;
use super::args::ServeArgs;
use super::console::{Console, print_stdout};
use super::local_server::{missing_settings, open_browser, until_interrupted};
use super::site::{build_date, parse_date_option};

/// Serves the site until Ctrl+C.
pub(super) fn run(args: &ServeArgs) -> Result<ExitStatus, ExitStatus> {
    let lang = args.messages.lang();
    let console = Console::text(lang);
    let refuse = |diag: Diagnostic| console.fail(&[diag], ExitStatus::Usage);
    let root = args.root.path();
    if let Some(diag) = missing_settings(root) {
        return Err(refuse(diag));
    }
    let day = parse_date_option(args.view.date.as_deref()).map_err(refuse)?;
    let mode = if args.view.poll { WatchMode::Polling } else { WatchMode::Native };
    let options = PreviewOptions {
        root,
        port: args.port,
        mode,
        today: Box::new(move |settings: &Settings| build_date(day, settings)),
    };
    let open = args.view.open;
    let ready = |address: SocketAddr, found: WatchMode| {
        if found != mode {
            print_stdout(console.pick(
                "系统不能通知文件的变化，改为每隔一会儿看一遍：存盘后等一两秒\n",
                "the system does not report changed files, so they are polled: wait a second or two after saving\n",
            ));
        }
        let url = format!("http://{address}/");
        print_stdout(console.pick(
            &format!("预览：{url}\n存盘后网页自动更新；按 Ctrl+C 结束\n"),
            &format!("preview: {url}\npages follow every save; Ctrl+C ends it\n"),
        ));
        if open {
            open_browser(&console, &url);
        }
    };
    serve(options, ready, print_new_findings(Console::text(lang)), until_interrupted())
        .map_err(|diag| console.fail(&[diag], ExitStatus::Io))?;
    Ok(ExitStatus::Success)
}

/// Returns the callback for updates. It prints the errors and warnings that the previous update did not have, and a message when none
/// is left.
fn print_new_findings(console: Console) -> impl FnMut(&Update) + Send + 'static {
    let mut last: Vec<Diagnostic> = Vec::new();
    move |update| {
        let now: Vec<Diagnostic> = update.diags.iter().filter(|d| d.severity != Severity::Note).cloned().collect();
        if now == last {
            return;
        }
        let new: Vec<Diagnostic> = now.iter().filter(|d| !last.contains(d)).cloned().collect();
        console.print_diagnostics(&new);
        if now.is_empty() {
            print_stdout(console.pick("都改好了，没有错误和提醒\n", "all errors and warnings are fixed\n"));
        }
        last = now;
    }
}
