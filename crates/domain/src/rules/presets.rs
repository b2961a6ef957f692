//! The rule sets that ship with Leitai.

use super::{RuleSet, read};

/// Name and text of every preset.
pub const PRESETS: &[(&str, &str)] = &[
    ("worldskills-2015", include_str!("presets/worldskills-2015.toml")),
    ("worldskills-2019", include_str!("presets/worldskills-2019.toml")),
    ("worldskills-2026", include_str!("presets/worldskills-2026.toml")),
    ("panel-sum", include_str!("presets/panel-sum.toml")),
    ("enterprise-drill", include_str!("presets/enterprise-drill.toml")),
    ("hebei-2025", include_str!("presets/hebei-2025.toml")),
    ("vocational-2014", include_str!("presets/vocational-2014.toml")),
];

/// The preset of that name.
#[must_use]
pub fn preset(name: &str) -> Option<RuleSet> {
    let (_, text) = PRESETS.iter().find(|(id, _)| *id == name)?;
    read(text).ok()
}
