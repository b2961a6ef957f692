//! A second person's word for an act of two persons, given beside the judge's connection before the
//! act is sent: by the act's entry id, and for exactly its content.

use domain::id::{EntryId, LedgerId};
use domain::ledger::{Hash, canonical};
use domain::marking::Body;
use sqlx::Row as _;

use super::{Ledger, LedgerError, queries};
use crate::spoken;

impl Ledger {
    /// Keeps a second person's word for an act, and whether it holds: not where the act was entered
    /// before, or another person or other content stands under its id. Saying it again holds as well.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn confirm(
        &self,
        ledger: &LedgerId,
        act: EntryId,
        body: &Body,
        person: &str,
    ) -> Result<bool, LedgerError> {
        Ok(self.first_said(ledger, act, body, Some(person)).await?.as_deref() == Some(person))
    }

    /// The second person of an act that is about to be entered, where somebody confirmed it. From now
    /// on nobody can, so that sending the act again gives the same command.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn second_of(
        &self,
        ledger: &LedgerId,
        act: EntryId,
        body: &Body,
    ) -> Result<Option<String>, LedgerError> {
        self.first_said(ledger, act, body, None).await
    }

    /// Who stands behind the act by whatever was said of it first.
    async fn first_said(
        &self,
        ledger: &LedgerId,
        act: EntryId,
        body: &Body,
        person: Option<&str>,
    ) -> Result<Option<String>, LedgerError> {
        let bytes = canonical::to_vec(body)
            .map_err(|problem| LedgerError::NotEnterable { problem: spoken::of_library(&problem) })?;
        let hash = Hash::of_document(&bytes).to_string();
        let pool = self.shared.database.pool();
        sqlx::query(queries::INSERT_CONFIRMATION)
            .bind(act.to_string())
            .bind(ledger.as_str())
            .bind(&hash)
            .bind(person)
            .bind((self.shared.clock)())
            .execute(pool)
            .await?;
        let row = sqlx::query(queries::SELECT_CONFIRMATION).bind(act.to_string()).fetch_one(pool).await?;
        let (of, kept): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        let person: Option<String> = row.try_get(2)?;
        Ok(person.filter(|_| of == ledger.as_str() && kept == hash))
    }
}
