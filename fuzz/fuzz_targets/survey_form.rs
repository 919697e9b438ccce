//! Any bytes as a posted form: reading and checking end, what is accepted is canonical and is accepted again, and the form that
//! goes back holds nothing of it alive.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use puzhi_core::diag::Lang;
use puzhi_core::form::{FormState, render_review_page, render};
use puzhi_core::kinds::Survey;
use puzhi_survey::answers::{ValidatedAnswers, Answers, validate_form, validate_json};
use puzhi_survey::collector::{OneTimeCode, RawAnswers, Submission};

mod survey_asked;

static SURVEY: LazyLock<Survey> = LazyLock::new(survey_asked::survey);

fuzz_target!(|body: &[u8]| {
    let Ok(post) = Submission::from_form(body) else { return };
    if let Some(code) = &post.code {
        OneTimeCode::parse(code);
    }
    let RawAnswers::Form(filled) = post.answers else { return };
    match validate_form(&SURVEY, &filled) {
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
    let state = FormState {
        action: "x".into(),
        filled,
        code: post.code,
        key: post.key.map(|k| k.to_hex()),
        ..FormState::default()
    };
    for html in [render(&SURVEY, &state), render_review_page(&SURVEY, &state)] {
        let lower = html.to_ascii_lowercase();
        for bad in ["<script", "<img", "<iframe", "<svg", "<a href=\"javascript"] {
            assert!(!lower.contains(bad), "{html}");
        }
    }
});
