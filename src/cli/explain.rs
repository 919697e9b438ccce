//! `puzhi explain`: says why the next build would render an output again or keep it, and what the output read.
//!
//! Input: [`ExplainArgs`], the site and the state of the last build. Output: text. Writes no file. The reasons are found by
//! [`explain`].

use std::sync::Arc;

use crate::engine::BlobCache;
use crate::pipeline::{
    BuildState, Explained, Explanation, Options, PICTURE_CACHE, PictureOptions, RebuildReason, UnpublishedPage,
    WhyNoOutput, WhyUnpublished, explain,
};
use puzhi_core::base::SitePath;
use puzhi_core::diag::{Diagnostic, Lang};

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
    let cache = Some(Arc::new(BlobCache::new(args.site.root(), PICTURE_CACHE)));
    let pictures = PictureOptions { cache, ..PictureOptions::default() };
    let options = Options { drafts: args.drafts, strict: args.strict, pictures, ..Options::default() };
    let state = BuildState::open(args.site.root(), &out, args.site.base_url.as_deref(), &options)
        .map_err(|diag| console.fail(&[diag], ExitStatus::Io))?;
    let input = settings.scan().into_input(&options, &|_, _| {});
    let explained = explain(input, &state, &out, &args.path, console.lang)
        .map_err(|diags| console.fail(&diags, ExitStatus::ContentErrors))?;
    let mut errors = Vec::new();
    let text = match explained {
        Explained::Output(explanation) => {
            let text = explanation_text(&explanation, &console);
            errors = explanation.errors;
            text
        }
        Explained::Unpublished(page, own) => {
            errors = own;
            unpublished_text(&page, &errors, console.lang)
        }
        Explained::WithheldFile(file) => console
            .pick(
                &format!("{file}\n没有发布：只有没有发布的页面用到它，或者它在草稿的文件夹里；那些页发布时，它也一起发布\n"),
                &format!(
                    "{file}\nnot published: only pages that are not published refer to it, or it is in the folder of a draft; it is published with them\n"
                ),
            )
            .to_string(),
        Explained::NoOutput(file, why) => no_output_text(&file, why, &console),
        Explained::Unknown => {
            let path = &args.path;
            print_error(console.pick(
                &format!("网站上没有“{path}”；请写网址、public 里的文件，或 content 里的文件"),
                &format!("the site has no \"{path}\"; give an address, a file of public/ or of content/"),
            ));
            return Err(ExitStatus::Usage);
        }
    };
    print_stdout(&console.commands(&text));
    console.print_diagnostics(&errors);
    Ok(ExitStatus::Success)
}

/// Why a file is no part of the site.
fn no_output_text(file: &SitePath, why: WhyNoOutput, console: &Console) -> String {
    let why = match why {
        WhyNoOutput::Hidden => console.pick(
            "不会发布：名字以 . 或 ~ 开头的文件和文件夹是隐藏的，或者是办公软件的临时文件\n  要发布，给它改名\n",
            "never published: files and folders whose names begin with . or ~ are hidden, or belong to an office program\n  to publish it, give it another name\n",
        ),
        WhyNoOutput::Ingredient => console.pick(
            "不会单独发布：它是设置、数据或模板，网页用它来做\n  要让人下载，放到 static 里\n",
            "not published by itself: it is a setting, data or a template, with which pages are made\n  for people to download it, put it into static\n",
        ),
    };
    format!("{file}\n{why}")
}

/// Why a page is not on the site, and what would bring it there.
fn unpublished_text(page: &UnpublishedPage, errors: &[Diagnostic], lang: Lang) -> String {
    let path = &page.path;
    let why = match (&page.why, lang) {
        (WhyUnpublished::Draft, Lang::Zh) => {
            "没有发布：它是草稿\n  要发布，删去“草稿: 是”（draft: true）那一行，再生成一次\n".to_string()
        }
        (WhyUnpublished::Draft, Lang::En) => {
            "not published: it is a draft\n  to publish it, remove the line draft: true and build again\n".to_string()
        }
        (WhyUnpublished::DraftSection(section), Lang::Zh) => format!(
            "没有发布：它所在的栏目 {section} 是草稿\n  要发布，删去那个文件里的“草稿: 是”（draft: true），再生成一次\n"
        ),
        (WhyUnpublished::DraftSection(section), Lang::En) => format!(
            "not published: its section {section} is a draft\n  to publish it, remove draft: true from that file and build again\n"
        ),
        (WhyUnpublished::Future(day), lang) => {
            let day = day.map_or_else(String::new, |day| day.written());
            lang.pick(
                format!("没有发布：它或者所在栏目的日期是 {day}\n  到了那一天不会自己出现，要有人在那天或以后再生成一次\n"),
                format!("not published: it, or its section, is dated {day}\n  it does not appear by itself; somebody must build on that day or later\n"),
            )
        }
        (WhyUnpublished::HasErrors, lang) => errors_text(errors, lang),
    };
    let address = page.route.as_ref().map_or_else(String::new, |route| {
        lang.pick(format!("  发布以后的网址：{route}\n"), format!("  its address will be {route}\n"))
    });
    let see = lang.pick("  现在就想看：puzhi serve\n", "  to see it now: puzhi serve\n");
    format!("{path}\n{why}{address}{see}")
}

/// That a page has errors, and where the first one is. The errors themselves are printed below.
fn errors_text(errors: &[Diagnostic], lang: Lang) -> String {
    let place = errors.first().map_or_else(String::new, |first| {
        let line = first.position.map(|place| place.line);
        let message = first.message(lang);
        match line {
            Some(line) => lang.pick(format!("：第 {line} 行，{message}"), format!(": line {line}, {message}")),
            None => lang.pick(format!("：{message}"), format!(": {message}")),
        }
    });
    lang.pick(
        format!("没有发布：这一页有 {} 个错误{place}\n  改好以后再生成一次\n", errors.len()),
        format!("not published: the page has errors ({}){place}\n  correct them and build again\n", errors.len()),
    )
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
    if !explained.errors.is_empty() {
        let count = explained.errors.len();
        text.push_str(console.pick(
            &format!("不过现在生成不了：网站里有 {count} 个错误，要先改好\n"),
            &format!("but no build writes the site until these errors are corrected: {count}\n"),
        ));
    }
    if let RebuildReason::Changed(names) = &explained.reason {
        names.iter().for_each(|name| text.push_str(&format!("  * {name}\n")));
    }
    if !explained.reads.is_empty() {
        text.push_str(console.pick("上次生成时用到：\n", "When it was made it read:\n"));
        explained.reads.iter().for_each(|name| text.push_str(&format!("  {name}\n")));
    }
    text
}
