//! `puzhi survey status`: how many answers came, by day and mode. For whoever runs the survey: small numbers are not hidden.

use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::super::Exit;
use super::super::args::MessageLang;
use super::found::{Found, From, say};
use puzhi_core::diag::Lang;
use puzhi_core::kinds::Mode;

#[derive(Debug, clap::Args)]
pub struct StatusArgs {
    /// 问卷编号 (the survey's id)
    id: String,
    #[command(flatten)]
    from: From,
    /// 站点文件夹 (the site's folder)
    #[arg(long, value_name = "DIR", default_value = ".")]
    root: PathBuf,
    /// 消息的语言 (language of messages)
    #[arg(long, value_enum, default_value_t = MessageLang::Zh)]
    lang: MessageLang,
}

/// Answers of a wave and day, by mode.
type Days = BTreeMap<(String, Date), BTreeMap<Mode, u64>>;

pub(super) fn run(args: &StatusArgs) -> Exit {
    attempt(args).unwrap_or_else(|exit| exit)
}

fn attempt(args: &StatusArgs) -> Result<Exit, Exit> {
    let lang: Lang = args.lang.into();
    let found = Found::read(&args.root, &args.id, lang)?;
    let mut days = Days::new();
    for (wave, mode, hour, n) in args.from.counts(&args.id, lang)? {
        *days.entry((wave, day(hour, found.zone()))).or_default().entry(mode).or_default() += n;
    }
    say(&table(&days, lang));
    Ok(Exit::Done)
}

/// The day an hour begins in. Zones whose offset is no whole hour put an answer into the day its hour began.
fn day(hour: i64, zone: &TimeZone) -> Date {
    Timestamp::from_second(hour.saturating_mul(3600)).unwrap_or_default().to_zoned(zone.clone()).date()
}

fn table(days: &Days, lang: Lang) -> String {
    let zh = lang == Lang::Zh;
    if days.is_empty() {
        return if zh { "还没有答卷\n" } else { "no answers yet\n" }.to_string();
    }
    let mut rows = vec![["批次", "日期", "网络", "纸质", "电话", "面访", "合计"].map(String::from)];
    if !zh {
        rows = vec![["wave", "day", "web", "paper", "phone", "face", "all"].map(String::from)];
    }
    let row = |wave: &str, day: String, modes: &BTreeMap<Mode, u64>| {
        let n = |mode| modes.get(&mode).copied().unwrap_or(0);
        let [web, paper, phone, face] = Mode::ALL.map(n);
        [
            wave.to_string(),
            day,
            web.to_string(),
            paper.to_string(),
            phone.to_string(),
            face.to_string(),
            (web + paper + phone + face).to_string(),
        ]
    };
    let mut waves: BTreeMap<&str, BTreeMap<Mode, u64>> = BTreeMap::new();
    for ((wave, _), modes) in days {
        let sum = waves.entry(wave).or_default();
        modes.iter().for_each(|(mode, n)| *sum.entry(*mode).or_default() += n);
    }
    for (wave, sum) in &waves {
        let of_wave = days.iter().filter(|((other, _), _)| other == wave);
        rows.extend(of_wave.map(|((_, day), modes)| row(wave, day.to_string(), modes)));
        rows.push(row(wave, if zh { "合计" } else { "all" }.into(), sum));
    }
    rows.iter().map(|row| row.join("\t") + "\n").collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn an_hour_is_of_the_sites_day() {
        let shanghai = TimeZone::fixed(jiff::tz::offset(8));
        let hour = |at: &str| puzhi_survey::hour_of(at.parse().unwrap());
        assert_eq!(day(hour("2027-04-01T15:30:00Z"), &shanghai), date(2027, 4, 1));
        assert_eq!(day(hour("2027-04-01T16:00:00Z"), &shanghai), date(2027, 4, 2));
    }

    #[test]
    fn days_and_waves_have_sums() {
        let mut days = Days::new();
        days.insert(("w".into(), date(2027, 4, 1)), BTreeMap::from([(Mode::Web, 3), (Mode::Face, 2)]));
        days.insert(("w".into(), date(2027, 4, 2)), BTreeMap::from([(Mode::Paper, 1)]));
        let table = table(&days, Lang::Zh);
        assert_eq!(
            table.lines().collect::<Vec<_>>(),
            [
                "批次\t日期\t网络\t纸质\t电话\t面访\t合计",
                "w\t2027-04-01\t3\t0\t0\t2\t5",
                "w\t2027-04-02\t0\t1\t0\t0\t1",
                "w\t合计\t3\t1\t0\t2\t6",
            ]
        );
    }
}
