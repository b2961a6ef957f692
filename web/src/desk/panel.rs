//! Panels: a table of sub-criteria and judges, in which it is chosen who marks what.

use domain::finding::Language;
use protocol::Problem;
use protocol::setup::{PanelJudge, PanelRow, Panels, Sits};

use super::{Says, button, form, hidden_input, option, quiet_link, wrong};
use crate::format::{Reader, segment};
use crate::node::{Element, el};
use crate::parts::{empty, name};

pub(super) fn title(reader: Reader) -> &'static str {
    Says(reader.language).say("评分组", "Panels")
}

/// `/desk/skill/{id}/panels`
pub(super) fn page(
    panels: &Panels,
    is_unsaved: bool,
    problem: Option<&Problem>,
    reader: Reader,
) -> Vec<Element> {
    let says = Says(reader.language);
    let skill = format!("{} {}", panels.skill.number, reader.pick(&panels.skill.name));
    let back = format!("/desk/skill/{}", segment(&panels.skill.id));
    let acts = el("p")
        .class("acts")
        .add(quiet_link(says.say("回到大赛", "Back to the competition"), back))
        .add(quiet_link(
            says.say("回避", "Conflicts of interest"),
            format!("/desk/skill/{}/interests", segment(&panels.skill.id)),
        ));
    let head =
        el("div").class("head").add(el("h1").add(format!("{} · {}", title(reader), skill.trim()))).add(acts);
    let mut page = vec![head];
    page.extend(problem.map(wrong));
    if panels.rows.is_empty() || panels.judges.is_empty() {
        page.push(empty(
            says.say("还排不了评分组", "Panels cannot be set yet"),
            says.say("先要有评分标准和裁判。", "There have to be a scheme and judges first."),
        ));
        return page;
    }
    if panels.is_open {
        page.push(el("p").class("about").add(says.say(
            "赛项已开放，评分组已固定；换裁判由裁判长在他的页面上做。",
            "The skill is open and its panels are pinned; the chief judge replaces judges on their page.",
        )));
    }
    if panels.is_sealed {
        page.push(el("p").class("note").add(says.say(
            "这个赛项的编码是密封的，裁判不知道评的是谁，所以不按回避排除。",
            "The codes of this skill are sealed: no judge knows whom they mark, so nobody is barred.",
        )));
    }
    page.extend(found(panels, reader));
    page.push(table_form(panels, is_unsaved, reader));
    page
}

fn found(panels: &Panels, reader: Reader) -> Option<Element> {
    let says = Says(reader.language);
    let rows: Vec<Element> = panels
        .found
        .iter()
        .map(|(is_error, what)| {
            let word = if *is_error { says.say("要改", "To mend") } else { says.say("提醒", "To know") };
            el("li").add(el("strong").add(word)).add(" ").add(reader.pick(what))
        })
        .collect();
    (!rows.is_empty()).then(|| {
        el("ul")
            .class("lacks")
            .set("aria-label", says.say("评分组里的问题", "What is found in the panels"))
            .add(rows)
    })
}

fn table_form(panels: &Panels, is_unsaved: bool, reader: Reader) -> Element {
    let says = Says(reader.language);
    let who = if panels.is_own {
        says.say(
            "按下表评分；以后添加的裁判要在这里排上。",
            "Marked as the table says; judges who are added later are put in here.",
        )
    } else {
        says.say(
            "现在每位裁判评所有子项，裁判长不评；以后添加的裁判也一样。改下表就按表评。",
            "Every judge marks everything and the chief judge does not, also those who are added later. Change the table to have it otherwise.",
        )
    };
    let who = el("p").class("about").add(who);
    let corner = el("th").set("scope", "col").add(says.say("子项", "Sub-criterion"));
    let heads =
        panels.judges.iter().map(|judge| judge_head(judge, panels.is_open, reader)).collect::<Vec<_>>();
    let rows =
        panels.rows.iter().map(|row| row_of(row, &panels.judges, panels.is_open, reader)).collect::<Vec<_>>();
    let table = el("table")
        .class("panels")
        .add(el("caption").class("unseen").add(title(reader)))
        .add(el("thead").add(el("tr").add(corner).add(heads)))
        .add(el("tbody").add(rows));
    let table = el("div")
        .class("wide-table")
        .set("tabindex", "0")
        .set("role", "region")
        .set("aria-label", title(reader))
        .add(table);
    if panels.is_open {
        return table;
    }
    let state =
        is_unsaved.then(|| el("p").set("role", "status").add(says.say("还没有保存。", "Not saved yet.")));
    let judges = panels.judges.iter().map(|judge| hidden_input("judge", judge.code.to_string()));
    let save = el("p")
        .class("acts")
        .add(button("primary", says.say("保存", "Save")).set("name", "act").set("value", "save"))
        .add(button("quiet", says.say("先检查", "Check first")).set("name", "act").set("value", "look"))
        .add(panels.is_own.then(|| {
            button("quiet", says.say("改回每位裁判都评", "Let every judge mark everything"))
                .set("name", "act")
                .set("value", "everyone")
        }));
    form(format!("/desk/skill/{}/panels", segment(&panels.skill.id)))
        .class("of-panels")
        .add(hidden_input("seen", panels.seen.clone()))
        .add(judges.collect::<Vec<_>>())
        .add(who)
        .add(table)
        .add(state)
        .add(save)
}

fn judge_head(judge: &PanelJudge, is_open: bool, reader: Reader) -> Element {
    let says = Says(reader.language);
    let chief = judge.is_chief.then(|| el("small").add(says.say("裁判长", "chief judge")));
    let barred = (!judge.barred.is_empty()).then(|| {
        let names: Vec<String> = judge
            .barred
            .iter()
            .take(3)
            .map(|(code, name)| if name.is_empty() { code.to_string() } else { name.clone() })
            .collect();
        let count = judge.barred.len();
        let words = match reader.language {
            Language::Chinese if count > names.len() => {
                format!("△ 回避 {} 等 {count} 人", names.join("、"))
            }
            Language::Chinese => format!("△ 回避 {}", names.join("、")),
            Language::English if count > names.len() => {
                format!("△ may not mark {} and {} more", names.join(", "), count - names.len())
            }
            Language::English => format!("△ may not mark {}", names.join(", ")),
        };
        el("small").class("barred").add(words)
    });
    let fill = |value: &str, words: &'static str| {
        button("quiet", words)
            .set("name", "act")
            .set("value", format!("{value} {}", judge.code))
            .set("aria-label", format!("{words}: {}", judge.name))
    };
    let fills = (!is_open).then(|| {
        el("span")
            .class("fills")
            .add(fill("all", says.say("全评", "all")))
            .add(fill("none", says.say("不评", "none")))
    });
    el("th")
        .set("scope", "col")
        .add(name("span", &judge.name, reader))
        .add(el("small").class("mono").add(judge.code.to_string()))
        .add(chief)
        .add(barred)
        .add(fills)
}

fn row_of(row: &PanelRow, judges: &[PanelJudge], is_open: bool, reader: Reader) -> Element {
    let says = Says(reader.language);
    let about = match reader.language {
        Language::Chinese => format!("第 {} 天 · {} 个评分点", row.day, row.aspects),
        Language::English => format!("day {} · {} aspects", row.day, row.aspects),
    };
    let fill = (!is_open).then(|| {
        button("quiet", says.say("都评", "everybody"))
            .set("name", "act")
            .set("value", format!("row {}", row.sub_criterion))
            .set("aria-label", format!("{}: {}", says.say("都评", "everybody"), row.sub_criterion))
    });
    let head = el("th")
        .set("scope", "row")
        .add((!is_open).then(|| hidden_input("s", row.sub_criterion.clone())))
        .add(el("b").add(row.sub_criterion.clone()))
        .add(" ")
        .add(name("span", &row.name, reader))
        .add(el("small").add(about))
        .add(fill);
    let cells = judges.iter().zip(&row.sits).map(|(judge, sits)| {
        let (word, class) = match sits {
            Sits::No => ("–", "no"),
            Sits::Counts => (says.say("计分", "marks"), "counts"),
            Sits::Trainee => (says.say("见习", "trainee"), "trainee"),
        };
        if is_open {
            return el("td").class(class).add(word);
        }
        let label = format!("{} {}", row.sub_criterion, judge.name);
        let select = el("select")
            .set("name", "seat")
            .set("aria-label", label)
            .add(option("", *sits == Sits::No, "–"))
            .add(option(format!("counts {}", judge.code), *sits == Sits::Counts, says.say("计分", "marks")))
            .add(option(
                format!("trainee {}", judge.code),
                *sits == Sits::Trainee,
                says.say("见习", "trainee"),
            ));
        el("td").class(class).add(select)
    });
    el("tr").add(head).add(cells.collect::<Vec<_>>())
}
