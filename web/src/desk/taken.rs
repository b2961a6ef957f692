//! Lists that are taken in from a file, whatever they are of: the forms that send one, what taking it in would do,
//! and those that were taken in.

use domain::finding::Language;
use protocol::Problem;
use protocol::setup::{BadCell, BadRow, Batch, DryRun, ListOf, Who};

use super::{
    Says, button, confirmed, field, form, heading_cells, hidden_input, option, quiet_link, section, wrong,
};
use crate::format::{Reader, segment};
use crate::node::{Element, el};
use crate::parts::name;

/// What is said of a kind of list.
struct Words {
    /// What is done.
    title: &'static str,
    /// What is sent.
    file: &'static str,
    /// A few rows, as they are copied from a spreadsheet.
    rows: &'static str,
    /// That nothing was done yet.
    not_yet: &'static str,
    /// What taking one back does.
    undo: &'static str,
}

fn words(of: &ListOf, reader: Reader) -> Words {
    let says = Says(reader.language);
    match of {
        ListOf::People { who: Who::Competitors, .. } => Words {
            title: says.say("导入名单", "Take a list in"),
            file: says.say("名单文件", "File"),
            rows: says.say(
                "姓名\t赛项\t工作单位\n李明远\t焊接\t一车间",
                "Name\tSkill\tOrganisation\nLi Mingyuan\tWelding\tShop 1",
            ),
            not_yet: says.say("还没有导入任何人。", "Nobody was taken in yet."),
            undo: says.say(
                "这次导入的选手全部移除，好像没有导入过。",
                "Everybody of this list is removed, as if it had never been taken in.",
            ),
        },
        ListOf::People { who: Who::Judges, .. } => Words {
            title: says.say("导入名单", "Take a list in"),
            file: says.say("裁判名单文件", "File"),
            rows: says.say(
                "赛项\t姓名\t工作单位\t裁判长\n焊接\t马建华\t质检院\t是\n焊接\t胡爱民\t技术处\t",
                "Skill\tName\tOrganisation\tChief judge\nWelding\tMa Jianhua\tLab\tyes\nWelding\tHu Aimin\tShop 1\t",
            ),
            not_yet: says.say("还没有导入任何人。", "Nobody was taken in yet."),
            undo: says.say(
                "这次导入的裁判全部移除，连同他们的席位和回避声明；有登录卡或设备、或赛项已开放的，不能撤销。",
                "Every judge of this list is removed, with their seats and declared interests; not where one has a card or a device, or a skill is open.",
            ),
        },
        ListOf::Marks { .. } => Words {
            title: says.say("导入成绩", "Take marks in"),
            file: says.say("成绩文件", "File"),
            rows: says.say(
                "编号\t姓名\t成绩\n0001\t李明远\t86.5\n0002\t王秀兰\t缺考",
                "Number\tName\tMark\n0001\tLi Mingyuan\t86.5\n0002\tWang Xiulan\tabsent",
            ),
            not_yet: says.say("还没有录入任何分数。", "No mark was entered yet."),
            undo: says.say(
                "这份成绩里还有效的分都更正回导入前的样子；原来的条目仍留在账本里。",
                "Each mark of this list that still stands is corrected to what stood there before; the entries stay in the ledger.",
            ),
        },
    }
}

/// So many of what a list is of.
fn so_many(of: &ListOf, count: usize, reader: Reader) -> String {
    match (of, reader.language) {
        (ListOf::People { .. }, Language::Chinese) => format!("{count} 人"),
        (ListOf::People { .. }, Language::English) => counted(count, "person", "people"),
        (ListOf::Marks { .. }, Language::Chinese) => format!("{count} 条"),
        (ListOf::Marks { .. }, Language::English) => counted(count, "mark", "marks"),
    }
}

/// Where lists of a kind are taken in.
pub(super) fn at(of: &ListOf) -> String {
    match of {
        ListOf::People { who, competition } => {
            let place = match who {
                Who::Competitors => "roster",
                Who::Judges => "judges",
            };
            format!("/desk/competition/{}/{place}", segment(&competition.id))
        }
        ListOf::Marks { skill, .. } => format!("/desk/skill/{}/marks", segment(&skill.id)),
    }
}

/// That so many were taken in just now.
pub(super) fn done(of: &ListOf, count: usize, reader: Reader) -> Element {
    let many = so_many(of, count, reader);
    let words = match reader.language {
        Language::Chinese => format!("已导入 {many}。"),
        Language::English if count == 1 => format!("{many} was taken in."),
        Language::English => format!("{many} were taken in."),
    };
    el("p").class("note").set("role", "status").add(words)
}

/// The forms that send a list; `asked` is what their addresses say besides.
pub(super) fn take_in(of: &ListOf, asked: &str, pasted: &str, reader: Reader) -> Element {
    let says = Says(reader.language);
    let (at, words) = (at(of), words(of, reader));
    let about = says.say(
        "Excel（.xlsx，WPS 也行）或 CSV（UTF-8、GBK 都行）。上传后先给您看会导入什么、哪些行有错、为什么；您确认了才导入，之后还能整批撤销。",
        "Excel (.xlsx, from WPS too) or CSV (UTF-8 or GBK). First you see what would be taken in and which rows are wrong and why; only what you confirm is taken in, and all of it can be taken back.",
    );
    let template =
        quiet_link(says.say("下载模板（.xlsx）", "Download the template (.xlsx)"), format!("{at}/template"))
            .set("download", "");
    let file = el("input")
        .set("type", "file")
        .set("name", "file")
        .set("required", "")
        .set("accept", ".xlsx,.csv,.txt,.tsv");
    let upload = on_its_way(form(format!("{at}{asked}")), &says)
        .set("enctype", "multipart/form-data")
        .class("line")
        .add(field(words.file, file))
        .add(button("primary", says.say("上传并检查", "Upload and check")));
    let area = el("textarea")
        .set("name", "rows")
        .set("rows", "6")
        .set("required", "")
        .set("placeholder", words.rows)
        .add(pasted.to_owned());
    let paste = on_its_way(form(format!("{at}/paste{asked}")), &says)
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
    section("take-in", words.title)
        .add(el("p").class("about").add(about))
        .add(el("p").class("acts").add(template))
        .add(upload)
        .add(paste)
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
                "No answer came from the server; perhaps the network broke. Nothing was taken in. What you chose is still here: press the button again.",
            ),
        )
        .set("data-signed-out", signed_out(says))
        .set("data-stop", says.say("停止", "Stop"))
        .set(
            "data-stopped",
            says.say("已停止；什么都没有导入，内容还在。", "It was stopped. Nothing was taken in, and what you chose is still here."),
        )
}

fn signed_out(says: &Says) -> &'static str {
    says.say(
        "您的登录已过期；请在另一个标签页登录，再回来按一次，这里的内容还在。",
        "You are signed out; sign in again in another tab, come back and press the button again: what is here is kept.",
    )
}

/// The lists that were taken in.
pub(super) fn batches(of: &ListOf, batches: &[Batch], reader: Reader) -> Option<Element> {
    let says = Says(reader.language);
    if batches.is_empty() {
        return None;
    }
    let (at, about) = (at(of), words(of, reader).undo);
    let rows: Vec<Element> = batches
        .iter()
        .map(|one| {
            let words = says.say("撤销", "Take back");
            let act = match one.undone_at {
                Some(at) => {
                    el("small").add(format!("{} {}", says.say("已撤销", "taken back"), reader.moment(at)))
                }
                None => {
                    let go = form(format!("{at}/undo"))
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

pub(super) fn title(reader: Reader) -> &'static str {
    Says(reader.language).say("检查名单", "Check a list")
}

/// What taking a list in would do.
pub(super) fn page(run: &DryRun, problem: Option<&Problem>, reader: Reader) -> Vec<Element> {
    let says = Says(reader.language);
    let home = at(&run.of);
    let at = format!("{home}/list/{}", segment(&run.id));
    let back = quiet_link(says.say("不导入，返回", "Back, without taking it in"), home);
    let title = el("h1").add(format!("{} · {}", title(reader), run.file_name));
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
    let (many, not_yet) = (so_many(&run.of, good, reader), words(&run.of, reader).not_yet);
    // Which are neither good nor wrong: there already.
    let there = rows.saturating_sub(good + bad);
    let counts = match reader.language {
        Language::Chinese => {
            let there = if there > 0 { format!("，{there} 行已有") } else { String::new() };
            format!("共 {rows} 行：{many}可以导入，{bad} 行有错{there}。{not_yet}")
        }
        Language::English => {
            let there = if there > 0 { format!(", {there} there already") } else { String::new() };
            format!(
                "{}: {many} can be taken in, {} wrong{there}. {not_yet}",
                counted(rows, "row", "rows"),
                counted(bad, "row is", "rows are"),
            )
        }
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
        let words = match (reader.language, rows - good) {
            (Language::Chinese, 0) => format!("导入 {many}"),
            (Language::Chinese, out) => format!("导入 {many}，略过 {out} 行"),
            (Language::English, 0) => format!("Take {many} in"),
            (Language::English, out) => format!("Take {many} in, leave {} out", counted(out, "row", "rows")),
        };
        form(format!("{at}/take"))
            .set("data-looking", says.say("正在导入……", "Taking it in…"))
            .set(
                "data-broken",
                says.say(
                    "没有收到服务器的答复（可能断网了）。要么整个导入了，要么什么都没有导入；请再按一次，已导入的不会重复。",
                    "No answer came from the server; perhaps the network broke. Either all of it was taken in or nothing: press the button again, nothing comes twice.",
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
