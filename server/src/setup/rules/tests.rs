//! Under which id and version rules are kept, and what a form's acts do to it.

use domain::rules::preset;

use super::*;

fn of(in_use: RuleSet, open: &[RuleSet]) -> Standing {
    let document = Competition { rule_set: in_use.id.clone(), ..Competition::default() };
    let skill = |rules: &RuleSet, is_fixed| {
        Ruled {
        kept: KeptSkill {
            ledger: format!("{}-{}-{is_fixed}", rules.id, rules.version).into(),
            name: String::new(),
            document: serde_json::from_value(serde_json::json!({
                "number": "01", "name": { "zh": "焊接", "en": "Welding" }, "occupation": "", "people": [], "judges": [],
            }))
            .expect("a skill"),
            draft: None,
        },
        rules: rules.clone(),
        is_fixed,
    }
    };
    let skills = open.iter().map(|rules| skill(rules, true)).chain([skill(&in_use, false)]);
    Standing::new(document, skills.collect()).expect("a competition")
}

fn sent(rules: &RuleSet, fields: &[(&str, &str)]) -> SentRules {
    let form = RuleForm::of(rules);
    let mut sent = SentRules::new();
    for clause in rules::form::CLAUSES {
        for row in 1..=form.rows(clause.path).max(1) {
            for field in clause.fields {
                let path = clause.path_of(field).replace("[1]", &format!("[{row}]"));
                if !clause.is_list || row <= form.rows(clause.path) {
                    sent.insert(path.clone(), form.get(&path).to_owned());
                }
            }
        }
    }
    sent.extend(fields.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())));
    sent
}

fn kept(standing: &Standing, sent: &SentRules) -> RuleSet {
    let (form, base, begun) = read(sent, standing);
    to_keep(standing, &form, &base, begun).expect("fit to be kept")
}

#[test]
fn a_changed_preset_gets_an_id_a_title_and_versions_of_its_own() {
    let hebei = preset("hebei-2025").expect("a preset");
    let standing = of(hebei.clone(), &[]);
    assert_eq!(kept(&standing, &sent(&hebei, &[])), hebei);
    let first = kept(&standing, &sent(&hebei, &[("judgement.spread_max", "2")]));
    assert_eq!((first.id.as_str(), first.version), ("hebei-2025-own", 1));
    assert_eq!(first.title.zh, "河北省第二届职业技能大赛（2025）（本赛修改）");
    // Kept once more, it is the same; changed once more, a new version, also of what an open skill has.
    let standing = of(first.clone(), &[RuleSet { version: 4, ..first.clone() }]);
    let again = kept(&standing, &sent(&first, &[]));
    assert_eq!((again.id.as_str(), again.version), ("hebei-2025-own", 4));
    let second = kept(&standing, &sent(&first, &[("judgement.spread_max", "0"), ("title.zh", "本市规则")]));
    assert_eq!((second.version, second.title.zh.as_str()), (5, "本市规则"));
    // Put back to the preset it is that preset again.
    assert_eq!(kept(&standing, &sent(&first, &[(ACT, "back")])), hebei);
}

#[test]
fn a_changed_preset_has_a_title_that_fits_whatever_its_own_is() {
    for (id, _) in rules::PRESETS {
        let rules = preset(id).expect("a preset");
        let changed = kept(
            &of(rules.clone(), &[]),
            &sent(&rules, &[("penalties.cap", "3"), ("penalties.source", "x")]),
        );
        assert_eq!(rules::check(&changed), [], "{id}");
        assert_ne!((&changed.title.zh, &changed.title.en), (&rules.title.zh, &rules.title.en), "{id}");
    }
    assert_eq!(titled("x", "a", ", changed"), "x");
    assert_eq!(titled(&"长".repeat(64), &"长".repeat(64), "（改）"), format!("{}…（改）", "长".repeat(60)));
}

#[test]
fn a_packages_own_rules_keep_their_id_until_a_preset_is_begun_from() {
    let own = RuleSet { id: "city-2022".to_owned(), ..preset("vocational-2014").expect("a preset") };
    let standing = of(own.clone(), &[]);
    let changed = kept(&standing, &sent(&own, &[("judgement.judges", "3")]));
    assert_eq!((changed.id.as_str(), changed.version), ("city-2022", 2));
    let begun = sent(&own, &[(ACT, "begin"), (PRESET, "hebei-2025")]);
    let (form, base, is_begun) = read(&begun, &standing);
    assert!(is_begun);
    assert_eq!(form, RuleForm::of(&preset("hebei-2025").expect("a preset")));
    let fields = [(BEGUN, "yes"), (BASE, "hebei-2025"), ("judgement.judges", "5")];
    let changed = kept(&standing, &sent(&base, &fields));
    assert_eq!((changed.id.as_str(), changed.version), ("hebei-2025-own", 1));
}

#[test]
fn an_act_on_the_form_changes_the_form_and_keeps_what_was_typed() {
    let hebei = preset("hebei-2025").expect("a preset");
    let standing = of(hebei.clone(), &[]);
    let after = |act: &str| read(&sent(&hebei, &[("penalties.cap", "zehn"), (ACT, act)]), &standing).0;
    let awards = |form: &RuleForm| {
        let rows = 1..=form.rows("prizes");
        rows.map(|row| form.get(&format!("prizes[{row}].award")).to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(awards(&after("raise:prizes[2]")), ["Silver", "Gold", "Bronze", "优胜奖"]);
    assert_eq!(awards(&after("remove:prizes[3]")), ["Gold", "Silver", "优胜奖"]);
    assert_eq!(awards(&after("add:prizes")).len(), 5);
    assert_eq!(after("raise:prizes[99999999999]").get("penalties.cap"), "zehn");
    assert_eq!(after("back:penalties.cap").get("penalties.cap"), "");
    assert_eq!(after("back"), RuleForm::of(&hebei));
}

#[test]
fn another_rule_set_another_skill_or_an_opening_is_seen() {
    let (hebei, drill) = ["hebei-2025", "enterprise-drill"].map(|id| preset(id).expect("a preset")).into();
    let seen = of(hebei.clone(), &[]).seen;
    assert_eq!(of(hebei.clone(), &[]).seen, seen);
    assert_ne!(of(drill, &[]).seen, seen);
    assert_ne!(of(hebei.clone(), &[hebei]).seen, seen);
}

#[test]
fn of_rules_that_no_preset_names_the_nearest_is_compared() {
    let own = RuleSet { id: "city-2022".to_owned(), ..preset("vocational-2014").expect("a preset") };
    assert_eq!(base_of(&own).id, "vocational-2014");
    let made = RuleSet { id: "hebei-2025-own".to_owned(), ..own };
    assert_eq!(base_of(&made).id, "hebei-2025");
}
