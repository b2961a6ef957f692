//! A server of its own, and whoever makes its first account, at the desk's pages.

use std::net::SocketAddr;

use domain::access::Role;
use protocol::account::{SetUp, SignedIn};
use server::http::{self, Config, Running};

use crate::TestDatabase;
use crate::http::{Answer, Browser};

/// The password of everybody.
pub const PASSWORD: &str = "correct horse battery";

/// The settings of a server on a database, with its keys beside it.
#[must_use]
pub fn config(place: &TestDatabase) -> Config {
    Config {
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        database: place.url.clone(),
        key: Some(place.folder.join("key")),
        ..Config::default()
    }
}

/// Starts it.
pub async fn start(place: &TestDatabase) -> Running {
    http::start(config(place)).await.expect("the server starts")
}

/// Makes the first account; signed in as a program, and answered as a browser in Chinese is.
pub async fn first(running: &Running, name: &str) -> Browser {
    let mut browser = stranger(running);
    let secret = running.first_secret.clone().expect("no account yet");
    let body = SetUp { secret, name: name.to_owned(), password: PASSWORD.to_owned() };
    browser.bearer = browser.post("/api/set-up", &body).await.json::<SignedIn>(200).bearer;
    browser
}

/// Nobody yet, at a browser.
#[must_use]
pub fn stranger(running: &Running) -> Browser {
    let mut browser = Browser::new(running.address);
    browser.headers = vec![("accept", "text/html"), ("accept-language", "zh")];
    browser
}

/// Invites by the page's form and gives the link's secret.
pub async fn invite(browser: &Browser, role: Role, scope: &str) -> String {
    let fields = [("whom", "陈师傅"), ("role", role.as_str()), ("scope", scope)];
    let answer = browser.form("/desk/people/invitations", &fields).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let link = answer.text.split("/join#").nth(1).expect("a link");
    link.split('"').next().expect("its end").to_owned()
}

/// Takes an invitation up with a new account, as a browser does.
pub async fn join(running: &Running, code: &str, name: &str) -> Browser {
    let mut browser = stranger(running);
    let answer = browser.form("/join", &[("code", code), ("name", name), ("password", PASSWORD)]).await;
    assert_eq!((answer.status, answer.header("location")), (303, Some("/desk")), "{}", answer.text);
    let cookie: &'static str = answer.cookies().join("; ").leak();
    browser.headers.push(("cookie", cookie));
    browser
}

/// Where an answer leads; it must lead somewhere.
pub fn led(answer: &Answer) -> String {
    assert_eq!(answer.status, 303, "{}", answer.text);
    answer.header("location").expect("an address").to_owned()
}

/// That an answer refuses with this status, in these words.
pub fn refused(answer: &Answer, status: u16, words: &str) {
    assert_eq!(answer.status, status, "{}", answer.text);
    assert!(answer.text.contains(words), "{words}: {}", answer.text);
}

/// What a hidden field of a page's form holds.
#[must_use]
pub fn hidden<'a>(page: &'a str, name: &str) -> &'a str {
    let rest = page.split(&format!("name=\"{name}\" value=\"")).nth(1).expect(name);
    rest.split('"').next().expect("its end")
}

/// Changes what a competition is, as it is shown now; what is answered.
pub async fn described(who: &Browser, id: &str, fields: &[(&str, &str)]) -> Answer {
    let at = format!("/desk/competition/{id}/about");
    let page = who.get(&at).await.text;
    who.form(&at, &[fields, &[("seen", hidden(&page, "seen"))]].concat()).await
}
