//! A draw from its plan to the opening of its layers, as people do it at the desk's pages; what others are told
//! meanwhile; and that two other programs repeat it. On both databases.
#![expect(clippy::expect_used, clippy::panic, reason = "a test stops at what it cannot do")]

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use domain::access::Role;
use domain::id::LedgerId;
use protocol::account::{Enrol, SignedIn};
use protocol::desk::{Act, Card, CardFor, Competition, CompetitionSettings, Do, NewJudge, Small};
use protocol::draw::Published;
use server::http::{self, Guard, Running};
use tests::folder::put;
use tests::http::{Answer, Browser};
use tests::office::{first, hidden, invite, join, led, refused, start};
use tests::{PackageBuilder, TemporaryFolder, TestDatabase, export};

const SOURCE: &str = "双色球第 2026138 期开奖号码";
const SEED: &str = "03 08 12 19 25 31 + 07";
const PEOPLE: [(&str, &str); 5] = [
    ("李明远", "一分厂"),
    ("王秀兰", "二分厂"),
    ("赵国庆", "三分厂"),
    ("周海涛", "四分厂"),
    ("吴晓燕", "五分厂"),
];

/// A hall before the draw: who is there.
struct Hall {
    running: Running,
    id: String,
    skill: LedgerId,
    liu: Browser,
    registrars: Vec<Browser>,
    supervisor: Browser,
}

impl Hall {
    async fn new(place: &TestDatabase) -> Self {
        let running = start(place).await;
        let liu = first(&running, "刘老师").await;
        let people: Vec<String> = PEOPLE.iter().map(|(name, of)| format!("{name}，{of}")).collect();
        let small = Small {
            name: "市赛".to_owned(),
            skill: "焊工".to_owned(),
            rule_set: "enterprise-drill".to_owned(),
            competitors: people.join("\n"),
            judges: "马建华\n胡爱民".to_owned(),
            aspects: "外观，10，测量".to_owned(),
            organisation: String::new(),
        };
        let made: serde_json::Value = liu.post("/api/competitions/small", &small).await.json(201);
        let id = made["competition"]["id"].as_str().expect("an id").to_owned();
        let look: Competition = liu.get(&format!("/api/competitions/{id}")).await.json(200);
        let skill = LedgerId::from(look.skills[0].skill.id.clone());
        let scope = format!("competition:{id}");
        let mut registrars = Vec::new();
        for name in ["编甲", "编乙", "编丙"] {
            let code = invite(&liu, Role::Registrar, &scope).await;
            registrars.push(join(&running, &code, name).await);
        }
        let code = invite(&liu, Role::Supervisor, &scope).await;
        let supervisor = join(&running, &code, "监督丁").await;
        Self { running, id, skill, liu, registrars, supervisor }
    }

    fn at(&self, rest: &str) -> String {
        format!("/desk/competition/{}/draw{rest}", self.id)
    }

    /// Begins a draw; gives its path's end.
    async fn plan(&self, layers: &str) -> String {
        led(&self.liu.form(&self.at(""), &[("layers", layers), ("source", SOURCE)]).await);
        self.newest().await
    }

    async fn newest(&self) -> String {
        let page = self.liu.get(&self.at("")).await.text;
        let rest = page.split("/draw/").nth(1).unwrap_or_else(|| panic!("no draw: {page}"));
        format!("/{}", rest.split('/').next().expect("its id"))
    }

    /// All registrars commit, and the seed is entered.
    async fn drawn(&self, layers: usize) -> String {
        let draw = self.plan(&layers.to_string()).await;
        for (who, layer) in self.registrars.iter().zip(1..=layers) {
            let fields = [("layer", &*layer.to_string())];
            led(&who.form(&self.at(&format!("{draw}/commit")), &fields).await);
        }
        led(&self.liu.form(&self.at(&format!("{draw}/seed")), &[("seed", SEED)]).await);
        draw
    }

    /// A registrar's slips of their layer; it is sealed with them.
    async fn sealed(&self, draw: &str, layer: usize) -> Vec<String> {
        let (who, number) = (&self.registrars[layer - 1], layer.to_string());
        let page = who.form(&self.at(&format!("{draw}/seal")), &[("layer", &number)]).await;
        assert_eq!(page.status, 200, "{}", page.text);
        let fields = [("layer", &*number), ("seen", hidden(&page.text, "seen"))];
        led(&who.form(&self.at(&format!("{draw}/sealed")), &fields).await);
        slips(&page.text)
    }

    async fn act(&self, act: Act) -> Answer {
        // As a program, which is answered with the reason alone.
        let mut liu = self.liu.clone();
        liu.headers = vec![("accept-language", "zh")];
        liu.post(&format!("/api/skills/{}/act", self.skill), &Do { act }).await
    }

    async fn published(&self) -> Published {
        let stranger = Browser::new(self.running.address);
        stranger.get(&format!("/api/competitions/{}/draw", self.id)).await.json(200)
    }

    async fn show(&self) {
        let settings = CompetitionSettings { is_public: Some(true), is_frozen: None };
        let path = format!("/api/competitions/{}", self.id);
        let body = serde_json::to_vec(&settings).expect("JSON");
        let answer = self.liu.send("PATCH", &path, body, "application/json").await;
        assert!(answer.status < 300, "{}", answer.text);
    }

    async fn entry_codes(&self) -> Vec<String> {
        let loaded = server::competition::load::<
            server::exchange::package::Competition,
            server::exchange::package::SkillDocument,
        >(&self.running.app.database, &self.id)
        .await;
        let (_, skills) = loaded.expect("a competition");
        skills[0].document.people.iter().map(|person| person.code.to_string()).collect()
    }
}

/// The three slips' words on a page: four groups of four letters.
fn slips(page: &str) -> Vec<String> {
    let is_words = |text: &&str| {
        text.len() == 19 && text.split('-').count() == 4 && text.split('-').all(|group| group.len() == 4)
    };
    let words: Vec<String> = page.split(['<', '>']).filter(is_words).map(str::to_owned).collect();
    assert_eq!(words.len(), 3, "{page}");
    words
}

/// Another program on what was published: whether it holds, and what it printed.
fn repeat(mut command: Command, published: &str) -> (bool, String) {
    let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = child.expect("it starts");
    child.stdin.take().expect("an input").write_all(published.as_bytes()).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).expect("UTF-8"))
}

fn python() -> Command {
    let mut command = Command::new("python3");
    command.arg("-B").arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("draw.py"));
    command
}

fn leitai() -> Command {
    let mut command = Command::new(tests::program::program());
    command.args(["draw", "verify", "-"]);
    command
}

/// What nobody who is not told may read, in an answer: a name, where somebody comes from, an entry number.
fn tells(text: &str, entry_codes: &[String]) -> Option<String> {
    let names = PEOPLE.iter().flat_map(|(name, of)| [(*name).to_owned(), (*of).to_owned()]);
    let codes = entry_codes.iter().flat_map(|code| [format!("\"{code}\""), format!(">{code}<")]);
    names.chain(codes).find(|known| text.contains(known.as_str()))
}

#[tokio::test(flavor = "multi_thread")]
async fn three_layers_are_made_sealed_marked_under_and_opened_in_reverse() {
    for place in TestDatabase::every_kind() {
        let mut hall = Hall::new(&place).await;
        let entry_codes = hall.entry_codes().await;
        // Of two who begin one at once, one does.
        let begin = [("layers", "3"), ("source", SOURCE)];
        let at = hall.at("");
        let (one, other) = tokio::join!(hall.liu.form(&at, &begin), hall.liu.form(&at, &begin));
        assert_eq!(usize::from(one.status == 303) + usize::from(other.status == 303), 1, "{}", one.text);
        let draw = hall.newest().await;
        let commit = hall.at(&format!("{draw}/commit"));
        // The organiser is no registrar, and nobody makes two layers.
        refused(&hall.liu.form(&commit, &[("layer", "1")]).await, 403, "");
        led(&hall.registrars[0].form(&commit, &[("layer", "1")]).await);
        refused(&hall.registrars[0].form(&commit, &[("layer", "2")]).await, 403, "两个人");
        refused(&hall.registrars[1].form(&commit, &[("layer", "1")]).await, 409, "编甲");
        let seed = hall.at(&format!("{draw}/seed"));
        refused(&hall.liu.form(&seed, &[("seed", SEED)]).await, 409, "没有人做");
        // The list is fixed from the first commitment on.
        let csv = "姓名,赛项\n后来者,焊工\n".as_bytes().to_vec();
        let roster = format!("/desk/competition/{}/roster", hall.id);
        let late = led(&hall.liu.send("POST", &roster, csv, "text/csv").await);
        assert!(hall.liu.get(&late).await.text.contains("0 人可以导入"));
        // Of two who take one layer at once one gets it, whoever; the other takes the next.
        let two = [("layer", "2")];
        let (second, third) =
            tokio::join!(hall.registrars[1].form(&commit, &two), hall.registrars[2].form(&commit, &two));
        assert_eq!(
            usize::from(second.status == 303) + usize::from(third.status == 303),
            1,
            "{}",
            second.text
        );
        let other = if second.status == 303 { 2 } else { 1 };
        led(&hall.registrars[other].form(&commit, &[("layer", "3")]).await);
        if other == 1 {
            hall.registrars.swap(1, 2);
        }
        refused(&hall.liu.form(&seed, &[("seed", " ")]).await, 422, "种子");
        // A server that died between keeping the seed and entering it: the same form again does the rest.
        sqlx::query("UPDATE draw SET document = replace(document, '\"seed\":null', $1)")
            .bind(format!("\"seed\":\"{SEED}\""))
            .execute(hall.running.app.database.pool())
            .await
            .expect("kept");
        refused(&hall.liu.form(&seed, &[("seed", "another")]).await, 409, SEED);
        led(&hall.liu.form(&seed, &[("seed", SEED)]).await);
        led(&hall.liu.form(&seed, &[("seed", SEED)]).await); // pressed twice
        refused(&hall.liu.form(&seed, &[("seed", "another")]).await, 409, SEED);

        // What is not public is told to nobody; what is, tells no pair.
        let stranger = Browser::new(hall.running.address);
        let path = format!("/api/competitions/{}/draw", hall.id);
        assert_eq!(stranger.get(&path).await.status, 404);
        hall.show().await;
        let published = hall.published().await;
        let drawn = &published.skills[0];
        assert_eq!((drawn.seed.as_deref(), drawn.list.as_ref()), (Some(SEED), None));
        assert!(drawn.layers.iter().all(|layer| layer.secret.is_none()));
        let innermost: Vec<String> =
            drawn.layers[2].drawn.iter().flatten().map(ToString::to_string).collect();
        assert_eq!(innermost.len(), PEOPLE.len());

        // A layer is its maker's alone, and until it is sealed.
        let layer = |number: usize| hall.at(&format!("{draw}/layer/{number}"));
        let first = hall.registrars[0].get(&layer(1)).await;
        assert_eq!(first.status, 200, "{}", first.text);
        assert!(PEOPLE.iter().all(|(name, _)| first.text.contains(name)), "{}", first.text);
        assert!(!innermost.iter().any(|code| first.text.contains(&format!(">{code}<"))));
        let second = hall.registrars[1].get(&layer(2)).await.text;
        assert_eq!(tells(&second, &entry_codes), None);
        for (who, number) in [(1, 1), (0, 2), (0, 3)] {
            refused(&hall.registrars[who].get(&layer(number)).await, 403, "不是您做的");
        }
        refused(&hall.liu.get(&layer(1)).await, 403, "不是您做的");
        let opened = hall.act(Act::Open).await;
        refused(&opened, 409, "没有封存");
        let slips = [hall.sealed(&draw, 1).await, hall.sealed(&draw, 2).await, hall.sealed(&draw, 3).await];
        for number in 1..=3 {
            let page = hall.registrars[number - 1].get(&layer(number)).await.text;
            assert_eq!(tells(&page, &entry_codes), None, "sealed");
            let (path, number_text) = (hall.at(&format!("{draw}/seal")), number.to_string());
            let again = hall.registrars[number - 1].form(&path, &[("layer", &*number_text)]).await;
            refused(&again, 409, "已经封存");
        }
        // Without the slips, what is kept opens nothing.
        let kept: String = sqlx::query_scalar("SELECT document FROM draw")
            .fetch_one(hall.running.app.database.pool())
            .await
            .expect("the plan");
        assert!(
            kept.contains("\"secret\":null") && !slips.iter().flatten().any(|words| kept.contains(words))
        );

        assert_eq!(hall.act(Act::Open).await.status, 204);
        nothing_is_told(&hall, &entry_codes).await;
        let state = hall.running.app.ledger.state(&hall.skill).await.expect("a state");
        let entrants = &state.skill.as_ref().expect("open").opening.competitors;
        let codes: Vec<String> = entrants.iter().map(|entrant| entrant.code.to_string()).collect();
        assert_eq!(codes, innermost);

        // Opened in reverse, by two, after the close.
        let open = hall.at(&format!("{draw}/open"));
        let witness = hall.at(&format!("{draw}/witness"));
        let with =
            |layer: &'static str, words: &str| [("layer", layer.to_owned()), ("words", words.to_owned())];
        let form = async |who: &Browser, path: &str, fields: [(&'static str, String); 2]| {
            who.form(path, &fields.each_ref().map(|(name, value)| (*name, value.as_str()))).await
        };
        refused(&form(&hall.registrars[2], &open, with("3", &slips[2][0])).await, 409, "没有赛项可以解密");
        assert_eq!(hall.act(Act::Close).await.status, 204);
        refused(&form(&hall.registrars[0], &open, with("1", &slips[0][0])).await, 409, "没有赛项可以解密");
        refused(&form(&hall.liu, &open, with("3", &slips[2][0])).await, 403, "");
        refused(&form(&hall.supervisor, &witness, with("3", &slips[2][1])).await, 409, "没有人在等");
        led(&form(&hall.registrars[2], &open, with("3", &slips[2][0])).await);
        refused(&form(&hall.liu, &witness, with("3", &slips[2][1])).await, 403, "");
        refused(&form(&hall.supervisor, &witness, with("3", &slips[2][0])).await, 422, "打不开");
        led(&form(&hall.registrars[2], &open, with("3", &slips[2][2].to_lowercase())).await);
        led(&form(&hall.supervisor, &witness, with("3", &slips[2][1])).await);
        for (layer, number) in [("2", 1), ("1", 0)] {
            led(&form(&hall.registrars[number], &open, with(layer, &slips[number][0])).await);
            led(&form(&hall.supervisor, &witness, with(layer, &slips[number][1])).await);
        }
        let state = hall.running.app.ledger.state(&hall.skill).await.expect("a state");
        let opened = state.coding.as_ref().and_then(|coding| coding.opened()).expect("all layers open");
        assert_eq!(opened.len(), PEOPLE.len());

        // Not before the results are out does anybody else know.
        nothing_is_told(&hall, &entry_codes).await;
        hall.liu.set_factor().await;
        assert_eq!(hall.act(Act::ReleaseProvisional).await.status, 204);
        until_told(&stranger, &format!("/skill/{}", hall.skill)).await;

        exported_by_code(&hall, &entry_codes).await;

        // Anybody repeats it: two programs come to the same pairs, and notice what was changed.
        let text = stranger.get(&path).await.text;
        let (holds, said) = repeat(python(), &text);
        assert!(holds, "{said}");
        let (agrees, rows) = repeat(leitai(), &text);
        assert!(agrees, "{rows}");
        assert_eq!(rows.lines().count(), 1 + 3 * PEOPLE.len(), "{rows}");
        for row in rows.lines().skip(1) {
            let cells: Vec<&str> = row.split(',').collect();
            assert!(said.contains(&format!("{}={}", cells[2], cells[3])), "{row}: {said}");
        }
        let published: Published = serde_json::from_str(&text).expect("what was published");
        let secret = published.skills[0].layers[1].secret.clone().expect("told");
        for (from, to) in
            [(SEED, "03 08 12 19 25 31 + 08"), (&*secret, &*secret.chars().rev().collect::<String>())]
        {
            let changed = text.replace(from, to);
            assert!(!repeat(python(), &changed).0 && !repeat(leitai(), &changed).0, "{to}");
        }
        hall.running.stop().await;
    }
}

/// What is taken out has everybody by the codes that were marked, and scores and verifies as it stands.
async fn exported_by_code(hall: &Hall, entry_codes: &[String]) {
    let export = hall.liu.get(&format!("/api/competitions/{}/export", hall.id)).await;
    let files = server::exchange::Files::from_zip(&export.bytes).expect("a package");
    let folder = TemporaryFolder::new("draw");
    for name in files.names() {
        put(&folder.join(name), files.get(name).expect("its bytes"));
    }
    let people = std::fs::read_to_string(folder.join("skills/skill/competitors.csv")).expect("a list");
    assert!(PEOPLE.iter().all(|(name, _)| people.contains(name)), "{people}");
    assert!(!entry_codes.iter().any(|code| people.contains(&format!("{code},"))), "{people}");
    let _ = export::package("score", folder.path()).done();
    let _ = export::verify(folder.path()).done();
    let _ = export::verify_again(&folder.join("skills/skill")).done();
}

/// A board follows within moments.
async fn until_told(stranger: &Browser, path: &str) {
    for _ in 0..100 {
        let board = stranger.get(path).await.text;
        if PEOPLE.iter().all(|(name, _)| board.contains(name)) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the board tells no names");
}

/// Reads every public page and answer, and every one that a judge's device gets, and finds no name, no place
/// and no entry number in it.
async fn nothing_is_told(hall: &Hall, entry_codes: &[String]) {
    // The chief judge's device, and a judge's.
    let mut tablets = Vec::new();
    for judge in ["J1", "J2"] {
        let mut tablet = Browser::new(hall.running.address);
        let cards = format!("/api/skills/{}/cards", hall.skill);
        let card: Card = hall.liu.post(&cards, &CardFor { judge: judge.into() }).await.json(200);
        let enrol = Enrol { code: card.code, pin: card.pin };
        tablet.bearer = tablet.post("/api/enrol", &enrol).await.json::<SignedIn>(200).bearer;
        assert_eq!(tablet.get("/api/judge/sheets").await.status, 200, "{judge} reads");
        tablets.push(tablet);
    }
    let stranger = Browser::new(hall.running.address);
    let mut read = 0;
    for route in http::routes().list() {
        let is_theirs = matches!(route.guard, Guard::Public | Guard::Tablet);
        if route.method.as_str() != "GET" || !is_theirs || route.path.contains("socket") {
            continue;
        }
        for id in [hall.id.as_str(), hall.skill.as_str()] {
            let path = route.path.replace("{id}", id);
            let path = path.replace("{name}", "一分厂").replace("{code}", "x");
            let readers = [("nobody", &stranger), ("the chief judge", &tablets[0]), ("a judge", &tablets[1])];
            for (who, browser) in readers {
                let answer = browser.get(&path).await;
                read += usize::from(answer.status == 200);
                let is_asked = path.contains("一分厂");
                let told = tells(&answer.text, entry_codes).filter(|told| !(is_asked && told == "一分厂"));
                assert_eq!(told, None, "{who} reads at {path}: {}", answer.text);
            }
        }
    }
    assert!(read > 20, "{read} answers");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_public_draw_is_told_at_once_and_a_thrown_one_stays_on_record() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::new(&place).await;
        hall.show().await;
        let unfit = [("layers", "public"), ("source", "")];
        refused(&hall.liu.form(&hall.at(""), &unfit).await, 422, "种子来自哪里");
        let draw = hall.plan("public").await;
        let again = [("layers", "public"), ("source", SOURCE)];
        refused(&hall.liu.form(&hall.at(""), &again).await, 409, "没有可以抽签");
        led(&hall.liu.form(&hall.at(&format!("{draw}/commit")), &[("layer", "1")]).await);
        led(&hall.liu.form(&hall.at(&format!("{draw}/seed")), &[("seed", SEED)]).await);
        let published = hall.published().await;
        let (layers, found) = published.skills[0].repeat();
        assert!(found.is_empty(), "{found:?}");
        let numbers: Vec<String> = layers[0].1.values().map(ToString::to_string).collect();
        let mut sorted = numbers.clone();
        sorted.sort();
        assert_eq!(sorted, ["01", "02", "03", "04", "05"]);

        // Thrown away by two with a reason, and drawn anew.
        let throw = hall.at(&format!("{draw}/throw"));
        refused(&hall.liu.form(&throw, &[("reason", " ")]).await, 422, "为什么作废");
        refused(&hall.registrars[0].form(&throw, &[("reason", "试试")]).await, 403, "");
        led(&hall.liu.form(&throw, &[("reason", "名单漏了一人")]).await);
        let confirm = format!("{throw}/confirm");
        refused(&hall.liu.form(&confirm, &[]).await, 403, "两个人");
        led(&hall.supervisor.form(&confirm, &[]).await);
        let published = hall.published().await;
        assert!(published.skills.is_empty());
        let thrown: Vec<_> =
            published.thrown.iter().map(|one| (one.reason.as_str(), one.seed.as_deref())).collect();
        assert_eq!(thrown, [("名单漏了一人", Some(SEED))]);
        let public = Browser::new(hall.running.address).get(&format!("/competition/{}/draw", hall.id)).await;
        assert!(public.text.contains("名单漏了一人"), "{}", public.text);
        let page = hall.liu.get(&hall.at("")).await.text;
        assert!(page.contains("名单漏了一人"), "{page}");
        let draw = hall.drawn(1).await;
        hall.sealed(&draw, 1).await;
        let entries = hall.running.app.ledger.entries(&hall.skill, 1).await.expect("entries");
        assert!(entries.len() >= 6, "the thrown one stays: {}", entries.len());
        assert_eq!(hall.act(Act::Open).await.status, 204);
        let late = hall.at(&format!("{draw}/throw"));
        refused(&hall.liu.form(&late, &[("reason", "再来")]).await, 409, "已经开放");
        hall.running.stop().await;
    }
}

/// Skills of one draw end, and begin, at different times: what is open keeps its codes, the rest is drawn anew.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_open_keeps_its_draw_when_the_rest_is_thrown_away() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::new(&place).await;
        let small = PackageBuilder::small();
        let files =
            ["aspects.csv", "competitors.csv", "judges.csv"].map(|file| (file, small.read(file).to_owned()));
        let second = small.skill("joinery").text("skill.toml", "number = \"02\"\n\n[name]\nzh = \"木工\"\n");
        let zip = files.iter().fold(second, |package, (file, text)| package.text(file, text)).zip("two");
        let made: serde_json::Value =
            hall.liu.send("POST", "/api/competitions", zip, "application/zip").await.json(201);
        let id = made["competition"]["id"].as_str().expect("an id").to_owned();
        let at = format!("/desk/competition/{id}/draw");
        led(&hall.liu.form(&at, &[("layers", "public"), ("source", SOURCE)]).await);
        let page = hall.liu.get(&at).await.text;
        let draw =
            page.split("/draw/").nth(1).and_then(|rest| rest.split('/').next()).expect("a draw").to_owned();
        led(&hall.liu.form(&format!("{at}/{draw}/commit"), &[("layer", "1")]).await);
        led(&hall.liu.form(&format!("{at}/{draw}/seed"), &[("seed", SEED)]).await);
        let look: Competition = hall.liu.get(&format!("/api/competitions/{id}")).await.json(200);
        let skills: Vec<LedgerId> =
            look.skills.iter().map(|skill| LedgerId::from(skill.skill.id.clone())).collect();
        assert!(skills.len() >= 2);
        let mut liu = hall.liu.clone();
        liu.headers = vec![("accept-language", "zh")];
        let opened = liu.post(&format!("/api/skills/{}/act", skills[0]), &Do { act: Act::Open }).await;
        assert_eq!(opened.status, 204, "{}", opened.text);
        led(&hall.liu.form(&format!("{at}/{draw}/throw"), &[("reason", "名单漏了一人")]).await);
        // Somebody of the supervision of that competition.
        let code = invite(&hall.liu, Role::Supervisor, &format!("competition:{id}")).await;
        let second = join(&hall.running, &code, "监督己").await;
        led(&second.form(&format!("{at}/{draw}/throw/confirm"), &[]).await);
        let coding = async |skill: &LedgerId| {
            let state = hall.running.app.ledger.state(skill).await.expect("a state");
            state.coding.is_some()
        };
        assert!(coding(&skills[0]).await, "open, and keeps its codes");
        assert!(!coding(&skills[1]).await, "thrown away");
        let again = [("layers", "public"), ("source", SOURCE), ("skill", skills[1].as_str())];
        led(&hall.liu.form(&at, &again).await);
        hall.running.stop().await;
    }
}

/// A judge makes no codes, whichever comes first.
#[tokio::test(flavor = "multi_thread")]
async fn who_makes_a_layer_is_no_judge() {
    let place = TestDatabase::sqlite();
    let hall = Hall::new(&place).await;
    let code = invite(&hall.liu, Role::Registrar, &format!("competition:{}", hall.id)).await;
    let judge = join(&hall.running, &code, "胡爱民").await;
    let draw = hall.plan("1").await;
    refused(&judge.form(&hall.at(&format!("{draw}/commit")), &[("layer", "1")]).await, 409, "不能评分");
    led(&hall.registrars[0].form(&hall.at(&format!("{draw}/commit")), &[("layer", "1")]).await);
    led(&hall.liu.form(&hall.at(&format!("{draw}/seed")), &[("seed", SEED)]).await);
    hall.sealed(&draw, 1).await;
    let lines = [("judges", "编甲，质检院")];
    led(&hall.liu.form(&format!("/desk/skill/{}/judge-lines", hall.skill), &lines).await);
    refused(&hall.act(Act::Open).await, 409, "编甲");
    let late = NewJudge { code: "J9".into(), name: "编甲".to_owned(), organisation: String::new() };
    let path = format!("/api/skills/{}/judges", hall.skill);
    let mut liu = hall.liu.clone();
    liu.headers = vec![("accept-language", "zh")];
    refused(&liu.post(&path, &late).await, 409, "编甲");
    hall.running.stop().await;
}
