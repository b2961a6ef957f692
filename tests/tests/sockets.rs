//! The mark protocol over real sockets: what the simulation shows of the two sessions must hold of
//! what drives them too.

use std::collections::BTreeSet;
use std::time::Instant;

use domain::id::{EntryId, JudgeCode};
use domain::ledger::Status;
use domain::marking::State;
use domain::number::Decimal;
use domain::scoring::Value;
use judge_client::native::Storage;
use judge_client::{Connection, Show, Standing};
use protocol::frame::{Cell, Epoch};
use protocol::judge::{Revealed, Score, Sheets};
use server::accounts::{Enrolled, Who};
use server::judging::sheets;
use tests::hall::{COMPETITORS, JUDGED};
use tests::{Hall, Random, TestDatabase};

/// What a judge would be told of a state; to whose device and of which epoch is told by HTTP.
fn told(state: &State, judge: &JudgeCode) -> Option<Sheets> {
    sheets(state, Epoch(0), 0, &"tablet".into(), judge)
}

#[tokio::test(flavor = "multi_thread")]
async fn marks_over_a_socket_stand_in_the_ledger_where_their_receipts_say() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        let mut tablets = [hall.tablet("J1").await, hall.tablet("J2").await];
        let mut ids = Vec::new();
        for competitor in COMPETITORS {
            for tablet in &mut tablets {
                ids.push(tablet.mark(competitor, JUDGED, 2, None).await);
            }
            ids.push(tablets[0].mark(competitor, "A1.01", 25, None).await);
        }
        let mut told = Vec::new();
        for tablet in &tablets {
            tablet.received().await;
            told.extend(ids.iter().filter_map(|id| Some((*id, tablet.receipt(*id)?.seq, Status::Accepted))));
            assert_eq!(tablet.troubles(), []);
        }
        told.sort_by_key(|(_, seq, _)| *seq);
        assert_eq!(told, hall.marks().await);
        assert_eq!(told.len(), ids.len(), "{}", place.kind);
        hall.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_is_cut_again_and_again_loses_and_doubles_nothing() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        let mut tablet = hall.tablet("J1").await;
        let mut random = Random::new(7);
        let mut base = None;
        let mut ids = Vec::new();
        for value in 0..120 {
            base = Some(tablet.mark("C001", "A1.01", value % 50, base).await);
            ids.extend(base);
            if random.below(6) == 0 {
                tablet.player.set_online(false).await.unwrap();
                tablet.player.set_online(true).await.unwrap();
            }
        }
        tablet.received().await;
        let entered: Vec<(EntryId, Status)> =
            hall.marks().await.into_iter().map(|(id, _, status)| (id, status)).collect();
        assert_eq!(entered, ids.into_iter().map(|id| (id, Status::Accepted)).collect::<Vec<_>>());
        assert_eq!(tablet.troubles(), []);
        hall.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tablet_that_starts_again_sends_what_has_no_receipt() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        let (file, enrolled) = (place.folder.join("outbox"), hall.enrol("J1").await);
        let mut tablet = hall.tablet_with_file(&enrolled, file.clone());
        tablet.player.set_online(false).await.unwrap();
        let ids = [tablet.mark("C001", "A1.01", 1, None).await, tablet.mark("C002", "A1.01", 2, None).await];
        tablet.player.stop().await;
        let tablet = hall.tablet_with_file(&enrolled, file);
        tablet.received().await;
        let entered: Vec<EntryId> = hall.marks().await.into_iter().map(|(id, ..)| id).collect();
        assert_eq!(entered, ids);
        hall.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_epoch_ends_the_connection_and_everything_is_confirmed_anew() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        let (ledger, judging) = (&hall.running.app.ledger, &hall.running.app.judging);
        let mut tablet = hall.tablet("J1").await;
        let first = tablet.mark("C001", "A1.01", 1, None).await;
        tablet.received().await;
        let before = tablet.receipt(first).unwrap();
        // Another server begins it; this one learns of it from the database, after the next commit.
        ledger.begin_epoch().await.unwrap();
        let second = tablet.mark("C002", "A1.01", 2, None).await;
        tablet.received().await;
        let (after, of_second) = (tablet.receipt(first).unwrap(), tablet.receipt(second).unwrap());
        assert_ne!(before.epoch, after.epoch);
        assert_eq!(after.epoch, of_second.epoch, "no receipt under the epoch that is over");
        assert_eq!((before.seq, before.hash), (after.seq, after.hash));
        // Told of it, the server ends even silent connections.
        ledger.begin_epoch().await.unwrap();
        judging.refresh_epoch().await.unwrap();
        let is_third = |show: &Show| match show {
            Show::Entry { id, standing: Standing::Received(confirmed) } => {
                *id == first && ![before.epoch, after.epoch].contains(&confirmed.epoch)
            }
            _ => false,
        };
        tablet.shown(is_third).await;
        assert_eq!(tablet.troubles(), []);
        hall.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_connection_of_a_device_closes_the_older() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        let enrolled = hall.enrol("J1").await;
        let older = hall.tablet_of(&enrolled, Storage::Memory);
        older.live().await;
        let mut newer = hall.tablet_of(&enrolled, Storage::Memory);
        newer.live().await;
        older.shown(|show| matches!(show, Show::Connection(Connection::Waiting { .. }))).await;
        older.player.stop().await;
        newer.mark("C001", "A1.01", 5, None).await;
        newer.received().await;
        hall.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_whose_enrolment_ends_is_sent_away_within_seconds() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        let enrolled = hall.enrol("J1").await;
        let mut tablet = hall.tablet_of(&enrolled, Storage::Memory);
        tablet.live().await;
        let path = format!("/api/skills/{}/enrolments/{}", hall.skill, enrolled.enrolment);
        let begun = Instant::now();
        assert_eq!(hall.desk.send("DELETE", &path, Vec::new(), "").await.status, 204);
        tablet.shown(|show| matches!(show, Show::Ended { code, .. } if code == "ticket_refused")).await;
        println!("{}: sent away after {:?}", place.kind, begun.elapsed());
        tablet.mark("C001", "A1.01", 5, None).await;
        assert_eq!(tablet.player.unsent(), 1, "what it holds is kept");
        assert_eq!(hall.marks().await, []);
        hall.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_judge_hears_of_the_panels_measurements_and_never_of_anothers_scores() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        // The tablets mark on another server of the same database where there can be one.
        let other = if place.kind == "SQLite" { None } else { Some(hall.beside(&place).await) };
        let marked_at = other.as_ref().unwrap_or(&hall);
        let (mut one, two) = (marked_at.tablet("J1").await, hall.tablet("J2").await);
        let one_more = hall.tablet("J1").await;
        for tablet in [&two, &one_more] {
            tablet.live().await;
        }
        let score = one.mark("C001", JUDGED, 2, None).await;
        let measured = one.mark("C001", "A1.01", 5, None).await;
        let is_head =
            |of: EntryId| move |show: &Show| matches!(show, Show::Head { id: Some(id), .. } if *id == of);
        two.shown(is_head(measured)).await;
        one_more.shown(is_head(measured)).await;
        // Heads are told in the order of the ledger: the score before the measurement, or never.
        let cell = |judge: Option<&str>, aspect: &str| Cell {
            aspect: aspect.into(),
            competitor: "C001".into(),
            judge: judge.map(Into::into),
            round: 1,
        };
        one_more.shown(is_head(score)).await;
        assert_eq!(two.heads(), [(cell(None, "A1.01"), Some(measured))]);
        assert!(one_more.heads().contains(&(cell(Some("J1"), JUDGED), Some(score))));
        hall.close().await;
        if let Some(other) = other {
            other.close().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dispute_opens_the_next_round_on_every_tablet_of_the_panel() {
    let place = TestDatabase::sqlite();
    let hall = Hall::open(&place).await;
    let mut tablets = [hall.tablet("J1").await, hall.tablet("J2").await, hall.tablet("J3").await];
    for tablet in &tablets {
        tablet.live().await;
    }
    for (at, (tablet, rung)) in tablets.iter_mut().zip([0, 1, 3]).enumerate() {
        let state = hall.running.app.ledger.state(&hall.skill).await.unwrap();
        for judge in ["J1", "J2", "J3"] {
            let cell = told(&state, &judge.into()).unwrap().forms[0].sheets[0].cells[3].clone();
            assert_eq!((cell.revealed, cell.mark), (Vec::new(), None), "{at} of three have scored");
        }
        tablet.mark("C001", JUDGED, rung, None).await;
        tablet.received().await;
    }
    for tablet in &tablets {
        let judge = Some(tablet.judge.clone());
        let is_next = |show: &Show| matches!(show, Show::Head { cell, id: None } if cell.round == 2 && cell.judge == judge);
        tablet.shown(is_next).await;
        assert!(tablet.heads().iter().all(|(cell, _)| cell.judge == judge), "only one's own cells");
    }
    let state = hall.running.app.ledger.state(&hall.skill).await.unwrap();
    let seen = told(&state, &"J2".into()).unwrap();
    let cell = &seen.forms[0].sheets[0].cells[3];
    assert!(cell.is_disputed && cell.round == 2 && cell.value.is_none() && cell.previous.is_some());
    // once all have scored, all are told.
    let [Revealed { round: 1, scores }] = cell.revealed.as_slice() else { panic!("{cell:?}") };
    let said = scores.iter().map(|Score { judge, value }| (judge.as_str(), value.clone()));
    let whole = |rung| Value::Number(Decimal::whole(rung));
    assert!(said.eq([("J1", whole(0)), ("J2", whole(1)), ("J3", whole(3))]), "{scores:?}");
    assert_eq!(cell.mark, None, "a spread of 3 gives no mark");
    hall.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tablet_is_told_to_ask_again_once_the_marking_is_closed() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        let tablet = hall.tablet("J1").await;
        tablet.live().await;
        let asks = |show: &Show| matches!(show, Show::Head { cell, id: None } if cell.round == 0);
        assert!(tablet.heads().iter().all(|(cell, _)| cell.round > 0), "nothing changed yet");
        hall.act(protocol::desk::Act::Close).await;
        tablet.shown(asks).await;
        hall.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_judges_sheets_hold_the_panels_measurements_and_own_scores_only() {
    let place = TestDatabase::sqlite();
    let hall = Hall::open(&place).await;
    let enrolled = hall.enrol("J1").await;
    let (mut one, mut two) = (hall.tablet_of(&enrolled, Storage::Memory), hall.tablet("J2").await);
    let score = one.mark("C002", JUDGED, 2, None).await;
    let others = two.mark("C002", JUDGED, 3, None).await;
    let measured = two.mark("C002", "A1.02", 7, None).await;
    one.received().await;
    two.received().await;
    let accounts = &hall.running.app.accounts;
    let card = accounts.make_card(&hall.skill, &"J1".into(), domain::access::Role::Judge).await.unwrap();
    let signed_in = accounts.enrol(&card.code, &card.pin).await.unwrap();
    let mut browser = hall.desk.clone();
    browser.bearer = Some(signed_in.secret);
    let Who::Judge(Enrolled { device, .. }) = signed_in.who else { panic!("a judge's card") };
    let answer = browser.get("/api/judge/sheets").await;
    let seen: Sheets = answer.json(200);
    assert!(answer.text.contains(&score.to_string()) && answer.text.contains(&measured.to_string()));
    assert!(!answer.text.contains(&others.to_string()), "{}", answer.text);
    assert_eq!((seen.seq, seen.is_open, seen.forms.len(), seen.competitors.len()), (4, true, 2, 4));
    let state = hall.running.app.ledger.state(&hall.skill).await.unwrap();
    let epoch = Epoch::parse(&hall.running.app.ledger.epoch().await.unwrap()).unwrap();
    assert_eq!((&seen.device, seen.epoch), (&device, epoch), "whose they are, and as of when");
    let mut told_here = sheets(&state, epoch, 0, &seen.device, &"J1".into()).unwrap();
    // Besides what the ledger says: that another device of theirs is here, whom the round waits for, and that
    // no device of those is.
    told_here.also =
        "另有 1 台设备也以您的身份在线；两边录入的都保留。不在您手里的，请告诉裁判长。".to_owned();
    told_here.forms[0].sheets[1].cells[3].waits_for = "J3（离线）".to_owned();
    assert_eq!(told_here, seen);
    assert_eq!(told(&state, &"J2".into()).unwrap().forms.len(), 1, "one panel only");
    assert_eq!(told(&state, &"J9".into()).unwrap().forms, []);
    hall.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stops_answers_what_it_took_and_closes_every_socket() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        let mut tablets = Vec::new();
        for judge in ["J1", "J2", "J3"] {
            tablets.push(hall.tablet(judge).await);
            tablets.last().unwrap().live().await;
        }
        let mut ids = Vec::new();
        for competitor in COMPETITORS {
            for tablet in &mut tablets {
                ids.push(tablet.mark(competitor, JUDGED, 3, None).await);
            }
        }
        hall.running.app.judging.stop().await;
        assert_eq!(hall.running.app.judging.sockets(), 0);
        let entered: BTreeSet<EntryId> = hall.marks().await.into_iter().map(|(id, ..)| id).collect();
        for tablet in &tablets {
            tablet.shown(|show| matches!(show, Show::Ended { code, .. } if code == "unavailable")).await;
        }
        // What was taken was answered before the close, what was not taken still waits.
        for id in ids {
            let is_received = tablets.iter().any(|tablet| tablet.receipt(id).is_some());
            assert_eq!(is_received, entered.contains(&id));
        }
        hall.close().await;
    }
}
