//! Invented people: names, codes and organisations. No name is given twice in a skill.

use std::collections::HashSet;

use domain::id::{CompetitorCode, GroupName};
use domain::marking::{Panel, Seat};
use domain::scheme::Scheme;
use serde::Deserialize;
use server::exchange::package::{Judge, Person};

use super::random::Random;
use super::sector::Sector;

/// Letters of codes, without those that look alike.
const LETTERS: &[u8; 28] = b"ACDEFGHJKLMNPQRTUVWXY2346789";

/// Of what people are made, as written in a file.
#[derive(Debug, Deserialize)]
pub(super) struct Words {
    pub(super) delegations: Vec<String>,
    brands: Vec<String>,
    enterprises: Vec<String>,
    schools: Vec<String>,
    workers_levels: Vec<String>,
    surnames: String,
    given: String,
    long_names: Vec<String>,
    pub(super) events: Reasons,
}

/// What is written where something happened.
#[derive(Debug, Deserialize)]
pub(super) struct Reasons {
    pub(super) absent: Vec<String>,
    pub(super) extra_time: Vec<String>,
    pub(super) penalty: Vec<String>,
    pub(super) withdrawn: Vec<String>,
    pub(super) void_aspect: Vec<String>,
}

impl Words {
    fn enterprises<'a>(&'a self, sector: &'a Sector) -> &'a [String] {
        if sector.enterprises.is_empty() { &self.enterprises } else { &sector.enterprises }
    }
}

/// Makes the people of one skill.
pub(super) struct People<'a> {
    words: &'a Words,
    surnames: Vec<String>,
    given: Vec<String>,
    names: HashSet<String>,
    codes: HashSet<String>,
}

impl<'a> People<'a> {
    pub(super) fn new(words: &'a Words) -> Self {
        let list = |text: &str| text.split_whitespace().map(str::to_owned).collect();
        let (surnames, given) = (list(&words.surnames), list(&words.given));
        Self { words, surnames, given, names: HashSet::new(), codes: HashSet::new() }
    }

    /// A name that nobody in the skill has.
    fn name(&mut self, random: &mut Random) -> String {
        loop {
            let name = if random.is_one_in(250) {
                random.pick(&self.words.long_names).to_owned()
            } else {
                let (surname, first) = (random.pick(&self.surnames), random.pick(&self.given));
                // About one in five has two characters.
                let second = if random.is_one_in(5) { "" } else { random.pick(&self.given) };
                format!("{surname}{first}{second}")
            };
            if self.names.insert(name.clone()) {
                return name;
            }
        }
    }

    /// A code that nobody in the skill has.
    fn code(&mut self, random: &mut Random) -> String {
        loop {
            let code: String = (0..3).map(|_| char::from(LETTERS[random.below(LETTERS.len())])).collect();
            if self.codes.insert(code.clone()) {
                return code;
            }
        }
    }

    fn organisation(&self, city: &str, kinds: &[String], random: &mut Random) -> String {
        format!("{city}{}{}", random.pick(&self.words.brands), random.pick(kinds))
    }

    /// Who competes, delegations in turn.
    pub(super) fn competitors(
        &mut self,
        sector: &Sector,
        delegations: &[String],
        random: &mut Random,
    ) -> Vec<Person> {
        let words = self.words;
        let start = random.below(delegations.len());
        let mut people = Vec::new();
        for unit in 0..sector.competitors {
            let delegation =
                delegations.get((start + unit) % delegations.len().max(1)).cloned().unwrap_or_default();
            // Three workers, then two students.
            let is_worker = unit % 5 < 3;
            let kinds = if is_worker { words.enterprises(sector) } else { &words.schools };
            let organisation = self.organisation(&delegation, kinds, random);
            let group = match (sector.has_groups, is_worker) {
                (false, _) => "",
                (true, true) => "职工组",
                (true, false) => "学生组",
            };
            let team = if sector.team_size > 1 { self.code(random) } else { String::new() };
            for _ in 0..sector.team_size {
                let level = if is_worker { random.pick(&words.workers_levels) } else { "" };
                people.push(Person {
                    row: people.len() as u64 + 2,
                    code: CompetitorCode::from(self.code(random)),
                    name: self.name(random),
                    organisation: organisation.clone(),
                    delegation: delegation.clone(),
                    team: team.clone(),
                    member: String::new(),
                    group: GroupName::from(group),
                    employment: if is_worker { "在职" } else { "学生" }.to_owned(),
                    level: level.to_owned(),
                    batch: String::new(),
                });
            }
        }
        people
    }

    /// The judges, and the chief judge last; none comes from where somebody of these comes from, whom they
    /// could not mark.
    pub(super) fn judges(
        &mut self,
        sector: &Sector,
        delegations: &[String],
        people: &[Person],
        random: &mut Random,
    ) -> Vec<Judge> {
        let (words, mut judges) = (self.words, Vec::new());
        for at in 1..=sector.judges + 1 {
            let is_chief = at > sector.judges;
            let kinds = if random.is_one_in(2) { &words.schools } else { words.enterprises(sector) };
            let city = random.pick(delegations).to_owned();
            let name = self.name(random);
            let is_free = |place: &String| people.iter().all(|person| person.organisation != *place);
            let mut places = std::iter::once(self.organisation(&city, kinds, random))
                .chain(std::iter::repeat_with(|| self.organisation(random.pick(delegations), kinds, random)));
            // One of no place is nobody's compatriot.
            let organisation = places.by_ref().take(100).find(is_free).unwrap_or_default();
            judges.push(Judge {
                code: if is_chief { "CJ".into() } else { format!("J{at}").into() },
                name,
                organisation,
                is_chief,
                batch: String::new(),
            });
        }
        judges
    }
}

/// Who marks what: the sub-criteria go in turn to a first and a second panel of three; where five sit,
/// those are the first five. A judge of more than six looks on as a trainee of the second panel.
pub(super) fn panels(scheme: &Scheme, sector: &Sector) -> Vec<Panel> {
    let second = sector.judges.saturating_sub(3).min(3);
    let sizes = sector.panel_sizes().chain(std::iter::repeat(3));
    let subs = scheme.sub_criteria().zip(sizes).enumerate();
    subs.map(|(at, ((_, sub), size))| {
        let first = if size > 3 || at % 2 == 0 { 0 } else { second };
        let seat = |judge: usize, counts: bool| Seat { counts, judge: format!("J{judge}").into() };
        let mut seats: Vec<Seat> = (first + 1..=first + size).map(|judge| seat(judge, true)).collect();
        if sector.judges > 6 && first > 0 {
            seats.push(seat(sector.judges, false));
        }
        Panel { seats, sub_criterion: sub.id.clone() }
    })
    .collect()
}
