//! Registrations: a delegation enters its own people within its days, quotas and terms; the organiser approves
//! them, gives them back, and they get on the lists; withdrawn and replaced with who stood there before; nobody
//! sees another delegation's people. On both databases.
#![expect(clippy::expect_used, reason = "a test stops at what is not there")]

use domain::access::Role;
use server::exchange::package::{self, SkillDocument};
use server::http::Running;
use sqlx::Row as _;
use tests::http::{Answer, Browser};
use tests::office::{first, hidden, invite, join, led, refused, start};
use tests::{TestDatabase, resident_number};

/// A competition with two skills, and the terms of a province's competition for workers.
struct Fair {
    running: Running,
    liu: Browser,
    competition: String,
    skills: Vec<String>,
}

const TERMS: [(&str, &str); 10] = [
    ("opens", "2000-01-01"),
    ("closes", "2199-01-01"),
    ("employments", "职工、学生"),
    ("regions", "13"),
    ("is_one_skill", "yes"),
    ("quota", "2"),
    ("born_from", "1970-01-01"),
    ("born_until", "2012-01-01"),
    ("level", "senior"),
    ("least_field", "3"),
];

impl Fair {
    async fn open(place: &TestDatabase) -> Self {
        let running = start(place).await;
        let liu = first(&running, "刘老师").await;
        let about = [
            ("name", "第三届省赛"),
            ("tier", "province"),
            ("from", "2026-05-09"),
            ("until", "2026-05-10"),
            ("rule_set", "hebei-2025"),
        ];
        let to = led(&liu.form("/desk/new", &about).await);
        let competition = to.split('/').nth(3).expect("an id").split('#').next().expect("an id").to_owned();
        let skills = [("skills", "01，焊接，Welding\n02，车工，Turning")];
        led(&liu.form(&format!("/desk/competition/{competition}/skills"), &skills).await);
        let (_, kept) = kept(&running, &competition).await;
        let skills = kept.into_iter().map(|kept| kept.ledger.to_string()).collect();
        Self { running, liu, competition, skills }
    }

    fn at(&self, rest: &str) -> String {
        format!("/desk/competition/{}/registrations{rest}", self.competition)
    }

    /// Sets terms; nobody else does meanwhile.
    async fn terms(&self, changed: &[(&str, &str)]) -> Answer {
        let page = self.liu.get(&self.at("/terms")).await.text;
        let mut fields: Vec<(&str, &str)> = TERMS.to_vec();
        for (name, value) in changed {
            fields.retain(|(known, _)| known != name);
            fields.push((name, value));
        }
        let seen = hidden(&page, "seen").to_owned();
        fields.push(("seen", &seen));
        self.liu.form(&self.at("/terms"), &fields).await
    }

    async fn organisation(&self, name: &str) -> String {
        let find = sqlx::query_scalar("SELECT id FROM organisation WHERE name = $1").bind(name);
        find.fetch_one(self.running.app.database.pool()).await.expect("an organisation")
    }

    /// A delegation of an organisation of its own, and its registrar.
    async fn delegation(&self, name: &str) -> (String, Browser) {
        led(&self.liu.form("/desk/organisations", &[("name", name), ("kind", "city"), ("parent", "")]).await);
        let organisation = self.organisation(name).await;
        led(&self.liu.form(&self.at("/delegations"), &[("delegations", name)]).await);
        let find = sqlx::query_scalar("SELECT id FROM delegation WHERE name = $1").bind(name);
        let id: String = find.fetch_one(self.running.app.database.pool()).await.expect("a delegation");
        let scope = format!("organisation:{organisation}");
        let code = invite(&self.liu, Role::DelegationRegistrar, &scope).await;
        (id, join(&self.running, &code, &format!("{name}报名员")).await)
    }

    async fn people(&self, skill: usize) -> Vec<package::Person> {
        let (_, mut kept) = kept(&self.running, &self.competition).await;
        kept.swap_remove(skill).document.people
    }

    /// `ID:CHANGES` of whoever is entered under a name.
    async fn one(&self, liu: &Browser, name: &str) -> String {
        let page = liu.get(&self.at(&format!("?find={name}"))).await.text;
        hidden(&page, "one").to_owned()
    }

    async fn approve(&self, name: &str) -> Answer {
        let one = self.one(&self.liu, name).await;
        self.chosen(&[("one", &one)]).await
    }

    /// What the list says once those chosen were approved, or not.
    async fn chosen(&self, chosen: &[(&str, &str)]) -> Answer {
        self.liu.get(&led(&self.liu.form(&self.at("/approve"), chosen).await)).await
    }
}

async fn kept(
    running: &Running,
    id: &str,
) -> (server::competition::Kept<package::Competition>, Vec<server::competition::KeptSkill<SkillDocument>>) {
    let mut loaded =
        server::competition::load::<package::Competition, SkillDocument>(&running.app.database, id)
            .await
            .expect("a competition");
    loaded.1.sort_by(|a, b| a.document.number.cmp(&b.document.number));
    loaded
}

/// The form of somebody who fulfils the terms.
fn person<'a>(skill: &'a str, name: &'a str, number: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("skill", skill),
        ("name", name),
        ("id_number", number),
        ("organisation", "一厂"),
        ("employment", "职工"),
        ("level", "technician"),
    ]
}

fn with<'a>(mut fields: Vec<(&'a str, &'a str)>, name: &'a str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    fields.retain(|(known, _)| *known != name);
    fields.push((name, value));
    fields
}

async fn enter(browser: &Browser, delegation: &str, fields: &[(&str, &str)]) -> Answer {
    browser.form(&format!("/desk/delegation/{delegation}/enter"), fields).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delegation_enters_its_people_and_the_organiser_approves_them() {
    for place in TestDatabase::every_kind() {
        let fair = Fair::open(&place).await;
        let (shi, sun) = fair.delegation("石家庄市").await;
        let number = resident_number("130102", "19900307", 11);
        let zhang = person(&fair.skills[0], "张三", &number);
        refused(&enter(&sun, &shi, &zhang).await, 422, "还没有公布报名时间");
        led(&fair.terms(&[]).await);

        // What they see first is what they may do.
        assert_eq!(led(&sun.get("/desk").await), "/desk/delegations");
        let mine = sun.get("/desk/delegations").await.text;
        assert!(mine.contains("第三届省赛") && mine.contains(&format!("/desk/delegation/{shi}")), "{mine}");
        let own = sun.get(&format!("/desk/delegation/{shi}")).await.text;
        assert!(own.contains("0 / 2") && own.contains("高级工及以上"), "{own}");

        // All that keeps somebody is said at once, and what was typed is still there.
        let young = resident_number("110101", "20150101", 12);
        let wrong =
            with(with(person(&fair.skills[0], "李四", &young), "employment", "农民"), "level", "junior");
        let answer = enter(&sun, &shi, &wrong).await;
        for why in ["须在 2012-01-01 及以前出生", "监护人", "限：职工、学生", "以 11 开头", "高级工及以上"]
        {
            refused(&answer, 422, why);
        }
        assert!(answer.text.contains("value=\"李四\""), "{}", answer.text);
        let mut bad = number.clone();
        bad.replace_range(17.., if number.ends_with('1') { "2" } else { "1" });
        refused(&enter(&sun, &shi, &person(&fair.skills[0], "张三", &bad)).await, 422, "校验码不对");
        refused(&enter(&sun, &shi, &with(zhang.clone(), "name", " ")).await, 422, "请填写姓名");
        refused(&enter(&sun, &shi, &with(zhang.clone(), "skill", "none")).await, 422, "请选一个赛项");

        // Sent twice, a form enters one.
        let page = sun.get(&format!("/desk/delegation/{shi}/enter")).await.text;
        let form = hidden(&page, "form").to_owned();
        let zhang = with(zhang, "form", &form);
        let to = led(&enter(&sun, &shi, &zhang).await);
        assert_eq!(led(&enter(&sun, &shi, &zhang).await), to);
        let shown = sun.get(&to).await.text;
        assert!(shown.contains("待审核") && !shown.contains(&number), "the number is masked: {shown}");
        // Nobody competes by that yet.
        assert!(fair.people(0).await.is_empty());
        // The same person is entered for nothing else, by nobody, under any name.
        let other = person(&fair.skills[1], "张叁", &number);
        refused(&enter(&sun, &shi, &other).await, 422, "已报赛项“焊接”");
        let (tang, qian) = fair.delegation("唐山市").await;
        refused(&enter(&qian, &tang, &person(&fair.skills[0], "张三", &number)).await, 422, "已在本赛项中");

        // Given back with why, mended, sent again.
        let one = fair.one(&fair.liu, "张三").await;
        let (id, seen) = one.split_once(':').expect("both");
        let give_back = fair.at(&format!("/{id}/give-back"));
        refused(&fair.liu.form(&give_back, &[("seen", seen), ("why", " ")]).await, 422, "请写明原因");
        led(&fair.liu.form(&give_back, &[("seen", seen), ("why", "单位写全称")]).await);
        refused(&fair.liu.form(&give_back, &[("seen", seen), ("why", "再退")]).await, 409, "有变动");
        let shown = sun.get(&to).await.text;
        assert!(shown.contains("单位写全称") && shown.contains("修改并重新报送"), "{shown}");
        let mended = with(with(zhang.clone(), "organisation", "石家庄第一机械厂"), "id_number", "");
        let stale = with(mended.clone(), "seen", "1");
        refused(&sun.form(&to, &stale).await, 409, "有变动");
        let seen = hidden(&shown, "seen").to_owned();
        led(&sun.form(&to, &with(mended, "seen", &seen)).await);

        // Approved, they are on the list of their skill, with the sealed number.
        let answer = fair.approve("张三").await;
        assert!(answer.status == 200 && answer.text.contains("已通过 1 人"), "{}", answer.text);
        let people = fair.people(0).await;
        assert_eq!(people.len(), 1);
        let zhang_code = people[0].code.to_string();
        assert_eq!((people[0].name.as_str(), people[0].delegation.as_str()), ("张三", "石家庄市"));
        assert_eq!((people[0].organisation.as_str(), people[0].level.as_str()), ("石家庄第一机械厂", "技师"));
        assert!(
            fair.liu.get(&fair.at("")).await.text.contains("不足 3 人"),
            "the field is too small (R-249)"
        );
        // A list with the same person is told so.
        let pasted = format!("姓名\t赛项\t证件号\n张三\t焊接\t{number}");
        let paste = format!("/desk/competition/{}/roster/paste", fair.competition);
        let list = fair.liu.form(&paste, &[("rows", &pasted)]).await;
        let run = fair.liu.get(&led(&list)).await.text;
        assert!(run.contains("已在赛项“焊接”中"), "{run}");

        // The quota counts who waits as well.
        let numbers: Vec<String> = (0..3).map(|at| resident_number("130102", "19910101", 100 + at)).collect();
        led(&enter(&sun, &shi, &person(&fair.skills[0], "王五", &numbers[0])).await);
        refused(&enter(&sun, &shi, &person(&fair.skills[0], "赵六", &numbers[1])).await, 422, "名额已满");

        // Replaced: who comes takes the place, and says whose.
        let replace = |number| with(person(&fair.skills[0], "孙七", number), "replaces", id);
        refused(&enter(&qian, &tang, &replace(&numbers[1])).await, 410, "没有这条报名");
        let to = led(&enter(&sun, &shi, &replace(&numbers[1])).await);
        assert_eq!(fair.people(0).await[0].name, "张三", "until they are approved");
        assert!(fair.approve("孙七").await.text.contains("已通过 1 人"));
        let people = fair.people(0).await;
        assert_eq!(people.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["孙七"]);
        assert_ne!(people[0].code.to_string(), zhang_code, "no code is another's");
        let shown = sun.get(&to).await.text;
        assert!(shown.contains("张三") && shown.contains("替补"), "{shown}");
        let before = sun.get(&format!("/desk/delegation/{shi}/person/{id}")).await.text;
        assert!(before.contains("已被替补") && before.contains("孙七"), "{before}");

        // Withdrawn, with why; the place is free again.
        let shown_seen = hidden(&shown, "seen").to_owned();
        let withdraw = format!("{to}/withdraw");
        led(&sun.form(&withdraw, &[("seen", &shown_seen), ("why", "受伤")]).await);
        assert!(fair.people(0).await.is_empty());
        led(&enter(&sun, &shi, &person(&fair.skills[0], "周八", &numbers[2])).await);
        // An approval is taken back as long as nothing of the skill is fixed.
        assert!(fair.approve("王五").await.text.contains("已通过 1 人"));
        let find = sqlx::query("SELECT id, changes FROM registration WHERE state = 'approved'");
        let row = find.fetch_one(fair.running.app.database.pool()).await.expect("one");
        let (id, changes): (String, i64) = (row.get(0), row.get(1));
        let reconsider = fair.at(&format!("/{id}/reconsider"));
        led(&fair.liu.form(&reconsider, &[("seen", &changes.to_string())]).await);
        assert!(fair.people(0).await.is_empty());
        let left: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM identity")
            .fetch_one(fair.running.app.database.pool())
            .await
            .expect("a count");
        assert_eq!(left, 0, "whoever is on no list leaves no number there");
        fair.running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_sees_or_changes_another_delegations_people() {
    for place in TestDatabase::every_kind() {
        let fair = Fair::open(&place).await;
        led(&fair.terms(&[]).await);
        let (shi, sun) = fair.delegation("石家庄市").await;
        let (tang, qian) = fair.delegation("唐山市").await;
        let number = resident_number("130102", "19900307", 11);
        let to = led(&enter(&sun, &shi, &person(&fair.skills[0], "张三", &number)).await);
        let one = to.rsplit('/').next().expect("an id");
        for path in [
            format!("/desk/delegation/{shi}"),
            to.clone(),
            format!("/desk/delegation/{shi}/enter"),
            format!("{to}/consent"),
            fair.at(""),
            fair.at("/terms"),
        ] {
            assert_eq!(qian.get(&path).await.status, 403, "{path}");
        }
        assert_eq!(enter(&qian, &shi, &person(&fair.skills[0], "李四", &number)).await.status, 403);
        // By one's own delegation's address neither.
        refused(&qian.get(&format!("/desk/delegation/{tang}/person/{one}")).await, 410, "没有这条报名");
        let said = [("seen", "1"), ("why", "换人")];
        let foreign = format!("/desk/delegation/{tang}/person/{one}/withdraw");
        refused(&qian.form(&foreign, &said).await, 410, "没有这条报名");
        assert_eq!(sun.form(&fair.at("/approve"), &[("one", &format!("{one}:1"))]).await.status, 403);
        // Who registers for the organisation that holds the competition sees no delegation's people by that.
        let page = sun.get("/desk/delegations").await.text;
        assert!(page.contains(&shi) && !page.contains(&tang), "{page}");
        // Nor does the organiser of another competition, by its routes.
        let scope = format!("organisation:{}", fair.organisation("唐山市").await);
        let code = invite(&fair.liu, Role::Organiser, &scope).await;
        let chen = join(&fair.running, &code, "陈老师").await;
        let about =
            [("name", "唐山市赛"), ("tier", "city"), ("rule_set", "hebei-2025"), ("from", ""), ("until", "")];
        let made = led(&chen.form("/desk/new", &about).await);
        let other = made.split('#').next().expect("an address");
        for act in ["give-back", "reconsider"] {
            let answer = chen.form(&format!("{other}/registrations/{one}/{act}"), &said).await;
            refused(&answer, 410, "没有这条报名");
            assert!(!answer.text.contains("张三"), "{}", answer.text);
        }
        let chosen = format!("{one}:1");
        let approved = chen.form(&format!("{other}/registrations/approve"), &[("one", &chosen)]).await;
        assert!(led(&approved).contains("approved=0"));
        assert!(fair.people(0).await.is_empty());
        // Nothing of a person stands in plain in the database.
        let rows = sqlx::query("SELECT person, blind FROM registration")
            .fetch_all(fair.running.app.database.pool())
            .await
            .expect("rows");
        for row in rows {
            let text = format!("{} {}", row.get::<String, _>(0), row.get::<String, _>(1));
            assert!(!text.contains("张三") && !text.contains(&number), "{text}");
        }
        fair.running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn days_minors_and_terms_that_change_are_held_to() {
    for place in TestDatabase::every_kind() {
        let fair = Fair::open(&place).await;
        let (shi, sun) = fair.delegation("石家庄市").await;
        // Terms that make no sense are refused with what was typed.
        let answer = fair.terms(&[("closes", "1999-01-01")]).await;
        refused(&answer, 422, "开始日期晚于截止日期");
        assert!(answer.text.contains("value=\"1999-01-01\""), "{}", answer.text);
        refused(&fair.terms(&[("quota", "两个")]).await, 422, "不是 1 到 5000 的整数");
        refused(&fair.terms(&[("regions", "河北")]).await, 422, "不是行政区划代码");
        led(&fair.terms(&[("closes", "2001-01-01")]).await);
        // Two who change them: the second looks first.
        let stale: Vec<_> = TERMS.into_iter().chain([("seen", "0")]).collect();
        let answer = fair.liu.form(&fair.at("/terms"), &stale).await;
        refused(&answer, 409, "别人改了报名条件");
        assert!(answer.text.contains("现在是：2001-01-01"), "{}", answer.text);
        // Something that cannot be read does not make it known.
        let unread = stale.iter().map(|(name, text)| (*name, if *name == "quota" { "?" } else { text }));
        let unread: Vec<_> = unread.collect();
        refused(&fair.liu.form(&fair.at("/terms"), &unread).await, 409, "别人改了");
        let number = resident_number("130102", "19900307", 11);
        let zhang = person(&fair.skills[0], "张三", &number);
        refused(&enter(&sun, &shi, &zhang).await, 422, "报名已于 2001-01-01 截止");
        // The organiser enters whom it must, whatever the day is.
        led(&enter(&fair.liu, &shi, &zhang).await);
        led(&fair.terms(&[("born_until", ""), ("substitutes_until", "2199-01-01")]).await);

        // A minor needs a guardian who is named, and has signed.
        let young = resident_number("130102", "20090510", 13);
        let minor = person(&fair.skills[1], "小李", &young);
        refused(&enter(&sun, &shi, &minor).await, 422, "只有 16 岁");
        refused(&enter(&sun, &shi, &with(minor.clone(), "consent", "yes")).await, 422, "只有 16 岁");
        let signed = with(with(minor, "consent", "yes"), "guardian", "李建国，父亲");
        let to = led(&enter(&sun, &shi, &signed).await);
        let paper = sun.get(&format!("{to}/consent")).await.text;
        assert!(paper.contains("小李") && paper.contains("监护人姓名"), "{paper}");

        // Terms that changed hold for whoever is approved from then on, and the page says so beforehand.
        led(&fair.terms(&[("born_until", "2005-01-01")]).await);
        let page = fair.liu.get(&fair.at("?find=小李")).await.text;
        assert!(page.contains("须在 2005-01-01 及以前出生"), "{page}");
        assert!(!page.contains("name=\"one\""), "who cannot be approved cannot be chosen");
        let both = [
            ("one", format!("{}:1", to.rsplit('/').next().expect("an id"))),
            ("one", fair.one(&fair.liu, "张三").await),
        ];
        let both = both.each_ref().map(|(name, value)| (*name, value.as_str()));
        let answer = fair.chosen(&both).await;
        assert!(
            answer.text.contains("已通过 1 人") && answer.text.contains("1 人没有通过"),
            "{}",
            answer.text
        );
        assert_eq!(fair.people(0).await.len(), 1);
        assert!(fair.people(1).await.is_empty());
        refused(&fair.liu.form(&fair.at("/approve"), &[]).await, 422, "还没有选人");

        // Skills may ask for something of their own.
        let own = format!("own.{}", fair.skills[1]);
        let level = format!("level.{}", fair.skills[1]);
        led(&fair.terms(&[(&own, "yes"), (&level, "")]).await);
        let free = resident_number("130102", "20000510", 15);
        led(&enter(&sun, &shi, &with(person(&fair.skills[1], "小王", &free), "level", "")).await);

        // After the last day of substitutions the delegation withdraws nobody, and the organiser does.
        led(&fair.terms(&[("closes", "2001-01-01"), ("substitutes_until", "2001-02-01")]).await);
        let withdraw = format!("{to}/withdraw");
        refused(
            &sun.form(&withdraw, &[("seen", "1"), ("why", "病")]).await,
            422,
            "退出和替补已于 2001-02-01 截止",
        );
        led(&fair.liu.form(&withdraw, &[("seen", "1"), ("why", "病")]).await);

        // A delegation with people stays; one without goes.
        let remove = fair.at("/delegation/remove");
        refused(&fair.liu.form(&remove, &[("id", &shi)]).await, 409, "不能删除");
        led(&fair.liu.form(&fair.at("/delegations"), &[("delegations", "定州市，Dingzhou")]).await);
        refused(
            &fair.liu.form(&fair.at("/delegations"), &[("delegations", "辛集市\n定州市")]).await,
            409,
            "代表队“定州市”已经有了",
        );
        let find = sqlx::query_scalar("SELECT id FROM delegation WHERE name = '定州市'");
        let empty: String = find.fetch_one(fair.running.app.database.pool()).await.expect("a delegation");
        led(&fair.liu.form(&remove, &[("id", &empty)]).await);
        refused(&fair.liu.form(&remove, &[("id", &empty)]).await, 410, "没有这个代表队");
        fair.running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_take_the_last_place_at_once_one_gets_it() {
    for place in TestDatabase::every_kind() {
        let fair = Fair::open(&place).await;
        led(&fair.terms(&[("quota", "1")]).await);
        let (shi, sun) = fair.delegation("石家庄市").await;
        let numbers: Vec<String> = (0..6).map(|at| resident_number("130102", "19910101", 200 + at)).collect();
        let tries = numbers.iter().map(|number| {
            let (sun, shi, skill) = (sun.clone(), shi.clone(), fair.skills[0].clone());
            let number = number.clone();
            tokio::spawn(async move { enter(&sun, &shi, &person(&skill, "同时报", &number)).await.status })
        });
        let tries: Vec<_> = tries.collect();
        let mut entered = 0;
        for one in tries {
            let status = one.await.expect("an answer");
            assert!(matches!(status, 303 | 422), "{status}");
            entered += usize::from(status == 303);
        }
        assert_eq!(entered, 1);
        // And one approval of two at once.
        let one = fair.one(&fair.liu, "同时报").await;
        let at = fair.at("/approve");
        let fields = [("one", one.as_str())];
        let (a, b) = tokio::join!(fair.liu.form(&at, &fields), fair.liu.form(&at, &fields));
        // The second is refused, or finds that nothing waits.
        let is_done =
            |answer: &&Answer| answer.header("location").is_some_and(|to| to.contains("approved=1"));
        let done = [&a, &b].into_iter().filter(is_done).count();
        assert_eq!(done, 1, "{} {}", a.text, b.text);
        assert_eq!(fair.people(0).await.len(), 1);
        fair.running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_substitute_takes_a_place_that_is_there_and_is_never_stuck() {
    for place in TestDatabase::every_kind() {
        let fair = Fair::open(&place).await;
        led(&fair.terms(&[("quota", "1")]).await);
        let (shi, sun) = fair.delegation("石家庄市").await;
        let numbers: Vec<String> = (0..3).map(|at| resident_number("130102", "19910101", 300 + at)).collect();
        let to_a = led(&enter(&sun, &shi, &person(&fair.skills[0], "甲", &numbers[0])).await);
        let a = to_a.rsplit('/').next().expect("an id");
        fair.approve("甲").await;
        // Who waits to replace somebody takes no place besides theirs, and the page says so.
        let replacing = with(person(&fair.skills[0], "乙", &numbers[1]), "replaces", a);
        let to_b = led(&enter(&sun, &shi, &replacing).await);
        assert!(sun.get(&format!("/desk/delegation/{shi}")).await.text.contains("1 / 1"));

        // Approved, taken back and approved again: nobody is stuck with a place that is gone.
        fair.approve("乙").await;
        let b = to_b.rsplit('/').next().expect("an id");
        let seen = hidden(&sun.get(&to_b).await.text, "seen").to_owned();
        led(&fair.liu.form(&fair.at(&format!("/{b}/reconsider")), &[("seen", &seen)]).await);
        assert!(fair.people(0).await.is_empty());
        fair.approve("乙").await;
        assert_eq!(fair.people(0).await[0].name, "乙");

        // One who is to be replaced moves to another skill: who asked for their place takes nobody off there.
        let to_c =
            led(&enter(&sun, &shi, &with(person(&fair.skills[0], "丙", &numbers[2]), "replaces", b)).await);
        let seen = hidden(&sun.get(&to_b).await.text, "seen").to_owned();
        led(&fair.liu.form(&fair.at(&format!("/{b}/reconsider")), &[("seen", &seen)]).await);
        let seen = hidden(&sun.get(&to_b).await.text, "seen").to_owned();
        let moved = with(person(&fair.skills[1], "乙", &numbers[1]), "seen", &seen);
        led(&sun.form(&to_b, &moved).await);
        fair.approve("乙").await;
        fair.approve("丙").await;
        let names = [fair.people(0).await, fair.people(1).await];
        let names = names.map(|people| people.into_iter().map(|one| one.name).collect::<Vec<_>>());
        assert_eq!(names, [["丙"], ["乙"]]);
        assert!(sun.get(&to_b).await.text.contains("已通过") && sun.get(&to_c).await.text.contains("已通过"));
        fair.running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_taken_off_is_found_by_their_number_and_nobody_else_goes() {
    for place in TestDatabase::every_kind() {
        let fair = Fair::open(&place).await;
        led(&fair.terms(&[]).await);
        let (shi, sun) = fair.delegation("石家庄市").await;
        let number = resident_number("130102", "19900307", 11);
        let to = led(&enter(&sun, &shi, &person(&fair.skills[0], "张三", &number)).await);
        fair.approve("张三").await;
        // The organiser takes them off the list and in again by a file: they have another code.
        let code = fair.people(0).await[0].code.to_string();
        let skill = &fair.skills[0];
        led(&fair.liu.form(&format!("/desk/skill/{skill}/competitors/{code}/remove"), &[]).await);
        assert!(sun.get(&format!("/desk/delegation/{shi}")).await.text.contains("组委会已从名单移除"));
        let paste = format!("/desk/competition/{}/roster/paste", fair.competition);
        let rows = format!("姓名\t赛项\t证件号\n张三\t焊接\t{number}\n他人\t焊接\t");
        let list = led(&fair.liu.form(&paste, &[("rows", &rows)]).await);
        let run = fair.liu.get(&list).await.text;
        let take = [("columns", hidden(&run, "columns")), ("digest", hidden(&run, "digest"))];
        led(&fair.liu.form(&format!("{list}/take"), &take).await);
        assert_eq!(fair.people(0).await.len(), 2);
        // Withdrawn, they are off whatever their code is, and the other stays.
        let seen = hidden(&sun.get(&to).await.text, "seen").to_owned();
        led(&sun.form(&format!("{to}/withdraw"), &[("seen", &seen), ("why", "病")]).await);
        let people = fair.people(0).await;
        assert_eq!(people.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["他人"]);

        // Who is on no list is free, whatever became of it since.
        let other = resident_number("130102", "19920307", 12);
        let to = led(&enter(&sun, &shi, &person(&fair.skills[0], "李四", &other)).await);
        fair.approve("李四").await;
        let people = fair.people(0).await;
        let code = &people.iter().find(|one| one.name == "李四").expect("approved").code;
        led(&fair.liu.form(&format!("/desk/skill/{skill}/competitors/{code}/remove"), &[]).await);
        let draws = format!("/desk/competition/{}/draw", fair.competition);
        led(&fair.liu.form(&draws, &[("layers", "public"), ("source", "摇号")]).await);
        let page = fair.liu.get(&draws).await.text;
        let draw = page.split("/draw/").nth(1).and_then(|rest| rest.split('/').next()).expect("a draw");
        led(&fair.liu.form(&format!("{draws}/{draw}/commit"), &[("layer", "1")]).await);
        let third = resident_number("130102", "19930307", 13);
        refused(&enter(&sun, &shi, &person(&fair.skills[0], "王五", &third)).await, 409, "已经抽签或开放");
        let shown = sun.get(&to).await.text;
        assert!(shown.contains("/withdraw"), "{shown}");
        let seen = hidden(&shown, "seen").to_owned();
        led(&sun.form(&format!("{to}/withdraw"), &[("seen", &seen), ("why", "不参加了")]).await);
        fair.running.stop().await;
    }
}
