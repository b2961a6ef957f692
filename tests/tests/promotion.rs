//! Promotions: by a rule, from released results, confirmed by a person with their lineage; entered above and put on
//! the list once official; lots, reserves, substitutes, corrected results; nobody moved but by somebody. On both
//! databases.
#![expect(clippy::expect_used, clippy::panic, reason = "a test stops at what is not there")]

use domain::access::Role;
use domain::id::{JudgeCode, LedgerId};
use protocol::account::{Enrol, SignedIn};
use protocol::desk::{Act, Competition, Do};
use server::exchange::package::{self, SkillDocument};
use server::http::Running;
use tests::chief::{done, form, page, send};
use tests::http::{Answer, Browser};
use tests::office::{described, first, hidden, invite, join, led, refused, start};
use tests::{TestDatabase, resident_number};

/// A circuit with a province's skill above, and whoever sets it all up.
struct Ladder {
    running: Running,
    liu: Browser,
    circuit: String,
    /// The competition above, and its skill.
    above: String,
    skill: String,
}

/// Somebody of a skill below.
struct Who(&'static str, u32, &'static str);

fn id_of(to: &str) -> String {
    to.split(['/', '#', '?']).nth(3).expect("an id").to_owned()
}

fn number(at: u32) -> String {
    resident_number("130102", "19950310", at)
}

impl Ladder {
    async fn new(place: &TestDatabase) -> Self {
        let running = start(place).await;
        let liu = first(&running, "刘老师").await;
        liu.set_factor().await;
        let form = [("name", "河北体系"), ("cycle", "2026"), ("lowest", "enterprise"), ("highest", "nation")];
        let circuit = id_of(&led(&liu.form("/desk/circuits", &form).await));
        let above = competition(&liu, "省赛", "province", &circuit).await;
        let skill = skill(&liu, &above).await;
        Self { running, liu, circuit, above, skill }
    }

    fn at(&self) -> String {
        format!("/desk/competition/{}/promotions/{}", self.above, self.skill)
    }

    /// A skill of a city's competition with these people, marked and closed; its id, and the competition's.
    async fn below(&self, name: &str, people: &[Who]) -> (String, LedgerId) {
        let (id, skill) = self.marked(name, people).await;
        self.act(skill.as_str(), Act::Close).await;
        (id, skill)
    }

    /// A device of the chief judge of a skill below.
    async fn chief(&self, skill: &LedgerId) -> Browser {
        let judge = JudgeCode::from("J1");
        let card =
            self.running.app.accounts.make_card(skill, &judge, Role::ChiefJudge).await.expect("a card");
        let mut chief = Browser::new(self.running.address);
        chief.headers = vec![("accept", "text/html"), ("accept-language", "en")];
        let enrol = Enrol { code: card.code, pin: card.pin };
        chief.bearer = chief.post("/api/enrol", &enrol).await.json::<SignedIn>(200).bearer;
        chief
    }

    /// Somebody's code in the only skill of a competition.
    async fn code(&self, competition: &str, name: &str) -> String {
        let database = &self.running.app.database;
        let loaded = server::competition::load::<package::Competition, SkillDocument>(database, competition);
        let people = loaded.await.expect("a competition").1.remove(0).document.people;
        people.into_iter().find(|person| person.name == name).expect("somebody").code.to_string()
    }

    /// Marked, and open still.
    async fn marked(&self, name: &str, people: &[Who]) -> (String, LedgerId) {
        let mut rows = "姓名\t证件号\t赛项\t工作单位\t代表队\n".to_owned();
        for Who(name, at, _) in people {
            let number = if *at == 0 { String::new() } else { number(*at) };
            rows.push_str(&format!("{name}\t{number}\t焊接\t一厂\t市直\n"));
        }
        let scores: Vec<(&str, &str)> = people.iter().map(|Who(name, _, mark)| (*name, *mark)).collect();
        self.open(name, &rows, &scores).await
    }

    /// The same with a roster as it is pasted, and the marks by name.
    async fn set_up(&self, name: &str, rows: &str, scores: &[(&str, &str)]) -> (String, LedgerId) {
        let (id, skill) = self.open(name, rows, scores).await;
        self.act(skill.as_str(), Act::Close).await;
        (id, skill)
    }

    /// Marked, and open still.
    async fn open(&self, name: &str, rows: &str, scores: &[(&str, &str)]) -> (String, LedgerId) {
        let liu = &self.liu;
        let id = competition(liu, name, "city", &self.circuit).await;
        let skill = skill(liu, &id).await;
        let list = led(&liu.form(&format!("/desk/competition/{id}/roster/paste"), &[("rows", rows)]).await);
        take(liu, &list).await;
        let at = format!("/desk/skill/{skill}");
        let table = "子项编号,子项,编号,评分点,方式,满分\nA1,操作,,操作,测量：直接给分,100\n";
        let page = liu.send("POST", &format!("{at}/scheme/upload"), table.into(), "text/csv").await;
        let seen = hidden(&page.text, "seen").to_owned();
        let mut form = vec![("seen", seen.as_str()), ("c", "A"), ("s", "A1"), ("s_name", "操作")];
        form.extend([("a", "A1.01"), ("description", "操作"), ("kind", "direct"), ("max", "100")]);
        led(&liu.form(&format!("{at}/scheme"), &form).await);
        let judges = [("judges", "马建华\n胡爱民\n林晓峰")];
        led(&liu.form(&format!("{at}/judge-lines"), &judges).await);
        self.act(&skill, Act::Open).await;
        let ledger = LedgerId::from(skill.as_str());
        self.mark(&ledger, scores).await;
        (id, ledger)
    }

    async fn mark(&self, skill: &LedgerId, scores: &[(&str, &str)]) {
        let code = invite(&self.liu, Role::Scorekeeper, &format!("skill:{skill}")).await;
        let typist = join(&self.running, &code, &format!("录分员 {skill}")).await;
        let mut rows = "姓名\t成绩\n".to_owned();
        for (name, mark) in scores {
            rows.push_str(&format!("{name}\t{mark}\n"));
        }
        let at = format!("/desk/skill/{skill}/marks/paste?aspect=A1.01");
        let list = led(&typist.form(&at, &[("rows", &rows)]).await);
        take(&typist, &list).await;
    }

    async fn act(&self, skill: &str, act: Act) {
        let answer = self.liu.post(&format!("/api/skills/{skill}/act"), &Do { act }).await;
        assert_eq!(answer.status, 204, "{act:?}: {}", answer.text);
    }

    async fn page(&self) -> String {
        self.liu.get(&self.at()).await.text
    }

    /// Keeps a rule; fields as given over the usual ones.
    async fn rule(&self, feeders: &[&LedgerId], changed: &[(&str, &str)]) -> Answer {
        let page = self.page().await;
        let mut fields = vec![
            ("quota", "first"),
            ("places", "2"),
            ("ties", "draw"),
            ("merge", "each"),
            ("reserves", "1"),
            ("seen", hidden(page.split("/rule\"").nth(1).expect("the rule"), "seen")),
        ];
        for (name, value) in changed {
            fields.retain(|(known, _)| known != name);
            fields.push((name, value));
        }
        fields.extend(feeders.iter().map(|feeder| ("feeder", feeder.as_str())));
        self.liu.form(&format!("{}/rule", self.at()), &fields).await
    }

    /// Confirms those of these names.
    async fn confirm(&self, names: &[&str], why: &str) -> Answer {
        let page = self.page().await;
        let chosen: Vec<String> = names.iter().map(|name| ticked(&page, name)).collect();
        let mut fields: Vec<(&str, &str)> = chosen.iter().map(|one| ("one", one.as_str())).collect();
        fields.push(("why", why));
        self.liu.form(&format!("{}/confirm", self.at()), &fields).await
    }

    /// Who is on the list above.
    async fn list(&self) -> Vec<String> {
        let loaded = server::competition::load::<package::Competition, SkillDocument>(
            &self.running.app.database,
            &self.above,
        );
        let (_, skills) = loaded.await.expect("a competition");
        skills[0].document.people.iter().map(|person| person.name.clone()).collect()
    }

    async fn out(&self, name: &str, why: &str) -> Answer {
        let page = self.page().await;
        let row = row(&page, name);
        let form = row.split("/out\"").nth(1).expect("a form");
        let fields = [("one", hidden(form, "one")), ("seen", hidden(form, "seen")), ("why", why)];
        self.liu.form(&format!("{}/out", self.at()), &fields).await
    }
}

async fn competition(liu: &Browser, name: &str, tier: &str, circuit: &str) -> String {
    let about = [
        ("name", name),
        ("tier", tier),
        ("rule_set", "enterprise-drill"),
        ("circuit", circuit),
        ("from", "2026-05-09"),
    ];
    let id = id_of(&led(&liu.form("/desk/new", &about).await));
    led(&liu.form(&format!("/desk/competition/{id}/skills"), &[("skills", "01，焊接，Welding")]).await);
    id
}

async fn skill(liu: &Browser, competition: &str) -> String {
    let look: Competition = liu.get(&format!("/api/competitions/{competition}")).await.json(200);
    look.skills[0].skill.id.clone()
}

async fn take(who: &Browser, list: &str) {
    let page = who.get(list).await.text;
    let fields = [("columns", hidden(&page, "columns")), ("digest", hidden(&page, "digest"))];
    led(&who.form(&format!("{list}/take"), &fields).await);
}

/// The row of somebody in the list.
fn row<'a>(page: &'a str, name: &str) -> &'a str {
    let rows = page.split("<tr ").skip(1).map(|row| row.split("</tr>").next().unwrap_or_default());
    rows.into_iter()
        .find(|row| {
            row.contains("data-state") && row.split("</th>").next().is_some_and(|head| head.contains(name))
        })
        .unwrap_or_else(|| panic!("no row of {name}: {page}"))
}

/// What ticking somebody sends.
fn ticked(page: &str, name: &str) -> String {
    let of = row(page, name).split("name=\"one\" value=\"").nth(1);
    of.unwrap_or_else(|| panic!("nothing to tick: {}", row(page, name)))
        .split('"')
        .next()
        .expect("its end")
        .to_owned()
}

const PEOPLE: [Who; 5] = [
    Who("李明远", 1, "91"),
    Who("王秀兰", 2, "88"),
    Who("赵国庆", 3, "88"),
    Who("孙丽", 0, "80"),
    Who("周平", 5, "70"),
];

#[tokio::test(flavor = "multi_thread")]
async fn who_goes_on_is_confirmed_entered_and_on_the_list_once_it_is_official() {
    for place in TestDatabase::every_kind() {
        let ladder = Ladder::new(&place).await;
        let page = ladder.page().await;
        assert!(page.contains("没有可以晋级上来的赛项"), "{page}");
        let (_, feeder) = ladder.below("石家庄市赛", &PEOPLE).await;

        // The alike skill is proposed; what is wrong in the rule is said, and what was typed stays.
        let page = ladder.page().await;
        assert!(
            page.contains("石家庄市赛") && page.contains(&format!("value=\"{feeder}\" checked")),
            "{page}"
        );
        let answer = ladder.rule(&[&feeder], &[("places", "many")]).await;
        refused(&answer, 422, "名额“many”不是 1 到 5000 的整数");
        assert!(answer.text.contains("value=\"many\""));
        refused(&ladder.rule(&[], &[]).await, 422, "还没有选下级赛项");
        let own = LedgerId::from(ladder.skill.as_str());
        refused(&ladder.rule(&[&own], &[]).await, 422, "不在这个竞赛体系");
        led(&ladder.rule(&[&feeder], &[]).await);
        refused(&ladder.rule(&[&feeder], &[("seen", "0")]).await, 409, "别人改了晋级规则");

        // Before the release nobody is known to go on.
        let page = ladder.page().await;
        assert!(page.contains("还没有人晋级") && !page.contains("李明远"), "{page}");
        ladder.act(feeder.as_str(), Act::ReleaseProvisional).await;
        let page = ladder.page().await;
        assert!(page.contains("并列，需抽签决定先后") && page.contains("按现在的成绩 1 名晋级"), "{page}");

        // The lot is drawn once; of the two equals one goes on and the other stands by.
        let draw = page.split("/draw\"").nth(1).expect("the form of the lot");
        let keys: Vec<&str> =
            draw.split("</form>").next().expect("its end").split("value=\"").skip(1).collect();
        let keys: Vec<&str> = keys.iter().map(|key| key.split('"').next().expect("its end")).collect();
        let fields: Vec<(&str, &str)> = keys.iter().map(|key| ("one", *key)).collect();
        refused(&ladder.liu.form(&format!("{}/draw", ladder.at()), &fields[..1]).await, 409, "不需要抽签");
        led(&ladder.liu.form(&format!("{}/draw", ladder.at()), &fields).await);
        refused(&ladder.liu.form(&format!("{}/draw", ladder.at()), &fields).await, 409, "不需要抽签");
        let page = ladder.page().await;
        assert!(page.contains("2 名晋级，2 名待确认") && page.contains("候补 1"), "{page}");
        let second = if row(&page, "王秀兰").contains("候补") { "赵国庆" } else { "王秀兰" };
        let reserve = if second == "王秀兰" { "赵国庆" } else { "王秀兰" };

        // Confirmed while the result is provisional they are registered and wait.
        refused(&ladder.confirm(&[], "").await, 422, "还没有选人");
        let done = led(&ladder.confirm(&["李明远", second], "").await);
        assert!(done.ends_with("confirmed=2&left=0"), "{done}");
        assert!(ladder.list().await.is_empty(), "nobody is on the list by a provisional result");
        let page = ladder.page().await;
        assert!(
            row(&page, "李明远").contains("报名：待审核")
                && row(&page, "李明远").contains("暂定，成绩正式后再确认一次"),
            "{page}"
        );
        let registered =
            ladder.liu.get(&format!("/desk/competition/{}/registrations", ladder.above)).await.text;
        assert!(registered.contains("李明远") && registered.contains("130***********"), "{registered}");
        assert!(!registered.contains(&number(1)), "no number stands in whole");

        // Official, they are confirmed again and on the list; twice changes nothing.
        ladder.act(feeder.as_str(), Act::ReleaseOfficial).await;
        led(&ladder.confirm(&["李明远", second], "").await);
        assert_eq!(ladder.list().await, ["李明远", second]);
        let page = ladder.page().await;
        assert!(row(&page, "李明远").contains("报名：已通过"), "{page}");
        assert!(!row(&page, "李明远").contains("type=\"checkbox\""), "nothing is left to confirm");

        // Who gives up is withdrawn above; the reserve comes in their place and says so.
        refused(&ladder.out("李明远", " ").await, 422, "请写明原因");
        led(&ladder.out("李明远", "出国培训").await);
        assert_eq!(ladder.list().await, [second]);
        let page = ladder.page().await;
        assert!(row(&page, "李明远").contains("放弃") && row(&page, reserve).contains("待确认"), "{page}");
        led(&ladder.confirm(&[reserve], "").await);
        assert_eq!(ladder.list().await, [second, reserve]);
        let page = ladder.page().await;
        assert!(row(&page, reserve).contains("递补 李明远"), "{page}");
        // Without a number: registered and given back for it.
        assert!(row(&page, "孙丽").contains("候补 1"), "{page}");

        // Its lineage stands on its page, with the way.
        let to =
            row(&page, second).split("href=\"").nth(1).and_then(|at| at.split('"').next()).expect("a link");
        let shown = ladder.liu.get(to).await.text;
        for words in ["石家庄市赛", "省赛", "规则：前 2 名", "正式成绩", "账本第", "确认晋级", "刘老师"]
        {
            assert!(shown.contains(words), "{words}: {shown}");
        }
        let circuit = ladder.liu.get(&format!("/desk/circuit/{}", ladder.circuit)).await.text;
        assert!(circuit.contains("由市级晋级 2 名"), "{circuit}");
        let overview = ladder.liu.get(&format!("/desk/competition/{}/promotions", ladder.above)).await.text;
        assert!(overview.contains("1 个赛项") && overview.contains("焊接"), "{overview}");

        // What is said of whoever gave up is sealed.
        let said: Vec<String> = sqlx::query_scalar("SELECT said FROM promotion_step")
            .fetch_all(ladder.running.app.database.pool())
            .await
            .expect("steps");
        assert!(said.iter().all(|said| !said.contains("出国培训")), "{said:?}");
        ladder.running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_rule_or_result_moves_nobody_by_itself() {
    for place in TestDatabase::every_kind() {
        let ladder = Ladder::new(&place).await;
        let people = [Who("李明远", 1, "91"), Who("王秀兰", 2, "88"), Who("孙丽", 0, "80")];
        let (_, one) = ladder.below("石家庄市赛", &people).await;
        let (_, two) = ladder.below("唐山市赛", &[Who("吴强", 7, "85"), Who("李明远", 1, "95")]).await;
        for feeder in [&one, &two] {
            ladder.act(feeder.as_str(), Act::ReleaseOfficial).await;
        }
        led(&ladder.rule(&[&one, &two], &[("places", "2"), ("reserves", "")]).await);
        let page = ladder.page().await;
        assert!(page.contains("4 名晋级"), "{page}");
        let all: Vec<String> = page
            .split("name=\"one\" value=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .filter(|value| value.len() > 64)
            .map(str::to_owned)
            .collect();
        assert_eq!(all.len(), 4);
        let fields: Vec<(&str, &str)> = all.iter().map(|one| ("one", one.as_str())).collect();
        // Of two who send it at once one does; nobody is there twice.
        let at = format!("{}/confirm", ladder.at());
        let (first, again) = tokio::join!(ladder.liu.form(&at, &fields), ladder.liu.form(&at, &fields));
        let mut statuses = [first.status, again.status];
        statuses.sort_unstable();
        assert!(statuses == [303, 409] || statuses == [303, 303], "{statuses:?}");
        // One person came by two ways, and is on the list once.
        let mut list = ladder.list().await;
        list.sort();
        assert_eq!(list, ["吴强", "李明远", "王秀兰"]);

        let page = ladder.page().await;
        assert_eq!(page.matches("报名：已通过").count(), 4, "two promotions, one registration: {page}");
        // One of the two ways given up leaves the other.
        led(&ladder.out("李明远", "以另一赛区名额参加").await);
        assert_eq!(ladder.list().await.len(), 3);
        let page = ladder.page().await;
        let form = row(&page, "李明远").split("/back\"").nth(1).expect("a form");
        let fields = [("one", hidden(form, "one")), ("seen", hidden(form, "seen"))];
        led(&ladder.liu.form(&format!("{}/back", ladder.at()), &fields).await);
        led(&ladder.confirm(&["李明远"], "").await);

        // Another rule: those whom it leads there no longer are shown, and stay until somebody decides.
        led(&ladder.rule(&[&one, &two], &[("places", "1"), ("reserves", "")]).await);
        let page = ladder.page().await;
        assert!(page.contains("2 名已确认的因成绩或规则变化需要处理"), "{page}");
        assert!(row(&page, "王秀兰").contains("不再晋级") && ladder.list().await.len() == 3, "{page}");
        refused(&ladder.confirm(&["王秀兰"], "").await, 422, "请写明原因");
        led(&ladder.confirm(&["王秀兰"], "组委会决定扩大名额").await);
        let page = ladder.page().await;
        assert!(row(&page, "王秀兰").contains("决定保留"), "{page}");
        led(&ladder.out("吴强", "规则调整").await);
        let mut list = ladder.list().await;
        list.sort();
        assert_eq!(list, ["李明远", "王秀兰"]);

        // The same, looked at before a change, is refused as it was seen.
        let stale = ticked(&page, "李明远");
        led(&ladder.rule(&[&one, &two], &[("places", "2"), ("reserves", "1")]).await);
        let answer = ladder.liu.form(&at, &[("one", &stale)]).await;
        refused(&answer, 409, "请看过现在的内容再办");

        // A fixed list takes nobody more and lets nobody go.
        let skill = &ladder.skill;
        let scheme = format!("/desk/skill/{skill}/scheme");
        let page = ladder.liu.get(&scheme).await.text;
        let mut form = vec![("seen", hidden(&page, "seen")), ("c", "A"), ("s", "A1"), ("s_name", "操作")];
        form.extend([("a", "A1.01"), ("description", "操作"), ("kind", "direct"), ("max", "100")]);
        led(&ladder.liu.form(&scheme, &form).await);
        led(&ladder.liu.form(&format!("/desk/skill/{skill}/judge-lines"), &[("judges", "马建华")]).await);
        let page = ladder.page().await;
        let chosen = ticked(&page, "李明远");
        ladder.act(skill, Act::Open).await;
        let answer = ladder.liu.form(&at, &[("one", &chosen)]).await;
        refused(&answer, 409, "名单不能再变");
        assert!(ladder.page().await.contains("赛项已经抽签或开放"));
        ladder.running.stop().await;
    }
}

/// A result that is corrected after its release: who was confirmed by it is shown as no longer in line, who is now
/// can be confirmed, and both ways are explained by the entries that they follow from.
#[tokio::test(flavor = "multi_thread")]
async fn a_result_corrected_after_its_release_is_shown_with_both_that_it_touches() {
    for place in TestDatabase::every_kind() {
        let ladder = Ladder::new(&place).await;
        let people = [Who("李明远", 1, "91"), Who("王秀兰", 2, "95"), Who("孙丽", 3, "80")];
        let (below, feeder) = ladder.marked("石家庄市赛", &people).await;
        let chief = ladder.chief(&feeder).await;
        let code = ladder.code(&below, "王秀兰").await;
        let fields = form(&page(&chief).await, "/chief/competitor", &format!("value=\"{code}\""));
        done(&chief, "/chief/competitor", &(fields + "&what=absent&amount=&reason=x"), "entered").await;
        ladder.act(feeder.as_str(), Act::Close).await;
        ladder.act(feeder.as_str(), Act::ReleaseOfficial).await;
        led(&ladder.rule(&[&feeder], &[("places", "1"), ("reserves", "")]).await);
        led(&ladder.confirm(&["李明远"], "").await);
        let before = ladder.page().await;
        assert!(row(&before, "李明远").contains("第 1 名") && !before.contains("王秀兰"), "{before}");

        // She was there: two persons say so, and she is the first.
        let undo = form(&page(&chief).await, "/chief/undo", "") + "&reason=was+there";
        let looked = send(&chief, "/chief/undo", &undo).await.text;
        done(&chief, "/chief/undo", &form(&looked, "/chief/undo", ""), "proposed").await;
        let second = format!("/desk/skill/{feeder}/second");
        let desk = ladder.liu.get(&format!("/desk/competition/{below}")).await.text;
        led(&send(&ladder.liu, &second, &form(&desk, &second, "")).await);

        let shown = ladder.page().await;
        assert!(
            row(&shown, "李明远").contains("不再晋级") && row(&shown, "李明远").contains("第 2 名"),
            "{shown}"
        );
        assert!(row(&shown, "王秀兰").contains("待确认"), "{shown}");
        assert_eq!(ladder.list().await, ["李明远"], "nobody is moved by it");
        led(&ladder.out("李明远", "成绩更正").await);
        led(&ladder.confirm(&["王秀兰"], "").await);
        assert_eq!(ladder.list().await, ["王秀兰"]);
        let shown = ladder.page().await;
        assert!(row(&shown, "王秀兰").contains("递补 李明远"), "{shown}");
        // Each step names the entry of the ledger that it was taken by.
        let entries = async |name: &str| {
            let shown = ladder.page().await;
            let to = row(&shown, name)
                .split("href=\"")
                .nth(1)
                .and_then(|at| at.split('"').next())
                .expect("a link")
                .to_owned();
            let steps =
                ladder.liu.get(&to).await.text.split("id=\"steps\"").nth(1).expect("steps").to_owned();
            let seqs =
                steps.split("账本第 ").skip(1).filter_map(|rest| rest.split(' ').next()?.parse::<i64>().ok());
            seqs.collect::<Vec<_>>()
        };
        let of_li = entries("李明远").await;
        assert!(of_li.len() == 2 && of_li[0] < of_li[1], "{of_li:?}");
        assert_eq!(entries("王秀兰").await, of_li[1..]);
        ladder.running.stop().await;
    }
}

/// One rule for every skill that has none: from those alike below, and over no rule that somebody wrote.
#[tokio::test(flavor = "multi_thread")]
async fn one_rule_is_set_for_every_skill_that_has_none() {
    for place in TestDatabase::every_kind() {
        let ladder = Ladder::new(&place).await;
        let liu = &ladder.liu;
        let at = format!("/desk/competition/{}/promotions", ladder.above);
        let more = [("skills", "02，车工，Turning，6-18-01-01\n03，花艺，Floristry")];
        led(&liu.form(&format!("/desk/competition/{}/skills", ladder.above), &more).await);
        let below = competition(liu, "石家庄市赛", "city", &ladder.circuit).await;
        let more = [("skills", "02，数控车，CNC，6-18-01-01\n04，电工，Electrician")];
        led(&liu.form(&format!("/desk/competition/{below}/skills"), &more).await);
        let feeder = LedgerId::from(skill(liu, &below).await.as_str());
        led(&ladder.rule(&[&feeder], &[("places", "7")]).await);
        // Only what is alike is shown, the rest where it is asked for.
        let page = ladder.page().await;
        assert!(page.contains("其他赛项（4 个）") && !page.contains("04 电工"), "{page}");
        assert!(liu.get(&format!("{}?all", ladder.at())).await.text.contains("04 电工"));

        let rule = [("quota", "share"), ("places", "30"), ("ties", "all"), ("merge", "each")];
        let mut wrong = rule;
        wrong[1] = ("places", "300");
        let answer = liu.form(&at, &wrong).await;
        refused(&answer, 422, "比例“300”不是 1 到 100 的整数");
        assert!(answer.text.contains("value=\"300\""));
        let to = led(&liu.form(&at, &rule).await);
        assert!(to.ends_with("?kept=1&without=1"), "{to}");
        let page = liu.get(&to).await.text;
        assert!(page.contains("1 个赛项定了规则；1 个在下级大赛里没有同名或同职业的赛项"), "{page}");
        assert!(page.contains("还没有规则"), "{page}");
        assert!(ladder.page().await.contains("value=\"7\""), "what somebody wrote stays");
        let look: Competition = liu.get(&format!("/api/competitions/{}", ladder.above)).await.json(200);
        let turning = look.skills.iter().find(|one| one.skill.number == "02").expect("it");
        let page = liu.get(&format!("{at}/{}", turning.skill.id)).await.text;
        assert!(page.contains("02 数控车") && page.contains("value=\"30\""), "{page}");
        ladder.running.stop().await;
    }
}

/// Two teams that are called alike stay two above, and everybody of each is entered.
#[tokio::test(flavor = "multi_thread")]
async fn teams_of_one_name_stay_apart() {
    for place in TestDatabase::every_kind() {
        let ladder = Ladder::new(&place).await;
        let teams = |at: u32| {
            let row =
                |name: &str, more: u32| format!("{name}\t{}\t焊接\t一厂\t市直\t一队\n", number(at + more));
            let names = if at == 1 { ["李明远", "王秀兰"] } else { ["赵国庆", "孙丽"] };
            format!("姓名\t证件号\t赛项\t工作单位\t代表队\t参赛队\n{}{}", row(names[0], 0), row(names[1], 1))
        };
        let (_, one) = ladder.set_up("石家庄市赛", &teams(1), &[("李明远", "91")]).await;
        let (_, two) = ladder.set_up("唐山市赛", &teams(3), &[("赵国庆", "85")]).await;
        for feeder in [&one, &two] {
            ladder.act(feeder.as_str(), Act::ReleaseOfficial).await;
        }
        led(&ladder.rule(&[&one, &two], &[("places", "1"), ("reserves", "")]).await);
        led(&ladder.confirm(&["李明远", "赵国庆"], "").await);
        let loaded = server::competition::load::<package::Competition, SkillDocument>(
            &ladder.running.app.database,
            &ladder.above,
        );
        let people = loaded.await.expect("a competition").1.remove(0).document.people;
        let mut teams: Vec<(String, String)> =
            people.into_iter().map(|person| (person.team, person.name)).collect();
        teams.sort();
        let names = |team: &str| -> Vec<&str> {
            teams.iter().filter(|(of, _)| of == team).map(|(_, name)| name.as_str()).collect()
        };
        assert_eq!(names("市直 一队"), ["李明远", "王秀兰"], "{teams:?}");
        assert_eq!(names("市直 一队 2"), ["孙丽", "赵国庆"], "{teams:?}");
        ladder.running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn results_that_are_not_theirs_to_see_are_not_offered() {
    for place in TestDatabase::every_kind() {
        let ladder = Ladder::new(&place).await;
        let (below, feeder) = ladder.below("石家庄市赛", &[Who("李明远", 1, "91")]).await;
        ladder.act(feeder.as_str(), Act::ReleaseOfficial).await;
        let code = invite(&ladder.liu, Role::Organiser, &format!("competition:{}", ladder.above)).await;
        let chen = join(&ladder.running, &code, "陈老师").await;
        let page = chen.get(&ladder.at()).await;
        assert!(page.status == 200 && !page.text.contains("石家庄市赛"), "{}", page.text);
        let fields = [
            ("quota", "first"),
            ("places", "1"),
            ("ties", "all"),
            ("merge", "each"),
            ("seen", "0"),
            ("feeder", feeder.as_str()),
        ];
        refused(&chen.form(&format!("{}/rule", ladder.at()), &fields).await, 422, "您看不到它的结果");
        // Once whoever may has named it, the organiser above confirms.
        led(&ladder.rule(&[&feeder], &[]).await);
        let page = chen.get(&ladder.at()).await.text;
        let chosen = ticked(&page, "李明远");
        led(&chen.form(&format!("{}/confirm", ladder.at()), &[("one", &chosen)]).await);
        assert_eq!(ladder.list().await, ["李明远"]);
        assert_eq!(chen.get(&format!("/desk/competition/{below}/promotions/{feeder}")).await.status, 403);
        // Out of the circuit it is named still, and offered to nobody anew.
        led(&described(
            &ladder.liu,
            &below,
            &[("name", "石家庄市赛"), ("tier", "city"), ("rule_set", "enterprise-drill")],
        )
        .await);
        assert!(ladder.page().await.contains("石家庄市赛"));
        ladder.running.stop().await;
    }
}
