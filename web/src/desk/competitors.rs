//! Who competes in a skill, one by one: found, mended, taken off.

use domain::finding::Language;
use protocol::Problem;
use protocol::setup::{CompetitorForm, Competitors};

use super::{
    Says, button, confirmed, field, form, heading_cells, hidden_input, quiet_link, text_input, wrong,
};
use crate::format::{Reader, segment};
use crate::node::{Element, el};
use crate::parts::{empty, name};

pub(super) fn title(reader: Reader) -> &'static str {
    Says(reader.language).say("选手", "Competitors")
}

fn head(list: &Competitors, title: String, back: Element, reader: Reader) -> Element {
    let says = Says(reader.language);
    let fixed = list.is_fixed.then(|| {
        el("p").class("about").add(says.say(
            "赛项已开放或已抽签，名单不能再改。",
            "The skill is open or drawn; its list cannot be changed any more.",
        ))
    });
    el("div").class("head").add(el("h1").add(title)).add(fixed).add(el("p").class("acts").add(back))
}

fn titled(list: &Competitors, reader: Reader) -> String {
    format!("{} {}", list.skill.number, reader.pick(&list.skill.name)).trim().to_owned()
}

/// `/desk/skill/{id}/competitors`
pub(super) fn list_page(list: &Competitors, reader: Reader) -> Vec<Element> {
    let says = Says(reader.language);
    let at = format!("/desk/skill/{}/competitors", segment(&list.skill.id));
    let roster = format!("/desk/competition/{}/roster", segment(&list.competition));
    let back = quiet_link(says.say("回到名单", "Back to the roster"), roster);
    let head = head(list, format!("{} · {}", title(reader), titled(list, reader)), back, reader);
    let find = el("input")
        .set("type", "search")
        .set("name", "find")
        .set("value", list.find.clone())
        .set("placeholder", says.say("姓名、编号、单位、代表队", "name, number, organisation, delegation"));
    let find = el("form")
        .set("method", "get")
        .set("role", "search")
        .class("line")
        .add(field(says.say("查找", "Find"), find))
        .add(button("quiet", says.say("查找", "Find")));
    let rows: Vec<Element> = list
        .shown
        .iter()
        .map(|(code, one)| {
            let to = format!("{at}/{}", segment(code.as_str()));
            el("tr")
                .add(el("td").class("mono").add(code.to_string()))
                .add(el("th").set("scope", "row").add(name("a", &one.name, reader).set("href", to)))
                .add(el("td").add(name("span", &one.organisation, reader)))
                .add(el("td").add(name("span", &one.delegation, reader)))
                .add(el("td").add(one.group.clone()))
        })
        .collect();
    let (found, all, shown) = (list.found, list.all, rows.len());
    let count = match reader.language {
        Language::Chinese if shown < found => {
            format!("共 {all} 人，找到 {found} 人，列出前 {shown} 人；请写得更具体。")
        }
        Language::Chinese if list.find.is_empty() => format!("共 {all} 人。"),
        Language::Chinese => format!("共 {all} 人，找到 {found} 人。"),
        Language::English if shown < found => {
            format!("{found} of {all} found, the first {shown} listed; be more precise.")
        }
        Language::English if list.find.is_empty() => format!("{all} in all."),
        Language::English => format!("{found} of {all} found."),
    };
    let body = if rows.is_empty() {
        empty(
            says.say("没有选手", "Nobody"),
            if list.find.is_empty() {
                says.say("先导入名单。", "Take a list in first.")
            } else {
                says.say("换一个词再找。", "Look for something else.")
            },
        )
    } else {
        let names = [
            says.say("编号", "Number"),
            says.say("姓名", "Name"),
            says.say("工作单位", "Organisation"),
            says.say("代表队", "Delegation"),
            says.say("组别", "Group"),
        ];
        el("table").class("of-people").add(heading_cells(&names)).add(el("tbody").add(rows))
    };
    vec![head, find, el("p").set("role", "status").add(count), body]
}

/// `/desk/skill/{id}/competitors/{code}`
pub(super) fn one_page(
    (list, code): (&Competitors, &str),
    known: &CompetitorForm,
    typed: &CompetitorForm,
    problem: Option<&Problem>,
    reader: Reader,
) -> Vec<Element> {
    let says = Says(reader.language);
    let all = format!("/desk/skill/{}/competitors", segment(&list.skill.id));
    let at = format!("{all}/{}", segment(code));
    let back = quiet_link(says.say("回到选手", "Back to the competitors"), all);
    let mut page = vec![head(list, format!("{} · {code}", known.name), back, reader)];
    page.extend(problem.map(wrong));
    let free = |field: &'static str, value: &str| {
        el("input").set("name", field).set("maxlength", "200").set("value", value.to_owned())
    };
    let rows = [
        (says.say("工作单位", "Organisation"), "organisation", &known.organisation, &typed.organisation),
        (says.say("代表队", "Delegation"), "delegation", &known.delegation, &typed.delegation),
        (says.say("组别", "Group"), "group", &known.group, &typed.group),
    ];
    if list.is_fixed {
        let facts = rows
            .map(|(word, _, value, _)| el("div").add(el("dt").add(word)).add(el("dd").add(value.to_owned())));
        page.push(el("dl").class("how").add(facts.to_vec()));
        return page;
    }
    // Where somebody else changed it meanwhile, both are seen: what stands there, and what was typed.
    let stands = |value: &str, typed: &str| {
        (problem.is_some() && value != typed).then(|| {
            let words = match reader.language {
                Language::Chinese => format!("现在是：{}", if value.is_empty() { "（空）" } else { value }),
                Language::English => format!("Now: {}", if value.is_empty() { "(empty)" } else { value }),
            };
            el("small").add(words)
        })
    };
    let fields = rows.map(|(word, field_name, value, typed)| {
        field(word, free(field_name, typed)).add(stands(value, typed))
    });
    let whole = form(at.clone())
        .class("sheet")
        .add(
            field(says.say("姓名", "Name"), text_input("name", &typed.name).set("maxlength", "200"))
                .add(stands(&known.name, &typed.name)),
        )
        .add(fields.to_vec())
        .add(hidden_input("seen", typed.seen.clone()))
        .add(button("primary", says.say("保存", "Save")));
    page.push(whole);
    let words = says.say("从名单里删除", "Take off the list");
    let about = says.say(
        "这名选手不再参赛，登记的身份证号和回避声明一起删除；要恢复，重新导入。",
        "This competitor takes part no longer; the identity number and declared interests go as well. To undo it, take them in again.",
    );
    let go = form(format!("{at}/remove")).add(button("quiet", words));
    page.push(confirmed("quiet", words, format!("{words}: {}", known.name), about, go));
    page
}
