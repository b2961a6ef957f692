//! What a chief judge does where a tablet fails, over HTTP, on both databases.

use domain::access::Role;
use domain::id::EntryId;
use domain::ledger::Status;
use domain::marking::{Body, Mark};
use domain::number::Decimal;
use domain::scoring::Value;
use protocol::frame::Submission;
use serde_json::{Value as Json, json};
use server::accounts::Enrolled;
use tests::chief::{chief, device, device_of, page, send, words};
use tests::http::{Answer, Browser};
use tests::signing::Signing;
use tests::{Hall, TestDatabase};

fn submission(dseq: i64, value: i64, base: Option<EntryId>) -> Submission {
    Submission {
        base,
        body: Body::Mark(Mark {
            aspect: "A1.01".into(),
            competitor: "C002".into(),
            judge: "J2".into(),
            reason: None,
            round: 1,
            value: Value::Number(Decimal(value * 10_000)),
        }),
        client_time: 1_790_000_000_000,
        device_signature: None,
        drawing: None,
        dseq,
        elapsed_ms: 0,
        id: EntryId::made_at(1_790_000_000_000, u128::from(dseq.unsigned_abs())),
        reason: None,
    }
}

/// The file that a tablet writes out of its storage.
fn file(enrolled: &Enrolled, ledger: &str, submissions: &[Submission]) -> Json {
    let kept: Vec<Json> =
        submissions.iter().map(|one| json!({"cell": null, "confirmed": null, "submission": one})).collect();
    let who = json!({"device": enrolled.device, "judge": enrolled.judge, "role": "judge", "ledger": ledger});
    json!({"format": "leitai-outbox", "v": 1, "outboxes": [{"who": who, "kept": kept}]})
}

async fn upload(browser: &Browser, file: &str) -> Answer {
    let body = format!(
        "--x\r\ncontent-disposition: form-data; name=\"outbox\"; filename=\"a.json\"\r\n\r\n{file}\r\n--x--\r\n"
    );
    browser.send("POST", "/chief/outbox", body.into_bytes(), "multipart/form-data; boundary=x").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tablets_file_is_entered_as_the_tablets_own_and_only_what_it_signed() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        let chief = chief(&hall).await;
        let accounts = &hall.running.app.accounts;
        let (tablet, enrolled) = (Signing::fresh(), hall.enrol("J2").await);
        let signed = |dseq, value, base| {
            let mut one = submission(dseq, value, base);
            one.device_signature = Some(tablet.sign(&one, &enrolled, &hall.skill));
            one
        };
        let first = signed(1, 1, None);
        let both = [first.clone(), signed(2, 2, Some(first.id))];
        let whole = file(&enrolled, hall.skill.as_str(), &both).to_string();
        let refused = async |file: &str, words: &str| {
            let answer = upload(&chief, file).await;
            assert!(answer.status == 422 && answer.text.contains(words), "{} {}", answer.status, answer.text);
            assert_eq!(hall.marks().await.len(), 0, "nothing is entered");
        };
        refused(&whole, "has no key").await;
        accounts.name_key(&enrolled.enrolment, &tablet.key()).await.expect("named");
        refused("marks", "no file of unsent marks").await;
        refused(&whole.replace("leitai-outbox", "another"), "no file of unsent marks").await;
        refused(&whole.replace("\"v\":1}", "\"v\":2}"), "version 2").await;
        refused(&file(&enrolled, "another", &both).to_string(), "another skill").await;
        refused(&whole.replace(r#""number":"0.02""#, r#""number":"0.03""#), "Number 2 of judge J2").await;
        let stranger = Enrolled { device: "unknown".into(), ..enrolled.clone() };
        refused(&file(&stranger, hall.skill.as_str(), &both).to_string(), "never enrolled").await;
        refused(&file(&enrolled, hall.skill.as_str(), &both[1..]).to_string(), "Something is missing").await;

        // Also once the tablet was signed out, and by another key since.
        accounts.name_key(&enrolled.enrolment, &Signing::fresh().key()).await.expect("named");
        accounts.end_enrolment(&enrolled.enrolment, &hall.skill).await.expect("ended");
        for done in ["carried-2-0-0-0", "carried-0-2-0-0"] {
            let answer = upload(&chief, &whole).await;
            let to = format!("/chief?done={done}");
            assert_eq!(
                (answer.status, answer.header("location")),
                (303, Some(to.as_str())),
                "{}",
                place.kind
            );
            let told = chief.get(&to).await.text;
            assert!(words(&told).contains("The file is taken in"), "{told}");
        }
        let marks = hall.marks().await;
        let entered: Vec<_> = marks.into_iter().map(|(id, _, status)| (id, status)).collect();
        assert_eq!(entered, both.map(|one| (one.id, Status::Accepted)));
        let entry = hall.entries().await.pop().expect("an entry").entry;
        assert_eq!((entry.actor.as_str(), &entry.device), ("J2", &enrolled.device), "it is the judge's own");
        let judge = device(&hall, "J3", Role::Judge).await;
        assert_eq!(upload(&judge, &whole).await.status, 403);
        hall.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chief_judge_makes_a_card_for_a_judges_other_tablet_and_none_for_a_chief_judge() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        let chief = chief(&hall).await;
        assert!(words(&page(&chief).await).contains("A tablet fails?"));
        let before = hall.tablet("J1").await;
        let card = send(&chief, "/chief/card", "judge=J1").await;
        assert_eq!(card.status, 200, "{}", card.text);
        let code = card.text.split("/judge#").nth(1).expect("an address").split('<').next().expect("a code");
        let pin = card.text.split("pin\">").nth(1).expect("a PIN").split('<').next().expect("a PIN");
        let accounts = &hall.running.app.accounts;
        let signed_in = accounts.enrol(code, pin).await.expect("it is enrolled");
        assert!(matches!(signed_in.who, server::accounts::Who::Judge(judge) if judge.judge.as_str() == "J1"));
        before.live().await;
        assert!(words(&page(&chief).await).contains("2 devices are signed in as this judge"));
        let small = json!({"name": "Drill", "skill": "Welding", "rule_set": "panel-sum", "competitors": "A, x\nB, y",
            "judges": "C, x\nD, y", "aspects": "Size, 40, measurement"});
        let made: Json = hall.desk.post("/api/competitions/small", &small).await.json(201);
        let id = made["competition"]["id"].as_str().expect("an id");
        let shown: Json = hall.desk.get(&format!("/api/competitions/{id}")).await.json(200);
        let skill = shown["skills"][0]["skill"]["id"].as_str().expect("an id").into();
        let of_drill = device_of(&hall, &skill, "J1", Role::ChiefJudge).await;
        let of_chief = send(&of_drill, "/chief/card", "judge=J1").await;
        let words = "The organisers make a chief judge";
        assert!(
            of_chief.status == 409 && of_chief.text.contains(words),
            "{} {}",
            of_chief.status,
            of_chief.text
        );
        let judge = device(&hall, "J2", Role::Judge).await;
        assert_eq!(send(&judge, "/chief/card", "judge=J1").await.status, 403, "{}", place.kind);
        hall.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_chief_judge_sees_of_each_device_what_it_told_and_whether_it_signs() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        let chief = chief(&hall).await;
        let judge = device(&hall, "J2", Role::Judge).await;
        let told = async || words(&page(&chief).await);
        assert!(told().await.contains("does not sign its marks · nothing entered yet"));
        let report = |battery: Json, unsent: u32, version: &str| json!({"battery": battery, "is_charging": false, "is_lasting": true, "unsent": unsent, "version": version});
        let put = async |report: Json| {
            let body = serde_json::to_vec(&report).expect("JSON");
            judge.send("PUT", "/api/judge/report", body, "application/json").await.status
        };
        let current = web::judge_version();
        assert_eq!(put(report(json!(19), 3, "another")).await, 200);
        let shown = told().await;
        assert!(
            shown.contains("battery 19% · 3 not sent · runs another version of the app (anothe)"),
            "{shown}"
        );
        assert_eq!(put(report(json!(20), 0, current)).await, 200);
        let shown = told().await;
        assert!(shown.contains("battery 20%") && !shown.contains("not sent · runs"), "{shown}");
        assert!(!shown.contains("another version of the app"), "{}: {shown}", place.kind);
        assert_eq!(put(report(Json::Null, 0, current)).await, 200);
        assert!(!told().await.contains("battery"), "what is not known is not told");
        let mut more = report(json!(50), 0, current);
        more["name"] = json!("x");
        assert_eq!(put(more).await, 400);
        let nobody = Browser::new(hall.address());
        let body = report(json!(50), 0, current).to_string().into_bytes();
        assert_eq!(nobody.send("PUT", "/api/judge/report", body, "application/json").await.status, 401);
        hall.close().await;
    }
}
