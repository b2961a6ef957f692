//! What is played: a package, or a competition that is generated skill by skill.

use std::path::Path;

use domain::finding::{Finding, Place};
use domain::id::LedgerId;
use server::exchange::package::{ExpectedRow, Package, SkillPackage};

use super::RehearseArguments;
use crate::generate::{GenerateFinding, Generator};
use crate::hall::plan;
use crate::output::Output;
use crate::package::read;

/// Where the skills come from.
pub(super) enum Source {
    /// A package that was read.
    Package(Box<Package>),
    /// So many skills of a generated competition.
    Generated(Box<Generator>, usize),
}

/// A competition as it is before anybody marks, and what is known of its marks.
pub(super) struct Unmarked {
    /// The package without its marks, events and results.
    pub(super) package: Package,
    /// How many rows there are to play.
    pub(super) rows: u64,
    /// The earliest time that any of them says, in milliseconds since 1970 UTC; 0 where none does.
    pub(super) origin_ms: i64,
    /// Published results by skill.
    pub(super) expected: Vec<(String, Vec<ExpectedRow>)>,
}

impl Source {
    /// The package or the generator that the call names.
    ///
    /// # Errors
    /// Everything wrong with it.
    pub(super) fn open(arguments: &RehearseArguments, output: &Output) -> Result<Self, Vec<Finding>> {
        if let Some(kind) = arguments.generate {
            let generator = Generator::new(kind, arguments.seed).map_err(|finding| vec![finding])?;
            let (most, wanted) = (generator.len(), arguments.skills.unwrap_or(generator.len()));
            if wanted > most {
                return Err(vec![GenerateFinding::TooManySkills { wanted, most }.at(Place::default())]);
            }
            return Ok(Self::Generated(Box::new(generator), wanted));
        }
        let reading = read(arguments.dir.as_deref().unwrap_or(Path::new("")), output);
        let Some(package) = reading.package else { return Err(reading.findings) };
        output.findings(&reading.findings);
        Ok(Self::Package(Box::new(package)))
    }

    /// How many skills there are.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Package(package) => package.skills.len(),
            Self::Generated(_, count) => *count,
        }
    }

    /// A skill, made anew where it is generated: the largest competition needs no more memory than the
    /// skills that are played at once.
    ///
    /// # Errors
    /// Where there is none at that place.
    pub(super) fn skill(&self, at: usize) -> Result<SkillPackage, Finding> {
        match self {
            Self::Package(package) => Ok(package.skills[at].clone()),
            Self::Generated(generator, _) => generator.skill(at),
        }
    }

    /// What is known before anybody marks.
    ///
    /// # Errors
    /// The first row of a package that people cannot play, before anything is set up.
    pub(super) fn unmarked(&self, output: &Output) -> Result<Unmarked, Finding> {
        let bar = output.progress("准备赛项", "Preparing skills", self.len() as u64);
        let competition = match self {
            Self::Package(package) => package.competition.clone(),
            Self::Generated(generator, _) => generator.competition(),
        };
        let (mut skills, mut expected) = (Vec::new(), Vec::new());
        let (mut rows, mut origin_ms) = (0, None);
        for at in 0..self.len() {
            let mut skill = self.skill(at)?;
            if let Self::Package(_) = self {
                plan(&skill, &LedgerId::from(skill.id.as_str()))?;
            }
            let (marks, events) = (std::mem::take(&mut skill.marks), std::mem::take(&mut skill.events));
            rows += (marks.len() + events.len()) as u64;
            let times = marks.iter().map(|mark| mark.at).chain(events.iter().map(|event| event.at));
            origin_ms = times.flatten().map(|at| at.ms).chain(origin_ms).min();
            expected.extend(skill.expected.take().map(|expected| (skill.id.clone(), expected)));
            skills.push(skill);
            bar.inc(1);
        }
        bar.finish_and_clear();
        let package = Package { competition, skills };
        Ok(Unmarked { package, rows, origin_ms: origin_ms.unwrap_or(0), expected })
    }
}
