//! Running a competition: set up from a package or a page, open, mark, close, release, export. What
//! changes a result is entered in the ledger; the desk only asks for it.

mod enter;
mod foresee;
mod judges;
mod out;
mod proposal;
mod queries;
mod routes;
mod small;

use domain::access::{Action, Role, Scope, allows};
use domain::finding::{Finding, Place, Spoken};
use domain::findings;
use domain::id::{DeviceId, EntryId, JudgeCode, LedgerId, OrganisationId};
use domain::marking::{Body, Close, Opening, Phase, Refusal as MarkingRefusal, Release, Stage, State};
use domain::results::standings;
use domain::rules::LivePolicy;
use protocol::desk::{self, Act, May};
use protocol::judge::{About, Confirm};
use protocol::people::Organisation;
use protocol::view::{CompetitionRef, Policy, SessionClock, SkillRef, Text};

use crate::accounts::{AccountError, Card, Listed, Staff};
use crate::competition::{self, CompetitionError, KeptSkill};
use crate::exchange::Files;
use crate::exchange::package::{self, Competition, ImportError, Judge, Name, SkillDocument};
use crate::http::{App, Failure};
use crate::ledger::LedgerError;
use crate::live::{self, LiveError, SkillSetting};
use crate::organisation::{self, OrganisationError};
use crate::{draw, setup};

pub(crate) use enter::{Author, enter, enter_drawn};
pub(crate) use foresee::{Foretold, decided, foretell, is_acceptable};
pub use judges::add_judge;
pub(crate) use out::{called, results_out};
pub(crate) use proposal::{author as chief_author, proposals, propose, retract, second};
pub(crate) use routes::{file_of, named_file_of, routes, upload};
pub(crate) use small::{csv, fresh_code, place_on_page};

findings! {
    /// Why something was not done at the desk.
    pub enum DeskError {
        PackageRefused = Error "package_refused",
            "赛事包有错误，没有保存任何内容；请按下面的提示修改后再上传。",
            "The package has errors and nothing was kept; mend what is listed and upload it again.";
        FactorNeeded = Error "second_factor_needed",
            "发布成绩的人须先启用验证码：在“我的账号”里启用，两分钟就好；还没有发布任何成绩。",
            "Whoever releases results has a second factor: set yours up under My account, which takes two minutes. Nothing was released.";
        NoPlace = Error "no_place",
            "您不能以这个机构的名义举办大赛；请选您所在的机构，或请平台管理员任命您。",
            "You may make no competition of this organisation; choose one of yours, or ask a platform administrator to appoint you.";
        NoFile = Error "no_file",
            "没有收到文件；请先选择文件，再上传。",
            "No file came; choose one, then upload it.";
        NoDraft { skill: String } = Error "no_draft",
            "赛项“{skill}”没有可开放的内容；请重新上传赛事包。",
            "Skill \"{skill}\" has nothing to be opened with; upload its package again.";
        NotEntered { problem: Spoken } = Error "not_entered",
            "没有办成：{problem:#}。",
            "It was not done: {problem}.";
        SaidBefore = Error "confirmed_otherwise",
            "这件事已经录入，或已由别人确认；请重新提出。",
            "This was entered before, or somebody else confirmed it; ask for it anew.";
        TimeUnreadable { text: String } = Error "time_unreadable",
            "“{text}”不是时间；请写成 2026-05-02T09:00。",
            "\"{text}\" is no time; write it as 2026-05-02T09:00.";
        CardOfChief = Error "card_of_chief",
            "裁判长的登录卡由组委会在工作台上做。",
            "The organisers make a chief judge's card, at the desk.";
        UnknownJudge { judge: String } = Error "unknown_judge",
            "这个赛项没有裁判“{judge}”；请核对名单。",
            "There is no judge \"{judge}\" in this skill; check the list.";
        JudgeThere { judge: String } = Error "judge_there",
            "代码“{judge}”已经是这个赛项另一位裁判的；请用别的代码。",
            "Code \"{judge}\" is another judge's of this skill already; give this one their own.";
        JudgesFull { most: usize } = Error "judges_full",
            "这个赛项已有 {most} 名裁判，不能再多。",
            "This skill has {most} judges, and takes no more.";
        CodeUnfit { code: String } = Error "judge_code_unfit",
            "裁判代码“{code}”不可用；请用 1 到 64 个字符，中间不换行。",
            "Judge's code \"{code}\" cannot be used; use 1 to 64 characters on one line.";
        NameUnfit { most: usize } = Error "judge_name_unfit",
            "请填写裁判的姓名；姓名和单位各不超过 {most} 个字符，不换行。",
            "Give the judge's name; name and organisation have {most} characters at the most, on one line.";
        NumberUnreadable { text: String } = Error "number_unreadable",
            "“{text}”不是可用的数；扣分写成 2.50，补时写整分钟数。",
            "\"{text}\" is no fit number; write marks as 2.50 and time in whole minutes.";
        ScoreUnreadable { text: String } = Error "score_unreadable",
            "“{text}”不是分值；请写成 2 或 8.5 这样。",
            "\"{text}\" is no score; write it as 2 or 8.5.";
        OfPanel { panel: String, problem: Spoken } = Error "panel_refused",
            "{panel}：{problem:#}。什么都没有改。",
            "{panel}: {problem}. Nothing was changed.";
        WordMisplaced = Error "word_misplaced",
            "只有取消资格才填选手代码：请核对“什么”，或清空这一栏；还没有记入任何事。",
            "The code is typed to disqualify, and only then: look at \"What\" again, or empty that field. Nothing was entered yet.";
        WordNeeded { code: String } = Error "word_needed",
            "取消资格要再写一次选手代码：请在“再写一次选手代码”里写 {code}；还没有提请任何事。",
            "To disqualify, type the competitor's code once more: write {code} in \"The code once more\". Nothing was asked for yet.";
        OwnScore = Error "own_score",
            "自己的分值请在自己的评分表上录入。",
            "Enter your own score on your own sheet.";
        ScoreFirst = Error "score_first",
            "您也在这个评分组里；请先在自己的评分表上打分，再代录别人的，以免先听到别人的分值。",
            "You sit on this panel too: score on your own sheet first, so that you do not hear another's score before.";
        HasScored { judge: String } = Error "has_scored",
            "裁判“{judge}”在这一轮已经打过分；要改请由裁判本人更正。",
            "Judge \"{judge}\" has scored in this round already; to change it, the judge corrects it.";
        NotDrawn = Error "not_drawn",
            "还没有签名；请在签名框里手写签名，再点“我确认并签字”。",
            "There is no signature yet: draw it in the box, then sign.";
        NoProposal = Error "no_proposal",
            "这项提请已经办完或撤回；请刷新页面。",
            "This was confirmed or taken back already; load the page again.";
        TooManyProposals = Error "too_many_proposals",
            "等第二个人确认的事太多；请先让人确认或撤回一些。",
            "Too much waits for a second person; let some of it be confirmed, or take it back, first.";
        AskedAlready = Error "asked_already",
            "同样的事已经有人提请，正等第二个人确认。",
            "The same was asked for already, and waits for a second person.";
        DifferenceChanged = Error "difference_changed",
            "在您查看之后成绩有变动，这件事的影响与刚才显示的不同；请看过新的影响再确认。",
            "Results changed after you looked, and this would now do something else than was shown; look at what it does now, and confirm that.";
        NotCompeting = Error "not_competing",
            "该选手已缺席、退赛或被取消资格；请先撤销那个决定。",
            "This competitor is absent, withdrawn or disqualified; undo that decision first.";
        NotMarkedNow = Error "not_marked_now",
            "赛项现在不在评分，不能叫号。",
            "The skill is not being marked now, so nobody can be called.";
        TimeChanged = Error "time_changed",
            "这个时间在您查看之后已经录入或更改；请看过现在的时间再决定。",
            "This time was entered or changed after you looked; see what stands there now.";
        ProposerGone = Error "proposer_gone",
            "提出这件事的裁判长已退出登录；请裁判长重新登录后再提一次。",
            "The chief judge who asked for this is signed out; let them sign in and ask again.";
        NothingToPractise = Error "nothing_to_practise",
            "这个赛项还没有评分标准和评分组，没有可练习的内容；请先上传赛事包。",
            "This skill has no scheme and panels yet, so there is nothing to practise; upload its package first.";
        OfPractice = Error "practice_of_practice",
            "这本身就是练习；练习只为正式的赛项建立。",
            "This is a practice itself; practices are made for skills that count.";
        PracticeThere { practice: String } = Error "practice_there",
            "这个赛项已经有练习，编号 {practice}；一个赛项只有一个练习。",
            "This skill has its practice already, {practice}; there is one for each.";
        NoDrill = Error "no_drill",
            "没有这次练兵，或不是您开始的；请回到练兵列表。",
            "There is no such drill, or it is not one of yours; go back to the list of drills.";
        FormTooOld = Error "form_too_old",
            "这张表单不完整；请重新打开“开始练兵”，再填一次。",
            "This form is not whole; open Start a drill again and fill it in once more.";
        UnknownTemplate = Error "unknown_template",
            "没有这个模板；请在列表里选一个，或自己写。",
            "There is no such template; choose one of the list, or write your own.";
        AspectsOfDrill { given: usize, most: usize } = Error "aspects_of_drill",
            "自己写的评分点有 {given} 行；请写 1 到 {most} 行，一行一项。",
            "Your own list has {given} lines; write 1 to {most}, an aspect each.";
        HowUnknown { what: String, how: String } = Error "how_unknown",
            "“{what}”：不认识“{how}”；怎么评请写 是否、分数、评判，或 计数:5，也可以不写。",
            "\"{what}\": \"{how}\" is not known; write yes/no, points, judged or count:5, or leave it out.";
        NoWorkers = Error "no_workers",
            "还没有姓名；请一行写一个，或粘贴一列。",
            "There are no names yet; write one a line, or paste a column.";
        TooManyWorkers { given: usize, most: usize } = Error "too_many_workers",
            "有 {given} 个姓名，一次练兵最多 {most} 人；请分两次，或在工作台上建立比赛。",
            "There are {given} names, and a drill takes {most}; make two of it, or a competition at the desk.";
        WorkerTwice { name: String } = Error "worker_twice",
            "“{name}”写了两次；若是同名的两个人，请在姓名后加一个字区分。",
            "\"{name}\" stands twice; if these are two people, add something to tell them apart.";
        WorkerNameLong { name: String, most: usize } = Error "worker_name_long",
            "姓名“{name}……”超过 {most} 个字；请一行写一个人。",
            "The name \"{name}…\" has more than {most} characters; write one person a line.";
        NotPractised { judges: String } = Error "not_practised",
            "还没完成练习的裁判：{judges}。请他们先评完练习件；确实等不了，请选“没练完也开放”。没有改变任何东西。",
            "The practice is not completed by: {judges}. Let them mark the trial piece first; where that cannot be, choose to open without it. Nothing was changed.";
        PracticeStaysInside = Error "practice_stays_inside",
            "练习不公开，也不发布成绩；它只给裁判练习用。",
            "A practice is never made public and its results are never released; it is for the judges alone.";
        Failed { problem: Spoken } = Error "desk_failed", "{problem:#}。", "{problem}.";
    }
}

/// Everything wrong with what was sent, and what kind of wrong it is.
#[derive(Debug)]
pub struct Refusal {
    /// Why.
    pub error: DeskError,
    /// Findings in a document.
    pub findings: Vec<Finding>,
    /// Whether it is the server that cannot, not the request that is wrong.
    pub is_ours: bool,
}

/// Keeps a package's set-up as an organisation's, each skill waiting to be opened.
///
/// # Errors
/// Every finding, where one is an error; then nothing is kept.
pub async fn set_up(
    app: &App,
    files: Files,
    organisation: Option<OrganisationId>,
) -> Result<(String, Name, Vec<Finding>), Refusal> {
    // A package of many skills takes a while to check; sockets are not to wait for it.
    let reading = tokio::task::spawn_blocking(move || package::read(&files, &|_, _| ())).await;
    let reading = reading.map_err(|error| Refusal::failed(crate::spoken::of_library(&error)))?;
    let Some(package) = reading.package else {
        return Err(Refusal { error: DeskError::PackageRefused, findings: reading.findings, is_ours: false });
    };
    let id = uuid::Uuid::now_v7().to_string();
    package::set_up(&app.database, &package, &id, organisation, (app.clock)()).await?;
    Ok((id, package.competition.name, reading.findings))
}

/// Makes a small competition of one skill from a page.
///
/// # Errors
/// As [`set_up`].
pub async fn make_small(
    app: &App,
    staff: &Staff,
    page: &desk::Small,
) -> Result<(String, Name, Vec<Finding>), Refusal> {
    let organisation = place(app, staff, &page.organisation).await?;
    let files = small::package(page).map_err(|_| AccountError::NoRandomness)?;
    set_up(app, files, organisation).await.map_err(|mut refusal| {
        refusal.findings.iter_mut().for_each(small::place_on_page);
        refusal
    })
}

/// Whose a competition becomes that somebody makes: the organisation that they chose, or where they chose
/// none, the one that they make competitions of; this server's own where they may do that.
///
/// # Errors
/// Where they may make none there, or the database does not answer.
pub(crate) async fn place(app: &App, staff: &Staff, chosen: &str) -> Result<Option<OrganisationId>, Refusal> {
    let chosen = match chosen.trim() {
        "" if staff.may(Action::SetUp, &[Scope::Everything]).is_some() => return Ok(None),
        "" => staff.held.iter().find_map(|one| match &one.scope {
            Scope::Organisation(id) if allows(one.role, Action::SetUp) => Some(id.clone()),
            _ => None,
        }),
        id => Some(OrganisationId::from(id)),
    };
    let scope = Scope::Organisation(chosen.clone().ok_or(DeskError::NoPlace)?);
    let reach = organisation::reach(&app.database, &scope).await?;
    let is_theirs = reach.first() == Some(&scope) && staff.may(Action::SetUp, &reach).is_some();
    if is_theirs { Ok(chosen) } else { Err(DeskError::NoPlace.into()) }
}

/// The organisations that somebody may make competitions of, each after the one above it, and whether also
/// of none.
///
/// # Errors
/// Where the database does not answer.
pub(crate) async fn places(app: &App, staff: &Staff) -> Result<(Vec<Organisation>, bool), Refusal> {
    let tree = organisation::tree(&app.database).await?;
    let mut places = organisation::list(&app.database).await?;
    places.retain(|one| staff.may(Action::SetUp, &tree.reach(&one.id)).is_some());
    Ok((places, staff.may(Action::SetUp, &[Scope::Everything]).is_some()))
}

/// Every competition that somebody may look at, in whole or a skill of it, oldest first; practices after
/// those that count.
///
/// # Errors
/// Where the database does not answer.
pub async fn list(app: &App, staff: &Staff) -> Result<Vec<desk::Listed>, Refusal> {
    let practices = competition::practices(&app.database).await?;
    let mut listed = Vec::new();
    for id in competition::list(&app.database).await? {
        let (kept, mut skills) = load(app, &id).await?;
        let reach = organisation::reach(&app.database, &Scope::Competition(id.clone())).await?;
        skills.retain(|skill| staff.may(Action::Look, &of_skill(skill, &reach)).is_some());
        if skills.is_empty() && staff.may(Action::Look, &reach).is_none() {
            continue;
        }
        let practice = practices.iter().find(|practice| practice.competition == id);
        let practice_of = practice.map(|practice| practice.skill.to_string());
        let competition = kept.reference(&id);
        listed.push(desk::Listed { competition, skills: skills.len(), practice_of });
    }
    listed.sort_by_key(|listed| listed.practice_of.is_some());
    Ok(listed)
}

/// Where a competition is a practice, the skill that is practised for.
///
/// # Errors
/// Where the database does not answer.
pub(crate) async fn practice_of(app: &App, id: &str) -> Result<Option<LedgerId>, Refusal> {
    let practices = competition::practices(&app.database).await?;
    let practice = practices.into_iter().find(|practice| practice.competition == id);
    Ok(practice.map(|practice| practice.skill))
}

/// A skill and all that lies above it.
/// What lies above a skill, itself included, by what lies above its competition.
pub(crate) fn of_skill(skill: &KeptSkill<SkillDocument>, above: &[Scope]) -> Vec<Scope> {
    std::iter::once(Scope::Skill(skill.ledger.clone())).chain(above.iter().cloned()).collect()
}

fn may(staff: &Staff, reach: &[Scope]) -> May {
    let may = |action| staff.may(action, reach).is_some();
    May {
        show: may(Action::Show),
        admit: may(Action::Admit),
        check_in: may(Action::CheckIn),
        enter_marks: may(Action::MarkForAnother),
        read: may(Action::Read),
        export: may(Action::Export),
        second: may(Action::Second),
        set_up: may(Action::SetUp),
    }
}

/// A competition with everything that somebody may act on there: of its skills those that they may look at.
///
/// # Errors
/// Where there is none, or the database does not answer.
pub async fn look(app: &App, staff: &Staff, id: &str) -> Result<desk::Competition, Refusal> {
    let (kept, mut skills) = load(app, id).await?;
    let reach = organisation::reach(&app.database, &Scope::Competition(id.to_owned())).await?;
    skills.retain(|skill| staff.may(Action::Look, &of_skill(skill, &reach)).is_some());
    let practice_of = practice_of(app, id).await?.map(|skill| skill.to_string());
    let mut shown = Vec::with_capacity(skills.len());
    let mut is_frozen = false;
    for skill in &skills {
        let setting = app.live.setting(&skill.ledger).await?;
        is_frozen |= setting.frozen.is_some();
        let mut seen = look_at_skill(app, skill, &setting).await?;
        let reach = of_skill(skill, &reach);
        let is_practice = practice_of.is_some();
        seen.acts.retain(|act| {
            staff.may(asked_by(*act), &reach).is_some() && !(is_practice && act.stage().is_some())
        });
        seen.may = may(staff, &reach);
        shown.push(seen);
    }
    shown.sort_by(|a, b| (&a.skill.number, &a.skill.id).cmp(&(&b.skill.number, &b.skill.id)));
    Ok(desk::Competition {
        competition: kept.reference(id),
        edition: kept.edition,
        tier: kept.tier,
        host: kept.host,
        dates: kept.dates,
        venue: kept.venue,
        is_public: app.live.is_public(id).await?,
        is_frozen,
        practice_of,
        may: may(staff, &reach),
        skills: shown,
    })
}

async fn look_at_skill(
    app: &App,
    kept: &KeptSkill<SkillDocument>,
    setting: &SkillSetting,
) -> Result<desk::Skill, Refusal> {
    let state = app.ledger.state(&kept.ledger).await?;
    let drafted = if state.skill.is_none() { kept.opening() } else { None };
    let opening = state.skill.as_ref().map(|skill| &skill.opening).or(drafted.as_ref());
    let enrolments = app.accounts.enrolments(&kept.ledger).await?;
    let mut judges = Vec::with_capacity(kept.document.judges.len());
    for judge in &kept.document.judges {
        let mut devices = Vec::new();
        for listed in enrolments.iter().filter(|listed| listed.judge == judge.code) {
            let entries = match &listed.device {
                Some(device) => app.ledger.device(device).await?.map_or(0, |device| device.last_dseq),
                None => 0,
            };
            let enrolment = listed.enrolment.clone();
            devices.push(desk::Device { enrolment, used_at: listed.used_at, entries });
        }
        judges.push(desk::Judge {
            code: judge.code.clone(),
            name: judge.name.clone(),
            role: role_of(judge),
            devices,
        });
    }
    let mut missing = if state.skill.is_none() { setup::missing(kept) } else { Vec::new() };
    if state.skill.is_none() {
        missing.extend(draw::lacks(app, kept).await.map_err(refused)?);
    }
    Ok(desk::Skill {
        skill: skill_ref(kept),
        folder: kept.name.clone(),
        dates: kept.document.dates.clone(),
        venue: kept.document.venue.clone(),
        status: live::status(state.skill.as_deref()),
        policy: match setting.policy.or(opening.map(|opening| opening.rules.live_policy)) {
            None | Some(LivePolicy::Progress) => Policy::Progress,
            Some(LivePolicy::Completed) => Policy::Completed,
            Some(LivePolicy::Running) => Policy::Running,
        },
        is_anonymous: !setting.is_named,
        progress: state.skill.as_deref().map(live::shown_progress).unwrap_or_default(),
        session: setting.session.clone(),
        competitors: opening.map_or(0, |opening| opening.competitors.len()),
        aspects: opening.map_or(0, |opening| opening.scheme.aspects().count()),
        pending: state.skill.as_ref().map_or(0, |skill| skill.pending.len()),
        proposals: proposals(app, &kept.ledger, &state).await?,
        judges,
        is_draft: state.skill.is_none() && kept.draft.is_some(),
        // What cannot be opened yet is not offered.
        acts: acts(&state).into_iter().filter(|act| *act != Act::Open || missing.is_empty()).collect(),
        missing,
        scheme_noted: if drafted.is_some() { setup::scheme::noted(app, &kept.ledger).await? } else { 0 },
        may: May::default(),
    })
}

/// Changes what the public sees of a competition.
///
/// # Errors
/// Where there is none, it is a practice that would be public, or the database does not answer.
pub async fn set_competition(
    app: &App,
    staff: &Staff,
    id: &str,
    settings: &desk::CompetitionSettings,
) -> Result<(), Refusal> {
    if let Some(is_public) = settings.is_public {
        if is_public && practice_of(app, id).await?.is_some() {
            return Err(DeskError::PracticeStaysInside.into());
        }
        app.live.set_public(id, is_public).await?;
    }
    match settings.is_frozen {
        Some(true) => app.live.freeze(id, &staff.account).await?,
        Some(false) => app.live.unfreeze(id).await?,
        None => {}
    }
    Ok(())
}

/// Changes what the public sees of a skill.
///
/// # Errors
/// Where there is none, it is too late for that, or the database does not answer.
pub async fn set_skill(app: &App, skill: &LedgerId, settings: &desk::SkillSettings) -> Result<(), Refusal> {
    if let Some(policy) = settings.policy {
        let policy = match policy {
            Policy::Progress => LivePolicy::Progress,
            Policy::Completed => LivePolicy::Completed,
            Policy::Running => LivePolicy::Running,
        };
        app.live.set_policy(skill, Some(policy)).await?;
    }
    if let Some(is_anonymous) = settings.is_anonymous
        && app.live.setting(skill).await?.is_named == is_anonymous
    {
        app.live.set_anonymous(skill, is_anonymous).await?;
    }
    Ok(())
}

/// Sets the session that runs in every skill of a competition, or takes it off.
///
/// # Errors
/// Where there is none, its label or times are unfit, or the database does not answer.
pub async fn set_session_of_all(app: &App, id: &str, session: Option<SessionClock>) -> Result<(), Refusal> {
    let skills = app.live.skills(id).await?;
    Ok(app.live.set_session(&skills, session).await?)
}

/// The same for one skill.
///
/// # Errors
/// As [`set_session_of_all`].
pub async fn set_session(app: &App, skill: &LedgerId, session: Option<SessionClock>) -> Result<(), Refusal> {
    Ok(app.live.set_session(std::slice::from_ref(skill), session).await?)
}

/// Does something to a skill: one entry in its ledger.
///
/// # Errors
/// Why the rules refuse it now, or it could not be entered.
pub async fn act(app: &App, staff: &Staff, skill: &LedgerId, act: Act) -> Result<(), Refusal> {
    let author = author(app, staff, skill, asked_by(act)).await?;
    // What cannot be called back takes more than a password that somebody may have seen.
    if act.stage().is_some() && !staff.has_factor {
        return Err(DeskError::FactorNeeded.into());
    }
    act_as(app, &author, skill, act).await
}

/// The same for who needs not be asked again.
pub(crate) async fn act_as(app: &App, author: &Author, skill: &LedgerId, act: Act) -> Result<(), Refusal> {
    if act.stage().is_some() && competition::practised_by(&app.database, skill).await?.is_some() {
        return Err(DeskError::PracticeStaysInside.into());
    }
    let now = (app.clock)();
    let body = match act {
        Act::Open | Act::OpenUnpractised => {
            // Nothing of it is changed from here on, until it is open or was refused.
            let kept = competition::pin::<SkillDocument>(&app.database, skill, now).await?;
            match opening_of(app, kept).await {
                Ok(opening) => Body::Open(Box::new(opening)),
                Err(refusal) => {
                    competition::unpin(&app.database, skill, now).await?;
                    return Err(refusal);
                }
            }
        }
        Act::Close => Body::Close(Close { reason: None }),
        Act::ReleaseProvisional | Act::ReleasePublicised | Act::ReleaseOfficial => {
            // Every other act has been matched above.
            Body::Release(Release { stage: act.stage().unwrap_or(Stage::Provisional) })
        }
    };
    let is_opening = matches!(body, Body::Open(_));
    let decide = desk::Decide { act: EntryId(uuid::Uuid::now_v7().as_u128()), body, reason: None };
    let entered = enter(app, author, skill, decide, None).await;
    if entered.is_err() && is_opening {
        competition::unpin(&app.database, skill, now).await?;
    }
    entered
}

/// What a skill opens with: by the drawn codes, where there was a draw.
async fn opening_of(app: &App, mut kept: KeptSkill<SkillDocument>) -> Result<Opening, Refusal> {
    let state = app.ledger.state(&kept.ledger).await?;
    let drawn = state.coding.as_ref().and_then(|coding| coding.drawn);
    if state.skill.is_none() {
        if let Some(lacks) = draw::lacks(app, &kept).await.map_err(refused)? {
            let problem = Spoken::new(lacks.what.zh, lacks.what.en);
            return Err(DeskError::NotEntered { problem }.into());
        }
        kept = draw::marked(app, kept, state.coding.as_deref()).await.map_err(refused)?;
    }
    let opening = kept.opening().ok_or(DeskError::NoDraft { skill: kept.name })?;
    Ok(Opening { draw: drawn, ..opening })
}

/// What another feature refused, as a refusal of the desk's.
fn refused(failure: Failure) -> Refusal {
    let is_ours = failure.status.is_server_error();
    Refusal { is_ours, ..DeskError::NotEntered { problem: Spoken::from(&failure.what) }.into() }
}

/// Enters a decision of the organisers, with the second person who confirmed it.
///
/// # Errors
/// Where it is none of theirs, the rules refuse it now, or it could not be entered.
pub async fn decide(app: &App, staff: &Staff, skill: &LedgerId, decide: desk::Decide) -> Result<(), Refusal> {
    find(app, skill).await?;
    let action = Action::of(&decide.body, &staff.account);
    if !matches!(action, Action::TakeOut | Action::Override | Action::Settle) {
        return Err(MarkingRefusal::NotAllowed.into());
    }
    let second = app.ledger.second_of(skill, decide.act, &decide.body).await?;
    enter(app, &author(app, staff, skill, action).await?, skill, decide, second).await
}

/// An organiser's word for an act of two persons, before it is entered.
///
/// # Errors
/// Where there is no such skill, or it is too late for that.
pub async fn confirm(app: &App, staff: &Staff, skill: &LedgerId, confirm: &Confirm) -> Result<(), Refusal> {
    find(app, skill).await?;
    let holds = app.ledger.confirm(skill, confirm.act, &confirm.body, &staff.account).await?;
    if holds { Ok(()) } else { Err(DeskError::SaidBefore.into()) }
}

/// Somebody at the desk as who enters: in the role that allows it. The desk of all of them is one device of
/// the ledger.
async fn author(app: &App, staff: &Staff, skill: &LedgerId, action: Action) -> Result<Author, Refusal> {
    let reach = organisation::reach(&app.database, &Scope::Skill(skill.clone())).await?;
    Ok(author_as(staff, skill, staff.may(action, &reach).ok_or(MarkingRefusal::NotAllowed)?))
}

pub(crate) fn author_as(staff: &Staff, skill: &LedgerId, role: Role) -> Author {
    Author { actor: staff.account.clone(), role, device: DeviceId::from(format!("desk:{skill}")) }
}

/// Makes a card by which a judge signs another device in, for the chief judge who asks for it. None for a
/// chief judge: whoever got one would be a second person to themselves.
///
/// # Errors
/// Where there is no such judge, or it is a chief judge.
pub async fn card_by_chief(app: &App, skill: &LedgerId, judge: &JudgeCode) -> Result<desk::Card, Refusal> {
    let kept = find(app, skill).await?;
    if kept.document.judges.iter().any(|known| known.code == *judge && known.is_chief) {
        return Err(DeskError::CardOfChief.into());
    }
    card(app, skill, judge).await
}

/// Makes a judge's card; what it leads to is shown once.
///
/// # Errors
/// Where there is no such judge.
pub async fn card(app: &App, skill: &LedgerId, judge: &JudgeCode) -> Result<desk::Card, Refusal> {
    let kept = find(app, skill).await?;
    let known = kept.document.judges.iter().find(|known| known.code == *judge);
    let known = known.ok_or_else(|| DeskError::UnknownJudge { judge: judge.to_string() })?;
    let Card { enrolment, code, pin } = app.accounts.make_card(skill, judge, role_of(known)).await?;
    Ok(desk::Card {
        judge: judge.clone(),
        name: known.name.clone(),
        skill: skill_ref(&kept),
        enrolment,
        address: format!("{}/judge#{code}", app.origins.public()),
        code,
        pin,
    })
}

/// What a judge is there for, in words.
///
/// # Errors
/// Where there is no such judge, or the database does not answer.
pub async fn about(app: &App, skill: &LedgerId, judge: &JudgeCode) -> Result<About, Refusal> {
    let id = competition::of_skill(&app.database, skill).await?;
    let (competition, skills) = load(app, &id).await?;
    let kept = skills.into_iter().find(|kept| kept.ledger == *skill);
    let kept = kept.ok_or_else(|| CompetitionError::UnknownSkill { id: skill.to_string() })?;
    let known = kept.document.judges.iter().find(|known| known.code == *judge);
    let known = known.ok_or_else(|| DeskError::UnknownJudge { judge: judge.to_string() })?;
    Ok(About {
        competition: text(&competition.name),
        judge: known.name.clone(),
        skill: text(&kept.document.name),
    })
}

/// New cards for all judges of a competition who have no device yet; their unused cards are
/// withdrawn.
///
/// # Errors
/// Where there is no such competition, or the database does not answer.
pub async fn missing_cards(app: &App, id: &str) -> Result<Vec<desk::Card>, Refusal> {
    let mut cards = Vec::new();
    let (_, mut skills) = load(app, id).await?;
    skills.sort_by(|a, b| (&a.document.number, &a.ledger).cmp(&(&b.document.number, &b.ledger)));
    for kept in skills {
        let enrolments = app.accounts.enrolments(&kept.ledger).await?;
        for judge in &kept.document.judges {
            let is_there = |listed: &Listed| listed.judge == judge.code && listed.used_at.is_some();
            if !enrolments.iter().any(is_there) {
                cards.push(card(app, &kept.ledger, &judge.code).await?);
            }
        }
    }
    Ok(cards)
}

/// A competition's name.
///
/// # Errors
/// Where there is none, or the database does not answer.
pub(crate) async fn name_of(app: &App, id: &str) -> Result<Text, Refusal> {
    Ok(reference(app, id).await?.name)
}

/// A competition, as pages name it.
///
/// # Errors
/// Where there is none, or the database does not answer.
pub(crate) async fn reference(app: &App, id: &str) -> Result<CompetitionRef, Refusal> {
    Ok(load(app, id).await?.0.reference(id))
}

/// The competition that a skill belongs to.
///
/// # Errors
/// Where there is no such skill, or the database does not answer.
pub async fn competition_of(app: &App, skill: &LedgerId) -> Result<String, Refusal> {
    Ok(competition::of_skill(&app.database, skill).await?)
}

/// The results of a competition as they stand, of the skills that somebody may read, in the columns of
/// `package score`.
///
/// # Errors
/// Where there is no such competition, or the database does not answer.
pub async fn results(app: &App, staff: &Staff, id: &str) -> Result<Vec<desk::ResultRow>, Refusal> {
    let (_, mut skills) = load(app, id).await?;
    let reach = organisation::reach(&app.database, &Scope::Competition(id.to_owned())).await?;
    skills.retain(|skill| staff.may(Action::Read, &of_skill(skill, &reach)).is_some());
    let mut rows = Vec::new();
    for kept in skills {
        let state = app.ledger.state(&kept.ledger).await?;
        let standings = state.skill.as_deref().map(standings).unwrap_or_default();
        rows.extend(standings.into_iter().map(|standing| desk::ResultRow {
            skill: kept.name.clone(),
            competitor: standing.competitor.to_string(),
            total: standing.total.map(|total| total.to_string()).unwrap_or_default(),
            scale: standing.scale.map(|scale| scale.to_string()).unwrap_or_default(),
            position: standing.position.map(|position| position.to_string()).unwrap_or_default(),
            award: standing.award.unwrap_or_default(),
        }));
    }
    Ok(rows)
}

/// A competition with its ledgers as a package.
///
/// # Errors
/// Where there is no such competition, or the database does not answer.
pub async fn export(app: &App, id: &str) -> Result<Files, Refusal> {
    Ok(package::export(&app.database, &app.ledger, id, &|_, _| ()).await?)
}

/// What an act asks permission for.
fn asked_by(act: Act) -> Action {
    match act {
        Act::Open | Act::OpenUnpractised => Action::Open,
        Act::Close | Act::ReleaseProvisional | Act::ReleasePublicised | Act::ReleaseOfficial => {
            Action::Release
        }
    }
}

/// What may be done next; the ledger has the last word.
fn acts(state: &State) -> Vec<Act> {
    match state.skill.as_ref().map(|skill| skill.phase) {
        None => vec![Act::Open],
        Some(Phase::Open) => vec![Act::Close],
        Some(Phase::Closed) => vec![Act::ReleaseProvisional, Act::ReleasePublicised, Act::ReleaseOfficial],
        Some(Phase::Released(Stage::Provisional)) => vec![Act::ReleasePublicised, Act::ReleaseOfficial],
        Some(Phase::Released(Stage::Publicised)) => vec![Act::ReleaseOfficial],
        Some(Phase::Released(Stage::Official)) => Vec::new(),
    }
}

async fn load(app: &App, id: &str) -> Result<(Competition, Vec<KeptSkill<SkillDocument>>), CompetitionError> {
    let (kept, skills) = competition::load::<Competition, SkillDocument>(&app.database, id).await?;
    Ok((kept.document, skills))
}

/// A skill as it is kept.
pub(crate) async fn find(app: &App, skill: &LedgerId) -> Result<KeptSkill<SkillDocument>, CompetitionError> {
    let id = competition::of_skill(&app.database, skill).await?;
    let (_, skills) = load(app, &id).await?;
    let found = skills.into_iter().find(|kept| kept.ledger == *skill);
    found.ok_or_else(|| CompetitionError::UnknownSkill { id: skill.to_string() })
}

/// The labels of a skill's competitors, whose QR codes open a sheet each.
///
/// # Errors
/// Where there is no such skill, or the database does not answer.
pub(crate) async fn labels(app: &App, skill: &LedgerId) -> Result<desk::Labels, Refusal> {
    let mut kept = find(app, skill).await?;
    let state = app.ledger.state(skill).await?;
    if state.skill.is_none() {
        kept = draw::marked(app, kept, state.coding.as_deref()).await.map_err(refused)?;
    }
    let drafted = if state.skill.is_none() { kept.opening() } else { None };
    let opening = state.skill.as_ref().map(|skill| &skill.opening).or(drafted.as_ref());
    let competitors = opening.map(|opening| opening.competitors.as_slice()).unwrap_or_default();
    Ok(desk::Labels {
        skill: skill_ref(&kept),
        origin: app.origins.public().to_owned(),
        codes: competitors.iter().map(|entrant| entrant.code.clone()).collect(),
    })
}

pub(crate) fn skill_ref(kept: &KeptSkill<SkillDocument>) -> SkillRef {
    SkillRef {
        id: kept.ledger.to_string(),
        name: text(&kept.document.name),
        number: kept.document.number.clone(),
    }
}

pub(crate) fn text(name: &Name) -> Text {
    Text { zh: name.zh.clone(), en: name.en.clone() }
}

pub(crate) fn role_of(judge: &Judge) -> Role {
    if judge.is_chief { Role::ChiefJudge } else { Role::Judge }
}

impl Refusal {
    pub(crate) fn failed(problem: Spoken) -> Self {
        Self { error: DeskError::Failed { problem }, findings: Vec::new(), is_ours: true }
    }

    /// What is wrong, as a finding about the whole.
    #[must_use]
    pub fn finding(&self) -> Finding {
        self.error.at(Place::default())
    }
}

impl From<DeskError> for Refusal {
    fn from(error: DeskError) -> Self {
        Self { error, findings: Vec::new(), is_ours: false }
    }
}

impl From<MarkingRefusal> for Refusal {
    fn from(refusal: MarkingRefusal) -> Self {
        DeskError::NotEntered { problem: refusal.spoken() }.into()
    }
}

impl From<sqlx::Error> for Refusal {
    fn from(error: sqlx::Error) -> Self {
        Self::failed(crate::spoken::of_database(&error))
    }
}

impl From<CompetitionError> for Refusal {
    fn from(error: CompetitionError) -> Self {
        let is_ours =
            matches!(error, CompetitionError::Unreadable { .. } | CompetitionError::Database { .. });
        Self { is_ours, ..Self::failed(error.spoken()) }
    }
}

impl From<OrganisationError> for Refusal {
    fn from(error: OrganisationError) -> Self {
        let is_ours = matches!(error, OrganisationError::Database { .. });
        Self { is_ours, ..Self::failed(error.spoken()) }
    }
}

impl From<ImportError> for Refusal {
    fn from(error: ImportError) -> Self {
        Self::failed(error.spoken())
    }
}

impl From<LiveError> for Refusal {
    fn from(error: LiveError) -> Self {
        match error {
            LiveError::AlreadyOpened | LiveError::SessionUnfit => {
                DeskError::NotEntered { problem: error.spoken() }.into()
            }
            LiveError::Unknown => Self { is_ours: false, ..Self::failed(error.spoken()) },
            LiveError::Stopped | LiveError::Failed { .. } => Self::failed(error.spoken()),
        }
    }
}

impl From<LedgerError> for Refusal {
    fn from(error: LedgerError) -> Self {
        Self::failed(error.spoken())
    }
}

impl From<AccountError> for Refusal {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::NoRandomness | AccountError::Database { .. } => Self::failed(error.spoken()),
            _ => DeskError::NotEntered { problem: error.spoken() }.into(),
        }
    }
}
