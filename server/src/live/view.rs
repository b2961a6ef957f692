//! Views as pure functions of what is known: documents, settings, folded ledgers, and what the
//! audience may see. What it may not see is not in them.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use domain::id::CompetitorCode;
use domain::marking::{self, Phase, Stage, State};
use domain::results::live::{Live, Presence, Progress, Row, live, progress};
use domain::results::team;
use domain::rules::LivePolicy;
use protocol::view::{
    self, BoardView, CompetitionCard, CompetitionRef, CompetitionView, CriterionHead, DelegationLine,
    DelegationRow, DelegationView, HomeView, LiveCard, Policy, SkillCard, SkillRef, Status, Text, Topic,
};
use serde::Serialize;

use super::Visibility;
use super::catalogue::{Competition, Identity, Skill};
use crate::exchange::package::Name;

/// The view of a topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum View {
    /// Of [`Topic::Circuit`].
    Home(HomeView),
    /// Of [`Topic::Competition`].
    Competition(CompetitionView),
    /// Of [`Topic::Delegation`].
    Delegation(DelegationView),
    /// Of [`Topic::Skill`].
    Board(BoardView),
}

/// A skill as an audience sees it: its ledger up to where they may see, and by which rule.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) skill: Arc<Skill>,
    /// Up to where it is frozen for them.
    pub(super) state: Arc<State>,
    pub(super) visibility: Visibility,
    /// Who is behind the codes that are marked, where they were drawn; nobody while they are sealed.
    pub(super) drawn: Option<HashMap<CompetitorCode, Identity>>,
}

/// A competition with those of its skills that are looked at.
pub(super) type SeenCompetition = (Arc<Competition>, Vec<Seen>);

/// The view of a topic; none where there is nothing that the audience may know of.
pub(super) fn build(topic: &Topic, seen: &[SeenCompetition]) -> Option<View> {
    let Some((competition, skills)) = seen.first() else {
        return matches!(topic, Topic::Circuit).then(View::default);
    };
    Some(match topic {
        Topic::Circuit => View::Home(home(seen)),
        Topic::Competition(_) => View::Competition(competition_page(competition, skills)),
        Topic::Delegation(_, name) => View::Delegation(delegation(competition, skills, name)?),
        Topic::Skill(_) => View::Board(board(competition, skills.first()?)),
    })
}

impl Default for View {
    fn default() -> Self {
        Self::Home(HomeView::default())
    }
}

/// Where a skill's results stand, by its ledger alone: the one source of the word on every page and
/// at the desk. Over a board that is frozen for its audience stands [`Status::Frozen`] instead.
pub(crate) fn status(skill: Option<&marking::Skill>) -> Status {
    let Some(skill) = skill else { return Status::Upcoming };
    let is_marked = || {
        let Progress { done, of } = progress(skill);
        done >= of
    };
    match skill.phase {
        Phase::Open if !is_marked() => Status::InProgress,
        Phase::Open | Phase::Closed => Status::UnderReview,
        Phase::Released(Stage::Provisional) => Status::Provisional,
        Phase::Released(Stage::Publicised) => Status::Publicised,
        Phase::Released(Stage::Official) => Status::Official,
    }
}

/// A skill's board.
fn board(competition: &Competition, seen: &Seen) -> BoardView {
    let card = seen.card();
    let mut board = BoardView {
        competition: competition_ref(competition),
        skill: card.skill,
        status: card.status,
        policy: card.policy,
        as_of: seen.state.head.server_time,
        progress: card.progress,
        session: seen.skill.setting.session.clone(),
        ..BoardView::default()
    };
    let Some((skill, shown)) = seen.live() else { return board };
    let criteria = &skill.opening.scheme.criteria;
    board.criteria = shown
        .criteria
        .iter()
        .map(|compared| CriterionHead {
            id: compared.criterion.to_string(),
            name: criteria.iter().find(|one| one.id == compared.criterion).map_or("", |one| &one.name).into(),
            max: compared.max.to_string(),
        })
        .collect();
    board.order = shown.rows.iter().map(|row| row.competitor.to_string()).collect();
    board.rows = shown.rows.into_iter().map(|row| (row.competitor.to_string(), seen.row(row))).collect();
    board
}

/// A competition's page.
fn competition_page(competition: &Competition, skills: &[Seen]) -> CompetitionView {
    let document = &competition.document;
    let lines = lines(skills);
    let mut order: Vec<&String> = lines.keys().collect();
    order.sort_by_key(|name| (lines[*name].rank.is_none(), lines[*name].rank, *name));
    let cards: Vec<SkillCard> = skills.iter().map(Seen::card).collect();
    CompetitionView {
        competition: competition_ref(competition),
        edition: document.edition.clone(),
        tier: document.tier.clone(),
        host: document.host.clone(),
        dates: document.dates.clone(),
        venue: document.venue.clone(),
        as_of: as_of(skills),
        progress: cards.iter().fold(view::Progress::default(), |all, card| view::Progress {
            done: all.done + card.progress.done,
            of: all.of + card.progress.of,
        }),
        order: cards.iter().map(|card| card.skill.id.clone()).collect(),
        skills: cards.into_iter().map(|card| (card.skill.id.clone(), card)).collect(),
        has_draw: skills.iter().any(|seen| seen.state.coding.is_some()),
        delegation_order: order.into_iter().cloned().collect(),
        delegations: lines,
    }
}

/// A delegation's page; none where nobody is known to compete for it.
fn delegation(competition: &Competition, skills: &[Seen], name: &str) -> Option<DelegationView> {
    let line = lines(skills).remove(name)?;
    let mut page = DelegationView {
        competition: competition_ref(competition),
        name: name.to_owned(),
        as_of: as_of(skills),
        line,
        ..DelegationView::default()
    };
    for seen in skills.iter().filter(|seen| seen.sends(name)) {
        let Some((_, shown)) = seen.live() else { continue };
        let card = seen.card();
        let of_theirs = shown.rows.into_iter().filter(|row| {
            seen.identity(&row.competitor).and_then(|who| who.delegation.as_deref()) == Some(name)
        });
        for row in of_theirs {
            let code = row.competitor.to_string();
            let key = format!("{}/{code}", card.skill.id);
            page.order.push(key.clone());
            let row = seen.row(row);
            let (skill, status) = (card.skill.clone(), card.status);
            page.rows.insert(key, DelegationRow { skill, status, code, row });
        }
    }
    Some(page)
}

/// The first page.
fn home(competitions: &[SeenCompetition]) -> HomeView {
    let mut home = HomeView::default();
    for (competition, skills) in competitions {
        let cards: Vec<SkillCard> = skills.iter().map(Seen::card).collect();
        let count = |is_so: &dyn Fn(&Seen) -> bool| number(skills.iter().filter(|seen| is_so(seen)).count());
        let document = &competition.document;
        let card = CompetitionCard {
            competition: competition_ref(competition),
            edition: document.edition.clone(),
            tier: document.tier.clone(),
            host: document.host.clone(),
            dates: document.dates.clone(),
            skills: number(skills.len()),
            live: count(&Seen::is_being_marked),
            released: count(&|seen| matches!(seen.phase(), Some(Phase::Released(_)))),
            competitors: cards.iter().map(|card| card.competitors).sum(),
        };
        home.as_of = home.as_of.max(as_of(skills));
        home.order.push(competition.id.clone());
        home.competitions.insert(competition.id.clone(), card);
        for (seen, card) in skills.iter().zip(cards).filter(|(seen, _)| seen.is_being_marked()) {
            let live = LiveCard { competition: competition_ref(competition), card };
            home.live.insert(seen.skill.ledger.to_string(), live);
        }
    }
    home
}

/// What is known of each delegation that somebody competes for, by name. People behind sealed codes
/// are not counted: a number that changes when a code's row does would tell whose code it is.
fn lines(skills: &[Seen]) -> BTreeMap<String, DelegationLine> {
    let mut all: BTreeMap<String, Gathered> = BTreeMap::new();
    for seen in skills.iter().filter(|seen| seen.visibility.tells_names(&seen.state)) {
        for (code, who) in seen.people() {
            if let Some(name) = who.delegation.as_ref().filter(|_| seen.competes(code)) {
                all.entry(name.clone()).or_default().line.competitors += 1;
            }
        }
        let Some(Phase::Released(_)) = seen.phase() else { continue };
        let Some((skill, shown)) = seen.live() else { continue };
        let classes = team::award_classes(&skill.opening.rules);
        for row in shown.rows {
            let who = seen.identity(&row.competitor);
            let Some(name) = who.and_then(|who| who.delegation.as_ref()) else { continue };
            let gathered = all.entry(name.clone()).or_default();
            if let (Some(rules), Some(rank)) = (&skill.opening.rules.team_points, row.rank) {
                gathered.points = Some(gathered.points.unwrap_or(0) + u64::from(team::points(rules, rank)));
                gathered.ranks.push(rank);
            }
            if let Some(award) = row.award {
                if let Some(class) = classes.iter().position(|known| *known == award) {
                    gathered.classes.resize(gathered.classes.len().max(class + 1), 0);
                    gathered.classes[class] += 1;
                }
                *gathered.line.awards.entry(award).or_insert(0) += 1;
            }
        }
    }
    placed(all)
}

/// A delegation's results while they are counted.
#[derive(Default)]
struct Gathered {
    line: DelegationLine,
    points: Option<u64>,
    ranks: Vec<u32>,
    /// How many awards of each class, from the best.
    classes: Vec<u32>,
}

/// By points where any are given, else by awards; who has neither has no place.
fn placed(all: BTreeMap<String, Gathered>) -> BTreeMap<String, DelegationLine> {
    let has_points = all.values().any(|gathered| gathered.points.is_some());
    let places = if has_points {
        let figure = |of: &Gathered| (of.points.unwrap_or(0), of.ranks.clone());
        team::place_by_points(&all.values().map(figure).collect::<Vec<_>>())
    } else {
        team::place_by_awards(&all.values().map(|of| of.classes.clone()).collect::<Vec<_>>())
    };
    let line = |((name, of), place): ((String, Gathered), u32)| {
        let is_placed = if has_points { of.points.is_some() } else { !of.classes.is_empty() };
        (name, DelegationLine { rank: is_placed.then_some(place), points: of.points, ..of.line })
    };
    all.into_iter().zip(places).map(line).collect()
}

impl Seen {
    pub(super) fn new(skill: Arc<Skill>, state: Arc<State>, visibility: Visibility) -> Self {
        let drawn = state.coding.as_deref().map(|coding| skill.people_of(coding));
        Self { skill, state, visibility, drawn }
    }

    fn opened(&self) -> Option<&marking::Skill> {
        self.state.skill.as_deref()
    }

    fn phase(&self) -> Option<Phase> {
        self.opened().map(|skill| skill.phase)
    }

    /// Before its opening a skill's rules are not pinned, and nothing is shown of it.
    fn policy(&self) -> LivePolicy {
        let pinned = || self.opened().map(|skill| skill.opening.rules.live_policy);
        self.visibility.policy.or_else(pinned).unwrap_or(LivePolicy::Progress)
    }

    fn live(&self) -> Option<(&marking::Skill, Live)> {
        self.opened().map(|skill| (skill, live(skill, self.policy())))
    }

    fn is_being_marked(&self) -> bool {
        status(self.opened()) == Status::InProgress
    }

    fn status(&self) -> Status {
        if self.visibility.frozen_at.is_some() { Status::Frozen } else { status(self.opened()) }
    }

    fn card(&self) -> SkillCard {
        let document = &self.skill.document;
        let competitors = match self.opened() {
            Some(skill) => (0..skill.competitors.len()).filter(|row| skill.board.is_competing(*row)).count(),
            None => self.skill.people.len(),
        };
        SkillCard {
            skill: SkillRef {
                id: self.skill.ledger.to_string(),
                name: text(&document.name),
                number: document.number.clone(),
            },
            status: self.status(),
            policy: match self.policy() {
                LivePolicy::Progress => Policy::Progress,
                LivePolicy::Completed => Policy::Completed,
                LivePolicy::Running => Policy::Running,
            },
            progress: self.opened().map(shown_progress).unwrap_or_default(),
            competitors: number(competitors),
            dates: document.dates.clone(),
            venue: document.venue.clone(),
        }
    }

    /// Who is behind the codes that are marked, as far as that is known.
    fn people(&self) -> &HashMap<CompetitorCode, Identity> {
        self.drawn.as_ref().unwrap_or(&self.skill.people)
    }

    /// Who is behind a code, where that may be told.
    fn identity(&self, code: &CompetitorCode) -> Option<&Identity> {
        let may_tell = self.visibility.tells_names(&self.state);
        self.people().get(code).filter(|_| may_tell)
    }

    /// Whether it may be told that a delegation has somebody in this skill.
    fn sends(&self, delegation: &str) -> bool {
        let mut delegations = self.people().values().filter_map(|who| who.delegation.as_deref());
        self.visibility.tells_names(&self.state) && delegations.any(|name| name == delegation)
    }

    /// Whether somebody competes, or will.
    fn competes(&self, code: &CompetitorCode) -> bool {
        let Some(skill) = self.opened() else { return true };
        skill.row(code).is_some_and(|row| skill.board.is_competing(row))
    }

    fn row(&self, row: Row) -> view::Row {
        let who = self.identity(&row.competitor).cloned().unwrap_or_default();
        view::Row {
            name: who.name,
            organisation: who.organisation,
            delegation: who.delegation,
            group: row.group.to_string(),
            presence: match row.presence {
                Presence::Competing => view::Presence::Competing,
                Presence::Absent => view::Presence::Absent,
                Presence::Withdrawn => view::Presence::Withdrawn,
                Presence::Disqualified => view::Presence::Disqualified,
            },
            rank: row.rank,
            is_tied: row.is_tied,
            moved: 0,
            total: row.total.map(|total| total.to_string()),
            gap: row.gap.filter(|gap| gap.0 > 0).map(|gap| gap.to_string()),
            scale: row.scale,
            award: row.award,
            progress: progress_of(row.progress),
            marks: row.marks.iter().map(ToString::to_string).collect(),
        }
    }
}

fn competition_ref(competition: &Competition) -> CompetitionRef {
    competition.document.reference(&competition.id)
}

fn text(name: &Name) -> Text {
    Text { zh: name.zh.clone(), en: name.en.clone() }
}

fn as_of(skills: &[Seen]) -> i64 {
    skills.iter().map(|seen| seen.state.head.server_time).max().unwrap_or_default()
}

fn progress_of(Progress { done, of }: Progress) -> view::Progress {
    view::Progress { done: done as u64, of: of as u64 }
}

/// How far the marking of a skill is, as every page and the desk show it.
pub(crate) fn shown_progress(skill: &marking::Skill) -> view::Progress {
    progress_of(progress(skill))
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
