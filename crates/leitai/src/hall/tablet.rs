//! One judge's tablet: made the judge's by card and PIN, as a person does it, and marking over a
//! socket of its own.

use std::sync::{Arc, Mutex, PoisonError};

use domain::finding::{Finding, Place};
use domain::id::{DeviceId, EntryId, JudgeCode};
use judge_client::native::{Options, Player, PlayerError, Random, Storage, unix_ms};
use judge_client::{Act, Confirmed, Device, Show, Standing};
use protocol::account::{Enrol, Identity, SignedIn, Ticket};
use protocol::desk::Card;
use protocol::frame::{Cell, ReasonText, Versions};
use protocol::judge::Confirm;

use super::HallFinding;
use super::plan::Deed;
use crate::http::Client;

/// What a tablet has to tell.
pub(crate) enum Heard {
    /// An entry has its receipt.
    Received(EntryId, Confirmed),
    /// Something that a person has to know or do.
    Alarm(Finding),
}

/// One enrolled tablet. It ends when it is stopped or dropped.
pub(crate) struct Tablet {
    judge: JudgeCode,
    device: DeviceId,
    client: Client,
    player: Player,
    random: Mutex<Random>,
}

impl Tablet {
    /// Makes the device the judge's, and connects. `heard` is told of receipts and alarms; it must not
    /// wait. The seed is that of its nonces, of how long it waits, and of the ids it makes.
    ///
    /// # Errors
    /// Where the card is refused or the server does not answer.
    pub(crate) async fn enrol(
        client: &Client,
        card: &Card,
        seed: u64,
        mut heard: impl FnMut(Heard) + Send + 'static,
    ) -> Result<Self, Finding> {
        let enrol = Enrol { code: card.code.clone(), pin: card.pin.clone() };
        let signed_in: SignedIn = client.ask("/api/enrol", &enrol).await?;
        let (Identity::Judge(bench), Some(bearer)) = (signed_in.who, signed_in.bearer) else {
            return Err(HallFinding::CardOfNobody { judge: card.judge.to_string() }.at(Place::default()));
        };
        let client = client.with_bearer(bearer);
        let ticketing = client.clone();
        let judge = card.judge.clone();
        let device = bench.device.clone();
        let options = Options {
            device: Device { id: bench.device, ledger: bench.ledger, versions: Versions::OURS },
            url: client.socket(),
            authority: client.authority().cloned(),
            origin: None,
            ticket: Arc::new(move || {
                let client = ticketing.clone();
                Box::pin(async move {
                    let ticket = client.ask::<_, Ticket>("/api/judge/ticket", &()).await;
                    ticket.map(|ticket| ticket.ticket).map_err(|finding| finding.code.to_owned())
                })
            }),
            storage: Storage::Memory,
            seed,
            show: Box::new(move |show| {
                if let Some(news) = news(show) {
                    heard(news);
                }
            }),
        };
        let player = Player::start(options).map_err(|error| error.at(Place::default()))?;
        // Seeds that lie close together are drawn apart before the moment is mixed in, or two tablets
        // might make the same ids.
        let random = Random::new(Random::new(seed).next_number() ^ unix_ms());
        Ok(Self { judge, device, client, player, random: Mutex::new(random) })
    }

    /// Whose it is.
    pub(crate) fn judge(&self) -> &JudgeCode {
        &self.judge
    }

    /// The device that it was made.
    pub(crate) fn device(&self) -> &DeviceId {
        &self.device
    }

    /// An id for an act that was never used before.
    pub(crate) fn new_id(&self) -> EntryId {
        let mut random = self.random.lock().unwrap_or_else(PoisonError::into_inner);
        EntryId::made_at(unix_ms(), random.next_wide())
    }

    /// Enters what its judge does, and returns once that is saved on the tablet.
    ///
    /// # Errors
    /// Where the tablet cannot take it.
    pub(crate) async fn enter(&self, id: EntryId, base: Option<EntryId>, deed: &Deed) -> Result<(), Finding> {
        let cell = match &deed.body {
            domain::marking::Body::Mark(mark) => Some(Cell {
                aspect: mark.aspect.clone(),
                competitor: mark.competitor.clone(),
                judge: deed.is_score.then(|| mark.judge.clone()),
                round: mark.round,
            }),
            _ => None,
        };
        let reason = deed.reason.clone();
        let act = Act {
            id,
            body: deed.body.clone(),
            cell,
            base,
            client_time: i64::try_from(unix_ms()).unwrap_or_default(),
            elapsed_ms: 0,
            drawing: None,
            reason: reason.map(|reason| ReasonText { salt: reason.salt, text: reason.text }),
        };
        self.player.enter(act).await.map_err(at_tablet)
    }

    /// Says, as its judge, that a second person stands behind an act of another.
    ///
    /// # Errors
    /// Where the server does not take it.
    pub(crate) async fn confirm(&self, confirm: &Confirm) -> Result<(), Finding> {
        self.client.tell("/api/judge/confirmations", confirm).await
    }

    /// Waits until no more than so many entries have no receipt.
    ///
    /// # Errors
    /// Where the tablet stops before.
    pub(crate) async fn wait_until_unsent(&self, most: usize) -> Result<(), Finding> {
        self.player.wait_until_unsent(most).await.map_err(at_tablet)
    }

    /// Takes the network away, or gives it back.
    ///
    /// # Errors
    /// Where the tablet has stopped.
    pub(crate) async fn set_online(&self, is_online: bool) -> Result<(), Finding> {
        self.player.set_online(is_online).await.map_err(at_tablet)
    }
}

fn at_tablet(error: PlayerError) -> Finding {
    error.at(Place::default())
}

/// What of everything shown is told on.
fn news(show: &Show) -> Option<Heard> {
    match show {
        Show::Entry { id, standing: Standing::Received(confirmed) } => {
            Some(Heard::Received(*id, confirmed.clone()))
        }
        Show::Trouble(trouble) => {
            let finding = trouble.at(Place::default());
            finding.is_error().then_some(Heard::Alarm(finding))
        }
        Show::Ended { code, ending } => {
            let ending = ending.as_ref().filter(|ending| ending.needs_a_person())?;
            let problem = ending.spoken();
            Some(Heard::Alarm(HallFinding::TabletEnded { code: code.clone(), problem }.at(Place::default())))
        }
        _ => None,
    }
}
