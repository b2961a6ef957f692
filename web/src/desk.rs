//! The organisers' desk: plain pages and forms that need no script.

use domain::access::Role;
use domain::finding::{Language, Severity};
use leptos::prelude::*;
use protocol::Problem;
use protocol::desk::{Act, Card, Competition, Judge, Listed, Skill, Small};
use protocol::view::{Policy, Status, Topic};

use crate::format::{Reader, segment};
use crate::home::dates;
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
        rule_sets: &'a [(String, protocol::view::Text)],
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
    pub(crate) fn body(&self, reader: Reader) -> String {
        match *self {
            Self::Door { is_new, problem, name } => door(is_new, problem, name, reader).to_html(),
            Self::Home { name, competitions, rule_sets, typed, problem } => {
                home(name, competitions, rule_sets, typed, problem, reader).to_html()
            }
            Self::Competition { name, competition } => competition_page(name, competition, reader).to_html(),
            Self::Cards { cards, back } => cards_page(cards, back, reader).to_html(),
            Self::Refused { problem, back } => refused(problem, back, reader).to_html(),
        }
    }
}

fn door(is_new: bool, problem: Option<&Problem>, name: &str, reader: Reader) -> impl IntoView + use<> {
    let says = Says(reader.language);
    let wrong = problem.map(|problem| view! { <p class="wrong" role="alert">{problem.detail.clone()}</p> });
    let secret = is_new.then(|| {
        view! {
            <label>
                <span>{says.say("一次性密钥", "One-time secret")}</span>
                <input name="secret" required autocomplete="off" autocapitalize="characters" spellcheck="false" class="mono" />
                <small>{says.say("服务器启动时打印在终端里。", "The server printed it in its terminal at the start.")}</small>
            </label>
        }
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
    let autocomplete = if is_new { "new-password" } else { "current-password" };
    let hint = is_new.then(|| {
        view! { <small>{says.say("至少 10 个字符，15 个以上更好。", "At least 10 characters; 15 or more are better.")}</small> }
    });
    view! {
        <div class="door">
            <h1>{head}</h1>
            {wrong}
            <form method="post" action=action>
                {secret}
                <label>
                    <span>{says.say("名称", "Name")}</span>
                    <input name="name" required maxlength="64" autocomplete="username" value=name.to_owned() />
                </label>
                <label>
                    <span>{says.say("密码", "Password")}</span>
                    <input name="password" type="password" required minlength="10" maxlength="128" autocomplete=autocomplete />
                    {hint}
                </label>
                <button class="primary">{go}</button>
            </form>
        </div>
    }
}

fn top(name: &str, reader: Reader) -> impl IntoView + use<> {
    let says = Says(reader.language);
    view! {
        <div class="desk-top">
            <nav class="breadcrumbs" aria-label=reader.texts().breadcrumbs>
                <a href="/desk">{says.say("工作台", "Desk")}</a>
            </nav>
            <form method="post" action="/desk/sign-out">
                <span>{name.to_owned()}</span>
                <button class="quiet">{says.say("退出", "Sign out")}</button>
            </form>
        </div>
    }
}

fn home(
    name: &str,
    competitions: &[Listed],
    rule_sets: &[(String, protocol::view::Text)],
    typed: &Small,
    problem: Option<&Problem>,
    reader: Reader,
) -> impl IntoView + use<> {
    let says = Says(reader.language);
    let wrong = problem.map(|problem| {
        view! {
            <p class="wrong" role="alert">{problem.detail.clone()}</p>
            {findings(problem, reader)}
        }
    });
    let rows: Vec<_> = competitions
        .iter()
        .rev()
        .map(|listed| {
            let title = reader.pick(&listed.competition.name);
            let at = format!("/desk/competition/{}", segment(&listed.competition.id));
            let count = text::skills(u32::try_from(listed.skills).unwrap_or(u32::MAX), reader.language);
            view! { <li class="card"><a href=at>{title}</a><p class="of">{count}</p></li> }
        })
        .collect();
    let list = if rows.is_empty() {
        empty(
            says.say("还没有大赛", "There is no competition yet"),
            says.say(
                "上传一个赛事包，或者用下面的表格新建一场小型比赛。",
                "Upload a package, or make a small one with the form below.",
            ),
        )
        .into_any()
    } else {
        view! { <ul class="cards">{rows}</ul> }.into_any()
    };
    let options: Vec<_> = rule_sets
        .iter()
        .map(|(id, title)| {
            let chosen = if typed.rule_set.is_empty() { "enterprise-drill" } else { typed.rule_set.as_str() };
            let selected = (id == chosen).then_some(true);
            view! { <option value=id.clone() selected=selected>{reader.pick(title)}</option> }
        })
        .collect();
    view! {
        {top(name, reader)}
        <div class="head"><h1>{says.say("工作台", "Desk")}</h1></div>
        <section aria-labelledby="competitions">
            <h2 id="competitions">{says.say("大赛", "Competitions")}</h2>
            {list}
        </section>
        <section aria-labelledby="upload">
            <h2 id="upload">{says.say("上传赛事包", "Upload a package")}</h2>
            <p class="about">{says.say(
                "一个 .zip：评分标准、选手、裁判和规则。上传后先检查，再由您开放各个赛项；包里的评分不会导入。",
                "A .zip: scheme, competitors, judges and rules. It is checked first, then you open each skill; marks in it are not taken in.",
            )}</p>
            <form method="post" action="/desk/competitions" enctype="multipart/form-data" class="line">
                <label><span>{says.say("文件", "File")}</span><input type="file" name="package" accept=".zip,application/zip" required /></label>
                <button class="primary">{says.say("检查并上传", "Check and upload")}</button>
            </form>
        </section>
        <section aria-labelledby="small">
            <h2 id="small">{says.say("新建小型比赛", "Make a small competition")}</h2>
            <p class="about">{says.say(
                "一个赛项，一页填完；列表一行一个，用逗号隔开。",
                "One skill on one page; lists are lines, with commas between the fields.",
            )}</p>
            {wrong}
            <form method="post" action="/desk/small#small" class="sheet">
                <label><span>{says.say("大赛名称", "Competition")}</span><input name="name" required maxlength="200" value=typed.name.clone() placeholder=says.say("2026 年厂内练兵", "Workshop drill 2026") /></label>
                <label><span>{says.say("赛项", "Skill")}</span><input name="skill" required maxlength="200" value=typed.skill.clone() placeholder=says.say("焊工", "Welding") /></label>
                <label><span>{says.say("规则", "Rules")}</span><select name="rule_set">{options}</select></label>
                <label class="wide">
                    <span>{says.say("选手：姓名，单位，代表队", "Competitors: name, organisation, delegation")}</span>
                    <textarea name="competitors" rows="6" required placeholder=says.say("李明远，一车间\n王秀兰，二车间", "Li Mingyuan, Shop 1\nWang Xiulan, Shop 2")>{typed.competitors.clone()}</textarea>
                    <small>{says.say("代码随机生成。", "Codes are made at random.")}</small>
                </label>
                <label class="wide">
                    <span>{says.say("裁判：姓名，单位（第一行是裁判长）", "Judges: name, organisation (the first is the chief judge)")}</span>
                    <textarea name="judges" rows="4" required placeholder=says.say("马建华，质检院\n胡爱民，技师学院", "Ma Jianhua, Test institute\nHu Aimin, Technical college")>{typed.judges.clone()}</textarea>
                </label>
                <label class="wide">
                    <span>{says.say("评分点：内容，满分，测量或评判", "Aspects: what is looked at, maximum, measurement or judgement")}</span>
                    <textarea name="aspects" rows="8" required placeholder=says.say("外观无缺陷，10，测量\n操作规范，10，评判", "No visible defects, 10, measurement\nWorks by the rules, 10, judgement")>{typed.aspects.clone()}</textarea>
                </label>
                <button class="primary">{says.say("检查并新建", "Check and make it")}</button>
            </form>
        </section>
    }
}

fn competition_page(name: &str, competition: &Competition, reader: Reader) -> impl IntoView + use<> {
    let says = Says(reader.language);
    let id = segment(&competition.competition.id);
    let title = reader.pick(&competition.competition.name);
    let skills: Vec<_> = competition.skills.iter().map(|skill| skill_block(skill, reader)).collect();
    let setting =
        |field: &'static str, is_on: bool, on: &'static str, off: &'static str, class: &'static str| {
            let at = format!("/desk/competition/{id}/settings");
            let label = if is_on { off } else { on };
            let value = if is_on { "false" } else { "true" };
            view! {
                <form method="post" action=at>
                    <input type="hidden" name=field value=value />
                    <button class=class>{label}</button>
                </form>
            }
        };
    let frozen = competition.is_frozen.then(|| {
        view! {
            <p class="note frozen" role="status">{says.say(
                "已封榜：所有公开页面和屏幕都停在封榜时的内容；裁判照常评分。",
                "Frozen: every public page and screen stands as it was; judging goes on.",
            )}</p>
        }
    });
    let public_at = address(&Topic::Competition(competition.competition.id.clone()));
    let public = if competition.is_public {
        view! { <a class="quiet" href=public_at>{says.say("公开页面", "Public page")}</a> }.into_any()
    } else {
        view! { <span class="about">{says.say("还没有公开；公众看不到。", "Not public yet; nobody outside sees it.")}</span> }.into_any()
    };
    view! {
        {top(name, reader)}
        <div class="head">
            <h1>{title}</h1>
            <p class="facts"><span>{dates(&competition.dates)}</span><span>{competition.host.clone()}</span></p>
        </div>
        {frozen}
        <div class="desk-acts">
            {setting(
                "is_public", competition.is_public,
                says.say("公开", "Make it public"), says.say("取消公开", "Take it off the public pages"), "primary",
            )}
            {setting(
                "is_frozen", competition.is_frozen,
                says.say("封榜", "Freeze every surface"), says.say("解除封榜", "Unfreeze"), "quiet",
            )}
            <form method="post" action=format!("/desk/competition/{id}/cards")>
                <button class="quiet">{says.say("打印登录卡", "Print judges' cards")}</button>
            </form>
            <a class="quiet" href=format!("/api/competitions/{id}/export") download>{says.say("导出（.zip）", "Export (.zip)")}</a>
            {public}
        </div>
        {skills}
    }
}

fn skill_block(skill: &Skill, reader: Reader) -> impl IntoView + use<> {
    let says = Says(reader.language);
    let id = segment(&skill.skill.id);
    let title = reader.pick(&skill.skill.name);
    let judges: Vec<_> = skill.judges.iter().map(|judge| judge_row(judge, &id, reader)).collect();
    let acts: Vec<_> = skill.acts.iter().map(|act| act_form(*act, &id, reader)).collect();
    let figures = match reader.language {
        Language::Chinese => format!("{} 名选手 · {} 个评分点", skill.competitors, skill.aspects),
        Language::English => format!("{} competitors · {} aspects", skill.competitors, skill.aspects),
    };
    let pending = (skill.pending > 0).then(|| {
        let words = match reader.language {
            Language::Chinese => format!("{} 条评分冲突或迟到，等裁判长决定", skill.pending),
            Language::English => {
                format!("{} conflicting or late marks wait for the chief judge", skill.pending)
            }
        };
        view! { <p class="note attention">{words}</p> }
    });
    let board = address(&Topic::Skill(skill.skill.id.clone()));
    let label = title.clone();
    view! {
        <section class="desk-skill" aria-label=label>
            <header>
                <h2><span class="number">{skill.skill.number.clone()}</span>" "{title}</h2>
                {status_word(skill.status, reader)}
                <span class="about">{figures}</span>
                <div class="acts">{acts}</div>
            </header>
            {(skill.status != Status::Upcoming).then(|| progress_bar(skill.progress))}
            {pending}
            {skill_settings(skill, &id, reader)}
            <table>
                <caption class="unseen">{says.say("裁判和设备", "Judges and devices")}</caption>
                <thead><tr>
                    <th scope="col">{says.say("代码", "Code")}</th>
                    <th scope="col">{says.say("裁判", "Judge")}</th>
                    <th scope="col">{says.say("设备", "Devices")}</th>
                    <th scope="col">{says.say("记录", "Entries")}</th>
                    <th scope="col"></th>
                </tr></thead>
                <tbody>{judges}</tbody>
            </table>
            <p class="about"><a href=board>{says.say("成绩榜", "Board")}</a></p>
        </section>
    }
}

fn skill_settings(skill: &Skill, id: &str, reader: Reader) -> impl IntoView + use<> {
    let says = Says(reader.language);
    let policies = [Policy::Progress, Policy::Completed, Policy::Running];
    let options: Vec<_> = policies
        .into_iter()
        .map(|policy| {
            let (value, words) = match policy {
                Policy::Progress => ("progress", says.say("只显示进度", "Progress only")),
                Policy::Completed => ("completed", says.say("已评完的子项", "Completed sub-criteria")),
                Policy::Running => ("running", says.say("实时得分", "Running marks")),
            };
            let selected = (policy == skill.policy).then_some(true);
            view! { <option value=value selected=selected>{words}</option> }
        })
        .collect();
    let yes = (skill.is_anonymous).then_some(true);
    let no = (!skill.is_anonymous).then_some(true);
    // Once it is open, who is behind a code is no longer to be chosen.
    let is_fixed = skill.status != Status::Upcoming;
    view! {
        <form method="post" action=format!("/desk/skill/{id}/settings") class="line settings">
            <label><span>{says.say("评分时公众看到", "The public sees while it is marked")}</span><select name="policy">{options}</select></label>
            <label><span>{says.say("姓名和单位", "Names and organisations")}</span>
                <select name="is_anonymous" disabled=is_fixed>
                    <option value="true" selected=yes>{says.say("公布前只显示代码", "Codes only until results are out")}</option>
                    <option value="false" selected=no>{says.say("一直显示", "Shown all the time")}</option>
                </select>
            </label>
            <button class="quiet">{says.say("保存", "Save")}</button>
        </form>
    }
}

fn judge_row(judge: &Judge, skill: &str, reader: Reader) -> impl IntoView + use<> {
    let says = Says(reader.language);
    let role = match judge.role {
        Role::ChiefJudge => says.say("裁判长", "Chief judge"),
        _ => says.say("裁判员", "Judge"),
    };
    let devices: Vec<_> = judge
        .devices
        .iter()
        .map(|device| {
            let words = match device.used_at {
                Some(at) => format!("{} {}", says.say("已登录", "signed in"), reader.moment(at)),
                None => says.say("登录卡未用", "card not used yet").to_owned(),
            };
            view! {
                <form method="post" action=format!("/desk/skill/{skill}/end")>
                    <span>{words}</span>
                    <input type="hidden" name="enrolment" value=device.enrolment.to_string() />
                    <button class="quiet">{says.say("作废", "End")}</button>
                </form>
            }
        })
        .collect();
    let devices = if devices.is_empty() {
        view! { <span class="about">{says.say("没有", "None")}</span> }.into_any()
    } else {
        devices.into_any()
    };
    let entries: i64 = judge.devices.iter().map(|device| device.entries).sum();
    view! {
        <tr>
            <td class="mono">{judge.code.to_string()}</td>
            <th scope="row">{judge.name.clone()}" "<small>{role}</small></th>
            <td class="devices">{devices}</td>
            <td class="count">{entries}</td>
            <td>
                <form method="post" action=format!("/desk/skill/{skill}/cards")>
                    <input type="hidden" name="judge" value=judge.code.to_string() />
                    <button class="quiet">{says.say("新登录卡", "New card")}</button>
                </form>
            </td>
        </tr>
    }
}

fn act_form(act: Act, skill: &str, reader: Reader) -> impl IntoView + use<> {
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
    view! {
        <form method="post" action=format!("/desk/skill/{skill}/act")>
            <input type="hidden" name="act" value=value />
            <button class=class>{words}</button>
        </form>
    }
}

fn cards_page(cards: &[Card], back: &str, reader: Reader) -> impl IntoView + use<> {
    let says = Says(reader.language);
    let shown: Vec<_> = cards.iter().map(|card| card_view(card, reader)).collect();
    let body = if shown.is_empty() {
        empty(
            says.say("没有要打印的登录卡", "There are no cards to print"),
            says.say(
                "每位裁判都已登录；需要换设备时，在名单里点“新登录卡”。",
                "Every judge is signed in; for another device use New card in the list.",
            ),
        )
        .into_any()
    } else {
        view! { <ul class="judge-cards">{shown}</ul> }.into_any()
    };
    view! {
        <div class="head">
            <h1>{says.say("裁判登录卡", "Judges' cards")}</h1>
            <p class="about">{says.say(
                "只显示这一次：现在打印，或让裁判当面扫码。每张卡只能登录一台设备。",
                "Shown this once: print them now, or let the judges scan them here. Each card signs one device in.",
            )}</p>
            <p class="acts"><a class="quiet" href=back.to_owned()>{says.say("返回", "Back")}</a></p>
        </div>
        {body}
    }
}

fn card_view(card: &Card, reader: Reader) -> impl IntoView + use<> {
    let says = Says(reader.language);
    let (size, path) = qr(&card.address);
    let quiet = 4;
    let frame = format!("-{quiet} -{quiet} {0} {0}", size + 2 * quiet);
    view! {
        <li class="judge-card">
            <svg class="qr" viewBox=frame role="img" aria-label=says.say("登录二维码", "QR code for signing in")>
                <rect class="ground" x="-4" y="-4" width=size + 8 height=size + 8></rect>
                <path d=path></path>
            </svg>
            <div>
                <p class="of">{card.skill.number.clone()}" "{reader.pick(&card.skill.name)}</p>
                <h2>{card.name.clone()}</h2>
                <p class="mono">{card.judge.to_string()}</p>
                <p>"PIN "<strong class="mono pin">{card.pin.clone()}</strong></p>
                <p class="mono address">{card.address.clone()}</p>
            </div>
        </li>
    }
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

fn refused(problem: &Problem, back: &str, reader: Reader) -> impl IntoView + use<> {
    let says = Says(reader.language);
    view! {
        <div class="head">
            <h1>{says.say("没有办成", "Not done")}</h1>
            <p class="wrong" role="alert">{problem.detail.clone()}</p>
        </div>
        {findings(problem, reader)}
        <p class="acts"><a class="primary" href=back.to_owned()>{says.say("返回", "Back")}</a></p>
    }
}

/// Everything found in a document; nothing where nothing was.
fn findings(problem: &Problem, reader: Reader) -> impl IntoView + use<> {
    let says = Says(reader.language);
    let rows: Vec<_> = problem
        .findings
        .iter()
        .map(|finding| {
            let (class, word) = match finding.severity {
                Severity::Error => ("is-error", says.say("错误", "Error")),
                Severity::Warning => ("is-warning", says.say("提醒", "Warning")),
            };
            let row = finding.row.map(|row| row.to_string()).unwrap_or_default();
            view! {
                <tr class=class>
                    <td><strong>{word}</strong></td>
                    <td class="mono">{finding.file.clone().unwrap_or_default()}</td>
                    <td class="count">{row}</td>
                    <td class="mono">{finding.column.clone().unwrap_or_default()}</td>
                    <td>{finding.message.clone()}</td>
                </tr>
            }
        })
        .collect();
    (!rows.is_empty()).then(|| {
        view! {
            <table class="findings">
                <caption>{match reader.language {
                    Language::Chinese => format!("共 {} 条", rows.len()),
                    Language::English => format!("{} findings", rows.len()),
                }}</caption>
                <thead><tr>
                    <th scope="col"></th>
                    <th scope="col">{says.say("文件", "File")}</th>
                    <th scope="col">{says.say("行", "Row")}</th>
                    <th scope="col">{says.say("列", "Column")}</th>
                    <th scope="col">{says.say("问题和做法", "What is wrong and what to do")}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        }
    })
}
