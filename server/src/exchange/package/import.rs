//! A package into the database: its competition and skills, and every row as an entry.
//!
//! The same package gives the same ids, so an import that was cut off, by a crash as well, is begun
//! again and goes on where it stopped; nothing is entered twice.

use domain::finding::{Finding, Spoken};
use domain::findings;
use domain::id::{CompetitorCode, JudgeCode, LedgerId, OrganisationId};
use domain::ledger::{Hash, Status};
use domain::marking::{Conflict, Opening, Why};
use protocol::setup::InterestKind;
use serde::{Deserialize, Serialize};

use super::rows::{everyone, unless_everyone};
use super::{Competition, Files, Judge, Name, Package, Person, Player, SkillPackage, opening, write};
use crate::competition::{self, CompetitionError, Draft, Kept, KeptSkill};
use crate::database::Database;
use crate::ledger::{Ledger, LedgerError, Origin, Receipt, Submission};

/// How many rows go to the ledger at once; it writes them as one group.
const BATCH: usize = 256;

/// What an import did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// The competition's id.
    pub competition: String,
    /// Its skills.
    pub skills: Vec<ImportedSkill>,
}

/// One skill of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedSkill {
    /// The folder's name.
    pub name: String,
    /// Its ledger.
    pub ledger: LedgerId,
    /// How many entries the import made or found there.
    pub entries: i64,
}

/// What is kept of a skill beside its ledger.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkillDocument {
    /// Its number in the competition.
    pub number: String,
    /// Its name.
    pub name: Name,
    /// The occupation's code in the national classification.
    pub occupation: String,
    /// Where it is held, as written; empty where it is held at the competition's place.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub venue: String,
    /// Its first and last day, as written; empty where it has all of the competition's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dates: Vec<String>,
    /// Who competes, a person each.
    pub people: Vec<Person>,
    /// Who marks.
    pub judges: Vec<Judge>,
    /// Interests of judges in competitors that were declared before the opening. No package holds them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub interests: Vec<Declared>,
}

/// A judge's interest in a competitor or team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declared {
    /// The judge.
    pub judge: JudgeCode,
    /// The competitor or team, by the code that the list of people has.
    pub competitor: CompetitorCode,
    /// Of what kind.
    pub kind: InterestKind,
}

findings! {
    /// Why an import stopped. What was entered stays; importing again goes on from there.
    pub enum ImportError {
        NotEntered { skill: String, row: u64, problem: Spoken } = Error "import_stopped",
            "赛项 {skill} 在第 {row} 行停下：{problem:#}；已导入的部分保留，再次导入会接着做。",
            "Skill {skill} stopped at row {row}: {problem}. What is there stays; importing again goes on from it.";
        OtherEntries { skill: String } = Error "import_other_entries",
            "赛项 {skill} 的账本里有别的记录；这个赛事包已导入并在使用中。",
            "The ledger of skill {skill} holds other entries: this package was imported and is in use.";
        Failed { problem: Spoken } = Error "import_failed", "{problem:#}。", "{problem}.";
    }
}

/// A competition and its skills, as they are kept.
pub(crate) type Prepared = (Kept<Competition>, Vec<KeptSkill<SkillDocument>>);

/// Keeps a package's set-up under an id of its own, with no rows entered, as an organisation's: each skill
/// waits to be opened. The same package may be kept more than once.
///
/// # Errors
/// Where the database does not take it.
pub async fn set_up(
    database: &Database,
    package: &Package,
    id: &str,
    organisation: Option<OrganisationId>,
    now: i64,
) -> Result<(), ImportError> {
    let (competition, skills) = prepared(package, id, organisation)?;
    competition::keep(database, &competition, &skills, now).await?;
    Ok(())
}

/// What of a package is kept before anything is opened: the competition, and each skill with its draft.
///
/// # Errors
/// Where a skill cannot be opened.
pub(crate) fn prepared(
    package: &Package,
    id: &str,
    organisation: Option<OrganisationId>,
) -> Result<Prepared, ImportError> {
    let kept = |skill: &SkillPackage| {
        skill.opening().ok_or_else(|| ImportError::Failed { problem: unsound(&skill.id) })?;
        let (rules, scheme) = (skill.rules.clone(), skill.scheme.clone());
        let panels = unless_everyone(skill.panels.clone(), &scheme, &skill.judges);
        Ok(KeptSkill { draft: Some(Draft { rules, scheme, panels }), ..kept_skill(id, skill) })
    };
    let skills: Vec<KeptSkill<SkillDocument>> =
        package.skills.iter().map(kept).collect::<Result<_, ImportError>>()?;
    Ok((Kept { id: id.to_owned(), organisation, document: package.competition.clone() }, skills))
}

/// Imports a package that was read without errors. `progress` is told the rows done and all rows.
///
/// # Errors
/// Where the database or the ledger does not take it; importing again goes on.
pub async fn import(
    database: &Database,
    ledger: &Ledger,
    package: &Package,
    now: i64,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<Imported, ImportError> {
    let files = write(package).map_err(unwritable)?;
    let id = id_of(&files);
    let kept: Vec<KeptSkill<SkillDocument>> =
        package.skills.iter().map(|skill| kept_skill(&id, skill)).collect();
    let competition: Kept<Competition> =
        Kept { id: id.clone(), organisation: None, document: package.competition.clone() };
    competition::keep(database, &competition, &kept, now).await?;
    let all = package.skills.iter().filter_map(Player::new).map(|player| player.len() as u64).sum();
    let (mut done, mut skills) = (0, Vec::new());
    for (skill, kept) in package.skills.iter().zip(&kept) {
        let told = |rows: u64| progress(done + rows, all);
        let entries = import_skill(ledger, skill, &kept.ledger, &told).await?;
        skills.push(ImportedSkill { name: skill.id.clone(), ledger: kept.ledger.clone(), entries });
        done += Player::new(skill).map_or(0, |player| player.len() as u64);
    }
    progress(all, all);
    Ok(Imported { competition: id, skills })
}

async fn import_skill(
    ledger: &Ledger,
    skill: &SkillPackage,
    id: &LedgerId,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<i64, ImportError> {
    let unsound = || ImportError::Failed { problem: unsound(&skill.id) };
    let mut player = Player::for_ledger(skill, id.clone(), Box::new(random_salt)).ok_or_else(unsound)?;
    adopt(ledger, skill, id, &mut player).await?;
    let mut batch = Vec::with_capacity(BATCH);
    let mut entered = player.state.head.seq;
    while let Some(step) = player.next_step() {
        let stopped =
            |problem: Spoken| ImportError::NotEntered { skill: skill.id.clone(), row: step.row, problem };
        let command = step.command.clone().map_err(|problem| stopped(problem.spoken()))?;
        player.take(&step).map_err(|problem| stopped(problem.spoken()))?;
        let (ledger_id, reason) = (id.clone(), step.reason.clone());
        batch.push((
            step.row,
            Submission { ledger_id, command, origin: Origin::Unsigned, drawing: None, reason },
        ));
        if batch.len() == BATCH {
            entered += submit(ledger, skill, &mut batch).await?;
            progress(u64::try_from(entered).unwrap_or(0));
        }
    }
    Ok(entered + submit(ledger, skill, &mut batch).await?)
}

/// Goes through what an earlier import entered; anything else in the ledger stops.
async fn adopt(
    ledger: &Ledger,
    skill: &SkillPackage,
    id: &LedgerId,
    player: &mut Player<'_>,
) -> Result<(), ImportError> {
    let mut seq = 1;
    loop {
        let page = ledger.entries(id, seq).await?;
        let Some(last) = page.last() else { return Ok(()) };
        seq = last.entry.seq + 1;
        for sealed in &page {
            // Entries after the import, by people, leave nothing to go on with.
            let step = player.next_step().and_then(|step| step.command.ok());
            let Some(command) = step else { return Ok(()) };
            if command.id != sealed.entry.id {
                return Err(ImportError::OtherEntries { skill: skill.id.clone() });
            }
            player.adopt(sealed);
        }
    }
}

async fn submit(
    ledger: &Ledger,
    skill: &SkillPackage,
    batch: &mut Vec<(u64, Submission)>,
) -> Result<i64, ImportError> {
    let (rows, submissions): (Vec<u64>, Vec<Submission>) = batch.drain(..).unzip();
    let mut entered = 0;
    for (row, receipt) in rows.into_iter().zip(ledger.submit_all(submissions).await) {
        let stopped = |problem: Spoken| ImportError::NotEntered { skill: skill.id.clone(), row, problem };
        let receipt = receipt.map_err(|error| stopped(error.spoken()))?;
        if receipt.status != Status::Accepted {
            return Err(stopped(why_not(&receipt)));
        }
        entered += 1;
    }
    Ok(entered)
}

impl KeptSkill<SkillDocument> {
    /// What is pinned when the skill opens, as it is set up now. None where it has no draft.
    #[must_use]
    pub fn opening(&self) -> Option<Opening> {
        let (draft, document) = (self.draft.as_ref()?, &self.document);
        let panels = if draft.panels.is_empty() {
            everyone(&draft.scheme, &document.judges, &[])
        } else {
            draft.panels.clone()
        };
        let opening = opening(&draft.scheme, &draft.rules, panels, &document.people, &document.judges)?;
        Some(document.barred_in(opening))
    }
}

impl SkillDocument {
    /// An opening in which those who declared an interest are barred too.
    fn barred_in(&self, mut opening: Opening) -> Opening {
        let competes = |code: &CompetitorCode| opening.competitors.iter().any(|one| one.code == *code);
        let judges = |code: &JudgeCode| self.judges.iter().any(|judge| judge.code == *code);
        let holds = |one: &&Declared| competes(&one.competitor) && judges(&one.judge);
        let declared: Vec<Conflict> = self
            .interests
            .iter()
            .filter(holds)
            .map(|one| Conflict { competitor: one.competitor.clone(), judge: one.judge.clone() })
            .collect();
        for conflict in declared {
            if !opening.conflicts.contains(&conflict) {
                opening.conflicts.push(conflict);
            }
        }
        opening
    }
}

fn kept_skill(competition: &str, skill: &SkillPackage) -> KeptSkill<SkillDocument> {
    let hash = Hash::of_document(format!("{competition}/{}", skill.id).as_bytes());
    KeptSkill {
        ledger: LedgerId::from(uuid_of(hash)),
        name: skill.id.clone(),
        document: SkillDocument {
            number: skill.number.clone(),
            name: skill.name.clone(),
            occupation: skill.occupation.clone(),
            venue: skill.venue.clone(),
            dates: skill.dates.clone(),
            people: skill.people.clone(),
            judges: skill.judges.clone(),
            interests: Vec::new(),
        },
        draft: None,
    }
}

/// A competition's id from everything in its package.
fn id_of(files: &Files) -> String {
    let mut text = Vec::new();
    for name in files.names() {
        text.extend_from_slice(name.as_bytes());
        text.extend_from_slice(&Hash::of_document(files.get(name).unwrap_or_default()).0);
    }
    uuid_of(Hash::of_document(&text))
}

/// The first bytes of a hash as a UUID of version 8.
fn uuid_of(Hash(hash): Hash) -> String {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    bytes[6] = (bytes[6] & 0x0f) | 0x80;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    domain::id::EntryId(u128::from_be_bytes(bytes)).to_string()
}

/// Thirty-two random hexadecimal digits, for the commitment to a reason's text.
#[must_use]
pub fn random_salt() -> String {
    let mut bytes = [0; 16];
    // Without randomness a salt would be guessable, and an empty one is refused by the ledger.
    if getrandom::fill(&mut bytes).is_err() {
        return String::new();
    }
    format!("{:032x}", u128::from_be_bytes(bytes))
}

impl ImportError {
    /// The same as a finding about the whole.
    #[must_use]
    pub fn finding(&self) -> Finding {
        self.at(domain::finding::Place::default())
    }
}

/// Why a row was not accepted, as its receipt tells it.
fn why_not(receipt: &Receipt) -> Spoken {
    let code = receipt.code.clone().unwrap_or_default();
    receipt.why.as_ref().map_or_else(|| Spoken::new(code.clone(), code), Why::spoken)
}

fn unsound(skill: &str) -> Spoken {
    Spoken::new(
        format!("赛项 {skill} 的评分标准或规则写不成记录"),
        format!("Scheme or rules of skill {skill} cannot be written as an entry"),
    )
}

/// What cannot be written as a file of a package.
pub(super) fn unwritable(problem: String) -> ImportError {
    ImportError::Failed { problem: Spoken::new("赛事包写不成文件", problem) }
}

impl From<CompetitionError> for ImportError {
    fn from(error: CompetitionError) -> Self {
        Self::Failed { problem: error.spoken() }
    }
}

impl From<LedgerError> for ImportError {
    fn from(error: LedgerError) -> Self {
        Self::Failed { problem: error.spoken() }
    }
}
