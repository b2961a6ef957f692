//! The next edition of a competition, made from the last one: skills, schemes, parts and rules, no people and no
//! results; with the judges where that is wished; once, however often the form is sent. And competitions and skills
//! that begin with a template. On both databases.
#![expect(clippy::expect_used, reason = "a test stops at what is not there")]

use domain::access::Role;
use protocol::desk::{Act, Competition, Do, Listed, Small};
use server::exchange::package::{self, SkillDocument};
use server::http::Running;
use tests::TestDatabase;
use tests::http::Browser;
use tests::office::{described, first, hidden, invite, join, led, refused, start};

type Kept =
    (server::competition::Kept<package::Competition>, Vec<server::competition::KeptSkill<SkillDocument>>);

async fn kept(running: &Running, id: &str) -> Kept {
    server::competition::load(&running.app.database, id).await.expect("a competition")
}

/// A competition of one skill that is open and one that is not; its id.
async fn last(liu: &Browser) -> String {
    let small = Small {
        name: "石家庄市第三届焊接大赛".to_owned(),
        skill: "焊工".to_owned(),
        rule_set: "hebei-2025".to_owned(),
        competitors: "李明远，一分厂\n王秀兰，二分厂".to_owned(),
        judges: "马建华\n胡爱民".to_owned(),
        aspects: "外观，10，测量\n尺寸，20，测量".to_owned(),
        organisation: String::new(),
    };
    let made: serde_json::Value = liu.post("/api/competitions/small", &small).await.json(201);
    let id = made["competition"]["id"].as_str().expect("an id").to_owned();
    let about = [
        ("name", small.name.as_str()),
        ("edition", "第三届"),
        ("tier", "city"),
        ("host", "市总工会"),
        ("from", "2026-05-09"),
        ("until", "2026-05-10"),
        ("rule_set", "hebei-2025"),
    ];
    led(&described(liu, &id, &about).await);
    let look: Competition = liu.get(&format!("/api/competitions/{id}")).await.json(200);
    let skill = &look.skills[0].skill.id;
    let opened = liu.post(&format!("/api/skills/{skill}/act"), &Do { act: Act::Open }).await;
    assert_eq!(opened.status, 204, "{}", opened.text);
    led(&liu.form(&format!("/desk/competition/{id}/skills"), &[("skills", "02，电工，Electrician")]).await);
    id
}

async fn how_many(browser: &Browser) -> usize {
    browser.get("/api/competitions").await.json::<Vec<Listed>>(200).len()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_edition_has_the_skills_schemes_and_rules_of_the_last_and_nobody_of_it() {
    for place in TestDatabase::every_kind() {
        let running = start(&place).await;
        let liu = first(&running, "刘老师").await;
        let id = last(&liu).await;
        let at = format!("/desk/competition/{id}/next");
        assert!(liu.get(&format!("/desk/competition/{id}")).await.text.contains(&at));
        let page = liu.get(&at).await.text;
        for stands in
            ["石家庄市第四届焊接大赛", "value=\"第四届\"", "value=\"2027-05-08\"", "value=\"2027-05-09\""]
        {
            assert!(page.contains(stands), "{stands}: {page}");
        }
        let form = hidden(&page, "form").to_owned();
        let fields = [
            ("form", form.as_str()),
            ("name", "石家庄市第四届焊接大赛"),
            ("name_en", ""),
            ("edition", "第四届"),
            ("from", "2027-05-08"),
            ("until", "2027-05-09"),
        ];
        // What is not fit is refused with what was typed, and nothing is made.
        let turned: Vec<_> = fields
            .iter()
            .map(|(name, text)| (*name, if *name == "until" { "2027-05-01" } else { *text }))
            .collect();
        let answer = liu.form(&at, &turned).await;
        refused(&answer, 422, "最后一天早于第一天");
        assert!(answer.text.contains("value=\"2027-05-01\""), "{}", answer.text);
        assert_eq!(how_many(&liu).await, 1);

        let to = led(&liu.form(&at, &fields).await);
        assert_eq!(led(&liu.form(&at, &fields).await), to, "sent twice it makes one");
        assert_eq!(how_many(&liu).await, 2);
        let next = to.trim_start_matches("/desk/competition/").trim_end_matches("#setup");
        let ((before, old), (after, new)) = (kept(&running, &id).await, kept(&running, next).await);
        assert_eq!((after.document.tier.as_str(), after.document.host.as_str()), ("city", "市总工会"));
        assert_eq!(after.document.rule_set, before.document.rule_set);
        assert_eq!(after.document.dates, ["2027-05-08", "2027-05-09"]);
        assert_eq!(old.len(), new.len());
        for (old, new) in old.iter().zip(&new) {
            assert_ne!(old.ledger, new.ledger);
            assert_eq!((&old.name, &old.document.number), (&new.name, &new.document.number));
            assert_eq!(old.document.name, new.document.name);
            assert!(new.document.people.is_empty() && new.document.judges.is_empty());
            let (draft, earlier) =
                (new.draft.as_ref().expect("a draft"), old.draft.as_ref().expect("a draft"));
            assert_eq!((&draft.rules, &draft.scheme), (&earlier.rules, &earlier.scheme));
            assert!(draft.panels.is_empty());
            assert!(running.app.ledger.state(&new.ledger).await.expect("a state").skill.is_none());
        }
        assert_eq!(
            new.iter()
                .map(|skill| skill.draft.as_ref().map_or(0, |draft| draft.scheme.aspects().count()))
                .sum::<usize>(),
            2
        );
        // It says what it lacks, as any that is being set up.
        let desk = liu.get(to.split('#').next().unwrap_or_default()).await.text;
        assert!(desk.contains("还没有选手") && desk.contains("还没有裁判"), "{desk}");

        // With the judges: they and who leads, and their panels.
        let page = liu.get(&at).await.text;
        let form = hidden(&page, "form").to_owned();
        let with: Vec<_> = fields
            .into_iter()
            .filter(|(name, _)| *name != "form")
            .chain([("form", form.as_str()), ("judges", "yes")])
            .collect();
        let to = led(&liu.form(&at, &with).await);
        let (_, with) =
            kept(&running, to.trim_start_matches("/desk/competition/").trim_end_matches("#setup")).await;
        let judges: Vec<_> = with.iter().map(|skill| skill.document.judges.clone()).collect();
        assert_eq!(judges, old.iter().map(|skill| skill.document.judges.clone()).collect::<Vec<_>>());
        assert_eq!(judges.iter().flatten().filter(|judge| judge.is_chief).count(), 1);
        assert!(with.iter().all(|skill| skill.document.people.is_empty()));

        // With delegations and terms: those of the last, their days a year later, and nobody who was entered.
        let registrations = format!("/desk/competition/{id}/registrations");
        led(&liu
            .form(&format!("{registrations}/delegations"), &[("delegations", "石市\n唐市，Tangshan")])
            .await);
        let skill = old[0].ledger.to_string();
        let own = format!("own.{skill}");
        let (quota, born) = (format!("quota.{skill}"), format!("born_from.{skill}"));
        let page = liu.get(&format!("{registrations}/terms")).await.text;
        let terms = [
            ("seen", hidden(&page, "seen")),
            ("opens", "2026-03-01"),
            ("closes", "2028-02-29"),
            ("employments", "职工"),
            ("quota", "3"),
            (own.as_str(), "yes"),
            (quota.as_str(), "2"),
            (born.as_str(), "1986-01-01"),
        ];
        led(&liu.form(&format!("{registrations}/terms"), &terms).await);
        let form = hidden(&liu.get(&at).await.text, "form").to_owned();
        let with: Vec<_> = fields
            .into_iter()
            .filter(|(name, _)| *name != "form")
            .chain([("form", form.as_str()), ("registration", "yes")])
            .collect();
        let to = led(&liu.form(&at, &with).await);
        assert_eq!(led(&liu.form(&at, &with).await), to, "sent twice it takes them over once");
        let next = to.trim_start_matches("/desk/competition/").trim_end_matches("#setup").to_owned();
        let page = liu.get(&format!("/desk/competition/{next}/registrations")).await.text;
        assert_eq!(page.matches("唐市").count(), liu.get(&registrations).await.text.matches("唐市").count());
        let page = liu.get(&format!("/desk/competition/{next}/registrations/terms")).await.text;
        let skills = kept(&running, &next).await.1;
        let same = skills.iter().find(|skill| skill.name == old[0].name).expect("the skill");
        for said in [
            "value=\"2027-03-01\"".to_owned(),
            "value=\"2029-02-28\"".to_owned(),
            "value=\"1987-01-01\"".to_owned(),
            format!("name=\"quota.{}\"", same.ledger),
        ] {
            assert!(page.contains(&said), "{said}: {page}");
        }
        assert!(!page.contains(&skill), "no term names a skill of the last edition");

        // A form that names another competition puts nothing into it.
        let elsewhere = to.trim_start_matches("/desk/competition/").trim_end_matches("#setup").to_owned();
        let there = kept(&running, &elsewhere).await.1.len();
        let wrong: Vec<_> = fields
            .into_iter()
            .filter(|(name, _)| *name != "form")
            .chain([("form", elsewhere.as_str())])
            .collect();
        led(&liu.form(&at, &wrong).await);
        assert_eq!(kept(&running, &elsewhere).await.1.len(), there);

        // Who runs this one competition makes no other beside it.
        let organiser =
            join(&running, &invite(&liu, Role::Organiser, &format!("competition:{id}")).await, "马老师")
                .await;
        assert_eq!(organiser.get(&at).await.status, 200);
        let before = how_many(&liu).await;
        let answer = organiser.form(&at, &fields).await;
        assert!(matches!(answer.status, 403 | 409 | 422), "{}: {}", answer.status, answer.text);
        assert_eq!(how_many(&liu).await, before);
        running.stop().await;
    }
}

/// An organisation below another, or at the top; its id.
async fn organisation(running: &Running, browser: &Browser, parent: &str, name: &str) -> String {
    led(&browser.form("/desk/organisations", &[("parent", parent), ("kind", "city"), ("name", name)]).await);
    let all = server::organisation::list(&running.app.database).await.expect("organisations");
    all.into_iter().find(|one| one.name == name).expect("the organisation").id.to_string()
}

fn id_of(to: &str) -> String {
    to.split(['/', '#', '?']).nth(3).expect("an id").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_is_begun_with_where_it_is_offered_and_nobody_of_it_is_taken_over() {
    for place in TestDatabase::every_kind() {
        let running = start(&place).await;
        let liu = first(&running, "刘老师").await;
        let province = organisation(&running, &liu, "", "河北省总工会").await;
        let city = organisation(&running, &liu, &province, "石家庄市总工会").await;
        let elsewhere = organisation(&running, &liu, "", "别省总工会").await;
        let mut of = Vec::new();
        for (whose, name) in [(&province, "孙老师"), (&city, "王老师"), (&elsewhere, "赵老师")] {
            let code = invite(&liu, Role::Organiser, &format!("organisation:{whose}")).await;
            of.push(join(&running, &code, name).await);
        }
        let [sun, wang, zhao] = of.as_slice() else { panic!("three") };
        let about =
            [("name", "省赛样板"), ("tier", "province"), ("rule_set", "worldskills-2026"), ("venue", "甲馆")];
        let template = id_of(&led(&sun.form("/desk/new", &about).await));
        let at = format!("/desk/competition/{template}");
        led(&sun.form(&format!("{at}/skills"), &[("skills", "07，焊接，Welding，焊工")]).await);
        let (_, skills) = kept(&running, &template).await;
        let skill = skills[0].ledger.to_string();
        let scheme = format!("/desk/skill/{skill}/scheme/upload");
        led(&sun.send("POST", &scheme, tests::workbook::sound(), "application/zip").await);
        led(&sun.form(&format!("/desk/skill/{skill}/judge-lines"), &[("judges", "马建华，质检院")]).await);

        // Nobody is offered what nobody offers, and nobody offers what is another's.
        let chosen =
            [("name", "市赛"), ("tier", "city"), ("rule_set", "hebei-2025"), ("template", template.as_str())];
        refused(&wang.form("/desk/new", &chosen).await, 422, "没有这个模板");
        assert!(!wang.get("/desk").await.text.contains("name=\"template\""));
        assert_eq!(wang.form(&format!("{at}/template"), &[("offered", "yes")]).await.status, 403);
        led(&sun.form(&format!("{at}/template"), &[("offered", "yes")]).await);
        led(&sun.form(&format!("{at}/template"), &[("offered", "yes")]).await);
        assert!(sun.get(&format!("{at}/about")).await.text.contains("现在是模板"));

        // It is offered below its organisation, and nowhere else; it itself stays hidden.
        assert!(!zhao.get("/desk").await.text.contains("name=\"template\""));
        refused(&zhao.form("/desk/new", &chosen).await, 422, "没有这个模板");
        assert!(wang.get("/desk").await.text.contains("省赛样板"));
        assert_eq!(wang.get(&at).await.status, 403);
        let made = id_of(&led(&wang.form("/desk/new", &chosen).await));
        let (of_it, copies) = kept(&running, &made).await;
        assert_eq!(
            (of_it.document.rule_set.as_str(), of_it.document.tier.as_str()),
            ("worldskills-2026", "city")
        );
        assert_eq!(of_it.organisation.map(|id| id.to_string()), Some(city.clone()));
        let (_, skills) = kept(&running, &template).await;
        let (copy, original) = (&copies[0], &skills[0]);
        assert_ne!(copy.ledger, original.ledger);
        assert_eq!((copy.document.number.as_str(), copy.document.occupation.as_str()), ("07", "6-18-02-04"));
        assert!(copy.document.judges.is_empty() && of_it.document.venue.is_empty());
        let schemes = [copy, original].map(|skill| skill.draft.as_ref().expect("a draft").scheme.clone());
        assert!(schemes[0].aspects().count() > 0 && schemes[0] == schemes[1]);

        // A skill alone is chosen as well: its scheme, by the rules of the competition that it comes to.
        let plain = [("name", "另一场"), ("tier", "city"), ("rule_set", "hebei-2025")];
        let other = id_of(&led(&wang.form("/desk/new", &plain).await));
        let pick = format!("/desk/competition/{other}/skills/pick");
        let page = wang.get(&format!("{pick}?list=templates")).await.text;
        assert!(page.contains("省赛样板") && page.contains(&skill), "{page}");
        assert!(led(&wang.form(&pick, &[("code", &skill)]).await).ends_with("added=1"));
        assert!(led(&wang.form(&pick, &[("code", &skill)]).await).ends_with("added=0"), "there already");
        let (_, picked) = kept(&running, &other).await;
        let draft = picked[0].draft.as_ref().expect("a draft");
        assert_eq!((draft.rules.id.as_str(), &draft.scheme), ("hebei-2025", &schemes[1]));
        assert!(picked[0].document.judges.is_empty() && draft.panels.is_empty());
        let plain = [("name", "别省的"), ("tier", "city"), ("rule_set", "hebei-2025")];
        let apart = id_of(&led(&zhao.form("/desk/new", &plain).await));
        let answer = zhao.form(&format!("/desk/competition/{apart}/skills/pick"), &[("code", &skill)]).await;
        refused(&answer, 422, "还没有选");

        // Taken back, it is offered no more, and what was begun with it stays.
        led(&sun.form(&format!("{at}/template"), &[("offered", "")]).await);
        refused(&wang.form("/desk/new", &chosen).await, 422, "没有这个模板");
        assert_eq!(kept(&running, &made).await.1.len(), 1);
        // A skill that is not held this time goes, with its scheme where that was said.
        let remove = format!("/desk/skill/{}/remove", copies[0].ledger);
        assert_eq!(
            wang.form(&remove, &[]).await.status,
            409,
            "its scheme may be new since the page was looked at"
        );
        led(&wang.form(&remove, &[("scheme", "yes")]).await);
        assert_eq!(kept(&running, &made).await.1.len(), 0);
        running.stop().await;
    }
}
