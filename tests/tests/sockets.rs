//! The mark protocol over real sockets: what the simulation shows of the two sessions must hold of
//! what drives them too.

use std::collections::BTreeSet;

use domain::id::EntryId;
use domain::ledger::Status;
use judge_client::{Show, Standing, Trouble};
use protocol::frame::Cell;
use server::judging::sheets;
use tests::hall::{JUDGED, LEDGER};
use tests::{Hall, Random, Tablet, TestDatabase};

const COMPETITORS: [&str; 4] = ["C001", "C002", "C003", "C004"];

fn is_live(show: &Show) -> bool {
    *show == Show::Connection(judge_client::Connection::Live)
}

fn alarms(tablet: &Tablet) -> Vec<Trouble> {
    let trouble = |show| match show {
        Show::Trouble(trouble) => Some(trouble),
        _ => None,
    };
    tablet.shows().into_iter().filter_map(trouble).collect()
}

#[tokio::test]
async fn marks_over_a_socket_stand_in_the_ledger_where_their_receipts_say() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        let mut tablets = [hall.tablet("one", "J1"), hall.tablet("two", "J2")];
        let mut ids = Vec::new();
        for competitor in COMPETITORS {
            for tablet in &mut tablets {
                ids.push(tablet.mark(competitor, JUDGED, 2, None).await);
            }
            ids.push(tablets[0].mark(competitor, "A1.01", 25, None).await);
        }
        for tablet in &tablets {
            tablet.received().await;
        }
        let mut told = Vec::new();
        for tablet in &tablets {
            told.extend(ids.iter().filter_map(|id| Some((*id, tablet.receipt(*id)?.seq, Status::Accepted))));
            assert_eq!(alarms(tablet), []);
        }
        told.sort_by_key(|(_, seq, _)| *seq);
        assert_eq!(told, hall.marks().await);
        assert_eq!(told.len(), ids.len(), "{}", place.kind);
        hall.close().await;
    }
}

#[tokio::test]
async fn a_connection_that_is_cut_again_and_again_loses_and_doubles_nothing() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        let mut tablet = hall.tablet("one", "J1");
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
        assert_eq!(alarms(&tablet), []);
        hall.close().await;
    }
}

#[tokio::test]
async fn a_tablet_that_starts_again_sends_what_has_no_receipt() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        let file = place.folder.join("outbox");
        let mut tablet = hall.tablet_with_file("one", "J1", file.clone());
        tablet.player.set_online(false).await.unwrap();
        let ids = [tablet.mark("C001", "A1.01", 1, None).await, tablet.mark("C002", "A1.01", 2, None).await];
        tablet.player.stop().await;
        let tablet = hall.tablet_with_file("one", "J1", file);
        tablet.received().await;
        let entered: Vec<EntryId> = hall.marks().await.into_iter().map(|(id, ..)| id).collect();
        assert_eq!(entered, ids);
        hall.close().await;
    }
}

#[tokio::test]
async fn another_epoch_ends_the_connection_and_everything_is_confirmed_anew() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        let mut tablet = hall.tablet("one", "J1");
        let first = tablet.mark("C001", "A1.01", 1, None).await;
        tablet.received().await;
        let before = tablet.receipt(first).unwrap();
        // Another server begins it; this one learns of it from the database, after the next commit.
        hall.ledger.begin_epoch().await.unwrap();
        let second = tablet.mark("C002", "A1.01", 2, None).await;
        tablet.received().await;
        let (after, of_second) = (tablet.receipt(first).unwrap(), tablet.receipt(second).unwrap());
        assert_ne!(before.epoch, after.epoch);
        assert_eq!(after.epoch, of_second.epoch, "no receipt under the epoch that is over");
        assert_eq!((before.seq, before.hash), (after.seq, after.hash));
        // Told of it, the server ends even silent connections.
        hall.ledger.begin_epoch().await.unwrap();
        hall.judging.refresh_epoch().await.unwrap();
        let third = |show: &Show| matches!(show, Show::Entry { id, standing: Standing::Received(c) } if *id == first && c.epoch != after.epoch && c.epoch != before.epoch);
        tablet.shown(third).await;
        assert_eq!(alarms(&tablet), []);
        hall.close().await;
    }
}

#[tokio::test]
async fn a_newer_connection_of_a_device_closes_the_older() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        let older = hall.tablet("one", "J1");
        older.shown(is_live).await;
        let newer = hall.tablet("one", "J1");
        newer.shown(is_live).await;
        let is_waiting =
            |show: &Show| matches!(show, Show::Connection(judge_client::Connection::Waiting { .. }));
        older.shown(is_waiting).await;
        older.player.stop().await;
        assert_eq!(hall.judging.sockets(), 1);
        hall.close().await;
    }
}

#[tokio::test]
async fn a_judge_hears_of_the_panels_measurements_and_never_of_anothers_scores() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        let (mut one, two) = (hall.tablet("one", "J1"), hall.tablet("two", "J2"));
        let second_device = hall.tablet("one-more", "J1");
        for tablet in [&two, &second_device] {
            tablet.shown(is_live).await;
        }
        let score = one.mark("C001", JUDGED, 2, None).await;
        let measured = one.mark("C001", "A1.01", 5, None).await;
        let is_head =
            |of: EntryId| move |show: &Show| matches!(show, Show::Head { id: Some(id), .. } if *id == of);
        two.shown(is_head(measured)).await;
        second_device.shown(is_head(measured)).await;
        // What is told comes in one telling, the score before the measurement or never.
        let cell = |judge: Option<&str>, aspect: &str| Cell {
            aspect: aspect.into(),
            competitor: "C001".into(),
            judge: judge.map(Into::into),
            round: 1,
        };
        assert_eq!(two.heads(), [(cell(None, "A1.01"), Some(measured))]);
        assert!(second_device.heads().contains(&(cell(Some("J1"), JUDGED), Some(score))));
        hall.close().await;
    }
}

#[tokio::test]
async fn a_dispute_opens_the_next_round_on_every_tablet_of_the_panel() {
    let place = TestDatabase::sqlite();
    let hall = Hall::open(&place).await;
    let mut tablets = [hall.tablet("one", "J1"), hall.tablet("two", "J2"), hall.tablet("three", "J3")];
    for tablet in &tablets {
        tablet.shown(is_live).await;
    }
    for (tablet, rung) in tablets.iter_mut().zip([0, 1, 3]) {
        tablet.mark("C001", JUDGED, rung, None).await;
    }
    for tablet in &tablets {
        let judge = Some(tablet.judge.clone());
        let next = |show: &Show| matches!(show, Show::Head { cell, id: None } if cell.round == 2 && cell.judge == judge);
        tablet.shown(next).await;
        assert!(tablet.heads().iter().all(|(cell, _)| cell.judge == judge), "only one's own cells");
    }
    let state = hall.ledger.state(&LEDGER.into()).await.unwrap();
    let seen = sheets(&state, &"J2".into()).unwrap();
    let cell = &seen.forms[0].sheets[0].cells[3];
    assert!(cell.is_disputed && cell.round == 2 && cell.value.is_none() && cell.previous.is_some());
    hall.close().await;
}

#[tokio::test]
async fn a_judges_sheets_hold_the_panels_measurements_and_own_scores_only() {
    let place = TestDatabase::sqlite();
    let hall = Hall::open(&place).await;
    let (mut one, mut two) = (hall.tablet("one", "J1"), hall.tablet("two", "J2"));
    let score = one.mark("C002", JUDGED, 2, None).await;
    let others = two.mark("C002", JUDGED, 3, None).await;
    let measured = two.mark("C002", "A1.02", 7, None).await;
    one.received().await;
    two.received().await;
    let state = hall.ledger.state(&LEDGER.into()).await.unwrap();
    let seen = sheets(&state, &"J1".into()).unwrap();
    let text = serde_json::to_string(&seen).unwrap();
    assert!(text.contains(&score.to_string()) && text.contains(&measured.to_string()), "{text}");
    assert!(!text.contains(&others.to_string()), "{text}");
    assert_eq!((seen.seq, seen.is_open, seen.forms.len(), seen.competitors.len()), (4, true, 1, 4));
    assert_eq!(serde_json::from_str::<protocol::judge::Sheets>(&text).unwrap(), seen);
    assert_eq!(sheets(&state, &"J9".into()).unwrap().forms, []);
    hall.close().await;
}

#[tokio::test]
async fn a_server_that_stops_answers_what_it_took_and_closes_every_socket() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        let mut tablets = Vec::new();
        for number in 0..8 {
            tablets.push(hall.tablet(&format!("tablet-{number}"), "J1"));
        }
        let mut ids = Vec::new();
        for (number, tablet) in tablets.iter_mut().enumerate() {
            tablet.shown(is_live).await;
            let base = None;
            let aspect = ["A1.01", "A1.02"][number % 2];
            ids.push(tablet.mark(COMPETITORS[number / 2], aspect, 3, base).await);
        }
        hall.judging.stop().await;
        assert_eq!(hall.judging.sockets(), 0);
        let entered: BTreeSet<EntryId> = hall.marks().await.into_iter().map(|(id, ..)| id).collect();
        for (tablet, id) in tablets.iter().zip(ids) {
            // What was taken was answered before the close, what was not taken still waits.
            let is_ended = |show: &Show| matches!(show, Show::Ended { code, .. } if code == "unavailable");
            tablet.shown(is_ended).await;
            assert_eq!(tablet.receipt(id).is_some(), entered.contains(&id));
        }
        hall.close().await;
    }
}
