//! The editor of a marking scheme: a form whose order is the scheme's, with the sums and what was found beside
//! each row. A script moves rows, adds and removes them, and asks the server what it all comes to; without it the
//! form can be filled in, looked over and saved.

mod row;
mod versions;
mod words;

use domain::finding::Language;
use protocol::Problem;
use protocol::scheme::{Kind, RowAt, SchemeChange, SchemeEdit, SchemeRead, WorkbookNote};
use serde_json::{Value, json};

use super::{Says, button, field, form, hidden_input, option, quiet_link, section, wrong};
use crate::format::{Reader, segment};
use crate::node::{Element, el};

pub(super) use versions::{page as versions_page, title as versions_title};

/// A scheme that is edited, with what else its page shows.
#[derive(Clone, Copy, Debug)]
pub struct SchemeShown<'a> {
    /// It.
    pub edit: &'a SchemeEdit,
    /// Whether it holds something that was not kept.
    pub is_unsaved: bool,
    /// Why it was not.
    pub problem: Option<&'a Problem>,
    /// What somebody else changed meanwhile.
    pub meanwhile: &'a [SchemeChange],
    /// The table that it was read from, just now.
    pub read: Option<&'a SchemeRead>,
}

impl<'a> SchemeShown<'a> {
    /// As it is kept.
    #[must_use]
    pub const fn of(edit: &'a SchemeEdit) -> Self {
        Self { edit, is_unsaved: false, problem: None, meanwhile: &[], read: None }
    }
}

/// What is taken for a scheme's file.
pub(super) const UPLOADED: &str =
    ".xlsx,.csv,.txt,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet,text/csv";

pub(super) fn title(edit: &SchemeEdit, reader: Reader) -> String {
    format!("{} – {}", Says(reader.language).say("评分标准", "Marking scheme"), reader.pick(&edit.skill.name))
}

/// What the page's script begins with.
pub(super) fn data(edit: &SchemeEdit, reader: Reader) -> Value {
    json!({
        "skill": edit.skill.id,
        "checked": edit.checked,
        "library": edit.library,
        "used": edit.used,
        "words": words::of_script(reader.language),
    })
}

/// `/desk/skill/{id}/scheme`
pub(super) fn page(shown: SchemeShown<'_>, reader: Reader) -> Vec<Element> {
    let SchemeShown { edit, .. } = shown;
    let mut page = vec![head(edit, reader)];
    page.extend(shown.problem.map(wrong));
    page.extend(shown.read.map(|read| of_table(edit, read, reader)));
    page.extend(meanwhile(shown, reader));
    page.extend(of_workbook(edit, reader));
    if edit.is_fixed {
        let says = Says(reader.language);
        page.push(el("p").class("about").add(says.say(
            "赛项已开放，评分标准已固定，只能查看。",
            "The skill is open and its scheme is pinned; it can only be looked at.",
        )));
    } else if edit.form.criteria.is_empty() {
        page.push(beginnings(edit, reader));
    }
    page.push(editor(shown, reader));
    if !edit.is_fixed {
        page.extend(tools(edit, reader));
    }
    page
}

fn head(edit: &SchemeEdit, reader: Reader) -> Element {
    let says = Says(reader.language);
    let at = format!("/desk/skill/{}/scheme", segment(&edit.skill.id));
    let title = format!(
        "{} · {} {}",
        says.say("评分标准", "Marking scheme"),
        edit.skill.number,
        reader.pick(&edit.skill.name)
    );
    let back = format!("/desk/skill/{}", segment(&edit.skill.id));
    let versions = (edit.versions > 0).then(|| {
        let words = match reader.language {
            Language::Chinese => format!("版本（{}）", edit.versions),
            Language::English => format!("Versions ({})", edit.versions),
        };
        el("a").class("quiet").set("href", format!("{at}/versions")).add(words)
    });
    let workbook = (edit.checked.aspects > 0)
        .then(|| quiet_link(says.say("下载 CIS 评分表", "CIS workbook"), format!("{at}/workbook")));
    let table = (edit.checked.aspects > 0)
        .then(|| quiet_link(says.say("下载 Excel 表格", "As a table"), format!("{at}/table")));
    let acts = el("p")
        .class("acts")
        .add(quiet_link(says.say("回到大赛", "Back to the competition"), back))
        .add(versions)
        .add(workbook)
        .add(table);
    el("div").class("head").add(el("h1").add(title.trim().to_owned())).add(acts)
}

/// What somebody else did since the page was loaded.
fn meanwhile(shown: SchemeShown<'_>, reader: Reader) -> Option<Element> {
    let says = Says(reader.language);
    if shown.meanwhile.is_empty() {
        return None;
    }
    let about = says.say(
        "下面是别人这期间改的。再按一次“保存”，就以您页面上的内容为准；之前的版本都还能找回。",
        "This is what was changed meanwhile. Save once more and what stands on your page holds; earlier versions can all be had back.",
    );
    Some(
        section("meanwhile", says.say("别人这期间的修改", "Changed by somebody else meanwhile"))
            .add(el("p").class("about").add(about))
            .add(versions::changes(shown.meanwhile, reader)),
    )
}

/// What a table came to, which is not kept yet.
fn of_table(edit: &SchemeEdit, read: &SchemeRead, reader: Reader) -> Element {
    let count = edit.form.aspects().count();
    let file = Some(read.file_name.as_str()).filter(|name| !name.is_empty());
    let words = match reader.language {
        Language::Chinese => {
            let file = file.unwrap_or("文件");
            format!("从“{file}”读入 {count} 个评分点，还没有保存；请核对，保存后才换上。")
        }
        Language::English => {
            let file = file.unwrap_or("the file");
            format!(
                "{count} aspects were read from \"{file}\" and are not kept yet: look them over and save."
            )
        }
    };
    let notes = (!read.notes.is_empty()).then(|| el("ul").class("lacks").add(notes(&read.notes, reader)));
    el("div").class("note").set("role", "status").add(el("p").add(words)).add(notes)
}

/// What was found in a file, a line each.
fn notes(notes: &[WorkbookNote], reader: Reader) -> Vec<Element> {
    let note = |finding: &WorkbookNote| {
        let mut place = String::new();
        if let Some(row) = finding.row {
            place = match reader.language {
                Language::Chinese => format!("第 {row} 行"),
                Language::English => format!("row {row}"),
            };
        }
        if let Some(column) = &finding.column {
            place = format!("{place} {column}");
        }
        el("li")
            .add(el("span").class("mono").add(place.trim().to_owned()))
            .add(" ")
            .add(reader.pick(&finding.what))
    };
    notes.iter().map(note).collect()
}

fn of_workbook(edit: &SchemeEdit, reader: Reader) -> Option<Element> {
    let says = Says(reader.language);
    if edit.of_workbook.is_empty() || edit.is_fixed {
        return None;
    }
    let count = edit.of_workbook.len();
    let words = match reader.language {
        Language::Chinese => format!("上传的评分表里有 {count} 处值得看一眼"),
        Language::English => format!("{count} things in the workbook are worth a look"),
    };
    Some(
        el("details")
            .class("folded of-workbook")
            .set_some("open", (count <= 5).then_some(""))
            .set("aria-label", says.say("评分表里的问题", "What was found in the workbook"))
            .add(el("summary").add(words))
            .add(el("ul").class("lacks").add(notes(&edit.of_workbook, reader))),
    )
}

/// The ways to begin a scheme.
fn beginnings(edit: &SchemeEdit, reader: Reader) -> Element {
    let says = Says(reader.language);
    let id = segment(&edit.skill.id);
    let file =
        el("input").set("type", "file").set("name", "file").set("required", "").set("accept", UPLOADED);
    let upload = form(format!("/desk/skill/{id}/scheme/upload?from_editor=1"))
        .set("enctype", "multipart/form-data")
        .class("line")
        .add(field(
            says.say(
                "CIS 评分表，或按模板填的 Excel、CSV",
                "CIS workbook, or the template filled in (Excel, CSV)",
            ),
            file,
        ))
        .add(button("primary", says.say("上传", "Upload")))
        .add(quiet_link(says.say("下载模板", "Template"), format!("/desk/skill/{id}/scheme/table")));
    let sources: Vec<Element> = edit
        .sources
        .iter()
        .map(|source| {
            let name = format!("{} {}", source.skill.number, reader.pick(&source.skill.name));
            let words = match reader.language {
                Language::Chinese => format!("{name}（{} 个评分点）", source.aspects),
                Language::English => format!("{name} ({} aspects)", source.aspects),
            };
            option(source.skill.id.clone(), false, words)
        })
        .collect();
    let take = (!sources.is_empty()).then(|| {
        let from = el("select").set("name", "from").add(sources);
        form(format!("/desk/skill/{id}/scheme/take"))
            .class("line")
            .add(field(says.say("照着另一个赛项", "Take that of another skill"), from))
            .add(button("quiet", says.say("照搬过来再改", "Take it, then change it")))
    });
    let about = if take.is_some() {
        says.say(
            "在下面逐条写（也可以从 Excel 成片粘贴），上传 CIS 评分表或填好的模板，或照搬别的赛项再改。",
            "Write it below (or paste rows from Excel), upload a CIS workbook or the template filled in, or take over that of another skill.",
        )
    } else {
        says.say(
            "在下面逐条写（也可以从 Excel 成片粘贴），或上传 CIS 评分表、填好的模板。",
            "Write it below (or paste rows from Excel), or upload a CIS workbook or the template filled in.",
        )
    };
    section("begin", says.say("还没有评分标准", "There is no marking scheme yet"))
        .add(el("p").class("about").add(about))
        .add(upload)
        .add(take)
}

fn editor(shown: SchemeShown<'_>, reader: Reader) -> Element {
    let SchemeShown { edit, .. } = shown;
    let says = Says(reader.language);
    let checked = &edit.checked;
    let mut subs = 0..;
    let mut aspects = 0..;
    let mut criteria = Vec::new();
    for (at, criterion) in edit.form.criteria.iter().enumerate() {
        let of_subs: Vec<Element> = criterion
            .subs
            .iter()
            .map(|sub| {
                let at = subs.next().unwrap_or_default();
                let rows: Vec<Element> = sub
                    .aspects
                    .iter()
                    .map(|aspect| row::aspect(aspect, aspects.next().unwrap_or_default(), checked, reader))
                    .collect();
                row::sub(sub, at, checked, rows, reader)
            })
            .collect();
        criteria.push(row::criterion(criterion, at, checked, of_subs, reader));
    }
    let sections = edit.form.sections.iter().enumerate();
    let sections: Vec<Element> = sections.map(|(at, one)| row::section(one, at, checked, reader)).collect();
    let parts = edit.form.parts.iter().enumerate();
    let parts: Vec<Element> = parts.map(|(at, one)| row::part(one, at, checked, reader)).collect();
    let add = |act: &'static str, words: &'static str| {
        (!edit.is_fixed).then(|| row::act(act, words, words).class("quiet add"))
    };
    let body = el("div")
        .class("scheme-body")
        .add(row::notes(checked, None, reader))
        .add(el("div").set("data-rows", "c").add(criteria))
        .add(add("add-c", says.say("添加评分项", "Add a criterion")))
        .add(
            el("fieldset")
                .class("beside")
                .add(
                    el("legend")
                        .add(says.say("标准章节（各占多少分）", "Standards sections, and the marks of each")),
                )
                .add(el("div").set("data-rows", "n").add(sections))
                .add(add("add-n", says.say("添加章节", "Add a section"))),
        )
        .add(
            el("fieldset")
                .class("beside")
                .add(el("legend").add(says.say(
                    "加权部分（如理论 30 %、实操 70 %；不分部分就空着）",
                    "Weighted parts (theory 30 %, practice 70 %); none where all is summed",
                )))
                .add(el("div").set("data-rows", "p").add(parts))
                .add(add("add-p", says.say("添加部分", "Add a part"))),
        );
    let body =
        el("fieldset").class("scheme-fields").set_some("disabled", edit.is_fixed.then_some("")).add(body);
    let mut class = String::from("scheme-editor");
    if !edit.form.sections.is_empty() {
        class.push_str(" with-sections");
    }
    if !edit.form.parts.is_empty() {
        class.push_str(" with-parts");
    }
    let tree = el("nav")
        .class("scheme-tree")
        .set("aria-label", says.say("目录", "Outline"))
        .add(tree(shown, reader));
    form(format!("/desk/skill/{}/scheme", segment(&edit.skill.id)))
        .set("id", "scheme")
        .class(class)
        .set("novalidate", "")
        .set("autocomplete", "off")
        .set_some("data-unsaved", shown.is_unsaved.then_some(""))
        .add(hidden_input("seen", edit.form.seen.clone()))
        .add(bar(shown, reader))
        .add(tree)
        .add(body)
}

/// What stays in sight: the sum, what was found, and saving.
fn bar(shown: SchemeShown<'_>, reader: Reader) -> Element {
    let SchemeShown { edit, .. } = shown;
    let says = Says(reader.language);
    let checked = &edit.checked;
    let wanted = checked.wanted.as_ref().map(|wanted| el("span").class("wanted").add(format!(" / {wanted}")));
    let sum = el("p")
        .class("sum")
        .add(el("span").add(says.say("合计", "Total")))
        .add(el("output").set("data-sum", "total").class("count").add(checked.total.clone()))
        .add(wanted)
        .add(
            el("span")
                .class("of")
                .set("data-aspects", "")
                .add(words::aspects(checked.aspects, reader.language)),
        );
    let found = words::found(checked, reader.language);
    let found = el("button")
        .set("type", "button")
        .class("found")
        .set("data-act", "next")
        .set("data-state", words::state_of(checked))
        .add(found);
    let state = if shown.is_unsaved { says.say("有未保存的修改", "Unsaved changes") } else { "" };
    let state = el("span").class("state").set("role", "status").add(state);
    let saving = (!edit.is_fixed).then(|| {
        el("p")
            .class("acts")
            .add(
                row::act("undo", says.say("撤销", "Undo"), says.say("撤销上一步", "Undo the last step"))
                    .class("quiet")
                    .set("disabled", ""),
            )
            .add(
                button("quiet only-plain", says.say("检查", "Check")).set("name", "act").set("value", "look"),
            )
            .add(button("primary", says.say("保存", "Save")).set("name", "act").set("value", "save"))
    });
    el("div").class("scheme-bar").add(sum).add(found).add(state).add(saving)
}

fn tree(shown: SchemeShown<'_>, _reader: Reader) -> Element {
    let edit = shown.edit;
    let checked = &edit.checked;
    let sum = |sums: &[String], at: usize| sums.get(at).cloned().unwrap_or_default();
    let mut subs = 0..;
    let line = |to: String, id: &str, name: &str, total: String| {
        el("a")
            .set("href", to)
            .add(el("b").add(id.to_owned()))
            .add(el("span").add(name.to_owned()))
            .add(el("output").class("count").add(total))
    };
    let criteria = edit.form.criteria.iter().enumerate().map(|(at, criterion)| {
        let below: Vec<Element> = criterion
            .subs
            .iter()
            .map(|sub| {
                let at = subs.next().unwrap_or_default();
                el("li").add(line(format!("#s-{at}"), &sub.id, &sub.name, sum(&checked.subs, at)))
            })
            .collect();
        el("li")
            .add(line(format!("#c-{at}"), &criterion.id, &criterion.name, sum(&checked.criteria, at)))
            .add(el("ol").add(below))
    });
    el("ol").add(criteria.collect::<Vec<_>>())
}

/// What the script takes rows from, the library, what is done with several rows, and the keys.
fn tools(edit: &SchemeEdit, reader: Reader) -> Vec<Element> {
    let says = Says(reader.language);
    let template = |id: &'static str, row: Element| el("template").set("id", id).add(row);
    let mut tools = vec![
        template(
            "new-c",
            row::criterion(
                &protocol::scheme::CriterionForm::default(),
                usize::MAX,
                &edit.checked,
                Vec::new(),
                reader,
            ),
        ),
        template(
            "new-s",
            row::sub(
                &protocol::scheme::SubForm { day: "1".to_owned(), ..Default::default() },
                usize::MAX,
                &edit.checked,
                Vec::new(),
                reader,
            ),
        ),
        template(
            "new-a",
            row::aspect(&protocol::scheme::AspectForm::default(), usize::MAX, &edit.checked, reader),
        ),
        template(
            "new-n",
            row::section(&protocol::scheme::SectionForm::default(), usize::MAX, &edit.checked, reader),
        ),
        template(
            "new-p",
            row::part(&protocol::scheme::PartForm::default(), usize::MAX, &edit.checked, reader),
        ),
    ];
    for kind in Kind::ALL {
        let fields = row::of_kind(kind, &protocol::scheme::AspectForm::default(), reader);
        tools.push(el("template").set("id", format!("kind-{}", kind.name())).add(fields));
    }
    tools.push(bulk(reader));
    tools.push(library(reader));
    let keys = words::KEYS.map(|(keys, zh, en)| {
        el("div").add(el("dt").add(el("kbd").add(keys))).add(el("dd").add(says.say(zh, en)))
    });
    tools.push(
        el("details")
            .class("folded scheme-keys")
            .add(el("summary").add(says.say("按键和粘贴", "Keys and pasting")))
            .add(el("dl").class("how").add(keys.to_vec()))
            .add(el("p").class("about").add(says.say(
                "从 Excel 复制一片单元格，粘贴到任一评分点的编号、内容或满分里：按编号、内容、方式、满分、章节、部分、要求、备注、0–3 档描述的次序往右、往下填，不够的行自动添加。",
                "Copy cells from Excel and paste them into an aspect's id, text or maximum: they fill to the right (id, text, way, maximum, section, part, requirement, note, descriptors 0 to 3) and downwards; rows are added as needed.",
            ))),
    );
    let datalist = |id: &'static str| el("datalist").set("id", id);
    tools.push(datalist("known-sections"));
    tools.push(datalist("known-parts"));
    tools
}

fn bulk(reader: Reader) -> Element {
    let says = Says(reader.language);
    let acts = [
        ("max", says.say("满分改为", "Set the maximum to")),
        ("kind", says.say("评分方式改为", "Set the way of marking to")),
        ("section", says.say("标准章节改为", "Set the section to")),
        ("part", says.say("部分改为", "Set the part to")),
        ("move", says.say("移到", "Move to")),
        ("library", says.say("换用描述库里的四档", "Take descriptors of the library")),
        ("number", says.say("按次序重新编号", "Number in order")),
        ("remove", says.say("删除", "Remove")),
    ];
    let acts: Vec<Element> = acts.iter().map(|(value, words)| option(*value, false, *words)).collect();
    el("div")
        .class("scheme-bulk")
        .set("role", "group")
        .set("aria-label", says.say("成批修改", "Change several"))
        .set("hidden", "")
        .add(el("output").class("picked"))
        .add(
            el("select")
                .set("data-bulk", "act")
                .set("aria-label", says.say("做什么", "What to do"))
                .add(acts),
        )
        .add(el("input").set("data-bulk", "text").set("aria-label", says.say("新的值", "The new value")))
        .add(
            el("select")
                .set("data-bulk", "choice")
                .set("aria-label", says.say("新的值", "The new value"))
                .set("hidden", ""),
        )
        .add(
            row::act(
                "bulk",
                says.say("应用", "Apply"),
                says.say("应用到选中的评分点", "Apply to the chosen aspects"),
            )
            .class("primary"),
        )
        .add(
            row::act("bulk-none", says.say("取消选择", "Choose none"), says.say("取消选择", "Choose none"))
                .class("quiet"),
        )
}

fn library(reader: Reader) -> Element {
    let says = Says(reader.language);
    let find = el("input")
        .set("type", "search")
        .set("data-library", "find")
        .set("placeholder", says.say("找：工作环境、外观……", "find: workplace, finish …"));
    el("dialog")
        .set("id", "library")
        .set("aria-labelledby", "library-title")
        .add(el("h2").set("id", "library-title").add(says.say("四档描述库", "Descriptors 0 to 3")))
        .add(el("p").class("about").add(says.say(
            "选一组，换上后可以再改得更贴合您的赛项。",
            "Choose a set; change it afterwards to fit your skill.",
        )))
        .add(field(says.say("查找", "Find"), find))
        .add(el("div").class("sets").set("data-library", "sets"))
        .add(el("p").class("acts").add(
            row::act("library-no", says.say("取消", "Cancel"), says.say("取消", "Cancel")).class("quiet"),
        ))
}

/// Where a row of the editor stands in the page.
fn anchor(at: RowAt) -> String {
    match at {
        RowAt::Criterion(at) => format!("c-{at}"),
        RowAt::Sub(at) => format!("s-{at}"),
        RowAt::Aspect(at) => format!("a-{at}"),
        RowAt::Section(at) => format!("n-{at}"),
        RowAt::Part(at) => format!("p-{at}"),
    }
}
