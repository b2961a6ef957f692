//! A drill as a package: so that there is one way in, with the same checks.

use domain::finding::Language;

use super::library::Row;
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
    let competitors = workers.iter().enumerate().map(|(at, name)| [(at + 1).to_string(), name.clone()]);
    files.put("skills/drill/competitors.csv", csv(["code", "name"], competitors));
    let judges = judges.into_iter().filter(|name| !name.is_empty()).zip(["chief_judge", "judge"]);
    let judges = judges
        .enumerate()
        .map(|(at, (name, role))| [format!("J{}", at + 1), name.to_owned(), role.to_owned()]);
    files.put("skills/drill/judges.csv", csv(["code", "name", "role"], judges));
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
    let aspects = rows.iter().enumerate().map(|(at, row)| {
        let mut cells = vec![format!("{:02}", at + 1)];
        cells.extend(row.cells(language));
        cells
    });
    files.put("skills/drill/aspects.csv", csv(head, aspects));
    files
}

fn csv<R: AsRef<[String]>>(head: impl AsRef<[&'static str]>, rows: impl Iterator<Item = R>) -> String {
    let line = |cells: &[String]| {
        let quoted = cells.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")));
        quoted.collect::<Vec<_>>().join(",") + "\n"
    };
    let head: Vec<String> = head.as_ref().iter().map(|name| (*name).to_owned()).collect();
    rows.fold(line(&head), |text, row| text + &line(row.as_ref()))
}
