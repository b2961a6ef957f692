//! A drill as a package: so that there is one way in, with the same checks.

use domain::finding::Language;

use super::library::Row;
use crate::desk::csv;
use crate::exchange::Files;

/// The package of a drill: what it is called, and what is done in it. Workers are numbered in the order in which they were written: nothing is drawn,
/// and nobody is anonymous to their foreman. The foreman leads; a second judge is empty where there is none.
pub(super) fn files(
    [title, work]: [&str; 2],
    rows: &[Row],
    workers: &[String],
    judges: [&str; 2],
    language: Language,
) -> Files {
    let mut files = Files::default();
    let [name, work] = [title, work].map(|text| toml::Value::String(text.to_owned()));
    files.put(
        "competition.toml",
        format!("name = {name}\ntier = \"enterprise\"\nrule_set = \"enterprise-drill\"\n"),
    );
    files.put("skills/drill/skill.toml", format!("number = \"1\"\nname = {work}\n"));
    let mut competitors = vec![["code", "name"].map(str::to_owned)];
    competitors.extend((1..).zip(workers).map(|(number, name): (u32, _)| [number.to_string(), name.clone()]));
    files.put("skills/drill/competitors.csv", csv(&competitors));
    let judges = judges.into_iter().filter(|name| !name.is_empty()).zip(["chief_judge", "judge"]);
    let judges = (1..)
        .zip(judges)
        .map(|(at, (name, role)): (u32, _)| [format!("J{at}"), name.to_owned(), role.to_owned()]);
    let head = [["code", "name", "role"].map(str::to_owned)];
    files.put("skills/drill/judges.csv", csv(&head.into_iter().chain(judges).collect::<Vec<_>>()));
    let head = [
        "id",
        "type",
        "description",
        "max",
        "calculation",
        "parameters",
        "rung_0",
        "rung_1",
        "rung_2",
        "rung_3",
    ];
    let mut aspects = vec![head.map(str::to_owned).to_vec()];
    for (at, row) in (1..).zip(rows) {
        let at: u32 = at;
        let mut cells = vec![format!("{at:02}")];
        cells.extend(row.cells(language));
        aspects.push(cells);
    }
    files.put("skills/drill/aspects.csv", csv(&aspects));
    files
}
