//! Who competes in a skill: found, mended one by one, and changed several at a time.

use domain::finding::Language;
use protocol::Problem;
use protocol::bulk::{BulkAct, BulkDone, BulkPreview};
use protocol::list::ListQuery;
use protocol::setup::{CompetitorForm, Competitors, SkillList};

use super::list::{List, outs, tick};
use super::{
    Says, button, confirmed, field, form, heading_cells, hidden_input, option, quiet_link, text_input, wrong,
};
use crate::format::{Reader, segment};
use crate::node::{Element, el};
use crate::parts::{empty, name};

/// How many of those concerned a preview lists.
const LISTED_MAX: usize = 200;

pub(super) fn title(reader: Reader) -> &'static str {
    Says(reader.language).say("选手", "Competitors")
}

pub(super) fn bulk_title(reader: Reader) -> &'static str {
    Says(reader.language).say("批量修改选手", "A bulk change of competitors")
}

fn head(of: &SkillList, title: String, back: Element, reader: Reader) -> Element {
    let says = Says(reader.language);
    let fixed = of.is_fixed.then(|| {
        el("p").class("about").add(says.say(
            "赛项已开放或已抽签，名单不能再改。",
            "The skill is open or drawn; its list cannot be changed any more.",
        ))
    });
    el("div").class("head").add(el("h1").add(title)).add(fixed).add(el("p").class("acts").add(back))
}

fn titled(of: &SkillList, reader: Reader) -> String {
    format!("{} {}", of.skill.number, reader.pick(&of.skill.name)).trim().to_owned()
}

/// `/desk/skill/{id}/competitors`
pub(super) fn list_page(
    shown: &Competitors,
    query: &ListQuery,
    problem: Option<&Problem>,
    reader: Reader,
) -> Vec<Element> {
    let says = Says(reader.language);
    let Competitors { of, part, delegations, groups, undo } = shown;
    let skill = segment(&of.skill.id);
    let at = format!("/desk/skill/{skill}/competitors");
    let list = List { at: &at, place: "", query, unit: "人", reader };
    let roster = format!("/desk/competition/{}/roster", segment(&of.competition));
    let back = quiet_link(says.say("回到名单", "Back to the roster"), roster);
    let mut page = vec![head(of, format!("{} · {}", title(reader), titled(of, reader)), back, reader)];
    page.extend(problem.map(wrong));
    page.extend(undo.as_ref().map(|undo| done(undo, &skill, &list, reader)));
    let is_long = part.is_long(query);
    if is_long {
        let values = |all: &[String]| all.iter().map(|one| (one.clone(), one.clone())).collect();
        page.push(list.search(
            says.say("姓名、编号、单位、代表队", "name, number, organisation, delegation"),
            vec![
                ("delegation", says.say("代表队", "Delegation"), values(delegations)),
                ("group", says.say("组别", "Group"), values(groups)),
            ],
        ));
    }
    page.push(list.count(part));
    if part.all > 0 {
        let out = format!("/desk/skill/{skill}/out/competitors");
        page.push(el("p").class("acts").add(outs(&out, query, reader)));
    }
    if part.all == 0 {
        page.push(empty(says.say("没有选手", "Nobody"), says.say("先导入名单。", "Take a list in first.")));
        return page;
    }
    if part.rows.is_empty() {
        page.push(list.nothing());
        return page;
    }
    let rows: Vec<Element> = part
        .rows
        .iter()
        .map(|(code, one)| {
            let to = query.address(&format!("{at}/{}", segment(code.as_str())));
            let label = format!("{} {} {code}", says.say("选", "Choose"), one.name);
            el("tr")
                .add((!of.is_fixed).then(|| tick("code", code.as_str(), label)))
                .add(el("td").class("mono").add(code.to_string()))
                .add(el("th").set("scope", "row").add(name("a", &one.name, reader).set("href", to)))
                .add(el("td").add(name("span", &one.organisation, reader)))
                .add(el("td").add(name("span", &one.delegation, reader)))
                .add(el("td").add(one.group.clone()))
        })
        .collect();
    let by = |column: &'static str| if is_long { column } else { "" };
    let mut columns = vec![
        (by("code"), says.say("编号", "Number")),
        (by("name"), says.say("姓名", "Name")),
        (by("organisation"), says.say("工作单位", "Organisation")),
        (by("delegation"), says.say("代表队", "Delegation")),
        (by("group"), says.say("组别", "Group")),
    ];
    if !of.is_fixed {
        columns.insert(0, ("", says.say("选", "Pick")));
    }
    let class = if of.is_fixed { "of-people" } else { "of-people is-ticked" };
    let table = el("table").class(class).add(list.heads(&columns)).add(el("tbody").add(rows));
    if of.is_fixed {
        page.push(table);
        page.extend(list.pages(part));
        return page;
    }
    let several = el("form")
        .set("method", "get")
        .set("action", format!("/desk/skill/{skill}/bulk"))
        .class("several")
        .add(table)
        .add(list.kept())
        .add(list.pages(part))
        .add(bulk_bar(shown, reader));
    page.push(several);
    page
}

fn people(count: usize, reader: Reader) -> String {
    match (reader.language, count) {
        (Language::Chinese, _) => format!("{count} 人"),
        (Language::English, 1) => "1 competitor".to_owned(),
        (Language::English, _) => format!("{count} competitors"),
    }
}

fn act_word(act: BulkAct, reader: Reader) -> &'static str {
    let says = Says(reader.language);
    match act {
        BulkAct::Delegation => says.say("改代表队", "Set the delegation"),
        BulkAct::Group => says.say("改组别", "Set the group"),
        BulkAct::Organisation => says.say("改工作单位", "Set the organisation"),
        BulkAct::Remove => says.say("从名单里删除", "Take off the list"),
    }
}

/// What is done with those who are ticked.
fn bulk_bar(shown: &Competitors, reader: Reader) -> Element {
    let says = Says(reader.language);
    let found = shown.part.found;
    let all = (shown.part.pages > 1).then(|| {
        let words = match reader.language {
            Language::Chinese => format!("符合的全部 {found} 人，不只勾选的"),
            Language::English => format!("All {found} that fit, not only those ticked"),
        };
        let tick = el("input").set("type", "checkbox").set("name", "all").set("value", "yes");
        el("label").class("tick").add(tick).add(el("span").add(words))
    });
    let acts = BulkAct::ALL.map(|(act, word)| option(word, act == BulkAct::default(), act_word(act, reader)));
    let known = shown.delegations.iter().chain(&shown.groups);
    let known: Vec<Element> = known.map(|one| el("option").set("value", one.clone())).collect();
    let to = el("input")
        .set("name", "to")
        .set("maxlength", "200")
        .set("list", "known")
        .set("autocomplete", "off")
        .set("placeholder", says.say("删除时不用填", "nothing where they are taken off"));
    el("fieldset")
        .class("bulk")
        .add(el("legend").add(says.say("勾选选手，一起修改", "Tick some, change them together")))
        .add(all)
        .add(
            el("div")
                .class("line")
                .add(field(says.say("做什么", "Do"), el("select").set("name", "act").add(acts.to_vec())))
                .add(field(says.say("改成", "To"), to))
                .add(el("datalist").set("id", "known").add(known))
                .add(button("primary", says.say("先看会改什么", "See what it would change"))),
        )
}

/// What a bulk change did, and the way to undo it.
fn done(undo: &BulkDone, skill: &str, list: &List<'_>, reader: Reader) -> Element {
    let says = Says(reader.language);
    let count = people(usize::try_from(undo.count).unwrap_or_default(), reader);
    let (to, when) = (&undo.to, reader.moment(undo.made_at));
    let what = act_word(undo.act, reader);
    let to = if undo.act == BulkAct::Remove { String::new() } else { format!("“{to}”") };
    let words = match reader.language {
        Language::Chinese => format!("{}：{what}{to}，{count}（{when}）。一天内可以整批撤销。", undo.by),
        Language::English => {
            let to = if to.is_empty() { to } else { format!(" to {to}") };
            format!("{}: {what}{to}, {count} ({when}). For a day it can be undone as a whole.", undo.by)
        }
    };
    let go = form(format!("/desk/skill/{skill}/bulk/undo"))
        .add(hidden_input("id", undo.id.clone()))
        .add(list.kept())
        .add(button("quiet", says.say("撤销", "Undo")));
    el("div").class("note undo").set("role", "status").add(el("p").add(words)).add(go)
}

/// `/desk/skill/{id}/bulk`
pub(super) fn bulk_page(shown: &BulkPreview, problem: Option<&Problem>, reader: Reader) -> Vec<Element> {
    let says = Says(reader.language);
    let BulkPreview { of, bulk, concerned, unchanged, digest } = shown;
    let skill = segment(&of.skill.id);
    let at = format!("/desk/skill/{skill}/competitors");
    let list = List { at: &at, place: "", query: &bulk.query, unit: "人", reader };
    let back = quiet_link(says.say("不改了，回到选手", "Back, change nothing"), bulk.query.address(&at));
    let mut page = vec![head(of, format!("{} · {}", bulk_title(reader), titled(of, reader)), back, reader)];
    page.extend(problem.map(wrong));
    let (what, to) = (act_word(bulk.act, reader), &bulk.to);
    let then = if to.is_empty() { says.say("（空）", "(empty)") } else { to.as_str() };
    let count = people(concerned.len(), reader);
    let is_removal = bulk.act == BulkAct::Remove;
    let words = match reader.language {
        Language::Chinese if is_removal => {
            format!("{what}：{count}。登记的身份证号、回避声明和报到记录一起删除。")
        }
        Language::Chinese => format!("{what}：{count}改成“{then}”。"),
        Language::English if is_removal => {
            format!("{what}: {count}, with their identity numbers, declared interests and check-ins.")
        }
        Language::English => format!("{what}: {count} to \"{then}\"."),
    };
    let same = (*unchanged > 0).then(|| {
        el("p").class("about").add(match reader.language {
            Language::Chinese => format!("另选的 {unchanged} 人本来就是这样。"),
            Language::English => format!("{unchanged} more who were chosen are like that already."),
        })
    });
    page.push(el("p").class("sum").add(words));
    page.extend(same);
    if concerned.is_empty() {
        return page;
    }
    let rows: Vec<Element> = concerned
        .iter()
        .take(LISTED_MAX)
        .map(|one| {
            let change = (!is_removal).then(|| {
                [el("td").add(name("span", &one.now, reader)), el("td").add(name("strong", then, reader))]
                    .to_vec()
            });
            el("tr")
                .add(el("td").class("mono").add(one.code.to_string()))
                .add(el("th").set("scope", "row").add(name("span", &one.name, reader)))
                .add(change)
        })
        .collect();
    let mut columns = vec![says.say("编号", "Number"), says.say("姓名", "Name")];
    if !is_removal {
        columns.extend([says.say("现在", "Now"), says.say("改成", "Then")]);
    }
    page.push(el("table").class("of-change").add(heading_cells(&columns)).add(el("tbody").add(rows)));
    page.extend((concerned.len() > LISTED_MAX).then(|| {
        let more = concerned.len() - LISTED_MAX;
        el("p").class("about").add(match reader.language {
            Language::Chinese => format!("还有 {more} 人没有列出。"),
            Language::English => format!("{more} more are not listed."),
        })
    }));
    let codes = bulk.codes.iter().filter(|_| !bulk.is_all);
    let confirm = form(format!("/desk/skill/{skill}/bulk"))
        .add(hidden_input("act", bulk.act.as_str()))
        .add(hidden_input("to", to.clone()))
        .add(bulk.is_all.then(|| hidden_input("all", "yes")))
        .add(codes.map(|code| hidden_input("code", code.to_string())).collect::<Vec<_>>())
        .add(list.kept())
        .add(hidden_input("digest", digest.clone()))
        .add(match reader.language {
            Language::Chinese => el("button").class("primary").add(format!("确认：{what}，{count}")),
            Language::English => el("button").class("primary").add(format!("Confirm: {what}, {count}")),
        });
    page.push(confirm.class("several"));
    page.push(el("p").class("about").add(
        says.say("改了以后，一天内可以整批撤销。", "Afterwards it can be undone as a whole for a day."),
    ));
    page
}

/// `/desk/skill/{id}/competitors/{code}`
pub(super) fn one_page(
    (of, code, query): (&SkillList, &str, &ListQuery),
    known: &CompetitorForm,
    typed: &CompetitorForm,
    problem: Option<&Problem>,
    reader: Reader,
) -> Vec<Element> {
    let says = Says(reader.language);
    let all = format!("/desk/skill/{}/competitors", segment(&of.skill.id));
    let at = format!("{all}/{}", segment(code));
    let back = quiet_link(says.say("回到选手", "Back to the competitors"), query.address(&all));
    let mut page = vec![head(of, format!("{} · {code}", known.name), back, reader)];
    page.extend(problem.map(wrong));
    let free = |field: &'static str, value: &str| {
        el("input").set("name", field).set("maxlength", "200").set("value", value.to_owned())
    };
    let rows = [
        (says.say("工作单位", "Organisation"), "organisation", &known.organisation, &typed.organisation),
        (says.say("代表队", "Delegation"), "delegation", &known.delegation, &typed.delegation),
        (says.say("组别", "Group"), "group", &known.group, &typed.group),
    ];
    if of.is_fixed {
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
    let whole = form(query.address(&at))
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
        "这名选手不再参赛，登记的身份证号、回避声明和报到记录一起删除；一天内可以撤销，报到要重新登记。",
        "This competitor takes part no longer; the identity number, declared interests and the check-in go as well. For a day it can be undone; they are then checked in anew.",
    );
    let go = form(query.address(&format!("{at}/remove"))).add(button("quiet", words));
    page.push(confirmed("quiet", words, format!("{words}: {}", known.name), about, go));
    page
}
