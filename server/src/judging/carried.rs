//! Marks that come by a file from a tablet that cannot connect any more. They are entered as that
//! tablet's own, by its own numbers, so that it may still send them itself and gets the same receipts.
//! Since a file passes through people's hands, all of it must be signed by the tablet's key.

use domain::finding::{Finding, Place, Spoken};
use domain::findings;
use domain::id::LedgerId;
use domain::ledger::{Command, Status};
use protocol::frame::{SUBMISSIONS_MAX, Submission};
use protocol::outbox::{FORMAT, Outbox, OutboxFile, VERSION};

use super::Submitted;
use super::answer::submission;
use super::origin::origin;
use crate::accounts::{Accounts, Held};
use crate::ledger::{Ledger, LedgerError, Origin};
use crate::spoken;

/// The most bytes of a file: more than a full tablet's.
pub const FILE_BYTES_MAX: usize = 16 * 1_024 * 1_024;

/// What became of what a file held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Carried {
    /// It counts now.
    pub entered: usize,
    /// It had arrived before.
    pub was_there_before: usize,
    /// It waits for a decision: a conflict, or late.
    pub waits: usize,
    /// The rules refused it.
    pub refused: usize,
}

findings! {
    /// Why nothing of a file was entered.
    pub enum CarryRefusal {
        Unreadable { problem: Spoken } = Error "outbox_unreadable",
            "这不是平板导出的未上传评分文件：{problem:#}。请在平板的“显示”菜单里重新导出。",
            "This is no file of unsent marks from a tablet: {problem}. Export it again from the tablet's Display menu.";
        OtherVersion { v: u32 } = Error "outbox_other_version",
            "这个文件是第 {v} 版，本服务器只认第 1 版；请先更新服务器。",
            "The file is of version {v}, and this server knows version 1 only; update the server first.";
        OtherSkill { judge: String } = Error "outbox_other_skill",
            "文件里裁判 {judge} 的评分属于另一个赛项；请交给那个赛项的裁判长。",
            "What judge {judge} marked in this file is another skill's; give it to that skill's chief judge.";
        DeviceUnknown { judge: String } = Error "outbox_device_unknown",
            "文件里裁判 {judge} 的平板没有在本赛项登记过。",
            "The tablet of judge {judge} in this file was never enrolled for this skill.";
        Unsigned { judge: String } = Error "outbox_unsigned",
            "裁判 {judge} 的平板没有密钥（未加密的连接），无法证明文件没有被改过；请该裁判在另一台平板上登录后重新录入。",
            "The tablet of judge {judge} has no key, as over an unencrypted connection, so nobody can tell whether the file was changed; let the judge sign in on another tablet and enter it again.";
        Forged { judge: String, dseq: i64 } = Error "outbox_forged",
            "文件里裁判 {judge} 的第 {dseq} 条不是那台平板签名的内容：文件被改过或已损坏。什么都没有记入。",
            "Number {dseq} of judge {judge} in this file is not what that tablet signed: the file was changed or is damaged. Nothing was entered.";
        Gap { judge: String, dseq: i64 } = Error "outbox_file_gap",
            "文件里裁判 {judge} 的第 {dseq} 条之前缺了内容，服务器也没有收到过；前面的已记入，请重新导出完整的文件。",
            "Something is missing in this file before number {dseq} of judge {judge}, and the server never received it; what comes before is entered. Export the whole file again.";
        NotNow { problem: Spoken } = Error "outbox_not_now",
            "现在没能全部记入：{problem:#} 再上传一次同一个文件是安全的。",
            "Not all of it could be entered now: {problem} Uploading the same file again is safe.";
    }
}

/// Enters what a file of one skill's tablets holds; all of it is checked before any is entered.
///
/// # Errors
/// Where the file is none, is another skill's, or is not what its tablets signed.
pub async fn carry(
    (accounts, ledger): (&Accounts, &Ledger),
    skill: &LedgerId,
    file: &[u8],
) -> Result<Carried, CarryRefusal> {
    let mut checked = Vec::new();
    for outbox in outboxes(file)? {
        let judge = outbox.who.judge.to_string();
        let held = accounts.holder_of(&outbox.who.device, skill).await;
        let held = held.map_err(|error| not_now(&error.at(Place::default())))?;
        checked.push((judge, submissions(outbox, skill, held)?));
    }
    let mut carried = Carried::default();
    for (judge, submitted) in checked {
        enter(ledger, skill, &judge, submitted, &mut carried).await?;
    }
    Ok(carried)
}

/// What a file holds, as it says itself.
///
/// # Errors
/// Where it is none, or of another version.
pub fn outboxes(file: &[u8]) -> Result<Vec<Outbox>, CarryRefusal> {
    let unreadable =
        |error: serde_json::Error| CarryRefusal::Unreadable { problem: spoken::of_library(&error) };
    let file: OutboxFile = serde_json::from_slice(file).map_err(unreadable)?;
    if file.format != FORMAT {
        return Err(CarryRefusal::Unreadable { problem: spoken::of_library(&"format") });
    }
    if file.v != VERSION {
        return Err(CarryRefusal::OtherVersion { v: file.v });
    }
    Ok(file.outboxes)
}

/// An outbox as submissions of the device that it is from, by whose that is or was.
///
/// # Errors
/// Where it is another skill's, or is not what its tablet signed.
pub fn submissions(
    outbox: Outbox,
    skill: &LedgerId,
    held: Option<Held>,
) -> Result<Vec<Submitted>, CarryRefusal> {
    let Outbox { who, mut kept } = outbox;
    let judge = who.judge.to_string();
    if who.ledger != *skill {
        return Err(CarryRefusal::OtherSkill { judge });
    }
    let Held { judge: actor, role, keys } =
        held.ok_or_else(|| CarryRefusal::DeviceUnknown { judge: judge.clone() })?;
    if keys.is_empty() {
        return Err(CarryRefusal::Unsigned { judge });
    }
    kept.sort_by_key(|kept| kept.submission.dseq);
    let submitted = |submission: Submission| {
        let forged = CarryRefusal::Forged { judge: judge.clone(), dseq: submission.dseq };
        let is_fit = submission.check().is_ok();
        let Submission { base, body, client_time, device_signature, drawing, dseq, elapsed_ms, id, reason } =
            submission;
        let (actor, device) = (actor.to_string(), who.device.clone());
        let command = Command { actor, base, body, client_time, device, dseq, id, role, second: None };
        let signed = keys.iter().map(|key| origin(Some(key), device_signature, &command, skill));
        let origin = signed.into_iter().find(|origin| *origin != Origin::Forged && is_fit).ok_or(forged)?;
        Ok(Submitted { command, origin, drawing, reason, elapsed_ms })
    };
    kept.into_iter().map(|kept| submitted(kept.submission)).collect()
}

async fn enter(
    ledger: &Ledger,
    skill: &LedgerId,
    judge: &str,
    submitted: Vec<Submitted>,
    carried: &mut Carried,
) -> Result<(), CarryRefusal> {
    let mut rest = submitted.into_iter().peekable();
    while let Some(first) = rest.peek() {
        let first = first.command.dseq;
        let portion = rest.by_ref().take(SUBMISSIONS_MAX).map(|one| submission(skill.clone(), one));
        for said in ledger.submit_all(portion.collect()).await {
            match said {
                Ok(receipt) if receipt.was_there_before => carried.was_there_before += 1,
                Ok(receipt) => match receipt.status {
                    Status::Accepted => carried.entered += 1,
                    Status::Conflict | Status::Late => carried.waits += 1,
                    Status::Refused => carried.refused += 1,
                },
                Err(LedgerError::WantDseq { .. }) => {
                    return Err(CarryRefusal::Gap { judge: judge.to_owned(), dseq: first });
                }
                Err(error) => return Err(not_now(&error.at(Place::default()))),
            }
        }
    }
    Ok(())
}

fn not_now(finding: &Finding) -> CarryRefusal {
    CarryRefusal::NotNow { problem: Spoken::from(finding) }
}
