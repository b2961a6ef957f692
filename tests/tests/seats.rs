//! Judges who go while a skill is marked, and judges whose tablet is away, over HTTP and sockets, on both
//! databases.

use domain::access::Role;
use domain::ledger::Status;
use domain::marking::Body;
use protocol::desk::NewJudge;
use protocol::judge::Sheets;
use tests::chief::{chief, confirmed, device, done, form, last, page, send, words};
use tests::hall::{JUDGED, package};
use tests::{Hall, TestDatabase};

/// J4 is in the list of judges and has no seat.
async fn hall(place: &TestDatabase) -> Hall {
    let judges =
        ["code,name,role", "J1,戊,judge", "J2,己,judge", "J3,庚,judge", "J4,辛,judge", "J9,壬,chief_judge"];
    Hall::of(place, package("hebei-2025").lines("judges.csv", &judges)).await
}

async fn sheets(hall: &Hall, judge: &str) -> Sheets {
    device(hall, judge, Role::Judge).await.get("/api/judge/sheets").await.json(200)
}

/// J1 comes from where the first competitor comes from, by rules that part them; J4 has no seat, and comes
/// from where the second comes from.
#[expect(clippy::expect_used, reason = "a test stops at what it cannot do")]
async fn compatriots(place: &TestDatabase) -> Hall {
    let judges = [
        "code,name,organisation,role",
        "J1,戊,甲校,judge",
        "J2,己,,judge",
        "J3,庚,,judge",
        "J4,辛,乙校,judge",
        "J9,壬,,chief_judge",
    ];
    let people = [
        "code,name,organisation,delegation",
        "C001,李,甲校,石家庄",
        "C002,王,丁校,乙校",
        "C003,张,丙校,",
        "C004,刘,,",
    ];
    let mut rules = domain::rules::preset("hebei-2025").expect("a preset");
    rules.compatriots = Some(domain::rules::CompatriotRules { source: "a test [U]".to_owned() });
    let rules = server::exchange::package::rules_toml(&rules).expect("rules as text");
    let files = package("hebei-2025")
        .text("rule_set.toml", &rules)
        .lines("judges.csv", &judges)
        .lines("competitors.csv", &people);
    Hall::of(place, files).await
}

fn forms(sheets: &Sheets) -> Vec<&str> {
    sheets.forms.iter().map(|form| form.sub_criterion.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_judge_leaves_and_another_goes_on_where_they_stopped() {
    for place in TestDatabase::every_kind() {
        let hall = hall(&place).await;
        let chief = chief(&hall).await;
        let (mut first, mut second, mut third) =
            (hall.tablet("J1").await, hall.tablet("J2").await, hall.tablet("J3").await);
        first.mark("C001", JUDGED, 2, None).await;
        first.received().await;
        let replace = form(&page(&chief).await, "/chief/seat", "name=\"leaves\"");
        let replace = replace + "&leaves=J1&judge=J4&sub_criterion=";
        let entries = hall.entries().await.len();
        let without = send(&chief, "/chief/seat", &(replace.clone() + "&reason=+")).await;
        assert!(without.status == 409 && without.text.contains("Give the reason"), "{}", without.text);
        // The rules let A1 go on with two, and B1 not with nobody: neither seat is left.
        let empty = replace.replace("judge=J4", "judge=") + "&reason=ill";
        let empty = send(&chief, "/chief/seat", &empty).await;
        assert!(empty.status == 409 && empty.text.contains("Nothing was changed"), "{}", empty.status);
        assert_eq!(hall.entries().await.len(), entries);
        let unknown = replace.replace("judge=J4", "judge=J7") + "&reason=ill";
        let unknown = send(&chief, "/chief/seat", &unknown).await;
        assert!(
            unknown.status == 404 && unknown.text.contains("no judge &quot;J7&quot;"),
            "{}",
            unknown.text
        );
        assert_eq!(hall.entries().await.len(), entries);
        // Both panels of J1 at once; sent again it is the same.
        for _ in 0..2 {
            done(&chief, "/chief/seat", &(replace.clone() + "&reason=taken+ill"), "seated%0A2%0AJ1%0AJ4%0A")
                .await;
        }
        assert_eq!(hall.entries().await.len(), entries + 2, "{}", place.kind);
        let entry = last(&hall).await;
        assert!(matches!(&entry.body, Body::Reseat(body) if body.leaves.as_str() == "J1"), "{entry:?}");
        assert_eq!((entry.actor.as_str(), entry.status), ("J9", Status::Accepted));
        let text = words(&page(&chief).await);
        assert!(text.contains("A1: has left, J4 sits there now"), "{text}");
        // Who comes sees the forms; who left does not any more.
        assert_eq!(forms(&sheets(&hall, "J4").await), ["A1", "B1"]);
        assert_eq!(forms(&sheets(&hall, "J1").await), Vec::<&str>::new());
        let mut comes = hall.tablet("J4").await;
        second.mark("C001", JUDGED, 2, None).await;
        third.mark("C001", JUDGED, 3, None).await;
        let again = comes.mark("C001", JUDGED, 0, None).await;
        let other = comes.mark("C002", JUDGED, 1, None).await;
        for tablet in [&second, &third, &comes] {
            tablet.received().await;
        }
        let (again, other) = (comes.receipt(again).expect("one"), comes.receipt(other).expect("one"));
        assert_eq!((again.status, again.code.as_deref()), (Status::Refused, Some("seat_has_scored")));
        assert_eq!(other.status, Status::Accepted);
        let sheets = sheets(&hall, "J2").await;
        let revealed = &sheets.forms[0].sheets[0].cells[3].revealed[0].scores;
        let judges: Vec<&str> = revealed.iter().map(|score| score.judge.as_str()).collect();
        assert_eq!(judges, ["J1", "J2", "J3"], "the score stays J1's");
        // What J1's tablet held is late, and an organiser admits it with the chief judge.
        let kept = first.mark("C003", JUDGED, 1, None).await;
        first.received().await;
        let kept = first.receipt(kept).expect("one");
        assert_eq!((kept.status, kept.code.as_deref()), (Status::Late, Some("judge_left")));
        let html = page(&chief).await;
        assert!(words(&html).contains("has left this seat"), "{html}");
        let take = form(&html, "/chief/settle", "value=\"take\"") + "&reason=marked+before";
        done(&chief, "/chief/settle", &take, "proposed").await;
        confirmed(&hall).await;
        assert_eq!(last(&hall).await.status, Status::Accepted);
        let late = comes.mark("C003", JUDGED, 3, None).await;
        comes.received().await;
        assert_eq!(comes.receipt(late).expect("one").code.as_deref(), Some("seat_has_scored"));
        exported(&hall, "reseat,,J1 > J4,A1").await;
        hall.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_judge_in_no_list_is_added_at_the_desk_and_takes_a_seat() {
    for place in TestDatabase::every_kind() {
        let hall = hall(&place).await;
        let chief = chief(&hall).await;
        let replace = form(&page(&chief).await, "/chief/seat", "name=\"leaves\"");
        let replace = replace + "&leaves=J1&judge=J5&sub_criterion=&reason=taken+ill";
        let unknown = send(&chief, "/chief/seat", &replace).await;
        assert_eq!(unknown.status, 404, "{}", unknown.text);
        let new =
            NewJudge { code: "J5".into(), name: "癸".to_owned(), organisation: "技师学院".to_owned() };
        let added = hall.desk.post(&format!("/api/skills/{}/judges", hall.skill), &new).await;
        assert_eq!(added.status, 204, "{}", added.text);
        assert!(page(&chief).await.contains("<option value=\"J5\">J5 癸</option>"));
        // Whoever was only added has nothing to mark.
        assert_eq!(forms(&sheets(&hall, "J5").await), Vec::<&str>::new());
        done(&chief, "/chief/seat", &replace, "seated%0A2%0AJ1%0AJ5%0A").await;
        assert_eq!(forms(&sheets(&hall, "J5").await), ["A1", "B1"]);
        let mut comes = hall.tablet("J5").await;
        let mark = comes.mark("C001", JUDGED, 2, None).await;
        comes.received().await;
        assert_eq!(comes.receipt(mark).expect("one").status, Status::Accepted, "{}", place.kind);
        let names = exported(&hall, "reseat,,J1 > J5,A1").await;
        assert!(names.contains("J5,癸,技师学院,judge"), "{names}");
        hall.close().await;
    }
}

/// What happened comes back from the package that tells it; gives its list of judges.
#[expect(clippy::expect_used, clippy::panic, reason = "a test stops at what it cannot do")]
async fn exported(hall: &Hall, event: &str) -> String {
    let listed: serde_json::Value = hall.desk.get("/api/competitions").await.json(200);
    let id = listed[0]["competition"]["id"].as_str().expect("an id").to_owned();
    let app = &hall.running.app;
    let files = server::exchange::package::export(&app.database, &app.ledger, &id, &|_, _| ()).await;
    let files = files.expect("a package");
    let events = String::from_utf8_lossy(files.get("skills/bench/events.csv").expect("events")).into_owned();
    assert!(events.contains(event), "{events}");
    let read = server::exchange::package::read(&files, &|_, _| ());
    let package = read.package.unwrap_or_else(|| panic!("{:?}", read.findings));
    let again = server::exchange::package::played(&package.skills[0]).expect("it plays");
    let again = again.skill.expect("it is open");
    let state = app.ledger.state(&hall.skill).await.expect("a state");
    let known = state.skill.as_deref().expect("it is open");
    for row in 0..4 {
        for column in 0..5 {
            assert_eq!(known.mark_of(row, column), again.mark_of(row, column), "{row} {column}");
        }
    }
    String::from_utf8_lossy(files.get("skills/bench/judges.csv").expect("judges")).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_marks_a_compatriot_and_who_stands_in_marks_that_competitor_alone() {
    for place in TestDatabase::every_kind() {
        let hall = compatriots(&place).await;
        let chief = chief(&hall).await;
        let (mut first, mut fourth) = (hall.tablet("J1").await, hall.tablet("J4").await);
        // Over the socket, past whatever the app shows.
        let own = first.mark("C001", JUDGED, 2, None).await;
        let other = first.mark("C002", JUDGED, 2, None).await;
        first.received().await;
        let (own, other) = (first.receipt(own).expect("one"), first.receipt(other).expect("one"));
        assert_eq!((own.status, own.code.as_deref()), (Status::Refused, Some("compatriot")));
        assert_eq!(other.status, Status::Accepted);
        let told = sheets(&hall, "J1").await;
        let marked_by = |sheets: &Sheets, row: usize| sheets.forms[0].sheets[row].marked_by.clone();
        assert_eq!(
            (marked_by(&told, 0).as_deref(), marked_by(&told, 1)),
            (Some("not yours; who stands in is not named yet"), None)
        );
        let html = page(&chief).await;
        assert!(words(&html).contains("not by J1: A1, B1"), "{}", words(&html));
        let stand_in = form(&html, "/chief/seat", "name=\"competitor\" value=\"C001\"") + "&judge=J4";
        for _ in 0..2 {
            done(&chief, "/chief/seat", &stand_in, "seated%0A2%0AJ1%0AJ4%0AC001").await;
        }
        let told = chief.get("/chief?done=seated%0A2%0AJ1%0AJ4%0AC001").await.text;
        assert!(
            words(&told).contains("Done: J4 marks competitor C001 for J1, panels: 2."),
            "{}",
            words(&told)
        );
        let shown = words(&page(&chief).await);
        assert!(!shown.contains("not by J1") && shown.contains("A1 B1: J4 instead of J1"), "{shown}");
        assert_eq!(marked_by(&sheets(&hall, "J1").await, 0).as_deref(), Some("J4 stands in"));
        let told = sheets(&hall, "J4").await;
        assert_eq!(forms(&told), ["A1", "B1"]);
        assert_eq!((marked_by(&told, 0), marked_by(&told, 1).as_deref()), (None, Some("")));
        let here = fourth.mark("C001", JUDGED, 2, None).await;
        fourth.mark("C001", "A1.01", 30, None).await;
        let elsewhere = fourth.mark("C002", JUDGED, 2, None).await;
        fourth.received().await;
        assert_eq!(fourth.receipt(here).expect("one").status, Status::Accepted);
        let elsewhere = fourth.receipt(elsewhere).expect("one");
        assert_eq!((elsewhere.status, elsewhere.code.as_deref()), (Status::Refused, Some("not_on_panel")));
        // Whoever does not mark a competitor learns nothing of their marks.
        let told = sheets(&hall, "J1").await;
        let is_told = |row: usize| {
            let sheet = &told.forms[0].sheets[row];
            sheet.cells.iter().any(|cell| cell.value.is_some() || cell.mark.is_some())
        };
        assert_eq!((is_told(0), is_told(1)), (false, true), "{}", place.kind);
        let told = sheets(&hall, "J4").await;
        assert!(told.forms[0].sheets[0].cells.iter().any(|cell| cell.mark.is_some()));
        // J4 comes from where C002 comes from: that takes two persons.
        let replace = form(&page(&chief).await, "/chief/seat", "name=\"leaves\"><option");
        let asked = replace + "&leaves=J2&judge=J4&sub_criterion=A1&competitor=C002&reason=nobody+else";
        done(&chief, "/chief/seat", &asked, "proposed").await;
        let waiting = words(&page(&chief).await);
        assert!(waiting.contains("Let J4 mark C002, who comes from the same place (A1"), "{waiting}");
        confirmed(&hall).await;
        let admitted = fourth.mark("C002", JUDGED, 1, None).await;
        fourth.received().await;
        assert_eq!(fourth.receipt(admitted).expect("one").status, Status::Accepted);
        // Somebody in no list is a compatriot as much as anybody.
        let new = NewJudge { code: "J5".into(), name: "癸".to_owned(), organisation: "丙校".to_owned() };
        assert_eq!(hall.desk.post(&format!("/api/skills/{}/judges", hall.skill), &new).await.status, 204);
        let replace = form(&page(&chief).await, "/chief/seat", "name=\"leaves\"><option");
        let ill = replace + "&leaves=J3&judge=J5&sub_criterion=A1&reason=taken+ill";
        done(&chief, "/chief/seat", &ill, "seated%0A1%0AJ3%0AJ5%0A").await;
        let mut fifth = hall.tablet("J5").await;
        let own = fifth.mark("C003", JUDGED, 2, None).await;
        fifth.received().await;
        assert_eq!(fifth.receipt(own).expect("one").code.as_deref(), Some("compatriot"));
        exported(&hall, "reseat,C001,J1 > J4,A1").await;
        hall.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_connected_twice_is_told_and_what_either_enters_is_kept() {
    for place in TestDatabase::every_kind() {
        let hall = hall(&place).await;
        let mut first = hall.tablet("J1").await;
        first.live().await;
        let told = sheets(&hall, "J1").await.also;
        assert!(told.starts_with("Another device is connected as you"), "{told}");
        assert_eq!(sheets(&hall, "J2").await.also, "", "{}", place.kind);
        let mut second = hall.tablet("J1").await;
        second.live().await;
        assert!(sheets(&hall, "J1").await.also.starts_with("2 other devices"));
        let one = first.mark("C001", JUDGED, 2, None).await;
        first.received().await;
        let other = second.mark("C001", JUDGED, 3, None).await;
        second.received().await;
        let status = |tablet: &tests::Tablet, id| tablet.receipt(id).expect("one").status;
        assert_eq!((status(&first, one), status(&second, other)), (Status::Accepted, Status::Conflict));
        hall.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_spoken_score_counts_once_its_judge_confirms_it_by_pin() {
    for place in TestDatabase::every_kind() {
        let hall = hall(&place).await;
        let chief = chief(&hall).await;
        let accounts = &hall.running.app.accounts;
        let card = accounts.make_card(&hall.skill, &"J2".into(), Role::Judge).await.expect("a card");
        let html = page(&chief).await;
        let spoken = |pin: &str, score: &str| {
            let hidden = form(&html, "/chief/spoken", "name=\"pin\"");
            format!("{hidden}&judge=J2&competitor=C001&aspect={JUDGED}&score={score}&pin={pin}")
        };
        let entries = hall.entries().await.len();
        let none = send(&chief, "/chief/spoken", &spoken(&card.pin, "2")).await;
        assert!(none.status == 409 && none.text.contains("no device signed in"), "{}", none.text);
        let signed_in = accounts.enrol(&card.code, &card.pin).await.expect("signed in");
        let wrong = if card.pin.starts_with('1') { "2222" } else { "1111" };
        let refused = send(&chief, "/chief/spoken", &spoken(wrong, "2")).await;
        assert!(refused.status == 409 && refused.text.contains("The PIN is wrong"), "{}", refused.text);
        assert!(!refused.text.contains(wrong), "a PIN is never sent back");
        let unreadable = send(&chief, "/chief/spoken", &spoken(&card.pin, "two")).await;
        assert!(unreadable.status == 422 && unreadable.text.contains("is no score"), "{}", unreadable.text);
        // It stands there as it was typed, but for the PIN, with what is wrong beside it.
        assert!(unreadable.text.contains("value=\"two\"") && !unreadable.text.contains(&card.pin));
        assert_eq!(hall.entries().await.len(), entries);
        for _ in 0..2 {
            // Full-width, as a Chinese keyboard gives it.
            done(&chief, "/chief/spoken", &spoken(&card.pin, "%EF%BC%92"), "entered").await;
        }
        assert_eq!(hall.entries().await.len(), entries + 1, "{}", place.kind);
        let entry = last(&hall).await;
        assert_eq!((entry.actor.as_str(), entry.second.as_deref()), ("J9", Some("J2")));
        let again = spoken(&card.pin, "3").replace("act=", "act=0190b1e2-7c5a-7000-8000-0000000000aa&x=");
        let again = again.split('&').filter(|field| !field.starts_with("x=")).collect::<Vec<_>>().join("&");
        let again = send(&chief, "/chief/spoken", &again).await;
        assert!(again.status == 409 && again.text.contains("scored in this round already"), "{}", again.text);
        // What the judge's own tablet held meanwhile replaces nothing.
        let server::accounts::Who::Judge(enrolled) = signed_in.who else { panic!("a judge") };
        let mut tablet = hall.tablet_of(&enrolled, judge_client::native::Storage::Memory);
        let kept = tablet.mark("C001", JUDGED, 1, None).await;
        tablet.received().await;
        assert_eq!(tablet.receipt(kept).expect("one").status, Status::Conflict);
        assert!(words(&page(&chief).await).contains("Waits for your decision 1"));
        hall.close().await;
    }
}

/// Who waits for whom, told to those who have scored.
#[tokio::test(flavor = "multi_thread")]
async fn a_judge_who_has_scored_is_told_who_is_still_to_and_who_of_them_is_offline() {
    for place in TestDatabase::every_kind() {
        let hall = hall(&place).await;
        let mut first = hall.tablet("J1").await;
        let second = hall.tablet("J2").await;
        second.live().await;
        first.mark("C001", JUDGED, 2, None).await;
        first.received().await;
        let of = |sheets: &Sheets| sheets.forms[0].sheets[0].cells[3].waits_for.clone();
        assert_eq!(of(&sheets(&hall, "J1").await), "J2, J3 (offline)");
        assert_eq!(of(&sheets(&hall, "J2").await), "", "who has not scored is told nothing");
        hall.close().await;
    }
}
