//! Reading a rule set from TOML, and what is wrong with one.
//!
//! A finding's column is the clause's path, `prizes[2].take`, counted from 1; for a text that is no
//! rule set at all, row and column are those of the text.

mod awards;

use super::{
    JudgementRules, PartRules, PenaltyRules, RankingRules, RuleSet, ScaleFormula, ScaleRules, SchemeRules,
};
use crate::finding::{Finding, Place, Spoken};
use crate::findings;
use crate::id::is_fit;
use crate::number::{Decimal, Mark};

findings! {
    /// What can be wrong with a rule set.
    pub enum RuleFinding {
        Unreadable { problem: Spoken } = Error "rule_set_unreadable",
            "规则集无法读取：{problem:#}。",
            "The rule set cannot be read: {problem}.";
        UnfitName { name: String } = Error "rule_name_unfit",
            "名称“{name}”不可用；请用 1 到 64 个字符，首尾不留空格。",
            "The name \"{name}\" cannot be used; use 1 to 64 characters without space at the ends.";
        NoVersion = Error "rule_version_missing",
            "版本号是 0；请从 1 开始编号。",
            "The version is 0; count from 1.";
        NoSource = Error "rule_source_missing",
            "此条款没有注明来源；请在 source 里写明文件名称和条款，自定的也请写明。",
            "This clause names no source; write the document and clause into source, or say that it is your own.";
        NegativeMark { mark: Mark } = Error "rule_mark_negative",
            "分值 {mark} 小于 0；请填 0 或以上。",
            "The mark {mark} is below 0; give 0 or more.";
        NothingAllowed = Error "rule_nothing_allowed",
            "此上限须大于 0；若不设上限，请删去这一行。",
            "This limit must be above 0; for no limit, leave the line out.";
        UpsideDown { first: u64, last: u64 } = Error "rule_range_upside_down",
            "范围 {first} 至 {last} 不成立；起点须至少为 1，且不大于终点。",
            "The range {first} to {last} cannot be; it starts at 1 at least and does not end before it starts.";
        NoJudges = Error "rule_no_judges",
            "评判裁判人数是 0；请填 1 或以上，若不固定人数，请删去这一行。",
            "The number of judges is 0; give 1 or more, or leave the line out where it is not fixed.";
        FactorMissing = Error "scale_factor_missing",
            "median_mad 公式需要 deviation_factor（例如 \"1.4826\"）；请补上。",
            "The formula median_mad needs a deviation_factor (for example \"1.4826\"); add it.";
        FactorOutOfRange { factor: Decimal } = Error "scale_factor_out_of_range",
            "deviation_factor 是 {factor}；须大于 0，且不超过 1000。",
            "The deviation_factor is {factor}; it must be above 0 and 1000 at the most.";
        FactorUnused = Warning "scale_factor_unused",
            "mean_sigma 公式不用 deviation_factor；请删去，以免误解。",
            "The formula mean_sigma uses no deviation_factor; leave it out so that nobody is misled.";
        SpreadOutOfRange { spread: i64 } = Error "scale_spread_out_of_range",
            "每单位偏差的分数是 {spread}；须大于 0，且不超过 100000。",
            "The spread is {spread}; it must be above 0 and 100000 at the most.";
        CentreOutOfRange { centre: i64 } = Error "scale_centre_out_of_range",
            "中心分 {centre} 超出范围；须在 -1000000 到 1000000 之间。",
            "The centre {centre} is out of range; it lies between -1000000 and 1000000.";
        UnknownKey { key: String } = Error "chain_key_unknown",
            "同分排序项“{key}”不认识；可用 time、judgement、measurement、part:编号、criterion:编号、sub_criterion:编号，或由小写字母、数字和下划线组成的列名。",
            "The tie-break key \"{key}\" is not known; use time, judgement, measurement, part:ID, criterion:ID, sub_criterion:ID, or a column name of small letters, digits and underscores.";
        RepeatedKey { key: String } = Error "chain_key_repeated",
            "同分排序项“{key}”出现两次；请删去后一个，它不起作用。",
            "The tie-break key \"{key}\" stands twice; remove the second, it decides nothing.";
        NegativeMargin { margin: i64 } = Error "medal_margin_negative",
            "分差 {margin} 小于 0；请填 0 或以上。",
            "The margin {margin} is below 0; give 0 or more.";
        MedalsNeedScale = Error "medals_need_scale",
            "奖牌规则用到标准分的分差或门槛，但规则集没有标准分；请添加 [scale]，或改用 distinct_marks 且不设门槛。",
            "The medals use a margin or threshold in scale points, and the rule set has no scale; add [scale], or use distinct_marks without a threshold.";
        RepeatedAward { award: String } = Error "award_repeated",
            "奖项“{award}”由两处给出；请让每个奖项只出现一次。",
            "The award \"{award}\" is given in two places; name each award once.";
        UnknownAward { award: String } = Error "award_unknown",
            "奖项“{award}”在本规则集里没有；请改成奖牌或奖项里已有的名称。",
            "The rule set gives no award \"{award}\"; use a name that its medals or prizes have.";
        NoAwards = Error "award_list_empty",
            "没有写奖项；请至少写一个。",
            "No award is named; name at least one.";
        PrizeOutOfOrder { award: String, first: u32, taken: u32 } = Error "prize_out_of_order",
            "奖项“{award}”从第 {first} 名开始，但到第 {taken} 名为止已归前面的奖项；请按从高到低排列，且不要重叠。",
            "The prize \"{award}\" starts at position {first}, but earlier prizes go down to position {taken}; list them from the best, without overlap.";
        PercentOutOfRange { percent: Decimal } = Error "prize_percent_out_of_range",
            "比例 {percent} 不成立；须在 0 到 100 之间。",
            "The share of {percent} percent cannot be; it lies between 0 and 100.";
        SharesAboveWhole { percent: Decimal } = Error "prize_shares_above_whole",
            "各奖项的比例合计 {percent}，超过 100；请调低。",
            "The shares of the prizes sum to {percent} percent; lower them to 100 at the most.";
        GatesOutOfOrder { at_most: u32 } = Error "gate_out_of_order",
            "参赛规模门槛 {at_most} 不大于前一个；请从小到大排列，否则它不会生效。",
            "The gate at {at_most} is not above the one before; list gates from the smallest, or this one never holds.";
        LowersLevel = Error "promotion_lowers",
            "next_if_already 低于 base；晋升不能降级，请改成同级或更高。",
            "next_if_already is below base; a promotion lowers nobody, so give the same level or a higher one.";
        LevelTooHigh = Error "promotion_too_high",
            "竞赛最高晋升到高级技师；请改低。",
            "A competition leads to 高级技师 (senior_technician) at the most; lower the level.";
        NoTeamPoints = Error "team_points_empty",
            "团体积分表是空的；请至少写第一名的积分。",
            "The table of team points is empty; give at least the points of the first position.";
        TeamPointsRise { position: usize } = Warning "team_points_rise",
            "第 {position} 名的积分高于前一名；请核对。",
            "Position {position} brings more points than the one before; check the table.";
    }
}

/// Reads and checks a rule set.
///
/// # Errors
/// Every finding of severity *error*; warnings are told by [`check`] only.
pub fn read(text: &str) -> Result<RuleSet, Vec<Finding>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let rules: RuleSet = toml::from_str(text).map_err(|error| {
        let place = error.span().map_or_else(Place::default, |span| place_of(text, span.start));
        vec![RuleFinding::Unreadable { problem: Spoken::of_reader(error.message()) }.at(place)]
    })?;
    let errors: Vec<Finding> = check(&rules).into_iter().filter(Finding::is_error).collect();
    if errors.is_empty() { Ok(rules) } else { Err(errors) }
}

/// What is wrong with a rule set that could be read.
#[must_use]
pub fn check(rules: &RuleSet) -> Vec<Finding> {
    let mut found = Found(Vec::new());
    found.name("id", &rules.id);
    found.name("title.zh", &rules.title.zh);
    found.name("title.en", &rules.title.en);
    found.when(rules.version == 0, "version", || RuleFinding::NoVersion);
    scheme(&mut found, &rules.scheme);
    found.source("rounding", &rules.rounding.source);
    judgement(&mut found, &rules.judgement);
    if let Some(clause) = &rules.compatriots {
        found.source("compatriots", &clause.source);
    }
    if let Some(clause) = &rules.sign_off {
        found.source("sign_off", &clause.source);
    }
    penalties(&mut found, &rules.penalties);
    if rules.parts != PartRules::default() {
        found.source("parts", &rules.parts.source);
    }
    if let Some(clause) = &rules.scale {
        scale(&mut found, clause);
    }
    ranking(&mut found, &rules.ranking);
    awards::check(&mut found, rules);
    found.0
}

/// Row and column, both from 1, of a byte of the text.
fn place_of(text: &str, byte: usize) -> Place {
    let before = text.get(..byte).unwrap_or(text);
    let line = before.rsplit('\n').next().unwrap_or(before);
    let row = u64::try_from(before.matches('\n').count() + 1).ok();
    Place { file: None, row, column: Some((line.chars().count() + 1).to_string()) }
}

/// What was found so far, each at its clause.
struct Found(Vec<Finding>);

impl Found {
    fn when(&mut self, is_wrong: bool, column: &str, finding: impl FnOnce() -> RuleFinding) {
        if is_wrong {
            self.0.push(finding().at(Place::default().column(column)));
        }
    }

    fn name(&mut self, column: &str, name: &str) {
        self.when(!is_fit(name), column, || RuleFinding::UnfitName { name: name.to_owned() });
    }

    fn source(&mut self, clause: &str, source: &str) {
        self.when(source.trim().is_empty(), &format!("{clause}.source"), || RuleFinding::NoSource);
    }

    fn not_negative(&mut self, column: &str, mark: Option<Mark>) {
        if let Some(mark) = mark {
            self.when(mark < Mark::ZERO, column, || RuleFinding::NegativeMark { mark });
        }
    }

    fn range(&mut self, column: &str, first: u64, last: u64) {
        self.when(first == 0 || first > last, column, || RuleFinding::UpsideDown { first, last });
    }
}

fn scheme(found: &mut Found, clause: &SchemeRules) {
    if *clause == SchemeRules::default() {
        return;
    }
    found.source("scheme", &clause.source);
    for (column, mark) in [("scheme.total", clause.total), ("scheme.aspect_max", clause.aspect_max)] {
        found.not_negative(column, mark);
        found.when(mark == Some(Mark::ZERO), column, || RuleFinding::NothingAllowed);
    }
    found.not_negative("scheme.section_variation_max", clause.section_variation_max);
    found.when(clause.aspects_max == Some(0), "scheme.aspects_max", || RuleFinding::NothingAllowed);
    if let Some((least, most)) = clause.criteria {
        let wide = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        found.range("scheme.criteria", wide(least), wide(most));
    }
}

fn judgement(found: &mut Found, clause: &JudgementRules) {
    found.source("judgement", &clause.source);
    found.when(clause.judges == Some(0), "judgement.judges", || RuleFinding::NoJudges);
}

fn penalties(found: &mut Found, clause: &PenaltyRules) {
    if *clause != PenaltyRules::default() {
        found.source("penalties", &clause.source);
        found.not_negative("penalties.cap", clause.cap);
    }
}

/// The limits keep every step of the scale's arithmetic inside 128 bits.
fn scale(found: &mut Found, clause: &ScaleRules) {
    found.source("scale", &clause.source);
    let (spread, centre) = (clause.spread, clause.centre);
    found.when(!(1..=100_000).contains(&spread), "scale.spread", || RuleFinding::SpreadOutOfRange { spread });
    found.when(!(-1_000_000..=1_000_000).contains(&centre), "scale.centre", || {
        RuleFinding::CentreOutOfRange { centre }
    });
    let column = "scale.deviation_factor";
    match (clause.formula, clause.deviation_factor) {
        (ScaleFormula::MedianMad, None) => found.when(true, column, || RuleFinding::FactorMissing),
        (ScaleFormula::MedianMad, Some(factor)) => {
            let is_usable = Decimal(0) < factor && factor <= Decimal::whole(1000);
            found.when(!is_usable, column, || RuleFinding::FactorOutOfRange { factor });
        }
        (ScaleFormula::MeanSigma, factor) => {
            found.when(factor.is_some(), column, || RuleFinding::FactorUnused);
        }
    }
}

fn ranking(found: &mut Found, clause: &RankingRules) {
    found.source("ranking", &clause.source);
    for (at, key) in clause.chain.iter().enumerate() {
        let column = format!("ranking.chain[{}]", at + 1);
        let key = &key.key;
        let is_repeated = clause.chain[..at].iter().any(|earlier| earlier.key == *key);
        found.when(!is_key(key), &column, || RuleFinding::UnknownKey { key: key.clone() });
        found.when(is_repeated, &column, || RuleFinding::RepeatedKey { key: key.clone() });
    }
}

/// Whether a tie-break key has one of the known forms; a bare word names a table's column,
/// `time`, `judgement` and `measurement` among them.
fn is_key(key: &str) -> bool {
    match key.split_once(':') {
        Some(("part" | "criterion" | "sub_criterion", id)) => is_fit(id),
        Some(_) => false,
        None => !key.is_empty() && key.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_')),
    }
}

#[cfg(test)]
mod tests;
