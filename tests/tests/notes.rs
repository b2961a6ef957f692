//! Notes and photos of judges over HTTP, on both databases: who brings, sees and erases them, and what is
//! refused.
#![expect(clippy::expect_used, reason = "a test stops at what it cannot do")]

use domain::access::Role;
use domain::id::EntryId;
use protocol::note::{A_MINUTE_MAX, OF_CELL_MAX, PHOTO_BYTES_MAX, PHOTOS_OF_CELL_MAX};
use serde_json::{Value, json};
use server::http::{Guard, routes};
use tests::chief::{chief, device, page, words};
use tests::hall::JUDGED;
use tests::http::{Answer, Browser};
use tests::picture::jpeg;
use tests::{Hall, TestDatabase};

const TEXT: &str = "the root <b>is</b> open at 12 mm";

/// The id of a note, made on a device.
fn id(number: u128) -> String {
    EntryId::made_at(1_790_000_000_000, number).to_string()
}

/// A judge's tablet that reads refusals as a program.
async fn tablet(hall: &Hall, judge: &str) -> Browser {
    let mut tablet = device(hall, judge, Role::Judge).await;
    tablet.headers = vec![("accept", "application/json"), ("accept-language", "en")];
    tablet
}

/// The query that says where a note belongs.
fn place(hall: &Hall, judge: &str, competitor: &str, aspect: &str) -> String {
    format!(
        "ledger={}&judge={judge}&competitor={competitor}&aspect={aspect}&made_at=1790000000000",
        hall.skill
    )
}

async fn write(tablet: &Browser, id: &str, place: &str, text: &str) -> Answer {
    let body = json!({ "text": text }).to_string().into_bytes();
    tablet.send("PUT", &format!("/api/judge/notes/{id}?{place}"), body, "application/json").await
}

async fn attach(tablet: &Browser, id: &str, place: &str, bytes: Vec<u8>) -> Answer {
    tablet.send("PUT", &format!("/api/judge/photos/{id}?{place}"), bytes, "image/jpeg").await
}

async fn take_back(tablet: &Browser, hall: &Hall, judge: &str, id: &str) -> Answer {
    let path = format!("/api/judge/notes/{id}?ledger={}&judge={judge}", hall.skill);
    tablet.send("DELETE", &path, Vec::new(), "").await
}

async fn own(tablet: &Browser, hall: &Hall, judge: &str) -> Vec<String> {
    let path = format!("/api/judge/notes?ledger={}&judge={judge}", hall.skill);
    let notes: Value = tablet.get(&path).await.json(200);
    let ids = notes["notes"].as_array().expect("notes").iter();
    ids.map(|note| note["id"].as_str().expect("an id").to_owned()).collect()
}

async fn count(hall: &Hall, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(hall.running.app.database.pool()).await.expect("a count")
}

#[tokio::test(flavor = "multi_thread")]
async fn notes_and_photos_are_seen_by_their_writer_the_chief_judge_and_the_organisers_and_by_nobody_else() {
    for place_of in TestDatabase::every_kind() {
        let hall = Hall::open(&place_of).await;
        let (one, other) = (tablet(&hall, "J1").await, tablet(&hall, "J2").await);
        let cell = place(&hall, "J1", "C001", "A1.01");
        let picture = jpeg(1_600, 1_200, &[]);
        for _ in 0..2 {
            // However often it is sent, it is there once.
            assert_eq!(write(&one, &id(1), &cell, TEXT).await.json::<Value>(200), json!({ "id": id(1) }));
            assert_eq!(attach(&one, &id(2), &cell, picture.clone()).await.json::<Value>(200)["id"], id(2));
        }
        assert_eq!(own(&one, &hall, "J1").await.len(), 2);
        assert_eq!(hall.entries().await.len(), 1, "the ledger holds its opening and nothing of this");

        let shown = one.get(&format!("/api/judge/photos/{}", id(2))).await;
        assert_eq!((shown.status, &shown.bytes), (200, &picture), "{}", place_of.kind);
        let disposition = format!("inline; filename=\"{}.jpg\"", id(2));
        for (name, value) in [
            ("content-type", "image/jpeg"),
            ("x-content-type-options", "nosniff"),
            ("content-disposition", disposition.as_str()),
            ("cache-control", "private, no-store"),
        ] {
            assert_eq!(shown.header(name), Some(value));
        }

        assert_eq!(own(&other, &hall, "J2").await.len(), 0, "a judge sees no other's");
        assert_eq!(other.get(&format!("/api/judge/photos/{}", id(2))).await.status, 404);
        let chief = chief(&hall).await;
        assert!(words(&page(&chief).await).contains("Judges' notes and photos (2)"));
        let listed = chief.get("/chief/notes").await;
        assert!(listed.text.contains("the root &lt;b&gt;is&lt;/b&gt; open at 12 mm"), "{}", listed.text);
        assert!(words(&listed.text).contains("C001 A1.01"), "{}", listed.text);
        let picture_of_chief = format!("/chief/photos/{}", id(2));
        assert!(listed.text.contains(&format!("src=\"{picture_of_chief}\"")), "{}", listed.text);
        assert_eq!(chief.get(&picture_of_chief).await.bytes, picture);
        let found = chief.get("/chief/notes?find=c002").await;
        assert!(found.text.contains("No notes or photos") && !found.text.contains("12 mm"));

        let mut desk = hall.desk.clone();
        desk.headers = chief.headers.clone();
        let at_desk = format!("/desk/skill/{}/notes", hall.skill);
        assert!(desk.get(&at_desk).await.text.contains("12 mm"));
        let picture_at_desk = format!("/desk/skill/{}/photos/{}", hall.skill, id(2));
        assert_eq!(desk.get(&picture_at_desk).await.bytes, picture);
        let of_skill = format!("/api/skills/{}/notes", hall.skill);
        let all: Value = hall.desk.get(&of_skill).await.json(200);
        assert_eq!(all["notes"].as_array().map(Vec::len), Some(2));
        assert_eq!(desk.get(&format!("/desk/skill/another/photos/{}", id(2))).await.status, 404);

        let nobody = Browser::new(hall.address());
        let own_list = format!("/api/judge/notes?ledger={}&judge=J1", hall.skill);
        let own_picture = format!("/api/judge/photos/{}", id(2));
        for (path, judge) in [
            ("/api/judge/notes", 400),
            (own_list.as_str(), 403),
            (own_picture.as_str(), 404),
            ("/chief/notes", 403),
            (&picture_of_chief, 403),
            (&at_desk, 403),
            (&picture_at_desk, 403),
            (&of_skill, 403),
        ] {
            assert_eq!(nobody.get(path).await.status, 401, "{path}");
            assert_eq!(other.get(path).await.status, judge, "{path}");
        }
        nothing_is_public(&hall, &nobody).await;

        assert_eq!(take_back(&other, &hall, "J2", &id(2)).await.status, 404, "only its writer takes it back");
        for number in [1, 2] {
            assert_eq!(take_back(&one, &hall, "J1", &id(number)).await.json::<Value>(200)["id"], id(number));
            assert_eq!(take_back(&one, &hall, "J1", &id(number)).await.code(), "not_found");
        }
        assert_eq!(own(&one, &hall, "J1").await.len(), 0);
        assert_eq!(one.get(&own_picture).await.status, 404);
        assert!(!chief.get("/chief/notes").await.text.contains("12 mm"));
        assert_eq!(write(&one, &id(1), &cell, TEXT).await.code(), "note_taken_back");
        assert_eq!(attach(&one, &id(2), &cell, picture).await.code(), "note_taken_back");
        assert_eq!(count(&hall, "SELECT COUNT(*) FROM note_photo").await, 0);
        assert_eq!(count(&hall, "SELECT COUNT(*) FROM note WHERE text <> '' OR photo IS NOT NULL").await, 0);
        hall.close().await;
    }
}

/// Walks every public address of the server, with the ids that somebody might know.
async fn nothing_is_public(hall: &Hall, nobody: &Browser) {
    let competitions: Value = hall.desk.get("/api/competitions").await.json(200);
    let competition = competitions[0]["competition"]["id"].as_str().expect("an id").to_owned();
    let shown = json!({ "is_public": true }).to_string().into_bytes();
    let path = format!("/api/competitions/{competition}");
    assert_eq!(hall.desk.send("PATCH", &path, shown, "application/json").await.status, 204);
    let mut walked = 0;
    for route in routes().list().iter().filter(|route| route.guard == Guard::Public && route.method == "GET")
    {
        for known in [hall.skill.to_string(), competition.clone(), id(1), id(2)] {
            let topic = format!("skill/{known}");
            let path = route.path.replace("{*topic}", &topic).replace("{id}", &known).replace("{name}", "x");
            let answer = nobody.get(&path).await;
            for told in ["12 mm", &id(1), &id(2)] {
                let is_asked_for = path.contains(told);
                assert!(is_asked_for || !answer.text.contains(told), "{told} at {path}: {}", answer.text);
            }
            assert!(answer.header("content-type") != Some("image/jpeg"), "{path}");
            walked += 1;
        }
    }
    assert!(walked > 40, "{walked}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_photo_or_not_the_judges_own_is_refused_and_nothing_is_stored() {
    for place_of in TestDatabase::every_kind() {
        let hall = Hall::open(&place_of).await;
        let (one, other) = (tablet(&hall, "J1").await, tablet(&hall, "J2").await);
        let cell = place(&hall, "J1", "C001", "A1.01");
        let fit = jpeg(16, 16, &[]);
        let mut long = fit.clone();
        long.extend(b"<script>alert(1)</script>");
        for (bytes, code) in [
            (b"<html><script>alert(1)</script>".to_vec(), "photo_not_jpeg"),
            (b"\x89PNG\r\n\x1a\n".to_vec(), "photo_not_jpeg"),
            (Vec::new(), "photo_not_jpeg"),
            (fit[..fit.len() - 1].to_vec(), "photo_not_jpeg"),
            (long, "photo_not_jpeg"),
            (jpeg(16, 16, &[(0xe1, b"Exif\0\0GPS")]), "photo_tells"),
            (jpeg(16, 16, &[(0xfe, b"taken by")]), "photo_tells"),
            (jpeg(1_601, 16, &[]), "photo_too_wide"),
            (jpeg(16, 65_535, &[]), "photo_too_wide"),
            (vec![0xff; PHOTO_BYTES_MAX + 1], "body_too_large"),
        ] {
            assert_eq!(attach(&one, &id(1), &cell, bytes).await.code(), code, "{}", place_of.kind);
        }
        for text in ["", "  \n", "a\0b", &"字".repeat(501)] {
            assert_eq!(write(&one, &id(1), &cell, text).await.code(), "note_text_unfit", "{text:?}");
        }
        // J1 alone marks B1; nobody is C009; there is no A9.
        let elsewhere = [
            (&other, place(&hall, "J2", "C001", "B1.01")),
            (&one, place(&hall, "J1", "C009", "A1.01")),
            (&one, place(&hall, "J1", "C001", "A9.01")),
        ];
        for (who, elsewhere) in &elsewhere {
            assert_eq!(write(who, &id(1), elsewhere, TEXT).await.code(), "note_elsewhere", "{elsewhere}");
            assert_eq!(attach(who, &id(1), elsewhere, fit.clone()).await.code(), "note_elsewhere");
        }
        // A browser that is another judge's by now stores nothing under that one's name.
        assert_eq!(write(&other, &id(1), &cell, TEXT).await.status, 403);
        assert_eq!(attach(&other, &id(1), &cell, fit.clone()).await.status, 403);
        let of_other_skill = cell.replace(hall.skill.as_str(), "another");
        assert_eq!(write(&one, &id(1), &of_other_skill, TEXT).await.status, 403);
        assert_eq!(write(&one, "no-id", &cell, TEXT).await.code(), "note_id_unfit");
        for query in ["", "judge=J1", &format!("{cell}&more=1"), &cell.replace("1790000000000", "soon")] {
            assert_eq!(write(&one, &id(1), query, TEXT).await.code(), "body_unreadable", "{query}");
        }
        let mut foreign = one.clone();
        foreign.headers.push(("origin", "https://evil.example"));
        assert_eq!(write(&foreign, &id(1), &cell, TEXT).await.status, 403);
        assert_eq!(count(&hall, "SELECT COUNT(*) FROM note").await, 0);

        // An id belongs to the note that came under it first.
        assert_eq!(write(&one, &id(1), &cell, TEXT).await.status, 200);
        let of_other = place(&hall, "J2", "C001", "A1.01");
        assert_eq!(write(&other, &id(1), &of_other, TEXT).await.code(), "note_used_otherwise");
        assert_eq!(attach(&other, &id(1), &of_other, fit.clone()).await.code(), "note_used_otherwise");
        assert_eq!(write(&one, &id(1), &cell, "another").await.code(), "note_used_otherwise");
        assert_eq!(attach(&one, &id(1), &cell, fit).await.code(), "note_used_otherwise");
        assert_eq!(take_back(&other, &hall, "J2", &id(1)).await.status, 404);
        assert_eq!(take_back(&one, &hall, "J2", &id(1)).await.status, 403);
        assert_eq!(own(&one, &hall, "J1").await, [id(1)]);
        hall.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn how_many_notes_there_can_be_on_a_cell_and_how_fast_they_come_is_limited() {
    for place_of in TestDatabase::every_kind() {
        let hall = Hall::open(&place_of).await;
        let one = tablet(&hall, "J1").await;
        let cells = ["C001", "C002", "C003"].map(|code| place(&hall, "J1", code, "A1.01"));
        let mut number = 0;
        let mut next = || {
            number += 1;
            id(number)
        };
        for _ in 0..PHOTOS_OF_CELL_MAX {
            assert_eq!(attach(&one, &next(), &cells[0], jpeg(16, 16, &[])).await.status, 200);
        }
        let full = attach(&one, &next(), &cells[0], jpeg(16, 16, &[])).await;
        assert_eq!(full.code(), "note_too_many");
        assert!(full.text.contains("There can be 4 here"), "{}", full.text);
        assert_eq!(take_back(&one, &hall, "J1", &id(1)).await.status, 200);
        assert_eq!(
            attach(&one, &next(), &cells[0], jpeg(16, 16, &[])).await.status,
            200,
            "there is room again"
        );
        for _ in 0..OF_CELL_MAX {
            assert_eq!(write(&one, &next(), &cells[0], TEXT).await.status, 200);
        }
        assert_eq!(write(&one, &next(), &cells[0], TEXT).await.code(), "note_too_many");
        let left = A_MINUTE_MAX - OF_CELL_MAX - PHOTOS_OF_CELL_MAX - 1;
        for at in 0..left {
            let cell = if at < OF_CELL_MAX { &cells[1] } else { &cells[2] };
            assert_eq!(write(&one, &next(), cell, TEXT).await.status, 200, "{at}");
        }
        let fast = write(&one, &next(), &cells[2], TEXT).await;
        assert_eq!((fast.status, fast.code().as_str()), (429, "note_too_fast"), "{}", place_of.kind);
        hall.close().await;
    }
}

/// who sits on a panel learns nothing of the others there before everybody has scored, by their
/// notes neither.
#[tokio::test(flavor = "multi_thread")]
async fn a_chief_judge_with_a_seat_sees_no_note_of_a_round_before_it_is_complete() {
    for place_of in TestDatabase::every_kind() {
        let hall = Hall::open(&place_of).await;
        let (one, other) = (tablet(&hall, "J1").await, tablet(&hall, "J2").await);
        let (seated, leading) = (device(&hall, "J1", Role::ChiefJudge).await, chief(&hall).await);
        let cell = |judge| place(&hall, judge, "C001", JUDGED);
        assert_eq!(write(&other, &id(1), &cell("J2"), TEXT).await.status, 200);
        assert_eq!(attach(&other, &id(2), &cell("J2"), jpeg(16, 16, &[])).await.status, 200);
        assert_eq!(write(&one, &id(3), &cell("J1"), "my own").await.status, 200);
        let photo = format!("/chief/photos/{}", id(2));
        // One judge on two tablets: the second did not see the first, and it waits for the chief judge.
        let (mut first, mut second) = (hall.tablet("J2").await, hall.tablet("J2").await);
        for (tablet, value) in [(&mut first, 2), (&mut second, 1)] {
            tablet.mark("C001", JUDGED, value, None).await;
            tablet.received().await;
        }
        let beside = page(&leading).await;
        assert!(
            words(&beside).contains("Judges' notes and photos (3)") && beside.contains("12 mm"),
            "{beside}"
        );
        assert_eq!(leading.get(&photo).await.status, 200);
        let (html, listed) = (page(&seated).await, seated.get("/chief/notes").await.text);
        for html in [&html, &listed] {
            assert!(html.contains("my own") && !html.contains("12 mm") && !html.contains(&id(2)), "{html}");
        }
        assert!(words(&listed).contains("Not shown yet: 2"), "{listed}");
        assert_eq!(seated.get(&photo).await.status, 404);
        for judge in ["J1", "J3"] {
            let mut tablet = hall.tablet(judge).await;
            tablet.mark("C001", JUDGED, 2, None).await;
            tablet.received().await;
        }
        let listed = seated.get("/chief/notes").await.text;
        assert!(listed.contains("12 mm") && !listed.contains("Not shown yet"), "{}: {listed}", place_of.kind);
        assert_eq!(seated.get(&photo).await.status, 200);
        hall.close().await;
    }
}
