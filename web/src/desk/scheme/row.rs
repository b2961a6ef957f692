//! The rows of the scheme editor: criteria, sub-criteria, aspects, sections and parts.

use protocol::scheme::{
    AspectForm, Cell, Checked, CriterionForm, Kind, PartForm, RowAt, SectionForm, SubForm,
};

use super::{anchor, words};
use crate::desk::{Says, option};
use crate::format::Reader;
use crate::node::{Element, el};

/// A button that the script answers.
pub(super) fn act(act: &'static str, words: &'static str, label: &'static str) -> Element {
    let button = el("button").set("type", "button").set("data-act", act);
    let button = if words == label { button } else { button.set("aria-label", label).set("title", label) };
    button.add(words)
}

/// A cell of a row.
fn input(name: &'static str, value: &str, label: &'static str) -> Element {
    el("input")
        .set("name", name)
        .set("aria-label", label)
        .set("maxlength", "200")
        .set("value", value.to_owned())
}

/// A cell of a row that grows with its text.
fn area(name: &'static str, value: &str, label: &'static str) -> Element {
    el("textarea").set("name", name).set("rows", "1").set("aria-label", label).add(value.to_owned())
}

fn sum(sums: &[String], at: usize) -> Element {
    el("output").class("count row-sum").add(sums.get(at).cloned().unwrap_or_default())
}

/// What was found in a row, or of the whole.
pub(super) fn notes(checked: &Checked, at: Option<RowAt>, reader: Reader) -> Element {
    let found = checked.notes.iter().filter(|note| note.at == at).map(|note| {
        let cell = words::cell_word(&note.cell, reader.language);
        let cell = (!cell.is_empty()).then(|| el("b").add(cell));
        el("li")
            .class(if note.is_error { "is-error" } else { "is-warning" })
            .add(cell)
            .add(if note.cell.is_empty() { "" } else { " " })
            .add(note.what.clone())
    });
    el("ul").class("row-notes").add(found.collect::<Vec<_>>())
}

/// A row that is a new one has no place yet.
fn placed(row: Element, at: RowAt) -> Element {
    let (RowAt::Criterion(number)
    | RowAt::Sub(number)
    | RowAt::Aspect(number)
    | RowAt::Section(number)
    | RowAt::Part(number)) = at;
    if number == usize::MAX { row } else { row.set("id", anchor(at)) }
}

fn grip(reader: Reader) -> Element {
    let words = Says(reader.language).say("拖动，或用 Alt + ↑ ↓", "Drag, or use Alt + ↑ ↓");
    el("span").class("grip").set("draggable", "true").set("title", words).set("aria-hidden", "true").add("⠿")
}

fn acts(reader: Reader) -> Element {
    let says = Says(reader.language);
    el("span")
        .class("row-acts")
        .add(act("up", "↑", says.say("上移", "Move up")))
        .add(act("down", "↓", says.say("下移", "Move down")))
        .add(act("remove", "×", says.say("删除", "Remove")))
}

pub(super) fn criterion(
    one: &CriterionForm,
    at: usize,
    checked: &Checked,
    subs: Vec<Element>,
    reader: Reader,
) -> Element {
    let says = Says(reader.language);
    let head = el("div")
        .class("row-head")
        .add(grip(reader))
        .add(input("c", &one.id, says.say("评分项编号", "Criterion")).class("code"))
        .add(
            input("c_name", &one.name, says.say("评分项名称", "What the criterion looks at"))
                .class("name")
                .set("placeholder", says.say("评分项，如：焊接质量", "criterion, as Quality of welds")),
        )
        .add(sum(&checked.criteria, at))
        .add(acts(reader));
    let row = el("section").class("criterion").set("data-row", "c").set("aria-label", one.id.clone());
    placed(row, RowAt::Criterion(at))
        .add(head)
        .add(notes(checked, Some(RowAt::Criterion(at)), reader))
        .add(el("div").set("data-rows", "s").add(subs))
        .add(
            act(
                "add-s",
                says.say("添加子项", "Add a sub-criterion"),
                says.say("添加子项", "Add a sub-criterion"),
            )
            .class("quiet add"),
        )
}

pub(super) fn sub(
    one: &SubForm,
    at: usize,
    checked: &Checked,
    aspects: Vec<Element>,
    reader: Reader,
) -> Element {
    let says = Says(reader.language);
    let all = el("input")
        .set("type", "checkbox")
        .class("pick-all")
        .set("aria-label", says.say("选择这个子项的全部评分点", "Choose every aspect of this sub-criterion"));
    let day = el("label")
        .class("day")
        .add(el("span").add(says.say("第几天", "day")))
        .add(input("s_day", &one.day, says.say("评分日", "Day of marking")).set("inputmode", "numeric"));
    let head = el("div")
        .class("row-head")
        .add(all)
        .add(grip(reader))
        .add(input("s", &one.id, says.say("子项编号", "Sub-criterion")).class("code"))
        .add(
            input("s_name", &one.name, says.say("子项名称", "What the sub-criterion looks at"))
                .class("name")
                .set(
                    "placeholder",
                    says.say("子项：一张评分表，一个评分组", "sub-criterion: one sheet, one panel"),
                ),
        )
        .add(day)
        .add(sum(&checked.subs, at))
        .add(acts(reader));
    let row = el("section").class("sub").set("data-row", "s").set("aria-label", one.id.clone());
    placed(row, RowAt::Sub(at))
        .add(head)
        .add(notes(checked, Some(RowAt::Sub(at)), reader))
        .add(el("div").set("data-rows", "a").add(aspects))
        .add(
            act("add-a", says.say("添加评分点", "Add an aspect"), says.say("添加评分点", "Add an aspect"))
                .class("quiet add"),
        )
}

pub(super) fn aspect(one: &AspectForm, at: usize, checked: &Checked, reader: Reader) -> Element {
    let says = Says(reader.language);
    let kind = one.kind();
    let kinds: Vec<Element> = Kind::ALL
        .iter()
        .map(|known| option(known.name(), *known == kind, words::kind(*known, reader.language)))
        .collect();
    let has_errors = checked.notes.iter().any(|note| note.at == Some(RowAt::Aspect(at)) && note.is_error);
    let more = el("div").class("more").add(of_kind(kind, one, reader)).add(
        el("div").class("of-all").add(labelled(Cell::Requirement, one, reader)).add(labelled(
            Cell::Note,
            one,
            reader,
        )),
    );
    let toggle = act("more", words::more(kind, reader.language), words::more(kind, reader.language))
        .class("toggle")
        .set("aria-expanded", if has_errors { "true" } else { "false" });
    let row = el("div")
        .class(if has_errors { "aspect is-open" } else { "aspect" })
        .set("data-row", "a")
        .set("data-kind", kind.name())
        .set("role", "group")
        .set("aria-label", one.id.clone());
    placed(row, RowAt::Aspect(at))
        .add(el("input").set("type", "checkbox").class("pick").set("aria-label", says.say("选择", "Choose")))
        .add(grip(reader))
        .add(input("a", &one.id, says.say("评分点编号", "Aspect")).class("code"))
        .add(
            area("description", one.get(Cell::Description), says.say("看什么", "What is looked at"))
                .class("what")
                .set("placeholder", says.say("看什么", "what is looked at")),
        )
        .add(
            el("select")
                .set("name", "kind")
                .set("aria-label", words::cell(Cell::Kind, reader.language))
                .add(kinds),
        )
        .add(
            input("max", one.get(Cell::Max), words::cell(Cell::Max, reader.language))
                .class("count")
                .set("inputmode", "decimal")
                .set("placeholder", "0.00"),
        )
        .add(
            input("section", one.get(Cell::Section), words::cell(Cell::Section, reader.language))
                .class("of-section")
                .set("list", "known-sections")
                .set("placeholder", says.say("章节", "sect.")),
        )
        .add(
            input("part", one.get(Cell::Part), words::cell(Cell::Part, reader.language))
                .class("of-part")
                .set("list", "known-parts")
                .set("placeholder", says.say("部分", "part")),
        )
        .add(toggle)
        .add(acts(reader))
        .add(more)
        .add(notes(checked, Some(RowAt::Aspect(at)), reader))
}

/// The cells that only a kind has.
pub(super) fn of_kind(kind: Kind, one: &AspectForm, reader: Reader) -> Element {
    let says = Says(reader.language);
    let cells: Vec<Element> = kind.cells().iter().map(|cell| labelled(*cell, one, reader)).collect();
    let library = (kind == Kind::Judgement).then(|| {
        let words = says.say("从描述库选……", "From the library …");
        act("library", words, words).class("quiet")
    });
    el("div").class(format!("of-kind of-{}", kind.name())).add(cells).add(library)
}

/// A cell with its name above it.
fn labelled(cell: Cell, one: &AspectForm, reader: Reader) -> Element {
    let says = Says(reader.language);
    let value = one.get(cell);
    let name = words::cell(cell, reader.language);
    let plain = || el("input").set("name", cell.name()).set("value", value.to_owned());
    let input = match cell {
        Cell::Choices | Cell::Bands => {
            let example = match cell {
                Cell::Bands => "-0.05, 0.05, 0\n-0.1, 0.1, 0.5".to_owned(),
                _ => says.say("无偏差，0\n轻微偏差，0.5", "none, 0\nslight, 0.5").to_owned(),
            };
            el("textarea")
                .set("name", cell.name())
                .set("rows", "3")
                .set("placeholder", example)
                .add(value.to_owned())
        }
        Cell::Rung0 | Cell::Rung1 | Cell::Rung2 | Cell::Rung3 | Cell::Requirement | Cell::Note => {
            el("textarea").set("name", cell.name()).set("rows", "1").add(value.to_owned())
        }
        Cell::Unit | Cell::PerUnit => {
            let of_step = cell == Cell::PerUnit;
            let (unit, percent) = if of_step {
                (says.say("测量单位", "the unit measured in"), says.say("目标的 %", "% of the target"))
            } else {
                (says.say("分", "marks"), says.say("满分的 %", "% of the maximum"))
            };
            el("select").set("name", cell.name()).add(option("unit", value != "percent", unit)).add(option(
                "percent",
                value == "percent",
                percent,
            ))
        }
        Cell::MeasuredIn => plain().set("maxlength", "20").set("placeholder", "mm"),
        Cell::Possible | Cell::DropHigh | Cell::DropLow => plain().class("count").set("inputmode", "numeric"),
        _ => plain().class("count").set("inputmode", "decimal"),
    };
    el("label").class(format!("cell-{}", cell.name())).add(el("span").add(name)).add(input)
}

pub(super) fn section(one: &SectionForm, at: usize, checked: &Checked, reader: Reader) -> Element {
    let says = Says(reader.language);
    let (total, apart) = checked.sections.get(at).cloned().unwrap_or_default();
    let sums = el("span")
        .class("sums")
        .add(el("span").add(says.say("实占", "has")))
        .add(el("output").class("count row-sum").add(total))
        .add(el("output").class("count apart").set("aria-label", says.say("相差", "apart")).add(apart));
    let target = el("label").add(el("span").add(says.say("应占", "should have"))).add(
        input("n_target", &one.target, says.say("应占分", "Marks of the standard"))
            .class("count")
            .set("inputmode", "decimal"),
    );
    let head = el("div")
        .class("row-head")
        .add(grip(reader))
        .add(input("n", &one.id, says.say("章节编号", "Section")).class("code"))
        .add(input("n_name", &one.name, says.say("章节名称", "What the section covers")).class("name"))
        .add(target)
        .add(sums)
        .add(acts(reader));
    let row = el("div")
        .class("of-standard")
        .set("data-row", "n")
        .set("role", "group")
        .set("aria-label", one.id.clone());
    placed(row, RowAt::Section(at)).add(head).add(notes(checked, Some(RowAt::Section(at)), reader))
}

pub(super) fn part(one: &PartForm, at: usize, checked: &Checked, reader: Reader) -> Element {
    let says = Says(reader.language);
    let number = |name: &'static str, value: &str, words: &'static str| {
        el("label")
            .add(el("span").add(words))
            .add(input(name, value, words).class("count").set("inputmode", "decimal"))
    };
    let sums = el("span")
        .class("sums")
        .add(el("span").add(says.say("满分合计", "maxima")))
        .add(el("output").class("count row-sum").add(checked.parts.get(at).cloned().unwrap_or_default()));
    let head = el("div")
        .class("row-head")
        .add(grip(reader))
        .add(input("p", &one.id, says.say("部分编号", "Part")).class("code"))
        .add(
            input("p_name", &one.name, says.say("部分名称", "Name of the part"))
                .class("name")
                .set("placeholder", says.say("理论知识", "Theory")),
        )
        .add(number("p_weight", &one.weight, says.say("权重 %", "weight %")))
        .add(number("p_pass", &one.pass_mark, says.say("及格线（可空）", "pass mark (may be empty)")))
        .add(sums)
        .add(acts(reader));
    let row = el("div")
        .class("of-standard")
        .set("data-row", "p")
        .set("role", "group")
        .set("aria-label", one.id.clone());
    placed(row, RowAt::Part(at)).add(head).add(notes(checked, Some(RowAt::Part(at)), reader))
}
