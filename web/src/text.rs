//! Every text of the public pages, in both languages: a field that one of them lacks does not
//! compile.

use domain::finding::Language;
use protocol::view::{Policy, Presence, Status};

/// The fixed texts of the pages.
#[derive(Debug)]
pub(crate) struct Texts {
    pub(crate) product: &'static str,
    pub(crate) home: &'static str,
    pub(crate) breadcrumbs: &'static str,

    pub(crate) refreshing: &'static str,
    pub(crate) live: &'static str,
    pub(crate) lost: &'static str,
    pub(crate) lost_long: &'static str,
    pub(crate) rewound: &'static str,
    pub(crate) as_of: &'static str,
    pub(crate) progress: &'static str,
    pub(crate) session: &'static str,
    pub(crate) session_ended: &'static str,
    pub(crate) session_left: &'static str,
    pub(crate) session_begins: &'static str,
    pub(crate) session_begins_in: &'static str,
    pub(crate) competitors: &'static str,
    pub(crate) skills: &'static str,
    pub(crate) delegations: &'static str,
    pub(crate) delegation: &'static str,
    pub(crate) awards: &'static str,
    pub(crate) award: &'static str,
    pub(crate) points: &'static str,
    pub(crate) status: &'static str,
    pub(crate) skill: &'static str,

    pub(crate) rank: &'static str,
    pub(crate) movement: &'static str,
    pub(crate) who: &'static str,
    pub(crate) code: &'static str,
    pub(crate) total: &'static str,
    pub(crate) gap: &'static str,
    pub(crate) scale: &'static str,
    pub(crate) breakdown: &'static str,
    pub(crate) star: &'static str,
    pub(crate) starred: &'static str,
    pub(crate) board: &'static str,
    pub(crate) hall_screen: &'static str,

    pub(crate) next_page: &'static str,
    pub(crate) previous_page: &'static str,
    pub(crate) pause: &'static str,
    pub(crate) resume: &'static str,
    pub(crate) leave_screen: &'static str,

    pub(crate) tagline: &'static str,
    pub(crate) rehearsal: &'static str,
    pub(crate) live_now: &'static str,
    pub(crate) nothing_live: &'static str,
    pub(crate) nothing_live_next: &'static str,
    pub(crate) ladder: &'static str,
    pub(crate) ladder_about: &'static str,
    pub(crate) tier_is_empty: &'static str,
    pub(crate) board_is_empty: &'static str,
    pub(crate) board_is_empty_next: &'static str,
    pub(crate) no_skills: &'static str,
    pub(crate) no_skills_next: &'static str,
    pub(crate) draw: &'static str,
    pub(crate) no_delegations: &'static str,
    pub(crate) no_delegations_next: &'static str,
    pub(crate) no_competitors: &'static str,
    pub(crate) no_competitors_next: &'static str,
    pub(crate) nothing_released: &'static str,
}

/// The texts of a language.
pub(crate) const fn texts(language: Language) -> &'static Texts {
    match language {
        Language::Chinese => &CHINESE,
        Language::English => &ENGLISH,
    }
}

const CHINESE: Texts = Texts {
    product: "擂台",
    home: "首页",
    breadcrumbs: "所在位置",

    refreshing: "每 30 秒刷新",
    live: "实时更新",
    lost: "连接中断",
    lost_long: "连接中断，正在重新连接。所示数据截至",
    rewound: "数据已恢复到较早的时刻",
    as_of: "截至",
    progress: "评分进度",
    session: "场次",
    session_ended: "已结束",
    session_left: "剩余",
    session_begins: "开始于",
    session_begins_in: "距开始",
    competitors: "选手",
    skills: "赛项",
    delegations: "代表队",
    delegation: "代表队",
    awards: "获奖",
    award: "奖项",
    points: "团体分",
    status: "状态",
    skill: "赛项",

    rank: "名次",
    movement: "变化",
    who: "选手",
    code: "编号",
    total: "总分",
    gap: "差距",
    scale: "量表分",
    breakdown: "评分项明细",
    star: "关注",
    starred: "我的关注",
    board: "榜单",
    hall_screen: "大屏",

    next_page: "下一页",
    previous_page: "上一页",
    pause: "暂停翻页",
    resume: "继续翻页",
    leave_screen: "返回榜单",

    rehearsal: "彩排：这里的一切都不算数",
    tagline: "从岗位练兵到世界技能大赛，每一分都有据可查。",
    live_now: "正在进行",
    nothing_live: "此刻没有正在评分的赛项",
    nothing_live_next: "比赛开始后，赛项会出现在这里；往届结果见下方各级赛事。",
    ladder: "竞赛体系",
    ladder_about: "以世界技能大赛为龙头，以国内竞赛为主体，以岗位练兵为基础。",
    tier_is_empty: "暂无公开的大赛",
    board_is_empty: "还没有选手上榜",
    board_is_empty_next: "名单公布后，选手会按编号列在这里；评分开始后随时更新，无需刷新。",
    no_skills: "还没有公开的赛项",
    no_skills_next: "赛项公布后会列在这里，附评分进度和状态。",
    draw: "抽签（可重算）",
    no_delegations: "还没有公布代表队",
    no_delegations_next: "名单公布后会列在这里；成绩发布后附名次和奖项。",
    no_competitors: "还没有可以公开的选手",
    no_competitors_next: "匿名评分的赛项在解密之后才列出选手。",
    nothing_released: "成绩发布后，这里会显示名次和奖项。",
};

const ENGLISH: Texts = Texts {
    product: "Leitai",
    home: "Home",
    breadcrumbs: "You are here",

    refreshing: "Refreshes every 30 s",
    live: "Live",
    lost: "Connection lost",
    lost_long: "Connection lost, trying again. What you see is as of",
    rewound: "Restored to an earlier moment",
    as_of: "As of",
    progress: "Marking",
    session: "Session",
    session_ended: "Over",
    session_left: "left",
    session_begins: "begins",
    session_begins_in: "begins in",
    competitors: "Competitors",
    skills: "Skills",
    delegations: "Delegations",
    delegation: "Delegation",
    awards: "Awards",
    award: "Award",
    points: "Team points",
    status: "Status",
    skill: "Skill",

    rank: "Rank",
    movement: "Move",
    who: "Competitor",
    code: "Code",
    total: "Total",
    gap: "Gap",
    scale: "Scale",
    breakdown: "Breakdown",
    star: "Follow",
    starred: "Following",
    board: "Board",
    hall_screen: "Hall screen",

    next_page: "Next page",
    previous_page: "Previous page",
    pause: "Pause paging",
    resume: "Resume paging",
    leave_screen: "Back to the board",

    rehearsal: "Rehearsal: nothing here counts",
    tagline: "From the workshop drill to WorldSkills, every mark accounted for.",
    live_now: "Live now",
    nothing_live: "Nothing is being marked right now",
    nothing_live_next: "Skills appear here as soon as marking begins; earlier results are below.",
    ladder: "The ladder",
    ladder_about: "WorldSkills at its head, national contests as its body, workplace drills at its base.",
    tier_is_empty: "No public competition yet",
    board_is_empty: "Nobody is on the board yet",
    board_is_empty_next: "Competitors will be listed by code once announced, and move by themselves as marks arrive.",
    no_skills: "No public skills yet",
    no_skills_next: "Skills are listed here once announced, with status and progress.",
    draw: "Draws, to be repeated",
    no_delegations: "No delegations yet",
    no_delegations_next: "They are listed here once announced; ranks and awards follow the release.",
    no_competitors: "Nobody can be shown yet",
    no_competitors_next: "Where marking is anonymous, competitors are listed once codes are unsealed.",
    nothing_released: "Ranks and awards appear here once results are released.",
};

/// The word for where results stand.
pub(crate) const fn status(status: Status, language: Language) -> &'static str {
    let (zh, en) = match status {
        Status::Upcoming => ("未开始", "Upcoming"),
        Status::InProgress => ("进行中", "In progress"),
        Status::Frozen => ("封榜", "Frozen"),
        Status::UnderReview => ("待复核", "Under review"),
        Status::Provisional => ("暂定", "Provisional"),
        Status::Publicised => ("公示中", "Public notice"),
        Status::Official => ("正式", "Official"),
    };
    pick(language, zh, en)
}

/// What the status and the live policy mean for who reads the board.
pub(crate) const fn status_about(status: Status, policy: Policy, language: Language) -> &'static str {
    let (zh, en) = match (status, policy) {
        (Status::Upcoming, _) => ("比赛尚未开始。", "The competition has not begun."),
        (Status::InProgress, Policy::Progress) => {
            ("评分期间只公布进度，成绩在发布后显示。", "While marking goes on, only progress is shown.")
        }
        (Status::InProgress, Policy::Completed) => {
            ("只比较全体选手都已评完的评分子项。", "Compares only sub-criteria that are marked for everyone.")
        }
        (Status::InProgress, Policy::Running) => {
            ("只比较全体选手都已评完的评分点。", "Compares only aspects that are marked for everyone.")
        }
        (Status::Frozen, _) => {
            ("榜单按安排不再更新，等待揭晓。", "The board stands still by intention, until the reveal.")
        }
        (Status::UnderReview, _) => {
            ("评分已结束，正在复核与签字。", "Marking is over; checks and signatures are open.")
        }
        (Status::Provisional, _) => ("成绩已计算，仍可能变化。", "Computed, and may still change."),
        (Status::Publicised, _) => {
            ("成绩正在公示，可在期限内提出异议。", "In public notice, open to objection.")
        }
        (Status::Official, _) => ("最终结果。", "The final result."),
    };
    pick(language, zh, en)
}

/// Why somebody is not ranked.
pub(crate) const fn presence(presence: Presence, language: Language) -> &'static str {
    let (zh, en) = match presence {
        Presence::Competing => ("参赛", "Competing"),
        Presence::Absent => ("缺考", "Absent"),
        Presence::Withdrawn => ("退赛", "Withdrawn"),
        Presence::Disqualified => ("取消资格", "Disqualified"),
    };
    pick(language, zh, en)
}

/// The tiers of the ladder from the top: their names in data and on pages.
pub(crate) const TIERS: [(&str, &str, &str); 6] = [
    ("world", "世界", "World"),
    ("nation", "国家", "Nation"),
    ("province", "省", "Province"),
    ("city", "市", "City"),
    ("county", "县", "County"),
    ("enterprise", "企业", "Enterprise"),
];

/// The word for a tier; one that is not known stands for itself.
pub(crate) fn tier(name: &str, language: Language) -> &str {
    let known = TIERS.iter().find(|(tier, ..)| *tier == name);
    known.map_or(name, |(_, zh, en)| pick(language, zh, en))
}

/// A rank as the board writes it: `2`, and shared, `并列2` or `T2`.
pub(crate) fn rank(rank: u32, is_tied: bool, language: Language) -> String {
    match (is_tied, language) {
        (false, _) => rank.to_string(),
        (true, Language::Chinese) => format!("并列{rank}"),
        (true, Language::English) => format!("T{rank}"),
    }
}

/// A number as a column of them wants it: as wide as six digits, whatever it says, so that its
/// beginning stays where it is when it changes.
pub(crate) fn padded(number: &str) -> String {
    const FIGURE_SPACE: char = '\u{2007}';
    let missing = 6_usize.saturating_sub(number.chars().count());
    let mut padded: String = std::iter::repeat_n(FIGURE_SPACE, missing).collect();
    padded.push_str(number);
    padded
}

/// A movement as the board draws it.
pub(crate) fn movement(places: i32) -> String {
    match places {
        0 => "–".to_owned(),
        1.. => format!("▲{places}"),
        _ => format!("▼{}", places.unsigned_abs()),
    }
}

/// A movement in words, for who hears it.
pub(crate) fn movement_said(places: i32, language: Language) -> String {
    let count = places.unsigned_abs();
    match (places, language) {
        (0, Language::Chinese) => "名次未变".to_owned(),
        (0, Language::English) => "no change".to_owned(),
        (1.., Language::Chinese) => format!("上升 {count} 位"),
        (1.., Language::English) => format!("up {count}"),
        (_, Language::Chinese) => format!("下降 {count} 位"),
        (_, Language::English) => format!("down {count}"),
    }
}

/// `24 名选手`
pub(crate) fn competitors(count: u32, language: Language) -> String {
    match (count, language) {
        (_, Language::Chinese) => format!("{count} 名选手"),
        (1, Language::English) => "1 competitor".to_owned(),
        (_, Language::English) => format!("{count} competitors"),
    }
}

/// `12 个赛项`
pub(crate) fn skills(count: u32, language: Language) -> String {
    match (count, language) {
        (_, Language::Chinese) => format!("{count} 个赛项"),
        (1, Language::English) => "1 skill".to_owned(),
        (_, Language::English) => format!("{count} skills"),
    }
}

/// `3 项进行中`
pub(crate) fn live_skills(count: u32, language: Language) -> String {
    match language {
        Language::Chinese => format!("{count} 项进行中"),
        Language::English => format!("{count} live"),
    }
}

/// `5 项已出成绩`
pub(crate) fn released_skills(count: u32, language: Language) -> String {
    match language {
        Language::Chinese => format!("{count} 项已出成绩"),
        Language::English => format!("{count} with results"),
    }
}

/// `第 2 页，共 4 页`
pub(crate) fn page_of(page: usize, pages: usize, language: Language) -> String {
    match language {
        Language::Chinese => format!("第 {page} 页，共 {pages} 页"),
        Language::English => format!("Page {page} of {pages}"),
    }
}

/// What a screen reader is told now and then: the leader, and how far the marking is.
#[cfg(target_arch = "wasm32")]
pub(crate) fn summary(leader: Option<(&str, &str)>, done: u64, of: u64, language: Language) -> String {
    match (leader, language) {
        (Some((who, total)), Language::Chinese) => {
            format!("目前第一名：{who}，{total} 分。评分进度 {done}/{of}。")
        }
        (Some((who, total)), Language::English) => {
            format!("In the lead: {who} with {total}. Marked: {done} of {of}.")
        }
        (None, Language::Chinese) => format!("评分进度 {done}/{of}。"),
        (None, Language::English) => format!("Marked: {done} of {of}."),
    }
}

const fn pick<'a>(language: Language, zh: &'a str, en: &'a str) -> &'a str {
    match language {
        Language::Chinese => zh,
        Language::English => en,
    }
}
