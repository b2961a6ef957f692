//! The keys by which judges' devices sign what they submit.

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, ParsedPublicKey};
use domain::access::Role;
use domain::id::{DeviceId, EnrolmentId, JudgeCode, LedgerId};
use domain::ledger::DeviceKey;

use sqlx::Row as _;

use super::{AccountError, Accounts, queries};

/// Whose a device is or was, in one skill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The judge: the actor of what it entered.
    pub judge: JudgeCode,
    /// In which role.
    pub role: Role,
    /// Every key that it ever named, the newest first.
    pub keys: Vec<DeviceKey>,
}

impl Accounts {
    /// Takes the key by which a device signs from now on. A browser that lost its storage names another
    /// one; the earlier ones stay, with their times.
    ///
    /// # Errors
    /// Where it is no key, or the database does not answer.
    pub async fn name_key(&self, enrolment: &EnrolmentId, key: &DeviceKey) -> Result<(), AccountError> {
        ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key.0).map_err(|_| AccountError::KeyUnfit)?;
        sqlx::query(queries::UPSERT_KEY)
            .bind(enrolment.as_str())
            .bind(key.to_string())
            .bind(self.now())
            .execute(self.pool())
            .await?;
        Ok(())
    }

    /// The key by which a device signs now; none where it has named none.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn key_of(&self, enrolment: &EnrolmentId) -> Result<Option<DeviceKey>, AccountError> {
        let select = sqlx::query_scalar(queries::SELECT_KEY).bind(enrolment.as_str());
        let text: Option<String> = select.fetch_optional(self.pool()).await?;
        Ok(text.as_deref().and_then(DeviceKey::parse))
    }

    /// Whose a device is or was, also after its sign-in ended; none where it never was in that skill.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn holder_of(
        &self,
        device: &DeviceId,
        ledger: &LedgerId,
    ) -> Result<Option<Held>, AccountError> {
        let select = sqlx::query(queries::SELECT_HOLDER).bind(device.as_str()).bind(ledger.as_str());
        let Some(row) = select.fetch_optional(self.pool()).await? else { return Ok(None) };
        let Some(role) = Role::parse(&row.try_get::<String, _>(2)?) else { return Ok(None) };
        let select = sqlx::query_scalar(queries::SELECT_KEYS).bind(row.try_get::<String, _>(0)?);
        let keys: Vec<String> = select.fetch_all(self.pool()).await?;
        let keys = keys.iter().filter_map(|text| DeviceKey::parse(text)).collect();
        Ok(Some(Held { judge: JudgeCode::from(row.try_get::<String, _>(1)?), role, keys }))
    }
}
