//! The organiser's page: what waits, who is entered, and the delegations.

use domain::finding::Language;
use domain::registration::State;
use protocol::Problem;
use protocol::registration::{Delegation, Line, Registrations};

use super::super::list::{List, outs, tick};
use super::super::{
    Says, button, confirmed, field, form, heading_cells, hidden_input, option, quiet_link, section, wrong,
};
use super::{asked, badge, days, labelled, scrolling, skill_word};
use crate::format::{Reader, segment};
use crate::node::{Element, el};
use crate::parts::{empty, name};

pub(super) fn page(
    shown: &Registrations,
    approved: Option<(usize, usize)>,
    typed: &str,
    problem: Option<&Problem>,
    reader: Reader,
) -> Vec<Element> {
    let says = Says(reader.language);
    let at = format!("/desk/competition/{}/registrations", segment(&shown.competition.id));
    let back = format!("/desk/competition/{}", segment(&shown.competition.id));
    let closed = shown.closed.as_ref().map(|text| el("small").add(reader.pick(text)));
    let head = el("div")
        .class("head")
        .add(el("h1").add(says.say("报名", "Registration")))
        .add(name("p", &reader.pick(&shown.competition.name), reader).class("of"))
        .add(el("p").class("facts").add(days(shown.window, reader)).add(" ").add(closed))
        .add(
            el("p")
                .class("acts")
                .add(quiet_link(says.say("报名条件", "Terms"), format!("{at}/terms")))
                .add(quiet_link(says.say("回到大赛", "Back to the competition"), back)),
        );
    let mut page = vec![head];
    page.extend(problem.map(wrong));
    page.extend(approved.map(|counts| outcome(counts, reader)));
    page.push(waiting(shown, &at, reader));
    page.push(delegations(shown, &at, typed, reader));
    page.push(skills(shown, reader));
    page
}

/// How many were just approved, and how many were not.
fn outcome((approved, left): (usize, usize), reader: Reader) -> Element {
    let words = match (reader.language, left) {
        (Language::Chinese, 0) => format!("已通过 {approved} 人。"),
        (Language::Chinese, _) => {
            format!("已通过 {approved} 人；{left} 人没有通过，原因写在各人后面，或刚有变动，请再看一次。")
        }
        (Language::English, 0) => format!("{approved} approved."),
        (Language::English, _) => format!(
            "{approved} approved; {left} not: why stands beside each, or they were just changed: look again."
        ),
    };
    let class = if left == 0 { "note done" } else { "note attention" };
    el("p").class(class).set("role", "status").add(words)
}

fn waiting(shown: &Registrations, at: &str, reader: Reader) -> Element {
    let says = Says(reader.language);
    let section = section("entered", says.say("报名人员", "Who is entered"));
    if shown.part.all == 0 {
        let about = if shown.delegations.is_empty() {
            says.say(
                "先在下面添加代表队，再定报名时间。",
                "Add the delegations below, then set the days of registration.",
            )
        } else {
            says.say(
                "代表队报来的人会列在这里，等您审核。",
                "Whom the delegations enter will be listed here, for you to approve.",
            )
        };
        return section.add(empty(says.say("还没有人报名", "Nobody is entered yet"), about));
    }
    let list = List { at, place: "", query: &shown.query, unit: "人", reader };
    let states = State::ALL.iter().filter_map(|(state, word)| {
        let count = shown.counts.get(state)?;
        Some(((*word).to_owned(), format!("{} ({count})", state.name(reader.language))))
    });
    let skills = shown.skills.iter().map(|one| (one.skill.id.clone(), skill_word(&one.skill, reader)));
    let delegations = shown.delegations.iter().map(|one| (one.id.clone(), reader.pick(&one.name)));
    let narrowing = vec![
        ("state", says.say("状态", "State"), states.collect()),
        ("skill", says.say("赛项", "Skill"), skills.collect()),
        ("delegation", says.say("代表队", "Delegation"), delegations.collect()),
    ];
    let is_long = shown.part.is_long(&shown.query);
    let hint = says.say("姓名、单位、代表队", "name, organisation, delegation");
    let section = section
        .add(is_long.then(|| list.search(hint, narrowing)))
        .add(is_long.then(|| list.count(&shown.part)));
    if shown.part.rows.is_empty() {
        return section.add(list.nothing());
    }
    let out = format!("/desk/competition/{}/out/registrations", segment(&shown.competition.id));
    let outs = el("p").class("acts").add(outs(&out, &shown.query, reader));
    section.add(table(shown, list, reader)).add(list.pages(&shown.part)).add(outs)
}

fn table(shown: &Registrations, list: List<'_>, reader: Reader) -> Element {
    let says = Says(reader.language);
    let lines = &shown.part.rows;
    let rows: Vec<Element> = lines.iter().map(|line| row(line, reader)).collect();
    let name = if shown.part.is_long(&shown.query) { "name" } else { "" };
    let heads = list.heads(&[
        ("", says.say("选", "Choose")),
        (name, says.say("姓名", "Name")),
        ("", says.say("赛项", "Skill")),
        ("", says.say("代表队", "Delegation")),
        ("", says.say("证件", "Document")),
        ("", says.say("状态", "State")),
    ]);
    let table = el("table").class("registrations").add(heads).add(el("tbody").add(rows));
    let is_any = lines.iter().any(|line| line.state == State::Waiting);
    let go = is_any.then(|| {
        el("p").class("acts").add(button("primary", says.say("通过选中的", "Approve those chosen")))
    });
    form(format!("{}/approve", list.at))
        .class("choosing")
        .add(hidden_input("back", shown.query.address(list.at)))
        .add(scrolling(says.say("报名人员（可左右滚动）", "Who is entered (scrolls sideways)"), table))
        .add(go)
}

fn row(line: &Line, reader: Reader) -> Element {
    let says = Says(reader.language);
    let to = format!("/desk/delegation/{}/person/{}", segment(&line.delegation.0), segment(&line.id));
    let may = line.state == State::Waiting && line.found.is_empty();
    let choose = if may {
        let label = format!("{}: {}", says.say("选", "Choose"), line.name);
        tick("one", &format!("{}:{}", line.id, line.changes), label)
    } else {
        el("td")
    };
    let age = line.age.map(|age| match reader.language {
        Language::Chinese => format!("{age} 岁"),
        Language::English => format!("aged {age}"),
    });
    let replaces = line.replaces.as_ref().map(|of| {
        let words = says.say("替补", "in place of");
        el("small").add(format!("{words} {of}"))
    });
    let found: Vec<Element> =
        line.found.iter().map(|text| el("small").class("is-error").add(reader.pick(text))).collect();
    let off = line.is_off.then(|| {
        el("small")
            .class("is-error")
            .add(says.say("已不在选手名单里", "no longer on the list of competitors"))
    });
    let said = (!line.said.is_empty()).then(|| el("small").add(line.said.clone()));
    el("tr")
        .add(choose)
        .add(
            el("th")
                .set("scope", "row")
                .add(name("a", &line.name, reader).set("href", to))
                .add(el("small").add(name("span", &line.organisation, reader)))
                .add(replaces),
        )
        .add(el("td").add(skill_word(&line.skill, reader)))
        .add(el("td").add(name("span", &reader.pick(&line.delegation.1), reader)))
        .add(
            el("td")
                .add(el("span").class("mono").add(line.id_number.clone()))
                .add(age.map(|age| el("small").add(age))),
        )
        .add(el("td").add(badge(line.state, reader)).add(said).add(off).add(found))
}

fn delegations(shown: &Registrations, at: &str, typed: &str, reader: Reader) -> Element {
    let says = Says(reader.language);
    let about = says.say(
        "代表队由所属机构的报名员或领队自己报名；先在“机构和人员”里邀请他们。没有机构的，由组委会代报。",
        "The registrars and team leaders of a delegation's organisation enter its people; invite them under Organisations and people. Of those without one, you do.",
    );
    let people = quiet_link(says.say("机构和人员", "Organisations and people"), "/desk/people");
    let rows: Vec<Element> = shown.delegations.iter().map(|one| delegation(one, shown, at, reader)).collect();
    let body = if rows.is_empty() {
        empty(
            says.say("还没有代表队", "No delegations yet"),
            says.say("在下面一行写一个。", "Write one a line below."),
        )
    } else {
        let names = [
            says.say("代表队", "Delegation"),
            says.say("由谁报名", "Entered by"),
            says.say("待审核", "Waiting"),
            says.say("已通过", "Approved"),
            says.say("操作", "Act"),
        ];
        let table =
            el("table").class("delegation-list").add(heading_cells(&names)).add(el("tbody").add(rows));
        scrolling(says.say("代表队（可左右滚动）", "Delegations (scrolls sideways)"), table)
    };
    let area = el("textarea")
        .set("name", "delegations")
        .set("rows", "4")
        .set("required", "")
        .set("placeholder", says.say("石家庄市代表队\n唐山市代表队", "Shijiazhuang\nTangshan"))
        .add(typed.to_owned());
    let words = says.say(
        "一行一个；逗号后可写英文名称。名称和某个机构相同的，就由该机构报名。",
        "One a line; an English name may follow a comma. One that is called as an organisation is entered by it.",
    );
    let add = form(format!("{at}/delegations"))
        .class("sheet")
        .add(field(says.say("添加代表队", "Add delegations"), area).class("wide").add(el("small").add(words)))
        .add(button("primary", says.say("添加", "Add")));
    section("delegations", says.say("代表队", "Delegations"))
        .add(el("p").class("about").add(about).add(" ").add(people))
        .add(body)
        .add(add)
}

fn delegation(one: &Delegation, shown: &Registrations, at: &str, reader: Reader) -> Element {
    let says = Says(reader.language);
    let to = format!("/desk/delegation/{}", segment(&one.id));
    let count = |state| one.counts.get(&state).copied().unwrap_or_default().to_string();
    let chosen = one.organisation.as_ref().map(|(id, _)| id.as_str()).unwrap_or_default();
    let organisations: Vec<Element> = shown
        .organisations
        .iter()
        .map(|(id, words)| option(id.clone(), id == chosen, words.clone()))
        .collect();
    let none = option("", chosen.is_empty(), says.say("（组委会代报）", "(the organiser)"));
    let free = |field_name: &'static str, value: &str| {
        el("input").set("name", field_name).set("maxlength", "200").set("value", value.to_owned())
    };
    let change = form(format!("{at}/delegation"))
        .add(hidden_input("id", one.id.clone()))
        .add(field(says.say("名称", "Name"), free("name", &one.name.zh).set("required", "")))
        .add(field(says.say("英文名称", "In English"), free("name_en", &one.name.en)))
        .add(field(
            says.say("由哪个机构报名", "Entered by"),
            el("select").set("name", "organisation").add(none).add(organisations),
        ))
        .add(button("primary", says.say("保存", "Save")));
    let words = says.say("修改", "Change");
    let label = format!("{words}: {}", reader.pick(&one.name));
    let mut acts = vec![confirmed("quiet", words, label, "", change)];
    if one.counts.is_empty() {
        let words = says.say("删除", "Remove");
        let go = form(format!("{at}/delegation/remove"))
            .add(hidden_input("id", one.id.clone()))
            .add(button("quiet", words));
        let about =
            says.say("还没有人为它报名，删除不影响别的。", "Nobody is entered for it; nothing else changes.");
        acts.push(confirmed("quiet", words, format!("{words}: {}", reader.pick(&one.name)), about, go));
    }
    let by = one
        .organisation
        .as_ref()
        .map_or_else(|| says.say("组委会代报", "the organiser").to_owned(), |(_, named)| named.clone());
    el("tr")
        .add(el("th").set("scope", "row").add(name("a", &reader.pick(&one.name), reader).set("href", to)))
        .add(labelled(says.say("由谁报名", "Entered by")).add(by))
        .add(labelled(says.say("待审核", "Waiting")).add(count(State::Waiting)))
        .add(labelled(says.say("已通过", "Approved")).add(count(State::Approved)))
        .add(el("td").add(el("div").class("acts").add(acts)))
}

/// Each skill with its people, and whether the field is too small.
fn skills(shown: &Registrations, reader: Reader) -> Element {
    let says = Says(reader.language);
    let rows: Vec<Element> = shown
        .skills
        .iter()
        .map(|one| {
            let least = one.least_field.map(|least| least as usize);
            let small = least.filter(|least| one.people < *least).map(|least| {
                let words = match reader.language {
                    Language::Chinese => format!("不足 {least} 人"),
                    Language::English => format!("fewer than {least}"),
                };
                el("small").class("is-error").add(words)
            });
            let fixed = one.is_fixed.then(|| el("small").add(says.say("名单已固定", "its list is fixed")));
            el("tr")
                .add(el("th").set("scope", "row").add(skill_word(&one.skill, reader)).add(fixed))
                .add(
                    labelled(says.say("参赛人数", "Competitors"))
                        .add(one.people.to_string())
                        .add(" ")
                        .add(small),
                )
                .add(
                    labelled(says.say("每队最多", "Quota"))
                        .add(one.quota.map_or_else(|| "—".to_owned(), |most| most.to_string())),
                )
                .add(el("td").add(asked(one, reader)))
        })
        .collect();
    let names = [
        says.say("赛项", "Skill"),
        says.say("参赛人数", "Competitors"),
        says.say("每队最多", "Quota"),
        says.say("要求", "What is asked"),
    ];
    let table = el("table").class("of-skills").add(heading_cells(&names)).add(el("tbody").add(rows));
    section("skills", says.say("赛项人数", "Skills"))
        .add(scrolling(says.say("赛项人数（可左右滚动）", "Skills (scrolls sideways)"), table))
}
