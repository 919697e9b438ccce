//! Tests of the way from the device to the office: sealing, the batch, its refusals, opening, the device's database, the call sheet.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use puzhi_core::base::parse_date;
use puzhi_core::kinds::{
    Choice, CollectionMode, EnrolledDevice, FieldWork, Question, QuestionKind, SamplingMethod, Survey, Wave,
    device_key_text,
};

use super::call_sheet::{CallSheet, CallSheetError};
use super::device_store::DeviceStore;
use super::*;
use crate::answers::{ValidatedAnswers, validate_form};
use crate::{Response, SampleUnit, hours_since_epoch};

const ANSWER: &str = "zhidao-answer";

fn survey() -> Survey {
    let option = |id: &str| Choice { id: id.into(), text: id.into() };
    let question = Question {
        id: "heard".into(),
        kind: QuestionKind::Single,
        text: "您听说过吗？".into(),
        hint: None,
        options: vec![option(ANSWER), option("never")],
        required: true,
        show_if: None,
        min: None,
        max: None,
    };
    Survey { questions: vec![question], ..Survey::default() }
}

fn wave(sample: SamplingMethod) -> Wave {
    let base = Survey::default().default_voluntary_wave().unwrap();
    Wave { id: "doors".into(), sample, opens: parse_date("2027-04-01"), closes: parse_date("2027-04-30"), ..base }
}

fn response(survey: &Survey, at: &str) -> Response {
    let pairs = [("q.heard".to_string(), ANSWER.to_string())];
    let Ok(ValidatedAnswers::Answers(answers)) = validate_form(survey, &pairs) else { panic!("an answer is refused") };
    Response {
        id: [0; 16],
        survey: String::new(),
        wave: "doors".into(),
        mode: CollectionMode::Face,
        hour: hours_since_epoch(at.parse::<Timestamp>().unwrap()),
        wording: survey.wording(),
        answers,
        sample: SampleUnit { unit: Some("四方街社区".into()), ..SampleUnit::default() },
    }
}

struct Sides {
    office: OfficeIdentity,
    device: DeviceKey,
    survey: Survey,
}

impl Sides {
    fn new() -> Sides {
        Sides { office: OfficeIdentity::generate().unwrap(), device: DeviceKey::generate().unwrap(), survey: survey() }
    }

    fn sealed(&self, response: &Response, drawn: bool) -> SealedInterview {
        SealedInterview::new(response, drawn, &self.office.public(), &self.device).unwrap()
    }

    fn batch(&self, interviews: Vec<SealedInterview>) -> FieldBatch {
        FieldBatch {
            survey: String::new(),
            wave: "doors".into(),
            device: self.device.public(),
            number: 1,
            outcomes: outcomes_of([(Disposition::Refusal, 2), (Disposition::Complete, interviews.len() as u64)]),
            interviews,
        }
    }

    fn open(&self, batch: &FieldBatch, wave: &Wave) -> Result<OpenedBatch, BatchError> {
        open_batch(batch, &self.office, &self.survey, wave, &TimeZone::UTC)
    }
}

#[test]
fn a_batch_comes_back_as_the_responses_that_were_sealed() {
    let sides = Sides::new();
    let given = response(&sides.survey, "2027-04-10T08:20:00Z");
    let interviews: Vec<SealedInterview> = (0..3).map(|_| sides.sealed(&given, true)).collect();
    let written = sides.batch(interviews).write(&sides.device);
    assert!(!written.contains(ANSWER) && !written.contains("四方街"), "nothing is readable");
    let batch = FieldBatch::read(written.as_bytes()).unwrap();
    assert_eq!(batch.outcomes.refusal, Some(2));
    let opened = sides.open(&batch, &wave(SamplingMethod::Probability)).unwrap();
    assert!(opened.refused.is_empty());
    let ids: std::collections::BTreeSet<_> = opened.responses.iter().map(|response| response.id).collect();
    assert_eq!(ids.len(), 3, "each has a key of its own");
    for got in opened.responses {
        assert_eq!(Response { id: [0; 16], ..got }, given);
    }
    // Opened again it has the same keys, so that nothing counts twice.
    let again = sides.open(&batch, &wave(SamplingMethod::Probability)).unwrap();
    assert_eq!(again.responses.iter().map(|r| r.id).collect::<std::collections::BTreeSet<_>>(), ids);
}

#[test]
fn the_length_of_a_sealed_interview_says_nothing_of_the_answer() {
    let sides = Sides::new();
    let short = response(&sides.survey, "2027-04-10T08:20:00Z");
    let long =
        Response { sample: SampleUnit { unit: Some("x".repeat(200)), ..SampleUnit::default() }, ..short.clone() };
    assert_eq!(sides.sealed(&short, true).sealed.len(), sides.sealed(&long, true).sealed.len());
}

#[test]
fn interviews_that_do_not_belong_to_the_wave_are_refused_one_by_one() {
    let sides = Sides::new();
    let good = response(&sides.survey, "2027-04-10T08:20:00Z");
    let paper = Response { mode: CollectionMode::Paper, ..good.clone() };
    let early = response(&sides.survey, "2027-03-20T08:20:00Z");
    let last = response(&sides.survey, "2027-05-01T00:30:00Z");
    let other = Response { wave: "other".into(), ..good.clone() };
    let interviews = vec![
        sides.sealed(&good, false),
        sides.sealed(&good, true),
        sides.sealed(&paper, true),
        sides.sealed(&early, true),
        sides.sealed(&last, true),
        sides.sealed(&other, true),
    ];
    let opened = sides.open(&sides.batch(interviews.clone()), &wave(SamplingMethod::Probability)).unwrap();
    let why: Vec<_> = opened.refused.iter().map(|refused| (refused.number, refused.why.clone())).collect();
    let wanted = [
        (1, WhyRefused::PasserBy),
        (3, WhyRefused::Mode(CollectionMode::Paper)),
        (4, WhyRefused::OutsideWave),
        (6, WhyRefused::Damaged),
    ];
    assert_eq!(why, wanted);
    assert_eq!(opened.responses.len(), 2, "an interview may end an hour after the wave");
    // Passers-by belong to a voluntary wave.
    let opened = sides.open(&sides.batch(interviews), &wave(SamplingMethod::Voluntary)).unwrap();
    assert!(!opened.refused.iter().any(|refused| refused.why == WhyRefused::PasserBy));
}

#[test]
fn answers_that_the_form_refuses_are_refused_here() {
    let sides = Sides::new();
    let given = response(&sides.survey, "2027-04-10T08:20:00Z");
    let batch = sides.batch(vec![sides.sealed(&given, true)]);
    let mut changed = survey();
    changed.questions[0].options.remove(0);
    let opened = open_batch(&batch, &sides.office, &changed, &wave(SamplingMethod::Quota), &TimeZone::UTC).unwrap();
    let [RefusedInterview { why: WhyRefused::Answers { errors, reworded: true }, .. }] = &opened.refused[..] else {
        panic!("{opened:?}")
    };
    assert_eq!(errors.len(), 1);
}

#[test]
fn a_batch_of_another_key_or_wave_is_refused_whole() {
    let sides = Sides::new();
    let given = response(&sides.survey, "2027-04-10T08:20:00Z");
    let batch = sides.batch(vec![sides.sealed(&given, true)]);
    let stranger = Sides { office: OfficeIdentity::generate().unwrap(), ..Sides::new() };
    assert_eq!(stranger.open(&batch, &wave(SamplingMethod::Quota)), Err(BatchError::OtherKey));
    // The office changed its key between two interviews: each key opens its part and names the other.
    let mixed = sides.batch(vec![sides.sealed(&given, true), stranger.sealed(&given, true)]);
    let opened = sides.open(&mixed, &wave(SamplingMethod::Quota)).unwrap();
    assert_eq!(opened.responses.len(), 1);
    assert_eq!(opened.refused, [RefusedInterview { number: 2, why: WhyRefused::OtherKey }]);
    let other = Wave { id: "other".into(), ..wave(SamplingMethod::Quota) };
    assert!(matches!(sides.open(&batch, &other), Err(BatchError::OtherWave { .. })));
}

#[test]
fn a_device_is_taken_only_while_it_is_enrolled() {
    let sides = Sides::new();
    let batch = sides.batch(Vec::new());
    let device = |revoked| EnrolledDevice { name: "平板1".into(), key: sides.device.public(), revoked };
    let field = |devices| FieldWork { office_key: sides.office.public(), devices };
    assert_eq!(batch.enrolled_as(Some(&field(vec![device(false)]))), Ok("平板1"));
    assert_eq!(batch.enrolled_as(None), Err(BatchError::NoFieldWork));
    let text = device_key_text(&sides.device.public());
    assert_eq!(batch.enrolled_as(Some(&field(Vec::new()))), Err(BatchError::NotEnrolled { device: text }));
    // Enrolled twice, the revoked entry counts, wherever it stands.
    for devices in [vec![device(true)], vec![device(false), device(true)], vec![device(true), device(false)]] {
        assert_eq!(batch.enrolled_as(Some(&field(devices))), Err(BatchError::Revoked { name: "平板1".into() }));
    }
}

#[test]
fn every_truncated_altered_or_foreign_batch_is_refused() {
    let sides = Sides::new();
    let given = response(&sides.survey, "2027-04-10T08:20:00Z");
    let written = sides.batch(vec![sides.sealed(&given, true), sides.sealed(&given, true)]).write(&sides.device);
    let bytes = written.as_bytes();
    for at in (0..bytes.len()).step_by(7).chain([bytes.len() - 1]) {
        assert!(FieldBatch::read(&bytes[..at]).is_err(), "cut at {at}");
        let mut altered = bytes.to_vec();
        altered[at] = if altered[at] == b'A' { b'B' } else { b'A' };
        assert!(FieldBatch::read(&altered).is_err(), "byte {at}");
    }
    let lines: Vec<&str> = written.lines().collect();
    let without_end = lines[..lines.len() - 1].join("\n") + "\n";
    assert_eq!(FieldBatch::read(without_end.as_bytes()), Err(BatchError::Truncated));
    let one_less = [&lines[..2], &lines[3..]].concat().join("\n") + "\n";
    assert_eq!(FieldBatch::read(one_less.as_bytes()), Err(BatchError::Altered));
    assert_eq!(FieldBatch::read(format!("{written}{written}").as_bytes()), Err(BatchError::Altered));
    // Another device signs what this one sealed.
    let thief = DeviceKey::generate().unwrap();
    let stolen = FieldBatch { device: thief.public(), ..FieldBatch::read(bytes).unwrap() };
    assert_eq!(FieldBatch::read(stolen.write(&thief).as_bytes()), Err(BatchError::Altered));
    assert_eq!(FieldBatch::read(b"serial,q1\n1,2\n"), Err(BatchError::NotABatch));
    assert_eq!(FieldBatch::read(b"puzhi-field-batch 2\n"), Err(BatchError::NotABatch));
}

#[test]
fn oversized_batches_are_refused() {
    let sides = Sides::new();
    let huge = vec![b'x'; usize::try_from(MAX_BATCH_BYTES).unwrap() + 1];
    assert_eq!(FieldBatch::read(&huge), Err(BatchError::TooLarge));
    let big = SealedInterview { sealed: vec![0; 300 << 10], signature: [0; 64] };
    let written = sides.batch(vec![big]).write(&sides.device);
    assert_eq!(FieldBatch::read(written.as_bytes()), Err(BatchError::TooLarge));
}

#[tokio::test]
async fn the_device_keeps_finished_interviews_and_nothing_readable() {
    let (sides, folder) = (Sides::new(), tempfile::tempdir().unwrap());
    let path = folder.path().join("interviews.db");
    let store = DeviceStore::open(&path, "s", "doors").await.unwrap();
    let form = store.start(Some("A-01")).await.unwrap().unwrap();
    assert_eq!(store.started(&form).await.unwrap(), Some(Some("A-01".to_string())));
    let sealed = sides.sealed(&response(&sides.survey, "2027-04-10T08:20:00Z"), true);
    assert!(store.finish(&form, Disposition::Complete, Some(&sealed)).await.unwrap());
    // Sent twice, it counts once; the case is not asked again, and its outcome stays.
    assert!(!store.finish(&form, Disposition::Complete, Some(&sealed)).await.unwrap());
    assert_eq!(store.start(Some("A-01")).await.unwrap(), None);
    assert_eq!(store.record(Some("A-01"), Disposition::Refusal).await.unwrap(), None);
    // A refusal that is taken back, one that stays, and a form that nobody finished.
    let by_chance = store.record(None, Disposition::Refusal).await.unwrap().unwrap();
    assert!(store.take_back(&by_chance).await.unwrap());
    assert!(!store.take_back("case:A-01").await.unwrap(), "an interview is not taken back");
    store.record(Some("A-02"), Disposition::Noncontact).await.unwrap();
    store.record(Some("A-02"), Disposition::Refusal).await.unwrap();
    store.start(None).await.unwrap().unwrap();
    let counts = store.counts().await.unwrap();
    assert_eq!(counts.into_iter().collect::<Vec<_>>(), [(Disposition::Complete, 1), (Disposition::Refusal, 1)]);
    assert_eq!(store.interviews().await.unwrap(), [sealed]);
    store.close().await;
    let again = DeviceStore::open(&path, "s", "doors").await.unwrap();
    assert_eq!(again.interviews().await.unwrap().len(), 1);
    assert!(matches!(DeviceStore::open(&path, "s", "other").await, Err(DeviceStoreError::OtherWave { .. })));
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        assert!(!bytes.windows(ANSWER.len()).any(|window| window == ANSWER.as_bytes()));
    }
}

#[test]
fn a_call_sheet_says_where_people_were_drawn_and_what_is_wrong() {
    let design = wave(SamplingMethod::Probability).design;
    let read = |text: &str| CallSheet::read(text.as_bytes(), &design);
    let sheet = read("编号,电话,抽样单位,基础权数\nA-01,0871-1,四方街,2.5\nA-02,,连然,1\n").unwrap();
    assert_eq!(sheet.cases[0].shown, [("电话".to_string(), "0871-1".to_string())]);
    assert_eq!(sheet.cases[0].sample.unit.as_deref(), Some("四方街"));
    assert_eq!(sheet.case("A-02").map(|(at, case)| (at, case.shown.len())), Some((1, 0)));
    assert_eq!(read("编号\nA\nB\nA\n"), Err(CallSheetError::Twice { row: 4, first: 2 }));
    assert_eq!(read("编号,电话\n,1\n"), Err(CallSheetError::NoName(2)));
    assert_eq!(read("编号,基础权数\nA,x\n"), Err(CallSheetError::Sample { row: 2, header: "基础权数".into() }));
    assert!(matches!(read("编号\n"), Err(CallSheetError::Empty | CallSheetError::Table(_))));
    let many: String = (0..5_001).map(|n| format!("{n}\n")).collect();
    assert_eq!(read(&format!("编号\n{many}")), Err(CallSheetError::TooMany));
}
