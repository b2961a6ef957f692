//! A contest that is followed while it is marked: people whose names tell their skill, so that a test
//! sees where they come out.

use domain::access::Role;
use domain::id::{EntryId, LedgerId};
use domain::ledger::{Command, Status};
use domain::marking::{Body, Close, Release, Stage};
use server::competition::{self, Kept, KeptSkill};
use server::database::Database;
use server::exchange::package::{Competition, Judge, Name, Person, SkillDocument};
use server::ledger::{Ledger, Origin, Submission};

use crate::skill::{BEGINNING, Plan, Tablet};

/// What each of its skills is opened with: two sub-criteria, ten aspects and two, each measured.
pub const PLAN: Plan = Plan { competitors: 4, measured: 12, judged: 0 };
/// How many marks a skill takes.
pub const CELLS: i64 = 48;

/// Keeps a competition with these skills, which are not opened; a skill's name is its ledger's id.
pub async fn keep(database: &Database, id: &str, skills: &[&str]) {
    let name = |text: String| Name { zh: text.clone(), en: text };
    let document = Competition {
        name: name(format!("contest {id}")),
        edition: "2026".to_owned(),
        tier: "city".to_owned(),
        host: "样例总工会".to_owned(),
        ..Competition::default()
    };
    let kept = |(number, skill): (usize, &&str)| KeptSkill {
        ledger: LedgerId::from(*skill),
        name: (*skill).to_owned(),
        document: SkillDocument {
            number: format!("{:02}", number + 1),
            name: name(format!("skill {skill}")),
            people: people(skill),
            judges: vec![Judge {
                code: "J1".into(),
                name: "评委甲".to_owned(),
                organisation: "质检院".to_owned(),
                is_chief: true,
                batch: String::new(),
            }],
            ..SkillDocument::default()
        },
        draft: None,
    };
    let skills: Vec<KeptSkill<SkillDocument>> = skills.iter().enumerate().map(kept).collect();
    let competition = Kept { id: id.to_owned(), organisation: None, document };
    competition::keep(database, &competition, &skills, BEGINNING).await.expect("it is kept");
}

/// Four competitors of two delegations.
fn people(skill: &str) -> Vec<Person> {
    let person = |number: usize| Person {
        code: format!("C{number:03}").as_str().into(),
        name: format!("name-{skill}-{number}"),
        organisation: format!("works-{skill}-{number}"),
        delegation: format!("city-{skill}-{}", number % 2),
        ..Person::default()
    };
    (1..=4).map(person).collect()
}

/// Enters what must be accepted.
pub async fn submit(ledger: &Ledger, submission: Submission) {
    let receipt = ledger.submit(submission).await.expect("a receipt");
    assert_eq!(receipt.status, Status::Accepted, "{:?}", receipt.why);
}

/// Marks `from` to `until` of a skill, in the order of one tablet that marks it all: competitor by
/// competitor, aspect by aspect.
pub async fn mark(ledger: &Ledger, skill: &str, from: i64, until: i64) {
    let tablet = Tablet::new(PLAN, skill, 0, 1);
    for dseq in from..=until {
        submit(ledger, tablet.submission(dseq)).await;
    }
}

/// The chief judge closes a skill, and the organiser releases its results.
pub async fn release(ledger: &Ledger, skill: &str) {
    let command = |role, actor: &str, number: u128, body| Command {
        actor: actor.to_owned(),
        base: None,
        body,
        client_time: BEGINNING,
        device: format!("{actor} of {skill}").as_str().into(),
        dseq: 1,
        id: EntryId((9 << 80) | (7 << 76) | (2 << 62) | (number << 32) | skill.len() as u128),
        role,
        second: None,
    };
    let close = command(Role::ChiefJudge, "J1", 1, Body::Close(Close { reason: None }));
    let stage = Stage::Provisional;
    let release = command(Role::Organiser, "organiser", 2, Body::Release(Release { stage }));
    for command in [close, release] {
        submit(
            ledger,
            Submission {
                ledger_id: skill.into(),
                command,
                origin: Origin::Unsigned,
                drawing: None,
                reason: None,
            },
        )
        .await;
    }
}
