//! Verifying a ledger from its export: every line, the chain, what was decided, and the tree.

use std::collections::{HashMap, HashSet};

use super::{Command, Entry, Hash, ReadError, Sealed, checkpoint::Checkpoint, tree};
use crate::finding::Spoken;
use crate::findings;
use crate::id::{DeviceId, EntryId, LedgerId};
use crate::marking::{Stamp, State, decide, evolve};

findings! {
    /// Why an exported ledger does not verify.
    pub enum VerifyFinding {
        NotALine = Error "ledger_not_a_line",
            "这一行不是账本记录；应为 {{\"entry\":…,\"hash\":\"…\"}}。",
            "This line is no ledger entry; it should read {{\"entry\":…,\"hash\":\"…\"}}.";
        NotAnEntry { problem: Spoken } = Error "ledger_not_an_entry",
            "这一行读不成记录：{problem:#}。",
            "This line cannot be read as an entry: {problem}.";
        NotCanonical = Error "ledger_not_canonical",
            "记录的写法不是规范形式；它被改动过。",
            "The entry is not written canonically; it was changed.";
        HashDiffers { seq: i64 } = Error "ledger_hash_differs",
            "第 {seq} 条记录的哈希值不符；它被改动过。",
            "The hash of entry {seq} does not fit it; it was changed.";
        ChainBroken { seq: i64 } = Error "ledger_chain_broken",
            "第 {seq} 条记录没有接在前一条之后；有记录被改动、删除或调换。",
            "Entry {seq} does not follow the entry before it; something was changed, removed or swapped.";
        SeqGap { seq: i64, expected: i64 } = Error "ledger_seq_gap",
            "这里应是第 {expected} 条记录，却是第 {seq} 条。",
            "Entry {expected} belongs here, and this is entry {seq}.";
        OtherLedger { seq: i64 } = Error "ledger_other",
            "第 {seq} 条记录属于另一个账本。",
            "Entry {seq} belongs to another ledger.";
        TimeBackwards { seq: i64 } = Error "ledger_time_backwards",
            "第 {seq} 条记录的服务器时间早于前一条。",
            "The server time of entry {seq} is before that of the entry before it.";
        RepeatedId { seq: i64, id: String } = Error "ledger_repeated_id",
            "第 {seq} 条记录的编号 {id} 已经用过。",
            "Entry {seq} uses the id {id} again.";
        DeviceGap { seq: i64, device: String, dseq: i64, expected: i64 } = Error "ledger_device_gap",
            "第 {seq} 条记录：设备 {device} 的序号应为 {expected}，却是 {dseq}。",
            "Entry {seq}: device {device} should be at number {expected} and is at {dseq}.";
        DecidedOtherwise { seq: i64, status: String } = Error "ledger_decided_otherwise",
            "按规则，第 {seq} 条记录应是“{status}”，而不是所写的。",
            "By the rules entry {seq} should be \"{status}\", not what it says.";
        CheckpointUnreadable = Error "checkpoint_unreadable",
            "检查点读不懂。",
            "The checkpoint cannot be read.";
        CheckpointOther { origin: String } = Error "checkpoint_other",
            "检查点属于“{origin}”，不是这个账本。",
            "The checkpoint is of \"{origin}\", not of this ledger.";
        CheckpointLonger { size: u64, entries: usize } = Error "checkpoint_longer",
            "检查点包含 {size} 条记录，而这里只有 {entries} 条；结尾的记录不见了。",
            "The checkpoint covers {size} entries and there are {entries}; entries at the end are missing.";
        RootDiffers { size: u64 } = Error "checkpoint_root_differs",
            "前 {size} 条记录的树根与检查点不符。",
            "The root over the first {size} entries is not the checkpoint's.";
        SignatureMissing { key: String } = Error "signature_missing",
            "检查点没有密钥“{key}”的签名。",
            "The checkpoint has no signature of the key \"{key}\".";
        SignatureWrong { key: String } = Error "signature_wrong",
            "密钥“{key}”的签名不成立。",
            "The signature of the key \"{key}\" does not hold.";
        KeyUnreadable = Error "key_unreadable",
            "公钥读不懂。",
            "The public key cannot be read.";
        KeyOther { wanted: String } = Error "key_other",
            "导出的公钥不是所指定的“{wanted}”。",
            "The exported public key is not the given \"{wanted}\".";
        ResultsDiffer { competitor: String, column: String, recomputed: String, published: String } =
            Error "results_differ",
            "选手 {competitor} 的 {column} 重算为“{recomputed}”，公布为“{published}”。",
            "The {column} of competitor {competitor} comes out as \"{recomputed}\"; published is \"{published}\".";
        ResultMissing { competitor: String } = Error "result_missing",
            "选手 {competitor} 不在公布的成绩里；它应有这一行。",
            "Competitor {competitor} is not among the published results and belongs there.";
        ResultUnknown { competitor: String } = Error "result_unknown",
            "公布的成绩里的“{competitor}”不是这个账本的选手。",
            "\"{competitor}\" among the published results is no competitor of this ledger.";
        ResultsUnfit = Error "results_unfit",
            "公布的成绩不能完整核对：这个文件被改动过，或有读不懂的内容。",
            "The published results cannot be compared in full: the file was changed, or holds what is not known.";
        Unsigned = Warning "ledger_unsigned",
            "没有检查点，只核对了哈希链；结尾被删的记录无法发现。",
            "There is no checkpoint; only the chain was verified, and entries missing at the end cannot be noticed.";
        BeyondCheckpoint { entries: u64 } = Warning "beyond_checkpoint",
            "检查点之后还有 {entries} 条记录，未被签名覆盖。",
            "{entries} entries come after the checkpoint and are not covered by its signature.";
    }
}

fn not_an_entry(problem: &str) -> VerifyFinding {
    VerifyFinding::NotAnEntry { problem: Spoken::of_reader(problem) }
}

/// Verifies a ledger line by line and folds it on the way.
#[derive(Debug, Default)]
pub struct Verifier {
    state: State,
    ledger: Option<LedgerId>,
    leaves: Vec<Hash>,
    ids: HashSet<EntryId>,
    devices: HashMap<DeviceId, i64>,
}

impl Verifier {
    /// Before the first line.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next line of an export, without its line feed.
    ///
    /// # Errors
    /// What is wrong with it; nothing after a bad line means anything.
    pub fn line(&mut self, line: &str) -> Result<(), VerifyFinding> {
        self.entry(read_line(line)?)
    }

    /// Takes the next entry, as stored.
    ///
    /// # Errors
    /// As [`Verifier::line`].
    pub fn entry(&mut self, sealed: Sealed) -> Result<(), VerifyFinding> {
        self.check_chain(&sealed.entry)?;
        self.check_ids(&sealed.entry)?;
        self.check_decision(&sealed)?;
        self.leaves.push(sealed.hash);
        self.state = evolve(std::mem::take(&mut self.state), &sealed);
        Ok(())
    }

    /// Whether a checkpoint holds for what was taken so far.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn checkpoint(&self, checkpoint: &Checkpoint) -> Result<(), VerifyFinding> {
        let origin = self.ledger.as_ref().map(super::checkpoint::origin);
        if origin.as_ref().is_some_and(|origin| *origin != checkpoint.origin) {
            return Err(VerifyFinding::CheckpointOther { origin: checkpoint.origin.clone() });
        }
        let covered = usize::try_from(checkpoint.size).ok().and_then(|size| self.leaves.get(..size));
        let Some(covered) = covered else {
            let (size, entries) = (checkpoint.size, self.leaves.len());
            return Err(VerifyFinding::CheckpointLonger { size, entries });
        };
        if tree::root(covered) == checkpoint.root {
            Ok(())
        } else {
            Err(VerifyFinding::RootDiffers { size: checkpoint.size })
        }
    }

    /// The state after what was taken.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Whose ledger it is; none before the first line.
    #[must_use]
    pub fn ledger(&self) -> Option<&LedgerId> {
        self.ledger.as_ref()
    }

    /// The hashes of the entries taken, in order.
    #[must_use]
    pub fn leaves(&self) -> &[Hash] {
        &self.leaves
    }

    fn check_chain(&mut self, entry: &Entry) -> Result<(), VerifyFinding> {
        let (seq, head) = (entry.seq, &self.state.head);
        if seq != head.seq + 1 {
            return Err(VerifyFinding::SeqGap { seq, expected: head.seq + 1 });
        }
        if entry.prev != head.hash {
            return Err(VerifyFinding::ChainBroken { seq });
        }
        if entry.server_time < head.server_time {
            return Err(VerifyFinding::TimeBackwards { seq });
        }
        if *self.ledger.get_or_insert_with(|| entry.ledger.clone()) != entry.ledger {
            return Err(VerifyFinding::OtherLedger { seq });
        }
        Ok(())
    }

    fn check_ids(&mut self, entry: &Entry) -> Result<(), VerifyFinding> {
        if !self.ids.insert(entry.id) {
            return Err(VerifyFinding::RepeatedId { seq: entry.seq, id: entry.id.to_string() });
        }
        let last = self.devices.entry(entry.device.clone()).or_insert(0);
        if entry.dseq != *last + 1 {
            let (seq, device) = (entry.seq, entry.device.to_string());
            let (dseq, expected) = (entry.dseq, *last + 1);
            return Err(VerifyFinding::DeviceGap { seq, device, dseq, expected });
        }
        *last = entry.dseq;
        Ok(())
    }

    /// The same command in the same state must become the same entry.
    fn check_decision(&self, sealed: &Sealed) -> Result<(), VerifyFinding> {
        let entry = &sealed.entry;
        let stamp = Stamp { ledger: entry.ledger.clone(), now: entry.server_time };
        let decided =
            decide(&self.state, entry.clone().into(), &stamp).map_err(|problem| not_an_entry(&problem))?;
        if decided.sealed.json == sealed.json {
            return Ok(());
        }
        let status = decided.sealed.entry.code.unwrap_or_else(|| "accepted".to_owned());
        Err(VerifyFinding::DecidedOtherwise { seq: entry.seq, status })
    }
}

/// The command that an entry answers.
impl From<Entry> for Command {
    fn from(entry: Entry) -> Self {
        Self {
            actor: entry.actor,
            base: entry.base,
            body: entry.body,
            client_time: entry.client_time,
            device: entry.device,
            dseq: entry.dseq,
            id: entry.id,
            role: entry.role,
            second: entry.second,
        }
    }
}

/// Reads a line of an export, without its line feed; its hash must fit.
///
/// # Errors
/// What is wrong with the line.
pub fn read_line(line: &str) -> Result<Sealed, VerifyFinding> {
    let (json, hash) = split(line).ok_or(VerifyFinding::NotALine)?;
    let sealed = Sealed::read(json).map_err(|error| match error {
        ReadError::NotAnEntry(problem) => not_an_entry(&problem),
        ReadError::NotCanonical => VerifyFinding::NotCanonical,
    })?;
    if sealed.hash == hash { Ok(sealed) } else { Err(VerifyFinding::HashDiffers { seq: sealed.entry.seq }) }
}

/// The entry's text and its hash.
fn split(line: &str) -> Option<(&str, Hash)> {
    let inner = line.strip_prefix("{\"entry\":")?.strip_suffix("\"}")?;
    let (json, hash) = inner.split_at_checked(inner.len().checked_sub(64)?)?;
    Some((json.strip_suffix(",\"hash\":\"")?, Hash::parse(hash)?))
}
