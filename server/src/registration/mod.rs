//! Registrations (报名): the delegations of a competition, on which terms they enter their people, and what
//! becomes of each: approved, one is on the list of a skill as if they had come by a file (docs/adr/0029).
//! What a person must fulfil is `domain::registration`.

mod census;
mod decide;
mod delegation;
mod next;
mod person;
mod queries;
mod receive;
mod show;
mod terms;

use std::collections::HashMap;

use axum::http::StatusCode;
use domain::finding::{Place, Spoken};
use domain::findings;
use domain::id::LedgerId;
use domain::registration::{Day, Registrant, RegistrationFinding, Step, Terms, TermsError};
use domain::rules::SkillLevel;
use protocol::view::{CompetitionRef, Text};
use serde::{Deserialize, Serialize};
use sqlx::{AnyConnection, Row as _};

use crate::accounts::{AccountError, Staff};
use crate::competition::{self, KeptSkill};
use crate::exchange::package::{Competition, SkillDocument};
use crate::exchange::roster::IdNumber;
use crate::http::{App, Failure};
use crate::setup;
use crate::vault::Vault;

pub(crate) use decide::{approve, give_back, leave, reconsider};
pub(crate) use delegation::{add, change, may_register, mine, of_registration as delegation_of, remove};
pub(crate) use next::take_over;
pub(crate) use person::{enter, mend, withdraw};
pub(crate) use receive::{Coming, DelegationThere, add_for, delegations, hold, receive, standing};
pub(crate) use show::{look, one, out, own};
pub(crate) use terms::{form as terms_form, keep as keep_terms};

/// The most characters of a field.
const FIELD_MAX: usize = 200;
/// China's clocks: a day of the terms is a day there.
const OFFSET_MS: i64 = 8 * 3_600_000;

findings! {
    /// Why something was not done with registrations.
    pub enum RegistrationError {
        NoDelegations = Error "no_delegation_lines",
            "还没有代表队；请一行写一个：名称。",
            "There are no delegations yet; write one a line: name.";
        DelegationUnfit { most: usize } = Error "delegation_unfit",
            "请填写代表队名称，不超过 {most} 个字，不换行。",
            "Give the delegation's name; {most} characters at the most, on one line.";
        DelegationTwice { name: String } = Error "delegation_twice",
            "代表队“{name}”已经有了；什么都没有添加。",
            "There is a delegation \"{name}\" already; nothing was added.";
        DelegationInUse { name: String } = Error "delegation_in_use",
            "“{name}”已有报名，撤回的也留着记录，不能删除；可以改名。",
            "\"{name}\" has registrations, and those withdrawn are kept too, so that it cannot be removed; rename it.";
        DelegationGone = Error "delegation_gone",
            "没有这个代表队；它可能刚被删除，请刷新页面。",
            "There is no such delegation; it may just have been removed: load the page again.";
        TooManyDelegations { most: usize } = Error "delegations_full",
            "一个大赛最多 {most} 个代表队。",
            "A competition has {most} delegations at the most.";
        OrganisationUnknown = Error "delegation_organisation_unknown",
            "请从列表里选机构。",
            "Choose an organisation of the list.";
        TermsUnfit { problem: Spoken } = Error "terms_unfit",
            "{problem:#}还没有保存，您填的都还在。",
            "{problem} Nothing was saved; what you typed is still here.";
        TermsChanged = Error "terms_changed",
            "您打开之后，别人改了报名条件；还没有保存，您填的都还在，请核对后再保存。",
            "Somebody else changed the terms after you opened them; nothing was saved. What you typed is still here: look it over, then save.";
        NotEntered { problem: Spoken } = Error "registration_refused",
            "没有报上：{problem:#}",
            "Not entered: {problem}";
        PersonUnfit { most: usize } = Error "registration_unfit",
            "请填写姓名；每一栏不超过 {most} 个字，不换行。",
            "Give a name; each field takes {most} characters at the most, on one line.";
        SkillUnknown = Error "registration_skill_unknown",
            "请选一个赛项。",
            "Choose a skill.";
        Fixed { skill: String } = Error "registration_fixed",
            "赛项“{skill}”已经抽签或开放，名单不能再变；要退赛，请裁判长在现场登记。",
            "The skill \"{skill}\" is drawn or open, and its list is fixed; a withdrawal is now entered by the chief judge.";
        Gone = Error "registration_gone",
            "没有这条报名；请回到列表。",
            "There is no such registration; go back to the list.";
        Changed = Error "registration_changed",
            "您打开之后，这条报名有变动；请看过现在的内容再办。什么都没有改。",
            "This registration was changed after you opened it; look at it as it is now. Nothing was changed.";
        NotNow = Error "registration_not_now",
            "这条报名现在不能这样办；请刷新页面看它的状态。",
            "This cannot be done to this registration as it stands; load the page again and look.";
        LateSkill = Error "registration_late_skill",
            "报名已截止，不能再换赛项；其余可以改。",
            "Registration has ended, so that the skill stays; the rest can be mended.";
        NoReason { most: usize } = Error "registration_no_reason",
            "请写明原因，不超过 {most} 个字；对方会看到。",
            "Say why, in {most} characters at the most; the others will read it.";
        NobodyChosen = Error "registration_nobody_chosen",
            "还没有选人；请先勾选。",
            "Nobody is chosen yet; tick somebody first.";
        Unreadable = Error "registration_unreadable",
            "报名资料是用另一把密钥加密的，读不出来；请把原来的密钥文件放回去，再启动服务器。",
            "The registrations were sealed with another key and cannot be read; put the earlier key file back and start the server again.";
        Failed { problem: Spoken } = Error "registration_failed", "{problem:#}。", "{problem}.";
    }
}

/// What is kept of a person, sealed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sheet {
    name: String,
    id_number: String,
    /// Where the number does not say it.
    born: Option<Day>,
    organisation: String,
    team: String,
    group: String,
    employment: String,
    level: Option<SkillLevel>,
    has_residence_proof: bool,
    guardian: String,
    has_consent: bool,
}

/// A competition with its skills, and what registration asks.
struct There {
    reference: CompetitionRef,
    dates: Vec<String>,
    skills: Vec<KeptSkill<SkillDocument>>,
    terms: Terms,
}

impl There {
    async fn load(app: &App, id: &str) -> Result<Self, Failure> {
        let loaded = competition::load::<Competition, SkillDocument>(&app.database, id).await;
        let (kept, mut skills) = loaded.map_err(setup::failed)?;
        skills.sort_by(|a, b| a.document.number.cmp(&b.document.number));
        let (terms, _) = terms::load(app, id).await?;
        Ok(Self { reference: kept.document.reference(id), dates: kept.document.dates, skills, terms })
    }

    /// The first day of the competition, or today where that is not known: by it people are of age.
    fn first_day(&self, app: &App) -> Day {
        self.dates.first().and_then(|day| Day::parse(day)).unwrap_or_else(|| today(app))
    }

    fn skill(&self, id: &LedgerId) -> Option<&KeptSkill<SkillDocument>> {
        self.skills.iter().find(|kept| kept.ledger == *id)
    }
}

/// Today, by China's clocks.
fn today(app: &App) -> Day {
    let at = jiff::Timestamp::from_millisecond((app.clock)() + OFFSET_MS).unwrap_or_default();
    let date = at.to_zoned(jiff::tz::TimeZone::UTC).date();
    let part = |part: i8| u8::try_from(part).unwrap_or_default();
    let year = u16::try_from(date.year()).unwrap_or_default();
    // No clock is outside of the years that a day has.
    Day::new(year, part(date.month()), part(date.day())).unwrap_or_else(|| unreachable_day(year))
}

/// The nearest day that there is.
fn unreachable_day(year: u16) -> Day {
    let known = if year < 1900 { Day::new(1900, 1, 1) } else { Day::new(2199, 12, 31) };
    known.unwrap_or_else(|| unreachable!("both are days"))
}

impl Sheet {
    /// When they were born: by the document where it says so.
    fn born(&self) -> Option<Day> {
        let number = IdNumber::parse(&self.id_number).ok();
        let by_number = number.and_then(|number| number.birth_date()).and_then(|day| Day::parse(&day));
        by_number.or(self.born)
    }

    fn masked(&self) -> String {
        IdNumber::parse(&self.id_number).map(|number| number.masked()).unwrap_or_default()
    }

    fn is_resident(&self) -> bool {
        IdNumber::parse(&self.id_number).is_ok_and(|number| number.is_resident())
    }

    fn registrant(&self) -> Registrant<'_> {
        Registrant {
            born: self.born(),
            region: self.id_number.get(..6).filter(|_| self.is_resident()),
            has_residence_proof: self.has_residence_proof,
            employment: &self.employment,
            level: self.level,
            has_consent: self.has_consent && !self.guardian.is_empty(),
        }
    }
}

/// For which place a person is sealed, and what was said of a registration.
fn of_person(id: &str) -> String {
    format!("registration:{id}")
}

fn of_step(id: &str, number: i64) -> String {
    format!("registration:{id}:{number}")
}

/// Seals a person; with what they are found again by.
fn seal(vault: &Vault, id: &str, sheet: &Sheet) -> Result<(String, String), RegistrationError> {
    let text = serde_json::to_vec(sheet).map_err(|_| RegistrationError::Unreadable)?;
    let sealed = vault.seal(&of_person(id), &text).ok_or_else(no_randomness)?;
    Ok((sealed, vault.blind(&sheet.id_number)))
}

/// Everything that was found, as one sentence after the other.
fn together(found: &[RegistrationFinding]) -> Spoken {
    use domain::finding::Language::{Chinese, English};
    let said =
        |language, between: &str| found.iter().map(|one| one.say(language)).collect::<Vec<_>>().join(between);
    Spoken::new(said(Chinese, ""), said(English, " "))
}

fn text_of(found: &RegistrationFinding) -> Text {
    use domain::finding::Language::{Chinese, English};
    Text { zh: found.say(Chinese), en: found.say(English) }
}

/// Notes a step that was just taken, with what was said of it.
async fn note(
    connection: &mut AnyConnection,
    app: &App,
    staff: &Staff,
    (id, number): (&str, i64),
    step: Step,
    said: &str,
) -> Result<(), Failure> {
    let sealed = app.vault.seal(&of_step(id, number), said.as_bytes()).ok_or(AccountError::NoRandomness)?;
    sqlx::query(queries::INSERT_STEP)
        .bind(id)
        .bind(step.as_str())
        .bind(sealed)
        .bind(&staff.account)
        .bind((app.clock)())
        .execute(connection)
        .await
        .map_err(failed)?;
    Ok(())
}

/// What was said of a step.
fn said(vault: &Vault, id: &str, number: i64, sealed: &str) -> String {
    let bytes = vault.unseal(&of_step(id, number), sealed).unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

/// What was said last of each registration of a competition.
async fn said_last(
    connection: &mut AnyConnection,
    vault: &Vault,
    competition: &str,
) -> Result<HashMap<String, String>, Failure> {
    let rows = sqlx::query(queries::SELECT_SAID).bind(competition).fetch_all(connection).await;
    let mut last = HashMap::new();
    for row in rows.map_err(failed)? {
        let (id, sealed): (String, String) =
            (row.try_get(0).map_err(failed)?, row.try_get(1).map_err(failed)?);
        let said = said(vault, &id, row.try_get(2).map_err(failed)?, &sealed);
        last.insert(id, said);
    }
    Ok(last)
}

/// That somebody was not approved though they were chosen.
pub(crate) fn not_approved() -> Failure {
    RegistrationError::Changed.into()
}

/// Why something is done, as it was typed.
fn reason(why: &str) -> Result<&str, RegistrationError> {
    let why = why.trim();
    let is_fit = !why.is_empty() && why.chars().count() <= FIELD_MAX && !why.chars().any(char::is_control);
    if is_fit { Ok(why) } else { Err(RegistrationError::NoReason { most: FIELD_MAX }) }
}

fn failed(error: sqlx::Error) -> Failure {
    RegistrationError::from(error).into()
}

fn no_randomness() -> RegistrationError {
    use domain::finding::Language::{Chinese, English};
    let error = AccountError::NoRandomness;
    let said = |language| error.say(language).trim_end_matches(['。', '.']).to_owned();
    RegistrationError::Failed { problem: Spoken::new(said(Chinese), said(English)) }
}

fn begun(error: crate::database::DatabaseError) -> Failure {
    RegistrationError::Failed { problem: error.spoken() }.into()
}

impl From<sqlx::Error> for RegistrationError {
    fn from(error: sqlx::Error) -> Self {
        Self::Failed { problem: crate::spoken::of_database(&error) }
    }
}

impl From<TermsError> for RegistrationError {
    fn from(error: TermsError) -> Self {
        use domain::finding::Language::{Chinese, English};
        Self::TermsUnfit { problem: Spoken::new(error.say(Chinese), error.say(English)) }
    }
}

impl From<RegistrationError> for Failure {
    fn from(error: RegistrationError) -> Self {
        use RegistrationError as E;
        let status = match error {
            E::DelegationGone | E::Gone => StatusCode::GONE,
            E::DelegationTwice { .. }
            | E::DelegationInUse { .. }
            | E::TermsChanged
            | E::Fixed { .. }
            | E::Changed
            | E::NotNow => StatusCode::CONFLICT,
            E::Unreadable | E::Failed { .. } => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        Self::new(status, error.at(Place::default()))
    }
}
