//! `puzhi survey key` and `puzhi survey sign`: the signature of a results file.
//!
//! Input: [`KeyArgs`] or [`SignArgs`]. Output: a new key file, or the results file with its signature. Signs only what `verify` derives
//! from the store. The rules of signatures are in `puzhi_core::kinds::results`.
#![expect(clippy::disallowed_methods, reason = "the command line talks to people, files and the environment")]

use std::io::Read;
use std::path::PathBuf;

use super::super::ExitStatus;
use super::super::args::{MessageArgs, RootArg};
use super::super::console::{print_error, print_stdout};
use super::export::{lies_in_site, write_private};
use super::site_survey::{SiteSurvey, write_result_file};
use super::verify::{self, VerifyArgs};
use puzhi_core::diag::{Lang, SourceText};
use puzhi_core::kinds::results::{SigningSecret, read_results, results_path};

/// Size limit of a key file, in bytes; it has about eighty.
const MAX_KEY_BYTES: u64 = 4096;

#[derive(Debug, clap::Args)]
pub struct KeyArgs {
    /// 密钥写到哪个新文件，放在站点文件夹以外 (the new key file, outside the site's folder)
    file: PathBuf,
    #[command(flatten)]
    root: RootArg,
    #[command(flatten)]
    messages: MessageArgs,
}

#[derive(Debug, clap::Args)]
pub struct SignArgs {
    /// 密钥文件，puzhi survey key 做的 (the key file, made by puzhi survey key)
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    #[command(flatten)]
    verify: VerifyArgs,
}

/// Makes a key.
pub(super) fn make_key(args: &KeyArgs) -> Result<ExitStatus, ExitStatus> {
    let lang: Lang = args.messages.lang();
    if lies_in_site(args.root.path(), &args.file) {
        print_error(lang.pick(
            "密钥不能放在站点的文件夹里：换一个站点以外的、只有保管人能读的文件夹",
            "the key must not be in the site's folder: choose one outside it that only its keeper can read",
        ));
        return Err(ExitStatus::Usage);
    }
    let mut random = [0; 32];
    if getrandom::fill(&mut random).is_err() {
        print_error(lang.pick("系统给不出随机数，没有做密钥", "the system has no random bytes; no key was made"));
        return Err(ExitStatus::Io);
    }
    let secret = SigningSecret::from_random(random);
    write_private(&args.file, &secret.to_file()).map_err(|error| {
        print_error(&lang.pick(
            format!("写不进 {}：{}", args.file.display(), error.kind()),
            format!("cannot write {}: {}", args.file.display(), error.kind()),
        ));
        ExitStatus::Io
    })?;
    let (file, public) = (args.file.display(), secret.public());
    print_stdout(&lang.pick(
        format!("密钥写到了 {file}，只有自己能读，请另外备份。在 site.yaml 里写：\nsurvey:\n  results_key: {public}\n"),
        format!("the key is in {file}, readable by its owner only; keep a copy. Write in site.yaml:\nsurvey:\n  results_key: {public}\n"),
    ));
    Ok(ExitStatus::Success)
}

/// Verifies the results and signs them.
pub(super) fn run(args: &SignArgs) -> Result<ExitStatus, ExitStatus> {
    let (lang, root): (Lang, _) = (args.verify.messages.lang(), &args.verify.root);
    let secret = read_key(&args.key, lang)?;
    let verified = verify::run(&args.verify)?;
    if verified != ExitStatus::Success {
        print_error(lang.pick("没有核对通过，不签名", "not verified, so not signed"));
        return Ok(verified);
    }
    let site_survey = SiteSurvey::read(root, &args.verify.id, lang)?;
    let path = results_path(site_survey.path()).ok_or(ExitStatus::Usage)?;
    let file = root.join(path.as_str());
    let text = std::fs::read_to_string(&file).map_err(|_| ExitStatus::Io)?;
    // `verify` has read the same file and printed what is wrong with it.
    let mut results = read_results(&SourceText::new(&path, &text)).0.ok_or(ExitStatus::ContentErrors)?;
    results.sign(&secret);
    write_result_file(&file, &results.to_json(), lang)?;
    let public = secret.public();
    let known = site_survey.results_key() == Some(public);
    print_stdout(&match (known, lang) {
        (true, Lang::Zh) => format!("已签名：{path}\n"),
        (true, Lang::En) => format!("signed: {path}\n"),
        (false, Lang::Zh) => {
            format!(
                "已签名：{path}。site.yaml 里的 results_key 不是这把密钥的，应该是：\nsurvey:\n  results_key: {public}\n"
            )
        }
        (false, Lang::En) => {
            format!(
                "signed: {path}. The results_key of site.yaml is not that of this key; it should be:\nsurvey:\n  results_key: {public}\n"
            )
        }
    });
    Ok(ExitStatus::Success)
}

fn read_key(file: &std::path::Path, lang: Lang) -> Result<SigningSecret, ExitStatus> {
    let mut text = String::new();
    let read = std::fs::File::open(file).and_then(|file| file.take(MAX_KEY_BYTES).read_to_string(&mut text));
    if let Err(error) = read {
        print_error(&lang.pick(
            format!("读不了 {}：{}", file.display(), error.kind()),
            format!("cannot read {}: {}", file.display(), error.kind()),
        ));
        return Err(ExitStatus::Io);
    }
    SigningSecret::parse(&text).ok_or_else(|| {
        print_error(&lang.pick(
            format!("{} 不是密钥文件：用 puzhi survey key 做一个", file.display()),
            format!("{} is no key file: make one with puzhi survey key", file.display()),
        ));
        ExitStatus::Usage
    })
}
