//! What organisers decided about a skill's live board, as kept.

use std::collections::HashMap;

use domain::id::LedgerId;
use domain::rules::LivePolicy;
use protocol::view::SessionClock;
use sqlx::Row as _;

use super::{LiveError, queries};
use crate::database::Database;

/// What an organiser decided about a skill's board; the default is what holds where nothing was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SkillSetting {
    /// What is shown while it is marked; none leaves it to the rule set.
    pub policy: Option<LivePolicy>,
    /// Whether it is told who is behind a code before results are released.
    pub is_named: bool,
    /// The session that runs.
    pub session: Option<SessionClock>,
    /// Since when it is frozen.
    pub frozen: Option<Freeze>,
}

/// That a board stands still.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Freeze {
    /// The last entry of the ledger that the public sees.
    pub seq: i64,
    /// When, in milliseconds since 1970 UTC.
    pub at: i64,
    /// By whom.
    pub by: String,
}

/// The settings of every skill that has some.
pub(super) async fn skills(database: &Database) -> Result<HashMap<LedgerId, SkillSetting>, LiveError> {
    let rows = sqlx::query(queries::SELECT_SKILLS).fetch_all(database.pool()).await?;
    let mut settings = HashMap::with_capacity(rows.len());
    for row in rows {
        let session = |label: String, from: Option<i64>, until: Option<i64>| {
            Some(SessionClock { label, from: from?, until: until? })
        };
        let freeze = |seq: i64, at: Option<i64>, by: Option<String>| Freeze {
            seq,
            at: at.unwrap_or_default(),
            by: by.unwrap_or_default(),
        };
        let (from, until) = (row.try_get(4)?, row.try_get(5)?);
        let (at, by) = (row.try_get(7)?, row.try_get(8)?);
        let setting = SkillSetting {
            policy: row.try_get::<Option<String>, _>(1)?.and_then(|word| policy_of(&word)),
            is_named: row.try_get::<Option<i64>, _>(2)?.is_some(),
            session: row.try_get::<Option<String>, _>(3)?.and_then(|label| session(label, from, until)),
            frozen: row.try_get::<Option<i64>, _>(6)?.map(|seq| freeze(seq, at, by)),
        };
        settings.insert(LedgerId::from(row.try_get::<String, _>(0)?), setting);
    }
    Ok(settings)
}

/// A policy's word.
pub(super) fn word_of(policy: LivePolicy) -> &'static str {
    match policy {
        LivePolicy::Progress => "progress",
        LivePolicy::Completed => "completed",
        LivePolicy::Running => "running",
    }
}

fn policy_of(word: &str) -> Option<LivePolicy> {
    [LivePolicy::Progress, LivePolicy::Completed, LivePolicy::Running]
        .into_iter()
        .find(|policy| word_of(*policy) == word)
}
