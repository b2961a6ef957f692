//! The word of each value that a choice has, one table for reading and writing.

use crate::rules::{
    BelowPass, Better, CompetitorSees, LivePolicy, PlaceRounding, Rounding, ScaleFormula, TieEnd,
};

pub(super) const POLICIES: [(&str, LivePolicy); 3] = [
    ("progress", LivePolicy::Progress),
    ("completed", LivePolicy::Completed),
    ("running", LivePolicy::Running),
];
pub(super) const ROUNDINGS: [(&str, Rounding); 2] =
    [("per_aspect", Rounding::PerAspect), ("at_total", Rounding::AtTotal)];
pub(super) const SEES: [(&str, CompetitorSees); 2] =
    [("marks", CompetitorSees::Marks), ("aspects", CompetitorSees::Aspects)];
pub(super) const BELOW: [(&str, BelowPass); 2] =
    [("no_award", BelowPass::NoAward), ("no_position", BelowPass::NoPosition)];
pub(super) const FORMULAS: [(&str, ScaleFormula); 2] =
    [("median_mad", ScaleFormula::MedianMad), ("mean_sigma", ScaleFormula::MeanSigma)];
pub(super) const BETTER: [(&str, Better); 2] = [("higher", Better::Higher), ("lower", Better::Lower)];
pub(super) const ENDS: [(&str, TieEnd); 4] = [
    ("share", TieEnd::Share),
    ("playoff", TieEnd::Playoff),
    ("draw", TieEnd::Draw),
    ("chief_decides", TieEnd::ChiefDecides),
];
pub(super) const PLACES: [(&str, PlaceRounding); 3] =
    [("down", PlaceRounding::Down), ("up", PlaceRounding::Up), ("nearest", PlaceRounding::Nearest)];

/// The word of a value; every value has one, as a test shows.
pub(super) fn word<T: PartialEq>(of: &[(&'static str, T)], value: &T) -> &'static str {
    of.iter().find(|(_, known)| known == value).map(|(word, _)| *word).unwrap_or_default()
}
