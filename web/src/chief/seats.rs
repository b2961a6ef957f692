//! Seats that change hands, and scores that the chief judge takes down.

use domain::finding::Language;
use domain::id::JudgeCode;
use protocol::chief::{Barred, ChiefView, Judge};

use super::{competing, competitor_options, competitor_select, counted, judged_select, reasoned, select};
use crate::desk::{Says, button, confirmed, field, form, hidden_input, option};
use crate::format::Reader;
use crate::node::{Element, el};

/// Of which panels somebody has left, and who sits there now.
pub(super) fn left(judge: &Judge, reader: Reader) -> Option<Element> {
    if judge.left.is_empty() {
        return None;
    }
    let words = judge.left.iter().map(|(sub, now)| match (now, reader.language) {
        (Some(now), Language::Chinese) => format!("{sub}：已离席，由 {now} 接任"),
        (Some(now), Language::English) => format!("{sub}: has left, {now} sits there now"),
        (None, Language::Chinese) => format!("{sub}：已离席，席位空着"),
        (None, Language::English) => format!("{sub}: has left, the seat is empty"),
    });
    let list = words.map(|words| el("li").add(words)).collect::<Vec<_>>();
    Some(el("ul").class("about").add(list))
}

/// Who has something to mark.
fn sitting(view: &ChiefView) -> impl Iterator<Item = &Judge> {
    view.judges.iter().filter(|judge| !judge.shares.is_empty())
}

fn person(code: &JudgeCode, name: &str) -> Element {
    option(code.to_string(), false, format!("{code} {name}"))
}

/// Who may come, but for one: who has no seat comes first, and nobody last, so that an empty seat is not
/// left by a tap too few.
fn candidates(view: &ChiefView, but: Option<&JudgeCode>) -> Vec<Element> {
    let sits = |code: &JudgeCode| sitting(view).any(|judge| judge.code == *code);
    let reserves = view.reserves.iter().filter(|(code, _)| Some(code) != but);
    let (free, seated): (Vec<_>, Vec<_>) = reserves.partition(|(code, _)| !sits(code));
    free.into_iter().chain(seated).map(|(code, name)| person(code, name)).collect()
}

/// Competitors whom a judge may not mark, each with a form that lets somebody stand in.
pub(super) fn barred(view: &ChiefView, reader: Reader) -> Option<Element> {
    if view.barred.is_empty() {
        return None;
    }
    let says = Says(reader.language);
    let count = view.barred.len() + view.more_barred;
    let about = says.say(
        "裁判不评来自同一处的选手。为这名选手指定代评的裁判；其余选手仍由原裁判评。没有指定之前，这些格没有分数。",
        "No judge marks a competitor from the same place. Name who stands in for this competitor; the others stay that judge's. Until then these cells have no mark.",
    );
    let list = view.barred.iter().map(|one| el("li").class("disagreement").add(stand_in(one, view, reader)));
    let more = (view.more_barred > 0).then(|| {
        let more = view.more_barred;
        el("p").class("about").add(match reader.language {
            Language::Chinese => format!("还有 {more} 处，安排好前面的就会显示。"),
            Language::English => format!("{more} more come once these are settled."),
        })
    });
    let title = says.say("要安排代评", "Somebody has to stand in");
    let list = el("ul").class("disagreements").add(list.collect::<Vec<_>>());
    Some(counted("barred", title, count).add(el("p").class("about").add(about)).add(list).add(more))
}

fn stand_in(one: &Barred, view: &ChiefView, reader: Reader) -> Element {
    let says = Says(reader.language);
    let subs = one.subs.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let head = match reader.language {
        Language::Chinese => format!("· {} 不评：{subs}", one.judge),
        Language::English => format!("· not by {}: {subs}", one.judge),
    };
    let why = says.say("来自同一处，回避", "from the same place");
    let fields = form("/chief/seat")
        .class("line")
        .add(hidden_input("act", one.act.to_string()))
        .add(hidden_input("leaves", one.judge.to_string()))
        .add(hidden_input("competitor", one.competitor.code.to_string()))
        .add(hidden_input("salt", view.salt.clone()))
        .add(hidden_input("reason", why.to_owned()))
        .add(field(says.say("谁代评", "Who stands in"), select("judge", candidates(view, Some(&one.judge)))))
        .add(button("primary", says.say("请他代评", "Let them stand in")));
    el("div").add(el("h3").add(competing(&one.competitor, reader)).add(head)).add(fields)
}

/// The form that gives a judge's seats to somebody else.
pub(super) fn replace(view: &ChiefView, reader: Reader) -> Option<Element> {
    let says = Says(reader.language);
    let mut leaves: Vec<Element> = sitting(view).map(|judge| person(&judge.code, &judge.name)).collect();
    let vacant = view.judges.iter().filter(|judge| view.vacant.contains(&judge.code));
    leaves.extend(vacant.map(|judge| {
        let words = says.say("席位空着", "the seat is empty");
        option(judge.code.to_string(), false, format!("{} {}（{words}）", judge.code, judge.name))
    }));
    if leaves.is_empty() {
        return None;
    }
    let mut comes = candidates(view, None);
    comes.push(option(String::new(), false, says.say("没有人，席位空着", "nobody, it stays empty")));
    let mut whose = vec![option(String::new(), false, says.say("全部选手", "everybody"))];
    whose.extend(competitor_options(view));
    let mut subs = vec![option(String::new(), false, says.say("全部评分组", "every panel of theirs"))];
    subs.extend(
        view.sub_criteria.iter().map(|(id, name)| option(id.to_string(), false, format!("{id} {name}"))),
    );
    let fields = form("/chief/seat")
        .add(hidden_input("act", view.acts.reseat.to_string()))
        .add(field(says.say("谁离席", "Who leaves"), select("leaves", leaves)))
        .add(field(says.say("谁接任", "Who comes"), select("judge", comes)))
        .add(field(says.say("评分组", "Panel"), select("sub_criterion", subs)))
        .add(field(says.say("评谁", "For whose work"), select("competitor", whose)));
    let words = says.say("换裁判", "Replace a judge");
    let about = says.say(
        "接任的裁判接着评没有评的；已经给出的分数仍属于原裁判，照样计入，接任者不能改。裁判只对某一名选手回避时，选那名选手，其余选手仍由原裁判评。席位可以空着，只要其余裁判的人数够规则用。原平板里没发出的评分，到了以后等您决定。要请回原裁判，再换一次。",
        "Who comes goes on where the other stopped; scores that were given stay that judge's and count, and nobody changes them. Where a judge steps back from one competitor alone, name that competitor: the others stay that judge's. A seat may stay empty where the rest are as many as the rules need. What the other tablet still holds waits for your decision when it arrives. To let somebody return, replace once more.",
    );
    let confirm = reasoned(fields, &view.salt, reader).add(button("primary", words));
    Some(confirmed("quiet", words, words.to_owned(), about, confirm))
}

/// The form that takes down what a judge says whose tablet is away.
pub(super) fn spoken(view: &ChiefView, reader: Reader) -> Option<Element> {
    let others = view.judges.iter().filter(|judge| judge.code != view.judge && !judge.shares.is_empty());
    let others: Vec<Element> = others
        .map(|judge| option(judge.code.to_string(), false, format!("{} {}", judge.code, judge.name)))
        .collect();
    if view.judged.is_empty() || others.is_empty() {
        return None;
    }
    let says = Says(reader.language);
    let score = el("input")
        .set("name", "score")
        .set("inputmode", "decimal")
        .set("autocomplete", "off")
        .set("maxlength", "16")
        .set("required", "");
    let pin = el("input")
        .set("name", "pin")
        .set("type", "password")
        .set("inputmode", "numeric")
        .set("autocomplete", "off")
        .set("maxlength", "16")
        .set("required", "");
    let words = says.say("代录口述的分值", "Take down a spoken score");
    let about = says.say(
        "裁判的平板离线时用：裁判当面说出分值，您录入，裁判看过后在这里输入自己的 PIN 确认，账本记下两个人。平板里晚到的那个分值不会覆盖它，两个值并排等您决定。",
        "For a judge whose tablet is away: the judge says the score, you enter it, and the judge looks at it and confirms it here by their own PIN; the ledger holds both names. What that tablet sends later replaces nothing: both values wait side by side for your decision.",
    );
    let fields = form("/chief/spoken")
        .add(hidden_input("act", view.acts.spoken.to_string()))
        .add(field(says.say("裁判", "Judge"), select("judge", others)))
        .add(field(says.say("选手", "Competitor"), competitor_select(view)))
        .add(field(says.say("评分点", "Aspect"), judged_select(view)))
        .add(field(says.say("分值", "Score"), score))
        .add(field(says.say("该裁判的 PIN", "That judge's PIN"), pin))
        .add(button("primary", says.say("两人确认，录入", "Both confirm: enter it")));
    Some(confirmed("quiet", words, words.to_owned(), about, fields))
}
