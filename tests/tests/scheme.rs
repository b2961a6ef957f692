//! A marking scheme edited at the desk: written from nothing, looked over, kept in versions, changed by two at
//! once, taken from another skill and from a workbook, fixed at the opening. On both databases.

use domain::access::Role;
use domain::id::LedgerId;
use protocol::desk::{Act, Competition, Do};
use protocol::scheme::{Checked, RowAt, SchemeKept};
use tests::TestDatabase;
use tests::http::{Answer, Browser};
use tests::office::{first, hidden, invite, join, led, refused, start, stranger};

/// A scheme's form: one criterion, a sub-criterion, these aspects.
fn written<'a>(seen: &'a str, aspects: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut form = vec![("seen", seen), ("c", "A"), ("c_name", "制作"), ("s", "A1"), ("s_name", "尺寸")];
    for (id, max) in aspects {
        form.extend([("a", *id), ("description", "看什么"), ("kind", "pass_fail"), ("max", *max)]);
    }
    form
}

async fn two_skills(liu: &Browser) -> (String, [String; 2]) {
    let about = [("name", "市赛"), ("tier", "city"), ("rule_set", "worldskills-2026")];
    let at = led(&liu.form("/desk/new", &about).await);
    let id = at.rsplit('/').next().and_then(|end| end.split('#').next()).unwrap_or_default().to_owned();
    led(&liu.form(&format!("/desk/competition/{id}/skills"), &[("skills", "01，焊接\n02，电工")]).await);
    let look: Competition = liu.get(&format!("/api/competitions/{id}")).await.json(200);
    let skills = [0, 1].map(|at: usize| look.skills[at].skill.id.clone());
    (id, skills)
}

/// The rows of the table of versions.
fn versions(page: &Answer) -> usize {
    let table = page.text.split("scheme-versions").nth(1).and_then(|rest| rest.split("</table>").next());
    table.unwrap_or_default().matches("<tr>").count().saturating_sub(1)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scheme_is_written_kept_in_versions_and_fixed_at_the_opening() {
    for place in TestDatabase::every_kind() {
        let running = start(&place).await;
        let liu = first(&running, "刘老师").await;
        let (competition, [skill, other]) = two_skills(&liu).await;
        let at = format!("/desk/skill/{skill}/scheme");
        let page = liu.get(&at).await;
        assert!(
            page.text.contains("还没有评分标准") && !page.text.contains("照着另一个赛项"),
            "{}",
            page.text
        );
        assert!(page.text.contains("四档描述库") && page.text.contains("工作环境与整理"), "{}", page.text);
        let nothing = hidden(&page.text, "seen").to_owned();

        // Looking it over keeps nothing, and says what it comes to.
        let mut look = written(&nothing, &[("A1.1", "60"), ("A1.2", "30")]);
        look.push(("act", "look"));
        let page = liu.form(&at, &look).await;
        assert_eq!(page.status, 200);
        assert!(page.text.contains("合计 90.00") && page.text.contains("有未保存的修改"), "{}", page.text);
        assert_eq!(hidden(&liu.get(&at).await.text, "seen"), nothing);
        // What cannot be read is refused with all that was typed.
        let page = liu.form(&at, &written(&nothing, &[("A1.1", "六十"), ("A1.1", "40")])).await;
        refused(&page, 422, "有读不懂的内容");
        for told in ["value=\"六十\"", "“六十”不是数字", "编号“A1.1”已在第 1 行出现"]
        {
            assert!(page.text.contains(told), "{told}: {}", page.text);
        }

        led(&liu.form(&at, &written(&nothing, &[("A1.1", "60"), ("A1.2", "30")])).await);
        let first_seen = hidden(&liu.get(&at).await.text, "seen").to_owned();
        assert_ne!(first_seen, nothing);
        // A second organiser saves what they saw before: told what was changed, and nothing is lost.
        let chen = liu.form(&at, &written(&nothing, &[("X1", "5")])).await;
        refused(&chen, 409, "别人改了这个评分标准");
        assert!(
            chen.text.contains("别人这期间的修改") && chen.text.contains("value=\"X1\""),
            "{}",
            chen.text
        );
        assert!(chen.text.contains("A1.1"), "{}", chen.text);
        // Saving once more is knowing it.
        let knowing = hidden(&chen.text, "seen").to_owned();
        assert_eq!(knowing, first_seen);
        led(&liu.form(&at, &written(&knowing, &[("X1", "5")])).await);
        let page = liu.get(&format!("{at}/versions")).await;
        assert_eq!(versions(&page), 2);
        assert!(page.text.contains("版本 1 到 2：3 处不同"), "{}", page.text);
        // What is the same as before makes no version.
        let seen = hidden(&liu.get(&at).await.text, "seen").to_owned();
        led(&liu.form(&at, &written(&seen, &[("X1", "5")])).await);
        assert_eq!(versions(&liu.get(&format!("{at}/versions")).await), 2);
        let again = format!("{at}/restore");
        refused(&liu.form(&again, &[("number", "1"), ("seen", &nothing)]).await, 409, "别人改了");
        refused(&liu.form(&again, &[("number", "9"), ("seen", &seen)]).await, 404, "");
        led(&liu.form(&again, &[("number", "1"), ("seen", &seen)]).await);
        let page = liu.get(&at).await;
        assert_eq!(hidden(&page.text, "seen"), first_seen);
        assert!(page.text.contains("版本（3）"), "{}", page.text);

        // Another skill takes it over, while it has none of its own.
        let to = format!("/desk/skill/{other}/scheme");
        let page = liu.get(&to).await;
        assert!(
            page.text.contains("照着另一个赛项") && page.text.contains("焊接（2 个评分点）"),
            "{}",
            page.text
        );
        led(&liu.form(&format!("{to}/take"), &[("from", &skill)]).await);
        assert_eq!(hidden(&liu.get(&to).await.text, "seen"), first_seen);
        led(&liu.form(&format!("{to}/take"), &[("from", &skill)]).await);
        assert_eq!(versions(&liu.get(&format!("{to}/versions")).await), 1, "pressed twice it is taken once");
        let to_seen = hidden(&liu.get(&to).await.text, "seen").to_owned();
        led(&liu.form(&to, &written(&to_seen, &[("B", "1")])).await);
        refused(&liu.form(&format!("{to}/take"), &[("from", &skill)]).await, 409, "别人改了");
        // Whoever sets up that skill alone neither sees nor takes another's.
        let code = invite(&liu, Role::SkillManager, &format!("skill:{other}")).await;
        let own = join(&running, &code, "陈师傅").await;
        led(&own.form(&to, &[("seen", hidden(&own.get(&to).await.text, "seen"))]).await);
        let page = own.get(&to).await.text;
        assert!(page.contains("还没有评分标准") && !page.contains("name=\"from\""), "{page}");
        refused(&own.form(&format!("{to}/take"), &[("from", &skill)]).await, 404, "");
        refused(&liu.form(&format!("{to}/take"), &[("from", "nothing")]).await, 404, "");

        // A workbook takes its place; the old one is still there.
        let workbook = tests::workbook::sound();
        let up = liu.send("POST", &format!("{at}/upload"), workbook, "application/zip").await;
        assert!(matches!(up.status, 200 | 303), "{}", up.text);
        assert_eq!(versions(&liu.get(&format!("{at}/versions")).await), 4);
        let out = liu.get(&format!("{at}/workbook")).await;
        assert_eq!(out.status, 200);
        assert!(
            out.header("content-disposition").is_some_and(|name| name.contains("marking-scheme-01.xlsx"))
        );

        // Open, it can be looked at and not changed, whichever way.
        let lists = format!("/desk/competition/{competition}/roster/paste");
        let list = led(&liu.form(&lists, &[("rows", "姓名\t赛项\n李明远\t焊接\n王秀兰\t焊接\n")]).await);
        let digest = hidden(&liu.get(&list).await.text, "digest").to_owned();
        let columns = hidden(&liu.get(&list).await.text, "columns").to_owned();
        led(&liu.form(&format!("{list}/take"), &[("digest", &digest), ("columns", &columns)]).await);
        led(&liu
            .form(
                &format!("/desk/skill/{skill}/judge-lines"),
                &[("judges", "马建华\n胡爱民\n林晓峰\n郑卫东")],
            )
            .await);
        let opened = liu.post(&format!("/api/skills/{skill}/act"), &Do { act: Act::Open }).await;
        assert_eq!(opened.status, 204, "{}", opened.text);
        let page = liu.get(&at).await;
        assert!(
            page.text.contains("评分标准已固定")
                && page.text.contains("<fieldset class=\"scheme-fields\" disabled=\"\">")
        );
        let seen = hidden(&page.text, "seen").to_owned();
        refused(&liu.form(&at, &written(&seen, &[("X1", "5")])).await, 409, "已经开放");
        refused(&liu.form(&again, &[("number", "1"), ("seen", &seen)]).await, 409, "已经开放");
        let page = liu.get(&format!("{at}/versions")).await;
        assert!(page.text.contains("开放时固定的") && !page.text.contains("改回这一版"), "{}", page.text);
        let state = running.app.ledger.state(&LedgerId::from(skill.as_str())).await.expect("a state");
        assert_ne!(state.skill.as_ref().expect("open").opening.scheme.total().0, 500);

        let stranger = stranger(&running);
        assert!(matches!(stranger.get(&at).await.status, 401 | 303));
        running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scheme_comes_and_goes_as_a_table_that_is_looked_over_before_it_counts() {
    for place in TestDatabase::every_kind() {
        let running = start(&place).await;
        let liu = first(&running, "刘老师").await;
        let (_, [skill, other]) = two_skills(&liu).await;
        let [at, of_other] = [&skill, &other].map(|skill| format!("/desk/skill/{skill}/scheme"));
        let upload = format!("{at}/upload");
        let send = async |body: Vec<u8>| liu.send("POST", &upload, body, "text/csv").await;
        let template = liu.get(&format!("{at}/table")).await;
        assert!(template.header("content-type").is_some_and(|kind| kind.contains("spreadsheetml")));

        // What cannot be understood is told by its row, and nothing is kept.
        let answer = send("编号,评分点,方式,满分\nA1.1,余高,看心情,60\n".as_bytes().to_vec()).await;
        refused(&answer, 422, "没有评分方式“看心情”");
        assert!(answer.text.contains("<td class=\"count\">2</td>"), "{}", answer.text);
        refused(&send("姓名,单位\n李明,一厂\n".as_bytes().to_vec()).await, 422, "没有找到表头");

        // Read, it stands in the editor with what is found in it, and counts once it is saved.
        let table = "子项编号,子项,编号,评分点,方式,满分,谁写的\nA1,外观,,余高,测量：是 / 否,60,刘\n,,,成形,评判,四十,\n";
        let page = send(table.as_bytes().to_vec()).await;
        assert_eq!(page.status, 200, "{}", page.text);
        for told in [
            "读入 2 个评分点",
            "还没有保存",
            "“谁写的”列没有用到",
            "“四十”不是数字",
            "value=\"A1.02\"",
            "有未保存的修改",
        ] {
            assert!(page.text.contains(told), "{told}: {}", page.text);
        }
        assert!(liu.get(&at).await.text.contains("还没有评分标准"));
        assert_eq!(led(&liu.get(&upload).await), at, "a page that is loaded again is the editor");
        let mended = table.replace("四十", "40");
        let page = send(mended.as_bytes().to_vec()).await;
        let seen = hidden(&page.text, "seen").to_owned();
        let mut form =
            vec![("seen", seen.as_str()), ("c", "A"), ("s", "A1"), ("s_name", "外观"), ("s_day", "1")];
        for (id, kind, max) in [("A1.01", "pass_fail", "60"), ("A1.02", "judgement", "40")] {
            form.extend([("a", id), ("description", "看"), ("kind", kind), ("max", max)]);
        }
        led(&liu.form(&at, &form).await);

        // What goes out comes in again for another skill; over one that is there, the same editor shows it.
        for format in ["csv", "xlsx"] {
            let table = liu.get(&format!("{at}/table?as={format}")).await.bytes;
            let answer = liu.send("POST", &format!("{of_other}/upload"), table.clone(), "text/csv").await;
            assert!(answer.status == 200 && answer.text.contains("读入 2 个评分点"), "{}", answer.text);
            let answer = send(table).await;
            assert!(
                answer.text.contains("合计") && answer.text.contains("value=\"A1.02\""),
                "{}",
                answer.text
            );
        }
        running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_script_is_told_what_it_comes_to_and_keeps_it() {
    let place = TestDatabase::sqlite();
    let running = start(&place).await;
    let mut liu = first(&running, "刘老师").await;
    let (_, [skill, _]) = two_skills(&liu).await;
    let page = liu.get(&format!("/desk/skill/{skill}/scheme")).await;
    let seen = hidden(&page.text, "seen").to_owned();
    liu.headers = vec![("accept-language", "en")];
    let api = format!("/api/skills/{skill}/scheme");
    let mut form = written(&seen, &[("A1.1", "60"), ("A1.2", "0.5"), ("A1.3", "1,5")]);
    form.extend([("n", "1"), ("n_target", "100")]);
    let checked: Checked = liu.post(&format!("{api}/check"), &form).await.json(200);
    assert_eq!((checked.total.as_str(), checked.subs.as_slice()), ("60.50", &["60.50".to_owned()][..]));
    assert_eq!(checked.sections, [("0.00".to_owned(), "-100.00".to_owned())]);
    let last = checked.notes.iter().find(|note| note.at == Some(RowAt::Aspect(2))).expect("a note");
    assert_eq!((last.cell.as_str(), last.is_unreadable), ("max", true));
    assert_eq!(last.what, "\"1,5\" has a decimal comma; write 1.5.");
    let refused = liu.post(&api, &form).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    let form = written(&seen, &[("A1.1", "60")]);
    let kept: SchemeKept = liu.post(&api, &form).await.json(200);
    assert_eq!(kept.version, 1);
    let again: SchemeKept = liu.post(&api, &form).await.json(200);
    assert_eq!(again, kept, "where the first answer was lost, the second says the same");
    let other = written(&seen, &[("A1.1", "61")]);
    assert_eq!(liu.post(&api, &other).await.status, 409, "of two the second knows of the first");
    let form = written(&kept.seen, &[("A1.1", "60")]);
    let kept: SchemeKept = liu.post(&api, &form).await.json(200);
    assert_eq!(kept.version, 1, "what is the same is no new version");
    assert_eq!(liu.post("/api/skills/nothing/scheme/check", &form).await.status, 404);
    running.stop().await;
}
