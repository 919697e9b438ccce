//! `puzhi survey codes`: one-time codes for a wave whose respondents are drawn.

use std::io::Write;
use std::path::PathBuf;

use super::super::ExitStatus;
use super::super::args::MessageLang;
use super::database::{parse_database_address, print_error, with_store};
use super::definitions::{load_definitions, survey_ids};
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
    /// 站点文件夹，里面有 site.yaml (the site's folder)
    #[arg(long, value_name = "DIR", default_value = ".")]
    root: PathBuf,
    /// 消息的语言 (language of messages)
    #[arg(long, value_enum, default_value_t = MessageLang::Zh)]
    lang: MessageLang,
}

pub(super) fn run(args: &CodesArgs) -> ExitStatus {
    let lang: Lang = args.lang.into();
    // Nothing is served, so any address will do where the settings give none.
    let definitions = match load_definitions(&args.root, Some("http://localhost"), lang) {
        Ok(definitions) => definitions,
        Err(exit) => return exit,
    };
    let Some(localized) = definitions.find(&args.id, None) else {
        print_error(&match lang {
            Lang::Zh => format!("没有编号是“{}”的问卷。现有的问卷：{}", args.id, survey_ids(&definitions)),
            Lang::En => {
                format!("there is no survey with the id \"{}\"; there are: {}", args.id, survey_ids(&definitions))
            }
        });
        return ExitStatus::Usage;
    };
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
        return ExitStatus::Usage;
    }
    let made = with_store(&args.db, IfMissing::Create, lang, |store| async move {
        let codes: Option<Vec<OneTimeCode>> = (0..args.count).map(|_| OneTimeCode::generate()).collect();
        let codes = codes.ok_or(StoreError::Io(std::io::ErrorKind::Unsupported))?;
        let hashes: Vec<_> = codes.iter().map(OneTimeCode::hash).collect();
        let added = store.add_codes(&args.id, &args.wave, &hashes).await?;
        // Two equal ones among 2^60 would be a broken source of randomness.
        if added != u64::from(args.count) {
            return Err(StoreError::Corrupt);
        }
        Ok((codes, store.count_codes(&args.id, &args.wave).await?))
    });
    let (codes, CodeCount { all, used }) = match made {
        Ok(made) => made,
        Err(exit) => return exit,
    };
    let mut out = String::new();
    for code in codes {
        out.push_str(&format!("{code}\n"));
    }
    if std::io::stdout().write_all(out.as_bytes()).and_then(|()| std::io::stdout().flush()).is_err() {
        return ExitStatus::Io;
    }
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
    ExitStatus::Success
}
