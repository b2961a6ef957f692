//! Over what a role is held: everything, an organisation with all below it, a competition, or one skill.

use super::{Action, Role, allows};
use crate::id::{LedgerId, OrganisationId};

/// How far a role reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Everything on this server.
    Everything,
    /// An organisation and those below it, with their competitions.
    Organisation,
    /// One competition.
    Competition,
    /// One skill.
    Skill,
}

/// Over what exactly.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Everything on this server.
    Everything,
    /// An organisation and those below it, with their competitions.
    Organisation(OrganisationId),
    /// One competition.
    Competition(String),
    /// One skill.
    Skill(LedgerId),
}

/// A role that somebody holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appointment {
    /// Which role.
    pub role: Role,
    /// Over what.
    pub scope: Scope,
}

impl Scope {
    /// How far it reaches.
    #[must_use]
    pub fn level(&self) -> Level {
        match self {
            Self::Everything => Level::Everything,
            Self::Organisation(_) => Level::Organisation,
            Self::Competition(_) => Level::Competition,
            Self::Skill(_) => Level::Skill,
        }
    }

    /// Its words in a form: `everything`, `organisation:ID`, `competition:ID`, `skill:ID`.
    #[must_use]
    pub fn written(&self) -> String {
        match self {
            Self::Everything => "everything".to_owned(),
            Self::Organisation(id) => format!("organisation:{id}"),
            Self::Competition(id) => format!("competition:{id}"),
            Self::Skill(id) => format!("skill:{id}"),
        }
    }

    /// Reads them.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.split_once(':') {
            None => (text == "everything").then_some(Self::Everything),
            Some((_, "")) => None,
            Some(("organisation", id)) => Some(Self::Organisation(id.into())),
            Some(("competition", id)) => Some(Self::Competition(id.to_owned())),
            Some(("skill", id)) => Some(Self::Skill(id.into())),
            Some(_) => None,
        }
    }
}

impl Role {
    /// Over what it may be held by somebody with an account; nothing where nobody is appointed to it.
    #[must_use]
    pub fn levels(self) -> &'static [Level] {
        use Level as L;
        match self {
            Self::PlatformAdministrator => &[L::Everything],
            Self::Organiser => &[L::Everything, L::Organisation, L::Competition],
            Self::SkillManager => &[L::Skill],
            Self::Supervisor => &[L::Everything, L::Organisation, L::Competition, L::Skill],
            Self::Registrar | Self::FloorJudge | Self::Scorekeeper | Self::Arbitrator => {
                &[L::Competition, L::Skill]
            }
            Self::Announcer | Self::CeremonyDirector => &[L::Competition],
            Self::Foreman | Self::TalentOfficer | Self::DepartmentReader => &[L::Everything, L::Organisation],
            Self::TeamLeader | Self::DelegationRegistrar => &[L::Organisation],
            // A judge's is a device's, by card and PIN; a competitor's comes with their entry.
            Self::ChiefJudge | Self::Judge | Self::Competitor | Self::Importer | Self::Server => &[],
        }
    }
}

/// The role in which somebody may do this, of those they hold over `reach`: what it is done to and all
/// that lies above it. The furthest comes first.
#[must_use]
pub fn may(held: &[Appointment], action: Action, reach: &[Scope]) -> Option<Role> {
    let of = held.iter().filter(|one| reach.contains(&one.scope) && allows(one.role, action));
    of.min_by_key(|one| (one.scope.level(), one.role)).map(|one| one.role)
}

/// Whether somebody may appoint to a role over the first of `reach`, which is what the role is held over
/// and all that lies above it. An organiser makes no platform administrators.
#[must_use]
pub fn may_appoint(held: &[Appointment], role: Role, reach: &[Scope]) -> bool {
    let is_fit = reach.first().is_some_and(|scope| role.levels().contains(&scope.level()));
    let may = |by: &Appointment| {
        reach.contains(&by.scope)
            && allows(by.role, Action::Appoint)
            && (role != Role::PlatformAdministrator || by.role == Role::PlatformAdministrator)
    };
    is_fit && held.iter().any(may)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(role: Role, scope: Scope) -> Vec<Appointment> {
        vec![Appointment { role, scope }]
    }

    fn organisation(id: &str) -> Scope {
        Scope::Organisation(id.into())
    }

    /// A skill of a competition of a city's, in its province.
    fn reach() -> Vec<Scope> {
        vec![
            Scope::Skill("s".into()),
            Scope::Competition("c".to_owned()),
            organisation("city"),
            organisation("province"),
            Scope::Everything,
        ]
    }

    #[test]
    fn a_role_reaches_what_lies_below_it_and_nothing_beside_or_above() {
        for scope in reach() {
            assert_eq!(may(&held(Role::Supervisor, scope), Action::Look, &reach()), Some(Role::Supervisor));
        }
        for beside in [Scope::Skill("t".into()), Scope::Competition("d".to_owned()), organisation("other")] {
            assert_eq!(may(&held(Role::Organiser, beside), Action::Look, &reach()), None);
        }
        let of_city = held(Role::Organiser, organisation("city"));
        assert_eq!(may(&of_city, Action::Organise, &reach()[3..]), None, "the province is above it");
        assert_eq!(may(&of_city, Action::Operate, &reach()), None);
        let both = [held(Role::Supervisor, Scope::Everything), held(Role::SkillManager, reach()[0].clone())]
            .concat();
        assert_eq!(may(&both, Action::Look, &reach()), Some(Role::Supervisor));
        assert_eq!(may(&both, Action::Release, &reach()), Some(Role::SkillManager));
        assert_eq!(may(&both, Action::Release, &reach()[1..]), None, "another skill of the competition");
    }

    #[test]
    fn who_appoints_does_so_below_themselves_and_where_the_role_is_held() {
        let of_city = held(Role::Organiser, organisation("city"));
        let city = &reach()[2..];
        assert!(may_appoint(&of_city, Role::Foreman, city));
        assert!(may_appoint(&of_city, Role::SkillManager, &reach()));
        assert!(!may_appoint(&of_city, Role::SkillManager, city), "it is held over a skill");
        assert!(!may_appoint(&of_city, Role::Organiser, &reach()[3..]), "the province is above the city");
        assert!(!may_appoint(
            &held(Role::Organiser, Scope::Everything),
            Role::PlatformAdministrator,
            &reach()[4..]
        ));
        let administrator = held(Role::PlatformAdministrator, Scope::Everything);
        assert!(may_appoint(&administrator, Role::PlatformAdministrator, &reach()[4..]));
        for (role, _) in Role::ALL {
            assert!(!may_appoint(&held(Role::Supervisor, Scope::Everything), role, city), "{role:?}");
            let is_of_device = matches!(role, Role::Judge | Role::ChiefJudge | Role::Competitor);
            let is_any =
                reach().iter().enumerate().any(|(at, _)| may_appoint(&administrator, role, &reach()[at..]));
            let is_nobodys = matches!(role, Role::Importer | Role::Server);
            assert_eq!(is_any, !is_of_device && !is_nobodys, "{role:?}");
        }
    }

    #[test]
    fn a_scope_is_read_as_it_is_written() {
        for scope in reach() {
            assert_eq!(Scope::parse(&scope.written()), Some(scope));
        }
        for wrong in ["", "all", "skill:", "galaxy:1", ":", "organisation"] {
            assert_eq!(Scope::parse(wrong), None, "{wrong}");
        }
    }
}
