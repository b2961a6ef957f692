//! What a judge is told of an entry that does not count: `assets/judge-words.js` beside the rules.

use std::collections::BTreeMap;

use domain::finding::Language;
use domain::marking::Refusal;

const WORDS: &str = include_str!("../assets/judge-words.js");

#[test]
fn what_a_judge_is_told_is_what_the_rules_say() {
    let (_, words) = WORDS.split_once("window.refusals =").expect("they begin so");
    let words = words.trim().trim_end_matches(';');
    let words: BTreeMap<String, [String; 2]> = serde_json::from_str(words).expect("JSON");
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
