//! Sessions: a secret that its holder keeps and a row here that can be ended. Requests carry an access token
//! besides, good for minutes, so that most of them touch no table.

use std::time::Instant;

use domain::access::Role;
use domain::id::{DeviceId, EnrolmentId, JudgeCode, LedgerId, SessionId};
use protocol::account::AccountAct;
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::{
    AccountError, Accounts, Enrolled, HOUR_MS, ORGANISER_HOURS, REMEMBERED_FOR, REMEMBERED_MAX, Remembered,
    SignedIn, Staff, Who, new_id, queries, secret,
};

/// Where an account is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenSession {
    /// The session.
    pub session: SessionId,
    /// On what, in a few words; empty where nothing is known of it.
    pub browser: String,
    /// Since when.
    pub made_at: i64,
    /// When it was last heard of, give or take the minutes that an access token is good for.
    pub seen_at: i64,
}

impl Accounts {
    /// Who shows this access token or session secret, and a new access token where the session is
    /// good and the token is not, or nearly not.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn who(
        &self,
        access: Option<&str>,
        secret: Option<&str>,
    ) -> Result<(Who, Option<String>), AccountError> {
        if let Some(claims) = access.and_then(|token| self.shared.access.read(token)) {
            let known = self.session(&SessionId::from(claims.sub)).await?;
            return Ok((known.map_or(Who::Nobody, |known| known.who), None));
        }
        let Some((id, secret)) = secret.and_then(|secret| secret.split_once('.')) else {
            return Ok((Who::Nobody, None));
        };
        let id = SessionId::from(id);
        let known = self.session(&id).await?;
        let Some(known) = known.filter(|known| known.secret_hash == secret::hash(secret)) else {
            return Ok((Who::Nobody, None));
        };
        // Once for each access token, so that hardly any request writes.
        let seen = sqlx::query(queries::SEE_SESSION).bind(self.now()).bind(id.as_str());
        seen.execute(self.pool()).await?;
        Ok((known.who, Some(self.access_token(&id)?)))
    }

    /// Ends a session.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn sign_out(&self, session: &SessionId) -> Result<(), AccountError> {
        sqlx::query(queries::END_SESSION)
            .bind(self.now())
            .bind(session.as_str())
            .execute(self.pool())
            .await?;
        self.lock(&self.shared.remembered).remove(session);
        Ok(())
    }

    /// Whether a session still holds; what is ended is noticed within seconds.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn is_alive(&self, session: &SessionId) -> Result<bool, AccountError> {
        Ok(self.session(session).await?.is_some())
    }

    pub(super) async fn begin_session(
        &self,
        account: Option<&str>,
        enrolment: Option<&str>,
        hours: i64,
        browser: &str,
    ) -> Result<SignedIn, AccountError> {
        let (id, secret) = (new_id(), secret::token()?);
        sqlx::query(queries::INSERT_SESSION)
            .bind(&id)
            .bind(account)
            .bind(enrolment)
            .bind(secret::hash(&secret))
            .bind(self.now())
            .bind(self.now() + hours * HOUR_MS)
            .bind(browser)
            .execute(self.pool())
            .await?;
        let session = SessionId::from(id.as_str());
        let who = self.session(&session).await?.map_or(Who::Nobody, |known| known.who);
        let access = self.access_token(&session)?;
        let secret = format!("{id}.{secret}");
        Ok(SignedIn { secret, access, seconds: hours * HOUR_MS / 1_000, who, seal: None })
    }

    /// Begins an account's session where password and second factor are still those that were looked at, which
    /// takes a moment. Whatever changes them ends every session that there is then; this one may come after.
    pub(super) async fn begin_settled(
        &self,
        account: &str,
        (print, has_factor): (&str, bool),
        browser: &str,
    ) -> Result<SignedIn, AccountError> {
        let begun = self.begin_session(Some(account), None, ORGANISER_HOURS, browser).await?;
        if self.is_settled(account, (print, has_factor)).await? {
            return Ok(begun);
        }
        if let Who::Staff(staff) = &begun.who {
            self.sign_out(&staff.session).await?;
        }
        Err(AccountError::Refused)
    }

    /// Whether an account has that password, by its hash's, and a second factor or none.
    pub(super) async fn is_settled(
        &self,
        account: &str,
        (print, has_factor): (&str, bool),
    ) -> Result<bool, AccountError> {
        let row = sqlx::query(queries::SELECT_SETTLED).bind(account).fetch_optional(self.pool()).await?;
        let Some(row) = row else { return Ok(false) };
        let (hash, factor): (String, i64) = (row.try_get(0)?, row.try_get(1)?);
        Ok(secret::hash(&hash) == print && (factor > 0) == has_factor)
    }

    fn access_token(&self, session: &SessionId) -> Result<String, AccountError> {
        let made = self.shared.access.make(session.as_str(), secret::token()?, self.now().div_euclid(1_000));
        made.ok_or(AccountError::NoRandomness)
    }

    /// A session that holds: not ended, not expired, its account or enrolment neither.
    pub(super) async fn session(&self, id: &SessionId) -> Result<Option<Remembered>, AccountError> {
        let remembered = self.lock(&self.shared.remembered).get(id).cloned();
        let known = match remembered.filter(|known| known.read_at.elapsed() < REMEMBERED_FOR) {
            Some(known) => known,
            None => match self.read_session(id).await? {
                Some(known) => known,
                None => {
                    self.lock(&self.shared.remembered).remove(id);
                    return Ok(None);
                }
            },
        };
        Ok(Some(known).filter(|known| known.expires_at > self.now()))
    }

    async fn read_session(&self, id: &SessionId) -> Result<Option<Remembered>, AccountError> {
        let select = sqlx::query(queries::SELECT_SESSION).bind(id.as_str());
        let Some(row) = select.fetch_optional(self.pool()).await? else { return Ok(None) };
        let text = |at: usize| row.try_get::<Option<String>, _>(at);
        let role = text(7)?.and_then(|role| Role::parse(&role));
        let who = match (text(2)?, text(4)?, role) {
            (Some(account), _, _) => {
                let held = self.held_by(&account).await?.into();
                let (name, has_factor) = (text(3)?.unwrap_or_default(), row.try_get::<i64, _>(9)? > 0);
                Who::Staff(Staff { account, name, session: id.clone(), held, has_factor })
            }
            (None, Some(enrolment), Some(role)) => Who::Judge(Enrolled {
                enrolment: EnrolmentId::from(enrolment),
                device: DeviceId::from(text(5)?.unwrap_or_default()),
                judge: JudgeCode::from(text(6)?.unwrap_or_default()),
                role,
                ledger: LedgerId::from(text(8)?.unwrap_or_default()),
                session: id.clone(),
            }),
            _ => return Ok(None),
        };
        let known = Remembered {
            who,
            secret_hash: row.try_get(0)?,
            expires_at: row.try_get(1)?,
            read_at: Instant::now(),
        };
        let mut remembered = self.lock(&self.shared.remembered);
        if remembered.len() >= REMEMBERED_MAX {
            remembered.retain(|_, known| known.read_at.elapsed() < REMEMBERED_FOR);
        }
        remembered.insert(id.clone(), known.clone());
        Ok(Some(known))
    }

    /// Where an account is signed in, the newest first.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn sessions_of(&self, account: &str) -> Result<Vec<OpenSession>, AccountError> {
        let select = sqlx::query(queries::SELECT_SESSIONS_OF).bind(account).bind(self.now());
        let rows = select.fetch_all(self.pool()).await?;
        let open = |row: &AnyRow| -> Result<OpenSession, sqlx::Error> {
            let made_at = row.try_get(2)?;
            Ok(OpenSession {
                session: SessionId::from(row.try_get::<String, _>(0)?),
                browser: row.try_get::<Option<String>, _>(1)?.unwrap_or_default(),
                made_at,
                seen_at: row.try_get::<Option<i64>, _>(3)?.unwrap_or(made_at),
            })
        };
        Ok(rows.iter().map(open).collect::<Result<_, _>>()?)
    }

    /// Ends another session of whoever asks, and whether there was one.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn end_session(&self, staff: &Staff, session: &SessionId) -> Result<bool, AccountError> {
        let update = sqlx::query(queries::END_SESSION_OF).bind(self.now()).bind(session.as_str());
        let ended = update.bind(&staff.account).execute(self.pool()).await?.rows_affected() > 0;
        self.lock(&self.shared.remembered).remove(session);
        if ended {
            let mut connection = self.pool().acquire().await?;
            self.note(&mut connection, &staff.account, AccountAct::SessionsEnded, &staff.account).await?;
        }
        Ok(ended)
    }

    /// Ends every session of whoever asks but the one that asks.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn end_other_sessions(&self, staff: &Staff) -> Result<(), AccountError> {
        let mut transaction = self.shared.database.begin_write().await?;
        self.end_sessions(&mut transaction, &staff.account, Some(&staff.session)).await?;
        self.note(&mut transaction, &staff.account, AccountAct::SessionsEnded, &staff.account).await?;
        transaction.commit().await?;
        self.forget(&staff.account);
        Ok(())
    }

    /// Ends every session of an account but one, all of them where none is named; in the transaction of what
    /// makes them untrusted.
    pub(super) async fn end_sessions(
        &self,
        connection: &mut sqlx::AnyConnection,
        account: &str,
        but: Option<&SessionId>,
    ) -> Result<(), AccountError> {
        let update = sqlx::query(queries::END_SESSIONS_OF).bind(self.now()).bind(account);
        update.bind(but.map_or("", SessionId::as_str)).execute(connection).await?;
        Ok(())
    }

    /// What is remembered of an account's sessions is read again.
    pub(super) fn forget(&self, account: &str) {
        self.lock(&self.shared.remembered)
            .retain(|_, known| !matches!(&known.who, Who::Staff(staff) if staff.account == account));
    }
}
