//! Acts of two persons over real sockets: the second person's word comes first, is for exactly what is
//! done, and sending again changes nothing.
#![expect(clippy::expect_used, reason = "a test stops at what it cannot do")]

use domain::access::Role;
use domain::id::EntryId;
use domain::ledger::{Hash, Status};
use domain::marking::{Body, Override, VoidAspect, VoidHow};
use judge_client::native::{Random, Storage, unix_ms};
use judge_client::{Act, Confirmed};
use protocol::account::{Enrol, SignedIn};
use protocol::desk::Decide;
use protocol::frame::ReasonText;
use protocol::judge::Confirm;
use server::accounts::{Enrolled, Who};
use tests::http::Browser;
use tests::{Hall, Tablet, TestDatabase};

const TEXT: &str = "考题有误";
const SALT: &str = "0123456789abcdef";

fn reason() -> Hash {
    Hash::of_document(format!("{SALT}{TEXT}").as_bytes())
}

fn reason_text() -> ReasonText {
    ReasonText { salt: SALT.to_owned(), text: TEXT.to_owned() }
}

fn void(aspect: &str) -> Body {
    Body::VoidAspect(VoidAspect { aspect: aspect.into(), how: VoidHow::Full, reason: Some(reason()) })
}

fn new_id(seed: u64) -> EntryId {
    EntryId::made_at(unix_ms(), Random::new(seed).next_wide())
}

/// A judge's device in a role, and the bearer that it calls with.
async fn enrolled(hall: &Hall, judge: &str, role: Role) -> (Enrolled, Browser) {
    let accounts = &hall.running.app.accounts;
    let card = accounts.make_card(&hall.skill, &judge.into(), role).await.expect("a card");
    let mut browser = Browser::new(hall.address());
    let enrol = Enrol { code: card.code, pin: card.pin };
    browser.bearer = browser.post("/api/enrol", &enrol).await.json::<SignedIn>(200).bearer;
    let (who, _) = accounts.who(None, browser.bearer.as_deref()).await.expect("an answer");
    let Who::Judge(enrolled) = who else { unreachable!("it is a judge's") };
    (enrolled, browser)
}

/// Enters an act at a tablet; gives what became of it.
async fn enter(tablet: &Tablet, id: EntryId, body: Body) -> Confirmed {
    let reason = Some(reason_text());
    let act = Act { id, body, cell: None, base: None, client_time: 0, elapsed_ms: 0, drawing: None, reason };
    tablet.player.enter(act).await.expect("it is saved");
    tablet.received().await;
    tablet.receipt(id).expect("a receipt")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_act_of_two_persons_counts_once_another_confirmed_exactly_it() {
    for place in TestDatabase::every_kind() {
        println!("{}", place.kind);
        let hall = Hall::open(&place).await;
        let (chief, chiefs) = enrolled(&hall, "J1", Role::ChiefJudge).await;
        let (_, judge) = enrolled(&hall, "J2", Role::Judge).await;
        let tablet = hall.tablet_of(&chief, Storage::Memory);
        let confirm = async |who: &Browser, act: EntryId, body: Body| {
            who.post("/api/judge/confirmations", &Confirm { act, body }).await
        };

        let alone = new_id(1);
        let refused = enter(&tablet, alone, void("A1.01")).await;
        assert_eq!((refused.status, refused.code.as_deref()), (Status::Refused, Some("second_needed")));
        let late = confirm(&judge, alone, void("A1.01")).await;
        assert_eq!((late.status, late.code()), (409, "confirmed_otherwise".to_owned()), "it is entered");

        let with_oneself = new_id(2);
        assert_eq!(confirm(&chiefs, with_oneself, void("A1.01")).await.status, 204);
        let refused = enter(&tablet, with_oneself, void("A1.01")).await;
        assert_eq!(refused.code.as_deref(), Some("second_needed"), "nobody is two persons");

        let other_content = new_id(3);
        assert_eq!(confirm(&judge, other_content, void("A1.02")).await.status, 204);
        let refused = enter(&tablet, other_content, void("A1.01")).await;
        assert_eq!(refused.code.as_deref(), Some("second_needed"), "another aspect was confirmed");

        let both = new_id(4);
        assert_eq!(confirm(&judge, both, void("A1.01")).await.status, 204);
        assert_eq!(confirm(&judge, both, void("A1.01")).await.status, 204, "saying it again is nothing new");
        assert_eq!(confirm(&chiefs, both, void("A1.01")).await.status, 409, "somebody else did");
        let accepted = enter(&tablet, both, void("A1.01")).await;
        assert_eq!(accepted.status, Status::Accepted);
        let entries = hall.entries().await;
        let entry = &entries.iter().find(|sealed| sealed.entry.id == both).expect("the entry").entry;
        assert_eq!((entry.actor.as_str(), entry.second.as_deref()), ("J1", Some("J2")));
        // The organisers may be the second person too, by the account's id.
        let at_desk = new_id(5);
        let path = format!("/api/skills/{}/confirmations", hall.skill);
        let body = Confirm { act: at_desk, body: void("A1.02") };
        assert_eq!(hall.desk.post(&path, &body).await.status, 204);
        assert_eq!(enter(&tablet, at_desk, void("A1.02")).await.status, Status::Accepted);
        assert_eq!(tablet.troubles(), [], "{}", place.kind);
        hall.close().await;
    }
}

/// A tablet that starts again sends what has no receipt; the second person is still part of it.
#[tokio::test(flavor = "multi_thread")]
async fn a_confirmed_act_that_is_sent_again_gets_its_original_receipt() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        let (chief, _) = enrolled(&hall, "J1", Role::ChiefJudge).await;
        let (_, judge) = enrolled(&hall, "J2", Role::Judge).await;
        let id = new_id(1);
        let confirm = Confirm { act: id, body: void("A1.01") };
        assert_eq!(judge.post("/api/judge/confirmations", &confirm).await.status, 204);
        let first = hall.tablet_of(&chief, Storage::Memory);
        let receipt = enter(&first, id, void("A1.01")).await;
        first.player.stop().await;
        // Another outbox of the same device, which knows of no receipt, and another server.
        let beside = hall.beside(&place).await;
        let again = Tablet::start(&beside.url(), &beside.running.app.accounts, &chief, Storage::Memory);
        assert_eq!(enter(&again, id, void("A1.01")).await, receipt, "{}", place.kind);
        assert_eq!(again.troubles(), []);
        beside.close().await;
        hall.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn organisers_decide_with_a_second_person_and_only_what_is_theirs() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        let (_, judge) = enrolled(&hall, "J1", Role::Judge).await;
        let path = format!("/api/skills/{}/decisions", hall.skill);
        let award = |document: &str| {
            Body::Override(Override {
                award: Some("一等奖".to_owned()),
                competitor: "C001".into(),
                document: document.to_owned(),
                position: None,
                reason: Some(reason()),
            })
        };
        let decide = async |act: EntryId, body: Body| {
            hall.desk.post(&path, &Decide { act, body, reason: Some(reason_text()) }).await
        };
        let alone = decide(new_id(1), award("一号")).await;
        assert_eq!((alone.status, alone.code()), (409, "not_entered".to_owned()), "{}", alone.text);
        let confirmed = new_id(2);
        let body = Confirm { act: confirmed, body: award("二号") };
        assert_eq!(judge.post("/api/judge/confirmations", &body).await.status, 204);
        assert_eq!(decide(confirmed, award("二号")).await.status, 204);
        let not_theirs = decide(new_id(3), void("A1.01")).await;
        assert_eq!((not_theirs.status, not_theirs.code()), (409, "not_entered".to_owned()));
        let of_nobody = Decide { act: new_id(4), body: award("三号"), reason: None };
        assert_eq!(hall.desk.post("/api/skills/nothing/decisions", &of_nobody).await.status, 404);
        let last = hall.entries().await.pop().expect("an entry").entry;
        assert_eq!((last.role, last.second.as_deref(), last.id), (Role::Organiser, Some("J1"), confirmed));
        assert_eq!(
            hall.running.app.ledger.reason(confirmed).await.expect("an answer").map(|reason| reason.text),
            Some(TEXT.to_owned()),
            "{}",
            place.kind
        );
        hall.close().await;
    }
}
