//! The form of the terms.

use domain::rules::SkillLevel;
use protocol::Problem;
use protocol::registration::TermsForm;
use protocol::view::{CompetitionRef, SkillRef};

use super::super::{Says, button, field, form, hidden_input, option, quiet_link, section, wrong};
use super::skill_word;
use crate::format::{Reader, segment};
use crate::node::{Element, el};
use crate::parts::name;

pub(super) fn page(
    (competition, skills): (&CompetitionRef, &[SkillRef]),
    typed: &TermsForm,
    is_kept: bool,
    problem: Option<&Problem>,
    reader: Reader,
) -> Vec<Element> {
    let says = Says(reader.language);
    let at = format!("/desk/competition/{}/registrations", segment(&competition.id));
    let about = says.say(
        "空着的就是不限制。改动只管以后报送和审核的人；已通过的不受影响。",
        "What is empty is not asked. A change holds for whoever is entered or approved from then on; who is approved stays.",
    );
    let head = el("div")
        .class("head")
        .add(el("h1").add(says.say("报名条件", "Terms of registration")))
        .add(name("p", &reader.pick(&competition.name), reader).class("of"))
        .add(el("p").class("about").add(about))
        .add(el("p").class("acts").add(quiet_link(says.say("回到报名", "Back to registration"), at.clone())));
    let mut page = vec![head];
    page.extend(problem.map(wrong));
    page.extend(
        is_kept.then(|| el("p").class("note done").set("role", "status").add(says.say("已保存。", "Saved."))),
    );
    let free = |field_name: &'static str| {
        el("input")
            .set("name", field_name)
            .set("maxlength", "400")
            .set("value", typed.get(field_name).to_owned())
    };
    let when = section("when", says.say("时间", "Days")).add(
        el("div")
            .class("sheet")
            .add(field(says.say("报名第一天", "First day of registration"), day(typed, "opens".to_owned())))
            .add(field(says.say("报名最后一天", "Last day"), day(typed, "closes".to_owned())))
            .add(field(
                says.say("退出和替补截止", "Withdrawals and substitutions until"),
                day(typed, "substitutes_until".to_owned()),
            )),
    );
    let who = section("who", says.say("谁能参加", "Who takes part")).add(
        el("div")
            .class("sheet")
            .add(
                field(says.say("身份", "Employment"), free("employments")).add(
                    el("small").add(
                        says.say("如：职工、学生；用顿号隔开", "such as 职工, 学生; with commas between"),
                    ),
                ),
            )
            .add(
                field(says.say("户籍（行政区划代码）", "Registered in (codes of regions)"), free("regions"))
                    .add(el("small").add(says.say(
                        "如 13 是河北，1301 是石家庄；不符的须有居住证明",
                        "13 is Hebei, 1301 Shijiazhuang; others show a proof of residence",
                    ))),
            )
            .add(tick(
                typed,
                "is_one_skill".to_owned(),
                says.say("一个人只能参加一个赛项", "A person takes part in one skill"),
            )),
    );
    let every = section("every", says.say("每个赛项", "Every skill")).add(fields(typed, "", reader));
    let own: Vec<Element> = skills
        .iter()
        .map(|skill| {
            let of = format!(".{}", skill.id);
            let has = typed.get(&format!("own{of}")) == "yes";
            let words = says.say(
                "这个赛项另有规定（用下面的，不用上面的）",
                "This skill has terms of its own (these, in place of those above)",
            );
            el("details")
                .class("folded")
                .set_some("open", has.then_some(""))
                .add(el("summary").add(skill_word(skill, reader)))
                .add(tick(typed, format!("own{of}"), words))
                .add(fields(typed, &of, reader))
        })
        .collect();
    let own = section("own", says.say("个别赛项另有规定", "Skills with terms of their own")).add(own);
    page.push(
        form(format!("{at}/terms"))
            .class("terms")
            .add(hidden_input("seen", typed.get("seen").to_owned()))
            .add(when)
            .add(who)
            .add(every)
            .add(own)
            .add(el("p").class("acts").add(button("primary", says.say("保存", "Save")))),
    );
    page
}

fn day(typed: &TermsForm, field_name: String) -> Element {
    el("input").set("type", "date").set("value", typed.get(&field_name).to_owned()).set("name", field_name)
}

fn tick(typed: &TermsForm, field_name: String, words: &'static str) -> Element {
    let is_set = typed.get(&field_name) == "yes";
    let tick = el("input")
        .set("type", "checkbox")
        .set("name", field_name)
        .set("value", "yes")
        .set_some("checked", is_set.then_some(""));
    el("label").class("tick").add(tick).add(el("span").add(words))
}

fn fields(typed: &TermsForm, of: &str, reader: Reader) -> Element {
    let says = Says(reader.language);
    let count = |field_name: &str| {
        let field_name = format!("{field_name}{of}");
        el("input")
            .set("inputmode", "numeric")
            .set("maxlength", "6")
            .set("value", typed.get(&field_name).to_owned())
            .set("name", field_name)
    };
    let level_name = format!("level{of}");
    let chosen = typed.get(&level_name);
    let levels: Vec<Element> = SkillLevel::ALL
        .iter()
        .map(|(word, level)| {
            let (chinese, english) = level.names();
            option(*word, chosen == *word, says.say(chinese, english))
        })
        .collect();
    let levels = el("select")
        .set("name", level_name.clone())
        .add(option("", chosen.is_empty(), says.say("不限", "any")))
        .add(levels);
    el("div")
        .class("sheet")
        .add(field(says.say("每个代表队最多几人", "A delegation enters at most"), count("quota")))
        .add(field(says.say("最早出生日期", "Born not before"), day(typed, format!("born_from{of}"))))
        .add(field(says.say("最晚出生日期", "Born not after"), day(typed, format!("born_until{of}"))))
        .add(field(says.say("最低技能等级", "Lowest level"), levels))
        .add(field(says.say("至少几人才开赛", "Smallest field"), count("least_field")).add(
            el("small").add(says.say("不足时提醒，奖项按规则集", "you are told; awards go by the rules")),
        ))
}
