//! Which account holds which role over what, and the invitations by which people come to one. Whether
//! somebody may appoint is asked before (`crate::people`).

use domain::access::{Appointment, Role, Scope};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row as _};

use super::{AccountError, Accounts, ORGANISER_HOURS, SignedIn, Who, new_id, queries, secret};

/// How long an invitation is good.
const INVITATION_DAYS: i64 = 7;
const DAY_MS: i64 = 24 * 3_600_000;

/// An appointment as kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appointed {
    /// Its id.
    pub id: String,
    /// Whose account.
    pub account: String,
    /// The account's name.
    pub name: String,
    /// What they hold.
    pub held: Appointment,
    /// Since when.
    pub made_at: i64,
}

/// An invitation that is good and waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Its id.
    pub id: String,
    /// For whom, as was written down.
    pub whom: String,
    /// What it leads to.
    pub to: Appointment,
    /// Until when it is good.
    pub expires_at: i64,
}

impl Accounts {
    /// Every appointment that holds, by name.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn appointments(&self) -> Result<Vec<Appointed>, AccountError> {
        let rows = sqlx::query(queries::SELECT_APPOINTMENTS).fetch_all(self.pool()).await?;
        let one = |row: &AnyRow| -> Result<Option<Appointed>, sqlx::Error> {
            let Some(held) = appointment(row, 3)? else { return Ok(None) };
            let (id, account, name) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
            Ok(Some(Appointed { id, account, name, held, made_at: row.try_get(5)? }))
        };
        Ok(rows.iter().map(one).filter_map(Result::transpose).collect::<Result<_, _>>()?)
    }

    /// What an account holds.
    pub(super) async fn held_by(&self, account: &str) -> Result<Vec<Appointment>, AccountError> {
        let rows = sqlx::query(queries::SELECT_APPOINTMENTS_OF).bind(account).fetch_all(self.pool()).await?;
        let held = rows.iter().map(|row| appointment(row, 0)).filter_map(Result::transpose);
        Ok(held.collect::<Result<_, _>>()?)
    }

    /// Ends an appointment, and whether there was one. Whoever held it is refused within seconds; their
    /// invitations that nobody took up yet end with it.
    ///
    /// # Errors
    /// Where it is the last platform administrator's, or the database does not answer.
    pub async fn dismiss(&self, id: &str, by: &str) -> Result<bool, AccountError> {
        let mut transaction = self.shared.database.begin_write().await?;
        // Held first, so that of two who end each other's the second sees what the first did.
        sqlx::query(queries::HOLD_APPOINTMENTS).execute(&mut *transaction).await?;
        let update = sqlx::query(queries::END_APPOINTMENT).bind(id).bind(by).bind(self.now());
        let ended = update.execute(&mut *transaction).await?.rows_affected() > 0;
        // What they could give they can give no more, nor come back by a link that they kept.
        for end in [queries::END_INVITATIONS_BY, queries::END_LINKS_BY] {
            sqlx::query(end).bind(id).bind(self.now()).execute(&mut *transaction).await?;
        }
        let left: i64 = sqlx::query_scalar(queries::COUNT_HOLDERS)
            .bind(Role::PlatformAdministrator.as_str())
            .fetch_one(&mut *transaction)
            .await?;
        if ended && left == 0 {
            transaction.rollback().await?;
            return Err(AccountError::LastAdministrator);
        }
        transaction.commit().await?;
        self.lock(&self.shared.remembered).retain(|_, known| !matches!(known.who, Who::Staff(_)));
        Ok(ended)
    }

    /// Makes an invitation: the secret of its link, which is told once, and what it is.
    ///
    /// # Errors
    /// Where the database does not answer, or the system gives no randomness.
    pub async fn invite(
        &self,
        to: Appointment,
        whom: &str,
        by: &str,
    ) -> Result<(String, Invitation), AccountError> {
        let (id, code) = (new_id(), secret::token()?);
        let expires_at = self.now() + INVITATION_DAYS * DAY_MS;
        sqlx::query(queries::INSERT_INVITATION)
            .bind(&id)
            .bind(secret::hash(&code))
            .bind(to.role.as_str())
            .bind(to.scope.written())
            .bind(whom)
            .bind(by)
            .bind(self.now())
            .bind(expires_at)
            .execute(self.pool())
            .await?;
        Ok((code, Invitation { id, whom: whom.to_owned(), to, expires_at }))
    }

    /// Every invitation that waits and is good, oldest first.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn invitations(&self) -> Result<Vec<Invitation>, AccountError> {
        let select = sqlx::query(queries::SELECT_INVITATIONS).bind(self.now());
        let rows = select.fetch_all(self.pool()).await?;
        Ok(rows.iter().map(invitation).filter_map(Result::transpose).collect::<Result<_, _>>()?)
    }

    /// The invitation that a link's secret leads to.
    ///
    /// # Errors
    /// Where it is of no use any more, or none.
    pub async fn invitation(&self, code: &str) -> Result<Invitation, AccountError> {
        let select = sqlx::query(queries::SELECT_INVITATION).bind(secret::hash(code.trim())).bind(self.now());
        let row = select.fetch_optional(self.pool()).await?;
        let found = row.as_ref().map(invitation).transpose()?.flatten();
        found.ok_or(AccountError::InvitationRefused)
    }

    /// Takes an invitation back, and whether it waited.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn withdraw(&self, id: &str) -> Result<bool, AccountError> {
        let update = sqlx::query(queries::END_INVITATION).bind(id).bind(self.now());
        Ok(update.execute(self.pool()).await?.rows_affected() > 0)
    }

    /// Takes an invitation up with a new account, and signs it in.
    ///
    /// # Errors
    /// Where the invitation is of no use, or name or password is not fit; then the invitation stays good.
    pub async fn join(
        &self,
        code: &str,
        name: &str,
        password: &str,
        browser: &str,
    ) -> Result<SignedIn, AccountError> {
        let invitation = self.invitation(code).await?;
        let hash = self.fit_account(name, password).await?;
        let mut transaction = self.shared.database.begin_write().await?;
        self.use_up(&mut transaction, &invitation).await?;
        let account = self.insert_account(&mut transaction, name, &hash).await?;
        self.appoint(&mut transaction, &account, &invitation.to, &invitation.id).await?;
        transaction.commit().await?;
        self.begin_session(Some(&account), None, ORGANISER_HOURS, browser).await
    }

    /// Takes an invitation up with an account that is there already.
    ///
    /// # Errors
    /// Where the invitation is of no use.
    pub async fn accept(&self, code: &str, account: &str) -> Result<Invitation, AccountError> {
        let invitation = self.invitation(code).await?;
        let mut transaction = self.shared.database.begin_write().await?;
        self.use_up(&mut transaction, &invitation).await?;
        self.appoint(&mut transaction, account, &invitation.to, &invitation.id).await?;
        transaction.commit().await?;
        self.forget(account);
        Ok(invitation)
    }

    /// Of two who take it up at once only one goes on.
    async fn use_up(
        &self,
        connection: &mut AnyConnection,
        invitation: &Invitation,
    ) -> Result<(), AccountError> {
        let update = sqlx::query(queries::USE_INVITATION).bind(&invitation.id).bind(self.now());
        let used = update.execute(connection).await?.rows_affected();
        if used == 0 { Err(AccountError::InvitationRefused) } else { Ok(()) }
    }

    pub(super) async fn appoint(
        &self,
        connection: &mut AnyConnection,
        account: &str,
        to: &Appointment,
        by: &str,
    ) -> Result<(), AccountError> {
        sqlx::query(queries::INSERT_APPOINTMENT)
            .bind(new_id())
            .bind(account)
            .bind(to.role.as_str())
            .bind(to.scope.written())
            .bind(by)
            .bind(self.now())
            .execute(&mut *connection)
            .await?;
        // Whoever made a link to a new password may not look after the account any more, with this.
        sqlx::query(queries::USE_LINKS).bind(account).bind(self.now()).execute(connection).await?;
        Ok(())
    }

    /// Ends what is held over something that is removed, and the invitations to it; in the transaction that
    /// removes it.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub(crate) async fn end_over(
        &self,
        connection: &mut AnyConnection,
        scope: &Scope,
        by: &str,
    ) -> Result<(), AccountError> {
        let (scope, now) = (scope.written(), self.now());
        let end = sqlx::query(queries::END_APPOINTMENTS_OVER).bind(&scope).bind(by).bind(now);
        end.execute(&mut *connection).await?;
        sqlx::query(queries::END_INVITATIONS_OVER).bind(&scope).bind(now).execute(connection).await?;
        Ok(())
    }
}

/// A role and its scope in two columns; none where a newer program wrote them.
fn appointment(row: &AnyRow, at: usize) -> Result<Option<Appointment>, sqlx::Error> {
    let (role, scope): (String, String) = (row.try_get(at)?, row.try_get(at + 1)?);
    Ok(Role::parse(&role).zip(Scope::parse(&scope)).map(|(role, scope)| Appointment { role, scope }))
}

fn invitation(row: &AnyRow) -> Result<Option<Invitation>, sqlx::Error> {
    let Some(to) = appointment(row, 2)? else { return Ok(None) };
    Ok(Some(Invitation { id: row.try_get(0)?, whom: row.try_get(1)?, to, expires_at: row.try_get(4)? }))
}
