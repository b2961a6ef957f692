//! The pages by which a foreman runs drills on the job, made for a phone held in one hand.

use domain::finding::Language;
use protocol::Problem;
use protocol::desk::Card;
use protocol::drill::{
    ASPECTS_MAX, Drill, DrillForm, ListedDrill, Looked, NewDrill, OWN, Slip, Slips, Template, WORKERS_MAX,
};
use protocol::view::{Status, Text};

use crate::desk::{
    Says, button, confirmed, field, findings, form, heading_cells, hidden_input, quiet_link, section, wrong,
};
use crate::format::{Reader, segment};
use crate::node::{Content as _, Element, Node, el};
use crate::parts::{empty, name};
use crate::qr::qr;

/// What the pages show.
#[derive(Clone, Copy, Debug)]
pub enum DrillPage<'a> {
    /// Every drill, and the way to a new one.
    Home {
        /// Who is signed in.
        name: &'a str,
        /// The newest first.
        drills: &'a [ListedDrill],
        /// Whether there is more for them than drills.
        has_desk: bool,
    },
    /// The form that starts one.
    New {
        /// What it offers.
        offered: &'a DrillForm,
        /// What was typed.
        typed: &'a NewDrill,
        /// Why that was refused.
        problem: Option<&'a Problem>,
    },
    /// One drill.
    One {
        /// Which.
        drill: &'a Drill,
    },
    /// What its workers are told, to be printed or shown.
    Slips {
        /// One for each.
        slips: &'a Slips,
    },
}

impl DrillPage<'_> {
    /// The document's title.
    pub(crate) fn title(&self, reader: Reader) -> String {
        let says = Says(reader.language);
        match self {
            Self::Home { .. } => says.say("岗位练兵", "Drills").to_owned(),
            Self::New { .. } => says.say("开始练兵", "Start a drill").to_owned(),
            Self::One { drill } => reader.pick(&drill.competition.name),
            Self::Slips { slips } => {
                format!("{} – {}", says.say("成绩单", "Slips"), reader.pick(&slips.competition.name))
            }
        }
    }

    /// The page's body.
    pub(crate) fn body(&self, reader: Reader) -> Vec<Node> {
        let mut nodes = Vec::new();
        match *self {
            Self::Home { name, drills, has_desk } => home(name, drills, has_desk, reader).add_to(&mut nodes),
            Self::New { offered, typed, problem } => new(offered, typed, problem, reader).add_to(&mut nodes),
            Self::One { drill } => one(drill, reader).add_to(&mut nodes),
            Self::Slips { slips } => slips_page(slips, reader).add_to(&mut nodes),
        }
        nodes
    }
}

fn head(title: Element, back: Option<(&'static str, &'static str)>) -> Element {
    let back = back.map(|(words, to)| el("p").class("acts").add(quiet_link(words, to)));
    el("div").class("head").add(title).add(back)
}

fn home(who: &str, drills: &[ListedDrill], has_desk: bool, reader: Reader) -> Vec<Element> {
    let says = Says(reader.language);
    let title = el("h1").add(says.say("岗位练兵", "Drills"));
    let way = if has_desk {
        quiet_link(says.say("工作台", "Desk"), "/desk")
    } else {
        quiet_link(says.say("我的角色", "My roles"), "/desk/people")
    };
    let top =
        head(title, None).add(el("p").class("about").add(who.to_owned())).add(el("p").class("acts").add(way));
    let start = el("p")
        .class("acts")
        .add(el("a").class("primary").set("href", "/drill/new").add(says.say("开始练兵", "Start a drill")));
    let list = if drills.is_empty() {
        empty(
            says.say("还没有练兵", "There is no drill yet"),
            says.say(
                "选一个模板，贴上名单，就可以用这部手机评分。",
                "Choose a template, paste the names, and mark with this phone.",
            ),
        )
    } else {
        el("ul").class("drills").add(drills.iter().map(|drill| listed(drill, reader)).collect::<Vec<_>>())
    };
    vec![top, start, list]
}

fn listed(drill: &ListedDrill, reader: Reader) -> Element {
    let ListedDrill { competition, made_at, workers, progress, status } = drill;
    let about = match reader.language {
        Language::Chinese => format!(
            "{} · {workers} 人 · {}",
            reader.day_and_hour(*made_at),
            stand(*status, *progress, reader)
        ),
        Language::English => format!(
            "{} · {} · {}",
            reader.day_and_hour(*made_at),
            people(*workers),
            stand(*status, *progress, reader)
        ),
    };
    let to = format!("/drill/{}", segment(&competition.id));
    let words = el("strong").add(reader.pick(&competition.name));
    el("li").add(el("a").set("href", to).add(words).add(el("span").add(about)))
}

fn people(count: usize) -> String {
    if count == 1 { "1 person".to_owned() } else { format!("{count} people") }
}

fn stand(status: Status, progress: protocol::view::Progress, reader: Reader) -> String {
    match (status, reader.language) {
        (Status::Official, Language::Chinese) => "已出成绩".to_owned(),
        (Status::Official, Language::English) => "results are out".to_owned(),
        (_, Language::Chinese) => format!("已评 {} / {}", progress.done, progress.of),
        (_, Language::English) => format!("{} of {} marked", progress.done, progress.of),
    }
}

fn new(offered: &DrillForm, typed: &NewDrill, problem: Option<&Problem>, reader: Reader) -> Vec<Element> {
    let says = Says(reader.language);
    let title = el("h1").add(says.say("开始练兵", "Start a drill"));
    let mut templates: Vec<Element> = Vec::new();
    let first = offered.earlier.first().or(offered.library.first()).map(|template| template.id.as_str());
    let chosen = if typed.template.is_empty() { first.unwrap_or(OWN) } else { &typed.template };
    templates.extend(offered.earlier.iter().map(|template| choice(template, chosen, true, reader)));
    templates.extend(offered.library.iter().map(|template| choice(template, chosen, false, reader)));
    let own = el("textarea")
        .set("name", "aspects")
        .set("rows", "6")
        .set("aria-label", says.say("自己写的评分点", "Your own aspects"))
        .set(
            "placeholder",
            says.say(
                "穿戴齐全\n尺寸合格处数，20，计数:5\n外观，15，评判",
                "Gear complete\nSizes right, 20, count:5\nSurface, 15, judged",
            ),
        )
        .add(typed.aspects.clone());
    let how = match reader.language {
        Language::Chinese => format!(
            "一行一项，最多 {ASPECTS_MAX} 项：看什么，满分，怎么评（是否、分数、评判、计数:5）。只写看什么也行，就是满分 10、是否。"
        ),
        Language::English => format!(
            "An aspect a line, {ASPECTS_MAX} at the most: what is looked at, maximum, how (yes/no, points, judged, count:5). The first alone will do: yes or no, for 10."
        ),
    };
    let radio = el("input")
        .set("type", "radio")
        .set("name", "template")
        .set("value", OWN)
        .set_some("checked", (chosen == OWN).then_some(""));
    templates.push(
        el("li")
            .add(
                el("label").class("choice").add(radio).add(el("strong").add(says.say("自己写", "Write one"))),
            )
            .add(el("div").class("own").add(own).add(el("small").add(how))),
    );
    let names = el("textarea")
        .set("name", "names")
        .set("rows", "8")
        .set("required", "")
        .set("placeholder", says.say("李明远\n王秀兰\n赵国强", "Li Mingyuan\nWang Xiulan\nZhao Guoqiang"))
        .add(typed.names.clone());
    let most = match reader.language {
        Language::Chinese => {
            format!("一行一个，或从 Excel 粘贴一列；最多 {WORKERS_MAX} 人。按顺序编号 1、2、3……")
        }
        Language::English => format!(
            "One a line, or paste a column from Excel; {WORKERS_MAX} at the most. They are numbered in this order."
        ),
    };
    let input = |name: &'static str, value: &str| {
        el("input")
            .set("name", name)
            .set("maxlength", "64")
            .set("autocomplete", "off")
            .set("value", value.to_owned())
    };
    let board = [
        (
            "names",
            says.say(
                "榜上写姓名：知道网址的人都能看到",
                "Names on the board: whoever has its address sees them",
            ),
        ),
        ("numbers", says.say("榜上只写号码", "Numbers alone on the board")),
    ];
    let board = board.map(|(value, words)| {
        let is_chosen = if typed.board.is_empty() { value == "names" } else { typed.board == value };
        let radio = el("input")
            .set("type", "radio")
            .set("name", "board")
            .set("value", value)
            .set_some("checked", is_chosen.then_some(""));
        el("label").class("choice").add(radio).add(el("span").add(words))
    });
    let more = el("details")
        .set_some(
            "open",
            (!typed.second.is_empty() || !typed.title.is_empty() || typed.board == "numbers").then_some(""),
        )
        .add(el("summary").add(says.say("名称、第二位裁判、榜单", "Name, second judge, board")))
        .add(field(
            says.say("练兵的名称（不填就用模板的）", "What it is called (else as the template)"),
            input("title", &typed.title),
        ))
        .add(field(
            says.say("第二位裁判的姓名（不填就一个人评）", "The second judge's name (else you mark alone)"),
            input("second", &typed.second),
        ))
        .add(el("fieldset").add(el("legend").add(says.say("榜单", "Board"))).add(Vec::from(board)));
    let fields = form("/drill/new")
        .class("drill-form")
        .add(hidden_input("id", typed.id.clone()))
        .add(
            el("fieldset")
                .add(el("legend").add(says.say("看什么", "What is looked at")))
                .add(el("ul").class("templates").add(templates)),
        )
        .add(field(says.say("谁参加", "Who takes part"), names).add(el("small").add(most)))
        .add(more)
        .add(button("primary", says.say("开始", "Start")));
    vec![
        head(title, Some((says.say("返回", "Back"), "/drill"))),
        el("div").add(problem.map(wrong)).add(problem.and_then(|problem| findings(problem, reader))),
        fields,
    ]
}

/// A template: one tap, and what is in it to look at first.
fn choice(template: &Template, chosen: &str, is_own: bool, reader: Reader) -> Element {
    let says = Says(reader.language);
    let of =
        if is_own { says.say("上次", "As before").to_owned() } else { reader.pick(&template.occupation) };
    let radio = el("input")
        .set("type", "radio")
        .set("name", "template")
        .set("value", template.id.clone())
        .set_some("checked", (chosen == template.id).then_some(""));
    let count = match reader.language {
        Language::Chinese => format!("{} 项", template.aspects.len()),
        Language::English => format!("{} aspects", template.aspects.len()),
    };
    let words = el("span")
        .add(el("strong").add(reader.pick(&template.name)))
        .add(el("small").add(format!("{of} · {count}")));
    let aspects =
        template.aspects.iter().map(|aspect: &Text| el("li").add(reader.pick(aspect))).collect::<Vec<_>>();
    el("li").add(el("label").class("choice").add(radio).add(words)).add(
        el("details")
            .add(el("summary").add(says.say("看看", "Look")).set(
                "aria-label",
                format!("{} {}", says.say("看看", "Look at"), reader.pick(&template.name)),
            ))
            .add(el("ol").add(aspects)),
    )
}

fn one(drill: &Drill, reader: Reader) -> Vec<Element> {
    let says = Says(reader.language);
    let title = name("h1", &reader.pick(&drill.competition.name), reader);
    let about = match reader.language {
        Language::Chinese => {
            format!("{} 人 · {}", drill.workers.len(), stand(drill.status, drill.progress, reader))
        }
        Language::English => {
            format!("{} · {}", people(drill.workers.len()), stand(drill.status, drill.progress, reader))
        }
    };
    let mut page = vec![
        head(title, Some((says.say("所有练兵", "All drills"), "/drill")))
            .add(el("p").class("about").add(about)),
    ];
    page.push(marking(drill, reader));
    if let Some(second) = drill.cards.iter().find(|card| card.judge.as_str() != FOREMAN) {
        page.push(second_judge(second, reader));
    }
    page.push(workers(drill, reader));
    page.push(wall(drill, reader));
    if drill.is_open {
        let finish = form(format!("/drill/{}/finish", segment(&drill.competition.id)))
            .add(button("primary", says.say("结束，公布成绩", "End it and give the results out")));
        let ask = confirmed(
            "quiet",
            says.say("练完了", "Done"),
            says.say("练完了：结束这次练兵", "Done: end the drill").to_owned(),
            says.say(
                "评分到此为止，榜单成为最后成绩。没评完的人没有名次。",
                "Marking ends, and the board is the result. Whoever is not wholly marked has no position.",
            ),
            finish,
        );
        page.push(el("p").class("acts").add(ask));
    }
    page
}

/// The judge's code of who started the drill.
const FOREMAN: &str = "J1";

/// The way to the marking: for who has just got a card by that, else as the device is signed in already.
fn marking(drill: &Drill, reader: Reader) -> Element {
    let says = Says(reader.language);
    let part = section("mark", says.say("评分", "Marking"));
    if !drill.is_open {
        return part.add(el("p").add(says.say("评分已结束。", "Marking is over.")));
    }
    let own = drill.cards.iter().find(|card| card.judge.as_str() == FOREMAN);
    let again = form(format!("/drill/{}/cards", segment(&drill.competition.id))).add(button(
        "quiet",
        says.say("换一部手机，或给第二位裁判登录卡", "Another phone, or a card for the second judge"),
    ));
    match own {
        Some(card) => part
            .add(
                el("p")
                    .add(says.say("PIN，登录和解锁时要输：", "Your PIN, to sign in and to unlock: "))
                    .add(el("strong").class("mono pin").add(card.pin.clone())),
            )
            .add(el("p").class("acts").add(
                el("a").class("primary").set("href", here(card)).add(says.say("开始评分", "Begin to mark")),
            )),
        None => part
            .add(el("p").class("acts").add(
                el("a").class("primary").set("href", "/judge").add(says.say("继续评分", "Go on marking")),
            ))
            .add(again),
    }
}

/// The card's address on this very server: the phone is here already.
fn here(card: &Card) -> String {
    format!("/judge#{}", card.code)
}

fn second_judge(card: &Card, reader: Reader) -> Element {
    let says = Says(reader.language);
    let code = qr(&card.address, says.say("第二位裁判的登录二维码", "QR code for the second judge"));
    let about = el("div")
        .add(el("p").add(card.name.clone()))
        .add(el("p").add("PIN ").add(el("strong").class("mono pin").add(card.pin.clone())))
        .add(el("p").class("about").add(says.say(
            "请他用手机的相机扫，只显示这一次。",
            "To be scanned with that phone's camera; shown this once.",
        )));
    section("second", says.say("第二位裁判", "The second judge"))
        .add(el("div").class("judge-card").add(code).add(about))
}

fn workers(drill: &Drill, reader: Reader) -> Element {
    let says = Says(reader.language);
    let rows: Vec<Element> = drill
        .workers
        .iter()
        .map(|worker| {
            el("tr")
                .add(el("td").class("mono").add(worker.number.clone()))
                .add(el("td").add(worker.name.clone()))
                .add(el("td").class("count").add(worker.total.clone()))
                .add(el("td").class("count").add(worker.position.clone()))
        })
        .collect();
    let names = [
        says.say("号码", "Number"),
        says.say("姓名", "Name"),
        says.say("总分", "Total"),
        says.say("名次", "Position"),
    ];
    let slips = format!("/drill/{}/slips", segment(&drill.competition.id));
    section("workers", says.say("名单", "Who takes part"))
        .add(el("table").add(heading_cells(&names)).add(el("tbody").add(rows)))
        .add(el("p").class("acts").add(quiet_link(says.say("每人一张成绩单", "A slip for each"), slips)))
}

fn wall(drill: &Drill, reader: Reader) -> Element {
    let says = Says(reader.language);
    let code = qr(&drill.screen, says.say("大屏榜的二维码", "QR code of the board for the wall"));
    let about = el("div")
        .add(el("p").add(says.say("在墙上的大屏或电视里打开：", "Open it on the screen on the wall:")))
        .add(el("p").class("mono address").add(drill.screen.clone()));
    let here = format!("/skill/{}", segment(&drill.skill.id));
    section("wall", says.say("榜单", "The board"))
        .add(el("div").class("judge-card").add(code).add(about))
        .add(el("p").class("acts").add(quiet_link(says.say("在手机上看榜", "The board on this phone"), here)))
}

fn slips_page(slips: &Slips, reader: Reader) -> Vec<Element> {
    let says = Says(reader.language);
    let to = format!("/drill/{}", segment(&slips.competition.id));
    let title = el("h1").add(says.say("成绩单", "Slips"));
    let about = says.say(
        "每人一张。点姓名只看这一张，可以给本人看；要纸的，用浏览器打印。",
        "One for each. Tap a name to see that slip alone and show it; for paper, print from the browser.",
    );
    let head = el("div")
        .class("head")
        .add(title)
        .add(el("p").class("acts").add(quiet_link(says.say("返回", "Back"), to)))
        .add(el("p").class("about").add(about));
    let shown = slips.slips.iter().map(|one| slip(slips, one, reader)).collect::<Vec<_>>();
    vec![head, el("ul").class("slips").add(shown)]
}

/// What one worker is told.
fn slip(of: &Slips, slip: &Slip, reader: Reader) -> Element {
    let says = Says(reader.language);
    let Slip { number, name: who, total, position, best, worst, before, change } = slip;
    let to = format!("/drill/{}/slips/{}", segment(&of.competition.id), segment(number));
    let what = format!("{} · {}", reader.pick(&of.competition.name), reader.day_and_hour(of.made_at));
    let total = total.map_or_else(
        || says.say("还没评完", "Not wholly marked").to_owned(),
        |total| match reader.language {
            Language::Chinese => format!("{total} 分"),
            Language::English => format!("{total}"),
        },
    );
    let place = position.map(|position| match reader.language {
        Language::Chinese => format!("第 {position} 名，共 {} 人", of.ranked),
        Language::English => format!("position {position} of {}", of.ranked),
    });
    let change = change.map(|change| {
        // Never by a colour alone.
        let (sign, shape) = match change.0 {
            0 => ("", "="),
            1.. => ("+", "↑"),
            _ => ("", "↓"),
        };
        match reader.language {
            Language::Chinese => format!("{shape} 比上次 {sign}{change}"),
            Language::English => format!("{shape} {sign}{change} on the last time"),
        }
    });
    let earlier = before.iter().map(|one| {
        el("li")
            .add(el("span").add(reader.day_and_hour(one.made_at)))
            .add(" ")
            .add(el("span").class("mono").add(one.total.to_string()))
    });
    let earlier = earlier.collect::<Vec<_>>();
    let earlier = (!earlier.is_empty()).then(|| {
        el("div")
            .add(el("h3").add(says.say("以前", "Before")))
            .add(el("ul").add(earlier))
            .add(change.map(|words| el("p").class("change").add(words)))
    });
    el("li")
        .class("slip")
        .add(
            el("h2")
                .add(el("span").class("mono").add(number.clone()))
                .add(" ")
                .add(el("a").set("href", to).add(who.clone())),
        )
        .add(el("p").class("about").add(what))
        .add(
            el("p").class("total").add(el("strong").add(total)).add(place.map(|words| el("span").add(words))),
        )
        .add(aspects(says.say("最好的", "Best"), best))
        .add(aspects(says.say("最要练的", "To drill most"), worst))
        .add(earlier)
}

fn aspects(heading: &'static str, of: &[Looked]) -> Option<Element> {
    let line = |Looked { what, mark, max }: &Looked| {
        el("li")
            .add(el("span").add(what.clone()))
            .add(" ")
            .add(el("span").class("mono").add(format!("{mark} / {max}")))
    };
    let lines = of.iter().map(line).collect::<Vec<_>>();
    (!lines.is_empty()).then(|| el("div").add(el("h3").add(heading)).add(el("ul").add(lines)))
}
