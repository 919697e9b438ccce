//! `puzhi explain PATH`.

use std::io::Write;
use std::sync::Arc;

use crate::pipeline::{Options, Order, State, Why, explain};
use crate::source::scan;
use puzhi_core::diag::Lang;

use super::Exit;
use super::args::ExplainArgs;
use super::build::{Speaker, begin};

/// Says why an output is as it is.
pub(super) fn run(args: &ExplainArgs) -> Exit {
    let speaker = Speaker { lang: args.lang.into(), json: false };
    let (settings, found, clock) = match begin(&args.root, args.base_url.as_deref(), args.strict, args.date.as_deref())
    {
        Ok(begun) => begun,
        Err(diags) => {
            speaker.all(&diags);
            return Exit::Usage;
        }
    };
    let out = args.out.clone().unwrap_or_else(|| args.root.join("public"));
    let options = Options { drafts: args.drafts, strict: args.strict, ..Options::default() };
    let state = match State::open(&args.root, &out, args.base_url.as_deref(), &options) {
        Ok(state) => state,
        Err(diag) => {
            speaker.all(&[diag]);
            return Exit::Io;
        }
    };
    let (files, diags) = scan(&args.root, &settings.theme);
    let found = found.into_iter().chain(diags).collect();
    let order = Order {
        files: Arc::new(files),
        found,
        settings: Arc::new(settings),
        clock,
        options: &options,
        progress: &|_, _| {},
    };
    let explained = match explain(order, &state, &out, &args.path) {
        Ok(Some(explained)) => explained,
        Ok(None) => {
            let _ = match speaker.lang {
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
            return Exit::Usage;
        }
        Err(diags) => {
            speaker.all(&diags);
            return Exit::Content;
        }
    };
    let zh = speaker.lang == Lang::Zh;
    let why = match &explained.why {
        Why::NothingKnown => if zh {
            "没有上次的记录，会重新生成"
        } else {
            "nothing is known of the last build: it would be made"
        }
        .to_string(),
        Why::New => if zh {
            "上次没有这个网页，会生成"
        } else {
            "the last build had no such output: it would be made"
        }
        .to_string(),
        Why::OtherRecipe => if zh {
            "这个地址上次是别的内容，会重新生成"
        } else {
            "something else was made at this address: it would be made"
        }
        .to_string(),
        Why::Gone => if zh { "文件不见了，会重新生成" } else { "the file is gone: it would be made" }.to_string(),
        Why::Altered => {
            if zh { "文件被改动过，会重新生成" } else { "the file was altered: it would be made" }.to_string()
        }
        Why::Changed(_) => if zh {
            "它用到的东西变了，会重新生成："
        } else {
            "what it read has changed, it would be made:"
        }
        .to_string(),
        Why::UpToDate => if zh { "没有变化，会沿用" } else { "nothing changed: it is kept" }.to_string(),
    };
    let mut text = format!("{}\n{why}\n", explained.path);
    if let Why::Changed(names) = &explained.why {
        names.iter().for_each(|name| text.push_str(&format!("  * {name}\n")));
    }
    if !explained.reads.is_empty() {
        text.push_str(if zh { "上次生成时用到：\n" } else { "When it was made it read:\n" });
        explained.reads.iter().for_each(|name| text.push_str(&format!("  {name}\n")));
    }
    let _ = std::io::stdout().write_all(text.as_bytes());
    Exit::Done
}
