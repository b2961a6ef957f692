//! Made-up results of a provincial competition: nobody and no school in them is real.

use std::collections::BTreeMap;

use protocol::view::{
    BoardView, CompetitionCard, CompetitionRef, CompetitionView, CriterionHead, DelegationLine,
    DelegationRow, DelegationView, HomeView, LiveCard, Policy, Presence, Progress, Row, SessionClock,
    SkillCard, SkillRef, Status, Text,
};

const CITIES: [&str; 13] = [
    "石家庄市",
    "唐山市",
    "秦皇岛市",
    "邯郸市",
    "邢台市",
    "保定市",
    "张家口市",
    "承德市",
    "沧州市",
    "廊坊市",
    "衡水市",
    "雄安新区",
    "辛集市",
];
const FAMILIES: [&str; 16] =
    ["王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "马", "胡", "郭", "欧阳"];
const GIVEN: [&str; 16] = [
    "志强", "晓明", "建国", "雨桐", "子轩", "文静", "海涛", "思远", "佳怡", "浩然", "立新", "雪", "明辉",
    "凯", "若溪", "春生",
];
const ORGANISATIONS: [&str; 8] = [
    "机电职业技术学院",
    "技师学院",
    "重型机械厂",
    "高级技工学校",
    "轨道装备公司",
    "职业技术学院",
    "钢铁集团",
    "精密制造公司",
];

/// Everything that the pages show.
pub(crate) struct Results {
    pub(crate) home: HomeView,
    pub(crate) competition: CompetitionView,
    pub(crate) upcoming: CompetitionView,
    pub(crate) delegation: DelegationView,
    pub(crate) boards: BTreeMap<String, BoardView>,
}

impl Results {
    /// Results as of a moment, in milliseconds since 1970 UTC.
    pub(crate) fn new(now_ms: i64) -> Self {
        let milling = Kind { id: "s08", number: "08", zh: "数控铣", en: "CNC Milling", rows: 32 };
        let wiring =
            Kind { id: "s12", number: "12", zh: "电气装置", en: "Electrical Installations", rows: 24 };
        let beauty = Kind { id: "s15", number: "15", zh: "美容", en: "Beauty Therapy", rows: 18 };
        let welding = Kind { id: "s10", number: "10", zh: "焊接", en: "Welding", rows: 28 };
        let cooking = Kind { id: "s21", number: "21", zh: "烹饪（西餐）", en: "Cooking", rows: 0 };
        let drill = Kind {
            id: "s400",
            number: "01",
            zh: "岗位练兵（钳工）",
            en: "Workplace Drill: Fitting",
            rows: 400,
        };
        let mut boards = BTreeMap::new();
        for (kind, status, policy) in [
            (milling, Status::InProgress, Policy::Completed),
            (wiring, Status::Official, Policy::Completed),
            (beauty, Status::InProgress, Policy::Progress),
            (welding, Status::Frozen, Policy::Completed),
            (cooking, Status::Upcoming, Policy::Completed),
            (drill, Status::InProgress, Policy::Running),
        ] {
            boards.insert(kind.id.to_owned(), kind.board(status, policy, now_ms));
        }
        if let Some(board) = boards.get_mut("s12") {
            release(board);
        }
        if let Some(board) = boards.get_mut("s15") {
            conceal(board);
        }
        let competition = competition(&boards, now_ms);
        let upcoming = CompetitionView {
            competition: reference("c2", "第一届河北省绿色技能大赛", "First Hebei Green Skills Competition"),
            edition: "第一届".to_owned(),
            tier: "province".to_owned(),
            host: "河北省总工会".to_owned(),
            dates: vec!["2027-05-12".to_owned()],
            as_of: now_ms,
            ..CompetitionView::default()
        };
        let delegation = delegation(&boards, &competition);
        let home = home(&boards, &competition, now_ms);
        Self { home, competition, upcoming, delegation, boards }
    }
}

#[derive(Clone, Copy)]
struct Kind {
    id: &'static str,
    number: &'static str,
    zh: &'static str,
    en: &'static str,
    rows: usize,
}

impl Kind {
    fn board(self, status: Status, policy: Policy, now_ms: i64) -> BoardView {
        let criteria = [
            ("A", "图样与工艺", 10),
            ("B", "主要尺寸", 40),
            ("C", "次要尺寸", 25),
            ("D", "表面质量", 15),
            ("E", "职业素养", 10),
        ];
        let mut board = BoardView {
            competition: reference(
                "c1",
                "河北省第三届职业技能大赛",
                "Third Hebei Vocational Skills Competition",
            ),
            skill: SkillRef {
                id: self.id.to_owned(),
                name: text(self.zh, self.en),
                number: self.number.to_owned(),
            },
            status,
            policy,
            as_of: now_ms,
            criteria: criteria
                .iter()
                .map(|(id, name, max)| CriterionHead {
                    id: (*id).to_owned(),
                    name: (*name).to_owned(),
                    max: format!("{max}.00"),
                })
                .collect(),
            ..BoardView::default()
        };
        if status == Status::InProgress {
            board.session = Some(SessionClock {
                label: "模块 B".to_owned(),
                from: now_ms - 5_400_000,
                until: now_ms + 5_025_000,
            });
        }
        for number in 0..self.rows {
            let (code, row) = row(number, self.rows);
            board.rows.insert(code, row);
        }
        rank(&mut board);
        board
    }
}

/// Lets a session of three and a half hours begin at a time from now.
pub(crate) fn begin_session(board: &mut BoardView, now_ms: i64, in_ms: i64) {
    let from = now_ms + in_ms;
    board.session = Some(SessionClock { label: "模块 C".to_owned(), from, until: from + 12_600_000 });
}

/// One competitor: a later number has lower marks.
fn row(number: usize, rows: usize) -> (String, Row) {
    let city = CITIES[number * 7 % CITIES.len()];
    let family = FAMILIES[(number * 5 + number / 16) % FAMILIES.len()];
    let given = GIVEN[(number * 3 + number / 7) % GIVEN.len()];
    let organisation = ORGANISATIONS[(number * 3 + 1) % ORGANISATIONS.len()];
    let lost = number * 4000 / rows.max(1) + number * 37 % 60;
    let total = 9_480 - lost;
    let presence = match number {
        29 => Presence::Absent,
        30 => Presence::Withdrawn,
        _ => Presence::Competing,
    };
    let competes = presence == Presence::Competing;
    let marks = [1_000, 4_000, 2_500, 1_500, 1_000].map(|max| mark(max * total / 10_000));
    let moved = match number % 9 {
        1 => 3,
        2 => -1,
        4 => 1,
        7 => -2,
        _ => 0,
    };
    let row = Row {
        name: Some(format!("{family}{given}")),
        organisation: Some(format!("{}{organisation}", city.trim_end_matches('市'))),
        delegation: Some(city.to_owned()),
        presence,
        moved: if competes { moved } else { 0 },
        // Two share the fourth rank.
        total: competes
            .then(|| mark(if number == 4 { 9_480 - 3 * 4000 / rows.max(1) - 3 * 37 % 60 } else { total })),
        progress: Progress {
            done: if competes { 26 + u64::try_from(number % 7).expect("small") } else { 0 },
            of: 40,
        },
        marks: if competes { marks.to_vec() } else { Vec::new() },
        ..Row::default()
    };
    (format!("M{:02}", (number * 17 + 5) % rows.max(1) + 1), row)
}

/// Orders the rows and gives ranks and gaps anew.
fn rank(board: &mut BoardView) {
    let mut order: Vec<String> = board.rows.keys().cloned().collect();
    let total = |board: &BoardView, code: &str| board.rows[code].total.as_deref().map_or(-1, hundredths);
    order.sort_by_key(|code| (board.rows[code].group.clone(), -total(board, code), code.clone()));
    let mut leader: BTreeMap<String, i64> = BTreeMap::new();
    let mut place: BTreeMap<String, (u32, i64, u32)> = BTreeMap::new();
    for code in &order {
        let own = total(board, code);
        let row = board.rows.get_mut(code).expect("a row");
        if own < 0 {
            continue;
        }
        let first = *leader.entry(row.group.clone()).or_insert(own);
        let (count, last, rank) = place.entry(row.group.clone()).or_insert((0, i64::MIN, 0));
        *count += 1;
        if own != *last {
            (*last, *rank) = (own, *count);
        }
        row.rank = Some(*rank);
        row.gap = Some(mark(usize::try_from(first - own).expect("the leader leads")));
    }
    let ranks: Vec<(String, Option<u32>)> =
        board.rows.values().map(|row| (row.group.clone(), row.rank)).collect();
    for row in board.rows.values_mut() {
        let own = (row.group.clone(), row.rank);
        row.is_tied = row.rank.is_some() && ranks.iter().filter(|other| **other == own).count() > 1;
    }
    board.order = order;
    board.progress = board.rows.values().fold(Progress::default(), |sum, row| Progress {
        done: sum.done + row.progress.done,
        of: sum.of + if row.presence == Presence::Competing { row.progress.of } else { 0 },
    });
}

/// Results are out: two groups, all marked, the scale and the awards.
fn release(board: &mut BoardView) {
    for (number, row) in board.rows.values_mut().enumerate() {
        row.group = if number % 3 == 0 { "学生组".to_owned() } else { "职工组".to_owned() };
        row.moved = 0;
        row.progress.done = row.progress.of;
    }
    rank(board);
    for row in board.rows.values_mut() {
        let award = match row.rank {
            Some(1) => "金牌",
            Some(2) => "银牌",
            Some(3) => "铜牌",
            Some(4..=6) => "优胜奖",
            _ => continue,
        };
        row.award = Some(award.to_owned());
    }
    for row in board.rows.values_mut() {
        row.scale = row.total.as_deref().map(|total| 500 + hundredths(total) / 40);
    }
}

/// Marking is anonymous and only its progress is shown.
fn conceal(board: &mut BoardView) {
    board.criteria.clear();
    for row in board.rows.values_mut() {
        *row = Row { presence: row.presence, progress: row.progress, ..Row::default() };
    }
    board.order = board.rows.keys().cloned().collect();
}

/// The third goes past the first.
pub(crate) fn overtake(board: &mut BoardView) {
    let (first, third) = (board.order[0].clone(), board.order[2].clone());
    let total = board.rows[&first].total.as_deref().map_or(0, hundredths);
    let row = board.rows.get_mut(&third).expect("a row");
    row.total = Some(mark(usize::try_from(total + 25).expect("a total")));
    row.progress.done += 1;
    row.moved = 2;
    board.as_of += 1_000;
    rank(board);
}

/// Everyone's total is turned round, so that all rows move at once.
pub(crate) fn reverse(board: &mut BoardView) {
    for row in board.rows.values_mut() {
        if let Some(total) = row.total.as_deref().map(hundredths) {
            row.total = Some(mark(usize::try_from(14_500 - total).expect("a total")));
        }
    }
    board.as_of += 1_000;
    rank(board);
}

/// The last of those who are ranked gets a mark that changes no rank.
pub(crate) fn score(board: &mut BoardView) {
    let last = board.order.iter().rfind(|code| board.rows[*code].rank.is_some()).expect("a row").clone();
    board.rows.get_mut(&last).expect("a row").progress.done += 1;
    board.as_of += 1_000;
    rank(board);
}

fn competition(boards: &BTreeMap<String, BoardView>, now_ms: i64) -> CompetitionView {
    let mut skills: BTreeMap<String, SkillCard> = BTreeMap::new();
    for (id, board) in boards.iter().filter(|(id, _)| *id != "s400") {
        skills.insert(id.clone(), card(board));
    }
    let mut delegations = BTreeMap::new();
    for (place, city) in (1..).zip(CITIES) {
        let mut awards = BTreeMap::new();
        for (award, until) in [("金牌", 3), ("银牌", 5), ("铜牌", 6), ("优胜奖", 9)] {
            if place <= until {
                awards.insert(award.to_owned(), (until - place) / 2 + 1);
            }
        }
        let line = DelegationLine {
            competitors: 24 - place,
            rank: Some(place),
            points: Some(u64::from(240 - 13 * place)),
            awards,
        };
        delegations.insert(city.to_owned(), line);
    }
    CompetitionView {
        competition: reference("c1", "河北省第三届职业技能大赛", "Third Hebei Vocational Skills Competition"),
        edition: "第三届".to_owned(),
        tier: "province".to_owned(),
        host: "河北省人力资源和社会保障厅".to_owned(),
        dates: vec!["2026-11-20".to_owned(), "2026-11-23".to_owned()],
        venue: "石家庄国际会展中心".to_owned(),
        as_of: now_ms,
        progress: Progress { done: 2_482, of: 3_560 },
        order: skills.keys().cloned().collect(),
        skills,
        delegation_order: CITIES.map(str::to_owned).to_vec(),
        has_draw: false,
        delegations,
    }
}

fn delegation(boards: &BTreeMap<String, BoardView>, competition: &CompetitionView) -> DelegationView {
    let name = CITIES[0];
    let mut rows = BTreeMap::new();
    for board in boards.values().filter(|board| board.rows.len() < 100) {
        for (code, row) in board.rows.iter().filter(|(_, row)| row.delegation.as_deref() == Some(name)) {
            let of = DelegationRow {
                skill: board.skill.clone(),
                status: board.status,
                code: code.clone(),
                row: row.clone(),
            };
            rows.insert(format!("{}/{code}", board.skill.id), of);
        }
    }
    DelegationView {
        competition: competition.competition.clone(),
        name: name.to_owned(),
        as_of: competition.as_of,
        line: competition.delegations[name].clone(),
        order: rows.keys().cloned().collect(),
        rows,
    }
}

fn home(boards: &BTreeMap<String, BoardView>, province: &CompetitionView, now_ms: i64) -> HomeView {
    let other = |id: &str, zh: &str, en: &str, tier: &str, host: &str, dates: [&str; 2]| CompetitionCard {
        competition: reference(id, zh, en),
        edition: "2026".to_owned(),
        tier: tier.to_owned(),
        host: host.to_owned(),
        dates: dates.map(str::to_owned).to_vec(),
        skills: 12,
        live: 0,
        released: 12,
        competitors: 286,
    };
    let cards = [
        CompetitionCard {
            competition: province.competition.clone(),
            edition: province.edition.clone(),
            tier: province.tier.clone(),
            host: province.host.clone(),
            dates: province.dates.clone(),
            skills: 5,
            live: 3,
            released: 1,
            competitors: 102,
        },
        other(
            "c3",
            "石家庄市职工职业技能大赛",
            "Shijiazhuang Workers' Skills Contest",
            "city",
            "石家庄市总工会",
            ["2026-08-14", "2026-08-16"],
        ),
        other(
            "c4",
            "唐山市第九届职业技能竞赛",
            "Ninth Tangshan Skills Contest",
            "city",
            "唐山市人力资源和社会保障局",
            ["2026-07-03", "2026-07-05"],
        ),
        other(
            "c5",
            "冀中装备集团岗位练兵",
            "Jizhong Equipment Workplace Drill",
            "enterprise",
            "冀中装备集团工会",
            ["2026-05-11", "2026-05-11"],
        ),
    ];
    let live = boards.values().filter(|board| board.status == Status::InProgress);
    HomeView {
        as_of: now_ms,
        order: cards.iter().map(|card| card.competition.id.clone()).collect(),
        competitions: cards.into_iter().map(|card| (card.competition.id.clone(), card)).collect(),
        live: live
            .map(|board| {
                let card = LiveCard { competition: board.competition.clone(), card: card(board) };
                (board.skill.id.clone(), card)
            })
            .collect(),
    }
}

fn card(board: &BoardView) -> SkillCard {
    SkillCard {
        skill: board.skill.clone(),
        status: board.status,
        policy: board.policy,
        progress: board.progress,
        competitors: u32::try_from(board.rows.len()).expect("few rows"),
        dates: Vec::new(),
        venue: String::new(),
    }
}

fn reference(id: &str, zh: &str, en: &str) -> CompetitionRef {
    CompetitionRef { id: id.to_owned(), name: text(zh, en), is_rehearsal: false }
}

fn text(zh: &str, en: &str) -> Text {
    Text { zh: zh.to_owned(), en: en.to_owned() }
}

fn mark(hundredths: usize) -> String {
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

fn hundredths(mark: &str) -> i64 {
    mark.replace('.', "").parse().expect("a mark")
}
