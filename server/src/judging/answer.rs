//! The ledger's words in the protocol's: a submission in, a receipt or the reason for none out.

use domain::id::LedgerId;
use protocol::frame;

use super::{Answer, Submitted};
use crate::ledger::{LedgerError, ReasonText, Receipt, Submission};

/// A submission for the ledger of who is on the connection.
pub(super) fn submission(ledger_id: LedgerId, submitted: Submitted) -> Submission {
    let reason = submitted.reason.map(|frame::ReasonText { salt, text }| ReasonText { salt, text });
    let Submitted { command, origin, drawing, .. } = submitted;
    Submission { ledger_id, command, origin, drawing, reason }
}

/// What the ledger said. Whatever may pass is unavailable and not refused: a tablet must keep it and
/// send it again.
pub(super) fn answer(said: Result<Receipt, LedgerError>) -> Answer {
    match said {
        Ok(Receipt { id, seq, hash, status, code, .. }) => {
            Answer::Entered(frame::Receipt { code, hash, id, seq, status })
        }
        Err(LedgerError::WantDseq { want }) => Answer::Want(want),
        Err(
            error @ (LedgerError::UsedOtherwise { .. }
            | LedgerError::NotEnterable { .. }
            | LedgerError::Unfit { .. }
            | LedgerError::OtherLedger { .. }
            | LedgerError::Forged { .. }
            | LedgerError::DrawingDiffers
            | LedgerError::DrawingUnfit
            | LedgerError::ReasonDiffers
            | LedgerError::ReasonUnfit),
        ) => Answer::Refused(error.code().to_owned()),
        Err(
            error @ (LedgerError::Busy
            | LedgerError::DiskFull
            | LedgerError::ReadOnly
            | LedgerError::Unknown
            | LedgerError::NothingThere { .. }
            | LedgerError::Damaged { .. }
            | LedgerError::KeyFile { .. }
            | LedgerError::Contradicts { .. }
            | LedgerError::Shorter { .. }
            | LedgerError::HeadNote { .. }
            | LedgerError::Stopped
            | LedgerError::Storage { .. }),
        ) => Answer::Unavailable(error.code().to_owned()),
    }
}
