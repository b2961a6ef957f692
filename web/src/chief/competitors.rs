//! Who competes, who is out, and what a chief judge decides of them.

use domain::finding::Language;
use protocol::chief::{ChiefView, Competitor};
use protocol::view::Presence;

use super::{chief_address, counted, moments, reasoned};
use crate::desk::{Says, button, confirmed, field, form, heading_cells, hidden_input, option};
use crate::format::Reader;
use crate::node::{Element, el};
use crate::parts::name;
use crate::text;

pub(super) fn section(view: &ChiefView, reader: Reader) -> Element {
    let says = Says(reader.language);
    let rows = view
        .competitors
        .iter()
        .filter(|one| one.is_found)
        .map(|one| row(one, view, reader))
        .collect::<Vec<_>>();
    let names = [
        says.say("选手", "Competitor"),
        says.say("状态", "State"),
        says.say("扣分和补时", "Penalties and time"),
        says.say("开始和交件", "Start and hand-in"),
        says.say("决定", "Decision"),
    ];
    let title = says.say("选手", "Competitors");
    let caption = el("caption").class("unseen").add(title);
    let table = el("table").add(caption).add(heading_cells(&names)).add(el("tbody").add(rows));
    counted("competitors", title, 0)
        .add(moments::of_all(view, reader))
        .add(el("div").class("desk-skill of-competitors").add(table))
}

fn row(one: &Competitor, view: &ChiefView, reader: Reader) -> Element {
    let says = Says(reader.language);
    let called = one.competitor.name.as_ref().map(|called| name("span", called, reader));
    let (sign, state) = match one.presence {
        Presence::Competing => ("●", says.say("参赛", "competes")),
        presence => ("⊘", text::presence(presence, reader.language)),
    };
    let mut decided = Vec::new();
    if one.penalty.0 > 0 {
        decided.push(format!("{} {}", says.say("扣分", "penalty"), one.penalty));
    }
    if one.extra_minutes > 0 {
        decided.push(match reader.language {
            Language::Chinese => format!("补时 {} 分钟", one.extra_minutes),
            Language::English => format!("{} min given back", one.extra_minutes),
        });
    }
    for (judge, by, subs) in &one.instead {
        let subs = subs.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        decided.push(match (by, reader.language) {
            (Some(by), Language::Chinese) => format!("{subs}：{by} 代 {judge}"),
            (Some(by), Language::English) => format!("{subs}: {by} instead of {judge}"),
            (None, Language::Chinese) => format!("{subs}：{judge} 不评，无人代评"),
            (None, Language::English) => format!("{subs}: not by {judge}, nobody stands in"),
        });
    }
    let class = if one.presence == Presence::Competing { "" } else { "is-out" };
    el("tr")
        .class(class)
        .add(
            el("th")
                .set("scope", "row")
                .add(el("span").class("mono").add(one.competitor.code.to_string()))
                .add(" ")
                .add(called),
        )
        .add(el("td").add(el("span").set("aria-hidden", "true").add(sign)).add(" ").add(state))
        .add(el("td").class("decided").add(decided.join(" · ")))
        .add(el("td").class("times").add(moments::of_one(one, view, reader)))
        .add(el("td").add(decide(one, view, reader)))
}

fn decide(one: &Competitor, view: &ChiefView, reader: Reader) -> Element {
    let says = Says(reader.language);
    // Nothing is chosen beforehand: what is entered takes two persons to undo.
    let mut whats = vec![option("", true, says.say("请选择", "Choose"))];
    let mut offer = |value: &'static str, words: &'static str| whats.push(option(value, false, words));
    if one.presence == Presence::Competing {
        offer("absent", says.say("缺席", "absent"));
    }
    if matches!(one.presence, Presence::Competing | Presence::Absent) {
        offer("withdraw", says.say("退赛", "withdraws"));
    }
    offer("penalty", says.say("扣分（填分数）", "penalty (marks)"));
    offer("extra_time", says.say("补时（填分钟）", "time given back (minutes)"));
    if one.presence != Presence::Disqualified {
        offer(
            "disqualify",
            says.say("取消资格（须第二个人确认）", "disqualified (a second person confirms)"),
        );
    }
    let amount = el("input")
        .set("name", "amount")
        .set("inputmode", "decimal")
        .set("autocomplete", "off")
        .set("maxlength", "12");
    let hint =
        el("small").add(says.say(
            "扣分写 2.50，补时写整分钟；其余留空。",
            "Marks as 2.50, time in whole minutes; else empty.",
        ));
    let word = (one.presence != Presence::Disqualified).then(|| {
        let input = el("input")
            .class("mono")
            .set("name", "word")
            .set("autocomplete", "off")
            .set("autocapitalize", "off")
            .set("spellcheck", "false")
            .set("maxlength", "64");
        let hint = says.say("只有取消资格要填。", "Only to disqualify.");
        field(says.say("再写一次选手代码", "The code once more"), input).add(el("small").add(hint))
    });
    let fields = form(chief_address("/chief/competitor", &view.find, None))
        .add(hidden_input("act", one.act.to_string()))
        .add(hidden_input("competitor", one.competitor.code.to_string()))
        .add(field(says.say("什么", "What"), el("select").set("name", "what").set("required", "").add(whats)))
        .add(field(says.say("多少", "How much"), amount).add(hint))
        .add(word);
    let words = says.say("决定", "Decide");
    let about = says.say(
        "记入账本后，只有两个人一起才能撤销。",
        "Once it is in the ledger, only two persons together can undo it.",
    );
    let confirm =
        reasoned(fields, &view.salt, reader).add(button("primary", says.say("记入账本", "Enter it")));
    let label = format!("{words}: {}", one.competitor.code);
    confirmed("quiet", words, label, about, confirm)
}
