//! `puzhi survey codes`: one-time codes for a wave whose respondents are drawn.

use std::io::Write;
use std::path::PathBuf;

use super::super::Exit;
use super::super::args::MessageLang;
use super::asked::{ids, read};
use super::database::{complain, parse, with_store};
use puzhi_core::diag::Lang;
use puzhi_core::kinds::Sample;
use puzhi_survey::collector::Code;
use puzhi_survey::store::{Absent, Db, StoreError};

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
    #[arg(long, value_name = "DB", value_parser = parse)]
    db: Db,
    /// 站点文件夹，里面有 site.yaml (the site's folder)
    #[arg(long, value_name = "DIR", default_value = ".")]
    root: PathBuf,
    /// 消息的语言 (language of messages)
    #[arg(long, value_enum, default_value_t = MessageLang::Zh)]
    lang: MessageLang,
}

pub(super) fn run(args: &CodesArgs) -> Exit {
    let lang: Lang = args.lang.into();
    // Nothing is served, so any address will do where the settings give none.
    let definitions = match read(&args.root, Some("http://localhost"), lang) {
        Ok(definitions) => definitions,
        Err(exit) => return exit,
    };
    let Some(asked) = definitions.survey(&args.id, None) else {
        complain(&match lang {
            Lang::Zh => format!("没有编号是“{}”的问卷。现有的问卷：{}", args.id, ids(&definitions)),
            Lang::En => format!("there is no survey with the id \"{}\"; there are: {}", args.id, ids(&definitions)),
        });
        return Exit::Usage;
    };
    let waves: Vec<&str> =
        asked.survey.waves.iter().filter(|w| w.sample != Sample::Voluntary).map(|w| w.id.as_str()).collect();
    if !waves.contains(&args.wave.as_str()) {
        let list = if waves.is_empty() { "-".to_string() } else { waves.join("、") };
        complain(&match lang {
            Lang::Zh => format!(
                "“{}”没有编号是“{}”的概率抽样或配额调查，答题码只发给抽中的人。现有的：{list}",
                args.id, args.wave
            ),
            Lang::En => format!(
                "\"{}\" has no probability or quota wave \"{}\"; codes are for people who were drawn. There are: {list}",
                args.id, args.wave
            ),
        });
        return Exit::Usage;
    }
    let made = with_store(&args.db, Absent::Create, lang, |store| async move {
        let codes: Option<Vec<Code>> = (0..args.count).map(|_| Code::fresh()).collect();
        let codes = codes.ok_or(StoreError::Io(std::io::ErrorKind::Unsupported))?;
        let hashes: Vec<_> = codes.iter().map(Code::hash).collect();
        let added = store.add_codes(&args.id, &args.wave, &hashes).await?;
        // Two equal ones among 2^60 would be a broken source of randomness.
        if added != u64::from(args.count) {
            return Err(StoreError::Damaged);
        }
        Ok((codes, store.count_codes(&args.id, &args.wave).await?))
    });
    let (codes, (all, used)) = match made {
        Ok(made) => made,
        Err(exit) => return exit,
    };
    let mut out = String::new();
    for code in codes {
        out.push_str(&format!("{code}\n"));
    }
    if std::io::stdout().write_all(out.as_bytes()).and_then(|()| std::io::stdout().flush()).is_err() {
        return Exit::Io;
    }
    complain(&match lang {
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
    Exit::Done
}
