//! Any bytes as a posted form: reading and checking end, what is accepted is canonical and is accepted again, and the form that
//! goes back holds nothing of it alive.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use puzhi_core::diag::Lang;
use puzhi_core::form::{FormState, check_page, render};
use puzhi_core::kinds::Survey;
use puzhi_survey::answers::{Accepted, Answers, validate, validate_json};
use puzhi_survey::collector::{Code, Given, Post};

mod survey_asked;

static SURVEY: LazyLock<Survey> = LazyLock::new(survey_asked::survey);

fuzz_target!(|body: &[u8]| {
    let Ok(post) = Post::form(body) else { return };
    if let Some(code) = &post.code {
        Code::parse(code);
    }
    let Given::Form(filled) = post.answers else { return };
    match validate(&SURVEY, &filled) {
        Ok(Accepted::Answers(answers)) => {
            assert_eq!(Answers::from_canonical(&answers.canonical()).as_ref(), Some(&answers));
            let Ok(json) = serde_json::to_value(&answers) else { panic!("{answers:?}") };
            assert_eq!(validate_json(&SURVEY, &json), Ok(Accepted::Answers(answers)));
        }
        Ok(Accepted::UnderAge) => {}
        Err(problems) => {
            assert!(!problems.is_empty());
            problems.iter().for_each(|p| drop((p.words(&SURVEY, Lang::Zh), p.words(&SURVEY, Lang::En))));
        }
    }
    let state = FormState {
        action: "x".into(),
        filled,
        code: post.code,
        key: post.key.map(|k| k.hex()),
        ..FormState::default()
    };
    for html in [render(&SURVEY, &state), check_page(&SURVEY, &state)] {
        let lower = html.to_ascii_lowercase();
        for bad in ["<script", "<img", "<iframe", "<svg", "<a href=\"javascript"] {
            assert!(!lower.contains(bad), "{html}");
        }
    }
});
