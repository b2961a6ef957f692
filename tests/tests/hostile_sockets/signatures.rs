//! What a device's key did not sign is never entered.

use domain::id::EntryId;
use domain::ledger::{DeviceKey, Sealed};
use domain::marking::{Alarm, Body, Mark};
use domain::number::Decimal;
use domain::scoring::Value;
use protocol::frame::{ClientFrame, Put, ServerFrame, Submission};
use server::accounts::Enrolled;
use tests::signing::Signing;
use tests::{Hall, TestDatabase};

use crate::stranger::Stranger;

fn submission(dseq: i64, value: i64) -> Submission {
    let mark = Mark {
        aspect: "A1.01".into(),
        competitor: "C002".into(),
        judge: "J2".into(),
        reason: None,
        round: 1,
        value: Value::Number(Decimal(value * 10_000)),
    };
    let number = u128::from(dseq.unsigned_abs()) * 1_000 + u128::from(value.unsigned_abs());
    Submission {
        base: None,
        body: Body::Mark(mark),
        client_time: 1_790_000_000_000,
        device_signature: None,
        drawing: None,
        dseq,
        elapsed_ms: 0,
        id: EntryId::made_at(1_790_000_000_000, number),
        reason: None,
    }
}

/// What the server says to one submission on a connection of its own: that it is entered, or why not.
async fn said(hall: &Hall, enrolled: &Enrolled, submission: &Submission) -> Result<EntryId, String> {
    let (mut stranger, epoch) = Stranger::greeted(hall, enrolled).await;
    stranger.frame(&ClientFrame::Put(Put { epoch, submissions: vec![submission.clone()] })).await;
    loop {
        match stranger.told().await.expect("an answer") {
            ServerFrame::Ack(ack) => return Ok(ack.receipts[0].id),
            ServerFrame::Nack(nack) => return Err(nack.reason),
            _ => {}
        }
    }
}

fn alarms(entries: &[Sealed]) -> Vec<(&str, EntryId)> {
    let alarm = |sealed: &'_ Sealed| match &sealed.entry.body {
        Body::Alarm(Alarm { code, entry, .. }) => Some((code.clone(), *entry)),
        _ => None,
    };
    let all = entries.iter().filter_map(alarm);
    all.map(|(code, entry)| (if code == "forged" { "forged" } else { "other" }, entry)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_devices_key_did_not_sign_is_never_entered_and_raises_one_alarm() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        let enrolled = hall.enrol("J2").await;
        let (accounts, ledger) = (&hall.running.app.accounts, &hall.running.app.ledger);
        // Before the device has a key nothing is asked.
        let unsigned = submission(1, 1);
        assert_eq!(said(&hall, &enrolled, &unsigned).await, Ok(unsigned.id), "{}", place.kind);
        assert_eq!(ledger.device_signature(unsigned.id).await.expect("an answer"), None);

        let (device, thief) = (Signing::fresh(), Signing::fresh());
        accounts.name_key(&enrolled.enrolment, &device.key()).await.expect("named");
        // What was entered before is answered as it was.
        assert_eq!(said(&hall, &enrolled, &unsigned).await, Ok(unsigned.id));
        let mut good = submission(2, 2);
        good.base = Some(unsigned.id);
        let mut of_another = good.clone();
        of_another.device_signature = Some(thief.sign(&good, &enrolled, &hall.skill));
        let mut changed = good.clone();
        changed.device_signature = Some(device.sign(&good, &enrolled, &hall.skill));
        changed.client_time += 1;
        let mut of_other_ledger = good.clone();
        of_other_ledger.device_signature = Some(device.sign(&good, &enrolled, &"another".into()));
        for (what, forged) in [
            ("unsigned", &good),
            ("by another key", &of_another),
            ("of other content", &changed),
            ("for another ledger", &of_other_ledger),
        ] {
            // However often it is sent.
            for _ in 0..2 {
                assert_eq!(said(&hall, &enrolled, forged).await, Err("forged".to_owned()), "{what}");
            }
        }
        good.device_signature = Some(device.sign(&good, &enrolled, &hall.skill));
        assert_eq!(said(&hall, &enrolled, &good).await, Ok(good.id), "the number was never used up");
        assert_eq!(ledger.device_signature(good.id).await.expect("an answer"), good.device_signature);

        // A browser that lost its storage names another key, and the one before is none any more.
        accounts.name_key(&enrolled.enrolment, &thief.key()).await.expect("named");
        let mut later = submission(3, 3);
        later.base = Some(good.id);
        later.device_signature = Some(device.sign(&later, &enrolled, &hall.skill));
        assert_eq!(said(&hall, &enrolled, &later).await, Err("forged".to_owned()));
        later.device_signature = Some(thief.sign(&later, &enrolled, &hall.skill));
        assert_eq!(said(&hall, &enrolled, &later).await, Ok(later.id));

        let entries = hall.entries().await;
        // The same content is one alarm, whoever signed it: the unsigned one and those of two others'.
        assert_eq!(alarms(&entries), [("forged", good.id), ("forged", good.id), ("forged", later.id)]);
        let marks: Vec<EntryId> = hall.marks().await.into_iter().map(|(id, ..)| id).collect();
        assert_eq!(marks, [unsigned.id, good.id, later.id]);
        hall.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_key_is_not_taken() {
    let place = TestDatabase::sqlite();
    let hall = Hall::open(&place).await;
    let enrolled = hall.enrol("J2").await;
    let accounts = &hall.running.app.accounts;
    let mut off_curve = Signing::fresh().key();
    off_curve.0[64] ^= 1;
    for unfit in [DeviceKey([0; 65]), off_curve] {
        accounts.name_key(&enrolled.enrolment, &unfit).await.expect_err("no key");
    }
    assert_eq!(accounts.key_of(&enrolled.enrolment).await.expect("an answer"), None);
    hall.close().await;
}
