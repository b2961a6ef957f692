//! The hall of one skill: a tablet for every judge and the organisers' desk, and what is planned being
//! done at them. A rehearsal plays whole competitions with it, the demonstration goes on marking.

mod plan;
mod tablet;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::finding::{Finding, Place, Spoken};
use domain::findings;
use domain::id::{EntryId, JudgeCode, LedgerId};
use protocol::desk::{Card, CardFor, Decide};
use protocol::frame::ReasonText;
use protocol::judge::Confirm;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::http::Client;
pub(crate) use plan::{By, Deed, plan};
pub(crate) use tablet::{Heard, Tablet};

findings! {
    /// What goes wrong at the tablets.
    pub(crate) enum HallFinding {
        CardOfNobody { judge: String } = Error "card_of_nobody",
            "裁判“{judge}”的登录卡没有登记出设备。",
            "The card of judge \"{judge}\" made no device.";
        TabletEnded { code: String, problem: Spoken } = Error "tablet_ended",
            "平板与服务器的连接被结束（{code}）：{problem:#}",
            "The server ended a tablet's connection ({code}): {problem}";
        NotAccepted { status: String, code: String } = Error "deed_not_accepted",
            "服务器记录了它，但未接受（{status}，{code}）。",
            "The server entered it as not accepted ({status}, {code}).";
        NobodyThere = Error "tablet_missing",
            "做这件事的裁判没有平板。",
            "The judge who does this has no tablet.";
    }
}

/// How many judges are enrolled at once: a server checks few PINs at a time, since that is meant to be
/// slow, and turns away those who would wait long.
pub(crate) const QUEUE: usize = 4;

/// One skill's tablets and its desk.
pub(crate) struct Hall {
    ledger: LedgerId,
    /// The organiser's program.
    desk: Client,
    tablets: HashMap<JudgeCode, Tablet>,
    /// What each deed became in the ledger, by its number in the plan.
    entries: Mutex<HashMap<EntryId, EntryId>>,
}

impl Hall {
    /// Makes a card for each judge at the desk, and a tablet theirs with it, at the server that is said
    /// beside the judge. `desk` is signed in as an organiser. `heard` is told what the tablets tell; it
    /// must not wait. `queue` says how many are enrolled at once ([`QUEUE`]).
    ///
    /// # Errors
    /// Where a server does not answer or refuses.
    pub(crate) async fn gather(
        ledger: LedgerId,
        desk: Client,
        judges: Vec<(JudgeCode, Client)>,
        queue: &Arc<Semaphore>,
        seed: u64,
        heard: impl Fn(Heard) + Clone + Send + 'static,
    ) -> Result<Self, Finding> {
        let cards = format!("/api/skills/{ledger}/cards");
        let mut seating = JoinSet::new();
        for (judge, at) in judges {
            let (desk, cards, heard) = (desk.clone(), cards.clone(), heard.clone());
            let queue = Arc::clone(queue);
            // Each tablet has a seed of its own.
            let byte = |seed: u64, byte: u8| seed.wrapping_mul(31).wrapping_add(byte.into());
            let seed = judge.as_str().bytes().fold(seed, byte);
            seating.spawn(async move {
                // It is never closed, and enrolling is right without a turn too.
                let _turn = queue.acquire().await;
                let card: Card = desk.ask(&cards, &CardFor { judge }).await?;
                Tablet::enrol(&at, &card, seed, heard).await
            });
        }
        let mut tablets = HashMap::new();
        while let Some(seated) = seating.join_next().await {
            let tablet = seated.map_err(|_| HallFinding::NobodyThere.at(Place::default()))??;
            tablets.insert(tablet.judge().clone(), tablet);
        }
        Ok(Self { ledger, desk, tablets, entries: Mutex::default() })
    }

    /// Which skill.
    pub(crate) fn ledger(&self) -> &LedgerId {
        &self.ledger
    }

    /// A judge's tablet.
    ///
    /// # Errors
    /// Where the judge has none.
    pub(crate) fn tablet(&self, judge: &JudgeCode) -> Result<&Tablet, Finding> {
        self.tablets.get(judge).ok_or_else(|| HallFinding::NobodyThere.at(Place::default()))
    }

    /// What stands in the ledger for a deed's number: what it became, or itself where it was entered
    /// under it.
    pub(crate) fn entry_of(&self, deed: EntryId) -> EntryId {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.get(&deed).copied().unwrap_or(deed)
    }

    /// Does something: has it confirmed by a second person where it needs one, and enters it at the
    /// doer's tablet or at the desk. Gives the entry's id; at a tablet the receipt comes later.
    ///
    /// # Errors
    /// Where the tablet or the server does not take it.
    pub(crate) async fn perform(&self, deed: &Deed, told: impl FnOnce(EntryId)) -> Result<EntryId, Finding> {
        let doer = match &deed.by {
            By::Judge(judge) => Some(self.tablet(judge)?),
            By::Organiser => None,
        };
        let maker = doer.or_else(|| self.tablets.values().next());
        let id = maker.ok_or_else(|| HallFinding::NobodyThere.at(Place::default()))?.new_id();
        // Before it is sent, so that whoever hears of its receipt knows what it was.
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).insert(deed.id, id);
        told(id);
        if let Some(second) = &deed.second {
            self.confirm(deed, second, &Confirm { act: id, body: deed.body.clone() }).await?;
        }
        match doer {
            Some(tablet) => tablet.enter(id, deed.base.map(|base| self.entry_of(base)), deed).await?,
            None => {
                let reason = deed.reason.clone();
                let reason = reason.map(|reason| ReasonText { salt: reason.salt, text: reason.text });
                let decide = Decide { act: id, body: deed.body.clone(), reason };
                self.desk.tell(&format!("/api/skills/{}/decisions", self.ledger), &decide).await?;
            }
        }
        Ok(id)
    }

    /// The second person is the judge whom the package names; where it names nobody with a tablet, an
    /// organiser for what the chief judge does, and any judge for what organisers do.
    async fn confirm(&self, deed: &Deed, second: &str, confirm: &Confirm) -> Result<(), Finding> {
        let named = self.tablets.get(second).filter(|tablet| deed.by != By::Judge(tablet.judge().clone()));
        let at_desk = deed.by == By::Organiser;
        let mut judges: Vec<&Tablet> = self.tablets.values().filter(|_| at_desk).collect();
        judges.sort_by_key(|tablet| tablet.judge());
        match named.or(judges.first().copied()) {
            Some(tablet) => tablet.confirm(confirm).await,
            None => self.desk.tell(&format!("/api/skills/{}/confirmations", self.ledger), confirm).await,
        }
    }
}
