//! The chief judge's page over HTTP, on both databases: what it shows and to whom, and what its forms
//! enter.
#![expect(clippy::expect_used, reason = "a test stops at what it cannot do")]

use domain::access::Role;
use domain::id::{EntryId, LedgerId};
use domain::ledger::Status;
use domain::marking::{Body, Sign};
use judge_client::native::Storage;
use protocol::desk::{Act, Competition, Do, Small};
use tests::chief::{chief, device, device_of, done, form, last, page, send, words};
use tests::hall::{COMPETITORS, JUDGED, package};
use tests::http::Browser;
use tests::{Hall, Tablet, TestDatabase};

/// J1's 0.30 stands at C001's A1.01, and J2's 0.40 waits; gives both entries.
async fn conflict(hall: &Hall) -> (EntryId, EntryId) {
    let (stands, waits, _) = conflict_on(hall).await;
    (stands, waits)
}

/// The same with the tablet on which the one that waits was entered.
async fn conflict_on(hall: &Hall) -> (EntryId, EntryId, Tablet) {
    let (mut one, mut other) = (hall.tablet("J1").await, hall.tablet("J2").await);
    let stands = one.mark("C001", "A1.01", 30, None).await;
    one.received().await;
    let waits = other.mark("C001", "A1.01", 40, None).await;
    other.received().await;
    assert_eq!(other.receipt(waits).expect("a receipt").status, Status::Conflict);
    (stands, waits, other)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chief_judge_sees_both_values_and_takes_one_and_the_judges_hear_it() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        let chief = chief(&hall).await;
        let (stands, waits, own) = conflict_on(&hall).await;
        let watching = hall.tablet("J3").await;
        watching.live().await;
        let html = page(&chief).await;
        for words in
            ["C001", "A1.01", "<strong>0.3</strong>", "<strong>0.4</strong>", "gives 0.40", "gives 0.30"]
        {
            assert!(html.contains(words), "{words} in {html}");
        }
        assert!(html.contains("Another value stands in this cell"), "why it waits");
        let take = form(&html, "/chief/settle", "value=\"take\"") + "&reason=seen+on+paper";
        done(&chief, "/chief/settle", &take, "entered").await;
        let entry = last(&hall).await;
        assert_eq!((entry.actor.as_str(), entry.role, entry.second), ("J9", Role::ChiefJudge, None));
        assert_eq!((entry.status, entry.dseq), (Status::Accepted, 1));
        assert!(entry.device.as_str().starts_with("chief:"), "{}", entry.device);
        let Body::Resolve(resolve) = &entry.body else { panic!("{:?}", entry.body) };
        assert_eq!((resolve.keep, resolve.drop), (Some(waits), Some(stands)));
        let reason = hall.running.app.ledger.reason(entry.id).await.expect("an answer");
        assert_eq!(reason.map(|reason| reason.text), Some("seen on paper".to_owned()));
        // A form that is sent again enters nothing, and raises no alarm.
        let entries = hall.entries().await.len();
        done(&chief, "/chief/settle", &take, "entered").await;
        assert_eq!(hall.entries().await.len(), entries);
        // Who sits on the panel hears what stands there now, and the tablet that it came from too.
        let is_told = |show: &judge_client::Show| matches!(show, judge_client::Show::Head { cell, id } if cell.aspect.as_str() == "A1.01" && *id == Some(waits));
        watching.shown(is_told).await;
        own.shown(is_told).await;
        let state = hall.running.app.ledger.state(&hall.skill).await.expect("a state");
        let skill = state.skill.as_deref().expect("it is open");
        assert_eq!(skill.board.mark(0, skill.column(&"A1.01".into()).expect("a column")), Some(40));
        assert!(skill.pending.is_empty());
        let html = chief.get("/chief?done=entered").await.text;
        assert!(html.contains("No value waits for you") && html.contains("Done: it is in the ledger."));
        hall.close().await;
    }
}

/// an impatient finger, or a browser that sends again.
#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_is_sent_many_times_at_once_is_entered_once_and_raises_no_alarm() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        let beside = hall.beside(&place).await;
        let chief = chief(&hall).await;
        conflict(&hall).await;
        let take = form(&page(&chief).await, "/chief/settle", "value=\"take\"") + "&reason=seen";
        let entries = hall.entries().await.len();
        let mut sending = tokio::task::JoinSet::new();
        for server in [&hall, &beside].into_iter().cycle().take(8) {
            let (take, mut chief) = (take.clone(), chief.clone());
            chief = chief.at(server.address());
            sending.spawn(async move { done(&chief, "/chief/settle", &take, "entered").await });
        }
        while let Some(sent) = sending.join_next().await {
            sent.expect("it is taken");
        }
        assert_eq!(hall.entries().await.len(), entries + 1, "{}", place.kind);
        beside.close().await;
        hall.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_can_be_kept_and_a_form_made_before_somebody_corrected_it_is_refused() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        let chief = chief(&hall).await;
        let (stands, waits) = conflict(&hall).await;
        let keep = form(&page(&chief).await, "/chief/settle", "value=\"keep\"") + "&reason=measured+again";
        let entries = hall.entries().await.len();
        let without = send(&chief, "/chief/settle", &keep.replace("measured+again", "+")).await;
        assert_eq!(without.status, 409);
        assert!(
            without.text.contains("Give the reason") && without.text.contains("C001"),
            "{}",
            without.text
        );
        assert_eq!(hall.entries().await.len(), entries, "an empty reason leaves nothing in the ledger");
        let mut one = hall.tablet("J1").await;
        let corrected = one.mark("C001", "A1.01", 35, Some(stands)).await;
        one.received().await;
        let old = send(&chief, "/chief/settle", &keep).await;
        assert_eq!(old.status, 409, "{}", old.text);
        assert!(old.text.contains("reload and choose again"), "{}", old.text);
        let html = page(&chief).await;
        assert!(html.contains("<strong>0.35</strong>"), "{html}");
        let keep = form(&html, "/chief/settle", "value=\"keep\"") + "&reason=measured+again";
        done(&chief, "/chief/settle", &keep, "entered").await;
        let Body::Resolve(resolve) = last(&hall).await.body else { panic!("a resolution") };
        assert_eq!((resolve.keep, resolve.drop), (Some(corrected), Some(waits)));
        hall.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_mark_counts_once_an_organiser_confirms_what_the_chief_judge_asked_for() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        let chief = chief(&hall).await;
        hall.act(Act::Close).await;
        let mut tablet = hall.tablet("J1").await;
        let late = tablet.mark("C002", "A1.02", 45, None).await;
        tablet.received().await;
        let html = page(&chief).await;
        assert!(html.contains("Marking of this skill is over") && html.contains("Nothing"), "{html}");
        let take = form(&html, "/chief/settle", "value=\"take\"") + "&reason=no+network";
        let entries = hall.entries().await.len();
        done(&chief, "/chief/settle", &take, "proposed").await;
        done(&chief, "/chief/settle", &take, "proposed").await;
        assert_eq!(hall.entries().await.len(), entries, "one person cannot admit it");
        let html = page(&chief).await;
        assert!(!html.contains("action=\"/chief/settle\""), "it is asked for already");
        let own = form(&html, "/chief/retract", "");
        let alone = send(&chief, "/chief/second", &own).await;
        assert_eq!(alone.status, 409, "{}", alone.text);
        assert!(alone.text.contains("second person"), "{}", alone.text);
        // It can be taken back and asked for again.
        done(&chief, "/chief/retract", &own, "retracted").await;
        assert_eq!(send(&chief, "/chief/retract", &own).await.status, 409, "it is gone");
        let again = form(&page(&chief).await, "/chief/settle", "value=\"take\"") + "&reason=no+network";
        done(&chief, "/chief/settle", &again, "proposed").await;
        // At the desk, where the organisers look.
        let mut desk = hall.desk.clone();
        desk.headers = vec![("accept", "text/html"), ("accept-language", "en")];
        let listed: serde_json::Value = hall.desk.get("/api/competitions").await.json(200);
        let id = listed[0]["competition"]["id"].as_str().expect("an id").to_owned();
        let shown: Competition = hall.desk.get(&format!("/api/competitions/{id}")).await.json(200);
        assert_eq!(shown.skills[0].proposals.len(), 1);
        let html = desk.get(&format!("/desk/competition/{id}")).await.text;
        assert!(html.contains("late mark of C002 A1.02: 0.45 in place of nothing"), "{html}");
        let path = format!("/desk/skill/{}/second", hall.skill);
        let confirm = form(&html, &path, "");
        assert_eq!(send(&desk, &path, &confirm).await.status, 303);
        let entry = last(&hall).await;
        assert_eq!(
            (entry.actor.as_str(), entry.role, entry.status),
            ("J9", Role::ChiefJudge, Status::Accepted)
        );
        assert!(entry.second.is_some_and(|second| second != "J9"));
        let Body::Resolve(resolve) = &entry.body else { panic!("{:?}", entry.body) };
        assert_eq!((resolve.keep, resolve.drop), (Some(late), None));
        assert_eq!(send(&desk, &path, &confirm).await.status, 409, "it is done");
        assert_eq!(last(&hall).await.id, entry.id);
        let state = hall.running.app.ledger.state(&hall.skill).await.expect("a state");
        let skill = state.skill.as_deref().expect("it is open");
        assert_eq!(skill.board.mark(1, skill.column(&"A1.02".into()).expect("a column")), Some(45));
        assert!(page(&chief).await.contains("No value waits for you"), "{}", place.kind);
        hall.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_chief_judge_of_the_skill_may_be_the_second_person_and_one_who_is_signed_out_asks_for_nothing()
 {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        let (one, other) = (chief(&hall).await, device(&hall, "J8", Role::ChiefJudge).await);
        let out = |code: &str| format!("competitor={code}");
        let fields = form(&page(&one).await, "/chief/competitor", "value=\"C003\"");
        let form_of = fields + "&what=disqualify&amount=&reason=safety";
        for word in ["", "&word=", "&word=C004"] {
            let refused = send(&one, "/chief/competitor", &(form_of.clone() + word)).await;
            assert_eq!(refused.status, 422, "{word}: {}", refused.text);
            assert!(refused.text.contains("write C003 in"), "{}", refused.text);
        }
        assert!(!page(&other).await.contains("Disqualify C003"), "nothing was asked for");
        // Whoever typed the code meant to disqualify, whatever the list says.
        let absent = form_of.replace("what=disqualify", "what=absent") + "&word=C003";
        let refused = send(&one, "/chief/competitor", &absent).await;
        assert!(refused.status == 422 && refused.text.contains("only then"), "{}", refused.status);
        // It stands there as it was sent.
        assert!(
            refused.text.contains("value=\"absent\" selected") && refused.text.contains(">safety</textarea>")
        );
        let form_of = form_of + "&word=+c003";
        done(&one, "/chief/competitor", &form_of, "proposed").await;
        let html = page(&other).await;
        assert!(html.contains("Disqualify C003") && html.contains("safety"), "{html}");
        let confirm = form(&html, "/chief/second", "");
        done(&other, "/chief/second", &confirm, "confirmed").await;
        let entry = last(&hall).await;
        assert_eq!((entry.actor.as_str(), entry.second.as_deref()), ("J9", Some("J8")));
        assert!(matches!(&entry.body, Body::Disqualify(body) if body.competitor.as_str() == "C003"));
        let fields = form(&page(&one).await, "/chief/competitor", "value=\"C004\"");
        assert!(fields.contains(&out("C004")));
        done(
            &one,
            "/chief/competitor",
            &(fields + "&what=disqualify&amount=&reason=x&word=C004"),
            "proposed",
        )
        .await;
        let enrolments = hall.running.app.accounts.enrolments(&hall.skill).await.expect("enrolments");
        let own = enrolments.iter().find(|listed| listed.judge.as_str() == "J9").expect("an enrolment");
        hall.running.app.accounts.end_enrolment(&own.enrolment, &hall.skill).await.expect("it is ended");
        let confirm = form(&page(&other).await, "/chief/second", "");
        let refused = send(&other, "/chief/second", &confirm).await;
        assert_eq!(refused.status, 409, "{}", refused.text);
        assert!(refused.text.contains("signed out"), "{}", refused.text);
        assert_eq!(last(&hall).await.id, entry.id, "{}", place.kind);
        hall.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_but_the_skills_chief_judge_sees_the_page_or_sends_its_forms() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        let (_, waits) = conflict(&hall).await;
        let chief = chief(&hall).await;
        let take = form(&page(&chief).await, "/chief/settle", "value=\"take\"") + "&reason=x";
        let judge = device(&hall, "J2", Role::Judge).await;
        let mut organiser = hall.desk.clone();
        organiser.headers = chief.headers.clone();
        let mut nobody = Browser::new(hall.address());
        nobody.headers = chief.headers.clone();
        let mut foreign = chief.clone();
        foreign.headers.push(("origin", "https://evil.example"));
        let entries = hall.entries().await.len();
        for (who, status, words) in [
            (&judge, 403, "You may not do this in your role."),
            (&organiser, 403, "You may not do this in your role."),
            (&nobody, 401, "href=\"/judge\""),
        ] {
            let answer = who.get("/chief").await;
            assert_eq!(answer.status, status);
            assert!(answer.text.contains(words) && !answer.text.contains("C001"), "{}", answer.text);
            for path in [
                "settle",
                "again",
                "competitor",
                "second",
                "retract",
                "sign",
                "lock",
                "lock-all",
                "unlock",
                "void",
                "exchange",
                "undo",
                "moment",
                "moment-all",
            ] {
                assert_eq!(send(who, &format!("/chief/{path}"), &take).await.status, status, "{path}");
            }
        }
        assert_eq!(send(&foreign, "/chief/settle", &take).await.status, 403);
        assert_eq!(hall.entries().await.len(), entries);
        // The chief judge of another skill has a page of that skill, and no say in this one.
        let other = other_skill(&hall).await;
        let stranger = device_of(&hall, &other, "J9", Role::ChiefJudge).await;
        assert!(!page(&stranger).await.contains("C001"));
        assert_eq!(send(&stranger, "/chief/settle", &take).await.status, 409);
        assert_eq!(hall.entries().await.len(), entries);
        let state = hall.running.app.ledger.state(&hall.skill).await.expect("a state");
        assert!(
            state.skill.as_ref().is_some_and(|skill| skill.pending.contains_key(&waits)),
            "{}",
            place.kind
        );
        hall.close().await;
    }
}

/// Another open skill of the same server.
async fn other_skill(hall: &Hall) -> LedgerId {
    let small = Small {
        organisation: String::new(),
        name: "Drill".to_owned(),
        skill: "Welding".to_owned(),
        rule_set: "enterprise-drill".to_owned(),
        competitors: "甲".to_owned(),
        judges: "乙\n丙".to_owned(),
        aspects: "外观，10，测量".to_owned(),
    };
    let made: serde_json::Value = hall.desk.post("/api/competitions/small", &small).await.json(201);
    let id = made["competition"]["id"].as_str().expect("an id");
    let shown: Competition = hall.desk.get(&format!("/api/competitions/{id}")).await.json(200);
    let skill = LedgerId::from(shown.skills[0].skill.id.as_str());
    let path = format!("/api/skills/{skill}/act");
    assert_eq!(hall.desk.post(&path, &Do { act: Act::Open }).await.status, 204);
    skill
}

/// who sits on a panel sees nothing of a round before everybody has scored, chief judge or not.
#[tokio::test(flavor = "multi_thread")]
async fn a_chief_judge_with_a_seat_sees_no_score_of_a_round_before_it_is_complete() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        let seated = device(&hall, "J1", Role::ChiefJudge).await;
        let leading = chief(&hall).await;
        // One judge on two tablets: the second did not see the first.
        let (mut one, mut other) = (hall.tablet("J2").await, hall.tablet("J2").await);
        one.mark("C001", JUDGED, 3, None).await;
        one.received().await;
        other.mark("C001", JUDGED, 0, None).await;
        other.received().await;
        let (html, all) = (page(&seated).await, page(&leading).await);
        for (value, words) in [("3", "<strong>3</strong>"), ("0", "<strong>0</strong>")] {
            assert!(all.contains(words), "{value} in {all}");
            assert!(!html.contains(words), "{value} in {html}");
        }
        assert!(html.contains("Not shown yet"));
        assert!(html.contains("2 devices are signed in as this judge"), "{html}");
        for judge in ["J1", "J3"] {
            let mut tablet = hall.tablet_of(&hall.enrol(judge).await, Storage::Memory);
            tablet.mark("C001", JUDGED, 1, None).await;
            tablet.received().await;
        }
        let html = page(&seated).await;
        assert!(html.contains("<strong>3</strong>") && html.contains("<strong>0</strong>"), "{html}");
        // 1, 3, 1: the spread is 2, and everybody scores again.
        assert!(html.contains("round 1: spread 2, at most 1"), "{html}");
        assert!(html.contains("J1 (offline)"), "{html}");
        assert!(html.replace(" (offline)", "").contains("J1, J2, J3"), "{}", place.kind);
        hall.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chief_judge_asks_for_a_new_round_and_decides_of_competitors() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        let chief = chief(&hall).await;
        let again = |html: &str| {
            form(html, "/chief/again", "") + &format!("&competitor=C001&aspect={JUDGED}&reason=x")
        };
        let early = send(&chief, "/chief/again", &again(&page(&chief).await)).await;
        assert!(early.status == 409 && early.text.contains("This round is not complete"), "{}", early.text);
        for judge in ["J1", "J2", "J3"] {
            let mut tablet = hall.tablet(judge).await;
            tablet.mark("C001", JUDGED, 2, None).await;
            tablet.received().await;
        }
        done(&chief, "/chief/again", &again(&page(&chief).await), "entered").await;
        let html = page(&chief).await;
        assert!(html.contains("round 1 would count; another was asked for"), "{html}");
        assert!(html.replace(" (offline)", "").contains("J1, J2, J3"), "{html}");
        let of = |html: &str, code: &str, what: &str| {
            form(html, "/chief/competitor", &format!("value=\"{code}\"")) + &format!("&what={what}&reason=x")
        };
        for (code, what, words) in [
            ("C001", "penalty&amount=2.50", "penalty 2.50"),
            ("C001", "extra_time&amount=15", "15 min given back"),
            ("C002", "absent&amount=", "absent"),
            ("C003", "withdraw&amount=", "withdrawn"),
        ] {
            done(&chief, "/chief/competitor", &of(&page(&chief).await, code, what), "entered").await;
            let html = page(&chief).await.to_lowercase();
            assert!(html.contains(words), "{words} in {html}");
        }
        let entries = hall.entries().await;
        let own = entries.iter().filter(|sealed| sealed.entry.device.as_str().starts_with("chief:"));
        // The refused request for a round is entered too; the numbers have no gap.
        assert_eq!(own.map(|sealed| sealed.entry.dseq).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6]);
        for wrong in
            ["penalty&amount=", "penalty&amount=viel", "extra_time&amount=1.5", "extra_time&amount=100000"]
        {
            let answer = send(&chief, "/chief/competitor", &of(&page(&chief).await, "C001", wrong)).await;
            assert_eq!(answer.status, 422, "{wrong}: {}", answer.text);
        }
        assert_eq!(hall.entries().await.len(), entries.len());
        let twice = of(&page(&chief).await, "C003", "withdraw&amount=");
        assert_eq!(send(&chief, "/chief/competitor", &twice).await.status, 409, "{}", place.kind);
        hall.close().await;
    }
}

///
#[tokio::test(flavor = "multi_thread")]
async fn a_sheet_is_locked_once_all_have_signed_what_stands_there_and_later_marks_are_late() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        let chief = chief(&hall).await;
        let mut tablet = hall.tablet("J1").await;
        tablet.mark("C001", "B1.01", 30, None).await;
        tablet.received().await;
        let html = page(&chief).await;
        assert!(html.contains("Waits for <strong class=\"mono\">J1</strong> to sign"), "{html}");
        assert!(!html.contains("/chief/lock"), "nothing is locked before it is signed");
        let early = "act=018f0000-0000-7000-8000-000000000001&competitor=C001&sub_criterion=B1";
        let refused = send(&chief, "/chief/lock", early).await;
        assert_eq!(refused.status, 409, "{}", refused.text);
        let state = hall.running.app.ledger.state(&hall.skill).await.expect("a state");
        let skill = state.skill.as_deref().expect("an open skill");
        let sheet = skill.sheet_digest(0, 1);
        let sign = Sign {
            competitor: "C001".into(),
            drawing: None,
            judge: "J1".into(),
            reason: None,
            sheet,
            sub_criterion: "B1".into(),
        };
        let signed = tablet.enter(Body::Sign(sign)).await;
        tablet.received().await;
        assert_eq!(tablet.receipt(signed).expect("a receipt").status, Status::Accepted);
        let html = page(&chief).await;
        let [a, b, c, d, ..] = sheet.0;
        assert!(
            html.contains(&format!("{a:02X}{b:02X} {c:02X}{d:02X}")),
            "the code of what is signed: {html}"
        );
        done(&chief, "/chief/lock", &form(&html, "/chief/lock", "value=\"C001\""), "entered").await;
        assert!(page(&chief).await.contains("Locked: 1"));
        let late = tablet.mark("C001", "B1.01", 40, None).await;
        tablet.received().await;
        assert_eq!(tablet.receipt(late).expect("a receipt").status, Status::Late);
        assert!(page(&chief).await.contains("B1.01"), "and waits for the chief judge");
        hall.close().await;
    }
}

///
#[tokio::test(flavor = "multi_thread")]
async fn names_are_not_on_the_page_while_codes_are_sealed() {
    let place = TestDatabase::sqlite();
    let hall = Hall::open(&place).await;
    let chief = chief(&hall).await;
    conflict(&hall).await;
    let html = page(&chief).await;
    assert!(COMPETITORS.iter().all(|code| html.contains(code)));
    assert!(!["甲", "乙", "丙", "丁"].iter().any(|name| html.contains(name)), "{html}");
    hall.act(Act::Close).await;
    hall.act(Act::ReleaseOfficial).await;
    assert!(page(&chief).await.contains("甲"), "released results tell them");
    hall.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_tells_who_has_not_finished_and_when_each_device_was_connected() {
    let place = TestDatabase::sqlite();
    let hall = Hall::open(&place).await;
    let chief = chief(&hall).await;
    assert!(page(&chief).await.contains("No device is signed in"));
    let enrolled = hall.enrol("J1").await;
    assert!(page(&chief).await.contains("not connected since the server started"));
    let mut tablet = hall.tablet_of(&enrolled, Storage::Memory);
    tablet.mark("C001", "B1.01", 50, None).await;
    tablet.received().await;
    let html = page(&chief).await;
    assert!(html.contains("connected</span>") && html.contains("1/4"), "{html}");
    // The least finished come first: J1 alone marks B1 and has begun it.
    let at = |code: &str| html.find(&format!("<h3><span class=\"mono\">{code}</span>")).expect("a judge");
    assert!(at("J2") < at("J1") && at("J3") < at("J1"), "{html}");
    tablet.player.stop().await;
    let left = async {
        while !page(&chief).await.contains("offline, last seen") {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), left).await.expect("it is told");
    hall.close().await;
}

///
#[tokio::test(flavor = "multi_thread")]
async fn the_page_tells_which_values_are_worth_a_second_look() {
    for place in TestDatabase::every_kind() {
        let off_by = "A1.01,A,Make,A1,Joint,measurement,Gap,0.50,difference,\
                      \"{\"\"target\"\":10,\"\"per\"\":0.1,\"\"deduction\"\":0.1}\",,,,";
        let aspects = [
            "id,criterion,criterion_name,sub_criterion,sub_criterion_name,type,description,max,calculation,\
             parameters,rung_0,rung_1,rung_2,rung_3",
            off_by,
            "A1.04,A,Make,A1,Joint,judgement,Clean,0.50,,,none,meets,above,best",
            "B1.01,B,Tidy,B1,Bench,measurement,Bench,0.50,direct,,,,,",
        ];
        let judges = ["code,name,role", "J1,戊,judge", "J2,己,judge", "J3,庚,judge", "J9,壬,chief_judge"];
        let files = package("hebei-2025").lines("aspects.csv", &aspects).lines("judges.csv", &judges);
        let hall = Hall::of(&place, files).await;
        let chief = chief(&hall).await;
        let mut tablet = hall.tablet("J1").await;
        // 10.1 is a value as any other; of 100 somebody forgot the point.
        tablet.mark("C001", "A1.01", 1_010, None).await;
        tablet.received().await;
        assert!(!words(&page(&chief).await).contains("Worth a second look"));
        tablet.mark("C002", "A1.01", 10_000, None).await;
        tablet.received().await;
        let told = words(&page(&chief).await);
        let expected = "Worth a second look 1";
        assert!(told.contains(expected), "{told}");
        assert!(told.contains("100 · far from the target 10, so it gives nothing"), "{told}");
        hall.close().await;
    }
}
