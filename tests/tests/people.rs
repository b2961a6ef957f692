//! Organisations, roles over them and invitations, as the desk's pages use them, on both databases.
#![expect(clippy::expect_used, reason = "a test stops at what it cannot do")]

use std::time::Duration;

use domain::access::{Appointment, Role, Scope};
use domain::id::{LedgerId, OrganisationId};
use protocol::desk::{Act, Competition, Do, Listed, Small};
use protocol::people::OrganisationKind;
use server::http::Running;
use server::organisation;
use tests::TestDatabase;
use tests::http::Browser;
use tests::office::{PASSWORD, first, invite, join, start};

/// What was ended is refused that soon.
const REMEMBERED: Duration = Duration::from_millis(2_100);

/// Adds an organisation by the page's form and gives its id.
async fn add(running: &Running, browser: &Browser, name: &str, parent: &str) -> String {
    let fields = [("name", name), ("kind", "city"), ("parent", parent)];
    let answer = browser.form("/desk/organisations", &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    let all = organisation::list(&running.app.database).await.expect("organisations");
    all.into_iter().find(|one| one.name == name).expect("it is there").id.to_string()
}

fn small(name: &str, organisation: &str) -> Small {
    Small {
        name: name.to_owned(),
        skill: "焊工".to_owned(),
        rule_set: "enterprise-drill".to_owned(),
        competitors: "李明远\n王秀兰".to_owned(),
        judges: "马建华\n胡爱民".to_owned(),
        aspects: "外观，10，测量".to_owned(),
        organisation: organisation.to_owned(),
    }
}

async fn make(browser: &Browser, name: &str, organisation: &str) -> (u16, String) {
    let answer = browser.post("/api/competitions/small", &small(name, organisation)).await;
    let body: serde_json::Value = serde_json::from_slice(&answer.bytes).unwrap_or_default();
    (answer.status, body["competition"]["id"].as_str().unwrap_or_default().to_owned())
}

async fn names(browser: &Browser) -> Vec<String> {
    let listed: Vec<Listed> = browser.get("/api/competitions").await.json(200);
    listed.into_iter().map(|listed| listed.competition.name.zh).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tree_takes_no_ring_no_twin_and_nothing_too_deep_and_lets_go_of_nothing_in_use() {
    for place in TestDatabase::every_kind() {
        let running = start(&place).await;
        let liu = first(&running, "刘老师").await;
        let province = add(&running, &liu, "河北省总工会", "").await;
        let city = add(&running, &liu, "石家庄市总工会", &province).await;
        let works = add(&running, &liu, "焊接厂", &city).await;
        let list = organisation::list(&running.app.database).await.expect("organisations");
        let shown: Vec<(&str, usize)> = list.iter().map(|one| (one.name.as_str(), one.depth)).collect();
        assert_eq!(shown, [("河北省总工会", 0), ("石家庄市总工会", 1), ("焊接厂", 2)]);
        let change = |id: &str| format!("/desk/organisations/{id}");
        for (id, parent) in [(&province, &works), (&city, &city), (&province, &city)] {
            let fields = [("name", "圈"), ("kind", "city"), ("parent", parent.as_str())];
            let answer = liu.form(&change(id), &fields).await;
            assert_eq!(answer.status, 409);
            assert!(answer.text.contains("在它自己下面"), "{}", answer.text);
        }
        for (name, parent, status, words) in [
            ("焊接厂", city.as_str(), 409, "已经有了"),
            (" ", &city, 422, "请填写机构名称"),
            (&"长".repeat(101), &city, 422, "不超过 100 个字符"),
            ("谁的", "unknown", 404, "没有这个机构"),
        ] {
            let fields = [("name", name), ("kind", "enterprise"), ("parent", parent)];
            let answer = liu.form("/desk/organisations", &fields).await;
            assert_eq!(answer.status, status, "{name}");
            assert!(answer.text.contains(words), "{name}: {}", answer.text);
        }
        let mut below = works.clone();
        for depth in 4..=12 {
            below = add(&running, &liu, &format!("第 {depth} 级"), &below).await;
        }
        let fields = [("name", "太深"), ("kind", "enterprise"), ("parent", below.as_str())];
        assert!(liu.form("/desk/organisations", &fields).await.text.contains("机构最多 12 级"));
        // Two who move one below the other at once: one of them is refused.
        let (left, right) = (add(&running, &liu, "左", "").await, add(&running, &liu, "右", "").await);
        let (to_right, to_left) = (
            [("name", "左"), ("kind", "city"), ("parent", right.as_str())],
            [("name", "右"), ("kind", "city"), ("parent", left.as_str())],
        );
        let (left_at, right_at) = (change(&left), change(&right));
        let both = tokio::join!(liu.form(&left_at, &to_right), liu.form(&right_at, &to_left));
        let mut statuses = [both.0.status, both.1.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409]);
        // What is in use stays; what is not goes.
        assert_eq!(make(&liu, "厂内比赛", &below).await.0, 201);
        for id in [&province, &below] {
            let answer = liu.form(&format!("{}/end", change(id)), &[]).await;
            assert_eq!(answer.status, 409);
            assert!(answer.text.contains("不能删除"), "{}", answer.text);
        }
        let free = add(&running, &liu, "空的", "").await;
        assert_eq!(liu.form(&format!("{}/end", change(&free)), &[]).await.status, 303);
        let list = organisation::list(&running.app.database).await.expect("organisations");
        assert!(list.iter().all(|one| one.id.as_str() != free));
        running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_is_taken_up_once_and_its_role_reaches_what_lies_below() {
    for place in TestDatabase::every_kind() {
        let running = start(&place).await;
        let liu = first(&running, "刘老师").await;
        let province = add(&running, &liu, "河北省总工会", "").await;
        let city = add(&running, &liu, "石家庄市总工会", &province).await;
        let other = add(&running, &liu, "唐山市总工会", &province).await;
        let (_, of_city) = make(&liu, "石家庄", &city).await;
        let (_, of_other) = make(&liu, "唐山", &other).await;
        assert_eq!(make(&liu, "平台", "").await.0, 201);
        let code = invite(&liu, Role::Organiser, &format!("organisation:{city}")).await;
        // What is wrong with the account leaves the invitation good.
        let stranger = Browser::new(running.address);
        let weak = [("code", code.as_str()), ("name", "陈老师"), ("password", "short")];
        assert_eq!(stranger.form("/join", &weak).await.status, 422);
        let taken = [("code", code.as_str()), ("name", "刘老师"), ("password", PASSWORD)];
        assert_eq!(stranger.form("/join", &taken).await.status, 409);
        let chen = join(&running, &code, "陈老师").await;
        let again = [("code", code.as_str()), ("name", "另一位"), ("password", PASSWORD)];
        let answer = stranger.form("/join", &again).await;
        assert_eq!(answer.status, 410);
        assert!(
            answer.text.contains("is unknown, used") || answer.text.contains("已用过"),
            "{}",
            answer.text
        );
        // The city's alone, whatever is asked for.
        assert_eq!(names(&chen).await, ["石家庄"]);
        assert_eq!(chen.get(&format!("/api/competitions/{of_city}")).await.status, 200);
        for id in [of_other.as_str(), "none"] {
            assert_eq!(chen.get(&format!("/api/competitions/{id}")).await.status, 403, "{id}");
            assert_eq!(chen.get(&format!("/desk/competition/{id}")).await.status, 403, "{id}");
        }
        // Nor is another competition's skill reached through the address of one's own.
        let shown: Competition = liu.get(&format!("/api/competitions/{of_other}")).await.json(200);
        let fields = [
            ("skill", shown.skills[0].skill.id.as_str()),
            ("label", "C1"),
            ("from", "2026-05-02T09:00"),
            ("until", "2026-05-02T10:00"),
        ];
        let answer = chen.form(&format!("/desk/competition/{of_city}/session"), &fields).await;
        assert_eq!(answer.status, 404, "{}", answer.text);
        let (status, own) = make(&chen, "自己的", "").await;
        assert_eq!(status, 201, "it becomes their organisation's");
        let kept =
            organisation::reach(&running.app.database, &Scope::Competition(own)).await.expect("a reach");
        assert_eq!(kept[1], Scope::Organisation(OrganisationId::from(city.as_str())));
        for place in [other.as_str(), province.as_str(), "none"] {
            assert_eq!(make(&chen, "别人的", place).await.0, 422, "{place}");
        }
        // They appoint below themselves, and nowhere else.
        for (role, scope, status) in [
            (Role::Foreman, format!("organisation:{city}"), 200),
            (Role::Supervisor, format!("competition:{of_city}"), 200),
            (Role::Foreman, format!("organisation:{province}"), 422),
            (Role::Supervisor, format!("competition:{of_other}"), 422),
            (Role::Organiser, "everything".to_owned(), 422),
            (Role::PlatformAdministrator, "everything".to_owned(), 422),
            (Role::Judge, format!("competition:{of_city}"), 422),
            (Role::SkillManager, format!("organisation:{city}"), 422),
        ] {
            let fields = [("whom", "谁"), ("role", role.as_str()), ("scope", scope.as_str())];
            let answer = chen.form("/desk/people/invitations", &fields).await;
            assert_eq!(answer.status, status, "{role:?} {scope}: {}", answer.text);
        }
        let page = chen.get("/desk/people").await.text;
        assert!(page.contains("石家庄市总工会") && !page.contains("唐山"), "{page}");
        let elsewhere = [("name", "旁边的"), ("kind", "city"), ("parent", province.as_str())];
        assert_eq!(chen.form("/desk/organisations", &elsewhere).await.status, 403);
        let below = [("name", "下面的"), ("kind", "enterprise"), ("parent", city.as_str())];
        assert_eq!(chen.form("/desk/organisations", &below).await.status, 303);
        // Nor is what they look after theirs to take from who is above it; its name is.
        let at = format!("/desk/organisations/{city}");
        let away = add(&running, &chen, "石家庄新区", &city).await;
        let moved = [("name", "石家庄市总工会"), ("kind", "city"), ("parent", away.as_str())];
        assert_eq!(chen.form(&at, &moved).await.status, 403);
        let named = [("name", "石家庄总工会"), ("kind", "city"), ("parent", province.as_str())];
        assert_eq!(chen.form(&at, &named).await.status, 303);
        let kept = invite(&chen, Role::Organiser, &format!("organisation:{city}")).await;
        // Whoever is dismissed does nothing more, within seconds, and comes back by no link of their own.
        let held = running.app.accounts.appointments().await.expect("appointments");
        let id = held.iter().find(|one| one.name == "陈老师").expect("it holds").id.clone();
        assert_eq!(liu.form("/desk/people/end", &[("id", &id)]).await.status, 303);
        tokio::time::sleep(REMEMBERED).await;
        assert_eq!(chen.get(&format!("/api/competitions/{of_city}")).await.status, 403);
        let back = [("code", kept.as_str()), ("name", "陈老师二"), ("password", PASSWORD)];
        assert_eq!(stranger.form("/join", &back).await.status, 410);
        let desk = chen.get("/desk").await;
        assert_eq!(desk.status, 200, "{}", desk.text);
        running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_skill_manager_opens_and_releases_their_skill_in_their_own_role_and_a_supervisor_only_looks() {
    for place in TestDatabase::every_kind() {
        let running = start(&place).await;
        let liu = first(&running, "刘老师").await;
        let (_, id) = make(&liu, "市赛", "").await;
        let shown: Competition = liu.get(&format!("/api/competitions/{id}")).await.json(200);
        let skill = shown.skills[0].skill.id.clone();
        let of = async |role: Role, scope: String, name: &str| {
            join(&running, &invite(&liu, role, &scope).await, name).await
        };
        let manager = of(Role::SkillManager, format!("skill:{skill}"), "赛项负责人").await;
        let supervisor = of(Role::Supervisor, format!("competition:{id}"), "监督").await;
        let foreman = of(Role::Foreman, "everything".to_owned(), "班组长").await;
        let act = async |who: &Browser, act: Act| {
            who.post(&format!("/api/skills/{skill}/act"), &Do { act }).await.status
        };
        let look = async |who: &Browser| who.get(&format!("/api/competitions/{id}")).await;
        assert_eq!(act(&supervisor, Act::Open).await, 403);
        assert_eq!(look(&foreman).await.status, 403);
        let seen: Competition = look(&supervisor).await.json(200);
        assert!(seen.skills[0].acts.is_empty() && seen.may.export && seen.skills[0].may.second);
        assert!(!seen.may.show && !seen.may.admit);
        let page = supervisor.get(&format!("/desk/competition/{id}")).await;
        let forms: Vec<&str> = page.text.split("action=\"/").skip(1).map(|rest| &rest[..12]).collect();
        assert!(forms.iter().all(|form| form.starts_with("desk/sign-ou")), "{forms:?}");
        let seen: Competition = look(&manager).await.json(200);
        assert_eq!((seen.skills[0].acts.as_slice(), seen.may.export), (&[Act::Open][..], false));
        manager.set_factor().await;
        for step in [Act::Open, Act::Close, Act::ReleaseProvisional] {
            assert_eq!(act(&manager, step).await, 204, "{step:?}");
        }
        let ledger = LedgerId::from(skill.as_str());
        let state = running.app.ledger.state(&ledger).await.expect("a state");
        assert_eq!(state.head.seq, 3);
        let export = liu.get(&format!("/api/competitions/{id}/export")).await;
        let files = server::exchange::Files::from_zip(&export.bytes).expect("a package");
        let text =
            String::from_utf8_lossy(files.get("skills/skill/ledger.ndjson").expect("a ledger")).into_owned();
        assert_eq!(text.matches("\"role\":\"skill_manager\"").count(), 3, "{text}");
        running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_takes_up_another_role_and_one_administrator_stays() {
    for place in TestDatabase::every_kind() {
        let running = start(&place).await;
        let liu = first(&running, "刘老师").await;
        let works = add(&running, &liu, "焊接厂", "").await;
        let scope = format!("organisation:{works}");
        let chen = join(&running, &invite(&liu, Role::Foreman, &scope).await, "陈师傅").await;
        assert_eq!(chen.get("/drill").await.status, 200);
        assert_eq!(names_status(&chen).await, 403);
        let code = invite(&liu, Role::Supervisor, &scope).await;
        assert_eq!(chen.form("/join/accept", &[("code", &code)]).await.status, 303);
        assert_eq!(names_status(&chen).await, 200);
        let answer = chen.form("/join/accept", &[("code", &code)]).await;
        assert_eq!(answer.status, 410);
        assert!(answer.text.contains("已收回或已过期"), "{}", answer.text);
        // One that was taken back leads nowhere.
        let code = invite(&liu, Role::Supervisor, &scope).await;
        let waiting = running.app.accounts.invitations().await.expect("invitations");
        assert_eq!(waiting.len(), 1);
        assert_eq!(liu.form("/desk/people/invitations/end", &[("id", &waiting[0].id)]).await.status, 303);
        let answer = chen.form("/join/accept", &[("code", &code)]).await;
        assert_eq!(answer.status, 410);
        assert!(answer.text.contains("已收回或已过期"), "{}", answer.text);
        // Nobody ends what is not theirs; everybody may give up their own, but for the last administrator.
        let held = running.app.accounts.appointments().await.expect("appointments");
        let of = |name: &str, role: Role| {
            held.iter().find(|one| one.name == name && one.held.role == role).expect("it holds").id.clone()
        };
        let last = of("刘老师", Role::PlatformAdministrator);
        assert_eq!(chen.form("/desk/people/end", &[("id", &last)]).await.status, 403);
        let answer = liu.form("/desk/people/end", &[("id", &last)]).await;
        assert_eq!(answer.status, 409);
        assert!(answer.text.contains("最后一位平台管理员"), "{}", answer.text);
        assert_eq!(
            chen.form("/desk/people/end", &[("id", &of("陈师傅", Role::Supervisor))]).await.status,
            303
        );
        let second =
            join(&running, &invite(&liu, Role::PlatformAdministrator, "everything").await, "二").await;
        assert_eq!(liu.form("/desk/people/end", &[("id", &last)]).await.status, 303);
        assert_eq!(second.get("/desk/people").await.status, 200);
        running.stop().await;
    }
}

async fn names_status(browser: &Browser) -> u16 {
    browser.get("/api/competitions").await.status
}

/// Of two who take one invitation up at once one gets in.
#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_is_for_one_of_many_at_once() {
    for place in TestDatabase::every_kind() {
        let running = start(&place).await;
        let to = Appointment { role: Role::Foreman, scope: Scope::Everything };
        let _ = first(&running, "刘老师").await;
        let accounts = &running.app.accounts;
        let (code, _) = accounts.invite(to, "一位", "a test").await.expect("an invitation");
        let tries = (0..6).map(|number| {
            let (accounts, code) = (accounts.clone(), code.clone());
            tokio::spawn(
                async move { accounts.join(&code, &format!("{number}"), PASSWORD, "").await.is_ok() },
            )
        });
        let mut joined = 0;
        for one in tries.collect::<Vec<_>>() {
            joined += usize::from(one.await.expect("it ends"));
        }
        assert_eq!(joined, 1);
        assert_eq!(accounts.appointments().await.expect("appointments").len(), 3);
        running.stop().await;
    }
}

/// Every kind has its word, which a database keeps.
#[test]
fn a_kind_of_organisation_is_read_as_it_is_written() {
    for (kind, word) in OrganisationKind::ALL {
        assert_eq!((kind.as_str(), OrganisationKind::parse(word)), (word, Some(kind)));
    }
}
