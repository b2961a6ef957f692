//! The keys by which judges' devices sign what they submit.

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, ParsedPublicKey};
use domain::id::EnrolmentId;
use domain::ledger::DeviceKey;

use super::{AccountError, Accounts, queries};

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
}
