//! What must hold once the network is calm: everything saved is entered once, in order and as it
//! was; every receipt shown holds; nothing was overwritten in silence; the chain verifies.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::id::{AspectId, CompetitorCode, EntryId, JudgeCode};
use domain::ledger::verify::Verifier;
use domain::ledger::{Command, Hash, Sealed, Status};
use domain::marking::{Body, Countersign, Countersigned, Decline, Lock, Seated, Sign, State, evolve};
use judge_client::Standing;

use crate::journal::Journal;
use crate::skill;
use crate::tablet::Tablet;

pub(crate) fn check(tablets: &[Tablet], journal: &Journal) -> Result<(), String> {
    let entries = &journal.entries[..journal.durable];
    let mut places: HashMap<EntryId, usize> = HashMap::new();
    let mut last: BTreeMap<&str, i64> = BTreeMap::new();
    for (at, sealed) in entries.iter().enumerate() {
        if places.insert(sealed.entry.id, at).is_some() {
            return Err("ENTERED TWICE".to_owned());
        }
        let last = last.entry(sealed.entry.device.as_str()).or_insert(0);
        if sealed.entry.dseq != *last + 1 {
            return Err("OUT OF ORDER".to_owned());
        }
        *last = sealed.entry.dseq;
    }
    check_heads(journal)?;
    check_sheets(journal)?;
    if journal.has_lost_what_it_commits_to {
        return Err("TEXT OR DRAWING LOST".to_owned());
    }
    let mut verifier = Verifier::new();
    for sealed in entries {
        verifier.entry(sealed.clone()).map_err(|finding| format!("UNVERIFIED {}", finding.code()))?;
    }
    let mut known = 1;
    for tablet in tablets {
        check_origin(tablet, entries, journal)?;
        for command in &tablet.saved {
            let place = places.get(&command.id);
            known += usize::from(place.is_some());
            let receipt = tablet.receipt(command.id);
            // A restore took it away, and the tablet died before it could send it again.
            let was_taken_away = receipt.is_none_or(|confirmed| confirmed.epoch != journal.epoch);
            match place.map(|place| &entries[*place]) {
                Some(sealed) if !sealed.answers(command) => return Err("ENTERED OTHERWISE".to_owned()),
                Some(_) => {}
                None if tablet.is_lost && was_taken_away => {}
                None => return Err(if receipt.is_some() { "LOST AFTER RECEIPT" } else { "LOST" }.to_owned()),
            }
        }
        if !tablet.is_out {
            check_tablet(tablet, journal)?;
        }
    }
    // What was entered but never shown as saved is what a tablet stored in its last moment.
    if known > entries.len() { Err("ENTERED TWICE".to_owned()) } else { Ok(()) }
}

/// What a tablet with a key entered is its own: the server has a signature for each of it.
fn check_origin(tablet: &Tablet, entries: &[Sealed], journal: &Journal) -> Result<(), String> {
    let own = entries.iter().filter(|sealed| sealed.entry.device == tablet.device.id);
    let is_unsigned = |sealed: &Sealed| !journal.signed.contains(&sealed.entry.id);
    if tablet.key.is_some() && own.into_iter().any(is_unsigned) {
        return Err("ENTERED UNSIGNED".to_owned());
    }
    Ok(())
}

/// What is said of a sheet is said of it as it stands. What a lock rests on, looked up in the entries: somebody of each seat signed, and where the rules
/// ask for it the competitor did, over what stands there, and nothing waits.
fn check_sheets(journal: &Journal) -> Result<(), String> {
    let entries = &journal.entries[..journal.durable];
    let is_of_sheet = |Sealed { entry, .. }: &Sealed| {
        let is_it =
            matches!(entry.body, Body::Countersign(_) | Body::Decline(_) | Body::Lock(_) | Body::Sign(_));
        is_it && entry.status == Status::Accepted
    };
    let Some(last) = entries.iter().rposition(is_of_sheet) else { return Ok(()) };
    let mut signed: BTreeSet<(&CompetitorCode, Hash, &JudgeCode)> = BTreeSet::new();
    let mut words: BTreeMap<(&CompetitorCode, Hash), Countersigned> = BTreeMap::new();
    let mut state = State::new();
    for sealed in &entries[..=last] {
        if let (Some(skill), Status::Accepted) = (&state.skill, sealed.entry.status) {
            let as_it_stands = |competitor: &CompetitorCode, sheet: Hash| {
                let row = skill.row(competitor).ok_or("A SHEET OF NOBODY")?;
                if skill.sheet_digest(row, 0) == sheet { Ok(()) } else { Err("SAID OF ANOTHER SHEET") }
            };
            match &sealed.entry.body {
                Body::Sign(Sign { competitor, sheet, .. })
                | Body::Countersign(Countersign { competitor, sheet, .. })
                | Body::Decline(Decline { competitor, sheet, .. }) => as_it_stands(competitor, *sheet)?,
                _ => {}
            }
            match &sealed.entry.body {
                Body::Sign(body) => drop(signed.insert((&body.competitor, body.sheet, &body.judge))),
                Body::Countersign(body) => drop(words.insert((&body.competitor, body.sheet), body.how)),
                Body::Lock(Lock { competitor, .. }) => {
                    let row = skill.row(competitor).ok_or("A SHEET OF NOBODY")?;
                    let digest = skill.sheet_digest(row, 0);
                    let signers =
                        signed.iter().filter(|(of, sheet, _)| *of == competitor && *sheet == digest);
                    // Three judges are needed, or as many as sit where seats were emptied.
                    let sits = |(at, seat): &(usize, &Seated)| seat.counts && skill.sits_for(row, 0, *at);
                    let sitting = skill.panel(0).iter().enumerate().filter(sits).count();
                    if signers.count() < sitting.min(3) {
                        return Err("LOCKED UNSIGNED".to_owned());
                    }
                    let word = words.get(&(competitor, digest));
                    let is_asked_for = skill.opening.rules.sign_off.is_some();
                    if is_asked_for && word.is_none_or(|how| *how == Countersigned::Refused) {
                        return Err("LOCKED WITHOUT ITS COMPETITOR".to_owned());
                    }
                    if skill.pending.values().any(|pending| pending.mark.competitor == *competitor) {
                        return Err("LOCKED OVER WHAT WAITS".to_owned());
                    }
                }
                _ => {}
            }
        }
        state = evolve(state, sealed);
    }
    Ok(())
}

/// A living tablet shows nothing but receipts, and they are those of the ledger.
fn check_tablet(tablet: &Tablet, journal: &Journal) -> Result<(), String> {
    for Command { id, .. } in &tablet.saved {
        let confirmed = match tablet.shown.get(id) {
            // What was sealed in an earlier epoch and let go is not heard of again.
            Some(Standing::Sealed(confirmed)) if confirmed.epoch != journal.epoch => {
                let entry = journal.committed(confirmed.seq);
                if entry.is_none_or(|sealed| sealed.entry.id != *id) {
                    return Err("SEALED AND LOST".to_owned());
                }
                confirmed
            }
            Some(Standing::Received(confirmed) | Standing::Sealed(confirmed)) => confirmed,
            _ => return Err("STILL WAITING".to_owned()),
        };
        let entry = journal.committed(confirmed.seq);
        if entry.is_none_or(|sealed| sealed.entry.id != *id || sealed.hash != confirmed.hash) {
            return Err("RECEIPT DOES NOT HOLD".to_owned());
        }
        if entry.is_some_and(|sealed| sealed.entry.status != confirmed.status) {
            return Err("RECEIPT SAYS OTHERWISE".to_owned());
        }
    }
    Ok(())
}

/// A cell: whose work, which aspect, and of a score whose it is and in which round.
type Place = (CompetitorCode, AspectId, Option<(JudgeCode, u32)>);

/// The fold of the heads, worked out once more: a mark is effective only over what its judge saw.
fn check_heads(journal: &Journal) -> Result<(), String> {
    let mut heads: HashMap<Place, EntryId> = HashMap::new();
    let mut waiting: HashMap<EntryId, Place> = HashMap::new();
    for sealed in &journal.entries[..journal.durable] {
        let entry = &sealed.entry;
        match (&entry.body, entry.status) {
            (Body::Mark(mark), status) => {
                // A measurement is the panel's, a score its judge's.
                let judge = (mark.aspect.as_str() == skill::JUDGED).then(|| (mark.judge.clone(), mark.round));
                let cell = (mark.competitor.clone(), mark.aspect.clone(), judge);
                match status {
                    Status::Accepted if heads.get(&cell).copied() != entry.base => {
                        return Err("SILENT OVERWRITE".to_owned());
                    }
                    Status::Accepted => {
                        heads.insert(cell, entry.id);
                    }
                    Status::Conflict | Status::Late => {
                        waiting.insert(entry.id, cell);
                    }
                    Status::Refused => {}
                }
            }
            (Body::Resolve(resolve), Status::Accepted) => {
                if let Some((keep, cell)) = resolve.keep.and_then(|id| Some((id, waiting.remove(&id)?))) {
                    heads.insert(cell, keep);
                }
            }
            // All sheets are of one sub-criterion.
            (Body::Exchange(body), Status::Accepted) => {
                let other = |code: &CompetitorCode| match code {
                    code if *code == body.competitor => body.other.clone(),
                    code if *code == body.other => body.competitor.clone(),
                    code => code.clone(),
                };
                let moved = |(of, aspect, judge): Place| (other(&of), aspect, judge);
                heads = heads.into_iter().map(|(cell, id)| (moved(cell), id)).collect();
                waiting = waiting.into_iter().map(|(id, cell)| (id, moved(cell))).collect();
            }
            _ => {}
        }
    }
    Ok(())
}
