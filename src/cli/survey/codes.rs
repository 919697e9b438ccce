//! `puzhi survey codes`: creates one-time codes for a wave with a probability or quota sample.
//!
//! Input: [`CodesArgs`]. Output: the codes on standard output, once; the database stores only their hashes. Does not know who receives
//! which code.

use super::super::ExitStatus;
use super::super::args::{MessageArgs, RootArg};
use super::super::console::{print_error, write_stdout};
use super::database::{parse_database_address, with_store};
use super::definitions::{find_survey, load_unserved_definitions};
use puzhi_core::diag::Lang;
use puzhi_core::kinds::SamplingMethod;
use puzhi_survey::collector::OneTimeCode;
use puzhi_survey::store::{CodeCount, DatabaseAddress, IfMissing, StoreError};

#[derive(Debug, clap::Args)]
pub struct CodesArgs {
    /// 问卷编号 (the survey's id)
    id: String,
    /// 哪一次调查，要是概率抽样或配额的 (the wave, one of a probability or quota sample)
    #[arg(long, value_name = "WAVE")]
    wave: String,
    /// 要多少个 (how many)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    count: u32,
    /// 答卷存在哪里 (where answers are kept)
    #[arg(long, value_name = "DB", value_parser = parse_database_address)]
    db: DatabaseAddress,
    #[command(flatten)]
    root: RootArg,
    #[command(flatten)]
    messages: MessageArgs,
}

pub(super) fn run(args: &CodesArgs) -> Result<ExitStatus, ExitStatus> {
    let lang: Lang = args.messages.lang();
    let definitions = load_unserved_definitions(args.root.path(), lang)?;
    let localized = find_survey(&definitions, &args.id, lang)?;
    let waves: Vec<&str> = localized
        .survey
        .waves
        .iter()
        .filter(|w| w.sample != SamplingMethod::Voluntary)
        .map(|w| w.id.as_str())
        .collect();
    if !waves.contains(&args.wave.as_str()) {
        let list = if waves.is_empty() { "-".to_string() } else { waves.join("、") };
        print_error(&match lang {
            Lang::Zh => format!(
                "“{}”没有编号是“{}”的概率抽样或配额调查，答题码只发给抽中的人。现有的：{list}",
                args.id, args.wave
            ),
            Lang::En => format!(
                "\"{}\" has no probability or quota wave \"{}\"; codes are for people who were drawn. There are: {list}",
                args.id, args.wave
            ),
        });
        return Err(ExitStatus::Usage);
    }
    let (codes, CodeCount { all, used }) = with_store(&args.db, IfMissing::Create, lang, |store| async move {
        let codes: Option<Vec<OneTimeCode>> = (0..args.count).map(|_| OneTimeCode::generate()).collect();
        let codes = codes.ok_or(StoreError::Io(std::io::ErrorKind::Unsupported))?;
        let hashes: Vec<_> = codes.iter().map(OneTimeCode::hash).collect();
        let added = store.add_codes(&args.id, &args.wave, &hashes).await?;
        // Codes have 60 random bits, so a duplicate means that the random number generator is broken.
        if added != u64::from(args.count) {
            return Err(StoreError::Corrupt);
        }
        Ok((codes, store.count_codes(&args.id, &args.wave).await?))
    })?;
    let mut out = String::new();
    for code in codes {
        out.push_str(&format!("{code}\n"));
    }
    write_stdout(&out)?;
    print_error(&match lang {
        Lang::Zh => format!(
            "新发 {} 个，这一次调查共有 {all} 个，已用 {used} 个。答题码只在这里显示一次，数据库里只有它的散列值。\n\
             谁拿到哪个码，请不要和答题码放在一起长期保存：寄发完就销毁名单，才认不出哪份答卷是谁的。",
            args.count
        ),
        Lang::En => format!(
            "{} new codes, {all} in all for this wave, {used} used. They are shown here once; the database has their hashes only.\n\
             Do not keep a list of who got which code longer than it takes to send them.",
            args.count
        ),
    });
    Ok(ExitStatus::Success)
}
