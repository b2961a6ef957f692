//! What the judges said of the reference piece in first rounds, and how they agree: advice only.

use domain::finding::Language;
use domain::id::JudgeCode;
use protocol::practice::{Agreement, Calibration, FirstRound, Practice, Scored};

use super::scrolls;
use crate::desk::{Says, section};
use crate::format::Reader;
use crate::node::{Element, el};
use crate::parts::{empty, name};

/// The reference piece: every score of complete first rounds, then how the judges agree.
pub(super) fn section_of(view: &Practice, reader: Reader) -> Element {
    let says = Says(reader.language);
    let Calibration { aspects, rounds, agreement, .. } = &view.calibration;
    let section = section("calibration", says.say("校准：标准件", "Calibration: the reference piece"));
    if *aspects == 0 {
        return section.add(empty(
            says.say("没有可校准的评分点", "There is nothing to calibrate"),
            says.say(
                "这个赛项只有测量，没有由几位裁判分别打分的评分点。",
                "This skill only measures; no aspect is scored by several judges.",
            ),
        ));
    }
    let about = match reader.language {
        Language::Chinese => {
            format!(
                "{aspects} 个打分的评分点中，{} 个第一轮已打完。没打完的一轮不显示任何分值。",
                rounds.len()
            )
        }
        Language::English => {
            format!(
                "Of {aspects} scored aspects {} have a complete first round. Nothing is shown of a round that somebody has still to score.",
                rounds.len()
            )
        }
    };
    let section = section.add(el("p").class("about").add(about));
    if rounds.is_empty() {
        return section.add(empty(
            says.say("还没有打完的一轮", "No round is complete yet"),
            says.say(
                "评分组全体给标准件（REF）打完一个评分点，这里就显示各人的分值、分差和中位数。",
                "Once a whole panel has scored an aspect of the reference piece (REF), the scores, their spread and the median will stand here.",
            ),
        ));
    }
    section.add(scores(&view.calibration, reader)).add(compared(agreement, reader))
}

/// How the judges agree in the marking of the skill itself.
pub(super) fn marking(view: &Practice, reader: Reader) -> Option<Element> {
    let says = Says(reader.language);
    if view.marking.is_empty() {
        return None;
    }
    let about = says.say(
        "正式赛项中已打完的第一轮，全部选手合计。",
        "Complete first rounds of the skill itself, of all competitors together.",
    );
    let section = section("marking", says.say("正式评分到目前为止", "The marking itself so far"));
    Some(section.add(el("p").class("about").add(about)).add(compared(&view.marking, reader)))
}

/// Aspects as rows, judges as columns.
fn scores(calibration: &Calibration, reader: Reader) -> Element {
    let says = Says(reader.language);
    let mut judges: Vec<&JudgeCode> = Vec::new();
    for score in calibration.rounds.iter().flat_map(|round| &round.scores) {
        if !judges.contains(&&score.judge) {
            judges.push(&score.judge);
        }
    }
    let column = |words: &'static str| el("th").set("scope", "col").add(words);
    let of_judges =
        judges.iter().map(|judge| el("th").set("scope", "col").class("mono score").add(judge.to_string()));
    let head = el("tr")
        .add(column(says.say("评分点", "Aspect")))
        .add(of_judges.collect::<Vec<_>>())
        .add(column(says.say("分差", "Spread")))
        .add(column(says.say("中位数", "Median")));
    let rows = calibration.rounds.iter().map(|round| row(round, &judges, calibration.spread_max, reader));
    let label = says.say("标准件第一轮的分值", "Scores of the reference piece in the first round");
    let table = el("table")
        .class("calibration")
        .add(el("caption").class("unseen").add(label))
        .add(el("thead").add(head))
        .add(el("tbody").add(rows.collect::<Vec<_>>()));
    scrolls(label, table)
}

fn row(round: &FirstRound, judges: &[&JudgeCode], spread_max: Option<u32>, reader: Reader) -> Element {
    let says = Says(reader.language);
    let score = |judge: &&JudgeCode| {
        let said = round.scores.iter().find(|score| score.judge == **judge);
        el("td").class("score").add(said.map_or_else(|| "–".to_owned(), |said| said.score.to_string()))
    };
    let limit = spread_max.map(|limit| limit.to_string()).unwrap_or_default();
    let wide = round.is_wide.then(|| {
        el("small").add(match reader.language {
            Language::Chinese => format!("⚠ 超过 {limit}"),
            Language::English => format!("⚠ above {limit}"),
        })
    });
    let [low, high] = round.middle;
    let median = if low == high { low.to_string() } else { format!("{low}–{high}") };
    let descriptors = round.descriptors.join(says.say("／", " / "));
    el("tr")
        .set_some("class", round.is_wide.then_some("is-wide"))
        .add(
            el("th")
                .set("scope", "row")
                .add(el("span").class("mono").add(round.aspect.to_string()))
                .add(" ")
                .add(name("span", &round.description, reader)),
        )
        .add(judges.iter().map(score).collect::<Vec<_>>())
        .add(el("td").class("spread").add(el("strong").add(round.spread.to_string())).add(" ").add(wide))
        .add(el("td").class("median").add(el("strong").add(median)).add(" ").add(name(
            "span",
            &descriptors,
            reader,
        )))
}

/// The judges' agreement and severity, each with its sample; rungs and numbers apart.
fn compared(all: &[Agreement], reader: Reader) -> Vec<Element> {
    let says = Says(reader.language);
    let mut parts = Vec::new();
    for (scored, title) in [
        (Scored::Judgement, says.say("裁判的一致性：评判（0–3）", "How the judges agree: judgement (0–3)")),
        (Scored::Panel, says.say("裁判的一致性：多裁判打分", "How the judges agree: panel scores")),
    ] {
        let rows: Vec<Element> =
            all.iter().filter(|one| one.scored == scored).map(|one| agreement_row(one, reader)).collect();
        if rows.is_empty() {
            continue;
        }
        let severity = match scored {
            Scored::Judgement => says.say("宽严（档）", "Severity (rungs)"),
            Scored::Panel => says.say("宽严（占量程 %）", "Severity (% of the range)"),
        };
        let head = el("tr").add(el("th").set("scope", "col").add(says.say("裁判", "Judge"))).add(
            [says.say("样本", "Sample"), says.say("等于中位数", "At the median"), severity]
                .map(|words| el("th").set("scope", "col").class("score").add(words))
                .to_vec(),
        );
        let table = el("table")
            .class("agreement")
            .add(el("caption").add(title))
            .add(el("thead").add(head))
            .add(el("tbody").add(rows));
        parts.push(table);
    }
    let advice = says.say(
        "宽严是这位裁判的分值减去同组其他裁判的平均，再取平均：+\u{a0}偏宽，−\u{a0}偏严。样本小的时候说明不了什么。只供参考，不改变任何成绩。",
        "Severity is the judge's score less the mean of the others on the panel, on the mean of the sample: +\u{a0}generous, −\u{a0}strict. A small sample says little. It is advice only and changes no result.",
    );
    parts.push(el("p").class("about advice").add(advice));
    parts
}

fn agreement_row(one: &Agreement, reader: Reader) -> Element {
    let says = Says(reader.language);
    let (severity, words) = match one.severity.as_deref() {
        None => ("–".to_owned(), ""),
        Some(text) if text.starts_with('+') => (text.to_owned(), says.say("偏宽", "generous")),
        Some(text) if text.starts_with('-') => (text.replacen('-', "−", 1), says.say("偏严", "strict")),
        Some(text) => (text.to_owned(), ""),
    };
    let at_median = match reader.language {
        Language::Chinese => format!("{}/{}", one.at_median, one.sample),
        Language::English => format!("{} of {}", one.at_median, one.sample),
    };
    el("tr")
        .add(
            el("th")
                .set("scope", "row")
                .add(el("span").class("mono").add(one.judge.to_string()))
                .add(" ")
                .add(name("span", &one.name, reader)),
        )
        .add(el("td").class("score").add(format!("n = {}", one.sample)))
        .add(el("td").class("score").add(at_median))
        .add(el("td").class("score").add(el("strong").add(severity)).add(" ").add(el("small").add(words)))
}
