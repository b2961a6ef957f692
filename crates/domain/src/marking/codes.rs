//! The draw of a skill and its layers of codes, as its ledger tells them: each layer is
//! committed to by a person of its own, a seed from outside draws them all, and they are opened in reverse.
//! Marking knows the innermost codes alone.

use std::collections::{BTreeMap, BTreeSet};

use super::{Body, Draw, Layer, Opening, Phase, Refusal, State, Unseal, decide};
use crate::access::{Action, Role, allows};
use crate::draw::{LAYERS_MAX, Lot, commitment, is_seed, list_hash};
use crate::id::{CompetitorCode, EntryId, is_fit};
use crate::ledger::{Command, Entry, Hash};

/// A draw, from the first layer that somebody committed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coding {
    /// How many layers there are.
    pub of: u32,
    /// The hash of the list that is drawn over.
    pub list_hash: Hash,
    /// Whether who has which code is kept back until marking is over.
    pub is_sealed: bool,
    /// Where the seed comes from.
    pub source: String,
    /// The layers that somebody committed to, by their numbers.
    pub layers: BTreeMap<u32, MadeLayer>,
    /// The seed, once it is drawn.
    pub seed: Option<String>,
    /// The entry that drew, once it is drawn.
    pub drawn: Option<EntryId>,
    /// The list that was drawn over, once its layer is open.
    pub list: Option<Vec<CompetitorCode>>,
}

/// A layer that somebody committed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeLayer {
    /// What was committed to.
    pub made: Layer,
    /// Who did.
    pub by: String,
    /// When, milliseconds since 1970 UTC, by the server's clock.
    pub at: i64,
    /// The entry that says so.
    pub entry: EntryId,
    /// Its codes, sorted; empty before the draw.
    pub codes: Vec<CompetitorCode>,
    /// Once it is open: its secret, and who of the list or of the layer outside got which code.
    pub opened: Option<(String, BTreeMap<CompetitorCode, CompetitorCode>)>,
}

impl Coding {
    /// What it is after an accepted entry of its own.
    pub(super) fn after(before: Option<Box<Self>>, entry: &Entry) -> Option<Box<Self>> {
        match &entry.body {
            Body::Layer(layer) => {
                let mut coding = before.unwrap_or_else(|| Box::new(Self::new(layer)));
                let made = MadeLayer {
                    made: layer.clone(),
                    by: entry.actor.clone(),
                    at: entry.server_time,
                    entry: entry.id,
                    codes: Vec::new(),
                    opened: None,
                };
                coding.layers.insert(layer.layer, made);
                Some(coding)
            }
            Body::Draw(draw) => {
                let mut coding = before?;
                (coding.seed, coding.drawn) = (Some(draw.seed.clone()), Some(entry.id));
                for (layer, codes) in coding.layers.values_mut().zip(&draw.codes) {
                    layer.codes.clone_from(codes);
                }
                Some(coding)
            }
            Body::Redraw(_) => None,
            Body::Unseal(unseal) => {
                let mut coding = before?;
                let drawn = coding.drawn(entry.ledger.as_str(), unseal);
                if let (Some(drawn), Some(layer)) = (drawn, coding.layers.get_mut(&unseal.layer)) {
                    layer.opened = Some((unseal.secret.clone(), drawn));
                }
                if unseal.layer == 1 {
                    coding.list = Some(unseal.list.clone());
                }
                Some(coding)
            }
            _ => before,
        }
    }

    fn new(layer: &Layer) -> Self {
        Self {
            of: layer.of,
            list_hash: layer.list,
            is_sealed: layer.is_sealed,
            source: layer.source.clone(),
            layers: BTreeMap::new(),
            seed: None,
            drawn: None,
            list: None,
        }
    }

    /// The innermost codes: those that marking knows. None before the draw.
    #[must_use]
    pub fn innermost(&self) -> Option<&[CompetitorCode]> {
        self.seed.as_ref()?;
        self.layers.get(&self.of).map(|layer| layer.codes.as_slice())
    }

    /// The layer that is opened next: the innermost that is still sealed.
    #[must_use]
    pub fn next_to_open(&self) -> Option<u32> {
        self.layers.iter().rev().find(|(_, layer)| layer.opened.is_none()).map(|(number, _)| *number)
    }

    /// Who of the list has which innermost code, once every layer is open.
    #[must_use]
    pub fn opened(&self) -> Option<BTreeMap<CompetitorCode, CompetitorCode>> {
        let mut opened: Option<BTreeMap<CompetitorCode, CompetitorCode>> = None;
        for number in 1..=self.of {
            let (_, layer) = self.layers.get(&number)?.opened.as_ref()?;
            opened = Some(match opened {
                None => layer.clone(),
                Some(outer) => outer
                    .into_iter()
                    .map(|(unit, code)| Some((unit, layer.get(&code)?.clone())))
                    .collect::<Option<_>>()?,
            });
        }
        opened
    }

    /// What a layer draws with that secret, where it is the one committed to and what was told fits it.
    fn drawn(&self, skill: &str, unseal: &Unseal) -> Option<BTreeMap<CompetitorCode, CompetitorCode>> {
        let layer = self.layers.get(&unseal.layer)?;
        let list: &[CompetitorCode] = if unseal.layer == 1 {
            (list_hash(&unseal.list) == self.list_hash).then_some(&unseal.list)?
        } else {
            unseal.list.is_empty().then_some(&self.layers.get(&(unseal.layer - 1))?.codes)?
        };
        if commitment(&unseal.secret) != layer.made.commitment {
            return None;
        }
        let lot = Lot { skill, layer: unseal.layer, secret: &unseal.secret, seed: self.seed.as_deref()? };
        let drawn = lot.draw(list, layer.made.codes);
        let codes: BTreeSet<&CompetitorCode> = drawn.values().collect();
        codes.into_iter().eq(&layer.codes).then_some(drawn)
    }
}

/// What becomes of an act of the draw.
pub(super) fn judge(state: &State, command: &Command, skill: &str) -> Result<(), Refusal> {
    let coding = state.coding.as_deref();
    match &command.body {
        Body::Layer(layer) => {
            before_opening(state)?;
            judge_layer(coding, layer, &command.actor)
        }
        Body::Draw(draw) => {
            before_opening(state)?;
            judge_draw(coding.ok_or_else(|| missing(1..=1))?, draw)
        }
        Body::Redraw(redraw) => {
            before_opening(state)?;
            coding.ok_or(Refusal::NothingDrawn)?;
            redraw.reason.ok_or(Refusal::ReasonNeeded)?;
            if decide::has_second(command) { Ok(()) } else { Err(Refusal::SecondNeeded) }
        }
        Body::Unseal(unseal) => {
            let coding = coding.filter(|coding| coding.seed.is_some()).ok_or(Refusal::NothingDrawn)?;
            judge_unseal(state, coding, unseal, command, skill)
        }
        _ => Ok(()),
    }
}

fn before_opening(state: &State) -> Result<(), Refusal> {
    if state.skill.is_some() { Err(Refusal::AlreadyOpen) } else { Ok(()) }
}

fn missing(numbers: impl Iterator<Item = u32>) -> Refusal {
    let layers: Vec<String> = numbers.map(|number| number.to_string()).collect();
    Refusal::LayersMissing { layers: layers.join(", ") }
}

fn judge_layer(coding: Option<&Coding>, layer: &Layer, actor: &str) -> Result<(), Refusal> {
    let most = if layer.is_sealed { LAYERS_MAX } else { 1 };
    let is_in_range = usize::try_from(layer.of).is_ok_and(|of| (1..=most).contains(&of));
    if !is_in_range || !(1..=layer.of).contains(&layer.layer) || !is_seed(&layer.source) {
        return Err(Refusal::LayerUnsound);
    }
    let Some(coding) = coding else { return Ok(()) };
    if coding.seed.is_some() {
        return Err(Refusal::DrawnAlready);
    }
    let there = (coding.of, coding.list_hash, coding.is_sealed, &coding.source);
    if there != (layer.of, layer.list, layer.is_sealed, &layer.source) {
        return Err(Refusal::LayersDiffer);
    }
    if coding.layers.contains_key(&layer.layer) {
        return Err(Refusal::AlreadySo);
    }
    if coding.layers.values().any(|other| other.by == actor) {
        return Err(Refusal::SameMaker);
    }
    Ok(())
}

fn judge_draw(coding: &Coding, draw: &Draw) -> Result<(), Refusal> {
    if coding.seed.is_some() {
        return Err(Refusal::DrawnAlready);
    }
    let mut absent = (1..=coding.of).filter(|number| !coding.layers.contains_key(number)).peekable();
    if absent.peek().is_some() {
        return Err(missing(absent));
    }
    let count = draw.codes.first().map_or(0, Vec::len);
    let is_sound = |codes: &Vec<CompetitorCode>| {
        codes.len() == count
            && codes.is_sorted_by(|one, next| one < next)
            && codes.iter().all(|code| is_fit(code.as_str()))
    };
    let is_whole = draw.codes.len() == coding.layers.len() && count > 0 && draw.codes.iter().all(is_sound);
    if is_whole && is_seed(&draw.seed) { Ok(()) } else { Err(Refusal::CodesUnsound) }
}

/// in reverse order, after every sheet is locked and marking is over, by two; a public draw at once.
fn judge_unseal(
    state: &State,
    coding: &Coding,
    unseal: &Unseal,
    command: &Command,
    skill: &str,
) -> Result<(), Refusal> {
    if coding.is_sealed {
        if !matches!(command.role, Role::Importer) && !allows(command.role, Action::Encode) {
            return Err(Refusal::NotAllowed);
        }
        let opened = state.skill.as_deref().ok_or(Refusal::NotOpen)?;
        if opened.phase == Phase::Open {
            return Err(Refusal::MarkingStillOpen);
        }
        match opened.unlocked_sheets() {
            0 => {}
            sheets => return Err(Refusal::SheetsUnlocked { sheets }),
        }
    }
    match coding.next_to_open() {
        None => return Err(Refusal::AlreadySo),
        Some(layer) if layer != unseal.layer => return Err(Refusal::LayerOutOfOrder { layer }),
        Some(_) => {}
    }
    coding.drawn(skill, unseal).ok_or(Refusal::SecretWrong)?;
    if coding.is_sealed && !decide::has_second(command) { Err(Refusal::SecondNeeded) } else { Ok(()) }
}

/// A draw that was begun is what a skill opens with, and nobody who made a layer of it marks.
pub(super) fn judge_opening(coding: Option<&Coding>, opening: &Opening) -> Result<(), Refusal> {
    // Of another draw, one that was thrown away meanwhile, nothing is opened.
    if opening.draw != coding.and_then(|coding| coding.drawn) {
        return Err(if coding.is_some_and(|coding| coding.drawn.is_none()) {
            Refusal::DrawUnfinished
        } else {
            Refusal::EntrantsNotDrawn
        });
    }
    let Some(coding) = coding else { return Ok(()) };
    let drawn = coding.innermost().ok_or(Refusal::DrawUnfinished)?;
    let entrants: BTreeSet<&CompetitorCode> =
        opening.competitors.iter().map(|entrant| &entrant.code).collect();
    if !entrants.into_iter().eq(drawn) {
        return Err(Refusal::EntrantsNotDrawn);
    }
    let marks = opening.panels.iter().flat_map(|panel| &panel.seats).map(|seat| seat.judge.as_str());
    let both = coding.layers.values().find(|layer| marks.clone().any(|judge| judge == layer.by));
    both.map_or(Ok(()), |layer| Err(Refusal::LayerMarks { judge: layer.by.clone() }))
}
