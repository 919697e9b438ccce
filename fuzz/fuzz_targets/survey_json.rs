//! Any bytes as posted JSON: reading and checking end, and what is accepted is canonical and is accepted again.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use puzhi_core::diag::Lang;
use puzhi_core::kinds::Survey;
use puzhi_survey::answers::{ValidatedAnswers, Answers, validate_json};
use puzhi_survey::collector::{RawAnswers, SubmissionKey, Submission};

mod survey_asked;

static SURVEY: LazyLock<Survey> = LazyLock::new(survey_asked::survey);

fuzz_target!(|body: &[u8]| {
    let Ok(post) = Submission::from_json(body) else { return };
    if let Some(key) = post.key {
        assert_eq!(SubmissionKey::parse(&key.to_hex()), Some(key));
    }
    let RawAnswers::Json(given) = post.answers else { return };
    match validate_json(&SURVEY, &given) {
        Ok(ValidatedAnswers::Answers(answers)) => {
            assert_eq!(Answers::from_canonical(&answers.canonical()).as_ref(), Some(&answers));
            let Ok(json) = serde_json::to_value(&answers) else { panic!("{answers:?}") };
            assert_eq!(validate_json(&SURVEY, &json), Ok(ValidatedAnswers::Answers(answers)));
        }
        Ok(ValidatedAnswers::UnderAge) => {}
        Err(problems) => {
            assert!(!problems.is_empty());
            problems.iter().for_each(|p| drop((p.words(&SURVEY, Lang::Zh), p.words(&SURVEY, Lang::En))));
        }
    }
});
