//! `leitai package generate`: what it makes is sound, believable, and the same for the same seed.
#![expect(clippy::unwrap_used, reason = "a helper that fails ends its test")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use domain::marking::VoidHow;
use domain::number::Mark;
use domain::scheme::Method;
use server::exchange::Files;
use server::exchange::package::{EventKind, Package, SkillPackage, read};
use tests::folder::files_below;
use tests::{Said, TemporaryFolder, leitai};

fn generate(kind: &str, dir: &Path, more: &[&str]) -> Said {
    let words = ["package".as_ref(), "generate".as_ref(), kind.as_ref(), dir.as_os_str()];
    leitai(words.into_iter().chain(more.iter().map(AsRef::as_ref))).run()
}

fn open(dir: &Path) -> Package {
    let reading = read(&Files::open(dir).unwrap(), &|_, _| ());
    assert_eq!(reading.findings, [], "a generated package has neither errors nor warnings");
    reading.package.unwrap()
}

fn units(skill: &SkillPackage) -> BTreeSet<String> {
    skill.people.iter().map(|person| person.unit().to_string()).collect()
}

#[test]
fn the_same_seed_gives_the_same_package_and_another_seed_another() {
    let folder = TemporaryFolder::new("generate");
    let made = |name: &str, more: &[&str]| {
        generate("province", &folder.join(name), more).done();
        files_below(&folder.join(name))
    };
    let (once, again) = (made("once", &["--seed", "7"]), made("again", &["--seed", "7"]));
    assert!(once == again);
    let (other, first) = (made("other", &["--seed", "8"]), made("first", &["--seed", "7", "--skills", "1"]));
    assert!(once != other);
    assert!(first.iter().all(|file| once.contains(file)), "a skill is the same whatever others are made");
}

#[test]
fn a_generated_province_is_sound_and_has_everything_that_happens_in_one() {
    let folder = TemporaryFolder::new("generate");
    generate("province", &folder.join("package"), &[]).done();
    let package = open(&folder.join("package"));
    assert_eq!(package.skills.len(), 8);
    let delegations: BTreeSet<&str> = package
        .skills
        .iter()
        .flat_map(|skill| &skill.people)
        .map(|person| person.delegation.as_str())
        .collect();
    assert_eq!(delegations.len(), 14);
    for skill in &package.skills {
        let id = &skill.id;
        let aspects: Vec<_> = skill.scheme.aspects().collect();
        assert!((100..=200).contains(&aspects.len()), "{id}: {} aspects", aspects.len());
        assert!((20..=40).contains(&units(skill).len()), "{id}");
        let names: BTreeSet<&str> = skill
            .people
            .iter()
            .map(|person| person.name.as_str())
            .chain(skill.judges.iter().map(|judge| judge.name.as_str()))
            .collect();
        assert_eq!(names.len(), skill.people.len() + skill.judges.len(), "{id}: a name stands twice");
        assert!((5..=8).contains(&(skill.judges.len() - 1)), "{id}");
        assert_eq!(skill.judges.iter().filter(|judge| judge.is_chief).count(), 1, "{id}");
        let mut totals: BTreeMap<Option<&str>, i64> = BTreeMap::new();
        for aspect in &aspects {
            *totals.entry(aspect.part.as_ref().map(|part| part.as_str())).or_default() += aspect.max.0;
        }
        assert!(totals.values().all(|total| *total == 10_000), "{id}: {totals:?}");
    }
    let all: Vec<&SkillPackage> = package.skills.iter().collect();
    let kinds: BTreeSet<&str> = all
        .iter()
        .flat_map(|skill| skill.scheme.aspects())
        .map(|aspect| match &aspect.method {
            Method::Measurement(calculation) => calculation.name(),
            method => method.name(),
        })
        .collect();
    let known =
        ["choice", "difference", "direct", "judgement", "number_completed", "panel", "pass_fail", "ranged"];
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), known);
    assert!(all.iter().any(|skill| !skill.scheme.parts.is_empty()));
    assert!(all.iter().any(|skill| skill.people.iter().any(|person| !person.team.is_empty())));
    assert!(all.iter().any(|skill| skill.people.iter().any(|person| person.group.as_str() == "学生组")));
    assert!(all.iter().any(|skill| skill.marks.iter().any(|mark| mark.round == 2)), "a dispute");
    let happened =
        |is: fn(&EventKind) -> bool| all.iter().flat_map(|skill| &skill.events).any(|event| is(&event.kind));
    assert!(happened(|kind| matches!(kind, EventKind::Absent(_))));
    assert!(happened(|kind| matches!(kind, EventKind::Start(_))));
    assert!(happened(|kind| matches!(kind, EventKind::Stop(_))));
    assert!(happened(|kind| matches!(kind, EventKind::ExtraTime(..))));
    assert!(happened(|kind| matches!(kind, EventKind::Penalty(..))));
    assert!(happened(|kind| matches!(kind, EventKind::VoidAspect(_, VoidHow::Full))));
}

#[test]
fn everyone_who_competes_in_a_generated_province_has_a_plausible_total() {
    let folder = TemporaryFolder::new("generate");
    generate("province", &folder.join("package"), &["--seed", "3"]).done();
    let package = open(&folder.join("package"));
    let dir = folder.join("package");
    let scored = leitai(["package".as_ref(), "score".as_ref(), dir.as_os_str()]).run().done().rows();
    for skill in &package.skills {
        let out: BTreeSet<&str> = skill
            .events
            .iter()
            .filter_map(|event| match &event.kind {
                EventKind::Absent(code) | EventKind::Withdrawn(code) => Some(code.as_str()),
                _ => None,
            })
            .collect();
        let of_skill: Vec<_> = scored.rows.iter().filter(|row| row[0] == skill.id).collect();
        assert_eq!(of_skill.len(), units(skill).len(), "{}", skill.id);
        let mut totals = BTreeSet::new();
        for row in of_skill {
            let (competitor, total) = (&row[scored.at("competitor")], &row[scored.at("total")]);
            assert_eq!(total.is_empty(), out.contains(competitor.as_str()), "{} {competitor}", skill.id);
            if let Ok(total) = Mark::parse(total) {
                assert!((4_000..=9_800).contains(&total.0), "{} {competitor}: {total}", skill.id);
                totals.insert(total);
            }
        }
        let (least, most) = (totals.first().unwrap(), totals.last().unwrap());
        assert!(most.0 - least.0 > 1_000, "{}: {least} to {most}", skill.id);
    }
}

#[test]
fn the_national_event_has_the_size_that_the_benchmarks_name() {
    let folder = TemporaryFolder::new("generate");
    generate("n100", &folder.join("package"), &["--skills", "2"]).done();
    for skill in open(&folder.join("package")).skills {
        let judged =
            skill.scheme.aspects().filter(|aspect| matches!(aspect.method, Method::Judgement { .. })).count();
        assert_eq!((skill.people.len(), skill.scheme.aspects().count(), judged), (40, 200, 50));
        assert_eq!(skill.scheme.total(), Mark(10_000));
        let first_round = skill.marks.iter().filter(|mark| mark.round == 1).count();
        assert_eq!(first_round, 40 * (150 + 3 * 50), "{}", skill.id);
    }
    let refused = generate("n100", &folder.join("more"), &["--skills", "101"]).refused();
    assert!(refused.messages.contains("too_many_skills_wanted"), "{refused}");
}

#[test]
fn a_folder_with_files_is_not_generated_into() {
    let folder = TemporaryFolder::new("generate");
    tests::folder::put(&folder.join("mine.txt"), "x");
    let refused = generate("province", folder.path(), &[]).refused();
    assert!(refused.messages.contains("folder_not_empty"), "{refused}");
    assert_eq!(files_below(folder.path()).len(), 1);
}
