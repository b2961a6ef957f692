//! The nine named breakages: each breaks the product's cores from outside, by what it does to the
//! frames that they hear and say, to the storage beside them, or to the ledger behind them.

use judge_client::Kept;
use protocol::frame::{ClientFrame, Epoch, Nonce, ServerFrame};
use std::collections::BTreeMap;

/// What is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Breakage {
    /// The ledger enters whatever it is sent, also again.
    EntersAgain,
    /// Receipts leave before the commit.
    AckBeforeCommit,
    /// A tablet deletes what it has sent.
    ForgetsWhatIsSent,
    /// Receipts and puts of another epoch are believed.
    BelievesOtherEpochs,
    /// A tablet deletes what has a receipt, though there is no copy in a second place.
    ForgetsWhatIsReceived,
    /// A mark is effective whatever its judge had seen.
    IgnoresBase,
    /// The ledger knows entries again by their id alone and enters across gaps.
    IgnoresNumbers,
    /// The nonce does not die with the connection.
    NonceOutlives,
    /// Nobody notices a change of epoch.
    IgnoresEpochs,
}

impl Breakage {
    pub(crate) const ALL: [Self; 9] = [
        Self::EntersAgain,
        Self::AckBeforeCommit,
        Self::ForgetsWhatIsSent,
        Self::BelievesOtherEpochs,
        Self::ForgetsWhatIsReceived,
        Self::IgnoresBase,
        Self::IgnoresNumbers,
        Self::NonceOutlives,
        Self::IgnoresEpochs,
    ];

    /// Whether the server takes puts whatever their epoch, and never leaves one itself.
    pub(crate) fn makes_the_server_stay(self) -> bool {
        matches!(self, Self::BelievesOtherEpochs | Self::IgnoresEpochs)
    }

    /// What a tablet hears in place of a frame: `live` is its connection's epoch, `nonce` the last
    /// that it greeted with.
    pub(crate) fn hear(self, frame: &mut ServerFrame, live: Option<Epoch>, nonce: Option<Nonce>) {
        match self {
            Self::BelievesOtherEpochs => {
                if let (ServerFrame::Ack(ack), Some(epoch)) = (frame, live) {
                    ack.epoch = epoch;
                }
            }
            Self::IgnoresEpochs => {
                if let Some(epoch) = epoch_of(frame) {
                    *epoch = Epoch(1);
                }
            }
            Self::NonceOutlives => {
                if let (Some(of_frame), Some(nonce)) = (nonce_of(frame), nonce) {
                    *of_frame = nonce;
                }
            }
            Self::ForgetsWhatIsReceived => match frame {
                ServerFrame::Ack(ack) => ack.safe_dseq = ack.upto_dseq,
                ServerFrame::Welcome(welcome) => welcome.safe_dseq = welcome.last_dseq,
                _ => {}
            },
            _ => {}
        }
    }

    /// What the storage keeps once a frame was sent.
    pub(crate) fn sent(self, frame: &ClientFrame, disk: &mut BTreeMap<i64, Kept>) {
        if let (Self::ForgetsWhatIsSent, ClientFrame::Put(put)) = (self, frame) {
            for submission in &put.submissions {
                disk.remove(&submission.dseq);
            }
        }
    }

    /// What the server hears in place of a frame: `epoch` is its connection's.
    pub(crate) fn put(self, frame: &mut ClientFrame, epoch: Epoch) {
        if let (true, ClientFrame::Put(put)) = (self.makes_the_server_stay(), frame) {
            put.epoch = epoch;
        }
    }
}

fn epoch_of(frame: &mut ServerFrame) -> Option<&mut Epoch> {
    match frame {
        ServerFrame::Ack(ack) => Some(&mut ack.epoch),
        ServerFrame::Called(called) => Some(&mut called.epoch),
        ServerFrame::Head(head) => Some(&mut head.epoch),
        ServerFrame::Nack(nack) => Some(&mut nack.epoch),
        ServerFrame::Pong(pong) => Some(&mut pong.epoch),
        ServerFrame::Welcome(welcome) => Some(&mut welcome.epoch),
        ServerFrame::Error(_) | ServerFrame::Unsupported(_) => None,
    }
}

fn nonce_of(frame: &mut ServerFrame) -> Option<&mut Nonce> {
    match frame {
        ServerFrame::Ack(ack) => Some(&mut ack.nonce),
        ServerFrame::Called(called) => Some(&mut called.nonce),
        ServerFrame::Head(head) => Some(&mut head.nonce),
        ServerFrame::Nack(nack) => Some(&mut nack.nonce),
        ServerFrame::Pong(pong) => Some(&mut pong.nonce),
        ServerFrame::Welcome(welcome) => Some(&mut welcome.nonce),
        ServerFrame::Error(_) | ServerFrame::Unsupported(_) => None,
    }
}
