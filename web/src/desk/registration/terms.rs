//! The form of the terms.

use domain::finding::Language;
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
    (typed, there): (&TermsForm, Option<&TermsForm>),
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
    let of = Fields { typed, there, reader };
    let when =
        section("when", says.say("时间", "Days")).add(
            el("div")
                .class("sheet")
                .add(of.day(says.say("报名第一天", "First day of registration"), "opens"))
                .add(of.day(says.say("报名最后一天", "Last day"), "closes"))
                .add(of.day(
                    says.say("退出和替补截止", "Withdrawals and substitutions until"),
                    "substitutes_until",
                )),
        );
    let employments = says.say("如：职工、学生；用顿号隔开", "such as 职工, 学生; with commas between");
    let regions = says.say(
        "如 13 是河北，1301 是石家庄；不符的须有居住证明",
        "13 is Hebei, 1301 Shijiazhuang; others show a proof of residence",
    );
    let one_skill = says.say("一个人只能参加一个赛项", "A person takes part in one skill");
    let who = section("who", says.say("谁能参加", "Who takes part")).add(
        el("div")
            .class("sheet")
            .add(of.text(says.say("身份", "Employment"), "employments", employments))
            .add(of.text(
                says.say("户籍（行政区划代码）", "Registered in (codes of regions)"),
                "regions",
                regions,
            ))
            .add(of.tick(one_skill, "is_one_skill")),
    );
    let every = section("every", says.say("每个赛项", "Every skill")).add(of.of_skill(""));
    let own: Vec<Element> = skills
        .iter()
        .map(|skill| {
            let behind = format!(".{}", skill.id);
            let is_own = |form: &TermsForm| form.get(&format!("own{behind}")) == "yes";
            let words = says.say(
                "这个赛项另有规定（用下面的，不用上面的）",
                "This skill has terms of its own (these, in place of those above)",
            );
            el("details")
                .class("folded")
                .set_some("open", (is_own(typed) || there.is_some_and(is_own)).then_some(""))
                .add(el("summary").add(skill_word(skill, reader)))
                .add(of.tick(words, &format!("own{behind}")))
                .add(of.of_skill(&behind))
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

/// The fields, each as it was typed; where somebody else changed it meanwhile, with what stands there.
struct Fields<'a> {
    typed: &'a TermsForm,
    there: Option<&'a TermsForm>,
    reader: Reader,
}

impl Fields<'_> {
    fn stands(&self, name: &str) -> Option<Element> {
        let now = self.there?.get(name);
        let words = match (self.reader.language, now) {
            _ if now == self.typed.get(name) => return None,
            (Language::Chinese, "") => "现在是：（空）".to_owned(),
            (Language::Chinese, "yes") => "现在是：选中".to_owned(),
            (Language::Chinese, _) => format!("现在是：{now}"),
            (Language::English, "") => "Now: (empty)".to_owned(),
            (Language::English, "yes") => "Now: ticked".to_owned(),
            (Language::English, _) => format!("Now: {now}"),
        };
        Some(el("small").add(el("strong").add(words)))
    }

    fn input(&self, name: &str) -> Element {
        el("input").set("name", name.to_owned()).set("value", self.typed.get(name).to_owned())
    }

    fn day(&self, words: &'static str, name: &str) -> Element {
        field(words, self.input(name).set("type", "date")).add(self.stands(name))
    }

    fn text(&self, words: &'static str, name: &str, about: &'static str) -> Element {
        let input = self.input(name).set("maxlength", "400");
        field(words, input).add(el("small").add(about)).add(self.stands(name))
    }

    fn count(&self, words: &'static str, name: &str) -> Element {
        let input = self.input(name).set("inputmode", "numeric").set("maxlength", "6");
        field(words, input).add(self.stands(name))
    }

    fn tick(&self, words: &'static str, name: &str) -> Element {
        let is_set = self.typed.get(name) == "yes";
        let tick = el("input")
            .set("type", "checkbox")
            .set("name", name.to_owned())
            .set("value", "yes")
            .set_some("checked", is_set.then_some(""));
        el("label").class("tick").add(tick).add(el("span").add(words)).add(self.stands(name))
    }

    /// What may differ from skill to skill; the names end in `behind`.
    fn of_skill(&self, behind: &str) -> Element {
        let says = Says(self.reader.language);
        let name = |field: &str| format!("{field}{behind}");
        let level = name("level");
        let chosen = self.typed.get(&level);
        let levels: Vec<Element> = SkillLevel::ALL
            .iter()
            .map(|(word, level)| {
                let (chinese, english) = level.names();
                option(*word, chosen == *word, says.say(chinese, english))
            })
            .collect();
        let levels = el("select")
            .set("name", level.clone())
            .add(option("", chosen.is_empty(), says.say("不限", "any")))
            .add(levels);
        let least = says.say("不足时提醒，奖项按规则集", "you are told; awards go by the rules");
        el("div")
            .class("sheet")
            .add(self.count(says.say("每个代表队最多几人", "A delegation enters at most"), &name("quota")))
            .add(self.day(says.say("最早出生日期", "Born not before"), &name("born_from")))
            .add(self.day(says.say("最晚出生日期", "Born not after"), &name("born_until")))
            .add(field(says.say("最低技能等级", "Lowest level"), levels).add(self.stands(&level)))
            .add(
                self.count(says.say("至少几人才开赛", "Smallest field"), &name("least_field"))
                    .add(el("small").add(least)),
            )
    }
}
