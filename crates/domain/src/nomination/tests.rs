//! Every state under every act, and the bounds on each way.

use std::collections::BTreeSet;

use super::*;

const STATES: [State; 8] = [
    State::Proposed,
    State::Reviewed,
    State::Publicised,
    State::Approved,
    State::Issued,
    State::Returned,
    State::Lapsed,
    State::Revoked,
];

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn acts() -> Vec<Act> {
    let why = || "因为".to_owned();
    vec![
        Act::Propose,
        Act::Review,
        Act::Publicise { on: day("2026-09-29") },
        Act::Object { on: day("2026-10-09") },
        Act::Dismiss { objection: 0, why: why() },
        Act::Uphold { objection: 0, why: why() },
        Act::Approve { on: day("2026-10-13") },
        Act::Issue,
        Act::Return { why: why() },
        Act::Lapse { why: why() },
        Act::Revoke { why: why(), document: "冀工发〔2026〕9号".to_owned() },
    ]
}

/// Takes steps one after the other, by others than whoever proposed it.
fn by(steps: &[Act]) -> Nomination {
    let new = Nomination::new("刘", true).unwrap();
    steps.iter().fold(new, |nomination, act| take(nomination, act, "王").unwrap())
}

fn take(nomination: Nomination, act: &Act, by: &str) -> Result<Nomination, NominationError> {
    nomination.after(act, by, Terms::default(), &Calendar::china())
}

/// One in a state, on its usual way; publicised with an objection that is open where `objected`.
fn at(state: State, objected: bool) -> Nomination {
    let [publicise, object, approve] = [2, 3, 6].map(|at| acts().swap_remove(at));
    let (returned, lapsed, revoked) = (acts().swap_remove(8), acts().swap_remove(9), acts().swap_remove(10));
    let public = vec![Act::Review, publicise];
    match state {
        State::Proposed => by(&[]),
        State::Reviewed => by(&[Act::Review]),
        State::Publicised if objected => by(&[public, vec![object]].concat()),
        State::Publicised => by(&public),
        State::Approved => by(&[public, vec![approve]].concat()),
        State::Issued => by(&[public, vec![approve, Act::Issue]].concat()),
        State::Returned => by(&[returned]),
        State::Lapsed => by(&[lapsed]),
        State::Revoked => by(&[public, vec![approve, Act::Issue, revoked]].concat()),
    }
}

#[test]
fn every_act_leads_from_every_state_where_the_table_says_and_nowhere_else() {
    let mut taken = BTreeSet::new();
    for state in STATES {
        for act in acts() {
            // An objection is settled where there is one, and stands in the way of an approval.
            let objected = matches!(act, Act::Dismiss { .. } | Act::Uphold { .. });
            let nomination = at(state, objected);
            assert_eq!(nomination.state, state);
            let after = take(nomination, &act, "王");
            match state.after(act.step()) {
                Some(to) => {
                    assert_eq!(after.map(|one| one.state), Ok(to), "{state:?} {act:?}");
                    taken.insert((state, act.step()));
                }
                None => assert_eq!(after.unwrap_err().code(), "nomination_not_now", "{state:?} {act:?}"),
            }
        }
    }
    assert_eq!(taken.len(), STEPS.len(), "every line of the table was taken");
}

#[test]
fn nobody_reviews_or_approves_what_they_proposed() {
    assert_eq!(take(at(State::Proposed, false), &Act::Review, "刘"), Err(NominationError::Own));
    let approve = Act::Approve { on: day("2026-10-13") };
    let public = at(State::Publicised, false);
    assert_eq!(take(public.clone(), &approve, "刘"), Err(NominationError::Own));
    let three = Terms { needs_three: true, ..Terms::default() };
    let strict = public.clone().after(&approve, "王", three, &Calendar::china());
    assert_eq!(strict, Err(NominationError::OwnReview));
    assert!(public.after(&approve, "赵", three, &Calendar::china()).is_ok());
}

/// Publicised on the day before a holiday: five working days round National Day end on 12 October 2026.
#[test]
fn it_is_approved_after_the_notice_and_not_on_its_last_day() {
    let public = at(State::Publicised, false);
    assert_eq!(public.notice, Some([day("2026-09-30"), day("2026-10-12")]));
    let approve = |on| take(public.clone(), &Act::Approve { on: day(on) }, "王").map(|one| one.state);
    assert_eq!(approve("2026-10-12"), Err(NominationError::NoticeRuns { until: day("2026-10-12") }));
    assert_eq!(approve("2026-10-13"), Ok(State::Approved));
}

#[test]
fn an_open_objection_stands_in_the_way_a_dismissed_one_does_not_and_an_upheld_one_gives_it_back() {
    let objected = at(State::Publicised, true);
    let approve = Act::Approve { on: day("2026-10-13") };
    assert_eq!(take(objected.clone(), &approve, "王"), Err(NominationError::ObjectionsOpen { count: 1 }));
    let dismiss = Act::Dismiss { objection: 0, why: "查无实据".to_owned() };
    let dismissed = take(objected.clone(), &dismiss, "王").unwrap();
    assert_eq!(take(dismissed.clone(), &dismiss, "王"), Err(NominationError::NoObjection));
    assert_eq!(take(dismissed, &approve, "王").map(|one| one.state), Ok(State::Approved));
    let uphold = Act::Uphold { objection: 0, why: "已不在职".to_owned() };
    let upheld = take(objected, &uphold, "王").unwrap();
    assert_eq!((upheld.state, upheld.why.as_str()), (State::Returned, "已不在职"));
    // Mended, it begins again: another review, another notice.
    let again = take(upheld, &Act::Propose, "刘").unwrap();
    assert_eq!((again.reviewed_by, again.notice, again.objections), (None, None, Vec::new()));
}

#[test]
fn what_is_given_back_or_taken_away_says_why() {
    let blank = || " ".to_owned();
    for (state, act) in [
        (State::Proposed, Act::Return { why: blank() }),
        (State::Proposed, Act::Lapse { why: blank() }),
        (State::Issued, Act::Revoke { why: blank(), document: "文件".to_owned() }),
    ] {
        assert_eq!(take(at(state, false), &act, "王"), Err(NominationError::NoReason));
    }
    let revoke = Act::Revoke { why: "冒名".to_owned(), document: blank() };
    assert_eq!(take(at(State::Issued, false), &revoke, "王"), Err(NominationError::NoDocument));
}

#[test]
fn nothing_is_proposed_for_who_does_not_compete() {
    assert_eq!(Nomination::new("刘", false), Err(NominationError::DoesNotCompete));
}

#[test]
fn every_state_is_read_as_it_is_written() {
    for (state, word) in State::ALL {
        assert_eq!((State::parse(word), state.as_str()), (Some(state), word));
    }
    assert_eq!(State::ALL.map(|(state, _)| state), STATES);
}
