//! The rule set that a form says.

use super::words::{BELOW, BETTER, ENDS, FORMULAS, PLACES, POLICIES, ROUNDINGS, SEES};
use super::{FormFinding, Kind, RuleForm, field_of, fields};
use crate::finding::{Finding, Place};
use crate::number::{Decimal, Mark, NumberError, narrow};
use crate::rules::{
    CompatriotRules, Excellence, FieldGate, GateEffect, Honour, JudgementRules, MedalRule, MedalRules,
    PartRules, PenaltyRules, PositionSharing, Prize, Promotion, RankingRules, RoundingRules, RuleSet,
    ScaleRules, SchemeRules, SignOffRules, SkillLevel, Take, TeamPoints, TieKey, Title, check,
};

pub(super) fn read(form: &RuleForm, id: &str, version: u32) -> Result<RuleSet, Vec<Finding>> {
    let mut typed = Typed { form, found: Vec::new() };
    let rules = rules(&mut typed, id, version);
    let mut found = typed.found;
    // Of a text that is no value, what stands there instead would only be found fault with once more.
    if found.is_empty() {
        found = check(&rules).into_iter().filter(Finding::is_error).collect();
        for finding in &mut found {
            let column = finding.place.column.take().unwrap_or_default();
            finding.place.column = Some(field_of(&in_the_form(form, &column)));
        }
    }
    if found.is_empty() { Ok(rules) } else { Err(found) }
}

/// The path of a clause of the rule set, in the form: its rows count the empty ones, too.
fn in_the_form(form: &RuleForm, column: &str) -> String {
    let there = || {
        let (list, rest) = column.split_once('[')?;
        let (row, rest) = rest.split_once(']')?;
        let at = row.parse::<usize>().ok()?.checked_sub(1)?;
        let row = filled(form, list).nth(at)?;
        Some(format!("{list}[{row}]{rest}"))
    };
    there().unwrap_or_else(|| column.to_owned())
}

/// The rows of a list in which something was typed.
fn filled<'a>(form: &'a RuleForm, list: &'a str) -> impl Iterator<Item = usize> + 'a {
    let fields = fields::list_of(list).map(|clause| clause.fields).unwrap_or_default();
    (1..=form.rows(list)).filter(move |row| {
        let typed = fields.iter().filter(|field| !matches!(field.kind, Kind::Choice(_)));
        typed
            .map(|field| format!("{list}[{row}].{}", field.name))
            .any(|path| !form.get(&path).trim().is_empty())
    })
}

struct Typed<'a> {
    form: &'a RuleForm,
    found: Vec<Finding>,
}

impl<'a> Typed<'a> {
    fn text(&self, path: &str) -> &'a str {
        self.form.get(path).trim()
    }

    fn owned(&self, path: &str) -> String {
        self.text(path).to_owned()
    }

    fn find(&mut self, path: &str, finding: FormFinding) {
        self.found.push(finding.at(Place::default().column(path)));
    }

    fn whole<T: TryFrom<i64>>(&mut self, path: &str) -> Option<T> {
        let text = self.text(path);
        if text.is_empty() {
            return None;
        }
        let value = whole(text);
        if value.is_none() {
            self.find(path, FormFinding::NotWhole { text: text.to_owned() });
        }
        value
    }

    /// A number that must be there; what stands in its place where it is not is never used.
    fn needed<T: TryFrom<i64> + Default>(&mut self, path: &str) -> T {
        if self.text(path).is_empty() {
            self.find(path, FormFinding::Missing);
        }
        self.whole(path).unwrap_or_default()
    }

    fn mark(&mut self, path: &str) -> Option<Mark> {
        let text = self.text(path);
        match Mark::parse(&narrow(text)) {
            Ok(mark) if mark.is_in_limits() => Some(mark),
            Err(NumberError::Empty) => None,
            _ => {
                self.find(path, FormFinding::NotMark { text: text.to_owned() });
                None
            }
        }
    }

    fn number(&mut self, path: &str) -> Option<Decimal> {
        let text = self.text(path);
        match Decimal::parse(&narrow(text)) {
            Ok(number) => Some(number),
            Err(NumberError::Empty) => None,
            Err(_) => {
                self.find(path, FormFinding::NotNumber { text: text.to_owned() });
                None
            }
        }
    }

    /// A share that must be there.
    fn percent(&mut self, path: &str) -> Decimal {
        if self.text(path).is_empty() {
            self.find(path, FormFinding::Missing);
        }
        self.number(path).unwrap_or_default()
    }

    fn words(&self, path: &str) -> Vec<String> {
        let words = self.text(path).split([',', '，', '、', '\n']).map(str::trim);
        words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
    }

    /// One of the words; none where the empty one is chosen.
    fn chosen<T: Copy>(&mut self, path: &str, of: &[(&str, T)]) -> Option<T> {
        let text = self.text(path);
        let found = of.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        if found.is_none() && !text.is_empty() {
            self.find(path, FormFinding::NoChoice { text: text.to_owned() });
        }
        found
    }

    /// One of the words, which must be chosen; the first stands where none is, and is never used.
    fn choice<T: Copy>(&mut self, path: &str, of: &[(&str, T)]) -> T {
        if self.text(path).is_empty() {
            self.find(path, FormFinding::Missing);
        }
        self.chosen(path, of).unwrap_or(of[0].1)
    }

    fn rows<T>(&mut self, list: &'static str, row: impl Fn(&mut Self, &str) -> T) -> Vec<T> {
        let rows: Vec<usize> = filled(self.form, list).collect();
        rows.into_iter().map(|at| row(self, &format!("{list}[{at}]"))).collect()
    }
}

fn whole<T: TryFrom<i64>>(text: &str) -> Option<T> {
    narrow(text).parse::<i64>().ok().and_then(|value| T::try_from(value).ok())
}

fn rules(typed: &mut Typed<'_>, id: &str, version: u32) -> RuleSet {
    RuleSet {
        id: id.to_owned(),
        version,
        title: Title { zh: typed.owned("title.zh"), en: typed.owned("title.en") },
        live_policy: typed.choice("live_policy", &POLICIES),
        scheme: scheme(typed),
        rounding: RoundingRules {
            position: typed.choice("rounding.position", &ROUNDINGS),
            source: typed.owned("rounding.source"),
        },
        judgement: JudgementRules {
            judges: typed.whole("judgement.judges"),
            spread_max: typed.whole("judgement.spread_max"),
            source: typed.owned("judgement.source"),
        },
        compatriots: typed
            .chosen("compatriots.applies", &[("yes", ())])
            .map(|()| CompatriotRules { source: typed.owned("compatriots.source") }),
        sign_off: typed
            .chosen("sign_off.competitor_sees", &SEES)
            .map(|competitor_sees| SignOffRules { competitor_sees, source: typed.owned("sign_off.source") }),
        penalties: PenaltyRules { cap: typed.mark("penalties.cap"), source: typed.owned("penalties.source") },
        parts: PartRules {
            below_pass: typed.choice("parts.below_pass", &BELOW),
            source: typed.owned("parts.source"),
        },
        scale: scale(typed),
        ranking: RankingRules {
            chain: typed.rows("ranking.chain", |typed, row| TieKey {
                key: typed.owned(&format!("{row}.key")),
                better: typed.choice(&format!("{row}.better"), &BETTER),
            }),
            end: typed.choice("ranking.end", &ENDS),
            source: typed.owned("ranking.source"),
        },
        medals: medals(typed),
        prizes: typed.rows("prizes", |typed, row| Prize {
            award: typed.owned(&format!("{row}.award")),
            take: take(typed, &format!("{row}.take")),
            source: typed.owned(&format!("{row}.source")),
        }),
        field_gates: typed.rows("field_gates", |typed, row| FieldGate {
            at_most: typed.needed(&format!("{row}.at_most")),
            effect: effect(typed, &format!("{row}.effect")),
            source: typed.owned(&format!("{row}.source")),
        }),
        honours: typed.rows("honours", |typed, row| Honour {
            title: typed.owned(&format!("{row}.title")),
            first: typed.needed(&format!("{row}.first")),
            last: typed.needed(&format!("{row}.last")),
            needs: typed.words(&format!("{row}.needs")),
            source: typed.owned(&format!("{row}.source")),
        }),
        promotions: typed.rows("promotions", |typed, row| Promotion {
            awards: typed.words(&format!("{row}.awards")),
            base: typed.choice(&format!("{row}.base"), &SkillLevel::ALL),
            next_if_already: typed.choice(&format!("{row}.next_if_already"), &SkillLevel::ALL),
            source: typed.owned(&format!("{row}.source")),
        }),
        team_points: team_points(typed),
    }
}

fn scheme(typed: &mut Typed<'_>) -> SchemeRules {
    let (least, most) = ("scheme.criteria.least", "scheme.criteria.most");
    let criteria = match (typed.text(least).is_empty(), typed.text(most).is_empty()) {
        (true, true) => None,
        // One bound alone is missed at the other.
        _ => Some((typed.needed(least), typed.needed(most))),
    };
    SchemeRules {
        total: typed.mark("scheme.total"),
        aspect_max: typed.mark("scheme.aspect_max"),
        aspects_max: typed.whole("scheme.aspects_max"),
        criteria,
        section_variation_max: typed.mark("scheme.section_variation_max"),
        source: typed.owned("scheme.source"),
    }
}

fn scale(typed: &mut Typed<'_>) -> Option<ScaleRules> {
    let formula = typed.chosen("scale.formula", &FORMULAS)?;
    Some(ScaleRules {
        formula,
        centre: typed.needed("scale.centre"),
        spread: typed.needed("scale.spread"),
        deviation_factor: typed.number("scale.deviation_factor"),
        source: typed.owned("scale.source"),
    })
}

fn medals(typed: &mut Typed<'_>) -> Option<MedalRules> {
    let is_by_margin = typed.chosen("medals.rule", &[("within_margin", true), ("distinct_marks", false)])?;
    let rule = if is_by_margin {
        MedalRule::WithinMargin { margin: typed.needed("medals.rule.margin") }
    } else {
        MedalRule::DistinctMarks
    };
    let positions = if typed.choice("medals.positions", &[("equal", false), ("within_margin", true)]) {
        PositionSharing::WithinMargin { margin: typed.needed("medals.positions.margin") }
    } else {
        PositionSharing::Equal
    };
    let (award, threshold) = ("medals.excellence.award", "medals.excellence.threshold");
    let excellence = match (typed.text(award).is_empty(), typed.text(threshold).is_empty()) {
        (true, true) => None,
        (true, false) => {
            typed.find(award, FormFinding::Missing);
            None
        }
        (false, _) => Some(Excellence { award: typed.owned(award), threshold: typed.needed(threshold) }),
    };
    let threshold = typed.whole("medals.threshold");
    Some(MedalRules { rule, threshold, positions, excellence, source: typed.owned("medals.source") })
}

fn take(typed: &mut Typed<'_>, path: &str) -> Take {
    let percent = format!("{path}.percent");
    match typed.choice(path, &[("positions", 0), ("share", 1), ("within", 2)]) {
        0 => Take::Positions {
            first: typed.needed(&format!("{path}.first")),
            last: typed.needed(&format!("{path}.last")),
        },
        1 => Take::Share {
            percent: typed.percent(&percent),
            rounding: typed.choice(&format!("{path}.rounding"), &PLACES),
        },
        _ => Take::Within { percent: typed.percent(&percent) },
    }
}

fn effect(typed: &mut Typed<'_>, path: &str) -> GateEffect {
    match typed.choice(path, &[("exhibition", 0), ("void", 1), ("keep", 2)]) {
        0 => GateEffect::Exhibition,
        1 => GateEffect::Void,
        _ => GateEffect::Keep(typed.words(&format!("{path}.keep"))),
    }
}

fn team_points(typed: &mut Typed<'_>) -> Option<TeamPoints> {
    let (points, rest) = ("team_points.by_position", "team_points.rest");
    if typed.text(points).is_empty() && typed.text(rest).is_empty() {
        return None;
    }
    let mut by_position = Vec::new();
    for text in typed.words(points) {
        match whole(&text) {
            Some(value) => by_position.push(value),
            None => typed.find(points, FormFinding::NotWhole { text }),
        }
    }
    Some(TeamPoints { by_position, rest: typed.needed(rest), source: typed.owned("team_points.source") })
}
