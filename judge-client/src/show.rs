//! What the session has to show: how each entry stands, the connection, and what went wrong.

use domain::findings;
use domain::id::EntryId;
use protocol::frame::{Call, Cell, Ending, Epoch};

use crate::outbox::Confirmed;

/// Something to show. Each replaces what was shown of the same thing before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Show {
    /// How one entry stands.
    Entry {
        /// The entry.
        id: EntryId,
        /// How it stands.
        standing: Standing,
    },
    /// The connection.
    Connection(Connection),
    /// How many entries have no receipt; a session does not end before this is 0. Shown again once all of
    /// them are sealed.
    Unsent(usize),
    /// What is effective in a cell now: what a new mark there has to name as its base.
    Head {
        /// Where.
        cell: Cell,
        /// The entry; none where the cell is empty.
        id: Option<EntryId>,
    },
    /// Whom the chief judge calls for this judge's sub-criteria: all of it.
    Called {
        /// The epoch that the number counts in.
        epoch: Epoch,
        /// Counts the changes.
        number: i64,
        /// The calls that stand.
        calls: Vec<Call>,
    },
    /// Something that a person has to know or do.
    Trouble(Trouble),
    /// The server ended the connection.
    Ended {
        /// Why: a stable code.
        code: String,
        /// The same with its sentence, where this program knows the code.
        ending: Option<Ending>,
    },
    /// Nothing is wrong any more that ended or held up a connection; alarms stay.
    TroubleOver,
}

/// How an entry stands. An entry that is on its way is *saved*: what is not known is waiting, never
/// a failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The device could not keep it: it does not exist; enter it again.
    NotSaved,
    /// Saved on this device, not known to be anywhere else.
    Saved,
    /// In the ledger, with its number, hash and status; refusals, conflicts and late marks too.
    Received(Confirmed),
    /// The same, with a verified copy in a second place.
    Sealed(Confirmed),
}

/// How the connection stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connection {
    /// None; the next try is at this moment of the device's steady clock, in milliseconds.
    Waiting {
        /// When.
        until_ms: u64,
    },
    /// Being made.
    Opening,
    /// The server answered.
    Live,
}

findings! {
    /// What a person at the tablet has to know or do. Nothing of it loses an entry.
    pub enum Trouble {
        ReceiptsDiffer { id: String } = Error "receipts_differ",
            "警报：记录 {id} 收到两个不同的回执；请立即告知裁判长。",
            "Alarm: entry {id} has two receipts that differ; tell the chief judge at once.";
        ReceiptBroken { id: String } = Error "receipt_broken",
            "警报：服务器丢失了已给过回执的记录 {id}；已自动重发，请立即告知裁判长。",
            "Alarm: the server lost entry {id}, for which it gave a receipt; it is sent again; tell the chief judge at once.";
        NumbersUsedElsewhere { last: i64 } = Error "numbers_used_elsewhere",
            "本机保存的内容被清除过；服务器收到的 {last} 条都在。请向裁判长要一张新的登录卡，扫描后继续；没发送的可以补录。",
            "This device's storage was cleared; the server has the {last} it received. Ask the chief judge for a new card and scan it; what is unsent can be entered again.";
        ServerLacks { first: i64, held: i64 } = Error "server_lacks",
            "警报：服务器缺少本机第 {first} 条起的记录，而本机只保留了第 {held} 条以后的；请从更新的备份恢复服务器。",
            "Alarm: the server lacks what this device sent from number {first} on, and only number {held} and later are still here; restore the server from a newer backup.";
        NeverEnterable { id: String, code: String } = Error "never_enterable",
            "警报：服务器拒绝记入 {id}（{code}）；内容保留在本机，请告知裁判长。",
            "Alarm: the server will not enter {id} ({code}); it is kept here; tell the chief judge.";
        OtherLedger { ledger: String } = Error "device_of_other_ledger",
            "服务器把这台设备认作赛项“{ledger}”的设备；请重新登记。未发送的内容都保留着。",
            "The server knows this device as one of the skill \"{ledger}\"; enrol it anew. Nothing unsent is lost.";
        ServerCannotSave { code: String } = Warning "server_cannot_save",
            "服务器暂时不能保存（{code}）；会自动重发。",
            "The server cannot save just now ({code}); this is sent again by itself.";
        AnswerUnreadable { problem: String } = Warning "answer_unreadable",
            "应答不是来自竞赛服务器（{problem}）；请检查网络。未发送的内容都保留着。",
            "What answers is not the competition's server ({problem}); look at the network. Nothing unsent is lost.";
    }
}
