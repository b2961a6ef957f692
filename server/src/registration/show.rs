//! What organisers and delegations see of registrations.

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::finding::Language;
use domain::id::LedgerId;
use domain::registration::{SkillTerms, State, Step, Terms};
use domain::rules::SkillLevel;
use protocol::list::{Cell, ListQuery, Part};
use protocol::registration::{
    Delegation, Line, OpenSkill, OwnRegistrations, PersonForm, Registration, Registrations, Taken,
};
use protocol::view::Text;
use sqlx::{AnyConnection, Row as _};

use super::census::{Census, Kept};
use super::{
    RegistrationError, Sheet, There, begun, decide, delegation, failed, queries, said, said_last, text_of,
    today,
};
use crate::accounts::Staff;
use crate::desk;
use crate::exchange::list::{self, Format};
use crate::http::{App, Failure};
use crate::list::unwritable;

/// All of a competition's registrations at one moment.
pub(super) struct All {
    there: There,
    census: Census,
    last: HashMap<String, String>,
    delegations: Vec<Delegation>,
    fixed: HashSet<LedgerId>,
}

impl All {
    pub(super) async fn load(app: &App, id: &str) -> Result<Self, Failure> {
        let there = There::load(app, id).await?;
        let fixed = decide::fixed(app, &there).await?;
        let mut reading = app.database.begin_read().await.map_err(begun)?;
        let census = Census::take(&mut reading, id).await?;
        let last = said_last(&mut reading, &app.vault, id).await?;
        let delegations = delegation::list(&mut reading, id, &census.counts()).await?;
        Ok(Self { there, census, last, delegations, fixed })
    }

    /// One as a line, opened.
    fn line(&self, app: &App, one: &Kept) -> Result<Option<(Line, Sheet)>, RegistrationError> {
        let of = self.delegations.iter().find(|known| known.id == one.delegation);
        let Some((skill, of)) = self.there.skill(&one.skill).zip(of) else { return Ok(None) };
        let sheet = one.open(&app.vault)?;
        let replaces = one.replaces.as_deref().and_then(|of| self.census.get(of));
        let line = Line {
            id: one.id.clone(),
            changes: one.changes,
            skill: desk::skill_ref(skill),
            delegation: (of.id.clone(), of.name.clone()),
            state: one.state,
            name: sheet.name.clone(),
            organisation: sheet.organisation.clone(),
            id_number: sheet.masked(),
            age: sheet.born().map(|born| born.age_on(self.there.first_day(app))),
            replaces: replaces.map(|of| of.open(&app.vault)).transpose()?.map(|of| of.name),
            said: self.last.get(&one.id).cloned().unwrap_or_default(),
            found: Vec::new(),
            is_off: one.state == State::Approved && self.census.code(one).is_none(),
        };
        Ok(Some((line, sheet)))
    }

    /// Those that fit, each opened.
    pub(super) fn lines(
        &self,
        app: &App,
        fits: impl Fn(&Kept) -> bool,
    ) -> Result<Vec<(Line, Sheet)>, RegistrationError> {
        let fitting = self.census.all().iter().filter(|one| fits(one));
        fitting.map(|one| self.line(app, one)).filter_map(Result::transpose).collect()
    }

    /// Says of those who wait what keeps them from being approved as things stand.
    pub(super) fn find(&self, app: &App, lines: &mut [(Line, Sheet)]) {
        let places = self.census.places();
        for (line, sheet) in lines.iter_mut().filter(|(line, _)| line.state == State::Waiting) {
            let Some(one) = self.census.get(&line.id) else { continue };
            let found = decide::speaks_against(app, &self.there, &self.census, &places, one, sheet);
            line.found = found.iter().map(text_of).collect();
            if self.fixed.contains(&one.skill) {
                use domain::finding::Language::{Chinese, English};
                let fixed = RegistrationError::Fixed { skill: line.skill.name.zh.clone() };
                line.found.push(Text { zh: fixed.say(Chinese), en: fixed.say(English) });
            }
        }
    }

    /// The skills, as those of a delegation see them, or as the organiser does.
    fn skills(&self, of: Option<&str>) -> Vec<OpenSkill> {
        let places = self.census.places();
        let open = |kept: &crate::competition::KeptSkill<crate::exchange::package::SkillDocument>| {
            let terms = self.there.terms.of(&kept.ledger);
            let counted = places.iter().filter(|((delegation, skill), _)| {
                **skill == kept.ledger && of.is_none_or(|of| of == *delegation)
            });
            OpenSkill {
                skill: desk::skill_ref(kept),
                entered: counted.map(|(_, count)| count).sum(),
                people: kept.document.people.len(),
                quota: terms.quota,
                least_field: terms.least_field,
                asked: asked(&self.there.terms, terms),
                is_fixed: self.fixed.contains(&kept.ledger),
            }
        };
        self.there.skills.iter().map(open).collect()
    }
}

/// What is asked of a person, in words.
fn asked(all: &Terms, terms: &SkillTerms) -> Vec<Text> {
    let mut asked = Vec::new();
    let mut say = |zh: String, en: String| asked.push(Text { zh, en });
    match (terms.born_from, terms.born_until) {
        (Some(from), Some(until)) => {
            say(format!("{from} 至 {until} 出生"), format!("born from {from} to {until}"));
        }
        (Some(from), None) => say(format!("{from} 及以后出生"), format!("born on or after {from}")),
        (None, Some(until)) => say(format!("{until} 及以前出生"), format!("born on or before {until}")),
        (None, None) => {}
    }
    if let Some((zh, en)) = terms.level.map(domain::rules::SkillLevel::names) {
        say(format!("{zh}及以上"), format!("{en} or higher"));
    }
    if !all.employments.is_empty() {
        say(all.employments.join("、"), all.employments.join(", "));
    }
    if !all.regions.is_empty() {
        let codes = all.regions.join("、");
        say(
            format!("身份证号以 {codes} 开头或有居住证明"),
            format!("resident number from {codes}, or a proof"),
        );
    }
    asked
}

/// A competition's registrations, those that are asked for.
///
/// # Errors
/// Where there is no such competition, or the database does not answer.
pub(crate) async fn look(app: &App, id: &str, query: &ListQuery) -> Result<Registrations, Failure> {
    let all = All::load(app, id).await?;
    let organisations = delegation::may_choose(app).await?;
    let mut lines = all.lines(app, |_| true)?;
    // What waits comes first, the oldest of it first.
    lines.sort_by_key(|(line, _)| (line.state != State::Waiting, line.skill.number.clone()));
    let mut part = query.part(lines, |(line, _)| cells(line));
    all.find(app, &mut part.rows);
    let Part { rows, before, found, all: count, page, pages } = part;
    let rows = rows.into_iter().map(|(line, _)| line).collect();
    let mut counts = BTreeMap::new();
    for one in all.census.all() {
        *counts.entry(one.state).or_default() += 1;
    }
    Ok(Registrations {
        window: (all.there.terms.opens, all.there.terms.closes),
        closed: all.there.terms.is_closed(today(app)).as_ref().map(text_of),
        skills: all.skills(None),
        counts,
        delegations: all.delegations,
        organisations,
        query: query.clone(),
        part: Part { rows, before, found, all: count, page, pages },
        competition: all.there.reference,
    })
}

/// What the list says of one.
fn cells(line: &Line) -> Vec<(&'static str, Cell<'_>)> {
    vec![
        ("name", line.name.as_str().into()),
        ("organisation", line.organisation.as_str().into()),
        ("of", line.delegation.1.zh.as_str().into()),
        ("number", line.id_number.as_str().into()),
        ("state", Cell::Key(line.state.as_str())),
        ("skill", Cell::Key(line.skill.id.as_str())),
        ("delegation", Cell::Key(line.delegation.0.as_str())),
    ]
}

/// Those who are registered and fit what is asked, as a list that goes out; numbers of documents are masked.
///
/// # Errors
/// Where there is no such competition, or the database does not answer.
pub(crate) async fn out(
    app: &App,
    id: &str,
    query: &ListQuery,
    language: Language,
    format: Format,
) -> Result<Vec<u8>, Failure> {
    let all = All::load(app, id).await?;
    let mut lines = all.lines(app, |_| true)?;
    lines.sort_by_key(|(line, _)| (line.state != State::Waiting, line.skill.number.clone()));
    let lines = query.fitting(lines, |(line, _)| cells(line));
    let header = match language {
        Language::Chinese => {
            ["姓名", "赛项", "代表队", "工作单位", "身份类别", "技能等级", "组别", "证件号", "状态"]
        }
        Language::English => [
            "Name",
            "Skill",
            "Delegation",
            "Organisation",
            "Employment",
            "Skill level",
            "Group",
            "Document",
            "State",
        ],
    };
    let rows = lines.into_iter().map(|(line, sheet)| {
        let skill = format!("{} {}", line.skill.number, line.skill.name.pick(language));
        let level = sheet.level.map(SkillLevel::names).map(|(zh, en)| match language {
            Language::Chinese => zh,
            Language::English => en,
        });
        [
            line.name,
            skill.trim().to_owned(),
            line.delegation.1.pick(language).to_owned(),
            line.organisation,
            sheet.employment,
            level.unwrap_or_default().to_owned(),
            sheet.group,
            line.id_number,
            line.state.name(language).to_owned(),
        ]
    });
    Ok(list::written(header, rows, format).map_err(unwritable)?)
}

/// A delegation's people, and what it may do.
///
/// # Errors
/// Where there is no such delegation, or the database does not answer.
pub(crate) async fn own(app: &App, staff: &Staff, delegation: &str) -> Result<OwnRegistrations, Failure> {
    let (competition, _) = delegation::of(app, delegation).await?.ok_or(RegistrationError::DelegationGone)?;
    let is_host = delegation::is_host(app, staff, &competition).await?;
    let all = All::load(app, &competition).await?;
    let mut lines = all.lines(app, |one| one.delegation == delegation)?;
    // What is to be mended comes first.
    let rank = |state: State| match state {
        State::Returned => 0,
        State::Waiting => 1,
        State::Approved => 2,
        State::Withdrawn | State::Replaced => 3,
    };
    lines.sort_by_key(|(line, _)| (rank(line.state), line.skill.number.clone()));
    let lines = lines.into_iter().map(|(line, _)| line).collect();
    let skills = all.skills(Some(delegation));
    let found = all.delegations.into_iter().find(|one| one.id == delegation);
    let today = today(app);
    let terms = all.there.terms;
    Ok(OwnRegistrations {
        delegation: found.ok_or(RegistrationError::DelegationGone)?,
        window: (terms.opens, terms.closes),
        substitutes_until: terms.substitutes_until,
        closed: terms.is_closed(today).as_ref().map(text_of).filter(|_| !is_host),
        settled: terms.is_settled(today).as_ref().map(text_of).filter(|_| !is_host),
        employments: terms.employments,
        competition: all.there.reference,
        skills,
        lines,
        is_host,
    })
}

/// One registration of a delegation, whole.
///
/// # Errors
/// Where there is none, or the database does not answer.
pub(crate) async fn one(app: &App, (delegation, id): (&str, &str)) -> Result<Registration, Failure> {
    let (competition, _) = delegation::of(app, delegation).await?.ok_or(RegistrationError::DelegationGone)?;
    let all = All::load(app, &competition).await?;
    let kept =
        all.census.get(id).filter(|one| one.delegation == delegation).ok_or(RegistrationError::Gone)?;
    let mut lines = Vec::from_iter(all.line(app, kept)?);
    all.find(app, &mut lines);
    let (line, sheet) = lines.pop().ok_or(RegistrationError::Gone)?;
    let named = |one: &Kept| Ok::<_, RegistrationError>((one.id.clone(), one.open(&app.vault)?.name));
    let replaces = kept.replaces.as_deref().and_then(|of| all.census.get(of));
    // Of several who would, the one who did, or the last who tries.
    let by = all.census.all().iter().filter(|one| one.replaces.as_deref() == Some(id));
    let by = by.max_by_key(|one| (one.state == State::Approved, one.state.is_live()));
    let mut reading = app.database.begin_read().await.map_err(begun)?;
    let yes = |is: bool| if is { "yes" } else { "" }.to_owned();
    Ok(Registration {
        person: PersonForm {
            form: id.to_owned(),
            skill: kept.skill.to_string(),
            name: sheet.name.clone(),
            id_number: String::new(),
            born: sheet.born.map(|day| day.to_string()).unwrap_or_default(),
            organisation: sheet.organisation.clone(),
            team: sheet.team.clone(),
            group: sheet.group.clone(),
            employment: sheet.employment.clone(),
            level: sheet.level.map(domain::rules::SkillLevel::as_str).unwrap_or_default().to_owned(),
            residence: yes(sheet.has_residence_proof),
            guardian: sheet.guardian.clone(),
            consent: yes(sheet.has_consent),
            replaces: kept.replaces.clone().unwrap_or_default(),
            seen: kept.changes,
        },
        code: all.census.code(kept).map(str::to_owned),
        replaces: replaces.map(named).transpose()?,
        replaced_by: by.map(named).transpose()?,
        steps: steps(&mut reading, app, id).await?,
        is_fixed: all.fixed.contains(&kept.skill),
        line,
    })
}

async fn steps(connection: &mut AnyConnection, app: &App, id: &str) -> Result<Vec<Taken>, Failure> {
    let rows = sqlx::query(queries::SELECT_STEPS).bind(id).fetch_all(connection).await.map_err(failed)?;
    let mut steps = Vec::with_capacity(rows.len());
    for row in rows {
        let (step, sealed): (String, String) =
            (row.try_get(0).map_err(failed)?, row.try_get(1).map_err(failed)?);
        // One of a newer program is none of ours to tell.
        let Some(step) = Step::parse(&step) else { continue };
        let said = said(&app.vault, id, row.try_get(4).map_err(failed)?, &sealed);
        steps.push(Taken {
            step,
            said,
            by: row.try_get(2).map_err(failed)?,
            at: row.try_get(3).map_err(failed)?,
        });
    }
    Ok(steps)
}
