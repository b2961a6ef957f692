//! A sheet: one competitor's marks of one sub-criterion, its signatures and its lock.

use std::collections::{BTreeMap, BTreeSet};

use super::Countersigned;
use super::state::{Cell, Said, Skill};
use crate::id::{EntryId, JudgeCode};
use crate::ledger::{Hash, canonical};

/// A sheet's signatures and lock.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// Whose signatures are on what stands there now.
    pub signed: BTreeSet<JudgeCode>,
    /// Who of them drew their own signature, and by which entry.
    pub drawn: BTreeMap<JudgeCode, EntryId>,
    /// For whom of them somebody else signed, and who did.
    pub signed_for: BTreeMap<JudgeCode, String>,
    /// Who will not sign what stands there now, and the entry that says why.
    pub declined: BTreeMap<JudgeCode, EntryId>,
    /// What the competitor said of what stands there now: by which entry, and who entered it.
    pub countersigned: Option<(Countersigned, EntryId, String)>,
    /// Whether it is locked.
    pub is_locked: bool,
    /// Whether nothing changed since it was locked.
    pub is_current: bool,
    /// The aspects that were opened again, by column.
    pub unlocked: BTreeSet<usize>,
    /// Who asks for which aspect to be opened again, by column.
    pub asked: BTreeMap<(usize, JudgeCode), Asked>,
}

/// What a judge asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The entry that asks.
    pub entry: EntryId,
    /// Whether it was turned down.
    pub is_denied: bool,
}

impl Sheet {
    /// Signatures, and that there are none, are for what stood there before.
    pub(super) fn unsign(&mut self) {
        self.signed.clear();
        self.drawn.clear();
        self.signed_for.clear();
        self.declined.clear();
        self.countersigned = None;
    }

    /// Whether it is locked as it stands: nothing was opened again, and nothing changed since.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.is_locked && self.unlocked.is_empty() && self.is_current
    }
}

impl Skill {
    /// A sheet's signatures and lock.
    #[must_use]
    pub fn sheet(&self, row: usize, sub: usize) -> Option<&Sheet> {
        self.sheets.get(&(row, sub))
    }

    /// What was asked for by an entry, and stands.
    pub(super) fn asked(&self, entry: EntryId) -> Option<&Asked> {
        let asked = self.sheets.values().flat_map(|sheet| sheet.asked.values());
        asked.into_iter().find(|asked| asked.entry == entry && !asked.is_denied)
    }

    /// The sheet, by row and sub-criterion, on which an entry asks for something.
    #[must_use]
    pub fn sheet_asked(&self, entry: EntryId) -> Option<(usize, usize)> {
        let asks = |sheet: &Sheet| sheet.asked.values().any(|asked| asked.entry == entry);
        self.sheets.iter().find(|(_, sheet)| asks(sheet)).map(|(place, _)| *place)
    }

    pub(super) fn asked_mut(&mut self, entry: EntryId) -> Option<&mut Asked> {
        let asked = self.sheets.values_mut().flat_map(|sheet| sheet.asked.values_mut());
        asked.into_iter().find(|asked| asked.entry == entry)
    }

    /// The digest of a sheet as it stands, trainees' scores aside: what a signature is for.
    #[must_use]
    pub fn sheet_digest(&self, row: usize, sub: usize) -> Hash {
        let cells: Vec<_> = self
            .columns_of(sub)
            .map(|column| {
                let entries: Vec<String> = match self.cell(row, column) {
                    Cell::Measured(said) => said.iter().map(|said| said.entry.to_string()).collect(),
                    Cell::Scored(rounds) => {
                        let counting = |round: &'_ Vec<Option<Said>>| {
                            let said = self.seats(column).iter().zip(round).filter(|(seat, _)| seat.counts);
                            said.filter_map(|(_, said)| Some(said.as_ref()?.entry.to_string()))
                                .collect::<Vec<_>>()
                        };
                        rounds.iter().flat_map(counting).collect()
                    }
                };
                (self.aspect(column).id.as_str(), self.mark_of(row, column), entries)
            })
            .collect();
        let competitor = self.opening.competitors[row].code.as_str();
        let bytes = canonical::to_vec(&(competitor, self.subs[sub].id.as_str(), cells)).unwrap_or_default();
        Hash::of_document(&bytes)
    }

    /// How many cells of a sheet have no mark yet, or a round that is still being scored, voided
    /// aspects aside.
    #[must_use]
    pub fn missing_on_sheet(&self, row: usize, sub: usize) -> usize {
        let is_missing =
            |column: &usize| self.board.mark(row, *column).is_none() || !self.is_round_complete(row, *column);
        let counts = |column: &usize| self.aspects[*column].voided.is_empty();
        self.columns_of(sub).filter(counts).filter(is_missing).count()
    }

    /// Who has still to sign a sheet: the counting seats without a signature on what stands there now.
    pub fn unsigned(&self, row: usize, sub: usize) -> impl Iterator<Item = &JudgeCode> {
        let signers = self.signers(row, sub);
        signers.filter(move |seat| !self.has_signed(row, sub, seat.place)).map(|seat| &seat.judge)
    }

    /// Whether somebody of a seat has signed what stands on a sheet now.
    pub(super) fn has_signed(&self, row: usize, sub: usize, place: usize) -> bool {
        let Some(sheet) = self.sheet(row, sub) else { return false };
        let panel = self.panel(sub).iter().enumerate();
        let mut of_place = panel.filter(|(_, seat)| seat.counts && seat.place == place);
        of_place.any(|(at, seat)| sheet.signed.contains(&seat.judge) && self.signs_for(row, sub, at))
    }

    /// Whether a sheet that is not locked could be: whole, nothing undecided, and signed by everybody.
    #[must_use]
    pub fn is_ready(&self, row: usize, sub: usize) -> bool {
        !self.sheet(row, sub).is_some_and(Sheet::is_done)
            && self.is_signed(row, sub)
            && !self.lacks_competitor(row, sub)
    }

    /// Whether a sheet is whole, nothing on it undecided, and signed by all its judges as it stands.
    #[must_use]
    pub fn is_signed(&self, row: usize, sub: usize) -> bool {
        self.unsigned(row, sub).next().is_none()
            && self.missing_on_sheet(row, sub) == 0
            && self.pending_on_sheet(row, sub) == 0
    }

    /// How many sheets of those who compete are not locked as they stand, where the rules ask for it.
    #[must_use]
    pub fn unlocked_sheets(&self) -> usize {
        if self.opening.rules.sign_off.is_none() {
            return 0;
        }
        let sheets = self.competing().flat_map(|row| (0..self.subs.len()).map(move |sub| (row, sub)));
        sheets.filter(|(row, sub)| !self.sheet(*row, *sub).is_some_and(Sheet::is_done)).count()
    }

    /// Whether the rules ask for the competitor's signature on a sheet and it is not there: nothing was
    /// said, or it was refused.
    #[must_use]
    pub fn lacks_competitor(&self, row: usize, sub: usize) -> bool {
        let said = self.sheet(row, sub).and_then(|sheet| sheet.countersigned.as_ref());
        let is_there = said.is_some_and(|(how, ..)| *how != Countersigned::Refused);
        self.opening.rules.sign_off.is_some() && !is_there
    }

    /// How many marks of a sheet wait for a decision.
    #[must_use]
    pub fn pending_on_sheet(&self, row: usize, sub: usize) -> usize {
        let is_here = |mark: &super::Mark| {
            self.row(&mark.competitor) == Some(row)
                && self.column(&mark.aspect).is_some_and(|column| self.sub_of(column) == sub)
        };
        self.pending.values().filter(|pending| is_here(&pending.mark)).count()
    }
}
