//! What judges ask of the chief judge, and who will not sign a sheet as it stands.

use domain::id::{EntryId, JudgeCode, SubCriterionId};
use domain::marking::Countersigned;
use protocol::chief::{Proposal, Proposed, Request, ToUnlock};

use super::{Looking, new_id};
use crate::desk::Refusal;

impl Looking<'_> {
    /// In the order of the scheme and of the competitors; of who competes.
    pub(super) async fn requests(&self, proposals: &[Proposal]) -> Result<Vec<Request>, Refusal> {
        let mut all = Vec::new();
        for (at, (_, sub)) in self.skill.opening.scheme.sub_criteria().enumerate() {
            for row in (0..self.skill.competitors.len()).filter(|row| self.skill.board.is_competing(*row)) {
                let Some(sheet) = self.skill.sheet(row, at) else { continue };
                for ((column, judge), asked) in &sheet.asked {
                    if asked.is_denied {
                        continue;
                    }
                    let unlock = self.to_unlock(row, *column, asked.entry, proposals);
                    all.push(self.request(row, &sub.id, Some(judge), asked.entry, Some(unlock)).await?);
                }
                for (judge, entry) in &sheet.declined {
                    all.push(self.request(row, &sub.id, Some(judge), *entry, None).await?);
                }
                if let Some((Countersigned::Refused, entry, _)) = &sheet.countersigned {
                    all.push(self.request(row, &sub.id, None, *entry, None).await?);
                }
            }
        }
        Ok(all)
    }

    fn to_unlock(&self, row: usize, column: usize, entry: EntryId, proposals: &[Proposal]) -> ToUnlock {
        let code = &self.skill.opening.competitors[row].code;
        let of = self.skill.aspect(column);
        let is_it = |proposal: &Proposal| matches!(&proposal.what, Proposed::Unlock { competitor, aspect, .. } if competitor == code && *aspect == of.id);
        ToUnlock {
            entry,
            aspect: of.id.clone(),
            description: of.description.clone(),
            is_proposed: proposals.iter().any(is_it),
            open: new_id(),
            turn_down: new_id(),
        }
    }

    async fn request(
        &self,
        row: usize,
        sub: &SubCriterionId,
        judge: Option<&JudgeCode>,
        entry: EntryId,
        unlock: Option<ToUnlock>,
    ) -> Result<Request, Refusal> {
        let reason = self.app.ledger.reason(entry).await?;
        Ok(Request {
            judge: judge.cloned(),
            competitor: self.competing(&self.skill.opening.competitors[row].code),
            sub_criterion: sub.clone(),
            reason: reason.map(|reason| reason.text),
            unlock,
        })
    }
}
