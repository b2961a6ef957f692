//! Every field, word and clause of a rule set has its place and its words on the page.

use domain::rules::form::RuleForm;
use domain::rules::preset;
use protocol::rules::RulesPreview;
use protocol::view::{CompetitionRef, Text};

use super::*;

fn page_of(typed: RuleForm) -> RulesPage {
    let text = |zh: &str| Text { zh: zh.to_owned(), en: zh.to_owned() };
    let base_form = RuleForm::of(&preset("hebei-2025").expect("a preset"));
    RulesPage {
        competition: CompetitionRef { id: "one".to_owned(), name: text("市赛"), is_rehearsal: false },
        presets: vec![("hebei-2025".to_owned(), text("河北"))],
        skills: Vec::new(),
        found: typed.stale_sources(&base_form),
        typed,
        base: "hebei-2025".to_owned(),
        base_form,
        begun: false,
        is_unsaved: false,
        is_saved: false,
        seen: "seen".to_owned(),
        preview: RulesPreview::default(),
    }
}

fn html(page_of: &RulesPage, language: Language) -> String {
    let reader = Reader { language, utc_offset_minutes: 480 };
    let nodes: Vec<Node> = page(page_of, None, reader).into_iter().map(Node::Element).collect();
    let mut html = String::new();
    write_html(&nodes, &mut html);
    html
}

#[test]
fn every_field_and_every_word_of_a_choice_is_named_in_both_languages() {
    let is_chinese = |text: &str| text.chars().any(|one| ('\u{4e00}'..='\u{9fff}').contains(&one));
    for clause in CLAUSES {
        let groups = words::GROUPS.iter().filter(|group| group.clauses.contains(&clause.path));
        assert_eq!(groups.count(), 1, "{}", clause.path);
        for field in clause.fields {
            let path = clause.path_of(field);
            let own = words::words(clause.path, field.name).expect(&path);
            assert!(is_chinese(own.name.0) && own.name.1.is_ascii() && !own.name.1.is_empty(), "{path}");
            assert_eq!(own.about.0.is_empty(), own.about.1.is_empty(), "{path}");
            for word in field.choices() {
                let (chinese, english) = words::choice(clause.path, field.name, word).expect(&path);
                assert!(is_chinese(chinese) && !english.is_empty(), "{path}: {word}");
            }
        }
    }
    let of_groups = words::GROUPS.iter().flat_map(|group| group.clauses);
    assert_eq!(of_groups.count(), CLAUSES.len());
}

#[test]
fn the_page_has_a_field_for_everything_that_a_rule_set_says() {
    let mut typed = RuleForm::of(&preset("hebei-2025").expect("a preset"));
    for clause in CLAUSES.iter().filter(|clause| clause.is_list) {
        typed.add_row(clause.path);
    }
    let html = html(&page_of(typed.clone()), Language::English);
    for clause in CLAUSES {
        for row in 1..=typed.rows(clause.path).max(1) {
            for field in clause.fields {
                let path = clause.path_of(field).replace("[1]", &format!("[{row}]"));
                let named = html.matches(&format!(" name=\"{path}\"")).count();
                assert_eq!(named, 1, "{path}");
            }
        }
    }
}

#[test]
fn what_was_changed_is_said_at_the_field_with_the_preset_and_the_way_back() {
    let began = RuleForm::of(&preset("hebei-2025").expect("a preset"));
    let same = html(&page_of(began.clone()), Language::Chinese);
    assert!(same.contains("与预设“河北”完全相同"), "{same}");
    let mut rules = preset("hebei-2025").expect("a preset");
    rules.judgement.spread_max = Some(2);
    let changed = html(&page_of(RuleForm::of(&rules)), Language::Chinese);
    assert!(changed.contains("与预设“河北”有 1 处不同："), "{changed}");
    assert!(changed.contains("评判评分，分差最多</a> 1 → 2"), "{changed}");
    let field = changed.split(" name=\"judgement.spread_max\"").nth(1).expect("the field");
    let field = field.split("rule-field").next().expect("its end");
    assert!(field.contains("预设：1") && field.contains("value=\"back:judgement.spread_max\""), "{field}");
    assert!(field.contains("class=\"changed\"><strong"), "{field}");
    // Its source is still the preset's, which is said at the source.
    let source = changed.split(" name=\"judgement.source\"").nth(1).expect("the source");
    assert!(
        source.split("rule-field").next().is_some_and(|field| field.contains("look of-field")),
        "{source}"
    );
}

#[test]
fn a_name_of_a_field_outside_of_its_group_says_group_and_row() {
    let reader = Reader { language: Language::English, utc_offset_minutes: 480 };
    assert_eq!(label_of("prizes[2].take.first", reader), "Prizes, by position, row 2, From position");
    assert_eq!(label_of("judgement.judges", reader), "Judgement, Judges of a judgement");
    assert_eq!(label_of("prizes", reader), "Prizes, by position");
    assert_eq!(anchor("prizes[2].take"), "rule-prizes-2--take");
}
