//! Draws of codes (docs/adr/0027): makers commit to their layers, the seed is entered, layers are printed,
//! sealed and opened again by two. What happened is in the skills' ledgers; here is the plan, and what the
//! layers are opened with, sealed.

mod acts;
mod look;
mod marked;
mod published;
mod queries;
mod slip;

use std::collections::BTreeMap;

use axum::http::StatusCode;
use domain::access::Role;
use domain::draw::{Codes, Lot};
use domain::finding::{Place, Spoken};
use domain::findings;
use domain::id::{CompetitorCode, LedgerId};
use domain::ledger::Hash;
use domain::marking::{Entrant, State};
use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;
use sqlx::{Any, AnyConnection, Row as _, Transaction};

use crate::accounts::{self, Staff};
use crate::competition::{self, KeptSkill};
use crate::database::DatabaseError;
use crate::exchange::package::{Competition, Person, SkillDocument};
use crate::http::{App, Failure};
use crate::ledger::LedgerError;
use crate::{setup, spoken};

pub(crate) use acts::{
    begin_opening, begin_throwing, commit, confirm_throwing, plan, seal, sealed, seed, witness,
};
pub(crate) use look::{cards, look};
pub(crate) use marked::{is_no_maker, lacks, makers, marked};
pub(crate) use published::published;

findings! {
    /// Why something was not done about a draw.
    pub enum DrawError {
        LayersUnknown = Error "draw_layers_unknown",
            "请从列表里选一种抽签方式。",
            "Choose one of the ways to draw.";
        SourceUnfit { most: usize } = Error "draw_source_unfit",
            "请写明种子来自哪里，一行，不超过 {most} 个字，例如“双色球第 2026138 期开奖号码”。",
            "Say where the seed will come from, on one line of {most} characters at the most: the numbers of a named lottery draw, say.";
        SeedUnfit { most: usize } = Error "draw_seed_unfit",
            "请照来源公布的原样写种子，一行，不超过 {most} 个字。",
            "Write the seed as its source gave it, on one line of {most} characters at the most.";
        NothingToDraw = Error "nothing_to_draw",
            "没有可以抽签的赛项：先导入选手名单；已开放或已抽签的赛项不能再抽。",
            "There is no skill to draw: take a roster in first; skills that are open or have a draw are left out.";
        Gone = Error "draw_gone",
            "没有这次抽签，或它已作废；请刷新页面。",
            "There is no such draw, or it was thrown away; load the page again.";
        LayerTaken { name: String } = Error "draw_layer_taken",
            "这一层已由“{name}”做了；每层一人。",
            "\"{name}\" makes this layer already; each has one maker.";
        Marks { name: String, skill: String } = Error "draw_maker_marks",
            "“{name}”在赛项“{skill}”的裁判名单里；做编码的人不能评分。请换人，或先把这位裁判换下。",
            "\"{name}\" is on the list of judges of skill \"{skill}\"; who makes codes does not mark. Let somebody else make this layer, or take them off that list.";
        IsMaker { name: String } = Error "draw_maker_as_judge",
            "“{name}”做了这个赛项的一层编码，不能再当裁判；请换人。",
            "\"{name}\" made a layer of this skill's codes and cannot become a judge of it; choose somebody else.";
        NotAllLayers = Error "draw_not_all_layers",
            "还有编码层没有人做；都做了才录入种子，这样谁也不能挑结果。",
            "Some layers have no maker yet; the seed comes after all of them, so that nobody can choose what comes.";
        SeedThere { seed: String } = Error "draw_seed_there",
            "种子已经录入：{seed}。要改只能作废重抽。",
            "The seed is entered already: {seed}. To change it, throw the draw away.";
        NotYours = Error "draw_layer_not_yours",
            "这一层不是您做的；只有做的人在封存之前能看。",
            "You did not make this layer; its maker alone sees it, until it is sealed.";
        NotDrawn = Error "draw_not_drawn",
            "还没有抽签：先录入种子。",
            "There was no draw yet: the seed comes first.";
        SlipsChanged = Error "draw_slips_changed",
            "这些封条不是最后一次做的；请再点一次“封存”，用新打印的三张，旧的作废。",
            "These slips are not the last that were made; seal the layer once more and keep the three new ones, the earlier are void.";
        SealedAlready = Error "draw_sealed_already",
            "这一层已经封存；封条只显示一次。丢了一张，用另外两张也能打开。",
            "This layer is sealed already, and its slips are shown once. Where one is lost, the other two open it.";
        NotSealed { layers: String } = Error "draw_not_sealed",
            "第 {layers} 层编码还没有封存；先由做的人打印、封存，再开放评分。",
            "Layer {layers} is not sealed yet; let its maker print and seal it, then open the skill.";
        NoneReady = Error "draw_none_ready",
            "现在没有赛项可以解密：要先结束评分，评分表全部锁定，并由里到外一层一层来。",
            "No skill's codes can be opened now: marking is closed and every sheet locked first, and layers are opened from the innermost outwards.";
        NobodyOpens = Error "draw_nobody_opens",
            "没有人在等您见证；请编码人先输入自己的密语。",
            "Nobody waits for your slip; let whoever opens the layer enter theirs first.";
        SameHand = Error "draw_same_hand",
            "这件事要两个人：请另一位来。",
            "This takes two people: let somebody else do it.";
        SlipsWrong = Error "draw_slips_wrong",
            "这两张封条打不开这一层：请核对是不是这一层的两张不同的封条，密语有没有写错。",
            "These two slips do not open this layer: see that they are two different slips of this layer, and typed as they stand.";
        OpenAlready = Error "draw_open_already",
            "这次抽签的赛项都已经开放评分，不能再作废。",
            "Every skill of this draw is open for marking; it cannot be thrown away any more.";
        ReasonNeeded { most: usize } = Error "draw_reason_needed",
            "请写明为什么作废，不超过 {most} 个字；这个理由会留在记录里。",
            "Say why it is thrown away, in {most} characters at the most; the reason stays on record.";
        OtherDraw { skill: String } = Error "draw_of_another",
            "赛项“{skill}”的账本里是另一次抽签；请刷新页面，在那一次里继续，或把它作废。",
            "The ledger of skill \"{skill}\" holds another draw; load the page again and go on with that one, or throw it away.";
        OtherPeople { skill: String } = Error "draw_other_people",
            "赛项“{skill}”的名单与承诺时不同，或已空；请作废后重抽。",
            "The list of skill \"{skill}\" is not the one that was committed to, or it is empty; throw the draw away and draw again.";
        PartlyOpened { opened: usize, problem: Spoken } = Error "draw_partly_opened",
            "已在 {opened} 个赛项解密；其余没有办成：{problem:#}。",
            "Opened in {opened} skills; the rest was not done: {problem}.";
        Failed { problem: Spoken } = Error "draw_failed", "{problem:#}。", "{problem}.";
    }
}

/// A draw as it is kept.
struct Kept {
    id: String,
    made_at: i64,
    plan: Plan,
}

/// What is known of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Plan {
    is_sealed: bool,
    source: String,
    layers: Vec<PlannedLayer>,
    skills: Vec<LedgerId>,
    seed: Option<String>,
    /// Who competes, by the innermost codes, once they are drawn: what a sealed skill opens with.
    entrants: BTreeMap<LedgerId, Vec<Entrant>>,
    opening: Option<Begun>,
    throwing: Option<Asked>,
    /// Of which skills it was thrown away: they are not among [`Plan::skills`] any more.
    thrown: Vec<Thrown>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlannedLayer {
    codes: Codes,
    maker: Option<Hand>,
    /// Sealed by the vault, until its maker has the slips on paper.
    secret: Option<String>,
    /// Sealed by each two of its slips.
    slips: Vec<String>,
}

impl PlannedLayer {
    /// Whether the slips alone open it.
    fn is_sealed(&self) -> bool {
        self.secret.is_none() && !self.slips.is_empty()
    }

    /// What tells its slips from others.
    fn slips_hash(&self) -> String {
        Hash::of_document(self.slips.join("\n").as_bytes()).to_string()
    }
}

/// Somebody at the desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Hand {
    account: String,
    name: String,
}

/// A layer that one has begun to open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Begun {
    layer: u32,
    by: Hand,
    /// Sealed by the vault.
    words: String,
    at: i64,
}

/// That somebody wants the draw thrown away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    by: Hand,
    role: Role,
    salt: String,
    reason: String,
    at: i64,
}

/// That it was thrown away, of some of its skills or all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Thrown {
    by: Hand,
    second: Hand,
    reason: String,
    skills: Vec<LedgerId>,
    at: i64,
}

impl Hand {
    fn of(staff: &Staff) -> Self {
        Self { account: staff.account.clone(), name: staff.name.clone() }
    }
}

impl Plan {
    fn layer(&self, number: u32) -> Option<&PlannedLayer> {
        self.layers.get(usize::try_from(number).ok()?.checked_sub(1)?)
    }

    fn layer_mut(&mut self, number: u32) -> Option<&mut PlannedLayer> {
        self.layers.get_mut(usize::try_from(number).ok()?.checked_sub(1)?)
    }

    /// The layers with their numbers, the outermost first.
    fn numbered(&self) -> impl Iterator<Item = (u32, &PlannedLayer)> {
        (1..).zip(&self.layers)
    }

    fn of(&self) -> u32 {
        u32::try_from(self.layers.len()).unwrap_or(u32::MAX)
    }

    /// Whether it was thrown away of all its skills.
    fn is_thrown(&self) -> bool {
        self.skills.is_empty()
    }
}

/// Where a layer's secret lies, to the vault and to the slips.
fn place(draw: &str, layer: u32) -> String {
    format!("draw/{draw}/{layer}")
}

/// A skill's secret of a layer: it follows from the layer's, and tells nothing of it or of another skill's.
fn secret_of(layer_secret: &str, skill: &LedgerId) -> String {
    Hash::of_document(format!("leitai-draw-1 skill\n{layer_secret}\n{skill}").as_bytes()).to_string()
}

/// What is drawn over: those who compete, and teams as one.
fn units(people: &[Person]) -> Vec<CompetitorCode> {
    let units: std::collections::BTreeSet<CompetitorCode> = people.iter().map(Person::unit).collect();
    units.into_iter().collect()
}

/// What each layer draws for a skill, the outermost first.
fn drawn(
    plan: &Plan,
    skill: &KeptSkill<SkillDocument>,
    secrets: &[String],
    seed: &str,
) -> Vec<BTreeMap<CompetitorCode, CompetitorCode>> {
    let mut list = units(&skill.document.people);
    let mut drawn = Vec::with_capacity(secrets.len());
    for ((layer, planned), secret) in plan.numbered().zip(secrets) {
        let secret = secret_of(secret, &skill.ledger);
        let lot = Lot { skill: skill.ledger.as_str(), layer, secret: &secret, seed };
        let codes = lot.draw(&list, planned.codes);
        list = codes.values().cloned().collect();
        drawn.push(codes);
    }
    drawn
}

/// A layer's secret, while its maker may still see what it draws.
fn secret(app: &App, draw: &str, layer: u32, planned: &PlannedLayer) -> Result<String, DrawError> {
    let sealed = planned.secret.as_ref().ok_or(DrawError::SealedAlready)?;
    let bytes = app.vault.unseal(&place(draw, layer), sealed).map_err(|_| no_key())?;
    String::from_utf8(bytes).map_err(|_| no_key())
}

fn no_key() -> DrawError {
    let problem = Spoken::new(
        "保密密钥文件不是当初的那一个；请恢复它（--vault）",
        "the vault's key is not the one of then; bring its file back (--vault)",
    );
    DrawError::Failed { problem }
}

fn no_randomness() -> DrawError {
    DrawError::Failed { problem: Spoken::new("系统没有给出随机数", "the system gave no randomness") }
}

/// A competition's draws, newest first.
async fn all(app: &App, competition: &str) -> Result<Vec<Kept>, Failure> {
    let rows = sqlx::query(queries::SELECT_ALL).bind(competition).fetch_all(app.database.pool()).await;
    Ok(rows.map_err(failed)?.iter().map(read).collect::<Result<_, _>>()?)
}

/// Which of these skills no draw is of, by a connection that holds the competition.
async fn undrawn(
    connection: &mut AnyConnection,
    competition: &str,
    skills: Vec<LedgerId>,
) -> Result<Vec<LedgerId>, Failure> {
    let rows = sqlx::query(queries::SELECT_ALL).bind(competition).fetch_all(connection).await;
    let all: Vec<Kept> = rows.map_err(failed)?.iter().map(read).collect::<Result<_, _>>()?;
    let is_free = |skill: &LedgerId| !all.iter().any(|kept| kept.plan.skills.contains(skill));
    Ok(skills.into_iter().filter(is_free).collect())
}

/// A draw that was not thrown away.
async fn find(app: &App, competition: &str, id: &str) -> Result<Kept, Failure> {
    let found = all(app, competition).await?.into_iter().find(|kept| kept.id == id && !kept.plan.is_thrown());
    found.ok_or_else(|| DrawError::Gone.into())
}

/// The draw that a skill is of.
async fn of_skill(app: &App, skill: &LedgerId) -> Result<Option<Kept>, Failure> {
    let competition = competition::of_skill(&app.database, skill).await.map_err(setup::failed)?;
    let all = all(app, &competition).await?;
    Ok(all.into_iter().find(|kept| kept.plan.skills.contains(skill)))
}

fn read(row: &AnyRow) -> Result<Kept, DrawError> {
    let document: String = row.try_get(2).map_err(failed)?;
    let plan = serde_json::from_str(&document)
        .map_err(|error| DrawError::Failed { problem: Spoken::of_reader(&error.to_string()) })?;
    Ok(Kept { id: row.try_get(0).map_err(failed)?, made_at: row.try_get(1).map_err(failed)?, plan })
}

fn written(plan: &Plan) -> Result<String, DrawError> {
    serde_json::to_string(plan).map_err(|error| DrawError::Failed { problem: spoken::of_library(&error) })
}

/// A draw that is being changed: nobody else changes it meanwhile. Nothing is entered in a ledger before it is
/// kept or let go.
struct Held {
    transaction: Transaction<'static, Any>,
    kept: Kept,
}

async fn hold(app: &App, competition: &str, id: &str) -> Result<Held, Failure> {
    let mut transaction = app.database.begin_write().await.map_err(|error| of_database(&error))?;
    let hold = sqlx::query(queries::HOLD).bind(id).bind(competition);
    hold.execute(&mut *transaction).await.map_err(failed)?;
    let select = sqlx::query(queries::SELECT).bind(id).bind(competition);
    let row = select.fetch_optional(&mut *transaction).await.map_err(failed)?.ok_or(DrawError::Gone)?;
    let kept = read(&row)?;
    if kept.plan.is_thrown() { Err(DrawError::Gone.into()) } else { Ok(Held { transaction, kept }) }
}

impl Held {
    async fn keep(mut self) -> Result<Kept, Failure> {
        let update = sqlx::query(queries::UPDATE).bind(&self.kept.id).bind(written(&self.kept.plan)?);
        update.execute(&mut *self.transaction).await.map_err(failed)?;
        self.transaction.commit().await.map_err(failed)?;
        Ok(self.kept)
    }
}

async fn load(app: &App, id: &str) -> Result<(Competition, Vec<KeptSkill<SkillDocument>>), Failure> {
    let (kept, skills) = competition::load(&app.database, id).await.map_err(setup::failed)?;
    Ok((kept.document, skills))
}

async fn state(app: &App, skill: &LedgerId) -> Result<std::sync::Arc<State>, Failure> {
    Ok(app
        .ledger
        .state(skill)
        .await
        .map_err(|error: LedgerError| DrawError::Failed { problem: error.spoken() })?)
}

fn failed(error: sqlx::Error) -> DrawError {
    DrawError::Failed { problem: spoken::of_database(&error) }
}

fn of_database(error: &DatabaseError) -> DrawError {
    DrawError::Failed { problem: error.spoken() }
}

impl From<DrawError> for Failure {
    fn from(error: DrawError) -> Self {
        let status = match error {
            DrawError::Gone => StatusCode::GONE,
            DrawError::NotYours | DrawError::SameHand => StatusCode::FORBIDDEN,
            DrawError::LayersUnknown
            | DrawError::SourceUnfit { .. }
            | DrawError::SeedUnfit { .. }
            | DrawError::SlipsWrong
            | DrawError::ReasonNeeded { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            DrawError::Failed { .. } => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::CONFLICT,
        };
        Self::new(status, error.at(Place::default()))
    }
}
