//! Sentences that depend on something.

use domain::finding::Language;
use domain::marking::Refusal;
use domain::scheme::{Aspect, Calculation, Method};
use domain::scoring::{Value, measurement};

use crate::book::Reach;

/// What stands in a cell, as people write it.
pub(super) fn value(aspect: &Aspect, value: &Value, language: Language) -> String {
    let is_pass_fail = matches!(aspect.method, Method::Measurement(Calculation::PassFail));
    match value {
        Value::Choice(label) => label.clone(),
        Value::Missing => pick(language, "无分", "no score").to_owned(),
        Value::Number(number) if is_pass_fail && number.0 == 0 => pick(language, "否", "No").to_owned(),
        Value::Number(_) if is_pass_fail => pick(language, "是", "Yes").to_owned(),
        Value::Number(number) => number.to_string(),
    }
}

/// The mark that a measured value comes to; none for what judges score.
pub(super) fn mark(aspect: &Aspect, value: &Value) -> Option<String> {
    let Method::Measurement(calculation) = &aspect.method else { return None };
    let exact = measurement::mark(aspect.max, calculation, value).ok()?;
    Some(exact.rounded().to_string())
}

/// How far a value has come; where the browser keeps nothing, it is on the page only.
pub(super) fn reach(reach: Reach, is_lasting: bool, language: Language) -> &'static str {
    match reach {
        Reach::Saved if !is_lasting => pick(language, "只在本页", "On this page only"),
        Reach::Saving => pick(language, "正在保存", "Saving"),
        Reach::Saved => pick(language, "已存本机", "Saved on this device"),
        Reach::Received => pick(language, "服务器已收到", "Received by the server"),
        Reach::Sealed => pick(language, "已封存", "Sealed"),
    }
}

/// The shape that goes with it, so that colour is never alone.
pub(super) fn reach_shape(reach: Reach) -> &'static str {
    match reach {
        Reach::Saving => "…",
        Reach::Saved => "◔",
        Reach::Received => "✓",
        Reach::Sealed => "▣",
    }
}

/// Why an entry does not count, by its code.
pub(super) fn why_not(code: &str, language: Language) -> String {
    let known = [
        Refusal::CompetitorOut,
        Refusal::SheetLocked,
        Refusal::Closed,
        Refusal::OtherValueThere,
        Refusal::NotAllowed,
        Refusal::NotOpen,
        Refusal::SheetChanged,
        Refusal::AlreadySo,
    ];
    if let Some(refusal) = known.iter().find(|refusal| refusal.code() == code) {
        return refusal.say(language);
    }
    let words = match code {
        "not_on_panel" => {
            pick(language, "您不在此子项的评分组里。", "You are not on this sub-criterion's panel.")
        }
        "panel_full" => pick(
            language,
            "此评分点的裁判已经打满；若要更换，请找裁判长。",
            "Enough judges have scored this aspect; ask the chief judge to replace one.",
        ),
        "sheet_incomplete" => {
            pick(language, "这张评分表还有没评完的项。", "Something on this sheet is not marked yet.")
        }
        "round_closed" => pick(language, "这一轮打分已经结束。", "That round of scoring is over."),
        "round_not_open" => {
            pick(language, "下一轮打分还没有开始。", "The next round of scoring has not begun.")
        }
        "seat_does_not_count" => pick(
            language,
            "您的席位不计分，测量值请由计分的裁判录入。",
            "Your seat does not count, so a counting judge enters the measurement.",
        ),
        other => return format!("{}（{other}）", pick(language, "规则不允许", "The rules do not allow it")),
    };
    words.to_owned()
}

/// One of the two.
pub(super) fn pick(language: Language, chinese: &'static str, english: &'static str) -> &'static str {
    match language {
        Language::Chinese => chinese,
        Language::English => english,
    }
}
