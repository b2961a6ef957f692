//! Pages of the draw: what the desk offers to whom, what is printed, and what the public can repeat.

use domain::draw::{Codes, Lot, commitment, list_hash};
use domain::finding::Language;
use domain::id::{CompetitorCode, EntryId};
use protocol::draw::{
    Drawing, DrawingLayer, DrawnSkill, Draws, LayerCard, LayerCards, MayDraw, NewDraw, Published,
    PublishedDraw, PublishedLayer, Slips, Waits,
};
use protocol::view::{CompetitionRef, SkillRef, Text};
use web::{Context, DeskPage, Page, Theme, render};

const SEED: &str = "双色球 2026138 03 08 12 19 25 31 + 07";
const SKILL: &str = "0190b1e2-7c5a-7000-8000-000000000001";
const SECRET: &str = "6b1f0d3c9a5e47286b1f0d3c9a5e47286b1f0d3c9a5e47286b1f0d3c9a5e4728";
const EVERYTHING: MayDraw = MayDraw { plan: true, draw: true, encode: true, second: true, witness: true };

fn shown(page: &Page<'_>, language: Language) -> String {
    let context = Context { language, theme: Theme::Auto, path: "/".to_owned(), utc_offset_minutes: 480 };
    let html = render(page, &context);
    assert!(!html.contains(" style=") && !html.contains("<style"), "{html}");
    html
}

fn text(zh: &str, en: &str) -> Text {
    Text { zh: zh.to_owned(), en: en.to_owned() }
}

fn competition() -> CompetitionRef {
    CompetitionRef { id: "c1".to_owned(), name: text("省赛", "Provincial"), is_rehearsal: false }
}

fn skill() -> SkillRef {
    SkillRef { id: SKILL.to_owned(), name: text("焊接", "Welding"), number: "01".to_owned() }
}

fn layer(layer: u32) -> DrawingLayer {
    DrawingLayer {
        layer,
        codes: Codes::Random,
        maker: Some(format!("编码人{layer}")),
        is_mine: false,
        is_sealed: false,
        open_in: 0,
    }
}

/// Two sealed layers, drawn, neither sealed yet.
fn drawing() -> Drawing {
    let skill =
        DrawnSkill { skill: skill(), units: 4, is_open: false, is_ready: false, unlocked: 0, next: Some(2) };
    Drawing {
        id: "d1".to_owned(),
        at: 1_795_413_909_000,
        is_sealed: true,
        source: "双色球第 2026138 期".to_owned(),
        seed: Some(SEED.to_owned()),
        layers: vec![layer(1), layer(2)],
        skills: vec![skill],
        opening: None,
        throwing: None,
        thrown: Vec::new(),
        is_thrown: false,
    }
}

/// The same with all its layers sealed and its skill marked and locked.
fn to_open() -> Drawing {
    let mut drawing = drawing();
    drawing.layers.iter_mut().for_each(|layer| layer.is_sealed = true);
    drawing.skills.iter_mut().for_each(|skill| (skill.is_open, skill.is_ready) = (true, true));
    drawing
}

fn desk(drawing: Drawing, may: MayDraw) -> String {
    let draws = Draws { competition: competition(), may, ready: Vec::new(), draws: vec![drawing] };
    let typed = NewDraw::default();
    let page = DeskPage::Draws { name: "李晓明", draws: &draws, typed: &typed, problem: None };
    shown(&Page::Desk(page), Language::English);
    shown(&Page::Desk(page), Language::Chinese)
}

/// Where the page's forms lead, from the draw on.
fn forms(html: &str) -> Vec<&str> {
    let forms = html.split("action=\"/desk/competition/c1/draw/d1/").skip(1);
    forms.filter_map(|rest| rest.split('"').next()).collect()
}

fn waits(is_mine: bool, layer: u32) -> Option<Waits> {
    Some(Waits { by: "王志强".to_owned(), is_mine, layer, reason: "名单有误".to_owned() })
}

#[test]
fn a_draw_begins_with_what_was_typed() {
    let typed = NewDraw { layers: "2".to_owned(), source: "a \"b\"".to_owned(), skill: SKILL.to_owned() };
    let draws =
        Draws { competition: competition(), may: EVERYTHING, ready: vec![skill()], draws: Vec::new() };
    let page = DeskPage::Draws { name: "李晓明", draws: &draws, typed: &typed, problem: None };
    let html = shown(&Page::Desk(page), Language::Chinese);
    assert!(html.contains("action=\"/desk/competition/c1/draw\""), "{html}");
    assert!(html.contains("<option value=\"2\" selected=\"\">"), "{html}");
    assert!(html.contains(&format!("<option value=\"{SKILL}\" selected=\"\">01 焊接")), "{html}");
    assert!(html.contains("value=\"a &quot;b&quot;\"") && html.contains("maxlength=\"200\""), "{html}");
    let none = Draws { may: MayDraw::default(), ..draws };
    let page = DeskPage::Draws { name: "李晓明", draws: &none, typed: &typed, problem: None };
    let html = shown(&Page::Desk(page), Language::Chinese);
    assert!(html.contains("还没有抽签") && !html.contains("name=\"source\""), "{html}");
}

/// each layer is made by another person.
#[test]
fn whoever_made_a_layer_is_offered_no_other() {
    let mut drawing = Drawing { seed: None, ..drawing() };
    drawing.layers[1].maker = None;
    assert_eq!(forms(&desk(drawing.clone(), EVERYTHING)), ["commit", "throw"]);
    assert_eq!(forms(&desk(drawing.clone(), MayDraw { draw: true, ..MayDraw::default() })), [""; 0]);
    drawing.layers[0].is_mine = true;
    assert_eq!(forms(&desk(drawing, EVERYTHING)), ["throw"]);
}

#[test]
fn the_seed_is_entered_once_every_layer_has_a_maker() {
    let drawing = Drawing { seed: None, ..drawing() };
    assert_eq!(forms(&desk(drawing.clone(), EVERYTHING)), ["seed", "throw"]);
    assert_eq!(forms(&desk(drawing, MayDraw { encode: true, ..MayDraw::default() })), [""; 0]);
}

#[test]
fn only_its_maker_prints_and_seals_a_layer() {
    let mut drawing = drawing();
    let print = "href=\"/desk/competition/c1/draw/d1/layer/2\"";
    let html = desk(drawing.clone(), EVERYTHING);
    assert!(forms(&html) == ["throw"] && !html.contains(print), "{html}");
    drawing.layers[1].is_mine = true;
    let html = desk(drawing.clone(), EVERYTHING);
    assert!(forms(&html) == ["seal", "throw"] && html.contains(print), "{html}");
    drawing.layers[1].is_sealed = true;
    let html = desk(drawing, EVERYTHING);
    assert!(forms(&html) == ["throw"] && !html.contains(print), "{html}");
}

/// in reverse, by two, once everything is locked.
#[test]
fn layers_are_opened_in_reverse_by_two() {
    let mut drawing = to_open();
    let html = desk(drawing.clone(), EVERYTHING);
    assert_eq!(forms(&html), ["open"]);
    assert!(html.contains("name=\"layer\" value=\"2\""), "the innermost first: {html}");
    drawing.opening = waits(true, 2);
    assert_eq!(forms(&desk(drawing.clone(), EVERYTHING)), [""; 0], "nobody is their own witness");
    drawing.opening = waits(false, 2);
    assert_eq!(forms(&desk(drawing.clone(), EVERYTHING)), ["witness"]);
    drawing.opening = None;
    drawing.layers[1].open_in = 1;
    drawing.skills[0].next = Some(1);
    assert!(desk(drawing.clone(), EVERYTHING).contains("name=\"layer\" value=\"1\""));
    drawing.skills[0].is_ready = false;
    drawing.skills[0].unlocked = 3;
    let html = desk(drawing, EVERYTHING);
    assert!(forms(&html).is_empty() && html.contains("3 张评分表没有锁定"), "{html}");
}

#[test]
fn a_draw_is_thrown_away_by_two() {
    let mut drawing = drawing();
    drawing.throwing = waits(true, 0);
    let html = desk(drawing.clone(), EVERYTHING);
    assert!(forms(&html).is_empty() && html.contains("名单有误"), "{html}");
    drawing.throwing = waits(false, 0);
    assert_eq!(forms(&desk(drawing.clone(), EVERYTHING)), ["throw/confirm"]);
    (drawing.throwing, drawing.is_thrown) = (None, true);
    drawing.thrown = vec!["名单有误".to_owned()];
    let html = desk(drawing, EVERYTHING);
    assert!(forms(&html).is_empty() && html.contains("已作废") && html.contains("名单有误"), "{html}");
}

#[test]
fn nothing_of_a_sealed_layer_is_printed() {
    let card = LayerCard {
        from: CompetitorCode::from("A001"),
        name: "赵强".to_owned(),
        to: CompetitorCode::from("DWU4"),
    };
    let mut cards = LayerCards {
        competition: competition(),
        draw: "d1".to_owned(),
        layer: 1,
        of: 2,
        is_sealed: false,
        codes: Codes::Random,
        skills: vec![(skill(), vec![card])],
    };
    let page = |cards: &LayerCards| {
        let page = DeskPage::LayerCards { name: "李晓明", cards, back: "/desk/competition/c1/draw" };
        shown(&Page::Desk(page), Language::Chinese)
    };
    let html = page(&cards);
    assert!([">A001<", ">赵强<", ">DWU4<", "class=\"qr\""].iter().all(|part| html.contains(part)), "{html}");
    cards.is_sealed = true;
    let html = page(&cards);
    assert!(!["A001", "赵强", "DWU4"].iter().any(|part| html.contains(part)), "{html}");
}

#[test]
fn each_slip_says_whose_it_is_and_its_own_words() {
    let words = ["alpha-one", "beta-two", "gamma-three"].map(str::to_owned);
    let (draw, seen) = ("d1".to_owned(), "ab12".to_owned());
    let slips = Slips { competition: competition(), draw, layer: 2, words, seen };
    let page = DeskPage::Slips { name: "李晓明", slips: &slips, back: "/desk/competition/c1/draw" };
    let html = shown(&Page::Desk(page), Language::Chinese);
    let at = |part| html.find(part).expect("on the page");
    let parts = ["编码人", "alpha-one", ">监督<", "beta-two", "组委会保险柜", "gamma-three"];
    assert!(parts.map(at).is_sorted(), "{html}");
    assert!(
        html.contains("/desk/competition/c1/draw/d1/sealed") && html.contains("value=\"ab12\""),
        "{html}"
    );
}

fn codes(codes: &[&str]) -> Vec<CompetitorCode> {
    codes.iter().map(|code| CompetitorCode::from(*code)).collect()
}

/// Two sealed layers over four people, of which the innermost so many are told.
fn published(told: usize) -> Published {
    let list = codes(&["A001", "A002", "A003", "A004"]);
    let published = |number: u32, kind, is_told: bool| {
        let lot = Lot { skill: SKILL, layer: number, secret: SECRET, seed: SEED };
        PublishedLayer {
            layer: number,
            codes: kind,
            commitment: commitment(SECRET),
            committed_at: 1_795_413_909_000,
            entry: EntryId(7),
            drawn: Some(lot.codes(list.len(), kind)),
            secret: is_told.then(|| SECRET.to_owned()),
        }
    };
    let skill = PublishedDraw {
        skill: SKILL.to_owned(),
        name: text("焊接", "Welding"),
        number: "01".to_owned(),
        is_sealed: true,
        source: "</script><b>".to_owned(),
        seed: Some(SEED.to_owned()),
        list_hash: list_hash(&list),
        list: (told == 2).then(|| list.clone()),
        names: [].into(),
        layers: vec![published(1, Codes::Random, told == 2), published(2, Codes::Numbers, told >= 1)],
    };
    Published { competition: competition(), skills: vec![skill], thrown: Vec::new() }
}

/// What stands in the table of who got which code, row by row.
fn table(html: &str) -> Vec<Vec<String>> {
    let Some((_, table)) = html.split_once("<tbody>") else { return Vec::new() };
    let cells = |row: &str| {
        let cells = row.split("mono\">").skip(1).filter_map(|cell| cell.split('<').next());
        cells.map(str::to_owned).collect()
    };
    table.split("<tr>").skip(1).map(cells).collect()
}

#[test]
fn the_public_page_tells_through_which_codes_everybody_went() {
    let html = shown(&Page::Draw(&published(2)), Language::Chinese);
    let rows = table(&html);
    // The first layer is the example of docs/draw.md.
    let first: Vec<_> = rows.iter().map(|row| format!("{}={}", row[0], row[1])).collect();
    assert_eq!(first, ["A001=DWU4", "A002=9GKZ", "A003=JDRT", "A004=AV2Q"]);
    let second = Lot { skill: SKILL, layer: 2, secret: SECRET, seed: SEED };
    let second = second.draw(&codes(&["9GKZ", "AV2Q", "DWU4", "JDRT"]), Codes::Numbers);
    assert!(rows.iter().all(|row| second[row[1].as_str()].as_str() == row[2]), "{rows:?}");
}

#[test]
fn the_public_page_tells_no_more_than_was_published() {
    let html = shown(&Page::Draw(&published(1)), Language::Chinese);
    let rows = table(&html);
    assert_eq!(rows.len(), 4);
    assert!(rows.iter().all(|row| row.len() == 2), "from the first layer's codes on: {rows:?}");
    assert!(!html.contains("A001"), "{html}");
    let html = shown(&Page::Draw(&published(0)), Language::English);
    assert!(table(&html).is_empty() && html.contains("not told yet"), "{html}");
}

#[test]
fn the_public_page_holds_what_its_script_recomputes() {
    let html = shown(&Page::Draw(&published(2)), Language::Chinese);
    let script = html.split('"').find(|part| part.starts_with("/assets/draw-")).expect("the script");
    assert!(web::assets().iter().any(|asset| asset.path == script), "{script}");
    assert_eq!(html.matches("</script>").count(), 2, "no text ends the data");
    let (_, data) = html.split_once("<script type=\"application/json\" id=\"view\">").expect("the data");
    let (data, _) = data.split_once("</script>").expect("its end");
    let data: Published = serde_json::from_str(data).expect("what was published");
    assert_eq!(data, published(2));
}
