//! `puzhi survey office-key`: makes the office's key, with which the interviews of interviewers are opened.
//!
//! Input: [`OfficeKeyArgs`]. Output: a new key file, readable by its owner only, and the public key on standard output. An existing file is
//! never replaced: what was sealed to it would be lost.
#![expect(clippy::disallowed_methods, reason = "the command line talks to people, files and the environment")]

use std::io::Write;
use std::path::{Path, PathBuf};

use super::super::ExitStatus;
use super::super::args::MessageArgs;
use super::super::console::{print_error, write_stdout};
use puzhi_core::diag::Lang;
use puzhi_core::kinds::office_key_text;
use puzhi_survey::field::OfficeIdentity;

#[derive(Debug, clap::Args)]
pub struct OfficeKeyArgs {
    /// 钥匙存成哪个文件，不能是已有的 (the new key file)
    file: PathBuf,
    #[command(flatten)]
    messages: MessageArgs,
}

pub(super) fn run(args: &OfficeKeyArgs) -> Result<ExitStatus, ExitStatus> {
    let lang: Lang = args.messages.lang();
    let identity = OfficeIdentity::generate().ok_or_else(|| no_random_bytes(lang))?;
    write_private_file(&args.file, &identity.file_text()).map_err(|error| {
        print_error(&lang.pick(
            format!("写不进 {}：{error}", args.file.display()),
            format!("cannot write {}: {error}", args.file.display()),
        ));
        ExitStatus::Io
    })?;
    let public = office_key_text(&identity.public());
    write_stdout(&format!("{public}\n"))?;
    print_error(lang.pick(
        "把上面这一行写进问卷页批次的 field: {office_key: …}。钥匙文件不要放进网站的文件夹，另外保管好一份备用：丢了，访问员交回的答卷谁也打不开。",
        "Write this line into field: {office_key: …} of the wave. Keep the key file out of the site's folder, and a copy in a safe place: without it nobody can open what interviewers hand over.",
    ));
    Ok(ExitStatus::Success)
}

/// Says that the system gives no random bytes.
pub(super) fn no_random_bytes(lang: Lang) -> ExitStatus {
    print_error(lang.pick("系统给不出随机数", "the system gives no random bytes"));
    ExitStatus::Io
}

/// Writes a file that must not exist, durably and readable by its owner only.
pub(super) fn write_private_file(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
