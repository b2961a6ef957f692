//! Nominations (提名): an honour, a prize or a higher level that a result leads to is proposed, looked at by another
//! person, publicised for some working days with a way to object, approved and issued; nothing of it follows from a
//! calculation alone.

use serde::{Deserialize, Serialize};

use crate::calendar::{Calendar, TERM_MAX, Term};
use crate::day::Day;
use crate::finding::Spoken;
use crate::findings;

/// The usual length of a public notice, in working days.
pub const NOTICE_DAYS: u32 = 5;

/// What an organiser may set for their nominations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// How many working days a notice is public.
    pub notice_days: u32,
    /// Whether whoever reviewed may not approve as well: then three persons are needed.
    pub needs_three: bool,
}

impl Default for Terms {
    fn default() -> Self {
        Self { notice_days: NOTICE_DAYS, needs_three: false }
    }
}

/// Where a nomination stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// 已提名: proposed, and waits for a review.
    Proposed,
    /// 已审核: reviewed, and waits to be publicised.
    Reviewed,
    /// 公示中: publicised; there may be objections.
    Publicised,
    /// 已核准: approved, and waits to be issued.
    Approved,
    /// 已颁发: issued.
    Issued,
    /// 已退回: given back, with why.
    Returned,
    /// 已失效: what it came from leads there no longer.
    Lapsed,
    /// 已撤销: revoked after it was issued.
    Revoked,
}

/// What is done to a nomination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Mended and proposed again.
    Propose,
    /// Found to be in order.
    Review,
    /// Made public.
    Publicise {
        /// On which day: the notice begins on the next working day.
        on: Day,
    },
    /// Somebody objects.
    Object {
        /// On which day.
        on: Day,
    },
    /// An objection is dismissed.
    Dismiss {
        /// Which one.
        objection: u32,
        /// Why.
        why: String,
    },
    /// An objection is upheld: the nomination is given back.
    Uphold {
        /// Which one.
        objection: u32,
        /// Why.
        why: String,
    },
    /// Approved.
    Approve {
        /// On which day.
        on: Day,
    },
    /// Handed out.
    Issue,
    /// Given back.
    Return {
        /// Why.
        why: String,
    },
    /// The result that it came from leads there no longer, or they do not compete any more.
    Lapse {
        /// Why.
        why: String,
    },
    /// Taken away after it was issued.
    Revoke {
        /// Why.
        why: String,
        /// By which document.
        document: String,
    },
}

/// What is done, without what comes with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// See [`Act::Propose`]; and so on.
    Propose,
    #[expect(missing_docs, reason = "as the acts are")]
    Review,
    #[expect(missing_docs, reason = "as the acts are")]
    Publicise,
    #[expect(missing_docs, reason = "as the acts are")]
    Object,
    #[expect(missing_docs, reason = "as the acts are")]
    Dismiss,
    #[expect(missing_docs, reason = "as the acts are")]
    Uphold,
    #[expect(missing_docs, reason = "as the acts are")]
    Approve,
    #[expect(missing_docs, reason = "as the acts are")]
    Issue,
    #[expect(missing_docs, reason = "as the acts are")]
    Return,
    #[expect(missing_docs, reason = "as the acts are")]
    Lapse,
    #[expect(missing_docs, reason = "as the acts are")]
    Revoke,
}

/// From where which step leads where; nothing else is allowed.
pub const STEPS: [(State, Step, State); 18] = [
    (State::Proposed, Step::Review, State::Reviewed),
    (State::Proposed, Step::Return, State::Returned),
    (State::Proposed, Step::Lapse, State::Lapsed),
    (State::Reviewed, Step::Publicise, State::Publicised),
    (State::Reviewed, Step::Return, State::Returned),
    (State::Reviewed, Step::Lapse, State::Lapsed),
    (State::Publicised, Step::Object, State::Publicised),
    (State::Publicised, Step::Dismiss, State::Publicised),
    (State::Publicised, Step::Uphold, State::Returned),
    (State::Publicised, Step::Approve, State::Approved),
    (State::Publicised, Step::Return, State::Returned),
    (State::Publicised, Step::Lapse, State::Lapsed),
    (State::Approved, Step::Issue, State::Issued),
    (State::Approved, Step::Return, State::Returned),
    (State::Approved, Step::Lapse, State::Lapsed),
    (State::Issued, Step::Revoke, State::Revoked),
    (State::Returned, Step::Propose, State::Proposed),
    (State::Returned, Step::Lapse, State::Lapsed),
];

/// An objection to what was publicised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Objection {
    /// When it came.
    pub on: Day,
    /// What became of it; none: it is open.
    pub settled: Option<Settled>,
}

/// What became of an objection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settled {
    /// Whether it was upheld.
    pub is_upheld: bool,
    /// By whom.
    pub by: String,
    /// Why.
    pub why: String,
}

/// A nomination: where it stands, and what of its way still counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nomination {
    /// Where it stands.
    pub state: State,
    /// Who proposed it last.
    pub proposed_by: String,
    /// Who reviewed it, since it was proposed last.
    pub reviewed_by: Option<String>,
    /// Who approved it.
    pub approved_by: Option<String>,
    /// The days of its notice, first and last.
    pub notice: Option<[Day; 2]>,
    /// The objections to that notice, by their numbers from 0.
    pub objections: Vec<Objection>,
    /// Why it was given back, lapsed or was revoked; empty otherwise.
    pub why: String,
}

findings! {
    /// Why something was not done with a nomination.
    pub enum NominationError {
        NotNow { state: Spoken } = Error "nomination_not_now",
            "这项提名现在是“{state:#}”，不能这样办；请刷新页面。",
            "This nomination is {state} now, and that cannot be done to it; load the page again.";
        Own = Error "nomination_own",
            "提名的人不能审核或核准自己的提名；请另一位来办。",
            "Nobody reviews or approves what they proposed themselves; somebody else has to.";
        OwnReview = Error "nomination_own_review",
            "审核过的人不能再核准；请另一位来办。",
            "Whoever reviewed it does not approve it as well; somebody else has to.";
        NoticeRuns { until: Day } = Error "nomination_notice_runs",
            "公示到 {until} 结束；之后才能核准。",
            "The notice is public until {until}; it is approved after that.";
        ObjectionsOpen { count: usize } = Error "nomination_objections_open",
            "还有 {count} 条异议没有答复；请先办结。",
            "{count} objections are open still; settle those first.";
        NoObjection = Error "nomination_no_objection",
            "没有这条异议，或已经办结；请刷新页面。",
            "There is no such objection, or it is settled; load the page again.";
        NoReason = Error "nomination_no_reason",
            "请写明原因。",
            "Say why.";
        NoDocument = Error "nomination_no_document",
            "请写明依据的文件。",
            "Name the document.";
        NoticeUnfit { most: u32 } = Error "nomination_notice_unfit",
            "公示天数应为 1 到 {most} 个工作日；请改正。",
            "A notice is public for 1 to {most} working days; mend the number.";
        DoesNotCompete = Error "nomination_does_not_compete",
            "这名选手缺席、退赛或被取消资格，不能提名；请核对成绩。",
            "This competitor was absent, withdrew or was disqualified, and nothing is proposed for them; look at the results.";
    }
}

impl State {
    /// Every state, with its word in documents and tables.
    pub const ALL: [(Self, &'static str); 8] = [
        (Self::Proposed, "proposed"),
        (Self::Reviewed, "reviewed"),
        (Self::Publicised, "publicised"),
        (Self::Approved, "approved"),
        (Self::Issued, "issued"),
        (Self::Returned, "returned"),
        (Self::Lapsed, "lapsed"),
        (Self::Revoked, "revoked"),
    ];

    /// Its word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(state, _)| *state == self).map_or("", |(_, word)| word)
    }

    /// Reads its word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == word).map(|(state, _)| *state)
    }

    /// What people call it, in Chinese and in English.
    #[must_use]
    pub const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Proposed => ("已提名", "proposed"),
            Self::Reviewed => ("已审核", "reviewed"),
            Self::Publicised => ("公示中", "publicised"),
            Self::Approved => ("已核准", "approved"),
            Self::Issued => ("已颁发", "issued"),
            Self::Returned => ("已退回", "given back"),
            Self::Lapsed => ("已失效", "lapsed"),
            Self::Revoked => ("已撤销", "revoked"),
        }
    }

    /// Where a step leads; nowhere where it is not allowed.
    #[must_use]
    pub fn after(self, step: Step) -> Option<Self> {
        STEPS.iter().find(|(from, by, _)| (*from, *by) == (self, step)).map(|(_, _, to)| *to)
    }
}

impl Act {
    /// It without what comes with it.
    #[must_use]
    pub const fn step(&self) -> Step {
        match self {
            Self::Propose => Step::Propose,
            Self::Review => Step::Review,
            Self::Publicise { .. } => Step::Publicise,
            Self::Object { .. } => Step::Object,
            Self::Dismiss { .. } => Step::Dismiss,
            Self::Uphold { .. } => Step::Uphold,
            Self::Approve { .. } => Step::Approve,
            Self::Issue => Step::Issue,
            Self::Return { .. } => Step::Return,
            Self::Lapse { .. } => Step::Lapse,
            Self::Revoke { .. } => Step::Revoke,
        }
    }

    fn why(&self) -> Option<&str> {
        match self {
            Self::Dismiss { why, .. }
            | Self::Uphold { why, .. }
            | Self::Return { why }
            | Self::Lapse { why }
            | Self::Revoke { why, .. } => Some(why.trim()),
            _ => None,
        }
    }
}

impl Nomination {
    /// Proposes something for whoever has a result. Who does not compete gets nothing.
    ///
    /// # Errors
    /// Where they do not.
    pub fn new(by: &str, competes: bool) -> Result<Self, NominationError> {
        if !competes {
            return Err(NominationError::DoesNotCompete);
        }
        Ok(Self {
            state: State::Proposed,
            proposed_by: by.to_owned(),
            reviewed_by: None,
            approved_by: None,
            notice: None,
            objections: Vec::new(),
            why: String::new(),
        })
    }

    /// What becomes of it by an act of somebody.
    ///
    /// # Errors
    /// Where it is not allowed as it stands, or not to them.
    pub fn after(
        mut self,
        act: &Act,
        by: &str,
        terms: Terms,
        calendar: &Calendar,
    ) -> Result<Self, NominationError> {
        let Some(state) = self.state.after(act.step()) else {
            let (chinese, english) = self.state.names();
            return Err(NominationError::NotNow { state: Spoken::new(chinese, english) });
        };
        if act.why().is_some_and(str::is_empty) {
            return Err(NominationError::NoReason);
        }
        match act {
            Act::Propose => self = Self { proposed_by: by.to_owned(), ..self.again() },
            Act::Review if by == self.proposed_by => return Err(NominationError::Own),
            Act::Review => self.reviewed_by = Some(by.to_owned()),
            Act::Publicise { on } => {
                let Term { first, last, .. } = notice(*on, terms, calendar)?;
                self.notice = Some([first, last]);
                self.objections = Vec::new();
            }
            Act::Object { on } => self.objections.push(Objection { on: *on, settled: None }),
            Act::Dismiss { objection, why } => self.settle(*objection, false, by, why)?,
            Act::Uphold { objection, why } => self.settle(*objection, true, by, why)?,
            Act::Approve { on } => {
                self.may_approve(by, *on, terms)?;
                self.approved_by = Some(by.to_owned());
            }
            Act::Revoke { document, .. } if document.trim().is_empty() => {
                return Err(NominationError::NoDocument);
            }
            Act::Issue | Act::Return { .. } | Act::Lapse { .. } | Act::Revoke { .. } => {}
        }
        self.why = match act.why() {
            Some(why) if state != State::Publicised => why.to_owned(),
            _ => String::new(),
        };
        self.state = state;
        Ok(self)
    }

    /// As if it were new.
    fn again(self) -> Self {
        Self { reviewed_by: None, approved_by: None, notice: None, objections: Vec::new(), ..self }
    }

    fn settle(&mut self, number: u32, is_upheld: bool, by: &str, why: &str) -> Result<(), NominationError> {
        let at = usize::try_from(number).unwrap_or(usize::MAX);
        let open = self.objections.get_mut(at).filter(|one| one.settled.is_none());
        let open = open.ok_or(NominationError::NoObjection)?;
        open.settled = Some(Settled { is_upheld, by: by.to_owned(), why: why.trim().to_owned() });
        Ok(())
    }

    /// Whether somebody may approve it on a day.
    fn may_approve(&self, by: &str, on: Day, terms: Terms) -> Result<(), NominationError> {
        if by == self.proposed_by {
            return Err(NominationError::Own);
        }
        if terms.needs_three && self.reviewed_by.as_deref() == Some(by) {
            return Err(NominationError::OwnReview);
        }
        if let Some([_, until]) = self.notice.filter(|[_, until]| on <= *until) {
            return Err(NominationError::NoticeRuns { until });
        }
        match self.objections.iter().filter(|one| one.settled.is_none()).count() {
            0 => Ok(()),
            count => Err(NominationError::ObjectionsOpen { count }),
        }
    }
}

/// When a notice that is published on a day is public.
///
/// # Errors
/// Where its length is none.
pub fn notice(on: Day, terms: Terms, calendar: &Calendar) -> Result<Term, NominationError> {
    calendar.term(on, terms.notice_days).ok_or(NominationError::NoticeUnfit { most: TERM_MAX })
}

#[cfg(test)]
mod tests;
