//! Seats that change hands, and scores that the chief judge takes down.

use domain::finding::Language;
use domain::id::JudgeCode;
use protocol::chief::{ChiefView, Judge};

use super::{competitor_select, judged_select, reasoned, select};
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

/// The form that gives a judge's seats to somebody else.
pub(super) fn replace(view: &ChiefView, reader: Reader) -> Option<Element> {
    let sitting: Vec<&Judge> = view.judges.iter().filter(|judge| !judge.shares.is_empty()).collect();
    if sitting.is_empty() {
        return None;
    }
    let says = Says(reader.language);
    let person = |code: &JudgeCode, name: &str| option(code.to_string(), false, format!("{code} {name}"));
    let leaves = sitting.iter().map(|judge| person(&judge.code, &judge.name)).collect::<Vec<_>>();
    // Who has no seat comes first, and nobody last: an empty seat is not left by a tap too few.
    let sits = |code: &JudgeCode| sitting.iter().any(|judge| judge.code == *code);
    let (free, seated): (Vec<_>, Vec<_>) = view.reserves.iter().partition(|(code, _)| !sits(code));
    let mut comes: Vec<Element> =
        free.into_iter().chain(seated).map(|(code, name)| person(code, name)).collect();
    comes.push(option(String::new(), false, says.say("没有人，席位空着", "nobody, it stays empty")));
    let mut subs = vec![option(String::new(), false, says.say("全部评分组", "every panel of theirs"))];
    subs.extend(
        view.sub_criteria.iter().map(|(id, name)| option(id.to_string(), false, format!("{id} {name}"))),
    );
    let fields = form("/chief/seat")
        .add(hidden_input("act", view.acts.reseat.to_string()))
        .add(field(says.say("谁离席", "Who leaves"), select("leaves", leaves)))
        .add(field(says.say("谁接任", "Who comes"), select("judge", comes)))
        .add(field(says.say("评分组", "Panel"), select("sub_criterion", subs)));
    let words = says.say("换裁判", "Replace a judge");
    let about = says.say(
        "接任的裁判接着评没有评的；已经给出的分数仍属于原裁判，照样计入，接任者不能改。席位可以空着，只要其余裁判的人数够规则用。原平板里没发出的评分，到了以后等您决定。要请回原裁判，再换一次。",
        "Who comes goes on where the other stopped; scores that were given stay that judge's and count, and nobody changes them. A seat may stay empty where the rest are as many as the rules need. What the other tablet still holds waits for your decision when it arrives. To let somebody return, replace once more.",
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
