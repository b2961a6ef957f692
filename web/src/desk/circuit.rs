//! Circuits: those that there are, and one with its ladder of tiers and the competitions on it.

use domain::finding::Language;
use protocol::Problem;
use protocol::circuit::{Circuit, CircuitForm, CircuitLine, Placed, Rung};
use protocol::list::ListQuery;
use protocol::people::Organisation;
use protocol::promotion::Flow;

use super::list::List;
use super::setup::tier_word;
use super::{
    HomeMay, Says, button, confirmed, field, form, hidden_input, option, place_field, quiet_link, section,
    text_input, wrong,
};
use crate::format::{Reader, segment};
use crate::home::dates;
use crate::node::{Element, el};
use crate::parts::{empty, name};
use crate::text;

/// A page of circuits.
#[derive(Clone, Copy, Debug)]
pub enum CircuitPage<'a> {
    /// Every circuit that one is to know of, and the form that makes one.
    All {
        /// They.
        lines: &'a [CircuitLine],
        /// The organisations that one may make it of.
        places: &'a [Organisation],
        /// Whether it may be of none.
        of_none: bool,
        /// The tiers.
        tiers: &'a [&'static str],
        /// What stands in the form.
        typed: &'a CircuitForm,
        /// Why none was made.
        problem: Option<&'a Problem>,
    },
    /// One.
    One {
        /// It.
        shown: &'a Circuit,
        /// How many go on from tier to tier.
        flows: &'a [Flow],
        /// What is asked of its competitions.
        query: &'a ListQuery,
        /// The tiers.
        tiers: &'a [&'static str],
        /// What stands in its form.
        typed: &'a CircuitForm,
        /// Why something was refused.
        problem: Option<&'a Problem>,
    },
}

impl CircuitPage<'_> {
    pub(super) fn title(&self, reader: Reader) -> String {
        match self {
            Self::All { .. } => Says(reader.language).say("竞赛体系", "Circuits").to_owned(),
            Self::One { shown, .. } => reader.pick(&shown.circuit.name),
        }
    }

    pub(super) fn body(self, reader: Reader) -> Vec<Element> {
        match self {
            Self::All { lines, places, of_none, tiers, typed, problem } => {
                all((lines, places, of_none), (tiers, typed), problem, reader)
            }
            Self::One { shown, flows, query, tiers, typed, problem } => {
                one((shown, flows, query), (tiers, typed), problem, reader)
            }
        }
    }
}

fn all(
    (lines, places, of_none): (&[CircuitLine], &[Organisation], bool),
    (tiers, typed): (&[&'static str], &CircuitForm),
    problem: Option<&Problem>,
    reader: Reader,
) -> Vec<Element> {
    let says = Says(reader.language);
    let about = says.say(
        "一个竞赛体系是一个周期：从岗位练兵一级一级比到全国、世界。各级大赛在自己的“大赛信息”里选择放进哪个体系。",
        "A circuit is one cycle of the ladder, from drills up to the nation and the world. Each competition says under \"What it is\" in which circuit it stands.",
    );
    let head = el("div")
        .class("head")
        .add(el("h1").add(says.say("竞赛体系", "Circuits")))
        .add(el("p").class("about").add(about));
    let cards: Vec<Element> = lines.iter().map(|line| card(line, reader)).collect();
    let may_make = of_none || !places.is_empty();
    let cards = if cards.is_empty() {
        let next = if may_make {
            says.say("在下面新建一个。", "Make one below.")
        } else {
            says.say("主办机构建立后会列在这里。", "It is listed here once an organiser has made it.")
        };
        empty(says.say("还没有竞赛体系", "There is no circuit yet"), next)
    } else {
        el("ul").class("cards").add(cards)
    };
    let mut page = vec![head, cards];
    if may_make {
        let may = HomeMay { of_none, ..HomeMay::default() };
        let fields = fields("/desk/circuits#new".to_owned(), (tiers, typed), reader)
            .add(place_field(may, places, &typed.organisation, reader))
            .add(button("primary", says.say("新建", "Make it")));
        let make = section("new", says.say("新建竞赛体系", "Make a circuit"));
        page.push(make.add(problem.map(wrong)).add(fields));
    }
    page
}

fn card(line: &CircuitLine, reader: Reader) -> Element {
    let at = format!("/desk/circuit/{}", segment(&line.circuit.id));
    let facts = el("p").class("of").add(name("span", &line.cycle, reader)).add(" ").add(name(
        "span",
        &line.organisation,
        reader,
    ));
    el("li")
        .class("card")
        .add(name("a", &reader.pick(&line.circuit.name), reader).set("href", at))
        .add(facts)
        .add(el("p").class("of").add(counted(line.competitions, reader)))
}

fn counted(competitions: usize, reader: Reader) -> String {
    match (reader.language, competitions) {
        (Language::Chinese, _) => format!("{competitions} 场大赛"),
        (Language::English, 1) => "1 competition".to_owned(),
        (Language::English, _) => format!("{competitions} competitions"),
    }
}

/// The form of what a circuit is, without its button.
fn fields(at: String, (tiers, typed): (&[&'static str], &CircuitForm), reader: Reader) -> Element {
    let says = Says(reader.language);
    let free = |name: &'static str, value: &str, hint: &'static str| {
        el("input")
            .set("name", name)
            .set("maxlength", "200")
            .set("value", value.to_owned())
            .set("placeholder", hint)
    };
    let tier = |name: &'static str, chosen: &str| {
        let options = tiers.iter().map(|one| option(*one, *one == chosen, tier_word(one, reader)));
        el("select").set("name", name).add(options.collect::<Vec<_>>())
    };
    let own_name = text_input("name", &typed.name)
        .set("maxlength", "200")
        .set("placeholder", says.say("河北省职工技能竞赛体系", "Skills circuit of Hebei"));
    form(at)
        .class("sheet of-competition")
        .add((!typed.form.is_empty()).then(|| hidden_input("form", typed.form.clone())))
        .add((!typed.seen.is_empty()).then(|| hidden_input("seen", typed.seen.clone())))
        .add(field(says.say("体系名称", "Name"), own_name))
        .add(field(says.say("英文名称", "Name in English"), free("name_en", &typed.name_en, "")))
        .add(field(says.say("周期", "Cycle"), free("cycle", &typed.cycle, "2026")))
        .add(field(says.say("从哪一级", "From"), tier("lowest", &typed.lowest)))
        .add(field(says.say("到哪一级", "Up to"), tier("highest", &typed.highest)))
}

fn one(
    (shown, flows, query): (&Circuit, &[Flow], &ListQuery),
    (tiers, typed): (&[&'static str], &CircuitForm),
    problem: Option<&Problem>,
    reader: Reader,
) -> Vec<Element> {
    let says = Says(reader.language);
    let id = segment(&shown.circuit.id);
    let at = format!("/desk/circuit/{id}");
    let facts = el("p").class("facts").add(name("span", &shown.cycle, reader)).add(name(
        "span",
        &shown.organisation,
        reader,
    ));
    let back = quiet_link(says.say("全部竞赛体系", "All circuits"), "/desk/circuits");
    let head = el("div")
        .class("head")
        .add(name("h1", &reader.pick(&shown.circuit.name), reader))
        .add(facts)
        .add(el("p").class("acts").add(back));
    // As a ladder stands: the highest step on top.
    let rungs = shown.ladder.iter().rev().map(|rung| step(rung, (shown, flows), reader));
    let ladder = section("ladder", says.say("各级大赛", "The ladder"))
        .add(el("ol").class("ladder").add(rungs.collect::<Vec<_>>()));
    let mut page = vec![head];
    page.extend(problem.map(wrong));
    page.push(ladder);
    page.push(competitions((shown, query), &at, reader));
    if shown.may_change {
        let form_of =
            fields(at.clone(), (tiers, typed), reader).add(button("primary", says.say("保存", "Save")));
        let words = says.say("修改竞赛体系", "Change the circuit");
        let open = problem.is_some().then_some("");
        page.push(
            el("details").class("folded").set_some("open", open).add(el("summary").add(words)).add(form_of),
        );
        if shown.part.all == 0 {
            let words = says.say("删除竞赛体系", "Remove the circuit");
            let about =
                says.say("里面没有大赛，可以直接删除。", "No competition stands in it; it can be removed.");
            let go = form(format!("{at}/remove")).add(button("quiet", words));
            page.push(confirmed("quiet", words, words.to_owned(), about, go));
        }
    }
    page
}

fn step(rung: &Rung, (shown, flows): (&Circuit, &[Flow]), reader: Reader) -> Element {
    let says = Says(reader.language);
    let tier = tier_word(rung.tier, reader);
    let id = segment(&shown.circuit.id);
    let make = shown.may_make.then(|| {
        let words = says.say("新建这一级的大赛", "Make one of this tier");
        quiet_link(words, format!("/desk?tier={}&circuit={id}#new", rung.tier))
            .set("aria-label", format!("{words}: {tier}"))
    });
    let heading = el("h3").add(tier);
    if rung.competitions == 0 {
        let empty = el("p").class("about").add(says.say("还没有大赛", "No competition yet"));
        return el("li").class("step is-empty").add(heading).add(empty).add(el("p").class("acts").add(make));
    }
    let all = el("a")
        .set("href", format!("/desk/circuit/{id}?tier={}#competitions", rung.tier))
        .add(counted(rung.competitions, reader));
    let skills = text::skills(u32::try_from(rung.skills).unwrap_or(u32::MAX), reader.language);
    let coming = flows.iter().filter(|flow| flow.to == rung.tier).map(|flow| flow_word(flow, reader));
    el("li")
        .class("step")
        .add(heading)
        .add(coming.collect::<Vec<_>>())
        .add(el("ul").add(el("li").add(all).add(el("p").add(skills))))
        .add(el("p").class("acts").add(make))
}

/// How many come up from a tier.
fn flow_word(flow: &Flow, reader: Reader) -> Element {
    let from = tier_word(&flow.from, reader);
    let words = match reader.language {
        Language::Chinese => format!("↑ 由{from}晋级 {} 名", flow.people),
        Language::English => format!("↑ {} promoted from {from}", flow.people),
    };
    el("p").class("flow").add(words)
}

fn competitions((shown, query): (&Circuit, &ListQuery), at: &str, reader: Reader) -> Element {
    let says = Says(reader.language);
    let list = List { at, place: "#competitions", query, unit: "场大赛", reader };
    let part = &shown.part;
    let whole = section("competitions", says.say("大赛", "Competitions"));
    if part.all == 0 {
        return whole.add(empty(
            says.say("还没有大赛", "No competition yet"),
            says.say(
                "在上面新建一场，或在大赛的“大赛信息”里选择这个体系。",
                "Make one above, or choose this circuit under \"What it is\" of a competition.",
            ),
        ));
    }
    let search = part.is_long(query).then(|| {
        let tiers = shown.ladder.iter().filter(|rung| rung.competitions > 0);
        let tiers = tiers.map(|rung| (rung.tier.to_owned(), tier_word(rung.tier, reader).to_owned()));
        let narrowing = vec![("tier", says.say("级别", "Tier"), tiers.collect())];
        list.search(says.say("名称、主办单位", "name, host"), narrowing)
    });
    let whole = whole.add(search).add(list.count(part));
    if part.rows.is_empty() {
        return whole.add(list.nothing());
    }
    let rows = part.rows.iter().map(|one| row(one, shown, at, reader)).collect::<Vec<_>>();
    let mut columns = vec![
        ("", says.say("大赛", "Competition")),
        ("", says.say("级别", "Tier")),
        ("", says.say("主办单位", "Host")),
        ("", says.say("日期", "Days")),
        ("", says.say("赛项", "Skills")),
    ];
    if shown.may_change {
        columns.push(("", says.say("移出", "Take out")));
    }
    let table = el("table").class("of-people").add(list.heads(&columns)).add(el("tbody").add(rows));
    whole.add(table).add(list.pages(part))
}

fn row(one: &Placed, shown: &Circuit, at: &str, reader: Reader) -> Element {
    let says = Says(reader.language);
    let title = reader.pick(&one.competition.name);
    let id = segment(&one.competition.id);
    let to = if one.is_open_to { format!("/desk/competition/{id}") } else { format!("/competition/{id}") };
    let out = shown.may_change.then(|| {
        let words = says.say("移出", "Take out");
        let about = says.say(
            "大赛本身不变，只是不再属于这个体系。",
            "The competition itself stays as it is; it stands in this circuit no longer.",
        );
        let go = form(format!("{at}/take-out"))
            .add(hidden_input("competition", one.competition.id.clone()))
            .add(button("quiet", words));
        el("td").add(confirmed("quiet", words, format!("{words}: {title}"), about, go))
    });
    el("tr")
        .add(el("th").set("scope", "row").add(name("a", &title, reader).set("href", to)))
        .add(el("td").add(tier_word(&one.tier, reader)))
        .add(el("td").add(name("span", &one.host, reader)))
        .add(el("td").add(dates(&one.dates)))
        .add(el("td").add(one.skills.to_string()))
        .add(out)
}
