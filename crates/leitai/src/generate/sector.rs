//! The hand-written marking schemes, a TOML file a sector, and what they become.
//!
//! An aspect is a list of texts: its weight and how it is marked (`"2 range 2.5 0.5:0 1.0:50"`), what is
//! looked at, and a requirement or four rungs. `{a|b}` stands for two aspects, the first with `a` and
//! the second with `b` everywhere in the row; `{}` is the piece of work that a sub-criterion is `each`
//! time about. The maxima follow from the weights.

use domain::number::{Decimal, Mark};
use domain::scheme::{
    Aspect, Band, Calculation, Choice, Criterion, Method, PanelScoring, Part, Scheme, SubCriterion, Unit,
};
use serde::Deserialize;
use server::exchange::package::Name;

/// Maxima are whole tenths of a mark.
const GRAIN: i64 = 10;

/// One sector's skill, as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sector {
    pub(super) id: String,
    pub(super) number: String,
    pub(super) occupation: String,
    pub(super) name: Name,
    /// Where its workers work; without any, anywhere.
    #[serde(default)]
    pub(super) enterprises: Vec<String>,
    /// How many are marked: persons, or teams.
    pub(super) competitors: usize,
    #[serde(default = "one")]
    pub(super) team_size: usize,
    /// Beside the chief judge.
    pub(super) judges: usize,
    /// How long competitors may work.
    pub(super) minutes: i64,
    /// Whether workers and students are ranked apart.
    #[serde(default)]
    pub(super) has_groups: bool,
    #[serde(default)]
    parts: Vec<SectorPart>,
    criteria: Vec<SectorCriterion>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SectorPart {
    id: String,
    name: String,
    weight: i64,
    pass_mark: i64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SectorCriterion {
    name: String,
    part: Option<String>,
    marks: i64,
    subs: Vec<SectorSub>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SectorSub {
    name: String,
    #[serde(default)]
    each: Vec<String>,
    day: u32,
    /// How many judges sit; without it three.
    panel: Option<usize>,
    aspects: Vec<Vec<String>>,
}

fn one() -> usize {
    1
}

impl Sector {
    /// Reads a sector's file.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| error.message().to_owned())
    }

    /// One without a scheme of its own: three judges, nobody in groups or teams.
    pub(super) fn plain(id: String, number: String, name: Name, competitors: usize) -> Self {
        let (occupation, enterprises, criteria, parts) = (String::new(), Vec::new(), Vec::new(), Vec::new());
        let (team_size, judges, minutes, has_groups) = (1, 3, 360, false);
        Self {
            id,
            number,
            occupation,
            name,
            enterprises,
            competitors,
            team_size,
            judges,
            minutes,
            has_groups,
            parts,
            criteria,
        }
    }

    /// The marking scheme.
    pub(super) fn scheme(&self) -> Result<Scheme, String> {
        let parts = self.parts.iter().map(|part| Part {
            id: part.id.as_str().into(),
            name: part.name.clone(),
            pass_mark: Some(Mark(part.pass_mark * 100)),
            weight: Mark(part.weight * 100),
        });
        let criteria = ('A'..='Z').zip(&self.criteria).map(|(letter, criterion)| criterion.expanded(letter));
        Ok(Scheme {
            criteria: criteria.collect::<Result<_, _>>()?,
            parts: parts.collect(),
            sections: Vec::new(),
        })
    }

    /// How many judges sit on the panel of each sub-criterion, in the scheme's order.
    pub(super) fn panel_sizes(&self) -> impl Iterator<Item = usize> {
        let subs = self.criteria.iter().flat_map(|criterion| &criterion.subs);
        subs.flat_map(|sub| vec![sub.panel.unwrap_or(3); sub.each.len().max(1)])
    }
}

impl SectorCriterion {
    fn expanded(&self, letter: char) -> Result<Criterion, String> {
        let (mut sub_criteria, mut weights) = (Vec::new(), Vec::new());
        for sub in &self.subs {
            let once = [String::new()];
            let pieces = if sub.each.is_empty() { &once } else { sub.each.as_slice() };
            for piece in pieces {
                let id = format!("{letter}{}", sub_criteria.len() + 1);
                let mut aspects = Vec::new();
                for row in sub.aspects.iter().flat_map(|row| alternatives(row, piece)) {
                    let id = format!("{id}.{:02}", aspects.len() + 1);
                    let (weight, mut aspect) = aspect(&id, &row)?;
                    aspect.part = self.part.as_deref().map(Into::into);
                    weights.push(weight);
                    aspects.push(aspect);
                }
                let name = sub.name.replace("{}", piece);
                sub_criteria.push(SubCriterion { aspects, day: sub.day, id: id.into(), name });
            }
        }
        let maxima = apportioned(self.marks * 100 / GRAIN, &weights);
        let aspects = sub_criteria.iter_mut().flat_map(|sub| &mut sub.aspects);
        for (aspect, grains) in aspects.zip(maxima) {
            aspect.max = Mark(grains * GRAIN);
            if let Method::Panel(scoring) = &mut aspect.method {
                // The highest score, 10, gives the maximum.
                scoring.factor = Decimal(aspect.max.0 * 1_000);
            }
        }
        Ok(Criterion { id: letter.to_string().into(), name: self.name.clone(), sub_criteria })
    }
}

/// A row once for each of its alternatives.
fn alternatives(row: &[String], piece: &str) -> Vec<Vec<String>> {
    let row: Vec<String> = row.iter().map(|text| text.replace("{}", piece)).collect();
    let count = row.iter().filter_map(|text| Some(alternative(text)?.1.len())).max().unwrap_or(1);
    (0..count)
        .map(|at| {
            let chosen = |text: &String| {
                let mut text = text.clone();
                while let Some((before, words, after)) = alternative(&text) {
                    text = format!("{before}{}{after}", words.get(at).copied().unwrap_or_default());
                }
                text
            };
            row.iter().map(chosen).collect()
        })
        .collect()
}

/// The text before the first braces, the words in them, the text behind.
fn alternative(text: &str) -> Option<(&str, Vec<&str>, &str)> {
    let (before, rest) = text.split_once('{')?;
    let (words, after) = rest.split_once('}')?;
    Some((before, words.split('|').collect(), after))
}

/// An aspect's weight, and the aspect without its maximum.
fn aspect(id: &str, row: &[String]) -> Result<(i64, Aspect), String> {
    let wrong = || format!("{id}: {}", row.join(", "));
    let [how, description, more @ ..] = row else { return Err(wrong()) };
    let mut words = how.split(' ');
    let weight = words.next().and_then(|word| word.parse().ok()).ok_or_else(wrong)?;
    let kind = words.next().ok_or_else(wrong)?;
    let words: Vec<&str> = words.collect();
    let method = match kind {
        "judge" => Method::Judgement { rungs: more.to_vec().try_into().map_err(|_| wrong())? },
        "panel" => Method::Panel(PanelScoring {
            drop_high: 1,
            drop_low: 1,
            factor: Decimal::ONE,
            score_max: Decimal::whole(10),
            score_min: Decimal::whole(0),
            score_step: Decimal(250_000),
        }),
        _ => Method::Measurement(calculation(kind, &words).ok_or_else(wrong)?),
    };
    let requirement = match &method {
        Method::Judgement { .. } => String::new(),
        _ => more.first().cloned().unwrap_or_default(),
    };
    let (description, measured_in) =
        if method.is_read_off() { with_unit(description) } else { (description.as_str(), "") };
    let aspect = Aspect {
        description: description.to_owned(),
        id: id.into(),
        max: Mark::ZERO,
        measured_in: measured_in.to_owned(),
        method,
        note: String::new(),
        part: None,
        requirement,
        section: None,
    };
    Ok((weight, aspect))
}

/// A description's words, and what stands behind them in brackets where that is a unit, `（mm）`; a whole
/// remark there stays with the words.
fn with_unit(description: &str) -> (&str, &str) {
    let parted = description.strip_suffix('）').and_then(|rest| rest.rsplit_once('（'));
    parted
        .filter(|(_, unit)| unit.chars().count() <= 6 && !unit.contains(['，', ' ']))
        .unwrap_or((description, ""))
}

/// Deductions are percent of the maximum.
fn calculation(kind: &str, words: &[&str]) -> Option<Calculation> {
    let number = |text: &str| Decimal::parse(text).ok();
    let pairs = |words: &[&str]| -> Option<Vec<(String, Decimal)>> {
        let pair = |word: &&str| {
            word.split_once(':').and_then(|(name, lost)| Some((name.to_owned(), number(lost)?)))
        };
        words.iter().map(pair).collect()
    };
    Some(match (kind, words) {
        ("pass", []) => Calculation::PassFail,
        ("direct", []) => Calculation::Direct,
        ("count", [possible]) => Calculation::NumberCompleted { possible: possible.parse().ok()? },
        ("choice", choices) => {
            let choices = pairs(choices)?.into_iter().map(|(label, deduction)| Choice { deduction, label });
            Calculation::Choice { choices: choices.collect(), unit: Unit::Percent }
        }
        ("range", [target, tolerances @ ..]) => {
            let (mut bands, mut lower) = (Vec::new(), Decimal(0));
            for (upper, deduction) in pairs(tolerances)? {
                let upper = number(&upper)?;
                bands.push(Band { deduction, lower, upper });
                lower = upper;
            }
            Calculation::Ranged { bands, target: number(target)?, unit: Unit::Percent }
        }
        ("diff", [target, per, deduction]) => Calculation::Difference {
            deduction: number(deduction)?,
            per: number(per)?,
            per_unit: Unit::Unit,
            target: number(target)?,
            unit: Unit::Percent,
        },
        _ => return None,
    })
}

/// So many grains shared out by weight, to the last one: by the largest remainder.
pub(super) fn apportioned(grains: i64, weights: &[i64]) -> Vec<i64> {
    let sum = weights.iter().sum::<i64>().max(1);
    let mut shares: Vec<i64> = weights.iter().map(|weight| grains * weight / sum).collect();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(grains * weights[*at] % sum));
    let left = usize::try_from(grains - shares.iter().sum::<i64>()).unwrap_or(0);
    for at in order.into_iter().take(left) {
        shares[at] += 1;
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_sum_to_what_is_shared() {
        assert_eq!(apportioned(10, &[1, 1, 1]), [4, 3, 3]);
        assert_eq!(apportioned(1_000, &[40, 20, 20, 8, 12]), [400, 200, 200, 80, 120]);
    }

    #[test]
    fn a_row_with_alternatives_is_several_aspects() {
        let row = ["2 range {80|60} 0.1:0".to_owned(), "{}外径 φ{80|60} mm".to_owned()];
        let rows = alternatives(&row, "底座");
        assert_eq!(rows, [["2 range 80 0.1:0", "底座外径 φ80 mm"], ["2 range 60 0.1:0", "底座外径 φ60 mm"]]);
    }
}
