//! `leitai draw`: repeat what was published of a competition's draws (docs/draw.md).

use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use domain::finding::{Finding, Place, Spoken};
use domain::findings;
use protocol::draw::Published;
use server::spoken;

use crate::output::{Outcome, Output};

/// What can be done with a draw.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Work out every draw again from what was published of it, and name what does not fit.
    Verify {
        /// What was published: the file from the competition's page of draws, or - for standard input.
        file: PathBuf,
    },
}

findings! {
    /// Why nothing could be repeated.
    enum ReadFinding {
        Unreadable { problem: Spoken } = Error "draw_unreadable",
            "读不了这个文件：{problem:#}；请从大赛的抽签页下载。",
            "The file cannot be read: {problem}; download it from the competition's page of draws.";
    }
}

/// Runs a command.
pub(crate) fn run(command: &Command, output: &Output) -> Outcome {
    let Command::Verify { file } = command;
    let place = Place::file(file.display().to_string());
    let published = match read(file) {
        Ok(published) => published,
        Err(problem) => {
            output.findings(&[ReadFinding::Unreadable { problem }.at(place)]);
            return Outcome::Refused;
        }
    };
    let (mut rows, mut is_whole) = (Vec::new(), true);
    for skill in &published.skills {
        let (layers, found) = skill.repeat();
        let place = Place { column: Some(skill.number.clone()), ..place.clone() };
        let found: Vec<Finding> = found.into_iter().map(|finding| finding.at(place.clone())).collect();
        is_whole &= !found.iter().any(Finding::is_error);
        output.findings(&found);
        for (layer, pairs) in layers {
            let row = |(from, to): (_, _)| {
                vec![skill.number.clone(), layer.to_string(), format!("{from}"), format!("{to}")]
            };
            rows.extend(pairs.into_iter().map(row));
        }
    }
    let printed = output.table(&["skill", "layer", "from", "to"], &rows);
    if is_whole { printed } else { Outcome::Refused }
}

fn read(file: &Path) -> Result<Published, Spoken> {
    let mut text = String::new();
    if file == Path::new("-") {
        std::io::stdin().read_to_string(&mut text).map_err(|error| spoken::of_system(&error))?;
    } else {
        text = std::fs::read_to_string(file).map_err(|error| spoken::of_system(&error))?;
    }
    serde_json::from_str(&text).map_err(|error| Spoken::of_reader(&error.to_string()))
}
