//! Waves of a survey: when, how and of whom the questions are asked, and when the open form accepts answers.
//!
//! Input: the mappings under `waves` and the dates of the survey. Output: [`Wave`]s, diagnostics and the collection
//! status at a moment. Does not read the clock.

use jiff::civil::DateTime;

use super::super::common::{SeenIds, check_date_order};
use super::Survey;
use super::design::{DESIGN_FIELDS, OUTCOME_FIELDS, Outcomes, SampleDesign, outcomes, sample_design};
use super::field_work::{FIELD_WORK_FIELDS, FieldWork, field_work};
use crate::base::DateOrDateTime;
use crate::diag::Diagnostic;
use crate::diag::codes::surveys;
use crate::yaml::{Field, MappingReader, Type};

/// Id of the implicit voluntary wave of a survey that declares no voluntary wave.
pub const DEFAULT_WAVE_ID: &str = "open";

/// One wave. It contains, as written, the disclosure items that AAPOR's Code requires and that readers need to judge
/// a figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Wave {
    /// Permanent id, unique within the survey.
    pub id: String,
    /// Its title.
    pub title: Option<String>,
    /// Start of data collection; the survey's date if the wave has none.
    pub opens: Option<DateOrDateTime>,
    /// End of data collection; the survey's date if the wave has none.
    pub closes: Option<DateOrDateTime>,
    /// Collection modes, sorted.
    pub modes: Vec<CollectionMode>,
    /// How respondents are selected.
    pub sample: SamplingMethod,
    /// The list or register from which the sample is drawn.
    pub frame: Option<String>,
    /// How people are selected and asked.
    pub strategy: Option<String>,
    /// Who pays for the wave.
    pub sponsor: Option<String>,
    /// Number of people who were asked to take part.
    pub invited: Option<u64>,
    /// Description of weighting beyond the survey's margins.
    pub weighting: Option<String>,
    /// Measures to ensure data quality.
    pub quality: Option<String>,
    /// Limitations of the data.
    pub limits: Option<String>,
    /// How the sample was drawn.
    pub design: SampleDesign,
    /// What became of the people who were to be asked.
    pub outcomes: Option<Outcomes>,
    /// Keys of interviews in the field.
    pub field: Option<FieldWork>,
}

/// How respondents are selected. This determines what a figure may claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SamplingMethod {
    /// Everybody in the frame has a known chance of being drawn.
    Probability,
    /// People are selected until quotas are filled, without a random draw.
    Quota,
    /// Everybody who wants to can answer.
    Voluntary,
}

/// How answers are collected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CollectionMode {
    /// On the web.
    Web,
    /// On paper.
    Paper,
    /// By phone.
    Phone,
    /// Face to face.
    Face,
}

/// Whether the open form accepts answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CollectionStatus<'s> {
    /// Not yet; opens at this moment. `None` if no opening date is set.
    NotYet(Option<DateOrDateTime>),
    /// Open; answers go to the voluntary wave with this id.
    Open(&'s str),
    /// Closed since this moment.
    Closed(Option<DateOrDateTime>),
    /// The survey runs at another address.
    Elsewhere,
}

pub const WAVE_FIELDS: &[Field] = &[
    Field::new("id", "编号", Type::Text, "这一次的编号，定了就不改", "the wave's id, never changed once given"),
    Field::new("title", "名称", Type::Text, "这一次叫什么", "what it is called").with_aliases(&["标题"]),
    Field::new("opens", "开始", Type::Date, "开始的日期，不写按问卷的", "the day it opens, else the survey's"),
    Field::new("closes", "截止", Type::Date, "截止的日期，不写按问卷的", "the day it closes, else the survey's"),
    Field::new(
        "mode",
        "方式",
        Type::Choices(MODE_CHOICES),
        "怎样作答，可以几种",
        "how answers are taken, one or several ways",
    )
    .with_aliases(&["modes"]),
    Field::new(
        "sample",
        "样本",
        Type::Choice(SAMPLE_CHOICES),
        "概率抽样、配额还是自愿填写",
        "a probability sample, quotas or whoever wants to",
    ),
    Field::new("frame", "抽样框", Type::Text, "从什么名单里抽", "what the sample was drawn from"),
    Field::new("strategy", "抽样方法", Type::Text, "怎样抽、怎样请人来答", "how people were chosen and asked"),
    Field::new("sponsor", "委托单位", Type::Text, "谁出资、谁委托", "who paid for it"),
    Field::new(
        "invited",
        "邀请人数",
        Type::Integer(1, 1_000_000_000),
        "请了多少人来答",
        "how many were asked to take part",
    ),
    Field::new("weighting", "加权说明", Type::Text, "加权另有什么要说明", "what else is to be said of weighting")
        .with_aliases(&["加权"]),
    Field::new("quality", "质量控制", Type::Text, "怎样核对、怎样剔除", "how answers were checked"),
    Field::new("limits", "局限", Type::Text, "这一次有什么不足", "what it cannot show"),
    Field::new(
        "design",
        "抽样设计",
        Type::Map(DESIGN_FIELDS),
        "分几个阶段抽、抽了多少个社区",
        "stages and units of the sample",
    ),
    Field::new(
        "outcomes",
        "应答情况",
        Type::Map(OUTCOME_FIELDS),
        "联系过的人各是什么结果，用来算应答率",
        "what became of the contacts, for response rates",
    ),
    Field::new(
        "field",
        "外出访问",
        Type::Map(FIELD_WORK_FIELDS),
        "访问员带设备去问时用的公钥和设备",
        "keys and devices of interviewers in the field",
    ),
];

const MODE_CHOICES: &[(&str, &str)] = &[
    ("web", "网络"),
    ("web", "网上"),
    ("web", "在线"),
    ("paper", "纸质"),
    ("paper", "纸"),
    ("phone", "电话"),
    ("face", "面访"),
    ("face", "入户"),
    ("face", "当面"),
];

const SAMPLE_CHOICES: &[(&str, &str)] = &[
    ("probability", "概率"),
    ("probability", "概率抽样"),
    ("quota", "配额"),
    ("quota", "配额抽样"),
    ("voluntary", "自愿"),
    ("voluntary", "自愿填写"),
];

impl SamplingMethod {
    /// Returns the name in code, as in `sample:`.
    pub fn as_str(self) -> &'static str {
        match self {
            SamplingMethod::Probability => "probability",
            SamplingMethod::Quota => "quota",
            SamplingMethod::Voluntary => "voluntary",
        }
    }

    /// Returns the method with this name in code.
    pub fn from_name(name: &str) -> Option<SamplingMethod> {
        [SamplingMethod::Probability, SamplingMethod::Quota, SamplingMethod::Voluntary]
            .into_iter()
            .find(|s| s.as_str() == name)
    }

    /// Returns the Chinese name.
    pub fn zh(self) -> &'static str {
        match self {
            SamplingMethod::Probability => "概率抽样",
            SamplingMethod::Quota => "配额抽样",
            SamplingMethod::Voluntary => "自愿填写",
        }
    }
}

impl CollectionMode {
    /// All collection modes.
    pub const ALL: [CollectionMode; 4] =
        [CollectionMode::Web, CollectionMode::Paper, CollectionMode::Phone, CollectionMode::Face];

    /// Returns the name in code, as in `mode:`.
    pub fn as_str(self) -> &'static str {
        match self {
            CollectionMode::Web => "web",
            CollectionMode::Paper => "paper",
            CollectionMode::Phone => "phone",
            CollectionMode::Face => "face",
        }
    }

    /// Returns the mode with this name in code.
    pub fn from_name(name: &str) -> Option<CollectionMode> {
        CollectionMode::ALL.into_iter().find(|m| m.as_str() == name)
    }

    /// Returns the Chinese name.
    pub fn zh(self) -> &'static str {
        match self {
            CollectionMode::Web => "网络",
            CollectionMode::Paper => "纸质",
            CollectionMode::Phone => "电话",
            CollectionMode::Face => "面访",
        }
    }
}

/// Reads the waves. A wave without dates gets those of the survey.
pub(super) fn waves(
    fields: &mut MappingReader<'_, '_>,
    opens: Option<DateOrDateTime>,
    closes: Option<DateOrDateTime>,
) -> Vec<Wave> {
    let mut seen = SeenIds::default();
    let mut voluntary: Vec<Wave> = Vec::new();
    fields.maps("waves", |f| {
        f.require("id", WAVE_FIELDS);
        // There is no default, so that no wave counts as a probability sample by mistake.
        f.require("sample", WAVE_FIELDS);
        let id = seen.read(f);
        let sample = f.choice("sample").and_then(SamplingMethod::from_name);
        let (from, to) = (f.date("opens"), f.date("closes"));
        let wave = Wave {
            id: String::new(),
            title: f.text("title"),
            opens: from.or(opens),
            closes: to.or(closes),
            modes: modes(f),
            sample: SamplingMethod::Voluntary,
            frame: f.text("frame"),
            strategy: f.text("strategy"),
            sponsor: f.text("sponsor"),
            invited: f.integer("invited").and_then(|n| u64::try_from(n).ok()),
            weighting: f.text("weighting"),
            quality: f.text("quality"),
            limits: f.text("limits"),
            design: sample_design(f),
            outcomes: outcomes(f),
            field: field_work(f),
        };
        check_date_order(f, ("opens", wave.opens), ("closes", wave.closes));
        let (id, sample) = (id?, sample?);
        if id.value == DEFAULT_WAVE_ID && sample != SamplingMethod::Voluntary {
            let diag = Diagnostic::new(&surveys::WAVE_ID_RESERVED).at(f.source(), id.span);
            f.report(diag.arg("sample", sample.zh()).arg("sample_en", sample.as_str()));
        }
        let wave = Wave { id: id.value, sample, ..wave };
        if sample == SamplingMethod::Voluntary {
            if let Some(other) = voluntary.iter().find(|other| overlap(other, &wave)) {
                let diag = Diagnostic::new(&surveys::WAVES_OVERLAP)
                    .at(f.source(), id.span)
                    .arg("id", &wave.id)
                    .arg("other", &other.id);
                f.report(diag);
            }
            voluntary.push(wave.clone());
        }
        Some(wave)
    })
}

fn modes(f: &mut MappingReader<'_, '_>) -> Vec<CollectionMode> {
    let mut modes: Vec<CollectionMode> =
        f.choices("mode").iter().filter_map(|mode| CollectionMode::from_name(mode.value)).collect();
    modes.sort_unstable();
    modes.dedup();
    modes
}

/// Whether both waves are open at the same moment.
fn overlap(a: &Wave, b: &Wave) -> bool {
    let before = |first: &Wave, then: &Wave| {
        first.closes.zip(then.opens).is_some_and(|(closes, opens)| !is_not_after(closes, start(opens)))
    };
    !before(a, b) && !before(b, a)
}

/// Returns the first moment of an opening date.
fn start(opens: DateOrDateTime) -> DateTime {
    opens.date.to_datetime(opens.time.unwrap_or_default())
}

/// Whether `now` is not after `closes`. A closing date includes the whole day; a closing time includes that moment.
fn is_not_after(closes: DateOrDateTime, now: DateTime) -> bool {
    match closes.time {
        None => now.date() <= closes.date,
        Some(time) => now <= closes.date.to_datetime(time),
    }
}

/// The period in which a wave accepts answers. Without `opens` it never begins; without `closes` it never ends.
struct OpenPeriod<'s> {
    wave: &'s str,
    opens: Option<DateOrDateTime>,
    closes: Option<DateOrDateTime>,
}

impl OpenPeriod<'_> {
    fn has_begun(&self, now: DateTime) -> bool {
        self.opens.is_some_and(|opens| start(opens) <= now)
    }

    fn is_over(&self, now: DateTime) -> bool {
        self.closes.is_some_and(|closes| !is_not_after(closes, now))
    }
}

/// Returns the collection status of these periods at `now`.
fn collection_status<'s>(periods: &[OpenPeriod<'s>], now: DateTime) -> CollectionStatus<'s> {
    if let Some(period) = periods.iter().find(|period| period.has_begun(now) && !period.is_over(now)) {
        return CollectionStatus::Open(period.wave);
    }
    let next =
        periods.iter().filter(|period| !period.has_begun(now) && !period.is_over(now)).map(|period| period.opens);
    match next.min_by_key(|opens| (opens.is_none(), *opens)) {
        Some(opens) => CollectionStatus::NotYet(opens),
        None => CollectionStatus::Closed(periods.iter().filter_map(|period| period.closes).max()),
    }
}

impl Wave {
    /// Returns whether the wave accepts answers at `now` (the site's local time). Does not consider who may answer.
    pub fn collection_status(&self, now: DateTime) -> CollectionStatus<'_> {
        collection_status(&[self.open_period()], now)
    }

    fn open_period(&self) -> OpenPeriod<'_> {
        OpenPeriod { wave: &self.id, opens: self.opens, closes: self.closes }
    }
}

impl Survey {
    /// Returns the declared wave with this id.
    pub fn wave(&self, id: &str) -> Option<&Wave> {
        self.waves.iter().find(|wave| wave.id == id)
    }

    /// Returns the implicit wave of the open form, or `None` if a voluntary wave is declared.
    pub fn default_voluntary_wave(&self) -> Option<Wave> {
        let declared = self.waves.iter().any(|wave| wave.sample == SamplingMethod::Voluntary);
        (!declared).then(|| Wave {
            id: DEFAULT_WAVE_ID.to_string(),
            title: None,
            opens: self.opens,
            closes: self.closes,
            modes: Vec::new(),
            sample: SamplingMethod::Voluntary,
            frame: None,
            strategy: None,
            sponsor: None,
            invited: None,
            weighting: None,
            quality: None,
            limits: None,
            design: SampleDesign::default(),
            outcomes: None,
            field: None,
        })
    }

    /// Returns all waves that can have answers: the declared waves and the implicit wave of the open form.
    pub fn all_waves(&self) -> Vec<Wave> {
        self.waves.iter().cloned().chain(self.default_voluntary_wave()).collect()
    }

    /// Returns whether the open form accepts answers at `now` (the site's local time), and for which wave. A survey
    /// without `opens` is a draft and never open.
    pub fn collection_status(&self, now: DateTime) -> CollectionStatus<'_> {
        if self.hosted.is_some() {
            return CollectionStatus::Elsewhere;
        }
        let voluntary = self.waves.iter().filter(|wave| wave.sample == SamplingMethod::Voluntary);
        let mut periods: Vec<OpenPeriod<'_>> = voluntary.map(Wave::open_period).collect();
        if periods.is_empty() {
            periods.push(OpenPeriod { wave: DEFAULT_WAVE_ID, opens: self.opens, closes: self.closes });
        }
        collection_status(&periods, now)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::base::parse_date;

    fn wave(id: &str, opens: &str, closes: &str, sample: SamplingMethod) -> Wave {
        Wave {
            id: id.into(),
            opens: parse_date(opens),
            closes: parse_date(closes),
            sample,
            ..Survey::default().default_voluntary_wave().unwrap()
        }
    }

    #[test]
    fn collection_status_follows_the_dates() {
        let mut survey = Survey::default();
        let noon = |d: i8| date(2027, 4, d).at(12, 0, 0, 0);
        assert_eq!(survey.collection_status(noon(1)), CollectionStatus::NotYet(None), "a draft is not open");
        survey.opens = parse_date("2027-04-02");
        survey.closes = parse_date("2027-04-04");
        assert_eq!(survey.collection_status(noon(1)), CollectionStatus::NotYet(survey.opens));
        assert_eq!(survey.collection_status(date(2027, 4, 2).at(0, 0, 0, 0)), CollectionStatus::Open("open"));
        assert_eq!(
            survey.collection_status(date(2027, 4, 4).at(23, 59, 59, 0)),
            CollectionStatus::Open("open"),
            "the closing day counts"
        );
        assert_eq!(survey.collection_status(noon(5)), CollectionStatus::Closed(survey.closes));
        survey.waves = vec![
            wave("p", "2027-04-01", "2027-04-30", SamplingMethod::Probability),
            wave("v1", "2027-04-10", "2027-04-12 12:00", SamplingMethod::Voluntary),
            wave("v2", "2027-04-20", "2027-04-22", SamplingMethod::Voluntary),
        ];
        assert_eq!(
            survey.collection_status(noon(3)),
            CollectionStatus::NotYet(parse_date("2027-04-10")),
            "a probability wave is never open to all"
        );
        assert_eq!(survey.collection_status(noon(12)), CollectionStatus::Open("v1"));
        assert_eq!(survey.collection_status(noon(13)), CollectionStatus::NotYet(parse_date("2027-04-20")));
        assert_eq!(survey.collection_status(noon(23)), CollectionStatus::Closed(parse_date("2027-04-22")));
        assert_eq!(survey.default_voluntary_wave(), None);
    }

    #[test]
    fn waves_overlap_by_moments() {
        let v = |opens, closes| wave("v", opens, closes, SamplingMethod::Voluntary);
        assert!(overlap(&v("2027-04-01", "2027-04-05"), &v("2027-04-05", "2027-04-09")));
        assert!(!overlap(&v("2027-04-06", "2027-04-09"), &v("2027-04-01", "2027-04-05")));
        assert!(!overlap(&v("2027-04-01", "2027-04-05 11:59"), &v("2027-04-05 12:00", "2027-04-09")));
        assert!(overlap(&v("2027-04-01", ""), &v("2028-04-05", "2028-04-09")), "without an end it goes on");
    }
}
