//! A competition set up piece by piece: skills, rosters from lists with every bad row named, taken in and back
//! as a whole, schemes from CIS workbooks, judges; on both databases.
#![expect(clippy::expect_used, reason = "a test stops at what it cannot do")]

use domain::access::Role;
use domain::id::LedgerId;
use protocol::desk::{Act, Competition, Do};
use server::exchange::list::Column as _;
use server::exchange::package::{Competition as About, SkillDocument};
use server::exchange::{roster, sheet};
use server::http::Running;
use tests::http::{Answer, Browser};
use tests::office::{described, first, hidden, led, start};
use tests::{TestDatabase, resident_number};

/// A competition with these skills; gives its id.
async fn competition(browser: &Browser, skills: &str) -> String {
    let fields = [("name", "市赛"), ("tier", "city"), ("rule_set", "hebei-2025"), ("from", "2026-05-09")];
    let made = led(&browser.form("/desk/new", &fields).await);
    let id = made.split(['/', '#']).nth(3).expect("an id").to_owned();
    led(&browser.form(&format!("/desk/competition/{id}/skills"), &[("skills", skills)]).await);
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_is_sent_twice_makes_one_competition() {
    for place in TestDatabase::every_kind() {
        let running = start(&place).await;
        let liu = first(&running, "刘老师").await;
        let page = liu.get("/desk").await.text;
        let form = hidden(&page, "form");
        let fields = [("name", "市赛"), ("tier", "city"), ("rule_set", "hebei-2025"), ("form", form)];
        let (one, other) = tokio::join!(liu.form("/desk/new", &fields), liu.form("/desk/new", &fields));
        assert_eq!(led(&one), led(&other));
        let anew = liu.get("/desk").await.text;
        assert_ne!(hidden(&anew, "form"), form, "the next form is another");
        let odd = [("name", "县赛"), ("tier", "county"), ("rule_set", "hebei-2025"), ("form", "no id")];
        led(&liu.form("/desk/new", &odd).await);
        let all = server::competition::list(&running.app.database).await.expect("competitions");
        assert_eq!(all.len(), 2);
        running.stop().await;
    }
}

/// A made-up resident number of a person.
fn number(at: u32) -> String {
    let born = format!("199{:01}{:02}{:02}", at % 10, at / 10 % 12 + 1, at / 120 % 28 + 1);
    resident_number("130102", &born, at)
}

fn name(at: u32) -> String {
    let of =
        |text: &str, at: u32| text.chars().nth(usize::try_from(at).expect("small") % text.chars().count());
    let letters = [
        of("李王赵刘陈杨黄周吴徐", at),
        of("明秀国建志海晓永春德", at / 10),
        of("远兰强华军波燕平文龙", at / 100),
    ];
    letters.into_iter().flatten().collect()
}

/// A roster of that many people over three skills.
fn list(people: u32) -> String {
    let skills = ["焊接", "02", "CNC turning"];
    let row = |at: u32| {
        format!(
            "{},{},{},{}厂\n",
            name(at),
            number(at),
            skills[usize::try_from(at).expect("small") % 3],
            at % 7 + 1
        )
    };
    "姓名,身份证号,赛项,工作单位\n".to_owned() + &(0..people).map(row).collect::<String>()
}

async fn upload(browser: &Browser, id: &str, bytes: Vec<u8>) -> String {
    led(&browser.send("POST", &format!("/desk/competition/{id}/roster"), bytes, "text/csv").await)
}

async fn take(browser: &Browser, list: &str, page: &str) -> Answer {
    let fields = [("columns", hidden(page, "columns")), ("digest", hidden(page, "digest"))];
    browser.form(&format!("{list}/take"), &fields).await
}

async fn people(running: &Running, id: &str) -> Vec<usize> {
    let loaded = server::competition::load::<About, SkillDocument>(&running.app.database, id).await;
    let (_, skills) = loaded.expect("a competition");
    skills.iter().map(|skill| skill.document.people.len()).collect()
}

const SKILLS: &str = "01，焊接，Welding\n02，电工，Electrician\n03，数控车，CNC turning，6-18-01-01";

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_looked_over_taken_in_and_taken_back_as_a_whole() {
    for place in TestDatabase::every_kind() {
        let running = start(&place).await;
        let liu = first(&running, "刘老师").await;
        let id = competition(&liu, SKILLS).await;
        // GBK, as Excel and WPS write CSV in China; five rows spoiled, one of them against another.
        let mut rows: Vec<String> = list(600).lines().map(str::to_owned).collect();
        let spoil = |rows: &mut Vec<String>, row: usize, from: &str, to: &str| {
            assert!(rows[row - 1].contains(from), "{}", rows[row - 1]);
            rows[row - 1] = rows[row - 1].replace(from, to);
        };
        let twice = number(8);
        spoil(&mut rows, 2, "焊接", "航接");
        let changed = format!("{}{}", &number(3)[..17], if number(3).ends_with('0') { '1' } else { '0' });
        spoil(&mut rows, 5, &number(3), &changed);
        spoil(&mut rows, 9, &name(7), "");
        spoil(&mut rows, 11, &number(9), &twice);
        spoil(&mut rows, 21, &number(19), "12345");
        let text = rows.join("\n");
        let (bytes, _, has_lost) = encoding_rs::GBK.encode(&text);
        assert!(!has_lost);
        let list = upload(&liu, &id, bytes.into_owned()).await;
        let page = liu.get(&list).await.text;
        let said = page.split("<section aria-labelledby=\"sum\"").nth(1).unwrap_or(&page);
        assert!(page.contains("共 600 行：594 人可以导入，6 行有错"), "{said}");
        assert!(page.contains("航接") && page.contains("校验码"), "{page}");
        assert!(!page.contains(&number(0)), "no number stands on the page in whole");
        assert_eq!(people(&running, &id).await, [0, 0, 0], "nobody was taken in yet");
        // In the database it waits sealed.
        let kept: String = sqlx::query_scalar("SELECT content FROM import_draft")
            .fetch_one(running.app.database.pool())
            .await
            .expect("it waits");
        assert!(!kept.contains(&name(1)) && !kept.contains(&number(1)));
        // What is wrong comes back as a workbook, with its rows' own numbers.
        let columns = hidden(&page, "columns");
        let errors = liu.get(&format!("{list}/errors?columns={columns}")).await;
        assert_eq!(&errors.bytes[..2], b"PK");
        let again = sheet::open(&errors.bytes, "errors.xlsx").expect("it opens");
        assert_eq!(again.rows.len(), 7, "the title and six rows");
        let stale = liu.form(&format!("{list}/take"), &[("columns", columns), ("digest", "other")]).await;
        assert!(stale.status == 409 && stale.text.contains("有变动"), "{}", stale.text);
        assert_eq!(people(&running, &id).await, [0, 0, 0]);

        let done = led(&take(&liu, &list, &page).await);
        assert!(done.ends_with("roster?taken=594"), "{done}");
        assert_eq!(people(&running, &id).await.iter().sum::<usize>(), 594);
        let numbers: Vec<String> = sqlx::query_scalar("SELECT number FROM identity")
            .fetch_all(running.app.database.pool())
            .await
            .expect("numbers");
        assert_eq!(numbers.len(), 594);
        assert!(numbers.iter().all(|sealed| !sealed.contains(&number(1))), "they are sealed");
        assert_eq!(take(&liu, &list, &page).await.status, 410, "it was taken in once");
        // The same people again are named as there already; with the wrong ones mended the rest comes.
        let list = upload(&liu, &id, self::list(600).into_bytes()).await;
        let page = liu.get(&list).await.text;
        assert!(page.contains("共 600 行：6 人可以导入，594 行有错"), "{page}");
        led(&take(&liu, &list, &page).await);
        assert_eq!(people(&running, &id).await, [200, 200, 200]);

        let roster = liu.get(&format!("/desk/competition/{id}/roster")).await.text;
        let batches: Vec<&str> = roster.split("name=\"id\" value=\"").skip(1).collect();
        let batches: Vec<&str> = batches.iter().map(|rest| rest.split('"').next().expect("an id")).collect();
        assert_eq!(batches.len(), 2);
        let undo = format!("/desk/competition/{id}/roster/undo");
        for batch in &batches {
            led(&liu.form(&undo, &[("id", batch)]).await);
            assert_eq!(liu.form(&undo, &[("id", batch)]).await.status, 409, "it was taken back once");
        }
        assert_eq!(people(&running, &id).await, [0, 0, 0]);
        let left: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM identity")
            .fetch_one(running.app.database.pool())
            .await
            .expect("a count");
        assert_eq!(left, 0);
        running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_are_left_out_are_mended_on_the_page_and_taken_in_with_the_rest() {
    for place in TestDatabase::every_kind() {
        let running = start(&place).await;
        let liu = first(&running, "刘老师").await;
        let id = competition(&liu, SKILLS).await;
        let other = competition(&liu, SKILLS).await;
        let mut rows: Vec<String> = list(60).lines().map(str::to_owned).collect();
        rows[1] = rows[1].replace("焊接", "航接");
        rows[4] = rows[4].replace(&number(3), "12345");
        rows[8] = rows[8].replace(&name(7), "");
        let list = upload(&liu, &id, rows.join("\n").into_bytes()).await;
        let page = liu.get(&list).await.text;
        assert!(page.contains("共 60 行：57 人可以导入，3 行有错"), "{page}");
        assert!(page.contains("name=\"c1\" value=\"12345\"") && page.contains("name=\"c2\" value=\"航接\""));
        assert!(!page.contains(&number(0)) && !page.contains(&number(7)), "sound numbers are not shown");
        let columns = hidden(&page, "columns");
        let three = number(3);
        let typed = |skill: &'static str| {
            let name = name(7);
            let row = |row: &str, cells: [(&'static str, String); 3]| {
                let cells = cells.into_iter().map(|(name, text)| (name.to_owned(), text));
                [("row".to_owned(), row.to_owned())].into_iter().chain(cells).collect::<Vec<_>>()
            };
            let mut all =
                vec![("columns".to_owned(), columns.to_owned()), ("title".to_owned(), "姓名".to_owned())];
            all.extend(row("2", [("c0", self::name(0)), ("k1", String::new()), ("c2", skill.to_owned())]));
            all.extend(row("5", [("c0", self::name(3)), ("c1", three.clone()), ("c2", "焊接".to_owned())]));
            all.extend(row("9", [("c0", name), ("k1", String::new()), ("c2", "02".to_owned())]));
            all
        };
        let send = async |fields: &[(String, String)]| {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, text)| (&**name, &**text)).collect();
            liu.form(&format!("{list}/mend"), &fields).await
        };
        // One is still wrong: what was typed is kept, and the others are right.
        let page = liu.get(&led(&send(&typed("汗接")).await)).await.text;
        assert!(
            page.contains("共 60 行：59 人可以导入，1 行有错") && page.contains("value=\"汗接\""),
            "{page}"
        );
        assert_eq!(people(&running, &id).await, [0, 0, 0]);
        let kept: String = sqlx::query_scalar("SELECT mended FROM import_draft")
            .fetch_one(running.app.database.pool())
            .await
            .expect("it is kept");
        assert!(!kept.contains(&three) && !kept.contains("汗接"), "it is sealed");
        // Another list was read since, so that this one is read anew; the rows were mended all the same.
        upload(&liu, &other, self::list(3).into_bytes()).await;
        let page = liu.get(&list).await.text;
        assert!(page.contains("59 人可以导入，1 行有错"), "{page}");
        let before = hidden(&page, "digest").to_owned();
        let page = liu.get(&led(&send(&typed("焊接")).await)).await.text;
        assert!(page.contains("共 60 行：60 人可以导入，0 行有错"), "{page}");
        let stale = [("columns", hidden(&page, "columns")), ("digest", &before)];
        assert_eq!(liu.form(&format!("{list}/take"), &stale).await.status, 409, "it is another list now");
        led(&take(&liu, &list, &page).await);
        assert_eq!(people(&running, &id).await, [20, 20, 20]);
        // It is gone, and what was typed stands where rows are pasted.
        let gone = send(&typed("焊接")).await;
        assert!(gone.status == 410 && gone.text.contains(&three), "{}", gone.text);
        running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_take_one_list_in_at_once_one_does() {
    for place in TestDatabase::every_kind() {
        let running = start(&place).await;
        let liu = first(&running, "刘老师").await;
        let id = competition(&liu, SKILLS).await;
        let list = upload(&liu, &id, list(60).into_bytes()).await;
        let page = liu.get(&list).await.text;
        let (one, other) = tokio::join!(take(&liu, &list, &page), take(&liu, &list, &page));
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert!(matches!(statuses, [303, 409 | 410]), "{statuses:?}");
        assert_eq!(people(&running, &id).await.iter().sum::<usize>(), 60);
        running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_is_filled_in_and_pasted_rows_are_taken_in() {
    let place = TestDatabase::sqlite();
    let running = start(&place).await;
    let liu = first(&running, "刘老师").await;
    let id = competition(&liu, SKILLS).await;
    let template = liu.get(&format!("/desk/competition/{id}/roster/template")).await;
    let read = sheet::open(&template.bytes, "roster.xlsx").expect("it opens");
    let proposal = roster::propose(&read, true);
    assert!(proposal.header.is_some() && proposal.findings.is_empty(), "{:?}", proposal.findings);
    assert_eq!(roster::Column::ALL.len(), proposal.columns.iter().flatten().count(), "every column is known");
    let paste = format!("/desk/competition/{id}/roster/paste");
    let rows = "姓名\t赛项\t工作单位\n李明远\t焊接\t一车间\n=HYPERLINK(\"x\")\t焊接\t二车间\n";
    let list = led(&liu.form(&paste, &[("rows", rows)]).await);
    let page = liu.get(&list).await.text;
    assert!(page.contains("2 人可以导入"), "{page}");
    led(&take(&liu, &list, &page).await);
    // What a spreadsheet would take for a formula is text where it goes out again.
    let wrong = "姓名\t赛项\n=HYPERLINK(\"x\")\t航接\n";
    let list = led(&liu.form(&paste, &[("rows", wrong)]).await);
    let errors = liu.get(&format!("{list}/errors?columns=name,skill")).await;
    let back = sheet::open(&errors.bytes, "errors.xlsx").expect("it opens");
    assert_eq!(back.rows.last().map(|row| row.text(2)), Some("=HYPERLINK(\"x\")"), "it comes back as it was");
    let parts = server::exchange::Files::from_zip(&errors.bytes).expect("a workbook");
    let of = |name: &str| String::from_utf8_lossy(parts.get(name).expect(name)).into_owned();
    assert!(of("xl/sharedStrings.xml").contains("'=HYPERLINK"), "behind a mark that makes it text");
    assert!(!of("xl/worksheets/sheet1.xml").contains("<f"), "and nothing is a formula");
    for (rows, code) in [("", 422), ("一\t二\n三\t四\n", 422)] {
        let refused = liu.form(&paste, &[("rows", rows)]).await;
        assert_eq!(refused.status, code, "{}", refused.text);
    }
    // Columns are chosen otherwise: what was taken for the name is left out.
    let list = led(&liu.form(&paste, &[("rows", "姓名\t选手\t赛项\nx\t赵国强\t焊接\n")]).await);
    let page = liu.get(&format!("{list}?c0=&c1=name&c2=skill")).await.text;
    assert!(page.contains("1 人可以导入") && hidden(&page, "columns") == ",name,skill", "{page}");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_skill_says_what_it_lacks_until_it_opens_and_is_fixed_then() {
    for place in TestDatabase::every_kind() {
        let running = start(&place).await;
        let liu = first(&running, "刘老师").await;
        let id = competition(&liu, SKILLS).await;
        let look = async || -> Competition { liu.get(&format!("/api/competitions/{id}")).await.json(200) };
        let skill = look().await.skills[0].skill.id.clone();
        let lacks = async || -> Vec<String> {
            look().await.skills[0].missing.iter().map(|one| one.what.zh.clone()).collect()
        };
        assert_eq!(lacks().await, ["还没有评分标准", "还没有选手", "还没有裁判"]);
        assert_eq!(look().await.skills[0].acts, []);
        let open =
            async || liu.post(&format!("/api/skills/{skill}/act"), &Do { act: Act::Open }).await.status;
        assert_eq!(open().await, 409, "nor is it opened without being asked");

        let workbook = tests::workbook::sound();
        let scheme = format!("/desk/skill/{skill}/scheme/upload");
        let refused = liu.send("POST", &scheme, b"PK nothing".to_vec(), "application/zip").await;
        assert_eq!(refused.status, 422, "{}", refused.text);
        led(&liu.send("POST", &scheme, workbook.clone(), "application/zip").await);
        assert_eq!(lacks().await, ["还没有选手", "还没有裁判"]);
        let list = upload(&liu, &id, list(9).into_bytes()).await;
        let page = liu.get(&list).await.text;
        led(&take(&liu, &list, &page).await);
        let lines = format!("/desk/skill/{skill}/judge-lines");
        led(&liu
            .form(&lines, &[("judges", "马建华，质检院\n胡爱民\n林晓峰\n郑卫东\n\n马建华，质检院")])
            .await);
        let shown = look().await;
        assert_eq!(shown.skills[0].judges.len(), 4, "who is there already stays once");
        assert_eq!(lacks().await, Vec::<String>::new());
        assert_eq!(shown.skills[0].acts, [Act::Open]);
        assert_eq!(open().await, 204);

        // From here on it is fixed.
        for (path, field) in [(&lines, "judges"), (&format!("/desk/skill/{skill}/remove"), "scheme")] {
            let refused = liu.form(path, &[(field, "某人")]).await;
            assert_eq!(refused.status, 409, "{path}: {}", refused.text);
        }
        assert_eq!(liu.send("POST", &scheme, workbook, "application/zip").await.status, 409);
        let roster = liu.get(&format!("/desk/competition/{id}/roster")).await.text;
        let undo = format!("/desk/competition/{id}/roster/undo");
        let refused = liu.form(&undo, &[("id", hidden(&roster, "id"))]).await;
        assert!(refused.status == 409 && refused.text.contains("已经开放"), "{}", refused.text);
        assert_eq!(people(&running, &id).await.iter().sum::<usize>(), 9, "nothing half done");
        let more = upload(&liu, &id, "姓名,赛项\n后来者,焊接\n后来的,02\n".as_bytes().to_vec()).await;
        let page = liu.get(&more).await.text;
        assert!(page.contains("1 人可以导入，1 行有错"), "{page}");
        let state = running.app.ledger.state(&LedgerId::from(skill.as_str())).await.expect("a state");
        assert_eq!(state.skill.as_ref().expect("open").opening.competitors.len(), 3);
        running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_set_up_is_said_and_nothing_is_half_done() {
    let place = TestDatabase::sqlite();
    let running = start(&place).await;
    let liu = first(&running, "刘老师").await;
    let fine = [("name", "市赛"), ("tier", "city"), ("rule_set", "hebei-2025")];
    for (field, value) in [
        ("name", " "),
        ("tier", "moon"),
        ("rule_set", "no such rules"),
        ("from", "9. May"),
        ("from", "2026-13-01"),
    ] {
        let mut fields: Vec<(&str, &str)> = fine.iter().filter(|(name, _)| *name != field).copied().collect();
        fields.push((field, value));
        let refused = liu.form("/desk/new", &fields).await;
        assert_eq!(refused.status, 422, "{field} {value}: {}", refused.text);
        assert!(refused.text.contains("role=\"alert\""), "{}", refused.text);
    }
    let turned = [&fine[..], &[("from", "2026-05-10"), ("until", "2026-05-09")]].concat();
    assert!(liu.form("/desk/new", &turned).await.text.contains("对调"));
    let id = competition(&liu, SKILLS).await;
    let skills = format!("/desk/competition/{id}/skills");
    for lines in ["", "04", "04，", "04，木工\n01，再来", "04，木工\n04，瓦工"] {
        let refused = liu.form(&skills, &[("skills", lines)]).await;
        assert!(matches!(refused.status, 409 | 422), "{lines}: {}", refused.text);
    }
    assert_eq!(people(&running, &id).await.len(), 3, "none was added");
    let about = liu.get(&format!("/desk/competition/{id}/about")).await;
    assert!(about.text.contains("2026-05-09"), "{}", about.text);
    let again = [&fine[..], &[("host", "总工会"), ("name_en", "City contest")]].concat();
    led(&described(&liu, &id, &again).await);
    let shown: Competition = liu.get(&format!("/api/competitions/{id}")).await.json(200);
    assert_eq!((shown.host.as_str(), shown.competition.name.en.as_str()), ("总工会", "City contest"));
    // Another rule set is that of every skill that is not open yet.
    let rules = async || -> Vec<String> {
        let loaded = server::competition::load::<About, SkillDocument>(&running.app.database, &id).await;
        let (_, skills) = loaded.expect("a competition");
        skills.iter().map(|skill| skill.draft.as_ref().expect("a draft").rules.id.clone()).collect()
    };
    assert_eq!(rules().await, ["hebei-2025"; 3]);
    let other = [("name", "市赛"), ("tier", "city"), ("rule_set", "worldskills-2026")];
    led(&described(&liu, &id, &other).await);
    assert_eq!(rules().await, ["worldskills-2026"; 3]);
    // A package's own rules stay where the form is saved with something else changed.
    let zip = tests::PackageBuilder::small().zip("own-rules");
    let made: serde_json::Value =
        liu.send("POST", "/api/competitions", zip, "application/zip").await.json(201);
    let package = made["competition"]["id"].as_str().expect("an id").to_owned();
    let set = "UPDATE competition SET document = REPLACE(document, 'hebei-2025', 'our-own') WHERE id = $1";
    sqlx::query(set).bind(&package).execute(running.app.database.pool()).await.expect("renamed");
    let page = liu.get(&format!("/desk/competition/{package}/about")).await.text;
    let chosen =
        page.split("name=\"rule_set\"").nth(1).expect("a choice").split("selected").next().expect("one");
    let chosen = chosen.rsplit("value=\"").next().expect("its value").split('"').next().expect("its end");
    assert_eq!(chosen, "our-own", "{page}");
    let fields = [("name", "市赛"), ("tier", "city"), ("rule_set", chosen)];
    led(&described(&liu, &package, &fields).await);
    // One that was filled since its page was looked at is not removed.
    let filled = shown.skills[1].skill.id.clone();
    led(&liu.form(&format!("/desk/skill/{filled}/judge-lines"), &[("judges", "马建华")]).await);
    assert_eq!(liu.form(&format!("/desk/skill/{filled}/remove"), &[]).await.status, 409);
    let skill = shown.skills[2].skill.id.clone();
    led(&liu.form(&format!("/desk/skill/{skill}/remove"), &[]).await);
    assert_eq!(people(&running, &id).await.len(), 2);
    let bomb =
        liu.send("POST", &format!("/desk/competition/{id}/roster"), vec![b'x'; 21 << 20], "text/csv").await;
    assert_eq!(bomb.status, 413);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_a_list_is_found_mended_and_taken_off_and_nobody_writes_over_another_unseen() {
    for place in TestDatabase::every_kind() {
        let running = start(&place).await;
        let liu = first(&running, "刘老师").await;
        let id = competition(&liu, SKILLS).await;
        let list = upload(&liu, &id, list(30).into_bytes()).await;
        let page = liu.get(&list).await.text;
        led(&take(&liu, &list, &page).await);
        let loaded = server::competition::load::<About, SkillDocument>(&running.app.database, &id).await;
        let (_, skills) = loaded.expect("a competition");
        let skill = skills.iter().find(|skill| skill.document.number == "01").expect("a skill");
        let at = format!("/desk/skill/{}/competitors", skill.ledger);
        let page = liu.get(&at).await.text;
        assert!(page.contains("共 10 人。"), "{page}");
        let one = &skill.document.people[3];
        let found = liu.get(&format!("{at}?find={}", one.code)).await.text;
        assert!(found.contains("找到 1 人") && found.contains(&one.name), "{found}");
        assert!(liu.get(&format!("{at}?find=nobody")).await.text.contains("没有符合的"));
        let of_one = format!("{at}/{}", one.code);
        let form = liu.get(&of_one).await.text;
        let seen = hidden(&form, "seen").to_owned();
        let fields = |name: &'static str, seen: &str| {
            let seen: &'static str = seen.to_owned().leak();
            [
                ("name", name),
                ("organisation", "新厂"),
                ("delegation", ""),
                ("group", "职工组"),
                ("seen", seen),
            ]
        };
        let empty = liu.form(&of_one, &fields(" ", &seen)).await;
        assert_eq!(empty.status, 422);
        assert!(empty.text.contains("请填写姓名") && empty.text.contains("新厂"), "what was typed stays");
        led(&liu.form(&of_one, &fields("张改名", &seen)).await);
        // Who opened the form before that is shown what stands there now.
        let late = liu.form(&of_one, &fields("张另名", &seen)).await;
        assert_eq!(late.status, 409);
        assert!(late.text.contains("现在是：张改名") && late.text.contains("张另名"), "{}", late.text);
        led(&liu.form(&of_one, &fields("张另名", hidden(&late.text, "seen"))).await);
        // Taken off, with the number that was sealed: it can be taken in again.
        led(&liu.form(&format!("{of_one}/remove"), &[]).await);
        assert_eq!(liu.get(&of_one).await.status, 404);
        assert_eq!(liu.form(&format!("{of_one}/remove"), &[]).await.status, 404);
        assert!(people(&running, &id).await.iter().sum::<usize>() == 29);
        let kept: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM identity")
            .fetch_one(running.app.database.pool())
            .await
            .expect("counted");
        assert_eq!(kept, 29);
        // Once the codes are drawn over it, the list is fixed.
        let draws = format!("/desk/competition/{id}/draw");
        led(&liu.form(&draws, &[("layers", "public"), ("source", "摇号")]).await);
        let page = liu.get(&draws).await.text;
        let draw = page.split("/draw/").nth(1).and_then(|rest| rest.split('/').next()).expect("a draw");
        led(&liu.form(&format!("{draws}/{draw}/commit"), &[("layer", "1")]).await);
        let other = format!("{at}/{}", skill.document.people[4].code);
        let fixed = liu.form(&format!("{other}/remove"), &[]).await;
        assert_eq!(fixed.status, 409);
        assert!(fixed.text.contains("名单不能再改"), "{}", fixed.text);
        running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn before_the_opening_a_judge_is_taken_off_and_another_leads() {
    for place in TestDatabase::every_kind() {
        let running = start(&place).await;
        let liu = first(&running, "刘老师").await;
        let id = competition(&liu, SKILLS).await;
        let look = async || liu.get(&format!("/api/competitions/{id}")).await.json::<Competition>(200);
        let skill = look().await.skills[0].skill.id.clone();
        let judges = async || {
            let told =
                look().await.skills[0].judges.iter().map(|judge| (judge.name.clone(), judge.role)).collect();
            let told: Vec<(String, Role)> = told;
            told
        };
        let at = |rest: &str| format!("/desk/skill/{skill}/{rest}");
        led(&liu.form(&at("judge-lines"), &[("judges", "马建华\n胡爱民\n林晓峰")]).await);
        led(&liu.form(&at("judge/lead"), &[("code", "J3")]).await);
        let named = |name: &str, role| (name.to_owned(), role);
        assert_eq!(
            judges().await,
            [named("马建华", Role::Judge), named("胡爱民", Role::Judge), named("林晓峰", Role::ChiefJudge)]
        );
        // Whoever led and is taken off leaves it to the first of the others.
        led(&liu.form(&at("judge/remove"), &[("code", "J3")]).await);
        assert_eq!(judges().await, [named("马建华", Role::ChiefJudge), named("胡爱民", Role::Judge)]);
        for what in ["judge/remove", "judge/lead"] {
            let gone = liu.form(&at(what), &[("code", "J3")]).await;
            assert_eq!(gone.status, 410, "{}", gone.text);
        }
        // A card says as what it signs in: nobody who has one changes.
        let (ledger, first) = (LedgerId::from(skill.clone()), "J1".into());
        running.app.accounts.make_card(&ledger, &first, Role::ChiefJudge).await.expect("a card");
        for (what, code) in [("judge/remove", "J1"), ("judge/lead", "J2")] {
            let held = liu.form(&at(what), &[("code", code)]).await;
            assert_eq!(held.status, 409, "{}", held.text);
            assert!(held.text.contains("“马建华”已有登录卡"), "{}", held.text);
        }
        led(&liu.form(&at("judge/remove"), &[("code", "J2")]).await);
        running.stop().await;
    }
}
