//! Judges from a list, over a whole competition at once: looked over, every wrong row named, taken in and back as a
//! whole; on both databases.
#![expect(clippy::expect_used, reason = "a test stops at what is not there")]

use std::fmt::Write as _;

use domain::id::LedgerId;
use protocol::desk::Competition;
use server::exchange::package::{Competition as About, Judge, SkillDocument};
use server::exchange::{judges, list, sheet};
use server::http::Running;
use tests::TestDatabase;
use tests::http::{Answer, Browser};
use tests::office::{first, hidden, led, refused, start};

/// A competition with these skills; gives its id.
async fn competition(browser: &Browser, skills: &str) -> String {
    let fields = [("name", "市赛"), ("tier", "city"), ("rule_set", "hebei-2025"), ("from", "2026-05-09")];
    let made = led(&browser.form("/desk/new", &fields).await);
    let id = made.split(['/', '#']).nth(3).expect("an id").to_owned();
    led(&browser.form(&format!("/desk/competition/{id}/skills"), &[("skills", skills)]).await);
    id
}

const SKILLS: &str = "01，焊接，Welding\n02，电工，Electrician\n03，数控车，CNC turning";

async fn upload(browser: &Browser, id: &str, bytes: Vec<u8>) -> String {
    led(&browser.send("POST", &format!("/desk/competition/{id}/judges"), bytes, "text/csv").await)
}

async fn take(browser: &Browser, list: &str, page: &str) -> Answer {
    let fields = [("columns", hidden(page, "columns")), ("digest", hidden(page, "digest"))];
    browser.form(&format!("{list}/take"), &fields).await
}

async fn judges_of(running: &Running, id: &str) -> Vec<Vec<Judge>> {
    let loaded = server::competition::load::<About, SkillDocument>(&running.app.database, id).await;
    let (_, skills) = loaded.expect("a competition");
    skills.into_iter().map(|skill| skill.document.judges).collect()
}

async fn counts(running: &Running, id: &str) -> Vec<usize> {
    judges_of(running, id).await.iter().map(Vec::len).collect()
}

/// The lists that were taken in and not back, the newest first.
async fn batches(browser: &Browser, id: &str) -> Vec<String> {
    let page = browser.get(&format!("/desk/competition/{id}/judges")).await.text;
    let ids = page.split("name=\"id\" value=\"").skip(1);
    ids.map(|rest| rest.split('"').next().expect("an id").to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_judges_is_looked_over_taken_in_and_taken_back_as_a_whole() {
    for place in TestDatabase::every_kind() {
        let running = start(&place).await;
        let liu = first(&running, "刘老师").await;
        let id = competition(&liu, SKILLS).await;
        let waits = format!("/desk/competition/{id}/roster");
        let roster = led(&liu
            .form(&format!("{waits}/paste"), &[("rows", "姓名\t赛项\t工作单位\n赵国强\t焊接\t一车间\n")])
            .await);
        // Judges in GBK, as Excel and WPS write CSV in China.
        let mut rows = "序号,竞赛项目,裁判姓名,单位,职务\n".to_owned();
        for (at, name) in ["马建华", "胡爱民", "林晓峰", "郑卫东", "何 平"].iter().enumerate() {
            for skill in ["焊接", "2"] {
                let chief = if at == 1 { "裁判长" } else { "裁判员" };
                writeln!(rows, "{at},{skill},{name},质检院,{chief}").expect("a row");
            }
        }
        rows += "9,数控车,高远,技师学院,\n10,木工,高远,技师学院,\n11,焊接,何平,质检院,\n12,焊接,,质检院,\n";
        let (bytes, _, has_lost) = encoding_rs::GBK.encode(&rows);
        assert!(!has_lost);
        let list = upload(&liu, &id, bytes.into_owned()).await;
        let page = liu.get(&list).await.text;
        assert!(page.contains("共 14 行：11 人可以导入，2 行有错，1 行已有"), "{page}");
        assert!(page.contains("没有赛项“木工”") && page.contains("将由这一位担任"), "{page}");
        assert_eq!(counts(&running, &id).await, [0, 0, 0], "nobody was taken in yet");
        // A list of another kind waits beside it, and neither is taken for the other.
        assert_eq!(liu.get(&roster).await.status, 200);
        let token = roster.rsplit('/').next().expect("an id");
        refused(&liu.get(&format!("/desk/competition/{id}/judges/list/{token}")).await, 410, "已经导入");
        // What is wrong comes back as a workbook, with its rows' own numbers.
        let errors = liu.get(&format!("{list}/errors?columns={}", hidden(&page, "columns"))).await;
        let errors = sheet::open(&errors.bytes, "errors.xlsx").expect("it opens");
        let numbers: Vec<&str> = errors.rows.iter().skip(1).map(|row| row.text(1)).collect();
        assert_eq!(numbers, ["13", "15"]);

        let done = led(&take(&liu, &list, &page).await);
        assert!(done.ends_with("judges?taken=11"), "{done}");
        assert_eq!(counts(&running, &id).await, [5, 5, 1]);
        let all = judges_of(&running, &id).await;
        let chiefs: Vec<Vec<&str>> = all
            .iter()
            .map(|of| of.iter().filter(|one| one.is_chief).map(|one| one.name.as_str()).collect())
            .collect();
        assert_eq!(chiefs, [vec!["胡爱民"], vec!["胡爱民"], vec!["高远"]]);
        assert_eq!(all[0][4].name, "何平", "a spread name is one");
        assert_eq!(take(&liu, &list, &page).await.status, 410, "it was taken in once");

        // The same again adds nobody.
        let again = upload(&liu, &id, rows.into_bytes()).await;
        let page = liu.get(&again).await.text;
        assert!(page.contains("共 14 行：0 人可以导入，2 行有错，12 行已有"), "{page}");
        // Who competes does not judge: by name and organisation; by the name alone it is a word.
        let fields = [("columns", "name,skill,organisation"), ("digest", "")];
        refused(&liu.form(&format!("{roster}/take"), &fields).await, 409, "有变动");
        let digest = hidden(&liu.get(&roster).await.text, "digest").to_owned();
        led(&liu
            .form(
                &format!("{roster}/take"),
                &[("columns", "name,skill,organisation"), ("digest", digest.as_str())],
            )
            .await);
        let competes = "姓名\t赛项\t单位\n赵国强\t焊接\t一车间\n赵国强\t焊接\t二车间\n赵国强\t电工\t一车间\n";
        let list =
            led(&liu.form(&format!("/desk/competition/{id}/judges/paste"), &[("rows", competes)]).await);
        let page = liu.get(&list).await.text;
        assert!(page.contains("2 人可以导入，1 行有错") && page.contains("请核对不是同一人"), "{page}");

        // Where one has a card, nobody is taken back; then everybody.
        let look: Competition = liu.get(&format!("/api/competitions/{id}")).await.json(200);
        let skill = look.skills[0].skill.id.clone();
        led(&liu
            .form(
                &format!("/desk/skill/{skill}/interests"),
                &[("judge", "J1"), ("competitor", "赵国强"), ("kind", "kin")],
            )
            .await);
        let card: serde_json::Value = liu
            .post(&format!("/api/skills/{skill}/cards"), &serde_json::json!({ "judge": "J3" }))
            .await
            .json(200);
        let batch = batches(&liu, &id).await.remove(0);
        let undo = format!("/desk/competition/{id}/judges/undo");
        refused(&liu.form(&undo, &[("id", batch.as_str())]).await, 409, "“林晓峰”已有登录卡");
        assert_eq!(counts(&running, &id).await, [5, 5, 1], "nothing half done");
        let enrolment = card["enrolment"].as_str().expect("an enrolment");
        let ended =
            liu.send("DELETE", &format!("/api/skills/{skill}/enrolments/{enrolment}"), Vec::new(), "").await;
        assert!(matches!(ended.status, 200 | 204), "{}", ended.text);
        led(&liu.form(&undo, &[("id", batch.as_str())]).await);
        refused(&liu.form(&undo, &[("id", batch.as_str())]).await, 409, "已经撤销");
        assert_eq!(counts(&running, &id).await, [0, 0, 0]);
        let loaded = server::competition::load::<About, SkillDocument>(&running.app.database, &id).await;
        assert!(loaded.expect("it").1.iter().all(|skill| skill.document.interests.is_empty()));
        running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_take_one_list_of_judges_in_at_once_one_does_and_an_open_skill_takes_none() {
    for place in TestDatabase::every_kind() {
        let running = start(&place).await;
        let liu = first(&running, "刘老师").await;
        let small = protocol::desk::Small {
            name: "市赛".to_owned(),
            skill: "焊工".to_owned(),
            rule_set: "enterprise-drill".to_owned(),
            competitors: "李明远，一分厂\n王秀兰，二分厂".to_owned(),
            judges: "马建华，技术处\n胡爱民，一分厂\n林晓峰".to_owned(),
            aspects: "外观，50，测量\n操作，50，评判".to_owned(),
            organisation: String::new(),
        };
        let made: serde_json::Value = liu.post("/api/competitions/small", &small).await.json(201);
        let id = made["competition"]["id"].as_str().expect("an id").to_owned();
        let rows = "姓名\t单位\n高远\t技师学院\n马建华\t技术处\n";
        let paste = format!("/desk/competition/{id}/judges/paste");
        let list = led(&liu.form(&paste, &[("rows", rows)]).await);
        let page = liu.get(&list).await.text;
        assert!(page.contains("共 2 行：1 人可以导入，0 行有错，1 行已有"), "{page}");
        let (one, other) = tokio::join!(take(&liu, &list, &page), take(&liu, &list, &page));
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert!(matches!(statuses, [303, 409 | 410]), "{statuses:?}");
        assert_eq!(counts(&running, &id).await, [4]);

        let look: Competition = liu.get(&format!("/api/competitions/{id}")).await.json(200);
        let skill = look.skills[0].skill.id.clone();
        let open = protocol::desk::Do { act: protocol::desk::Act::Open };
        assert_eq!(liu.post(&format!("/api/skills/{skill}/act"), &open).await.status, 204);
        let list = led(&liu.form(&paste, &[("rows", "姓名\n周正\n")]).await);
        let page = liu.get(&list).await.text;
        assert!(page.contains("0 人可以导入，1 行有错") && page.contains("已经开赛"), "{page}");
        let batch = batches(&liu, &id).await.remove(0);
        let undo = format!("/desk/competition/{id}/judges/undo");
        refused(&liu.form(&undo, &[("id", batch.as_str())]).await, 409, "已经开放");
        let state = running.app.ledger.state(&LedgerId::from(skill.as_str())).await.expect("a state");
        assert!(state.skill.is_some());
        running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_template_of_judges_offers_the_skills_and_a_file_without_a_header_says_what_it_needs() {
    let place = TestDatabase::sqlite();
    let running = start(&place).await;
    let liu = first(&running, "刘老师").await;
    let id = competition(&liu, SKILLS).await;
    let at = format!("/desk/competition/{id}/judges");
    let template = liu.get(&format!("{at}/template")).await;
    let read = sheet::open(&template.bytes, "judges.xlsx").expect("it opens");
    let proposal = list::propose::<judges::Column>(&read, judges::NEEDED);
    assert!(proposal.header.is_some() && proposal.findings.is_empty(), "{:?}", proposal.findings);
    assert_eq!(read.rows[1].text(0), "焊接");
    let answer = liu.form(&format!("{at}/paste"), &[("rows", "一\t二\n三\t四\n")]).await;
    refused(&answer, 422, "姓名");
    refused(&answer, 422, "一\t二");
    // A skill of one's own to judge is chosen by columns otherwise.
    let list =
        led(&liu.form(&format!("{at}/paste"), &[("rows", "姓名\t选手\t赛项\nx\t赵国强\t焊接\n")]).await);
    let page = liu.get(&format!("{list}?c0=&c1=name&c2=skill")).await.text;
    assert!(page.contains("1 人可以导入") && hidden(&page, "columns") == ",name,skill", "{page}");
    running.stop().await;
}
