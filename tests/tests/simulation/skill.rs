//! The skill that every simulated session marks: two competitors, two measured aspects, four judges.

use std::sync::OnceLock;

use domain::access::Role;
use domain::id::EntryId;
use domain::ledger::{Command, Sealed};
use domain::marking::{Body, Entrant, Opening, Panel, Seat, Stamp, State, decide, evolve};
use domain::number::Mark;
use domain::rules;
use domain::scheme::{Aspect, Calculation, Criterion, Method, Scheme, SubCriterion};
use protocol::frame::Cell;

pub(crate) const LEDGER: &str = "skill";
pub(crate) const COMPETITORS: [&str; 2] = ["C1", "C2"];
pub(crate) const ASPECTS: [&str; 2] = ["A1.1", "A1.2"];
/// The maximum of either aspect, in hundredths.
pub(crate) const MARK_MAX: u64 = 200;
/// When every simulated server was started, milliseconds since 1970 UTC.
pub(crate) const BEGIN: i64 = 1_790_000_000_000;

const RULES: &str = r#"
id = "sample"
version = 1
title = { zh = "样例", en = "Sample" }
live_policy = "progress"
rounding = { position = "per_aspect", source = "R-050" }
judgement = { judges = 3, spread_max = 1, source = "R-031, R-033" }
ranking = { chain = [], end = "share", source = "R-081" }
"#;

/// The first entry and the state after it, the same in every run.
pub(crate) fn opened() -> &'static (Sealed, State) {
    static OPENED: OnceLock<(Sealed, State)> = OnceLock::new();
    OPENED.get_or_init(|| {
        let command = Command {
            actor: "organiser".to_owned(),
            base: None,
            body: Body::Open(Box::new(opening())),
            client_time: BEGIN,
            device: "desk".into(),
            dseq: 1,
            id: EntryId(1),
            role: Role::Organiser,
            second: None,
        };
        let stamp = Stamp { ledger: LEDGER.into(), now: BEGIN };
        let decided = decide(&State::new(), command, &stamp).expect("an entry");
        assert_eq!(decided.why, None);
        let state = evolve(State::new(), &decided.sealed);
        (decided.sealed, state)
    })
}

fn opening() -> Opening {
    let aspect = |id: &str| Aspect {
        description: "what is measured".into(),
        id: id.into(),
        max: Mark(i64::try_from(MARK_MAX).expect("small")),
        method: Method::Measurement(Calculation::Direct),
        note: String::new(),
        part: None,
        requirement: String::new(),
        section: None,
    };
    let sub = SubCriterion {
        aspects: ASPECTS.map(aspect).to_vec(),
        day: 1,
        id: "A1".into(),
        name: "Measured".into(),
    };
    let criterion = Criterion { id: "A".into(), name: "All".into(), sub_criteria: vec![sub] };
    let scheme = Scheme { criteria: vec![criterion], parts: Vec::new(), sections: Vec::new() };
    let competitors = COMPETITORS.map(|code| Entrant { code: code.into(), group: "".into() }).to_vec();
    let seats = ["J0", "J1", "J2", "J3"].map(|judge| Seat { counts: true, judge: judge.into() }).to_vec();
    let panels = vec![Panel { seats, sub_criterion: "A1".into() }];
    Opening::new(scheme, rules::read(RULES).expect("rules"), competitors, panels).expect("an opening")
}

/// The cell of a measurement.
pub(crate) fn cell(competitor: usize, aspect: usize) -> Cell {
    Cell { aspect: ASPECTS[aspect].into(), competitor: COMPETITORS[competitor].into(), judge: None, round: 1 }
}

/// What is effective in a cell.
pub(crate) fn head(state: &State, competitor: usize, aspect: usize) -> Option<EntryId> {
    let skill = state.skill.as_ref().expect("an opened skill");
    skill.head(competitor, aspect, &"J0".into(), 1).map(|said| said.entry)
}
