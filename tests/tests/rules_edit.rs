//! A competition's rules at the desk: chosen, edited and tried on an example, kept with the skills that are not
//! open, refused where somebody changed them meanwhile; on both databases.
#![expect(clippy::expect_used, reason = "a test stops at what is not there")]

use domain::id::LedgerId;
use domain::rules::{RuleSet, preset};
use protocol::desk::{Act, Competition, Do, Small};
use server::exchange::{Files, package};
use server::http::Running;
use tests::TestDatabase;
use tests::http::Browser;
use tests::office::{described, first, hidden, led, refused, start};

/// A competition of one skill by Hebei's rules, ready to be opened; its id and the skill's.
async fn competition(liu: &Browser) -> (String, LedgerId) {
    let small = Small {
        name: "市赛".to_owned(),
        skill: "焊工".to_owned(),
        rule_set: "hebei-2025".to_owned(),
        competitors: "李明远，一分厂\n王秀兰，二分厂".to_owned(),
        judges: "马建华".to_owned(),
        aspects: "外观，10，测量".to_owned(),
        organisation: String::new(),
    };
    let made: serde_json::Value = liu.post("/api/competitions/small", &small).await.json(201);
    let id = made["competition"]["id"].as_str().expect("an id").to_owned();
    let look: Competition = liu.get(&format!("/api/competitions/{id}")).await.json(200);
    (id, LedgerId::from(look.skills[0].skill.id.clone()))
}

/// What stands in the fields of a page's form, as a browser would send it.
fn fields(page: &str) -> Vec<(String, String)> {
    let form = page.split("class=\"rules\"").nth(1).expect("the form");
    let unescaped = |text: &str| {
        text.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    };
    let mut fields = Vec::new();
    for element in form.split('<') {
        let attribute = |name: &str| {
            let value = element.split(&format!(" {name}=\"")).nth(1)?;
            value.split('"').next().map(unescaped)
        };
        let Some(name) = attribute("name").filter(|name| name != "act") else {
            if let (true, Some(value), Some((_, chosen))) =
                (element.contains(" selected="), attribute("value"), fields.last_mut())
            {
                *chosen = value;
            }
            continue;
        };
        let value = match element.split_once(' ').map(|(tag, _)| tag) {
            Some("textarea") => element.split_once('>').map(|(_, text)| unescaped(text)),
            _ => attribute("value"),
        };
        fields.push((name, value.unwrap_or_default()));
    }
    fields
}

/// The same with some of them typed over or added, and what is to be done.
fn typed(page: &str, changes: &[(&str, &str)], act: &str) -> Vec<(String, String)> {
    let mut fields = fields(page);
    for (path, text) in changes {
        fields.retain(|(name, _)| name != path);
        fields.push(((*path).to_owned(), (*text).to_owned()));
    }
    fields.push(("act".to_owned(), act.to_owned()));
    fields
}

/// The rules that a skill's draft has.
async fn drafted(running: &Running, id: &str, at: usize) -> RuleSet {
    let (_, skills) =
        server::competition::load::<serde_json::Value, serde_json::Value>(&running.app.database, id)
            .await
            .expect("a competition");
    skills[at].draft.clone().expect("a draft").rules
}

/// The rule set that the competition names.
async fn named(running: &Running, id: &str) -> String {
    let (kept, _) =
        server::competition::load::<serde_json::Value, serde_json::Value>(&running.app.database, id)
            .await
            .expect("a competition");
    kept.document["rule_set"].as_str().expect("an id").to_owned()
}

async fn send(browser: &Browser, at: &str, fields: &[(String, String)]) -> tests::http::Answer {
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    browser.form(at, &fields).await
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_are_edited_tried_and_kept_with_the_skills_that_are_not_open() {
    for place in TestDatabase::every_kind() {
        let running = start(&place).await;
        let liu = first(&running, "刘老师").await;
        let (id, skill) = competition(&liu).await;
        let at = format!("/desk/competition/{id}/rules");
        assert!(liu.get(&format!("/desk/competition/{id}")).await.text.contains(&at));
        let page = liu.get(&at).await.text;
        assert!(page.contains("完全相同") && page.contains("尚未开放，保存后改用新的"), "{page}");

        // Tried, nothing is kept.
        let change = [("judgement.spread_max", "2"), ("judgement.source", "技术文件第 4 条")];
        let tried = send(&liu, &at, &typed(&page, &change, "preview")).await;
        assert_eq!(tried.status, 200, "{}", tried.text);
        assert!(tried.text.contains("12 名选手中有 1 名的结果不同"), "{}", tried.text);
        assert!(
            tried.text.contains("总分 78.00 → 79.11") && tried.text.contains("还没有保存"),
            "{}",
            tried.text
        );
        let alone = send(&liu, &format!("{at}/preview"), &typed(&page, &change, "")).await;
        assert_eq!(alone.status, 200);
        assert!(alone.text.contains("总分 78.00 → 79.11") && !alone.text.contains("<html"), "{}", alone.text);
        assert_eq!(drafted(&running, &id, 0).await, preset("hebei-2025").expect("a preset"));

        // Mistakes are refused at their fields, and everything typed is there still.
        let wrong = [("penalties.cap", "很多"), ("scheme.total", "-1"), ("rounding.source", "  ")];
        let answer = send(&liu, &at, &typed(&page, &wrong, "save")).await;
        refused(&answer, 422, "有 1 处填写有误");
        assert!(
            answer.text.contains("“很多”不是分值") && answer.text.contains("value=\"很多\""),
            "{}",
            answer.text
        );
        let answer = send(&liu, &at, &typed(&page, &wrong[1..], "save")).await;
        refused(&answer, 422, "有 3 处填写有误");
        assert!(
            answer.text.contains("分值 -1.00 小于 0") && answer.text.contains("value=\"-1\""),
            "{}",
            answer.text
        );
        assert_eq!(named(&running, &id).await, "hebei-2025");

        // Kept, they have an id and a title of their own; the page says so, and so does the competition.
        let saved = led(&send(&liu, &at, &typed(&page, &change, "save")).await);
        let page = liu.get(&saved).await.text;
        assert!(page.contains("规则已保存") && page.contains("（本赛修改）"), "{page}");
        let own = drafted(&running, &id, 0).await;
        assert_eq!((own.id.as_str(), own.version, own.judgement.spread_max), ("hebei-2025-own", 1, Some(2)));
        assert_eq!(named(&running, &id).await, "hebei-2025-own");
        // What the competition is can be changed without losing them, and a skill that is added has them.
        let about = [("name", "市赛"), ("tier", "city"), ("rule_set", "hebei-2025-own")];
        led(&described(&liu, &id, &about).await);
        led(&liu.form(&format!("/desk/competition/{id}/skills"), &[("skills", "02，电工")]).await);
        assert_eq!(drafted(&running, &id, 1).await, own);

        // A skill that is open keeps what it was opened with.
        let opened = liu.post(&format!("/api/skills/{skill}/act"), &Do { act: Act::Open }).await;
        assert_eq!(opened.status, 204, "{}", opened.text);
        let page = liu.get(&at).await.text;
        assert!(page.contains("已开放，规则固定"), "{page}");
        led(&send(&liu, &at, &typed(&page, &[("judgement.judges", "5")], "save")).await);
        let state = running.app.ledger.state(&skill).await.expect("a state");
        assert_eq!(state.skill.as_ref().map(|open| open.opening.rules.clone()), Some(own.clone()));
        let (_, skills) =
            server::competition::load::<serde_json::Value, serde_json::Value>(&running.app.database, &id)
                .await
                .expect("a competition");
        let versions = skills.iter().map(|one| {
            let rules = one.draft.as_ref().map(|draft| &draft.rules).expect("a draft");
            (one.ledger == skill, rules.version, rules.judgement.judges)
        });
        let mut versions: Vec<_> = versions.collect();
        versions.sort_unstable();
        assert_eq!(versions, [(false, 2, Some(5)), (true, 1, Some(3))]);
        // A skill that is added has the newer ones.
        led(&liu.form(&format!("/desk/competition/{id}/skills"), &[("skills", "03，钳工")]).await);
        let (_, skills) =
            server::competition::load::<serde_json::Value, serde_json::Value>(&running.app.database, &id)
                .await
                .expect("a competition");
        let newer =
            skills.iter().filter(|one| one.draft.as_ref().is_some_and(|draft| draft.rules.version == 2));
        assert_eq!(newer.count(), 2);

        // Back to the preset as a whole, they are the preset.
        let page = liu.get(&at).await.text;
        let back = send(&liu, &at, &typed(&page, &[], "back")).await;
        assert_eq!(back.status, 200, "{}", back.text);
        led(&send(&liu, &at, &typed(&back.text, &[], "save")).await);
        assert_eq!(named(&running, &id).await, "hebei-2025");
        let stranger = Browser::new(running.address);
        assert!(matches!(stranger.get(&at).await.status, 401 | 303));
        running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_edit_at_once_the_second_is_told_and_loses_nothing() {
    for place in TestDatabase::every_kind() {
        let running = start(&place).await;
        let liu = first(&running, "刘老师").await;
        let (id, skill) = competition(&liu).await;
        let at = format!("/desk/competition/{id}/rules");
        let page = liu.get(&at).await.text;
        led(&send(&liu, &at, &typed(&page, &[("judgement.judges", "5")], "save")).await);
        let second =
            typed(&page, &[("ranking.chain[1].key", "time"), ("ranking.chain[1].better", "lower")], "save");
        let answer = send(&liu, &at, &second).await;
        refused(&answer, 409, "别人改了规则");
        assert!(answer.text.contains("name=\"ranking.chain[1].key\""), "{}", answer.text);
        assert_ne!(hidden(&answer.text, "seen"), hidden(&page, "seen"));
        assert_eq!(drafted(&running, &id, 0).await.judgement.judges, Some(5));
        // Looked over and saved again, theirs stands.
        led(&send(&liu, &at, &typed(&answer.text, &[], "save")).await);
        let rules = drafted(&running, &id, 0).await;
        assert_eq!((rules.judgement.judges, rules.ranking.chain.len(), rules.version), (Some(3), 1, 2));

        // Opened in between, nothing is changed of it; with no other skill there is nowhere to keep changes.
        let page = liu.get(&at).await.text;
        let opened = liu.post(&format!("/api/skills/{skill}/act"), &Do { act: Act::Open }).await;
        assert_eq!(opened.status, 204, "{}", opened.text);
        refused(
            &send(&liu, &at, &typed(&page, &[("judgement.judges", "1")], "save")).await,
            409,
            "开放了赛项",
        );
        let page = liu.get(&at).await.text;
        refused(
            &send(&liu, &at, &typed(&page, &[("judgement.judges", "1")], "save")).await,
            422,
            "请先添加赛项",
        );
        let begun = send(&liu, &at, &typed(&page, &[("preset", "worldskills-2026")], "begin")).await;
        assert!(begun.text.contains("value=\"Medal for Excellence\""), "{}", begun.text);
        led(&send(&liu, &at, &typed(&begun.text, &[], "save")).await);
        assert_eq!(named(&running, &id).await, "worldskills-2026");
        running.stop().await;
    }
}

/// A skill that is open keeps its rules while the others get newer ones: both are the competition's own.
#[test]
fn two_rule_sets_of_their_own_are_written_and_read_as_two() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/examples/contest");
    let files = Files::open(&folder).expect("the example");
    let mut package = package::read(&files, &|_, _| {}).package.expect("a package");
    let one = package.skills.first().expect("a skill").clone();
    let own = |version, spread_max| {
        let mut rules = RuleSet { id: "city-own".to_owned(), version, ..one.rules.clone() };
        rules.judgement.spread_max = Some(spread_max);
        rules
    };
    let skill =
        |id: &str, rules| package::SkillPackage { id: id.to_owned(), rules, expected: None, ..one.clone() };
    package.competition.rule_set = "city-own".to_owned();
    package.skills = vec![skill("a", own(1, 1)), skill("b", own(2, 2)), skill("c", own(1, 1))];
    let written = package::write(&package).expect("files");
    let names: Vec<&str> = written.names().filter(|name| name.ends_with("rule_set.toml")).collect();
    assert_eq!(names, ["rule_set.toml", "skills/b/rule_set.toml"]);
    let read = package::read(&written, &|_, _| {});
    assert!(!read.has_errors(), "{:?}", read.findings);
    let rules =
        |package: &package::Package| package.skills.iter().map(|one| one.rules.clone()).collect::<Vec<_>>();
    assert_eq!(read.package.as_ref().map(rules), Some(rules(&package)));
}
