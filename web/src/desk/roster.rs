//! Who competes: the roster in figures, the lists that it came by, and what taking one in would do.

use domain::finding::Language;
use protocol::Problem;
use protocol::setup::{BadCell, BadRow, Batch, DryRun, Roster, RosterSkill};

use super::{
    Says, button, confirmed, field, form, heading_cells, hidden_input, option, quiet_link, section, wrong,
};
use crate::format::{Reader, segment};
use crate::node::{Element, el};
use crate::parts::{empty, name};

pub(super) fn roster_title(reader: Reader) -> &'static str {
    Says(reader.language).say("选手名单", "Roster")
}

/// `/desk/competition/{id}/roster`
pub(super) fn roster_page(
    roster: &Roster,
    taken: Option<usize>,
    pasted: &str,
    problem: Option<&Problem>,
    reader: Reader,
) -> Vec<Element> {
    let says = Says(reader.language);
    let at = format!("/desk/competition/{}", segment(&roster.competition.id));
    let title = format!("{} · {}", roster_title(reader), reader.pick(&roster.competition.name));
    let back = quiet_link(says.say("回到大赛", "Back to the competition"), at.clone());
    let check_in = quiet_link(says.say("报到和参赛证", "Check-in and entry cards"), format!("{at}/check-in"));
    let acts = el("p").class("acts").add(back).add(check_in);
    let head = el("div").class("head").add(el("h1").add(title)).add(acts);
    let mut page = vec![head];
    page.extend(problem.map(wrong));
    page.extend(taken.map(|count| {
        let words = match reader.language {
            Language::Chinese => format!("已导入 {count} 人。"),
            Language::English if count == 1 => "1 person was taken in.".to_owned(),
            Language::English => format!("{count} people were taken in."),
        };
        el("p").class("note").set("role", "status").add(words)
    }));
    page.push(people(&roster.skills, reader));
    page.extend(take_in(&at, roster.skills.is_empty(), pasted, reader));
    page.extend(batches(&roster.batches, &at, reader));
    page
}

fn people(skills: &[RosterSkill], reader: Reader) -> Element {
    let says = Says(reader.language);
    let all: usize = skills.iter().map(|one| one.people).sum();
    let title = match reader.language {
        Language::Chinese => format!("现有 {all} 人"),
        Language::English if all == 1 => "1 person so far".to_owned(),
        Language::English => format!("{all} people so far"),
    };
    let rows: Vec<Element> = skills
        .iter()
        .map(|one| {
            let fixed = one.is_open.then(|| says.say("已开放或已抽签，不能再改", "open or drawn, fixed"));
            el("tr")
                .add(el("td").class("mono").add(one.skill.number.clone()))
                .add(
                    el("th").set("scope", "row").add(
                        name("a", &reader.pick(&one.skill.name), reader)
                            .set("href", format!("/desk/skill/{}/competitors", segment(&one.skill.id))),
                    ),
                )
                .add(el("td").add(fixed.map(|words| el("small").add(words))))
                .add(el("td").class("count").add(one.people.to_string()))
        })
        .collect();
    let body = if rows.is_empty() {
        empty(
            says.say("还没有赛项", "There are no skills yet"),
            says.say(
                "先在大赛页面的“准备”里添加赛项。",
                "Add them under Set-up on the competition's page first.",
            ),
        )
    } else {
        let names = [
            says.say("编号", "Number"),
            says.say("赛项", "Skill"),
            says.say("状态", "State"),
            says.say("人数", "People"),
        ];
        el("table").add(heading_cells(&names)).add(el("tbody").add(rows))
    };
    el("section").set("aria-labelledby", "people").add(el("h2").set("id", "people").add(title)).add(body)
}

fn take_in(at: &str, has_no_skills: bool, pasted: &str, reader: Reader) -> Option<Element> {
    let says = Says(reader.language);
    if has_no_skills {
        return None;
    }
    let about = says.say(
        "Excel（.xlsx，WPS 也行）或 CSV（UTF-8、GBK 都行）。上传后先给您看会导入什么、哪些行有错、为什么；您确认了才导入，之后还能整批撤销。",
        "Excel (.xlsx, from WPS too) or CSV (UTF-8 or GBK). First you see what would be taken in and which rows are wrong and why; only what you confirm is taken in, and all of it can be taken back.",
    );
    let template = quiet_link(
        says.say("下载模板（.xlsx）", "Download the template (.xlsx)"),
        format!("{at}/roster/template"),
    )
    .set("download", "");
    let file = el("input")
        .set("type", "file")
        .set("name", "file")
        .set("required", "")
        .set("accept", ".xlsx,.csv,.txt,.tsv");
    let upload = on_its_way(form(format!("{at}/roster")), &says)
        .set("enctype", "multipart/form-data")
        .class("line")
        .add(field(says.say("名单文件", "File"), file))
        .add(button("primary", says.say("上传并检查", "Upload and check")));
    let area = el("textarea")
        .set("name", "rows")
        .set("rows", "6")
        .set("required", "")
        .set(
            "placeholder",
            says.say(
                "姓名\t赛项\t工作单位\n李明远\t焊接\t一车间",
                "Name\tSkill\tOrganisation\nLi Mingyuan\tWelding\tShop 1",
            ),
        )
        .add(pasted.to_owned());
    let paste = on_its_way(form(format!("{at}/roster/paste")), &says)
        .class("sheet")
        .add(field(
            says.say("从 Excel 复制几行，连同标题行", "A few rows copied from Excel, with the row of titles"),
            area,
        ))
        .add(button("primary", says.say("检查", "Check")));
    let paste = el("details")
        .class("folded")
        .set_some("open", (!pasted.is_empty()).then_some(""))
        .add(el("summary").add(says.say("或者粘贴", "Or paste")))
        .add(paste);
    Some(
        section("take-in", says.say("导入名单", "Take a list in"))
            .add(el("p").class("about").add(about))
            .add(el("p").class("acts").add(template))
            .add(upload)
            .add(paste),
    )
}

/// A form that sends a list: what a script says meanwhile, and that what was chosen stays where it is refused.
fn on_its_way(form: Element, says: &Says) -> Element {
    form.set("data-keeps", "")
        .set("data-sending", says.say("正在上传……", "Sending the list…"))
        .set(
            "data-looking",
            says.say("已收到，正在逐行检查……", "It has arrived and is being looked over, row by row…"),
        )
        .set(
            "data-broken",
            says.say(
                "没有收到服务器的答复（可能断网了）；什么都没有导入。内容还在，请再按一次。",
                "No answer came from the server; perhaps the network broke. Nobody was taken in. What you chose is still here: press the button again.",
            ),
        )
        .set("data-signed-out", signed_out(says))
        .set("data-stop", says.say("停止", "Stop"))
        .set(
            "data-stopped",
            says.say("已停止；什么都没有导入，内容还在。", "It was stopped. Nobody was taken in, and what you chose is still here."),
        )
}

fn signed_out(says: &Says) -> &'static str {
    says.say(
        "您的登录已过期；请在另一个标签页登录，再回来按一次，这里的内容还在。",
        "You are signed out; sign in again in another tab, come back and press the button again: what is here is kept.",
    )
}

fn batches(batches: &[Batch], at: &str, reader: Reader) -> Option<Element> {
    let says = Says(reader.language);
    if batches.is_empty() {
        return None;
    }
    let rows: Vec<Element> = batches
        .iter()
        .map(|one| {
            let words = says.say("撤销", "Take back");
            let act = match one.undone_at {
                Some(at) => {
                    el("small").add(format!("{} {}", says.say("已撤销", "taken back"), reader.moment(at)))
                }
                None => {
                    let about = says.say(
                        "这次导入的选手全部移除，好像没有导入过。",
                        "Everybody of this list is removed, as if it had never been taken in.",
                    );
                    let go = form(format!("{at}/roster/undo"))
                        .add(hidden_input("id", one.id.clone()))
                        .add(button("quiet", words));
                    confirmed("quiet", words, format!("{words}: {}", one.file_name), about, go)
                }
            };
            el("tr")
                .add(el("th").set("scope", "row").add(one.file_name.clone()))
                .add(el("td").add(one.entries.to_string()))
                .add(el("td").add(one.left_out.to_string()))
                .add(el("td").add(name("span", &one.by, reader)))
                .add(el("td").add(reader.moment(one.made_at)))
                .add(el("td").add(act))
        })
        .collect();
    let names = [
        says.say("文件", "File"),
        says.say("导入", "Taken in"),
        says.say("略过", "Left out"),
        says.say("谁", "By"),
        says.say("时间", "When"),
        says.say("操作", "Act"),
    ];
    let table = el("table").class("lists").add(heading_cells(&names)).add(el("tbody").add(rows));
    Some(
        section("lists", says.say("导入记录", "Lists taken in")).add(
            el("div")
                .class("scrolls")
                .set("tabindex", "0")
                .set("role", "region")
                .set("aria-label", says.say("导入记录（可左右滚动）", "Lists taken in (scrolls sideways)"))
                .add(table),
        ),
    )
}

pub(super) fn dry_run_title(reader: Reader) -> &'static str {
    Says(reader.language).say("检查名单", "Check a list")
}

/// `/desk/competition/{id}/roster/list/{list}`
pub(super) fn dry_run_page(run: &DryRun, problem: Option<&Problem>, reader: Reader) -> Vec<Element> {
    let says = Says(reader.language);
    let roster = format!("/desk/competition/{}/roster", segment(&run.competition.id));
    let at = format!("{roster}/list/{}", segment(&run.id));
    let back = quiet_link(says.say("不导入，返回", "Back, without taking it in"), roster);
    let title = el("h1").add(format!("{} · {}", dry_run_title(reader), run.file_name));
    let head = el("div").class("head").add(title).add(el("p").class("acts").add(back));
    let columns: Vec<&str> = run.columns.iter().map(|column| column.meaning.as_str()).collect();
    let columns = columns.join(",");
    let mut page = vec![head];
    page.extend(problem.map(wrong));
    page.push(summary(run, &at, &columns, reader));
    if !run.found.is_empty() {
        page.push(found(run, &at, &columns, reader));
    }
    page.extend(mend(run, &at, columns, reader));
    page.push(mapping(run, at, reader));
    page
}

/// So many of them, in English.
fn counted(count: usize, one: &str, more: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { more })
}

/// What would be taken in, and the button that does it.
fn summary(run: &DryRun, at: &str, columns: &str, reader: Reader) -> Element {
    let says = Says(reader.language);
    let (rows, good, bad) = (run.rows, run.entries, run.bad_rows);
    let counts = match reader.language {
        Language::Chinese => format!("共 {rows} 行：{good} 人可以导入，{bad} 行有错。还没有导入任何人。"),
        Language::English => format!(
            "{}: {} can be taken in, {} wrong. Nobody was taken in yet.",
            counted(rows, "row", "rows"),
            counted(good, "person", "people"),
            counted(bad, "row is", "rows are"),
        ),
    };
    let skills: Vec<Element> = run
        .per_skill
        .iter()
        .map(|(skill, count)| {
            el("tr")
                .add(el("td").class("mono").add(skill.number.clone()))
                .add(el("th").set("scope", "row").add(name("span", &reader.pick(&skill.name), reader)))
                .add(el("td").class("count").add(format!("+{count}")))
        })
        .collect();
    let table = (!skills.is_empty()).then(|| {
        let names = [says.say("编号", "Number"), says.say("赛项", "Skill"), says.say("新增", "More")];
        let table = el("table").add(heading_cells(&names)).add(el("tbody").add(skills));
        el("details").class("folded").add(el("summary").add(says.say("各赛项人数", "By skill"))).add(table)
    });
    let take = (good > 0).then(|| {
        let words = match (reader.language, bad) {
            (Language::Chinese, 0) => format!("导入 {good} 人"),
            (Language::Chinese, _) => format!("导入 {good} 人，略过 {bad} 行"),
            (Language::English, 0) => format!("Take {} in", counted(good, "person", "people")),
            (Language::English, _) => format!(
                "Take {} in, leave {} out",
                counted(good, "person", "people"),
                counted(bad, "row", "rows")
            ),
        };
        form(format!("{at}/take"))
            .set("data-looking", says.say("正在导入……", "Taking them in…"))
            .set(
                "data-broken",
                says.say(
                    "没有收到服务器的答复（可能断网了）。名单要么整个导入了，要么一个人也没有；请再按一次，已导入的不会重复。",
                    "No answer came from the server; perhaps the network broke. Either everybody was taken in or nobody: press the button again, nobody comes twice.",
                ),
            )
            .set("data-signed-out", signed_out(&says))
            .add(hidden_input("columns", columns.to_owned()))
            .add(hidden_input("digest", run.digest.clone()))
            .add(el("button").class("primary").add(words))
    });
    section("sum", says.say("会怎样", "What would happen"))
        .add(el("p").class("sum").set("role", "status").add(counts))
        .add(table)
        .add(take)
}

fn found(run: &DryRun, at: &str, columns: &str, reader: Reader) -> Element {
    let says = Says(reader.language);
    let row = |one: &BadCell| {
        let kind = if one.is_error { says.say("错误", "error") } else { says.say("提示", "note") };
        let class = if one.is_error { "error" } else { "warning" };
        el("tr")
            .class(class)
            .add(el("td").class("count").add(one.row.map(|row| row.to_string()).unwrap_or_default()))
            .add(el("td").add(one.column.clone()))
            .add(el("td").add(el("small").add(kind)))
            .add(el("td").add(one.what.clone()))
    };
    let rows: Vec<Element> = run.found.iter().map(row).collect();
    let names = [
        says.say("行", "Row"),
        says.say("列", "Column"),
        says.say("类别", "Kind"),
        says.say("哪里不对，怎么改", "What is wrong, and what to do"),
    ];
    let more = run.found_in_all - run.found.len();
    let more = (more > 0).then(|| {
        el("p").class("about").add(match reader.language {
            Language::Chinese => format!("还有 {more} 条，都在错误清单里。"),
            Language::English => format!("{more} more are in the workbook."),
        })
    });
    let errors = (run.bad_rows > 0).then(|| {
        let words = says
            .say("下载错误清单（.xlsx），改好再传", "Download the wrong rows (.xlsx), mend and upload them");
        el("p")
            .class("acts")
            .add(quiet_link(words, format!("{at}/errors?columns={columns}")).set("download", ""))
    });
    let title = says.say("问题", "What was found");
    section("found", title)
        .add(errors)
        .add(el("table").class("findings of-list").add(heading_cells(&names)).add(el("tbody").add(rows)))
        .add(more)
}

/// The rows that are left out as a grid, to be mended where they stand.
fn mend(run: &DryRun, at: &str, columns: String, reader: Reader) -> Option<Element> {
    let says = Says(reader.language);
    let first = run.mend.first()?;
    let title = |column: usize| run.columns.get(column).map_or("", |column| column.title.as_str());
    let titles: Vec<Element> =
        first.cells.iter().map(|cell| hidden_input("title", title(cell.column).to_owned())).collect();
    let head = [says.say("行", "Row").to_owned()]
        .into_iter()
        .chain(first.cells.iter().map(|cell| title(cell.column).to_owned()));
    let head: Vec<Element> = head.map(|title| el("th").set("scope", "col").add(title)).collect();
    let rows: Vec<Element> = run.mend.iter().flat_map(|row| mended_row(row, &title, reader)).collect();
    let table = el("table").add(el("thead").add(el("tr").add(head))).add(el("tbody").add(rows));
    let about = match reader.language {
        Language::Chinese => {
            "在表格里改好，按“重新检查”；改对的行就和其余的一起导入，还不对的留在这里。没出错的证件号不显示，留空就保持原样。方向键和回车在格子间移动，从 Excel 复制的一块可以直接粘贴。"
        }
        Language::English => {
            "Mend them here and have them looked over again: rows that are right then are taken in with the rest, others stay here. Numbers that nothing is wrong with are not shown; left empty they stay as they are. Arrow keys and Enter move between cells, and a block copied from Excel can be pasted."
        }
    };
    let more = run.bad_rows.saturating_sub(run.mend.len());
    let more = (more > 0).then(|| {
        el("p").class("about").add(match reader.language {
            Language::Chinese => format!("还有 {more} 行有错，改完这些再显示。"),
            Language::English => format!(
                "{} wrong too, and shown when these are mended.",
                counted(more, "more row is", "more rows are")
            ),
        })
    });
    let grid = el("div")
        .class("scrolls")
        .set("tabindex", "0")
        .set("role", "region")
        .set("aria-label", says.say("有错的行（可左右滚动）", "Rows that are wrong (scrolls sideways)"))
        .add(table);
    let fields = on_its_way(form(format!("{at}/mend")), &says)
        .class("mend")
        .set(
            "data-lost",
            says.say(
                "粘贴的内容中有 # 格超出表格，没有放下。",
                "# of the pasted cells are beyond the table and were left out.",
            ),
        )
        .add(hidden_input("columns", columns))
        .add(titles)
        .add(grid)
        .add(el("p").class("first").set("role", "status").add(says.say(
            "这里改过的还没有检查；请先重新检查，再导入。",
            "What was mended here is not looked over yet: do that first, then take the list in.",
        )))
        .add(button("primary", says.say("重新检查", "Look over again")));
    Some(
        section("mend", says.say("在这里改", "Mend them here"))
            .add(el("p").class("about").add(about))
            .add(fields)
            .add(more),
    )
}

/// A row to be mended, and below it what is wrong.
fn mended_row<'a>(row: &BadRow, title: &dyn Fn(usize) -> &'a str, reader: Reader) -> [Element; 2] {
    let says = Says(reader.language);
    let why = format!("why-{}", row.row);
    let cells: Vec<Element> = row
        .cells
        .iter()
        .map(|cell| {
            let kind = if cell.masked.is_some() { "k" } else { "c" };
            let name = match reader.language {
                Language::Chinese => format!("第 {} 行，{}", row.row, title(cell.column)),
                Language::English => format!("Row {}, {}", row.row, title(cell.column)),
            };
            let input = el("input")
                .set("name", format!("{kind}{}", cell.column))
                .set("value", cell.text.clone())
                .set("autocomplete", "off")
                .set("aria-label", name)
                .set_some("placeholder", cell.masked.clone())
                .set_some("aria-invalid", cell.is_wrong.then_some("true"))
                .set_some("aria-describedby", cell.is_wrong.then(|| why.clone()));
            el("td").add(input)
        })
        .collect();
    let said: Vec<Element> = row.what.iter().map(|what| el("p").add(what.clone())).collect();
    let number = el("th").set("scope", "row").add(row.row.to_string());
    let number = number.add(hidden_input("row", row.row.to_string()));
    let wide = (row.cells.len() + 1).to_string();
    [
        el("tr").set("data-row", row.row.to_string()).add(number).add(cells),
        el("tr").class("why").add(
            el("td")
                .set("colspan", wide)
                .set("id", why)
                .set("aria-label", says.say("哪里不对", "What is wrong"))
                .add(said),
        ),
    ]
}

/// What each column is taken for, to be chosen otherwise.
fn mapping(run: &DryRun, at: String, reader: Reader) -> Element {
    let says = Says(reader.language);
    let rows: Vec<Element> = run
        .columns
        .iter()
        .enumerate()
        .map(|(number, column)| {
            let mut options =
                vec![option("", column.meaning.is_empty(), says.say("（不导入）", "(leave out)"))];
            options.extend(
                run.meanings
                    .iter()
                    .map(|(word, title)| option(word.clone(), *word == column.meaning, title.clone())),
            );
            let title =
                if column.title.is_empty() { format!("{}", number + 1) } else { column.title.clone() };
            let select =
                el("select").set("name", format!("c{number}")).set("aria-label", title.clone()).add(options);
            el("tr")
                .add(el("th").set("scope", "row").add(title))
                .add(el("td").add(select))
                .add(el("td").class("example").add(column.example.clone()))
        })
        .collect();
    let names = [
        says.say("文件里的列", "Column in the file"),
        says.say("当作", "Taken for"),
        says.say("第一行", "First row"),
    ];
    let fields = el("form")
        .set("method", "get")
        .set("action", at)
        .add(el("table").add(heading_cells(&names)).add(el("tbody").add(rows)))
        .add(button("quiet", says.say("按这样重新检查", "Check again like this")));
    section("columns", says.say("各列是什么", "What the columns are")).add(fields)
}
