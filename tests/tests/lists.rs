//! The lists as `docs/lists.csv` tells them, held against the running server: every page that shows one stands
//! there, and what a list says it can do it does; and bulk changes of competitors, on both databases.
#![expect(clippy::expect_used, reason = "a test stops at what it cannot do")]

use std::collections::BTreeSet;
use std::path::Path;

use domain::access::Role;
use domain::id::LedgerId;
use protocol::account::{Enrol, SignedIn};
use protocol::desk::{Act, Competition, Do, Small};
use protocol::list::{PAGE_ROWS, segment};
use server::exchange::package::{Competition as About, Person, SkillDocument};
use server::http::{self, Running};
use tests::chief::{form, words};
use tests::http::{Answer, Browser};
use tests::office::{first, hidden, led, refused, start};
use tests::table::Rows;
use tests::{TestDatabase, resident_number};

/// How many rows of each list that grows there are here: two pages and a bit.
const MANY: usize = 2 * PAGE_ROWS + 12;
/// How many competitions: a page and a bit, since each is loaded wherever roles are held.
const COMPETITIONS: usize = PAGE_ROWS + 12;
const FORM: &str = "application/x-www-form-urlencoded";

/// A row of `docs/lists.csv`.
struct Row {
    address: String,
    list: String,
    yes: BTreeSet<String>,
}

fn rows() -> Vec<Row> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/lists.csv");
    let table = Rows::read(&file);
    let columns = ["search", "filter", "sort", "page", "select", "bulk", "undo", "draft"];
    let of = |row: &[String], column: &str| row[table.at(column)].clone();
    let row = |row: &Vec<String>| {
        let is_said = |column: &&str| matches!(of(row, column).as_str(), "yes" | "no");
        assert!(columns.iter().all(is_said), "{row:?} says yes or no");
        let yes = columns.into_iter().filter(|column| of(row, column) == "yes");
        assert!(!of(row, "why").is_empty(), "{row:?} says why");
        let yes = yes.map(str::to_owned).collect();
        let most: usize = of(row, "at_most").parse().expect("how long it may get");
        let row = Row { address: of(row, "address"), list: of(row, "list"), yes };
        let needs_pages = most > 1_000 && !row.list.starts_with("codes of");
        assert!(!needs_pages || row.yes.contains("page"), "{} {} of {most}", row.address, row.list);
        row
    };
    table.rows.iter().map(row).collect()
}

/// Somebody with everything there is to look at.
struct There {
    running: Running,
    liu: Browser,
    /// The chief judge of a small skill that is open.
    chief: Browser,
    /// One with many skills, and the first of them with many competitors.
    competition: String,
    skill: String,
    /// One with many people who are registered.
    registered: String,
    /// Another, open, with what is only there then.
    small: String,
    open: String,
    drill: String,
    circuit: String,
    /// The skill that everybody of the first was promoted to.
    above: String,
}

fn number(at: usize) -> String {
    format!("{at:03}")
}

async fn competition(browser: &Browser, name: &str) -> String {
    placed(browser, name, "").await
}

/// The same in a circuit.
async fn placed(browser: &Browser, name: &str, circuit: &str) -> String {
    let fields = [("name", name), ("tier", "city"), ("rule_set", "hebei-2025"), ("circuit", circuit)];
    let made = led(&browser.form("/desk/new", &fields).await);
    made.split(['/', '#']).nth(3).expect("an id").to_owned()
}

async fn look(browser: &Browser, id: &str) -> Competition {
    browser.get(&format!("/api/competitions/{id}")).await.json(200)
}

/// Takes a list in.
async fn take_in(browser: &Browser, id: &str, list: String) {
    let at = format!("/desk/competition/{id}/roster");
    let list = led(&browser.send("POST", &at, list.into_bytes(), "text/csv").await);
    let page = browser.get(&list).await.text;
    let fields = [("columns", hidden(&page, "columns")), ("digest", hidden(&page, "digest"))];
    led(&browser.form(&format!("{list}/take"), &fields).await);
}

/// `七` for 7, since no name holds a digit.
fn numeral(at: usize) -> String {
    let of = |digit: char| digit.to_digit(10).and_then(|at| "零一二三四五六七八九".chars().nth(at as usize));
    number(at).chars().filter_map(of).collect()
}

/// Of that many people: `选手零零一`, of nine works, five delegations and two groups; the last one without.
fn roster(people: usize) -> String {
    let row = |at: usize| {
        let (works, town) = (at % 9, "石保唐沧邢".chars().nth(at % 5).expect("a town"));
        let group = if at.is_multiple_of(2) { "职工组" } else { "学生组" };
        format!("选手{},第{works}机械厂,{town}市,{group},001\n", numeral(at))
    };
    "姓名,工作单位,代表队,组别,赛项\n".to_owned() + &(0..people).map(row).collect::<String>()
}

/// A competition for whose one skill many people wait to be approved; its id.
async fn registered(liu: &Browser) -> String {
    let id = competition(liu, "报名赛").await;
    led(&liu.form(&format!("/desk/competition/{id}/skills"), &[("skills", "01，焊接")]).await);
    let at = format!("/desk/competition/{id}/registrations");
    led(&liu.form(&format!("{at}/delegations"), &[("delegations", "石市")]).await);
    let page = liu.get(&at).await.text;
    let delegation = page.split("/desk/delegation/").nth(1).and_then(|rest| rest.split('"').next());
    let delegation = delegation.expect("a delegation");
    let skill = look(liu, &id).await.skills[0].skill.id.clone();
    for at in 0..MANY {
        let (name, number) =
            (numeral(at), resident_number("130102", "19900307", u32::try_from(at).expect("few")));
        let fields = [("skill", skill.as_str()), ("name", &format!("报名者{name}")), ("id_number", &number)];
        led(&liu.form(&format!("/desk/delegation/{delegation}/enter"), &fields).await);
    }
    id
}

async fn there(place: &TestDatabase) -> There {
    let running = start(place).await;
    let liu = first(&running, "刘老师").await;
    let id = competition(&liu, "市赛").await;
    let lines: String = (1..=MANY).map(|at| format!("{}，赛项{}\n", number(at), number(at))).collect();
    led(&liu.form(&format!("/desk/competition/{id}/skills"), &[("skills", &lines)]).await);
    take_in(&liu, &id, roster(MANY)).await;
    let skill = look(&liu, &id).await.skills[0].skill.id.clone();
    let circuit = [("name", "市体系"), ("lowest", "enterprise"), ("highest", "city")];
    let circuit = led(&liu.form("/desk/circuits", &circuit).await);
    let circuit = circuit.rsplit('/').next().expect("its id").to_owned();
    for at in 0..COMPETITIONS {
        placed(&liu, &format!("练兵{}", number(at)), &circuit).await;
    }
    many_people(&running).await;
    let above = promoted(&running, &liu, &id, &skill).await;
    let registered = registered(&liu).await;
    let small = Small {
        name: "厂内比赛".to_owned(),
        skill: "焊工".to_owned(),
        rule_set: "enterprise-drill".to_owned(),
        competitors: "李明远，一车间，一队\n王秀兰，二车间，一队".to_owned(),
        judges: "马建华，质检院\n胡爱民".to_owned(),
        aspects: "外观，10，测量".to_owned(),
        organisation: String::new(),
    };
    let made: serde_json::Value = liu.post("/api/competitions/small", &small).await.json(201);
    let small = made["competition"]["id"].as_str().expect("an id").to_owned();
    let of_small = look(&liu, &small).await.skills[0].clone();
    let open = of_small.skill.id.clone();
    led(&liu.form(&format!("/desk/skill/{open}/practice"), &[]).await);
    assert_eq!(
        liu.post(&format!("/api/skills/{open}/act"), &Do { act: Act::OpenUnpractised }).await.status,
        204
    );
    running.app.live.set_public(&small, true).await.expect("it is public");
    let accounts = &running.app.accounts;
    let (ledger, judge) = (LedgerId::from(open.as_str()), &of_small.judges[0].code);
    let card = accounts.make_card(&ledger, judge, Role::ChiefJudge).await.expect("a card");
    let mut chief = Browser::new(running.address);
    chief.headers = vec![("accept", "text/html"), ("accept-language", "zh")];
    let enrol = Enrol { code: card.code, pin: card.pin };
    chief.bearer = chief.post("/api/enrol", &enrol).await.json::<SignedIn>(200).bearer;
    let draws = format!("/desk/competition/{id}/draw");
    led(&liu.form(&draws, &[("layers", "public"), ("source", "摇号")]).await);
    let drill = "0199c82d-74d2-70d3-a8a4-247c713aae37";
    let fields = [
        ("id", drill),
        ("template", "welder-fillet"),
        ("aspects", ""),
        ("title", ""),
        ("names", "李明远\n王秀兰"),
        ("second", ""),
        ("board", ""),
    ];
    assert_eq!(liu.form("/drill/new", &fields).await.status, 200);
    led(&liu.form(&format!("/drill/{drill}/finish"), &[]).await);
    There {
        running,
        liu,
        chief,
        competition: id,
        skill,
        registered,
        small,
        open,
        drill: drill.to_owned(),
        circuit,
        above,
    }
}

/// Everybody of one skill promoted to another, by a result that leads there no longer; of every third it was given up.
async fn promoted(running: &Running, liu: &Browser, competition: &str, skill: &str) -> String {
    let above = look(liu, competition).await.skills[1].skill.id.clone();
    let rule = format!(
        r#"{{"feeders":["{skill}"],"rule":{{"quota":{{"first":3}},"ties":"all","merge":"each","reserves":0}}}}"#
    );
    let insert = sqlx::query("INSERT INTO advancement (skill_id, document, changes) VALUES ($1, $2, 1)");
    insert.bind(&above).bind(rule).execute(running.app.database.pool()).await.expect("a rule");
    for (at, person) in document(running, competition).await.people.iter().enumerate() {
        let insert = "INSERT INTO promotion (id, skill_id, feeder_id, code, state, lineage, changes, made_at) \
                      VALUES ($1, $2, $3, $4, $5, '', 1, $6)";
        let insert = sqlx::query(insert).bind(format!("m{}", number(at))).bind(&above).bind(skill);
        let insert = insert.bind(person.code.as_str()).bind(if at % 3 == 0 { "out" } else { "confirmed" });
        let insert = insert.bind(i64::try_from(at).expect("few"));
        insert.execute(running.app.database.pool()).await.expect("a promotion");
    }
    above
}

/// Accounts, appointments, invitations and organisations, straight into the database: passwords take their time.
async fn many_people(running: &Running) {
    let now = (running.app.clock)();
    for at in 0..MANY {
        let name = number(at);
        let role = if at % 3 == 0 { "organiser" } else { "foreman" };
        for sql in [
            format!(
                "INSERT INTO organisation (id, parent_id, kind, name, made_at) VALUES ('o{name}', NULL, 'enterprise', '机构{name}', {at})"
            ),
            format!(
                "INSERT INTO account (id, name, password, made_at) VALUES ('a{name}', '人员{name}', 'x', {at})"
            ),
            format!(
                "INSERT INTO appointment (id, account_id, role, scope, made_by, made_at) \
                 VALUES ('p{name}', 'a{name}', '{role}', 'organisation:o{name}', 'a{name}', {at})"
            ),
            format!(
                "INSERT INTO invitation (id, code, role, scope, whom, made_by, made_at, expires_at) \
                 VALUES ('i{name}', 'h{name}', '{role}', 'organisation:o{name}', '受邀{name}', 'a{name}', {now}, {})",
                now + 3_600_000
            ),
        ] {
            sqlx::query(sqlx::AssertSqlSafe(sql)).execute(running.app.database.pool()).await.expect("a row");
        }
    }
}

/// What of a page shows that it holds a list.
fn shows_a_list(html: &str) -> bool {
    let main = html.split("<main").nth(1).unwrap_or(html);
    ["<table", "class=\"cards\"", "class=\"tree\"", "role=\"search\"", "class=\"pages\""]
        .iter()
        .any(|marker| main.contains(marker))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_that_shows_a_list_stands_in_the_table_of_lists() {
    let there = there(&TestDatabase::sqlite()).await;
    let known: BTreeSet<String> = rows().into_iter().map(|row| row.address).collect();
    let routes = http::routes();
    let routes: Vec<&str> =
        routes.list().iter().filter(|route| route.method == "GET").map(|route| route.path).collect();
    for address in &known {
        assert!(routes.contains(&address.as_str()), "{address} is no page");
    }
    let draws = there.liu.get(&format!("/desk/competition/{}/draw", there.competition)).await.text;
    let draw = draws.split("/draw/").nth(1).and_then(|rest| rest.split('/').next()).expect("a draw");
    let of = |path: &str| format!("/desk/competition/{}/{path}", there.competition);
    led(&there.liu.form(&of(&format!("draw/{draw}/commit")), &[("layer", "1")]).await);
    let rows = "姓名,赛项\n后来者,999\n".to_owned().into_bytes();
    let list = led(&there.liu.send("POST", &of("roster"), rows, "text/csv").await);
    let list = list.rsplit('/').next().expect("its id");
    let mut seen = BTreeSet::new();
    for path in &routes {
        for id in [&there.competition, &there.skill, &there.small, &there.open, &there.drill, &there.circuit]
        {
            let filled = path
                .replace("{id}", id)
                .replace("{list}", list)
                .replace("{draw}", draw)
                .replace("{skill}", &there.above);
            let filled = filled.replace("{layer}", "1").replace("{number}", "1");
            let filled = filled.replace("{name}", &segment("一队"));
            for who in [&there.liu, &there.chief] {
                if filled.contains('{') || filled.starts_with("/api/") && filled != "/api/docs" {
                    continue;
                }
                let answer = who.get(&filled).await;
                let is_page = answer.header("content-type").is_some_and(|kind| kind.starts_with("text/html"));
                if answer.status == 200 && is_page && shows_a_list(&answer.text) {
                    seen.insert(*path);
                    assert!(
                        known.contains(*path),
                        "{path} shows a list; say in docs/lists.csv what it can do"
                    );
                }
            }
        }
    }
    for path in ["/desk", "/desk/people", "/desk/competition/{id}", "/desk/skill/{id}/competitors", "/chief"]
    {
        assert!(seen.contains(path), "{path} was looked at: {seen:?}");
    }
    there.running.stop().await;
}

/// Where a list is looked at, and how its rows are told.
struct Probe {
    list: &'static str,
    /// Its page.
    at: String,
    /// What its part of the page begins with, and the next part.
    part: (&'static str, &'static str),
    /// What a row begins with, and what its name ends with.
    row: (&'static str, &'static str),
    /// What is sought, of one row alone.
    find: &'static str,
    /// What narrows it: the field, a value, and of how many rows.
    filter: (&'static str, &'static str, usize),
    /// The name of its order and page.
    of: &'static str,
    /// By what it is ordered: what its rows' names are in the order of.
    sort: &'static str,
    /// How many rows there are.
    all: usize,
}

impl Probe {
    async fn get(&self, there: &There, query: &str) -> String {
        let answer = there.liu.get(&format!("{}?{query}", self.at)).await;
        assert_eq!(answer.status, 200, "{}?{query}: {}", self.at, answer.text);
        let main = answer.text.split("<main").nth(1).expect("a page").to_owned();
        let part = main.split_once(self.part.0).expect(self.part.0).1;
        if self.part.1.is_empty() {
            part.to_owned()
        } else {
            part.split(self.part.1).next().unwrap_or_default().to_owned()
        }
    }

    /// The names of the rows that it shows.
    async fn names(&self, there: &There, query: &str) -> Vec<String> {
        let part = self.get(there, query).await;
        let rows = part.split(self.row.0).skip(1).map(|row| row.split(self.row.1).next().unwrap_or_default());
        rows.map(|row| words(&format!("<i>{row}</i>"))).collect()
    }

    /// One row after the other over all pages.
    async fn all(&self, there: &There, query: &str) -> Vec<String> {
        let mut all = Vec::new();
        for page in 1..=self.all.div_ceil(PAGE_ROWS) {
            all.extend(self.names(there, &format!("{query}&{}page={page}", self.of)).await);
        }
        all
    }

    async fn hold(&self, there: &There, yes: &BTreeSet<String>) {
        let is = |what: &str| yes.contains(what);
        let (at, of) = (&self.at, self.of);
        let whole = there.liu.get(at).await.text;
        assert_eq!(whole.contains("name=\"find\""), is("search"), "{at}");
        let first = self.names(there, "").await;
        let all = if is("page") { self.all(there, "").await } else { first.clone() };
        assert_eq!(all.len(), self.all, "{} of {at}: {all:?}", self.list);
        // Who made the first account holds two roles.
        assert!(all.iter().collect::<BTreeSet<_>>().len() + 1 >= self.all, "every row once: {all:?}");
        assert_eq!(first.len(), if is("page") { PAGE_ROWS } else { self.all }, "{at}");
        if is("page") {
            assert_eq!(first, all[..PAGE_ROWS]);
            let part = self.get(there, &format!("{of}page=2")).await;
            assert!(part.contains("aria-current=\"page\">2</a>") && part.contains("rel=\"prev\""), "{part}");
            assert!(
                part.contains(&format!("这一页是第 {}–{}", PAGE_ROWS + 1, self.all.min(2 * PAGE_ROWS))),
                "{part}"
            );
            let beyond = self.names(there, &format!("{of}page=99999")).await;
            assert_eq!(beyond, all[all.len() / PAGE_ROWS * PAGE_ROWS..], "beyond the last is the last");
        }
        if is("search") {
            let found = self.names(there, &format!("find={}", segment(self.find))).await;
            assert!(found.len() == 1 && found[0].contains(self.find), "{at}: {found:?}");
            let none = self.get(there, "find=nobody+and+nothing").await;
            assert!(none.contains("没有符合的") && none.contains("清除条件"), "{at}: {none}");
            let odd = there.liu.get(&format!("{at}?find=%22%3E%3Cscript%3E")).await.text;
            assert!(!odd.contains("\"><script>"), "what is sought is text");
            // The ids of skills, delegations and people all have this, and nobody sees it.
            assert!(self.names(there, "find=-7").await.is_empty(), "{at}");
        }
        if is("filter") {
            let (name, value, count) = self.filter;
            assert!(whole.contains(&format!("<select name=\"{name}\">")), "{at} is narrowed by {name}");
            let query = format!("{name}={}", segment(value));
            let narrowed = self.all(there, &query).await;
            let narrowed: BTreeSet<String> = narrowed.into_iter().collect();
            assert_eq!(narrowed.len(), count, "{at}?{query}");
            let page = there.liu.get(&format!("{at}?{query}")).await.text;
            assert!(page.contains(&format!("value=\"{value}\" selected")), "the form says what is chosen");
        }
        assert_eq!(self.get(there, "").await.contains("class=\"sort\""), is("sort"), "{at}");
        if is("sort") {
            let sort = format!("{of}sort={}", self.sort);
            let up = self.all(there, &sort).await;
            let mut sorted = up.clone();
            sorted.sort();
            assert_eq!(up, sorted, "{at}?{sort}");
            let mut down = self.all(there, &format!("{of}sort=-{}", self.sort)).await;
            down.reverse();
            assert_eq!(down, sorted, "{at}?{of}sort=-{}", self.sort);
            // What is asked stays in every link, and in what the search sends.
            let part = self.get(there, &format!("{sort}&{of}page=2")).await;
            assert!(part.contains("aria-sort=\"ascending\""), "{part}");
            assert!(part.contains(&format!("{of}sort={}&amp;{of}page=3", self.sort)), "{part}");
            let page = there.liu.get(&format!("{at}?{sort}")).await.text;
            let search = page.split("role=\"search\"").nth(1).and_then(|rest| rest.split("</form>").next());
            assert!(search.is_some_and(|form| form.contains(&format!("name=\"{of}sort\""))), "{at}");
        }
        let ticks = self.get(there, "").await.matches("<td class=\"tick\">").count();
        assert_eq!(ticks, if is("select") { PAGE_ROWS } else { 0 }, "{at}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_list_can_do_what_the_table_of_lists_says() {
    for place in TestDatabase::every_kind() {
        let there = there(&place).await;
        let desk = format!("/desk/competition/{}", there.competition);
        let people = |list, part, row, find, filter, of, sort, all| Probe {
            list,
            at: "/desk/people".to_owned(),
            part,
            row,
            find,
            filter,
            of,
            sort,
            all,
        };
        let cell = ("scope=\"row\">", "</th>");
        let none = ("", "", 0);
        let probes = [
            Probe {
                list: "competitions",
                at: "/desk".to_owned(),
                part: ("id=\"competitions\"", "</section>"),
                row: ("class=\"card\">", "</a>"),
                find: "练兵007",
                filter: none,
                of: "",
                sort: "",
                all: COMPETITIONS + 4,
            },
            Probe {
                list: "competitions of a circuit",
                at: format!("/desk/circuit/{}", there.circuit),
                part: ("id=\"competitions\"", "</section>"),
                row: cell,
                find: "练兵007",
                filter: ("tier", "city", COMPETITIONS),
                of: "",
                sort: "",
                all: COMPETITIONS,
            },
            Probe {
                list: "lines of published lists and skills of templates",
                at: format!("{desk}/skills/pick"),
                part: ("role=\"search\"", ""),
                row: ("<td class=\"mono\">", "</tr>"),
                find: "6-18-02-04",
                filter: ("list", "worldskills", 64),
                of: "",
                sort: "",
                all: 1_632 + 64,
            },
            Probe {
                list: "skills",
                at: desk,
                part: ("id=\"skills\"", ""),
                row: ("<section class=\"desk-skill\"", "</h3>"),
                find: "赛项007",
                filter: ("status", "upcoming", MANY),
                of: "",
                sort: "",
                all: MANY,
            },
            Probe {
                list: "competitors",
                at: format!("/desk/skill/{}/competitors", there.skill),
                part: ("<h1", ""),
                row: cell,
                find: "选手零零七",
                filter: ("delegation", "保市", (0..MANY).filter(|at| at % 5 == 1).count()),
                of: "",
                sort: "name",
                all: MANY,
            },
            Probe {
                list: "registrations",
                at: format!("/desk/competition/{}/registrations", there.registered),
                part: ("id=\"entered\"", "</section>"),
                row: cell,
                find: "报名者零零七",
                filter: ("state", "waiting", MANY),
                of: "",
                sort: "name",
                all: MANY,
            },
            Probe {
                list: "promotions",
                at: format!("/desk/competition/{}/promotions/{}", there.competition, there.above),
                part: ("id=\"going\"", "</section>"),
                row: ("<th scope=\"row\">", "</th>"),
                find: "选手零零七",
                filter: ("state", "out", MANY.div_ceil(3)),
                of: "",
                sort: "",
                all: MANY,
            },
            Probe {
                list: "who checks in",
                at: format!("/desk/competition/{}/check-in", there.competition),
                part: ("role=\"status\"", "check-in-counts"),
                row: cell,
                find: "选手零零七",
                filter: ("delegation", "保市", (0..MANY).filter(|at| at % 5 == 1).count()),
                of: "",
                sort: "",
                all: MANY,
            },
            people(
                "people",
                ("id=\"held\"", "</section>"),
                cell,
                "人员007",
                ("role", "organiser", MANY.div_ceil(3) + 1),
                "held-",
                "name",
                MANY + 2,
            ),
            people(
                "invitations",
                ("id=\"invited\"", "</section>"),
                cell,
                "受邀007",
                ("role", "foreman", MANY - MANY.div_ceil(3)),
                "invited-",
                "whom",
                MANY,
            ),
            people(
                "accounts",
                ("id=\"accounts\"", "</section>"),
                cell,
                "人员007",
                none,
                "accounts-",
                "name",
                MANY,
            ),
            people(
                "organisations",
                ("id=\"organisations\"", "</section>"),
                ("<li data-depth", "</strong>"),
                "机构007",
                none,
                "organisations-",
                "",
                MANY,
            ),
        ];
        for row in rows() {
            let probe = probes.iter().find(|probe| probe.list == row.list);
            let does_more = row.yes.iter().any(|what| !matches!(what.as_str(), "undo" | "draft" | "bulk"));
            assert!(
                probe.is_some() || !does_more,
                "nothing holds {} of {} to what it says",
                row.list,
                row.address
            );
            if let Some(probe) = probe {
                probe.hold(&there, &row.yes).await;
            }
            match (
                row.list.as_str(),
                row.yes.contains("bulk"),
                row.yes.contains("undo"),
                row.yes.contains("draft"),
            ) {
                // Held to it by the other tests of this file, and by those of rosters, lists and check-in.
                ("competitors", true, true, false)
                | ("rows that are left out" | "rows of judges that are left out", false, false, true)
                | ("lists of judges" | "lists of marks", false, true, true)
                | ("who checks in", false, true, false)
                | (_, false, false, false) => {}
                ("lists", false, true, true) => {
                    let page =
                        there.liu.get(&format!("/desk/competition/{}/roster", there.competition)).await.text;
                    assert!(page.contains("/roster/undo\""), "{page}");
                    let rows = "姓名,赛项\n后来者,001\n".to_owned().into_bytes();
                    let at = format!("/desk/competition/{}/roster", there.competition);
                    let waits = led(&there.liu.send("POST", &at, rows, "text/csv").await);
                    assert!(there.liu.get(&waits).await.text.contains("1 人可以导入"), "it waits");
                }
                _ => panic!("nothing holds {} of {} to what it says", row.list, row.address),
            }
        }
        // A skill on another page is led to by itself.
        let last = look(&there.liu, &there.competition).await.skills.last().expect("skills").skill.id.clone();
        let to = led(&there.liu.get(&format!("/desk/skill/{last}")).await);
        let page = there.liu.get(to.split('#').next().unwrap_or_default()).await.text;
        assert!(
            to.ends_with(&format!("#skill-{last}")) && page.contains(&format!("id=\"skill-{last}\"")),
            "{to}"
        );
        there.running.stop().await;
    }
}

/// The document of a skill.
async fn document(running: &Running, id: &str) -> SkillDocument {
    let loaded = server::competition::load::<About, SkillDocument>(&running.app.database, id).await;
    let (_, skills) = loaded.expect("a competition");
    skills.into_iter().next().expect("a skill").document
}

async fn identities(running: &Running) -> Vec<(String, String)> {
    let select = "SELECT code, number FROM identity ORDER BY code";
    sqlx::query_as(select).fetch_all(running.app.database.pool()).await.expect("numbers")
}

/// Looks at what a bulk change would do, and does it as the page says.
async fn bulk(browser: &Browser, skill: &str, query: &str) -> (String, Answer) {
    let at = format!("/desk/skill/{skill}/bulk");
    let page = browser.get(&format!("{at}?{query}")).await.text;
    let fields = form(&page, &at, "确认");
    let answer = browser.send("POST", &at, fields.into_bytes(), FORM).await;
    (page, answer)
}

/// Presses the button that undoes.
async fn undo(browser: &Browser, skill: &str) -> Answer {
    let page = browser.get(&format!("/desk/skill/{skill}/competitors?sort=name")).await.text;
    let at = format!("/desk/skill/{skill}/bulk/undo");
    browser.send("POST", &at, form(&page, &at, "撤销").into_bytes(), FORM).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bulk_change_is_shown_done_as_a_whole_and_undone_as_a_whole() {
    for place in TestDatabase::every_kind() {
        let running = start(&place).await;
        let liu = first(&running, "刘老师").await;
        let id = competition(&liu, "市赛").await;
        led(&liu.form(&format!("/desk/competition/{id}/skills"), &[("skills", "001，焊接")]).await);
        take_in(&liu, &id, roster(120)).await;
        let skill = look(&liu, &id).await.skills[0].skill.id.clone();
        let number = "INSERT INTO identity (skill_id, code, number, blind) VALUES ($1, $2, $3, $4)";
        let before = document(&running, &id).await.people;
        for person in before.iter().take(7) {
            let (code, sealed) = (person.code.as_str(), format!("sealed {}", person.code));
            let insert = sqlx::query(number).bind(&skill).bind(code).bind(&sealed).bind(&sealed);
            insert.execute(running.app.database.pool()).await.expect("a number");
        }
        let numbers = identities(&running).await;
        let code = |at: usize| format!("code={}", before[at].code);

        // Two who are ticked: seen, done, led back to the same view, undone.
        let to = segment("定州市");
        let query =
            format!("act=delegation&to={to}&{}&{}&sort=name&find={}", code(3), code(9), segment("选手"));
        let (page, done) = bulk(&liu, &skill, &query).await;
        assert!(page.contains("2 人改成“定州市”") && page.contains("沧市"), "{page}");
        assert_eq!(led(&done), format!("/desk/skill/{skill}/competitors?find={}&sort=name", segment("选手")));
        let of =
            |people: &[Person], what: &str| people.iter().filter(|person| person.delegation == what).count();
        assert_eq!(of(&document(&running, &id).await.people, "定州市"), 2);
        let list = liu.get(&format!("/desk/skill/{skill}/competitors")).await.text;
        assert!(list.contains("改代表队“定州市”，2 人"), "{list}");
        assert_eq!(led(&undo(&liu, &skill).await), format!("/desk/skill/{skill}/competitors?sort=name"));
        assert_eq!(document(&running, &id).await.people, before);
        let list = liu.get(&format!("/desk/skill/{skill}/competitors")).await.text;
        assert!(!list.contains("/bulk/undo"), "once");

        // All that fit, over every page; those who are like that already are counted.
        let group = segment("学生组");
        let (page, done) =
            bulk(&liu, &skill, &format!("act=group&to={group}&all=yes&find={}", segment("选手零"))).await;
        led(&done);
        assert!(page.contains("50 人改成“学生组”") && page.contains("另选的 50 人本来就是这样"), "{page}");
        let now = document(&running, &id).await.people;
        assert_eq!(now.iter().filter(|person| person.group.as_str() == "学生组").count(), 50 + 60);
        led(&undo(&liu, &skill).await);
        assert_eq!(document(&running, &id).await.people, before);

        // Taken off with their numbers and what was declared, and all of it back in its place.
        let declare = format!("/desk/skill/{skill}/interests");
        led(&liu.form(&format!("/desk/skill/{skill}/judge-lines"), &[("judges", "马建华\n胡爱民")]).await);
        let judge = document(&running, &id).await.judges[0].code.to_string();
        let fields = [("judge", judge.as_str()), ("competitor", before[1].code.as_str()), ("kind", "kin")];
        led(&liu.form(&declare, &fields).await);
        let declared = document(&running, &id).await;
        let (page, done) =
            bulk(&liu, &skill, &format!("act=remove&to=x&{}&{}&{}", code(0), code(1), code(119))).await;
        led(&done);
        assert!(page.contains("从名单里删除：3 人"), "{page}");
        let left = document(&running, &id).await;
        assert_eq!((left.people.len(), left.interests.len(), identities(&running).await.len()), (117, 0, 5));
        led(&undo(&liu, &skill).await);
        assert_eq!(document(&running, &id).await, declared);
        assert_eq!(identities(&running).await, numbers);

        // One who is taken off by themselves is undone the same way.
        led(&liu.form(&format!("/desk/skill/{skill}/competitors/{}/remove", before[5].code), &[]).await);
        led(&undo(&liu, &skill).await);
        assert_eq!(document(&running, &id).await, declared);
        running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bulk_change_that_is_not_what_was_shown_or_not_to_be_undone_any_more_changes_nothing() {
    for place in TestDatabase::every_kind() {
        let running = start(&place).await;
        let liu = first(&running, "刘老师").await;
        let id = competition(&liu, "市赛").await;
        led(&liu.form(&format!("/desk/competition/{id}/skills"), &[("skills", "001，焊接")]).await);
        take_in(&liu, &id, roster(12)).await;
        let skill = look(&liu, &id).await.skills[0].skill.id.clone();
        let before = document(&running, &id).await.people;
        let at = format!("/desk/skill/{skill}/bulk");
        let code = |at: usize| format!("code={}", before[at].code);
        for nobody in
            ["", "act=remove", "act=moon&all=yes", "act=remove&code=none", "act=remove&all=yes&find=none"]
        {
            refused(&liu.get(&format!("{at}?{nobody}")).await, 422, "还没有选人");
        }
        let long = "长".repeat(201);
        let query = format!("act=group&to={}&{}", segment(&long), code(1));
        refused(&liu.get(&format!("{at}?{query}")).await, 422, "不超过 200 个字");
        let nothing = liu.get(&format!("{at}?act=delegation&to={}&{}", segment("石市"), code(0))).await.text;
        assert!(nothing.contains("0 人改成") && !nothing.contains("确认："), "{nothing}");

        // Somebody else changed one of them since: it is shown anew, and then done.
        let page =
            liu.get(&format!("{at}?act=delegation&to={}&{}&{}", segment("新"), code(1), code(2))).await.text;
        let fields = form(&page, &at, "确认");
        let mend = async |one: usize, delegation: &str| {
            let of_one = format!("/desk/skill/{skill}/competitors/{}", before[one].code);
            let form = liu.get(&of_one).await.text;
            let seen = hidden(&form, "seen").to_owned();
            let fields = [
                ("name", "改过"),
                ("organisation", ""),
                ("delegation", delegation),
                ("group", ""),
                ("seen", &seen),
            ];
            led(&liu.form(&of_one, &fields).await);
        };
        mend(1, "别处").await;
        let stale = liu.send("POST", &at, fields.clone().into_bytes(), FORM).await;
        refused(&stale, 409, "有变动");
        assert!(stale.text.contains("别处"), "as it is now");
        let again = form(&stale.text, &at, "确认");
        led(&liu.send("POST", &at, again.clone().into_bytes(), FORM).await);
        refused(&liu.send("POST", &at, again.into_bytes(), FORM).await, 409, "有变动");

        // What was changed again since is not undone over it.
        mend(2, "再改").await;
        let done = document(&running, &id).await;
        refused(&undo(&liu, &skill).await, 409, "不能整批撤销");
        assert_eq!(document(&running, &id).await, done);
        mend(2, "新").await;
        led(&undo(&liu, &skill).await);
        assert_eq!(document(&running, &id).await.people[1].delegation, "别处");
        refused(&liu.form(&format!("{at}/undo"), &[("id", "none")]).await, 409, "没有可以撤销的");

        // Of two who confirm at once one does.
        let page = liu.get(&format!("{at}?act=remove&{}", code(4))).await.text;
        let fields = form(&page, &at, "确认").into_bytes();
        let (one, other) = tokio::join!(
            liu.send("POST", &at, fields.clone(), FORM),
            liu.send("POST", &at, fields.clone(), FORM)
        );
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert!(matches!(statuses, [303, 409 | 422]), "{statuses:?}");
        assert_eq!(document(&running, &id).await.people.len(), 11);

        // What undoes it is sealed; who was taken in again meanwhile, under another code, does not stand there
        // twice by undoing.
        let kept: Vec<String> = sqlx::query_scalar("SELECT undoing FROM bulk_change")
            .fetch_all(running.app.database.pool())
            .await
            .expect("what undoes it");
        assert!(kept.len() == 1 && !kept[0].contains("选手"), "{kept:?}");
        let gone = &before[4];
        let again = format!("姓名,工作单位,赛项\n{},{},001\n", gone.name, gone.organisation);
        take_in(&liu, &id, again).await;
        refused(&undo(&liu, &skill).await, 409, "不能整批撤销");
        let people = document(&running, &id).await.people;
        assert_eq!(people.iter().filter(|one| one.name == gone.name).count(), 1);

        // Who was taken back with their list comes back with it alone.
        let roster = liu.get(&format!("/desk/competition/{id}/roster")).await.text;
        let batch = roster.rsplit("name=\"id\" value=\"").next().and_then(|rest| rest.split('"').next());
        let batch = batch.expect("the first list").to_owned();
        let pending = liu.get(&format!("/desk/skill/{skill}/competitors")).await.text;
        let fields = form(&pending, &format!("{at}/undo"), "撤销").into_bytes();
        led(&liu.form(&format!("/desk/competition/{id}/roster/undo"), &[("id", &batch)]).await);
        refused(&liu.send("POST", &format!("{at}/undo"), fields, FORM).await, 409, "没有可以撤销的");

        // Once it is drawn nothing of it changes.
        take_in(&liu, &id, self::roster(12)).await;
        let code = document(&running, &id).await.people[0].code.to_string();
        led(&liu.form(&format!("/desk/skill/{skill}/competitors/{code}/remove"), &[]).await);
        let pending = liu.get(&format!("/desk/skill/{skill}/competitors")).await.text;
        let fields = form(&pending, &format!("{at}/undo"), "撤销").into_bytes();
        let draws = format!("/desk/competition/{id}/draw");
        led(&liu.form(&draws, &[("layers", "public"), ("source", "摇号")]).await);
        let page = liu.get(&draws).await.text;
        let draw = page.split("/draw/").nth(1).and_then(|rest| rest.split('/').next()).expect("a draw");
        led(&liu.form(&format!("{draws}/{draw}/commit"), &[("layer", "1")]).await);
        refused(&liu.get(&format!("{at}?act=remove&all=yes")).await, 409, "已经抽签");
        refused(&liu.send("POST", &format!("{at}/undo"), fields, FORM).await, 409, "已经抽签");
        let list = liu.get(&format!("/desk/skill/{skill}/competitors")).await.text;
        assert!(!list.contains("type=\"checkbox\"") && !list.contains("/bulk"), "nothing is offered");
        running.stop().await;
    }
}
