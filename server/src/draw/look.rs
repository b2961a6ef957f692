//! What the desk shows of draws.

use domain::access::{Action, Scope};
use protocol::draw::{Drawing, DrawingLayer, DrawnSkill, Draws, LayerCard, LayerCards, MayDraw, Waits};

use super::*;
use crate::desk;
use crate::exchange::package::named_units;
use crate::organisation;

/// The skills that can be drawn: with people, not open, and of no draw.
pub(super) async fn ready(app: &App, competition: &str) -> Result<Vec<KeptSkill<SkillDocument>>, Failure> {
    let draws = all(app, competition).await?;
    let (_, skills) = load(app, competition).await?;
    let mut ready = Vec::new();
    for skill in skills {
        let is_drawn = draws.iter().any(|kept| kept.plan.skills.contains(&skill.ledger));
        if skill.document.people.is_empty() || is_drawn || skill.draft.is_none() {
            continue;
        }
        let state = state(app, &skill.ledger).await?;
        if state.skill.is_none() && state.coding.is_none() {
            ready.push(skill);
        }
    }
    ready.sort_by(|one, other| one.document.number.cmp(&other.document.number));
    Ok(ready)
}

/// Every draw of a competition, for somebody at the desk.
///
/// # Errors
/// Where there is no such competition, or the database does not answer.
pub(crate) async fn look(app: &App, staff: &Staff, id: &str) -> Result<Draws, Failure> {
    let (competition, skills) = load(app, id).await?;
    let reach = organisation::reach(&app.database, &Scope::Competition(id.to_owned())).await?;
    let may = |action| staff.may(action, &reach).is_some();
    let may = MayDraw {
        plan: may(Action::SetUp) && may(Action::Redraw),
        draw: may(Action::Draw),
        encode: may(Action::Encode),
        second: may(Action::Second),
        witness: may(Action::Witness),
    };
    let ready = ready(app, id).await?.iter().map(desk::skill_ref).collect();
    let mut draws = Vec::new();
    for kept in all(app, id).await? {
        draws.push(drawing(app, staff, &skills, kept).await?);
    }
    let competition = competition.reference(id);
    Ok(Draws { competition, may, ready, draws })
}

async fn drawing(
    app: &App,
    staff: &Staff,
    skills: &[KeptSkill<SkillDocument>],
    kept: Kept,
) -> Result<Drawing, Failure> {
    let plan = kept.plan;
    let mut shown = Vec::new();
    let mut committed = vec![0; plan.layers.len()];
    let mut open_in = vec![0; plan.layers.len()];
    let mut drawn = 0;
    // Of one that was thrown away as a whole, what it was of.
    let is_thrown = plan.is_thrown();
    let is_of = |skill: &LedgerId| {
        plan.skills.contains(skill) || is_thrown && plan.thrown.iter().any(|one| one.skills.contains(skill))
    };
    let mut of_draw: Vec<_> = skills.iter().filter(|skill| is_of(&skill.ledger)).collect();
    of_draw.sort_by(|one, other| one.document.number.cmp(&other.document.number));
    for skill in of_draw {
        let state = state(app, &skill.ledger).await?;
        let coding = state.coding.as_deref().filter(|_| !is_thrown);
        for (number, layer) in coding.iter().flat_map(|coding| &coding.layers) {
            let at = usize::try_from(*number).unwrap_or_default().saturating_sub(1);
            if let (Some(made), Some(open)) = (committed.get_mut(at), open_in.get_mut(at)) {
                *made += 1;
                *open += usize::from(layer.opened.is_some());
            }
        }
        let seeded = coding.filter(|coding| coding.seed.is_some());
        drawn += usize::from(seeded.is_some());
        let opened = state.skill.as_deref();
        let is_over = opened.is_some_and(|skill| skill.phase != domain::marking::Phase::Open);
        let unlocked = opened.filter(|_| is_over).map_or(0, domain::marking::Skill::unlocked_sheets);
        shown.push(DrawnSkill {
            skill: desk::skill_ref(skill),
            units: units(&skill.document.people).len(),
            is_open: opened.is_some(),
            is_ready: is_over && unlocked == 0,
            unlocked,
            next: seeded.and_then(domain::marking::Coding::next_to_open),
        });
    }
    let all = shown.len();
    let layers =
        plan.numbered().zip(committed.iter().zip(&open_in)).map(|((number, layer), (made, open))| {
            // Where not every ledger has it yet, its maker does it again.
            let maker = layer.maker.as_ref().filter(|_| *made == all);
            DrawingLayer {
                layer: number,
                codes: layer.codes,
                maker: maker.map(|maker| maker.name.clone()),
                is_mine: maker.is_some_and(|maker| maker.account == staff.account),
                is_sealed: layer.is_sealed(),
                open_in: *open,
            }
        });
    let waits = |by: &Hand, layer, reason: &str| Waits {
        by: by.name.clone(),
        is_mine: by.account == staff.account,
        layer,
        reason: reason.to_owned(),
    };
    let now = (app.clock)();
    let opening = plan.opening.as_ref().filter(|begun| now - begun.at < acts::WAIT_MS);
    let throwing = plan.throwing.as_ref().filter(|asked| now - asked.at < acts::ASKED_MS);
    Ok(Drawing {
        id: kept.id,
        at: kept.made_at,
        is_sealed: plan.is_sealed,
        source: plan.source.clone(),
        seed: plan.seed.clone().filter(|_| drawn == all || is_thrown),
        layers: layers.collect(),
        skills: shown,
        opening: opening.map(|begun| waits(&begun.by, begun.layer, "")),
        throwing: throwing.map(|asked| waits(&asked.by, 0, &asked.reason)),
        thrown: plan.thrown.iter().map(|one| one.reason.clone()).collect(),
        is_thrown,
    })
}

/// What a layer's maker prints before it is sealed; of a public draw, whoever looks.
///
/// # Errors
/// Where it is not theirs, or nothing is drawn yet.
pub(crate) async fn cards(
    app: &App,
    staff: &Staff,
    id: &str,
    draw: &str,
    layer: u32,
) -> Result<LayerCards, Failure> {
    let (competition, skills) = load(app, id).await?;
    let kept = find(app, id, draw).await?;
    let plan = &kept.plan;
    let planned = plan.layer(layer).ok_or(DrawError::Gone)?;
    let is_mine = planned.maker.as_ref().is_some_and(|maker| maker.account == staff.account);
    if plan.is_sealed && !is_mine {
        return Err(DrawError::NotYours.into());
    }
    let mut cards = LayerCards {
        competition: competition.reference(id),
        draw: kept.id.clone(),
        layer,
        of: plan.of(),
        is_sealed: planned.is_sealed(),
        codes: planned.codes,
        skills: Vec::new(),
    };
    if cards.is_sealed {
        return Ok(cards);
    }
    let seed = plan.seed.as_deref().ok_or(DrawError::NotDrawn)?;
    let secret = secret(app, draw, layer, planned)?;
    let mut of_draw: Vec<_> = skills.iter().filter(|skill| plan.skills.contains(&skill.ledger)).collect();
    of_draw.sort_by(|one, other| one.document.number.cmp(&other.document.number));
    for skill in of_draw {
        let state = state(app, &skill.ledger).await?;
        let coding = state.coding.as_deref().filter(|coding| coding.seed.is_some());
        let coding = coding.ok_or(DrawError::NotDrawn)?;
        // The codes of the layer outside are known as such; who has which is not.
        let outer = layer.checked_sub(1).and_then(|outer| coding.layers.get(&outer));
        let list = outer.map_or_else(|| units(&skill.document.people), |outer| outer.codes.clone());
        let secret = secret_of(&secret, &skill.ledger);
        let lot = Lot { skill: skill.ledger.as_str(), layer, secret: &secret, seed };
        // Names are of the outermost layer alone.
        let people = if layer == 1 { skill.document.people.as_slice() } else { &[] };
        let mut names: BTreeMap<CompetitorCode, String> = named_units(people).into_iter().collect();
        let pairs = lot.draw(&list, planned.codes).into_iter();
        let pairs = pairs
            .map(|(from, to)| LayerCard { name: names.remove(&from).unwrap_or_default(), from, to })
            .collect();
        cards.skills.push((desk::skill_ref(skill), pairs));
    }
    Ok(cards)
}
