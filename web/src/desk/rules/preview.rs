//! What the rules typed do to the example, beside what the rules do that are kept.

use domain::finding::{Finding, Language};
use domain::results::StandingStatus;
use domain::rules::form::field_of;
use domain::rules::{SkillLevel, TieEnd};
use protocol::rules::{PreviewOutcome, PreviewRow, RulesPage};

use super::{anchor, label_of, shown, words};
use crate::desk::{Says, heading_cells};
use crate::format::Reader;
use crate::node::{Element, el};
use crate::parts::award;

/// What stands in the page's preview: what is wrong, the difference in one sentence, the example.
pub(super) fn parts(page: &RulesPage, reader: Reader) -> Vec<Element> {
    let says = Says(reader.language);
    let preview = &page.preview;
    let mut parts = Vec::new();
    let faults = page.found.iter().chain(&preview.problems).map(|finding| fault(finding, reader));
    let faults: Vec<Element> = faults.collect();
    if !faults.is_empty() {
        let words = says.say("填写有误或值得核对：", "Mistakes, and what is worth a look:");
        parts.push(el("p").class("faults-head").add(words));
        parts.push(el("ul").class("faults").add(faults));
    }
    let is_worked_out = preview.rows.iter().any(|row| row.typed.is_some());
    let differing = preview.rows.iter().filter(|row| row.differs()).count();
    let sum = match (reader.language, is_worked_out, differing) {
        (Language::Chinese, false, _) => "按填写的内容还算不出来；下面是现行规则的结果。".to_owned(),
        (Language::English, false, _) => {
            "What is typed cannot be worked out yet; below stands what the rules in use give.".to_owned()
        }
        (Language::Chinese, true, 0) => "示例的结果与现行规则完全相同。".to_owned(),
        (Language::English, true, 0) => "The example comes out as it does under the rules in use.".to_owned(),
        (Language::Chinese, true, some) => format!("与现行规则相比，12 名选手中有 {some} 名的结果不同。")
            .replace("12", &preview.rows.len().to_string()),
        (Language::English, true, 1) => {
            "One competitor's result is another than under the rules in use.".to_owned()
        }
        (Language::English, true, some) => format!(
            "Of {} competitors {some} have another result than under the rules in use.",
            preview.rows.len()
        ),
    };
    let class = if is_worked_out && differing == 0 { "sum" } else { "sum differs" };
    parts.push(el("p").class(class).set("role", "status").add(sum));
    if !preview.left_out.is_empty() {
        let keys = preview.left_out.join(", ");
        parts.push(el("p").class("about").add(match reader.language {
            Language::Chinese => format!("示例里没有 {keys}，预览略过这几项；赛项的评分标准里须有，否则不能开放。"),
            Language::English => format!(
                "The example has no {keys}, which the preview passes over; a skill's scheme must have them to be opened."
            ),
        }));
    }
    if !preview.rows.is_empty() {
        parts.push(table(&preview.rows, reader));
    }
    if !preview.of_scheme.is_empty() {
        let found = preview.of_scheme.iter().map(|one| el("li").add(one.say(reader.language).to_owned()));
        let head = says.say("对示例的评分标准，这些规则会指出：", "Of the example's scheme these rules say:");
        parts.push(el("p").class("about").add(head));
        parts.push(el("ul").class("about warns").add(found.collect::<Vec<_>>()));
    }
    parts.extend(against_preset(page, reader));
    parts
}

/// What differs from the preset, in words.
fn against_preset(page: &RulesPage, reader: Reader) -> Vec<Element> {
    let base = page.presets.iter().find(|(id, _)| *id == page.base);
    let base = base.map(|(_, title)| reader.pick(title)).unwrap_or_default();
    let differing = page.typed.differing(&page.base_form);
    let sum = match (reader.language, differing.len()) {
        (Language::Chinese, 0) => format!("与预设“{base}”完全相同。"),
        (Language::English, 0) => format!("The same as the preset \"{base}\"."),
        (Language::Chinese, some) => format!("与预设“{base}”有 {some} 处不同："),
        (Language::English, 1) => format!("One difference from the preset \"{base}\":"),
        (Language::English, some) => format!("{some} differences from the preset \"{base}\":"),
    };
    let items: Vec<Element> = differing
        .iter()
        .map(|path| {
            let link = el("a").set("href", format!("#{}", anchor(path))).add(label_of(path, reader));
            let is_list = page.typed.rows(path) + page.base_form.rows(path) > 0;
            let values = (!is_list && !path.ends_with("source")).then(|| {
                let before = shown(path, page.base_form.get(path), reader);
                format!(" {before} → {}", shown(path, page.typed.get(path), reader))
            });
            el("li").add(link).add(values)
        })
        .collect();
    let list = (!items.is_empty()).then(|| el("ul").class("about warns").add(items));
    std::iter::once(el("p").class("about of-base").add(sum)).chain(list).collect()
}

fn fault(finding: &Finding, reader: Reader) -> Element {
    let says = Says(reader.language);
    let word = if finding.is_error() { says.say("错误", "Error") } else { says.say("核对", "Check") };
    let said = finding.say(reader.language).to_owned();
    let item = el("li").class(if finding.is_error() { "is-error" } else { "is-warning" });
    let item = item.add(el("strong").add(word)).add(" ");
    let Some(column) = &finding.place.column else { return item.add(el("span").add(said)) };
    let path = field_of(column);
    let link = el("a").set("href", format!("#{}", anchor(&path))).add(label_of(&path, reader));
    item.set("data-field", path).add(link).add(" ").add(el("span").add(said))
}

fn table(rows: &[PreviewRow], reader: Reader) -> Element {
    let says = Says(reader.language);
    let any = |has: fn(&PreviewOutcome) -> bool| {
        rows.iter().flat_map(|row| row.typed.iter().chain(&row.now)).any(has)
    };
    let has_scale = any(|outcome| outcome.scale.is_some());
    let has_award = any(|outcome| outcome.award.is_some());
    let mut names =
        vec![says.say("名次", "Position"), says.say("选手", "Competitor"), says.say("总分", "Total")];
    if has_scale {
        names.push(says.say("量表分", "Scale"));
    }
    if has_award {
        names.push(says.say("奖项", "Award"));
    }
    names.push(says.say("与现行规则比", "Against the rules in use"));
    let body: Vec<Element> = rows.iter().map(|row| of_row(row, has_scale, has_award, reader)).collect();
    let caption = says.say("示例：12 名选手", "The example: 12 competitors");
    let table = el("table").class("example").add(el("caption").class("hidden").add(caption));
    let table = table.add(heading_cells(&names)).add(el("tbody").add(body));
    el("div")
        .class("scrolls")
        .set("tabindex", "0")
        .set("role", "region")
        .set("aria-label", caption)
        .add(table)
}

fn of_row(row: &PreviewRow, has_scale: bool, has_award: bool, reader: Reader) -> Element {
    let says = Says(reader.language);
    let shown = row.typed.as_ref().or(row.now.as_ref());
    let position = shown.and_then(|one| one.position).map_or_else(|| "–".to_owned(), |at| at.to_string());
    let notes: Vec<Element> = shown
        .into_iter()
        .flat_map(|one| notes(one, reader))
        .map(|note| el("small").class("note-of").add(note))
        .collect();
    let total = shown.and_then(|one| one.total).map_or_else(|| "–".to_owned(), |total| total.to_string());
    let scale = shown.and_then(|one| one.scale).map_or_else(|| "–".to_owned(), |scale| scale.to_string());
    let given = shown.and_then(|one| one.award.as_deref());
    let prize = el("td").class(if given.is_some() { "award-of" } else { "award-of none" });
    let prize = prize.add(given.map_or_else(|| el("span").add("–"), |name| award(name, reader)));
    let against = match (&row.typed, &row.now) {
        (Some(typed), Some(now)) if typed != now => {
            let changes = changes(now, typed, reader).join(says.say("；", "; "));
            el("td").class("against").add(el("strong").add(says.say("不同", "Differs"))).add(" ").add(changes)
        }
        (Some(_), Some(_)) => el("td").class("against same").add(says.say("相同", "Same")),
        (Some(_), None) => {
            el("td").class("against").add(says.say("现行规则算不出来", "The rules in use give none"))
        }
        (None, _) => {
            el("td").class("against same").add(says.say("现行规则的结果", "As under the rules in use"))
        }
    };
    el("tr")
        .class(if row.differs() { "is-other" } else { "is-same" })
        .set("data-code", row.code.clone())
        .add(el("td").class("count position").set("data-name", says.say("名次", "Position")).add(position))
        .add(
            el("th")
                .set("scope", "row")
                .add(el("span").class("mono").add(row.code.clone()))
                .add(" ")
                .add(el("span").class("about").add(reader.pick(&row.about)))
                .add(notes),
        )
        .add(el("td").class("count sum-of").set("data-name", says.say("总分", "Total")).add(total))
        .add(
            has_scale.then(|| {
                el("td").class("count scale").set("data-name", says.say("量表分", "Scale")).add(scale)
            }),
        )
        .add(has_award.then_some(prize))
        .add(against)
}

/// What else there is to say of a result.
fn notes(one: &PreviewOutcome, reader: Reader) -> Vec<String> {
    let zh = reader.language == Language::Chinese;
    let both = |chinese: String, english: String| if zh { chinese } else { english };
    let mut notes = Vec::new();
    notes.extend(status(one.status, reader).map(str::to_owned));
    if one.penalty.0 > 0 {
        notes.push(both(format!("扣 {} 分", one.penalty), format!("penalty of {}", one.penalty)));
    }
    if one.rescored > 0 {
        notes.push(both(format!("重新评分 {} 项", one.rescored), format!("scored again: {}", one.rescored)));
    }
    if let Some(key) = &one.decided_by {
        notes.push(both(format!("同分，比 {key} 分先后"), format!("a tie, parted by {key}")));
    }
    notes.extend(one.open_tie.map(|end| open_tie(end, reader).to_owned()));
    notes.extend(
        one.honours.iter().map(|title| both(format!("建议授予{title}"), format!("proposed: {title}"))),
    );
    if let Some(level) = one.level {
        notes.push(both(
            format!("建议晋升{}", level_word(level, reader)),
            format!("proposed level: {}", level_word(level, reader)),
        ));
    }
    notes.extend(
        one.points.map(|points| {
            both(format!("代表队得 {points} 分"), format!("{points} points for the delegation"))
        }),
    );
    notes
}

/// What is another in a result, in words.
fn changes(now: &PreviewOutcome, typed: &PreviewOutcome, reader: Reader) -> Vec<String> {
    let says = Says(reader.language);
    let none = says.say("无", "none");
    let mut changes = Vec::new();
    let mut change = |what: &str, before: Option<String>, after: Option<String>| {
        if before != after {
            let shown = |value: Option<String>| value.unwrap_or_else(|| none.to_owned());
            changes.push(format!("{what} {} → {}", shown(before), shown(after)));
        }
    };
    let number = |value: Option<i64>| value.map(|value| value.to_string());
    change(
        says.say("名次", "position"),
        now.position.map(|at| at.to_string()),
        typed.position.map(|at| at.to_string()),
    );
    change(says.say("奖项", "award"), now.award.clone(), typed.award.clone());
    change(
        says.say("总分", "total"),
        now.total.map(|mark| mark.to_string()),
        typed.total.map(|mark| mark.to_string()),
    );
    change(says.say("量表分", "scale"), number(now.scale), number(typed.scale));
    let state = |of: &PreviewOutcome| {
        Some(status(of.status, reader).unwrap_or(says.say("有成绩", "ranked")).to_owned())
    };
    change(says.say("状态", "state"), state(now), state(typed));
    change(says.say("同分比", "parted by"), now.decided_by.clone(), typed.decided_by.clone());
    let open = |of: &PreviewOutcome| of.open_tie.map(|end| open_tie(end, reader).to_owned());
    change(says.say("待定", "open"), open(now), open(typed));
    let again = |of: &PreviewOutcome| (of.rescored > 0).then(|| of.rescored.to_string());
    change(says.say("重新评分", "scored again"), again(now), again(typed));
    let taken = |of: &PreviewOutcome| (of.penalty.0 > 0).then(|| of.penalty.to_string());
    change(says.say("扣分", "penalty"), taken(now), taken(typed));
    let titles = |of: &PreviewOutcome| (!of.honours.is_empty()).then(|| of.honours.join("、"));
    change(says.say("称号", "title"), titles(now), titles(typed));
    let level = |of: &PreviewOutcome| of.level.map(|level| level_word(level, reader).to_owned());
    change(says.say("等级", "level"), level(now), level(typed));
    change(
        says.say("积分", "points"),
        now.points.map(|points| points.to_string()),
        typed.points.map(|points| points.to_string()),
    );
    changes
}

fn status(status: StandingStatus, reader: Reader) -> Option<&'static str> {
    let says = Says(reader.language);
    match status {
        StandingStatus::Complete => None,
        StandingStatus::Incomplete => Some(says.say("没有评完", "not marked to the end")),
        StandingStatus::NotPassed => Some(says.say("有一部分不及格", "a part below its pass mark")),
        StandingStatus::Absent => Some(says.say("缺席", "absent")),
        StandingStatus::Withdrawn => Some(says.say("退出", "withdrawn")),
        StandingStatus::Disqualified => Some(says.say("取消资格", "disqualified")),
    }
}

fn open_tie(end: TieEnd, reader: Reader) -> &'static str {
    let says = Says(reader.language);
    match end {
        TieEnd::Share => says.say("并列", "shared"),
        TieEnd::Playoff => says.say("同分，等加赛", "a tie, to be played off"),
        TieEnd::Draw => says.say("同分，等抽签", "a tie, to be drawn"),
        TieEnd::ChiefDecides => says.say("同分，等裁判长决定", "a tie for the chief judge to decide"),
    }
}

fn level_word(level: SkillLevel, reader: Reader) -> &'static str {
    let word = match level {
        SkillLevel::Apprentice => "apprentice",
        SkillLevel::Junior => "junior",
        SkillLevel::Intermediate => "intermediate",
        SkillLevel::Senior => "senior",
        SkillLevel::Technician => "technician",
        SkillLevel::SeniorTechnician => "senior_technician",
        SkillLevel::SpecialTechnician => "special_technician",
        SkillLevel::ChiefTechnician => "chief_technician",
    };
    let (chinese, english) = words::choice("level", "", word).unwrap_or_default();
    Says(reader.language).say(chinese, english)
}
