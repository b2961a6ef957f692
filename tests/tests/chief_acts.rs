//! What a chief judge does to sheets, and when competitors start and hand in, over HTTP, on both
//! databases.

use std::time::Duration;

use domain::access::Role;
use domain::id::EntryId;
use domain::ledger::Status;
use domain::marking::Body;
use protocol::frame::Cell;
use protocol::judge::Sheets;
use tests::chief::{
    ask_unlock, chief, confirmed, decline, desk, device, done, form, last, page, send, sign, signed,
    with_skill, words,
};
use tests::hall::COMPETITORS;
use tests::{Hall, Tablet, TestDatabase};

/// an unlock names one aspect, takes two persons, voids the signatures and ends with the
/// new lock.
#[tokio::test(flavor = "multi_thread")]
async fn one_aspect_of_a_locked_sheet_is_opened_by_two_persons_and_its_signatures_are_void() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        let chief = chief(&hall).await;
        let mut tablet = hall.tablet("J1").await;
        let first = tablet.mark("C001", "B1.01", 30, None).await;
        tablet.received().await;
        assert_eq!(sign(&hall, &mut tablet, "C001").await, Status::Accepted);
        let html = page(&chief).await;
        assert!(!html.contains("/chief/unlock"), "nothing is locked");
        done(&chief, "/chief/lock", &form(&html, "/chief/lock", "C001"), "entered").await;
        let html = page(&chief).await;
        assert!(words(&html).contains("See locked sheets (1)"), "{html}");
        let unlock = form(&html, "/chief/unlock", "C001") + "&aspect=B1.01&reason=read+wrongly";
        let entries = hall.entries().await.len();
        done(&chief, "/chief/unlock", &unlock, "proposed").await;
        done(&chief, "/chief/unlock", &unlock, "proposed").await;
        // The same once more from another page, which would be confirmed twice.
        let twice = form(&page(&chief).await, "/chief/unlock", "C001") + "&aspect=B1.01&reason=again";
        let refused = send(&chief, "/chief/unlock", &twice).await;
        assert!(refused.status == 409 && refused.text.contains("asked for already"), "{}", refused.text);
        assert_eq!(hall.entries().await.len(), entries, "one person opens nothing");
        let late = tablet.mark("C001", "B1.01", 40, Some(first)).await;
        tablet.received().await;
        assert_eq!(tablet.receipt(late).expect("a receipt").status, Status::Late);
        let (_, _, shown) = desk(&hall).await;
        assert!(
            shown.contains("C001&#39;s aspect B1.01 Bench again; the signatures")
                || shown.contains("C001's aspect B1.01 Bench again; the signatures"),
            "{shown}"
        );
        confirmed(&hall).await;
        let entry = last(&hall).await;
        assert!(matches!(&entry.body, Body::Unlock(body) if body.aspect.as_str() == "B1.01"));
        assert_eq!((entry.actor.as_str(), entry.status), ("J9", Status::Accepted));
        assert!(entry.second.is_some_and(|second| second != "J9"));
        let text = words(&page(&chief).await);
        assert!(text.contains("Opened again: B1.01") && text.contains("Locked: 0"), "{text}");
        // The value that came late is turned away, and the judge corrects what was opened.
        let keep = form(&page(&chief).await, "/chief/settle", "value=\"keep\"") + "&reason=opened";
        done(&chief, "/chief/settle", &keep, "entered").await;
        let now = tablet.mark("C001", "B1.01", 45, Some(first)).await;
        tablet.received().await;
        assert_eq!(tablet.receipt(now).expect("a receipt").status, Status::Accepted);
        assert_eq!(sign(&hall, &mut tablet, "C001").await, Status::Accepted);
        let lock = form(&page(&chief).await, "/chief/lock", "C001");
        done(&chief, "/chief/lock", &lock, "entered").await;
        assert!(words(&page(&chief).await).contains("Locked: 1"), "{}", place.kind);
        hall.close().await;
    }
}

/// what a judge asks for stands on the chief judge's page with its reason until it is answered, and
/// what became of it on the judge's sheets.
#[tokio::test(flavor = "multi_thread")]
async fn a_judge_asks_for_an_aspect_of_a_locked_sheet_and_is_turned_down_or_heard() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        let chief = chief(&hall).await;
        let mut tablet = signed(&hall).await;
        assert_eq!(ask_unlock(&mut tablet, "C001", "early").await, Status::Refused);
        let lock = form(&page(&chief).await, "/chief/lock", "C001");
        done(&chief, "/chief/lock", &lock, "entered").await;
        let told = async || {
            let sheets: Sheets =
                device(&hall, "J1", Role::Judge).await.get("/api/judge/sheets").await.json(200);
            sheets.forms[1].sheets[0].cells[0].asked_unlock
        };
        assert_eq!(told().await, None);
        assert_eq!(ask_unlock(&mut tablet, "C001", "read the <wrong> gauge").await, Status::Accepted);
        assert_eq!(told().await, Some(false));
        let html = page(&chief).await;
        let text = words(&html);
        assert!(text.contains("Asked of you, or not signed: 1."), "{text}");
        assert!(text.contains("J1 asks to open B1.01 Bench"), "{text}");
        assert!(html.contains("read the &lt;wrong&gt; gauge"), "{text}");
        let entries = hall.entries().await.len();
        let no = form(&html, "/chief/settle", "value=\"keep\"");
        let without = send(&chief, "/chief/settle", &(no.clone() + "&reason=+")).await;
        assert!(without.status == 409 && without.text.contains("Give the reason"), "{}", without.text);
        for _ in 0..2 {
            done(&chief, "/chief/settle", &(no.clone() + "&reason=it+was+right"), "entered").await;
        }
        assert_eq!(hall.entries().await.len(), entries + 1);
        assert_eq!(told().await, Some(true));
        assert!(!page(&chief).await.contains("id=\"requests\""), "it is answered");
        // Asked again, it is opened by two persons.
        assert_eq!(ask_unlock(&mut tablet, "C001", "look at the photo").await, Status::Accepted);
        let open = form(&page(&chief).await, "/chief/unlock", "look at the photo");
        done(&chief, "/chief/unlock", &open, "proposed").await;
        let text = words(&page(&chief).await);
        assert!(text.contains("A second person is asked to confirm it."), "{text}");
        confirmed(&hall).await;
        assert!(matches!(&last(&hall).await.body, Body::Unlock(body) if body.aspect.as_str() == "B1.01"));
        assert_eq!(told().await, None);
        assert!(!page(&chief).await.contains("id=\"requests\""));
        hall.close().await;
    }
}

///
#[tokio::test(flavor = "multi_thread")]
async fn a_chief_judge_signs_for_a_judge_with_a_reason_and_the_sheet_says_so() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        let chief = chief(&hall).await;
        let mut tablet = hall.tablet("J1").await;
        let first = tablet.mark("C001", "B1.01", 30, None).await;
        tablet.received().await;
        let old = form(&page(&chief).await, "/chief/sign", "C001") + "&judge=J1";
        let entries = hall.entries().await.len();
        let without = send(&chief, "/chief/sign", &(old.clone() + "&reason=+")).await;
        assert!(without.status == 409 && without.text.contains("Give the reason"), "{}", without.text);
        assert_eq!(hall.entries().await.len(), entries);
        // Made before the judge corrected the sheet: that is not what is signed.
        tablet.mark("C001", "B1.01", 35, Some(first)).await;
        tablet.received().await;
        let stale = send(&chief, "/chief/sign", &(old + "&reason=ill")).await;
        assert!(
            stale.status == 409 && stale.text.contains("The sheet changed after you saw it"),
            "{}",
            stale.text
        );
        assert_eq!(decline(&hall, &mut tablet, "C001", "not what I gave").await, Status::Accepted);
        assert!(words(&page(&chief).await).contains("J1 declined to sign: not what I gave"));
        let sign = form(&page(&chief).await, "/chief/sign", "C001") + "&judge=J1&reason=taken+ill";
        done(&chief, "/chief/sign", &sign, "entered").await;
        done(&chief, "/chief/sign", &sign, "entered").await;
        let entry = last(&hall).await;
        assert_eq!((entry.actor.as_str(), entry.role, entry.second), ("J9", Role::ChiefJudge, None));
        assert!(
            matches!(&entry.body, Body::Sign(body) if body.judge.as_str() == "J1" && body.reason.is_some())
        );
        let html = page(&chief).await;
        assert!(words(&html).contains("J9 signed for J1"), "{html}");
        assert!(!words(&html).contains("declined"), "somebody has signed by now");
        done(&chief, "/chief/lock", &form(&html, "/chief/lock", "C001"), "entered").await;
        assert!(words(&page(&chief).await).contains("J9 signed for J1"), "the locked sheet says so too");
        let outside = sign.replace("judge=J1", "judge=J2");
        assert_eq!(send(&chief, "/chief/sign", &outside).await.status, 409, "{}", place.kind);
        hall.close().await;
    }
}

///
#[tokio::test(flavor = "multi_thread")]
async fn competitors_start_and_hand_in_by_one_tap_each_or_all_at_once_and_never_twice() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        let chief = chief(&hall).await;
        let moment = |html: &str, code: &str, what: &str| {
            let forms = html.split("<form ").filter(|form| form.contains(&format!("value=\"{what}\"")));
            let one = forms.filter(|form| form.contains("/chief/moment\"")).find(|form| form.contains(code));
            form(&format!("<form {}", one.expect("a form")), "/chief/moment", code)
        };
        let old = page(&chief).await;
        let start = moment(&old, "C001", "start");
        let mut sending = tokio::task::JoinSet::new();
        let entries = hall.entries().await.len();
        for _ in 0..6 {
            let (start, chief) = (start.clone(), chief.clone());
            sending.spawn(async move { done(&chief, "/chief/moment", &start, "entered").await });
        }
        while let Some(sent) = sending.join_next().await {
            sent.expect("it is taken");
        }
        assert_eq!(hall.entries().await.len(), entries + 1, "once, and no alarm");
        let first = with_skill(&hall, |skill| skill.competitors[0].start).await.expect("a start");
        // Another page that was open since before does not move it.
        let stale = start.replace("act=", "act=018f0000-0000-7000-8000-0000000000aa&x=");
        let stale = stale.split('&').filter(|pair| !pair.starts_with("x=")).collect::<Vec<_>>().join("&");
        let refused = send(&chief, "/chief/moment", &stale).await;
        assert!(
            refused.status == 409 && refused.text.contains("entered or changed after you looked"),
            "{}",
            refused.text
        );
        assert_eq!(with_skill(&hall, |skill| skill.competitors[0].start).await, Some(first));
        // Who is absent does not start with the others.
        let absent = form(&page(&chief).await, "/chief/competitor", "value=\"C004\"")
            + "&what=absent&amount=&reason=x";
        done(&chief, "/chief/competitor", &absent, "entered").await;
        let gone = moment(&old, "C004", "start");
        assert_eq!(send(&chief, "/chief/moment", &gone).await.status, 409);
        let html = page(&chief).await;
        assert!(words(&html).contains("All start (2)") && words(&html).contains("All hand in (1)"), "{html}");
        let all = form(&html, "/chief/moment-all", "value=\"start\"");
        done(&chief, "/chief/moment-all", &all, "2-of-2").await;
        done(&chief, "/chief/moment-all", &all, "0-of-0").await;
        let starts =
            with_skill(&hall, |skill| skill.competitors.iter().map(|one| one.start).collect::<Vec<_>>());
        let starts = starts.await;
        assert_eq!(starts[0], Some(first));
        assert_eq!(starts[1].map(|(_, at)| at), starts[2].map(|(_, at)| at), "all at one moment");
        assert!(starts[1].is_some() && starts[3].is_none());
        // A false start is corrected knowingly: the form names what it takes the place of.
        let html = page(&chief).await;
        done(
            &chief,
            "/chief/moment",
            &moment(&html, "C002", &starts[1].expect("a start").0.to_string()),
            "entered",
        )
        .await;
        let anew = with_skill(&hall, |skill| skill.competitors[1].start).await.expect("a start");
        assert_ne!(Some(anew.0), starts[1].map(|(entry, _)| entry));
        done(&chief, "/chief/moment", &moment(&page(&chief).await, "C001", "hand_in"), "entered").await;
        let html = page(&chief).await;
        assert!(
            words(&html).contains("hand-in") && words(&html).contains("took 00:00:0"),
            "{}",
            words(&html)
        );
        done(&chief, "/chief/moment-all", &form(&html, "/chief/moment-all", "hand_in"), "2-of-2").await;
        let html = page(&chief).await;
        assert!(!html.contains("/chief/moment-all"), "{}", place.kind);
        // One form that two servers are sent at once moves the time once.
        let anew = moment(&html, "C001", &first.0.to_string());
        let beside = hall.beside(&place).await;
        let starts = async || {
            let entries = hall.entries().await;
            let starts = entries.iter().filter(|sealed| matches!(sealed.entry.body, Body::Start(_)));
            starts.filter(|sealed| sealed.entry.status == Status::Accepted).count()
        };
        let before = starts().await;
        let mut sending = tokio::task::JoinSet::new();
        for server in [&hall, &beside].into_iter().cycle().take(6) {
            let (anew, chief) = (anew.clone(), chief.clone().at(server.address()));
            sending.spawn(async move { done(&chief, "/chief/moment", &anew, "entered").await });
        }
        while let Some(sent) = sending.join_next().await {
            sent.expect("it is taken");
        }
        assert_eq!(starts().await, before + 1, "{}", place.kind);
        beside.close().await;
        hall.close().await;
    }
}

///
#[tokio::test(flavor = "multi_thread")]
async fn every_sheet_that_all_have_signed_is_locked_by_one_button() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        let chief = chief(&hall).await;
        let mut tablet = hall.tablet("J1").await;
        let mut marks = Vec::new();
        for competitor in COMPETITORS {
            marks.push(tablet.mark(competitor, "B1.01", 30, None).await);
        }
        tablet.received().await;
        for competitor in ["C001", "C002", "C003"] {
            assert_eq!(sign(&hall, &mut tablet, competitor).await, Status::Accepted);
        }
        let html = chief.get("/chief?find=C001").await.text;
        assert!(words(&html).contains("Lock all 3 sheets that everybody has signed"), "{html}");
        let html = page(&chief).await;
        let lock = form(&html, "/chief/lock-all", "");
        // One of them is corrected before the button is pressed.
        tablet.mark("C003", "B1.01", 35, Some(marks[2])).await;
        tablet.received().await;
        let entries = hall.entries().await.len();
        done(&chief, "/chief/lock-all", &lock, "2-of-3").await;
        done(&chief, "/chief/lock-all", &lock, "2-of-3").await;
        assert_eq!(hall.entries().await.len(), entries + 2, "an entry each, once");
        let text = words(&chief.get("/chief?done=2-of-3").await.text);
        assert!(text.contains("Of 3 entries 2 are in the ledger") && text.contains("Locked: 2"), "{text}");
        let text = words(&page(&chief).await);
        assert!(text.contains("Locked: 2") && text.contains("See locked sheets (2)"), "{text}");
        assert!(!text.contains("Lock all"), "{}", place.kind);
        hall.close().await;
    }
}

/// What stands in no cell is told too, and at once: a tablet shows it.
#[tokio::test(flavor = "multi_thread")]
async fn a_tablet_is_told_of_a_lock_an_unlock_and_of_who_no_longer_competes() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        let chief = chief(&hall).await;
        let tablet = signed(&hall).await;
        assert_eq!(asked(&tablet, "C001"), 0, "nothing but cells changed");
        done(&chief, "/chief/lock", &form(&page(&chief).await, "/chief/lock", "C001"), "entered").await;
        told(&tablet, "C001", 1).await;
        let unlock = form(&page(&chief).await, "/chief/unlock", "C001") + "&aspect=B1.01&reason=read+wrongly";
        done(&chief, "/chief/unlock", &unlock, "proposed").await;
        assert_eq!(asked(&tablet, "C001"), 1, "one person opens nothing");
        confirmed(&hall).await;
        told(&tablet, "C001", 2).await;
        let absent = form(&page(&chief).await, "/chief/competitor", "value=\"C002\"");
        done(&chief, "/chief/competitor", &(absent + "&what=absent&amount=&reason=ill"), "entered").await;
        told(&tablet, "C002", 1).await;
        assert_eq!(asked(&tablet, "C001"), 2, "{}", place.kind);
        hall.close().await;
    }
}

/// How often a tablet was told to ask for a competitor's sheets again; of one panel it is told once.
fn asked(tablet: &Tablet, competitor: &str) -> usize {
    let is_of = |(cell, id): &(Cell, Option<EntryId>)| {
        cell.round == 0
            && id.is_none()
            && cell.competitor.as_str() == competitor
            && cell.aspect.as_str().starts_with('B')
    };
    tablet.heads().iter().filter(|head| is_of(head)).count()
}

/// Waits until it was told so often.
async fn told(tablet: &Tablet, competitor: &str, times: usize) {
    let wait = async {
        while asked(tablet, competitor) < times {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let is_told = tokio::time::timeout(Duration::from_secs(20), wait).await.is_ok();
    assert!(is_told, "{competitor}: {:?}", tablet.heads());
}
