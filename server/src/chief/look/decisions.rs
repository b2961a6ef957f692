//! The decisions that hold, with who decided them and why.

use protocol::chief::{ChiefView, DECISIONS_MAX, Decision};

use super::{Looking, new_id};
use crate::desk::{self, Refusal};

impl Looking<'_> {
    /// Puts in the decisions, the newest first; one of no competitor in particular is always looked for.
    pub(super) async fn decisions(&self, shown: &mut ChiefView) -> Result<(), Refusal> {
        let all = self.skill.decisions().rev();
        let found = all.filter(|(_, decision)| decision.row().is_none_or(|row| self.is_found(row)));
        let found: Vec<_> = found.collect();
        shown.more_decisions = found.len().saturating_sub(DECISIONS_MAX);
        let ledger = &self.app.ledger;
        for (id, decision) in found.into_iter().take(DECISIONS_MAX) {
            let Some(sealed) = ledger.entry(&self.chief.ledger, id).await? else { continue };
            let reason = ledger.reason(id).await?.map(|reason| reason.text);
            shown.decisions.push(Decision {
                act: new_id(),
                entry: id,
                decided: desk::decided(self.skill, decision),
                by: sealed.entry.actor,
                second: sealed.entry.second,
                at: sealed.entry.server_time,
                reason,
            });
        }
        Ok(())
    }
}
