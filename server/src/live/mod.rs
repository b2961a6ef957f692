//! Live boards: what the public and the organisers see of competitions, kept current while marks
//! arrive.
//!
//! A view is a pure function of ledgers, documents and settings ([`view`](self::View)); a [`Live`]
//! keeps one task for each topic that somebody follows, and every reader of a topic shares its bytes.

mod catalogue;
mod hub;
mod pace;
mod places;
mod queries;
mod revision;
pub(crate) mod routes;
mod setting;
mod socket;
mod view;
mod visibility;

use std::sync::{Arc, PoisonError};

use domain::finding::Spoken;
use domain::findings;
use domain::id::LedgerId;
use domain::rules::LivePolicy;
use protocol::view::{SessionClock, Topic};
use sqlx::any::AnyArguments;
use sqlx::query::Query;
use sqlx::{Any, Transaction};
use tokio::runtime::Handle;
use tokio::sync::watch;

use crate::competition::CompetitionError;
use crate::database::{Database, DatabaseError};
use crate::ledger::{Clock, Ledger, LedgerError, system_time};
use crate::spoken;
use catalogue::Skill;
use hub::Hub;
use places::Places;

pub use places::Limits;
pub use revision::Revision;
pub use setting::{Freeze, SkillSetting};
pub use view::View;
pub(crate) use view::{shown_progress, status};
pub use visibility::{Audience, Visibility};

/// The most characters of a session's label.
const LABEL_LENGTH_MAX: usize = 100;

findings! {
    /// Why there is no board, or it was not changed.
    pub enum LiveError {
        Unknown = Error "unknown_board",
            "没有这个榜单，或者它尚未公开。",
            "There is no such board, or it is not public.";
        AlreadyOpened = Error "skill_opened",
            "赛项已经开放，不能再更改是否匿名。",
            "The skill is open already; whether it is anonymous can no longer be changed.";
        SessionUnfit = Error "session_unfit",
            "场次名称须为 1 到 100 个字，结束时间须晚于开始时间。",
            "A session's label takes 1 to 100 characters, and it ends after it begins.";
        Stopped = Error "live_stopped",
            "服务器正在停止；请稍后再试。",
            "The server is stopping; try again later.";
        Failed { problem: Spoken } = Error "live_failed", "{problem:#}。", "{problem}.";
    }
}

/// How live boards are started.
#[derive(Clone, Default)]
pub struct Options {
    /// Where views are made and sockets are written, so that a hall full of readers takes nothing from
    /// judges; the present runtime where nothing is said.
    pub spectators: Option<Handle>,
    /// How many sockets there may be.
    pub limits: Limits,
    /// The clock; the system's where nothing is said.
    pub clock: Option<Clock>,
}

/// Every live board of one database. Clones share everything.
#[derive(Clone)]
pub struct Live {
    hub: Arc<Hub>,
    places: Arc<Places>,
}

impl Live {
    /// Starts with nothing followed, on the present tokio runtime.
    #[must_use]
    pub fn start(database: Database, ledger: Ledger) -> Self {
        Self::start_with(database, ledger, Options::default())
    }

    /// The same with sockets elsewhere, other limits, or another clock. The present runtime follows
    /// ledgers and asks the database.
    #[must_use]
    pub fn start_with(database: Database, ledger: Ledger, options: Options) -> Self {
        let spectators = options.spectators.unwrap_or_else(Handle::current);
        let clock = options.clock.unwrap_or_else(|| Arc::new(system_time));
        let hub = Arc::new(Hub::new(database, ledger, clock, spectators));
        tokio::spawn(hub::poll(Arc::downgrade(&hub)));
        Self { hub, places: Arc::new(Places::new(options.limits)) }
    }

    /// The present revision of a topic.
    ///
    /// # Errors
    /// Where there is nothing of it that the audience may see, or the database does not answer.
    pub async fn view(&self, topic: &Topic, audience: Audience) -> Result<Arc<Revision>, LiveError> {
        Ok(self.subscribe(topic, audience).await?.borrow().clone())
    }

    /// Every revision of a topic from the present one on; slow readers skip some and never see a wrong
    /// one. It ends where the topic is no longer for this audience.
    ///
    /// # Errors
    /// As [`Live::view`].
    pub async fn subscribe(
        &self,
        topic: &Topic,
        audience: Audience,
    ) -> Result<watch::Receiver<Arc<Revision>>, LiveError> {
        hub::subscribe(&self.hub, topic, audience).await
    }

    /// How many sockets of spectators are open.
    pub(crate) fn sockets(&self) -> usize {
        self.places.taken()
    }

    /// Where sockets of spectators run, and what is made for them.
    pub(crate) fn spectators(&self) -> &Handle {
        &self.hub.spectators
    }

    fn places(&self) -> &Arc<Places> {
        &self.places
    }

    /// What organisers decided about a skill.
    ///
    /// # Errors
    /// Where there is no such skill, or the database does not answer.
    pub async fn setting(&self, skill: &LedgerId) -> Result<SkillSetting, LiveError> {
        self.hub.look_for_changes().await?;
        Ok(self.hub.catalogue().skill(skill)?.setting.clone())
    }

    /// Whether a competition is public.
    ///
    /// # Errors
    /// Where there is none, or the database does not answer.
    pub async fn is_public(&self, competition: &str) -> Result<bool, LiveError> {
        self.hub.look_for_changes().await?;
        Ok(self.hub.catalogue().competition(competition)?.is_public)
    }

    /// Makes a competition public, or no longer.
    ///
    /// # Errors
    /// Where there is none, or the database does not answer.
    pub async fn set_public(&self, competition: &str, is_public: bool) -> Result<(), LiveError> {
        self.hub.look_for_changes().await?;
        self.hub.catalogue().competition(competition)?;
        let at = is_public.then(|| (self.hub.clock)());
        self.save([sqlx::query(queries::SET_PUBLIC).bind(competition).bind(at)]).await?;
        self.hub.refresh_all().await
    }

    /// Says what is shown of a skill while it is marked; none leaves it to the rule set.
    ///
    /// # Errors
    /// Where there is no such skill, or the database does not answer.
    pub async fn set_policy(&self, skill: &LedgerId, policy: Option<LivePolicy>) -> Result<(), LiveError> {
        self.known(skill).await?;
        let word = policy.map(setting::word_of);
        self.save([sqlx::query(queries::SET_POLICY).bind(skill.as_str()).bind(word)]).await?;
        self.hub.refresh_all().await
    }

    /// Says whether it is kept back who is behind a skill's codes until results are released.
    ///
    /// # Errors
    /// Once the skill is opened, where there is none, or the database does not answer.
    pub async fn set_anonymous(&self, skill: &LedgerId, is_anonymous: bool) -> Result<(), LiveError> {
        self.known(skill).await?;
        if self.hub.ledger.state(skill).await?.head.seq > 0 {
            return Err(LiveError::AlreadyOpened);
        }
        let at = (!is_anonymous).then(|| (self.hub.clock)());
        self.save([sqlx::query(queries::SET_NAMED).bind(skill.as_str()).bind(at)]).await?;
        self.hub.refresh_all().await
    }

    /// Sets the session that runs in these skills, or takes it off their boards: in all or in none.
    ///
    /// # Errors
    /// Where its label or times are unfit, there is no such skill, or the database does not answer.
    pub async fn set_session(
        &self,
        skills: &[LedgerId],
        session: Option<SessionClock>,
    ) -> Result<(), LiveError> {
        let is_fit = |session: &SessionClock| {
            let length = session.label.chars().count();
            (1..=LABEL_LENGTH_MAX).contains(&length)
                && !session.label.chars().any(char::is_control)
                && session.from < session.until
        };
        if session.as_ref().is_some_and(|session| !is_fit(session)) {
            return Err(LiveError::SessionUnfit);
        }
        for skill in skills {
            self.known(skill).await?;
        }
        let (from, until) = (session.as_ref().map(|one| one.from), session.as_ref().map(|one| one.until));
        let label = session.map(|session| session.label);
        let set = |skill: &LedgerId| {
            let set = sqlx::query(queries::SET_SESSION).bind(skill.to_string());
            set.bind(label.clone()).bind(from).bind(until)
        };
        self.save(skills.iter().map(set)).await?;
        self.hub.refresh_all().await
    }

    /// The skills of a competition, as their boards are ordered.
    ///
    /// # Errors
    /// Where there is none, or the database does not answer.
    pub async fn skills(&self, competition: &str) -> Result<Vec<LedgerId>, LiveError> {
        self.hub.look_for_changes().await?;
        let catalogue = self.hub.catalogue();
        Ok(catalogue.competition(competition)?.skills.iter().map(|skill| skill.ledger.clone()).collect())
    }

    /// Freezes every skill of a competition as it is now, on every public surface at once; one
    /// that is frozen already stays as it was.
    ///
    /// Once this returns, no server of the same database shows the public an entry that came later.
    /// The freeze holds the ledgers while it is entered, so that each entry was committed either
    /// before it, and is part of what stands still, or after it; and a server publishes nothing
    /// without having asked, after it looked at the ledgers, whether anything was decided since
    /// ([`hub`]). Another server may take a quarter of a second to say the word "frozen".
    ///
    /// # Errors
    /// Where there is no such competition, or the database does not answer.
    pub async fn freeze(&self, competition: &str, by: &str) -> Result<(), LiveError> {
        let skills = self.skills(competition).await?;
        let mut held = self.hub.ledger.hold(&skills).await?;
        for skill in &skills {
            let seq = held.seq(skill).await?;
            let freeze = sqlx::query(queries::FREEZE).bind(skill.as_str()).bind(seq);
            freeze.bind((self.hub.clock)()).bind(by).execute(&mut *held.transaction).await?;
        }
        self.commit(held.transaction).await?;
        self.hub.refresh_all().await
    }

    /// Lets every skill of a competition be seen again as it is.
    ///
    /// # Errors
    /// Where there is no such competition, or the database does not answer.
    pub async fn unfreeze(&self, competition: &str) -> Result<(), LiveError> {
        self.hub.look_for_changes().await?;
        let catalogue = self.hub.catalogue();
        let skills = &catalogue.competition(competition)?.skills;
        let thaw = |skill: &Arc<Skill>| sqlx::query(queries::UNFREEZE).bind(skill.ledger.to_string());
        self.save(skills.iter().map(thaw)).await?;
        self.hub.refresh_all().await
    }

    async fn known(&self, skill: &LedgerId) -> Result<(), LiveError> {
        self.hub.look_for_changes().await?;
        self.hub.catalogue().skill(skill).map(|_| ())
    }

    /// Keeps changes, all or none, and makes them known here; other servers see that there are some.
    async fn save<'q>(
        &self,
        changes: impl IntoIterator<Item = Query<'q, Any, AnyArguments>>,
    ) -> Result<(), LiveError> {
        let mut transaction: Transaction<'_, Any> = self.hub.database.begin_write().await?;
        for change in changes {
            change.execute(&mut *transaction).await?;
        }
        self.commit(transaction).await
    }

    async fn commit(&self, mut transaction: Transaction<'_, Any>) -> Result<(), LiveError> {
        sqlx::query(queries::COUNT_CHANGE).execute(&mut *transaction).await?;
        transaction.commit().await?;
        self.hub.look_for_changes().await
    }
}

impl std::fmt::Display for LiveError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.say(domain::finding::Language::English))
    }
}

impl std::error::Error for LiveError {}

impl From<sqlx::Error> for LiveError {
    fn from(error: sqlx::Error) -> Self {
        Self::Failed { problem: spoken::of_database(&error) }
    }
}

impl From<DatabaseError> for LiveError {
    fn from(error: DatabaseError) -> Self {
        Self::Failed { problem: error.spoken() }
    }
}

impl From<LedgerError> for LiveError {
    fn from(error: LedgerError) -> Self {
        Self::Failed { problem: error.spoken() }
    }
}

impl From<CompetitionError> for LiveError {
    fn from(error: CompetitionError) -> Self {
        Self::Failed { problem: error.spoken() }
    }
}

/// What a lock holds, also where somebody stopped while holding it: nothing here is left half done.
fn whatever<T>(held: Result<T, PoisonError<T>>) -> T {
    held.unwrap_or_else(PoisonError::into_inner)
}
