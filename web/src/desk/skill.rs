//! A competition's skills: what one is and where and when it is held, and choosing more from a published list.

use domain::finding::Language;
use protocol::Problem;
use protocol::list::ListQuery;
use protocol::setup::{PickLine, Picking, SkillAbout};
use protocol::view::{CompetitionRef, Text};

use super::list::{List, tick};
use super::{Says, button, field, form, hidden_input, quiet_link, text_input, wrong};
use crate::format::{Reader, segment};
use crate::node::{Element, el};
use crate::parts::name;

/// A page of a competition's skills.
#[derive(Clone, Copy, Debug)]
pub enum SkillPage<'a> {
    /// What one is.
    About {
        /// Whose skill.
        competition: &'a CompetitionRef,
        /// Which.
        id: &'a str,
        /// What stands in the form.
        typed: &'a SkillAbout,
        /// The occupation by the code in the form; empty where there is none.
        occupation: &'a Text,
        /// Why it was not kept.
        problem: Option<&'a Problem>,
    },
    /// Choosing more from a published list.
    Pick {
        /// What there is to choose of.
        picking: &'a Picking,
        /// What is asked of it.
        query: &'a ListQuery,
        /// How many were just added.
        added: Option<usize>,
        /// Why none was added.
        problem: Option<&'a Problem>,
    },
}

impl SkillPage<'_> {
    pub(super) fn title(&self, reader: Reader) -> String {
        let says = Says(reader.language);
        match self {
            Self::About { typed, .. } => {
                format!("{} – {}", says.say("赛项信息", "What the skill is"), typed.name)
            }
            Self::Pick { picking, .. } => format!(
                "{} – {}",
                says.say("从目录或模板添加赛项", "Add skills from a list"),
                reader.pick(&picking.competition.name)
            ),
        }
    }

    pub(super) fn body(self, reader: Reader) -> Vec<Element> {
        match self {
            Self::About { competition, id, typed, occupation, problem } => {
                about(competition, id, (typed, occupation), problem, reader)
            }
            Self::Pick { picking, query, added, problem } => pick((picking, query), added, problem, reader),
        }
    }
}

fn about(
    competition: &CompetitionRef,
    id: &str,
    (typed, occupation): (&SkillAbout, &Text),
    problem: Option<&Problem>,
    reader: Reader,
) -> Vec<Element> {
    let says = Says(reader.language);
    let at = format!("/desk/competition/{}", segment(&competition.id));
    let back =
        quiet_link(says.say("回到大赛", "Back to the competition"), format!("{at}?skill={}", segment(id)));
    let head = el("div")
        .class("head")
        .add(el("h1").add(says.say("赛项信息", "What the skill is")))
        .add(name("p", &reader.pick(&competition.name), reader).class("of"))
        .add(el("p").class("acts").add(back));
    let free = |name: &'static str, value: &str, hint: &'static str| {
        el("input")
            .set("name", name)
            .set("maxlength", "200")
            .set("value", value.to_owned())
            .set("placeholder", hint)
    };
    let day = |name: &'static str, value: &str| {
        el("input").set("type", "date").set("name", name).set("value", value.to_owned())
    };
    let known = reader.pick(occupation);
    let known = (!known.is_empty()).then(|| name("small", &known, reader));
    let fields = form(format!("/desk/skill/{}/about", segment(id)))
        .class("sheet of-competition")
        .add(hidden_input("seen", typed.seen.clone()))
        .add(field(says.say("编号", "Number"), text_input("number", &typed.number).set("maxlength", "16")))
        .add(field(says.say("赛项名称", "Name"), text_input("name", &typed.name).set("maxlength", "200")))
        .add(field(says.say("英文名称", "Name in English"), free("name_en", &typed.name_en, "")))
        .add(
            field(
                says.say("职业（编码或名称）", "Occupation (code, or Chinese name)"),
                free("occupation", &typed.occupation, "6-18-02-04"),
            )
            .add(known),
        )
        .add(field(
            says.say("场地（不写就是大赛的地点）", "Place (the competition's where left out)"),
            free("venue", &typed.venue, says.say("实训楼一层焊接车间", "Welding shop, training centre")),
        ))
        .add(field(says.say("第一天", "First day"), day("from", &typed.from)))
        .add(field(says.say("最后一天", "Last day"), day("until", &typed.until)))
        .add(button("primary", says.say("保存", "Save")));
    let mut page = vec![head];
    page.extend(problem.map(wrong));
    page.push(fields);
    page
}

fn pick(
    (picking, query): (&Picking, &ListQuery),
    added: Option<usize>,
    problem: Option<&Problem>,
    reader: Reader,
) -> Vec<Element> {
    let says = Says(reader.language);
    let competition = format!("/desk/competition/{}", segment(&picking.competition.id));
    let at = format!("{competition}/skills/pick");
    let list = List { at: &at, place: "", query, unit: "项", reader };
    let back = quiet_link(says.say("回到大赛", "Back to the competition"), format!("{competition}#setup"));
    let have = match reader.language {
        Language::Chinese => format!("这场大赛现有 {} 个赛项。", picking.skills),
        Language::English if picking.skills == 1 => "The competition has one skill.".to_owned(),
        Language::English => format!("The competition has {} skills.", picking.skills),
    };
    let head = el("div")
        .class("head")
        .add(el("h1").add(says.say("从目录或模板添加赛项", "Add skills from a list")))
        .add(name("p", &reader.pick(&picking.competition.name), reader).class("of"))
        .add(el("p").class("about").add(have))
        .add(el("p").class("acts").add(back));
    let lists = ["occupations", "worldskills", "templates"]
        .map(|word| (word.to_owned(), list_word(word, reader).to_owned()));
    let hint = says.say("名称或编码", "name or code");
    let search = list.search(hint, vec![("list", says.say("目录", "List"), lists.to_vec())]);
    let mut page = vec![head];
    page.extend(added.map(|count| said(count, reader)));
    page.extend(problem.map(wrong));
    page.push(search);
    page.push(list.count(&picking.part));
    if picking.part.rows.is_empty() {
        page.push(list.nothing());
        let about = says.say(
            "目录里没有的赛项，在大赛页面的“添加赛项”里直接写。",
            "A skill that is on no list is written under \"Add skills\" on the competition's page.",
        );
        page.push(el("p").class("about").add(about));
        return page;
    }
    let rows = picking.part.rows.iter().map(|line| pick_line(line, reader));
    let columns = [
        ("", says.say("选", "Pick")),
        ("", says.say("编码", "Code")),
        ("", says.say("名称", "Name")),
        ("", says.say("目录", "List")),
    ];
    let table = el("table")
        .class("of-people is-ticked")
        .add(list.heads(&columns))
        .add(el("tbody").add(rows.collect::<Vec<_>>()));
    let several =
        form(at.clone()).class("several").add(table).add(list.kept()).add(list.pages(&picking.part)).add(
            el("div").class("bulk").add(button("primary", says.say("添加勾选的赛项", "Add those ticked"))),
        );
    page.push(several);
    page
}

fn list_word(list: &str, reader: Reader) -> &'static str {
    let says = Says(reader.language);
    match list {
        "templates" => says.say("模板（带评分标准）", "Templates (with their schemes)"),
        "worldskills" => says.say("世界技能大赛（2026）", "WorldSkills (2026)"),
        _ => says.say("职业分类大典（2022）", "Occupation classification (2022)"),
    }
}

fn said(count: usize, reader: Reader) -> Element {
    let words = match (reader.language, count) {
        (Language::Chinese, 0) => "勾选的赛项都已经有了。".to_owned(),
        (Language::Chinese, _) => format!("已添加 {count} 个赛项。"),
        (Language::English, 0) => "All of those ticked are there already.".to_owned(),
        (Language::English, 1) => "One skill was added.".to_owned(),
        (Language::English, _) => format!("{count} skills were added."),
    };
    el("p").class("note done").set("role", "status").add(words)
}

fn pick_line(line: &PickLine, reader: Reader) -> Element {
    let says = Says(reader.language);
    let shown = reader.pick(&line.name);
    let ticked = if line.is_there {
        let there = says.say("已经有了", "there already");
        el("td").class("tick").add(el("small").add(there))
    } else {
        tick("code", &line.code, format!("{} {shown} {}", says.say("选", "Choose"), line.number))
    };
    el("tr")
        .add(ticked)
        .add(el("td").class("mono").add(line.number.clone()))
        .add(name("th", &shown, reader).set("scope", "row"))
        .add(match &line.of {
            Some(template) => name("td", &reader.pick(template), reader),
            None => el("td").add(list_word(line.list, reader)),
        })
}
