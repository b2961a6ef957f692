//! The chief judge's view: plain pages and forms that need no script, in the desk's style. What needs a
//! decision comes first.

mod calls;
mod competitors;
mod difference;
mod done;
mod moments;
mod panels;
mod proposals;
mod refill;
mod requests;
mod results;
mod seats;
mod sheets;
mod waiting;

use domain::finding::Language;
use domain::id::{AspectId, JudgeCode};
use domain::scheme::{Aspect, Calculation, Method};
use domain::scoring::Value;
use protocol::Problem;
use protocol::chief::{ChiefView, Competing, Foreseen};
use protocol::note::NotesView;
use protocol::practice::Practice;

use crate::desk::{Says, button, field, hidden_input, option, practice_title, quiet_link, wrong};
use crate::format::Reader;
use crate::node::{Content as _, Element, Node, el};
use crate::notes;
use crate::parts::{name, progress_bar, status_word};
use crate::practice;

pub use done::{ChiefDone, chief_address};
pub(crate) use proposals::second_at_desk;
pub use refill::SentForm;

/// What the chief judge's pages show.
#[derive(Clone, Copy, Debug)]
pub enum ChiefPage<'a> {
    /// Everything to decide.
    View {
        /// What there is.
        view: &'a ChiefView,
        /// When this was so, in milliseconds since 1970 UTC.
        now: i64,
        /// What was done before.
        done: Option<&'a ChiefDone>,
        /// Why something was not.
        problem: Option<&'a Problem>,
        /// The form that said it, which stands there again as it was sent.
        sent: Option<&'a SentForm>,
    },
    /// What an act would change, before a second person is asked.
    Foreseen {
        /// The act.
        foreseen: &'a Foreseen,
        /// What was looked for on the page before.
        find: &'a str,
    },
    /// What judges wrote and photographed.
    Notes {
        /// What there is.
        view: &'a NotesView,
        /// Whose view it is.
        judge: &'a JudgeCode,
    },
    /// The skill's practice.
    Practice {
        /// What there is.
        view: &'a Practice,
        /// Whose view it is.
        judge: &'a JudgeCode,
        /// When this was so, in milliseconds since 1970 UTC.
        now: i64,
        /// Why something was not done.
        problem: Option<&'a Problem>,
    },
    /// Nobody is signed in.
    Door,
    /// Somebody else is.
    Refused(&'a Problem),
}

impl ChiefPage<'_> {
    /// The document's title.
    pub(crate) fn title(&self, reader: Reader) -> String {
        let says = Says(reader.language);
        match self {
            Self::View { view, .. } => {
                format!("{} – {}", says.say("裁判长", "Chief judge"), reader.pick(&view.skill.name))
            }
            Self::Foreseen { .. } => says.say("成绩会怎样变", "What would change").to_owned(),
            Self::Notes { view, .. } => {
                format!("{} – {}", says.say("备注和照片", "Notes and photos"), reader.pick(&view.skill.name))
            }
            Self::Practice { view, .. } => practice_title(view, reader),
            Self::Door => says.say("裁判长登录", "Chief judge: sign in").to_owned(),
            Self::Refused(_) => says.say("没有办成", "Not done").to_owned(),
        }
    }

    /// The address at which a script loads it again; none where it does not, since what a form was
    /// answered with is no page to load again.
    pub(crate) fn renewed_at(&self) -> Option<String> {
        match self {
            Self::View { view, problem: None, .. } => Some(chief_address("/chief", &view.find, None)),
            _ => None,
        }
    }

    /// The page's body.
    pub(crate) fn body(&self, reader: Reader) -> Vec<Node> {
        let mut nodes = Vec::new();
        match *self {
            Self::View { view, now, done, problem, sent } => {
                top(&view.judge_name, &view.judge, reader).add_to(&mut nodes);
                head(view, now, reader).add_to(&mut nodes);
                done.map(|done| done::told(done, reader)).add_to(&mut nodes);
                let said = nodes.len();
                if view.is_opened {
                    next(view, reader).add_to(&mut nodes);
                    waiting::section(view, reader).add_to(&mut nodes);
                    proposals::section(view, reader).add_to(&mut nodes);
                    requests::section(view, reader).add_to(&mut nodes);
                    panels::disagreements(view, reader).add_to(&mut nodes);
                    panels::odd(view, reader).add_to(&mut nodes);
                    seats::barred(view, reader).add_to(&mut nodes);
                    calls::section(view, reader).add_to(&mut nodes);
                    panels::judges(view, reader).add_to(&mut nodes);
                    finding(view, reader).add_to(&mut nodes);
                    sheets::section(view, reader).add_to(&mut nodes);
                    competitors::section(view, reader).add_to(&mut nodes);
                    results::section(view, reader).add_to(&mut nodes);
                }
                if let Some(wrong) = problem.map(wrong) {
                    let is_put_back = sent.is_some_and(|sent| sent.put_back(&mut nodes, &wrong));
                    // Where the form is gone, it is said at the top.
                    if !is_put_back {
                        nodes.insert(said, Node::Element(wrong));
                    }
                }
            }
            Self::Foreseen { foreseen, find } => {
                results::foreseen(foreseen, find, reader).add_to(&mut nodes);
            }
            Self::Notes { view, judge } => {
                top("", judge, reader).add_to(&mut nodes);
                notes::page(view, notes::Door::Chief, "/chief".to_owned(), reader).add_to(&mut nodes);
            }
            Self::Practice { view, judge, now, problem } => {
                top("", judge, reader).add_to(&mut nodes);
                problem.map(wrong).add_to(&mut nodes);
                practice::page(view, now, practice::Door::Chief, reader).add_to(&mut nodes);
            }
            Self::Door => door(reader).add_to(&mut nodes),
            Self::Refused(problem) => refused(problem, reader).add_to(&mut nodes),
        }
        nodes
    }
}

fn door(reader: Reader) -> Element {
    let says = Says(reader.language);
    let about = says.say(
        "这里只有本赛项的裁判长能进。请用平板或手机的相机扫描裁判长的登录卡，输入 PIN，再打开本页。",
        "This is for the skill's chief judge. Scan the chief judge's card with the tablet's or phone's camera, type its PIN, and open this page again.",
    );
    let card = says.say(
        "没有登录卡？请组委会在工作台上为裁判长做一张。",
        "No card? The organisers make the chief judge's at the desk.",
    );
    el("div")
        .class("door")
        .add(el("h1").add(says.say("裁判长登录", "Chief judge: sign in")))
        .add(el("p").add(about))
        .add(el("p").class("about").add(card))
        .add(el("a").class("primary").set("href", "/judge").add(says.say("去登录", "Go and sign in")))
}

fn refused(problem: &Problem, reader: Reader) -> Element {
    let says = Says(reader.language);
    let about = says.say(
        "这个页面只给本赛项的裁判长，在裁判长自己登录的设备上打开。",
        "This page is for the skill's chief judge, on a device that the chief judge signed in.",
    );
    let links = el("p")
        .class("acts")
        .add(quiet_link(says.say("我的评分表", "My sheets"), "/judge"))
        .add(" ")
        .add(quiet_link(says.say("组委会工作台", "The organisers' desk"), "/desk"));
    el("div")
        .class("head")
        .add(el("h1").add(says.say("没有办成", "Not done")))
        .add(wrong(problem))
        .add(el("p").add(about))
        .add(links)
}

fn top(judge_name: &str, judge: &JudgeCode, reader: Reader) -> Element {
    let says = Says(reader.language);
    let path = el("p")
        .class("leads")
        .add(el("strong").add(says.say("裁判长", "Chief judge")))
        .add(" ")
        .add(name("span", judge_name, reader))
        .add(" ")
        .add(el("span").class("mono").add(judge.to_string()));
    let sheets = quiet_link(says.say("我的评分表", "My sheets"), "/judge");
    el("div").class("desk-top").add(path).add(sheets)
}

fn head(view: &ChiefView, now: i64, reader: Reader) -> Element {
    let says = Says(reader.language);
    let number = el("span").class("number").add(view.skill.number.clone());
    let title = el("h1").add(number).add(" ").add(name("span", &reader.pick(&view.skill.name), reader));
    let status = el("p")
        .class("status-line")
        .add(status_word(view.status, reader))
        .add(view.is_opened.then(|| progress_bar(view.progress)));
    let not_open = (!view.is_opened).then(|| {
        let words = says.say(
            "赛项还没有开放评分；组委会开放后，这里会显示要您决定的事。",
            "The skill is not open for marking yet; once the organisers open it, what you decide is shown here.",
        );
        el("p").class("note").add(words)
    });
    el("div")
        .class("head")
        .add(title)
        .add(el("p").class("facts").add(name("span", &reader.pick(&view.competition), reader)))
        .add(status)
        .add(links(view, now, reader))
        .add(not_open)
}

/// When this was so, and the ways to what is so now, to the practice, and to what judges wrote and
/// photographed.
fn links(view: &ChiefView, now: i64, reader: Reader) -> Element {
    let says = Says(reader.language);
    let words = match reader.language {
        Language::Chinese => format!("裁判的备注和照片（{}）", view.notes),
        Language::English => format!("Judges' notes and photos ({})", view.notes),
    };
    let notes =
        view.is_opened.then(|| el("a").class("quiet").set("href", notes::Door::Chief.notes()).add(words));
    let as_of = format!("{} {}", reader.texts().as_of, reader.clock(now));
    el("p")
        .class("acts")
        .add(el("span").class("about").add(as_of))
        // Going there asks again, and leaves what was said of the last act behind.
        .add(quiet_link(says.say("刷新", "Refresh"), "/chief"))
        .add(quiet_link(says.say("练习与校准", "Practice and calibration"), "/chief/practice"))
        .add(notes)
}

/// What to do next, in one sentence, with the way there.
fn next(view: &ChiefView, reader: Reader) -> Element {
    let says = Says(reader.language);
    let waiting = view.waiting.iter().filter(|one| !one.is_proposed).count() + view.more_waiting;
    let left = view.progress.of.saturating_sub(view.progress.done);
    let (words, to) = if waiting > 0 {
        let words = match reader.language {
            Language::Chinese => format!("有 {waiting} 个值等您决定："),
            Language::English if waiting == 1 => "One value waits for your decision:".to_owned(),
            Language::English => format!("{waiting} values wait for your decision:"),
        };
        (words, Some(("#waiting", says.say("去决定", "decide"))))
    } else if !view.proposals.is_empty() {
        let words = says.say("有事等第二个人确认：", "Something waits for a second person:");
        (words.to_owned(), Some(("#second", says.say("去看", "see what"))))
    } else if !view.requests.is_empty() {
        let words = match reader.language {
            Language::Chinese => format!("有 {} 处申请或拒签要您处理：", view.requests.len()),
            Language::English => format!("Asked of you, or not signed: {}.", view.requests.len()),
        };
        (words, Some(("#requests", says.say("去处理", "see to it"))))
    } else if !view.disagreements.is_empty() {
        let words = match reader.language {
            Language::Chinese => format!("有 {} 处评判要重新打分：", view.disagreements.len()),
            Language::English => format!("{} judgements are scored again:", view.disagreements.len()),
        };
        (words, Some(("#disagreements", says.say("看还缺谁", "see who is missing"))))
    } else if !view.barred.is_empty() {
        let words = says.say("有选手要安排代评的裁判：", "Somebody has to stand in for a judge:");
        (words.to_owned(), Some(("#barred", says.say("去安排", "name who"))))
    } else if left > 0 {
        let words = match reader.language {
            Language::Chinese => format!("没有要您决定的事；还有 {left} 格没有评："),
            Language::English => format!("Nothing waits for you; {left} cells are not marked yet:"),
        };
        (words, Some(("#judges", says.say("看谁还没评完", "see who has not finished"))))
    } else {
        let words =
            says.say("没有要您决定的事，全部评完了。", "Nothing waits for you, and everything is marked.");
        (words.to_owned(), None)
    };
    let link = to.map(|(at, words)| el("a").set("href", at).add(words));
    el("p")
        .class("next")
        .add(el("strong").add(says.say("下一步", "Next")))
        .add(el("span").add(words).add(" ").add(link))
}

/// Where a competitor's code is looked for.
pub(crate) fn code_field(find: &str) -> Element {
    el("input")
        .set("name", "find")
        .set("type", "search")
        .set("value", find.to_owned())
        .set("autocomplete", "off")
        .set("autocapitalize", "characters")
        .set("maxlength", "64")
}

/// What narrows sheets, competitors and decisions to somebody.
fn finding(view: &ChiefView, reader: Reader) -> Element {
    let says = Says(reader.language);
    let input = code_field(&view.find);
    let all = (!view.find.is_empty()).then(|| quiet_link(says.say("显示全部", "Show all"), "/chief#find"));
    let hint = says.say(
        "下面的评分表、选手和决定只显示编号里有这些字的。",
        "Of sheets, competitors and decisions below only those with this in their code are shown.",
    );
    el("form")
        .class("find")
        .set("id", "find")
        .set("method", "get")
        .set("action", "/chief#find")
        .add(field(says.say("按选手编号查找", "Find a competitor's code"), input))
        .add(button("quiet", says.say("查找", "Find")))
        .add(all)
        .add((!view.find.is_empty()).then(|| el("p").class("about").add(hint)))
}

/// A section with how much is in it.
fn counted(id: &'static str, title: &'static str, count: usize) -> Element {
    let count = (count > 0).then(|| el("span").class("many").add(count.to_string()));
    el("section").set("aria-labelledby", id).add(el("h2").set("id", id).add(title).add(" ").add(count))
}

fn select(name: &'static str, options: Vec<Element>) -> Element {
    el("select").set("name", name).add(options)
}

/// Whom a form is about, of everybody who competes.
fn competitor_select(view: &ChiefView) -> Element {
    select("competitor", competitor_options(view))
}

fn competitor_options(view: &ChiefView) -> Vec<Element> {
    let options = view.competitors.iter().map(|one| {
        let code = one.competitor.code.to_string();
        let shown =
            one.competitor.name.as_ref().map_or_else(|| code.clone(), |name| format!("{code} {name}"));
        option(code, false, shown)
    });
    options.collect()
}

/// Which aspect with scoring rounds a form is about.
fn judged_select(view: &ChiefView) -> Element {
    let options =
        view.judged.iter().map(|(id, about)| option(id.to_string(), false, format!("{id} {about}")));
    select("aspect", options.collect())
}

fn competing(who: &Competing, reader: Reader) -> Element {
    let called = who.name.as_ref().map(|called| name("small", called, reader));
    el("strong")
        .class("who-code")
        .add(el("span").class("mono").add(who.code.to_string()))
        .add(" ")
        .add(called)
}

fn aspect(id: &AspectId, description: &str, reader: Reader) -> Element {
    el("span").class("aspect").add(el("span").class("mono").add(id.to_string())).add(" ").add(name(
        "span",
        description,
        reader,
    ))
}

/// The reason that every act here needs, with what the form sends besides.
fn reasoned(form: Element, salt: &str, reader: Reader) -> Element {
    let says = Says(reader.language);
    let reason =
        el("textarea").set("name", "reason").set("rows", "2").set("required", "").set("maxlength", "500");
    form.add(hidden_input("salt", salt.to_owned())).add(field(says.say("理由", "Reason"), reason))
}

/// A value in words: what was tapped rather than how it is kept.
fn said(aspect: Option<&Aspect>, value: &Value, reader: Reader) -> String {
    let says = Says(reader.language);
    match (value, aspect.map(|aspect| &aspect.method)) {
        (Value::Missing, _) => says.say("没有分值", "no value").to_owned(),
        (Value::Choice(label), _) => label.clone(),
        (Value::Number(number), Some(Method::Measurement(Calculation::PassFail))) => {
            (if number.0 == 0 { says.say("否", "No") } else { says.say("是", "Yes") }).to_owned()
        }
        (Value::Number(number), _) => match aspect.map_or("", |aspect| &aspect.measured_in) {
            "" => number.to_string(),
            unit => format!("{number} {unit}"),
        },
    }
}
