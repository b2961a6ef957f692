//! Who holds which role over what: inviting people, ending what they were appointed to, and the tree of
//! organisations, each within what whoever asks may do (docs/adr/0024).

use domain::access::{Action, Appointment, Role, Scope, may_appoint};
use domain::finding::{Language, Place, Spoken};
use domain::findings;
use domain::id::OrganisationId;
use protocol::people::{
    Account, Held, InvitationMade, Invite, Invited, LinkMade, Offer, OrganisationForm, OrganisationKind,
    People,
};

use crate::accounts::{AccountError, Appointed, Invitation, Staff};
use crate::competition::{self, CompetitionError};
use crate::exchange::package::{Competition, SkillDocument};
use crate::http::{App, Failure};
use crate::organisation::{self, OrganisationError};

/// How many characters the name on an invitation has at most.
const WHOM_MAX: usize = 64;

findings! {
    /// Why somebody was not invited or dismissed.
    pub enum PeopleError {
        RoleUnfit = Error "role_unfit",
            "这个角色不能在这个范围内担任，或者不归您任命；请换一个角色或范围。",
            "This role is not held over that, or is not yours to give; choose another role or scope.";
        WhomUnfit { most: usize } = Error "whom_unfit",
            "请写邀请谁，不超过 {most} 个字，不换行；只用来分清邀请。",
            "Say whom you invite, in {most} characters at the most, on one line; it only tells invitations apart.";
        NotYours = Error "not_yours",
            "这不归您管；请找更高一级的管理者。",
            "This is not yours to change; ask who looks after the organisation above.";
        Gone = Error "appointment_gone",
            "这项任职或邀请已经结束；请刷新页面。",
            "This appointment or invitation has ended already; load the page again.";
        Failed { problem: Spoken } = Error "people_failed", "{problem:#}。", "{problem}.";
    }
}

/// Something that a role may be held over, with its name and all that lies above it.
struct Known {
    scope: Scope,
    name: String,
    reach: Vec<Scope>,
}

/// Who holds which role, as far as somebody may see it: what they may end or give, and what they hold
/// themselves.
///
/// # Errors
/// Where the database does not answer.
pub(crate) async fn look(app: &App, staff: &Staff, language: Language) -> Result<People, Failure> {
    let known = known(app, language).await?;
    let find = |scope: &Scope| known.iter().find(|known| known.scope == *scope);
    let appointments = app.accounts.appointments().await?;
    let reach_of = |scope: &Scope| find(scope).map(|of| of.reach.as_slice());
    let mut accounts = Vec::new();
    for one in app.accounts.accounts().await? {
        let of_one: Vec<&Appointed> =
            appointments.iter().filter(|held| held.account == one.account).collect();
        if one.account != staff.account && is_looked_after(staff, &of_one, reach_of) {
            accounts.push(Account {
                id: one.account,
                name: one.name,
                made_at: one.made_at,
                has_factor: one.has_factor,
                sessions: one.sessions,
            });
        }
    }
    let mut held = Vec::new();
    for one in appointments {
        let Some(of) = find(&one.held.scope) else { continue };
        if one.account == staff.account || may_appoint(&staff.held, one.held.role, &of.reach) {
            held.push(Held {
                id: one.id,
                account: one.account,
                name: one.name,
                role: one.held.role,
                scope: one.held.scope.written(),
                of: of.name.clone(),
                made_at: one.made_at,
            });
        }
    }
    let mut invited = Vec::new();
    for one in app.accounts.invitations().await? {
        let Some(of) = find(&one.to.scope) else { continue };
        if may_appoint(&staff.held, one.to.role, &of.reach) {
            invited.push(shown(one, &of.name));
        }
    }
    let offers = known.iter().filter_map(|of| {
        let roles = Role::ALL.iter().map(|(role, _)| *role);
        let roles: Vec<Role> = roles.filter(|role| may_appoint(&staff.held, *role, &of.reach)).collect();
        (!roles.is_empty()).then(|| Offer { scope: of.scope.written(), of: of.name.clone(), roles })
    });
    let mut organisations = organisation::list(&app.database).await?;
    organisations.retain(|one| {
        find(&Scope::Organisation(one.id.clone()))
            .is_some_and(|of| staff.may(Action::Organise, &of.reach).is_some())
    });
    Ok(People {
        organisations,
        is_at_top: staff.may(Action::Organise, &[Scope::Everything]).is_some(),
        held,
        invited,
        offers: offers.collect(),
        accounts,
    })
}

/// Whether somebody looks after an account: everything that it holds is theirs to give, so that by helping its
/// holder in they come to nothing that they could not have by appointing. One that holds nothing is the
/// platform administrators'.
fn is_looked_after<'a>(
    staff: &Staff,
    held: &[&Appointed],
    reach: impl Fn(&Scope) -> Option<&'a [Scope]>,
) -> bool {
    if held.is_empty() {
        return staff.may(Action::Operate, &[Scope::Everything]).is_some();
    }
    held.iter()
        .all(|one| reach(&one.held.scope).is_some_and(|reach| may_appoint(&staff.held, one.held.role, reach)))
}

/// Makes a link by which the holder of an account gives themselves a new password; it is told once.
///
/// # Errors
/// Where the account is not theirs to look after, or there is none.
pub(crate) async fn password_link(app: &App, staff: &Staff, account: &str) -> Result<LinkMade, Failure> {
    let name = looks_after_account(app, staff, account).await?;
    let made = app.accounts.password_link(account, &staff.account).await?;
    let link = format!("{}/password#{}", app.origins.public(), made.code);
    Ok(LinkMade { name, link, expires_at: made.expires_at })
}

/// Removes the second factor of whoever lost it.
///
/// # Errors
/// As [`password_link`].
pub(crate) async fn drop_factor(app: &App, staff: &Staff, account: &str) -> Result<(), Failure> {
    looks_after_account(app, staff, account).await?;
    Ok(app.accounts.drop_factor(account, &staff.account, None).await?)
}

/// Ends an account and everything that it holds.
///
/// # Errors
/// As [`password_link`]; also where it is the last platform administrator's.
pub(crate) async fn end_account(app: &App, staff: &Staff, account: &str) -> Result<(), Failure> {
    looks_after_account(app, staff, account).await?;
    Ok(app.accounts.end_account(account, &staff.account).await?)
}

/// The name of an account that somebody looks after.
async fn looks_after_account(app: &App, staff: &Staff, account: &str) -> Result<String, Failure> {
    let known = app.accounts.accounts().await?.into_iter().find(|known| known.account == account);
    let appointments = app.accounts.appointments().await?;
    let held: Vec<&Appointed> = appointments.iter().filter(|one| one.account == account).collect();
    let mut reaches = Vec::with_capacity(held.len());
    for one in &held {
        let reach = organisation::reach(&app.database, &one.held.scope).await?;
        reaches.push((one.held.scope.clone(), reach));
    }
    let reach = |scope: &Scope| reaches.iter().find(|(of, _)| of == scope).map(|(_, reach)| reach.as_slice());
    // One's own is looked after at its own page, with what one knows and holds.
    let is_theirs = account != staff.account && is_looked_after(staff, &held, reach);
    if !is_theirs {
        return Err(PeopleError::NotYours.into());
    }
    Ok(known.ok_or(AccountError::AccountUnknown)?.name)
}

/// Makes an invitation and the link that is sent to whoever is invited; it is told once.
///
/// # Errors
/// Where the role is not held over that, or is not theirs to give.
pub(crate) async fn invite(
    app: &App,
    staff: &Staff,
    invite: &Invite,
    language: Language,
) -> Result<InvitationMade, Failure> {
    let whom = invite.whom.trim();
    if whom.is_empty() || whom.chars().count() > WHOM_MAX || whom.chars().any(char::is_control) {
        return Err(PeopleError::WhomUnfit { most: WHOM_MAX }.into());
    }
    let to = Role::parse(&invite.role).zip(Scope::parse(&invite.scope));
    let (role, scope) = to.ok_or(PeopleError::RoleUnfit)?;
    let known = known(app, language).await?;
    let of = known.iter().find(|known| known.scope == scope).ok_or(PeopleError::RoleUnfit)?;
    if !may_appoint(&staff.held, role, &of.reach) {
        return Err(PeopleError::RoleUnfit.into());
    }
    let (code, made) = app.accounts.invite(Appointment { role, scope }, whom, &staff.account).await?;
    let link = format!("{}/join#{code}", app.origins.public());
    Ok(InvitationMade { link, invited: shown(made, &of.name) })
}

/// What an invitation leads to, for whoever shows its link.
///
/// # Errors
/// Where it is of no use any more.
pub(crate) async fn invited(app: &App, code: &str, language: Language) -> Result<Invited, Failure> {
    let invitation = app.accounts.invitation(code).await?;
    let known = known(app, language).await?;
    let of = known.iter().find(|known| known.scope == invitation.to.scope);
    let name = of.map(|of| of.name.clone()).unwrap_or_default();
    Ok(shown(invitation, &name))
}

/// Takes an invitation back.
///
/// # Errors
/// Where it does not wait any more, or is not theirs to take back.
pub(crate) async fn withdraw(app: &App, staff: &Staff, id: &str) -> Result<(), Failure> {
    let invitations = app.accounts.invitations().await?;
    let one = invitations.into_iter().find(|one| one.id == id).ok_or(PeopleError::Gone)?;
    is_theirs(app, staff, &one.to).await?;
    if app.accounts.withdraw(id).await? { Ok(()) } else { Err(PeopleError::Gone.into()) }
}

/// Ends an appointment. What one holds oneself one may give up too.
///
/// # Errors
/// Where it has ended, is not theirs to end, or is the last platform administrator's.
pub(crate) async fn dismiss(app: &App, staff: &Staff, id: &str) -> Result<(), Failure> {
    let held = app.accounts.appointments().await?;
    let one = held.into_iter().find(|one| one.id == id).ok_or(PeopleError::Gone)?;
    if one.account != staff.account {
        is_theirs(app, staff, &one.held).await?;
    }
    if app.accounts.dismiss(id, &staff.account).await? { Ok(()) } else { Err(PeopleError::Gone.into()) }
}

/// Adds an organisation.
///
/// # Errors
/// Where it would not be theirs, or the tree does not take it.
pub(crate) async fn add(app: &App, staff: &Staff, form: &OrganisationForm) -> Result<(), Failure> {
    let parent = above(app, staff, form).await?;
    let what = (OrganisationKind::parse(&form.kind).unwrap_or_default(), form.name.as_str());
    organisation::add(&app.database, parent.as_ref(), what, (app.clock)()).await?;
    Ok(())
}

/// Gives an organisation another name, kind or place.
///
/// # Errors
/// Where it is not theirs, would not be, or the tree does not take it.
pub(crate) async fn change(
    app: &App,
    staff: &Staff,
    id: &OrganisationId,
    form: &OrganisationForm,
) -> Result<(), Failure> {
    looks_after(app, staff, id).await?;
    let there = organisation::list(&app.database).await?;
    let one = there.into_iter().find(|one| one.id == *id).ok_or(OrganisationError::Unknown)?;
    // Who looks after one may rename it where it stands; to move it is to take it from those above it.
    let stays = one.parent.as_ref().map_or("", OrganisationId::as_str) == form.parent.trim();
    let parent = if stays {
        one.parent
    } else {
        let from = OrganisationForm {
            parent: one.parent.map(|parent| parent.to_string()).unwrap_or_default(),
            ..OrganisationForm::default()
        };
        above(app, staff, &from).await?;
        above(app, staff, form).await?
    };
    let what = (OrganisationKind::parse(&form.kind).unwrap_or_default(), form.name.as_str());
    Ok(organisation::change(&app.database, id, parent.as_ref(), what).await?)
}

/// Removes an organisation that nothing hangs on.
///
/// # Errors
/// Where it is not theirs, or something hangs on it.
pub(crate) async fn remove(app: &App, staff: &Staff, id: &OrganisationId) -> Result<(), Failure> {
    looks_after(app, staff, id).await?;
    Ok(organisation::remove(&app.database, id).await?)
}

/// The one above that a form names, where somebody may put another below it.
async fn above(app: &App, staff: &Staff, form: &OrganisationForm) -> Result<Option<OrganisationId>, Failure> {
    let parent = form.parent.trim();
    if parent.is_empty() {
        let may = staff.may(Action::Organise, &[Scope::Everything]).is_some();
        return if may { Ok(None) } else { Err(PeopleError::NotYours.into()) };
    }
    let parent = OrganisationId::from(parent);
    looks_after(app, staff, &parent).await?;
    Ok(Some(parent))
}

async fn looks_after(app: &App, staff: &Staff, id: &OrganisationId) -> Result<(), Failure> {
    let reach = organisation::reach(&app.database, &Scope::Organisation(id.clone())).await?;
    let may = staff.may(Action::Organise, &reach).is_some();
    if may { Ok(()) } else { Err(PeopleError::NotYours.into()) }
}

async fn is_theirs(app: &App, staff: &Staff, what: &Appointment) -> Result<(), Failure> {
    let reach = organisation::reach(&app.database, &what.scope).await?;
    if may_appoint(&staff.held, what.role, &reach) { Ok(()) } else { Err(PeopleError::NotYours.into()) }
}

/// Everything that a role may be held over: all, organisations in their order, competitions with their
/// skills, the newest first. Practices and drills go with what they are of.
async fn known(app: &App, language: Language) -> Result<Vec<Known>, Failure> {
    let mut known =
        vec![Known { scope: Scope::Everything, name: String::new(), reach: vec![Scope::Everything] }];
    let reach = async |scope: Scope| organisation::reach(&app.database, &scope).await;
    for one in organisation::list(&app.database).await? {
        let scope = Scope::Organisation(one.id);
        known.push(Known { reach: reach(scope.clone()).await?, scope, name: one.name });
    }
    let failed = |error: CompetitionError| PeopleError::Failed { problem: error.spoken() };
    let practices = competition::practices(&app.database).await.map_err(failed)?;
    let drills = competition::every_drill(&app.database).await.map_err(failed)?;
    for id in competition::list(&app.database).await.map_err(failed)?.into_iter().rev() {
        if drills.contains(&id) || practices.iter().any(|practice| practice.competition == id) {
            continue;
        }
        let (kept, skills) =
            competition::load::<Competition, SkillDocument>(&app.database, &id).await.map_err(failed)?;
        let pick = |zh: &str, en: &str| match language {
            Language::English if !en.is_empty() => en.to_owned(),
            _ => zh.to_owned(),
        };
        let name = pick(&kept.document.name.zh, &kept.document.name.en);
        let above = reach(Scope::Competition(id.clone())).await?;
        for skill in skills {
            let scope = Scope::Skill(skill.ledger);
            let of_skill = pick(&skill.document.name.zh, &skill.document.name.en);
            let reach = std::iter::once(scope.clone()).chain(above.iter().cloned()).collect();
            known.push(Known { scope, name: format!("{name} · {of_skill}"), reach });
        }
        known.push(Known { scope: Scope::Competition(id), name, reach: above });
    }
    Ok(known)
}

fn shown(one: Invitation, of: &str) -> Invited {
    Invited {
        id: one.id,
        whom: one.whom,
        role: one.to.role,
        scope: one.to.scope.written(),
        of: of.to_owned(),
        expires_at: one.expires_at,
    }
}

impl From<PeopleError> for Failure {
    fn from(error: PeopleError) -> Self {
        use axum::http::StatusCode;
        let status = match error {
            PeopleError::RoleUnfit | PeopleError::WhomUnfit { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            PeopleError::NotYours => StatusCode::FORBIDDEN,
            PeopleError::Gone => StatusCode::CONFLICT,
            PeopleError::Failed { .. } => StatusCode::SERVICE_UNAVAILABLE,
        };
        Self::new(status, error.at(Place::default()))
    }
}
