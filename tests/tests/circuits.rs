//! Circuits: made, changed and removed by whom they are of; competitions placed in those of their own organisation or
//! of one above, and nobody else's. On both databases.
#![expect(clippy::expect_used, reason = "a test stops at what is not there")]

use domain::access::Role;
use protocol::desk::Listed;
use server::http::Running;
use server::organisation;
use tests::TestDatabase;
use tests::http::Browser;
use tests::office::{described, first, hidden, invite, join, led, refused, start};

/// An organisation below another, or at the top; its id.
async fn organisation(running: &Running, browser: &Browser, parent: &str, name: &str) -> String {
    let kind = if parent.is_empty() { "province" } else { "city" };
    led(&browser.form("/desk/organisations", &[("parent", parent), ("kind", kind), ("name", name)]).await);
    let all = organisation::list(&running.app.database).await.expect("organisations");
    all.into_iter().find(|one| one.name == name).expect("the organisation").id.to_string()
}

fn circuit<'a>(name: &'a str, lowest: &'a str, highest: &'a str, of: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![("name", name), ("cycle", "2026"), ("lowest", lowest), ("highest", highest), ("organisation", of)]
}

fn about<'a>(name: &'a str, tier: &'a str, circuit: &'a str, of: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("name", name),
        ("tier", tier),
        ("rule_set", "hebei-2025"),
        ("circuit", circuit),
        ("organisation", of),
    ]
}

fn id_of(to: &str) -> String {
    to.split(['/', '#', '?']).nth(3).expect("an id").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_competition_stands_in_a_circuit_of_its_own_organisation_or_of_one_above() {
    for place in TestDatabase::every_kind() {
        let running = start(&place).await;
        let liu = first(&running, "刘老师").await;
        let province = organisation(&running, &liu, "", "河北省总工会").await;
        let city = organisation(&running, &liu, &province, "石家庄市总工会").await;
        let other = organisation(&running, &liu, &province, "唐山市总工会").await;
        let code = invite(&liu, Role::Organiser, &format!("organisation:{city}")).await;
        let wang = join(&running, &code, "王老师").await;
        let code = invite(&liu, Role::Organiser, &format!("organisation:{other}")).await;
        let zhao = join(&running, &code, "赵老师").await;

        // What is not fit is said, and nothing is made.
        for (form, status, words) in [
            (circuit("", "city", "province", &province), 422, "请写名称"),
            (circuit("体系", "province", "city", &province), 422, "最高一级低于最低一级"),
            (circuit("体系", "village", "city", &province), 422, "请从列表里选级别"),
        ] {
            refused(&liu.form("/desk/circuits", &form).await, status, words);
        }
        let form = circuit("河北省职工技能竞赛体系", "city", "nation", &province);
        let whole = id_of(&led(&liu.form("/desk/circuits", &form).await));
        let of_city =
            id_of(&led(&wang.form("/desk/circuits", &circuit("石市体系", "enterprise", "city", "")).await));
        let of_other =
            id_of(&led(&zhao.form("/desk/circuits", &circuit("唐市体系", "city", "city", "")).await));
        // Of a city nobody makes one for the province.
        assert_eq!(
            wang.form("/desk/circuits", &circuit("体系", "city", "city", &province)).await.status,
            422
        );

        // Each knows of those above and below, and of no other.
        let desk = wang.get("/desk/circuits").await.text;
        assert!(desk.contains(&whole) && desk.contains(&of_city) && !desk.contains(&of_other), "{desk}");
        assert_eq!(wang.get(&format!("/desk/circuit/{of_other}")).await.status, 404);
        // The one above is not theirs to change.
        let at = format!("/desk/circuit/{whole}");
        let page = wang.get(&at).await.text;
        assert!(page.contains("河北省职工技能竞赛体系") && !page.contains("修改竞赛体系"), "{page}");
        refused(&wang.form(&at, &circuit("别的", "city", "nation", "")).await, 403, "不能改这个竞赛体系");
        refused(&wang.form(&format!("{at}/remove"), &[]).await, 403, "不能改这个竞赛体系");

        // The form that makes a competition comes from there with its tier and circuit.
        assert!(page.contains(&format!("/desk?tier=city&amp;circuit={whole}#new")), "{page}");
        let page = wang.get(&format!("/desk?tier=nation&circuit={whole}")).await.text;
        assert!(page.contains(&format!("value=\"{whole}\" selected")), "{page}");
        assert!(page.contains("value=\"nation\" selected") && !page.contains(&of_other), "{page}");

        let made = wang.form("/desk/new", &about("石市大赛", "city", &whole, "")).await;
        let competition = id_of(&led(&made));
        for (form, words) in [
            (about("又一场", "city", &of_other, ""), "本机构或上级机构"),
            (about("又一场", "city", "nothing", ""), "本机构或上级机构"),
            (about("又一场", "enterprise", &whole, ""), "没有这场大赛的级别"),
        ] {
            let answer = wang.form("/desk/new", &form).await;
            refused(&answer, 422, words);
            assert!(answer.text.contains("又一场"), "what was typed stays");
        }
        assert_eq!(liu.get("/api/competitions").await.json::<Vec<Listed>>(200).len(), 1);
        // Whose competition it is not, sees neither it nor where it stands, but that there is one.
        let page = zhao.get(&at).await.text;
        assert!(!page.contains("石市大赛") && page.contains("1 场大赛"), "{page}");
        running.app.live.set_public(&competition, true).await.expect("it is public");
        let page = zhao.get(&at).await.text;
        assert!(page.contains(&format!("href=\"/competition/{competition}\"")), "{page}");
        let page = wang.get(&at).await.text;
        assert!(page.contains(&format!("href=\"/desk/competition/{competition}\"")), "{page}");

        // Whoever sends the id of a competition that is there moves it nowhere, and changes nothing of it.
        for circuit in [of_other.as_str(), ""] {
            let mut form = about("别人的", "city", circuit, "");
            form.push(("form", &competition));
            led(&zhao.form("/desk/new", &form).await);
            let page = wang.get(&at).await.text;
            assert!(page.contains("石市大赛") && page.contains(&competition), "{page}");
        }
        assert!(!zhao.get(&format!("/desk/circuit/{of_other}")).await.text.contains(&competition));
        // An organisation that circuits are of is not removed.
        refused(&liu.form(&format!("/desk/organisations/{other}/end"), &[]).await, 409, "竞赛体系");

        // It moves to another, and back by whoever the circuit is of.
        let at_about = format!("/desk/competition/{competition}/about");
        assert!(wang.get(&at_about).await.text.contains(&format!("value=\"{whole}\" selected")));
        led(&described(&wang, &competition, &about("石市大赛", "city", &of_city, "")).await);
        assert!(!wang.get(&at).await.text.contains(&competition));
        led(&described(&wang, &competition, &about("石市大赛", "city", &whole, "")).await);
        refused(
            &described(&wang, &competition, &about("石市大赛", "enterprise", &whole, "")).await,
            422,
            "没有这场大赛的级别",
        );
        // Of two who change it at once the second is told, and what they typed stays.
        let old = wang.get(&at_about).await.text;
        led(&described(&wang, &competition, &about("石市大赛", "city", &whole, "")).await);
        led(&described(&wang, &competition, &about("石市技能大赛", "city", &whole, "")).await);
        let late = [about("晚到的", "city", &whole, ""), vec![("seen", hidden(&old, "seen"))]].concat();
        let answer = wang.form(&at_about, &late).await;
        refused(&answer, 409, "别人改了这场大赛的信息");
        assert!(answer.text.contains("value=\"晚到的\""), "what was typed stays");
        led(&described(&wang, &competition, &about("石市大赛", "city", &whole, "")).await);
        // Where its organisation has moved away from below the circuit's, it stays until somebody takes it out.
        let at_city = format!("/desk/organisations/{city}");
        let moved = [("parent", ""), ("kind", "city"), ("name", "石家庄市总工会")];
        led(&liu.form(&at_city, &moved).await);
        let page = wang.get(&at_about).await.text;
        assert!(page.contains(&format!("value=\"{whole}\" selected")), "{page}");
        led(&described(&wang, &competition, &about("石市大赛", "city", &whole, "")).await);
        assert!(liu.get(&at).await.text.contains(&competition));
        let back = [("parent", province.as_str()), ("kind", "city"), ("name", "石家庄市总工会")];
        led(&liu.form(&at_city, &back).await);
        // A tier on which something stands is not left out, and nobody writes over another unseen.
        let page = liu.get(&at).await.text;
        let seen = hidden(&page, "seen").to_owned();
        let with = |mut form: Vec<(&'static str, &'static str)>| {
            form.retain(|(name, _)| *name != "organisation");
            form.into_iter().map(|(name, value)| (name, value.to_owned())).collect::<Vec<_>>()
        };
        let send = async |form: Vec<(&'static str, &'static str)>| {
            let mut fields = with(form);
            fields.push(("seen", seen.clone()));
            let fields: Vec<(&str, &str)> =
                fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            liu.form(&at, &fields).await
        };
        refused(&send(circuit("体系", "province", "nation", "")).await, 409, "不能把这一级去掉");
        led(&send(circuit("河北体系", "enterprise", "nation", "")).await);
        let answer = send(circuit("又改", "enterprise", "nation", "")).await;
        refused(&answer, 409, "别人改了这个竞赛体系");
        assert!(answer.text.contains("value=\"又改\""), "what was typed stays");
        refused(&liu.form(&format!("{at}/remove"), &[]).await, 409, "还有 1 场大赛");
        led(&liu.form(&format!("{at}/take-out"), &[("competition", &competition)]).await);
        assert!(!wang.get(&at_about).await.text.contains(&format!("value=\"{whole}\" selected")));
        assert_eq!(led(&liu.form(&format!("{at}/remove"), &[]).await), "/desk/circuits");
        assert_eq!(liu.get(&at).await.status, 404);

        // A rehearsal stands in none.
        let rehearsal = format!("/desk/competition/{competition}/rehearsal");
        let fields = [("name", "彩排"), ("people", "roster"), ("form", "")];
        let made = id_of(&led(&wang.form(&rehearsal, &fields).await));
        let at_about = format!("/desk/competition/{made}/about");
        assert!(!wang.get(&at_about).await.text.contains("name=\"circuit\""));
        refused(&described(&wang, &made, &about("彩排", "city", &of_city, "")).await, 422, "彩排不算数");
        running.stop().await;
    }
}
