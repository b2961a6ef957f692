//! Rule sets as organisers edit them: read or refused with findings, never a panic; and a rule set
//! that is read can be pinned, checked again and asked for positions.
#![no_main]

use domain::ledger::canonical;
use domain::number::Mark;
use domain::results::place::{Contender, Decisions, place};
use domain::results::scale::Scale;
use domain::rules::{self, PRESETS, RuleSet};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, usize, usize, &str)| {
    // Either the text itself, or a preset with a piece of it replaced.
    let (which, from, length, text) = input;
    let text = match PRESETS.get(usize::from(which)) {
        Some((_, preset)) => {
            let from = from % (preset.len() + 1);
            let to = (from + length % 40).min(preset.len());
            match (preset.get(..from), preset.get(to..)) {
                (Some(before), Some(after)) => format!("{before}{text}{after}"),
                _ => text.to_owned(),
            }
        }
        None => text.to_owned(),
    };
    let Ok(rules) = rules::read(&text) else { return };
    assert!(rules::check(&rules).iter().all(|finding| !finding.is_error()));
    let bytes = canonical::to_vec(&rules).expect("a sound rule set can be pinned");
    assert_eq!(serde_json::from_slice::<RuleSet>(&bytes).expect("it is read back"), rules);
    let totals = [9_000, 8_333, 8_333, 7_000, 0, 400_000_000].map(Mark);
    let mut sorted = totals;
    sorted.sort_unstable_by(|a, b| b.cmp(a));
    let scale = rules.scale.as_ref().and_then(|clause| Scale::of(clause, &sorted));
    let field = totals.map(|total| Contender {
        competitor: total.to_string().as_str().into(),
        total: Some(total),
        scale: scale.map(|scale| scale.at(total)),
        keys: rules.ranking.chain.iter().map(|_| Some(total.0 % 2)).collect(),
        may_win: total.0 % 3 == 0,
    });
    assert_eq!(place(&rules, &field, &Decisions::default()).len(), field.len());
});
