//! Reading a rule set from TOML, and what is wrong with one.

use super::RuleSet;
use crate::finding::{Finding, Place};
use crate::findings;

findings! {
    /// What can be wrong with a rule set.
    pub enum RuleFinding {
        Unreadable { problem: String } = Error "rule_set_unreadable",
            "规则集无法读取：{problem}",
            "The rule set cannot be read: {problem}";
    }
}

/// Reads and checks a rule set.
///
/// # Errors
/// Every finding of severity *error*.
pub fn read(text: &str) -> Result<RuleSet, Vec<Finding>> {
    toml::from_str(text).map_err(|error| {
        vec![RuleFinding::Unreadable { problem: error.message().to_owned() }.at(Place::default())]
    })
}

/// What is wrong with a rule set that could be read.
#[must_use]
pub fn check(_rules: &RuleSet) -> Vec<Finding> {
    Vec::new()
}
