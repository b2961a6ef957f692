//! Marks that come by a list: the aspect is chosen, then a file of its marks is sent.

use domain::finding::Language;
use protocol::Problem;
use protocol::setup::{ListOf, MarkAspect, MarksHome};

use super::{Says, button, field, option, quiet_link, section, taken, wrong};
use crate::format::{Reader, segment};
use crate::node::{Element, el};
use crate::parts::empty;

pub(super) fn title(reader: Reader) -> &'static str {
    Says(reader.language).say("导入成绩", "Marks from a file")
}

/// `/desk/skill/{id}/marks`
pub(super) fn page(
    marks: &MarksHome,
    count: Option<usize>,
    pasted: &str,
    problem: Option<&Problem>,
    reader: Reader,
) -> Vec<Element> {
    let says = Says(reader.language);
    let ListOf::Marks { skill, aspect } = &marks.of else { return Vec::new() };
    let shown = format!("{} {}", skill.number, reader.pick(&skill.name));
    let back = format!("/desk/competition/{}", segment(&marks.competition));
    let acts = el("p").class("acts").add(quiet_link(says.say("回到大赛", "Back to the competition"), back));
    let heading = el("h1").add(format!("{} · {}", title(reader), shown.trim()));
    let mut page = vec![el("div").class("head").add(heading).add(acts)];
    page.extend(problem.map(wrong));
    page.extend(count.map(|count| taken::done(&marks.of, count, reader)));
    if marks.is_before {
        page.push(empty(
            says.say("还不能录入成绩", "No marks can be taken in yet"),
            says.say("赛项开放评分后再来。", "Come back once the skill is open for marking."),
        ));
    } else if marks.aspects.is_empty() {
        page.push(empty(
            says.say("没有可以导入的评分点", "There is no aspect to take marks in for"),
            says.say(
                "只有“直接给分”的测量评分点能从文件导入，例如理论考试的卷面成绩。",
                "Only a measurement whose mark is given directly comes from a file, such as that of a written paper.",
            ),
        ));
    } else {
        page.push(choose(marks, aspect, reader));
    }
    if !marks.is_open && !marks.is_before {
        page.push(el("p").class("note").add(says.say(
            "评分已经结束：再录入的分是迟到的，要由两个人决定才算。",
            "Marking is over: what is entered now is late and counts only once two people admit it.",
        )));
    } else if !aspect.is_empty() {
        let asked = format!("?aspect={}", segment(aspect));
        page.push(taken::take_in(&marks.of, &asked, pasted, reader));
    }
    page.extend(taken::batches(&marks.of, &marks.batches, reader));
    page
}

/// Which aspect, with how many have its mark.
fn choose(marks: &MarksHome, aspect: &str, reader: Reader) -> Element {
    let says = Says(reader.language);
    let shown = |one: &MarkAspect| {
        let MarkAspect { id, description, max, marked, of } = one;
        match reader.language {
            Language::Chinese => format!("{id} {description}（满分 {max}，已有 {marked}/{of}）"),
            Language::English => format!("{id} {description} (of {max}; {marked} of {of} there)"),
        }
    };
    let none = aspect.is_empty().then(|| option("", true, says.say("请选择", "Choose one")));
    let options = marks.aspects.iter().map(|one| option(one.id.clone(), one.id == aspect, shown(one)));
    let select = el("select").set("name", "aspect").add(none).add(options.collect::<Vec<_>>());
    let about = says.say(
        "在 Leitai 以外考试、判分的成绩（例如理论笔试），一次导入一个评分点。每个分都成为账本里的正式条目，并记下文件的 SHA-256；再传一次同样的文件，什么都不会变。",
        "Marks of what was written and marked outside of Leitai, such as a theory paper, one aspect at a time. Each becomes an entry of the ledger that names the file by its SHA-256; the same file sent again changes nothing.",
    );
    let fields = el("form")
        .set("method", "get")
        .set("action", taken::at(&marks.of))
        .class("line")
        .add(field(says.say("评分点", "Aspect"), select))
        .add(button(if aspect.is_empty() { "primary" } else { "quiet" }, says.say("选定", "Choose")));
    section("aspect", says.say("哪一项的成绩", "Marks of what"))
        .add(el("p").class("about").add(about))
        .add(fields)
}
