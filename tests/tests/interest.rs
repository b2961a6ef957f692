//! Judges with an interest in a competitor: declared at the desk before the opening, refused over the socket
//! after it, whatever the rules say of compatriots; also where codes were drawn in public. On both databases.

use domain::access::Role;
use domain::id::LedgerId;
use domain::ledger::Status;
use judge_client::native::Storage;
use protocol::desk::{Act, Competition, Do, Small};
use server::accounts::Who;
use tests::TestDatabase;
use tests::hall::Tablet;
use tests::http::Browser;
use tests::office::{first, led, refused, start};

#[tokio::test(flavor = "multi_thread")]
async fn a_declared_interest_bars_that_judge_from_that_competitor_alone() {
    for place in TestDatabase::every_kind() {
        let running = start(&place).await;
        let liu = first(&running, "刘老师").await;
        let small = Small {
            name: "市赛".to_owned(),
            skill: "焊工".to_owned(),
            rule_set: "enterprise-drill".to_owned(),
            competitors: "李明远，一分厂\n王秀兰，二分厂\n王秀兰，三分厂".to_owned(),
            judges: "马建华，一分厂\n胡爱民".to_owned(),
            aspects: "外观，10，测量".to_owned(),
            organisation: String::new(),
        };
        let made: serde_json::Value = liu.post("/api/competitions/small", &small).await.json(201);
        let id = made["competition"]["id"].as_str().expect("an id").to_owned();
        let look: Competition = liu.get(&format!("/api/competitions/{id}")).await.json(200);
        let skill = LedgerId::from(look.skills[0].skill.id.clone());
        let at = format!("/desk/skill/{skill}/interests");
        // Found by where both come from; these rules bar nobody for that.
        let page = liu.get(&at).await.text;
        assert!(page.contains("还没有声明") && page.contains("不要求自动回避"), "{page}");
        assert!(page.split("系统发现的").nth(1).is_some_and(|found| found.contains("李明远")), "{page}");

        let kin =
            |judge: &'static str, who: &'static str| [("judge", judge), ("competitor", who), ("kind", "kin")];
        refused(&liu.form(&at, &kin("J1", "没有这个人")).await, 422, "没有编号或姓名是“没有这个人”");
        refused(&liu.form(&at, &kin("J1", "王秀兰")).await, 422, "不止一位");
        refused(&liu.form(&at, &kin("J7", "李明远")).await, 422, "请选一位裁判");
        led(&liu.form(&at, &kin("J2", "李明远")).await);
        refused(&liu.form(&at, &kin("J2", "李明远")).await, 409, "已经声明过");
        let page = liu.get(&at).await.text;
        assert!(page.contains("近亲属"), "{page}");
        let code = page.split("name=\"competitor\" value=\"").nth(1).expect("a code");
        let code: &'static str = code.split('"').next().expect("its end").to_owned().leak();
        led(&liu.form(&format!("{at}/undo"), &[("judge", "J2"), ("competitor", code)]).await);
        refused(
            &liu.form(&format!("{at}/undo"), &[("judge", "J2"), ("competitor", code)]).await,
            410,
            "已撤回",
        );
        led(&liu.form(&at, &kin("J2", code)).await);

        // The codes that are marked are drawn in public; the interest goes with the person.
        let draws = format!("/desk/competition/{id}/draw");
        led(&liu.form(&draws, &[("layers", "public"), ("source", "摇号")]).await);
        let page = liu.get(&draws).await.text;
        let draw = page.split("/draw/").nth(1).and_then(|rest| rest.split('/').next()).expect("a draw");
        led(&liu.form(&format!("{draws}/{draw}/commit"), &[("layer", "1")]).await);
        led(&liu.form(&format!("{draws}/{draw}/seed"), &[("seed", "7")]).await);
        let opened = liu.post(&format!("/api/skills/{skill}/act"), &Do { act: Act::Open }).await;
        assert_eq!(opened.status, 204, "{}", opened.text);
        let state = running.app.ledger.state(&skill).await.expect("a state");
        let drawn = state.coding.as_ref().and_then(|coding| coding.opened()).expect("told");
        let barred = drawn[code].to_string();
        let other = drawn.values().find(|other| other.as_str() != barred).expect("another").to_string();

        let accounts = &running.app.accounts;
        let card = accounts.make_card(&skill, &"J2".into(), Role::Judge).await.expect("a card");
        let Who::Judge(enrolled) = accounts.enrol(&card.code, &card.pin).await.expect("enrolled").who else {
            unreachable!("a judge's card")
        };
        let url = format!("ws://{}/api/judge/socket", running.address);
        let mut tablet = Tablet::start(&url, accounts, &enrolled, Storage::Memory);
        let own = tablet.mark(&barred, "A1.01", 5, None).await;
        let another = tablet.mark(&other, "A1.01", 5, None).await;
        tablet.received().await;
        let (own, another) = (tablet.receipt(own).expect("one"), tablet.receipt(another).expect("one"));
        assert_eq!((own.status, own.code.as_deref()), (Status::Refused, Some("compatriot")));
        assert_eq!(another.status, Status::Accepted);
        refused(&liu.form(&at, &kin("J1", "李明远")).await, 409, "已经开放");
        let stranger = Browser::new(running.address);
        assert!(matches!(stranger.get(&at).await.status, 401 | 303));
        running.stop().await;
    }
}
