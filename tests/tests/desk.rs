//! The desk over HTTP, as its organisers use it, on both databases; and every route of the server,
//! each for whom it says it is.
#![expect(clippy::expect_used, reason = "a test stops at what it cannot do")]

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use domain::access::{self, Action, Appointment, Level, Role, Scope};
use domain::id::{EntryId, LedgerId};
use domain::ledger::Command;
use domain::marking::{Body, Mark};
use domain::number::Decimal;
use domain::scoring::Value;
use protocol::account::{Enrol, SetUp, SignIn, SignedIn, Ticket};
use protocol::desk::{Act, Card, CardFor, Competition, Do, NewJudge, ResultRow, Small};
use protocol::people::OrganisationKind;
use protocol::view::{BoardView, LiveFrame, SessionClock, Status};
use server::http::{self, Config, Guard, Over, Running};
use server::ledger::{Origin, Submission};
use server::organisation;
use tests::TestDatabase;
use tests::http::{Answer, Browser};

/// Long enough for a slow machine; nothing waits that long where all is well.
const PATIENCE: Duration = Duration::from_secs(20);

const PASSWORD: &str = "correct horse battery";

async fn start(place: &TestDatabase) -> Running {
    start_beside(place, None).await
}

/// The same, with a second place.
async fn start_beside(place: &TestDatabase, backup: Option<PathBuf>) -> Running {
    let config = Config {
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        database: place.url.clone(),
        key: Some(place.folder.join("key")),
        backup,
        ..Config::default()
    };
    http::start(config).await.expect("the server starts")
}

/// An organiser's program, signed in.
async fn organiser(running: &Running) -> Browser {
    let mut browser = Browser::new(running.address);
    let secret = running.first_secret.clone().expect("no account yet");
    let body = SetUp { secret, name: "刘老师".to_owned(), password: PASSWORD.to_owned() };
    let signed_in: SignedIn = browser.post("/api/set-up", &body).await.json(200);
    browser.bearer = signed_in.bearer;
    browser
}

/// One who releases results: with a second factor.
async fn releaser(running: &Running) -> Browser {
    let browser = organiser(running).await;
    browser.set_factor().await;
    browser
}

fn page() -> Small {
    Small {
        name: "厂内练兵".to_owned(),
        skill: "焊工".to_owned(),
        rule_set: "enterprise-drill".to_owned(),
        competitors: "李明远，一车间\n王秀兰，二车间\n赵国强，一车间".to_owned(),
        judges: "马建华，质检院\n胡爱民".to_owned(),
        aspects: "外观，10，测量\n尺寸,20\n规范,10,评判".to_owned(),
        organisation: String::new(),
    }
}

#[derive(serde::Deserialize)]
struct MadeBody {
    competition: protocol::view::CompetitionRef,
}

async fn look(browser: &Browser, id: &str) -> Competition {
    browser.get(&format!("/api/competitions/{id}")).await.json(200)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_small_competition_is_made_opened_closed_released_and_exported() {
    for place in TestDatabase::every_kind() {
        let running = start(&place).await;
        let browser = releaser(&running).await;
        let made: MadeBody = browser.post("/api/competitions/small", &page()).await.json(201);
        let id = made.competition.id;
        let shown = look(&browser, &id).await;
        let skill = shown.skills.first().expect("one skill").clone();
        assert_eq!((skill.competitors, skill.aspects, skill.status), (3, 3, Status::Upcoming));
        assert_eq!(
            skill.judges.iter().map(|judge| judge.role).collect::<Vec<_>>(),
            [Role::ChiefJudge, Role::Judge]
        );
        let path = format!("/api/skills/{}/act", skill.skill.id);
        let early = browser.post(&path, &Do { act: Act::Close }).await;
        assert_eq!((early.status, early.code()), (409, "not_entered".to_owned()), "{}", early.text);
        for (act, status) in [
            (Act::Open, Status::InProgress),
            (Act::Close, Status::UnderReview),
            (Act::ReleaseProvisional, Status::Provisional),
            (Act::ReleaseOfficial, Status::Official),
        ] {
            let answer = browser.post(&path, &Do { act }).await;
            assert_eq!(answer.status, 204, "{act:?}: {}", answer.text);
            assert_eq!(look(&browser, &id).await.skills[0].status, status);
        }
        let rows: Vec<ResultRow> = browser.get(&format!("/api/competitions/{id}/results")).await.json(200);
        assert_eq!(rows.len(), 3);
        assert!(rows.iter().all(|row| row.total.is_empty()), "nothing was marked");
        let export = browser.get(&format!("/api/competitions/{id}/export")).await;
        assert_eq!((export.status, &export.bytes[..2]), (200, &b"PK"[..]));
        let files = server::exchange::Files::from_zip(&export.bytes).expect("a package");
        assert!(files.get("skills/skill/ledger.ndjson").is_some(), "{}", place.kind);
        running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_desk_says_of_a_skill_what_its_board_says() {
    for place in TestDatabase::every_kind() {
        let running = start(&place).await;
        let browser = releaser(&running).await;
        let one = Small {
            competitors: "李明远".to_owned(), aspects: "外观，10，测量".to_owned(), ..page()
        };
        let made: MadeBody = browser.post("/api/competitions/small", &one).await.json(201);
        let id = made.competition.id;
        running.app.live.set_public(&id, true).await.expect("it is public");
        let skill = LedgerId::from(look(&browser, &id).await.skills[0].skill.id.clone());
        let both_say = async |status: Status| {
            let desk = look(&browser, &id).await.skills[0].clone();
            assert_eq!(desk.status, status);
            let wanted = serde_json::json!([desk.status, desk.progress]);
            let shown = async {
                loop {
                    let view = browser.get(&format!("/api/live/skill/{skill}")).await;
                    let LiveFrame::View { view, .. } = view.json(200) else { panic!("a view") };
                    // A board follows within a tenth of a second.
                    if serde_json::json!([view["status"], view["progress"]]) == wanted {
                        return;
                    }
                }
            };
            tokio::time::timeout(PATIENCE, shown).await.expect("the board says the same");
        };
        let act = |act| {
            let path = format!("/api/skills/{skill}/act");
            let browser = browser.clone();
            async move { assert_eq!(browser.post(&path, &Do { act }).await.status, 204) }
        };
        act(Act::Open).await;
        both_say(Status::InProgress).await;
        let state = running.app.ledger.state(&skill).await.expect("a state");
        let opening = &state.skill.as_ref().expect("it is open").opening;
        let mark = Mark {
            aspect: opening.scheme.aspects().next().expect("an aspect").id.clone(),
            competitor: opening.competitors[0].code.clone(),
            // The chief judge leads and is on no panel.
            judge: look(&browser, &id).await.skills[0].judges[1].code.clone(),
            reason: None,
            round: 1,
            value: Value::Number(Decimal(8_000_000)),
        };
        let command = Command {
            actor: mark.judge.to_string(),
            base: None,
            client_time: 0,
            device: "a tablet".into(),
            dseq: 1,
            id: EntryId((7 << 76) | (2 << 62) | 1),
            role: Role::Judge,
            second: None,
            body: Body::Mark(mark),
        };
        let submission = Submission {
            ledger_id: skill.clone(),
            command,
            origin: Origin::Unsigned,
            drawing: None,
            reason: None,
        };
        let receipt = running.app.ledger.submit(submission).await.expect("a receipt");
        assert_eq!(receipt.status, domain::ledger::Status::Accepted, "{:?}", receipt.why);
        // Everything is marked and nothing is closed.
        both_say(Status::UnderReview).await;
        act(Act::Close).await;
        both_say(Status::UnderReview).await;
        act(Act::ReleaseOfficial).await;
        both_say(Status::Official).await;
        running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_clock_is_set_for_all_skills_or_one_and_taken_off() {
    for place in TestDatabase::every_kind() {
        let running = start(&place).await;
        let browser = organiser(&running).await;
        let made: MadeBody = browser.post("/api/competitions/small", &page()).await.json(201);
        let id = made.competition.id;
        running.app.live.set_public(&id, true).await.expect("it is public");
        let skill = look(&browser, &id).await.skills[0].skill.id.clone();
        let (of_all, of_one) =
            (format!("/api/competitions/{id}/session"), format!("/api/skills/{skill}/session"));
        let put = async |path: &str, session: &SessionClock| {
            let body = serde_json::to_vec(session).expect("JSON");
            browser.send("PUT", path, body, "application/json").await
        };
        let shown = async || {
            let view = browser.get(&format!("/api/live/skill/{skill}")).await;
            let LiveFrame::View { view, .. } = view.json(200) else { panic!("a view") };
            let desk = look(&browser, &id).await.skills[0].session.clone();
            let board = serde_json::from_value::<BoardView>(view).expect("a board").session;
            assert_eq!(desk, board);
            board
        };
        assert_eq!(shown().await, None);
        let morning = SessionClock { label: "C1 上午".to_owned(), from: 1_000, until: 2_000 };
        assert_eq!(put(&of_all, &morning).await.status, 204);
        assert_eq!(shown().await, Some(morning.clone()));
        let later = SessionClock { from: 3_000, until: 9_000, ..morning };
        assert_eq!(put(&of_one, &later).await.status, 204);
        assert_eq!(shown().await, Some(later.clone()));
        for unfit in [
            SessionClock { label: String::new(), ..later.clone() },
            SessionClock { label: "C".repeat(101), ..later.clone() },
            SessionClock { until: later.from, ..later.clone() },
        ] {
            let answer = put(&of_one, &unfit).await;
            assert_eq!((answer.status, answer.code()), (409, "not_entered".to_owned()), "{unfit:?}");
        }
        assert_eq!(put("/api/competitions/none/session", &later).await.status, 404);
        assert_eq!(put("/api/skills/none/session", &later).await.status, 404);
        assert_eq!(shown().await, Some(later));
        assert_eq!(browser.send("DELETE", &of_one, Vec::new(), "").await.status, 204);
        assert_eq!(shown().await, None);
        // The page's form says times as the clocks of the place show them.
        let form = "skill=&label=C2&from=2026-05-02T09%3A00&until=2026-05-02+12%3A30".as_bytes().to_vec();
        let path = format!("/desk/competition/{id}/session");
        let kind = "application/x-www-form-urlencoded";
        let answer = browser.send("POST", &path, form, kind).await;
        assert_eq!((answer.status, answer.header("location").is_some()), (303, true), "{}", answer.text);
        let may_2 =
            SessionClock { label: "C2".to_owned(), from: 1_777_683_600_000, until: 1_777_696_200_000 };
        assert_eq!(shown().await, Some(may_2));
        let wrong = "skill=&label=C3&from=soon&until=2026-05-02T12%3A30".as_bytes().to_vec();
        let answer = browser.send("POST", &path, wrong, kind).await;
        assert_eq!(answer.status, 422);
        assert!(
            answer.text.contains("“soon”不是时间") && answer.text.contains("value=\"C3\""),
            "{}",
            answer.text
        );
        assert_eq!(browser.send("DELETE", &of_all, Vec::new(), "").await.status, 204);
        assert_eq!(shown().await, None);
        running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_interface_is_shown_to_organisers_with_every_route_and_its_guard() {
    let place = TestDatabase::sqlite();
    let running = start(&place).await;
    let browser = organiser(&running).await;
    let routes = http::routes();
    for (language, words) in [
        (
            "zh",
            [
                ("public", "公开"),
                ("account", "有账号者"),
                ("staff", "按角色"),
                ("judge", "裁判设备"),
                ("operator", "本机或平台管理员"),
            ],
        ),
        (
            "en",
            [
                ("public", "public"),
                ("account", "every account"),
                ("staff", "by role"),
                ("judge", "judge's device"),
                ("operator", "this machine, or platform administrator"),
            ],
        ),
    ] {
        let mut reader = browser.clone();
        reader.headers = vec![("accept-language", language)];
        let html = reader.get("/api/docs").await.text;
        for route in routes.list() {
            let path = route.path.replace("{*", "{");
            let (method, guard) = (route.method.as_str(), route.guard.as_str());
            let word = words.iter().find(|(known, _)| *known == guard).expect("a word").1;
            let wanted = format!(
                "<span class=\"method\">{method}</span> <code>{path}</code></h3>\
                 <span class=\"guard {guard}\">{word}</span>"
            );
            assert!(html.contains(&wanted), "{language}: {wanted}");
        }
        // Every body that is named is there, and nothing comes from elsewhere.
        let named = html.split("href=\"#body-").skip(1).filter_map(|rest| rest.split('"').next());
        for name in named {
            assert!(html.contains(&format!("id=\"body-{name}\"")), "{name}");
        }
        assert!(!html.contains("<script") && !html.contains("http://") && !html.contains("https://"));
    }
    let mut stranger = Browser::new(running.address);
    stranger.headers = vec![("accept", "text/html")];
    let answer = stranger.get("/api/docs").await;
    assert_eq!((answer.status, answer.header("location")), (303, Some("/desk/sign-in")));
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_package_with_errors_is_refused_with_every_finding_and_leaves_nothing() {
    let place = TestDatabase::sqlite();
    let running = start(&place).await;
    let browser = organiser(&running).await;
    let bad = Small { aspects: "外观，10,5\n尺寸,abc,x".to_owned(), ..page() };
    let answer = browser.post("/api/competitions/small", &bad).await;
    assert_eq!((answer.status, answer.code()), (422, "package_refused".to_owned()));
    assert!(answer.text.contains(r#""file":"aspects","row":2"#), "{}", answer.text);
    let not_a_zip = browser.send("POST", "/api/competitions", b"hello".to_vec(), "application/zip").await;
    assert_eq!(not_a_zip.status, 422, "{}", not_a_zip.text);
    let nothing = browser.send("POST", "/api/competitions", Vec::new(), "application/zip").await;
    assert_eq!((nothing.status, nothing.code()), (422, "no_file".to_owned()));
    assert_eq!(browser.get("/api/competitions").await.text, "[]");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_makes_one_device_and_an_ended_one_is_refused() {
    for place in TestDatabase::every_kind() {
        let running = start(&place).await;
        let browser = organiser(&running).await;
        let made: MadeBody = browser.post("/api/competitions/small", &page()).await.json(201);
        let skill = look(&browser, &made.competition.id).await.skills[0].clone();
        let cards = format!("/api/skills/{}/cards", skill.skill.id);
        let judge = skill.judges[1].code.clone();
        let first: Card = browser.post(&cards, &CardFor { judge: judge.clone() }).await.json(200);
        let card: Card = browser.post(&cards, &CardFor { judge: judge.clone() }).await.json(200);
        assert!(card.address.ends_with(&format!("/judge#{}", card.code)));
        let mut tablet = Browser::new(running.address);
        let enrol = |card: &Card, pin: &str| Enrol { code: card.code.clone(), pin: pin.to_owned() };
        let withdrawn = tablet.post("/api/enrol", &enrol(&first, &first.pin)).await;
        assert_eq!((withdrawn.status, withdrawn.code()), (401, "card_refused".to_owned()), "a newer card");
        let wrong = if card.pin == "000000" { "000001" } else { "000000" };
        let refused = tablet.post("/api/enrol", &enrol(&card, wrong)).await;
        assert_eq!((refused.status, refused.code()), (401, "pin_refused".to_owned()));
        let signed_in: SignedIn = tablet.post("/api/enrol", &enrol(&card, &card.pin)).await.json(200);
        assert_eq!(tablet.post("/api/enrol", &enrol(&card, &card.pin)).await.code(), "card_refused", "used");
        tablet.bearer = signed_in.bearer;
        let bench: protocol::account::Bench = tablet.get("/api/judge").await.json(200);
        assert_eq!((&bench.judge, bench.role), (&judge, Role::Judge));
        let ticket: Ticket = tablet.post("/api/judge/ticket", &()).await.json(200);
        let redeemed = running.app.accounts.redeem(&ticket.ticket).await.expect("an answer");
        assert_eq!(redeemed.map(|enrolled| enrolled.device), Some(bench.device));
        assert_eq!(running.app.accounts.redeem(&ticket.ticket).await, Ok(None), "a ticket is good for once");
        assert_eq!(tablet.get("/api/competitions").await.status, 403, "a judge is no organiser");
        let path = format!("/api/skills/{}/enrolments/{}", skill.skill.id, card.enrolment);
        assert_eq!(browser.send("DELETE", &path, Vec::new(), "").await.status, 204);
        assert_eq!(tablet.get("/api/judge").await.status, 401, "{}", place.kind);
        running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_judge_signs_a_device_out_and_comes_back_by_a_new_card_alone() {
    for place in TestDatabase::every_kind() {
        let running = start(&place).await;
        let browser = organiser(&running).await;
        let made: MadeBody = browser.post("/api/competitions/small", &page()).await.json(201);
        let skill = look(&browser, &made.competition.id).await.skills[0].clone();
        let cards = format!("/api/skills/{}/cards", skill.skill.id);
        let judge = skill.judges[1].code.clone();
        let mut devices = Vec::new();
        for _ in 0..2 {
            let card: Card = browser.post(&cards, &CardFor { judge: judge.clone() }).await.json(200);
            let mut device = Browser::new(running.address);
            let enrol = Enrol { code: card.code, pin: card.pin };
            let signed_in: SignedIn = device.post("/api/enrol", &enrol).await.json(200);
            device.bearer = signed_in.bearer;
            devices.push((device, enrol));
        }
        let [(tablet, card), (other, _)] = &devices[..] else { unreachable!("two of them") };
        let ticket: Ticket = tablet.post("/api/judge/ticket", &()).await.json(200);
        let left: protocol::account::Bench =
            tablet.send("DELETE", "/api/judge", Vec::new(), "").await.json(200);
        assert_eq!(left.judge, judge);
        assert_eq!(tablet.get("/api/judge").await.status, 401, "{}", place.kind);
        assert_eq!(tablet.send("DELETE", "/api/judge", Vec::new(), "").await.status, 401, "once");
        assert_eq!(running.app.accounts.redeem(&ticket.ticket).await, Ok(None), "nor by what it had before");
        assert_eq!(
            tablet.post("/api/enrol", card).await.code(),
            "card_refused",
            "the card was good for once"
        );
        assert_eq!(other.get("/api/judge").await.status, 200, "the judge's other device stays");
        let listed = look(&browser, &made.competition.id).await.skills[0].clone();
        let of_judge = listed.judges.iter().find(|listed| listed.code == judge).expect("the judge");
        assert_eq!(of_judge.devices.iter().filter(|device| device.used_at.is_some()).count(), 1);
        running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_browser_is_signed_in_at_the_desk_and_as_a_judges_device_and_neither_is_the_other() {
    let place = TestDatabase::sqlite();
    let running = start(&place).await;
    let origin: &'static str = format!("http://{}", running.address).leak();
    let mut phone = Browser::new(running.address);
    phone.headers.push(("origin", origin));
    let secret = running.first_secret.clone().expect("no account yet");
    let body = SetUp { secret, name: "刘老师".to_owned(), password: PASSWORD.to_owned() };
    let keep = |phone: &mut Browser, cookies: &[&[String]]| {
        phone.headers.retain(|(name, _)| *name != "cookie");
        phone.headers.push(("cookie", cookies.concat().join("; ").leak()));
    };
    let desk = phone.post("/api/set-up", &body).await.cookies();
    keep(&mut phone, &[&desk]);
    let made: MadeBody = phone.post("/api/competitions/small", &page()).await.json(201);
    let path = format!("/api/competitions/{}", made.competition.id);
    let skill = look(&phone, &made.competition.id).await.skills[0].clone();
    let cards = format!("/api/skills/{}/cards", skill.skill.id);
    let card_for = CardFor { judge: skill.judges[0].code.clone() };
    let card: Card = phone.post(&cards, &card_for).await.json(200);
    let bench = phone.post("/api/enrol", &Enrol { code: card.code, pin: card.pin }).await.cookies();
    assert!(!bench.is_empty() && bench.iter().all(|cookie| !desk.contains(cookie)));
    let answers =
        async |phone: &Browser| [phone.get(&path).await.status, phone.get("/api/judge").await.status];
    assert_eq!(answers(&phone).await, [200, 401]);
    keep(&mut phone, &[&desk, &bench]);
    assert_eq!(answers(&phone).await, [200, 200]);
    keep(&mut phone, &[&bench]);
    assert_eq!(answers(&phone).await, [401, 200]);
    // What is one side's is worth nothing under the other's name.
    let swapped = |cookies: &[String], from: &str, to: &str| -> Vec<String> {
        let secret = cookies.iter().filter_map(|cookie| cookie.strip_prefix(&format!("{from}=")));
        secret.map(|secret| format!("{to}={secret}")).collect()
    };
    keep(&mut phone, &[&swapped(&bench, "session", "desk")]);
    assert_eq!(answers(&phone).await, [403, 401]);
    keep(&mut phone, &[&swapped(&desk, "desk", "session")]);
    assert_eq!(answers(&phone).await, [401, 403]);
    // Who signs out at the desk goes on marking.
    keep(&mut phone, &[&desk, &bench]);
    let out = phone.send("POST", "/desk/sign-out", Vec::new(), "").await;
    assert_eq!((out.status, out.cookies().len()), (303, 0), "{}", out.text);
    tokio::time::sleep(Duration::from_millis(2_100)).await;
    assert_eq!(answers(&phone).await, [401, 200]);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_wrong_pins_end_a_card_and_ten_wrong_passwords_make_a_name_wait() {
    let place = TestDatabase::sqlite();
    let running = start(&place).await;
    let browser = organiser(&running).await;
    let made: MadeBody = browser.post("/api/competitions/small", &page()).await.json(201);
    let skill = look(&browser, &made.competition.id).await.skills[0].clone();
    let card_for = CardFor { judge: skill.judges[0].code.clone() };
    let card: Card =
        browser.post(&format!("/api/skills/{}/cards", skill.skill.id), &card_for).await.json(200);
    let stranger = Browser::new(running.address);
    for _ in 0..10 {
        let answer =
            stranger.post("/api/enrol", &Enrol { code: card.code.clone(), pin: "x".to_owned() }).await;
        assert_eq!(answer.code(), "pin_refused");
    }
    let right = Enrol { code: card.code.clone(), pin: card.pin.clone() };
    assert_eq!(stranger.post("/api/enrol", &right).await.code(), "card_refused");
    let sign_in = |name: &str, password: &str| SignIn {
        name: name.to_owned(),
        password: password.to_owned(),
        code: None,
    };
    for name in ["刘老师", "nobody"] {
        for _ in 0..10 {
            assert_eq!(
                stranger.post("/api/sign-in", &sign_in(name, "wrong")).await.code(),
                "sign_in_refused"
            );
        }
        assert_eq!(stranger.post("/api/sign-in", &sign_in(name, PASSWORD)).await.code(), "too_many_tries");
    }
    running.stop().await;
}

fn judge(code: &str, name: &str, organisation: &str) -> NewJudge {
    NewJudge { code: code.into(), name: name.to_owned(), organisation: organisation.to_owned() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_judge_is_added_at_the_desk_before_a_skill_opens_and_after_and_stays() {
    for (place, target) in TestDatabase::every_kind().into_iter().zip(TestDatabase::every_kind()) {
        let second = place.folder.join("second");
        let running = start_beside(&place, Some(second.clone())).await;
        let browser = organiser(&running).await;
        let made: MadeBody = browser.post("/api/competitions/small", &page()).await.json(201);
        let id = made.competition.id;
        let skill = look(&browser, &id).await.skills[0].skill.id.clone();
        let path = format!("/api/skills/{skill}/judges");
        let add = async |new: NewJudge| {
            let answer = browser.post(&path, &new).await;
            (answer.status, if answer.status == 204 { String::new() } else { answer.code() })
        };
        let added = (204, String::new());
        assert_eq!(add(judge(" R1 ", " 孙海燕 ", "技师学院")).await, added);
        let open = browser.post(&format!("/api/skills/{skill}/act"), &Do { act: Act::Open }).await;
        assert_eq!(open.status, 204, "{}", open.text);
        // Sent twice it is there once.
        for _ in 0..2 {
            assert_eq!(add(judge("R2", "周立新", "")).await, added);
        }
        for (new, status, code) in [
            (judge("R1", "另一位", ""), 409, "judge_there"),
            (judge("J1", "马建华", "质检院"), 409, "judge_there"),
            (judge(" ", "无编号", ""), 422, "judge_code_unfit"),
            (judge(&"R".repeat(65), "编号太长", ""), 422, "judge_code_unfit"),
            (judge("R\n3", "编号换行", ""), 422, "judge_code_unfit"),
            (judge("R3", " ", ""), 422, "judge_name_unfit"),
            (judge("R3", &"长".repeat(201), ""), 422, "judge_name_unfit"),
            (judge("R3", "单位太长", &"长".repeat(201)), 422, "judge_name_unfit"),
        ] {
            assert_eq!(add(new.clone()).await, (status, code.to_owned()), "{new:?}");
        }
        let unknown = browser.post("/api/skills/none/judges", &judge("R3", "谁", "")).await;
        assert_eq!(unknown.status, 404, "{}", unknown.text);
        // Of two organisers at once neither undoes what the other did.
        let both = tokio::join!(add(judge("R3", "吴志刚", "")), add(judge("R4", "郑秀英", "")));
        assert_eq!(both, (added.clone(), added.clone()));
        // The page's form leads back to the skill, and is refused by a sentence.
        let mut page = browser.clone();
        page.headers = vec![("accept", "text/html"), ("accept-language", "en")];
        let form = async |fields: &str| {
            let kind = "application/x-www-form-urlencoded";
            let path = format!("/desk/skill/{skill}/judges");
            page.send("POST", &path, fields.as_bytes().to_vec(), kind).await
        };
        let answer = form("code=R5&name=Feng&organisation=Test+institute").await;
        let to = format!("/desk/competition/{id}#skill-{skill}");
        assert_eq!((answer.status, answer.header("location")), (303, Some(to.as_str())), "{}", answer.text);
        let answer = form("code=R5&name=Other&organisation=").await;
        assert!(answer.status == 409 && answer.text.contains("of this skill already"));
        let judges = look(&browser, &id).await.skills[0].judges.clone();
        let said: Vec<&str> = judges.iter().map(|judge| judge.code.as_str()).collect();
        assert_eq!((said.len(), &said[..4]), (7, &["J1", "J2", "R1", "R2"][..]), "{said:?}");
        assert_eq!((judges[2].name.as_str(), judges[2].role), ("孙海燕", Role::Judge));
        let card = CardFor { judge: "R2".into() };
        let card: Card = browser.post(&format!("/api/skills/{skill}/cards"), &card).await.json(200);
        assert_eq!(card.name, "周立新");
        // As many as the opening of a skill takes.
        for number in 8..=40 {
            assert_eq!(add(judge(&format!("N{number}"), "裁判", "")).await, added);
        }
        assert_eq!(add(judge("N41", "裁判", "")).await, (409, "judges_full".to_owned()));
        let export = browser.get(&format!("/api/competitions/{id}/export")).await;
        let files = server::exchange::Files::from_zip(&export.bytes).expect("a package");
        let list = files.get("skills/skill/judges.csv").expect("the judges");
        let list = String::from_utf8_lossy(list).into_owned();
        assert!(list.contains("R1,孙海燕,技师学院,judge"), "{list}");
        let judges = look(&browser, &id).await.skills[0].judges.clone();
        running.stop().await;
        server::backup::restore(&second, &target.url, None, &|_, _| {}).await.expect("it is restored");
        let restored = start(&target).await;
        let mut again = Browser::new(restored.address);
        again.bearer.clone_from(&browser.bearer);
        assert_eq!(look(&again, &id).await.skills[0].judges, judges);
        restored.stop().await;
    }
}

/// Somebody with an account that holds one role.
async fn appointed(running: &Running, role: Role, scope: Scope) -> Browser {
    let accounts = &running.app.accounts;
    let (code, _) =
        accounts.invite(Appointment { role, scope }, "somebody", "a test").await.expect("an invitation");
    let name = format!("{} {}", role.as_str(), &code[..8]);
    let mut browser = Browser::new(running.address);
    browser.bearer = Some(accounts.join(&code, &name, PASSWORD, "").await.expect("an account").secret);
    browser
}

/// Every route is called by nobody, by a judge's device, by everybody who holds one role, there and over
/// another competition, and from a foreign page.
#[tokio::test(flavor = "multi_thread")]
async fn every_route_is_for_whom_it_says() {
    let place = TestDatabase::sqlite();
    let running = start(&place).await;
    let browser = organiser(&running).await;
    let made: MadeBody = browser.post("/api/competitions/small", &page()).await.json(201);
    let other: MadeBody = browser.post("/api/competitions/small", &page()).await.json(201);
    let (id, other) = (made.competition.id, other.competition.id);
    let skill = look(&browser, &id).await.skills[0].clone();
    let skill_id = skill.skill.id.clone();
    let other_skill = look(&browser, &other).await.skills[0].skill.id.clone();
    let card_for = CardFor { judge: skill.judges[0].code.clone() };
    let card: Card = browser.post(&format!("/api/skills/{skill_id}/cards"), &card_for).await.json(200);
    let mut tablet = Browser::new(running.address);
    let enrol = Enrol { code: card.code.clone(), pin: card.pin.clone() };
    tablet.bearer = tablet.post("/api/enrol", &enrol).await.json::<SignedIn>(200).bearer;
    let mut relayed = Browser::new(running.address);
    relayed.headers = vec![("x-forwarded-for", "203.0.113.9")];
    let mut foreign = browser.clone();
    foreign.headers = vec![("origin", "https://evil.example")];
    let shop = organisation::add(&running.app.database, None, (OrganisationKind::Enterprise, "厂"), 1).await;
    let shop = shop.expect("an organisation");
    // A delegation of each competition, entered for by that organisation.
    let mut delegations = BTreeMap::new();
    for competition in [&id, &other] {
        let at = format!("/desk/competition/{competition}/registrations/delegations");
        assert_eq!(browser.form(&at, &[("delegations", "厂")]).await.status, 303);
        let find = sqlx::query_scalar("SELECT id FROM delegation WHERE competition_id = $1");
        let found: String =
            find.bind(competition).fetch_one(running.app.database.pool()).await.expect("a delegation");
        delegations.insert(competition.clone(), found);
    }
    // Of each role somebody who holds it as widely as it is held, and of those that can be held over one
    // competition or skill somebody who holds it over that alone.
    let (mut wide, mut narrow) = (Vec::new(), Vec::new());
    for (role, _) in Role::ALL {
        let scope_of = |level: Level| match level {
            Level::Everything => Scope::Everything,
            Level::Organisation => Scope::Organisation(shop.clone()),
            Level::Competition => Scope::Competition(id.clone()),
            Level::Skill => Scope::Skill(LedgerId::from(skill_id.as_str())),
        };
        let (Some(first), Some(last)) = (role.levels().first(), role.levels().last()) else { continue };
        wide.push((role, appointed(&running, role, scope_of(*first)).await));
        if *last >= Level::Competition {
            narrow.push((role, appointed(&running, role, scope_of(*last)).await));
        }
    }
    let routes = http::routes();
    let mut seen = BTreeSet::new();
    for route in routes.list() {
        assert!(seen.insert((route.method.to_string(), route.path)), "{} twice", route.path);
        let at = |competition: &str, skill: &str| {
            let named = match route.path {
                path if path.contains("/competition") => competition,
                path if path.starts_with("/desk/delegation/") => {
                    delegations.get(competition).map_or("none", String::as_str)
                }
                _ => skill,
            };
            route.path.replace("{*topic}", "circuit").replace("{id}", named).replace(['{', '}'], "")
        };
        let path = at(&id, &skill_id);
        let call_at = async |who: &Browser, path: &str| {
            who.send(route.method.as_str(), path, Vec::new(), "").await.status
        };
        let call = async |who: &Browser| call_at(who, &path).await;
        let refused = |status: u16| matches!(status, 401 | 403);
        let name = format!("{} {}", route.method, route.path);
        if route.path.ends_with("/sign-out") {
            // It would end the session; that it is for accounts is checked by the others.
            assert!(refused(call(&relayed).await) && refused(call(&tablet).await));
            continue;
        }
        if name == "DELETE /api/judge" {
            // Likewise the judge's.
            assert!(refused(call(&relayed).await) && refused(call(&browser).await));
            continue;
        }
        let (nobody, judge) = (call(&relayed).await, call(&tablet).await);
        match route.guard {
            Guard::Public => assert_ne!(nobody, 403, "{name}"),
            Guard::Tablet => {
                assert_eq!((nobody, call(&browser).await), (401, 403), "{name}");
                assert!(!refused(judge), "{name}: {judge}");
            }
            Guard::Account | Guard::Staff(..) | Guard::Operator => {
                assert_eq!((nobody, judge), (401, 403), "{name}");
                for (role, who) in &wide {
                    let status = call(who).await;
                    assert_eq!(status != 403, is_for(route.guard, *role), "{name}: {role:?}: {status}");
                    assert_ne!(status, 401, "{name}: {role:?}");
                }
                if let Guard::Staff(action, over) = route.guard
                    && over != Over::Somewhere
                {
                    for (role, who) in &narrow {
                        let elsewhere = at(&other, &other_skill);
                        assert_eq!(call_at(who, &elsewhere).await, 403, "{name}: {role:?} elsewhere");
                        let unknown = at("none", "none");
                        assert_eq!(call_at(who, &unknown).await, 403, "{name}: {role:?} nowhere");
                        if over == Over::Skill {
                            let there = call(who).await != 403;
                            assert_eq!(there, access::allows(*role, action), "{name}: {role:?}");
                        }
                    }
                }
            }
        }
        if route.method != "GET" {
            assert_eq!(call(&foreign).await, 403, "{name} from a foreign page");
        }
    }
    running.stop().await;
}

/// Whether a route is for somebody who holds a role as widely as it is held.
fn is_for(guard: Guard, role: Role) -> bool {
    match guard {
        Guard::Public => true,
        Guard::Tablet => matches!(role, Role::Judge | Role::ChiefJudge),
        Guard::Account => !role.levels().is_empty(),
        Guard::Operator => access::allows(role, Action::Operate),
        Guard::Staff(action, over) => {
            let reaches = |level: &Level| match over {
                Over::Everything => *level == Level::Everything,
                Over::Competition => *level <= Level::Competition,
                Over::Somewhere | Over::Within | Over::Skill | Over::Delegation => true,
            };
            access::allows(role, action) && role.levels().iter().any(reaches)
        }
    }
}

/// `docs/roles.md` says who may call what; to renew it, run this test with `LEITAI_RENEW=1`.
#[test]
fn the_table_of_routes_and_roles_is_true() {
    let roles: Vec<Role> = Role::ALL
        .iter()
        .map(|(role, _)| *role)
        .filter(|role| !matches!(role, Role::Competitor | Role::Importer | Role::Server))
        .collect();
    let mut text = "# Who may call what\n\nMade of the list of routes and of `domain::access`; a test calls every \
        route as every role and holds it to this page. A role reaches what lies below what it is held over: an \
        organisation, a competition, a skill. `everything` means that it must be held over the whole server, \
        `somewhere` that the page shows what the roles reach, `delegation` that the role is held over the \
        delegation's organisation, or as organiser over its competition.\n"
        .to_owned();
    let levels = |role: &Role| {
        let levels: Vec<String> =
            role.levels().iter().map(|level| format!("{level:?}").to_lowercase()).collect();
        if levels.is_empty() { "a device, by card and PIN".to_owned() } else { levels.join(", ") }
    };
    text += "\n| role | held over |\n|---|---|\n";
    for role in &roles {
        text += &format!("| `{}` | {} |\n", role.as_str(), levels(role));
    }
    text += "\n| route | what for | over | roles |\n|---|---|---|---|\n";
    for route in http::routes().list() {
        let (what, over) = match route.guard {
            Guard::Staff(action, over) => {
                (format!("{action:?}").to_lowercase(), format!("{over:?}").to_lowercase())
            }
            guard => (guard.as_str().to_owned(), String::new()),
        };
        let named: Vec<String> = roles
            .iter()
            .filter(|role| is_for(route.guard, **role))
            .map(|role| format!("`{}`", role.as_str()))
            .collect();
        let named = match route.guard {
            Guard::Public => "everybody".to_owned(),
            Guard::Account => "every account".to_owned(),
            Guard::Operator => format!("programs on this machine, {}", named.join(" ")),
            _ => named.join(" "),
        };
        text += &format!("| `{} {}` | {what} | {over} | {named} |\n", route.method, route.path);
    }
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/roles.md");
    if std::env::var_os("LEITAI_RENEW").is_some() {
        std::fs::write(&path, &text).expect("the file is written");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == text, "docs/roles.md is old; run this test once with LEITAI_RENEW=1");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_has_the_security_headers() {
    let place = TestDatabase::sqlite();
    let running = start(&place).await;
    let browser = Browser::new(running.address);
    for path in ["/healthz", "/nothing", "/api/competitions"] {
        let answer: Answer = browser.get(path).await;
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{path}");
        }
        let policy = answer.header("content-security-policy").expect("a policy");
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe-inline"), "{policy}");
    }
    running.stop().await;
}

/// `docs/openapi.json` is what `/openapi.json` answers; to renew it, run this test with
/// `LEITAI_RENEW=1`.
#[test]
fn the_description_of_the_interface_is_true() {
    let said = http::openapi(&http::routes());
    let text = serde_json::to_string_pretty(&said).expect("JSON") + "\n";
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/openapi.json");
    if std::env::var_os("LEITAI_RENEW").is_some() {
        std::fs::write(&path, &text).expect("the file is written");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == text, "docs/openapi.json is old; run this test once with LEITAI_RENEW=1");
    for route in http::routes().list() {
        let path = route.path.replace("{*", "{");
        let operation = &said["paths"][path][route.method.as_str().to_lowercase()];
        assert_eq!(operation["summary"], route.about);
    }
}
