//! The second factor: one-time codes of an authenticator on a phone (RFC 6238: SHA-1, six digits, 30 seconds),
//! and recovery codes for whoever lost it. Whoever releases results has one (docs/adr/0025).

use domain::id::SessionId;
use protocol::account::{AccountAct, FactorDraft};
use sqlx::Row as _;
use totp_rs::{Builder, Secret, Totp};

use super::{AccountError, Accounts, Staff, queries, secret};

/// What an authenticator shows above the code.
const ISSUER: &str = "Leitai";
/// How many recovery codes there are at first.
const RECOVERY_CODES: usize = 8;
/// How many groups of four letters each has: 80 bits, too many to be tried even with the hashes at hand.
const RECOVERY_GROUPS: usize = 4;
const SECRET_BYTES: usize = 20;

impl Accounts {
    /// How many second factors another key sealed.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn others_factors(&self) -> Result<i64, AccountError> {
        let ours = format!("{}%", self.shared.vault.mark());
        let count = sqlx::query_scalar(queries::COUNT_OTHERS_FACTORS).bind(ours);
        Ok(count.fetch_one(self.pool()).await?)
    }

    /// Begins to set a second factor up: what an authenticator is to be told. Nothing changes before its first
    /// code is given; begun again, the earlier beginning is of no use. It takes the password, so that nobody
    /// binds a phone of theirs to a desk that was left open.
    ///
    /// # Errors
    /// Where the password is wrong, there is one already, or the database does not answer.
    pub async fn draft_factor(&self, staff: &Staff, password: &str) -> Result<FactorDraft, AccountError> {
        self.knows_password(staff, password).await?;
        let bytes: [u8; SECRET_BYTES] = secret::bytes()?;
        let sealed =
            self.shared.vault.seal(&place(&staff.account), &bytes).ok_or(AccountError::NoRandomness)?;
        let update = sqlx::query(queries::DRAFT_FACTOR).bind(&staff.account).bind(sealed);
        if update.execute(self.pool()).await?.rows_affected() == 0 {
            return Err(AccountError::FactorThere);
        }
        told(&bytes, &staff.name).ok_or(AccountError::NoRandomness)
    }

    /// What was begun, to be shown again.
    ///
    /// # Errors
    /// Where nothing was begun, or the vault's key is another.
    pub async fn drafted_factor(&self, staff: &Staff) -> Result<FactorDraft, AccountError> {
        let (draft, _) = self.factors(&staff.account).await?;
        let bytes = self.unsealed(&staff.account, &draft.ok_or(AccountError::NoFactor)?)?;
        told(&bytes, &staff.name).ok_or(AccountError::NoFactor)
    }

    /// Whether an account has a second factor, and how many recovery codes are left.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn recovery_left(&self, account: &str) -> Result<i64, AccountError> {
        Ok(sqlx::query_scalar(queries::COUNT_RECOVERY).bind(account).fetch_one(self.pool()).await?)
    }

    /// Sets it up with its first code; gives the recovery codes, which are told once. Every other session of
    /// the account ends: from now on each was begun with both.
    ///
    /// # Errors
    /// Where the code is wrong or nothing was begun.
    pub async fn set_factor(&self, staff: &Staff, code: &str) -> Result<Vec<String>, AccountError> {
        let (draft, _) = self.factors(&staff.account).await?;
        let draft = draft.ok_or(AccountError::NoFactor)?;
        let bytes = self.unsealed(&staff.account, &draft)?;
        let step = self.step_of(&bytes, code).ok_or(AccountError::CodeRefused)?;
        let mut transaction = self.shared.database.begin_write().await?;
        let update = sqlx::query(queries::SET_FACTOR).bind(&staff.account).bind(&draft).bind(step);
        if update.execute(&mut *transaction).await?.rows_affected() == 0 {
            return Err(AccountError::FactorThere);
        }
        let codes = self.make_recovery(&mut transaction, &staff.account).await?;
        self.end_sessions(&mut transaction, &staff.account, Some(&staff.session)).await?;
        self.note(&mut transaction, &staff.account, AccountAct::FactorSet, &staff.account).await?;
        transaction.commit().await?;
        self.forget(&staff.account);
        Ok(codes)
    }

    /// Makes new recovery codes, by a code of the phone; the earlier ones are of no use any more.
    ///
    /// # Errors
    /// Where the code is wrong.
    pub async fn renew_recovery(&self, staff: &Staff, code: &str) -> Result<Vec<String>, AccountError> {
        self.take_code(&staff.account, code).await?;
        let mut transaction = self.shared.database.begin_write().await?;
        let codes = self.make_recovery(&mut transaction, &staff.account).await?;
        self.note(&mut transaction, &staff.account, AccountAct::RecoveryMade, &staff.account).await?;
        transaction.commit().await?;
        Ok(codes)
    }

    /// Removes one's own, by a code of it or a recovery code.
    ///
    /// # Errors
    /// Where the code is wrong.
    pub async fn drop_own_factor(&self, staff: &Staff, code: &str) -> Result<(), AccountError> {
        self.take_code(&staff.account, code).await?;
        self.drop_factor(&staff.account, &staff.account, Some(&staff.session)).await
    }

    /// Removes an account's; every session of it but that one ends.
    ///
    /// # Errors
    /// Where there is none.
    pub async fn drop_factor(
        &self,
        account: &str,
        by: &str,
        but: Option<&SessionId>,
    ) -> Result<(), AccountError> {
        let mut transaction = self.shared.database.begin_write().await?;
        let drop = sqlx::query(queries::DROP_FACTOR).bind(account);
        if drop.execute(&mut *transaction).await?.rows_affected() == 0 {
            return Err(AccountError::NoFactor);
        }
        sqlx::query(queries::DELETE_RECOVERY).bind(account).execute(&mut *transaction).await?;
        self.end_sessions(&mut transaction, account, but).await?;
        self.note(&mut transaction, account, AccountAct::FactorRemoved, by).await?;
        transaction.commit().await?;
        self.forget(account);
        Ok(())
    }

    /// Takes a code of an account's second factor, once; or one of its recovery codes.
    pub(super) async fn take_code(&self, account: &str, code: &str) -> Result<(), AccountError> {
        // Counted apart from passwords: whoever guesses codes has the password already.
        if self.lock(&self.shared.code_failures).are_many(account) {
            return Err(AccountError::TooMany);
        }
        // Counted before it is looked at, so that many at once are no more than many in a row.
        self.lock(&self.shared.code_failures).note(account);
        let is_taken = match self.take_recovery(account, code).await? {
            true => true,
            false => self.take_step(account, code).await?,
        };
        if !is_taken {
            return Err(AccountError::CodeRefused);
        }
        self.lock(&self.shared.code_failures).forget(account);
        Ok(())
    }

    async fn take_step(&self, account: &str, code: &str) -> Result<bool, AccountError> {
        let (_, factor) = self.factors(account).await?;
        let bytes = self.unsealed(account, &factor.ok_or(AccountError::NoFactor)?)?;
        let Some(step) = self.step_of(&bytes, code) else { return Ok(false) };
        let update = sqlx::query(queries::USE_STEP).bind(account).bind(step);
        Ok(update.execute(self.pool()).await?.rows_affected() > 0)
    }

    async fn take_recovery(&self, account: &str, code: &str) -> Result<bool, AccountError> {
        let Some(code) = secret::words_of(code, RECOVERY_GROUPS) else { return Ok(false) };
        let mut transaction = self.shared.database.begin_write().await?;
        let update = sqlx::query(queries::USE_RECOVERY).bind(secret::hash(&code)).bind(account);
        let is_taken = update.bind(self.now()).execute(&mut *transaction).await?.rows_affected() > 0;
        if is_taken {
            self.note(&mut transaction, account, AccountAct::RecoveryUsed, account).await?;
        }
        transaction.commit().await?;
        Ok(is_taken)
    }

    async fn make_recovery(
        &self,
        connection: &mut sqlx::AnyConnection,
        account: &str,
    ) -> Result<Vec<String>, AccountError> {
        sqlx::query(queries::DELETE_RECOVERY).bind(account).execute(&mut *connection).await?;
        let mut codes = Vec::with_capacity(RECOVERY_CODES);
        for _ in 0..RECOVERY_CODES {
            let code = secret::words(RECOVERY_GROUPS)?;
            let insert = sqlx::query(queries::INSERT_RECOVERY).bind(secret::hash(&code)).bind(account);
            insert.execute(&mut *connection).await?;
            codes.push(code);
        }
        Ok(codes)
    }

    /// What is being set up and what is set up, sealed.
    async fn factors(&self, account: &str) -> Result<(Option<String>, Option<String>), AccountError> {
        let select = sqlx::query(queries::SELECT_FACTOR).bind(account);
        let row = select.fetch_optional(self.pool()).await?.ok_or(AccountError::AccountUnknown)?;
        Ok((row.try_get(1)?, row.try_get(2)?))
    }

    fn unsealed(&self, account: &str, sealed: &str) -> Result<Vec<u8>, AccountError> {
        let vault = &self.shared.vault;
        let other = |_| AccountError::VaultOther { path: vault.path().display().to_string() };
        vault.unseal(&place(account), sealed).map_err(other)
    }

    /// The step that a code is of: this one, the one before or the one after (RFC 6238, 5.2).
    fn step_of(&self, bytes: &[u8], code: &str) -> Option<i64> {
        let code: String = code.chars().filter(|char| !char.is_whitespace()).map(plain).collect();
        let now_s = u64::try_from(self.now().div_euclid(1_000)).ok()?;
        let is_code = code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit());
        totp(bytes, "").filter(|_| is_code)?.check(&code, now_s).and_then(|step| i64::try_from(step).ok())
    }
}

/// The code of a secret, as an authenticator is told it, at a time in seconds since 1970 UTC; none where it is
/// no secret. Programs of ours that release results show it.
#[must_use]
pub fn code_at(base32: &str, now_s: u64) -> Option<String> {
    let secret = Secret::try_from_base32(base32).ok()?;
    Some(totp(secret.as_bytes(), "")?.generate(now_s).to_string())
}

fn totp(bytes: &[u8], name: &str) -> Option<Totp> {
    let builder = Builder::new().with_secret(bytes.to_vec()).with_issuer(Some(ISSUER));
    // The address keeps what stands before a colon for the issuer.
    builder.with_account_name(name.replace(':', " ")).build().ok()
}

fn told(bytes: &[u8], name: &str) -> Option<FactorDraft> {
    let totp = totp(bytes, name)?;
    Some(FactorDraft { secret: totp.secret().to_base32(), address: totp.to_url().ok()? })
}

/// Where in the database it stands: one account's is of no use in another's row.
fn place(account: &str) -> String {
    format!("factor of {account}")
}

/// A full-width digit as the digit that is meant.
fn plain(char: char) -> char {
    match char {
        '０'..='９' => char::from_u32(u32::from(char) - u32::from('０') + u32::from('0')).unwrap_or(char),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_rfc_6238() {
        // Appendix B, SHA-1, the secret "12345678901234567890"; its eight digits cut to the last six.
        let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
        let vectors = [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ];
        for (at, code) in vectors {
            assert_eq!(code_at(secret, at).as_deref(), Some(code), "{at}");
        }
        assert_eq!(code_at("no secret!", 59), None);
    }

    #[test]
    fn an_authenticator_is_told_who_and_what() {
        let draft = told(&[7; SECRET_BYTES], "王: 建国").map(|draft| draft.address);
        let expected = "otpauth://totp/Leitai:%E7%8E%8B%20%20%E5%BB%BA%E5%9B%BD?secret=A4DQOBYHA4DQOBYHA4DQOBYHA4DQOBYH&issuer=Leitai";
        assert_eq!(draft.as_deref(), Some(expected));
    }
}
