//! Acts that wait for a second person, and what they would change.

use domain::id::{AspectId, CompetitorCode, EntryId, JudgeCode, SubCriterionId};
use domain::ledger::Hash;
use domain::marking::VoidHow;
use domain::number::Mark;
use domain::scheme::Aspect;
use domain::scoring::Value;
use serde::{Deserialize, Serialize};

use super::{ExchangeSheets, Undo, VoidForAll, What};
use crate::view::Presence;

/// An act of the chief judge's that counts once a second person confirms it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Proposal {
    /// The id that its entry will have.
    pub act: EntryId,
    /// The chief judge who asks.
    pub by: JudgeCode,
    /// When, milliseconds since 1970 UTC.
    pub at: i64,
    /// What.
    pub what: Proposed,
    /// Why, as written.
    pub reason: String,
    /// What it would change in the results; none where it changes none by itself.
    pub difference: Option<Difference>,
}

/// What a second person is asked to confirm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Proposed {
    /// A late mark is to count.
    Admit {
        /// The mark's entry.
        entry: EntryId,
        /// Whose work.
        competitor: CompetitorCode,
        /// What is marked.
        aspect: Box<Aspect>,
        /// Whose mark.
        judge: JudgeCode,
        /// What it says; none where this reader may not see it.
        value: Option<Value>,
        /// What stands there now; none where nothing does, or this reader may not see it.
        stands: Option<Value>,
    },
    /// Somebody is to be taken out.
    Disqualify {
        /// Who.
        competitor: CompetitorCode,
    },
    /// One aspect of a sheet is to be opened again.
    Unlock {
        /// Whose work.
        competitor: CompetitorCode,
        /// Which aspect.
        aspect: AspectId,
        /// What it looks at.
        description: String,
    },
    /// An aspect is to be voided for all.
    VoidAspect {
        /// Which.
        aspect: AspectId,
        /// What it looks at.
        description: String,
        /// What takes its place.
        how: VoidHow,
    },
    /// Two sheets are to change places.
    Exchange {
        /// One competitor.
        competitor: CompetitorCode,
        /// The other.
        other: CompetitorCode,
        /// Which sheets.
        sub_criterion: SubCriterionId,
        /// What they look at.
        name: String,
    },
    /// A judge is to mark a competitor from where they come from themselves.
    Compatriot {
        /// Whose work.
        competitor: CompetitorCode,
        /// Who marks it.
        judge: JudgeCode,
        /// On which panel.
        sub_criterion: SubCriterionId,
        /// What it looks at.
        name: String,
    },
    /// An earlier decision is to hold no longer.
    Undo {
        /// The decision's entry.
        entry: EntryId,
        /// What was decided.
        decided: Decided,
    },
}

/// What an earlier decision says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Decided {
    /// Something of a competitor.
    OfCompetitor {
        /// Who.
        competitor: CompetitorCode,
        /// What.
        what: What,
        /// Marks that were taken off, or minutes that were given back.
        amount: Option<String>,
    },
    /// The award rule was broken.
    Overridden {
        /// For whom.
        competitor: CompetitorCode,
        /// The position given.
        position: Option<u32>,
        /// The award given; empty where one was taken away.
        award: Option<String>,
    },
    /// An aspect was voided.
    Voided {
        /// Which.
        aspect: AspectId,
        /// What it looks at.
        description: String,
        /// What took its place.
        how: VoidHow,
    },
    /// A tie was settled by people.
    Settled {
        /// From the best to the last.
        order: Vec<CompetitorCode>,
    },
}

/// What an act would change in the results.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Difference {
    /// Everybody whose result would be another.
    pub changes: Vec<Change>,
    /// What a form says was seen: the digest of what would change. Marks that come meanwhile leave it
    /// as it is, where they change nothing of that.
    pub seen: Hash,
}

/// A competitor whose result would be another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Change {
    /// Who.
    pub competitor: CompetitorCode,
    /// The result as it stands.
    pub before: Outcome,
    /// As it would be.
    pub after: Outcome,
}

/// What a competitor has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Outcome {
    /// Whether they compete.
    pub presence: Presence,
    /// The total; while something is unmarked what the marked aspects come to.
    pub marks: Option<Mark>,
    /// Whether that is the total.
    pub is_total: bool,
    /// The position.
    pub position: Option<u32>,
    /// The award's name.
    pub award: Option<String>,
}

/// An act that was asked for, with its difference, before a second person is asked.
#[derive(Clone, Debug)]
pub struct Foreseen {
    /// What.
    pub what: Proposed,
    /// What it would change.
    pub difference: Difference,
    /// Whether that is another difference than the one that was shown before.
    pub is_another: bool,
    /// The form that goes on; its `seen` is this difference's.
    pub form: ForeseenForm,
}

/// The form of an act whose difference is shown first.
#[derive(Clone, Debug)]
pub enum ForeseenForm {
    /// An aspect is voided.
    Void(VoidForAll),
    /// Two sheets are exchanged.
    Exchange(ExchangeSheets),
    /// A decision is undone.
    Undo(Undo),
}
