//! Drills on the job over HTTP, as a foreman's phone asks for them, on both databases.
#![expect(clippy::expect_used, reason = "a test stops at what it cannot do")]

use std::net::SocketAddr;

use protocol::account::{SetUp, SignIn, SignedIn};
use protocol::desk::ResultRow;
use server::http::{self, Config, Running};
use tests::TestDatabase;
use tests::http::{Answer, Browser};

const PASSWORD: &str = "correct horse battery";
const FORM: &str = "application/x-www-form-urlencoded";

async fn start(place: &TestDatabase) -> Running {
    let config = Config {
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        database: place.url.clone(),
        key: Some(place.folder.join("key")),
        ..Config::default()
    };
    http::start(config).await.expect("the server starts")
}

/// Two foremen of one works.
async fn foremen(running: &Running) -> [Browser; 2] {
    let mut first = Browser::new(running.address);
    let secret = running.first_secret.clone().expect("no account yet");
    let body = SetUp { secret, name: "刘师傅".to_owned(), password: PASSWORD.to_owned() };
    first.bearer = first.post("/api/set-up", &body).await.json::<SignedIn>(200).bearer;
    running.app.accounts.make_account("陈师傅", PASSWORD).await.expect("an account");
    let mut second = Browser::new(running.address);
    let body = SignIn { name: "陈师傅".to_owned(), password: PASSWORD.to_owned() };
    second.bearer = second.post("/api/sign-in", &body).await.json::<SignedIn>(200).bearer;
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
    }
    assert!(!foreman.get("/drill").await.text.contains(&id));
    assert_eq!(send(&foreman, &whole).await.status, 200);
    running.stop().await;
}
