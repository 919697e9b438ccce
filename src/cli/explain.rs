//! `puzhi explain PATH`.

use std::io::Write;
use std::sync::Arc;

use crate::pipeline::{BuildInput, BuildState, Options, RebuildReason, explain};
use crate::source::scan;
use puzhi_core::diag::Lang;

use super::ExitStatus;
use super::args::ExplainArgs;
use super::build::{Console, load_settings_and_clock};

/// Says why an output is as it is.
pub(super) fn run(args: &ExplainArgs) -> ExitStatus {
    let console = Console { lang: args.lang.into(), json: false };
    let (settings, found, clock) =
        match load_settings_and_clock(&args.root, args.base_url.as_deref(), args.strict, args.date.as_deref()) {
            Ok(loaded) => loaded,
            Err(diags) => {
                console.print_diagnostics(&diags);
                return ExitStatus::Usage;
            }
        };
    let out = args.out.clone().unwrap_or_else(|| args.root.join("public"));
    let options = Options { drafts: args.drafts, strict: args.strict, ..Options::default() };
    let state = match BuildState::open(&args.root, &out, args.base_url.as_deref(), &options) {
        Ok(state) => state,
        Err(diag) => {
            console.print_diagnostics(&[diag]);
            return ExitStatus::Io;
        }
    };
    let (files, diags) = scan(&args.root, &settings.theme);
    let found = found.into_iter().chain(diags).collect();
    let input = BuildInput {
        files: Arc::new(files),
        found,
        settings: Arc::new(settings),
        clock,
        options: &options,
        progress: &|_, _| {},
    };
    let explained = match explain(input, &state, &out, &args.path) {
        Ok(Some(explained)) => explained,
        Ok(None) => {
            let _ = match console.lang {
                Lang::Zh => writeln!(
                    std::io::stderr(),
                    "网站上没有“{}”；请写网址、public 里的文件，或 content 里的文件",
                    args.path
                ),
                Lang::En => {
                    writeln!(
                        std::io::stderr(),
                        "the site has no \"{}\"; give an address, a file of public/ or of content/",
                        args.path
                    )
                }
            };
            return ExitStatus::Usage;
        }
        Err(diags) => {
            console.print_diagnostics(&diags);
            return ExitStatus::ContentErrors;
        }
    };
    let zh = console.lang == Lang::Zh;
    let why = match &explained.reason {
        RebuildReason::NothingKnown => if zh {
            "没有上次的记录，会重新生成"
        } else {
            "nothing is known of the last build: it would be made"
        }
        .to_string(),
        RebuildReason::New => if zh {
            "上次没有这个网页，会生成"
        } else {
            "the last build had no such output: it would be made"
        }
        .to_string(),
        RebuildReason::OtherRecipe => if zh {
            "这个地址上次是别的内容，会重新生成"
        } else {
            "something else was made at this address: it would be made"
        }
        .to_string(),
        RebuildReason::Gone => {
            if zh { "文件不见了，会重新生成" } else { "the file is gone: it would be made" }.to_string()
        }
        RebuildReason::Altered => {
            if zh { "文件被改动过，会重新生成" } else { "the file was altered: it would be made" }.to_string()
        }
        RebuildReason::Changed(_) => if zh {
            "它用到的东西变了，会重新生成："
        } else {
            "what it read has changed, it would be made:"
        }
        .to_string(),
        RebuildReason::UpToDate => if zh { "没有变化，会沿用" } else { "nothing changed: it is kept" }.to_string(),
    };
    let mut text = format!("{}\n{why}\n", explained.path);
    if let RebuildReason::Changed(names) = &explained.reason {
        names.iter().for_each(|name| text.push_str(&format!("  * {name}\n")));
    }
    if !explained.reads.is_empty() {
        text.push_str(if zh { "上次生成时用到：\n" } else { "When it was made it read:\n" });
        explained.reads.iter().for_each(|name| text.push_str(&format!("  {name}\n")));
    }
    let _ = std::io::stdout().write_all(text.as_bytes());
    ExitStatus::Success
}
