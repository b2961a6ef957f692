//! Marks of a written paper that come by a list: entered once, corrected by another list, taken back by corrections
//! that name what they take the place of; by who may mark for another alone, without a name in the ledger; on both
//! databases.
#![expect(clippy::expect_used, clippy::panic, reason = "a test stops at what is not there")]

use domain::access::Role;
use domain::id::LedgerId;
use domain::ledger::Sealed;
use domain::marking::{Body, Cell};
use domain::number::Mark;
use domain::scoring::Value;
use protocol::desk::{Act, Competition, Do, Small};
use server::exchange::sheet;
use server::http::Running;
use tests::TestDatabase;
use tests::http::{Answer, Browser};
use tests::office::{first, hidden, invite, join, led, refused, start};

struct Hall {
    running: Running,
    liu: Browser,
    /// Who types marks.
    typist: Browser,
    skill: LedgerId,
    /// The numbers of the roster.
    codes: Vec<String>,
}

impl Hall {
    async fn new(place: &TestDatabase) -> Self {
        let running = start(place).await;
        let liu = first(&running, "刘老师").await;
        let small = Small {
            name: "市赛".to_owned(),
            skill: "焊工".to_owned(),
            rule_set: "enterprise-drill".to_owned(),
            competitors: "李明远，一分厂\n王秀兰，二分厂\n赵国庆，三分厂".to_owned(),
            judges: "马建华，技术处\n胡爱民，四分厂\n林晓峰".to_owned(),
            aspects: "理论，100，测量\n操作，50，评判".to_owned(),
            organisation: String::new(),
        };
        let made: serde_json::Value = liu.post("/api/competitions/small", &small).await.json(201);
        let id = made["competition"]["id"].as_str().expect("an id").to_owned();
        let look: Competition = liu.get(&format!("/api/competitions/{id}")).await.json(200);
        let skill = LedgerId::from(look.skills[0].skill.id.as_str());
        let code = invite(&liu, Role::Scorekeeper, &format!("skill:{skill}")).await;
        let typist = join(&running, &code, "录分员").await;
        refused(&typist.get(&format!("/desk/skill/{skill}/marks")).await, 200, "还不能录入成绩");
        let open = Do { act: Act::Open };
        assert_eq!(liu.post(&format!("/api/skills/{skill}/act"), &open).await.status, 204);
        let state = running.app.ledger.state(&skill).await.expect("a state");
        let open = state.skill.as_deref().expect("open");
        let codes = open.opening.competitors.iter().map(|one| one.code.to_string()).collect();
        Self { running, liu, typist, skill, codes }
    }

    fn at(&self) -> String {
        format!("/desk/skill/{}/marks", self.skill)
    }

    async fn paste(&self, rows: &str) -> (String, String) {
        let list =
            led(&self.typist.form(&format!("{}/paste?aspect=A1.01", self.at()), &[("rows", rows)]).await);
        let page = self.typist.get(&list).await.text;
        (list, page)
    }

    async fn take(&self, (list, page): &(String, String)) -> Answer {
        let fields = [("columns", hidden(page, "columns")), ("digest", hidden(page, "digest"))];
        self.typist.form(&format!("{list}/take"), &fields).await
    }

    /// What stands for each competitor in the first aspect.
    async fn marks(&self) -> Vec<Option<Mark>> {
        let state = self.running.app.ledger.state(&self.skill).await.expect("a state");
        let open = state.skill.as_deref().expect("open");
        let mark = |row| match open.cell(row, 0) {
            Cell::Measured(Some(said)) => match said.value {
                Value::Number(number) => number.to_mark(),
                _ => None,
            },
            _ => None,
        };
        (0..self.codes.len()).map(mark).collect()
    }

    async fn seq(&self) -> i64 {
        self.running.app.ledger.state(&self.skill).await.expect("a state").head.seq
    }

    /// The entry that stands for a competitor.
    async fn entry(&self, row: usize) -> Sealed {
        let state = self.running.app.ledger.state(&self.skill).await.expect("a state");
        let Cell::Measured(Some(said)) = state.skill.as_deref().expect("open").cell(row, 0).clone() else {
            panic!("nothing stands there")
        };
        self.running.app.ledger.entry(&self.skill, said.entry).await.expect("it").expect("an entry")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_marks_is_entered_once_corrected_and_taken_back() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::new(&place).await;
        let page = hall.typist.get(&hall.at()).await.text;
        assert!(
            page.contains("A1.01 理论（满分 100.00，已有 0/3）") && page.contains("上传并检查"),
            "{page}"
        );
        let before = hall.seq().await;
        let rows = format!(
            "编号\t姓名\t单位\t成绩\n{}\t\t\t86.5\n\t王秀兰\t\t91\n\t赵国庆\t\t缺考\n\t孙某\t\t60\n\t王秀兰\t\t91\n",
            hall.codes[0]
        );
        let run = hall.paste(&rows).await;
        assert!(run.1.contains("共 5 行：2 条可以导入，2 行有错"), "{}", run.1);
        assert!(
            run.1.contains("没有编号或姓名是“孙某”") && run.1.contains("第 3 行是同一名选手"),
            "{}",
            run.1
        );
        assert_eq!(hall.seq().await, before, "nothing was entered yet");
        let errors = hall.typist.get(&format!("{}/errors?columns=code,name,organisation,mark", run.0)).await;
        assert_eq!(sheet::open(&errors.bytes, "errors.xlsx").expect("it opens").rows.len(), 3);
        let done = led(&hall.take(&run).await);
        assert!(done.ends_with("/marks?aspect=A1.01&taken=2"), "{done}");
        assert_eq!(hall.marks().await, [Some(Mark(8_650)), Some(Mark(9_100)), None]);
        assert_eq!(hall.seq().await, before + 2);
        assert_eq!(hall.take(&run).await.status, 410, "it was taken in once");

        // An ordinary entry of who may mark for another; its reason names the file, nothing names a person.
        let sealed = hall.entry(1).await;
        assert_eq!(sealed.entry.role, Role::Scorekeeper);
        assert!(sealed.entry.device.as_str().starts_with("list:"));
        let text = hall.running.app.ledger.reason(sealed.entry.id).await.expect("it").expect("a reason").text;
        let hash = domain::ledger::Hash::of_document(rows.as_bytes());
        assert!(text.contains(&format!("SHA-256 {hash}")), "{text}");
        let json = &sealed.json;
        assert!(!json.contains("王秀兰") && !json.contains("二分厂"), "{json}");

        // The same list again changes nothing.
        let again = hall.paste(&rows).await;
        assert!(
            again.1.contains("共 5 行：0 条可以导入，2 行有错") && again.1.contains("已经是这个分"),
            "{}",
            again.1
        );
        assert!(!again.1.contains("/take\""), "there is nothing to confirm");
        assert_eq!(hall.seq().await, before + 2);

        // Another list corrects, and says before what it takes the place of.
        let more = hall.paste("姓名\t成绩\n李明远\t88\n赵国庆\t75.25\n").await;
        assert!(more.1.contains("2 条可以导入，0 行有错") && more.1.contains("现在是 86.5"), "{}", more.1);
        // What was looked at is what is entered, or nothing.
        let other = hall.paste("姓名\t成绩\n李明远\t88\n").await;
        let fields = [("columns", hidden(&more.1, "columns")), ("digest", hidden(&more.1, "digest"))];
        refused(&hall.typist.form(&format!("{}/take", other.0), &fields).await, 409, "有变动");
        let more = hall.paste("姓名\t成绩\n李明远\t88\n赵国庆\t75.25\n").await;
        let first_entry = hall.entry(0).await.entry.id;
        led(&hall.take(&more).await);
        assert_eq!(hall.marks().await, [Some(Mark(8_800)), Some(Mark(9_100)), Some(Mark(7_525))]);
        assert_eq!(hall.entry(0).await.entry.base, Some(first_entry), "it names what it takes the place of");

        // Taken back, what stood before stands again, by entries that name what they correct.
        let page = hall.typist.get(&hall.at()).await.text;
        let ids: Vec<String> = page
            .split("name=\"id\" value=\"")
            .skip(1)
            .map(|rest| rest.split('"').next().expect("an id").to_owned())
            .collect();
        assert_eq!(ids.len(), 2, "{page}");
        let undo = format!("{}/undo", hall.at());
        let corrected = hall.entry(0).await.entry.id;
        led(&hall.typist.form(&undo, &[("id", ids[0].as_str())]).await);
        assert_eq!(hall.marks().await, [Some(Mark(8_650)), Some(Mark(9_100)), None]);
        assert_eq!(hall.entry(0).await.entry.base, Some(corrected));
        refused(&hall.typist.form(&undo, &[("id", ids[0].as_str())]).await, 409, "已经撤销");
        // A mark of the first list that stands again since is the list's as before.
        led(&hall.typist.form(&undo, &[("id", ids[1].as_str())]).await);
        assert_eq!(hall.marks().await, [None, None, None]);
        refused(&hall.typist.form(&undo, &[("id", ids[1].as_str())]).await, 409, "已经撤销");
        // The older first: what the newer puts back is not what was taken back.
        led(&hall.take(&hall.paste("姓名\t成绩\n李明远\t60\n王秀兰\t61\n").await).await);
        led(&hall.take(&hall.paste("姓名\t成绩\n李明远\t70\n").await).await);
        let page = hall.typist.get(&hall.at()).await.text;
        let ids: Vec<&str> = page
            .split("name=\"id\" value=\"")
            .skip(1)
            .map(|rest| rest.split('"').next().expect("an id"))
            .collect();
        led(&hall.typist.form(&undo, &[("id", ids[1])]).await);
        assert_eq!(hall.marks().await, [Some(Mark(7_000)), None, None]);
        led(&hall.typist.form(&undo, &[("id", ids[0])]).await);
        assert_eq!(hall.marks().await, [None, None, None]);
        // Noted as taken back only with its marks: where the program stopped between, it is done again, and of two at
        // once one is told.
        led(&hall.take(&hall.paste("姓名\t成绩\n李明远\t60\n王秀兰\t61\n").await).await);
        let page = hall.typist.get(&hall.at()).await.text;
        let id = hidden(&page, "id").to_owned();
        let field = [("id", id.as_str())];
        let (one, other) = tokio::join!(hall.typist.form(&undo, &field), hall.typist.form(&undo, &field));
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409]);
        assert_eq!(hall.marks().await, [None, None, None]);
        let forget = "UPDATE import_batch SET undone_at = NULL, undone_by = NULL WHERE id = $1";
        sqlx::query(forget).bind(&id).execute(hall.running.app.database.pool()).await.expect("forgotten");
        let before = hall.seq().await;
        led(&hall.typist.form(&undo, &field).await);
        assert_eq!(hall.seq().await, before, "nothing stood any more");
        refused(&hall.typist.form(&undo, &field).await, 409, "已经撤销");
        hall.running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn marks_of_a_list_are_entered_by_who_may_mark_for_another_and_refused_as_any_mark_is() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::new(&place).await;
        assert_eq!(hall.liu.get(&hall.at()).await.status, 403, "an organiser does not mark");
        let desk = hall.typist.get(&format!("/desk/skill/{}", hall.skill)).await;
        let desk = hall.typist.get(led(&desk).split('#').next().expect("a page")).await.text;
        assert!(desk.contains(&format!("{}\"", hall.at())), "the way there: {desk}");
        let paste = format!("{}/paste?aspect=", hall.at());
        for aspect in ["A1.02", "nothing"] {
            let rows = [("rows", "姓名\t成绩\n李明远\t60\n")];
            refused(&hall.typist.form(&format!("{paste}{aspect}"), &rows).await, 422, "请先选评分点");
        }
        let wrong = hall.paste("姓名\t成绩\n李明远\t100.5\n王秀兰\t-1\n赵国庆\t86.555\n").await;
        assert!(wrong.1.contains("共 3 行：0 条可以导入，3 行有错"), "{}", wrong.1);
        assert!(wrong.1.contains("超出范围"), "{}", wrong.1);
        // Of two who take one list in at once one does.
        let run = hall.paste("姓名\t成绩\n李明远\t60\n王秀兰\t61\n").await;
        let before = hall.seq().await;
        let (one, other) = tokio::join!(hall.take(&run), hall.take(&run));
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert!(matches!(statuses, [303, 409 | 410]), "{statuses:?}");
        assert_eq!(hall.seq().await, before + 2, "{}", place.kind);
        let sealed = hall.entry(0).await;
        let Body::Mark(mark) = &sealed.entry.body else { panic!("no mark") };
        assert_ne!(mark.judge.as_str(), sealed.entry.actor, "for a judge of the panel");
        hall.running.stop().await;
    }
}
