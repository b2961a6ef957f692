//! What whoever is entered must fulfil, and what of it they do not.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Day;
use crate::finding::Spoken;
use crate::findings;
use crate::id::LedgerId;
use crate::rules::SkillLevel;

/// Who is younger on the first day needs a guardian's consent.
const ADULT_YEARS: u16 = 18;
/// The largest quota and field.
const COUNT_MAX: u32 = 5_000;
/// How many kinds of employment, or regions, a list holds.
const LIST_MAX: usize = 50;
/// The most characters of one of them.
const WORD_MAX: usize = 64;

/// The terms of a competition's registration; nothing said is nothing asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// The first day on which delegations register; none: they do not yet.
    pub opens: Option<Day>,
    /// The last day.
    pub closes: Option<Day>,
    /// The last day of withdrawals and substitutions; none: until the skill is drawn or opened.
    pub substitutes_until: Option<Day>,
    /// Whose employment counts, by its words; empty: anybody's.
    #[serde(default)]
    pub employments: Vec<String>,
    /// With which first digits a resident number begins, GB/T 2260; empty: with any.
    #[serde(default)]
    pub regions: Vec<String>,
    /// Whether a person takes part in one skill alone.
    pub is_one_skill: bool,
    /// What holds for every skill that says nothing of its own.
    pub every: SkillTerms,
    /// What single skills say of their own.
    #[serde(default)]
    pub own: BTreeMap<LedgerId, OwnTerms>,
}

/// Terms that may differ from skill to skill.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SkillTerms {
    /// How many people a delegation enters at most.
    pub quota: Option<u32>,
    /// Nobody was born before this day.
    pub born_from: Option<Day>,
    /// Nor after this one.
    pub born_until: Option<Day>,
    /// The lowest level of a vocational qualification.
    pub level: Option<SkillLevel>,
    /// With fewer people it is told that the field is too small.
    pub least_field: Option<u32>,
}

/// A skill's own terms: all of them, in place of those for every skill.
pub type OwnTerms = SkillTerms;

/// What is known of somebody who is entered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Registrant<'a> {
    /// When they were born; none where their document does not say and nobody did.
    pub born: Option<Day>,
    /// The first six digits of a resident number; none with another document.
    pub region: Option<&'a str>,
    /// Whether the delegation has seen a proof that they live in the region.
    pub has_residence_proof: bool,
    /// Their employment, by its word.
    pub employment: &'a str,
    /// Their level.
    pub level: Option<SkillLevel>,
    /// Whether the delegation holds a guardian's signed consent.
    pub has_consent: bool,
}

/// What counts them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// How many others of the delegation are entered for the skill.
    pub of_delegation: usize,
    /// The other skill for which the same person is entered.
    pub elsewhere: Option<Spoken>,
    /// Whether the same person is in this skill already.
    pub is_there: bool,
}

findings! {
    /// What keeps somebody from being entered.
    pub enum RegistrationFinding {
        NotSet = Error "registration_not_set",
            "组委会还没有公布报名时间；请等通知。",
            "The organiser has not said yet when registration is; wait for the announcement.";
        NotOpen { from: Day } = Error "registration_not_open",
            "报名从 {from} 开始；请到时再报。",
            "Registration begins on {from}; come back then.";
        Closed { until: Day } = Error "registration_closed",
            "报名已于 {until} 截止；如确需补报，请联系组委会。",
            "Registration ended on {until}; ask the organiser where somebody must still come in.";
        SubstitutionClosed { until: Day } = Error "substitution_closed",
            "退出和替补已于 {until} 截止；请联系组委会。",
            "Withdrawals and substitutions ended on {until}; ask the organiser.";
        QuotaFull { most: u32 } = Error "registration_quota_full",
            "每个代表队在这个赛项最多报 {most} 人，名额已满；请先撤回一人，或用替补。",
            "A delegation enters {most} people for this skill at the most, and has; withdraw somebody first, or replace one.";
        BornUnknown = Error "registration_birth_unknown",
            "不知道出生日期；请填写（身份证号会自动带出）。",
            "The date of birth is not known; give it (a resident number says it by itself).";
        TooOld { from: Day } = Error "registration_too_old",
            "年龄超过规定：须在 {from} 及以后出生；请核对证件号和赛项。",
            "Too old: nobody born before {from} takes part; check the number and the skill.";
        TooYoung { until: Day } = Error "registration_too_young",
            "年龄不到规定：须在 {until} 及以前出生；请核对证件号和赛项。",
            "Too young: nobody born after {until} takes part; check the number and the skill.";
        Employment { allowed: String } = Error "registration_employment",
            "身份不符合规定；这次大赛限：{allowed}。",
            "The employment is not admitted; this competition is for: {allowed}.";
        Region { region: String, allowed: String } = Error "registration_region",
            "身份证号以 {region} 开头，不在 {allowed} 范围内；如在本地工作或居住，请核验证明后勾选“已核验居住证明”。",
            "The resident number begins with {region}, not with {allowed}; whoever works or lives there shows a proof: tick that you have seen it.";
        RegionUnknown = Error "registration_region_unknown",
            "这个证件看不出户籍地；请核验居住证明后勾选“已核验居住证明”。",
            "This document does not say where the person is registered; see a proof of residence and tick that you have.";
        LevelMissing { least: Spoken } = Error "registration_level_missing",
            "没有写技能等级；这个赛项要求{least:#}及以上。",
            "The skill level is missing; this skill asks for {least} or higher.";
        LevelLow { least: Spoken } = Error "registration_level_low",
            "技能等级不够；这个赛项要求{least:#}及以上。",
            "The skill level is too low; this skill asks for {least} or higher.";
        NoConsent { age: u16 } = Error "registration_no_consent",
            "参赛首日只有 {age} 岁，须有监护人书面同意；请打印同意书，签好后写上监护人并勾选。",
            "They are {age} on the first day and need a guardian's written consent; print the form, have it signed, name the guardian and tick it.";
        OtherSkill { skill: Spoken } = Error "registration_other_skill",
            "这个人已报赛项“{skill:#}”；一个人只能参加一个赛项。",
            "This person is entered for the skill \"{skill}\" already; a person takes part in one skill.";
        There = Error "registration_there",
            "这个人已在本赛项中，不用再报。",
            "This person is in this skill already, and need not be entered again.";
    }
}

findings! {
    /// Why terms were not taken.
    pub enum TermsError {
        DayUnfit { text: String } = Error "terms_day_unfit",
            "“{text}”不是日期；请写成 2026-05-09。",
            "\"{text}\" is no day; write it as 2026-05-09.";
        DaysTurned = Error "terms_days_turned",
            "报名的开始日期晚于截止日期；请对调。",
            "Registration would end before it begins; exchange the two days.";
        SubstitutionEarly = Error "terms_substitution_early",
            "替补截止早于报名截止；请改晚。",
            "Substitutions would end before registration does; choose a later day.";
        BirthTurned = Error "terms_birth_turned",
            "出生日期的范围前后颠倒，没有人符合；请对调。",
            "The days of birth are the wrong way round and admit nobody; exchange them.";
        CountUnfit { text: String, most: u32 } = Error "terms_count_unfit",
            "“{text}”不是 1 到 {most} 的整数；请改正，或留空表示不限。",
            "\"{text}\" is no whole number from 1 to {most}; mend it, or leave it empty for no limit.";
        LevelUnknown = Error "terms_level_unknown",
            "请从列表里选技能等级。",
            "Choose a level of the list.";
        RegionUnfit { text: String } = Error "terms_region_unfit",
            "“{text}”不是行政区划代码；请写 2、4 或 6 位数字，如 13、1301、130102。",
            "\"{text}\" is no code of a region; write 2, 4 or 6 digits, such as 13, 1301, 130102.";
        WordsUnfit { most: usize } = Error "terms_words_unfit",
            "身份的种类最多 50 个，每个不超过 {most} 个字。",
            "There are 50 kinds of employment at the most, of {most} characters each.";
    }
}

/// Whether somebody is of age on a day, as far as that is known.
#[must_use]
pub fn adult_on(born: Day, first_day: Day) -> bool {
    born.age_on(first_day) >= ADULT_YEARS
}

fn named(level: SkillLevel) -> Spoken {
    let (chinese, english) = level.names();
    Spoken::new(chinese, english)
}

impl Terms {
    /// What holds for a skill.
    #[must_use]
    pub fn of(&self, skill: &LedgerId) -> &SkillTerms {
        self.own.get(skill).unwrap_or(&self.every)
    }

    /// What of the dates keeps somebody from being entered today.
    #[must_use]
    pub fn is_closed(&self, today: Day) -> Option<RegistrationFinding> {
        match (self.opens, self.closes) {
            (None, None) => Some(RegistrationFinding::NotSet),
            (Some(from), _) if today < from => Some(RegistrationFinding::NotOpen { from }),
            (_, Some(until)) if today > until => Some(RegistrationFinding::Closed { until }),
            _ => None,
        }
    }

    /// What of the dates keeps somebody from being withdrawn or replaced today.
    #[must_use]
    pub fn is_settled(&self, today: Day) -> Option<RegistrationFinding> {
        let until = self.substitutes_until.filter(|until| today > *until)?;
        Some(RegistrationFinding::SubstitutionClosed { until })
    }

    /// What keeps somebody from a skill, whatever the day is: all of it, so that it is mended at once.
    /// `first_day` is the competition's, or today where that is not known.
    #[must_use]
    pub fn check(
        &self,
        skill: &LedgerId,
        who: &Registrant<'_>,
        counted: &Counted,
        first_day: Day,
    ) -> Vec<RegistrationFinding> {
        use RegistrationFinding as F;
        let terms = self.of(skill);
        let mut found = Vec::new();
        if let Some(most) = terms.quota.filter(|most| counted.of_delegation >= *most as usize) {
            found.push(F::QuotaFull { most });
        }
        if counted.is_there {
            found.push(F::There);
        }
        if let Some(skill) = counted.elsewhere.clone().filter(|_| self.is_one_skill) {
            found.push(F::OtherSkill { skill });
        }
        match who.born {
            // Without it nobody knows whether a guardian has to consent.
            None => found.push(F::BornUnknown),
            Some(born) => {
                if let Some(from) = terms.born_from.filter(|from| born < *from) {
                    found.push(F::TooOld { from });
                }
                if let Some(until) = terms.born_until.filter(|until| born > *until) {
                    found.push(F::TooYoung { until });
                }
                if !adult_on(born, first_day) && !who.has_consent {
                    found.push(F::NoConsent { age: born.age_on(first_day) });
                }
            }
        }
        if !self.employments.is_empty()
            && !self.employments.iter().any(|word| word.as_str() == who.employment)
        {
            found.push(F::Employment { allowed: self.employments.join("、") });
        }
        if !self.regions.is_empty() && !who.has_residence_proof {
            match who.region {
                None => found.push(F::RegionUnknown),
                Some(region) if self.regions.iter().any(|code| region.starts_with(code.as_str())) => {}
                Some(region) => found.push(F::Region {
                    // The province says enough, and the rest is the person's.
                    region: region.get(..2).unwrap_or_default().to_owned(),
                    allowed: self.regions.join("、"),
                }),
            }
        }
        if let Some(least) = terms.level {
            match who.level {
                None => found.push(F::LevelMissing { least: named(least) }),
                Some(level) if level < least => found.push(F::LevelLow { least: named(least) }),
                Some(_) => {}
            }
        }
        found
    }

    /// Whether the terms make sense.
    ///
    /// # Errors
    /// The first thing that does not.
    pub fn fit(&self) -> Result<(), TermsError> {
        if self.opens.zip(self.closes).is_some_and(|(opens, closes)| closes < opens) {
            return Err(TermsError::DaysTurned);
        }
        if self.closes.zip(self.substitutes_until).is_some_and(|(closes, until)| until < closes) {
            return Err(TermsError::SubstitutionEarly);
        }
        let is_word = |word: &String| !word.is_empty() && word.chars().count() <= WORD_MAX;
        if self.employments.len() > LIST_MAX || !self.employments.iter().all(is_word) {
            return Err(TermsError::WordsUnfit { most: WORD_MAX });
        }
        let is_region = |code: &&String| {
            matches!(code.len(), 2 | 4 | 6) && code.bytes().all(|byte| byte.is_ascii_digit())
        };
        if let Some(text) = self.regions.iter().find(|code| !is_region(code)) {
            return Err(TermsError::RegionUnfit { text: text.chars().take(WORD_MAX).collect() });
        }
        for terms in self.own.values().chain([&self.every]) {
            if terms.born_from.zip(terms.born_until).is_some_and(|(from, until)| until < from) {
                return Err(TermsError::BirthTurned);
            }
            for count in [terms.quota, terms.least_field].into_iter().flatten() {
                if !(1..=COUNT_MAX).contains(&count) {
                    return Err(TermsError::CountUnfit { text: count.to_string(), most: COUNT_MAX });
                }
            }
        }
        Ok(())
    }

    /// Reads a number of people as a form has it; empty is no limit.
    ///
    /// # Errors
    /// Where it is no number, or too large.
    pub fn count(text: &str) -> Result<Option<u32>, TermsError> {
        let text = text.trim();
        let unfit =
            || TermsError::CountUnfit { text: text.chars().take(WORD_MAX).collect(), most: COUNT_MAX };
        if text.is_empty() {
            return Ok(None);
        }
        let count: u32 = text.parse().map_err(|_| unfit())?;
        if (1..=COUNT_MAX).contains(&count) { Ok(Some(count)) } else { Err(unfit()) }
    }

    /// Reads a day as a form has it; empty is none.
    ///
    /// # Errors
    /// Where it is no day.
    pub fn day(text: &str) -> Result<Option<Day>, TermsError> {
        match text.trim() {
            "" => Ok(None),
            text => match Day::parse(text) {
                Some(day) => Ok(Some(day)),
                None => Err(TermsError::DayUnfit { text: text.chars().take(WORD_MAX).collect() }),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    fn welding() -> LedgerId {
        LedgerId::from("welding")
    }

    /// As a province's competition for workers asks.
    fn terms() -> Terms {
        Terms {
            opens: Some(day("2026-03-01")),
            closes: Some(day("2026-03-31")),
            substitutes_until: Some(day("2026-04-20")),
            employments: vec!["职工".to_owned()],
            regions: vec!["13".to_owned()],
            is_one_skill: true,
            every: SkillTerms {
                quota: Some(2),
                born_from: Some(day("1971-01-01")),
                born_until: Some(day("2010-05-09")),
                level: Some(SkillLevel::Senior),
                least_field: Some(6),
            },
            own: BTreeMap::new(),
        }
    }

    fn worker() -> Registrant<'static> {
        Registrant {
            born: Some(day("1990-03-07")),
            region: Some("130102"),
            employment: "职工",
            level: Some(SkillLevel::Technician),
            ..Registrant::default()
        }
    }

    fn codes(terms: &Terms, who: &Registrant<'_>, counted: &Counted) -> Vec<&'static str> {
        terms
            .check(&welding(), who, counted, day("2026-05-09"))
            .iter()
            .map(RegistrationFinding::code)
            .collect()
    }

    #[test]
    fn who_fulfils_the_terms_is_entered_and_each_term_says_its_own_word() {
        let nobody_else = Counted::default();
        assert_eq!(codes(&terms(), &worker(), &nobody_else), Vec::<&str>::new());
        let cases: [(Registrant<'_>, &str); 11] = [
            (Registrant { born: None, ..worker() }, "registration_birth_unknown"),
            (Registrant { born: Some(day("1970-12-31")), ..worker() }, "registration_too_old"),
            (
                Registrant { born: Some(day("2010-05-10")), has_consent: true, ..worker() },
                "registration_too_young",
            ),
            (Registrant { born: Some(day("2008-05-10")), ..worker() }, "registration_no_consent"),
            (Registrant { employment: "学生", ..worker() }, "registration_employment"),
            (Registrant { employment: "", ..worker() }, "registration_employment"),
            (Registrant { region: Some("110101"), ..worker() }, "registration_region"),
            (Registrant { region: Some("311301"), ..worker() }, "registration_region"),
            (Registrant { region: None, ..worker() }, "registration_region_unknown"),
            (Registrant { level: None, ..worker() }, "registration_level_missing"),
            (Registrant { level: Some(SkillLevel::Intermediate), ..worker() }, "registration_level_low"),
        ];
        for (who, code) in cases {
            assert_eq!(codes(&terms(), &who, &nobody_else), [code], "{who:?}");
        }
        let proved = Registrant { region: None, has_residence_proof: true, ..worker() };
        assert_eq!(codes(&terms(), &proved, &nobody_else), Vec::<&str>::new());
        // The very days that bound it are within, and the birthday makes of age.
        for born in ["1971-01-01", "2008-05-09"] {
            let who = Registrant { born: Some(day(born)), ..worker() };
            assert_eq!(codes(&terms(), &who, &nobody_else), Vec::<&str>::new(), "{born}");
        }
    }

    #[test]
    fn a_quota_counts_the_others_and_one_person_is_in_one_skill() {
        let counted = |of_delegation| Counted { of_delegation, ..Counted::default() };
        assert_eq!(codes(&terms(), &worker(), &counted(1)), Vec::<&str>::new());
        assert_eq!(codes(&terms(), &worker(), &counted(2)), ["registration_quota_full"]);
        let elsewhere = Counted { elsewhere: Some(Spoken::new("车工", "Turning")), ..Counted::default() };
        assert_eq!(codes(&terms(), &worker(), &elsewhere), ["registration_other_skill"]);
        let several = Terms { is_one_skill: false, ..terms() };
        assert_eq!(codes(&several, &worker(), &elsewhere), Vec::<&str>::new());
        let there = Counted { is_there: true, ..Counted::default() };
        assert_eq!(codes(&several, &worker(), &there), ["registration_there"]);
    }

    #[test]
    fn a_skills_own_terms_stand_in_place_of_those_for_every_skill() {
        let mut terms = terms();
        let young = SkillTerms { born_from: Some(day("2004-01-01")), ..SkillTerms::default() };
        terms.own.insert(welding(), young);
        assert_eq!(codes(&terms, &worker(), &Counted::default()), ["registration_too_old"]);
        let student = Registrant { born: Some(day("2005-01-01")), level: None, ..worker() };
        let many = Counted { of_delegation: 40, ..Counted::default() };
        assert_eq!(codes(&terms, &student, &many), Vec::<&str>::new(), "no quota and no level of its own");
    }

    #[test]
    fn the_first_and_the_last_day_are_within() {
        let code = |terms: &Terms, on| terms.is_closed(day(on)).map(|found| found.code());
        for on in ["2026-03-01", "2026-03-31"] {
            assert_eq!(code(&terms(), on), None);
        }
        assert_eq!(code(&terms(), "2026-02-28"), Some("registration_not_open"));
        assert_eq!(code(&terms(), "2026-04-01"), Some("registration_closed"));
        assert_eq!(code(&Terms::default(), "2026-04-01"), Some("registration_not_set"));
        let from_now = Terms { closes: None, ..terms() };
        assert_eq!(code(&from_now, "2199-01-01"), None);
        assert_eq!(terms().is_settled(day("2026-04-20")), None);
        assert!(terms().is_settled(day("2026-04-21")).is_some());
        assert_eq!(Terms::default().is_settled(day("2026-04-21")), None);
    }

    #[test]
    fn terms_that_admit_nobody_are_refused() {
        assert_eq!(terms().fit(), Ok(()));
        let turned = Terms { closes: Some(day("2026-02-01")), ..terms() };
        assert_eq!(turned.fit(), Err(TermsError::DaysTurned));
        let early = Terms { substitutes_until: Some(day("2026-03-30")), ..terms() };
        assert_eq!(early.fit(), Err(TermsError::SubstitutionEarly));
        let mut born = terms();
        born.every.born_from = Some(day("2011-01-01"));
        assert_eq!(born.fit(), Err(TermsError::BirthTurned));
        for code in ["1", "130", "河北", "1301020"] {
            let region = Terms { regions: vec![code.to_owned()], ..terms() };
            assert_eq!(region.fit(), Err(TermsError::RegionUnfit { text: code.to_owned() }));
        }
        assert_eq!(Terms::count(" 12 "), Ok(Some(12)));
        assert_eq!(Terms::count(""), Ok(None));
        for wrong in ["0", "-1", "5001", "1.5", "two"] {
            assert!(Terms::count(wrong).is_err(), "{wrong}");
        }
        assert_eq!(Terms::day(""), Ok(None));
        assert!(Terms::day("9.5.2026").is_err());
    }

    #[test]
    fn terms_are_read_as_they_are_written() {
        let mut terms = terms();
        terms.own.insert(welding(), SkillTerms { quota: Some(1), ..SkillTerms::default() });
        let text = serde_json::to_string(&terms).unwrap();
        assert_eq!(serde_json::from_str::<Terms>(&text).unwrap(), terms);
    }
}
