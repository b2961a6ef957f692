//! Whole pages as the server sends them.

use domain::finding::Language;
use protocol::draw::Published;
use protocol::view::{
    BoardView, CompetitionRef, CompetitionView, DelegationView, HomeView, Presence, Progress, Row, SkillRef,
    Status, Text,
};
use web::{Context, Page, Theme, render};

const STATUSES: [Status; 7] = [
    Status::Upcoming,
    Status::InProgress,
    Status::Frozen,
    Status::UnderReview,
    Status::Provisional,
    Status::Publicised,
    Status::Official,
];

fn context(language: Language) -> Context {
    Context { language, theme: Theme::Auto, path: "/skill/s08".to_owned(), utc_offset_minutes: 480 }
}

fn text(zh: &str, en: &str) -> Text {
    Text { zh: zh.to_owned(), en: en.to_owned() }
}

fn row(rank: u32, name: &str) -> Row {
    Row {
        name: Some(name.to_owned()),
        rank: Some(rank),
        total: Some("90.54".to_owned()),
        gap: Some("4.26".to_owned()),
        progress: Progress { done: 12, of: 40 },
        ..Row::default()
    }
}

fn board(rows: Vec<(&str, Row)>) -> BoardView {
    BoardView {
        competition: CompetitionRef {
            id: "c1".to_owned(),
            name: text("省赛", "Provincial"),
            is_rehearsal: false,
        },
        skill: SkillRef {
            id: "s08".to_owned(),
            name: text("数控铣", "CNC Milling"),
            number: "08".to_owned(),
        },
        status: Status::InProgress,
        as_of: 1_795_413_909_000,
        order: rows.iter().map(|(code, _)| (*code).to_owned()).collect(),
        rows: rows.into_iter().map(|(code, row)| (code.to_owned(), row)).collect(),
        ..BoardView::default()
    }
}

fn every_page(look: impl Fn(&str, &str)) {
    let (home, competition, delegation) =
        (HomeView::default(), CompetitionView::default(), DelegationView::default());
    let board = board(vec![("M01", row(1, "王志强"))]);
    let published =
        Published { competition: board.competition.clone(), skills: Vec::new(), thrown: Vec::new() };
    for language in [Language::Chinese, Language::English] {
        for theme in Theme::ALL {
            let context = Context { theme, ..context(language) };
            for page in [
                Page::Home(&home),
                Page::Competition(&competition),
                Page::Delegation(&delegation),
                Page::Board(&board),
                Page::Screen(&board),
                Page::Draw(&published),
                Page::Problem(404),
                Page::Problem(503),
            ] {
                look(&render(&page, &context), theme.name());
            }
        }
    }
}

#[test]
fn no_page_holds_a_script_or_a_style_that_the_policy_forbids() {
    every_page(|html, _| {
        assert!(!html.contains(" style="), "{html}");
        assert!(!html.contains("<style"), "{html}");
        assert!(!html.contains(" onclick"), "{html}");
        for script in html.split("<script").skip(1) {
            assert!(
                script.starts_with(" src=\"/assets/") || script.starts_with(" type=\"application/json\"")
            );
        }
    });
}

#[test]
fn every_page_says_its_language_and_theme() {
    every_page(|html, theme| {
        assert!(html.starts_with("<!DOCTYPE html><html lang=\""), "{html}");
        let is_screen = html.contains("class=\"page-screen\"");
        let theme = if is_screen && theme == "auto" { "dark" } else { theme };
        assert!(html.contains(&format!("data-theme=\"{theme}\">")), "{html}");
        assert!(!html.contains("null"), "what is not there is left out");
    });
}

#[test]
fn equal_arguments_give_equal_bytes() {
    let board = board(vec![("M01", row(1, "王志强")), ("M02", row(2, "李晓明"))]);
    let page = Page::Board(&board);
    assert_eq!(render(&page, &context(Language::Chinese)), render(&page, &context(Language::Chinese)));
}

#[test]
fn a_name_cannot_become_markup() {
    let mut board = board(vec![("M01", row(1, "</script><img src=x onerror=alert(1)>\""))]);
    board.skill.name = text("<b>", "<b>");
    let html = render(&Page::Board(&board), &context(Language::Chinese));
    assert!(!html.contains("<img"), "{html}");
    assert!(!html.contains("<b>"), "{html}");
    assert_eq!(html.matches("</script>").count(), 2, "the start and the view end where they should");
}

#[test]
fn every_board_says_its_status_in_words_and_with_a_shape_of_its_own() {
    let mut shapes = Vec::new();
    for (status, zh, en) in [
        (Status::Upcoming, "未开始", "Upcoming"),
        (Status::InProgress, "进行中", "In progress"),
        (Status::Frozen, "封榜", "Frozen"),
        (Status::UnderReview, "待复核", "Under review"),
        (Status::Provisional, "暂定", "Provisional"),
        (Status::Publicised, "公示中", "Public notice"),
        (Status::Official, "正式", "Official"),
    ] {
        let mut board = board(vec![("M01", row(1, "王志强"))]);
        board.status = status;
        for page in [Page::Board(&board), Page::Screen(&board)] {
            for (language, word) in [(Language::Chinese, zh), (Language::English, en)] {
                let html = render(&page, &context(language));
                let (_, rest) = html.split_once("<span class=\"status ").expect("a status");
                assert!(rest.contains(&format!("<span>{word}</span>")), "{word}");
                let (_, shape) = rest.split_once(" d=\"").expect("a shape");
                shapes.push(shape.split('"').next().map(str::to_owned));
            }
        }
    }
    shapes.sort();
    shapes.dedup();
    assert_eq!(shapes.len(), STATUSES.len());
}

#[test]
fn a_row_shows_movement_progress_and_gap() {
    let up = Row { moved: 3, is_tied: true, ..row(2, "王志强") };
    let down = Row { moved: -1, ..row(3, "李晓明") };
    let first = Row { gap: Some("0.00".to_owned()), ..row(1, "张海涛") };
    let board = board(vec![("M01", first), ("M02", up), ("M03", down)]);
    let chinese = render(&Page::Board(&board), &context(Language::Chinese));
    for words in ["▲3", "上升 3 位", "▼1", "下降 1 位", "并列2", "12/40", "−4.26", "90.54"] {
        assert!(chinese.contains(words), "{words}");
    }
    let english = render(&Page::Board(&board), &context(Language::English));
    for words in ["up 3", "down 1", ">T2<", "<span lang=\"zh-CN\" class=\"name\">"] {
        assert!(english.contains(words), "{words}");
    }
}

#[test]
fn who_is_not_ranked_is_said_why() {
    let absent = Row { presence: Presence::Absent, ..Row::default() };
    let board = board(vec![("M01", row(1, "王志强")), ("M02", absent)]);
    assert!(render(&Page::Board(&board), &context(Language::Chinese)).contains(">缺考<"));
    assert!(render(&Page::Board(&board), &context(Language::English)).contains(">Absent<"));
}

#[test]
fn what_a_board_does_not_know_is_in_no_part_of_its_page() {
    let board = board(vec![("M01", Row { progress: Progress { done: 3, of: 40 }, ..Row::default() })]);
    let html = render(&Page::Board(&board), &context(Language::Chinese));
    assert!(html.contains("class=\"board\""), "no column for what nobody has");
    assert!(!html.contains("\"total\":"), "nor in the data");
    assert!(html.contains(">M01<"));
}

#[test]
fn pages_that_change_are_followed_and_others_are_not() {
    let board = board(vec![("M01", row(1, "王志强"))]);
    let html = render(&Page::Board(&board), &context(Language::Chinese));
    assert!(html.contains("data-topic=\"skill/s08\""));
    assert!(html.contains("<noscript><meta http-equiv=\"refresh\" content=\"30\"></noscript>"));
    let html = render(&Page::Problem(404), &context(Language::Chinese));
    assert!(!html.contains("<script") && !html.contains("refresh"));
}

#[test]
fn every_file_that_a_page_names_is_there() {
    let board = board(vec![("M01", row(1, "王志强"))]);
    let html = render(&Page::Board(&board), &context(Language::Chinese));
    for address in html.split('"').filter(|part| part.starts_with("/assets/")) {
        assert!(web::assets().iter().any(|asset| asset.path == address), "{address}");
    }
}

#[test]
fn the_switches_lead_back_to_where_one_is() {
    let html = render(&Page::Problem(404), &context(Language::Chinese));
    assert!(html.contains("/preferences?lang=en&amp;back=%2Fskill%2Fs08"), "{html}");
    assert!(html.contains("/preferences?theme=dark&amp;back=%2Fskill%2Fs08"), "{html}");
}
