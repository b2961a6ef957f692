//! Whom chief judges call: the competitor whom the panel of a sub-criterion marks now. It changes
//! no result and is in no ledger. One reader a server tells it to every connection, also where another
//! server of the same database was told.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use domain::id::{CompetitorCode, JudgeCode, LedgerId, SubCriterionId};
use domain::marking::{Phase, State};
use protocol::frame::{CALLS_MAX, Call};
use sqlx::Row as _;
use tokio::sync::{Notify, watch};

use super::queries;
use crate::database::Database;
use crate::ledger::LedgerError;

/// How often it is looked whether another server was told something.
const LOOK: Duration = Duration::from_millis(500);

/// The calls of a skill.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Called {
    /// Counts their changes; 0 where nobody was ever called.
    pub number: i64,
    /// Those that stand, at most one for each sub-criterion.
    pub calls: Vec<Kept>,
}

/// A call as kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// What the tablets are told.
    pub call: Call,
    /// By which chief judge.
    pub by: JudgeCode,
    /// When, milliseconds since 1970 UTC.
    pub at: i64,
}

impl Called {
    /// What a judge is told: of the sub-criteria that they mark, while the skill is marked.
    #[must_use]
    pub fn of(&self, state: &State, judge: &JudgeCode) -> Vec<Call> {
        let Some(skill) = state.skill.as_deref().filter(|skill| skill.phase == Phase::Open) else {
            return Vec::new();
        };
        let marks = |(sub, competitor): &&Call| {
            let place = skill.row(competitor).zip(skill.sub(sub));
            place.is_some_and(|(row, sub)| skill.marks(row, sub, judge))
        };
        let calls = self.calls.iter().map(|kept| &kept.call);
        calls.filter(marks).take(CALLS_MAX).cloned().collect()
    }
}

/// The calls of every skill, as last read.
pub(super) type Told = Arc<HashMap<LedgerId, Arc<Called>>>;

/// Keeps them and tells them.
pub(super) struct Calls {
    database: Database,
    told: watch::Sender<Told>,
    changed: Notify,
}

impl Calls {
    pub(super) fn new(database: Database) -> Self {
        Self { database, told: watch::Sender::default(), changed: Notify::new() }
    }

    /// Everything that is called from now on.
    pub(super) fn follow(&self) -> watch::Receiver<Told> {
        self.told.subscribe()
    }

    /// Calls a competitor for sub-criteria, in place of whom was called for them; where nobody is named,
    /// ends their calls.
    pub(super) async fn call(
        &self,
        ledger: &LedgerId,
        subs: &[SubCriterionId],
        competitor: Option<&CompetitorCode>,
        (by, at): (&JudgeCode, i64),
    ) -> Result<(), LedgerError> {
        let mut transaction = self.database.begin_write().await?;
        sqlx::query(queries::COUNT_CHANGE).bind(ledger.as_str()).execute(&mut *transaction).await?;
        for sub in subs {
            let change = match competitor {
                Some(competitor) => sqlx::query(queries::SET_CALL)
                    .bind(ledger.as_str())
                    .bind(sub.as_str())
                    .bind(competitor.as_str())
                    .bind(by.as_str())
                    .bind(at),
                None => sqlx::query(queries::END_CALL).bind(ledger.as_str()).bind(sub.as_str()),
            };
            change.execute(&mut *transaction).await?;
        }
        transaction.commit().await?;
        self.changed.notify_one();
        Ok(())
    }

    /// The calls of a skill, as they stand now.
    pub(super) async fn of(&self, ledger: &LedgerId) -> Result<Called, LedgerError> {
        let rows = sqlx::query(queries::SELECT_CALLS).bind(ledger.as_str());
        let mut called = Called::default();
        for row in rows.fetch_all(self.database.pool()).await? {
            called.number = row.try_get(0)?;
            // A skill whose calls are all ended has a number alone.
            if let Some(sub_criterion) = row.try_get::<Option<String>, _>(1)? {
                let competitor = CompetitorCode::from(row.try_get::<String, _>(2)?);
                called.calls.push(Kept {
                    call: (SubCriterionId::from(sub_criterion), competitor),
                    by: JudgeCode::from(row.try_get::<String, _>(3)?),
                    at: row.try_get(4)?,
                });
            }
        }
        called.calls.sort_by(|a, b| a.call.cmp(&b.call));
        Ok(called)
    }

    /// Waits until something may have changed, and tells what did; gives the stamp as of then.
    pub(super) async fn look(&self, stamp: i64) -> i64 {
        let _ = tokio::time::timeout(LOOK, self.changed.notified()).await;
        if self.told.receiver_count() == 0 {
            return stamp;
        }
        // What cannot be read now is read at the next look.
        self.read(stamp).await.unwrap_or(stamp)
    }

    async fn read(&self, before: i64) -> Result<i64, LedgerError> {
        let row = sqlx::query(queries::SELECT_STAMP).fetch_one(self.database.pool()).await?;
        let stamp: i64 = row.try_get(0)?;
        if stamp != before {
            let mut all = HashMap::new();
            for row in sqlx::query(queries::SELECT_SKILLS).fetch_all(self.database.pool()).await? {
                let ledger = LedgerId::from(row.try_get::<String, _>(0)?);
                let called = Arc::new(self.of(&ledger).await?);
                all.insert(ledger, called);
            }
            self.told.send_replace(Arc::new(all));
        }
        Ok(stamp)
    }
}
