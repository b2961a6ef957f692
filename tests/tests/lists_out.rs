//! Lists that go out: who competes and who judges come in again as they went out, nobody's document goes along, no
//! cell is a formula, and only those who see a list on its page take it out. On both databases.
#![expect(clippy::expect_used, reason = "a test stops at what is not there")]

use domain::access::Role;
use domain::id::LedgerId;
use protocol::desk::Competition;
use server::competition;
use server::exchange::package::{self, Person, SkillDocument};
use server::exchange::sheet;
use server::http::Running;
use tests::http::Browser;
use tests::office::{first, hidden, invite, join, led, start};
use tests::{TestDatabase, resident_number};

async fn new(liu: &Browser) -> String {
    let fields = [("name", "市赛"), ("tier", "city"), ("rule_set", "hebei-2025")];
    let made = led(&liu.form("/desk/new", &fields).await);
    let id = made.split(['/', '#']).nth(3).expect("an id").to_owned();
    led(&liu.form(&format!("/desk/competition/{id}/skills"), &[("skills", "01，焊接\n02，电工")]).await);
    id
}

async fn take_in(liu: &Browser, at: &str, file: Vec<u8>, name: &str) {
    let kind = if name.ends_with("csv") { "text/csv" } else { "" };
    let list = led(&liu.send("POST", at, file, kind).await);
    let page = liu.get(&list).await.text;
    let fields = [("columns", hidden(&page, "columns")), ("digest", hidden(&page, "digest"))];
    led(&liu.form(&format!("{list}/take"), &fields).await);
}

async fn documents(running: &Running, id: &str) -> Vec<SkillDocument> {
    let loaded = competition::load::<package::Competition, SkillDocument>(&running.app.database, id).await;
    loaded.expect("a competition").1.into_iter().map(|skill| skill.document).collect()
}

/// Everything of those who compete that a list brings, in the order of their names.
fn told(skills: &[SkillDocument]) -> Vec<Vec<String>> {
    let of = |person: &Person| {
        let Person { name, organisation, delegation, team, group, employment, level, member, .. } = person;
        let fields = [name, organisation, delegation, team, employment, level, member];
        fields.into_iter().cloned().chain([group.to_string()]).collect::<Vec<_>>()
    };
    let mut all: Vec<_> = skills.iter().flat_map(|skill| skill.people.iter().map(of)).collect();
    all.sort();
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn who_competes_and_judges_comes_in_again_as_it_went_out() {
    for place in TestDatabase::every_kind() {
        let running = start(&place).await;
        let liu = first(&running, "刘老师").await;
        let id = new(&liu).await;
        let (number, other) =
            (resident_number("130102", "19900307", 1), resident_number("130102", "19910307", 2));
        let list = format!(
            "姓名,身份证号,赛项,工作单位,代表队,组别,身份类别,技能等级\n李明远,{number},焊接,一车间,石市,职工组,职工,高级工\n\
             王秀兰,{other},电工,+二车间,唐市,学生组,学生,\n"
        );
        take_in(&liu, &format!("/desk/competition/{id}/roster"), list.into_bytes(), "a.csv").await;
        let judges =
            "赛项,姓名,工作单位,裁判长\n焊接,马建华,质检院,\n焊接,胡爱民,技术处,是\n电工,陈志强,,是\n";
        take_in(&liu, &format!("/desk/competition/{id}/judges"), judges.as_bytes().to_vec(), "b.csv").await;
        for format in ["xlsx", "csv"] {
            let out = |what: &str| format!("/desk/competition/{id}/out/{what}?as={format}");
            let people = liu.get(&out("competitors")).await;
            assert_eq!(people.status, 200, "{}", people.text);
            let how = people.header("content-disposition").expect("a file").to_owned();
            assert_eq!(how, format!("attachment; filename=\"competitors.{format}\""));
            let opened = sheet::open(&people.bytes, &format!("list.{format}")).expect("it opens");
            let cells: String = opened
                .rows
                .iter()
                .flat_map(|row| &row.cells)
                .map(|cell| format!("{}\n", cell.text))
                .collect();
            assert!(cells.contains("李明远") && cells.contains("01 焊接"), "{cells}");
            assert!(!cells.contains(&number) && !cells.contains(&number[6..14]), "{cells}");
            if format == "csv" {
                assert!(people.text.contains(",'+二车间,"), "{}", people.text);
            }
            let judges = liu.get(&out("judges")).await;
            let again = new(&liu).await;
            take_in(&liu, &format!("/desk/competition/{again}/roster"), people.bytes.clone(), &how).await;
            take_in(&liu, &format!("/desk/competition/{again}/judges"), judges.bytes.clone(), format).await;
            let (before, after) = (documents(&running, &id).await, documents(&running, &again).await);
            assert_eq!(told(&before), told(&after), "{format}");
            for (old, new) in before.iter().zip(&after) {
                let of = |skill: &SkillDocument| {
                    let judge = |judge: &package::Judge| {
                        (judge.name.clone(), judge.organisation.clone(), judge.is_chief)
                    };
                    skill.judges.iter().map(judge).collect::<Vec<_>>()
                };
                assert_eq!(of(old), of(new), "{format}");
                assert_eq!(old.people.len(), new.people.len());
            }
        }
        // Of a skill, those that fit what is asked, in its order; in English too.
        let look: Competition = liu.get(&format!("/api/competitions/{id}")).await.json(200);
        let skill = LedgerId::from(look.skills[0].skill.id.as_str());
        let asked = format!("/desk/skill/{skill}/out/competitors?as=csv&find=");
        assert_eq!(liu.get(&format!("{asked}nobody")).await.text.lines().count(), 1);
        assert_eq!(liu.get(&format!("{asked}%E6%9D%8E")).await.text.lines().count(), 2);
        assert!(
            liu.get(&format!("/desk/skill/{skill}/competitors"))
                .await
                .text
                .contains("/out/competitors?as=xlsx")
        );
        // Nobody else takes them out.
        let code = invite(&liu, Role::FloorJudge, &format!("competition:{id}")).await;
        let chen = join(&running, &code, "陈师傅").await;
        for path in ["competitors", "judges", "registrations"] {
            assert_eq!(chen.get(&format!("/desk/competition/{id}/out/{path}")).await.status, 403, "{path}");
        }
        assert_eq!(chen.get(&format!("/desk/competition/{id}/out/check-in")).await.status, 200);
        assert_eq!(chen.get(&format!("/desk/skill/{skill}/out/results")).await.status, 403);
        let results = liu.get(&format!("/desk/skill/{skill}/out/results?as=csv")).await;
        assert!(results.text.starts_with("\u{feff}名次,编号,姓名"), "{}", results.text);
        running.stop().await;
    }
}
