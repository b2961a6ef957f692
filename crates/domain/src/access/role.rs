//! The roles, by their words.

use std::fmt;

use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// In which role somebody acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// 平台管理员: organisations, people, the server; no competition.
    PlatformAdministrator,
    /// 组委会: sets the competition up, opens, closes and releases.
    Organiser,
    /// 赛项负责人: the same for one skill.
    SkillManager,
    /// 裁判长
    ChiefJudge,
    /// 裁判员
    Judge,
    /// 现场裁判: attendance, start, hand-in; keeps the time.
    FloorJudge,
    /// 录分员: types what judges said.
    Scorekeeper,
    /// 仲裁: decides appeals.
    Arbitrator,
    /// 监督: reads everything, changes nothing; may be the second person.
    Supervisor,
    /// 抽签加密裁判: draws and codes.
    Registrar,
    /// 领队: leads the people of one organisation.
    TeamLeader,
    /// 报名员: enters the people of one organisation.
    DelegationRegistrar,
    /// 播报员: says names and results in the hall.
    Announcer,
    /// 典礼导演: reveals results in steps.
    CeremonyDirector,
    /// 选手
    Competitor,
    /// 班组长: runs drills on the job.
    Foreman,
    /// 人才工作者: keeps talent records.
    TalentOfficer,
    /// 部门查阅员: reads what was shared with their department.
    DepartmentReader,
    /// A record made elsewhere, read in from a package.
    Importer,
    /// The server itself: alarms.
    Server,
}

impl Role {
    /// Every role, with its word in documents and tables.
    pub const ALL: [(Self, &'static str); 20] = [
        (Self::PlatformAdministrator, "platform_administrator"),
        (Self::Organiser, "organiser"),
        (Self::SkillManager, "skill_manager"),
        (Self::ChiefJudge, "chief_judge"),
        (Self::Judge, "judge"),
        (Self::FloorJudge, "floor_judge"),
        (Self::Scorekeeper, "scorekeeper"),
        (Self::Arbitrator, "arbitrator"),
        (Self::Supervisor, "supervisor"),
        (Self::Registrar, "registrar"),
        (Self::TeamLeader, "team_leader"),
        (Self::DelegationRegistrar, "delegation_registrar"),
        (Self::Announcer, "announcer"),
        (Self::CeremonyDirector, "ceremony_director"),
        (Self::Competitor, "competitor"),
        (Self::Foreman, "foreman"),
        (Self::TalentOfficer, "talent_officer"),
        (Self::DepartmentReader, "department_reader"),
        (Self::Importer, "importer"),
        (Self::Server, "server"),
    ];

    /// Its word in documents and tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(role, _)| *role == self).map_or("", |(_, word)| word)
    }

    /// Reads its word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == word).map(|(role, _)| *role)
    }
}

// By the one table above, and not by what a derive would write out again: the judge's app holds this too.
impl Serialize for Role {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Role {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Word;
        impl Visitor<'_> for Word {
            type Value = Role;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a role")
            }

            fn visit_str<E: serde::de::Error>(self, word: &str) -> Result<Role, E> {
                Role::parse(word).ok_or_else(|| E::custom("no role"))
            }
        }
        deserializer.deserialize_str(Word)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Role {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Role".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let words: Vec<&str> = Self::ALL.iter().map(|(_, word)| *word).collect();
        schemars::json_schema!({ "description": "In which role somebody acts.", "type": "string", "enum": words })
    }
}
