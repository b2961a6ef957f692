//! What becomes of an account after it was made: a new password, a link by which somebody gives themselves
//! one, its end; and what was done to it. Whether somebody may do it to another's is asked before
//! (`crate::people`).

use domain::access::Role;
use protocol::account::{AccountAct, Done};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row as _};

use super::{AccountError, Accounts, ORGANISER_HOURS, SignedIn, Staff, new_id, queries, secret};

/// How long a link is good.
const LINK_HOURS: i64 = 24;
/// Who did something at the server itself.
pub const OPERATOR: &str = "operator";

/// An account as others see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its id.
    pub account: String,
    /// Its name.
    pub name: String,
    /// Since when there is one.
    pub made_at: i64,
    /// Whether it has a second factor.
    pub has_factor: bool,
    /// At how many places it is signed in.
    pub sessions: i64,
}

/// A link to a new password, as it is told once.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordLink {
    /// What stands behind the address's `#`.
    pub code: String,
    /// Until when it is good.
    pub expires_at: i64,
}

impl Accounts {
    /// Every account that holds, by name.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn accounts(&self) -> Result<Vec<Known>, AccountError> {
        let rows = sqlx::query(queries::SELECT_ACCOUNTS).bind(self.now()).fetch_all(self.pool()).await?;
        let known = |row: &AnyRow| -> Result<Known, sqlx::Error> {
            Ok(Known {
                account: row.try_get(0)?,
                name: row.try_get(1)?,
                made_at: row.try_get(2)?,
                has_factor: row.try_get::<i64, _>(3)? > 0,
                sessions: row.try_get(4)?,
            })
        };
        Ok(rows.iter().map(known).collect::<Result<_, _>>()?)
    }

    /// The account of a name.
    ///
    /// # Errors
    /// Where there is none that holds.
    pub async fn named(&self, name: &str) -> Result<String, AccountError> {
        let row = sqlx::query(queries::SELECT_ACCOUNT).bind(name).fetch_optional(self.pool()).await?;
        Ok(row.ok_or(AccountError::AccountUnknown)?.try_get(0)?)
    }

    /// Gives whoever asks another password; every other session of theirs ends.
    ///
    /// # Errors
    /// Where the present one is wrong, after many wrong ones, or the new one is not fit.
    pub async fn change_password(&self, staff: &Staff, old: &str, new: &str) -> Result<(), AccountError> {
        self.knows_password(staff, old).await?;
        let hash = self.fit_account(&staff.name, new).await?;
        let mut transaction = self.shared.database.begin_write().await?;
        sqlx::query(queries::UPDATE_PASSWORD)
            .bind(&staff.account)
            .bind(hash)
            .execute(&mut *transaction)
            .await?;
        sqlx::query(queries::USE_LINKS)
            .bind(&staff.account)
            .bind(self.now())
            .execute(&mut *transaction)
            .await?;
        self.end_sessions(&mut transaction, &staff.account, Some(&staff.session)).await?;
        self.note(&mut transaction, &staff.account, AccountAct::PasswordChanged, &staff.account).await?;
        transaction.commit().await?;
        self.forget(&staff.account);
        Ok(())
    }

    /// Whether whoever asks knows their own password.
    pub(super) async fn knows_password(&self, staff: &Staff, password: &str) -> Result<(), AccountError> {
        // As at the door: a session left open is not to be a way to try passwords.
        if self.lock(&self.shared.failures).are_many(&staff.name) {
            return Err(AccountError::TooMany);
        }
        let select = sqlx::query(queries::SELECT_PASSWORD).bind(&staff.account);
        let row = select.fetch_optional(self.pool()).await?.ok_or(AccountError::AccountUnknown)?;
        if self.check(Some(row.try_get(1)?), password).await? {
            return Ok(());
        }
        self.lock(&self.shared.failures).note(&staff.name);
        Err(AccountError::PasswordWrong)
    }

    /// Makes a link by which the holder of an account gives themselves a new password. The present one goes
    /// on until then.
    ///
    /// # Errors
    /// Where there is no such account, or the database does not answer.
    pub async fn password_link(&self, account: &str, by: &str) -> Result<PasswordLink, AccountError> {
        let select = sqlx::query(queries::SELECT_PASSWORD).bind(account);
        if select.fetch_optional(self.pool()).await?.is_none() {
            return Err(AccountError::AccountUnknown);
        }
        let (code, expires_at) = (secret::token()?, self.now() + LINK_HOURS * super::HOUR_MS);
        let mut transaction = self.shared.database.begin_write().await?;
        sqlx::query(queries::USE_LINKS).bind(account).bind(self.now()).execute(&mut *transaction).await?;
        sqlx::query(queries::INSERT_LINK)
            .bind(new_id())
            .bind(secret::hash(&code))
            .bind(account)
            .bind(by)
            .bind(self.now())
            .bind(expires_at)
            .execute(&mut *transaction)
            .await?;
        self.note(&mut transaction, account, AccountAct::LinkMade, by).await?;
        transaction.commit().await?;
        Ok(PasswordLink { code, expires_at })
    }

    /// The name of the account that a link is for.
    ///
    /// # Errors
    /// Where it is of no use any more.
    pub async fn password_link_of(&self, code: &str) -> Result<String, AccountError> {
        Ok(self.link(code).await?.2)
    }

    /// Gives an account the password that its holder chose by a link. All its sessions end; whoever has a
    /// second factor shows it at the next sign-in, and whoever has none is signed in.
    ///
    /// # Errors
    /// Where the link is of no use, or the password is not fit; then the link stays good.
    pub async fn renew_password(
        &self,
        code: &str,
        password: &str,
        browser: &str,
    ) -> Result<Option<SignedIn>, AccountError> {
        let (link, account, name) = self.link(code).await?;
        let hash = self.fit_account(&name, password).await?;
        let mut transaction = self.shared.database.begin_write().await?;
        let update = sqlx::query(queries::USE_LINK).bind(link).bind(self.now());
        // Of two who use it at once only one goes on.
        if update.execute(&mut *transaction).await?.rows_affected() == 0 {
            return Err(AccountError::LinkRefused);
        }
        sqlx::query(queries::UPDATE_PASSWORD).bind(&account).bind(hash).execute(&mut *transaction).await?;
        self.end_sessions(&mut transaction, &account, None).await?;
        self.note(&mut transaction, &account, AccountAct::PasswordByLink, &account).await?;
        transaction.commit().await?;
        self.forget(&account);
        self.lock(&self.shared.failures).forget(&name);
        let row = sqlx::query(queries::SELECT_ACCOUNT).bind(&name).fetch_optional(self.pool()).await?;
        let has_factor = row.map(|row| row.try_get::<i64, _>(2)).transpose()?.is_some_and(|is| is > 0);
        if has_factor {
            return Ok(None);
        }
        Ok(Some(self.begin_session(Some(&account), None, ORGANISER_HOURS, browser).await?))
    }

    async fn link(&self, code: &str) -> Result<(String, String, String), AccountError> {
        let select = sqlx::query(queries::SELECT_LINK).bind(secret::hash(code.trim())).bind(self.now());
        let row = select.fetch_optional(self.pool()).await?.ok_or(AccountError::LinkRefused)?;
        Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?))
    }

    /// Ends an account: nobody signs in with it again, and what it held, invited and was signed in to ends.
    /// Its name stays taken, since what was entered under it stays on record.
    ///
    /// # Errors
    /// Where there is none, or it is the last platform administrator's.
    pub async fn end_account(&self, account: &str, by: &str) -> Result<(), AccountError> {
        let (mut transaction, now) = (self.shared.database.begin_write().await?, self.now());
        // Held first, as where an appointment ends: of two who end each other's the second sees it.
        sqlx::query(queries::HOLD_APPOINTMENTS).execute(&mut *transaction).await?;
        let end = sqlx::query(queries::END_ACCOUNT).bind(account).bind(now);
        if end.execute(&mut *transaction).await?.rows_affected() == 0 {
            return Err(AccountError::AccountUnknown);
        }
        let end = sqlx::query(queries::END_APPOINTMENTS_OF).bind(account).bind(by).bind(now);
        end.execute(&mut *transaction).await?;
        for end in [queries::END_INVITATIONS_OF, queries::END_LINKS_OF] {
            sqlx::query(end).bind(account).bind(now).execute(&mut *transaction).await?;
        }
        sqlx::query(queries::USE_LINKS).bind(account).bind(now).execute(&mut *transaction).await?;
        sqlx::query(queries::DELETE_RECOVERY).bind(account).execute(&mut *transaction).await?;
        self.end_sessions(&mut transaction, account, None).await?;
        self.note(&mut transaction, account, AccountAct::Ended, by).await?;
        let left: i64 = sqlx::query_scalar(queries::COUNT_HOLDERS)
            .bind(Role::PlatformAdministrator.as_str())
            .fetch_one(&mut *transaction)
            .await?;
        if left == 0 {
            transaction.rollback().await?;
            return Err(AccountError::LastAdministrator);
        }
        transaction.commit().await?;
        self.forget(account);
        Ok(())
    }

    /// What was done to an account, the newest first.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn acts_on(&self, account: &str) -> Result<Vec<Done>, AccountError> {
        let rows = sqlx::query(queries::SELECT_ACTS).bind(account).fetch_all(self.pool()).await?;
        let done = |row: &AnyRow| -> Result<Option<Done>, sqlx::Error> {
            let Some(act) = AccountAct::parse(&row.try_get::<String, _>(0)?) else { return Ok(None) };
            let by: String = row.try_get(2)?;
            let name: Option<String> = row.try_get(3)?;
            Ok(Some(Done {
                act,
                at: row.try_get(1)?,
                by: name.filter(|_| by != account),
                is_own: by == account,
            }))
        };
        Ok(rows.iter().map(done).filter_map(Result::transpose).collect::<Result<_, _>>()?)
    }

    /// Notes what was done to an account.
    pub(super) async fn note(
        &self,
        connection: &mut AnyConnection,
        account: &str,
        act: AccountAct,
        by: &str,
    ) -> Result<(), AccountError> {
        sqlx::query(queries::INSERT_ACT)
            .bind(new_id())
            .bind(account)
            .bind(act.as_str())
            .bind(by)
            .bind(self.now())
            .execute(connection)
            .await?;
        Ok(())
    }
}
