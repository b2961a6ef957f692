//! What waits for a second person: on the chief judge's page, and at the desk.

use domain::finding::Language;
use domain::marking::VoidHow;
use protocol::chief::{ChiefView, Decided, Proposal, Proposed, What};
use protocol::desk;

use super::{counted, difference, said};
use crate::desk::{Says, button, confirmed, form, hidden_input};
use crate::format::{Reader, segment};
use crate::node::{Element, el};
use crate::parts::{moment, name};

/// What waits for a second person, with a way to confirm what another asked for.
pub(super) fn section(view: &ChiefView, reader: Reader) -> Option<Element> {
    if view.proposals.is_empty() {
        return None;
    }
    let says = Says(reader.language);
    let list = view.proposals.iter().map(|proposal| of_chief(proposal, view, reader));
    let about = says.say(
        "这些事须由两个人决定。请组委会的人打开工作台上这个赛项，或请另一位裁判长打开本页，在自己的设备上确认。",
        "These take two persons. Let an organiser open this skill at the desk, or another chief judge this page, and confirm on a device of their own.",
    );
    let title = says.say("等第二个人确认", "Waits for a second person");
    let second = counted("second", title, view.proposals.len())
        .add(el("p").class("about").add(about))
        .add(el("ul").class("proposals").add(list.collect::<Vec<_>>()));
    Some(second)
}

/// The acts of the chief judge's that an organiser is asked to confirm, at the desk.
pub(crate) fn second_at_desk(skill: &desk::Skill, reader: Reader) -> Option<Element> {
    if skill.proposals.is_empty() {
        return None;
    }
    let says = Says(reader.language);
    let action = || format!("/desk/skill/{}/second", segment(&skill.skill.id));
    let list = skill.proposals.iter().map(|proposal| {
        el("li").class("proposal").add(asked(proposal, reader)).add(confirm(action(), proposal, reader))
    });
    let head = says.say("裁判长请您作为第二个人确认", "The chief judge asks for you as the second person");
    Some(
        el("div")
            .class("second note attention")
            .add(el("h4").add(head))
            .add(el("ul").add(list.collect::<Vec<_>>())),
    )
}

fn of_chief(proposal: &Proposal, view: &ChiefView, reader: Reader) -> Element {
    let says = Says(reader.language);
    let acts = if proposal.by == view.judge {
        let words = says.say("撤回", "Take it back");
        let about =
            says.say("不再请人确认；什么都没有改变。", "Nobody is asked any more; nothing is changed.");
        let fields = form("/chief/retract").add(hidden_input("act", proposal.act.to_string()));
        confirmed("quiet", words, words.to_owned(), about, fields.add(button("quiet", words)))
    } else {
        confirm("/chief/second".to_owned(), proposal, reader)
    };
    el("li").class("proposal").add(asked(proposal, reader)).add(acts)
}

/// What is asked of a second person, why, and what it would change.
fn asked(proposal: &Proposal, reader: Reader) -> Element {
    let by = match reader.language {
        Language::Chinese => format!("{} 提出于", proposal.by),
        Language::English => format!("asked by {} at", proposal.by),
    };
    let difference = proposal.difference.as_ref().map(|of| {
        el("div")
            .class("differs")
            .add(el("p").add(difference::count(of, reader)))
            .add(difference::changes(of, reader))
    });
    el("div")
        .add(el("strong").add(words(&proposal.what, reader)))
        .add(el("p").add(Says(reader.language).say("理由：", "Reason: ")).add(name(
            "span",
            &proposal.reason,
            reader,
        )))
        .add(el("p").class("about").add(by).add(" ").add(moment(proposal.at, reader)))
        .add(difference)
}

fn confirm(action: String, proposal: &Proposal, reader: Reader) -> Element {
    let says = Says(reader.language);
    let words = says.say("确认", "Confirm");
    let about = says.say(
        "您作为第二个人记入账本，这件事随即生效，不能撤销。不同意就不要确认，告诉裁判长撤回。",
        "You are entered in the ledger as the second person, and it holds from then on and cannot be undone. If you do not agree, do not confirm, and let the chief judge take it back.",
    );
    let seen = proposal.difference.as_ref().map(|of| hidden_input("seen", of.seen.to_string()));
    let fields = form(action).add(hidden_input("act", proposal.act.to_string())).add(seen);
    confirmed("primary", words, words.to_owned(), about, fields.add(button("primary", words)))
}

/// What is asked for, in one sentence.
pub(super) fn words(what: &Proposed, reader: Reader) -> String {
    let is_chinese = reader.language == Language::Chinese;
    match what {
        Proposed::Admit { competitor, aspect, judge, .. } => {
            let values = values(what, reader);
            if is_chinese {
                let to =
                    values.map(|(value, stands)| format!("：{value}，代替 {stands}")).unwrap_or_default();
                format!("计入 {judge} 迟到的评分 {competitor} {}{to}", aspect.id)
            } else {
                let to = values
                    .map(|(value, stands)| format!(": {value} in place of {stands}"))
                    .unwrap_or_default();
                format!("Count {judge}'s late mark of {competitor} {}{to}", aspect.id)
            }
        }
        Proposed::Disqualify { competitor } if is_chinese => format!("取消 {competitor} 的比赛资格"),
        Proposed::Disqualify { competitor } => format!("Disqualify {competitor}"),
        Proposed::Unlock { competitor, aspect, description } if is_chinese => {
            format!("解锁 {competitor} 的评分点 {aspect} {description}；这张评分表的签字随之作废")
        }
        Proposed::Unlock { competitor, aspect, description } => format!(
            "Open {competitor}'s aspect {aspect} {description} again; the signatures on that sheet are then void"
        ),
        Proposed::VoidAspect { aspect, description, how } => {
            voided(aspect.as_str(), description, *how, is_chinese)
        }
        Proposed::Exchange { competitor, other, sub_criterion, name } if is_chinese => {
            format!("互换 {competitor} 和 {other} 的 {sub_criterion} {name} 评分表")
        }
        Proposed::Exchange { competitor, other, sub_criterion, name } => {
            format!("Exchange the sheets {sub_criterion} {name} of {competitor} and {other}")
        }
        Proposed::Compatriot { competitor, judge, sub_criterion, name } if is_chinese => {
            format!("让 {judge} 评来自同一处的选手 {competitor}（{sub_criterion} {name}）")
        }
        Proposed::Compatriot { competitor, judge, sub_criterion, name } => {
            format!("Let {judge} mark {competitor}, who comes from the same place ({sub_criterion} {name})")
        }
        Proposed::Undo { decided, .. } if is_chinese => {
            format!("撤销决定：{}", self::decided(decided, reader))
        }
        Proposed::Undo { decided, .. } => format!("Undo the decision: {}", self::decided(decided, reader)),
    }
}

fn voided(aspect: &str, description: &str, how: VoidHow, is_chinese: bool) -> String {
    match (how, is_chinese) {
        (VoidHow::Full, true) => format!("评分点 {aspect} {description} 作废，所有选手得满分"),
        (VoidHow::Removed, true) => format!("评分点 {aspect} {description} 作废，不计入总分和满分"),
        (VoidHow::Full, false) => format!("Void aspect {aspect} {description}: everybody gets its maximum"),
        (VoidHow::Removed, false) => {
            format!("Void aspect {aspect} {description}: it leaves the sum and the maximum")
        }
    }
}

/// An earlier decision, in a few words.
pub(super) fn decided(decided: &Decided, reader: Reader) -> String {
    let is_chinese = reader.language == Language::Chinese;
    match decided {
        Decided::OfCompetitor { competitor, what, amount } => {
            let amount = amount.clone().unwrap_or_default();
            let what = match (what, is_chinese) {
                (What::Absent, true) => "缺席".to_owned(),
                (What::Absent, false) => "absent".to_owned(),
                (What::Withdraw, true) => "退赛".to_owned(),
                (What::Withdraw, false) => "withdraws".to_owned(),
                (What::Disqualify, true) => "取消资格".to_owned(),
                (What::Disqualify, false) => "disqualified".to_owned(),
                (What::Penalty, true) => format!("扣分 {amount}"),
                (What::Penalty, false) => format!("penalty {amount}"),
                (What::ExtraTime, true) => format!("补时 {amount} 分钟"),
                (What::ExtraTime, false) => format!("{amount} min given back"),
            };
            if is_chinese { format!("{competitor} {what}") } else { format!("{competitor}: {what}") }
        }
        Decided::Overridden { competitor, position, award } => {
            overridden(competitor.as_str(), *position, award.as_deref(), is_chinese)
        }
        Decided::Voided { aspect, description, how } => {
            voided(aspect.as_str(), description, *how, is_chinese)
        }
        Decided::Settled { order } => {
            let order: Vec<&str> = order.iter().map(domain::id::CompetitorCode::as_str).collect();
            let order = order.join(" > ");
            if is_chinese {
                format!("并列名次判定：{order}")
            } else {
                format!("a tie settled: {order}")
            }
        }
    }
}

fn overridden(competitor: &str, position: Option<u32>, award: Option<&str>, is_chinese: bool) -> String {
    let position = position
        .map(|position| if is_chinese { format!("名次 {position}") } else { format!("rank {position}") });
    let award = award.map(|award| match (award, is_chinese) {
        ("", true) => "不授奖".to_owned(),
        ("", false) => "no award".to_owned(),
        (award, _) => award.to_owned(),
    });
    let what: Vec<String> = position.into_iter().chain(award).collect();
    if is_chinese {
        format!("{competitor} 特别决定：{}", what.join("，"))
    } else {
        format!("{competitor}, by a document: {}", what.join(", "))
    }
}

/// A late mark's value and what it would take the place of; nothing where that may not be seen.
fn values(what: &Proposed, reader: Reader) -> Option<(String, String)> {
    let Proposed::Admit { aspect, value, stands, .. } = what else { return None };
    let empty = || Says(reader.language).say("空白", "nothing").to_owned();
    let stands = stands.as_ref().map_or_else(empty, |stands| said(Some(aspect), stands, reader));
    Some((said(Some(aspect), value.as_ref()?, reader), stands))
}
