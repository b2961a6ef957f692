//! What moves the results of many: an aspect voided, two sheets exchanged, a decision undone; each with
//! what it would change before a second person is asked.

use domain::finding::Language;
use domain::marking::VoidHow;
use protocol::chief::{ChiefView, Decision, Foreseen, ForeseenForm};

use super::{chief_address, counted, difference, proposals, reasoned, select};
use crate::desk::{Says, button, confirmed, field, form, hidden_input, option};
use crate::format::Reader;
use crate::node::{Element, el};
use crate::parts::{empty, moment, name};

pub(super) fn section(view: &ChiefView, reader: Reader) -> Element {
    let says = Says(reader.language);
    let list = if view.decisions.is_empty() {
        empty(
            says.say("没有可撤销的决定", "No decision to undo"),
            says.say(
                "缺席、退赛、取消资格、扣分、补时和作废的评分点，会连同理由列在这里。",
                "Absence, withdrawal, disqualification, penalties, time given back and voided aspects will stand here with their reasons.",
            ),
        )
    } else {
        let list = view.decisions.iter().map(|one| decision(one, view, reader));
        el("ul").class("proposals").add(list.collect::<Vec<_>>())
    };
    let more = (view.more_decisions > 0).then(|| {
        el("p").class("about").add(match reader.language {
            Language::Chinese => format!("另有 {} 个决定没有显示；请按选手查找。", view.more_decisions),
            Language::English => format!("Not shown: {}; find them by competitor.", view.more_decisions),
        })
    });
    let title = says.say("有效的决定", "Decisions that hold");
    counted("decisions", title, view.decisions.len() + view.more_decisions)
        .add(list)
        .add(more)
        .add(void(view, reader))
        .add(exchange(view, reader))
}

/// A decision with who, when and why, and the way to undo it.
fn decision(one: &Decision, view: &ChiefView, reader: Reader) -> Element {
    let says = Says(reader.language);
    let by = match (&one.second, reader.language) {
        (None, Language::Chinese) => format!("{} 记于", one.by),
        (None, Language::English) => format!("by {} at", one.by),
        (Some(second), Language::Chinese) => format!("{} 提出、{second} 确认，记于", one.by),
        (Some(second), Language::English) => format!("by {}, confirmed by {second}, at", one.by),
    };
    let reason = one
        .reason
        .as_ref()
        .map(|reason| el("p").add(says.say("理由：", "Reason: ")).add(name("span", reason, reader)));
    let words = proposals::decided(&one.decided, reader);
    let undo = says.say("撤销", "Undo");
    let about = says.say(
        "先看撤销之后成绩会怎样变，再请第二个人确认。原来的决定留在账本里。",
        "You see first what would change; then a second person is asked. The ledger keeps the decision.",
    );
    let fields = form(chief_address("/chief/undo", &view.find, None))
        .add(hidden_input("act", one.act.to_string()))
        .add(hidden_input("entry", one.entry.to_string()));
    let confirm = reasoned(fields, &view.salt, reader).add(look(reader));
    let what = el("div")
        .add(el("strong").add(words.clone()))
        .add(reason)
        .add(el("p").class("about").add(by).add(" ").add(moment(one.at, reader)));
    let label = format!("{undo}: {words}");
    el("li").class("proposal").add(what).add(confirmed("quiet", undo, label, about, confirm))
}

fn look(reader: Reader) -> Element {
    button("primary", Says(reader.language).say("看会改变什么", "See what would change"))
}

fn void(view: &ChiefView, reader: Reader) -> Element {
    let says = Says(reader.language);
    let aspects =
        view.aspects.iter().map(|(id, about)| option(id.to_string(), false, format!("{id} {about}")));
    let hows = vec![
        option("full", false, says.say("所有选手得满分", "everybody gets its maximum")),
        option("removed", false, says.say("不计入总分和满分", "it leaves the sum and the maximum")),
    ];
    let fields = form(chief_address("/chief/void", &view.find, None))
        .add(hidden_input("act", view.acts.void.to_string()))
        .add(field(says.say("评分点", "Aspect"), select("aspect", aspects.collect())))
        .add(field(says.say("代之以", "In its place"), select("how", hows)));
    let words = says.say("作废一个评分点", "Void an aspect");
    let about = says.say(
        "对所有选手一样。先看成绩会怎样变，再请第二个人确认；以后可以两个人一起撤销。",
        "For all competitors alike. You see first what would change; then a second person is asked. Two persons can undo it later.",
    );
    confirmed("quiet", words, words.to_owned(), about, reasoned(fields, &view.salt, reader).add(look(reader)))
}

fn exchange(view: &ChiefView, reader: Reader) -> Element {
    let says = Says(reader.language);
    let code = |name: &'static str| {
        el("input")
            .set("name", name)
            .set("list", "codes")
            .set("required", "")
            .set("autocomplete", "off")
            .set("maxlength", "64")
            .class("mono")
    };
    let codes = view.competitors.iter().map(|one| {
        el("option")
            .set("value", one.competitor.code.to_string())
            .add(one.competitor.name.clone().unwrap_or_default())
    });
    let subs =
        view.sub_criteria.iter().map(|(id, about)| option(id.to_string(), false, format!("{id} {about}")));
    let fields = form(chief_address("/chief/exchange", &view.find, None))
        .add(hidden_input("act", view.acts.exchange.to_string()))
        .add(field(says.say("选手编号", "Competitor's code"), code("competitor")))
        .add(field(says.say("另一位的编号", "The other's code"), code("other")))
        .add(el("datalist").set("id", "codes").add(codes.collect::<Vec<_>>()))
        .add(field(says.say("评分表", "Sheet"), select("sub_criterion", subs.collect())));
    let words = says.say("互换两张评分表", "Exchange two sheets");
    let about = says.say(
        "评分表写错了人时用：两人的这张表互换，签字作废，重新签字和锁定。先看成绩会怎样变，再请第二个人确认；再互换一次就换回来。",
        "For sheets written under the wrong code: the two change places, and are signed and locked anew. You see first what would change; then a second person is asked. Exchanging them again is the way back.",
    );
    confirmed("quiet", words, words.to_owned(), about, reasoned(fields, &view.salt, reader).add(look(reader)))
}

/// What an act would change, and the way on to a second person.
pub(super) fn foreseen(foreseen: &Foreseen, find: &str, reader: Reader) -> Element {
    let says = Says(reader.language);
    let (fields, reason) = going_on(foreseen, find);
    let another = foreseen.is_another.then(|| {
        let words = says.say(
            "在您查看之后成绩有变动；下面是现在的影响，还没有提请。",
            "Results changed after you looked; this is what it would do now, and nothing was asked yet.",
        );
        el("p").class("note attention").set("role", "alert").add(words)
    });
    let nothing = says.say(
        "还没有改变任何东西。提请之后，第二个人会看到同样的影响，在自己的设备上确认后才生效。",
        "Nothing is changed yet. Once you ask, a second person is shown the same, and it holds once they confirm it on a device of their own.",
    );
    let back = el("a").class("quiet").set("href", chief_address("/chief", find, None));
    let acts = fields
        .class("acts")
        .add(button("primary", says.say("请第二个人确认", "Ask a second person")))
        .add(" ")
        .add(back.add(says.say("返回，不提请", "Back, ask nobody")));
    el("div")
        .class("head foreseen")
        .add(el("h1").add(says.say("成绩会怎样变", "What would change")))
        .add(another)
        .add(el("p").add(el("strong").add(proposals::words(&foreseen.what, reader))))
        .add(el("p").add(says.say("理由：", "Reason: ")).add(name("span", &reason, reader)))
        .add(el("p").add(difference::count(&foreseen.difference, reader)))
        .add(difference::changes(&foreseen.difference, reader))
        .add(el("p").class("about").add(nothing))
        .add(acts)
}

/// The same form once more, with what was seen, and its reason.
fn going_on(foreseen: &Foreseen, find: &str) -> (Element, String) {
    let to = |path| form(chief_address(path, find, None));
    let (fields, act, salt, reason, seen) = match &foreseen.form {
        ForeseenForm::Void(form) => {
            let how = match form.how {
                VoidHow::Full => "full",
                VoidHow::Removed => "removed",
            };
            let fields = to("/chief/void")
                .add(hidden_input("aspect", form.aspect.to_string()))
                .add(hidden_input("how", how));
            (fields, form.act, &form.salt, &form.reason, &form.seen)
        }
        ForeseenForm::Exchange(form) => {
            let fields = to("/chief/exchange")
                .add(hidden_input("competitor", form.competitor.to_string()))
                .add(hidden_input("other", form.other.to_string()))
                .add(hidden_input("sub_criterion", form.sub_criterion.to_string()));
            (fields, form.act, &form.salt, &form.reason, &form.seen)
        }
        ForeseenForm::Undo(form) => {
            let fields = to("/chief/undo").add(hidden_input("entry", form.entry.to_string()));
            (fields, form.act, &form.salt, &form.reason, &form.seen)
        }
    };
    let fields = fields
        .add(hidden_input("act", act.to_string()))
        .add(hidden_input("salt", salt.clone()))
        .add(hidden_input("reason", reason.clone()))
        .add(hidden_input("seen", seen.clone()));
    (fields, reason.clone())
}
