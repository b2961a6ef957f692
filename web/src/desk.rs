//! The organisers' desk: plain pages and forms that need no script.

use domain::access::Role;
use domain::finding::{Language, Severity};
use protocol::Problem;
use protocol::desk::{Act, Card, Competition, Judge, Listed, Skill, Small};
use protocol::view::{Policy, Status, Text, Topic};

use crate::format::{Reader, segment};
use crate::home::dates;
use crate::node::{Content, Element, Node, el};
use crate::parts::{address, empty, progress_bar, status_word};
use crate::text;

/// What the desk shows.
#[derive(Clone, Copy, Debug)]
pub enum DeskPage<'a> {
    /// Signing in, or making the first account; with what went wrong before.
    Door {
        /// Whether there is no account yet.
        is_new: bool,
        /// What went wrong.
        problem: Option<&'a Problem>,
        /// What was typed as the name.
        name: &'a str,
    },
    /// Every competition, and the ways to make one.
    Home {
        /// Who is signed in.
        name: &'a str,
        /// Every competition.
        competitions: &'a [Listed],
        /// The rule sets to choose from: id and title.
        rule_sets: &'a [(String, Text)],
        /// What was typed for a small competition.
        typed: &'a Small,
        /// Why that was refused.
        problem: Option<&'a Problem>,
    },
    /// One competition with everything to do.
    Competition {
        /// Who is signed in.
        name: &'a str,
        /// Which.
        competition: &'a Competition,
    },
    /// Judges' cards, to be printed or shown once.
    Cards {
        /// The cards.
        cards: &'a [Card],
        /// Where to go back to.
        back: &'a str,
    },
    /// Something was refused.
    Refused {
        /// What, and everything found.
        problem: &'a Problem,
        /// Where to go back to.
        back: &'a str,
    },
}

/// One text of two, by the reader's language.
#[derive(Clone, Copy)]
struct Says(Language);

impl Says {
    fn say(self, chinese: &'static str, english: &'static str) -> &'static str {
        match self.0 {
            Language::Chinese => chinese,
            Language::English => english,
        }
    }
}

impl DeskPage<'_> {
    /// The document's title.
    pub(crate) fn title(&self, reader: Reader) -> String {
        let says = Says(reader.language);
        match self {
            Self::Door { is_new: true, .. } => {
                says.say("建立第一个账号", "Make the first account").to_owned()
            }
            Self::Door { .. } => says.say("登录工作台", "Sign in to the desk").to_owned(),
            Self::Home { .. } => says.say("工作台", "Desk").to_owned(),
            Self::Competition { competition, .. } => reader.pick(&competition.competition.name),
            Self::Cards { .. } => says.say("裁判登录卡", "Judges' cards").to_owned(),
            Self::Refused { .. } => says.say("没有办成", "Not done").to_owned(),
        }
    }

    /// The page's body.
    pub(crate) fn body(&self, reader: Reader) -> Vec<Node> {
        let mut nodes = Vec::new();
        match *self {
            Self::Door { is_new, problem, name } => door(is_new, problem, name, reader).add_to(&mut nodes),
            Self::Home { name, competitions, rule_sets, typed, problem } => {
                top(name, reader).add_to(&mut nodes);
                home(competitions, reader).add_to(&mut nodes);
                upload(reader).add_to(&mut nodes);
                small(rule_sets, typed, problem, reader).add_to(&mut nodes);
            }
            Self::Competition { name, competition } => {
                top(name, reader).add_to(&mut nodes);
                competition_page(competition, reader).add_to(&mut nodes);
            }
            Self::Cards { cards, back } => cards_page(cards, back, reader).add_to(&mut nodes),
            Self::Refused { problem, back } => refused(problem, back, reader).add_to(&mut nodes),
        }
        nodes
    }
}

/// A form that is sent to an address.
fn form(action: impl Into<std::borrow::Cow<'static, str>>) -> Element {
    el("form").set("method", "post").set("action", action)
}

fn button(class: &'static str, words: &'static str) -> Element {
    el("button").class(class).add(words)
}

/// What a form sends besides what is typed.
fn hidden_input(name: &'static str, value: impl Into<std::borrow::Cow<'static, str>>) -> Element {
    el("input").set("type", "hidden").set("name", name).set("value", value)
}

/// A field with its name above it.
fn field(name: &'static str, input: impl Content) -> Element {
    el("label").add(el("span").add(name)).add(input)
}

fn text_input(name: &'static str, value: &str) -> Element {
    el("input").set("name", name).set("required", "").set("value", value.to_owned())
}

fn lines(name: &'static str, rows: &'static str, hint: &'static str, value: &str) -> Element {
    let area = el("textarea").set("name", name).set("rows", rows).set("required", "");
    area.set("placeholder", hint).add(value.to_owned())
}

fn option(value: impl Into<std::borrow::Cow<'static, str>>, is_chosen: bool, words: impl Content) -> Element {
    el("option").set("value", value).set_some("selected", is_chosen.then_some("")).add(words)
}

fn quiet_link(words: &'static str, to: impl Into<std::borrow::Cow<'static, str>>) -> Element {
    el("a").class("quiet").set("href", to).add(words)
}

fn wrong(problem: &Problem) -> Element {
    el("p").class("wrong").set("role", "alert").add(problem.detail.clone())
}

fn heading_cells(names: &[&'static str]) -> Element {
    let cells = names.iter().map(|name| el("th").set("scope", "col").add(*name)).collect::<Vec<_>>();
    el("thead").add(el("tr").add(cells))
}

fn door(is_new: bool, problem: Option<&Problem>, name: &str, reader: Reader) -> Element {
    let says = Says(reader.language);
    let secret = is_new.then(|| {
        let input = text_input("secret", "")
            .class("mono")
            .set("autocomplete", "off")
            .set("autocapitalize", "characters")
            .set("spellcheck", "false");
        let where_from =
            says.say("服务器启动时打印在终端里。", "The server printed it in its terminal at the start.");
        field(says.say("一次性密钥", "One-time secret"), input).add(el("small").add(where_from))
    });
    let (action, head, go) = if is_new {
        (
            "/desk/set-up",
            says.say("建立第一个账号", "Make the first account"),
            says.say("建立并登录", "Make it and sign in"),
        )
    } else {
        ("/desk/sign-in", says.say("登录工作台", "Sign in to the desk"), says.say("登录", "Sign in"))
    };
    let hint = is_new.then(|| {
        el("small").add(
            says.say("至少 10 个字符，15 个以上更好。", "At least 10 characters; 15 or more are better."),
        )
    });
    let own_name = text_input("name", name).set("maxlength", "64").set("autocomplete", "username");
    let password = text_input("password", "")
        .set("type", "password")
        .set("minlength", "10")
        .set("maxlength", "128")
        .set("autocomplete", if is_new { "new-password" } else { "current-password" });
    let fields = form(action)
        .add(secret)
        .add(field(says.say("名称", "Name"), own_name))
        .add(field(says.say("密码", "Password"), password).add(hint))
        .add(button("primary", go));
    el("div").class("door").add(el("h1").add(head)).add(problem.map(wrong)).add(fields)
}

fn top(name: &str, reader: Reader) -> Element {
    let says = Says(reader.language);
    let desk = el("a").set("href", "/desk").add(says.say("工作台", "Desk"));
    let path = el("nav").class("breadcrumbs").set("aria-label", reader.texts().breadcrumbs).add(desk);
    let leave = form("/desk/sign-out")
        .add(el("span").add(name.to_owned()))
        .add(button("quiet", says.say("退出", "Sign out")));
    el("div").class("desk-top").add(path).add(leave)
}

fn home(competitions: &[Listed], reader: Reader) -> Vec<Element> {
    let says = Says(reader.language);
    let cards: Vec<Element> = competitions
        .iter()
        .rev()
        .map(|listed| {
            let at = format!("/desk/competition/{}", segment(&listed.competition.id));
            let count = text::skills(u32::try_from(listed.skills).unwrap_or(u32::MAX), reader.language);
            el("li")
                .class("card")
                .add(el("a").set("href", at).add(reader.pick(&listed.competition.name)))
                .add(el("p").class("of").add(count))
        })
        .collect();
    let list = if cards.is_empty() {
        empty(
            says.say("还没有大赛", "There is no competition yet"),
            says.say(
                "上传一个赛事包，或者用下面的表格新建一场小型比赛。",
                "Upload a package, or make a small one with the form below.",
            ),
        )
    } else {
        el("ul").class("cards").add(cards)
    };
    let title = el("div").class("head").add(el("h1").add(says.say("工作台", "Desk")));
    vec![title, section("competitions", says.say("大赛", "Competitions")).add(list)]
}

fn section(id: &'static str, title: &'static str) -> Element {
    el("section").set("aria-labelledby", id).add(el("h2").set("id", id).add(title))
}

fn upload(reader: Reader) -> Element {
    let says = Says(reader.language);
    let about = says.say(
        "一个 .zip：评分标准、选手、裁判和规则。上传后先检查，再由您开放各个赛项；包里的评分不会导入。",
        "A .zip: scheme, competitors, judges and rules. It is checked first, then you open each skill; marks in it are not taken in.",
    );
    let file = el("input")
        .set("type", "file")
        .set("name", "package")
        .set("accept", ".zip,application/zip")
        .set("required", "");
    let fields = form("/desk/competitions")
        .set("enctype", "multipart/form-data")
        .class("line")
        .add(field(says.say("文件", "File"), file))
        .add(button("primary", says.say("检查并上传", "Check and upload")));
    section("upload", says.say("上传赛事包", "Upload a package"))
        .add(el("p").class("about").add(about))
        .add(fields)
}

fn small(rule_sets: &[(String, Text)], typed: &Small, problem: Option<&Problem>, reader: Reader) -> Element {
    let says = Says(reader.language);
    let chosen = if typed.rule_set.is_empty() { "enterprise-drill" } else { typed.rule_set.as_str() };
    let options: Vec<Element> =
        rule_sets.iter().map(|(id, title)| option(id.clone(), id == chosen, reader.pick(title))).collect();
    let name = text_input("name", &typed.name)
        .set("maxlength", "200")
        .set("placeholder", says.say("2026 年厂内练兵", "Workshop drill 2026"));
    let skill = text_input("skill", &typed.skill)
        .set("maxlength", "200")
        .set("placeholder", says.say("焊工", "Welding"));
    let competitors = lines(
        "competitors",
        "6",
        says.say("李明远，一车间\n王秀兰，二车间", "Li Mingyuan, Shop 1\nWang Xiulan, Shop 2"),
        &typed.competitors,
    );
    let judges = lines(
        "judges",
        "4",
        says.say(
            "马建华，质检院\n胡爱民，技师学院",
            "Ma Jianhua, Test institute\nHu Aimin, Technical college",
        ),
        &typed.judges,
    );
    let aspects = lines(
        "aspects",
        "8",
        says.say(
            "外观无缺陷，10，测量\n操作规范，10，评判",
            "No visible defects, 10, measurement\nWorks by the rules, 10, judgement",
        ),
        &typed.aspects,
    );
    let of_competitors = says.say("选手：姓名，单位，代表队", "Competitors: name, organisation, delegation");
    let of_judges = says.say(
        "裁判：姓名，单位（第一行是裁判长）",
        "Judges: name, organisation (the first is the chief judge)",
    );
    let of_aspects = says.say(
        "评分点：内容，满分，测量或评判",
        "Aspects: what is looked at, maximum, measurement or judgement",
    );
    let random = el("small").add(says.say("代码随机生成。", "Codes are made at random."));
    let fields = form("/desk/small#small")
        .class("sheet")
        .add(field(says.say("大赛名称", "Competition"), name))
        .add(field(says.say("赛项", "Skill"), skill))
        .add(field(says.say("规则", "Rules"), el("select").set("name", "rule_set").add(options)))
        .add(field(of_competitors, competitors).class("wide").add(random))
        .add(field(of_judges, judges).class("wide"))
        .add(field(of_aspects, aspects).class("wide"))
        .add(button("primary", says.say("检查并新建", "Check and make it")));
    let about = says.say(
        "一个赛项，一页填完；列表一行一个，用逗号隔开。",
        "One skill on one page; lists are lines, with commas between the fields.",
    );
    section("small", says.say("新建小型比赛", "Make a small competition"))
        .add(el("p").class("about").add(about))
        .add(problem.map(wrong))
        .add(problem.and_then(|problem| findings(problem, reader)))
        .add(fields)
}

fn competition_page(competition: &Competition, reader: Reader) -> Vec<Element> {
    let says = Says(reader.language);
    let id = segment(&competition.competition.id);
    let setting =
        |name: &'static str, is_on: bool, class: &'static str, on: &'static str, off: &'static str| {
            form(format!("/desk/competition/{id}/settings"))
                .add(hidden_input(name, if is_on { "false" } else { "true" }))
                .add(button(class, if is_on { off } else { on }))
        };
    let frozen = competition.is_frozen.then(|| {
        let words = says.say(
            "已封榜：所有公开页面和屏幕都停在封榜时的内容；裁判照常评分。",
            "Frozen: every public page and screen stands as it was; judging goes on.",
        );
        el("p").class("note").set("role", "status").add(words)
    });
    let public = if competition.is_public {
        let at = address(&Topic::Competition(competition.competition.id.clone()));
        quiet_link(says.say("公开页面", "Public page"), at)
    } else {
        let words = says.say("还没有公开；公众看不到。", "Not public yet; nobody outside sees it.");
        el("span").class("about").add(words)
    };
    let (make_public, take_off) =
        (says.say("公开", "Make it public"), says.say("取消公开", "Take it off the public pages"));
    let (freeze, unfreeze) = (says.say("封榜", "Freeze every surface"), says.say("解除封榜", "Unfreeze"));
    let print = form(format!("/desk/competition/{id}/cards"))
        .add(button("quiet", says.say("打印登录卡", "Print judges' cards")));
    let export = format!("/api/competitions/{id}/export");
    let acts = el("div")
        .class("desk-acts")
        .add(setting("is_public", competition.is_public, "primary", make_public, take_off))
        .add(setting("is_frozen", competition.is_frozen, "quiet", freeze, unfreeze))
        .add(print)
        .add(quiet_link(says.say("导出（.zip）", "Export (.zip)"), export).set("download", ""))
        .add(public);
    let facts = el("p")
        .class("facts")
        .add(el("span").add(dates(&competition.dates)))
        .add(el("span").add(competition.host.clone()));
    let head =
        el("div").class("head").add(el("h1").add(reader.pick(&competition.competition.name))).add(facts);
    let mut page = vec![head];
    page.extend(frozen);
    page.push(acts);
    page.extend(competition.skills.iter().map(|skill| skill_block(skill, reader)));
    page
}

fn skill_block(skill: &Skill, reader: Reader) -> Element {
    let says = Says(reader.language);
    let id = segment(&skill.skill.id);
    let title = reader.pick(&skill.skill.name);
    let figures = match reader.language {
        Language::Chinese => format!("{} 名选手 · {} 个评分点", skill.competitors, skill.aspects),
        Language::English => format!("{} competitors · {} aspects", skill.competitors, skill.aspects),
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
    let acts = skill.acts.iter().map(|act| act_form(*act, &id, reader)).collect::<Vec<_>>();
    let head = el("header")
        .add(el("h2").add(number).add(" ").add(title.clone()))
        .add(status_word(skill.status, reader))
        .add(el("span").class("about").add(figures))
        .add(el("div").class("acts").add(acts));
    let judges = skill.judges.iter().map(|judge| judge_row(judge, &id, reader)).collect::<Vec<_>>();
    let caption = el("caption").class("unseen").add(says.say("裁判和设备", "Judges and devices"));
    let names = [
        says.say("代码", "Code"),
        says.say("裁判", "Judge"),
        says.say("设备", "Devices"),
        says.say("记录", "Entries"),
        "",
    ];
    let table = el("table").add(caption).add(heading_cells(&names)).add(el("tbody").add(judges));
    let board =
        el("a").set("href", address(&Topic::Skill(skill.skill.id.clone()))).add(says.say("成绩榜", "Board"));
    el("section")
        .class("desk-skill")
        .set("aria-label", title)
        .add(head)
        .add((skill.status != Status::Upcoming).then(|| progress_bar(skill.progress)))
        .add(pending)
        .add(skill_settings(skill, &id, reader))
        .add(table)
        .add(el("p").class("about").add(board))
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

fn judge_row(judge: &Judge, skill: &str, reader: Reader) -> Element {
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
            form(format!("/desk/skill/{skill}/end"))
                .add(el("span").add(words))
                .add(hidden_input("enrolment", device.enrolment.to_string()))
                .add(button("quiet", says.say("作废", "End")))
        })
        .collect();
    let none = devices.is_empty().then(|| el("span").class("about").add(says.say("没有", "None")));
    let entries: i64 = judge.devices.iter().map(|device| device.entries).sum();
    let new_card = form(format!("/desk/skill/{skill}/cards"))
        .add(hidden_input("judge", judge.code.to_string()))
        .add(button("quiet", says.say("新登录卡", "New card")));
    el("tr")
        .add(el("td").class("mono").add(judge.code.to_string()))
        .add(el("th").set("scope", "row").add(judge.name.clone()).add(" ").add(el("small").add(role)))
        .add(el("td").class("devices").add(devices).add(none))
        .add(el("td").class("count").add(entries.to_string()))
        .add(el("td").add(new_card))
}

fn act_form(act: Act, skill: &str, reader: Reader) -> Element {
    let says = Says(reader.language);
    let (value, words, class) = match act {
        Act::Open => ("open", says.say("开放评分", "Open for marking"), "primary"),
        Act::Close => ("close", says.say("结束评分", "Close marking"), "primary"),
        Act::ReleaseProvisional => {
            ("release_provisional", says.say("发布暂定成绩", "Release provisional results"), "quiet")
        }
        Act::ReleasePublicised => ("release_publicised", says.say("公示成绩", "Publicise results"), "quiet"),
        Act::ReleaseOfficial => {
            ("release_official", says.say("发布正式成绩", "Release official results"), "quiet")
        }
    };
    form(format!("/desk/skill/{skill}/act")).add(hidden_input("act", value)).add(button(class, words))
}

fn cards_page(cards: &[Card], back: &str, reader: Reader) -> Vec<Element> {
    let says = Says(reader.language);
    let about = says.say(
        "只显示这一次：现在打印，或让裁判当面扫码。每张卡只能登录一台设备。",
        "Shown this once: print them now, or let the judges scan them here. Each card signs one device in.",
    );
    let head = el("div")
        .class("head")
        .add(el("h1").add(says.say("裁判登录卡", "Judges' cards")))
        .add(el("p").class("about").add(about))
        .add(el("p").class("acts").add(quiet_link(says.say("返回", "Back"), back.to_owned())));
    let shown: Vec<Element> = cards.iter().map(|card| card_view(card, reader)).collect();
    let body = if shown.is_empty() {
        empty(
            says.say("没有要打印的登录卡", "There are no cards to print"),
            says.say(
                "每位裁判都已登录；需要换设备时，在名单里点“新登录卡”。",
                "Every judge is signed in; for another device use New card in the list.",
            ),
        )
    } else {
        el("ul").class("judge-cards").add(shown)
    };
    vec![head, body]
}

fn card_view(card: &Card, reader: Reader) -> Element {
    let says = Says(reader.language);
    let (size, path) = qr(&card.address);
    // A scanner needs four empty squares around the code.
    let whole = (size + 8).to_string();
    let ground = el("rect")
        .class("ground")
        .set("x", "-4")
        .set("y", "-4")
        .set("width", whole.clone())
        .set("height", whole.clone());
    let code = el("svg")
        .class("qr")
        .set("viewBox", format!("-4 -4 {whole} {whole}"))
        .set("role", "img")
        .set("aria-label", says.say("登录二维码", "QR code for signing in"))
        .add(ground)
        .add(el("path").set("d", path));
    let skill = format!("{} {}", card.skill.number, reader.pick(&card.skill.name));
    let about = el("div")
        .add(el("p").class("of").add(skill))
        .add(el("h2").add(card.name.clone()))
        .add(el("p").class("mono").add(card.judge.to_string()))
        .add(el("p").add("PIN ").add(el("strong").class("mono pin").add(card.pin.clone())))
        .add(el("p").class("mono address").add(card.address.clone()));
    el("li").class("judge-card").add(code).add(about)
}

/// A QR code as one path of unit squares, and how many stand in a row.
fn qr(text: &str) -> (usize, String) {
    // An address of ours is far shorter than what a code holds.
    let Ok(code) = fast_qr::QRBuilder::new(text).build() else { return (0, String::new()) };
    let dark = |row: usize, column: usize| code[row][column].value();
    let cells = (0..code.size).flat_map(|row| (0..code.size).map(move |column| (row, column)));
    let path = cells
        .filter(|(row, column)| dark(*row, *column))
        .map(|(row, column)| format!("M{column} {row}h1v1h-1z"))
        .collect();
    (code.size, path)
}

fn refused(problem: &Problem, back: &str, reader: Reader) -> Vec<Element> {
    let says = Says(reader.language);
    let head =
        el("div").class("head").add(el("h1").add(says.say("没有办成", "Not done"))).add(wrong(problem));
    let back = el("a").class("primary").set("href", back.to_owned()).add(says.say("返回", "Back"));
    let mut page = vec![head];
    page.extend(findings(problem, reader));
    page.push(el("p").class("acts").add(back));
    page
}

/// Everything found in a document; nothing where nothing was.
fn findings(problem: &Problem, reader: Reader) -> Option<Element> {
    let says = Says(reader.language);
    let rows: Vec<Element> = problem
        .findings
        .iter()
        .map(|finding| {
            let (class, word) = match finding.severity {
                Severity::Error => ("is-error", says.say("错误", "Error")),
                Severity::Warning => ("is-warning", says.say("提醒", "Warning")),
            };
            let row = finding.row.map(|row| row.to_string()).unwrap_or_default();
            el("tr")
                .class(class)
                .add(el("td").add(el("strong").add(word)))
                .add(el("td").class("mono").add(finding.file.clone().unwrap_or_default()))
                .add(el("td").class("count").add(row))
                .add(el("td").class("mono").add(finding.column.clone().unwrap_or_default()))
                .add(el("td").add(finding.message.clone()))
        })
        .collect();
    if rows.is_empty() {
        return None;
    }
    let caption = match reader.language {
        Language::Chinese => format!("共 {} 条", rows.len()),
        Language::English => format!("{} findings", rows.len()),
    };
    let names = [
        "",
        says.say("文件", "File"),
        says.say("行", "Row"),
        says.say("列", "Column"),
        says.say("问题和做法", "What is wrong and what to do"),
    ];
    let table = el("table").class("findings").add(el("caption").add(caption));
    Some(table.add(heading_cells(&names)).add(el("tbody").add(rows)))
}
