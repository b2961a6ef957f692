//! Checkpoints in time, off the way of a mark: at the latest a minute after an entry, and right
//! after a close, lock, unlock or release. No checkpoint contradicts an earlier one.

use std::collections::HashMap;

use domain::id::LedgerId;
use domain::ledger::Hash;
use domain::ledger::checkpoint::Checkpoint;
use domain::ledger::tree::Frontier;
use sqlx::Row as _;

use super::head::Heads;
use super::{Ledger, LedgerError, queries};

/// The longest that an entry is left unsigned; the rest of a minute is for the signing.
pub const UNSIGNED_MS_MAX: u64 = 50_000;

impl Ledger {
    /// Signs and keeps a checkpoint over a ledger as it is now: a C2SP signed note.
    ///
    /// # Errors
    /// Where the ledger has no entries, contradicts an earlier checkpoint, or the database does not
    /// answer.
    pub async fn checkpoint(&self, ledger: &LedgerId) -> Result<String, LedgerError> {
        self.sign(ledger).await.map(|(note, _)| note)
    }

    /// Gives how many entries the checkpoint covers, too.
    async fn sign(&self, ledger: &LedgerId) -> Result<(String, i64), LedgerError> {
        let shared = &self.shared;
        let nothing = || LedgerError::NothingThere { ledger: ledger.to_string() };
        let fold = shared.folds.read(&shared.database, ledger).await?.ok_or_else(nothing)?;
        let mut signed = fold.signed.lock().await;
        self.follow(ledger, &mut signed).await?;
        // Whatever a checkpoint covers is committed, and so it is among what is read now.
        shared.folds.read(&shared.database, ledger).await?;
        let tree = fold.committed().tree;
        if signed.size() > tree.size() {
            return Err(contradicts(ledger, signed.size()));
        }
        let checkpoint = Checkpoint::new(ledger, tree.size(), tree.root());
        let note = shared.signer.sign(&checkpoint);
        let size = i64::try_from(tree.size()).unwrap_or(i64::MAX);
        let insert = sqlx::query(queries::INSERT_CHECKPOINT).bind(ledger.as_str()).bind(size);
        let insert = insert.bind(checkpoint.root.to_string()).bind(&note).bind((shared.clock)());
        insert.execute(shared.database.pool()).await?;
        *signed = tree;
        Ok((note, size))
    }

    /// Takes the tree to the newest checkpoint that is kept, whoever signed it, and compares.
    async fn follow(&self, ledger: &LedgerId, tree: &mut Frontier) -> Result<(), LedgerError> {
        let select = sqlx::query(queries::SELECT_CHECKPOINT_SIZE).bind(ledger.as_str());
        let Some(row) = select.fetch_optional(self.shared.database.pool()).await? else { return Ok(()) };
        let size = u64::try_from(row.try_get::<i64, _>(0)?).unwrap_or_default();
        let root = Hash::parse(&row.try_get::<String, _>(1)?);
        while tree.size() < size {
            let next = i64::try_from(tree.size()).unwrap_or(i64::MAX).saturating_add(1);
            let page = self.entries(ledger, next).await?;
            if page.is_empty() {
                return Err(contradicts(ledger, size));
            }
            let left = usize::try_from(size - tree.size()).unwrap_or(usize::MAX);
            page.iter().take(left).for_each(|sealed| tree.push(sealed.hash));
        }
        if tree.size() == size && root != Some(tree.root()) {
            return Err(contradicts(ledger, size));
        }
        Ok(())
    }
}

fn contradicts(ledger: &LedgerId, size: u64) -> LedgerError {
    LedgerError::Contradicts { ledger: ledger.to_string(), size }
}

/// Signs in rounds, and notes the heads beside the database.
pub struct Signing {
    ledger: Ledger,
    known: HashMap<LedgerId, Signed>,
    heads: Heads,
    /// What an earlier run left unsigned.
    left: Vec<LedgerId>,
}

/// How far a ledger is signed.
#[derive(Default)]
struct Signed {
    size: i64,
    /// When the first entry was seen that is not.
    unsigned_since_ms: Option<u64>,
}

impl Signing {
    /// Compares every ledger with the head that was last noted, and gives those that are shorter or
    /// hold something else there; then a new epoch has begun.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn start(ledger: &Ledger) -> Result<(Self, Vec<LedgerError>), LedgerError> {
        let mut heads = Heads::read(&ledger.shared.heads);
        let shorter = heads.compare(ledger).await?;
        if !shorter.is_empty() {
            ledger.begin_epoch().await?;
        }
        let (mut known, mut left) = (HashMap::new(), Vec::new());
        for (id, seq) in ledger.ledgers().await? {
            let select = sqlx::query(queries::SELECT_CHECKPOINT_SIZE).bind(id.as_str());
            let row = select.fetch_optional(ledger.shared.database.pool()).await?;
            let size = row.map_or(Ok(0), |row| row.try_get::<i64, _>(0))?;
            if size < seq {
                left.push(id.clone());
            }
            known.insert(id, Signed { size, unsigned_since_ms: None });
        }
        if !shorter.is_empty() {
            heads = Heads::of(ledger).await?;
            heads.write(&ledger.shared.heads).await?;
        }
        Ok((Self { ledger: ledger.clone(), known, heads, left }, shorter))
    }

    /// Signs what is due by a steady clock in milliseconds, and gives how many ledgers that were. To
    /// be called every second or so.
    ///
    /// # Errors
    /// The first of what did not succeed; it is tried again in the next round.
    pub async fn round(&mut self, now_ms: u64) -> Result<usize, LedgerError> {
        self.sign_where(now_ms, |signed, sealing| {
            let is_old = signed.unsigned_since_ms.is_some_and(|since| now_ms - since >= UNSIGNED_MS_MAX);
            is_old || sealing > signed.size
        })
        .await
    }

    /// Signs whatever is unsigned, before the end.
    ///
    /// # Errors
    /// As [`Signing::round`].
    pub async fn finish(&mut self) -> Result<usize, LedgerError> {
        self.sign_where(0, |_, _| true).await
    }

    async fn sign_where(
        &mut self,
        now_ms: u64,
        is_due: impl Fn(&Signed, i64) -> bool,
    ) -> Result<usize, LedgerError> {
        let mut due = std::mem::take(&mut self.left);
        for (ledger, reached) in self.ledger.shared.folds.reached() {
            let signed = self.known.entry(ledger.clone()).or_default();
            if reached.seq <= signed.size {
                continue;
            }
            signed.unsigned_since_ms.get_or_insert(now_ms);
            if is_due(signed, reached.sealing) && !due.contains(&ledger) {
                due.push(ledger);
            }
        }
        let (mut count, mut failed) = (0, Ok(()));
        for ledger in due {
            match self.ledger.sign(&ledger).await {
                Ok((_, size)) => {
                    count += 1;
                    self.heads.set(&self.ledger, &ledger).await?;
                    self.known.insert(ledger, Signed { size, unsigned_since_ms: None });
                }
                Err(error) => {
                    failed = failed.and(Err(error));
                    self.left.push(ledger);
                }
            }
        }
        if count > 0 {
            self.heads.write(&self.ledger.shared.heads).await?;
        }
        failed.map(|()| count)
    }
}
