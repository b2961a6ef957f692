//! Setting a competition up: the form of what it is, adding skills, and what a skill lacks, each with where it
//! is mended.

use domain::access::Role;
use domain::finding::Language;
use protocol::Problem;
use protocol::circuit::CircuitRef;
use protocol::desk::{Competition, Skill};
use protocol::people::Organisation;
use protocol::setup::{About, Mending};
use protocol::view::{CompetitionRef, Text};

use super::scheme::UPLOADED;
use super::{
    HomeMay, Says, button, confirmed, field, form, hidden_input, option, place_field, quiet_link, section,
    text_input, wrong,
};
use crate::format::{Reader, segment};
use crate::node::{Element, el};
use crate::parts::name;

/// A tier's name.
pub(super) fn tier_word(tier: &str, reader: Reader) -> &'static str {
    let (chinese, english) = protocol::circuit::tier_words(tier);
    Says(reader.language).say(chinese, english)
}

/// What whoever fills the form in may choose of.
#[derive(Clone, Copy, Debug, Default)]
pub struct Choices<'a> {
    /// The rule sets: id and title.
    pub rule_sets: &'a [(String, Text)],
    /// The tiers.
    pub tiers: &'a [&'static str],
    /// The circuits that it may stand in.
    pub circuits: &'a [CircuitRef],
    /// The templates that it may begin with; none where it is made already.
    pub templates: &'a [CompetitionRef],
    /// The organisations that it may be of; none where it is made already.
    pub places: &'a [Organisation],
    /// Whether it may be of none.
    pub of_none: bool,
}

/// Making a competition, on the desk's first page.
pub(super) fn make(
    choices: Choices<'_>,
    typed: &About,
    problem: Option<&Problem>,
    reader: Reader,
) -> Element {
    let says = Says(reader.language);
    let about = says.say(
        "先建大赛，再加赛项、评分标准、选手名单和裁判；每个赛项缺什么，页面上都写着。",
        "Make the competition, then add skills, schemes, the roster and judges; the page says what each skill lacks.",
    );
    section("new", says.say("新建大赛", "Make a competition"))
        .add(el("p").class("about").add(about))
        .add(problem.map(wrong))
        .add(about_form("/desk/new#new".to_owned(), choices, typed, says.say("新建", "Make it"), reader))
}

/// The form of what a competition is.
pub(super) fn about_form(
    at: String,
    choices: Choices<'_>,
    typed: &About,
    go: &'static str,
    reader: Reader,
) -> Element {
    let says = Says(reader.language);
    let own_name = text_input("name", &typed.name)
        .set("maxlength", "200")
        .set("placeholder", says.say("石家庄市职工职业技能大赛", "Shijiazhuang skills competition"));
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
    let tier = if typed.tier.is_empty() { "city" } else { typed.tier.as_str() };
    let tiers: Vec<Element> =
        choices.tiers.iter().map(|one| option(*one, *one == tier, tier_word(one, reader))).collect();
    let rules = if typed.rule_set.is_empty() { "hebei-2025" } else { typed.rule_set.as_str() };
    let is_known = choices.rule_sets.iter().any(|(id, _)| id == rules);
    // What came by a package stays chosen, or saving the form would change it.
    let own = (!is_known).then(|| option(rules.to_owned(), true, rules.to_owned()));
    let rule_sets: Vec<Element> = choices
        .rule_sets
        .iter()
        .map(|(id, title)| option(id.clone(), id == rules, reader.pick(title)))
        .collect();
    let rule_sets: Vec<Element> = own.into_iter().chain(rule_sets).collect();
    let may = HomeMay { of_none: choices.of_none, ..HomeMay::default() };
    form(at)
        .class("sheet of-competition")
        .add(template_field(choices.templates, &typed.template, reader))
        .add(field(says.say("大赛名称", "Name"), own_name))
        .add(field(says.say("英文名称", "Name in English"), free("name_en", &typed.name_en, "")))
        .add(field(says.say("届次", "Edition"), free("edition", &typed.edition, "2026")))
        .add(field(says.say("级别", "Tier"), el("select").set("name", "tier").add(tiers)))
        .add(circuit_field(choices.circuits, &typed.circuit, reader))
        .add(field(
            says.say("主办单位", "Host"),
            free(
                "host",
                &typed.host,
                says.say("石家庄市总工会", "Federation of trade unions of Shijiazhuang"),
            ),
        ))
        .add((!typed.form.is_empty()).then(|| hidden_input("form", typed.form.clone())))
        .add((!typed.seen.is_empty()).then(|| hidden_input("seen", typed.seen.clone())))
        .add(place_field(may, choices.places, &typed.organisation, reader))
        .add(field(says.say("第一天", "First day"), day("from", &typed.from)))
        .add(field(says.say("最后一天", "Last day"), day("until", &typed.until)))
        .add(field(
            says.say("地点", "Place"),
            free("venue", &typed.venue, says.say("石家庄市技师学院", "Technical college of Shijiazhuang")),
        ))
        .add(field(
            says.say("规则（尚未开放的赛项都用它）", "Rules (of every skill that is not open yet)"),
            el("select").set("name", "rule_set").add(rule_sets),
        ))
        .add(button("primary", go))
}

/// The choice of the circuit that it stands in; none where there is none to choose.
fn circuit_field(circuits: &[CircuitRef], chosen: &str, reader: Reader) -> Option<Element> {
    let says = Says(reader.language);
    if circuits.is_empty() {
        return None;
    }
    let none = option("", chosen.is_empty(), says.say("（不属于竞赛体系）", "(in none)"));
    let circuits =
        circuits.iter().map(|one| option(one.id.clone(), one.id == chosen, reader.pick(&one.name)));
    let select = el("select").set("name", "circuit").add(none).add(circuits.collect::<Vec<_>>());
    Some(field(says.say("竞赛体系", "Circuit"), select))
}

/// The choice of the template that it begins with; none where there is none to choose.
fn template_field(templates: &[CompetitionRef], chosen: &str, reader: Reader) -> Option<Element> {
    let says = Says(reader.language);
    if templates.is_empty() {
        return None;
    }
    let none = option("", chosen.is_empty(), says.say("（不用模板）", "(none)"));
    let templates =
        templates.iter().map(|one| option(one.id.clone(), one.id == chosen, reader.pick(&one.name)));
    let select = el("select").set("name", "template").add(none).add(templates.collect::<Vec<_>>());
    let about = says.say(
        "赛项、评分标准和各部分照搬模板，规则也用模板的。",
        "Its skills, schemes and parts are taken over; its rules as well, whatever is chosen below.",
    );
    let label = says.say("从模板开始", "Begin with a template");
    Some(field(label, select).add(el("small").add(about)))
}

/// Offering it as a template.
fn template_section(at: &str, offered: bool, reader: Reader) -> Element {
    let says = Says(reader.language);
    let about = says.say(
        "本单位和下级单位的组织者新建大赛时，可以照搬它的赛项、评分标准、各部分和规则，因此看得到评分标准；选手、裁判和成绩看不到。以后改这场大赛，不影响已经照搬的。",
        "Who sets up competitions of its organisation or below may begin with its skills, schemes, parts and rules, and so read its schemes; not who competes, who judges or the results. Later changes do not reach what was begun with it.",
    );
    let (words, value) = if offered {
        (says.say("不再作为模板", "Take the offer back"), "")
    } else {
        (says.say("作为模板提供", "Offer it as a template"), "yes")
    };
    let state = offered
        .then(|| el("p").class("note done").add(says.say("现在是模板。", "It is offered as a template.")));
    let go = form(format!("{at}/template")).add(hidden_input("offered", value)).add(button("quiet", words));
    section("template", says.say("模板", "Template"))
        .add(el("p").class("about").add(about))
        .add(state)
        .add(go)
}

/// `/desk/competition/{id}/about`
pub(super) fn about_page(
    id: &str,
    choices: Choices<'_>,
    (typed, offered): (&About, Option<bool>),
    problem: Option<&Problem>,
    reader: Reader,
) -> Vec<Element> {
    let says = Says(reader.language);
    let at = format!("/desk/competition/{}", segment(id));
    let back = quiet_link(says.say("回到大赛", "Back to the competition"), at.clone());
    let head = el("div")
        .class("head")
        .add(el("h1").add(says.say("大赛信息", "What the competition is")))
        .add(el("p").class("acts").add(back));
    let mut page = vec![head];
    page.extend(problem.map(wrong));
    page.push(about_form(format!("{at}/about"), choices, typed, says.say("保存", "Save"), reader));
    page.extend(offered.map(|offered| template_section(&at, offered, reader)));
    page
}

/// What is set up of a whole competition.
pub(super) fn of_competition(
    competition: &Competition,
    typed: &str,
    problem: Option<&Problem>,
    reader: Reader,
) -> Option<Element> {
    let says = Says(reader.language);
    if !competition.may.set_up || competition.practice_of.is_some() {
        return None;
    }
    let at = format!("/desk/competition/{}", segment(&competition.competition.id));
    let area = el("textarea")
        .set("name", "skills")
        .set("rows", "6")
        .set("required", "")
        .set("placeholder", says.say("01，焊接\n02，数控车", "01, Welding\n02, CNC turning"))
        .add(typed.to_owned());
    let lines = form(format!("{at}/skills"))
        .class("sheet")
        .add(field(
            says.say(
                "每行一个：编号，名称，英文名称，职业编码（后两项可不写）；可从 Excel 粘贴",
                "One a line: number, name, English name, occupation code (the last two may be left out); paste from Excel",
            ),
            area,
        ))
        .add(button("primary", says.say("添加赛项", "Add skills")));
    let is_new = competition.skills.is_empty();
    let add = el("details")
        .class("folded")
        .set_some("open", (is_new || problem.is_some()).then_some(""))
        .add(el("summary").add(says.say("添加赛项", "Add skills")))
        .add(problem.map(wrong))
        .add(el("p").class("acts").add(quiet_link(
            says.say(
                "从职业目录、世赛目录或模板里选",
                "Choose from the occupations, WorldSkills or templates",
            ),
            format!("{at}/skills/pick"),
        )))
        .add(lines);
    let links = el("p")
        .class("acts")
        .add(quiet_link(says.say("选手名单", "Roster"), format!("{at}/roster")))
        .add(quiet_link(says.say("裁判名单", "Judges"), format!("{at}/judges")))
        .add(quiet_link(says.say("报名", "Registration"), format!("{at}/registrations")))
        .add(quiet_link(says.say("晋级", "Promotion"), format!("{at}/promotions")))
        .add(quiet_link(says.say("抽签与编码", "Draw and codes"), format!("{at}/draw")))
        .add(quiet_link(says.say("规则", "Rules"), format!("{at}/rules")))
        .add(quiet_link(says.say("大赛信息", "What it is"), format!("{at}/about")))
        .add((!competition.competition.is_rehearsal).then(|| {
            let rehearsal = quiet_link(says.say("新建彩排", "Make a rehearsal"), format!("{at}/rehearsal"));
            let next = quiet_link(says.say("新建下一届", "Make the next edition"), format!("{at}/next"));
            vec![rehearsal, next]
        }));
    Some(section("setup", says.say("准备", "Set-up")).add(links).add(add))
}

/// What a skill lacks, each leading to where it is mended, and the forms that mend it.
pub(super) fn of_skill(skill: &Skill, competition: &str, reader: Reader) -> Option<Element> {
    let says = Says(reader.language);
    if !skill.is_draft || !skill.may.set_up {
        return None;
    }
    let id = segment(&skill.skill.id);
    let title = reader.pick(&skill.skill.name);
    let anchor = |what: &str| format!("{what}-{id}");
    let lacks: Vec<Element> = skill
        .missing
        .iter()
        .map(|one| {
            let to = match one.at {
                // What is found in a scheme that is there is mended where it is edited.
                Mending::Scheme if skill.aspects > 0 => format!("/desk/skill/{id}/scheme"),
                Mending::Scheme => format!("#{}", anchor("scheme")),
                Mending::Panels => format!("/desk/skill/{id}/panels"),
                Mending::Judges => format!("#{}", anchor("judges")),
                Mending::Roster => format!("/desk/competition/{}/roster", segment(competition)),
                Mending::Draw => format!("/desk/competition/{}/draw", segment(competition)),
            };
            el("li").add(name("a", &reader.pick(&one.what), reader).set("href", to))
        })
        .collect();
    let lacks = if lacks.is_empty() {
        el("p").class("about").add(says.say("准备好了，可以开放评分。", "It is ready to be opened."))
    } else {
        el("ul").class("lacks").set("aria-label", says.say("还缺", "What it lacks")).add(lacks)
    };
    let file =
        el("input").set("type", "file").set("name", "file").set("required", "").set("accept", UPLOADED);
    let words = if skill.aspects == 0 {
        says.say("写评分标准，或上传", "Write the scheme, or upload it")
    } else {
        says.say("评分标准", "Marking scheme")
    };
    let edit = if skill.aspects == 0 {
        says.say("在页面上写", "Write it here")
    } else {
        says.say("查看和编辑", "Look at it and edit it")
    };
    let edit = el("p").class("acts").add(
        quiet_link(edit, format!("/desk/skill/{id}/scheme")).set("aria-label", format!("{edit}: {title}")),
    );
    let upload = if skill.aspects == 0 {
        says.say("上传", "Upload")
    } else {
        says.say("换成这份", "Replace it by this")
    };
    let scheme = form(format!("/desk/skill/{id}/scheme/upload"))
        .set("enctype", "multipart/form-data")
        .class("line")
        .add(field(
            says.say(
                "CIS 评分表，或按模板填的 Excel、CSV",
                "CIS workbook, or the template filled in (Excel, CSV)",
            ),
            file,
        ))
        .add(button("primary", upload))
        .add((skill.aspects == 0).then(|| {
            let words = says.say("下载模板", "Template");
            quiet_link(words, format!("/desk/skill/{id}/scheme/table"))
                .set("aria-label", format!("{words}: {title}"))
        }));
    let scheme = el("details")
        .class("folded")
        .set("id", anchor("scheme"))
        .set_some("open", (skill.aspects == 0).then_some(""))
        .add(el("summary").set("aria-label", format!("{words}: {title}")).add(words))
        .add(edit)
        .add(scheme);
    let noted = (skill.scheme_noted > 0).then(|| {
        let words = match reader.language {
            Language::Chinese => format!("上传的评分表里有 {} 处值得看一眼", skill.scheme_noted),
            Language::English => format!("{} things in the workbook are worth a look", skill.scheme_noted),
        };
        let label = format!("{words}: {title}");
        let link = el("a").set("href", format!("/desk/skill/{id}/scheme")).set("aria-label", label);
        el("p").class("about").add(link.add(words))
    });
    let words = if skill.judges.is_empty() {
        says.say("添加多位裁判", "Add judges")
    } else {
        says.say("添加多位裁判、换裁判长、删除裁判", "Add judges, take one off, choose who leads")
    };
    let area = el("textarea").set("name", "judges").set("rows", "4").set("required", "").set(
        "placeholder",
        says.say(
            "马建华，质检院\n胡爱民，技师学院",
            "Ma Jianhua, Test institute\nHu Aimin, Technical college",
        ),
    );
    let judges = form(format!("/desk/skill/{id}/judge-lines"))
        .class("sheet")
        .add(field(
            says.say(
                "每行一位：姓名，单位。还没有裁判长时，第一位是裁判长",
                "One a line: name, organisation. Without a chief judge so far, the first becomes it",
            ),
            area,
        ))
        .add(button("primary", says.say("添加", "Add")));
    let listed: Vec<Element> = skill
        .judges
        .iter()
        .map(|judge| {
            let one = |to: &str, words: &'static str| {
                form(format!("/desk/skill/{id}/judge/{to}"))
                    .add(hidden_input("code", judge.code.to_string()))
                    .add(button("quiet", words).set("aria-label", format!("{words}: {}", judge.name)))
            };
            let leads = judge.role == Role::ChiefJudge;
            let chief = leads.then(|| el("small").add(says.say("裁判长", "chief judge")));
            el("li")
                .add(name("span", &judge.name, reader))
                .add(el("span").class("mono").add(judge.code.to_string()))
                .add(chief)
                .add((!leads).then(|| one("lead", says.say("设为裁判长", "Let them lead"))))
                .add(one("remove", says.say("删除", "Take off")))
        })
        .collect();
    let listed = (!listed.is_empty())
        .then(|| el("ul").class("set-up-judges").set("aria-label", says.say("裁判", "Judges")).add(listed));
    let judges = el("details")
        .class("folded")
        .set("id", anchor("judges"))
        .add(el("summary").set("aria-label", format!("{words}: {title}")).add(words))
        .add(listed)
        .add(judges);
    let is_removable = skill.competitors == 0 && skill.judges.is_empty();
    let remove = is_removable.then(|| {
        let words = says.say("删除赛项", "Remove the skill");
        let has_scheme = skill.aspects > 0;
        let about = if has_scheme {
            says.say(
                "赛项的评分标准和它的各个版本一起删除，不能恢复。",
                "Its scheme goes with it, in all its versions, and cannot be had back.",
            )
        } else {
            says.say("赛项还是空的，可以直接删除。", "It is empty still, and can be removed.")
        };
        let go = form(format!("/desk/skill/{id}/remove"))
            .add(has_scheme.then(|| hidden_input("scheme", "yes")))
            .add(button("quiet", words));
        confirmed("quiet", words, format!("{words}: {title}"), about, go)
    });
    let label = match reader.language {
        Language::Chinese => format!("{title}的准备"),
        Language::English => format!("Set-up of {title}"),
    };
    Some(
        el("div")
            .class("setting-up-skill")
            .set("role", "group")
            .set("aria-label", label)
            .add(lacks)
            .add(noted)
            .add(scheme)
            .add(judges)
            .add((!skill.judges.is_empty() && skill.aspects > 0).then(|| {
                let words = says.say("评分组：谁评哪些子项", "Panels: who marks what");
                let at = format!("/desk/skill/{id}/panels");
                el("p")
                    .class("acts")
                    .add(quiet_link(words, at).set("aria-label", format!("{words}: {title}")))
            }))
            .add((!skill.judges.is_empty() && skill.competitors > 0).then(|| {
                let words = says.say("回避", "Conflicts of interest");
                let at = format!("/desk/skill/{id}/interests");
                el("p")
                    .class("acts")
                    .add(quiet_link(words, at).set("aria-label", format!("{words}: {title}")))
            }))
            .add(remove),
    )
}
