//! Who somebody is: people with passwords and the roles that they hold, judges' devices enrolled by card and PIN, sessions,
//! access tokens and tickets. What they may do is `domain::access`; nothing here asks for it.

mod appointment;
mod factor;
mod key;
mod password;
mod queries;
pub(crate) mod routes;
mod seal;
mod secret;
mod session;
mod token;

pub use appointment::{Appointed, Invitation};
pub use factor::code_at;
pub use key::Held;
pub use password::{Known, OPERATOR, PasswordLink};
pub(crate) use secret::{bytes, words, words_of};
pub use session::OpenSession;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use domain::access::{Action, Appointment, Role, Scope, may};
use domain::finding::Spoken;
use domain::findings;
use domain::id::{DeviceId, EnrolmentId, JudgeCode, LedgerId, SessionId};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row as _};
use tokio::sync::Semaphore;

use crate::database::{Database, DatabaseError};
use crate::ledger::Clock;
use crate::spoken;
use seal::Sealing;
use token::{Mint, Purpose};

use crate::vault::Vault;

/// How many characters a password has.
pub const PASSWORD_LENGTH: std::ops::RangeInclusive<usize> = 10..=128;
/// How many characters an account's name has.
pub const NAME_LENGTH: std::ops::RangeInclusive<usize> = 1..=64;
/// How long an organiser stays signed in: a competition's day.
const ORGANISER_HOURS: i64 = 16;
/// How long a judge stays signed in: a competition. Nobody is signed out with unsent marks.
const JUDGE_HOURS: i64 = 14 * 24;
/// Wrong PINs before a card is of no use any more.
const PIN_FAILURES_MAX: i64 = 10;
/// Wrong passwords for a name before it must wait.
const PASSWORD_FAILURES_MAX: u32 = 10;
const PASSWORD_WAIT: Duration = Duration::from_secs(300);
/// How old what is remembered of a session may be: an ended one is refused that soon.
const REMEMBERED_FOR: Duration = Duration::from_secs(2);
const REMEMBERED_MAX: usize = 20_000;
/// How many passwords or PINs are checked at once; more wait.
const CHECKS_AT_ONCE: usize = 2;
/// How many wait before more are turned away.
const CHECKS_WAITING: usize = 64;

const HOUR_MS: i64 = 3_600_000;
const FIRST_SECRET: &str = "first_secret";
const FIRST_SECRET_GROUPS: usize = 5;
const INSTANCE: &str = "instance";
const ACCESS_KEY: &str = "access_key";
const TICKET_KEY: &str = "ticket_key";
const HALF_KEY: &str = "half_key";
const OUTBOX_KEY: &str = "outbox_key";

findings! {
    /// Why somebody is not signed in.
    pub enum AccountError {
        Refused = Error "sign_in_refused",
            "名称或密码不对；请再试一次。",
            "The name or the password is wrong; try again.";
        TooMany = Error "too_many_tries",
            "尝试次数过多；请过几分钟再试。",
            "Too many tries; wait a few minutes and try again.";
        SecretRefused = Error "first_secret_refused",
            "首次密钥不对，或已用过；服务器每次启动都会打印一个新的，直到有了第一个账号。",
            "The first secret is wrong or used; the server prints a new one at each start until there is an account.";
        PasswordUnfit = Error "password_unfit",
            "密码须为 10 到 128 个字符，且不同于名称；建议 15 个以上。",
            "A password has 10 to 128 characters and is not the name; 15 or more are better.";
        NameUnfit = Error "name_unfit",
            "名称须为 1 到 64 个字符，首尾不留空格。",
            "A name has 1 to 64 characters, without space at its ends.";
        NameTaken = Error "name_taken",
            "这个名称已有人用；请换一个。",
            "That name is taken; choose another.";
        CardRefused = Error "card_refused",
            "这张登录卡不存在、已用过或已作废；请向裁判长要一张新的。",
            "This card is unknown, used or withdrawn; ask the chief judge for a new one.";
        PinRefused { left: i64 } = Error "pin_refused",
            "PIN 不对；还可以试 {left} 次。",
            "The PIN is wrong; {left} tries are left.";
        NoPin = Error "no_pin",
            "这位裁判没有已登录的设备，或 PIN 输错次数过多；请出一张新的登录卡，登录后再确认。",
            "This judge has no device signed in, or the PIN was wrong too often; make a new card, and confirm once it is used.";
        CodeNeeded = Error "code_needed",
            "还要手机上的六位验证码，或一个恢复码。",
            "The six-digit code of your phone is needed too, or a recovery code.";
        CodeRefused = Error "code_refused",
            "验证码不对或已用过；请等手机显示下一个再输入，并核对手机的时间。",
            "The code is wrong or used; wait for the next one on your phone, and check the phone's clock.";
        HalfTooOld = Error "half_too_old",
            "隔得太久了；请重新输入名称和密码。",
            "That took too long; give name and password again.";
        FactorThere = Error "factor_there",
            "已经启用了验证码；要换手机，请先停用。",
            "A second factor is set up already; to change phones, remove it first.";
        NoFactor = Error "no_factor",
            "还没有启用验证码；请先点“启用”。",
            "No second factor is set up; begin to set one up first.";
        VaultOther { path: String } = Error "vault_other",
            "这台服务器的保密密钥（{path}）不是当初保存验证码的那一个，手机上的验证码核对不了；请恢复该文件，或改用恢复码。",
            "The vault's key on this server ({path}) is not the one that second factors were kept with, so a phone's code cannot be checked; bring that file back, or use a recovery code.";
        PasswordWrong = Error "password_wrong",
            "现在的密码不对；什么都没有改。",
            "Your present password is wrong; nothing was changed.";
        LinkRefused = Error "password_link_refused",
            "这个链接不存在、已用过或已过期；请向给您链接的人要一个新的。",
            "This link is unknown, used or too old; ask whoever gave it to you for a new one.";
        AccountUnknown = Error "account_unknown",
            "没有这个账号，或已经停用；请核对名称。",
            "There is no such account, or it was ended; check the name.";
        InvitationRefused = Error "invitation_refused",
            "这个邀请不存在、已用过、已收回或已过期；请向邀请您的人要一个新的。",
            "This invitation is unknown, used, taken back or too old; ask whoever invited you for a new one.";
        LastAdministrator = Error "last_administrator",
            "这是最后一位平台管理员；请先任命另一位，再结束这一任职。",
            "This is the last platform administrator; appoint another before this ends.";
        KeyUnfit = Error "key_unfit",
            "这不是 P-256 公钥。",
            "That is no public key of P-256.";
        NoRandomness = Error "no_randomness",
            "系统没有给出随机数，不能生成密钥。",
            "The system gave no randomness, so no secret can be made.";
        Database { problem: Spoken } = Error "database_failed",
            "数据库没有应答：{problem:#}。",
            "The database does not answer: {problem}.";
    }
}

/// Somebody, as far as a request shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// Not signed in.
    Nobody,
    /// Somebody with an account.
    Staff(Staff),
    /// A judge at a device that was enrolled for one skill.
    Judge(Enrolled),
}

/// Somebody with an account who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    /// The account's id: the actor of what they enter.
    pub account: String,
    /// The account's name.
    pub name: String,
    /// The session.
    pub session: SessionId,
    /// The roles that they hold.
    pub held: Arc<[Appointment]>,
    /// Whether the account has a second factor; then this session was begun with it, or set it up.
    pub has_factor: bool,
}

/// How far a sign-in came.
pub enum Entry {
    /// Somebody is in.
    In(SignedIn),
    /// The password is right; what is shown with the second factor's code, within minutes.
    Half(String),
}

impl Staff {
    /// The role in which they may do this to what `reach` begins with, if in any.
    #[must_use]
    pub fn may(&self, action: Action, reach: &[Scope]) -> Option<Role> {
        may(&self.held, action, reach)
    }

    /// Whether they may do this anywhere.
    #[must_use]
    pub fn may_somewhere(&self, action: Action) -> bool {
        self.held.iter().any(|one| domain::access::allows(one.role, action))
    }
}

/// A device that is somebody's in one role, for one ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrolled {
    /// The enrolment.
    pub enrolment: EnrolmentId,
    /// The device, made at sign-in.
    pub device: DeviceId,
    /// Whose device it is: the actor of what it enters.
    pub judge: JudgeCode,
    /// In which role.
    pub role: Role,
    /// For which ledger.
    pub ledger: LedgerId,
    /// The session.
    pub session: SessionId,
}

/// What a signed-in client keeps.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The session's secret: `ID.SECRET`.
    pub secret: String,
    /// An access token, good for minutes.
    pub access: String,
    /// How long the session lasts, in seconds.
    pub seconds: i64,
    /// Who it is.
    pub who: Who,
    /// For a judge's device: the secret of the key by which it encrypts what it keeps.
    pub seal: Option<String>,
}

/// A judge's card, as it is shown once.
#[derive(Clone, PartialEq, Eq)]
pub struct Card {
    /// The enrolment that it leads to.
    pub enrolment: EnrolmentId,
    /// For the QR code; only its hash is kept.
    pub code: String,
    /// To be typed besides.
    pub pin: String,
}

/// An enrolment as the desk lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The enrolment.
    pub enrolment: EnrolmentId,
    /// Whose.
    pub judge: JudgeCode,
    /// In which role.
    pub role: Role,
    /// The device; none while the card is unused.
    pub device: Option<DeviceId>,
    /// When the card was made.
    pub made_at: i64,
    /// When it was used.
    pub used_at: Option<i64>,
    /// Whether the device has a key, by which it signs.
    pub signs: bool,
}

/// Everybody who may sign in. Clones share what is remembered.
#[derive(Clone)]
pub struct Accounts {
    shared: Arc<Shared>,
}

struct Shared {
    database: Database,
    clock: Clock,
    access: Mint,
    ticket: Mint,
    half: Mint,
    sealing: Sealing,
    vault: Arc<Vault>,
    remembered: Mutex<HashMap<SessionId, Remembered>>,
    /// Of passwords, by the account's name.
    failures: Mutex<Failures>,
    /// Of the second factor's codes, by the account.
    code_failures: Mutex<Failures>,
    checks: Semaphore,
    waiting: Semaphore,
}

/// Who failed how often, and when last.
#[derive(Default)]
struct Failures(HashMap<String, (u32, Instant)>);

impl Failures {
    fn are_many(&self, whose: &str) -> bool {
        self.0
            .get(whose)
            .is_some_and(|(count, last)| *count >= PASSWORD_FAILURES_MAX && last.elapsed() < PASSWORD_WAIT)
    }

    fn note(&mut self, whose: &str) {
        self.0.retain(|_, (_, last)| last.elapsed() < PASSWORD_WAIT);
        // Names are counted whether they exist or not; beyond this many, somebody guesses names.
        if self.0.len() < REMEMBERED_MAX || self.0.contains_key(whose) {
            let (count, last) = self.0.entry(whose.to_owned()).or_insert((0, Instant::now()));
            (*count, *last) = (*count + 1, Instant::now());
        }
    }

    fn forget(&mut self, whose: &str) {
        self.0.remove(whose);
    }
}

#[derive(Clone)]
struct Remembered {
    who: Who,
    secret_hash: String,
    expires_at: i64,
    read_at: Instant,
}

impl Accounts {
    /// Reads the keys of tokens, and makes them at the first start. All servers of one database
    /// share them.
    ///
    /// # Errors
    /// Where the database does not answer, or the system gives no randomness.
    pub async fn start(database: Database, clock: Clock, vault: Arc<Vault>) -> Result<Self, AccountError> {
        let instance = kept(&database, INSTANCE).await?;
        let mint = async |purpose: Purpose, key: &str| {
            let text = kept(&database, key).await?;
            let half = |text: &str| u128::from_str_radix(text, 16).unwrap_or_default().to_be_bytes();
            let mut secret = [0; 32];
            let (left, right) = text.split_at_checked(32).unwrap_or_default();
            secret[..16].copy_from_slice(&half(left));
            secret[16..].copy_from_slice(&half(right));
            Ok::<_, AccountError>(Mint::new(purpose, secret, &instance))
        };
        let (access, ticket) =
            (mint(Purpose::Access, ACCESS_KEY).await?, mint(Purpose::Ticket, TICKET_KEY).await?);
        let half = mint(Purpose::Half, HALF_KEY).await?;
        let sealing = Sealing::new(&kept(&database, OUTBOX_KEY).await?);
        let shared = Shared {
            access,
            ticket,
            half,
            sealing,
            vault,
            database,
            clock,
            remembered: Mutex::default(),
            failures: Mutex::default(),
            code_failures: Mutex::default(),
            checks: Semaphore::new(CHECKS_AT_ONCE),
            waiting: Semaphore::new(CHECKS_WAITING),
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// Whether there is no account yet.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn is_new(&self) -> Result<bool, AccountError> {
        let count: i64 = sqlx::query_scalar(queries::COUNT_ACCOUNTS).fetch_one(self.pool()).await?;
        Ok(count == 0)
    }

    /// A new secret for making the first account; it replaces an earlier one. None where there is an
    /// account.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn first_secret(&self) -> Result<Option<String>, AccountError> {
        if !self.is_new().await? {
            return Ok(None);
        }
        let words = secret::words(FIRST_SECRET_GROUPS)?;
        let upsert = sqlx::query(queries::UPSERT_STATE).bind(FIRST_SECRET).bind(secret::hash(&words));
        upsert.execute(self.pool()).await?;
        Ok(Some(words))
    }

    /// Makes the first account with the one-time secret, and signs it in.
    ///
    /// # Errors
    /// Where the secret, the name or the password is not fit.
    pub async fn set_up(
        &self,
        words: &str,
        name: &str,
        password: &str,
        browser: &str,
    ) -> Result<SignedIn, AccountError> {
        let known: Option<String> =
            sqlx::query_scalar(queries::SELECT_STATE).bind(FIRST_SECRET).fetch_optional(self.pool()).await?;
        let given = secret::hash(&words.trim().to_uppercase());
        if known.as_ref() != Some(&given) || !self.is_new().await? {
            return Err(AccountError::SecretRefused);
        }
        let hash = self.fit_account(name, password).await?;
        // Whoever deletes the secret has used it: of two at once only one goes on.
        let mut transaction = self.shared.database.begin_write().await?;
        let delete = sqlx::query(queries::DELETE_STATE).bind(FIRST_SECRET).bind(&given);
        if delete.execute(&mut *transaction).await?.rows_affected() == 0 {
            return Err(AccountError::SecretRefused);
        }
        let account = self.insert_account(&mut transaction, name, &hash).await?;
        // Whoever begins does everything; what is another's work they hand on.
        for role in [Role::PlatformAdministrator, Role::Organiser] {
            let to = Appointment { role, scope: Scope::Everything };
            self.appoint(&mut transaction, &account, &to, &account).await?;
        }
        transaction.commit().await?;
        self.begin_session(Some(&account), None, ORGANISER_HOURS, browser).await
    }

    /// Signs somebody in by name and password; where the account has a second factor, half of the way.
    ///
    /// # Errors
    /// [`AccountError::Refused`], whatever is wrong; [`AccountError::TooMany`] after many of them.
    pub async fn sign_in(&self, name: &str, password: &str, browser: &str) -> Result<Entry, AccountError> {
        if self.lock(&self.shared.failures).are_many(name) {
            return Err(AccountError::TooMany);
        }
        let row = sqlx::query(queries::SELECT_ACCOUNT).bind(name).fetch_optional(self.pool()).await?;
        let account: Option<String> = row.as_ref().map(|row| row.try_get(0)).transpose()?;
        let hash: Option<String> = row.as_ref().map(|row| row.try_get(1)).transpose()?;
        let has_factor =
            row.as_ref().map(|row| row.try_get::<i64, _>(2)).transpose()?.is_some_and(|is| is > 0);
        let print = hash.as_deref().map(secret::hash).unwrap_or_default();
        let is_right = self.check(hash, password).await?;
        let Some(account) = account.filter(|_| is_right) else {
            self.lock(&self.shared.failures).note(name);
            return Err(AccountError::Refused);
        };
        self.lock(&self.shared.failures).forget(name);
        if has_factor {
            // It names the password that it goes on from: with another one it is nothing.
            let made = self.shared.half.make(&account, print, self.now().div_euclid(1_000));
            return Ok(Entry::Half(made.ok_or(AccountError::NoRandomness)?));
        }
        Ok(Entry::In(self.begin_settled(&account, (&print, false), browser).await?))
    }

    /// Goes the other half of the way, by a code of the second factor or a recovery code.
    ///
    /// # Errors
    /// Where the code is wrong or used, the first half is too old, or after many wrong ones.
    pub async fn finish(&self, half: &str, code: &str, browser: &str) -> Result<SignedIn, AccountError> {
        let claims = self.shared.half.read(half).ok_or(AccountError::HalfTooOld)?;
        // Another password, or no factor any more: it begins anew, and no code is used up.
        if !self.is_settled(&claims.sub, (&claims.jti, true)).await? {
            return Err(AccountError::HalfTooOld);
        }
        match self.take_code(&claims.sub, code).await {
            Err(AccountError::NoFactor) => return Err(AccountError::HalfTooOld),
            taken => taken?,
        }
        let begun = self.begin_settled(&claims.sub, (&claims.jti, true), browser).await;
        begun.map_err(|error| match error {
            AccountError::Refused => AccountError::HalfTooOld,
            other => other,
        })
    }

    /// Makes a judge's card; unused cards of the same judge are withdrawn.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn make_card(
        &self,
        ledger: &LedgerId,
        judge: &JudgeCode,
        role: Role,
    ) -> Result<Card, AccountError> {
        let (code, pin, enrolment) = (secret::token()?, secret::pin()?, new_id());
        let pin_hash = self.slow_hash(&pin).await?;
        let mut transaction = self.shared.database.begin_write().await?;
        sqlx::query(queries::END_CARDS)
            .bind(self.now())
            .bind(ledger.as_str())
            .bind(judge.as_str())
            .execute(&mut *transaction)
            .await?;
        sqlx::query(queries::INSERT_CARD)
            .bind(&enrolment)
            .bind(ledger.as_str())
            .bind(judge.as_str())
            .bind(role.as_str())
            .bind(secret::hash(&code))
            .bind(pin_hash)
            .bind(self.now())
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(Card { enrolment: EnrolmentId::from(enrolment), code, pin })
    }

    /// Makes a device the judge's whose card it shows.
    ///
    /// # Errors
    /// Where the card is of no use, or the PIN is wrong.
    pub async fn enrol(&self, code: &str, pin: &str) -> Result<SignedIn, AccountError> {
        let select = sqlx::query(queries::SELECT_CARD).bind(secret::hash(code));
        let Some(row) = select.fetch_optional(self.pool()).await? else {
            return Err(AccountError::CardRefused);
        };
        let (enrolment, pin_hash): (String, String) = (row.try_get(0)?, row.try_get(4)?);
        let failures: i64 = row.try_get(5)?;
        if failures >= PIN_FAILURES_MAX {
            return Err(AccountError::CardRefused);
        }
        // Counted before it is looked at, so that many at once are no more than many in a row.
        sqlx::query(queries::FAIL_CARD).bind(&enrolment).execute(self.pool()).await?;
        if !self.check(Some(pin_hash), pin.trim()).await? {
            return Err(AccountError::PinRefused { left: PIN_FAILURES_MAX - failures - 1 });
        }
        let device = format!("tablet:{}", new_id());
        let update = sqlx::query(queries::USE_CARD).bind(device).bind(self.now()).bind(&enrolment);
        if update.execute(self.pool()).await?.rows_affected() == 0 {
            return Err(AccountError::CardRefused);
        }
        let mut signed_in = self.begin_session(None, Some(&enrolment), JUDGE_HOURS, "").await?;
        if let Who::Judge(judge) = &signed_in.who {
            signed_in.seal = Some(self.shared.sealing.secret_of(&judge.ledger, &judge.judge));
        }
        Ok(signed_in)
    }

    /// Takes a judge's word by the PIN of one of their devices, at a screen that is not theirs.
    ///
    /// # Errors
    /// Where the judge has no device, or the PIN is that of none.
    pub async fn confirm(&self, ledger: &LedgerId, judge: &JudgeCode, pin: &str) -> Result<(), AccountError> {
        let select = sqlx::query(queries::SELECT_PINS).bind(ledger.as_str()).bind(judge.as_str());
        let mut left = None;
        for row in select.fetch_all(self.pool()).await? {
            let (enrolment, pin_hash): (String, String) = (row.try_get(0)?, row.try_get(1)?);
            let failures: i64 = row.try_get(2)?;
            if failures >= PIN_FAILURES_MAX {
                continue;
            }
            // As at a sign-in: counted first.
            sqlx::query(queries::FAIL_CARD).bind(&enrolment).execute(self.pool()).await?;
            if self.check(Some(pin_hash), pin.trim()).await? {
                sqlx::query(queries::FORGET_FAILURES).bind(&enrolment).execute(self.pool()).await?;
                return Ok(());
            }
            left = left.max(Some(PIN_FAILURES_MAX - failures - 1));
        }
        Err(left.map_or(AccountError::NoPin, |left| AccountError::PinRefused { left }))
    }

    /// The enrolments of a skill and its unused cards, by judge.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn enrolments(&self, ledger: &LedgerId) -> Result<Vec<Listed>, AccountError> {
        let rows =
            sqlx::query(queries::SELECT_ENROLMENTS).bind(ledger.as_str()).fetch_all(self.pool()).await?;
        let listed = |row: &AnyRow| -> Result<Option<Listed>, sqlx::Error> {
            let Some(role) = Role::parse(&row.try_get::<String, _>(2)?) else { return Ok(None) };
            Ok(Some(Listed {
                enrolment: EnrolmentId::from(row.try_get::<String, _>(0)?),
                judge: JudgeCode::from(row.try_get::<String, _>(1)?),
                role,
                device: row.try_get::<Option<String>, _>(3)?.map(DeviceId::from),
                made_at: row.try_get(4)?,
                used_at: row.try_get(5)?,
                signs: row.try_get::<i64, _>(6)? > 0,
            }))
        };
        Ok(rows.iter().map(listed).filter_map(Result::transpose).collect::<Result<_, _>>()?)
    }

    /// Ends an enrolment or withdraws a card, and whether there was one. Its device is refused
    /// within seconds; what it still holds can be sent after another sign-in of the same judge.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn end_enrolment(
        &self,
        enrolment: &EnrolmentId,
        ledger: &LedgerId,
    ) -> Result<bool, AccountError> {
        let update = sqlx::query(queries::END_ENROLMENT).bind(self.now()).bind(enrolment.as_str());
        let ended = update.bind(ledger.as_str()).execute(self.pool()).await?.rows_affected() > 0;
        self.lock(&self.shared.remembered)
            .retain(|_, known| !matches!(&known.who, Who::Judge(judge) if judge.enrolment == *enrolment));
        Ok(ended)
    }

    /// A ticket that opens one judge's socket, once, within seconds.
    ///
    /// # Errors
    /// Where the system gives no randomness.
    pub fn ticket(&self, enrolled: &Enrolled) -> Result<String, AccountError> {
        let made = self.shared.ticket.make(
            enrolled.session.as_str(),
            secret::token()?,
            self.now().div_euclid(1_000),
        );
        made.ok_or(AccountError::NoRandomness)
    }

    /// Whose ticket this is; none where it is none of ours, was used, is too old, or its session or
    /// enrolment has ended.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn redeem(&self, ticket: &str) -> Result<Option<Enrolled>, AccountError> {
        let Some(claims) = self.shared.ticket.read(ticket) else { return Ok(None) };
        let use_up = sqlx::query(queries::USE_TICKET).bind(&claims.jti).bind(claims.exp);
        if use_up.execute(self.pool()).await?.rows_affected() == 0 {
            return Ok(None);
        }
        // An hour late, so that no server's clock lets a ticket be used again.
        let old = self.now().div_euclid(1_000) - 3_600;
        sqlx::query(queries::DELETE_TICKETS).bind(old).execute(self.pool()).await?;
        let known = self.session(&SessionId::from(claims.sub)).await?;
        Ok(known.and_then(|known| match known.who {
            Who::Judge(enrolled) => Some(enrolled),
            _ => None,
        }))
    }

    async fn fit_account(&self, name: &str, password: &str) -> Result<String, AccountError> {
        let is_control = |text: &str| text.chars().any(char::is_control);
        if !NAME_LENGTH.contains(&name.chars().count()) || name.trim() != name || is_control(name) {
            return Err(AccountError::NameUnfit);
        }
        if !PASSWORD_LENGTH.contains(&password.chars().count()) || password == name || is_control(password) {
            return Err(AccountError::PasswordUnfit);
        }
        self.slow_hash(password).await
    }

    async fn insert_account(
        &self,
        connection: &mut AnyConnection,
        name: &str,
        hash: &str,
    ) -> Result<String, AccountError> {
        let id = new_id();
        let insert = sqlx::query(queries::INSERT_ACCOUNT).bind(&id).bind(name).bind(hash);
        let inserted = insert.bind(self.now()).execute(connection).await?;
        if inserted.rows_affected() == 0 { Err(AccountError::NameTaken) } else { Ok(id) }
    }

    /// A slow hash is made away from the runtime, and only few at once.
    async fn slow_hash(&self, text: &str) -> Result<String, AccountError> {
        let text = text.to_owned();
        let hash = self.slowly(move || secret::slow_hash(&text)).await?;
        hash.ok_or(AccountError::NoRandomness)
    }

    async fn check(&self, hash: Option<String>, text: &str) -> Result<bool, AccountError> {
        let text = text.to_owned();
        self.slowly(move || secret::is_slow_hash_of(hash.as_deref(), &text)).await
    }

    async fn slowly<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, AccountError> {
        let _place = self.shared.waiting.try_acquire().map_err(|_| AccountError::TooMany)?;
        let _turn = self.shared.checks.acquire().await.map_err(|_| AccountError::TooMany)?;
        tokio::task::spawn_blocking(work).await.map_err(|_| AccountError::TooMany)
    }

    fn lock<'a, T>(&self, what: &'a Mutex<T>) -> std::sync::MutexGuard<'a, T> {
        what.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn pool(&self) -> &sqlx::AnyPool {
        self.shared.database.pool()
    }

    fn now(&self) -> i64 {
        (self.shared.clock)()
    }
}

/// A random text of the database's own, made at the first start: 256 bits.
async fn kept(database: &Database, key: &str) -> Result<String, AccountError> {
    let fresh = format!("{}{}", secret::token()?, secret::token()?);
    sqlx::query(queries::INSERT_STATE).bind(key).bind(fresh).execute(database.pool()).await?;
    Ok(sqlx::query_scalar(queries::SELECT_STATE).bind(key).fetch_one(database.pool()).await?)
}

fn new_id() -> String {
    uuid::Uuid::now_v7().to_string()
}

impl From<sqlx::Error> for AccountError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database { problem: spoken::of_database(&error) }
    }
}

impl From<DatabaseError> for AccountError {
    fn from(error: DatabaseError) -> Self {
        Self::Database { problem: error.spoken() }
    }
}

impl From<getrandom::Error> for AccountError {
    fn from(_: getrandom::Error) -> Self {
        Self::NoRandomness
    }
}
