//! Why a submission has no receipt. Whatever the reason, sending the same bytes again is safe.

use domain::finding::Spoken;
use domain::findings;

use crate::database::{DatabaseError, Unwritable};
use crate::spoken;

findings! {
    /// Why the ledger did not do what was asked.
    pub enum LedgerError {
        WantDseq { want: i64 } = Error "want_dseq",
            "设备的上一条还没有收到；请从第 {want} 条起重新发送。",
            "Something before it is missing; send again from number {want}.";
        UsedOtherwise { id: String } = Error "used_otherwise",
            "编号 {id} 或其序号已用于别的内容；未记入，并已报警。",
            "The id {id} or its number was used for something else; it was not entered, and an alarm was raised.";
        OtherLedger { device: String } = Error "device_of_other_ledger",
            "设备“{device}”属于另一个赛项；请在那里登记新的设备。",
            "Device \"{device}\" belongs to another ledger; enrol it anew for this one.";
        Unfit { id: String } = Error "unfit_id",
            "编号“{id}”不可用；请用 1 到 57 个字符，首尾不留空格，不以“server:”开头。",
            "Id \"{id}\" cannot be used; use 1 to 57 characters without space at the ends, not beginning with \"server:\".";
        Forged { id: String } = Error "forged",
            "{id} 没有这台设备的有效签名，没有记入；已报警。请用裁判长的新登录卡重新登录，再录入。",
            "{id} is not signed by this device's key and was not entered; an alarm was raised. Sign in again by a new card and enter it again.";
        DrawingDiffers = Error "drawing_differs",
            "手写签名与记录中的承诺值不符；请原样重新提交。",
            "The drawn signature does not fit what the entry commits to; submit it as it was.";
        DrawingUnfit = Error "drawing_unfit",
            "手写签名读不懂，或超过 4096 字节；请重签。",
            "The drawn signature cannot be read, or is longer than 4,096 bytes; sign again.";
        ReasonDiffers = Error "reason_differs",
            "理由与记录中的承诺值不符；请原样重新提交。",
            "The reason does not fit what the entry commits to; submit it as it was.";
        ReasonUnfit = Error "reason_unfit",
            "理由最多 2000 个字，其盐值须为 16 到 64 个字符。",
            "A reason takes 2,000 characters at the most, its salt 16 to 64.";
        NotEnterable { problem: Spoken } = Error "not_enterable",
            "无法写成记录：{problem:#}。",
            "It cannot be written as an entry: {problem}.";
        Busy = Error "busy",
            "等待写入的记录太多；请稍候再发。",
            "Too much is waiting to be written; send again in a moment.";
        DiskFull = Error "disk_full",
            "服务器磁盘已满；未保存，腾出空间后会自动恢复。请保留并重发。",
            "The server's disk is full; nothing was saved. Keep it and send again; work resumes once there is space.";
        ReadOnly = Error "read_only",
            "服务器的数据只读；未保存。请保留并重发。",
            "The server's database is read-only; nothing was saved. Keep it and send again.";
        Unknown = Error "unknown",
            "是否已保存尚不知道；请原样重发，绝不会重复记入。",
            "Whether it was saved is not known; send the same again, it is never entered twice.";
        NothingThere { ledger: String } = Error "nothing_there",
            "账本“{ledger}”还没有记录。",
            "The ledger \"{ledger}\" has no entries yet.";
        Damaged { ledger: String, seq: i64 } = Error "ledger_damaged",
            "账本“{ledger}”第 {seq} 条记录与前面不相接；请停用并从备份恢复。",
            "Entry {seq} of the ledger \"{ledger}\" does not follow the one before; stop and restore from a backup.";
        Contradicts { ledger: String, size: u64 } = Error "checkpoint_contradicts",
            "账本“{ledger}”与先前签名的检查点（{size} 条）矛盾，未再签名；请停用并从备份恢复。",
            "The ledger \"{ledger}\" contradicts its earlier checkpoint over {size} entries, and is not signed; stop and restore from a backup.";
        Shorter { ledger: String, entries: i64, noted: i64 } = Warning "ledger_shorter",
            "账本“{ledger}”有 {entries} 条记录，而上次记下的是 {noted} 条：数据库被旧的替换，或丢失了结尾。已开始新的纪元，各设备会自动补发。",
            "The ledger \"{ledger}\" has {entries} entries, and {noted} were noted: the database was replaced by an older one, or lost its end. A new epoch begins; devices send again what is missing.";
        HeadNote { path: String, problem: Spoken } = Error "head_not_noted",
            "账本的末条不能记在 {path}：{problem:#}。",
            "The ledgers' heads cannot be noted in {path}: {problem}.";
        KeyFile { path: String, problem: Spoken } = Error "key_file",
            "签名密钥文件 {path} 不可用：{problem:#}。",
            "The signing key's file {path} cannot be used: {problem}.";
        Stopped = Error "stopped",
            "服务器正在停止；请稍后重发。",
            "The server is stopping; send again later.";
        Storage { problem: Spoken } = Error "storage_failed",
            "数据库没有应答：{problem:#}。请重发。",
            "The database does not answer: {problem}. Send again.";
    }
}

impl std::fmt::Display for LedgerError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.say(domain::finding::Language::English))
    }
}

impl std::error::Error for LedgerError {}

impl From<DatabaseError> for LedgerError {
    fn from(error: DatabaseError) -> Self {
        Self::Storage { problem: error.spoken() }
    }
}

impl From<sqlx::Error> for LedgerError {
    fn from(error: sqlx::Error) -> Self {
        match Unwritable::of(&error) {
            Some(Unwritable::Full) => Self::DiskFull,
            Some(Unwritable::ReadOnly) => Self::ReadOnly,
            None => Self::Storage { problem: spoken::of_database(&error) },
        }
    }
}
