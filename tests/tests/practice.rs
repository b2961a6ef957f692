//! Practices over HTTP, on both databases: made beside a skill, marked by real tablets, seen by organisers
//! and the chief judge, and never in any result.
#![expect(clippy::expect_used, reason = "a test stops at what it cannot do")]

use domain::access::Role;
use domain::id::LedgerId;
use judge_client::native::Storage;
use protocol::desk::{Act, Card, CardFor, Competition, Do, Listed, ResultRow};
use protocol::practice::{Practice, PracticeRef, REFERENCE, Scored, TRIAL};
use serde_json::{Value, json};
use server::accounts::Who;
use server::exchange::Files;
use tests::chief::{another_skill, chief, device, device_of, send, words};
use tests::hall::JUDGED;
use tests::http::{Answer, Browser};
use tests::{Hall, Tablet, TestDatabase};

fn address(skill: &LedgerId) -> String {
    format!("/api/skills/{skill}/practice")
}

async fn make(hall: &Hall, skill: &LedgerId) -> Answer {
    hall.desk.send("POST", &address(skill), Vec::new(), "").await
}

async fn look(hall: &Hall, skill: &LedgerId) -> Practice {
    hall.desk.get(&address(skill)).await.json(200)
}

/// A judge's tablet, signed in by a practice card.
async fn tablet(hall: &Hall, practice: &str, judge: &str) -> Tablet {
    let card_for = CardFor { judge: judge.into() };
    let card: Card = hall.desk.post(&format!("/api/skills/{practice}/cards"), &card_for).await.json(200);
    let who = hall.running.app.accounts.enrol(&card.code, &card.pin).await.expect("enrolled").who;
    let enrolled = if let Who::Judge(enrolled) = who { Some(enrolled) } else { None };
    hall.tablet_of(&enrolled.expect("a judge's card"), Storage::Memory)
}

/// Who has completed a sheet.
fn completed(practice: &Practice) -> Vec<&str> {
    let done = practice.judges.iter().filter(|judge| judge.has_completed);
    done.map(|judge| judge.code.as_str()).collect()
}

/// A judge, the sample, how many are the median, and the severity, each.
fn compared(all: &[protocol::practice::Agreement]) -> Vec<(&str, usize, usize, &str)> {
    all.iter()
        .map(|of| {
            assert_eq!(of.scored, Scored::Judgement);
            (of.judge.as_str(), of.sample, of.at_median, of.severity.as_deref().unwrap_or_default())
        })
        .collect()
}

/// The desk as its user sees it.
fn desk(hall: &Hall) -> Browser {
    let mut desk = hall.desk.clone();
    desk.headers = vec![("accept", "text/html"), ("accept-language", "en")];
    desk
}

async fn competition_of(hall: &Hall, skill: &LedgerId) -> String {
    look(hall, skill).await.competition.id
}

#[tokio::test(flavor = "multi_thread")]
async fn judges_practise_and_are_calibrated_and_nothing_of_it_is_in_the_results() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        let before = look(&hall, &hall.skill).await;
        assert_eq!((before.made, before.judges.len(), before.calibration.aspects), (None, 0, 0));
        let made: PracticeRef = make(&hall, &hall.skill).await.json(201);
        assert!(made.is_open);
        assert!(made.skill.name.zh.ends_with(" · 练习") && made.competition.name.en.ends_with(" · practice"));

        let practice = look(&hall, &hall.skill).await;
        let told: Vec<_> = practice
            .judges
            .iter()
            .map(|judge| (judge.code.as_str(), &*judge.name, judge.progress.of))
            .collect();
        assert_eq!(told, [("J1", "戊", 5), ("J2", "己", 4), ("J3", "庚", 4)]);
        assert_eq!(completed(&practice), [""; 0]);
        let mut tablets = Vec::new();
        for judge in ["J1", "J2", "J3"] {
            tablets.push(tablet(&hall, &made.skill.id, judge).await);
        }
        let [one, two, three] = &mut tablets[..] else { panic!("three tablets") };

        // B1 is J1's alone and only measured: the entry says whose hand it was.
        one.mark(TRIAL, "B1.01", 40, None).await;
        one.received().await;
        let practice = look(&hall, &hall.skill).await;
        assert_eq!((completed(&practice), practice.judges[0].devices), (vec!["J1"], 1));
        for aspect in ["A1.01", "A1.02", "A1.03"] {
            one.mark(TRIAL, aspect, 50, None).await;
        }
        one.received().await;
        assert_eq!(completed(&look(&hall, &hall.skill).await), ["J1"], "the others have not scored yet");
        two.mark(TRIAL, JUDGED, 3, None).await;
        two.received().await;
        let practice = look(&hall, &hall.skill).await;
        assert_eq!(completed(&practice), ["J1", "J2"]);
        assert_eq!(practice.judges[1].progress.done, 4);
        assert_eq!(practice.calibration.rounds, [], "the trial piece calibrates nobody");

        one.mark(REFERENCE, JUDGED, 0, None).await;
        two.mark(REFERENCE, JUDGED, 2, None).await;
        one.received().await;
        two.received().await;
        let seated = device(&hall, "J1", Role::ChiefJudge).await;
        let shown = words(&seated.get("/chief/practice").await.text);
        assert!(shown.contains("Of 1 scored aspects 0 have a complete first round"), "{shown}");
        assert!(!shown.contains("Spread") && look(&hall, &hall.skill).await.calibration.rounds.is_empty());
        three.mark(REFERENCE, JUDGED, 1, None).await;
        three.received().await;
        let calibration = look(&hall, &hall.skill).await.calibration;
        let [round] = &calibration.rounds[..] else { panic!("one round: {calibration:?}") };
        assert_eq!(
            (round.aspect.as_str(), round.spread.to_string(), round.is_wide),
            (JUDGED, "2".into(), true)
        );
        assert_eq!(round.descriptors, ["meets"]);
        // 0 − (2 + 1)/2, 2 − (0 + 1)/2, 1 − (0 + 2)/2.
        assert_eq!(
            compared(&calibration.agreement),
            [("J1", 1, 0, "-1.50"), ("J2", 1, 0, "+1.50"), ("J3", 1, 1, "0.00")]
        );
        for tablet in tablets {
            tablet.player.stop().await;
        }
        seen_by_those_it_is_for(&hall, &made).await;
        nothing_reached_the_skill(&hall, &made).await;
        hall.close().await;
    }
}

/// What the organisers and the chief judge read, and that nobody else does.
async fn seen_by_those_it_is_for(hall: &Hall, made: &PracticeRef) {
    let desk = desk(hall);
    let at_desk = format!("/desk/skill/{}/practice", hall.skill);
    for (browser, path) in [(&desk, at_desk.as_str()), (&chief(hall).await, "/chief/practice")] {
        let shown = words(&browser.get(path).await.text);
        for told in [
            "2 of 3 judges have completed a sheet ; still missing: 庚",
            "A1.04 Clean 0 2 1 2 ⚠ above 1 1 meets",
            "J1 戊 n = 1 0 of 1 −1.50 strict",
            "J3 庚 n = 1 1 of 1 0.00",
            "It is advice only and changes no result",
        ] {
            let told = told.replace(" ;", ";");
            assert!(shown.contains(&told), "{told}: {shown}");
        }
    }
    let competition = competition_of(hall, &hall.skill).await;
    let shown = words(&desk.get(&format!("/desk/competition/{competition}")).await.text);
    assert!(shown.contains("Practice 2 of 3 judges have completed a sheet"), "{shown}");
    let own = words(&desk.get(&format!("/desk/competition/{}", made.competition.id)).await.text);
    assert!(own.contains("This is a practice") && !own.contains("Make it public"), "{own}");
    assert!(!desk.get("/desk").await.text.contains("practice</a>"), "it is found at its skill");

    let path = address(&hall.skill);
    let judge = device(hall, "J2", Role::Judge).await;
    let nobody = Browser::new(hall.address());
    for path in ["/chief/practice", &at_desk, &path] {
        assert_eq!(judge.get(path).await.status, 403, "{path}");
        assert_eq!(nobody.get(path).await.status, 401, "{path}");
    }
    assert_eq!(judge.send("POST", &path, Vec::new(), "").await.status, 403);
    assert_eq!(send(&judge, "/chief/practice/card", "judge=J1").await.status, 403);
    let card = send(&chief(hall).await, "/chief/practice/card", "judge=J3").await;
    assert!(card.status == 200 && words(&card.text).contains("庚 J3 PIN"), "{}", card.text);
    let unknown = send(&chief(hall).await, "/chief/practice/card", "judge=J7").await;
    assert_eq!(unknown.status, 404, "{}", unknown.text);
}

/// The skill's ledger, results and export are as they were, and the practice cannot go out.
async fn nothing_reached_the_skill(hall: &Hall, made: &PracticeRef) {
    assert_eq!(hall.entries().await.len(), 1, "its opening");
    let competition = competition_of(hall, &hall.skill).await;
    let rows: Vec<ResultRow> =
        hall.desk.get(&format!("/api/competitions/{competition}/results")).await.json(200);
    assert_eq!(rows.iter().filter(|row| row.total.is_empty()).count(), 4);
    let export = hall.desk.get(&format!("/api/competitions/{competition}/export")).await;
    let files = Files::from_zip(&export.bytes).expect("a package");
    for name in files.names() {
        let text = String::from_utf8_lossy(files.get(name).expect("a file")).into_owned();
        assert!(!text.contains(TRIAL) && !text.contains("练习"), "{name}");
    }
    let listed: Vec<Listed> = hall.desk.get("/api/competitions").await.json(200);
    let told: Vec<_> = listed.iter().map(|one| one.practice_of.as_deref()).collect();
    assert_eq!(told, [None, Some(hall.skill.as_str())]);

    let own = format!("/api/competitions/{}", made.competition.id);
    let public = json!({ "is_public": true }).to_string().into_bytes();
    let refused = hall.desk.send("PATCH", &own, public, "application/json").await;
    assert_eq!((refused.status, refused.code()), (409, "practice_stays_inside".to_owned()));
    let act = format!("/api/skills/{}/act", made.skill.id);
    assert_eq!(hall.desk.post(&act, &Do { act: Act::Close }).await.status, 204);
    for stage in [Act::ReleaseProvisional, Act::ReleasePublicised, Act::ReleaseOfficial] {
        let refused = hall.desk.post(&act, &Do { act: stage }).await;
        assert_eq!((refused.status, refused.code()), (409, "practice_stays_inside".to_owned()), "{stage:?}");
    }
    let shown: Competition = hall.desk.get(&own).await.json(200);
    assert_eq!(
        (shown.practice_of.as_deref(), &shown.skills[0].acts[..]),
        (Some(hall.skill.as_str()), &[][..])
    );
    let nobody = Browser::new(hall.address());
    assert_eq!(nobody.get(&format!("/api/live/skill/{}", made.skill.id)).await.status, 404);
    assert!(!nobody.get("/").await.text.contains("练习"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_skill_has_one_practice_and_one_that_was_cut_off_is_opened_by_making_it_again() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        // What a crash between the rows and the opening leaves.
        let kept = server::practice::keep(&hall.running.app, &hall.skill).await.expect("it is kept");
        let cut_off = look(&hall, &hall.skill).await.made.expect("it is there");
        assert_eq!((cut_off.is_open, cut_off.skill.id.as_str()), (false, kept.as_str()));
        let at_desk = format!("/desk/skill/{}/practice", hall.skill);
        assert!(desk(&hall).get(&at_desk).await.text.contains("Making it was cut off"));
        let competition = competition_of(&hall, &hall.skill).await;
        let shown = desk(&hall).get(&format!("/desk/competition/{competition}")).await;
        assert!(words(&shown.text).contains("Practice making it was cut off; go on"), "{}", shown.text);
        let made: PracticeRef = make(&hall, &hall.skill).await.json(201);
        assert_eq!((made.is_open, made.skill.id.as_str()), (true, kept.as_str()), "{}", place.kind);

        let again = make(&hall, &hall.skill).await;
        assert_eq!((again.status, again.code()), (409, "practice_there".to_owned()));
        assert!(again.text.contains(kept.as_str()), "{}", again.text);
        let of_page = desk(&hall).send("POST", &at_desk, Vec::new(), "").await;
        assert_eq!((of_page.status, of_page.header("location")), (303, Some(at_desk.as_str())));
        assert_eq!(make(&hall, &kept).await.code(), "practice_of_practice");
        assert_eq!(make(&hall, &"none".into()).await.status, 404);
        assert_eq!(look(&hall, &kept).await, look(&hall, &hall.skill).await, "either leads there");

        // Two at once make one.
        let drill = another_skill(&hall).await;
        let (one, other) = tokio::join!(make(&hall, &drill), make(&hall, &drill));
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409], "{} {}", one.text, other.text);
        let listed: Vec<Listed> = hall.desk.get("/api/competitions").await.json(200);
        assert_eq!(listed.iter().filter(|one| one.practice_of.is_some()).count(), 2);
        // A chief judge makes no chief judge's card.
        let leads = device_of(&hall, &drill, "J1", Role::ChiefJudge).await;
        let refused = send(&leads, "/chief/practice/card", "judge=J1").await;
        assert!(refused.status == 409 && refused.text.contains("at the desk"), "{}", refused.text);
        assert_eq!(send(&leads, "/chief/practice/card", "judge=J2").await.status, 200);
        hall.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_skill_is_practised_before_it_opens_or_opened_without_by_choice() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        let small = json!({"name": "Drill", "skill": "Welding", "rule_set": "enterprise-drill",
            "competitors": "A, x\nB, y", "judges": "Chen, x\nDong, y", "aspects": "Size, 40, measurement"});
        let made: Value = hall.desk.post("/api/competitions/small", &small).await.json(201);
        let competition = made["competition"]["id"].as_str().expect("an id");
        let shown: Competition = hall.desk.get(&format!("/api/competitions/{competition}")).await.json(200);
        let skill = LedgerId::from(shown.skills[0].skill.id.as_str());
        let page = format!("/desk/competition/{competition}");
        let desk = desk(&hall);
        assert!(words(&desk.get(&page).await.text).contains("Practice not made yet;"));
        let practice: PracticeRef = make(&hall, &skill).await.json(201);
        let warned = words(&desk.get(&page).await.text);
        assert!(
            warned.contains("Practice not completed by: Dong.") && warned.contains("Open without practice"),
            "{warned}"
        );
        let told = look(&hall, &skill).await;
        assert_eq!((told.judges.len(), told.calibration.aspects), (1, 0), "the chief judge has no seat");
        // Practice cards of all who have none yet, and the way back.
        let cards = send(&desk, &format!("/desk/competition/{}/cards", practice.competition.id), "").await;
        assert!(cards.text.contains(&format!("/desk/skill/{skill}/practice")), "{}", cards.text);
        assert_eq!(cards.text.matches("class=\"judge-card\"").count(), 2);

        let open = format!("/api/skills/{skill}/act");
        let refused = hall.desk.post(&open, &Do { act: Act::Open }).await;
        assert!(
            refused.status == 409 && refused.text.contains("not_practised") && refused.text.contains("Dong"),
            "{}",
            refused.text
        );
        assert_eq!(hall.desk.post(&open, &Do { act: Act::OpenUnpractised }).await.status, 204);
        assert!(!desk.get(&page).await.text.contains("Practice not completed by"));
        let shown: Competition = hall.desk.get(&format!("/api/competitions/{competition}")).await.json(200);
        assert_eq!(shown.skills[0].competitors, 2);

        let pool = hall.running.app.database.pool();
        let made: Value = hall.desk.post("/api/competitions/small", &small).await.json(201);
        let id = made["competition"]["id"].as_str().expect("an id");
        let shown: Competition = hall.desk.get(&format!("/api/competitions/{id}")).await.json(200);
        sqlx::query("DELETE FROM skill_draft").execute(pool).await.expect("no draft");
        let nothing = make(&hall, &shown.skills[0].skill.id.as_str().into()).await;
        assert_eq!(nothing.code(), "nothing_to_practise", "{}", place.kind);
        hall.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn how_the_judges_agree_in_the_marking_itself_is_told_beside_the_practice() {
    let place = TestDatabase::sqlite();
    let hall = Hall::open(&place).await;
    let made: PracticeRef = make(&hall, &hall.skill).await.json(201);
    for (judge, scores) in [("J1", [1, 3]), ("J2", [2, 3]), ("J3", [2, 2])] {
        let mut tablet = hall.tablet(judge).await;
        for (competitor, score) in ["C001", "C002"].into_iter().zip(scores) {
            tablet.mark(competitor, JUDGED, score, None).await;
        }
        tablet.received().await;
        tablet.player.stop().await;
    }
    let practice = look(&hall, &hall.skill).await;
    // 1 2 2 and 3 3 2: −1 and +0.5, +0.5 and +0.5, +0.5 and −1.
    assert_eq!(
        compared(&practice.marking),
        [("J1", 2, 1, "-0.25"), ("J2", 2, 2, "+0.50"), ("J3", 2, 1, "-0.25")]
    );
    assert_eq!(practice.calibration.rounds, []);
    let heading = "The marking itself so far";
    assert!(chief(&hall).await.get("/chief/practice").await.text.contains(heading));
    // A card of the practice leads to nothing of it.
    let practising = device_of(&hall, &made.skill.id.as_str().into(), "J9", Role::ChiefJudge).await;
    let shown = practising.get("/chief/practice").await;
    assert!(shown.status == 200 && !shown.text.contains(heading), "{}", shown.text);
    hall.close().await;
}
