//! What people do about a draw. What is kept here is kept first; then it is entered in the skills' ledgers,
//! each where it is not yet, so that whatever a crash leaves between the two is done by doing it again.

use domain::access::{Action, Role, Scope};
use domain::draw::{SEED_LENGTH_MAX, commitment, is_seed, list_hash};
use domain::id::{EntryId, LedgerId};
use domain::ledger::Hash;
use domain::marking::{Body, Coding, Draw, Entrant, Layer, Phase, Redraw, State, Unseal};
use protocol::desk::Decide;
use protocol::draw::{NewDraw, Printed, Slip, Slips};
use protocol::frame::{REASON_LENGTH_MAX, ReasonText};
use protocol::view::CompetitionRef;

use super::*;
use crate::desk::{self, author_as};
use crate::organisation;

/// How long the first of two words for a layer waits for the second.
pub(super) const WAIT_MS: i64 = 10 * 60_000;

/// Begins a draw: fixes who is drawn and how. Gives its id.
///
/// # Errors
/// Where the form is not fit, or there is nothing to draw.
pub(crate) async fn plan(app: &App, competition: &str, form: &NewDraw) -> Result<String, Failure> {
    let codes = match form.layers.as_str() {
        "public" => vec![Codes::Numbers],
        "1" => vec![Codes::Random],
        "2" => vec![Codes::Random, Codes::Numbers],
        "3" => vec![Codes::Random, Codes::Numbers, Codes::Random],
        _ => return Err(DrawError::LayersUnknown.into()),
    };
    let source = form.source.trim();
    if !is_seed(source) {
        return Err(DrawError::SourceUnfit { most: SEED_LENGTH_MAX }.into());
    }
    let is_sealed = form.layers != "public";
    let skills: Vec<LedgerId> = look::ready(app, competition)
        .await?
        .into_iter()
        .map(|kept| kept.ledger)
        .filter(|skill| form.skill.is_empty() || skill.as_str() == form.skill)
        .collect();
    if skills.is_empty() {
        return Err(DrawError::NothingToDraw.into());
    }
    for skill in skills.iter().filter(|_| is_sealed) {
        // Nobody is told who is behind a code before the results, either.
        if app.live.setting(skill).await?.is_named {
            app.live.set_anonymous(skill, true).await?;
        }
    }
    let layer = |codes| PlannedLayer { codes, maker: None, secret: None, slips: Vec::new() };
    let plan = Plan {
        is_sealed,
        source: source.to_owned(),
        layers: codes.into_iter().map(layer).collect(),
        skills,
        seed: None,
        entrants: BTreeMap::new(),
        opening: None,
        throwing: None,
        is_thrown: false,
    };
    let id = uuid::Uuid::now_v7().to_string();
    let insert = sqlx::query(queries::INSERT).bind(&id).bind(competition).bind((app.clock)());
    insert.bind(written(&plan)?).execute(app.database.pool()).await.map_err(failed)?;
    Ok(id)
}

/// Commits to a layer as its maker, in every skill of the draw.
///
/// # Errors
/// Where somebody else makes it, or whoever asks is a judge or made another layer.
pub(crate) async fn commit(
    app: &App,
    staff: &Staff,
    competition: &str,
    draw: &str,
    layer: u32,
) -> Result<(), Failure> {
    let (_, skills) = load(app, competition).await?;
    let mut held = hold(app, competition, draw).await?;
    let plan = &mut held.kept.plan;
    let role = maker_role(app, staff, competition, plan.is_sealed).await?;
    for skill in skills.iter().filter(|skill| plan.skills.contains(&skill.ledger)) {
        if skill.document.judges.iter().any(|judge| judge.name.trim() == staff.name.trim()) {
            let (name, skill) = (staff.name.clone(), skill.document.name.zh.clone());
            return Err(DrawError::Marks { name, skill }.into());
        }
    }
    let another = plan.numbered().find(|(number, planned)| {
        *number != layer && planned.maker.as_ref().is_some_and(|maker| maker.account == staff.account)
    });
    if another.is_some() {
        return Err(DrawError::SameHand.into());
    }
    let planned = plan.layer_mut(layer).ok_or(DrawError::Gone)?;
    match &planned.maker {
        Some(maker) if maker.account != staff.account => {
            return Err(DrawError::LayerTaken { name: maker.name.clone() }.into());
        }
        Some(_) => {}
        None => {
            let bytes = accounts::bytes::<32>().map_err(|_| no_randomness())?;
            let secret = Hash(bytes).to_string();
            let sealed = app.vault.seal(&place(draw, layer), secret.as_bytes()).ok_or_else(no_randomness)?;
            (planned.maker, planned.secret) = (Some(Hand::of(staff)), Some(sealed));
        }
    }
    let kept = held.keep().await?;
    let planned = kept.plan.layer(layer).ok_or(DrawError::Gone)?;
    let secret = secret(app, draw, layer, planned)?;
    for skill in kept.plan.skills.iter() {
        // Nobody changes who competes between here and the entry, nor after it.
        let now = (app.clock)();
        let pinned =
            competition::pin::<SkillDocument>(&app.database, skill, now).await.map_err(setup::failed)?;
        let state = state(app, skill).await?;
        if state.coding.as_ref().is_none_or(|coding| !coding.layers.contains_key(&layer)) {
            let body = Body::Layer(Layer {
                codes: planned.codes,
                commitment: commitment(&secret_of(&secret, skill)),
                is_sealed: kept.plan.is_sealed,
                layer,
                list: list_hash(&units(&pinned.document.people)),
                of: kept.plan.of(),
                source: kept.plan.source.clone(),
            });
            enter(app, staff, role, &kept, skill, (body, None), None).await?;
        }
        competition::unpin(&app.database, skill, now).await.map_err(setup::failed)?;
    }
    Ok(())
}

/// Enters the seed, and so draws; a public draw is told at once.
///
/// # Errors
/// Where it is not fit, another was entered, or a layer has no maker.
pub(crate) async fn seed(
    app: &App,
    staff: &Staff,
    competition: &str,
    draw: &str,
    seed: &str,
) -> Result<(), Failure> {
    let seed = seed.trim();
    if !is_seed(seed) {
        return Err(DrawError::SeedUnfit { most: SEED_LENGTH_MAX }.into());
    }
    let (_, skills) = load(app, competition).await?;
    let kept = find(app, competition, draw).await?;
    let role = maker_role(app, staff, competition, false).await?;
    for skill in &kept.plan.skills {
        let state = state(app, skill).await?;
        let is_made = |coding: &Coding| coding.layers.len() == kept.plan.layers.len();
        if !state.coding.as_deref().is_some_and(is_made) {
            return Err(DrawError::NotAllLayers.into());
        }
    }
    let mut held = hold(app, competition, draw).await?;
    let plan = &mut held.kept.plan;
    match &plan.seed {
        Some(there) if there != seed => return Err(DrawError::SeedThere { seed: there.clone() }.into()),
        _ => plan.seed = Some(seed.to_owned()),
    }
    let numbered = plan.numbered();
    let secrets: Vec<String> =
        numbered.map(|(layer, planned)| secret(app, draw, layer, planned)).collect::<Result<_, _>>()?;
    let mut all = Vec::new();
    for skill in skills.iter().filter(|skill| plan.skills.contains(&skill.ledger)) {
        let drawn = drawn(plan, skill, &secrets, seed);
        plan.entrants.insert(skill.ledger.clone(), entrants(&skill.document.people, &drawn));
        all.push((skill, drawn));
    }
    let kept = held.keep().await?;
    for (skill, drawn) in all {
        let coding = state(app, &skill.ledger).await?.coding.clone();
        if coding.as_ref().is_none_or(|coding| coding.seed.is_none()) {
            let codes = drawn.iter().map(|layer| {
                let mut codes: Vec<CompetitorCode> = layer.values().cloned().collect();
                codes.sort();
                codes
            });
            let body = Body::Draw(Draw { codes: codes.collect(), seed: seed.to_owned() });
            enter(app, staff, role, &kept, &skill.ledger, (body, None), None).await?;
        }
        let is_told = coding.as_ref().is_some_and(|coding| coding.opened().is_some());
        if !kept.plan.is_sealed && !is_told {
            let secret = secrets.first().map(|secret| secret_of(secret, &skill.ledger)).unwrap_or_default();
            let body = Body::Unseal(Unseal { layer: 1, list: units(&skill.document.people), secret });
            enter(app, staff, role, &kept, &skill.ledger, (body, None), None).await?;
        }
    }
    Ok(())
}

/// Who competes, by the innermost codes, in their order: it tells nothing but the group.
fn entrants(people: &[Person], drawn: &[BTreeMap<CompetitorCode, CompetitorCode>]) -> Vec<Entrant> {
    let mut entrants = BTreeMap::new();
    for person in people {
        let innermost = drawn.iter().try_fold(person.unit(), |code, layer| layer.get(&code).cloned());
        if let Some(code) = innermost {
            entrants.entry(code).or_insert_with(|| person.group.clone());
        }
    }
    entrants.into_iter().map(|(code, group)| Entrant { code, group }).collect()
}

/// Makes the slips of a layer for its maker; gives their words, this once. It is sealed when the maker says that
/// they are on paper: an answer that is lost on its way loses no layer.
///
/// # Errors
/// Where it is not theirs, nothing is drawn yet, or it is sealed already.
pub(crate) async fn seal(
    app: &App,
    staff: &Staff,
    competition: &str,
    draw: &str,
    layer: u32,
) -> Result<Slips, Failure> {
    let (of, _) = load(app, competition).await?;
    let kept = find(app, competition, draw).await?;
    let entered = state_of_all(app, &kept.plan.skills).await?;
    let is_drawn = |state: &State| state.coding.as_ref().is_some_and(|coding| coding.seed.is_some());
    if !entered.iter().all(|state| is_drawn(state)) {
        return Err(DrawError::NotDrawn.into());
    }
    let mut held = hold(app, competition, draw).await?;
    let planned = own(&mut held.kept.plan, staff, layer)?;
    let secret = secret(app, draw, layer, planned)?;
    let (words, slips) = slip::seal(&place(draw, layer), &secret).ok_or_else(no_randomness)?;
    planned.slips = slips;
    let seen = planned.slips_hash();
    held.keep().await?;
    let competition = CompetitionRef { id: competition.to_owned(), name: desk::text(&of.name) };
    Ok(Slips { competition, draw: draw.to_owned(), layer, words, seen })
}

/// Seals a layer, whose maker has its slips on paper.
///
/// # Errors
/// Where it is not theirs, or these are not the last slips that were made.
pub(crate) async fn sealed(
    app: &App,
    staff: &Staff,
    competition: &str,
    draw: &str,
    form: &Printed,
) -> Result<(), Failure> {
    let mut held = hold(app, competition, draw).await?;
    let planned = own(&mut held.kept.plan, staff, form.layer)?;
    if planned.slips.is_empty() || planned.slips_hash() != form.seen {
        return Err(DrawError::SlipsChanged.into());
    }
    planned.secret = None;
    held.keep().await?;
    Ok(())
}

/// A layer that somebody made themselves.
fn own<'a>(plan: &'a mut Plan, staff: &Staff, layer: u32) -> Result<&'a mut PlannedLayer, DrawError> {
    let planned = plan.layer_mut(layer).ok_or(DrawError::Gone)?;
    let is_theirs = planned.maker.as_ref().is_some_and(|maker| maker.account == staff.account);
    if is_theirs { Ok(planned) } else { Err(DrawError::NotYours) }
}

async fn state_of_all(app: &App, skills: &[LedgerId]) -> Result<Vec<std::sync::Arc<State>>, Failure> {
    let mut states = Vec::with_capacity(skills.len());
    for skill in skills {
        states.push(state(app, skill).await?);
    }
    Ok(states)
}

/// The skills of a draw in which a layer can be opened now.
fn to_open(kept: &Kept, states: &[std::sync::Arc<State>], layer: u32) -> Vec<LedgerId> {
    let can = |state: &State| {
        let Some(skill) = state.skill.as_deref() else { return false };
        skill.phase != Phase::Open
            && skill.unlocked_sheets() == 0
            && state.coding.as_ref().and_then(|coding| coding.next_to_open()) == Some(layer)
    };
    let of = kept.plan.skills.iter().zip(states);
    of.filter(|(_, state)| can(state)).map(|(skill, _)| skill.clone()).collect()
}

/// Begins to open a layer, with the words of one slip; a witness goes on.
///
/// # Errors
/// Where nothing of it can be opened now, or it is not sealed.
pub(crate) async fn begin_opening(
    app: &App,
    staff: &Staff,
    competition: &str,
    draw: &str,
    form: &Slip,
) -> Result<(), Failure> {
    let kept = find(app, competition, draw).await?;
    maker_role(app, staff, competition, true).await?;
    let states = state_of_all(app, &kept.plan.skills).await?;
    if to_open(&kept, &states, form.layer).is_empty() {
        return Err(DrawError::NoneReady.into());
    }
    let words = app.vault.seal(&place(draw, form.layer), form.words.as_bytes()).ok_or_else(no_randomness)?;
    let mut held = hold(app, competition, draw).await?;
    held.kept.plan.opening = Some(Begun { layer: form.layer, by: Hand::of(staff), words, at: (app.clock)() });
    held.keep().await?;
    Ok(())
}

/// Opens a layer as the witness, with the words of another slip, in every skill where that can be done now.
/// Gives in how many.
///
/// # Errors
/// Where nobody began, it was the same person, or the two slips do not open it.
pub(crate) async fn witness(
    app: &App,
    staff: &Staff,
    competition: &str,
    draw: &str,
    form: &Slip,
) -> Result<usize, Failure> {
    let kept = find(app, competition, draw).await?;
    let now = (app.clock)();
    let is_it = |begun: &&Begun| begun.layer == form.layer && now - begun.at < WAIT_MS;
    let begun = kept.plan.opening.clone().filter(|begun| is_it(&begun)).ok_or(DrawError::NobodyOpens)?;
    if begun.by.account == staff.account {
        return Err(DrawError::SameHand.into());
    }
    let place = place(draw, form.layer);
    let first = app.vault.unseal(&place, &begun.words).map_err(|_| no_key())?;
    let first = String::from_utf8(first).map_err(|_| no_key())?;
    let planned = kept.plan.layer(form.layer).ok_or(DrawError::Gone)?;
    let opened = slip::open(&place, &planned.slips, &first, &form.words);
    let Some(secret) = opened else {
        // Whoever began typed something else, or the witness did: both do it again.
        let mut held = hold(app, competition, draw).await?;
        held.kept.plan.opening = None;
        held.keep().await?;
        return Err(DrawError::SlipsWrong.into());
    };
    let (_, skills) = load(app, competition).await?;
    let states = state_of_all(app, &kept.plan.skills).await?;
    let ready = to_open(&kept, &states, form.layer);
    for skill in skills.iter().filter(|skill| ready.contains(&skill.ledger)) {
        let list = if form.layer == 1 { units(&skill.document.people) } else { Vec::new() };
        let secret = secret_of(&secret, &skill.ledger);
        let body = Body::Unseal(Unseal { layer: form.layer, list, secret });
        let author =
            Staff { account: begun.by.account.clone(), name: begun.by.name.clone(), ..staff.clone() };
        let second = Some(staff.account.clone());
        enter(app, &author, Role::Registrar, &kept, &skill.ledger, (body, None), second).await?;
    }
    let mut held = hold(app, competition, draw).await?;
    held.kept.plan.opening = None;
    held.keep().await?;
    if ready.is_empty() { Err(DrawError::NoneReady.into()) } else { Ok(ready.len()) }
}

/// Asks for a draw to be thrown away.
///
/// # Errors
/// Where one of its skills is open, or no reason is given.
pub(crate) async fn begin_throwing(
    app: &App,
    staff: &Staff,
    competition: &str,
    draw: &str,
    reason: &str,
) -> Result<(), Failure> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > REASON_LENGTH_MAX || reason.contains('\0') {
        return Err(DrawError::ReasonNeeded { most: REASON_LENGTH_MAX }.into());
    }
    let reach = organisation::reach(&app.database, &Scope::Competition(competition.to_owned())).await?;
    let role = staff.may(Action::Redraw, &reach).ok_or_else(Failure::not_allowed)?;
    let kept = find(app, competition, draw).await?;
    none_open(app, competition, &kept).await?;
    let salt = format!("{:032x}", u128::from_be_bytes(accounts::bytes().map_err(|_| no_randomness())?));
    let mut held = hold(app, competition, draw).await?;
    held.kept.plan.throwing = Some(Thrown { by: Hand::of(staff), role, salt, reason: reason.to_owned() });
    held.keep().await?;
    Ok(())
}

async fn none_open(app: &App, competition: &str, kept: &Kept) -> Result<(), Failure> {
    let (_, skills) = load(app, competition).await?;
    for skill in skills.iter().filter(|skill| kept.plan.skills.contains(&skill.ledger)) {
        if state(app, &skill.ledger).await?.skill.is_some() {
            return Err(DrawError::OpenAlready { skill: skill.document.name.zh.clone() }.into());
        }
    }
    Ok(())
}

/// Throws a draw away as the second person.
///
/// # Errors
/// Where nobody asked for it, it is the same person, or one of its skills is open.
pub(crate) async fn confirm_throwing(
    app: &App,
    staff: &Staff,
    competition: &str,
    draw: &str,
) -> Result<(), Failure> {
    let kept = find(app, competition, draw).await?;
    let thrown = kept.plan.throwing.clone().ok_or(DrawError::Gone)?;
    if thrown.by.account == staff.account {
        return Err(DrawError::SameHand.into());
    }
    none_open(app, competition, &kept).await?;
    let author = Staff { account: thrown.by.account.clone(), name: thrown.by.name.clone(), ..staff.clone() };
    let reason = ReasonText { salt: thrown.salt, text: thrown.reason };
    for skill in &kept.plan.skills {
        if state(app, skill).await?.coding.is_some() {
            let body = Body::Redraw(Redraw { reason: Some(reason.commitment()) });
            let second = Some(staff.account.clone());
            let said = (body, Some(reason.clone()));
            enter(app, &author, thrown.role, &kept, skill, said, second).await?;
        }
    }
    let mut held = hold(app, competition, draw).await?;
    held.kept.plan.is_thrown = true;
    held.keep().await?;
    Ok(())
}

/// In which role somebody makes layers: what is sealed takes a registrar.
async fn maker_role(app: &App, staff: &Staff, competition: &str, is_sealed: bool) -> Result<Role, Failure> {
    let reach = organisation::reach(&app.database, &Scope::Competition(competition.to_owned())).await?;
    let action = if is_sealed { Action::Encode } else { Action::Draw };
    staff.may(action, &reach).ok_or_else(Failure::not_allowed)
}

/// Enters an act of a draw in a skill's ledger, under an id that is the same whenever it is tried again.
async fn enter(
    app: &App,
    staff: &Staff,
    role: Role,
    kept: &Kept,
    skill: &LedgerId,
    (body, reason): (Body, Option<ReasonText>),
    second: Option<String>,
) -> Result<(), Failure> {
    let what = match &body {
        Body::Layer(layer) => format!("layer {}", layer.layer),
        Body::Unseal(unseal) => format!("unseal {}", unseal.layer),
        Body::Draw(_) => "draw".to_owned(),
        _ => "redraw".to_owned(),
    };
    let Hash(hash) = Hash::of_document(format!("{}\n{skill}\n{what}\n{}", kept.id, staff.account).as_bytes());
    let mut random = [0; 16];
    random.copy_from_slice(&hash[..16]);
    let made_at = u64::try_from(kept.made_at).unwrap_or_default();
    let decide = Decide { act: EntryId::made_at(made_at, u128::from_be_bytes(random)), body, reason };
    Ok(desk::enter(app, &author_as(staff, skill, role), skill, decide, second).await?)
}
