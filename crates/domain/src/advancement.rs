//! Advancement (晋级): who goes on from the results of some skills to the skill above them.
//!
//! It sees results as they stand and gives each competitor a [`Fate`]; people confirm it. What is given up makes the
//! next one go on; what equal results leave open is parted by lot, and a lot is a record that comes in.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::{Deserialize, Serialize};

use crate::findings;
use crate::id::{CompetitorCode, GroupName, LedgerId};
use crate::ledger::Hash;
use crate::number::Mark;

/// The largest number of places, reserves and delegation's caps.
pub const COUNT_MAX: u32 = 5_000;
/// How many kinds of employment a rule names, and the most characters of one.
const LIST_MAX: usize = 50;
const WORD_MAX: usize = 64;

/// How people come into a skill from those below it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// How many places there are.
    pub quota: Quota,
    /// What becomes of equals at the cut.
    pub ties: CutTies,
    /// Whether each skill below has places of its own.
    pub merge: Merge,
    /// How many of one delegation go on at most; none: any number.
    pub per_delegation: Option<u32>,
    /// The least total; none: any.
    pub least_total: Option<Mark>,
    /// Whose employment counts, by its words; empty: anybody's.
    #[serde(default)]
    pub employments: Vec<String>,
    /// How many stand by as reserves.
    pub reserves: u32,
}

impl Default for Rule {
    /// The first three of each, equals all.
    fn default() -> Self {
        Self {
            quota: Quota::First(3),
            ties: CutTies::All,
            merge: Merge::Each,
            per_delegation: None,
            least_total: None,
            employments: Vec::new(),
            reserves: 0,
        }
    }
}

/// A rule as it is typed: numbers as texts, the rest as chosen.
#[derive(Clone, Copy, Debug)]
pub struct Typed<'a> {
    /// Whether the places are a share in percent.
    pub is_share: bool,
    /// How many.
    pub places: &'a str,
    /// What becomes of equals.
    pub ties: CutTies,
    /// How skills come together.
    pub merge: Merge,
    /// A delegation's most; empty for none.
    pub per_delegation: &'a str,
    /// The least total; empty for none.
    pub least_total: &'a str,
    /// Kinds of employment, with commas between them.
    pub employments: &'a str,
    /// How many reserves; empty for none.
    pub reserves: &'a str,
}

/// How many places a contest has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quota {
    /// So many.
    First(u32),
    /// So many of a hundred who compete, rounded down.
    Share(u32),
}

/// What becomes of equals at the cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CutTies {
    /// All of them go on.
    All,
    /// The total parts them, then the scale, then the position in their own skill; lots part what that leaves.
    Chain,
    /// Lots part them.
    Draw,
}

/// How several skills below come together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Merge {
    /// Each has places of its own, and its positions decide.
    Each,
    /// One ranking of all by their totals: they did the same work, marked by the same scheme.
    Total,
    /// One ranking of all by their scale scores.
    Scale,
}

/// The results of a skill below.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feeder {
    /// Which.
    pub skill: LedgerId,
    /// Everybody of it.
    pub candidates: Vec<Candidate>,
}

/// Somebody with a result, as advancement sees them. A team is one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Candidate {
    /// Their code in the skill below.
    pub code: CompetitorCode,
    /// The group they are ranked in.
    pub group: GroupName,
    /// Whether they count in the field.
    pub competes: bool,
    /// Their position; none: they are not ranked.
    pub position: Option<u32>,
    /// Their total.
    pub total: Option<Mark>,
    /// Their scale score.
    pub scale: Option<i64>,
    /// For whom they would go on.
    pub delegation: String,
    /// Their employment, by its word.
    pub employment: String,
    /// Whether they gave the place up, or it was taken from them.
    pub is_out: bool,
}

/// Somebody of some feeder.
pub type Key = (LedgerId, CompetitorCode);

/// What becomes of somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// They go on, as the how manieth of their contest.
    Advances(u32),
    /// They stand by, as the how manieth.
    Reserve(u32),
    /// A lot is wanted: see [`Outcome::open`].
    Open,
    /// Whether a place is left for them follows from a lot among others.
    Waits,
    /// They do not go on.
    Stays(Why),
}

/// Why somebody does not go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// They have no position, or not the score that decides.
    Unplaced,
    /// Their total is below the least.
    Below,
    /// Their employment does not count.
    Employment,
    /// They gave the place up, or it was taken from them.
    GaveUp,
    /// Their delegation has its most.
    Delegation,
    /// Others were better, or the lot fell on others.
    Cut,
}

/// What a rule makes of results.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Everybody's fate, contest by contest and from the best; those who stay for another reason than the cut last.
    pub rows: Vec<(Key, Fate)>,
    /// Equals for whom a lot is wanted, each list in the order of the rows.
    pub open: Vec<Vec<Key>>,
}

findings! {
    /// Why a rule was not taken.
    pub enum RuleError {
        QuotaUnfit { text: String, most: u32 } = Error "advancement_quota_unfit",
            "名额“{text}”不是 1 到 {most} 的整数；请改正。",
            "The number of places, \"{text}\", is no whole number from 1 to {most}; mend it.";
        ShareUnfit { text: String } = Error "advancement_share_unfit",
            "比例“{text}”不是 1 到 100 的整数；请改正。",
            "The share, \"{text}\", is no whole number from 1 to 100; mend it.";
        CountUnfit { text: String, most: u32 } = Error "advancement_count_unfit",
            "“{text}”不是 1 到 {most} 的整数；请改正，或留空。",
            "\"{text}\" is no whole number from 1 to {most}; mend it, or leave it empty.";
        TotalUnfit { text: String } = Error "advancement_total_unfit",
            "最低总分“{text}”不是分数；请写成 60 或 60.00，或留空。",
            "The least total, \"{text}\", is no mark; write it as 60 or 60.00, or leave it empty.";
        EmploymentsUnfit { most: usize, characters: usize } = Error "advancement_employments_unfit",
            "身份类别最多 {most} 种，每种不超过 {characters} 个字；请改短。",
            "There are {most} kinds of employment at most, of {characters} characters each; shorten them.";
    }
}

impl Rule {
    /// Reads a rule as it is typed: see [`Typed`].
    ///
    /// # Errors
    /// What of it cannot be read.
    pub fn read(typed: &Typed<'_>) -> Result<Self, RuleError> {
        let text = |text: &str| text.trim().to_owned();
        let count = |typed: &str, most: u32| typed.trim().parse().ok().filter(|n| (1..=most).contains(n));
        let quota = if typed.is_share {
            let unfit = || RuleError::ShareUnfit { text: text(typed.places) };
            Quota::Share(count(typed.places, 100).ok_or_else(unfit)?)
        } else {
            let unfit = || RuleError::QuotaUnfit { text: text(typed.places), most: COUNT_MAX };
            Quota::First(count(typed.places, COUNT_MAX).ok_or_else(unfit)?)
        };
        let optional = |typed: &str| match typed.trim() {
            "" => Ok(None),
            some => count(some, COUNT_MAX)
                .map(Some)
                .ok_or_else(|| RuleError::CountUnfit { text: some.to_owned(), most: COUNT_MAX }),
        };
        let least_total = match typed.least_total.trim() {
            "" => None,
            some => {
                let unfit = || RuleError::TotalUnfit { text: some.to_owned() };
                let total = Mark::parse(some).ok().filter(|total| total.is_in_limits() && total.0 >= 0);
                Some(total.ok_or_else(unfit)?)
            }
        };
        let employments: Vec<String> = typed
            .employments
            .split([',', '，', '、', '\n'])
            .map(|one| one.trim().to_owned())
            .filter(|one| !one.is_empty())
            .collect();
        if employments.len() > LIST_MAX || employments.iter().any(|one| one.chars().count() > WORD_MAX) {
            return Err(RuleError::EmploymentsUnfit { most: LIST_MAX, characters: WORD_MAX });
        }
        Ok(Self {
            quota,
            ties: typed.ties,
            merge: typed.merge,
            per_delegation: optional(typed.per_delegation)?,
            least_total,
            employments,
            reserves: optional(typed.reserves)?.unwrap_or_default(),
        })
    }
}

impl CutTies {
    /// Each with its word in documents and forms.
    pub const ALL: [(Self, &'static str); 3] =
        [(Self::All, "all"), (Self::Chain, "chain"), (Self::Draw, "draw")];
}

impl Merge {
    /// Each with its word in documents and forms.
    pub const ALL: [(Self, &'static str); 3] =
        [(Self::Each, "each"), (Self::Total, "total"), (Self::Scale, "scale")];
}

impl Quota {
    /// How many places there are where so many compete.
    #[must_use]
    pub fn places(self, field: usize) -> usize {
        match self {
            Self::First(places) => usize::try_from(places).unwrap_or(usize::MAX),
            Self::Share(percent) => {
                let percent = usize::try_from(percent).unwrap_or_default();
                field.saturating_mul(percent) / 100
            }
        }
    }
}

/// What a rule makes of results. `lots` are orders, each of equals, from the best lot; of two for the same the later
/// one counts. Neither the order of feeders nor that of candidates changes anybody's fate.
#[must_use]
pub fn advance(rule: &Rule, feeders: &[Feeder], lots: &[Vec<Key>]) -> Outcome {
    let mut outcome = Outcome::default();
    for contest in contests(rule, feeders) {
        Cut::new(rule, lots, &contest).make(&mut outcome);
    }
    outcome
}

/// The order that a lot gives equals: by the SHA-256 of the seed, the skill below and the code, a line each, so that
/// anybody can draw it again.
#[must_use]
pub fn lot(seed: &str, equals: &[Key]) -> Vec<Key> {
    let drawn = |(skill, code): &Key| Hash::of_document(format!("{seed}\n{skill}\n{code}").as_bytes());
    let mut order = equals.to_vec();
    order.sort_by_cached_key(drawn);
    order
}

/// One of a contest.
#[derive(Clone, Copy)]
struct Entrant<'a> {
    skill: &'a LedgerId,
    of: &'a Candidate,
}

impl Entrant<'_> {
    fn key(&self) -> Key {
        (self.skill.clone(), self.of.code.clone())
    }

    /// What decides, the smaller the better; none: they are not in the ranking.
    fn rank(&self, merge: Merge) -> Option<i64> {
        let position = self.of.position?;
        match merge {
            Merge::Each => Some(i64::from(position)),
            Merge::Total => self.of.total.map(|total| -total.0),
            Merge::Scale => self.of.scale.map(|scale| -scale),
        }
    }

    /// What parts equals by [`CutTies::Chain`], the smaller the better.
    fn chain(&self) -> (i64, i64, Option<u32>) {
        let least = i64::MAX;
        let total = self.of.total.map_or(least, |total| -total.0);
        (total, self.of.scale.map_or(least, |scale| -scale), self.of.position)
    }

    /// What keeps them out of it, whatever the others did.
    fn bar(&self, rule: &Rule) -> Option<Why> {
        let is_counted = rule.employments.is_empty() || rule.employments.contains(&self.of.employment);
        if self.rank(rule.merge).is_none() {
            Some(Why::Unplaced)
        } else if self.of.is_out {
            Some(Why::GaveUp)
        } else if rule.least_total.is_some_and(|least| self.of.total.is_none_or(|total| total < least)) {
            Some(Why::Below)
        } else {
            (!is_counted).then_some(Why::Employment)
        }
    }
}

/// Those who are ranked together: of each feeder and group, or of each group of all.
fn contests<'a>(rule: &Rule, feeders: &'a [Feeder]) -> Vec<Vec<Entrant<'a>>> {
    let mut contests: BTreeMap<(Option<&LedgerId>, &GroupName), Vec<Entrant<'a>>> = BTreeMap::new();
    for feeder in feeders {
        let own = (rule.merge == Merge::Each).then_some(&feeder.skill);
        for of in &feeder.candidates {
            contests.entry((own, &of.group)).or_default().push(Entrant { skill: &feeder.skill, of });
        }
    }
    contests.into_values().collect()
}

/// The cut of one contest, as it is made from the best down.
struct Cut<'a> {
    rule: &'a Rule,
    lots: &'a [Vec<Key>],
    contest: &'a [Entrant<'a>],
    /// Places left, and reserves' places left.
    places: usize,
    reserves: usize,
    /// How many of each delegation go on.
    of_delegation: HashMap<&'a str, usize>,
    advancing: u32,
    standing_by: u32,
    /// Whether a lot is wanted: nobody below has a fate before it is drawn.
    is_open: bool,
}

/// Equals in the order that parted them; those of one part are equal still.
type Parts<'a> = Vec<Vec<Entrant<'a>>>;

/// The first so many of equals, if that is known.
enum Chosen<'a> {
    /// They, and the others.
    Known(Vec<Entrant<'a>>, Vec<Entrant<'a>>),
    /// Those who are among them for certain, those of whom a lot decides, and the others.
    Wanted(Vec<Entrant<'a>>, Vec<Entrant<'a>>, Vec<Entrant<'a>>),
}

impl<'a> Cut<'a> {
    fn new(rule: &'a Rule, lots: &'a [Vec<Key>], contest: &'a [Entrant<'a>]) -> Self {
        let field = contest.iter().filter(|one| one.of.competes).count();
        Self {
            rule,
            lots,
            contest,
            places: rule.quota.places(field),
            reserves: usize::try_from(rule.reserves).unwrap_or(usize::MAX),
            of_delegation: HashMap::new(),
            advancing: 0,
            standing_by: 0,
            is_open: false,
        }
    }

    fn make(mut self, outcome: &mut Outcome) {
        let contest = self.contest;
        let (mut ranked, mut barred) = (Vec::new(), Vec::new());
        for one in contest {
            match (one.bar(self.rule), one.rank(self.rule.merge)) {
                (None, Some(rank)) => ranked.push((rank, *one)),
                (why, _) => barred.push((one.key(), Fate::Stays(why.unwrap_or(Why::Unplaced)))),
            }
        }
        ranked.sort_by_key(|(rank, one)| (*rank, one.skill, &one.of.code));
        for equals in ranked.chunk_by(|one, next| one.0 == next.0) {
            let equals = equals.iter().map(|(_, one)| *one).collect();
            self.rung(equals, outcome);
        }
        barred.sort_by(|one, other| one.0.cmp(&other.0));
        outcome.rows.extend(barred);
    }

    /// Gives equals their fate.
    fn rung(&mut self, equals: Vec<Entrant<'a>>, outcome: &mut Outcome) {
        if self.is_open {
            return give(&equals, Fate::Waits, outcome);
        }
        if self.places == 0 && self.reserves == 0 {
            return give(&equals, Fate::Stays(Why::Cut), outcome);
        }
        let Some(within) = self.within_caps(equals, outcome) else { return };
        let rest = self.advancing(within, outcome);
        self.standing_by(rest, outcome);
    }

    /// Those whom their delegations' caps leave; none where a lot among some of one delegation is wanted.
    fn within_caps(&mut self, equals: Vec<Entrant<'a>>, outcome: &mut Outcome) -> Option<Vec<Entrant<'a>>> {
        let Some(cap) = self.rule.per_delegation.and_then(|cap| usize::try_from(cap).ok()) else {
            return Some(equals);
        };
        let mut delegations: BTreeMap<&str, Vec<Entrant<'a>>> = BTreeMap::new();
        for one in &equals {
            delegations.entry(&one.of.delegation).or_default().push(*one);
        }
        let (mut over, mut open) = (HashSet::new(), HashSet::new());
        for (delegation, members) in delegations {
            let room = cap.saturating_sub(self.of_delegation.get(delegation).copied().unwrap_or_default());
            // A cap keeps from going on; who stands by takes nobody's place yet.
            let room = if self.places == 0 && room > 0 { members.len() } else { room };
            match self.choose(room, members) {
                Chosen::Known(_, others) => over.extend(others.iter().map(Entrant::key)),
                Chosen::Wanted(_, wanted, _) => {
                    self.is_open = true;
                    open.extend(wanted.iter().map(Entrant::key));
                    outcome.open.push(wanted.iter().map(Entrant::key).collect());
                }
            }
        }
        if self.is_open {
            let (open, waits): (Vec<_>, Vec<_>) =
                equals.into_iter().partition(|one| open.contains(&one.key()));
            give(&open, Fate::Open, outcome);
            give(&waits, Fate::Waits, outcome);
            return None;
        }
        let (over, within): (Vec<_>, Vec<_>) = equals.into_iter().partition(|one| over.contains(&one.key()));
        give(&over, Fate::Stays(Why::Delegation), outcome);
        Some(within)
    }

    /// Lets as many of them go on as there are places; the others.
    fn advancing(&mut self, equals: Vec<Entrant<'a>>, outcome: &mut Outcome) -> Vec<Entrant<'a>> {
        if self.places == 0 {
            return equals;
        }
        let is_whole = equals.len() <= self.places || self.rule.ties == CutTies::All;
        let chosen =
            if is_whole { Chosen::Known(equals, Vec::new()) } else { self.choose(self.places, equals) };
        let (going, rest) = match chosen {
            Chosen::Known(going, rest) => (going, rest),
            Chosen::Wanted(sure, wanted, below) => {
                self.go_on(&sure, outcome);
                self.want(&wanted, outcome);
                give(&below, Fate::Waits, outcome);
                return Vec::new();
            }
        };
        self.go_on(&going, outcome);
        rest
    }

    fn go_on(&mut self, going: &[Entrant<'a>], outcome: &mut Outcome) {
        // Equals who all go on share their place.
        give(going, Fate::Advances(self.advancing + 1), outcome);
        for one in going {
            *self.of_delegation.entry(&one.of.delegation).or_default() += 1;
        }
        self.advancing = self.advancing.saturating_add(u32::try_from(going.len()).unwrap_or(u32::MAX));
        self.places = self.places.saturating_sub(going.len());
    }

    /// Lets as many of them stand by as there is room, each after the other.
    fn standing_by(&mut self, equals: Vec<Entrant<'a>>, outcome: &mut Outcome) {
        for part in self.parted(equals) {
            match part.as_slice() {
                some if self.is_open => give(some, Fate::Waits, outcome),
                some if self.reserves == 0 => give(some, Fate::Stays(Why::Cut), outcome),
                [one] => {
                    self.standing_by += 1;
                    self.reserves -= 1;
                    give(&[*one], Fate::Reserve(self.standing_by), outcome);
                }
                some => self.want(some, outcome),
            }
        }
    }

    fn want(&mut self, wanted: &[Entrant<'a>], outcome: &mut Outcome) {
        self.is_open = true;
        outcome.open.push(wanted.iter().map(Entrant::key).collect());
        give(wanted, Fate::Open, outcome);
    }

    /// The first so many of equals.
    fn choose(&self, count: usize, equals: Vec<Entrant<'a>>) -> Chosen<'a> {
        if equals.len() <= count {
            return Chosen::Known(equals, Vec::new());
        }
        let (mut first, mut wanted, mut others) = (Vec::new(), Vec::new(), Vec::new());
        if count == 0 {
            return Chosen::Known(first, equals);
        }
        for part in self.parted(equals) {
            if first.len() + part.len() <= count {
                first.extend(part);
            } else if first.len() < count && wanted.is_empty() {
                wanted = part;
            } else {
                others.extend(part);
            }
        }
        if wanted.is_empty() { Chosen::Known(first, others) } else { Chosen::Wanted(first, wanted, others) }
    }

    /// Equals parted by the chain, and by the lot that was drawn for exactly those who are left equal.
    fn parted(&self, mut equals: Vec<Entrant<'a>>) -> Parts<'a> {
        if equals.is_empty() {
            return Vec::new();
        }
        if self.rule.ties != CutTies::Chain {
            return self.by_lot(equals);
        }
        equals.sort_by_key(|one| (one.chain(), one.skill, &one.of.code));
        let parts = equals.chunk_by(|one, next| one.chain() == next.chain());
        parts.flat_map(|part| self.by_lot(part.to_vec())).collect()
    }

    fn by_lot(&self, part: Vec<Entrant<'a>>) -> Parts<'a> {
        let keys: HashSet<Key> = part.iter().map(Entrant::key).collect();
        let is_meant = |lot: &&Vec<Key>| {
            lot.len() == keys.len() && lot.iter().collect::<HashSet<_>>() == keys.iter().collect()
        };
        let Some(lot) = self.lots.iter().rev().find(is_meant) else { return vec![part] };
        let by_key: HashMap<Key, Entrant<'a>> = part.into_iter().map(|one| (one.key(), one)).collect();
        lot.iter().filter_map(|key| by_key.get(key)).map(|one| vec![*one]).collect()
    }
}

fn give(to: &[Entrant<'_>], fate: Fate, outcome: &mut Outcome) {
    outcome.rows.extend(to.iter().map(|one| (one.key(), fate)));
}

#[cfg(test)]
mod tests;
