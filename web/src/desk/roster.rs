//! Who competes, and who judges: both in figures, and the lists that they came by.

use domain::finding::Language;
use protocol::Problem;
use protocol::list::ListQuery;
use protocol::setup::{ListOf, Roster, RosterSkill, Who};

use super::list::outs;
use super::{Says, heading_cells, quiet_link, taken, wrong};
use crate::format::{Reader, segment};
use crate::node::{Element, el};
use crate::parts::{empty, name};

pub(super) fn title(who: Who, reader: Reader) -> &'static str {
    let says = Says(reader.language);
    match who {
        Who::Competitors => says.say("选手名单", "Roster"),
        Who::Judges => says.say("裁判名单", "Judges"),
    }
}

/// `/desk/competition/{id}/roster` and `/desk/competition/{id}/judges`
pub(super) fn page(
    roster: &Roster,
    count: Option<usize>,
    pasted: &str,
    problem: Option<&Problem>,
    reader: Reader,
) -> Vec<Element> {
    let says = Says(reader.language);
    let Roster { who, competition, skills, batches } = roster;
    let of = ListOf::People { who: *who, competition: competition.clone() };
    let at = format!("/desk/competition/{}", segment(&competition.id));
    let heading = format!("{} · {}", title(*who, reader), reader.pick(&competition.name));
    let back = quiet_link(says.say("回到大赛", "Back to the competition"), at.clone());
    let check_in = (*who == Who::Competitors)
        .then(|| quiet_link(says.say("报到和参赛证", "Check-in and entry cards"), format!("{at}/check-in")));
    let is_any = skills.iter().any(|one| one.people > 0);
    let outs = is_any.then(|| {
        let what = match who {
            Who::Competitors => "competitors",
            Who::Judges => "judges",
        };
        outs(&format!("{at}/out/{what}"), &ListQuery::default(), reader)
    });
    let acts = el("p").class("acts").add(back).add(check_in).add(outs);
    let head = el("div").class("head").add(el("h1").add(heading)).add(acts);
    let mut page = vec![head];
    page.extend(problem.map(wrong));
    page.extend(count.map(|count| taken::done(&of, count, reader)));
    page.push(people(*who, skills, reader));
    page.extend((!skills.is_empty()).then(|| taken::take_in(&of, "", pasted, reader)));
    page.extend(taken::batches(&of, batches, reader));
    page
}

fn people(who: Who, skills: &[RosterSkill], reader: Reader) -> Element {
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
            let (fixed, to) = match who {
                Who::Competitors => {
                    (says.say("已开放或已抽签，不能再改", "open or drawn, fixed"), "/competitors")
                }
                Who::Judges => (says.say("已开放，不能再改", "open, fixed"), ""),
            };
            let fixed = one.is_open.then_some(fixed);
            el("tr")
                .add(el("td").class("mono").add(one.skill.number.clone()))
                .add(
                    el("th").set("scope", "row").add(
                        name("a", &reader.pick(&one.skill.name), reader)
                            .set("href", format!("/desk/skill/{}{to}", segment(&one.skill.id))),
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
