//! Panels set at the desk: everybody by default, then one by one, with whom a judge may not mark beside them; kept
//! through a changed scheme, refused where nobody sits, pinned at the opening. On both databases.

use domain::id::LedgerId;
use protocol::desk::{Act, Competition, Do, Small};
use tests::TestDatabase;
use tests::office::{first, hidden, led, refused, start};

#[tokio::test(flavor = "multi_thread")]
async fn panels_are_set_one_by_one_warn_of_interests_and_are_pinned() {
    for place in TestDatabase::every_kind() {
        let running = start(&place).await;
        let liu = first(&running, "刘老师").await;
        let small = Small {
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
        let look = async || -> Competition { liu.get(&format!("/api/competitions/{id}")).await.json(200) };
        let skill = look().await.skills[0].skill.id.clone();
        let at = format!("/desk/skill/{skill}/panels");
        let page = liu.get(&at).await.text;
        assert!(page.contains("现在每位裁判评所有子项") && !page.contains("改回每位裁判都评"), "{page}");
        // Whom a judge may not mark stands at the judge.
        led(&liu
            .form(
                &format!("/desk/skill/{skill}/interests"),
                &[("judge", "J2"), ("competitor", "李明远"), ("kind", "kin")],
            )
            .await);
        let page = liu.get(&at).await.text;
        assert!(page.contains("△ 回避 李明远") && page.contains("不评选手"), "{page}");
        let sub = hidden(&page, "s").to_owned();
        let seen = hidden(&page, "seen").to_owned();
        let form = |seen: &str, act: &str, seats: &[&str]| -> Vec<(String, String)> {
            let mut form = vec![("seen".to_owned(), seen.to_owned()), ("s".to_owned(), sub.clone())];
            form.extend(["J1", "J2", "J3"].map(|judge| ("judge".to_owned(), judge.to_owned())));
            form.extend(seats.iter().map(|seat| ("seat".to_owned(), (*seat).to_owned())));
            form.push(("act".to_owned(), act.to_owned()));
            form
        };
        let send = async |form: Vec<(String, String)>| {
            let form: Vec<(&str, &str)> =
                form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            liu.form(&at, &form).await
        };
        // Looking keeps nothing; a button fills a column.
        let page = send(form(&seen, "all J1", &["counts J3"])).await;
        assert!(page.text.contains("还没有保存"), "{}", page.text);
        for chosen in ["value=\"counts J1\" selected", "value=\"counts J3\" selected"] {
            assert!(page.text.contains(chosen), "{chosen}: {}", page.text);
        }
        assert_eq!(hidden(&liu.get(&at).await.text, "seen"), seen);
        refused(&send(form(&seen, "save", &[])).await, 422, "没有裁判；请安排评分组");
        led(&send(form(&seen, "save", &["counts J1", "trainee J3"])).await);
        let page = liu.get(&at).await.text;
        assert!(page.contains("按下表评分") && page.contains("value=\"trainee J3\" selected"), "{page}");
        assert!(!page.contains("不评选手"), "who has no seat is no matter: {page}");
        // A scheme that was emptied by mistake and is taken again has the panels that it had.
        let scheme = format!("/desk/skill/{skill}/scheme");
        let whole = liu.get(&scheme).await.text;
        led(&liu.form(&scheme, &[("seen", hidden(&whole, "seen"))]).await);
        let emptied = liu.get(&scheme).await.text;
        let again = [("number", "1"), ("seen", hidden(&emptied, "seen"))];
        led(&liu.form(&format!("{scheme}/restore"), &again).await);
        let page = liu.get(&at).await.text;
        assert!(page.contains("value=\"trainee J3\" selected"), "{page}");
        // Looking at what somebody else changed meanwhile does not hide it.
        let looked = send(form(&seen, "look", &["counts J2"])).await;
        assert_eq!(hidden(&looked.text, "seen"), seen);
        // Of two the second knows of the first, and what they chose is still there.
        let late = send(form(&seen, "save", &["counts J2"])).await;
        refused(&late, 409, "别人改了评分组");
        assert!(late.text.contains("value=\"counts J2\" selected"), "{}", late.text);
        let seen = hidden(&late.text, "seen").to_owned();
        // As everybody marks everything anyway, nothing is set: a judge who comes later marks as well.
        led(&send(form(&seen, "save", &["counts J2", "counts J3"])).await);
        let page = liu.get(&at).await.text;
        assert!(page.contains("现在每位裁判评所有子项"), "{page}");
        let seen = hidden(&page, "seen").to_owned();
        led(&send(form(&seen, "save", &["counts J3", "trainee J2"])).await);
        assert_eq!(look().await.skills[0].acts, [Act::Open]);
        let opened = liu.post(&format!("/api/skills/{skill}/act"), &Do { act: Act::Open }).await;
        assert_eq!(opened.status, 204, "{}", opened.text);
        let state = running.app.ledger.state(&LedgerId::from(skill.as_str())).await.expect("a state");
        let opening = &state.skill.as_ref().expect("open").opening;
        let seats: Vec<(&str, bool)> =
            opening.panels[0].seats.iter().map(|seat| (seat.judge.as_str(), seat.counts)).collect();
        assert_eq!(seats, [("J2", false), ("J3", true)]);
        let page = liu.get(&at).await.text;
        assert!(page.contains("评分组已固定") && !page.contains("<select"), "{page}");
        refused(&send(form(&seen, "save", &["counts J1"])).await, 409, "已经开放");
        running.stop().await;
    }
}
