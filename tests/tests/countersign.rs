//! Competitors who sign the sheets of their own work at a judge's tablet, on both databases.

use domain::access::Role;
use domain::ledger::Status;
use domain::marking::{Body, Countersigned};
use tests::chief::{another_skill, chief, device, device_of, done, form, last, page, send, sign, words};
use tests::hall::package;
use tests::{Hall, TestDatabase};

const STROKES: &str = "M120,80l3,-2 5,7M700,300l-40,12";
const SHEET: &str = "/countersign?competitor=C001&sub=B1";

async fn hall(place: &TestDatabase) -> Hall {
    Hall::of(place, package("vocational-2014")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_competitor_signs_at_a_judges_tablet_and_sees_only_that_sheet() {
    for place in TestDatabase::every_kind() {
        let hall = hall(&place).await;
        let (chief, judge) = (chief(&hall).await, device(&hall, "J1", Role::Judge).await);
        let mut tablet = hall.tablet("J1").await;
        let first = tablet.mark("C001", "B1.01", 30, None).await;
        tablet.mark("C002", "B1.01", 40, None).await;
        tablet.received().await;
        let list = |html: String| words(&html);
        assert!(list(judge.get("/countersign").await.text).contains("No sheet waits"), "nobody has signed");
        assert_eq!(sign(&hall, &mut tablet, "C001").await, Status::Accepted);
        assert!(!page(&chief).await.contains("/chief/lock\""), "it waits for the competitor");
        assert!(judge.get("/api/judge/sheets").await.text.contains(SHEET));
        assert!(list(judge.get("/countersign").await.text).contains("C001 · B1 Bench"));
        let shown = judge.get(SHEET).await;
        let text = words(&shown.text);
        assert!(text.contains("B1.01 Bench 0.30 0.50") && text.contains("Sum 0.30 0.50"), "{text}");
        assert!(!shown.text.contains("C002") && !shown.text.contains("0.40"), "nothing of anybody else");
        assert!(!shown.text.contains("value=\"for\""), "a judge signs for nobody");
        let entries = hall.entries().await.len();
        let signed = form(&shown.text, "/countersign", "value=\"signed\"");
        let blank = send(&judge, "/countersign", &(signed.clone() + "&strokes=")).await;
        assert!(blank.status == 409 && blank.text.contains("no signature yet"), "{}", blank.text);
        assert!(words(&blank.text).contains("B1.01 Bench"), "the sheet stays");
        let signed = format!("{signed}&strokes={}", STROKES.replace(',', "%2C").replace(' ', "%20"));
        assert_eq!(hall.entries().await.len(), entries);
        for _ in 0..2 {
            let answer = send(&judge, "/countersign", &signed).await;
            let to = Some("/countersign?done=signed");
            assert_eq!((answer.status, answer.header("location")), (303, to), "{}", answer.text);
        }
        assert_eq!(hall.entries().await.len(), entries + 1, "{}", place.kind);
        let thanks = judge.get("/countersign?done=signed").await.text;
        assert!(words(&thanks).contains("hand the tablet back") && !thanks.contains("C001"), "{thanks}");
        let entry = last(&hall).await;
        let Body::Countersign(body) = &entry.body else { panic!("{entry:?}") };
        assert_eq!((entry.actor.as_str(), body.how), ("J1", Countersigned::Signed));
        let drawn = hall.running.app.ledger.drawing(entry.id).await.expect("read").expect("a drawing");
        assert_eq!(drawn.strokes(), STROKES);
        let html = page(&chief).await;
        let picture = format!("/api/judge/drawings/{}", entry.id);
        assert!(html.contains(&picture) && html.contains("Signature of C001"), "{html}");
        assert_eq!(chief.get(&picture).await.status, 200);
        assert_eq!(judge.get(&picture).await.status, 404, "a competitor's hand is no judge's to see");
        assert!(list(judge.get(SHEET).await.text).contains("No sheet waits"), "it is done");
        // A correction makes all signatures void, the competitor's too.
        tablet.mark("C001", "B1.01", 35, Some(first)).await;
        tablet.received().await;
        assert_eq!(sign(&hall, &mut tablet, "C001").await, Status::Accepted);
        // A page from before the correction signs nothing: another entry, for what stood there then.
        let fresh = |field: &str| match field.strip_prefix("act=") {
            Some(_) => "act=0190b1e2-7c5a-7000-8000-0000000000aa".to_owned(),
            None => field.to_owned(),
        };
        let old = signed.split('&').map(fresh).collect::<Vec<_>>().join("&");
        let stale = send(&judge, "/countersign", &old).await;
        assert!(
            stale.status == 409 && stale.text.contains("The sheet changed after you saw it"),
            "{}",
            stale.text
        );
        assert!(words(&page(&chief).await).contains("Waits for the competitor to sign"));
        let shown = judge.get(SHEET).await.text;
        let signed = form(&shown, "/countersign", "value=\"signed\"");
        let signed = format!("{signed}&strokes={}", STROKES.replace(',', "%2C").replace(' ', "%20"));
        assert_eq!(send(&judge, "/countersign", &signed).await.status, 303);
        done(&chief, "/chief/lock", &form(&page(&chief).await, "/chief/lock", "C001"), "entered").await;
        hall.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_signature_says_why_and_the_chief_judge_signs_for_the_competitor() {
    for place in TestDatabase::every_kind() {
        let hall = hall(&place).await;
        let (chief, judge) = (chief(&hall).await, device(&hall, "J1", Role::Judge).await);
        let mut tablet = hall.tablet("J1").await;
        tablet.mark("C001", "B1.01", 30, None).await;
        tablet.received().await;
        assert_eq!(sign(&hall, &mut tablet, "C001").await, Status::Accepted);
        let refused = form(&judge.get(SHEET).await.text, "/countersign", "value=\"refused\"");
        let empty = send(&judge, "/countersign", &(refused.clone() + "&reason=")).await;
        assert!(empty.status == 409 && empty.text.contains("Give the reason"), "{}", empty.text);
        let answer = send(&judge, "/countersign", &(refused + "&reason=the+gap+was+not+mine")).await;
        assert_eq!(answer.header("location"), Some("/countersign?done=refused"), "{}", answer.text);
        let html = page(&chief).await;
        assert!(words(&html).contains("The competitor refused to sign: the gap was not mine"), "{html}");
        assert!(!html.contains("/chief/lock\""));
        let for_them = form(&chief.get(SHEET).await.text, "/countersign", "value=\"for\"");
        let by_judge = send(&judge, "/countersign", &(for_them.clone() + "&reason=gone")).await;
        assert!(by_judge.status == 409 && by_judge.text.contains("may not do this"), "{}", by_judge.text);
        let fresh = form(&chief.get(SHEET).await.text, "/countersign", "value=\"for\"");
        let answer = send(&chief, "/countersign", &(fresh + "&reason=gone")).await;
        assert_eq!(answer.header("location"), Some("/countersign?done=for"), "{}", answer.text);
        let html = page(&chief).await;
        assert!(words(&html).contains("J9 signed for the competitor"), "{html}");
        done(&chief, "/chief/lock", &form(&html, "/chief/lock", "C001"), "entered").await;
        assert!(words(&page(&chief).await).contains("J9 signed for the competitor"), "{}", place.kind);
        hall.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_rules_ask_for_nothing_no_competitor_signs_and_no_other_judge_opens_the_page() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        let judge = device(&hall, "J1", Role::Judge).await;
        let mut tablet = hall.tablet("J1").await;
        tablet.mark("C001", "B1.01", 30, None).await;
        tablet.received().await;
        assert_eq!(sign(&hall, &mut tablet, "C001").await, Status::Accepted);
        assert!(words(&judge.get("/countersign").await.text).contains("No competitor signs in this skill"));
        assert!(!judge.get("/api/judge/sheets").await.text.contains("/countersign"));
        // Of another panel, of another skill, at the desk, nobody.
        let other = device(&hall, "J2", Role::Judge).await;
        assert_eq!(other.get(SHEET).await.status, 409, "{}", place.kind);
        let skill = another_skill(&hall).await;
        let stranger = device_of(&hall, &skill, "J1", Role::Judge).await;
        assert_eq!(stranger.get(SHEET).await.status, 409);
        assert_eq!(hall.desk.get(SHEET).await.status, 403);
        hall.close().await;
    }
}
