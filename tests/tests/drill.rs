//! Drills on the job over HTTP, as a foreman's phone asks for them, on both databases.
#![expect(clippy::expect_used, reason = "a test stops at what it cannot do")]

use domain::access::{Appointment, Role, Scope};
use domain::id::{EntryId, LedgerId};
use domain::ledger::Command;
use domain::marking::{Body, Mark};
use domain::number::Decimal;
use domain::scoring::Value;
use protocol::account::{SetUp, SignedIn};
use protocol::desk::{Competition, ResultRow};
use server::http::Running;
use server::ledger::{Origin, Submission};
use tests::TestDatabase;
use tests::http::{Answer, Browser};
use tests::office::{PASSWORD, start};

const FORM: &str = "application/x-www-form-urlencoded";

/// Two foremen of one works.
async fn foremen(running: &Running) -> [Browser; 2] {
    let mut first = Browser::new(running.address);
    let secret = running.first_secret.clone().expect("no account yet");
    let body = SetUp { secret, name: "刘师傅".to_owned(), password: PASSWORD.to_owned() };
    first.bearer = first.post("/api/set-up", &body).await.json::<SignedIn>(200).bearer;
    let to = Appointment { role: Role::Foreman, scope: Scope::Everything };
    let (code, _) = running.app.accounts.invite(to, "陈师傅", "刘师傅").await.expect("an invitation");
    let joined = running.app.accounts.join(&code, "陈师傅", PASSWORD, "").await.expect("an account");
    let mut second = Browser::new(running.address);
    second.bearer = Some(joined.secret);
    [first, second]
}

async fn send(foreman: &Browser, fields: &[(&str, &str)]) -> Answer {
    let all = ["id", "template", "aspects", "title", "names", "second", "board"];
    let value = |name| fields.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value);
    let encoded = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    let body: Vec<String> = all.iter().map(|name| format!("{name}={}", encoded(value(*name)))).collect();
    foreman.send("POST", "/drill/new", body.join("&").into_bytes(), FORM).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drill_is_started_once_is_its_foremans_alone_and_ends_once() {
    for place in TestDatabase::every_kind() {
        let running = start(&place).await;
        let [foreman, other] = foremen(&running).await;
        let id = "0199c82d-74d2-70d3-a8a4-247c713aae37".to_owned();
        let fields =
            [("id", &*id), ("template", "welder-fillet"), ("names", "李明远\n王秀兰"), ("second", "胡爱民")];
        let started = send(&foreman, &fields).await;
        assert_eq!(started.status, 200, "{}", started.text);
        assert!(started.text.contains("胡爱民") && started.text.contains("/judge#"), "{}", place.kind);
        // Sent again, and by two at once, it is the same drill.
        let (again, once_more) = tokio::join!(send(&foreman, &fields), send(&foreman, &fields));
        assert_eq!((again.status, once_more.status), (200, 200));
        let listed = foreman.get("/drill").await.text;
        assert_eq!(listed.matches("/drill/").count() - listed.matches("/drill/new").count(), 1, "{listed}");
        let path = format!("/drill/{id}");
        assert_eq!(foreman.get(&path).await.status, 200);
        for of_other in
            [other.get(&path).await, other.send("POST", &format!("{path}/finish"), Vec::new(), "").await]
        {
            assert_eq!(of_other.status, 404, "{}", of_other.text);
        }
        // Another's form with that id starts nothing and touches nothing.
        let stolen = send(&other, &fields).await;
        assert_eq!(stolen.status, 404, "{}", stolen.text);
        assert!(!other.get("/drill").await.text.contains(&id));
        for _ in 0..2 {
            let finished = foreman.send("POST", &format!("{path}/finish"), Vec::new(), "").await;
            assert_eq!(
                (finished.status, finished.header("location")),
                (303, Some(&*path)),
                "{}",
                finished.text
            );
        }
        let rows: Vec<ResultRow> = foreman.get(&format!("/api/competitions/{id}/results")).await.json(200);
        assert_eq!(rows.iter().map(|row| row.competitor.as_str()).collect::<Vec<_>>(), ["1", "2"]);
        running.stop().await;
    }
}

/// Marks everything of a drill as its foreman: each worker's values, in the order of the aspects.
async fn mark(running: &Running, foreman: &Browser, id: &str, values: &[(&str, [&str; 3])]) {
    let shown: Competition = foreman.get(&format!("/api/competitions/{id}")).await.json(200);
    let skill = LedgerId::from(shown.skills[0].skill.id.as_str());
    for (at, (competitor, aspect, value)) in (1_u16..).zip(values.iter().flat_map(|(competitor, values)| {
        ["01", "02", "03"].into_iter().zip(values).map(move |(aspect, value)| (*competitor, aspect, *value))
    })) {
        let mark = Mark {
            aspect: aspect.into(),
            competitor: competitor.into(),
            judge: "J1".into(),
            reason: None,
            round: 1,
            value: Value::Number(Decimal::parse(value).expect("a number")),
        };
        let drill = u128::from(id.as_bytes()[35]);
        let command = Command {
            actor: "J1".to_owned(),
            base: None,
            client_time: 0,
            device: format!("phone {id}").as_str().into(),
            dseq: at.into(),
            id: EntryId((7 << 76) | (2 << 62) | (drill << 16) | u128::from(at)),
            role: Role::ChiefJudge,
            second: None,
            body: Body::Mark(mark),
        };
        let (ledger_id, origin) = (skill.clone(), Origin::Unsigned);
        let submission = Submission { ledger_id, command, origin, drawing: None, reason: None };
        let receipt = running.app.ledger.submit(submission).await.expect("a receipt");
        assert_eq!(receipt.status, domain::ledger::Status::Accepted, "{:?}", receipt.why);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slip_says_what_went_best_and_worst_and_how_it_went_before() {
    for place in TestDatabase::every_kind() {
        let running = start(&place).await;
        let [foreman, other] = foremen(&running).await;
        let [first, second] = [1, 2].map(|at| format!("0199c82d-74d2-70d3-a8a4-247c713aae3{at}"));
        let own = "穿戴齐全，10\n尺寸，20，计数:4\n外观，30，分数";
        let fields = [("id", &*first), ("template", "own"), ("aspects", own), ("names", "李明远\n王秀兰")];
        assert_eq!(send(&foreman, &fields).await.status, 200);
        mark(&running, &foreman, &first, &[("1", ["1", "2", "15"]), ("2", ["0", "4", "30"])]).await;
        let slips = foreman.get(&format!("/drill/{first}/slips")).await.text;
        assert!(slips.contains("35.00 分") && slips.contains("50.00 分"), "{slips}");
        assert!(!slips.contains("比上次"), "{slips}");
        // As before, with another list: who is new has nothing before.
        let fields = [("id", &*second), ("template", &*first), ("names", "赵国强\n李明远")];
        assert_eq!(send(&foreman, &fields).await.status, 200);
        let half = foreman.get(&format!("/drill/{second}/slips")).await.text;
        assert_eq!(half.matches("还没评完").count(), 2, "{half}");
        mark(&running, &foreman, &second, &[("1", ["1", "4", "30"]), ("2", ["1", "3", "12"])]).await;
        let of_li = foreman.get(&format!("/drill/{second}/slips/2")).await.text;
        for said in [
            "37.00 分",
            "第 2 名，共 2 人",
            "穿戴齐全",
            "10.00 / 10.00",
            "12.00 / 30.00",
            "35.00",
            "↑ 比上次 +2.00",
        ] {
            assert!(of_li.contains(said), "{said}: {of_li}");
        }
        assert!(!of_li.contains("赵国强"), "{of_li}");
        let of_zhao = foreman.get(&format!("/drill/{second}/slips/1")).await.text;
        assert!(of_zhao.contains("60.00 分") && !of_zhao.contains("以前"), "{of_zhao}");
        assert!(!of_zhao.contains("最好的"), "all went alike: {of_zhao}");
        // Nobody else's, and of nobody who is not there.
        for (who, path) in [
            (&other, format!("/drill/{second}/slips")),
            (&other, format!("/drill/{second}/slips/1")),
            (&foreman, format!("/drill/{second}/slips/9")),
        ] {
            assert_eq!(who.get(&path).await.status, 404, "{path}");
        }
        running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_drills_form_is_said_and_nothing_is_kept() {
    let place = TestDatabase::sqlite();
    let running = start(&place).await;
    let [foreman, _] = foremen(&running).await;
    let id = "0199c82d-74d2-70d3-a8a4-247c713aae37".to_owned();
    let whole = [("id", &*id), ("template", "own"), ("aspects", "外观"), ("names", "李明远")];
    let cases: [(&str, &str, &str); 7] = [
        ("id", "1; DROP TABLE drill", "表单不完整"),
        ("template", "no-such", "没有这个模板"),
        ("aspects", " ", "请写 1 到 12 行"),
        ("aspects", "外观，10，看看", "不认识“看看”"),
        ("aspects", "外观，0", "0"),
        ("names", "", "还没有姓名"),
        ("names", "李明远，李明远", "写了两次"),
    ];
    for (field, value, said) in cases {
        let fields = whole.map(|(name, known)| (name, if name == field { value } else { known }));
        let answer = send(&foreman, &fields).await;
        assert_eq!(answer.status, 422, "{field}: {}", answer.text);
        assert!(answer.text.contains(said), "{field}: {}", answer.text);
        assert!(!answer.text.contains(".csv"), "no file of a package that nobody wrote: {}", answer.text);
    }
    assert!(!foreman.get("/drill").await.text.contains(&id));
    assert_eq!(send(&foreman, &whole).await.status, 200);
    running.stop().await;
}
