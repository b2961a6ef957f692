//! Whole competitions from a seed, skill by skill: a believable provincial one for demonstrations and
//! tests, and the national event "N100" for benchmarks. The same seed gives the same bytes everywhere.

mod marking;
mod people;
mod random;
mod sector;

use clap::ValueEnum;
use domain::finding::{Finding, Place, Spoken};
use domain::findings;
use domain::number::Mark;
use domain::rules::{self, RuleSet};
use domain::scheme::{Aspect, Criterion, Method, Scheme, SubCriterion};
use serde::Deserialize;
use server::exchange::package::{Competition, Name, SkillPackage};

use marking::Course;
use people::{People, Words};
pub(crate) use random::Random;
use sector::Sector;

/// 2026-10-15, 8:30 in China.
const BEGIN: i64 = 1_792_024_200_000;
const SECTORS: [&str; 8] = [
    include_str!("sectors/welding.toml"),
    include_str!("sectors/milling.toml"),
    include_str!("sectors/mobile-robotics.toml"),
    include_str!("sectors/web.toml"),
    include_str!("sectors/cooking.toml"),
    include_str!("sectors/automobile.toml"),
    include_str!("sectors/electrical.toml"),
    include_str!("sectors/floristry.toml"),
];
const NATIONAL_COMPETITORS: usize = 40;
/// Criteria, sub-criteria of each, measurements and judgements of each of those: 200 aspects, a
/// quarter of them judged.
const NATIONAL_SCHEME: (usize, usize, usize, usize) = (5, 2, 15, 5);

/// What can be generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// A provincial competition: 8 skills of 20 to 36 competitors and about 100 aspects each.
    Province,
    /// The national event of the benchmarks: 100 skills of 40 competitors and 200 aspects each.
    N100,
}

findings! {
    /// Why nothing is generated.
    pub(crate) enum GenerateFinding {
        TooManySkills { wanted: usize, most: usize } = Error "too_many_skills_wanted",
            "要生成 {wanted} 个赛项，这种大赛最多 {most} 个；请改小 --skills。",
            "{wanted} skills are wanted and this competition has {most} at the most; give --skills less.";
        Unsound { problem: Spoken } = Error "generator_unsound",
            "生成所用的资料有误：{problem:#}。这是程序的缺陷，请反馈。",
            "What is generated from is unsound: {problem}. This is a flaw of the program; please report it.";
    }
}

/// Makes a competition's skills, one at a time.
pub(crate) struct Generator {
    kind: Kind,
    seed: u64,
    sectors: Vec<Sector>,
    words: Words,
    national: National,
    rules: RuleSet,
}

#[derive(Debug, Deserialize)]
struct National {
    delegations: Vec<String>,
    /// A line a skill: id, Chinese name, English name.
    skills: String,
}

impl Generator {
    /// For a kind of competition and a seed.
    ///
    /// # Errors
    /// Where the files that it is made of are unsound, which a test excludes.
    pub(crate) fn new(kind: Kind, seed: u64) -> Result<Self, Finding> {
        let read = || -> Result<Self, String> {
            let sectors = SECTORS.iter().map(|text| Sector::read(text)).collect::<Result<_, _>>()?;
            let of_toml = |error: toml::de::Error| error.message().to_owned();
            let words = toml::from_str(include_str!("province.toml")).map_err(of_toml)?;
            let national = toml::from_str(include_str!("national.toml")).map_err(of_toml)?;
            let rules = match kind {
                Kind::Province => rules::read(include_str!("province_rules.toml")).ok(),
                Kind::N100 => rules::preset("worldskills-2026"),
            };
            let rules = rules.ok_or("the rules")?;
            Ok(Self { kind, seed, sectors, words, national, rules })
        };
        read().map_err(unsound)
    }

    /// How many skills it has.
    pub(crate) fn len(&self) -> usize {
        match self.kind {
            Kind::Province => self.sectors.len(),
            Kind::N100 => self.national_skills().count(),
        }
    }

    /// What the competition is.
    pub(crate) fn competition(&self) -> Competition {
        let (zh, en, tier) = match self.kind {
            Kind::Province => (
                "“匠心杯”全省职业技能大赛（演示）",
                "Provincial Skills Competition \"Jiangxin Cup\" (demonstration)",
                "province",
            ),
            Kind::N100 => (
                "全国职业技能大赛 N100（压力测试）",
                "National Skills Competition N100 (load test)",
                "nation",
            ),
        };
        Competition {
            name: Name { zh: zh.to_owned(), en: en.to_owned() },
            edition: "2026".to_owned(),
            tier: tier.to_owned(),
            host: "匠心杯大赛组委会（演示）".to_owned(),
            dates: ["2026-10-15", "2026-10-17"].map(str::to_owned).to_vec(),
            language: "zh".to_owned(),
            rule_set: self.rules.id.clone(),
            ..Competition::default()
        }
    }

    /// A skill with its people, marks and events; the same whatever others are made.
    ///
    /// # Errors
    /// Where there is none at that place.
    pub(crate) fn skill(&self, at: usize) -> Result<SkillPackage, Finding> {
        let mut random = Random::new(self.seed, at as u64);
        let made = match self.kind {
            Kind::Province => self.provincial(at, &mut random),
            Kind::N100 => self.of_nation(at, &mut random),
        };
        made.map_err(unsound)
    }

    fn provincial(&self, at: usize, random: &mut Random) -> Result<SkillPackage, String> {
        let sector = self.sectors.get(at).ok_or("no such sector")?;
        let mut skill = self.staffed(sector, sector.scheme()?, &self.words.delegations, random);
        let reasons = Some(&self.words.events);
        let course = Course { begin: BEGIN, minutes: sector.minutes, reasons, has_void: at == 1 };
        marking::fill(&mut skill, &course, random);
        Ok(skill)
    }

    fn of_nation(&self, at: usize, random: &mut Random) -> Result<SkillPackage, String> {
        let mut fields = self.national_skills().nth(at).ok_or("no such skill")?.split(';');
        let mut field = || fields.next().unwrap_or_default().to_owned();
        let (id, zh, en) = (field(), field(), field());
        // Its wording is that of one of the sectors: a load test reads none of it.
        let bank = self.sectors.get(at % self.sectors.len().max(1)).ok_or("no such sector")?;
        let scheme = national_scheme(&bank.scheme()?);
        let sector = Sector::plain(id, format!("{:03}", at + 1), Name { zh, en }, NATIONAL_COMPETITORS);
        let mut skill = self.staffed(&sector, scheme, &self.national.delegations, random);
        let course = Course { begin: BEGIN, minutes: sector.minutes, reasons: None, has_void: false };
        marking::fill(&mut skill, &course, random);
        Ok(skill)
    }

    /// A skill that nobody has marked yet.
    fn staffed(
        &self,
        sector: &Sector,
        scheme: Scheme,
        delegations: &[String],
        random: &mut Random,
    ) -> SkillPackage {
        let mut people = People::new(&self.words);
        let competitors = people.competitors(sector, delegations, random);
        let judges = people.judges(sector, delegations, &competitors, random);
        SkillPackage {
            id: sector.id.clone(),
            number: sector.number.clone(),
            name: sector.name.clone(),
            occupation: sector.occupation.clone(),
            venue: String::new(),
            dates: Vec::new(),
            rules: self.rules.clone(),
            people: competitors,
            judges,
            panels: people::panels(&scheme, sector),
            scheme,
            marks: Vec::new(),
            events: Vec::new(),
            expected: None,
        }
    }

    fn national_skills(&self) -> impl Iterator<Item = &str> {
        self.national.skills.lines().filter(|line| !line.is_empty())
    }
}

/// Two hundred aspects of 0.50 in the words of a sector, over and over.
fn national_scheme(bank: &Scheme) -> Scheme {
    let (criteria, subs, measurements, judgements) = NATIONAL_SCHEME;
    let is_judged = |aspect: &&Aspect| matches!(aspect.method, Method::Judgement { .. });
    let is_measured = |aspect: &&Aspect| matches!(aspect.method, Method::Measurement(_));
    let (measured, judged): (Vec<&Aspect>, Vec<&Aspect>) =
        (bank.aspects().filter(is_measured).collect(), bank.aspects().filter(is_judged).collect());
    let (mut measured, mut judged) = (measured.iter().cycle(), judged.iter().cycle());
    let mut sub = |id: String, day: u32| {
        let some = measured.by_ref().take(measurements).chain(judged.by_ref().take(judgements));
        let aspects = (1..).zip(some).map(|(at, aspect)| Aspect {
            id: format!("{id}.{at:02}").into(),
            max: Mark(50),
            part: None,
            ..(**aspect).clone()
        });
        SubCriterion { aspects: aspects.collect(), day, name: format!("模块 {id}"), id: id.into() }
    };
    let criteria = ('A'..='Z').take(criteria).map(|letter| Criterion {
        id: letter.to_string().into(),
        name: format!("模块 {letter}"),
        sub_criteria: (1..=subs).zip(1..).map(|(at, day)| sub(format!("{letter}{at}"), day)).collect(),
    });
    Scheme { criteria: criteria.collect(), parts: Vec::new(), sections: Vec::new() }
}

fn unsound(problem: impl Into<String>) -> Finding {
    let problem = problem.into();
    GenerateFinding::Unsound { problem: Spoken::new(problem.clone(), problem) }.at(Place::default())
}
