//! A small competition written on one page, as a package: so that there is one way in, with the same
//! checks.

use std::collections::HashSet;

use domain::finding::Finding;
use protocol::desk::Small;

use crate::exchange::Files;

/// Codes are random, never derived (decision 6); without letters that look alike.
const LETTERS: &[u8; 28] = b"ACDEFGHJKLMNPQRTUVWXY2346789";

/// What 0 to 3 mean where the page says nothing of its own: the general rungs of WorldSkills.
const RUNGS: [&str; 4] =
    ["低于行业标准，或没有做", "达到行业标准", "达到行业标准，并在某些方面超出", "优秀，全面超出行业标准"];

/// The package of a page.
///
/// # Errors
/// Where the system gives no randomness for codes.
pub(super) fn package(page: &Small) -> Result<Files, getrandom::Error> {
    let mut files = Files::default();
    let name = toml::Value::String(page.name.trim().to_owned());
    let rules = toml::Value::String(page.rule_set.trim().to_owned());
    files.put("competition.toml", format!("name = {name}\ntier = \"enterprise\"\nrule_set = {rules}\n"));
    let skill = toml::Value::String(page.skill.trim().to_owned());
    files.put("skills/skill/skill.toml", format!("number = \"1\"\nname = {skill}\n"));
    let mut taken = HashSet::new();
    let mut competitors = vec![["code", "name", "organisation", "delegation"].map(str::to_owned)];
    for [name, organisation, delegation] in lines(&page.competitors) {
        let delegation = if delegation.is_empty() { organisation.clone() } else { delegation };
        competitors.push([fresh_code(&mut taken)?, name, organisation, delegation]);
    }
    files.put("skills/skill/competitors.csv", csv(&competitors));
    let mut judges = vec![["code", "name", "organisation", "role"].map(str::to_owned)];
    for (at, [name, organisation, _]) in lines(&page.judges).enumerate() {
        let role = if at == 0 { "chief_judge" } else { "judge" };
        judges.push([format!("J{}", at + 1), name, organisation, role.to_owned()]);
    }
    files.put("skills/skill/judges.csv", csv(&judges));
    let head = ["id", "criterion", "criterion_name", "sub_criterion", "type", "description", "max"];
    let more = ["calculation", "rung_0", "rung_1", "rung_2", "rung_3"];
    let head: Vec<String> = head.iter().chain(&more).map(|name| (*name).to_owned()).collect();
    let mut aspects = vec![head];
    let criterion = if page.skill.trim().is_empty() { "A" } else { page.skill.trim() };
    for (at, [what, max, kind]) in lines(&page.aspects).enumerate() {
        let (kind, calculation, rungs) = match kind.as_str() {
            "judgement" | "评判" => ("judgement", "", RUNGS),
            "" | "measurement" | "测量" => ("measurement", "direct", [""; 4]),
            other => (other, "", [""; 4]),
        };
        let id = format!("A1.{:02}", at + 1);
        let row = [&*id, "A", criterion, "A1", kind, &*what, &*max, calculation];
        aspects.push(row.iter().chain(&rungs).map(|field| (*field).to_owned()).collect());
    }
    files.put("skills/skill/aspects.csv", csv(&aspects));
    Ok(files)
}

/// Says where on the page something is that was found in the package: in which list, on which line.
pub(crate) fn place_on_page(finding: &mut Finding) {
    let Some(file) = &finding.place.file else { return };
    let name = file.rsplit('/').next().unwrap_or(file);
    if let Some(list) = name.strip_suffix(".csv") {
        finding.place.file = Some(list.to_owned());
        // The package has a head line, the page has none.
        finding.place.row = finding.place.row.and_then(|row| row.checked_sub(1)).filter(|row| *row > 0);
    }
}

/// The first three fields of each line that says something; commas of either width part them.
fn lines(text: &str) -> impl Iterator<Item = [String; 3]> {
    text.lines().filter(|line| !line.trim().is_empty()).map(|line| {
        let mut fields = line.split([',', '，', '\t']).map(|field| field.trim().to_owned());
        std::array::from_fn(|_| fields.next().unwrap_or_default())
    })
}

/// Rows as a table of a package, the head line first.
pub(crate) fn csv<R: AsRef<[String]>>(rows: &[R]) -> String {
    let quoted = |field: &String| format!("\"{}\"", field.replace('"', "\"\""));
    let line = |row: &R| row.as_ref().iter().map(quoted).collect::<Vec<_>>().join(",");
    rows.iter().map(|row| line(row) + "\n").collect()
}

/// Three letters that nobody has yet, who are told of them.
///
/// # Errors
/// Where the system gives no randomness.
pub(crate) fn fresh_code(taken: &mut HashSet<String>) -> Result<String, getrandom::Error> {
    loop {
        let mut bytes = [0; 3];
        getrandom::fill(&mut bytes)?;
        let code: String =
            bytes.iter().map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()])).collect();
        if taken.insert(code.clone()) {
            return Ok(code);
        }
    }
}
