//! HTTPS of the server's own: pages, cookies and sockets over it, what plain HTTP still gets at its
//! port, an authority of its own and given certificates, and handshakes that never end.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test stops at what it cannot do, and says so"
)]

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use domain::finding::Language;
use futures_util::StreamExt as _;
use futures_util::future::join_all;
use protocol::desk::{CompetitionSettings, Listed};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use server::http::{self, Config, Running, StartError, Tls, Trust};
use tests::http::Browser;
use tests::secure::Device;
use tests::{Hall, TemporaryFolder, TestDatabase, leitai};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::rustls::RootCertStore;
use tokio_rustls::rustls::client::verify_server_cert_signed_by_trust_anchor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, UnixTime};
use tokio_rustls::rustls::server::ParsedCertificate;
use tokio_tungstenite::tungstenite::Message;

const PATIENCE: Duration = Duration::from_secs(30);
const DAY: Duration = Duration::from_secs(86_400);

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_judge_marks_and_a_spectator_follows_over_the_servers_own_https() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::over_tls(&place).await;
        let address = hall.address();
        let listed: Vec<Listed> = hall.desk.get("/api/competitions").await.json(200);
        let settings = CompetitionSettings { is_public: Some(true), ..CompetitionSettings::default() };
        let at = format!("/api/competitions/{}", listed[0].competition.id);
        let settings = serde_json::to_vec(&settings).expect("JSON");
        let answer = hall.desk.send("PATCH", &at, settings, "application/json").await;
        assert!(answer.status < 300, "{}", answer.text);
        let url = format!("ws://{address}/api/live-socket?topic=skill/{}", hall.skill);
        let (mut spectator, _) = tokio_tungstenite::connect_async(url).await.expect("a socket");
        let view = next_text(&mut spectator).await;
        assert!(view.contains("\"view\""), "{view}");
        let mut tablet = hall.tablet("J1").await;
        let id = tablet.mark("C001", "A1.01", 50, None).await;
        tokio::time::timeout(PATIENCE, tablet.received()).await.expect("in time");
        assert!(tablet.receipt(id).is_some(), "{}: {:?}", place.kind, tablet.troubles());
        let patch = next_text(&mut spectator).await;
        assert!(patch.contains("C001"), "{patch}");
        assert_eq!(hall.marks().await.len(), 1, "{}", place.kind);
        tablet.player.stop().await;
        hall.close().await;
    }
}

async fn next_text(
    socket: &mut tokio_tungstenite::WebSocketStream<tokio_tungstenite::MaybeTlsStream<TcpStream>>,
) -> String {
    loop {
        let message = tokio::time::timeout(PATIENCE, socket.next()).await.expect("in time");
        // Between views and patches, beats say the time.
        match message.expect("the socket is open").expect("a frame") {
            Message::Text(text) if !text.contains("\"beat\"") => return text.to_string(),
            _ => {}
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn over_https_cookies_are_for_this_host_and_tls_alone() {
    let place = TestDatabase::sqlite();
    let running = start(config(&place, own(&place, &[]))).await;
    let (authority, mut browser) = trusting(&running).await;
    let secret = running.first_secret.clone().expect("no account yet");
    let body = format!("secret={secret}&name=desk&password=correct+horse+battery").into_bytes();
    let origin = format!("https://{}", running.address);
    browser.headers.push(("origin", Box::leak(origin.into_boxed_str())));
    let answer = browser.send("POST", "/desk/set-up", body, "application/x-www-form-urlencoded").await;
    assert_eq!((answer.status, answer.header("location")), (303, Some("/desk")), "{}", answer.text);
    let cookie = answer.header("set-cookie").expect("a cookie");
    assert!(cookie.starts_with("__Host-") && cookie.contains("; Secure"), "{cookie}");
    // An authority of its own may be lost by a device, which must then still get here in plain.
    assert_eq!(answer.header("strict-transport-security"), None);
    let page = browser.get("/trust").await;
    assert!(page.text.contains(&authority[..11]), "the fingerprint is on the page");
    // The same browser from plain HTTP is somebody else.
    browser.headers = vec![("origin", "http://127.0.0.1")];
    let answer = browser.send("POST", "/desk/sign-out", Vec::new(), "").await;
    assert_eq!((answer.status, answer.code().as_str()), (403, "foreign_origin"));
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_http_at_the_port_of_https_gets_the_certificate_and_is_led_on() {
    let place = TestDatabase::sqlite();
    let names = ["leitai.lan".to_owned()];
    let running = start(config(&place, own(&place, &names))).await;
    let Trust::Own(authority) = &*running.app.trust else { panic!("an authority of its own") };
    let plain = Browser::new(running.address);
    let page = plain.get("/trust").await;
    assert_eq!(page.status, 200);
    for word in [&authority.fingerprint()[..11], "/trust/leitai-authority.crt", "http://leitai.lan:", "<svg"]
    {
        assert!(page.text.contains(word), "{word} is not on the page");
    }
    let style = page.text.split_once("href=\"/assets/leitai-").expect("a style").1;
    let style = style.split_once('"').expect("its end").0;
    assert_eq!(plain.get(&format!("/assets/leitai-{style}")).await.status, 200);
    let certificate = plain.get("/trust/leitai-authority.crt").await;
    assert_eq!(certificate.header("content-type"), Some("application/x-x509-ca-cert"));
    assert_eq!(certificate.bytes, authority.der());
    let text = plain.get("/trust/leitai-authority.pem").await;
    assert_eq!(text.header("content-type"), Some("application/x-pem-file"));
    assert_eq!(text.text, authority.pem());
    assert!(!text.text.contains("PRIVATE"));
    // Everything else, whoever it is for, is led to HTTPS by the name it was asked by.
    for route in http::routes().list() {
        let is_for_trust = ["/trust", "/assets/", "/preferences"].iter().any(|it| route.path.starts_with(it));
        if is_for_trust {
            continue;
        }
        let path = route.path.replace(['{', '}', '*'], "");
        let answer = plain.send(route.method.as_str(), &path, Vec::new(), "").await;
        if route.method == "GET" {
            let to = format!("https://{}{path}", running.address);
            assert_eq!((answer.status, answer.header("location")), (307, Some(to.as_str())), "{path}");
        } else {
            assert_eq!((answer.status, answer.code().as_str()), (403, "in_plain"), "{path}");
        }
    }
    let asked = "GET /judge?a=b HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n";
    let led = say(running.address, asked.as_bytes()).await;
    let to = format!("location: https://leitai.lan:{}/judge?a=b", running.address.port());
    assert!(led.contains(&to), "{led}");
    running.stop().await;
}

/// What a server says to these bytes.
async fn say(address: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    stream.write_all(bytes).await.expect("it is sent");
    let mut said = Vec::new();
    stream.read_to_end(&mut said).await.expect("it ends");
    String::from_utf8_lossy(&said).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_authority_stays_and_what_it_vouches_for_is_new_at_each_start() {
    let place = TestDatabase::sqlite();
    let file = place.folder.join("authority");
    let running = start(config(&place, own(&place, &[]))).await;
    let Trust::Own(authority) = &*running.app.trust else { panic!("an authority of its own") };
    let der = authority.der().to_vec();
    let first = leaf(&running, &der).await;
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::mode(&file.metadata().expect("a file").permissions());
        assert_eq!(mode & 0o777, 0o600);
    }
    running.stop().await;
    let kept = std::fs::read(&file).expect("the authority's file");
    // Two years on, with another address: nothing is left of the old certificate.
    let names = ["leitai.local".to_owned(), "bank.example".to_owned()];
    let running = start(config(&place, own(&place, &names))).await;
    assert_eq!(std::fs::read(&file).expect("the authority's file"), kept);
    let second = leaf(&running, &der).await;
    assert_ne!(first, second);
    for (days, is_good) in [(0, true), (390, true), (397, false)] {
        let at = UnixTime::since_unix_epoch(Duration::from_secs(UnixTime::now().as_secs()) + DAY * days);
        assert_eq!(is_good_at(&second, &der, at), is_good, "in {days} days");
    }
    Device::trusting(&der, "leitai.local").connect(running.address).await.expect("the new name");
    // It was made for inner networks: even asked to, it cannot speak for anybody else.
    let codes: Vec<&str> = running.notices.iter().map(|notice| notice.code).collect();
    assert!(codes.contains(&"authority_narrow"), "{codes:?}");
    let refused = Device::trusting(&der, "bank.example").connect(running.address).await;
    assert!(refused.is_err());
    running.stop().await;
}

/// The certificate that a server shows to a device that trusts its authority.
async fn leaf(running: &Running, authority: &[u8]) -> CertificateDer<'static> {
    let stream = Device::trusting(authority, "127.0.0.1").connect(running.address).await;
    let stream = stream.expect("it is trusted");
    let (_, session) = stream.get_ref();
    assert_eq!(session.alpn_protocol(), None);
    session.peer_certificates().expect("a certificate")[0].clone().into_owned()
}

fn is_good_at(leaf: &CertificateDer<'_>, authority: &[u8], at: UnixTime) -> bool {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(authority.to_vec())).expect("an authority");
    let leaf = ParsedCertificate::try_from(leaf).expect("a certificate");
    let algorithms = ring::default_provider().signature_verification_algorithms.all;
    verify_server_cert_signed_by_trust_anchor(&leaf, &roots, &[], at, algorithms).is_ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_given_certificate_serves_its_own_names_and_its_end_is_told() {
    let place = TestDatabase::sqlite();
    let folder = TemporaryFolder::new("given");
    let given = Issued::new(&["contest.example", "*.boards.example"], 10);
    let running = start(config(&place, given.write(folder.path()))).await;
    let port = running.address.port();
    let origins: Vec<&str> = running.app.origins.all().collect();
    assert!(origins.contains(&format!("https://contest.example:{port}").as_str()), "{origins:?}");
    assert!(origins.iter().all(|origin| origin.starts_with("https://") && !origin.contains('*')));
    let codes: Vec<&str> = running.notices.iter().map(|notice| notice.code).collect();
    assert!(codes.contains(&"certificate_ends_soon"), "{codes:?}");
    assert!(codes.contains(&"certificate_other_name"), "{codes:?}");
    let device = Device::trusting(&given.authority, "contest.example");
    let browser = Browser::new(device.tunnel(running.address).await);
    let page = browser.get("/trust").await;
    assert_eq!((page.status, page.text.contains("crt")), (200, false));
    assert!(page.header("strict-transport-security").is_some_and(|it| it.starts_with("max-age=")));
    assert_eq!(browser.get("/trust/leitai-authority.crt").await.status, 404);
    assert_eq!(browser.get("/ready").await.status, 200);
    running.stop().await;
    // With an origin of its own, nothing else is told; one that has ended is.
    let origins = vec!["https://contest.example".to_owned()];
    let ended = Issued::new(&["contest.example"], -1).write(folder.path());
    let running = start(Config { origins, ..config(&place, ended) }).await;
    let codes: Vec<&str> = running.notices.iter().map(|notice| notice.code).collect();
    assert!(codes.contains(&"certificate_ended") && !codes.contains(&"certificate_other_name"), "{codes:?}");
    running.stop().await;
}

#[tokio::test]
async fn files_that_cannot_be_used_are_named_with_what_to_do() {
    let place = TestDatabase::sqlite();
    let folder = TemporaryFolder::new("unfit");
    let (one, other) = (Issued::new(&["contest.example"], 90), Issued::new(&["contest.example"], 90));
    let written = |name: &str, text: &str| {
        let path = folder.join(name);
        std::fs::write(&path, text).expect("a file");
        path
    };
    let (pem, key) = (written("one.pem", &one.certificate), written("one.key", &one.key));
    let other_key = written("other.key", &other.key);
    let (empty, missing) = (written("empty", ""), folder.join("missing"));
    for (certificate, key, code, named) in [
        (&missing, &key, "certificate_unusable", &missing),
        (&empty, &key, "certificate_unusable", &empty),
        (&pem, &missing, "certificate_unusable", &missing),
        (&pem, &empty, "certificate_unusable", &empty),
        (&key, &key, "certificate_unusable", &key),
        (&pem, &other_key, "certificate_key_other", &other_key),
    ] {
        let tls = Tls::Given { certificate: certificate.clone(), key: key.clone() };
        refused(config(&place, tls), code, named).await;
    }
    let origins = vec!["http://contest.example".to_owned()];
    let tls = Tls::Given { certificate: pem.clone(), key: key.clone() };
    refused(Config { origins, ..config(&place, tls) }, "origin_plain", Path::new("http://contest.example"))
        .await;
    // An authority's file that is no pair, or has been cut off.
    let file = place.folder.join("authority");
    for text in [
        String::new(),
        one.key.clone(),
        one.key.clone() + &other.certificate,
        other.key.clone() + &pem_of(&other.authority),
    ] {
        std::fs::write(&file, text).expect("a file");
        refused(config(&place, own(&place, &[])), "authority_unusable", &file).await;
    }
    refused(config(&place, own(&place, &["a b".to_owned()])), "tls_name_unfit", Path::new("a b")).await;
}

async fn refused(config: Config, code: &str, named: &Path) {
    let Err(error) = http::start(config).await else { panic!("it started: {code}") };
    for language in [Language::Chinese, Language::English] {
        let words = error.say(language);
        assert!(words.contains(named.to_str().unwrap()), "{words}");
    }
    assert_eq!(error.code(), code, "{}", error.say(Language::English));
}

#[test]
fn what_of_https_does_not_go_together_is_refused_before_anything_is_made() {
    let folder = TemporaryFolder::new("half");
    for (words, code) in [
        (vec!["--tls-certificate", "c.pem"], "tls_half"),
        (vec!["--tls-key", "k.pem"], "tls_half"),
        (vec!["--tls-own", "--tls-certificate", "c.pem", "--tls-key", "k.pem"], "tls_twice"),
        (vec!["--tls-name", "leitai.lan"], "tls_not_own"),
    ] {
        let words = ["--json", "serve", "--listen", "127.0.0.1:0"].into_iter().chain(words);
        let said = leitai(words).from_folder(folder.path()).run().refused();
        assert!(said.output.contains(code) || said.messages.contains(code), "{said}");
        assert!(!folder.join("leitai.db").exists());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn handshakes_that_never_end_are_cut_off_and_keep_nobody_out() {
    const STALLED: usize = 200;
    let place = TestDatabase::sqlite();
    let tls = own(&place, &[]);
    let running = start(Config { connections_max: STALLED + 20, ..config(&place, tls) }).await;
    let (_, browser) = trusting(&running).await;
    let stall = async |number: usize| {
        let mut stream = TcpStream::connect(running.address).await.expect("a connection");
        // Some say nothing, some the beginning of a hello, some that they have a whole record to send.
        let begun: &[u8] = [&b""[..], &[22], &[22, 3, 1, 2, 0, 1]][number % 3];
        stream.write_all(begun).await.expect("it is sent");
        stream
    };
    let stalled: Vec<TcpStream> = join_all((0..STALLED).map(stall)).await;
    for _ in 0..20 {
        assert_eq!(browser.get("/healthz").await.status, 200);
    }
    // Rubbish in place of a hello ends at once.
    say(running.address, &[22, 3, 1, 0, 4, 9, 9, 9, 9]).await;
    let ends = stalled.into_iter().map(async |mut stream: TcpStream| {
        let mut rest = Vec::new();
        // By an end or a reset, as the system likes.
        let _ = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut rest)).await.expect("it is cut off");
    });
    join_all(ends).await;
    let figures = browser.get("/metrics").await.text;
    assert!(figures.contains(&format!("leitai_handshakes_failed_total {}\n", STALLED + 1)), "{figures}");
    assert_eq!(browser.get("/healthz").await.status, 200);
    running.stop().await;
}

fn own(place: &TestDatabase, names: &[String]) -> Tls {
    Tls::Own { file: Some(place.folder.join("authority")), names: names.to_vec() }
}

fn config(place: &TestDatabase, tls: Tls) -> Config {
    Config {
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        database: place.url.clone(),
        key: Some(place.folder.join("key")),
        tls,
        ..Config::default()
    }
}

async fn start(config: Config) -> Running {
    let started: Result<Running, StartError> = http::start(config).await;
    started.unwrap_or_else(|error| panic!("{}", error.say(Language::English)))
}

/// The fingerprint of a server's own authority, and a browser that trusts it.
async fn trusting(running: &Running) -> (String, Browser) {
    let Trust::Own(authority) = &*running.app.trust else { panic!("an authority of its own") };
    let device = Device::trusting(authority.der(), "127.0.0.1");
    (authority.fingerprint(), Browser::new(device.tunnel(running.address).await))
}

/// A certificate from an authority that devices know, as an organiser gets one.
struct Issued {
    authority: Vec<u8>,
    certificate: String,
    key: String,
}

impl Issued {
    /// For these names, good for so many more days.
    fn new(names: &[&str], days: i64) -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key"));
        let issuer = issuer.expect("an authority");
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut params = CertificateParams::new(names).expect("names");
        let now = rcgen::date_time_ymd(1970, 1, 1) + Duration::from_secs(UnixTime::now().as_secs());
        let days = if days < 0 {
            (now - DAY * 9, now - DAY)
        } else {
            (now - DAY, now + DAY * u32::try_from(days).unwrap())
        };
        (params.not_before, params.not_after) = days;
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &issuer).expect("a certificate");
        Self { authority: issuer.der().to_vec(), certificate: certificate.pem(), key: key.serialize_pem() }
    }

    fn write(&self, folder: &Path) -> Tls {
        let (certificate, key) = (folder.join("chain.pem"), folder.join("key.pem"));
        std::fs::write(&certificate, &self.certificate).expect("a file");
        std::fs::write(&key, &self.key).expect("a file");
        Tls::Given { certificate, key }
    }
}

fn pem_of(der: &[u8]) -> String {
    let body = domain::ledger::checkpoint::base64(der);
    format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n")
}
