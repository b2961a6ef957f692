//! A competition's skills: chosen from published lists, told where and when they are held, and played through in a
//! rehearsal that counts for nothing. On both databases.
#![expect(clippy::expect_used, reason = "a test stops at what is not there")]

use std::collections::BTreeSet;

use protocol::desk::{Act, Competition, Do, Listed, Small};
use server::competition;
use server::exchange::package::{self, SkillDocument};
use server::http::Running;
use tests::TestDatabase;
use tests::http::Browser;
use tests::office::{described, first, hidden, led, refused, start, stranger};

async fn look(liu: &Browser, id: &str) -> Competition {
    liu.get(&format!("/api/competitions/{id}")).await.json(200)
}

async fn documents(running: &Running, id: &str) -> (package::Competition, Vec<SkillDocument>) {
    let loaded = competition::load::<package::Competition, SkillDocument>(&running.app.database, id).await;
    let (kept, skills) = loaded.expect("a competition");
    (kept.document, skills.into_iter().map(|skill| skill.document).collect())
}

async fn new(liu: &Browser, days: [&str; 2]) -> String {
    let fields = [
        ("name", "市赛"),
        ("tier", "city"),
        ("rule_set", "hebei-2025"),
        ("from", days[0]),
        ("until", days[1]),
        ("venue", "石家庄市技师学院"),
    ];
    let made = led(&liu.form("/desk/new", &fields).await);
    made.split(['/', '#']).nth(3).expect("an id").to_owned()
}

/// A small competition with two who compete.
async fn small(liu: &Browser) -> String {
    let small = Small {
        name: "厂内比赛".to_owned(),
        skill: "焊工".to_owned(),
        rule_set: "enterprise-drill".to_owned(),
        competitors: "李明远，一车间，一队\n王秀兰，二车间，二队".to_owned(),
        judges: "马建华，质检院\n胡爱民".to_owned(),
        aspects: "外观，10，测量".to_owned(),
        organisation: String::new(),
    };
    let made: serde_json::Value = liu.post("/api/competitions/small", &small).await.json(201);
    made["competition"]["id"].as_str().expect("an id").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn skills_are_chosen_from_published_lists_once_and_numbered_on() {
    for place in TestDatabase::every_kind() {
        let running = start(&place).await;
        let liu = first(&running, "刘老师").await;
        let id = new(&liu, ["", ""]).await;
        let at = format!("/desk/competition/{id}/skills/pick");
        assert!(liu.get(&format!("/desk/competition/{id}")).await.text.contains(&at));

        refused(&liu.form(&at, &[("find", "焊工")]).await, 422, "还没有选");
        let fields = [("find", "焊"), ("code", "6-18-02-04"), ("code", "10"), ("code", "nothing")];
        let to = led(&liu.form(&at, &fields).await);
        assert!(to.starts_with(&format!("{at}?find=")) && to.ends_with("&added=2"), "{to}");
        let page = liu.get(&to).await.text;
        assert!(page.contains("已添加 2 个赛项") && page.contains("已经有了"), "{page}");
        // What is there already is left out, and numbers go on from the highest.
        let to = led(&liu.form(&at, &[("code", "6-18-02-04"), ("code", "10"), ("code", "18")]).await);
        assert!(to.ends_with("?added=1"), "{to}");
        let to = led(&liu.form(&at, &[("code", "6-18-01-01")]).await);
        assert!(to.ends_with("?added=1"), "{to}");
        let (_, skills) = documents(&running, &id).await;
        let told: BTreeSet<_> = skills
            .iter()
            .map(|skill| (skill.number.as_str(), skill.name.zh.as_str(), skill.occupation.as_str()))
            .collect();
        let expected = [
            ("01", "焊工", "6-18-02-04"),
            ("10", "焊接", ""),
            ("18", "电气装置", ""),
            ("19", "车工", "6-18-01-01"),
        ];
        assert_eq!(told, BTreeSet::from(expected));
        assert!(skills.iter().any(|skill| skill.name.en == "Welding"));
        // By lines, an occupation is one of the list as well.
        let lines = |text: &'static str| vec![("skills", text)];
        let add = format!("/desk/competition/{id}/skills");
        refused(&liu.form(&add, &lines("20，铣工，Milling，6-18-99-99")).await, 422, "没有“6-18-99-99”");
        led(&liu.form(&add, &lines("20，铣工，Milling，铣工")).await);
        let (_, skills) = documents(&running, &id).await;
        assert!(skills.iter().any(|skill| skill.occupation == "6-18-01-02"), "{skills:?}");
        running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_skill_says_where_and_when_it_is_held_and_nobody_writes_over_another_unseen() {
    for place in TestDatabase::every_kind() {
        let running = start(&place).await;
        let liu = first(&running, "刘老师").await;
        let id = new(&liu, ["2026-12-05", "2026-12-07"]).await;
        led(&liu.form(&format!("/desk/competition/{id}/skills"), &[("skills", "01，焊接\n02，电工")]).await);
        let skill = look(&liu, &id).await.skills[0].skill.id.clone();
        let at = format!("/desk/skill/{skill}/about");
        assert!(liu.get(&format!("/desk/competition/{id}")).await.text.contains(&at));
        let page = liu.get(&at).await.text;
        let seen = hidden(&page, "seen").to_owned();
        let form = |changed: &[(&'static str, &'static str)]| {
            let whole = [
                ("number", "01"),
                ("name", "焊接"),
                ("name_en", "Welding"),
                ("occupation", "焊工"),
                ("venue", "实训楼一层"),
                ("from", "2026-12-05"),
                ("until", "2026-12-06"),
            ];
            let of = |name| changed.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
            let mut fields: Vec<(&str, String)> =
                whole.map(|(name, value)| (name, of(name).unwrap_or(value).to_owned())).to_vec();
            fields.push(("seen", seen.clone()));
            fields
        };
        let send = async |changed: &[(&'static str, &'static str)]| {
            let fields = form(changed);
            let fields: Vec<(&str, &str)> =
                fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            liu.form(&at, &fields).await
        };
        for (changed, status, words) in [
            (("number", "02"), 409, "编号“02”的赛项已经有了"),
            (("number", ""), 422, "请写赛项编号"),
            (("name", " "), 422, "请写名称"),
            (("occupation", "焊接大师"), 422, "没有“焊接大师”"),
            (("from", "soon"), 422, "不是日期"),
            (("from", "2026-12-07"), 422, "最后一天早于第一天"),
            (("until", "2026-12-08"), 422, "大赛是 2026-12-05 到 2026-12-07"),
        ] {
            let answer = send(&[changed]).await;
            refused(&answer, status, words);
            assert!(answer.text.contains("实训楼一层"), "what was typed stays: {}", answer.text);
        }
        assert_eq!(led(&send(&[]).await), format!("/desk/competition/{id}#skill-{skill}"));
        let answer = send(&[("venue", "体育馆")]).await;
        refused(&answer, 409, "别人改了这个赛项的信息");
        // Sent once more as it came back, it was looked at.
        assert!(answer.text.contains("体育馆"), "{}", answer.text);
        let again = hidden(&answer.text, "seen").to_owned();
        let mut fields = form(&[("venue", "体育馆")]);
        fields.retain(|(name, _)| *name != "seen");
        fields.push(("seen", again));
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        led(&liu.form(&at, &fields).await);

        let (of, skills) = documents(&running, &id).await;
        assert_eq!(of.venue, "石家庄市技师学院");
        let told = skills.iter().find(|skill| skill.number == "01").expect("the skill");
        assert_eq!((told.venue.as_str(), told.occupation.as_str()), ("体育馆", "6-18-02-04"));
        assert_eq!(told.dates, ["2026-12-05", "2026-12-06"]);
        // The public reads it too, and a package brings it elsewhere.
        running.app.live.set_public(&id, true).await.expect("it is public");
        let page = stranger(&running).get(&format!("/competition/{id}")).await.text;
        for said in ["石家庄市技师学院", "体育馆", "2026-12-05 – 2026-12-06", "2026-12-05 – 2026-12-07"]
        {
            assert!(page.contains(said), "{said}: {page}");
        }
        running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rehearsal_is_played_like_any_other_and_stands_on_no_list() {
    for place in TestDatabase::every_kind() {
        let running = start(&place).await;
        let liu = first(&running, "刘老师").await;
        let id = small(&liu).await;
        let (_, real) = documents(&running, &id).await;
        let at = format!("/desk/competition/{id}/rehearsal");
        assert!(liu.get(&format!("/desk/competition/{id}")).await.text.contains(&at));
        let page = liu.get(&at).await.text;
        assert!(page.contains("厂内比赛（彩排）"), "{page}");
        let form = hidden(&page, "form").to_owned();
        let fields = |people: &'static str, count: &'static str, form: &str| {
            let fields = [("form", form), ("name", "厂内比赛（彩排）"), ("people", people), ("count", count)];
            fields.map(|(name, value)| (name, value.to_owned())).to_vec()
        };
        let send = async |fields: Vec<(&'static str, String)>| {
            let fields: Vec<(&str, &str)> =
                fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            liu.form(&at, &fields).await
        };
        for count in ["", "0", "61", "many"] {
            refused(&send(fields("made_up", count, &form)).await, 422, "1 到 60");
        }
        let to = led(&send(fields("made_up", "3", &form)).await);
        assert_eq!(led(&send(fields("made_up", "3", &form)).await), to, "sent twice it makes one");
        let rehearsal = to.rsplit('/').next().expect("an id").to_owned();
        let (of, skills) = documents(&running, &rehearsal).await;
        assert!(of.is_rehearsal);
        assert_eq!((skills.len(), skills[0].people.len(), skills[0].judges.len()), (1, 3, 2));
        assert_eq!(skills[0].judges, real[0].judges);

        // With the roster it has the same people, and none of their codes.
        let to = led(&send(fields("roster", "", "0199c82d-74d2-70d3-a8a4-247c713aae37")).await);
        let (_, skills) = documents(&running, to.rsplit('/').next().expect("an id")).await;
        let names = |skills: &[SkillDocument]| {
            skills[0].people.iter().map(|person| person.name.clone()).collect::<Vec<_>>()
        };
        let codes = |skills: &[SkillDocument]| {
            skills[0].people.iter().map(|person| person.code.clone()).collect::<BTreeSet<_>>()
        };
        assert_eq!(names(&skills), names(&real));
        assert!(codes(&skills).is_disjoint(&codes(&real)));

        // It opens, and everybody who has its address sees what it is; no list leads there.
        let skill = look(&liu, &rehearsal).await.skills[0].skill.id.clone();
        let act = Do { act: Act::OpenUnpractised };
        let open = liu.post(&format!("/api/skills/{skill}/act"), &act).await;
        let open = if open.status == 204 {
            open
        } else {
            liu.post(&format!("/api/skills/{skill}/act"), &Do { act: Act::Open }).await
        };
        assert_eq!(open.status, 204, "{}", open.text);
        for one in [&id, &rehearsal] {
            running.app.live.set_public(one, true).await.expect("it is public");
        }
        let public = stranger(&running);
        let home = public.get("/").await.text;
        assert!(home.contains(&id) && !home.contains(&rehearsal), "{home}");
        for path in
            [format!("/competition/{rehearsal}"), format!("/skill/{skill}"), format!("/screen/{skill}")]
        {
            let answer = public.get(&path).await;
            assert_eq!(answer.status, 200);
            assert!(answer.text.contains("彩排：这里的一切都不算数"), "{path}: {}", answer.text);
        }
        let mark = "class=\"rehearsal\"";
        let at_rehearsal = format!("/desk/competition/{rehearsal}");
        assert!(liu.get(&at_rehearsal).await.text.contains(mark));
        for of_it in ["rehearsal", "next"] {
            assert_eq!(
                liu.get(&format!("{at_rehearsal}/{of_it}")).await.status,
                404,
                "it has none of its own"
            );
        }
        assert!(!public.get(&format!("/competition/{id}")).await.text.contains(mark));
        // At the desk it stands apart.
        let desk = liu.get("/desk").await.text;
        let apart = desk.split("id=\"rehearsals\"").nth(1).expect("they stand apart");
        assert!(apart.contains(&rehearsal) && !apart.contains(&id), "{desk}");
        assert_eq!(liu.get("/api/competitions").await.json::<Vec<Listed>>(200).len(), 3);
        // What it is can be changed, and it stays a rehearsal; its package says so too.
        let about = [("name", "彩排一"), ("tier", "enterprise"), ("rule_set", "enterprise-drill")];
        led(&described(&liu, &rehearsal, &about).await);
        assert!(documents(&running, &rehearsal).await.0.is_rehearsal);
        running.stop().await;
    }
}
