//! Signatures as they were drawn: what is kept beside the ledger, who may see it, and how it is erased, on
//! both databases.

use domain::access::Role;
use domain::id::EntryId;
use domain::ledger::{Command, Status};
use domain::marking::Body;
use protocol::drawing::{DRAWING_BYTES_MAX, Drawing};
use protocol::frame::Submission;
use serde_json::json;
use server::ledger::{LedgerError, Origin, Submission as ForLedger};
use tests::chief::{chief, device, form, page, sign, signature, words};
use tests::signing::Signing;
use tests::{Hall, Tablet, TestDatabase};

const STROKES: &str = "M120,80l3,-2 5,7M700,300l-40,12";

fn drawing(strokes: &str) -> Drawing {
    Drawing::new("0123456789abcdef".to_owned(), strokes.to_owned())
}

/// J1's tablet, B1 of C001 marked.
async fn marked(hall: &Hall) -> (Tablet, EntryId) {
    let mut tablet = hall.tablet("J1").await;
    let mark = tablet.mark("C001", "B1.01", 30, None).await;
    tablet.received().await;
    (tablet, mark)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drawn_signature_is_shown_to_its_judge_and_the_chief_judge_and_can_be_erased() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        let (chief, own, other) = (
            chief(&hall).await,
            device(&hall, "J1", Role::Judge).await,
            device(&hall, "J2", Role::Judge).await,
        );
        let (mut tablet, mark) = marked(&hall).await;
        assert!(!page(&chief).await.contains("/api/judge/drawings/"), "nobody has signed");
        let drawn = drawing(STROKES);
        let body = Body::Sign(signature(&hall, "C001", Some(&drawn)).await);
        let id = tablet.enter_with(body, Some(drawn.clone()), None).await;
        tablet.received().await;
        assert_eq!(tablet.receipt(id).expect("a receipt").status, Status::Accepted);

        let ledger = &hall.running.app.ledger;
        assert_eq!(ledger.drawing(id).await, Ok(Some(drawn.clone())));
        let entries = hall.entries().await;
        let json = &entries.last().expect("an entry").json;
        assert!(json.contains(&drawn.commitment().to_string()) && !json.contains(STROKES), "{json}");

        let address = format!("/api/judge/drawings/{id}");
        let html = page(&chief).await;
        assert!(html.contains(&address) && html.contains("Signature of J1"), "{html}");
        for who in [&chief, &own] {
            let picture = who.get(&address).await;
            assert_eq!((picture.status, picture.header("content-type")), (200, Some("image/svg+xml")));
            assert!(picture.text.contains(STROKES), "{}", picture.text);
        }
        assert_eq!(other.get(&address).await.status, 404, "it is not theirs");
        assert_eq!(hall.desk.get(&address).await.status, 403);
        assert_eq!(chief.get(&format!("/api/judge/drawings/{mark}")).await.status, 404, "a mark has none");
        assert_eq!(chief.get("/api/judge/drawings/x").await.status, 404);
        let sheets = |html: &str| html.matches(&id.to_string()).count();
        assert_eq!(sheets(&own.get("/api/judge/sheets").await.text), 1, "the judge's own sheet tells it");
        assert_eq!(sheets(&other.get("/api/judge/sheets").await.text), 0);

        assert_eq!(ledger.erase_drawing(id).await, Ok(true));
        assert_eq!(ledger.erase_drawing(id).await, Ok(false));
        assert_eq!(chief.get(&address).await.status, 404);
        assert_eq!(hall.entries().await, entries, "every proof stays as it is");

        // A correction makes the signature void, drawn as it was.
        tablet.mark("C001", "B1.01", 35, Some(mark)).await;
        tablet.received().await;
        assert!(!page(&chief).await.contains(&address), "{}", place.kind);
        // One who signs without drawing signs.
        assert_eq!(sign(&hall, &mut tablet, "C001").await, Status::Accepted);
        let html = page(&chief).await;
        assert!(!html.contains("/api/judge/drawings/") && html.contains("/chief/lock"), "{html}");
        assert!(words(&html).contains("Lock"), "{html}");
        let _ = form(&html, "/chief/lock", "C001");
        hall.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drawing_that_is_none_or_not_the_one_committed_to_is_never_entered() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        let (_tablet, _) = marked(&hall).await;
        let fit = drawing(STROKES);
        let enrolled = hall.enrol("J1").await;
        let body = Body::Sign(signature(&hall, "C001", Some(&fit)).await);
        let submission = |body: &Body, drawing: Option<Drawing>| ForLedger {
            ledger_id: hall.skill.clone(),
            command: Command {
                actor: "J1".to_owned(),
                base: None,
                body: body.clone(),
                client_time: 1_790_000_000_000,
                device: enrolled.device.clone(),
                dseq: 1,
                id: EntryId::made_at(1_790_000_000_000, 7),
                role: Role::Judge,
                second: None,
            },
            origin: Origin::Unsigned,
            drawing,
            reason: None,
        };
        let ledger = &hall.running.app.ledger;
        let before = hall.entries().await.len();
        let other = submission(&body, Some(drawing("M1,1l2,2")));
        assert_eq!(ledger.submit(other).await, Err(LedgerError::DrawingDiffers));
        let blank = Body::Sign(signature(&hall, "C001", None).await);
        let uncommitted = submission(&blank, Some(fit.clone()));
        assert_eq!(ledger.submit(uncommitted).await, Err(LedgerError::DrawingDiffers));
        let endless = format!("M1,1l{}", ["0,0"; DRAWING_BYTES_MAX / 4].join(" "));
        for unfit in ["M1,1l2.5,2", "<script>", "", &endless] {
            let unfit = drawing(unfit);
            let body = Body::Sign(signature(&hall, "C001", Some(&unfit)).await);
            let refused = ledger.submit(submission(&body, Some(unfit))).await;
            assert_eq!(refused, Err(LedgerError::DrawingUnfit));
        }
        assert_eq!(hall.entries().await.len(), before);
        let receipt = ledger.submit(submission(&body, Some(fit.clone()))).await.expect("a receipt");
        assert_eq!(receipt.status, Status::Accepted);
        assert_eq!(ledger.erase_drawing(receipt.id).await, Ok(true));
        // A device that sends it again does not bring it back.
        let again = ledger.submit(submission(&body, Some(fit))).await.expect("a receipt");
        assert!(again.was_there_before);
        assert_eq!(ledger.drawing(receipt.id).await, Ok(None), "{}", place.kind);
        hall.close().await;
    }
}

/// the device's signature holds the drawing by the commitment to it.
#[tokio::test(flavor = "multi_thread")]
async fn a_drawn_signature_comes_by_a_tablets_file_as_it_was_drawn() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        let chief = chief(&hall).await;
        let (_tablet, _) = marked(&hall).await;
        let (key, enrolled) = (Signing::fresh(), hall.enrol("J1").await);
        hall.running.app.accounts.name_key(&enrolled.enrolment, &key.key()).await.expect("named");
        let drawn = drawing(STROKES);
        let mut one = Submission {
            base: None,
            body: Body::Sign(signature(&hall, "C001", Some(&drawn)).await),
            client_time: 1_790_000_000_000,
            device_signature: None,
            drawing: Some(drawn.clone()),
            dseq: 1,
            elapsed_ms: 0,
            id: EntryId::made_at(1_790_000_000_000, 9),
            reason: None,
        };
        one.device_signature = Some(key.sign(&one, &enrolled, &hall.skill));
        let who = json!({"device": enrolled.device, "judge": "J1", "role": "judge", "ledger": hall.skill});
        let kept = json!([{"cell": null, "confirmed": null, "submission": one}]);
        let file = json!({"format": "leitai-outbox", "v": 1, "outboxes": [{"who": who, "kept": kept}]});
        let upload = async |file: &str| {
            let body = format!(
                "--x\r\ncontent-disposition: form-data; name=\"outbox\"; filename=\"a.json\"\r\n\r\n{file}\r\n--x--\r\n"
            );
            chief.send("POST", "/chief/outbox", body.into_bytes(), "multipart/form-data; boundary=x").await
        };
        let before = hall.entries().await.len();
        let forged = upload(&file.to_string().replace(STROKES, "M1,1l2,2")).await;
        assert!(forged.text.contains("does not fit what the entry commits to"), "{}", forged.text);
        assert_eq!(hall.entries().await.len(), before);
        assert_eq!(upload(&file.to_string()).await.header("location"), Some("/chief?done=carried-1-0-0-0"));
        assert_eq!(hall.running.app.ledger.drawing(one.id).await, Ok(Some(drawn)), "{}", place.kind);
        hall.close().await;
    }
}
