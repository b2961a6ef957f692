//! The registration desk: who is here is noted by an entry card or from the list, once, and taken back; who may,
//! and what others are told. On both databases.
#![expect(clippy::expect_used, reason = "a test stops at what it cannot do")]

use std::collections::BTreeSet;

use domain::access::Role;
use domain::id::LedgerId;
use protocol::desk::{Act, Competition, Do};
use server::exchange::package::{Competition as About, SkillDocument};
use server::exchange::sheet;
use server::http::Running;
use tests::TestDatabase;
use tests::http::Browser;
use tests::office::{first, hidden, invite, join, led, refused, start, stranger};

const SKILLS: &str = "01，焊接，Welding\n02，电工，Electrician";

/// A competition of two skills whose people came by a list, and who is at the registration desk.
struct Hall {
    running: Running,
    id: String,
    liu: Browser,
    floor: Browser,
    /// Skill, code and name, in the order of the list.
    people: Vec<(String, String, String)>,
}

impl Hall {
    async fn new(place: &TestDatabase, rows: &[[&str; 4]]) -> Self {
        let running = start(place).await;
        let liu = first(&running, "刘老师").await;
        let fields = [("name", "市赛"), ("tier", "city"), ("rule_set", "hebei-2025"), ("from", "2026-05-09")];
        let made = led(&liu.form("/desk/new", &fields).await);
        let id = made.split(['/', '#']).nth(3).expect("an id").to_owned();
        led(&liu.form(&format!("/desk/competition/{id}/skills"), &[("skills", SKILLS)]).await);
        let rows: Vec<String> =
            rows.iter().map(|row| row.map(|cell| format!("\"{cell}\"")).join(",")).collect();
        let list = format!("姓名,赛项,工作单位,代表队\n{}\n", rows.join("\n"));
        let sent = format!("/desk/competition/{id}/roster");
        let list = led(&liu.send("POST", &sent, list.into_bytes(), "text/csv").await);
        let page = liu.get(&list).await.text;
        let taken = [("columns", hidden(&page, "columns")), ("digest", hidden(&page, "digest"))];
        led(&liu.form(&format!("{list}/take"), &taken).await);
        let code = invite(&liu, Role::FloorJudge, &format!("competition:{id}")).await;
        let floor = join(&running, &code, "陈师傅").await;
        let people = people(&running, &id).await;
        Self { running, id, liu, floor, people }
    }

    fn list(&self) -> String {
        format!("/desk/competition/{}/check-in", self.id)
    }

    /// Where it goes out.
    fn out(&self) -> String {
        format!("/desk/competition/{}/out/check-in", self.id)
    }

    /// Where the entry card of one leads.
    fn card(&self, name: &str) -> String {
        let (skill, code, _) = self.people.iter().find(|(.., known)| known == name).expect(name);
        format!("/desk/skill/{skill}/check-in/{code}")
    }
}

async fn people(running: &Running, id: &str) -> Vec<(String, String, String)> {
    let loaded = server::competition::load::<About, SkillDocument>(&running.app.database, id).await;
    let mut skills = loaded.expect("a competition").1;
    skills.sort_by(|one, other| one.document.number.cmp(&other.document.number));
    let of_skill = |skill: &server::competition::KeptSkill<SkillDocument>| {
        let of = |one: &server::exchange::package::Person| {
            (skill.ledger.to_string(), one.code.to_string(), one.name.clone())
        };
        skill.document.people.iter().map(of).collect::<Vec<_>>()
    };
    skills.iter().flat_map(of_skill).collect()
}

async fn count(running: &Running, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(running.app.database.pool()).await.expect("a count")
}

const PEOPLE: [[&str; 4]; 4] = [
    ["李明远", "焊接", "一分厂", "石家庄市代表队"],
    ["王秀兰", "焊接", "二分厂", "保定市代表队"],
    ["赵国庆", "电工", "三分厂", "石家庄市代表队"],
    ["吴晓燕", "电工", "四分厂", "保定市代表队"],
];

#[tokio::test(flavor = "multi_thread")]
async fn a_scanned_card_says_who_it_is_and_notes_once_that_they_are_here() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::new(&place, &PEOPLE[..3]).await;
        let card = hall.card("李明远");
        let page = hall.floor.get(&card).await;
        assert_eq!(page.status, 200);
        for words in ["李明远", "一分厂", "石家庄市代表队", "01 焊接", "还没报到"] {
            assert!(page.text.contains(words), "{words}: {}", page.text);
        }
        let noted = led(&hall.floor.form(&card, &[]).await);
        assert_eq!(noted, format!("{card}?said=noted"));
        let page = hall.floor.get(&noted).await.text;
        assert!(page.contains("登记好了：已报到") && page.contains("，陈师傅 登记"), "{page}");
        assert!(page.contains("查找下一位"));
        // The same tap a second time is the same; another desk is told who was first.
        led(&hall.floor.form(&card, &[]).await);
        let second = hall.liu.form(&card, &[]).await;
        refused(&second, 409, "登记过，这次没有重复登记");
        assert!(second.text.contains("陈师傅 已在 "), "{}", second.text);
        assert_eq!(count(&hall.running, "SELECT COUNT(*) FROM check_in").await, 1);
        // Taken back by another, who is named with when; then noted anew.
        let id = hidden(&page, "id").to_owned();
        let undo = format!("{card}/undo");
        assert_eq!(led(&hall.liu.form(&undo, &[("id", &id)]).await), format!("{card}?said=undone"));
        let page = hall.floor.get(&format!("{card}?said=undone")).await.text;
        assert!(page.contains("报到已撤销") && page.contains("还没报到"), "{page}");
        assert!(page.contains("陈师傅 登记；") && page.contains("刘老师 撤销"), "{page}");
        led(&hall.floor.form(&card, &[]).await);
        // What was taken back is not taken back again, nor is what came after it.
        refused(&hall.liu.form(&undo, &[("id", &id)]).await, 409, "已经撤销");
        assert!(hall.floor.get(&card).await.text.contains("已报到"));
        let held = "SELECT COUNT(*) FROM check_in WHERE undone_at IS NULL";
        assert_eq!(count(&hall.running, held).await, 1);
        hall.running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_desks_at_once_one_notes_it_and_the_others_are_told_who() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::new(&place, &PEOPLE[..3]).await;
        let scope = format!("competition:{}", hall.id);
        let code = invite(&hall.liu, Role::Scorekeeper, &scope).await;
        let third = join(&hall.running, &code, "胡老师").await;
        for name in ["李明远", "王秀兰", "赵国庆"] {
            let card = hall.card(name);
            let (one, two, three) =
                tokio::join!(hall.liu.form(&card, &[]), hall.floor.form(&card, &[]), third.form(&card, &[]));
            let mut statuses = [one.status, two.status, three.status];
            statuses.sort_unstable();
            assert_eq!(statuses, [303, 409, 409], "{}", place.kind);
            for told in [one, two, three].iter().filter(|answer| answer.status == 409) {
                assert!(
                    told.text.contains("登记过，这次没有重复登记") && told.text.contains(" 登记</span>"),
                    "{}",
                    told.text
                );
            }
        }
        let held = "SELECT COUNT(*) FROM check_in WHERE undone_at IS NULL";
        assert_eq!(count(&hall.running, held).await, 3);
        hall.running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_of_another_skill_of_nobody_or_of_somebody_taken_off_is_said_in_words() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::new(&place, &PEOPLE[..3]).await;
        let (welding, electric) = (hall.people[0].0.clone(), hall.people[2].0.clone());
        let other = format!("/desk/skill/{electric}/check-in/{}", hall.people[0].1);
        refused(&hall.floor.get(&other).await, 404, "“焊接”的名单里有这个编号");
        let nobody = format!("/desk/skill/{welding}/check-in/QQQQ");
        for answer in [hall.floor.get(&nobody).await, hall.floor.form(&nobody, &[]).await] {
            refused(&answer, 404, "没有编号 QQQQ");
            assert!(answer.text.contains(&format!("href=\"{}\"", hall.list())), "{}", answer.text);
        }
        assert_eq!(hall.floor.get("/desk/skill/none/check-in/K1").await.status, 403);
        // Whoever is taken off the list takes their check-in with them.
        let card = hall.card("李明远");
        led(&hall.floor.form(&card, &[]).await);
        let of_one = card.replace("/check-in/", "/competitors/");
        led(&hall.liu.form(&format!("{of_one}/remove"), &[]).await);
        refused(&hall.floor.get(&card).await, 404, "可能已从名单里删除");
        assert_eq!(count(&hall.running, "SELECT COUNT(*) FROM check_in").await, 0);
        assert!(hall.floor.get(&hall.list()).await.text.contains("<strong>0</strong> / 2 人已报到"));
        // So does everybody of a list that is taken back.
        led(&hall.floor.form(&hall.card("赵国庆"), &[]).await);
        let roster = hall.liu.get(&format!("/desk/competition/{}/roster", hall.id)).await.text;
        let undo = format!("/desk/competition/{}/roster/undo", hall.id);
        led(&hall.liu.form(&undo, &[("id", hidden(&roster, "id"))]).await);
        assert_eq!(count(&hall.running, "SELECT COUNT(*) FROM check_in").await, 0);
        assert!(hall.floor.get(&hall.list()).await.text.contains("还没有选手"));
        hall.running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_learns_from_a_card_whether_somebody_competes() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::new(&place, &PEOPLE[..3]).await;
        let (known, unknown) =
            (hall.card("李明远"), format!("/desk/skill/{}/check-in/QQQQ", hall.people[0].0));
        let mut answers = BTreeSet::new();
        let scope = format!("competition:{}", hall.id);
        let code = invite(&hall.liu, Role::Announcer, &scope).await;
        let announcer = join(&hall.running, &code, "播音员").await;
        for card in [&known, &unknown] {
            let answer = announcer.get(card).await;
            assert_eq!(answer.status, 403);
            assert!(!answer.text.contains("李明远") && !answer.text.contains("焊接"));
            let own = card.rsplit('/').next().expect("a code");
            answers.insert(answer.text.replace(own, "CODE"));
            assert_eq!(announcer.form(card, &[]).await.status, 403);
        }
        assert_eq!(announcer.get(&hall.list()).await.status, 403);
        for card in [&known, &unknown] {
            let answer = stranger(&hall.running).get(card).await;
            assert_eq!(answer.status, 401);
            assert!(answer.text.contains("登录工作台") && !answer.text.contains("李明远"));
            assert_eq!(answer.header("refresh"), Some(format!("0; url={card}?again").as_str()));
            let again = stranger(&hall.running).get(&format!("{card}?again")).await;
            assert_eq!(
                (again.status, again.header("refresh")),
                (401, None),
                "it is asked for once more, once"
            );
            answers.insert(answer.text.replace(card.rsplit('/').next().expect("a code"), "CODE"));
        }
        assert_eq!(answers.len(), 2, "one answer for whoever may not, one for nobody in particular");
        assert_eq!(count(&hall.running, "SELECT COUNT(*) FROM check_in").await, 0);
        hall.running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_signs_in_comes_to_the_card_that_was_scanned_and_nowhere_else() {
    let place = TestDatabase::sqlite();
    let hall = Hall::new(&place, &PEOPLE[..3]).await;
    let card = hall.card("李明远");
    let door = stranger(&hall.running).get(&card).await.text;
    let sign_in = door.split("action=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a form");
    assert!(sign_in.starts_with("/desk/sign-in?on=%2Fdesk%2Fskill%2F"), "{sign_in}");
    let typed = [("name", "陈师傅"), ("password", "wrong wrong wrong")];
    let wrong = stranger(&hall.running).form(sign_in, &typed).await;
    assert_eq!(wrong.status, 401);
    assert!(wrong.text.contains(&format!("action=\"{sign_in}\"")), "{}", wrong.text);
    let typed = [("name", "陈师傅"), ("password", tests::office::PASSWORD)];
    assert_eq!(led(&stranger(&hall.running).form(sign_in, &typed).await), card);
    for odd in ["https%3A%2F%2Fevil.example", "%2F%2Fevil.example%2Fdesk", "%2Fdesk%2Fme", "%5Cevil", ""] {
        let answer = stranger(&hall.running).form(&format!("/desk/sign-in?on={odd}"), &typed).await;
        assert_eq!(led(&answer), "/desk", "{odd}");
    }
    // With a second factor as well.
    hall.liu.set_factor().await;
    let typed = [("name", "刘老师"), ("password", tests::office::PASSWORD)];
    let half = stranger(&hall.running).form(sign_in, &typed).await;
    assert!(half.text.contains("action=\"/desk/sign-in/code?on=%2Fdesk%2Fskill%2F"), "{}", half.text);
    hall.running.stop().await;
}

/// A made-up name, another for each of six hundred.
fn name(at: usize) -> String {
    let letter = |of: &str, at: usize| of.chars().nth(at % 10);
    let letters = [letter("李王赵刘陈杨黄周吴徐", at), letter("明秀国建志海晓永春德", at / 10)];
    letters.into_iter().chain([letter("远兰强华军波燕平文龙", at / 100)]).flatten().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_counts_finds_and_notes_six_hundred_and_says_who_is_missing() {
    for place in TestDatabase::every_kind() {
        let names: Vec<String> = (0..600).map(name).collect();
        let rows: Vec<[&str; 4]> = names
            .iter()
            .enumerate()
            .map(|(at, name)| {
                let skill = ["焊接", "电工"][at % 2];
                [name.as_str(), skill, ["一厂", "二厂", "三厂"][at % 3], ["石队", "保队"][at / 300]]
            })
            .collect();
        let hall = Hall::new(&place, &rows).await;
        let begun = std::time::Instant::now();
        let page = hall.floor.get(&hall.list()).await.text;
        println!("{}: {} bytes in {:?}", place.kind, page.len(), begun.elapsed());
        assert!(page.contains("<strong>0</strong> / 600 人已报到") && page.contains("0 / 300 人"), "{page}");
        assert_eq!(page.matches("formaction=").count(), 600);
        // Noted from the list, it leads back to the list as it was looked at.
        let (seventh, eighth) = (name(7), name(8));
        let encoded: String = seventh.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let found = format!("{}?find={encoded}&state=missing", hall.list());
        let page = hall.floor.get(&found).await.text;
        assert_eq!(page.matches("formaction=").count(), 1, "{page}");
        let list = hidden(&page, "list").replace("&amp;", "&");
        let back = led(&hall.floor.form(&hall.card(&seventh), &[("list", &list)]).await);
        assert!(
            back.starts_with(&format!("{}?find=", hall.list())) && back.contains("state=missing&just="),
            "{back}"
        );
        let page = hall.floor.get(&back).await.text;
        assert!(
            page.contains(&format!("{seventh}</strong> 已报到，")) && page.contains("，陈师傅 登记"),
            "{page}"
        );
        assert!(page.contains("<strong>1</strong> / 600 人已报到") && page.contains("1 / 300 人"), "{page}");
        assert!(page.contains("没有符合的"), "nobody else is called that");
        let undone = led(&hall
            .floor
            .form(&format!("{}/undo", hall.card(&seventh)), &[("id", hidden(&page, "id")), ("list", &list)])
            .await);
        assert!(hall.floor.get(&undone).await.text.contains(&format!("{seventh}</strong>：报到已撤销")));
        led(&hall.floor.form(&hall.card(&seventh), &[("list", "")]).await);
        // A scanner that types puts the whole address of a card into the field.
        let scanned =
            format!("{}?find=http%3A%2F%2Fleitai.lan{}", hall.list(), hall.card(&eighth).replace('/', "%2F"));
        assert_eq!(led(&hall.floor.get(&scanned).await), hall.card(&eighth));
        let missing = hall.floor.get(&format!("{}?state=missing&as=csv", hall.out())).await;
        assert_eq!(missing.text.lines().count(), 600, "a title and 599");
        assert!(!missing.text.contains(&seventh));
        for (filter, count) in
            [("delegation=%E4%BF%9D%E9%98%9F", 300), ("find=%E4%B8%89%E5%8E%82", 200), ("state=here", 1)]
        {
            let page = hall.floor.get(&format!("{}?{filter}", hall.list())).await.text;
            assert!(page.contains(&format!("共 600 人，列出 {count} 人")), "{filter}");
        }
        hall.running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_table_holds_no_formula_and_opens_as_what_was_noted() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::new(&place, &PEOPLE).await;
        // A list is not taken in with such a name; whoever mends one can write anything.
        let of_one = hall.card("吴晓燕").replace("/check-in/", "/competitors/");
        let form = hall.liu.get(&of_one).await.text;
        let fields =
            [("name", "=HYPERLINK(1)"), ("organisation", "+四分厂"), ("seen", hidden(&form, "seen"))];
        led(&hall.liu.form(&of_one, &fields).await);
        led(&hall.floor.form(&hall.card("赵国庆"), &[]).await);
        let answer = hall.floor.get(&format!("{}?as=csv", hall.out())).await;
        assert_eq!(answer.header("content-type"), Some("text/csv; charset=utf-8"));
        assert!(answer.header("content-disposition").is_some_and(|how| how.starts_with("attachment")));
        assert_eq!(&answer.bytes[..3], b"\xEF\xBB\xBF", "a spreadsheet sees that it is UTF-8");
        assert!(answer.text.contains(",'=HYPERLINK(1),'+四分厂,"), "{}", answer.text);
        let sheet = sheet::open(&answer.bytes, "check-in.csv").expect("it opens");
        assert_eq!(sheet.rows.len(), 5);
        let noted = answer.text.lines().find(|line| line.contains("赵国庆")).expect("them");
        assert!(noted.starts_with("02,电工,") && noted.ends_with(",陈师傅"), "{noted}");
        hall.running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_check_in_one_skill_sees_that_one_alone() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::new(&place, &PEOPLE[..3]).await;
        let welding = hall.people[0].0.clone();
        let code = invite(&hall.liu, Role::Scorekeeper, &format!("skill:{welding}")).await;
        let own = join(&hall.running, &code, "胡老师").await;
        for path in [hall.list(), format!("{}/cards", hall.list()), format!("{}?as=csv", hall.out())] {
            let page = own.get(&path).await;
            assert_eq!(page.status, 200, "{path}");
            assert!(page.text.contains("李明远") && !page.text.contains("赵国庆"), "{path}: {}", page.text);
            assert!(!page.text.contains("电工"), "{path}");
        }
        assert_eq!(own.get(&hall.card("赵国庆")).await.status, 403);
        assert_eq!(own.form(&hall.card("赵国庆"), &[]).await.status, 403);
        let desk = own.get(&format!("/desk/competition/{}", hall.id)).await.text;
        assert!(desk.contains(&format!("href=\"{}\"", hall.list())), "{desk}");
        // What is said of a code tells nothing of a skill that is not theirs.
        let other = format!("/desk/skill/{welding}/check-in/{}", hall.people[2].1);
        let answer = own.get(&other).await;
        refused(&answer, 404, "没有编号");
        assert!(!answer.text.contains("电工"));
        hall.running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_holds_the_rosters_number_and_the_address_of_the_desk_for_each() {
    let place = TestDatabase::sqlite();
    let hall = Hall::new(&place, &PEOPLE[..3]).await;
    let page = hall.floor.get(&format!("{}/cards", hall.list())).await.text;
    assert_eq!(page.matches("class=\"entry-card\"").count(), 3);
    let at = |words: &str| page.find(words).expect(words);
    assert!(at("保定市代表队 · 1") < at("石家庄市代表队 · 2"), "a delegation after the other");
    let skill = &hall.people[2].0;
    let one = hall.floor.get(&format!("{}/cards?skill={skill}", hall.list())).await.text;
    assert_eq!(one.matches("class=\"entry-card\"").count(), 1);
    assert!(one.contains("赵国庆") && one.contains(&hall.people[2].1));
    hall.running.stop().await;
}

/// A skill that is open is checked in; once its marking is over that can only be looked at. A sealed draw changes
/// nothing here, and none of its codes is shown.
#[tokio::test(flavor = "multi_thread")]
async fn an_open_skill_is_checked_in_and_a_closed_one_only_looked_at() {
    for place in TestDatabase::every_kind() {
        let running = start(&place).await;
        let liu = first(&running, "刘老师").await;
        let small = protocol::desk::Small {
            name: "市赛".to_owned(),
            skill: "焊工".to_owned(),
            rule_set: "enterprise-drill".to_owned(),
            competitors: "李明远，一分厂\n王秀兰，二分厂".to_owned(),
            judges: "马建华\n胡爱民".to_owned(),
            aspects: "外观，10，测量".to_owned(),
            organisation: String::new(),
        };
        let made: serde_json::Value = liu.post("/api/competitions/small", &small).await.json(201);
        let id = made["competition"]["id"].as_str().expect("an id").to_owned();
        let look: Competition = liu.get(&format!("/api/competitions/{id}")).await.json(200);
        let skill = LedgerId::from(look.skills[0].skill.id.clone());
        let people = people(&running, &id).await;
        let card = |at: usize| format!("/desk/skill/{skill}/check-in/{}", people[at].1);
        let code = invite(&liu, Role::Registrar, &format!("competition:{id}")).await;
        let maker = join(&running, &code, "编甲").await;
        let at = format!("/desk/competition/{id}/draw");
        led(&liu.form(&at, &[("layers", "1"), ("source", "双色球第 2026138 期")]).await);
        led(&liu.form(&card(0), &[]).await);
        let page = maker.get(&at).await.text;
        let draw = page.split(&format!("action=\"{at}/")).nth(1).and_then(|rest| rest.split('/').next());
        let draw = format!("{at}/{}", draw.expect("a draw"));
        led(&maker.form(&format!("{draw}/commit"), &[("layer", "1")]).await);
        led(&liu.form(&format!("{draw}/seed"), &[("seed", "03 08 12")]).await);
        let layer = maker.get(&format!("{draw}/layer/1")).await.text;
        let drawn = layer.split("drawn-code\">").skip(1).filter_map(|rest| rest.split('<').next());
        let drawn: Vec<String> = drawn.map(|code| format!(">{code}<")).collect();
        assert_eq!(drawn.len(), 2, "{layer}");
        let slips = maker.form(&format!("{draw}/seal"), &[("layer", "1")]).await.text;
        led(&maker
            .form(&format!("{draw}/sealed"), &[("layer", "1"), ("seen", hidden(&slips, "seen"))])
            .await);
        let act = format!("/api/skills/{skill}/act");
        let act =
            async |what: Act| assert_eq!(liu.post(&act, &Do { act: what }).await.status, 204, "{what:?}");
        act(Act::Open).await;
        // Still by the roster's own numbers, and by no others.
        let list = format!("/desk/competition/{id}/check-in");
        for path in [
            card(0),
            card(1),
            list.clone(),
            format!("{list}/cards"),
            format!("{}?as=csv", list.replace("/check-in", "/out/check-in")),
        ] {
            let page = maker.get(&path).await.text;
            assert!(page.contains("李明远") || page.contains("王秀兰"), "{path}");
            assert!(!drawn.iter().any(|code| page.contains(code)), "{path}");
        }
        act(Act::Close).await;
        let page = liu.get(&card(0)).await.text;
        assert!(page.contains("已报到") && page.contains("评分已结束") && !page.contains("/undo"), "{page}");
        refused(&liu.form(&card(1), &[]).await, 409, "评分已经结束");
        let list = liu.get(&list).await.text;
        assert!(list.contains("<strong>1</strong> / 2 人已报到") && !list.contains("formaction="), "{list}");
        running.stop().await;
    }
}
