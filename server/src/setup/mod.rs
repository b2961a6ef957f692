//! Setting a competition up piece by piece: what it is, its skills, their schemes and judges; and what a skill
//! lacks before it can open. Who competes comes by lists (`crate::roster`).

pub(crate) mod edition;
mod interest;
pub(crate) mod judges;
mod missing;
pub(crate) mod panel;
mod queries;
pub(crate) mod rehearsal;
pub(crate) mod rules;
pub(crate) mod scheme;
pub(crate) mod skill;
pub(crate) mod template;

use std::collections::HashSet;

use domain::finding::{Place, Spoken};
use domain::findings;
use domain::id::{JudgeCode, LedgerId};
use domain::ledger::Hash;
use domain::marking::JUDGES_MAX;
use domain::rules::{RuleSet, preset};
use jiff::civil::Date;
use protocol::setup::{About, JudgeLines};

use crate::accounts::Staff;
use crate::circuit;
use crate::competition::{self, Changing, CompetitionError, Kept, KeptSkill};
use crate::desk;
use crate::exchange::package::{Competition, Judge, Name, SkillDocument, TIERS};
use crate::http::{App, Failure};

pub(crate) use interest::{declare, interests, take_back};
pub(crate) use missing::missing;

/// The most characters of a name.
const NAME_MAX: usize = 200;

findings! {
    /// Why something was not set up.
    pub enum SetupError {
        NameUnfit { most: usize } = Error "setup_name_unfit",
            "请写名称，不超过 {most} 个字，不换行。",
            "Give a name of {most} characters at the most, on one line.";
        TierUnknown = Error "tier_unknown",
            "请从列表里选一个级别。",
            "Choose a tier of the list.";
        DateUnfit { text: String } = Error "date_unfit",
            "“{text}”不是日期；请写成 2026-05-09。",
            "\"{text}\" is no date; write it as 2026-05-09.";
        DatesTurned = Error "dates_turned",
            "最后一天早于第一天；请对调。",
            "The last day is before the first; exchange them.";
        AboutChanged = Error "competition_changed",
            "您打开之后，别人改了这场大赛的信息；还没有保存，您写的都还在，请核对后再保存。",
            "Somebody else changed what this competition is after you opened it; nothing was saved. What you typed is still here: look it over, then save.";
        NoTemplate = Error "template_gone",
            "没有这个模板，或它已不再提供；请另选一个，或不用模板。",
            "There is no such template, or it is not offered any more; choose another, or none.";
        RulesUnknown { id: String } = Error "rules_unknown",
            "没有规则集“{id}”；请从列表里选一个。",
            "There is no rule set \"{id}\"; choose one of the list.";
        NumberUnfit { most: usize } = Error "skill_number_unfit",
            "请写赛项编号，不超过 {most} 个字，例如 01。",
            "Give the skill's number in {most} characters at the most, such as 01.";
        DaysOutside { from: Date, until: Date } = Error "skill_days_outside",
            "大赛是 {from} 到 {until}，赛项的日期要在其中；请改日期，或先改大赛的日期。",
            "The competition is held from {from} to {until}; give days within, or change the competition's days first.";
        OccupationUnknown { text: String } = Error "occupation_unknown",
            "职业分类大典里没有“{text}”；请写编码（如 6-18-02-04）或职业名称，也可以不写。",
            "The occupation classification has no \"{text}\"; write a code (such as 6-18-02-04) or an occupation's Chinese name, or leave it out.";
        SkillChanged = Error "skill_changed",
            "您打开之后，别人改了这个赛项的信息；还没有保存，您写的都还在，请核对后再保存。",
            "Somebody else changed what this skill is after you opened it; nothing was saved. What you typed is still here: look it over, then save.";
        MadeUpUnfit { most: usize } = Error "made_up_unfit",
            "请写每个赛项有几名虚构选手，1 到 {most}。",
            "Say how many made-up competitors each skill gets, from 1 to {most}.";
        NothingPicked = Error "nothing_picked",
            "还没有选；请勾选要加的赛项。",
            "Nothing is chosen; tick the skills to add.";
        NoSkills = Error "no_skill_lines",
            "还没有赛项；请一行写一个：编号，名称。",
            "There are no skills yet; write one a line: number, name.";
        SkillLine { line: usize } = Error "skill_line_unfit",
            "第 {line} 行读不懂；请写成“01，焊接”，编号和名称都不能空。",
            "Line {line} cannot be read; write it as \"01, Welding\", with a number and a name.";
        SkillTwice { number: String } = Error "skill_twice",
            "编号“{number}”的赛项已经有了；请换一个编号，或删去那一行。什么都没有添加。",
            "There is a skill number \"{number}\" already; give another number or leave that line out. Nothing was added.";
        TooManySkills { most: usize } = Error "too_many_skills",
            "一个大赛最多 {most} 个赛项。",
            "A competition has {most} skills at the most.";
        Fixed { skill: String } = Error "skill_fixed",
            "赛项“{skill}”已经开放，评分标准、选手和评分组已固定，不能再改。",
            "Skill \"{skill}\" is open: scheme, competitors and panels are fixed and cannot be changed any more.";
        InUse { skill: String } = Error "skill_in_use",
            "赛项“{skill}”已有选手、裁判、报名、登录卡或练习，或刚有人写了评分标准，没有删除；请刷新页面。选手可在名单里整批撤销。",
            "Skill \"{skill}\" has people, judges, registrations, cards or a practice, or somebody just wrote its scheme, and was not removed; load the page again. Lists of people can be taken back.";
        SchemeUnreadable = Error "scheme_unreadable",
            "有读不懂的内容，还没有保存；请按标出的提示修改，您写的都还在。",
            "Something cannot be read, so nothing was saved; mend what is marked. All that you typed is still here.";
        SchemeChanged = Error "scheme_changed",
            "您打开之后，别人改了这个评分标准；还没有保存，您写的都还在。",
            "Somebody else changed this scheme after you opened it; nothing was saved, and all that you typed is still here.";
        NotForCis = Error "scheme_not_for_cis",
            "CIS 评分表放不下这个评分标准的全部内容；可改用赛事包导出。",
            "A CIS workbook has no place for all of this scheme; export the package instead.";
        SchemeRefused = Error "scheme_refused",
            "评分标准有错误，没有换上；请按下面的提示修改后再上传。",
            "The scheme has errors and was not taken; mend what is listed and upload it again.";
        NoJudges = Error "no_judge_lines",
            "还没有裁判；请一行写一位：姓名，单位。",
            "There are no judges yet; write one a line: name, organisation.";
        TooManyJudges { most: usize } = Error "too_many_judge_lines",
            "一个赛项最多 {most} 名裁判；什么都没有添加。",
            "A skill has {most} judges at the most; nothing was added.";
        JudgeGone = Error "setup_judge_gone",
            "没有这位裁判，或已被删除；请刷新页面。",
            "There is no such judge, or they were taken off; load the page again.";
        JudgeHasCard { name: String } = Error "setup_judge_has_card",
            "“{name}”已有登录卡或设备；请先在名单里收回，再改。什么都没有改。",
            "\"{name}\" has a card or a device; end it in the list of judges first. Nothing was changed.";
        PanelsChanged = Error "panels_changed",
            "您打开之后，别人改了评分组、裁判或评分标准；还没有保存，您选的都还在，请核对后再保存。",
            "Somebody else changed panels, judges or the scheme after you opened this page; nothing was saved. What you chose is still here: look it over, then save.";
        PanelsUnfit { problem: Spoken } = Error "panels_unfit",
            "{problem:#}。还没有保存，您选的都还在。",
            "{problem}. Nothing was saved; what you chose is still here.";
        JudgeUnknown = Error "interest_judge_unknown",
            "请选一位裁判。",
            "Choose a judge.";
        CompetitorUnknown { text: String } = Error "interest_competitor_unknown",
            "没有编号或姓名是“{text}”的选手；请从列表里选，或写编号。",
            "No competitor has the number or name \"{text}\"; choose one of the list, or write the number.";
        CompetitorAmbiguous { text: String } = Error "interest_competitor_ambiguous",
            "叫“{text}”的选手不止一位；请写编号。",
            "More than one competitor is called \"{text}\"; write the number.";
        InterestThere = Error "interest_there",
            "这位裁判对这名选手的回避已经声明过了。",
            "This judge's interest in this competitor is declared already.";
        InterestGone = Error "interest_gone",
            "没有这条声明，或已撤回；请刷新页面。",
            "There is no such declaration, or it was taken back; load the page again.";
        Failed { problem: Spoken } = Error "setup_failed", "{problem:#}。", "{problem}.";
    }
}

/// Makes a competition, without skills or with those of a template; gives its id.
///
/// # Errors
/// Where the form is not fit, none may be made there, or the template is not offered.
pub(crate) async fn make(app: &App, staff: &Staff, about: &About) -> Result<String, Failure> {
    let (document, skills) = match template::chosen(app, staff, &about.template).await? {
        None => (read(about, "")?, Vec::new()),
        Some((of, skills)) => {
            let Competition { language, rule_set, .. } = of.document;
            let about = About { rule_set: rule_set.clone(), ..about.clone() };
            (Competition { language, ..read(&about, &rule_set)? }, skills)
        }
    };
    let organisation = desk::place(app, staff, &about.organisation).await?;
    circuit::check(app, &about.circuit, organisation.as_ref(), &document).await?;
    let form = uuid::Uuid::try_parse(about.form.trim()).unwrap_or_else(|_| uuid::Uuid::now_v7());
    let kept = Kept { id: form.to_string(), organisation, document };
    // A form can name a competition that is there, and somebody else's.
    if edition::keep_copy(app, &kept, &skills).await? {
        circuit::place(app, staff, &kept.id, &about.circuit).await?;
    }
    Ok(kept.id)
}

/// What a competition is, as its form says it.
///
/// # Errors
/// Where there is none.
pub(crate) async fn about(app: &App, id: &str) -> Result<About, Failure> {
    let (kept, _) = load(app, id).await?;
    form_of(app, &kept).await
}

async fn form_of(app: &App, kept: &Kept<Competition>) -> Result<About, Failure> {
    let Competition { name, edition, tier, host, dates, venue, rule_set, .. } = kept.document.clone();
    let name_en = if name.en == name.zh { String::new() } else { name.en };
    let mut days = dates.into_iter();
    let (from, until) = (days.next().unwrap_or_default(), days.next().unwrap_or_default());
    let organisation = kept.organisation.as_ref().map(ToString::to_string).unwrap_or_default();
    let circuit = circuit::of(app, &kept.id).await?.map(|circuit| circuit.id).unwrap_or_default();
    let about = About {
        name: name.zh,
        name_en,
        edition,
        tier,
        host,
        from,
        until,
        venue,
        rule_set,
        circuit,
        organisation,
        ..About::default()
    };
    Ok(About { seen: seen(&about), ..about })
}

/// What tells one state of a competition from another.
fn seen(form: &About) -> String {
    let About { name, name_en, edition, tier, host, from, until, venue, rule_set, circuit, .. } = form;
    let fields = [name, name_en, edition, tier, host, from, until, venue, rule_set, circuit];
    Hash::of_document(fields.map(String::as_str).join("\n").as_bytes()).to_string()
}

/// Changes what a competition is. Whose it is stays. Another rule set becomes that of every skill that is not
/// open yet and had the earlier one.
///
/// # Errors
/// Where the form is not fit, somebody else changed it meanwhile, or there is none.
pub(crate) async fn describe(app: &App, staff: &Staff, id: &str, about: &About) -> Result<(), Failure> {
    let (kept, skills) = load(app, id).await?;
    let there = form_of(app, &kept).await?;
    if there.seen != about.seen {
        return Err(SetupError::AboutChanged.into());
    }
    let Competition { language, is_rehearsal, rule_set: rules_before, tier, .. } = kept.document.clone();
    let document = Competition { language, is_rehearsal, ..read(about, &rules_before)? };
    // Where it stands it may stay, although its organisation has moved since.
    if (&about.circuit, &document.tier) != (&there.circuit, &tier) {
        circuit::check(app, &about.circuit, kept.organisation.as_ref(), &document).await?;
    }
    let mut open = HashSet::new();
    if document.rule_set != rules_before {
        for skill in skills {
            if is_open(app, &skill.ledger).await? {
                open.insert(skill.ledger);
            }
        }
    }
    let mut changing = hold(app, id).await?;
    if changing.document::<Competition>().await.map_err(failed)? != kept.document {
        return Err(SetupError::AboutChanged.into());
    }
    if document.rule_set != rules_before {
        change_rules(&mut changing, &open, (&rules_before, &document.rule_set)).await?;
    }
    changing.describe(&document).await.map_err(failed)?;
    changing.commit().await.map_err(failed)?;
    circuit::place(app, staff, id, &about.circuit).await
}

async fn change_rules(
    changing: &mut Changing<SkillDocument>,
    open: &HashSet<LedgerId>,
    (from, to): (&str, &str),
) -> Result<(), Failure> {
    let rules = rule_set(to)?;
    for at in 0..changing.skills.len() {
        let is_pinned = changing.is_pinned(at);
        let Some(kept) = changing.skills.get_mut(at) else { continue };
        let is_fixed = is_pinned || open.contains(&kept.ledger);
        let Some(draft) = kept.draft.as_mut().filter(|draft| !is_fixed && draft.rules.id == from) else {
            continue;
        };
        draft.rules = rules.clone();
        changing.keep(at).await.map_err(failed)?;
    }
    Ok(())
}

/// Reads the form; the rule set that is there already may be a package's own.
fn read(about: &About, rules_there: &str) -> Result<Competition, SetupError> {
    let name = Name { zh: named(&about.name)?, en: about.name_en.trim().to_owned() };
    let name = if name.en.is_empty() { Name { en: name.zh.clone(), ..name } } else { name };
    if !TIERS.contains(&about.tier.as_str()) {
        return Err(SetupError::TierUnknown);
    }
    if about.rule_set != rules_there {
        rule_set(&about.rule_set)?;
    }
    let dates = days([&about.from, &about.until])?;
    Ok(Competition {
        name,
        edition: about.edition.trim().to_owned(),
        tier: about.tier.clone(),
        host: about.host.trim().to_owned(),
        dates: dates.iter().map(Date::to_string).collect(),
        venue: free(&about.venue)?,
        is_rehearsal: false,
        language: "zh".to_owned(),
        rule_set: about.rule_set.clone(),
    })
}

pub(crate) fn named(text: &str) -> Result<String, SetupError> {
    let name = text.trim();
    let is_fit = !name.is_empty() && name.chars().count() <= NAME_MAX && !name.chars().any(char::is_control);
    if is_fit { Ok(name.to_owned()) } else { Err(SetupError::NameUnfit { most: NAME_MAX }) }
}

/// A text of one line that may be empty.
fn free(text: &str) -> Result<String, SetupError> {
    if text.trim().is_empty() { Ok(String::new()) } else { named(text) }
}

/// A first and a last day, of which either may be left out.
fn days(days: [&String; 2]) -> Result<Vec<Date>, SetupError> {
    let mut dates = Vec::new();
    for day in days.into_iter().map(|day| day.trim()).filter(|day| !day.is_empty()) {
        let unfit = || SetupError::DateUnfit { text: day.to_owned() };
        dates.push(day.parse::<Date>().map_err(|_| unfit())?);
    }
    if dates.first() > dates.last() {
        return Err(SetupError::DatesTurned);
    }
    Ok(dates)
}

/// The first and the last day of those that are kept; none where there are none, or a package wrote them in words.
fn span(dates: &[String]) -> Option<[Date; 2]> {
    let first = dates.first()?.parse().ok()?;
    Some([first, dates.last()?.parse().ok()?])
}

fn rule_set(id: &str) -> Result<RuleSet, SetupError> {
    preset(id).ok_or_else(|| SetupError::RulesUnknown { id: id.to_owned() })
}

/// Adds judges to a skill; whoever is there already, by name and organisation, stays once.
///
/// # Errors
/// Where a line cannot be read, there are too many, or the skill is open.
pub(crate) async fn add_judges(app: &App, skill: &LedgerId, lines: &JudgeLines) -> Result<(), Failure> {
    let (mut changing, at) = hold_skill(app, skill).await?;
    let Some(kept) = changing.skills.get_mut(at) else { return Err(Failure::not_found()) };
    let judges = &mut kept.document.judges;
    let before = judges.len();
    let mut said = false;
    for line in lines.judges.lines().filter(|line| !line.trim().is_empty()) {
        said = true;
        let mut fields = line.split([',', '，', '\t']).map(str::trim);
        let (name, organisation) =
            (named(fields.next().unwrap_or_default())?, fields.next().unwrap_or_default());
        if judges.iter().any(|known| known.name == name && known.organisation == organisation) {
            continue;
        }
        let code = free_code(judges);
        let is_chief = !judges.iter().any(|known| known.is_chief);
        let (organisation, batch) = (organisation.to_owned(), String::new());
        judges.push(Judge { code, name, organisation, is_chief, batch });
    }
    if !said {
        return Err(SetupError::NoJudges.into());
    }
    if judges.len() > JUDGES_MAX && judges.len() > before {
        return Err(SetupError::TooManyJudges { most: JUDGES_MAX }.into());
    }
    changing.keep(at).await.map_err(failed)?;
    changing.commit().await.map_err(failed)
}

/// Takes a judge off a skill's list, with their seats and the interests that were declared of them. Where they
/// led it, the first of the others does.
///
/// # Errors
/// Where there is no such judge, they hold a card or a device, or the skill is open.
pub(crate) async fn remove_judge(app: &App, skill: &LedgerId, code: &str) -> Result<(), Failure> {
    let enrolments = app.accounts.enrolments(skill).await?;
    let (mut changing, at) = hold_skill(app, skill).await?;
    let Some(kept) = changing.skills.get_mut(at) else { return Err(Failure::not_found()) };
    let judges = &mut kept.document.judges;
    let place = judges.iter().position(|judge| judge.code.as_str() == code);
    let place = place.ok_or(SetupError::JudgeGone)?;
    if enrolments.iter().any(|listed| listed.judge.as_str() == code) {
        return Err(SetupError::JudgeHasCard { name: judges[place].name.clone() }.into());
    }
    let code = judges[place].code.clone();
    forget_judge(kept, &code);
    changing.keep(at).await.map_err(failed)?;
    changing.commit().await.map_err(failed)
}

/// A code that none of these judges has.
fn free_code(judges: &[Judge]) -> JudgeCode {
    let taken: HashSet<&str> = judges.iter().map(|known| known.code.as_str()).collect();
    let free = (1..).map(|number: u32| format!("J{number}")).find(|code| !taken.contains(code.as_str()));
    JudgeCode::from(free.unwrap_or_default())
}

/// Takes a judge off, with their seats and the interests that were declared of them. Where they led the skill, the
/// first of the others does.
fn forget_judge(kept: &mut KeptSkill<SkillDocument>, code: &JudgeCode) {
    let judges = &mut kept.document.judges;
    judges.retain(|judge| judge.code != *code);
    if !judges.iter().any(|judge| judge.is_chief)
        && let Some(first) = judges.first_mut()
    {
        first.is_chief = true;
    }
    kept.document.interests.retain(|one| one.judge != *code);
    for panel in kept.draft.iter_mut().flat_map(|draft| &mut draft.panels) {
        panel.seats.retain(|seat| seat.judge != *code);
    }
}

/// Lets a judge lead a skill, in place of who did.
///
/// # Errors
/// Where there is no such judge, one of the two holds a card or a device, or the skill is open.
pub(crate) async fn lead(app: &App, skill: &LedgerId, code: &str) -> Result<(), Failure> {
    let enrolments = app.accounts.enrolments(skill).await?;
    let (mut changing, at) = hold_skill(app, skill).await?;
    let Some(kept) = changing.skills.get_mut(at) else { return Err(Failure::not_found()) };
    let judges = &mut kept.document.judges;
    if !judges.iter().any(|judge| judge.code.as_str() == code) {
        return Err(SetupError::JudgeGone.into());
    }
    // A card says as what it signs in.
    let changes = |judge: &&Judge| judge.is_chief != (judge.code.as_str() == code);
    let has_card = |judge: &&Judge| enrolments.iter().any(|listed| listed.judge == judge.code);
    if let Some(judge) = judges.iter().filter(changes).find(has_card) {
        return Err(SetupError::JudgeHasCard { name: judge.name.clone() }.into());
    }
    for judge in judges {
        judge.is_chief = judge.code.as_str() == code;
    }
    changing.keep(at).await.map_err(failed)?;
    changing.commit().await.map_err(failed)
}

async fn load(app: &App, id: &str) -> Result<(Kept<Competition>, Vec<KeptSkill<SkillDocument>>), Failure> {
    competition::load(&app.database, id).await.map_err(failed)
}

pub(crate) async fn hold(app: &App, id: &str) -> Result<Changing<SkillDocument>, Failure> {
    competition::hold(&app.database, id, (app.clock)()).await.map_err(failed)
}

/// A skill's competition, held, and which of its skills it is; one that is open or being opened is refused.
async fn hold_skill(app: &App, skill: &LedgerId) -> Result<(Changing<SkillDocument>, usize), Failure> {
    let id = competition::of_skill(&app.database, skill).await.map_err(failed)?;
    // Looked at before it is held: what opens in between has said so by then.
    let is_open = is_open(app, skill).await?;
    let changing = hold(app, &id).await?;
    let at = changing.skills.iter().position(|kept| kept.ledger == *skill).ok_or_else(Failure::not_found)?;
    if is_open || changing.is_pinned(at) {
        let name = changing.skills.get(at).map(|kept| kept.document.name.zh.clone()).unwrap_or_default();
        return Err(SetupError::Fixed { skill: name }.into());
    }
    Ok((changing, at))
}

/// Whether a skill's set-up is pinned.
///
/// # Errors
/// Where the ledger does not answer.
pub(crate) async fn is_open(app: &App, skill: &LedgerId) -> Result<bool, Failure> {
    let state = app.ledger.state(skill).await;
    Ok(state.map_err(|error| SetupError::Failed { problem: error.spoken() })?.skill.is_some())
}

/// Whether who competes in a skill is fixed: it is open, or drawn over.
///
/// # Errors
/// Where the ledger does not answer.
pub(crate) async fn is_listed(app: &App, skill: &LedgerId) -> Result<bool, Failure> {
    let state = app.ledger.state(skill).await;
    let state = state.map_err(|error| SetupError::Failed { problem: error.spoken() })?;
    Ok(state.skill.is_some() || state.coding.is_some())
}

pub(crate) fn failed(error: CompetitionError) -> Failure {
    use axum::http::StatusCode;
    match error {
        CompetitionError::Unknown { .. } | CompetitionError::UnknownSkill { .. } => Failure::not_found(),
        CompetitionError::Pinned => Failure::new(StatusCode::CONFLICT, error.at(Place::default())),
        CompetitionError::Unreadable { .. } | CompetitionError::Database { .. } => {
            let what = SetupError::Failed { problem: error.spoken() }.at(Place::default());
            Failure::new(StatusCode::SERVICE_UNAVAILABLE, what)
        }
    }
}

impl From<SetupError> for Failure {
    fn from(error: SetupError) -> Self {
        use axum::http::StatusCode;
        let status = match error {
            SetupError::SkillTwice { .. }
            | SetupError::Fixed { .. }
            | SetupError::InUse { .. }
            | SetupError::JudgeHasCard { .. }
            | SetupError::SchemeChanged
            | SetupError::SkillChanged
            | SetupError::AboutChanged
            | SetupError::PanelsChanged
            | SetupError::InterestThere => StatusCode::CONFLICT,
            SetupError::InterestGone | SetupError::JudgeGone => StatusCode::GONE,
            SetupError::Failed { .. } => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        Self::new(status, error.at(Place::default()))
    }
}
