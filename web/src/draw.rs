//! `/competition/{id}/draw`: everything that was published of a competition's draws, and who got which code
//! once that may be told. The page says what was worked out here; its script works it out again where it is
//! read, from the same data, and says whether both fit.

use domain::draw::Lot;
use domain::finding::Language;
use domain::id::CompetitorCode;
use protocol::draw::{Published, PublishedDraw, PublishedLayer};
use protocol::view::Topic;

use crate::desk::Says;
use crate::format::{Reader, segment};
use crate::node::{Element, el};
use crate::parts::{breadcrumbs, empty, icon, moment, name};

/// The document's title.
pub(crate) fn title(published: &Published, reader: Reader) -> String {
    format!("{} – {}", heading(reader), reader.pick(&published.competition.name))
}

fn heading(reader: Reader) -> &'static str {
    Says(reader.language).say("抽签", "The draw")
}

/// What a layer's codes are.
pub(crate) fn layer_name(layer: u32, is_sealed: bool, reader: Reader) -> &'static str {
    let says = Says(reader.language);
    match (is_sealed, layer) {
        (false, _) => says.say("抽签号", "Drawn number"),
        (true, 1) => says.say("参赛编号", "Competitor code"),
        (true, 2) => says.say("工位号", "Station"),
        (true, _) => says.say("作品号", "Work code"),
    }
}

/// The page's body.
pub(crate) fn body(published: &Published, reader: Reader) -> Vec<Element> {
    let says = Says(reader.language);
    let competition = &published.competition;
    let about = says.say(
        "抽签之前，每一层的编码人先承诺一个密值，并说定种子取自哪里。种子公布后，名单、密值和种子合起来就定下谁得到哪个编码，谁也挑选不了。密值一公开（公开抽签当场公开，加密的随成绩一起公开），任何人都能重算；您的浏览器现在就在重算。",
        "Before a draw whoever makes a layer commits to a secret, and the place is named that the seed will come from. Once the seed is out, list, secret and seed together decide who gets which code, and nobody can choose. As soon as a secret is told (at once in a public draw, with the results in a sealed one) anybody can work it out again; your browser does so now.",
    );
    let topic = Topic::Competition(competition.id.clone());
    let within = reader.pick(&competition.name);
    let head = el("div")
        .class("head")
        .add(breadcrumbs(Some((&topic, &within)), reader))
        .add(el("h1").add(heading(reader)))
        .add(el("p").class("about").add(about));
    let mut page = vec![head];
    if published.skills.is_empty() {
        page.push(empty(
            says.say("还没有抽签", "There is no draw yet"),
            says.say(
                "第一层有人承诺以后，承诺、名单的哈希和种子的来源都会列在这里。",
                "Once somebody commits to a layer, the commitment, the list's hash and the seed's source are here.",
            ),
        ));
    }
    page.extend(published.skills.iter().map(|skill| skill_view(skill, reader)));
    page.extend(thrown(published, reader));
    page.push(elsewhere(&competition.id, reader));
    page
}

/// Draws that were thrown away: whoever draws until they like what comes is seen to.
fn thrown(published: &Published, reader: Reader) -> Option<Element> {
    let says = Says(reader.language);
    if published.thrown.is_empty() {
        return None;
    }
    let lines = published.thrown.iter().map(|one| {
        let skills: Vec<String> = one
            .skills
            .iter()
            .map(|skill| format!("{} {}", skill.number, reader.pick(&skill.name)).trim().to_owned())
            .collect();
        let not_drawn = says.say("还没有填入种子", "before its seed was entered");
        let seed = match &one.seed {
            Some(seed) => el("dd").class("mono").set("translate", "no").add(seed.clone()),
            None => el("dd").add(not_drawn),
        };
        el("dl")
            .class("how")
            .add(fact(says.say("作废于", "Thrown away"), el("dd").add(moment(one.at, reader))))
            .add(fact(says.say("赛项", "Skills"), el("dd").add(skills.join(says.say("、", ", ")))))
            .add(fact(says.say("理由", "Reason"), el("dd").add(one.reason.clone())))
            .add(fact(says.say("种子的来源", "Source of the seed"), el("dd").add(one.source.clone())))
            .add(fact(says.say("种子", "Seed"), seed))
    });
    let lines: Vec<Element> = lines.collect();
    Some(
        el("section")
            .set("aria-labelledby", "thrown")
            .add(el("h2").set("id", "thrown").add(says.say("作废的抽签", "Draws that were thrown away")))
            .add(lines),
    )
}

/// How to repeat it without this page.
fn elsewhere(competition: &str, reader: Reader) -> Element {
    let says = Says(reader.language);
    let at = format!("/api/competitions/{}/draw", segment(competition));
    let data = el("a")
        .class("quiet")
        .set("href", at)
        .set("download", "draw.json")
        .add(says.say("下载数据（JSON）", "Get the data (JSON)"));
    let how = el("p")
        .class("about")
        .add(says.say(
            "不靠本页也能重算：用下载的数据运行 ",
            "It can be repeated without this page, from that data: ",
        ))
        .add(el("code").add("python3 tests/draw.py < draw.json"))
        .add(says.say("（只用 Python 自带的库），或 ", " (Python's own library only), or "))
        .add(el("code").add("leitai draw verify draw.json"))
        .add(says.say(
            "；算法写在 docs/draw.md，SHA-256 加排序，一页就能写完。",
            "; docs/draw.md says how it is worked out: SHA-256 and sorting.",
        ));
    el("section")
        .set("aria-labelledby", "elsewhere")
        .add(el("h2").set("id", "elsewhere").add(says.say("自己重算", "Repeat it yourself")))
        .add(how)
        .add(el("p").class("acts").add(data))
}

fn skill_view(skill: &PublishedDraw, reader: Reader) -> Element {
    let says = Says(reader.language);
    let label = format!("skill-{}", segment(&skill.skill));
    let title = format!("{} {}", skill.number, reader.pick(&skill.name));
    let none = says.say("还没有抽签", "not drawn yet");
    let seed = skill
        .seed
        .clone()
        .map_or_else(|| el("dd").add(none), |seed| el("dd").class("mono").set("translate", "no").add(seed));
    let facts = el("dl")
        .class("how")
        .add(fact(says.say("种子的来源", "Source of the seed"), el("dd").add(skill.source.clone())))
        .add(fact(says.say("种子", "Seed"), seed))
        .add(fact(says.say("名单的哈希", "Hash of the list"), code(skill.list_hash.to_string())));
    let layers: Vec<Element> = skill.layers.iter().map(|layer| layer_view(skill, layer, reader)).collect();
    el("section")
        .class("published-draw")
        .set("data-skill", skill.skill.clone())
        .set("aria-labelledby", label.clone())
        .add(name("h2", title.trim(), reader).set("id", label))
        .add(verdict(says))
        .add(mismatches(skill, reader))
        .add(facts)
        .add(el("ul").class("tests").add(layers))
        .add(result(skill, reader))
}

fn fact(name: &'static str, what: Element) -> Element {
    el("div").add(el("dt").add(name)).add(what)
}

fn code(text: String) -> Element {
    el("dd").class("mono").set("translate", "no").add(text)
}

fn layer_view(skill: &PublishedDraw, layer: &PublishedLayer, reader: Reader) -> Element {
    let says = Says(reader.language);
    let what = layer_name(layer.layer, skill.is_sealed, reader);
    let title = match reader.language {
        Language::Chinese => format!("第 {} 层：{what}", layer.layer),
        Language::English => format!("Layer {}: {what}", layer.layer),
    };
    let secret =
        layer.secret.clone().map_or_else(|| el("dd").add(says.say("尚未公开", "not told yet")), code);
    let facts = el("dl")
        .class("how")
        .add(fact(says.say("承诺", "Commitment"), code(layer.commitment.to_string())))
        .add(fact(says.say("承诺于", "Committed"), el("dd").add(moment(layer.committed_at, reader))))
        .add(fact(says.say("账本条目", "Ledger entry"), code(layer.entry.to_string())))
        .add(fact(says.say("密值", "Secret"), secret));
    let drawn = layer.drawn.as_ref().map(|drawn| {
        let count = match reader.language {
            Language::Chinese => format!("抽出的编码（{} 个，按顺序排列）", drawn.len()),
            Language::English => format!("Codes drawn ({}, sorted)", drawn.len()),
        };
        let codes: Vec<&str> = drawn.iter().map(CompetitorCode::as_str).collect();
        el("details")
            .add(el("summary").add(count))
            .add(el("p").class("mono").set("translate", "no").add(codes.join(" ")))
    });
    el("li").class("drawn-layer").add(el("h3").add(title)).add(facts).add(drawn)
}

/// What the script found, in words; the style shows those of the present state.
fn verdict(says: Says) -> Element {
    const RING: &str = "M10 1a9 9 0 1 0 .01 0M10 3a7 7 0 1 1-.01 0";
    const HOOK: &str = "M2 10.5l2-2 4 4 8-9 2 2-10 11z";
    const CROSS: &str = "M4 2l6 6 6-6 2 2-6 6 6 6-2 2-6-6-6 6-2-2 6-6-6-6z";
    let state = |class, shape, words: &'static str| {
        el("span").class(class).add(icon("0 0 20 20", shape)).add(el("span").add(words))
    };
    el("p")
        .class("verdict")
        .set("role", "status")
        .set("data-state", "untested")
        .add(state(
            "is-untested",
            RING,
            says.say(
                "没有运行脚本，本页没有重算；可按下面的办法自己重算。",
                "No script runs, so nothing was recomputed here; see below how to repeat it.",
            ),
        ))
        .add(state("is-testing", RING, says.say("正在您的浏览器里重算……", "Recomputing in your browser…")))
        .add(state(
            "is-unable",
            RING,
            says.say(
                "此浏览器不能重算：只有 https 页面才有 SHA-256。请用 https 打开，或按下面的办法自己重算。",
                "This browser cannot recompute it: only pages by https have SHA-256. Open this page by https, or see below how to repeat it.",
            ),
        ))
        .add(state("is-untold", RING, says.say("编码尚未公开。", "Codes are not told yet.")))
        .add(state(
            "is-fine",
            HOOK,
            says.say("已在您的浏览器里重算：一致。", "Recomputed in your browser: it fits."),
        ))
        .add(state(
            "is-partly",
            HOOK,
            says.say(
                "已公开的各层已在您的浏览器里重算：一致。其余各层尚未公开。",
                "The layers that are told were recomputed in your browser: they fit. The others are not told yet.",
            ),
        ))
        .add(state(
            "is-missing",
            CROSS,
            says.say("已在您的浏览器里重算：不一致！", "Recomputed in your browser: it does not fit!"),
        ))
}

/// What may not fit, each a line that the script shows where it is so.
fn mismatches(skill: &PublishedDraw, reader: Reader) -> Element {
    let says = Says(reader.language);
    let line = |check: String, words: String| el("li").set("data-check", check).set("hidden", "").add(words);
    let list = line(
        "list".to_owned(),
        says.say("公布的名单不是抽签时的名单。", "The list is not the one that the draw was made over.")
            .to_owned(),
    );
    let shown = line(
        "shown".to_owned(),
        says.say("本页的结果表与算出来的不同。", "This page's table shows another result than comes out.")
            .to_owned(),
    );
    let layers = skill.layers.iter().flat_map(|layer| {
        let number = layer.layer;
        let (commitment, codes) = match reader.language {
            Language::Chinese => (
                format!("第 {number} 层：密值不是当初承诺的那一个。"),
                format!("第 {number} 层：算出来的编码与公布的不同。"),
            ),
            Language::English => (
                format!("Layer {number}: the secret is not the one that was committed to."),
                format!("Layer {number}: other codes come out than were published."),
            ),
        };
        [line(format!("commitment-{number}"), commitment), line(format!("codes-{number}"), codes)]
    });
    let lines: Vec<Element> = std::iter::once(list).chain(layers).chain(std::iter::once(shown)).collect();
    el("ul").class("mismatches").add(lines)
}

/// Who got which code, through the layers that are told; nothing where none is.
fn result(skill: &PublishedDraw, reader: Reader) -> Option<Element> {
    let says = Says(reader.language);
    let (first, rows) = chains(skill)?;
    let from = match skill.layers.get(first.wrapping_sub(1)) {
        Some(outer) => layer_name(outer.layer, skill.is_sealed, reader),
        None => says.say("参赛者", "Entry"),
    };
    let mut names = vec![from];
    names.extend(
        skill.layers.iter().skip(first).map(|layer| layer_name(layer.layer, skill.is_sealed, reader)),
    );
    names.splice(1..1, (first == 0 && !skill.names.is_empty()).then(|| says.say("姓名", "Name")));
    let headings: Vec<Element> =
        names.into_iter().map(|name| el("th").set("scope", "col").add(name)).collect();
    let rows: Vec<Element> = rows
        .into_iter()
        .map(|row| {
            let who = row.first().and_then(|unit| skill.names.get(unit));
            // Apart from the codes, which the page works out again.
            let who = who.map(|who| el("td").class("who").add(name("span", who, reader)));
            let cells = row.into_iter().enumerate().map(|(at, code)| {
                let cell = if at == 0 { el("th").set("scope", "row") } else { el("td") };
                cell.class("mono").add(code.to_string())
            });
            let mut cells: Vec<Element> = cells.collect();
            cells.splice(1..1, who);
            el("tr").add(cells)
        })
        .collect();
    let table = el("table")
        .class("signed-sheet")
        .set("translate", "no")
        .add(el("thead").add(el("tr").add(headings)))
        .add(el("tbody").add(rows));
    let title = says.say("谁得到哪个编码", "Who got which code");
    Some(el("details").class("result").set("open", "").add(el("summary").add(title)).add(table))
}

/// From which layer on everything is told, and each chain of codes through those layers. Layers are told in
/// reverse, so what is told is the innermost ones.
fn chains(skill: &PublishedDraw) -> Option<(usize, Vec<Vec<CompetitorCode>>)> {
    let seed = skill.seed.as_deref()?;
    let told = skill.layers.iter().rev().take_while(|layer| layer.secret.is_some()).count();
    let first = skill.layers.len() - told;
    if told == 0 {
        return None;
    }
    let units = match first.checked_sub(1) {
        Some(outer) => skill.layers.get(outer)?.drawn.clone(),
        None => skill.list.clone(),
    };
    let mut rows: Vec<Vec<CompetitorCode>> = units?.into_iter().map(|unit| vec![unit]).collect();
    for layer in skill.layers.iter().skip(first) {
        let secret = layer.secret.as_deref()?;
        let lot = Lot { skill: &skill.skill, layer: layer.layer, secret, seed };
        let ends: Vec<CompetitorCode> = rows.iter().filter_map(|row| row.last().cloned()).collect();
        let drawn = lot.draw(&ends, layer.codes);
        for row in &mut rows {
            let code = row.last().and_then(|last| drawn.get(last)).cloned()?;
            row.push(code);
        }
    }
    Some((first, rows))
}
