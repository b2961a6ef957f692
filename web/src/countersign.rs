//! `/countersign`: where a competitor signs a sheet of the own work, at a judge's device, once its judges
//! have. A sheet's page shows nothing of anybody else.

use domain::finding::Language;
use domain::marking::{Countersigned, VoidHow};
use protocol::Problem;
use protocol::countersign::{CountersignAspect, CountersignSheet, ToCountersign};

use crate::desk::{Says, button, confirmed, field, form, hidden_input, quiet_link, wrong};
use crate::format::{Reader, segment};
use crate::node::{Element, el};
use crate::parts::{empty, name};

/// What the page shows.
#[derive(Clone, Copy, Debug)]
pub enum CountersignPage<'a> {
    /// The sheets that wait, for the judge to choose from.
    List {
        /// Which.
        waiting: &'a ToCountersign,
        /// Whether it is the chief judge who looks.
        is_chief: bool,
        /// Why something was not done.
        problem: Option<&'a Problem>,
    },
    /// One sheet, for its competitor.
    Sheet {
        /// Which.
        sheet: &'a CountersignSheet,
        /// Whether the device is the chief judge's.
        is_chief: bool,
        /// Why it was not done.
        problem: Option<&'a Problem>,
    },
    /// What the competitor said, and that the tablet goes back.
    Said(Countersigned),
}

/// The document's title.
pub(crate) fn title(reader: Reader) -> &'static str {
    Says(reader.language).say("选手签字", "Competitor's signature")
}

impl CountersignPage<'_> {
    /// The page's body.
    pub(crate) fn body(&self, reader: Reader) -> Vec<Element> {
        match *self {
            Self::List { waiting, is_chief, problem } => list(waiting, is_chief, problem, reader),
            Self::Sheet { sheet, is_chief, problem } => one(sheet, is_chief, problem, reader),
            Self::Said(said) => vec![thanks(said, reader)],
        }
    }
}

fn list(waiting: &ToCountersign, is_chief: bool, problem: Option<&Problem>, reader: Reader) -> Vec<Element> {
    let says = Says(reader.language);
    let about = says.say(
        "评分组都签了字、还等选手签字的评分表。点一张，把平板交给选手；选手只看到自己的这一张。",
        "Sheets that the whole panel has signed and that wait for their competitor. Open one and hand the tablet over: the competitor sees this one sheet and nothing else.",
    );
    let back = match is_chief {
        true => quiet_link(says.say("回到裁判长页面", "Back to the chief judge's page"), "/chief"),
        false => quiet_link(says.say("我的评分表", "My sheets"), "/judge"),
    };
    let head = el("div")
        .class("head")
        .add(el("h1").add(title(reader)))
        .add(facts(
            &reader.pick(&waiting.competition),
            &waiting.skill.number,
            &reader.pick(&waiting.skill.name),
            reader,
        ))
        .add(problem.map(wrong))
        .add(el("p").class("about").add(about))
        .add(el("p").class("acts").add(back));
    let body = if !waiting.is_asked_for {
        empty(
            says.say("本赛项不需要选手签字", "No competitor signs in this skill"),
            says.say(
                "规则集里没有这一条；需要时，在开放评分之前改用有这一条的规则集。",
                "Its rule set does not ask for it; where it should, choose one that does before the skill is opened.",
            ),
        )
    } else if waiting.sheets.is_empty() {
        empty(
            says.say("没有等选手签字的评分表", "No sheet waits for its competitor"),
            says.say(
                "一张评分表评完、全组裁判都签字之后，会出现在这里。",
                "A sheet stands here once it is complete and its whole panel has signed.",
            ),
        )
    } else {
        let items = waiting.sheets.iter().map(|sheet| {
            let refused = sheet.is_refused.then(|| {
                el("span")
                    .class("attention")
                    .add(says.say(" ⚠ 选手拒签过", " ⚠ the competitor refused before"))
            });
            let to = countersign_address(sheet.competitor.as_str(), sheet.sub_criterion.as_str());
            let link = el("a")
                .set("href", to)
                .add(el("strong").class("mono").add(sheet.competitor.to_string()))
                .add(" · ")
                .add(el("span").class("mono").add(sheet.sub_criterion.to_string()))
                .add(" ")
                .add(name("span", &sheet.name, reader));
            el("li").add(link).add(refused)
        });
        el("ul").class("to-sign").add(items.collect::<Vec<_>>())
    };
    vec![head, body]
}

/// The address of the page where a competitor signs one sheet, by codes.
#[must_use]
pub fn countersign_address(competitor: &str, sub: &str) -> String {
    format!("/countersign?competitor={}&sub={}", segment(competitor), segment(sub))
}

fn facts(competition: &str, number: &str, skill: &str, reader: Reader) -> Element {
    let number = el("span").class("number").add(number.to_owned());
    el("p")
        .class("facts")
        .add(name("span", competition, reader))
        .add(el("span").add(number).add(" ").add(name("span", skill, reader)))
}

fn one(sheet: &CountersignSheet, is_chief: bool, problem: Option<&Problem>, reader: Reader) -> Vec<Element> {
    let says = Says(reader.language);
    let signed = sheet.judges.iter().map(ToString::to_string).collect::<Vec<_>>();
    let signed = match reader.language {
        Language::Chinese => format!("已签字的裁判：{}", signed.join("、")),
        Language::English => format!("Signed by the judges: {}", signed.join(", ")),
    };
    let refused = sheet.is_refused.then(|| {
        let words = says.say(
            "您之前没有签这张表；理由已记录，裁判长会处理。现在仍可以签。",
            "You refused to sign this before; your reason is recorded and the chief judge sees to it. You can still sign.",
        );
        el("p").class("note attention").add(words)
    });
    let head = el("div")
        .class("head")
        .add(el("h1").class("code mono").add(sheet.competitor.to_string()))
        .add(el("p").add(el("span").class("mono").add(sheet.sub_criterion.to_string())).add(" ").add(name(
            "strong",
            &sheet.name,
            reader,
        )))
        .add(facts(
            &reader.pick(&sheet.competition),
            &sheet.skill.number,
            &reader.pick(&sheet.skill.name),
            reader,
        ))
        .add(problem.map(wrong))
        .add(refused);
    let code = el("p")
        .add(says.say("签字内容的校验码", "Code of what is signed"))
        .add(" ")
        .add(el("strong").class("mono").add(sheet.digest.short()))
        .add(" · ")
        .add(signed);
    vec![head, table(sheet, reader), code, sign(sheet, reader), refuse(sheet, reader)]
        .into_iter()
        .chain(is_chief.then(|| sign_for(sheet, reader)))
        .collect()
}

fn table(sheet: &CountersignSheet, reader: Reader) -> Element {
    let says = Says(reader.language);
    let columns = if sheet.sum.is_some() {
        vec![says.say("评分点", "Aspect"), says.say("得分", "Mark"), says.say("满分", "Most")]
    } else {
        vec![says.say("评分点", "Aspect"), says.say("满分", "Most")]
    };
    // Marks stand to the right, and so do their names.
    let head = columns.iter().enumerate().map(|(at, words)| {
        let class = if at == 0 { "" } else { "figure" };
        el("th").set("scope", "col").class(class).add(*words)
    });
    let head = el("thead").add(el("tr").add(head.collect::<Vec<_>>()));
    let rows = sheet.aspects.iter().map(|aspect| row(aspect, sheet.sum.is_some(), reader));
    let sum = sheet.sum.map(|(sum, most)| {
        el("tr")
            .class("sum")
            .add(el("th").set("scope", "row").add(says.say("合计", "Sum")))
            .add(el("td").class("figure").add(sum.to_string()))
            .add(el("td").class("figure").add(most.to_string()))
    });
    el("table").class("signed-sheet").add(head).add(el("tbody").add(rows.collect::<Vec<_>>()).add(sum))
}

fn row(aspect: &CountersignAspect, shows_marks: bool, reader: Reader) -> Element {
    let says = Says(reader.language);
    let voided = aspect.voided.map(|how| {
        el("small").add(match how {
            VoidHow::Full => says.say("（作废，全员满分）", " (voided: everyone has the maximum)"),
            VoidHow::Removed => says.say("（作废，不计）", " (voided: not counted)"),
        })
    });
    let about = el("th")
        .set("scope", "row")
        .add(el("span").class("mono").add(aspect.id.to_string()))
        .add(" ")
        .add(name("span", &aspect.description, reader))
        .add(voided);
    let mark = shows_marks.then(|| {
        let mark = aspect.mark.map_or_else(|| "–".to_owned(), |mark| mark.to_string());
        el("td").class("figure").add(mark)
    });
    el("tr").add(about).add(mark).add(el("td").class("figure").add(aspect.max.to_string()))
}

fn fields(sheet: &CountersignSheet, how: &'static str) -> Element {
    form("/countersign")
        .add(hidden_input("act", sheet.act.to_string()))
        .add(hidden_input("competitor", sheet.competitor.to_string()))
        .add(hidden_input("sub_criterion", sheet.sub_criterion.to_string()))
        .add(hidden_input("sheet", sheet.digest.to_string()))
        .add(hidden_input("salt", sheet.salt.clone()))
        .add(hidden_input("how", how))
}

fn sign(sheet: &CountersignSheet, reader: Reader) -> Element {
    let says = Says(reader.language);
    let about = says.say(
        "请选手本人看过后签字。签字即确认看过以上内容。之后有任何改动，签字作废，会请您重新签。",
        "For the competitor in person: sign once you have looked at it. You confirm that this is what you were shown; if anything is changed later, the signature is void and you are asked again.",
    );
    let missing = says.say(
        "这个浏览器没有运行脚本，不能手写签名；请换用较新的浏览器。",
        "This browser runs no script, so nothing can be drawn here: use a newer browser.",
    );
    let pad = el("signature-pad").set("name", "strokes").set("shows", sheet.digest.to_string());
    fields(sheet, "signed")
        .class("sign-box")
        .add(el("p").add(about))
        .add(el("noscript").add(el("p").class("note attention").add(missing)))
        .add(pad)
        .add(el("p").class("acts").add(button("primary", says.say("✎ 我确认并签字", "✎ I confirm and sign"))))
}

fn refuse(sheet: &CountersignSheet, reader: Reader) -> Element {
    let says = Says(reader.language);
    let about = says.say(
        "请选手说明理由，由选手或裁判写下。理由记入账本，裁判长会处理；评分表在此之前不锁定。",
        "Say why, written down by yourself or the judge. The reason goes into the ledger and the chief judge sees to it; the sheet is not locked before.",
    );
    let act = says.say("记下不签的理由", "Record that I do not sign");
    reasoned(fields(sheet, "refused"), says.say("我不签……", "I do not sign …"), about, act, reader)
}

fn sign_for(sheet: &CountersignSheet, reader: Reader) -> Element {
    let says = Says(reader.language);
    let words = says.say("裁判长代签……", "Sign for the competitor, as chief judge …");
    let about = says.say(
        "选手不在，或始终不签时：写明理由，由裁判长代签；评分表上会注明是代签。",
        "Where the competitor is gone, or refuses to the end: give the reason and sign for them; the sheet says so.",
    );
    reasoned(fields(sheet, "for"), words, about, says.say("代签", "Sign for them"), reader)
}

/// A form behind its words, with the reason that it needs.
fn reasoned(
    fields: Element,
    words: &'static str,
    about: &'static str,
    act: &'static str,
    reader: Reader,
) -> Element {
    let reason =
        el("textarea").set("name", "reason").set("rows", "2").set("required", "").set("maxlength", "500");
    let fields = fields.add(field(Says(reader.language).say("理由", "Reason"), reason));
    confirmed("quiet", words, words.to_owned(), about, fields.add(button("primary", act)))
}

fn thanks(said: Countersigned, reader: Reader) -> Element {
    let says = Says(reader.language);
    let words = match said {
        Countersigned::Signed => says.say("✓ 已签字，谢谢。", "✓ Signed. Thank you."),
        Countersigned::Refused => says.say(
            "已记下您没有签字和理由；裁判长会处理。",
            "It is recorded that you did not sign, and why; the chief judge sees to it.",
        ),
        Countersigned::For => {
            says.say("✓ 已代签，已记入账本。", "✓ Signed for the competitor; it is in the ledger.")
        }
    };
    let hand_back = says.say("请把平板交还裁判。", "Please hand the tablet back to the judge.");
    el("div")
        .class("head")
        .add(el("h1").set("role", "status").add(words))
        .add((said != Countersigned::For).then(|| el("p").class("verdict").add(hand_back)))
        .add(
            el("p")
                .class("acts")
                .add(quiet_link(says.say("下一张", "The next sheet"), "/countersign"))
                .add(" ")
                .add(quiet_link(says.say("我的评分表", "My sheets"), "/judge")),
        )
}
