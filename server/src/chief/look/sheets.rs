//! The sheets that wait for signatures or the lock, and those that are locked.

use domain::marking::{Countersigned, Phase, Sheet};
use protocol::chief::{ChiefView, CompetitorWord, LOCKED_AT_ONCE_MAX, SHEETS_MAX, WholeSheet};

use super::{Looking, new_id};
use crate::desk::Refusal;

/// A sheet: a competitor's row, and the place of a sub-criterion.
type Place = (usize, usize);

impl Looking<'_> {
    /// Puts in the sheets of who competes: those that can be locked first, and apart those that are.
    pub(super) async fn sheets(&self, shown: &mut ChiefView) -> Result<(), Refusal> {
        let skill = self.skill;
        let (mut ready, mut waiting, mut locked): (Vec<Place>, Vec<Place>, Vec<Place>) = Default::default();
        for (at, (_, sub)) in skill.opening.scheme.sub_criteria().enumerate() {
            if skill.opening.panel(&sub.id).is_none() {
                continue;
            }
            for row in (0..skill.competitors.len()).filter(|row| skill.board.is_competing(*row)) {
                let kept = skill.sheet(row, at);
                if kept.is_some_and(Sheet::is_done) {
                    locked.push((row, at));
                } else if skill.is_ready(row, at) {
                    ready.push((row, at));
                } else if kept.is_some_and(|sheet| sheet.is_locked || !sheet.unlocked.is_empty())
                    || skill.missing_on_sheet(row, at) == 0
                {
                    waiting.push((row, at));
                }
            }
        }
        shown.locked = locked.len();
        let subs: Vec<_> = skill.opening.scheme.sub_criteria().map(|(_, sub)| sub).collect();
        let signed = ready.iter().take(LOCKED_AT_ONCE_MAX);
        shown.signed = signed
            .map(|(row, sub)| (skill.opening.competitors[*row].code.clone(), subs[*sub].id.clone()))
            .collect();
        ready.extend(waiting);
        (shown.sheets, shown.more_sheets) = self.found(&ready);
        (shown.locked_sheets, shown.more_locked) = self.found(&locked);
        for sheet in &mut shown.sheets {
            self.tell_declined(sheet).await?;
        }
        Ok(())
    }

    /// What the competitor said of a sheet; why they refuse is read where it is told.
    fn word_of(&self, kept: &Sheet) -> CompetitorWord {
        match (&self.skill.opening.rules.sign_off, &kept.countersigned) {
            (None, _) => CompetitorWord::NotAskedFor,
            (Some(_), None) => CompetitorWord::Waits,
            (Some(_), Some((Countersigned::Signed, entry, _))) => CompetitorWord::Signed(*entry),
            (Some(_), Some((Countersigned::Refused, ..))) => CompetitorWord::Refused(None),
            (Some(_), Some((Countersigned::For, _, by))) => CompetitorWord::For(by.clone()),
        }
    }

    /// Who declined to sign a sheet, and why.
    async fn tell_declined(&self, shown: &mut WholeSheet) -> Result<(), Refusal> {
        let place = self.skill.row(&shown.competitor.code).zip(self.skill.sub(&shown.sub_criterion));
        let Some(sheet) = place.and_then(|(row, sub)| self.skill.sheet(row, sub)) else { return Ok(()) };
        if let Some((Countersigned::Refused, entry, _)) = &sheet.countersigned {
            let reason = self.app.ledger.reason(*entry).await?;
            shown.competitor_word = CompetitorWord::Refused(reason.map(|reason| reason.text));
        }
        for (judge, entry) in &sheet.declined {
            let reason = self.app.ledger.reason(*entry).await?;
            shown.declined.push((judge.clone(), reason.map(|reason| reason.text)));
        }
        Ok(())
    }

    /// As many of those looked for as are shown, and how many more there are.
    fn found(&self, places: &[Place]) -> (Vec<WholeSheet>, usize) {
        let found: Vec<Place> = places.iter().copied().filter(|(row, _)| self.is_found(*row)).collect();
        let shown = found.iter().take(SHEETS_MAX).filter_map(|place| self.sheet(*place));
        (shown.collect(), found.len().saturating_sub(SHEETS_MAX))
    }

    fn sheet(&self, (row, at): Place) -> Option<WholeSheet> {
        let skill = self.skill;
        let (_, sub) = skill.opening.scheme.sub_criteria().nth(at)?;
        let kept = skill.sheet(row, at).cloned().unwrap_or_default();
        let is_shut = kept.is_locked || skill.phase != Phase::Open;
        let columns = skill.columns_of(at);
        let to_unlock = columns.filter(|column| is_shut && !kept.unlocked.contains(column));
        let to_unlock = to_unlock.map(|column| skill.aspect(column));
        Some(WholeSheet {
            act: new_id(),
            competitor: self.competing(&skill.opening.competitors[row].code),
            sub_criterion: sub.id.clone(),
            name: sub.name.clone(),
            digest: skill.sheet_digest(row, at),
            unsigned: skill.unsigned(row, at).cloned().collect(),
            declined: Vec::new(),
            drawn: kept.drawn.clone().into_iter().collect(),
            signed_for: kept.signed_for.clone().into_iter().collect(),
            competitor_word: self.word_of(&kept),
            unlocked: kept.unlocked.iter().map(|column| skill.aspect(*column).id.clone()).collect(),
            is_changed: kept.is_locked && !kept.is_current,
            missing: skill.missing_on_sheet(row, at),
            undecided: skill.pending_on_sheet(row, at),
            notes: self.notes(row, skill.columns_of(at)),
            to_unlock: to_unlock.map(|aspect| (aspect.id.clone(), aspect.description.clone())).collect(),
        })
    }
}
