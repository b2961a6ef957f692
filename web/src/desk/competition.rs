//! One competition at the desk: what comes next, what the public sees, and every skill with its
//! judges.

use domain::access::Role;
use domain::finding::Language;
use protocol::Problem;
use protocol::desk::{Act, Competition, Judge, SessionPage, Skill};
use protocol::list::{Cell, ListQuery, Part};
use protocol::practice::Stand;
use protocol::view::{Policy, SessionClock, SkillRef, Status, Topic};

use super::list::List;
use super::{
    Says, button, confirmed, field, form, heading_cells, hidden_input, option, quiet_link, section, setup,
    text_input, wrong,
};
use crate::chief::second_at_desk;
use crate::competition::where_and_when;
use crate::format::{Reader, segment};
use crate::home::dates;
use crate::node::{Content, Element, Node, el};
use crate::notes::Door;
use crate::parts::{address, icon, name, progress_bar, rehearsal, status_word};
use crate::practice;
use crate::text;

/// What a competition's desk shows.
#[derive(Clone, Copy, Debug)]
pub struct CompetitionDesk<'a> {
    /// Which, with everything to do.
    pub competition: &'a Competition,
    /// What is asked of its skills.
    pub query: &'a ListQuery,
    /// When this was so, in milliseconds since 1970 UTC.
    pub now: i64,
    /// Whether there is no second copy of the ledgers.
    pub is_one_copy_only: bool,
    /// How far the practices of its skills are, of those that have one.
    pub practices: &'a [Stand],
    /// Whether whoever looks has no second factor, without which nobody releases results.
    pub needs_factor: bool,
    /// What stands in the form of the session clock.
    pub session: &'a SessionPage,
    /// What was typed as new skills, where that was refused.
    pub skills: &'a str,
    /// Why that was refused.
    pub problem: Option<&'a Problem>,
}

const DONE: &str = "M8 1a7 7 0 1 0 .01 0M7 11.6L3.9 8.5l1.2-1.2L7 9.2l4-4 1.2 1.2z";
const TO_DO: &str = "M8 1a7 7 0 1 0 .01 0M8 2.6a5.4 5.4 0 1 1-.01 0";

pub(super) fn competition_page(desk: &CompetitionDesk<'_>, reader: Reader) -> Vec<Node> {
    let says = Says(reader.language);
    let competition = desk.competition;
    let frozen = competition.is_frozen.then(|| {
        let words = says.say(
            "已封榜：所有公开页面和屏幕都停在封榜时的内容；裁判照常评分。",
            "Frozen: every public page and screen stands as it was; judging goes on.",
        );
        el("p").class("note").set("role", "status").add(words)
    });
    let facts = el("p")
        .class("facts")
        .add(el("span").add(dates(&competition.dates)))
        .add(name("span", &competition.venue, reader))
        .add(name("span", &competition.host, reader));
    let as_of = el("p").class("about").add(format!("{} {}", reader.texts().as_of, reader.clock(desk.now)));
    // Going where one is asks again.
    let as_of = as_of.add(" · ").add(el("a").set("href", "").add(says.say("刷新", "Refresh")));
    let part = desk.query.part(competition.skills.iter().collect(), |skill| {
        let SkillRef { id, number, name } = &skill.skill;
        vec![
            ("skill", Cell::Key(id)),
            ("number", number.as_str().into()),
            ("zh", name.zh.as_str().into()),
            ("en", name.en.as_str().into()),
            ("status", Cell::Key(skill.status.as_str())),
        ]
    });
    let mut page = Vec::new();
    let head = el("div").class("head").add(rehearsal(&competition.competition, reader)).add(name(
        "h1",
        &reader.pick(&competition.competition.name),
        reader,
    ));
    head.add(facts).add(as_of).add(ways(competition, reader)).add_to(&mut page);
    frozen.add_to(&mut page);
    match &competition.practice_of {
        Some(skill) => practice::at_own_desk(skill, reader).add_to(&mut page),
        None => next(competition, &part, reader).add_to(&mut page),
    }
    steps(desk, reader).add_to(&mut page);
    let of_skills = desk.problem.filter(|_| !desk.skills.is_empty());
    setup::of_competition(competition, desk.skills, of_skills, reader).add_to(&mut page);
    screens(competition, reader).add_to(&mut page);
    if competition.practice_of.is_none() && competition.may.show {
        session_section(desk, reader).add_to(&mut page);
    }
    skills(desk, &part, reader).add_to(&mut page);
    page
}

/// The ways from a competition, besides those of its set-up; none from a practice.
fn ways(competition: &Competition, reader: Reader) -> Option<Element> {
    let says = Says(reader.language);
    let at = format!("/desk/competition/{}", segment(&competition.competition.id));
    // Who sets up has this link there.
    let draw = (!competition.may.set_up)
        .then(|| quiet_link(says.say("抽签与编码", "Draw and codes"), format!("{at}/draw")));
    let may_check_in = competition.may.check_in || competition.skills.iter().any(|skill| skill.may.check_in);
    let check_in = may_check_in.then(|| quiet_link(says.say("报到", "Check-in"), format!("{at}/check-in")));
    let is_any = competition.practice_of.is_none() && (draw.is_some() || check_in.is_some());
    is_any.then(|| el("p").class("acts").add(draw).add(check_in))
}

/// Every skill of the page, and where there are many, means of finding one.
fn skills(desk: &CompetitionDesk<'_>, part: &Part<&Skill>, reader: Reader) -> Vec<Element> {
    let says = Says(reader.language);
    let competition = desk.competition;
    let at = format!("/desk/competition/{}", segment(&competition.competition.id));
    let list = List { at: &at, place: "#skills", query: desk.query, unit: "个赛项", reader };
    let mut all = vec![el("h2").set("id", "skills").add(reader.texts().skills)];
    if part.is_long(desk.query) {
        let there =
            Status::ALL.iter().filter(|(one, _)| competition.skills.iter().any(|of| of.status == *one));
        let there =
            there.map(|(one, word)| ((*word).to_owned(), text::status(*one, reader.language).to_owned()));
        let narrowing = vec![("status", says.say("状态", "State"), there.collect())];
        all.push(list.search(says.say("编号、名称", "number, name"), narrowing));
        all.push(list.count(part));
    }
    if part.rows.is_empty() && part.all > 0 {
        all.push(list.nothing());
    }
    all.extend(part.rows.iter().map(|skill| skill_block(skill, desk, reader)));
    all.extend(list.pages(part));
    all
}

/// What to do next, in one sentence, with the way there.
fn next(competition: &Competition, part: &Part<&Skill>, reader: Reader) -> Element {
    let says = Says(reader.language);
    let skills = &competition.skills;
    let may = |act: Act| skills.iter().find(move |skill| skill.acts.contains(&act));
    let is_due = |skill: &&Skill| skill.status == Status::UnderReview && skill.acts.contains(&Act::Close);
    let waiting = skills.iter().flat_map(|skill| &skill.judges).filter(|judge| !is_signed_in(judge)).count();
    let (words, of) = if skills.is_empty() {
        (says.say("先在“准备”里添加赛项。", "Begin by adding skills under Set-up."), None)
    } else if let Some(skill) = skills.iter().find(is_due) {
        (says.say("全部评完了，可以结束评分：", "Everything is marked; close marking of"), Some(skill))
    } else if let Some(skill) = skills.iter().find(|skill| !skill.proposals.is_empty()) {
        let words =
            says.say("裁判长请您作为第二个人确认：", "The chief judge asks for you as the second person in");
        (words, Some(skill))
    } else if let Some(skill) = skills.iter().find(|skill| skill.pending > 0) {
        (says.say("有评分等裁判长决定：", "Marks wait for the chief judge of"), Some(skill))
    } else if let Some(skill) = skills.iter().find(|skill| !skill.missing.is_empty()) {
        (says.say("还没准备好，缺的都列在赛项里：", "This lacks something, as listed there:"), Some(skill))
    } else if let Some(skill) = may(Act::Open) {
        if waiting > 0 {
            let words = says.say(
                "先给裁判发登录卡，等裁判登录；然后开放评分：",
                "Hand the judges their cards and let them sign in; then open marking of",
            );
            (words, Some(skill))
        } else {
            (
                says.say("裁判都已登录，可以开放评分：", "Every judge is signed in; open marking of"),
                Some(skill),
            )
        }
    } else if let Some(skill) = may(Act::ReleaseProvisional) {
        (
            says.say(
                "评分已结束，复核签字后发布成绩：",
                "Marking is over; after the checks, release results of",
            ),
            Some(skill),
        )
    } else if may(Act::Close).is_some() {
        let words = says.say(
            "评分进行中，现在没有要您做的事；全部评完的赛项会排在这里。",
            "Marking goes on and needs nothing from you; skills that are wholly marked will be named here.",
        );
        (words, None)
    } else if let Some(skill) = may(Act::ReleaseOfficial) {
        (
            says.say(
                "公示期满、没有异议，就发布正式成绩：",
                "Once nobody objects, release the official results of",
            ),
            Some(skill),
        )
    } else {
        let words = says.say(
            "所有成绩都已正式发布；请导出并存档。",
            "Every result is official; export the competition and keep it.",
        );
        (words, None)
    };
    let link = of.map(|skill| {
        let shown = format!("{} {}", skill.skill.number, reader.pick(&skill.skill.name));
        // It may be on another page.
        let is_here = part.rows.iter().any(|one| one.skill.id == skill.skill.id);
        let here = format!("#{}", anchor(&skill.skill.id));
        let to = if is_here { here } else { format!("/desk/skill/{}", segment(&skill.skill.id)) };
        name("a", shown.trim(), reader).set("href", to)
    });
    el("p")
        .class("next")
        .add(el("strong").add(says.say("下一步", "Next")))
        .add(el("span").add(words).add(" ").add(link))
}

/// What a competition needs, each with whether it is there and how to get it.
fn steps(desk: &CompetitionDesk<'_>, reader: Reader) -> Element {
    let says = Says(reader.language);
    let competition = desk.competition;
    let id = segment(&competition.competition.id);
    let judges = || competition.skills.iter().flat_map(|skill| &skill.judges);
    let (signed_in, all) = (judges().filter(|judge| is_signed_in(judge)).count(), judges().count());
    let opened = competition.skills.iter().filter(|skill| skill.status != Status::Upcoming).count();
    let of = competition.skills.len();
    let setting = |field: &'static str, is_on: bool, class: &'static str, words: &'static str| {
        form(format!("/desk/competition/{id}/settings"))
            .add(hidden_input(field, if is_on { "false" } else { "true" }))
            .add(button(class, words))
    };
    let may = competition.may;
    let print = (may.admit && signed_in < all).then(|| {
        let print = says.say("打印登录卡", "Print judges' cards");
        form(format!("/desk/competition/{id}/cards"))
            .add(button(if signed_in == 0 { "primary" } else { "quiet" }, print))
    });
    let public = if competition.is_public {
        let at = address(&Topic::Competition(competition.competition.id.clone()));
        let look = quiet_link(says.say("看公开页面", "See the public page"), at);
        let off = says.say("取消公开", "Take it off");
        std::iter::once(look).chain(may.show.then(|| setting("is_public", true, "quiet", off))).collect()
    } else if may.show {
        vec![setting("is_public", false, "primary", says.say("公开", "Make it public"))]
    } else {
        Vec::new()
    };
    let freeze = may.show.then(|| {
        if competition.is_frozen {
            setting("is_frozen", true, "primary", says.say("解除封榜", "Unfreeze"))
        } else {
            setting("is_frozen", false, "quiet", says.say("封榜", "Freeze every surface"))
        }
    });
    let export = may.export.then(|| {
        quiet_link(says.say("导出（.zip）", "Export (.zip)"), format!("/api/competitions/{id}/export"))
            .set("download", "")
    });
    let (judges_in, skills_open) = match reader.language {
        Language::Chinese => (format!("{signed_in}/{all} 位已登录"), format!("{opened}/{of} 个已开放")),
        Language::English => (format!("{signed_in}/{all} signed in"), format!("{opened}/{of} open")),
    };
    let seen = if competition.is_public {
        says.say("公众看得到", "The public sees it")
    } else {
        says.say("公众还看不到", "Nobody outside sees it yet")
    };
    let backup = desk.is_one_copy_only.then(|| el("code").add("leitai serve --backup DIR"));
    let copies = if desk.is_one_copy_only {
        says.say(
            "只有一份；下次启动时指定另一块磁盘：",
            "One copy only; name another disk at the next start:",
        )
    } else {
        says.say("有第二份副本", "There is a second copy")
    };
    let stands = if competition.is_frozen {
        says.say("公开页面停在封榜时", "Public pages stand still")
    } else {
        says.say("公开页面实时更新", "Public pages move")
    };
    let mut list = vec![
        step(signed_in == all, says.say("裁判", "Judges"), judges_in, print),
        step(opened == of, says.say("评分", "Marking"), skills_open, None::<Element>),
        step(competition.is_public, says.say("公开", "Public"), seen.to_owned(), public),
        step(!competition.is_frozen, says.say("榜单", "Boards"), stands.to_owned(), freeze),
        step(
            !desk.is_one_copy_only,
            says.say("数据", "Data"),
            copies.to_owned(),
            backup.into_iter().chain(export).collect::<Vec<_>>(),
        ),
    ];
    if competition.practice_of.is_some() {
        // Neither public nor on a board.
        list.drain(2..4);
    }
    let label = says.say("准备情况", "How it stands");
    el("ul").class("steps").set("aria-label", label).add(list)
}

fn step(is_done: bool, what: &'static str, state: String, acts: impl Content) -> Element {
    let (class, shape) = if is_done { ("step-of is-done", DONE) } else { ("step-of", TO_DO) };
    el("li")
        .class(class)
        .add(icon("0 0 16 16", shape))
        .add(el("strong").add(what))
        .add(el("span").class("state").add(state))
        .add(el("div").class("acts").add(acts))
}

/// The hall screens' addresses.
fn screens(competition: &Competition, reader: Reader) -> Option<Element> {
    if !competition.is_public {
        return None;
    }
    let links: Vec<Element> = competition
        .skills
        .iter()
        .map(|skill| {
            let shown = format!("{} {}", skill.skill.number, reader.pick(&skill.skill.name));
            let at = format!("/screen/{}", segment(&skill.skill.id));
            el("li").add(name("a", shown.trim(), reader).set("href", at))
        })
        .collect();
    let label = Says(reader.language).say(
        "大屏（在大厅的电脑上打开，按 F11 全屏）",
        "Hall screens (open on the hall's computer, F11 for full screen)",
    );
    let list = el("ul").class("screens").add(links);
    Some(el("details").class("folded").add(el("summary").add(label)).add(list))
}

fn session_section(desk: &CompetitionDesk<'_>, reader: Reader) -> Element {
    let says = Says(reader.language);
    let CompetitionDesk { competition, session, problem, .. } = desk;
    let id = segment(&competition.competition.id);
    let all = says.say("所有赛项", "All skills");
    let mut skills = vec![option("", session.skill.is_empty(), all)];
    skills.extend(competition.skills.iter().map(|skill| {
        let shown = format!("{} {}", skill.skill.number, reader.pick(&skill.skill.name));
        option(skill.skill.id.clone(), skill.skill.id == session.skill, shown)
    }));
    let label = text_input("label", &session.label)
        .set("maxlength", "100")
        .set("placeholder", says.say("C1 上午", "C1 morning"));
    let moment = |name, value: &str| text_input(name, value).set("type", "datetime-local");
    let fields = form(format!("/desk/competition/{id}/session#session"))
        .class("line")
        .add(field(says.say("赛项", "Skill"), el("select").set("name", "skill").add(skills)))
        .add(field(says.say("场次名称", "Label"), label))
        .add(field(says.say("开始", "From"), moment("from", &session.from)))
        .add(field(says.say("结束", "Until"), moment("until", &session.until)))
        .add(button("quiet", says.say("显示计时", "Show the clock")));
    let about = says.say(
        "成绩榜和大屏按服务器的时间倒计时，与各台设备的时钟无关。",
        "Boards and hall screens count down by the server's time, whatever a device's clock says.",
    );
    let is_any = competition.skills.iter().any(|skill| skill.session.is_some());
    let off = is_any.then(|| {
        form(format!("/desk/competition/{id}/session/end"))
            .add(button("quiet", says.say("全部撤下", "Take every clock off")))
    });
    section("session", says.say("场次计时", "Session clock"))
        .add(el("p").class("about").add(about))
        .add(problem.filter(|_| desk.skills.is_empty()).map(wrong))
        .add(fields)
        .add(off)
}

fn skill_block(skill: &Skill, desk: &CompetitionDesk<'_>, reader: Reader) -> Element {
    let says = Says(reader.language);
    let is_practice = desk.competition.practice_of.is_some();
    let stand = desk.practices.iter().find(|stand| stand.skill == skill.skill.id);
    let unpractised = stand.filter(|_| skill.acts.contains(&Act::Open));
    let unpractised = unpractised.and_then(|stand| practice::before_opening(stand, reader));
    let id = segment(&skill.skill.id);
    let title = reader.pick(&skill.skill.name);
    let (competitors, aspects) = match reader.language {
        Language::Chinese => {
            (format!("{} 名选手 · ", skill.competitors), format!("{} 个评分点", skill.aspects))
        }
        Language::English => {
            (format!("{} competitors · ", skill.competitors), format!("{} aspects", skill.aspects))
        }
    };
    let aspects = if skill.may.set_up && skill.aspects > 0 {
        el("a").set("href", format!("/desk/skill/{id}/scheme")).add(aspects)
    } else {
        el("span").add(aspects)
    };
    let pending = (skill.pending > 0).then(|| {
        el("p").class("note attention").add(match reader.language {
            Language::Chinese => format!("{} 条评分冲突或迟到，等裁判长决定", skill.pending),
            Language::English => {
                format!("{} conflicting or late marks wait for the chief judge", skill.pending)
            }
        })
    });
    let number = el("span").class("number").add(skill.skill.number.clone());
    // Opened without practice only by choosing that.
    let act =
        |act: &Act| if unpractised.is_some() && *act == Act::Open { Act::OpenUnpractised } else { *act };
    let (barred, open): (Vec<Act>, Vec<Act>) =
        skill.acts.iter().partition(|act| desk.needs_factor && act.stage().is_some());
    let acts = open.iter().map(|one| act_form(act(one), skill, &id, reader)).collect::<Vec<_>>();
    let barred = (!barred.is_empty()).then(|| {
        quiet_link(
            says.say("发布成绩前请先启用验证码", "Set up your second factor, then release results"),
            "/desk/me#factor",
        )
    });
    let about = skill.may.set_up.then(|| {
        let words = says.say("赛项信息", "What it is");
        quiet_link(words, format!("/desk/skill/{id}/about")).set("aria-label", format!("{words}: {title}"))
    });
    let head = el("header")
        .add(el("h3").add(number).add(" ").add(name("span", &title, reader)))
        .add(status_word(skill.status, reader))
        .add(el("span").class("about").add(competitors).add(aspects))
        .add(where_and_when(&skill.dates, &skill.venue, reader))
        .add(el("div").class("acts").add(acts).add(barred).add(about));
    let judges =
        skill.judges.iter().map(|judge| judge_row(judge, skill.may.admit, &id, reader)).collect::<Vec<_>>();
    let caption = el("caption").class("unseen").add(says.say("裁判和设备", "Judges and devices"));
    let names = [
        says.say("代码", "Code"),
        says.say("裁判", "Judge"),
        says.say("设备", "Devices"),
        says.say("记录", "Entries"),
        says.say("登录卡", "Card"),
    ];
    let lacks_nothing = skill.missing.is_empty();
    let table = el("table").add(caption).add(heading_cells(&names)).add(el("tbody").add(judges));
    el("section")
        .class("desk-skill")
        .set("id", anchor(&skill.skill.id))
        .set("aria-label", title)
        .add(head)
        .add(unpractised)
        .add((!is_practice && skill.aspects > 0).then(|| practice::at_skill(&skill.skill.id, stand, reader)))
        .add((skill.status != Status::Upcoming).then(|| progress_bar(skill.progress)))
        .add(pending)
        .add(skill.may.second.then(|| second_at_desk(skill, reader)))
        .add(skill.session.as_ref().map(|session| running_session(session, skill, &id, reader)))
        .add(setup::of_skill(skill, &desk.competition.competition.id, reader))
        // One thing after the other: what it is marked by first, what the public sees of it then.
        .add((!is_practice && skill.may.show && lacks_nothing).then(|| skill_settings(skill, &id, reader)))
        .add((!skill.judges.is_empty()).then_some(table))
        .add(skill.may.admit.then(|| add_judge_form(skill, &id, reader)))
        .add(skill_links(skill, is_practice, reader))
}

/// The ways from a skill: its board, where it can have one, its labels and its notes.
fn skill_links(skill: &Skill, is_practice: bool, reader: Reader) -> Element {
    let says = Says(reader.language);
    let board = (!is_practice).then(|| {
        let at = address(&Topic::Skill(skill.skill.id.clone()));
        el("span").add(el("a").set("href", at).add(says.say("成绩榜", "Board"))).add(" · ")
    });
    let labels = skill.may.admit.then(|| {
        el("a")
            .set("href", format!("/desk/skill/{}/labels", segment(&skill.skill.id)))
            .add(says.say("选手标签（二维码）", "Competitors' labels (QR codes)"))
    });
    let notes = skill.may.read.then(|| {
        el("a")
            .set("href", Door::Desk(&skill.skill.id).notes())
            .add(says.say("裁判的备注和照片", "Judges' notes and photos"))
    });
    let marks = (!is_practice && skill.may.enter_marks && skill.status != Status::Upcoming).then(|| {
        let at = format!("/desk/skill/{}/marks", segment(&skill.skill.id));
        el("span")
            .add(" · ")
            .add(el("a").set("href", at).add(says.say("从文件导入成绩", "Marks from a file")))
    });
    let results = (!is_practice && skill.may.read && skill.status != Status::Upcoming).then(|| {
        let at = format!("/desk/skill/{}/out/results?as=xlsx", segment(&skill.skill.id));
        let link = el("a").set("href", at).set("download", "");
        el("span").add(" · ").add(link.add(says.say("下载成绩（Excel）", "Results (Excel)")))
    });
    el("p").class("about").add(board).add(labels).add(" · ").add(notes).add(marks).add(results)
}

/// The session that a board shows, and the way to take it off.
fn running_session(session: &SessionClock, of: &Skill, skill: &str, reader: Reader) -> Element {
    let says = Says(reader.language);
    let times = format!("{} – {}", reader.moment(session.from), reader.moment(session.until));
    form(format!("/desk/skill/{skill}/session/end"))
        .class("running-session")
        .add(el("span").add(says.say("场次计时", "Session clock")))
        .add(name("strong", &session.label, reader))
        .add(el("span").class("about").add(times))
        .add(of.may.show.then(|| button("quiet", says.say("撤下", "Take it off"))))
}

fn skill_settings(skill: &Skill, id: &str, reader: Reader) -> Element {
    let says = Says(reader.language);
    let policies = [
        (Policy::Progress, "progress", says.say("只显示进度", "Progress only")),
        (Policy::Completed, "completed", says.say("已评完的子项", "Completed sub-criteria")),
        (Policy::Running, "running", says.say("实时得分", "Running marks")),
    ];
    let policies = policies.map(|(policy, value, words)| option(value, policy == skill.policy, words));
    // Once it is open, who is behind a code is no longer to be chosen.
    let is_fixed = skill.status != Status::Upcoming;
    let names = el("select")
        .set("name", "is_anonymous")
        .set_some("disabled", is_fixed.then_some(""))
        .add(option(
            "true",
            skill.is_anonymous,
            says.say("公布前只显示代码", "Codes only until results are out"),
        ))
        .add(option("false", !skill.is_anonymous, says.say("一直显示", "Shown all the time")));
    let seen = says.say("评分时公众看到", "The public sees while it is marked");
    form(format!("/desk/skill/{id}/settings"))
        .class("line settings")
        .add(field(seen, el("select").set("name", "policy").add(policies.to_vec())))
        .add(field(says.say("姓名和单位", "Names and organisations"), names))
        .add(button("quiet", says.say("保存", "Save")))
}

fn judge_row(judge: &Judge, may_admit: bool, skill: &str, reader: Reader) -> Element {
    let says = Says(reader.language);
    let role = match judge.role {
        Role::ChiefJudge => says.say("裁判长", "Chief judge"),
        _ => says.say("裁判员", "Judge"),
    };
    let devices: Vec<Element> = judge
        .devices
        .iter()
        .map(|device| {
            let words = match device.used_at {
                Some(at) => format!("{} {}", says.say("已登录", "signed in"), reader.moment(at)),
                None => says.say("登录卡未用", "card not used yet").to_owned(),
            };
            let end = says.say("作废", "End");
            let about = if device.used_at.is_some() {
                says.say(
                    "这台设备会立即退出；它没有上传的评分要重新登录才能上传。",
                    "This device is signed out at once; what it has not sent waits until it signs in again.",
                )
            } else {
                says.say("这张登录卡不能再用。", "This card can no longer be used.")
            };
            let confirm = form(format!("/desk/skill/{skill}/end"))
                .add(hidden_input("enrolment", device.enrolment.to_string()))
                .add(button("quiet", end));
            let label = format!("{end}: {}", judge.name);
            el("div")
                .class("device")
                .add(el("span").add(words))
                .add(may_admit.then(|| confirmed("quiet", end, label, about, confirm)))
        })
        .collect();
    let none = devices.is_empty().then(|| el("span").class("about").add(says.say("没有", "None")));
    let entries: i64 = judge.devices.iter().map(|device| device.entries).sum();
    let new_card = says.say("新登录卡", "New card");
    let label = format!("{new_card}: {}", judge.name);
    let new_card = form(format!("/desk/skill/{skill}/cards"))
        .add(hidden_input("judge", judge.code.to_string()))
        .add(button("quiet", new_card).set("aria-label", label));
    el("tr")
        .add(el("td").class("mono").add(judge.code.to_string()))
        .add(
            el("th")
                .set("scope", "row")
                .add(name("span", &judge.name, reader))
                .add(" ")
                .add(el("small").add(role)),
        )
        .add(el("td").class("devices").add(devices).add(none))
        .add(el("td").class("count").add(entries.to_string()))
        .add(el("td").add(may_admit.then_some(new_card)))
}

/// The form that adds a judge who is in no list; none once results are out, where no seat changes hands.
fn add_judge_form(skill: &Skill, id: &str, reader: Reader) -> Option<Element> {
    if matches!(skill.status, Status::Provisional | Status::Publicised | Status::Official) {
        return None;
    }
    let says = Says(reader.language);
    let about = says.say(
        "名单之外的裁判到场时用。添加后给这位裁判做登录卡；开放评分以后，裁判长用“换裁判”安排席位。",
        "For a judge who comes from outside the list. Make them a card then; once the skill is open, the chief judge gives them a seat by \"Replace a judge\".",
    );
    let words = says.say("添加裁判", "Add a judge");
    let code = text_input("code", "").class("mono").set("maxlength", "64").set("autocomplete", "off");
    let own_name = text_input("name", "").set("maxlength", "200").set("autocomplete", "off");
    let organisation =
        el("input").set("name", "organisation").set("maxlength", "200").set("autocomplete", "off");
    let fields = form(format!("/desk/skill/{id}/judges"))
        .add(field(says.say("代码", "Code"), code))
        .add(field(says.say("姓名", "Name"), own_name))
        .add(field(says.say("单位", "Organisation"), organisation))
        .add(button("primary", words));
    let label = format!("{words}: {}", reader.pick(&skill.skill.name));
    Some(confirmed("quiet", words, label, about, fields))
}

/// What can be done to a skill; none of it can be undone, so each is asked twice.
fn act_form(act: Act, skill: &Skill, id: &str, reader: Reader) -> Element {
    let says = Says(reader.language);
    let title = reader.pick(&skill.skill.name);
    // Closing is what comes next only once everything is marked.
    let closing = if skill.status == Status::UnderReview { "primary" } else { "quiet" };
    let (value, words, class, about) = match act {
        Act::Open => (
            "open",
            says.say("开放评分", "Open for marking"),
            "primary",
            says.say(
                "开放后，评分标准、规则、选手和评分组就固定下来，不能再改。",
                "From then on scheme, rules, competitors and panels are fixed.",
            ),
        ),
        Act::OpenUnpractised => (
            "open_unpractised",
            says.say("没练完也开放", "Open without practice"),
            "quiet",
            says.say(
                "有裁判还没评完练习件。开放后，评分标准、规则、选手和评分组就固定下来，不能再改。",
                "Judges have not completed the practice. From then on scheme, rules, competitors and panels are fixed.",
            ),
        ),
        Act::Close => (
            "close",
            says.say("结束评分", "Close marking"),
            closing,
            says.say(
                "结束后到达的评分记为迟到，须两人准许才计入。",
                "A mark that arrives afterwards is late, and counts only when two persons admit it.",
            ),
        ),
        Act::ReleaseProvisional => (
            "release_provisional",
            says.say("发布暂定成绩", "Release provisional results"),
            "quiet",
            says.say(
                "公众会看到总分、名次和姓名，标明“暂定”。",
                "The public sees totals, ranks and names, marked as provisional.",
            ),
        ),
        Act::ReleasePublicised => (
            "release_publicised",
            says.say("公示成绩", "Publicise results"),
            "quiet",
            says.say(
                "公众会看到总分、名次和姓名，标明“公示中”，可以提出异议。",
                "The public sees totals, ranks and names, open to objection.",
            ),
        ),
        Act::ReleaseOfficial => (
            "release_official",
            says.say("发布正式成绩", "Release official results"),
            "quiet",
            says.say("成绩成为最终结果。", "The results are final."),
        ),
    };
    let confirm =
        form(format!("/desk/skill/{id}/act")).add(hidden_input("act", value)).add(button(class, words));
    confirmed(class, words, format!("{words}: {title}"), about, confirm)
}

/// Where a skill stands on its competition's desk; `server::pages` leads there.
fn anchor(skill: &str) -> String {
    format!("skill-{}", segment(skill))
}

fn is_signed_in(judge: &Judge) -> bool {
    judge.devices.iter().any(|device| device.used_at.is_some())
}
