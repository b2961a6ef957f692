//! Draws at the desk: what is drawn, what comes next and who does it.

mod acts;
mod print;
mod stand;

use domain::finding::Language;
use protocol::Problem;
use protocol::draw::{Drawing, Draws, MayDraw, NewDraw};
use protocol::view::SkillRef;

use super::{Says, button, field, form, heading_cells, option, quiet_link, section, text_input, wrong};
use crate::draw::layer_name;
use crate::format::{Reader, segment};
use crate::node::{Element, el};
use crate::parts::{empty, moment, name};
use stand::{layer_state, skill_state, stand};

pub(super) use print::{cards_page, cards_title, slips_page, slips_title};

pub(super) fn draws_title(reader: Reader) -> &'static str {
    Says(reader.language).say("抽签与编码", "Draw and codes")
}

/// `/desk/competition/{id}/draw`
pub(super) fn draws_page(
    draws: &Draws,
    typed: &NewDraw,
    problem: Option<&Problem>,
    reader: Reader,
) -> Vec<Element> {
    let says = Says(reader.language);
    let id = segment(&draws.competition.id);
    let competition = format!("/desk/competition/{id}");
    let at = format!("{competition}/draw");
    let title = format!("{} · {}", draws_title(reader), reader.pick(&draws.competition.name));
    let public = says.say("公开页：任何人可重算", "Public page: anybody can repeat it");
    let links = el("p")
        .class("acts")
        .add(quiet_link(says.say("回到大赛", "Back to the competition"), competition))
        .add(quiet_link(public, format!("/competition/{id}/draw")));
    let mut page = vec![el("div").class("head").add(el("h1").add(title)).add(links)];
    page.extend(problem.map(wrong));
    let may_begin = draws.may.plan && !draws.ready.is_empty();
    if draws.draws.is_empty() && !may_begin {
        page.push(nothing(draws, reader));
    }
    page.extend(draws.draws.iter().map(|one| drawing_view(one, draws.may, &at, reader)));
    if may_begin {
        page.push(begin(&draws.ready, typed, at, reader));
    }
    page
}

/// What to do first where there is nothing to draw.
fn nothing(draws: &Draws, reader: Reader) -> Element {
    let says = Says(reader.language);
    if draws.ready.is_empty() {
        return empty(
            says.say("还没有可以抽签的赛项", "There is no skill to draw yet"),
            says.say(
                "先在大赛页面添加赛项，再导入选手名单；有选手、还没有开放评分的赛项就能在这里抽签。",
                "Add skills on the competition's page and import the roster first; skills that have people and are not open yet can be drawn here.",
            ),
        );
    }
    empty(
        says.say("还没有抽签", "There is no draw yet"),
        says.say(
            "由组委会在这里开始抽签；之后每一步该由谁做，都会写在这里。",
            "The organisers begin it here; from then on this page says who does each step.",
        ),
    )
}

/// The form that begins a draw.
fn begin(ready: &[SkillRef], typed: &NewDraw, at: String, reader: Reader) -> Element {
    let says = Says(reader.language);
    let kinds = [
        ("public", says.say("公开抽签：一层，结果当场公布", "Public draw: one layer, told at once")),
        ("1", says.say("一次加密：参赛编号", "One sealed layer: competitor code")),
        ("2", says.say("二次加密：参赛编号、工位号", "Two sealed layers: competitor code, station")),
        (
            "3",
            says.say(
                "三次加密：参赛编号、工位号、作品号",
                "Three sealed layers: competitor code, station, work code",
            ),
        ),
    ];
    let is_known = kinds.iter().any(|(value, _)| *value == typed.layers);
    let chosen = if is_known { typed.layers.as_str() } else { "public" };
    let kinds: Vec<Element> =
        kinds.into_iter().map(|(value, words)| option(value, value == chosen, words)).collect();
    let all = match (reader.language, ready.len()) {
        (Language::Chinese, count) => format!("全部 {count} 个未抽签的赛项"),
        (Language::English, 1) => "The 1 skill that has no draw yet".to_owned(),
        (Language::English, count) => format!("All {count} skills that have no draw yet"),
    };
    let mut skills = vec![option("", typed.skill.is_empty(), all)];
    skills.extend(
        ready.iter().map(|skill| option(skill.id.clone(), skill.id == typed.skill, titled(skill, reader))),
    );
    let source = text_input("source", &typed.source).set("maxlength", "200").set("autocomplete", "off").set(
        "placeholder",
        says.say("双色球第 2026138 期开奖号码", "The numbers of Double Colour Ball draw 2026138"),
    );
    let why = says.say(
        "种子须来自事先说定、谁也左右不了的公开结果。",
        "The seed must come from a public outcome that is named beforehand and that nobody can sway.",
    );
    let fields = form(at)
        .class("sheet")
        .add(field(says.say("方式", "How"), el("select").set("name", "layers").add(kinds)))
        .add(field(says.say("赛项", "Skills"), el("select").set("name", "skill").add(skills)))
        .add(field(says.say("种子的来源", "Where the seed comes from"), source).add(el("small").add(why)))
        .add(button("primary", says.say("开始抽签", "Begin the draw")));
    let about = says.say(
        "先说定种子的来源，各层再由不同的人承诺，最后填入种子；从第一个承诺起，名单就不能再改。",
        "The source is named first, then different people commit to the layers, then the seed is entered; the list is fixed from the first commitment on.",
    );
    section("begin", says.say("开始抽签", "Begin a draw")).add(el("p").class("about").add(about)).add(fields)
}

/// One draw: how it stands, what comes next, its layers and its skills.
fn drawing_view(drawing: &Drawing, may: MayDraw, at: &str, reader: Reader) -> Element {
    let says = Says(reader.language);
    let id = segment(&drawing.id);
    let at = format!("{at}/{id}");
    if drawing.is_thrown {
        let words = says.say("已作废", "Thrown away");
        let when = reader.moment(drawing.at);
        return el("details")
            .class("folded drawing")
            .add(el("summary").add(format!("{words} · {} · {when}", kind(drawing, reader))))
            .add(facts(drawing, reader))
            .add(layers(drawing, MayDraw::default(), &at, reader));
    }
    let label = format!("draw-{id}");
    let title = el("h2").set("id", label.clone()).add(kind(drawing, reader));
    let (state, next) = stand(drawing, reader);
    let next = next.map(|words| {
        el("p").class("next").add(el("strong").add(says.say("下一步", "Next"))).add(el("span").add(words))
    });
    el("section")
        .class("drawing")
        .set("aria-labelledby", label)
        .add(title)
        .add(el("p").set("role", "status").add(state))
        .add(next)
        .add(acts::of_drawing(drawing, may, &at, reader))
        .add(facts(drawing, reader))
        .add(layers(drawing, may, &at, reader))
        .add(skills(drawing, reader))
        .add(acts::throwing(drawing, may, &at, reader))
}

fn kind(drawing: &Drawing, reader: Reader) -> &'static str {
    let says = Says(reader.language);
    match (drawing.is_sealed, drawing.layers.len()) {
        (false, _) => says.say("公开抽签", "Public draw"),
        (true, 1) => says.say("一次加密", "One sealed layer"),
        (true, 2) => says.say("二次加密", "Two sealed layers"),
        (true, _) => says.say("三次加密", "Three sealed layers"),
    }
}

/// Where the seed comes from, the seed, and when it was begun.
fn facts(drawing: &Drawing, reader: Reader) -> Element {
    let says = Says(reader.language);
    let fact = |name: &'static str, what: Element| el("div").add(el("dt").add(name)).add(what);
    let seed = drawing
        .seed
        .clone()
        .map(|seed| fact(says.say("种子", "Seed"), el("dd").class("mono").set("translate", "no").add(seed)));
    let thrown: Vec<Element> = drawing
        .thrown
        .iter()
        .map(|reason| {
            let of = if drawing.is_thrown {
                says.say("作废的理由", "Thrown away because")
            } else {
                says.say("部分赛项作废的理由", "Thrown away of some skills because")
            };
            fact(of, el("dd").add(reason.clone()))
        })
        .collect();
    el("dl")
        .class("how")
        .add(fact(says.say("种子的来源", "Source of the seed"), el("dd").add(drawing.source.clone())))
        .add(seed)
        .add(fact(says.say("开始于", "Begun"), el("dd").add(moment(drawing.at, reader))))
        .add(thrown)
}

/// A line a layer, with what can be done to it: a table would push that off a phone's screen.
fn layers(drawing: &Drawing, may: MayDraw, at: &str, reader: Reader) -> Element {
    let says = Says(reader.language);
    let of = drawing.layers.len();
    let lines: Vec<Element> = drawing
        .layers
        .iter()
        .map(|layer| {
            let maker = match &layer.maker {
                Some(maker) => name("span", maker, reader),
                None => el("span").class("about").add(says.say("还没有人承诺", "nobody committed to it yet")),
            };
            let mine = layer.is_mine.then(|| el("small").add(says.say("（您）", " (you)")));
            let acts = acts::of_layer(drawing, layer, may, at, reader);
            let acts = (!acts.is_empty()).then(|| el("div").class("layer-acts").add(acts));
            el("li")
                .add(el("span").class("mono").add(format!("{}/{of}", layer.layer)))
                .add(el("strong").add(layer_name(layer.layer, drawing.is_sealed, reader)))
                .add(el("span").add(maker).add(mine))
                .add(el("span").add(layer_state(drawing, layer, reader)))
                .add(acts)
        })
        .collect();
    el("ol").class("layers").set("aria-label", says.say("各层", "Layers")).add(lines)
}

fn skills(drawing: &Drawing, reader: Reader) -> Element {
    let says = Says(reader.language);
    let rows: Vec<Element> = drawing
        .skills
        .iter()
        .map(|one| {
            el("tr")
                .add(el("td").class("mono").add(one.skill.number.clone()))
                .add(el("th").set("scope", "row").add(name("span", &reader.pick(&one.skill.name), reader)))
                .add(el("td").add(units(one.units, reader)))
                .add(el("td").add(skill_state(drawing, one, reader)))
        })
        .collect();
    let names = [
        says.say("编号", "Number"),
        says.say("赛项", "Skill"),
        says.say("编码数", "Codes"),
        says.say("状态", "State"),
    ];
    scrolls(
        says.say("赛项（可左右滚动）", "Skills (scrolls sideways)"),
        el("table").add(heading_cells(&names)).add(el("tbody").add(rows)),
    )
}

/// `4 个编码`
fn units(count: usize, reader: Reader) -> String {
    match (reader.language, count) {
        (Language::Chinese, _) => format!("{count} 个编码"),
        (Language::English, 1) => "1 code".to_owned(),
        (Language::English, _) => format!("{count} codes"),
    }
}

/// A skill by its number and name.
fn titled(skill: &SkillRef, reader: Reader) -> String {
    format!("{} {}", skill.number, reader.pick(&skill.name)).trim().to_owned()
}

fn scrolls(label: &'static str, table: Element) -> Element {
    el("div").class("scrolls").set("tabindex", "0").set("role", "region").set("aria-label", label).add(table)
}
