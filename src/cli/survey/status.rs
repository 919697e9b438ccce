//! `puzhi survey status`: prints how many responses arrived, by wave, day and mode.
//!
//! Input: [`StatusArgs`], the survey and its responses. Output: a tab-separated table. It is meant for the survey's staff, not for
//! publication: small numbers are not suppressed.

use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::super::ExitStatus;
use super::super::args::MessageArgs;
use super::super::console::print_stdout;
use super::site_survey::{AnswerSource, SiteSurvey};
use puzhi_core::diag::Lang;
use puzhi_core::kinds::CollectionMode;

#[derive(Debug, clap::Args)]
pub struct StatusArgs {
    /// 问卷编号 (the survey's id)
    id: String,
    #[command(flatten)]
    from: AnswerSource,
    /// 站点文件夹 (the site's folder)
    #[arg(long, value_name = "DIR", default_value = ".")]
    root: PathBuf,
    #[command(flatten)]
    messages: MessageArgs,
}

/// Number of responses by wave and day, then by mode.
type CountsByDay = BTreeMap<(String, Date), BTreeMap<CollectionMode, u64>>;

pub(super) fn run(args: &StatusArgs) -> Result<ExitStatus, ExitStatus> {
    let lang: Lang = args.messages.lang();
    let site_survey = SiteSurvey::read(&args.root, &args.id, lang)?;
    let mut days = CountsByDay::new();
    for count in args.from.counts(&args.id, lang)? {
        let day = day_of_hour(count.hour, site_survey.zone());
        *days.entry((count.wave, day)).or_default().entry(count.mode).or_default() += count.records;
    }
    print_stdout(&table(&days, lang));
    Ok(ExitStatus::Success)
}

/// The day in `zone` in which an hour begins. `hour` counts hours since 1970 in UTC. If the zone's offset is not a whole number of hours,
/// the hour around midnight counts for the day in which it began.
fn day_of_hour(hour: i64, zone: &TimeZone) -> Date {
    Timestamp::from_second(hour.saturating_mul(3600)).unwrap_or_default().to_zoned(zone.clone()).date()
}

fn table(days: &CountsByDay, lang: Lang) -> String {
    let zh = lang == Lang::Zh;
    if days.is_empty() {
        return if zh { "还没有答卷\n" } else { "no answers yet\n" }.to_string();
    }
    let mut rows = vec![["批次", "日期", "网络", "纸质", "电话", "面访", "合计"].map(String::from)];
    if !zh {
        rows = vec![["wave", "day", "web", "paper", "phone", "face", "all"].map(String::from)];
    }
    let row = |wave: &str, day: String, modes: &BTreeMap<CollectionMode, u64>| {
        let n = |mode| modes.get(&mode).copied().unwrap_or(0);
        let [web, paper, phone, face] = CollectionMode::ALL.map(n);
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
    let mut waves: BTreeMap<&str, BTreeMap<CollectionMode, u64>> = BTreeMap::new();
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
        let hour = |at: &str| puzhi_survey::hours_since_epoch(at.parse().unwrap());
        assert_eq!(day_of_hour(hour("2027-04-01T15:30:00Z"), &shanghai), date(2027, 4, 1));
        assert_eq!(day_of_hour(hour("2027-04-01T16:00:00Z"), &shanghai), date(2027, 4, 2));
    }

    #[test]
    fn days_and_waves_have_sums() {
        let mut days = CountsByDay::new();
        days.insert(
            ("w".into(), date(2027, 4, 1)),
            BTreeMap::from([(CollectionMode::Web, 3), (CollectionMode::Face, 2)]),
        );
        days.insert(("w".into(), date(2027, 4, 2)), BTreeMap::from([(CollectionMode::Paper, 1)]));
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
