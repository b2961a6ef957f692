//! What a chief judge does that moves the results of many, over HTTP, on both databases: what is shown
//! before anybody confirms it, who must, and what then stands.

use domain::access::Role;
use domain::id::{EntryId, LedgerId};
use domain::ledger::Status;
use domain::marking::Cell;
use domain::results::{Standing, standings};
use protocol::desk::{Act, Competition};
use tests::chief::{chief, confirmed, desk, device, done, form, page, send, with_skill, words};
use tests::hall::{COMPETITORS, JUDGED};
use tests::{Hall, Tablet, TestDatabase};

/// What J1 to J3 gave: A1.01, A1.02, A1.03, B1.01 and the rung of all three.
const MARKS: [[i64; 5]; 4] =
    [[10, 20, 30, 40, 3], [50, 40, 30, 20, 2], [30, 30, 30, 30, 1], [0, 10, 0, 10, 0]];

/// Everything marked for everybody; gives J1's tablet.
async fn marked(hall: &Hall) -> Tablet {
    let (mut one, mut two, mut three) =
        (hall.tablet("J1").await, hall.tablet("J2").await, hall.tablet("J3").await);
    for (competitor, [a, b, c, d, rung]) in COMPETITORS.into_iter().zip(MARKS) {
        for (aspect, value) in [("A1.01", a), ("A1.02", b), ("A1.03", c), ("B1.01", d)] {
            one.mark(competitor, aspect, value, None).await;
        }
        for tablet in [&mut one, &mut two, &mut three] {
            tablet.mark(competitor, JUDGED, rung, None).await;
        }
    }
    for tablet in [&one, &two, &three] {
        tablet.received().await;
    }
    one
}

/// Code, total and rank of everybody.
async fn results(hall: &Hall) -> Vec<(String, String, String)> {
    with_skill(hall, |skill| {
        let told = |text: Option<String>| text.unwrap_or_else(|| "–".to_owned());
        let row = |standing: Standing| {
            let total = told(standing.total.map(|total| total.to_string()));
            (standing.competitor.to_string(), total, told(standing.position.map(|at| at.to_string())))
        };
        let mut rows: Vec<_> = standings(skill).into_iter().map(row).collect();
        rows.sort();
        rows
    })
    .await
}

/// Before and after of each competitor, as a page tells it.
fn tells(html: &str, before: &[(String, String, String)], after: &[(String, String, String)]) {
    let text = words(html);
    for ((code, total, rank), (_, new_total, new_rank)) in before.iter().zip(after) {
        let pair = |name: &str, one: &str, other: &str| match one == other {
            true => format!("{name} {one}"),
            false => format!("{name} {one} → becomes {other}"),
        };
        let line = format!("{code} {} {}", pair("Total", total, new_total), pair("Rank", rank, new_rank));
        let is_other = (total, rank) != (new_total, new_rank);
        assert_eq!(text.contains(&line), is_other, "{line} in {text}");
    }
}

/// what is confirmed is what was shown; the difference foretold is the one that comes.
#[tokio::test(flavor = "multi_thread")]
async fn an_aspect_is_voided_for_all_after_both_persons_saw_whose_total_and_rank_change() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        let chief = chief(&hall).await;
        let mut tablet = marked(&hall).await;
        let before = results(&hall).await;
        let entries = hall.entries().await.len();
        let asked =
            form(&page(&chief).await, "/chief/void", "") + "&aspect=A1.01&how=full&reason=broken+gauge";
        let looked = send(&chief, "/chief/void", &asked).await;
        assert_eq!(looked.status, 200, "{}", looked.text);
        assert!(words(&looked.text).contains("Void aspect A1.01 Gap: everybody gets its maximum"));
        assert!(!page(&chief).await.contains("/chief/retract"), "looking asks nobody");
        // Meanwhile a judge corrects what is about to be voided: what was seen is not what would come.
        let head = with_skill(&hall, |skill| match skill.cell(0, 0) {
            Cell::Measured(said) => said.as_ref().map(|said| said.entry),
            Cell::Scored(_) => None,
        });
        tablet.mark("C001", "A1.01", 15, head.await).await;
        tablet.received().await;
        let stale = send(&chief, "/chief/void", &form(&looked.text, "/chief/void", "A1.01")).await;
        assert!(
            stale.status == 200 && stale.text.contains("Results changed after you looked"),
            "{}",
            stale.text
        );
        done(&chief, "/chief/void", &form(&stale.text, "/chief/void", "A1.01"), "proposed").await;
        let before_now = results(&hall).await;
        assert_ne!(before, before_now);
        // The second person had the page open when another mark was corrected.
        let (organiser, path, old) = desk(&hall).await;
        let head = with_skill(&hall, |skill| match skill.cell(1, 0) {
            Cell::Measured(said) => said.as_ref().map(|said| said.entry),
            Cell::Scored(_) => None,
        });
        tablet.mark("C002", "A1.01", 45, head.await).await;
        tablet.received().await;
        let refused = send(&organiser, &path, &form(&old, &path, "")).await;
        assert!(
            refused.status == 409 && refused.text.contains("Results changed after you looked"),
            "{}",
            refused.text
        );
        let unseen = form(&old, &path, "").split("&seen").next().expect("the act").to_owned();
        assert_eq!(
            send(&organiser, &path, &unseen).await.status,
            409,
            "nobody confirms what they did not see"
        );
        let now = results(&hall).await;
        let own = page(&chief).await;
        let (_, _, shown) = desk(&hall).await;
        assert_eq!(hall.entries().await.len(), entries + 2);
        confirmed(&hall).await;
        let after = results(&hall).await;
        assert_ne!(now, after);
        // Both saw exactly what came.
        tells(&own, &now, &after);
        tells(&shown, &now, &after);
        let text = words(&page(&chief).await);
        assert!(
            text.contains("Void aspect A1.01 Gap: everybody gets its maximum Reason: broken gauge"),
            "{text}"
        );
        hall.close().await;
    }
}

///
#[tokio::test(flavor = "multi_thread")]
async fn two_sheets_are_exchanged_once_however_often_it_is_asked_for() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        let (one, other) = (chief(&hall).await, device(&hall, "J8", Role::ChiefJudge).await);
        marked(&hall).await;
        let before = results(&hall).await;
        let same = form(&page(&one).await, "/chief/exchange", "")
            + "&competitor=C001&other=C001&sub_criterion=A1&reason=x";
        let refused = send(&one, "/chief/exchange", &same).await;
        assert!(
            refused.status == 409 && refused.text.contains("two different competitors"),
            "{}",
            refused.text
        );
        let typed = "&competitor=C001&other=C002&sub_criterion=A1&reason=mixed+up";
        let looked =
            send(&one, "/chief/exchange", &(form(&page(&one).await, "/chief/exchange", "") + typed)).await;
        let ask = form(&looked.text, "/chief/exchange", "C002");
        done(&one, "/chief/exchange", &ask, "proposed").await;
        done(&one, "/chief/exchange", &ask, "proposed").await;
        // The other chief judge found it too; two exchanges would undo each other.
        let again =
            send(&other, "/chief/exchange", &(form(&page(&other).await, "/chief/exchange", "") + typed))
                .await;
        let again = send(&other, "/chief/exchange", &form(&again.text, "/chief/exchange", "C002")).await;
        assert!(again.status == 409 && again.text.contains("asked for already"), "{}", again.text);
        // The one who asked cannot confirm it on a second device either.
        let second_device = device(&hall, "J9", Role::ChiefJudge).await;
        let own = form(&page(&other).await, "/chief/second", "");
        let alone = send(&second_device, "/chief/second", &own).await;
        assert!(alone.status == 409 && alone.text.contains("second person"), "{}", alone.text);
        let html = page(&other).await;
        done(&other, "/chief/second", &form(&html, "/chief/second", ""), "confirmed").await;
        let after = results(&hall).await;
        tells(&looked.text, &before, &after);
        tells(&html, &before, &after);
        assert_eq!(send(&other, "/chief/second", &own).await.status, 409, "it is done");
        assert_eq!(results(&hall).await, after, "{}", place.kind);
        hall.close().await;
    }
}

///
#[tokio::test(flavor = "multi_thread")]
async fn a_decision_is_undone_by_two_persons_and_what_it_took_comes_back() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        let (one, other) = (chief(&hall).await, device(&hall, "J8", Role::ChiefJudge).await);
        let mut tablet = marked(&hall).await;
        let before = results(&hall).await;
        let fields = form(&page(&one).await, "/chief/competitor", "value=\"C002\"");
        let penalty = fields + "&what=penalty&amount=0.50&reason=late+to+the+bench";
        done(&one, "/chief/competitor", &penalty, "entered").await;
        let penalised = results(&hall).await;
        let html = page(&one).await;
        assert!(
            words(&html).contains("C002: penalty 0.50 Reason: late to the bench by J9 at"),
            "{}",
            words(&html)
        );
        let undo = form(&html, "/chief/undo", "") + "&reason=excused";
        let looked = send(&one, "/chief/undo", &undo).await;
        tells(&looked.text, &penalised, &before);
        done(&one, "/chief/undo", &form(&looked.text, "/chief/undo", ""), "proposed").await;
        assert_eq!(results(&hall).await, penalised, "one person undoes nothing");
        done(&other, "/chief/second", &form(&page(&other).await, "/chief/second", ""), "confirmed").await;
        assert_eq!(results(&hall).await, before);
        assert!(words(&page(&one).await).contains("No decision to undo"));
        // It is undone once, and a mark is no decision.
        let twice = send(&one, "/chief/undo", &undo).await;
        assert!(twice.status == 409 && twice.text.contains("no such decision"), "{}", twice.text);
        let mark = tablet.mark("C003", "B1.01", 35, None).await;
        tablet.received().await;
        let of_mark = format!("act={}&entry={mark}&salt={}&reason=x", EntryId(1 << 90), "0".repeat(32));
        assert_eq!(send(&one, "/chief/undo", &of_mark).await.status, 409);
        // Everything that holds is listed, and found by competitor.
        for (code, what) in
            [("C001", "absent&amount="), ("C003", "withdraw&amount="), ("C004", "extra_time&amount=15")]
        {
            let fields = form(&page(&one).await, "/chief/competitor", &format!("value=\"{code}\""));
            done(&one, "/chief/competitor", &format!("{fields}&what={what}&reason=x"), "entered").await;
        }
        let text = words(&page(&one).await);
        for told in ["C001: absent", "C003: withdraws", "C004: 15 min given back"] {
            assert!(text.contains(told), "{told} in {text}");
        }
        let found = words(&one.get("/chief?find=c003").await.text);
        assert!(found.contains("C003: withdraws") && !found.contains("C001: absent"), "{found}");
        assert!(!found.contains("C004: 15 min"), "{}", place.kind);
        hall.close().await;
    }
}

/// Ids of another skill, forms of another skill's page, and a proposal whose asker was signed out.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_another_skill_and_nobody_who_was_signed_out_moves_a_result() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        let (one, other) = (chief(&hall).await, device(&hall, "J8", Role::ChiefJudge).await);
        marked(&hall).await;
        let before = results(&hall).await;
        let entries = hall.entries().await.len();
        let salt = "0".repeat(32);
        let act = |n: u128| EntryId((1 << 90) + n);
        for (path, fields) in [
            ("void", format!("act={}&aspect=Z9.99&how=full&salt={salt}&reason=x", act(1))),
            (
                "exchange",
                format!("act={}&competitor=C001&other=X999&sub_criterion=A1&salt={salt}&reason=x", act(2)),
            ),
            (
                "exchange",
                format!("act={}&competitor=C001&other=C002&sub_criterion=Z9&salt={salt}&reason=x", act(3)),
            ),
            ("undo", format!("act={}&entry={}&salt={salt}&reason=x", act(4), act(99))),
            ("unlock", format!("act={}&competitor=C001&aspect=Z9.99&salt={salt}&reason=x", act(5))),
            ("unlock", format!("act={}&competitor=C001&aspect=A1.01&salt={salt}&reason=x", act(6))),
            (
                "sign",
                format!(
                    "act={}&competitor=X999&sub_criterion=A1&judge=J1&sheet={}&salt={salt}&reason=x",
                    act(7),
                    "0".repeat(64)
                ),
            ),
            ("moment", format!("act={}&competitor=X999&what=start&stands=", act(8))),
            ("second", format!("act={}&seen=", act(9))),
        ] {
            let answer = send(&one, &format!("/chief/{path}"), &fields).await;
            assert_eq!(answer.status, 409, "{path}: {}", answer.text);
        }
        let text = words(&page(&one).await);
        assert!(!text.contains("Waits for a second person"), "{text}");
        let typed = "&aspect=A1.01&how=removed&reason=x";
        let looked = send(&one, "/chief/void", &(form(&page(&one).await, "/chief/void", "") + typed)).await;
        done(&one, "/chief/void", &form(&looked.text, "/chief/void", "A1.01"), "proposed").await;
        let enrolments = hall.running.app.accounts.enrolments(&hall.skill).await.expect("enrolments");
        let own = enrolments.iter().find(|listed| listed.judge.as_str() == "J9").expect("an enrolment");
        hall.running.app.accounts.end_enrolment(&own.enrolment, &hall.skill).await.expect("it is ended");
        let refused = send(&other, "/chief/second", &form(&page(&other).await, "/chief/second", "")).await;
        assert!(refused.status == 409 && refused.text.contains("signed out"), "{}", refused.text);
        assert_eq!(send(&one, "/chief/void", &form(&looked.text, "/chief/void", "A1.01")).await.status, 401);
        assert_eq!(results(&hall).await, before, "{}", place.kind);
        // What was refused by name is in the ledger as refused; none of it is accepted.
        let fresh = hall.entries().await.split_off(entries);
        assert!(fresh.iter().all(|sealed| sealed.entry.status == Status::Refused));
        hall.close().await;
    }
}

/// Looking asks nobody, and nothing is different for results that are out.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_looked_at_after_the_release_changes_nothing_yet() {
    let place = TestDatabase::sqlite();
    let hall = Hall::open(&place).await;
    let chief = chief(&hall).await;
    marked(&hall).await;
    let fields = form(&page(&chief).await, "/chief/competitor", "value=\"C002\"");
    done(&chief, "/chief/competitor", &(fields + "&what=absent&amount=&reason=x"), "entered").await;
    hall.act(Act::Close).await;
    hall.act(Act::ReleaseProvisional).await;
    let undo = form(&page(&chief).await, "/chief/undo", "") + "&reason=was+there";
    let looked = send(&chief, "/chief/undo", &undo).await.text;
    // Who changes its language is led to the page: a form's own address shows nothing.
    assert!(looked.contains("back=%2Fchief\"") && !looked.contains("back=%2Fchief%2Fundo"), "{looked}");
    let looked = words(&looked);
    assert!(looked.contains("C002 Total – → becomes 1.73 Rank Absent → becomes 1"), "{looked}");
    let shown: Competition = {
        let listed: serde_json::Value = hall.desk.get("/api/competitions").await.json(200);
        let id = listed[0]["competition"]["id"].as_str().expect("an id").to_owned();
        hall.desk.get(&format!("/api/competitions/{id}")).await.json(200)
    };
    assert!(shown.skills[0].proposals.is_empty(), "looking asks nobody");
    assert_eq!(LedgerId::from(shown.skills[0].skill.id.as_str()), hall.skill);
    hall.close().await;
}
