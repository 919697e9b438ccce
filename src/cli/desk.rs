//! `puzhi desk`: runs the desk and prints its address.
//!
//! Input: [`DeskArgs`]. Output: a running server until Ctrl+C, and messages. The server itself is in `desk`.
#![expect(clippy::disallowed_methods, reason = "the command line talks to people, files and the environment")]

use std::net::SocketAddr;

use crate::desk::{DeskOptions, Token, is_empty_folder, serve};
use crate::settings::Settings;
use crate::source::WatchMode;
use puzhi_core::diag::{Diagnostic, codes};

use super::ExitStatus;
use super::args::DeskArgs;
use super::console::{Console, print_stdout};
use super::local_server::{missing_settings, open_browser, until_interrupted};
use super::site::{build_date, parse_date_option};

/// Runs the desk until Ctrl+C.
pub(super) fn run(args: &DeskArgs) -> Result<ExitStatus, ExitStatus> {
    let console = Console::text(args.messages.lang());
    let refuse = |diag: Diagnostic| console.fail(&[diag], ExitStatus::Usage);
    let root = args.root.path();
    // In an empty folder a site can be made; a folder with something else was meant to be another.
    if let Some(diag) = missing_settings(root).filter(|_| !is_empty_folder(root)) {
        return Err(refuse(diag));
    }
    let day = parse_date_option(args.view.date.as_deref()).map_err(refuse)?;
    let no_chance = || Diagnostic::new(&codes::start::PREVIEW_UNUSABLE).arg("port", args.port.unwrap_or_default());
    let token = Token::random().ok_or_else(|| console.fail(&[no_chance()], ExitStatus::Io))?;
    // Arguments of programs are no secret.
    let code = if args.view.open { Token::random() } else { None };
    let options = DeskOptions {
        root,
        mode: if args.view.poll { WatchMode::Polling } else { WatchMode::Native },
        today: Box::new(move |settings: &Settings| build_date(day, settings)),
        token: token.clone(),
        code: code.clone(),
        by: who(),
        until_closed: args.until_closed,
    };
    let ready = |address: SocketAddr| {
        let url = format!("http://{address}/#{token}");
        print_stdout(console.pick(
            &format!("写字台：{url}\n只给这台电脑用，网址不要发给别人；按 Ctrl+C 结束\n"),
            &format!("desk: {url}\nfor this machine alone, keep the address to yourself; Ctrl+C ends it\n"),
        ));
        if let Some(code) = &code {
            open_browser(&console, &format!("http://{address}/#once-{code}"));
        }
    };
    serve(options, args.port, ready, until_interrupted()).map_err(|diag| console.fail(&[diag], ExitStatus::Io))?;
    Ok(ExitStatus::Success)
}

/// Who sits at this machine, as its system says, for desks on the same folder.
fn who() -> String {
    let of =
        |names: &[&str]| names.iter().find_map(|name| std::env::var(name).ok()).filter(|name| !name.trim().is_empty());
    let name: String = of(&["USERNAME", "USER"]).unwrap_or_else(|| "另一位同事".to_string()).chars().take(40).collect();
    match of(&["COMPUTERNAME", "HOSTNAME"]) {
        Some(machine) => format!("{name}（{}）", machine.chars().take(40).collect::<String>()),
        None => name,
    }
}
