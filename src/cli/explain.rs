//! `puzhi explain`: says why the next build would render an output again or keep it, and what the output read.
//!
//! Input: [`ExplainArgs`], the site and the state of the last build. Output: text. Writes no file. The reasons are found by
//! [`explain`].

use crate::pipeline::{BuildState, Explanation, Options, RebuildReason, explain};

use super::ExitStatus;
use super::args::ExplainArgs;
use super::console::{Console, print_error, print_stdout};
use super::site::SiteRequest;

/// Prints the explanation for one output.
pub(super) fn run(args: &ExplainArgs) -> Result<ExitStatus, ExitStatus> {
    let console = args.messages.console();
    let request = SiteRequest {
        root: args.site.root(),
        base_url: args.site.base_url.as_deref(),
        date: args.date.as_deref(),
        strict: args.strict,
    };
    let settings = request.read_settings().map_err(|diags| console.fail(&diags, ExitStatus::Usage))?;
    let out = args.site.out();
    let options = Options { drafts: args.drafts, strict: args.strict, ..Options::default() };
    let state = BuildState::open(args.site.root(), &out, args.site.base_url.as_deref(), &options)
        .map_err(|diag| console.fail(&[diag], ExitStatus::Io))?;
    let input = settings.scan().into_input(&options, &|_, _| {});
    let explained =
        explain(input, &state, &out, &args.path).map_err(|diags| console.fail(&diags, ExitStatus::ContentErrors))?;
    let Some(explained) = explained else {
        let path = &args.path;
        print_error(console.pick(
            &format!("网站上没有“{path}”；请写网址、public 里的文件，或 content 里的文件"),
            &format!("the site has no \"{path}\"; give an address, a file of public/ or of content/"),
        ));
        return Err(ExitStatus::Usage);
    };
    print_stdout(&explanation_text(&explained, &console));
    Ok(ExitStatus::Success)
}

fn explanation_text(explained: &Explanation, console: &Console) -> String {
    let reason = match &explained.reason {
        RebuildReason::NothingKnown => {
            console.pick("没有上次的记录，会重新生成", "nothing is known of the last build: it would be made")
        }
        RebuildReason::New => {
            console.pick("上次没有这个网页，会生成", "the last build had no such output: it would be made")
        }
        RebuildReason::OtherRecipe => console
            .pick("这个地址上次是别的内容，会重新生成", "something else was made at this address: it would be made"),
        RebuildReason::Gone => console.pick("文件不见了，会重新生成", "the file is gone: it would be made"),
        RebuildReason::Altered => console.pick("文件被改动过，会重新生成", "the file was altered: it would be made"),
        RebuildReason::Changed(_) => {
            console.pick("它用到的东西变了，会重新生成：", "what it read has changed, it would be made:")
        }
        RebuildReason::UpToDate => console.pick("没有变化，会沿用", "nothing changed: it is kept"),
    };
    let mut text = format!("{}\n{reason}\n", explained.path);
    if let RebuildReason::Changed(names) = &explained.reason {
        names.iter().for_each(|name| text.push_str(&format!("  * {name}\n")));
    }
    if !explained.reads.is_empty() {
        text.push_str(console.pick("上次生成时用到：\n", "When it was made it read:\n"));
        explained.reads.iter().for_each(|name| text.push_str(&format!("  {name}\n")));
    }
    text
}
