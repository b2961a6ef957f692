//! The words of the scheme editor, in both languages.

use domain::finding::Language;
use protocol::scheme::{Cell, Checked, Kind};
use serde_json::{Value, json};

use crate::desk::Says;

/// What keys do: the keys, and what for.
pub(super) const KEYS: [(&str, &str, &str); 6] = [
    ("Ctrl + S", "保存", "save"),
    (
        "Enter",
        "到下一行的同一格；在最后一行添加一行",
        "to the same cell of the next row; in the last one adds a row",
    ),
    ("Ctrl + Enter", "在后面添加一行", "add a row after this one"),
    (
        "Alt + ↑ / ↓",
        "上移、下移所在的行，也可以移到别的子项",
        "move the row up or down, also into another sub-criterion",
    ),
    ("Alt + Delete", "删除所在的行", "remove the row"),
    (
        "Ctrl + Z",
        "撤销移动、添加、删除和成批修改（光标不在文字里时）",
        "undo a move, an addition, a removal or a change of several (outside of text)",
    ),
];

/// A cell's name.
pub(super) fn cell(cell: Cell, language: Language) -> &'static str {
    let says = Says(language);
    match cell {
        Cell::Kind => says.say("评分方式", "way of marking"),
        Cell::Description => says.say("评分点", "what is looked at"),
        Cell::Max => says.say("满分", "maximum"),
        Cell::Section => says.say("章节", "section"),
        Cell::Part => says.say("部分", "part"),
        Cell::Requirement => says.say("要求", "requirement"),
        Cell::Note => says.say("给裁判的备注", "note for judges"),
        Cell::MeasuredIn => says.say("单位", "measured in"),
        Cell::Possible => says.say("共有几处", "how many there are"),
        Cell::Choices => says.say("选项：每行 名称，扣分", "choices: a line each, label, taken off"),
        Cell::Target => says.say("目标值", "target"),
        Cell::Bands => says.say("公差带：每行 从，到，扣分", "bands: a line each, from, to, taken off"),
        Cell::Per => says.say("每偏差", "for each"),
        Cell::PerUnit => says.say("偏差按", "which is in"),
        Cell::Deduction => says.say("扣", "take off"),
        Cell::Unit => says.say("扣分按", "taken off in"),
        Cell::ScoreMin => says.say("最低打分", "least score"),
        Cell::ScoreMax => says.say("最高打分", "most"),
        Cell::ScoreStep => says.say("步长", "step"),
        Cell::DropHigh => says.say("去掉最高几个", "highest dropped"),
        Cell::DropLow => says.say("去掉最低几个", "lowest dropped"),
        Cell::Factor => says.say("系数", "factor"),
        Cell::Rung0 => says.say("0 分", "0"),
        Cell::Rung1 => says.say("1 分", "1"),
        Cell::Rung2 => says.say("2 分", "2"),
        Cell::Rung3 => says.say("3 分", "3"),
    }
}

/// The cells of the other rows, and an id.
const CELLS: [&str; 9] =
    ["id", "c_name", "s_name", "s_day", "n_name", "n_target", "p_name", "p_weight", "p_pass"];

/// The word for a cell of any sort of row, as forms name it; none where there is no such cell.
pub(super) fn cell_word(name: &str, language: Language) -> &'static str {
    let says = Says(language);
    match name {
        "id" => says.say("编号", "id"),
        "c_name" | "s_name" | "n_name" | "p_name" => says.say("名称", "name"),
        "s_day" => says.say("评分日", "day of marking"),
        "n_target" => says.say("应占分", "marks of the standard"),
        "p_weight" => says.say("权重 %", "weight %"),
        "p_pass" => says.say("及格线", "pass mark"),
        name => Cell::parse(name).map_or("", |one| cell(one, language)),
    }
}

/// A kind's name.
pub(super) fn kind(kind: Kind, language: Language) -> &'static str {
    let (chinese, english) = kind.words();
    Says(language).say(chinese, english)
}

/// What is folded away of an aspect of a kind.
pub(super) fn more(kind: Kind, language: Language) -> &'static str {
    let says = Says(language);
    match kind {
        Kind::Judgement => says.say("四档描述、备注", "descriptors, note"),
        Kind::PassFail | Kind::Direct => says.say("要求、备注", "requirement, note"),
        Kind::NumberCompleted => says.say("共几处、要求", "how many, requirement"),
        Kind::Choice => says.say("选项、要求", "choices, requirement"),
        Kind::Ranged => says.say("目标、公差带、要求", "target, bands, requirement"),
        Kind::Difference => says.say("目标、扣法、要求", "target, deduction, requirement"),
        Kind::Panel => says.say("打分范围、去极值", "range, extremes"),
    }
}

/// How many aspects there are.
pub(super) fn aspects(count: usize, language: Language) -> String {
    match language {
        Language::Chinese => format!("{count} 个评分点"),
        Language::English if count == 1 => "1 aspect".to_owned(),
        Language::English => format!("{count} aspects"),
    }
}

/// Whether there are errors, warnings, or neither.
pub(super) fn state_of(checked: &Checked) -> &'static str {
    if checked.notes.iter().any(|note| note.is_error) {
        "errors"
    } else if checked.notes.is_empty() {
        "fine"
    } else {
        "warnings"
    }
}

/// How much was found.
pub(super) fn found(checked: &Checked, language: Language) -> String {
    let errors = checked.notes.iter().filter(|note| note.is_error).count();
    let warnings = checked.notes.len() - errors;
    let mut words = Vec::new();
    match language {
        Language::Chinese => {
            words.extend((errors > 0).then(|| format!("{errors} 处要改")));
            words.extend((warnings > 0).then(|| format!("{warnings} 处提醒")));
        }
        Language::English => {
            words.extend((errors > 0).then(|| format!("{errors} to mend")));
            words.extend((warnings > 0).then(|| format!("{warnings} to look at")));
        }
    }
    if words.is_empty() {
        Says(language).say("没有问题", "Nothing found").to_owned()
    } else {
        words.join(" · ")
    }
}

/// What the script says; `#` stands for a number, `@` for a name.
pub(super) fn of_script(language: Language) -> Value {
    let says = Says(language);
    let kinds = Kind::ALL.map(|one| json!([one.name(), kind(one, language), more(one, language)]));
    let cells: serde_json::Map<String, Value> = CELLS
        .iter()
        .copied()
        .chain(Cell::ALL.iter().map(|cell| cell.name()))
        .map(|name| (name.to_owned(), cell_word(name, language).into()))
        .collect();
    json!({
        "kinds": kinds,
        "cells": cells,
        "errors": says.say("# 处要改", "# to mend"),
        "warnings": says.say("# 处提醒", "# to look at"),
        "fine": says.say("没有问题", "Nothing found"),
        "aspects": says.say("# 个评分点", "# aspects"),
        "unsaved": says.say("有未保存的修改", "Unsaved changes"),
        "saving": says.say("正在保存……", "Saving …"),
        "saved": says.say("已保存为第 # 版", "Saved as version #"),
        "refused": says.say("还没有保存，您写的都在这一页：", "Nothing is saved; all that you wrote is on this page. "),
        "pastedUnknown": says.say(
            "已粘贴 # 行，其中 @ 行的评分方式没认出来；可以撤销",
            "# rows pasted, of @ of them the way of marking was not known; it can be undone",
        ),
        "offline": says.say(
            "连不上服务器，还没有保存；您写的都在这一页，请不要关掉",
            "The server cannot be reached and nothing is saved; all that you wrote is on this page, keep it open",
        ),
        "unchecked": says.say("连不上服务器，暂时没有检查", "The server cannot be reached; not checked for now"),
        "unreadable": says.say("有读不懂的内容，先改好再保存", "Something cannot be read; mend it, then save"),
        "moved": says.say("已移动 @", "@ moved"),
        "added": says.say("已添加 @", "@ added"),
        "removed": says.say("已删除 @，可以撤销", "@ removed; it can be undone"),
        "changed": says.say("已修改 # 个评分点，可以撤销", "# aspects changed; it can be undone"),
        "pasted": says.say("已粘贴 # 行，可以撤销", "# rows pasted; it can be undone"),
        "undone": says.say("已撤销", "Undone"),
        "picked": says.say("已选 # 个评分点", "# aspects chosen"),
        "draft": says.say(
            "这个标签页里有上次没保存的修改。",
            "This tab holds changes that were not saved last time.",
        ),
        "draftYes": says.say("找回来", "Bring them back"),
        "draftNo": says.say("不要了", "Drop them"),
        "use": says.say("用这一组", "Take this set"),
        "library": says.say("通用", "For every trade"),
        "used": says.say("本次大赛用过的", "Used in this competition"),
        "none": says.say("没有找到", "Nothing found"),
    })
}
