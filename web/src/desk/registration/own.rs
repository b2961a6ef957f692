//! What a delegation sees: its people, the form of a person, and a guardian's consent.

use domain::finding::Language;
use domain::registration::{State, Step};
use domain::rules::SkillLevel;
use protocol::Problem;
use protocol::registration::{Line, MyDelegation, OwnRegistrations, PersonForm, Registration};

use super::super::{
    Says, button, confirmed, field, form, heading_cells, hidden_input, option, quiet_link, section,
    text_input, wrong,
};
use super::{asked, badge, days, labelled, scrolling, skill_word, step_word};
use crate::format::{Reader, segment};
use crate::home::dates;
use crate::node::{Element, el};
use crate::parts::{empty, name};

fn place(own: &OwnRegistrations) -> String {
    format!("/desk/delegation/{}", segment(&own.delegation.id))
}

/// `/desk/delegations`
pub(super) fn mine_page(mine: &[MyDelegation], reader: Reader) -> Vec<Element> {
    let says = Says(reader.language);
    let head = el("div").class("head").add(el("h1").add(says.say("我的报名", "My registrations")));
    let rows: Vec<Element> = mine
        .iter()
        .map(|one| {
            let to = format!("/desk/delegation/{}", segment(&one.delegation.id));
            let counts: Vec<Element> = one
                .delegation
                .counts
                .iter()
                .map(|(state, count)| {
                    el("span").class("count").add(format!("{} {count}", state.name(reader.language)))
                })
                .collect();
            let closed = one.closed.as_ref().map(|text| el("small").add(reader.pick(text)));
            el("li")
                .add(name("a", &reader.pick(&one.competition.name), reader).set("href", to))
                .add(el("span").add(reader.pick(&one.delegation.name)))
                .add(el("span").add(dates(&one.dates)))
                .add(counts)
                .add(closed)
        })
        .collect();
    let body = if rows.is_empty() {
        empty(
            says.say("还没有要您报名的大赛", "No competition waits for your registration"),
            says.say(
                "组委会把您的机构列为代表队之后，会出现在这里。",
                "Once an organiser lists your organisation as a delegation, it is here.",
            ),
        )
    } else {
        el("ul").class("mine").add(rows)
    };
    vec![head, body]
}

fn head(own: &OwnRegistrations, title: String, back: Element, reader: Reader) -> Element {
    el("div")
        .class("head")
        .add(name("h1", &title, reader))
        .add(name("p", &reader.pick(&own.competition.name), reader).class("of"))
        .add(el("p").class("acts").add(back))
}

/// `/desk/delegation/{id}`
pub(super) fn page(own: &OwnRegistrations, reader: Reader) -> Vec<Element> {
    let says = Says(reader.language);
    let at = place(own);
    let back = if own.is_host {
        let to = format!("/desk/competition/{}/registrations", segment(&own.competition.id));
        quiet_link(says.say("回到报名", "Back to registration"), to)
    } else {
        quiet_link(says.say("我的报名", "My registrations"), "/desk/delegations")
    };
    let until = own.substitutes_until.map(|until| match reader.language {
        Language::Chinese => format!("；退出和替补截止：{until}"),
        Language::English => format!("; withdrawals and substitutions until {until}"),
    });
    let when = el("p").class("facts").add(days(own.window, reader)).add(until.unwrap_or_default());
    let closed = own.closed.as_ref().map(|text| el("p").class("note").add(reader.pick(text)));
    let enter = own.closed.is_none().then(|| {
        let words = says.say("报一名选手", "Enter somebody");
        el("p").class("acts").add(el("a").class("primary").set("href", format!("{at}/enter")).add(words))
    });
    let mut page = vec![head(own, reader.pick(&own.delegation.name), back, reader), when];
    page.extend(closed);
    page.extend(enter);
    page.push(people(own, &at, reader));
    page.push(skills(own, &at, reader));
    page
}

fn people(own: &OwnRegistrations, at: &str, reader: Reader) -> Element {
    let says = Says(reader.language);
    let list = section("people", says.say("已报的人", "Who is entered"));
    if own.lines.is_empty() {
        return list.add(empty(
            says.say("还没有报人", "Nobody is entered yet"),
            says.say(
                "每个赛项能报几人、要求什么，见下面。",
                "How many each skill takes, and what it asks, stands below.",
            ),
        ));
    }
    let row = |line: &Line| {
        let to = format!("{at}/person/{}", segment(&line.id));
        let replaces = line
            .replaces
            .as_ref()
            .map(|of| el("small").add(format!("{} {of}", says.say("替补", "in place of"))));
        let said = (!line.said.is_empty()).then(|| el("small").add(line.said.clone()));
        let off = line.is_off.then(|| {
            el("small")
                .class("is-error")
                .add(says.say("组委会已从名单移除", "taken off the list by the organiser"))
        });
        el("tr")
            .add(
                el("th")
                    .set("scope", "row")
                    .add(name("a", &line.name, reader).set("href", to))
                    .add(el("small").add(name("span", &line.organisation, reader)))
                    .add(replaces),
            )
            .add(el("td").add(skill_word(&line.skill, reader)))
            .add(el("td").class("mono").add(line.id_number.clone()))
            .add(el("td").add(badge(line.state, reader)).add(said).add(off))
    };
    let rows: Vec<Element> = own.lines.iter().map(row).collect();
    let names = [
        says.say("姓名", "Name"),
        says.say("赛项", "Skill"),
        says.say("证件", "Document"),
        says.say("状态", "State"),
    ];
    let table = el("table").class("registrations").add(heading_cells(&names)).add(el("tbody").add(rows));
    list.add(scrolling(says.say("已报的人（可左右滚动）", "Who is entered (scrolls sideways)"), table))
}

fn skills(own: &OwnRegistrations, at: &str, reader: Reader) -> Element {
    let says = Says(reader.language);
    let rows: Vec<Element> = own
        .skills
        .iter()
        .map(|one| {
            let places = match one.quota {
                Some(most) => format!("{} / {most}", one.entered),
                None => one.entered.to_string(),
            };
            let is_full = one.quota.is_some_and(|most| one.entered >= most as usize);
            let act = if one.is_fixed {
                el("small").add(says.say("名单已固定", "its list is fixed"))
            } else if is_full {
                el("small").add(says.say("名额已满", "full"))
            } else if own.closed.is_some() {
                el("small").add("")
            } else {
                let words = says.say("报名", "Enter");
                quiet_link(words, format!("{at}/enter?skill={}", segment(&one.skill.id)))
                    .set("aria-label", format!("{words}: {}", skill_word(&one.skill, reader)))
            };
            el("tr")
                .add(el("th").set("scope", "row").add(skill_word(&one.skill, reader)))
                .add(labelled(says.say("已报", "Entered")).add(places))
                .add(el("td").add(asked(one, reader)))
                .add(el("td").add(act))
        })
        .collect();
    let names = [
        says.say("赛项", "Skill"),
        says.say("已报 / 最多", "Entered / at most"),
        says.say("要求", "What is asked"),
        says.say("操作", "Act"),
    ];
    let table = el("table").class("of-skills").add(heading_cells(&names)).add(el("tbody").add(rows));
    section("skills", says.say("赛项和名额", "Skills and places"))
        .add(scrolling(says.say("赛项和名额（可左右滚动）", "Skills and places (scrolls sideways)"), table))
}

/// `/desk/delegation/{id}/enter`
pub(super) fn enter_page(
    own: &OwnRegistrations,
    typed: &PersonForm,
    problem: Option<&Problem>,
    reader: Reader,
) -> Vec<Element> {
    let says = Says(reader.language);
    let at = place(own);
    let back = quiet_link(says.say("回到名单", "Back to the list"), at.clone());
    let of = own.lines.iter().find(|line| line.id == typed.replaces);
    let title = match (of, reader.language) {
        (Some(of), Language::Chinese) => format!("替补 {}", of.name),
        (Some(of), Language::English) => format!("Somebody in place of {}", of.name),
        (None, _) => says.say("报一名选手", "Enter somebody").to_owned(),
    };
    let mut page = vec![head(own, title, back, reader)];
    page.extend(problem.map(wrong));
    page.push(person_form(own, typed, None, format!("{at}/enter"), reader));
    page
}

fn person_form(
    own: &OwnRegistrations,
    typed: &PersonForm,
    masked: Option<&str>,
    to: String,
    reader: Reader,
) -> Element {
    let says = Says(reader.language);
    let is_fixed_skill = !typed.replaces.is_empty();
    let skills: Vec<Element> = own
        .skills
        .iter()
        .filter(|one| if is_fixed_skill { one.skill.id == typed.skill } else { !one.is_fixed })
        .map(|one| {
            let places = one.quota.map(|most| format!("（{}/{most}）", one.entered)).unwrap_or_default();
            let words = format!("{}{places}", skill_word(&one.skill, reader));
            option(one.skill.id.clone(), one.skill.id == typed.skill, words)
        })
        .collect();
    let free = |field_name: &'static str, value: &str| {
        el("input").set("name", field_name).set("maxlength", "200").set("value", value.to_owned())
    };
    let number = free("id_number", &typed.id_number)
        .class("mono")
        .set("autocomplete", "off")
        .set("spellcheck", "false")
        .set("autocapitalize", "characters")
        .set_some("required", masked.is_none().then_some(""))
        .set_some(
            "placeholder",
            masked.map(|masked| format!("{masked}{}", says.say("（不改就空着）", " (empty: unchanged)"))),
        );
    let number_about = says.say(
        "18 位身份证号或护照、通行证号；加密保存，只显示一部分。",
        "A resident number of 18 digits, or a passport's or permit's; it is kept sealed and shown in part.",
    );
    let born = el("input").set("type", "date").set("name", "born").set("value", typed.born.clone());
    let employment = if own.employments.is_empty() {
        free("employment", &typed.employment)
            .set("placeholder", says.say("职工、学生…", "employed, student…"))
    } else {
        let options: Vec<Element> = own
            .employments
            .iter()
            .map(|word| option(word.clone(), *word == typed.employment, word.clone()))
            .collect();
        let none = option("", typed.employment.is_empty(), says.say("请选", "choose"));
        el("select").set("name", "employment").add(none).add(options)
    };
    let levels: Vec<Element> = SkillLevel::ALL
        .iter()
        .map(|(word, level)| {
            let (chinese, english) = level.names();
            option(*word, typed.level == *word, says.say(chinese, english))
        })
        .collect();
    let none = option("", typed.level.is_empty(), says.say("没有", "none"));
    let tick = |field_name: &'static str, value: &str, words: &'static str| {
        let tick = el("input")
            .set("type", "checkbox")
            .set("name", field_name)
            .set("value", "yes")
            .set_some("checked", (value == "yes").then_some(""));
        el("label").class("tick").add(tick).add(el("span").add(words))
    };
    let minor = el("fieldset")
        .class("wide")
        .add(el("legend").add(says.say("未满 18 岁（参赛首日）才需要", "Only under 18 on the first day")))
        .add(field(
            says.say("监护人和关系", "Guardian and relation"),
            free("guardian", &typed.guardian)
                .set("placeholder", says.say("王建国，父亲", "Wang Jianguo, father")),
        ))
        .add(tick(
            "consent",
            &typed.consent,
            says.say("监护人已在同意书上签字", "The guardian has signed the consent"),
        ));
    form(to)
        .class("sheet of-person")
        .add(hidden_input("form", typed.form.clone()))
        .add(hidden_input("replaces", typed.replaces.clone()))
        .add(hidden_input("seen", typed.seen.to_string()))
        .add(field(
            says.say("赛项", "Skill"),
            el("select").set("name", "skill").set("required", "").add(skills),
        ))
        .add(field(
            says.say("姓名", "Name"),
            text_input("name", &typed.name).set("maxlength", "64").set("autocomplete", "off"),
        ))
        .add(field(says.say("证件号", "Document's number"), number).add(el("small").add(number_about)))
        .add(field(says.say("出生日期", "Date of birth"), born).add(
            el("small").add(says.say("身份证号会自动带出，不用填", "a resident number says it by itself")),
        ))
        .add(field(
            says.say("工作单位或学校", "Employer or school"),
            free("organisation", &typed.organisation),
        ))
        .add(field(says.say("身份", "Employment"), employment))
        .add(field(says.say("技能等级", "Level"), el("select").set("name", "level").add(none).add(levels)))
        .add(field(says.say("组别", "Group"), free("group", &typed.group)))
        .add(field(says.say("队名（组队赛项）", "Team, where teams compete"), free("team", &typed.team)))
        .add(tick("residence", &typed.residence, says.say("已核验居住证明", "A proof of residence was seen")))
        .add(minor)
        .add(button("primary", says.say("报送", "Send")))
}

/// `/desk/delegation/{id}/person/{person}`
pub(super) fn person_page(
    own: &OwnRegistrations,
    one: &Registration,
    (typed, why): (&PersonForm, &str),
    problem: Option<&Problem>,
    reader: Reader,
) -> Vec<Element> {
    let says = Says(reader.language);
    let all = place(own);
    let at = format!("{all}/person/{}", segment(&one.line.id));
    let back = quiet_link(says.say("回到名单", "Back to the list"), all.clone());
    let mut page = vec![head(own, one.line.name.clone(), back, reader)];
    page.extend(problem.map(wrong));
    page.push(state(own, one, &all, reader));
    let found: Vec<Element> = one.line.found.iter().map(|text| el("li").add(reader.pick(text))).collect();
    if !found.is_empty() {
        let words = says.say("现在不能通过：", "Cannot be approved as it stands:");
        page.push(el("div").class("note attention").add(el("p").add(words)).add(el("ul").add(found)));
    }
    page.push(acts(own, one, (&at, why), reader));
    let is_returned = one.line.state == State::Returned;
    let may_send = one.line.state.after(Step::Send).is_some() && !one.is_fixed;
    if may_send
        && (own.closed.is_none() || is_returned || (!typed.replaces.is_empty() && own.settled.is_none()))
    {
        let title = if is_returned || one.line.state == State::Waiting {
            says.say("修改并重新报送", "Change and send again")
        } else {
            says.say("重新报名", "Enter again")
        };
        page.push(section("mend", title).add(person_form(
            own,
            typed,
            Some(&one.line.id_number),
            at.clone(),
            reader,
        )));
    }
    page.push(history(one, reader));
    page
}

fn state(own: &OwnRegistrations, one: &Registration, all: &str, reader: Reader) -> Element {
    let says = Says(reader.language);
    let row = |word: &'static str, value: Element| el("div").add(el("dt").add(word)).add(el("dd").add(value));
    let text = |value: String| el("span").add(value);
    let link = |(id, named): &(String, String)| {
        name("a", named, reader).set("href", format!("{all}/person/{}", segment(id)))
    };
    let mut rows = vec![
        row(says.say("状态", "State"), el("span").add(badge(one.line.state, reader))),
        row(says.say("赛项", "Skill"), text(skill_word(&one.line.skill, reader))),
        row(says.say("代表队", "Delegation"), text(reader.pick(&own.delegation.name))),
        row(says.say("证件号", "Document"), el("span").class("mono").add(one.line.id_number.clone())),
    ];
    if let Some(age) = one.line.age {
        rows.push(row(says.say("参赛首日年龄", "Age on the first day"), text(age.to_string())));
    }
    if let Some(code) = &one.code {
        rows.push(row(
            says.say("选手编号", "Competitor's number"),
            el("span").class("mono").add(code.clone()),
        ));
    }
    if one.person.residence == "yes" {
        rows.push(row(
            says.say("居住证明", "Proof of residence"),
            text(says.say("已核验", "seen").to_owned()),
        ));
    }
    if !one.person.guardian.is_empty() {
        let words = if one.person.consent == "yes" {
            says.say("已签字", "signed")
        } else {
            says.say("未签字", "not signed")
        };
        rows.push(row(says.say("监护人", "Guardian"), text(format!("{} · {words}", one.person.guardian))));
    }
    if let Some(of) = &one.replaces {
        rows.push(row(says.say("替补", "In place of"), link(of)));
    }
    if let Some(by) = &one.replaced_by {
        rows.push(row(says.say("由谁替补", "Replaced by"), link(by)));
    }
    el("dl").class("how").add(rows)
}

/// What can be done with it as it stands, for whoever looks.
fn acts(own: &OwnRegistrations, one: &Registration, (at, typed): (&str, &str), reader: Reader) -> Element {
    let says = Says(reader.language);
    let line = &one.line;
    let seen = || hidden_input("seen", line.changes.to_string());
    let host = format!("/desk/competition/{}/registrations", segment(&own.competition.id));
    let why = |words: &'static str| {
        let input = text_input("why", typed).set("maxlength", "200");
        field(words, input)
    };
    let mut acts = Vec::new();
    if own.is_host && line.state == State::Waiting && line.found.is_empty() && !one.is_fixed {
        let go = form(format!("{host}/approve"))
            .add(hidden_input("one", format!("{}:{}", line.id, line.changes)))
            .add(hidden_input("back", at.to_owned()))
            .add(button("primary", says.say("通过", "Approve")));
        acts.push(go);
    }
    if own.is_host && line.state == State::Waiting {
        let words = says.say("退回修改", "Give back");
        let go = form(format!("{host}/{}/give-back", segment(&line.id)))
            .add(seen())
            .add(why(says.say("哪里要改", "What is to be mended")))
            .add(button("quiet", words));
        let about = says
            .say("代表队会看到原因，改好再报。", "The delegation reads why, mends it and sends it again.");
        acts.push(confirmed("quiet", words, format!("{words}: {}", line.name), about, go));
    }
    if own.is_host && line.state == State::Approved && (!one.is_fixed || line.is_off) {
        let words = says.say("收回通过", "Take the approval back");
        let go =
            form(format!("{host}/{}/reconsider", segment(&line.id))).add(seen()).add(button("quiet", words));
        let about = says.say(
            "从选手名单移除，回到待审核。",
            "They are taken off the list of competitors, and wait again.",
        );
        acts.push(confirmed("quiet", words, format!("{words}: {}", line.name), about, go));
    }
    if line.state == State::Approved && !one.is_fixed && own.settled.is_none() {
        let to = format!("{}/enter?replaces={}", place(own), segment(&line.id));
        acts.push(quiet_link(says.say("换人替补", "Replace them"), to));
    }
    let is_waiting = line.state.after(Step::Withdraw).is_some();
    if is_waiting && own.settled.is_none() && !(line.state == State::Approved && one.is_fixed && !line.is_off)
    {
        let words = says.say("撤回报名", "Withdraw");
        let go = form(format!("{at}/withdraw"))
            .add(seen())
            .add(why(says.say("原因", "Why")))
            .add(button("quiet", words));
        let about = if line.state == State::Approved {
            says.say("这个人不再参赛，名额空出。", "They take part no longer, and their place is free.")
        } else {
            says.say("名额空出；需要时可以重新报。", "The place is free; they can be entered again.")
        };
        acts.push(confirmed("quiet", words, format!("{words}: {}", line.name), about, go));
    }
    if line.age.is_some_and(|age| age < 18) {
        acts.push(quiet_link(
            says.say("打印监护人同意书", "Print the guardian's consent"),
            format!("{at}/consent"),
        ));
    }
    let settled = own.settled.as_ref().map(|text| el("p").class("about").add(reader.pick(text)));
    let fixed = one.is_fixed.then(|| {
        el("p").class("about").add(says.say(
            "赛项已抽签或开放，名单已固定；退赛由裁判长在现场登记。",
            "The skill is drawn or open and its list fixed; a withdrawal is entered by the chief judge.",
        ))
    });
    el("div").add(el("div").class("acts").add(acts)).add(settled).add(fixed)
}

fn history(one: &Registration, reader: Reader) -> Element {
    let says = Says(reader.language);
    let rows: Vec<Element> = one
        .steps
        .iter()
        .map(|step| {
            let said = (!step.said.is_empty()).then(|| el("span").add(format!(" {}", step.said)));
            el("li").add(el("strong").add(step_word(step.step, reader))).add(said).add(
                el("small")
                    .add(format!(" {} · ", reader.moment(step.at)))
                    .add(name("span", &step.by, reader)),
            )
        })
        .collect();
    section("history", says.say("经过", "What was done")).add(el("ol").class("history").add(rows))
}

/// `/desk/delegation/{id}/person/{person}/consent`
pub(super) fn consent_page(own: &OwnRegistrations, one: &Registration, reader: Reader) -> Vec<Element> {
    let says = Says(reader.language);
    let back = format!("{}/person/{}", place(own), segment(&one.line.id));
    let bar = el("p").class("acts no-print").add(quiet_link(says.say("返回", "Back"), back)).add(
        el("span").add(says.say(
            "用浏览器打印这一页，签好后由代表队保存。",
            "Print this page from the browser; the delegation keeps it once it is signed.",
        )),
    );
    let (who, competition) = (&one.line.name, reader.pick(&own.competition.name));
    let skill = skill_word(&one.line.skill, reader);
    let words = match reader.language {
        Language::Chinese => format!(
            "本人是 {who} 的监护人，同意其参加{competition}“{skill}”赛项的报名、训练和比赛；已了解安全要求，并同意组委会为比赛需要处理其姓名、证件号和成绩，成绩按规则公布。"
        ),
        Language::English => format!(
            "I am the guardian of {who} and agree that they take part in \"{skill}\" of {competition}, its training included. I know the safety rules, and agree that the organiser uses their name, document number and results for the competition, and that results are published by its rules."
        ),
    };
    let line = |words: &'static str| el("p").class("to-sign").add(el("span").add(words));
    let sheet = el("article")
        .class("consent")
        .add(el("h1").add(says.say("未成年选手监护人同意书", "Consent of a minor's guardian")))
        .add(el("p").add(words))
        .add(line(says.say("监护人姓名", "Guardian's name")))
        .add(line(says.say("与选手的关系", "Relation to the competitor")))
        .add(line(says.say("联系电话", "Telephone")))
        .add(line(says.say("签字", "Signature")))
        .add(line(says.say("日期", "Date")));
    vec![bar, sheet]
}
