//! What people do about a draw. What is kept here is kept first; then it is entered in the skills' ledgers,
//! each where it is not yet, so that whatever a crash leaves between the two is done by doing it again.

use domain::access::{Action, Role, Scope};
use domain::draw::{SEED_LENGTH_MAX, commitment, is_seed, list_hash};
use domain::id::{EntryId, LedgerId};
use domain::ledger::{Command, Hash};
use domain::marking::{self, Body, Coding, Draw, Entrant, Layer, Phase, Redraw, Stamp, State, Unseal};
use protocol::desk::Decide;
use protocol::draw::{NewDraw, Printed, Slip, Slips};
use protocol::frame::{REASON_LENGTH_MAX, ReasonText};

use super::*;
use crate::desk::{self, author_as};
use crate::organisation;

/// How long the first of two words for a layer waits for the second.
pub(super) const WAIT_MS: i64 = 10 * 60_000;
/// How long it can be confirmed that somebody wants a draw thrown away.
pub(super) const ASKED_MS: i64 = 24 * 60 * 60_000;

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
    let layer = |codes| PlannedLayer { codes, maker: None, secret: None, slips: Vec::new() };
    // Held: of two who begin one at once, the second finds nothing left to draw.
    let mut changing = setup::hold(app, competition).await?;
    let skills = undrawn(changing.connection(), competition, skills).await?;
    if skills.is_empty() {
        return Err(DrawError::NothingToDraw.into());
    }
    let plan = Plan {
        is_sealed,
        source: source.to_owned(),
        layers: codes.into_iter().map(layer).collect(),
        skills,
        seed: None,
        entrants: BTreeMap::new(),
        opening: None,
        throwing: None,
        thrown: Vec::new(),
    };
    let id = uuid::Uuid::now_v7().to_string();
    let insert = sqlx::query(queries::INSERT).bind(&id).bind(competition).bind((app.clock)());
    insert.bind(written(&plan)?).execute(changing.connection()).await.map_err(failed)?;
    changing.commit().await.map_err(setup::failed)?;
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
    let plan = find(app, competition, draw).await?.plan;
    let role = maker_role(app, staff, competition, plan.is_sealed).await?;
    let mut open = Vec::new();
    for skill in skills.iter().filter(|skill| plan.skills.contains(&skill.ledger)) {
        if skill.document.judges.iter().any(|judge| judge.name.trim() == staff.name.trim()) {
            let (name, skill) = (staff.name.clone(), skill.document.name.zh.clone());
            return Err(DrawError::Marks { name, skill }.into());
        }
        let state = state(app, &skill.ledger).await?;
        if state.skill.is_some() && state.coding.is_none() {
            open.push(skill.ledger.clone());
        }
    }
    let mut held = hold(app, competition, draw).await?;
    let plan = &mut held.kept.plan;
    // One that was opened before anybody committed to anything has no draw.
    plan.skills.retain(|skill| !open.contains(skill));
    if plan.is_thrown() {
        return Err(DrawError::NothingToDraw.into());
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
    for skill in &kept.plan.skills {
        let is_done = |coding: &Coding| {
            let made = coding.layers.get(&layer).map(|layer| layer.made.commitment);
            made == Some(commitment(&secret_of(&secret, skill)))
        };
        if state(app, skill).await?.coding.as_deref().is_some_and(is_done) {
            continue;
        }
        // Nobody changes who competes, opens the skill or throws the draw away between here and the entry; after
        // it the ledger says so itself.
        let now = (app.clock)();
        let pinned = competition::pin_alone::<SkillDocument>(&app.database, skill, now).await;
        let pinned = pinned.map_err(setup::failed)?;
        let done = commit_to(app, staff, role, (competition, &kept), &pinned, (layer, &secret)).await;
        competition::unpin(&app.database, skill, now).await.map_err(setup::failed)?;
        done?;
    }
    Ok(())
}

/// Commits to a layer in one skill that has none of it.
async fn commit_to(
    app: &App,
    staff: &Staff,
    role: Role,
    (competition, kept): (&str, &Kept),
    skill: &KeptSkill<SkillDocument>,
    (layer, secret): (u32, &str),
) -> Result<(), Failure> {
    // Of what was thrown away meanwhile nothing more is made.
    let plan = find(app, competition, &kept.id).await?.plan;
    let Some(planned) = plan.layer(layer).filter(|_| plan.skills.contains(&skill.ledger)) else {
        return Ok(());
    };
    let committed = commitment(&secret_of(secret, &skill.ledger));
    let units = units(&skill.document.people);
    if units.is_empty() {
        return Err(DrawError::OtherPeople { skill: skill.document.name.zh.clone() }.into());
    }
    let coding = state(app, &skill.ledger).await?.coding.clone();
    if coding.as_ref().is_some_and(|coding| coding.layers.contains_key(&layer)) {
        return Err(DrawError::OtherDraw { skill: skill.document.name.zh.clone() }.into());
    }
    let body = Body::Layer(Layer {
        codes: planned.codes,
        commitment: committed,
        is_sealed: plan.is_sealed,
        layer,
        list: list_hash(&units),
        of: plan.of(),
        source: plan.source.clone(),
    });
    enter(app, (staff, role), kept, &skill.ledger, ("", body, None), None).await
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
    let states = state_of_all(app, &kept.plan.skills).await?;
    let is_made = |state: &State| {
        state.coding.as_ref().is_some_and(|coding| coding.layers.len() == kept.plan.layers.len())
    };
    if !states.iter().all(|state| is_made(state)) {
        return Err(DrawError::NotAllLayers.into());
    }
    if let Some(there) = kept.plan.seed.as_ref().filter(|there| *there != seed) {
        return Err(DrawError::SeedThere { seed: there.clone() }.into());
    }
    let is_done = |state: &State| {
        state
            .coding
            .as_ref()
            .is_some_and(|coding| coding.seed.is_some() && (coding.is_sealed || coding.opened().is_some()))
    };
    if states.iter().all(|state| is_done(state)) {
        return Ok(());
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
        let at = kept.plan.skills.iter().position(|known| *known == skill.ledger);
        if let Some(coding) = at.and_then(|at| states.get(at)).and_then(|state| state.coding.as_deref()) {
            fits(skill, coding, &secrets)?;
        }
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
            enter(app, (staff, role), &kept, &skill.ledger, ("", body, None), None).await?;
        }
        let is_told = coding.as_ref().is_some_and(|coding| coding.opened().is_some());
        if !kept.plan.is_sealed && !is_told {
            let secret = secrets.first().map(|secret| secret_of(secret, &skill.ledger)).unwrap_or_default();
            let body = Body::Unseal(Unseal { layer: 1, list: units(&skill.document.people), secret });
            enter(app, (staff, role), &kept, &skill.ledger, ("", body, None), None).await?;
        }
    }
    Ok(())
}

/// Whether a skill's ledger was committed to what is drawn with now: by this draw, and over this list.
fn fits(skill: &KeptSkill<SkillDocument>, coding: &Coding, secrets: &[String]) -> Result<(), DrawError> {
    let name = || skill.document.name.zh.clone();
    if coding.list_hash != list_hash(&units(&skill.document.people)) {
        return Err(DrawError::OtherPeople { skill: name() });
    }
    let mine = secrets.iter().map(|secret| commitment(&secret_of(secret, &skill.ledger)));
    let is_ours = mine.eq(coding.layers.values().map(|layer| layer.made.commitment));
    if is_ours { Ok(()) } else { Err(DrawError::OtherDraw { skill: name() }) }
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
    let competition = of.reference(competition);
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
    let author = Staff { account: begun.by.account.clone(), name: begun.by.name.clone(), ..staff.clone() };
    let (mut opened, mut problem) = (0, None);
    for skill in skills.iter().filter(|skill| ready.contains(&skill.ledger)) {
        let list = if form.layer == 1 { units(&skill.document.people) } else { Vec::new() };
        let secret = secret_of(&secret, &skill.ledger);
        let body = Body::Unseal(Unseal { layer: form.layer, list, secret });
        let done = unseal(app, &author, (&kept, &begun), &skill.ledger, body, &staff.account).await;
        // One that cannot be opened holds no other up.
        match done {
            Ok(()) => opened += 1,
            Err(failure) => problem = problem.or(Some(Spoken::from(&failure.what))),
        }
    }
    let mut held = hold(app, competition, draw).await?;
    held.kept.plan.opening = None;
    held.keep().await?;
    match problem {
        Some(problem) => Err(DrawError::PartlyOpened { opened, problem }.into()),
        None if opened == 0 => Err(DrawError::NoneReady.into()),
        None => Ok(opened),
    }
}

/// Opens a layer of one skill. What would be refused is not sent: a refused entry would tell the secret.
async fn unseal(
    app: &App,
    author: &Staff,
    (kept, begun): (&Kept, &Begun),
    skill: &LedgerId,
    body: Body,
    witness: &str,
) -> Result<(), Failure> {
    let state = state(app, skill).await?;
    let now = (app.clock)();
    let command = Command {
        actor: author.account.clone(),
        base: None,
        body: body.clone(),
        client_time: now,
        device: author_as(author, skill, Role::Registrar).device,
        dseq: 1,
        id: EntryId(0),
        role: Role::Registrar,
        second: Some(witness.to_owned()),
    };
    let decided = marking::decide(&state, command, &Stamp { ledger: skill.clone(), now });
    let decided = decided.map_err(|problem| DrawError::Failed { problem: Spoken::of_reader(&problem) })?;
    if let Some(why) = decided.why {
        return Err(DrawError::Failed { problem: why.spoken() }.into());
    }
    let tried = begun.at.to_string();
    let second = Some(witness.to_owned());
    enter(app, (author, Role::Registrar), kept, skill, (&tried, body, None), second).await
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
    let states = state_of_all(app, &kept.plan.skills).await?;
    if states.iter().all(|state| state.skill.is_some()) {
        return Err(DrawError::OpenAlready.into());
    }
    let salt = format!("{:032x}", u128::from_be_bytes(accounts::bytes().map_err(|_| no_randomness())?));
    let mut held = hold(app, competition, draw).await?;
    let (by, reason, at) = (Hand::of(staff), reason.to_owned(), (app.clock)());
    held.kept.plan.throwing = Some(Asked { by, role, salt, reason, at });
    held.keep().await?;
    Ok(())
}

/// Throws a draw away as the second person, of every skill that is not open.
///
/// # Errors
/// Where nobody asked for it, it is the same person, or every skill is open.
pub(crate) async fn confirm_throwing(
    app: &App,
    staff: &Staff,
    competition: &str,
    draw: &str,
) -> Result<(), Failure> {
    let kept = find(app, competition, draw).await?;
    let now = (app.clock)();
    let asked = kept.plan.throwing.clone().filter(|asked| now - asked.at < ASKED_MS);
    let asked = asked.ok_or(DrawError::Gone)?;
    if asked.by.account == staff.account {
        return Err(DrawError::SameHand.into());
    }
    let mut thrown = Vec::new();
    for skill in &kept.plan.skills {
        // What is open stays open, and was pinned by its opening.
        if state(app, skill).await?.skill.is_some() {
            continue;
        }
        let now = (app.clock)();
        let pinned = competition::pin_alone::<SkillDocument>(&app.database, skill, now).await;
        pinned.map_err(setup::failed)?;
        let done = throw_of(app, staff, (&kept, &asked), skill).await;
        competition::unpin(&app.database, skill, now).await.map_err(setup::failed)?;
        if done? {
            thrown.push(skill.clone());
        }
    }
    if thrown.is_empty() {
        return Err(DrawError::OpenAlready.into());
    }
    let mut held = hold(app, competition, draw).await?;
    let plan = &mut held.kept.plan;
    plan.skills.retain(|skill| !thrown.contains(skill));
    plan.entrants.retain(|skill, _| !thrown.contains(skill));
    plan.throwing = None;
    let Asked { by, reason, .. } = asked;
    plan.thrown.push(Thrown { by, second: Hand::of(staff), reason, skills: thrown, at: (app.clock)() });
    held.keep().await?;
    Ok(())
}

/// Throws the draw of one skill away; gives whether it is none of the draw's any more.
async fn throw_of(
    app: &App,
    staff: &Staff,
    (kept, asked): (&Kept, &Asked),
    skill: &LedgerId,
) -> Result<bool, Failure> {
    let state = state(app, skill).await?;
    if state.skill.is_some() {
        return Ok(false);
    }
    if state.coding.is_some() {
        let author =
            Staff { account: asked.by.account.clone(), name: asked.by.name.clone(), ..staff.clone() };
        let reason = ReasonText { salt: asked.salt.clone(), text: asked.reason.clone() };
        let body = Body::Redraw(Redraw { reason: Some(reason.commitment()) });
        let tried = asked.at.to_string();
        let second = Some(staff.account.clone());
        enter(app, (&author, asked.role), kept, skill, (&tried, body, Some(reason)), second).await?;
    }
    Ok(true)
}

/// In which role somebody makes layers: what is sealed takes a registrar.
async fn maker_role(app: &App, staff: &Staff, competition: &str, is_sealed: bool) -> Result<Role, Failure> {
    let reach = organisation::reach(&app.database, &Scope::Competition(competition.to_owned())).await?;
    let action = if is_sealed { Action::Encode } else { Action::Draw };
    staff.may(action, &reach).ok_or_else(Failure::not_allowed)
}

/// Enters an act of a draw in a skill's ledger, under an id that is the same whenever it is tried again; `tried`
/// tells tries apart that are not to be the same.
async fn enter(
    app: &App,
    (staff, role): (&Staff, Role),
    kept: &Kept,
    skill: &LedgerId,
    (tried, body, reason): (&str, Body, Option<ReasonText>),
    second: Option<String>,
) -> Result<(), Failure> {
    let what = match &body {
        Body::Layer(layer) => format!("layer {}", layer.layer),
        Body::Unseal(unseal) => format!("unseal {}", unseal.layer),
        Body::Draw(_) => "draw".to_owned(),
        _ => "redraw".to_owned(),
    };
    let id = [&kept.id, skill.as_str(), &what, tried, &staff.account].join("\n");
    let Hash(hash) = Hash::of_document(id.as_bytes());
    let mut random = [0; 16];
    random.copy_from_slice(&hash[..16]);
    let made_at = u64::try_from(kept.made_at).unwrap_or_default();
    let decide = Decide { act: EntryId::made_at(made_at, u128::from_be_bytes(random)), body, reason };
    Ok(desk::enter(app, &author_as(staff, skill, role), skill, decide, second).await?)
}
