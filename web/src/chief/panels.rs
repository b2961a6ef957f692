//! Panels that disagree, and judges who have not finished.

use std::collections::HashSet;

use domain::finding::Language;
use domain::id::JudgeCode;
use domain::marking::Odd;
use protocol::chief::{ChiefView, Device, Disagreement, Judge, OddValue, Seen, Share};

use super::{aspect, competing, competitor_select, counted, judged_select, reasoned, said, seats};
use crate::desk::{Says, button, confirmed, field, form, hidden_input, option};
use crate::format::Reader;
use crate::node::{Element, el};
use crate::parts::{empty, name, progress_bar};

pub(super) fn disagreements(view: &ChiefView, reader: Reader) -> Element {
    let says = Says(reader.language);
    let list = if view.disagreements.is_empty() {
        empty(
            says.say("各评分组没有要重新打分的", "No panel scores again"),
            says.say(
                "一轮打完而分差超过规则限度时，这里会显示各裁判的分值，以及还缺谁重新打分。",
                "Where a round is complete and its spread above the rule's limit, the scores and who is still to score again will stand here.",
            ),
        )
    } else {
        let list = view.disagreements.iter().map(|one| disagreement(one, view, reader));
        el("ul").class("disagreements").add(list.collect::<Vec<_>>())
    };
    let title = says.say("重新打分", "Scored again");
    counted("disagreements", title, view.disagreements.len()).add(list).add(again(view, reader))
}

/// Values that are worth a second look.
pub(super) fn odd(view: &ChiefView, reader: Reader) -> Option<Element> {
    if view.odd.is_empty() {
        return None;
    }
    let says = Says(reader.language);
    let about = says.say(
        "这些值照常计分，只是值得再看一眼。不对的，请裁判在平板上改正；已锁定的先解锁；评判可以要求再打一轮。",
        "These count as any other; they are only worth a second look. What is wrong its judge corrects on the tablet; a locked sheet is opened first, and judgement can be scored in another round.",
    );
    let list = view.odd.iter().map(|one| odd_value(one, reader));
    let more = (view.more_odd > 0).then(|| {
        let more = view.more_odd;
        el("p").class("about").add(match reader.language {
            Language::Chinese => format!("另有 {more} 个。"),
            Language::English => format!("And {more} more."),
        })
    });
    let title = says.say("值得再看一眼", "Worth a second look");
    let list = el("ul").class("disagreements").add(list.collect::<Vec<_>>());
    let count = view.odd.len() + view.more_odd;
    Some(counted("odd", title, count).add(el("p").class("about").add(about)).add(list).add(more))
}

fn odd_value(one: &OddValue, reader: Reader) -> Element {
    let value = said(Some(&one.aspect), &one.value, reader);
    let why = match (one.why, reader.language) {
        (Odd::FarFromTarget(target), Language::Chinese) => format!("离目标 {target} 很远，得 0 分"),
        (Odd::FarFromTarget(target), Language::English) => {
            format!("far from the target {target}, so it gives nothing")
        }
        (Odd::FarFromPanel, Language::Chinese) => "离其他裁判的分很远".to_owned(),
        (Odd::FarFromPanel, Language::English) => "far from the other judges' scores".to_owned(),
        (Odd::AllTheSame(count), Language::Chinese) => format!("这张表上 {count} 个分值全都一样"),
        (Odd::AllTheSame(count), Language::English) => {
            format!("all {count} scores on this sheet are the same")
        }
    };
    let judge = one.judge.as_ref().map(|judge| el("span").class("mono").add(format!("{judge} ")));
    el("li")
        .class("disagreement")
        .add(el("h3").add(competing(&one.competitor, reader)).add(" ").add(aspect(
            &one.aspect.id,
            &one.aspect.description,
            reader,
        )))
        .add(el("p").add(judge).add(el("strong").add(value)).add(" · ").add(why))
}

fn disagreement(one: &Disagreement, view: &ChiefView, reader: Reader) -> Element {
    let says = Says(reader.language);
    let scores: Vec<Element> = one
        .scores
        .iter()
        .map(|(judge, value)| {
            el("li")
                .add(el("span").class("mono").add(judge.to_string()))
                .add(" ")
                .add(el("strong").add(said(None, value, reader)))
        })
        .collect();
    let spread = one.spread.map(|spread| spread.to_string()).unwrap_or_default();
    let limit = view.spread_max.map(|limit| limit.to_string()).unwrap_or_default();
    let why = match (one.was_accepted, reader.language) {
        (false, Language::Chinese) => format!("第 {} 轮分差 {spread}，最多 {limit}", one.round),
        (false, Language::English) => format!("round {}: spread {spread}, at most {limit}", one.round),
        (true, Language::Chinese) => format!("第 {} 轮可以计分；裁判长要求再打一轮", one.round),
        (true, Language::English) => format!("round {} would count; another was asked for", one.round),
    };
    let waits = el("p")
        .class("waits")
        .add(says.say("还缺 ", "Waits for "))
        .add(el("strong").add(waiting_for(&one.waits_for, view, reader)))
        .add(says.say(" 重新打分", " to score again"));
    el("li")
        .class("disagreement")
        .add(el("h3").add(competing(&one.competitor, reader)).add(" ").add(aspect(
            &one.aspect,
            &one.description,
            reader,
        )))
        .add(el("ul").class("scores").set("aria-label", says.say("各裁判的分值", "Scores")).add(scores))
        .add(el("p").class("about").add(why))
        .add(waits)
}

/// Who is waited for, and of whom no device is connected.
fn waiting_for(judges: &[JudgeCode], view: &ChiefView, reader: Reader) -> String {
    let is_here = |judge: &&Judge| judge.devices.iter().any(|device| device.seen == Seen::Now);
    let here: HashSet<&JudgeCode> = view.judges.iter().filter(is_here).map(|judge| &judge.code).collect();
    let word = |judge: &JudgeCode| match (here.contains(judge), reader.language) {
        (true, _) => judge.to_string(),
        (false, Language::Chinese) => format!("{judge}（离线）"),
        (false, Language::English) => format!("{judge} (offline)"),
    };
    let between = Says(reader.language).say("、", ", ");
    judges.iter().map(word).collect::<Vec<_>>().join(between)
}

/// The form that asks for another round.
fn again(view: &ChiefView, reader: Reader) -> Option<Element> {
    if view.judged.is_empty() {
        return None;
    }
    let says = Says(reader.language);
    let fields = form("/chief/again")
        .add(hidden_input("act", view.acts.rescore.to_string()))
        .add(field(says.say("选手", "Competitor"), competitor_select(view)))
        .add(field(says.say("评分点", "Aspect"), judged_select(view)));
    let words = says.say("要求再打一轮", "Ask for a new round");
    let about = says.say(
        "一轮打完后才能要求。评分组全体重新打分，各轮都保留，以最后打完的一轮为准；不能撤销。",
        "Only after a complete round. The whole panel scores again; every round is kept and the last complete one counts. It cannot be undone.",
    );
    let confirm = reasoned(fields, &view.salt, reader).add(button("primary", words));
    Some(confirmed("quiet", words, words.to_owned(), about, confirm))
}

pub(super) fn judges(view: &ChiefView, reader: Reader) -> Element {
    let says = Says(reader.language);
    let unfinished = view.judges.iter().filter(|judge| !is_finished(judge)).count();
    let about = says.say(
        "还缺最多的排在最前。测量是全组一个值，谁录入都算。",
        "Those with the most left come first. A measurement is the panel's one value, whoever enters it.",
    );
    let list = view.judges.iter().map(|judge| judge_card(judge, reader)).collect::<Vec<_>>();
    counted("judges", says.say("谁还没评完", "Who has not finished"), unfinished)
        .add(el("p").class("about").add(about))
        .add(el("ul").class("judges-left").add(list))
        .add(tablet(view, reader))
        .add(seats::spoken(view, reader))
        .add(seats::replace(view, reader))
}

/// What helps where a tablet fails: a card for another one, and the file that the first wrote.
fn tablet(view: &ChiefView, reader: Reader) -> Element {
    let says = Says(reader.language);
    let judges = view.judges.iter().filter(|judge| judge.code != view.judge);
    let judges =
        judges.map(|judge| option(judge.code.to_string(), false, format!("{} {}", judge.code, judge.name)));
    let judges = el("select").set("name", "judge").add(judges.collect::<Vec<_>>());
    let card = form("/chief/card")
        .class("line")
        .add(field(says.say("裁判", "Judge"), judges))
        .add(button("primary", says.say("换平板：出一张登录卡", "Another tablet: make a card")));
    let about = says.say(
        "裁判用新平板扫码、输入 PIN 就能接着评。旧平板照样登录着，联网后自动上传；连不上网的，在它的“显示”菜单里导出文件，在这里导入。",
        "The judge scans it with the new tablet, types the PIN and goes on. The old one stays signed in and sends what it holds once it connects; where it cannot, export the file from its Display menu and take it in here.",
    );
    let file = el("input")
        .set("type", "file")
        .set("name", "outbox")
        .set("accept", ".json,application/json")
        .set("required", "");
    let outbox = form("/chief/outbox")
        .set("enctype", "multipart/form-data")
        .class("line")
        .add(field(says.say("平板导出的文件", "The tablet's file"), file))
        .add(button("primary", says.say("导入", "Take it in")));
    el("details")
        .class("folded")
        .set("id", "tablet")
        .add(
            el("summary").add(
                says.say("平板坏了？换平板、导入文件", "A tablet fails? Replace it, or take its file in"),
            ),
        )
        .add(el("p").class("about").add(about))
        .add(card)
        .add(outbox)
}

fn is_finished(judge: &Judge) -> bool {
    !judge.shares.is_empty() && judge.shares.iter().all(|share| share.progress.done >= share.progress.of)
}

fn judge_card(judge: &Judge, reader: Reader) -> Element {
    let says = Says(reader.language);
    let shares: Vec<Element> = judge.shares.iter().map(|share| share_row(share, reader)).collect();
    let devices: Vec<Element> = judge.devices.iter().map(|device| device_row(device, reader)).collect();
    let none = devices
        .is_empty()
        .then(|| el("p").class("device-of none").add(says.say("没有登录的设备", "No device is signed in")));
    let several = (devices.len() > 1).then(|| {
        let words = match reader.language {
            Language::Chinese => format!("{} 台设备以这位裁判登录", devices.len()),
            Language::English => format!("{} devices are signed in as this judge", devices.len()),
        };
        el("p").class("note attention").add(words)
    });
    let done = if is_finished(judge) { "judge-left is-done" } else { "judge-left" };
    let finished =
        is_finished(judge).then(|| el("span").class("finished").add(says.say("✓ 已评完", "✓ finished")));
    el("li")
        .class(done)
        .add(
            el("h3")
                .add(el("span").class("mono").add(judge.code.to_string()))
                .add(" ")
                .add(name("span", &judge.name, reader))
                .add(" ")
                .add(finished),
        )
        .add(el("ul").class("shares").add(shares))
        .add(seats::left(judge, reader))
        .add(several)
        .add(devices)
        .add(none)
}

fn share_row(share: &Share, reader: Reader) -> Element {
    let trainee = (!share.counts).then(|| {
        el("small").add(Says(reader.language).say("（见习，不计分）", " (trainee, does not count)"))
    });
    el("li")
        .add(
            el("span")
                .class("aspect")
                .add(el("span").class("mono").add(share.sub_criterion.to_string()))
                .add(" ")
                .add(name("span", &share.name, reader))
                .add(trainee),
        )
        .add(progress_bar(share.progress))
}

fn device_row(device: &Device, reader: Reader) -> Element {
    let says = Says(reader.language);
    let (class, sign, words) = match device.seen {
        Seen::Now if !device.has_entered => ("device-of idle", "◐", says.say("在线", "connected").to_owned()),
        Seen::Now => ("device-of now", "●", says.say("在线", "connected").to_owned()),
        Seen::Until(at) => (
            "device-of",
            "○",
            format!("{} {}", says.say("离线，最后连接", "offline, last seen"), reader.moment(at)),
        ),
        Seen::NotSinceStart => {
            let words = says.say("服务器启动以来没有连接过", "not connected since the server started");
            ("device-of", "○", words.to_owned())
        }
    };
    let signed_in = format!("{} {}", says.say("登录于", "signed in"), reader.moment(device.used_at));
    let (good, bad) = state_words(device, reader);
    let bad =
        (!bad.is_empty()).then(|| el("span").class("attention").add(format!(" · ⚠ {}", bad.join(" · "))));
    el("p")
        .class(class)
        .add(el("span").set("aria-hidden", "true").add(sign))
        .add(" ")
        .add(el("span").class("mono").add(format!("…{}", device.name)))
        .add(" ")
        .add(el("span").add(words))
        .add(bad)
        .add(el("small").add(" · ").add(good.join(" · ")).add(" · ").add(signed_in))
}

/// What is known of a device: what is as it should be, and what somebody ought to see to.
fn state_words(device: &Device, reader: Reader) -> (Vec<String>, Vec<String>) {
    let says = Says(reader.language);
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    let mut say = |is_good: bool, words: String| {
        if is_good { &mut good } else { &mut bad }.push(words);
    };
    if let Some(state) = &device.state {
        if let Some(percent) = state.battery {
            let charging = if state.is_charging { says.say("，充电中", ", charging") } else { "" };
            say(!state.is_low(), format!("{} {percent}%{charging}", says.say("电量", "battery")));
        }
        // Of one that is away this is how it stood then.
        let unsent = match reader.language {
            Language::Chinese => format!("未发送 {}", state.unsent),
            Language::English => format!("{} not sent", state.unsent),
        };
        say(state.unsent == 0, unsent);
        if !state.is_lasting {
            say(false, says.say("关页面就会丢失", "keeps nothing once closed").to_owned());
        }
        // Its first characters tell versions apart.
        let version: String = state.version.chars().take(6).collect();
        say(
            state.is_current,
            match (state.is_current, reader.language) {
                (true, Language::Chinese) => format!("程序 {version}"),
                (true, Language::English) => format!("app {version}"),
                (false, Language::Chinese) => format!("程序不是当前版本（{version}）"),
                (false, Language::English) => format!("runs another version of the app ({version})"),
            },
        );
    }
    let signs = if device.signs {
        says.say("有签名密钥", "signs its marks")
    } else {
        says.say("没有签名密钥", "does not sign its marks")
    };
    say(true, signs.to_owned());
    let entered = if device.has_entered {
        says.say("已录入过", "has entered")
    } else {
        says.say("还没有录入", "nothing entered yet")
    };
    say(true, entered.to_owned());
    (good, bad)
}
