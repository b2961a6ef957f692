//! The versions of a marking scheme, two of them held together, and taking one again.

use domain::finding::Language;
use protocol::scheme::{Changed, ChangedRow, Kind, SchemeChange, SchemeVersion, SchemeVersions, VersionHow};

use super::words;
use crate::desk::{
    Says, button, confirmed, field, form, heading_cells, hidden_input, option, quiet_link, section,
};
use crate::format::{Reader, segment};
use crate::node::{Element, el};
use crate::parts::{empty, moment};

/// The most characters that are shown of what a cell said.
const SHOWN_MAX: usize = 400;

pub(in crate::desk) fn title(versions: &SchemeVersions, reader: Reader) -> String {
    let words = Says(reader.language).say("评分标准的版本", "Versions of the scheme");
    format!("{words} – {}", reader.pick(&versions.skill.name))
}

/// `/desk/skill/{id}/scheme/versions`
pub(in crate::desk) fn page(all: &SchemeVersions, reader: Reader) -> Vec<Element> {
    let says = Says(reader.language);
    let at = format!("/desk/skill/{}/scheme", segment(&all.skill.id));
    let title = format!(
        "{} · {} {}",
        says.say("评分标准的版本", "Versions of the scheme"),
        all.skill.number,
        reader.pick(&all.skill.name)
    );
    let back = quiet_link(says.say("回到评分标准", "Back to the scheme"), at.clone());
    let head = el("div").class("head").add(el("h1").add(title)).add(el("p").class("acts").add(back));
    if all.versions.is_empty() {
        let none = empty(
            says.say("还没有版本", "There is no version yet"),
            says.say("每次保存都会留下一个版本。", "Each time that the scheme is saved a version is kept."),
        );
        return vec![head, none];
    }
    let rows: Vec<Element> = all.versions.iter().map(|version| row(all, version, &at, reader)).collect();
    let names = [
        says.say("版本", "Version"),
        says.say("时间", "When"),
        says.say("谁", "By"),
        says.say("怎么来的", "How"),
        says.say("评分点", "Aspects"),
        says.say("合计", "Total"),
        says.say("做什么", "What to do"),
    ];
    let table = el("table").class("scheme-versions").add(heading_cells(&names)).add(el("tbody").add(rows));
    let mut page = vec![head, table];
    page.extend(compared(all, reader));
    page
}

fn how(how: VersionHow, reader: Reader) -> &'static str {
    let says = Says(reader.language);
    match how {
        VersionHow::There => says.say("原来就有", "there before"),
        VersionHow::Uploaded => says.say("上传评分表", "workbook uploaded"),
        VersionHow::Edited => says.say("编辑", "edited"),
        VersionHow::Restored => says.say("找回旧版", "taken again"),
        VersionHow::Taken => says.say("照搬别的赛项", "taken from a skill"),
    }
}

fn row(all: &SchemeVersions, version: &SchemeVersion, at: &str, reader: Reader) -> Element {
    let says = Says(reader.language);
    let number = version.number;
    let mark = if version.is_pinned {
        Some(says.say("开放时固定的", "pinned at opening"))
    } else if version.is_current {
        Some(says.say("现在的", "now"))
    } else {
        None
    };
    let changes = (number > 1).then(|| {
        let words = says.say("改了什么", "What changed");
        quiet_link(words, format!("{at}/versions?from={}&to={number}#compared", number - 1))
            .set("aria-label", format!("{words}: {number}"))
    });
    let again = (!all.is_fixed && !version.is_current).then(|| {
        let words = says.say("改回这一版", "Take it again");
        let about = says.say(
            "评分标准改成这一版的内容；现在的内容也留作一个版本，可以再改回来。",
            "The scheme becomes what this version says; what it is now stays a version too, and can be had back.",
        );
        let go = form(format!("{at}/restore"))
            .add(hidden_input("number", number.to_string()))
            .add(hidden_input("seen", all.seen.clone()))
            .add(button("primary", words));
        confirmed("quiet", words, format!("{words}: {number}"), about, go)
    });
    el("tr")
        .add(
            el("th")
                .set("scope", "row")
                .add(el("span").class("count").add(number.to_string()))
                .add(mark.map(|words| el("small").add(words))),
        )
        .add(el("td").add(moment(version.made_at, reader)))
        .add(el("td").add(version.by.clone()))
        .add(el("td").add(how(version.how, reader)))
        .add(el("td").class("count").add(version.aspects.to_string()))
        .add(el("td").class("count").add(version.total.clone()))
        .add(el("td").class("acts").add(changes).add(again))
}

fn compared(all: &SchemeVersions, reader: Reader) -> Option<Element> {
    let says = Says(reader.language);
    let (from, to) = all.between?;
    let choice = |name: &'static str, chosen: i64| {
        let options = all.versions.iter().map(|version| {
            option(version.number.to_string(), version.number == chosen, version.number.to_string())
        });
        el("select").set("name", name).add(options.collect::<Vec<_>>())
    };
    let choose = el("form")
        .set("method", "get")
        .set("action", "#compared")
        .class("line")
        .add(field(says.say("从版本", "From version"), choice("from", from)))
        .add(field(says.say("到版本", "To version"), choice("to", to)))
        .add(button("quiet", says.say("对比", "Compare")));
    let count = all.changes.len();
    let words = match reader.language {
        Language::Chinese => format!("版本 {from} 到 {to}：{count} 处不同。"),
        Language::English if count == 1 => format!("Version {from} to {to}: 1 difference."),
        Language::English => format!("Version {from} to {to}: {count} differences."),
    };
    Some(
        section("compared", says.say("对比两个版本", "Two versions held together"))
            .add(choose)
            .add(el("p").set("role", "status").add(words))
            .add((count > 0).then(|| changes(&all.changes, reader))),
    )
}

/// What differs, a row each.
pub(super) fn changes(changes: &[SchemeChange], reader: Reader) -> Element {
    let says = Says(reader.language);
    let rows: Vec<Element> = changes.iter().map(|change| one(change, reader)).collect();
    let names = [
        says.say("哪里", "Where"),
        says.say("什么", "What"),
        says.say("之前", "Before"),
        says.say("之后", "After"),
    ];
    el("table").class("scheme-changes").add(heading_cells(&names)).add(el("tbody").add(rows))
}

fn one(change: &SchemeChange, reader: Reader) -> Element {
    let says = Says(reader.language);
    let of = match change.of {
        ChangedRow::Criterion => says.say("评分项", "criterion"),
        ChangedRow::Sub => says.say("子项", "sub-criterion"),
        ChangedRow::Aspect => says.say("评分点", "aspect"),
        ChangedRow::Section => says.say("章节", "section"),
        ChangedRow::Part => says.say("部分", "part"),
    };
    let (what, before, after) = match &change.what {
        Changed::Added => (says.say("添加", "added"), String::new(), change.name.clone()),
        Changed::Removed => (says.say("删除", "removed"), change.name.clone(), String::new()),
        Changed::Moved(from, to) => (says.say("移到别处", "moved"), from.clone(), to.clone()),
        Changed::Reordered => (says.say("调换次序", "another place"), String::new(), String::new()),
        Changed::Cell(cell, from, to) => {
            (words::cell_word(cell, reader.language), told(cell, from, reader), told(cell, to, reader))
        }
    };
    let name = (!matches!(change.what, Changed::Added | Changed::Removed))
        .then(|| el("small").add(excerpt(&change.name, 80)));
    let place = el("th")
        .set("scope", "row")
        .add(el("span").add(of))
        .add(" ")
        .add(el("b").class("mono").add(change.id.clone()))
        .add(name);
    el("tr")
        .add(place)
        .add(el("td").add(what))
        .add(el("td").class("before").add(el("del").add(excerpt(&before, SHOWN_MAX))))
        .add(el("td").class("after").add(el("ins").add(excerpt(&after, SHOWN_MAX))))
}

/// What a cell says, in words where it says a kind.
fn told(cell: &str, text: &str, reader: Reader) -> String {
    match (cell, Kind::parse(text)) {
        ("kind", Some(kind)) => words::kind(kind, reader.language).to_owned(),
        _ => text.to_owned(),
    }
}

fn excerpt(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most).chain(['…']).collect()
}
