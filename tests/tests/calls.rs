//! A chief judge calls competitors, over HTTP, and the panels' tablets hear it, on both databases.

use domain::access::Role;
use judge_client::Show;
use judge_client::native::Storage;
use protocol::frame::Call;
use protocol::judge::Sheets;
use server::accounts::Who;
use tests::chief::{another_skill, chief, device, device_of, done, page, send, words};
use tests::http::Browser;
use tests::{Hall, Tablet, TestDatabase};

fn calls(calls: &[(&str, &str)]) -> Vec<Call> {
    calls.iter().map(|(sub, code)| ((*sub).into(), (*code).into())).collect()
}

/// Waits until a tablet was told these calls as that change.
async fn told(tablet: &Tablet, number: i64, of: &[(&str, &str)]) {
    let of = calls(of);
    let is_it =
        |show: &Show| matches!(show, Show::Called { number: n, calls, .. } if *n == number && *calls == of);
    tablet.shown(is_it).await;
}

fn hears(tablet: &Tablet) -> usize {
    tablet.shows().iter().filter(|show| matches!(show, Show::Called { .. })).count()
}

async fn sheets(browser: &Browser) -> Sheets {
    let answer = browser.get("/api/judge/sheets").await;
    assert!(!answer.text.contains('甲') && !answer.text.contains('乙'), "codes only: {}", answer.text);
    answer.json(200)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_panels_tablets_hear_whom_the_chief_judge_calls_and_another_skills_hear_nothing() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        // The tablets are at another server of the same database where there can be one.
        let other = if place.kind == "SQLite" { None } else { Some(hall.beside(&place).await) };
        let beside = other.as_ref().unwrap_or(&hall);
        let chief = chief(&hall).await;
        let (one, two) = (beside.tablet("J1").await, beside.tablet("J2").await);
        let drill = another_skill(&hall).await;
        let accounts = &hall.running.app.accounts;
        let card = accounts.make_card(&drill, &"J1".into(), Role::Judge).await.expect("a card");
        let Who::Judge(stranger) = accounts.enrol(&card.code, &card.pin).await.expect("enrolled").who else {
            panic!("a judge's card")
        };
        let stranger = hall.tablet_of(&stranger, Storage::Memory);
        for tablet in [&one, &two, &stranger] {
            tablet.live().await;
        }
        done(&chief, "/chief/call", "competitor=C002&sub_criterion=B1", "called#calls").await;
        told(&one, 1, &[("B1", "C002")]).await;
        // J2 marks A1 alone.
        told(&two, 1, &[]).await;
        done(&chief, "/chief/call", "competitor=C003&sub_criterion=", "called#calls").await;
        told(&one, 2, &[("A1", "C003"), ("B1", "C003")]).await;
        told(&two, 2, &[("A1", "C003")]).await;
        done(&chief, "/chief/call", "competitor=C001&sub_criterion=A1", "called#calls").await;
        told(&two, 3, &[("A1", "C001")]).await;
        let shown = words(&page(&chief).await);
        assert!(shown.contains("C001 A1 Joint J9 ·") && shown.contains("C003 B1 Bench J9 ·"), "{shown}");

        // Who was not there is told by the sheets, also after a restart.
        let late = device(&hall, "J2", Role::Judge).await;
        let seen = sheets(&late).await;
        assert_eq!((seen.calls, seen.calls_number), (calls(&[("A1", "C001")]), 3));
        let of_drill = sheets(&device_of(&hall, &drill, "J1", Role::Judge).await).await;
        assert_eq!((of_drill.calls, of_drill.calls_number, hears(&stranger)), (Vec::new(), 0, 0));
        for tablet in [one, two, stranger] {
            tablet.player.stop().await;
        }
        if let Some(other) = other {
            other.close().await;
        }
        let again = hall.beside(&place).await;
        hall.close().await;
        let seen = sheets(&late.at(again.address())).await;
        assert_eq!((seen.calls, seen.calls_number), (calls(&[("A1", "C001")]), 3), "{}", place.kind);
        again.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_ends_by_the_chief_judge_and_with_the_marking() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        let chief = chief(&hall).await;
        let (tablet, judge) = (hall.tablet("J1").await, device(&hall, "J1", Role::Judge).await);
        tablet.live().await;
        done(&chief, "/chief/call", "competitor=C004&sub_criterion=", "called#calls").await;
        assert!(words(&page(&chief).await).contains("C004 the whole skill J9 ·"));
        done(&chief, "/chief/call/end", "sub_criterion=B1", "call-ended#calls").await;
        told(&tablet, 2, &[("A1", "C004")]).await;
        assert!(words(&page(&chief).await).contains("C004 A1 Joint J9 ·"));
        done(&chief, "/chief/call/end", "sub_criterion=", "call-ended#calls").await;
        told(&tablet, 3, &[]).await;
        let seen = sheets(&judge).await;
        assert_eq!((seen.calls, seen.calls_number), (Vec::new(), 3));
        done(&chief, "/chief/call", "competitor=C001&sub_criterion=", "called#calls").await;
        told(&tablet, 4, &[("A1", "C001"), ("B1", "C001")]).await;
        assert_eq!(hall.entries().await.len(), 1, "it is no entry");
        hall.act(protocol::desk::Act::Close).await;
        assert_eq!(sheets(&judge).await.calls, []);
        assert!(!page(&chief).await.contains("action=\"/chief/call\""), "nobody is called any more");
        let late = send(&chief, "/chief/call", "competitor=C001&sub_criterion=").await;
        assert!(late.status == 409 && late.text.contains("is not being marked now"), "{}", late.text);
        hall.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_but_the_skills_chief_judge_calls_and_only_who_competes_is_called() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        let chief = chief(&hall).await;
        let judge = device(&hall, "J1", Role::Judge).await;
        let mut nobody = judge.clone();
        nobody.bearer = None;
        let drill = another_skill(&hall).await;
        let of_drill = device_of(&hall, &drill, "J1", Role::ChiefJudge).await;
        for (path, fields) in
            [("/chief/call", "competitor=C001&sub_criterion="), ("/chief/call/end", "sub_criterion=")]
        {
            assert_eq!(send(&judge, path, fields).await.status, 403);
            assert_eq!(send(&nobody, path, fields).await.status, 401);
        }
        // A chief judge moves nothing of another skill: its codes are not known there.
        assert_eq!(send(&of_drill, "/chief/call", "competitor=C001&sub_criterion=").await.status, 409);
        let refused = async |fields: &str, why: &str| {
            let answer = send(&chief, "/chief/call", fields).await;
            assert!(answer.status == 409 && answer.text.contains(why), "{} {}", answer.status, answer.text);
        };
        refused("competitor=C999&sub_criterion=", "C999").await;
        refused("competitor=C001&sub_criterion=Z9", "Z9").await;
        let html = page(&chief).await;
        let absent = tests::chief::form(&html, "/chief/competitor", "value=\"C001\"");
        done(&chief, "/chief/competitor", &format!("{absent}&what=absent&amount=&reason=ill"), "entered")
            .await;
        refused("competitor=C001&sub_criterion=", "absent, withdrawn or disqualified").await;
        let html = page(&chief).await;
        let form = html.split("action=\"/chief/call\"").nth(1).and_then(|form| form.split("</form>").next());
        let form = form.expect("the form that calls");
        assert!(!form.contains("C001") && form.contains("C002"), "who is out cannot be chosen: {form}");
        assert_eq!(sheets(&judge).await.calls_number, 0, "nothing of it is told, {}", place.kind);
        hall.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn labels_say_codes_and_the_skill_and_never_a_name() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        let chief = chief(&hall).await;
        let mut desk = hall.desk.clone();
        desk.headers = vec![("accept", "text/html"), ("accept-language", "en")];
        let at_desk = format!("/desk/skill/{}/labels", hall.skill);
        for (browser, path) in [(&chief, "/chief/labels"), (&desk, at_desk.as_str())] {
            let answer = browser.get(path).await;
            assert_eq!(answer.status, 200, "{}", answer.text);
            let href =
                |code: &str| format!("href=\"{}/judge#open={code}\"", hall.running.app.origins.public());
            assert_eq!(answer.text.matches("class=\"label\"").count(), 4);
            for code in tests::hall::COMPETITORS {
                assert!(answer.text.contains(&href(code)) && answer.text.contains(&format!(">{code}<")));
            }
            let names = ["甲", "乙", "丙", "丁"];
            assert!(!names.iter().any(|name| answer.text.contains(name)), "no names: {}", answer.text);
        }
        let judge = device(&hall, "J1", Role::Judge).await;
        assert_eq!(judge.get("/chief/labels").await.status, 403);
        assert_ne!(judge.get(&at_desk).await.status, 200);
        let mut nobody = judge.clone();
        nobody.bearer = None;
        assert_eq!(nobody.get("/chief/labels").await.status, 401);
        assert_eq!(nobody.get(&at_desk).await.status, 303, "to the desk's door");
        assert_eq!(desk.get("/desk/skill/none/labels").await.status, 404, "{}", place.kind);
        hall.close().await;
    }
}
