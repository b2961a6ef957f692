//! What a judge is told in words that are loaded later, `assets/judge-words.js`: of entries that do not count
//! beside the rules, and everything in both languages.

use std::collections::BTreeMap;

use domain::finding::Language;
use domain::marking::Refusal;
use serde::Deserialize;

const WORDS: &str = include_str!("../assets/judge-words.js");

/// Chinese, English.
type Both = [String; 2];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    refusals: BTreeMap<String, Both>,
    questions: BTreeMap<String, Question>,
    notices: BTreeMap<String, Both>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    heading: Both,
    answers: Vec<Both>,
    own: Both,
    about: Both,
    leave: Both,
}

fn words() -> Option<Words> {
    let (_, words) = WORDS.split_once("window.words =")?;
    serde_json::from_str(words.trim().trim_end_matches(';')).ok()
}

#[test]
fn what_a_judge_is_told_is_what_the_rules_say() {
    let words = words().expect("JSON after the sign").refusals;
    let rules = [
        Refusal::CompetitorOut,
        Refusal::SheetLocked,
        Refusal::Closed,
        Refusal::OtherValueThere,
        Refusal::NotAllowed,
        Refusal::NotOpen,
        Refusal::SheetChanged,
        Refusal::AlreadySo,
    ];
    for refusal in rules {
        let [chinese, english] = &words[refusal.code()];
        assert_eq!(*chinese, refusal.say(Language::Chinese));
        assert_eq!(*english, refusal.say(Language::English));
    }
    for code in words.keys() {
        assert!(Refusal::CODES.contains(&code.as_str()), "{code}");
    }
    // What the rules say to a judge's mark, signature or request, and what only names who reads it.
    for code in ["conflicts_open", "judge_left", "panel_full", "sat_elsewhere", "sheet_incomplete"] {
        assert!(words.contains_key(code), "{code}");
    }
}

#[test]
fn every_question_and_notice_of_the_app_is_there_in_both_languages() {
    let Words { questions, notices, .. } = words().expect("JSON after the sign");
    assert_eq!(questions.keys().collect::<Vec<_>>(), ["correction", "decline", "unlock"]);
    assert_eq!(
        notices.keys().collect::<Vec<_>>(),
        [
            "not_entered_again",
            "not_exported",
            "not_taken_back",
            "notes_closed",
            "other_forms",
            "other_judge",
            "sheet_changed",
            "still_signed_in",
            "unlock_asked",
            "unlock_denied"
        ]
    );
    let said = questions.values().flat_map(|question| {
        // As many answers as are asked for at the most.
        assert!((1..=4).contains(&question.answers.len()));
        let Question { heading, own, about, leave, .. } = question;
        question.answers.iter().chain([heading, own, about, leave])
    });
    for [chinese, english] in said.chain(notices.values()) {
        assert!(chinese.chars().any(|one| ('\u{4e00}'..='\u{9fff}').contains(&one)), "{chinese}");
        assert!(english.is_ascii() && !english.trim().is_empty(), "{english}");
    }
}
