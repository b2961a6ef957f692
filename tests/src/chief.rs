//! The chief judge's page as its user sends it: devices that show it, and its forms.

use domain::access::Role;
use domain::id::LedgerId;
use domain::ledger::{Entry, Hash, Status};
use domain::marking::{AskUnlock, Body, Decline, Sign, Skill};
use protocol::account::{Enrol, SignedIn};
use protocol::drawing::Drawing;
use protocol::frame::ReasonText;

use crate::http::{Answer, Browser};
use crate::{Hall, Tablet};

const FORM: &str = "application/x-www-form-urlencoded";

/// A device in a role as a browser that asks for pages.
pub async fn device(hall: &Hall, judge: &str, role: Role) -> Browser {
    device_of(hall, &hall.skill, judge, role).await
}

/// The same of another skill.
pub async fn device_of(hall: &Hall, skill: &LedgerId, judge: &str, role: Role) -> Browser {
    let accounts = &hall.running.app.accounts;
    let card = accounts.make_card(skill, &judge.into(), role).await.expect("a card");
    let mut browser = Browser::new(hall.address());
    browser.headers = vec![("accept", "text/html"), ("accept-language", "en")];
    let enrol = Enrol { code: card.code, pin: card.pin };
    browser.bearer = browser.post("/api/enrol", &enrol).await.json::<SignedIn>(200).bearer;
    browser
}

/// Another skill, open, on the same server: its id.
pub async fn another_skill(hall: &Hall) -> LedgerId {
    let small = serde_json::json!({"name": "Drill", "skill": "Welding", "rule_set": "panel-sum", "competitors": "A, x\nB, y",
        "judges": "C, x\nD, y", "aspects": "Size, 40, measurement"});
    let made: serde_json::Value = hall.desk.post("/api/competitions/small", &small).await.json(201);
    let id = made["competition"]["id"].as_str().expect("an id");
    let shown: serde_json::Value = hall.desk.get(&format!("/api/competitions/{id}")).await.json(200);
    let skill = shown["skills"][0]["skill"]["id"].as_str().expect("an id").to_owned();
    let opened =
        hall.desk.post(&format!("/api/skills/{skill}/act"), &serde_json::json!({"act": "open"})).await;
    assert_eq!(opened.status, 204, "{}", opened.text);
    skill.as_str().into()
}

/// The chief judge J9.
pub async fn chief(hall: &Hall) -> Browser {
    device(hall, "J9", Role::ChiefJudge).await
}

/// The page as it opens.
pub async fn page(browser: &Browser) -> String {
    let answer = browser.get("/chief").await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.text
}

/// What the first form of a page would send that goes to an address and holds a text, besides what is
/// typed.
#[must_use]
pub fn form(html: &str, action: &str, holds: &str) -> String {
    let opening = format!("action=\"{action}\"");
    let forms = html.split("<form ").skip(1).map(|form| form.split("</form>").next().unwrap_or_default());
    let form = forms.filter(|form| form.contains(&opening)).find(|form| form.contains(holds));
    assert!(form.is_some(), "no form to {action} with {holds} in {html}");
    let form = form.unwrap_or_default();
    let attribute = |input: &str, name: &str| {
        let value = input.split(&format!("{name}=\"")).nth(1).expect("an attribute");
        value.split('"').next().unwrap_or_default().to_owned()
    };
    let hidden = form.split("<input ").filter(|input| input.starts_with("type=\"hidden\""));
    let pairs =
        hidden.map(|input| format!("{}={}", attribute(input, "name"), encoded(&attribute(input, "value"))));
    pairs.collect::<Vec<_>>().join("&")
}

/// An attribute's value as a form sends it.
fn encoded(value: &str) -> String {
    let text = value.replace("&quot;", "\"").replace("&#39;", "'").replace("&lt;", "<").replace("&gt;", ">");
    let text = text.replace("&amp;", "&");
    let byte = |byte: u8| match byte {
        byte if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}

/// Sends a form.
pub async fn send(browser: &Browser, path: &str, fields: &str) -> Answer {
    browser.send("POST", path, fields.as_bytes().to_vec(), FORM).await
}

/// Sends a form that is to be taken.
pub async fn done(browser: &Browser, path: &str, fields: &str, word: &str) {
    let answer = send(browser, path, fields).await;
    let to = format!("/chief?done={word}");
    assert_eq!((answer.status, answer.header("location")), (303, Some(to.as_str())), "{}", answer.text);
}

/// The newest entry.
pub async fn last(hall: &Hall) -> Entry {
    hall.entries().await.pop().expect("an entry").entry
}

/// What is read on a page: its text, one space between words.
#[must_use]
pub fn words(html: &str) -> String {
    let body = html.split("<main").nth(1).unwrap_or(html);
    let text = body.split('<').skip(1).filter_map(|part| part.split_once('>')).map(|(_, text)| text);
    text.collect::<Vec<_>>().join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Reads the state of the hall's skill.
pub async fn with_skill<T>(hall: &Hall, read: impl FnOnce(&Skill) -> T) -> T {
    let state = hall.running.app.ledger.state(&hall.skill).await.expect("a state");
    read(state.skill.as_deref().expect("it is open"))
}

/// J1 signs B1 of a competitor on a tablet.
pub async fn sign(hall: &Hall, tablet: &mut Tablet, competitor: &str) -> Status {
    let body = signature(hall, competitor, None).await;
    let signed = tablet.enter(Body::Sign(body)).await;
    tablet.received().await;
    tablet.receipt(signed).expect("a receipt").status
}

/// J1's tablet, which has marked all of B1 of C001 and signed it.
pub async fn signed(hall: &Hall) -> Tablet {
    let mut tablet = hall.tablet("J1").await;
    tablet.mark("C001", "B1.01", 30, None).await;
    tablet.received().await;
    assert_eq!(sign(hall, &mut tablet, "C001").await, Status::Accepted);
    tablet
}

/// J1's signature of B1 of a competitor as it stands, drawn or not.
pub async fn signature(hall: &Hall, competitor: &str, drawing: Option<&Drawing>) -> Sign {
    Sign {
        competitor: competitor.into(),
        drawing: drawing.map(Drawing::commitment),
        judge: "J1".into(),
        reason: None,
        sheet: digest(hall, competitor).await,
        sub_criterion: "B1".into(),
    }
}

/// J1 declines to sign B1 of a competitor on a tablet, and says why.
pub async fn decline(hall: &Hall, tablet: &mut Tablet, competitor: &str, why: &str) -> Status {
    let why = ReasonText { salt: "0123456789abcdef".to_owned(), text: why.to_owned() };
    let body = Decline {
        competitor: competitor.into(),
        judge: "J1".into(),
        reason: Some(why.commitment()),
        sheet: digest(hall, competitor).await,
        sub_criterion: "B1".into(),
    };
    let declined = tablet.enter_because(Body::Decline(body), Some(why)).await;
    tablet.received().await;
    tablet.receipt(declined).expect("a receipt").status
}

/// J1 asks on a tablet for B1.01 of a competitor to be opened again, and says why.
pub async fn ask_unlock(tablet: &mut Tablet, competitor: &str, why: &str) -> Status {
    let why = ReasonText { salt: "0123456789abcdef".to_owned(), text: why.to_owned() };
    let body = AskUnlock {
        aspect: "B1.01".into(),
        competitor: competitor.into(),
        judge: "J1".into(),
        reason: Some(why.commitment()),
    };
    let asked = tablet.enter_because(Body::AskUnlock(body), Some(why)).await;
    tablet.received().await;
    tablet.receipt(asked).expect("a receipt").status
}

async fn digest(hall: &Hall, competitor: &str) -> Hash {
    with_skill(hall, |skill| {
        let row = skill.row(&competitor.into()).expect("a row");
        skill.sheet_digest(row, 1)
    })
    .await
}

/// The organisers' desk as its user sees it, and its form of a proposal.
pub async fn desk(hall: &Hall) -> (Browser, String, String) {
    let mut desk = hall.desk.clone();
    desk.headers = vec![("accept", "text/html"), ("accept-language", "en")];
    let listed: serde_json::Value = hall.desk.get("/api/competitions").await.json(200);
    let id = listed[0]["competition"]["id"].as_str().expect("an id").to_owned();
    let html = desk.get(&format!("/desk/competition/{id}")).await.text;
    (desk, format!("/desk/skill/{}/second", hall.skill), html)
}

/// An organiser confirms what waits.
pub async fn confirmed(hall: &Hall) {
    let (desk, path, html) = desk(hall).await;
    let answer = send(&desk, &path, &form(&html, &path, "")).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
}
